/* The tables room against host/model/tables.c: random loads and ticks, whole and broken, commits,
 * bus failures, among them ticks of the window, sweeps and a watched set.
 *
 * The bench keeps what the other rooms would: a live and a frozen tick from the table bus and the
 * freezes, two banks of rows from the jobs, the flips and the copies. A twentieth of the cycles is
 * PL_COUNT. */
#include <algorithm>
#include <deque>
#include <map>

#include "Vtables.h"
#include "tables/reference.h"

using namespace bench;

enum { BUS_LATENCY = 5, FIRST_JOB = 4, LIVE_READY = 1, STUCK = 200000 };

/* The card's tables, and what the rooms around them would do: live and frozen ticks, two banks of
 * rows, the engine, the watched set, the window's queue. The ring's operations are functions that
 * run cycles. */
struct Card {
    struct Item {
        pl_line record;
        bool commit;
        uint64_t tick;
    };
    struct Job {
        unsigned instrument, left;
        uint64_t generation;
    };

    Bench<Vtables> &b;
    Book &book;
    Model model;
    Stall source, engine, window;
    /* What other rooms keep. */
    std::vector<pl_expiry_tick> live, frozen;
    std::vector<pl_tick_vol> live_vols, frozen_vols;
    std::vector<uint64_t> close_expiry, close_factor; /* 5 words per expiry */
    std::vector<uint64_t> rows[2];                    /* which commit priced it */
    bool full_speed = false;
    /* The frozen tick. */
    bool bank = false, committed = false, flipping = false, flip_waits = false;
    uint64_t tick_value = 0;
    std::vector<unsigned> copied;
    std::vector<char> to_copy; /* by instrument: changed since the last flip */
    unsigned commits_to_flip = 0;
    /* The commit at work. */
    bool active = false, asked = false, watching = false, ready_seen = false;
    bool uncommitted = false; /* records on the bus that no commit has taken */
    bool live_committed = false;
    uint64_t generation = 0;
    std::vector<char> due; /* by instrument: 1 to be priced, 2 priced */
    std::vector<char> set; /* watched, as the commit sees it */
    std::vector<uint64_t> priced_by;
    /* Engine. */
    std::deque<Job> jobs;
    unsigned engine_late = 0, engine_history = 0;
    bool job_was_waiting = false, reading = false;
    uint64_t job_waiting = 0;
    /* Watched set. */
    std::vector<char> watched;
    unsigned watch_left = 0;
    bool watch_was_busy = false, lookup_was = false;
    unsigned lookup = 0;
    /* Window. */
    std::deque<Item> queue;
    enum { NONE, RECORDS, COMMITTING } tick_in_work = NONE;
    bool window_on = false, bus_due = false, loading = false, hold = false, refusal_due = false;
    bool taken = false;
    uint8_t refusal = 0;
    pl_line bus_record = {};
    uint64_t window_tick = 0, window_pause = 0;
    unsigned opened_since_request = 0;
    /* Ring and sweeps. */
    bool was_granted = false, was_running = false, was_stuck = false;
    Records bus;
    std::deque<uint64_t> taken_at;
    uint64_t clears = 0, commits[4] = {};
    uint64_t window_commits = 0, window_refused = 0, flips = 0, merged_flips = 0,
             watched_commits = 0, in_sweep = 0, holds = 0, stuck = 0, aborted = 0;
    std::map<unsigned, uint64_t> outcome; /* tick << 16 | kind << 8 | status */
    uint64_t first_job = 0, last_busy = 0, ready_at = 0;

    Card(Bench<Vtables> &b, Book &book)
        : b(b), book(book), source(b.random), engine(b.random), window(b.random), live(EXPIRIES),
          frozen(EXPIRIES), live_vols(INSTRUMENTS), frozen_vols(INSTRUMENTS),
          close_expiry(5 * EXPIRIES), close_factor(UNDERLYINGS), to_copy(INSTRUMENTS),
          due(INSTRUMENTS), priced_by(INSTRUMENTS), watched(INSTRUMENTS)
    {
        auto &d = b.dut;
        rows[0].resize(INSTRUMENTS);
        rows[1].resize(INSTRUMENTS);
        d.record_start_i = d.record_valid_i = d.record_abort_i = d.record_tick_i = 0;
        d.commit_start_i = d.ring_request_i = d.sweep_request_i = d.window_valid_i =
            d.window_waiting_i = 0;
        d.job_ready_i = 0;
        d.engine_idle_i = 1;
        d.watching_i = d.watched_i = d.watch_busy_i = 0;
    }

