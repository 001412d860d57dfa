/* The close against the C model: random tables and accounts go through the card's module and
 * through pl_close_* and pl_verdict_decide, driven as host/model/sweep.c and host/dev/model.c do;
 * every record and verdict must agree bit for bit. Accounts of the watched set, among the others,
 * are judged on a live tick of its own. SCENARIOS, WAYS, EXPIRIES, UNDERLYINGS, OUTPUT_DEPTH,
 * LIVE_DEPTH and BEGUN come from make. */
#include "Vclose.h"
#include "support/model.h"
extern "C" {
#include "model/close.h"
}
#include "support/bench.h"

#include <cstring>
#include <deque>
#include <vector>

using namespace bench;

static const unsigned group_bits = 335, judged_bits = 706, sum_bits = 128;
static const unsigned sums = 14 + SCENARIOS;
static const unsigned tables = PL_SCENARIO_TABLES_MAX, groups_max = PL_OFFSET_GROUPS_MAX - 1;

/* A packed struct, first field first: it fills the vector from the top. */
struct Packed {
    uint32_t word[24] = {};
    unsigned at;
    explicit Packed(unsigned bits) : at(bits)
    {
    }
    void add(uint64_t value, unsigned width)
    {
        at -= width;
        for (unsigned i = 0; i < width; i++)
            word[(at + i) / 32] |= (uint32_t)(value >> i & 1) << (at + i) % 32;
    }
    template <class Port> void to(Port &port) const
    {
        for (size_t i = 0; i < sizeof port / 4; i++)
            port[i] = word[i];
    }
};

/* What the lane sends: an entry with its sums, and its fields. */
struct Entry {
    bool group = false, underlying_last = false, account_last = false, cash_overflow = false;
    bool live = false;
    uint8_t mode = 0, status = 0;
    pl_expiry_sums sums = {}; /* with garbage where the close must not look */
    uint8_t scenario_count = 0;
    uint16_t underlying = 0, multiplier = 0;
    int8_t row_shift = 0;
    uint32_t account = 0, slot = 0;
    int64_t cash = 0;
};

struct Account {
    uint32_t account;
    bool live;
    uint8_t mode;
    uint16_t multiplier;
    pl_i128 cash;
    std::vector<Entry> entries;
};

struct Coverage {
    uint64_t state[5] = {}, two_views = 0, ignored = 0, basis = 0, scenario = 0, overflow = 0,
             greeks = 0, offsets = 0, records = 0, failed[2] = {}, live = 0;
};

class Close
{
  public:
    Bench<Vclose> &b;
    pl_tables t = {},
              live_t = {}; /* what both have, and the frozen tick; the live one as if frozen */
    std::vector<pl_scenario> scenarios = std::vector<pl_scenario>(tables * PL_SCENARIOS_MAX);
    std::vector<pl_underlying> underlyings = std::vector<pl_underlying>(UNDERLYINGS);
    std::vector<pl_expiry> expiries = std::vector<pl_expiry>(EXPIRIES);
    std::vector<pl_multiplier> multipliers = std::vector<pl_multiplier>(PL_MULTIPLIERS_MAX);
    std::vector<pl_offset_group> groups = std::vector<pl_offset_group>(groups_max);
    std::vector<pl_expiry_tick> frozen = std::vector<pl_expiry_tick>(EXPIRIES);
    std::vector<pl_expiry_tick> live_ticks = std::vector<pl_expiry_tick>(EXPIRIES);
    std::vector<int64_t> im_factor = std::vector<int64_t>(UNDERLYINGS);
    std::vector<int64_t> live_im_factor = std::vector<int64_t>(UNDERLYINGS);
    std::vector<uint16_t> first_expiry = std::vector<uint16_t>(UNDERLYINGS + 1);

    std::deque<Entry> to_send;
    std::deque<Packed> expected[2]; /* of the sweep, and live ones */
    Coverage seen;
    Stall source, sink, live_sink;
    unsigned unpriced_percent = 4;
    bool free_run = false, hold_output = false, hold_live = false, presented = false;
    uint64_t taken = 0, given[2] = {};

    explicit Close(Bench<Vclose> &b) : b(b), source(b.random), sink(b.random), live_sink(b.random)
    {
        t.profile = PL_PROFILE_FULL;
        t.scenarios = scenarios.data();
        t.underlyings = underlyings.data();
        t.expiries = expiries.data();
        t.multipliers = multipliers.data();
        t.offset_groups = groups.data();
        t.frozen = frozen.data();
        t.frozen_im_factor = im_factor.data();
        live_t = t;
        live_t.frozen = live_ticks.data();
        live_t.frozen_im_factor = live_im_factor.data();
    }

