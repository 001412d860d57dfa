/* Integer helpers and the project's one floating-style number, struct pl_real. No floating point.
 *
 * struct pl_real is normalised: value = m * 2^(e-52) with |m| in [2^51, 2^52), or m = 0 and e = 0.
 * So |value| lies in [2^(e-1), 2^e). Functions here are defined for every bit pattern; on a number
 * that is not normalised they still work on m * 2^(e-52), and the range notes below may not hold.
 */
#ifndef PL_FIXED_H
#define PL_FIXED_H

#include <stdbool.h>
#include <stdint.h>

__extension__ typedef unsigned __int128 pl_u128;
__extension__ typedef __int128 pl_i128;

#define PL_REAL_BITS 52
#define PL_REAL_E_MIN (-2048) /* of a packed word: 12 bits */
#define PL_REAL_E_MAX 2047
#define PL_REAL_E_LIMIT (1 << 30) /* exponents of products are clamped here */

struct pl_real {
    int64_t m;
    int32_t e;
};

/* Number of significant bits, 0 for 0. */
static inline unsigned pl_bit_length(uint64_t x)
{
    return x == 0 ? 0u : 64u - (unsigned)__builtin_clzll(x);
}

static inline unsigned pl_bit_length_u128(pl_u128 x)
{
    const uint64_t high = (uint64_t)(x >> 64);
    return high != 0 ? 64u + pl_bit_length(high) : pl_bit_length((uint64_t)x);
}

/* floor(a * b / 2^64): what mul_hi does on 64-bit words. */
static inline uint64_t pl_mulhi_u64(uint64_t a, uint64_t b)
{
    return (uint64_t)(((pl_u128)a * b) >> 64);
}

/* x / 2^n, floored; n of 64 and more yields 0. */
static inline uint64_t pl_shr_u64(uint64_t x, uint32_t n)
{
    return n > 63 ? 0 : x >> n;
}

/* x / 2^n rounded half-up; n of 64 and more yields 0. */
static inline uint64_t pl_shr_half_up_u64(uint64_t x, uint32_t n)
{
    return n == 0 ? x : n > 63 ? 0 : (x >> n) + ((x >> (n - 1)) & 1u);
}

static inline uint64_t pl_abs_u64(int64_t x)
{
    return x < 0 ? 0 - (uint64_t)x : (uint64_t)x;
}

static inline int32_t pl_clamp_e(int64_t e)
{
    return e > PL_REAL_E_LIMIT    ? PL_REAL_E_LIMIT
           : e < -PL_REAL_E_LIMIT ? -PL_REAL_E_LIMIT
                                  : (int32_t)e;
}

/* mag * 2^exp2 with the sign given; the magnitude truncated to 52 bits, or rounded half-up. */
static inline struct pl_real pl_real_from_u128(bool negative, pl_u128 mag, int64_t exp2,
                                               bool half_up)
{
    struct pl_real r = { 0, 0 };
    if (mag == 0) {
        return r;
    }
    const int32_t drop = (int32_t)pl_bit_length_u128(mag) - PL_REAL_BITS;
    uint64_t m;
    if (drop <= 0) {
        m = (uint64_t)mag << -drop;
    } else {
        m = (uint64_t)(mag >> drop);
        m += half_up ? (uint64_t)(mag >> (drop - 1)) & 1u : 0u;
    }
    int64_t e = exp2 + drop + PL_REAL_BITS;
    if (m >> PL_REAL_BITS) {
        m >>= 1;
        e++;
    }
    r.m = negative ? -(int64_t)m : (int64_t)m;
    r.e = pl_clamp_e(e);
    return r;
}

static inline struct pl_real pl_real_from_int(int64_t x)
{
    return pl_real_from_u128(x < 0, pl_abs_u64(x), 0, true);
}

/* a * b, the magnitude truncated to 52 bits (relative error below 2^-51). */
static inline struct pl_real pl_real_mul(struct pl_real a, struct pl_real b)
{
    const pl_u128 p = (pl_u128)pl_abs_u64(a.m) * pl_abs_u64(b.m);
    return pl_real_from_u128((a.m < 0) != (b.m < 0), p, (int64_t)a.e + b.e - 2 * PL_REAL_BITS,
                             false);
}

