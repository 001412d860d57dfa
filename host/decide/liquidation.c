#include "liquidation.h"

#include "pl_abi.h"
#include "rule.h"

#define ONE PL_COEFFICIENT_ONE
#define E8 INT64_C(100000000)
#define SECOND PL_SECOND_US
#define MINUTE PL_MINUTE_US
#define DAY PL_DAY_US

const struct pl_liquidation_rules pl_liquidation_defaults = {
    .call_us = 60 * MINUTE,
    .clear_q40 = PL_Q40_MILLIONTHS(20000),
    .rearm_us = 10 * MINUTE,
    .cooldown_us = 10 * SECOND,
    .fill_us = 10 * SECOND,
    .partials_max = 5,
    .partials_us = 10 * MINUTE,
    .escalate_q40 = ONE / 2,
    .penalty_q40 = PL_Q40_MILLIONTHS(15000),
    .liquidator_q40 = ONE / 2,
    .account_e8 = 10000000 * E8,
    .instrument_e8 = 20000000 * E8,
    .venue_e8 = 100000000 * E8,
    .window_us = MINUTE,
};

int pl_liquidation_check(const struct pl_liquidation_rules *r, char message[PL_RULE_MESSAGE_BYTES])
{
    const struct {
        const char *field;
        int64_t value, low, high;
    } limits[] = {
        { "liquidation.call_us", r->call_us, MINUTE, 7 * DAY },
        { "liquidation.clear_q40", r->clear_q40, 0, ONE },
        { "liquidation.rearm_us", r->rearm_us, 0, DAY },
        { "liquidation.cooldown_us", r->cooldown_us, 0, 60 * MINUTE },
        { "liquidation.fill_us", r->fill_us, SECOND, 60 * MINUTE },
        { "liquidation.partials_max", r->partials_max, 1, 100 },
        { "liquidation.partials_us", r->partials_us, MINUTE, DAY },
        { "liquidation.escalate_q40", r->escalate_q40, PL_Q40_MILLIONTHS(50000), ONE },
        { "liquidation.penalty_q40", r->penalty_q40, 0, PL_Q40_MILLIONTHS(50000) },
        { "liquidation.liquidator_q40", r->liquidator_q40, 0, ONE },
        { "liquidation.account_e8", r->account_e8, 1, INT64_MAX },
        { "liquidation.instrument_e8", r->instrument_e8, 1, INT64_MAX },
        { "liquidation.venue_e8", r->venue_e8, 1, INT64_MAX },
        { "liquidation.window_us", r->window_us, SECOND, DAY },
    };
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
        if (pl_rule_within(limits[i].field, limits[i].value, limits[i].low, limits[i].high,
                           message) != 0)
            return -EINVAL;
    return 0;
}

const char *pl_liquidation_state_name(enum pl_liquidation_state state)
{
    static const char *const names[PL_LIQUIDATION_STATES] = { "healthy", "called",  "partial",
                                                              "watched", "auction", "insolvent",
                                                              "offload", "closed" };
    return (unsigned)state < PL_LIQUIDATION_STATES ? names[state] : "?";
}

const char *pl_liquidation_reason(enum pl_liquidation_reason reason)
{
    static const char *const texts[PL_LIQUIDATION_REASONS] = {
        [PL_LIQUIDATION_VERDICT] = "the verdict",
        [PL_LIQUIDATION_DEADLINE] = "the margin call was not met in time",
        [PL_LIQUIDATION_TOO_DEEP] = "too far below the line for a partial liquidation",
        [PL_LIQUIDATION_TOO_OFTEN] = "partial liquidations did not help",
        [PL_LIQUIDATION_NO_PLAN] = "no partial liquidation restores the account",
        [PL_LIQUIDATION_FORBIDDEN] = "held back: the prices do not permit it",
        [PL_LIQUIDATION_COOLING] = "held back: too soon after the last partial liquidation",
        [PL_LIQUIDATION_THROTTLED] = "held back: as much as the window allows was liquidated",
        [PL_LIQUIDATION_PENDING] = "held back: the last action is under way",
        [PL_LIQUIDATION_OLD_VERDICT] = "the verdict is of positions before the last action",
        [PL_LIQUIDATION_INDETERMINATE] = "the account cannot be judged",
        [PL_LIQUIDATION_TIME_BACK] = "the time is before that of the last step",
        [PL_LIQUIDATION_FINE] = "nothing to do",
    };
    return (unsigned)reason < PL_LIQUIDATION_REASONS ? texts[reason] : "?";
}

static struct pl_liquidation_decision nothing(enum pl_liquidation_reason reason)
{
    return (struct pl_liquidation_decision){ PL_LIQUIDATION_NOTHING, reason };
}

