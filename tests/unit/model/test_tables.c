/* Loading and ticking: what is refused, what is named, and that nothing is seen before a commit. */
#include "../support/tables_fixture.h"

#define MAX64 (PL_COEFFICIENT_MAX * ONE)

static struct tables_fixture fixture;

static int open_full(void **state)
{
    (void)state;
    struct pl_model model = tables_counts(6, 3, 2);
    tables_open(&fixture, &model, PL_PROFILE_FULL);
    tables_fill(&fixture);
    return 0;
}

static int close_full(void **state)
{
    (void)state;
    tables_close(&fixture);
    return 0;
}

/* One field of a record set to a value; the rest of the record is valid. */
struct field {
    size_t offset, bytes;
    int64_t value;
    bool good;
};

#define F(type, member, value, good)                                                               \
    {                                                                                              \
        offsetof(struct type, member), sizeof(((struct type *)0)->member), value, good             \
    }

static void check_fields(const void *valid, const struct field *fields, size_t count, bool tick)
{
    struct pl_line line;
    memcpy(&line, valid, sizeof line);
    assert_int_equal(tick ? tables_try_tick(&fixture, &line) : tables_try(&fixture, &line),
                     PL_STATUS_OK);
    for (size_t i = 0; i < count; i++) {
        memcpy(&line, valid, sizeof line);
        memcpy(line.bytes + fields[i].offset, &fields[i].value, fields[i].bytes);
        enum pl_status got = tick ? tables_try_tick(&fixture, &line) : tables_try(&fixture, &line);
        if (got != (fields[i].good ? PL_STATUS_OK : PL_STATUS_MALFORMED_RECORD))
            fail_msg("record %u, offset %zu, value %" PRId64 ": status %d", line.bytes[0],
                     fields[i].offset, fields[i].value, (int)got);
    }
}

#define CHECK(valid, fields, tick)                                                                 \
    check_fields(&(valid), fields, sizeof(fields) / sizeof(fields)[0], tick)

static void scenario_fields_have_ranges(void **state)
{
    (void)state;
    const struct pl_scenario r = {
        .kind = PL_RECORD_SCENARIO, .count = 40, .shock = ONE, .dampening = ONE
    };
    const struct field fields[] = {
        F(pl_scenario, vol_rule, 4, true),
        F(pl_scenario, vol_rule, 5, false),
        F(pl_scenario, vol_rule, 255, false),
        F(pl_scenario, scenario_table, 1, false),
        F(pl_scenario, scenario_table, 65535, false),
        F(pl_scenario, index, 39, true),
        F(pl_scenario, index, 40, false),
        F(pl_scenario, index, 255, false),
        F(pl_scenario, count, 0, false),
        F(pl_scenario, count, 41, false),
        F(pl_scenario, count, 255, false),
        F(pl_scenario, shock, 0, false),
        F(pl_scenario, shock, -1, false),
        F(pl_scenario, shock, MAX64, true),
        F(pl_scenario, shock, MAX64 + 1, false),
        F(pl_scenario, shock, INT64_MIN, false),
        F(pl_scenario, shock, 1, true),
        F(pl_scenario, dampening, 0, true),
        F(pl_scenario, dampening, -1, false),
        F(pl_scenario, dampening, MAX64 + 1, false),
    };
    CHECK(r, fields, false);
    struct pl_scenario skew = r;
    skew.vol_rule = PL_VOL_RULE_LINEAR;
    const struct field shocks[] = { F(pl_scenario, shock, ONE + 1, false),
                                    F(pl_scenario, shock, ONE, true) };
    CHECK(skew, shocks, false);
    skew.vol_rule = PL_VOL_RULE_ABS;
    CHECK(skew, shocks, false);
}

static void underlying_fields_have_ranges(void **state)
{
    (void)state;
    const struct pl_underlying r = { .kind = PL_RECORD_UNDERLYING,
                                     .scenario_count = 1,
                                     .mm_loss_factor = ONE,
                                     .im_loss_factor = ONE,
                                     .basis_up = ONE,
                                     .basis_down = ONE };
    const struct field fields[] = {
        F(pl_underlying, index, 1, true),
        F(pl_underlying, index, 2, false),
        F(pl_underlying, offset_group, 1, true),
        F(pl_underlying, offset_group, 2, false),
        F(pl_underlying, scenario_table, 1, false),
        F(pl_underlying, mm_loss_factor, -1, false),
        F(pl_underlying, mm_loss_factor, MAX64 + 1, false),
        F(pl_underlying, im_loss_factor, -1, false),
        F(pl_underlying, im_loss_factor, MAX64 + 1, false),
        F(pl_underlying, basis_up, -1, false),
        F(pl_underlying, basis_up, MAX64 + 1, false),
        F(pl_underlying, basis_down, -1, false),
        F(pl_underlying, basis_down, MAX64 + 1, false),
        F(pl_underlying, naked_im, -1, false),
        F(pl_underlying, naked_im, MAX64 + 1, false),
        F(pl_underlying, vol_floor, ((int64_t)PL_VOL_MULTIPLIER_MAX << PL_VOL_BITS) - 1, true),
        F(pl_underlying, vol_floor, (int64_t)PL_VOL_MULTIPLIER_MAX << PL_VOL_BITS, false),
        F(pl_underlying, vol_floor, -1, false),
    };
    CHECK(r, fields, false);
    struct pl_underlying none = r; /* without scenarios, the table does not matter */
    none.scenario_count = 0;
    const struct field tables[] = { F(pl_underlying, scenario_table, 9, true) };
    CHECK(none, tables, false);
}

