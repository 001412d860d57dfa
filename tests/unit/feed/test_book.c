#define _POSIX_C_SOURCE 200809L
#include "book.h"
#include "check.h"
#include "fixture.h"
#include "text_error.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define JUNE_US INT64_C(1782460800000000)
#define TICK_US INT64_C(1770179043263000)

static struct pl_text_error error;

static void must_report(const char *expected, int result, const struct pl_book *book)
{
    if (result >= 0 || book != NULL || strstr(error.text, expected) == NULL)
        fail_msg("expected %s, got %d:\n%s", expected, result, error.text);
}

static struct pl_book *load_valid(void)
{
    struct pl_book *book = NULL;
    fixture_write_book();
    int result = pl_book_load(fixture_root, &book, &error);
    if (result != 0)
        fail_msg("%d:\n%s", result, error.text);
    return book;
}

static void instruments_and_nodes_are_resolved(void **state)
{
    (void)state;
    struct pl_book *book = load_valid();
    assert_string_equal(book->settlement_currency, "USDC");
    assert_string_equal(book->nodes[book->settlement_currency_node].symbol, "settlement:USDC");
    assert_int_equal(book->instrument_count, 6);
    assert_int_equal(book->underlying_count, 1);
    assert_int_equal(book->node_count, 8); /* six instruments, SYN.BTC-MAR, settlement:USDC */
    const struct pl_book_instrument *all = book->instruments;
    assert_int_equal(all[0].kind, PL_KIND_SPOT);
    assert_int_equal(all[0].node, book->underlyings[0].node); /* a coin shares the index price */
    assert_int_equal(all[0].quantity_step.exponent, -4);
    assert_int_equal(all[2].kind, PL_KIND_FUTURE);
    assert_true(all[2].coin_settled);
    assert_int_equal(all[2].expiry_us, JUNE_US);
    assert_int_equal(all[2].forward, all[2].node);
    assert_int_equal(all[3].kind, PL_KIND_OPTION);
    assert_true(all[3].is_call && !all[4].is_call);
    assert_int_equal(all[3].forward, all[2].node);
    assert_int_equal(all[4].forward, all[5].forward);
    assert_string_equal(book->nodes[all[4].forward].symbol, "SYN.BTC-MAR");
    assert_int_equal(all[4].line, 6);
    assert_int_equal(pl_book_find_instrument(book, "BTC-MAR-C"), 5);
    assert_int_equal(pl_book_find_instrument(book, "SYN.BTC-MAR"), -1);
    pl_book_free(book);
}

static void ticks_hold_the_rows_of_one_time(void **state)
{
    (void)state;
    struct pl_book *book = load_valid();
    assert_int_equal(book->tick_count, 3);
    assert_int_equal(book->tick_row_count, 8);
    assert_int_equal(book->ticks[0].time_us, TICK_US);
    assert_int_equal(book->ticks[0].row_count, 6);
    assert_int_equal(book->ticks[1].first_row, 6);
    const struct pl_book_tick_row *rows = book->tick_rows;
    assert_true(rows[0].has_price && !rows[0].has_vol);
    assert_int_equal(rows[0].price.mantissa, 700005);
    assert_int_equal(rows[0].confidence_q40, INT64_C(1) << 40);
    assert_int_equal(rows[0].price_time_us, TICK_US);
    assert_int_equal(rows[1].rate.mantissa, 1);
    assert_int_equal(rows[2].confidence_q40, INT64_C(1) << 39);
    assert_true(rows[3].has_vol);
    assert_int_equal(rows[3].vol.mantissa, 55);
    assert_int_equal(rows[4].field, PL_TICK_FIELD_VOL_CONFIDENCE);
    assert_int_equal(rows[4].node, rows[2].node);
    assert_int_equal(rows[5].node, book->settlement_currency_node);
    assert_true(rows[6].has_price); /* a price of 0 is a price cell */
    assert_int_equal(rows[6].price_time_us, INT64_C(1770179043000000));
    assert_false(rows[7].has_price);
    pl_book_free(book);
}

