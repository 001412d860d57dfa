/* The HTML report's page: what it says, that it is one well-formed file, and the same bytes each
 * time. */
#include "test_report_sample.h"

#include <float.h>
#include <math.h>

#define HOSTILE "<b>&\"'\x1b[31m\xff</title></script>"

/* ----- What any page must be ----- */

/* Every element is closed in its order, attributes are quoted, and no text has a bare markup
 * character. */
static void check_well_formed(const char *page)
{
    char open[64][24];
    size_t depth = 0;
    assert_memory_equal(page, "<!DOCTYPE html>\n", 16);
    for (const char *at = page + 15; *at != '\0'; at++) {
        assert_true(*at != '>' && (unsigned char)*at != 0x1b);
        if (*at == '&')
            assert_true(strncmp(at, "&amp;", 5) == 0 || strncmp(at, "&lt;", 4) == 0 ||
                        strncmp(at, "&gt;", 4) == 0 || strncmp(at, "&quot;", 6) == 0 ||
                        strncmp(at, "&#39;", 5) == 0);
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
    static const char *const external[] = { "<script", "NaN",  "http://", "https://",
                                            "src=",    "url(", "@import", "<link" };
    for (size_t i = 0; i < sizeof external / sizeof external[0]; i++)
        assert_null(strstr(page, external[i]));
}

static size_t count_of(const char *page, const char *text)
{
    size_t count = 0;
    for (; (page = strstr(page, text)) != NULL; page += strlen(text))
        count++;
    return count;
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
    r->book_name = r->description = r->source = r->settlement_currency = r->model_name = r->device =
        r->command = HOSTILE;
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
    s.report.book_name = s.report.settlement_currency = s.report.model_name = s.report.command =
        NULL;
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
        s.ticks[i] =
            (struct pl_report_tick){ UINT64_MAX,
                                     i < 2 ? INT64_MIN : INT64_MAX,
                                     { UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX },
                                     extreme,
                                     -1 - extreme,
                                     extreme,
                                     INT64_MAX,
                                     extreme };
        s.exposures[i] = (struct pl_report_exposure){ i == 0 ? 1 : INT64_MAX, extreme, extreme,
                                                      extreme, extreme };
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_page_says_what_the_report_holds),
        cmocka_unit_test(the_same_report_gives_the_same_bytes),
        cmocka_unit_test(hostile_texts_stay_texts),
        cmocka_unit_test(empty_and_one_tick_reports_are_pages_too),
        cmocka_unit_test(missing_texts_and_series_are_left_out),
        cmocka_unit_test(the_largest_and_smallest_numbers_are_drawn),
        cmocka_unit_test(more_underlyings_than_colours_all_stand_in_the_table),
    };
    return cmocka_run_group_tests_name("report", tests, make_base, remove_base);
}
