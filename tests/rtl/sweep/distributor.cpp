/* Distributor: random streams, whole, broken and cut off, against a walk over the slots as in
 * pl_sweep_next. Every slot of every account arrives on the lane that its order names, in order;
 * lanes without light get no account; full rate. LANES comes from make. */
#include "Vdistributor.h"
#include "support/bench.h"
#include <deque>
#include <vector>
#define _Static_assert static_assert
#define _Alignas alignas
extern "C" {
#include "pl_abi.h"
}

using namespace bench;

enum { FRAGMENT_BITS = 553 };

struct Fragment {
    bool live, last;
    unsigned count, first;
    uint32_t line;
    uint64_t slots[8];
};

struct Order {
    bool ends;
    unsigned status, lane;
    uint32_t slot;
};

struct Account {
    uint64_t first;           /* index of its HEADER */
    std::vector<uint64_t> at; /* indices of its slots without PADs */
};

struct Expected {
    std::vector<Account> accounts; /* complete ones */
    Account cut_off;               /* its slots may have reached a lane */
    unsigned status;
    uint64_t slot;
};

struct List {
    std::vector<uint64_t> slots;
    std::vector<unsigned> status; /* of each line */
    size_t starts = 0;
};

template <class Port> uint64_t field(const Port &port, unsigned at, unsigned width)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < width; i++) {
        const unsigned bit = at + i;
        value |= (uint64_t)(port[bit / 32] >> (bit % 32) & 1) << i;
    }
    return value;
}

static unsigned tag(uint64_t slot)
{
    return (unsigned)(slot >> 56);
}

static bool starts_account(uint64_t slot, unsigned multipliers)
{
    const unsigned mode = slot >> 32 & 255, multiplier = slot >> 40 & 65535;
    return tag(slot) == PL_TAG_HEADER && mode >= PL_MODE_PORTFOLIO && mode <= PL_MODE_ISOLATED &&
           multiplier < multipliers;
}

static Expected walk(const List &list, unsigned multipliers)
{
    Expected e = {};
    bool open = false;
    Account account;
    for (uint64_t i = 0; i < list.slots.size(); i++) {
        const uint64_t slot = list.slots[i];
        if (list.status[i / 8] != PL_STATUS_OK) {
            e.status = list.status[i / 8], e.slot = i, e.cut_off = account;
            return e;
        }
        if (open && (tag(slot) == PL_TAG_HEADER || tag(slot) == PL_TAG_END)) {
            e.accounts.push_back(account);
            account = {};
            open = false;
        }
        if (tag(slot) == PL_TAG_PAD)
            continue;
        if (!open) {
            if (!starts_account(slot, multipliers)) {
                e.status = tag(slot) == PL_TAG_END ? PL_STATUS_OK : PL_STATUS_MALFORMED_SLOT,
                e.slot = i;
                return e;
            }
            account = { i, {} };
            open = true;
        }
        account.at.push_back(i);
    }
    e.status = PL_STATUS_MALFORMED_SLOT, e.slot = list.slots.size(), e.cut_off = account;
    return e;
}

struct Driver {
    Bench<Vdistributor> &b;
    Stall source, orders, light;
    std::vector<Stall> lanes;
    unsigned multipliers = 256;
    bool slow = true; /* stalls everywhere */
    bool live = false;
    uint64_t cycles = 0, broken_lists = 0, good_lists = 0, waited = 0;

