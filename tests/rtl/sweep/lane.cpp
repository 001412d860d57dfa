/* A lane against the model's account handling: every entry and its sums, for random tables and
 * accounts of the sweep and of the watched set, each with rows of its own. PROFILE, SCENARIOS,
 * EXPIRIES, CLASSES, BRACKET_TABLES, QUEUE, LIVE_QUEUE and LIVE_ACCOUNTS come from make. */
#include <algorithm>
#include <cstring>

#include "Vlane.h"
#include "lane.h"
#include "support/bench.h"

using namespace bench;

static const unsigned row_bits = PROFILE == 1 ? PL_ROW_BITS_FULL : PL_ROW_BITS_SMALL;
static const unsigned row_w = row_bits + 1, entries = 18 + SCENARIOS;
static const unsigned instruments = 400;
static const unsigned row_latency = 3;
#ifdef PL_MUL_SHARE
static const unsigned step = PL_MUL_SHARE; /* a slot leaves every so many cycles */
#else
static const unsigned step = 1;
#endif

struct Fragment {
    bool live, last;
    unsigned count, first;
    uint32_t line;
    uint64_t slots[8];
};

/* Bits of a wide port. */
template <class Port> static uint64_t field(const Port &port, unsigned lsb, unsigned width)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < width; i++)
        value |= (uint64_t)(port[(lsb + i) / 32] >> ((lsb + i) % 32) & 1) << i;
    return value;
}

template <class Port>
static void put_field(Port &port, unsigned lsb, unsigned width, uint64_t value)
{
    for (unsigned i = 0; i < width; i++) {
        const uint32_t bit = UINT32_C(1) << (lsb + i) % 32;
        uint32_t &word = port[(lsb + i) / 32];
        word = value >> i & 1 ? word | bit : word & ~bit;
    }
}

template <class Port> static void put_fragment(Port &port, const Fragment &f)
{
    put_field(port, 552, 1, f.live);
    put_field(port, 551, 1, f.last);
    put_field(port, 547, 4, f.count);
    put_field(port, 544, 3, f.first);
    port[16] = f.line;
    memcpy(&port, f.slots, sizeof f.slots);
}

struct Rows {
    std::vector<struct pl_row> row;
    std::vector<uint64_t> meta;
    std::vector<std::vector<uint32_t>> words;
    std::vector<bool> uncorrectable;
};

struct Lane {
    Bench<Vlane> &b;
    Random &r;
    Stall fragment_stall[2], row_stall, group_stall, given_stall, room_stall;
    bool flowing = false;    /* nothing stalls */
    bool hold_given = false; /* no live verdict leaves the close */
    bool hold_room = false;  /* no verdict of the sweep does */
    /* Of the sweep, and of the watched set: [1]. Only their rows differ. */
    struct pl_tables tables[2] = {};
    std::vector<struct pl_class> classes;
    std::vector<struct pl_bracket> brackets;
    std::vector<struct pl_expiry> expiries;
    Rows rows[2];
    LaneReference reference[2] = { { tables[0], rows[0].uncorrectable },
                                   { tables[1], rows[1].uncorrectable } };
    std::deque<Fragment> fragments[2];
    uint64_t at[2] = {};    /* next slot of the stream */
    int reads[row_latency]; /* live ones beyond those of the sweep */
    bool offered[2] = {}, accepted[2] = {};
    bool in_account = false, account_live = false; /* of the entries */
    unsigned to_give = 0;                          /* live verdicts in the close */
    uint64_t taken[2] = {}, groups = 0, live_groups = 0, order_flags = 0, overflows = 0,
             statuses[256] = {};

    explicit Lane(Bench<Vlane> &b)
        : b(b), r(b.random), fragment_stall{ Stall(r), Stall(r) }, row_stall(r), group_stall(r),
          given_stall(r), room_stall(r)
    {
        std::fill(reads, reads + row_latency, -1);
    }

    int64_t money_or_less(unsigned width)
    {
        return (int64_t)r.magnitude(width);
    }
    int64_t column()
    {
        const int64_t most = (INT64_C(1) << row_bits) - 1;
        const int64_t value = (int64_t)r.magnitude(r.percent(30) ? row_bits + 1 : row_bits - 10);
        return value < -most ? -most : value;
    }

    void send(const void *record)
    {
        memcpy(&b.dut.table_record_i, record, PL_LINE_BYTES);
        b.dut.table_valid_i = 1;
        b.settle();
        b.tick();
        b.dut.table_valid_i = 0;
        b.settle();
    }