    /* 0..limit * 2^40. */
    int64_t coefficient(int64_t limit)
    {
        const int64_t top = limit * PL_COEFFICIENT_ONE;
        switch (b.random.below(6)) {
        case 0: return 0;
        case 1: return PL_COEFFICIENT_ONE;
        case 2: return top - (int64_t)b.random.below(2);
        case 3: return (int64_t)(b.random.bits() % (uint64_t)(top + 1));
        default:
            return (int64_t)(b.random.bits() % (uint64_t)(2 * PL_COEFFICIENT_ONE < top
                                                              ? 2 * PL_COEFFICIENT_ONE
                                                              : top));
        }
    }

    void quiet()
    {
        b.dut.table_valid_i = b.dut.frozen_expiry_valid_i = b.dut.frozen_underlying_valid_i = 0;
        b.dut.clear_valid_i = 0;
        for (unsigned i = 0; i < 16; i++)
            b.dut.table_record_i[i] = (uint32_t)b.random.bits();
    }
    template <class Record> void offer(const Record &record)
    {
        static_assert(sizeof record == PL_LINE_BYTES, "a record is a line");
        b.dut.table_valid_i = 1;
        memcpy(&b.dut.table_record_i[0], &record, sizeof record);
    }
    template <class Record> void write(const Record &record)
    {
        offer(record);
        b.settle();
        b.tick();
        quiet();
        if (b.random.percent(5)) { /* a record that the close does not keep */
            static const uint8_t others[] = { PL_RECORD_INSTRUMENT, PL_RECORD_CLASS,
                                              PL_RECORD_BRACKET, PL_RECORD_TICK_VOL };
            b.dut.table_valid_i = b.random.percent(50);
            b.dut.table_record_i[0] =
                (b.dut.table_record_i[0] & ~0xffu) |
                (b.dut.table_valid_i ? others[b.random.below(4)] : (uint8_t)PL_RECORD_UNDERLYING);
            b.settle();
            b.tick();
            quiet();
        }
    }

    /* Words of the live tick of one expiry or underlying, on the bus until the next cycle ends. */
    void live_tick()
    {
        const unsigned e = (unsigned)b.random.below(EXPIRIES), kind = (unsigned)b.random.below(3);
        if (kind == 0) {
            pl_tick_price &r = live_ticks[e].price;
            r = {};
            r.kind = PL_RECORD_TICK_PRICE;
            r.index = (uint16_t)e;
            r.penalty = coefficient(b.random.percent(70) ? 1 : 64);
            r.penalty_perpetual = coefficient(b.random.percent(70) ? 1 : 64);
            r.forward = b.random.bits();
            r.tick = b.random.bits();
            offer(r);
        } else if (kind == 1) {
            pl_tick_time &r = live_ticks[e].time;
            r = {};
            r.kind = PL_RECORD_TICK_TIME;
            r.index = (uint16_t)e;
            r.moving = coefficient(1);
            r.basis_weight = coefficient(b.random.percent(70) ? 1 : 64);
            r.long_discount = coefficient(b.random.percent(70) ? 1 : 64);
            r.short_discount = coefficient(b.random.percent(70) ? 1 : 64);
            offer(r);
        } else {
            pl_tick_underlying r = {};
            r.kind = PL_RECORD_TICK_UNDERLYING;
            r.index = (uint16_t)b.random.below(UNDERLYINGS);
            r.im_loss_factor = live_im_factor[r.index] = coefficient(64);
            offer(r);
        }
    }
    void clear()
    {
        live_ticks.assign(EXPIRIES, {});
        live_im_factor.assign(UNDERLYINGS, 0);
        live_t.frozen = live_ticks.data();
        live_t.frozen_im_factor = live_im_factor.data();
        const unsigned entries = (EXPIRIES > UNDERLYINGS ? EXPIRIES : UNDERLYINGS) + 50;
        for (unsigned i = 0; i < entries; i++) {
            b.dut.clear_valid_i = 1;
            b.dut.clear_index_i = i;
            b.settle();
            b.tick();
        }
        quiet();
    }

