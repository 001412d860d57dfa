/* The row engine and the reader against pl_row_fill() of host/model/row.c: random tables, ticks,
 * freezes and jobs, every column, META and quote bit for bit; then what a row costs. PROFILE,
 * SCENARIOS and the capacities come from make. PL_COUNT / 20 is the number of random rows,
 * PL_OPTIONS that of the timed ones. With PL_MUL_SHARE the engine steps every so many cycles. */
#include "Vpl_row_bench.h"
#include "pl_row_tables.h"
#include <algorithm>
#include <cstddef>
#include <deque>
#include <functional>

using namespace bench;

/* From an option's job to its META, less its scenarios; until its scenarios with a skew have left,
 * less their number: if ln(K/F) is not known. */
static const unsigned ROW = PROFILE == 1 ? 190 : 158, SKEWED = PROFILE == 1 ? 283 : 230;
#ifdef PL_MUL_SHARE
static const unsigned STEP = PL_MUL_SHARE; /* cycles of a step */
#else
static const unsigned STEP = 1;
#endif
static const unsigned word_reserved = offsetof(struct pl_row, reserved0) / 8;
static const unsigned word_scenario = offsetof(struct pl_row, scenario) / 8;

struct Job {
    struct pl_row row;
    struct pl_quote quote;
    uint64_t columns = 0; /* written so far */
    uint64_t got[64];
    bool quoted = false;
};

struct Reached {
    uint64_t priced, unpriced, domain, saturated, greeks, orders, wide, known, kinds[5];
};

class Rows
{
  public:
    Bench<Vpl_row_bench> b;
    RowTables tables;
    std::deque<Job> jobs;
    uint64_t evaluations = 0, finished = 0, first_meta = 0, last_meta = 0;
    uint64_t taken = 0, idle_at = 0; /* the last job; idle after it */
    std::function<void(uint64_t, unsigned)> probe;
    Reached reached = {};

    Rows() : b("pl_row_bench", 30000), tables(b.random), stall(b.random), line(b.random)
    {
    }
    void cycle()
    {
        b.settle();
        look();
        if (probe)
            probe(b.cycle, b.dut.stage_o);
        evaluations += b.dut.evaluation_o;
        reached.known += b.dut.stage_o >> 12 & 1;
        b.tick();
        b.dut.table_valid_i = 0;
        b.dut.clear_valid_i = 0;
        b.dut.freeze_expiry_valid_i = 0;
        b.dut.freeze_vol_valid_i = 0;
        b.dut.start_i = 0;
    }
    void load(unsigned options)
    {
        for (uint32_t i = 0; i < INSTRUMENTS || i < EXPIRIES; i++) {
            b.dut.clear_valid_i = 1;
            b.dut.clear_index_i = i;
            cycle();
        }
        tables.make(options);
        send();
    }
    /* What the tables have for the card since the last time. */
    void send()
    {
        for (const struct pl_line &record : tables.records) {
            while (b.random.percent(10))
                cycle();
            for (unsigned i = 0; i < 16; i++)
                memcpy((void *)&b.dut.table_record_i[i], record.bytes + 4 * i, 4);
            b.dut.table_valid_i = 1;
            cycle();
        }
        tables.records.clear();
    }
    void freeze()
    {
        for (uint32_t e = 0; e < tables.model.expiries; e++)
            if (b.random.percent(60)) {
                b.dut.freeze_expiry_valid_i = 1;
                b.dut.freeze_expiry_index_i = (uint16_t)e;
                tables.freeze_expiry(e);
                cycle();
            }
        for (uint32_t i = 0; i < tables.model.instruments; i++)
            if (b.random.percent(60)) {
                b.dut.freeze_vol_valid_i = 1;
                b.dut.freeze_vol_index_i = i;
                tables.freeze_vol(i);
                cycle();
            }
    }
    void job(uint32_t instrument, bool frozen)
    {
        b.dut.job_valid_i = 1;
        b.dut.job_instrument_i = instrument;
        b.dut.job_frozen_i = frozen;
        for (unsigned wait = 0;; wait++) {
            b.settle();
            const bool ready = b.dut.job_ready_o;
            if (ready) {
                taken = b.cycle;
                jobs.emplace_back();
                tables.fill(instrument, frozen, jobs.back().row, jobs.back().quote);
                note(instrument, frozen);
            }
            cycle();
            if (ready)
                break;
            if (!b.expect(wait < 5000 * STEP, "no job is taken"))
                break;
        }
        b.dut.job_valid_i = 0;
    }
    void drain()
    {
        for (unsigned wait = 0; wait < 8000 * STEP; wait++) {
            b.settle();
            if (b.dut.idle_o)
                break;
            cycle();
        }
        idle_at = b.cycle;
        cycle();
        b.expect(b.dut.idle_o && jobs.empty(), "%zu rows never end", jobs.size());
        jobs.clear();
    }
    void batch(unsigned rows, bool frozen, bool gaps)
    {
        for (unsigned i = 0; i < rows; i++) {
            while (gaps && !stall.go())
                cycle();
            job((uint32_t)b.random.below(tables.model.instruments), frozen);
        }
        drain();
    }
    void read(uint32_t first, uint32_t count)
    {
        const uint64_t address = b.random.bits() & ~UINT64_C(63);
        uint64_t lines = 0;
        bool done = false;
        b.dut.start_i = 1;
        b.dut.first_i = first;
        b.dut.count_i = count;
        b.dut.address_i = address;
        reading = true;
        for (uint64_t wait = 0; !done && wait < 2000 * STEP * ((uint64_t)count + 1); wait++) {
            b.dut.line_ready_i = line.go();
            b.settle();
            done = b.dut.done_o;
            if (b.dut.line_valid_o && b.dut.line_ready_i)
                check_line(first, address, lines++);
            cycle();
        }
        reading = false;
        b.expect(done && !b.dut.busy_o && lines == 9 * (uint64_t)count,
                 "%" PRIu64 " lines of %u rows", lines, count);
        drain();
    }

