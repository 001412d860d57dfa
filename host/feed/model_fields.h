/* Reads JSON objects by tables: one row per key says where its value goes, its range and its
 * default, so that a new coefficient of the model, or rule of a venue, is one more row. */
#ifndef PL_FEED_MODEL_FIELDS_H
#define PL_FEED_MODEL_FIELDS_H

#include "json_text.h"
#include "model_spec.h"

enum pl_model_field_type {
    PL_FIELD_Q40,          /* int64_t, value * 2^40 rounded half-up */
    PL_FIELD_Q40_OR_NULL,  /* the same, and a bool at flag_offset: not null */
    PL_FIELD_MONEY,        /* int64_t, 1e-8 of the settlement currency, rounded half-up */
    PL_FIELD_SECONDS,      /* uint32_t */
    PL_FIELD_COUNT,        /* uint32_t */
    PL_FIELD_WHOLE,        /* int64_t, a whole number */
    PL_FIELD_MICROSECONDS, /* int64_t, of a number of seconds, rounded half-up */
    PL_FIELD_FLAG,         /* bool; default "0" or "1" */
    PL_FIELD_NAME,         /* char[PL_MODEL_NAME_MAX], printable */
    PL_FIELD_VOL_RULE,     /* uint8_t, PL_VOL_RULE_... */
    PL_FIELD_SCENARIOS,    /* int32_t: index of a scenario table by name; -1 for null */
    PL_FIELD_OFFSET_GROUP, /* int32_t: index of an offset group by name; -1 for null */
    PL_FIELD_REQUIREMENT,  /* int32_t: index of a bracket table, by name or made from a rate */
    PL_FIELD_ELSEWHERE,    /* a known key that other code reads */
};

struct pl_model_field {
    const char *path; /* "vol_shock.up" is the member "up" of the member "vol_shock" */
    enum pl_model_field_type type;
    size_t offset;
    /* of numbers; NULL: what reads the value limits it. Then what does not fit is the largest that
     * does, counts that are negative or beyond 32 bits included. */
    const char *min, *max;
    const char *initial; /* default; NULL: the key is required */
    size_t flag_offset;
};

/* A model while it is read. */
struct pl_model_reader {
    const struct pl_json *json;
    struct pl_model_spec *model;
    struct pl_text_error *error;
    uint64_t scenario_tables_capacity, underlyings_capacity, offset_groups_capacity,
        classes_capacity, bracket_tables_capacity;
};

/* Writes the defaults of `fields` into *target (which is zeroed before). */
void pl_model_set_defaults(const struct pl_model_field *fields, size_t count, void *target);

/* Reads `object` into *target; keys that it lacks leave *target as it is. Problems go to the
 * reader's error: wrong types, ranges, unknown keys (the known ones are named), required keys that
 * are missing. Returns 0 or -ENOMEM. */
int pl_model_read_fields(struct pl_model_reader *reader, const struct pl_json_value *object,
                         const struct pl_model_field *fields, size_t count, void *target);

/* True when the value has this type; else the problem is reported. */
bool pl_model_expect(struct pl_model_reader *reader, const struct pl_json_value *value,
                     enum pl_json_type type);

/* Copies a name of 1 to PL_MODEL_NAME_MAX - 1 printable ASCII characters without comma. */
bool pl_model_copy_name(struct pl_model_reader *reader, const struct pl_json_value *value,
                        const char *text, char *name);

/* Reads a requirement: a bracket table's name, or {"mm": rate, "im": rate}. Returns 0 or -ENOMEM.
 */
int pl_model_read_requirement(struct pl_model_reader *reader, const struct pl_json_value *value,
                              int32_t *table);

/* Raises the rates of a requirement to `least`; one in brackets stays. Returns 0 or -ENOMEM. */
int pl_model_raise_requirement(struct pl_model_reader *reader, const struct pl_json_value *value,
                               int64_t least_q40, int32_t *table);

/* One more underlying, like the default; NULL without memory. */
struct pl_underlying_spec *pl_model_add_underlying(struct pl_model_reader *reader);
/* One more, empty; NULL without memory. */
struct pl_scenario_table_spec *pl_model_add_scenario_table(struct pl_model_reader *reader);
struct pl_class_spec *pl_model_add_class(struct pl_model_reader *reader);

/* The sections of a model; each returns 0 or -ENOMEM. */
int pl_model_read_brackets(struct pl_model_reader *reader, const struct pl_json_value *section);
int pl_model_read_scenarios(struct pl_model_reader *reader, const struct pl_json_value *section);
int pl_model_read_offset_groups(struct pl_model_reader *reader,
                                const struct pl_json_value *section);
int pl_model_read_underlyings(struct pl_model_reader *reader, const struct pl_json_value *section);
int pl_model_read_classes(struct pl_model_reader *reader, const struct pl_json_value *section);
int pl_model_read_raised(struct pl_model_reader *reader, const struct pl_json_value *section);

#endif
