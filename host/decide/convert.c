#include "decide/convert.h"

#include "decide/exact.h"

int64_t pl_power_of_ten(int decimals)
{
    int64_t power = 1;
    for (int i = 0; i < decimals; i++)
        power *= 10;
    return power;
}

/* The upper end of the interval is the farther one, rounded or not: products and quotients of
 * positive intervals reach farther upwards. False when it leaves the domain. */
static bool reach(struct pl_estimate *out, int64_t price, int64_t high)
{
    if (price <= 0 || high > PL_PRICE_MAX)
        return false;
    *out = (struct pl_estimate){ price, high - price };
    return true;
}

bool pl_convert(struct pl_estimate *estimate, const struct pl_rate *rate)
{
    const struct pl_estimate e = *estimate, r = rate->worth;
    const int64_t one = pl_power_of_ten(rate->decimals);
    uint32_t flags = 0;
    const int64_t high = pl_mul_div_up(e.price + e.confidence, r.price + r.confidence, one, &flags);
    return reach(estimate, pl_mul_div_down(e.price, r.price, one, &flags), high);
}

bool pl_convert_cross(struct pl_estimate in_usd, struct pl_estimate in_quote, int decimals,
                      struct pl_estimate *worth)
{
    const int64_t one = pl_power_of_ten(decimals);
    uint32_t flags = 0;
    if (in_quote.confidence >= in_quote.price)
        return false;
    const int64_t high = pl_mul_div_up(in_usd.price + in_usd.confidence, one,
                                       in_quote.price - in_quote.confidence, &flags);
    return reach(worth, pl_mul_div_down(in_usd.price, one, in_quote.price, &flags), high);
}
