/* Expiries in the venue: settled at the average before them, or by decision. */
#include "venue_fixture.h"

#define EXPIRY_US (START_US + 8 * PL_HOUR_US)

static const struct pl_venue_expiry expiries[] = { { BITCOIN, 0, EXPIRY_US },
                                                   { BITCOIN, 0, EXPIRY_US + PL_DAY_US } };

/* A future and a call of 50,000; account 0 is long of both, account 1 short. */
static struct fixture *with_expiries(void)
{
    struct fixture *f = fixture_new();
    f->terms[FUTURE] =
        (struct pl_venue_terms){ .kind = PL_VENUE_EXPIRY, .payoff = { .kind = PL_KIND_FUTURE } };
    f->terms[CALL] =
        (struct pl_venue_terms){ .kind = PL_VENUE_EXPIRY,
                                 .payoff = { .kind = PL_KIND_OPTION, .strike = 5000000 } };
    f->setup.expiries = expiries;
    f->setup.expiry_count = 2;
    fixture_open(f);
    hold(f, 0, FUTURE, 1000, -50000 * E8);
    hold(f, 1, FUTURE, -1000, 50000 * E8);
    hold(f, 0, CALL, 2000, -1000 * E8);
    hold(f, 1, CALL, -2000, 1000 * E8);
    return f;
}

static void step(struct fixture *f, int64_t time_us, int64_t price)
{
    f->now_us = time_us;
    report_all(f, BITCOIN, price);
    tick(f);
}

/* 20 minutes at 50,000, then 10 minutes at 53,000 until expiry. */
static void play(struct fixture *f, int64_t until_us)
{
    for (int64_t t = EXPIRY_US - 40 * PL_MINUTE_US; t <= until_us; t += 30 * PL_SECOND_US)
        step(f, t, t < EXPIRY_US - 10 * PL_MINUTE_US ? 5000000 : 5300000);
}

static void the_average_before_expiry_settles(void **state)
{
    (void)state;
    struct fixture *f = with_expiries();
    int64_t average = 0;
    play(f, EXPIRY_US - 30 * PL_SECOND_US);
    assert_int_equal(f->count, 0);
    assert_false(pl_venue_average(f->venue, 0, &average));
    const int64_t long_before = cash_of(f, 0), short_before = cash_of(f, 1);
    step(f, EXPIRY_US, 9000000); /* what comes at expiry counts no more */
    uint32_t settled = 0;
    for (uint32_t i = 0; i < f->count; i++) {
        if (f->actions[i].kind != PL_VENUE_SETTLED)
            continue;
        settled++;
        assert_int_equal(f->actions[i].reason, PL_VENUE_AVERAGE);
        assert_int_equal(f->actions[i].price, 5100000);
        assert_int_equal(f->actions[i].other, 30 * PL_MINUTE_US);
        assert_string_equal(pl_venue_action_reason(&f->actions[i]), "at the average before expiry");
    }
    assert_int_equal(settled, 2);
    /* A future of one coin, and two calls that end 1,000 in the money. */
    assert_int_equal(cash_of(f, 0) - long_before, (51000 + 2 * 1000) * E8);
    assert_int_equal(cash_of(f, 1) - short_before, -(51000 + 2 * 1000) * E8);
    assert_int_equal(pl_ledger_steps(pl_venue_ledger(f->venue), 0, FUTURE), 0);
    assert_int_equal(pl_ledger_steps(pl_venue_ledger(f->venue), 1, CALL), 0);
    step(f, EXPIRY_US + PL_SECOND_US, 9000000); /* once */
    assert_null(told(f, PL_VENUE_SETTLED));
    assert_true(pl_venue_average(f->venue, 0, &average) && average == 5100000);
    assert_false(pl_venue_average(f->venue, 1, &average)); /* a day later */
    assert_false(pl_venue_average(f->venue, 2, &average)); /* there is none */
    fixture_close(f);
}