static void holdings_are_grouped_by_account_in_file_order(void **state)
{
    (void)state;
    struct pl_book *book = load_valid();
    assert_int_equal(book->account_count, 3);
    assert_int_equal(book->accounts[1].parent, 2);
    assert_int_equal(book->accounts[0].parent, -1);
    assert_int_equal(book->accounts[0].cash_e8, INT64_C(100050000000));
    assert_int_equal(book->accounts[1].cash_e8, 1);
    assert_int_equal(book->accounts[2].multiplier_q40, INT64_C(3) << 39);
    assert_int_equal(pl_book_find_account(book, "B"), 2);
    assert_int_equal(pl_book_find_account(book, "b"), -1);
    assert_int_equal(book->position_count, 5); /* a quantity of 0 is no position */
    const struct pl_book_account *a = &book->accounts[0], *b = &book->accounts[2];
    assert_int_equal(a->position_count, 3);
    assert_int_equal(book->accounts[1].position_count, 0);
    assert_int_equal(b->position_count, 2);
    const struct pl_book_position *rows = book->positions;
    assert_int_equal(rows[a->first_position].steps, 12500);
    assert_int_equal(rows[a->first_position + 1].steps, -25);
    assert_int_equal(rows[a->first_position + 2].steps, -5);
    assert_int_equal(rows[b->first_position].steps, 500);
    assert_int_equal(rows[b->first_position].entry_price.mantissa, 69);
    assert_int_equal(rows[b->first_position + 1].line, 4);
    assert_int_equal(book->order_count, 1);
    assert_true(book->orders[a->first_order].is_buy);
    assert_int_equal(book->orders[a->first_order].steps, 250);
    assert_int_equal(book->settlement_count, 1);
    assert_int_equal(book->settlements[0].price.mantissa, 65);
    pl_book_free(book);
}

