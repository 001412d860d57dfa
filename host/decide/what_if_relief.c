/* The slopes of a requirement: what decided it at the last judgement, position by position. */
#include "model/brackets.h"
#include "what_if.h"

#define ONE PL_COEFFICIENT_ONE

enum { BASE = -1, BASIS_UP = -2, BASIS_DOWN = -3 }; /* or a scenario */

static int64_t entry_of(const struct pl_row *row, int which)
{
    return which == BASE         ? row->base
           : which == BASIS_UP   ? row->basis_up
           : which == BASIS_DOWN ? row->basis_down
                                 : row->scenario[which];
}

/* How the P&L of an expiry goes with its rows: `scenario` of entry `which` less `base` of their
 * value. */
struct slope {
    int which;
    int64_t scenario_q40, base_q40;
};

/* What the rows of one expiry are worth as they were judged, in row units. */
static pl_i128 sum_of(const struct pl_what_if *w, uint16_t expiry, int which)
{
    pl_i128 sum = 0;
    for (uint32_t i = 1; i < w->slot_count; i++) {
        if (pl_slot_tag(w->slots[i]) != PL_TAG_POSITION)
            continue;
        const struct pl_row *row = &w->tables->rows[pl_slot_position_instrument(w->slots[i])];
        if (row->expiry == expiry)
            sum += (pl_i128)pl_slot_position_lots(w->slots[i]) * entry_of(row, which);
    }
    return sum;
}

static struct slope basis_slope(const struct pl_what_if *w, uint16_t expiry)
{
    pl_i128 up = sum_of(w, expiry, BASIS_UP), down = sum_of(w, expiry, BASIS_DOWN);
    bool is_loss = (up < down ? up : down) < sum_of(w, expiry, BASE);
    int64_t weight = is_loss ? w->tables->frozen[expiry].time.basis_weight : 0;
    return (struct slope){ up < down ? BASIS_UP : BASIS_DOWN, weight, weight };
}

static struct slope slope_of(const struct pl_what_if *w, uint16_t expiry, uint8_t scenario)
{
    const struct pl_tables *t = w->tables;
    const struct pl_tick_time *time = &t->frozen[expiry].time;
    if (scenario == PL_WORST_NONE || !t->expiries[expiry].scenario)
        return (struct slope){ BASE, 0, 0 };
    if (scenario == PL_WORST_BASIS)
        return basis_slope(w, expiry);
    const struct pl_underlying *u = &t->underlyings[t->expiries[expiry].underlying];
    const struct pl_scenario *s = &pl_tables_scenarios(t, u)[scenario];
    bool skew = s->vol_rule == PL_VOL_RULE_LINEAR || s->vol_rule == PL_VOL_RULE_ABS;
    bool flat = time->long_discount == time->short_discount;
    pl_i128 value = flat && !skew ? 0 : sum_of(w, expiry, scenario);
    int64_t discount = value >= 0 ? time->long_discount : time->short_discount;
    bool gains =
        pl_shift_down(value, PL_COEFFICIENT_BITS / 2) * (discount >> PL_COEFFICIENT_BITS / 2) >
        sum_of(w, expiry, BASE);
    int64_t dampening = skew && gains ? -s->dampening : s->dampening;
    uint32_t ignored = 0;
    return (struct slope){ scenario, pl_money_scale_down(discount, dampening, &ignored),
                           dampening };
}

/* P&L of lots of a row along the slope. */
static int64_t pnl_of(const struct pl_row *row, pl_i128 lots, const struct slope *s)
{
    uint32_t flags = 0;
    int64_t then =
        pl_money_limit(pl_shift_down(lots * entry_of(row, s->which), row->row_shift), &flags);
    int64_t now = pl_money_limit(pl_shift_down(lots * row->base, row->row_shift), &flags);
    return pl_money_sub(pl_money_scale_down(then, s->scenario_q40, &flags),
                        pl_money_scale_down(now, s->base_q40, &flags), &flags);
}

static const struct pl_what_if_active *active_of(const struct pl_what_if *w, uint16_t underlying)
{
    for (uint32_t i = 0; i < w->active_count; i++) {
        if (w->active[i].underlying == underlying)
            return &w->active[i];
    }
    return NULL;
}

/* What an expiry's P&L does to the requirement: its underlying's own worst scenario and, in an
 * offset group, the group's. */
struct expiry_slopes {
    int64_t expiry; /* -1: none yet */
    struct slope own, joint;
    int64_t factor, credit;
};

static void find_slopes(const struct pl_what_if *w, uint16_t expiry, bool initial,
                        struct expiry_slopes *out)
{
    uint16_t underlying = w->tables->expiries[expiry].underlying;
    uint8_t group = w->tables->underlyings[underlying].offset_group;
    const struct pl_what_if_active *a = active_of(w, underlying);
    *out = (struct expiry_slopes){ .expiry = expiry };
    if (w->mode != PL_MODE_PORTFOLIO) /* no scenarios */
        return;
    if (a != NULL) { /* else all of it is closed: its own loss begins flat */
        out->factor = initial ? a->im_factor : a->mm_factor;
        out->own = slope_of(w, expiry, a->scenario);
    }
    for (uint32_t i = 0; i < w->joint_count; i++) {
        if (w->joint[i].group != group)
            continue;
        out->joint = slope_of(w, expiry, w->joint[i].scenario);
        out->factor = initial ? w->joint[i].im_factor : w->joint[i].mm_factor;
        out->credit = w->tables->offset_groups[group - 1].credit;
    }
}

