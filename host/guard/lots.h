/* What one lot of an instrument is worth and requires, from the words of the tick; and whether its
 * risk row keeps to its words. */
#ifndef PL_GUARD_LOTS_H
#define PL_GUARD_LOTS_H

#include "gauges.h"

/* Requirements in portfolio margin that are in proportion to a price, the close's fee included; the
 * initial one with the larger oracle penalty. */
struct pl_lot_columns {
    int64_t maintenance, initial;
};

/* Money in units of 2^-bits, rounded up. What an option in portfolio margin needs comes first. */
struct pl_lot {
    uint64_t stamp : 48;              /* of the expiry's words that it is of; 0: of none */
    uint64_t bits : 8;                /* 0: nothing is said about this lot */
    int64_t delta, size;              /* option: D F and D (F + K) */
    int64_t roundings;                /* of its row's entries */
    struct pl_lot_columns columns[2]; /* of a long one, and of a short one */
    int64_t forward, index;           /* price * unit */
    int64_t fee;                      /* of a close */
    int64_t penalty_gap;              /* what the smaller oracle penalty is below the larger */
};

/* Of the tick in hand, and kept while its expiry's words stay. NULL: nothing is said about this
 * lot, which is too large or could leave its words while prices stay within reach. */
const struct pl_lot *pl_lot_of(struct pl_gauges *gauges, const struct pl_instrument *instrument);

/* Whether something is said about all instruments of an expiry. */
bool pl_lots_fit(struct pl_gauges *gauges, uint16_t expiry);

/* `lots` of what one is worth: money, rounded up. */
static inline pl_i128 pl_lots_worth(int64_t lots, int64_t one, int bits)
{
    return ((pl_i128)(lots < 0 ? -lots : lots) * one >> bits) + 1;
}

#endif
