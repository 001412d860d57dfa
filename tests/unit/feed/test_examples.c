/* The example books and models of tests/data load without a problem (run in the repository's root,
 * or with PL_DATA naming tests/data). */
#include "book.h"
#include "check.h"
#include "model_spec.h"
#include "text_error.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static struct pl_text_error error;

static const char *find(const char *name)
{
    static char path[1024];
    struct stat info;
    const char *data = getenv("PL_DATA");
    (void)snprintf(path, sizeof path, "%s/%s", data != NULL ? data : "tests/data", name);
    return stat(path, &info) == 0 ? path : NULL;
}

/* Each row of the book belongs to what it says, and every class of the model is found. */
static void check(const struct pl_book *book, const struct pl_model_spec *model)
{
    static const char *const kinds[] = { NULL, "spot", "perpetual", "future", "option" };
    uint64_t rows = 0, positions = 0;
    for (uint32_t i = 0; i < book->tick_count; i++) {
        assert_int_equal(book->ticks[i].first_row, rows);
        rows += book->ticks[i].row_count;
    }
    assert_int_equal(rows, book->tick_row_count);
    for (uint32_t i = 0; i < book->account_count; i++) {
        assert_int_equal(book->accounts[i].first_position, positions);
        positions += book->accounts[i].position_count;
        assert_int_equal(pl_book_find_account(book, book->accounts[i].name), i);
    }
    assert_int_equal(positions, book->position_count);
    for (uint32_t i = 0; i < book->instrument_count; i++) {
        const struct pl_book_instrument *instrument = &book->instruments[i];
        const char *underlying = book->underlyings[instrument->underlying].name;
        assert_int_equal(pl_book_find_instrument(book, instrument->symbol), i);
        assert_non_null(
            pl_model_spec_class(model, kinds[instrument->kind], underlying, instrument->symbol));
        assert_non_null(pl_model_spec_underlying(model, underlying));
    }
}

static void load_example(const char *name)
{
    const char *path = find(name);
    struct pl_book *book;
    struct pl_model_spec *model;
    if (path == NULL) {
        print_message("skipped: %s is not there\n", name);
        skip();
    }
    if (pl_book_load(path, &book, &error) != 0)
        fail_msg("%s", error.text);
    if (pl_model_spec_load(book->model_path, &model, &error) != 0)
        fail_msg("%s", error.text);
    check(book, model);
    pl_model_spec_free(model);
    pl_book_free(book);
}

static void tiny_loads(void **state)
{
    (void)state;
    load_example("books/tiny");
}

static void feb2026_loads(void **state)
{
    (void)state;
    load_example("books/feb2026");
}

static void usdc2023_loads(void **state)
{
    (void)state;
    load_example("books/usdc2023");
}

static void may2021_loads(void **state)
{
    (void)state;
    load_example("books/may2021");
}

static void every_model_loads(void **state)
{
    (void)state;
    static const char *const names[] = { "models/portfolio.json", "models/span16.json",
                                         "models/bracketed.json" };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *path = find(names[i]);
        struct pl_model_spec *model;
        if (path == NULL) {
            print_message("skipped: %s is not there\n", names[i]);
            skip();
        }
        if (pl_model_spec_load(path, &model, &error) != 0)
            fail_msg("%s", error.text);
        pl_model_spec_free(model);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tiny_loads),        cmocka_unit_test(feb2026_loads),
        cmocka_unit_test(may2021_loads),     cmocka_unit_test(usdc2023_loads),
        cmocka_unit_test(every_model_loads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
