#include "close.h"

void pl_close_account_start(struct pl_account_sums *account)
{
    *account =
        (struct pl_account_sums){ .worst_underlying = UINT16_MAX, .worst_scenario = PL_WORST_NONE };
}

static void add_loss(struct pl_account_sums *a, int64_t loss, int64_t mm_factor, int64_t im_factor)
{
    a->mm = pl_money_add(a->mm, pl_money_scale_up(loss, mm_factor, &a->flags), &a->flags);
    a->im = pl_money_add(a->im, pl_money_scale_up(loss, im_factor, &a->flags), &a->flags);
}

/* loss = separate - credit * (separate - joint): with credit 0 no underlying offsets another. */
static void end_offset_group(const struct pl_tables *t, int view, struct pl_account_sums *a,
                             const struct pl_trace *trace)
{
    struct pl_offset_sums *o = &a->offset;
    if (o->group == 0)
        return;
    int64_t joint = pl_min64(0, o->basis);
    for (uint32_t i = 0; i < o->scenario_count; i++)
        joint = pl_min64(joint, o->pnl[i]);
    int64_t saved = pl_max64(0, pl_money_add(o->separate_loss, joint, &a->flags));
    int64_t credit = pl_money_scale_down(saved, t->offset_groups[o->group - 1].credit, &a->flags);
    int64_t loss = o->separate_loss - credit;
    add_loss(a, loss, o->mm_loss_factor, o->im_loss_factor);
    if (trace != NULL)
        trace->offset(trace->context, view, o, loss);
    o->group = 0;
}

static void join_offset_group(const struct pl_underlying *u, const struct pl_underlying_result *r,
                              struct pl_account_sums *a)
{
    struct pl_offset_sums *o = &a->offset;
    if (o->group == 0) {
        *o = (struct pl_offset_sums){
            .group = u->offset_group,
            .scenario_count = u->scenario_count,
            .mm_loss_factor = r->mm_loss_factor,
        };
    }
    o->im_loss_factor = pl_max64(o->im_loss_factor, r->im_loss_factor);
    o->separate_loss = pl_money_sub(o->separate_loss, r->worst_loss, &a->flags);
    o->basis = pl_money_add(o->basis, r->sums->basis, &a->flags);
    for (uint32_t i = 0; i < u->scenario_count; i++)
        o->pnl[i] = pl_money_add(o->pnl[i], r->sums->pnl[i], &a->flags);
}

void pl_close_account_add(const struct pl_tables *t, const struct pl_underlying_result *r, int view,
                          struct pl_account_sums *a, const struct pl_trace *trace)
{
    const struct pl_underlying *u = &t->underlyings[r->underlying];
    if (trace != NULL)
        trace->underlying(trace->context, view, r);
    if (a->offset.group != u->offset_group)
        end_offset_group(t, view, a, trace);
    if (u->offset_group != 0)
        join_offset_group(u, r, a);
    else
        add_loss(a, pl_money_sub(0, r->worst_loss, &a->flags), r->mm_loss_factor,
                 r->im_loss_factor);
    a->flags |= r->flags;
    a->order_flags |= r->order_flags;
    a->equity = pl_money_add(a->equity, r->sums->value, &a->flags);
    a->mm = pl_money_add(a->mm, r->mm_other, &a->flags);
    a->im = pl_money_add(a->im, r->im_other, &a->flags);
    uint32_t greek_overflow = 0;
    for (int g = 0; g < PL_GREEKS; g++)
        a->greeks[g] = pl_money_add(a->greeks[g], r->sums->greeks[g], &greek_overflow);
    if (greek_overflow)
        a->flags |= PL_FLAG_GREEKS;
    if (r->worst_loss < a->worst_loss) {
        a->worst_loss = r->worst_loss;
        a->worst_underlying = r->underlying;
        a->worst_scenario = r->worst_scenario;
    }
}

void pl_close_account_end(const struct pl_tables *t, int view, struct pl_account_sums *a,
                          const struct pl_trace *trace)
{
    end_offset_group(t, view, a, trace);
}
