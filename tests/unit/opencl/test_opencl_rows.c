/* Rows priced on the device against the specification's, byte for byte: every kind of instrument,
 * random scenarios and ticks, small words and extreme ones, as the tables take them. */
#include "../support/tables_fixture.h"
#include "pocl.h"

#include "opencl/rows.h"

#define UNDERLYINGS 3
#define EXPIRIES 12
#define ROWS 96

static uint64_t r; /* state of the random numbers */

static int64_t one_or(unsigned bits)
{
    int64_t c = random_once_in(&r, 3) ? ONE : random_word(&r, bits);
    return c < 0 ? -c : c;
}

/* Near 1, or any. */
static int64_t draw_shock(void)
{
    return random_once_in(&r, 4) ? one_or(46) | 1 : ONE + random_word(&r, 38);
}

static uint64_t draw_real(int e_max)
{
    if (random_once_in(&r, 40))
        return random_once_in(&r, 2) ? 0 : random_u64(&r);
    return pl_real_pack(
        (struct pl_real){ random_within(&r, INT64_C(1) << 51, (INT64_C(1) << 52) - 1),
                          (int32_t)random_within(&r, -e_max, e_max) });
}

static void draw_underlyings(struct tables_fixture *f)
{
    const uint8_t most =
        f->t.profile == PL_PROFILE_SMALL ? PL_SCENARIOS_MAX_SMALL : PL_SCENARIOS_MAX;
    for (uint16_t u = 0; u < UNDERLYINGS; u++) {
        uint8_t count = (uint8_t)random_within(&r, 0, most);
        struct pl_scenario list[PL_SCENARIOS_MAX];
        bool skews = random_once_in(&r, 2);
        for (uint8_t i = 0; i < count; i++) {
            uint8_t rule =
                (uint8_t)random_below(&r, (skews ? PL_VOL_RULE_ABS : PL_VOL_RULE_DOWN) + 1);
            bool skew = rule == PL_VOL_RULE_LINEAR || rule == PL_VOL_RULE_ABS;
            list[i] = (struct pl_scenario){ .vol_rule = rule,
                                            .shock = skew ? ONE : draw_shock(),
                                            .dampening = one_or(46) };
        }
        if (count > 0)
            tables_scenarios(f, u, list, count);
        struct pl_underlying record = { .kind = PL_RECORD_UNDERLYING,
                                        .scenario_count = count,
                                        .index = u,
                                        .scenario_table = u,
                                        .mm_loss_factor = ONE,
                                        .im_loss_factor = ONE,
                                        .basis_up = draw_shock(),
                                        .basis_down = draw_shock(),
                                        .vol_floor = pl_abs_u64(random_word(&r, 48)),
                                        .naked_im = one_or(46) };
        tables_take(f, &record);
    }
}

static void draw_load(struct tables_fixture *f)
{
    unsigned bits = pl_price_bits(f->t.profile);
    draw_underlyings(f);
    for (uint16_t e = 0; e < EXPIRIES; e++) {
        struct pl_expiry record = { .kind = PL_RECORD_EXPIRY,
                                    .row_shift = (int8_t)random_within(&r, -PL_ROW_SHIFT_MAX,
                                                                       PL_ROW_SHIFT_MAX),
                                    .index = e,
                                    .underlying = (uint16_t)(e * UNDERLYINGS / EXPIRIES),
                                    .perpetual = random_once_in(&r, 3),
                                    .scenario = !random_once_in(&r, 5) };
        tables_take(f, &record);
    }
    struct pl_class c = { .kind = PL_RECORD_CLASS,
                          .mm_long = one_or(46),
                          .mm_short = one_or(40),
                          .im_long = one_or(40),
                          .im_short = one_or(46),
                          .fee = one_or(40) };
    tables_take(f, &c);
    for (uint32_t i = 0; i < ROWS; i++) {
        struct pl_instrument record = {
            .kind = PL_RECORD_INSTRUMENT,
            .row = (uint8_t)(random_once_in(&r, 3)
                                 ? random_within(&r, PL_ROW_KIND_LINEAR, PL_ROW_KIND_REQUIREMENT)
                                 : PL_ROW_KIND_OPTION),
            .is_call = random_once_in(&r, 2),
            .index = i,
            .expiry = (uint16_t)(i * EXPIRIES / ROWS),
            .strike = 1 + pl_abs_u64(random_word(&r, bits - 1)),
            .unit = draw_real(random_once_in(&r, 8) ? 300 : 20)
        };
        tables_take(f, &record);
    }
}