    /* A new model: records over the bus, rows behind the row port. */
    void load(unsigned broken_rows)
    {
        tables[0].model.instruments = instruments - 20;
        classes.assign(CLASSES, {});
        expiries.assign(EXPIRIES, {});
        brackets.assign((size_t)BRACKET_TABLES * PL_BRACKETS_MAX, {});
        for (unsigned t = 1; t < BRACKET_TABLES; t++) {
            const unsigned count = 1 + (unsigned)r.below(PL_BRACKETS_MAX);
            for (unsigned i = 0; i < count; i++) {
                struct pl_bracket &k = brackets[(size_t)(t - 1) * PL_BRACKETS_MAX + i];
                k.kind = PL_RECORD_BRACKET;
                k.index = (uint8_t)i;
                k.count = (uint8_t)count;
                k.bracket_table = (uint16_t)t;
                const unsigned width = r.percent(5) ? 64 : r.percent(50) ? 40 : 50;
                k.mm_cum = money_or_less(width);
                k.im_cum = money_or_less(width);
                const int64_t most = PL_COEFFICIENT_MAX * PL_COEFFICIENT_ONE;
                const unsigned rate_width = r.percent(10) ? 48 : 41;
                k.mm_rate = r.percent(2) ? most : llabs(money_or_less(rate_width)) % most;
                k.im_rate = r.percent(2) ? most : llabs(money_or_less(rate_width)) % most;
                send(&k);
            }
        }
        for (unsigned i = 0; i < CLASSES; i++) {
            classes[i].kind = PL_RECORD_CLASS;
            classes[i].index = (uint16_t)i;
            classes[i].long_brackets = (uint16_t)(r.percent(10) ? 0 : r.below(BRACKET_TABLES));
            classes[i].short_brackets = (uint16_t)(r.percent(10) ? 0 : r.below(BRACKET_TABLES));
            send(&classes[i]);
        }
        unsigned underlying = 0;
        for (unsigned i = 0; i < EXPIRIES; i++) {
            expiries[i].kind = PL_RECORD_EXPIRY;
            expiries[i].index = (uint16_t)i;
            expiries[i].underlying = (uint16_t)underlying;
            expiries[i].row_shift = (int8_t)(r.percent(70) ? r.below(41) : r.below(81) - 40);
            underlying += r.percent(30) && underlying < PL_UNDERLYINGS_MAX - 1;
            send(&expiries[i]);
        }
        send(&classes[0]); /* the last word of the bus is any record */
        tables[0].classes = classes.data();
        tables[0].brackets = brackets.data();
        tables[0].expiries = expiries.data();
        tables[1] = tables[0];
        for (unsigned live = 0; live < 2; live++) {
            fill_rows(rows[live], broken_rows);
            tables[live].rows = rows[live].row.data();
        }
        b.dut.instruments_i = tables[0].model.instruments;
    }
    void fill_rows(Rows &rows, unsigned broken_rows)
    {
        const unsigned step = 1 + (unsigned)r.below(8);
        rows.row.assign(instruments, {});
        rows.meta.assign(instruments, 0);
        rows.words.assign(instruments, std::vector<uint32_t>((entries * row_w + 31) / 32));
        rows.uncorrectable.assign(instruments, false);
        for (unsigned i = 0; i < instruments; i++) {
            struct pl_row &row = rows.row[i];
            row.expiry = (uint16_t)(r.percent(2) ? r.below(EXPIRIES) : i / step % EXPIRIES);
            row.row_shift = expiries[row.expiry].row_shift;
            row.margin_class = (uint16_t)r.below(CLASSES);
            row.is_asset = r.percent(30);
            row.row = (uint8_t)(1 + r.below(4));
            row.flags = r.percent(60) ? 0 : (uint8_t)(r.bits() & 0x3F);
            int64_t *words = &row.base;
            for (unsigned w = 0; w < entries; w++) {
                int64_t &value = w < 18 ? words[w] : row.scenario[w - 18];
                value = column();
                put_field(rows.words[i], w * row_w, row_bits, (uint64_t)llabs(value));
                put_field(rows.words[i], w * row_w + row_bits, 1, value < 0);
            }
            rows.uncorrectable[i] = r.percent(broken_rows);
            rows.meta[i] = (uint64_t)row.flags | (uint64_t)row.row << 7 |
                           (uint64_t)row.is_asset << 10 | (uint64_t)row.expiry << 11 |
                           (uint64_t)row.margin_class << 25 |
                           (uint64_t)(uint8_t)row.row_shift << 37;
            if (rows.uncorrectable[i])
                rows.meta[i] = r.bits() & ((UINT64_C(1) << 45) - 1);
        }
    }

