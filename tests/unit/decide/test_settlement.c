#include "ledger_fixture.h"

#include "decide/settlement.h"

#define SECOND INT64_C(1000000)
#define MINUTE (60 * SECOND)
#define EXPIRY (INT64_C(1000) * 60 * MINUTE)

static const struct pl_settlement_rules *const rules = &pl_settlement_defaults;

enum { FUTURE, CALL, PUT, COIN_CALL, INVERSE_FUTURE, KINDS };

/* Steps of 0.1 BTC (inverse: 10 USD), index in cents; premiums in coin have 4 decimals. */
static const struct pl_contract contracts[KINDS] = {
    [FUTURE] = { .currency = USD, .numerator = 100000, .denominator = 1 },
    [CALL] = { .currency = USD, .numerator = 100000, .denominator = 1 },
    [PUT] = { .currency = USD, .numerator = 100000, .denominator = 1 },
    [COIN_CALL] = { .currency = BTC, .numerator = 1000, .denominator = 1 },
    [INVERSE_FUTURE] = { .currency = BTC,
                         .inverse = true,
                         .numerator = 1000 * E8,
                         .denominator = 1 },
};
static const struct pl_payoff payoffs[KINDS] = {
    [FUTURE] = { .kind = PL_KIND_FUTURE },
    [CALL] = { .kind = PL_KIND_OPTION, .strike = 4000000 },
    [PUT] = { .kind = PL_KIND_OPTION, .is_put = true, .strike = 4000000 },
    [COIN_CALL] = { .kind = PL_KIND_OPTION, .strike = 4000000, .coin_scale = 10000 },
    [INVERSE_FUTURE] = { .kind = PL_KIND_FUTURE },
};

static struct pl_ledger *open_book(void)
{
    const struct pl_ledger_size size = {
        .accounts = 4,
        .currencies = 2,
        .instruments = KINDS,
        .pools = 1,
        .entries = 400,
        .flows = true,
    };
    struct pl_ledger *l = aligned_alloc(16, pl_ledger_bytes(&size));
    assert_non_null(l);
    char message[PL_LEDGER_MESSAGE_BYTES];
    assert_int_equal(pl_ledger_check_size(&size, contracts, NULL, message), 0);
    return pl_ledger_create(l, &size, contracts, NULL);
}

static void observe(struct pl_settlement *s, int64_t price, int64_t time_us)
{
    assert_int_equal(pl_settlement_observe(s, rules, price, time_us), PL_SETTLEMENT_OK);
}

static void the_average_is_by_time_over_the_last_half_hour(void **state)
{
    (void)state;
    struct pl_settlement s;
    struct pl_ratio average;
    pl_settlement_start(&s, EXPIRY);
    observe(&s, 9999999, EXPIRY - 40 * MINUTE); /* before the window: only the last one matters */
    int64_t at = EXPIRY - 31 * MINUTE + 30 * SECOND;
    observe(&s, 100, at); /* stands for 30 s in the window */
    for (at += MINUTE; at < EXPIRY; at += MINUTE)
        observe(&s, at < EXPIRY - 10 * MINUTE ? 200 : 400, at);
    assert_int_equal(pl_settlement_average(&s, rules, EXPIRY - 1, &average), PL_SETTLEMENT_EARLY);
    assert_int_equal(pl_settlement_average(&s, rules, EXPIRY, &average), PL_SETTLEMENT_OK);
    /* 100 for 0.5 min, 200 for 20 min, 400 for 9.5 min: the last one comes 30 s late */
    assert_true(average.n == (pl_i128)(50 + 4000 + 3800) * MINUTE);
    assert_true(average.d == (pl_u128)(30 * MINUTE));
    /* Prices after expiry do not count. */
    observe(&s, 800, EXPIRY + SECOND);
    assert_int_equal(pl_settlement_average(&s, rules, EXPIRY + MINUTE, &average), PL_SETTLEMENT_OK);
    assert_true(average.n == (pl_i128)(50 + 4000 + 3800) * MINUTE);
}

static void an_index_that_is_missing_does_not_settle(void **state)
{
    (void)state;
    struct pl_settlement s;
    struct pl_ratio average;
    pl_settlement_start(&s, EXPIRY);
    assert_int_equal(pl_settlement_average(&s, rules, EXPIRY, &average), PL_SETTLEMENT_UNCOVERED);
    for (int64_t at = EXPIRY - 30 * MINUTE; at < EXPIRY; at += MINUTE)
        if (at < EXPIRY - 20 * MINUTE || at >= EXPIRY - 16 * MINUTE)
            observe(&s, 300, at);
    assert_int_equal(pl_settlement_average(&s, rules, EXPIRY, &average), PL_SETTLEMENT_UNCOVERED);
    struct pl_settlement_rules lenient = *rules;
    lenient.covered_q40 = PL_COEFFICIENT_ONE / 10 * 8;
    assert_int_equal(pl_settlement_average(&s, &lenient, EXPIRY, &average), PL_SETTLEMENT_OK);
    assert_true(average.n == (pl_i128)average.d * 300 && average.d == (pl_u128)(26 * MINUTE));
    assert_int_equal(pl_settlement_observe(&s, rules, 0, EXPIRY), PL_SETTLEMENT_PRICE);
    assert_int_equal(pl_settlement_observe(&s, rules, 1, 0), PL_SETTLEMENT_TIME_BACK);
}