    /* Tables of any shape that the contract allows; `count`: scenarios of every underlying, or -1.
     */
    void load(int count)
    {
        quiet();
        clear();
        uint8_t counts[tables];
        for (unsigned table = 0; table < tables; table++) {
            counts[table] = (uint8_t)(count >= 0 ? count : 1 + b.random.below(SCENARIOS));
            for (unsigned i = 0; i < counts[table]; i++) {
                pl_scenario &s = scenarios[table * PL_SCENARIOS_MAX + i];
                s = {};
                s.kind = PL_RECORD_SCENARIO;
                s.vol_rule = (uint8_t)b.random.below(5);
                s.scenario_table = (uint16_t)table;
                s.index = (uint8_t)i;
                s.count = counts[table];
                s.dampening = coefficient(b.random.percent(70) ? 1 : 64);
                write(s);
            }
        }
        unsigned group = 0;
        for (unsigned u = 0; u < UNDERLYINGS; u++) {
            pl_underlying &now = underlyings[u];
            const bool joins =
                u > 0 && underlyings[u - 1].offset_group != 0 && b.random.percent(60);
            now = {};
            now.kind = PL_RECORD_UNDERLYING;
            now.index = (uint16_t)u;
            if (joins) {
                now.offset_group = underlyings[u - 1].offset_group;
                now.scenario_table = underlyings[u - 1].scenario_table;
                now.scenario_count = underlyings[u - 1].scenario_count;
                now.mm_loss_factor = underlyings[u - 1].mm_loss_factor;
            } else {
                now.scenario_table = (uint16_t)b.random.below(tables);
                now.scenario_count =
                    b.random.percent(10) && count < 0 ? 0 : counts[now.scenario_table];
                now.mm_loss_factor = coefficient(64);
                if (group < groups_max && b.random.percent(60))
                    now.offset_group = (uint8_t)++group;
            }
            im_factor[u] = coefficient(64);
            now.im_loss_factor = live_im_factor[u] = coefficient(64);
            write(now);
            Packed p(58);
            p.add(u, 10);
            p.add((uint64_t)im_factor[u], 48);
            put(b.dut.frozen_underlying_i, p.word[0] | (u128)p.word[1] << 32, 58);
            b.dut.frozen_underlying_valid_i = 1;
            b.settle();
            b.tick();
            quiet();
        }
        load_expiries();
        for (unsigned m = 0; m < PL_MULTIPLIERS_MAX; m++) {
            multipliers[m] = {};
            multipliers[m].kind = PL_RECORD_MULTIPLIER;
            multipliers[m].index = (uint16_t)m;
            multipliers[m].value =
                m == 0 ? PL_COEFFICIENT_ONE : 1 + coefficient(64) % (64 * PL_COEFFICIENT_ONE);
            write(multipliers[m]);
        }
        for (unsigned g = 0; g < groups_max; g++) {
            groups[g] = {};
            groups[g].kind = PL_RECORD_OFFSET_GROUP;
            groups[g].index = (uint8_t)(g + 1);
            groups[g].credit = coefficient(1);
            write(groups[g]);
        }
        for (unsigned n = 0; n < 2 * EXPIRIES; n++) {
            live_tick();
            b.settle();
            b.tick();
            quiet();
        }
        for (unsigned i = 0; i < 4; i++)
            b.tick();
    }
    void load_expiries()
    {
        unsigned e = 0;
        for (unsigned u = 0; u < UNDERLYINGS; u++) {
            first_expiry[u] = (uint16_t)e;
            for (unsigned i = 0; i < EXPIRIES / UNDERLYINGS; i++, e++) {
                pl_expiry &now = expiries[e];
                now = {};
                now.kind = PL_RECORD_EXPIRY;
                now.index = (uint16_t)e;
                now.underlying = (uint16_t)u;
                now.perpetual = b.random.percent(25);
                now.scenario = b.random.percent(85);
                now.row_shift = (int8_t)(b.random.percent(50) ? (int)b.random.below(81) - 40
                                                              : (int)b.random.below(12) - 2);
                write(now);
                pl_expiry_tick &f = frozen[e];
                f.price.penalty = coefficient(b.random.percent(70) ? 1 : 64);
                f.price.penalty_perpetual = coefficient(b.random.percent(70) ? 1 : 64);
                f.time.basis_weight = coefficient(b.random.percent(70) ? 1 : 64);
                f.time.long_discount = coefficient(b.random.percent(70) ? 1 : 64);
                f.time.short_discount = coefficient(b.random.percent(70) ? 1 : 64);
                Packed p(254);
                p.add(e, 14);
                p.add((uint64_t)f.price.penalty, 48);
                p.add((uint64_t)f.price.penalty_perpetual, 48);
                p.add((uint64_t)f.time.basis_weight, 48);
                p.add((uint64_t)f.time.long_discount, 48);
                p.add((uint64_t)f.time.short_discount, 48);
                p.to(b.dut.frozen_expiry_i);
                b.dut.frozen_expiry_valid_i = 1;
                b.settle();
                b.tick();
                quiet();
            }
        }
        first_expiry[UNDERLYINGS] = (uint16_t)e;
    }

