/* Streaming CSV: one header line that names the columns in any order, then rows. No quoting: a cell
 * ends at a comma or at the end of its line. Lines end in LF or CRLF, the last one too, so that a
 * file cut short is noticed. Empty lines and a UTF-8 byte order mark are skipped. */
#ifndef PL_FEED_CSV_H
#define PL_FEED_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pl_text_error;

#define PL_CSV_LINE_MAX 4096 /* bytes, without the end of the line */
#define PL_CSV_COLUMNS_MAX 16

struct pl_csv_column {
    const char *name;
    bool required; /* an absent column that is not required reads as empty cells */
};

struct pl_csv_cell {
    const char *text; /* valid until the next row; not terminated */
    uint32_t length;
    uint32_t column; /* position of its first byte in the line, from 1; 0: the column is absent */
};

struct pl_csv;

/* Opens `path` and reads its header. Returns 0, or a negative errno with the problems added to
 * *error. `columns` must outlive the reader. */
int pl_csv_open(const char *path, const struct pl_csv_column *columns, size_t column_count,
                struct pl_text_error *error, struct pl_csv **out);

/* The next row's cells, in the order of `columns`. Returns 1, 0 at the end, or a negative errno
 * when the file cannot be read further. Rows with a wrong number of cells are reported and skipped.
 */
int pl_csv_next(struct pl_csv *csv, struct pl_csv_cell *cells);

const char *pl_csv_path(const struct pl_csv *csv);
uint64_t pl_csv_line(const struct pl_csv *csv); /* of the row returned last, from 1 */
void pl_csv_close(struct pl_csv *csv);

#endif
