#include "book_loader.h"
#include "memory.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

enum { TIME, SYMBOL, PRICE, VOL, RATE, CONFIDENCE, PRICE_TIME, COLUMN_COUNT };

static const struct pl_csv_column columns[COLUMN_COUNT] = {
    [TIME] = { "time", true },
    [SYMBOL] = { "symbol", true },
    [PRICE] = { "price", true },
    [VOL] = { "vol", false },
    [RATE] = { "rate", false },
    [CONFIDENCE] = { "confidence", false },
    [PRICE_TIME] = { "price_time", false },
};

static const struct pl_book_range vol_range = { "0", "7.99" };
static const struct pl_book_range rate_range = { "-64", "64" };
static const struct pl_book_range confidence_range = { "0", "1" };

/* The text after `prefix`, or NULL. */
static const char *after(const struct pl_csv_cell *cell, const char *prefix)
{
    size_t length = strlen(prefix);
    return cell->length > length && memcmp(cell->text, prefix, length) == 0 ? cell->text + length
                                                                            : NULL;
}

/* The node and field of a row; false when there is none (reported). */
static bool find_node(const struct pl_book_row *row, uint32_t *node, uint8_t *field)
{
    const struct pl_book_loader *loader = row->loader;
    const struct pl_symbols *names = &loader->book->names->nodes;
    const struct pl_csv_cell *cell = &row->cells[SYMBOL];
    int64_t found = pl_symbols_find(names, cell->text, cell->length);
    const char *vol = after(cell, "vol:"), *rate = after(cell, "rate:");
    *field = PL_TICK_FIELD_PRICE;
    if (found < 0 && (vol != NULL || rate != NULL)) {
        const char *forward = vol != NULL ? vol : rate;
        *field = vol != NULL ? PL_TICK_FIELD_VOL_CONFIDENCE : PL_TICK_FIELD_RATE_CONFIDENCE;
        found = pl_symbols_find(names, forward, cell->length - (size_t)(forward - cell->text));
        if (found < 0 || (loader->node_states[found].roles & PL_NODE_FORWARD) == 0) {
            pl_row_error(row, SYMBOL, "no option in instruments.csv names this forward");
            return false;
        }
    }
    if (found < 0) {
        if (after(cell, "settlement:") == NULL)
            pl_row_error(row, SYMBOL,
                         "not an instrument, underlying or forward of instruments.csv");
        else if (loader->book->settlement_currency[0] != '\0') /* else book.json is reported */
            pl_row_error(row, SYMBOL, "the settlement currency of book.json is %s",
                         loader->book->settlement_currency);
        return false;
    }
    *node = (uint32_t)found;
    return true;
}

/* Starts a tick when the time is new; false when it goes back (reported). */
static int take_time(const struct pl_book_row *row, struct pl_book_tick **tick)
{
    struct pl_book_loader *loader = row->loader;
    struct pl_book *book = loader->book;
    int64_t time_us;
    *tick = NULL;
    if (!pl_row_time(row, TIME, &time_us))
        return 0;
    struct pl_book_tick *last = book->tick_count > 0 ? &book->ticks[book->tick_count - 1] : NULL;
    if (last != NULL && time_us < last->time_us) {
        pl_row_error(row, TIME, "before the row above it: ticks are in order of time");
        return 0;
    }
    if (last == NULL || time_us > last->time_us) {
        struct pl_book_tick *list = pl_memory_grow(book->ticks, &loader->ticks_capacity,
                                                   book->tick_count + UINT64_C(1), sizeof *list);
        if (list == NULL)
            return -ENOMEM;
        book->ticks = list;
        last = &list[book->tick_count++];
        *last = (struct pl_book_tick){ .time_us = time_us, .first_row = book->tick_row_count };
    }
    *tick = last;
    return 0;
}

static void read_price(const struct pl_book_row *row, struct pl_book_tick_row *out)
{
    if (pl_row_is_empty(row, PRICE) || !pl_row_decimal(row, PRICE, &out->price))
        return;
    out->has_price = true;
    if (out->price.mantissa < 0)
        pl_row_error(row, PRICE, "a price must not be negative");
}

static void read_cells(const struct pl_book_row *row, const struct pl_book_tick *tick,
                       struct pl_book_tick_row *out)
{
    const char *only_confidence = "vol: and rate: rows give a confidence only";
    unsigned roles = row->loader->node_states[out->node].roles;
    bool is_price = out->field == PL_TICK_FIELD_PRICE;
    if (is_price)
        read_price(row, out);
    else
        (void)pl_row_must_be_empty(row, PRICE, only_confidence);
    if (is_price && (roles & PL_NODE_OPTION) != 0)
        out->has_vol =
            !pl_row_is_empty(row, VOL) && pl_row_in_range(row, VOL, vol_range, &out->vol);
    else
        (void)pl_row_must_be_empty(row, VOL, "only options have a vol");
    if (is_price && (roles & PL_NODE_FORWARD) != 0)
        (void)pl_row_in_range(row, RATE, rate_range, &out->rate);
    else
        (void)pl_row_must_be_empty(row, RATE, "only forwards of options have a rate");
    struct pl_decimal confidence = { 1, 0 };
    (void)pl_row_in_range(row, CONFIDENCE, confidence_range, &confidence);
    int result = pl_decimal_scale(confidence, 0, PL_COEFFICIENT_BITS, &out->confidence_q40);
    assert(result == 0);
    out->price_time_us = tick->time_us;
    if (!pl_row_is_empty(row, PRICE_TIME) && pl_row_time(row, PRICE_TIME, &out->price_time_us) &&
        out->price_time_us > tick->time_us)
        pl_row_error(row, PRICE_TIME, "must not be after the tick's time");
}

static int take_row(const struct pl_book_row *row)
{
    struct pl_book_loader *loader = row->loader;
    struct pl_book *book = loader->book;
    struct pl_book_tick_row out = { 0 };
    struct pl_book_tick *tick;
    int result = take_time(row, &tick);
    bool known = find_node(row, &out.node, &out.field);
    if (result != 0 || tick == NULL || !known)
        return result;
    if (book->source_count > 0 && out.field == PL_TICK_FIELD_PRICE &&
        (loader->node_states[out.node].roles & PL_NODE_UNDERLYING) != 0) {
        pl_row_error(row, SYMBOL, "its price is fused from sources.csv and reports.csv");
        return 0;
    }
    uint32_t *ticked_at = &loader->node_states[out.node].ticked_at[out.field];
    if (*ticked_at == book->tick_count) {
        pl_row_error(row, SYMBOL, "a second row of this symbol in one tick");
        return 0;
    }
    *ticked_at = book->tick_count;
    read_cells(row, tick, &out);
    struct pl_book_tick_row *rows =
        pl_memory_grow(book->tick_rows, &loader->tick_rows_capacity,
                       book->tick_row_count + UINT64_C(1), sizeof *rows);
    if (rows == NULL)
        return -ENOMEM;
    book->tick_rows = rows;
    rows[book->tick_row_count++] = out;
    tick->row_count++;
    return 0;
}

const struct pl_book_file pl_book_ticks_file = {
    .name = "ticks.csv",
    .required = true,
    .must_have_rows = true,
    .columns = columns,
    .column_count = COLUMN_COUNT,
    .take_row = take_row,
};
