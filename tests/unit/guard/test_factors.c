/* Factors of scenarios against the definition: whatever deltas an option has before and after the
 * shock, and for linear values of both signs, the excess moves no further. */
#include "../support/random.h"

#include "guard/factors.h"
#include "model/fixmath.h"
#include "model/money.h"

#define ONE 0x1p40

static int64_t q40(double x)
{
    return llround(x * ONE);
}

/* One expiry of one underlying, with one scenario. */
struct fixture {
    struct pl_scenario scenarios[PL_SCENARIOS_MAX];
    struct pl_underlying underlying;
    struct pl_expiry expiry;
    struct pl_expiry_tick tick;
    struct pl_tables tables;
    double loss, shock, dampening, moving, long_discount, short_discount, basis[2], weight;
};

static void draw(struct fixture *f, uint64_t *random, uint8_t rule)
{
    *f = (struct fixture){ .loss = random_real(random, 0, 4),
                           .shock = rule >= PL_VOL_RULE_LINEAR ? 1 : random_log(random, 0.3, 3),
                           .dampening = random_real(random, 0, 1.2),
                           .moving = random_once_in(random, 2) ? 1 : random_real(random, 0, 1),
                           .long_discount = random_real(random, 0.7, 1),
                           .short_discount = random_real(random, 1, 1.3),
                           .basis = { random_real(random, 1, 1.1), random_real(random, 0.9, 1) },
                           .weight = random_real(random, 0, 3) };
    f->scenarios[0] = (struct pl_scenario){
        .vol_rule = rule, .count = 1, .shock = q40(f->shock), .dampening = q40(f->dampening)
    };
    f->underlying = (struct pl_underlying){ .scenario_count = 1,
                                            .basis_up = q40(f->basis[0]),
                                            .basis_down = q40(f->basis[1]) };
    f->expiry = (struct pl_expiry){ .scenario = 1 };
    f->tick.time = (struct pl_tick_time){ .moving = q40(f->moving),
                                          .basis_weight = q40(f->weight),
                                          .long_discount = q40(f->long_discount),
                                          .short_discount = q40(f->short_discount) };
    f->tables = (struct pl_tables){ .scenarios = f->scenarios,
                                    .underlyings = &f->underlying,
                                    .expiries = &f->expiry,
                                    .frozen = &f->tick };
}

static double shocked(const struct fixture *f, double shock)
{
    return 1 + f->moving * (shock - 1);
}

static void expect_within(double x, pl_i128 low, pl_i128 high)
{
    if (x < (double)low / ONE - 1e-9 || x > (double)high / ONE + 1e-9)
        fail_msg("%.9f is not in %.9f .. %.9f", x, (double)low / ONE, (double)high / ONE);
}

static void options_stay_within_their_factors(void **state)
{
    (void)state;
    uint64_t random = random_seed(21);
    for (uint64_t round = random_rounds(100000); round > 0; round--) {
        struct fixture f;
        struct pl_factor factor;
        draw(&f, &random, PL_VOL_RULE_NONE);
        /* deltas at the corners and between them */
        double before = fmin(1, random_real(&random, 0, 2)),
               after = fmin(1, random_real(&random, 0, 2));
        double other = fmin(1, random_real(&random, 0, 2));
        double discount = random_once_in(&random, 2) ? f.long_discount : f.short_discount;
        double a = f.loss * f.dampening;
        assert_true(pl_factor_of(&f.tables, 0, 1, q40(f.loss), true, 0, &factor));
        expect_within(before + a * (discount * shocked(&f, f.shock) * after - before),
                      -factor.against, factor.with);
        assert_true(pl_factor_of(&f.tables, 0, 2, q40(f.loss), true, 0, &factor));
        const double basis[] = { 0, shocked(&f, f.basis[0]) * after - before,
                                 shocked(&f, f.basis[1]) * other - before };
        for (int i = 0; i < 3; i++)
            expect_within(before + f.loss * f.weight * basis[i], -factor.against, factor.with);
    }
}

