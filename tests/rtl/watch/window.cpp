/* The window against a model of what it must make of each line (window.h; records are judged by
 * host/model/tables.c): every tick that it accepts is committed, alone or within a later one, and
 * at every commit the records given so far leave behind what those of the accepted ticks do. The
 * bench is host, tables bus and tables. PL_COUNT: cycles of the random part. */
#include "Vwindow.h"
#include "watch/window.h"

using namespace bench;

enum { VERDICT = 4, LATENCY = 9, STALL_MOST = 8, GAP_MOST = 12, START_MOST = 8, STUCK = 100000 };
enum Pace { FAST, RANDOM, SLOW, STOPPED };

struct Host {
    Bench<Vwindow> &b;
    Book book;
    Master<Vwindow> master;
    Judge judge;
    Stall stall;
    void *memory = nullptr;
    Records load;

    /* Lines taken and not judged yet. */
    struct Pending {
        Line line;
        uint64_t cycle;
    };
    std::deque<Pending> pending;
    uint64_t lines = 0, last_line = 0, longest_stall = 0, refusals = 0, merged = 0, conflated = 0;
    bool loaded_before = false;

    /* The tables. */
    Content reference, given;
    /* What waited at each clear since the last commit: one of these may come, perhaps with those
     * before it, then none. */
    std::deque<std::deque<Tick>> leaving;
    bool must_finish = false, mid_tick = false, held = false, hold = false;
    uint64_t commits = 0, skipped = 0, records = 0, gap = 0, first_valid = 0, tick_start = 0,
             cleared_at = 0;
    Pace pace = FAST;
    unsigned busy = 0, commit_time = 0, refuse_percent = 0;
    bool will_refuse = false;
    uint8_t refuse_status = 0;
    uint32_t held_record[16] = {};
    uint64_t held_tick = 0;
    bool held_commit = false;

    /* What the host believes. */
    uint32_t next = 1;
    uint64_t last = 0, clears = 0;

    explicit Host(Bench<Vwindow> &b) : b(b), book(b.random), master(b), stall(b.random)
    {
        auto &d = b.dut;
        d.clear_i = d.loaded_i = d.load_started_i = d.table_valid_i = d.clear_valid_i = 0;
        d.window_ready_i = d.window_refused_i = 0;
        d.clear_index_i = 0;
    }
    ~Host()
    {
        free(memory);
    }

    void see_item()
    {
        auto &d = b.dut;
        if (held && !d.load_started_i) {
            b.expect(d.window_valid_o, "an item was withdrawn");
            b.expect(d.window_commit_o == held_commit &&
                         (held_commit ? d.window_tick_o == held_tick
                                      : memcmp(held_record, &d.window_record_o[0], 64) == 0),
                     "a waiting item changed");
        }
        if (d.window_valid_o && !mid_tick && !held)
            tick_start = b.cycle;
        held = d.window_valid_o && !d.window_ready_i;
        held_commit = d.window_commit_o;
        held_tick = d.window_tick_o;
        memcpy(held_record, &d.window_record_o[0], 64);
        gap = mid_tick && !d.window_valid_o ? gap + 1 : 0;
        b.expect(gap <= GAP_MOST, "a tick pauses for %" PRIu64 " cycles", gap);
        b.expect(!d.load_started_i || !d.window_valid_o, "an item in a load's first cycle");
        if (d.window_valid_o && first_valid == 0)
            first_valid = b.cycle;
        if (!d.window_valid_o || !d.window_ready_i)
            return;
        if (!d.window_commit_o) {
            pl_line r;
            memcpy(&r, &d.window_record_o[0], sizeof r);
            b.expect(kind_of(r) == PL_RECORD_TICK_PRICE || kind_of(r) == PL_RECORD_TICK_VOL,
                     "record of kind %u", kind_of(r));
            given.apply(r);
            mid_tick = true;
            records++;
            return;
        }
        mid_tick = false;
        commits++;
        std::deque<Tick> *from = &judge.complete;
        for (std::deque<Tick> &ticks : leaving)
            if (has(ticks, d.window_tick_o))
                from = &ticks;
        b.expect(from != &judge.complete || !must_finish, "a tick in progress was not finished");
        b.expect(from == &judge.complete || must_finish || tick_start <= cleared_at + START_MOST,
                 "a tick that was forgotten");
        must_finish = false;
        if (!b.expect(has(*from, d.window_tick_o), "commit of %" PRIu64 ", which does not wait",
                      (uint64_t)d.window_tick_o))
            return;
        for (bool ends = false; !ends; from->pop_front()) {
            ends = from->front().number == d.window_tick_o;
            skipped += !ends;
            for (const pl_line &r : from->front().records)
                reference.apply(r);
        }
        leaving.clear();
        b.expect(given == reference, "what tick %" PRIu64 " leaves behind",
                 (uint64_t)d.window_tick_o);
        busy = pace == SLOW ? 1 + (unsigned)b.random.below(commit_time) : 0;
        if (refuse_percent != 0 && b.random.percent(refuse_percent)) {
            will_refuse = true;
            busy = std::max(busy, 1 + (unsigned)b.random.below(6));
            refuse_status = PL_STATUS_MALFORMED_RECORD;
        }
    }
    static bool has(const std::deque<Tick> &ticks, uint64_t number)
    {
        return std::any_of(ticks.begin(), ticks.end(),
                           [&](const Tick &t) { return t.number == number; });
    }

