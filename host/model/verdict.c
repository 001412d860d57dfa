#include "close.h"

static uint8_t state_of(int64_t equity, int64_t maintenance_excess, int64_t initial_excess)
{
    if (equity < 0)
        return PL_STATE_BANKRUPT;
    if (maintenance_excess < 0)
        return PL_STATE_LIQUIDATE;
    return initial_excess < 0 ? PL_STATE_MARGIN_CALL : PL_STATE_HEALTHY;
}

/* Fills everything that one view decides. */
static void judge(const struct pl_tables *t, const struct pl_account_sums *a, int64_t cash,
                  int64_t multiplier, struct pl_verdict *v)
{
    uint32_t flags = a->flags;
    v->equity = pl_money_add(a->equity, cash, &flags);
    v->maintenance_excess =
        pl_money_sub(v->equity, pl_money_scale_up(a->mm, multiplier, &flags), &flags);
    v->initial_excess =
        pl_money_sub(v->equity, pl_money_scale_up(a->im, multiplier, &flags), &flags);
    v->state = state_of(v->equity, v->maintenance_excess, v->initial_excess);
    /* Doubt about an order's requirement cannot lift an account above a line that it is below
     * without orders. */
    bool doubt = (flags & ~(uint32_t)PL_FLAG_GREEKS) != 0;
    bool order_doubt = (a->order_flags & ~(uint32_t)PL_FLAG_GREEKS) != 0;
    if (doubt || (order_doubt && v->state < PL_STATE_LIQUIDATE))
        v->state = PL_STATE_INDETERMINATE;
    v->flags = (uint16_t)(flags | a->order_flags);
    v->worst_underlying = a->worst_underlying;
    v->worst_scenario = a->worst_scenario;
    v->worst_loss = a->worst_loss;
    v->delta = a->greeks[PL_GREEK_DELTA];
    v->gamma = a->greeks[PL_GREEK_GAMMA];
    v->vega = a->greeks[PL_GREEK_VEGA];
    v->theta = a->greeks[PL_GREEK_THETA];
    v->rho = a->greeks[PL_GREEK_RHO];
    v->profile = t->profile;
    v->tick = t->tick;
    v->model_version = t->model.model_version;
    v->table_version = t->model.table_version;
}

void pl_verdict_decide(const struct pl_tables *t, const struct pl_account_sums *views,
                       int view_count, int64_t cash, uint64_t header, struct pl_verdict *out)
{
    int64_t multiplier = t->multipliers[pl_slot_header_multiplier(header)].value;
    *out = (struct pl_verdict){
        .account = (uint32_t)pl_slot_header_account(header),
        .mode = (uint8_t)pl_slot_header_mode(header),
    };
    judge(t, &views[view_count - 1], cash, multiplier, out);
    if (view_count == 1)
        return;
    struct pl_verdict at_last_price = *out;
    judge(t, &views[0], cash, multiplier, &at_last_price);
    if (at_last_price.state == out->state && out->state != PL_STATE_INDETERMINATE) {
        out->flags |= PL_FLAG_IGNORED_ASSET;
    } else {
        out->state = PL_STATE_INDETERMINATE;
        out->flags |= at_last_price.flags | PL_FLAG_UNPRICED;
    }
}
