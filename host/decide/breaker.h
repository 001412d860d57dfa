/* Circuit breakers, one per underlying and one for the whole venue, by four triggers: the move of
 * the price over a window, the spread of its sources, the notional liquidated over a window, and
 * (venue-wide) how many underlyings are halted.
 *
 *            level reached            level reached
 *   normal --------------> cautious --------------> halted       (also at once from normal)
 *          <--------------          <--------------
 *                    reopening, one step at a time
 *
 * A trigger acts at once. A state is left, downwards, at the first step at or after `reopen_us`:
 * not before it has lasted its hold, and not before calm_us of calm. Calm is when the price stays
 * within release_q40 of the state's level around one price, and every other trigger below
 * release_q40 of its level. A gap between steps longer than calm_us is not calm, nor is a step
 * without a price where moves are watched. At each reopening the window of the move starts anew: it
 * is the market's next move that counts, not the one that was answered.
 *
 * Pure and bounded; the state is copied by memcpy. Times never decrease.
 */
#ifndef PL_DECIDE_BREAKER_H
#define PL_DECIDE_BREAKER_H

#include <stdint.h>

#include "decide/window.h"

enum pl_breaker_state { PL_BREAKER_NORMAL, PL_BREAKER_CAUTIOUS, PL_BREAKER_HALTED };
#define PL_BREAKER_STATES 3

enum pl_breaker_reason {
    PL_BREAKER_MOVE,
    PL_BREAKER_SPREAD,
    PL_BREAKER_LIQUIDATED,
    PL_BREAKER_UNDERLYINGS,
    PL_BREAKER_REOPENED, /* the triggers stayed away for long enough */
};
#define PL_BREAKER_TRIGGERS 4

const char *pl_breaker_state(enum pl_breaker_state state);
const char *pl_breaker_reason(enum pl_breaker_reason reason);

/* Levels by trigger; 0: the trigger is off. */
struct pl_breaker_levels {
    int64_t at[PL_BREAKER_TRIGGERS]; /* Q.40 of the price, Q.40 of the price, 1e-8 USD, a count */
};

struct pl_breaker_rules {
    struct pl_breaker_levels cautious, halted;
    int64_t release_q40;           /* of a level; 10 % .. 90 % */
    int64_t move_window_us;        /* 1 s .. 1 day */
    int64_t liquidation_window_us; /* 1 s .. 1 day */
    int64_t calm_us;               /* 1 s .. 1 day */
    int64_t cautious_hold_us;      /* 0 .. 1 day */
    int64_t halted_hold_us;        /* 0 .. 1 day */
};

/* docs/decide/breaker.md says where the defaults come from. The liquidated notional is off: it is
 * a matter of a venue's size. */
void pl_breaker_defaults(struct pl_breaker_rules *rules);
void pl_breaker_venue_defaults(struct pl_breaker_rules *rules);

/* 0, or -EINVAL and the field with its limits in `message`, of PL_RULE_MESSAGE_BYTES. */
int pl_breaker_check(const struct pl_breaker_rules *rules, char *message);

/* What happened since the step before. */
struct pl_breaker_input {
    int64_t price;         /* 10^-decimals USD; 0: none is known now */
    int64_t spread_q40;    /* of the sources; struct pl_fused */
    int64_t liquidated_e8; /* notional, USD */
    int64_t underlyings;   /* halted ones, for the whole venue */
};

struct pl_breaker {
    struct pl_window_range range;
    struct pl_window_sum liquidated;
    int64_t state;     /* enum pl_breaker_state */
    int64_t reason;    /* enum pl_breaker_reason of the last change */
    int64_t since_us;  /* of the state */
    int64_t hot_us;    /* the last step that was not calm */
    int64_t anchor;    /* the price then */
    int64_t reopen_us; /* the earliest time to leave the state downwards; normal: since_us */
    int64_t time_us;
    int64_t started; /* the range has a price */
};

struct pl_breaker_event {
    int64_t from, to; /* equal: nothing changed */
    int64_t reason;
    int64_t measure; /* what the trigger saw, in its unit; reopened: 0 */
    int64_t time_us;
};

/* now_us not negative. */
void pl_breaker_start(struct pl_breaker *b, const struct pl_breaker_rules *rules, int64_t now_us);

/* Returns 0 with *event, or -EINVAL when now_us is before an earlier step or beyond PL_TIME_MAX_US,
 * or a field of the input is negative: nothing then changes. */
int pl_breaker_step(struct pl_breaker *b, const struct pl_breaker_rules *rules,
                    const struct pl_breaker_input *input, int64_t now_us,
                    struct pl_breaker_event *event);

#endif
