#include "exposure.h"

#include <string.h>

#include "drift.h"
#include "factors.h"
#include "lots.h"
#include "model/money.h"
#include "requirement.h"
#include "rescale.h"

#define MONEY_MAX ((pl_i128)1 << 62)
#define ROUNDINGS 16 /* money: of the close of an expiry or an underlying */
#define UNITS_APART (1 + (1 << PL_RESCALE_BITS))
#define ERROR_BITS_FULL 36 /* pricing is exact within 2^-36 of D max(F, K) */
#define ERROR_BITS_SMALL 20

/* The positions of one expiry: cash deltas and sizes in money, what requirements gain for a price
 * move of 1. */
struct expiry_sums {
    uint16_t index;
    bool open;
    pl_i128 plus, minus; /* options whose delta lies above 0, and below */
    pl_i128 size;        /* of options: D (F + K) */
    pl_i128 linear;      /* value, with its sign */
    pl_i128 inverse;     /* value, without */
    struct pl_span maintenance, initial;
    pl_i128 maintenance_own, initial_own; /* the part that follows the expiry's own price */
    pl_i128 orders;                       /* size of the orders that are margined alone */
    pl_i128 roundings;                    /* of row entries */
    size_t first_option;                  /* of its options in the result */
};

/* One account in flight. */
struct work {
    struct pl_gauges *gauges;
    const struct pl_tables *tables;
    struct pl_exposure *out;
    uint8_t mode;
    int64_t multiplier;
    bool wide; /* something is too large for these sums */
    struct expiry_sums e;
    bool underlying_open;
    uint16_t underlying;
    pl_i128 loss[PL_NEEDS_MAX];                     /* multiplier * loss factor */
    struct pl_span (*values)[PL_SCENARIOS_MAX + 2]; /* [PL_NEEDS_MAX], by what decides */
    struct pl_span other[PL_NEEDS_MAX];
    pl_i128 error[PL_NEEDS_MAX];
    pl_i128 total[PL_NEEDS_MAX];      /* more than any sum of the account can reach */
    const struct pl_instrument *last; /* of the slot before, if it was a position */
    int64_t last_lots;
    struct pl_span last_initial;
};

static pl_i128 abs128(pl_i128 x)
{
    return x < 0 ? -x : x;
}

static pl_i128 max128(pl_i128 a, pl_i128 b)
{
    return a > b ? a : b;
}

static int64_t size_of(int64_t lots)
{
    return lots < 0 ? -lots : lots;
}

static pl_i128 product_up(int64_t money, int64_t factor)
{
    return ((pl_i128)money * factor + PL_MOVE_ONE - 1) >> PL_MOVE_BITS;
}

/* a * b, b a factor that is not negative; keeps sums far inside 128 bits. */
static pl_i128 times(struct work *w, pl_i128 money, pl_i128 factor)
{
    if ((pl_u128)(money + MONEY_MAX) > (pl_u128)(2 * MONEY_MAX) || factor > PL_FACTOR_MAX) {
        w->wide = true;
        return 0;
    }
    return product_up((int64_t)money, (int64_t)factor);
}

static void add_span(struct pl_span *into, pl_i128 low, pl_i128 high)
{
    into->low += low;
    into->high += high;
}

/* A requirement in proportion to a price: of the index, or of the expiry's own. */
static void add_column(struct work *w, pl_i128 maintenance, pl_i128 initial, bool own)
{
    struct expiry_sums *e = &w->e;
    add_span(&e->maintenance, maintenance, maintenance);
    add_span(&e->initial, initial, initial);
    e->maintenance_own += own ? maintenance : 0;
    e->initial_own += own ? initial : 0;
}

static bool is_asset(const struct work *w)
{
    return w->gauges->expiries[w->e.index].kind == PL_EXPIRY_ASSET;
}

/* Rounding of `lots` row entries of each kind. */
static void add_roundings(struct work *w, const struct pl_lot *lot, int64_t lots)
{
    w->e.roundings += pl_lots_worth(lots, lot->roundings, lot->bits) + ROUNDINGS;
}

static bool linear_notional(const struct pl_instrument *i)
{
    return i->row == PL_ROW_KIND_LINEAR;
}

