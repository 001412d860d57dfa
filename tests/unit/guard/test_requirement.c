/* Slopes of brackets against the brackets themselves, over every move within reach. */
#include "../support/random.h"

#include "guard/requirement.h"
#include "model/money.h"

#define COUNT 4

static double requirement(const struct pl_bracket *b, bool initial, double notional)
{
    double most = 0;
    for (int i = 0; i < COUNT; i++)
        most =
            fmax(most, initial ? notional * (double)b[i].im_rate * 0x1p-40 - (double)b[i].im_cum
                               : notional * (double)b[i].mm_rate * 0x1p-40 - (double)b[i].mm_cum);
    return most;
}

static void brackets_move_no_further_than_their_slopes(void **state)
{
    (void)state;
    uint64_t random = random_seed(31);
    for (uint64_t round = random_rounds(20000); round > 0; round--) {
        struct pl_bracket brackets[PL_BRACKETS_MAX] = { 0 };
        struct pl_class c = { .long_brackets = 1, .short_brackets = 1 };
        struct pl_tables t = { .brackets = brackets };
        double size = random_log(&random, 1e8, 1e16);
        for (int i = 0; i < COUNT; i++) {
            double rate = random_real(&random, 0, 0.3) * (i + 1);
            brackets[i] = (struct pl_bracket){ .count = COUNT,
                                               .mm_rate = llround(rate * 0x1p40),
                                               .mm_cum = (int64_t)(rate * size *
                                                                   random_real(&random, 0, 1)) };
            brackets[i].im_rate = 2 * brackets[i].mm_rate;
            brackets[i].im_cum = 2 * brackets[i].mm_cum;
        }
        struct pl_requirement spans = pl_bracket_span(&t, &c, -1, (pl_i128)size);
        double move = random_real(&random, 0.7, 1.35);
        for (int initial = 0; initial < 2; initial++) {
            const struct pl_span *span = initial ? &spans.initial : &spans.maintenance;
            double moved =
                requirement(brackets, initial, size * move) - requirement(brackets, initial, size);
            double low = (double)span->low * (move - 1), high = (double)span->high * (move - 1);
            assert_true(moved <= fmax(low, high) + 64 + size * 1e-12 &&
                        moved >= fmin(low, high) - 64 - size * 1e-12);
        }
    }
}

static void a_class_without_brackets_requires_nothing(void **state)
{
    (void)state;
    struct pl_class none = { 0 };
    struct pl_tables t = { 0 };
    struct pl_requirement r = pl_bracket_span(&t, &none, 5, 1000);
    assert_true(r.maintenance.low == 0 && r.maintenance.high == 0 && r.initial.high == 0);
    struct pl_span orders = pl_bracket_order_span(&t, &none, 5, 2, 3, 1000, 0);
    assert_true(orders.low == 0 && orders.high == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(brackets_move_no_further_than_their_slopes),
        cmocka_unit_test(a_class_without_brackets_requires_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
