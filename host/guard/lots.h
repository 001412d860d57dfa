/* What one lot of an instrument is worth, from the words of the tick; and whether its risk row
 * keeps to its words. */
#ifndef PL_GUARD_LOTS_H
#define PL_GUARD_LOTS_H

#include "gauges.h"

#define PL_LOT_BITS 24 /* fraction bits of one lot's money */

/* Money, Q.24, rounded up. */
struct pl_lot {
    pl_i128 forward, index; /* price * unit */
    pl_i128 delta, size;    /* option: D F and D (F + K) */
};

/* False: nothing is said about this lot, which is too large or could leave its words while prices
 * stay within reach. */
bool pl_lot_take(struct pl_gauges *gauges, const struct pl_instrument *instrument,
                 struct pl_lot *out);

/* The same for all instruments of an expiry. */
bool pl_lots_fit(struct pl_gauges *gauges, uint16_t expiry);

static inline pl_i128 pl_lots_worth(int64_t lots, pl_i128 lot)
{
    pl_i128 size = lots < 0 ? -(pl_i128)lots : lots;
    return ((size * lot) >> PL_LOT_BITS) + 1;
}

#endif
