#include "factors.h"

#include "model/money.h"

#define ONE ((pl_i128)PL_COEFFICIENT_ONE)
#define DELTA_TURN (ONE / 4)             /* n(d) |d| <= 0.2420 */
#define DENSITY (ONE * 3990 / 10000 + 1) /* 1 / sqrt(2 pi) = 0.39894 */

/* As struct pl_factor, before it is limited. */
struct wide_factor {
    pl_i128 with, against, linear_low, linear_high, owed_low, owed_high;
};

static pl_i128 max128(pl_i128 a, pl_i128 b)
{
    return a > b ? a : b;
}

static pl_i128 min128(pl_i128 a, pl_i128 b)
{
    return a < b ? a : b;
}

uint32_t pl_factor_count(const struct pl_tables *t, uint16_t underlying)
{
    return t->underlyings[underlying].scenario_count + 2u;
}

static bool is_skew(const struct pl_scenario *s)
{
    return s->vol_rule == PL_VOL_RULE_LINEAR || s->vol_rule == PL_VOL_RULE_ABS;
}

/* Whether scenario `k` lies at an end of those that differ from it in shock and vols only; of
 * equals the first does. */
static bool decides(const struct pl_scenario *s, uint32_t count, uint32_t k)
{
    bool least = true, largest = true;
    if (is_skew(&s[k]))
        return true;
    for (uint32_t i = 0; i < count; i++) {
        if (is_skew(&s[i]) || s[i].dampening != s[k].dampening)
            continue;
        least &= s[i].shock > s[k].shock || (s[i].shock == s[k].shock && i >= k);
        largest &= s[i].shock < s[k].shock || (s[i].shock == s[k].shock && i >= k);
    }
    return least || largest;
}

void pl_factor_decisive(const struct pl_tables *t, uint16_t underlying, struct pl_factor_list *out)
{
    const struct pl_underlying *u = &t->underlyings[underlying];
    const struct pl_scenario *s = pl_tables_scenarios(t, u);
    *out = (struct pl_factor_list){ .count = 1 };
    for (uint32_t k = 0; k < u->scenario_count; k++) {
        if (decides(s, u->scenario_count, k))
            out->numbers[out->count++] = (uint8_t)(k + 1);
    }
    out->numbers[out->count++] = (uint8_t)(pl_factor_count(t, underlying) - 1);
}

/* 1 + moving * (shock - 1), rounded outwards. */
static pl_i128 moved(const struct pl_tick_time *time, int64_t shock, bool up)
{
    pl_i128 product = (pl_i128)time->moving * (shock - PL_COEFFICIENT_ONE);
    return ONE + (product >> PL_COEFFICIENT_BITS) + (up ? 1 : 0);
}

/* V + a (X - V) for V = v and X = shock * v, both of one sign: exact but for rounding. */
static void linear_part(pl_i128 a, pl_i128 low, pl_i128 high, struct wide_factor *f)
{
    f->linear_low = min128(f->linear_low, ONE - a + ((a * low) >> PL_MOVE_BITS) - 1);
    f->linear_high = max128(f->linear_high, ONE - a + pl_factor_up(a, high) + 1);
}

/* For options V and X move on their own, each by 0..delta and 0..shock * delta. */
static void option_part(pl_i128 a, pl_i128 shock, struct wide_factor *f)
{
    f->with = max128(f->with, max128(0, ONE - a) + pl_factor_up(a, shock));
    f->against = max128(f->against, a - ONE);
}

static struct wide_factor unshocked(void)
{
    return (struct wide_factor){ ONE, 0, ONE, ONE, ONE, ONE };
}

/* P&L of the skew rules is minus |discount X - V|, at the same price: X differs from V by what a
 * vol move of at most `cap` makes of a delta, and as the skew moves with the price. */
static bool skew_factor(const struct pl_tick_shift *shift, const struct pl_tick_time *time,
                        uint8_t rule, pl_i128 a, pl_i128 vol_root, struct wide_factor *f)
{
    pl_i128 discount = max128(time->long_discount, time->short_discount);
    pl_i128 off = max128(max128(ONE - time->long_discount, time->long_discount - ONE),
                         max128(ONE - time->short_discount, time->short_discount - ONE));
    f->linear_low = f->owed_low = ONE - pl_factor_up(a, off);
    f->linear_high = f->owed_high = ONE + pl_factor_up(a, off);
    if (vol_root < 0)
        return true;
    bool linear = rule == PL_VOL_RULE_LINEAR;
    pl_i128 cap = linear ? shift->linear_cap : shift->abs_cap;
    pl_i128 slope = linear ? shift->linear_slope : shift->abs_slope;
    if (cap < 0 || slope < 0) /* jumps at the money */
        return false;
    pl_i128 turn = ONE;
    if (cap < ONE)
        turn = min128(ONE, (DELTA_TURN * cap) / (ONE - cap) + 1 +
                               pl_factor_up(pl_factor_up(DENSITY, vol_root), cap));
    turn += pl_factor_up(pl_factor_up(DENSITY, vol_root), slope);
    pl_i128 apart = pl_factor_up(a, pl_factor_up(discount, turn) + off + 4);
    f->with = ONE + apart;
    f->against = apart;
    return true;
}

static void basis_factor(const struct pl_underlying *u, const struct pl_tick_time *time, pl_i128 a,
                         struct wide_factor *f)
{
    const int64_t shocks[] = { u->basis_up, u->basis_down };
    for (int i = 0; i < 2; i++) {
        pl_i128 low = moved(time, shocks[i], false), high = moved(time, shocks[i], true);
        linear_part(a, low, high, f);
        option_part(a, high, f);
    }
    f->owed_low = f->linear_low;
    f->owed_high = f->linear_high;
}

