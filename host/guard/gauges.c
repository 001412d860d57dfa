#include "gauges.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "drift.h"
#include "lots.h"
#include "model/money.h"
#include "rescale.h"

/* Reach and weight of each kind of gauge. The rates of exposure.c hold within these. */
#define PRICE_REACH (PL_MOVE_ONE / 4)
#define RATIO_REACH (PL_MOVE_ONE / 16)
#define DRIFT_REACH (PL_MOVE_ONE / 64)
#define PRICE_WEIGHT 8
#define RATIO_WEIGHT 1
#define DRIFT_WEIGHT 1
#define ANCHOR_REACH (PL_MOVE_ONE / 4096) /* beyond it an expiry gets a new anchor */
#define RATIO_BITS 52                     /* of a ratio when it is first taken */
#define NO_LEADER UINT32_MAX

int64_t pl_gauges_origin(const struct pl_gauges *g, uint32_t gauge)
{
    uint32_t first = g->tables.model.underlyings;
    if (gauge < first || (gauge - first) % 2 == 0)
        return g->items[gauge].value;
    const struct pl_expiry_gauges *e = &g->expiries[(gauge - first) / 2];
    return e->drift_base - e->drifted;
}

static int64_t index_slack(const struct pl_expiry_tick *ticks, uint32_t expiry, uint32_t leader)
{
    uint64_t index = ticks[expiry].price.index_price;
    uint64_t price = leader == NO_LEADER ? 0 : ticks[leader].price.index_price;
    if (index == 0 || price == 0)
        return PL_MOVE_ONE;
    return (int64_t)(2 * PL_MOVE_ONE / index + 2 * PL_MOVE_ONE / price + 2);
}

int64_t pl_gauges_index_slack(const struct pl_gauges *g, uint16_t expiry)
{
    return index_slack(g->tables.frozen, expiry, g->leaders[g->tables.expiries[expiry].underlying]);
}

const struct pl_factor_bounds *pl_gauges_bounds(struct pl_gauges *g, uint16_t expiry)
{
    struct pl_expiry_gauges *e = &g->expiries[expiry];
    if (!e->bounded)
        pl_factor_bounds(&g->tables, expiry, &e->bounds);
    e->bounded = true;
    return &e->bounds;
}

/* The largest sigma sqrt T of the expiry's options, Q.40; -1: there are none. */
static int64_t vol_root(const struct pl_gauges *g, uint16_t expiry)
{
    const struct pl_expiry_gauges *e = &g->expiries[expiry];
    if (e->kind != PL_EXPIRY_OPTIONS)
        return -1;
    int64_t root = pl_drift_q40(g->tables.frozen[expiry].time.sqrt_t);
    pl_i128 product = ((pl_i128)root * (int64_t)e->vol_max >> PL_VOL_BITS) + 1;
    return root >= PL_DRIFT_MAX || product > PL_FACTOR_MAX ? PL_FACTOR_MAX : (int64_t)product;
}

const struct pl_factor_row *pl_gauges_factors(struct pl_gauges *g, uint16_t expiry, uint32_t which,
                                              int64_t loss)
{
    const struct pl_expiry_gauges *e = &g->expiries[expiry];
    struct pl_factor_row *row = &g->factors[(size_t)expiry * PL_GAUGE_LOSSES + which];
    if (row->stamp == e->stamp && row->loss == loss)
        return row;
    row->stamp = e->stamp;
    row->loss = loss;
    row->root = vol_root(g, expiry);
    pl_factor_fill(&g->tables, expiry, &g->decisive[g->tables.expiries[expiry].underlying],
                   e->kind == PL_EXPIRY_OPTIONS, row);
    return row;
}

static void take_kind(struct pl_gauges *g, uint32_t instrument)
{
    const struct pl_instrument *i = &g->tables.instruments[instrument];
    struct pl_expiry_gauges *e = &g->expiries[i->expiry];
    static const uint8_t kinds[] = { [PL_ROW_KIND_OPTION] = PL_EXPIRY_OPTIONS,
                                     [PL_ROW_KIND_LINEAR] = PL_EXPIRY_LINEAR,
                                     [PL_ROW_KIND_INVERSE] = PL_EXPIRY_INVERSE,
                                     [PL_ROW_KIND_REQUIREMENT] = PL_EXPIRY_REQUIREMENT };
    uint8_t kind = kinds[i->row];
    if (i->is_asset)
        kind = i->row == PL_ROW_KIND_LINEAR ? PL_EXPIRY_ASSET : PL_EXPIRY_MIXED;
    if (e->count++ == 0) {
        e->first = instrument;
        e->kind = kind;
    } else if (e->kind != kind) {
        e->kind = PL_EXPIRY_MIXED;
    }
}