  private:
    Stall stall, line;
    bool reading = false;

    void note(uint32_t instrument, bool frozen)
    {
        const struct pl_row &row = jobs.back().row;
        reached.kinds[row.row]++;
        reached.unpriced += row.flags & PL_FLAG_UNPRICED ? 1 : 0;
        reached.domain += row.flags & PL_FLAG_DOMAIN ? 1 : 0;
        reached.saturated += row.flags & PL_FLAG_SATURATED ? 1 : 0;
        reached.greeks += row.flags & PL_FLAG_GREEKS ? 1 : 0;
        reached.priced += (row.flags & (PL_FLAG_UNPRICED | PL_FLAG_DOMAIN)) == 0;
        reached.wide += tables.wide_multiplier(instrument, frozen) && row.base != 0;
        reached.orders += row.order_long != 0 || row.order_short != 0;
    }
    void check_line(uint32_t first, uint64_t address, uint64_t index)
    {
        struct pl_row row;
        struct pl_quote quote;
        uint64_t want[8], got[8];
        tables.fill(first + (uint32_t)(index / 9), true, row, quote);
        if (index % 9 == 8)
            memcpy(want, &quote, 64);
        else
            memcpy(want, (const char *)&row + 64 * (index % 9), 64);
        for (unsigned i = 0; i < 8; i++)
            got[i] = field(b.dut.line_data_o, 64 * i, 64);
        b.expect(memcmp(got, want, 64) == 0, "line %" PRIu64 " differs", index);
        b.expect(b.dut.line_address_o == address + 64 * index, "address of line %" PRIu64, index);
    }
    Job *under_way(uint32_t instrument, unsigned column)
    {
        for (Job &j : jobs)
            if (j.quote.instrument == instrument && !(j.columns >> column & 1))
                return &j;
        return nullptr;
    }
    void take(uint32_t instrument, unsigned column, uint64_t value)
    {
        Job *j = under_way(instrument, column);
        if (!b.expect(j != nullptr, "column %u of %u again", column, instrument))
            return;
        j->columns |= UINT64_C(1) << column;
        j->got[column] = value;
        if (column == pl_column_meta)
            end(*j);
    }
    void look()
    {
        if (reading)
            return;
        const bool a = b.dut.write_a_valid_o, w = b.dut.write_b_valid_o;
        b.expect(!(a && w && b.dut.write_a_column_o == b.dut.write_b_column_o),
                 "both ports write one column");
        if (a)
            take(b.dut.write_a_instrument_o, b.dut.write_a_column_o, b.dut.write_a_value_o);
        if (b.dut.quote_valid_o && b.expect(!jobs.empty(), "a quote of no row")) {
            check_quote(jobs.front());
            jobs.front().quoted = true;
        }
        if (w)
            take(b.dut.write_b_instrument_o, b.dut.write_b_column_o, b.dut.write_b_value_o);
    }
    void check_quote(const Job &j)
    {
        uint64_t want[8];
        memcpy(want, &j.quote, 64);
        for (unsigned i = 0; i < 8; i++)
            b.expect(field(b.dut.quote_o, 64 * i, 64) == want[i],
                     "quote of %u (kind %u), word %u: %" PRIx64 ", expected %" PRIx64,
                     j.quote.instrument, j.row.row, i, field(b.dut.quote_o, 64 * i, 64), want[i]);
    }
    void end(Job &j)
    {
        uint64_t want[64], all = 0;
        memcpy(want, &j.row, sizeof want);
        b.expect(&j == &jobs.front() && j.quoted, "META or quote of %u too early",
                 j.quote.instrument);
        for (unsigned c = 0; c < 64; c++)
            if (c < word_reserved || (c >= word_scenario && c < word_scenario + SCENARIOS))
                all |= UINT64_C(1) << c;
        b.expect(j.columns == all, "columns %" PRIx64, j.columns);
        const uint64_t meta = (uint64_t)j.row.flags | (uint64_t)j.row.row << 7 |
                              (uint64_t)j.row.is_asset << 10 | (uint64_t)j.row.expiry << 11 |
                              (uint64_t)j.row.margin_class << 25 |
                              (uint64_t)(uint8_t)j.row.row_shift << 37;
        for (unsigned c = 0; c < 64; c++) {
            if (!(j.columns >> c & 1))
                continue;
            const int64_t value = (int64_t)want[c];
            const uint64_t expected = c == 0      ? meta
                                      : value < 0 ? UINT64_C(1) << 63 | (uint64_t)-value
                                                  : (uint64_t)value;
            b.expect(j.got[c] == expected,
                     "instrument %u, kind %u, flags %x, column %u: %" PRIx64 ", expected %" PRIx64,
                     j.quote.instrument, j.row.row, j.row.flags, c, j.got[c], expected);
        }
        finished++;
        last_meta = b.cycle;
        if (finished == 1)
            first_meta = b.cycle;
        jobs.pop_front();
    }
};