    void table(const pl_line &r)
    {
        switch (r.bytes[0]) {
        case PL_RECORD_TICK_PRICE: {
            pl_tick_price x;
            memcpy(&x, &r, sizeof x);
            live[x.index].price = x;
            break;
        }
        case PL_RECORD_TICK_TIME: {
            pl_tick_time x;
            memcpy(&x, &r, sizeof x);
            live[x.index].time = x;
            break;
        }
        case PL_RECORD_TICK_SHIFT: {
            pl_tick_shift x;
            memcpy(&x, &r, sizeof x);
            live[x.index].shift = x;
            break;
        }
        case PL_RECORD_TICK_VOL: {
            pl_tick_vol x;
            memcpy(&x, &r, sizeof x);
            live_vols[x.index] = x;
            break;
        }
        default: break;
        }
    }
    /* Ring records come BUS_LATENCY after they were taken, those of the window in the next cycle.
     */
    void see_bus()
    {
        auto &d = b.dut;
        if (d.clear_valid_o) {
            b.expect(d.clear_index_o == clears, "clear index %u, not %" PRIu64, d.clear_index_o,
                     clears);
            b.expect(bus.size() == 1, "clear walk after %zu records", bus.size());
            clears++;
            if (d.clear_index_o < EXPIRIES)
                live[d.clear_index_o] = frozen[d.clear_index_o] = pl_expiry_tick{};
            if (d.clear_index_o < INSTRUMENTS)
                live_vols[d.clear_index_o] = frozen_vols[d.clear_index_o] = pl_tick_vol{};
        }
        b.expect(!bus_due || d.table_valid_o, "a record of the window is not on the bus");
        if (d.table_valid_o) {
            pl_line r;
            memcpy(&r, &d.table_record_o[0], sizeof r);
            table(r);
            uncommitted = true;
            b.expect(!d.watch_busy_i, "a record while the watched set is judged");
            b.expect(!active && !flipping, "a record during a commit");
            if (bus_due) {
                b.expect(memcmp(&r, &bus_record, sizeof r) == 0, "a record of the window changed");
            } else {
                bus.push_back(r);
                while (!taken_at.empty() && taken_at.front() + BUS_LATENCY < b.cycle)
                    taken_at.pop_front();
                b.expect(!taken_at.empty() && taken_at.front() + BUS_LATENCY == b.cycle,
                         "latency of the table bus");
            }
        }
        bus_due = false;
    }
    /* A load has no tick, from the next cycle on; the window forgets what waits. */
    void see_load()
    {
        auto &d = b.dut;
        if (!d.load_started_o)
            return;
        queue.clear();
        d.window_valid_i = d.window_waiting_i = d.watching_i = 0;
        hold = committed = live_committed = flip_waits = false;
        tick_value = 0;
        commits_to_flip = 0;
        std::fill(to_copy.begin(), to_copy.end(), 0);
    }

