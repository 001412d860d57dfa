/* From one quote currency to another, with all of the uncertainty of both. */
#ifndef PL_DECIDE_CONVERT_H
#define PL_DECIDE_CONVERT_H

#include <stdbool.h>
#include <stdint.h>

#include "decide/aggregate.h"

#define PL_DECIMALS_MAX 15

/* What a quote currency is worth in USD. */
struct pl_rate {
    struct pl_estimate worth; /* 10^-decimals USD */
    int64_t source_us;
    int32_t decimals; /* 0 .. PL_DECIMALS_MAX */
    int32_t known;    /* 0: it has no usable price now */
};

/* A price in the quote currency -> USD, decimals unchanged. The price is rounded down; the
 * confidence reaches from it to the farther end of the interval of all products, rounded outwards.
 * Confidences do not exceed their prices. False when the result does not fit PL_PRICE_MAX or is
 * not positive; *estimate is then unchanged. */
bool pl_convert(struct pl_estimate *estimate, const struct pl_rate *rate);

/* What a quote currency is worth by a cross: the price of something in USD over its price in that
 * currency, both in the same decimals -> 10^-decimals USD, rounded like pl_convert. Prices are
 * positive. False also when the confidence of in_quote reaches its price. */
bool pl_convert_cross(struct pl_estimate in_usd, struct pl_estimate in_quote, int decimals,
                      struct pl_estimate *worth);

/* 10^decimals, 0 .. PL_DECIMALS_MAX. */
int64_t pl_power_of_ten(int decimals);

#endif
