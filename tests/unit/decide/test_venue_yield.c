/* Coins that bear yield in the venue: marked at their asset's price times their index. */
#include "venue_fixture.h"

#define ONE PL_COEFFICIENT_ONE
#define PRICE INT64_C(5000000)

static void prices(struct fixture *f, int64_t seconds)
{
    f->now_us += seconds * PL_SECOND_US;
    report_all(f, BITCOIN, PRICE);
    report_all(f, STABLE, 1000000);
    tick(f);
}

static uint32_t index_of(struct fixture *f, enum pl_venue_kind kind, uint32_t instrument,
                         int64_t index_q40)
{
    struct pl_venue_input in = { .kind = kind };
    in.as.number.instrument = instrument;
    in.as.number.value_q40 = index_q40;
    return apply(f, in);
}

/* Staked coins by their issuer's index; a stable coin that is owed, at 5 % a year. */
static struct fixture *bearing(void)
{
    struct fixture *f = fixture_new();
    f->terms[BTC].yield = PL_VENUE_BY_INDEX;
    f->terms[USDX_OWED].yield = PL_VENUE_BY_RATE;
    f->terms[USDX_OWED].yield_q40 = ONE / 20;
    f->pegged[STABLE] = false;
    fixture_open(f);
    prices(f, 1);
    return f;
}

static void shares_are_marked_with_their_index(void **state)
{
    (void)state;
    struct fixture *f = bearing();
    assert_int_equal(mark_of(f, BTC), PRICE);
    f->now_us += 7 * PL_DAY_US; /* saved growth: 10 % a year */
    index_of(f, PL_VENUE_INDEX, BTC, ONE + ONE / 1000);
    assert_int_equal(told(f, PL_VENUE_INDEXED)->reason, PL_ACCRUAL_OK);
    assert_int_equal(told(f, PL_VENUE_INDEXED)->price, ONE + ONE / 1000);
    assert_int_equal(mark_of(f, BTC), PRICE + PRICE / 1000 - 1); /* down */
    prices(f, 1);
    assert_int_equal(mark_of(f, BTC), PRICE + PRICE / 1000 - 1);
    assert_int_equal(mark_of(f, USDX), 1000000);
    /* 5 % a year for seven days and two seconds, up. */
    assert_int_equal(mark_of(f, USDX_OWED), 1000959);
    fixture_close(f);
}

static void a_report_cannot_raise_collateral_at_once(void **state)
{
    (void)state;
    struct fixture *f = bearing();
    f->now_us += PL_DAY_US;
    index_of(f, PL_VENUE_INDEX, BTC, 2 * ONE);
    const struct pl_venue_action *a = told(f, PL_VENUE_INDEXED);
    assert_int_equal(a->reason, PL_ACCRUAL_LIMITED);
    assert_int_equal(a->other, 2 * ONE);
    assert_in_range(a->price, ONE + ONE / 3660, ONE + ONE / 3640);
    fixture_close(f);
}

static void an_index_falls_by_decision_only(void **state)
{
    (void)state;
    struct fixture *f = bearing();
    f->now_us += PL_DAY_US;
    index_of(f, PL_VENUE_INDEX, BTC, ONE - ONE / 10);
    assert_int_equal(told(f, PL_VENUE_INDEXED)->reason, PL_ACCRUAL_LOWER);
    assert_int_equal(told(f, PL_VENUE_INDEXED)->price, ONE);
    assert_int_equal(mark_of(f, BTC), PRICE);
    index_of(f, PL_VENUE_WRITE_DOWN, BTC, ONE - ONE / 10);
    assert_int_equal(told(f, PL_VENUE_WRITTEN_DOWN)->other, ONE);
    assert_int_equal(mark_of(f, BTC), PRICE * 9 / 10);
    index_of(f, PL_VENUE_WRITE_DOWN, BTC, ONE);
    assert_refused(f, PL_VENUE_AMOUNT);
    index_of(f, PL_VENUE_WRITE_DOWN, USDX_OWED, ONE / 2);
    assert_int_equal(mark_of(f, USDX_OWED), 500000);
    fixture_close(f);
}

static void impossible_indices_are_refused(void **state)
{
    (void)state;
    char message[PL_VENUE_MESSAGE_BYTES];
    struct fixture *f = bearing();
    index_of(f, PL_VENUE_INDEX, USDX, ONE);
    assert_refused(f, PL_VENUE_UNKNOWN);
    index_of(f, PL_VENUE_INDEX, FIXTURE_INSTRUMENTS, ONE);
    assert_refused(f, PL_VENUE_UNKNOWN);
    index_of(f, PL_VENUE_INDEX, USDX_OWED, ONE);
    assert_refused(f, PL_VENUE_OWN);
    index_of(f, PL_VENUE_INDEX, BTC, 0);
    assert_refused(f, PL_VENUE_AMOUNT);
    index_of(f, PL_VENUE_INDEX, BTC, INT64_MAX);
    assert_refused(f, PL_VENUE_AMOUNT);
    f->terms[USDX_OWED].yield_q40 = ONE;
    assert_int_not_equal(pl_venue_check(&f->rules, &f->setup, message), 0);
    assert_non_null(strstr(message, "yield_q40"));
    f->terms[USDX_OWED].yield_q40 = 0;
    f->terms[PERP].yield = PL_VENUE_BY_INDEX;
    assert_int_not_equal(pl_venue_check(&f->rules, &f->setup, message), 0);
    assert_non_null(strstr(message, "yield: of a coin"));
    f->terms[PERP].yield = PL_VENUE_NO_YIELD;
    f->rules.accrual.growth_max_q40 = -1;
    assert_int_not_equal(pl_venue_check(&f->rules, &f->setup, message), 0);
    assert_non_null(strstr(message, "growth_max_q40"));
    fixture_close(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_are_marked_with_their_index),
        cmocka_unit_test(a_report_cannot_raise_collateral_at_once),
        cmocka_unit_test(an_index_falls_by_decision_only),
        cmocka_unit_test(impossible_indices_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
