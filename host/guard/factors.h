/* How much a move of values counts in an account's excess: per scenario, from shocks, loss factors
 * and discounts. All factors are Q.40 and rounded outwards. */
#ifndef PL_GUARD_FACTORS_H
#define PL_GUARD_FACTORS_H

#include "bands.h"
#include "model/tables.h"

#define PL_FACTOR_MAX (INT64_C(1) << 60)

/* The excess takes a value V, and X of the shocked price, as V + a (X - V) for each scenario, a =
 * multiplier * loss factor * dampening; the worst scenario counts. One unit of cash delta is one
 * unit of price move times value; an option's delta lies between 0 and it (call; put: below 0). */
struct pl_factor {
    int64_t with;                    /* most that V + a (X - V) moves for 1 of delta, its way */
    int64_t against;                 /* and the other way */
    int64_t linear_low, linear_high; /* what 1 of a linear value, above 0, moves by */
    int64_t owed_low, owed_high;     /* and 1 of one below 0, times -1 */
};

/* The factors of an expiry that decide, in their order. */
struct pl_factor_row {
    uint64_t stamp;     /* of the words, loss and root that they are of */
    int64_t loss, root; /* see pl_factor_of() */
    bool good;          /* false: no factors bound it */
    int64_t largest[2]; /* the most that any value moves by, above 0 and below */
    struct pl_factor factors[PL_SCENARIOS_MAX + 2];
};

/* What is the same for all scenarios of an expiry. */
struct pl_factor_bounds {
    pl_i128 order;     /* most that an order's loss moves, before the loss factor, when V and X move
                          by 1 * max(1, shock) at most */
    pl_i128 shock;     /* the largest factor on a price, at least 1 */
    pl_i128 shock_min; /* the smallest, at most 1 */
    pl_i128 entry;     /* the largest that a row entry puts on the forward */
    pl_i128 entry_strike; /* and on the strike */
};

/* The numbers of a scenario list: none, then the scenarios, then the basis contingency. */
uint32_t pl_factor_count(const struct pl_tables *tables, uint16_t underlying);

/* The numbers that decide, in ascending order, the first one none.
 * All that moves with a scenario is linear in its shock: of scenarios that differ in nothing else,
 * or in vols as well, those between the least and the largest shock never move an excess further
 * than both of these. */
struct pl_factor_list {
    uint8_t count, numbers[PL_SCENARIOS_MAX + 2];
};
void pl_factor_decisive(const struct pl_tables *tables, uint16_t underlying,
                        struct pl_factor_list *out);

/* Factor `k` of an expiry, of options or of what is linear; `loss` is multiplier * loss factor.
 * `vol_root` is the largest sigma sqrt T of the options concerned, Q.40; -1: there are none. False:
 * no factor bounds it. */
bool pl_factor_of(const struct pl_tables *tables, uint16_t expiry, uint32_t k, int64_t loss,
                  bool options, int64_t vol_root, struct pl_factor *out);

/* All factors of a row, of its loss and root. Without a loss only the first one is there. */
void pl_factor_fill(const struct pl_tables *tables, uint16_t expiry,
                    const struct pl_factor_list *list, bool options, struct pl_factor_row *row);

void pl_factor_bounds(const struct pl_tables *tables, uint16_t expiry,
                      struct pl_factor_bounds *out);

/* Most that V + a (X - V) moves likewise. */
static inline pl_i128 pl_factor_most(const struct pl_factor_bounds *bounds, pl_i128 loss)
{
    return PL_MOVE_ONE + ((bounds->order * loss + PL_MOVE_ONE - 1) >> PL_MOVE_BITS);
}

/* a * b in Q.40, rounded up; a is not negative, b a factor up to PL_FACTOR_MAX. */
static inline pl_i128 pl_factor_up(pl_i128 a, pl_i128 b)
{
    return (a * b + PL_MOVE_ONE - 1) >> PL_MOVE_BITS;
}

#endif
