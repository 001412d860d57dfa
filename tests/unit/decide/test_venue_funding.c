/* Funding in the venue: due payments come first, and trades carry what accrued. */
#include "venue_fixture.h"

#define PRICE INT64_C(5000000)

static uint32_t rate(struct fixture *f, uint32_t instrument, int64_t rate_q40)
{
    struct pl_venue_input in = { .kind = PL_VENUE_RATE };
    in.as.number.instrument = instrument;
    in.as.number.value_q40 = rate_q40;
    return apply(f, in);
}

static void prices(struct fixture *f)
{
    report_all(f, BITCOIN, PRICE);
    tick(f);
}

/* Two coins long and short at 50,000, and a rate of 1/64 in 8 hours: 1,562.50 from one to the
 * other at each payment. */
static struct fixture *with_perpetual(void)
{
    struct fixture *f = fixture_new();
    f->terms[PERP].kind = PL_VENUE_PERPETUAL;
    fixture_open(f);
    hold(f, 0, PERP, 2000, -100000 * E8);
    hold(f, 1, PERP, -2000, 100000 * E8);
    prices(f);
    rate(f, PERP, PL_COEFFICIENT_ONE / 64);
    assert_refused(f, PL_VENUE_NOT_PRICED);
    assert_int_equal(mark(f, PERP, PRICE), 0);
    rate(f, PERP, PL_COEFFICIENT_ONE / 64);
    assert_int_equal(told(f, PL_VENUE_RATED)->reason, PL_FUNDING_OK);
    assert_int_equal(told(f, PL_VENUE_RATED)->other, PL_COEFFICIENT_ONE / 64);
    return f;
}

static void what_is_due_is_paid_before_anything_else(void **state)
{
    (void)state;
    struct fixture *f = with_perpetual();
    struct pl_venue_input in = { .kind = PL_VENUE_DEPOSIT, .account = 2 };
    in.as.money.amount_e8 = E8;
    f->now_us = START_US + 8 * PL_HOUR_US - 1;
    apply(f, in);
    assert_int_equal(f->count, 0);
    f->now_us += 3 * PL_SECOND_US;
    apply(f, in); /* whichever input comes first */
    const struct pl_venue_action *a = told(f, PL_VENUE_FUNDED);
    assert_int_equal(a->instrument, PERP);
    assert_int_equal(a->price, PRICE);
    assert_int_equal(a->other, PL_COEFFICIENT_ONE / 64);
    assert_int_equal(a->reason, PL_FUNDING_OK);
    assert_int_equal(cash_of(f, 0), -100000 * E8 - 1562 * E8 - E8 / 2);
    assert_int_equal(cash_of(f, 1), 100000 * E8 + 1562 * E8 + E8 / 2);
    apply(f, in);
    assert_int_equal(f->count, 0); /* once */
    rate(f, PERP, PL_COEFFICIENT_ONE);
    assert_int_equal(told(f, PL_VENUE_RATED)->reason, PL_FUNDING_LIMITED);
    assert_int_equal(told(f, PL_VENUE_RATED)->other, f->rules.funding.rate_max_q40);
    fixture_close(f);
}

/* Half of the time between payments: half of the funding. */
static int64_t half(int64_t coins)
{
    return coins * (50000 * E8 / 64) / 2;
}

static void sell_one_coin(struct fixture *f)
{
    struct pl_venue_input in = { .kind = PL_VENUE_CLOSE, .account = 0 };
    deposit(f, 0, 1000 * E8);
    verdict(f, 0, -100 * E8, -200 * E8);
    assert_non_null(told(f, PL_VENUE_PLAN));
    in.as.close.instrument = PERP;
    in.as.close.steps = 1000;
    in.as.close.price = PRICE;
    in.as.close.value_e8 = 50000 * E8;
    apply(f, in);
    assert_non_null(told(f, PL_VENUE_SEND_CLOSE));
    apply(f, (struct pl_venue_input){ .kind = PL_VENUE_PLANNED, .account = 0 });
    in.kind = PL_VENUE_FILL;
    apply(f, in);
    assert_non_null(told(f, PL_VENUE_FILLED));
}

static void a_close_carries_what_accrued(void **state)
{
    (void)state;
    struct fixture *f = with_perpetual();
    f->rules.liquidation.penalty_q40 = 0;
    f->now_us = START_US + 4 * PL_HOUR_US;
    prices(f);
    sell_one_coin(f);
    const struct pl_ledger *l = pl_venue_ledger(f->venue);
    assert_int_equal(pl_ledger_flow(l, 0, 0, PL_CAUSE_FUNDING), -half(1));
    f->now_us = START_US + 8 * PL_HOUR_US;
    tick(f);
    assert_non_null(told(f, PL_VENUE_FUNDED));
    assert_int_equal(pl_ledger_flow(l, 0, 0, PL_CAUSE_FUNDING), -half(1) - half(2));
    assert_int_equal(pl_ledger_flow(l, 1, 0, PL_CAUSE_FUNDING), 2 * half(2));
    fixture_close(f);
}

