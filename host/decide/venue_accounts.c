/* Verdicts and what follows from them: calls, plans, closes, fills. */
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

/* The close may be sent: held, in its direction, within what the instrument's window leaves. */
static enum pl_venue_reason check_close(const struct pl_venue_work *w, int64_t held)
{
    const struct pl_venue *v = w->v;
    const uint32_t i = w->in->as.close.instrument;
    const int64_t steps = w->in->as.close.steps, magnitude = held < 0 ? -held : held;
    if (steps <= 0 || w->in->as.close.value_e8 < 0)
        return PL_VENUE_AMOUNT;
    if (steps > magnitude - pl_venue_out(v, w->in->account, i))
        return PL_VENUE_BEYOND;
    if (!pl_venue_known(v)[i])
        return PL_VENUE_NOT_PRICED;
    if ((pl_venue_account_allowed(v, w->in->account) & PL_ACTION_LIQUIDATION) == 0)
        return PL_VENUE_FORBIDDEN;
    if (w->in->as.close.value_e8 > pl_venue_room(v, i, v->time_us))
        return PL_VENUE_THROTTLED;
    return v->free_out == PL_VENUE_NONE ? PL_VENUE_NO_ROOM : PL_VENUE_OK;
}

void pl_venue_take_close(struct pl_venue_work *w)
{
    struct pl_venue *v = w->v;
    struct pl_venue_account *a = account_of(w);
    const struct pl_liquidation_rules *r = &v->rules.liquidation;
    const uint32_t i = w->in->as.close.instrument;
    if (!a->planning || i >= v->instruments) {
        pl_venue_refuse(w, i >= v->instruments ? PL_VENUE_UNKNOWN : PL_VENUE_NOT_ASKED, 0);
        return;
    }
    const int64_t held = pl_ledger_steps(pl_venue_book(v), w->in->account, i);
    const enum pl_venue_reason reason = check_close(w, held);
    if (reason != PL_VENUE_OK) {
        pl_venue_refuse(w, reason, w->in->as.close.value_e8);
        return;
    }
    uint32_t flags = 0;
    const uint32_t o = v->free_out;
    struct pl_venue_out *out = &pl_venue_outs(v)[o];
    v->free_out = out->next;
    *out = (struct pl_venue_out){ .next = a->first_out,
                                  .instrument = i,
                                  .steps = w->in->as.close.steps,
                                  .limit = w->in->as.close.price,
                                  .buys = held < 0 };
    a->first_out = o;
    a->notional_e8 = pl_money_add(a->notional_e8, w->in->as.close.value_e8, &flags);
    pl_throttle_take(&pl_venue_contracts(v)[i].closed, r->instrument_e8, r->window_us, v->time_us,
                     w->in->as.close.value_e8);
    struct pl_venue_action *sent = pl_venue_act(w, PL_VENUE_SEND_CLOSE, w->in->account, 0);
    sent->instrument = i;
    sent->steps = held < 0 ? out->steps : -out->steps;
    sent->price = out->limit;
    sent->value_e8 = w->in->as.close.value_e8;
}

void pl_venue_take_planned(struct pl_venue_work *w)
{
    struct pl_venue *v = w->v;
    struct pl_venue_account *a = account_of(w);
    const struct pl_liquidation_rules *r = &v->rules.liquidation;
    uint32_t flags = 0;
    if (!a->planning) {
        pl_venue_refuse(w, PL_VENUE_NOT_ASKED, 0);
        return;
    }
    a->planning = false;
    if (a->first_out == PL_VENUE_NONE) {
        pl_liquidation_no_plan(&a->liquidation);
        return;
    }
    pl_liquidation_sent(&a->liquidation, r, a->notional_e8, v->time_us);
    pl_throttle_take(&v->closed, r->venue_e8, r->window_us, v->time_us, a->notional_e8);
    v->liquidated_e8 = pl_money_add(v->liquidated_e8, a->notional_e8, &flags);
}

/* The account's close of an instrument, by the place that points to it; NULL: none is out. */
static uint32_t *find_out(const struct pl_venue *v, struct pl_venue_account *a, uint32_t instrument)
{
    struct pl_venue_out *outs = pl_venue_outs(v);
    uint32_t *at = &a->first_out;
    while (*at != PL_VENUE_NONE && outs[*at].instrument != instrument)
        at = &outs[*at].next;
    return *at == PL_VENUE_NONE ? NULL : at;
}

static void remove_out(struct pl_venue *v, uint32_t *at)
{
    const uint32_t o = *at;
    *at = pl_venue_outs(v)[o].next;
    pl_venue_outs(v)[o] = (struct pl_venue_out){ .next = v->free_out };
    v->free_out = o;
}

