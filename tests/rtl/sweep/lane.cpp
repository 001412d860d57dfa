/* A lane against the model's account handling: every entry and its sums, for random tables and
 * accounts. PROFILE, SCENARIOS, EXPIRIES, CLASSES, BRACKET_TABLES and QUEUE come from make. */
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

struct Fragment {
    bool last;
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

struct Rows {
    std::vector<struct pl_row> row;
    std::vector<uint64_t> meta;
    std::vector<std::vector<uint32_t>> words;
    std::vector<bool> uncorrectable;
};

struct Lane {
    Bench<Vlane> &b;
    Random &r;
    Stall fragment_stall, row_stall, group_stall;
    bool flowing = false; /* nothing stalls */
    struct pl_tables tables = {};
    std::vector<struct pl_class> classes;
    std::vector<struct pl_bracket> brackets;
    std::vector<struct pl_expiry> expiries;
    Rows rows;
    LaneReference reference{ tables, rows.uncorrectable };
    std::deque<Fragment> fragments;
    uint64_t at = 0; /* next slot of the stream */
    int reads[row_latency];
    bool offered = false;
    uint64_t taken = 0, groups = 0, order_flags = 0, overflows = 0, statuses[256] = {};

    explicit Lane(Bench<Vlane> &b)
        : b(b), r(b.random), fragment_stall(r), row_stall(r), group_stall(r)
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
        tables.model.instruments = instruments - 20;
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
        tables.classes = classes.data();
        tables.brackets = brackets.data();
        tables.expiries = expiries.data();
        fill_rows(broken_rows);
        tables.rows = rows.row.data();
        b.dut.instruments_i = tables.model.instruments;
    }
    void fill_rows(unsigned broken_rows)
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
    void account(const std::vector<uint64_t> &slots, bool cut)
    {
        at += cut ? r.below(12) : 0;
        reference.account(slots, (uint32_t)at);
        for (size_t i = 0; i < slots.size();) {
            Fragment f;
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
            fragments.push_back(f);
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
    uint64_t position(unsigned instrument, int64_t lots)
    {
        const bool requirement = rows.row[instrument].row == PL_ROW_KIND_REQUIREMENT;
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
    uint64_t broken(unsigned instrument)
    {
        const unsigned limit = (unsigned)tables.model.instruments;
        switch (r.below(8)) {
        case 0: return r.bits() | UINT64_C(8) << 56;
        case 1: return (uint64_t)PL_TAG_END << 56 | r.bits() >> 8;
        case 2: return position(limit + (unsigned)r.below(instruments - limit), lots());
        case 3: return pl_slot_position(PL_TAG_POSITION, lots(), r.bits());
        case 4: return position(instrument == 0 ? 0 : instrument - 1, lots());
        case 5: return pl_slot_position(PL_TAG_REQUIREMENT, lots(), instrument);
        case 6: return pl_slot_position(PL_TAG_POSITION, lots(), instrument);
        default: return orders();
        }
    }
    std::vector<uint64_t> random_account(unsigned broken_percent)
    {
        std::vector<uint64_t> slots{ header(1 + (unsigned)r.below(3)) };
        const unsigned length = r.percent(20) ? 0 : (unsigned)r.below(r.percent(10) ? 120 : 16);
        const unsigned stride = 1 + (unsigned)r.below(r.percent(30) ? 60 : 4);
        unsigned instrument = (unsigned)r.below(tables.model.instruments / 2);
        bool may_order = false;
        const bool breaks = r.percent(broken_percent);
        for (unsigned i = 0; i < length; i++) {
            while (r.percent(8))
                slots.push_back(r.bits() >> 8); /* PAD */
            if (breaks && r.below(length) == 0) {
                slots.push_back(broken(instrument));
            } else if (may_order && r.percent(40)) {
                slots.push_back(orders());
                may_order = false;
            } else if (r.percent(10)) {
                slots.push_back(cash());
                may_order = false;
            } else {
                instrument += 1 + (unsigned)r.below(stride);
                if (instrument >= tables.model.instruments)
                    break;
                slots.push_back(position(instrument, lots()));
                may_order = rows.row[instrument].row != PL_ROW_KIND_REQUIREMENT;
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
            { "mode", 329, 2 },        { "account last", 331, 1 },   { "underlying last", 332, 1 },
            { "group", 333, 1 }
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
        offered = !fragments.empty() && (offered || flowing || fragment_stall.go());
        dut.fragment_valid_i = offered;
        if (offered) {
            const Fragment &f = fragments.front();
            put_field(dut.fragment_i, 551, 1, f.last);
            put_field(dut.fragment_i, 547, 4, f.count);
            put_field(dut.fragment_i, 544, 3, f.first);
            dut.fragment_i[16] = f.line;
            memcpy(&dut.fragment_i, f.slots, sizeof f.slots);
        }
        dut.row_ready_i = flowing || row_stall.go();
        dut.group_ready_i = flowing || group_stall.go();
        const int row = reads[row_latency - 1];
        dut.row_valid_i = row >= 0;
        dut.row_corrected_i = r.percent(10);
        dut.row_uncorrectable_i = row >= 0 ? rows.uncorrectable[(size_t)row] : r.percent(50);
        if (row >= 0) {
            dut.row_meta_i = rows.meta[(size_t)row];
            memcpy(&dut.row_i, rows.words[(size_t)row].data(), rows.words[(size_t)row].size() * 4);
        }
        b.settle();
        if (dut.group_valid_o && b.expect(!reference.entries.empty(), "an entry too many") &&
            dut.group_ready_i) {
            compare(reference.entries.front());
            reference.entries.pop_front();
        }
        for (unsigned i = row_latency - 1; i > 0; i--)
            reads[i] = reads[i - 1];
        reads[0] = dut.row_valid_o && dut.row_ready_i ? (int)dut.row_instrument_o : -1;
        b.expect(reads[0] < (int)instruments, "row of instrument %d", reads[0]);
        if (dut.fragment_valid_i && dut.fragment_ready_o) {
            fragments.pop_front();
            offered = false;
        }
        b.tick();
    }
    /* Until every entry has come; returns the cycles. */
    uint64_t run(uint64_t limit)
    {
        const uint64_t start = b.cycle;
        while (!reference.entries.empty() && b.cycle - start < limit)
            cycle();
        b.expect(reference.entries.empty(), "%zu entries missing", reference.entries.size());
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
    const uint64_t before = l.at, groups = l.groups, failed = l.reference.failed;
    while (l.at - before < b.count) {
        while (l.fragments.size() < 20)
            l.account(l.random_account(broken_percent), true);
        for (int i = 0; i < 64; i++)
            l.cycle();
    }
    l.run(1000000);
    b.expect(!b.is_long() || l.groups - groups > b.count / 50, "only %" PRIu64 " groups",
             l.groups - groups);
    b.expect(!b.is_long() || broken_percent == 0 || l.reference.failed - failed > b.count / 1000,
             "only %" PRIu64 " failed accounts", l.reference.failed - failed);
    b.end();
}

/* Accounts that the lane takes at a slot per cycle. */
static void full_speed(Lane &l, const char *name, unsigned accounts, unsigned positions,
                       unsigned per_expiry, bool cash)
{
    Bench<Vlane> &b = l.b;
    b.begin(name);
    for (unsigned i = 0; i < instruments; i++) {
        struct pl_row &row = l.rows.row[i];
        row.expiry = (uint16_t)(i / per_expiry % EXPIRIES);
        row.row_shift = l.expiries[row.expiry].row_shift;
        l.rows.meta[i] = (l.rows.meta[i] & ~(UINT64_C(0x3FFF) << 11)) | (uint64_t)row.expiry << 11;
        put_field(*(uint32_t(*)[2]) & l.rows.meta[i], 37, 8, (uint8_t)row.row_shift);
    }
    l.flowing = true;
    uint64_t slots = 0;
    for (unsigned i = 0; i < accounts; i++) {
        std::vector<uint64_t> account{ l.header(PL_MODE_PORTFOLIO) };
        if (cash)
            account.push_back(l.cash());
        for (unsigned k = 0; k < positions; k++)
            account.push_back(l.position(k, l.lots()));
        slots += account.size();
        l.account(account, false);
    }
    const uint64_t cycles = l.run(10 * slots + 1000);
    b.expect(cycles <= slots + 40, "%" PRIu64 " cycles for %" PRIu64 " slots", cycles, slots);
    l.flowing = false;
    b.end();
}

static void latency(Lane &l)
{
    Bench<Vlane> &b = l.b;
    b.begin("latency from the last row's read to the entry");
    l.flowing = true;
    l.account({ l.header(PL_MODE_PORTFOLIO), l.position(0, 5), l.position(1, -5) }, true);
    uint64_t read = 0;
    while (!l.reference.entries.empty() && (read == 0 || b.cycle - read < 1000)) {
        l.cycle();
        if (l.reads[0] == 1)
            read = b.cycle - 1;
    }
    b.expect(b.cycle - 1 - read == 18, "%" PRIu64 " cycles", b.cycle - 1 - read);
    l.flowing = false;
    b.end();
}

static void resets(Lane &l)
{
    Bench<Vlane> &b = l.b;
    b.begin("resets in the middle of accounts");
    for (int i = 0; i < 50; i++) {
        for (int k = 0; k < 10; k++)
            l.account(l.random_account(10), true);
        const uint64_t cycles = b.random.below(200);
        for (uint64_t k = 0; k < cycles; k++)
            l.cycle();
        l.fragments.clear();
        l.reference.entries.clear();
        l.offered = false;
        b.dut.fragment_valid_i = 0;
        b.dut.row_valid_i = 0;
        b.dut.row_ready_i = 0;
        b.reset();
        std::fill(l.reads, l.reads + row_latency, -1);
        for (int k = 0; k < 3; k++)
            l.account(l.random_account(10), true);
        l.run(100000);
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
        l.account(account, true);
        l.account({ l.header(PL_MODE_CROSS), l.cash() }, true);
    }
    l.flowing = true;
    l.run(100000);
    l.flowing = false;
    b.expect(l.statuses[PL_STATUS_MALFORMED_SLOT] != 0, "no account was too long");
    b.end();
}

static void queue_level(Lane &l)
{
    Bench<Vlane> &b = l.b;
    b.begin("light while fewer than 64 fragments wait");
    unsigned sent = 0;
    for (unsigned i = 0; i < QUEUE + 40; i++)
        l.account({ l.header(PL_MODE_CROSS), l.position(1, 1) }, false);
    b.dut.group_ready_i = 0;
    for (unsigned i = 0; i < QUEUE + 100; i++) {
        const Fragment f = l.fragments.front();
        b.dut.fragment_valid_i = 1;
        b.dut.row_ready_i = 0;
        b.dut.row_valid_i = 0;
        put_field(b.dut.fragment_i, 551, 1, f.last);
        put_field(b.dut.fragment_i, 547, 4, f.count);
        put_field(b.dut.fragment_i, 544, 3, f.first);
        b.dut.fragment_i[16] = f.line;
        memcpy(&b.dut.fragment_i, f.slots, sizeof f.slots);
        b.settle();
        /* some have left the queue for the registers behind it */
        b.expect(sent >= 64 || b.dut.light_o, "not light after %u fragments", sent);
        b.expect(sent < 64 + 8 || !b.dut.light_o, "light after %u fragments", sent);
        if (b.dut.fragment_ready_o) {
            l.fragments.pop_front();
            sent++;
        }
        b.tick();
    }
    b.expect(sent >= QUEUE && sent <= QUEUE + 3, "%u fragments taken", sent);
    b.expect(!b.dut.light_o, "light with a full queue");
    l.run(100000);
    b.settle();
    b.expect(b.dut.light_o, "not light when empty");
    b.end();
}

int main()
{
    Bench<Vlane> b("lane", 20000);
    b.dut.table_valid_i = 0;
    b.dut.fragment_valid_i = 0;
    b.dut.row_valid_i = 0;
    b.dut.group_ready_i = 0;
    b.dut.row_ready_i = 0;
    b.reset();
    Lane l(b);
    random_accounts(l, "random accounts, every port stalling", 0, 0);
    full_speed(l, "a slot per cycle: 12 positions in 3 expiries", 300, 12, 4, true);
    full_speed(l, "a slot per cycle: accounts of one position", 1000, 1, 1, false);
    full_speed(l, "a slot per cycle: a group per position", 20, std::min(300, EXPIRIES), 1, false);
    latency(l);
    l.at = UINT64_C(0xFFFFFFFF) - 20000; /* indices of 32 bits: as far as they go */
    l.at &= ~UINT64_C(0xFFF);
    random_accounts(l, "broken slots of every kind", 40, 0);
    random_accounts(l, "uncorrectable rows and broken slots", 20, 5);
    resets(l);
    long_accounts(l);
    queue_level(l);
    b.begin("every kind of case was met");
    if (b.is_long()) {
        b.expect(l.overflows > 20 && l.order_flags > 5, "%" PRIu64 " and %" PRIu64 " overflows",
                 l.overflows, l.order_flags);
        b.expect(l.statuses[PL_STATUS_UNCORRECTABLE] > 20, "%" PRIu64 " uncorrectable",
                 l.statuses[PL_STATUS_UNCORRECTABLE]);
    }
    b.end();
    printf("  %" PRIu64 " groups, %" PRIu64 " with overflow, %" PRIu64 " in orders; %" PRIu64
           " accounts, %" PRIu64 " broken, %" PRIu64 " uncorrectable\n",
           l.groups, l.overflows, l.order_flags, l.statuses[0],
           l.statuses[PL_STATUS_MALFORMED_SLOT], l.statuses[PL_STATUS_UNCORRECTABLE]);
    return b.finish();
}