static void a_window_without_prices_is_decided_by_somebody(void **state)
{
    (void)state;
    struct fixture *f = with_expiries();
    struct pl_venue_input in = { .kind = PL_VENUE_SETTLE };
    in.as.mark.instrument = FUTURE;
    in.as.mark.price = 5200000;
    play(f, EXPIRY_US - 15 * PL_MINUTE_US);
    apply(f, in); /* not before */
    assert_refused(f, PL_VENUE_OWN);
    step(f, EXPIRY_US, 5000000);
    const struct pl_venue_action *a = told(f, PL_VENUE_UNSETTLED);
    assert_int_equal(a->reason, PL_SETTLEMENT_UNCOVERED);
    assert_int_equal(a->steps, 0);
    assert_in_range(a->other, 16 * PL_MINUTE_US, 16 * PL_MINUTE_US);
    assert_int_equal(pl_ledger_steps(pl_venue_ledger(f->venue), 0, FUTURE), 1000);
    step(f, EXPIRY_US + PL_SECOND_US, 5000000);
    assert_null(told(f, PL_VENUE_UNSETTLED)); /* told once */
    int64_t average;
    assert_false(pl_venue_average(f->venue, 0, &average));
    const int64_t before = cash_of(f, 0);
    apply(f, in);
    assert_int_equal(told(f, PL_VENUE_SETTLED)->reason, PL_VENUE_GIVEN);
    assert_int_equal(cash_of(f, 0) - before, 52000 * E8);
    fixture_close(f);
}

/* Prices that only one venue shows settle nothing. */
static void poor_prices_do_not_count(void **state)
{
    (void)state;
    struct fixture *f = fixture_new();
    f->fusion[BITCOIN].source[1].venue = f->fusion[BITCOIN].source[2].venue = 0;
    f->terms[FUTURE] =
        (struct pl_venue_terms){ .kind = PL_VENUE_EXPIRY, .payoff = { .kind = PL_KIND_FUTURE } };
    f->setup.expiries = expiries;
    f->setup.expiry_count = 1;
    fixture_open(f);
    play(f, EXPIRY_US);
    assert_int_equal(told(f, PL_VENUE_UNSETTLED)->other, 0);
    fixture_close(f);
}

/* Below its line before the expiry, with a close of the future out. */
static struct fixture *closing(void)
{
    struct fixture *f = with_expiries();
    struct pl_venue_input close = { .kind = PL_VENUE_CLOSE, .account = 0 };
    deposit(f, 0, 500 * E8);
    play(f, EXPIRY_US - 60 * PL_SECOND_US);
    mark(f, FUTURE, 5300000);
    mark(f, CALL, 300000);
    verdict(f, 0, -100 * E8, -200 * E8);
    assert_non_null(told(f, PL_VENUE_PLAN));
    close.as.close.instrument = FUTURE;
    close.as.close.steps = 500;
    close.as.close.price = 5000000;
    close.as.close.value_e8 = 26500 * E8;
    apply(f, close);
    assert_non_null(told(f, PL_VENUE_SEND_CLOSE));
    apply(f, (struct pl_venue_input){ .kind = PL_VENUE_PLANNED, .account = 0 });
    return f;
}

static void closes_of_what_is_settled_are_void(void **state)
{
    (void)state;
    struct fixture *f = closing();
    struct pl_venue_input fill = { .kind = PL_VENUE_FILL, .account = 0 };
    fill.as.close.instrument = FUTURE;
    fill.as.close.steps = 500;
    fill.as.close.price = 5300000;
    step(f, EXPIRY_US - 30 * PL_SECOND_US, 5300000);
    step(f, EXPIRY_US, 5300000);
    assert_int_equal(told(f, PL_VENUE_VOIDED)->instrument, FUTURE);
    assert_int_equal(told(f, PL_VENUE_VOIDED)->steps, 1);
    assert_int_equal(pl_venue_account(f->venue, 0)->state, PL_LIQUIDATION_WATCHED);
    apply(f, fill);
    assert_refused(f, PL_VENUE_NOT_ASKED);
    assert_int_equal(pl_ledger_steps(pl_venue_ledger(f->venue), 0, FUTURE), 0);
    fixture_close(f);
}

