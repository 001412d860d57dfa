#include "book_loader.h"
#include "memory.h"
#include "text_error.h"

#include <errno.h>

enum { TIME, SYMBOL, RATE, COLUMN_COUNT };

static const struct pl_csv_column columns[COLUMN_COUNT] = {
    [TIME] = { "time", true },
    [SYMBOL] = { "symbol", true },
    [RATE] = { "rate", true },
};

#define RATE_MIN "-0.0625" /* per interval; what a venue may allow at most (decide/funding.h) */
#define RATE_MAX "0.0625"

static bool read_instrument(const struct pl_book_row *row, uint32_t *instrument)
{
    if (!pl_row_instrument(row, SYMBOL, instrument))
        return false;
    const struct pl_book_instrument *i = &row->loader->book->instruments[*instrument];
    if (i->kind == PL_KIND_PERPETUAL)
        return true;
    pl_row_error(row, SYMBOL, "is no perpetual: only perpetuals have funding; leave its rows out");
    return false;
}

static bool read_time(const struct pl_book_row *row, struct pl_book_rate *out)
{
    struct pl_book *book = row->loader->book;
    if (!pl_row_time(row, TIME, &out->time_us))
        return false;
    if (book->rate_count > 0 && out->time_us < book->rates[book->rate_count - 1].time_us) {
        pl_row_error(row, TIME, "before the row above it: sort the rows by time");
        return false;
    }
    return true;
}

static bool read_rate(const struct pl_book_row *row, struct pl_book_rate *out)
{
    const struct pl_book_range range = { RATE_MIN, RATE_MAX };
    struct pl_decimal rate;
    if (pl_row_is_empty(row, RATE)) {
        pl_row_error(row, RATE, "must not be empty; 0: nobody pays");
        return false;
    }
    return pl_row_in_range(row, RATE, range, &rate) &&
           pl_decimal_scale(rate, 0, PL_COEFFICIENT_BITS, &out->rate_q40) == 0;
}

static int take_row(const struct pl_book_row *row)
{
    struct pl_book_loader *loader = row->loader;
    struct pl_book *book = loader->book;
    struct pl_book_rate out = { 0 };
    const bool timed = read_time(row, &out), rated = read_rate(row, &out);
    if (!read_instrument(row, &out.instrument) || !timed || !rated)
        return 0;
    int64_t *last_us = &book->instruments[out.instrument].rated_us;
    if (*last_us != 0 && *last_us == out.time_us) {
        pl_row_error(row, SYMBOL, "a second rate of this perpetual and time; keep one of them");
        return 0;
    }
    *last_us = out.time_us;
    struct pl_book_rate *list = pl_memory_grow(book->rates, &loader->rates_capacity,
                                               book->rate_count + UINT64_C(1), sizeof *list);
    if (list == NULL)
        return -ENOMEM;
    book->rates = list;
    list[book->rate_count++] = out;
    return 0;
}

const struct pl_book_file pl_book_funding_file = {
    .name = "funding.csv",
    .columns = columns,
    .column_count = COLUMN_COUNT,
    .take_row = take_row,
};
