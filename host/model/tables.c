#include "tables.h"

#include <string.h>

#include "money.h"
#include "pricing.h"
#include "row.h"

/* One row per table: which record fills it, how many entries, where they lie. */
struct table {
    uint8_t kind;
    uint32_t entries;
    size_t entry_size;
    void **place;
};

#define TABLES 16

static void list_tables(struct pl_tables *t, struct table out[TABLES])
{
    const struct pl_model *m = &t->model;
    const struct table list[TABLES] = {
        { PL_RECORD_SCENARIO, m->scenario_tables * PL_SCENARIOS_MAX, sizeof *t->scenarios,
          (void **)&t->scenarios },
        { PL_RECORD_UNDERLYING, m->underlyings, sizeof *t->underlyings, (void **)&t->underlyings },
        { PL_RECORD_EXPIRY, m->expiries, sizeof *t->expiries, (void **)&t->expiries },
        { PL_RECORD_INSTRUMENT, m->instruments, sizeof *t->instruments, (void **)&t->instruments },
        { PL_RECORD_CLASS, m->classes, sizeof *t->classes, (void **)&t->classes },
        { PL_RECORD_BRACKET, m->bracket_tables * PL_BRACKETS_MAX, sizeof *t->brackets,
          (void **)&t->brackets },
        { PL_RECORD_MULTIPLIER, m->multipliers, sizeof *t->multipliers, (void **)&t->multipliers },
        { PL_RECORD_OFFSET_GROUP, m->offset_groups, sizeof *t->offset_groups,
          (void **)&t->offset_groups },
        { 0, m->expiries, sizeof *t->live, (void **)&t->live },
        { 0, m->expiries, sizeof *t->frozen, (void **)&t->frozen },
        { 0, m->instruments, sizeof *t->live_vols, (void **)&t->live_vols },
        { 0, m->instruments, sizeof *t->frozen_vols, (void **)&t->frozen_vols },
        { 0, m->underlyings, 2 * sizeof *t->live_im_factor, (void **)&t->live_im_factor },
        { 0, m->instruments, sizeof *t->rows, (void **)&t->rows },
        { 0, m->instruments, sizeof *t->repriced, (void **)&t->repriced },
        { 0, m->instruments + m->expiries, 1, (void **)&t->instrument_changed },
    };
    memcpy(out, list, sizeof list);
}

static size_t line_round(size_t bytes)
{
    return (bytes + PL_LINE_BYTES - 1) / PL_LINE_BYTES * PL_LINE_BYTES;
}

static bool within(uint32_t value, uint32_t low, uint32_t high)
{
    return value >= low && value <= high;
}

size_t pl_tables_size(const struct pl_model *m, uint8_t profile)
{
    uint32_t instruments_max =
        profile == PL_PROFILE_SMALL ? PL_INSTRUMENTS_MAX_SMALL : PL_INSTRUMENTS_MAX;
    if (!within(m->instruments, 1, instruments_max) || !within(m->expiries, 1, PL_EXPIRIES_MAX) ||
        !within(m->underlyings, 1, PL_UNDERLYINGS_MAX) || !within(m->classes, 1, PL_CLASSES_MAX) ||
        !within(m->scenario_tables, 0, PL_SCENARIO_TABLES_MAX) ||
        !within(m->bracket_tables, 0, PL_BRACKET_TABLES_MAX - 1) ||
        !within(m->offset_groups, 0, PL_OFFSET_GROUPS_MAX - 1) ||
        !within(m->multipliers, 1, PL_MULTIPLIERS_MAX)) {
        return 0;
    }
    struct pl_tables sizing = { .model = *m };
    struct table list[TABLES];
    list_tables(&sizing, list);
    size_t bytes = PL_LINE_BYTES;
    for (size_t i = 0; i < TABLES; i++)
        bytes += line_round(list[i].entries * list[i].entry_size);
    return bytes;
}

