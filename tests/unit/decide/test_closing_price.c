/* Liquidation, bankruptcy and fillable prices: the published cases, and what the formulas mean. */
#include "../support/random.h"

#include "decide/closing_price.h"

#define E8 INT64_C(100000000)

/* BTC at 50,000 with two decimals, 0.001 a step, 10 % maintenance. */
static struct pl_closing btc(int64_t steps, int64_t cash)
{
    int64_t value = steps * 50 * E8, requirement = llabs(value) / 10;
    return (struct pl_closing){ .equity_e8 = cash * E8 + value,
                                .maintenance_e8 = requirement,
                                .value_e8 = value,
                                .requirement_e8 = requirement,
                                .steps = steps,
                                .lot = { 1, -3 },
                                .decimals = 2 };
}

static void published_bankruptcy_and_fillable_prices_come_out(void **state)
{
    (void)state;
    uint32_t flags = 0;
    int64_t price;
    struct pl_closing c = btc(100, -4501);
    assert_int_equal(pl_closing_bankruptcy_e8(&c, &flags), 4501 * E8);
    assert_true(pl_closing_fillable_price(&c, PL_CLOSING_SPREAD_Q40, &price));
    assert_int_equal(price, 4999900);
    assert_true(pl_closing_bankruptcy_price(&c, &price));
    assert_int_equal(price, 4501000);
    c = btc(-100, 5499);
    assert_int_equal(pl_closing_bankruptcy_e8(&c, &flags), -5499 * E8);
    assert_true(pl_closing_fillable_price(&c, PL_CLOSING_SPREAD_Q40, &price));
    assert_int_equal(price, 5000100);
    assert_true(pl_closing_bankruptcy_price(&c, &price));
    assert_int_equal(price, 5499000);
    assert_int_equal(flags, 0);
}

static void at_its_liquidation_price_an_account_has_just_its_requirement(void **state)
{
    (void)state;
    uint64_t r = random_seed(71);
    for (uint64_t i = 0, rounds = random_rounds(3000); i < rounds; i++) {
        int64_t steps = random_within(&r, 1, 100000) * (random_once_in(&r, 2) ? 1 : -1);
        struct pl_closing c = btc(steps, 0);
        c.requirement_e8 = (int64_t)((double)llabs(c.value_e8) * random_real(&r, 0.004, 0.3));
        int64_t other = random_within(&r, 0, llabs(c.value_e8)); /* of other positions */
        c.maintenance_e8 = c.requirement_e8 + other;
        c.equity_e8 = c.maintenance_e8 + random_within(&r, -c.maintenance_e8, llabs(c.value_e8));
        int64_t price;
        double rate = (double)c.requirement_e8 / fabs((double)c.value_e8);
        double excess = (double)c.equity_e8 - (double)c.maintenance_e8;
        double expected = steps > 0 ? 50000 - excess / (fabs((double)steps) * 1e5 * (1 - rate))
                                    : 50000 + excess / (fabs((double)steps) * 1e5 * (1 + rate));
        bool got = pl_closing_liquidation_price(&c, &price);
        assert_true(got == (expected > 0) || fabs(expected) < 0.01);
        if (!got)
            continue;
        /* against the account: a long's above, a short's below, within a unit */
        double above = (double)price / 100 - expected, slack = 1e-6 * fabs(expected);
        assert_true(steps > 0 ? above > -slack && above < 0.01 + slack
                              : above < slack && above > -0.01 - slack);
    }
}

static void closing_everything_at_bankruptcy_values_leaves_nothing_owed(void **state)
{
    (void)state;
    uint64_t r = random_seed(72);
    for (uint64_t i = 0, rounds = random_rounds(2000); i < rounds; i++) {
        struct pl_closing c[6];
        int64_t cash = random_within(&r, -1000000, 1000000) * E8 / 7, equity = cash,
                maintenance = 0;
        size_t n = 1 + random_below(&r, 6);
        for (size_t k = 0; k < n; k++) {
            int64_t steps = random_within(&r, 1, 100000) * (random_once_in(&r, 2) ? 1 : -1);
            c[k] = btc(steps, 0);
            c[k].requirement_e8 = llabs(c[k].value_e8) / random_within(&r, 3, 250) + 1;
            equity += c[k].value_e8;
            maintenance += c[k].requirement_e8;
        }
        for (size_t k = 0; k < n; k++) {
            uint32_t flags = 0;
            c[k].equity_e8 = equity;
            c[k].maintenance_e8 = maintenance;
            cash += pl_closing_bankruptcy_e8(&c[k], &flags);
            assert_int_equal(flags, 0);
        }
        assert_true(cash >= 0 && cash < (int64_t)n);
    }
}

static void what_has_no_price_says_so(void **state)
{
    (void)state;
    int64_t price;
    uint32_t flags = 0;
    struct pl_closing c = btc(100, 10); /* a long that its cash covers to zero */
    assert_false(pl_closing_liquidation_price(&c, &price));
    assert_false(pl_closing_bankruptcy_price(&c, &price));
    c = btc(100, -4501);
    c.requirement_e8 = c.maintenance_e8 = c.value_e8; /* a requirement of 100 % */
    assert_false(pl_closing_liquidation_price(&c, &price));
    c = btc(100, -4501);
    c.steps = -100;
    assert_false(pl_closing_fillable_price(&c, PL_CLOSING_SPREAD_Q40, &price));
    pl_closing_bankruptcy_e8(&c, &flags);
    assert_int_equal(flags, PL_FLAG_DOMAIN);
    c = btc(100, -4501);
    c.lot.exponent = -18, c.lot.mantissa = 1, c.decimals = 18; /* 128 bits do not hold it */
    assert_false(pl_closing_fillable_price(&c, PL_CLOSING_SPREAD_Q40, &price));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_bankruptcy_and_fillable_prices_come_out),
        cmocka_unit_test(at_its_liquidation_price_an_account_has_just_its_requirement),
        cmocka_unit_test(closing_everything_at_bankruptcy_values_leaves_nothing_owed),
        cmocka_unit_test(what_has_no_price_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
