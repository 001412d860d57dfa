#include "book_loader.h"
#include "memory.h"
#include "text_error.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

enum { ACCOUNT, MODE, CASH, MULTIPLIER, PARENT, COLUMN_COUNT };

static const struct pl_csv_column columns[COLUMN_COUNT] = {
    [ACCOUNT] = { "account", true }, [MODE] = { "mode", true },
    [CASH] = { "cash", true },       [MULTIPLIER] = { "multiplier", false },
    [PARENT] = { "parent", false },
};

static const char *const mode_words[] = { "portfolio", "cross", "isolated" };
_Static_assert(PL_MODE_PORTFOLIO == 1 && PL_MODE_CROSS == 2 && PL_MODE_ISOLATED == 3,
               "the words are in the order of the modes");

static const struct pl_book_range multiplier_range = { "0.01", "63" };

static void read_cash(const struct pl_book_row *row, struct pl_book_account *account)
{
    struct pl_decimal cash;
    if (!pl_row_decimal(row, CASH, &cash))
        return;
    if (cash.exponent < -PL_MONEY_DECIMALS)
        pl_row_error(row, CASH, "more than %d decimals", PL_MONEY_DECIMALS);
    else if (pl_decimal_scale(cash, PL_MONEY_DECIMALS, 0, &account->cash_e8) != 0)
        pl_row_error(row, CASH, "beyond +-92233720368");
}

/* The contract's table of multipliers is small; its first entry is 1. */
static void read_multiplier(const struct pl_book_row *row, struct pl_book_account *account)
{
    struct pl_book_loader *loader = row->loader;
    struct pl_decimal multiplier = { 1, 0 };
    (void)pl_row_in_range(row, MULTIPLIER, multiplier_range, &multiplier);
    int result = pl_decimal_scale(multiplier, 0, PL_COEFFICIENT_BITS, &account->multiplier_q40);
    assert(result == 0);
    if (account->multiplier_q40 == INT64_C(1) << PL_COEFFICIENT_BITS)
        return;
    for (uint32_t i = 0; i < loader->multiplier_count; i++)
        if (loader->multipliers[i] == account->multiplier_q40)
            return;
    if (loader->multiplier_count == PL_MULTIPLIERS_MAX - 1)
        pl_row_error(row, MULTIPLIER, "more than %d different multipliers", PL_MULTIPLIERS_MAX);
    else
        loader->multipliers[loader->multiplier_count++] = account->multiplier_q40;
}

static int keep_parent(const struct pl_book_row *row, uint32_t account)
{
    struct pl_book_loader *loader = row->loader;
    const struct pl_csv_cell *cell = &row->cells[PARENT];
    struct pl_parent_reference reference = { .account = account,
                                             .line = (uint32_t)pl_csv_line(row->csv),
                                             .column = cell->column };
    if (!pl_row_name(row, PARENT))
        return 0;
    int result =
        pl_symbols_add(&loader->parent_names, cell->text, cell->length, &reference.name, NULL);
    if (result != 0)
        return result;
    struct pl_parent_reference *list =
        pl_memory_grow(loader->parents, &loader->parents_capacity,
                       loader->parent_count + UINT64_C(1), sizeof *list);
    if (list == NULL)
        return -ENOMEM;
    loader->parents = list;
    list[loader->parent_count++] = reference;
    return 0;
}

static int take_row(const struct pl_book_row *row)
{
    struct pl_book_loader *loader = row->loader;
    struct pl_book *book = loader->book;
    struct pl_book_account account = { .parent = -1 };
    const struct pl_csv_cell *cell = &row->cells[ACCOUNT];
    uint32_t index;
    bool is_new;
    int mode = pl_row_choice(row, MODE, mode_words, 3);
    account.mode = (uint8_t)(mode < 0 ? PL_MODE_ISOLATED : mode + 1); /* no further complaints */
    read_cash(row, &account);
    read_multiplier(row, &account);
    if (account.mode != PL_MODE_ISOLATED)
        (void)pl_row_must_be_empty(row, PARENT, "only isolated accounts have a parent");
    if (!pl_row_name(row, ACCOUNT))
        return 0;
    int result = pl_symbols_add(&book->names->accounts, cell->text, cell->length, &index, &is_new);
    if (result != 0)
        return result;
    if (!is_new) {
        pl_row_error(row, ACCOUNT, "a second row of this account");
        return 0;
    }
    account.name = book->names->accounts.names[index];
    struct pl_book_account *list = pl_memory_grow(book->accounts, &loader->accounts_capacity,
                                                  (uint64_t)index + 1, sizeof *list);
    if (list == NULL)
        return -ENOMEM;
    book->accounts = list;
    list[index] = account;
    book->account_count = index + 1;
    if (account.mode == PL_MODE_ISOLATED && !pl_row_is_empty(row, PARENT))
        result = keep_parent(row, index);
    return result;
}

static int finish(struct pl_book_loader *loader, const char *path)
{
    struct pl_book *book = loader->book;
    for (uint32_t i = 0; i < loader->parent_count; i++) {
        const struct pl_parent_reference *reference = &loader->parents[i];
        const char *name = loader->parent_names.names[reference->name];
        int64_t parent = pl_book_find_account(book, name);
        if (parent < 0)
            pl_text_error_add(loader->error, path, reference->line, reference->column,
                              "parent \"%s\": no such account", name);
        else if (parent == reference->account || book->accounts[parent].mode == PL_MODE_ISOLATED)
            pl_text_error_add(loader->error, path, reference->line, reference->column,
                              "parent \"%s\": must be another account that is not isolated", name);
        else
            book->accounts[reference->account].parent = (int32_t)parent;
    }
    return 0;
}

const struct pl_book_file pl_book_accounts_file = {
    .name = "accounts.csv",
    .required = true,
    .must_have_rows = true,
    .columns = columns,
    .column_count = COLUMN_COUNT,
    .take_row = take_row,
    .finish = finish,
};
