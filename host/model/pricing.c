/* Discounted Black-76 from Mills' ratio M(z) = N(-z)/n(z), per unit of min(F, K):
 *
 *   u = |ln(K/F)| / s, s = sigma sqrt(T);  a = u - s/2, b = u + s/2  (|d1|, |d2| in one order)
 *   out of the money: n(a) (M(a) - M(b)) for a >= 0, 1 - n(a) (M(|a|) + M(b)) for a < 0
 *   in the money: plus D |F - K| (parity, exact)
 *   w = min(F, K) D n(a) = D F n(d1) = D K n(d2) yields every Greek by multiplication.
 *
 * Tails keep relative accuracy, and nothing is amplified by K/F. Each function named step_* is one
 * pipeline stage group: fixed latency, the same operations for every input. Formats: Qi.f is fixed
 * point; a "mag" is struct pl_mag; XB = W - 5. Every operation floors; the ROMs' constants carry
 * the bias. Shifts by data are barrel shifters; a shift count beyond 63 yields 0.
 */
#include "pricing.h"

#include "arith.h"
#include "pl_tables.h"
#include "roms.h"

const struct pl_arith pl_arith_full = {
    .w = PL_FULL_W,
    .r = PL_FULL_R,
    .fb = PL_FULL_FB,
    .degree = PL_FULL_DEGREE,
    .value_bits = 51,
    .ln2 = PL_FULL_LN2,
    .half_log2e = PL_FULL_HALF_LOG2E,
    .log2_sqrt_2pi = PL_FULL_LOG2_SQRT_2PI,
    .t_mask = { PL_FULL_T_MASK_0, PL_FULL_T_MASK_1, PL_FULL_T_MASK_2, PL_FULL_T_MASK_3 },
    .recip = pl_full_recip[0],
    .ln = pl_full_ln[0],
    .near = pl_full_near[0],
    .exp2 = pl_full_exp2[0],
    .mills = pl_full_mills[0],
};

const struct pl_arith pl_arith_small = {
    .w = PL_SMALL_W,
    .r = PL_SMALL_R,
    .fb = PL_SMALL_FB,
    .degree = PL_SMALL_DEGREE,
    .value_bits = 35,
    .ln2 = PL_SMALL_LN2,
    .half_log2e = PL_SMALL_HALF_LOG2E,
    .log2_sqrt_2pi = PL_SMALL_LOG2_SQRT_2PI,
    .t_mask = { PL_SMALL_T_MASK_0, PL_SMALL_T_MASK_1, 0, 0 },
    .recip = pl_small_recip[0],
    .ln = pl_small_ln[0],
    .near = pl_small_near[0],
    .exp2 = pl_small_exp2[0],
    .mills = pl_small_mills[0],
};

/* What the steps hand on. */
struct core {
    struct pl_mag forward, strike, low, gap; /* low = min(F, K), gap = |F - K| */
    bool forward_high;                       /* F >= K */
    struct pl_mag recip_forward;             /* 1/F */
    struct pl_mag log_moneyness;             /* |ln(K/F)| */
    struct pl_mag vol, total_vol, recip_vol; /* sigma, s, 1/s */
    bool vol_saturated;
    bool settled; /* s = 0 or u >= 32: N and n are at their limits */
    bool a_negative;
    uint64_t a_abs, b;                         /* |a| Q5.XB, b Q6.XB */
    uint64_t mills_a, mills_b;                 /* M(|a|), M(b), Q2.(R-2) */
    struct pl_mag density;                     /* n(a) */
    struct pl_mag bracket;                     /* out-of-the-money value per unit of low * D */
    struct pl_mag low_discounted, otm, parity; /* low * D, its value, D |F - K| */
    bool in_the_money;
};

PL_STEP bool price_ok(const struct pl_arith *a, uint64_t price)
{
    return price != 0 && price >> a->w == 0;
}

PL_STEP bool expiry_ok(const struct pl_expiry_math *x)
{
    const struct pl_real *const r[4] = { &x->sqrt_t, &x->half_inv_sqrt_t, &x->discount, &x->years };
    bool good = x->discount.m != 0;
    for (int i = 0; i < 4; i++) {
        good = good && r[i]->m >= 0 && pl_real_is_normal(*r[i], PL_EXPIRY_E_MAX);
    }
    return good;
}

