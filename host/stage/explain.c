#include "explain.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/money.h"
#include "model/tables.h"
#include "pl.h"

struct collector {
    struct pl *pl;
    struct pl_dev *model; /* the specification with the same tables and tick as the device */
    struct pl_explanation *x;
    int view; /* the view that the verdict shows */
};

static void label_row(const struct pl_stage *s, uint32_t row, char *out, size_t bytes)
{
    const struct pl_stage_row *r = &s->rows[row];
    const struct pl_group *g = &s->groups[r->group];
    const char *underlying = s->underlyings[g->underlying].name;
    const char *unit = r->leg_exponent < 0 ? "1e-9" : r->leg_exponent > 0 ? "1e9" : "whole";
    if (r->instrument != PL_NO_INDEX)
        snprintf(out, bytes, "%s", s->instruments[r->instrument].symbol);
    else if (g->kind == PL_GROUP_COIN_LEG)
        snprintf(out, bytes, "inverse coin leg, %s %s", unit, underlying);
    else
        snprintf(out, bytes, "naked short options, %s %s", unit, underlying);
}

static void label_group(const struct pl_stage *s, uint16_t group, char *out, size_t bytes)
{
    const struct pl_group *g = &s->groups[group];
    if (g->kind == PL_GROUP_OPTIONS)
        snprintf(out, bytes, "options on %s%s", s->nodes.names[g->price_node],
                 g->coin_settled ? ", coin-settled" : "");
    else
        label_row(s, g->first_row, out, bytes);
}

/* lots * step as a decimal without trailing zeros behind the point. */
static void label_quantity(const struct pl_stage *s, uint32_t row, int64_t lots,
                           char out[PL_QUANTITY_BYTES])
{
    const struct pl_stage_row *r = &s->rows[row];
    struct pl_decimal step = { 1, r->leg_exponent };
    if (r->instrument != PL_NO_INDEX)
        step = s->instruments[r->instrument].step;
    pl_i128 value = (pl_i128)(lots < 0 ? -lots : lots) * step.mantissa;
    int exponent = step.exponent, used = PL_QUANTITY_BYTES;
    for (; value != 0 && value % 10 == 0 && exponent < 0; exponent++)
        value /= 10;
    out[--used] = '\0';
    for (int i = 0; i < exponent && value != 0; i++)
        out[--used] = '0';
    for (int digit = exponent < 0 ? exponent : 0; value != 0 || digit <= 0; digit++) {
        if (digit == 0 && exponent < 0)
            out[--used] = '.';
        out[--used] = (char)('0' + (int)(value % 10));
        value /= 10;
    }
    if (lots < 0)
        out[--used] = '-';
    memmove(out, out + used, PL_QUANTITY_BYTES - (size_t)used);
}

static int64_t money_of(pl_i128 product, int row_shift)
{
    uint32_t ignored = 0;
    return pl_money_limit(pl_shift_down(product, row_shift), &ignored);
}

static void explain_position(struct collector *c, uint64_t slot)
{
    const struct pl_stage *s = &c->pl->stage;
    struct pl_explained_position *p = &c->x->positions[c->x->position_count++];
    uint32_t index = (uint32_t)pl_slot_position_instrument(slot);
    struct pl_row row;
    pl_dev_model_ops.read_row(c->model, index, &row, NULL);
    label_row(s, index, p->label, sizeof p->label);
    p->expiry = row.expiry;
    p->flags = row.flags;
    p->lots = pl_slot_position_lots(slot);
    label_quantity(s, index, p->lots, p->quantity);
    p->value = money_of((pl_i128)p->lots * row.base, row.row_shift);
    const int64_t greeks[PL_GREEKS] = { row.delta, row.gamma, row.vega, row.theta, row.rho };
    for (int g = 0; g < PL_GREEKS; g++) {
        pl_i128 unit = g == PL_GREEK_GAMMA ? 1 << PL_GAMMA_SHIFT : 1;
        p->greeks[g] = money_of((pl_i128)p->lots * greeks[g] * unit, row.row_shift);
    }
    for (int i = 0; i < PL_SCENARIOS_MAX; i++)
        p->pnl[i] = money_of((pl_i128)p->lots * (row.scenario[i] - row.base), row.row_shift);
}

