/* What happened within the last so many microseconds, in bounded memory: a ring of buckets of equal
 * width. A window covers at least its length and at most a fifteenth more. */
#ifndef PL_DECIDE_WINDOW_H
#define PL_DECIDE_WINDOW_H

#include <stdint.h>

#define PL_WINDOW_BUCKETS 16

/* Lowest and highest of a value that holds until the next one. */
struct pl_window_range {
    int64_t low[PL_WINDOW_BUCKETS], high[PL_WINDOW_BUCKETS];
    int64_t bucket; /* number of the newest one */
    int64_t held;   /* the value since then */
};

/* The window holds `value` alone. window_us > 0. */
void pl_window_range_start(struct pl_window_range *w, int64_t window_us, int64_t now_us,
                           int64_t value);
/* now_us never decreases and is not negative. */
void pl_window_range_add(struct pl_window_range *w, int64_t window_us, int64_t now_us,
                         int64_t value);
void pl_window_range_of(const struct pl_window_range *w, int64_t *low, int64_t *high);

/* Sum of amounts that are not negative. */
struct pl_window_sum {
    int64_t sum[PL_WINDOW_BUCKETS];
    int64_t bucket;
};

void pl_window_sum_start(struct pl_window_sum *w, int64_t window_us, int64_t now_us);
/* Adds `amount` and returns the sum of the window; both are limited to INT64_MAX. */
int64_t pl_window_sum_add(struct pl_window_sum *w, int64_t window_us, int64_t now_us,
                          int64_t amount);

#endif
