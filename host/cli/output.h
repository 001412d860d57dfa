/* What a command says: facts and listings, rendered as a text for people, as JSON or as CSV.
 *
 * Money is exact in JSON and CSV: a decimal string with 8 digits after the point, never a JSON
 * number, which readers would round. The table for people shows 2 digits, rounded towards minus
 * infinity. */
#ifndef PL_CLI_OUTPUT_H
#define PL_CLI_OUTPUT_H

#include "buffer.h"

#include <stdint.h>

enum pl_format { PL_FORMAT_TABLE, PL_FORMAT_JSON, PL_FORMAT_CSV };

struct pl_output {
    enum pl_format format;
    struct pl_buffer text;
    bool has_member;        /* JSON: a comma goes before the next one */
    struct pl_buffer facts; /* table: title, zero, text, zero; kept until their width is known */
    size_t facts_width;
};

enum pl_column_kind {
    PL_COLUMN_TEXT,
    PL_COLUMN_WORDS, /* blank between words; JSON: an array of strings */
    PL_COLUMN_COUNT,
    PL_COLUMN_MONEY,
    PL_COLUMN_TIME,
};

struct pl_column {
    const char *key;   /* in JSON and CSV */
    const char *title; /* in the table */
    enum pl_column_kind kind;
};

/* Rows are filled cell by cell, in the order of the columns. */
struct pl_listing {
    enum pl_format format;
    const struct pl_column *columns;
    size_t column_count;
    struct pl_buffer text;
    size_t *ends; /* in text, of each cell */
    size_t cell_count, cell_capacity;
    size_t *widths; /* table: of each column at least, raised where one is wider; NULL: none */
};

void pl_output_start(struct pl_output *output, enum pl_format format);
/* Writes it to stdout and frees it. Returns 0 or a negative errno, after saying why. */
int pl_output_finish(struct pl_output *output);
void pl_output_free(struct pl_output *output);

/* Facts: members of the JSON object, lines of the text; CSV has none. */
void pl_output_text(struct pl_output *output, const char *key, const char *title, const char *text);
void pl_output_count(struct pl_output *output, const char *key, const char *title, uint64_t count);
void pl_output_money(struct pl_output *output, const char *key, const char *title,
                     pl_i128 value_e8);
void pl_output_time(struct pl_output *output, const char *key, const char *title, int64_t time_us);
void pl_output_hash(struct pl_output *output, const char *key, const char *title, uint64_t hash);
/* One line of the text, and no more. */
__attribute__((format(printf, 2, 3))) void pl_output_note(struct pl_output *output,
                                                          const char *format, ...);

void pl_listing_start(struct pl_listing *listing, const struct pl_output *output,
                      const struct pl_column *columns, size_t column_count);
void pl_listing_text(struct pl_listing *listing, const char *text); /* NULL: none. Also for words */
void pl_listing_count(struct pl_listing *listing, uint64_t count);
void pl_listing_money(struct pl_listing *listing, pl_i128 value_e8);
void pl_listing_time(struct pl_listing *listing, int64_t time_us);

void pl_listing_free(struct pl_listing *listing);

/* Adds the listing to the output and frees it. CSV: only where `main` is true, once per output.
 * `title`: a line above the table, or NULL. */
void pl_output_listing(struct pl_output *output, const char *key, const char *title,
                       struct pl_listing *listing, bool main);

#endif