/* Prices as mags (exact: they have at most W bits), their order, and the exact gap. */
PL_STEP void step_normalise(const struct pl_arith *a, uint64_t forward, uint64_t strike,
                            struct core *c)
{
    c->forward_high = forward >= strike;
    c->forward = pl_mag_normalise(a, forward, 0);
    c->strike = pl_mag_normalise(a, strike, 0);
    c->low = c->forward_high ? c->strike : c->forward;
    c->gap = pl_mag_normalise(a, c->forward_high ? forward - strike : strike - forward, 0);
}

/* |ln(K/F)| from the quotient: (octaves) ln 2 + ln m, m in [1/2, 1). Q6.FB. */
PL_STEP uint64_t step_log_far(const struct pl_arith *a, const struct core *c)
{
    const struct pl_mag q = pl_mag_mul(a, c->strike, c->recip_forward);
    const int64_t ln = (int64_t)q.e * (int64_t)a->ln2 - (int64_t)pl_rom_neg_ln(a, q.m);
    return pl_abs_u64(ln);
}

/* |ln(K/F)|. Near the money, |z| < 2^-4 with z = K/F - 1, it is |z| * (ln(1+z)/z) with z from the
 * exact gap: relative accuracy down to adjacent integers. Both ways meet in one normaliser. */
PL_STEP void step_log_moneyness(const struct pl_arith *a, struct core *c)
{
    c->recip_forward = pl_rom_recip(a, c->forward);
    const struct pl_mag z = pl_mag_mul(a, c->gap, c->recip_forward);
    const bool near = z.m == 0 || z.e <= -PL_NEAR_LOG2_RANGE;
    const uint32_t down = (uint32_t)(near ? 1 - PL_NEAR_LOG2_RANGE - z.e : 1);
    const uint64_t z8 = z.m == 0 ? 0 : pl_shr_u64(z.m, down); /* 8 |z|, Q0.W, below 1/2 */
    const uint64_t middle = UINT64_C(1) << (a->w - 1);
    const uint64_t g = pl_rom_log_ratio(a, c->forward_high ? middle - z8 : middle + z8);
    /* g as Q1.(W-1) times z.m as Q0.R, times 2: the mantissa z.m g in Q1.W */
    const uint64_t p = pl_mul(a, g << (a->w - 1 - a->fb), z.m << (a->r - a->w), a->r - 1);
    const uint64_t far = step_log_far(a, c);
    const int32_t w = (int32_t)a->w;
    c->log_moneyness = pl_mag_normalise(a, near ? p : far, near ? w - z.e : (int32_t)a->fb);
}

/* s = sigma sqrt(T), saturated at 16, and 1/s. sigma keeps its W leading bits. */
PL_STEP void step_total_vol(const struct pl_arith *a, const struct pl_expiry_math *x,
                            uint64_t vol_q45, struct core *c)
{
    c->vol = pl_mag_normalise(a, vol_q45, PL_VOL_FRACTION_BITS);
    c->total_vol = pl_mag_mul_real(a, c->vol, x->sqrt_t);
    c->vol_saturated = c->total_vol.m != 0 && c->total_vol.e >= PL_VOL_TOTAL_E_MAX;
    if (c->vol_saturated) {
        c->total_vol.m = UINT64_C(1) << (a->w - 1);
        c->total_vol.e = PL_VOL_TOTAL_E_MAX;
    }
    c->recip_vol = pl_rom_recip(a, c->total_vol);
}

/* u = |ln(K/F)| / s and s/2 as Q5.XB, floored; a = u - s/2, b = u + s/2. */
PL_STEP void step_distance(const struct pl_arith *a, struct core *c)
{
    const struct pl_mag u = pl_mag_mul(a, c->log_moneyness, c->recip_vol);
    c->settled = c->total_vol.m == 0 || (u.m != 0 && u.e > PL_Z_INTEGER_BITS);
    const bool u_zero = c->settled || u.m == 0;
    const uint64_t u_fixed = u_zero ? 0 : pl_shr_u64(u.m, (uint32_t)(PL_Z_INTEGER_BITS - u.e));
    const uint64_t half_s =
        c->settled ? 0
                   : pl_shr_u64(c->total_vol.m, (uint32_t)(PL_Z_INTEGER_BITS + 1 - c->total_vol.e));
    c->a_negative = u_fixed < half_s;
    c->a_abs = c->a_negative ? half_s - u_fixed : u_fixed - half_s;
    c->b = u_fixed + half_s;
}

