/* Volatility in the venue: widths and haircuts that follow it, add-ons to verdicts. */
#include "venue_fixture.h"

static uint32_t implied(struct fixture *f, uint32_t asset, int64_t volatility_q40)
{
    struct pl_venue_input in = { .kind = PL_VENUE_IMPLIED, .account = asset };
    in.as.number.value_q40 = volatility_q40;
    return apply(f, in);
}

static void step(struct fixture *f, int64_t price)
{
    f->now_us += PL_MINUTE_US;
    report_all(f, BITCOIN, price);
    tick(f);
}

static void widths_and_haircuts_follow_volatility_slowly(void **state)
{
    (void)state;
    struct fixture *f = fixture_new();
    const struct pl_parameter_rules *r = &f->rules.width;
    struct pl_parameter width;
    struct pl_volatility volatility;
    fixture_open(f);
    pl_volatility_start(&volatility);
    pl_parameter_start(&width, r, r->floor_q40, START_US);
    assert_int_equal(pl_venue_width(f->venue, BITCOIN), r->floor_q40);
    int told_widths = 0, told_haircuts = 0;
    for (int minute = 0; minute < 24 * 60; minute++) {
        const int64_t before = pl_venue_width(f->venue, BITCOIN);
        step(f, minute % 2 == 0 ? 5000000 : 5100000); /* 2 % a minute */
        pl_volatility_tick(&volatility, &f->rules.volatility,
                           pl_venue_fused(f->venue, BITCOIN)->now.price, f->now_us);
        const struct pl_volatility_estimate e =
            pl_volatility_now(&volatility, &f->rules.volatility, f->now_us);
        pl_parameter_step(&width, r, e.used_q40, f->now_us);
        const int64_t now = pl_venue_width(f->venue, BITCOIN);
        assert_true(now >= width.value_q40 && now - width.value_q40 < f->rules.grain_q40);
        const struct pl_venue_action *a = told(f, PL_VENUE_WIDTH);
        assert_int_equal(a != NULL, now != before);
        if (a != NULL) {
            told_widths++;
            assert_int_equal(a->account, BITCOIN);
            assert_int_equal(a->steps, before);
            assert_int_equal(a->price, now);
            assert_int_equal(a->other, e.used_q40);
            assert_int_equal(a->reason,
                             e.used_q40 == e.return_q40 ? PL_VENUE_RETURNS : PL_VENUE_RANGES);
            assert_non_null(strstr(pl_venue_action_reason(a), "volatility of r"));
        }
        told_haircuts += told(f, PL_VENUE_HAIRCUT) != NULL;
    }
    /* 1 % an hour in grains of half a percent, from the second hour on. */
    assert_in_range(told_widths, 44, 48);
    assert_in_range(told_haircuts, 22, 24);
    assert_true(pl_venue_width(f->venue, BITCOIN) < PL_Q40_MILLIONTHS(340000));
    fixture_close(f);
}

static void what_rose_falls_two_grains_at_a_time(void **state)
{
    (void)state;
    struct fixture *f = fixture_new();
    f->rules.width.rise_q40_per_hour = PL_Q40_MILLIONTHS(200000);
    f->rules.width.fall_q40_per_hour = PL_Q40_MILLIONTHS(60000);
    f->rules.volatility.implied_age_max_us = 7 * PL_DAY_US;
    fixture_open(f);
    step(f, 5000000);
    implied(f, BITCOIN, 2 * PL_COEFFICIENT_ONE);
    assert_int_equal(f->count, 0);
    for (int minute = 0; minute < 90; minute++)
        step(f, 5000000);
    assert_int_equal(pl_venue_width(f->venue, BITCOIN), f->rules.width.ceiling_q40);
    implied(f, BITCOIN, PL_COEFFICIENT_ONE); /* 4 / sqrt(365): 20.9 % */
    int falls = 0;
    for (int minute = 0; minute < 300; minute++) {
        step(f, 5000000);
        const struct pl_venue_action *a = told(f, PL_VENUE_WIDTH);
        if (a == NULL)
            continue;
        falls++;
        assert_int_equal(a->reason, PL_VENUE_OPTIONS);
        assert_true(a->price <= a->steps - f->rules.grain_q40);
        assert_true(a->value_e8 <= a->price);
    }
    assert_in_range(falls, 15, 20);
    assert_in_range(pl_venue_width(f->venue, BITCOIN), PL_Q40_MILLIONTHS(209000),
                    PL_Q40_MILLIONTHS(220000));
    implied(f, BITCOIN, PL_COEFFICIENT_ONE / 10); /* below the floor, which is reached exactly */
    for (int minute = 0; minute < 180; minute++)
        step(f, 5000000);
    assert_int_equal(pl_venue_width(f->venue, BITCOIN), f->rules.width.floor_q40);
    fixture_close(f);
}

static void a_disputed_price_and_silence_move_nothing(void **state)
{
    (void)state;
    struct fixture *f = fixture_new();
    f->rules.volatility.bars_min = 1;
    fixture_open(f);
    for (int minute = 0; minute < 120; minute++) {
        f->now_us += PL_MINUTE_US;
        report(f, BITCOIN, 0, 4000000);
        report(f, BITCOIN, 1, 5000000 + minute % 2 * 500000);
        report(f, BITCOIN, 2, 6500000);
        tick(f);
        assert_true(pl_venue_fused(f->venue, BITCOIN)->disputed);
        assert_int_equal(f->count, 0);
    }
    f->now_us += PL_DAY_US;
    tick(f);
    assert_int_equal(pl_venue_width(f->venue, BITCOIN), f->rules.width.floor_q40);
    fixture_close(f);
}