static void add_brackets(struct work *w, const struct pl_instrument *i, int64_t lots,
                         const struct pl_lot *lot)
{
    bool own = linear_notional(i);
    pl_i128 notional = pl_lots_worth(lots, own ? lot->forward : lot->index, lot->bits);
    pl_i128 fee = pl_lots_worth(lots, lot->fee, lot->bits);
    struct pl_requirement r =
        pl_bracket_span(w->tables, &w->tables->classes[i->margin_class], lots, notional);
    add_column(w, fee, fee, own);
    add_span(&w->e.maintenance, r.maintenance.low, r.maintenance.high);
    add_span(&w->e.initial, r.initial.low, r.initial.high);
    w->e.maintenance_own += own ? r.maintenance.high : 0;
    w->e.initial_own += own ? r.initial.high : 0;
    w->last_initial = r.initial;
}

/* All columns of a coin follow its own price, of another linear contract the fee does. */
static void add_columns(struct work *w, const struct pl_instrument *i, int64_t lots,
                        const struct pl_lot *lot)
{
    struct expiry_sums *e = &w->e;
    const struct pl_lot_columns *c = &lot->columns[lots < 0];
    pl_i128 maintenance = pl_lots_worth(lots, c->maintenance, lot->bits);
    pl_i128 initial = pl_lots_worth(lots, c->initial, lot->bits);
    pl_i128 gap = lot->penalty_gap == 0 ? 0 : pl_lots_worth(lots, lot->penalty_gap, lot->bits);
    add_span(&e->maintenance, maintenance, maintenance);
    add_span(&e->initial, initial - gap, initial);
    if (!linear_notional(i))
        return;
    pl_i128 fee = pl_lots_worth(lots, lot->fee, lot->bits);
    e->maintenance_own += is_asset(w) ? maintenance : fee;
    e->initial_own += is_asset(w) ? initial : fee;
}

static bool add_position(struct work *w, const struct pl_instrument *i, int64_t lots)
{
    struct expiry_sums *e = &w->e;
    const struct pl_lot *lot = pl_lot_of(w->gauges, i);
    w->last = i;
    w->last_lots = lots;
    w->last_initial = (struct pl_span){ 0, 0 };
    if (lot == NULL)
        return false;
    if (i->row == PL_ROW_KIND_OPTION)
        w->out->options[w->out->option_count++] =
            (struct pl_option_slope){ .size = pl_lots_worth(lots, lot->size, lot->bits) };
    add_roundings(w, lot, size_of(lots));
    if (i->row == PL_ROW_KIND_OPTION && lots != 0) {
        pl_i128 delta = pl_lots_worth(lots, lot->delta, lot->bits);
        *((i->is_call != 0) == (lots > 0) ? &e->plus : &e->minus) += delta;
        e->size += pl_lots_worth(lots, lot->size, lot->bits);
    } else if (i->row == PL_ROW_KIND_LINEAR) {
        pl_i128 value = pl_lots_worth(lots, lot->forward, lot->bits);
        e->linear += lots < 0 ? -value : value;
    } else if (i->row == PL_ROW_KIND_INVERSE) {
        e->inverse += pl_lots_worth(lots, lot->forward, lot->bits);
    }
    if (w->mode == PL_MODE_PORTFOLIO)
        add_columns(w, i, lots, lot);
    else
        add_brackets(w, i, lots, lot);
    return true;
}