static void draw_expiry_tick(struct tables_fixture *f, uint16_t e)
{
    unsigned bits = pl_price_bits(f->t.profile);
    struct pl_expiry_math x;
    pl_fix_expiry(&x, pl_abs_u64(random_word(&r, 49)), random_word(&r, 46));
    bool odd = random_once_in(&r, 12);
    struct pl_tick_price p = {
        .kind = PL_RECORD_TICK_PRICE,
        .flags = random_once_in(&r, 8) ? (uint8_t)random_below(&r, 4) : 0,
        .index = e,
        .forward = random_once_in(&r, 20) ? 0 : pl_abs_u64(random_word(&r, bits)),
        .index_price = random_once_in(&r, 20) ? 0 : pl_abs_u64(random_word(&r, bits)),
        .discount = odd ? draw_real(260) : pl_real_pack(x.discount),
        .rate = random_once_in(&r, 20) ? (int64_t)random_u64(&r) : random_word(&r, 47)
    };
    struct pl_tick_time t = { .kind = PL_RECORD_TICK_TIME,
                              .index = e,
                              .sqrt_t = odd ? draw_real(300) : pl_real_pack(x.sqrt_t),
                              .half_inv_sqrt_t =
                                  odd ? draw_real(10) : pl_real_pack(x.half_inv_sqrt_t),
                              .years = odd ? draw_real(300) : pl_real_pack(x.years),
                              .moving =
                                  random_once_in(&r, 3) ? (int64_t)random_below(&r, ONE) : ONE,
                              .basis_weight = one_or(46),
                              .long_discount = one_or(random_once_in(&r, 2) ? 46 : 40),
                              .short_discount = one_or(random_once_in(&r, 2) ? 46 : 41) };
    struct pl_tick_shift s = { .kind = PL_RECORD_TICK_SHIFT,
                               .index = e,
                               .vol_up = one_or(52),
                               .vol_down = (int64_t)random_below(&r, ONE + 1),
                               .linear_cap = random_word(&r, 46),
                               .linear_slope = random_word(&r, random_once_in(&r, 3) ? 51 : 41),
                               .abs_cap = random_word(&r, 46),
                               .abs_slope = random_word(&r, random_once_in(&r, 3) ? 51 : 41) };
    assert_int_equal(tables_try_tick(f, &p), PL_STATUS_OK);
    if (!random_once_in(&r, 20))
        assert_int_equal(tables_try_tick(f, &t), PL_STATUS_OK);
    if (!random_once_in(&r, 20))
        assert_int_equal(tables_try_tick(f, &s), PL_STATUS_OK);
}

/* Everything, or a few things. */
static void draw_tick(struct tables_fixture *f, bool all)
{
    for (uint16_t e = 0; e < EXPIRIES; e++) {
        if (all || random_once_in(&r, EXPIRIES))
            draw_expiry_tick(f, e);
    }
    for (uint32_t i = 0; i < ROWS; i++) {
        if (f->t.instruments[i].row != PL_ROW_KIND_OPTION || !random_once_in(&r, all ? 1 : ROWS))
            continue;
        struct pl_tick_vol v = { .kind = PL_RECORD_TICK_VOL,
                                 .flags = random_once_in(&r, 20) ? PL_FLAG_STALE : 0,
                                 .index = i,
                                 .vol = pl_abs_u64(random_word(&r, 48)) };
        if (!all || !random_once_in(&r, 20))
            assert_int_equal(tables_try_tick(f, &v), PL_STATUS_OK);
    }
}

static void compare_rows(struct pl_ocl_rows *rows, struct tables_fixture *f)
{
    static struct pl_row expected[ROWS];
    memcpy(expected, f->t.rows, sizeof expected);
    for (uint32_t i = 0; i < f->t.repriced_count; i++)
        memset(&f->t.rows[f->t.repriced[i]], 0x5a, sizeof f->t.rows[0]);
    if (pl_ocl_rows_commit(rows) != 0)
        fail_msg("%s", rows->device->message);
    for (uint32_t i = 0; i < ROWS; i++)
        assert_memory_equal(&f->t.rows[i], &expected[i], sizeof expected[i]);
}

static void check(uint8_t profile, unsigned lanes, uint64_t base)
{
    struct pocl pocl;
    struct pl_ocl_rows rows;
    pocl_open(&pocl, profile, lanes);
    assert_int_equal(pl_ocl_rows_open(&rows, &pocl.device, profile), 0);
    for (uint64_t round = 0, rounds = random_rounds(base); round < rounds; round++) {
        struct tables_fixture f;
        uint64_t detail;
        struct pl_model model = tables_counts(ROWS, EXPIRIES, UNDERLYINGS);
        model.scenario_tables = UNDERLYINGS;
        tables_open(&f, &model, profile);
        tables_fill(&f);
        draw_load(&f);
        assert_int_equal(pl_tables_finish(&f.t, &detail), PL_STATUS_OK);
        assert_int_equal(pl_ocl_rows_load(&rows, &f.t), 0);
        for (uint64_t tick = 1; tick <= 5; tick++) {
            draw_tick(&f, tick == 1);
            assert_int_equal(pl_tables_commit(&f.t, tick, 1), PL_STATUS_OK);
            compare_rows(&rows, &f);
        }
        tables_close(&f);
    }
    pl_ocl_rows_close(&rows);
    pocl_close(&pocl);
}

static void rows_of_the_device_are_the_models(void **state)
{
    (void)state;
    r = random_seed(21);
    check(PL_PROFILE_FULL, 0, 60);
    check(PL_PROFILE_SMALL, 0, 20);
}

/* As graphics processors run the kernels: one number at a time. */
static void one_lane_gives_the_models_rows(void **state)
{
    (void)state;
    r = random_seed(22);
    check(PL_PROFILE_FULL, 1, 40);
}

static void narrow_vectors_give_the_models_rows(void **state)
{
    (void)state;
    r = random_seed(23);
    check(PL_PROFILE_FULL, 2, 10);
    check(PL_PROFILE_FULL, 4, 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_of_the_device_are_the_models),
        cmocka_unit_test(one_lane_gives_the_models_rows),
        cmocka_unit_test(narrow_vectors_give_the_models_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
