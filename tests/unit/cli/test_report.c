/* The HTML report: its numbers, its charts, its bytes, and what is left behind when it cannot be written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "report.h"
#include "report_chart.h"
#include "report_text.h"

#include <dirent.h>
#include <errno.h>
#include <float.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define TICKS_MANY 2881
#define PATH_BYTES 512
#define NOBODY 65534
#define HOSTILE "<b>&\"'\x1b[31m\xff</title></script>"

/* ----- A report to write ----- */

struct sample {
    struct pl_report report;
    struct pl_report_tick *ticks;
    struct pl_report_exposure *exposures;
    int64_t *moneys;
    struct pl_report_underlying underlyings[2];
    struct pl_report_liquidation liquidations[20];
    char symbols[20][PL_SYMBOL_BYTES];
    struct pl_report_account accounts[2];
};

static void fill_ticks(struct sample *s, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint64_t down = i == count / 2 ? 20 : i % 3;
        s->ticks[i] = (struct pl_report_tick){ .tick = i + 1,
                                               .time_us = INT64_C(1770179043263000) + (int64_t)i * 30000000,
                                               .accounts = { 2900 - down, 80, i % 7, down, down / 10 },
                                               .equity = INT64_C(123456789012345),
                                               .maintenance = INT64_C(23456789012345) + (int64_t)i,
                                               .initial = INT64_C(33456789012345) };
        s->exposures[i] = (struct pl_report_exposure){ INT64_C(6000000000000) - (int64_t)i * 1000000,
                                                       (int64_t)down * 100000000000, -5, 7, -(int64_t)down };
        s->moneys[i] = INT64_C(1000000000) - (int64_t)down * 200000000;
    }
}

static void sample_start(struct sample *s, size_t tick_count)
{
    *s = (struct sample){ 0 };
    s->ticks = calloc(tick_count + 1, sizeof *s->ticks);
    s->exposures = calloc(tick_count + 1, sizeof *s->exposures);
    s->moneys = calloc(tick_count + 1, sizeof *s->moneys);
    assert_true(s->ticks != NULL && s->exposures != NULL && s->moneys != NULL);
    fill_ticks(s, tick_count);
    for (size_t i = 0; i < 20; i++) {
        snprintf(s->symbols[i], PL_SYMBOL_BYTES, "BTC-27MAR26-%zu-P", 50000 + i * 1000);
        s->liquidations[i] = (struct pl_report_liquidation){ s->symbols[i], "option",  i % 2 == 0 ? "BTC" : "ETH",
                                                             1.5,           0.1 + 0.2, INT64_C(4123456712345678) };
    }
    for (size_t i = 0; i < 2; i++) {
        s->underlyings[i] = (struct pl_report_underlying){ i == 0 ? "BTC" : "ETH", s->exposures };
        s->accounts[i] = (struct pl_report_account){ .name = i == 0 ? "desk-1" : "desk-2",
                                                     .first_below_us = INT64_C(1770179043263000),
                                                     .maintenance_excess = s->moneys,
                                                     .equity = s->moneys,
                                                     .worst_scenario = "BTC: down x0.82",
                                                     .explain_command = "plimsoll explain book --account desk-1",
                                                     .explain_text = "cash\n\t1.00" };
        s->accounts[i].worst.state = PL_STATE_LIQUIDATE;
        s->accounts[i].worst.mode = PL_MODE_PORTFOLIO;
        s->accounts[i].worst.equity = INT64_C(1234567);
        s->accounts[i].worst.maintenance_excess = INT64_C(-123456789012);
    }
    s->report = (struct pl_report){ .book_name = "feb2026",
                                    .description = "a book",
                                    .source = "an archive",
                                    .settlement_currency = "USD",
                                    .model_name = "portfolio",
                                    .device = "model:",
                                    .command = "plimsoll replay book --report out",
                                    .account_count = 3000,
                                    .verdicts_hash = UINT64_C(0xdec58f2d087d2a19),
                                    .tick_count = tick_count,
                                    .underlying_count = 2,
                                    .liquidation_count = 20,
                                    .account_list_count = 2,
                                    .ticks = s->ticks,
                                    .underlyings = s->underlyings,
                                    .worst_tick = tick_count / 2,
                                    .liquidations = s->liquidations,
                                    .accounts = s->accounts };
}

