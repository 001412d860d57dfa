/* Withdrawals: requested, taken back, released. */
#include "pl_abi.h"
#include "venue_state.h"

/* A verdict from before the last tick lets nothing out. */
bool pl_venue_healthy(const struct pl_venue *v, uint32_t account)
{
    const struct pl_venue_account *a = &pl_venue_accounts(v)[account];
    return a->verdict_known && a->verdict == PL_STATE_HEALTHY && a->judged_us >= v->ticked_us &&
           (pl_venue_account_allowed(v, account) & PL_ACTION_WITHDRAWAL) != 0;
}

static void withdraw(struct pl_venue_work *w)
{
    struct pl_venue *v = w->v;
    uint64_t id;
    enum pl_ledger_reason why;
    if (w->in->account >= v->accounts) {
        pl_venue_refuse(w, PL_VENUE_UNKNOWN, 0);
        return;
    }
    const struct pl_venue_account *a = &pl_venue_accounts(v)[w->in->account];
    const bool may = pl_venue_healthy(v, w->in->account);
    const enum pl_withdrawal_reason reason = pl_withdrawal_request(
        pl_venue_withdrawals(v), &v->rules.withdrawal, pl_venue_book(v), w->in->account, 0,
        w->in->as.money.amount_e8, pl_min64(w->in->as.money.free_e8, a->initial_excess_e8), may,
        v->time_us, &id, &why);
    if (reason != PL_WITHDRAWAL_OK) {
        pl_venue_refuse(w, PL_VENUE_DENIED, reason);
        return;
    }
    pl_venue_changed(v, w->in->account);
    struct pl_venue_action *told = pl_venue_act(w, PL_VENUE_QUEUED, w->in->account, 0);
    told->steps = (int64_t)id;
    told->value_e8 = w->in->as.money.amount_e8;
}

static void release(struct pl_venue_work *w)
{
    struct pl_venue *v = w->v;
    bool *healthy = pl_venue_at(v, v->healthy_at);
    struct pl_withdrawal_outcome *outcomes = pl_venue_at(v, v->outcomes_at);
    struct pl_withdrawals *all = pl_venue_withdrawals(v);
    const struct pl_withdrawal *waiting = pl_withdrawals_waiting(all);
    const uint32_t allowed = v->rules.permission.allowed_in[v->breaker.state];
    uint32_t count = 0;
    for (uint32_t i = 0; i < all->count; i++)
        healthy[waiting[i].account] = pl_venue_healthy(v, waiting[i].account);
    pl_withdrawals_release(all, &v->rules.withdrawal, pl_venue_book(v), healthy,
                           (allowed & PL_ACTION_WITHDRAWAL) != 0, v->time_us, outcomes,
                           v->withdrawals_room, &count);
    for (uint32_t i = 0; i < count; i++) {
        const bool gone = outcomes[i].reason == PL_WITHDRAWAL_OK;
        struct pl_venue_action *a =
            pl_venue_act(w, gone ? PL_VENUE_RELEASED : PL_VENUE_WAITS,
                         outcomes[i].withdrawal.account, outcomes[i].reason);
        a->steps = (int64_t)outcomes[i].withdrawal.id;
        a->value_e8 = outcomes[i].withdrawal.amount_e8;
    }
}

static void take_back(struct pl_venue_work *w)
{
    struct pl_venue *v = w->v;
    const struct pl_withdrawals *all = pl_venue_withdrawals(v);
    const struct pl_withdrawal *waiting = pl_withdrawals_waiting(all);
    const uint64_t id = w->in->as.withdrawal.id;
    enum pl_ledger_reason why;
    uint32_t i = 0;
    while (i < all->count && (waiting[i].id != id || waiting[i].account != w->in->account))
        i++;
    const int64_t amount = i < all->count ? waiting[i].amount_e8 : 0;
    const enum pl_withdrawal_reason reason =
        i == all->count ? PL_WITHDRAWAL_UNKNOWN
                        : pl_withdrawal_cancel(pl_venue_withdrawals(v), pl_venue_book(v), id, &why);
    if (reason != PL_WITHDRAWAL_OK) {
        pl_venue_refuse(w, PL_VENUE_DENIED, reason);
        return;
    }
    pl_venue_changed(v, w->in->account);
    struct pl_venue_action *told = pl_venue_act(w, PL_VENUE_TAKEN_BACK, w->in->account, 0);
    told->steps = (int64_t)id;
    told->value_e8 = amount;
}

void pl_venue_take_withdrawal(struct pl_venue_work *w)
{
    switch (w->in->kind) {
    case PL_VENUE_WITHDRAW: withdraw(w); return;
    case PL_VENUE_RELEASE: release(w); return;
    default: take_back(w); return;
    }
}
