/* Collects what is wrong with text input: one line per problem, "FILE:LINE:COLUMN: rule (what to
 * do)". */
#ifndef PL_FEED_TEXT_ERROR_H
#define PL_FEED_TEXT_ERROR_H

#include <stddef.h>
#include <stdint.h>

#define PL_TEXT_ERROR_LINES_MAX 100 /* further problems are counted, not listed */
#define PL_TEXT_ERROR_BYTES_MAX 32768

struct pl_text_error {
    uint64_t count; /* problems found, listed or not */
    size_t used;
    char text[PL_TEXT_ERROR_BYTES_MAX]; /* lines, each ended by '\n' */
};

void pl_text_error_clear(struct pl_text_error *error);
/* line and column start at 1; 0 leaves them out. */
__attribute__((format(printf, 5, 6))) void pl_text_error_add(struct pl_text_error *error,
                                                             const char *file, uint64_t line,
                                                             uint64_t column, const char *format,
                                                             ...);

#endif
