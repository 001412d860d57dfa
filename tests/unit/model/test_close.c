/* The close and the verdict: small cases worked by hand, and random accounts against a plain
 * reading of the contract in 128-bit integers, written apart from the code. */
#include "../support/tables_fixture.h"

#define ROWS 6 /* row i alone in expiry i; expiries 2u and 2u + 1 belong to underlying u */
#define UNDERLYINGS 3
#define SCENARIOS 4 /* none, none at half dampening, linear, abs */

static struct tables_fixture fixture;
static struct pl_tables *const t = &fixture.t;

static int open_tables(void **state)
{
    (void)state;
    struct pl_model model = tables_counts(ROWS, ROWS, UNDERLYINGS);
    model.multipliers = 3, model.bracket_tables = 2, model.classes = 2, model.offset_groups = 2;
    tables_open(&fixture, &model, PL_PROFILE_FULL);
    tables_fill(&fixture);
    const struct pl_scenario list[SCENARIOS] = {
        { .shock = ONE, .dampening = ONE },
        { .shock = ONE, .dampening = ONE / 2 },
        { .vol_rule = PL_VOL_RULE_LINEAR, .shock = ONE, .dampening = ONE },
        { .vol_rule = PL_VOL_RULE_ABS, .shock = ONE, .dampening = ONE },
    };
    tables_scenarios(&fixture, 0, list, SCENARIOS);
    for (uint16_t u = 0; u < UNDERLYINGS; u++) {
        struct pl_underlying r = { .kind = PL_RECORD_UNDERLYING,
                                   .scenario_count = SCENARIOS,
                                   .index = u,
                                   .mm_loss_factor = ONE,
                                   .im_loss_factor = 2 * ONE,
                                   .basis_up = ONE,
                                   .basis_down = ONE };
        tables_take(&fixture, &r);
    }
    tables_ready(&fixture, 1000);
    for (uint32_t i = 0; i < ROWS; i++) {
        struct pl_row *row = &t->rows[i];
        *row = (struct pl_row){ .row = PL_ROW_KIND_LINEAR, .expiry = (uint16_t)i };
    }
    t->multipliers[1].value = 3 * ONE;
    t->multipliers[2].value = ONE / 2;
    return 0;
}

static int close_tables(void **state)
{
    (void)state;
    tables_close(&fixture);
    return 0;
}

static struct pl_row *set_row(uint32_t index, int64_t base, int64_t s0, int64_t s1, int64_t s2,
                              int64_t s3)
{
    struct pl_row *row = &t->rows[index];
    row->base = row->basis_up = row->basis_down = base;
    row->scenario[0] = s0, row->scenario[1] = s1, row->scenario[2] = s2, row->scenario[3] = s3;
    return row;
}

static struct pl_verdict sweep_one(const uint64_t *slots, size_t count)
{
    struct pl_sweep sweep;
    struct pl_verdict v;
    uint64_t all[64];
    memcpy(all, slots, count * sizeof *slots);
    all[count] = slot_end();
    pl_sweep_start(&sweep, t, all, count + 1, 0);
    assert_int_equal(pl_sweep_next(&sweep, &v), 1);
    return v;
}

#define ACCOUNT(mode, multiplier, ...)                                                             \
    sweep_one((const uint64_t[]){ slot_header(1, mode, multiplier), __VA_ARGS__ },                 \
              sizeof((const uint64_t[]){ 0, __VA_ARGS__ }) / sizeof(uint64_t))
#define PORTFOLIO(...) ACCOUNT(PL_MODE_PORTFOLIO, 0, __VA_ARGS__)
#define CROSS(...) ACCOUNT(PL_MODE_CROSS, 0, __VA_ARGS__)

static void must_be(const struct pl_verdict *v, int64_t equity, int64_t maintenance,
                    int64_t initial)
{
    if (v->equity != equity || v->maintenance_excess != maintenance || v->initial_excess != initial)
        fail_msg("equity %" PRId64 " maintenance %" PRId64 " initial %" PRId64 ", not %" PRId64
                 " %" PRId64 " %" PRId64,
                 v->equity, v->maintenance_excess, v->initial_excess, equity, maintenance, initial);
}

static void the_loss_of_the_worst_scenario_is_required(void **state)
{
    (void)state;
    set_row(0, 1000, 1100, 700, 1000, 1000);
    struct pl_verdict v = PORTFOLIO(slot_cash(500), slot_position(0, 2));
    /* 2 lots: +200, half of -600, 0, 0: the worst is -300; initial factor 2 */
    must_be(&v, 2500, 2500 - 300, 2500 - 600);
    assert_true(v.worst_scenario == 1 && v.worst_loss == -300 && v.worst_underlying == 0);
    v = PORTFOLIO(slot_cash(5000), slot_position(0, -2)); /* -200, +300 */
    must_be(&v, 3000, 2800, 2600);
    assert_true(v.worst_scenario == 0 && v.worst_loss == -200);
}

static void a_position_that_gains_everywhere_requires_nothing(void **state)
{
    (void)state;
    set_row(0, 1000, 1001, 1002, 1000, 1000);
    struct pl_verdict v = PORTFOLIO(slot_position(0, 1));
    must_be(&v, 1000, 1000, 1000);
    assert_true(v.worst_scenario == PL_WORST_NONE && v.worst_underlying == UINT16_MAX &&
                v.worst_loss == 0);
}

static void ties_go_to_the_lowest_index(void **state)
{
    (void)state;
    set_row(0, 1000, 900, 800, 900, 1100); /* -100, -100, -100, -100 */
    struct pl_verdict v = PORTFOLIO(slot_position(0, 1));
    assert_true(v.worst_scenario == 0 && v.worst_loss == -100);
    t->rows[0].basis_up = 900; /* the basis with weight 1 ties too: the scenario is named */
    t->frozen[0].time.basis_weight = ONE;
    v = PORTFOLIO(slot_position(0, 1));
    assert_true(v.worst_scenario == 0 && v.worst_loss == -100);
    set_row(2, 1000, 1000, 800, 1000,
            1000); /* underlying 1 loses 100 as well: the first is named */
    v = PORTFOLIO(slot_position(0, 1), slot_position(2, 1));
    assert_true(v.worst_underlying == 0 && v.worst_loss == -100);
    set_row(2, 1000, 1000, 798, 1000, 1000);
    v = PORTFOLIO(slot_position(0, 1), slot_position(2, 1));
    assert_true(v.worst_underlying == 1 && v.worst_scenario == 1 && v.worst_loss == -101);
    must_be(&v, 2000, 2000 - 201, 2000 - 402); /* no offset between underlyings */
}