    void cycle()
    {
        auto &d = b.dut;
        master.drive();
        d.window_refused_i = will_refuse && busy == 1;
        d.window_refused_status_i = d.window_refused_i ? refuse_status : (uint8_t)b.random.bits();
        if (d.window_refused_i && b.random.percent(10)) {
            d.clear_i = !d.load_started_i;
            next = 1;
        }
        if (busy > 0) {
            busy--;
            will_refuse = will_refuse && busy > 0;
        }
        d.window_ready_i = !d.load_started_i && !(hold && !mid_tick) && busy == 0 &&
                           !d.window_refused_i &&
                           (pace == FAST || pace == SLOW || (pace == RANDOM && stall.go()));
        if (pace == SLOW && mid_tick)
            d.window_ready_i = b.random.percent(50);
        b.settle();

        b.expect(d.status_o == judge.status, "status %u, not %u", d.status_o, judge.status);
        b.expect(d.error_valid_o == judge.error, "error_valid_o");
        judge.error = false;
        if (leaving.empty())
            b.expect(d.waiting_o == !judge.complete.empty(), "waiting_o %u, %zu ticks", d.waiting_o,
                     judge.complete.size());
        b.expect(d.waiting_o || !d.window_valid_o, "valid without waiting");

        const bool flush = d.clear_i || d.load_started_i;
        bool waited =
            judge.has_open() || (leaving.empty() ? !judge.complete.empty() : d.waiting_o != 0);
        const bool aw = d.w_axi_awvalid && d.w_axi_awready, ar = d.w_axi_arvalid && d.w_axi_arready;
        if (d.line_o && b.expect(!master.sent.empty(), "a line that was not sent")) {
            pending.push_back({ master.sent.front(), b.cycle + VERDICT - 1 });
            master.sent.pop_front();
            master.taken++;
            lines++;
            last_line = b.cycle;
        }
        if (!master.sent.empty())
            longest_stall = std::max(longest_stall, b.cycle - last_line);
        else
            last_line = b.cycle;
        refusals += d.refused_o;
        merged += d.merged_o;
        conflated += d.conflated_o;
        const bool w = master.see();
        see_item();
        if (!must_finish && b.cycle > cleared_at + START_MOST &&
            !((mid_tick || held) && tick_start <= cleared_at + START_MOST))
            leaving.clear();

        if (flush) {
            waited = waited || !pending.empty();
            leaving.push_back(judge.complete);
            must_finish = mid_tick || held;
            cleared_at = b.cycle;
            pending.clear();
            judge.restart(d.load_started_i && waited ? PL_STATUS_RESET : PL_STATUS_OK);
            if (d.load_started_i) {
                leaving.clear();
                must_finish = held = false;
            }
        }
        if (d.window_refused_i) {
            judge.refused++;
            judge.stop(refuse_status);
        }
        judge.loaded = loaded_before;
        loaded_before = d.loaded_i;
        if (!pending.empty() && pending.front().cycle == b.cycle) {
            judge.verdict(pending.front().line);
            pending.pop_front();
        }
        b.tick();
        master.done(aw, w, ar);
        d.clear_i = d.load_started_i = 0;
    }

