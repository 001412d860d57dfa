#include "decide/breaker.h"

#include "decide/rule.h"

const char *pl_breaker_state(enum pl_breaker_state state)
{
    static const char *const text[PL_BREAKER_STATES] = { "normal", "cautious", "halted" };
    return state < PL_BREAKER_STATES ? text[state] : "unknown";
}

const char *pl_breaker_reason(enum pl_breaker_reason reason)
{
    static const char *const text[] = {
        [PL_BREAKER_MOVE] = "move of the price",
        [PL_BREAKER_SPREAD] = "sources apart",
        [PL_BREAKER_LIQUIDATED] = "liquidated notional",
        [PL_BREAKER_UNDERLYINGS] = "underlyings halted",
        [PL_BREAKER_REOPENED] = "reopened",
    };
    return reason <= PL_BREAKER_REOPENED ? text[reason] : "unknown";
}

void pl_breaker_defaults(struct pl_breaker_rules *rules)
{
    *rules = (struct pl_breaker_rules){
        .cautious.at = { PL_Q40_MILLIONTHS(50000), PL_Q40_MILLIONTHS(20000), 0, 0 },
        .halted.at = { PL_Q40_MILLIONTHS(100000), PL_Q40_MILLIONTHS(50000), 0, 0 },
        .release_q40 = PL_Q40_MILLIONTHS(500000),
        .move_window_us = PL_HOUR_US,
        .liquidation_window_us = 5 * PL_MINUTE_US,
        .calm_us = 2 * PL_MINUTE_US,
        .cautious_hold_us = 5 * PL_MINUTE_US,
        .halted_hold_us = 2 * PL_MINUTE_US,
    };
}

void pl_breaker_venue_defaults(struct pl_breaker_rules *rules)
{
    pl_breaker_defaults(rules);
    rules->cautious = (struct pl_breaker_levels){ { 0, 0, 0, 1 } };
    rules->halted = (struct pl_breaker_levels){ { 0, 0, 0, 3 } };
}

static const struct {
    const char *name;
    int64_t max;
} trigger[PL_BREAKER_TRIGGERS] = {
    { "move_q40", PL_Q40_MILLIONTHS(500000) },
    { "divergence_q40", PL_Q40_MILLIONTHS(500000) },
    { "liquidated_e8", INT64_MAX },
    { "underlyings", INT16_MAX },
};

/* Off in both states, or on in both and not lower in the worse one. */
static int check_levels(const struct pl_breaker_rules *r, char *message)
{
    char name[64];
    for (int i = 0; i < PL_BREAKER_TRIGGERS; i++) {
        const int64_t cautious = r->cautious.at[i];
        snprintf(name, sizeof name, "breaker.cautious.%s", trigger[i].name);
        if (pl_rule_within(name, cautious, 0, trigger[i].max, message) != 0)
            return -EINVAL;
        snprintf(name, sizeof name, "breaker.halted.%s", trigger[i].name);
        if (cautious == 0 && r->halted.at[i] > 0) {
            snprintf(message, PL_RULE_MESSAGE_BYTES,
                     "%s needs a level of cautious too, not above it (0: off in both)", name);
            return -EINVAL;
        }
        if (pl_rule_within(name, r->halted.at[i], cautious, cautious > 0 ? trigger[i].max : 0,
                           message) != 0)
            return -EINVAL;
    }
    return 0;
}

int pl_breaker_check(const struct pl_breaker_rules *r, char *message)
{
    const struct {
        const char *field;
        int64_t value, low, high;
    } limits[] = {
        { "breaker.release_q40", r->release_q40, PL_Q40_MILLIONTHS(100000),
          PL_Q40_MILLIONTHS(900000) },
        { "breaker.move_window_us", r->move_window_us, PL_SECOND_US, PL_DAY_US },
        { "breaker.liquidation_window_us", r->liquidation_window_us, PL_SECOND_US, PL_DAY_US },
        { "breaker.calm_us", r->calm_us, PL_SECOND_US, PL_DAY_US },
        { "breaker.cautious_hold_us", r->cautious_hold_us, 0, PL_DAY_US },
        { "breaker.halted_hold_us", r->halted_hold_us, 0, PL_DAY_US },
    };
    for (unsigned i = 0; i < sizeof limits / sizeof *limits; i++)
        if (pl_rule_within(limits[i].field, limits[i].value, limits[i].low, limits[i].high,
                           message) != 0)
            return -EINVAL;
    return check_levels(r, message);
}
