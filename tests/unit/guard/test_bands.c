/* Gauges and bands: edges, heaps, costs. */
#include "../support/random.h"

#include "guard/bands.h"

#define BANDS 200

static struct pl_band bands[BANDS];

static struct pl_band draw_band(uint64_t *random, const struct pl_gauge *gauge)
{
    int64_t origin = random_within(random, gauge->value - 1000000, gauge->value + 1000000);
    return (struct pl_band){ .origin = origin,
                             .unit = gauge->relative ? origin : PL_MOVE_ONE,
                             .at = { UINT32_MAX, UINT32_MAX },
                             .cost = { random_u64(random) >> random_within(random, 2, 63),
                                       random_u64(random) >> random_within(random, 2, 63) } };
}

static bool is_left(const struct pl_gauge *g, const struct pl_band *b)
{
    return g->value < b->edge[PL_SIDE_DOWN] || g->value > b->edge[PL_SIDE_UP];
}

static void a_gauge_finds_every_band_that_it_left(void **state)
{
    (void)state;
    uint64_t random = random_seed(11);
    for (uint64_t round = random_rounds(200); round > 0; round--) {
        struct pl_gauge g = { .value = INT64_C(1) << 40, .reach = PL_MOVE_ONE / 4 };
        bool in[BANDS] = { false };
        g.relative = random_once_in(&random, 2);
        for (int step = 0; step < 300; step++) {
            uint32_t n = (uint32_t)random_below(&random, BANDS);
            if (in[n] && random_once_in(&random, 2)) {
                pl_gauge_remove(&g, &bands[n]);
                in[n] = false;
            } else {
                if (!in[n])
                    bands[n] = draw_band(&random, &g);
                pl_gauge_allow(&g, &bands[n],
                               random_u64(&random) >> random_within(&random, 32, 63));
                assert_true(pl_gauge_reserve(&g));
                if (!in[n])
                    pl_gauge_add(&g, &bands[n]);
                in[n] = true;
            }
            g.value += random_within(&random, -500000, 500000);
            bool left = false;
            for (int i = 0; i < BANDS; i++)
                left |= in[i] && is_left(&g, &bands[i]);
            const struct pl_band *found = pl_gauge_left(&g);
            assert_int_equal(left, found != NULL);
            assert_true(found == NULL || is_left(&g, found));
        }
        pl_gauge_free(&g);
    }
}

static void edges_spend_no_more_than_was_allowed(void **state)
{
    (void)state;
    uint64_t random = random_seed(12);
    for (uint64_t round = random_rounds(100000); round > 0; round--) {
        struct pl_gauge g = { .value =
                                  (int64_t)(random_u64(&random) >> random_within(&random, 3, 40)),
                              .reach = PL_MOVE_ONE / 16,
                              .relative = random_once_in(&random, 2) };
        g.value += 2000000;
        struct pl_band b = draw_band(&random, &g);
        uint64_t allowance = random_below(&random, PL_BUDGET_ONE + 1);
        pl_gauge_allow(&g, &b, allowance);
        for (int side = 0; side < PL_SIDES; side++) {
            int64_t out = side == PL_SIDE_UP ? 1 : -1;
            g.value = b.edge[side];
            assert_true(pl_band_spent(&g, &b) <= allowance);
            assert_true((b.edge[side] - b.origin) * out >= 0);
            g.value = b.origin + out * (b.unit / 16 + b.unit / 1024 + 2);
            assert_int_equal(pl_band_spent(&g, &b), UINT64_MAX); /* beyond reach */
        }
    }
}

static void a_tripped_gauge_is_left_by_all(void **state)
{
    (void)state;
    struct pl_gauge g = { .value = 1000, .reach = PL_MOVE_ONE, .tripped = true };
    struct pl_band b = { .origin = 1000, .unit = PL_MOVE_ONE };
    assert_null(pl_gauge_left(&g));
    assert_true(pl_gauge_reserve(&g));
    pl_gauge_allow(&g, &b, PL_BUDGET_ONE);
    pl_gauge_add(&g, &b);
    assert_ptr_equal(pl_gauge_left(&g), &b);
    assert_int_equal(pl_band_spent(&g, &b), UINT64_MAX);
    pl_gauge_remove(&g, &b);
    assert_null(pl_gauge_left(&g));
    pl_gauge_free(&g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_gauge_finds_every_band_that_it_left),
        cmocka_unit_test(edges_spend_no_more_than_was_allowed),
        cmocka_unit_test(a_tripped_gauge_is_left_by_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
