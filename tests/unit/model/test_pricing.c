/* The pricing engine's contract, both profiles: exact identities, corners, limits, published
 * figures, any input bit pattern. Accuracy against 50-digit references is tests/oracle/black's
 * part. */
#include <inttypes.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fixmath.h"
#include "pricing.h"

#define YEAR PL_FIX_YEAR_US
#define VOL_1 (UINT64_C(1) << 45) /* sigma = 1 */
#define RATE_1 (INT64_C(1) << 48) /* r = 100 % */

struct profile {
    const char *name;
    const struct pl_arith *arith;
    unsigned price_bits, value_bits;
    double slack;    /* of a value, per unit of max(F, K) * max(D, 1) */
    uint64_t digest; /* of results_are_the_recorded_ones */
};

static const struct profile profiles[] = {
    { "full", &pl_arith_full, 51, 51, 1e-13, UINT64_C(0xa1558e1b3e06a9d2) },
    { "small", &pl_arith_small, 34, 35, 3e-8, UINT64_C(0xb92a41630daa2d01) },
};

#define FOR_EACH_PROFILE(p) for (const struct profile *p = profiles; p < profiles + 2; p++)

static uint64_t next_u64(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static uint64_t seed(void)
{
    const char *text = getenv("PLIMSOLL_TEST_SEED");
    const uint64_t s = text != NULL ? strtoull(text, NULL, 0) : 1;
    print_message("seed %" PRIu64 " (PLIMSOLL_TEST_SEED)\n", s);
    return s;
}

static double to_double(struct pl_real r)
{
    const uint64_t bits = pl_real_to_binary64_bits(r);
    double d;
    memcpy(&d, &bits, sizeof(d));
    return d;
}

static struct pl_black_out price(const struct profile *p, uint64_t forward, uint64_t strike,
                                 uint64_t vol_q45, uint64_t ttl_us, int64_t rate_q48, bool is_call)
{
    const struct pl_black_in in = { forward, strike, vol_q45, is_call };
    struct pl_expiry_math x;
    struct pl_black_out out;
    uint32_t flags;
    pl_fix_expiry(&x, ttl_us, rate_q48);
    pl_black(p->arith, &x, &in, &out);
    assert_int_equal(pl_black_value(p->arith, &x, &in, &flags), out.value);
    assert_int_equal(flags, out.flags);
    return out;
}

static void assert_zero_greeks(const struct pl_black_out *o)
{
    assert_int_equal(o->gamma.m | o->vega.m | o->theta_decay.m | o->vanna.m | o->volga.m, 0);
}

/* A number with 1 .. bits random bits. (One draw per statement: C leaves their order open.) */
static uint64_t random_bits(uint64_t *s, unsigned bits)
{
    const uint64_t drop = next_u64(s) % bits;
    return next_u64(s) >> (64 - bits + drop);
}

/* A forward, and a strike that is near it every other time. */
static void random_prices(const struct profile *p, uint64_t *s, uint64_t *forward, uint64_t *strike)
{
    const uint64_t top = (UINT64_C(1) << p->price_bits) - 1;
    const uint64_t how = next_u64(s) % 4;
    *forward = 1 + next_u64(s) % top;
    *strike = random_bits(s, p->price_bits);
    if (how < 2) {
        const uint64_t spread = *strike;
        *strike = how == 0 && *forward > spread ? *forward - spread : *forward + spread;
    }
    *strike = *strike == 0 ? 1 : *strike > top ? top : *strike;
}

/* Up to 8.0. */
static uint64_t random_vol(uint64_t *s)
{
    return random_bits(s, 48);
}

/* 1 us to ten years. */
static uint64_t random_ttl(uint64_t *s)
{
    const uint64_t drop = next_u64(s) % 30;
    return 1 + (next_u64(s) % (10 * YEAR) >> drop);
}

static void call_less_put_is_forward_less_strike_exactly(void **state)
{
    (void)state;
    FOR_EACH_PROFILE(p)
    {
        uint64_t s = seed();
        for (int i = 0; i < 200000; i++) {
            uint64_t f, k;
            random_prices(p, &s, &f, &k);
            const uint64_t vol = random_vol(&s), ttl = random_ttl(&s);
            const struct pl_black_out call = price(p, f, k, vol, ttl, 0, true);
            const struct pl_black_out put = price(p, f, k, vol, ttl, 0, false);
            assert_int_equal(call.flags | put.flags, 0);
            assert_int_equal(call.value - put.value, (int64_t)f - (int64_t)k);
            assert_true(call.gamma.m == put.gamma.m && call.vega.m == put.vega.m);
            assert_true(call.vanna.m == put.vanna.m && call.volga.m == put.volga.m);
            assert_true(fabs(to_double(call.delta) - to_double(put.delta) - 1) < p->slack);
        }
    }
}

static void values_lie_between_intrinsic_and_limit(void **state)
{
    (void)state;
    FOR_EACH_PROFILE(p)
    {
        uint64_t s = seed();
        for (int i = 0; i < 200000; i++) {
            uint64_t f, k;
            random_prices(p, &s, &f, &k);
            const uint64_t vol = random_vol(&s), ttl = random_ttl(&s);
            const struct pl_black_out call = price(p, f, k, vol, ttl, 0, true);
            assert_in_range(call.value, f > k ? f - k : 0, f);
            assert_true(call.delta.m >= 0 && to_double(call.delta) <= 1);
            assert_true(call.gamma.m >= 0 && call.vega.m >= 0 && call.theta_decay.m <= 0);
        }
    }
}

static void values_are_monotone_within_rounding(void **state)
{
    (void)state;
    FOR_EACH_PROFILE(p)
    {
        uint64_t s = seed();
        for (int i = 0; i < 100000; i++) {
            uint64_t f, k;
            random_prices(p, &s, &f, &k);
            const uint64_t vol = random_vol(&s), ttl = random_ttl(&s),
                           step = 1 + (next_u64(&s) & 0xffff);
            const double slack = 1 + 2 * p->slack * (double)(f > k ? f : k);
            const int64_t base = price(p, f, k, vol, ttl, 0, true).value;
            const uint64_t top = (UINT64_C(1) << p->price_bits) - 1;
            const uint64_t more_k = k + step > top ? top : k + step,
                           more_f = f + step > top ? top : f + step;
            assert_true((double)(price(p, f, k, vol + step, ttl, 0, true).value - base) >= -slack);
            assert_true((double)(price(p, f, k, vol, ttl + step, 0, true).value - base) >= -slack);
            assert_true((double)(price(p, more_f, k, vol, ttl, 0, true).value - base) >= -slack);
            assert_true((double)(base - price(p, f, more_k, vol, ttl, 0, true).value) >= -slack);
        }
    }
}

static void without_time_or_vol_the_value_is_intrinsic(void **state)
{
    (void)state;
    FOR_EACH_PROFILE(p)
    {
        for (int i = 0; i < 4; i++) {
            const uint64_t vol = i & 1 ? 0 : VOL_1, ttl = i & 1 ? YEAR : 0;
            const bool is_call = i & 2;
            const struct pl_black_out in =
                price(p, is_call ? 120 : 100, is_call ? 100 : 120, vol, ttl, 0, is_call);
            const struct pl_black_out out =
                price(p, is_call ? 100 : 120, is_call ? 120 : 100, vol, ttl, 0, is_call);
            const struct pl_black_out at = price(p, 100, 100, vol, ttl, 0, is_call);
            assert_int_equal(in.value, 20);
            assert_int_equal(out.value, 0);
            assert_int_equal(at.value, 0);
            assert_true(to_double(in.delta) == (is_call ? 1 : -1));
            assert_int_equal(out.delta.m, 0);
            assert_true(to_double(at.delta) ==
                        (is_call ? 1 : 0)); /* half-open: F = K is the call's */
            assert_true(to_double(in.rho) == (ttl == 0 ? 0 : is_call ? 100 : -120));
            assert_zero_greeks(&in);
            assert_zero_greeks(&out);
            assert_zero_greeks(&at);
        }
        const struct pl_black_out carried =
            price(p, 120, 100, 0, YEAR, RATE_1, true); /* 20/e, r V */
        assert_int_equal(carried.value, 7);
        assert_true(fabs(to_double(carried.theta) - 20 * exp(-1)) < 1e-7);
    }
}

static void out_of_domain_inputs_are_flagged_and_yield_zero(void **state)
{
    (void)state;
    const struct pl_real one = { INT64_C(1) << 51, 1 };
    const struct pl_real bad[] = { { -(INT64_C(1) << 51), 1 },
                                   { 1, 1 },
                                   { INT64_MIN, 1 },
                                   { INT64_C(1) << 52, 1 },
                                   { INT64_C(1) << 51, 257 },
                                   { INT64_C(1) << 51, -257 },
                                   { 0, 1 } };
    FOR_EACH_PROFILE(p)
    {
        const uint64_t top = UINT64_C(1) << p->price_bits;
        const uint64_t pairs[][2] = { { 0, 5 },   { 5, 0 },          { top, 5 },
                                      { 5, top }, { UINT64_MAX, 5 }, { 5, UINT64_MAX } };
        for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
            const struct pl_black_out o = price(p, pairs[i][0], pairs[i][1], VOL_1, YEAR, 0, true);
            assert_int_equal(o.flags, PL_PRICE_DOMAIN);
            assert_true(o.value == 0 && o.delta.m == 0 && o.theta.m == 0 && o.rho.m == 0);
            assert_zero_greeks(&o);
            assert_int_equal(pl_log_moneyness_q48(p->arith, pairs[i][1], pairs[i][0]), 0);
        }
        for (size_t i = 0; i < 4 * sizeof(bad) / sizeof(bad[0]); i++) {
            struct pl_real r[4] = { one, one, one, one };
            r[i % 4] = bad[i / 4];
            const struct pl_expiry_math x = { r[0], r[1], r[2], r[3], 0 };
            const struct pl_black_in in = { 100, 100, VOL_1, true };
            struct pl_black_out o;
            pl_black(p->arith, &x, &in, &o);
            assert_int_equal(o.flags, PL_PRICE_DOMAIN);
            assert_int_equal(o.value, 0);
        }
        assert_int_equal(price(p, top - 1, top - 1, VOL_1, YEAR, 0, true).flags, 0);
    }
}

