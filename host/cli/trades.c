#include "trades.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "feed/csv.h"
#include "feed/text_error.h"

enum { ACCOUNT, SYMBOL, QUANTITY, PRICE, COLUMN_COUNT };

static const struct pl_csv_column columns[COLUMN_COUNT] = {
    [ACCOUNT] = { "account", true },
    [SYMBOL] = { "symbol", true },
    [QUANTITY] = { "quantity", true },
    [PRICE] = { "price", true },
};

struct reader {
    const struct pl_session *session;
    struct pl_text_error *error;
    struct pl_csv *csv;
    struct pl_csv_cell cells[COLUMN_COUNT];
    struct pl_trade *trades;
    size_t count, capacity;
};

static void refuse(const struct reader *r, int column, const char *rule)
{
    pl_text_error_add(r->error, pl_csv_path(r->csv), pl_csv_line(r->csv), r->cells[column].column,
                      "%s \"%.*s\": %s", columns[column].name,
                      (int)(r->cells[column].length < 64 ? r->cells[column].length : 64),
                      r->cells[column].text, rule);
}

/* A cell as a name; "" where it is too long to be one. */
static const char *name_of(const struct pl_csv_cell *cell, char out[PL_SYMBOL_BYTES])
{
    size_t length = cell->length < PL_SYMBOL_BYTES ? cell->length : 0;
    memcpy(out, cell->text, length);
    out[length] = '\0';
    return out;
}

static bool take_quantity(const struct reader *r, const struct pl_book_instrument *instrument,
                          struct pl_trade *trade)
{
    const struct pl_csv_cell *cell = &r->cells[QUANTITY];
    struct pl_decimal quantity;
    if (pl_decimal_parse(cell->text, cell->length, &quantity) != 0)
        refuse(r, QUANTITY, "must be a decimal number such as -0.25");
    else if (!pl_decimal_multiple(quantity, instrument->quantity_step, &trade->steps) ||
             trade->steps > PL_BOOK_STEPS_MAX || trade->steps < -PL_BOOK_STEPS_MAX)
        refuse(r, QUANTITY,
               "must be a whole multiple of the instrument's quantity_step, at most 1e18 of them");
    else if (trade->steps == 0)
        refuse(r, QUANTITY, "must not be 0");
    else
        return true;
    return false;
}

static bool take_price(const struct reader *r, const struct pl_book_instrument *instrument,
                       struct pl_trade *trade)
{
    const struct pl_csv_cell *cell = &r->cells[PRICE];
    bool enters = instrument->kind == PL_KIND_PERPETUAL || instrument->kind == PL_KIND_FUTURE;
    if (pl_decimal_parse(cell->text, cell->length, &trade->price) != 0)
        refuse(r, PRICE, "must be a decimal number such as 0.25");
    else if (trade->price.mantissa < 0 || (enters && trade->price.mantissa == 0))
        refuse(r, PRICE,
               enters ? "must be above 0: it becomes the entry price" : "must not be negative");
    else
        return true;
    return false;
}

static bool take_row(const struct reader *r, struct pl_trade *trade)
{
    char name[PL_SYMBOL_BYTES];
    const struct pl_book *book = r->session->book;
    int64_t account = pl_book_find_account(book, name_of(&r->cells[ACCOUNT], name));
    int64_t instrument = pl_book_find_instrument(book, name_of(&r->cells[SYMBOL], name));
    *trade = (struct pl_trade){ .line = (uint32_t)pl_csv_line(r->csv) };
    if (account < 0)
        refuse(r, ACCOUNT, "no such account in accounts.csv");
    if (instrument < 0)
        refuse(r, SYMBOL, "no such instrument in instruments.csv");
    if (account < 0 || instrument < 0)
        return false;
    const struct pl_book_instrument *i = &book->instruments[instrument];
    trade->account = (uint32_t)account;
    trade->instrument = (uint32_t)instrument;
    bool good = take_quantity(r, i, trade);
    good = take_price(r, i, trade) && good;
    if (i->expiry_us != 0 && i->expiry_us <= r->session->time_us) {
        refuse(r, SYMBOL, "has expired at this tick; choose an earlier one with --tick");
        return false;
    }
    return good;
}

static int keep(struct reader *r, const struct pl_trade *trade)
{
    if (r->count == PL_TRADES_MAX)
        return -E2BIG;
    if (r->count == r->capacity) {
        size_t capacity = r->capacity == 0 ? 64 : 2 * r->capacity;
        struct pl_trade *trades = realloc(r->trades, capacity * sizeof *trades);
        if (trades == NULL)
            return -ENOMEM;
        r->trades = trades;
        r->capacity = capacity;
    }
    r->trades[r->count++] = *trade;
    return 0;
}

static int read_rows(struct reader *r)
{
    struct pl_trade trade;
    int got = 0, error = 0;
    while (error == 0 && (got = pl_csv_next(r->csv, r->cells)) > 0)
        if (take_row(r, &trade))
            error = keep(r, &trade);
    if (error == -E2BIG)
        pl_complain("%s: more than %d trades", pl_csv_path(r->csv), PL_TRADES_MAX);
    if (error == -ENOMEM)
        pl_complain("%s: out of memory", pl_csv_path(r->csv));
    return error != 0 ? error : got;
}

int pl_trades_load(const struct pl_session *session, const char *path, struct pl_trade **out,
                   size_t *count)
{
    struct reader r = { .session = session, .error = calloc(1, sizeof *r.error) };
    *out = NULL;
    *count = 0;
    if (r.error == NULL) {
        pl_complain("%s: out of memory", path);
        return -ENOMEM;
    }
    int error = pl_csv_open(path, columns, COLUMN_COUNT, r.error, &r.csv);
    if (error == 0) {
        error = read_rows(&r);
        pl_csv_close(r.csv);
    }
    if (r.error->count > 0) {
        pl_complain("the trades cannot be used:");
        fputs(r.error->text, stderr);
        error = error != 0 ? error : -EINVAL;
    }
    free(r.error);
    if (error != 0) {
        free(r.trades);
        return error;
    }
    *out = r.trades;
    *count = r.count;
    return 0;
}

int pl_trades_apply(struct pl_session *session, const char *path, const struct pl_trade *trades,
                    size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct pl_trade *t = &trades[i];
        int error = pl_session_trade(session, t->account, t->instrument, t->steps, t->price);
        if (error != 0) {
            pl_complain("%s:%u: %s", path, t->line,
                        error == -ENOMEM ? "out of memory"
                                         : "the trade's cash or position does not fit 64 bits");
            return error;
        }
    }
    session->position_version += count > 0 ? 1 : 0;
    return 0;
}
