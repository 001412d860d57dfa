#include "decide/window.h"

#include <string.h>

#include "model/money.h"

static int64_t bucket_at(int64_t window_us, int64_t now_us)
{
    const int64_t width = (window_us + PL_WINDOW_BUCKETS - 2) / (PL_WINDOW_BUCKETS - 1);
    return now_us / width;
}

void pl_window_range_start(struct pl_window_range *w, int64_t window_us, int64_t now_us,
                           int64_t value)
{
    for (int i = 0; i < PL_WINDOW_BUCKETS; i++)
        w->low[i] = w->high[i] = value;
    w->bucket = bucket_at(window_us, now_us);
    w->held = value;
}

void pl_window_range_add(struct pl_window_range *w, int64_t window_us, int64_t now_us,
                         int64_t value)
{
    const int64_t bucket = bucket_at(window_us, now_us);
    const int64_t first = pl_max64(w->bucket + 1, bucket - PL_WINDOW_BUCKETS + 1);
    for (int64_t b = first; b <= bucket; b++)
        w->low[b % PL_WINDOW_BUCKETS] = w->high[b % PL_WINDOW_BUCKETS] = w->held;
    const int at = (int)(bucket % PL_WINDOW_BUCKETS);
    w->low[at] = pl_min64(w->low[at], value);
    w->high[at] = pl_max64(w->high[at], value);
    w->bucket = bucket;
    w->held = value;
}

void pl_window_range_of(const struct pl_window_range *w, int64_t *low, int64_t *high)
{
    *low = w->low[0];
    *high = w->high[0];
    for (int i = 1; i < PL_WINDOW_BUCKETS; i++) {
        *low = pl_min64(*low, w->low[i]);
        *high = pl_max64(*high, w->high[i]);
    }
}

void pl_window_sum_start(struct pl_window_sum *w, int64_t window_us, int64_t now_us)
{
    memset(w, 0, sizeof *w);
    w->bucket = bucket_at(window_us, now_us);
}

int64_t pl_window_sum_add(struct pl_window_sum *w, int64_t window_us, int64_t now_us,
                          int64_t amount)
{
    const int64_t bucket = bucket_at(window_us, now_us);
    const int64_t first = pl_max64(w->bucket + 1, bucket - PL_WINDOW_BUCKETS + 1);
    uint32_t flags = 0;
    int64_t total = 0;
    for (int64_t b = first; b <= bucket; b++)
        w->sum[b % PL_WINDOW_BUCKETS] = 0;
    int64_t *newest = &w->sum[bucket % PL_WINDOW_BUCKETS];
    *newest = pl_money_add(*newest, amount, &flags);
    w->bucket = bucket;
    for (int i = 0; i < PL_WINDOW_BUCKETS; i++)
        total = pl_money_add(total, w->sum[i], &flags);
    return total;
}
