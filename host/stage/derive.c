#include "derive.h"

#include "model/fixmath.h"
#include "model/money.h"

#define DAY_US UINT64_C(86400000000)

static int64_t clamp_q40(pl_i128 value, int64_t low, int64_t high)
{
    pl_i128 least = (pl_i128)low * PL_COEFFICIENT_ONE, most = (pl_i128)high * PL_COEFFICIENT_ONE;
    return (int64_t)(value < least ? least : value > most ? most : value);
}

/* A non-negative real as a Q.40 coefficient of at most `high`. */
static int64_t real_q40(struct pl_real value, int64_t high)
{
    bool saturated = false;
    return clamp_q40(pl_real_to_int(value, PL_COEFFICIENT_BITS, &saturated), 0, high);
}

/* A Q.40 word as a real; exact for words of at most 52 bits. */
static struct pl_real q40_real(int64_t value)
{
    struct pl_real real = pl_real_from_int(value);
    real.e -= real.m == 0 ? 0 : PL_COEFFICIENT_BITS;
    return real;
}

static pl_i128 divide_half_up(pl_i128 a, pl_i128 b)
{
    pl_i128 twice = 2 * a + b, quotient = twice / (2 * b);
    return twice % (2 * b) < 0 ? quotient - 1 : quotient;
}

static int64_t mul_q40(int64_t a, int64_t b)
{
    return (int64_t)(((pl_i128)a * b + (PL_COEFFICIENT_ONE >> 1)) >> PL_COEFFICIENT_BITS);
}

/* T * (r * mult + add) in signed Q.48, limited to what exp() distinguishes. */
static int64_t exponent_q48(uint64_t ttl_us, int64_t rate_q48, int64_t mult_q40, int64_t add_q40)
{
    pl_i128 rate = (((pl_i128)rate_q48 * mult_q40) >> PL_COEFFICIENT_BITS) +
                   (pl_i128)add_q40 * (1 << (PL_RATE_BITS - PL_COEFFICIENT_BITS));
    pl_i128 limit = (pl_i128)1 << 62;
    pl_i128 product = divide_half_up(rate * (pl_i128)ttl_us, PL_YEAR_US);
    return (int64_t)(product > limit ? limit : product < -limit ? -limit : product);
}

struct pl_real pl_derive_discount(uint64_t ttl_us, int64_t rate_q48)
{
    return pl_fix_exp_neg_q48(exponent_q48(ttl_us, rate_q48, PL_COEFFICIENT_ONE, 0));
}

/* Step 4. X >= 0: BASE * exp(-T (r mult + add)); X < 0: min(exp(r T), BASE_NEG * exp(T (r mult +
 * add))). */
static void static_discounts(const struct pl_underlying_spec *s, uint64_t ttl_us, int64_t rate,
                             struct pl_tick_time *out)
{
    out->long_discount = out->short_discount = PL_COEFFICIENT_ONE;
    if (!s->static_discount)
        return;
    struct pl_real down =
        pl_fix_exp_neg_q48(exponent_q48(ttl_us, rate, s->long_rate_mult, s->long_rate_add));
    struct pl_real up =
        pl_fix_exp_q48(exponent_q48(ttl_us, rate, s->short_rate_mult, s->short_rate_add));
    struct pl_real free_of_risk = pl_fix_exp_q48(exponent_q48(ttl_us, rate, PL_COEFFICIENT_ONE, 0));
    out->long_discount =
        real_q40(pl_real_mul(q40_real(s->long_discount), down), PL_COEFFICIENT_MAX);
    out->short_discount =
        pl_min64(real_q40(pl_real_mul(q40_real(s->short_discount), up), PL_COEFFICIENT_MAX),
                 real_q40(free_of_risk, PL_COEFFICIENT_MAX));
}