static void expiry_fields_have_ranges(void **state)
{
    (void)state;
    const struct pl_expiry r = { .kind = PL_RECORD_EXPIRY };
    const struct field fields[] = {
        F(pl_expiry, row_shift, 40, true),    F(pl_expiry, row_shift, 41, false),
        F(pl_expiry, row_shift, -40, true),   F(pl_expiry, row_shift, -41, false),
        F(pl_expiry, row_shift, -128, false), F(pl_expiry, index, 2, true),
        F(pl_expiry, index, 3, false),        F(pl_expiry, underlying, 2, false),
        F(pl_expiry, perpetual, 1, true),     F(pl_expiry, perpetual, 2, false),
        F(pl_expiry, scenario, 1, true),      F(pl_expiry, scenario, 2, false),
    };
    CHECK(r, fields, false);
}

static void instrument_fields_have_ranges(void **state)
{
    (void)state;
    const struct pl_instrument r = { .kind = PL_RECORD_INSTRUMENT,
                                     .row = PL_ROW_KIND_OPTION,
                                     .strike = 1 };
    const struct field fields[] = {
        F(pl_instrument, row, 0, false),
        F(pl_instrument, row, 4, true),
        F(pl_instrument, row, 5, false),
        F(pl_instrument, is_call, 2, false),
        F(pl_instrument, is_asset, 2, false),
        F(pl_instrument, index, 5, true),
        F(pl_instrument, index, 6, false),
        F(pl_instrument, index, UINT32_MAX, false),
        F(pl_instrument, expiry, 3, false),
        F(pl_instrument, margin_class, 1, false),
        F(pl_instrument, strike, 0, false),
        F(pl_instrument, strike, (INT64_C(1) << PL_PRICE_BITS_FULL) - 1, true),
        F(pl_instrument, strike, INT64_C(1) << PL_PRICE_BITS_FULL, false),
        F(pl_instrument, strike, -1, false),
    };
    CHECK(r, fields, false);
}

static void class_fields_have_ranges(void **state)
{
    (void)state;
    const struct pl_class r = { .kind = PL_RECORD_CLASS };
    const struct field fields[] = {
        F(pl_class, index, 1, false),          F(pl_class, long_brackets, 1, true),
        F(pl_class, long_brackets, 2, false),  F(pl_class, short_brackets, 1, true),
        F(pl_class, short_brackets, 2, false), F(pl_class, mm_long, -1, false),
        F(pl_class, mm_long, MAX64, true),     F(pl_class, mm_long, MAX64 + 1, false),
        F(pl_class, mm_short, -1, false),      F(pl_class, mm_short, MAX64 + 1, false),
        F(pl_class, im_long, -1, false),       F(pl_class, im_long, MAX64 + 1, false),
        F(pl_class, im_short, -1, false),      F(pl_class, im_short, MAX64 + 1, false),
        F(pl_class, fee, -1, false),           F(pl_class, fee, MAX64 + 1, false),
    };
    CHECK(r, fields, false);
}

static void small_table_fields_have_ranges(void **state)
{
    (void)state;
    const struct pl_bracket b = { .kind = PL_RECORD_BRACKET, .count = 16, .bracket_table = 1 };
    const struct field brackets[] = {
        F(pl_bracket, bracket_table, 0, false), F(pl_bracket, bracket_table, 2, false),
        F(pl_bracket, index, 15, true),         F(pl_bracket, index, 16, false),
        F(pl_bracket, count, 0, false),         F(pl_bracket, count, 17, false),
        F(pl_bracket, mm_rate, -1, false),      F(pl_bracket, mm_rate, MAX64 + 1, false),
        F(pl_bracket, im_rate, -1, false),      F(pl_bracket, im_rate, MAX64 + 1, false),
        F(pl_bracket, mm_cum, INT64_MIN, true),
    };
    CHECK(b, brackets, false);
    const struct pl_multiplier m = { .kind = PL_RECORD_MULTIPLIER, .index = 1, .value = ONE };
    const struct field multipliers[] = {
        F(pl_multiplier, index, 2, false),         F(pl_multiplier, value, 0, false),
        F(pl_multiplier, value, -1, false),        F(pl_multiplier, value, MAX64, true),
        F(pl_multiplier, value, MAX64 + 1, false), F(pl_multiplier, value, 1, true),
    };
    CHECK(m, multipliers, false);
    const struct pl_multiplier zero = { .kind = PL_RECORD_MULTIPLIER, .value = ONE };
    const struct field zeroth[] = { F(pl_multiplier, value, ONE + 1, false) };
    CHECK(zero, zeroth, false);
    const struct pl_offset_group g = { .kind = PL_RECORD_OFFSET_GROUP, .index = 1 };
    const struct field groups[] = {
        F(pl_offset_group, index, 0, false),   F(pl_offset_group, index, 2, false),
        F(pl_offset_group, credit, ONE, true), F(pl_offset_group, credit, ONE + 1, false),
        F(pl_offset_group, credit, -1, false),
    };
    CHECK(g, groups, false);
}

