#define _POSIX_C_SOURCE 200809L
#include "book.h"

#include "book_loader.h"
#include "json_text.h"
#include "memory.h"
#include "text_error.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

int pl_book_out_of_memory(struct pl_book_loader *loader, const char *path)
{
    pl_text_error_add(loader->error, path, 0, 0, "%s", strerror(ENOMEM));
    return -ENOMEM;
}

int64_t pl_book_expiry(struct pl_book_loader *loader, uint32_t underlying, int64_t time_us,
                       bool add)
{
    char key[48];
    bool is_new;
    uint32_t number;
    int length = snprintf(key, sizeof key, "%" PRIu32 " %" PRId64, underlying, time_us);
    assert(length > 0 && (size_t)length < sizeof key);
    if (!add)
        return pl_symbols_find(&loader->expiry_names, key, (size_t)length);
    if (pl_symbols_add(&loader->expiry_names, key, (size_t)length, &number, &is_new) != 0)
        return -ENOMEM;
    if (!is_new)
        return number;
    struct pl_book_expiry *list = pl_memory_grow(loader->expiries, &loader->expiries_capacity,
                                                 (uint64_t)number + 1, sizeof *list);
    if (list == NULL)
        return -ENOMEM;
    loader->expiries = list;
    list[number] = (struct pl_book_expiry){ .underlying = underlying,
                                            .forward = PL_NODE_NONE,
                                            .time_us = time_us };
    loader->expiry_count = number + 1;
    return number;
}

static bool join(char *path, const char *folder, const char *name, const char *suffix)
{
    int length = snprintf(path, PL_BOOK_PATH_MAX, "%s/%s%s", folder, name, suffix);
    return length > 0 && length < PL_BOOK_PATH_MAX;
}

/* The one of FILE, FILE.gz and FILE.zst that exists; FILE itself when none does. Returns 0, or
 * -EINVAL when there are several, -ENAMETOOLONG (both reported). */
static int find_file(struct pl_book_loader *loader, const char *name, char *path, bool *exists)
{
    static const char *const suffixes[] = { "", ".gz", ".zst" };
    char candidate[PL_BOOK_PATH_MAX];
    struct stat info;
    *exists = false;
    if (!join(path, loader->folder, name, ".zst")) {
        pl_text_error_add(loader->error, name, 0, 0, "%s", strerror(ENAMETOOLONG));
        return -ENAMETOOLONG;
    }
    (void)join(path, loader->folder, name, "");
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
        (void)join(candidate, loader->folder, name, suffixes[i]);
        if (lstat(candidate, &info) != 0 && (errno == ENOENT || errno == ENOTDIR))
            continue;
        if (*exists) {
            pl_text_error_add(loader->error, candidate, 0, 0,
                              "\"%s\" exists as well: keep one of them", path);
            return -EINVAL;
        }
        *exists = true;
        memcpy(path, candidate, sizeof candidate);
    }
    return 0;
}

static int read_rows(struct pl_book_loader *loader, const struct pl_book_file *file,
                     struct pl_csv *csv)
{
    struct pl_csv_cell cells[PL_CSV_COLUMNS_MAX];
    const struct pl_book_row row = { loader, csv, file->columns, cells };
    uint64_t problems = loader->error->count, row_count = 0;
    int result;
    loader->last_account = UINT32_MAX;
    while ((result = pl_csv_next(csv, cells)) > 0) {
        if (pl_csv_line(csv) >= PL_BOOK_ROWS_MAX) {
            pl_text_error_add(loader->error, pl_csv_path(csv), pl_csv_line(csv), 0,
                              "more than %u lines", PL_BOOK_ROWS_MAX);
            return -EFBIG;
        }
        row_count++;
        if (file->take_row(&row) != 0)
            return pl_book_out_of_memory(loader, pl_csv_path(csv));
    }
    if (result < 0)
        return result;
    if (row_count == 0 && file->must_have_rows && loader->error->count == problems)
        pl_text_error_add(loader->error, pl_csv_path(csv), 1, 0,
                          "the file has no rows: the book is empty");
    if (file->finish != NULL && file->finish(loader, pl_csv_path(csv)) != 0)
        return pl_book_out_of_memory(loader, pl_csv_path(csv));
    return 0;
}

int pl_book_read_file(struct pl_book_loader *loader, const struct pl_book_file *file,
                      bool header_only)
{
    char path[PL_BOOK_PATH_MAX];
    struct pl_csv *csv = NULL;
    bool exists;
    int result = find_file(loader, file->name, path, &exists);
    if (result != 0 || (!exists && !file->required))
        return result;
    result = pl_csv_open(path, file->columns, file->column_count, loader->error, &csv);
    if (result == 0 && !header_only)
        result = read_rows(loader, file, csv);
    pl_csv_close(csv);
    return result;
}

