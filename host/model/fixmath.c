/* See fixmath.h. Internal format: unsigned 128-bit fractions, Q16.112 for exponents and logarithms.
 */
#include "fixmath.h"

#define Q112_BITS 112

/* ln 2 in Q0.112 and 1/ln 2 in Q1.63. */
static const pl_u128 ln2_q112 =
    (pl_u128)UINT64_C(0xb17217f7d1cf) << 64 | UINT64_C(0x79abc9e3b39803f3);
static const uint64_t inv_ln2_q63 = UINT64_C(0xb8aa3b295c17f0bc);

/* floor(a * b / 2^128), less at most 2 in the last place. */
static pl_u128 mulhi_u128(pl_u128 a, pl_u128 b)
{
    const uint64_t ah = (uint64_t)(a >> 64), al = (uint64_t)a;
    const uint64_t bh = (uint64_t)(b >> 64), bl = (uint64_t)b;
    const pl_u128 cross =
        ((pl_u128)ah * bl >> 1) + ((pl_u128)al * bh >> 1) + (pl_mulhi_u64(al, bl) >> 1);
    return (pl_u128)ah * bh + (cross >> 63);
}

/* floor(2^bits * num / den) for num < den, den < 2^127. */
static pl_u128 long_divide(pl_u128 num, pl_u128 den, unsigned bits)
{
    pl_u128 quotient = 0;
    for (unsigned i = 0; i < bits; i++) {
        num <<= 1;
        quotient <<= 1;
        if (num >= den) {
            num -= den;
            quotient |= 1;
        }
    }
    return quotient;
}

static uint64_t isqrt_u128(pl_u128 x)
{
    pl_u128 root = 0;
    for (int bit = 63; bit >= 0; bit--) {
        const pl_u128 trial = root | (pl_u128)1 << bit;
        if (trial * trial <= x) {
            root = trial;
        }
    }
    return (uint64_t)root;
}

struct pl_real pl_fix_quotient(struct pl_real a, struct pl_real b)
{
    const uint64_t num = pl_abs_u64(a.m), den = pl_abs_u64(b.m);
    if (num == 0 || den == 0) {
        return (struct pl_real){ 0, 0 };
    }
    const unsigned na = 64 - pl_bit_length(num), nb = 64 - pl_bit_length(den);
    const pl_u128 q = ((pl_u128)(num << na) << 63) / (den << nb); /* 63 or 64 bits: then 52 */
    const int64_t e = (int64_t)a.e - b.e - 63 - (int64_t)na + (int64_t)nb;
    return pl_real_from_u128((a.m < 0) != (b.m < 0), q, e, true);
}

struct pl_real pl_fix_ratio(uint64_t num, uint64_t den)
{
    if (num == 0 || den == 0) {
        return (struct pl_real){ 0, 0 };
    }
    const unsigned nn = 64 - pl_bit_length(num), nd = 64 - pl_bit_length(den);
    const pl_u128 q = ((pl_u128)(num << nn) << 63) / (den << nd);
    return pl_real_from_u128(false, q, (int64_t)nd - (int64_t)nn - 63, true);
}

struct pl_real pl_fix_sqrt_ratio(uint64_t num, uint64_t den)
{
    if (num == 0 || den == 0) {
        return (struct pl_real){ 0, 0 };
    }
    const unsigned nn = 64 - pl_bit_length(num), nd = 64 - pl_bit_length(den);
    const pl_u128 n = (pl_u128)(num << nn) << 63;
    const uint64_t d = den << nd;
    pl_u128 q = (n / d) << 62 | ((n % d) << 62) / d; /* (n/d) 2^125, 125 or 126 bits */
    int32_t e = (int32_t)nd - (int32_t)nn - 125;
    if (e & 1) {
        q <<= 1;
        e--;
    }
    return pl_real_from_u128(false, isqrt_u128(q), e / 2, true);
}