static void unknown_kinds_are_refused(void **state)
{
    (void)state;
    for (unsigned kind = 0; kind < 256; kind++) {
        struct pl_line line = { { (uint8_t)kind } };
        bool load = kind >= PL_RECORD_SCENARIO && kind <= PL_RECORD_OFFSET_GROUP;
        if (!load)
            assert_int_equal(tables_try(&fixture, &line), PL_STATUS_MALFORMED_RECORD);
    }
    tables_ready(&fixture, 100);
    for (unsigned kind = 0; kind < 256; kind++) {
        struct pl_line line = { { (uint8_t)kind } };
        if (kind < PL_RECORD_TICK_PRICE || kind > PL_RECORD_TICK_UNDERLYING)
            assert_int_equal(tables_try_tick(&fixture, &line), PL_STATUS_MALFORMED_RECORD);
    }
}

static void tick_price_fields_have_ranges(void **state)
{
    (void)state;
    tables_ready(&fixture, 100);
    const int64_t limit = INT64_C(1) << PL_PRICE_BITS_FULL;
    const struct pl_tick_price r = { .kind = PL_RECORD_TICK_PRICE, .forward = 1, .index_price = 1 };
    const struct field fields[] = {
        F(pl_tick_price, flags, 3, true),
        F(pl_tick_price, flags, 4, false),
        F(pl_tick_price, flags, 255, false),
        F(pl_tick_price, index, 2, true),
        F(pl_tick_price, index, 3, false),
        F(pl_tick_price, forward, limit - 1, true),
        F(pl_tick_price, forward, limit, false),
        F(pl_tick_price, forward, -1, false),
        F(pl_tick_price, index_price, limit - 1, true),
        F(pl_tick_price, index_price, limit, false),
        F(pl_tick_price, penalty, -1, false),
        F(pl_tick_price, penalty, MAX64 + 1, false),
        F(pl_tick_price, penalty_perpetual, -1, false),
        F(pl_tick_price, penalty_perpetual, MAX64 + 1, false),
        F(pl_tick_price, rate, INT64_MIN, true),
        F(pl_tick_price, discount, -1, true), /* flags its rows */
    };
    CHECK(r, fields, true);
    assert_int_equal(pl_tables_commit(&fixture.t, 2, 2000), PL_STATUS_OK);
}

static void tick_time_fields_have_ranges(void **state)
{
    (void)state;
    tables_ready(&fixture, 100);
    const struct pl_tick_time r = { .kind = PL_RECORD_TICK_TIME, .moving = ONE };
    const struct field fields[] = {
        F(pl_tick_time, index, 3, false),
        F(pl_tick_time, moving, 0, true),
        F(pl_tick_time, moving, -1, false),
        F(pl_tick_time, moving, ONE + 1, false),
        F(pl_tick_time, basis_weight, -1, false),
        F(pl_tick_time, basis_weight, MAX64 + 1, false),
        F(pl_tick_time, long_discount, -1, false),
        F(pl_tick_time, long_discount, MAX64 + 1, false),
        F(pl_tick_time, short_discount, -1, false),
        F(pl_tick_time, short_discount, MAX64 + 1, false),
    };
    CHECK(r, fields, true);
}

