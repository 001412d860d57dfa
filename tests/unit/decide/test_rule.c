/* What is refused is told in units that people read. */
#include "../support/random.h"

#include <string.h>

#include "decide/rule.h"
#include "model/money.h"

static void refused(const char *field, int64_t value, int64_t low, int64_t high, const char *text)
{
    char message[PL_RULE_MESSAGE_BYTES] = "";
    assert_int_equal(pl_rule_within(field, value, low, high, message), -EINVAL);
    assert_string_equal(message, text);
}

static void numbers_are_told_in_their_units(void **state)
{
    (void)state;
    refused("a.count", 7, 1, 5, "a.count is 7: must be from 1 to 5");
    refused("a.call_us", 1500000, PL_MINUTE_US, PL_DAY_US,
            "a.call_us is 1.5 s: must be from 60 s to 86400 s");
    refused("a.share_q40", PL_Q40_MILLIONTHS(200000), 0, PL_Q40_MILLIONTHS(50000),
            "a.share_q40 is 0.2: must be from 0 to 0.05");
    refused("a.rise_q40_per_hour", -PL_COEFFICIENT_ONE / 4, 0, PL_COEFFICIENT_ONE,
            "a.rise_q40_per_hour is -0.25: must be from 0 to 1");
    refused("a.money_e8", -1, 0, 12345678901,
            "a.money_e8 is -0.00000001: must be from 0 to 123.45678901");
    refused("a.money_e8", INT64_MIN, INT64_MAX, INT64_MAX,
            "a.money_e8 is -92233720368.54775808: must be 92233720368.54775807");
}

static void limits_without_an_end_are_told_as_such(void **state)
{
    (void)state;
    refused("a.money_e8", 0, 1, INT64_MAX, "a.money_e8 is 0: must be above 0");
    refused("a.money_e8", 0, 100, INT64_MAX, "a.money_e8 is 0: must be at least 0.000001");
    refused("a.share_q40", 0, 1, PL_COEFFICIENT_ONE,
            "a.share_q40 is 0: must be above 0, at most 1");
    refused("a.level_e8", 100000000, 0, 0, "a.level_e8 is 1: must be 0");
    refused("a.count", 4, 5, 3, "a.count is 4: must be at most 3");
}

static void every_decimal_share_is_told_as_it_was_stated(void **state)
{
    (void)state;
    uint64_t random = random_seed(1);
    for (int i = 0; i < 2000; i++) {
        char message[PL_RULE_MESSAGE_BYTES], text[64];
        const int64_t millionths = random_within(&random, 1, 499999999);
        assert_int_equal(
            pl_rule_within("a.share_q40", PL_Q40_MILLIONTHS(millionths), 0, 0, message), -EINVAL);
        int length = snprintf(text, sizeof text, "a.share_q40 is %d.%06d",
                              (int)(millionths / 1000000), (int)(millionths % 1000000));
        while (text[length - 1] == '0')
            text[--length] = '\0';
        if (text[length - 1] == '.')
            text[--length] = '\0';
        assert_memory_equal(message, text, (size_t)length);
        assert_int_equal(message[length], ':');
    }
}

static void what_is_within_says_nothing(void **state)
{
    (void)state;
    char message[PL_RULE_MESSAGE_BYTES] = "as it was";
    assert_int_equal(pl_rule_within("a.count", 1, 1, 1, message), 0);
    assert_int_equal(pl_rule_within("a.count", INT64_MIN, INT64_MIN, INT64_MAX, message), 0);
    assert_string_equal(message, "as it was");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_told_in_their_units),
        cmocka_unit_test(limits_without_an_end_are_told_as_such),
        cmocka_unit_test(every_decimal_share_is_told_as_it_was_stated),
        cmocka_unit_test(what_is_within_says_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