    explicit Driver(Bench<Vdistributor> &b)
        : b(b), source(b.random), orders(b.random), light(b.random)
    {
        for (unsigned l = 0; l < LANES; l++)
            lanes.emplace_back(b.random);
    }
    uint64_t header()
    {
        return (uint64_t)PL_TAG_HEADER << 56 | b.random.below(multipliers) << 40 |
               (1 + b.random.below(3)) << 32 | (b.random.bits() & 0xFFFFFFFF);
    }
    uint64_t inner()
    {
        static const unsigned tags[] = { PL_TAG_CASH,   PL_TAG_POSITION,    PL_TAG_POSITION,
                                         PL_TAG_ORDERS, PL_TAG_REQUIREMENT, 9 };
        return (uint64_t)tags[b.random.below(6)] << 56 | (b.random.bits() >> 8);
    }
    void pads(List &list, unsigned percent)
    {
        while (b.random.percent(percent))
            list.slots.push_back(b.random.bits() >> 8);
    }
    List random_list()
    {
        static const unsigned sizes[] = { 1, 3, 8, 20, 60 };
        List list;
        const unsigned accounts = (unsigned)b.random.below(40),
                       pad = b.random.percent(50) ? 0 : (unsigned)b.random.below(70);
        const unsigned size = sizes[b.random.below(5)];
        pads(list, pad);
        for (unsigned a = 0; a < accounts; a++) {
            list.slots.push_back(header());
            for (uint64_t i = b.random.below(size); i > 0; i--) {
                pads(list, pad / 4);
                list.slots.push_back(inner());
            }
            pads(list, pad);
        }
        list.slots.push_back((uint64_t)PL_TAG_END << 56 | b.random.bits() >> 8);
        const unsigned kind = (unsigned)b.random.below(12);
        if (kind == 0) { /* a header that starts nothing */
            uint64_t &slot = list.slots[b.random.below(list.slots.size())];
            slot = (uint64_t)PL_TAG_HEADER << 56;
            if (b.random.percent(50))
                slot |= (uint64_t)(multipliers + b.random.below(3)) << 40 | 1ULL << 32;
            else if (b.random.percent(50))
                slot |= (4 + b.random.below(252)) << 32;
        } else if (kind == 1) { /* cut off */
            list.slots.resize(b.random.below(list.slots.size()));
        } else if (kind == 2) {
            list.slots[0] = inner();
        } else if (kind == 3) {
            list.slots[b.random.below(list.slots.size())] = inner();
        }
        if (b.random.percent(50)) /* what is left is dropped, whatever it is */
            for (uint64_t i = b.random.below(40); i > 0; i--)
                list.slots.push_back(b.random.percent(30) ? header() : inner());
        while (list.slots.size() % 8 != 0 || list.slots.empty())
            list.slots.push_back(kind == 1 && b.random.percent(20) ? inner()
                                                                   : b.random.bits() >> 8);
        list.status.assign(list.slots.size() / 8, PL_STATUS_OK);
        if (kind == 4)
            list.status[b.random.below(list.status.size())] =
                b.random.percent(50) ? PL_STATUS_BUS_ERROR : PL_STATUS_TIMEOUT;
        return list;
    }
    Fragment fragment(unsigned lane)
    {
        const unsigned at = lane * FRAGMENT_BITS;
        Fragment f;
        for (unsigned k = 0; k < 8; k++)
            f.slots[k] = field(b.dut.fragment_o, at + 64 * k, 64);
        f.line = (uint32_t)field(b.dut.fragment_o, at + 512, 32);
        f.first = (unsigned)field(b.dut.fragment_o, at + 544, 3);
        f.count = (unsigned)field(b.dut.fragment_o, at + 547, 4);
        f.last = field(b.dut.fragment_o, at + 551, 1) != 0;
        f.live = field(b.dut.fragment_o, at + 552, 1) != 0;
        return f;
    }
    /* One list through the distributor; returns the cycles from the first line's offer to the end.
     */
    void run(const List &list)
    {
        std::vector<Fragment> got[LANES];
        std::vector<Order> told;
        size_t next = 0, lines = list.status.size();
        uint64_t pulses = 0;
        unsigned idle = 0, light_before = 0, taken_before = 0;
        bool offering = false, in_account[LANES] = {};
        unsigned shown = 0; /* lanes whose fragment was looked at */
        const uint64_t began = b.cycle;
        live = b.random.percent(50);
        b.dut.live_i = live;
        b.dut.multipliers_i = multipliers;
        b.dut.start_i = 1;
        while (idle < 20) {
            if (!offering && next < lines)
                offering = !slow || source.go();
            b.dut.beat_valid_i = offering;
            for (unsigned k = 0; k < 16; k++)
                b.dut.beat_i[k] = offering && list.status[next] == PL_STATUS_OK
                                      ? (uint32_t)(list.slots[8 * next + k / 2] >> (32 * (k % 2)))
                                      : (uint32_t)b.random.bits();
            b.dut.beat_last_i = offering && next + 1 == lines;
            b.dut.beat_status_i = offering ? list.status[next] : 0;
            unsigned ready = 0, lights = 0;
            for (unsigned l = 0; l < LANES; l++) {
                ready |= (unsigned)(!slow || lanes[l].go()) << l;
                lights |= (unsigned)(!slow || light.go()) << l;
            }
            b.dut.fragment_ready_i = ready;
            b.dut.light_i = lights;
            b.dut.order_ready_i = !slow || orders.go();
            b.settle();
            idle = next == lines && !told.empty() && told.back().ends ? idle + 1 : 0;
            for (unsigned l = 0; l < LANES; l++) {
                if (!(b.dut.fragment_valid_o >> l & 1))
                    continue;
                idle = 0;
                if (!(shown >> l & 1)) {
                    const Fragment f = fragment(l);
                    if (!in_account[l])
                        b.expect(light_before >> l & 1, "lane %u got an account without light", l);
                    in_account[l] = !f.last;
                    got[l].push_back(f);
                    shown |= 1u << l;
                }
                if (ready >> l & 1)
                    shown &= ~(1u << l);
            }
            if (b.dut.order_valid_o) {
                idle = 0;
                if (b.dut.order_ready_i) {
                    const uint64_t o = (uint64_t)get(b.dut.order_o);
                    told.push_back({ (o >> 43 & 1) != 0, (unsigned)(o >> 35 & 255),
                                     (unsigned)(o >> 32 & 7), (uint32_t)o });
                }
            }
            pulses += b.dut.line_o;
            waited += b.dut.stall_lanes_o;
            b.expect(slow || next <= 1 || next == lines || !b.dut.stall_input_o,
                     "no line offered?");
            b.expect(!(b.dut.stall_input_o && taken_before), "stall_input_o with a line taken");
            light_before = lights;
            taken_before = offering && b.dut.beat_ready_o;
            if (taken_before) {
                next++;
                offering = false;
            }
            b.tick();
            b.dut.start_i = 0;
            if (!b.expect(b.cycle - began < 100 * (list.slots.size() + 100),
                          "hangs, %zu of %zu lines taken", next, lines))
                break;
        }
        cycles = b.cycle - began - idle;
        b.expect(pulses == lines, "line_o %" PRIu64 " times for %zu lines", pulses, lines);
        check(list, got, told);
    }
    void check(const List &list, const std::vector<Fragment> *got, const std::vector<Order> &told)
    {
        const Expected e = walk(list, multipliers);
        size_t at[LANES] = {};
        e.status == PL_STATUS_OK ? good_lists++ : broken_lists++;
        b.expect(told.size() == e.accounts.size() + 1, "%zu orders for %zu accounts", told.size(),
                 e.accounts.size());
        for (unsigned l = 0; l < LANES; l++)
            for (const Fragment &f : got[l]) {
                b.expect(f.count >= 1 && f.first + f.count <= 8 && f.line < list.status.size(),
                         "fragment %u + %u of line %u", f.first, f.count, f.line);
                b.expect(f.live == live, "live %d, not %d", f.live, live);
                for (unsigned k = 0; k < 8 && f.line < list.status.size(); k++)
                    b.expect(f.slots[k] == list.slots[8 * f.line + k], "slot %u of line %u differs",
                             k, f.line);
            }
        for (size_t a = 0; a < e.accounts.size() && a < told.size(); a++) {
            const Order &o = told[a];
            if (!b.expect(!o.ends && o.status == PL_STATUS_OK && o.lane < LANES && o.slot == 0,
                          "order %zu: ends %d lane %u", a, o.ends, o.lane))
                return;
            const std::vector<uint64_t> slots = account(got[o.lane], at[o.lane], true);
            b.expect(slots == e.accounts[a].at, "account %zu of lane %u: %zu slots, not %zu", a,
                     o.lane, slots.size(), e.accounts[a].at.size());
        }
        if (told.empty())
            return;
        const Order &o = told.back();
        b.expect(o.ends && o.status == e.status && o.slot == (uint32_t)e.slot,
                 "ends %d with %u at %u, not %u at %" PRIu64, o.ends, o.status, o.slot, e.status,
                 e.slot);
        for (unsigned l = 0; l < LANES; l++) {
            if (at[l] == got[l].size())
                continue;
            std::vector<uint64_t> rest = account(got[l], at[l], false);
            b.expect(at[l] == got[l].size() && rest.size() <= e.cut_off.at.size() &&
                         std::equal(rest.begin(), rest.end(), e.cut_off.at.begin()),
                     "lane %u got more than the accounts", l);
        }
    }
    /* The next account of a lane: its slots without PADs. */
    std::vector<uint64_t> account(const std::vector<Fragment> &from, size_t &at, bool whole)
    {
        std::vector<uint64_t> slots;
        uint64_t expected = 0;
        for (bool first = true, last = false; !last && at < from.size(); at++, first = false) {
            const Fragment &f = from[at];
            const uint64_t begins = 8 * (uint64_t)f.line + f.first;
            b.expect(first ? tag(f.slots[f.first]) == PL_TAG_HEADER : begins == expected,
                     "fragment out of place");
            expected = begins + f.count;
            for (unsigned k = f.first; k < f.first + f.count && k < 8; k++)
                if (tag(f.slots[k]) != PL_TAG_PAD)
                    slots.push_back(8 * (uint64_t)f.line + k);
            last = f.last;
            b.expect(whole || !last, "a cut off account has a last fragment");
        }
        b.expect(!whole || (at > 0 && from[at - 1].last), "no last fragment");
        return slots;
    }
};

