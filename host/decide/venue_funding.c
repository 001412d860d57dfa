/* Funding of perpetuals: accrued by the mark, carried by trades, paid when it is due. */
#include "venue_state.h"

static bool is_perpetual(const struct pl_venue *v, uint32_t instrument)
{
    return pl_venue_contracts(v)[instrument].terms.kind == PL_VENUE_PERPETUAL;
}

/* Paid in the coin that the contract is traded against. */
static bool pays_coin(const struct pl_venue *v, uint32_t instrument)
{
    return is_perpetual(v, instrument) &&
           pl_venue_contracts(v)[instrument].about.coin != PL_VENUE_NONE;
}

static void tell(struct pl_venue_work *w, uint32_t instrument, enum pl_funding_reason reason)
{
    const struct pl_funding *f = &pl_venue_fundings(w->v)[instrument];
    struct pl_venue_action *a = pl_venue_act(w, PL_VENUE_FUNDED, PL_VENUE_NONE, reason);
    a->instrument = instrument;
    a->price = f->mark;
    a->other = f->rate_q40;
}

/* The same with a payment in coin, at the coin's mark of now. */
static enum pl_funding_reason advance_in_coin(struct pl_venue *v, uint32_t instrument, bool *paid)
{
    struct pl_funding *f = &pl_venue_fundings(v)[instrument], next;
    const uint32_t coin = pl_venue_contracts(v)[instrument].about.coin;
    struct pl_ledger *l = pl_venue_book(v);
    struct pl_ratio worth, coins;
    bool due;
    enum pl_funding_reason reason =
        pl_funding_due(f, &v->rules.funding, l, v->time_us, &next, &worth, &due);
    *paid = false;
    if (reason == PL_FUNDING_OK && due && worth.n != 0) {
        if (!pl_venue_known(v)[coin])
            return PL_FUNDING_PRICE;
        reason =
            pl_funding_in_coin(worth, pl_ledger_contract(l, coin), pl_venue_marks(v)[coin], &coins);
        if (reason == PL_FUNDING_OK &&
            pl_ledger_distribute_coins(l, instrument, coin, coins) != PL_LEDGER_OK)
            reason = PL_FUNDING_LEDGER;
    }
    *paid = due && reason == PL_FUNDING_OK;
    if (reason == PL_FUNDING_OK)
        *f = next;
    return reason;
}

/* Up to now, with the payment if one is due. */
static void advance(struct pl_venue_work *w, uint32_t instrument, bool due)
{
    struct pl_venue *v = w->v;
    enum pl_ledger_reason why;
    bool paid;
    const enum pl_funding_reason reason =
        pays_coin(v, instrument)
            ? advance_in_coin(v, instrument, &paid)
            : pl_funding_advance(&pl_venue_fundings(v)[instrument], &v->rules.funding,
                                 pl_venue_book(v), v->time_us, &paid, &why);
    if (paid)
        pl_venue_all_changed(v);
    if (paid || (due && reason != PL_FUNDING_OK))
        tell(w, instrument, reason);
}

/* All that are paid in cash with one look at each account; false: one cannot be paid. */
static bool pay_together(struct pl_venue *v)
{
    struct pl_ratio *worths = pl_venue_at(v, v->worths_at);
    struct pl_funding *nexts = pl_venue_at(v, v->nexts_at);
    bool due;
    for (uint32_t i = 0; i < v->instruments; i++) {
        worths[i] = (struct pl_ratio){ 0, 1 };
        if (is_perpetual(v, i) && !pays_coin(v, i) &&
            pl_funding_due(&pl_venue_fundings(v)[i], &v->rules.funding, pl_venue_book(v),
                           v->time_us, &nexts[i], &worths[i], &due) != PL_FUNDING_OK)
            return false;
    }
    if (pl_ledger_distribute_all(pl_venue_book(v), PL_CAUSE_FUNDING, 0, worths) != PL_LEDGER_OK)
        return false;
    for (uint32_t i = 0; i < v->instruments; i++)
        if (is_perpetual(v, i) && !pays_coin(v, i))
            pl_venue_fundings(v)[i] = nexts[i];
    pl_venue_all_changed(v);
    return true;
}

