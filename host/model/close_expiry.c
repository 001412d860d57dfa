#include "close.h"

static int64_t narrow_down(pl_i128 wide, int shift, uint32_t *flags)
{
    return pl_money_limit(pl_shift_down(wide, shift), flags);
}

static int64_t narrow_up(pl_i128 wide, int shift, uint32_t *flags)
{
    return pl_money_limit(pl_shift_up(wide, shift), flags);
}

/* dampening * (discounted value - base value); the skew rules count minus its absolute value. */
static int64_t scenario_pnl(int64_t value, int64_t base, const struct pl_scenario *s,
                            const struct pl_tick_time *time, uint32_t *flags)
{
    int64_t discount = value >= 0 ? time->long_discount : time->short_discount;
    int64_t pnl = pl_money_sub(pl_money_scale_down(value, discount, flags), base, flags);
    if (s->vol_rule == PL_VOL_RULE_LINEAR || s->vol_rule == PL_VOL_RULE_ABS)
        pnl = pnl < 0 ? pnl : -pnl;
    return pl_money_scale_down(pnl, s->dampening, flags);
}

static void close_scenarios(const struct pl_tables *t, const struct pl_expiry_sums *w,
                            struct pl_sums *out)
{
    const struct pl_expiry *expiry = &t->expiries[w->expiry];
    const struct pl_underlying *u = &t->underlyings[expiry->underlying];
    const struct pl_tick_time *time = &t->frozen[w->expiry].time;
    if (!expiry->scenario)
        return;
    const struct pl_scenario *s = pl_tables_scenarios(t, u);
    for (uint32_t i = 0; i < u->scenario_count; i++) {
        int64_t value = narrow_down(w->scenario[i], expiry->row_shift, &out->flags);
        out->pnl[i] = scenario_pnl(value, out->value, &s[i], time, &out->flags);
    }
    int64_t up = narrow_down(w->basis_up, expiry->row_shift, &out->flags);
    int64_t down = narrow_down(w->basis_down, expiry->row_shift, &out->flags);
    int64_t loss = pl_min64(0, pl_money_sub(pl_min64(up, down), out->value, &out->flags));
    out->basis = pl_money_scale_down(loss, time->basis_weight, &out->flags);
}

void pl_close_expiry(const struct pl_tables *t, const struct pl_expiry_sums *w, uint8_t mode,
                     struct pl_sums *out)
{
    int shift = t->expiries[w->expiry].row_shift;
    const struct pl_tick_price *price = &t->frozen[w->expiry].price;
    *out = (struct pl_sums){ .flags = w->flags, .order_flags = w->order_flags };
    out->perpetual = w->held && t->expiries[w->expiry].perpetual;
    out->value = narrow_down(w->value, shift, &out->flags);
    uint32_t greek_overflow = 0;
    for (int g = 0; g < PL_GREEKS; g++) {
        pl_i128 sum = g == PL_GREEK_GAMMA ? w->greeks[g] * (1 << PL_GAMMA_SHIFT) : w->greeks[g];
        out->greeks[g] = narrow_down(sum, shift, &greek_overflow);
    }
    if (greek_overflow)
        out->flags |= PL_FLAG_GREEKS;
    out->fee = narrow_up(w->fee, shift, &out->flags);
    out->order_im = narrow_up(w->order_im, shift, &out->flags);
    if (mode != PL_MODE_PORTFOLIO) {
        out->mm = w->bracket_mm;
        out->im = w->bracket_im;
        return;
    }
    out->mm = narrow_up(w->mm, shift, &out->flags);
    out->im = narrow_up(w->im, shift, &out->flags);
    out->order_loss = narrow_up(w->order_loss, shift, &out->flags);
    int64_t gross = narrow_up(w->gross, shift, &out->flags);
    out->oracle = pl_money_scale_up(gross, price->penalty, &out->flags);
    out->oracle_perpetual = pl_money_scale_up(gross, price->penalty_perpetual, &out->flags);
    close_scenarios(t, w, out);
}

static void add(int64_t *into, int64_t from, uint32_t *flags)
{
    *into = pl_money_add(*into, from, flags);
}

void pl_sums_add(struct pl_sums *into, const struct pl_sums *from, uint8_t scenario_count)
{
    uint32_t flags = into->flags | from->flags, greek_overflow = 0;
    into->perpetual |= from->perpetual;
    into->order_flags |= from->order_flags;
    add(&into->value, from->value, &flags);
    for (int g = 0; g < PL_GREEKS; g++)
        add(&into->greeks[g], from->greeks[g], &greek_overflow);
    add(&into->mm, from->mm, &flags);
    add(&into->im, from->im, &flags);
    add(&into->fee, from->fee, &flags);
    add(&into->oracle, from->oracle, &flags);
    add(&into->oracle_perpetual, from->oracle_perpetual, &flags);
    add(&into->order_loss, from->order_loss, &flags);
    add(&into->order_im, from->order_im, &flags);
    add(&into->basis, from->basis, &flags);
    for (uint32_t i = 0; i < scenario_count; i++)
        add(&into->pnl[i], from->pnl[i], &flags);
    into->flags = flags | (greek_overflow ? PL_FLAG_GREEKS : 0u);
}
