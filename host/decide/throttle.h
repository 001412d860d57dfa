/* A throttle: at most `limit_e8` at once, and that much again in each window, as a level that
 * drains evenly: any window sees at most twice the limit. What drains is rounded down. */
#ifndef PL_DECIDE_THROTTLE_H
#define PL_DECIDE_THROTTLE_H

#include "exact.h"

struct pl_throttle {
    int64_t level_e8, time_us;
};

/* How much may pass now; time_us never decreases, window_us > 0. */
static inline int64_t pl_throttle_room(const struct pl_throttle *t, int64_t limit_e8,
                                       int64_t window_us, int64_t time_us)
{
    uint32_t flags = 0;
    int64_t drained = pl_mul_div_down(limit_e8, time_us - t->time_us, window_us, &flags);
    int64_t level = pl_max64(0, pl_money_sub(t->level_e8, drained, &flags));
    return pl_max64(0, limit_e8 - level);
}

/* Lets an amount pass; more than the room fills it beyond the limit, and takes longer to drain. */
static inline void pl_throttle_take(struct pl_throttle *t, int64_t limit_e8, int64_t window_us,
                                    int64_t time_us, int64_t amount_e8)
{
    uint32_t flags = 0;
    int64_t drained = pl_mul_div_down(limit_e8, time_us - t->time_us, window_us, &flags);
    int64_t level = pl_max64(0, pl_money_sub(t->level_e8, drained, &flags));
    t->level_e8 = pl_money_add(level, amount_e8, &flags);
    t->time_us = time_us;
}

/* Of a position of `steps` worth notional_e8: the steps that fit the room, down. */
static inline int64_t pl_throttle_steps(int64_t room_e8, int64_t steps, int64_t notional_e8)
{
    uint32_t flags = 0;
    if (notional_e8 <= room_e8)
        return steps;
    return pl_mul_div_down(steps, room_e8, notional_e8, &flags);
}

#endif
