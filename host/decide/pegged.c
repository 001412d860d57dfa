#include "decide/pegged.h"

#include "decide/exact.h"
#include "decide/rule.h"

const char *pl_pegged_reason(enum pl_pegged_reason reason)
{
    static const char *const text[] = {
        [PL_PEGGED_MARKET] = "market within the redemption band",
        [PL_PEGGED_BOUNDED] = "too few venues outside the redemption band",
        [PL_PEGGED_DEPEGGED] = "several venues outside the redemption band",
        [PL_PEGGED_NO_RATE] = "no redemption",
        [PL_PEGGED_REDEMPTION] = "redemption without a market",
        [PL_PEGGED_NO_PRICE] = "no price",
    };
    return reason <= PL_PEGGED_NO_PRICE ? text[reason] : "unknown";
}

void pl_pegged_defaults(struct pl_pegged_rules *rules)
{
    *rules = (struct pl_pegged_rules){ .discount_q40 = PL_Q40_MILLIONTHS(5000),
                                       .premium_q40 = PL_Q40_MILLIONTHS(5000),
                                       .venues_min = 2,
                                       .age_max_us = PL_DAY_US };
}

int pl_pegged_check(const struct pl_pegged_rules *r, char *message)
{
    const struct {
        const char *field;
        int64_t value, low, high;
    } limits[] = {
        { "pegged.discount_q40", r->discount_q40, 0, PL_Q40_MILLIONTHS(100000) },
        { "pegged.premium_q40", r->premium_q40, 0, PL_Q40_MILLIONTHS(100000) },
        { "pegged.venues_min", r->venues_min, 2, PL_FUSION_VENUES_MAX },
        { "pegged.age_max_us", r->age_max_us, PL_MINUTE_US, 7 * PL_DAY_US },
    };
    for (unsigned i = 0; i < sizeof limits / sizeof *limits; i++)
        if (pl_rule_within(limits[i].field, limits[i].value, limits[i].low, limits[i].high,
                           message) != 0)
            return -EINVAL;
    return 0;
}

struct pl_pegged_mark pl_pegged_mark(const struct pl_pegged_rules *rules,
                                     const struct pl_fused *market,
                                     const struct pl_pegged_rate *rate, int64_t now_us)
{
    const int64_t price = market->now.price;
    const bool redeemable = rate->open && rate->price > 0 && rate->price <= PL_PRICE_MAX &&
                            rate->source_us >= 0 && now_us - rate->source_us <= rules->age_max_us;
    if (!redeemable)
        return (struct pl_pegged_mark){ price, price, 0,
                                        price > 0 ? PL_PEGGED_NO_RATE : PL_PEGGED_NO_PRICE };
    uint32_t flags = 0;
    const int64_t floor =
        pl_money_scale_down(rate->price, PL_COEFFICIENT_ONE - rules->discount_q40, &flags);
    const int64_t cap =
        pl_money_scale_up(rate->price, PL_COEFFICIENT_ONE + rules->premium_q40, &flags);
    if (!market->fresh)
        return (struct pl_pegged_mark){ floor, cap, 0, PL_PEGGED_REDEMPTION };
    const int64_t distance = price > rate->price ? price - rate->price : rate->price - price;
    const int64_t gap = pl_mul_div_up(distance, PL_COEFFICIENT_ONE, rate->price, &flags);
    if (price >= floor && price <= cap)
        return (struct pl_pegged_mark){ price, price, gap, PL_PEGGED_MARKET };
    if (market->venues < rules->venues_min) {
        const int64_t bound = price < floor ? floor : cap;
        return (struct pl_pegged_mark){ bound, bound, gap, PL_PEGGED_BOUNDED };
    }
    return (struct pl_pegged_mark){ pl_min64(price, cap), pl_max64(price, floor), gap,
                                    PL_PEGGED_DEPEGGED };
}

enum pl_quality pl_pegged_quality(enum pl_pegged_reason reason, enum pl_quality market)
{
    const bool bounded = reason == PL_PEGGED_BOUNDED || reason == PL_PEGGED_REDEMPTION;
    return bounded && market < PL_QUALITY_THIN ? PL_QUALITY_THIN : market;
}
