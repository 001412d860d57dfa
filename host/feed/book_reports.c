#include "book_loader.h"
#include "memory.h"
#include "text_error.h"

#include <errno.h>

enum { TIME, SOURCE, PRICE, CONFIDENCE, SOURCE_TIME, COLUMN_COUNT };

static const struct pl_csv_column columns[COLUMN_COUNT] = {
    [TIME] = { "time", true },
    [SOURCE] = { "source", true },
    [PRICE] = { "price", true },
    [CONFIDENCE] = { "confidence", false },
    [SOURCE_TIME] = { "source_time", false },
};

/* The source of the cell, or -1 (reported). */
static int64_t find_source(const struct pl_book_row *row)
{
    const struct pl_book *book = row->loader->book;
    const struct pl_csv_cell *cell = &row->cells[SOURCE];
    int64_t found = pl_symbols_find(&book->names->sources, cell->text, cell->length);
    if (found < 0 || (uint32_t)found >= book->source_count) {
        pl_row_error(row, SOURCE, "no such source in sources.csv");
        return -1;
    }
    if (book->sources[found].is_cross) {
        pl_row_error(row, SOURCE, "is a cross: its price is made of its two sources");
        return -1;
    }
    return found;
}

/* The source's own clock: not ahead of the arrival, and always forwards. */
static bool read_times(const struct pl_book_row *row, struct pl_book_report *out)
{
    struct pl_book *book = row->loader->book;
    if (!pl_row_time(row, TIME, &out->time_us))
        return false;
    if (book->report_count > 0 && out->time_us < book->reports[book->report_count - 1].time_us) {
        pl_row_error(row, TIME, "before the row above it: reports are in order of arrival");
        return false;
    }
    out->source_us = out->time_us;
    if (!pl_row_is_empty(row, SOURCE_TIME) && !pl_row_time(row, SOURCE_TIME, &out->source_us))
        return false;
    const size_t column = pl_row_is_empty(row, SOURCE_TIME) ? TIME : SOURCE_TIME;
    if (out->source_us > out->time_us) {
        pl_row_error(row, column, "from the future: must not be after the report's arrival");
        return false;
    }
    const int64_t last = book->sources[out->source].last_us;
    if (last != 0 && out->source_us <= last) {
        pl_row_error(row, column,
                     out->source_us == last
                         ? "duplicated: the source has reported a price of this time already"
                         : "out of order: the source has reported a later price already");
        return false;
    }
    book->sources[out->source].last_us = out->source_us;
    return true;
}

static bool read_price(const struct pl_book_row *row, struct pl_book_report *out)
{
    if (!pl_row_positive(row, PRICE, &out->price))
        return false;
    if (pl_row_is_empty(row, CONFIDENCE))
        return true;
    if (!pl_row_decimal(row, CONFIDENCE, &out->confidence))
        return false;
    if (out->confidence.mantissa >= 0 && pl_decimal_compare(out->confidence, out->price) < 0)
        return true;
    pl_row_error(row, CONFIDENCE,
                 "absurd: the price is within price +- confidence, so it must be from 0 to below "
                 "the price");
    return false;
}

static int take_row(const struct pl_book_row *row)
{
    struct pl_book_loader *loader = row->loader;
    struct pl_book *book = loader->book;
    struct pl_book_report out = { 0 };
    int64_t source = find_source(row);
    if (source < 0)
        return 0;
    out.source = (uint32_t)source;
    const bool timed = read_times(row, &out);
    if (!read_price(row, &out) || !timed)
        return 0;
    struct pl_book_report *list = pl_memory_grow(book->reports, &loader->reports_capacity,
                                                 book->report_count + UINT64_C(1), sizeof *list);
    if (list == NULL)
        return -ENOMEM;
    book->reports = list;
    list[book->report_count++] = out;
    return 0;
}

const struct pl_book_file pl_book_reports_file = {
    .name = "reports.csv",
    .must_have_rows = true,
    .columns = columns,
    .column_count = COLUMN_COUNT,
    .take_row = take_row,
};