/* Options only, all scenarios, jobs without gaps: steps per evaluation. */
static void measure(Rows &r)
{
    const unsigned scenarios = SCENARIOS < 33 ? SCENARIOS : 33;
    const uint64_t options = environment("PL_OPTIONS", INSTRUMENTS);
    r.b.begin("rows of options take a step per evaluation");
    r.load(scenarios);
    r.tables.market();
    r.send();
    for (unsigned i = 0; i < 10; i++)
        r.cycle();
    r.evaluations = r.finished = 0;
    const uint64_t start = r.b.cycle;
    for (uint64_t i = 0; i < options; i++)
        r.job((uint32_t)(i % r.tables.model.instruments), false);
    r.drain();
    const uint64_t cycles = (r.last_meta - start) / STEP;
    const double rows = (double)(options - 1);
    const double steady = (double)(r.last_meta - r.first_meta) / rows / STEP;
    r.b.expect(r.evaluations == options * (scenarios + 3), "%" PRIu64 " evaluations",
               r.evaluations);
    printf("%" PRIu64 " options x %u scenarios: %" PRIu64
           " steps from the first job to the last META, %+.2f %% of "
           "scenarios + 3, %+.2f %% of scenarios; a row every %.2f steps (%+.2f %%)\n",
           options, scenarios, cycles,
           100.0 * ((double)cycles / (double)(options * (scenarios + 3)) - 1),
           100.0 * ((double)cycles / (double)(options * scenarios) - 1), steady,
           100.0 * (steady / (scenarios + 3) - 1));
    const double least = scenarios + 3 < 21 ? 21 : scenarios + 3;
    r.b.expect(steady < 1.02 * least, "a row takes %.2f steps", steady);
    r.b.end();
}

/* A reset empties no memory, and after it the ticks have the same stamps as before. */
static void again(Rows &r)
{
    r.b.begin("other strikes after a reset");
    for (unsigned load = 0; load < 2; load++) {
        r.b.reset();
        r.load(SCENARIOS);
        r.tables.market();
        r.send();
        for (uint32_t i = 0; i < 40; i++)
            r.job(i, false);
        r.drain();
    }
    r.b.end();
}

/* One job at a time, from an idle engine: the cycle of each stage, counted from the job. */
struct Stage {
    const char *name;
    unsigned bit;
    bool last; /* the last time it happens, else the first */
};
static const Stage stages[] = {
    { "inputs read", 3, false },
    { "base issued", 4, false },
    { "first scenario issued", 5, false },
    { "ln(K/F)", 6, false },
    { "skew multipliers", 7, false },
    { "last scenario issued", 5, true },
    { "requirements", 9, false },
    { "base valued", 8, false },
    { "Greeks", 10, false },
    { "last value", 8, true },
    { "last write through a", 1, true },
    { "order columns", 11, false },
    { "META", 0, false },
};
static const unsigned stage_count = sizeof stages / sizeof stages[0];

