/* Evaluations of the watched set: random sets, filters and commits through watch_set, watch_run and
 * the collector. The bench is the distributor, lanes and closes, which a sweep's failure clears at
 * any time, the bus, and a host that reads the ring fast, late or never, makes mistakes, and starts
 * it anew. Every line is compared with what a reference expects of the set. LANES and LINES come
 * from make. */
#include "Vwatch_evaluation.h"
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

static const uint64_t SLOTS = 8 * LINES;

struct Account {
    uint32_t number, slot; /* slot: what its status is about */
    unsigned state, status;
};

struct Order {
    bool ends;
    unsigned status, lane;
    uint32_t slot;
    uint64_t from; /* not before this cycle */
};

struct Waiting {
    Account account;
    uint64_t from;
};

struct Set {
    uint64_t version = 0;
    unsigned filter = 0, headers = 0;
    std::vector<uint64_t> stream;  /* whole lines */
    std::vector<Account> accounts; /* up to how the stream ends */
    unsigned status = PL_STATUS_OK;
    uint32_t slot = 0;
};

struct Line {
    uint64_t address;
    unsigned char bytes[64];
};

/* A header's multiplier is what the lanes of this bench find in the account. */
static Account judge(uint64_t header, uint32_t slot)
{
    const unsigned bits = (unsigned)(header >> 40 & 0xFFFF);
    return { (uint32_t)header, slot, bits & 7,
             bits & 8 ? (unsigned)PL_STATUS_MALFORMED_SLOT : (unsigned)PL_STATUS_OK };
}

struct Driver {
    Bench<Vwatch_evaluation> &b;
    Stall beats, orders, bus, answers;
    std::vector<Stall> lane_stall;
    bool slow = true;
    unsigned clear_rarity = 500;
    bool reads = true; /* the host */
    /* the set */
    Set held, next;
    bool watching = false, loading = false, set_start = false;
    size_t fed = 0;
    /* distributor, lanes, closes */
    bool streaming = false, discarding = false;
    uint32_t slot = 0;
    unsigned lane = 0;
    std::deque<Order> order;
    std::deque<Waiting> judged[LANES];
    bool order_offered = false, judged_offered[LANES] = {};
    unsigned clearing = 0;
    /* the commit */
    unsigned commit = 0; /* cycles until live_ready; eager: it waits for busy_o to fall */
    uint64_t tick = 0, asked_at = 0;
    bool eager = false, busy = false, asked = false, running = false;
    /* the evaluation */
    uint32_t number = 0;
    std::vector<Line> lines;
    uint64_t address = 0; /* head of the ring at its start */
    bool of_this_ring = false, cleared = false;
    Set judged_set;
    /* the ring */
    uint64_t base = 0, entries = 0, written = 0, head = 0, eval_base = 0, eval_entries = 1,
             base_before = 0, entries_before = 0;
    uint32_t consumed = 0, consumed_before = 0;
    uint64_t consumed_at = 0, errors = 0, errors_seen = 0, quiet_since = 0;
    bool restart = false, silent = false;
    std::deque<uint32_t> history;
    /* bus: cycle in which each line is answered */
    std::deque<uint64_t> unanswered;
    uint64_t accepted = 0, answered = 0, marked = 0, covered = 0, ended_at = 0; /* lines */
    bool mark_open = false;
    /* evaluations: OK, broken account, broken stream, RESET, dropped, forgotten before their start;
     * ring restarted meanwhile */
    uint64_t seen[7] = {}, wraps = 0, latency = 100;