static void collect_expiry(void *context, uint16_t expiry, const struct pl_sums *sums,
                           bool unpriced_asset)
{
    struct collector *c = context;
    struct pl_explained_expiry *e = &c->x->expiries[c->x->expiry_count++];
    label_group(&c->pl->stage, expiry, e->label, sizeof e->label);
    e->index = expiry;
    e->underlying = (uint16_t)c->pl->stage.groups[expiry].underlying;
    e->ignored = unpriced_asset;
    e->sums = *sums;
    e->rounding = sums->value;
    for (size_t i = 0; i < c->x->position_count; i++) {
        if (c->x->positions[i].expiry == expiry)
            e->rounding -= c->x->positions[i].value;
    }
}

static void add_term(struct collector *c, const char *underlying, int64_t maintenance,
                     int64_t initial, const char *term)
{
    if (maintenance == 0 && initial == 0)
        return;
    struct pl_explained_term *t = &c->x->terms[c->x->term_count++];
    snprintf(t->underlying, sizeof t->underlying, "%s", underlying);
    snprintf(t->term, sizeof t->term, "%s", term);
    t->maintenance = maintenance;
    t->initial = initial;
}

static void add_loss(struct collector *c, const char *name, int64_t loss, int64_t mm_factor,
                     int64_t im_factor, const char *scenario)
{
    uint32_t ignored = 0;
    char term[3 * PL_SYMBOL_BYTES];
    const double one = (double)PL_COEFFICIENT_ONE;
    snprintf(term, sizeof term, "worst loss (%s), times %.6g and %.6g", scenario,
             (double)mm_factor / one, (double)im_factor / one);
    add_term(c, name, pl_money_scale_up(loss, mm_factor, &ignored),
             pl_money_scale_up(loss, im_factor, &ignored), term);
}

/* The terms of one underlying, in the words of the close (model/close_underlying.c). */
static void collect_terms(struct collector *c, const char *name,
                          const struct pl_underlying_result *r, bool offset)
{
    const struct pl_sums *s = r->sums;
    uint32_t ignored = 0;
    char scenario[PL_SYMBOL_BYTES];
    pl_scenario_name(c->pl, r->underlying, r->worst_scenario, scenario);
    if (!offset)
        add_loss(c, name, -r->worst_loss, r->mm_loss_factor, r->im_loss_factor, scenario);
    add_term(c, name, s->mm, s->im, "positions: rates and brackets, naked shorts, haircuts");
    add_term(c, name, s->fee, s->fee, "fee to close");
    add_term(c, name, 0, s->perpetual ? s->oracle_perpetual : s->oracle, "oracle confidence");
    add_term(c, name, 0, pl_money_scale_up(s->order_loss, r->im_loss_factor, &ignored),
             "resting orders at their worst scenario, times the initial factor");
    add_term(c, name, 0, s->order_im,
             "resting orders at the worse side: rates, fees, naked shorts");
}

static void collect_underlying(void *context, int view, const struct pl_underlying_result *r)
{
    struct collector *c = context;
    const struct pl_tables *t = pl_dev_model_tables(c->model);
    if (view != c->view)
        return;
    struct pl_explained_underlying *u = &c->x->underlyings[c->x->underlying_count++];
    u->name = pl_underlying_name(c->pl, r->underlying);
    u->underlying = r->underlying;
    u->scenario_count = t->underlyings[r->underlying].scenario_count;
    u->offset_group = t->underlyings[r->underlying].offset_group;
    u->result = *r;
    u->sums = *r->sums;
    u->result.sums = NULL;
    collect_terms(c, u->name, r, u->offset_group != 0);
}

