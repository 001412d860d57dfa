/* How fast cpu: sweeps: 10,240 options in 160 expiries, 12 positions an account in 3 expiries, the
 * whole close, with 16 and with 33 scenarios. The first accounts are compared with model:, byte for
 * byte. Prints millions of positions per second of processor time, the best of many short rounds;
 * then threads, and ticks of accounts that stay. Judges nothing but the comparisons.
 *
 *   cpu [ACCOUNTS]    default: 40,000 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "market.h"
#include "cpu/isa.h"
#include "cpu/packed.h"
#include "cpu/pool.h"
#include "cpu/resident.h"
#include "dev/software.h"

#define EXPIRIES 160
#define POSITIONS 12
#define SPREAD 3 /* expiries of an account */
#define COMPARED 1000
#define SHORT 4000 /* accounts of a round: half a millisecond */
#define ROUNDS 400
#define TURN 20 /* rounds of one instruction set, then those of the next */
#define THREAD_ACCOUNTS 12000
#define THREAD_ROUNDS 400
#define PIECE 1024

static struct pl_verdict verdicts[PIECE];

/* `even`: as many positions in each of the expiries. Slots written. */
static size_t make_account(uint64_t *slots, uint32_t account, bool even)
{
    size_t n = market_header(slots, account, market_draw(100) < 3);
    uint32_t first = (uint32_t)market_draw(EXPIRIES - SPREAD + 1), left = POSITIONS;
    for (uint32_t e = 0; e < SPREAD; e++) {
        uint32_t most = left - (SPREAD - 1 - e), count = left;
        if (e + 1 < SPREAD)
            count = even ? POSITIONS / SPREAD : 1 + (uint32_t)market_draw(most);
        left -= count;
        uint32_t room = MARKET_PER_EXPIRY / count;
        for (uint32_t p = 0; p < count; p++)
            slots[n++] = market_position((first + e) * MARKET_PER_EXPIRY + p * room +
                                         (uint32_t)market_draw(room));
    }
    return n;
}

static size_t make_stream(uint64_t *slots, uint32_t accounts, bool even)
{
    size_t n = 0;
    market_restart();
    for (uint32_t a = 0; a < accounts; a++)
        n += make_account(slots + n, a, even);
    slots[n++] = (uint64_t)PL_TAG_END << 56;
    return n;
}

/* Seconds of one sweep. */
static double sweep(const struct pl_dev_ops *ops, struct pl_dev *dev, const uint64_t *slots,
                    size_t count, uint8_t filter)
{
    double start = clock_seconds();
    market_must(ops->sweep(dev, slots, count, filter, false), "", "sweep");
    int got;
    while ((got = ops->poll(dev, verdicts, PIECE, NULL)) > 0)
        ;
    market_must(got, "", "poll");
    return clock_seconds() - start;
}

static void compare(struct pl_dev *cpu, struct pl_dev *model, const uint64_t *slots, size_t count,
                    uint8_t filter)
{
    static struct pl_verdict expected[PIECE];
    struct pl_tick_summary summary[2];
    int got;
    market_must(pl_dev_cpu_ops.sweep(cpu, slots, count, filter, false), "", "sweep");
    market_must(pl_dev_model_ops.sweep(model, slots, count, filter, false), "", "sweep");
    do {
        got = pl_dev_cpu_ops.poll(cpu, verdicts, PIECE, &summary[0]);
        market_must(got, "", "poll");
        if (pl_dev_model_ops.poll(model, expected, PIECE, &summary[1]) != got ||
            memcmp(verdicts, expected, (size_t)got * sizeof verdicts[0]) != 0 ||
            (got == 0 && memcmp(&summary[0], &summary[1], sizeof summary[0]) != 0)) {
            fprintf(stderr, "cpu: differs from model:\n");
            exit(1);
        }
    } while (got > 0);
}

static double best(const struct pl_dev_ops *ops, struct pl_dev *dev, const uint64_t *slots,
                   size_t count, uint8_t filter, int rounds)
{
    double least = 1e9;
    for (int i = 0; i < rounds; i++) {
        double s = sweep(ops, dev, slots, count, filter);
        least = s < least ? s : least;
    }
    return least;
}

static double wall_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* The same sweep by one thread and by all processors in turn, by the wall clock: it needs a moment
 * when nobody else uses them. */
