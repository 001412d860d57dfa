#include "check.h"
#include "decimal.h"
#include "fixture.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static void exact_decimals_are_read_without_loss(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t mantissa;
        int32_t exponent;
    } cases[] = {
        { "0", 0, 0 },
        { "-0.000", 0, 0 },
        { "0e99999999999999999999", 0, 0 },
        { "1", 1, 0 },
        { "+1", 1, 0 },
        { "100", 1, 2 },
        { "-0.25", -25, -2 },
        { "1e-8", 1, -8 },
        { "1E+3", 1, 3 },
        { "00012.3400", 1234, -2 },
        { "0.00000001", 1, -8 },
        { "1200e-2", 12, 0 },
        { "999999999999999999", 999999999999999999, 0 },
        { "0.000999999999999999999000", 999999999999999999, -21 },
        { "1000000000000000000000000000000000000000", 1, 39 },
        { "1e40", 1, 40 },
        { "1e-40", 1, -40 },
        { "1000e-43", 1, -40 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct pl_decimal value;
        assert_int_equal(pl_decimal_parse(cases[i].text, strlen(cases[i].text), &value), 0);
        assert_int_equal(value.mantissa, cases[i].mantissa);
        assert_int_equal(value.exponent, cases[i].exponent);
    }
}

static void text_that_is_not_a_decimal_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = { "",    "-",    "+",   ".",     ".5",    "5.",       "1e",
                                       "1e+", "1e.5", "1 ",  " 1",    "1,5",   "--1",      "0x10",
                                       "nan", "NaN",  "inf", "1.2.3", "1_000", "infinity", "1e5x" };
    static const char *const overlong[] = {
        "1234567890123456789",     "0.1000000000000000001", "1e41", "1e-41",
        "1e999999999999999999999", "-1e-99999999999"
    };
    struct pl_decimal value;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(pl_decimal_parse(bad[i], strlen(bad[i]), &value), -EINVAL);
    for (size_t i = 0; i < sizeof overlong / sizeof overlong[0]; i++)
        assert_int_equal(pl_decimal_parse(overlong[i], strlen(overlong[i]), &value), -ERANGE);
    assert_int_equal(pl_decimal_parse("1\0", 2, &value), -EINVAL);
}

