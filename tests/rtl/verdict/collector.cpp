/* Collector: random accounts of random lanes with every way to end, buffers of every size around
 * what is needed, rings of every size, against lines written by a reference; numbers over sweeps,
 * the rate without stalls. LANES, PROFILE, ORDERS and DRAIN come from make. */
#include "Vcollector.h"
#include "support/bench.h"
#include <cstring>
#include <deque>
#include <vector>
#define _Static_assert static_assert
#define _Alignas alignas
extern "C" {
#include "pl_abi.h"
}

using namespace bench;

enum { JUDGED = 706, BODY = 664 };

struct Line {
    uint64_t address;
    unsigned char bytes[64];
};

/* A record of the close: an underlying's, or the account's verdict; with a status nothing else of
 * it counts. */
struct Judged {
    bool per_underlying = false, live = false; /* live: whatever it is */
    unsigned status = PL_STATUS_OK;
    uint32_t slot = 0;
    struct pl_verdict verdict = {};
    struct pl_underlying_verdict underlying = {};
};

struct Order {
    bool ends = false;
    unsigned status = PL_STATUS_OK, lane = 0;
    uint32_t slot = 0;
    std::vector<Judged> records;
};

struct Sweep {
    unsigned filter;
    uint64_t tick, position_version, address, lines;
    uint64_t ring_first = 0, ring_last = UINT64_MAX;
    uint32_t model_version, table_version;
    std::vector<Order> orders;
};

struct Result {
    std::vector<Line> lines;
    unsigned status = PL_STATUS_OK;
    uint64_t detail = 0, accounts = 0;
};

/* Fields from the lowest bit on. */
struct Bits {
    uint32_t word[23] = {};
    unsigned at = 0;
    void add(uint64_t value, unsigned width)
    {
        for (unsigned i = 0; i < width; i++, at++)
            word[at / 32] |= (uint32_t)(value >> i & 1) << (at % 32);
    }
};

static Bits pack(const Judged &j)
{
    Bits b;
    if (j.per_underlying) {
        const struct pl_underlying_verdict &u = j.underlying;
        b.add((uint64_t)u.vega, 64), b.add((uint64_t)u.delta, 64),
            b.add((uint64_t)u.initial_requirement, 64);
        b.add((uint64_t)u.maintenance_requirement, 64), b.add((uint64_t)u.worst_loss, 64),
            b.add((uint64_t)u.value, 64);
        b.add(u.flags, 16), b.add(u.worst_scenario, 8), b.add(u.underlying, 16),
            b.add(u.account, 32);
    } else {
        const struct pl_verdict &v = j.verdict;
        b.add((uint64_t)v.rho, 64), b.add((uint64_t)v.theta, 64), b.add((uint64_t)v.vega, 64),
            b.add((uint64_t)v.gamma, 64);
        b.add((uint64_t)v.delta, 64), b.add((uint64_t)v.worst_loss, 64),
            b.add((uint64_t)v.initial_excess, 64);
        b.add((uint64_t)v.maintenance_excess, 64), b.add((uint64_t)v.equity, 64),
            b.add(v.worst_scenario, 8);
        b.add(v.worst_underlying, 16), b.add(v.flags, 16), b.add(v.mode, 8), b.add(v.state, 8),
            b.add(v.account, 32);
    }
    b.at = BODY;
    b.add(j.slot, 32), b.add(j.status, 8), b.add(j.per_underlying, 1), b.add(j.live, 1);
    return b;
}

/* What the sweep must write; `number` is that of the next record. It ends with RESET when so many
 * accounts were counted and so many lines written. */
