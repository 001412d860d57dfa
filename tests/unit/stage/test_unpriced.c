/* Prices that are missing, zero or old, and units that change: what the design says of an unpriced
 * coin (dust must not shield an account; what is owed cannot be judged), of an unpriced contract,
 * and of everyone else. */
#include "../support/plain_book.h"

#include "stage/pl.h"

static struct book book;
static struct book_account account;
static struct pl *pl;

static int open_book(void **state)
{
    (void)state;
    plain_book(&book, 1);
    pl = book_open(&book, "model:");
    return 0;
}

static int close_book(void **state)
{
    (void)state;
    pl_close(pl);
    book_close(&book);
    return 0;
}

static void reopen(void)
{
    pl_close(pl);
    pl = book_open(&book, "model:");
}

/* Takes a symbol's price (and vol) away, in one of the ways there are: none, 0, or an unusable one.
 */
static void lose(const char *symbol, int way)
{
    struct pl_price p = { .has_price = way != 0,
                          .confidence_q40 = Q40,
                          .vol_confidence_q40 = Q40,
                          .rate_confidence_q40 = Q40,
                          .time_us = book.now_us };
    if (way == 2)
        p.price = (struct pl_decimal){ 1, 30 };
    assert_int_equal(pl_set_price(pl, pl_price_id(pl, symbol), &p), 0);
    book_commit(&book, pl);
}

#define WAYS 3

/* A perpetual position whose state depends on the cash: bracket 1 % and 2 % of 500.5. */
static void one_perpetual(double cash)
{
    plain_account(&account, PL_MODE_CROSS, cash);
    plain_hold(&account, PLAIN_PERPETUAL, 10, 50050);
}

static const struct {
    double cash;
    uint8_t state;
} by_cash[] = {
    { 100, PL_STATE_HEALTHY },
    { 7, PL_STATE_MARGIN_CALL },
    { 2, PL_STATE_LIQUIDATE },
    { -2, PL_STATE_BANKRUPT },
};

static void dust_in_a_coin_without_a_price_does_not_shield_an_account(void **state)
{
    (void)state;
    for (int way = 0; way < WAYS; way++) {
        reopen();
        lose("ALT", way);
        for (size_t i = 0; i < 4; i++) {
            one_perpetual(by_cash[i].cash);
            struct pl_verdict without = book_judge(pl, &account.account);
            assert_int_equal(without.state, by_cash[i].state);
            plain_hold(&account, PLAIN_OTHER_COIN, 1, 0);
            struct pl_verdict with = book_judge(pl, &account.account);
            assert_int_equal(with.flags, PL_FLAG_IGNORED_ASSET);
            with.flags = 0;
            VERDICTS_EQUAL(without, with);
        }
    }
}

static void a_coin_that_never_had_a_price_counts_as_nothing(void **state)
{
    (void)state;
    book.nodes[book.instruments[PLAIN_OTHER_COIN].node].words.has_price = false;
    reopen();
    for (size_t i = 0; i < 4; i++) {
        one_perpetual(by_cash[i].cash);
        plain_hold(&account, PLAIN_OTHER_COIN, 2000000000, 0);
        struct pl_verdict v = book_judge(pl, &account.account);
        assert_true(v.state == by_cash[i].state && v.flags == PL_FLAG_IGNORED_ASSET);
    }
}

/* 4 ALT were worth 10: enough to heal from every state but the first. */
static void a_coin_that_decides_makes_the_account_indeterminate(void **state)
{
    (void)state;
    for (int way = 0; way < WAYS; way++) {
        reopen();
        lose("ALT", way);
        for (size_t i = 0; i < 4; i++) {
            one_perpetual(by_cash[i].cash);
            plain_hold(&account, PLAIN_OTHER_COIN, 4000, 0);
            struct pl_verdict v = book_judge(pl, &account.account);
            assert_int_equal(v.state, i == 0 ? PL_STATE_HEALTHY : PL_STATE_INDETERMINATE);
            assert_true(i == 0 ? v.flags == PL_FLAG_IGNORED_ASSET
                               : (v.flags & PL_FLAG_UNPRICED) != 0);
        }
    }
}

