/* Device tables filled with plain records, for the tests of host/model. Every record may be
 * replaced by another before tables_ready(); rows and frozen ticks may be overwritten after it. */
#ifndef PL_TEST_TABLES_FIXTURE_H
#define PL_TEST_TABLES_FIXTURE_H

#include "random.h"

#include "model/fixmath.h"
#include "model/money.h"
#include "model/row.h"
#include "model/sweep.h"
#include "model/tables.h"

#define ONE PL_COEFFICIENT_ONE
#define LINE(record) ((const struct pl_line *)(const void *)&(record))

struct tables_fixture {
    struct pl_tables t;
    void *memory;
};

static UNUSED struct pl_model tables_counts(uint32_t instruments, uint32_t expiries,
                                            uint32_t underlyings)
{
    return (struct pl_model){
        .kind = PL_RECORD_MODEL,
        .model_version = 11,
        .table_version = 22,
        .instruments = instruments,
        .expiries = expiries,
        .underlyings = underlyings,
        .classes = 1,
        .scenario_tables = 1,
        .bracket_tables = 1,
        .offset_groups = 1,
        .multipliers = 2,
    };
}

static UNUSED void tables_open(struct tables_fixture *f, const struct pl_model *model,
                               uint8_t profile)
{
    size_t bytes = pl_tables_size(model, profile);
    assert_true(bytes > 0 && bytes % PL_LINE_BYTES == 0);
    f->memory = aligned_alloc(PL_LINE_BYTES, bytes);
    assert_non_null(f->memory);
    pl_tables_place(&f->t, model, profile, f->memory);
}

static UNUSED void tables_close(struct tables_fixture *f)
{
    free(f->memory);
}

static UNUSED void tables_take(struct tables_fixture *f, const void *record)
{
    struct pl_line line;
    memcpy(&line, record, sizeof line);
    assert_int_equal(pl_tables_load(&f->t, &line), PL_STATUS_OK);
}

static UNUSED enum pl_status tables_try(struct tables_fixture *f, const void *record)
{
    struct pl_line line;
    memcpy(&line, record, sizeof line);
    return pl_tables_load(&f->t, &line);
}

static UNUSED enum pl_status tables_try_tick(struct tables_fixture *f, const void *record)
{
    struct pl_line line;
    memcpy(&line, record, sizeof line);
    return pl_tables_tick(&f->t, &line);
}

static UNUSED void tables_scenarios(struct tables_fixture *f, uint16_t table,
                                    const struct pl_scenario *list, uint8_t n)
{
    for (uint8_t i = 0; i < n; i++) {
        struct pl_scenario s = list[i];
        s.kind = PL_RECORD_SCENARIO;
        s.scenario_table = table;
        s.index = i;
        s.count = n;
        tables_take(f, &s);
    }
}

/* A valid record of each kind for the model's counts: instrument i in expiry i * expiries /
 * instruments, and so on; one scenario without a shock, one bracket without a rate. */
static UNUSED void tables_fill(struct tables_fixture *f)
{
    const struct pl_model *m = &f->t.model;
    const struct pl_scenario flat = { .shock = ONE, .dampening = ONE };
    for (uint32_t i = 0; i < m->scenario_tables; i++)
        tables_scenarios(f, (uint16_t)i, &flat, 1);
    for (uint32_t i = 0; i < m->underlyings; i++) {
        struct pl_underlying r = { .kind = PL_RECORD_UNDERLYING,
                                   .scenario_count = m->scenario_tables > 0,
                                   .index = (uint16_t)i,
                                   .mm_loss_factor = ONE,
                                   .im_loss_factor = ONE,
                                   .basis_up = ONE,
                                   .basis_down = ONE };
        tables_take(f, &r);
    }
    for (uint32_t i = 0; i < m->expiries; i++) {
        struct pl_expiry r = { .kind = PL_RECORD_EXPIRY,
                               .index = (uint16_t)i,
                               .scenario = 1,
                               .underlying =
                                   (uint16_t)((uint64_t)i * m->underlyings / m->expiries) };
        tables_take(f, &r);
    }
    for (uint32_t i = 0; i < m->instruments; i++) {
        struct pl_instrument r = { .kind = PL_RECORD_INSTRUMENT,
                                   .row = PL_ROW_KIND_LINEAR,
                                   .index = i,
                                   .expiry = (uint16_t)((uint64_t)i * m->expiries / m->instruments),
                                   .unit = pl_real_pack(pl_real_from_int(1)) };
        tables_take(f, &r);
    }
    for (uint32_t i = 0; i < m->classes; i++) {
        struct pl_class r = { .kind = PL_RECORD_CLASS, .index = (uint16_t)i };
        tables_take(f, &r);
    }
    for (uint32_t i = 0; i < m->bracket_tables; i++) {
        struct pl_bracket r = { .kind = PL_RECORD_BRACKET,
                                .count = 1,
                                .bracket_table = (uint16_t)(i + 1) };
        tables_take(f, &r);
    }
    for (uint32_t i = 0; i < m->multipliers; i++) {
        struct pl_multiplier r = { .kind = PL_RECORD_MULTIPLIER,
                                   .index = (uint16_t)i,
                                   .value = ONE };
        tables_take(f, &r);
    }
    for (uint32_t i = 0; i < m->offset_groups; i++) {
        struct pl_offset_group r = { .kind = PL_RECORD_OFFSET_GROUP, .index = (uint8_t)(i + 1) };
        tables_take(f, &r);
    }
}

/* Ends the load, ticks every expiry at `price`, and commits tick 1. */
static UNUSED void tables_ready(struct tables_fixture *f, uint64_t price)
{
    uint64_t detail = 0;
    assert_int_equal(pl_tables_finish(&f->t, &detail), PL_STATUS_OK);
    for (uint32_t i = 0; i < f->t.model.expiries; i++) {
        struct pl_tick_price p = { .kind = PL_RECORD_TICK_PRICE,
                                   .index = (uint16_t)i,
                                   .forward = price,
                                   .index_price = price,
                                   .discount = pl_real_pack(pl_real_from_int(1)) };
        struct pl_tick_time t = { .kind = PL_RECORD_TICK_TIME,
                                  .index = (uint16_t)i,
                                  .moving = ONE,
                                  .long_discount = ONE,
                                  .short_discount = ONE };
        struct pl_tick_shift s = {
            .kind = PL_RECORD_TICK_SHIFT, .index = (uint16_t)i, .vol_up = ONE, .vol_down = ONE
        };
        assert_int_equal(tables_try_tick(f, &p), PL_STATUS_OK);
        assert_int_equal(tables_try_tick(f, &t), PL_STATUS_OK);
        assert_int_equal(tables_try_tick(f, &s), PL_STATUS_OK);
    }
    assert_int_equal(pl_tables_commit(&f->t, 1, 1000), PL_STATUS_OK);
}

static UNUSED uint64_t slot_header(uint32_t account, uint8_t mode, uint16_t multiplier)
{
    return pl_slot_header(PL_TAG_HEADER, account, mode, multiplier);
}

static UNUSED uint64_t slot_cash(int64_t amount)
{
    return pl_slot_cash(PL_TAG_CASH, amount);
}

static UNUSED uint64_t slot_position(uint32_t instrument, int64_t lots)
{
    return pl_slot_position(PL_TAG_POSITION, lots, instrument);
}

static UNUSED uint64_t slot_orders(uint64_t buy, uint64_t sell)
{
    return pl_slot_orders(PL_TAG_ORDERS, buy, sell);
}

static UNUSED uint64_t slot_end(void)
{
    return (uint64_t)PL_TAG_END << 56;
}

#endif
