#include "closing_price.h"

#include "exact.h"

static bool in_range(int64_t money)
{
    return money <= PL_CLOSING_MONEY_MAX && money >= -PL_CLOSING_MONEY_MAX;
}

static bool usable(const struct pl_closing *c)
{
    return in_range(c->equity_e8) && in_range(c->maintenance_e8) && c->maintenance_e8 > 0 &&
           in_range(c->value_e8) && c->requirement_e8 >= 0 &&
           c->requirement_e8 <= c->maintenance_e8 && c->steps != 0 && c->steps != INT64_MIN &&
           (c->value_e8 == 0 || (c->value_e8 < 0) == (c->steps < 0)) && c->lot.mantissa > 0 &&
           c->decimals >= 0 && c->decimals <= 18;
}

static pl_i128 divide(pl_i128 value, pl_i128 divisor, bool up)
{
    pl_i128 quotient = value / divisor, rest = value % divisor;
    return quotient + (up && rest > 0 ? 1 : 0) - (!up && rest < 0 ? 1 : 0);
}

/* Money of the whole position, signed as its value, as a price; false: none, or out of range. */
static bool price_of(const struct pl_closing *c, int64_t money_e8, bool up, int64_t *price)
{
    pl_i128 top = c->steps < 0 ? -(pl_i128)money_e8 : money_e8;
    pl_i128 size = (pl_i128)(c->steps < 0 ? -c->steps : c->steps);
    int exponent = c->decimals - PL_MONEY_DECIMALS - c->lot.exponent;
    bool good = !__builtin_mul_overflow(size, (pl_i128)c->lot.mantissa, &size);
    for (; exponent > 0 && good; exponent--)
        good = !__builtin_mul_overflow(top, (pl_i128)10, &top);
    for (; exponent < 0 && good; exponent++)
        good = !__builtin_mul_overflow(size, (pl_i128)10, &size);
    if (!good || top <= 0)
        return false;
    pl_i128 quotient = divide(top, size, up);
    *price = (int64_t)quotient;
    return quotient > 0 && quotient <= INT64_MAX;
}

int64_t pl_closing_bankruptcy_e8(const struct pl_closing *c, uint32_t *flags)
{
    if (!usable(c)) {
        *flags |= PL_FLAG_DOMAIN;
        return 0;
    }
    int64_t share = pl_mul_div_down(c->equity_e8, c->requirement_e8, c->maintenance_e8, flags);
    return pl_money_sub(c->value_e8, share, flags);
}

bool pl_closing_bankruptcy_price(const struct pl_closing *c, int64_t *price)
{
    uint32_t flags = 0;
    int64_t money = pl_closing_bankruptcy_e8(c, &flags);
    return flags == 0 && price_of(c, money, c->steps > 0, price);
}

bool pl_closing_fillable_price(const struct pl_closing *c, int64_t spread_q40, int64_t *price)
{
    uint32_t flags = 0;
    if (!usable(c) || spread_q40 < 0 || spread_q40 > PL_COEFFICIENT_ONE)
        return false;
    int64_t lacking = pl_money_sub(c->maintenance_e8, c->equity_e8, &flags);
    lacking = pl_max64(0, pl_min64(lacking, c->maintenance_e8));
    int64_t most = pl_money_scale_up(c->requirement_e8, spread_q40, &flags);
    int64_t discount = pl_mul_div_up(most, lacking, c->maintenance_e8, &flags);
    int64_t money = pl_money_sub(c->value_e8, discount, &flags);
    return flags == 0 && price_of(c, money, c->steps < 0, price);
}

bool pl_closing_liquidation_price(const struct pl_closing *c, int64_t *price)
{
    if (!usable(c))
        return false;
    /* signed: a short's value and what is left of it after a rise are both below 0 */
    pl_i128 net = (pl_i128)c->value_e8 - c->requirement_e8;
    pl_i128 excess = (pl_i128)c->equity_e8 - c->maintenance_e8;
    bool is_long = c->steps > 0;
    if (is_long ? net <= 0 || net <= excess : net >= 0 || net >= excess)
        return false;
    pl_i128 money = divide((pl_i128)c->value_e8 * (net - excess), net, true);
    return money <= INT64_MAX && money >= INT64_MIN && price_of(c, (int64_t)money, is_long, price);
}