/* Expected values: floor(x + 1/2) of exact fractions, computed with Python's fractions module. */
static const struct {
    const char *text;
    int decimals, shift, result;
    int64_t expected;
} scale_cases[] = {
    { "0.5", 0, 0, 0, INT64_C(1) },
    { "-0.5", 0, 0, 0, INT64_C(0) },
    { "1.5", 0, 0, 0, INT64_C(2) },
    { "-1.5", 0, 0, 0, INT64_C(-1) },
    { "0.49999999999999999", 0, 0, 0, INT64_C(0) },
    { "-0.6", 0, 40, 0, INT64_C(-659706976666) },
    { "0.1", 0, 40, 0, INT64_C(109951162778) },
    { "-0.1", 0, 40, 0, INT64_C(-109951162778) },
    { "1e-8", 8, 0, 0, INT64_C(1) },
    { "5e-9", 8, 0, 0, INT64_C(1) },
    { "-5e-9", 8, 0, 0, INT64_C(0) },
    { "-5.0000001e-9", 8, 0, 0, INT64_C(-1) },
    { "1e-40", 0, 64, 0, INT64_C(0) },
    { "1e-40", 40, 62, 0, INT64_C(4611686018427387904) },
    { "1e-40", 40, 63, -ERANGE, 0 },
    { "1e-40", 40, 64, -ERANGE, 0 },
    { "1e40", -40, 0, 0, INT64_C(1) },
    { "1e40", -21, 0, -ERANGE, 0 },
    { "1e40", -22, 0, 0, INT64_C(1000000000000000000) },
    { "123456789012345678e-17", 0, 60, 0, INT64_C(1423359869420436327) },
    { "999999999999999999", 0, 3, 0, INT64_C(7999999999999999992) },
    { "999999999999999999", 0, 4, -ERANGE, 0 },
    { "-999999999999999999", 0, 3, 0, INT64_C(-7999999999999999992) },
    { "-9.22337203685477580e10", 8, 0, 0, INT64_C(-9223372036854775800) },
    { "64", 0, 40, 0, INT64_C(70368744177664) },
    { "-64", 0, 40, 0, INT64_C(-70368744177664) },
    { "3e20", 0, -10, 0, INT64_C(292968750000000000) },
    { "3", 0, -1, 0, INT64_C(2) },
    { "-3", 0, -1, 0, INT64_C(-1) },
    { "7e-3", 0, -5, 0, INT64_C(0) },
    { "1e30", -10, -64, 0, INT64_C(5) },
    { "5e-1", 0, -64, 0, INT64_C(0) },
    { "1e19", 0, -1, 0, INT64_C(5000000000000000000) },
    { "-796487719e-21", 8, 40, 0, INT64_C(-87574751) },
    { "-6092e-7", 8, 40, 0, INT64_C(-66982248364113920) },
    { "-4e-5", 8, 0, 0, INT64_C(-4000) },
    { "-80993e-14", 0, 40, 0, INT64_C(-891) },
    { "2782610e-4", 8, 40, -ERANGE, 0 },
    { "-6429424e-21", 8, 40, 0, INT64_C(-706923) },
    { "-69943233e-3", 37, 45, -ERANGE, 0 },
    { "-318e-3", 0, -17, 0, INT64_C(0) },
    { "3172699663053395e-6", 0, 0, 0, INT64_C(3172699663) },
    { "-482874930135381927e2", 0, 0, -ERANGE, 0 },
    { "654011e-15", 8, 45, 0, INT64_C(2301096637419) },
    { "-15572058754601589e-4", 8, 40, -ERANGE, 0 },
    { "-83807181674e-13", 0, 45, 0, INT64_C(-294870306373) },
    { "22789831223e-13", 8, 0, 0, INT64_C(227898) },
    { "-616e-20", -10, 45, 0, INT64_C(0) },
    { "474858675092634e-19", 8, 40, 0, INT64_C(5221126348146567) },
    { "95901e4", 8, 45, -ERANGE, 0 },
    { "-7704e-4", 8, -21, 0, INT64_C(-37) },
    { "-8629660109041504e-4", 8, 0, -ERANGE, 0 },
    { "-8787233125302e-11", 8, 45, -ERANGE, 0 },
    { "-805e-20", 0, 7, 0, INT64_C(0) },
    { "-826510055e-1", -18, -62, 0, INT64_C(0) },
    { "-289028534722253201e-5", 0, 45, -ERANGE, 0 },
    { "-705550923489e4", 8, 45, -ERANGE, 0 },
    { "19405261120e-10", 8, 0, 0, INT64_C(194052611) },
    { "-86802027042439e-3", 39, 0, -ERANGE, 0 },
    { "-2684742e-11", 8, -54, 0, INT64_C(0) },
    { "22245983e-14", 0, -18, 0, INT64_C(0) },
    { "9199296e4", 0, 0, 0, INT64_C(91992960000) },
    { "-3990401e-22", 8, 7, 0, INT64_C(0) },
    { "-8967e-20", 30, 0, 0, INT64_C(-89670000000000) },
    { "-6789897649e-14", 8, 30, 0, INT64_C(-7290597086411) },
    { "-20549e8", 8, 45, -ERANGE, 0 },
    { "7e-2", 32, 45, -ERANGE, 0 },
    { "7595345583130e9", 8, 33, -ERANGE, 0 },
    { "-624753e-3", 0, 0, 0, INT64_C(-625) },
    { "-65745162182e-13", 0, -33, 0, INT64_C(0) },
    { "39339633e-14", 0, 45, 0, INT64_C(13841403) },
    { "63656518e-7", 0, 45, 0, INT64_C(223971461519143) },
    { "8557650607e-21", 0, 45, 0, INT64_C(301) },
};