/* Orders count in the initial requirement alone, beside the position before them. */
static bool add_orders(struct work *w, int64_t buy, int64_t sell)
{
    const struct pl_instrument *i = w->last;
    const struct pl_class *c = &w->tables->classes[i->margin_class];
    int64_t lots = w->last_lots, held = size_of(lots);
    int64_t more = pl_max64(held, pl_max64(size_of(lots + buy), size_of(lots - sell))) - held;
    const struct pl_lot *lot = pl_lot_of(w->gauges, i);
    if (lot == NULL)
        return false;
    bool own = linear_notional(i);
    add_roundings(w, lot, buy + sell + more);
    int64_t notional = own ? lot->forward : lot->index;
    add_column(w, 0, pl_lots_worth(more, lot->fee, lot->bits), own);
    if (w->mode != PL_MODE_PORTFOLIO) {
        struct pl_span all =
            pl_bracket_order_span(w->tables, c, lots, buy, sell, notional, lot->bits);
        add_span(&w->e.initial, all.low - w->last_initial.low, all.high - w->last_initial.high);
        w->e.initial_own += own ? all.high : 0;
        return true;
    }
    pl_i128 worst = 0;
    const int64_t sides[] = { lots, lots + buy, lots - sell };
    for (int n = 0; n < 3; n++)
        worst = max128(worst, times(w, pl_lots_worth(sides[n], lot->index, lot->bits),
                                    sides[n] < 0 ? c->im_short : c->im_long));
    pl_i128 column = worst - times(w, pl_lots_worth(lots, lot->index, lot->bits),
                                   lots < 0 ? c->im_short : c->im_long);
    add_column(w, 0, column, is_asset(w));
    const struct pl_tick_price *p = &w->tables->frozen[i->expiry].price;
    pl_i128 gross = pl_lots_worth(more, lot->index, lot->bits);
    add_span(&w->e.initial, times(w, gross, pl_min64(p->penalty, p->penalty_perpetual)) - 1,
             times(w, gross, pl_max64(p->penalty, p->penalty_perpetual)));
    w->e.initial_own +=
        is_asset(w) ? times(w, gross, pl_max64(p->penalty, p->penalty_perpetual)) : 0;
    if (i->row == PL_ROW_KIND_OPTION)
        add_column(w, 0,
                   times(w, pl_lots_worth(sell, lot->index, lot->bits),
                         w->tables->underlyings[w->underlying].naked_im),
                   false);
    if (i->row == PL_ROW_KIND_REQUIREMENT)
        return true;
    bool option = i->row == PL_ROW_KIND_OPTION;
    pl_i128 alone =
        pl_lots_worth(pl_max64(buy, sell), option ? lot->size : lot->forward, lot->bits);
    w->e.orders += alone;
    if (option)
        w->out->options[w->out->option_count - 1].orders += alone;
    return true;
}

static struct pl_slope *add_slope(struct work *w, uint32_t gauge)
{
    struct pl_slope *s = &w->out->slopes[w->out->count++];
    *s = (struct pl_slope){ .gauge = gauge };
    return s;
}

/* The same cost on both sides. */
static void set_cost(struct pl_slope *s, uint32_t need, pl_i128 cost)
{
    s->cost[need][PL_SIDE_DOWN] = s->cost[need][PL_SIDE_UP] = cost;
}

/* Prices and ratios within reach make sizes at most half as large again. */
static pl_i128 half_more(pl_i128 cost)
{
    return cost + cost / 2 + 1;
}

/* Adds what values and scenarios of the expiry move by, for one need; *largest gets the most that
 * any of them moves for 1 of value. */
static bool close_values(struct work *w, uint32_t need, pl_i128 *largest)
{
    struct expiry_sums *e = &w->e;
    const struct pl_factor_row *row =
        pl_gauges_factors(w->gauges, e->index, need, (int64_t)w->loss[need]);
    uint32_t count = w->loss[need] == 0 ? 1 : w->gauges->decisive[w->underlying].count;
    bool owed = e->linear < 0;
    w->wide |= abs128(e->linear) > MONEY_MAX || e->plus > MONEY_MAX || e->minus > MONEY_MAX;
    if (!row->good || w->wide)
        return false;
    int64_t linear = (int64_t)abs128(e->linear), plus = (int64_t)e->plus, minus = (int64_t)e->minus;
    for (uint32_t k = 0; k < count; k++) {
        const struct pl_factor *f = &row->factors[k];
        struct pl_span *into = &w->values[need][k];
        pl_i128 falls = (pl_i128)minus * f->with + (pl_i128)plus * f->against;
        pl_i128 rises = (pl_i128)plus * f->with + (pl_i128)minus * f->against;
        falls += (pl_i128)linear * (owed ? f->owed_high : -f->linear_low);
        rises += (pl_i128)linear * (owed ? -f->owed_low : f->linear_high);
        into->low -= (falls >> PL_MOVE_BITS) + 1;
        into->high += (rises >> PL_MOVE_BITS) + 1;
    }
    *largest = row->largest[owed];
    return true;
}