/* M(|a|) and M(b): one dual-port ROM. Q1.FB widened to Q2.(R-2). */
PL_STEP void step_mills(const struct pl_arith *a, struct core *c)
{
    c->mills_a = pl_rom_mills(a, c->a_abs) << (a->r - 2 - a->fb);
    c->mills_b = pl_rom_mills(a, c->b) << (a->r - 2 - a->fb);
}

/* n(a) = 2^-(a^2 log2(e)/2 + log2(sqrt(2 pi))). a is normalised first, so that the exponent's error
 * is relative: y = (sq * log2(e)/2) with |a| = 2^(5-k) * Q0.W, y in Q10.W. */
PL_STEP void step_density(const struct pl_arith *a, struct core *c)
{
    const struct pl_mag z = pl_mag_normalise(a, c->a_abs, (int32_t)(a->w - PL_Z_INTEGER_BITS));
    const uint32_t k = (uint32_t)(c->a_abs == 0 ? 0 : PL_Z_INTEGER_BITS - z.e);
    const uint64_t square = pl_mul(a, z.m, z.m << (a->r - a->w), a->r); /* Q0.W */
    const uint64_t y = pl_mul(a, square, a->half_log2e, a->r);          /* Q0.W, times 2^(10-2k) */
    const uint64_t y_fixed = pl_shr_u64(y << (2 * PL_Z_INTEGER_BITS), 2 * k);
    c->density = pl_rom_exp2_neg(a, y_fixed + a->log2_sqrt_2pi);
    if (c->settled) {
        c->density.m = 0;
        c->density.e = 0;
    }
}

/* The value per unit of low * D. n's mantissa times the difference or the sum of M's is Q1.(W-1).
 * The difference is clamped at 0, since the ROM may step up by an ulp at a segment's edge; so is 1
 * - p. */
PL_STEP void step_bracket(const struct pl_arith *a, struct core *c)
{
    const uint64_t difference = c->mills_a > c->mills_b ? c->mills_a - c->mills_b : 0;
    const uint64_t m = c->a_negative ? c->mills_a + c->mills_b : difference;
    const uint64_t p = pl_mul(a, c->density.m, m, a->r - 1);
    const uint64_t one = UINT64_C(1) << (a->w - 1);
    const uint64_t tail = pl_shr_u64(p, (uint32_t)-c->density.e);
    const uint64_t rest = one > tail ? one - tail : 0;
    const int32_t point = (int32_t)a->w - 1;
    c->bracket =
        pl_mag_normalise(a, c->a_negative ? rest : p, c->a_negative ? point : point - c->density.e);
}

/* Out-of-the-money value and the parity term D |F - K|, both mags. D = 1 multiplies exactly. */
PL_STEP void step_terms(const struct pl_arith *a, const struct pl_expiry_math *x, bool is_call,
                        struct core *c)
{
    c->low_discounted = pl_mag_mul_real(a, c->low, x->discount);
    c->otm = pl_mag_mul(a, c->low_discounted, c->bracket);
    c->parity = pl_mag_mul_real(a, c->gap, x->discount);
    c->in_the_money = is_call == c->forward_high;
}

/* A mag below 2^value_bits as fixed point with PL_FRACTION_BITS fraction bits, floored. */
PL_STEP uint64_t to_fixed(const struct pl_arith *a, struct pl_mag x)
{
    const int32_t down = (int32_t)a->w - PL_FRACTION_BITS - x.e;
    return x.m == 0 ? 0 : down >= 0 ? pl_shr_u64(x.m, (uint32_t)down) : x.m << (-down & 63);
}

/* The terms meet in fixed point, where the only rounding to price units happens, half-up. */
PL_STEP int64_t step_value(const struct pl_arith *a, const struct core *c, uint32_t *flags)
{
    const int32_t limit_e = (int32_t)a->value_bits;
    const uint64_t limit = (UINT64_C(1) << a->value_bits) - 1;
    const struct pl_mag zero = { 0, 0 };
    const struct pl_mag parity = c->in_the_money ? c->parity : zero;
    const bool wide = c->otm.e > limit_e || parity.e > limit_e;
    const uint64_t sum = wide ? 0 : to_fixed(a, c->otm) + to_fixed(a, parity);
    const uint64_t value = (sum + (UINT64_C(1) << (PL_FRACTION_BITS - 1))) >> PL_FRACTION_BITS;
    const bool saturated = wide || value > limit;
    *flags |= saturated ? PL_PRICE_SATURATED : 0u;
    return (int64_t)(saturated ? limit : value);
}

