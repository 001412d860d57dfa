/* What happens to an account below its line, step by step: margin call with a deadline, partial
 * liquidation, auction of the book, offload. docs/decide/liquidation.md has the diagram.
 *
 * An account is not liquidated twice for one move: after an action only a verdict on the positions
 * that it left (position_version) counts, a plan restores more than the line (its buffer), and two
 * plans are at least cooldown_us apart. Nothing is done on a price that does not permit it, and
 * nothing to a healthy account. The state has no pointers. */
#ifndef PL_DECIDE_LIQUIDATION_H
#define PL_DECIDE_LIQUIDATION_H

#include "auction.h"
#include "throttle.h"

struct pl_liquidation_rules {
    int64_t call_us;   /* 1 min .. 7 days: from margin call to deadline; default 1 h */
    int64_t clear_q40; /* 0 .. 1: a call ends at this much initial excess, of the initial
                          requirement; default 0.02 */
    int64_t rearm_us;  /* 0 .. 1 day: a call again within this keeps its deadline; default 10 min */
    int64_t cooldown_us;   /* 0 .. 1 h: between two partial liquidations; default 10 s */
    int64_t fill_us;       /* 1 s .. 1 h: closes not filled by then are cancelled; default 10 s */
    uint32_t partials_max; /* 1 .. 100 in partials_us, then the book is auctioned; default 5 */
    int64_t partials_us;   /* 1 min .. 1 day; default 10 min */
    int64_t escalate_q40; /* 0.05 .. 1: an excess this far below 0, of the requirement, is auctioned
                             at once; default 0.5 */
    int64_t penalty_q40;  /* 0 .. 0.05 of the notional closed; default 0.015 (dYdX v4's largest) */
    int64_t liquidator_q40; /* 0 .. 1 of the penalty; the rest is the fund's; default 0.5 */
    int64_t account_e8, instrument_e8, venue_e8; /* > 0: notional closed in a window */
    int64_t window_us;                           /* 1 s .. 1 day; default 1 min */
};

extern const struct pl_liquidation_rules pl_liquidation_defaults;

/* 0, or -EINVAL and the field with its limits in `message`. */
int pl_liquidation_check(const struct pl_liquidation_rules *rules,
                         char message[PL_RULE_MESSAGE_BYTES]);

enum pl_liquidation_state {
    PL_LIQUIDATION_HEALTHY,
    PL_LIQUIDATION_CALLED,    /* margin call, until deadline_us */
    PL_LIQUIDATION_PARTIAL,   /* closes are out, until their fills or pending_until_us */
    PL_LIQUIDATION_WATCHED,   /* closes are done: the next verdict on what is left decides */
    PL_LIQUIDATION_AUCTION,   /* of the book, solvent leg */
    PL_LIQUIDATION_INSOLVENT, /* of the book, insolvent leg */
    PL_LIQUIDATION_OFFLOAD,   /* what nobody took goes to the fund */
    PL_LIQUIDATION_CLOSED,    /* nothing is left */
    PL_LIQUIDATION_STATES
};
const char *pl_liquidation_state_name(enum pl_liquidation_state state);

enum pl_liquidation_action {
    PL_LIQUIDATION_NOTHING,
    PL_LIQUIDATION_CALL,         /* tell the holder, with deadline_us */
    PL_LIQUIDATION_CLEAR,        /* the call is over */
    PL_LIQUIDATION_PLAN,         /* cancel his orders, plan a partial liquidation, send its closes;
                                    target: the maintenance requirement */
    PL_LIQUIDATION_PLAN_INITIAL, /* the same after a deadline; target: the initial requirement */
    PL_LIQUIDATION_CANCEL,       /* cancel closes that are not filled */
    PL_LIQUIDATION_SELL,         /* start the auction of the book */
    PL_LIQUIDATION_TAKE,         /* offload to the fund */
};

enum pl_liquidation_reason {
    PL_LIQUIDATION_VERDICT,       /* the verdict asks for it */
    PL_LIQUIDATION_DEADLINE,      /* a margin call was not met */
    PL_LIQUIDATION_TOO_DEEP,      /* too far below the line for a part */
    PL_LIQUIDATION_TOO_OFTEN,     /* parts did not help */
    PL_LIQUIDATION_NO_PLAN,       /* no part restores the account */
    PL_LIQUIDATION_FORBIDDEN,     /* held back: the prices do not permit it */
    PL_LIQUIDATION_COOLING,       /* held back: too soon after the last part */
    PL_LIQUIDATION_THROTTLED,     /* held back: the account's or venue's window is full */
    PL_LIQUIDATION_PENDING,       /* held back: closes are out, or an auction runs */
    PL_LIQUIDATION_OLD_VERDICT,   /* of positions before the last action */
    PL_LIQUIDATION_INDETERMINATE, /* the account cannot be judged */
    PL_LIQUIDATION_TIME_BACK,     /* the time is before the last one */
    PL_LIQUIDATION_FINE,          /* nothing to do */
    PL_LIQUIDATION_REASONS
};
const char *pl_liquidation_reason(enum pl_liquidation_reason reason);

struct pl_liquidation {
    uint8_t state, before; /* enum pl_liquidation_state; before a plan */
    bool no_plan;          /* the last plan found nothing */
    uint32_t partials;
    uint64_t position_version; /* the least that a verdict must have */
    int64_t time_us, deadline_us, cleared_us, pending_until_us;
    int64_t acted_us, partials_since_us; /* last plan, fill or end of an auction; 0: none */
    struct pl_throttle closed;           /* notional of this account */
};

struct pl_liquidation_input {
    int64_t time_us;
    uint8_t verdict; /* PL_STATE_* */
    uint64_t position_version;
    int64_t equity_e8, maintenance_excess_e8, initial_excess_e8;
    bool may_call, may_liquidate, may_auction; /* by quality of prices and breakers */
    int64_t venue_room_e8;                     /* pl_throttle_room() of the venue's */
};

struct pl_liquidation_decision {
    enum pl_liquidation_action action;
    enum pl_liquidation_reason reason;
};

/* Decides on one verdict. The caller carries the action out and reports with the functions below.
 */
struct pl_liquidation_decision pl_liquidation_step(struct pl_liquidation *account,
                                                   const struct pl_liquidation_rules *rules,
                                                   const struct pl_liquidation_input *input);

/* A plan's closes were sent (`notional_e8` of them), or there was none to send: then the next
 * verdict below the line auctions the book. */
void pl_liquidation_sent(struct pl_liquidation *account, const struct pl_liquidation_rules *rules,
                         int64_t notional_e8, int64_t time_us);
void pl_liquidation_no_plan(struct pl_liquidation *account);
/* A plan is given up, as what it was made of has changed: the next verdict decides. */
void pl_liquidation_void_plan(struct pl_liquidation *account);

/* All closes are filled or cancelled; the positions are now `position_version`. */
void pl_liquidation_filled(struct pl_liquidation *account, uint64_t position_version,
                           int64_t time_us);

/* The auction said so. `empty`: nothing is left of the book. */
void pl_liquidation_auctioned(struct pl_liquidation *account, enum pl_auction_event event,
                              enum pl_auction_leg leg, bool empty, uint64_t position_version,
                              int64_t time_us);

/* Penalty on a close, up, at most what equity is left; the liquidator's part down, the fund's the
 * rest: together exactly the penalty. */
struct pl_penalty {
    int64_t account_e8, liquidator_e8, fund_e8;
};
struct pl_penalty pl_liquidation_penalty(const struct pl_liquidation_rules *rules,
                                         int64_t notional_e8, int64_t equity_e8);

#endif