static bool allocate(struct pl_gauges *g)
{
    const struct pl_model *m = &g->tables.model;
    g->count = m->underlyings + 2 * (size_t)m->expiries;
    g->items = calloc(g->count, sizeof *g->items);
    g->expiries = calloc(m->expiries, sizeof *g->expiries);
    g->leaders = calloc(m->underlyings, sizeof *g->leaders);
    g->decisive = calloc(m->underlyings, sizeof *g->decisive);
    g->anchor_vols = calloc(m->instruments, sizeof *g->anchor_vols);
    g->factors = calloc((size_t)m->expiries * PL_GAUGE_LOSSES, sizeof *g->factors);
    g->lots = calloc(m->instruments, sizeof *g->lots);
    return g->items != NULL && g->expiries != NULL && g->leaders != NULL && g->decisive != NULL &&
           g->anchor_vols != NULL && g->factors != NULL && g->lots != NULL;
}

static bool coarser(struct pl_real unit, struct pl_real than)
{
    return unit.e > than.e + PL_RESCALE_BITS;
}

static bool finer(struct pl_real unit, struct pl_real than)
{
    return than.m == 0 || unit.e < than.e || (unit.e == than.e && unit.m < than.m);
}

/* Notes the finest units there were; false where they have become too coarse beside those. */
static bool note_units(struct pl_gauges *g, const struct pl_tables *t)
{
    bool good = true;
    for (uint32_t e = 0; e < t->model.expiries; e++) {
        struct pl_expiry_gauges *x = &g->expiries[e];
        int shift = t->expiries[e].row_shift;
        if (x->kind == PL_EXPIRY_EMPTY)
            continue;
        struct pl_real unit = pl_rescale_unit(t, x->first);
        if (x->finest_unit.m == 0 || shift > x->finest_shift)
            x->finest_shift = shift;
        if (finer(unit, x->finest_unit))
            x->finest_unit = unit;
        good = good && !coarser(unit, x->finest_unit) && shift >= x->finest_shift - PL_RESCALE_BITS;
    }
    return good;
}

static void start(struct pl_gauges *g)
{
    const struct pl_model *m = &g->tables.model;
    static const struct pl_gauge price = { .reach = PRICE_REACH,
                                           .weight = PRICE_WEIGHT,
                                           .relative = true };
    static const struct pl_gauge ratio = { .reach = RATIO_REACH,
                                           .weight = RATIO_WEIGHT,
                                           .relative = true };
    static const struct pl_gauge drift = { .reach = DRIFT_REACH, .weight = DRIFT_WEIGHT };
    for (uint32_t u = 0; u < m->underlyings; u++) {
        g->items[u] = price;
        g->leaders[u] = NO_LEADER;
        pl_factor_decisive(&g->tables, (uint16_t)u, &g->decisive[u]);
    }
    for (uint32_t e = 0; e < m->expiries; e++) {
        g->items[pl_gauge_ratio(g, (uint16_t)e)] = ratio;
        g->items[pl_gauge_drift(g, (uint16_t)e)] = drift;
    }
    for (uint32_t i = 0; i < m->instruments; i++)
        take_kind(g, i);
    note_units(g, &g->tables);
}

static int read_load(const struct pl_line *records, size_t count, uint8_t profile,
                     struct pl_tables *tables, void **memory)
{
    struct pl_model model;
    uint64_t detail;
    *memory = NULL;
    if (count == 0)
        return -EINVAL;
    memcpy(&model, records, sizeof model);
    size_t bytes = pl_tables_size(&model, profile);
    if (bytes == 0)
        return -EINVAL;
    *memory = aligned_alloc(PL_LINE_BYTES, bytes);
    if (*memory == NULL)
        return -ENOMEM;
    pl_tables_place(tables, &model, profile, *memory);
    for (size_t i = 1; i < count; i++) {
        if (pl_tables_load(tables, &records[i]) != PL_STATUS_OK)
            return -EINVAL;
    }
    return pl_tables_finish(tables, &detail) == PL_STATUS_OK ? 0 : -EINVAL;
}

int pl_gauges_load(struct pl_gauges *g, const struct pl_line *records, size_t count,
                   uint8_t profile)
{
    pl_gauges_free(g);
    int error = read_load(records, count, profile, &g->tables, &g->memory);
    if (error != 0)
        return error;
    if (!allocate(g))
        return -ENOMEM;
    start(g);
    return 0;
}