    void start_commit(uint64_t tick, bool from_window)
    {
        std::vector<unsigned> list;
        const bool first = !live_committed;
        b.expect(!active, "a commit during a commit");
        const uint8_t status = model.commit(tick, &list);
        commits[status == PL_STATUS_OK ? !first : status == PL_STATUS_NOT_LOADED ? 2 : 3]++;
        refusal = status;
        refusal_due = from_window && status != PL_STATUS_OK;
        stuck += status != PL_STATUS_OK && flip_waits && uncommitted;
        window_refused += refusal_due;
        if (status != PL_STATUS_OK)
            return;
        active = true;
        asked = ready_seen = watching = false;
        uncommitted = false;
        live_committed = true;
        generation++;
        commits_to_flip++;
        std::fill(due.begin(), due.end(), 0);
        for (unsigned i : list) {
            due[i] = 1;
            to_copy[i] = 1;
            priced_by[i] = generation;
        }
    }
    /* The card has gone on: everything of the commit must be done. */
    void end_commit()
    {
        if (!active)
            return;
        active = false;
        flip_waits = true;
        b.expect(std::count(due.begin(), due.end(), 1) == 0, "%d instruments not priced",
                 (int)std::count(due.begin(), due.end(), 1));
        b.expect(jobs.empty(), "the engine still works");
        b.expect(asked, "nobody asked what is watched");
        b.expect(ready_seen == watching, "live_ready %d, watching %d", ready_seen, watching);
        b.expect(!b.dut.watch_busy_i, "the watched set is still being judged");
        b.expect(b.dut.live_tick_o == model.t.tick, "live tick");
    }
    void see_jobs()
    {
        auto &d = b.dut;
        if (job_was_waiting)
            b.expect(d.job_valid_o && d.job_instrument_o == job_waiting, "a waiting job changed");
        job_was_waiting = d.job_valid_o && !d.job_ready_i;
        job_waiting = d.job_instrument_o;
        if (active && !asked && d.watched_hold_o) {
            asked = true;
            watching = d.watching_i;
            set = watched;
            watched_commits += watching;
        }
        b.expect(!d.watched_lookup_valid_o || (d.watched_hold_o && d.watching_i),
                 "a lookup without a commit, or without a set");
        lookup_was = d.watched_lookup_valid_o;
        lookup = d.watched_lookup_o;
        if (d.job_valid_o && first_job == 0)
            first_job = b.cycle;
        if (!d.engine_idle_i)
            last_busy = b.cycle;
        if (d.job_valid_o && d.job_ready_i &&
            b.expect(active && asked && d.job_instrument_o < INSTRUMENTS,
                     "a job without a commit")) {
            const unsigned i = d.job_instrument_o;
            b.expect(due[i] == 1, "instrument %u priced %s", i, due[i] ? "twice" : "in vain");
            b.expect(!watching || (bool)set[i] != ready_seen, "instrument %u in the wrong pass", i);
            due[i] = 2;
            jobs.push_back({ i, (full_speed ? 10 : 2) + (unsigned)b.random.below(6), generation });
        }
        if (d.live_ready_o) {
            ready_at = b.cycle;
            b.expect(active && watching && !ready_seen, "live_ready, or once more");
            b.expect(jobs.empty(), "live_ready while the engine works");
            b.expect(d.live_tick_o == model.t.tick, "live tick at live_ready");
            for (unsigned i = 0; active && i < model.t.model.instruments; i++)
                b.expect(!set[i] || rows[!bank][i] == priced_by[i], "watched row %u is old", i);
            ready_seen = true;
        }
    }
    void see_flip(bool running)
    {
        auto &d = b.dut;
        if (d.bank_o != bank) {
            end_commit();
            b.expect(flip_waits && !flipping, "a flip without a commit, or twice");
            b.expect(!running && !was_running, "a flip during a sweep");
            b.expect(tick_in_work != RECORDS, "a flip during a tick of the window");
            b.expect(!uncommitted, "a flip of records that no commit took");
            b.expect(!d.watch_busy_i && !watch_was_busy, "a flip of what is being judged");
            b.expect(jobs.empty(), "a flip while the engine works");
            bank = d.bank_o;
            flip_waits = false;
            flipping = true;
            committed = true;
            tick_value = model.t.tick;
            copied.clear();
            flips++;
            merged_flips += commits_to_flip > 1;
            commits_to_flip = 0;
        }
        b.expect(d.committed_o == committed && d.tick_o == tick_value, "the frozen tick's number");
        if (d.freeze_expiry_valid_o || d.freeze_vol_valid_o || d.frozen_expiry_valid_o ||
            d.frozen_underlying_valid_o || d.copy_valid_o)
            b.expect(flipping, "freeze or copy without a flip");
        if (d.freeze_expiry_valid_o)
            frozen[d.freeze_expiry_index_o % EXPIRIES] = live[d.freeze_expiry_index_o % EXPIRIES];
        if (d.freeze_vol_valid_o)
            frozen_vols[d.freeze_vol_index_o % INSTRUMENTS] =
                live_vols[d.freeze_vol_index_o % INSTRUMENTS];
        if (d.frozen_expiry_valid_o) {
            const unsigned e = field(d.frozen_expiry_o, 240, 14) % EXPIRIES;
            for (unsigned w = 0; w < 5; w++)
                close_expiry[5 * e + w] = field(d.frozen_expiry_o, 48 * (4 - w), 48);
        }
        if (d.frozen_underlying_valid_o)
            close_factor[(d.frozen_underlying_o >> 48) % UNDERLYINGS] =
                low_bits(d.frozen_underlying_o, 48);
        if (d.copy_valid_o) {
            copied.push_back(d.copy_instrument_o);
            rows[!bank][d.copy_instrument_o % INSTRUMENTS] =
                rows[bank][d.copy_instrument_o % INSTRUMENTS];
        }
    }
    void end_flip()
    {
        if (!flipping)
            return;
        flipping = false;
        std::vector<unsigned> expected;
        for (unsigned i = 0; i < INSTRUMENTS; i++)
            if (to_copy[i])
                expected.push_back(i);
        std::fill(to_copy.begin(), to_copy.end(), 0);
        std::sort(copied.begin(), copied.end());
        b.expect(copied == expected, "%zu instruments copied, not %zu", copied.size(),
                 expected.size());
        for (unsigned i = 0; i < model.t.model.instruments; i++)
            b.expect(rows[0][i] == priced_by[i] && rows[1][i] == priced_by[i], "row %u is old", i);
        compare_frozen();
    }
    void see_turns(bool running)
    {
        auto &d = b.dut;
        const bool granted = d.ring_request_i && d.ring_grant_o;
        const bool is_stuck = uncommitted && tick_in_work != RECORDS;
        if (d.commit_done_o || d.sweep_grant_o || (granted && !was_granted))
            end_flip();
        if (granted && !was_granted) {
            end_commit();
            b.expect(tick_in_work != RECORDS, "granted during a tick of the window");
            b.expect(!flip_waits || uncommitted, "granted before the flip");
            tick_in_work = NONE;
        }
        if (d.commit_start_i)
            start_commit(d.commit_tick_i, false);
        if (running && !was_running)
            b.expect(!flip_waits || is_stuck || was_stuck, "a sweep is let in before the flip");
        if (d.commit_done_o) {
            end_commit();
            b.expect(!flip_waits || d.commit_status_o != PL_STATUS_OK,
                     "the end of the ring's commit without a flip");
        }
        if (d.window_refused_o) {
            b.expect(refusal_due && d.window_refused_status_o == refusal, "refused with %u, not %u",
                     d.window_refused_status_o, refusal);
            refusal_due = false;
            tick_in_work = NONE;
        }
        if (d.window_valid_i && d.window_ready_o)
            take(running);
        was_granted = granted;
        was_stuck = is_stuck;
    }
    /* An item of the window is taken. */
    void take(bool running)
    {
        auto &d = b.dut;
        const Item item = queue.front();
        queue.pop_front();
        taken = true;
        b.expect(!d.ring_grant_o && !hold, "an item while the ring has the tables");
        b.expect(!d.watch_busy_i, "an item while the watched set is judged");
        if (tick_in_work != RECORDS) {
            b.expect(!refusal_due, "a refusal never came");
            end_flip();
            end_commit();
            b.expect(!flip_waits || uncommitted || running, "an item before the flip");
            opened_since_request += d.ring_request_i != 0;
            b.expect(opened_since_request <= 1, "the ring starves");
        }
        tick_in_work = item.commit ? COMMITTING : RECORDS;
        if (item.commit) {
            window_commits++;
            in_sweep += running;
            start_commit(item.tick, true);
        } else if (model.t.complete) {
            b.expect(pl_tables_tick(&model.t, &item.record) == PL_STATUS_OK,
                     "a broken record of the bench");
            bus_due = true;
            bus_record = item.record;
        }
    }
    template <class Port> static uint64_t field(const Port &port, unsigned at, unsigned width)
    {
        uint64_t value = 0;
        for (unsigned i = 0; i < width; i++)
            value |= (uint64_t)(port[(at + i) / 32] >> ((at + i) % 32) & 1) << i;
        return value;
    }