static void the_static_discount_goes_by_the_sign_of_the_expirys_value(void **state)
{
    (void)state;
    set_row(0, 1000, 1000, 1000, 1000, 1000);
    t->frozen[0].time.long_discount = ONE / 4 * 3;
    t->frozen[0].time.short_discount = ONE / 4 * 5;
    struct pl_verdict v = PORTFOLIO(slot_position(0, 3)); /* 3000 counts 2250 */
    must_be(&v, 3000, 2250, 1500);
    v = PORTFOLIO(slot_cash(9000), slot_position(0, -3)); /* -3000 counts -3750 */
    must_be(&v, 6000, 5250, 4500);
    set_row(0, 10, -10, 10, 10, 10); /* from +10 to -10: the sign of the shocked value decides */
    v = PORTFOLIO(slot_position(0, 1));
    assert_int_equal(v.worst_loss, -13 - 10); /* -12.5 rounds down */
    set_row(0, 0, 0, 0, 0, 0);
    v = PORTFOLIO(slot_position(0, 5));
    assert_int_equal(v.worst_loss, 0);
}

static void each_expiry_is_discounted_by_itself_and_nets_inside(void **state)
{
    (void)state;
    set_row(0, 1000, 1000, 1000, 1000, 1000);
    set_row(1, 1000, 1000, 1000, 1000, 1000);
    t->frozen[0].time.long_discount = t->frozen[1].time.long_discount = ONE / 2;
    struct pl_verdict v = PORTFOLIO(slot_position(0, 1), slot_position(1, -1));
    assert_int_equal(v.worst_loss,
                     -500); /* the long one is discounted, the short one not; no netting across */
    t->rows[1].expiry = 0;
    v = PORTFOLIO(slot_position(0, 1), slot_position(1, -1));
    assert_int_equal(v.worst_loss, 0);
}

static void skew_rules_count_minus_the_absolute_value(void **state)
{
    (void)state;
    set_row(0, 1000, 1000, 1000, 1040, 1000);
    struct pl_verdict v = PORTFOLIO(slot_position(0, 1));
    assert_true(v.worst_scenario == 2 && v.worst_loss == -40);
    set_row(0, 1000, 1000, 1000, 1000, 960);
    v = PORTFOLIO(slot_position(0, 1));
    assert_true(v.worst_scenario == 3 && v.worst_loss == -40);
    set_row(0, 1000, 1000, 1000, 1040, 1000); /* per expiry: +40 and -40 do not cancel */
    set_row(1, 1000, 1000, 1000, 960, 1000);
    v = PORTFOLIO(slot_position(0, 1), slot_position(1, 1));
    assert_true(v.worst_scenario == 2 && v.worst_loss == -80);
}

static void dampening_scales_losses_and_gains_and_rounds_down(void **state)
{
    (void)state;
    set_row(0, 1000, 1000, 999, 1000, 1000);
    struct pl_verdict v = PORTFOLIO(slot_position(0, 1));
    assert_true(v.worst_scenario == 1 && v.worst_loss == -1); /* -0.5 */
    set_row(0, 1000, 1000, 990, 1000, 1000);
    set_row(1, 1000, 1000, 1009, 1000, 1000);
    v = PORTFOLIO(slot_position(0, 1), slot_position(1, 1));
    assert_int_equal(v.worst_loss, -5 + 4);
}

static void the_basis_can_be_the_worst(void **state)
{
    (void)state;
    struct pl_row *row = set_row(0, 1000, 950, 1000, 1000, 1000);
    row->basis_up = 1200, row->basis_down = 900;
    t->frozen[0].time.basis_weight = ONE / 4 * 3;
    struct pl_verdict v = PORTFOLIO(slot_position(0, 1));
    assert_true(v.worst_scenario == PL_WORST_BASIS && v.worst_loss == -75);
    v = PORTFOLIO(slot_position(0, -1));
    assert_true(v.worst_scenario == PL_WORST_BASIS && v.worst_loss == -150);
    row->basis_up = row->basis_down = 1100; /* gains do not count */
    v = PORTFOLIO(slot_position(0, 1));
    assert_true(v.worst_scenario == 0 && v.worst_loss == -50);
    row->basis_up = 900; /* the sums of the expiry's minima */
    struct pl_row *other = set_row(1, 1000, 1000, 1000, 1000, 1000);
    other->basis_down = 900;
    t->frozen[1].time.basis_weight = ONE;
    v = PORTFOLIO(slot_position(0, 1), slot_position(1, 1));
    assert_true(v.worst_scenario == PL_WORST_BASIS && v.worst_loss == -175);
}

static void expiries_outside_the_scenarios_add_value_only(void **state)
{
    (void)state;
    struct pl_row *row = set_row(0, 1000, 1, 1, 1, 1);
    row->basis_up = 0;
    t->frozen[0].time.basis_weight = ONE;
    t->expiries[0].scenario = 0;
    struct pl_verdict v = PORTFOLIO(slot_position(0, 1));
    must_be(&v, 1000, 1000, 1000);
}

static void linear_columns_have_a_long_and_a_short_side(void **state)
{
    (void)state;
    struct pl_row *row = set_row(0, 100, 100, 100, 100, 100);
    row->mm_long = 1, row->mm_short = 2, row->im_long = 4, row->im_short = 8, row->fee = 16;
    struct pl_verdict v = PORTFOLIO(slot_position(0, 3));
    must_be(&v, 300, 300 - 3 - 48, 300 - 12 - 48);
    v = PORTFOLIO(slot_cash(1000), slot_position(0, -3));
    must_be(&v, 700, 700 - 6 - 48, 700 - 24 - 48);
    v = CROSS(slot_cash(1000),
              slot_position(0, -3)); /* the fee is in every mode, the columns are not */
    must_be(&v, 700, 652, 652);
}

