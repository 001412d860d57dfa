/* One price out of several, by the rule of Pyth's on-chain aggregate.
 *
 * Every source has three votes of equal weight: p - c, p, p + c. Of the 3n votes in order, from 0:
 * the price is the median (for an even number the mean of the middle two, rounded down), the
 * quartiles are the votes number floor(3n / 4) from either end, and the confidence is the larger
 * distance of a quartile from the price. Source: pyth-network/pyth-client,
 * program/c/src/oracle/model/price_model.c (price_model_core) and its published cases in
 * program/rust/test_data/aggregation, which tests/unit/decide/test_aggregate.c holds.
 */
#ifndef PL_DECIDE_AGGREGATE_H
#define PL_DECIDE_AGGREGATE_H

#include <stdint.h>

#define PL_AGGREGATE_SOURCES_MAX 16
#define PL_PRICE_MAX ((INT64_C(1) << 51) - 1) /* of any price and confidence here */

struct pl_estimate {
    int64_t price;      /* 10^-decimals of its currency */
    int64_t confidence; /* the same unit, not negative: the price lies within price +- confidence */
};

/* count 1 .. PL_AGGREGATE_SOURCES_MAX; does not depend on their order. */
struct pl_estimate pl_aggregate(const struct pl_estimate *sources, unsigned count);

/* The same with the price held between the second lowest p - c and the second highest p + c of
 * `all`: so none of three or more sources carries it beyond what the others say. `kept` is a strict
 * majority of `all`, or all; with fewer than three in all nothing is held. */
struct pl_estimate pl_aggregate_held(const struct pl_estimate *kept, unsigned kept_count,
                                     const struct pl_estimate *all, unsigned all_count);

/* Median of the prices; the mean of the middle two, rounded down, for an even number. */
int64_t pl_aggregate_middle(const struct pl_estimate *sources, unsigned count);

#endif