static bool shocked_factor(const struct pl_tables *t, uint16_t expiry, const struct pl_scenario *s,
                           pl_i128 loss, bool options, pl_i128 vol_root, struct wide_factor *f)
{
    const struct pl_tick_time *time = &t->frozen[expiry].time;
    pl_i128 a = pl_factor_up(loss, s->dampening);
    if (is_skew(s))
        return skew_factor(&t->frozen[expiry].shift, time, s->vol_rule, a, vol_root, f);
    pl_i128 low = moved(time, s->shock, false), high = moved(time, s->shock, true);
    pl_i128 discount = max128(time->long_discount, time->short_discount);
    if (options) {
        f->with = f->against = 0;
        option_part(a, pl_factor_up(high, discount), f);
        return true;
    }
    f->linear_low = PL_FACTOR_MAX;
    f->linear_high = 0;
    struct wide_factor owed = *f;
    linear_part(a, (low * time->long_discount) >> PL_MOVE_BITS,
                pl_factor_up(high, time->long_discount), f);
    linear_part(a, (low * time->short_discount) >> PL_MOVE_BITS,
                pl_factor_up(high, time->short_discount), &owed);
    f->owed_low = owed.linear_low;
    f->owed_high = owed.linear_high;
    return true;
}

static bool narrow(pl_i128 wide, int64_t *out)
{
    *out = (int64_t)wide;
    return wide <= PL_FACTOR_MAX && wide >= -PL_FACTOR_MAX;
}

bool pl_factor_of(const struct pl_tables *t, uint16_t expiry, uint32_t k, int64_t loss,
                  bool options, int64_t vol_root, struct pl_factor *out)
{
    const struct pl_underlying *u = &t->underlyings[t->expiries[expiry].underlying];
    const struct pl_tick_time *time = &t->frozen[expiry].time;
    struct wide_factor f = unshocked();
    bool shocked = k > 0 && t->expiries[expiry].scenario;
    if (shocked && k > u->scenario_count)
        basis_factor(u, time, pl_factor_up(loss, time->basis_weight), &f);
    else if (shocked && !shocked_factor(t, expiry, &pl_tables_scenarios(t, u)[k - 1], loss, options,
                                        vol_root, &f))
        return false;
    return narrow(f.with, &out->with) && narrow(f.against, &out->against) &&
           narrow(f.linear_low, &out->linear_low) && narrow(f.linear_high, &out->linear_high) &&
           narrow(f.owed_low, &out->owed_low) && narrow(f.owed_high, &out->owed_high);
}

static int64_t larger_of(int64_t low, int64_t high)
{
    return pl_max64(low < 0 ? -low : low, high < 0 ? -high : high);
}

void pl_factor_fill(const struct pl_tables *t, uint16_t expiry, const struct pl_factor_list *list,
                    bool options, struct pl_factor_row *row)
{
    uint32_t count = row->loss == 0 ? 1 : list->count;
    row->good = true;
    row->largest[0] = row->largest[1] = PL_COEFFICIENT_ONE;
    for (uint32_t n = 0; n < count && row->good; n++) {
        struct pl_factor *f = &row->factors[n];
        row->good = pl_factor_of(t, expiry, list->numbers[n], row->loss, options, row->root, f);
        int64_t option = f->with + f->against;
        row->largest[0] =
            pl_max64(row->largest[0], pl_max64(option, larger_of(f->linear_low, f->linear_high)));
        row->largest[1] =
            pl_max64(row->largest[1], pl_max64(option, larger_of(f->owed_low, f->owed_high)));
    }
}

void pl_factor_bounds(const struct pl_tables *t, uint16_t expiry, struct pl_factor_bounds *out)
{
    const struct pl_underlying *u = &t->underlyings[t->expiries[expiry].underlying];
    const struct pl_tick_time *time = &t->frozen[expiry].time;
    *out = (struct pl_factor_bounds){ 0, ONE, ONE, ONE, ONE };
    if (!t->expiries[expiry].scenario)
        return;
    const struct pl_scenario *s = pl_tables_scenarios(t, u);
    pl_i128 discount = max128(ONE, max128(time->long_discount, time->short_discount));
    for (uint32_t k = 0; k < u->scenario_count; k++) {
        pl_i128 shock = max128(ONE, moved(time, s[k].shock, true));
        pl_i128 each = ONE + pl_factor_up(discount, shock);
        out->order = max128(out->order, pl_factor_up(each, s[k].dampening));
        out->shock = max128(out->shock, shock);
        out->shock_min = min128(out->shock_min, moved(time, s[k].shock, false));
        pl_i128 order = max128(ONE, pl_factor_up(discount, s[k].dampening));
        out->entry = max128(out->entry, pl_factor_up(order, shock));
        out->entry_strike = max128(out->entry_strike, order);
    }
    pl_i128 basis = max128(ONE, moved(time, (int64_t)max128(u->basis_up, u->basis_down), true));
    out->order = max128(out->order, pl_factor_up(ONE + basis, max128(ONE, time->basis_weight)));
    out->shock = max128(out->shock, basis);
    pl_i128 order = max128(ONE, time->basis_weight);
    out->entry = max128(out->entry, pl_factor_up(order, basis));
    out->entry_strike = max128(out->entry_strike, order);
    out->shock_min =
        min128(out->shock_min, moved(time, (int64_t)min128(u->basis_up, u->basis_down), false));
}
