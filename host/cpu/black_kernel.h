/* host/model/pricing.c and its ROMs, eight options at a time, for profile full: the same steps in
 * the same order, so the same bits. Words are 51 and 52 bits: floor(x y / 2^52) is mul52(),
 * floor(x y / 2^51) the same of 2 x. Where C branches, both sides are computed and one is chosen.
 *
 * Included once per instruction set, behind its vectors. */
#ifndef PL_CPU_BLACK_KERNEL_H
#define PL_CPU_BLACK_KERNEL_H

#include "black.h"
#include "model/arith.h"
#include "model/pl_tables.h"

#define W PL_FULL_W
#define R PL_FULL_R
#define FB PL_FULL_FB
#define VALUE_BITS 51 /* of pl_arith_full */
#define XB (W - PL_Z_INTEGER_BITS)

/* struct pl_mag of eight lanes. */
struct mag {
    vec m, e;
};

/* As in pricing.c, what the steps hand on. */
struct core {
    struct mag forward, strike, low, gap, recip_forward, log_moneyness, vol, total_vol, recip_vol;
    struct mag density, bracket, low_discounted, otm, parity;
    vec a_abs, b, mills_a, mills_b;
    mask forward_high, vol_saturated, settled, a_negative, in_the_money;
};

/* A real of the expiry, in every lane. */
INLINE struct mag real(struct pl_real r)
{
    return (struct mag){ v_all(r.m), v_all(r.e) };
}

INLINE vec mul51(vec x, vec y)
{
    return mul52(v_add(x, x), y);
}

/* e is n less than the number of bits. */
INLINE struct mag normalise(vec v, vec n)
{
    const vec zeros = v_leading_zeros(v);
    const struct mag r = { v_shr(v_shlv(v, zeros), 64 - W),
                           v_keep(m_nonzero(v), v_sub(v_sub(v_all(64), zeros), n)) };
    return r;
}

INLINE struct mag mul_right(struct mag x, vec y, vec y_e)
{
    const vec p = mul51(x.m, y), carry = v_shr(p, W);
    const vec e = v_add(v_add(x.e, y_e), v_sub(carry, v_all(1)));
    const struct mag r = { v_shrv(p, carry), v_keep(m_nonzero(p), e) };
    return r;
}

INLINE struct mag mul(struct mag x, struct mag y)
{
    return mul_right(x, v_shl(y.m, R - W), y.e);
}

INLINE struct mag mul_real(struct mag x, struct mag y)
{
    return mul_right(x, y.m, y.e);
}

INLINE struct mag mul_fixed(struct mag x, vec y)
{
    return normalise(mul51(x.m, y), v_sub(v_all(W - 1), x.e));
}

/* The larger of two by exponent, and the smaller moved to its grid. */
struct pair {
    vec big, big_e, down;
    mask swap;
};

INLINE struct pair align(struct mag x, struct mag y)
{
    struct pair p;
    p.swap = m_or(m_zero(x.m), m_and(m_above(y.e, x.e), m_nonzero(y.m)));
    const vec small = v_pick(p.swap, x.m, y.m), small_e = v_pick(p.swap, x.e, y.e);
    p.big = v_pick(p.swap, y.m, x.m);
    p.big_e = v_pick(p.swap, y.e, x.e);
    p.down = v_keep(m_nonzero(small), v_shrv(small, v_sub(p.big_e, small_e)));
    return p;
}

INLINE struct mag add(struct mag x, struct mag y)
{
    const struct pair p = align(x, y);
    const vec m = v_add(p.big, p.down), carry = v_shr(m, W);
    return (struct mag){ v_shrv(m, carry), v_add(p.big_e, carry) };
}

INLINE struct mag sub(struct mag x, struct mag y, mask *negative)
{
    const struct pair p = align(x, y);
    const mask under = m_above(p.down, p.big);
    *negative = m_and(m_xor(p.swap, under), m_nonzero(v_sub(p.big, p.down)));
    return normalise(v_abs(v_sub(p.big, p.down)), v_sub(v_all(W), p.big_e));
}

