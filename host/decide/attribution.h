/* Why an account's equity changed: what came and went by cause, and the rest, which is prices.
 *
 *   equity now - equity then = sum over causes of what came in + price
 *   price: value of positions now - then + cash of trades and settlements between
 *
 * so that a trade at the mark changes nothing, one beside it shows as price, and deposits, fees,
 * funding, penalties and the rest never do. Exact; needs a ledger with `flows`. */
#ifndef PL_DECIDE_ATTRIBUTION_H
#define PL_DECIDE_ATTRIBUTION_H

#include "ledger.h"

/* Of one account in one currency at one moment. */
struct pl_attribution {
    int64_t equity_e8;
    int64_t flows_e8[PL_CAUSES];
};

/* *flags as pl_ledger_equity(). */
void pl_attribution_take(struct pl_attribution *now, const struct pl_ledger *ledger,
                         uint32_t account, uint32_t currency, const int64_t *marks,
                         uint32_t *flags);

/* From then to now: the change of equity and of each flow, trades and settlements at zero as they
 * are in the price. Limited to 64 bits, with PL_FLAG_OVERFLOW in *flags. */
struct pl_attribution pl_attribution_between(const struct pl_attribution *then,
                                             const struct pl_attribution *now, int64_t *price_e8,
                                             uint32_t *flags);

#endif
