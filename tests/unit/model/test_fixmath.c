/* fixed.h and fixmath.h: numbers, packing, rounding, and the functions against 60-digit references.
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fixmath.h"

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

static struct pl_real real_of(int64_t m, int32_t e)
{
    const struct pl_real r = { m, e };
    return r;
}

static void assert_real(struct pl_real r, int64_t m, int32_t e)
{
    assert_int_equal(r.m, m);
    assert_int_equal(r.e, e);
}

#define ONE_M (INT64_C(1) << 51)

static struct pl_real call_function(const char *name, const char *a, const char *b, const char *c)
{
    if (strcmp(name, "ratio") == 0) {
        return pl_fix_ratio(strtoull(a, NULL, 10), strtoull(b, NULL, 10));
    }
    if (strcmp(name, "sqrt") == 0) {
        return pl_fix_sqrt_ratio(strtoull(a, NULL, 10), strtoull(b, NULL, 10));
    }
    if (strcmp(name, "exp") == 0) {
        return pl_fix_exp_q48(strtoll(a, NULL, 10));
    }
    if (strcmp(name, "exp_neg") == 0) {
        return pl_fix_exp_neg_q48(strtoll(a, NULL, 10));
    }
    assert_string_equal(name, "pow");
    return pl_fix_pow_ratio(strtoull(a, NULL, 10), strtoull(b, NULL, 10), strtoll(c, NULL, 10));
}

/* m62 * 2^(e-62) against a 52-bit result: at most 0.502 of its last place, which is 1024 units of
 * m62. */
static void check_reference(const char *name, char field[6][32])
{
    if (strcmp(name, "ln_q48") == 0) {
        const int64_t ln =
            pl_fix_ln_ratio_q48(strtoull(field[1], NULL, 10), strtoull(field[2], NULL, 10));
        assert_int_equal(ln, strtoll(field[4], NULL, 10));
        return;
    }
    const struct pl_real got = call_function(name, field[1], field[2], field[3]);
    const int32_t e = (int32_t)strtol(field[5], NULL, 10);
    const uint64_t m62 = strtoull(field[4], NULL, 10);
    assert_true(pl_real_is_normal(got, 100000));
    assert_in_range(got.e - e + 1, 1, 2); /* a result may round up to the next power of two */
    const uint64_t m = (uint64_t)got.m << (10 + (got.e - e));
    assert_true((m > m62 ? m - m62 : m62 - m) <= UINT64_C(514) << (got.e - e));
}

static void functions_are_within_half_an_ulp_of_the_references(void **state)
{
    (void)state;
    const char *root = getenv("PLIMSOLL_TEST_DATA");
    char path[512], line[256], field[6][32];
    int rows = 0;
    snprintf(path, sizeof(path), "%s/vectors/fixmath.csv", root != NULL ? root : "tests/data");
    FILE *f = fopen(path, "r");
    if (f == NULL) {
        fail_msg("cannot open %s: run from the repository's root or set PLIMSOLL_TEST_DATA", path);
    }
    assert_non_null(fgets(line, sizeof(line), f));
    while (fgets(line, sizeof(line), f) != NULL) {
        const int n = sscanf(line, "%31[^,],%31[^,],%31[^,],%31[^,],%31[^,],%31s", field[0],
                             field[1], field[2], field[3], field[4], field[5]);
        assert_int_equal(n, 6);
        check_reference(field[0], field);
        rows++;
    }
    fclose(f);
    assert_true(rows > 300);
}

static void zero_arguments_yield_zero(void **state)
{
    (void)state;
    assert_real(pl_fix_ratio(0, 1), 0, 0);
    assert_real(pl_fix_ratio(1, 0), 0, 0);
    assert_real(pl_fix_sqrt_ratio(0, 5), 0, 0);
    assert_real(pl_fix_sqrt_ratio(5, 0), 0, 0);
    assert_real(pl_fix_pow_ratio(0, 5, 1), 0, 0);
    assert_real(pl_fix_pow_ratio(5, 0, 1), 0, 0);
    assert_real(pl_fix_quotient(real_of(ONE_M, 1), real_of(0, 0)), 0, 0);
    assert_int_equal(pl_fix_ln_ratio_q48(0, 1), 0);
}