INLINE vec horner(const uint64_t *rom, vec row, vec t)
{
    _Static_assert(PL_FULL_DEGREE == 4, "five coefficients");
    vec c[5];
    v_turn_rows(rom, row, c);
    vec acc = c[4];
    acc = v_add(c[3], mul52(acc, v_and(t, v_all(PL_FULL_T_MASK_3))));
    acc = v_add(c[2], mul52(acc, v_and(t, v_all(PL_FULL_T_MASK_2))));
    acc = v_add(c[1], mul52(acc, v_and(t, v_all(PL_FULL_T_MASK_1))));
    return v_add(c[0], mul52(acc, v_and(t, v_all(PL_FULL_T_MASK_0))));
}

INLINE vec lookup(const uint64_t *rom, vec x, const int bits, const int index_bits)
{
    const int low_bits = bits - index_bits;
    const vec row = v_and(v_shr(x, low_bits), v_all((1 << index_bits) - 1));
    const vec low = v_andnot(x, v_all((UINT64_C(1) << low_bits) - 1));
    return horner(rom, row, v_shl(low, R - low_bits));
}

INLINE struct mag recip(struct mag x)
{
    const vec q = lookup(pl_arith_full.recip, x.m, W - 1, PL_RECIP_INDEX_BITS);
    return (struct mag){ v_shl(q, W - 1 - FB), v_sub(v_all(1), x.e) };
}

INLINE struct mag exp2_neg(vec y)
{
    const vec q = lookup(pl_arith_full.exp2, y, W, PL_EXP2_INDEX_BITS);
    return (struct mag){ v_shl(q, W - 1 - FB), v_sub(v_zero(), v_shr(y, W)) };
}

INLINE vec mills(vec z)
{
    static const uint16_t index_bits[8] = PL_MILLS_INDEX_BITS;
    static const uint16_t first_row[8] = PL_MILLS_FIRST_ROW;
    const vec z1 = v_add(z, v_all(UINT64_C(1) << XB));
    const vec octave = v_and(v_sub(v_all(63 - XB), v_leading_zeros(z1)), v_all(7));
    const vec bits = v_table8(index_bits, octave);
    const vec low_bits = v_sub(v_add(v_all(XB), octave), bits);
    const vec row_mask = v_sub(v_shlv(v_all(1), bits), v_all(1));
    const vec low_mask = v_sub(v_shlv(v_all(1), low_bits), v_all(1));
    const vec row = v_and(v_shrv(z1, low_bits), row_mask);
    return horner(pl_arith_full.mills, v_add(v_table8(first_row, octave), row),
                  v_shlv(v_andnot(z1, low_mask), v_sub(v_all(R), low_bits)));
}

INLINE void step_normalise(vec forward, vec strike, struct core *c)
{
    c->forward_high = m_not(m_above(strike, forward));
    c->forward = normalise(forward, v_zero());
    c->strike = normalise(strike, v_zero());
    c->low.m = v_pick(c->forward_high, c->strike.m, c->forward.m);
    c->low.e = v_pick(c->forward_high, c->strike.e, c->forward.e);
    c->gap = normalise(v_abs(v_sub(forward, strike)), v_zero());
}

INLINE void step_log_moneyness(struct core *c)
{
    c->recip_forward = recip(c->forward);
    const struct mag z = mul(c->gap, c->recip_forward);
    const mask z_zero = m_zero(z.m);
    const mask near = m_or(z_zero, m_above(v_all(1 - PL_NEAR_LOG2_RANGE), z.e));
    const vec down = v_pick(near, v_sub(v_all(1 - PL_NEAR_LOG2_RANGE), z.e), v_all(1));
    const vec z8 = v_keep(m_not(z_zero), v_shrv(z.m, down));
    const vec middle = v_all(UINT64_C(1) << (W - 1));
    const vec g =
        lookup(pl_arith_full.near, v_pick(c->forward_high, v_sub(middle, z8), v_add(middle, z8)), W,
               PL_NEAR_INDEX_BITS);
    const vec p = mul51(v_shl(g, W - 1 - FB), v_shl(z.m, R - W));
    const struct mag q = mul(c->strike, c->recip_forward);
    const vec neg_ln = lookup(pl_arith_full.ln, q.m, W - 1, PL_LN_INDEX_BITS);
    const vec far = v_abs(v_sub(v_mullo(q.e, v_all(PL_FULL_LN2)), neg_ln));
    c->log_moneyness =
        normalise(v_pick(near, p, far), v_pick(near, v_sub(v_all(W), z.e), v_all(FB)));
}