static Result reference(const Sweep &s, uint32_t &number, uint64_t reset_accounts = UINT64_MAX,
                        uint64_t reset_lines = UINT64_MAX)
{
    Result r;
    uint64_t address = s.address;
    struct pl_tick_summary summary = {};
    bool over = false;
    summary.tick = s.tick;
    summary.last_account = UINT32_MAX;
    if (s.lines == 0) {
        r.status = PL_STATUS_RING_FULL;
        return r;
    }
    const auto put = [&](const void *record, unsigned lines) {
        for (unsigned i = 0; i < lines; i++) {
            Line line;
            line.address = address;
            address = address == (s.ring_last & ~UINT64_C(63)) ? s.ring_first : address + 64;
            memcpy(line.bytes, (const char *)record + 64 * i, 64);
            r.lines.push_back(line);
        }
        number = (number + 1) & 0x1FFFFFFF;
    };
    const auto full = [&](unsigned lines) { return r.lines.size() + lines + 1 > s.lines; };
    const auto reset = [&] {
        if (summary.accounts == reset_accounts && r.lines.size() == reset_lines)
            r.status = PL_STATUS_RESET, over = true;
        return over;
    };
    for (size_t o = 0; !over && !reset(); o++) {
        const Order &order = s.orders[o];
        if (order.ends) {
            r.status = order.status;
            r.detail = order.status == PL_STATUS_OK ? 0 : order.slot;
            summary.slots = order.status == PL_STATUS_OK ? (uint64_t)order.slot + 1 : 0;
            over = true;
        }
        for (const Judged &j : order.records) {
            if (reset())
                break;
            if (j.status != PL_STATUS_OK) {
                r.status = j.status, r.detail = j.slot, over = true;
            } else if (j.per_underlying) {
                struct pl_underlying_verdict u = j.underlying;
                u.serial = (uint32_t)PL_RESULT_UNDERLYING << 29 | number;
                if (full(1))
                    r.status = PL_STATUS_RING_FULL, over = true;
                else
                    put(&u, 1);
            } else {
                struct pl_verdict v = j.verdict;
                const bool flagged = v.state >= s.filter;
                v.serial = v.serial_again = (uint32_t)PL_RESULT_VERDICT << 29 | number;
                v.profile = PROFILE, v.tick = s.tick, v.position_version = s.position_version;
                v.model_version = s.model_version, v.table_version = s.table_version;
                if (flagged && full(2)) {
                    r.status = PL_STATUS_RING_FULL, over = true;
                    break;
                }
                if (flagged)
                    put(&v, 2);
                summary.accounts++, summary.flagged += flagged, summary.by_state[v.state]++;
                summary.last_account = v.account;
            }
            if (over)
                break;
        }
    }
    summary.status = r.status;
    summary.serial = (uint32_t)PL_RESULT_SUMMARY << 29 | number;
    put(&summary, 1);
    r.accounts = summary.accounts;
    return r;
}

struct Driver {
    Bench<Vcollector> &b;
    Stall orders, bus;
    std::vector<Stall> lanes;
    uint32_t number = 0;
    bool slow = true;
    uint64_t cycles = 0, seen[4] = {}; /* sweeps that ended well, with a status, RING_FULL, RESET */
    uint64_t wraps = 0;