    /* Cuts an account into fragments, lines being shared with other lanes. */
    void account(const std::vector<uint64_t> &slots, bool cut, bool live = false)
    {
        uint64_t &at = this->at[live];
        at += cut ? r.below(12) : 0;
        reference[live].account(slots, (uint32_t)at);
        for (size_t i = 0; i < slots.size();) {
            Fragment f;
            f.live = live;
            f.first = (unsigned)(at % 8);
            f.line = (uint32_t)(at / 8);
            const size_t most = std::min<size_t>(8 - f.first, slots.size() - i);
            f.count = (unsigned)(cut && r.percent(10) ? 1 + r.below(most) : most);
            for (uint64_t &slot : f.slots)
                slot = r.bits();
            for (unsigned k = 0; k < f.count; k++)
                f.slots[f.first + k] = slots[i + k];
            i += f.count;
            at += f.count;
            f.last = i == slots.size();
            fragments[live].push_back(f);
        }
    }
    uint64_t header(unsigned mode)
    {
        return pl_slot_header(PL_TAG_HEADER, r.bits(), mode, r.bits());
    }
    int64_t lots()
    {
        return r.percent(5)   ? 0
               : r.percent(3) ? INT32_MIN
                              : (int64_t)r.magnitude(r.percent(70) ? 16 : 32);
    }
    uint64_t position(unsigned instrument, int64_t lots, bool live = false)
    {
        const bool requirement = rows[live].row[instrument].row == PL_ROW_KIND_REQUIREMENT;
        return pl_slot_position(requirement ? PL_TAG_REQUIREMENT : PL_TAG_POSITION,
                                requirement && lots < 0 ? -(lots + 1) : lots, instrument);
    }
    uint64_t orders()
    {
        const uint64_t all = PL_ORDER_LOTS_MAX;
        const uint64_t buy = r.percent(30)   ? 0
                             : r.percent(10) ? all
                                             : r.bits() & all >> r.below(28);
        const uint64_t sell = r.percent(30)   ? 0
                              : r.percent(10) ? all
                                              : r.bits() & all >> r.below(28);
        return pl_slot_orders(PL_TAG_ORDERS, buy, sell);
    }
    uint64_t cash()
    {
        const bool high = r.percent(20);
        return pl_slot_cash(high ? PL_TAG_CASH_HIGH : PL_TAG_CASH,
                            (int64_t)r.magnitude(high && r.percent(80) ? 32 : 56));
    }
    uint64_t broken(unsigned instrument, bool live)
    {
        const unsigned limit = (unsigned)tables[0].model.instruments;
        switch (r.below(8)) {
        case 0: return r.bits() | UINT64_C(8) << 56;
        case 1: return (uint64_t)PL_TAG_END << 56 | r.bits() >> 8;
        case 2: return position(limit + (unsigned)r.below(instruments - limit), lots(), live);
        case 3: return pl_slot_position(PL_TAG_POSITION, lots(), r.bits());
        case 4: return position(instrument == 0 ? 0 : instrument - 1, lots(), live);
        case 5: return pl_slot_position(PL_TAG_REQUIREMENT, lots(), instrument);
        case 6: return pl_slot_position(PL_TAG_POSITION, lots(), instrument);
        default: return orders();
        }
    }
    std::vector<uint64_t> random_account(unsigned broken_percent, bool live = false)
    {
        std::vector<uint64_t> slots{ header(1 + (unsigned)r.below(3)) };
        const unsigned length = r.percent(20) ? 0 : (unsigned)r.below(r.percent(10) ? 120 : 16);
        const unsigned stride = 1 + (unsigned)r.below(r.percent(30) ? 60 : 4);
        unsigned instrument = (unsigned)r.below(tables[0].model.instruments / 2);
        bool may_order = false;
        const bool breaks = r.percent(broken_percent);
        for (unsigned i = 0; i < length; i++) {
            while (r.percent(8))
                slots.push_back(r.bits() >> 8); /* PAD */
            if (breaks && r.below(length) == 0) {
                slots.push_back(broken(instrument, live));
            } else if (may_order && r.percent(40)) {
                slots.push_back(orders());
                may_order = false;
            } else if (r.percent(10)) {
                slots.push_back(cash());
                may_order = false;
            } else {
                instrument += 1 + (unsigned)r.below(stride);
                if (instrument >= tables[0].model.instruments)
                    break;
                slots.push_back(position(instrument, lots(), live));
                may_order = rows[live].row[instrument].row != PL_ROW_KIND_REQUIREMENT;
            }
        }
        while (r.percent(10))
            slots.push_back(r.bits() >> 8);
        return slots;
    }

