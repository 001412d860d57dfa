/* Funding of a large venue: 200 perpetuals, 100,000 accounts of about 15 positions each. Seconds of
 * processor time of one payment on all of them, instrument by instrument and together. */
#include <stdio.h>
#include <stdlib.h>

#include "clock.h"
#include "decide/ledger.h"
#include "market.h"

#define ACCOUNTS 100000
#define PERPETUALS 200
#define POSITIONS 15

static struct pl_contract contracts[PERPETUALS];
static struct pl_ratio worths[PERPETUALS];

static void must(enum pl_ledger_reason reason)
{
    if (reason != PL_LEDGER_OK) {
        fprintf(stderr, "ledger: %s\n", pl_ledger_reason(reason));
        exit(1);
    }
}

static struct pl_ledger *make_ledger(void)
{
    const struct pl_ledger_size size = { .accounts = ACCOUNTS,
                                         .currencies = 1,
                                         .instruments = PERPETUALS,
                                         .pools = 1,
                                         .entries = 32 * ACCOUNTS,
                                         .open = true };
    for (int i = 0; i < PERPETUALS; i++) {
        contracts[i] = (struct pl_contract){ .numerator = 1000, .denominator = 1 };
        worths[i] = (struct pl_ratio){ 1000000 + i, 7 };
    }
    void *memory = aligned_alloc(16, pl_ledger_bytes(&size));
    if (memory == NULL)
        exit(1);
    struct pl_ledger *l = pl_ledger_create(memory, &size, contracts, NULL);
    for (uint32_t a = 0; a < ACCOUNTS; a++)
        for (int k = 0; k < POSITIONS; k++)
            must(pl_ledger_trade(l, a, pl_ledger_outside(l), (uint32_t)market_draw(PERPETUALS),
                                 1 + (int64_t)market_draw(10000), 100));
    return l;
}

int main(void)
{
    struct pl_ledger *l = make_ledger();
    const double start = clock_seconds();
    for (uint32_t i = 0; i < PERPETUALS; i++)
        must(pl_ledger_distribute(l, PL_CAUSE_FUNDING, i, worths[i], false));
    const double one_by_one = clock_seconds() - start;
    must(pl_ledger_distribute_all(l, PL_CAUSE_FUNDING, 0, worths));
    const double together = clock_seconds() - start - one_by_one;
    printf("funding of %d perpetuals, %d accounts: %.2f s one by one, %.3f s together\n",
           PERPETUALS, ACCOUNTS, one_by_one, together);
    free(l);
    return 0;
}