static void tick_shift_fields_have_ranges(void **state)
{
    (void)state;
    tables_ready(&fixture, 100);
    const int64_t vol_max = PL_VOL_MULTIPLIER_MAX * ONE;
    const struct pl_tick_shift r = { .kind = PL_RECORD_TICK_SHIFT, .vol_up = ONE, .vol_down = ONE };
    const struct field fields[] = {
        F(pl_tick_shift, index, 3, false),
        F(pl_tick_shift, vol_up, -1, false),
        F(pl_tick_shift, vol_up, vol_max, true),
        F(pl_tick_shift, vol_up, vol_max + 1, false),
        F(pl_tick_shift, vol_down, 0, true),
        F(pl_tick_shift, vol_down, -1, false),
        F(pl_tick_shift, vol_down, ONE + 1, false), /* the contract: 0..1 */
        F(pl_tick_shift, linear_cap, -MAX64, true),
        F(pl_tick_shift, linear_cap, -MAX64 - 1, false),
        F(pl_tick_shift, linear_cap, MAX64 + 1, false),
        F(pl_tick_shift, abs_cap, MAX64 + 1, false),
        F(pl_tick_shift, abs_cap, -MAX64 - 1, false),
        F(pl_tick_shift, linear_slope, -vol_max, true),
        F(pl_tick_shift, linear_slope, -vol_max - 1, false),
        F(pl_tick_shift, linear_slope, vol_max + 1, false),
        F(pl_tick_shift, abs_slope, -vol_max - 1, false),
        F(pl_tick_shift, abs_slope, vol_max + 1, false),
    };
    CHECK(r, fields, true);
}

static void other_tick_fields_have_ranges(void **state)
{
    (void)state;
    struct pl_instrument option = { .kind = PL_RECORD_INSTRUMENT,
                                    .row = PL_ROW_KIND_OPTION,
                                    .strike = 100,
                                    .index = 1,
                                    .unit = pl_real_pack(pl_real_from_int(1)) };
    tables_take(&fixture, &option);
    tables_ready(&fixture, 100);
    const struct pl_tick_vol v = { .kind = PL_RECORD_TICK_VOL, .index = 1 };
    const struct field vols[] = {
        F(pl_tick_vol, index, 0, false), /* a linear row has no vol */
        F(pl_tick_vol, index, 6, false),
        F(pl_tick_vol, index, UINT32_MAX, false),
        F(pl_tick_vol, flags, 3, true),
        F(pl_tick_vol, flags, 4, false),
        F(pl_tick_vol, vol, (INT64_C(8) << PL_VOL_BITS) - 1, true),
        F(pl_tick_vol, vol, INT64_C(8) << PL_VOL_BITS, false),
        F(pl_tick_vol, vol, -1, false),
    };
    CHECK(v, vols, true);
    const struct pl_tick_underlying u = { .kind = PL_RECORD_TICK_UNDERLYING,
                                          .im_loss_factor = ONE };
    const struct field underlyings[] = {
        F(pl_tick_underlying, index, 1, true),
        F(pl_tick_underlying, index, 2, false),
        F(pl_tick_underlying, im_loss_factor, -1, false),
        F(pl_tick_underlying, im_loss_factor, MAX64 + 1, false),
    };
    CHECK(u, underlyings, true);
}

static void the_small_profile_has_narrower_ranges(void **state)
{
    (void)state;
    struct pl_model model = tables_counts(513, 3, 2);
    assert_int_equal(pl_tables_size(&model, PL_PROFILE_SMALL), 0);
    model.instruments = 512;
    struct tables_fixture small;
    tables_open(&small, &model, PL_PROFILE_SMALL);
    tables_fill(&small);
    struct pl_scenario s = { .kind = PL_RECORD_SCENARIO, .count = 17, .shock = ONE };
    assert_int_equal(tables_try(&small, &s), PL_STATUS_MALFORMED_RECORD);
    struct pl_instrument i = { .kind = PL_RECORD_INSTRUMENT,
                               .row = PL_ROW_KIND_OPTION,
                               .strike = UINT64_C(1) << PL_PRICE_BITS_SMALL,
                               .unit = pl_real_pack(pl_real_from_int(1)) };
    assert_int_equal(tables_try(&small, &i), PL_STATUS_MALFORMED_RECORD);
    tables_ready(&small, 100);
    struct pl_tick_price p = { .kind = PL_RECORD_TICK_PRICE,
                               .forward = UINT64_C(1) << PL_PRICE_BITS_SMALL };
    assert_int_equal(tables_try_tick(&small, &p), PL_STATUS_MALFORMED_RECORD);
    tables_close(&small);
}

