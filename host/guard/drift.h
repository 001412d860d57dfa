/* How far time, vols and discounts alone have taken the values of an expiry's options. */
#ifndef PL_GUARD_DRIFT_H
#define PL_GUARD_DRIFT_H

#include "model/tables.h"

#define PL_DRIFT_MAX (INT64_C(1) << 60)

/* What a bound on the drift of one expiry is made from; `from` and `to` have the same prices. */
struct pl_drift_step {
    const struct pl_expiry_tick *from, *to;
    uint64_t vol_move;  /* the largest move of a vol, Q.45 */
    uint64_t vol_max;   /* the largest vol at either end, Q.45 */
    uint64_t vol_floor; /* of the underlying, Q.45 */
    int64_t shock_max;  /* the largest |shock - 1| of a scenario, Q.40 */
    bool coin;          /* the discount follows the prices */
};

/* A bound, Q.40, limited to PL_DRIFT_MAX, on how far the value of an option moves in any scenario,
 * per unit of D * max(F, K) * max(1, shock); of what the close adds to it, likewise. */
int64_t pl_drift(const struct pl_drift_step *step);

/* The word as Q.40, rounded up; PL_DRIFT_MAX where it is larger. */
int64_t pl_drift_q40(uint64_t ureal);

#endif
