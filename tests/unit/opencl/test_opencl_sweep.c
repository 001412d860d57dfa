/* Sweeps by the device against the model's, byte for byte: random tables, rows, terms of the close
 * and streams, small words and extreme ones; accounts that stay, too. */
#include "../cpu/random_tables.h"
#include "pocl.h"

#include "opencl/sweep.h"

#define SLOTS_MAX 4000

static uint64_t accounts, quick;

static size_t draw_stream(const struct pl_tables *t, uint64_t *slots, const struct ranges *g)
{
    size_t n = 0;
    while (n + 3 * ROWS < SLOTS_MAX && !random_once_in(&r, 40)) {
        while (g->odd_slots && random_once_in(&r, 4))
            slots[n++] = 0; /* PAD */
        n += draw_account(t, slots + n, g);
    }
    if (!random_once_in(&r, 50))
        slots[n++] = slot_end();
    return n;
}

static void count_quick(const struct pl_ocl_accounts *a)
{
    for (uint32_t i = 0; i < a->count; i++)
        quick += a->said[i] <= PL_STATE_BANKRUPT;
    accounts += a->count;
}

static void compare(struct pl_ocl_sweep *sweep, const uint64_t *slots, size_t count)
{
    enum { PIECE = 7 };
    struct pl_sweep of_model, of_device;
    uint8_t filter = (uint8_t)random_below(&r, 5);
    pl_sweep_start(&of_model, sweep->rows->tables, slots, count, filter);
    of_device = of_model;
    while (!of_model.ended) {
        struct pl_verdict expected[PIECE], got[PIECE];
        size_t n = pl_sweep_take(&of_model, expected, PIECE);
        assert_int_equal(pl_ocl_sweep_take(sweep, &of_device, got, PIECE), n);
        assert_memory_equal(got, expected, n * sizeof got[0]);
        assert_memory_equal(&of_device, &of_model, sizeof of_device);
    }
    count_quick(&sweep->streamed);
}

static void compare_kept(struct pl_ocl_sweep *sweep, const uint64_t *slots, size_t count,
                         uint8_t filter)
{
    static struct pl_verdict expected[SLOTS_MAX], got[SLOTS_MAX];
    struct pl_sweep of_model, of_device;
    pl_sweep_start(&of_model, sweep->rows->tables, slots, count, filter);
    of_device = of_model;
    size_t n = pl_sweep_take(&of_model, expected, SLOTS_MAX);
    size_t most = pl_ocl_sweep_judge_kept(sweep);
    assert_true(most >= n);
    assert_int_equal(pl_ocl_sweep_list_kept(sweep, &of_device, got, most), n);
    assert_memory_equal(got, expected, n * sizeof got[0]);
    of_device.slots = of_model.slots; /* the engine has its own */
    assert_memory_equal(&of_device, &of_model, sizeof of_device);
    count_quick(&sweep->kept);
}

/* What the last draw left in the tables, as a load and a commit send it. */
static void send_tables(struct pl_ocl_rows *rows, struct tables_fixture *f)
{
    assert_int_equal(pl_ocl_rows_load(rows, &f->t), 0);
    f->t.repriced_count = 0;
    assert_int_equal(pl_ocl_rows_commit(rows), 0);
}

static void check(uint8_t profile, unsigned lanes, uint64_t base)
{
    static uint64_t slots[SLOTS_MAX + 8 * ROWS];
    struct pocl pocl;
    struct pl_ocl_rows rows;
    struct pl_ocl_sweep sweep;
    accounts = quick = 0;
    pocl_open(&pocl, profile, lanes);
    assert_int_equal(pl_ocl_rows_open(&rows, &pocl.device, profile), 0);
    assert_int_equal(pl_ocl_sweep_open(&sweep, &rows), 0);
    for (uint64_t round = 0, rounds = random_rounds(base); round < rounds; round++) {
        struct tables_fixture f;
        struct ranges g = draw_ranges();
        draw_tables(&f, &g, profile);
        size_t count = 0;
        uint8_t filter = 0;
        for (int tick = 0; tick < 4; tick++) {
            draw_rows(&f, &g);
            send_tables(&rows, &f);
            if (count > 0) /* kept since the tick before, under rows that may refuse its slots */
                compare_kept(&sweep, slots, count, filter);
            count = draw_stream(&f.t, slots, &g);
            compare(&sweep, slots, count);
            filter = (uint8_t)random_below(&r, 5);
            if (!pl_ocl_sweep_keep(&sweep, slots, count, filter) || slots[count - 1] != slot_end())
                count = 0;
        }
        tables_close(&f);
    }
    print_message("%" PRIu64 " of %" PRIu64 " accounts were judged by the device\n", quick,
                  accounts);
    assert_true(quick > accounts / 30);
    pl_ocl_sweep_close(&sweep);
    pl_ocl_rows_close(&rows);
    pocl_close(&pocl);
}

static void sweeps_of_the_device_are_the_models(void **state)
{
    (void)state;
    r = random_seed(23);
    check(PL_PROFILE_FULL, 0, 120);
}

static void narrow_vectors_give_the_models_sweeps(void **state)
{
    (void)state;
    r = random_seed(24);
    check(PL_PROFILE_FULL, 1, 60);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sweeps_of_the_device_are_the_models),
        cmocka_unit_test(narrow_vectors_give_the_models_sweeps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