static void who_comes_late_pays_for_his_time(void **state)
{
    (void)state;
    struct fixture *f = with_perpetual();
    f->now_us = START_US + 4 * PL_HOUR_US;
    hold(f, 2, PERP, 1000, -50000 * E8);
    hold(f, 3, PERP, -1000, 50000 * E8);
    const struct pl_ledger *l = pl_venue_ledger(f->venue);
    assert_int_equal(pl_ledger_flow(l, 2, 0, PL_CAUSE_FUNDING), half(1));
    f->now_us = START_US + 8 * PL_HOUR_US;
    tick(f);
    assert_int_equal(pl_ledger_flow(l, 2, 0, PL_CAUSE_FUNDING), -half(1));
    assert_int_equal(pl_ledger_flow(l, 3, 0, PL_CAUSE_FUNDING), half(1));
    fixture_close(f);
}

/* The bidder takes the book over with what it owes, and is paid for that. */
static void a_bidder_takes_over_what_the_book_owes(void **state)
{
    (void)state;
    struct fixture *f = with_perpetual();
    struct pl_venue_input in = { .kind = PL_VENUE_BID, .account = 0 };
    f->now_us = START_US + 4 * PL_HOUR_US;
    prices(f);
    deposit(f, 0, 1000 * E8);
    deposit(f, 2, 100000 * E8);
    verdict(f, 0, -4000 * E8, -5000 * E8);
    assert_non_null(told(f, PL_VENUE_AUCTION));
    in.as.bid.bidder = 2;
    in.as.bid.want_q40 = PL_COEFFICIENT_ONE;
    in.as.bid.price_max_e8 = 1000 * E8;
    in.as.bid.bidder_excess_e8 = 1;
    verdict(f, 0, -4000 * E8, -5000 * E8);
    apply(f, in);
    const struct pl_venue_action *a = told(f, PL_VENUE_BOUGHT);
    assert_non_null(a);
    const struct pl_ledger *l = pl_venue_ledger(f->venue);
    const int64_t steps = pl_ledger_steps(l, 2, PERP);
    assert_true(steps > 0);
    assert_int_equal(pl_ledger_flow(l, 2, 0, PL_CAUSE_FUNDING), (steps * half(2) + 1999) / 2000);
    assert_int_equal(pl_ledger_flow(l, 0, 0, PL_CAUSE_FUNDING), -(steps * half(2) + 1999) / 2000);
    fixture_close(f);
}

static void deleveraging_carries_what_accrued(void **state)
{
    (void)state;
    struct fixture *f = fixture_new();
    f->terms[PERP].kind = PL_VENUE_PERPETUAL;
    f->rules.auction.insolvent_us = 2 * PL_SECOND_US;
    f->rules.auction.offload_us = PL_SECOND_US;
    fixture_open(f);
    hold(f, 0, PERP, 2000, -110000 * E8);
    hold(f, 1, PERP, -2000, 150000 * E8);
    prices(f);
    mark(f, PERP, PRICE);
    rate(f, PERP, PL_COEFFICIENT_ONE / 64);
    f->now_us = START_US + 4 * PL_HOUR_US;
    prices(f);
    for (int i = 0; i < 30 && pl_ledger_steps(pl_venue_ledger(f->venue), 0, PERP) != 0; i++) {
        f->now_us += PL_SECOND_US;
        prices(f);
        verdict(f, 0, -15000 * E8, -20000 * E8);
    }
    const struct pl_ledger *l = pl_venue_ledger(f->venue);
    assert_int_equal(pl_ledger_steps(l, 0, PERP), 0);
    const int64_t paid = -pl_ledger_flow(l, 0, 0, PL_CAUSE_FUNDING);
    assert_in_range(paid - pl_ledger_flow(l, 1, 0, PL_CAUSE_FUNDING), 0, 1);
    assert_in_range(paid, half(2), half(2) + 2 * E8);
    fixture_close(f);
}

#define INVERSE CALL /* its slot: a step is 10 dollars, against steps of BTC */
#define INVERSE_STEPS INT64_C(20000)

