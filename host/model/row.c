#include "row.h"

#include <string.h>

#include "arith.h"
#include "money.h"
#include "pricing.h"
#include "tables.h"

static const struct pl_real one_hundredth = { PL_ROW_HUNDREDTH_M, PL_ROW_HUNDREDTH_E };
static const struct pl_real one_day = { PL_ROW_DAY_M, PL_ROW_DAY_E };

/* Everything that the values of one row are computed from. */
struct row_inputs {
    const struct pl_tables *tables;
    const struct pl_instrument *instrument;
    const struct pl_expiry *expiry;
    const struct pl_underlying *underlying;
    const struct pl_class *margin_class;
    const struct pl_expiry_tick *tick;
    struct pl_real unit;        /* row units per price unit and lot */
    struct pl_expiry_math math; /* discount includes the unit: values come out in row units */
    int64_t log_moneyness_q48;
};

uint64_t pl_row_shocked_forward(uint64_t forward, int64_t moving_q40, int64_t shock_q40)
{
    pl_i128 half = (pl_i128)1 << (PL_COEFFICIENT_BITS - 1);
    int64_t move = (int64_t)(((pl_i128)moving_q40 * (shock_q40 - PL_COEFFICIENT_ONE) + half) >>
                             PL_COEFFICIENT_BITS);
    int64_t factor = PL_COEFFICIENT_ONE + move;
    return (uint64_t)(((pl_i128)forward * factor + half) >> PL_COEFFICIENT_BITS);
}

static int64_t skew_multiplier(int64_t k_q48, int64_t slope_q40, int64_t cap_q40)
{
    int64_t y = (int64_t)(((pl_i128)k_q48 * slope_q40) >> PL_RATE_BITS);
    y = k_q48 >= 0 ? pl_min64(y, cap_q40) : pl_max64(y, -cap_q40);
    return pl_max64(0, PL_COEFFICIENT_ONE + y);
}

int64_t pl_row_vol_multiplier(const struct pl_tick_shift *shift, uint8_t vol_rule, int64_t k_q48)
{
    switch (vol_rule) {
    case PL_VOL_RULE_UP: return shift->vol_up;
    case PL_VOL_RULE_DOWN: return shift->vol_down;
    case PL_VOL_RULE_LINEAR: return skew_multiplier(k_q48, shift->linear_slope, shift->linear_cap);
    case PL_VOL_RULE_ABS:
        return skew_multiplier(k_q48 < 0 ? -k_q48 : k_q48, shift->abs_slope, shift->abs_cap);
    default: return PL_COEFFICIENT_ONE;
    }
}

static uint64_t shocked_vol(const struct row_inputs *in, uint8_t vol_rule)
{
    uint64_t vol = in->tables->frozen_vols[in->instrument->index].vol;
    int64_t multiplier = pl_row_vol_multiplier(&in->tick->shift, vol_rule, in->log_moneyness_q48);
    pl_i128 half = (pl_i128)1 << (PL_COEFFICIENT_BITS - 1);
    uint64_t shocked = (uint64_t)(((pl_i128)vol * multiplier + half) >> PL_COEFFICIENT_BITS);
    if (vol_rule == PL_VOL_RULE_UP && shocked < in->underlying->vol_floor)
        return in->underlying->vol_floor;
    return shocked;
}

/* An entry that exceeds the profile's word is limited and flagged. */
static int64_t entry(const struct row_inputs *in, int64_t value, uint8_t flag, struct pl_row *row)
{
    int64_t limit = (INT64_C(1) << pl_row_bits(in->tables->profile)) - 1;
    if (value > limit || value < -limit) {
        row->flags |= flag;
        return value < 0 ? -limit : limit;
    }
    return value;
}

/* price * unit rounded half-up, one rounding: exact wherever the exact result is a whole row unit.
 */
static int64_t price_entry(const struct row_inputs *in, uint64_t price, struct pl_row *row)
{
    bool saturated = false;
    pl_u128 product = (pl_u128)price * (uint64_t)in->unit.m;
    int32_t shift = PL_REAL_BITS - in->unit.e;
    pl_u128 value = 0;
    if (shift > 0)
        value = shift > 126 ? 0 : ((product >> (shift - 1)) + 1) >> 1;
    else
        saturated = product != 0;
    saturated |= value >> 62 != 0;
    return entry(in, saturated ? INT64_MAX : (int64_t)value, PL_FLAG_SATURATED, row);
}