static const struct bad_line {
    const char *file;
    uint64_t line;
    const char *text; /* NULL: the line is removed */
    const char *expected;
} bad_lines[] = {
    { "book.json", 1, "{\"format\": 1,", "/book.json:1:1: the key \"name\" is missing" },
    { "book.json", 1, "{\"format\": 1, \"name\": \"u\", \"nmae\": 1,",
      "/book.json:1:36: nmae: unknown key" },
    { "book.json", 1, "{\"format\": 1, \"name\": \"\",",
      "/book.json:1:23: name: must not be empty" },
    { "book.json", 1, "{\"format\": 3, \"name\": \"u\",", "/book.json:1:12: format: this program" },
    { "book.json", 2, "\"settlement_currency\": \"U,D\"}",
      "/book.json:2:24: settlement_currency: must be 1 to 52 printable" },
    { "book.json", 2, "\"settlement_currency\": }", "/book.json:2:24: " },
    { "book.json", 2, NULL, "/book.json:" },
    { "instruments.csv", 1, "symbol,kind,underlying,strik",
      "/instruments.csv:1:24: unknown column" },
    { "instruments.csv", 1, "symbol,kind",
      "/instruments.csv:1:1: required columns missing: underl" },
    { "instruments.csv", 3, "BTC,perpetual,BTC,,,,,cash,1,0.001",
      "/instruments.csv:3:1: symbol \"BTC\": stands in line 2 already" },
    { "instruments.csv", 3, "\x01\xFF,perpetual,BTC,,,,,cash,1,0.001",
      "/instruments.csv:3:1: symbol \"\?\?\": must be 1 to 63 printable ASCII" },
    { "instruments.csv", 3, "vol:x,perpetual,BTC,,,,,cash,1,0.001",
      "/instruments.csv:3:1: symbol \"vol:x\": the prefixes" },
    { "instruments.csv", 3, "BTC-PERP,swap,BTC,,,,,cash,1,0.001",
      "/instruments.csv:3:10: kind \"swap\": must be one of: spot perpetual future option" },
    { "instruments.csv", 3, "BTC-PERP,perpetual,,,,,,cash,1,0.001",
      "/instruments.csv:3:20: underlying \"\": must be 1 to 63" },
    { "instruments.csv", 3, "BTC-PERP,perpetual,BTC,5,,,,cash,1,0.001",
      "/instruments.csv:3:24: expiry \"5\": must be empty" },
    { "instruments.csv", 3, "BTC-PERP,perpetual,BTC,,1,call,x,cash,1,0.001",
      "/instruments.csv:3:25: strike \"1\": must be empty" },
    { "instruments.csv", 3, "BTC-PERP,perpetual,BTC,,,,,gold,1,0.001",
      "/instruments.csv:3:28: settlement \"gold\": must be one of: cash coin" },
    { "instruments.csv", 3, "BTC-PERP,perpetual,BTC,,,,,cash,0,0.001",
      "/instruments.csv:3:33: contract_size \"0\": must be above 0" },
    { "instruments.csv", 3, "BTC-PERP,perpetual,BTC,,,,,cash,1,-0.001",
      "/instruments.csv:3:35: quantity_step \"-0.001\": must be above 0" },
    { "instruments.csv", 2, "BTC,spot,BTC,,,,,coin,1,0.0001",
      "/instruments.csv:2:18: settlement \"coin\": must be empty or cash" },
    { "instruments.csv", 2, "BTC,spot,BTC,,,,,,2,0.0001",
      "/instruments.csv:2:19: contract_size \"2\": must be empty or 1 for spot" },
    { "instruments.csv", 2, "BTC,perpetual,BTC,,,,,,,0.0001",
      "/instruments.csv:2: symbol \"BTC\" is also an underlying" },
    { "instruments.csv", 4, "BTC-JUN,future,BTC,,,,,coin,10,1",
      "/instruments.csv:4:20: expiry \"\": must be a UTC time" },
    { "instruments.csv", 4, "BTC-JUN,future,BTC,2026-06-26T09:00:00Z,,,,coin,10,1",
      "/instruments.csv:5: forward \"BTC-JUN\" is the instrument of line 4, which is not a future" },
    { "instruments.csv", 5, "BTC-JUN-C,option,BTC,2026-06-26T08:00:00Z,0,call,BTC-JUN,cash,1,0.1",
      "/instruments.csv:5:43: strike \"0\": must be above 0" },
    { "instruments.csv", 5, "BTC-JUN-C,option,BTC,2026-06-26T08:00:00Z,8,,BTC-JUN,cash,1,0.1",
      "/instruments.csv:5:45: option_type \"\": must be one of: put call" },
    { "instruments.csv", 5, "BTC-JUN-C,option,BTC,2026-06-26T08:00:00Z,8,call,,cash,1,0.1",
      "/instruments.csv:5:50: forward \"\": must be 1 to 63" },
    { "instruments.csv", 5, "BTC-JUN-C,option,BTC,2026-06-26T08:00:00Z,8,call,BTC,cash,1,0.1",
      "/instruments.csv:5: forward \"BTC\" is the instrument of line 2" },
    { "instruments.csv", 7, "BTC-MAR-C,option,BTC,2026-03-27T08:00:00Z,90000,call,SYN.X,coin,1,0.1",
      "/instruments.csv:7:54: forward \"SYN.X\": line 6 names SYN.BTC-MAR for the same underlying" },
    { "instruments.csv", 7,
      "BTC-MAR-C,option,BTC,2026-04-27T08:00:00Z,90000,call,SYN.BTC-MAR,coin,1,0.1",
      "/instruments.csv:7:54: forward \"SYN.BTC-MAR\": line 6 names it for another" },
    { "ticks.csv", 2, "yesterday,BTC,70000.5,,,,",
      "/ticks.csv:2:1: time \"yesterday\": must be a UTC" },
    { "ticks.csv", 2, "2026-02-04T04:24:03.263Z,DOGE,70000.5,,,,",
      "/ticks.csv:2:26: symbol \"DOGE\": not an instrument, underlying or forward" },
    { "ticks.csv", 2, "2026-02-04T04:24:03.263Z,vol:BTC,,,,0.5,",
      "/ticks.csv:2:26: symbol \"vol:BTC\": no option in instruments.csv names this forward" },
    { "ticks.csv", 2, "2026-02-04T04:24:03.263Z,settlement:EUR,1,,,,",
      "/ticks.csv:2:26: symbol \"settlement:EUR\": the settlement currency of book.json is USDC" },
    { "ticks.csv", 2, "2026-02-04T04:24:03.263Z,BTC,-1,,,,",
      "/ticks.csv:2:30: price \"-1\": a price must not be negative" },
    { "ticks.csv", 2, "2026-02-04T04:24:03.263Z,BTC,nan,,,,",
      "/ticks.csv:2:30: price \"nan\": must be a decimal number" },
    { "ticks.csv", 2, "2026-02-04T04:24:03.263Z,BTC,inf,,,,",
      "/ticks.csv:2:30: price \"inf\": must be a decimal number" },
    { "ticks.csv", 2, "2026-02-04T04:24:03.263Z,BTC,70000.50000000000000001,,,,",
      "/ticks.csv:2:30: price \"70000.50000000000000001\": more than 18 significant digits" },
    { "ticks.csv", 2, "2026-02-04T04:24:03.263Z,BTC,1e400,,,,",
      "/ticks.csv:2:30: price \"1e400\": more than 18 significant digits, or beyond 1e40" },
    { "ticks.csv", 2, "2026-02-04T04:24:03.263Z,BTC,70000.5,0.5,,,",
      "/ticks.csv:2:38: vol \"0.5\": must be empty: only options" },
    { "ticks.csv", 2, "2026-02-04T04:24:03.263Z,BTC,70000.5,,0.1,,",
      "/ticks.csv:2:39: rate \"0.1\": must be empty: only forwards" },
    { "ticks.csv", 5, "2026-02-04T04:24:03.263Z,BTC-MAR-P,0.02,7.991,,,",
      "/ticks.csv:5:41: vol \"7.991\": must be from 0 to 7.99" },
    { "ticks.csv", 3, "2026-02-04T04:24:03.263Z,BTC-JUN,71000,,64.1,,",
      "/ticks.csv:3:41: rate \"64.1\": must be from -64 to 64" },
    { "ticks.csv", 3, "2026-02-04T04:24:03.263Z,BTC-JUN,71000,,,1.1,",
      "/ticks.csv:3:42: confidence \"1.1\": must be from 0 to 1" },
    { "ticks.csv", 6, "2026-02-04T04:24:03.263Z,vol:SYN.BTC-MAR,5,,,0.9,",
      "/ticks.csv:6:42: price \"5\": must be empty: vol: and rate: rows" },
    { "ticks.csv", 7, "2026-02-04T04:24:03.263Z,BTC,5,,,,",
      "/ticks.csv:7:26: symbol \"BTC\": a second row of this symbol in one tick" },
    { "ticks.csv", 8, "2026-02-04T04:24:02Z,BTC,0,,,,",
      "/ticks.csv:8:1: time \"2026-02-04T04:24:02Z\": before the row above it" },
    { "ticks.csv", 8, "2026-02-04T04:24:04Z,BTC,0,,,,2026-02-04T04:24:05Z",
      "/ticks.csv:8:31: price_time \"2026-02-04T04:24:05Z\": must not be after the tick's time" },
    { "ticks.csv", 8, "2026-02-04T04:24:04Z,BTC,0",
      "/ticks.csv:8:27: 3 cells, but the first line" },
    { "accounts.csv", 2, ",portfolio,1,,", "/accounts.csv:2:1: account \"\": must be 1 to 63" },
    { "accounts.csv", 2, "A,margin,1,,",
      "/accounts.csv:2:3: mode \"margin\": must be one of: portf" },
    { "accounts.csv", 2, "A,portfolio,,,", "/accounts.csv:2:13: cash \"\": must be a decimal" },
    { "accounts.csv", 2, "A,portfolio,0.000000001,,",
      "/accounts.csv:2:13: cash \"0.000000001\": more" },
    { "accounts.csv", 2, "A,portfolio,92233720369,,",
      "/accounts.csv:2:13: cash \"92233720369\": beyond +-92233720368" },
    { "accounts.csv", 2, "A,portfolio,1,0.001,",
      "/accounts.csv:2:15: multiplier \"0.001\": must be from 0.01 to 63" },
    { "accounts.csv", 2, "A,portfolio,1,,B", "/accounts.csv:2:16: parent \"B\": must be empty" },
    { "accounts.csv", 2, "B,portfolio,1,,", "/accounts.csv:4:1: account \"B\": a second row" },
    { "accounts.csv", 3, "B/1,isolated,1,,C", "/accounts.csv:3:17: parent \"C\": no such account" },
    { "accounts.csv", 3, "B/1,isolated,1,,B/1",
      "/accounts.csv:3:17: parent \"B/1\": must be another account that is not isolated" },
    { "positions.csv", 2, "C,BTC-PERP,0.5,69000",
      "/positions.csv:2:1: account \"C\": no such account in accounts.csv" },
    { "positions.csv", 2, "B,DOGE-PERP,0.5,69000",
      "/positions.csv:2:3: symbol \"DOGE-PERP\": no such instrument in instruments.csv" },
    { "positions.csv", 2, "B,BTC-PERP,0.0005,69000",
      "/positions.csv:2:12: quantity \"0.0005\": must be a whole multiple of the instrument's "
      "quantity_step of 1e-3" },
    { "positions.csv", 2, "B,BTC-PERP,1e16,69000",
      "/positions.csv:2:12: quantity \"1e16\": more than 1e18 times" },
    { "positions.csv", 2, "B,BTC-PERP,0x1p3,69000",
      "/positions.csv:2:12: quantity \"0x1p3\": must be" },
    { "positions.csv", 2, "B,BTC-PERP,0.5,",
      "/positions.csv:2:16: entry_price \"\": must be a dec" },
    { "positions.csv", 2, "B,BTC-PERP,0.5,0",
      "/positions.csv:2:16: entry_price \"0\": must be above" },
    { "positions.csv", 3, "A,BTC,1.25,70000",
      "/positions.csv:3:12: entry_price \"70000\": must be em" },
    { "positions.csv", 5, "A,BTC-JUN-C,-99999999999999999.9,",
      "/positions.csv:6: the rows of this account and symbol add up to more than 1e18 steps" },
    { "orders.csv", 2, "A,BTC-PERP,long,0.25",
      "/orders.csv:2:12: side \"long\": must be one of: sell" },
    { "orders.csv", 2, "A,BTC-PERP,buy,-0.25",
      "/orders.csv:2:16: quantity \"-0.25\": must be above 0" },
    { "orders.csv", 2, "X,BTC-PERP,buy,0.25", "/orders.csv:2:1: account \"X\": no such account" },
    { "settlements.csv", 2, "ETH,2026-03-27T08:00:00Z,65000",
      "/settlements.csv:2:1: underlying \"ETH\": no such underlying" },
    { "settlements.csv", 2, "BTC,2026-03-28T08:00:00Z,65000",
      "/settlements.csv:2:5: expiry \"2026-03-28T08:00:00Z\": no future or option" },
    { "settlements.csv", 2, "BTC,2026-03-27T08:00:00Z,0",
      "/settlements.csv:2:26: price \"0\": must be above 0" },
    { "settlements.csv", 3, "BTC,2026-03-27T08:00:00Z,65000",
      "/settlements.csv:3:5: expiry \"2026-03-27T08:00:00Z\": a second settlement" },
};

