/* Settlement of expiries: averages of the prices that may be acted on, then positions become cash.
 */
#include "venue_state.h"

/* Prices that nobody may be liquidated by do not settle anything either: until the next good one
 * the last one stands, as long as it is not stale. */
static void observe(struct pl_venue_work *w, struct pl_venue_ending *e)
{
    const struct pl_venue_asset *a = &pl_venue_assets(w->v)[e->asset];
    if (a->fused.fresh && a->quality >= PL_QUALITY_THIN)
        pl_settlement_observe(&e->settlement, &w->v->rules.settlement, a->fused.now.price,
                              w->v->time_us);
}

static struct pl_venue_action *unsettled(struct pl_venue_work *w, uint32_t ending,
                                         enum pl_settlement_reason reason)
{
    pl_venue_endings(w->v)[ending].decides = true;
    struct pl_venue_action *a = pl_venue_act(w, PL_VENUE_UNSETTLED, PL_VENUE_NONE, reason);
    a->steps = ending;
    return a;
}

/* Of prices: it fits. */
static int64_t rounded(struct pl_ratio average)
{
    return (int64_t)(average.n / (pl_i128)average.d);
}

static void settle(struct pl_venue_work *w, uint32_t ending, uint32_t instrument,
                   struct pl_ratio average)
{
    struct pl_venue *v = w->v;
    struct pl_venue_ending *e = &pl_venue_endings(v)[ending];
    enum pl_ledger_reason why;
    const enum pl_settlement_reason reason =
        pl_settlement_settle(&e->settlement, &v->rules.settlement, pl_venue_book(v), instrument,
                             &pl_venue_contracts(v)[instrument].terms.payoff, v->time_us, &why);
    if (reason != PL_SETTLEMENT_OK) {
        unsettled(w, ending, reason)->instrument = instrument;
        return;
    }
    struct pl_venue_action *a = pl_venue_act(w, PL_VENUE_SETTLED, PL_VENUE_NONE, PL_VENUE_AVERAGE);
    a->instrument = instrument;
    a->price = rounded(average);
    a->other = (int64_t)average.d;
    pl_venue_void_closes(w, instrument);
}

static void end(struct pl_venue_work *w, uint32_t ending)
{
    struct pl_venue *v = w->v;
    struct pl_venue_ending *e = &pl_venue_endings(v)[ending];
    struct pl_ratio average;
    const enum pl_settlement_reason reason =
        pl_settlement_average(&e->settlement, &v->rules.settlement, v->time_us, &average);
    e->over = true;
    if (reason != PL_SETTLEMENT_OK) {
        unsettled(w, ending, reason)->other = e->settlement.covered_us;
        return;
    }
    for (uint32_t i = 0; i < v->instruments; i++) {
        const struct pl_venue_terms *t = &pl_venue_contracts(v)[i].terms;
        if (t->kind == PL_VENUE_EXPIRY && t->expiry == ending)
            settle(w, ending, i, average);
    }
    pl_venue_all_changed(v);
}

void pl_venue_expire(struct pl_venue_work *w)
{
    struct pl_venue *v = w->v;
    for (uint32_t i = 0; i < v->endings; i++) {
        struct pl_venue_ending *e = &pl_venue_endings(v)[i];
        if (e->over)
            continue;
        observe(w, e);
        if (v->time_us >= e->settlement.expiry_us)
            end(w, i);
    }
}

bool pl_venue_average(const struct pl_venue *v, uint32_t expiry, int64_t *price)
{
    struct pl_ratio average;
    if (expiry >= v->endings || !pl_venue_endings(v)[expiry].over)
        return false;
    if (pl_settlement_average(&pl_venue_endings(v)[expiry].settlement, &v->rules.settlement,
                              v->time_us, &average) != PL_SETTLEMENT_OK)
        return false;
    *price = rounded(average);
    return true;
}