static void a_fill_never_goes_beyond_what_is_left(void **state)
{
    (void)state;
    struct fixture *f = closing();
    struct pl_venue_input fill = { .kind = PL_VENUE_FILL, .account = 0 };
    fill.as.close.instrument = FUTURE;
    fill.as.close.steps = 500;
    fill.as.close.price = 5300000;
    hold(f, 0, FUTURE, -501, 26500 * E8); /* most of it went elsewhere */
    apply(f, fill);
    assert_refused(f, PL_VENUE_BEYOND);
    fill.as.close.steps = 499;
    apply(f, fill);
    assert_non_null(told(f, PL_VENUE_FILLED));
    assert_int_equal(pl_ledger_steps(pl_venue_ledger(f->venue), 0, FUTURE), 0);
    fixture_close(f);
}

static void nothing_opens_or_closes_after_expiry(void **state)
{
    (void)state;
    struct fixture *f = with_expiries();
    struct pl_venue_input in = { .kind = PL_VENUE_OPEN, .account = 0 };
    in.as.close.instrument = FUTURE;
    in.as.close.steps = 1;
    f->now_us = EXPIRY_US;
    apply(f, in);
    assert_refused(f, PL_VENUE_EXPIRED);
    in.kind = PL_VENUE_FUND;
    in.as.mark.instrument = FUTURE;
    apply(f, in);
    assert_refused(f, PL_VENUE_OWN);
    fixture_close(f);

    f = with_expiries(); /* planned just before, but the close comes just after */
    deposit(f, 0, 500 * E8);
    play(f, EXPIRY_US - 30 * PL_SECOND_US);
    mark(f, FUTURE, 5300000);
    mark(f, CALL, 300000);
    verdict(f, 0, -100 * E8, -200 * E8);
    assert_non_null(told(f, PL_VENUE_PLAN));
    struct pl_venue_input close = { .kind = PL_VENUE_CLOSE, .account = 0 };
    close.as.close.instrument = FUTURE;
    close.as.close.steps = 500;
    close.as.close.price = 5000000;
    f->now_us = EXPIRY_US;
    apply(f, close);
    assert_refused(f, PL_VENUE_EXPIRED);
    fixture_close(f);
}

static void impossible_expiries_are_refused(void **state)
{
    (void)state;
    char message[PL_VENUE_MESSAGE_BYTES];
    struct fixture *f = with_expiries();
    struct pl_venue_terms *const t = &f->terms[CALL];
    t->payoff.strike = 0;
    assert_int_not_equal(pl_venue_check(&f->rules, &f->setup, message), 0);
    assert_non_null(strstr(message, "payoff"));
    t->payoff.strike = 1;
    t->expiry = 2;
    assert_int_not_equal(pl_venue_check(&f->rules, &f->setup, message), 0);
    assert_non_null(strstr(message, "expiry: one of its asset's"));
    t->expiry = 0;
    f->abouts[CALL].asset = STABLE;
    assert_int_not_equal(pl_venue_check(&f->rules, &f->setup, message), 0);
    f->abouts[CALL].asset = BITCOIN;
    f->rules.settlement.window_us = 0;
    assert_int_not_equal(pl_venue_check(&f->rules, &f->setup, message), 0);
    assert_non_null(strstr(message, "window_us"));
    fixture_close(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_average_before_expiry_settles),
        cmocka_unit_test(a_window_without_prices_is_decided_by_somebody),
        cmocka_unit_test(poor_prices_do_not_count),
        cmocka_unit_test(closes_of_what_is_settled_are_void),
        cmocka_unit_test(a_fill_never_goes_beyond_what_is_left),
        cmocka_unit_test(nothing_opens_or_closes_after_expiry),
        cmocka_unit_test(impossible_expiries_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
