/* The close: the small nonlinear part of the evaluation, once per expiry, underlying and account.
 */
#ifndef PL_MODEL_CLOSE_H
#define PL_MODEL_CLOSE_H

#include "sums.h"
#include "tables.h"

/* Expiry (close_expiry.c): narrows the wide sums to money; in portfolio mode applies the static
 * discount by sign, the skew rules' absolute value, dampening, basis weight and oracle penalties.
 */
void pl_close_expiry(const struct pl_tables *tables, const struct pl_expiry_sums *wide,
                     uint8_t mode, struct pl_sums *out);

/* Adds an expiry's sums to its underlying's. */
void pl_sums_add(struct pl_sums *into, const struct pl_sums *from, uint8_t scenario_count);

/* Underlying (close_underlying.c): the worst of scenarios and basis contingency (lowest index wins
 * a tie), and the requirements besides it. */
void pl_close_underlying(const struct pl_tables *tables, uint16_t underlying,
                         const struct pl_sums *sums, struct pl_underlying_result *out);

/* Account (close_account.c): takes one underlying after the other, then ends any open offset group.
 */
void pl_close_account_start(struct pl_account_sums *account);
void pl_close_account_add(const struct pl_tables *tables, const struct pl_underlying_result *result,
                          int view, struct pl_account_sums *account, const struct pl_trace *trace);
void pl_close_account_end(const struct pl_tables *tables, int view, struct pl_account_sums *account,
                          const struct pl_trace *trace);

/* Verdict (verdict.c): thresholds, state and flags. `views` is 2 when an unpriced asset is held:
 * the state stands if it is the same at the asset's last price (views[0]) and at 0 (views[1]). */
void pl_verdict_decide(const struct pl_tables *tables, const struct pl_account_sums *views,
                       int view_count, int64_t cash, uint64_t header, struct pl_verdict *out);

#endif