    void drive_engine()
    {
        auto &d = b.dut;
        d.job_ready_i = full_speed || (engine.go() && jobs.size() < 4);
        if (!jobs.empty() && --jobs.front().left == 0) {
            rows[!bank][jobs.front().instrument] = jobs.front().generation;
            jobs.pop_front();
        }
        engine_history = engine_history << 1 | !jobs.empty();
        d.engine_idle_i =
            (engine_history >> engine_late & 1) == 0 && !(reading && b.random.percent(50));
    }
    void drive_watch(bool hold_was, bool ready_was)
    {
        auto &d = b.dut;
        watch_was_busy = d.watch_busy_i;
        if (ready_was && !b.random.percent(10)) /* else there was no room for it */
            watch_left = 1 + (unsigned)b.random.below(b.random.percent(50) ? 4 : 150);
        d.watch_busy_i = watch_left > 0;
        if (watch_left > 0)
            watch_left--;
        if (lookup_was)
            d.watched_i = watched[lookup % INSTRUMENTS];
        if (!hold_was && !ready_was && !watch_was_busy && live_committed && b.random.percent(3) &&
            !full_speed) {
            static const unsigned levels[] = { 0, 5, 50, 95, 100 };
            const unsigned level = levels[b.random.below(5)];
            for (auto &w : watched)
                w = b.random.percent(level);
            d.watching_i = b.random.percent(70);
        }
    }
    void drive_window()
    {
        auto &d = b.dut;
        if (window_on && !loading && queue.empty()) {
            if (window_pause > 0) {
                window_pause--;
            } else {
                window_pause = b.random.percent(50) ? b.random.below(4) : b.random.below(400);
                next_tick();
            }
        }
        if (d.window_valid_i || queue.empty() || !(full_speed || window.go()))
            return;
        d.window_valid_i = 1;
        d.window_commit_i = queue.front().commit;
        d.window_tick_i = queue.front().tick;
        memcpy(&d.window_record_i[0], &queue.front().record, sizeof queue.front().record);
    }
    void next_tick()
    {
        const pl_tables &t = model.t;
        if (!t.complete && !b.random.percent(5))
            return;
        const uint64_t count = b.random.percent(5)    ? 0
                               : b.random.percent(60) ? 1
                                                      : 1 + b.random.below(8);
        for (uint64_t i = 0; i < count; i++)
            queue.push_back({ t.complete ? window_record() : pl_line{}, false, b.random.bits() });
        window_tick =
            std::max(window_tick, t.tick) + (b.random.percent(5) ? 0 : 1 + b.random.below(2));
        if (b.random.percent(5)) /* after a clear of the window */
            window_tick = t.tick - std::min<uint64_t>(t.tick, b.random.below(3));
        queue.push_back({ pl_line{}, true, window_tick });
    }
    pl_line window_record()
    {
        for (;;) {
            const pl_line r = book.tick(model.t);
            pl_tick_vol v;
            memcpy(&v, &r, sizeof v);
            if (r.bytes[0] == PL_RECORD_TICK_PRICE ||
                (r.bytes[0] == PL_RECORD_TICK_VOL &&
                 model.t.instruments[v.index].row == PL_ROW_KIND_OPTION))
                return r;
        }
    }

