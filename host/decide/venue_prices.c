/* Reports of sources, and the tick: fuse, grade, step the breakers, say what is allowed. */
#include "rule.h"
#include "venue_state.h"

void pl_venue_take_report(struct pl_venue_work *w)
{
    enum pl_fusion_reason reason;
    if (w->in->account >= w->v->assets || w->in->as.report.source >= PL_FUSION_SOURCES_MAX) {
        pl_venue_refuse(w, PL_VENUE_UNKNOWN, 0);
        return;
    }
    struct pl_venue_asset *a = &pl_venue_assets(w->v)[w->in->account];
    struct pl_fusion_report report = w->in->as.report.report;
    report.arrival_us = w->v->time_us;
    if (pl_fusion_take(&a->fusion, &a->rules, (int)w->in->as.report.source, &report, &reason) != 0)
        pl_venue_refuse(w, PL_VENUE_AMOUNT, 0);
    else if (reason != PL_FUSION_KEPT)
        pl_venue_refuse(w, PL_VENUE_IGNORED, reason);
}

static void tell_breaker(struct pl_venue_work *w, uint32_t asset, const struct pl_breaker_event *e)
{
    if (e->from == e->to)
        return;
    struct pl_venue_action *a = pl_venue_act(w, PL_VENUE_BREAKER, asset, (uint32_t)e->reason);
    a->steps = e->from;
    a->price = e->to;
    a->value_e8 = e->measure;
}

/* Steps cannot fail: the time does not go back, and no input is below zero. */
static bool step_asset(struct pl_venue_work *w, uint32_t asset, const struct pl_rate *rates)
{
    struct pl_venue *v = w->v;
    struct pl_venue_asset *a = &pl_venue_assets(v)[asset];
    struct pl_breaker_event event;
    enum pl_permission_reason reason;
    if (pl_fusion_step(&a->fusion, &a->rules, rates, v->time_us, &a->fused) != 0)
        return false;
    const struct pl_breaker_input in = { .price = a->fused.fresh ? a->fused.now.price : 0,
                                         .spread_q40 = a->fused.spread_q40 };
    if (pl_breaker_step(&a->breaker, &v->rules.breaker, &in, v->time_us, &event) != 0)
        return false;
    tell_breaker(w, asset, &event);
    const struct pl_fused marked = pl_fusion_marked(&a->rules, &a->fused);
    a->quality = pl_permission_quality(&v->rules.permission, &marked, v->time_us, &reason);
    return true;
}

static uint32_t allowed(const struct pl_venue *v, const struct pl_venue_asset *a, uint32_t quality)
{
    return pl_permission_allowed(&v->rules.permission, (enum pl_quality)quality,
                                 (enum pl_breaker_state)a->breaker.state,
                                 (enum pl_breaker_state)v->breaker.state);
}

void pl_venue_take_tick(struct pl_venue_work *w)
{
    struct pl_venue *v = w->v;
    struct pl_rate rates[PL_VENUE_ASSETS_MAX];
    struct pl_breaker_input in = { .liquidated_e8 = v->liquidated_e8 };
    struct pl_breaker_event event;
    pl_venue_end_sessions(w);
    v->ticked_us = v->time_us;
    for (uint32_t i = 0; i < v->assets; i++) {
        struct pl_venue_asset *a = &pl_venue_assets(v)[i];
        if (!step_asset(w, i, rates)) /* a report arrived later than this tick says it is */
            a->quality = PL_QUALITY_NONE;
        pl_venue_weigh_coin(w, i);
        pl_venue_move_parameters(w, i);
        rates[i] = pl_fusion_rate(&a->rules, &a->fused);
        in.underlyings += a->breaker.state == PL_BREAKER_HALTED;
    }
    v->liquidated_e8 = 0;
    if (pl_breaker_step(&v->breaker, &v->rules.venue_breaker, &in, v->time_us, &event) == 0)
        tell_breaker(w, PL_VENUE_NONE, &event);
    for (uint32_t i = 0; i < v->assets; i++) {
        struct pl_venue_asset *a = &pl_venue_assets(v)[i];
        a->allowed = allowed(v, a, a->quality);
        a->coin_allowed = allowed(v, a, a->coin_quality);
    }
    pl_venue_mark_coins(w);
    pl_venue_expire(w);
}