static void values_saturate_with_a_flag(void **state)
{
    (void)state;
    FOR_EACH_PROFILE(p)
    {
        const uint64_t top = (UINT64_C(1) << p->price_bits) - 1;
        const int64_t limit = (INT64_C(1) << p->value_bits) - 1;
        const struct pl_black_out o =
            price(p, top, 1, VOL_1, YEAR, -3 * RATE_1, true); /* D = e^3 */
        assert_int_equal(o.flags, PL_PRICE_SATURATED);
        assert_int_equal(o.value, limit);
        assert_true(fabs(to_double(o.delta) - exp(3)) < 1e-6); /* the Greeks hold */
        assert_int_equal(price(p, top, 1, VOL_1, 100 * YEAR, -RATE_1, true).flags,
                         PL_PRICE_SATURATED);
        assert_int_equal(price(p, top, 1, VOL_1, YEAR, 0, true).flags, 0);
    }
}

static void a_saturated_vol_is_at_its_limit(void **state)
{
    (void)state;
    FOR_EACH_PROFILE(p)
    {
        const struct pl_black_out call = price(p, 1000000, 3000000, UINT64_MAX, YEAR, 0, true);
        const struct pl_black_out put = price(p, 1000000, 3000000, 16 * VOL_1, YEAR, 0, false);
        assert_int_equal(call.value, 1000000);
        assert_int_equal(put.value, 3000000);
        assert_int_equal(call.flags | put.flags, 0);
        assert_zero_greeks(&call);
        assert_zero_greeks(&put);
        assert_true(price(p, 1000000, 3000000, 16 * VOL_1 - VOL_1 / 64, YEAR, 0, true).vega.m > 0);
    }
}

