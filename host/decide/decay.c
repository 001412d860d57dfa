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

void pl_decay_towards(struct pl_decayed *d, int64_t target, int64_t weight_q62)
{
    pl_i128 at = (pl_i128)d->whole * ((pl_i128)1 << 64) + d->fraction;
    const pl_i128 distance = (pl_i128)target * ((pl_i128)1 << 64) - at;
    const pl_i128 high = distance >> 64; /* 64 bits, times 62: in two parts */
    const pl_u128 low = (uint64_t)distance;
    at += high * weight_q62 * 4 + (pl_i128)(low * (uint64_t)weight_q62 >> 62);
    d->whole = (int64_t)(at >> 64);
    d->fraction = (uint64_t)at;
}

void pl_average_start(struct pl_average *a, int64_t value, int64_t time_us)
{
    *a = (struct pl_average){ .at = { value, 0 }, .held = value, .time_us = time_us };
}

void pl_average_hold(struct pl_average *a, int64_t value, int64_t time_us, int64_t half_life_us)
{
    pl_decay_towards(&a->at, a->held, pl_decay_weight_q62(time_us - a->time_us, half_life_us));
    a->held = value;
    a->time_us = time_us;
}

int64_t pl_average_value(const struct pl_average *a)
{
    return a->at.whole + (int64_t)(a->at.fraction >> 63);
}
