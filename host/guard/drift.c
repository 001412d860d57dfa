/* |dV/d(sigma sqrt T)| = D F n(d1) <= 0.3990 D F, so that every move of a vol, of a vol multiplier
 * or of time is a move of s = sigma sqrt T. Discounts are factors of values that never exceed
 * D max(F, K); the share of an average that still moves is a move of the shocked forward. */
#include "drift.h"

#include "model/money.h"

#define DENSITY_Q40 INT64_C(438705139483) /* 0.3990, above 1/sqrt(2 pi) */

static pl_i128 limit(pl_i128 value)
{
    return value < PL_DRIFT_MAX ? value : PL_DRIFT_MAX;
}

/* a * b * 2^-bits, rounded up; neither is negative or beyond PL_DRIFT_MAX. */
static pl_i128 product(pl_i128 a, pl_i128 b, int bits)
{
    return limit((a * b + ((pl_i128)1 << bits) - 1) >> bits);
}

static pl_i128 gap(int64_t a, int64_t b)
{
    return a > b ? (pl_i128)a - b : (pl_i128)b - a;
}

int64_t pl_drift_q40(uint64_t ureal)
{
    struct pl_real real;
    bool saturated = false;
    pl_real_unpack(ureal, &real);
    int64_t value = pl_real_to_int(real, PL_COEFFICIENT_BITS, &saturated);
    return saturated || value > PL_DRIFT_MAX ? PL_DRIFT_MAX : value + 1;
}

/* Of y = k slope limited to cap: by the caps where both are at them, else by the slopes, and k is
 * at most cap / slope there. */
static pl_i128 skew_move(int64_t cap_a, int64_t slope_a, int64_t cap_b, int64_t slope_b)
{
    pl_i128 caps = gap(cap_a, cap_b), slopes = gap(slope_a, slope_b);
    if (slopes == 0)
        return caps;
    int64_t slope = pl_min64(slope_a, slope_b), cap = pl_max64(cap_a, cap_b);
    if (slope <= 0 || cap < 0)
        return pl_max64(0, cap) + caps;
    pl_i128 turned = (cap * slopes + slope - 1) / slope;
    return caps + (turned < cap ? turned : cap);
}

/* |a - b| / min(a, b) of two reals. */
static pl_i128 relative_move(uint64_t from, uint64_t to)
{
    struct pl_real a, b;
    if (from == to)
        return 0;
    if (!pl_real_unpack(from, &a) || !pl_real_unpack(to, &b) || a.m == 0 || b.m == 0 ||
        a.e - b.e > 1 || b.e - a.e > 1)
        return PL_DRIFT_MAX;
    pl_i128 x = (pl_i128)a.m << (a.e > b.e), y = (pl_i128)b.m << (b.e > a.e);
    pl_i128 small = x < y ? x : y, large = x < y ? y : x;
    return ((large - small) * PL_COEFFICIENT_ONE + small - 1) / small;
}

/* Moves of sigma sqrt T under the largest multiplier. */
static pl_i128 distance_of_vols(const struct pl_drift_step *d)
{
    const struct pl_tick_shift *a = &d->from->shift, *b = &d->to->shift;
    int64_t root_a = pl_drift_q40(d->from->time.sqrt_t), root_b = pl_drift_q40(d->to->time.sqrt_t);
    pl_i128 root = pl_max64(root_a, root_b);
    pl_i128 multiplier =
        pl_max64(pl_max64(a->vol_up, b->vol_up),
                 PL_COEFFICIENT_ONE + pl_max64(pl_max64(a->linear_cap, b->linear_cap),
                                               pl_max64(a->abs_cap, b->abs_cap)));
    multiplier = multiplier > PL_COEFFICIENT_ONE ? multiplier : PL_COEFFICIENT_ONE;
    pl_i128 shocked = product(d->vol_max, multiplier, PL_COEFFICIENT_BITS);
    shocked = shocked > (pl_i128)d->vol_floor ? shocked : (pl_i128)d->vol_floor;
    pl_i128 multipliers =
        gap(a->vol_up, b->vol_up) + gap(a->vol_down, b->vol_down) +
        skew_move(a->linear_cap, a->linear_slope, b->linear_cap, b->linear_slope) +
        skew_move(a->abs_cap, a->abs_slope, b->abs_cap, b->abs_slope);
    pl_i128 vols = product(d->vol_move, multiplier, PL_COEFFICIENT_BITS) +
                   product(d->vol_max, limit(multipliers), PL_COEFFICIENT_BITS);
    pl_i128 roots = root_a == root_b ? 0 : gap(root_a, root_b) + 2;
    return product(limit(vols), root, PL_VOL_BITS) + product(shocked, roots, PL_VOL_BITS);
}

int64_t pl_drift(const struct pl_drift_step *d)
{
    const struct pl_tick_time *a = &d->from->time, *b = &d->to->time;
    pl_i128 sum = product(limit(distance_of_vols(d)), DENSITY_Q40, PL_COEFFICIENT_BITS);
    if (!d->coin)
        sum += relative_move(d->from->price.discount, d->to->price.discount);
    sum += product(gap(a->moving, b->moving), d->shock_max, PL_COEFFICIENT_BITS);
    sum += gap(a->long_discount, b->long_discount) + gap(a->short_discount, b->short_discount);
    sum += 2 * gap(a->basis_weight, b->basis_weight);
    return (int64_t)limit(sum);
}
