#include "model_fields.h"

#include "decimal.h"
#include "text_error.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#define FIELD_PATH_MAX 128
#define MICROSECOND_DECIMALS 6
#define COUNT_MAX "4294967295"

static const char *const vol_rules[] = {
    [PL_VOL_RULE_NONE] = "none",     [PL_VOL_RULE_UP] = "up",   [PL_VOL_RULE_DOWN] = "down",
    [PL_VOL_RULE_LINEAR] = "linear", [PL_VOL_RULE_ABS] = "abs",
};

static void put_i64(void *target, size_t offset, int64_t value)
{
    memcpy((char *)target + offset, &value, sizeof value);
}

static void put_i32(void *target, size_t offset, int32_t value)
{
    memcpy((char *)target + offset, &value, sizeof value);
}

static void put_bool(void *target, size_t offset, bool value)
{
    memcpy((char *)target + offset, &value, sizeof value);
}

/* A constant of a table, which is always well formed. */
static struct pl_decimal constant(const char *text)
{
    struct pl_decimal value = { 0, 0 };
    int result = pl_decimal_parse(text, strlen(text), &value);
    assert(result == 0);
    return value;
}

static int64_t constant_q40(const char *text)
{
    int64_t value = 0;
    int result = pl_decimal_scale(constant(text), 0, PL_COEFFICIENT_BITS, &value);
    assert(result == 0);
    return value;
}

bool pl_model_expect(struct pl_model_reader *reader, const struct pl_json_value *value,
                     enum pl_json_type type)
{
    if (value->type == type)
        return true;
    pl_json_error(reader->json, value, "must be %s, not %s", pl_json_type_name(type),
                  pl_json_type_name(value->type));
    return false;
}

bool pl_model_copy_name(struct pl_model_reader *reader, const struct pl_json_value *value,
                        const char *text, char *name)
{
    size_t length = strlen(text);
    bool printable = true;
    for (size_t i = 0; i < length; i++)
        printable = printable && text[i] >= ' ' && text[i] <= '~' && text[i] != ',';
    if (length == 0 || length >= PL_MODEL_NAME_MAX || !printable) {
        pl_json_error(reader->json, value,
                      "a name has 1 to %d printable ASCII characters without comma",
                      PL_MODEL_NAME_MAX - 1);
        return false;
    }
    memcpy(name, text, length + 1);
    return true;
}

static bool read_number(struct pl_model_reader *reader, const struct pl_json_value *value,
                        const struct pl_model_field *field, struct pl_decimal *out)
{
    const char *text = reader->json->text + value->at;
    if (!pl_model_expect(reader, value, PL_JSON_NUMBER))
        return false;
    int result = pl_decimal_parse(text, value->length, out);
    if (result != 0) {
        pl_json_error(reader->json, value, "more than %d significant digits, or beyond 1e%d",
                      PL_DECIMAL_DIGITS_MAX, PL_DECIMAL_EXPONENT_MAX);
        return false;
    }
    if (field->min != NULL && (pl_decimal_compare(*out, constant(field->min)) < 0 ||
                               pl_decimal_compare(*out, constant(field->max)) > 0)) {
        pl_json_error(reader->json, value, "must be from %s to %s", field->min, field->max);
        return false;
    }
    return true;
}

static void read_scaled(struct pl_model_reader *reader, const struct pl_json_value *value,
                        const struct pl_model_field *field, void *target)
{
    struct pl_decimal number;
    int64_t scaled = 0;
    if (!read_number(reader, value, field, &number))
        return;
    const bool q40 = field->type != PL_FIELD_MONEY && field->type != PL_FIELD_MICROSECONDS;
    int result = pl_decimal_scale(number,
                                  q40                                    ? 0
                                  : field->type == PL_FIELD_MICROSECONDS ? MICROSECOND_DECIMALS
                                                                         : PL_MONEY_DECIMALS,
                                  q40 ? PL_COEFFICIENT_BITS : 0, &scaled);
    assert(result == 0 || field->min == NULL); /* the range of every field that has one fits */
    if (result != 0)
        scaled = number.mantissa < 0 ? INT64_MIN : INT64_MAX;
    put_i64(target, field->offset, scaled);
}