    explicit Driver(Bench<Vwatch_evaluation> &b)
        : b(b), beats(b.random), orders(b.random), bus(b.random), answers(b.random)
    {
        for (unsigned l = 0; l < LANES; l++)
            lane_stall.emplace_back(b.random);
    }
    Set random_set()
    {
        Set s;
        const uint64_t slots =
            b.random.percent(5) ? 0 : 1 + b.random.below(b.random.percent(50) ? SLOTS : 40);
        const unsigned broken = b.random.percent(20) ? 10 : 0, bad = b.random.percent(20) ? 5 : 0,
                       many = b.random.percent(50) ? 80 : 30;
        s.version = b.random.bits(), s.filter = (unsigned)b.random.below(5);
        s.stream.resize((slots + 7) / 8 * 8);
        for (uint64_t i = 0; i + 1 < slots; i++)
            if (i == 0 || b.random.percent(many)) {
                const uint64_t multiplier = b.random.below(5) | (b.random.percent(broken) ? 8 : 0);
                s.stream[i] = (uint64_t)PL_TAG_HEADER << 56 | multiplier << 40 |
                              (uint64_t)(b.random.percent(bad) ? 0 : PL_MODE_CROSS) << 32 |
                              (b.random.bits() >> 32);
            } else {
                s.stream[i] = (uint64_t)PL_TAG_CASH << 56;
            }
        if (slots != 0)
            s.stream[slots - 1] = (uint64_t)PL_TAG_END << 56;
        for (uint64_t i = 0; i < slots; i++)
            s.headers += s.stream[i] >> 56 == PL_TAG_HEADER;
        for (uint32_t i = 0; i < slots; i++) {
            s.slot = i;
            if (s.stream[i] >> 56 == PL_TAG_HEADER) {
                if ((s.stream[i] >> 32 & 0xFF) == 0) {
                    s.status = PL_STATUS_MALFORMED_SLOT;
                    break;
                }
                s.accounts.push_back(judge(s.stream[i], i));
            }
        }
        return s;
    }
    uint64_t later()
    {
        return b.cycle + 1 + (slow ? b.random.below(b.random.percent(20) ? 60 : 6) : 0);
    }
    void push_order(bool ends, unsigned status, unsigned to, uint32_t at)
    {
        order.push_back({ ends, status, to, at, later() });
    }
    /* What the distributor and the lanes make of a line. */
    void take_beat()
    {
        for (unsigned k = 0; k < 8; k++, slot++) {
            const uint64_t s = (uint64_t)b.dut.beat_o[2 * k + 1] << 32 | b.dut.beat_o[2 * k];
            const unsigned tag = (unsigned)(s >> 56);
            if (discarding || (tag != PL_TAG_HEADER && tag != PL_TAG_END))
                continue;
            if (slot != 0)
                push_order(false, PL_STATUS_OK, lane, 0);
            if (tag == PL_TAG_END || (s >> 32 & 0xFF) == 0) {
                push_order(true, tag == PL_TAG_END ? PL_STATUS_OK : PL_STATUS_MALFORMED_SLOT, 0,
                           slot);
                discarding = true;
                continue;
            }
            lane = (unsigned)b.random.below(LANES);
            judged[lane].push_back({ judge(s, slot), later() + 4 });
        }
        streaming = !b.dut.beat_last_o;
        if (b.dut.beat_last_o)
            slot = 0, discarding = false;
    }
    bool all_taken() const
    {
        bool empty = order.empty() && !streaming;
        for (unsigned l = 0; l < LANES; l++)
            empty = empty && judged[l].empty();
        return empty;
    }
    /* The lines that the evaluation must have written, which the summary tells to be RESET or not.
     */
    void compare()
    {
        struct pl_tick_summary last;
        if (!b.expect(!lines.empty(), "an evaluation without lines"))
            return;
        memcpy(&last, lines.back().bytes, 64);
        const Set &s = judged_set;
        const bool reset = last.status == PL_STATUS_RESET;
        b.expect(!reset || cleared, "RESET without a reason");
        std::vector<Line> expected;
        struct pl_tick_summary summary = {};
        const auto put = [&](const void *record, unsigned count) {
            for (unsigned i = 0; i < count; i++) {
                Line line;
                line.address =
                    eval_base + (address - eval_base + 64 * expected.size()) % (64 * eval_entries);
                memcpy(line.bytes, (const char *)record + 64 * i, 64);
                expected.push_back(line);
            }
            number = (number + 1) & 0x1FFFFFFF;
        };
        summary.tick = tick, summary.last_account = UINT32_MAX;
        bool over = false;
        for (const Account &a : s.accounts) {
            if (reset && summary.accounts == last.accounts)
                break;
            if (a.status != PL_STATUS_OK) {
                summary.status = a.status, over = true;
                break;
            }
            struct pl_verdict v = {};
            v.serial = v.serial_again = (uint32_t)PL_RESULT_VERDICT << 29 | number,
            v.account = a.number, v.state = (uint8_t)a.state;
            v.tick = tick, v.position_version = s.version, v.profile = PL_PROFILE_FULL;
            if (a.state >= s.filter)
                put(&v, 2), summary.flagged++;
            summary.accounts++, summary.by_state[a.state]++, summary.last_account = a.number;
        }
        if (reset) {
            b.expect(!over && summary.accounts == last.accounts,
                     "RESET after %" PRIu64 " of %zu accounts", last.accounts, s.accounts.size());
            summary.status = PL_STATUS_RESET;
        } else if (!over) {
            summary.status = s.status;
            summary.slots = s.status == PL_STATUS_OK ? s.slot + 1 : 0;
        }
        summary.serial = (uint32_t)PL_RESULT_SUMMARY << 29 | number;
        put(&summary, 1);
        seen[reset ? 3 : over ? 1 : s.status != PL_STATUS_OK ? 2 : 0]++;
        b.expect(lines.size() == expected.size(), "%zu lines, not %zu", lines.size(),
                 expected.size());
        for (size_t i = 0; i < lines.size() && i < expected.size(); i++) {
            b.expect(lines[i].address == expected[i].address,
                     "line %zu: address %" PRIx64 ", not %" PRIx64, i, lines[i].address,
                     expected[i].address);
            b.expect(memcmp(lines[i].bytes, expected[i].bytes, 64) == 0, "line %zu of %zu differs",
                     i, lines.size());
            wraps += i != 0 && lines[i].address < lines[i - 1].address;
        }
        if (of_this_ring) {
            written += lines.size();
            head = (head + lines.size()) % eval_entries;
        } else {
            seen[6]++;
        }
        ended_at = accepted;
        quiet_since = b.cycle;
        asked = reset;
        running = cleared = false;
        lines.clear();
    }
    void drive_ring(bool may_restart)
    {
        base_before = base, entries_before = entries;
        b.dut.ring_restart_i = restart =
            may_restart && b.cycle - consumed_at >= 3 && b.random.below(running ? 4000 : 1000) == 0;
        if (restart) {
            base = b.random.bits() >> 16 & ~UINT64_C(63);
            entries = b.random.percent(5)
                          ? 0
                          : UINT64_C(1) << b.random.below(b.random.percent(50) ? 13 : 8);
        }
        b.dut.ring_base_i = base;
        b.dut.ring_entries_i = (uint16_t)entries;
        b.dut.consumed_valid_i = 0;
        history.push_back(consumed);
        consumed_before = history.front(); /* it is seen no later than 3 cycles after */
        if (history.size() > 2)
            history.pop_front();
        b.dut.consumed_total_i = (uint32_t)b.random.bits();
        if (!restart && !silent && b.cycle - consumed_at >= 3 && entries != 0 &&
            b.random.percent(5)) {
            uint32_t value = consumed;
            const unsigned kind = (unsigned)b.random.below(20);
            const uint64_t now = written + (of_this_ring && running ? lines.size() : 0);
            bool wrong = true;
            if (kind == 0) /* more than there can be */
                value = consumed + (uint32_t)entries + 1 +
                        (uint32_t)b.random.below(UINT32_MAX / 2 - entries);
            else if (kind == 1)
                value = consumed - 1 - (uint32_t)b.random.below(1000);
            else if (kind == 2 && !busy && b.cycle - quiet_since > 8)
                value = (uint32_t)now + 1;
            else
                wrong = false, value = reads ? (uint32_t)(now - b.random.below(now - consumed + 1) /
                                                                    (1 + b.random.below(3)))
                                             : consumed;
            b.dut.consumed_valid_i = 1;
            b.dut.consumed_total_i = value;
            consumed_at = b.cycle;
            errors += wrong;
            if (!wrong)
                consumed = value;
        }
    }
    void cycle(bool may_clear, bool may_ask, bool may_load, bool may_restart)
    {
        /* WATCH, and a new model */
        set_start = may_load && !loading && b.random.below(300) == 0;
        if (set_start)
            next = random_set(), loading = true, fed = 0;
        unsigned slots = 0;
        for (size_t i = 0; i < next.stream.size(); i++)
            slots = next.stream[i] >> 56 == PL_TAG_END ? (unsigned)i + 1 : slots;
        b.dut.set_start_i = set_start;
        b.dut.set_slots_i = slots;
        b.dut.set_version_i = next.version;
        b.dut.set_filter_i = (uint8_t)next.filter;
        const bool feeding = loading && fed < next.stream.size() / 8;
        b.dut.record_valid_i = feeding;
        for (unsigned k = 0; k < 8 && feeding; k++) {
            b.dut.record_i[2 * k] = (uint32_t)next.stream[8 * fed + k];
            b.dut.record_i[2 * k + 1] = (uint32_t)(next.stream[8 * fed + k] >> 32);
        }
        const bool forget = may_load && !loading && b.random.below(3000) == 0;
        b.dut.load_started_i = forget;
        /* the sweep's failure */
        if (clearing != 0)
            clearing--;
        else if (may_clear && b.random.below(clear_rarity) == 0)
            clearing = 8 + (unsigned)b.random.below(60);
        b.dut.clear_i = clearing != 0;
        if (clearing != 0) {
            order.clear(), order_offered = false, streaming = discarding = false, slot = 0;
            for (unsigned l = 0; l < LANES; l++)
                judged[l].clear(), judged_offered[l] = false;
            cleared = cleared || running;
        }
        /* the commit */
        if (commit == 0 && may_ask && (eager || !busy) && b.random.percent(5))
            commit = 1 + (unsigned)b.random.below(6);
        const bool ask = commit == 1 && !b.dut.busy_o;
        b.dut.commit_busy_i = commit != 0;
        b.dut.live_ready_i = ask;
        b.dut.live_tick_i = b.random.bits();
        if (ask)
            tick = b.dut.live_tick_i, asked_at = b.cycle;
        drive_ring(may_restart);
        /* distributor and lanes */
        const bool beat_ready =
            clearing != 0 || (discarding && slow) ? b.random.percent(10) : !slow || beats.go();
        b.dut.beat_ready_i = beat_ready;
        order_offered = order_offered ||
                        (!order.empty() && order.front().from <= b.cycle && (!slow || orders.go()));
        b.dut.order_valid_i = order_offered;
        if (order_offered) {
            const Order &o = order.front();
            b.dut.order_i =
                (uint64_t)o.ends << 43 | (uint64_t)o.status << 35 | (uint64_t)o.lane << 32 | o.slot;
        }
        unsigned valid = 0;
        uint64_t numbers = b.random.bits(), at = b.random.bits();
        uint32_t states = (uint32_t)b.random.bits(), statuses = (uint32_t)b.random.bits();
        for (unsigned l = 0; l < LANES; l++) {
            judged_offered[l] =
                judged_offered[l] || (!judged[l].empty() && judged[l].front().from <= b.cycle &&
                                      (!slow || lane_stall[l].go()));
            valid |= (unsigned)judged_offered[l] << l;
            if (!judged_offered[l])
                continue;
            const Account &a = judged[l].front().account;
            numbers = (numbers & ~(UINT64_C(0xFFFFFFFF) << (32 * l))) | (uint64_t)a.number
                                                                            << (32 * l);
            at = (at & ~(UINT64_C(0xFFFFFFFF) << (32 * l))) | (uint64_t)a.slot << (32 * l);
            states = (states & ~(UINT32_C(0xFF) << (8 * l))) | a.state << (8 * l);
            statuses = (statuses & ~(UINT32_C(0xFF) << (8 * l))) | a.status << (8 * l);
        }
        b.dut.judged_valid_i = (uint8_t)valid;
        put(b.dut.account_i, numbers, 32 * LANES), put(b.dut.slot_i, at, 32 * LANES);
        put(b.dut.state_i, states, 8 * LANES), put(b.dut.status_i, statuses, 8 * LANES);
        /* bus */
        while (!unanswered.empty() && unanswered.front() <= b.cycle)
            unanswered.pop_front(), answered++;
        b.dut.line_ready_i = !slow || bus.go();
        b.dut.write_reached_i = mark_open && answered >= marked;
        b.settle();

        /* what has happened */
        if (b.dut.set_done_o) {
            b.expect(loading && b.dut.set_status_o == PL_STATUS_OK, "set: status %u",
                     b.dut.set_status_o);
            watching = slots != 0;
            if (watching)
                held = next;
            loading = false;
            quiet_since = b.cycle;
        }
        b.expect(b.dut.watching_o == watching, "watching_o %d", b.dut.watching_o);
        if (busy && !b.dut.busy_o) {
            b.expect(!running, "busy_o falls during an evaluation");
            b.expect(all_taken() || clearing != 0, "busy_o falls with %zu orders left",
                     order.size());
            if (asked && !b.dut.dropped_o) {
                b.expect(!watching || forget, "not started, not dropped");
                seen[5]++;
            }
            if (!b.dut.dropped_o)
                asked = false;
        }
        b.expect(b.dut.busy_o || !busy || !running, "busy_o");
        busy = b.dut.busy_o;
        if (b.dut.start_o || b.dut.dropped_o) {
            const uint64_t need = 2 * held.headers + 1, free = entries - (written - consumed),
                           free_before = entries - (written - consumed_before);
            const bool fits = entries >= need && free >= need,
                       fitted = entries >= need && free_before >= need;
            const bool began = b.dut.start_o;
            b.expect(asked && !running && !(b.dut.start_o && b.dut.dropped_o),
                     "started or dropped for no reason");
            if (!restart)
                b.expect(began == fits || began == fitted,
                         "%s with %" PRIu64 " of %" PRIu64 " lines free, %" PRIu64 " needed",
                         began ? "started" : "dropped", free, entries, need);
            if (began) {
                running = true, cleared = clearing != 0;
                judged_set = held;
                of_this_ring = !restart;
                eval_base = base_before, eval_entries = entries_before,
                address = base_before + 64 * head;
                latency = b.cycle - asked_at < latency ? b.cycle - asked_at : latency;
            } else {
                seen[4]++;
            }
            asked = false;
        }
        if (ask && watching)
            asked = true;
        if (b.dut.line_valid_o && b.dut.line_ready_i) {
            Line line;
            line.address = b.dut.line_address_o;
            memcpy(line.bytes, &b.dut.line_data_o[0], 64);
            b.expect(running, "a line without an evaluation");
            lines.push_back(line);
            accepted++;
            const uint64_t soon = b.cycle + 1 + b.random.below(slow ? 100 : 10);
            unanswered.push_back(
                unanswered.empty() || unanswered.back() < soon ? soon : unanswered.back());
        }
        if (b.dut.ran_o)
            compare();
        if (b.dut.written_o) {
            b.expect(mark_open && answered >= marked,
                     "written_o with %" PRIu64 " of %" PRIu64 " lines answered", answered, marked);
            covered = marked;
            mark_open = false;
        }
        if (b.dut.write_mark_o) {
            b.expect(!mark_open, "two marks");
            marked = accepted, mark_open = true;
        }
        errors_seen += b.dut.ring_error_o;
        const bool taken = b.dut.beat_valid_o && beat_ready;
        if (taken && clearing == 0)
            take_beat();
        if (order_offered && b.dut.order_ready_o)
            order.pop_front(), order_offered = false;
        for (unsigned l = 0; l < LANES; l++)
            if (valid & b.dut.judged_ready_o & (1u << l))
                judged[l].pop_front(), judged_offered[l] = false;
        if (feeding && b.dut.record_ready_o)
            fed++;
        const bool to_be_busy = ask && watching;
        b.tick();
        if (to_be_busy) {
            b.settle();
            b.expect(b.dut.busy_o, "busy_o does not rise");
            busy = true;
        }
        if (ask)
            commit = 0, eager = b.random.percent(20);
        else if (commit > 1)
            commit--;
        if (forget)
            watching = false, quiet_since = b.cycle;
        if (restart) {
            written = head = 0, consumed = consumed_before = 0, history.clear();
            of_this_ring = false;
            quiet_since = b.cycle;
        }
    }
    void quiesce()
    {
        for (unsigned i = 0;
             i < 20000 && (busy || asked || loading || mark_open || commit != 0 || i < 300); i++)
            cycle(false, false, false, false);
        silent = true;
        for (unsigned i = 0; i < 4; i++)
            cycle(false, false, false, false);
        silent = false;
        b.expect(!busy && !loading && !running && all_taken(), "hangs");
        b.expect(covered == accepted && !mark_open,
                 "written_o for %" PRIu64 " of %" PRIu64 " lines", covered, accepted);
        b.expect(errors == errors_seen, "%" PRIu64 " errors of the ring, not %" PRIu64, errors_seen,
                 errors);
    }
    void ring(uint64_t size)
    {
        silent = true; /* what the host said last is answered before */
        for (unsigned i = 0; i < 3; i++)
            cycle(false, false, false, false);
        silent = false;
        base = base_before = 0x123456789AC0, entries = entries_before = size;
        b.dut.ring_base_i = base, b.dut.ring_entries_i = (uint16_t)size, b.dut.ring_restart_i = 1;
        b.dut.consumed_valid_i = 0;
        b.settle();
        b.tick();
        b.dut.ring_restart_i = 0;
        written = head = 0, consumed = consumed_before = 0, history.clear(), of_this_ring = false;
    }
};