static uint64_t one_job(Rows &r, uint32_t instrument, uint64_t (&at)[stage_count + 1])
{
    std::fill(at, at + stage_count + 1, 0);
    r.probe = [&](uint64_t cycle, unsigned happens) {
        for (unsigned i = 0; i < stage_count; i++)
            if (happens >> stages[i].bit & 1 && (stages[i].last || at[i] == 0))
                at[i] = cycle - r.taken;
    };
    r.job(instrument, false);
    r.drain();
    at[stage_count] = r.idle_at - r.taken;
    r.probe = nullptr;
    for (unsigned i = 0; i < 8; i++)
        r.cycle();
    return at[stage_count - 1];
}

/* Latency of an option alone after a tick of its forward, then after one of its vol. */
static void latency(Rows &r)
{
    const unsigned scenarios = SCENARIOS < 33 ? SCENARIOS : 33;
    r.b.begin("one row alone");
    r.load(scenarios);
    r.tables.market();
    r.send();
    for (unsigned i = 0; i < 10; i++)
        r.cycle();
    uint64_t forward[stage_count + 1], vol[stage_count + 1], most_forward = 0, most_vol = 0;
    for (uint32_t i = 0; i < 20; i++) {
        const uint64_t f = one_job(r, i, forward);
        r.tables.tick_vol(i);
        r.send();
        for (unsigned wait = 0; wait < 10; wait++)
            r.cycle();
        const uint64_t v = one_job(r, i, vol);
        most_forward = f > most_forward ? f : most_forward;
        most_vol = v > most_vol ? v : most_vol;
    }
    printf("cycles from the job, %u scenarios, %u of them with a skew: forward ticked, vol alone\n",
           scenarios, r.tables.skewed(0));
    for (unsigned i = 0; i <= stage_count; i++)
        printf("    %-24s %4" PRIu64 " %4" PRIu64 "\n", i < stage_count ? stages[i].name : "idle",
               forward[i], vol[i]);
    const unsigned row = ROW + scenarios, skews = r.tables.skewed(0);
    const unsigned computed = skews == 0 || SKEWED + skews < row ? row : SKEWED + skews;
    r.b.expect(most_forward <= computed * STEP && most_vol <= row * STEP,
               "a row takes %" PRIu64 " cycles, %" PRIu64 " if its vol alone ticked", most_forward,
               most_vol);
    r.b.end();
}

int main()
{
    Rows r;
    Bench<Vpl_row_bench> &b = r.b;
    b.dut.job_valid_i = 0;
    b.dut.table_valid_i = 0;
    b.dut.clear_valid_i = 0;
    b.dut.freeze_expiry_valid_i = 0;
    b.dut.freeze_vol_valid_i = 0;
    b.dut.start_i = 0;
    b.dut.line_ready_i = 0;
    b.reset();

    b.begin("random tables and ticks, live and frozen rows");
    const uint64_t rows = b.count / 20;
    while (r.finished < rows) {
        r.load(0);
        for (unsigned tick = 0; tick < 3; tick++) {
            r.tables.tick(tick == 0 ? 94 : 40);
            r.send();
            r.batch(50, false, b.random.percent(50));
            if (tick != 1)
                r.freeze();
            r.batch(30, true, b.random.percent(50));
        }
    }
    b.end();

    b.begin("rows and quotes as lines");
    for (unsigned i = 0; i < 6; i++) {
        const uint32_t first = (uint32_t)b.random.below(r.tables.model.instruments);
        const uint32_t most = r.tables.model.instruments - first;
        r.read(first, i == 0 ? 0 : 1 + (uint32_t)b.random.below(most < 12 ? most : 12));
    }
    r.batch(20, false, true);
    b.end();

    b.begin("every kind of row and flag was reached");
    const Reached &n = r.reached;
    printf("priced %" PRIu64 ", unpriced %" PRIu64 ", domain %" PRIu64 ", saturated %" PRIu64
           ", greeks %" PRIu64 ", orders %" PRIu64 ", wide multipliers %" PRIu64
           ", known multipliers %" PRIu64 ", kinds %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64
           "\n",
           n.priced, n.unpriced, n.domain, n.saturated, n.greeks, n.orders, n.wide, n.known,
           n.kinds[1], n.kinds[2], n.kinds[3], n.kinds[4]);
    const uint64_t few = rows / 200;
    b.expect(n.priced > few && n.unpriced > few && n.domain > few && n.saturated > few &&
                 n.greeks > few && n.orders > few && n.known > few &&
                 (n.wide > 0 || b.count < 100000) && n.kinds[1] > few && n.kinds[2] > few &&
                 n.kinds[3] > few && n.kinds[4] > few,
             "too few of something");
    b.end();

    again(r);
    latency(r);
    measure(r);
    return b.finish();
}
