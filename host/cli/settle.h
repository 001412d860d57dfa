/* Expiry: at the first tick at or after it, what an account holds of that expiry becomes cash or
 * coin at the settlement price. Exact arithmetic; every rounding is towards minus infinity: assets
 * down, debts up. */
#ifndef PL_CLI_SETTLE_H
#define PL_CLI_SETTLE_H

#include "exact.h"
#include "session.h"

/* Settles everything that is due at `time_us`, by the rows of settlements.csv; an expiry without a
 * row stays held, and the library flags it as unpriced. Orders of what settles vanish. Returns 0 or
 * a negative errno after saying what is wrong. */
int pl_settle(struct pl_session *session, int64_t time_us);

/* What `steps` of an expired instrument are worth in settlement currency at the settlement price:
 *   option: max(0, +-(P - K)) * quantity * size       future: quantity * size * (P - entry)
 *   inverse future: quantity * size * (P / entry - 1), which is quantity * size * (1/entry - 1/P)
 * coins */
void pl_settlement_value(const struct pl_book_instrument *instrument, int64_t steps,
                         struct pl_decimal entry_price, struct pl_decimal price,
                         struct pl_fraction *out);

/* Splits a value at `price` into whole steps of the coin, rounded towards minus infinity, and the
 * rest of it in cash (1e-8), rounded down. -ERANGE when one does not fit. */
int pl_settlement_split(const struct pl_fraction *value, const struct pl_book_instrument *coin,
                        struct pl_decimal price, int64_t *coin_steps, int64_t *cash_e8);

#endif
