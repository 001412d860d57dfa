#include "output.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOTE_BYTES_MAX 512
#define COLUMNS_MAX 40

void pl_output_start(struct pl_output *output, enum pl_format format)
{
    *output = (struct pl_output){ .format = format };
    if (format == PL_FORMAT_JSON)
        pl_buffer_add(&output->text, "{");
}

void pl_output_free(struct pl_output *output)
{
    pl_buffer_free(&output->facts);
    pl_buffer_free(&output->text);
}

/* Facts that follow one another have their texts in one column. */
static void flush_facts(struct pl_output *output)
{
    struct pl_buffer *facts = &output->facts;
    for (size_t at = 0; at < facts->used && !facts->failed;) {
        const char *title = facts->data + at, *text = title + strlen(title) + 1;
        pl_buffer_add(&output->text, "%-*s  ", (int)output->facts_width, title);
        pl_buffer_add_plain(&output->text, text);
        pl_buffer_add(&output->text, "\n");
        at += strlen(title) + strlen(text) + 2;
    }
    output->text.failed = output->text.failed || facts->failed;
    facts->used = 0;
    output->facts_width = 0;
}

int pl_output_finish(struct pl_output *output)
{
    flush_facts(output);
    if (output->format == PL_FORMAT_JSON)
        pl_buffer_add(&output->text, "\n}\n");
    int result = pl_stdout_write(&output->text);
    pl_output_free(output);
    return result;
}

static void json_key(struct pl_output *output, const char *key)
{
    pl_buffer_add(&output->text, "%s\n  ", output->has_member ? "," : "");
    pl_buffer_add_json(&output->text, key);
    pl_buffer_add(&output->text, ": ");
    output->has_member = true;
}

/* `quoted`: a JSON string. */
static void add_fact(struct pl_output *output, const char *key, const char *title, const char *text,
                     bool quoted)
{
    if (output->format == PL_FORMAT_JSON) {
        json_key(output, key);
        if (quoted)
            pl_buffer_add_json(&output->text, text);
        else
            pl_buffer_add(&output->text, "%s", text);
    } else if (output->format == PL_FORMAT_TABLE) {
        pl_buffer_add_bytes(&output->facts, title, strlen(title) + 1);
        pl_buffer_add_bytes(&output->facts, text, strlen(text) + 1);
        if (strlen(title) > output->facts_width)
            output->facts_width = strlen(title);
    }
}

void pl_output_text(struct pl_output *output, const char *key, const char *title, const char *text)
{
    add_fact(output, key, title, text, true);
}

void pl_output_count(struct pl_output *output, const char *key, const char *title, uint64_t count)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRIu64, count);
    add_fact(output, key, title, text, false);
}

void pl_output_money(struct pl_output *output, const char *key, const char *title, pl_i128 value_e8)
{
    char text[PL_MONEY_TEXT_BYTES];
    bool shown = output->format == PL_FORMAT_TABLE;
    pl_money_text(text, value_e8, shown ? PL_MONEY_DIGITS_SHOWN : PL_MONEY_DIGITS_EXACT);
    add_fact(output, key, title, text, true);
}

void pl_output_time(struct pl_output *output, const char *key, const char *title, int64_t time_us)
{
    char text[PL_TIME_TEXT_BYTES];
    pl_time_text(text, time_us);
    add_fact(output, key, title, text, true);
}

void pl_output_hash(struct pl_output *output, const char *key, const char *title, uint64_t hash)
{
    char text[24];
    snprintf(text, sizeof text, "%016" PRIx64, hash);
    add_fact(output, key, title, text, true);
}

void pl_output_note(struct pl_output *output, const char *format, ...)
{
    if (output->format != PL_FORMAT_TABLE)
        return;
    char text[NOTE_BYTES_MAX];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    flush_facts(output);
    pl_buffer_add_plain(&output->text, text);
    pl_buffer_add(&output->text, "\n");
}