static int64_t greek_entry(const struct row_inputs *in, struct pl_real value, int32_t shift,
                           struct pl_row *row)
{
    bool saturated = false;
    return entry(in, pl_real_to_int(value, shift, &saturated), PL_FLAG_GREEKS, row);
}

static void note_price_flags(uint32_t flags, struct pl_row *row)
{
    if (flags & PL_PRICE_DOMAIN)
        row->flags |= PL_FLAG_DOMAIN;
    if (flags & PL_PRICE_SATURATED)
        row->flags |= PL_FLAG_SATURATED;
}

/* An option with the forward moved by `shock` and vol by `vol_rule`. */
static struct pl_black_in shocked_option(const struct row_inputs *in, int64_t shock_q40,
                                         uint8_t vol_rule)
{
    const struct pl_expiry_tick *tick = in->tick;
    const struct pl_black_in out = {
        .forward = pl_row_shocked_forward(tick->price.forward, tick->time.moving, shock_q40),
        .strike = in->instrument->strike,
        .vol_q45 = shocked_vol(in, vol_rule),
        .is_call = in->instrument->is_call,
    };
    return out;
}

static void price_one_by_one(const struct pl_arith *arith, const struct pl_expiry_math *math,
                             const struct pl_black_in *options, uint32_t count, int64_t *values,
                             uint32_t *flags)
{
    *flags = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t more;
        values[i] = pl_black_value(arith, math, &options[i], &more);
        *flags |= more;
    }
}

/* Scenarios and basis prices of an option, priced as one list. */
static void fill_shocked_options(const struct row_inputs *in, struct pl_row *row)
{
    const struct pl_underlying *u = in->underlying;
    const struct pl_scenario *s = pl_tables_scenarios(in->tables, u);
    struct pl_black_in list[PL_SCENARIOS_MAX + 2];
    int64_t values[PL_SCENARIOS_MAX + 2];
    uint32_t n = u->scenario_count, flags;
    pl_row_price *price = in->tables->price != NULL ? in->tables->price : price_one_by_one;
    for (uint32_t i = 0; i < n; i++)
        list[i] = shocked_option(in, s[i].shock, s[i].vol_rule);
    list[n] = shocked_option(in, u->basis_up, PL_VOL_RULE_NONE);
    list[n + 1] = shocked_option(in, u->basis_down, PL_VOL_RULE_NONE);
    price(in->tables->arith, &in->math, list, n + 2, values, &flags);
    note_price_flags(flags, row);
    for (uint32_t i = 0; i < n; i++)
        row->scenario[i] = entry(in, values[i], PL_FLAG_SATURATED, row);
    row->basis_up = entry(in, values[n], PL_FLAG_SATURATED, row);
    row->basis_down = entry(in, values[n + 1], PL_FLAG_SATURATED, row);
}

/* Value of one lot, of anything but an option, with the forward moved by `shock`. */
static int64_t shocked_value(const struct row_inputs *in, int64_t shock_q40, struct pl_row *row)
{
    const struct pl_expiry_tick *tick = in->tick;
    switch (in->instrument->row) {
    case PL_ROW_KIND_LINEAR:
        return price_entry(
            in, pl_row_shocked_forward(tick->price.forward, tick->time.moving, shock_q40), row);
    case PL_ROW_KIND_INVERSE: return -price_entry(in, tick->price.forward, row);
    default: return 0;
    }
}

static void fill_option(const struct row_inputs *in, struct pl_row *row, struct pl_quote *quote)
{
    uint64_t forward = in->tick->price.forward;
    struct pl_black_in black = { forward, in->instrument->strike,
                                 in->tables->frozen_vols[in->instrument->index].vol,
                                 in->instrument->is_call };
    struct pl_black_out out;
    pl_black(in->tables->arith, &in->math, &black, &out);
    note_price_flags(out.flags, row);
    row->base = entry(in, out.value, PL_FLAG_SATURATED, row);
    struct pl_real f = pl_real_from_int((int64_t)forward);
    struct pl_real gamma = pl_real_mul(pl_real_mul(pl_real_mul(out.gamma, f), f), one_hundredth);
    row->delta = greek_entry(in, pl_real_mul(out.delta, f), 0, row);
    row->gamma = greek_entry(in, gamma, -PL_GAMMA_SHIFT, row);
    row->vega = greek_entry(in, pl_real_mul(out.vega, one_hundredth), 0, row);
    row->theta = greek_entry(in, pl_real_mul(out.theta, one_day), 0, row);
    row->rho = greek_entry(in, pl_real_mul(out.rho, one_hundredth), 0, row);
    if (quote != NULL) {
        quote->delta = pl_real_to_binary64_bits(out.delta);
        quote->gamma = pl_real_to_binary64_bits(out.gamma);
        quote->vega = pl_real_to_binary64_bits(out.vega);
        quote->theta = pl_real_to_binary64_bits(out.theta);
        quote->theta_decay = pl_real_to_binary64_bits(out.theta_decay);
        quote->rho = pl_real_to_binary64_bits(out.rho);
    }
}

