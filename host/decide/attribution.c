#include "attribution.h"

void pl_attribution_take(struct pl_attribution *now, const struct pl_ledger *ledger,
                         uint32_t account, uint32_t currency, const int64_t *marks, uint32_t *flags)
{
    now->equity_e8 = pl_ledger_equity(ledger, account, currency, marks, flags);
    for (uint32_t cause = 0; cause < PL_CAUSES; cause++)
        now->flows_e8[cause] = pl_ledger_flow(ledger, account, currency, (enum pl_cause)cause);
}

struct pl_attribution pl_attribution_between(const struct pl_attribution *then,
                                             const struct pl_attribution *now, int64_t *price_e8,
                                             uint32_t *flags)
{
    struct pl_attribution change;
    change.equity_e8 = pl_money_sub(now->equity_e8, then->equity_e8, flags);
    pl_i128 price = change.equity_e8;
    for (uint32_t cause = 0; cause < PL_CAUSES; cause++) {
        const bool priced = cause == PL_CAUSE_TRADE || cause == PL_CAUSE_SETTLEMENT;
        change.flows_e8[cause] =
            priced ? 0
                   : (int64_t)((uint64_t)now->flows_e8[cause] - (uint64_t)then->flows_e8[cause]);
        price -= change.flows_e8[cause];
    }
    *price_e8 = pl_money_limit(price, flags);
    return change;
}
