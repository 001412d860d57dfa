/* A JSON document whose values know where they stand, so that an error about their meaning names
 * line and column. jansson judges the syntax; the tree here keeps the text of every number, so that
 * numbers are read as exact decimals and never pass through a double. */
#ifndef PL_FEED_JSON_TEXT_H
#define PL_FEED_JSON_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "symbols.h"

struct pl_text_error;

#define PL_JSON_BYTES_MAX (64u << 20)

enum pl_json_type {
    PL_JSON_OBJECT,
    PL_JSON_ARRAY,
    PL_JSON_STRING,
    PL_JSON_NUMBER,
    PL_JSON_BOOLEAN,
    PL_JSON_NULL,
};

struct pl_json_value {
    enum pl_json_type type;
    uint32_t at, length; /* its text in the document, quotes included */
    const char *key;     /* of a member of an object; else NULL */
    const char *string;  /* of a string, decoded; else NULL */
    uint32_t position;   /* among its siblings, from 0 */
    uint32_t child_count;
    uint32_t parent, first_child, last_child, next; /* indices of values; 0: none (the root is 0) */
};

struct pl_json {
    char *path; /* of the file, for messages */
    char *text;
    size_t length;
    struct pl_json_value *values; /* [0] is the root */
    uint64_t count, capacity;
    struct pl_symbols strings; /* own keys and strings */
    struct pl_text_error *error;
};

/* Loads a file and parses it (duplicate keys are errors). Returns 0 or a negative errno with the
 * problem added to *error, which must outlive the document. */
int pl_json_load(const char *path, struct pl_text_error *error, struct pl_json **out);
/* The same for a text that is in memory already; `path` names it in messages. */
int pl_json_parse(const char *path, const char *text, struct pl_text_error *error,
                  struct pl_json **out);
void pl_json_free(struct pl_json *json);

const struct pl_json_value *pl_json_first(const struct pl_json *json,
                                          const struct pl_json_value *parent);
const struct pl_json_value *pl_json_next(const struct pl_json *json,
                                         const struct pl_json_value *value);
const struct pl_json_value *pl_json_member(const struct pl_json *json,
                                           const struct pl_json_value *object, const char *key);
const char *pl_json_type_name(enum pl_json_type type);

/* Adds a problem: "FILE:LINE:COLUMN: underlyings.BTC.vol_shock.up: ...". */
__attribute__((format(printf, 3, 4))) void pl_json_error(const struct pl_json *json,
                                                         const struct pl_json_value *value,
                                                         const char *format, ...);

/* Line and column (in characters) of a byte of the text, from 1. */
void pl_json_place(const struct pl_json *json, size_t at, uint64_t *line, uint64_t *column);

#endif
