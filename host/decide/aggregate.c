#include "decide/aggregate.h"

#include "model/money.h"

static void insert(int64_t *sorted, unsigned count, int64_t value)
{
    for (; count > 0 && sorted[count - 1] > value; count--)
        sorted[count] = sorted[count - 1];
    sorted[count] = value;
}

/* Values within +-2^62. */
static int64_t median(const int64_t *sorted, unsigned count)
{
    const unsigned right = count / 2;
    return count % 2 != 0 ? sorted[right] : (sorted[right - 1] + sorted[right]) >> 1;
}

static struct pl_estimate aggregate(const struct pl_estimate *sources, unsigned count, int64_t low,
                                    int64_t high)
{
    int64_t votes[3 * PL_AGGREGATE_SOURCES_MAX];
    for (unsigned i = 0; i < count; i++) {
        const struct pl_estimate *s = &sources[i];
        insert(votes, 3 * i, s->price - s->confidence);
        insert(votes, 3 * i + 1, s->price);
        insert(votes, 3 * i + 2, s->price + s->confidence);
    }
    const unsigned quarter = 3 * count / 4;
    const int64_t price = pl_min64(pl_max64(median(votes, 3 * count), low), high);
    return (struct pl_estimate){ price, pl_max64(price - votes[quarter],
                                                 votes[3 * count - 1 - quarter] - price) };
}

struct pl_estimate pl_aggregate(const struct pl_estimate *sources, unsigned count)
{
    return aggregate(sources, count, INT64_MIN, INT64_MAX);
}

struct pl_estimate pl_aggregate_held(const struct pl_estimate *kept, unsigned kept_count,
                                     const struct pl_estimate *all, unsigned all_count)
{
    int64_t lows[PL_AGGREGATE_SOURCES_MAX], highs[PL_AGGREGATE_SOURCES_MAX];
    if (all_count < 3)
        return pl_aggregate(kept, kept_count);
    for (unsigned i = 0; i < all_count; i++) {
        insert(lows, i, all[i].price - all[i].confidence);
        insert(highs, i, all[i].price + all[i].confidence);
    }
    return aggregate(kept, kept_count, lows[1], highs[all_count - 2]);
}

int64_t pl_aggregate_middle(const struct pl_estimate *sources, unsigned count)
{
    int64_t prices[PL_AGGREGATE_SOURCES_MAX];
    for (unsigned i = 0; i < count; i++)
        insert(prices, i, sources[i].price);
    return median(prices, count);
}