    void cycle()
    {
        auto &d = b.dut;
        b.settle();
        const bool running = d.sweep_request_i && d.sweep_grant_o;
        see_bus();
        see_flip(running);
        see_jobs();
        see_turns(running);
        see_load();
        was_running = running;
        if (d.record_valid_i && d.record_ready_o)
            taken_at.push_back(b.cycle);
        const bool hold_was = d.watched_hold_o, ready_was = d.live_ready_o;
        b.tick();
        if (taken)
            d.window_valid_i = 0;
        taken = false;
        drive_engine();
        drive_watch(hold_was, ready_was);
        drive_window();
    }
    void cycles(uint64_t count)
    {
        while (count-- > 0)
            cycle();
    }

    /* The ring's request, from before an operation's start to after its end. */
    void acquire()
    {
        b.dut.ring_request_i = 1;
        opened_since_request = 0;
        for (uint64_t n = 0; b.expect(n < STUCK, "never granted"); n++) {
            b.settle();
            if (b.dut.ring_grant_o)
                break;
            cycle();
        }
        cycles(b.random.percent(50) ? 0 : b.random.below(5));
    }
    void release()
    {
        cycles(b.random.percent(50) ? 0 : b.random.below(5));
        b.dut.ring_request_i = 0;
        cycle();
    }
    void sweep()
    {
        b.dut.sweep_request_i = 1;
        for (uint64_t n = 0; b.expect(n < STUCK, "no sweep is let in"); n++) {
            b.settle();
            if (b.dut.sweep_grant_o)
                break;
            cycle();
        }
        cycles(1 + b.random.below(b.random.percent(30) ? 10 : 1200));
        b.dut.sweep_request_i = 0;
        cycle();
    }
    void read_rows()
    {
        acquire();
        b.expect(committed, "no tick to read rows of");
        reading = true;
        cycles(b.random.below(60));
        reading = false;
        cycle();
        release();
    }

    enum Ended { BY_ITSELF, BY_ABORT };
    /* Runs a LOAD or TICK; abort_after > 0: the bus fails after that many cycles. */
    Ended records(bool tick, const Records &r, uint64_t abort_after, bool *done, uint8_t *status,
                  uint64_t *detail)
    {
        auto &d = b.dut;
        size_t next = 0;
        bus.clear();
        taken_at.clear();
        clears = 0;
        d.record_start_i = 1;
        d.record_tick_i = tick;
        d.record_count_i = (uint32_t)r.size();
        cycle();
        d.record_start_i = 0;
        for (uint64_t n = 1;; n++) {
            if (!d.record_valid_i && next < r.size() && (full_speed || source.go())) {
                d.record_valid_i = 1;
                memcpy(&d.record_i[0], &r[next], sizeof r[next]);
            }
            d.record_abort_i = n == abort_after;
            b.settle();
            const bool took = d.record_valid_i && d.record_ready_o;
            *done = d.record_done_o;
            *status = d.record_status_o;
            *detail = d.record_detail_o;
            cycle();
            if (took) {
                next++;
                d.record_valid_i = 0;
            }
            if (n == abort_after) {
                d.record_abort_i = d.record_valid_i = 0;
                for (unsigned i = 0; i < b.random.below(10); i++) {
                    b.settle();
                    b.expect(!d.record_done_o, "done after an abort");
                    cycle();
                }
                return BY_ABORT;
            }
            if (*done) {
                b.expect(next == r.size(), "done after %zu of %zu records", next, r.size());
                return BY_ITSELF;
            }
            if (!b.expect(n < STUCK, "an operation never ends"))
                return BY_ITSELF;
        }
    }

