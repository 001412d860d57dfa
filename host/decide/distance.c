#include "distance.h"

#include "model/fixmath.h"

#define ONE PL_COEFFICIENT_ONE
#define VOL_MAX (16 * ONE) /* where the pricing engine's saturates */
#define DAY_US INT64_C(86400000000)
#define MOVE_BITS 20 /* of the moves that the quadratic is solved for */
#define DOWN_LIMIT ((INT64_C(1) << MOVE_BITS) - 1)
#define UP_LIMIT (INT64_C(4) << MOVE_BITS)

struct pl_distance pl_distance_find(const struct pl_distance_judge *judge, bool down)
{
    struct pl_distance out = { 0 };
    int64_t limit = down ? PL_DISTANCE_DOWN_MAX_Q40 : PL_DISTANCE_UP_MAX_Q40;
    int64_t good = 0, bad = 0, next = 0, excess;
    for (;;) {
        out.judgements++;
        if (!judge->judge(judge->context, down ? -next : next, &excess)) {
            out.unknown = true;
            return out;
        }
        bad = next;
        if (excess < 0)
            break;
        if (next == limit)
            return out;
        good = next;
        next = next == 0 ? PL_DISTANCE_FIRST_Q40 : pl_min64(limit, next + next / 4);
    }
    out.found = true;
    out.excess_e8 = excess;
    for (int i = 0; i < PL_DISTANCE_BISECTIONS && bad - good > 1; i++) {
        int64_t middle = good + (bad - good) / 2;
        out.judgements++;
        if (!judge->judge(judge->context, down ? -middle : middle, &excess)) {
            out.unknown = true;
            break;
        }
        if (excess < 0) {
            bad = middle;
            out.excess_e8 = excess;
        } else {
            good = middle;
        }
    }
    out.move_q40 = down ? -bad : bad;
    return out;
}

/* excess along a move: c + b x + a x^2, x in 2^-20; in 2^-40 of money. */
struct along {
    pl_i128 a, b, c;
};

static pl_i128 at(const struct along *f, int64_t x)
{
    return f->c * (INT64_C(1) << 2 * MOVE_BITS) + f->b * x * (INT64_C(1) << MOVE_BITS) +
           f->a * x * x;
}

/* The least x in 1 .. limit with f(x) < 0; false: none. f(0) >= 0. */
static bool first_below(const struct along *f, int64_t limit, int64_t *x)
{
    int64_t high = limit, low = 0;
    if (f->a > 0) { /* it may recover: look no further than its lowest point */
        pl_i128 lowest = -f->b * (INT64_C(1) << MOVE_BITS) / (2 * f->a);
        high = lowest < 0 ? 0 : lowest < limit ? (int64_t)lowest : limit;
    }
    if (high == 0 || at(f, high) >= 0)
        return false;
    while (high - low > 1) {
        int64_t middle = low + (high - low) / 2;
        if (at(f, middle) < 0)
            high = middle;
        else
            low = middle;
    }
    *x = high;
    return true;
}

static int64_t share_q40(struct pl_real x)
{
    bool saturated = false;
    int64_t share = pl_real_to_int(x, PL_COEFFICIENT_BITS, &saturated);
    return pl_min64(ONE, share < 0 ? -share : share);
}

int64_t pl_breach_touch_q40(int64_t move_q40, int64_t vol_q40)
{
    const struct pl_real one = pl_real_from_int(1);
    const struct pl_expiry_math year = {
        .sqrt_t = one, .half_inv_sqrt_t = pl_fix_ratio(1, 2), .discount = one, .years = one
    };
    const struct pl_black_in in = { .forward = (uint64_t)ONE,
                                    .strike = (uint64_t)(ONE + move_q40),
                                    .vol_q45 = (uint64_t)pl_min64(vol_q40, VOL_MAX) << 5,
                                    .is_call = move_q40 > 0 };
    struct pl_black_out out;
    if (move_q40 == 0)
        return ONE;
    if (move_q40 <= -ONE || vol_q40 <= 0)
        return 0;
    pl_black(&pl_arith_full, &year, &in, &out);
    struct pl_real strike = pl_real_from_int(ONE + move_q40);
    int64_t n2 = share_q40(pl_fix_quotient(out.rho, strike));
    int64_t n1 = share_q40(pl_fix_quotient(pl_real_mul(out.delta, pl_real_from_int(ONE)), strike));
    return pl_min64(ONE, n1 + n2);
}

/* The vol of the horizon is not known: three of them with the same mean variance, whose returns
 * have a kurtosis of about 8, as those of coins over hours. */
static const struct {
    int64_t vol_percent, weight_percent;
} vols[] = { { 60, 60 }, { 100, 30 }, { 220, 10 } };

static int64_t touch_mixed_q40(int64_t move_q40, int64_t vol_q40)
{
    int64_t sum = 0;
    for (size_t i = 0; i < sizeof vols / sizeof vols[0]; i++)
        sum +=
            pl_breach_touch_q40(move_q40, pl_min64(vol_q40, VOL_MAX) / 100 * vols[i].vol_percent) *
            vols[i].weight_percent;
    return sum / 100;
}

int64_t pl_breach_within_q40(int64_t fall_q40, int64_t rise_q40, int64_t vol_q40,
                             int64_t horizon_us)
{
    bool saturated = false;
    struct pl_real share = pl_fix_sqrt_ratio((uint64_t)pl_max64(horizon_us, 0), PL_FIX_YEAR_US);
    struct pl_real vol = pl_real_mul(share, pl_real_from_int(pl_max64(vol_q40, 0)));
    int64_t over_horizon = pl_real_to_int(vol, 0, &saturated);
    int64_t fall = fall_q40 > 0 ? touch_mixed_q40(-fall_q40, over_horizon) : 0;
    int64_t rise = rise_q40 > 0 ? touch_mixed_q40(rise_q40, over_horizon) : 0;
    return pl_min64(ONE, fall + rise);
}

struct pl_breach pl_breach_of(const struct pl_breach_input *in)
{
    struct pl_breach out = { 0 };
    uint32_t flags = 0;
    int64_t theta = pl_money_limit((pl_i128)in->theta_e8 * in->horizon_us / DAY_US, &flags);
    struct along f = { .a = (pl_i128)in->gamma_e8 * 50,
                       .b = (pl_i128)in->delta_e8 - in->requirement_e8,
                       .c = (pl_i128)in->excess_e8 + pl_min64(theta, 0) };
    int64_t x = 0;
    if (f.c < 0) {
        out.falls = out.rises = true;
        out.probability_q40 = ONE;
        return out;
    }
    out.rises = first_below(&f, UP_LIMIT, &x);
    out.rise_q40 = out.rises ? x << (PL_COEFFICIENT_BITS - MOVE_BITS) : 0;
    f.b = -f.b;
    out.falls = first_below(&f, DOWN_LIMIT, &x);
    out.fall_q40 = out.falls ? x << (PL_COEFFICIENT_BITS - MOVE_BITS) : 0;
    out.probability_q40 =
        pl_breach_within_q40(out.fall_q40, out.rise_q40, in->vol_q40, in->horizon_us);
    return out;
}