static void the_oracle_term_knows_whether_a_perpetual_is_held(void **state)
{
    (void)state;
    set_row(0, 100, 100, 100, 100, 100)->gross = 50;
    set_row(1, 7, 7, 7, 7, 7);
    t->expiries[1].perpetual = 1;
    t->frozen[0].price.penalty = ONE / 8; /* 6.25 rounds up */
    t->frozen[0].price.penalty_perpetual = ONE / 4;
    struct pl_verdict v = PORTFOLIO(slot_position(0, 1));
    must_be(&v, 100, 100, 100 - 7);
    v = PORTFOLIO(slot_position(0, -1), slot_cash(200)); /* on the absolute value */
    must_be(&v, 100, 100, 100 - 7);
    v = PORTFOLIO(slot_position(0, 1), slot_position(1, 1));
    must_be(&v, 107, 107, 107 - 13);
    v = PORTFOLIO(slot_position(0, 1), slot_position(1, -1));
    must_be(&v, 93, 93, 93 - 13);
    v = PORTFOLIO(slot_position(0, 1), slot_position(1, 0)); /* a slot of 0 lots holds nothing */
    must_be(&v, 100, 100, 100 - 7);
    t->expiries[1].perpetual = 0,
    t->expiries[2].perpetual = 1; /* another underlying's does not matter */
    v = PORTFOLIO(slot_position(0, 1), slot_position(2, 1));
    must_be(&v, 100, 100, 100 - 7);
    v = CROSS(slot_position(0, 1));
    must_be(&v, 100, 100, 100);
}

static void row_units_are_narrowed_once_per_expiry_values_down_requirements_up(void **state)
{
    (void)state;
    struct pl_row *row = set_row(0, 3, 3, 3, 3, 3);
    t->expiries[0].row_shift = 2;
    row->row_shift = 2, row->mm_long = 1, row->im_long = 1;
    struct pl_verdict v = PORTFOLIO(slot_position(0, 3)); /* 9 / 4, 3 / 4 */
    must_be(&v, 2, 1, 1);
    v = PORTFOLIO(slot_position(0, -3), slot_cash(10));
    must_be(&v, 7, 7, 7);
    t->expiries[0].row_shift = -2, row->row_shift = -2;
    v = PORTFOLIO(slot_position(0, 3));
    must_be(&v, 36, 24, 24);
}

static void an_offset_group_gives_its_credit(void **state)
{
    (void)state;
    set_row(0, 1000, 900, 1100, 1000, 1000); /* -100, +50 */
    set_row(2, 1000, 1080, 600, 1000, 1000); /* +80, -200 */
    for (int u = 0; u < 2; u++)
        t->underlyings[u].offset_group = 1;
    const struct {
        int64_t credit, loss;
    } cases[] = {
        { 0, 300 }, { ONE, 150 }, { ONE / 2, 225 }, { ONE / 3, 251 }, /* 300 - 49.99.. rounds up */
    };
    for (size_t i = 0; i < 4; i++) {
        t->offset_groups[0].credit = cases[i].credit;
        struct pl_verdict v = PORTFOLIO(slot_position(0, 1), slot_position(2, 1));
        must_be(&v, 2000, 2000 - cases[i].loss, 2000 - 2 * cases[i].loss);
        assert_true(v.worst_underlying == 1 && v.worst_loss == -200);
    }
    t->underlyings[1].offset_group = 2; /* two groups of one each: nothing to offset */
    t->offset_groups[0].credit = t->offset_groups[1].credit = ONE;
    struct pl_verdict v = PORTFOLIO(slot_position(0, 1), slot_position(2, 1));
    must_be(&v, 2000, 1700, 1400);
}

static void a_joint_basis_is_the_sum_of_the_bases(void **state)
{
    (void)state;
    struct pl_row *row = set_row(0, 1000, 900, 1100, 1000, 1000),
                  *other = set_row(2, 1000, 1080, 1000, 1000, 1000);
    row->basis_up = 950, other->basis_down = 930;
    t->frozen[0].time.basis_weight = t->frozen[2].time.basis_weight = ONE;
    for (int u = 0; u < 2; u++)
        t->underlyings[u].offset_group = 1;
    t->offset_groups[0].credit = ONE;
    struct pl_verdict v = PORTFOLIO(slot_position(0, 1), slot_position(2, 1));
    must_be(&v, 2000, 2000 - 120,
            2000 - 240); /* joint: scenario -20, basis -120; separate 100 + 70 */
}

static void a_group_takes_the_highest_initial_factor_of_its_members(void **state)
{
    (void)state;
    set_row(0, 1000, 900, 1000, 1000, 1000);
    set_row(2, 1000, 900, 1000, 1000, 1000);
    for (int u = 0; u < 2; u++)
        t->underlyings[u].offset_group = 1;
    t->frozen_im_factor[0] = 3 * ONE, t->frozen_im_factor[1] = 5 * ONE;
    struct pl_verdict v = PORTFOLIO(slot_position(0, 1), slot_position(2, 1));
    must_be(&v, 2000, 1800, 1000);
}

static void the_multiplier_scales_requirements_never_equity(void **state)
{
    (void)state;
    set_row(0, 1000, 900, 1000, 1000, 1000);
    struct pl_verdict v = ACCOUNT(PL_MODE_PORTFOLIO, 1, slot_position(0, 1));
    must_be(&v, 1000, 700, 400);
    t->rows[0].scenario[0] = 899;
    v = ACCOUNT(PL_MODE_PORTFOLIO, 2, slot_position(0, 1));
    must_be(&v, 1000, 1000 - 51, 1000 - 101); /* 50.5 rounds up */
}

