/* How fast cpu: sweeps: 10,240 options in 160 expiries, 12 positions an account in 3 expiries, the
 * whole close, with 16 and with 33 scenarios. The first accounts are compared with model:, byte for
 * byte. Prints millions of positions per second of processor time, the best of many short rounds;
 * judges nothing but that comparison.
 *
 *   cpu [ACCOUNTS]    default: 4,000 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "market.h"
#include "dev/dev.h"

#define EXPIRIES 160
#define POSITIONS 12
#define SPREAD 3 /* expiries of an account */
#define COMPARED 1000
#define ROUNDS 400
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

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        bool even;
        uint8_t filter;
    } shapes[] = {
        { "4 + 4 + 4 positions, from margin call on", true, PL_STATE_MARGIN_CALL },
        { "4 + 4 + 4 positions, all verdicts", true, PL_STATE_HEALTHY },
        { "split at random, from margin call on", false, PL_STATE_MARGIN_CALL },
        { "split at random, all verdicts", false, PL_STATE_HEALTHY },
    };
    static const uint8_t scenarios[] = { 16, 33 };
    uint32_t accounts = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 0) : 4000;
    uint32_t few = accounts < COMPARED ? accounts : COMPARED;
    uint64_t *slots = malloc(((size_t)accounts * (POSITIONS + 2) + 1) * sizeof *slots);
    if (slots == NULL)
        return 1;
    for (size_t g = 0; g < sizeof scenarios; g++) {
        market_resize(EXPIRIES, scenarios[g]);
        struct pl_dev *model = market_open_model(), *cpu = market_open_cpu("");
        struct pl_capabilities c;
        pl_dev_cpu_ops.capabilities(cpu, &c);
        printf("%d scenarios, %s: M positions/s of one thread (and times model:)\n", scenarios[g],
               c.description);
        for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
            size_t count = make_stream(slots, few, shapes[i].even);
            compare(cpu, model, slots, count, shapes[i].filter);
            double slow = best(&pl_dev_model_ops, model, slots, count, shapes[i].filter, 40);
            count = make_stream(slots, accounts, shapes[i].even);
            double fast = best(&pl_dev_cpu_ops, cpu, slots, count, shapes[i].filter, ROUNDS);
            double rate = accounts * (double)POSITIONS / fast / 1e6;
            printf("  %-42s %7.1f  (x %.1f)\n", shapes[i].name, rate,
                   rate / (few * (double)POSITIONS / slow / 1e6));
        }
        pl_dev_model_ops.close(model);
        pl_dev_cpu_ops.close(cpu);
    }
    free(slots);
    return 0;
}