static void the_last_price_survives_new_units_and_further_ticks(void **state)
{
    (void)state;
    lose("ALT", 0);
    one_perpetual(2);
    plain_hold(&account, PLAIN_OTHER_COIN, 4000, 0);
    uint32_t version = book_judge(pl, &account.account).table_version;
    for (int i = 0; i < 3; i++) {
        book.now_us += 1000000;
        plain_price(&book, pl, PLAIN_OTHER_PERPETUAL,
                    2.5 * pow(1000, i + 1)); /* another price needs new units */
        book_commit(&book, pl);
        struct pl_verdict v = book_judge(pl, &account.account);
        assert_true(v.state == PL_STATE_INDETERMINATE && (v.flags & PL_FLAG_UNPRICED) &&
                    v.table_version != version);
        version = v.table_version;
    }
    plain_price(&book, pl, PLAIN_OTHER_COIN, 2.5);
    book_commit(&book, pl);
    struct pl_verdict v = book_judge(pl, &account.account);
    assert_true(v.state == PL_STATE_HEALTHY && v.flags == 0);
}

static void an_owed_coin_without_a_price_cannot_be_judged(void **state)
{
    (void)state;
    for (int way = 0; way < WAYS; way++) {
        reopen();
        lose("ALT", way);
        for (size_t i = 0; i < 4; i++) {
            one_perpetual(by_cash[i].cash);
            plain_hold(&account, PLAIN_OTHER_COIN, -1, 0);
            struct pl_verdict v = book_judge(pl, &account.account);
            assert_true(v.state == PL_STATE_INDETERMINATE && v.flags == PL_FLAG_UNPRICED);
        }
    }
}

/* Loses a symbol; holders of `first`..`last` are indeterminate, and holders of anything else are
 * judged as before. */
static void check_loss(const char *symbol, uint32_t first, uint32_t last)
{
    struct pl_verdict before[PLAIN_OTHER_PERPETUAL + 1];
    for (uint32_t i = 0; i <= PLAIN_OTHER_PERPETUAL; i++) {
        plain_account(&account, PL_MODE_PORTFOLIO, 1000);
        plain_hold(&account, i, 3, i == PLAIN_INVERSE ? 50000 : 0);
        before[i] = book_judge(pl, &account.account);
        assert_int_equal(before[i].flags, 0);
    }
    lose(symbol, 0);
    for (uint32_t i = 0; i <= PLAIN_OTHER_PERPETUAL; i++) {
        for (int sign = -1; sign <= 1; sign += 2) {
            plain_account(&account, PL_MODE_PORTFOLIO, 1000);
            plain_hold(&account, i, 3 * sign, i == PLAIN_INVERSE ? 50000 : 0);
            struct pl_verdict v = book_judge(pl, &account.account);
            if (i >= first && i <= last)
                assert_true(v.state == PL_STATE_INDETERMINATE && (v.flags & PL_FLAG_UNPRICED));
            else if (sign > 0 && v.flags != PL_FLAG_IGNORED_ASSET)
                VERDICTS_EQUAL(v, before[i]);
        }
    }
    reopen();
}

static void a_contract_without_a_price_makes_its_holders_indeterminate(void **state)
{
    (void)state;
    check_loss("PERP", PLAIN_PERPETUAL, PLAIN_PERPETUAL);
    check_loss("INV", PLAIN_INVERSE, PLAIN_INVERSE);
    check_loss("C2", PLAIN_CALLS + 2, PLAIN_CALLS + 2); /* its vol */
    check_loss("ALTPERP", PLAIN_OTHER_PERPETUAL, PLAIN_OTHER_PERPETUAL);
    check_loss("BTC", PLAIN_PERPETUAL, PLAIN_PUTS + 4); /* the index of all its contracts */
    check_loss("settlement:USD", PLAIN_OTHER_COIN + 1, PLAIN_OTHER_COIN); /* none: 1 is assumed */
}

static void a_forward_without_a_price_stops_its_options_and_its_future(void **state)
{
    (void)state;
    lose("FUT", 0);
    for (uint32_t i = 0; i <= PLAIN_OTHER_PERPETUAL; i++) {
        bool hit = i == PLAIN_FUTURE || (i >= PLAIN_CALLS && i < PLAIN_OTHER_COIN);
        plain_account(&account, PL_MODE_PORTFOLIO, 1000);
        plain_hold(&account, i, 3, i == PLAIN_INVERSE ? 50000 : 0);
        assert_int_equal(book_judge(pl, &account.account).state == PL_STATE_INDETERMINATE, hit);
    }
}

