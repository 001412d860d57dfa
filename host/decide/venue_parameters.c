/* Volatility and what follows it: widths and haircuts for the model, add-ons to its verdicts. */
#include "pl_abi.h"
#include "venue_state.h"

void pl_venue_take_implied(struct pl_venue_work *w)
{
    struct pl_venue *v = w->v;
    if (w->in->account >= v->assets)
        pl_venue_refuse(w, PL_VENUE_UNKNOWN, 0);
    else if (pl_volatility_imply(&pl_venue_assets(v)[w->in->account].volatility,
                                 &v->rules.volatility, w->in->as.number.value_q40, v->time_us) != 0)
        pl_venue_refuse(w, PL_VENUE_AMOUNT, w->in->as.number.value_q40);
}

static enum pl_venue_estimator followed(const struct pl_volatility_estimate *e)
{
    if (e->used_q40 == 0)
        return PL_VENUE_NO_VOLATILITY;
    if (e->used_q40 == e->implied_q40)
        return PL_VENUE_OPTIONS;
    return e->used_q40 == e->return_q40 ? PL_VENUE_RETURNS : PL_VENUE_RANGES;
}

/* In whole grains, up. It rises as soon as it is passed; it falls two grains at a time, or to the
 * floor, so that it does not swing with every breath. */
static int64_t in_force(const struct pl_venue_parameter *p, const struct pl_parameter_rules *r,
                        int64_t grain_q40)
{
    const int64_t value = p->moving.value_q40;
    const int64_t up = pl_min64((value + grain_q40 - 1) / grain_q40 * grain_q40, r->ceiling_q40);
    if (value > p->in_force_q40)
        return up;
    if (value == r->floor_q40)
        return value;
    return value <= p->in_force_q40 - 2 * grain_q40 ? up : p->in_force_q40;
}

static void move(struct pl_venue_work *w, uint32_t asset, struct pl_venue_parameter *p,
                 const struct pl_parameter_rules *r, const struct pl_volatility_estimate *estimate,
                 enum pl_venue_action_kind kind)
{
    pl_parameter_step(&p->moving, r, estimate->used_q40, w->v->time_us);
    const int64_t before = p->in_force_q40;
    p->in_force_q40 = in_force(p, r, w->v->rules.grain_q40);
    if (p->in_force_q40 == before)
        return;
    struct pl_venue_action *a = pl_venue_act(w, kind, asset, followed(estimate));
    a->quality = (uint8_t)pl_venue_assets(w->v)[asset].quality;
    a->steps = before;
    a->price = p->in_force_q40;
    a->value_e8 = p->moving.target_q40;
    a->other = estimate->used_q40;
}

/* A price that no majority of its sources shares says nothing about volatility. */
void pl_venue_move_parameters(struct pl_venue_work *w, uint32_t asset)
{
    const struct pl_venue_rules *r = &w->v->rules;
    struct pl_venue_asset *a = &pl_venue_assets(w->v)[asset];
    if (a->fused.fresh && !a->fused.disputed)
        pl_volatility_tick(&a->volatility, &r->volatility, a->fused.now.price, w->v->time_us);
    const struct pl_volatility_estimate e =
        pl_volatility_now(&a->volatility, &r->volatility, w->v->time_us);
    move(w, asset, &a->width, &r->width, &e, PL_VENUE_WIDTH);
    move(w, asset, &a->haircut, &r->haircut, &e, PL_VENUE_HAIRCUT);
}

int64_t pl_venue_width(const struct pl_venue *v, uint32_t asset)
{
    return pl_venue_assets(v)[asset].width.in_force_q40;
}

int64_t pl_venue_haircut(const struct pl_venue *v, uint32_t asset)
{
    return pl_venue_assets(v)[asset].haircut.in_force_q40;
}

static int64_t notional(const struct pl_venue *v, uint32_t instrument, pl_i128 steps,
                        uint32_t *flags)
{
    const int64_t value =
        pl_ledger_value(pl_venue_book(v), instrument, pl_money_limit(steps, flags),
                        pl_venue_marks(v)[instrument], flags);
    return value < 0 ? -value : value;
}

struct pl_venue_addons pl_venue_addon(const struct pl_venue *v, uint32_t instrument, int64_t steps,
                                      uint32_t *flags)
{
    const struct pl_addon_rules *r = &v->rules.addon;
    const struct pl_ledger *l = pl_venue_book(v);
    const int64_t size = notional(v, instrument, steps, flags);
    const int64_t alone = pl_addon_position_q40(r, size);
    int64_t interest = 0;
    if (!pl_venue_is_coin(&pl_venue_contracts(v)[instrument]) && r->interest_max_q40 > 0) {
        uint32_t beyond = 0; /* an open interest that does not fit is a large one */
        interest = pl_addon_interest_q40(
            r, notional(v, instrument, pl_ledger_open_interest(l, instrument), &beyond));
    }
    return (struct pl_venue_addons){ pl_money_scale_up(size, alone, flags),
                                     pl_money_scale_up(size, alone + interest, flags) };
}

struct pl_venue_addons pl_venue_addons(const struct pl_venue *v, uint32_t account, uint32_t *flags)
{
    const struct pl_addon_rules *r = &v->rules.addon;
    const struct pl_ledger *l = pl_venue_book(v);
    struct pl_venue_addons sum = { 0, 0 };
    uint32_t count;
    const struct pl_ledger_entry *p = pl_ledger_positions(l, account, &count);
    if (r->position_slope_q40 == 0 && r->interest_max_q40 == 0)
        return sum;
    for (uint32_t k = 0; k < count; k++) {
        const struct pl_venue_addons one =
            pl_venue_addon(v, pl_ledger_instrument(l, &p[k]), p[k].amount, flags);
        sum.maintenance_e8 = pl_money_add(sum.maintenance_e8, one.maintenance_e8, flags);
        sum.initial_e8 = pl_money_add(sum.initial_e8, one.initial_e8, flags);
    }
    return sum;
}

void pl_venue_add_on(struct pl_venue_work *w)
{
    struct pl_venue_account *a = &pl_venue_accounts(w->v)[w->in->account];
    const uint32_t model = w->in->as.verdict.state;
    uint32_t flags = 0;
    w->addons = pl_venue_addons(w->v, w->in->account, &flags);
    w->maintenance_excess_e8 =
        pl_money_sub(w->in->as.verdict.maintenance_excess_e8, w->addons.maintenance_e8, &flags);
    w->initial_excess_e8 =
        pl_money_sub(w->in->as.verdict.initial_excess_e8, w->addons.initial_e8, &flags);
    w->state = model;
    if (flags != 0)
        w->state = PL_STATE_INDETERMINATE;
    else if (model <= PL_STATE_MARGIN_CALL && w->addons.maintenance_e8 > 0 &&
             w->maintenance_excess_e8 < 0)
        w->state = PL_STATE_LIQUIDATE;
    else if (model == PL_STATE_HEALTHY && w->addons.initial_e8 > 0 && w->initial_excess_e8 < 0)
        w->state = PL_STATE_MARGIN_CALL;
    const bool raised = w->state != model && w->state != PL_STATE_INDETERMINATE;
    if (raised && !a->raised) {
        struct pl_venue_action *told = pl_venue_act(w, PL_VENUE_ADDED, w->in->account, 0);
        told->verdict = (uint16_t)w->state;
        told->price = model;
        told->value_e8 = w->addons.maintenance_e8;
        told->other = w->addons.initial_e8;
    }
    a->raised = raised;
}
