/* The tables that underlyings and classes of a model refer to: scenarios, offset groups, brackets.
 */
#include "memory.h"
#include "model_fields.h"
#include "text_error.h"

#include <errno.h>
#include <string.h>

__extension__ typedef __int128 i128; /* notional * rate needs 110 bits */

#define CONTINUITY_PARTS                                                                           \
    1000000 /* neighbouring brackets agree within 1 / this of the requirement */

#define SCENARIO(member) offsetof(struct pl_scenario_spec, member)
static const struct pl_model_field scenario_fields[] = {
    { "shock", PL_FIELD_Q40, SCENARIO(shock_q40), "1e-12", "64", NULL, 0 },
    { "vol", PL_FIELD_VOL_RULE, SCENARIO(vol_rule), NULL, NULL, "none", 0 },
    { "dampening", PL_FIELD_Q40, SCENARIO(dampening_q40), "0", "64", "1", 0 },
};

#define BRACKET(member) offsetof(struct pl_bracket_spec, member)
static const struct pl_model_field bracket_fields[] = {
    { "notional", PL_FIELD_MONEY, BRACKET(notional_from_e8), "0", "92233720368", NULL, 0 },
    { "mm_rate", PL_FIELD_Q40, BRACKET(mm_rate), "0", "64", NULL, 0 },
    { "mm_cum", PL_FIELD_MONEY, BRACKET(mm_cum_e8), "-92233720368", "92233720368", "0", 0 },
    { "im_rate", PL_FIELD_Q40, BRACKET(im_rate), "0", "64", NULL, 0 },
    { "im_cum", PL_FIELD_MONEY, BRACKET(im_cum_e8), "-92233720368", "92233720368", "0", 0 },
};