    uint32_t some_flags()
    {
        return b.random.percent(90)
                   ? 0
                   : (uint32_t)b.random.below(64) & (b.random.percent(50) ? PL_FLAG_GREEKS : 63);
    }
    /* At most 118 bits: gamma is multiplied by 2^10 in 128. Requirements are seldom negative. */
    pl_i128 sum(unsigned width, bool requirement)
    {
        const pl_i128 s = b.random.percent(10) ? 0 : b.random.magnitude(width);
        return requirement && s < 0 && b.random.percent(95) ? -s : s;
    }
    void fill(Entry &e, unsigned bits)
    {
        pl_expiry_sums &s = e.sums;
        int wide = (int)bits + e.row_shift;
        const unsigned width = wide < 2 ? 2 : wide > 117 ? 117 : (unsigned)wide;
        s.held = b.random.percent(80);
        s.unpriced_asset = b.random.percent(unpriced_percent);
        s.flags = some_flags();
        s.order_flags = some_flags();
        s.value = sum(width, false);
        s.basis_up = sum(width, false);
        s.basis_down = sum(width, false);
        for (pl_i128 &g : s.greeks)
            g = sum(b.random.percent(90) ? width : 117, false);
        for (pl_i128 *r : { &s.mm, &s.im, &s.fee, &s.gross, &s.order_loss, &s.order_im })
            *r = sum(width, true);
        s.bracket_mm = (int64_t)b.random.magnitude(bits > 64 ? 64 : bits);
        s.bracket_im = (int64_t)b.random.magnitude(bits > 64 ? 64 : bits);
        for (pl_i128 &p : s.scenario)
            p = sum(width, false);
    }
    /* An account of at most `most` expiries of each of some underlyings, or of all of them. */
    Account account(unsigned most_underlyings, unsigned most, unsigned fixed_mode, bool all = false)
    {
        static const unsigned magnitudes[] = { 20, 40, 50, 58, 62, 64, 66, 90, 117 };
        Account a;
        a.account = (uint32_t)b.random.bits();
        a.live = false;
        a.mode = (uint8_t)(fixed_mode != 0        ? fixed_mode
                           : b.random.percent(60) ? 1
                                                  : 2 + b.random.below(2));
        a.multiplier = (uint16_t)(b.random.percent(50) ? 0 : b.random.below(PL_MULTIPLIERS_MAX));
        const unsigned bits = magnitudes[b.random.below(b.random.percent(70) ? 5 : 9)];
        a.cash = b.random.magnitude(b.random.percent(95) ? (bits > 64 ? 64 : bits + 2) : 90);
        const unsigned wanted = all ? UNDERLYINGS : (unsigned)b.random.below(most_underlyings + 1);
        unsigned u = all ? 0 : (unsigned)b.random.below(UNDERLYINGS);
        for (unsigned n = 0; n < wanted && u < UNDERLYINGS; n++) {
            const unsigned in = first_expiry[u + 1] - first_expiry[u];
            unsigned expiry = first_expiry[u] + (unsigned)b.random.below(in);
            for (unsigned k = 0; k < most && expiry < first_expiry[u + 1]; k++) {
                Entry e;
                e.group = true;
                e.underlying = (uint16_t)u;
                e.scenario_count = underlyings[u].scenario_count;
                e.sums.expiry = (uint16_t)expiry;
                e.row_shift = expiries[expiry].row_shift;
                fill(e, bits);
                a.entries.push_back(e);
                expiry += 1 + (unsigned)b.random.below(2);
            }
            a.entries.back().underlying_last = true;
            u += 1 + (unsigned)(all || b.random.percent(75) ? 0 : b.random.below(5));
        }
        if (a.entries.empty() || b.random.percent(10)) {
            Entry e; /* without sums: garbage in all of them */
            e.underlying = (uint16_t)b.random.below(UNDERLYINGS);
            e.sums.expiry = (uint16_t)b.random.below(EXPIRIES);
            e.row_shift = (int8_t)((int)b.random.below(81) - 40);
            fill(e, 100);
            a.entries.push_back(e);
        }
        for (Entry &e : a.entries) {
            e.mode = a.mode;
            e.account = a.account;
            e.slot = (uint32_t)b.random.bits();
            e.status = e.group ? (uint8_t)b.random.bits() : 0; /* means nothing before the end */
            e.multiplier = (uint16_t)b.random.below(PL_MULTIPLIERS_MAX);
            e.cash = (int64_t)b.random.bits();
        }
        Entry &end = a.entries.back();
        uint32_t overflow = 0;
        end.account_last = true;
        end.status = PL_STATUS_OK;
        end.multiplier = a.multiplier;
        end.cash = pl_money_limit(a.cash, &overflow);
        end.cash_overflow = overflow != 0;
        return a;
    }
    /* A broken slot or memory word: the account ends early, with or without sums at its end. */
    void breaks(Account &a)
    {
        a.entries.resize(1 + b.random.below(a.entries.size()));
        Entry &end = a.entries.back();
        end.account_last = true;
        end.status = b.random.percent(50) ? PL_STATUS_MALFORMED_SLOT : PL_STATUS_UNCORRECTABLE;
        end.group = end.group && b.random.percent(50);
        end.underlying_last = b.random.percent(50);
    }