static struct fixture *with_inverse(void)
{
    struct fixture *f = fixture_new();
    f->terms[INVERSE].kind = PL_VENUE_PERPETUAL;
    f->abouts[INVERSE].coin = BTC;
    fixture_open(f);
    for (uint32_t account = 0; account < 2; account++) {
        hold(f, account, INVERSE, account == 0 ? INVERSE_STEPS : -INVERSE_STEPS, 0);
        hold(f, account, BTC, account == 0 ? 4000 : -4000, 0);
    }
    prices(f);
    assert_int_equal(mark(f, INVERSE, -1000000), 0);
    rate(f, INVERSE, PL_COEFFICIENT_ONE / 64);
    assert_int_equal(told(f, PL_VENUE_RATED)->reason, PL_FUNDING_OK);
    return f;
}

/* A 64th of 200,000 dollars, 3,125, is 62.5 steps of 50: 63 are paid, 62 received. */
static void an_inverse_perpetual_pays_in_its_coin(void **state)
{
    (void)state;
    struct fixture *f = with_inverse();
    const struct pl_ledger *l = pl_venue_ledger(f->venue);
    f->now_us = START_US + 8 * PL_HOUR_US;
    tick(f);
    const struct pl_venue_action *a = told(f, PL_VENUE_FUNDED);
    assert_int_equal(a->instrument, INVERSE);
    assert_int_equal(a->reason, PL_FUNDING_OK);
    assert_int_equal(pl_ledger_steps(l, 0, BTC), 4000 - 63);
    assert_int_equal(pl_ledger_steps(l, 1, BTC), -4000 + 62);
    assert_int_equal(cash_of(f, 0), 0);
    assert_int_equal(cash_of(f, 1), 0);
    tick(f);
    assert_null(told(f, PL_VENUE_FUNDED));
    f->now_us = START_US + 12 * PL_HOUR_US;
    report_all(f, BITCOIN, PRICE * 5 / 4);
    tick(f);
    rate(f, INVERSE, -PL_COEFFICIENT_ONE / 64);
    f->now_us = START_US + 16 * PL_HOUR_US; /* as much to and fro, at whatever price */
    tick(f);
    assert_non_null(told(f, PL_VENUE_FUNDED));
    assert_int_equal(pl_ledger_steps(l, 0, BTC), 4000 - 63);
    fixture_close(f);
}

/* At the coin's mark of the payment; until there is one, it waits. */
static void a_payment_in_coin_waits_for_its_mark(void **state)
{
    (void)state;
    struct fixture *f = fixture_new();
    f->terms[INVERSE].kind = PL_VENUE_PERPETUAL;
    f->abouts[INVERSE].coin = BTC;
    fixture_open(f);
    const struct pl_ledger *l = pl_venue_ledger(f->venue);
    hold(f, 0, INVERSE, INVERSE_STEPS, 0);
    hold(f, 1, INVERSE, -INVERSE_STEPS, 0);
    assert_int_equal(mark(f, INVERSE, -1000000), 0);
    rate(f, INVERSE, PL_COEFFICIENT_ONE / 64);
    f->now_us = START_US + 8 * PL_HOUR_US;
    tick(f);
    assert_int_equal(told(f, PL_VENUE_FUNDED)->reason, PL_FUNDING_PRICE);
    assert_int_equal(pl_ledger_steps(l, 0, BTC), 0);
    report_all(f, BITCOIN, 2 * PRICE);
    tick(f);
    assert_int_equal(mark(f, INVERSE, -1000000), 1); /* whoever touches it pays first */
    assert_int_equal(told(f, PL_VENUE_FUNDED)->reason, PL_FUNDING_OK);
    assert_int_equal(pl_ledger_steps(l, 0, BTC), -32);
    assert_int_equal(pl_ledger_steps(l, 1, BTC), 31);
    fixture_close(f);
}

/* What accrued goes along in cash: nobody's coins are priced twice. */
static void a_close_in_coin_carries_what_accrued(void **state)
{
    (void)state;
    struct fixture *f = with_inverse();
    struct pl_venue_input in = { .kind = PL_VENUE_CLOSE, .account = 0 };
    const struct pl_ledger *l = pl_venue_ledger(f->venue);
    f->now_us = START_US + 4 * PL_HOUR_US;
    prices(f);
    deposit(f, 0, 1000 * E8);
    verdict(f, 0, -100 * E8, -200 * E8);
    in.as.close.instrument = INVERSE;
    in.as.close.steps = INVERSE_STEPS / 2;
    in.as.close.value_e8 = 100000 * E8;
    apply(f, in);
    apply(f, (struct pl_venue_input){ .kind = PL_VENUE_PLANNED, .account = 0 });
    in.kind = PL_VENUE_FILL;
    in.as.close.price = 2000;
    apply(f, in);
    assert_non_null(told(f, PL_VENUE_FILLED));
    assert_int_equal(pl_ledger_steps(l, 0, BTC), 2000);
    assert_int_equal(pl_ledger_flow(l, 0, 0, PL_CAUSE_FUNDING), -(100000 * E8 / 64) / 2);
    f->now_us = START_US + 8 * PL_HOUR_US;
    tick(f);
    assert_int_equal(pl_ledger_steps(l, 0, BTC), 2000 - 32); /* 31.25 */
    fixture_close(f);
}