static void a_position_that_nets_to_nothing_needs_no_price(void **state)
{
    (void)state;
    lose("C2", 0);
    plain_account(&account, PL_MODE_PORTFOLIO, 1000);
    plain_hold(&account, PLAIN_CALLS + 2, 5, 0);
    plain_hold(&account, PLAIN_CALLS + 2, -5, 0);
    struct pl_verdict v = book_judge(pl, &account.account);
    assert_true(v.state == PL_STATE_HEALTHY && v.flags == 0);
}

static void prices_age_and_are_fresh_again(void **state)
{
    (void)state;
    book.max_age_s = 60;
    reopen();
    plain_account(&account, PL_MODE_CROSS, 1000);
    plain_hold(&account, PLAIN_OTHER_PERPETUAL, 10, 0);
    book.now_us += 60 * INT64_C(1000000);
    book_commit(&book, pl);
    assert_int_equal(book_judge(pl, &account.account).flags, 0); /* exactly the limit */
    book.now_us += 1;
    book_commit(&book, pl);
    struct pl_verdict v = book_judge(pl, &account.account);
    assert_true(v.state == PL_STATE_INDETERMINATE && v.flags == PL_FLAG_STALE);
    plain_price(&book, pl, PLAIN_OTHER_PERPETUAL, 2.6);
    book_commit(&book, pl);
    v = book_judge(pl, &account.account); /* the index is still old */
    assert_true(v.state == PL_STATE_INDETERMINATE && v.flags == PL_FLAG_STALE);
    plain_price(&book, pl, PLAIN_OTHER_COIN, 2.5);
    book_commit(&book, pl);
    v = book_judge(pl, &account.account);
    assert_true(v.state == PL_STATE_HEALTHY && v.flags == 0);
}

static void a_stale_coin_is_like_an_unpriced_one(void **state)
{
    (void)state;
    book.max_age_s = 60;
    book.now_us -= 61 * INT64_C(1000000);
    struct pl_price *p = &book.nodes[book.instruments[PLAIN_OTHER_COIN].node].words;
    p->time_us = book.now_us;
    book.now_us += 61 * INT64_C(1000000);
    reopen();
    static const uint8_t states[] = { PL_STATE_HEALTHY, PL_STATE_INDETERMINATE,
                                      PL_STATE_INDETERMINATE, PL_STATE_INDETERMINATE };
    for (size_t i = 0; i < 4; i++) {
        one_perpetual(by_cash[i].cash);
        plain_hold(&account, PLAIN_OTHER_COIN, 4000, 0);
        assert_int_equal(book_judge(pl, &account.account).state, states[i]);
    }
    one_perpetual(100);
    plain_hold(&account, PLAIN_OTHER_COIN, -1, 0);
    struct pl_verdict v = book_judge(pl, &account.account);
    assert_true(v.state == PL_STATE_INDETERMINATE && v.flags == PL_FLAG_STALE);
}

static void records_per_underlying_show_the_view_of_the_verdict(void **state)
{
    (void)state;
    lose("ALT", 0);
    one_perpetual(100);
    plain_hold(&account, PLAIN_OTHER_COIN, 400, 0);
    struct pl_batch batch = { .accounts = &account.account, .count = 1, .per_underlying = true };
    const struct pl_underlying_verdict *r;
    struct pl_verdict v;
    assert_int_equal(pl_submit(pl, &batch), 0);
    assert_int_equal(pl_poll(pl, &v, 1, NULL), 1);
    int64_t n = pl_poll_underlyings(pl, &r),
            equity = account.account.cash_e8 - INT64_C(50050000000), mm = 0;
    for (int64_t i = 0; i < n; i++)
        equity += r[i].value, mm += r[i].maintenance_requirement;
    assert_int_equal(n, 2);
    assert_int_equal(v.flags, PL_FLAG_IGNORED_ASSET);
    assert_int_equal(v.equity, equity);
    assert_int_equal(v.maintenance_excess, equity - mm);
}

/* A long perpetual at entry 50000 with 20000 cash, price moved by `factor`: against plain
 * arithmetic, and a fresh handle. */