    explicit Driver(Bench<Vcollector> &b) : b(b), orders(b.random), bus(b.random)
    {
        for (unsigned l = 0; l < LANES; l++)
            lanes.emplace_back(b.random);
    }
    int64_t money()
    {
        return (int64_t)b.random.magnitude(64);
    }
    Judged verdict()
    {
        Judged j;
        struct pl_verdict &v = j.verdict;
        v.account = (uint32_t)b.random.bits(), v.state = (uint8_t)b.random.below(5),
        v.mode = 1 + (uint8_t)b.random.below(3);
        v.flags = (uint16_t)b.random.bits(), v.worst_underlying = (uint16_t)b.random.bits();
        v.worst_scenario = (uint8_t)b.random.bits();
        v.equity = money(), v.maintenance_excess = money(), v.initial_excess = money(),
        v.worst_loss = money();
        v.delta = money(), v.gamma = money(), v.vega = money(), v.theta = money(), v.rho = money();
        j.slot = (uint32_t)b.random.bits(), j.live = b.random.percent(50);
        return j;
    }
    Judged underlying()
    {
        Judged j;
        struct pl_underlying_verdict &u = j.underlying;
        j.per_underlying = true;
        u.account = (uint32_t)b.random.bits(), u.underlying = (uint16_t)b.random.bits();
        u.worst_scenario = (uint8_t)b.random.bits(), u.flags = (uint16_t)b.random.bits();
        u.value = money(), u.worst_loss = money(), u.maintenance_requirement = money(),
        u.initial_requirement = money();
        u.delta = money(), u.vega = money();
        j.slot = (uint32_t)b.random.bits();
        return j;
    }
    Order account(unsigned underlyings)
    {
        Order o;
        o.lane = (unsigned)b.random.below(LANES);
        for (unsigned i = 0; i < underlyings; i++)
            o.records.push_back(underlying());
        o.records.push_back(verdict());
        return o;
    }
    Sweep head()
    {
        Sweep s;
        s.filter = b.random.percent(90) ? (unsigned)b.random.below(6) : 255;
        s.tick = b.random.bits(), s.position_version = b.random.bits();
        s.address = b.random.bits() >> (b.random.percent(90) ? 16 : 0) & ~UINT64_C(63);
        s.lines = b.random.percent(10)   ? UINT64_MAX
                  : b.random.percent(10) ? UINT64_C(1) << 34
                                         : 1 << 20;
        s.model_version = (uint32_t)b.random.bits(), s.table_version = (uint32_t)b.random.bits();
        if (b.random.percent(50)) { /* a ring */
            const uint64_t entries = 1 + b.random.below(b.random.percent(50) ? 8 : 200);
            s.ring_first = s.address = s.address & UINT64_MAX >> 8;
            s.ring_last = s.ring_first + 64 * (entries - 1);
            s.address += 64 * b.random.below(entries);
        }
        return s;
    }
    Sweep random_sweep()
    {
        Sweep s = head();
        const unsigned accounts = (unsigned)b.random.below(b.random.percent(10) ? 300 : 30),
                       most = b.random.percent(50) ? 0 : 5;
        for (unsigned a = 0; a < accounts; a++)
            s.orders.push_back(account(most == 0 ? 0 : (unsigned)b.random.below(most)));
        Order last;
        last.ends = true;
        last.slot = (uint32_t)b.random.bits() | (b.random.percent(5) ? UINT32_MAX : 0);
        if (b.random.percent(30))
            last.status = b.random.percent(50) ? PL_STATUS_MALFORMED_SLOT : PL_STATUS_BUS_ERROR;
        s.orders.push_back(last);
        if (accounts != 0 &&
            b.random.percent(
                20)) { /* an account that cannot be judged, and what its lane may still say */
            std::vector<Judged> &records = s.orders[b.random.below(accounts)].records;
            Judged &bad = records[b.random.below(records.size())];
            bad.status = b.random.percent(50) ? PL_STATUS_MALFORMED_SLOT : PL_STATUS_UNCORRECTABLE;
        }
        if (b.random.percent(50)) { /* a buffer about as large as needed */
            uint32_t unused = 0;
            const uint64_t need = reference(s, unused).lines.size();
            const uint64_t less =
                b.random.percent(70) ? b.random.below(5) : b.random.below(need + 1);
            s.lines = need + (b.random.percent(10) ? 1 : 0) - (less > need ? need : less);
        }
        return s;
    }
    void clear()
    {
        b.dut.clear_i = 1;
        b.settle();
        b.tick();
        b.dut.clear_i = 0;
    }
    void run(const Sweep &s)
    {
        const uint32_t before = number;
        Result expected = reference(s, number);
        std::vector<Line> lines;
        const bool may_end = slow && b.random.percent(20), silent = b.random.percent(50);
        const uint64_t end_at = b.cycle + 1 + b.random.below(10 + 8 * s.orders.size());
        bool ending = false;
        std::deque<Bits> waiting[LANES];
        size_t told = 0;
        uint64_t accounts = 0, stalls = 0, stalled = 0, began = b.cycle;
        bool telling = false, offering[LANES] = {}, done = false;
        unsigned after = 0;
        for (const Order &o : s.orders)
            for (const Judged &j : o.records)
                waiting[o.lane].push_back(pack(j));
        b.dut.start_i = 1;
        b.dut.filter_i = (uint8_t)s.filter;
        b.dut.tick_i = s.tick;
        b.dut.position_version_i = s.position_version;
        b.dut.address_i = s.address;
        b.dut.lines_i = s.lines;
        b.dut.ring_first_i = s.ring_first;
        b.dut.ring_last_i = s.ring_last;
        b.dut.model_version_i = s.model_version;
        b.dut.table_version_i = s.table_version;
        while (after < 10) {
            ending = !done && (ending || (may_end && b.cycle >= end_at));
            b.dut.end_i = ending;
            if (ending && silent)
                b.dut.order_valid_i = telling = false;
            telling = telling ||
                      (told < s.orders.size() && (!slow || orders.go()) && !(ending && silent));
            b.dut.order_valid_i = telling;
            if (telling) {
                const Order &o = s.orders[told];
                put(b.dut.order_i,
                    (u128)o.ends << 43 | (u128)o.status << 35 | (u128)o.lane << 32 | o.slot, 44);
            }
            unsigned valid = 0;
            for (unsigned l = 0; l < LANES; l++) {
                offering[l] = !(ending && silent) &&
                              (offering[l] || (!waiting[l].empty() && (!slow || lanes[l].go())));
                valid |= (unsigned)offering[l] << l;
                place(l, offering[l] ? waiting[l].front() : Bits());
            }
            b.dut.judged_valid_i = valid;
            b.dut.line_ready_i = !slow || bus.go();
            b.settle();
            if (b.dut.line_valid_o && b.dut.line_ready_i) {
                Line line;
                line.address = b.dut.line_address_o;
                memcpy(line.bytes, &b.dut.line_data_o[0], 64);
                lines.push_back(line);
            }
            accounts += b.dut.account_o;
            stalls += b.dut.stall_output_o;
            stalled += b.dut.line_valid_o && !b.dut.line_ready_i;
            if (b.dut.done_o) {
                b.expect(!done, "done twice");
                b.expect(b.dut.lines_o == lines.size(), "lines_o %" PRIu64 ", not %zu",
                         (uint64_t)b.dut.lines_o, lines.size());
                if (b.dut.status_o == PL_STATUS_RESET && may_end && b.cycle > end_at) {
                    number = before;
                    expected = reference(s, number, accounts, lines.size() - 1);
                }
                b.expect(b.dut.status_o == expected.status && b.dut.detail_o == expected.detail,
                         "status %u at %" PRIu64 ", not %u at %" PRIu64, b.dut.status_o,
                         (uint64_t)b.dut.detail_o, expected.status, expected.detail);
                if (DRAIN && !ending && s.lines != 0) {
                    b.expect(told == s.orders.size(), "done with orders left");
                    for (unsigned l = 0; l < LANES; l++)
                        b.expect(waiting[l].empty(), "lane %u: done with records left", l);
                }
                done = true;
                cycles = b.cycle - began;
            }
            after += done;
            b.expect(!done || (b.dut.judged_ready_o & valid) == 0,
                     "a record is taken after the end");
            if (telling && b.dut.order_ready_o)
                telling = false, told++;
            for (unsigned l = 0; l < LANES; l++)
                if (valid & b.dut.judged_ready_o & (1u << l))
                    offering[l] = false, waiting[l].pop_front();
            b.tick();
            b.dut.start_i = 0;
            if (!b.expect(b.cycle - began < 10000 + 200 * s.orders.size(),
                          "hangs after %zu of %zu lines", lines.size(), expected.lines.size()))
                break;
        }
        b.dut.order_valid_i = b.dut.judged_valid_i = 0;
        compare(lines, expected.lines);
        wraps += s.ring_last != UINT64_MAX && s.address + 64 * (lines.size() - 1) > s.ring_last;
        b.expect(accounts == expected.accounts, "account_o %" PRIu64 " times, not %" PRIu64,
                 accounts, expected.accounts);
        b.expect(stalls == stalled, "stall_output_o %" PRIu64 " times, not %" PRIu64, stalls,
                 stalled);
        if (expected.status == PL_STATUS_OK) {
            seen[0]++;
            for (unsigned l = 0; l < LANES; l++)
                b.expect(waiting[l].empty(), "lane %u: records left", l);
        } else {
            seen[expected.status == PL_STATUS_RING_FULL ? 2
                 : expected.status == PL_STATUS_RESET   ? 3
                                                        : 1]++;
        }
        if ((expected.status != PL_STATUS_OK && (!DRAIN || s.lines == 0)) || may_end ||
            b.random.percent(10))
            clear();
    }
    void compare(const std::vector<Line> &lines, const std::vector<Line> &expected)
    {
        b.expect(lines.size() == expected.size(), "%zu lines, not %zu", lines.size(),
                 expected.size());
        for (size_t i = 0; i < lines.size() && i < expected.size(); i++) {
            b.expect(lines[i].address == expected[i].address,
                     "line %zu: address %" PRIx64 ", not %" PRIx64, i, lines[i].address,
                     expected[i].address);
            b.expect(memcmp(lines[i].bytes, expected[i].bytes, 64) == 0, "line %zu of %zu differs",
                     i, lines.size());
        }
    }
    /* Random bits where there is no record. */
    void place(unsigned lane, const Bits &bits)
    {
        for (unsigned i = 0; i < 23; i++)
            for (unsigned at = lane * JUDGED + 32 * i, k = 0; k < 2; k++) {
                const unsigned word = at / 32 + k, shift = at % 32,
                               width = i == 22 ? JUDGED - 22 * 32 : 32;
                const uint64_t mask = ((UINT64_C(1) << width) - 1) << shift,
                               value = (uint64_t)bits.word[i] << shift;
                if (mask >> (32 * k) & 0xFFFFFFFF)
                    set(b.dut.judged_i, word, (uint32_t)(mask >> (32 * k)),
                        (uint32_t)(value >> (32 * k)));
            }
    }
    template <class Port> static void set(Port &port, unsigned word, uint32_t mask, uint32_t value)
    {
        port[word] = (port[word] & ~mask) | (value & mask);
    }
};

