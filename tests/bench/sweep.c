/* How fast cpu: judges a million accounts of 10 positions (or others) in 3 expiries, by the size of
 * the instrument table: one thread and all processors, beside model:, and beside what the memory
 * gives: rows fetched at random, the lines of each that a position reads, in the way that is
 * fastest. The first accounts are compared with model:, all of them between the threads, byte for
 * byte. Prints medians of rounds in turn, by processor time; where threads work together, by the
 * wall clock.
 *
 *   sweep [--rows] [EXPIRIES [SCENARIOS [ACCOUNTS [ROUNDS [POSITIONS]]]]]
 *                default: 160 (10,240 instruments), 33, 1,000,000, 5, 10 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "clock.h"
#include "cpu/packed.h"
#include "cpu/pool.h"
#include "dev/software.h"
#include "market.h"
#include "rows.h"

#define POSITIONS_MAX (3 * MARKET_PER_EXPIRY)
#define COMPARED 20000
#define ROUNDS_MAX 101
#define FETCHES 1000000 /* of a round */
#define AHEAD_MAX 128   /* rows asked for before the one that is read */
#define HUGE_PAGE (UINT64_C(1) << 21)
#define FILTER PL_STATE_MARGIN_CALL

/* Rows as cpu: keeps them, but for what stands in them, and in pages of both sizes. */
struct fetch {
    size_t row_bytes;
    int vectors;
    char *small, *huge;
    uint32_t *order; /* [FETCHES + AHEAD_MAX]: twice the row, and 1 for a short position */
    /* What is fastest: */
    char *rows;
    unsigned ahead;
    bool first_cache; /* rows are asked for there; or in the second, which waits for more lines */
};

static uint32_t positions = 10; /* of an account */
static volatile uint64_t sink;

static inline void ask(const char *line, bool first_cache)
{
    if (first_cache)
        __builtin_prefetch(line, 0, 3);
    else
        __builtin_prefetch(line, 0, 2);
}

static inline __attribute__((always_inline)) double
fetch_into(const struct fetch *f, const char *rows, unsigned ahead, const bool first_cache)
{
    enum { LINE = sizeof(uint64_t[PL_CPU_LANES]) };
    const int vectors = f->vectors;
    const char *columns = rows + PL_CPU_SCENARIOS * LINE;
    uint64_t sum = 0;
    double start = clock_seconds();
    for (size_t i = 0; i < FETCHES; i++) {
        const uint32_t after = f->order[i + ahead], at = f->order[i];
        const size_t next = (after >> 1) * f->row_bytes, now = (at >> 1) * f->row_bytes;
        ask(rows + next + (after & 1) * PL_CPU_SHORT * LINE, first_cache);
        sum += (uint64_t)rows[now + (at & 1) * PL_CPU_SHORT * LINE];
        for (int v = 0; v < vectors; v++) {
            ask(columns + next + v * LINE, first_cache);
            sum += (uint64_t)columns[now + (size_t)v * LINE];
        }
    }
    sink = sum;
    return clock_seconds() - start;
}

static double fetch(const struct fetch *f)
{
    return f->first_cache ? fetch_into(f, f->rows, f->ahead, true)
                          : fetch_into(f, f->rows, f->ahead, false);
}

