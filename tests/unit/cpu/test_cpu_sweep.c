/* Sweeps by the kernels of every instruction set that this processor has, against the model's, byte
 * for byte: random tables, rows, terms of the close and streams, small words and extreme ones. */
#include "../support/tables_fixture.h"

#include "cpu/isa.h"
#include "cpu/packed.h"
#include "cpu/pieces.h"

#define UNDERLYINGS 3
#define EXPIRIES 9
#define ROWS 72
#define SLOTS_MAX 4000

static uint64_t r; /* state of the random numbers */

/* What this round draws: each range apart, so that often only one of them is extreme. */
struct ranges {
    unsigned row_bits, lot_bits, coefficient_bits;
    int shift_min, shift_max;
    bool powers; /* few row entries, powers of 2: sums that wrap to small ones */
    bool flags, groups, odd_slots;
};

static struct ranges draw_ranges(void)
{
    static const unsigned row_bits[] = { 4, 44, 44, 51 }, lot_bits[] = { 4, 12, 12, 31 };
    static const int shift_max[] = { 0, 5, 10, PL_ROW_SHIFT_MAX };
    return (struct ranges){ .row_bits = row_bits[random_below(&r, 4)],
                            .lot_bits = lot_bits[random_below(&r, 4)],
                            .coefficient_bits = random_once_in(&r, 4) ? 46 : 40,
                            .shift_min = random_once_in(&r, 8) ? -PL_ROW_SHIFT_MAX : 0,
                            .shift_max = shift_max[random_below(&r, 4)],
                            .powers = random_once_in(&r, 4),
                            .flags = random_once_in(&r, 4),
                            .groups = random_once_in(&r, 6),
                            .odd_slots = random_once_in(&r, 3) };
}

static int64_t row_word(const struct ranges *g)
{
    if (!g->powers)
        return random_word(&r, g->row_bits);
    return random_once_in(&r, 6) ? INT64_C(1) << random_below(&r, 51) : 0;
}

static int64_t lots_word(const struct ranges *g)
{
    if (random_once_in(&r, 500))
        return INT32_MIN;
    return g->powers ? INT64_C(1) << random_below(&r, g->lot_bits) : random_word(&r, g->lot_bits);
}

static int64_t coefficient(const struct ranges *g)
{
    int64_t c = random_once_in(&r, 3) ? ONE : random_word(&r, g->coefficient_bits);
    return c < 0 ? -c : c;
}

static void draw_underlyings(struct tables_fixture *f, const struct ranges *g)
{
    for (uint16_t u = 0; u < UNDERLYINGS; u++) {
        uint8_t count = (uint8_t)random_within(&r, 0, PL_SCENARIOS_MAX);
        struct pl_scenario list[PL_SCENARIOS_MAX];
        for (uint8_t i = 0; i < count; i++) {
            list[i] =
                (struct pl_scenario){ .vol_rule = (uint8_t)random_below(&r, PL_VOL_RULE_ABS + 1),
                                      .shock = ONE,
                                      .dampening = coefficient(g) };
        }
        tables_scenarios(f, u, list, count);
        struct pl_underlying record = { .kind = PL_RECORD_UNDERLYING,
                                        .offset_group = g->groups && u > 0,
                                        .scenario_count = g->groups ? 0 : count,
                                        .index = u,
                                        .scenario_table = u,
                                        .mm_loss_factor = g->groups ? ONE : coefficient(g),
                                        .im_loss_factor = g->groups ? ONE : coefficient(g),
                                        .basis_up = ONE,
                                        .basis_down = ONE };
        tables_take(f, &record);
    }
}

static void draw_expiries(struct tables_fixture *f, const struct ranges *g)
{
    for (uint16_t e = 0; e < EXPIRIES; e++) {
        struct pl_expiry record = { .kind = PL_RECORD_EXPIRY,
                                    .row_shift =
                                        (int8_t)random_within(&r, g->shift_min, g->shift_max),
                                    .index = e,
                                    .underlying = (uint16_t)(e * UNDERLYINGS / EXPIRIES),
                                    .perpetual = random_once_in(&r, 3),
                                    .scenario = !random_once_in(&r, 5) };
        tables_take(f, &record);
    }
    struct pl_multiplier multiplier = { .kind = PL_RECORD_MULTIPLIER,
                                        .index = 1,
                                        .value = coefficient(g) | 1 };
    tables_take(f, &multiplier);
}

/* As a commit leaves them, but any words. */
static void draw_rows(struct tables_fixture *f, const struct ranges *g)
{
    for (uint32_t i = 0; i < ROWS; i++) {
        struct pl_row *row = &f->t.rows[i];
        int64_t *words = &row->base;
        bool scenario = f->t.expiries[row->expiry].scenario;
        for (size_t w = 0; w < (sizeof *row - offsetof(struct pl_row, base)) / 8; w++)
            words[w] = row_word(g);
        for (int64_t *w = &row->mm_long; w <= &row->order_naked; w++)
            *w = *w < 0 ? -*w : *w;
        if (!scenario) {
            row->basis_up = row->basis_down = 0;
            memset(row->scenario, 0, sizeof row->scenario);
        }
        row->row = random_once_in(&r, 8) ? PL_ROW_KIND_REQUIREMENT : PL_ROW_KIND_LINEAR;
        row->flags = g->flags && random_once_in(&r, 10) ? (uint8_t)random_below(&r, 64) : 0;
        row->is_asset = row->flags != 0 && random_once_in(&r, 2);
        f->t.repriced[i] = i;
    }
    f->t.repriced_count = ROWS;
    for (uint32_t e = 0; e < EXPIRIES; e++) {
        struct pl_expiry_tick *tick = &f->t.frozen[e];
        tick->price.penalty = random_once_in(&r, 2) ? 0 : coefficient(g);
        tick->price.penalty_perpetual = random_once_in(&r, 2) ? 0 : coefficient(g);
        tick->time.basis_weight = coefficient(g);
        tick->time.long_discount = coefficient(g);
        tick->time.short_discount = coefficient(g);
    }
    for (uint32_t u = 0; u < UNDERLYINGS; u++)
        f->t.frozen_im_factor[u] = coefficient(g);
}