void pl_listing_start(struct pl_listing *listing, const struct pl_output *output,
                      const struct pl_column *columns, size_t column_count)
{
    assert(column_count > 0 && column_count <= COLUMNS_MAX);
    *listing = (struct pl_listing){ .format = output->format,
                                    .columns = columns,
                                    .column_count = column_count };
}

static const struct pl_column *next_column(const struct pl_listing *listing)
{
    return &listing->columns[listing->cell_count % listing->column_count];
}

static void end_cell(struct pl_listing *listing)
{
    if (listing->cell_count == listing->cell_capacity) {
        size_t capacity = listing->cell_capacity == 0 ? 256 : listing->cell_capacity * 2;
        size_t *ends = realloc(listing->ends, capacity * sizeof *ends);
        if (ends == NULL) {
            listing->text.failed = true;
            return;
        }
        listing->ends = ends;
        listing->cell_capacity = capacity;
    }
    listing->ends[listing->cell_count++] = listing->text.used;
}

static void add_words(struct pl_buffer *buffer, const char *text)
{
    char word[NOTE_BYTES_MAX];
    pl_buffer_add(buffer, "[");
    for (bool first = true; *text != '\0'; first = false) {
        size_t length = strcspn(text, " ");
        assert(length < sizeof word);
        memcpy(word, text, length);
        word[length] = '\0';
        pl_buffer_add(buffer, first ? "" : ", ");
        pl_buffer_add_json(buffer, word);
        text += length + (text[length] == ' ' ? 1 : 0);
    }
    pl_buffer_add(buffer, "]");
}

void pl_listing_text(struct pl_listing *listing, const char *text)
{
    enum pl_column_kind kind = next_column(listing)->kind;
    bool empty = text == NULL || (kind == PL_COLUMN_WORDS && text[0] == '\0');
    if (listing->format == PL_FORMAT_JSON && kind == PL_COLUMN_WORDS)
        add_words(&listing->text, empty ? "" : text);
    else if (listing->format == PL_FORMAT_JSON && empty)
        pl_buffer_add(&listing->text, "null");
    else if (listing->format == PL_FORMAT_JSON)
        pl_buffer_add_json(&listing->text, text);
    else if (listing->format == PL_FORMAT_CSV)
        pl_buffer_add_csv(&listing->text, empty ? "" : text);
    else
        pl_buffer_add_plain(&listing->text, empty ? "-" : text);
    end_cell(listing);
}

void pl_listing_count(struct pl_listing *listing, uint64_t count)
{
    assert(next_column(listing)->kind == PL_COLUMN_COUNT);
    pl_buffer_add(&listing->text, "%" PRIu64, count);
    end_cell(listing);
}

void pl_listing_money(struct pl_listing *listing, pl_i128 value_e8)
{
    assert(next_column(listing)->kind == PL_COLUMN_MONEY);
    char text[PL_MONEY_TEXT_BYTES];
    bool shown = listing->format == PL_FORMAT_TABLE;
    pl_money_text(text, value_e8, shown ? PL_MONEY_DIGITS_SHOWN : PL_MONEY_DIGITS_EXACT);
    pl_listing_text(listing, text);
}

void pl_listing_time(struct pl_listing *listing, int64_t time_us)
{
    assert(next_column(listing)->kind == PL_COLUMN_TIME);
    char text[PL_TIME_TEXT_BYTES];
    pl_time_text(text, time_us);
    pl_listing_text(listing, text);
}

static const char *cell_at(const struct pl_listing *listing, size_t index, size_t *length)
{
    size_t start = index == 0 ? 0 : listing->ends[index - 1];
    *length = listing->ends[index] - start;
    return listing->text.data + start;
}

