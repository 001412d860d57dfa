/* Parameters that follow volatility: targets, speeds that are kept exactly, add-ons. */
#include "vectors.h"

#include <errno.h>

#include "decide/parameters.h"
#include "decide/exact.h"
#include "decide/rule.h"

#define T0 (INT64_C(1678406400) * PL_SECOND_US)
#define SHARE(millionths) PL_Q40_MILLIONTHS(millionths)
#define USD INT64_C(100000000)

static struct pl_parameter_rules rules;
static struct pl_parameter p;

static int start(void **state)
{
    (void)state;
    pl_parameter_width_defaults(&rules);
    pl_parameter_start(&p, &rules, SHARE(150000), T0);
    return 0;
}

static void step(int64_t volatility_q40, int64_t us)
{
    assert_int_equal(pl_parameter_step(&p, &rules, volatility_q40, us), 0);
}

static void targets_agree_with_references(void **state)
{
    (void)state;
    struct vector v;
    unsigned seen = 0;
    rules.floor_q40 = 1, rules.ceiling_q40 = INT64_MAX;
    for (FILE *file = vectors_open(); vectors_next(file, &v);) {
        if (strcmp(v.kind, "target") != 0)
            continue;
        rules.multiple_q40 = v.b, rules.horizon_us = v.c;
        step(v.a, T0);
        assert_in_range(p.target_q40, v.d - 1, v.d + 100); /* never below, but for its half unit */
        seen++;
    }
    assert_int_equal(seen, 20);
}

static void a_parameter_rises_and_falls_by_no_more_than_its_speed(void **state)
{
    (void)state;
    step(SHARE(1500000), T0); /* 4 * 1.5 * sqrt(1 / 365): 31.4 % */
    assert_int_equal(p.value_q40, SHARE(150000));
    assert_in_range(p.target_q40, SHARE(314000), SHARE(314200));
    step(0, T0 + PL_HOUR_US);
    assert_int_equal(p.value_q40, SHARE(150000) + rules.rise_q40_per_hour);
    step(0, T0 + 17 * PL_HOUR_US);
    assert_int_equal(p.value_q40, p.target_q40);
    step(SHARE(100000), T0 + 17 * PL_HOUR_US);
    assert_int_equal(p.target_q40, rules.floor_q40);
    const int64_t high = p.value_q40;
    step(SHARE(100000), T0 + 19 * PL_HOUR_US);
    assert_int_equal(p.value_q40, high - 2 * rules.fall_q40_per_hour);
    step(SHARE(100000), T0 + 1000 * PL_HOUR_US);
    assert_int_equal(p.value_q40, rules.floor_q40);
    step(SHARE(100000000), T0 + 1000 * PL_HOUR_US);
    assert_int_equal(p.target_q40, rules.ceiling_q40);
    step(INT64_MAX, T0 + 1001 * PL_HOUR_US);
    assert_int_equal(p.target_q40, rules.ceiling_q40);
}

static void speeds_do_not_depend_on_the_number_of_steps(void **state)
{
    (void)state;
    uint64_t random = random_seed(1);
    for (uint64_t round = random_rounds(300); round > 0; round--) {
        rules.rise_q40_per_hour = random_within(&random, SHARE(100), SHARE(200000));
        rules.fall_q40_per_hour = random_within(&random, SHARE(100), rules.rise_q40_per_hour);
        pl_parameter_start(&p, &rules, random_within(&random, 0, SHARE(500000)), T0);
        step(random_within(&random, 1, SHARE(3000000)), T0);
        struct pl_parameter once = p;
        int64_t now = T0;
        while (!random_once_in(&random, 300)) {
            now += random_within(&random, 0, PL_MINUTE_US);
            step(0, now);
        }
        assert_int_equal(pl_parameter_step(&once, &rules, 0, now), 0);
        assert_int_equal(p.value_q40, once.value_q40);
    }
}

static void a_parameter_never_leaves_its_limits_nor_exceeds_its_speed(void **state)
{
    (void)state;
    uint64_t random = random_seed(2);
    int64_t now = T0;
    struct pl_parameter copy = p;
    for (uint64_t round = random_rounds(20000); round > 0; round--) {
        const int64_t before = p.value_q40, passed = random_within(&random, 0, PL_HOUR_US);
        const int64_t vol = random_within(&random, 0, SHARE(4000000));
        now += passed;
        step(vol, now);
        assert_int_equal(pl_parameter_step(&copy, &rules, vol, now), 0);
        assert_memory_equal(&p, &copy, sizeof p);
        assert_in_range(p.value_q40, rules.floor_q40, rules.ceiling_q40);
        const pl_i128 moved = p.value_q40 - before; /* one unit may have been carried */
        assert_true((moved - 1) * PL_HOUR_US <= (pl_i128)rules.rise_q40_per_hour * passed);
        assert_true((-moved - 1) * PL_HOUR_US <= (pl_i128)rules.fall_q40_per_hour * passed);
    }
}

