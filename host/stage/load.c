/* The records of a load, from layout, units and model. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "stage.h"

struct writer {
    struct pl_line *lines;
    size_t count;
};

static void put(struct writer *w, const void *record)
{
    memcpy(&w->lines[w->count++], record, PL_LINE_BYTES);
}

static void put_scenarios(struct writer *w, const struct pl_model_spec *spec)
{
    for (uint32_t t = 0; t < spec->scenario_table_count; t++) {
        const struct pl_scenario_table_spec *table = &spec->scenario_tables[t];
        for (uint32_t i = 0; i < table->count; i++) {
            struct pl_scenario r = {
                .kind = PL_RECORD_SCENARIO,
                .vol_rule = table->scenarios[i].vol_rule,
                .scenario_table = (uint16_t)t,
                .index = (uint8_t)i,
                .count = (uint8_t)table->count,
                .shock = table->scenarios[i].shock_q40,
                .dampening = table->scenarios[i].dampening_q40,
            };
            put(w, &r);
        }
    }
}

static void put_underlyings(struct writer *w, const struct pl_stage *s)
{
    for (uint32_t i = 0; i < s->underlying_count; i++) {
        const struct pl_underlying_spec *u = s->underlyings[i].spec;
        bool scenarios = u->scenario_table >= 0;
        struct pl_underlying r = {
            .kind = PL_RECORD_UNDERLYING,
            .offset_group = (uint8_t)(u->offset_group + 1),
            .scenario_count =
                scenarios ? (uint8_t)s->spec->scenario_tables[u->scenario_table].count : 0,
            .index = (uint16_t)i,
            .scenario_table = scenarios ? (uint16_t)u->scenario_table : 0,
            .mm_loss_factor = u->mm_loss_factor,
            .im_loss_factor = u->im_loss_factor,
            .basis_up = u->basis_up,
            .basis_down = u->basis_down,
            .vol_floor = u->vol_min_up <= 0
                             ? 0
                             : (uint64_t)u->vol_min_up << (PL_VOL_BITS - PL_COEFFICIENT_BITS),
            .naked_im = u->naked_im,
        };
        put(w, &r);
    }
}

static void put_expiries(struct writer *w, const struct pl_stage *s)
{
    for (uint32_t i = 0; i < s->group_count; i++) {
        const struct pl_group *g = &s->groups[i];
        struct pl_expiry r = {
            .kind = PL_RECORD_EXPIRY,
            .row_shift = (int8_t)g->row_shift,
            .index = (uint16_t)i,
            .underlying = (uint16_t)g->underlying,
            .perpetual = g->perpetual,
            .scenario = g->scenario,
        };
        put(w, &r);
    }
    for (uint32_t i = 0; i < s->row_count; i++) {
        const struct pl_stage_row *row = &s->rows[i];
        bool option = row->kind == PL_ROW_KIND_OPTION;
        struct pl_instrument r = {
            .kind = PL_RECORD_INSTRUMENT,
            .row = row->kind,
            .is_call = option && s->instruments[row->instrument].is_call,
            .is_asset = s->groups[row->group].kind == PL_GROUP_SPOT,
            .index = i,
            .expiry = (uint16_t)row->group,
            .margin_class = row->margin_class,
            .strike = option ? row->strike : 0,
            .unit = pl_real_pack(row->unit),
        };
        put(w, &r);
    }
}

uint32_t pl_stage_class_count(const struct pl_stage *s)
{
    return s->spec->class_count + 1 + s->underlying_count;
}

/* The model's classes, one without requirements, and one of naked shorts per underlying. */
static void put_classes(struct writer *w, const struct pl_stage *s)
{
    uint16_t index = 0;
    for (uint32_t i = 0; i < s->spec->class_count; i++) {
        const struct pl_class_spec *c = &s->spec->classes[i];
        struct pl_class r = {
            .kind = PL_RECORD_CLASS,
            .index = index++,
            .long_brackets = (uint16_t)(c->long_brackets + 1),
            .short_brackets = (uint16_t)(c->short_brackets + 1),
            .mm_long = c->mm_long,
            .mm_short = c->mm_short,
            .im_long = c->im_long,
            .im_short = c->im_short,
            .fee = c->fee,
        };
        put(w, &r);
    }
    struct pl_class none = { .kind = PL_RECORD_CLASS, .index = index++ };
    put(w, &none);
    for (uint32_t i = 0; i < s->underlying_count; i++) {
        const struct pl_underlying_spec *u = s->underlyings[i].spec;
        struct pl_class r = { .kind = PL_RECORD_CLASS,
                              .index = index++,
                              .mm_long = u->naked_mm,
                              .im_long = u->naked_im };
        put(w, &r);
    }
}

