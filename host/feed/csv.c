#include "csv.h"

#include "byte_source.h"
#include "memory.h"
#include "text_error.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#define BUFFER_BYTES 262144
_Static_assert(BUFFER_BYTES > 4 * (PL_CSV_LINE_MAX + 2),
               "a line fits the buffer with room to read");

struct pl_csv {
    struct pl_byte_source *source;
    struct pl_text_error *error;
    const struct pl_csv_column *columns;
    size_t column_count;
    size_t file_column_count;
    uint8_t known[PL_CSV_COLUMNS_MAX]; /* by position in the file: index into columns */
    bool present[PL_CSV_COLUMNS_MAX];  /* by index into columns */
    uint64_t line;
    size_t begin, end; /* unread bytes of the buffer */
    bool at_end;
    char *path;
    char buffer[BUFFER_BYTES];
};

static int stop(struct pl_csv *csv, uint64_t column, int result, const char *reason)
{
    pl_text_error_add(csv->error, csv->path, csv->line, column, "%s", reason);
    return result;
}

static int refill(struct pl_csv *csv)
{
    const char *reason = "";
    size_t got;
    memmove(csv->buffer, csv->buffer + csv->begin, csv->end - csv->begin);
    csv->end -= csv->begin;
    csv->begin = 0;
    size_t room = sizeof csv->buffer - csv->end;
    int result = pl_byte_source_read(csv->source, csv->buffer + csv->end, room, &got, &reason);
    csv->end += got;
    csv->at_end = got < room;
    return result == 0 ? 0 : stop(csv, 0, result, reason);
}

/* Checks a whole line and cuts a CR. Returns 1 or a negative errno. */
static int check_line(struct pl_csv *csv, const char *text, size_t *length)
{
    const char *nul = memchr(text, '\0', *length);
    if (nul != NULL)
        return stop(csv, (uint64_t)(nul - text) + 1, -EINVAL,
                    "a NUL byte: this is not a text file");
    if (*length > 0 && text[*length - 1] == '\r')
        --*length;
    if (*length <= PL_CSV_LINE_MAX)
        return 1;
    pl_text_error_add(csv->error, csv->path, csv->line, PL_CSV_LINE_MAX + 1,
                      "line longer than %d bytes: this is not a file of this format",
                      PL_CSV_LINE_MAX);
    return -EINVAL;
}

/* The next line as text[0..length). Returns 1, 0 at the end, or a negative errno. */
static int next_line(struct pl_csv *csv, const char **text, size_t *length)
{
    csv->line++;
    for (;;) {
        *text = csv->buffer + csv->begin;
        size_t unread = csv->end - csv->begin;
        const char *newline = memchr(*text, '\n', unread);
        if (newline != NULL) {
            *length = (size_t)(newline - *text);
            csv->begin += *length + 1;
            return check_line(csv, *text, length);
        }
        if (unread > PL_CSV_LINE_MAX + 1 || csv->at_end)
            break;
        int result = refill(csv);
        if (result != 0)
            return result;
    }
    *length = csv->end - csv->begin;
    if (*length == 0)
        return 0;
    size_t cut = *length;
    int result = check_line(csv, *text, &cut);
    if (result < 0)
        return result;
    return stop(csv, cut + 1, -EINVAL,
                "the last line has no newline: the file looks truncated (end it with a newline)");
}

/* Up to PL_CSV_COLUMNS_MAX cells; returns how many there are in the line. */
static size_t split(const char *text, size_t length, struct pl_csv_cell *cells)
{
    size_t count = 0, start = 0;
    for (;;) {
        const char *comma = memchr(text + start, ',', length - start);
        size_t end = comma != NULL ? (size_t)(comma - text) : length;
        if (count < PL_CSV_COLUMNS_MAX)
            cells[count] =
                (struct pl_csv_cell){ text + start, (uint32_t)(end - start), (uint32_t)start + 1 };
        count++;
        if (comma == NULL)
            return count;
        start = end + 1;
    }
}

/* The names of all columns, or of the required ones that the file lacks; for messages. */
static const char *list_columns(const struct pl_csv *csv, bool missing_only, char *list,
                                size_t size)
{
    size_t used = 0;
    list[0] = '\0';
    for (size_t i = 0; i < csv->column_count; i++) {
        const struct pl_csv_column *column = &csv->columns[i];
        if (missing_only && (!column->required || csv->present[i]))
            continue;
        size_t length = strlen(column->name), blank = used > 0 ? 1 : 0;
        assert(used + blank + length < size);
        if (blank)
            list[used] = ' ';
        memcpy(list + used + blank, column->name, length + 1);
        used += blank + length;
    }
    return list;
}