static void read_q40_or_null(struct pl_model_reader *reader, const struct pl_json_value *value,
                             const struct pl_model_field *field, void *target)
{
    put_bool(target, field->flag_offset, value->type != PL_JSON_NULL);
    put_i64(target, field->offset, 0);
    if (value->type != PL_JSON_NULL)
        read_scaled(reader, value, field, target);
}

static void read_whole(struct pl_model_reader *reader, const struct pl_json_value *value,
                       const struct pl_model_field *field, void *target)
{
    struct pl_decimal number;
    int64_t whole_number;
    if (!read_number(reader, value, field, &number))
        return;
    if (field->min == NULL &&
        (number.mantissa < 0 || pl_decimal_compare(number, constant(COUNT_MAX)) > 0))
        number = constant(COUNT_MAX);
    if (!pl_decimal_multiple(number, (struct pl_decimal){ 1, 0 }, &whole_number)) {
        pl_json_error(reader->json, value, "must be a whole number%s",
                      field->type == PL_FIELD_SECONDS ? " of seconds" : "");
        return;
    }
    const uint32_t whole = (uint32_t)whole_number;
    if (field->type == PL_FIELD_WHOLE)
        put_i64(target, field->offset, whole_number);
    else
        memcpy((char *)target + field->offset, &whole, sizeof whole);
}

static void read_vol_rule(struct pl_model_reader *reader, const struct pl_json_value *value,
                          const struct pl_model_field *field, void *target)
{
    if (!pl_model_expect(reader, value, PL_JSON_STRING))
        return;
    for (uint8_t i = 0; i < sizeof vol_rules / sizeof vol_rules[0]; i++) {
        if (strcmp(value->string, vol_rules[i]) == 0) {
            memcpy((char *)target + field->offset, &i, 1);
            return;
        }
    }
    pl_json_error(reader->json, value,
                  "unknown vol rule \"%.64s\" (known: none up down linear abs)", value->string);
}

static int32_t find_scenario_table(const struct pl_model_spec *model, const char *name)
{
    for (uint32_t i = 0; i < model->scenario_table_count; i++)
        if (strcmp(model->scenario_tables[i].name, name) == 0)
            return (int32_t)i;
    return -1;
}

static int32_t find_offset_group(const struct pl_model_spec *model, const char *name)
{
    for (uint32_t i = 0; i < model->offset_group_count; i++)
        if (strcmp(model->offset_groups[i].name, name) == 0)
            return (int32_t)i;
    return -1;
}

static void read_reference(struct pl_model_reader *reader, const struct pl_json_value *value,
                           const struct pl_model_field *field, void *target)
{
    bool table = field->type == PL_FIELD_SCENARIOS;
    int32_t index = -1;
    if (value->type != PL_JSON_NULL) {
        if (!pl_model_expect(reader, value, PL_JSON_STRING))
            return;
        index = table ? find_scenario_table(reader->model, value->string)
                      : find_offset_group(reader->model, value->string);
        if (index < 0)
            pl_json_error(reader->json, value,
                          table ? "no scenario table \"%.64s\" (null: no scenario loss)"
                                : "no offset group \"%.64s\" (null: no offset)",
                          value->string);
    }
    put_i32(target, field->offset, index);
}

static int read_field(struct pl_model_reader *reader, const struct pl_json_value *value,
                      const struct pl_model_field *field, void *target)
{
    int32_t table = -1;
    int result = 0;
    switch (field->type) {
    case PL_FIELD_Q40:
    case PL_FIELD_MICROSECONDS:
    case PL_FIELD_MONEY: read_scaled(reader, value, field, target); break;
    case PL_FIELD_Q40_OR_NULL: read_q40_or_null(reader, value, field, target); break;
    case PL_FIELD_COUNT:
    case PL_FIELD_WHOLE:
    case PL_FIELD_SECONDS: read_whole(reader, value, field, target); break;
    case PL_FIELD_FLAG:
        if (pl_model_expect(reader, value, PL_JSON_BOOLEAN))
            put_bool(target, field->offset, reader->json->text[value->at] == 't');
        break;
    case PL_FIELD_NAME:
        if (pl_model_expect(reader, value, PL_JSON_STRING))
            (void)pl_model_copy_name(reader, value, value->string, (char *)target + field->offset);
        break;
    case PL_FIELD_VOL_RULE: read_vol_rule(reader, value, field, target); break;
    case PL_FIELD_SCENARIOS:
    case PL_FIELD_OFFSET_GROUP: read_reference(reader, value, field, target); break;
    case PL_FIELD_REQUIREMENT:
        result = pl_model_read_requirement(reader, value, &table);
        put_i32(target, field->offset, table);
        break;
    case PL_FIELD_ELSEWHERE: break;
    }
    return result;
}

