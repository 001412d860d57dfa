/* How requirements move with prices: columns in proportion, brackets by their slopes. */
#ifndef PL_GUARD_REQUIREMENT_H
#define PL_GUARD_REQUIREMENT_H

#include "lots.h"

/* What a requirement gains for a price move of 1, in money: between `low` and `high`. */
struct pl_span {
    pl_i128 low, high;
};

/* Maintenance and initial, per expiry. */
struct pl_requirement {
    struct pl_span maintenance, initial;
};

/* A position of `lots` in brackets; `size` is its notional in money. */
struct pl_requirement pl_bracket_span(const struct pl_tables *tables, const struct pl_class *c,
                                      int64_t lots, pl_i128 size);

/* The same with resting orders on its worse side; `one` is one lot's notional in 2^-bits of money.
 */
struct pl_span pl_bracket_order_span(const struct pl_tables *tables, const struct pl_class *c,
                                     int64_t lots, int64_t buy, int64_t sell, int64_t one,
                                     int bits);

#endif