static void what_ends_pays_what_accrued(void **state)
{
    (void)state;
    struct fixture *f = with_perpetual();
    struct pl_venue_input in = { .kind = PL_VENUE_FUND };
    in.as.mark.instrument = PERP;
    in.as.mark.price = PRICE;
    f->now_us = START_US + 4 * PL_HOUR_US;
    apply(f, in);
    assert_refused(f, PL_VENUE_OWN);
    in.kind = PL_VENUE_SETTLE;
    apply(f, in);
    assert_non_null(told(f, PL_VENUE_SETTLED));
    assert_int_equal(cash_of(f, 0), -half(2));
    assert_int_equal(cash_of(f, 1), half(2));
    fixture_close(f);
}

static void assert_judged_anew(struct fixture *f, uint32_t account, uint64_t version)
{
    struct pl_venue_input in = { .kind = PL_VENUE_VERDICT, .account = account };
    in.as.verdict.position_version = version;
    apply(f, in);
    assert_refused(f, PL_VENUE_OLD);
}

/* An instrument whose payment does not fit is told, the others are paid. */
static void one_that_cannot_be_paid_holds_up_no_other(void **state)
{
    (void)state;
    for (int both = 0; both < 2; both++) {
        struct fixture *f = fixture_new();
        f->terms[PERP].kind = f->terms[FUTURE].kind = PL_VENUE_PERPETUAL;
        fixture_open(f);
        hold(f, 0, PERP, 2000, -100000 * E8);
        hold(f, 1, PERP, -2000, 100000 * E8);
        hold(f, 2, FUTURE, both ? 1 : INT64_C(1) << 60, 0);
        prices(f);
        for (uint32_t i = PERP; i <= FUTURE; i += FUTURE - PERP) {
            mark(f, i, PRICE);
            rate(f, i, PL_COEFFICIENT_ONE / 64);
        }
        const uint64_t version = pl_venue_version(f->venue);
        f->now_us = START_US + 8 * PL_HOUR_US;
        tick(f);
        assert_int_equal(f->actions[0].instrument, PERP);
        assert_int_equal(f->actions[0].reason, PL_FUNDING_OK);
        assert_int_equal(f->actions[1].instrument, FUTURE);
        assert_int_equal(f->actions[1].reason, both ? PL_FUNDING_OK : PL_FUNDING_LEDGER);
        assert_int_equal(cash_of(f, 1), 100000 * E8 + 1562 * E8 + E8 / 2);
        assert_judged_anew(f, 1, version);
        fixture_close(f);
    }
}

static void impossible_rates_and_marks_are_refused(void **state)
{
    (void)state;
    char message[PL_VENUE_MESSAGE_BYTES];
    struct fixture *f = with_perpetual();
    rate(f, FUTURE, 0);
    assert_refused(f, PL_VENUE_UNKNOWN);
    mark(f, PERP, -1);
    assert_refused(f, PL_VENUE_AMOUNT);
    assert_int_equal(mark_of(f, PERP), PRICE);
    f->rules.funding.interval_us = 0;
    assert_int_not_equal(pl_venue_check(&f->rules, &f->setup, message), 0);
    assert_non_null(strstr(message, "interval_us"));
    fixture_close(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_due_is_paid_before_anything_else),
        cmocka_unit_test(a_close_carries_what_accrued),
        cmocka_unit_test(who_comes_late_pays_for_his_time),
        cmocka_unit_test(a_bidder_takes_over_what_the_book_owes),
        cmocka_unit_test(deleveraging_carries_what_accrued),
        cmocka_unit_test(an_inverse_perpetual_pays_in_its_coin),
        cmocka_unit_test(a_payment_in_coin_waits_for_its_mark),
        cmocka_unit_test(a_close_in_coin_carries_what_accrued),
        cmocka_unit_test(what_ends_pays_what_accrued),
        cmocka_unit_test(one_that_cannot_be_paid_holds_up_no_other),
        cmocka_unit_test(impossible_rates_and_marks_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
