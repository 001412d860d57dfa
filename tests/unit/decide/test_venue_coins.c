/* Coins in the venue: what they count as collateral and as debts. */
#include "venue_fixture.h"

#define USD INT64_C(1000000) /* a dollar in prices of the stable coin */

static uint32_t redemption(struct fixture *f, int64_t price, int64_t source_us, int64_t open)
{
    struct pl_venue_input in = { .kind = PL_VENUE_REDEMPTION, .account = STABLE };
    in.as.redemption =
        (struct pl_pegged_rate){ .price = price, .source_us = source_us, .open = open };
    return apply(f, in);
}

/* A tick in which both assets have three sources; those of the stable one as given. */
static void prices(struct fixture *f, int64_t a, int64_t b, int64_t c)
{
    f->now_us += PL_SECOND_US;
    report(f, STABLE, 0, a);
    report(f, STABLE, 1, b);
    report(f, STABLE, 2, c);
    report_all(f, BITCOIN, 5000000);
    tick(f);
}

static struct fixture *redeemable(void)
{
    struct fixture *f = fixture_new();
    fixture_open(f);
    assert_int_equal(redemption(f, USD, START_US, 1), 0);
    prices(f, USD, USD, USD);
    return f;
}

static void coins_are_marked_at_their_market(void **state)
{
    (void)state;
    struct fixture *f = redeemable();
    assert_int_equal(told(f, PL_VENUE_PEGGED)->reason, PL_PEGGED_MARKET);
    assert_int_equal(mark_of(f, USDX), USD);
    assert_int_equal(mark_of(f, USDX_OWED), USD);
    assert_int_equal(mark_of(f, BTC), 5000000);
    prices(f, USD - 3000, USD - 3000, USD - 3000); /* within the band of half a percent */
    assert_null(told(f, PL_VENUE_PEGGED));
    assert_int_equal(mark_of(f, USDX), USD - 3000);
    mark(f, USDX, USD); /* nobody marks it from outside */
    assert_refused(f, PL_VENUE_OWN);
    assert_int_equal(mark_of(f, USDX), USD - 3000);
    fixture_close(f);
}

/* 10 October 2025: collateral fell to 0.65 in one book while it could be redeemed at par. */
static void one_thin_book_does_not_mark_collateral(void **state)
{
    (void)state;
    struct fixture *f = fixture_new();
    f->fusion[STABLE].sources_min = 1;
    f->fusion[STABLE].source[1].venue = f->fusion[STABLE].source[2].venue = 0; /* one venue */
    fixture_open(f);
    redemption(f, USD, START_US, 1);
    hold(f, 0, USDX, 1000 * 1000, 0);
    prices(f, 650000, 650000, 650000);
    const struct pl_venue_action *a = told(f, PL_VENUE_PEGGED);
    assert_int_equal(a->reason, PL_PEGGED_BOUNDED);
    assert_int_equal(a->account, STABLE);
    assert_int_equal(a->price, 994999);
    assert_string_equal(pl_venue_action_reason(a), "too few venues outside the redemption band");
    assert_in_range(a->other, PL_Q40_MILLIONTHS(350000) - 1, PL_Q40_MILLIONTHS(350000) + 1);
    assert_int_equal(mark_of(f, USDX), 994999);
    /* What redemption bounds may be liquidated on, what the market alone shows may not. */
    assert_true(pl_venue_instrument_allowed(f->venue, USDX) & PL_ACTION_LIQUIDATION);
    assert_false(pl_venue_instrument_allowed(f->venue, USDX) & PL_ACTION_WITHDRAWAL);
    assert_false(pl_venue_allowed(f->venue, STABLE) & PL_ACTION_LIQUIDATION);
    assert_true(pl_venue_account_allowed(f->venue, 0) & PL_ACTION_LIQUIDATION);
    fixture_close(f);
}