    void expect_record(const Account &a, const pl_underlying_result &r)
    {
        uint32_t overflow = 0;
        const int64_t loss = pl_money_sub(0, r.worst_loss, &overflow);
        const int64_t mm_loss = pl_money_scale_up(loss, r.mm_loss_factor, &overflow);
        const int64_t im_loss = pl_money_scale_up(loss, r.im_loss_factor, &overflow);
        const int64_t mm = pl_money_add(mm_loss, r.mm_other, &overflow);
        const int64_t im = pl_money_add(im_loss, r.im_other, &overflow);
        Packed p(judged_bits);
        p.add(0, 1);
        p.add(1, 1);
        p.add(PL_STATUS_OK, 8);
        p.add(0, 32);
        p.at = 456;
        p.add(a.account, 32);
        p.add(r.underlying, 16);
        p.add(r.worst_scenario, 8);
        p.add((r.flags | overflow) & 0xffff, 16);
        for (int64_t v : { r.sums->value, r.worst_loss, mm, im, r.sums->greeks[PL_GREEK_DELTA],
                           r.sums->greeks[PL_GREEK_VEGA] })
            p.add((uint64_t)v, 64);
        expected[0].push_back(p);
        seen.records++;
    }
    /* As sweep.c: end_expiry, end_underlying, account_end. */
    void reference(const Account &a, bool per_underlying)
    {
        pl_sums sums[2];
        pl_account_sums views[2];
        const pl_tables *const of = a.live ? &live_t : &t;
        int view_count = 1;
        bool open = false;
        pl_close_account_start(&views[0]);
        for (const Entry &e : a.entries) {
            if (e.account_last && e.status != PL_STATUS_OK) {
                Packed p(judged_bits);
                p.add(a.live, 1);
                p.add(0, 1);
                p.add(e.status, 8);
                p.add(e.slot, 32);
                expected[a.live].push_back(p);
                seen.failed[a.live]++;
                return;
            }
            if (!e.group)
                continue;
            if (!open)
                memset(sums, 0, sizeof sums);
            open = true;
            pl_sums closed;
            pl_close_expiry(of, &e.sums, a.mode, &closed);
            if (e.sums.unpriced_asset && view_count == 1) {
                sums[1] = sums[0];
                views[1] = views[0];
                view_count = 2;
            }
            for (int view = 0; view < view_count; view++)
                if (!(e.sums.unpriced_asset && view == 1))
                    pl_sums_add(&sums[view], &closed, e.scenario_count);
            if (!e.underlying_last)
                continue;
            open = false;
            for (int view = 0; view < view_count; view++) {
                pl_underlying_result r;
                pl_close_underlying(of, e.underlying, &sums[view], &r);
                if (per_underlying && !a.live && view == view_count - 1)
                    expect_record(a, r);
                pl_close_account_add(of, &r, view, &views[view], nullptr);
                seen.basis += r.worst_scenario == PL_WORST_BASIS;
                seen.scenario += r.worst_scenario < PL_SCENARIOS_MAX;
                seen.offsets += views[view].offset.group != 0;
            }
        }
        pl_verdict v;
        int64_t cash = 0;
        for (int view = 0; view < view_count; view++) {
            pl_close_account_end(of, view, &views[view], nullptr);
            cash = pl_money_limit(a.cash, &views[view].flags);
        }
        const uint64_t header = (uint64_t)PL_TAG_HEADER << 56 | (uint64_t)a.multiplier << 40 |
                                (uint64_t)a.mode << 32 | a.account;
        pl_verdict_decide(of, views, view_count, cash, header, &v);
        Packed p(judged_bits);
        p.add(a.live, 1);
        p.add(0, 1);
        p.add(PL_STATUS_OK, 8);
        p.add(0, 32);
        p.add(v.account, 32);
        p.add(v.state, 8);
        p.add(v.mode, 8);
        p.add(v.flags, 16);
        p.add(v.worst_underlying, 16);
        p.add(v.worst_scenario, 8);
        for (int64_t x : { v.equity, v.maintenance_excess, v.initial_excess, v.worst_loss, v.delta,
                           v.gamma, v.vega, v.theta, v.rho })
            p.add((uint64_t)x, 64);
        expected[a.live].push_back(p);
        seen.live += a.live;
        seen.state[v.state]++;
        seen.two_views += view_count == 2;
        seen.ignored += (v.flags & PL_FLAG_IGNORED_ASSET) != 0;
        seen.overflow += (v.flags & PL_FLAG_OVERFLOW) != 0;
        seen.greeks += (v.flags & PL_FLAG_GREEKS) != 0;
    }
    void send(const Account &a, bool per_underlying)
    {
        /* The slot travels with every entry, but shows with a failure only. */
        Account sent = a;
        for (Entry &e : sent.entries)
            e.live = a.live;
        if (sent.entries.back().status == PL_STATUS_OK)
            sent.entries.back().slot = 0;
        reference(sent, per_underlying);
        to_send.insert(to_send.end(), sent.entries.begin(), sent.entries.end());
    }