/* exp(+-z), z in Q16.112. */
static struct pl_real exp_q112(bool negative, pl_u128 z)
{
    uint64_t k = (uint64_t)(((pl_u128)(uint64_t)(z >> 64) * inv_ln2_q63) >> (48 + 63));
    if (ln2_q112 * k > z) {
        k--;
    }
    pl_u128 rest = z - ln2_q112 * k;
    if (rest >= ln2_q112) {
        rest -= ln2_q112;
        k++;
    }
    if (negative && rest != 0) { /* exp(-z) = 2^-(k+1) exp(ln2 - rest) */
        rest = ln2_q112 - rest;
        k++;
    }
    const pl_u128 r = rest << 16; /* Q0.128, below ln 2 */
    pl_u128 term = r, sum = 0;
    for (unsigned n = 2; term != 0; n++) { /* at most 34 terms: r^n / n! falls below 2^-128 */
        sum += term;
        term = mulhi_u128(term, r) / n;
    }
    const pl_u128 mag = (pl_u128)1 << 127 | sum >> 1;
    return pl_real_from_u128(false, mag, (negative ? -(int64_t)k : (int64_t)k) - 127, true);
}

struct pl_real pl_fix_exp_q48(int64_t x_q48)
{
    return exp_q112(x_q48 < 0, (pl_u128)pl_abs_u64(x_q48) << 64);
}

struct pl_real pl_fix_exp_neg_q48(int64_t x_q48)
{
    return exp_q112(x_q48 > 0, (pl_u128)pl_abs_u64(x_q48) << 64);
}

/* |ln(num/den)| in Q16.112 and its sign; num and den not 0. */
static pl_u128 ln_ratio_q112(uint64_t num, uint64_t den, bool *negative)
{
    const unsigned nn = 64 - pl_bit_length(num), nd = 64 - pl_bit_length(den);
    const uint64_t n = num << nn, d = den << nd;
    const uint64_t gap = n > d ? n - d : d - n;
    const pl_u128 y = long_divide(gap, (pl_u128)n + d, 127) << 1; /* Q0.128, below 1/3 */
    const pl_u128 y2 = mulhi_u128(y, y);
    pl_u128 term = y, sum = 0;
    for (unsigned k = 1; term != 0; k += 2) { /* atanh; at most 41 terms */
        sum += term / k;
        term = mulhi_u128(term, y2);
    }
    const pl_i128 mantissa_part = (pl_i128)(sum >> 15); /* 2 atanh(y), Q.112 */
    const pl_i128 octaves = (pl_i128)ln2_q112 * ((int)nd - (int)nn);
    const pl_i128 ln = octaves + (n > d ? mantissa_part : -mantissa_part);
    *negative = ln < 0;
    return (pl_u128)(ln < 0 ? -ln : ln);
}

int64_t pl_fix_ln_ratio_q48(uint64_t num, uint64_t den)
{
    bool negative;
    if (num == 0 || den == 0) {
        return 0;
    }
    const pl_u128 ln = ln_ratio_q112(num, den, &negative);
    const int64_t mag = (int64_t)((ln + ((pl_u128)1 << 63)) >> 64);
    return negative ? -mag : mag;
}

struct pl_real pl_fix_pow_ratio(uint64_t num, uint64_t den, int64_t p_q40)
{
    bool negative;
    if (num == 0 || den == 0) {
        return (struct pl_real){ 0, 0 };
    }
    const pl_u128 ln = ln_ratio_q112(num, den, &negative);
    const uint64_t p = pl_abs_u64(p_q40);
    const pl_u128 high = (pl_u128)p * (uint64_t)(ln >> 64); /* Q.88 */
    const pl_u128 low = (pl_u128)p * (uint64_t)ln >> 40;    /* Q.112 */
    const pl_u128 limit = (pl_u128)1 << 127;                /* 32768 */
    const bool wide = high >> (127 - 24) != 0 || (high << 24) + low > limit;
    return exp_q112(negative != (p_q40 < 0), wide ? limit : (high << 24) + low);
}

void pl_fix_expiry(struct pl_expiry_math *x, uint64_t ttl_us, int64_t rate_q48)
{
    const pl_u128 product = (pl_u128)pl_abs_u64(rate_q48) * ttl_us;
    const pl_u128 rt = (product + PL_FIX_YEAR_US / 2) / PL_FIX_YEAR_US;
    const int64_t rt_q48 = rt > INT64_MAX ? INT64_MAX : (int64_t)rt;
    x->years = pl_fix_ratio(ttl_us, PL_FIX_YEAR_US);
    x->sqrt_t = pl_fix_sqrt_ratio(ttl_us, PL_FIX_YEAR_US);
    x->half_inv_sqrt_t = pl_fix_sqrt_ratio(PL_FIX_YEAR_US / 4, ttl_us);
    x->discount = rate_q48 < 0 ? pl_fix_exp_q48(rt_q48) : pl_fix_exp_neg_q48(rt_q48);
    x->rate_q48 = rate_q48;
}
