/* Volatility against 60-digit references, and what an outage must not do. */
#include "vectors.h"

#include <errno.h>

#include "decide/aggregate.h"
#include "decide/rule.h"
#include "decide/volatility.h"

#define T0 (INT64_C(1678406400) * PL_SECOND_US)

static struct pl_volatility_rules rules;
static struct pl_volatility vol;

static int start(void **state)
{
    (void)state;
    pl_volatility_defaults(&rules);
    rules.bars_min = 1;
    pl_volatility_start(&vol);
    return 0;
}

static void tick(int64_t price, int64_t us)
{
    assert_int_equal(pl_volatility_tick(&vol, &rules, price, us), 0);
}

static void must_be_near(int64_t got, int64_t expected)
{
    const int64_t off = got > expected ? got - expected : expected - got;
    if (off > 12 + (expected >> 38)) /* sqrt(year / 1 s) * 2^-49 is 11 units */
        fail_msg("%" PRId64 ", not %" PRId64, got, expected);
}

static void volatilities_agree_with_references(void **state)
{
    (void)state;
    struct vector v;
    unsigned seen = 0;
    for (FILE *file = vectors_open(); vectors_next(file, &v);) {
        if (strcmp(v.kind, "rules") == 0) {
            pl_volatility_start(&vol);
            rules.bar_us = v.a, rules.half_life_us = v.b;
        } else if (strcmp(v.kind, "tick") == 0) {
            tick(v.b, v.a);
        } else if (strcmp(v.kind, "vol") == 0) {
            const struct pl_volatility_estimate e = pl_volatility_now(&vol, &rules, vol.time_us);
            must_be_near(e.return_q40, v.a);
            must_be_near(e.range_q40, v.b);
            seen++;
        }
    }
    assert_int_equal(seen, 4);
}

static void one_bar_by_hand(void **state)
{
    (void)state;
    tick(1000000, T0);
    tick(1100000, T0 + 1);
    tick(1050000, T0 + 2);
    assert_int_equal(pl_volatility_now(&vol, &rules, T0).used_q40, 0); /* no bar is closed */
    tick(1050000, T0 + rules.bar_us);
    const struct pl_volatility_estimate e = pl_volatility_now(&vol, &rules, vol.time_us);
    const double bars = sqrt(365.0 * 288) * 0x1p40;
    assert_true(fabs((double)e.return_q40 / (log(1.05) * bars) - 1) < 1e-11);
    assert_true(fabs((double)e.range_q40 / (log(1.1) / sqrt(4 * log(2)) * bars) - 1) < 1e-11);
    assert_true(e.used_q40 == e.range_q40 && e.implied_q40 == 0);
}

static void a_quiet_market_has_none_and_too_few_bars_say_nothing(void **state)
{
    (void)state;
    rules.bars_min = 3;
    for (int i = 0; i < 3; i++)
        tick(1000000 + i * 10000, T0 + i * rules.bar_us);
    assert_int_equal(pl_volatility_now(&vol, &rules, vol.time_us).used_q40, 0);
    tick(1030000, T0 + 3 * rules.bar_us);
    assert_true(pl_volatility_now(&vol, &rules, vol.time_us).used_q40 > 0);
    start(NULL);
    for (int i = 0; i < 100; i++)
        tick(1000000, T0 + i * rules.bar_us);
    assert_int_equal(pl_volatility_now(&vol, &rules, vol.time_us).used_q40, 0);
}

static void an_outage_never_lowers_a_volatility(void **state)
{
    (void)state;
    int64_t now = T0;
    for (int i = 0; i < 50; i++, now += rules.bar_us)
        tick(i % 2 == 0 ? 1000000 : 1010000, now);
    const int64_t before = pl_volatility_now(&vol, &rules, now).used_q40;
    tick(1000000, now + 3 * PL_DAY_US); /* and the whole move counts in the bar after it */
    assert_true(pl_volatility_now(&vol, &rules, vol.time_us).used_q40 >= before * 99 / 100);
    tick(800000, now + 3 * PL_DAY_US + 1);
    tick(800000, now + 6 * PL_DAY_US);
    assert_true(pl_volatility_now(&vol, &rules, vol.time_us).used_q40 > 2 * before);
}