void pl_model_set_defaults(const struct pl_model_field *fields, size_t count, void *target)
{
    for (size_t i = 0; i < count; i++) {
        const struct pl_model_field *field = &fields[i];
        if (field->initial == NULL)
            continue;
        switch (field->type) {
        case PL_FIELD_Q40: put_i64(target, field->offset, constant_q40(field->initial)); break;
        case PL_FIELD_FLAG: put_bool(target, field->offset, field->initial[0] == '1'); break;
        case PL_FIELD_SCENARIOS:
        case PL_FIELD_OFFSET_GROUP:
        case PL_FIELD_REQUIREMENT: put_i32(target, field->offset, -1); break;
        default: break; /* zero: the target is cleared before */
        }
    }
}

/* A place in the tree of objects that a table describes. */
struct level {
    struct pl_model_reader *reader;
    const struct pl_model_field *fields;
    size_t count;
    void *target;
    char path[FIELD_PATH_MAX]; /* "" or "vol_shock." */
};

/* The part of a field's path below this level, or NULL when it lies elsewhere. */
static const char *below(const struct level *level, const struct pl_model_field *field)
{
    size_t length = strlen(level->path);
    return strncmp(field->path, level->path, length) == 0 ? field->path + length : NULL;
}

static void report_unknown(const struct level *level, const struct pl_json_value *member)
{
    char list[400];
    size_t used = 0, last = 0;
    list[0] = '\0';
    for (size_t i = 0; i < level->count; i++) {
        const char *rest = below(level, &level->fields[i]);
        if (rest == NULL)
            continue;
        size_t length = strcspn(rest, ".");
        bool repeated = used - last == length + 1 && strncmp(list + last + 1, rest, length) == 0;
        if (repeated || used + length + 2 > sizeof list)
            continue;
        last = used;
        used += (size_t)snprintf(list + used, sizeof list - used, " %.*s", (int)length, rest);
    }
    pl_json_error(level->reader->json, member, "unknown key (known here:%s)", list);
}

static int read_level(struct level *level, const struct pl_json_value *object);

static int read_member(struct level *level, const struct pl_json_value *member)
{
    size_t length = strlen(member->key);
    bool plain = length > 0 && strchr(member->key, '.') == NULL;
    for (size_t i = 0; i < level->count && plain; i++) {
        const char *rest = below(level, &level->fields[i]);
        if (rest == NULL || strncmp(rest, member->key, length) != 0)
            continue;
        if (rest[length] == '\0')
            return read_field(level->reader, member, &level->fields[i], level->target);
        if (rest[length] != '.')
            continue;
        struct level inner = *level;
        int written = snprintf(inner.path, sizeof inner.path, "%s%s.", level->path, member->key);
        assert(written > 0 && (size_t)written < sizeof inner.path);
        return read_level(&inner, member);
    }
    report_unknown(level, member);
    return 0;
}

static int read_level(struct level *level, const struct pl_json_value *object)
{
    const struct pl_json *json = level->reader->json;
    if (!pl_model_expect(level->reader, object, PL_JSON_OBJECT))
        return 0;
    for (size_t i = 0; i < level->count; i++) {
        const struct pl_model_field *field = &level->fields[i];
        const char *rest = below(level, field);
        if (field->initial != NULL || rest == NULL || strchr(rest, '.') != NULL)
            continue;
        if (pl_json_member(json, object, rest) == NULL)
            pl_json_error(json, object, "the key \"%s\" is missing", rest);
    }
    const struct pl_json_value *member = pl_json_first(json, object);
    for (; member != NULL; member = pl_json_next(json, member)) {
        int result = read_member(level, member);
        if (result != 0)
            return result;
    }
    return 0;
}

int pl_model_read_fields(struct pl_model_reader *reader, const struct pl_json_value *object,
                         const struct pl_model_field *fields, size_t count, void *target)
{
    struct level level = {
        .reader = reader, .fields = fields, .count = count, .target = target, .path = ""
    };
    return read_level(&level, object);
}