static void counts_beyond_a_limit_have_no_size(void **state)
{
    (void)state;
    const struct pl_model good = tables_counts(6, 3, 2);
    const struct field fields[] = {
        F(pl_model, instruments, 0, false),
        F(pl_model, instruments, PL_INSTRUMENTS_MAX + 1, false),
        F(pl_model, expiries, 0, false),
        F(pl_model, expiries, PL_EXPIRIES_MAX + 1, false),
        F(pl_model, underlyings, 0, false),
        F(pl_model, underlyings, PL_UNDERLYINGS_MAX + 1, false),
        F(pl_model, classes, 0, false),
        F(pl_model, classes, PL_CLASSES_MAX + 1, false),
        F(pl_model, scenario_tables, 0, true),
        F(pl_model, scenario_tables, PL_SCENARIO_TABLES_MAX + 1, false),
        F(pl_model, bracket_tables, 0, true),
        F(pl_model, bracket_tables, PL_BRACKET_TABLES_MAX, false),
        F(pl_model, offset_groups, 0, true),
        F(pl_model, offset_groups, PL_OFFSET_GROUPS_MAX, false),
        F(pl_model, multipliers, 0, false),
        F(pl_model, multipliers, PL_MULTIPLIERS_MAX + 1, false),
        F(pl_model, instruments, UINT32_MAX, false),
        F(pl_model, expiries, UINT32_MAX, false),
    };
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        struct pl_model model = good;
        memcpy((char *)&model + fields[i].offset, &fields[i].value, fields[i].bytes);
        assert_int_equal(pl_tables_size(&model, PL_PROFILE_FULL) != 0, fields[i].good);
    }
}

/* Loads everything but the entry of one kind and index; finish must name it. */
static void check_missing(uint8_t kind, uint32_t index, size_t size, void *entry)
{
    uint64_t detail = 0;
    unsigned char kept[sizeof(struct pl_line)];
    memcpy(kept, entry, size);
    memset(entry, 0, size);
    fixture.t.complete = false;
    assert_int_equal(pl_tables_finish(&fixture.t, &detail), PL_STATUS_MALFORMED_RECORD);
    assert_int_equal(detail >> 32, kind);
    assert_int_equal(detail & UINT32_MAX, index);
    assert_false(fixture.t.complete);
    memcpy(entry, kept, size);
    assert_int_equal(pl_tables_finish(&fixture.t, &detail), PL_STATUS_OK);
}

static void finish_names_the_entry_that_is_missing(void **state)
{
    (void)state;
    struct pl_tables *t = &fixture.t;
    check_missing(PL_RECORD_UNDERLYING, 1, sizeof t->underlyings[1], &t->underlyings[1]);
    check_missing(PL_RECORD_EXPIRY, 2, sizeof t->expiries[2], &t->expiries[2]);
    check_missing(PL_RECORD_INSTRUMENT, 0, sizeof t->instruments[0], &t->instruments[0]);
    check_missing(PL_RECORD_INSTRUMENT, 5, sizeof t->instruments[5], &t->instruments[5]);
    check_missing(PL_RECORD_CLASS, 0, sizeof t->classes[0], &t->classes[0]);
    check_missing(PL_RECORD_BRACKET, 1, sizeof t->brackets[0], &t->brackets[0]);
    check_missing(PL_RECORD_MULTIPLIER, 1, sizeof t->multipliers[1], &t->multipliers[1]);
    check_missing(PL_RECORD_OFFSET_GROUP, 1, sizeof t->offset_groups[0], &t->offset_groups[0]);
    check_missing(PL_RECORD_UNDERLYING, 0, sizeof t->scenarios[0],
                  &t->scenarios[0]); /* its table is not full */
}

static void must_not_finish(uint8_t kind, uint32_t index)
{
    uint64_t detail = 0;
    assert_int_equal(pl_tables_finish(&fixture.t, &detail), PL_STATUS_MALFORMED_RECORD);
    assert_int_equal(detail >> 32, kind);
    assert_int_equal(detail & UINT32_MAX, index);
}

static void a_table_with_two_counts_does_not_finish(void **state)
{
    (void)state;
    struct pl_scenario s = {
        .kind = PL_RECORD_SCENARIO, .count = 2, .shock = ONE, .dampening = ONE
    };
    tables_take(&fixture, &s); /* the underlying says 1 */
    must_not_finish(PL_RECORD_UNDERLYING, 0);
    s.count = 1;
    tables_take(&fixture, &s);
    struct pl_bracket b = { .kind = PL_RECORD_BRACKET, .count = 3, .bracket_table = 1 };
    tables_take(&fixture, &b);
    b.index = 1, b.count = 2;
    tables_take(&fixture, &b);
    must_not_finish(PL_RECORD_BRACKET, 1);
}

static void indices_increase_with_what_they_refer_to(void **state)
{
    (void)state;
    struct pl_expiry e = { .kind = PL_RECORD_EXPIRY, .index = 1, .underlying = 1 };
    tables_take(&fixture, &e);
    e.index = 2, e.underlying = 0;
    tables_take(&fixture, &e);
    must_not_finish(PL_RECORD_EXPIRY, 2);
    e.underlying = 1;
    tables_take(&fixture, &e);
    struct pl_instrument i = {
        .kind = PL_RECORD_INSTRUMENT, .row = PL_ROW_KIND_LINEAR, .index = 3, .expiry = 0
    };
    tables_take(&fixture, &i);
    must_not_finish(PL_RECORD_INSTRUMENT, 3);
    i.expiry = 1;
    tables_take(&fixture, &i);
    i.index = 2, i.is_asset = 1; /* a coin beside a contract in one expiry */
    tables_take(&fixture, &i);
    must_not_finish(PL_RECORD_INSTRUMENT, 3);
}

