#include "decide/decay.h"

#include "model/fixmath.h"

#define LN2_Q62 INT64_C(3196577161300663915)

int64_t pl_decay_weight_q62(int64_t elapsed_us, int64_t half_life_us)
{
    if (elapsed_us / 62 >= half_life_us)
        return PL_DECAY_ONE_Q62;
    const pl_i128 x = (pl_i128)LN2_Q62 * elapsed_us / half_life_us;
    bool saturated = false;
    if (x >> 54 != 0) /* from 2^-8 on */
        return PL_DECAY_ONE_Q62 -
               pl_real_to_int(pl_fix_exp_neg_q48((int64_t)(x >> 14)), 62, &saturated);
    const pl_i128 x2 = x * x >> 62, x3 = x2 * x >> 62, x4 = x3 * x >> 62, x5 = x4 * x >> 62;
    return (int64_t)(x - x2 / 2 + x3 / 6 - x4 / 24 + x5 / 120);
}

/* difference * weight_q62 / 2^62, floored; |difference| < 2^117. */
static pl_i128 scale(pl_i128 difference, int64_t weight_q62)
{
    const pl_i128 high = difference >> 64;
    const pl_u128 low = (uint64_t)difference;
    return high * weight_q62 * 4 + (pl_i128)(low * (uint64_t)weight_q62 >> 62);
}

int64_t pl_decay_towards(int64_t start, int64_t target, int64_t weight_q62)
{
    return (int64_t)(start + scale((pl_i128)target - start, weight_q62));
}

void pl_average_start(struct pl_average *a, int64_t value, int64_t time_us)
{
    *a = (struct pl_average){ .whole = value, .held = value, .time_us = time_us };
}

void pl_average_hold(struct pl_average *a, int64_t value, int64_t time_us, int64_t half_life_us)
{
    const int64_t weight = pl_decay_weight_q62(time_us - a->time_us, half_life_us);
    pl_i128 now = (pl_i128)a->whole * ((pl_i128)1 << 64) + a->fraction;
    now += scale((pl_i128)a->held * ((pl_i128)1 << 64) - now, weight);
    a->whole = (int64_t)(now >> 64);
    a->fraction = (uint64_t)now;
    a->held = value;
    a->time_us = time_us;
}

int64_t pl_average_value(const struct pl_average *a)
{
    return a->whole + (int64_t)(a->fraction >> 63);
}
