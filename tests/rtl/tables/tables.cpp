/* The tables room against host/model/tables.c: random loads and ticks, whole and broken, commits,
 * bus failures.
 *
 * The bench keeps what the other rooms would: a live and a frozen tick from the table bus and the
 * freezes, two banks of rows from the jobs, the flips and the copies. A twentieth of the cycles is
 * PL_COUNT. */
#include <algorithm>
#include <deque>
#include <map>

#include "Vtables.h"
#include "tables/book.h"

using namespace bench;

enum { BUS_LATENCY = 5, STUCK = 200000 };

/* struct pl_tables with its memory, and what a card does not take of what the contract allows. */
struct Model {
    pl_tables t = {};
    void *memory = nullptr;

    ~Model()
    {
        free(memory);
    }
    bool fits(const pl_model &m) const
    {
        return pl_tables_size(&m, PROFILE) != 0 && m.instruments <= INSTRUMENTS &&
               m.expiries <= EXPIRIES && m.underlyings <= UNDERLYINGS && m.classes <= CLASSES &&
               m.bracket_tables < BRACKET_TABLES;
    }
    void place(const pl_line &record)
    {
        pl_model m;
        memcpy(&m, &record, sizeof m);
        free(memory);
        memory = aligned_alloc(PL_LINE_BYTES, pl_tables_size(&m, PROFILE));
        pl_tables_place(&t, &m, PROFILE, memory);
    }
    /* What model_load() makes of the first record. */
    uint8_t first(const Records &r) const
    {
        pl_model m;
        if (r.empty() || r[0].bytes[0] != PL_RECORD_MODEL)
            return PL_STATUS_MALFORMED_RECORD;
        memcpy(&m, &r[0], sizeof m);
        return fits(m) ? PL_STATUS_OK : PL_STATUS_LIMIT;
    }
    uint8_t one(bool tick, const pl_line &r)
    {
        if (tick)
            return r.bytes[0] == PL_RECORD_TICK_COMMIT && t.complete
                       ? (uint8_t)PL_STATUS_MALFORMED_RECORD
                       : (uint8_t)pl_tables_tick(&t, &r);
        const uint8_t status = (uint8_t)pl_tables_load(&t, &r);
        return status == PL_STATUS_OK && r.bytes[0] == PL_RECORD_SCENARIO &&
                       reinterpret_cast<const pl_scenario *>(&r)->count > SCENARIOS
                   ? (uint8_t)PL_STATUS_LIMIT
                   : status;
    }
    /* Takes the first `limit` records; `finished`: and ends the load. */
    uint8_t run(bool tick, const Records &r, size_t limit, bool finished, uint64_t *detail,
                size_t *accepted)
    {
        uint8_t status = PL_STATUS_OK;
        size_t i = 0;
        *detail = 0;
        *accepted = 0;
        if (!tick) {
            status = first(r);
            if (status != PL_STATUS_OK || limit == 0)
                return status;
            place(r[0]);
            i = *accepted = 1;
        }
        for (; i < std::min(limit, r.size()); i++) {
            status = one(tick, r[i]);
            *detail = i;
            if (status != PL_STATUS_OK)
                return status;
            *accepted = i + 1;
        }
        *detail = 0;
        return tick || !finished ? status : (uint8_t)pl_tables_finish(&t, detail);
    }
};

struct Card {
    Bench<Vtables> &b;
    Model model;
    Stall source, engine, sweep;
    /* What other rooms keep. */
    std::vector<pl_expiry_tick> live, frozen;
    std::vector<pl_tick_vol> live_vols, frozen_vols;
    std::vector<uint64_t> close_expiry, close_factor; /* 5 words per expiry */
    std::vector<uint64_t> rows[2];
    std::vector<unsigned> priced, copied;
    bool full_speed = false;
    bool bank = false, committed = false, in_commit = false, flipped = false, first_commit = false;
    uint64_t tick_value = 0, generation = 0;
    /* Engine: jobs in work. */
    unsigned work = 0, idle_seen = 0, sweep_left = 0;
    bool idle = true, job_was_waiting = false;
    uint64_t job_waiting = 0;
    /* Bus. */
    Records bus;
    std::deque<uint64_t> taken_at;
    uint64_t clears = 0, commits[4] = {};
    std::map<unsigned, uint64_t> outcome; /* tick << 16 | kind << 8 | status */