/* q * b = a within half an ulp of q, exactly: |q.m b.m - a.m 2^k| <= |b.m| / 2. */
static void a_quotient_is_correctly_rounded(void **state)
{
    (void)state;
    uint64_t s = seed();
    for (int i = 0; i < 100000; i++) {
        const struct pl_real a = real_of(ONE_M + (int64_t)(next_u64(&s) >> 13), 3);
        const struct pl_real b = real_of(-ONE_M - (int64_t)(next_u64(&s) >> 13), -7);
        const struct pl_real q = pl_fix_quotient(a, b);
        const int32_t k = PL_REAL_BITS + a.e - q.e - b.e;
        assert_in_range(k, 51, 52);
        const pl_i128 gap = (pl_i128)q.m * b.m - ((pl_i128)a.m << k);
        assert_true(2 * (gap < 0 ? -gap : gap) <= -(pl_i128)b.m);
    }
}

static void packing_and_unpacking_return_the_number(void **state)
{
    (void)state;
    uint64_t s = seed();
    struct pl_real r;
    for (int i = 0; i < 100000; i++) {
        const int32_t e = (int32_t)(next_u64(&s) % 4096) - 2048;
        const struct pl_real a = real_of(ONE_M + (int64_t)(next_u64(&s) >> 13), e);
        assert_true(pl_real_unpack(pl_real_pack(a), &r));
        assert_real(r, a.m, a.e);
    }
    assert_true(pl_real_unpack(0, &r));
    assert_real(r, 0, 0);
    assert_false(pl_real_unpack(UINT64_C(0x0010000000000001), &r)); /* not normalised */
    assert_real(r, 0, 0);
    assert_int_equal(pl_real_pack(real_of(-ONE_M, 1)), 0);
    assert_int_equal(pl_real_pack(real_of(ONE_M, -2049)), 0);
    assert_int_equal(pl_real_pack(real_of(ONE_M, 2048)), UINT64_C(0x7fffffffffffffff));
    assert_int_equal(pl_real_pack(real_of(ONE_M, 1)), UINT64_C(0x0018000000000000));
}

static void conversion_to_integers_rounds_half_up_and_saturates(void **state)
{
    (void)state;
    bool saturated = false;
    const struct pl_real one = pl_real_from_int(1), three = pl_real_from_int(3);
    assert_int_equal(pl_real_to_int(one, 0, &saturated), 1);
    assert_int_equal(pl_real_to_int(one, -1, &saturated), 1);              /* 0.5 -> 1 */
    assert_int_equal(pl_real_to_int(pl_real_neg(one), -1, &saturated), 0); /* -0.5 -> 0 */
    assert_int_equal(pl_real_to_int(three, -1, &saturated), 2);            /* 1.5 -> 2 */
    assert_int_equal(pl_real_to_int(pl_real_neg(three), -1, &saturated), -1);
    assert_int_equal(pl_real_to_int(pl_real_neg(three), -2, &saturated), -1); /* -0.75 -> -1 */
    assert_int_equal(pl_real_to_int(one, -2, &saturated), 0);
    assert_int_equal(pl_real_to_int(one, INT32_MIN, &saturated), 0);
    assert_int_equal(pl_real_to_int(one, 62, &saturated), INT64_C(1) << 62);
    assert_false(saturated);
    assert_int_equal(pl_real_to_int(one, 63, &saturated), INT64_MAX);
    assert_true(saturated);
    saturated = false;
    assert_int_equal(pl_real_to_int(pl_real_neg(one), INT32_MAX, &saturated), -INT64_MAX);
    assert_true(saturated);
}

static void products_are_truncated_to_52_bits(void **state)
{
    (void)state;
    const struct pl_real a = real_of(ONE_M + 1, 1);
    assert_real(pl_real_mul(a, real_of(ONE_M, 1)), ONE_M + 1, 1);
    assert_real(pl_real_mul(a, a), ONE_M + 2, 1);
    assert_real(pl_real_mul(a, pl_real_neg(a)), -ONE_M - 2, 1);
    assert_real(pl_real_mul(pl_real_from_int(-6), pl_real_from_int(7)), -42 * (ONE_M >> 5), 6);
    assert_real(pl_real_mul(a, real_of(0, 0)), 0, 0);
}