    void compare(const Entry &x)
    {
        const auto &g = b.dut.group_o;
        static const struct {
            const char *name;
            unsigned lsb, width;
        } fields[] = {
            { "slot", 0, 32 },         { "status", 32, 8 },          { "cash overflow", 40, 1 },
            { "cash", 41, 64 },        { "multiplier", 105, 16 },    { "account", 121, 32 },
            { "bracket im", 153, 64 }, { "bracket mm", 217, 64 },    { "row shift", 281, 8 },
            { "underlying", 289, 10 }, { "expiry", 299, 14 },        { "order flags", 313, 7 },
            { "flags", 320, 7 },       { "unpriced asset", 327, 1 }, { "held", 328, 1 },
            { "mode", 330, 2 },        { "account last", 332, 1 },   { "underlying last", 333, 1 },
            { "group", 334, 1 }
        };
        const auto check = [&](unsigned i, uint64_t value) {
            const uint64_t is = field(g, fields[i].lsb, fields[i].width);
            value &= ~UINT64_C(0) >> (64 - fields[i].width);
            b.expect(is == value, "%s %" PRIx64 ", expected %" PRIx64, fields[i].name, is, value);
        };
        check(18, x.group);
        check(16, x.account_last);
        check(15, x.mode);
        check(5, pl_slot_header_account(x.header));
        if (x.account_last) {
            check(4, pl_slot_header_multiplier(x.header));
            check(1, x.status);
            if (x.status != PL_STATUS_OK)
                check(0, x.slot);
            else {
                check(3, (uint64_t)x.cash);
                check(2, x.cash_overflow);
            }
        }
        statuses[x.account_last ? x.status : 255]++;
        if (!x.group)
            return;
        const struct pl_expiry_sums &e = x.sums;
        check(17, x.underlying_last);
        check(14, e.held);
        check(13, e.unpriced_asset);
        check(12, e.flags);
        check(11, e.order_flags);
        check(10, e.expiry);
        check(9, x.underlying);
        check(8, (uint64_t)x.row_shift);
        const bool portfolio = x.mode == PL_MODE_PORTFOLIO;
        if (!portfolio) {
            check(7, (uint64_t)e.bracket_mm);
            check(6, (uint64_t)e.bracket_im);
        }
        groups++;
        live_groups += account_live;
        order_flags += (e.order_flags & PL_FLAG_OVERFLOW) != 0;
        overflows += (e.flags & PL_FLAG_OVERFLOW) != 0;
        const auto sum = [&](unsigned s, pl_i128 value) {
            u128 is = 0;
            for (unsigned i = 0; i < 4; i++)
                is |= (u128)b.dut.sums_o[s * 4 + i] << (32 * i);
            b.expect(is == (u128)value, "sum %u of mode %u", s, x.mode);
        };
        sum(0, e.value);
        for (unsigned i = 0; i < PL_GREEKS; i++)
            sum(1 + i, e.greeks[i]);
        sum(6, e.fee);
        sum(12, e.order_im);
        if (!portfolio)
            return;
        sum(7, e.mm);
        sum(8, e.im);
        sum(9, e.gross);
        sum(10, e.basis_up);
        sum(11, e.basis_down);
        sum(13, e.order_loss);
        for (unsigned i = 0; i < SCENARIOS; i++)
            sum(14 + i, e.scenario[i]);
    }