/* All that the value needs; the Greeks start from what it leaves in *c. */
PL_STEP int64_t core_run(const struct pl_arith *a, const struct pl_expiry_math *x,
                         const struct pl_black_in *in, struct core *c, uint32_t *flags)
{
    step_normalise(a, in->forward, in->strike, c);
    step_log_moneyness(a, c);
    step_total_vol(a, x, in->vol_q45, c);
    step_distance(a, c);
    step_mills(a, c);
    step_density(a, c);
    step_bracket(a, c);
    step_terms(a, x, in->is_call, c);
    return step_value(a, c, flags);
}

/* delta and rho: the tail D N(-|d|), or D less it, by the sign of d; then the side's sign. Tails
 * are w/F M(|d1|) and w M(|d2|). d1 is +-b or +-a as F is the higher or lower; d2 is the other. */
PL_STEP void step_delta_rho(const struct pl_arith *a, const struct pl_expiry_math *x, bool is_call,
                            const struct core *c, struct pl_mag w, struct pl_mag w_per_forward,
                            struct pl_black_out *out)
{
    const bool d1_positive = c->forward_high || c->a_negative;
    const bool d2_positive = c->forward_high && !c->a_negative;
    bool negative;
    const struct pl_mag tail1 =
        pl_mag_mul_fixed(a, w_per_forward, c->forward_high ? c->mills_b : c->mills_a);
    const struct pl_mag tail2 = pl_mag_mul_fixed(a, w, c->forward_high ? c->mills_a : c->mills_b);
    const struct pl_mag strike_discounted = pl_mag_mul_real(a, c->strike, x->discount);
    const struct pl_mag rest1 = pl_mag_sub(a, pl_mag_from_real(a, x->discount), tail1, &negative);
    const struct pl_mag rest2 = pl_mag_sub(a, strike_discounted, tail2, &negative);
    const struct pl_mag delta = d1_positive == is_call ? rest1 : tail1;
    const struct pl_mag rho = pl_mag_mul_real(a, d2_positive == is_call ? rest2 : tail2, x->years);
    out->delta = pl_mag_to_real(a, delta, !is_call);
    out->rho = pl_mag_to_real(a, rho, !is_call);
}

/* theta = -w sigma / (2 sqrt(T)) + r V, with V before its rounding to price units. */
PL_STEP void step_theta(const struct pl_arith *a, const struct pl_expiry_math *x,
                        const struct core *c, struct pl_mag w, struct pl_black_out *out)
{
    const struct pl_mag decay = pl_mag_mul_real(a, pl_mag_mul(a, w, c->vol), x->half_inv_sqrt_t);
    const struct pl_mag value = c->in_the_money ? pl_mag_add(a, c->otm, c->parity) : c->otm;
    const struct pl_mag rate = pl_mag_normalise(a, pl_abs_u64(x->rate_q48), PL_RATE_FRACTION_BITS);
    const struct pl_mag carry = pl_mag_mul(a, value, rate);
    bool under;
    const struct pl_mag difference = pl_mag_sub(a, carry, decay, &under);
    out->theta_decay = pl_mag_to_real(a, decay, true);
    out->theta = x->rate_q48 < 0 ? pl_mag_to_real(a, pl_mag_add(a, carry, decay), true)
                                 : pl_mag_to_real(a, difference, under);
}

/* gamma = w / (F^2 s), vega = w sqrt(T), vanna = -(w/F) d2 / sigma, volga = vega d1 d2 / sigma,
 * with 1/sigma = sqrt(T)/s. */
