/* How fast cpu: sweeps: 10,240 options in 160 expiries, 12 positions an account in 3 expiries, the
 * whole close, with 16 and with 33 scenarios, by each instruction set and by model:. The first
 * accounts are compared with model:, byte for byte. Prints millions of positions per second of
 * processor time, medians of short rounds in turn; then ticks of accounts that stay. Judges nothing
 * but the comparisons.
 *
 *   cpu [--rows] [ACCOUNTS]    default: 40,000 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "market.h"
#include "rows.h"
#include "cpu/isa.h"
#include "cpu/packed.h"
#include "cpu/resident.h"
#include "dev/software.h"

#define EXPIRIES 160
#define POSITIONS 12
#define SPREAD 3 /* expiries of an account */
#define COMPARED 1000
#define SHORT 4000 /* accounts of a round: half a millisecond */
#define ROUNDS 100
#define TURN 10 /* rounds of one instruction set, then those of the next */

static char label[64]; /* the scenarios, for rows */

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
    char row[128];
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
    }
    double part = rows_median(seconds[0], TICKS), whole = rows_median(seconds[1], TICKS);
    printf("  tick of %-34s %7.1f us, all again %.1f us (x %.0f); %.0f of %u accounts judged\n",
           name, part * 1e6, whole * 1e6, whole / part, (double)judged / TICKS, accounts);
    snprintf(row, sizeof row, "%s | %s | holders", label, name);
    rows_add("tick", row, "us", part * 1e6);
    snprintf(row, sizeof row, "%s | %s | all again", label, name);
    rows_add("tick", row, "us", whole * 1e6);
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

/* A way of judging, and its rounds. */
struct way {
    const char *name;
    const struct pl_dev_ops *ops;
    struct pl_dev *dev; /* NULL: not on this processor */
    uint32_t accounts;  /* of a round */
    double seconds[ROUNDS];
};

/* M positions/s of one shape by every way that is here: rounds in turns. */
static void show(const struct shape *shape, struct way ways[SETS + 1], uint64_t *slots)
{
    struct way *model = &ways[SETS];
    size_t few = make_stream(slots, model->accounts, shape->even);
    for (size_t i = 0; i < SETS; i++) {
        if (ways[i].dev != NULL)
            market_compare(ways[i].ops, ways[i].dev, model->ops, model->dev, slots, few,
                           shape->filter);
    }
    for (int round = 0; round < ROUNDS; round += TURN) {
        for (struct way *w = ways; w <= model; w++) {
            size_t count = make_stream(slots, w->accounts, shape->even);
            for (int i = round; w->dev != NULL && i < round + TURN; i++) {
                double start = clock_seconds();
                market_sweep(w->ops, w->dev, slots, count, shape->filter);
                w->seconds[i] = clock_seconds() - start;
            }
        }
    }
    printf("  %-42s", shape->name);
    for (struct way *w = ways; w <= model; w++) {
        char row[128];
        snprintf(row, sizeof row, "%s | %s | %s", label, shape->name, w->name);
        if (w->dev == NULL) {
            rows_missing("sweep", row, "not on this processor");
            continue;
        }
        double rate = w->accounts * (double)POSITIONS / rows_median(w->seconds, ROUNDS) / 1e6;
        printf("  %s %7.1f", w->name, rate);
        rows_add("sweep", row, "M positions/s", rate);
    }
    printf("\n");
}

static void open_ways(struct way ways[SETS + 1], uint32_t accounts)
{
    for (size_t i = 0; i < SETS; i++) {
        const struct pl_cpu_isa *isa = pl_cpu_isa_find(sets[i]);
        char options[32];
        snprintf(options, sizeof options, "isa=%s", sets[i]);
        ways[i].name = sets[i];
        ways[i].ops = &pl_dev_cpu_ops;
        ways[i].accounts = accounts < SHORT ? accounts : SHORT;
        ways[i].dev = isa != NULL && pl_cpu_isa_here(isa) ? market_open_cpu(options) : NULL;
    }
    ways[SETS].name = "model:";
    ways[SETS].ops = &pl_dev_model_ops;
    ways[SETS].accounts = accounts < COMPARED ? accounts : COMPARED;
    ways[SETS].dev = market_open_model();
}

int main(int argc, char **argv)
{
    static const uint8_t scenarios[] = { 16, 33 };
    static struct way ways[SETS + 1];
    rows_start(&argc, argv);
    uint32_t accounts = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 0) : 40000;
    uint64_t *slots = malloc(((size_t)accounts * (POSITIONS + 2) + 1) * sizeof *slots);
    if (slots == NULL)
        return 1;
    for (size_t g = 0; g < sizeof scenarios / sizeof scenarios[0]; g++) {
        market_resize(EXPIRIES, scenarios[g]);
        snprintf(label, sizeof label, "%d scenarios", scenarios[g]);
        printf("%s: M positions/s of one thread\n", label);
        open_ways(ways, accounts);
        for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++)
            show(&shapes[i], ways, slots);
        size_t count = make_stream(slots, accounts, true);
        ticks("an option's vol", vol_line, slots, count, accounts);
        ticks("a forward of 64 options", price_line, slots, count, accounts);
        for (size_t i = 0; i <= SETS; i++) {
            if (ways[i].dev != NULL)
                ways[i].ops->close(ways[i].dev);
        }
    }
    free(slots);
    return 0;
}