static struct pl_span requirement_of(const struct work *w, uint32_t need, pl_i128 *own)
{
    const struct expiry_sums *e = &w->e;
    switch (w->out->needs[need].quantity) {
    case PL_QUANTITY_MAINTENANCE: *own = e->maintenance_own; return e->maintenance;
    case PL_QUANTITY_INITIAL: *own = e->initial_own; return e->initial;
    default: *own = 0; return (struct pl_span){ 0, 0 };
    }
}

/* What two verdicts may differ by without a move: twice what pricing and ratios are off, and the
 * roundings of entries, sums, words and closes, of which the later ones may be in coarser units. */
static pl_i128 roundings_of(struct work *w, const struct pl_factor_bounds *bounds,
                            pl_i128 requirement)
{
    const struct expiry_sums *e = &w->e;
    int bits = w->tables->profile == PL_PROFILE_SMALL ? ERROR_BITS_SMALL : ERROR_BITS_FULL;
    pl_i128 priced = times(w, e->size + e->orders, bounds->shock);
    pl_i128 exact = abs128(e->linear) + e->inverse + e->maintenance.high + e->initial.high;
    pl_i128 units = e->roundings + ROUNDINGS +
                    times(w, requirement, pl_gauges_index_slack(w->gauges, e->index));
    return 2 * ((priced >> bits) + (exact >> ERROR_BITS_FULL) + 1) + UNITS_APART * units;
}

/* What 1 of drift costs, of all of the expiry's options or of one of them. */
static pl_i128 drift_cost(struct work *w, uint32_t need, pl_i128 size, pl_i128 orders)
{
    const struct pl_factor_bounds *bounds = pl_gauges_bounds(w->gauges, w->e.index);
    bool initial = w->out->needs[need].quantity == PL_QUANTITY_INITIAL;
    pl_i128 alone = initial ? times(w, times(w, orders, bounds->order), w->loss[need]) : 0;
    return half_more(times(w, size, pl_factor_most(bounds, w->loss[need])) + alone);
}

/* Its costs of one need, in the expiry's gauges; what moves with the underlying's price goes to its
 * sums. */
static bool close_need(struct work *w, uint32_t need, struct pl_slope *ratio,
                       struct pl_slope *drift)
{
    struct expiry_sums *e = &w->e;
    uint8_t kind = w->gauges->expiries[e->index].kind;
    const struct pl_tick_time *time = &w->tables->frozen[e->index].time;
    const struct pl_factor_bounds *bounds = pl_gauges_bounds(w->gauges, e->index);
    pl_i128 most = pl_factor_most(bounds, w->loss[need]), largest, own;
    if (!close_values(w, need, &largest))
        return false;
    bool initial = w->out->needs[need].quantity == PL_QUANTITY_INITIAL;
    pl_i128 orders = initial ? times(w, times(w, e->orders, bounds->order), w->loss[need]) : 0;
    struct pl_span required = requirement_of(w, need, &own);
    bool follows = kind != PL_EXPIRY_INVERSE; /* the underlying's price */
    if (follows)
        add_span(&w->other[need], -times(w, required.high, w->multiplier) - orders,
                 -((required.low * w->multiplier) >> PL_MOVE_BITS) + 1 + orders);
    bool plain =
        time->long_discount == PL_COEFFICIENT_ONE && time->short_discount == PL_COEFFICIENT_ONE;
    pl_i128 size = kind == PL_EXPIRY_OPTIONS
                       ? (w->gauges->expiries[e->index].coin ? e->size : e->plus + e->minus)
                       : abs128(e->linear);
    pl_i128 cost = times(w, size, largest) + times(w, own, w->multiplier) + orders;
    cost += times(w, e->inverse, plain ? PL_COEFFICIENT_ONE : most);
    set_cost(ratio, need, half_more(cost));
    if (drift != NULL)
        set_cost(drift, need, drift_cost(w, need, e->size, e->orders));
    for (size_t i = e->first_option; i < w->out->option_count; i++) {
        struct pl_option_slope *o = &w->out->options[i];
        o->cost[need] = drift_cost(w, need, o->size, o->orders);
    }
    pl_i128 error = roundings_of(w, bounds, required.high);
    pl_i128 factor = most + w->multiplier + w->loss[need];
    w->error[need] += times(w, error, factor);
    w->total[need] += times(w,
                            e->size + abs128(e->linear) + e->inverse + e->orders +
                                e->maintenance.high + e->initial.high,
                            3 * factor);
    return !w->wide;
}