static enum pl_ledger_reason book_fill(const struct pl_venue_work *w, bool buys)
{
    struct pl_ledger *l = pl_venue_book(w->v);
    const uint32_t i = w->in->as.close.instrument, market = pl_ledger_outside(l);
    const uint32_t coin = pl_venue_contracts(w->v)[i].about.coin;
    const uint32_t buyer = buys ? w->in->account : market, seller = buys ? market : w->in->account;
    const int64_t steps = w->in->as.close.steps;
    if (coin == PL_VENUE_NONE)
        return pl_ledger_trade(l, buyer, seller, i, steps, w->in->as.close.price);
    const struct pl_movement both[] = {
        { .cause = PL_CAUSE_TRADE, .from = buyer, .to = seller, .instrument = i, .steps = steps },
        { .cause = PL_CAUSE_TRADE, /* what a step owes in coin goes along with it */
          .from = buyer,
          .to = seller,
          .instrument = coin,
          .steps = w->in->as.close.price },
    };
    return pl_ledger_move_all(l, both, 2);
}

/* Of what is left of the equity: it was worth as much at the marks. */
static void take_penalty(struct pl_venue_work *w)
{
    struct pl_venue *v = w->v;
    struct pl_ledger *l = pl_venue_book(v);
    uint32_t flags = 0;
    const int64_t equity = pl_ledger_equity(l, w->in->account, 0, pl_venue_marks(v), &flags);
    if (flags != 0 || equity <= 0 || !pl_venue_marked(v, w->in->account))
        return;
    const struct pl_penalty p =
        pl_liquidation_penalty(&v->rules.liquidation, w->in->as.close.value_e8, equity);
    if (p.account_e8 <= 0)
        return;
    const uint32_t fund = pl_ledger_fund(l, pl_ledger_pool_of(l, w->in->account));
    const struct pl_movement parts[] = {
        { .cause = PL_CAUSE_PENALTY,
          .from = w->in->account,
          .to = fund,
          .pays_e8 = p.fund_e8,
          .receives_e8 = p.fund_e8 },
        { .cause = PL_CAUSE_PENALTY,
          .from = w->in->account,
          .to = pl_ledger_fees(l),
          .pays_e8 = p.liquidator_e8,
          .receives_e8 = p.liquidator_e8 },
    };
    if (pl_ledger_move_all(l, parts, 2) != PL_LEDGER_OK)
        return;
    struct pl_venue_action *a = pl_venue_act(w, PL_VENUE_PENALTY, w->in->account, 0);
    a->value_e8 = p.account_e8;
    a->other = p.fund_e8;
}

static void end_closes(struct pl_venue_work *w)
{
    struct pl_venue_account *a = account_of(w);
    pl_venue_changed(w->v, w->in->account);
    if (a->first_out != PL_VENUE_NONE)
        return;
    pl_liquidation_filled(&a->liquidation, w->v->version, w->v->time_us);
    pl_venue_lose(w, w->in->account, false);
}

void pl_venue_take_fill(struct pl_venue_work *w)
{
    struct pl_venue *v = w->v;
    struct pl_venue_account *a = account_of(w);
    const uint32_t i = w->in->as.close.instrument;
    uint32_t *at = a->planning ? NULL : find_out(v, a, i);
    if (at == NULL) {
        pl_venue_refuse(w, PL_VENUE_NOT_ASKED, 0);
        return;
    }
    struct pl_venue_out *out = &pl_venue_outs(v)[*at];
    const int64_t steps = w->in->as.close.steps, price = w->in->as.close.price;
    const bool coin = pl_venue_contracts(v)[i].about.coin != PL_VENUE_NONE;
    if (steps <= 0 || w->in->as.close.value_e8 < 0 || price < 0) {
        pl_venue_refuse(w, PL_VENUE_AMOUNT, 0);
        return;
    }
    if (steps > out->steps || (!coin && (out->buys ? price > out->limit : price < out->limit))) {
        pl_venue_refuse(w, PL_VENUE_BEYOND, 0);
        return;
    }
    if (book_fill(w, out->buys) != PL_LEDGER_OK) {
        pl_venue_refuse(w, PL_VENUE_LEDGER, 0);
        return;
    }
    struct pl_venue_action *filled = pl_venue_act(w, PL_VENUE_FILLED, w->in->account, 0);
    filled->instrument = i;
    filled->steps = out->buys ? steps : -steps;
    filled->price = price;
    filled->value_e8 = w->in->as.close.value_e8;
    out->steps -= steps;
    if (out->steps == 0)
        remove_out(v, at);
    take_penalty(w);
    end_closes(w);
}

void pl_venue_take_cancelled(struct pl_venue_work *w)
{
    struct pl_venue_account *a = account_of(w);
    if (a->planning || a->first_out == PL_VENUE_NONE) {
        pl_venue_refuse(w, PL_VENUE_NOT_ASKED, 0);
        return;
    }
    while (a->first_out != PL_VENUE_NONE)
        remove_out(w->v, &a->first_out);
    end_closes(w);
}