bool pl_gauges_rescale(struct pl_gauges *g, const struct pl_line *records, size_t count,
                       uint8_t profile)
{
    struct pl_tables tables;
    void *memory;
    bool good = g->settled && read_load(records, count, profile, &tables, &memory) == 0 &&
                pl_rescale_same(&g->tables, &tables) && note_units(g, &tables);
    if (!good) {
        if (g->settled)
            free(memory);
        return false;
    }
    pl_rescale_copy(&g->tables, &tables);
    free(g->memory);
    g->memory = memory;
    g->tables = tables;
    g->rescaled = true;
    return true;
}

void pl_gauges_free(struct pl_gauges *g)
{
    for (size_t i = 0; i < g->count && g->items != NULL; i++)
        pl_gauge_free(&g->items[i]);
    free(g->items);
    free(g->expiries);
    free(g->leaders);
    free(g->decisive);
    free(g->anchor_vols);
    free(g->lots);
    free(g->factors);
    free(g->memory);
    *g = (struct pl_gauges){ 0 };
}

/* a / b * 2^bits; 0: there is no such ratio. */
static uint64_t ratio_of(uint64_t a, uint64_t b, int bits)
{
    if (a == 0 || b == 0 || (int)pl_bit_length(a) + bits > 126)
        return 0;
    pl_u128 ratio = ((pl_u128)a << bits) / b;
    return ratio >> 62 != 0 ? 0 : (uint64_t)ratio;
}

static int ratio_bits(uint64_t a, uint64_t b)
{
    return RATIO_BITS - (int)pl_bit_length(a) + (int)pl_bit_length(b);
}

/* Money of one lot of the expiry's first instrument at this price word, in a unit that stays when
 * those of words change; 0: there is none. */
static uint64_t worth_of(struct pl_expiry_gauges *e, const struct pl_tables *t, uint64_t word)
{
    struct pl_real worth =
        pl_real_mul(pl_real_from_int((int64_t)word), pl_rescale_unit(t, e->first));
    bool saturated = false;
    if (worth.m == 0)
        return 0;
    if (!e->measured)
        e->worth_bits = RATIO_BITS - worth.e;
    e->measured = true;
    int64_t value = pl_real_to_int(worth, e->worth_bits, &saturated);
    if (value >> (RATIO_BITS / 2) == 0 || value >> 61 != 0) { /* too far from the first */
        e->measured = false;
        return 0;
    }
    return (uint64_t)value;
}

static void trip(struct pl_gauges *g, uint32_t gauge)
{
    g->items[gauge].tripped = true;
}

static uint16_t underlying_of(const struct pl_gauges *g, uint32_t expiry)
{
    return g->tables.expiries[expiry].underlying;
}

/* The index word with the most digits among the expiries that follow it; a coin's own price where
 * there is nothing else. */
static void choose_leader(struct pl_gauges *g, uint16_t underlying)
{
    const struct pl_tables *t = &g->tables;
    uint32_t best = NO_LEADER;
    for (uint32_t e = 0; e < t->model.expiries; e++) {
        uint8_t kind = g->expiries[e].kind;
        if (underlying_of(g, e) != underlying || kind == PL_EXPIRY_EMPTY ||
            kind == PL_EXPIRY_INVERSE || kind == PL_EXPIRY_MIXED ||
            t->live[e].price.index_price == 0)
            continue;
        bool coin = kind == PL_EXPIRY_ASSET;
        bool best_coin = best != NO_LEADER && g->expiries[best].kind == PL_EXPIRY_ASSET;
        if (best == NO_LEADER || (best_coin && !coin) ||
            (best_coin == coin && t->live[e].price.index_price > t->live[best].price.index_price))
            best = e;
    }
    g->leaders[underlying] = best;
    trip(g, pl_gauge_price(underlying));
    for (uint32_t e = 0; e < t->model.expiries; e++) {
        if (underlying_of(g, e) == underlying)
            g->expiries[e].ratio_bits = g->expiries[e].index_bits = 0; /* of another leader */
    }
}