    void operation(bool tick, const Records &r)
    {
        const bool was_complete = model.t.complete;
        uint64_t abort_after =
            !full_speed && b.random.percent(4)
                ? 1 + b.random.below(b.random.percent(50) ? 20 : 4 * r.size() + 1500)
                : 0;
        uint8_t status, expected;
        uint64_t detail, expected_detail;
        size_t accepted;
        bool done;
        acquire();
        loading = !tick;
        if (records(tick, r, abort_after, &done, &status, &detail) == BY_ABORT) {
            const Records seen = bus; /* what was on the bus has effect */
            if (!seen.empty() || done)
                model.run(tick, r, seen.size(), false, &expected_detail, &accepted);
            b.expect(seen.size() <= r.size() && same(seen, r, seen.size()),
                     "records of an aborted operation");
            if (!tick && !seen.empty()) /* the abort came in the cycle of the end */
                model.t.complete = b.dut.loaded_o;
            aborted++;
            if (tick && !r.empty())
                hold = false;
        } else {
            expected = model.run(tick, r, r.size(), true, &expected_detail, &accepted);
            if (!tick && accepted > 0)
                b.expect(clears >=
                             (uint64_t)std::max({ INSTRUMENTS, EXPIRIES, UNDERLYINGS, CLASSES }),
                         "%" PRIu64 " cleared", clears);
            const unsigned kind = r.empty() ? 0 : r[std::min(accepted, r.size() - 1)].bytes[0];
            b.expect(status == expected && detail == expected_detail,
                     "%s of %zu: status %u detail %" PRIx64 ", not %u, %" PRIx64
                     " (kind %u, was %u)",
                     tick ? "tick" : "load", r.size(), status, detail, expected, expected_detail,
                     kind, was_complete);
            b.expect(bus.size() == accepted && same(bus, r, accepted),
                     "%zu records on the bus, not %zu", bus.size(), accepted);
            const bool finish = expected != PL_STATUS_OK && accepted == r.size() && !r.empty();
            outcome[(unsigned)tick << 16 |
                    (finish ? 128u | (unsigned)(expected_detail >> 32) : std::min(kind, 30u)) << 8 |
                    status]++;
            if (tick && !r.empty())
                hold = status == PL_STATUS_OK;
            holds += tick && hold;
        }
        b.settle();
        b.expect(b.dut.loaded_o == model.t.complete, "loaded %u", b.dut.loaded_o);
        if (model.t.complete)
            b.expect(b.dut.instruments_o == model.t.model.instruments &&
                         b.dut.multipliers_o == model.t.model.multipliers &&
                         b.dut.model_version_o == model.t.model.model_version &&
                         b.dut.table_version_o == model.t.model.table_version &&
                         memcmp(&b.dut.model_o[0], &model.t.model, sizeof model.t.model) == 0,
                     "counts and versions");
        loading = false;
        release();
    }

    static bool same(const Records &a, const Records &b, size_t count)
    {
        for (size_t i = 0; i < count; i++)
            if (memcmp(&a[i], &b[i], sizeof a[i]) != 0)
                return false;
        return true;
    }

    void commit()
    {
        auto &d = b.dut;
        acquire();
        uint64_t tick = b.random.percent(10) && model.t.tick < UINT64_MAX / 4
                            ? b.random.bits() / 2
                            : model.t.tick + b.random.below(4);
        if (b.random.percent(3))
            tick = model.t.tick;
        d.commit_start_i = 1;
        d.commit_tick_i = tick;
        d.commit_time_i = b.random.bits();
        cycle();
        const uint8_t expected = refusal;
        d.commit_start_i = 0;
        d.commit_tick_i = b.random.bits();
        bool done = false;
        for (uint64_t n = 0; !done && b.expect(n < STUCK, "a commit never ends"); n++) {
            b.settle();
            done = d.commit_done_o;
            if (done)
                b.expect(d.commit_status_o == expected, "commit: status %u, not %u",
                         d.commit_status_o, expected);
            cycle();
        }
        if (expected == PL_STATUS_OK)
            hold = false;
        release();
    }
    void compare_frozen()
    {
        const pl_tables &t = model.t;
        for (unsigned e = 0; e < t.model.expiries; e++) {
            const pl_expiry_tick &f = t.frozen[e];
            b.expect(memcmp(&frozen[e], &f, sizeof f) == 0, "frozen tick of expiry %u", e);
            const int64_t words[] = { f.price.penalty, f.price.penalty_perpetual,
                                      f.time.basis_weight, f.time.long_discount,
                                      f.time.short_discount };
            for (unsigned w = 0; w < 5; w++)
                b.expect(close_expiry[5 * e + w] == (uint64_t)words[w], "expiry %u: frozen word %u",
                         e, w);
        }
        for (unsigned i = 0; i < t.model.instruments; i++)
            b.expect(memcmp(&frozen_vols[i], &t.frozen_vols[i], sizeof frozen_vols[i]) == 0,
                     "frozen vol %u", i);
        for (unsigned u = 0; u < t.model.underlyings; u++)
            b.expect(close_factor[u] == (uint64_t)t.frozen_im_factor[u],
                     "underlying %u: frozen factor", u);
    }
};