    explicit Card(Bench<Vtables> &b)
        : b(b), source(b.random), engine(b.random), sweep(b.random), live(EXPIRIES),
          frozen(EXPIRIES), live_vols(INSTRUMENTS), frozen_vols(INSTRUMENTS),
          close_expiry(5 * EXPIRIES), close_factor(UNDERLYINGS)
    {
        rows[0].resize(INSTRUMENTS);
        rows[1].resize(INSTRUMENTS);
        b.dut.record_start_i = b.dut.record_valid_i = b.dut.record_abort_i = b.dut.commit_start_i =
            0;
        b.dut.record_tick_i = 0;
        b.dut.job_ready_i = 0;
        b.dut.engine_idle_i = 1;
        b.dut.sweep_busy_i = 0;
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
        if (d.table_valid_o) {
            pl_line r;
            memcpy(&r, &d.table_record_o[0], sizeof r);
            bus.push_back(r);
            table(r);
            while (!taken_at.empty() && taken_at.front() + BUS_LATENCY < b.cycle)
                taken_at.pop_front();
            b.expect(!taken_at.empty() && taken_at.front() + BUS_LATENCY == b.cycle,
                     "latency of the table bus");
        }
    }
    void see_commit()
    {
        auto &d = b.dut;
        b.expect(in_commit || !(d.job_valid_o || d.copy_valid_o || d.freeze_expiry_valid_o ||
                                d.freeze_vol_valid_o || d.frozen_expiry_valid_o ||
                                d.frozen_underlying_valid_o || d.commit_done_o),
                 "a step of a commit without a commit");
        if (d.bank_o != bank) {
            b.expect(in_commit && !flipped, "flip without a commit, or twice");
            b.expect(idle && work == 0, "flip while the engine works");
            b.expect(idle_seen == 0, "flip during a sweep");
            bank = d.bank_o;
            flipped = true;
        }
        const bool after = flipped || committed;
        b.expect(d.committed_o == after, "committed");
        if (job_was_waiting)
            b.expect(d.job_valid_o && d.job_instrument_o == job_waiting, "a waiting job changed");
        job_was_waiting = d.job_valid_o && !d.job_ready_i;
        job_waiting = d.job_instrument_o;
        if (d.job_valid_o) {
            b.expect(!flipped, "a job after the flip");
            if (d.job_ready_i) {
                priced.push_back(d.job_instrument_o);
                rows[!bank][d.job_instrument_o % INSTRUMENTS] = generation;
                work += 1 + (unsigned)b.random.below(6);
            }
        }
        if (d.freeze_expiry_valid_o || d.freeze_vol_valid_o || d.frozen_expiry_valid_o ||
            d.frozen_underlying_valid_o || d.copy_valid_o)
            b.expect(flipped, "freeze or copy before the flip");
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
    template <class Port> static uint64_t field(const Port &port, unsigned at, unsigned width)
    {
        uint64_t value = 0;
        for (unsigned i = 0; i < width; i++)
            value |= (uint64_t)(port[(at + i) / 32] >> ((at + i) % 32) & 1) << i;
        return value;
    }
    /* The engine says 5 cycles late whether it is idle. */
    void drive_rooms()
    {
        auto &d = b.dut;
        d.job_ready_i = engine.go();
        if (work > 0 && b.random.percent(50))
            work--;
        busy_history = busy_history << 1 | (work > 0);
        idle = work == 0;
        d.engine_idle_i = (busy_history >> 4 & 1) == 0;
        if (sweep_left > 0)
            sweep_left--;
        else if (!in_commit && b.random.percent(3))
            sweep_left = (unsigned)b.random.below(400);
        idle_seen = d.sweep_busy_i;
        d.sweep_busy_i = sweep_left > 0;
    }
    unsigned busy_history = 0;

    void cycle()
    {
        b.settle();
        see_bus();
        see_commit();
        if (b.dut.table_valid_o &&
            bus.back().bytes[0] == PL_RECORD_MODEL) { /* a new load has no tick */
            committed = false;
            tick_value = 0;
        }
        if (b.dut.record_valid_i && b.dut.record_ready_o)
            taken_at.push_back(b.cycle);
        b.tick();
        drive_rooms();
    }

    /* Runs a LOAD or TICK; abort_after > 0: the bus fails after that many cycles. */
    bool records(bool tick, const Records &r, uint64_t abort_after, uint8_t *status,
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
            const bool took = d.record_valid_i && d.record_ready_o, done = d.record_done_o;
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
                return done;
            }
            if (done) {
                b.expect(next == r.size(), "done after %zu of %zu records", next, r.size());
                return true;
            }
            if (!b.expect(n < STUCK, "an operation never ends"))
                return true;
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
        const bool done = records(tick, r, abort_after, &status, &detail);
        if (!done || abort_after != 0) { /* what was on the bus has effect */
            const Records seen = bus;
            if (!seen.empty() || done)
                model.run(tick, r, seen.size(), false, &expected_detail, &accepted);
            b.expect(seen.size() <= r.size() && same(seen, r, seen.size()),
                     "records of an aborted operation");
            if (done && !tick && !seen.empty()) /* the abort came in the cycle of the end */
                model.t.complete = b.dut.loaded_o;
            aborted++;
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
        }
        b.settle();
        b.expect(b.dut.loaded_o == model.t.complete, "loaded %u", b.dut.loaded_o);
        if (model.t.complete)
            b.expect(b.dut.instruments_o == model.t.model.instruments &&
                         b.dut.multipliers_o == model.t.model.multipliers &&
                         b.dut.model_version_o == model.t.model.model_version &&
                         b.dut.table_version_o == model.t.model.table_version,
                     "counts and versions");
    }
    uint64_t aborted = 0;

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
        pl_tables &t = model.t;
        uint64_t tick = b.random.percent(10) ? b.random.bits() : tick_value + b.random.below(4);
        if (b.random.percent(3))
            tick = tick_value;
        const bool before = d.bank_o;
        if (t.complete) /* a row that C fills loses this */
            memset(t.rows, 0xA5, t.model.instruments * sizeof *t.rows);
        const uint8_t expected = (uint8_t)pl_tables_commit(&t, tick, 0);
        priced.clear();
        copied.clear();
        generation++;
        in_commit = true;
        flipped = false;
        d.commit_start_i = 1;
        d.commit_tick_i = tick;
        d.commit_time_i = b.random.bits();
        cycle();
        d.commit_start_i = 0;
        d.commit_tick_i = b.random.bits();
        bool done = false;
        uint8_t status = 0;
        for (uint64_t n = 0; !done && b.expect(n < STUCK, "a commit never ends"); n++) {
            b.settle();
            done = d.commit_done_o;
            status = d.commit_status_o;
            const uint64_t now = d.tick_o;
            b.expect(!committed || now == (d.bank_o != before ? tick : tick_value),
                     "tick and bank apart");
            cycle();
        }
        in_commit = false;
        b.expect(status == expected, "commit: status %u, not %u", status, expected);
        b.expect(flipped == (expected == PL_STATUS_OK), "flipped %d", flipped);
        commits[expected == PL_STATUS_OK ? committed : expected == PL_STATUS_NOT_LOADED ? 2 : 3]++;
        committed = committed || flipped;
        flipped = false;
        std::vector<unsigned> due;
        if (expected == PL_STATUS_OK) {
            tick_value = tick;
            b.expect(d.tick_o == tick, "tick");
            for (unsigned i = 0; i < t.model.instruments; i++) {
                const unsigned char *bytes = reinterpret_cast<const unsigned char *>(&t.rows[i]);
                if (std::any_of(bytes, bytes + sizeof t.rows[i],
                                [](unsigned char x) { return x != 0xA5; }))
                    due.push_back(i);
            }
            compare_frozen();
        }
        std::sort(priced.begin(), priced.end());
        std::sort(copied.begin(), copied.end());
        b.expect(priced == due, "%zu instruments priced, not %zu", priced.size(), due.size());
        b.expect(copied == due, "%zu instruments copied, not %zu", copied.size(), due.size());
        if (committed)
            for (unsigned i = 0; i < t.model.instruments; i++)
                b.expect(rows[0][i] == rows[1][i], "row %u differs between the banks", i);
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

int main()
{
    Bench<Vtables> b("tables", 150000);
    Card card(b);
    Book book(b.random);
    b.reset();

    b.begin("before the first load");
    card.commit();
    card.operation(true, Records(3));
    card.operation(true, Records());
    card.operation(false, Records());
    b.end();
    every_load_field(b, card, book);
    every_tick_field(b, card, book);

    b.begin("random loads, ticks and commits");
    const uint64_t end = b.cycle + 20 * b.count;
    while (b.cycle < end) {
        const uint64_t what = b.random.below(100);
        if (what < (card.model.t.complete ? 8 : 85))
            random_load(b, card, book, !card.model.t.complete && what < 40);
        else if (what < 60)
            random_tick(b, card, book);
        else
            card.commit();
        for (unsigned i = 0; i < b.random.below(4); i++)
            card.cycle();
    }
    if (b.is_long()) {
        uint64_t finishes = 0, checks = 0;
        for (const auto &o : card.outcome) {
            finishes += (o.first >> 15 & 1) != 0 ? o.second : 0;
            checks += (o.first >> 15 & 1) == 0 && (o.first & 255) != PL_STATUS_OK ? o.second : 0;
        }
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
    }
    b.end();

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
    b.expect(b.cycle - start <= 2 * r.size() + 20, "%" PRIu64 " cycles", b.cycle - start);
    card.commit();
    b.end();
    return b.finish();
}
