/* The week in which USDC lost its peg, played through the whole loop: two venues, three quote
 * currencies. Prices are real, accounts are generated (tests/data/books/usdc2023). */
#define _POSIX_C_SOURCE 200809L
#include "../support/random.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "decide/rule.h"
#include "feed/text_error.h"
#include "simulate_report.h"

#define BOOK "tests/data/books/usdc2023"
#define MODEL "tests/data/models/bracketed.json"
#define FIRST_US (INT64_C(27973441) * PL_MINUTE_US) /* 10 March 2023, 00:01 */
#define WICK_FROM_US (FIRST_US + 12 * PL_HOUR_US)
#define WICK_US (10 * PL_MINUTE_US)
#define WICK_RUN_US (FIRST_US + 14 * PL_HOUR_US)
#define PATH_BYTES 512

enum { USDT, USDC, BTC };                        /* underlyings */
enum { USD_B, USDT_B, USDC_B, USDC_K, MARKETS }; /* BTC on Binance.US and Kraken */

static struct pl_simulation week;
static struct pl_options options;
static char folder[] = "/tmp/plimsoll-usdc-XXXXXX";

static void play(struct pl_simulation *s, struct pl_options *o, const char *book)
{
    *o = (struct pl_options){ .command_line = (char *)(uintptr_t) "plimsoll simulate",
                              .book = book,
                              .device = "cpu:",
                              .simulate = { .compare = PL_NOT_GIVEN,
                                            .market = { -1, -1, -1, -1 } } };
    assert_int_equal(pl_simulation_open(s, o, PL_SIMULATED_MINIMAL), PL_EXIT_OK);
    assert_int_equal(pl_simulation_run(s), 0);
}

static bool liquidates(const struct pl_venue_action *a)
{
    return a->kind == PL_VENUE_FILLED || a->kind == PL_VENUE_AUCTION ||
           a->kind == PL_VENUE_BOUGHT || a->kind == PL_VENUE_DELEVERAGED;
}

/* |a - b| in millionths of b. */
static int64_t apart(int64_t a, int64_t b)
{
    return (a > b ? a - b : b - a) * 1000000 / b;
}

static void every_source_counts_in_dollars_and_none_is_outlying(void **state)
{
    (void)state;
    const struct pl_book *book = week.session->book;
    struct pl_fusing f;
    int64_t lowest = INT64_MAX, farthest = 0;
    unsigned premium = 0;
    for (uint32_t i = 0; i < book->source_count; i++) {
        assert_int_equal(week.seen[i][PL_FUSION_OUTLYING], 0);
        assert_int_equal(week.seen[i][PL_FUSION_UNCONVERTED], 0);
    }
    assert_int_equal(pl_fusing_open(&f, book, week.setup.fusion), 0);
    for (uint32_t t = 0; t < book->tick_count; t++) {
        assert_int_equal(pl_fusing_step(&f, book->ticks[t].time_us), 0);
        const struct pl_estimate *last = f.sources.last;
        lowest = f.fused[USDC].fresh ? pl_min64(lowest, f.fused[USDC].now.price) : lowest;
        premium += last[USDC_K].price > 0 && apart(last[USDC_K].price, last[USD_B].price) > 50000;
        if (f.fused[BTC].fresh)
            farthest = pl_max64(farthest, apart(f.fused[BTC].now.price, last[USD_B].price));
    }
    /* what the simulation saw at the end is what its own fusion comes to */
    assert_memory_equal(&f.fused[BTC], pl_venue_fused(week.venue, BTC), sizeof f.fused[BTC]);
    assert_memory_equal(&f.fused[USDC], pl_venue_fused(week.venue, USDC), sizeof f.fused[USDC]);
    pl_fusing_close(&f);
    print_message("USDC/USD down to %.4f; BTC/USDC more than 5 %% above BTC/USD in %u of %u "
                  "minutes, BTC at most %.2f %% from BTC/USD\n",
                  (double)lowest / 1e8, premium, book->tick_count, (double)farthest / 1e4);
    assert_in_range(lowest, 86000000, 90000000);
    assert_true(premium > 600);
    assert_in_range(farthest, 0, 5000);
}

