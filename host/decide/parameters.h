/* Margin parameters that follow volatility slowly.
 *
 * A parameter is the width of a scenario or a haircut: a share of the price, Q.40. Its target is
 * multiple * volatility * sqrt(horizon / year), between governed limits; the parameter moves
 * towards it by no more than so much an hour, upwards and downwards, so that requirements never
 * jump at the worst moment. Speeds are exact: what an hour allows does not depend on the number of
 * steps.
 *
 * Add-ons are shares of the price too: for a position that is large by itself, and for a market
 * whose open interest is.
 */
#ifndef PL_DECIDE_PARAMETERS_H
#define PL_DECIDE_PARAMETERS_H

#include <stdint.h>

struct pl_parameter_rules {
    int64_t floor_q40, ceiling_q40; /* 0.1 % .. 95 % of the price */
    int64_t multiple_q40;           /* standard deviations; 0.5 .. 10 */
    int64_t horizon_us;             /* time to close out; 1 min .. 30 days */
    int64_t rise_q40_per_hour;      /* 0.01 % .. 20 % of the price */
    int64_t fall_q40_per_hour;      /* 0.01 % .. 20 %; not above the rise */
};

/* docs/decide/volatility.md says where the defaults come from. */
void pl_parameter_width_defaults(struct pl_parameter_rules *rules);
void pl_parameter_haircut_defaults(struct pl_parameter_rules *rules);
/* 0, or -EINVAL and the field with its limits in `message`, of PL_RULE_MESSAGE_BYTES. */
int pl_parameter_check(const struct pl_parameter_rules *rules, char *message);

struct pl_parameter {
    int64_t value_q40;  /* in force */
    int64_t target_q40; /* where it goes; what a venue may ask of new risk at once */
    int64_t carry;      /* allowed but below 2^-40, in 2^-40 / hour of microseconds */
    int64_t time_us;
};

/* In force from now_us: value_q40, held between floor and ceiling. */
void pl_parameter_start(struct pl_parameter *p, const struct pl_parameter_rules *rules,
                        int64_t value_q40, int64_t now_us);

/* A volatility per year, Q.40; 0: not known, the target stays. Until now_us the parameter moves
 * towards its target of before, then the target changes. Returns 0, or -EINVAL when now_us is
 * before an earlier step or the volatility is negative: nothing then changes. */
int pl_parameter_step(struct pl_parameter *p, const struct pl_parameter_rules *rules,
                      int64_t volatility_q40, int64_t now_us);

struct pl_addon_rules {
    /* Position: `slope` for each `unit` above `free`, at most `max` (as Deribit's perpetuals: 0.5 %
     * for every 100 BTC). */
    int64_t position_free_e8, position_unit_e8;   /* notional; 0 ..; 1 USD .. */
    int64_t position_slope_q40, position_max_q40; /* 0 .. 100 % of the price */
    /* Open interest: rises from 0 at `low` to `max` at `high` (as dYdX's v4 initial margin). */
    int64_t interest_low_e8, interest_high_e8; /* 0 ..; above low */
    int64_t interest_max_q40;                  /* 0 .. 100 % */
};
int pl_addon_check(const struct pl_addon_rules *rules, char *message);

/* Notional of one position (its sign does not count); up. */
int64_t pl_addon_position_q40(const struct pl_addon_rules *rules, int64_t notional_e8);
/* Open interest of a market, not negative; up. */
int64_t pl_addon_interest_q40(const struct pl_addon_rules *rules, int64_t notional_e8);

#endif