    void present(const Entry &e)
    {
        Packed p(group_bits);
        const pl_expiry_sums &s = e.sums;
        p.add(e.group, 1);
        p.add(e.underlying_last, 1);
        p.add(e.account_last, 1);
        p.add(e.mode, 2);
        p.add(e.live, 1);
        p.add(s.held, 1);
        p.add(s.unpriced_asset, 1);
        p.add(s.flags, 7);
        p.add(s.order_flags, 7);
        p.add(s.expiry, 14);
        p.add(e.underlying, 10);
        p.add((uint8_t)e.row_shift, 8);
        p.add((uint64_t)s.bracket_mm, 64);
        p.add((uint64_t)s.bracket_im, 64);
        p.add(e.account, 32);
        p.add(e.multiplier, 16);
        p.add((uint64_t)e.cash, 64);
        p.add(e.cash_overflow, 1);
        p.add(e.status, 8);
        p.add(e.slot, 32);
        p.to(b.dut.group_i);
        const pl_i128 side[14] = { s.value,
                                   s.greeks[PL_GREEK_DELTA],
                                   s.greeks[PL_GREEK_GAMMA],
                                   s.greeks[PL_GREEK_VEGA],
                                   s.greeks[PL_GREEK_THETA],
                                   s.greeks[PL_GREEK_RHO],
                                   s.fee,
                                   s.mm,
                                   s.im,
                                   s.gross,
                                   s.basis_up,
                                   s.basis_down,
                                   s.order_im,
                                   s.order_loss };
        for (unsigned i = 0; i < sums; i++) {
            const u128 wide = (u128)(i < 14 ? side[i] : s.scenario[i - 14]);
            for (unsigned w = 0; w < sum_bits / 32; w++)
                b.dut.sums_i[i * sum_bits / 32 + w] = (uint32_t)(wide >> (32 * w));
        }
    }
    template <class Port> void check(const Port &judged, bool live)
    {
        if (!b.expect(!expected[live].empty(), "a result that nothing asked for, live %d", live))
            return;
        const Packed &p = expected[live].front();
        bool same = true;
        for (unsigned i = 0; i < (judged_bits + 31) / 32; i++)
            same = same && judged[i] == p.word[i];
        if (!same) {
            b.expect(false, "result %" PRIu64 ", live %d, differs", given[live], live);
            for (unsigned i = 0; i < (judged_bits + 31) / 32; i++)
                if (judged[i] != p.word[i] && shown++ < 40)
                    printf("  bits %u on: %08x, expected %08x\n", i * 32, judged[i], p.word[i]);
        }
        expected[live].pop_front();
        given[live]++;
    }
    void cycle()
    {
        if (!presented && !to_send.empty() && (free_run || source.go())) {
            present(to_send.front());
            presented = true;
        }
        b.dut.group_valid_i = presented;
        b.dut.judged_ready_i = !hold_output && (free_run || sink.go());
        b.dut.live_judged_ready_i = !hold_live && (free_run || live_sink.go());
        b.settle();
        const bool takes = b.dut.group_valid_i && b.dut.group_ready_o;
        if (b.dut.judged_valid_o && b.dut.judged_ready_i)
            check(b.dut.judged_o, false);
        if (b.dut.live_judged_valid_o && b.dut.live_judged_ready_i)
            check(b.dut.live_judged_o, true);
        b.tick();
        if (takes) {
            to_send.pop_front();
            presented = false;
            taken++;
        }
    }
    bool idle_outputs() const
    {
        return expected[0].empty() && expected[1].empty();
    }
    void forget()
    {
        to_send.clear();
        expected[0].clear();
        expected[1].clear();
        presented = false;
    }
    /* One account, whole, until nothing moves any more; whether it was taken. */
    bool send_alone(bool live)
    {
        const size_t waiting = to_send.size();
        send_failure(live);
        for (unsigned i = 0; i < 120; i++)
            cycle();
        return to_send.size() == waiting;
    }
    /* Two results of one entry, or its verdict alone. */
    void send_two(bool per_underlying)
    {
        Account a;
        do
            a = account(1, 1, 0);
        while (a.entries.size() != 1 || !a.entries[0].group);
        send(a, per_underlying);
    }
    void send_failure(bool live)
    {
        Account a = account(1, 1, 0);
        a.live = live;
        a.entries.resize(1);
        a.entries[0].account_last = a.entries[0].underlying_last = true;
        a.entries[0].status = PL_STATUS_UNCORRECTABLE;
        send(a, false);
    }
    void drain()
    {
        uint64_t idle = 0, before = given[0] + given[1] + taken;
        while ((!to_send.empty() || !idle_outputs()) && idle < 5000) {
            cycle();
            idle = given[0] + given[1] + taken == before ? idle + 1 : 0;
            before = given[0] + given[1] + taken;
        }
        b.expect(idle < 5000, "stuck: %zu entries, %zu and %zu results are left", to_send.size(),
                 expected[0].size(), expected[1].size());
        forget();
        for (unsigned i = 0; i < 100; i++)
            cycle();
    }

  private:
    unsigned shown = 0;
};