INLINE void step_total_vol(struct mag sqrt_t, vec vol_q45, struct core *c)
{
    c->vol = normalise(vol_q45, v_all(PL_VOL_FRACTION_BITS));
    const struct mag s = mul_real(c->vol, sqrt_t);
    c->vol_saturated = m_and(m_above(s.e, v_all(PL_VOL_TOTAL_E_MAX - 1)), m_nonzero(s.m));
    c->total_vol.m = v_pick(c->vol_saturated, v_all(UINT64_C(1) << (W - 1)), s.m);
    c->total_vol.e = v_pick(c->vol_saturated, v_all(PL_VOL_TOTAL_E_MAX), s.e);
    c->recip_vol = recip(c->total_vol);
}

INLINE void step_distance(struct core *c)
{
    const struct mag u = mul(c->log_moneyness, c->recip_vol);
    const mask u_none = m_zero(u.m);
    c->settled =
        m_or(m_zero(c->total_vol.m), m_and(m_above(u.e, v_all(PL_Z_INTEGER_BITS)), m_not(u_none)));
    const vec u_fixed =
        v_keep(m_not(m_or(c->settled, u_none)), v_shrv(u.m, v_sub(v_all(PL_Z_INTEGER_BITS), u.e)));
    const vec half_s =
        v_keep(m_not(c->settled),
               v_shrv(c->total_vol.m, v_sub(v_all(PL_Z_INTEGER_BITS + 1), c->total_vol.e)));
    c->a_negative = m_above(half_s, u_fixed);
    c->a_abs = v_abs(v_sub(u_fixed, half_s));
    c->b = v_add(u_fixed, half_s);
}

INLINE void step_density(struct core *c)
{
    const struct mag z = normalise(c->a_abs, v_all(XB));
    const vec k = v_keep(m_nonzero(c->a_abs), v_sub(v_all(PL_Z_INTEGER_BITS), z.e));
    const vec square = mul52(z.m, v_shl(z.m, R - W));
    const vec y = mul52(square, v_all(PL_FULL_HALF_LOG2E));
    const vec y_fixed = v_shrv(v_shl(y, 2 * PL_Z_INTEGER_BITS), v_add(k, k));
    c->density = exp2_neg(v_add(y_fixed, v_all(PL_FULL_LOG2_SQRT_2PI)));
    c->density.m = v_pick(c->settled, v_zero(), c->density.m);
    c->density.e = v_pick(c->settled, v_zero(), c->density.e);
}

INLINE vec saturating_sub(vec x, vec y)
{
    return v_keep(m_above(x, y), v_sub(x, y));
}

INLINE void step_bracket(struct core *c)
{
    const vec difference = saturating_sub(c->mills_a, c->mills_b);
    const vec m = v_pick(c->a_negative, v_add(c->mills_a, c->mills_b), difference);
    const vec p = mul51(c->density.m, m);
    const vec one = v_all(UINT64_C(1) << (W - 1)), tail = v_shrv(p, v_sub(v_zero(), c->density.e));
    const vec rest = saturating_sub(one, tail);
    const vec point = v_pick(c->a_negative, v_all(W - 1), v_sub(v_all(W - 1), c->density.e));
    c->bracket = normalise(v_pick(c->a_negative, rest, p), point);
}