/* An independent integer ln, good to half a unit of Q.48. */
static void log_moneyness_is_the_logarithm(void **state)
{
    (void)state;
    FOR_EACH_PROFILE(p)
    {
        uint64_t s = seed();
        const int64_t slack = p->arith == &pl_arith_full ? 16 : INT64_C(1) << 23;
        for (int i = 0; i < 20000; i++) {
            uint64_t f, k;
            random_prices(p, &s, &f, &k);
            const int64_t got = pl_log_moneyness_q48(p->arith, k, f),
                          want = pl_fix_ln_ratio_q48(k, f);
            assert_true(llabs(got - want) <= slack);
        }
        assert_int_equal(pl_log_moneyness_q48(p->arith, 77, 77), 0);
    }
}

static bool check_vector(const char *quantity, const struct pl_black_out *o, double unit,
                         double expected, double tolerance)
{
    const struct {
        const char *name;
        double got;
    } known[] = {
        { "value", (double)o->value * unit },    { "delta", to_double(o->delta) },
        { "gamma", to_double(o->gamma) / unit }, { "vega", to_double(o->vega) * unit },
        { "theta", to_double(o->theta) * unit }, { "rho", to_double(o->rho) * unit },
    };
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (strcmp(quantity, known[i].name) == 0) {
            const double floor = i == 0 ? 0.5 * unit : 0;
            return fabs(known[i].got - expected) <= tolerance + floor;
        }
    }
    return false;
}

