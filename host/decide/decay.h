/* Exponential decay in time, and the average that forgets by it.
 *
 * An average moves towards the value that held, for as long as it held; so it depends on the path
 * of the value and not on how often it is brought up to date (but for a rounding of 2^-64 units
 * and 2^-39 of each move).
 */
#ifndef PL_DECIDE_DECAY_H
#define PL_DECIDE_DECAY_H

#include <stdbool.h>
#include <stdint.h>

#define PL_DECAY_ONE_Q62 (INT64_C(1) << 62)
#define PL_DECAY_HALF_LIFE_MAX_US (INT64_C(1) << 50) /* 35 years */
#define PL_AVERAGE_VALUE_MAX ((INT64_C(1) << 51) - 1)

/* 1 - 2^(-elapsed / half_life) in Q.62, within 2^-39 of itself + 2^-59. elapsed_us >= 0,
 * half_life_us 1 .. PL_DECAY_HALF_LIFE_MAX_US. */
int64_t pl_decay_weight_q62(int64_t elapsed_us, int64_t half_life_us);

/* A number that moves a little at a time. */
struct pl_decayed {
    int64_t whole;     /* its floor */
    uint64_t fraction; /* and the rest, in 2^-64 */
};

/* Moves it by weight_q62 of its distance from `target`, rounded down to 2^-64; the distance
 * is at most 2^62. */
void pl_decay_towards(struct pl_decayed *d, int64_t target, int64_t weight_q62);

struct pl_average {
    struct pl_decayed at;
    int64_t held; /* the value since time_us */
    int64_t time_us;
};

/* value within +-PL_AVERAGE_VALUE_MAX. */
void pl_average_start(struct pl_average *a, int64_t value, int64_t time_us);

/* Brings the average to time_us, not before the last one, from when on it holds `value`. */
void pl_average_hold(struct pl_average *a, int64_t value, int64_t time_us, int64_t half_life_us);

/* To the nearest, ties up. */
int64_t pl_average_value(const struct pl_average *a);

#endif
