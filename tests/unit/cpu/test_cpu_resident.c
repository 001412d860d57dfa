/* Accounts that stay: after every tick their verdicts are those of a whole sweep, byte for byte. */
#include "random_tables.h"

#include "cpu/packed.h"
#include "cpu/resident.h"

#define ACCOUNTS 200
#define SLOTS_MAX (ACCOUNTS * 4 * ROWS)

/* A tick that changes an expiry, or a few rows, or a loss factor. */
static void draw_tick(struct tables_fixture *f, const struct ranges *g)
{
    uint32_t expiry = (uint32_t)random_below(&r, EXPIRIES), n = 0;
    bool whole = random_once_in(&r, 3);
    if (whole)
        f->t.frozen[expiry].time.basis_weight = coefficient(g);
    for (uint32_t i = 0; i < ROWS; i++) {
        if (whole ? f->t.rows[i].expiry != expiry : !random_once_in(&r, ROWS))
            continue;
        draw_row(f, i, g);
        f->t.repriced[n++] = i;
    }
    f->t.repriced_count = n;
    f->t.tick++;
    if (random_once_in(&r, 4))
        f->t.frozen_im_factor[random_below(&r, UNDERLYINGS)] = coefficient(g);
}

static void compare(struct pl_cpu_resident *resident, const uint64_t *slots, size_t count)
{
    static struct pl_verdict expected[ACCOUNTS + 1], got[ACCOUNTS + 1];
    struct pl_sweep of_model, of_cpu;
    uint8_t filter = (uint8_t)random_below(&r, 5);
    pl_sweep_start(&of_model, resident->tables, slots, count, filter);
    pl_sweep_start(&of_cpu, resident->tables, slots, count, filter);
    size_t n = pl_sweep_take(&of_model, expected, ACCOUNTS + 1);
    assert_int_equal(of_model.status, PL_STATUS_OK);
    assert_int_equal(pl_cpu_resident_list(resident, &of_cpu, got, ACCOUNTS + 1), n);
    assert_memory_equal(got, expected, n * sizeof got[0]);
    assert_memory_equal(&of_cpu.summary, &of_model.summary, sizeof of_cpu.summary);
    assert_int_equal(of_cpu.next, of_model.next);
    assert_true(of_cpu.ended);
}

static void verdicts_that_stay_are_those_of_a_sweep(void **state)
{
    (void)state;
    static uint64_t slots[SLOTS_MAX];
    const struct pl_cpu_isa *isa = pl_cpu_isa_best();
    uint64_t judged = 0, ticks = 0;
    r = random_seed(14);
    for (uint64_t round = 0, rounds = random_rounds(60); round < rounds; round++) {
        struct tables_fixture f;
        struct pl_cpu_packed packed = { 0 };
        struct pl_cpu_resident resident = { 0 };
        struct ranges g = draw_ranges();
        size_t n = 0, accounts = random_below(&r, ACCOUNTS + 1);
        g.odd_slots = false;
        draw_tables(&f, &g, PL_PROFILE_FULL);
        assert_int_equal(pl_cpu_packed_make(&packed, &f.t), 0);
        draw_rows(&f, &g);
        pl_cpu_packed_renew(&packed);
        for (size_t a = 0; a < accounts; a++) {
            n += draw_account(&f.t, slots + n, &g);
            while (random_once_in(&r, 3))
                slots[n++] = 0; /* PAD */
        }
        for (size_t i = 0; i < n; i++) { /* a mode and a multiplier that exist */
            if (pl_slot_tag(slots[i]) == PL_TAG_HEADER)
                slots[i] = slot_header((uint32_t)slots[i], (uint8_t)random_within(&r, 1, 3), i & 1);
        }
        slots[n++] = slot_end();
        assert_int_equal(pl_cpu_resident_make(&resident, &f.t, slots, n), 0);
        for (int tick = 0; tick < 20; tick++, ticks++) {
            int64_t got = pl_cpu_resident_judge(&resident, isa, &packed);
            assert_true(got >= 0);
            judged += tick > 0 ? (uint64_t)got : 0;
            compare(&resident, slots, n);
            draw_tick(&f, &g);
            pl_cpu_packed_renew(&packed);
            pl_cpu_resident_note(&resident);
        }
        pl_cpu_resident_free(&resident);
        pl_cpu_packed_free(&packed);
        tables_close(&f);
    }
    print_message("%" PRIu64 " accounts judged again in %" PRIu64 " ticks\n", judged, ticks);
}

static void a_set_with_a_fault_is_refused(void **state)
{
    (void)state;
    struct tables_fixture f;
    struct pl_cpu_packed packed = { 0 };
    struct pl_cpu_resident resident = { 0 };
    struct ranges g;
    r = random_seed(15);
    g = draw_ranges();
    draw_tables(&f, &g, PL_PROFILE_FULL);
    assert_int_equal(pl_cpu_packed_make(&packed, &f.t), 0);
    pl_cpu_packed_renew(&packed);
    const uint64_t header = slot_header(1, PL_MODE_PORTFOLIO, 0), end = slot_end();
    const uint64_t no_end[] = { header, slot_position(0, 1) };
    const uint64_t no_header[] = { slot_cash(1), end };
    const uint64_t beyond[] = { header, slot_position(ROWS, 1), end };
    assert_int_equal(pl_cpu_resident_make(&resident, &f.t, no_end, 2), -PL_STATUS_MALFORMED_SLOT);
    assert_int_equal(pl_cpu_resident_make(&resident, &f.t, no_header, 2),
                     -PL_STATUS_MALFORMED_SLOT);
    assert_int_equal(pl_cpu_resident_make(&resident, &f.t, beyond, 3), -PL_STATUS_MALFORMED_SLOT);
    assert_int_equal(resident.count, 0);
    const uint64_t twice[] = { header, slot_position(1, 1), slot_position(1, 1), end };
    assert_int_equal(pl_cpu_resident_make(&resident, &f.t, twice, 4), 0);
    assert_int_equal(pl_cpu_resident_judge(&resident, pl_cpu_isa_best(), &packed),
                     -PL_STATUS_MALFORMED_SLOT);
    pl_cpu_resident_free(&resident);
    pl_cpu_packed_free(&packed);
    tables_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verdicts_that_stay_are_those_of_a_sweep),
        cmocka_unit_test(a_set_with_a_fault_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
