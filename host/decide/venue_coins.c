/* What coins are worth: as collateral and as debts, with the redemption of pegged ones. */
#include "venue_state.h"

/* A rate that is not later than the last one, or from the future, is no news. */
void pl_venue_take_redemption(struct pl_venue_work *w)
{
    const struct pl_pegged_rate *rate = &w->in->as.redemption;
    if (w->in->account >= w->v->assets || !pl_venue_assets(w->v)[w->in->account].pegged) {
        pl_venue_refuse(w, PL_VENUE_UNKNOWN, 0);
        return;
    }
    struct pl_venue_asset *a = &pl_venue_assets(w->v)[w->in->account];
    if (rate->price <= 0 || rate->price > PL_PRICE_MAX || rate->open < 0 || rate->open > 1)
        pl_venue_refuse(w, PL_VENUE_AMOUNT, rate->price);
    else if (rate->source_us > w->v->time_us)
        pl_venue_refuse(w, PL_VENUE_IGNORED, PL_FUSION_FUTURE);
    else if (rate->source_us <= a->rate.source_us)
        pl_venue_refuse(w, PL_VENUE_IGNORED, PL_FUSION_OUT_OF_ORDER);
    else
        a->rate = *rate;
}

void pl_venue_weigh_coin(struct pl_venue_work *w, uint32_t asset)
{
    struct pl_venue *v = w->v;
    struct pl_venue_asset *a = &pl_venue_assets(v)[asset];
    const struct pl_fused market = pl_fusion_marked(&a->rules, &a->fused);
    const int64_t price = market.now.price, before = a->coin.reason;
    a->coin_source_us = a->fused.source_us;
    a->coin_quality = a->quality;
    if (!a->pegged) {
        a->coin = (struct pl_pegged_mark){ price, price, 0, PL_PEGGED_MARKET };
        return;
    }
    a->coin = pl_pegged_mark(&v->rules.pegged, &market, &a->rate, v->time_us);
    a->coin_quality =
        pl_pegged_quality((enum pl_pegged_reason)a->coin.reason, (enum pl_quality)a->quality);
    if (a->coin.reason == PL_PEGGED_BOUNDED || a->coin.reason == PL_PEGGED_REDEMPTION)
        a->coin_source_us = a->rate.source_us;
    if (a->coin.reason == before)
        return;
    struct pl_venue_action *told =
        pl_venue_act(w, PL_VENUE_PEGGED, asset, (uint32_t)a->coin.reason);
    told->quality = (uint8_t)a->coin_quality;
    told->price = a->coin.asset_price;
    told->value_e8 = a->coin.debt_price;
    told->other = a->coin.gap_q40;
}

void pl_venue_mark_coin(struct pl_venue *v, uint32_t instrument)
{
    const struct pl_venue_contract *c = &pl_venue_contracts(v)[instrument];
    const struct pl_venue_asset *a = &pl_venue_assets(v)[c->about.asset];
    uint32_t flags = 0;
    const int64_t price = c->terms.kind == PL_VENUE_OWED ? a->coin.debt_price : a->coin.asset_price;
    const int64_t share = pl_venue_share(c, price, &flags);
    pl_venue_known(v)[instrument] = share > 0 && flags == 0 && a->coin_quality != PL_QUALITY_NONE;
    if (pl_venue_known(v)[instrument])
        pl_venue_marks(v)[instrument] = share;
}

void pl_venue_mark_coins(struct pl_venue_work *w)
{
    struct pl_venue *v = w->v;
    for (uint32_t i = 0; i < v->instruments; i++) {
        if (!pl_venue_is_coin(&pl_venue_contracts(v)[i]))
            continue;
        pl_venue_grow(v, i);
        pl_venue_mark_coin(v, i);
    }
}