/* excess < -share * requirement */
static bool is_below(int64_t equity, int64_t excess, int64_t share_q40)
{
    return (pl_i128)excess * ONE < -((pl_i128)equity - excess) * share_q40;
}

/* Sells the book, or says why it has to wait. */
static struct pl_liquidation_decision sell(struct pl_liquidation *a,
                                           const struct pl_liquidation_input *in,
                                           enum pl_liquidation_reason reason)
{
    if (!in->may_auction)
        return nothing(PL_LIQUIDATION_FORBIDDEN);
    a->state = in->equity_e8 > 0 ? PL_LIQUIDATION_AUCTION : PL_LIQUIDATION_INSOLVENT;
    return (struct pl_liquidation_decision){ PL_LIQUIDATION_SELL, reason };
}

static bool too_often(const struct pl_liquidation *a, const struct pl_liquidation_rules *r,
                      int64_t time_us)
{
    return a->partials >= r->partials_max && time_us - a->partials_since_us < r->partials_us;
}

static struct pl_liquidation_decision close_part(struct pl_liquidation *a,
                                                 const struct pl_liquidation_rules *r,
                                                 const struct pl_liquidation_input *in,
                                                 enum pl_liquidation_action action,
                                                 enum pl_liquidation_reason reason)
{
    if (!in->may_liquidate)
        return nothing(PL_LIQUIDATION_FORBIDDEN);
    if (a->acted_us != 0 && in->time_us - a->acted_us < r->cooldown_us)
        return nothing(PL_LIQUIDATION_COOLING);
    if (in->venue_room_e8 <= 0 ||
        pl_throttle_room(&a->closed, r->account_e8, r->window_us, in->time_us) <= 0)
        return nothing(PL_LIQUIDATION_THROTTLED);
    a->before = a->state;
    a->state = PL_LIQUIDATION_PARTIAL;
    a->pending_until_us = in->time_us + r->fill_us;
    return (struct pl_liquidation_decision){ action, reason };
}

/* Below the maintenance line. */
static struct pl_liquidation_decision liquidate(struct pl_liquidation *a,
                                                const struct pl_liquidation_rules *r,
                                                const struct pl_liquidation_input *in)
{
    if (in->verdict == PL_STATE_BANKRUPT ||
        is_below(in->equity_e8, in->maintenance_excess_e8, r->escalate_q40))
        return sell(a, in, PL_LIQUIDATION_TOO_DEEP);
    if (a->no_plan)
        return sell(a, in, PL_LIQUIDATION_NO_PLAN);
    if (too_often(a, r, in->time_us))
        return sell(a, in, PL_LIQUIDATION_TOO_OFTEN);
    return close_part(a, r, in, PL_LIQUIDATION_PLAN, PL_LIQUIDATION_VERDICT);
}

/* Between the lines. */
static struct pl_liquidation_decision call(struct pl_liquidation *a,
                                           const struct pl_liquidation_rules *r,
                                           const struct pl_liquidation_input *in)
{
    if (a->state == PL_LIQUIDATION_CALLED && in->time_us < a->deadline_us)
        return nothing(PL_LIQUIDATION_FINE);
    if (a->state == PL_LIQUIDATION_CALLED) {
        if (a->no_plan) /* nothing can be closed: it waits for the market or its holder */
            return nothing(PL_LIQUIDATION_NO_PLAN);
        return close_part(a, r, in, PL_LIQUIDATION_PLAN_INITIAL, PL_LIQUIDATION_DEADLINE);
    }
    if (!in->may_call)
        return nothing(PL_LIQUIDATION_FORBIDDEN);
    bool again = a->deadline_us != 0 && in->time_us - a->cleared_us < r->rearm_us;
    if (!again)
        a->deadline_us = in->time_us + r->call_us;
    a->state = PL_LIQUIDATION_CALLED;
    return (struct pl_liquidation_decision){ PL_LIQUIDATION_CALL, PL_LIQUIDATION_VERDICT };
}

/* Above both lines. */
static struct pl_liquidation_decision clear(struct pl_liquidation *a,
                                            const struct pl_liquidation_rules *r,
                                            const struct pl_liquidation_input *in)
{
    a->no_plan = false;
    if (a->state == PL_LIQUIDATION_WATCHED)
        a->state = PL_LIQUIDATION_HEALTHY;
    if (a->state != PL_LIQUIDATION_CALLED)
        return nothing(PL_LIQUIDATION_FINE);
    if (!in->may_call)
        return nothing(PL_LIQUIDATION_FORBIDDEN);
    if (is_below(in->equity_e8, in->initial_excess_e8, -r->clear_q40))
        return nothing(PL_LIQUIDATION_FINE);
    a->state = PL_LIQUIDATION_HEALTHY;
    a->cleared_us = in->time_us;
    return (struct pl_liquidation_decision){ PL_LIQUIDATION_CLEAR, PL_LIQUIDATION_VERDICT };
}