static void collect_offset(void *context, int view, const struct pl_offset_sums *o, int64_t loss)
{
    struct collector *c = context;
    if (view == c->view)
        add_loss(c, c->pl->stage.spec->offset_groups[o->group - 1].name, loss, o->mm_loss_factor,
                 o->im_loss_factor, "offset group, after credit");
}

static void count_view(void *context, uint16_t expiry, const struct pl_sums *sums,
                       bool unpriced_asset)
{
    (void)expiry, (void)sums;
    if (unpriced_asset)
        ((struct collector *)context)->view = 1;
}

static void ignore_underlying(void *context, int view, const struct pl_underlying_result *r)
{
    (void)context, (void)view, (void)r;
}

static void ignore_offset(void *context, int view, const struct pl_offset_sums *o, int64_t loss)
{
    (void)context, (void)view, (void)o, (void)loss;
}

static int allocate(struct pl_explanation *x, const struct pl_stage *s, size_t slots)
{
    x->positions = calloc(slots, sizeof *x->positions);
    x->expiries = calloc(slots, sizeof *x->expiries);
    x->underlyings = calloc(s->underlying_count, sizeof *x->underlyings);
    x->terms = calloc(8 * (size_t)s->underlying_count + PL_OFFSET_GROUPS_MAX, sizeof *x->terms);
    bool good =
        x->positions != NULL && x->expiries != NULL && x->underlyings != NULL && x->terms != NULL;
    return good ? 0 : -ENOMEM;
}

/* Equity and requirements from the terms must be the verdict's. */
static int check_sums(struct pl *pl, struct pl_explanation *x)
{
    uint32_t overflow = 0;
    int64_t equity = pl_money_add(x->cash, x->entry_costs, &overflow), mm = 0, im = 0;
    for (size_t i = 0; i < x->underlying_count; i++)
        equity = pl_money_add(equity, x->underlyings[i].sums.value, &overflow);
    for (size_t i = 0; i < x->term_count; i++) {
        mm = pl_money_add(mm, x->terms[i].maintenance, &overflow);
        im = pl_money_add(im, x->terms[i].initial, &overflow);
    }
    x->maintenance = pl_money_scale_up(mm, x->multiplier_q40, &overflow);
    x->initial = pl_money_scale_up(im, x->multiplier_q40, &overflow);
    bool same = x->verdict.equity == equity &&
                x->verdict.maintenance_excess == equity - x->maintenance &&
                x->verdict.initial_excess == equity - x->initial;
    if (same || overflow != 0)
        return 0;
    snprintf(pl->message, sizeof pl->message,
             "the terms of account %u do not add up to its verdict: please report this",
             x->verdict.account);
    return -EPROTO;
}

static int trace_slots(struct collector *c, const uint64_t *slots, size_t count)
{
    struct pl_trace first = { c, count_view, ignore_underlying, ignore_offset };
    struct pl_trace second = { c, collect_expiry, collect_underlying, collect_offset };
    struct pl_explanation *x = c->x;
    int error = allocate(x, &c->pl->stage, count);
    error = error != 0 ? error : pl_dev_model_trace(c->model, slots, count, &first, &x->verdict);
    if (error != 0)
        return error;
    x->view_count = c->view + 1;
    pl_i128 cash = 0;
    for (size_t i = 1; i < count; i++) {
        uint8_t tag = pl_slot_tag(slots[i]);
        if (tag == PL_TAG_POSITION || tag == PL_TAG_REQUIREMENT) {
            explain_position(c, slots[i]);
        } else if (tag == PL_TAG_ORDERS) {
            x->positions[x->position_count - 1].buy_lots = (int64_t)pl_slot_orders_buy(slots[i]);
            x->positions[x->position_count - 1].sell_lots = (int64_t)pl_slot_orders_sell(slots[i]);
        } else if (tag == PL_TAG_CASH || tag == PL_TAG_CASH_HIGH) {
            cash += (pl_i128)pl_slot_cash_amount(slots[i]) *
                    (tag == PL_TAG_CASH ? 1 : INT64_C(1) << 32);
        }
    }
    x->entry_costs = (int64_t)(cash - x->cash);
    error = pl_dev_model_trace(c->model, slots, count, &second, &x->verdict);
    return error != 0 ? error : check_sums(c->pl, x);
}

