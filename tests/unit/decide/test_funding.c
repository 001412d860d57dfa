#include "ledger_fixture.h"

#include "decide/funding.h"

#define HOUR INT64_C(3600000000)
#define ONE PL_COEFFICIENT_ONE
#define PERCENT (ONE / 100)

static const struct pl_funding_rules *const rules = &pl_funding_defaults;
static const struct pl_ledger_size size = {
    .accounts = 8,
    .currencies = 2,
    .instruments = CONTRACTS,
    .pools = 2,
    .entries = 800,
    .flows = true,
};

static void longs_pay_rate_times_notional_times_time(void **state)
{
    (void)state;
    struct pl_ledger *l = ledger_open(&size, NULL);
    struct pl_funding f;
    bool paid;
    enum pl_ledger_reason why;
    assert_int_equal(pl_ledger_trade(l, 0, 1, PERP, 2000, 5000000), PL_LEDGER_OK);
    pl_funding_start(&f, l, PERP, 0);
    /* 2 BTC at 50,000 for 2 h at 1/64 per 8 h: 100,000 / 64 / 4 = 390.625 */
    assert_int_equal(pl_funding_set(&f, rules, ONE / 64, 5000000, 0), PL_FUNDING_OK);
    uint32_t flags = 0;
    assert_int_equal(pl_funding_advance(&f, rules, l, 2 * HOUR, &paid, &why), PL_FUNDING_OK);
    assert_false(paid);
    assert_int_equal(pl_funding_owed(&f, rules, l, 2000, &flags), 39062500000);
    assert_int_equal(pl_funding_owed(&f, rules, l, -2000, &flags), -39062500000);
    /* Then 6 h at a mark of 60,000 and half the rate, the other way: -120,000 / 128 * 3/4 */
    assert_int_equal(pl_funding_set(&f, rules, -ONE / 128, 6000000, 2 * HOUR), PL_FUNDING_OK);
    assert_int_equal(pl_funding_advance(&f, rules, l, 9 * HOUR, &paid, &why), PL_FUNDING_OK);
    assert_true(paid);
    assert_int_equal(pl_ledger_flow(l, 0, USD, PL_CAUSE_FUNDING), 70312500000 - 39062500000);
    assert_int_equal(pl_ledger_flow(l, 1, USD, PL_CAUSE_FUNDING), 39062500000 - 70312500000);
    /* What accrued in the ninth hour is still to be paid. */
    assert_int_equal(pl_funding_owed(&f, rules, l, 2000, &flags), -11718750000);
    assert_int_equal(flags, 0);
    ledger_holds(l);
    free(l);
}

static void an_inverse_perpetual_pays_at_the_mark_of_the_payment(void **state)
{
    (void)state;
    struct pl_ledger *l = ledger_open(&size, NULL);
    struct pl_funding f;
    bool paid;
    enum pl_ledger_reason why;
    assert_int_equal(pl_ledger_trade(l, 0, 1, INVERSE, 1000, 5000000), PL_LEDGER_OK);
    pl_funding_start(&f, l, INVERSE, 0);
    pl_funding_set(&f, rules, ONE / 64, 5000000, 0);
    pl_funding_set(&f, rules, ONE / 64, 4000000, 4 * HOUR);
    assert_int_equal(pl_funding_advance(&f, rules, l, 8 * HOUR, &paid, &why), PL_FUNDING_OK);
    assert_true(paid);
    /* 10,000 USD at 40,000 is 0.25 coins */
    assert_int_equal(pl_ledger_flow(l, 0, BTC, PL_CAUSE_FUNDING), -E8 / 4 / 64);
    assert_int_equal(pl_ledger_flow(l, 1, BTC, PL_CAUSE_FUNDING), E8 / 4 / 64);
    ledger_holds(l);
    free(l);
}