static void a_bad_line_is_reported_with_its_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad_lines / sizeof bad_lines[0]; i++) {
        const struct bad_line *bad = &bad_lines[i];
        struct pl_book *book = NULL;
        fixture_write_book();
        fixture_write_with_line(bad->file, bad->line, bad->text);
        int result = pl_book_load(fixture_root, &book, &error);
        must_report(bad->expected, result, book);
    }
}

static void all_problems_of_a_book_are_reported_at_once(void **state)
{
    (void)state;
    struct pl_book *book = NULL;
    fixture_write_book();
    fixture_write_with_line("book.json", 2, "}");
    fixture_write_with_line("ticks.csv", 2, "0,BTC,-1,,,x,");
    fixture_write_with_line("positions.csv", 2, "Z,Y,1,1");
    assert_int_equal(pl_book_load(fixture_root, &book, &error), -EINVAL);
    assert_int_equal(error.count, 5);
    assert_non_null(strstr(error.text, "/book.json:2:1: "));
    assert_non_null(strstr(error.text, "/ticks.csv:2:7: price"));
    assert_non_null(strstr(error.text, "/ticks.csv:2:12: confidence"));
    assert_non_null(strstr(error.text, "/positions.csv:2:1: account"));
    assert_non_null(strstr(error.text, "/positions.csv:2:3: symbol"));
}