    bool quiet()
    {
        return master.idle() && pending.empty() && !b.dut.waiting_o && !mid_tick && busy == 0 &&
               !will_refuse;
    }
    /* The tables take everything: the window must come to rest. */
    void settle_down()
    {
        const Pace before = pace;
        pace = FAST;
        uint64_t n = 0;
        while (!quiet() && b.expect(n++ < STUCK, "the window does not come to rest"))
            cycle();
        for (unsigned i = 0; i < 10; i++)
            cycle();
        b.expect(judge.complete.empty(), "%zu ticks never came", judge.complete.size());
        b.expect(!must_finish, "a tick in progress was never finished");
        b.expect(refusals == judge.refused, "%" PRIu64 " refused, not %" PRIu64, refusals,
                 judge.refused);
        b.expect(lines == master.beats_offered, "%" PRIu64 " lines, not %" PRIu64, lines,
                 master.beats_offered);
        leaving.clear();
        pace = before;
    }
    void clear()
    {
        b.dut.clear_i = 1;
        cycle();
        next = 1;
        /* No number comes twice. */
        last = b.random.percent(10) ? clears++ << 20 : b.random.bits() >> b.random.below(3);
        if (last > UINT64_MAX - (1 << 20))
            last = UINT64_MAX - (1 << 20);
    }

    /* A whole load, as the tables' bus shows it. */
    void run_load()
    {
        auto &d = b.dut;
        hold = true;
        uint64_t n = 0;
        while ((mid_tick || busy > 0 || will_refuse) && b.expect(n++ < STUCK, "a tick never ends"))
            cycle();
        for (uint64_t i = b.random.below(60); i > 0; i--)
            cycle();
        pl_tables t = {};
        do
            load = book.load();
        while (!place(t));
        memcpy(&d.model_i, &load[0], sizeof load[0]);
        d.loaded_i = 0;
        d.load_started_i = 1;
        loaded_before = false;
        judge.tables = t;
        cycle();
        reference.clear();
        given.clear();
        next = 1;
        for (unsigned i = 0; i < std::max(INSTRUMENTS + 0u, EXPIRIES + 0u); i++) {
            d.clear_valid_i = 1;
            d.clear_index_i = i;
            cycle();
        }
        d.clear_valid_i = 0;
        for (const pl_line &r : load) {
            d.table_valid_i = 1;
            memcpy(&d.table_record_i[0], &r, sizeof r);
            cycle();
            d.table_valid_i = 0;
            cycle();
        }
        for (unsigned i = 0; i < 8; i++)
            cycle();
        d.loaded_i = 1;
        hold = false;
        for (unsigned i = 0; i < 4; i++)
            cycle();
    }
    bool place(pl_tables &t)
    {
        pl_model m;
        memcpy(&m, &load[0], sizeof m);
        void *const fresh = aligned_alloc(PL_LINE_BYTES, pl_tables_size(&m, PROFILE));
        pl_tables_place(&t, &m, PROFILE, fresh);
        uint64_t detail;
        bool ok = true;
        for (size_t i = 1; i < load.size(); i++)
            ok = ok && pl_tables_load(&t, &load[i]) == PL_STATUS_OK;
        ok = ok && pl_tables_finish(&t, &detail) == PL_STATUS_OK;
        free(ok ? memory : fresh);
        memory = ok ? fresh : memory;
        return ok;
    }

