/* Every rounding of the close, against plain division in 128 bits. */
#include "../support/random.h"

#include "money.h"

static pl_i128 floor_quotient(pl_i128 a, pl_i128 b)
{
    pl_i128 q = a / b;
    return a % b != 0 && (a < 0) != (b < 0) ? q - 1 : q;
}

static pl_i128 ceil_quotient(pl_i128 a, pl_i128 b)
{
    pl_i128 q = a / b;
    return a % b != 0 && (a < 0) == (b < 0) ? q + 1 : q;
}

/* What a sum of `exact` must become: the word and the flag. */
static void must_limit(pl_i128 exact, int64_t got, uint32_t flags)
{
    if (exact > INT64_MAX) {
        assert_int_equal(got, INT64_MAX);
        assert_int_equal(flags, PL_FLAG_OVERFLOW);
    } else if (exact < INT64_MIN) {
        assert_int_equal(got, INT64_MIN);
        assert_int_equal(flags, PL_FLAG_OVERFLOW);
    } else {
        assert_true(got == (int64_t)exact);
        assert_int_equal(flags, 0);
    }
}

static void values_round_down_and_requirements_up(void **state)
{
    (void)state;
    uint32_t flags = 0;
    const int64_t half = PL_COEFFICIENT_ONE / 2;
    assert_int_equal(pl_money_scale_down(1, half, &flags), 0);
    assert_int_equal(pl_money_scale_up(1, half, &flags), 1);
    assert_int_equal(pl_money_scale_down(-1, half, &flags), -1);
    assert_int_equal(pl_money_scale_up(-1, half, &flags), 0);
    assert_int_equal(pl_money_scale_down(1, 1, &flags), 0);
    assert_int_equal(pl_money_scale_up(1, 1, &flags), 1);
    assert_int_equal(pl_money_scale_down(-1, 1, &flags), -1);
    assert_int_equal(pl_money_scale_up(-1, 1, &flags), 0);
    assert_true(pl_shift_down(-5, 1) == -3 && pl_shift_up(-5, 1) == -2);
    assert_true(pl_shift_down(5, 1) == 2 && pl_shift_up(5, 1) == 3);
    assert_true(pl_shift_down(-5, -3) == -40 && pl_shift_up(5, -3) == 40);
    assert_true(pl_shift_down(7, 0) == 7 && pl_shift_up(-7, 0) == -7);
    assert_int_equal(flags, 0);
}

static void whole_coefficients_are_exact(void **state)
{
    (void)state;
    uint32_t flags = 0;
    for (int64_t k = -64; k <= 64; k++) {
        assert_int_equal(pl_money_scale_down(12345678901, k * PL_COEFFICIENT_ONE, &flags),
                         12345678901 * k);
        assert_int_equal(pl_money_scale_up(12345678901, k * PL_COEFFICIENT_ONE, &flags),
                         12345678901 * k);
    }
    assert_int_equal(pl_money_scale_down(INT64_MIN, PL_COEFFICIENT_ONE, &flags), INT64_MIN);
    assert_int_equal(pl_money_scale_up(INT64_MAX, PL_COEFFICIENT_ONE, &flags), INT64_MAX);
    assert_int_equal(flags, 0);
}

static void limits_are_flagged_and_never_wrap(void **state)
{
    (void)state;
    const pl_i128 max = INT64_MAX, min = INT64_MIN;
    const pl_i128 values[] = {
        max, max + 1, min, min - 1, (pl_i128)1 << 126, -((pl_i128)1 << 126)
    };
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        uint32_t flags = 0;
        int64_t got = pl_money_limit(values[i], &flags);
        must_limit(values[i], got, flags);
    }
    uint32_t flags = 0;
    assert_int_equal(pl_money_add(INT64_MAX, 1, &flags), INT64_MAX);
    assert_int_equal(flags, PL_FLAG_OVERFLOW);
    flags = PL_FLAG_STALE;
    assert_int_equal(pl_money_sub(INT64_MIN, 1, &flags), INT64_MIN);
    assert_int_equal(flags, PL_FLAG_OVERFLOW | PL_FLAG_STALE);
    flags = 0;
    assert_int_equal(pl_money_sub(0, INT64_MIN, &flags), INT64_MAX);
    assert_int_equal(flags, PL_FLAG_OVERFLOW);
    flags = 0;
    assert_int_equal(pl_money_scale_up(INT64_MAX, PL_COEFFICIENT_ONE + 1, &flags), INT64_MAX);
    assert_int_equal(flags, PL_FLAG_OVERFLOW);
}

static void a_shift_left_beyond_128_bits_is_limited_with_its_sign(void **state)
{
    (void)state;
    const pl_i128 sum = ((pl_i128)1 << 98) - 1; /* what an account's sums may reach */
    for (int shift = -PL_ROW_SHIFT_MAX; shift <= PL_ROW_SHIFT_MAX; shift++) {
        uint32_t flags = 0;
        int64_t down = pl_money_limit(pl_shift_down(-sum, shift), &flags);
        int64_t up = pl_money_limit(pl_shift_up(sum, shift), &flags);
        assert_true(shift > 35 ? flags == 0 && down < 0 && up > 0
                               : flags != 0 && down == INT64_MIN && up == INT64_MAX);
    }
}

static void random_words_agree_with_division(void **state)
{
    (void)state;
    uint64_t r = random_seed(1);
    for (uint64_t i = 0, rounds = random_rounds(400000); i < rounds; i++) {
        int64_t money = random_word(&r, 63), coefficient = random_word(&r, 52),
                b = random_word(&r, 63);
        pl_i128 product = (pl_i128)money * coefficient;
        uint32_t flags = 0;
        int64_t got = pl_money_scale_down(money, coefficient, &flags);
        must_limit(floor_quotient(product, PL_COEFFICIENT_ONE), got, flags);
        flags = 0;
        got = pl_money_scale_up(money, coefficient, &flags);
        must_limit(ceil_quotient(product, PL_COEFFICIENT_ONE), got, flags);
        flags = 0;
        got = pl_money_add(money, b, &flags);
        must_limit((pl_i128)money + b, got, flags);
        flags = 0;
        got = pl_money_sub(money, b, &flags);
        must_limit((pl_i128)money - b, got, flags);
        pl_i128 wide = (pl_i128)money * random_word(&r, 34);
        int shift = (int)random_within(&r, 0, PL_ROW_SHIFT_MAX);
        assert_true(pl_shift_down(wide, shift) == floor_quotient(wide, (pl_i128)1 << shift));
        assert_true(pl_shift_up(wide, shift) == ceil_quotient(wide, (pl_i128)1 << shift));
        flags = 0;
        got = pl_money_limit(pl_shift_up(money, -shift), &flags);
        must_limit((pl_i128)money * ((pl_i128)1 << shift), got, flags);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_round_down_and_requirements_up),
        cmocka_unit_test(whole_coefficients_are_exact),
        cmocka_unit_test(limits_are_flagged_and_never_wrap),
        cmocka_unit_test(a_shift_left_beyond_128_bits_is_limited_with_its_sign),
        cmocka_unit_test(random_words_agree_with_division),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