static void sample_end(struct sample *s)
{
    free(s->ticks);
    free(s->exposures);
    free(s->moneys);
}

/* ----- Directories ----- */

static char base[PATH_BYTES]; /* of this run */

static const char *under_base(const char *name)
{
    static char paths[4][2 * PATH_BYTES];
    static unsigned next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", base, name);
    return path;
}

static char *read_page(const char *directory, size_t *size)
{
    char path[3 * PATH_BYTES];
    snprintf(path, sizeof path, "%s/index.html", directory);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    *size = (size_t)ftell(file);
    rewind(file);
    char *text = malloc(*size + 1);
    assert_non_null(text);
    assert_int_equal(fread(text, 1, *size, file), *size);
    text[*size] = '\0';
    fclose(file);
    return text;
}

static size_t count_entries(const char *directory)
{
    size_t count = 0;
    DIR *dir = opendir(directory);
    assert_non_null(dir);
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;)
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    closedir(dir);
    return count;
}

static void remove_page(const char *directory)
{
    char path[3 * PATH_BYTES];
    snprintf(path, sizeof path, "%s/index.html", directory);
    remove(path);
    rmdir(directory);
}

static char *written(const struct pl_report *report)
{
    char message[PL_MESSAGE_BYTES];
    size_t size;
    assert_int_equal(pl_report_write(report, under_base("page"), message), 0);
    assert_string_equal(message, "");
    char *text = read_page(under_base("page"), &size);
    assert_int_equal(strlen(text), size);
    remove_page(under_base("page"));
    return text;
}

static int make_base(void **state)
{
    (void)state;
    snprintf(base, sizeof base, "%s/pl_report_XXXXXX", getenv("TMPDIR") != NULL ? getenv("TMPDIR") : "/tmp");
    return mkdtemp(base) == NULL ? -1 : chmod(base, 0755);
}

static int remove_base(void **state)
{
    (void)state;
    return rmdir(base);
}

/* ----- What any page must be ----- */

/* Every element is closed in its order, attributes are quoted, and no text has a bare markup character. */
static void check_well_formed(const char *page)
{
    char open[64][24];
    size_t depth = 0;
    assert_memory_equal(page, "<!DOCTYPE html>\n", 16);
    for (const char *at = page + 15; *at != '\0'; at++) {
        assert_true(*at != '>' && (unsigned char)*at != 0x1b);
        if (*at == '&')
            assert_true(strncmp(at, "&amp;", 5) == 0 || strncmp(at, "&lt;", 4) == 0 || strncmp(at, "&gt;", 4) == 0 ||
                        strncmp(at, "&quot;", 6) == 0 || strncmp(at, "&#39;", 5) == 0);
        if (*at != '<')
            continue;
        char name[24];
        bool closing = at[1] == '/';
        assert_int_equal(sscanf(at + 1 + closing, "%23[a-z0-9]", name), 1);
        bool quoted = false;
        for (at++; quoted || *at != '>'; at++) {
            assert_true(*at != '\0' && *at != '<');
            quoted ^= *at == '"';
        }
        if (closing) {
            assert_true(depth > 0);
            assert_string_equal(name, open[--depth]);
        } else if (at[-1] != '/' && strcmp(name, "meta") != 0 && strcmp(name, "br") != 0) {
            assert_true(depth < 64);
            snprintf(open[depth++], sizeof open[0], "%s", name);
        }
        if (!closing && strcmp(name, "style") == 0) /* selectors have > */
            at = strstr(at, "</style>") - 1;
    }
    assert_int_equal(depth, 0);
}

static void check_page(const char *page)
{
    check_well_formed(page);
    static const char *const external[] = { "<script", "http://", "https://", "src=", "url(", "@import", "<link" };
    for (size_t i = 0; i < sizeof external / sizeof external[0]; i++)
        assert_null(strstr(page, external[i]));
    assert_null(strstr(page, "nan"));
}