    pl_line record()
    {
        for (unsigned i = 0;; i++) {
            const pl_line r = book.tick(judge.tables);
            if (kind_of(r) == PL_RECORD_TICK_PRICE ||
                (kind_of(r) == PL_RECORD_TICK_VOL &&
                 pl_tables_tick(&judge.tables, &r) == PL_STATUS_OK))
                return r;
        }
    }
    /* The lines of a tick of so many, its commit included; commit: a line of its own. */
    Records tick(size_t count, bool commit)
    {
        Records r;
        for (size_t i = 0; i < count; i++) {
            r.push_back(record());
            if (commit && i + 1 == count)
                r.back().bytes[0] = PL_RECORD_TICK_COMMIT;
            set_field<uint32_t>(r.back(), offsetof(pl_tick_price, line), next++);
            set_field<uint64_t>(r.back(), offsetof(pl_tick_price, tick), 0);
        }
        last += b.random.percent(90) ? 1 : 1 + b.random.below(100);
        set_field<uint64_t>(r.back(), offsetof(pl_tick_price, tick), last);
        return r;
    }
    void spoil(Records &r)
    {
        pl_line &x = r[b.random.below(r.size())];
        switch (b.random.below(8)) {
        case 0:
            set_field<uint32_t>(x, offsetof(pl_tick_price, line),
                                line_number(x) + 1 - 2 * (uint32_t)b.random.below(2));
            break;
        case 1: std::swap(x, r[b.random.below(r.size())]); break;
        case 2:
        case 3: book.spoil(x); break;
        case 4: x.bytes[0] = (uint8_t)(PL_RECORD_TICK_PRICE + b.random.below(6)); break;
        case 5:
            set_field<uint64_t>(r.back(), offsetof(pl_tick_price, tick),
                                last - 1 - b.random.below(3));
            break;
        case 6: set_field<uint64_t>(r.back(), offsetof(pl_tick_price, tick), 0); break;
        default: r.erase(r.begin() + (long)b.random.below(r.size()));
        }
    }
    void send(const Records &r, unsigned faults)
    {
        for (size_t at = 0; at < r.size();) {
            const size_t most = b.random.percent(5) ? 64 : b.random.percent(50) ? 1 : 8;
            const size_t n = std::min(r.size() - at, 1 + (size_t)b.random.below(most));
            master.burst(Records(r.begin() + (long)at, r.begin() + (long)(at + n)),
                         b.random.below(1000) < faults);
            at += n;
        }
    }
    size_t tick_size(unsigned most)
    {
        const uint64_t what = b.random.below(100);
        return what < 40                 ? 1
               : what < 42 && most >= 64 ? 64
               : what < 43 && most >= 64 ? 65 + b.random.below(5)
                                         : 1 + b.random.below(most);
    }

    /* A random host for so many cycles. */
    void play(uint64_t cycles)
    {
        static const unsigned sizes[] = { 1, 4, 20, 70 };
        const unsigned mistakes = b.random.percent(40) ? 0 : (unsigned)b.random.below(30),
                       most = sizes[b.random.below(4)];
        pace = (Pace)b.random.below(3);
        commit_time = b.random.percent(50) ? 300 : 3000;
        refuse_percent = b.random.percent(70) ? 0 : 5;
        master.full_speed = b.random.percent(40);
        const unsigned fill = b.random.percent(60) ? 100 : 5;
        uint64_t patience = 0;
        for (const uint64_t end = b.cycle + cycles; b.cycle < end;) {
            const bool stopped = b.dut.status_o != PL_STATUS_OK;
            if (stopped && patience == 0) {
                patience = b.random.percent(80) ? 1 + b.random.below(300) : 0;
                if (patience == 0)
                    clear();
            } else if (patience > 0) {
                if (patience > 1)
                    patience--;
                else if (master.idle() && pending.empty()) {
                    patience = 0;
                    clear();
                }
            }
            if (b.random.below(3000) == 0)
                clear();
            if (b.random.below(15000) == 0)
                run_load();
            if (master.waiting() < 40 && (!stopped || b.random.percent(1)) &&
                b.random.percent(fill) && patience == 0) {
                Records r = tick(tick_size(most), b.random.percent(25));
                if (b.random.below(100) < mistakes && b.random.percent(30))
                    spoil(r);
                send(r, mistakes);
            }
            cycle();
        }
        refuse_percent = 0;
        settle_down();
    }
};

static void check_latency(Bench<Vwindow> &b, Host &h)
{
    b.begin("latency of a tick of one line");
    h.master.full_speed = true;
    for (unsigned i = 0; i < 50; i++) {
        h.settle_down();
        if (b.dut.status_o != PL_STATUS_OK)
            h.clear();
        h.send(h.tick(1, i % 5 == 0), 0);
        const uint64_t start = b.cycle;
        h.first_valid = 0;
        for (unsigned n = 0; n < 20; n++)
            h.cycle();
        b.expect(h.first_valid == start + LATENCY, "%" PRIu64 " cycles", h.first_valid - start);
    }
    b.end();
}