/* A member of book.json as text of its own; NULL only without memory. */
static char *copy_member(const struct pl_json *json, const char *key, const char *initial)
{
    const struct pl_json_value *root = &json->values[0];
    const struct pl_json_value *value = pl_json_member(json, root, key);
    const char *text = initial != NULL ? initial : "";
    if (value == NULL && initial == NULL)
        pl_json_error(json, root, "the key \"%s\" is missing", key);
    else if (value != NULL && value->type != PL_JSON_STRING)
        pl_json_error(json, value, "must be a string, not %s", pl_json_type_name(value->type));
    else if (value != NULL)
        text = value->string;
    if (value != NULL && initial == NULL && text[0] == '\0' && value->type == PL_JSON_STRING)
        pl_json_error(json, value, "must not be empty");
    size_t size = strlen(text) + 1;
    char *copy = pl_memory_alloc(size);
    if (copy != NULL)
        memcpy(copy, text, size);
    return copy;
}

static void check_book_keys(const struct pl_json *json)
{
    static const char *const keys[] = { "format", "name",  "description", "settlement_currency",
                                        "model",  "source" };
    const struct pl_json_value *root = &json->values[0], *member = pl_json_first(json, root);
    for (; member != NULL; member = pl_json_next(json, member)) {
        bool known = false;
        for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
            known = known || strcmp(member->key, keys[i]) == 0;
        if (!known)
            pl_json_error(json, member,
                          "unknown key (known here: format name description settlement_currency "
                          "model source)");
    }
    member = pl_json_member(json, root, "format");
    if (member == NULL)
        pl_json_error(json, root, "the key \"format\" is missing");
    else if (member->type != PL_JSON_NUMBER || member->length != 1 || json->text[member->at] != '1')
        pl_json_error(json, member, "this program reads format 1");
}

/* The currency is part of a tick symbol. */
static void check_currency(const struct pl_json *json, const char *currency)
{
    const struct pl_json_value *value =
        pl_json_member(json, &json->values[0], "settlement_currency");
    size_t length = strlen(currency);
    bool good = length + sizeof "settlement:" - 1 <= PL_SYMBOL_LENGTH_MAX;
    for (size_t i = 0; i < length; i++)
        good = good && currency[i] > ' ' && currency[i] <= '~' && currency[i] != ',';
    if (!good)
        pl_json_error(json, value,
                      "must be 1 to %zu printable ASCII characters without comma and blank",
                      PL_SYMBOL_LENGTH_MAX - sizeof "settlement:" + 1);
}

static int read_book_members(struct pl_book_loader *loader, const struct pl_json *json)
{
    struct pl_book *book = loader->book;
    const struct pl_json_value *root = &json->values[0];
    uint64_t problems = loader->error->count;
    if (root->type != PL_JSON_OBJECT) {
        pl_json_error(json, root, "must be an object, not %s", pl_json_type_name(root->type));
        return -EINVAL;
    }
    check_book_keys(json);
    book->name = copy_member(json, "name", NULL);
    book->description = copy_member(json, "description", "");
    book->source = copy_member(json, "source", "");
    char *currency = copy_member(json, "settlement_currency", NULL);
    char *model = copy_member(json, "model", "model.json");
    if (currency != NULL && currency[0] != '\0')
        check_currency(json, currency);
    if (loader->error->count == problems) {
        book->settlement_currency = currency;
        currency = NULL;
    }
    pl_memory_free(currency);
    size_t size = strlen(loader->folder) + (model != NULL ? strlen(model) : 0) + 2;
    book->model_path = pl_memory_alloc(size);
    if (model != NULL && book->model_path != NULL)
        (void)snprintf(book->model_path, size, "%s%s%s", model[0] == '/' ? "" : loader->folder,
                       model[0] == '/' ? "" : "/", model);
    bool complete = model != NULL && book->model_path != NULL && book->name != NULL &&
                    book->description != NULL && book->source != NULL &&
                    (book->settlement_currency != NULL || loader->error->count != problems);
    pl_memory_free(model);
    return complete ? 0 : pl_book_out_of_memory(loader, json->path);
}

static int read_book_json(struct pl_book_loader *loader)
{
    char path[PL_BOOK_PATH_MAX];
    struct pl_json *json;
    if (!join(path, loader->folder, "book.json", "")) {
        pl_text_error_add(loader->error, "book.json", 0, 0, "%s", strerror(ENAMETOOLONG));
        return -ENAMETOOLONG;
    }
    int result = pl_json_load(path, loader->error, &json);
    if (result != 0)
        return result;
    result = read_book_members(loader, json);
    pl_json_free(json);
    return result;
}

/* Reads every file, so that one run reports the problems of all of them; only the first line of
 * those that could not be judged without one that failed. Returns 0 or the first failure. */