    void cycle()
    {
        Vlane &dut = b.dut;
        for (unsigned live = 0; live < 2; live++)
            offered[live] =
                !fragments[live].empty() && (offered[live] || flowing || fragment_stall[live].go());
        dut.fragment_valid_i = offered[0];
        dut.live_fragment_valid_i = offered[1];
        if (offered[0])
            put_fragment(dut.fragment_i, fragments[0].front());
        if (offered[1])
            put_fragment(dut.live_fragment_i, fragments[1].front());
        dut.live_given_i = to_give > 0 && !hold_given && (flowing || given_stall.go());
        to_give -= dut.live_given_i;
        dut.close_room_i = !hold_room && (flowing || room_stall.go());
        dut.row_ready_i = flowing || row_stall.go();
        dut.group_ready_i = flowing || group_stall.go();
        const int row = reads[row_latency - 1];
        dut.row_valid_i = row >= 0;
        dut.row_corrected_i = r.percent(10);
        const Rows &of = rows[row >= (int)instruments];
        const size_t read = (size_t)row % instruments;
        dut.row_uncorrectable_i = row >= 0 ? of.uncorrectable[read] : r.percent(50);
        if (row >= 0) {
            dut.row_meta_i = of.meta[read];
            memcpy(&dut.row_i, of.words[read].data(), of.words[read].size() * 4);
        }
        b.settle();
        const bool live = field(dut.group_o, 329, 1) != 0;
        std::deque<Entry> &entries_due = reference[live].entries;
        if (dut.group_valid_o &&
            b.expect(!entries_due.empty(), "an entry too many, live %d", live) &&
            dut.group_ready_i) {
            b.expect(!in_account || live == account_live, "live %d within an account", live);
            account_live = live;
            in_account = !entries_due.front().account_last;
            to_give += live && !in_account;
            compare(entries_due.front());
            entries_due.pop_front();
            taken[live]++;
        }
        for (unsigned i = row_latency - 1; i > 0; i--)
            reads[i] = reads[i - 1];
        reads[0] = -1;
        if (dut.row_valid_o && dut.row_ready_i) {
            b.expect(dut.row_instrument_o < instruments, "row of instrument %u",
                     dut.row_instrument_o);
            reads[0] = (int)(dut.row_instrument_o % instruments + dut.row_live_o * instruments);
        }
        accepted[0] = dut.fragment_valid_i && dut.fragment_ready_o;
        accepted[1] = dut.live_fragment_valid_i && dut.live_fragment_ready_o;
        for (unsigned k = 0; k < 2; k++)
            if (accepted[k]) {
                fragments[k].pop_front();
                offered[k] = false;
            }
        b.tick();
    }
    bool done() const
    {
        return reference[0].entries.empty() && reference[1].entries.empty();
    }
    /* Until every entry has come; returns the cycles. */
    uint64_t run(uint64_t limit)
    {
        const uint64_t start = b.cycle;
        while (!done() && b.cycle - start < limit)
            cycle();
        b.expect(done(), "%zu entries missing, %zu live ones", reference[0].entries.size(),
                 reference[1].entries.size());
        const uint64_t cycles = b.cycle - start;
        for (int i = 0; i < 40; i++)
            cycle();
        return cycles;
    }
};

static void random_accounts(Lane &l, const char *name, unsigned broken_percent,
                            unsigned broken_rows)
{
    Bench<Vlane> &b = l.b;
    b.begin(name);
    l.load(broken_rows);
    const uint64_t before = l.at[0] + l.at[1], groups = l.groups, live_groups = l.live_groups;
    const uint64_t failed = l.reference[0].failed + l.reference[1].failed;
    while (l.at[0] + l.at[1] - before < b.count) {
        while (l.fragments[0].size() < 20 && !b.random.percent(10))
            l.account(l.random_account(broken_percent), true);
        while (l.fragments[1].size() < 20 && !b.random.percent(30))
            l.account(l.random_account(broken_percent, true), true, true);
        for (int i = 0; i < 64; i++)
            l.cycle();
    }
    l.run(1000000 * step);
    b.expect(!b.is_long() ||
                 (l.groups - groups > b.count / 50 && l.live_groups - live_groups > b.count / 100),
             "only %" PRIu64 " groups, %" PRIu64 " live", l.groups - groups,
             l.live_groups - live_groups);
    const uint64_t now_failed = l.reference[0].failed + l.reference[1].failed - failed;
    b.expect(!b.is_long() || broken_percent == 0 || now_failed > b.count / 1000,
             "only %" PRIu64 " failed accounts", now_failed);
    b.end();
}

