/* The word widths of an arithmetic profile, and the number format and the multiply of the pipeline.
 *
 * There is one multiply: floor(x * y / 2^n), unsigned, x below 2^W (the left operand), y below 2^R
 * (the right one), n = R or R - 1. Full: 51 x 52 bits, 3 x 2 tiles of 17 x 26. Small: 34 x 34 bits,
 * 2 x 2 tiles of 17 x 17. A 52-bit multiply-high gives it as hi(x << (52 - n), y), a 64-bit one as
 * mul_hi(x << (64 - n), y); on small the 52-bit shift goes in part to y. There is no division and
 * no data-dependent loop.
 */
#ifndef PL_ARITH_H
#define PL_ARITH_H

#include <assert.h>
#include <stdint.h>

#include "fixed.h"

#define PL_STEP static inline __attribute__((always_inline))

#define PL_FRACTION_BITS 12  /* below one price unit, where the terms of a value are added */
#define PL_Z_INTEGER_BITS 5  /* of u and a (XB = W - 5 fraction bits); b has one more */
#define PL_VOL_TOTAL_E_MAX 5 /* s = sigma sqrt(T) saturates at 16 = 2^4: an exponent of 5 */
#define PL_EXPIRY_E_MAX 256  /* exponents of an expiry's reals lie within +- this */
#define PL_VOL_FRACTION_BITS 45
#define PL_RATE_FRACTION_BITS 48

struct pl_arith {
    uint32_t w;             /* bits of a mantissa; prices are below 2^w */
    uint32_t r;             /* bits of a right operand; w <= r */
    uint32_t fb;            /* fraction bits of ROM results; fb < w */
    uint32_t degree;        /* of the ROM polynomials, 2..4 */
    uint32_t value_bits;    /* a value saturates at 2^value_bits - 1 */
    uint64_t ln2;           /* Q0.FB */
    uint64_t half_log2e;    /* log2(e)/2, Q0.R */
    uint64_t log2_sqrt_2pi; /* Q1.W */
    uint64_t t_mask[4];     /* bits of t used by the Horner step that yields level k */
    const uint64_t *recip, *ln, *near, *exp2, *mills; /* rows of degree + 1 coefficients */
};

/* The non-negative real of the pipeline: m * 2^(e-W), m in [2^(W-1), 2^W), or m = 0 and e = 0. */
struct pl_mag {
    uint64_t m;
    int32_t e;
};

/* floor(x * y / 2^n). Tests compile with PL_CHECK_WIDTHS, which holds every call to its contract.
 */
PL_STEP uint64_t pl_mul(const struct pl_arith *a, uint64_t x, uint64_t y, uint32_t n)
{
#ifdef PL_CHECK_WIDTHS
    assert(x >> a->w == 0 && y >> a->r == 0 && (n == a->r || n == a->r - 1));
#else
    (void)a;
#endif
    return (uint64_t)(((pl_u128)x * y) >> n);
}

/* v * 2^-fraction_bits, truncated to W bits. */
PL_STEP struct pl_mag pl_mag_normalise(const struct pl_arith *a, uint64_t v, int32_t fraction_bits)
{
    const int32_t n = (int32_t)pl_bit_length(v), w = (int32_t)a->w;
    const struct pl_mag r = { n > w ? v >> (n - w) : v << (w - n), v == 0 ? 0 : n - fraction_bits };
    return r;
}

/* x * y * 2^(y_e-R), y in [2^(R-1), 2^R) or 0; truncated, exact where y is a power of two. */
PL_STEP struct pl_mag pl_mag_mul_right(const struct pl_arith *a, struct pl_mag x, uint64_t y,
                                       int32_t y_e)
{
    const uint64_t p = pl_mul(a, x.m, y, a->r - 1); /* 0 or in [2^(W-1), 2^(W+1)) */
    const uint32_t carry = (uint32_t)(p >> a->w);
    const struct pl_mag r = { p >> carry, p == 0 ? 0 : x.e + y_e - 1 + (int32_t)carry };
    return r;
}

PL_STEP struct pl_mag pl_mag_mul(const struct pl_arith *a, struct pl_mag x, struct pl_mag y)
{
    return pl_mag_mul_right(a, x, y.m << (a->r - a->w), y.e);
}

/* x * y * 2^-(R-2) for a fixed-point y, Q2.(R-2), not normalised. */
PL_STEP struct pl_mag pl_mag_mul_fixed(const struct pl_arith *a, struct pl_mag x, uint64_t y)
{
    const uint64_t p = pl_mul(a, x.m, y, a->r - 1); /* x.m y 2^-(R-1) = value 2^(W-1) 2^-e */
    return pl_mag_normalise(a, p, (int32_t)a->w - 1 - x.e);
}

/* x + y; the smaller is truncated to the grid of the larger. */
PL_STEP struct pl_mag pl_mag_add(const struct pl_arith *a, struct pl_mag x, struct pl_mag y)
{
    const bool swap = x.m == 0 || (y.m != 0 && y.e > x.e);
    const struct pl_mag big = swap ? y : x, small = swap ? x : y;
    const uint64_t m = big.m + pl_shr_u64(small.m, (uint32_t)(small.m == 0 ? 0 : big.e - small.e));
    const uint32_t carry = (uint32_t)(m >> a->w);
    const struct pl_mag r = { m >> carry, big.e + (int32_t)carry };
    return r;
}

/* |x - y| with *negative set to x < y; the smaller is truncated to the grid of the larger. */
PL_STEP struct pl_mag pl_mag_sub(const struct pl_arith *a, struct pl_mag x, struct pl_mag y,
                                 bool *negative)
{
    const bool swap = x.m == 0 || (y.m != 0 && y.e > x.e);
    const struct pl_mag big = swap ? y : x, small = swap ? x : y;
    const uint64_t down = pl_shr_u64(small.m, (uint32_t)(small.m == 0 ? 0 : big.e - small.e));
    const bool under = down > big.m;
    *negative = swap != under && big.m != down;
    return pl_mag_normalise(a, under ? down - big.m : big.m - down, (int32_t)a->w - big.e);
}

PL_STEP struct pl_real pl_mag_to_real(const struct pl_arith *a, struct pl_mag x, bool negative)
{
    const int64_t m = (int64_t)(x.m << (PL_REAL_BITS - a->w));
    const struct pl_real r = { negative ? -m : m, x.m == 0 ? 0 : x.e };
    return r;
}

/* The left operand of a non-negative, normalised real, truncated to W bits. */
PL_STEP struct pl_mag pl_mag_from_real(const struct pl_arith *a, struct pl_real x)
{
    const struct pl_mag r = { (uint64_t)x.m >> (PL_REAL_BITS - a->w), x.e };
    return r;
}

/* x * y for a non-negative, normalised real y, truncated to R bits. */
PL_STEP struct pl_mag pl_mag_mul_real(const struct pl_arith *a, struct pl_mag x, struct pl_real y)
{
    return pl_mag_mul_right(a, x, (uint64_t)y.m >> (PL_REAL_BITS - a->r), y.e);
}

#endif