static struct pl_liquidation_decision
wait_for_fills(struct pl_liquidation *a, const struct pl_liquidation_rules *r, int64_t time_us)
{
    if (time_us < a->pending_until_us)
        return nothing(PL_LIQUIDATION_PENDING);
    a->pending_until_us = time_us + r->fill_us; /* until the cancels are confirmed */
    return (struct pl_liquidation_decision){ PL_LIQUIDATION_CANCEL, PL_LIQUIDATION_PENDING };
}

struct pl_liquidation_decision pl_liquidation_step(struct pl_liquidation *a,
                                                   const struct pl_liquidation_rules *r,
                                                   const struct pl_liquidation_input *in)
{
    if (in->time_us < a->time_us)
        return nothing(PL_LIQUIDATION_TIME_BACK);
    a->time_us = in->time_us;
    switch (a->state) {
    case PL_LIQUIDATION_PARTIAL: return wait_for_fills(a, r, in->time_us);
    case PL_LIQUIDATION_AUCTION:
    case PL_LIQUIDATION_INSOLVENT:
    case PL_LIQUIDATION_OFFLOAD: return nothing(PL_LIQUIDATION_PENDING);
    case PL_LIQUIDATION_CLOSED: return nothing(PL_LIQUIDATION_FINE);
    default: break;
    }
    if (in->position_version < a->position_version)
        return nothing(PL_LIQUIDATION_OLD_VERDICT);
    switch (in->verdict) {
    case PL_STATE_HEALTHY: return clear(a, r, in);
    case PL_STATE_MARGIN_CALL: return call(a, r, in);
    case PL_STATE_LIQUIDATE:
    case PL_STATE_BANKRUPT: return liquidate(a, r, in);
    default: return nothing(PL_LIQUIDATION_INDETERMINATE);
    }
}

void pl_liquidation_sent(struct pl_liquidation *a, const struct pl_liquidation_rules *r,
                         int64_t notional_e8, int64_t time_us)
{
    if (a->partials == 0 || time_us - a->partials_since_us >= r->partials_us) {
        a->partials = 0;
        a->partials_since_us = time_us;
    }
    a->partials++;
    a->acted_us = time_us;
    pl_throttle_take(&a->closed, r->account_e8, r->window_us, time_us, notional_e8);
}

void pl_liquidation_no_plan(struct pl_liquidation *a)
{
    a->no_plan = true;
    a->state = a->before;
}

void pl_liquidation_void_plan(struct pl_liquidation *a)
{
    a->state = a->before;
}

void pl_liquidation_filled(struct pl_liquidation *a, uint64_t position_version, int64_t time_us)
{
    a->state = PL_LIQUIDATION_WATCHED;
    a->position_version = position_version;
    a->acted_us = time_us;
}

void pl_liquidation_auctioned(struct pl_liquidation *a, enum pl_auction_event event,
                              enum pl_auction_leg leg, bool empty, uint64_t position_version,
                              int64_t time_us)
{
    a->position_version = position_version;
    a->time_us = pl_max64(a->time_us, time_us);
    if (event == PL_AUCTION_OFFLOADED)
        a->state = PL_LIQUIDATION_OFFLOAD;
    else if (event == PL_AUCTION_ENDED)
        a->state = PL_LIQUIDATION_WATCHED;
    else if (event == PL_AUCTION_TURNED)
        a->state = leg == PL_AUCTION_INSOLVENT ? PL_LIQUIDATION_INSOLVENT : PL_LIQUIDATION_AUCTION;
    if (empty)
        a->state = PL_LIQUIDATION_CLOSED;
    if (a->state != PL_LIQUIDATION_WATCHED)
        return;
    a->acted_us = time_us;
    a->no_plan = false;
    a->partials = 0;
}

struct pl_penalty pl_liquidation_penalty(const struct pl_liquidation_rules *r, int64_t notional_e8,
                                         int64_t equity_e8)
{
    uint32_t flags = 0;
    int64_t penalty = pl_money_scale_up(notional_e8, r->penalty_q40, &flags);
    penalty = pl_max64(0, pl_min64(penalty, equity_e8));
    int64_t liquidator = pl_money_scale_down(penalty, r->liquidator_q40, &flags);
    return (struct pl_penalty){ penalty, liquidator, penalty - liquidator };
}
