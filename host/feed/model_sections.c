/* Underlyings and classes of a model. */
#include "memory.h"
#include "model_fields.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define POSITIVE "1e-12" /* rounds to at least 2^-40 */

#define U(member) offsetof(struct pl_underlying_spec, member)
static const struct pl_model_field underlying_fields[] = {
    { "scenarios", PL_FIELD_SCENARIOS, U(scenario_table), NULL, NULL, "", 0 },
    { "loss_factor.mm", PL_FIELD_Q40, U(mm_loss_factor), "0", "64", "1", 0 },
    { "loss_factor.im", PL_FIELD_Q40, U(im_loss_factor), "0", "64", "1", 0 },
    { "vol_shock.up", PL_FIELD_Q40, U(vol_up), "0", "4095", "0", 0 },
    { "vol_shock.down", PL_FIELD_Q40, U(vol_down), "0", "4095", "0", 0 },
    { "vol_shock.min_up", PL_FIELD_Q40, U(vol_min_up), "0", "4094", "0", 0 },
    { "vol_shock.short_term_power", PL_FIELD_Q40, U(short_term_power), "-64", "64", "0", 0 },
    { "vol_shock.long_term_power", PL_FIELD_Q40, U(long_term_power), "-64", "64", "0", 0 },
    { "vol_shock.dte_floor", PL_FIELD_Q40, U(dte_floor), "0", "36500", "1", 0 },
    { "skew.linear_cap", PL_FIELD_Q40, U(linear_cap), "-64", "64", "0", 0 },
    { "skew.linear_cbase", PL_FIELD_Q40, U(linear_cbase), "-64", "64", "0", 0 },
    { "skew.abs_cap", PL_FIELD_Q40, U(abs_cap), "-64", "64", "0", 0 },
    { "skew.abs_cbase", PL_FIELD_Q40, U(abs_cbase), "-64", "64", "0", 0 },
    { "skew.min_k_star", PL_FIELD_Q40, U(min_k_star), "0", "64", "0.01", 0 },
    { "skew.min_width_scale", PL_FIELD_Q40, U(min_width_scale), "-64", "64", "4", 0 },
    { "skew.vol_static", PL_FIELD_Q40, U(vol_static), "-64", "64", "0.6", 0 },
    { "skew.vol_scale", PL_FIELD_Q40, U(vol_scale), "-64", "64", "-0.1", 0 },
    { "static_discount.long", PL_FIELD_Q40, U(long_discount), "0", "64", "1", 0 },
    { "static_discount.long_rate_mult", PL_FIELD_Q40, U(long_rate_mult), "-64", "64", "0", 0 },
    { "static_discount.long_rate_add", PL_FIELD_Q40, U(long_rate_add), "-64", "64", "0", 0 },
    { "static_discount.short", PL_FIELD_Q40, U(short_discount), "0", "64", "1", 0 },
    { "static_discount.short_rate_mult", PL_FIELD_Q40, U(short_rate_mult), "-64", "64", "0", 0 },
    { "static_discount.short_rate_add", PL_FIELD_Q40, U(short_rate_add), "-64", "64", "0", 0 },
    { "static_discount.enabled", PL_FIELD_FLAG, U(static_discount), NULL, NULL, "0", 0 },
    { "basis.up", PL_FIELD_Q40, U(basis_up), POSITIVE, "64", "1", 0 },
    { "basis.down", PL_FIELD_Q40, U(basis_down), POSITIVE, "64", "1", 0 },
    { "basis.add", PL_FIELD_Q40, U(basis_add), "0", "64", "0", 0 },
    { "basis.mult", PL_FIELD_Q40, U(basis_mult), "0", "64", "0", 0 },
    { "confidence.threshold", PL_FIELD_Q40, U(confidence_threshold), "0", "64", "0", 0 },
    { "confidence.margin", PL_FIELD_Q40, U(confidence_margin), "0", "64", "0", 0 },
    { "peg.threshold", PL_FIELD_Q40, U(peg_threshold), "0", "64", "0", 0 },
    { "peg.factor", PL_FIELD_Q40, U(peg_factor), "0", "64", "0", 0 },
    { "naked_short.mm", PL_FIELD_Q40, U(naked_mm), "0", "64", "0", 0 },
    { "naked_short.im", PL_FIELD_Q40, U(naked_im), "0", "64", "0", 0 },
    { "settlement_averaging_s", PL_FIELD_SECONDS, U(settlement_averaging_s), "0", "4294967295", "0",
      0 },
    { "rate_floor", PL_FIELD_Q40_OR_NULL, U(rate_floor), "-64", "64", "", U(has_rate_floor) },
    { "offset_group", PL_FIELD_OFFSET_GROUP, U(offset_group), NULL, NULL, "", 0 },
};