static size_t count_of(const char *page, const char *text)
{
    size_t count = 0;
    for (; (page = strstr(page, text)) != NULL; page += strlen(text))
        count++;
    return count;
}

/* ----- Texts ----- */

static void markup_and_bytes_that_are_no_text_are_escaped(void **state)
{
    (void)state;
    struct pl_buffer out = { 0 };
    pl_report_add_text(&out, "a<b>&\"'\n\tz\x01\x7f\xff\xc3\xa9\xc2\x85\xe2\x82");
    assert_string_equal(out.data, "a&lt;b&gt;&amp;&quot;&#39;\n\tz\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xc3\xa9"
                                  "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
    size_t used = out.used;
    pl_report_add_text(&out, NULL);
    assert_int_equal(out.used, used);
    pl_buffer_free(&out);
}

static void money_is_exact_to_the_last_digit(void **state)
{
    (void)state;
    static const struct {
        int64_t value;
        int digits;
        const char *text;
    } cases[] = {
        { 0, 2, "0.00" },
        { INT64_C(1234567000000), 2, "12,345.67" },
        { INT64_C(1234567999999), 2, "12,345.67" },
        { -1, 2, "-0.01" },
        { INT64_MAX, 8, "92,233,720,368.54775807" },
        { INT64_MIN, 8, "-92,233,720,368.54775808" },
        { INT64_C(-99999999999), 2, "-1,000.00" },
        { INT64_C(-100000000), 8, "-1.00000000" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[PL_REPORT_NUMBER_BYTES];
        pl_report_money_text(text, cases[i].value, cases[i].digits);
        assert_string_equal(text, cases[i].text);
    }
    char text[PL_REPORT_NUMBER_BYTES];
    pl_report_count_text(text, UINT64_MAX);
    assert_string_equal(text, "18,446,744,073,709,551,615");
    pl_i128 lowest = (pl_i128)((unsigned __int128)1 << 127);
    pl_report_money_text(text, lowest, 8);
    assert_string_equal(text, "-1,701,411,834,604,692,317,316,873,037,158.84105728");
}

static void short_money_has_three_digits_and_a_unit(void **state)
{
    (void)state;
    static const struct {
        int64_t value;
        const char *text;
    } cases[] = {
        { 0, "0.00" },
        { 1, "0.00000001" },
        { -999999, "-0.00999999" },
        { INT64_C(1000000), "0.01" },
        { INT64_C(99999499999), "999.99" },
        { INT64_C(99999500000), "1.00 k" },
        { INT64_C(1234567000000), "12.3 k" },
        { INT64_C(999600000000), "10.0 k" },
        { INT64_C(9996000000000), "100 k" },
        { INT64_C(99960000000000), "1.00 M" },
        { INT64_C(-123456789012345), "-1.23 M" },
        { INT64_MAX, "92.2 bn" },
        { INT64_MIN, "-92.2 bn" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[PL_REPORT_NUMBER_BYTES];
        pl_report_short_text(text, cases[i].value);
        assert_string_equal(text, cases[i].text);
    }
}

static void quantities_and_shares_read_well(void **state)
{
    (void)state;
    static const struct {
        double value;
        const char *text;
    } cases[] = {
        { 0, "0" },
        { -0.0, "0" },
        { 0.1 + 0.2, "0.3" },
        { 4916469, "4,916,469" },
        { -1.5, "-1.5" },
        { 1e-12, "0" },
        { 1e18, "1e+18" },
        { DBL_MAX, "1.79769e+308" },
        { 1e14, "100,000,000,000,000" },
        { INFINITY, "inf" },
    };
    char text[PL_REPORT_NUMBER_BYTES];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        pl_report_quantity_text(text, cases[i].value);
        assert_string_equal(text, cases[i].text);
    }
    pl_report_percent_text(text, 1, 1000000);
    assert_string_equal(text, "0.01 %");
    pl_report_percent_text(text, 999999, 1000000);
    assert_string_equal(text, "99.99 %");
    pl_report_percent_text(text, UINT64_MAX, UINT64_MAX);
    assert_string_equal(text, "100.00 %");
    pl_report_percent_text(text, 5, 0);
    assert_string_equal(text, "0 %");
}

/* ----- Charts ----- */

static void an_axis_holds_its_values_in_round_steps(void **state)
{
    (void)state;
    static const struct {
        enum pl_chart_unit unit;
        int64_t low, high;
    } cases[] = {
        { PL_CHART_MONEY, 0, 0 },         { PL_CHART_MONEY, 5, 5 },          { PL_CHART_MONEY, -7, 3 },
        { PL_CHART_COUNT, 0, 1 },         { PL_CHART_MONEY, INT64_MIN, -1 }, { PL_CHART_MONEY, INT64_MIN, INT64_MAX },
        { PL_CHART_COUNT, 0, INT64_MAX }, { PL_CHART_INDEX, 99, 101 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        pl_i128 low = cases[i].low, high = cases[i].high;
        struct pl_chart_axis axis = pl_chart_axis_fit(cases[i].unit, 100, 4, low, high);
        assert_true(axis.low <= low && axis.high >= high && axis.low < axis.high);
        assert_true((axis.high - axis.low) % axis.step == 0 && (axis.high - axis.low) / axis.step <= 6);
        pl_i128 leading = axis.step;
        while (leading % 10 == 0)
            leading /= 10;
        assert_true(leading == 1 || leading == 2 || leading == 5);
        assert_int_equal(pl_chart_y(&axis, axis.low), 1000);
        assert_int_equal(pl_chart_y(&axis, axis.high), 0);
    }
}

static void ticks_stand_in_order_inside_the_plot(void **state)
{
    (void)state;
    static const int64_t times[][3] = { { 0, 0, 0 },   { 5, 5, 9 },          { 9, 5, 1 },
                                        { 1, 2, 900 }, { -1, 0, INT64_MAX }, { INT64_MIN, 0, INT64_MAX } };
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++)
        for (size_t count = 1; count <= 3; count++) {
            struct pl_report_tick ticks[3] = { 0 };
            for (size_t k = 0; k < count; k++)
                ticks[k].time_us = times[i][k];
            struct pl_chart_time time;
            struct pl_chart_column columns[PL_CHART_COLUMNS_MAX];
            pl_chart_time_fit(&time, ticks, count);
            for (size_t k = 0; k < count; k++) {
                int x = pl_chart_x(&time, k);
                assert_true(x >= 0 && x <= PL_CHART_WIDTH && (k == 0 || x >= pl_chart_x(&time, k - 1)));
            }
            assert_int_equal(pl_chart_columns(&time, NULL, 0, 10, columns), count);
            assert_int_equal(columns[0].left, 0);
            assert_int_equal(columns[count - 1].right, PL_CHART_WIDTH);
        }
}

static bool spike(const void *context, size_t tick, pl_i128 *value_e8)
{
    *value_e8 = tick == *(const size_t *)context ? 1000 : 0;
    return true;
}

static void no_peak_is_lost_when_ticks_are_thinned_out(void **state)
{
    (void)state;
    struct sample s;
    sample_start(&s, TICKS_MANY);
    struct pl_chart_time time;
    pl_chart_time_fit(&time, s.ticks, TICKS_MANY);
    for (size_t at = 0; at < TICKS_MANY; at += 17) {
        struct pl_buffer out = { 0 };
        struct pl_chart_series series = { "a", "b", spike, &at };
        struct pl_chart chart = { &out, &time, { PL_CHART_MONEY, 0, 1000, 500, 100 }, 50 };
        struct pl_chart_column columns[PL_CHART_COLUMNS_MAX];
        pl_chart_line(&chart, &series);
        assert_non_null(strstr(out.data, " 0.0"));
        assert_true(out.used < 50 * 4 * 16);
        pl_buffer_free(&out);
        size_t count = pl_chart_columns(&time, &series, 1, 60, columns), found = 0;
        assert_true(count <= 60);
        for (size_t i = 0; i < count; i++) {
            found += columns[i].tick == at;
            assert_int_equal(columns[i].left, i == 0 ? 0 : columns[i - 1].right);
        }
        assert_int_equal(found, 1);
    }
    sample_end(&s);
}

/* ----- The page ----- */

static void the_page_says_what_the_report_holds(void **state)
{
    (void)state;
    struct sample s;
    sample_start(&s, 16);
    char *page = written(&s.report);
    check_page(page);
    static const char *const said[] = { "feb2026",
                                        "dec58f2d087d2a19",
                                        "plimsoll replay book --report out",
                                        "<strong>22 of 3,000 accounts</strong>",
                                        "2026-02-04T04:24:03.263Z",
                                        "41,234,567.12",
                                        "title=\"41,234,567.12345678 USD\"",
                                        "-1,234.57",
                                        "-1,234.56789012 USD",
                                        "href=\"#account-2\"",
                                        "id=\"account-2\"",
                                        "BTC: down x0.82",
                                        "cash\n\t1.00",
                                        "margin call",
                                        "5 more instruments" };
    for (size_t i = 0; i < sizeof said / sizeof said[0]; i++)
        if (strstr(page, said[i]) == NULL)
            fail_msg("the page does not say %s", said[i]);
    for (size_t i = 0; i < 20; i++)
        assert_int_equal(count_of(page, s.symbols[i]), 1);
    assert_int_equal(count_of(page, "<svg class=\"spark\""), 2);
    free(page);
    sample_end(&s);
}

static void the_same_report_gives_the_same_bytes(void **state)
{
    (void)state;
    struct sample s;
    sample_start(&s, TICKS_MANY);
    char *first = written(&s.report), *second = written(&s.report);
    check_page(first);
    assert_string_equal(first, second);
    assert_true(strlen(first) < 600000);
    free(first);
    free(second);
    sample_end(&s);
}

static void hostile_texts_stay_texts(void **state)
{
    (void)state;
    struct sample s;
    sample_start(&s, 3);
    struct pl_report *r = &s.report;
    r->book_name = r->description = r->source = r->settlement_currency = r->model_name = r->device = r->command =
        HOSTILE;
    for (size_t i = 0; i < 2; i++) {
        s.underlyings[i].name = s.accounts[i].name = s.accounts[i].worst_scenario = HOSTILE;
        s.accounts[i].explain_command = s.accounts[i].explain_text = HOSTILE;
        s.liquidations[i].symbol = s.liquidations[i].kind = s.liquidations[i].underlying = HOSTILE;
        s.accounts[i].worst.state = 200;
        s.accounts[i].worst.mode = 200;
        s.accounts[i].worst.flags = UINT16_MAX;
    }
    char *page = written(r);
    check_page(page);
    assert_null(strstr(page, "<b>&"));
    assert_true(count_of(page, "&lt;b&gt;&amp;&quot;&#39;") > 20);
    free(page);
    sample_end(&s);
}

static void empty_and_one_tick_reports_are_pages_too(void **state)
{
    (void)state;
    struct pl_report nothing = { 0 };
    char *page = written(&nothing);
    check_page(page);
    assert_non_null(strstr(page, "no ticks"));
    free(page);
    for (size_t count = 1; count <= 2; count++) {
        struct sample s;
        sample_start(&s, count);
        memset(s.ticks, 0, count * sizeof *s.ticks);
        memset(s.exposures, 0, count * sizeof *s.exposures);
        page = written(&s.report);
        check_page(page);
        assert_non_null(strstr(page, "No account had to be liquidated"));
        assert_non_null(strstr(page, "No underlying has a price"));
        free(page);
        s.report.underlying_count = s.report.liquidation_count = s.report.account_list_count = 0;
        page = written(&s.report);
        check_page(page);
        free(page);
        sample_end(&s);
    }
}

static void missing_texts_and_series_are_left_out(void **state)
{
    (void)state;
    struct sample s;
    sample_start(&s, 3);
    for (size_t i = 0; i < 2; i++) {
        s.underlyings[i] = (struct pl_report_underlying){ 0 };
        s.accounts[i] = (struct pl_report_account){ 0 };
        s.liquidations[i] = (struct pl_report_liquidation){ 0 };
    }
    s.report.book_name = s.report.settlement_currency = s.report.model_name = s.report.command = NULL;
    char *page = written(&s.report);
    check_page(page);
    assert_null(strstr(page, "(null)"));
    free(page);
    sample_end(&s);
}

static void the_largest_and_smallest_numbers_are_drawn(void **state)
{
    (void)state;
    struct sample s;
    sample_start(&s, 4);
    for (size_t i = 0; i < 4; i++) {
        int64_t extreme = i % 2 == 0 ? INT64_MAX : INT64_MIN;
        s.ticks[i] = (struct pl_report_tick){ UINT64_MAX,
                                              i < 2 ? INT64_MIN : INT64_MAX,
                                              { UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX },
                                              extreme,
                                              -1 - extreme,
                                              extreme };
        s.exposures[i] = (struct pl_report_exposure){ i == 0 ? 1 : INT64_MAX, extreme, extreme, extreme, extreme };
        s.moneys[i] = extreme;
        s.liquidations[i].notional = extreme;
        s.liquidations[i].long_quantity = i == 0 ? DBL_MAX : INFINITY;
    }
    s.accounts[0].worst.equity = s.accounts[0].worst.maintenance_excess = INT64_MIN;
    s.accounts[0].first_below_us = INT64_MAX;
    s.accounts[1].first_below_us = INT64_MIN;
    s.report.account_count = UINT64_MAX;
    char *page = written(&s.report);
    check_page(page);
    assert_non_null(strstr(page, "-92,233,720,368.54775808 USD"));
    free(page);
    sample_end(&s);
}

static void more_underlyings_than_colours_all_stand_in_the_table(void **state)
{
    (void)state;
    struct sample s;
    sample_start(&s, 5);
    struct pl_report_underlying many[40];
    char names[40][8];
    for (size_t i = 0; i < 40; i++) {
        snprintf(names[i], sizeof names[i], "U%02zu.", i);
        many[i] = (struct pl_report_underlying){ names[i], s.exposures };
    }
    s.report.underlyings = many;
    s.report.underlying_count = 40;
    char *page = written(&s.report);
    check_page(page);
    for (size_t i = 0; i < 40; i++)
        assert_true(count_of(page, names[i]) >= 2);
    assert_non_null(strstr(page, "the 8 with the largest exposure of 40"));
    free(page);
    sample_end(&s);
}

/* ----- Files ----- */

static void a_directory_is_created_or_used_and_the_page_replaced(void **state)
{
    (void)state;
    struct sample s;
    char message[PL_MESSAGE_BYTES];
    size_t size;
    sample_start(&s, 2);
    mode_t mask = umask(022);
    assert_int_equal(pl_report_write(&s.report, under_base("out/"), message), 0);
    umask(mask);
    struct stat status;
    assert_int_equal(stat(under_base("out/index.html"), &status), 0);
    assert_int_equal(status.st_mode & 0777, 0644);
    s.report.book_name = "another";
    assert_int_equal(pl_report_write(&s.report, under_base("out"), message), 0);
    assert_int_equal(count_entries(under_base("out")), 1);
    char *page = read_page(under_base("out"), &size);
    assert_non_null(strstr(page, "<h1>another</h1>"));
    free(page);
    remove_page(under_base("out"));
    sample_end(&s);
}

static void expect_refusal(const struct pl_report *report, const char *directory, int error, const char *named)
{
    char message[PL_MESSAGE_BYTES];
    assert_int_equal(pl_report_write(report, directory, message), -error);
    assert_non_null(strstr(message, named));
    assert_non_null(strstr(message, "no report was written: "));
}

static void a_place_that_is_no_directory_is_refused(void **state)
{
    (void)state;
    struct sample s;
    sample_start(&s, 2);
    FILE *file = fopen(under_base("file"), "w");
    assert_non_null(file);
    assert_int_equal(fclose(file), 0);
    expect_refusal(&s.report, under_base("file"), ENOTDIR, under_base("file"));
    expect_refusal(&s.report, under_base("file/out"), ENOTDIR, "name a directory");
    expect_refusal(&s.report, under_base("none/out"), ENOENT, "create the directory above it");
    expect_refusal(&s.report, "", ENOENT, "name another one");
    assert_int_equal(remove(under_base("file")), 0);
    assert_int_equal(count_entries(base), 0);
    assert_int_equal(mkdir(under_base("out"), 0777), 0);
    assert_int_equal(mkdir(under_base("out/index.html"), 0777), 0);
    expect_refusal(&s.report, under_base("out"), EISDIR, "out/index.html");
    assert_int_equal(count_entries(under_base("out")), 1);
    rmdir(under_base("out/index.html"));
    rmdir(under_base("out"));
    sample_end(&s);
}

static void an_unwritable_directory_is_refused(void **state)
{
    (void)state;
    struct sample s;
    sample_start(&s, 2);
    assert_int_equal(mkdir(under_base("locked"), 0777), 0);
    assert_int_equal(chmod(under_base("locked"), 0555), 0);
    bool root = geteuid() == 0; /* whom no mode stops */
    if (root)
        assert_int_equal(seteuid(NOBODY), 0);
    expect_refusal(&s.report, under_base("locked"), EACCES, "locked/index.html");
    expect_refusal(&s.report, under_base("locked/out"), EACCES, "make it writable");
    if (root)
        assert_int_equal(seteuid(0), 0);
    assert_int_equal(count_entries(under_base("locked")), 0);
    assert_int_equal(rmdir(under_base("locked")), 0);
    sample_end(&s);
}

static void limit_file_size(rlim_t bytes)
{
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* A limit on file sizes fails writes half-way, as a full disk does. */
static void a_full_disk_leaves_nothing_partial(void **state)
{
    (void)state;
    struct sample s;
    char message[PL_MESSAGE_BYTES];
    size_t size;
    sample_start(&s, 16);
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    void (*old)(int) = signal(SIGXFSZ, SIG_IGN);
    limit_file_size(1000);
    expect_refusal(&s.report, under_base("out"), EFBIG, "out/index.html");
    limit_file_size(limit.rlim_cur);
    assert_int_equal(count_entries(base), 0);
    assert_int_equal(pl_report_write(&s.report, under_base("out"), message), 0);
    limit_file_size(1000);
    s.report.book_name = "another";
    expect_refusal(&s.report, under_base("out"), EFBIG, "ulimit");
    limit_file_size(limit.rlim_cur);
    signal(SIGXFSZ, old);
    assert_int_equal(count_entries(under_base("out")), 1);
    char *page = read_page(under_base("out"), &size);
    assert_non_null(strstr(page, "<h1>feb2026</h1>"));
    free(page);
    remove_page(under_base("out"));
    sample_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(markup_and_bytes_that_are_no_text_are_escaped),
        cmocka_unit_test(money_is_exact_to_the_last_digit),
        cmocka_unit_test(short_money_has_three_digits_and_a_unit),
        cmocka_unit_test(quantities_and_shares_read_well),
        cmocka_unit_test(an_axis_holds_its_values_in_round_steps),
        cmocka_unit_test(ticks_stand_in_order_inside_the_plot),
        cmocka_unit_test(no_peak_is_lost_when_ticks_are_thinned_out),
        cmocka_unit_test(the_page_says_what_the_report_holds),
        cmocka_unit_test(the_same_report_gives_the_same_bytes),
        cmocka_unit_test(hostile_texts_stay_texts),
        cmocka_unit_test(empty_and_one_tick_reports_are_pages_too),
        cmocka_unit_test(missing_texts_and_series_are_left_out),
        cmocka_unit_test(the_largest_and_smallest_numbers_are_drawn),
        cmocka_unit_test(more_underlyings_than_colours_all_stand_in_the_table),
        cmocka_unit_test(a_directory_is_created_or_used_and_the_page_replaced),
        cmocka_unit_test(a_place_that_is_no_directory_is_refused),
        cmocka_unit_test(an_unwritable_directory_is_refused),
        cmocka_unit_test(a_full_disk_leaves_nothing_partial),
    };
    return cmocka_run_group_tests_name("report", tests, make_base, remove_base);
}