static void several_venues_are_believed_and_debts_count_the_band(void **state)
{
    (void)state;
    struct fixture *f = redeemable();
    for (int i = 0; i < 5; i++) /* the slow average follows */
        prices(f, 880000, 880000, 880000);
    assert_int_equal(pl_venue_pegged(f->venue, STABLE)->reason, PL_PEGGED_DEPEGGED);
    assert_int_equal(mark_of(f, USDX), 880000);
    assert_int_equal(mark_of(f, USDX_OWED), 994999);
    /* Suspended redemption bounds nothing. */
    redemption(f, USD, f->now_us, 0);
    prices(f, 880000, 880000, 880000);
    assert_int_equal(told(f, PL_VENUE_PEGGED)->reason, PL_PEGGED_NO_RATE);
    assert_int_equal(mark_of(f, USDX_OWED), 880000);
    fixture_close(f);
}

static void without_a_market_the_band_counts_then_nothing(void **state)
{
    (void)state;
    struct fixture *f = redeemable();
    bool known;
    hold(f, 0, USDX, 1000, 0);
    f->now_us += 20 * PL_MINUTE_US;
    tick(f);
    assert_int_equal(told(f, PL_VENUE_PEGGED)->reason, PL_PEGGED_REDEMPTION);
    assert_int_equal(pl_venue_mark(f->venue, USDX, &known), 994999);
    assert_true(known);
    assert_int_equal(pl_venue_mark(f->venue, USDX_OWED, &known), 1005001);
    assert_true(pl_venue_account_allowed(f->venue, 0) & PL_ACTION_LIQUIDATION);
    assert_int_equal(pl_venue_mark(f->venue, BTC, &known), 5000000); /* the last one stands */
    assert_false(known);
    verdict(f, 0, -1, -1);
    assert_true(f->count > 0);
    assert_int_equal(f->actions[f->count - 1].age_us, f->now_us - START_US); /* of the rate */
    f->now_us += PL_DAY_US;
    tick(f);
    assert_int_equal(told(f, PL_VENUE_PEGGED)->reason, PL_PEGGED_NO_RATE);
    pl_venue_mark(f->venue, USDX, &known);
    assert_false(known);
    assert_false(pl_venue_account_allowed(f->venue, 0) & PL_ACTION_LIQUIDATION);
    fixture_close(f);
}

static void impossible_rates_are_refused(void **state)
{
    (void)state;
    struct fixture *f = redeemable();
    redemption(f, 0, f->now_us, 1);
    assert_refused(f, PL_VENUE_AMOUNT);
    redemption(f, PL_PRICE_MAX + 1, f->now_us, 1);
    assert_refused(f, PL_VENUE_AMOUNT);
    redemption(f, USD, f->now_us, 2);
    assert_refused(f, PL_VENUE_AMOUNT);
    redemption(f, USD, f->now_us + 1, 1);
    assert_refused(f, PL_VENUE_IGNORED);
    assert_int_equal(f->actions[0].value_e8, PL_FUSION_FUTURE);
    redemption(f, USD, START_US, 1);
    assert_int_equal(f->actions[0].value_e8, PL_FUSION_OUT_OF_ORDER);
    struct pl_venue_input in = { .kind = PL_VENUE_REDEMPTION, .account = BITCOIN };
    apply(f, in);
    assert_refused(f, PL_VENUE_UNKNOWN);
    fixture_close(f);
}

static void impossible_terms_are_refused(void **state)
{
    (void)state;
    char message[PL_VENUE_MESSAGE_BYTES];
    struct fixture *f = fixture_new();
    f->terms[BTC].kind = PL_VENUE_TERMS;
    assert_int_not_equal(pl_venue_check(&f->rules, &f->setup, message), 0);
    assert_non_null(strstr(message, "no such kind"));
    f->terms[BTC].kind = PL_VENUE_COLLATERAL;
    f->contracts[BTC].inverse = true;
    assert_int_not_equal(pl_venue_check(&f->rules, &f->setup, message), 0);
    assert_non_null(strstr(message, "linear contract"));
    f->contracts[BTC].inverse = false;
    f->rules.pegged.venues_min = 1;
    assert_int_not_equal(pl_venue_check(&f->rules, &f->setup, message), 0);
    assert_non_null(strstr(message, "venues_min"));
    fixture_close(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(coins_are_marked_at_their_market),
        cmocka_unit_test(one_thin_book_does_not_mark_collateral),
        cmocka_unit_test(several_venues_are_believed_and_debts_count_the_band),
        cmocka_unit_test(without_a_market_the_band_counts_then_nothing),
        cmocka_unit_test(impossible_rates_are_refused),
        cmocka_unit_test(impossible_terms_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
