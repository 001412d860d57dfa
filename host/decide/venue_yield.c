/* Coins that bear yield: what a share is worth. */
#include "venue_state.h"

int64_t pl_venue_share(const struct pl_venue_contract *coin, int64_t price, uint32_t *flags)
{
    return coin->terms.kind == PL_VENUE_OWED ? pl_accrual_debt(&coin->accrual, price, flags)
                                             : pl_accrual_collateral(&coin->accrual, price, flags);
}

/* What would leave the index's range stays: it took centuries. */
void pl_venue_grow(struct pl_venue *v, uint32_t instrument)
{
    struct pl_venue_contract *c = &pl_venue_contracts(v)[instrument];
    if (c->terms.yield == PL_VENUE_BY_RATE)
        pl_accrual_advance(&c->accrual, &v->rules.accrual, c->terms.yield_q40, v->time_us);
}

static void report(struct pl_venue_work *w, struct pl_venue_contract *c)
{
    const int64_t index = w->in->as.number.value_q40;
    if (c->terms.yield != PL_VENUE_BY_INDEX || index <= 0) {
        pl_venue_refuse(w, c->terms.yield == PL_VENUE_BY_RATE ? PL_VENUE_OWN : PL_VENUE_AMOUNT, 0);
        return;
    }
    const enum pl_accrual_reason reason =
        pl_accrual_report(&c->accrual, &w->v->rules.accrual, index, w->v->time_us);
    if (reason == PL_ACCRUAL_OVERFLOW) {
        pl_venue_refuse(w, PL_VENUE_AMOUNT, index);
        return;
    }
    struct pl_venue_action *a = pl_venue_act(w, PL_VENUE_INDEXED, PL_VENUE_NONE, reason);
    a->instrument = w->in->as.number.instrument;
    a->price = c->accrual.index_q40;
    a->other = index;
}

static void write_down(struct pl_venue_work *w, struct pl_venue_contract *c)
{
    const int64_t before = c->accrual.index_q40, index = w->in->as.number.value_q40;
    if (pl_accrual_write_down(&c->accrual, index, w->v->time_us) != PL_ACCRUAL_OK) {
        pl_venue_refuse(w, PL_VENUE_AMOUNT, index);
        return;
    }
    struct pl_venue_action *a = pl_venue_act(w, PL_VENUE_WRITTEN_DOWN, PL_VENUE_NONE, 0);
    a->instrument = w->in->as.number.instrument;
    a->price = index;
    a->other = before;
}

void pl_venue_take_index(struct pl_venue_work *w)
{
    struct pl_venue *v = w->v;
    const uint32_t i = w->in->as.number.instrument;
    if (i >= v->instruments || pl_venue_contracts(v)[i].terms.yield == PL_VENUE_NO_YIELD) {
        pl_venue_refuse(w, PL_VENUE_UNKNOWN, 0);
        return;
    }
    struct pl_venue_contract *c = &pl_venue_contracts(v)[i];
    if (w->in->kind == PL_VENUE_INDEX)
        report(w, c);
    else
        write_down(w, c);
    pl_venue_mark_coin(v, i);
}

int64_t pl_venue_index(const struct pl_venue *v, uint32_t instrument)
{
    return pl_venue_contracts(v)[instrument].accrual.index_q40;
}