static void put_brackets(struct writer *w, const struct pl_model_spec *spec)
{
    for (uint32_t t = 0; t < spec->bracket_table_count; t++) {
        const struct pl_bracket_table_spec *table = &spec->bracket_tables[t];
        for (uint32_t i = 0; i < table->count; i++) {
            struct pl_bracket r = {
                .kind = PL_RECORD_BRACKET,
                .index = (uint8_t)i,
                .count = (uint8_t)table->count,
                .bracket_table = (uint16_t)(t + 1),
                .mm_rate = table->brackets[i].mm_rate,
                .mm_cum = table->brackets[i].mm_cum_e8,
                .im_rate = table->brackets[i].im_rate,
                .im_cum = table->brackets[i].im_cum_e8,
            };
            put(w, &r);
        }
    }
}

static void put_small_tables(struct writer *w, const struct pl_stage *s)
{
    for (uint32_t i = 0; i < s->multiplier_count; i++) {
        struct pl_multiplier r = { .kind = PL_RECORD_MULTIPLIER,
                                   .index = (uint16_t)i,
                                   .value = s->multipliers_q40[i] };
        put(w, &r);
    }
    for (uint32_t i = 0; i < s->spec->offset_group_count; i++) {
        struct pl_offset_group r = { .kind = PL_RECORD_OFFSET_GROUP,
                                     .index = (uint8_t)(i + 1),
                                     .credit = s->spec->offset_groups[i].credit_q40 };
        put(w, &r);
    }
}

/* Versions are 32 bits of a hash of the records: equal models and equal tables have equal versions.
 */
static uint32_t hash_lines(const struct pl_line *lines, size_t count)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325); /* FNV-1a */
    for (size_t i = 0; i < count * PL_LINE_BYTES; i++)
        hash = (hash ^ ((const uint8_t *)lines)[i]) * UINT64_C(0x100000001b3);
    return (uint32_t)(hash >> 32);
}

int pl_stage_load_records(const struct pl_stage *s, struct pl_line **records, size_t *count)
{
    const struct pl_model_spec *spec = s->spec;
    size_t most = 2 + (size_t)spec->scenario_table_count * PL_SCENARIOS_MAX +
                  2 * (size_t)s->underlying_count + s->group_count + s->row_count +
                  spec->class_count + (size_t)spec->bracket_table_count * PL_BRACKETS_MAX +
                  s->multiplier_count + spec->offset_group_count;
    struct writer w = { aligned_alloc(PL_LINE_BYTES, most * PL_LINE_BYTES), 1 };
    if (w.lines == NULL)
        return -ENOMEM;
    put_scenarios(&w, spec);
    put_underlyings(&w, s);
    put_classes(&w, s);
    put_brackets(&w, spec);
    put_small_tables(&w, s);
    struct pl_model model = {
        .kind = PL_RECORD_MODEL,
        .model_version = hash_lines(w.lines + 1, w.count - 1),
        .instruments = s->row_count,
        .expiries = s->group_count,
        .underlyings = s->underlying_count,
        .classes = pl_stage_class_count(s),
        .scenario_tables = spec->scenario_table_count,
        .bracket_tables = spec->bracket_table_count,
        .offset_groups = spec->offset_group_count,
        .multipliers = s->multiplier_count,
    };
    size_t tables = w.count;
    put_expiries(&w, s);
    model.table_version = hash_lines(w.lines + tables, w.count - tables);
    memcpy(&w.lines[0], &model, sizeof model);
    *records = w.lines;
    *count = w.count;
    return 0;
}