static void move_price(struct pl_gauges *g, uint16_t underlying)
{
    const struct pl_tables *t = &g->tables;
    uint32_t leader = g->leaders[underlying];
    if (leader == NO_LEADER || t->live[leader].price.index_price == 0)
        choose_leader(g, underlying);
    leader = g->leaders[underlying];
    struct pl_gauge *gauge = &g->items[pl_gauge_price(underlying)];
    uint64_t worth = leader == NO_LEADER
                         ? 0
                         : worth_of(&g->expiries[leader], t, t->live[leader].price.index_price);
    gauge->value = worth == 0 ? 1 : (int64_t)worth;
    if (t->live_im_factor[underlying] != t->frozen_im_factor[underlying])
        trip(g, pl_gauge_price(underlying));
}

static void move_ratio(struct pl_gauges *g, uint32_t expiry)
{
    struct pl_expiry_gauges *e = &g->expiries[expiry];
    uint32_t gauge = pl_gauge_ratio(g, (uint16_t)expiry);
    uint64_t word = 0;
    if (e->kind != PL_EXPIRY_EMPTY)
        word = worth_of(e, &g->tables, g->tables.live[expiry].price.forward);
    uint64_t price = (uint64_t)g->items[pl_gauge_price(underlying_of(g, expiry))].value;
    if (e->kind == PL_EXPIRY_INVERSE || e->kind == PL_EXPIRY_MIXED) {
        g->items[gauge].value = (int64_t)word;
        return;
    }
    uint64_t ratio = e->ratio_bits == 0 ? 0 : ratio_of(word, price, e->ratio_bits);
    if (ratio == 0) {
        e->ratio_bits = word == 0 ? 0 : ratio_bits(word, price);
        ratio = ratio_of(word, price, e->ratio_bits);
        trip(g, gauge);
    }
    g->items[gauge].value = (int64_t)ratio;
}

/* An index word that does not follow the underlying's price is not what rates are made for. */
static void check_index(struct pl_gauges *g, uint32_t expiry)
{
    struct pl_expiry_gauges *e = &g->expiries[expiry];
    const struct pl_tick_price *live = &g->tables.live[expiry].price;
    uint16_t underlying = underlying_of(g, expiry);
    uint64_t price = (uint64_t)g->items[pl_gauge_price(underlying)].value;
    uint64_t word = live->index_price;
    bool strange = false;
    if (e->kind == PL_EXPIRY_ASSET) {
        strange = word != live->forward;
    } else if (e->kind == PL_EXPIRY_INVERSE) {
        strange = !g->rescaled && word != g->tables.frozen[expiry].price.index_price;
    } else if (e->kind != PL_EXPIRY_EMPTY && e->kind != PL_EXPIRY_MIXED && word != 0) {
        uint64_t worth = worth_of(e, &g->tables, word);
        if (e->index_bits == 0 || e->index_ratio == 0) {
            e->index_bits = worth == 0 ? 0 : ratio_bits(worth, price);
            e->index_ratio = ratio_of(worth, price, e->index_bits);
            strange = true;
        }
        uint64_t ratio = ratio_of(worth, price, e->index_bits);
        uint64_t off = ratio > e->index_ratio ? ratio - e->index_ratio : e->index_ratio - ratio;
        int64_t slack = index_slack(g->tables.live, expiry, g->leaders[underlying]);
        strange |= ((pl_u128)off << PL_MOVE_BITS) > (pl_u128)e->index_ratio * (uint64_t)slack;
    }
    if (strange)
        trip(g, pl_gauge_ratio(g, (uint16_t)expiry));
}

/* Doubt that was not there, oracle penalties, and the times of what does not drift. */
static void check_words(struct pl_gauges *g, uint32_t expiry)
{
    const struct pl_expiry_tick *live = &g->tables.live[expiry], *old = &g->tables.frozen[expiry];
    bool strange = (live->price.flags & ~old->price.flags) != 0 ||
                   live->price.penalty != old->price.penalty ||
                   live->price.penalty_perpetual != old->price.penalty_perpetual ||
                   live->time.kind != old->time.kind || live->shift.kind != old->shift.kind;
    if (g->expiries[expiry].kind != PL_EXPIRY_OPTIONS)
        strange |= live->time.moving != old->time.moving ||
                   live->time.basis_weight != old->time.basis_weight ||
                   live->time.long_discount != old->time.long_discount ||
                   live->time.short_discount != old->time.short_discount;
    if (strange)
        trip(g, pl_gauge_ratio(g, (uint16_t)expiry));
}

