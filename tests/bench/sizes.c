/* What a position costs by the size of the book, and the bytes it takes: 10,240 options in 160
 * expiries, 33 scenarios, accounts of 10 positions in 3 expiries; 10^3 to 10^7 positions swept by
 * cpu: in one thread and by model:, and the same accounts as cpu: keeps them between ticks. Before
 * each is timed, all verdicts are compared with the model's. Prints medians by processor time.
 *
 *   sizes [--rows] [POSITIONS_MAX]    default: 10,000,000 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "clock.h"
#include "cpu/resident.h"
#include "dev/software.h"
#include "market.h"
#include "rows.h"

#define EXPIRIES 160
#define SCENARIOS 33
#define POSITIONS 10
#define ACCOUNTS_MIN 100
#define ROUNDS_MAX 201
#define WORK 5e6 /* positions swept for a median, if one round is less */
#define FILTER PL_STATE_MARGIN_CALL

/* Nanoseconds a position. */
static double cost(const struct pl_dev_ops *ops, struct pl_dev *dev, const uint64_t *slots,
                   size_t count, double positions)
{
    static double seconds[ROUNDS_MAX];
    double wanted = WORK / positions;
    size_t rounds = wanted < 1 ? 1 : wanted > ROUNDS_MAX ? ROUNDS_MAX : (size_t)wanted;
    for (size_t i = 0; i < rounds; i++) {
        double start = clock_seconds();
        market_sweep(ops, dev, slots, count, FILTER);
        seconds[i] = clock_seconds() - start;
    }
    return rows_median(seconds, rounds) * 1e9 / positions;
}

static double kept_bytes(const struct pl_dev *model, const uint64_t *slots, size_t count)
{
    struct pl_cpu_resident resident = { 0 };
    market_must(pl_cpu_resident_make(&resident, &model->tables, slots, count, FILTER), "",
                "accounts");
    double bytes = (double)resident.bytes;
    pl_cpu_resident_free(&resident);
    return bytes;
}

static void measure(struct pl_dev *cpu, struct pl_dev *model, uint64_t *slots, uint32_t accounts)
{
    const double positions = accounts * (double)POSITIONS;
    size_t count = market_accounts(slots, accounts, POSITIONS);
    market_compare(&pl_dev_cpu_ops, cpu, &pl_dev_model_ops, model, slots, count, PL_STATE_HEALTHY);
    double fast = cost(&pl_dev_cpu_ops, cpu, slots, count, positions);
    double slow = cost(&pl_dev_model_ops, model, slots, count, positions);
    double bytes = kept_bytes(model, slots, count) / accounts;
    char name[64];
    printf("  %9.0f %12.2f %12.1f %18.1f\n", positions, fast, slow, bytes);
    snprintf(name, sizeof name, "%.0f positions | cpu:, one thread", positions);
    rows_add("size", name, "ns/position", fast);
    snprintf(name, sizeof name, "%.0f positions | model:", positions);
    rows_add("size", name, "ns/position", slow);
    snprintf(name, sizeof name, "%.0f positions, 10 an account", positions);
    rows_add("memory", name, "bytes/account", bytes);
}

int main(int argc, char **argv)
{
    rows_start(&argc, argv);
    unsigned long most = argc > 1 ? strtoul(argv[1], NULL, 0) : 10000000;
    if (most < ACCOUNTS_MIN * POSITIONS || most > 1000000000) {
        fprintf(stderr, "sizes: POSITIONS_MAX lies in %d..1000000000\n", ACCOUNTS_MIN * POSITIONS);
        return 2;
    }
    uint64_t *slots = malloc((most / POSITIONS * (2 + POSITIONS) + 1) * sizeof *slots);
    if (slots == NULL)
        market_must(-1, "", "out of memory");
    market_resize(EXPIRIES, SCENARIOS);
    struct pl_dev *cpu = market_open_cpu(""), *model = market_open_model();
    printf("  positions  cpu: ns each  model: ns  bytes an account, kept\n");
    for (unsigned long accounts = ACCOUNTS_MIN; accounts * POSITIONS <= most; accounts *= 10)
        measure(cpu, model, slots, (uint32_t)accounts);
    pl_dev_cpu_ops.close(cpu);
    pl_dev_model_ops.close(model);
    free(slots);
    return 0;
}