static void linear_values_stay_within_their_factors(void **state)
{
    (void)state;
    uint64_t random = random_seed(22);
    for (uint64_t round = random_rounds(100000); round > 0; round--) {
        struct fixture f;
        struct pl_factor factor;
        uint8_t rule = random_once_in(&random, 2) ? PL_VOL_RULE_NONE : PL_VOL_RULE_LINEAR;
        draw(&f, &random, rule);
        double a = f.loss * f.dampening;
        assert_true(pl_factor_of(&f.tables, 0, 1, q40(f.loss), false, -1, &factor));
        for (int sign = -1; sign <= 1; sign += 2) {
            double discount = sign > 0 ? f.long_discount : f.short_discount;
            double pnl = sign * (discount * shocked(&f, f.shock) - 1);
            double moved = sign + a * (rule == PL_VOL_RULE_NONE ? pnl : -fabs(pnl));
            if (sign > 0)
                expect_within(moved, factor.linear_low, factor.linear_high);
            else
                expect_within(-moved, factor.owed_low, factor.owed_high);
        }
    }
}

/* The engine's delta at one vol and at another within the cap, the skew's own slope beside it. */
static void skews_turn_deltas_no_further_than_their_factor(void **state)
{
    (void)state;
    uint64_t random = random_seed(23);
    double closest = 0;
    for (uint64_t round = random_rounds(50000); round > 0; round--) {
        struct fixture f;
        struct pl_factor factor;
        draw(&f, &random, PL_VOL_RULE_LINEAR);
        f.tick.time.long_discount = f.tick.time.short_discount = PL_COEFFICIENT_ONE;
        double cap = random_real(&random, 0, 0.5), slope = cap / random_log(&random, 0.01, 2);
        f.tick.shift.linear_cap = q40(cap), f.tick.shift.linear_slope = q40(slope);
        uint64_t ttl = (uint64_t)random_log(&random, 1e9, 3e13), forward = UINT64_C(100000000000);
        double vol = random_log(&random, 0.05, 3), root = sqrt((double)ttl / 31536e9);
        uint64_t strike = (uint64_t)(1e11 * random_log(&random, 0.4, 2.5));
        bool call = random_once_in(&random, 2);
        struct pl_expiry_math math;
        pl_fix_expiry(&math, ttl, 0);
        double values[2][2]; /* [moved forward][shocked vol] */
        for (int up = 0; up < 2; up++) {
            uint64_t moved = forward + (up ? forward / 100000 : 0);
            int64_t k = pl_log_moneyness_q48(&pl_arith_full, strike, moved);
            for (int shock = 0; shock < 2; shock++) {
                int64_t m = shock ? pl_row_vol_multiplier(&f.tick.shift, PL_VOL_RULE_LINEAR, k)
                                  : PL_COEFFICIENT_ONE;
                struct pl_black_in in = { moved, strike,
                                          (uint64_t)(vol * 0x1p45 * ((double)m / ONE)), call };
                uint32_t flags;
                values[up][shock] = (double)pl_black_value(&pl_arith_full, &math, &in, &flags);
            }
        }
        double delta = (values[1][0] - values[0][0]) / 1e6,
               other = (values[1][1] - values[0][1]) / 1e6;
        double a = f.loss * f.dampening, apart = a * fabs(other - delta);
        assert_true(
            pl_factor_of(&f.tables, 0, 1, q40(f.loss), true, q40(vol * root * 1.0001), &factor));
        if (apart > (double)factor.against / ONE + 1e-4)
            fail_msg("deltas %.6f and %.6f, at most %.6f apart", delta, other,
                     (double)factor.against / ONE / a);
        if (factor.against > 0)
            closest = fmax(closest, apart / ((double)factor.against / ONE));
    }
    print_message("the closest used %.3f of its factor\n", closest);
    assert_true(closest > 0.5);
}

static void a_skew_that_jumps_has_no_factor(void **state)
{
    (void)state;
    uint64_t random = random_seed(24);
    struct fixture f;
    struct pl_factor factor;
    draw(&f, &random, PL_VOL_RULE_ABS);
    f.tick.shift.abs_cap = -1;
    assert_false(pl_factor_of(&f.tables, 0, 1, q40(1), true, 0, &factor));
    assert_true(pl_factor_of(&f.tables, 0, 1, q40(1), false, -1, &factor)); /* no option there */
    f.tick.shift.abs_cap = 1;
    assert_true(pl_factor_of(&f.tables, 0, 1, q40(1), true, 0, &factor));
}