static void bad_input_changes_nothing_and_rules_are_named(void **state)
{
    (void)state;
    char message[PL_RULE_MESSAGE_BYTES];
    const struct pl_parameter before = p;
    assert_int_equal(pl_parameter_step(&p, &rules, 1, T0 - 1), -EINVAL);
    assert_int_equal(pl_parameter_step(&p, &rules, -1, T0), -EINVAL);
    assert_memory_equal(&p, &before, sizeof p);
    pl_parameter_haircut_defaults(&rules);
    assert_int_equal(pl_parameter_check(&rules, message), 0);
#define REFUSED(field, value)                                                                      \
    do {                                                                                           \
        pl_parameter_width_defaults(&rules);                                                       \
        assert_int_equal(pl_parameter_check(&rules, message), 0);                                  \
        rules.field = value;                                                                       \
        assert_int_equal(pl_parameter_check(&rules, message), -EINVAL);                            \
        assert_non_null(strstr(message, "parameter." #field " is"));                               \
    } while (0)
    REFUSED(floor_q40, 0);
    REFUSED(ceiling_q40, SHARE(960000));
    REFUSED(multiple_q40, SHARE(11000000));
    REFUSED(horizon_us, 0);
    REFUSED(rise_q40_per_hour, SHARE(300000));
    REFUSED(fall_q40_per_hour, SHARE(20000));
#undef REFUSED
}

/* Deribit's linear perpetuals, its own examples: 0.005 % for each BTC at $100,000, 0.0005 % for
 * each SOL at $200. */
static void a_large_position_pays_deribits_add_on(void **state)
{
    (void)state;
    struct pl_addon_rules btc = { .position_unit_e8 = 100000 * USD,
                                  .position_slope_q40 = SHARE(50),
                                  .position_max_q40 = SHARE(500000),
                                  .interest_high_e8 = USD };
    char message[PL_RULE_MESSAGE_BYTES];
    assert_int_equal(pl_addon_check(&btc, message), 0);
    assert_int_equal(pl_addon_position_q40(&btc, 0), 0);
    assert_int_equal(pl_addon_position_q40(&btc, 2500000 * USD), 25 * SHARE(50));
    assert_int_equal(pl_addon_position_q40(&btc, -35000000 * USD), 350 * SHARE(50));
    assert_int_equal(pl_addon_position_q40(&btc, INT64_MIN), SHARE(500000));
    btc.position_free_e8 = 100000 * USD;
    assert_int_equal(pl_addon_position_q40(&btc, 100000 * USD), 0);
    assert_int_equal(pl_addon_position_q40(&btc, 100000 * USD + 1), 1); /* up */
    struct pl_addon_rules sol = { .position_unit_e8 = 200 * USD,
                                  .position_slope_q40 = SHARE(5),
                                  .position_max_q40 = SHARE(500000),
                                  .interest_high_e8 = USD };
    const int64_t three_percent = pl_addon_position_q40(&sol, 1200000 * USD);
    assert_in_range(three_percent, SHARE(30000) - 6000, SHARE(30000) + 6000);
    btc.position_unit_e8 = 0;
    assert_int_equal(pl_addon_check(&btc, message), -EINVAL);
    assert_non_null(strstr(message, "addon.position_unit_e8 is 0"));
}

/* dYdX v4: effective = base + (open - lower) / (upper - lower) * (1 - base), at most 100 %. */
static void open_interest_pays_dydxs_add_on(void **state)
{
    (void)state;
    const struct pl_addon_rules r = { .position_unit_e8 = USD,
                                      .interest_low_e8 = 25000000 * USD,
                                      .interest_high_e8 = 50000000 * USD,
                                      .interest_max_q40 = SHARE(950000) };
    char message[PL_RULE_MESSAGE_BYTES];
    assert_int_equal(pl_addon_check(&r, message), 0);
    assert_int_equal(pl_addon_interest_q40(&r, 25000000 * USD), 0);
    assert_int_equal(pl_addon_interest_q40(&r, 37500000 * USD), (SHARE(950000) + 1) / 2);
    assert_int_equal(pl_addon_interest_q40(&r, 50000000 * USD), SHARE(950000));
    assert_int_equal(pl_addon_interest_q40(&r, INT64_MAX), SHARE(950000));
    uint64_t random = random_seed(3);
    int64_t before = 0;
    for (int64_t open = 0; open < 60000000 * USD; open += random_within(&random, 1, 500000 * USD)) {
        assert_true(pl_addon_interest_q40(&r, open) >= before);
        before = pl_addon_interest_q40(&r, open);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(targets_agree_with_references, start),
        cmocka_unit_test_setup(a_parameter_rises_and_falls_by_no_more_than_its_speed, start),
        cmocka_unit_test_setup(speeds_do_not_depend_on_the_number_of_steps, start),
        cmocka_unit_test_setup(a_parameter_never_leaves_its_limits_nor_exceeds_its_speed, start),
        cmocka_unit_test_setup(bad_input_changes_nothing_and_rules_are_named, start),
        cmocka_unit_test(a_large_position_pays_deribits_add_on),
        cmocka_unit_test(open_interest_pays_dydxs_add_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