static bool close_expiry(struct work *w)
{
    struct expiry_sums *e = &w->e;
    if (!e->open)
        return true;
    e->open = false;
    uint8_t kind = w->gauges->expiries[e->index].kind;
    const struct pl_gauge *gauge = &w->gauges->items[pl_gauge_ratio(w->gauges, e->index)];
    if (kind == PL_EXPIRY_MIXED || gauge->value <= 0)
        return false;
    struct pl_slope *ratio = add_slope(w, pl_gauge_ratio(w->gauges, e->index));
    struct pl_slope *drift =
        kind == PL_EXPIRY_OPTIONS ? add_slope(w, pl_gauge_drift(w->gauges, e->index)) : NULL;
    for (uint32_t need = 0; need < w->out->need_count; need++) {
        if (!close_need(w, need, ratio, drift))
            return false;
    }
    return true;
}

/* The worst scenario's move lies between the least and the most of all of them. */
static void close_underlying(struct work *w)
{
    if (!w->underlying_open)
        return;
    struct pl_slope *s = add_slope(w, pl_gauge_price(w->underlying));
    for (uint32_t need = 0; need < w->out->need_count; need++) {
        uint32_t count = w->loss[need] == 0 ? 1 : w->gauges->decisive[w->underlying].count;
        struct pl_span hull = w->values[need][0];
        for (uint32_t k = 1; k < count; k++) {
            const struct pl_span *v = &w->values[need][k];
            hull.low = v->low < hull.low ? v->low : hull.low;
            hull.high = max128(hull.high, v->high);
        }
        pl_i128 falls = max128(0, -(hull.low + w->other[need].low)) + 1;
        pl_i128 rises = max128(0, hull.high + w->other[need].high) + 1;
        bool taken = w->out->needs[need].falls; /* what counts is a fall; else a rise */
        s->cost[need][PL_SIDE_UP] = taken ? falls : rises;
        s->cost[need][PL_SIDE_DOWN] = taken ? rises : falls;
        w->error[need] += UNITS_APART * pl_factor_up(ROUNDINGS, w->loss[need] + w->multiplier);
    }
    w->underlying_open = false;
}

/* Members of an offset group share the largest factor. */
static int64_t initial_factor(const struct pl_tables *t, uint16_t underlying)
{
    uint8_t group = t->underlyings[underlying].offset_group;
    int64_t factor = t->frozen_im_factor[underlying];
    for (uint32_t u = 0; u < t->model.underlyings && group != 0; u++) {
        if (t->underlyings[u].offset_group == group)
            factor = pl_max64(factor, t->frozen_im_factor[u]);
    }
    return factor;
}

static void start_underlying(struct work *w, uint16_t underlying)
{
    const struct pl_tables *t = w->tables;
    w->underlying = underlying;
    w->underlying_open = true;
    memset(w->other, 0, sizeof w->other);
    for (uint32_t need = 0; need < w->out->need_count; need++) {
        uint8_t quantity = w->out->needs[need].quantity;
        int64_t factor = quantity == PL_QUANTITY_MAINTENANCE
                             ? t->underlyings[underlying].mm_loss_factor
                             : initial_factor(t, underlying);
        bool counts = w->mode == PL_MODE_PORTFOLIO && quantity != PL_QUANTITY_EQUITY;
        w->loss[need] = counts ? pl_factor_up(w->multiplier, factor) : 0;
        memset(w->values[need], 0,
               w->gauges->decisive[underlying].count * sizeof w->values[need][0]);
    }
}

static bool take_position(struct work *w, uint64_t slot)
{
    const struct pl_tables *t = w->tables;
    const struct pl_instrument *i = &t->instruments[pl_slot_position_instrument(slot)];
    uint16_t underlying = t->expiries[i->expiry].underlying;
    if (!w->e.open || w->e.index != i->expiry) {
        if (!close_expiry(w))
            return false;
        if (w->underlying_open && w->underlying != underlying)
            close_underlying(w);
        if (!w->underlying_open)
            start_underlying(w, underlying);
        w->e = (struct expiry_sums){ .index = i->expiry,
                                     .open = true,
                                     .first_option = w->out->option_count };
    }
    return add_position(w, i, pl_slot_position_lots(slot));
}