int main()
{
    Bench<Vwatch_evaluation> b("watch_evaluation", 1500000);
    b.dut.set_start_i = b.dut.record_valid_i = b.dut.load_started_i = b.dut.commit_busy_i =
        b.dut.live_ready_i = b.dut.clear_i = 0;
    b.dut.ring_restart_i = b.dut.consumed_valid_i = b.dut.order_valid_i = b.dut.judged_valid_i =
        b.dut.line_ready_i = 0;
    b.dut.beat_ready_i = b.dut.write_reached_i = b.dut.ring_entries_i = 0;
    b.reset();
    Driver d(b);

    b.begin("random commits, sets, rings, hosts and clears");
    for (uint64_t i = 0; i < b.count; i++) {
        if (i % 2000 == 0) {
            d.slow = b.random.percent(80), d.reads = b.random.percent(80);
            d.clear_rarity = b.random.percent(30) ? 60 : b.random.percent(50) ? 500 : 10000;
        }
        d.cycle(true, true, true, true);
    }
    d.quiesce();
    for (unsigned i = 0; i < 7; i++)
        b.expect(b.count < 1000000 || d.seen[i] > 10, "kind %u: %" PRIu64 " times", i, d.seen[i]);
    b.expect(b.count < 1000000 || (d.wraps > 10 && d.errors > 10),
             "%" PRIu64 " wraps, %" PRIu64 " errors", d.wraps, d.errors);
    b.end();

    b.begin("a host that never reads: evaluations while there is room, then none until it does");
    d.reads = false, d.slow = false;
    do {
        d.cycle(false, false, true, false);
    } while (!d.watching || d.held.headers == 0 || d.held.status != PL_STATUS_OK || d.loading);
    d.ring(1024);
    const uint64_t dropped = d.seen[4];
    for (unsigned i = 0; i < 200000 && d.seen[4] < dropped + 20; i++)
        d.cycle(false, true, false, false);
    d.quiesce();
    b.expect(d.seen[4] >= dropped + 20 && d.written + 2 * d.held.headers + 1 > 1024,
             "%" PRIu64 " lines in the ring", d.written);
    const uint64_t before = d.written;
    d.reads = true, d.latency = 100;
    for (unsigned i = 0; i < 200000 && d.written < before + 2000; i++)
        d.cycle(false, true, false, false);
    d.quiesce();
    b.expect(d.written >= before + 2000, "%" PRIu64 " lines more", d.written - before);
    b.end();

    b.begin("2 cycles from live_ready to the start");
    b.expect(d.latency == 2, "%" PRIu64 " cycles", d.latency);
    b.end();

    b.begin("reset");
    b.dut.set_start_i = b.dut.record_valid_i = 0;
    b.reset();
    d.watching = false, d.number = 0, d.written = d.head = 0, d.consumed = d.consumed_before = 0,
    d.history.clear();
    d.accepted = d.answered = d.marked = d.covered = 0, d.unanswered.clear();
    d.slow = true;
    for (unsigned i = 0; i < 20000; i++)
        d.cycle(true, true, true, true);
    d.quiesce();
    b.end();
    return b.finish();
}