PL_STEP void step_curvature(const struct pl_arith *a, const struct pl_expiry_math *x,
                            const struct core *c, struct pl_mag w, struct pl_mag w_per_forward,
                            struct pl_black_out *out)
{
    const int32_t xb = (int32_t)(a->w - PL_Z_INTEGER_BITS);
    const struct pl_mag a_abs = pl_mag_normalise(a, c->a_abs, xb);
    const struct pl_mag b = pl_mag_normalise(a, c->b, xb);
    const struct pl_mag vega = pl_mag_mul_real(a, w, x->sqrt_t);
    const struct pl_mag per_vol = pl_mag_mul_real(a, c->recip_vol, x->sqrt_t);
    const struct pl_mag per_price = pl_mag_mul(a, w_per_forward, c->recip_forward);
    const struct pl_mag vanna =
        pl_mag_mul(a, pl_mag_mul(a, w_per_forward, per_vol), c->forward_high ? a_abs : b);
    const struct pl_mag volga =
        pl_mag_mul(a, pl_mag_mul(a, pl_mag_mul(a, vega, per_vol), a_abs), b);
    const bool d2_positive = c->forward_high && !c->a_negative;
    out->vega = pl_mag_to_real(a, vega, false);
    out->gamma = pl_mag_to_real(a, pl_mag_mul(a, per_price, c->recip_vol), false);
    out->vanna = pl_mag_to_real(a, vanna, d2_positive);
    out->volga = pl_mag_to_real(a, volga, c->a_negative);
}

PL_STEP void black(const struct pl_arith *a, const struct pl_expiry_math *x,
                   const struct pl_black_in *in, struct pl_black_out *out)
{
    const struct pl_mag zero = { 0, 0 };
    struct core c;
    out->value = core_run(a, x, in, &c, &out->flags);
    const struct pl_mag w = pl_mag_mul(a, c.low_discounted, c.density);
    const struct pl_mag w_per_forward = pl_mag_mul(a, w, c.recip_forward);
    const struct pl_mag w_sensitive = c.vol_saturated ? zero : w;
    const struct pl_mag w_sensitive_per_forward = c.vol_saturated ? zero : w_per_forward;
    step_delta_rho(a, x, in->is_call, &c, w, w_per_forward, out);
    step_theta(a, x, &c, w_sensitive, out);
    step_curvature(a, x, &c, w_sensitive, w_sensitive_per_forward, out);
}

PL_STEP bool domain_ok(const struct pl_arith *a, const struct pl_expiry_math *x,
                       const struct pl_black_in *in)
{
    return price_ok(a, in->forward) && price_ok(a, in->strike) && expiry_ok(x);
}

/* Constant profiles: the compiler specialises the whole pipeline twice. */
void pl_black(const struct pl_arith *a, const struct pl_expiry_math *x,
              const struct pl_black_in *in, struct pl_black_out *out)
{
    *out = (struct pl_black_out){ .value = 0 };
    if (!domain_ok(a, x, in)) {
        out->flags = PL_PRICE_DOMAIN;
    } else if (a == &pl_arith_full) {
        black(&pl_arith_full, x, in, out);
    } else {
        black(&pl_arith_small, x, in, out);
    }
}

int64_t pl_black_value(const struct pl_arith *a, const struct pl_expiry_math *x,
                       const struct pl_black_in *in, uint32_t *flags)
{
    struct core c;
    *flags = 0;
    if (!domain_ok(a, x, in)) {
        *flags = PL_PRICE_DOMAIN;
        return 0;
    }
    return a == &pl_arith_full ? core_run(&pl_arith_full, x, in, &c, flags)
                               : core_run(&pl_arith_small, x, in, &c, flags);
}

PL_STEP int64_t log_moneyness_q48(const struct pl_arith *a, uint64_t strike, uint64_t forward)
{
    struct core c;
    step_normalise(a, forward, strike, &c);
    step_log_moneyness(a, &c);
    const int32_t down = (int32_t)a->w - 48 - c.log_moneyness.e;
    const uint64_t m = c.log_moneyness.m;
    const int64_t q48 = (int64_t)(m == 0      ? 0
                                  : down >= 0 ? pl_shr_half_up_u64(m, (uint32_t)down)
                                              : m << (-down & 63));
    return c.forward_high ? -q48 : q48;
}

int64_t pl_log_moneyness_q48(const struct pl_arith *a, uint64_t strike, uint64_t forward)
{
    if (!price_ok(a, strike) || !price_ok(a, forward)) {
        return 0;
    }
    return a == &pl_arith_full ? log_moneyness_q48(&pl_arith_full, strike, forward)
                               : log_moneyness_q48(&pl_arith_small, strike, forward);
}
