/* Verdicts and what follows from them: calls, plans. */
#include <assert.h>

#include "pl_abi.h"
#include "venue_state.h"

static struct pl_venue_account *account_of(const struct pl_venue_work *w)
{
    return &pl_venue_accounts(w->v)[w->in->account];
}

/* To an account that falls short; whether something came back: its next verdict decides. */
static bool recall(struct pl_venue_work *w)
{
    const uint32_t count =
        pl_withdrawal_recall(pl_venue_withdrawals(w->v), pl_venue_book(w->v), w->in->account);
    if (count == 0)
        return false;
    pl_venue_changed(w->v, w->in->account);
    pl_venue_act(w, PL_VENUE_RECALLED, w->in->account, 0)->steps = count;
    return true;
}

static int64_t room_of(const struct pl_venue *v, const struct pl_venue_account *a)
{
    const struct pl_liquidation_rules *r = &v->rules.liquidation;
    return pl_min64(
        pl_throttle_room(&v->closed, r->venue_e8, r->window_us, v->time_us),
        pl_throttle_room(&a->liquidation.closed, r->account_e8, r->window_us, v->time_us));
}

static void ask_for_plan(struct pl_venue_work *w, enum pl_liquidation_reason reason, int64_t target)
{
    struct pl_venue_account *a = account_of(w);
    a->planning = true;
    a->notional_e8 = 0;
    pl_venue_act(w, PL_VENUE_CANCEL_ORDERS, w->in->account, reason);
    struct pl_venue_action *plan = pl_venue_act(w, PL_VENUE_PLAN, w->in->account, reason);
    plan->steps = target;
    plan->value_e8 = room_of(w->v, a);
    plan->other = target == 1 ? w->addons.initial_e8 : w->addons.maintenance_e8;
}

/* What would be auctioned is closed at market instead. */
static void plan_everything(struct pl_venue_work *w, enum pl_liquidation_reason reason)
{
    struct pl_venue_account *a = account_of(w);
    a->liquidation.before = PL_LIQUIDATION_WATCHED;
    a->liquidation.state = PL_LIQUIDATION_PARTIAL;
    a->liquidation.pending_until_us = w->v->time_us + w->v->rules.liquidation.fill_us;
    ask_for_plan(w, reason, 2);
}

static void hold(struct pl_venue_work *w, enum pl_liquidation_reason reason)
{
    struct pl_venue_account *a = account_of(w);
    const bool below = a->verdict >= PL_STATE_LIQUIDATE;
    const bool tell = below && reason != a->held && reason != PL_LIQUIDATION_FINE;
    a->held = (uint8_t)reason;
    if (tell)
        pl_venue_act(w, PL_VENUE_HELD, w->in->account, reason);
}

static void decide(struct pl_venue_work *w, struct pl_liquidation_decision d)
{
    struct pl_venue_account *a = account_of(w);
    if (d.action != PL_LIQUIDATION_NOTHING)
        a->held = PL_LIQUIDATION_REASONS;
    switch (d.action) {
    case PL_LIQUIDATION_NOTHING: hold(w, d.reason); return;
    case PL_LIQUIDATION_CALL:
        pl_venue_act(w, PL_VENUE_CALL, w->in->account, d.reason)->other =
            a->liquidation.deadline_us;
        return;
    case PL_LIQUIDATION_CLEAR: pl_venue_act(w, PL_VENUE_CLEAR, w->in->account, d.reason); return;
    case PL_LIQUIDATION_PLAN: ask_for_plan(w, d.reason, 0); return;
    case PL_LIQUIDATION_PLAN_INITIAL: ask_for_plan(w, d.reason, 1); return;
    case PL_LIQUIDATION_CANCEL:
        pl_venue_act(w, PL_VENUE_CANCEL_CLOSES, w->in->account, d.reason);
        return;
    case PL_LIQUIDATION_SELL:
        if (w->v->rules.auctions)
            pl_venue_sell(w, d.reason);
        else
            plan_everything(w, d.reason);
        return;
    case PL_LIQUIDATION_TAKE: assert(false); /* the machine of one account never asks for it */
    }
}

static void keep_verdict(struct pl_venue_work *w)
{
    struct pl_venue_account *a = account_of(w);
    const struct pl_ledger *l = pl_venue_book(w->v);
    uint32_t count, flags = 0;
    const struct pl_ledger_entry *p = pl_ledger_positions(l, w->in->account, &count);
    int64_t least = INT64_MAX;
    for (uint32_t i = 0; i < count; i++)
        least = pl_min64(least, p[i].amount < 0 ? -p[i].amount : p[i].amount);
    a->verdict = (uint8_t)w->state;
    a->verdict_known = a->verdict != PL_STATE_INDETERMINATE;
    a->priced = pl_venue_marked(w->v, w->in->account);
    a->equity_e8 = w->in->as.verdict.equity_e8;
    a->initial_excess_e8 = w->initial_excess_e8;
    a->judged_us = w->v->time_us;
    a->book = (struct pl_auction_book){
        .mtm = a->equity_e8,
        .buffer_excess = pl_auction_buffer_excess(a->equity_e8, w->maintenance_excess_e8,
                                                  w->v->rules.auction.buffer_q40, &flags),
        .least_steps = count == 0 ? 0 : least,
    };
    a->book.lower_bound =
        pl_min64(pl_money_sub(a->book.buffer_excess, a->auction.proceeds, &flags), -1);
    a->verdict_known &= flags == 0;
}

void pl_venue_take_verdict(struct pl_venue_work *w)
{
    struct pl_venue *v = w->v;
    struct pl_venue_account *a = account_of(w);
    const uint32_t mask = pl_venue_account_allowed(v, w->in->account);
    if (w->in->as.verdict.state > PL_STATE_BANKRUPT) {
        pl_venue_refuse(w, PL_VENUE_UNKNOWN, 0);
        return;
    }
    if (w->in->as.verdict.position_version < a->changed_version) {
        pl_venue_refuse(w, PL_VENUE_OLD, 0);
        return;
    }
    pl_venue_add_on(w);
    keep_verdict(w);
    if (a->verdict >= PL_STATE_LIQUIDATE && recall(w))
        return;
    if (a->liquidation.state == PL_LIQUIDATION_OFFLOAD) {
        pl_venue_lose(w, w->in->account, true);
        return;
    }
    if (a->auction.leg != PL_AUCTION_NONE) {
        pl_venue_auction_step(w);
        return;
    }
    if (pl_venue_empty(v, w->in->account)) { /* a debt without positions */
        pl_venue_lose(w, w->in->account, false);
        return;
    }
    const bool may = (mask & PL_ACTION_LIQUIDATION) != 0 && a->priced;
    const struct pl_liquidation_input in = {
        .time_us = v->time_us,
        .verdict = a->verdict,
        .position_version = w->in->as.verdict.position_version,
        .equity_e8 = a->equity_e8,
        .maintenance_excess_e8 = w->maintenance_excess_e8,
        .initial_excess_e8 = w->initial_excess_e8,
        .may_call = v->rules.calls && (mask & PL_ACTION_MARGIN_CALL) != 0,
        .may_liquidate = may,
        .may_auction = v->rules.auctions ? a->priced && (mask & PL_ACTION_AUCTION) != 0 : may,
        .venue_room_e8 = pl_throttle_room(&v->closed, v->rules.liquidation.venue_e8,
                                          v->rules.liquidation.window_us, v->time_us),
    };
    decide(w, pl_liquidation_step(&a->liquidation, &v->rules.liquidation, &in));
}