INLINE vec to_fixed(struct mag x)
{
    const vec down = v_sub(v_all(W - PL_FRACTION_BITS), x.e);
    const mask left = m_negative(down);
    const vec up = v_and(v_sub(v_zero(), down), v_all(63));
    return v_pick(left, v_shlv(x.m, up), v_shrv(x.m, down));
}

INLINE vec step_value(struct core *c, mask *saturated)
{
    const vec limit_e = v_all(VALUE_BITS), limit = v_all((UINT64_C(1) << VALUE_BITS) - 1);
    const struct mag parity = { v_keep(c->in_the_money, c->parity.m),
                                v_keep(c->in_the_money, c->parity.e) };
    const mask wide = m_or(m_above(c->otm.e, limit_e), m_above(parity.e, limit_e));
    const vec sum = v_add(to_fixed(c->otm), to_fixed(parity));
    const vec value =
        v_shr(v_add(sum, v_all(UINT64_C(1) << (PL_FRACTION_BITS - 1))), PL_FRACTION_BITS);
    *saturated = m_or(wide, m_above(value, limit));
    return v_pick(*saturated, limit, value);
}

INLINE vec core_run(const struct pl_expiry_math *x, const struct pl_cpu_options *in, struct core *c,
                    mask *saturated)
{
    const vec forward = v_loadu(in->forward), strike = v_loadu(in->strike);
    const struct mag discount = real(x->discount);
    step_normalise(forward, strike, c);
    step_log_moneyness(c);
    step_total_vol(real(x->sqrt_t), v_loadu(in->vol_q45), c);
    step_distance(c);
    c->mills_a = v_shl(mills(c->a_abs), R - 2 - FB);
    c->mills_b = v_shl(mills(c->b), R - 2 - FB);
    step_density(c);
    step_bracket(c);
    c->low_discounted = mul_real(c->low, discount);
    c->otm = mul(c->low_discounted, c->bracket);
    c->parity = mul_real(c->gap, discount);
    c->in_the_money = m_not(m_xor(m_from_bits(in->calls), c->forward_high));
    return step_value(c, saturated);
}

INLINE void store(struct pl_cpu_reals *out, struct mag x, mask negative, mask good)
{
    const vec m = v_shl(x.m, PL_REAL_BITS - W);
    v_storeu(out->m, v_keep(good, v_negate(negative, m)));
    v_storeu(out->e, v_keep(m_and(good, m_nonzero(x.m)), x.e));
}

INLINE struct mag pick(mask m, struct mag yes, struct mag no)
{
    return (struct mag){ v_pick(m, yes.m, no.m), v_pick(m, yes.e, no.e) };
}

INLINE void step_delta_rho(const struct pl_expiry_math *x, mask calls, const struct core *c,
                           struct mag w, struct mag w_per_forward, mask good,
                           struct pl_cpu_greeks *out)
{
    const mask d1_positive = m_or(c->forward_high, c->a_negative);
    const mask d2_positive = m_and(c->forward_high, m_not(c->a_negative));
    const struct mag discount = real(x->discount);
    const struct mag d = { v_shr(discount.m, PL_REAL_BITS - W), discount.e };
    mask negative;
    const struct mag tail1 =
        mul_fixed(w_per_forward, v_pick(c->forward_high, c->mills_b, c->mills_a));
    const struct mag tail2 = mul_fixed(w, v_pick(c->forward_high, c->mills_a, c->mills_b));
    const struct mag rest1 = sub(d, tail1, &negative);
    const struct mag rest2 = sub(mul_real(c->strike, discount), tail2, &negative);
    const struct mag delta = pick(m_not(m_xor(d1_positive, calls)), rest1, tail1);
    const struct mag rho =
        mul_real(pick(m_not(m_xor(d2_positive, calls)), rest2, tail2), real(x->years));
    store(&out->delta, delta, m_not(calls), good);
    store(&out->rho, rho, m_not(calls), good);
}

