/* Which positions to close, and how much of each, so that an account holds its target again at the
 * least cost: what is paid for the closes, by the depth of each instrument's book, and nothing more
 * than needed.
 *
 * The requirement is convex in what is held and the cost convex in what is closed, so the best plan
 * is that of a linear programme over the scenarios that decide: each judgement gives the relief of
 * every position (a supporting plane), the cheapest cover of all planes so far is judged again,
 * until it holds. Hedges stay together by themselves: a leg that offsets a loss has negative
 * relief, and is closed only along with what it offsets. Then whole steps, rounded up, each taken
 * back again where it matters (closes of fewer than 256) and the exact judge allows it.
 *
 * Bound: the plan costs at most the best plan's cost plus one step of each instrument, as long as
 * `exact` is set (tests compare with all plans of small accounts). Otherwise planes ran out or the
 * target is out of reach: the plan is then the last cover, moved towards closing everything until
 * it holds, or what improves most within the limits.
 *
 * A plan never raises either requirement nor lowers the maintenance excess. The judge is the
 * caller's: pl_what_if_judge() on the frozen rows, or anything else that is pure. */
#ifndef PL_DECIDE_PARTIAL_H
#define PL_DECIDE_PARTIAL_H

#include "cover.h"
#include "model/money.h"
#include "rule.h"

#define PL_PARTIAL_POSITIONS_MAX 512
#define PL_PARTIAL_LEVELS 3
#define PL_PARTIAL_PRICE_MAX 16 /* no close costs more than this times what it restores */

struct pl_partial_rules {
    int64_t buffer_q40; /* 0 .. 1: excess after it, of the requirement after it; default 0.1 */
    bool initial;       /* restore the initial requirement, not the maintenance requirement */
};

extern const struct pl_partial_rules pl_partial_defaults;

/* 0, or -EINVAL and the field with its limits in `message`. */
int pl_partial_check(const struct pl_partial_rules *rules, char message[PL_RULE_MESSAGE_BYTES]);

struct pl_partial_position {
    int64_t steps;       /* held, magnitude, > 0 */
    int64_t limit;       /* of them may be closed: price, throttles, 0 .. steps */
    int64_t notional_e8; /* of all steps */
    /* What the book takes: `steps` at a cost (impact, fees and penalty) of `rate_q40` of their
     * notional, rates rising; the last level takes the rest. */
    struct pl_partial_level {
        int64_t steps, rate_q40;
    } levels[PL_PARTIAL_LEVELS];
};

struct pl_partial_judgement {
    bool known; /* false: it cannot be judged */
    int64_t equity_e8;
    int64_t maintenance_e8, initial_e8; /* requirements */
};

/* Judges with closed[i] steps of each position closed at mark and cost_e8 paid. relief_e8, when not
 * NULL: by how much the requirement (maintenance, or initial by the rules) falls if all of a
 * position were closed, estimated from below the true fall's slope: see what_if.h. */
struct pl_partial_judge {
    void *context;
    struct pl_partial_judgement (*judge)(void *context, const int64_t *closed, int64_t cost_e8,
                                         int64_t *relief_e8);
};

enum pl_partial_reason {
    PL_PARTIAL_PLANNED,
    PL_PARTIAL_NOT_NEEDED,    /* the account holds its target */
    PL_PARTIAL_LIMITED,       /* the plan improves, but limits keep it from the target */
    PL_PARTIAL_HOPELESS,      /* no plan restores the target, or improves within limits: auction */
    PL_PARTIAL_INDETERMINATE, /* the judge does not know */
    PL_PARTIAL_TOO_MANY,      /* positions */
    PL_PARTIAL_MALFORMED,     /* a position's numbers contradict its comments */
};
const char *pl_partial_reason(enum pl_partial_reason reason);

struct pl_partial {
    bool exact;          /* the bound above holds */
    uint32_t judgements; /* asked */
    int64_t cost_e8, notional_e8;
    struct pl_partial_judgement before, after;
    int64_t closed[PL_PARTIAL_POSITIONS_MAX];
    /* working memory */
    int64_t relief[PL_PARTIAL_POSITIONS_MAX], last[PL_PARTIAL_POSITIONS_MAX];
    int64_t segment[PL_COVER_COLUMNS_MAX], covers[PL_COVER_COLUMNS_MAX];
    uint16_t owner[PL_COVER_COLUMNS_MAX];
    bool rounded[PL_PARTIAL_POSITIONS_MAX];
    int64_t steps[PL_COVER_COLUMNS_MAX];
    struct pl_cover cover;
};

/* Cost of closing `steps` of a position, each level rounded up. */
int64_t pl_partial_cost(const struct pl_partial_position *position, int64_t steps);

/* The plan: partial->closed (steps, by position), its cost and what the judge says of it. */
enum pl_partial_reason pl_partial_plan(struct pl_partial *partial,
                                       const struct pl_partial_rules *rules,
                                       const struct pl_partial_position *positions, uint32_t count,
                                       const struct pl_partial_judge *judge);

#endif
