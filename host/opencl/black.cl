/* host/model/pricing.c and its ROMs, step by step. `rom` has the tables one after the other, from
 * ROM_RECIP and so on; the rows of Mills' ratio start where ROM_OCTAVES says: first row * 256 +
 * bits of the index, by octave. */

/* The expiry's reals, and the flags that leave with a value. */
struct expiry_math {
    struct mag sqrt_t, half_inv_sqrt_t, discount, years;
    S rate;
    S good;
};

struct core {
    struct mag forward, strike, low, gap, recip_forward, log_moneyness, vol, total_vol, recip_vol;
    struct mag density, bracket, low_discounted, otm, parity;
    V a_abs, b, mills_a, mills_b;
    S forward_high, vol_saturated, settled, a_negative, in_the_money;
};

/* acc times the leading bits of t, those of its mask. SHORT_n: both have at most 32 bits in every table,
 * so that one multiply is enough. */
#define STEP(n)                                                                                    \
    (SHORT_##n ? ((acc & LOW32) * ((t >> (R - BITS_##n)) & LOW32)) >> BITS_##n                       \
               : mul(acc, t & T_MASK_##n))

INLINE V horner(__global const ulong *rom, V row, V t)
{
    const V at = row * (DEGREE + 1);
    V acc = gather(rom + DEGREE, at);
#if DEGREE > 3
    acc = gather(rom + 3, at) + STEP(3);
#endif
#if DEGREE > 2
    acc = gather(rom + 2, at) + STEP(2);
#endif
    acc = gather(rom + 1, at) + STEP(1);
    return gather(rom, at) + STEP(0);
}

INLINE V lookup(__global const ulong *rom, V x, uint bits, uint index_bits)
{
    const uint low_bits = bits - index_bits;
    const V row = (x >> low_bits) & ((1UL << index_bits) - 1);
    return horner(rom, row, (~x & ((1UL << low_bits) - 1)) << (R - low_bits));
}

INLINE struct mag recip(__global const ulong *rom, struct mag x)
{
    struct mag r;
    r.m = lookup(rom + ROM_RECIP, x.m, W - 1, RECIP_INDEX_BITS) << (W - 1 - FB);
    r.e = 1 - x.e;
    return r;
}

INLINE struct mag exp2_neg(__global const ulong *rom, V y)
{
    struct mag r;
    r.m = lookup(rom + ROM_EXP2, y, W, EXP2_INDEX_BITS) << (W - 1 - FB);
    r.e = -AS_S(y >> W);
    return r;
}

INLINE V mills(__global const ulong *rom, V z)
{
    const V z1 = z + (1UL << XB);
    const V octave = (63 - XB - leading_zeros(z1)) & 7;
    const V place = gather(rom + ROM_OCTAVES, octave), bits = place & 255;
    const V low_bits = XB + octave - bits;
    const V row = (z1 >> low_bits) & ((ALL(1) << bits) - 1);
    const V low = ~z1 & ((ALL(1) << low_bits) - 1);
    return horner(rom + ROM_MILLS, (place >> 8) + row, low << (R - low_bits));
}

INLINE void step_normalise(V forward, V strike, struct core *c)
{
    c->forward_high = TRUTH(forward >= strike);
    c->forward = normalise(forward, EVERY(0));
    c->strike = normalise(strike, EVERY(0));
    c->low = mag_pick(c->forward_high, c->strike, c->forward);
    c->gap = normalise(PICK(c->forward_high, forward - strike, strike - forward), EVERY(0));
}

INLINE void step_log_moneyness(__global const ulong *rom, struct core *c)
{
    c->recip_forward = recip(rom, c->forward);
    const struct mag z = mag_mul(c->gap, c->recip_forward);
    const S none = TRUTH(z.m == ALL(0));
    const S near = none | TRUTH(z.e <= EVERY(-NEAR_LOG2_RANGE));
    const S down = PICK(near, (1 - NEAR_LOG2_RANGE) - z.e, EVERY(1));
    const V z8 = PICK(none, ALL(0), shr(z.m, down)), middle = ALL(1UL << (W - 1));
    const V g = lookup(rom + ROM_NEAR, PICK(c->forward_high, middle - z8, middle + z8), W,
                       NEAR_INDEX_BITS);
    const V p = mul_1(g << (W - 1 - FB), z.m << (R - W));
    const struct mag q = mag_mul(c->strike, c->recip_forward);
    const S ln = q.e * (long)LN2 - AS_S(lookup(rom + ROM_LN, q.m, W - 1, LN_INDEX_BITS));
    const V far = AS_V(PICK(TRUTH(ln < EVERY(0)), -ln, ln));
    c->log_moneyness = normalise(PICK(near, p, far), PICK(near, W - z.e, EVERY(FB)));
}

INLINE void step_total_vol(__global const ulong *rom, struct mag sqrt_t, V vol_q45, struct core *c)
{
    c->vol = normalise(vol_q45, EVERY(VOL_FRACTION_BITS));
    const struct mag s = mag_mul_real(c->vol, sqrt_t);
    c->vol_saturated = TRUTH(s.m != ALL(0)) & TRUTH(s.e >= EVERY(VOL_TOTAL_E_MAX));
    c->total_vol.m = PICK(c->vol_saturated, ALL(1UL << (W - 1)), s.m);
    c->total_vol.e = PICK(c->vol_saturated, EVERY(VOL_TOTAL_E_MAX), s.e);
    c->recip_vol = recip(rom, c->total_vol);
}

INLINE void step_distance(struct core *c)
{
    const struct mag u = mag_mul(c->log_moneyness, c->recip_vol);
    const S none = TRUTH(u.m == ALL(0));
    c->settled = TRUTH(c->total_vol.m == ALL(0)) | (TRUTH(u.e > EVERY(Z_INTEGER_BITS)) & ~none);
    const V u_fixed = PICK(c->settled | none, ALL(0), shr(u.m, Z_INTEGER_BITS - u.e));
    const V half_s = PICK(c->settled, ALL(0),
                          shr(c->total_vol.m, (Z_INTEGER_BITS + 1) - c->total_vol.e));
    c->a_negative = TRUTH(u_fixed < half_s);
    c->a_abs = PICK(c->a_negative, half_s - u_fixed, u_fixed - half_s);
    c->b = u_fixed + half_s;
}

INLINE void step_density(__global const ulong *rom, struct core *c)
{
    const struct mag z = normalise(c->a_abs, EVERY(XB));
    const S k = PICK(TRUTH(c->a_abs == ALL(0)), EVERY(0), Z_INTEGER_BITS - z.e);
    const V square = mul(z.m, z.m << (R - W));
    const V y = mul(square, ALL(HALF_LOG2E));
    const V y_fixed = shr(y << (2 * Z_INTEGER_BITS), k + k);
    c->density = exp2_neg(rom, y_fixed + LOG2_SQRT_2PI);
    c->density.m = PICK(c->settled, ALL(0), c->density.m);
    c->density.e = PICK(c->settled, EVERY(0), c->density.e);
}

INLINE void step_bracket(struct core *c)
{
    const V one = ALL(1UL << (W - 1));
    const V difference =
        PICK(TRUTH(c->mills_a > c->mills_b), c->mills_a - c->mills_b, ALL(0));
    const V p = mul_1(c->density.m, PICK(c->a_negative, c->mills_a + c->mills_b, difference));
    const V tail = shr(p, -c->density.e);
    const V rest = PICK(TRUTH(one > tail), one - tail, ALL(0));
    const S point = PICK(c->a_negative, EVERY(W - 1), (W - 1) - c->density.e);
    c->bracket = normalise(PICK(c->a_negative, rest, p), point);
}

INLINE V to_fixed(struct mag x)
{
    const S down = (W - FRACTION_BITS) - x.e;
    const V left = x.m << (AS_V(-down) & 63);
    return PICK(TRUTH(down < EVERY(0)), left, shr(x.m, down));
}

/* The value with its flags in the top byte. */
INLINE S step_value(struct core *c, S good)
{
    struct mag none;
    none.m = ALL(0);
    none.e = EVERY(0);
    const struct mag parity = mag_pick(c->in_the_money, c->parity, none);
    const V limit = ALL((1UL << VALUE_BITS) - 1);
    const S wide = TRUTH(c->otm.e > EVERY(VALUE_BITS)) | TRUTH(parity.e > EVERY(VALUE_BITS));
    const V sum = to_fixed(c->otm) + to_fixed(parity);
    const V value = (sum + (1UL << (FRACTION_BITS - 1))) >> FRACTION_BITS;
    const S saturated = wide | TRUTH(value > limit);
    const V flagged = PICK(saturated, limit | (ulong)PRICE_SATURATED << PL_OCL_FLAGS_SHIFT, value);
    return AS_S(PICK(good, flagged, ALL((ulong)PRICE_DOMAIN << PL_OCL_FLAGS_SHIFT)));
}

INLINE S price_good(V price)
{
    return TRUTH(price != ALL(0)) & TRUTH((price >> W) == ALL(0));
}

/* All that the value needs; the Greeks start from what it leaves in *c. */
INLINE S core_run(__global const ulong *rom, const struct expiry_math *x, V forward, V strike, V vol_q45,
           S is_call, struct core *c)
{
    step_normalise(forward, strike, c);
    step_log_moneyness(rom, c);
    step_total_vol(rom, x->sqrt_t, vol_q45, c);
    step_distance(c);
    c->mills_a = mills(rom, c->a_abs) << (R - 2 - FB);
    c->mills_b = mills(rom, c->b) << (R - 2 - FB);
    step_density(rom, c);
    step_bracket(c);
    c->low_discounted = mag_mul_real(c->low, x->discount);
    c->otm = mag_mul(c->low_discounted, c->bracket);
    c->parity = mag_mul_real(c->gap, x->discount);
    c->in_the_money = ~(is_call ^ c->forward_high);
    return step_value(c, x->good & price_good(forward) & price_good(strike));
}

/* ln(strike / forward), Q.48. */
INLINE S log_moneyness_q48(__global const ulong *rom, V strike, V forward)
{
    struct core c;
    step_normalise(forward, strike, &c);
    step_log_moneyness(rom, &c);
    const S down = (W - RATE_FRACTION_BITS) - c.log_moneyness.e;
    const V m = c.log_moneyness.m;
    const V up = PICK(TRUTH(down == EVERY(0)), ALL(0), shr(m, down - 1) & 1);
    const V right = PICK(TRUTH(down > EVERY(63)), ALL(0), shr(m, down) + up);
    const V q48 = PICK(TRUTH(down < EVERY(0)), m << (AS_V(-down) & 63), right);
    const S k = AS_S(PICK(TRUTH(m == ALL(0)), ALL(0), q48));
    return PICK(price_good(forward) & price_good(strike), PICK(c.forward_high, -k, k), EVERY(0));
}

/* A Greek of every lane. */
struct reals {
    S m, e;
};

INLINE struct reals to_real(struct mag x, S negative, S good)
{
    struct reals r;
    const S m = AS_S(x.m << (PL_REAL_BITS - W));
    r.m = PICK(good, PICK(negative, -m, m), EVERY(0));
    r.e = PICK(good & TRUTH(x.m != ALL(0)), x.e, EVERY(0));
    return r;
}

struct greeks {
    struct reals delta, gamma, vega, theta, rho;
};

INLINE void step_delta_rho(const struct expiry_math *x, S is_call, const struct core *c, struct mag w,
                    struct mag w_per_forward, S good, struct greeks *out)
{
    const S d1_positive = c->forward_high | c->a_negative;
    const S d2_positive = c->forward_high & ~c->a_negative;
    S negative;
    struct mag discount;
    discount.m = x->discount.m >> (PL_REAL_BITS - W);
    discount.e = x->discount.e;
    const struct mag tail1 =
        mag_mul_fixed(w_per_forward, PICK(c->forward_high, c->mills_b, c->mills_a));
    const struct mag tail2 = mag_mul_fixed(w, PICK(c->forward_high, c->mills_a, c->mills_b));
    const struct mag rest1 = mag_sub(discount, tail1, &negative);
    const struct mag rest2 = mag_sub(mag_mul_real(c->strike, x->discount), tail2, &negative);
    const struct mag delta = mag_pick(~(d1_positive ^ is_call), rest1, tail1);
    const struct mag rho =
        mag_mul_real(mag_pick(~(d2_positive ^ is_call), rest2, tail2), x->years);
    out->delta = to_real(delta, ~is_call, good);
    out->rho = to_real(rho, ~is_call, good);
}

INLINE void step_theta(const struct expiry_math *x, const struct core *c, struct mag w, S good,
                struct greeks *out)
{
    const struct mag decay = mag_mul_real(mag_mul(w, c->vol), x->half_inv_sqrt_t);
    const struct mag value = mag_pick(c->in_the_money, mag_add(c->otm, c->parity), c->otm);
    const S below = TRUTH(x->rate < EVERY(0));
    const struct mag rate =
        normalise(AS_V(PICK(below, -x->rate, x->rate)), EVERY(RATE_FRACTION_BITS));
    const struct mag carry = mag_mul(value, rate);
    S under;
    const struct mag difference = mag_sub(carry, decay, &under);
    out->theta =
        to_real(mag_pick(below, mag_add(carry, decay), difference), below | under, good);
}

INLINE void greeks_run(const struct expiry_math *x, S is_call, const struct core *c, S good,
                struct greeks *out)
{
    struct mag none;
    none.m = ALL(0);
    none.e = EVERY(0);
    const struct mag w = mag_mul(c->low_discounted, c->density);
    const struct mag w_per_forward = mag_mul(w, c->recip_forward);
    const struct mag sensitive = mag_pick(c->vol_saturated, none, w);
    const struct mag per_forward = mag_pick(c->vol_saturated, none, w_per_forward);
    step_delta_rho(x, is_call, c, w, w_per_forward, good, out);
    step_theta(x, c, sensitive, good, out);
    const struct mag gamma = mag_mul(mag_mul(per_forward, c->recip_forward), c->recip_vol);
    out->vega = to_real(mag_mul_real(sensitive, x->sqrt_t), EVERY(0), good);
    out->gamma = to_real(gamma, EVERY(0), good);
}
