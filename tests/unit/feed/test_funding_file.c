/* Rates of funding: what is read, and that each bad row is refused with its place. */
#include "check.h"
#include "fixture.h"

#include "feed/book.h"
#include "feed/text_error.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define HEAD "time,symbol,rate\n"
#define FIRST "2026-02-04T00:00:00Z,BTC-PERP,0.0001\n"

static struct pl_text_error error;

static void write_funding(const char *text)
{
    fixture_write_book();
    fixture_write("funding.csv", text, strlen(text));
}

static void rates_are_read(void **state)
{
    (void)state;
    struct pl_book *book;
    write_funding(HEAD FIRST "2026-02-04T08:00:00Z,BTC-PERP,-0.0625\n");
    if (pl_book_load(fixture_root, &book, &error) != 0)
        fail_msg("%s", error.text);
    assert_int_equal(book->rate_count, 2);
    assert_int_equal(book->rates[0].time_us, INT64_C(1770163200000000));
    assert_string_equal(book->instruments[book->rates[0].instrument].symbol, "BTC-PERP");
    assert_int_equal(book->rates[0].rate_q40, 109951163); /* 2^40 / 10000, half up */
    assert_int_equal(book->rates[1].rate_q40, -(INT64_C(1) << 36));
    pl_book_free(book);
    write_funding(HEAD "2026-02-04T00:00:00Z,BTC-INV,0.0001\n"); /* paid in coin */
    fixture_write_with_line("instruments.csv", 8, "BTC-INV,perpetual,BTC,,,,,coin,10,1");
    assert_int_equal(pl_book_load(fixture_root, &book, &error), 0);
    assert_int_equal(book->rate_count, 1);
    pl_book_free(book);
    write_funding(HEAD); /* perpetuals without funding */
    assert_int_equal(pl_book_load(fixture_root, &book, &error), 0);
    assert_int_equal(book->rate_count, 0);
    pl_book_free(book);
}

static const struct bad {
    const char *text, *expected;
} bads[] = {
    { HEAD "yesterday,BTC-PERP,0.0001\n", "/funding.csv:2:1: time \"yesterday\": must be a UTC" },
    { HEAD FIRST "2026-02-03T00:00:00Z,BTC-PERP,0.0001\n",
      "/funding.csv:3:1: time \"2026-02-03T00:00:00Z\": before the row above it: sort the rows" },
    { HEAD FIRST FIRST,
      "/funding.csv:3:22: symbol \"BTC-PERP\": a second rate of this perpetual and time; keep one" },
    { HEAD "2026-02-04T00:00:00Z,ETH-PERP,0.0001\n", "/funding.csv:2:22: symbol \"ETH-PERP\": " },
    { HEAD "2026-02-04T00:00:00Z,BTC,0.0001\n",
      "/funding.csv:2:22: symbol \"BTC\": is no perpetual: only perpetuals have funding; leave" },
    { HEAD "2026-02-04T00:00:00Z,BTC-PERP,0.07\n",
      "/funding.csv:2:31: rate \"0.07\": must be from -0.0625 to 0.0625" },
    { HEAD "2026-02-04T00:00:00Z,BTC-PERP,\n",
      "/funding.csv:2:31: rate \"\": must not be empty; 0: nobody pays" },
    { HEAD "2026-02-04T00:00:00Z,BTC-PERP,0.01%\n", "/funding.csv:2:31: rate \"0.01%\": " },
    { "time,rate\n", "/funding.csv:1" },
};

static void a_bad_row_is_reported_with_its_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bads / sizeof *bads; i++) {
        struct pl_book *book = NULL;
        write_funding(bads[i].text);
        int result = pl_book_load(fixture_root, &book, &error);
        if (result == 0 || strstr(error.text, bads[i].expected) == NULL)
            fail_msg("row %zu: %d, not \"%s\" but:\n%s", i, result, bads[i].expected, error.text);
        assert_null(book);
    }
}

static void any_allocation_may_fail(void **state)
{
    (void)state;
    write_funding(HEAD FIRST);
    struct pl_book *book = fixture_load_as_memory_fails();
    assert_int_equal(book->rate_count, 1);
    pl_book_free(book);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rates_are_read),
        cmocka_unit_test(a_bad_row_is_reported_with_its_place),
        cmocka_unit_test(any_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, fixture_set_up, fixture_tear_down);
}
