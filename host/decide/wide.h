/* Products of 256 bits: quotients and comparisons that are exact where 128 bits would not do. */
#ifndef PL_DECIDE_WIDE_H
#define PL_DECIDE_WIDE_H

#include "model/money.h"

struct pl_u256 {
    pl_u128 high, low;
};

/* An exact number n/d, d > 0. */
struct pl_ratio {
    pl_i128 n;
    pl_u128 d;
};

static inline pl_u128 pl_abs_u128(pl_i128 x)
{
    return x < 0 ? -(pl_u128)x : (pl_u128)x;
}

static inline struct pl_u256 pl_wide_product(pl_u128 a, pl_u128 b)
{
    const pl_u128 half = UINT64_MAX;
    const pl_u128 ll = (a & half) * (b & half), lh = (a & half) * (b >> 64);
    const pl_u128 hl = (a >> 64) * (b & half), hh = (a >> 64) * (b >> 64);
    const pl_u128 middle = (ll >> 64) + (lh & half) + (hl & half);
    const struct pl_u256 product = { hh + (lh >> 64) + (hl >> 64) + (middle >> 64),
                                     middle << 64 | (ll & half) };
    return product;
}

/* a * b against c * d: below 0, 0, above 0. */
static inline int pl_wide_compare(pl_u128 a, pl_u128 b, pl_u128 c, pl_u128 d)
{
    const struct pl_u256 x = pl_wide_product(a, b), y = pl_wide_product(c, d);
    if (x.high != y.high)
        return x.high < y.high ? -1 : 1;
    return x.low < y.low ? -1 : x.low > y.low;
}

/* x / d for d > 0, and whether something is left over; UINT64_MAX when it is 2^64 or more. */
static inline uint64_t pl_wide_quotient(struct pl_u256 x, pl_u128 d, bool *rest)
{
    pl_u128 r = x.high << 64 | x.low >> 64;
    uint64_t quotient = 0;
    *rest = true;
    if (x.high >> 64 != 0 || r >= d)
        return UINT64_MAX;
    for (int bit = 63; bit >= 0; bit--) {
        const bool carry = r >> 127;
        r = r << 1 | ((uint64_t)x.low >> bit & 1);
        if (carry || r >= d) {
            r -= d;
            quotient |= UINT64_C(1) << bit;
        }
    }
    *rest = r != 0;
    return quotient;
}

/* a * r towards minus infinity; limited to +-INT64_MAX with PL_FLAG_OVERFLOW in *flags. */
static inline int64_t pl_ratio_down(pl_i128 a, struct pl_ratio r, uint32_t *flags)
{
    const pl_u128 x = pl_abs_u128(a), n = pl_abs_u128(r.n);
    const bool negative = x != 0 && n != 0 && (a < 0) != (r.n < 0);
    const struct pl_u256 product = pl_wide_product(x, n);
    bool rest = false;
    uint64_t quotient;
    if (product.high == 0) {
        rest = product.low % r.d != 0;
        const pl_u128 narrow = product.low / r.d;
        quotient = narrow > UINT64_MAX ? UINT64_MAX : (uint64_t)narrow;
    } else {
        quotient = pl_wide_quotient(product, r.d, &rest);
    }
    if (quotient >= (uint64_t)INT64_MAX + (negative && rest ? 0 : 1)) {
        *flags |= PL_FLAG_OVERFLOW;
        return negative ? -INT64_MAX : INT64_MAX;
    }
    return negative ? -(int64_t)quotient - (rest ? 1 : 0) : (int64_t)quotient;
}

/* The same towards plus infinity. */
static inline int64_t pl_ratio_up(pl_i128 a, struct pl_ratio r, uint32_t *flags)
{
    r.n = -r.n;
    return -pl_ratio_down(a, r, flags);
}

#endif