static void offset_groups_are_neighbours_with_equal_factors(void **state)
{
    (void)state;
    struct tables_fixture f;
    struct pl_model model = tables_counts(6, 3, 3);
    tables_open(&f, &model, PL_PROFILE_FULL);
    tables_fill(&f);
    uint64_t detail = 0;
    struct pl_underlying u = { .kind = PL_RECORD_UNDERLYING,
                               .scenario_count = 1,
                               .offset_group = 1,
                               .mm_loss_factor = ONE,
                               .im_loss_factor = ONE,
                               .basis_up = ONE,
                               .basis_down = ONE };
    tables_take(&f, &u);
    u.index = 2; /* 0 and 2, not 1 */
    tables_take(&f, &u);
    assert_int_equal(pl_tables_finish(&f.t, &detail), PL_STATUS_MALFORMED_RECORD);
    assert_int_equal(detail, (uint64_t)PL_RECORD_UNDERLYING << 32 | 2);
    u.index = 1;
    tables_take(&f, &u);
    assert_int_equal(pl_tables_finish(&f.t, &detail), PL_STATUS_OK);
    u.mm_loss_factor = ONE / 2;
    tables_take(&f, &u);
    assert_int_equal(pl_tables_finish(&f.t, &detail), PL_STATUS_MALFORMED_RECORD);
    u.mm_loss_factor = ONE, u.scenario_count = 0;
    tables_take(&f, &u);
    assert_int_equal(pl_tables_finish(&f.t, &detail), PL_STATUS_MALFORMED_RECORD);
    tables_close(&f);
}

static void ticks_and_commits_need_a_finished_load(void **state)
{
    (void)state;
    struct pl_tick_underlying u = { .kind = PL_RECORD_TICK_UNDERLYING, .im_loss_factor = ONE };
    assert_int_equal(tables_try_tick(&fixture, &u), PL_STATUS_NOT_LOADED);
    assert_int_equal(pl_tables_commit(&fixture.t, 1, 0), PL_STATUS_NOT_LOADED);
    tables_ready(&fixture, 100);
    assert_int_equal(tables_try_tick(&fixture, &u), PL_STATUS_OK);
    struct pl_class c = { .kind = PL_RECORD_CLASS }; /* a load record opens the tables again */
    tables_take(&fixture, &c);
    assert_int_equal(tables_try_tick(&fixture, &u), PL_STATUS_NOT_LOADED);
    assert_int_equal(pl_tables_commit(&fixture.t, 9, 0), PL_STATUS_NOT_LOADED);
    assert_false(fixture.t.committed);
}

static void tick_numbers_increase(void **state)
{
    (void)state;
    tables_ready(&fixture, 100);
    assert_int_equal(pl_tables_commit(&fixture.t, 1, 2000), PL_STATUS_MALFORMED_RECORD);
    assert_int_equal(pl_tables_commit(&fixture.t, 0, 2000), PL_STATUS_MALFORMED_RECORD);
    assert_int_equal(fixture.t.time_us, 1000);
    assert_int_equal(pl_tables_commit(&fixture.t, 7, 2000), PL_STATUS_OK);
    assert_int_equal(fixture.t.tick, 7);
    assert_int_equal(pl_tables_commit(&fixture.t, UINT64_MAX, 2000), PL_STATUS_OK);
    assert_int_equal(pl_tables_commit(&fixture.t, 8, 2000), PL_STATUS_MALFORMED_RECORD);
}

static void nothing_is_seen_before_its_commit(void **state)
{
    (void)state;
    tables_ready(&fixture, 100);
    struct pl_row before[6], again;
    memcpy(before, fixture.t.rows, sizeof before);
    struct pl_tick_price p = { .kind = PL_RECORD_TICK_PRICE,
                               .index = 1,
                               .forward = 200,
                               .index_price = 200,
                               .discount = pl_real_pack(pl_real_from_int(1)) };
    assert_int_equal(tables_try_tick(&fixture, &p), PL_STATUS_OK);
    assert_memory_equal(before, fixture.t.rows, sizeof before);
    pl_row_fill(&fixture.t, 2, &again, NULL);
    assert_memory_equal(&before[2], &again, sizeof again);
    assert_int_equal(pl_tables_commit(&fixture.t, 2, 2000), PL_STATUS_OK);
    for (uint32_t i = 0; i < 6; i++)
        assert_int_equal(fixture.t.rows[i].base, fixture.t.instruments[i].expiry == 1 ? 200 : 100);
}