/* Accounts that the lane takes at a slot per step, so many percent of them live. */
static void full_speed(Lane &l, const char *name, unsigned accounts, unsigned positions,
                       unsigned per_expiry, bool cash, unsigned live_percent)
{
    Bench<Vlane> &b = l.b;
    b.begin(name);
    for (unsigned i = 0; i < 2 * instruments; i++) {
        Rows &rows = l.rows[i / instruments];
        const unsigned k = i % instruments;
        struct pl_row &row = rows.row[k];
        row.expiry = (uint16_t)(k / per_expiry % EXPIRIES);
        row.row_shift = l.expiries[row.expiry].row_shift;
        rows.meta[k] = (rows.meta[k] & ~(UINT64_C(0x3FFF) << 11)) | (uint64_t)row.expiry << 11;
        put_field(*(uint32_t(*)[2]) & rows.meta[k], 37, 8, (uint8_t)row.row_shift);
    }
    l.flowing = true;
    uint64_t slots = 0;
    for (unsigned i = 0; i < accounts; i++) {
        const bool live = b.random.percent(live_percent);
        std::vector<uint64_t> account{ l.header(PL_MODE_PORTFOLIO) };
        if (cash)
            account.push_back(l.cash());
        for (unsigned k = 0; k < positions; k++)
            account.push_back(l.position(k, l.lots(), live));
        slots += account.size();
        l.account(account, false, live);
    }
    const uint64_t cycles = l.run(10 * step * slots + 1000);
    const uint64_t first = (positions + 2) / 8; /* the first account comes, a fragment a cycle */
    b.expect(cycles <= step * slots + first + 40 + 3 * step,
             "%" PRIu64 " cycles for %" PRIu64 " slots", cycles, slots);
    l.flowing = false;
    b.end();
}

static void latency(Lane &l, bool live)
{
    Bench<Vlane> &b = l.b;
    b.begin(live ? "latency of a live account" : "latency of an account");
    l.flowing = true;
    l.account({ l.header(PL_MODE_PORTFOLIO), l.position(0, 5, live), l.position(1, -5, live) },
              true, live);
    const bool single = l.fragments[live].size() == 1; /* not cut in two */
    uint64_t taken = 0, first = 0, read = 0;
    while (!l.done() && (read == 0 || b.cycle - read < 1000)) {
        l.cycle();
        if (l.accepted[live])
            taken = b.cycle - 1;
        if (l.reads[0] == (live ? (int)instruments : 0))
            first = b.cycle - 1;
        if (l.reads[0] == (live ? (int)instruments : 0) + 1)
            read = b.cycle - 1;
    }
    b.expect(b.cycle - 1 - read == 17 + 3 * (step - 1),
             "%" PRIu64 " cycles from the last row's read to the entry", b.cycle - 1 - read);
    /* header, then the first position through the issue register */
    const uint64_t wait = first - taken - (live ? 5 : 6);
    b.expect(!single || wait < 3 * step - 2,
             "%" PRIu64 " cycles from the fragment to the first row's read", first - taken);
    l.flowing = false;
    b.end();
}

/* A live account waits for the end of the account that is being read, and for no other. */
static void live_first(Lane &l)
{
    Bench<Vlane> &b = l.b;
    b.begin("live accounts go first between accounts");
    const unsigned length = 200;
    l.flowing = true;
    for (unsigned k = 0; k < 10; k++) {
        for (unsigned n = 0; n < 8; n++) {
            std::vector<uint64_t> account{ l.header(PL_MODE_CROSS) };
            while (account.size() < length)
                account.push_back(l.cash());
            l.account(account, false);
        }
        for (uint64_t n = 50 + b.random.below(length); n > 0; n--)
            l.cycle();
        const size_t due = l.reference[0].entries.size();
        l.account({ l.header(PL_MODE_PORTFOLIO), l.position(0, 5, true) }, false, true);
        const uint64_t from = b.cycle;
        while (!l.reference[1].entries.empty() && b.cycle - from < 10 * step * length)
            l.cycle();
        b.expect(b.cycle - from <= step * length + 30 + 3 * step, "%" PRIu64 " cycles",
                 b.cycle - from);
        b.expect(l.reference[0].entries.size() + 2 >= due, "%zu accounts went before it",
                 due - l.reference[0].entries.size());
        l.run(10000 * step);
    }
    l.flowing = false;
    b.end();
}

/* An account of the sweep of which a part is missing, or whose verdict has no room yet, has not
 * begun: live ones go on. */