/* Whether the discount is index / forward. What it was it stays while it can be both. */
static bool is_coin(const struct pl_expiry_gauges *e, const struct pl_tick_price *p)
{
    struct pl_real discount;
    if (!pl_real_unpack(p->discount, &discount) || p->forward == 0 || p->index_price == 0)
        return false;
    struct pl_real product = pl_real_mul(discount, pl_real_from_int((int64_t)p->forward));
    struct pl_real index = pl_real_from_int((int64_t)p->index_price);
    pl_i128 m = (pl_i128)product.m * 2, n = (pl_i128)index.m * 2;
    if (product.e == index.e + 1)
        m *= 2;
    else if (index.e == product.e + 1)
        n *= 2;
    else if (product.e != index.e)
        return false;
    pl_i128 off = m > n ? m - n : n - m;
    bool one = discount.m == INT64_C(1) << (PL_REAL_BITS - 1) && discount.e == 1;
    return off <= 64 && (!one || e->coin);
}

static void set_anchor(struct pl_gauges *g, uint32_t expiry)
{
    struct pl_expiry_gauges *e = &g->expiries[expiry];
    e->anchor = g->tables.live[expiry];
    for (uint32_t i = e->first; i < e->first + e->count; i++)
        g->anchor_vols[i] = g->tables.live_vols[i].vol;
    e->drift_base += e->drifted;
    e->drifted = 0;
}

/* The largest move of a vol since the anchor; a vol in doubt that was not trips the expiry. */
static uint64_t move_vols(struct pl_gauges *g, uint32_t expiry)
{
    const struct pl_tables *t = &g->tables;
    struct pl_expiry_gauges *e = &g->expiries[expiry];
    uint64_t moved = 0;
    e->vol_max = 0;
    for (uint32_t i = e->first; i < e->first + e->count; i++) {
        const struct pl_tick_vol *live = &t->live_vols[i], *old = &t->frozen_vols[i];
        uint64_t a = g->anchor_vols[i], b = live->vol, high = a > b ? a : b, low = a > b ? b : a;
        moved = high - low > moved ? high - low : moved;
        e->vol_max = high > e->vol_max ? high : e->vol_max;
        if ((live->flags & ~old->flags) != 0 || live->kind != old->kind)
            trip(g, pl_gauge_ratio(g, (uint16_t)expiry));
    }
    return moved;
}

static int64_t largest_shock(const struct pl_tables *t, uint32_t expiry)
{
    const struct pl_underlying *u = &t->underlyings[t->expiries[expiry].underlying];
    const struct pl_scenario *s = pl_tables_scenarios(t, u);
    int64_t largest = 0;
    for (uint32_t k = 0; k < u->scenario_count + 2u; k++) {
        int64_t shock = k < u->scenario_count    ? s[k].shock
                        : k == u->scenario_count ? u->basis_up
                                                 : u->basis_down;
        int64_t away = shock - PL_COEFFICIENT_ONE;
        largest = pl_max64(largest, away < 0 ? -away : away);
    }
    return largest;
}

static void move_drift(struct pl_gauges *g, uint32_t expiry)
{
    struct pl_expiry_gauges *e = &g->expiries[expiry];
    const struct pl_expiry_tick *live = &g->tables.live[expiry];
    bool coin = is_coin(e, &live->price);
    if (coin != e->coin)
        trip(g, pl_gauge_ratio(g, (uint16_t)expiry));
    e->coin = coin;
    if (!g->settled)
        set_anchor(g, expiry);
    struct pl_drift_step step = {
        .from = &e->anchor,
        .to = live,
        .vol_move = move_vols(g, expiry),
        .vol_floor = g->tables.underlyings[underlying_of(g, expiry)].vol_floor,
        .shock_max = largest_shock(&g->tables, expiry),
        .coin = coin,
    };
    step.vol_max = e->vol_max;
    e->drifted = pl_drift(&step);
    struct pl_gauge *gauge = &g->items[pl_gauge_drift(g, (uint16_t)expiry)];
    if (e->drifted >= PL_DRIFT_MAX / 4) {
        e->drifted = 0;
        gauge->tripped = true;
        set_anchor(g, expiry);
    } else if (e->drifted > ANCHOR_REACH) {
        set_anchor(g, expiry);
    }
    gauge->value = e->drift_base + e->drifted;
}

static bool changed(const struct pl_gauges *g, uint32_t expiry)
{
    const struct pl_expiry_gauges *e = &g->expiries[expiry];
    return g->tables.expiry_changed[expiry] ||
           memchr(g->tables.instrument_changed + e->first, 1, e->count) != NULL;
}

