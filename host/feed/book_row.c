/* Cells of a row: from text to a value, or a problem with its place. */
#include "book_loader.h"
#include "text_error.h"
#include "text_time.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define SHOWN_MAX 48 /* bytes of a cell that a message repeats */

bool pl_row_is_empty(const struct pl_book_row *row, size_t column)
{
    return row->cells[column].length == 0;
}

void pl_row_error(const struct pl_book_row *row, size_t column, const char *format, ...)
{
    const struct pl_csv_cell *cell = &row->cells[column];
    char message[512], shown[SHOWN_MAX + 1];
    size_t length = cell->length < SHOWN_MAX ? cell->length : SHOWN_MAX;
    for (size_t i = 0; i < length; i++)
        shown[i] = cell->text[i] >= ' ' && cell->text[i] <= '~' ? cell->text[i] : '?';
    shown[length] = '\0';
    va_list arguments;
    va_start(arguments, format);
    int written = vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    assert(written >= 0);
    pl_text_error_add(row->loader->error, pl_csv_path(row->csv), pl_csv_line(row->csv),
                      cell->column, "%s \"%s%s\": %s", row->columns[column].name, shown,
                      cell->length > SHOWN_MAX ? "..." : "", message);
}

bool pl_row_must_be_empty(const struct pl_book_row *row, size_t column, const char *why)
{
    if (pl_row_is_empty(row, column))
        return true;
    pl_row_error(row, column, "must be empty: %s", why);
    return false;
}

bool pl_row_name(const struct pl_book_row *row, size_t column)
{
    const struct pl_csv_cell *cell = &row->cells[column];
    bool good = cell->length >= 1 && cell->length <= PL_SYMBOL_LENGTH_MAX;
    for (uint32_t i = 0; i < cell->length && good; i++)
        good = cell->text[i] >= ' ' && cell->text[i] <= '~' && cell->text[i] != '"';
    if (good && cell->text[0] != ' ' && cell->text[cell->length - 1] != ' ')
        return true;
    pl_row_error(row, column,
                 "must be 1 to %d printable ASCII characters, without quotes and without blanks at "
                 "its ends",
                 PL_SYMBOL_LENGTH_MAX);
    return false;
}

bool pl_row_decimal(const struct pl_book_row *row, size_t column, struct pl_decimal *out)
{
    const struct pl_csv_cell *cell = &row->cells[column];
    struct pl_decimal value;
    int result = pl_decimal_parse(cell->text, cell->length, &value);
    if (result == 0)
        *out = value;
    else if (result == -ERANGE)
        pl_row_error(row, column, "more than %d significant digits, or beyond 1e%d",
                     PL_DECIMAL_DIGITS_MAX, PL_DECIMAL_EXPONENT_MAX);
    else
        pl_row_error(row, column, "must be a decimal number such as -0.25 or 1e-8");
    return result == 0;
}

bool pl_row_positive(const struct pl_book_row *row, size_t column, struct pl_decimal *out)
{
    struct pl_decimal value;
    if (!pl_row_decimal(row, column, &value))
        return false;
    if (value.mantissa <= 0) {
        pl_row_error(row, column, "must be above 0");
        return false;
    }
    *out = value;
    return true;
}

static struct pl_decimal constant(const char *text)
{
    struct pl_decimal value = { 0, 0 };
    int result = pl_decimal_parse(text, strlen(text), &value);
    assert(result == 0);
    return value;
}

bool pl_row_in_range(const struct pl_book_row *row, size_t column, struct pl_book_range range,
                     struct pl_decimal *out)
{
    struct pl_decimal value;
    if (pl_row_is_empty(row, column))
        return true;
    if (!pl_row_decimal(row, column, &value))
        return false;
    if (pl_decimal_compare(value, constant(range.min)) < 0 ||
        pl_decimal_compare(value, constant(range.max)) > 0) {
        pl_row_error(row, column, "must be from %s to %s", range.min, range.max);
        return false;
    }
    *out = value;
    return true;
}

bool pl_row_time(const struct pl_book_row *row, size_t column, int64_t *time_us)
{
    const struct pl_csv_cell *cell = &row->cells[column];
    int result = pl_text_time_parse(cell->text, cell->length, time_us);
    if (result == -ERANGE)
        pl_row_error(row, column, "must lie in the years 1970 to 9999, in whole microseconds");
    else if (result != 0)
        pl_row_error(row, column,
                     "must be a UTC time such as 2026-02-04T04:24:03.263Z, or microseconds since "
                     "1970");
    return result == 0;
}

int pl_row_choice(const struct pl_book_row *row, size_t column, const char *const *words, int count)
{
    const struct pl_csv_cell *cell = &row->cells[column];
    char list[128] = "";
    size_t used = 0;
    for (int i = 0; i < count; i++) {
        if (strlen(words[i]) == cell->length && memcmp(words[i], cell->text, cell->length) == 0)
            return i;
        used += (size_t)snprintf(list + used, sizeof list - used, " %s", words[i]);
        assert(used < sizeof list);
    }
    pl_row_error(row, column, "must be one of:%s", list);
    return -1;
}

bool pl_row_instrument(const struct pl_book_row *row, size_t column, uint32_t *instrument)
{
    const struct pl_csv_cell *cell = &row->cells[column];
    int64_t found =
        pl_symbols_find(&row->loader->book->names->instruments, cell->text, cell->length);
    if (found < 0) {
        pl_row_error(row, column, "no such instrument in instruments.csv");
        return false;
    }
    *instrument = (uint32_t)found;
    return true;
}

bool pl_row_account(const struct pl_book_row *row, size_t column, uint32_t *account)
{
    struct pl_book_loader *loader = row->loader;
    const struct pl_csv_cell *cell = &row->cells[column];
    if (loader->last_account < loader->book->account_count) {
        const char *last = loader->book->accounts[loader->last_account].name;
        if (strncmp(last, cell->text, cell->length) == 0 && last[cell->length] == '\0') {
            *account = loader->last_account;
            return true;
        }
    }
    int64_t found = pl_symbols_find(&loader->book->names->accounts, cell->text, cell->length);
    if (found < 0) {
        pl_row_error(row, column, "no such account in accounts.csv");
        return false;
    }
    *account = loader->last_account = (uint32_t)found;
    return true;
}

bool pl_row_quantity(const struct pl_book_row *row, size_t column, uint32_t instrument,
                     int64_t *steps)
{
    const struct pl_decimal step = row->loader->book->instruments[instrument].quantity_step;
    struct pl_decimal quantity;
    if (!pl_row_decimal(row, column, &quantity))
        return false;
    bool multiple = pl_decimal_multiple(quantity, step, steps);
    if (multiple && *steps <= PL_BOOK_STEPS_MAX && *steps >= -PL_BOOK_STEPS_MAX)
        return true;
    struct pl_decimal size = quantity, limit = step;
    size.mantissa = size.mantissa < 0 ? -size.mantissa : size.mantissa;
    limit.exponent += 18; /* PL_BOOK_STEPS_MAX steps */
    if (pl_decimal_compare(size, limit) > 0)
        pl_row_error(row, column, "more than 1e18 times the instrument's quantity_step of %llde%d",
                     (long long)step.mantissa, step.exponent);
    else
        pl_row_error(row, column,
                     "must be a whole multiple of the instrument's quantity_step of %llde%d",
                     (long long)step.mantissa, step.exponent);
    return false;
}
