/* Sources and their reports: what is read, and that each bad row is refused with its place. */
#include "check.h"
#include "fixture.h"

#include "feed/book.h"
#include "feed/text_error.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define LINES_MAX 8

static struct pl_text_error error;

static const char *const instruments[LINES_MAX] = {
    "symbol,kind,underlying,quantity_step",
    "USDC,spot,USDC,0.01",
    "BTC,spot,BTC,0.0001",
};
static const char *const sources[LINES_MAX] = {
    "source,underlying,venue,quote,of,over",
    "one,BTC,first,USD,,",
    "two,BTC,second,USDC,,",
    "cross,USDC,second,,one,two",
};
static const char *const reports[LINES_MAX] = {
    "time,source,price,confidence,source_time",
    "2023-03-11T03:00:00Z,one,20000,10,",
    "2023-03-11T03:00:00Z,two,22000,20.5,2023-03-11T02:59:59.5Z",
    "2023-03-11T03:01:00Z,one,20010,,",
};

/* Writes the lines, with one (from 1) replaced or added. */
static void write_lines(const char *name, const char *const *lines, int replaced, const char *text)
{
    char all[4096] = "";
    for (int i = 0; i < LINES_MAX; i++) {
        const char *line = i + 1 == replaced ? text : lines[i];
        if (line == NULL)
            continue;
        strcat(all, line);
        strcat(all, "\n");
    }
    fixture_write(name, all, strlen(all));
}

static void write_book(void)
{
    const char *json = "{\"format\": 1, \"name\": \"unit\", \"settlement_currency\": \"USD\"}\n";
    fixture_write("book.json", json, strlen(json));
    fixture_write("accounts.csv", "account,mode,cash\nA,cross,1\n", 28);
    fixture_write("positions.csv", "account,symbol,quantity\nA,BTC,1\n", 32);
    write_lines("instruments.csv", instruments, 0, NULL);
    write_lines("sources.csv", sources, 0, NULL);
    write_lines("reports.csv", reports, 0, NULL);
    fixture_delete("ticks.csv");
}

static void sources_and_reports_are_read(void **state)
{
    (void)state;
    struct pl_book *book;
    write_book();
    if (pl_book_load(fixture_root, &book, &error) != 0)
        fail_msg("%s", error.text);
    assert_int_equal(book->source_count, 3);
    assert_int_equal(book->report_count, 3);
    assert_int_equal(book->tick_count, 0); /* reports have times of their own */
    const struct pl_book_source *two = &book->sources[1], *cross = &book->sources[2];
    assert_string_equal(book->underlyings[two->underlying].name, "BTC");
    assert_string_equal(book->underlyings[two->quote].name, "USDC");
    assert_string_equal(pl_book_venue_name(book, two->venue), "second");
    assert_int_equal(two->number, 1);
    assert_false(two->is_cross);
    assert_true(cross->is_cross && cross->of == 0 && cross->over == 1);
    assert_int_equal(cross->quote, PL_BOOK_QUOTE_SETTLEMENT);
    assert_int_equal(cross->number, 0);
    const struct pl_book_report *r = &book->reports[1];
    assert_int_equal(r->source, 1);
    assert_int_equal(r->time_us - r->source_us, 500000);
    assert_int_equal(pl_decimal_compare(r->confidence, (struct pl_decimal){ 205, -1 }), 0);
    pl_book_free(book);
}

