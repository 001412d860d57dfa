/* Deposits, positions from outside, funding and settlement at a price from outside. */
#include "pl_abi.h"
#include "venue_state.h"

/* A closed account that gets something is an account again. */
static void reopen(struct pl_venue *v, uint32_t account)
{
    pl_venue_changed(v, account);
    if (account < v->accounts &&
        pl_venue_accounts(v)[account].liquidation.state == PL_LIQUIDATION_CLOSED)
        pl_venue_accounts(v)[account].liquidation.state = PL_LIQUIDATION_WATCHED;
}

static void deposit(struct pl_venue_work *w)
{
    struct pl_ledger *l = pl_venue_book(w->v);
    if (w->in->account >= pl_ledger_debt(l, 0)) /* accounts, then funds */
        pl_venue_refuse(w, PL_VENUE_UNKNOWN, 0);
    else if (w->in->as.money.amount_e8 <= 0)
        pl_venue_refuse(w, PL_VENUE_AMOUNT, w->in->as.money.amount_e8);
    else if (pl_ledger_pay(l, PL_CAUSE_EXTERNAL, pl_ledger_outside(l), w->in->account, 0,
                           w->in->as.money.amount_e8) != PL_LEDGER_OK)
        pl_venue_refuse(w, PL_VENUE_LEDGER, 0);
    else
        reopen(w->v, w->in->account);
}

/* Steps from outside, in `price` the cash that comes along (below 0: a debt), and what accrued of
 * funding. */
static void open_position(struct pl_venue_work *w)
{
    struct pl_ledger *l = pl_venue_book(w->v);
    const uint32_t outside = pl_ledger_outside(l), account = w->in->account;
    const int64_t cash = w->in->as.close.price, steps = w->in->as.close.steps;
    if (account >= w->v->accounts ||
        (steps != 0 && w->in->as.close.instrument >= w->v->instruments)) {
        pl_venue_refuse(w, PL_VENUE_UNKNOWN, 0);
        return;
    }
    if (steps == INT64_MIN || cash == INT64_MIN) {
        pl_venue_refuse(w, PL_VENUE_AMOUNT, 0);
        return;
    }
    if (steps != 0 && pl_venue_expired(w->v, w->in->as.close.instrument)) {
        pl_venue_refuse(w, PL_VENUE_EXPIRED, 0);
        return;
    }
    const bool pays = cash < 0;
    const bool buys = steps > 0;
    struct pl_movement parts[3] = {
        { .cause = PL_CAUSE_EXTERNAL,
          .from = pays ? account : outside,
          .to = pays ? outside : account,
          .pays_e8 = pays ? -cash : cash,
          .receives_e8 = pays ? -cash : cash },
        { .cause = PL_CAUSE_EXTERNAL,
          .from = account,
          .to = outside,
          .instrument = w->in->as.close.instrument,
          .steps = steps },
    };
    const bool fits =
        steps == 0 || pl_venue_carry(w, buys ? account : outside, buys ? outside : account,
                                     parts[1].instrument, buys ? steps : -steps, &parts[2]);
    if (!fits || pl_ledger_move_all(l, parts, steps == 0 ? 2 : 3) != PL_LEDGER_OK) {
        pl_venue_refuse(w, PL_VENUE_LEDGER, 0);
        return;
    }
    if (steps != 0)
        pl_venue_came_in(w->v, account, parts[1].instrument, steps);
    reopen(w->v, account);
}

/* Funding, and settlement of an expiry: everybody's steps are worth something, or owe it. */
static void distribute(struct pl_venue_work *w)
{
    struct pl_venue *v = w->v;
    struct pl_ledger *l = pl_venue_book(v);
    const bool settles = w->in->kind == PL_VENUE_SETTLE;
    const uint32_t i = w->in->as.mark.instrument;
    struct pl_ratio worth;
    if (i >= v->instruments) {
        pl_venue_refuse(w, PL_VENUE_UNKNOWN, 0);
        return;
    }
    const struct pl_venue_terms *terms = &pl_venue_contracts(v)[i].terms;
    if (terms->kind == PL_VENUE_EXPIRY &&
        !(settles && pl_venue_endings(v)[terms->expiry].decides)) {
        pl_venue_refuse(w, PL_VENUE_OWN, 0);
        return;
    }
    if (terms->kind == PL_VENUE_PERPETUAL && !settles) {
        pl_venue_refuse(w, PL_VENUE_OWN, 0);
        return;
    }
    const int64_t price = w->in->as.mark.price;
    if (price == INT64_MIN ||
        !pl_contract_step(pl_ledger_contract(l, i), settles ? price : -price, 1, &worth)) {
        pl_venue_refuse(w, PL_VENUE_AMOUNT, 0);
        return;
    }
    if (settles && !pl_venue_end_funding(w, i)) {
        pl_venue_refuse(w, PL_VENUE_LEDGER, 0);
        return;
    }
    if (pl_ledger_distribute(l, settles ? PL_CAUSE_SETTLEMENT : PL_CAUSE_FUNDING, i, worth,
                             settles) != PL_LEDGER_OK) {
        pl_venue_refuse(w, PL_VENUE_LEDGER, 0);
        return;
    }
    pl_venue_all_changed(v);
    struct pl_venue_action *told = pl_venue_act(w, PL_VENUE_SETTLED, PL_VENUE_NONE, PL_VENUE_GIVEN);
    told->instrument = i;
    told->price = price;
    if (settles)
        pl_venue_void_closes(w, i);
}

void pl_venue_take_money(struct pl_venue_work *w)
{
    switch (w->in->kind) {
    case PL_VENUE_DEPOSIT: deposit(w); return;
    case PL_VENUE_OPEN: open_position(w); return;
    default: distribute(w); return;
    }
}