static int name_column(struct pl_csv *csv, size_t position, const struct pl_csv_cell *cell)
{
    char list[512];
    for (size_t i = 0; i < csv->column_count; i++) {
        const char *name = csv->columns[i].name;
        if (strlen(name) != cell->length || memcmp(name, cell->text, cell->length) != 0)
            continue;
        if (csv->present[i]) {
            pl_text_error_add(csv->error, csv->path, 1, cell->column, "column \"%s\" appears twice",
                              name);
            return -EINVAL;
        }
        csv->present[i] = true;
        csv->known[position] = (uint8_t)i;
        return 0;
    }
    char shown[64];
    size_t length = cell->length < sizeof shown ? cell->length : sizeof shown - 1;
    for (size_t i = 0; i < length; i++)
        shown[i] = cell->text[i] >= ' ' && cell->text[i] <= '~' ? cell->text[i] : '?';
    shown[length] = '\0';
    pl_text_error_add(csv->error, csv->path, 1, cell->column,
                      "unknown column \"%s\" (columns here: %s)", shown,
                      list_columns(csv, false, list, sizeof list));
    return -EINVAL;
}

static int read_header(struct pl_csv *csv)
{
    struct pl_csv_cell cells[PL_CSV_COLUMNS_MAX];
    const char *text;
    char list[512];
    size_t length;
    int result = next_line(csv, &text, &length);
    if (result <= 0)
        return result < 0 ? result
                          : stop(csv, 0, -EINVAL,
                                 "the file is empty: its first line must name the columns");
    if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
        text += 3;
        length -= 3;
    }
    csv->file_column_count = split(text, length, cells);
    result = 0;
    for (size_t i = 0; i < csv->file_column_count && i < PL_CSV_COLUMNS_MAX; i++)
        if (name_column(csv, i, &cells[i]) != 0)
            result = -EINVAL;
    if (csv->file_column_count > PL_CSV_COLUMNS_MAX)
        result = -EINVAL; /* some are unknown or duplicate: reported above */
    if (list_columns(csv, true, list, sizeof list)[0] != '\0') {
        pl_text_error_add(csv->error, csv->path, 1, 1, "required columns missing: %s", list);
        result = -EINVAL;
    }
    return result;
}

int pl_csv_open(const char *path, const struct pl_csv_column *columns, size_t column_count,
                struct pl_text_error *error, struct pl_csv **out)
{
    assert(column_count < PL_CSV_COLUMNS_MAX);
    *out = NULL;
    size_t path_size = strlen(path) + 1;
    struct pl_csv *csv = pl_memory_alloc(sizeof *csv);
    char *path_copy = pl_memory_alloc(path_size);
    if (csv == NULL || path_copy == NULL) {
        pl_memory_free(csv);
        pl_memory_free(path_copy);
        pl_text_error_add(error, path, 0, 0, "%s", strerror(ENOMEM));
        return -ENOMEM;
    }
    memcpy(path_copy, path, path_size);
    csv->path = path_copy;
    csv->error = error;
    csv->columns = columns;
    csv->column_count = column_count;
    const char *reason = "";
    int result = pl_byte_source_open(path, &csv->source, &reason);
    if (result != 0)
        pl_text_error_add(error, path, 0, 0, "%s", reason);
    else
        result = read_header(csv);
    if (result != 0) {
        pl_csv_close(csv);
        return result;
    }
    *out = csv;
    return 0;
}

int pl_csv_next(struct pl_csv *csv, struct pl_csv_cell *cells)
{
    struct pl_csv_cell found[PL_CSV_COLUMNS_MAX];
    const char *text;
    size_t length;
    for (;;) {
        int result = next_line(csv, &text, &length);
        if (result <= 0)
            return result;
        if (length == 0)
            continue;
        size_t count = split(text, length, found);
        if (count == csv->file_column_count)
            break;
        pl_text_error_add(
            csv->error, csv->path, csv->line,
            count < csv->file_column_count ? length + 1 : found[csv->file_column_count].column,
            "%zu cells, but the first line names %zu columns", count, csv->file_column_count);
    }
    for (size_t i = 0; i < csv->column_count; i++)
        if (!csv->present[i])
            cells[i] = (struct pl_csv_cell){ "", 0, 0 };
    for (size_t i = 0; i < csv->file_column_count; i++)
        cells[csv->known[i]] = found[i];
    return 1;
}

const char *pl_csv_path(const struct pl_csv *csv)
{
    return csv->path;
}

uint64_t pl_csv_line(const struct pl_csv *csv)
{
    return csv->line;
}

void pl_csv_close(struct pl_csv *csv)
{
    if (csv == NULL)
        return;
    pl_byte_source_close(csv->source);
    pl_memory_free(csv->path);
    pl_memory_free(csv);
}
