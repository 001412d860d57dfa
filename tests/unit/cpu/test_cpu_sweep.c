/* Sweeps by the kernels of every instruction set that this processor has, against the model's, byte
 * for byte: random tables, rows, terms of the close and streams, small words and extreme ones. */
#include "random_tables.h"

#include "cpu/isa.h"
#include "cpu/packed.h"
#include "cpu/pieces.h"

#define SLOTS_MAX 4000

static size_t draw_stream(const struct pl_tables *t, uint64_t *slots, const struct ranges *g)
{
    size_t n = 0;
    while (n + 3 * ROWS < SLOTS_MAX && !random_once_in(&r, 40))
        n += draw_account(t, slots + n, g);
    if (!random_once_in(&r, 50))
        slots[n++] = slot_end();
    return n;
}

static void compare(const struct pl_cpu_isa *isa, const struct pl_cpu_packed *packed,
                    const uint64_t *slots, size_t count)
{
    enum { PIECE = 7 };
    struct pl_sweep of_model, of_cpu;
    uint8_t filter = (uint8_t)random_below(&r, 5);
    pl_sweep_start(&of_model, packed->tables, slots, count, filter);
    pl_sweep_start(&of_cpu, packed->tables, slots, count, filter);
    while (!of_model.ended) {
        struct pl_verdict expected[PIECE], got[PIECE];
        size_t n = pl_sweep_take(&of_model, expected, PIECE);
        assert_int_equal(isa->take(packed, &of_cpu, got, PIECE), n);
        assert_memory_equal(got, expected, n * sizeof got[0]);
        assert_memory_equal(&of_cpu, &of_model, sizeof of_cpu);
    }
}

/* Accounts whose cash comes near what 64 bits hold, between others: their equity may not fit. */
static size_t draw_rich_stream(const struct pl_tables *t, uint64_t *slots, const struct ranges *g)
{
    const int64_t most = (INT64_C(1) << 55) - 1;
    size_t n = 0;
    while (n + 256 + 6 * ROWS < SLOTS_MAX) {
        uint64_t account[3 * ROWS];
        size_t length = draw_account(t, account, g), cash = 256 - random_below(&r, 4) * 64;
        int64_t amount = random_once_in(&r, 2) ? most : -most;
        slots[n++] = account[0];
        for (size_t i = 0; i < cash; i++)
            slots[n++] = slot_cash(amount);
        memcpy(slots + n, account + 1, (length - 1) * sizeof slots[0]);
        n += length - 1;
        n += draw_account(t, slots + n, g);
    }
    slots[n++] = slot_end();
    return n;
}

static void check_isa(const struct pl_cpu_isa *isa, uint8_t profile)
{
    static uint64_t slots[SLOTS_MAX];
    for (uint64_t round = 0, rounds = random_rounds(1500); round < rounds; round++) {
        struct tables_fixture f;
        struct pl_cpu_packed packed = { 0 };
        struct ranges g = draw_ranges();
        draw_tables(&f, &g, profile);
        assert_int_equal(pl_cpu_packed_make(&packed, &f.t), 0);
        packed.far = random_once_in(&r, 2); /* as if the rows were more */
        for (int tick = 0; tick < 3; tick++) {
            draw_rows(&f, &g);
            pl_cpu_packed_renew(&packed, f.t.repriced, f.t.repriced_count);
            compare(isa, &packed, slots, draw_stream(&f.t, slots, &g));
            if (round % 16 == 0)
                compare(isa, &packed, slots, draw_rich_stream(&f.t, slots, &g));
        }
        pl_cpu_packed_free(&packed);
        tables_close(&f);
    }
}

static void every_instruction_set_gives_the_models_bytes(void **state)
{
    (void)state;
    static const char *const names[] = { "avx512", "avx2" };
    r = random_seed(11);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const struct pl_cpu_isa *isa = pl_cpu_isa_find(names[i]);
        bool here = isa != NULL && pl_cpu_isa_here(isa);
        if (here)
            check_isa(isa, PL_PROFILE_FULL);
        else
            print_message("%s: not on this processor\n", names[i]);
    }
}