int main()
{
    Bench<Vcollector> b("collector", 2000000);
    b.dut.clear_i = b.dut.start_i = b.dut.end_i = b.dut.order_valid_i = b.dut.judged_valid_i =
        b.dut.line_ready_i = 0;
    b.reset();
    Driver d(b);

    b.begin("random sweeps with stalls, every ending, buffers of every size");
    for (const uint64_t until = b.cycle + b.count; b.cycle < until;) {
        d.slow = b.random.percent(80);
        d.run(d.random_sweep());
    }
    b.expect(!b.is_long() || (d.seen[0] > 10 && d.seen[1] > 10 && d.seen[2] > 10 &&
                              d.seen[3] > 10 && d.wraps > 10),
             "%" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " sweeps, %" PRIu64 " wraps", d.seen[0],
             d.seen[1], d.seen[2], d.seen[3], d.wraps);
    b.end();

    b.begin("a filtered account per cycle, a verdict in two");
    d.slow = false;
    for (unsigned written = 0; written < 2; written++) {
        Sweep s = d.head();
        s.filter = written ? 0 : 5;
        s.lines = 1 << 20;
        for (unsigned a = 0; a < 1000; a++)
            s.orders.push_back(d.account(0));
        s.orders.push_back({});
        s.orders.back().ends = true;
        d.run(s);
        b.expect(d.cycles <= 1000 * (1 + written) + 12, "%" PRIu64 " cycles for 1000 accounts",
                 d.cycles);
    }
    b.end();

    b.begin("reset numbers from 0");
    b.reset();
    d.number = 0;
    for (int i = 0; i < 20; i++)
        d.run(d.random_sweep());
    b.end();
    return b.finish();
}