/* What the positions need lies anywhere in tables that exceed the caches. */
static void fetch_ahead(const struct pl_gauges *g, const uint64_t *slots, size_t count)
{
    for (size_t n = 1; n < count; n++) {
        uint8_t tag = pl_slot_tag(slots[n]);
        if (tag != PL_TAG_POSITION && tag != PL_TAG_REQUIREMENT)
            continue;
        uint64_t instrument = pl_slot_position_instrument(slots[n]);
        __builtin_prefetch(&g->tables.instruments[instrument]);
        __builtin_prefetch(&g->lots[instrument], 1);
    }
}

static bool take_slots(struct work *w, const uint64_t *slots, size_t count)
{
    fetch_ahead(w->gauges, slots, count);
    for (size_t n = 1; n < count; n++) {
        bool good = true;
        switch (pl_slot_tag(slots[n])) {
        case PL_TAG_POSITION:
        case PL_TAG_REQUIREMENT: good = take_position(w, slots[n]); break;
        case PL_TAG_ORDERS:
            good = w->last != NULL && add_orders(w, (int64_t)pl_slot_orders_buy(slots[n]),
                                                 (int64_t)pl_slot_orders_sell(slots[n]));
            break;
        default: break;
        }
        if (!good || w->wide)
            return false;
    }
    if (!close_expiry(w))
        return false;
    close_underlying(w);
    return true;
}

static void set_need(struct pl_exposure *out, uint8_t quantity, bool falls, int64_t excess)
{
    out->needs[out->need_count++] = (struct pl_need){
        .quantity = quantity, .falls = falls, .margin = falls ? excess : -(pl_i128)excess - 1
    };
}

/* A requirement is never negative, so that a quantity above 0 holds those above it. */
static bool set_needs(struct pl_exposure *out, const struct pl_verdict *v)
{
    out->need_count = 0;
    switch (v->state) {
    case PL_STATE_HEALTHY:
        set_need(out, PL_QUANTITY_MAINTENANCE, true, v->maintenance_excess);
        set_need(out, PL_QUANTITY_INITIAL, true, v->initial_excess);
        return true;
    case PL_STATE_MARGIN_CALL:
        set_need(out, PL_QUANTITY_MAINTENANCE, true, v->maintenance_excess);
        set_need(out, PL_QUANTITY_INITIAL, false, v->initial_excess);
        return true;
    case PL_STATE_LIQUIDATE:
        set_need(out, PL_QUANTITY_EQUITY, true, v->equity);
        set_need(out, PL_QUANTITY_MAINTENANCE, false, v->maintenance_excess);
        return true;
    case PL_STATE_BANKRUPT: set_need(out, PL_QUANTITY_EQUITY, false, v->equity); return true;
    default: return false;
    }
}

bool pl_exposure_measure(struct pl_gauges *g, const uint64_t *slots, size_t count,
                         const struct pl_verdict *v, struct pl_exposure *out)
{
    const struct pl_tables *t = &g->tables;
    struct pl_span values[PL_NEEDS_MAX][PL_SCENARIOS_MAX + 2];
    struct work w = { .gauges = g, .tables = t, .out = out, .values = values };
    out->count = out->option_count = 0;
    if (!set_needs(out, v))
        return false;
    w.mode = (uint8_t)pl_slot_header_mode(slots[0]);
    w.multiplier = t->multipliers[pl_slot_header_multiplier(slots[0])].value;
    if (!take_slots(&w, slots, count))
        return false;
    if (out->count == 0)
        return true; /* nothing that could move */
    for (uint32_t need = 0; need < out->need_count; need++) {
        if (w.total[need] + abs128(v->equity) > MONEY_MAX)
            return false;
        out->needs[need].margin -= w.error[need] + UNITS_APART * ROUNDINGS;
        if (out->needs[need].margin <= 0)
            return false;
    }
    return true;
}