static void by_threads(const uint64_t *slots, size_t count, uint32_t accounts)
{
    static struct pl_verdict many[65536];
    unsigned threads = pl_cpu_processors();
    struct pl_dev *cpu[2];
    double least[2] = { 1e9, 1e9 };
    for (int i = 0; i < 2; i++) {
        char options[32];
        snprintf(options, sizeof options, "threads=%u", i == 0 ? 1 : threads);
        cpu[i] = market_open_cpu(options);
    }
    for (int round = 0; round < 2 * THREAD_ROUNDS; round++) {
        int i = round % 2;
        double start = wall_seconds();
        market_must(pl_dev_cpu_ops.sweep(cpu[i], slots, count, PL_STATE_MARGIN_CALL, false), "",
                    "sweep");
        while (pl_dev_cpu_ops.poll(cpu[i], many, 65536, NULL) > 0)
            ;
        double s = wall_seconds() - start;
        least[i] = s < least[i] ? s : least[i];
    }
    double rate = accounts * (double)POSITIONS / 1e6;
    printf("  1 and %u threads, by the wall clock           %7.1f, %.1f  (x %.2f)\n", threads,
           rate / least[0], rate / least[1], least[0] / least[1]);
    for (int i = 0; i < 2; i++)
        pl_dev_cpu_ops.close(cpu[i]);
}

static struct pl_line price_line(uint64_t tick)
{
    struct pl_line line;
    struct pl_tick_price price = market_price(0, (int64_t)(tick % 7));
    memcpy(&line, &price, sizeof line);
    return line;
}