int main()
{
    Bench<Vdistributor> b("distributor", 2000000);
    b.dut.start_i = b.dut.beat_valid_i = b.dut.order_ready_i = b.dut.live_i = 0;
    b.dut.fragment_ready_i = b.dut.light_i = 0;
    b.reset();
    Driver d(b);

    b.begin("random lists, whole and broken, with stalls");
    for (const uint64_t until = b.cycle + b.count; b.cycle < until;) {
        d.multipliers = b.random.percent(50) ? 256 : 1 + (unsigned)b.random.below(255);
        d.slow = b.random.percent(80);
        d.run(d.random_list());
    }
    b.expect(!b.is_long() || (d.good_lists > 10 && d.broken_lists > 10 && d.waited > 100),
             "%" PRIu64 " good, %" PRIu64 " broken", d.good_lists, d.broken_lists);
    b.end();

    b.begin("a line per cycle while lanes keep up");
    d.slow = false;
    for (unsigned length = 9; length < 60; length += 5) {
        List list;
        for (int a = 0; a < 100; a++) {
            list.slots.push_back(d.header());
            for (unsigned i = 1; i < length; i++)
                list.slots.push_back(d.inner());
        }
        list.slots.push_back((uint64_t)PL_TAG_END << 56);
        while (list.slots.size() % 8 != 0)
            list.slots.push_back(0);
        list.status.assign(list.slots.size() / 8, PL_STATUS_OK);
        d.run(list);
        const uint64_t limit = list.status.size() + 12 + (LANES == 1 ? 100 : 0);
        b.expect(d.cycles <= limit, "%" PRIu64 " cycles for %zu lines", d.cycles,
                 list.status.size());
    }
    b.end();

    b.begin("one account per line, two accounts per line");
    for (unsigned per_line = 1; per_line <= 2; per_line++) {
        List list;
        for (int i = 0; i < 1000 * 8; i++)
            list.slots.push_back(i % (8 / per_line) == 0 ? d.header() : d.inner());
        for (int i = 0; i < 8; i++)
            list.slots.push_back((uint64_t)PL_TAG_END << 56);
        list.status.assign(list.slots.size() / 8, PL_STATUS_OK);
        d.run(list);
        b.expect(d.cycles <= 1000 * per_line + 20,
                 "%" PRIu64 " cycles for 1000 lines of %u accounts", d.cycles, per_line);
    }
    b.end();
    return b.finish();
}