static void random_load(Bench<Vtables> &b, Card &card, Book &book, bool whole)
{
    Records r = book.load();
    const unsigned mistakes = whole ? 0 : 1 + (unsigned)b.random.below(2);
    for (unsigned i = 0; i < mistakes; i++) {
        const size_t at = b.random.percent(4) ? 0 : b.random.below(r.size()),
                     other = b.random.below(r.size());
        switch (b.random.below(10)) {
        case 0: r.erase(r.begin() + (long)at); break;
        case 1: r.resize(b.random.percent(70) ? r.size() - 1 : at); break;
        case 2:
            r.push_back(r[other]);
            book.spoil(r.back());
            break;
        case 3: std::swap(r[at], r[other]); break;
        case 4:
        case 5:
        case 6: book.spoil_reference(r[at]); break;
        default: book.spoil(r[at]);
        }
        if (r.empty())
            break;
    }
    card.operation(false, r);
}

static void random_tick(Bench<Vtables> &b, Card &card, Book &book)
{
    Records r;
    if (card.model.t.model.instruments == 0)
        return;
    const size_t count = b.random.percent(10) ? 0 : 1 + b.random.below(24);
    for (size_t i = 0; i < count; i++)
        r.push_back(book.tick(card.model.t));
    if (count > 0 && b.random.percent(40))
        book.spoil(r[b.random.below(count)]);
    card.operation(true, r);
}

/* Loads, each with one mistake in its second record (MODEL: the first), which is of every kind in
 * turn. */
static void every_load_field(Bench<Vtables> &b, Card &card, Book &book)
{
    b.begin("a load record of each kind, each of its words and bytes spoilt");
    for (unsigned kind = PL_RECORD_MODEL; kind <= PL_RECORD_OFFSET_GROUP; kind++)
        for (unsigned i = 0; i < 16 * 10 + 8 * 16; i++) {
            Records r = book.load(true);
            for (size_t at = 1; at < r.size() && r[1].bytes[0] != kind; at++)
                std::swap(r[1], r[at]);
            pl_line &record = r[kind != PL_RECORD_MODEL];
            if (kind == PL_RECORD_MODEL)
                book.spoil_count(record, 1 + i % 10);
            else if (i < 16 * 10)
                book.spoil_byte(record, i % 16);
            else
                book.spoil_word(record, i % 8);
            card.operation(false, r);
        }
    b.end();
}

static void every_tick_field(Bench<Vtables> &b, Card &card, Book &book)
{
    b.begin("a tick record of each kind, each of its words and bytes spoilt");
    while (!card.model.t.complete)
        random_load(b, card, book, true);
    for (unsigned i = 0; i < 16 * 40 + 8 * 200; i++) {
        Records r = { book.tick(card.model.t) };
        if (i < 16 * 40)
            book.spoil_byte(r[0], i % 16);
        else
            book.spoil_word(r[0], i % 8);
        card.operation(true, r);
    }
    b.end();
}

/* From a tick of one record to the job of its first instrument, and from its row to live_ready. */
static void latencies(Bench<Vtables> &b, Card &card, Book &book)
{
    const pl_tables &t = card.model.t;
    b.begin("latencies of a tick of one record");
    card.engine_late = 0;
    unsigned kinds = 0;
    for (unsigned n = 0; n < 100; n++) {
        while (card.full_speed = false,
               !t.complete ||
                   std::none_of(t.instruments, t.instruments + t.model.instruments,
                                [](const pl_instrument &i) { return i.row == PL_ROW_KIND_OPTION; }))
            random_load(b, card, book, true);
        while (!card.live_committed || card.uncommitted || card.hold || !card.queue.empty())
            card.commit();
        card.full_speed = true;
        card.cycles(500);
        std::fill(card.watched.begin(), card.watched.end(), 1);
        b.dut.watching_i = 1;
        const pl_line r = card.window_record();
        const unsigned expiry = reinterpret_cast<const pl_tick_price *>(&r)->index;
        const bool any = std::any_of(t.instruments, t.instruments + t.model.instruments,
                                     [&](const pl_instrument &i) { return i.expiry == expiry; });
        card.queue.push_back({ r, false, 0 });
        card.queue.push_back({ pl_line{}, true, t.tick + 1 });
        card.first_job = 0;
        card.cycle();
        const uint64_t start = b.cycle; /* the record is offered from here on */
        card.cycles(1500);
        const bool priced = r.bytes[0] == PL_RECORD_TICK_VOL || any;
        b.expect(!priced || card.first_job - start == FIRST_JOB,
                 "kind %u: the first job after %" PRIu64 " cycles", r.bytes[0],
                 card.first_job - start);
        b.expect(!priced || card.ready_at - card.last_busy == LIVE_READY + 1,
                 "live_ready %" PRIu64 " cycles after the engine",
                 card.ready_at - card.last_busy - 1);
        b.expect(card.ready_at > start, "no live_ready");
        kinds |= priced ? 1u << (r.bytes[0] - PL_RECORD_TICK_PRICE) : 0;
    }
    b.expect(kinds == 9, "not every kind of tick");
    b.dut.watching_i = 0;
    card.full_speed = false;
    b.end();
}