static void binary64_bits_are_the_numbers_own(void **state)
{
    (void)state;
    uint64_t s = seed();
    for (int i = 0; i < 100000; i++) {
        const int32_t e = (int32_t)(next_u64(&s) % 2046) - 1021;
        const int64_t m = ONE_M + (int64_t)(next_u64(&s) >> 13);
        const struct pl_real r = real_of(i & 1 ? -m : m, e);
        const uint64_t bits = pl_real_to_binary64_bits(r);
        double d;
        memcpy(&d, &bits, sizeof(d));
        const double mantissa = (double)r.m / 4503599627370496.0;
        assert_true(d == __builtin_ldexp(mantissa, e));
    }
    assert_int_equal(pl_real_to_binary64_bits(real_of(0, 0)), 0);
    assert_int_equal(pl_real_to_binary64_bits(real_of(ONE_M, -1022)), 0); /* subnormal: flushed */
    assert_int_equal(pl_real_to_binary64_bits(real_of(ONE_M, -1021)), UINT64_C(0x0010000000000000));
    assert_int_equal(pl_real_to_binary64_bits(real_of(-ONE_M, 5000)), UINT64_C(0xffefffffffffffff));
}

static void an_expiry_has_its_roots_and_discount(void **state)
{
    (void)state;
    struct pl_expiry_math x;
    pl_fix_expiry(&x, PL_FIX_YEAR_US, 0);
    assert_real(x.years, ONE_M, 1);
    assert_real(x.sqrt_t, ONE_M, 1);
    assert_real(x.half_inv_sqrt_t, ONE_M, 0);
    assert_real(x.discount, ONE_M, 1);
    pl_fix_expiry(&x, 0, INT64_MAX);
    assert_real(x.years, 0, 0);
    assert_real(x.sqrt_t, 0, 0);
    assert_real(x.half_inv_sqrt_t, 0, 0);
    assert_real(x.discount, ONE_M, 1);
    pl_fix_expiry(&x, 4 * PL_FIX_YEAR_US, -(INT64_C(1) << 46)); /* D = e */
    assert_real(x.sqrt_t, ONE_M, 2);
    assert_real(x.discount, pl_fix_exp_q48(INT64_C(1) << 48).m, 2);
}

static void any_bit_pattern_is_accepted(void **state)
{
    (void)state;
    uint64_t s = seed();
    bool saturated = false;
    struct pl_expiry_math x;
    for (int i = 0; i < 20000; i++) {
        const uint64_t how = next_u64(&s), exponents = next_u64(&s);
        const uint64_t p = next_u64(&s) >> (how & 63), q = next_u64(&s) >> (how >> 6 & 63);
        const struct pl_real a = real_of((int64_t)next_u64(&s), (int32_t)exponents);
        const struct pl_real b = real_of((int64_t)next_u64(&s), (int32_t)(exponents >> 32));
        pl_fix_expiry(&x, p, (int64_t)q);
        pl_fix_pow_ratio(p, q, (int64_t)next_u64(&s));
        pl_fix_sqrt_ratio(p, q);
        pl_fix_ln_ratio_q48(p, q);
        pl_fix_quotient(a, b);
        pl_real_mul(a, b);
        pl_real_pack(a);
        pl_real_to_binary64_bits(a);
        pl_real_to_int(a, (int32_t)next_u64(&s), &saturated);
    }
    assert_int_equal(pl_fix_exp_neg_q48(INT64_MIN).e, 47275); /* exp(32768) is about 2^47274.9 */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(functions_are_within_half_an_ulp_of_the_references),
        cmocka_unit_test(zero_arguments_yield_zero),
        cmocka_unit_test(a_quotient_is_correctly_rounded),
        cmocka_unit_test(packing_and_unpacking_return_the_number),
        cmocka_unit_test(conversion_to_integers_rounds_half_up_and_saturates),
        cmocka_unit_test(products_are_truncated_to_52_bits),
        cmocka_unit_test(binary64_bits_are_the_numbers_own),
        cmocka_unit_test(an_expiry_has_its_roots_and_discount),
        cmocka_unit_test(any_bit_pattern_is_accepted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