static void render_json(struct pl_output *output, const char *key, const struct pl_listing *listing)
{
    struct pl_buffer *out = &output->text;
    json_key(output, key);
    pl_buffer_add(out, "[");
    for (size_t i = 0; i < listing->cell_count; i++) {
        size_t column = i % listing->column_count, length;
        const char *cell = cell_at(listing, i, &length);
        if (column == 0)
            pl_buffer_add(out, "%s\n    {", i == 0 ? "" : ",");
        else
            pl_buffer_add(out, ", ");
        pl_buffer_add_json(out, listing->columns[column].key);
        pl_buffer_add(out, ": ");
        pl_buffer_add_bytes(out, cell, length);
        if (column + 1 == listing->column_count)
            pl_buffer_add(out, "}");
    }
    pl_buffer_add(out, listing->cell_count == 0 ? "]" : "\n  ]");
}

static void render_csv(struct pl_output *output, const struct pl_listing *listing)
{
    struct pl_buffer *out = &output->text;
    for (size_t column = 0; column < listing->column_count; column++)
        pl_buffer_add(out, "%s%s", column == 0 ? "" : ",", listing->columns[column].key);
    pl_buffer_add(out, "\n");
    for (size_t i = 0; i < listing->cell_count; i++) {
        size_t length;
        const char *cell = cell_at(listing, i, &length);
        pl_buffer_add_bytes(out, cell, length);
        pl_buffer_add(out, (i + 1) % listing->column_count == 0 ? "\n" : ",");
    }
}

/* One cell, padded on the side where its kind has blanks; no blanks at the end of a line. */
static void add_padded(struct pl_buffer *out, const char *cell, size_t length, size_t width,
                       bool right, bool last)
{
    size_t blanks = width > length ? width - length : 0;
    if (right)
        pl_buffer_fill(out, ' ', blanks);
    pl_buffer_add_bytes(out, cell, length);
    if (last)
        pl_buffer_add(out, "\n");
    else
        pl_buffer_fill(out, ' ', (right ? 0 : blanks) + 2);
}

static bool is_right(enum pl_column_kind kind)
{
    return kind == PL_COLUMN_COUNT || kind == PL_COLUMN_MONEY;
}

static void render_table(struct pl_output *output, const char *title,
                         const struct pl_listing *listing)
{
    size_t widths[COLUMNS_MAX], count = listing->column_count, length;
    for (size_t column = 0; column < count; column++) {
        widths[column] = strlen(listing->columns[column].title);
        if (listing->widths != NULL && listing->widths[column] > widths[column])
            widths[column] = listing->widths[column];
    }
    for (size_t i = 0; i < listing->cell_count; i++) {
        (void)cell_at(listing, i, &length);
        if (length > widths[i % count])
            widths[i % count] = length;
    }
    if (listing->widths != NULL)
        memcpy(listing->widths, widths, count * sizeof *widths);
    flush_facts(output);
    if (output->text.used > 0)
        pl_buffer_add(&output->text, "\n");
    if (title != NULL)
        pl_output_note(output, listing->cell_count == 0 ? "%s none" : "%s", title);
    for (size_t column = 0; column < count && (title == NULL || listing->cell_count > 0);
         column++) {
        const struct pl_column *c = &listing->columns[column];
        add_padded(&output->text, c->title, strlen(c->title), widths[column], is_right(c->kind),
                   column + 1 == count);
    }
    for (size_t i = 0; i < listing->cell_count; i++) {
        const char *cell = cell_at(listing, i, &length);
        add_padded(&output->text, cell, length, widths[i % count],
                   is_right(listing->columns[i % count].kind), (i + 1) % count == 0);
    }
}

void pl_listing_free(struct pl_listing *listing)
{
    pl_buffer_free(&listing->text);
    free(listing->ends);
    *listing = (struct pl_listing){ 0 };
}

void pl_output_listing(struct pl_output *output, const char *key, const char *title,
                       struct pl_listing *listing, bool main)
{
    assert(listing->text.failed || listing->cell_count % listing->column_count == 0);
    if (listing->text.failed)
        output->text.failed = true;
    else if (output->format == PL_FORMAT_JSON)
        render_json(output, key, listing);
    else if (output->format == PL_FORMAT_CSV && main)
        render_csv(output, listing);
    else if (output->format == PL_FORMAT_TABLE)
        render_table(output, title, listing);
    pl_listing_free(listing);
}
