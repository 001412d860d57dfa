/* Accounts that stay: after every tick their verdicts are those of a whole sweep, byte for byte. */
#include "random_tables.h"

#include "cpu/isa.h"
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

/* What the kernels need. */
struct kernels {
    const struct pl_cpu_isa *isa;
    struct pl_cpu_packed packed;
};

static size_t take(void *context, struct pl_sweep *sweep, struct pl_verdict *verdicts, size_t max)
{
    struct kernels *k = context;
    return k->isa->take == NULL ? pl_sweep_take(sweep, verdicts, max)
                                : k->isa->take(&k->packed, sweep, verdicts, max);
}

static void compare(struct pl_cpu_resident *resident, const uint64_t *slots, size_t count)
{
    static struct pl_verdict expected[ACCOUNTS + 1], got[ACCOUNTS + 1];
    struct pl_sweep of_model, of_cpu;
    uint8_t filter = resident->filter;
    pl_sweep_start(&of_model, resident->tables, slots, count, filter);
    pl_sweep_start(&of_cpu, resident->tables, slots, count, filter);
    size_t n = pl_sweep_take(&of_model, expected, ACCOUNTS + 1);
    assert_int_equal(of_model.status, PL_STATUS_OK);
    assert_int_equal(pl_cpu_resident_flagged(resident), n);
    assert_int_equal(pl_cpu_resident_list(resident, &of_cpu, got, n), n);
    assert_memory_equal(got, expected, n * sizeof got[0]);
    assert_memory_equal(&of_cpu.summary, &of_model.summary, sizeof of_cpu.summary);
    assert_int_equal(of_cpu.next, of_model.next);
    assert_true(of_cpu.ended);
}

static void verdicts_that_stay_are_those_of_a_sweep(void **state)
{
    (void)state;
    static uint64_t slots[SLOTS_MAX];
    uint64_t judged = 0, ticks = 0;
    r = random_seed(14);
    for (uint64_t round = 0, rounds = random_rounds(60); round < rounds; round++) {
        struct tables_fixture f;
        struct kernels k = { .isa = pl_cpu_isa_best() };
        struct pl_cpu_resident resident = { 0 };
        struct ranges g = draw_ranges();
        size_t n = 0, accounts = random_below(&r, ACCOUNTS + 1);
        g.odd_slots = false;
        draw_tables(&f, &g, PL_PROFILE_FULL);
        assert_int_equal(pl_cpu_packed_make(&k.packed, &f.t), 0);
        draw_rows(&f, &g);
        pl_cpu_packed_renew(&k.packed, f.t.repriced, f.t.repriced_count);
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
        assert_int_equal(
            pl_cpu_resident_make(&resident, &f.t, slots, n, (uint8_t)random_below(&r, 5)), 0);
        for (int tick = 0; tick < 20; tick++, ticks++) {
            int64_t got = pl_cpu_resident_judge(&resident, take, &k);
            assert_true(got >= 0);
            judged += tick > 0 ? (uint64_t)got : 0;
            compare(&resident, slots, n);
            draw_tick(&f, &g);
            pl_cpu_packed_renew(&k.packed, f.t.repriced, f.t.repriced_count);
            pl_cpu_resident_note(&resident);
        }
        pl_cpu_resident_free(&resident);
        pl_cpu_packed_free(&k.packed);
        tables_close(&f);
    }
    print_message("%" PRIu64 " accounts judged again in %" PRIu64 " ticks\n", judged, ticks);
}

static void a_set_with_a_fault_is_refused(void **state)
{
    (void)state;
    struct tables_fixture f;
    struct kernels k = { .isa = pl_cpu_isa_best() };
    struct pl_cpu_resident resident = { 0 };
    struct ranges g;
    r = random_seed(15);
    g = draw_ranges();
    draw_tables(&f, &g, PL_PROFILE_FULL);
    assert_int_equal(pl_cpu_packed_make(&k.packed, &f.t), 0);
    pl_cpu_packed_renew(&k.packed, f.t.repriced, f.t.repriced_count);
    const uint64_t header = slot_header(1, PL_MODE_PORTFOLIO, 0), end = slot_end();
    const uint64_t no_end[] = { header, slot_position(0, 1) };
    const uint64_t no_header[] = { slot_cash(1), end };
    const uint64_t beyond[] = { header, slot_position(ROWS, 1), end };
    assert_int_equal(pl_cpu_resident_make(&resident, &f.t, no_end, 2, 0),
                     -PL_STATUS_MALFORMED_SLOT);
    assert_int_equal(pl_cpu_resident_make(&resident, &f.t, no_header, 2, 0),
                     -PL_STATUS_MALFORMED_SLOT);
    assert_int_equal(pl_cpu_resident_make(&resident, &f.t, beyond, 3, 0),
                     -PL_STATUS_MALFORMED_SLOT);
    assert_int_equal(resident.count, 0);
    assert_int_equal(resident.bytes, 0);
    const uint64_t twice[] = { header, slot_position(1, 1), slot_position(1, 1), end };
    assert_int_equal(pl_cpu_resident_make(&resident, &f.t, twice, 4, 0), 0);
    assert_int_equal(pl_cpu_resident_judge(&resident, take, &k), -PL_STATUS_MALFORMED_SLOT);
    pl_cpu_resident_free(&resident);
    pl_cpu_packed_free(&k.packed);
    tables_close(&f);
}

/* Index, verdict and slots of an account with one cash slot, besides what one batch needs. */
static void accounts_that_stay_take_little_memory(void **state)
{
    (void)state;
    enum { MANY = 30000, EACH = 12 };
    struct tables_fixture f;
    struct pl_cpu_resident resident = { 0 };
    struct ranges g;
    r = random_seed(16);
    g = draw_ranges();
    draw_tables(&f, &g, PL_PROFILE_FULL);
    uint64_t *slots = malloc((MANY * (EACH + 2) + 1) * sizeof *slots);
    assert_non_null(slots);
    size_t n = 0;
    for (uint32_t a = 0; a < MANY; a++) {
        slots[n++] = slot_header(a, PL_MODE_PORTFOLIO, 0);
        slots[n++] = slot_cash(1000);
        for (uint32_t i = 0; i < EACH; i++)
            slots[n++] = slot_position(i * (ROWS / EACH), 1);
    }
    slots[n++] = slot_end();
    assert_int_equal(pl_cpu_resident_make(&resident, &f.t, slots, n, PL_STATE_HEALTHY), 0);
    assert_true(resident.bytes <= MANY * (16 * EACH + 160));
    print_message("%.1f bytes an account of %d positions\n", (double)resident.bytes / MANY, EACH);
    pl_cpu_resident_free(&resident);
    free(slots);
    tables_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verdicts_that_stay_are_those_of_a_sweep),
        cmocka_unit_test(a_set_with_a_fault_is_refused),
        cmocka_unit_test(accounts_that_stay_take_little_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
