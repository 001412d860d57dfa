/* Decay in time against 60-digit references, and averages that do not depend on how often they are
 * brought up to date. */
#include "vectors.h"

#include "decide/decay.h"

static void weights_agree_with_references(void **state)
{
    (void)state;
    struct vector v;
    unsigned seen = 0;
    for (FILE *file = vectors_open(); vectors_next(file, &v);) {
        if (strcmp(v.kind, "weight") != 0)
            continue;
        const int64_t got = pl_decay_weight_q62(v.a, v.b);
        const int64_t off = got > v.c ? got - v.c : v.c - got;
        if (off > 8 + (v.c >> 39))
            fail_msg("%" PRId64 " / %" PRId64 ": %" PRId64 ", not %" PRId64, v.a, v.b, got, v.c);
        seen++;
    }
    assert_in_range(seen, 60, 1000);
}

static void averages_agree_with_references(void **state)
{
    (void)state;
    struct vector v;
    struct pl_average a;
    bool started = false;
    int64_t largest = 0;
    for (FILE *file = vectors_open(); vectors_next(file, &v);) {
        if (strcmp(v.kind, "hold") == 0) {
            if (started && v.a >= 0)
                pl_average_hold(&a, v.b, v.a, 10000000);
            else if (v.a >= 0)
                pl_average_start(&a, v.b, v.a), largest = 0;
            started = v.a >= 0;
            largest = v.b > largest ? v.b : largest;
        } else if (strcmp(v.kind, "average") == 0) {
            struct pl_average then = a;
            pl_average_hold(&then, 0, v.a, 10000000);
            const int64_t off = pl_average_value(&then) - v.b;
            if (off < -1 - (largest >> 38) || off > 1 + (largest >> 38))
                fail_msg("average %" PRId64 ", not %" PRId64, pl_average_value(&then), v.b);
        }
    }
}

static void an_average_halves_its_distance_in_a_half_life(void **state)
{
    (void)state;
    struct pl_average a;
    pl_average_start(&a, 1000000, 5);
    pl_average_hold(&a, 2000000, 5, 100);
    assert_int_equal(pl_average_value(&a), 1000000); /* the new price has not held yet */
    pl_average_hold(&a, 2000000, 105, 100);
    assert_int_equal(pl_average_value(&a), 1500000);
    pl_average_hold(&a, 2000000, 105 + 62 * 100, 100);
    assert_int_equal(pl_average_value(&a), 2000000);
}

static void an_average_does_not_depend_on_the_number_of_steps(void **state)
{
    (void)state;
    uint64_t random = random_seed(1);
    for (uint64_t round = random_rounds(200); round > 0; round--) {
        const int64_t half_life = random_within(&random, 1000000, INT64_C(3600000000));
        struct pl_average once, often;
        int64_t now = random_within(&random, 0, 1000000000);
        pl_average_start(&once, random_within(&random, 1, PL_AVERAGE_VALUE_MAX), now);
        often = once;
        for (int change = 0; change < 5; change++) {
            const int64_t value = random_within(&random, 1, PL_AVERAGE_VALUE_MAX);
            const int64_t end = now + random_within(&random, 1, 2 * half_life);
            while (now < end && random_below(&random, 200) != 0) {
                pl_average_hold(&often, often.held, now, half_life);
                now += random_within(&random, 1, 1 + half_life / 50);
            }
            now = now > end ? now : end;
            pl_average_hold(&often, value, now, half_life);
            pl_average_hold(&once, value, now, half_life);
        }
        const int64_t off = pl_average_value(&once) - pl_average_value(&often);
        assert_in_range(off + 1000000, 1000000 - 50000, 1000000 + 50000); /* of 2^51 */
    }
}

static void an_average_stays_between_what_held(void **state)
{
    (void)state;
    uint64_t random = random_seed(2);
    struct pl_average a;
    int64_t now = 0, low = INT64_MAX, high = 0;
    for (uint64_t round = random_rounds(20000); round > 0; round--) {
        const int64_t value =
            random_within(&random, 1, 1 + (INT64_C(1) << random_below(&random, 50)));
        if (now == 0)
            pl_average_start(&a, value, now);
        else
            pl_average_hold(&a, value, now, 1000000);
        low = value < low ? value : low, high = value > high ? value : high;
        now += random_within(&random, 1, 1000000);
        assert_in_range(pl_average_value(&a), low, high);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(weights_agree_with_references),
        cmocka_unit_test(averages_agree_with_references),
        cmocka_unit_test(an_average_halves_its_distance_in_a_half_life),
        cmocka_unit_test(an_average_does_not_depend_on_the_number_of_steps),
        cmocka_unit_test(an_average_stays_between_what_held),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