static void check_factor(double factor, bool must_rescale)
{
    reopen();
    plain_account(&account, PL_MODE_CROSS, 20000);
    plain_hold(&account, PLAIN_PERPETUAL, 100, 50000);
    uint32_t version = book_judge(pl, &account.account).table_version;
    double price = 50000 * factor;
    plain_price(&book, pl, PLAIN_COIN, price);
    plain_price(&book, pl, PLAIN_PERPETUAL, price);
    book_commit(&book, pl);
    struct pl_verdict v = book_judge(pl, &account.account);
    assert_true(!must_rescale || v.table_version != version);
    double equity = 20000 + 0.1 * (price - 50000), notional = 0.1 * price;
    double mm = fmax(notional * 0.01, fmax(notional * 0.03 - 200, notional * 0.1 - 17700));
    double im = fmax(notional * 0.02, fmax(notional * 0.05 - 300, notional * 0.25 - 50300));
    assert_true(fabs((double)v.equity / 1e8 - equity) < 1e-6 + 1e-12 * notional);
    assert_true(fabs((double)v.maintenance_excess / 1e8 - (equity - mm)) < 1e-6 + 1e-12 * notional);
    assert_true(fabs((double)v.initial_excess / 1e8 - (equity - im)) < 1e-6 + 1e-12 * notional);
    assert_int_equal(v.state, equity < mm   ? PL_STATE_LIQUIDATE
                              : equity < im ? PL_STATE_MARGIN_CALL
                                            : PL_STATE_HEALTHY);
    struct pl *fresh = book_open(&book, "model:");
    struct pl_verdict w = book_judge(fresh, &account.account);
    VERDICTS_EQUAL(v, w); /* linear values and whole lots are exact in any unit */
    pl_close(fresh);
    plain_price(&book, pl, PLAIN_COIN, 50000); /* and back */
    plain_price(&book, pl, PLAIN_PERPETUAL, 50050);
    book_commit(&book, pl);
    struct pl_verdict back = book_judge(pl, &account.account);
    assert_int_equal(back.equity, 20000 * INT64_C(100000000) + 500000000);
}

static void units_follow_prices_that_move_far(void **state)
{
    (void)state;
    check_factor(100, true);
    check_factor(10000, true);
    check_factor(0.01, false);
    check_factor(0.0001, true);
    check_factor(1e-9, true);
    check_factor(1e6, true);
    check_factor(3, false);
}

static void options_are_priced_alike_in_any_units(void **state)
{
    (void)state;
    for (int i = 0; i < 6; i++) {
        static const double factors[] = { 0.5, 2.5, 10, 100, 0.01, 1000 };
        reopen();
        plain_price(&book, pl, PLAIN_COIN, 50000 * factors[i]);
        plain_price(&book, pl, PLAIN_FUTURE, 50500 * factors[i]);
        book_commit(&book, pl);
        struct pl *fresh = book_open(&book, "model:");
        plain_account(&account, PL_MODE_PORTFOLIO, 1000);
        for (uint32_t k = 0; k < 10; k++)
            plain_hold(&account, PLAIN_CALLS + k, k % 3 ? 100 : -70, 0);
        struct pl_verdict v = book_judge(pl, &account.account),
                          w = book_judge(fresh, &account.account);
        assert_true(
            v.state == w.state && llabs(v.equity - w.equity) <= 10 + (int64_t)(factors[i] * 10) &&
            llabs(v.maintenance_excess - w.maintenance_excess) <= 10 + (int64_t)(factors[i] * 10));
        pl_close(fresh);
        plain_price(&book, pl, PLAIN_COIN, 50000);
        plain_price(&book, pl, PLAIN_FUTURE, 50500);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_book, close_book)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(dust_in_a_coin_without_a_price_does_not_shield_an_account),
        TEST(a_coin_that_never_had_a_price_counts_as_nothing),
        TEST(a_coin_that_decides_makes_the_account_indeterminate),
        TEST(the_last_price_survives_new_units_and_further_ticks),
        TEST(an_owed_coin_without_a_price_cannot_be_judged),
        TEST(a_contract_without_a_price_makes_its_holders_indeterminate),
        TEST(a_forward_without_a_price_stops_its_options_and_its_future),
        TEST(a_position_that_nets_to_nothing_needs_no_price),
        TEST(prices_age_and_are_fresh_again),
        TEST(a_stale_coin_is_like_an_unpriced_one),
        TEST(records_per_underlying_show_the_view_of_the_verdict),
        TEST(units_follow_prices_that_move_far),
        TEST(options_are_priced_alike_in_any_units),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