INLINE void step_theta(const struct pl_expiry_math *x, const struct core *c, struct mag w,
                       mask good, struct pl_cpu_greeks *out)
{
    const struct mag decay = mul_real(mul(w, c->vol), real(x->half_inv_sqrt_t));
    const struct mag value = pick(c->in_the_money, add(c->otm, c->parity), c->otm);
    const struct mag rate = normalise(v_all(pl_abs_u64(x->rate_q48)), v_all(PL_RATE_FRACTION_BITS));
    const struct mag carry = mul(value, rate);
    mask under;
    struct mag theta = sub(carry, decay, &under);
    if (x->rate_q48 < 0) {
        theta = add(carry, decay);
        under = m_all();
    }
    store(&out->theta_decay, decay, m_all(), good);
    store(&out->theta, theta, under, good);
}

/* Lanes whose prices are in the domain. */
INLINE mask good_lanes(const struct pl_expiry_math *x, const struct pl_cpu_options *in)
{
    const struct pl_real *const r[4] = { &x->sqrt_t, &x->half_inv_sqrt_t, &x->discount, &x->years };
    const vec forward = v_loadu(in->forward), strike = v_loadu(in->strike);
    bool good = x->discount.m != 0;
    for (int i = 0; i < 4; i++)
        good = good && r[i]->m >= 0 && pl_real_is_normal(*r[i], PL_EXPIRY_E_MAX);
    const mask narrow = m_zero(v_shr(v_or(forward, strike), W));
    const mask nonzero = m_and(m_nonzero(forward), m_nonzero(strike));
    return good ? m_and(narrow, nonzero) : m_none();
}

INLINE void store_values(struct pl_cpu_values *out, vec value, mask saturated, mask good)
{
    v_storeu(out->value, v_keep(good, value));
    out->domain = (uint8_t)~m_bits(good);
    out->saturated = m_bits(m_and(saturated, good));
}

KERNEL void run_values(const struct pl_expiry_math *x, const struct pl_cpu_options *in,
                       struct pl_cpu_values *out)
{
    struct core c;
    mask saturated;
    const mask good = good_lanes(x, in);
    const vec value = core_run(x, in, &c, &saturated);
    store_values(out, value, saturated, good);
}

KERNEL void run_greeks(const struct pl_expiry_math *x, const struct pl_cpu_options *in,
                       struct pl_cpu_values *out, struct pl_cpu_greeks *greeks)
{
    struct core c;
    mask saturated;
    const mask good = good_lanes(x, in);
    const vec value = core_run(x, in, &c, &saturated);
    const struct mag none = { v_zero(), v_zero() };
    const struct mag w = mul(c.low_discounted, c.density);
    const struct mag w_per_forward = mul(w, c.recip_forward);
    const struct mag sensitive = pick(c.vol_saturated, none, w);
    const struct mag sensitive_per_forward = pick(c.vol_saturated, none, w_per_forward);
    step_delta_rho(x, m_from_bits(in->calls), &c, w, w_per_forward, good, greeks);
    step_theta(x, &c, sensitive, good, greeks);
    store(&greeks->vega, mul_real(sensitive, real(x->sqrt_t)), m_none(), good);
    store(&greeks->gamma, mul(mul(sensitive_per_forward, c.recip_forward), c.recip_vol), m_none(),
          good);
    store_values(out, value, saturated, good);
}

/* pl_black_value() and pl_black() bit for bit. */
static void kernel_values(const struct pl_expiry_math *x, const struct pl_cpu_options *in,
                          struct pl_cpu_values *out)
{
    const unsigned before = v_enter();
    run_values(x, in, out);
    v_leave(before);
}

static void kernel_greeks(const struct pl_expiry_math *x, const struct pl_cpu_options *in,
                          struct pl_cpu_values *out, struct pl_cpu_greeks *greeks)
{
    const unsigned before = v_enter();
    run_greeks(x, in, out, greeks);
    v_leave(before);
}

static void kernel_price(const struct pl_arith *arith, const struct pl_expiry_math *expiry,
                         const struct pl_black_in *options, uint32_t count, int64_t *values,
                         uint32_t *flags)
{
    (void)arith;
    pl_cpu_price_blocks(kernel_values, expiry, options, count, values, flags);
}

#endif
