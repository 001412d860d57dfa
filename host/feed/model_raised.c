/* What volatility asks of single underlyings: the moves of their scenarios and the haircut on their
 * coins, raised to at least that. */
#include "memory.h"
#include "model_fields.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

__extension__ typedef __int128 i128;

#define ONE (INT64_C(1) << PL_COEFFICIENT_BITS)
#define DAMPENING_MAX (64 * ONE)

struct raised {
    int64_t width_q40, haircut_q40;
};

static const struct pl_model_field fields[] = {
    { "width", PL_FIELD_Q40, offsetof(struct raised, width_q40), "0", "0.95", "0", 0 },
    { "haircut", PL_FIELD_Q40, offsetof(struct raised, haircut_q40), "0", "0.95", "0", 0 },
};

static int64_t move_of(const struct pl_scenario_spec *s)
{
    return s->shock_q40 > ONE ? s->shock_q40 - ONE : ONE - s->shock_q40;
}

/* The largest move, as it counts. */
static int64_t width_of(const struct pl_scenario_table_spec *table)
{
    int64_t width = 0;
    for (uint32_t i = 0; i < table->count; i++) {
        const struct pl_scenario_spec *s = &table->scenarios[i];
        const i128 counted = (i128)move_of(s) * s->dampening_q40 / ONE;
        width = counted > width ? (int64_t)counted : width;
    }
    return width;
}

/* Times width / own, up: a plain scenario moves further, of a dampened one more counts. */
static void widen(struct pl_scenario_spec *s, int64_t width, int64_t own)
{
    const bool plain = s->dampening_q40 == ONE;
    const int64_t before = plain ? move_of(s) : s->dampening_q40;
    const i128 product = ((i128)before * width + own - 1) / own;
    if (move_of(s) == 0)
        return;
    if (!plain)
        s->dampening_q40 = product < DAMPENING_MAX ? (int64_t)product : DAMPENING_MAX;
    else
        s->shock_q40 = s->shock_q40 > ONE ? ONE + (int64_t)product : ONE - (int64_t)product;
}

static int raise_scenarios(struct pl_model_reader *reader, const struct pl_json_value *value,
                           int64_t width, int32_t *table)
{
    struct pl_model_spec *model = reader->model;
    const int64_t own = *table < 0 ? 0 : width_of(&model->scenario_tables[*table]);
    if (own == 0 || own >= width)
        return 0;
    if (model->scenario_table_count >= PL_SCENARIO_TABLES_MAX) {
        pl_json_error(reader->json, value,
                      "more than %d scenario tables, each raised one counted as one",
                      PL_SCENARIO_TABLES_MAX);
        return 0;
    }
    struct pl_scenario_table_spec *raised = pl_model_add_scenario_table(reader);
    if (raised == NULL)
        return -ENOMEM;
    *raised = model->scenario_tables[*table];
    for (uint32_t i = 0; i < raised->count; i++)
        widen(&raised->scenarios[i], width, own);
    *table = (int32_t)model->scenario_table_count - 1;
    return 0;
}

/* The underlying's place by name; the default's parameters become its own. Negative: -ENOMEM, or
 * INT32_MIN after reporting a problem. */
static int32_t own_underlying(struct pl_model_reader *reader, const struct pl_json_value *value)
{
    struct pl_model_spec *model = reader->model;
    for (uint32_t i = 1; i < model->underlying_count; i++)
        if (strcmp(model->underlyings[i].name, value->key) == 0)
            return (int32_t)i;
    if (strcmp(value->key, "default") == 0 || model->underlying_count > PL_UNDERLYINGS_MAX) {
        pl_json_error(reader->json, value, "names one underlying, of at most %d",
                      PL_UNDERLYINGS_MAX);
        return INT32_MIN;
    }
    struct pl_underlying_spec *underlying = pl_model_add_underlying(reader);
    if (underlying == NULL)
        return -ENOMEM;
    (void)pl_model_copy_name(reader, value, value->key, underlying->name);
    return (int32_t)model->underlying_count - 1;
}

/* The class of the underlying's coins, made from that of all coins; NULL: the model has neither, or
 * (-ENOMEM in *result) there is no memory. */
static struct pl_class_spec *own_class(struct pl_model_reader *reader, const char *underlying,
                                       int *result)
{
    struct pl_model_spec *model = reader->model;
    char name[PL_MODEL_NAME_MAX];
    const int length = snprintf(name, sizeof name, "spot:%s", underlying);
    const struct pl_class_spec *found = pl_model_spec_class(model, "spot", underlying, underlying);
    if (found == NULL || length >= (int)sizeof name)
        return NULL;
    const size_t at = (size_t)(found - model->classes);
    if (strcmp(found->name, name) == 0)
        return &model->classes[at];
    struct pl_class_spec *class = pl_model_add_class(reader);
    *result = class == NULL ? -ENOMEM : 0;
    if (class == NULL)
        return NULL;
    *class = model->classes[at];
    memcpy(class->name, name, sizeof name);
    return class;
}

static int raise_haircut(struct pl_model_reader *reader, const struct pl_json_value *value,
                         int64_t haircut)
{
    int result = 0;
    struct pl_class_spec *class = haircut > 0 ? own_class(reader, value->key, &result) : NULL;
    if (class == NULL)
        return result;
    class->mm_long = class->mm_long > haircut ? class->mm_long : haircut;
    class->im_long = class->im_long > class->mm_long ? class->im_long : class->mm_long;
    return pl_model_raise_requirement(reader, value, haircut, &class->long_brackets);
}

static int raise(struct pl_model_reader *reader, const struct pl_json_value *value)
{
    struct raised raised = { 0 };
    int result =
        pl_model_read_fields(reader, value, fields, sizeof fields / sizeof fields[0], &raised);
    const int32_t at = result == 0 ? own_underlying(reader, value) : result;
    if (at < 0)
        return at == INT32_MIN ? 0 : at;
    int32_t table = reader->model->underlyings[at].scenario_table;
    result = raise_scenarios(reader, value, raised.width_q40, &table);
    reader->model->underlyings[at].scenario_table = table;
    return result != 0 ? result : raise_haircut(reader, value, raised.haircut_q40);
}

int pl_model_read_raised(struct pl_model_reader *reader, const struct pl_json_value *section)
{
    int result = 0;
    if (!pl_model_expect(reader, section, PL_JSON_OBJECT))
        return 0;
    for (const struct pl_json_value *value = pl_json_first(reader->json, section);
         value != NULL && result == 0; value = pl_json_next(reader->json, value))
        result = raise(reader, value);
    return result;
}
