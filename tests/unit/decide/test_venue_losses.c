/* Accounts below zero in the venue: who pays, when, and when nobody does. */
#include "venue_fixture.h"

#define PRICE INT64_C(5000000)

static void prices(struct fixture *f)
{
    f->now_us += PL_SECOND_US;
    report_all(f, BITCOIN, PRICE);
    tick(f);
}

/* Two coins bought at 55,000 that are worth 50,000: 10,000 are missing. */
static struct fixture *bankrupt(bool auctions)
{
    struct fixture *f = fixture_new();
    f->rules.auctions = auctions;
    f->rules.auction.insolvent_us = 2 * PL_SECOND_US;
    f->rules.auction.offload_us = PL_SECOND_US;
    f->rules.waterfall.fund_share_q40 = PL_COEFFICIENT_ONE;
    fixture_open(f);
    hold(f, 0, PERP, 2000, -110000 * E8);
    prices(f);
    mark(f, PERP, PRICE);
    return f;
}

static enum pl_liquidation_state state_of(const struct fixture *f)
{
    return (enum pl_liquidation_state)pl_venue_account(f->venue, 0)->state;
}

/* Until nobody has bid, and nobody is on the other side. */
static struct fixture *offloaded(void)
{
    struct fixture *f = bankrupt(true);
    for (int i = 0; i < 10 && state_of(f) != PL_LIQUIDATION_OFFLOAD; i++) {
        verdict(f, 0, -20000 * E8, -30000 * E8);
        prices(f);
    }
    verdict(f, 0, -20000 * E8, -30000 * E8);
    assert_int_equal(state_of(f), PL_LIQUIDATION_OFFLOAD);
    assert_int_equal(told(f, PL_VENUE_OPEN_LOSS)->value_e8, 10000 * E8);
    assert_int_equal(told(f, PL_VENUE_OPEN_LOSS)->reason, PL_WATERFALL_OPEN);
    deposit(f, pl_ledger_fund(pl_venue_ledger(f->venue), 0), 4000 * E8);
    f->now_us += 8 * PL_HOUR_US; /* the fund's window: what it holds then may be drawn */
    prices(f);
    return f;
}

static void nobody_pays_while_closes_go_on(void **state)
{
    (void)state;
    struct fixture *f = bankrupt(false);
    struct pl_venue_input in = { .kind = PL_VENUE_CLOSE, .account = 0 };
    deposit(f, pl_ledger_fund(pl_venue_ledger(f->venue), 0), 20000 * E8);
    verdict(f, 0, -20000 * E8, -30000 * E8);
    assert_int_equal(told(f, PL_VENUE_PLAN)->steps, 2);
    in.as.close.instrument = PERP;
    in.as.close.steps = 1000;
    in.as.close.price = PRICE;
    in.as.close.value_e8 = 50000 * E8;
    apply(f, in);
    apply(f, (struct pl_venue_input){ .kind = PL_VENUE_PLANNED, .account = 0 });
    in.kind = PL_VENUE_FILL;
    apply(f, in);
    assert_int_equal(f->count, 1);
    assert_int_equal(f->actions[0].kind, PL_VENUE_FILLED); /* the rest may still recover */
    assert_int_equal(cash_of(f, pl_ledger_fund(pl_venue_ledger(f->venue), 0)), 20000 * E8);
    fixture_close(f);
}

static void a_fund_pays_only_where_every_mark_is_known(void **state)
{
    (void)state;
    struct fixture *f = offloaded();
    mark(f, PERP, 0);
    verdict(f, 0, -20000 * E8, -30000 * E8);
    assert_int_equal(f->count, 0);
    mark(f, PERP, PRICE);
    verdict(f, 0, -20000 * E8, -30000 * E8);
    assert_int_equal(told(f, PL_VENUE_COVERED)->value_e8, 4000 * E8);
    fixture_close(f);
}

static void a_fund_pays_only_on_prices_that_permit_it(void **state)
{
    (void)state;
    struct fixture *f = offloaded();
    f->now_us += 5 * PL_MINUTE_US;
    tick(f); /* too old to liquidate on, not too old for a mark */
    assert_true(pl_venue_account_allowed(f->venue, 0) & PL_ACTION_MARK);
    assert_false(pl_venue_account_allowed(f->venue, 0) & PL_ACTION_LIQUIDATION);
    verdict(f, 0, -20000 * E8, -30000 * E8);
    assert_int_equal(f->count, 0);
    assert_int_equal(cash_of(f, 0), -110000 * E8);
    prices(f);
    verdict(f, 0, -20000 * E8, -30000 * E8);
    assert_int_equal(told(f, PL_VENUE_COVERED)->value_e8, 4000 * E8);
    fixture_close(f);
}

