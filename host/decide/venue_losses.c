/* Accounts below zero: who pays. */
#include "venue_state.h"

static void tell_closes(struct pl_venue_work *w, const struct pl_waterfall_record *r,
                        enum pl_waterfall_reason reason)
{
    for (uint32_t i = 0; i < r->closes; i++) {
        const struct pl_waterfall_close *c = &r->closed[i];
        if (c->steps == 0)
            continue;
        struct pl_venue_action *a = pl_venue_act(w, PL_VENUE_DELEVERAGED, r->account, reason);
        a->instrument = c->instrument;
        a->steps = c->steps;
        a->value_e8 = c->loss_e8;
        a->other = c->candidates;
        for (uint32_t policy = 0; policy < PL_POLICIES; policy++) {
            a = pl_venue_act(w, PL_VENUE_IMPOSED, r->account, policy);
            a->instrument = c->instrument;
            a->steps = c->imposed[policy].touched;
            a->value_e8 = c->imposed[policy].worst_q40;
            a->other = c->imposed[policy].regret_q40;
        }
    }
}

static void tell(struct pl_venue_work *w, const struct pl_waterfall_record *r,
                 enum pl_waterfall_reason reason)
{
    tell_closes(w, r, reason);
    if (r->fund_e8 > 0)
        pl_venue_act(w, PL_VENUE_COVERED, r->account, reason)->value_e8 = r->fund_e8;
    if (r->debt_e8 > 0)
        pl_venue_act(w, PL_VENUE_DEBT, r->account, reason)->value_e8 = r->debt_e8;
    if (r->left_e8 > 0)
        pl_venue_act(w, PL_VENUE_OPEN_LOSS, r->account, reason)->value_e8 = r->left_e8;
}

/* Nobody took the book and the fund holds no positions: an account that is solvent again is judged
 * anew, one that is empty is closed. */
static void leave_offload(struct pl_venue_work *w, uint32_t account, bool solvent)
{
    struct pl_liquidation *l = &pl_venue_accounts(w->v)[account].liquidation;
    if (l->state == PL_LIQUIDATION_OFFLOAD && solvent)
        pl_liquidation_auctioned(l, PL_AUCTION_ENDED, PL_AUCTION_NONE,
                                 pl_venue_empty(w->v, account), w->v->version, w->v->time_us);
}

void pl_venue_lose(struct pl_venue_work *w, uint32_t account, bool offload)
{
    struct pl_venue *v = w->v;
    struct pl_ledger *l = pl_venue_book(v);
    struct pl_waterfall_record record;
    const bool empty = pl_venue_empty(v, account);
    if (!empty && (!offload || !pl_venue_marked(v, account)))
        return;
    const struct pl_waterfall_input in = {
        .time_us = v->time_us,
        .marks = pl_venue_marks(v),
        .funding = pl_venue_fundings(v),
        .funding_rules = &v->rules.funding,
        .may_deleverage = (pl_venue_account_allowed(v, account) & PL_ACTION_LIQUIDATION) != 0,
    };
    const struct pl_waterfall_room room = {
        .candidates = pl_venue_at(v, v->candidates_at),
        .shares = pl_venue_at(v, v->shares_at),
        .order = pl_venue_at(v, v->order_at),
        .count =
            v->accounts > PL_WATERFALL_POSITIONS_MAX ? v->accounts : PL_WATERFALL_POSITIONS_MAX,
    };
    if (!empty && !in.may_deleverage)
        return;
    pl_venue_accrue_held(w, account);
    const enum pl_waterfall_reason reason = pl_waterfall_run(
        pl_venue_waterfall(v), &v->rules.waterfall, l, account, 0, &in, &room, &record);
    if (reason != PL_WATERFALL_SOLVENT) {
        if (record.closes > 0) /* the other side as well */
            pl_venue_all_changed(v);
        else
            pl_venue_changed(v, account);
    }
    tell(w, &record, reason);
    leave_offload(w, account, reason == PL_WATERFALL_SOLVENT || pl_venue_empty(v, account));
}
