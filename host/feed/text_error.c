#include "text_error.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#define LINE_BYTES_MAX 1024 /* one problem; a longer one is cut */

void pl_text_error_clear(struct pl_text_error *error)
{
    error->count = 0;
    error->used = 0;
    error->text[0] = '\0';
}

/* Names come from files: a control character in one must not forge a line. */
static void clean(char *line)
{
    for (; *line != '\0'; line++) {
        unsigned char byte = (unsigned char)*line;
        if (byte < 0x20 || byte == 0x7f)
            *line = '?';
    }
}

static size_t put_place(char *line, const char *file, uint64_t at_line, uint64_t at_column)
{
    int written;
    if (at_line != 0 && at_column != 0)
        written = snprintf(line, LINE_BYTES_MAX, "%s:%" PRIu64 ":%" PRIu64 ": ", file, at_line,
                           at_column);
    else if (at_line != 0)
        written = snprintf(line, LINE_BYTES_MAX, "%s:%" PRIu64 ": ", file, at_line);
    else
        written = snprintf(line, LINE_BYTES_MAX, "%s: ", file);
    assert(written >= 0);
    return (size_t)written < LINE_BYTES_MAX ? (size_t)written : LINE_BYTES_MAX - 1;
}

void pl_text_error_add(struct pl_text_error *error, const char *file, uint64_t line,
                       uint64_t column, const char *format, ...)
{
    char text[LINE_BYTES_MAX];
    error->count++;
    if (error->count > PL_TEXT_ERROR_LINES_MAX)
        return;
    size_t length = put_place(text, file, line, column);
    va_list arguments;
    va_start(arguments, format);
    int written = vsnprintf(text + length, sizeof text - length, format, arguments);
    va_end(arguments);
    assert(written >= 0);
    clean(text);
    written = snprintf(error->text + error->used, sizeof error->text - error->used, "%s\n", text);
    assert(written >= 0);
    if ((size_t)written >= sizeof error->text - error->used)
        error->text[error->used] = '\0'; /* whole lines only */
    else
        error->used += (size_t)written;
}