static void begins_whole(Lane &l)
{
    Bench<Vlane> &b = l.b;
    b.begin("accounts of the sweep begin when they are whole and have room at the close");
    l.flowing = true;
    for (unsigned k = 0; k < 20; k++) {
        const bool missing = k % 2 == 0;
        std::vector<uint64_t> account{ l.header(PL_MODE_PORTFOLIO), l.position(0, 5) };
        while (account.size() < 30)
            account.push_back(l.cash());
        l.account(account, false);
        const Fragment last = l.fragments[0].back();
        if (missing)
            l.fragments[0].pop_back();
        l.hold_room = !missing;
        for (uint64_t n = 20 + b.random.below(100); n > 0; n--)
            l.cycle();
        l.account({ l.header(PL_MODE_PORTFOLIO), l.position(0, 5, true) }, false, true);
        const uint64_t from = b.cycle;
        while (!l.reference[1].entries.empty() && b.cycle - from < 200)
            l.cycle();
        /* Two slots wait for a step, and the products take three. */
        b.expect(b.cycle - from <= 30 + 5 * (step - 1), "%" PRIu64 " cycles", b.cycle - from);
        b.expect(l.reference[0].entries.size() == 1, "the account has come");
        if (missing)
            l.fragments[0].push_back(last);
        l.hold_room = false;
        l.run(1000);
    }
    l.flowing = false;
    b.end();
}

/* Live verdicts that nobody takes stop live accounts only. */
static void live_room(Lane &l)
{
    Bench<Vlane> &b = l.b;
    b.begin("live accounts wait for room at the close, the others do not");
    l.flowing = true;
    l.hold_given = true;
    const uint64_t before = l.taken[1];
    for (unsigned n = 0; n < LIVE_ACCOUNTS + 20; n++) {
        l.account({ l.header(PL_MODE_PORTFOLIO), l.cash() }, false, true);
        l.account({ l.header(PL_MODE_PORTFOLIO), l.position(3, -1) }, false);
    }
    for (unsigned n = 0; n < 10 * LIVE_ACCOUNTS + 500; n++)
        l.cycle();
    b.expect(l.taken[1] - before == LIVE_ACCOUNTS, "%" PRIu64 " live accounts",
             l.taken[1] - before);
    b.expect(l.reference[0].entries.empty(), "%zu entries wait", l.reference[0].entries.size());
    l.hold_given = false;
    l.run(10000 * step);
    l.flowing = false;
    b.end();
}

static void resets(Lane &l)
{
    Bench<Vlane> &b = l.b;
    b.begin("resets in the middle of accounts");
    for (int i = 0; i < 50; i++) {
        for (int k = 0; k < 10; k++) {
            l.account(l.random_account(10), true);
            l.account(l.random_account(10, true), true, true);
        }
        const uint64_t cycles = b.random.below(200);
        for (uint64_t k = 0; k < cycles; k++)
            l.cycle();
        for (unsigned live = 0; live < 2; live++) {
            l.fragments[live].clear();
            l.reference[live].entries.clear();
            l.offered[live] = false;
        }
        l.in_account = false;
        l.to_give = 0;
        b.dut.fragment_valid_i = b.dut.live_fragment_valid_i = b.dut.live_given_i = 0;
        b.dut.row_valid_i = 0;
        b.dut.row_ready_i = 0;
        b.reset();
        std::fill(l.reads, l.reads + row_latency, -1);
        for (int k = 0; k < 3; k++) {
            l.account(l.random_account(10), true);
            l.account(l.random_account(10, true), true, true);
        }
        l.run(100000 * step);
    }
    b.end();
}

static void long_accounts(Lane &l)
{
    Bench<Vlane> &b = l.b;
    b.begin("as many slots as an account may have, and one more");
    for (unsigned more = 0; more < 2; more++) {
        std::vector<uint64_t> account{ l.header(PL_MODE_PORTFOLIO) };
        while (account.size() < PL_ACCOUNT_SLOTS_MAX + more)
            account.push_back(pl_slot_cash(PL_TAG_CASH_HIGH, -(INT64_C(1) << 55)));
        account.push_back(0);
        l.account(account, true, more != 0);
        l.account({ l.header(PL_MODE_CROSS), l.cash() }, true, more != 0);
    }
    l.flowing = true;
    l.run(100000 * step);
    l.flowing = false;
    b.expect(l.statuses[PL_STATUS_MALFORMED_SLOT] != 0, "no account was too long");
    b.end();
}

