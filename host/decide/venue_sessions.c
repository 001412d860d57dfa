/* Bad debt that stands: paid off by its fund as that fills, spread at the end of a session over
 * those who gained in it. Sessions end by the marks before the tick that finds them over: the last
 * of the session. */
#include "pl_abi.h"
#include "venue_state.h"

/* By what is known now: the quality may have aged since the tick. */
static bool permitted(const struct pl_venue *v, uint32_t instrument)
{
    const struct pl_venue_contract *c = &pl_venue_contracts(v)[instrument];
    const struct pl_venue_asset *a = &pl_venue_assets(v)[c->about.asset];
    enum pl_permission_reason why;
    enum pl_quality quality =
        pl_permission_quality(&v->rules.permission, &a->fused, v->time_us, &why);
    if (pl_venue_is_coin(c) && a->pegged)
        quality = pl_pegged_quality((enum pl_pegged_reason)a->coin.reason, quality);
    return pl_venue_known(v)[instrument] &&
           (pl_permission_allowed(&v->rules.permission, quality,
                                  (enum pl_breaker_state)a->breaker.state,
                                  (enum pl_breaker_state)v->breaker.state) &
            PL_ACTION_LIQUIDATION) != 0;
}

/* Every price that says who gained permits to act on it. */
static bool pool_permitted(const struct pl_venue *v, uint32_t pool)
{
    const struct pl_ledger *l = pl_venue_book(v);
    for (uint32_t i = 0; i < v->instruments; i++)
        if (pl_ledger_contract(l, i)->pool == pool && pl_ledger_open_interest(l, i) > 0 &&
            !permitted(v, i))
            return false;
    return true;
}

/* Gains of the pool's accounts since their last session; what each is worth. The next one begins.
 */
static void measure(struct pl_venue *v, uint32_t pool, int64_t *gains, int64_t *equities)
{
    const struct pl_ledger *l = pl_venue_book(v);
    for (uint32_t i = 0; i < v->accounts; i++) {
        struct pl_attribution now, change;
        int64_t price = 0;
        uint32_t flags = 0;
        gains[i] = equities[i] = 0;
        if (pl_ledger_pool_of(l, i) != pool)
            continue;
        pl_attribution_take(&now, l, i, 0, pl_venue_marks(v), &flags);
        change = pl_attribution_between(&pl_venue_sessions(v)[i], &now, &price, &flags);
        gains[i] = pl_money_add(price, change.flows_e8[PL_CAUSE_FUNDING], &flags);
        /* what deleveraging has taken from him already is no gain */
        gains[i] = pl_money_add(gains[i], change.flows_e8[PL_CAUSE_DELEVERAGE], &flags);
        equities[i] = now.equity_e8;
        if (flags != 0 || pl_venue_accounts(v)[i].unmeasured) /* is left alone */
            gains[i] = equities[i] = 0;
        pl_venue_accounts(v)[i].unmeasured = false;
        pl_venue_sessions(v)[i] = now;
    }
}

void pl_venue_came_in(struct pl_venue *v, uint32_t account, uint32_t instrument, int64_t steps)
{
    const struct pl_ledger *l = pl_venue_book(v);
    uint32_t flags = 0;
    if (!pl_ledger_size(l)->flows)
        return;
    struct pl_attribution *then = &pl_venue_sessions(v)[account];
    const int64_t worth =
        pl_ledger_value(l, instrument, steps, pl_venue_marks(v)[instrument], &flags);
    then->equity_e8 = pl_money_add(then->equity_e8, worth, &flags);
    if (flags != 0 || !pl_venue_known(v)[instrument])
        pl_venue_accounts(v)[account].unmeasured = true;
}

static void tell_waiting(struct pl_venue_work *w, uint32_t pool, int64_t owed_e8)
{
    struct pl_venue_action *a =
        pl_venue_act(w, PL_VENUE_SOCIALISED, PL_VENUE_NONE, PL_VENUE_UNPRICED);
    a->steps = pool;
    a->price = owed_e8;
}

static void spread(struct pl_venue_work *w, uint32_t pool)
{
    struct pl_venue *v = w->v;
    struct pl_ledger *l = pl_venue_book(v);
    int64_t *gains = pl_venue_at(v, v->gains_at), *equities = pl_venue_at(v, v->equities_at);
    struct pl_share *shares = pl_venue_at(v, v->shares_at);
    measure(v, pool, gains, equities);
    if (pl_ledger_owed(l, pool, 0) == 0)
        return;
    const struct pl_socialised s =
        pl_socialised_spread(l, pool, 0, gains, equities, shares, pl_venue_at(v, v->order_at));
    struct pl_venue_action *a =
        pl_venue_act(w, PL_VENUE_SOCIALISED, PL_VENUE_NONE,
                     s.spread_e8 == s.owed_e8 ? PL_VENUE_ALL_BORNE : PL_VENUE_STANDS);
    a->steps = pool;
    a->price = s.owed_e8;
    a->value_e8 = s.spread_e8;
    a->other = s.part_q40;
    for (uint32_t i = 0; i < v->accounts; i++) {
        if (shares[i].given == 0)
            continue;
        pl_venue_changed(v, i);
        a = pl_venue_act(w, PL_VENUE_BORNE, i, 0);
        a->value_e8 = shares[i].given;
        a->other = gains[i];
    }
}

static void repay(struct pl_venue_work *w, uint32_t pool)
{
    const int64_t paid = pl_socialised_repay(pl_venue_book(w->v), pool, 0);
    if (paid == 0)
        return;
    struct pl_venue_action *a = pl_venue_act(w, PL_VENUE_REPAID, PL_VENUE_NONE, 0);
    a->steps = pool;
    a->value_e8 = paid;
}

void pl_venue_end_sessions(struct pl_venue_work *w)
{
    struct pl_venue *v = w->v;
    const struct pl_ledger *l = pl_venue_book(v);
    for (uint32_t pool = 0; pool < pl_ledger_size(l)->pools; pool++) {
        struct pl_venue_pool *p = &pl_venue_pools(v)[pool];
        repay(w, pool);
        if (!pl_ledger_size(l)->flows ||
            !pl_socialised_due(&v->rules.socialised, p->ended_us, v->time_us))
            continue;
        if (pool_permitted(v, pool)) {
            spread(w, pool);
            *p = (struct pl_venue_pool){ .ended_us = v->time_us };
        } else if (!p->waits && pl_ledger_owed(l, pool, 0) > 0) {
            tell_waiting(w, pool, pl_ledger_owed(l, pool, 0));
            p->waits = true;
        }
    }
}