static void fill_values(const struct row_inputs *in, struct pl_row *row, struct pl_quote *quote)
{
    if (in->instrument->row == PL_ROW_KIND_OPTION) {
        fill_option(in, row, quote);
    } else {
        row->base = shocked_value(in, PL_COEFFICIENT_ONE, row);
        if (in->instrument->row == PL_ROW_KIND_LINEAR) {
            row->delta = row->base;
            if (quote != NULL)
                quote->delta = pl_real_to_binary64_bits(in->unit);
        }
    }
    const struct pl_underlying *u = in->underlying;
    if (!in->expiry->scenario || in->instrument->row == PL_ROW_KIND_REQUIREMENT)
        return;
    if (in->instrument->row == PL_ROW_KIND_OPTION) {
        fill_shocked_options(in, row);
        return;
    }
    const struct pl_scenario *s = pl_tables_scenarios(in->tables, u);
    for (uint32_t i = 0; i < u->scenario_count; i++)
        row->scenario[i] = shocked_value(in, s[i].shock, row);
    row->basis_up = shocked_value(in, u->basis_up, row);
    row->basis_down = shocked_value(in, u->basis_down, row);
}

static int64_t rate_entry(const struct row_inputs *in, int64_t value, int64_t rate,
                          struct pl_row *row)
{
    uint32_t overflow = 0;
    int64_t product = pl_money_scale_up(value, rate, &overflow);
    return entry(in, product, PL_FLAG_SATURATED, row);
}

static void fill_requirements(const struct row_inputs *in, struct pl_row *row)
{
    const struct pl_class *c = in->margin_class;
    row->gross = price_entry(in, in->tick->price.index_price, row);
    row->notional = in->instrument->row == PL_ROW_KIND_LINEAR ? row->base : row->gross;
    row->mm_long = rate_entry(in, row->gross, c->mm_long, row);
    row->mm_short = rate_entry(in, row->gross, c->mm_short, row);
    row->im_long = rate_entry(in, row->gross, c->im_long, row);
    row->im_short = rate_entry(in, row->gross, c->im_short, row);
    row->fee = rate_entry(in, row->notional, c->fee, row);
}

/* Loss of one lot bought or sold alone, under one scenario: |base| and value are never negative
 * here. */
static void order_loss(const struct row_inputs *in, int64_t base, int64_t value,
                       const struct pl_scenario *s, struct pl_row *row)
{
    uint32_t flags = 0;
    int64_t bought = base - pl_money_scale_down(value, in->tick->time.long_discount, &flags);
    int64_t sold = pl_money_scale_up(value, in->tick->time.short_discount, &flags) - base;
    if (s->vol_rule == PL_VOL_RULE_LINEAR || s->vol_rule == PL_VOL_RULE_ABS) {
        bought = bought < 0 ? -bought : bought;
        sold = sold < 0 ? -sold : sold;
    }
    row->order_long = pl_max64(row->order_long, pl_money_scale_up(bought, s->dampening, &flags));
    row->order_short = pl_max64(row->order_short, pl_money_scale_up(sold, s->dampening, &flags));
}

/* A resting order is margined alone, at its worst scenario: never less than its part in the
 * account. */