static const struct bad {
    const char *file;
    int line;
    const char *text, *expected;
} bads[] = {
    { "sources.csv", 2, "one,ETH,first,USD,,",
      "/sources.csv:2:5: underlying \"ETH\": no such underlying" },
    { "sources.csv", 3, "one,BTC,second,USDC,,",
      "/sources.csv:3:1: source \"one\": a second row of this source" },
    { "sources.csv", 3, "two,BTC,second,EUR,,",
      "/sources.csv:3:16: quote \"EUR\": no such underlying" },
    { "sources.csv", 4, "cross,USDC,second,BTC,one,two",
      "/sources.csv:4:19: quote \"BTC\": must be the settlement currency, or an underlying that "
      "instruments.csv names before USDC" },
    { "sources.csv", 4, "cross,USDC,second,,one,",
      "/sources.csv:4:24: over \"\": must be a source of a row above" },
    { "sources.csv", 4, "cross,USDC,second,,two,one",
      "/sources.csv:4:20: of \"two\": must price what \"one\" prices, in this source's quote" },
    { "sources.csv", 4, "cross,USDC,,,one,two", "/sources.csv:4:12: venue \"\": must be 1 to 63" },
    { "sources.csv", 4, NULL, "/sources.csv: underlying USDC has no source" },
    { "sources.csv", 5, "own,USDC,second,,,",
      "/sources.csv: underlying USDC has crosses beside sources" },
    { "reports.csv", 2, "2023-03-11T03:00:00Z,three,20000,10,",
      "/reports.csv:2:22: source \"three\": no such source in sources.csv" },
    { "reports.csv", 2, "2023-03-11T03:00:00Z,cross,1,,",
      "/reports.csv:2:22: source \"cross\": is a cross" },
    { "reports.csv", 4, "2023-03-11T02:59:00Z,one,20010,,",
      "/reports.csv:4:1: time \"2023-03-11T02:59:00Z\": before the row above it" },
    { "reports.csv", 4, "2023-03-11T03:01:00Z,one,20010,,2023-03-11T03:01:01Z",
      "/reports.csv:4:33: source_time \"2023-03-11T03:01:01Z\": from the future" },
    { "reports.csv", 4, "2023-03-11T03:01:00Z,two,20010,,2023-03-11T02:59:59Z",
      "/reports.csv:4:33: source_time \"2023-03-11T02:59:59Z\": out of order" },
    { "reports.csv", 4, "2023-03-11T03:01:00Z,two,20010,,2023-03-11T02:59:59.500Z",
      "/reports.csv:4:33: source_time \"2023-03-11T02:59:59.500Z\": duplicated" },
    { "reports.csv", 4, "2023-03-11T03:00:00Z,one,20010,,",
      "/reports.csv:4:1: time \"2023-03-11T03:00:00Z\": duplicated" },
    { "reports.csv", 4, "2023-03-11T03:01:00Z,one,0,,",
      "/reports.csv:4:26: price \"0\": must be above 0" },
    { "reports.csv", 4, "2023-03-11T03:01:00Z,one,20010,-1,",
      "/reports.csv:4:32: confidence \"-1\": absurd" },
    { "reports.csv", 4, "2023-03-11T03:01:00Z,one,20010,20010,",
      "/reports.csv:4:32: confidence \"20010\": absurd" },
};

static void a_bad_row_is_reported_with_its_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bads / sizeof *bads; i++) {
        struct pl_book *book = NULL;
        const char *const *lines = strcmp(bads[i].file, "sources.csv") == 0 ? sources : reports;
        write_book();
        if (strcmp(bads[i].file, "sources.csv") == 0 && bads[i].line == 4 && bads[i].text == NULL)
            write_lines("reports.csv", reports, 3, "2023-03-11T03:00:30Z,one,20005,,");
        write_lines(bads[i].file, lines, bads[i].line, bads[i].text);
        int result = pl_book_load(fixture_root, &book, &error);
        if (result == 0 || strstr(error.text, bads[i].expected) == NULL)
            fail_msg("row %zu: %d, not \"%s\" but:\n%s", i, result, bads[i].expected, error.text);
        assert_null(book);
    }
}

static void must_refuse(const char *expected)
{
    struct pl_book *book = NULL;
    assert_int_not_equal(pl_book_load(fixture_root, &book, &error), 0);
    if (strstr(error.text, expected) == NULL)
        fail_msg("not \"%s\" but:\n%s", expected, error.text);
}

static void half_of_it_is_refused(void **state)
{
    (void)state;
    write_book();
    fixture_delete("sources.csv");
    must_refuse("/reports.csv:2:22: source \"one\": no such source in sources.csv");
    write_book();
    fixture_delete("reports.csv");
    must_refuse("reports.csv: No such file");
    write_book();
    const char *ticks = "time,symbol,price\n2023-03-11T03:00:00Z,BTC,20000\n";
    fixture_write("ticks.csv", ticks, strlen(ticks));
    must_refuse("/ticks.csv:2:22: symbol \"BTC\": its price is fused from sources.csv");
    fixture_delete("ticks.csv");
}

static void any_allocation_may_fail(void **state)
{
    (void)state;
    write_book();
    struct pl_book *book = fixture_load_as_memory_fails();
    assert_int_equal(book->report_count, 3);
    pl_book_free(book);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sources_and_reports_are_read),
        cmocka_unit_test(a_bad_row_is_reported_with_its_place),
        cmocka_unit_test(half_of_it_is_refused),
        cmocka_unit_test(any_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, fixture_set_up, fixture_tear_down);
}