static void volatility_does_not_depend_on_the_unit_of_the_price(void **state)
{
    (void)state;
    uint64_t random = random_seed(1);
    struct pl_volatility scaled;
    pl_volatility_start(&scaled);
    int64_t now = T0, price = 1000000;
    for (int i = 0; i < 2000; i++) {
        tick(price, now);
        assert_int_equal(pl_volatility_tick(&scaled, &rules, price * 1024, now), 0);
        price = price + price * random_within(&random, -50, 50) / 1000 + 1;
        price = price > INT64_C(1) << 40 ? 1000000 : price;
        now += random_within(&random, 0, 2 * PL_MINUTE_US);
        const struct pl_volatility_estimate a = pl_volatility_now(&vol, &rules, now);
        const struct pl_volatility_estimate b = pl_volatility_now(&scaled, &rules, now);
        must_be_near(a.return_q40, b.return_q40);
        must_be_near(a.range_q40, b.range_q40);
    }
}

static void implied_volatility_counts_while_it_is_fresh_and_within_its_limits(void **state)
{
    (void)state;
    const int64_t half = PL_Q40_MILLIONTHS(500000);
    assert_int_equal(pl_volatility_imply(&vol, &rules, half, T0), 0);
    assert_int_equal(pl_volatility_now(&vol, &rules, T0 + PL_HOUR_US).used_q40, half);
    assert_int_equal(pl_volatility_now(&vol, &rules, T0 + PL_HOUR_US + 1).used_q40, 0);
    const struct pl_volatility before = vol;
    assert_int_equal(pl_volatility_imply(&vol, &rules, rules.implied_max_q40 + 1, T0), -ERANGE);
    assert_int_equal(pl_volatility_imply(&vol, &rules, 0, T0), -ERANGE);
    assert_int_equal(pl_volatility_imply(&vol, &rules, half, T0 - 1), -EINVAL);
    assert_int_equal(pl_volatility_tick(&vol, &rules, 0, T0), -ERANGE);
    assert_int_equal(pl_volatility_tick(&vol, &rules, PL_PRICE_MAX + 1, T0), -ERANGE);
    assert_int_equal(pl_volatility_tick(&vol, &rules, 1, T0 - 1), -EINVAL);
    assert_memory_equal(&vol, &before, sizeof vol);
}

static void absurd_moves_are_limited_and_states_replay(void **state)
{
    (void)state;
    uint64_t random = random_seed(2);
    struct pl_volatility copy = vol;
    int64_t now = T0;
    for (uint64_t round = random_rounds(20000); round > 0; round--) {
        const int64_t price = 1 + (random_word(&random, 51) & PL_PRICE_MAX) % PL_PRICE_MAX;
        tick(price, now);
        assert_int_equal(pl_volatility_tick(&copy, &rules, price, now), 0);
        assert_memory_equal(&vol, &copy, sizeof vol);
        const struct pl_volatility_estimate e = pl_volatility_now(&vol, &rules, now);
        assert_true(e.return_q40 >= 0 && e.range_q40 >= 0);
        assert_true(e.used_q40 <= INT64_C(325) << 40); /* sqrt(365 * 288) */
        now += random_within(&random, 0, 10 * PL_MINUTE_US);
    }
}

static void rules_outside_their_limits_are_named(void **state)
{
    (void)state;
    char message[PL_RULE_MESSAGE_BYTES];
#define REFUSED(field, value)                                                                      \
    do {                                                                                           \
        pl_volatility_defaults(&rules);                                                            \
        assert_int_equal(pl_volatility_check(&rules, message), 0);                                 \
        rules.field = value;                                                                       \
        assert_int_equal(pl_volatility_check(&rules, message), -EINVAL);                           \
        assert_non_null(strstr(message, "volatility." #field " is"));                              \
    } while (0)
    REFUSED(bar_us, 0);
    REFUSED(half_life_us, PL_MINUTE_US);
    REFUSED(implied_age_max_us, 0);
    REFUSED(implied_min_q40, 0);
    REFUSED(implied_max_q40, 0);
    REFUSED(bars_min, 0);
#undef REFUSED
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(volatilities_agree_with_references, start),
        cmocka_unit_test_setup(one_bar_by_hand, start),
        cmocka_unit_test_setup(a_quiet_market_has_none_and_too_few_bars_say_nothing, start),
        cmocka_unit_test_setup(an_outage_never_lowers_a_volatility, start),
        cmocka_unit_test_setup(volatility_does_not_depend_on_the_unit_of_the_price, start),
        cmocka_unit_test_setup(implied_volatility_counts_while_it_is_fresh_and_within_its_limits,
                               start),
        cmocka_unit_test_setup(absurd_moves_are_limited_and_states_replay, start),
        cmocka_unit_test(rules_outside_their_limits_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