static struct pl_line vol_line(uint64_t tick)
{
    struct pl_line line;
    struct pl_tick_vol vol = { .kind = PL_RECORD_TICK_VOL,
                               .index = (uint32_t)market_draw(EXPIRIES * MARKET_PER_EXPIRY),
                               .vol = (UINT64_C(1) << PL_VOL_BITS) / 100 * (50 + tick % 7) };
    memcpy(&line, &vol, sizeof line);
    return line;
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* Accounts that stay, and the same as a stream. */
struct book {
    struct pl_dev *dev;
    const struct pl_cpu_isa *isa;
    struct pl_cpu_packed packed;
    struct pl_cpu_resident resident;
    const uint64_t *slots;
    size_t count;
    uint32_t accounts;
    struct pl_verdict *all, *listed; /* [accounts + 1] */
};

static size_t take(void *context, struct pl_sweep *sweep, struct pl_verdict *out, size_t max)
{
    const struct book *b = context;
    return b->isa->take(&b->packed, sweep, out, max);
}

static void open_book(struct book *b, const uint64_t *slots, size_t count, uint32_t accounts)
{
    *b = (struct book){ .dev = market_open_model(),
                        .isa = pl_cpu_isa_best(),
                        .slots = slots,
                        .count = count,
                        .accounts = accounts,
                        .all = malloc(((size_t)accounts + 1) * sizeof *b->all),
                        .listed = malloc(((size_t)accounts + 1) * sizeof *b->all) };
    if (b->all == NULL || b->listed == NULL || b->isa->take == NULL)
        exit(1);
    b->dev->tables.price = b->isa->price;
    market_must(pl_cpu_packed_make(&b->packed, &b->dev->tables), "", "rows");
    pl_cpu_packed_renew(&b->packed, b->dev->tables.repriced, b->dev->tables.repriced_count);
    market_must(pl_cpu_resident_make(&b->resident, &b->dev->tables, slots, count, PL_STATE_HEALTHY),
                "", "accounts");
    market_must((int)pl_cpu_resident_judge(&b->resident, take, b), "", "judge");
}

static void close_book(struct book *b)
{
    pl_cpu_resident_free(&b->resident);
    pl_cpu_packed_free(&b->packed);
    pl_dev_model_ops.close(b->dev);
    free(b->all);
    free(b->listed);
}

static void commit(struct book *b, const struct pl_line *record)
{
    struct pl_tables *t = &b->dev->tables;
    market_must(-(int)pl_tables_tick(t, record), "", "tick");
    market_must(-(int)pl_tables_commit(t, t->tick + 1, 1), "", "commit");
    pl_cpu_packed_renew(&b->packed, b->dev->tables.repriced, b->dev->tables.repriced_count);
    pl_cpu_resident_note(&b->resident);
}

static size_t sweep_all(struct book *b)
{
    struct pl_sweep s;
    pl_sweep_start(&s, &b->dev->tables, b->slots, b->count, PL_STATE_HEALTHY);
    return take(b, &s, b->all, (size_t)b->accounts + 1);
}

static void compare_book(struct book *b)
{
    struct pl_sweep s;
    size_t n = sweep_all(b);
    pl_sweep_start(&s, &b->dev->tables, b->slots, b->count, PL_STATE_HEALTHY);
    if (pl_cpu_resident_list(&b->resident, &s, b->listed, b->accounts) != n ||
        memcmp(b->all, b->listed, n * sizeof *b->all) != 0) {
        fprintf(stderr, "cpu: accounts that stay differ from the sweep\n");
        exit(1);
    }
}

/* Ticks of one line, commit included, in the median: every account again, or those that it can have
 * changed; each way by itself, as it would run. Every 20th tick is compared. */
static void ticks(const char *name, struct pl_line (*line)(uint64_t), const uint64_t *slots,
                  size_t count, uint32_t accounts)
{
    enum { TICKS = 401 };
    static double seconds[2][TICKS];
    struct book b;
    int64_t judged = 0;
    open_book(&b, slots, count, accounts);
    for (int way = 0; way < 2; way++) {
        for (int i = 0; i < TICKS; i++) {
            struct pl_line record = line((uint64_t)i);
            double start = clock_seconds();
            commit(&b, &record);
            if (way == 0)
                judged += pl_cpu_resident_judge(&b.resident, take, &b);
            else
                sweep_all(&b);
            seconds[way][i] = clock_seconds() - start;
            if (way == 0 && i % 20 == 0)
                compare_book(&b);
        }
        qsort(seconds[way], TICKS, sizeof seconds[way][0], compare_doubles);
    }
    double part = seconds[0][TICKS / 2], whole = seconds[1][TICKS / 2];
    printf("  %-42s %7.1f us, all again %.1f us (x %.0f); %.0f of %u accounts judged\n", name,
           part * 1e6, whole * 1e6, whole / part, (double)judged / TICKS, accounts);
    close_book(&b);
}

static const struct shape {
    const char *name;
    bool even;
    uint8_t filter;
} shapes[] = {
    { "4 + 4 + 4 positions, from margin call on", true, PL_STATE_MARGIN_CALL },
    { "4 + 4 + 4 positions, all verdicts", true, PL_STATE_HEALTHY },
    { "split at random, from margin call on", false, PL_STATE_MARGIN_CALL },
    { "split at random, all verdicts", false, PL_STATE_HEALTHY },
};
static const char *const sets[] = { "avx512", "avx2" };
#define SETS (sizeof sets / sizeof sets[0])

/* One shape by every instruction set that is here, beside model:. */
static void show(const struct shape *shape, struct pl_dev *const cpu[SETS], struct pl_dev *model,
                 uint64_t *slots, uint32_t accounts)
{
    uint32_t few = accounts < COMPARED ? accounts : COMPARED;
    uint32_t short_round = accounts < SHORT ? accounts : SHORT;
    double least[SETS] = { 1e9, 1e9 };
    size_t count = make_stream(slots, few, shape->even);
    for (size_t i = 0; i < SETS; i++) {
        if (cpu[i] != NULL)
            compare(cpu[i], model, slots, count, shape->filter);
    }
    double slow = best(&pl_dev_model_ops, model, slots, count, shape->filter, 40);
    count = make_stream(slots, short_round, shape->even);
    for (int round = 0; round < ROUNDS / TURN; round++) {
        for (size_t i = 0; i < SETS; i++) {
            double s = cpu[i] == NULL
                           ? 1e9
                           : best(&pl_dev_cpu_ops, cpu[i], slots, count, shape->filter, TURN);
            least[i] = s < least[i] ? s : least[i];
        }
    }
    printf("  %-42s", shape->name);
    for (size_t i = 0; i < SETS; i++) {
        double rate = short_round * (double)POSITIONS / least[i] / 1e6;
        if (cpu[i] != NULL)
            printf("  %s %7.1f (x %.1f)", sets[i], rate,
                   rate / (few * (double)POSITIONS / slow / 1e6));
    }
    printf("\n");
}

int main(int argc, char **argv)
{
    static const uint8_t scenarios[] = { 16, 33 };
    uint32_t accounts = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 0) : 40000;
    uint64_t *slots = malloc(((size_t)accounts * (POSITIONS + 2) + 1) * sizeof *slots);
    if (slots == NULL)
        return 1;
    for (size_t g = 0; g < sizeof scenarios; g++) {
        market_resize(EXPIRIES, scenarios[g]);
        struct pl_dev *model = market_open_model(), *cpu[SETS] = { NULL };
        printf("%d scenarios: M positions/s of one thread (and times model:)\n", scenarios[g]);
        for (size_t i = 0; i < SETS; i++) {
            const struct pl_cpu_isa *isa = pl_cpu_isa_find(sets[i]);
            char options[32];
            snprintf(options, sizeof options, "isa=%s", sets[i]);
            if (isa != NULL && pl_cpu_isa_here(isa))
                cpu[i] = market_open_cpu(options);
            else
                printf("  %s: not on this processor\n", sets[i]);
        }
        for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++)
            show(&shapes[i], cpu, model, slots, accounts);
        uint32_t some = accounts < THREAD_ACCOUNTS ? accounts : THREAD_ACCOUNTS;
        by_threads(slots, make_stream(slots, some, true), some);
        size_t count = make_stream(slots, accounts, true);
        ticks("tick of a vol, median", vol_line, slots, count, accounts);
        ticks("tick of a forward (64 options), median", price_line, slots, count, accounts);
        pl_dev_model_ops.close(model);
        for (size_t i = 0; i < SETS; i++) {
            if (cpu[i] != NULL)
                pl_dev_cpu_ops.close(cpu[i]);
        }
    }
    free(slots);
    return 0;
}