#define C(member) offsetof(struct pl_class_spec, member)
static const struct pl_model_field class_fields[] = {
    { "portfolio.long.mm", PL_FIELD_Q40, C(mm_long), "0", "64", "0", 0 },
    { "portfolio.long.im", PL_FIELD_Q40, C(im_long), "0", "64", "0", 0 },
    { "portfolio.short.mm", PL_FIELD_Q40, C(mm_short), "0", "64", "0", 0 },
    { "portfolio.short.im", PL_FIELD_Q40, C(im_short), "0", "64", "0", 0 },
    { "linear.long", PL_FIELD_REQUIREMENT, C(long_brackets), NULL, NULL, "", 0 },
    { "linear.short", PL_FIELD_REQUIREMENT, C(short_brackets), NULL, NULL, "", 0 },
    { "fee", PL_FIELD_Q40, C(fee), "0", "64", "0", 0 },
    { "scenario", PL_FIELD_FLAG, C(scenario), NULL, NULL, "0", 0 },
};

static int read_underlying(struct pl_model_reader *reader, const struct pl_json_value *value,
                           struct pl_underlying_spec *underlying)
{
    int result = pl_model_read_fields(reader, value, underlying_fields, COUNT(underlying_fields),
                                      underlying);
    if (underlying->naked_im < underlying->naked_mm)
        pl_json_error(reader->json, value, "naked_short: im includes mm: it must not be below it");
    return result;
}

struct pl_class_spec *pl_model_add_class(struct pl_model_reader *reader)
{
    struct pl_model_spec *model = reader->model;
    struct pl_class_spec *classes = pl_memory_grow(model->classes, &reader->classes_capacity,
                                                   model->class_count + 1u, sizeof *classes);
    if (classes == NULL)
        return NULL;
    model->classes = classes;
    struct pl_class_spec *class = &classes[model->class_count++];
    memset(class, 0, sizeof *class);
    return class;
}

struct pl_underlying_spec *pl_model_add_underlying(struct pl_model_reader *reader)
{
    struct pl_model_spec *model = reader->model;
    struct pl_underlying_spec *underlyings =
        pl_memory_grow(model->underlyings, &reader->underlyings_capacity,
                       model->underlying_count + 1u, sizeof *underlyings);
    if (underlyings == NULL)
        return NULL;
    model->underlyings = underlyings;
    struct pl_underlying_spec *underlying = &underlyings[model->underlying_count++];
    if (model->underlying_count == 1)
        memset(underlying, 0, sizeof *underlying);
    else
        *underlying = underlyings[0];
    return underlying;
}

/* `section` may be NULL. "default" is read first, wherever it stands: the others start from it. */
int pl_model_read_underlyings(struct pl_model_reader *reader, const struct pl_json_value *section)
{
    const struct pl_json *json = reader->json;
    struct pl_underlying_spec *first = pl_model_add_underlying(reader);
    if (first == NULL)
        return -ENOMEM;
    memcpy(first->name, "default", sizeof "default");
    pl_model_set_defaults(underlying_fields, COUNT(underlying_fields), first);
    if (section == NULL || !pl_model_expect(reader, section, PL_JSON_OBJECT))
        return 0;
    if (section->child_count > PL_UNDERLYINGS_MAX) {
        pl_json_error(json, section, "more than %d underlyings", PL_UNDERLYINGS_MAX);
        return 0;
    }
    const struct pl_json_value *value = pl_json_member(json, section, "default");
    int result = value != NULL ? read_underlying(reader, value, first) : 0;
    for (value = pl_json_first(json, section); value != NULL && result == 0;
         value = pl_json_next(json, value)) {
        if (strcmp(value->key, "default") == 0)
            continue;
        struct pl_underlying_spec *underlying = pl_model_add_underlying(reader);
        if (underlying == NULL)
            return -ENOMEM;
        (void)pl_model_copy_name(reader, value, value->key, underlying->name);
        result = read_underlying(reader, value, underlying);
    }
    return result;
}