void pl_derive_time(const struct pl_underlying_spec *s, uint64_t ttl_us, int64_t rate_q48,
                    struct pl_tick_time *out)
{
    struct pl_expiry_math math;
    pl_fix_expiry(&math, ttl_us, 0);
    *out = (struct pl_tick_time){
        .kind = PL_RECORD_TICK_TIME,
        .sqrt_t = pl_real_pack(math.sqrt_t),
        .half_inv_sqrt_t = pl_real_pack(math.half_inv_sqrt_t),
        .years = pl_real_pack(math.years),
        .moving = PL_COEFFICIENT_ONE,
    };
    uint64_t window_us = (uint64_t)s->settlement_averaging_s * 1000000;
    if (ttl_us < window_us)
        out->moving =
            (int64_t)divide_half_up((pl_i128)ttl_us << PL_COEFFICIENT_BITS, (pl_i128)window_us);
    pl_i128 years_part = divide_half_up((pl_i128)s->basis_mult * (pl_i128)ttl_us, PL_YEAR_US);
    out->basis_weight = clamp_q40(s->basis_add + years_part, 0, PL_COEFFICIENT_MAX);
    static_discounts(s, ttl_us, rate_q48, out);
}

/* Cap and slope of one skew rule: cap = cbase * sqrt(T) + scale_cap, slope = cap / k*. */
static void skew(int64_t cbase, int64_t scale_cap, int64_t sqrt_t, int64_t k_star, int64_t *cap,
                 int64_t *slope)
{
    *cap = clamp_q40((pl_i128)mul_q40(cbase, sqrt_t) + scale_cap, -PL_COEFFICIENT_MAX,
                     PL_COEFFICIENT_MAX);
    pl_i128 steepest =
        (pl_i128)PL_VOL_MULTIPLIER_MAX * PL_COEFFICIENT_ONE * (*cap < 0 ? -1 : *cap > 0);
    pl_i128 ratio =
        k_star == 0 ? steepest : divide_half_up((pl_i128)*cap * PL_COEFFICIENT_ONE, k_star);
    *slope = clamp_q40(ratio, -PL_VOL_MULTIPLIER_MAX, PL_VOL_MULTIPLIER_MAX);
}

void pl_derive_shift(const struct pl_underlying_spec *s, uint64_t ttl_us, struct pl_tick_shift *out)
{
    uint64_t floor_us = (uint64_t)(((pl_i128)s->dte_floor * DAY_US) >> PL_COEFFICIENT_BITS);
    uint64_t dte_us = ttl_us > floor_us ? ttl_us : floor_us;
    int64_t power = ttl_us <= 30 * DAY_US ? s->short_term_power : s->long_term_power;
    struct pl_real m = pl_fix_pow_ratio(30 * DAY_US, dte_us, power); /* 0 where dte is 0 */
    int64_t up = real_q40(pl_real_mul(q40_real(s->vol_up), m), PL_VOL_MULTIPLIER_MAX - 1);
    int64_t down = real_q40(pl_real_mul(q40_real(s->vol_down), m), PL_VOL_MULTIPLIER_MAX);
    int64_t sqrt_t = real_q40(pl_fix_sqrt_ratio(ttl_us, PL_YEAR_US), PL_COEFFICIENT_MAX);
    int64_t width = s->vol_static + mul_q40(sqrt_t, s->vol_scale);
    int64_t k_star = pl_max64(s->min_k_star, mul_q40(mul_q40(sqrt_t, s->min_width_scale), width));
    *out = (struct pl_tick_shift){
        .kind = PL_RECORD_TICK_SHIFT,
        .vol_up = PL_COEFFICIENT_ONE + up,
        .vol_down = pl_max64(0, PL_COEFFICIENT_ONE - down),
    };
    skew(s->linear_cbase, s->linear_cap, sqrt_t, k_star, &out->linear_cap, &out->linear_slope);
    skew(s->abs_cbase, s->abs_cap, sqrt_t, k_star, &out->abs_cap, &out->abs_slope);
}

int64_t pl_derive_penalty(const struct pl_underlying_spec *s, int64_t confidence_q40)
{
    uint32_t overflow = 0;
    if (confidence_q40 >= s->confidence_threshold)
        return 0;
    return pl_money_scale_up(PL_COEFFICIENT_ONE - confidence_q40, s->confidence_margin, &overflow);
}

int64_t pl_derive_im_loss_factor(const struct pl_underlying_spec *s, int64_t stable_q40)
{
    pl_i128 short_of_peg = pl_max64(0, s->peg_threshold - stable_q40);
    pl_i128 extra = (short_of_peg * s->peg_factor + PL_COEFFICIENT_ONE - 1) >> PL_COEFFICIENT_BITS;
    return clamp_q40(s->im_loss_factor + extra, 0, PL_COEFFICIENT_MAX);
}