static int read_files(struct pl_book_loader *loader)
{
    struct pl_book *book = loader->book;
    int book_result = read_book_json(loader);
    if (book->settlement_currency == NULL)
        book->settlement_currency = pl_memory_alloc(1); /* "": not known */
    if (book_result == -ENOMEM || book->settlement_currency == NULL)
        return -ENOMEM;
    int instruments = pl_book_read_file(loader, &pl_book_instruments_file, false);
    int accounts = pl_book_read_file(loader, &pl_book_accounts_file, false);
    int sources = pl_book_read_file(loader, &pl_book_sources_file, instruments != 0);
    const bool sourced = book->source_count > 0;
    struct pl_book_file reports = pl_book_reports_file, ticks = pl_book_ticks_file;
    reports.required = sourced;
    ticks.required = !sourced; /* reports have times of their own */
    bool no_instruments = instruments != 0, no_holders = no_instruments || accounts != 0;
    int results[] = {
        book_result,
        instruments,
        accounts,
        sources,
        pl_book_read_file(loader, &reports, no_instruments || sources != 0),
        pl_book_read_file(loader, &ticks, no_instruments),
        pl_book_read_file(loader, &pl_book_positions_file, no_holders),
        pl_book_read_file(loader, &pl_book_orders_file, no_holders),
        pl_book_read_file(loader, &pl_book_settlements_file, no_instruments),
        pl_book_read_file(loader, &pl_book_funding_file, no_instruments),
    };
    for (size_t i = 0; i < sizeof results / sizeof results[0]; i++)
        if (results[i] != 0)
            return results[i];
    return loader->error->count != 0 ? -EINVAL : 0;
}

static void free_loader(struct pl_book_loader *loader)
{
    pl_memory_free(loader->order_owners);
    pl_memory_free(loader->position_owners);
    pl_memory_free(loader->parents);
    pl_symbols_free(&loader->parent_names);
    pl_symbols_free(&loader->expiry_names);
    pl_memory_free(loader->expiries);
    pl_memory_free(loader->node_states);
    pl_memory_free(loader);
}

static int load(struct pl_book_loader *loader)
{
    struct pl_book *book = loader->book;
    size_t size = strlen(loader->folder) + 1;
    struct stat info;
    book->names = pl_memory_alloc(sizeof *book->names);
    book->path = pl_memory_alloc(size);
    if (book->names == NULL || book->path == NULL)
        return pl_book_out_of_memory(loader, loader->folder);
    memcpy(book->path, loader->folder, size);
    int problem = stat(loader->folder, &info) != 0 ? errno : !S_ISDIR(info.st_mode) ? ENOTDIR : 0;
    if (problem != 0) {
        pl_text_error_add(loader->error, loader->folder, 0, 0, "%s (a book is a folder)",
                          strerror(problem));
        return -problem;
    }
    return read_files(loader);
}

int pl_book_load(const char *folder, struct pl_book **out, struct pl_text_error *error)
{
    *out = NULL;
    pl_text_error_clear(error);
    struct pl_book *book = pl_memory_alloc(sizeof *book);
    struct pl_book_loader *loader = pl_memory_alloc(sizeof *loader);
    int result = -ENOMEM;
    if (book != NULL && loader != NULL) {
        loader->book = book;
        loader->error = error;
        loader->folder = folder;
        result = load(loader);
        free_loader(loader);
    } else {
        pl_memory_free(loader);
        pl_text_error_add(error, folder, 0, 0, "%s", strerror(ENOMEM));
    }
    if (result != 0) {
        pl_book_free(book);
        return result;
    }
    *out = book;
    return 0;
}

void pl_book_free(struct pl_book *book)
{
    if (book == NULL)
        return;
    pl_memory_free(book->rates);
    pl_memory_free(book->reports);
    pl_memory_free(book->sources);
    pl_memory_free(book->settlements);
    pl_memory_free(book->orders);
    pl_memory_free(book->positions);
    pl_memory_free(book->accounts);
    pl_memory_free(book->tick_rows);
    pl_memory_free(book->ticks);
    pl_memory_free(book->instruments);
    pl_memory_free(book->underlyings);
    pl_memory_free(book->nodes);
    if (book->names != NULL) {
        pl_symbols_free(&book->names->venues);
        pl_symbols_free(&book->names->sources);
        pl_symbols_free(&book->names->accounts);
        pl_symbols_free(&book->names->instruments);
        pl_symbols_free(&book->names->underlyings);
        pl_symbols_free(&book->names->nodes);
    }
    pl_memory_free(book->names);
    pl_memory_free(book->model_path);
    pl_memory_free(book->source);
    pl_memory_free(book->settlement_currency);
    pl_memory_free(book->description);
    pl_memory_free(book->name);
    pl_memory_free(book->path);
    pl_memory_free(book);
}

int64_t pl_book_find_account(const struct pl_book *book, const char *name)
{
    return pl_symbols_find(&book->names->accounts, name, strlen(name));
}

int64_t pl_book_find_instrument(const struct pl_book *book, const char *symbol)
{
    return pl_symbols_find(&book->names->instruments, symbol, strlen(symbol));
}

const char *pl_book_venue_name(const struct pl_book *book, uint32_t venue)
{
    return book->names->venues.names[venue];
}