static void settle(struct pl_ledger *l, struct pl_settlement *s, uint32_t instrument)
{
    enum pl_ledger_reason why;
    assert_int_equal(
        pl_settlement_settle(s, rules, l, instrument, &payoffs[instrument], EXPIRY, &why),
        PL_SETTLEMENT_OK);
    assert_int_equal(pl_ledger_steps(l, 0, instrument), 0);
    assert_true(pl_ledger_open_interest(l, instrument) == 0);
    char message[PL_LEDGER_MESSAGE_BYTES];
    assert_int_equal(pl_ledger_recount(l, message), 0);
}

static void positions_become_cash_at_the_average(void **state)
{
    (void)state;
    struct pl_ledger *l = open_book();
    struct pl_settlement s;
    pl_settlement_start(&s, EXPIRY);
    for (int64_t at = EXPIRY - 30 * MINUTE; at < EXPIRY; at += MINUTE)
        observe(&s, 5000000, at);
    assert_int_equal(pl_ledger_trade(l, 0, 1, FUTURE, 3, 4800000), PL_LEDGER_OK);
    settle(l, &s, FUTURE); /* 0.3 * (50,000 - 48,000) */
    assert_int_equal(pl_ledger_cash(l, 0, USD), 600 * E8);
    assert_int_equal(pl_ledger_cash(l, 1, USD), -600 * E8);
    assert_int_equal(pl_ledger_trade(l, 0, 1, CALL, 3, 900000), PL_LEDGER_OK);
    settle(l, &s, CALL); /* 0.3 * (10,000 - 9,000) */
    assert_int_equal(pl_ledger_cash(l, 0, USD), 900 * E8);
    assert_int_equal(pl_ledger_trade(l, 0, 1, PUT, 3, 100000), PL_LEDGER_OK);
    settle(l, &s, PUT); /* worth nothing: 0.3 * 1,000 lost */
    assert_int_equal(pl_ledger_cash(l, 0, USD), 600 * E8);
    assert_int_equal(pl_ledger_trade(l, 0, 1, COIN_CALL, 3, 1500), PL_LEDGER_OK);
    settle(l, &s, COIN_CALL); /* 0.3 * (10,000 / 50,000 - 0.15) */
    assert_int_equal(pl_ledger_cash(l, 0, BTC), E8 * 3 / 200);
    assert_int_equal(pl_ledger_trade(l, 0, 1, INVERSE_FUTURE, 1000, 4000000), PL_LEDGER_OK);
    settle(l, &s, INVERSE_FUTURE); /* 10,000 (1/40,000 - 1/50,000) */
    assert_int_equal(pl_ledger_cash(l, 0, BTC), E8 * 3 / 200 + E8 / 20);
    free(l);
}

static void random_settlements_are_exact_and_conserve(void **state)
{
    (void)state;
    uint64_t seed = random_seed(5);
    for (uint64_t round = random_rounds(200); round > 0; round--) {
        struct pl_ledger *l = open_book();
        struct pl_settlement s;
        pl_i128 sum = 0;
        int64_t held = 0, price = random_within(&seed, 1, 9000000), cash[4], steps[4];
        pl_settlement_start(&s, EXPIRY);
        for (int64_t at = EXPIRY - 30 * MINUTE; at < EXPIRY;) {
            observe(&s, price, at);
            const int64_t stands = pl_min64(random_within(&seed, 1, MINUTE), EXPIRY - at);
            sum += (pl_i128)price * stands;
            held += stands;
            at += stands;
            price = pl_max64(1, price + random_word(&seed, 15));
        }
        assert_int_equal(held, 30 * MINUTE);
        for (uint32_t i = 0; i < 6; i++)
            pl_ledger_trade(l, i % 4, (i + 1 + i / 4) % 4, CALL, random_within(&seed, 1, 50000),
                            random_within(&seed, 0, 900000));
        for (uint32_t i = 0; i < 4; i++) {
            cash[i] = pl_ledger_cash(l, i, USD);
            steps[i] = pl_ledger_steps(l, i, CALL);
        }
        settle(l, &s, CALL);
        pl_i128 inner = sum - (pl_i128)4000000 * held;
        inner = inner < 0 ? 0 : inner;
        for (uint32_t i = 0; i < 4; i++) {
            const pl_i128 exact = inner * steps[i] * 100000; /* over the time */
            const pl_i128 got = (pl_i128)(pl_ledger_cash(l, i, USD) - cash[i]) * held;
            assert_true(got <= exact && got > exact - held);
        }
        free(l);
    }
}

static void wrong_rules_are_named(void **state)
{
    (void)state;
    char message[PL_RULE_MESSAGE_BYTES];
    struct pl_settlement_rules wrong = *rules;
    assert_int_equal(pl_settlement_check(&wrong, message), 0);
    wrong.stale_us = wrong.window_us + 1;
    assert_int_not_equal(pl_settlement_check(&wrong, message), 0);
    assert_non_null(strstr(message, "stale_us"));
    wrong = *rules;
    wrong.covered_q40 = 0;
    assert_int_not_equal(pl_settlement_check(&wrong, message), 0);
    assert_non_null(strstr(message, "covered_q40 is 0:"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_average_is_by_time_over_the_last_half_hour),
        cmocka_unit_test(an_index_that_is_missing_does_not_settle),
        cmocka_unit_test(positions_become_cash_at_the_average),
        cmocka_unit_test(random_settlements_are_exact_and_conserve),
        cmocka_unit_test(wrong_rules_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