void pl_tables_place(struct pl_tables *t, const struct pl_model *model, uint8_t profile,
                     void *memory)
{
    memset(memory, 0, pl_tables_size(model, profile));
    *t = (struct pl_tables){
        .arith = profile == PL_PROFILE_SMALL ? &pl_arith_small : &pl_arith_full,
        .profile = profile,
        .model = *model,
    };
    struct table list[TABLES];
    list_tables(t, list);
    unsigned char *next = memory;
    for (size_t i = 0; i < TABLES; i++) {
        *list[i].place = next;
        next += line_round(list[i].entries * list[i].entry_size);
    }
    t->frozen_im_factor = t->live_im_factor + model->underlyings;
    t->expiry_changed = t->instrument_changed + model->instruments;
}

static bool coefficient(int64_t value, int64_t low, int64_t high)
{
    return value >= low * PL_COEFFICIENT_ONE && value <= high * PL_COEFFICIENT_ONE;
}

static bool rate(int64_t value)
{
    return coefficient(value, 0, PL_COEFFICIENT_MAX);
}

#define COPY(record, type)                                                                         \
    struct type r;                                                                                 \
    memcpy(&r, record->bytes, sizeof r)

static enum pl_status load_scenario(struct pl_tables *t, const struct pl_line *record)
{
    COPY(record, pl_scenario);
    uint32_t count_max = t->profile == PL_PROFILE_SMALL ? PL_SCENARIOS_MAX_SMALL : PL_SCENARIOS_MAX;
    bool skew = r.vol_rule == PL_VOL_RULE_LINEAR || r.vol_rule == PL_VOL_RULE_ABS;
    if (r.scenario_table >= t->model.scenario_tables || !within(r.count, 1, count_max) ||
        r.index >= r.count || r.vol_rule > PL_VOL_RULE_ABS || !rate(r.shock) || r.shock == 0 ||
        !rate(r.dampening) || (skew && r.shock != PL_COEFFICIENT_ONE))
        return PL_STATUS_MALFORMED_RECORD;
    t->scenarios[(size_t)r.scenario_table * PL_SCENARIOS_MAX + r.index] = r;
    return PL_STATUS_OK;
}

static enum pl_status load_underlying(struct pl_tables *t, const struct pl_line *record)
{
    COPY(record, pl_underlying);
    if (r.index >= t->model.underlyings || r.offset_group > t->model.offset_groups ||
        (r.scenario_count != 0 && r.scenario_table >= t->model.scenario_tables) ||
        !rate(r.mm_loss_factor) || !rate(r.im_loss_factor) || !rate(r.basis_up) ||
        !rate(r.basis_down) || !rate(r.naked_im) ||
        r.vol_floor >> PL_VOL_BITS >= PL_VOL_MULTIPLIER_MAX)
        return PL_STATUS_MALFORMED_RECORD;
    t->underlyings[r.index] = r;
    t->live_im_factor[r.index] = r.im_loss_factor;
    return PL_STATUS_OK;
}

static enum pl_status load_expiry(struct pl_tables *t, const struct pl_line *record)
{
    COPY(record, pl_expiry);
    if (r.index >= t->model.expiries || r.underlying >= t->model.underlyings ||
        r.row_shift > PL_ROW_SHIFT_MAX || r.row_shift < -PL_ROW_SHIFT_MAX || r.perpetual > 1 ||
        r.scenario > 1)
        return PL_STATUS_MALFORMED_RECORD;
    t->expiries[r.index] = r;
    return PL_STATUS_OK;
}

static enum pl_status load_instrument(struct pl_tables *t, const struct pl_line *record)
{
    COPY(record, pl_instrument);
    if (r.index >= t->model.instruments || r.expiry >= t->model.expiries ||
        r.margin_class >= t->model.classes ||
        !within(r.row, PL_ROW_KIND_OPTION, PL_ROW_KIND_REQUIREMENT) || r.is_call > 1 ||
        r.is_asset > 1 || (r.row == PL_ROW_KIND_OPTION && r.strike == 0) ||
        r.strike >> pl_price_bits(t->profile) != 0)
        return PL_STATUS_MALFORMED_RECORD;
    t->instruments[r.index] = r;
    return PL_STATUS_OK;
}

static enum pl_status load_class(struct pl_tables *t, const struct pl_line *record)
{
    COPY(record, pl_class);
    if (r.index >= t->model.classes || r.long_brackets > t->model.bracket_tables ||
        r.short_brackets > t->model.bracket_tables || !rate(r.mm_long) || !rate(r.mm_short) ||
        !rate(r.im_long) || !rate(r.im_short) || !rate(r.fee))
        return PL_STATUS_MALFORMED_RECORD;
    t->classes[r.index] = r;
    return PL_STATUS_OK;
}

