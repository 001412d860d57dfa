/* The drift bound against the engine's own prices: time, vols, multipliers and discount move, the
 * forward does not. */
#include "../support/random.h"

#include "guard/drift.h"
#include "model/fixmath.h"
#include "model/money.h"
#include "model/row.h"
#include "stage/derive.h"

struct side {
    struct pl_expiry_tick tick;
    struct pl_expiry_math math;
    uint64_t vol;
};

static int64_t q40(double x)
{
    return llround(x * (double)PL_COEFFICIENT_ONE);
}

static struct side draw_side(const struct pl_underlying_spec *spec, uint64_t ttl_us, double rate,
                             double vol)
{
    struct side s = { .vol = (uint64_t)llround(vol * 0x1p45) };
    int64_t rate_q48 = llround(rate * 0x1p48);
    pl_derive_time(spec, ttl_us, rate_q48, &s.tick.time);
    pl_derive_shift(spec, ttl_us, &s.tick.shift);
    pl_fix_expiry(&s.math, ttl_us, rate_q48);
    s.tick.price.discount = pl_real_pack(s.math.discount);
    return s;
}

static double value_of(const struct side *s, uint64_t forward, uint64_t strike, bool call,
                       int64_t shock, uint8_t rule, uint64_t floor)
{
    int64_t k = pl_log_moneyness_q48(&pl_arith_full, strike, forward);
    int64_t multiplier = pl_row_vol_multiplier(&s->tick.shift, rule, k);
    pl_i128 half = (pl_i128)1 << (PL_COEFFICIENT_BITS - 1);
    uint64_t vol = (uint64_t)(((pl_i128)s->vol * multiplier + half) >> PL_COEFFICIENT_BITS);
    vol = rule == PL_VOL_RULE_UP && vol < floor ? floor : vol;
    struct pl_black_in in = { pl_row_shocked_forward(forward, s->tick.time.moving, shock), strike,
                              vol, call };
    uint32_t flags;
    double value = (double)pl_black_value(&pl_arith_full, &s->math, &in, &flags);
    assert_int_equal(flags, 0);
    return value;
}