static void nobody_is_liquidated_on_what_one_venue_shows(void **state)
{
    (void)state;
    const struct pl_book *book = week.session->book;
    struct pl_fusing f;
    uint32_t tick = 0;
    unsigned loans = 0, others = 0;
    assert_int_equal(week.rules.permission.line[PL_QUALITY_THIN].venues, 2);
    assert_int_equal(pl_fusing_open(&f, book, week.setup.fusion), 0);
    for (size_t i = 0; i < week.log.count; i++) {
        const struct pl_venue_action *a = &week.log.actions[i];
        if (!liquidates(a))
            continue;
        for (; tick < book->tick_count && book->ticks[tick].time_us <= a->time_us; tick++)
            assert_int_equal(pl_fusing_step(&f, book->ticks[tick].time_us), 0);
        const struct pl_book_account *account = &book->accounts[a->account];
        const bool loan = strncmp(account->name, "LOAN", 4) == 0;
        if (a->quality < PL_QUALITY_THIN)
            fail_msg("%s at %s quality", account->name, pl_quality_name(a->quality));
        assert_true(f.fused[loan ? USDC : BTC].venues >= 2);
        assert_true(f.fused[loan ? USDC : BTC].fresh);
        *(loan ? &loans : &others) += 1;
    }
    pl_fusing_close(&f);
    print_message("liquidations: %u by the price of USDC alone, %u others; held back %" PRIu64
                  " times\n",
                  loans, others, week.so_far.held);
    assert_true(loans > 0 && others > 0 && week.so_far.held > 0);
}

/* ----- Wicks: the first hours again, with ten minutes that some books show otherwise ----- */