static void a_book_without_rows_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *file, *header;
    } empty[] = { { "instruments.csv", "symbol,kind,underlying\n" },
                  { "ticks.csv", "time,symbol,price\n" },
                  { "accounts.csv", "account,mode,cash\n" } };
    for (size_t i = 0; i < 3; i++) {
        struct pl_book *book = NULL;
        char expected[256];
        fixture_write_book();
        fixture_write(empty[i].file, empty[i].header, strlen(empty[i].header));
        int result = pl_book_load(fixture_root, &book, &error);
        (void)snprintf(expected, sizeof expected, "/%s:1: the file has no rows", empty[i].file);
        must_report(expected, result, book);
    }
}

static void a_missing_or_unusable_file_is_reported(void **state)
{
    (void)state;
    static const char *const required[] = { "book.json", "instruments.csv", "ticks.csv",
                                            "accounts.csv", "positions.csv" };
    for (size_t i = 0; i < sizeof required / sizeof required[0]; i++) {
        struct pl_book *book = NULL;
        char expected[256];
        fixture_write_book();
        fixture_delete(required[i]);
        int result = pl_book_load(fixture_root, &book, &error);
        (void)snprintf(expected, sizeof expected, "/%s: No such file or directory\n", required[i]);
        must_report(expected, result, book);
        assert_int_equal(result, -ENOENT);
        assert_int_equal(mkdir(fixture_path(required[i]), 0700), 0);
        result = pl_book_load(fixture_root, &book, &error);
        (void)snprintf(expected, sizeof expected, "/%s: Is a directory\n", required[i]);
        must_report(expected, result, book);
        fixture_delete(required[i]);
    }
    struct pl_book *book = NULL;
    int result = pl_book_load(fixture_path("absent"), &book, &error);
    must_report("/absent: No such file or directory (a book is a folder)", result, book);
    result = pl_book_load(fixture_path("model.json"), &book, &error);
    must_report("/model.json: Not a directory (a book is a folder)", result, book);
}