static void options_drift_no_further_than_their_bound(void **state)
{
    (void)state;
    uint64_t random = random_seed(13);
    double closest = 0;
    for (uint64_t round = random_rounds(30000); round > 0; round--) {
        struct pl_underlying_spec spec = { .static_discount = true,
                                           .vol_up = q40(random_real(&random, 0, 0.9)),
                                           .vol_down = q40(random_real(&random, 0, 0.9)),
                                           .short_term_power = q40(random_real(&random, 0, 0.5)),
                                           .long_term_power = q40(random_real(&random, 0, 0.3)),
                                           .dte_floor = q40(random_real(&random, 0.2, 2)),
                                           .linear_cap = q40(random_real(&random, 0, 0.3)),
                                           .abs_cap = q40(random_real(&random, 0, 0.3)),
                                           .abs_cbase = q40(random_real(&random, 0, 0.1)),
                                           .min_k_star = q40(0.01),
                                           .min_width_scale = q40(4),
                                           .vol_static = q40(0.6),
                                           .vol_scale = q40(-0.1),
                                           .long_discount = q40(1),
                                           .short_discount = q40(1),
                                           .settlement_averaging_s = 1800 };
        uint64_t ttl = (uint64_t)random_log(&random, 1e8, 3e13);
        uint64_t later = ttl - (uint64_t)((double)ttl * random_log(&random, 1e-6, 0.9));
        double vol = random_log(&random, 0.05, 3), rate = random_real(&random, -0.1, 0.3);
        bool time = random_once_in(&random, 2), vols = random_once_in(&random, 2);
        struct side a = draw_side(&spec, ttl, rate, vol);
        struct side b =
            draw_side(&spec, time ? later : ttl, random_once_in(&random, 2) ? rate : rate + 0.01,
                      vols ? vol * random_real(&random, 0.7, 1.4) : vol);
        if (random_once_in(&random, 3)) { /* multipliers alone */
            b = a;
            b.tick.shift.vol_up += q40(random_real(&random, 0, 0.3));
            b.tick.shift.vol_down =
                pl_max64(0, b.tick.shift.vol_down - q40(random_real(&random, 0, 0.1)));
            double turn = random_real(&random, 0.8, 1.2);
            b.tick.shift.linear_cap = (int64_t)((double)b.tick.shift.linear_cap * turn);
            b.tick.shift.linear_slope = (int64_t)((double)b.tick.shift.linear_slope * turn);
            b.tick.shift.abs_slope = (int64_t)((double)b.tick.shift.abs_slope * turn);
        }
        uint64_t floor = (uint64_t)(random_real(&random, 0, 1) * 0x1p45);
        uint64_t forward = UINT64_C(100000000000);
        uint64_t strike = (uint64_t)(1e11 * random_log(&random, 0.3, 3));
        int64_t shock = q40(random_log(&random, 0.3, 3));
        uint8_t rule = (uint8_t)random_below(&random, PL_VOL_RULE_ABS + 1);
        bool call = random_once_in(&random, 2);
        shock = rule >= PL_VOL_RULE_LINEAR ? PL_COEFFICIENT_ONE : shock;
        struct pl_drift_step step = { .from = &a.tick,
                                      .to = &b.tick,
                                      .vol_move = a.vol > b.vol ? a.vol - b.vol : b.vol - a.vol,
                                      .vol_max = a.vol > b.vol ? a.vol : b.vol,
                                      .vol_floor = floor,
                                      .shock_max = llabs(shock - PL_COEFFICIENT_ONE) };
        double moved = fabs(value_of(&a, forward, strike, call, shock, rule, floor) -
                            value_of(&b, forward, strike, call, shock, rule, floor));
        double discount =
            fmax(exp(-rate * (double)ttl / 31536e9), exp(-(rate + 0.01) * (double)ttl / 31536e9));
        double size = fmax(discount, 1) * (double)(forward > strike ? forward : strike) *
                      fmax(1, (double)shock * 0x1p-40);
        double bound = (double)pl_drift(&step) * 0x1p-40 * size + 2;
        if (moved > bound)
            fail_msg("rule %u, shock %.3f, strike %.3f: moved %.9g, bound %.9g", rule,
                     (double)shock * 0x1p-40, (double)strike * 1e-11, moved, bound);
        closest = fmax(closest, moved / bound);
    }
    print_message("the closest used %.3f of its bound\n", closest);
    assert_true(closest > 0.3);
}

static void what_cannot_be_compared_drifts_without_limit(void **state)
{
    (void)state;
    struct pl_expiry_tick a = { .time = { .kind = PL_RECORD_TICK_TIME } }, b = a;
    struct pl_drift_step step = { .from = &a, .to = &b };
    a.price.discount = pl_real_pack(pl_real_from_int(1));
    b.price.discount = a.price.discount;
    assert_int_equal(pl_drift(&step), 0);
    b.price.discount = 0;
    assert_int_equal(pl_drift(&step), PL_DRIFT_MAX);
    step.coin = true;
    assert_int_equal(pl_drift(&step), 0);
}

/* Each word that time moves counts by itself. */
static void every_word_of_time_counts(void **state)
{
    (void)state;
    const int64_t step = PL_COEFFICIENT_ONE / 1000;
    struct pl_expiry_tick a = { .price = { .discount = pl_real_pack(pl_real_from_int(1)) } }, b = a;
    struct pl_drift_step drift = { .from = &a, .to = &b, .shock_max = 3 * PL_COEFFICIENT_ONE };
    int64_t *const words[] = { &b.time.long_discount, &b.time.short_discount, &b.time.basis_weight,
                               &b.time.moving };
    const int64_t most[] = { 1, 1, 2, 3 }; /* what one of it may move a value by */
    for (int i = 0; i < 4; i++) {
        *words[i] += step;
        assert_in_range(pl_drift(&drift), most[i] * step, most[i] * step + 1);
        *words[i] -= step;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_drift_no_further_than_their_bound),
        cmocka_unit_test(every_word_of_time_counts),
        cmocka_unit_test(what_cannot_be_compared_drifts_without_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
