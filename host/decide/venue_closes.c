/* Closes of a plan: sent, filled, cancelled. */
#include "pl_abi.h"
#include "venue_state.h"

static struct pl_venue_account *account_of(const struct pl_venue_work *w)
{
    return &pl_venue_accounts(w->v)[w->in->account];
}

/* The close may be sent: held, in its direction, within what the instrument's window leaves. */
static enum pl_venue_reason check_close(const struct pl_venue_work *w, int64_t held)
{
    const struct pl_venue *v = w->v;
    const struct pl_venue_account *a = account_of(w);
    const uint32_t i = w->in->as.close.instrument;
    const int64_t steps = w->in->as.close.steps, magnitude = held < 0 ? -held : held;
    if (steps <= 0 || w->in->as.close.value_e8 < 0)
        return PL_VENUE_AMOUNT;
    if (!a->verdict_known)
        return PL_VENUE_OLD;
    if (a->verdict == PL_STATE_HEALTHY)
        return PL_VENUE_HEALTHY;
    if (steps > magnitude - pl_venue_out(v, w->in->account, i))
        return PL_VENUE_BEYOND;
    if (!pl_venue_known(v)[i])
        return PL_VENUE_NOT_PRICED;
    if (pl_venue_expired(v, i))
        return PL_VENUE_EXPIRED;
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
        if (a->verdict_known && a->verdict != PL_STATE_HEALTHY)
            pl_liquidation_no_plan(&a->liquidation);
        else
            pl_liquidation_void_plan(&a->liquidation);
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

static enum pl_ledger_reason book_fill(struct pl_venue_work *w, bool buys)
{
    struct pl_ledger *l = pl_venue_book(w->v);
    const uint32_t i = w->in->as.close.instrument, market = pl_ledger_outside(l);
    const uint32_t coin = pl_venue_contracts(w->v)[i].about.coin;
    const uint32_t buyer = buys ? w->in->account : market, seller = buys ? market : w->in->account;
    const int64_t steps = w->in->as.close.steps;
    if (coin == PL_VENUE_NONE) {
        struct pl_movement trade[2];
        const enum pl_ledger_reason reason =
            pl_ledger_bargain(l, buyer, seller, i, steps, w->in->as.close.price, &trade[0]);
        if (reason != PL_LEDGER_OK)
            return reason;
        return pl_venue_carry(w, buyer, seller, i, steps, &trade[1])
                   ? pl_ledger_move_all(l, trade, 2)
                   : PL_LEDGER_OVERFLOW;
    }
    struct pl_movement parts[] = {
        { .cause = PL_CAUSE_TRADE, .from = buyer, .to = seller, .instrument = i, .steps = steps },
        { .cause = PL_CAUSE_TRADE, /* what a step owes in coin goes along with it */
          .from = buyer,
          .to = seller,
          .instrument = coin,
          .steps = w->in->as.close.price },
        { .cause = PL_CAUSE_FUNDING },
    };
    return pl_venue_carry(w, buyer, seller, i, steps, &parts[2]) ? pl_ledger_move_all(l, parts, 3)
                                                                 : PL_LEDGER_OVERFLOW;
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
    const int64_t held = pl_ledger_steps(pl_venue_book(v), w->in->account, i);
    if (out->buys ? held > -steps : held < steps) { /* less is held than when it was sent */
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

void pl_venue_void_closes(struct pl_venue_work *w, uint32_t instrument)
{
    struct pl_venue *v = w->v;
    uint32_t voided = 0;
    for (uint32_t i = 0; i < v->accounts; i++) {
        struct pl_venue_account *a = &pl_venue_accounts(v)[i];
        const uint32_t before = voided;
        for (uint32_t *at; (at = find_out(v, a, instrument)) != NULL; voided++)
            remove_out(v, at);
        if (voided > before && !a->planning && a->first_out == PL_VENUE_NONE)
            pl_liquidation_filled(&a->liquidation, v->version, v->time_us);
    }
    if (voided == 0)
        return;
    struct pl_venue_action *told = pl_venue_act(w, PL_VENUE_VOIDED, PL_VENUE_NONE, 0);
    told->instrument = instrument;
    told->steps = voided;
}