int main()
{
    Bench<Vtables> b("tables", 150000);
    Book book(b.random);
    Card card(b, book);
    b.reset();

    b.begin("before the first load");
    card.commit();
    card.operation(true, Records(3));
    card.operation(true, Records());
    card.operation(false, Records());
    b.end();
    every_load_field(b, card, book);
    every_tick_field(b, card, book);

    b.begin("random operations of the ring, ticks of the window, sweeps");
    const uint64_t end = b.cycle + 20 * b.count;
    while (b.cycle < end) {
        const uint64_t what = b.random.below(100);
        card.window_on = !b.random.percent(20);
        card.engine_late = (unsigned)b.random.below(2);
        if (what < (card.model.t.complete ? 4 : 85))
            random_load(b, card, book, !card.model.t.complete && what < 40);
        else if (what < 35)
            random_tick(b, card, book);
        else if (what < 60)
            card.commit();
        else if (what < 65 && card.committed)
            card.read_rows();
        else if (what < 90 && card.committed)
            card.sweep();
        else
            card.cycles(b.random.below(300));
        if (b.random.percent(50))
            card.cycles(b.random.below(4));
    }
    card.window_on = false;
    card.cycles(2000);
    if (b.is_long()) {
        uint64_t finishes = 0, checks = 0;
        for (const auto &o : card.outcome) {
            finishes += (o.first >> 15 & 1) != 0 ? o.second : 0;
            checks += (o.first >> 15 & 1) == 0 && (o.first & 255) != PL_STATUS_OK ? o.second : 0;
        }
        if (getenv("PL_VERBOSE") != nullptr)
            printf("window: %" PRIu64 " commits, %" PRIu64 " refused, %" PRIu64
                   " in a sweep; %" PRIu64 " flips, %" PRIu64 " of several commits; %" PRIu64
                   " watched; %" PRIu64 " holds; %" PRIu64 " refused while a flip waits\n",
                   card.window_commits, card.window_refused, card.in_sweep, card.flips,
                   card.merged_flips, card.watched_commits, card.holds, card.stuck);
        if (getenv("PL_VERBOSE") != nullptr)
            for (const auto &o : card.outcome)
                printf("%s kind %u%s status %u: %" PRIu64 "\n", o.first >> 16 ? "tick" : "load",
                       o.first >> 8 & 127, o.first >> 15 & 1 ? " (finish)" : "", o.first & 255,
                       o.second);
        b.expect(finishes >= 2 && checks >= 10 && card.aborted >= 1, "too few broken loads");
        b.expect(card.commits[0] >= 2 && card.commits[1] >= 2 && card.commits[2] >= 1 &&
                     card.commits[3] >= 1,
                 "too few commits of a kind: %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64,
                 card.commits[0], card.commits[1], card.commits[2], card.commits[3]);
        b.expect(card.window_commits >= 100 && card.window_refused >= 10 &&
                     card.merged_flips >= 10 && card.watched_commits >= 50 && card.in_sweep >= 20 &&
                     card.holds >= 10 && card.stuck >= 1,
                 "too few ticks of a kind");
    }
    b.end();

    latencies(b, card, book);

    b.begin("a tick record every second cycle");
    card.full_speed = true;
    while (!card.model.t.complete)
        random_load(b, card, book, true);
    Records r;
    for (unsigned i = 0; i < 500; i++)
        do {
            r.resize(i);
            r.push_back(book.tick(card.model.t));
        } while (r.back().bytes[0] == PL_RECORD_TICK_VOL);
    const uint64_t start = b.cycle;
    card.operation(true, r);
    b.expect(b.cycle - start <= 2 * r.size() + 40, "%" PRIu64 " cycles", b.cycle - start);
    card.commit();
    b.end();
    return b.finish();
}
