#include "book_loader.h"
#include "memory.h"

#include <errno.h>

enum { UNDERLYING, EXPIRY, PRICE, COLUMN_COUNT };

static const struct pl_csv_column columns[COLUMN_COUNT] = {
    [UNDERLYING] = { "underlying", true },
    [EXPIRY] = { "expiry", true },
    [PRICE] = { "price", true },
};

static int take_row(const struct pl_book_row *row)
{
    struct pl_book_loader *loader = row->loader;
    struct pl_book *book = loader->book;
    struct pl_book_settlement settlement = { 0 };
    const struct pl_csv_cell *cell = &row->cells[UNDERLYING];
    int64_t underlying = pl_symbols_find(&book->names->underlyings, cell->text, cell->length);
    if (underlying < 0)
        pl_row_error(row, UNDERLYING, "no such underlying in instruments.csv");
    bool priced = pl_row_positive(row, PRICE, &settlement.price);
    if (!pl_row_time(row, EXPIRY, &settlement.expiry_us) || underlying < 0)
        return 0;
    settlement.underlying = (uint32_t)underlying;
    int64_t expiry = pl_book_expiry(loader, settlement.underlying, settlement.expiry_us, false);
    if (expiry < 0) {
        pl_row_error(row, EXPIRY, "no future or option of this underlying expires then");
        return 0;
    }
    if (loader->expiries[expiry].settled) {
        pl_row_error(row, EXPIRY, "a second settlement of this underlying and expiry");
        return 0;
    }
    loader->expiries[expiry].settled = true;
    if (!priced)
        return 0;
    struct pl_book_settlement *list =
        pl_memory_grow(book->settlements, &loader->settlements_capacity,
                       book->settlement_count + UINT64_C(1), sizeof *list);
    if (list == NULL)
        return -ENOMEM;
    book->settlements = list;
    list[book->settlement_count++] = settlement;
    return 0;
}

const struct pl_book_file pl_book_settlements_file = {
    .name = "settlements.csv",
    .columns = columns,
    .column_count = COLUMN_COUNT,
    .take_row = take_row,
};