/* Rows after increments are the rows of a fill from scratch. */
static void a_commit_reprices_what_changed_and_only_that_may_differ(void **state)
{
    (void)state;
    uint64_t r = random_seed(2);
    tables_ready(&fixture, 100);
    for (uint64_t tick = 2, last = 2 + random_rounds(3000); tick < last; tick++) {
        struct pl_tick_price p = { .kind = PL_RECORD_TICK_PRICE,
                                   .index = (uint16_t)random_below(&r, 3),
                                   .flags = (uint8_t)random_below(&r, 4),
                                   .forward = random_u64(&r) >> 13,
                                   .index_price = random_u64(&r) >> 13 };
        struct pl_tick_time t = { .kind = PL_RECORD_TICK_TIME,
                                  .index = (uint16_t)random_below(&r, 3),
                                  .moving = random_within(&r, 0, ONE) };
        assert_int_equal(tables_try_tick(&fixture, &p), PL_STATUS_OK);
        assert_int_equal(tables_try_tick(&fixture, &t), PL_STATUS_OK);
        assert_int_equal(pl_tables_commit(&fixture.t, tick, 0), PL_STATUS_OK);
        for (uint32_t i = 0; i < 6; i++) {
            struct pl_row fresh;
            pl_row_fill(&fixture.t, i, &fresh, NULL);
            assert_memory_equal(&fresh, &fixture.t.rows[i], sizeof fresh);
        }
    }
}

/* Random coefficients at their very limits: what cannot fit is flagged, and no word wraps. */
static void extreme_coefficients_saturate_and_are_flagged(void **state)
{
    (void)state;
    struct pl_class c = { .kind = PL_RECORD_CLASS,
                          .mm_long = MAX64,
                          .mm_short = MAX64,
                          .im_long = MAX64,
                          .im_short = MAX64,
                          .fee = MAX64 };
    const struct pl_scenario s[] = {
        { .shock = MAX64, .dampening = MAX64 },
        { .shock = ONE, .dampening = MAX64 },
        { .vol_rule = PL_VOL_RULE_ABS, .shock = ONE, .dampening = MAX64 }
    };
    tables_scenarios(&fixture, 0, s, 3);
    tables_take(&fixture, &c);
    struct pl_underlying u = { .kind = PL_RECORD_UNDERLYING,
                               .scenario_count = 3,
                               .mm_loss_factor = MAX64,
                               .im_loss_factor = MAX64,
                               .basis_up = MAX64,
                               .basis_down = MAX64,
                               .naked_im = MAX64 };
    tables_take(&fixture, &u);
    u.index = 1;
    tables_take(&fixture, &u);
    struct pl_instrument o = { .kind = PL_RECORD_INSTRUMENT,
                               .row = PL_ROW_KIND_OPTION,
                               .is_call = 1,
                               .index = 0,
                               .strike = 1,
                               .unit = pl_real_pack(pl_real_from_int(1)) };
    tables_take(&fixture, &o);
    o.index = 1, o.row = PL_ROW_KIND_INVERSE;
    tables_take(&fixture, &o);
    uint64_t detail;
    assert_int_equal(pl_tables_finish(&fixture.t, &detail), PL_STATUS_OK);
    struct pl_tick_price p = { .kind = PL_RECORD_TICK_PRICE,
                               .forward = (UINT64_C(1) << 51) - 1,
                               .index_price = (UINT64_C(1) << 51) - 1,
                               .discount = pl_real_pack(pl_real_from_int(1)),
                               .penalty = MAX64 };
    struct pl_tick_time t = { .kind = PL_RECORD_TICK_TIME,
                              .moving = ONE,
                              .long_discount = MAX64,
                              .short_discount = MAX64,
                              .basis_weight = MAX64 };
    struct pl_tick_shift h = { .kind = PL_RECORD_TICK_SHIFT };
    struct pl_tick_vol v = { .kind = PL_RECORD_TICK_VOL };
    assert_int_equal(tables_try_tick(&fixture, &p), PL_STATUS_OK);
    assert_int_equal(tables_try_tick(&fixture, &t), PL_STATUS_OK);
    assert_int_equal(tables_try_tick(&fixture, &h), PL_STATUS_OK);
    assert_int_equal(tables_try_tick(&fixture, &v), PL_STATUS_OK);
    assert_int_equal(pl_tables_commit(&fixture.t, 1, 0), PL_STATUS_OK);
    const int64_t limit = (INT64_C(1) << PL_ROW_BITS_FULL) - 1;
    for (uint32_t i = 0; i < 2; i++) {
        const struct pl_row *row = &fixture.t.rows[i];
        assert_true((row->flags & (PL_FLAG_SATURATED | PL_FLAG_DOMAIN)) != 0);
        const int64_t *words = &row->base;
        for (size_t w = 0; w < (sizeof *row - offsetof(struct pl_row, base)) / sizeof *words; w++)
            assert_true(words[w] <= limit && words[w] >= -limit);
    }
}

