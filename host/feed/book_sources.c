#include "book_loader.h"
#include "memory.h"
#include "text_error.h"

#include <errno.h>
#include <string.h>

enum { SOURCE, UNDERLYING, VENUE, QUOTE, OF, OVER, COLUMN_COUNT };

static const struct pl_csv_column columns[COLUMN_COUNT] = {
    [SOURCE] = { "source", true }, [UNDERLYING] = { "underlying", true },
    [VENUE] = { "venue", true },   [QUOTE] = { "quote", false },
    [OF] = { "of", false },        [OVER] = { "over", false },
};

/* The underlying of the cell, or -1 (reported). */
static int64_t find_underlying(const struct pl_book_row *row, size_t column)
{
    const struct pl_csv_cell *cell = &row->cells[column];
    int64_t found =
        pl_symbols_find(&row->loader->book->names->underlyings, cell->text, cell->length);
    if (found < 0)
        pl_row_error(row, column, "no such underlying in instruments.csv");
    return found;
}

/* An asset is fused after what it is quoted in. */
static bool read_quote(const struct pl_book_row *row, struct pl_book_source *out)
{
    const struct pl_csv_cell *cell = &row->cells[QUOTE];
    const char *currency = row->loader->book->settlement_currency;
    out->quote = PL_BOOK_QUOTE_SETTLEMENT;
    if (cell->length == 0 ||
        (strlen(currency) == cell->length && memcmp(currency, cell->text, cell->length) == 0))
        return true;
    int64_t quote = find_underlying(row, QUOTE);
    if (quote < 0)
        return false;
    if ((uint32_t)quote >= out->underlying) {
        pl_row_error(row, QUOTE,
                     "must be the settlement currency, or an underlying that instruments.csv names "
                     "before %s",
                     row->loader->book->underlyings[out->underlying].name);
        return false;
    }
    out->quote = (int32_t)quote;
    return true;
}

/* One leg of a cross: a source above it, with a price of its own. */
static bool read_leg(const struct pl_book_row *row, size_t column, uint32_t *leg)
{
    const struct pl_csv_cell *cell = &row->cells[column];
    const struct pl_book *book = row->loader->book;
    int64_t found = pl_symbols_find(&book->names->sources, cell->text, cell->length);
    if (found >= 0 && (uint32_t)found < book->source_count && !book->sources[found].is_cross) {
        *leg = (uint32_t)found;
        return true;
    }
    pl_row_error(row, column,
                 "must be a source of a row above, which has a price of its own (a cross is the "
                 "price of one source over that of another)");
    return false;
}

static bool read_cross(const struct pl_book_row *row, struct pl_book_source *out)
{
    const struct pl_book *book = row->loader->book;
    out->is_cross = !pl_row_is_empty(row, OF) || !pl_row_is_empty(row, OVER);
    if (!out->is_cross)
        return true;
    if (!read_leg(row, OF, &out->of) || !read_leg(row, OVER, &out->over))
        return false;
    const struct pl_book_source *of = &book->sources[out->of], *over = &book->sources[out->over];
    if (of->underlying != over->underlying || of->quote != out->quote) {
        pl_row_error(row, OF, "must price what \"%s\" prices, in this source's quote", over->name);
        return false;
    }
    return true;
}

static int add_source(struct pl_book_loader *loader, const struct pl_book_source *source)
{
    struct pl_book *book = loader->book;
    struct pl_book_source *list = pl_memory_grow(book->sources, &loader->sources_capacity,
                                                 book->source_count + UINT64_C(1), sizeof *list);
    if (list == NULL)
        return -ENOMEM;
    book->sources = list;
    list[book->source_count++] = *source;
    return 0;
}

static uint32_t count_of(const struct pl_book *book, uint32_t underlying)
{
    uint32_t count = 0;
    for (uint32_t s = 0; s < book->source_count; s++)
        count += book->sources[s].underlying == underlying;
    return count;
}

static int take_row(const struct pl_book_row *row)
{
    struct pl_book_loader *loader = row->loader;
    struct pl_book *book = loader->book;
    const struct pl_csv_cell *name = &row->cells[SOURCE], *venue = &row->cells[VENUE];
    struct pl_book_source out = { 0 };
    if (!pl_row_name(row, SOURCE) || !pl_row_name(row, VENUE))
        return 0;
    if (pl_symbols_find(&book->names->sources, name->text, name->length) >= 0) {
        pl_row_error(row, SOURCE, "a second row of this source");
        return 0;
    }
    int64_t underlying = find_underlying(row, UNDERLYING);
    out.underlying = underlying < 0 ? 0 : (uint32_t)underlying;
    if (underlying < 0 || !read_quote(row, &out) || !read_cross(row, &out))
        return 0;
    out.number = count_of(book, out.underlying);
    if (out.number == PL_BOOK_SOURCES_MAX) {
        pl_row_error(row, UNDERLYING, "has more than %d sources", PL_BOOK_SOURCES_MAX);
        return 0;
    }
    if (pl_symbols_add(&book->names->venues, venue->text, venue->length, &out.venue, NULL) != 0)
        return -ENOMEM;
    if (out.venue >= PL_BOOK_VENUES_MAX) {
        pl_row_error(row, VENUE, "more than %d venues", PL_BOOK_VENUES_MAX);
        return 0;
    }
    uint32_t number;
    if (pl_symbols_add(&book->names->sources, name->text, name->length, &number, NULL) != 0)
        return -ENOMEM;
    out.name = book->names->sources.names[number];
    return add_source(loader, &out);
}

/* With sources at all, every underlying has some: it is fused, or it is quoted in the ticks. */
static int finish(struct pl_book_loader *loader, const char *path)
{
    const struct pl_book *book = loader->book;
    if (loader->error->count > 0) /* perhaps of the very row that is missed here */
        return 0;
    for (uint32_t u = 0; u < book->underlying_count; u++) {
        uint32_t crosses = 0;
        for (uint32_t s = 0; s < book->source_count; s++)
            crosses += book->sources[s].underlying == u && book->sources[s].is_cross;
        if (count_of(book, u) == 0)
            pl_text_error_add(loader->error, path, 0, 0,
                              "underlying %s has no source: either every underlying has sources, "
                              "or the book has no sources.csv",
                              book->underlyings[u].name);
        else if (crosses > 0 && crosses < count_of(book, u))
            pl_text_error_add(loader->error, path, 0, 0,
                              "underlying %s has crosses beside sources with a price of their own: "
                              "keep one kind",
                              book->underlyings[u].name);
    }
    return 0;
}

const struct pl_book_file pl_book_sources_file = {
    .name = "sources.csv",
    .must_have_rows = true,
    .columns = columns,
    .column_count = COLUMN_COUNT,
    .take_row = take_row,
    .finish = finish,
};
