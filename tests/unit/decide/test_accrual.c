#include "../support/random.h"

#include "decide/accrual.h"

#define DAY INT64_C(86400000000)
#define ONE PL_COEFFICIENT_ONE

static const struct pl_accrual_rules *const rules = &pl_accrual_defaults;

static void a_rate_grows_the_index_exactly(void **state)
{
    (void)state;
    uint64_t seed = random_seed(6);
    for (uint64_t round = random_rounds(500); round > 0; round--) {
        struct pl_accrual whole, parts;
        const int64_t rate = random_within(&seed, 0, ONE / 10);
        const int64_t end = random_within(&seed, 1, 300 * DAY);
        pl_accrual_start(&whole, 0);
        assert_int_equal(pl_accrual_advance(&whole, rules, rate, end), PL_ACCRUAL_OK);
        const pl_i128 unit = (pl_i128)PL_YEAR_US << 40;
        assert_true(((pl_i128)(whole.index_q40 - ONE)) * unit + whole.rest ==
                    (pl_i128)ONE * rate * end);
        /* In parts it is never less, as growth grows, and by no more than a second compounding. */
        pl_accrual_start(&parts, 0);
        for (int64_t at = 0; at < end;) {
            const int64_t before = parts.index_q40;
            at = pl_min64(end, at + random_within(&seed, 1, 5 * DAY));
            assert_int_equal(pl_accrual_advance(&parts, rules, rate, at), PL_ACCRUAL_OK);
            assert_true(parts.index_q40 >= before);
        }
        assert_true(parts.index_q40 >= whole.index_q40);
        const int64_t grown = whole.index_q40 - ONE;
        assert_true(parts.index_q40 - whole.index_q40 <=
                    (int64_t)((pl_i128)grown * grown / ONE) + 1);
    }
}

static void rounding_is_for_the_venue(void **state)
{
    (void)state;
    uint64_t seed = random_seed(7);
    for (uint64_t round = random_rounds(20000); round > 0; round--) {
        const struct pl_accrual a = { .index_q40 = random_within(&seed, ONE, 64 * ONE) };
        const int64_t amount = (int64_t)pl_abs_u64(random_word(&seed, 56));
        uint32_t flags = 0;
        const int64_t in = pl_accrual_shares_for_deposit(&a, amount, &flags);
        const int64_t out = pl_accrual_shares_for_withdrawal(&a, amount, &flags);
        assert_true(pl_accrual_collateral(&a, in, &flags) <= amount);
        assert_true(out >= in && out <= in + 1);
        assert_true(pl_accrual_collateral(&a, out, &flags) >= amount ||
                    (pl_i128)out * a.index_q40 >= (pl_i128)amount * ONE);
        assert_true(pl_accrual_debt(&a, out, &flags) >= amount);
        assert_true(pl_accrual_debt(&a, in, &flags) >= pl_accrual_collateral(&a, in, &flags));
        assert_int_equal(flags, 0);
    }
    const struct pl_accrual a = { .index_q40 = 64 * ONE };
    uint32_t flags = 0;
    assert_int_equal(pl_accrual_collateral(&a, INT64_MAX, &flags), INT64_MAX);
    assert_int_equal(flags, PL_FLAG_OVERFLOW);
}

static void a_report_is_limited_in_growth_and_never_falls(void **state)
{
    (void)state;
    struct pl_accrual a;
    pl_accrual_start(&a, 0);
    /* A daily step of 4 % a year, reported every minute: the time saved lets it pass. */
    for (int64_t day = 1; day <= 10; day++) {
        for (int64_t minute = 0; minute < 1440; minute += 10)
            assert_int_equal(
                pl_accrual_report(&a, rules, a.index_q40, (day - 1) * DAY + minute * DAY / 1440),
                PL_ACCRUAL_OK);
        assert_int_equal(
            pl_accrual_report(&a, rules, a.index_q40 + a.index_q40 / 25 / 365, day * DAY),
            PL_ACCRUAL_OK);
    }
    /* 5 % at once is not: 10 % a year for at most 7 days. */
    const int64_t index = a.index_q40;
    assert_int_equal(pl_accrual_report(&a, rules, index + index / 20, 60 * DAY),
                     PL_ACCRUAL_LIMITED);
    const int64_t most = (int64_t)((pl_i128)index * rules->growth_max_q40 / ONE * 7 / 365);
    assert_in_range(index + most - a.index_q40, 0, 2);
    assert_int_equal(pl_accrual_report(&a, rules, index + index / 20, 60 * DAY),
                     PL_ACCRUAL_LIMITED);
    assert_in_range(index + most - a.index_q40, 0, 2);
    const struct pl_accrual before = a;
    assert_int_equal(pl_accrual_report(&a, rules, a.index_q40 - 1, 61 * DAY), PL_ACCRUAL_LOWER);
    assert_int_equal(pl_accrual_report(&a, rules, a.index_q40, 59 * DAY), PL_ACCRUAL_TIME_BACK);
    assert_int_equal(pl_accrual_report(&a, rules, INT64_MAX, 61 * DAY), PL_ACCRUAL_OVERFLOW);
    assert_int_equal(pl_accrual_advance(&a, rules, -1, 61 * DAY), PL_ACCRUAL_LOWER);
    assert_memory_equal(&a, &before, sizeof a);
    assert_int_equal(pl_accrual_write_down(&a, 0, 61 * DAY), PL_ACCRUAL_OVERFLOW);
    assert_int_equal(pl_accrual_write_down(&a, ONE / 2, 61 * DAY), PL_ACCRUAL_OK);
    assert_int_equal(a.index_q40, ONE / 2);
}

static void wrong_rules_are_named(void **state)
{
    (void)state;
    char message[PL_RULE_MESSAGE_BYTES];
    struct pl_accrual_rules wrong = *rules;
    assert_int_equal(pl_accrual_check(&wrong, message), 0);
    wrong.growth_max_q40 = ONE + 1;
    assert_int_not_equal(pl_accrual_check(&wrong, message), 0);
    assert_non_null(strstr(message, "growth_max_q40"));
    wrong = *rules;
    wrong.saved_max_us = 0;
    assert_int_not_equal(pl_accrual_check(&wrong, message), 0);
    assert_non_null(strstr(message, "saved_max_us is 0 s:"));
    struct pl_accrual a;
    pl_accrual_start(&a, 0);
    assert_int_equal(pl_accrual_advance(&a, rules, ONE, DAY), PL_ACCRUAL_LIMITED);
    assert_int_equal(pl_accrual_advance(&a, rules, ONE, INT64_MAX), PL_ACCRUAL_OVERFLOW);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rate_grows_the_index_exactly),
        cmocka_unit_test(rounding_is_for_the_venue),
        cmocka_unit_test(a_report_is_limited_in_growth_and_never_falls),
        cmocka_unit_test(wrong_rules_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
