/* What risk budgets cost: 10,240 options in 160 expiries, 12 positions an account in 3 expiries.
 * Prints the time of a tick that moves every price a little, as accounts grow tenfold; of giving an
 * account its budget; and of judging it instead, by cpu:. Judges nothing.
 *
 *   guard [--rows] [ACCOUNTS]    default: 40,000 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "guard/guard.h"
#include "market.h"
#include "dev/software.h"
#include "rows.h"

#define EXPIRIES 160
#define POSITIONS 12
#define SPREAD 3
#define TICKS 200
#define BATCH 100 /* accounts at a time */
#define SLOTS (2 + POSITIONS)

static size_t make_account(uint64_t *slots, uint32_t account)
{
    size_t n = market_header(slots, account, false);
    uint32_t first = (uint32_t)market_draw(EXPIRIES - SPREAD + 1);
    uint32_t room = MARKET_PER_EXPIRY / (POSITIONS / SPREAD);
    for (uint32_t p = 0; p < POSITIONS; p++)
        slots[n++] = market_position((first + p / (POSITIONS / SPREAD)) * MARKET_PER_EXPIRY +
                                     p % (POSITIONS / SPREAD) * room + (uint32_t)market_draw(room));
    return n;
}

/* Seconds of one tick: index and forwards move together. */
static double tick(struct pl_guard *guard, uint64_t number, int64_t more)
{
    static struct pl_line lines[EXPIRIES + 1];
    for (uint16_t e = 0; e < EXPIRIES; e++) {
        struct pl_tick_price price = market_price(e, more);
        price.index_price += (uint64_t)more;
        memcpy(&lines[e], &price, sizeof price);
    }
    struct pl_tick_commit commit = { .kind = PL_RECORD_TICK_COMMIT, .tick = number, .time_us = 1 };
    memcpy(&lines[EXPIRIES], &commit, sizeof commit);
    double start = clock_seconds();
    market_must(pl_guard_tick(guard, lines, EXPIRIES + 1), "", "tick");
    return clock_seconds() - start;
}

/* Seconds of giving a batch of accounts their budgets, every price new since the last time. */
static double give(struct pl_guard *guard, uint32_t first, const uint64_t *slots,
                   const struct pl_verdict *verdicts)
{
    double start = clock_seconds();
    for (uint32_t a = first; a < first + BATCH; a++)
        pl_guard_judged(guard, a, slots + (size_t)a * SLOTS, SLOTS, &verdicts[a]);
    return clock_seconds() - start;
}

/* Seconds of judging it. */
static double judge(struct pl_dev *cpu, uint32_t first, const uint64_t *slots)
{
    static uint64_t batch[BATCH * SLOTS + 1];
    static struct pl_verdict verdicts[BATCH + 1];
    memcpy(batch, slots + (size_t)first * SLOTS, BATCH * SLOTS * sizeof *batch);
    batch[BATCH * SLOTS] = (uint64_t)PL_TAG_END << 56;
    double start = clock_seconds();
    market_must(pl_dev_cpu_ops.sweep(cpu, batch, BATCH * SLOTS + 1, 0, false), "", "sweep");
    while (pl_dev_cpu_ops.poll(cpu, verdicts, BATCH + 1, NULL) > 0) {
    }
    return clock_seconds() - start;
}

static double least(double a, double b)
{
    return a < b ? a : b;
}

static void measure(uint32_t accounts, struct pl_dev *cpu, const uint64_t *slots,
                    const struct pl_verdict *verdicts)
{
    struct pl_guard *guard = pl_guard_open(accounts, PL_STATE_BANKRUPT + 1);
    const struct pl_line *records;
    const uint32_t *due;
    static double seconds[TICKS];
    char row[64];
    size_t count;
    double given = 1e9, judged = 1e9;
    if (guard == NULL)
        market_must(-1, "", "out of memory");
    records = market_load(&count);
    market_must(pl_guard_load(guard, records, count, PL_PROFILE_FULL), "", "load");
    records = market_tick(1, &count);
    market_must(pl_guard_tick(guard, records, count), "", "tick");
    for (uint32_t a = 0; a < accounts; a += BATCH)
        give(guard, a, slots, verdicts);
    for (uint64_t n = 0; n < TICKS; n++)
        seconds[n] = tick(guard, n + 2, n % 2 == 0 ? 7 : -7); /* a millionth */
    const double calm = rows_median(seconds, TICKS);
    size_t due_count = pl_guard_due(guard, &due);
    for (uint64_t n = 0; n < TICKS; n++) {
        uint32_t first = (uint32_t)n * BATCH % accounts;
        tick(guard, TICKS + n + 2, n % 2 == 0 ? 7 : -7);
        given = least(given, give(guard, first, slots, verdicts));
        judged = least(judged, judge(cpu, first, slots));
    }
    printf("  %8u accounts: calm tick %6.1f us, due after %d of them %zu; a budget %.2f us, %.1f "
           "times judging\n",
           accounts, calm * 1e6, TICKS, due_count, given / BATCH * 1e6, given / judged);
    snprintf(row, sizeof row, "%u accounts | a calm tick of all prices | risk budgets", accounts);
    rows_add("tick", row, "us", calm * 1e6);
    pl_guard_close(guard);
}

int main(int argc, char **argv)
{
    rows_start(&argc, argv);
    uint32_t accounts = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 0) : 40000;
    uint64_t *slots = malloc(((size_t)accounts * SLOTS + 1) * sizeof *slots);
    struct pl_verdict *verdicts = aligned_alloc(64, (size_t)accounts * sizeof *verdicts);
    if (slots == NULL || verdicts == NULL || accounts < 100 * BATCH)
        market_must(-1, "", "accounts");
    market_resize(EXPIRIES, 33);
    for (uint32_t a = 0; a < accounts; a++)
        make_account(slots + (size_t)a * SLOTS, a);
    slots[(size_t)accounts * SLOTS] = (uint64_t)PL_TAG_END << 56;
    struct pl_dev *cpu = market_open_cpu("");
    double start = clock_seconds();
    market_must(pl_dev_cpu_ops.sweep(cpu, slots, (size_t)accounts * SLOTS + 1, 0, false), "",
                "sweep");
    for (size_t taken = 0; taken < accounts;) {
        int got = pl_dev_cpu_ops.poll(cpu, verdicts + taken, accounts - taken, NULL);
        market_must(got, "", "poll");
        taken += (size_t)got;
    }
    double judged = clock_seconds() - start;
    printf(
        "33 scenarios, 160 expiries that all move by a millionth; judging an account by cpu: %.2f us\n",
        judged / accounts * 1e6);
    measure(accounts / 100 / BATCH * BATCH, cpu, slots, verdicts);
    measure(accounts / 10 / BATCH * BATCH, cpu, slots, verdicts);
    measure(accounts / BATCH * BATCH, cpu, slots, verdicts);
    pl_dev_cpu_ops.close(cpu);
    free(verdicts);
    free(slots);
    return 0;
}