static void queue_level(Lane &l, bool live)
{
    Bench<Vlane> &b = l.b;
    const unsigned depth = live ? LIVE_QUEUE : QUEUE, light = live ? LIVE_QUEUE / 2 : 64;
    b.begin(live ? "light while fewer than half of the live fragments wait"
                 : "light while fewer than 64 fragments wait");
    unsigned sent = 0;
    for (unsigned i = 0; i < depth + 40; i++)
        l.account({ l.header(PL_MODE_CROSS), l.position(1, 1, live) }, false, live);
    b.dut.group_ready_i = b.dut.live_given_i = 0;
    b.dut.row_ready_i = b.dut.row_valid_i = 0;
    b.dut.fragment_valid_i = !live;
    b.dut.live_fragment_valid_i = live;
    for (unsigned i = 0; i < depth + 100; i++) {
        if (live)
            put_fragment(b.dut.live_fragment_i, l.fragments[1].front());
        else
            put_fragment(b.dut.fragment_i, l.fragments[0].front());
        b.settle();
        const bool is_light = live ? b.dut.live_light_o : b.dut.light_o;
        b.expect(live ? b.dut.light_o : b.dut.live_light_o, "the other queue is not light");
        /* some have left the queue for the registers behind it */
        b.expect(sent >= light || is_light, "not light after %u fragments", sent);
        b.expect(sent < light + 8 || !is_light, "light after %u fragments", sent);
        if (live ? b.dut.live_fragment_ready_o : b.dut.fragment_ready_o) {
            l.fragments[live].pop_front();
            sent++;
        }
        b.tick();
    }
    b.expect(sent >= depth && sent <= depth + 3, "%u fragments taken", sent);
    l.run(100000 * step);
    b.settle();
    b.expect(b.dut.light_o && b.dut.live_light_o, "not light when empty");
    b.end();
}

int main()
{
    Bench<Vlane> b("lane", 20000);
    b.dut.table_valid_i = 0;
    b.dut.fragment_valid_i = b.dut.live_fragment_valid_i = b.dut.live_given_i = 0;
    b.dut.row_valid_i = 0;
    b.dut.group_ready_i = 0;
    b.dut.row_ready_i = 0;
    b.dut.close_room_i = 1;
    b.reset();
    Lane l(b);
    random_accounts(l, "random accounts, every port stalling", 0, 0);
    full_speed(l, "a slot per step: 12 positions in 3 expiries", 300, 12, 4, true, 0);
    full_speed(l, "a slot per step: accounts of one position", 1000, 1, 1, false, 0);
    full_speed(l, "a slot per step: a group per position", 20, std::min(300, EXPIRIES), 1, false,
               0);
    full_speed(l, "a slot per step: live accounts too", 300, 12, 4, true, 40);
    full_speed(l, "a slot per step: live accounts of one position too", 1000, 1, 1, false, 50);
    full_speed(l, "a slot per step: live accounts alone", 300, 5, 2, true, 100);
    latency(l, false);
    latency(l, true);
    live_first(l);
    begins_whole(l);
    live_room(l);
    l.at[0] = UINT64_C(0xFFFFFFFF) - 20000; /* indices of 32 bits: as far as they go */
    l.at[0] &= ~UINT64_C(0xFFF);
    random_accounts(l, "broken slots of every kind", 40, 0);
    random_accounts(l, "uncorrectable rows and broken slots", 20, 5);
    resets(l);
    long_accounts(l);
    queue_level(l, false);
    queue_level(l, true);
    b.begin("every kind of case was met");
    if (b.is_long()) {
        b.expect(l.overflows > 20 && l.order_flags > 5, "%" PRIu64 " and %" PRIu64 " overflows",
                 l.overflows, l.order_flags);
        b.expect(l.statuses[PL_STATUS_UNCORRECTABLE] > 20, "%" PRIu64 " uncorrectable",
                 l.statuses[PL_STATUS_UNCORRECTABLE]);
    }
    b.end();
    printf("  %" PRIu64 " groups, %" PRIu64 " live, %" PRIu64 " with overflow, %" PRIu64
           " in orders; %" PRIu64 " accounts, %" PRIu64 " broken, %" PRIu64 " uncorrectable\n",
           l.groups, l.live_groups, l.overflows, l.order_flags, l.statuses[0],
           l.statuses[PL_STATUS_MALFORMED_SLOT], l.statuses[PL_STATUS_UNCORRECTABLE]);
    return b.finish();
}