static void random_accounts(Bench<Vclose> &b, Close &c, bool per_underlying, uint64_t entries)
{
    b.dut.per_underlying_i = per_underlying;
    const uint64_t until = c.taken + entries;
    unsigned ticks =
        0; /* records of the live tick that are still to come, then cycles until they are seen */
    while (c.taken < until) {
        while (c.to_send.size() < 20) {
            Account a = c.account(6, 4, 0);
            a.live = ticks == 0 && b.random.percent(30);
            if (b.random.percent(a.live ? 6 : 2))
                c.breaks(a);
            c.send(a, per_underlying);
        }
        /* The live tick changes while accounts of the sweep are judged, but no live ones. */
        if (ticks == 0 && b.random.below(500) == 0)
            ticks = 10;
        if (ticks > 0 && c.expected[1].empty()) {
            ticks--;
            if (ticks >= 4)
                c.live_tick();
        }
        c.cycle();
        if (b.dut.table_valid_i)
            c.quiet();
    }
    c.drain();
}

/* Cycles per entry of accounts of the same shape, without stalls. */
static double rate(Bench<Vclose> &b, Close &c, unsigned most_underlyings, unsigned most,
                   unsigned unpriced_percent)
{
    c.unpriced_percent = unpriced_percent;
    b.dut.per_underlying_i = 1;
    c.free_run = true;
    const uint64_t entries = 600, taken = c.taken;
    while (c.to_send.size() < entries + 200) {
        Account a = c.account(most_underlyings, most, PL_MODE_PORTFOLIO);
        a.live = b.random.percent(20);
        c.send(a, true);
    }
    while (c.taken < taken + 100)
        c.cycle();
    const uint64_t from = b.cycle;
    while (c.taken < taken + 100 + entries && b.cycle - from < 100000)
        c.cycle();
    const double cycles = (double)(b.cycle - from) / (double)entries;
    c.drain();
    c.free_run = false;
    c.unpriced_percent = 4;
    return cycles;
}