static void optional_files_may_be_absent(void **state)
{
    (void)state;
    struct pl_book *book = NULL;
    fixture_write_book();
    fixture_delete("orders.csv");
    fixture_delete("settlements.csv");
    fixture_write_with_line("positions.csv", 1, "account,symbol,quantity,entry_price");
    assert_int_equal(pl_book_load(fixture_root, &book, &error), 0);
    assert_int_equal(book->order_count, 0);
    pl_book_free(book);
    fixture_write("positions.csv", "account,symbol,quantity\n", 24);
    assert_int_equal(pl_book_load(fixture_root, &book, &error), 0);
    assert_int_equal(book->position_count, 0);
    pl_book_free(book);
}

static void two_forms_of_one_file_are_refused(void **state)
{
    (void)state;
    struct pl_book *book = NULL;
    fixture_write_book();
    fixture_write("ticks.csv.gz", "x", 1);
    int result = pl_book_load(fixture_root, &book, &error);
    must_report("/ticks.csv.gz: \"", result, book);
    fixture_delete("ticks.csv.gz");
}

static void binary_garbage_is_refused(void **state)
{
    (void)state;
    uint64_t seed = fixture_seed(7);
    for (size_t i = 0; i < FIXTURE_FILES - 1; i++) {
        unsigned char garbage[3000];
        struct pl_book *book = NULL;
        char expected[64];
        for (size_t k = 0; k < sizeof garbage; k++)
            garbage[k] = (unsigned char)fixture_random(&seed);
        fixture_write_book();
        fixture_write(fixture_files[i].name, garbage, sizeof garbage);
        int result = pl_book_load(fixture_root, &book, &error);
        (void)snprintf(expected, sizeof expected, "/%s:1", fixture_files[i].name);
        must_report(expected, result, book);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(instruments_and_nodes_are_resolved),
        cmocka_unit_test(ticks_hold_the_rows_of_one_time),
        cmocka_unit_test(holdings_are_grouped_by_account_in_file_order),
        cmocka_unit_test(a_bad_line_is_reported_with_its_place),
        cmocka_unit_test(all_problems_of_a_book_are_reported_at_once),
        cmocka_unit_test(a_book_without_rows_is_refused),
        cmocka_unit_test(a_missing_or_unusable_file_is_reported),
        cmocka_unit_test(optional_files_may_be_absent),
        cmocka_unit_test(two_forms_of_one_file_are_refused),
        cmocka_unit_test(binary_garbage_is_refused),
    };
    return cmocka_run_group_tests(tests, fixture_set_up, fixture_tear_down);
}