/* What was live is the tick in hand. */
static void freeze(struct pl_gauges *g)
{
    struct pl_tables *t = &g->tables;
    const struct pl_model *m = &t->model;
    for (uint32_t e = 0; e < m->expiries; e++) {
        struct pl_expiry_gauges *x = &g->expiries[e];
        if (!changed(g, e) && g->settled)
            continue;
        x->bounded =
            x->bounded && memcmp(&t->frozen[e].time, &t->live[e].time, sizeof t->live[e].time) == 0;
        t->frozen[e] = t->live[e];
        x->stamp = ++g->stamps;
        if (memchr(t->instrument_changed + x->first, 1, x->count) != NULL || !g->settled)
            memcpy(t->frozen_vols + x->first, t->live_vols + x->first,
                   x->count * sizeof *t->live_vols);
    }
    memcpy(t->frozen_im_factor, t->live_im_factor, m->underlyings * sizeof *t->live_im_factor);
    memset(t->instrument_changed, 0, (size_t)m->instruments + m->expiries);
    g->settled = true;
}

/* Whether there are but a few vols of options, COMMIT aside. */
static bool few_vols(const struct pl_gauges *g, const struct pl_line *records, size_t count)
{
    const struct pl_tables *t = &g->tables;
    bool few = g->settled && !g->rescaled && count <= PL_VOL_MOVES_MAX + 1;
    for (size_t i = 0; few && i + 1 < count; i++) {
        struct pl_tick_vol r;
        memcpy(&r, &records[i], sizeof r);
        few = r.kind == PL_RECORD_TICK_VOL && r.index < t->model.instruments &&
              g->expiries[t->instruments[r.index].expiry].kind == PL_EXPIRY_OPTIONS;
    }
    return few;
}

/* The live vol is that of the tick in hand, and the anchor's. */
static void move_alone(struct pl_gauges *g, uint32_t instrument)
{
    struct pl_tables *t = &g->tables;
    uint16_t expiry = t->instruments[instrument].expiry;
    struct pl_expiry_gauges *e = &g->expiries[expiry];
    const struct pl_tick_vol *live = &t->live_vols[instrument];
    const struct pl_tick_vol *old = &t->frozen_vols[instrument];
    uint64_t before = g->anchor_vols[instrument];
    struct pl_drift_step step = {
        .from = &e->anchor,
        .to = &e->anchor,
        .vol_move = live->vol > before ? live->vol - before : before - live->vol,
        .vol_max = live->vol > before ? live->vol : before,
        .vol_floor = t->underlyings[underlying_of(g, expiry)].vol_floor,
    };
    bool strange = (live->flags & ~old->flags) != 0 || live->kind != old->kind;
    g->moves[g->move_count++] =
        (struct pl_vol_move){ .instrument = instrument,
                              .drift = strange ? PL_DRIFT_MAX : pl_drift(&step) };
    g->anchor_vols[instrument] = live->vol;
    t->frozen_vols[instrument] = *live;
    t->instrument_changed[instrument] = 0;
    if (live->vol <= e->vol_max)
        return;
    e->vol_max = live->vol;
    for (uint32_t n = 0; n < PL_GAUGE_LOSSES; n++)
        g->factors[(size_t)expiry * PL_GAUGE_LOSSES + n].stamp = 0; /* of the largest vol before */
}

static int take_few_vols(struct pl_gauges *g, const struct pl_line *records, size_t count)
{
    for (size_t i = 0; i + 1 < count; i++) {
        struct pl_tick_vol r;
        memcpy(&r, &records[i], sizeof r);
        if (pl_tables_tick(&g->tables, &records[i]) != PL_STATUS_OK)
            return -EINVAL;
        move_alone(g, r.index);
    }
    return 0;
}

int pl_gauges_tick(struct pl_gauges *g, const struct pl_line *records, size_t count)
{
    struct pl_tables *t = &g->tables;
    g->move_count = 0;
    g->few_vols = few_vols(g, records, count);
    if (g->few_vols)
        return take_few_vols(g, records, count);
    for (size_t i = 0; i < g->count; i++)
        g->items[i].tripped = false;
    for (size_t i = 0; i + 1 < count; i++) {
        if (pl_tables_tick(t, &records[i]) != PL_STATUS_OK)
            return -EINVAL;
    }
    for (uint32_t u = 0; u < t->model.underlyings; u++)
        move_price(g, (uint16_t)u);
    for (uint32_t e = 0; e < t->model.expiries; e++) {
        move_ratio(g, e);
        check_index(g, e);
        check_words(g, e);
        if (g->expiries[e].kind == PL_EXPIRY_OPTIONS && (changed(g, e) || !g->settled))
            move_drift(g, e);
    }
    freeze(g);
    return 0;
}