int main()
{
    Bench<Vclose> b("close", 20000);
    Close c(b);
    b.dut.group_valid_i = b.dut.judged_ready_i = b.dut.live_judged_ready_i = 0;
    b.dut.per_underlying_i = 0;
    c.quiet();
    b.reset();

    b.begin("random tables and accounts, with stalls");
    for (unsigned round = 0; round < 4; round++) {
        c.load(round == 3 ? 0 : round == 2 ? SCENARIOS : -1);
        random_accounts(b, c, false, b.count / 8);
        random_accounts(b, c, true, b.count / 8);
    }
    b.end();

    b.begin("every kind of result was seen");
    if (b.is_long()) {
        for (unsigned state = 0; state < 5; state++)
            b.expect(c.seen.state[state] > b.count / 1000, "state %u: %" PRIu64, state,
                     c.seen.state[state]);
        b.expect(c.seen.two_views > b.count / 100 && c.seen.ignored > b.count / 1000,
                 "two views: %" PRIu64 ", agreed %" PRIu64, c.seen.two_views, c.seen.ignored);
        b.expect(c.seen.basis > b.count / 1000 && c.seen.scenario > b.count / 100,
                 "worst: basis %" PRIu64 ", scenario %" PRIu64, c.seen.basis, c.seen.scenario);
        b.expect(c.seen.overflow > b.count / 1000 && c.seen.greeks > b.count / 1000,
                 "overflow %" PRIu64 ", Greeks %" PRIu64, c.seen.overflow, c.seen.greeks);
        b.expect(c.seen.offsets > b.count / 100 && c.seen.records > b.count / 100 &&
                     c.seen.failed[0] > b.count / 1000 && c.seen.failed[1] > b.count / 2000,
                 "offsets %" PRIu64 ", records %" PRIu64 ", failed %" PRIu64 " and %" PRIu64,
                 c.seen.offsets, c.seen.records, c.seen.failed[0], c.seen.failed[1]);
        b.expect(c.seen.live > b.count / 50, "live: %" PRIu64, c.seen.live);
    }
    b.end();

    b.begin("an output that stands still holds the input, and nothing is lost");
    c.load(-1);
    b.dut.per_underlying_i = 1;
    c.free_run = c.hold_output = true;
    const uint64_t taken = c.taken;
    for (unsigned i = 0; i < 2 * OUTPUT_DEPTH; i++)
        c.send(c.account(2, 1, 0), true);
    for (unsigned i = 0; i < 8 * OUTPUT_DEPTH; i++)
        c.cycle();
    b.expect(c.taken > taken + OUTPUT_DEPTH / 4 && c.taken < taken + 3 * OUTPUT_DEPTH / 2,
             "%" PRIu64 " entries taken", c.taken - taken);
    c.hold_output = false;
    c.drain();
    c.free_run = false;
    b.end();

    b.begin("live results that stand still hold the input, and nothing is lost");
    c.free_run = c.hold_live = true;
    const uint64_t live_taken = c.taken;
    for (unsigned i = 0; i < 2 * LIVE_DEPTH; i++) {
        Account a = c.account(2, 1, 0);
        a.live = true;
        c.send(a, true);
    }
    for (unsigned i = 0; i < 8 * LIVE_DEPTH; i++)
        c.cycle();
    b.expect(c.taken > live_taken + LIVE_DEPTH / 2 && c.taken < live_taken + 2 * LIVE_DEPTH,
             "%" PRIu64 " entries taken", c.taken - live_taken);
    c.hold_live = false;
    c.drain();
    c.free_run = false;
    b.end();

    b.begin("an output that stands still holds nothing for the other one");
    for (unsigned live = 0; live < 2; live++) {
        const unsigned depth = live ? LIVE_DEPTH : OUTPUT_DEPTH;
        unsigned sent = 0;
        c.free_run = true;
        (live ? c.hold_live : c.hold_output) = true;
        const unsigned at_once = depth < 280 ? depth / 2 : depth - 140;
        for (; sent < at_once; sent++)
            c.send_failure(live);
        while (!c.to_send.empty())
            c.cycle();
        while (sent < depth && c.send_alone(live))
            sent++;
        b.expect(sent >= depth / 2 && sent < depth, "%u results of %u", sent, depth);
        /* Room for the one that waits, and for no other. */
        (live ? c.hold_live : c.hold_output) = false;
        c.cycle();
        (live ? c.hold_live : c.hold_output) = true;
        for (unsigned i = 0; i < 120; i++)
            c.cycle();
        b.expect(c.to_send.empty(), "an entry waits though there is room");
        for (unsigned i = 0; i < 40; i++)
            b.expect(c.send_alone(!live), "the other output waits");
        c.hold_live = c.hold_output = false;
        c.drain();
        c.free_run = false;
    }
    b.end();

    b.begin("where there is room, what has begun never waits for the output");
    c.free_run = c.hold_output = true;
    unsigned fits = 0;
    for (unsigned course = 0; course < 4; course++) {
        const unsigned round = course % 2;
        const bool records = course / 2 != 0;
        b.dut.per_underlying_i = records;
        fits = round == 0 ? 0 : fits;
        /* First how many results close the room, then one less, and at once all that may follow. */
        for (unsigned n = 0; round == 0 ? b.dut.room_o && n < OUTPUT_DEPTH : n + 1 < fits; n++) {
            c.send_alone(false);
            fits += round == 0;
        }
        b.expect(b.dut.room_o == (round != 0) && fits > 1, "room_o is %d after %u results",
                 b.dut.room_o, fits - (round != 0));
        if (round != 0) {
            for (unsigned n = 0; n < 25 + BEGUN; n++)
                c.send_two(records);
            c.send(c.account(0, 1, 0, true), records);
            const uint64_t most = 2 * c.to_send.size() * (SCENARIOS / WAYS + 3), from = b.cycle;
            while (!c.to_send.empty() && b.cycle - from < most)
                c.cycle();
            b.expect(c.to_send.empty(), "%zu entries wait", c.to_send.size());
            for (unsigned n = 0; n < 200; n++)
                c.cycle();
            b.expect(c.send_alone(false), "an entry waits when all results are there");
            b.expect(!b.dut.room_o, "room for more");
        }
        c.hold_output = false;
        c.drain();
        c.hold_output = true;
    }
    c.free_run = c.hold_output = false;
    b.end();

    b.begin("reset in the middle of a sweep");
    for (unsigned i = 0; i < 4; i++) {
        for (unsigned n = 0; n < 20; n++) {
            Account a = c.account(6, 4, 0);
            a.live = b.random.percent(50);
            c.send(a, true);
        }
        for (uint64_t n = b.random.below(200); n > 0; n--)
            c.cycle();
        c.forget();
        b.dut.group_valid_i = 0;
        b.reset();
        random_accounts(b, c, true, 50);
    }
    b.end();

    b.begin("rate");
    const int counts[] = { 1, 3 * WAYS < SCENARIOS ? 3 * WAYS : SCENARIOS, SCENARIOS };
    for (int count : counts) {
        c.load(count);
        const double many = rate(b, c, 6, 4, 0), single = rate(b, c, 1, 1, 0),
                     twice = rate(b, c, 6, 4, 100);
        const int least = (count + WAYS - 1) / WAYS < 3 ? 3 : (count + WAYS - 1) / WAYS;
        printf("close: %d scenarios: %.2f cycles per group, %.2f where each is an account, "
               "%.2f with two views\n",
               count, many, single, twice);
        b.expect(many <= least + 0.05 && single <= least + 0.05, "slower than %d", least);
        b.expect(twice <= 2 * least + 0.05, "two views: slower than %d", 2 * least);
    }
    b.end();
    return b.finish();
}