static void check_vectors(const char *name, int rows_min)
{
    const char *root = getenv("PLIMSOLL_TEST_DATA");
    char path[512], line[256], quantity[32], source[64];
    int is_call, rows = 0;
    double f, k, t, sigma, r, expected, tolerance;
    snprintf(path, sizeof(path), "%s/vectors/%s", root != NULL ? root : "tests/data", name);
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        fail_msg("cannot open %s: run from the repository's root or set PLIMSOLL_TEST_DATA", path);
    }
    assert_non_null(fgets(line, sizeof(line), file));
    while (fgets(line, sizeof(line), file) != NULL) {
        assert_int_equal(sscanf(line, "%31[^,],%d,%lf,%lf,%lf,%lf,%lf,%lf,%lf,%63s", quantity,
                                &is_call, &f, &k, &t, &sigma, &r, &expected, &tolerance, source),
                         10);
        double unit = 1;
        while (fmax(f, k) / unit < 0x1p47) {
            unit /= 10;
        }
        unit *= 10;
        const struct pl_black_out o =
            price(&profiles[0], (uint64_t)llround(f / unit), (uint64_t)llround(k / unit),
                  (uint64_t)llround(sigma * 0x1p45), (uint64_t)llround(t * (double)YEAR),
                  llround(r * 0x1p48), is_call != 0);
        if (o.flags != 0 || !check_vector(quantity, &o, unit, expected, tolerance)) {
            fail_msg("%s: %s is not within %g of %.12g", source, quantity, tolerance, expected);
        }
        rows++;
    }
    fclose(file);
    assert_true(rows >= rows_min);
}

static void published_figures_hold_to_their_digits(void **state)
{
    (void)state;
    check_vectors("haug.csv", 50);
    check_vectors("vollib.csv", 200);
}

/* Mostly a usual number; else at the limits of the exponent, 0, or any bits at all. */
static struct pl_real random_real(uint64_t *s)
{
    const uint64_t how = next_u64(s) % 32, bits = next_u64(s), exponent = next_u64(s);
    struct pl_real r = { (INT64_C(1) << 51) | (int64_t)(bits >> 13), (int32_t)(exponent % 9) - 4 };
    if (how == 0) {
        r = (struct pl_real){ (int64_t)bits, (int32_t)exponent };
    } else if (how < 8) {
        r.e = (int32_t)(exponent % 513) - 256;
    } else if (how < 12) {
        r = (struct pl_real){ 0, 0 };
    }
    return r;
}

static void random_call(uint64_t *s, struct pl_expiry_math *x, struct pl_black_in *in)
{
    const uint64_t how = next_u64(s);
    x->sqrt_t = random_real(s);
    x->half_inv_sqrt_t = random_real(s);
    x->discount = random_real(s);
    x->years = random_real(s);
    x->rate_q48 = (int64_t)(random_bits(s, 64) ^ (0 - (how & 1)));
    in->forward = random_bits(s, 64);
    in->strike = how & 6 ? random_bits(s, 64) : in->forward + (how >> 8) % 5 - 2;
    in->vol_q45 = random_bits(s, 64);
    in->is_call = how & 8;
}

