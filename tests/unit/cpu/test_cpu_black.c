/* Pricing by vectors against pl_black() and pl_black_value(), bit for bit: random options near and
 * far from the money, corners, and words that are no prices. */
#include "../support/random.h"

#include "cpu/black.h"
#include "cpu/isa.h"
#include "model/fixmath.h"

static uint64_t r; /* state of the random numbers */

static uint64_t draw_price(uint64_t near)
{
    switch (random_below(&r, 8)) {
    case 0: return (uint64_t)pl_abs_u64(random_word(&r, 51));
    case 1: return random_once_in(&r, 2) ? 1 : (UINT64_C(1) << 51) - 1;
    case 2: return random_once_in(&r, 4) ? random_u64(&r) : near;
    case 3: return near + (uint64_t)random_within(&r, -3, 3);
    default:
        return (uint64_t)((double)near * random_log(&r, 0.01, 100)) & ((UINT64_C(1) << 51) - 1);
    }
}

static uint64_t draw_vol(void)
{
    switch (random_below(&r, 6)) {
    case 0: return random_u64(&r) >> random_below(&r, 64);
    case 1: return random_below(&r, 3);
    default: return (uint64_t)ldexp(random_log(&r, 0.01, 8), PL_VOL_BITS);
    }
}

static struct pl_expiry_math draw_expiry(void)
{
    struct pl_expiry_math x;
    uint64_t ttl = random_once_in(&r, 12) ? 0 : pl_abs_u64(random_word(&r, 49));
    pl_fix_expiry(&x, ttl, random_once_in(&r, 4) ? 0 : random_word(&r, 48));
    if (random_once_in(&r, 3)) /* row units in it, as row.c has them */
        x.discount = pl_real_mul(
            x.discount,
            (struct pl_real){ random_within(&r, INT64_C(1) << 51, (INT64_C(1) << 52) - 1),
                              (int32_t)random_within(&r, -60, 60) });
    if (random_once_in(&r, 30)) /* not normalised, negative, or beyond the exponents */
        x.sqrt_t = (struct pl_real){ random_word(&r, 63), (int32_t)random_word(&r, 10) };
    if (random_once_in(&r, 30))
        x.rate_q48 = random_word(&r, 64);
    return x;
}

static void same_real(const struct pl_cpu_reals *got, int lane, struct pl_real expected)
{
    assert_int_equal(got->m[lane], expected.m);
    assert_int_equal(got->e[lane], expected.e);
}

static void compare(const struct pl_cpu_isa *isa)
{
    struct pl_cpu_options o = { .calls = (uint8_t)random_u64(&r) };
    const struct pl_expiry_math x = draw_expiry();
    uint64_t near = pl_abs_u64(random_word(&r, 51));
    struct pl_cpu_values values, with_greeks;
    struct pl_cpu_greeks g;
    for (int i = 0; i < PL_CPU_OPTIONS; i++) {
        o.forward[i] = random_once_in(&r, 3) ? draw_price(near) : near;
        o.strike[i] = draw_price(near);
        o.vol_q45[i] = draw_vol();
    }
    isa->values(&x, &o, &values);
    isa->greeks(&x, &o, &with_greeks, &g);
    for (int i = 0; i < PL_CPU_OPTIONS; i++) {
        const struct pl_black_in in = { o.forward[i], o.strike[i], o.vol_q45[i], o.calls >> i & 1 };
        struct pl_black_out out;
        uint32_t flags = 0;
        pl_black(&pl_arith_full, &x, &in, &out);
        assert_int_equal(pl_black_value(&pl_arith_full, &x, &in, &flags), out.value);
        assert_int_equal(values.value[i], out.value);
        assert_int_equal(with_greeks.value[i], out.value);
        assert_int_equal(values.domain >> i & 1, (out.flags & PL_PRICE_DOMAIN) != 0);
        assert_int_equal(values.saturated >> i & 1, (out.flags & PL_PRICE_SATURATED) != 0);
        assert_int_equal(with_greeks.domain, values.domain);
        assert_int_equal(with_greeks.saturated, values.saturated);
        same_real(&g.delta, i, out.delta);
        same_real(&g.gamma, i, out.gamma);
        same_real(&g.vega, i, out.vega);
        same_real(&g.theta, i, out.theta);
        same_real(&g.theta_decay, i, out.theta_decay);
        same_real(&g.rho, i, out.rho);
    }
}

static void pricing_in_vectors_gives_the_models_bits(void **state)
{
    (void)state;
    static const char *const names[] = { "avx512", "avx2" };
    r = random_seed(12);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const struct pl_cpu_isa *isa = pl_cpu_isa_find(names[i]);
        bool here = isa != NULL && pl_cpu_isa_here(isa);
        for (uint64_t n = 0, rounds = here ? random_rounds(40000) : 0; n < rounds; n++)
            compare(isa);
        if (!here)
            print_message("%s: not on this processor\n", names[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pricing_in_vectors_gives_the_models_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