/* Valid kinds with random bytes, some of them tamed so that many records pass. */
static struct pl_line random_record(uint64_t *r, uint8_t first, uint8_t last)
{
    struct pl_line line;
    for (size_t i = 0; i < sizeof line.bytes; i++)
        line.bytes[i] = (uint8_t)random_u64(r);
    line.bytes[0] = (uint8_t)random_within(r, first, last);
    for (size_t i = 1; i < 8; i++)
        line.bytes[i] = random_once_in(r, 32)
                            ? line.bytes[i]
                            : (uint8_t)(random_once_in(r, 3) ? random_below(r, 3) : 0);
    for (size_t word = 8; word < 64; word += 8) {
        int64_t value = random_word(r, random_once_in(r, 4) ? 63 : 47);
        value = value < 0 && !random_once_in(r, 4) ? -value : value;
        memcpy(line.bytes + word, &value, 8);
    }
    return line;
}

static void random_records_never_crash(void **state)
{
    (void)state;
    uint64_t r = random_seed(3), taken = 0, finished = 0, committed = 0;
    for (uint64_t round = 0, rounds = random_rounds(300); round < rounds; round++) {
        struct tables_fixture f;
        struct pl_model model =
            tables_counts((uint32_t)random_within(&r, 1, 4), (uint32_t)random_within(&r, 1, 3),
                          (uint32_t)random_within(&r, 1, 3));
        uint8_t profile = random_once_in(&r, 2) ? PL_PROFILE_SMALL : PL_PROFILE_FULL;
        tables_open(&f, &model, profile);
        tables_fill(&f);
        for (uint64_t i = 0, n = random_below(&r, 6); i < n; i++) {
            struct pl_line line = random_record(&r, 0, PL_RECORD_OFFSET_GROUP + 1);
            taken += pl_tables_load(&f.t, &line) == PL_STATUS_OK;
        }
        uint64_t detail;
        bool good = pl_tables_finish(&f.t, &detail) == PL_STATUS_OK;
        finished += good;
        for (uint64_t i = 0; i < 200; i++) {
            struct pl_line line =
                random_record(&r, PL_RECORD_TICK_PRICE - 1, PL_RECORD_TICK_UNDERLYING + 1);
            taken += pl_tables_tick(&f.t, &line) == PL_STATUS_OK;
            if (i % 20 == 0)
                committed += pl_tables_commit(&f.t, i + 1, random_word(&r, 63)) == PL_STATUS_OK;
        }
        struct pl_quote quote;
        for (uint32_t i = 0; good && i < model.instruments; i++) {
            struct pl_row row;
            pl_row_fill(&f.t, i, &row, &quote);
        }
        uint64_t slots[32];
        for (size_t i = 0; i < 32; i++)
            slots[i] = (uint64_t)random_within(&r, 1, 7) << 56 |
                       (random_u64(&r) & UINT64_C(0x0000030f000000ff));
        slots[0] = slot_header(1, PL_MODE_PORTFOLIO, 0), slots[31] = slot_end();
        struct pl_sweep sweep;
        struct pl_verdict verdict;
        pl_sweep_start(&sweep, &f.t, slots, 32, 0);
        while (pl_sweep_next(&sweep, &verdict) > 0)
            ;
        tables_close(&f);
    }
    print_message("%" PRIu64 " random records taken, %" PRIu64 " loads finished, %" PRIu64
                  " commits\n",
                  taken, finished, committed);
    assert_true(taken > 100 && finished > 10 && committed > 100);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_full, close_full)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(scenario_fields_have_ranges),
        TEST(underlying_fields_have_ranges),
        TEST(expiry_fields_have_ranges),
        TEST(instrument_fields_have_ranges),
        TEST(class_fields_have_ranges),
        TEST(small_table_fields_have_ranges),
        TEST(unknown_kinds_are_refused),
        TEST(tick_price_fields_have_ranges),
        TEST(tick_time_fields_have_ranges),
        TEST(tick_shift_fields_have_ranges),
        TEST(other_tick_fields_have_ranges),
        TEST(the_small_profile_has_narrower_ranges),
        cmocka_unit_test(counts_beyond_a_limit_have_no_size),
        TEST(finish_names_the_entry_that_is_missing),
        TEST(a_table_with_two_counts_does_not_finish),
        TEST(indices_increase_with_what_they_refer_to),
        cmocka_unit_test(offset_groups_are_neighbours_with_equal_factors),
        TEST(ticks_and_commits_need_a_finished_load),
        TEST(tick_numbers_increase),
        TEST(nothing_is_seen_before_its_commit),
        TEST(a_commit_reprices_what_changed_and_only_that_may_differ),
        TEST(extreme_coefficients_saturate_and_are_flagged),
        cmocka_unit_test(random_records_never_crash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