static inline struct pl_real pl_real_neg(struct pl_real a)
{
    const struct pl_real r = { (int64_t)(0 - (uint64_t)a.m), a.e };
    return r;
}

/* r * 2^shift rounded half-up, that is floor(r * 2^shift + 1/2), for both signs.
 * Beyond +-(2^63 - 1) the result is that limit and *saturated is set (it is never cleared). */
static inline int64_t pl_real_to_int(struct pl_real r, int32_t shift, bool *saturated)
{
    const uint64_t mag = pl_abs_u64(r.m);
    const bool negative = r.m < 0;
    const int64_t up = (int64_t)r.e - PL_REAL_BITS + shift;
    if (mag == 0) {
        return 0;
    }
    if (up + (int64_t)pl_bit_length(mag) > 63) {
        *saturated = true;
        return negative ? -INT64_MAX : INT64_MAX;
    }
    if (up >= 0) {
        return negative ? -(int64_t)(mag << up) : (int64_t)(mag << up);
    }
    if (up < -63) {
        return 0;
    }
    const uint32_t n = (uint32_t)-up;
    if (!negative) {
        return (int64_t)pl_shr_half_up_u64(mag, n);
    }
    const uint64_t rest = mag & ((UINT64_C(1) << n) - 1);
    return -(int64_t)((mag >> n) + (rest > UINT64_C(1) << (n - 1) ? 1u : 0u));
}

/* True for 0 and for a normalised number with |e| <= e_max. */
static inline bool pl_real_is_normal(struct pl_real r, int32_t e_max)
{
    if (r.m == 0) {
        return r.e == 0;
    }
    return pl_bit_length(pl_abs_u64(r.m)) == PL_REAL_BITS && r.e >= -e_max && r.e <= e_max;
}

/* "ureal" word of a non-negative real: bits 51:0 m, bits 63:52 e in two's complement; 0 is zero.
 * An exponent above 2047 packs as the largest word, one below -2048 and a negative number as 0. */
static inline uint64_t pl_real_pack(struct pl_real r)
{
    if (r.m <= 0 || r.e < PL_REAL_E_MIN) {
        return 0;
    }
    if (r.e > PL_REAL_E_MAX) {
        return UINT64_C(0x7fffffffffffffff);
    }
    return (uint64_t)(uint32_t)r.e << PL_REAL_BITS |
           ((uint64_t)r.m & ((UINT64_C(1) << PL_REAL_BITS) - 1));
}

/* The inverse; false (and *r zero) if the word is neither 0 nor normalised. */
static inline bool pl_real_unpack(uint64_t word, struct pl_real *r)
{
    const uint64_t m = word & ((UINT64_C(1) << PL_REAL_BITS) - 1);
    const uint32_t e = (uint32_t)(word >> PL_REAL_BITS);
    const bool good = word == 0 || m >> (PL_REAL_BITS - 1) != 0;
    r->m = good ? (int64_t)m : 0;
    r->e = good ? (int32_t)(e ^ 0x800u) - 0x800 : 0;
    return good;
}

/* The IEEE-754 binary64 pattern of r: exact in binary64's normal range. Below it the result is a
 * zero of r's sign (subnormals flush), above it the largest finite number of r's sign. */
static inline uint64_t pl_real_to_binary64_bits(struct pl_real r)
{
    const uint64_t sign = r.m < 0 ? UINT64_C(1) << 63 : 0;
    const struct pl_real n =
        pl_real_from_u128(false, pl_abs_u64(r.m), (int64_t)r.e - PL_REAL_BITS, false);
    const int32_t biased = n.e + 1022;
    if (n.m == 0 || biased < 1) {
        return sign;
    }
    if (biased > 2046) {
        return sign | UINT64_C(0x7fefffffffffffff);
    }
    return sign | (uint64_t)biased << 52 | (((uint64_t)n.m << 1) & ((UINT64_C(1) << 52) - 1));
}

#endif