/* What an account of options in one expiry and a linear value in another moves by, for a price move
 * of 1. */
static void moves_of(const struct pl_tables *t, uint32_t k, int64_t loss, const double held[3],
                     double *low, double *high)
{
    struct pl_factor option, linear;
    int64_t root = q40(0.3);
    assert_true(pl_factor_of(t, 0, k, loss, true, root, &option));
    assert_true(pl_factor_of(t, 1, k, loss, false, -1, &linear));
    bool owed = held[2] < 0;
    double size = fabs(held[2]);
    *low = -held[0] * (double)option.with - held[1] * (double)option.against +
           size * (double)(owed ? -linear.owed_high : linear.linear_low);
    *high = held[1] * (double)option.with + held[0] * (double)option.against +
            size * (double)(owed ? -linear.owed_low : linear.linear_high);
}

static void what_decides_spans_all_scenarios(void **state)
{
    (void)state;
    uint64_t random = random_seed(25), listed = 0, all = 0;
    for (uint64_t round = random_rounds(20000); round > 0; round--) {
        struct fixture f, other;
        struct pl_expiry expiries[2] = { { .scenario = 1 }, { .scenario = 1 } };
        struct pl_expiry_tick ticks[2];
        struct pl_factor_list list;
        uint32_t count = (uint32_t)random_within(&random, 0, PL_SCENARIOS_MAX);
        draw(&f, &random, PL_VOL_RULE_NONE);
        draw(&other, &random, PL_VOL_RULE_NONE);
        ticks[0] = f.tick, ticks[1] = other.tick;
        for (uint32_t i = 0; i < count; i++) {
            uint8_t rule = (uint8_t)random_within(&random, PL_VOL_RULE_NONE, PL_VOL_RULE_ABS);
            bool skew = rule == PL_VOL_RULE_LINEAR || rule == PL_VOL_RULE_ABS;
            f.scenarios[i] =
                (struct pl_scenario){ .vol_rule = rule,
                                      .shock = skew ? PL_COEFFICIENT_ONE
                                                    : q40(random_log(&random, 0.3, 3)),
                                      .dampening = q40(random_once_in(&random, 3) ? 0.35 : 1) };
        }
        f.underlying.scenario_count = (uint8_t)count;
        f.tables.scenarios = f.scenarios;
        f.tables.underlyings = &f.underlying;
        f.tables.expiries = expiries;
        f.tables.frozen = ticks;
        pl_factor_decisive(&f.tables, 0, &list);
        assert_int_equal(list.numbers[0], 0);
        assert_int_equal(list.numbers[list.count - 1], count + 1);
        const double held[] = { random_real(&random, 0, 1), random_real(&random, 0, 1),
                                random_real(&random, -1, 1) };
        double low = 0, high = 0, lowest = 0, highest = 0;
        for (uint32_t n = 0; n < list.count; n++) {
            moves_of(&f.tables, list.numbers[n], q40(f.loss), held, &low, &high);
            lowest = n == 0 ? low : fmin(lowest, low);
            highest = n == 0 ? high : fmax(highest, high);
        }
        for (uint32_t k = 0; k < count + 2; k++) {
            moves_of(&f.tables, k, q40(f.loss), held, &low, &high);
            if (low < lowest - 100 || high > highest + 100) /* roundings, of 2^40 */
                fail_msg("scenario %u: %.0f .. %.0f is not in %.0f .. %.0f", k, low, high, lowest,
                         highest);
        }
        listed += list.count;
        all += count + 2;
    }
    print_message("%" PRIu64 " of %" PRIu64 " factors decide\n", listed, all);
    assert_true(listed < all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_stay_within_their_factors),
        cmocka_unit_test(linear_values_stay_within_their_factors),
        cmocka_unit_test(skews_turn_deltas_no_further_than_their_factor),
        cmocka_unit_test(a_skew_that_jumps_has_no_factor),
        cmocka_unit_test(what_decides_spans_all_scenarios),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