static void scaling_rounds_half_up_and_is_exact(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof scale_cases / sizeof scale_cases[0]; i++) {
        struct pl_decimal value;
        int64_t scaled = 0;
        const char *text = scale_cases[i].text;
        assert_int_equal(pl_decimal_parse(text, strlen(text), &value), 0);
        int result =
            pl_decimal_scale(value, scale_cases[i].decimals, scale_cases[i].shift, &scaled);
        assert_int_equal(result, scale_cases[i].result);
        if (result == 0)
            assert_int_equal(scaled, scale_cases[i].expected);
    }
}

static struct pl_decimal number(const char *text)
{
    struct pl_decimal value;
    assert_int_equal(pl_decimal_parse(text, strlen(text), &value), 0);
    return value;
}

static void quotients_are_whole_or_refused(void **state)
{
    (void)state;
    int64_t steps;
    assert_true(pl_decimal_multiple(number("1.25"), number("0.0001"), &steps));
    assert_int_equal(steps, 12500);
    assert_true(pl_decimal_multiple(number("-7"), number("3.5"), &steps));
    assert_int_equal(steps, -2);
    assert_true(pl_decimal_multiple(number("0"), number("1e40"), &steps));
    assert_int_equal(steps, 0);
    assert_true(pl_decimal_multiple(number("9223372036854775e3"), number("1e0"), &steps));
    assert_false(pl_decimal_multiple(number("0.15"), number("0.1"), &steps));
    assert_false(pl_decimal_multiple(number("1"), number("3"), &steps));
    assert_false(pl_decimal_multiple(number("1e20"), number("1"), &steps));
    assert_false(pl_decimal_multiple(number("1e40"), number("1e-40"), &steps));
    assert_false(pl_decimal_multiple(number("1e-40"), number("1e40"), &steps));
    assert_true(pl_decimal_multiple(number("1e40"), number("1e40"), &steps));
    assert_int_equal(steps, 1);
}

static void a_multiple_of_a_step_is_recognised(void **state)
{
    (void)state;
    uint64_t seed = fixture_seed(1);
    for (int i = 0; i < 100000; i++) {
        int64_t count = (int64_t)(fixture_random(&seed) % 2000000000) - 1000000000;
        int64_t unit = (int64_t)(fixture_random(&seed) % 99999999) + 1;
        char product[64], step[64];
        int exponent = (int)(fixture_random(&seed) % 40) - 20;
        int64_t quotient;
        (void)snprintf(product, sizeof product, "%llde%d", (long long)(count * unit), exponent);
        (void)snprintf(step, sizeof step, "%llde%d", (long long)unit, exponent);
        assert_true(pl_decimal_multiple(number(product), number(step), &quotient));
        assert_int_equal(quotient, count);
    }
}

static void order_is_exact(void **state)
{
    (void)state;
    static const char *const rising[] = {
        "-1e40", "-2",  "-1.99999999999999999", "-1e-40", "0",
        "1e-40", "0.1", "0.100000000000000001", "7.99",   "7.99000000000000001",
        "1e18",  "1e40"
    };
    const size_t count = sizeof rising / sizeof rising[0];
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < count; k++)
            assert_int_equal(pl_decimal_compare(number(rising[i]), number(rising[k])),
                             (i > k) - (i < k));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exact_decimals_are_read_without_loss),
        cmocka_unit_test(text_that_is_not_a_decimal_is_refused),
        cmocka_unit_test(scaling_rounds_half_up_and_is_exact),
        cmocka_unit_test(quotients_are_whole_or_refused),
        cmocka_unit_test(a_multiple_of_a_step_is_recognised),
        cmocka_unit_test(order_is_exact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
