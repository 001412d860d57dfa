#include "decide/volatility.h"

#include <errno.h>
#include <string.h>

#include "decide/aggregate.h"
#include "decide/decay.h"
#include "decide/rule.h"
#include "model/fixmath.h"
#include "model/money.h"

#define FOUR_LN2_Q62 ((pl_u128)UINT64_C(12786308645202655660))

/* No padding: states are compared and copied as bytes. */
_Static_assert(sizeof(struct pl_volatility) == 6 * 8 + 2 * 16 + 3 * 8, "pl_volatility");

void pl_volatility_defaults(struct pl_volatility_rules *rules)
{
    *rules = (struct pl_volatility_rules){ .bar_us = 5 * PL_MINUTE_US,
                                           .half_life_us = PL_DAY_US,
                                           .implied_age_max_us = PL_HOUR_US,
                                           .implied_min_q40 = PL_Q40_MILLIONTHS(10000),
                                           .implied_max_q40 = PL_Q40_MILLIONTHS(5000000),
                                           .bars_min = 12 };
}

int pl_volatility_check(const struct pl_volatility_rules *r, char *message)
{
    const struct {
        const char *field;
        int64_t value, low, high;
    } limits[] = {
        { "volatility.bar_us", r->bar_us, PL_SECOND_US, PL_DAY_US },
        { "volatility.half_life_us", r->half_life_us, r->bar_us, 365 * PL_DAY_US },
        { "volatility.implied_age_max_us", r->implied_age_max_us, PL_MINUTE_US, 7 * PL_DAY_US },
        { "volatility.implied_min_q40", r->implied_min_q40, PL_Q40_MILLIONTHS(1000),
          PL_Q40_MILLIONTHS(10000000) },
        { "volatility.implied_max_q40", r->implied_max_q40, r->implied_min_q40,
          PL_Q40_MILLIONTHS(10000000) },
        { "volatility.bars_min", r->bars_min, 1, 10000 },
    };
    for (unsigned i = 0; i < sizeof limits / sizeof *limits; i++)
        if (pl_rule_within(limits[i].field, limits[i].value, limits[i].low, limits[i].high,
                           message) != 0)
            return -EINVAL;
    return 0;
}

void pl_volatility_start(struct pl_volatility *v)
{
    memset(v, 0, sizeof *v);
}

/* ln(a / b)^2 in Q.62, at most 1; half-up. */
static int64_t squared_log_q62(int64_t a, int64_t b)
{
    const pl_i128 ln_q48 = pl_fix_ln_ratio_q48((uint64_t)a, (uint64_t)b);
    const pl_i128 square = (ln_q48 * ln_q48 + ((pl_i128)1 << 33)) >> 34;
    return square > PL_DECAY_ONE_Q62 ? PL_DECAY_ONE_Q62 : (int64_t)square;
}

static void close_bar(struct pl_volatility *v, const struct pl_volatility_rules *rules)
{
    const int64_t returned = squared_log_q62(v->close, v->open);
    const int64_t ranged =
        (int64_t)(((pl_u128)squared_log_q62(v->high, v->low) << 62) / FOUR_LN2_Q62);
    const int64_t weight = pl_max64(pl_decay_weight_q62(rules->bar_us, rules->half_life_us),
                                    PL_DECAY_ONE_Q62 / (v->bars + 1));
    pl_decay_towards(&v->return_variance_q62, returned, weight);
    pl_decay_towards(&v->range_variance_q62, ranged, weight);
    v->bars++;
}

int pl_volatility_tick(struct pl_volatility *v, const struct pl_volatility_rules *rules,
                       int64_t price, int64_t now_us)
{
    const int64_t bar = now_us / rules->bar_us;
    if (now_us < v->time_us)
        return -EINVAL;
    if (price <= 0 || price > PL_PRICE_MAX)
        return -ERANGE;
    v->time_us = now_us;
    if (v->open == 0) {
        v->open = v->high = v->low = price;
        v->bar = bar;
    } else if (bar != v->bar) {
        close_bar(v, rules);
        v->open = v->high = v->low = v->close;
        v->bar = bar;
    }
    v->high = pl_max64(v->high, price);
    v->low = pl_min64(v->low, price);
    v->close = price;
    return 0;
}

int pl_volatility_imply(struct pl_volatility *v, const struct pl_volatility_rules *rules,
                        int64_t implied_q40, int64_t now_us)
{
    if (now_us < v->time_us)
        return -EINVAL;
    if (implied_q40 < rules->implied_min_q40 || implied_q40 > rules->implied_max_q40)
        return -ERANGE;
    v->time_us = v->implied_us = now_us;
    v->implied_q40 = implied_q40;
    return 0;
}

/* sqrt(variance * year / bar). */
static int64_t annual_q40(int64_t variance_q62, int64_t bar_us)
{
    bool saturated = false;
    const pl_u128 wide = (pl_u128)variance_q62 * PL_FIX_YEAR_US / (uint64_t)bar_us;
    const unsigned bits = pl_bit_length_u128(wide);
    const unsigned shift = bits > 63 ? bits - 63 + ((bits - 63) & 1) : 0;
    const struct pl_real root = pl_fix_sqrt_ratio((uint64_t)(wide >> shift), 1);
    return pl_real_to_int(root, 40 - 31 + (int32_t)shift / 2, &saturated);
}

struct pl_volatility_estimate pl_volatility_now(const struct pl_volatility *v,
                                                const struct pl_volatility_rules *rules,
                                                int64_t now_us)
{
    struct pl_volatility_estimate e = { 0, 0, 0, 0 };
    if (v->bars >= rules->bars_min) {
        e.return_q40 = annual_q40(v->return_variance_q62.whole, rules->bar_us);
        e.range_q40 = annual_q40(v->range_variance_q62.whole, rules->bar_us);
    }
    if (v->implied_q40 > 0 && now_us - v->implied_us <= rules->implied_age_max_us)
        e.implied_q40 = v->implied_q40;
    e.used_q40 = pl_max64(pl_max64(e.return_q40, e.range_q40), e.implied_q40);
    return e;
}
