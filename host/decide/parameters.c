#include "decide/parameters.h"

#include <errno.h>

#include "decide/exact.h"
#include "decide/rule.h"
#include "model/fixmath.h"

void pl_parameter_width_defaults(struct pl_parameter_rules *rules)
{
    *rules = (struct pl_parameter_rules){ .floor_q40 = PL_Q40_MILLIONTHS(100000),
                                          .ceiling_q40 = PL_Q40_MILLIONTHS(400000),
                                          .multiple_q40 = PL_Q40_MILLIONTHS(4000000),
                                          .horizon_us = PL_DAY_US,
                                          .rise_q40_per_hour = PL_Q40_MILLIONTHS(10000),
                                          .fall_q40_per_hour = PL_Q40_MILLIONTHS(2500) };
}

void pl_parameter_haircut_defaults(struct pl_parameter_rules *rules)
{
    *rules = (struct pl_parameter_rules){ .floor_q40 = PL_Q40_MILLIONTHS(50000),
                                          .ceiling_q40 = PL_Q40_MILLIONTHS(300000),
                                          .multiple_q40 = PL_Q40_MILLIONTHS(3000000),
                                          .horizon_us = PL_DAY_US / 2,
                                          .rise_q40_per_hour = PL_Q40_MILLIONTHS(5000),
                                          .fall_q40_per_hour = PL_Q40_MILLIONTHS(2500) };
}

int pl_parameter_check(const struct pl_parameter_rules *r, char *message)
{
    const struct {
        const char *field;
        int64_t value, low, high;
    } limits[] = {
        { "parameter.floor_q40", r->floor_q40, PL_Q40_MILLIONTHS(1000), PL_Q40_MILLIONTHS(950000) },
        { "parameter.ceiling_q40", r->ceiling_q40, r->floor_q40, PL_Q40_MILLIONTHS(950000) },
        { "parameter.multiple_q40", r->multiple_q40, PL_Q40_MILLIONTHS(500000),
          PL_Q40_MILLIONTHS(10000000) },
        { "parameter.horizon_us", r->horizon_us, PL_MINUTE_US, 30 * PL_DAY_US },
        { "parameter.rise_q40_per_hour", r->rise_q40_per_hour, PL_Q40_MILLIONTHS(100),
          PL_Q40_MILLIONTHS(200000) },
        { "parameter.fall_q40_per_hour", r->fall_q40_per_hour, PL_Q40_MILLIONTHS(100),
          r->rise_q40_per_hour },
    };
    for (unsigned i = 0; i < sizeof limits / sizeof *limits; i++)
        if (pl_rule_within(limits[i].field, limits[i].value, limits[i].low, limits[i].high,
                           message) != 0)
            return -EINVAL;
    return 0;
}

static int64_t hold_within(int64_t value, int64_t low, int64_t high)
{
    return pl_min64(pl_max64(value, low), high);
}

void pl_parameter_start(struct pl_parameter *p, const struct pl_parameter_rules *rules,
                        int64_t value_q40, int64_t now_us)
{
    const int64_t value = hold_within(value_q40, rules->floor_q40, rules->ceiling_q40);
    *p = (struct pl_parameter){ value, value, 0, now_us };
}

/* Up: it is what a requirement is made of. */
static int64_t target_of(const struct pl_parameter_rules *r, int64_t volatility_q40)
{
    bool saturated = false;
    uint32_t flags = 0;
    const struct pl_real root = pl_fix_sqrt_ratio((uint64_t)r->horizon_us, PL_FIX_YEAR_US);
    const int64_t root_q40 = pl_real_to_int(root, PL_COEFFICIENT_BITS, &saturated) + 1;
    const int64_t deviation = pl_money_scale_up(volatility_q40, root_q40, &flags);
    return hold_within(pl_money_scale_up(deviation, r->multiple_q40, &flags), r->floor_q40,
                       r->ceiling_q40);
}

int pl_parameter_step(struct pl_parameter *p, const struct pl_parameter_rules *rules,
                      int64_t volatility_q40, int64_t now_us)
{
    if (now_us < p->time_us || volatility_q40 < 0)
        return -EINVAL;
    const bool rising = p->target_q40 > p->value_q40;
    const int64_t distance = rising ? p->target_q40 - p->value_q40 : p->value_q40 - p->target_q40;
    const int64_t speed = rising ? rules->rise_q40_per_hour : rules->fall_q40_per_hour;
    const pl_i128 allowed = (pl_i128)speed * (now_us - p->time_us) + p->carry;
    const int64_t step =
        allowed / PL_HOUR_US < distance ? (int64_t)(allowed / PL_HOUR_US) : distance;
    p->value_q40 += rising ? step : -step;
    p->carry = step < distance ? (int64_t)(allowed % PL_HOUR_US) : 0;
    p->time_us = now_us;
    if (volatility_q40 > 0) {
        const int64_t target = target_of(rules, volatility_q40);
        const bool rises = target > p->value_q40;
        if (rises != rising || target == p->value_q40)
            p->carry = 0;
        p->target_q40 = target;
    }
    return 0;
}

int pl_addon_check(const struct pl_addon_rules *r, char *message)
{
    const int64_t usd = 100000000;
    const struct {
        const char *field;
        int64_t value, low, high;
    } limits[] = {
        { "addon.position_free_e8", r->position_free_e8, 0, INT64_MAX },
        { "addon.position_unit_e8", r->position_unit_e8, usd, INT64_MAX },
        { "addon.position_slope_q40", r->position_slope_q40, 0, PL_COEFFICIENT_ONE },
        { "addon.position_max_q40", r->position_max_q40, 0, PL_COEFFICIENT_ONE },
        { "addon.interest_low_e8", r->interest_low_e8, 0, INT64_MAX - usd },
        { "addon.interest_high_e8", r->interest_high_e8, r->interest_low_e8 + usd, INT64_MAX },
        { "addon.interest_max_q40", r->interest_max_q40, 0, PL_COEFFICIENT_ONE },
    };
    for (unsigned i = 0; i < sizeof limits / sizeof *limits; i++)
        if (pl_rule_within(limits[i].field, limits[i].value, limits[i].low, limits[i].high,
                           message) != 0)
            return -EINVAL;
    return 0;
}

int64_t pl_addon_position_q40(const struct pl_addon_rules *r, int64_t notional_e8)
{
    uint32_t flags = 0;
    const int64_t size = notional_e8 < 0 ? -pl_max64(notional_e8, -INT64_MAX) : notional_e8;
    if (size <= r->position_free_e8)
        return 0;
    const int64_t addon = pl_mul_div_up(size - r->position_free_e8, r->position_slope_q40,
                                        r->position_unit_e8, &flags);
    return pl_min64(addon, r->position_max_q40);
}

int64_t pl_addon_interest_q40(const struct pl_addon_rules *r, int64_t notional_e8)
{
    uint32_t flags = 0;
    if (notional_e8 <= r->interest_low_e8)
        return 0;
    if (notional_e8 >= r->interest_high_e8)
        return r->interest_max_q40;
    return pl_mul_div_up(notional_e8 - r->interest_low_e8, r->interest_max_q40,
                         r->interest_high_e8 - r->interest_low_e8, &flags);
}