/* A debt without positions is certain whatever prices are. */
static void a_certain_debt_is_booked_while_the_venue_is_halted(void **state)
{
    (void)state;
    struct fixture *f = fixture_new();
    f->rules.venue_breaker.halted.at[PL_BREAKER_UNDERLYINGS] = 1;
    f->rules.venue_breaker.cautious.at[PL_BREAKER_UNDERLYINGS] = 1;
    f->rules.breaker.halted.at[PL_BREAKER_MOVE] = PL_Q40_MILLIONTHS(100000);
    f->rules.breaker.cautious.at[PL_BREAKER_MOVE] = PL_Q40_MILLIONTHS(50000);
    fixture_open(f);
    prices(f);
    f->now_us += PL_SECOND_US;
    report_all(f, BITCOIN, PRICE / 2);
    tick(f);
    assert_int_equal(told(f, PL_VENUE_BREAKER)->price, PL_BREAKER_HALTED);
    assert_false(pl_venue_account_allowed(f->venue, 0) & PL_ACTION_LIQUIDATION);
    hold(f, 0, 0, 0, -300 * E8);
    verdict(f, 0, -300 * E8, -300 * E8);
    assert_int_equal(told(f, PL_VENUE_DEBT)->value_e8, 300 * E8);
    fixture_close(f);
}

static void who_is_solvent_again_is_judged_anew(void **state)
{
    (void)state;
    struct fixture *f = offloaded();
    mark(f, PERP, 5600000);
    const uint64_t version = pl_venue_version(f->venue);
    verdict(f, 0, 100 * E8, 100 * E8);
    assert_int_equal(f->count, 0);
    assert_int_equal(state_of(f), PL_LIQUIDATION_WATCHED);
    assert_int_equal(pl_venue_version(f->venue), version); /* nothing of it has changed */
    fixture_close(f);
}

static void who_still_owes_stays_offloaded(void **state)
{
    (void)state;
    struct fixture *f = offloaded();
    verdict(f, 0, -20000 * E8, -30000 * E8);
    assert_int_equal(told(f, PL_VENUE_COVERED)->value_e8, 4000 * E8);
    assert_int_equal(told(f, PL_VENUE_OPEN_LOSS)->value_e8, 6000 * E8);
    assert_int_equal(state_of(f), PL_LIQUIDATION_OFFLOAD);
    fixture_close(f);
}

static void who_is_deleveraged_against_is_judged_anew(void **state)
{
    (void)state;
    struct fixture *f = offloaded();
    struct pl_venue_input old = { .kind = PL_VENUE_VERDICT, .account = 1 };
    hold(f, 1, PERP, -2000, 150000 * E8);
    old.as.verdict.position_version = pl_venue_version(f->venue);
    verdict(f, 0, -20000 * E8, -30000 * E8);
    const struct pl_venue_action *a = told(f, PL_VENUE_DELEVERAGED);
    assert_int_equal(a->instrument, PERP);
    assert_int_equal(a->steps, 2000);
    assert_int_equal(a->value_e8, 6000 * E8); /* after the fund's 4,000 */
    assert_int_equal(a->other, 1);
    assert_int_equal(told(f, PL_VENUE_IMPOSED)->steps, 1);
    assert_int_equal(state_of(f), PL_LIQUIDATION_CLOSED);
    assert_int_equal(pl_ledger_steps(pl_venue_ledger(f->venue), 1, PERP), 0);
    apply(f, old);
    assert_refused(f, PL_VENUE_OLD);
    fixture_close(f);
}

/* A deposit comes between a plan and its closes: nothing is closed, and nothing gets worse. */
static void a_plan_of_what_has_changed_is_given_up(void **state)
{
    (void)state;
    struct fixture *f = bankrupt(true);
    struct pl_venue_input in = { .kind = PL_VENUE_CLOSE, .account = 0 };
    in.as.close.instrument = PERP;
    in.as.close.steps = 1000;
    in.as.close.price = PRICE;
    in.as.close.value_e8 = 50000 * E8;
    deposit(f, 0, 12000 * E8);
    verdict(f, 0, -100 * E8, -200 * E8);
    assert_non_null(told(f, PL_VENUE_PLAN));
    deposit(f, 0, 20000 * E8);
    apply(f, in);
    assert_refused(f, PL_VENUE_OLD);
    verdict(f, 0, 19900 * E8, 19800 * E8);
    apply(f, in);
    assert_refused(f, PL_VENUE_HEALTHY);
    apply(f, (struct pl_venue_input){ .kind = PL_VENUE_PLANNED, .account = 0 });
    assert_int_equal(state_of(f), PL_LIQUIDATION_HEALTHY);
    verdict(f, 0, -100 * E8, -200 * E8); /* a plan again, and no auction for want of one */
    assert_non_null(told(f, PL_VENUE_PLAN));
    fixture_close(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_pays_while_closes_go_on),
        cmocka_unit_test(a_fund_pays_only_where_every_mark_is_known),
        cmocka_unit_test(a_fund_pays_only_on_prices_that_permit_it),
        cmocka_unit_test(a_certain_debt_is_booked_while_the_venue_is_halted),
        cmocka_unit_test(who_is_solvent_again_is_judged_anew),
        cmocka_unit_test(who_still_owes_stays_offloaded),
        cmocka_unit_test(who_is_deleveraged_against_is_judged_anew),
        cmocka_unit_test(a_plan_of_what_has_changed_is_given_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
