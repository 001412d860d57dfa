/* Texts and charts of the HTML report: exact numbers, axes that hold their values, no peak lost. */
#include "test_report_sample.h"

#include "report_chart.h"
#include "report_text.h"

#include <float.h>
#include <math.h>

/* ----- Texts ----- */

static void markup_and_bytes_that_are_no_text_are_escaped(void **state)
{
    (void)state;
    struct pl_buffer out = { 0 };
    pl_report_add_text(&out, "a<b>&\"'\n\tz\x01\x7f\xff\xc3\xa9\xc2\x85\xe2\x82");
    assert_string_equal(
        out.data, "a&lt;b&gt;&amp;&quot;&#39;\n\tz\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xc3\xa9"
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
        { PL_CHART_MONEY, 0, 0 },          { PL_CHART_MONEY, 5, 5 },
        { PL_CHART_MONEY, -7, 3 },         { PL_CHART_COUNT, 0, 1 },
        { PL_CHART_MONEY, INT64_MIN, -1 }, { PL_CHART_MONEY, INT64_MIN, INT64_MAX },
        { PL_CHART_COUNT, 0, INT64_MAX },  { PL_CHART_INDEX, 99, 101 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        pl_i128 low = cases[i].low, high = cases[i].high;
        struct pl_chart_axis axis = pl_chart_axis_fit(cases[i].unit, 100, 4, low, high);
        assert_true(axis.low <= low && axis.high >= high && axis.low < axis.high);
        assert_true((axis.high - axis.low) % axis.step == 0 &&
                    (axis.high - axis.low) / axis.step <= 6);
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
    static const int64_t times[][3] = { { 0, 0, 0 },          { 5, 5, 9 },
                                        { 9, 5, 1 },          { 1, 2, 900 },
                                        { -1, 0, INT64_MAX }, { INT64_MIN, 0, INT64_MAX } };
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
                assert_true(x >= 0 && x <= PL_CHART_WIDTH &&
                            (k == 0 || x >= pl_chart_x(&time, k - 1)));
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
    };
    return cmocka_run_group_tests_name("report_chart", tests, NULL, NULL);
}