/* The specification as a device of its own, with the tables and the tick that `pl` has. */
static int open_model(struct pl *pl, struct pl_dev **out)
{
    struct pl_line *records = NULL;
    size_t count;
    uint64_t detail;
    const char *options = pl->stage.capabilities.profile == PL_PROFILE_SMALL ? "profile=small" : "";
    *out = NULL;
    int error = pl_dev_model_ops.open(options, out, pl->message);
    if (error != 0)
        return error;
    error = pl_stage_load_records(&pl->stage, &records, &count);
    if (error == 0)
        error = pl_dev_model_ops.load(*out, records, count, &detail);
    free(records);
    records = NULL;
    if (error == 0)
        error = pl_stage_committed_records(&pl->stage, &records, &count);
    if (error == 0)
        error = pl_dev_model_ops.tick(*out, records, count);
    free(records);
    return error;
}

/* The device's own verdict on the account must be the one explained. */
static int check_device(struct pl *pl, const uint64_t *slots, size_t count,
                        const struct pl_verdict *explained)
{
    struct pl_verdict v, none;
    struct pl_tick_summary summary;
    int error = pl->ops->sweep(pl->dev, slots, count, PL_STATE_HEALTHY, false);
    int got = error != 0 ? error : pl->ops->poll(pl->dev, &v, 1, &summary);
    if (got == 1)
        error = pl->ops->poll(pl->dev, &none, 1, &summary);
    if (error < 0 || got < 0)
        return error < 0 ? error : got;
    if (got == 1 && memcmp(&v, explained, sizeof v) == 0)
        return 0;
    snprintf(pl->message, sizeof pl->message,
             "the device returned another verdict on account %u than the specification: do not use "
             "it, and report this",
             explained->account);
    return -EPROTO;
}

static int explain_slots(struct collector *c, const uint64_t *slots, size_t count)
{
    struct pl *pl = c->pl;
    bool is_model = pl->ops == &pl_dev_model_ops;
    int error = 0;
    c->model = pl->dev;
    if (!is_model)
        error = open_model(pl, &c->model);
    if (error == 0)
        error = trace_slots(c, slots, count);
    if (error == 0 && !is_model)
        error = check_device(pl, slots, count, &c->x->verdict);
    if (!is_model && c->model != NULL)
        pl_dev_model_ops.close(c->model);
    return error;
}

int pl_explain(struct pl *pl, const struct pl_account *account, struct pl_explanation **out)
{
    struct collector c = { .pl = pl };
    *out = NULL;
    pl->message[0] = '\0';
    if (!pl->stage.committed) {
        snprintf(pl->message, sizeof pl->message, "explain before a tick: call pl_commit first");
        return -PL_STATUS_NOT_LOADED;
    }
    uint64_t *slots = malloc((pl_stage_slots_max(account) + 1) * sizeof *slots);
    c.x = calloc(1, sizeof *c.x);
    int64_t count = -ENOMEM;
    if (slots != NULL && c.x != NULL)
        count = pl_stage_account_slots(&pl->stage, account, slots, pl->message);
    int error = count < 0 ? (int)count : 0;
    if (error == 0) {
        slots[count] = (uint64_t)PL_TAG_END << 56;
        c.x->cash = account->cash_e8;
        c.x->multiplier_q40 = pl->stage.multipliers_q40[account->multiplier];
        error = explain_slots(&c, slots, (size_t)count + 1);
    }
    free(slots);
    if (error != 0) {
        pl_explanation_free(c.x);
        if (pl->message[0] == '\0')
            snprintf(pl->message, sizeof pl->message, "explain: %s", pl_error_name(error));
        return error;
    }
    *out = c.x;
    return 0;
}

void pl_explanation_free(struct pl_explanation *x)
{
    if (x == NULL)
        return;
    free(x->positions);
    free(x->expiries);
    free(x->underlyings);
    free(x->terms);
    free(x);
}