static enum pl_status load_bracket(struct pl_tables *t, const struct pl_line *record)
{
    COPY(record, pl_bracket);
    if (!within(r.bracket_table, 1, t->model.bracket_tables) ||
        !within(r.count, 1, PL_BRACKETS_MAX) || r.index >= r.count || !rate(r.mm_rate) ||
        !rate(r.im_rate))
        return PL_STATUS_MALFORMED_RECORD;
    t->brackets[(size_t)(r.bracket_table - 1) * PL_BRACKETS_MAX + r.index] = r;
    return PL_STATUS_OK;
}

static enum pl_status load_multiplier(struct pl_tables *t, const struct pl_line *record)
{
    COPY(record, pl_multiplier);
    if (r.index >= t->model.multipliers || !rate(r.value) || r.value == 0 ||
        (r.index == 0 && r.value != PL_COEFFICIENT_ONE))
        return PL_STATUS_MALFORMED_RECORD;
    t->multipliers[r.index] = r;
    return PL_STATUS_OK;
}

static enum pl_status load_offset_group(struct pl_tables *t, const struct pl_line *record)
{
    COPY(record, pl_offset_group);
    if (!within(r.index, 1, t->model.offset_groups) || !coefficient(r.credit, 0, 1))
        return PL_STATUS_MALFORMED_RECORD;
    t->offset_groups[r.index - 1] = r;
    return PL_STATUS_OK;
}

enum pl_status pl_tables_load(struct pl_tables *t, const struct pl_line *record)
{
    t->complete = false;
    t->committed = false;
    switch (record->bytes[0]) {
    case PL_RECORD_SCENARIO: return load_scenario(t, record);
    case PL_RECORD_UNDERLYING: return load_underlying(t, record);
    case PL_RECORD_EXPIRY: return load_expiry(t, record);
    case PL_RECORD_INSTRUMENT: return load_instrument(t, record);
    case PL_RECORD_CLASS: return load_class(t, record);
    case PL_RECORD_BRACKET: return load_bracket(t, record);
    case PL_RECORD_MULTIPLIER: return load_multiplier(t, record);
    case PL_RECORD_OFFSET_GROUP: return load_offset_group(t, record);
    default: return PL_STATUS_MALFORMED_RECORD;
    }
}

static enum pl_status tick_price(struct pl_tables *t, const struct pl_line *record)
{
    COPY(record, pl_tick_price);
    unsigned bits = pl_price_bits(t->profile);
    if (r.index >= t->model.expiries || (r.flags & ~(PL_FLAG_UNPRICED | PL_FLAG_STALE)) != 0 ||
        r.forward >> bits != 0 || r.index_price >> bits != 0 || !rate(r.penalty) ||
        !rate(r.penalty_perpetual))
        return PL_STATUS_MALFORMED_RECORD;
    t->live[r.index].price = r;
    t->expiry_changed[r.index] = 1;
    return PL_STATUS_OK;
}

static enum pl_status tick_time(struct pl_tables *t, const struct pl_line *record)
{
    COPY(record, pl_tick_time);
    if (r.index >= t->model.expiries || !coefficient(r.moving, 0, 1) || !rate(r.basis_weight) ||
        !rate(r.long_discount) || !rate(r.short_discount))
        return PL_STATUS_MALFORMED_RECORD;
    t->live[r.index].time = r;
    t->expiry_changed[r.index] = 1;
    return PL_STATUS_OK;
}

static bool signed_coefficient(int64_t value)
{
    return coefficient(value, -PL_COEFFICIENT_MAX, PL_COEFFICIENT_MAX);
}

static bool slope(int64_t value)
{
    return coefficient(value, -PL_VOL_MULTIPLIER_MAX, PL_VOL_MULTIPLIER_MAX);
}