static bool is_class_name(const char *name)
{
    static const char *const kinds[] = { "spot", "perpetual", "future", "option" };
    for (size_t i = 0; i < COUNT(kinds); i++) {
        size_t length = strlen(kinds[i]);
        if (strncmp(name, kinds[i], length) == 0 &&
            (name[length] == '\0' || (name[length] == ':' && name[length + 1] != '\0')))
            return true;
    }
    return false;
}

static int read_class(struct pl_model_reader *reader, const struct pl_json_value *value,
                      struct pl_class_spec *class)
{
    pl_model_set_defaults(class_fields, COUNT(class_fields), class);
    if (!is_class_name(value->key))
        pl_json_error(reader->json, value,
                      "a class is named kind or kind:underlying, kind being spot, perpetual, "
                      "future or option");
    else
        (void)pl_model_copy_name(reader, value, value->key, class->name);
    int result = pl_model_read_fields(reader, value, class_fields, COUNT(class_fields), class);
    if (class->im_long < class->mm_long || class->im_short < class->mm_short)
        pl_json_error(reader->json, value, "portfolio: im includes mm: it must not be below it");
    if (class->scenario && strncmp(value->key, "spot", 4) != 0)
        pl_json_error(reader->json, value,
                      "only spot has \"scenario\": the others always take part");
    return result;
}

int pl_model_read_classes(struct pl_model_reader *reader, const struct pl_json_value *section)
{
    if (!pl_model_expect(reader, section, PL_JSON_OBJECT))
        return 0;
    if (section->child_count > PL_CLASSES_MAX) {
        pl_json_error(reader->json, section, "more than %d classes", PL_CLASSES_MAX);
        return 0;
    }
    const struct pl_json_value *value = pl_json_first(reader->json, section);
    for (; value != NULL; value = pl_json_next(reader->json, value)) {
        struct pl_class_spec *class = pl_model_add_class(reader);
        int result = class == NULL ? -ENOMEM : read_class(reader, value, class);
        if (result != 0)
            return result;
    }
    return 0;
}

const struct pl_underlying_spec *pl_model_spec_underlying(const struct pl_model_spec *model,
                                                          const char *underlying)
{
    for (uint32_t i = 1; i < model->underlying_count; i++)
        if (strcmp(model->underlyings[i].name, underlying) == 0)
            return &model->underlyings[i];
    return &model->underlyings[0];
}

/* How closely a class name fits an instrument: 3 kind:symbol, 2 kind:underlying, 1 kind, 0 not at
 * all. */
static int closeness(const char *name, const char *kind, const char *underlying, const char *symbol)
{
    size_t length = strlen(kind);
    if (strncmp(name, kind, length) != 0)
        return 0;
    if (name[length] == '\0')
        return 1;
    if (name[length] != ':')
        return 0;
    const char *rest = name + length + 1;
    return strcmp(rest, symbol) == 0 ? 3 : strcmp(rest, underlying) == 0 ? 2 : 0;
}

const struct pl_class_spec *pl_model_spec_class(const struct pl_model_spec *model, const char *kind,
                                                const char *underlying, const char *symbol)
{
    const struct pl_class_spec *best = NULL;
    int best_closeness = 0;
    for (uint32_t i = 0; i < model->class_count; i++) {
        int fit = closeness(model->classes[i].name, kind, underlying, symbol);
        if (fit > best_closeness) {
            best_closeness = fit;
            best = &model->classes[i];
        }
    }
    return best;
}