static const struct pl_model_field offset_group_fields[] = {
    { "credit", PL_FIELD_Q40, offsetof(struct pl_offset_group_spec, credit_q40), "0", "1", "0", 0 },
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static int read_scenario(struct pl_model_reader *reader, const struct pl_json_value *value,
                         struct pl_scenario_spec *scenario)
{
    const int64_t one = INT64_C(1) << PL_COEFFICIENT_BITS;
    pl_model_set_defaults(scenario_fields, COUNT(scenario_fields), scenario);
    scenario->shock_q40 = one;
    int result =
        pl_model_read_fields(reader, value, scenario_fields, COUNT(scenario_fields), scenario);
    bool skewed = scenario->vol_rule == PL_VOL_RULE_LINEAR || scenario->vol_rule == PL_VOL_RULE_ABS;
    if (skewed && scenario->shock_q40 != one)
        pl_json_error(reader->json, value, "a linear or abs scenario has shock 1");
    return result;
}

static int read_scenario_table(struct pl_model_reader *reader, const struct pl_json_value *value,
                               struct pl_scenario_table_spec *table)
{
    (void)pl_model_copy_name(reader, value, value->key, table->name);
    if (!pl_model_expect(reader, value, PL_JSON_ARRAY))
        return 0;
    if (value->child_count < 1 || value->child_count > PL_SCENARIOS_MAX) {
        pl_json_error(reader->json, value, "a table has 1 to %d scenarios, this one has %u",
                      PL_SCENARIOS_MAX, value->child_count);
        return 0;
    }
    const struct pl_json_value *item = pl_json_first(reader->json, value);
    for (; item != NULL; item = pl_json_next(reader->json, item)) {
        int result = read_scenario(reader, item, &table->scenarios[table->count++]);
        if (result != 0)
            return result;
    }
    return 0;
}

struct pl_scenario_table_spec *pl_model_add_scenario_table(struct pl_model_reader *reader)
{
    struct pl_model_spec *model = reader->model;
    struct pl_scenario_table_spec *tables =
        pl_memory_grow(model->scenario_tables, &reader->scenario_tables_capacity,
                       model->scenario_table_count + 1u, sizeof *tables);
    if (tables == NULL)
        return NULL;
    model->scenario_tables = tables;
    struct pl_scenario_table_spec *table = &tables[model->scenario_table_count++];
    memset(table, 0, sizeof *table);
    return table;
}

int pl_model_read_scenarios(struct pl_model_reader *reader, const struct pl_json_value *section)
{
    if (!pl_model_expect(reader, section, PL_JSON_OBJECT))
        return 0;
    if (section->child_count > PL_SCENARIO_TABLES_MAX) {
        pl_json_error(reader->json, section, "more than %d scenario tables",
                      PL_SCENARIO_TABLES_MAX);
        return 0;
    }
    const struct pl_json_value *value = pl_json_first(reader->json, section);
    for (; value != NULL; value = pl_json_next(reader->json, value)) {
        struct pl_scenario_table_spec *table = pl_model_add_scenario_table(reader);
        int result = table == NULL ? -ENOMEM : read_scenario_table(reader, value, table);
        if (result != 0)
            return result;
    }
    return 0;
}

int pl_model_read_offset_groups(struct pl_model_reader *reader, const struct pl_json_value *section)
{
    struct pl_model_spec *model = reader->model;
    if (!pl_model_expect(reader, section, PL_JSON_OBJECT))
        return 0;
    if (section->child_count >= PL_OFFSET_GROUPS_MAX) {
        pl_json_error(reader->json, section, "more than %d offset groups",
                      PL_OFFSET_GROUPS_MAX - 1);
        return 0;
    }
    const struct pl_json_value *value = pl_json_first(reader->json, section);
    for (; value != NULL; value = pl_json_next(reader->json, value)) {
        struct pl_offset_group_spec *groups =
            pl_memory_grow(model->offset_groups, &reader->offset_groups_capacity,
                           model->offset_group_count + 1u, sizeof *groups);
        if (groups == NULL)
            return -ENOMEM;
        model->offset_groups = groups;
        struct pl_offset_group_spec *group = &groups[model->offset_group_count++];
        memset(group, 0, sizeof *group);
        (void)pl_model_copy_name(reader, value, value->key, group->name);
        int result = pl_model_read_fields(reader, value, offset_group_fields,
                                          COUNT(offset_group_fields), group);
        if (result != 0)
            return result;
    }
    return 0;
}

/* The requirement at a notional under a bracket, in 1e-8 * 2^-40. */
static i128 requirement(int64_t notional_e8, int64_t rate, int64_t cum_e8)
{
    return (i128)notional_e8 * rate - ((i128)cum_e8 << PL_COEFFICIENT_BITS);
}

static bool continuous(i128 left, i128 right)
{
    i128 apart = left > right ? left - right : right - left;
    i128 size = left > right ? left : right;
    return size >= 0 && apart <= size / CONTINUITY_PARTS;
}

static void check_bracket(struct pl_model_reader *reader, const struct pl_json_value *value,
                          const struct pl_bracket_spec *bracket,
                          const struct pl_bracket_spec *before)
{
    const struct pl_json *json = reader->json;
    int64_t from = bracket->notional_from_e8;
    if (bracket->im_rate < bracket->mm_rate)
        pl_json_error(json, value, "im_rate includes mm_rate: it must not be below it");
    if (before == NULL) {
        if (from != 0 || bracket->mm_cum_e8 != 0 || bracket->im_cum_e8 != 0)
            pl_json_error(json, value, "the first bracket has notional 0 and cum 0");
        return;
    }
    if (from <= before->notional_from_e8) {
        pl_json_error(json, value, "notionals must increase from bracket to bracket");
        return;
    }
    if (bracket->mm_rate < before->mm_rate || bracket->im_rate < before->im_rate)
        pl_json_error(json, value, "rates must increase from bracket to bracket");
    if (!continuous(requirement(from, before->mm_rate, before->mm_cum_e8),
                    requirement(from, bracket->mm_rate, bracket->mm_cum_e8)))
        pl_json_error(json, value,
                      "mm is not continuous at this notional within 1e-6 (mm_cum is wrong)");
    if (!continuous(requirement(from, before->im_rate, before->im_cum_e8),
                    requirement(from, bracket->im_rate, bracket->im_cum_e8)))
        pl_json_error(json, value,
                      "im is not continuous at this notional within 1e-6 (im_cum is wrong)");
}

static int read_bracket_table(struct pl_model_reader *reader, const struct pl_json_value *value,
                              struct pl_bracket_table_spec *table)
{
    (void)pl_model_copy_name(reader, value, value->key, table->name);
    if (!pl_model_expect(reader, value, PL_JSON_ARRAY))
        return 0;
    if (value->child_count < 1 || value->child_count > PL_BRACKETS_MAX) {
        pl_json_error(reader->json, value, "a table has 1 to %d brackets, this one has %u",
                      PL_BRACKETS_MAX, value->child_count);
        return 0;
    }
    const struct pl_bracket_spec *before = NULL;
    const struct pl_json_value *item = pl_json_first(reader->json, value);
    for (; item != NULL; item = pl_json_next(reader->json, item)) {
        struct pl_bracket_spec *bracket = &table->brackets[table->count++];
        uint64_t problems = reader->error->count;
        int result =
            pl_model_read_fields(reader, item, bracket_fields, COUNT(bracket_fields), bracket);
        if (result != 0)
            return result;
        if (reader->error->count != problems)
            return 0; /* the brackets after it would be judged against a wrong one */
        check_bracket(reader, item, bracket, before);
        before = bracket;
    }
    return 0;
}

/* A cleared table at the end of the model's; NULL without memory. The caller checks the limit. */
static struct pl_bracket_table_spec *add_bracket_table(struct pl_model_reader *reader)
{
    struct pl_model_spec *model = reader->model;
    struct pl_bracket_table_spec *tables =
        pl_memory_grow(model->bracket_tables, &reader->bracket_tables_capacity,
                       model->bracket_table_count + 1u, sizeof *tables);
    if (tables == NULL)
        return NULL;
    model->bracket_tables = tables;
    struct pl_bracket_table_spec *table = &tables[model->bracket_table_count++];
    memset(table, 0, sizeof *table);
    return table;
}

static bool bracket_table_fits(struct pl_model_reader *reader, const struct pl_json_value *value)
{
    if (reader->model->bracket_table_count < PL_BRACKET_TABLES_MAX - 1)
        return true;
    pl_json_error(reader->json, value,
                  "more than %d bracket tables, each different rate of a class counted as one",
                  PL_BRACKET_TABLES_MAX - 1);
    return false;
}

int pl_model_read_brackets(struct pl_model_reader *reader, const struct pl_json_value *section)
{
    if (!pl_model_expect(reader, section, PL_JSON_OBJECT))
        return 0;
    const struct pl_json_value *value = pl_json_first(reader->json, section);
    for (; value != NULL; value = pl_json_next(reader->json, value)) {
        if (!bracket_table_fits(reader, value))
            return 0;
        struct pl_bracket_table_spec *table = add_bracket_table(reader);
        int result = table == NULL ? -ENOMEM : read_bracket_table(reader, value, table);
        if (result != 0)
            return result;
    }
    return 0;
}

static int table_of_rate(struct pl_model_reader *reader, const struct pl_json_value *value,
                         int64_t mm, int64_t im, int32_t *index)
{
    const struct pl_model_spec *model = reader->model;
    if (mm == 0 && im == 0)
        return 0; /* no requirement */
    for (uint32_t i = 0; i < model->bracket_table_count; i++) {
        const struct pl_bracket_table_spec *table = &model->bracket_tables[i];
        if (table->name[0] == '\0' && table->brackets[0].mm_rate == mm &&
            table->brackets[0].im_rate == im) {
            *index = (int32_t)i;
            return 0;
        }
    }
    if (!bracket_table_fits(reader, value))
        return 0;
    struct pl_bracket_table_spec *table = add_bracket_table(reader);
    if (table == NULL)
        return -ENOMEM;
    table->count = 1;
    table->brackets[0].mm_rate = mm;
    table->brackets[0].im_rate = im;
    *index = (int32_t)model->bracket_table_count - 1;
    return 0;
}

int pl_model_raise_requirement(struct pl_model_reader *reader, const struct pl_json_value *value,
                               int64_t least_q40, int32_t *table)
{
    struct pl_bracket_spec rate = { 0 };
    if (*table >= 0) {
        const struct pl_bracket_table_spec *own = &reader->model->bracket_tables[*table];
        if (own->count > 1)
            return 0;
        rate = own->brackets[0];
    }
    rate.mm_rate = rate.mm_rate > least_q40 ? rate.mm_rate : least_q40;
    rate.im_rate = rate.im_rate > rate.mm_rate ? rate.im_rate : rate.mm_rate;
    return table_of_rate(reader, value, rate.mm_rate, rate.im_rate, table);
}

int pl_model_read_requirement(struct pl_model_reader *reader, const struct pl_json_value *value,
                              int32_t *table)
{
    static const struct pl_model_field rate_fields[] = {
        { "mm", PL_FIELD_Q40, BRACKET(mm_rate), "0", "64", NULL, 0 },
        { "im", PL_FIELD_Q40, BRACKET(im_rate), "0", "64", NULL, 0 },
    };
    struct pl_bracket_spec rate = { 0 };
    *table = -1;
    if (value->type == PL_JSON_STRING) {
        const struct pl_model_spec *model = reader->model;
        for (uint32_t i = 0; i < model->bracket_table_count; i++)
            if (value->string[0] != '\0' &&
                strcmp(model->bracket_tables[i].name, value->string) == 0)
                *table = (int32_t)i;
        if (*table < 0)
            pl_json_error(reader->json, value, "no bracket table \"%.64s\"", value->string);
        return 0;
    }
    if (value->type != PL_JSON_OBJECT) {
        pl_json_error(reader->json, value,
                      "must be {\"mm\": rate, \"im\": rate} or the name of a bracket table");
        return 0;
    }
    int result = pl_model_read_fields(reader, value, rate_fields, COUNT(rate_fields), &rate);
    if (result != 0)
        return result;
    if (rate.im_rate < rate.mm_rate)
        pl_json_error(reader->json, value, "im includes mm: it must not be below it");
    return table_of_rate(reader, value, rate.mm_rate, rate.im_rate, table);
}
