/* Bad debt in the venue, and withdrawals while it stands. */
#include "venue_fixture.h"

#define PRICE INT64_C(5000000)
#define END_US (START_US + 8 * PL_HOUR_US)

static void prices(struct fixture *f, int64_t price)
{
    f->now_us += PL_SECOND_US;
    report_all(f, BITCOIN, price);
    tick(f);
}

/* Two coins each way; then the price falls from 50,000 to 44,000, the long is taken at nothing and
 * 1,999.99999999 of his loss become bad debt. The short has gained 12,000, a third account 6,000.
 */
static struct fixture *with_debt(void)
{
    struct fixture *f = fixture_new();
    f->rules.withdrawal.lock_us = 0;
    fixture_open(f);
    prices(f, PRICE);
    mark(f, PERP, PRICE);
    hold(f, 0, PERP, 2000, -100000 * E8);
    hold(f, 1, PERP, -2000, 100000 * E8);
    hold(f, 2, PERP, -1000, 50000 * E8);
    hold(f, 3, PERP, 1000, -50000 * E8);
    for (uint32_t a = 1; a < 4; a++)
        deposit(f, a, 20000 * E8);
    deposit(f, 0, 10000 * E8 + 1);
    prices(f, 4400000);
    mark(f, PERP, 4400000);
    hold(f, 0, PERP, -2000, 88000 * E8); /* closed somewhere else */
    verdict(f, 0, -1, -1);
    assert_int_equal(told(f, PL_VENUE_DEBT)->value_e8, 2000 * E8 - 1);
    return f;
}

static struct pl_venue_input withdrawal(uint32_t account, int64_t amount_e8)
{
    struct pl_venue_input in = { .kind = PL_VENUE_WITHDRAW, .account = account };
    in.as.money.amount_e8 = amount_e8;
    in.as.money.free_e8 = INT64_MAX;
    return in;
}

static void a_session_s_gains_bear_what_is_owed(void **state)
{
    (void)state;
    struct fixture *f = with_debt();
    f->now_us = END_US - PL_SECOND_US;
    prices(f, 4400000);
    assert_int_equal(told(f, PL_VENUE_SOCIALISED)->reason, PL_VENUE_UNPRICED); /* old ones */
    verdict(f, 1, E8, E8);
    apply(f, withdrawal(1, E8));
    assert_refused(f, PL_VENUE_DENIED);
    assert_int_equal(f->actions[0].value_e8, PL_WITHDRAWAL_BAD_DEBT);
    deposit(f, 4, 50000 * E8); /* what comes in is no gain */
    const uint64_t version = pl_venue_version(f->venue);
    const int64_t one = cash_of(f, 1), two = cash_of(f, 2);
    prices(f, 4300000);
    const struct pl_venue_action *a = told(f, PL_VENUE_SOCIALISED);
    assert_int_equal(a->reason, PL_VENUE_ALL_BORNE);
    assert_int_equal(a->steps, 0);
    assert_int_equal(a->price, 2000 * E8 - 1);
    assert_int_equal(a->value_e8, 2000 * E8 - 1);
    assert_in_range(a->other, PL_COEFFICIENT_ONE / 9, PL_COEFFICIENT_ONE / 9 + 2);
    /* 12,000 and 6,000 of gains: two thirds and one, up; the residue has the rest. */
    assert_int_equal(one - cash_of(f, 1), 133333333333);
    assert_int_equal(two - cash_of(f, 2), 66666666667);
    assert_int_equal(cash_of(f, 4), 50000 * E8);
    assert_int_equal(cash_of(f, pl_ledger_residue(pl_venue_ledger(f->venue))), 1);
    uint32_t bearers = 0;
    for (uint32_t i = 0; i < f->count; i++)
        bearers += f->actions[i].kind == PL_VENUE_BORNE;
    assert_int_equal(bearers, 2);
    assert_int_equal(told(f, PL_VENUE_BORNE)->account, 1);
    assert_int_equal(told(f, PL_VENUE_BORNE)->value_e8, 133333333333);
    assert_int_equal(told(f, PL_VENUE_BORNE)->other, 12000 * E8);
    struct pl_venue_input old = { .kind = PL_VENUE_VERDICT, .account = 1 };
    old.as.verdict.position_version = version;
    apply(f, old); /* who bore something is judged anew */
    assert_refused(f, PL_VENUE_OLD);
    old.account = 4;
    apply(f, old);
    assert_null(told(f, PL_VENUE_REFUSED));
    /* The pool owes nothing any more: withdrawals go on, after a verdict of what is left. */
    apply(f, withdrawal(1, E8));
    assert_refused(f, PL_VENUE_DENIED);
    assert_int_equal(f->actions[0].value_e8, PL_WITHDRAWAL_PRICES);
    verdict(f, 1, E8, E8);
    apply(f, withdrawal(1, E8));
    assert_non_null(told(f, PL_VENUE_QUEUED));
    fixture_close(f);
}

