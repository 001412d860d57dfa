/* Times, names and the list of problems. */
#include "check.h"
#include "fixture.h"
#include "symbols.h"
#include "text_error.h"
#include "text_time.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static void times_are_read_to_the_microsecond(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t time_us;
    } cases[] = {
        { "1970-01-01T00:00:00Z", 0 },
        { "0", 0 },
        { "2026-02-04T04:24:03.263Z", INT64_C(1770179043263000) },
        { "1770179043263000", INT64_C(1770179043263000) },
        { "2000-02-29T23:59:59.999999Z", INT64_C(951868799999999) },
        { "2021-05-19T00:00:00.000000000Z", INT64_C(1621382400000000) },
        { "9999-12-31T23:59:59.999999Z", PL_TEXT_TIME_MAX_US },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t time_us = -1;
        assert_int_equal(pl_text_time_parse(cases[i].text, strlen(cases[i].text), &time_us), 0);
        assert_int_equal(time_us, cases[i].time_us);
    }
}

static void text_that_is_not_a_time_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = { "",
                                       "Z",
                                       "-1",
                                       "2026-02-04",
                                       "2026-02-04T04:24:03",
                                       "2026-02-04 04:24:03Z",
                                       "2026-02-04T04:24:03.Z",
                                       "2026-02-04T04:24:03.5",
                                       "2026-02-04T04:24:03+00:00",
                                       "2026-02-30T04:24:03Z",
                                       "2026-13-01T04:24:03Z",
                                       "2026-02-04T24:00:00Z",
                                       "2026-02-04T04:24:60Z",
                                       "2026-00-04T04:24:00Z",
                                       "1900-02-29T00:00:00Z" };
    static const char *const out[] = { "253402300800000000", "99999999999999999999999999",
                                       "2026-02-04T04:24:03.1234567Z", "1969-12-31T23:59:59Z" };
    int64_t time_us;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(pl_text_time_parse(bad[i], strlen(bad[i]), &time_us), -EINVAL);
    for (size_t i = 0; i < sizeof out / sizeof out[0]; i++)
        assert_int_equal(pl_text_time_parse(out[i], strlen(out[i]), &time_us), -ERANGE);
}

static void names_are_numbered_in_order(void **state)
{
    (void)state;
    struct pl_symbols symbols = { 0 };
    char name[32];
    uint32_t number;
    bool is_new;
    assert_int_equal(pl_symbols_find(&symbols, "x", 1), -1);
    for (uint32_t round = 0; round < 2; round++) {
        for (uint32_t i = 0; i < 20000; i++) {
            int length = snprintf(name, sizeof name, "account-%u", i * 7919u);
            assert_int_equal(pl_symbols_add(&symbols, name, (size_t)length, &number, &is_new), 0);
            assert_int_equal(number, i);
            assert_int_equal(is_new, round == 0);
            assert_int_equal(pl_symbols_find(&symbols, name, (size_t)length), i);
            assert_string_equal(symbols.names[i], name);
        }
    }
    assert_int_equal(pl_symbols_find(&symbols, "account-", 8), -1);
    assert_int_equal(pl_symbols_find(&symbols, "", 0), -1);
    pl_symbols_free(&symbols);
}

static void problems_are_listed_to_a_limit_and_counted_beyond(void **state)
{
    (void)state;
    static struct pl_text_error error;
    char forged[64] = "a\nb.csv", text[4096];
    pl_text_error_clear(&error);
    pl_text_error_add(&error, forged, 3, 7, "bad %s", "x");
    pl_text_error_add(&error, "f", 3, 0, "no column");
    pl_text_error_add(&error, "f", 0, 0, "no line");
    assert_string_equal(error.text, "a?b.csv:3:7: bad x\nf:3: no column\nf: no line\n");
    memset(text, 'y', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    for (int i = 0; i < 1000; i++)
        pl_text_error_add(&error, "f", 1, 1, "%s", text);
    assert_int_equal(error.count, 1003);
    assert_true(error.used < sizeof error.text && error.text[error.used] == '\0');
    assert_true(error.text[error.used - 1] == '\n');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_are_read_to_the_microsecond),
        cmocka_unit_test(text_that_is_not_a_time_is_refused),
        cmocka_unit_test(names_are_numbered_in_order),
        cmocka_unit_test(problems_are_listed_to_a_limit_and_counted_beyond),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