static void who_trades_in_between_pays_for_his_own_time(void **state)
{
    (void)state;
    struct pl_ledger *l = ledger_open(&size, NULL);
    struct pl_funding f;
    struct pl_movement m[2];
    bool paid;
    enum pl_ledger_reason why;
    assert_int_equal(pl_ledger_trade(l, 0, 1, PERP, 2000, 5000000), PL_LEDGER_OK);
    pl_funding_start(&f, l, PERP, 0);
    pl_funding_set(&f, rules, ONE / 64, 5000000, 0);
    /* 0 sells everything to 2 after 6 of 8 hours. */
    assert_int_equal(pl_funding_advance(&f, rules, l, 6 * HOUR, &paid, &why), PL_FUNDING_OK);
    assert_int_equal(pl_ledger_bargain(l, 2, 0, PERP, 2000, 5000000, &m[0]), PL_LEDGER_OK);
    assert_int_equal(pl_funding_carry(&f, rules, l, 2, 0, 2000, &m[1]), PL_FUNDING_OK);
    assert_int_equal(pl_ledger_move_all(l, m, 2), PL_LEDGER_OK);
    assert_int_equal(pl_funding_advance(&f, rules, l, 8 * HOUR, &paid, &why), PL_FUNDING_OK);
    const int64_t whole = 100000 * E8 / 64;
    assert_int_equal(pl_ledger_flow(l, 0, USD, PL_CAUSE_FUNDING), -whole / 4 * 3);
    assert_int_equal(pl_ledger_flow(l, 2, USD, PL_CAUSE_FUNDING), -whole / 4);
    assert_int_equal(pl_ledger_flow(l, 1, USD, PL_CAUSE_FUNDING), whole);
    ledger_holds(l);
    free(l);
}

static void bad_rates_marks_and_times_are_refused(void **state)
{
    (void)state;
    struct pl_ledger *l = ledger_open(&size, NULL);
    struct pl_funding f;
    bool paid;
    enum pl_ledger_reason why;
    pl_funding_start(&f, l, PERP, HOUR);
    assert_int_equal(pl_funding_set(&f, rules, 0, 0, HOUR), PL_FUNDING_PRICE);
    assert_int_equal(pl_funding_set(&f, rules, 0, INT64_C(1) << 51, HOUR), PL_FUNDING_PRICE);
    assert_int_equal(pl_funding_set(&f, rules, ONE, 100, HOUR), PL_FUNDING_LIMITED);
    assert_int_equal(f.rate_q40, rules->rate_max_q40);
    assert_int_equal(pl_funding_set(&f, rules, INT64_MIN, 100, HOUR), PL_FUNDING_LIMITED);
    assert_int_equal(f.rate_q40, -rules->rate_max_q40);
    assert_int_equal(pl_funding_set(&f, rules, 0, 100, HOUR - 1), PL_FUNDING_TIME_BACK);
    assert_int_equal(pl_funding_advance(&f, rules, l, 0, &paid, &why), PL_FUNDING_TIME_BACK);
    assert_false(paid);
    pl_funding_set(&f, rules, ONE / 25, (INT64_C(1) << 51) - 1, HOUR);
    const struct pl_funding before = f;
    assert_int_equal(pl_funding_advance(&f, rules, l, INT64_MAX, &paid, &why), PL_FUNDING_OVERFLOW);
    assert_memory_equal(&f, &before, sizeof f);
    char message[PL_RULE_MESSAGE_BYTES];
    struct pl_funding_rules wrong = *rules;
    assert_int_equal(pl_funding_check(&wrong, message), 0);
    wrong.interval_us = 1;
    assert_int_not_equal(pl_funding_check(&wrong, message), 0);
    assert_non_null(strstr(message, "interval_us is 0.000001 s:"));
    wrong = *rules;
    wrong.rate_max_q40 = -PL_COEFFICIENT_ONE;
    assert_int_not_equal(pl_funding_check(&wrong, message), 0);
    assert_non_null(strstr(message, "rate_max_q40 is -1:"));
    free(l);
}

static void a_payment_that_does_not_fit_pays_nobody(void **state)
{
    (void)state;
    struct pl_ledger *l = ledger_open(&size, NULL);
    struct pl_funding f;
    bool paid;
    enum pl_ledger_reason why;
    assert_int_equal(pl_ledger_trade(l, 0, 1, PERP, 2000, 5000000), PL_LEDGER_OK);
    assert_int_equal(pl_ledger_trade(l, 2, 3, PERP, 2000, 5000000), PL_LEDGER_OK);
    ledger_deposit(l, 3, USD, INT64_MAX - 2000 * 50000 * E8 / 1000);
    pl_funding_start(&f, l, PERP, 0);
    pl_funding_set(&f, rules, ONE / 64, 5000000, 0);
    struct pl_ledger *before = ledger_copy(l);
    const struct pl_funding before_f = f;
    assert_int_equal(pl_funding_advance(&f, rules, l, 8 * HOUR, &paid, &why), PL_FUNDING_LEDGER);
    assert_int_equal(why, PL_LEDGER_OVERFLOW);
    assert_true(ledger_agrees(l, before));
    ledger_holds(l);
    assert_memory_equal(&f, &before_f, sizeof f);
    free(before);
    free(l);
}