static void only_gains_of_the_session_count(void **state)
{
    (void)state;
    struct fixture *f = with_debt();
    struct pl_ledger *l = pl_venue_ledger(f->venue);
    assert_int_equal(pl_ledger_pay(l, PL_CAUSE_BAD_DEBT, 3, pl_ledger_debt(l, 0), 0, 2000 * E8 - 1),
                     PL_LEDGER_OK);
    f->now_us = END_US;
    prices(f, 4400000);
    prices(f, 4400000); /* the session ends, without a debt */
    assert_int_equal(f->count, 0);
    assert_int_equal(pl_ledger_pay(l, PL_CAUSE_BAD_DEBT, pl_ledger_debt(l, 0), 3, 0, 10 * E8),
                     PL_LEDGER_OK);
    mark(f, PERP, 4500000); /* who was short loses now */
    f->now_us += PL_DAY_US;
    prices(f, 4500000);
    prices(f, 4500000);
    const struct pl_venue_action *a = told(f, PL_VENUE_SOCIALISED);
    assert_int_equal(a->reason, PL_VENUE_ALL_BORNE);
    assert_int_equal(told(f, PL_VENUE_BORNE)->account, 3);
    assert_int_equal(told(f, PL_VENUE_BORNE)->other, 1000 * E8);
    fixture_close(f);
}

/* Coins and positions that come from outside are worth what they are at that moment. */
static void what_comes_in_is_no_gain(void **state)
{
    (void)state;
    struct fixture *f = with_debt();
    struct pl_ledger *l = pl_venue_ledger(f->venue);
    hold(f, 4, BTC, 1000, 0);
    hold(f, 5, CALL, 1000, 0); /* there is no mark of it yet: he is left out this time */
    mark(f, CALL, 100000);
    f->now_us = END_US;
    prices(f, 4400000);
    prices(f, 4400000);
    assert_int_equal(told(f, PL_VENUE_SOCIALISED)->value_e8, 2000 * E8 - 1);
    for (uint32_t i = 0; i < f->count; i++)
        assert_true(f->actions[i].kind != PL_VENUE_BORNE || f->actions[i].account <= 2);
    assert_int_equal(pl_ledger_pay(l, PL_CAUSE_BAD_DEBT, pl_ledger_debt(l, 0), 3, 0, 10 * E8),
                     PL_LEDGER_OK);
    deposit(f, 5, E8);
    mark(f, CALL, 200000); /* now his gain counts */
    f->now_us += PL_DAY_US;
    prices(f, 4400000);
    prices(f, 4400000);
    assert_int_equal(told(f, PL_VENUE_BORNE)->account, 5);
    assert_int_equal(told(f, PL_VENUE_BORNE)->other, 1000 * E8);
    fixture_close(f);
}

/* Of the first one's gain of 12,000 deleveraging took 9,000 already. */
static void what_deleveraging_took_is_no_gain(void **state)
{
    (void)state;
    struct fixture *f = with_debt();
    struct pl_ledger *l = pl_venue_ledger(f->venue);
    assert_int_equal(pl_ledger_pay(l, PL_CAUSE_DELEVERAGE, 1, 3, 0, 9000 * E8), PL_LEDGER_OK);
    f->now_us = END_US;
    prices(f, 4400000);
    prices(f, 4400000);
    const struct pl_venue_action *a = told(f, PL_VENUE_BORNE);
    assert_int_equal(a->account, 1);
    assert_int_equal(a->other, 3000 * E8);
    fixture_close(f);
}

static void what_gains_do_not_cover_stands(void **state)
{
    (void)state;
    struct fixture *f = with_debt();
    mark(f, PERP, PRICE - 50000); /* gains of 1,000 and 500 */
    f->now_us = END_US;
    prices(f, PRICE - 50000);
    prices(f, PRICE - 50000);
    const struct pl_venue_action *a = told(f, PL_VENUE_SOCIALISED);
    assert_int_equal(a->reason, PL_VENUE_STANDS);
    assert_int_equal(a->value_e8, 1500 * E8);
    assert_int_equal(pl_ledger_owed(pl_venue_ledger(f->venue), 0, 0), 500 * E8 - 1);
    assert_non_null(strstr(pl_venue_action_reason(a), "do not cover"));
    fixture_close(f);
}