#define LONG_STREAM 60000

/* Long enough for pieces; often with padding, an early END, a fault or no END at all. */
static size_t draw_long_stream(const struct pl_tables *t, uint64_t *slots, const struct ranges *g)
{
    size_t n = random_once_in(&r, 4) ? random_below(&r, LONG_STREAM / 2) : 0;
    size_t length = random_below(&r, LONG_STREAM - 4 * ROWS);
    memset(slots, 0, n * sizeof slots[0]); /* PAD */
    while (n < length) {
        n += draw_account(t, slots + n, g);
        while (random_once_in(&r, 3))
            slots[n++] = 0; /* PAD */
    }
    slots[n++] = slot_end();
    for (int i = 0; i < 2; i++) {
        if (random_once_in(&r, 4))
            slots[random_below(&r, n)] = i == 0 ? slot_end() : random_u64(&r);
    }
    return random_once_in(&r, 6) ? random_below(&r, n) : n;
}

static void compare_pieces(struct pl_cpu_pieces *pieces, const uint64_t *slots, size_t count)
{
    enum { MOST = 5000 };
    static struct pl_verdict expected[MOST], got[MOST];
    struct pl_sweep of_model, of_cpu;
    uint8_t filter = (uint8_t)random_below(&r, 5);
    size_t max = 1 + random_below(&r, MOST);
    pl_sweep_start(&of_model, pieces->packed->tables, slots, count, filter);
    pl_sweep_start(&of_cpu, pieces->packed->tables, slots, count, filter);
    if (random_once_in(&r, 4)) { /* a sweep that was cut off leaves nothing behind */
        pl_cpu_pieces_take(pieces, &of_cpu, got, 1 + random_below(&r, max));
        pl_sweep_start(&of_cpu, pieces->packed->tables, slots, count, filter);
    }
    while (!of_model.ended) {
        size_t n = pl_sweep_take(&of_model, expected, max);
        assert_int_equal(pl_cpu_pieces_take(pieces, &of_cpu, got, max), n);
        assert_memory_equal(got, expected, n * sizeof got[0]);
    }
    if (!of_cpu.ended) /* its last verdict may be taken before its END is met */
        assert_int_equal(pl_cpu_pieces_take(pieces, &of_cpu, got, 1), 0);
    assert_true(of_cpu.ended);
    assert_int_equal(of_cpu.status, of_model.status);
    assert_int_equal(of_cpu.next, of_model.next);
    assert_memory_equal(&of_cpu.summary, &of_model.summary, sizeof of_cpu.summary);
}

static void a_sweep_in_pieces_gives_the_models_bytes(void **state)
{
    (void)state;
    static uint64_t slots[LONG_STREAM];
    r = random_seed(13);
    for (uint64_t round = 0, rounds = random_rounds(30); round < rounds; round++) {
        struct tables_fixture f;
        struct pl_cpu_packed packed = { 0 };
        struct pl_cpu_pieces pieces = { .isa = pl_cpu_isa_best(), .packed = &packed };
        struct ranges g = draw_ranges();
        g.odd_slots = g.odd_slots && random_once_in(&r, 4); /* faults come early with it */
        draw_tables(&f, &g, PL_PROFILE_FULL);
        assert_int_equal(pl_cpu_packed_make(&packed, &f.t), 0);
        draw_rows(&f, &g);
        pl_cpu_packed_renew(&packed, f.t.repriced, f.t.repriced_count);
        assert_int_equal(pl_cpu_pieces_open(&pieces, 1 + (unsigned)random_below(&r, 4), -1), 0);
        for (int i = 0; i < 3; i++)
            compare_pieces(&pieces, slots, draw_long_stream(&f.t, slots, &g));
        pl_cpu_pieces_close(&pieces);
        pl_cpu_packed_free(&packed);
        tables_close(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_instruction_set_gives_the_models_bytes),
        cmocka_unit_test(a_sweep_in_pieces_gives_the_models_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
