/* Distance to a breach and its probability. */
#include "closing.h"

#include "decide/distance.h"

static struct book book;
static struct book_account account;

static double normal(double z)
{
    return 0.5 * erfc(-z / sqrt(2));
}

static double touch(double move, double vol)
{
    double b = log1p(move), side = move < 0 ? -1 : 1;
    double d1 = -b / vol + vol / 2, d2 = d1 - vol;
    return normal(side * d2) + normal(side * d1) / (1 + move);
}

static double of_q40(int64_t value)
{
    return (double)value / (double)PL_COEFFICIENT_ONE;
}

static void touching_a_barrier_has_the_probability_of_the_reflection_principle(void **state)
{
    (void)state;
    uint64_t r = random_seed(51);
    for (uint64_t i = 0, rounds = random_rounds(20000); i < rounds; i++) {
        double vol = random_log(&r, 1e-4, 2);
        double move = exp(random_real(&r, -4, 4) * vol) - 1;
        if (move <= -0.95 || move >= 4 || fabs(move) < 1e-9)
            continue;
        int64_t move_q40 = (int64_t)(move * (double)PL_COEFFICIENT_ONE);
        int64_t vol_q40 = (int64_t)(vol * (double)PL_COEFFICIENT_ONE);
        double expected = fmin(1, touch(of_q40(move_q40), of_q40(vol_q40)));
        double got = of_q40(pl_breach_touch_q40(move_q40, vol_q40));
        if (fabs(got - expected) > 1e-9)
            fail_msg("move %.12g vol %.12g: %.12g, not %.12g", move, vol, got, expected);
    }
    assert_int_equal(pl_breach_touch_q40(0, 5), PL_COEFFICIENT_ONE);
    assert_int_equal(pl_breach_touch_q40(PL_COEFFICIENT_ONE / 10, 0), 0);
    assert_true(pl_breach_touch_q40(PL_COEFFICIENT_ONE / 10, INT64_MAX) <= PL_COEFFICIENT_ONE);
    assert_true(pl_breach_within_q40(1, 1, INT64_MAX, INT64_MAX) <= PL_COEFFICIENT_ONE);
    assert_int_equal(pl_breach_within_q40(0, 0, PL_COEFFICIENT_ONE, 1000000), 0);
    assert_int_equal(pl_breach_touch_q40(-PL_COEFFICIENT_ONE, PL_COEFFICIENT_ONE), 0);
}

static void barriers_are_the_first_zeros_of_the_excess(void **state)
{
    (void)state;
    uint64_t r = random_seed(52), falls = 0, rises = 0;
    for (uint64_t i = 0, rounds = random_rounds(5000); i < rounds; i++) {
        struct pl_breach_input in = { .excess_e8 = (int64_t)random_log(&r, 1, 1e15),
                                      .requirement_e8 = (int64_t)random_log(&r, 1, 1e14),
                                      .delta_e8 = (int64_t)random_log(&r, 1, 1e16),
                                      .gamma_e8 = (int64_t)random_log(&r, 1, 1e14),
                                      .vol_q40 = PL_COEFFICIENT_ONE,
                                      .horizon_us = INT64_C(86400000000) };
        in.delta_e8 = random_once_in(&r, 2) ? in.delta_e8 : -in.delta_e8;
        in.gamma_e8 = random_once_in(&r, 2) ? in.gamma_e8 : -in.gamma_e8;
        struct pl_breach b = pl_breach_of(&in);
        double slope = (double)in.delta_e8 - (double)in.requirement_e8;
        for (int side = -1; side <= 1; side += 2) {
            bool found = side < 0 ? b.falls : b.rises;
            double move = side * of_q40(side < 0 ? b.fall_q40 : b.rise_q40), gap = 0x1p-20;
            double x = found ? move : side < 0 ? -0.9999 : 3.9999;
            double scale =
                (double)in.excess_e8 + fabs(slope * x) + fabs(50. * (double)in.gamma_e8 * x * x);
            falls += found && side < 0, rises += found && side > 0;
            if (found)
                assert_true((double)in.excess_e8 + slope * x + 50. * (double)in.gamma_e8 * x * x <
                            1e-9 * scale);
            for (int k = 1; k < 64; k++) { /* and no breach before it */
                double y = (x - side * gap) * k / 64;
                double excess =
                    (double)in.excess_e8 + slope * y + 50. * (double)in.gamma_e8 * y * y;
                assert_true(excess > -1e-5 * scale || fabs(x) < 64 * gap);
            }
        }
        assert_true(b.probability_q40 >= 0 && b.probability_q40 <= PL_COEFFICIENT_ONE);
    }
    assert_true(falls > 100 && rises > 100);
    struct pl_breach_input below = { .excess_e8 = -1 };
    assert_int_equal(pl_breach_of(&below).probability_q40, PL_COEFFICIENT_ONE);
}

struct moved {
    struct pl *pl;
    uint64_t moves;
};

/* Moves BTC, its future and its perpetuals on the device. */
static bool judge_moved(void *context, int64_t move_q40, int64_t *excess_e8)
{
    struct moved *m = context;
    for (uint32_t i = PLAIN_COIN; i <= PLAIN_INVERSE; i++)
        plain_price(&book, m->pl, i,
                    (i == PLAIN_COIN     ? 50000
                     : i == PLAIN_FUTURE ? 50500
                                         : 50050) *
                        (1 + of_q40(move_q40)));
    book_commit(&book, m->pl);
    struct pl_verdict v = book_judge(m->pl, &account.account);
    m->moves++;
    *excess_e8 = v.maintenance_excess;
    return v.state != PL_STATE_INDETERMINATE;
}

static void the_exact_distance_is_where_the_model_breaches(void **state)
{
    (void)state;
    plain_book(&book, 1);
    struct moved m = { book_open(&book, "model:"), 0 };
    const struct pl_distance_judge judge = { &m, judge_moved };
    plain_account(&account, PL_MODE_CROSS, 5000);
    plain_hold(&account, PLAIN_PERPETUAL, 1000, 50050); /* one bitcoin, 5,000 behind it */
    struct pl_distance d = pl_distance_find(&judge, true);
    assert_true(d.found && !d.unknown && d.move_q40 < 0 && d.judgements == m.moves);
    int64_t excess;
    assert_true(judge_moved(&m, d.move_q40, &excess) && excess < 0);
    assert_true(judge_moved(&m, d.move_q40 + PL_COEFFICIENT_ONE / 100000, &excess) && excess >= 0);
    d = pl_distance_find(&judge, false);
    assert_false(d.found);
    assert_false(d.unknown);
    account.account.cash_e8 = 0;
    d = pl_distance_find(&judge, true);
    assert_true(d.found && d.move_q40 == 0);
    pl_close(m.pl);
    book_close(&book);
}

static bool judge_nothing(void *context, int64_t move_q40, int64_t *excess_e8)
{
    (void)context;
    *excess_e8 = 1;
    return move_q40 < PL_COEFFICIENT_ONE / 10;
}

static void a_distance_that_cannot_be_judged_says_so(void **state)
{
    (void)state;
    const struct pl_distance_judge judge = { NULL, judge_nothing };
    struct pl_distance d = pl_distance_find(&judge, false);
    assert_true(d.unknown && !d.found);
    d = pl_distance_find(&judge, true);
    assert_true(!d.unknown && !d.found);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(touching_a_barrier_has_the_probability_of_the_reflection_principle),
        cmocka_unit_test(barriers_are_the_first_zeros_of_the_excess),
        cmocka_unit_test(the_exact_distance_is_where_the_model_breaches),
        cmocka_unit_test(a_distance_that_cannot_be_judged_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