static void nothing_is_spread_on_prices_that_do_not_permit_it(void **state)
{
    (void)state;
    struct fixture *f = with_debt();
    f->now_us = END_US;
    tick(f); /* nobody has spoken for hours */
    const struct pl_venue_action *a = told(f, PL_VENUE_SOCIALISED);
    assert_int_equal(a->reason, PL_VENUE_UNPRICED);
    assert_int_equal(a->price, 2000 * E8 - 1);
    tick(f);
    assert_int_equal(f->count, 0); /* told once */
    assert_true(pl_ledger_owes(pl_venue_ledger(f->venue), 0));
    prices(f, 4400000);
    assert_int_equal(f->count, 0); /* the marks are still those before */
    mark(f, PERP, 0);
    prices(f, 4400000);
    assert_int_equal(f->count, 0); /* and now there is none */
    mark(f, PERP, 4400000);
    prices(f, 4400000);
    assert_int_equal(told(f, PL_VENUE_SOCIALISED)->reason, PL_VENUE_ALL_BORNE);
    fixture_close(f);
}

static void a_fund_pays_its_debts_as_it_fills(void **state)
{
    (void)state;
    struct fixture *f = with_debt();
    const uint32_t fund = pl_ledger_fund(pl_venue_ledger(f->venue), 0);
    deposit(f, fund, 500 * E8);
    prices(f, 4400000);
    assert_int_equal(told(f, PL_VENUE_REPAID)->value_e8, 500 * E8);
    assert_int_equal(cash_of(f, fund), 0);
    deposit(f, fund, 2000 * E8);
    prices(f, 4400000);
    assert_int_equal(told(f, PL_VENUE_REPAID)->value_e8, 1500 * E8 - 1);
    assert_int_equal(cash_of(f, fund), 500 * E8 + 1);
    prices(f, 4400000);
    assert_null(told(f, PL_VENUE_REPAID));
    fixture_close(f);
}

static struct fixture *healthy(void)
{
    struct fixture *f = fixture_new();
    f->rules.withdrawal.lock_us = PL_MINUTE_US;
    fixture_open(f);
    deposit(f, 0, 1000 * E8);
    hold(f, 0, BTC, 100, 0);
    prices(f, PRICE);
    verdict(f, 0, 100 * E8, 100 * E8);
    return f;
}

static void a_verdict_from_before_the_tick_lets_nothing_out(void **state)
{
    (void)state;
    struct fixture *f = healthy();
    apply(f, withdrawal(0, 10 * E8));
    assert_int_equal(told(f, PL_VENUE_QUEUED)->steps, 1);
    verdict(f, 0, 100 * E8, 100 * E8);
    f->now_us += PL_MINUTE_US;
    prices(f, PRICE);
    apply(f, (struct pl_venue_input){ .kind = PL_VENUE_RELEASE });
    assert_int_equal(told(f, PL_VENUE_WAITS)->reason, PL_WITHDRAWAL_UNHEALTHY);
    apply(f, withdrawal(0, 10 * E8));
    assert_refused(f, PL_VENUE_DENIED);
    verdict(f, 0, 100 * E8, 100 * E8);
    apply(f, (struct pl_venue_input){ .kind = PL_VENUE_RELEASE });
    assert_int_equal(told(f, PL_VENUE_RELEASED)->value_e8, 10 * E8);
    fixture_close(f);
}

static void a_withdrawal_that_waits_is_taken_back_by_its_account_alone(void **state)
{
    (void)state;
    struct fixture *f = healthy();
    struct pl_venue_input in = { .kind = PL_VENUE_TAKE_BACK, .account = 1 };
    apply(f, withdrawal(0, 10 * E8));
    assert_int_equal(cash_of(f, 0), 990 * E8);
    in.as.withdrawal.id = 1;
    apply(f, in);
    assert_refused(f, PL_VENUE_DENIED);
    assert_int_equal(f->actions[0].value_e8, PL_WITHDRAWAL_UNKNOWN);
    in.account = 0;
    apply(f, in);
    assert_int_equal(told(f, PL_VENUE_TAKEN_BACK)->value_e8, 10 * E8);
    assert_int_equal(told(f, PL_VENUE_TAKEN_BACK)->steps, 1);
    assert_int_equal(cash_of(f, 0), 1000 * E8);
    apply(f, in);
    assert_refused(f, PL_VENUE_DENIED);
    in.account = FIXTURE_ACCOUNTS;
    apply(f, in);
    assert_refused(f, PL_VENUE_DENIED);
    fixture_close(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_session_s_gains_bear_what_is_owed),
        cmocka_unit_test(only_gains_of_the_session_count),
        cmocka_unit_test(what_comes_in_is_no_gain),
        cmocka_unit_test(what_deleveraging_took_is_no_gain),
        cmocka_unit_test(what_gains_do_not_cover_stands),
        cmocka_unit_test(nothing_is_spread_on_prices_that_do_not_permit_it),
        cmocka_unit_test(a_fund_pays_its_debts_as_it_fills),
        cmocka_unit_test(a_verdict_from_before_the_tick_lets_nothing_out),
        cmocka_unit_test(a_withdrawal_that_waits_is_taken_back_by_its_account_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