/* Random rates, marks, trades and times: the sum of payments is what the residue got, and each
 * account paid the exact sum of rate * mark * steps * time, up to one unit per payment. */
static void funding_sums_to_zero_with_the_residue(void **state)
{
    (void)state;
    uint64_t seed = random_seed(4);
    for (uint64_t round = random_rounds(60); round > 0; round--) {
        struct pl_ledger *l = ledger_open(&size, NULL);
        pl_i128 due[8] = { 0 }; /* times 2^40 * interval */
        int64_t roundings[8] = { 0 };
        struct pl_funding f;
        int64_t now = random_within(&seed, 0, 100 * HOUR);
        bool paid;
        enum pl_ledger_reason why;
        pl_funding_start(&f, l, PERP, now);
        for (uint32_t event = 0; event < 200; event++) {
            const int64_t then = now + random_within(&seed, 0, HOUR);
            for (uint32_t a = 0; a < 8; a++)
                due[a] += (pl_i128)f.rate_q40 * f.mark * (then - now) *
                          pl_ledger_steps(l, a, PERP) * 1000;
            now = then;
            assert_int_equal(pl_funding_advance(&f, rules, l, now, &paid, &why), PL_FUNDING_OK);
            for (uint32_t a = 0; paid && a < 8; a++)
                roundings[a]++;
            ledger_holds(l);
            if (random_once_in(&seed, 3)) {
                pl_funding_set(&f, rules, random_word(&seed, 36), random_within(&seed, 1, 10000000),
                               now);
                continue;
            }
            const uint32_t buyer = (uint32_t)random_below(&seed, 8);
            const uint32_t seller = (uint32_t)random_below(&seed, 8);
            const int64_t steps = random_within(&seed, 1, 5000);
            struct pl_movement m[2];
            if (buyer == seller)
                continue;
            pl_ledger_bargain(l, buyer, seller, PERP, steps, 5000000, &m[0]);
            assert_int_equal(pl_funding_carry(&f, rules, l, buyer, seller, steps, &m[1]),
                             PL_FUNDING_OK);
            assert_int_equal(pl_ledger_move_all(l, m, 2), PL_LEDGER_OK);
            roundings[buyer]++;
            roundings[seller]++;
            ledger_holds(l);
        }
        now += 8 * HOUR;
        for (uint32_t a = 0; a < 8; a++)
            due[a] += (pl_i128)f.rate_q40 * f.mark * (now - now % (8 * HOUR) - f.time_us) *
                      pl_ledger_steps(l, a, PERP) * 1000;
        assert_int_equal(pl_funding_advance(&f, rules, l, now, &paid, &why), PL_FUNDING_OK);
        pl_i128 sum = 0;
        for (uint32_t a = 0; a < 8; a++) {
            const pl_i128 flow = pl_ledger_flow(l, a, USD, PL_CAUSE_FUNDING);
            const pl_i128 one = (pl_i128)rules->interval_us << 40;
            assert_true(-flow * one >= due[a]);
            assert_true(-flow * one < due[a] + (roundings[a] + 1) * one);
            sum += flow;
        }
        assert_true(sum + pl_ledger_cash(l, pl_ledger_residue(l), USD) == 0);
        ledger_holds(l);
        free(l);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(longs_pay_rate_times_notional_times_time),
        cmocka_unit_test(an_inverse_perpetual_pays_at_the_mark_of_the_payment),
        cmocka_unit_test(who_trades_in_between_pays_for_his_own_time),
        cmocka_unit_test(bad_rates_marks_and_times_are_refused),
        cmocka_unit_test(a_payment_that_does_not_fit_pays_nobody),
        cmocka_unit_test(funding_sums_to_zero_with_the_residue),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