/* Together if they can be; else each by itself, so that one that cannot holds up no other. */
void pl_venue_fund(struct pl_venue_work *w)
{
    struct pl_venue *v = w->v;
    const int64_t interval_us = v->rules.funding.interval_us;
    const bool together = pay_together(v);
    v->funding_due_us = (v->time_us / interval_us + 1) * interval_us;
    for (uint32_t i = 0; i < v->instruments; i++) {
        if (is_perpetual(v, i) && together && !pays_coin(v, i))
            tell(w, i, PL_FUNDING_OK);
        else if (is_perpetual(v, i))
            advance(w, i, true);
    }
}

void pl_venue_accrue(struct pl_venue_work *w, uint32_t instrument)
{
    if (is_perpetual(w->v, instrument))
        advance(w, instrument, false);
}

void pl_venue_accrue_held(struct pl_venue_work *w, uint32_t account)
{
    const struct pl_ledger *l = pl_venue_book(w->v);
    uint32_t count;
    const struct pl_ledger_entry *p = pl_ledger_positions(l, account, &count);
    for (uint32_t k = 0; k < count && w->v->funding_due_us != INT64_MAX; k++) {
        pl_venue_accrue(w, pl_ledger_instrument(l, &p[k]));
        p = pl_ledger_positions(l, account, &count); /* a late payment may have moved them */
    }
}

bool pl_venue_fund_at(struct pl_venue_work *w, uint32_t instrument, int64_t mark)
{
    struct pl_funding *f = &pl_venue_fundings(w->v)[instrument];
    if (!is_perpetual(w->v, instrument))
        return true;
    pl_venue_accrue(w, instrument);
    const int64_t notional = pays_coin(w->v, instrument) && mark > -PL_PRICE_MAX ? -mark : mark;
    return pl_funding_set(f, &w->v->rules.funding, f->rate_q40, notional, w->v->time_us) !=
           PL_FUNDING_PRICE;
}

bool pl_venue_end_funding(struct pl_venue_work *w, uint32_t instrument)
{
    struct pl_venue *v = w->v;
    enum pl_ledger_reason why;
    return !is_perpetual(v, instrument) ||
           pl_funding_pay(&pl_venue_fundings(v)[instrument], &v->rules.funding, pl_venue_book(v),
                          v->time_us, &why) == PL_FUNDING_OK;
}

bool pl_venue_carry(struct pl_venue_work *w, uint32_t buyer, uint32_t seller, uint32_t instrument,
                    int64_t steps, struct pl_movement *movement)
{
    pl_venue_accrue(w, instrument);
    return pl_funding_carry(&pl_venue_fundings(w->v)[instrument], &w->v->rules.funding,
                            pl_venue_book(w->v), buyer, seller, steps, movement) == PL_FUNDING_OK;
}

int64_t pl_venue_owed(const struct pl_venue *v, uint32_t instrument, int64_t steps, uint32_t *flags)
{
    const struct pl_funding *f = &pl_venue_fundings(v)[instrument];
    const struct pl_funding_rules *r = &v->rules.funding;
    const int64_t owed = pl_funding_owed(f, r, pl_venue_book(v), steps, flags);
    return owed > 0 ? owed : -pl_funding_owed(f, r, pl_venue_book(v), -steps, flags);
}

void pl_venue_take_rate(struct pl_venue_work *w)
{
    struct pl_venue *v = w->v;
    const uint32_t i = w->in->as.number.instrument;
    if (i >= v->instruments || !is_perpetual(v, i)) {
        pl_venue_refuse(w, PL_VENUE_UNKNOWN, 0);
        return;
    }
    struct pl_funding *f = &pl_venue_fundings(v)[i];
    pl_venue_accrue(w, i);
    const enum pl_funding_reason reason =
        pl_funding_set(f, &v->rules.funding, w->in->as.number.value_q40, f->mark, v->time_us);
    if (reason != PL_FUNDING_OK && reason != PL_FUNDING_LIMITED) {
        pl_venue_refuse(w, reason == PL_FUNDING_PRICE ? PL_VENUE_NOT_PRICED : PL_VENUE_LEDGER, 0);
        return;
    }
    struct pl_venue_action *a = pl_venue_act(w, PL_VENUE_RATED, PL_VENUE_NONE, reason);
    a->instrument = i;
    a->other = f->rate_q40;
}