static size_t draw_account(const struct pl_tables *t, uint64_t *slots, const struct ranges *g)
{
    size_t n = 0;
    bool portfolio = !random_once_in(&r, 6);
    slots[n++] = slot_header((uint32_t)random_u64(&r),
                             portfolio ? PL_MODE_PORTFOLIO : (uint8_t)random_within(&r, 0, 3),
                             (uint16_t)random_below(&r, random_once_in(&r, 50) ? 4 : 2));
    while (random_once_in(&r, 2))
        slots[n++] = slot_cash(random_word(&r, 55));
    if (random_once_in(&r, 8))
        slots[n++] =
            pl_slot_cash(PL_TAG_CASH_HIGH, random_word(&r, random_once_in(&r, 2) ? 30 : 55));
    for (uint32_t i = 0; i < ROWS; i++) {
        if (!random_once_in(&r, 4))
            continue;
        bool requirement = t->rows[i].row == PL_ROW_KIND_REQUIREMENT;
        int64_t lots = lots_word(g);
        bool wrong_side = g->odd_slots && random_once_in(&r, 500);
        slots[n++] =
            pl_slot_position(requirement ? PL_TAG_REQUIREMENT : PL_TAG_POSITION,
                             requirement && lots < 0 && !wrong_side ? -(lots + 1) : lots, i);
        if (g->odd_slots && random_once_in(&r, 500)) /* once more */
            slots[n] = slots[n - 1], n++;
        if (!requirement && g->odd_slots && random_once_in(&r, 20))
            slots[n++] = slot_orders(random_below(&r, 1000), random_below(&r, 1000));
        if (g->odd_slots && random_once_in(&r, 100))
            slots[n++] = random_once_in(&r, 2) ? 0 : slot_cash(5);
        if (g->odd_slots && random_once_in(&r, 1000)) /* malformed, most likely */
            slots[n++] = random_u64(&r) >> random_below(&r, 64);
    }
    return n;
}

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

static void check_isa(const struct pl_cpu_isa *isa, uint8_t profile)
{
    static uint64_t slots[SLOTS_MAX];
    struct pl_model model = tables_counts(ROWS, EXPIRIES, UNDERLYINGS);
    model.scenario_tables = UNDERLYINGS;
    for (uint64_t round = 0, rounds = random_rounds(1500); round < rounds; round++) {
        struct tables_fixture f;
        struct pl_cpu_packed packed = { 0 };
        struct ranges g = draw_ranges();
        tables_open(&f, &model, profile);
        tables_fill(&f);
        draw_underlyings(&f, &g);
        draw_expiries(&f, &g);
        tables_ready(&f, 1000);
        assert_int_equal(pl_cpu_packed_make(&packed, &f.t), 0);
        for (int tick = 0; tick < 3; tick++) {
            draw_rows(&f, &g);
            pl_cpu_packed_renew(&packed);
            compare(isa, &packed, slots, draw_stream(&f.t, slots, &g));
        }
        pl_cpu_packed_free(&packed);
        tables_close(&f);
    }
}

static void every_instruction_set_gives_the_models_bytes(void **state)
{
    (void)state;
    static const char *const names[] = { "avx512" };
    r = random_seed(11);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const struct pl_cpu_isa *isa = pl_cpu_isa_find(names[i]);
        assert_non_null(isa);
        if (isa->here())
            check_isa(isa, PL_PROFILE_FULL);
        else
            print_message("%s: not on this processor\n", names[i]);
    }
}

#define LONG_STREAM 60000

/* Long enough for pieces; often with padding, an early END, a fault or no END at all. */
static size_t draw_long_stream(const struct pl_tables *t, uint64_t *slots, const struct ranges *g)
{
    size_t n = 0, length = random_below(&r, LONG_STREAM - 4 * ROWS);
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
    struct pl_model model = tables_counts(ROWS, EXPIRIES, UNDERLYINGS);
    model.scenario_tables = UNDERLYINGS;
    r = random_seed(13);
    for (uint64_t round = 0, rounds = random_rounds(30); round < rounds; round++) {
        struct tables_fixture f;
        struct pl_cpu_packed packed = { 0 };
        struct pl_cpu_pieces pieces = { .isa = pl_cpu_isa_best(), .packed = &packed };
        struct ranges g = draw_ranges();
        g.odd_slots = g.odd_slots && random_once_in(&r, 4); /* faults come early with it */
        tables_open(&f, &model, PL_PROFILE_FULL);
        tables_fill(&f);
        draw_underlyings(&f, &g);
        draw_expiries(&f, &g);
        tables_ready(&f, 1000);
        assert_int_equal(pl_cpu_packed_make(&packed, &f.t), 0);
        draw_rows(&f, &g);
        pl_cpu_packed_renew(&packed);
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