static char *pages(size_t bytes, int advice)
{
    size_t whole = (bytes + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
    char *at = aligned_alloc(HUGE_PAGE, whole);
    if (at == NULL)
        market_must(-1, "", "out of memory");
    madvise(at, whole, advice);
    memset(at, 1, whole);
    return at;
}

/* Chooses the pages, the cache and the distance that are fastest here. */
static void fetch_open(struct fetch *f, struct pl_dev *model, uint32_t instruments)
{
    struct pl_cpu_packed packed = { 0 };
    double least = 1e9;
    market_must(pl_cpu_packed_make(&packed, &model->tables), "", "rows");
    *f = (struct fetch){ .row_bytes = packed.stride * sizeof *packed.rows,
                         .vectors = packed.vectors,
                         .order = malloc((FETCHES + AHEAD_MAX) * sizeof *f->order) };
    pl_cpu_packed_free(&packed);
    if (f->order == NULL)
        market_must(-1, "", "out of memory");
    f->small = pages(instruments * f->row_bytes, MADV_NOHUGEPAGE);
    f->huge = pages(instruments * f->row_bytes, MADV_HUGEPAGE);
    for (size_t i = 0; i < FETCHES + AHEAD_MAX; i++)
        f->order[i] = (uint32_t)market_draw(2 * (uint64_t)instruments);
    struct fetch best = *f;
    for (f->ahead = 4; f->ahead <= AHEAD_MAX; f->ahead *= 2) {
        for (int i = 0; i < 12; i++) {
            f->rows = i % 2 == 0 ? f->small : f->huge;
            f->first_cache = i / 2 % 2 == 0;
            double s = fetch(f);
            if (s >= least)
                continue;
            least = s;
            best = *f;
        }
    }
    *f = best;
}

static void fetch_close(struct fetch *f)
{
    free(f->small);
    free(f->huge);
    free(f->order);
}

static double now(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Seconds of every round, by the wall clock and of the whole process on processors. */
struct series {
    double wall[ROUNDS_MAX], busy[ROUNDS_MAX];
};

static void measure(struct pl_dev *dev, const uint64_t *slots, size_t count, struct series *s,
                    int round)
{
    double wall = now(CLOCK_MONOTONIC), busy = now(CLOCK_PROCESS_CPUTIME_ID);
    market_sweep(&pl_dev_cpu_ops, dev, slots, count, FILTER);
    s->wall[round] = now(CLOCK_MONOTONIC) - wall;
    s->busy[round] = now(CLOCK_PROCESS_CPUTIME_ID) - busy;
}

static char label[64]; /* of the table and the scenarios */

static void show(const char *what, const char *unit, double value)
{
    char name[128];
    printf("  %-44s %9.2f %s\n", what, value, unit);
    snprintf(name, sizeof name, "%s | %s", label, what);
    rows_add("sweep", name, unit, value);
}

/* The model's rate, by its best round of a few accounts. */
static double model_rate(struct pl_dev *model, const uint64_t *slots, uint32_t accounts)
{
    double seconds[3];
    for (int i = 0; i < 3; i++) {
        double start = clock_seconds();
        market_sweep(&pl_dev_model_ops, model, slots, (size_t)accounts * (2 + positions) + 1,
                     FILTER);
        seconds[i] = clock_seconds() - start;
    }
    return accounts * (double)positions / rows_median(seconds, 3) / 1e6;
}

/* What needs a stream of few accounts. */
static double compare_few(struct pl_dev *one, struct pl_dev *model, uint64_t *slots,
                          uint32_t accounts)
{
    size_t count = market_accounts(slots, accounts, positions);
    market_compare(&pl_dev_cpu_ops, one, &pl_dev_model_ops, model, slots, count, PL_STATE_HEALTHY);
    return model_rate(model, slots, accounts);
}

static void run(uint32_t instruments, uint64_t *slots, uint32_t accounts, int rounds)
{
    static struct series alone, together;
    static double fetches[ROUNDS_MAX], shares[ROUNDS_MAX], gains[ROUNDS_MAX];
    char text[64];
    struct fetch f;
    const unsigned threads = pl_cpu_processors();
    snprintf(text, sizeof text, "threads=%u", threads);
    struct pl_dev *model = market_open_model(), *one = market_open_cpu("");
    struct pl_dev *all = market_open_cpu(text);
    double slow = compare_few(one, model, slots, accounts < COMPARED ? accounts : COMPARED);
    fetch_open(&f, model, instruments);
    size_t count = market_accounts(slots, accounts, positions);
    market_compare(&pl_dev_cpu_ops, all, &pl_dev_cpu_ops, one, slots, count, PL_STATE_HEALTHY);
    for (int i = 0; i < rounds; i++) {
        measure(one, slots, count, &alone, i);
        measure(all, slots, count, &together, i);
        fetches[i] = fetch(&f) / FETCHES;
        shares[i] = fetches[i] / (alone.busy[i] / accounts / positions);
        gains[i] = alone.wall[i] / together.wall[i];
    }
    const double m = accounts * (double)positions / 1e6;
    const size_t n = (size_t)rounds;
    printf("%s: %" PRIu32 " accounts of %" PRIu32
           " positions, rows of %zu bytes, %d lines of 64 of each are read; the "
           "limit with %s pages, into the %s cache, %u rows ahead\n",
           label, accounts, positions, f.row_bytes, 1 + f.vectors,
           f.rows == f.huge ? "huge" : "small", f.first_cache ? "first" : "second", f.ahead);
    show("model:", "M positions/s", slow);
    show("one thread", "M positions/s", m / rows_median(alone.busy, n));
    show("one thread, by the wall clock", "M positions/s", m / rows_median(alone.wall, n));
    snprintf(text, sizeof text, "%u threads, by the wall clock", threads);
    show(text, "M positions/s", m / rows_median(together.wall, n));
    snprintf(text, sizeof text, "%u threads over one, by the wall clock", threads);
    show(text, "x", rows_median(gains, n));
    snprintf(text, sizeof text, "%u threads over one, by processor time", threads);
    show(text, "x", threads * rows_median(alone.busy, n) / rows_median(together.busy, n));
    show("random rows the memory gives", "M rows/s", 1 / rows_median(fetches, n) / 1e6);
    show("share of them that one thread reaches", "%", 100 * rows_median(shares, n));
    fetch_close(&f);
    pl_dev_model_ops.close(model);
    pl_dev_cpu_ops.close(one);
    pl_dev_cpu_ops.close(all);
}

int main(int argc, char **argv)
{
    rows_start(&argc, argv);
    unsigned long expiries = argc > 1 ? strtoul(argv[1], NULL, 0) : 160;
    unsigned long scenarios = argc > 2 ? strtoul(argv[2], NULL, 0) : 33;
    unsigned long accounts = argc > 3 ? strtoul(argv[3], NULL, 0) : 1000000;
    unsigned long rounds = argc > 4 ? strtoul(argv[4], NULL, 0) : 5;
    unsigned long each = argc > 5 ? strtoul(argv[5], NULL, 0) : positions;
    if (expiries < 3 || expiries > MARKET_EXPIRIES_MAX || scenarios < 1 ||
        scenarios > PL_SCENARIOS_MAX || accounts < 1 || accounts > 100000000 || rounds < 1 ||
        rounds > ROUNDS_MAX || each < 1 || each > POSITIONS_MAX) {
        fprintf(stderr,
                "sweep: EXPIRIES 3..%d, SCENARIOS 1..%d, ACCOUNTS 1..100000000, ROUNDS 1..%d, "
                "POSITIONS 1..%d\n",
                MARKET_EXPIRIES_MAX, PL_SCENARIOS_MAX, ROUNDS_MAX, POSITIONS_MAX);
        return 2;
    }
    positions = (uint32_t)each;
    uint64_t *slots = malloc((accounts * (2 + positions) + 1) * sizeof *slots);
    if (slots == NULL)
        market_must(-1, "", "out of memory");
    const uint32_t instruments = (uint32_t)expiries * MARKET_PER_EXPIRY;
    market_resize((uint16_t)expiries, (uint8_t)scenarios);
    snprintf(label, sizeof label, "%" PRIu32 " instruments | %lu scenarios", instruments,
             scenarios);
    run(instruments, slots, (uint32_t)accounts, (int)rounds);
    free(slots);
    return 0;
}