static void brackets_are_the_maximum_over_their_lines(void **state)
{
    (void)state;
    set_row(0, 100, 0, 0, 0, 0)->notional = 100;
    t->rows[0].margin_class = 1;
    t->classes[1] = (struct pl_class){
        .kind = PL_RECORD_CLASS, .index = 1, .long_brackets = 1, .short_brackets = 2
    };
    struct pl_bracket *b = t->brackets;
    b[0] = (struct pl_bracket){ .count = 3, .mm_rate = ONE / 16, .im_rate = ONE / 8 };
    b[1] = (struct pl_bracket){
        .count = 3, .mm_rate = ONE / 8, .mm_cum = 50, .im_rate = ONE / 4, .im_cum = 100
    };
    b[2] = (struct pl_bracket){
        .count = 3, .mm_rate = ONE / 2, .mm_cum = 1250, .im_rate = ONE, .im_cum = 2500
    };
    struct pl_bracket *s = &t->brackets[PL_BRACKETS_MAX];
    s[0] =
        (struct pl_bracket){ .count = 1, .mm_rate = ONE / 2, .mm_cum = 1000, .im_rate = ONE / 2 };
    const struct {
        int64_t lots, mm, im;
    } cases[] = {
        { 1, 7, 13 },     { 8, 50, 100 },      { 9, 63, 125 }, { 32, 350, 700 },
        { 33, 400, 800 }, { 100, 3750, 7500 }, { 0, 0, 0 },    { -1, 0, 50 }, /* never below 0 */
        { -20, 0, 1000 }, { -21, 50, 1050 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t equity = 100000 + 100 * cases[i].lots;
        struct pl_verdict v = CROSS(slot_cash(100000), slot_position(0, cases[i].lots));
        must_be(&v, equity, equity - cases[i].mm, equity - cases[i].im);
        v = ACCOUNT(PL_MODE_ISOLATED, 0, slot_cash(100000), slot_position(0, cases[i].lots));
        must_be(&v, equity, equity - cases[i].mm, equity - cases[i].im);
    }
}

static void doubt_about_an_order_lifts_no_account_above_its_line(void **state)
{
    (void)state;
    struct pl_row *row = set_row(0, 100, 100, 100, 100, 100);
    set_row(2, 100, 100, 100, 100, 100)->flags = PL_FLAG_UNPRICED;
    row->mm_long = 300;
    struct pl_verdict v = PORTFOLIO(slot_position(0, 2), slot_position(2, 0), slot_orders(1, 0));
    assert_int_equal(v.state, PL_STATE_LIQUIDATE);
    assert_int_equal(v.flags, PL_FLAG_UNPRICED);
    row->mm_long = 0;
    v = PORTFOLIO(slot_position(0, 2), slot_position(2, 0), slot_orders(1, 0));
    assert_int_equal(v.state, PL_STATE_INDETERMINATE);
}

static void orders_count_at_the_worse_side_in_the_initial_requirement_only(void **state)
{
    (void)state;
    struct pl_row *row = set_row(0, 100, 100, 100, 100, 100);
    row->order_long = 7, row->order_short = 5, row->im_long = 3, row->im_short = 11;
    struct pl_verdict v =
        PORTFOLIO(slot_position(0, 2), slot_orders(4, 0)); /* loss 2 * 28; columns 3 * 4 */
    must_be(&v, 200, 200, 200 - 6 - 56 - 12);
    v = PORTFOLIO(slot_position(0, 2), slot_orders(0, 4)); /* 2 * 20; from +2 to -2: 22 - 6 */
    must_be(&v, 200, 200, 200 - 6 - 40 - 16);
    v = PORTFOLIO(slot_position(0, 2), slot_orders(4, 4));
    must_be(&v, 200, 200, 200 - 6 - 56 - 16);
    v = PORTFOLIO(slot_position(0, 2),
                  slot_orders(0, 1)); /* a reducing order costs its loss alone, no column */
    must_be(&v, 200, 200, 200 - 6 - 10);
    v = PORTFOLIO(slot_position(0, 0), slot_orders(0, 1)); /* nothing held */
    must_be(&v, 0, 0, -10 - 11);
    v = CROSS(slot_position(0, 2), slot_orders(4, 4));
    must_be(&v, 200, 200, 200);
}

static void every_state_starts_where_it_says(void **state)
{
    (void)state;
    set_row(0, 0, -100, 0, 0, 0); /* maintenance 100, initial 200 */
    const struct {
        int64_t cash;
        uint8_t state;
    } cases[] = {
        { 1000, PL_STATE_HEALTHY },    { 200, PL_STATE_HEALTHY },  { 199, PL_STATE_MARGIN_CALL },
        { 100, PL_STATE_MARGIN_CALL }, { 99, PL_STATE_LIQUIDATE }, { 0, PL_STATE_LIQUIDATE },
        { -1, PL_STATE_BANKRUPT },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct pl_verdict v = PORTFOLIO(slot_cash(cases[i].cash), slot_position(0, 1));
        assert_int_equal(v.state, cases[i].state);
        assert_int_equal(v.flags, 0);
    }
    struct pl_verdict v = ACCOUNT(PL_MODE_CROSS, 0, 0);
    assert_int_equal(v.state, PL_STATE_HEALTHY); /* exactly zero, nothing held */
}

static void each_flag_of_a_held_row_makes_the_account_indeterminate(void **state)
{
    (void)state;
    set_row(0, 10, 10, 10, 10, 10);
    for (int mode = PL_MODE_PORTFOLIO; mode <= PL_MODE_ISOLATED; mode++) {
        for (uint8_t bit = 0; bit < 6; bit++) {
            t->rows[0].flags = (uint8_t)(1u << bit);
            struct pl_verdict v = ACCOUNT((uint8_t)mode, 0, slot_cash(100), slot_position(0, 1));
            assert_int_equal(v.state, (1u << bit) == PL_FLAG_GREEKS ? PL_STATE_HEALTHY
                                                                    : PL_STATE_INDETERMINATE);
            assert_int_equal(v.flags, 1u << bit);
            v = ACCOUNT((uint8_t)mode, 0, slot_cash(100), slot_position(0, 0)); /* not held */
            assert_int_equal(v.state, PL_STATE_HEALTHY);
            assert_int_equal(v.flags, 0);
            v = ACCOUNT((uint8_t)mode, 0, slot_cash(100), slot_position(1, 1)); /* another row */
            assert_int_equal(v.state, PL_STATE_HEALTHY);
        }
    }
}

static void an_unpriced_asset_is_judged_at_zero_and_at_its_last_price(void **state)
{
    (void)state;
    struct pl_row *coin = set_row(1, 100, 100, 100, 100, 100);
    coin->is_asset = 1;
    set_row(0, 0, -50, 0, 0, 0);
    const uint8_t flags[] = { PL_FLAG_UNPRICED, PL_FLAG_STALE };
    for (int f = 0; f < 2; f++) {
        coin->flags = flags[f];
        struct pl_verdict v = PORTFOLIO(slot_cash(200), slot_position(0, 1), slot_position(1, 1));
        assert_true(v.state == PL_STATE_HEALTHY && v.flags == PL_FLAG_IGNORED_ASSET);
        must_be(&v, 200, 150, 100); /* reported at 0 */
        v = PORTFOLIO(slot_cash(-500), slot_position(0, 1), slot_position(1, 1));
        assert_true(v.state == PL_STATE_BANKRUPT && v.flags == PL_FLAG_IGNORED_ASSET);
        v = PORTFOLIO(slot_cash(20), slot_position(0, 1),
                      slot_position(1, 1)); /* 20 liquidates, 120 is healthy */
        assert_true(v.state == PL_STATE_INDETERMINATE && (v.flags & PL_FLAG_UNPRICED));
        v = PORTFOLIO(slot_cash(500), slot_position(0, 1), slot_position(1, -1)); /* owed */
        assert_true(v.state == PL_STATE_INDETERMINATE && v.flags == flags[f]);
        t->rows[0].flags = PL_FLAG_UNPRICED; /* and something that is no asset */
        v = PORTFOLIO(slot_cash(500), slot_position(0, 1), slot_position(1, 1));
        assert_true(v.state == PL_STATE_INDETERMINATE && (v.flags & PL_FLAG_UNPRICED));
        t->rows[0].flags = 0;
        coin->flags |= PL_FLAG_SATURATED; /* a wrong word is not ignored */
        v = PORTFOLIO(slot_cash(500), slot_position(1, 1));
        assert_int_equal(v.state, PL_STATE_INDETERMINATE);
    }
}

static void two_unpriced_assets_are_dropped_together(void **state)
{
    (void)state;
    for (uint32_t i = 1; i < 5; i += 3) {
        struct pl_row *coin = set_row(i, 100, 50, 100, 100, 100);
        coin->is_asset = 1, coin->flags = PL_FLAG_UNPRICED, coin->mm_long = 10;
    }
    set_row(2, 1000, 900, 1000, 1000, 1000);
    struct pl_verdict v = PORTFOLIO(slot_position(1, 1), slot_position(2, 1), slot_position(4, 1));
    must_be(&v, 1000, 900, 800);
    assert_true(v.worst_underlying == 1 && v.worst_loss == -100 &&
                v.flags == PL_FLAG_IGNORED_ASSET);
}

static void greeks_add_up_and_do_not_touch_the_state(void **state)
{
    (void)state;
    struct pl_row *a = set_row(0, 0, 0, 0, 0, 0), *b = set_row(2, 0, 0, 0, 0, 0);
    a->delta = 1, a->gamma = 2, a->vega = 3, a->theta = -4, a->rho = 5;
    b->delta = 10, b->gamma = 20, b->vega = 30, b->theta = -40, b->rho = 50;
    struct pl_verdict v = PORTFOLIO(slot_position(0, 2), slot_position(2, -1));
    assert_true(v.delta == -8 && v.gamma == -16 * (1 << PL_GAMMA_SHIFT) && v.vega == -24 &&
                v.theta == 32 && v.rho == -40);
    a->delta = (INT64_C(1) << 51) - 1;
    v = PORTFOLIO(slot_position(0, INT32_MAX));
    assert_true(v.delta == INT64_MAX && v.state == PL_STATE_HEALTHY && v.flags == PL_FLAG_GREEKS);
}

/* ---- a plain reading of the contract
 * ------------------------------------------------------------------- */

struct naive {
    pl_i128 equity, mm, im, worst_loss, greeks[PL_GREEKS];
    uint16_t worst_underlying;
    uint8_t worst_scenario;
    uint32_t flags, order_flags;
};

struct held {
    uint32_t row;
    int64_t lots, buy, sell;
    bool orders;
};

static pl_i128 down(pl_i128 a, pl_i128 b)
{
    pl_i128 q = a / b;
    return q * b > a ? q - 1 : q;
}

static pl_i128 up(pl_i128 a, pl_i128 b)
{
    return -down(-a, b);
}

static pl_i128 narrow(pl_i128 sum, int shift, bool upwards)
{
    if (shift < 0)
        return sum * ((pl_i128)1 << -shift);
    return upwards ? up(sum, (pl_i128)1 << shift) : down(sum, (pl_i128)1 << shift);
}

static pl_i128 least(pl_i128 a, pl_i128 b)
{
    return a < b ? a : b;
}

static pl_i128 most(pl_i128 a, pl_i128 b)
{
    return a > b ? a : b;
}

static pl_i128 magnitude(pl_i128 a)
{
    return a < 0 ? -a : a;
}

static pl_i128 bracket(const struct pl_row *row, int64_t lots, bool initial)
{
    const struct pl_class *c = &t->classes[row->margin_class];
    uint16_t table = lots < 0 ? c->short_brackets : lots > 0 ? c->long_brackets : 0;
    if (table == 0)
        return 0;
    pl_i128 notional = narrow(magnitude(lots) * row->notional, row->row_shift, true), best = 0;
    for (int i = 0; i < t->brackets[(table - 1) * PL_BRACKETS_MAX].count; i++) {
        const struct pl_bracket *b = &t->brackets[(table - 1) * PL_BRACKETS_MAX + i];
        best = most(best, up(notional * (initial ? b->im_rate : b->mm_rate), ONE) -
                              (initial ? b->im_cum : b->mm_cum));
    }
    return best;
}

static pl_i128 side(const struct pl_row *row, int64_t lots)
{
    return lots < 0 ? magnitude(lots) * row->im_short : (pl_i128)lots * row->im_long;
}

/* Sums of one expiry in money; pnl[SCENARIOS] is the basis. */
struct part {
    pl_i128 value, mm, im, gross, order_loss, pnl[SCENARIOS + 1];
};

static void naive_expiry(const struct held *h, size_t n, uint16_t e, bool portfolio, struct part *p,
                         struct naive *out)
{
    pl_i128 value = 0, mm = 0, im = 0, fee = 0, gross = 0, loss = 0, order_im = 0, bmm = 0, bim = 0;
    pl_i128 naked = 0, order_fee = 0;
    pl_i128 s[SCENARIOS] = { 0 }, bu = 0, bd = 0, greeks[PL_GREEKS] = { 0 };
    int shift = t->expiries[e].row_shift;
    const struct pl_tick_time *time = &t->frozen[e].time;
    memset(p, 0, sizeof *p);
    for (size_t i = 0; i < n; i++) {
        const struct pl_row *row = &t->rows[h[i].row];
        if (row->expiry != e)
            continue;
        pl_i128 lots = h[i].lots, size = magnitude(lots);
        value += lots * row->base, fee += size * row->fee, gross += size * row->gross;
        mm += size * (lots < 0 ? row->mm_short : row->mm_long), im += side(row, h[i].lots);
        bu += lots * row->basis_up, bd += lots * row->basis_down;
        for (int k = 0; k < SCENARIOS; k++)
            s[k] += lots * row->scenario[k];
        greeks[0] += lots * row->delta, greeks[1] += lots * row->gamma * 1024,
            greeks[2] += lots * row->vega;
        greeks[3] += lots * row->theta, greeks[4] += lots * row->rho;
        bmm += bracket(row, h[i].lots, false), bim += bracket(row, h[i].lots, true);
        if (h[i].orders) {
            int64_t bought = h[i].lots + h[i].buy, sold = h[i].lots - h[i].sell;
            bim += most(0, most(bracket(row, bought, true), bracket(row, sold, true)) -
                               bracket(row, h[i].lots, true));
            order_im += most(0, most(side(row, bought), side(row, sold)) - side(row, h[i].lots));
            loss +=
                most((pl_i128)h[i].buy * row->order_long, (pl_i128)h[i].sell * row->order_short);
            pl_i128 more = most(size, most(magnitude(bought), magnitude(sold))) - size;
            naked += (pl_i128)h[i].sell * row->order_naked, order_fee += more * row->fee;
            gross += more * row->gross;
        }
    }
    p->value = narrow(value, shift, false);
    p->mm = narrow(fee, shift, true) + (portfolio ? narrow(mm, shift, true) : bmm);
    p->im = narrow(fee, shift, true) +
            (portfolio ? narrow(im, shift, true) + narrow(order_im + naked + order_fee, shift, true)
                       : bim + narrow(order_fee, shift, true));
    for (int g = 0; g < PL_GREEKS; g++)
        out->greeks[g] += narrow(greeks[g], shift, false);
    if (!portfolio)
        return;
    p->gross = narrow(gross, shift, true), p->order_loss = narrow(loss, shift, true);
    if (!t->expiries[e].scenario)
        return;
    for (int k = 0; k < SCENARIOS; k++) {
        const struct pl_scenario *x = &t->scenarios[k];
        pl_i128 v = narrow(s[k], shift, false);
        pl_i128 pnl =
            down(v * (v < 0 ? time->short_discount : time->long_discount), ONE) - p->value;
        if (x->vol_rule >= PL_VOL_RULE_LINEAR)
            pnl = -magnitude(pnl);
        p->pnl[k] = down(pnl * x->dampening, ONE);
    }
    pl_i128 worse = least(narrow(bu, shift, false), narrow(bd, shift, false)) - p->value;
    p->pnl[SCENARIOS] = down(least(worse, 0) * time->basis_weight, ONE);
}

/* `touched`: bits of the underlyings that the account has slots of, even if they count for nothing.
 */
static void naive_account(const struct held *h, size_t n, uint32_t touched, bool portfolio,
                          pl_i128 cash, int64_t multiplier, struct naive *out)
{
    struct {
        pl_i128 separate, pnl[SCENARIOS + 1], mm_factor, im_factor;
    } group[3] = { 0 };
    pl_i128 mm = 0, im = 0;
    *out = (struct naive){ .equity = cash,
                           .worst_underlying = UINT16_MAX,
                           .worst_scenario = PL_WORST_NONE };
    for (uint16_t u = 0; u < UNDERLYINGS; u++) {
        struct part parts[2], sum = { 0 };
        bool perpetual = false;
        for (uint16_t k = 0; k < 2; k++) {
            naive_expiry(h, n, (uint16_t)(2 * u + k), portfolio, &parts[k], out);
            for (size_t i = 0; i < n; i++)
                perpetual |=
                    t->rows[h[i].row].expiry == 2 * u + k &&
                    (h[i].lots != 0 || (h[i].orders && (h[i].buy != 0 || h[i].sell != 0))) &&
                    t->expiries[2 * u + k].perpetual;
            sum.value += parts[k].value, sum.mm += parts[k].mm, sum.im += parts[k].im;
            sum.order_loss += parts[k].order_loss;
            for (int s = 0; s <= SCENARIOS; s++)
                sum.pnl[s] += parts[k].pnl[s];
        }
        for (uint16_t k = 0; k < 2; k++) {
            const struct pl_tick_price *p = &t->frozen[2 * u + k].price;
            sum.im += up(parts[k].gross * (perpetual ? p->penalty_perpetual : p->penalty), ONE);
        }
        pl_i128 worst = 0;
        uint8_t scenario = PL_WORST_NONE;
        for (int s = 0; s <= SCENARIOS; s++) {
            if (sum.pnl[s] < worst) {
                worst = sum.pnl[s];
                scenario = s == SCENARIOS ? PL_WORST_BASIS : (uint8_t)s;
            }
        }
        if (worst < out->worst_loss)
            out->worst_loss = worst, out->worst_underlying = u, out->worst_scenario = scenario;
        pl_i128 factor = t->frozen_im_factor[u];
        out->equity += sum.value, mm += sum.mm, im += sum.im + up(sum.order_loss * factor, ONE);
        uint8_t g = t->underlyings[u].offset_group;
        if (g == 0) {
            mm += up(-worst * t->underlyings[u].mm_loss_factor, ONE),
                im += up(-worst * factor, ONE);
        } else if (touched >> u & 1) {
            group[g].separate -= worst;
            group[g].mm_factor = t->underlyings[u].mm_loss_factor;
            group[g].im_factor = most(group[g].im_factor, factor);
            for (int s = 0; s <= SCENARIOS; s++)
                group[g].pnl[s] += sum.pnl[s];
        }
    }
    for (int g = 1; g <= 2; g++) {
        pl_i128 joint = 0;
        for (int s = 0; s <= SCENARIOS; s++)
            joint = least(joint, group[g].pnl[s]);
        pl_i128 saved = most(0, group[g].separate + joint);
        pl_i128 loss = group[g].separate - down(saved * t->offset_groups[g - 1].credit, ONE);
        mm += up(loss * group[g].mm_factor, ONE), im += up(loss * group[g].im_factor, ONE);
    }
    out->mm = out->equity - up(mm * multiplier, ONE);
    out->im = out->equity - up(im * multiplier, ONE);
}

static uint8_t naive_state(const struct naive *n)
{
    return n->flags != 0         ? PL_STATE_INDETERMINATE
           : n->equity < 0       ? PL_STATE_BANKRUPT
           : n->mm < 0           ? PL_STATE_LIQUIDATE
           : n->order_flags != 0 ? PL_STATE_INDETERMINATE
           : n->im < 0           ? PL_STATE_MARGIN_CALL
                                 : PL_STATE_HEALTHY;
}

static void random_rows(uint64_t *r, unsigned bits)
{
    for (uint32_t i = 0; i < ROWS; i++) {
        struct pl_row *row = &t->rows[i];
        int8_t shift = (int8_t)random_within(r, -6, 12);
        int64_t *words = &row->base;
        for (size_t w = 0; w < (sizeof *row - offsetof(struct pl_row, base)) / 8; w++)
            words[w] = random_word(r, bits);
        for (int64_t *w = &row->mm_long; w <= &row->order_naked; w++)
            *w = *w < 0 ? -*w : *w;
        row->row_shift = t->expiries[i].row_shift = shift;
        row->expiry = (uint16_t)i;
        row->margin_class = (uint16_t)random_below(r, 2);
        row->is_asset = (uint8_t)random_once_in(r, 4);
        row->flags = (uint8_t)(random_once_in(r, 10) ? 1u << random_below(r, 4) : 0);
        t->expiries[i].perpetual = (uint8_t)random_once_in(r, 3);
        t->expiries[i].scenario = (uint8_t)!random_once_in(r, 6);
        t->frozen[i].time.long_discount = random_within(r, 0, 2 * ONE);
        t->frozen[i].time.short_discount = random_within(r, 0, 2 * ONE);
        t->frozen[i].time.basis_weight = random_once_in(r, 2) ? 0 : random_within(r, 0, 3 * ONE);
        t->frozen[i].price.penalty = random_once_in(r, 2) ? 0 : random_within(r, 0, ONE);
        t->frozen[i].price.penalty_perpetual =
            t->frozen[i].price.penalty + random_within(r, 0, ONE);
    }
    for (int u = 0; u < UNDERLYINGS; u++) {
        t->underlyings[u].mm_loss_factor = random_within(r, 0, 2 * ONE);
        t->frozen_im_factor[u] = random_within(r, 0, 3 * ONE);
    }
    unsigned grouping = (unsigned)random_below(r, 4); /* none, 0 and 1, 1 and 2, all */
    for (unsigned u = 0; u < UNDERLYINGS; u++)
        t->underlyings[u].offset_group =
            grouping == 3 || (grouping == 1 && u < 2) || (grouping == 2 && u > 0);
    if (grouping == 1 && random_once_in(r, 2))
        t->underlyings[2].offset_group = 2;
    for (unsigned u = 1; u < UNDERLYINGS; u++) {
        if (t->underlyings[u].offset_group == t->underlyings[u - 1].offset_group)
            t->underlyings[u].mm_loss_factor = t->underlyings[u - 1].mm_loss_factor;
    }
    for (int g = 0; g < 2; g++)
        t->offset_groups[g].credit = random_once_in(r, 3) ? ONE : random_within(r, 0, ONE);
    for (int m = 1; m < 3; m++)
        t->multipliers[m].value = random_within(r, 1, 8 * ONE);
    for (int k = 0; k < SCENARIOS; k++)
        t->scenarios[k].dampening = random_within(r, 0, 2 * ONE);
}

static void random_brackets(uint64_t *r)
{
    for (uint16_t c = 0; c < 2; c++)
        t->classes[c].long_brackets = (uint16_t)random_below(r, 3),
        t->classes[c].short_brackets = (uint16_t)random_below(r, 3);
    for (int table = 0; table < 2; table++) {
        uint8_t count = (uint8_t)random_within(r, 1, PL_BRACKETS_MAX);
        for (uint8_t i = 0; i < count; i++) {
            t->brackets[table * PL_BRACKETS_MAX + i] = (struct pl_bracket){
                .kind = PL_RECORD_BRACKET,
                .index = i,
                .count = count,
                .mm_rate = random_within(r, 0, ONE),
                .mm_cum = random_word(r, 40),
                .im_rate = random_within(r, 0, ONE),
                .im_cum = random_word(r, 40),
            };
        }
    }
}

static size_t random_holdings(uint64_t *r, struct held *h, unsigned lot_bits)
{
    size_t n = 0;
    for (uint32_t i = 0; i < ROWS; i++) {
        if (random_once_in(r, 2))
            continue;
        h[n++] = (struct held){ i, random_once_in(r, 8) ? 0 : random_word(r, lot_bits),
                                (int64_t)random_below(r, 100000), (int64_t)random_below(r, 100000),
                                random_once_in(r, 4) };
    }
    return n;
}

/* The two views of the account, and what the verdict must then say. */
static void check_account(const struct held *h, size_t n, uint8_t mode, uint16_t multiplier,
                          int64_t cash, uint64_t *overflows)
{
    uint64_t slots[32];
    size_t count = 0, kept = 0;
    struct held priced[ROWS] = { 0 };
    uint32_t flags = 0, order_flags = 0, kept_order_flags = 0, ignored = 0, touched = 0;
    slots[count++] = slot_header(77, mode, multiplier);
    slots[count++] = slot_cash(cash);
    for (size_t i = 0; i < n; i++) {
        const struct pl_row *row = &t->rows[h[i].row];
        slots[count++] = slot_position(h[i].row, h[i].lots);
        touched |= 1u << h[i].row / 2;
        if (h[i].orders)
            slots[count++] = slot_orders((uint64_t)h[i].buy, (uint64_t)h[i].sell);
        uint32_t lack = row->flags & (PL_FLAG_UNPRICED | PL_FLAG_STALE);
        bool ignorable = lack != 0 && row->is_asset && h[i].lots > 0;
        if (ignorable)
            ignored |= lack;
        else
            priced[kept++] = h[i];
        if (h[i].lots != 0)
            flags |= row->flags & ~(ignorable ? lack : 0);
        if (h[i].orders) {
            order_flags |= row->flags;
            kept_order_flags |= ignorable ? 0 : row->flags;
        }
    }
    struct pl_verdict v = sweep_one(slots, count);
    struct naive last, zero;
    bool portfolio = mode == PL_MODE_PORTFOLIO;
    naive_account(h, n, touched, portfolio, cash, t->multipliers[multiplier].value, &last);
    naive_account(priced, kept, touched, portfolio, cash, t->multipliers[multiplier].value, &zero);
    last.flags = flags;
    last.order_flags = order_flags, zero.order_flags = kept_order_flags;
    const struct naive *shown = ignored ? &zero : &last;
    if (v.flags & PL_FLAG_OVERFLOW) {
        assert_true(v.state >=
                    PL_STATE_INDETERMINATE); /* below a line without orders it stays below */
        ++*overflows;
        return;
    }
    if (v.equity != shown->equity || v.maintenance_excess != shown->mm ||
        v.initial_excess != shown->im)
        fail_msg("mode %u: equity %" PRId64 " %" PRId64 ", maintenance %" PRId64 " %" PRId64
                 ", initial %" PRId64 " %" PRId64,
                 mode, v.equity, (int64_t)shown->equity, v.maintenance_excess, (int64_t)shown->mm,
                 v.initial_excess, (int64_t)shown->im);
    assert_true(v.worst_loss == shown->worst_loss &&
                v.worst_underlying == shown->worst_underlying &&
                v.worst_scenario == shown->worst_scenario);
    if (!(v.flags & PL_FLAG_GREEKS))
        assert_true(v.delta == shown->greeks[0] && v.gamma == shown->greeks[1] &&
                    v.vega == shown->greeks[2] && v.theta == shown->greeks[3] &&
                    v.rho == shown->greeks[4]);
    uint8_t expected = naive_state(&last);
    if (ignored && expected != naive_state(&zero))
        expected = PL_STATE_INDETERMINATE;
    assert_int_equal(v.state, expected);
    assert_int_equal((v.flags & PL_FLAG_IGNORED_ASSET) != 0,
                     ignored != 0 && expected != PL_STATE_INDETERMINATE);
    assert_true(v.flags != 0 || expected != PL_STATE_INDETERMINATE);
    assert_true(v.account == 77 && v.mode == mode && v.tick == 1 && v.model_version == 11 &&
                v.table_version == 22);
}

static void random_accounts_agree_with_a_plain_reading(void **state)
{
    (void)state;
    uint64_t r = random_seed(6), overflows = 0, rounds = random_rounds(60000);
    for (uint64_t round = 0; round < rounds; round++) {
        if (round % 20 == 0) {
            random_rows(&r, random_once_in(&r, 2) ? 38 : 8);
            random_brackets(&r);
        }
        struct held h[ROWS];
        size_t n = random_holdings(&r, h, random_once_in(&r, 2) ? 18 : 4);
        check_account(h, n, (uint8_t)random_within(&r, 1, 3), (uint16_t)random_below(&r, 3),
                      random_word(&r, 54), &overflows);
    }
    print_message("%" PRIu64 " of %" PRIu64 " overflowed\n", overflows, rounds);
    assert_true(overflows < rounds / 4);
}

/* Huge rows, lots and multipliers: whenever no overflow is flagged, the plain reading agrees. */
static void overflow_is_flagged_whenever_a_result_does_not_fit(void **state)
{
    (void)state;
    uint64_t r = random_seed(7), overflows = 0, rounds = random_rounds(20000);
    for (uint64_t round = 0; round < rounds; round++) {
        if (round % 20 == 0) {
            random_rows(&r, PL_ROW_BITS_FULL);
            random_brackets(&r);
            for (uint32_t i = 0; i < ROWS; i++)
                t->rows[i].flags = 0;
        }
        struct held h[ROWS];
        size_t n = random_holdings(&r, h, 22);
        check_account(h, n, (uint8_t)random_within(&r, 1, 3), (uint16_t)random_below(&r, 3),
                      random_word(&r, 54), &overflows);
    }
    print_message("%" PRIu64 " of %" PRIu64 " overflowed\n", overflows, rounds);
    assert_true(overflows > rounds / 10);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_tables, close_tables)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_loss_of_the_worst_scenario_is_required),
        TEST(a_position_that_gains_everywhere_requires_nothing),
        TEST(ties_go_to_the_lowest_index),
        TEST(the_static_discount_goes_by_the_sign_of_the_expirys_value),
        TEST(each_expiry_is_discounted_by_itself_and_nets_inside),
        TEST(skew_rules_count_minus_the_absolute_value),
        TEST(dampening_scales_losses_and_gains_and_rounds_down),
        TEST(the_basis_can_be_the_worst),
        TEST(expiries_outside_the_scenarios_add_value_only),
        TEST(linear_columns_have_a_long_and_a_short_side),
        TEST(the_oracle_term_knows_whether_a_perpetual_is_held),
        TEST(row_units_are_narrowed_once_per_expiry_values_down_requirements_up),
        TEST(an_offset_group_gives_its_credit),
        TEST(a_joint_basis_is_the_sum_of_the_bases),
        TEST(a_group_takes_the_highest_initial_factor_of_its_members),
        TEST(the_multiplier_scales_requirements_never_equity),
        TEST(brackets_are_the_maximum_over_their_lines),
        TEST(orders_count_at_the_worse_side_in_the_initial_requirement_only),
        TEST(doubt_about_an_order_lifts_no_account_above_its_line),
        TEST(every_state_starts_where_it_says),
        TEST(each_flag_of_a_held_row_makes_the_account_indeterminate),
        TEST(an_unpriced_asset_is_judged_at_zero_and_at_its_last_price),
        TEST(two_unpriced_assets_are_dropped_together),
        TEST(greeks_add_up_and_do_not_touch_the_state),
        TEST(random_accounts_agree_with_a_plain_reading),
        TEST(overflow_is_flagged_whenever_a_result_does_not_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