/* Loss that `lots` of a row bring, as requirement. */
static int64_t loss_of(const struct pl_row *row, pl_i128 lots, const struct expiry_slopes *s)
{
    uint32_t flags = 0;
    if (s->factor == 0)
        return 0;
    int64_t loss = pl_money_scale_down(-pnl_of(row, lots, &s->own), ONE - s->credit, &flags);
    if (s->credit != 0)
        loss = pl_money_add(
            loss, pl_money_scale_down(-pnl_of(row, lots, &s->joint), s->credit, &flags), &flags);
    return pl_money_scale_down(loss, s->factor, &flags);
}

static int64_t bracket_rate(const struct pl_what_if *w, const struct pl_row *row, int64_t left,
                            bool is_short, bool initial)
{
    const struct pl_class *c = &w->tables->classes[row->margin_class];
    uint16_t table = is_short ? c->short_brackets : c->long_brackets;
    uint32_t flags = 0;
    if (table == 0)
        return 0;
    const struct pl_bracket *b = &w->tables->brackets[(size_t)(table - 1) * PL_BRACKETS_MAX];
    int64_t notional = pl_money_limit(
        pl_shift_up((pl_i128)(left < 0 ? -left : left) * row->notional, row->row_shift), &flags);
    int64_t most = INT64_MIN, rate = 0;
    for (uint32_t i = 0; i < b[0].count; i++) {
        int64_t one = initial ? b[i].im_rate : b[i].mm_rate;
        int64_t cum = initial ? b[i].im_cum : b[i].mm_cum;
        int64_t requirement = pl_money_scale_up(notional, one, &flags) - cum;
        if (requirement > most)
            most = requirement, rate = one;
    }
    return rate;
}

/* What rates and fees ask of the whole position. */
static int64_t column_of(const struct pl_what_if *w, const struct pl_what_if_position *p,
                         int64_t left, bool initial)
{
    const struct pl_row *row = &w->tables->rows[p->row];
    bool is_short = p->steps < 0;
    pl_i128 size = is_short ? -(pl_i128)p->steps : p->steps;
    uint32_t flags = 0;
    int64_t fee = pl_money_limit(pl_shift_down(size * row->fee, row->row_shift), &flags);
    if (w->mode != PL_MODE_PORTFOLIO) {
        int64_t notional =
            pl_money_limit(pl_shift_down(size * row->notional, row->row_shift), &flags);
        int64_t rate = bracket_rate(w, row, left, is_short, initial);
        return pl_money_add(fee, pl_money_scale_down(notional, rate, &flags), &flags);
    }
    int64_t each = initial ? (is_short ? row->im_short : row->im_long)
                           : (is_short ? row->mm_short : row->mm_long);
    return pl_money_add(fee, pl_money_limit(pl_shift_down(size * each, row->row_shift), &flags),
                        &flags);
}

/* What the whole of a position's part in a leg asks: naked shorts, or coins. */
static int64_t leg_of(const struct pl_what_if *w, const struct pl_what_if_position *p, bool initial)
{
    uint32_t flags = 0;
    if (p->group == UINT16_MAX)
        return 0;
    const struct pl_row *row = &w->tables->rows[w->legs[p->group].row + PL_LEG_ROWS - 1];
    pl_i128 amount = p->steps * p->quantity / 1000000000; /* 1e-9, signed */
    if (!w->legs[p->group].requirement) {
        struct expiry_slopes slopes;
        find_slopes(w, row->expiry, initial, &slopes);
        return loss_of(row, amount, &slopes);
    }
    if (w->net[p->key] >= 0)
        return 0;
    int64_t each = initial ? row->im_long : row->mm_long;
    return pl_money_limit(pl_shift_down(-amount * each, row->row_shift), &flags);
}

/* Lots of a row as they were judged. The slots are in the order of rows. */
static int64_t lots_of(const struct pl_what_if *w, uint32_t row, uint32_t *next)
{
    while (*next < w->slot_count && (pl_slot_tag(w->slots[*next]) == PL_TAG_CASH ||
                                     pl_slot_tag(w->slots[*next]) == PL_TAG_CASH_HIGH ||
                                     pl_slot_tag(w->slots[*next]) == PL_TAG_HEADER ||
                                     (pl_slot_tag(w->slots[*next]) != PL_TAG_END &&
                                      pl_slot_position_instrument(w->slots[*next]) < row)))
        (*next)++;
    bool found = *next < w->slot_count && pl_slot_tag(w->slots[*next]) != PL_TAG_END &&
                 pl_slot_position_instrument(w->slots[*next]) == row;
    return found ? pl_slot_position_lots(w->slots[*next]) : 0;
}

void pl_what_if_relief(const struct pl_what_if *w, bool initial, int64_t *relief_e8)
{
    struct expiry_slopes slopes = { .expiry = -1 };
    uint32_t next = 0, flags = 0;
    for (uint32_t i = 0; i < w->position_count; i++) {
        const struct pl_what_if_position *p = &w->positions[i];
        const struct pl_row *row = &w->tables->rows[p->row];
        if (slopes.expiry != row->expiry)
            find_slopes(w, row->expiry, initial, &slopes);
        int64_t left = lots_of(w, p->row, &next);
        int64_t relief =
            pl_money_add(loss_of(row, p->steps, &slopes), column_of(w, p, left, initial), &flags);
        relief = pl_money_add(relief, leg_of(w, p, initial), &flags);
        relief_e8[i] = pl_money_scale_down(relief, w->multiplier_q40, &flags);
    }
}
