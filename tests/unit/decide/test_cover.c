/* The cheapest cover of some needs, against all covers on a grid. */
#include "../support/random.h"

#include "decide/cover.h"
#include "model/money.h"

#define ONE PL_COEFFICIENT_ONE
#define GRID 12
#define NEEDS 5

static struct pl_cover cover;

struct problem {
    uint32_t columns, needs;
    int64_t costs[4], reliefs[NEEDS][4], need[NEEDS];
};

static double covered(const struct problem *p, uint32_t k, const double *x)
{
    double sum = 0;
    for (uint32_t j = 0; j < p->columns; j++)
        sum += (double)p->reliefs[k][j] * x[j];
    return sum;
}

static double cost_of(const struct problem *p, const double *x)
{
    double cost = 0;
    for (uint32_t j = 0; j < p->columns; j++)
        cost += (double)p->costs[j] * x[j];
    return cost;
}

/* The cheapest point of the grid that covers every need; infinite: none. */
static double cheapest_of_grid(const struct problem *p)
{
    int at[4] = { 0 };
    double least = INFINITY;
    for (;;) {
        double x[4];
        bool good = true;
        for (uint32_t j = 0; j < p->columns; j++)
            x[j] = (double)at[j] / GRID;
        for (uint32_t k = 0; k < p->needs && good; k++)
            good = covered(p, k, x) >= (double)p->need[k];
        if (good)
            least = fmin(least, cost_of(p, x));
        uint32_t j = 0;
        for (; j < p->columns && at[j] == GRID; j++)
            at[j] = 0;
        if (j == p->columns)
            return least;
        at[j]++;
    }
}

static void covers_are_feasible_and_no_grid_point_is_cheaper(void **state)
{
    (void)state;
    uint64_t r = random_seed(41), solved = 0, refused = 0;
    for (uint64_t i = 0, rounds = random_rounds(3000); i < rounds; i++) {
        struct problem p = { .columns = 1 + (uint32_t)random_below(&r, 4),
                             .needs = 1 + (uint32_t)random_below(&r, NEEDS) };
        int64_t size = (int64_t)random_log(&r, 1e4, 1e15);
        bool good = true;
        for (uint32_t j = 0; j < p.columns; j++)
            p.costs[j] = random_once_in(&r, 8) ? 0 : random_within(&r, 0, size / 10);
        pl_cover_start(&cover, p.costs, p.columns);
        for (uint32_t k = 0; k < p.needs; k++) {
            for (uint32_t j = 0; j < p.columns; j++)
                p.reliefs[k][j] = random_within(&r, -size / 3, size);
            p.need[k] = random_within(&r, -size / 4, size);
            good = good && pl_cover_need(&cover, p.reliefs[k], p.need[k]);
        }
        double least = cheapest_of_grid(&p), x[4];
        refused += !good;
        if (!good) {
            assert_true(isinf(least));
            continue;
        }
        solved++;
        for (uint32_t j = 0; j < p.columns; j++) {
            int64_t share = pl_cover_share_q40(&cover, j);
            assert_true(share >= 0 && share <= ONE);
            x[j] = (double)share / (double)ONE;
        }
        for (uint32_t k = 0; k < p.needs; k++)
            assert_true(covered(&p, k, x) >= (double)p.need[k] - 1e-7 * (double)size - 1);
        assert_true(cost_of(&p, x) <= least + 1e-7 * (double)size + 1);
    }
    assert_true(solved > 0 && refused > 0);
}

static void needs_beyond_the_rows_are_refused(void **state)
{
    (void)state;
    const int64_t cost[] = { 5 }, relief[] = { 10 };
    pl_cover_start(&cover, cost, 1);
    for (int k = 0; k < PL_COVER_ROWS_MAX; k++)
        assert_true(pl_cover_need(&cover, relief, k % 10));
    assert_false(pl_cover_need(&cover, relief, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(covers_are_feasible_and_no_grid_point_is_cheaper),
        cmocka_unit_test(needs_beyond_the_rows_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