static enum pl_status tick_shift(struct pl_tables *t, const struct pl_line *record)
{
    COPY(record, pl_tick_shift);
    if (r.index >= t->model.expiries || !coefficient(r.vol_up, 0, PL_VOL_MULTIPLIER_MAX) ||
        !coefficient(r.vol_down, 0, 1) || !signed_coefficient(r.linear_cap) ||
        !slope(r.linear_slope) || !signed_coefficient(r.abs_cap) || !slope(r.abs_slope))
        return PL_STATUS_MALFORMED_RECORD;
    t->live[r.index].shift = r;
    t->expiry_changed[r.index] = 1;
    return PL_STATUS_OK;
}

static enum pl_status tick_vol(struct pl_tables *t, const struct pl_line *record)
{
    COPY(record, pl_tick_vol);
    if (r.index >= t->model.instruments || (r.flags & ~(PL_FLAG_UNPRICED | PL_FLAG_STALE)) != 0 ||
        t->instruments[r.index].row != PL_ROW_KIND_OPTION || r.vol >> PL_VOL_BITS >= PL_VOL_MAX)
        return PL_STATUS_MALFORMED_RECORD;
    t->live_vols[r.index] = r;
    t->instrument_changed[r.index] = 1;
    return PL_STATUS_OK;
}

static enum pl_status tick_underlying(struct pl_tables *t, const struct pl_line *record)
{
    COPY(record, pl_tick_underlying);
    if (r.index >= t->model.underlyings || !rate(r.im_loss_factor))
        return PL_STATUS_MALFORMED_RECORD;
    t->live_im_factor[r.index] = r.im_loss_factor;
    return PL_STATUS_OK;
}

enum pl_status pl_tables_tick(struct pl_tables *t, const struct pl_line *record)
{
    if (!t->complete)
        return PL_STATUS_NOT_LOADED;
    switch (record->bytes[0]) {
    case PL_RECORD_TICK_PRICE: return tick_price(t, record);
    case PL_RECORD_TICK_TIME: return tick_time(t, record);
    case PL_RECORD_TICK_SHIFT: return tick_shift(t, record);
    case PL_RECORD_TICK_VOL: return tick_vol(t, record);
    case PL_RECORD_TICK_UNDERLYING: return tick_underlying(t, record);
    default: return PL_STATUS_MALFORMED_RECORD;
    }
}

/* The first instrument of an expiry or a later one: they stand in the order of their expiries. */
static uint32_t first_of(const struct pl_tables *t, uint32_t expiry)
{
    uint32_t low = 0, high = t->model.instruments;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (t->instruments[middle].expiry < expiry)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* An instrument has changed where its expiry has. */
static void spread_changes(struct pl_tables *t)
{
    for (uint32_t e = 0; e < t->model.expiries; e++) {
        if (t->expiry_changed[e] || !t->committed) {
            uint32_t first = first_of(t, e);
            memset(t->instrument_changed + first, 1, first_of(t, e + 1) - first);
        }
    }
}

/* Fills `repriced`, and freezes the vols that changed. */
static void list_changes(struct pl_tables *t)
{
    const uint8_t *changed = t->instrument_changed, *end = changed + t->model.instruments;
    t->repriced_count = 0;
    spread_changes(t);
    while ((changed = memchr(changed, 1, (size_t)(end - changed))) != NULL) {
        uint32_t i = (uint32_t)(changed++ - t->instrument_changed);
        t->frozen_vols[i] = t->live_vols[i];
        t->repriced[t->repriced_count++] = i;
    }
}

enum pl_status pl_tables_commit(struct pl_tables *t, uint64_t tick, int64_t time_us)
{
    if (!t->complete)
        return PL_STATUS_NOT_LOADED;
    if (t->committed && tick <= t->tick)
        return PL_STATUS_MALFORMED_RECORD;
    for (uint32_t e = 0; e < t->model.expiries; e++) {
        if (t->expiry_changed[e])
            t->frozen[e] = t->live[e];
    }
    memcpy(t->frozen_im_factor, t->live_im_factor,
           t->model.underlyings * sizeof *t->live_im_factor);
    list_changes(t);
    for (uint32_t i = 0; i < t->repriced_count && !t->fills_rows; i++)
        pl_row_fill(t, t->repriced[i], &t->rows[t->repriced[i]], NULL);
    memset(t->instrument_changed, 0, (size_t)t->model.instruments + t->model.expiries);
    t->tick = tick;
    t->time_us = time_us;
    t->committed = true;
    return PL_STATUS_OK;
}