static void impossible_volatilities_are_refused(void **state)
{
    (void)state;
    char message[PL_VENUE_MESSAGE_BYTES];
    struct fixture *f = fixture_new();
    fixture_open(f);
    implied(f, BITCOIN, 0);
    assert_refused(f, PL_VENUE_AMOUNT);
    implied(f, BITCOIN, 20 * PL_COEFFICIENT_ONE);
    assert_refused(f, PL_VENUE_AMOUNT);
    implied(f, FIXTURE_ASSETS, PL_COEFFICIENT_ONE);
    assert_refused(f, PL_VENUE_UNKNOWN);
    f->rules.grain_q40 = PL_COEFFICIENT_ONE;
    assert_int_not_equal(pl_venue_check(&f->rules, &f->setup, message), 0);
    assert_non_null(strstr(message, "grain_q40"));
    f->rules.grain_q40 = PL_Q40_MILLIONTHS(5000);
    f->rules.haircut.ceiling_q40 = 0;
    assert_int_not_equal(pl_venue_check(&f->rules, &f->setup, message), 0);
    assert_non_null(strstr(message, "ceiling_q40"));
    fixture_close(f);
}

/* A perpetual at 50,000: 1,000 steps are a coin. 0.5 % for every 100 coins, and up to 10 % for an
 * open interest between 10 and 30 million. */
static struct fixture *with_addons(void)
{
    struct fixture *f = fixture_new();
    f->rules.addon = (struct pl_addon_rules){
        .position_unit_e8 = 5000000 * E8,
        .position_slope_q40 = PL_Q40_MILLIONTHS(5000),
        .position_max_q40 = PL_Q40_MILLIONTHS(50000),
        .interest_low_e8 = 10000000 * E8,
        .interest_high_e8 = 30000000 * E8,
        .interest_max_q40 = PL_Q40_MILLIONTHS(100000),
    };
    fixture_open(f);
    step(f, 5000000);
    mark(f, PERP, 5000000);
    hold(f, 0, PERP, -400 * 1000, 20000000 * E8); /* 20 million: 2 % alone, 5 % with the market */
    deposit(f, 0, 3000000 * E8);
    hold(f, 1, PERP, 400 * 1000, -20000000 * E8);
    step(f, 5000000);
    return f;
}

static void add_ons_lower_excesses_and_raise_verdicts(void **state)
{
    (void)state;
    struct fixture *f = with_addons();
    uint32_t flags = 0;
    const struct pl_venue_addons a = pl_venue_addons(f->venue, 0, &flags);
    assert_int_equal(flags, 0);
    assert_in_range(a.maintenance_e8, 400000 * E8, 400000 * E8 + 10000);
    assert_in_range(a.initial_e8, 1400000 * E8, 1400000 * E8 + 10000);
    verdict(f, 0, 500000 * E8, 1500000 * E8);
    assert_int_equal(f->count, 0);
    verdict(f, 0, 500000 * E8, 1300000 * E8); /* healthy by the model, not with the add-on */
    assert_int_equal(told(f, PL_VENUE_ADDED)->price, PL_STATE_HEALTHY);
    assert_int_equal(told(f, PL_VENUE_ADDED)->verdict, PL_STATE_MARGIN_CALL);
    assert_int_equal(told(f, PL_VENUE_CALL)->verdict, PL_STATE_MARGIN_CALL);
    verdict(f, 0, 300000 * E8, 1300000 * E8);
    assert_null(told(f, PL_VENUE_ADDED)); /* once */
    const struct pl_venue_action *plan = told(f, PL_VENUE_PLAN);
    assert_int_equal(plan->verdict, PL_STATE_LIQUIDATE);
    assert_int_equal(plan->other, a.maintenance_e8);
    fixture_close(f);
}

static void what_add_ons_ask_is_not_free_to_leave(void **state)
{
    (void)state;
    struct fixture *f = with_addons();
    struct pl_venue_input in = { .kind = PL_VENUE_WITHDRAW, .account = 0 };
    in.as.money.amount_e8 = 200000 * E8;
    in.as.money.free_e8 = 1500000 * E8; /* by the model */
    verdict(f, 0, 1000000 * E8, 1500000 * E8);
    apply(f, in);
    assert_refused(f, PL_VENUE_DENIED);
    assert_int_equal(f->actions[0].value_e8, PL_WITHDRAWAL_NOT_FREE);
    in.as.money.amount_e8 = 99999 * E8;
    apply(f, in);
    assert_non_null(told(f, PL_VENUE_QUEUED));
    fixture_close(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(widths_and_haircuts_follow_volatility_slowly),
        cmocka_unit_test(what_rose_falls_two_grains_at_a_time),
        cmocka_unit_test(a_disputed_price_and_silence_move_nothing),
        cmocka_unit_test(impossible_volatilities_are_refused),
        cmocka_unit_test(add_ons_lower_excesses_and_raise_verdicts),
        cmocka_unit_test(what_add_ons_ask_is_not_free_to_leave),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
