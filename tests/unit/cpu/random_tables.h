/* Random tables, rows, terms of the close and accounts for the tests of host/cpu: small words and
 * extreme ones. */
#ifndef PL_TEST_RANDOM_TABLES_H
#define PL_TEST_RANDOM_TABLES_H

#include "../support/tables_fixture.h"

#define UNDERLYINGS 3
#define EXPIRIES 9
#define ROWS 72
#define CLASSES 4
#define BRACKETS 3 /* tables */

static UNUSED uint64_t r; /* state of the random numbers */

/* What this round draws: each range apart, so that often only one of them is extreme. */
struct ranges {
    unsigned row_bits, lot_bits, coefficient_bits;
    int shift_min, shift_max;
    bool powers; /* few row entries, powers of 2: sums that wrap to small ones */
    bool flags, groups, odd_slots;
};

static UNUSED struct ranges draw_ranges(void)
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

static UNUSED int64_t row_word(const struct ranges *g)
{
    if (!g->powers)
        return random_word(&r, g->row_bits);
    return random_once_in(&r, 6) ? INT64_C(1) << random_below(&r, 51) : 0;
}

static UNUSED int64_t lots_word(const struct ranges *g)
{
    if (random_once_in(&r, 500))
        return INT32_MIN;
    return g->powers ? INT64_C(1) << random_below(&r, g->lot_bits) : random_word(&r, g->lot_bits);
}

static UNUSED int64_t coefficient(const struct ranges *g)
{
    int64_t c = random_once_in(&r, 3) ? ONE : random_word(&r, g->coefficient_bits);
    return c < 0 ? -c : c;
}

static UNUSED void draw_underlyings(struct tables_fixture *f, const struct ranges *g)
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

/* Classes without brackets, with few, and with many; rates and amounts that fit money and not. */
static UNUSED void draw_brackets(struct tables_fixture *f, const struct ranges *g)
{
    for (uint16_t c = 0; c < CLASSES; c++) {
        struct pl_class record = { .kind = PL_RECORD_CLASS,
                                   .index = c,
                                   .long_brackets = (uint16_t)random_below(&r, BRACKETS + 1),
                                   .short_brackets = (uint16_t)random_below(&r, BRACKETS + 1) };
        tables_take(f, &record);
    }
    for (uint16_t b = 1; b <= BRACKETS; b++) {
        uint8_t count = (uint8_t)random_within(&r, 1, PL_BRACKETS_MAX);
        for (uint8_t i = 0; i < count; i++) {
            struct pl_bracket record = { .kind = PL_RECORD_BRACKET,
                                         .index = i,
                                         .count = count,
                                         .bracket_table = b,
                                         .mm_rate = coefficient(g),
                                         .mm_cum = random_word(&r, 50),
                                         .im_rate = coefficient(g),
                                         .im_cum = random_word(&r, 50) };
            tables_take(f, &record);
        }
    }
}

static UNUSED void draw_expiries(struct tables_fixture *f, const struct ranges *g)
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

/* A row as a commit leaves it, but any words. */
static UNUSED void draw_row(struct tables_fixture *f, uint32_t i, const struct ranges *g)
{
    struct pl_row *row = &f->t.rows[i];
    int64_t *words = &row->base;
    for (size_t w = 0; w < (sizeof *row - offsetof(struct pl_row, base)) / 8; w++)
        words[w] = row_word(g);
    for (int64_t *w = &row->mm_long; w <= &row->order_naked; w++)
        *w = *w < 0 ? -*w : *w;
    if (!f->t.expiries[row->expiry].scenario) {
        row->basis_up = row->basis_down = 0;
        memset(row->scenario, 0, sizeof row->scenario);
    }
    row->margin_class = (uint16_t)random_below(&r, CLASSES);
    row->row_shift = f->t.expiries[row->expiry].row_shift;
    row->flags = g->flags && random_once_in(&r, 10) ? (uint8_t)random_below(&r, 64) : 0;
    row->is_asset = row->flags != 0 && random_once_in(&r, 2);
}

static UNUSED void draw_terms(struct tables_fixture *f, const struct ranges *g)
{
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

/* Every row and every term. */
static UNUSED void draw_rows(struct tables_fixture *f, const struct ranges *g)
{
    for (uint32_t i = 0; i < ROWS; i++) {
        f->t.rows[i].row = random_once_in(&r, 8) ? PL_ROW_KIND_REQUIREMENT : PL_ROW_KIND_LINEAR;
        draw_row(f, i, g);
        f->t.repriced[i] = i;
    }
    f->t.repriced_count = ROWS;
    draw_terms(f, g);
}

static UNUSED size_t draw_account(const struct pl_tables *t, uint64_t *slots,
                                  const struct ranges *g)
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

/* Loads the tables, and commits a tick. */
static UNUSED void draw_tables(struct tables_fixture *f, const struct ranges *g, uint8_t profile)
{
    struct pl_model model = tables_counts(ROWS, EXPIRIES, UNDERLYINGS);
    model.scenario_tables = UNDERLYINGS;
    model.classes = CLASSES;
    model.bracket_tables = BRACKETS;
    tables_open(f, &model, profile);
    tables_fill(f);
    draw_underlyings(f, g);
    draw_expiries(f, g);
    draw_brackets(f, g);
    tables_ready(f, 1000);
}

#endif
