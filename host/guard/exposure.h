/* How far an account's state is from changing, and what moves of the gauges can take of it: bounds
 * in money, from its slots, the tick's words and the verdict, without pricing. */
#ifndef PL_GUARD_EXPOSURE_H
#define PL_GUARD_EXPOSURE_H

#include <stddef.h>

#include "gauges.h"

#define PL_NEEDS_MAX 2

/* A quantity that must not cross 0 while the state stays: it must not fall, or not rise. */
struct pl_need {
    uint8_t quantity; /* enum pl_quantity */
    bool falls;
    pl_i128 margin; /* what may be taken, roundings deducted; money */
};

enum pl_quantity { PL_QUANTITY_EQUITY, PL_QUANTITY_MAINTENANCE, PL_QUANTITY_INITIAL };

/* What a move of 1 of a gauge takes of each need, by side; money, rounded up. */
struct pl_slope {
    uint32_t gauge;
    pl_i128 cost[PL_NEEDS_MAX][PL_SIDES];
};

/* The part of one option, its orders included, in the costs of its expiry's drift. */
struct pl_option_slope {
    pl_i128 size, orders; /* D (F + K) of the position, and of orders that are margined alone */
    pl_i128 cost[PL_NEEDS_MAX];
};

struct pl_exposure {
    uint32_t need_count;
    struct pl_need needs[PL_NEEDS_MAX];
    size_t count, capacity;
    struct pl_slope
        *slopes; /* of distinct gauges; of every gauge whose trip concerns the account */
    size_t option_count, option_capacity;
    struct pl_option_slope *options; /* by slot of an option, in their order */
};

/* Slopes that an account of so many slots has at most. */
static inline size_t pl_exposure_slopes_max(size_t slots)
{
    return 3 * slots;
}
static inline size_t pl_exposure_options_max(size_t slots)
{
    return slots;
}

/* `slots` are one account's, from its header, as they were judged on the gauges' tick; capacity as
 * above. False: nothing bounds this account, and it is to be judged at every tick. */
bool pl_exposure_measure(struct pl_gauges *gauges, const uint64_t *slots, size_t count,
                         const struct pl_verdict *verdict, struct pl_exposure *out);

#endif