static void fill_orders(const struct row_inputs *in, struct pl_row *row)
{
    const struct pl_underlying *u = in->underlying;
    if (in->instrument->row == PL_ROW_KIND_REQUIREMENT)
        return;
    uint32_t count = in->expiry->scenario ? u->scenario_count : 0;
    const struct pl_scenario *s = pl_tables_scenarios(in->tables, u);
    bool inverse = in->instrument->row == PL_ROW_KIND_INVERSE;
    int64_t base = inverse ? -row->base : row->base;
    for (uint32_t i = 0; i < count; i++) {
        int64_t value = row->scenario[i];
        if (inverse) /* filled at the mark, the coin leg moves with the shock */
            value =
                (int64_t)pl_row_shocked_forward((uint64_t)base, in->tick->time.moving, s[i].shock);
        order_loss(in, base, value, &s[i], row);
    }
    if (count > 0) {
        uint32_t overflow = 0;
        int64_t low = pl_min64(row->basis_up, row->basis_down);
        int64_t high = pl_max64(row->basis_up, row->basis_down);
        int64_t weight = in->tick->time.basis_weight;
        row->order_long =
            pl_max64(row->order_long, pl_money_scale_up(base - low, weight, &overflow));
        row->order_short =
            pl_max64(row->order_short, pl_money_scale_up(high - base, weight, &overflow));
    }
    if (in->instrument->row == PL_ROW_KIND_OPTION)
        row->order_naked = rate_entry(in, row->gross, u->naked_im, row);
    row->order_long = entry(in, row->order_long, PL_FLAG_SATURATED, row);
    row->order_short = entry(in, row->order_short, PL_FLAG_SATURATED, row);
}

static bool gather(const struct pl_tables *t, uint32_t index, struct row_inputs *in)
{
    const struct pl_instrument *instrument = &t->instruments[index];
    const struct pl_expiry *expiry = &t->expiries[instrument->expiry];
    const struct pl_expiry_tick *tick = &t->frozen[instrument->expiry];
    struct pl_real discount;
    *in = (struct row_inputs){
        .tables = t,
        .instrument = instrument,
        .expiry = expiry,
        .underlying = &t->underlyings[expiry->underlying],
        .margin_class = &t->classes[instrument->margin_class],
        .tick = tick,
    };
    bool good = pl_real_unpack(instrument->unit, &in->unit) &&
                pl_real_unpack(tick->price.discount, &discount) &&
                pl_real_unpack(tick->time.sqrt_t, &in->math.sqrt_t) &&
                pl_real_unpack(tick->time.half_inv_sqrt_t, &in->math.half_inv_sqrt_t) &&
                pl_real_unpack(tick->time.years, &in->math.years);
    if (!good || in->unit.m == 0 || in->unit.e > PL_EXPIRY_E_MAX || in->unit.e < -PL_EXPIRY_E_MAX)
        return false;
    in->math.discount = pl_real_mul(discount, in->unit);
    in->math.rate_q48 = tick->price.rate;
    if (instrument->row == PL_ROW_KIND_OPTION)
        in->log_moneyness_q48 =
            pl_log_moneyness_q48(t->arith, instrument->strike, tick->price.forward);
    return true;
}

/* A price of 0, or a tick record that never came, leaves a row unpriced: silence is not a price. */
static bool has_inputs(const struct row_inputs *in)
{
    const struct pl_expiry_tick *tick = in->tick;
    bool option = in->instrument->row == PL_ROW_KIND_OPTION;
    return tick->price.forward != 0 && tick->price.index_price != 0 && tick->time.kind != 0 &&
           (!option ||
            (tick->shift.kind != 0 && in->tables->frozen_vols[in->instrument->index].kind != 0));
}

void pl_row_fill(const struct pl_tables *t, uint32_t index, struct pl_row *row,
                 struct pl_quote *quote)
{
    const struct pl_instrument *instrument = &t->instruments[index];
    struct row_inputs in;
    bool good = gather(t, index, &in);
    memset(row, 0, sizeof *row);
    row->row = instrument->row;
    row->row_shift = in.expiry->row_shift;
    row->is_asset = instrument->is_asset;
    row->expiry = instrument->expiry;
    row->margin_class = instrument->margin_class;
    row->flags = in.tick->price.flags;
    if (instrument->row == PL_ROW_KIND_OPTION)
        row->flags |= t->frozen_vols[index].flags;
    if (quote != NULL)
        *quote = (struct pl_quote){ .instrument = index };
    bool priced = has_inputs(&in);
    if (!priced)
        row->flags |= PL_FLAG_UNPRICED;
    else if (!good)
        row->flags |= PL_FLAG_DOMAIN;
    if (good && priced) {
        fill_values(&in, row, quote);
        fill_requirements(&in, row);
        fill_orders(&in, row);
    }
    if (quote != NULL) {
        quote->value = row->base;
        quote->flags = row->flags;
    }
}