static void assert_well_formed(const struct profile *p, const struct pl_black_out *o)
{
    const struct pl_real *const reals[] = { &o->delta,       &o->gamma, &o->vega,  &o->theta,
                                            &o->theta_decay, &o->rho,   &o->vanna, &o->volga };
    assert_in_range(o->value, 0, (INT64_C(1) << p->value_bits) - 1);
    assert_true(o->flags == 0 || o->flags == PL_PRICE_DOMAIN || o->flags == PL_PRICE_SATURATED);
    for (size_t i = 0; i < sizeof(reals) / sizeof(reals[0]); i++) {
        assert_true(pl_real_is_normal(*reals[i], 8192));
    }
}

static void any_bit_pattern_yields_well_formed_results(void **state)
{
    (void)state;
    const char *text = getenv("PLIMSOLL_TEST_COUNT");
    const long count = text != NULL ? strtol(text, NULL, 0) : 500000;
    FOR_EACH_PROFILE(p)
    {
        uint64_t s = seed();
        for (long i = 0; i < count; i++) {
            struct pl_expiry_math x;
            struct pl_black_in in;
            random_call(&s, &x, &in);
            struct pl_black_out o;
            uint32_t flags;
            pl_black(p->arith, &x, &in, &o);
            assert_well_formed(p, &o);
            assert_int_equal(pl_black_value(p->arith, &x, &in, &flags), o.value);
            assert_int_equal(flags, o.flags);
            pl_log_moneyness_q48(p->arith, in.strike, in.forward);
        }
    }
}

static void digest_word(uint64_t *digest, uint64_t word)
{
    for (int i = 0; i < 64; i += 8) {
        *digest = (*digest ^ (word >> i & 0xff)) * UINT64_C(0x100000001b3);
    }
}

static void digest_real(uint64_t *digest, struct pl_real r)
{
    digest_word(digest, (uint64_t)r.m);
    digest_word(digest, (uint64_t)(int64_t)r.e);
}

/* A change of any result bit is a change of the arithmetic contract: FNV-1a over a fixed set. */
static void results_are_the_recorded_ones(void **state)
{
    (void)state;
    FOR_EACH_PROFILE(p)
    {
        uint64_t s = 20200521, digest = UINT64_C(0xcbf29ce484222325);
        for (int i = 0; i < 20000; i++) {
            uint64_t f, k;
            random_prices(p, &s, &f, &k);
            const int64_t rate = (int64_t)(next_u64(&s) >> 15) - RATE_1;
            const uint64_t vol = random_vol(&s), ttl = random_ttl(&s);
            const struct pl_black_out o = price(p, f, k, vol, ttl, rate, i & 1);
            digest_word(&digest, (uint64_t)o.value);
            digest_word(&digest, o.flags);
            digest_real(&digest, o.delta);
            digest_real(&digest, o.gamma);
            digest_real(&digest, o.vega);
            digest_real(&digest, o.theta);
            digest_real(&digest, o.theta_decay);
            digest_real(&digest, o.rho);
            digest_real(&digest, o.vanna);
            digest_real(&digest, o.volga);
        }
        if (digest != p->digest) {
            fail_msg("%s: digest 0x%016" PRIx64 ", recorded 0x%016" PRIx64, p->name, digest,
                     p->digest);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(call_less_put_is_forward_less_strike_exactly),
        cmocka_unit_test(values_lie_between_intrinsic_and_limit),
        cmocka_unit_test(values_are_monotone_within_rounding),
        cmocka_unit_test(without_time_or_vol_the_value_is_intrinsic),
        cmocka_unit_test(out_of_domain_inputs_are_flagged_and_yield_zero),
        cmocka_unit_test(values_saturate_with_a_flag),
        cmocka_unit_test(a_saturated_vol_is_at_its_limit),
        cmocka_unit_test(log_moneyness_is_the_logarithm),
        cmocka_unit_test(published_figures_hold_to_their_digits),
        cmocka_unit_test(any_bit_pattern_yields_well_formed_results),
        cmocka_unit_test(results_are_the_recorded_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