/* The tables take nothing: lines must go on, tick after tick, into the store. */
static void check_storm(Bench<Vwindow> &b, Host &h, unsigned most)
{
    h.settle_down();
    h.clear();
    h.last = 1000;
    h.master.full_speed = true;
    const uint64_t commits = h.commits, skipped = h.skipped, records = h.records, merged = h.merged,
                   conflated = h.conflated, ticks = h.judge.accepted_ticks,
                   accepted = h.judge.accepted_records;
    h.pace = STOPPED;
    h.longest_stall = 0;
    for (unsigned i = 0; i < 4000; i++) {
        if (h.master.waiting() < 40)
            h.send(h.tick(1 + b.random.below(most), b.random.percent(10)), 0);
        h.cycle();
    }
    b.expect(h.longest_stall <= STALL_MOST, "the window stalls for %" PRIu64 " cycles",
             h.longest_stall);
    h.settle_down();
    b.expect(b.dut.status_o == PL_STATUS_OK, "status %u", b.dut.status_o);
    b.expect(h.merged - merged == h.skipped - skipped && h.skipped > skipped,
             "%" PRIu64 " merged, %" PRIu64 " skipped", h.merged - merged, h.skipped - skipped);
    b.expect(h.commits - commits + h.skipped - skipped == h.judge.accepted_ticks - ticks,
             "commits");
    b.expect(h.conflated - conflated == h.judge.accepted_records - accepted - (h.records - records),
             "%" PRIu64 " conflated, %" PRIu64 " of %" PRIu64 " records came",
             h.conflated - conflated, h.records - records, h.judge.accepted_records - accepted);
}

static void check_limit(Bench<Vwindow> &b, Host &h)
{
    b.begin("ticks of as many lines as there is room for, and of one more");
    for (unsigned i = 0; i < 24; i++) {
        h.settle_down();
        h.clear();
        h.last = 5;
        h.pace = i & 1 ? STOPPED : FAST;
        for (unsigned n = 0; n < i / 4; n++)
            h.send(h.tick(i & 2 ? 64 : 1 + b.random.below(64), false), 0);
        h.send(h.tick(64, i & 2), 0);
        h.settle_down();
        b.expect(b.dut.status_o == PL_STATUS_OK, "status %u", b.dut.status_o);
        h.pace = i & 1 ? STOPPED : FAST;
        h.send(h.tick(3, false), 0);
        h.send(h.tick(65, i & 2), 0);
        h.send(h.tick(2, false), 0);
        h.settle_down();
        b.expect(b.dut.status_o == PL_STATUS_LIMIT, "status %u", b.dut.status_o);
    }
    b.end();
}

int main()
{
    Bench<Vwindow> b("window", 120000);
    Host h(b);
    b.dut.bus_rst_ni = 0;
    b.reset();
    b.dut.bus_rst_ni = 1;

    b.begin("before the first load");
    h.book.load();
    do
        h.load = h.book.load();
    while (!h.place(h.judge.tables));
    h.send(h.tick(3, false), 0);
    h.settle_down();
    b.expect(b.dut.status_o == PL_STATUS_NOT_LOADED && h.refusals == 3, "status %u",
             b.dut.status_o);
    h.clear();
    b.expect(b.dut.status_o == PL_STATUS_OK, "status %u after a clear", b.dut.status_o);
    h.run_load();
    b.end();

    check_latency(b, h);
    b.begin("storm of ticks while the tables take nothing");
    for (unsigned i = 0; i < 4; i++) {
        static const unsigned sizes[] = { 1, 3, 30, 64 };
        check_storm(b, h, sizes[i]);
        h.run_load();
    }
    b.end();
    check_limit(b, h);

    b.begin("random ticks, mistakes, clears, loads and refusals");
    const uint64_t end = b.cycle + b.count;
    while (b.cycle < end)
        h.play(500 + b.random.below(6000));
    if (getenv("PL_VERBOSE") != nullptr) {
        printf("%" PRIu64 " lines, %" PRIu64 " refused, %" PRIu64 " ticks accepted, %" PRIu64
               " commits, %" PRIu64 " skipped, %" PRIu64 " merged, %" PRIu64 " conflated, %" PRIu64
               " reads\n",
               h.lines, h.refusals, h.judge.accepted_ticks, h.commits, h.skipped, h.merged,
               h.conflated, h.master.reads);
        for (const auto &r : h.judge.first_refusals)
            printf("status %u: %" PRIu64 "\n", r.first, r.second);
    }
    if (b.is_long()) {
        for (const unsigned s : { PL_STATUS_BAD_ADDRESS, PL_STATUS_MALFORMED_RECORD,
                                  PL_STATUS_LIMIT, PL_STATUS_NOT_LOADED })
            b.expect(h.judge.first_refusals[(uint8_t)s] > 0, "never status %u", s);
        b.expect(h.merged > 0 && h.conflated > 0 && h.commits > 0, "too little happened");
    }
    b.end();
    return b.finish();
}
