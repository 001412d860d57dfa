/* Which action which quality of a price still allows.
 *
 * The quality is graded from the fused price: number of sources and of venues that show it, its
 * confidence, age, and distance from its slow average. The matrix then says what that quality
 * allows, and what the breakers' states leave of it. Both are monotone, which the check enforces:
 * a worse quality or state never allows more; and withdrawals stop well before liquidations.
 */
#ifndef PL_DECIDE_PERMISSION_H
#define PL_DECIDE_PERMISSION_H

#include <stdbool.h>
#include <stdint.h>

#include "decide/breaker.h"
#include "decide/fusion.h"

enum pl_quality {
    PL_QUALITY_NONE, /* no price: what depends on it is indeterminate */
    PL_QUALITY_POOR, /* one source, an old or a disputed price */
    PL_QUALITY_THIN, /* the least that is good enough to liquidate */
    PL_QUALITY_FAIR,
    PL_QUALITY_FULL,
};
#define PL_QUALITIES 5

enum pl_action {
    PL_ACTION_MARK = 1,
    PL_ACTION_MARGIN_CALL = 2,
    PL_ACTION_LIQUIDATION = 4,
    PL_ACTION_AUCTION = 8, /* start of one; one that runs goes on */
    PL_ACTION_NEW_RISK = 16,
    PL_ACTION_WITHDRAWAL = 32,
};
#define PL_ACTIONS_ALL 63
#define PL_ACTION_KINDS 6

/* What kept a quality from being better, or an action from being allowed. */
enum pl_permission_reason {
    PL_PERMISSION_GRANTED,
    PL_PERMISSION_NO_PRICE,
    PL_PERMISSION_HELD,     /* too few sources now: the last price is held */
    PL_PERMISSION_DISPUTED, /* no majority of sources agrees */
    PL_PERMISSION_SOURCES,
    PL_PERMISSION_VENUES,
    PL_PERMISSION_CONFIDENCE,
    PL_PERMISSION_AGE,
    PL_PERMISSION_DIVERGENCE,
    PL_PERMISSION_BREAKER,
    PL_PERMISSION_VENUE_BREAKER,
};
const char *pl_quality_name(enum pl_quality quality);
const char *pl_action_name(enum pl_action action);
const char *pl_permission_reason(enum pl_permission_reason reason);

/* What a price must have for a quality. */
struct pl_quality_line {
    int64_t sources, venues;
    int64_t confidence_q40; /* of the price, at most */
    int64_t age_us;         /* at most */
    int64_t divergence_q40; /* from the average, at most */
};

struct pl_permission_rules {
    struct pl_quality_line line[PL_QUALITIES]; /* that of NONE is not read */
    uint32_t allowed[PL_QUALITIES];            /* enum pl_action, or'ed */
    uint32_t allowed_in[PL_BREAKER_STATES];
};

/* docs/decide/permission.md says where the defaults come from. */
void pl_permission_defaults(struct pl_permission_rules *rules);

/* 0, or -EINVAL and the field with what is wrong in `message`, of PL_RULE_MESSAGE_BYTES; what a
 * quality or state allows is named "permission.fair.allows". */
int pl_permission_check(const struct pl_permission_rules *rules, char *message);

/* The quality of a price at now_us, not before its step; *reason says what keeps it from the next
 * better one. A held or disputed price is at most poor. */
enum pl_quality pl_permission_quality(const struct pl_permission_rules *rules,
                                      const struct pl_fused *fused, int64_t now_us,
                                      enum pl_permission_reason *reason);

/* The actions allowed on one price. What rests on several prices may do what all of them allow. */
uint32_t pl_permission_allowed(const struct pl_permission_rules *rules, enum pl_quality quality,
                               enum pl_breaker_state underlying, enum pl_breaker_state venue);

/* Why `action` is allowed or not; quality_reason is that of the quality. */
enum pl_permission_reason pl_permission_why(const struct pl_permission_rules *rules,
                                            enum pl_action action, enum pl_quality quality,
                                            enum pl_permission_reason quality_reason,
                                            enum pl_breaker_state underlying,
                                            enum pl_breaker_state venue);

#endif