static const char *in_folder(const char *name)
{
    static char path[PATH_BYTES];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void link_file(const char *name)
{
    char target[PATH_BYTES], *here = getcwd(NULL, 0);
    assert_non_null(here);
    snprintf(target, sizeof target, "%s/" BOOK "/%s", here, name);
    unlink(in_folder(name));
    assert_int_equal(symlink(target, in_folder(name)), 0);
    free(here);
}

/* Prices of the markets in `wicked` times tenths / 10 while it lasts. */
static void write_wick(unsigned wicked, int tenths)
{
    static struct pl_text_error error;
    struct pl_book *book;
    FILE *file = fopen(in_folder("reports.csv"), "w");
    assert_non_null(file);
    assert_int_equal(pl_book_load(BOOK, &book, &error), 0);
    fprintf(file, "time,source,price,confidence\n");
    for (uint32_t i = 0; i < book->report_count; i++) {
        const struct pl_book_report *r = &book->reports[i];
        const bool shown = (wicked >> r->source & 1) != 0 && r->time_us >= WICK_FROM_US &&
                           r->time_us < WICK_FROM_US + WICK_US;
        if (r->time_us < WICK_RUN_US)
            fprintf(file, "%" PRId64 ",%s,%" PRId64 "e%d,%" PRId64 "e%d\n", r->time_us,
                    book->sources[r->source].name, r->price.mantissa * (shown ? tenths : 10),
                    r->price.exponent - 1, r->confidence.mantissa, r->confidence.exponent);
    }
    assert_int_equal(fclose(file), 0);
    pl_book_free(book);
}

static unsigned liquidations_since_the_wick(unsigned wicked, int tenths)
{
    static struct pl_simulation s;
    struct pl_options o;
    unsigned count = 0;
    write_wick(wicked, tenths);
    play(&s, &o, folder);
    for (size_t i = 0; i < s.log.count; i++)
        count += liquidates(&s.log.actions[i]) && s.log.actions[i].time_us >= WICK_FROM_US;
    print_message("books %x at %d tenths: %u liquidations, %" PRIu64 " held back\n", wicked, tenths,
                  count, s.so_far.held);
    pl_simulation_close(&s);
    return count;
}

static void a_wick_of_one_book_or_one_venue_liquidates_nobody(void **state)
{
    (void)state;
    const unsigned one_venue[] = { 1 << USD_B,
                                   1 << USDT_B,
                                   1 << USDC_B,
                                   1 << USDC_K,
                                   1 << USD_B | 1 << USDT_B,
                                   1 << USD_B | 1 << USDT_B | 1 << USDC_B };
    assert_int_equal(liquidations_since_the_wick(0, 10), 0); /* a calm hour */
    for (size_t i = 0; i < sizeof one_venue / sizeof *one_venue; i++) {
        assert_int_equal(liquidations_since_the_wick(one_venue[i], 8), 0);
        assert_int_equal(liquidations_since_the_wick(one_venue[i], 12), 0);
    }
    assert_true(liquidations_since_the_wick((1 << MARKETS) - 1, 8) > 0); /* a crash of all */
}

/* ----- The timeline ----- */

static const struct {
    const char *time, *name, *to, *why;
} timeline[] = {
    { "11T03:29", "USDC", "cautious", "sources apart" },
    { "11T03:42", "USDC", "halted", "sources apart" },
    { "11T03:42", "venue", "cautious", "underlyings halted" },
    { "11T04:23", "USDC", "cautious", "reopened" },
    { "11T04:24", "venue", "normal", "reopened" },
    { "11T04:29", "USDC", "normal", "reopened" },
    { "11T05:12", "USDC", "cautious", "sources apart" },
    { "11T05:48", "USDC", "normal", "reopened" },
    { "11T06:06", "USDC", "cautious", "sources apart" },
    { "11T06:36", "USDC", "halted", "sources apart" },
    { "11T06:36", "venue", "cautious", "underlyings halted" },
    { "11T07:25", "USDC", "cautious", "reopened" },
    { "11T07:26", "venue", "normal", "reopened" },
    { "11T07:30", "USDC", "normal", "reopened" },
    { "11T07:31", "USDC", "cautious", "sources apart" },
    { "11T07:38", "USDC", "normal", "reopened" },
    { "11T08:54", "USDC", "cautious", "move of the price" },
    { "11T08:59", "USDC", "normal", "reopened" },
    { "11T14:07", "USDC", "cautious", "sources apart" },
    { "11T14:16", "USDC", "normal", "reopened" },
    { "11T17:14", "USDC", "cautious", "sources apart" },
    { "11T17:27", "USDC", "normal", "reopened" },
    { "13T14:24", "BTC", "cautious", "move of the price" },
    { "13T14:29", "BTC", "normal", "reopened" },
};

static char *read_page(void)
{
    static char page[1 << 22];
    FILE *file = fopen(in_folder("page/index.html"), "r");
    assert_non_null(file);
    const size_t length = fread(page, 1, sizeof page - 1, file);
    assert_in_range(length, 1, sizeof page - 2);
    page[length] = '\0';
    fclose(file);
    return page;
}

static void the_breakers_timeline_is_in_the_report(void **state)
{
    (void)state;
    struct pl_simulation *const runs[] = { &week };
    char directory[PATH_BYTES], row[256];
    snprintf(directory, sizeof directory, "%s", in_folder("page"));
    options.report = directory;
    assert_int_equal(pl_simulation_report(runs, 1, &options), 0);
    const char *at = strstr(read_page(), "<section id=\"breakers\">");
    assert_non_null(at);
    for (size_t i = 0; i < sizeof timeline / sizeof *timeline; i++) {
        snprintf(row, sizeof row, "<tr><td><time>2023-03-%s:00Z</time></td><td>%s</td>",
                 timeline[i].time, timeline[i].name);
        const char *next = strstr(at, row);
        const char *end = next == NULL ? NULL : strstr(next, "</tr>");
        if (end == NULL)
            fail_msg("change %zu is not in the report: %s %s", i, timeline[i].time,
                     timeline[i].name);
        snprintf(row, sizeof row, "\">%s</span></td><td>%s</td>", timeline[i].to, timeline[i].why);
        const char *what = strstr(next, row);
        assert_true(what != NULL && what < end);
        at = end;
    }
    const char *sources = strstr(read_page(), "<section id=\"sources\">");
    assert_true(sources != NULL && strstr(sources, "kraken_BTCUSDC") != NULL);
    assert_int_equal(week.so_far.breakers, sizeof timeline / sizeof *timeline);
}

static int set_up(void **state)
{
    static const char json[] = "{\"format\": 1, \"name\": \"wick\", \"settlement_currency\": "
                               "\"USD\", \"model\": \"%s/" MODEL "\"}\n";
    (void)state;
    assert_non_null(mkdtemp(folder));
    link_file("instruments.csv.zst");
    link_file("accounts.csv.zst");
    link_file("positions.csv.zst");
    link_file("sources.csv");
    char *here = getcwd(NULL, 0);
    FILE *file = fopen(in_folder("book.json"), "w");
    assert_true(here != NULL && file != NULL);
    fprintf(file, json, here);
    fclose(file);
    free(here);
    play(&week, &options, BOOK);
    return 0;
}

static int tear_down(void **state)
{
    static const char *const names[] = { "instruments.csv.zst", "accounts.csv.zst",
                                         "positions.csv.zst",   "sources.csv",
                                         "reports.csv",         "book.json",
                                         "page/index.html" };
    (void)state;
    pl_simulation_close(&week);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unlink(in_folder(names[i]));
    rmdir(in_folder("page"));
    rmdir(folder);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_source_counts_in_dollars_and_none_is_outlying),
        cmocka_unit_test(nobody_is_liquidated_on_what_one_venue_shows),
        cmocka_unit_test(a_wick_of_one_book_or_one_venue_liquidates_nobody),
        cmocka_unit_test(the_breakers_timeline_is_in_the_report),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
