#include "what_if.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "model/brackets.h"

#define E9 INT64_C(1000000000)
#define LEG PL_WHAT_IF_POSITIONS_MAX

static pl_i128 floor_divide(pl_i128 value, pl_i128 divisor)
{
    pl_i128 quotient = value / divisor;
    return value % divisor < 0 ? quotient - 1 : quotient;
}

/* mantissa * 10^exponent, towards zero; false: out of range. */
static bool scale_ten(pl_i128 *value, int exponent)
{
    for (; exponent > 0; exponent--) {
        if (__builtin_mul_overflow(*value, (pl_i128)10, value))
            return false;
    }
    for (; exponent < 0; exponent++)
        *value /= 10;
    return true;
}

static uint32_t row_of(const struct pl_what_if *w, uint16_t entry)
{
    return entry < LEG ? w->positions[entry].row : w->legs[entry - LEG].row;
}

static bool insert(struct pl_what_if *w, uint16_t entry)
{
    uint32_t i = w->order_count++;
    for (; i > 0 && row_of(w, w->order[i - 1]) > row_of(w, entry); i--)
        w->order[i] = w->order[i - 1];
    w->order[i] = entry;
    return true;
}

/* The legs that start at a row; UINT16_MAX: no room. */
static uint16_t leg_at(struct pl_what_if *w, uint32_t row, bool requirement)
{
    for (uint32_t i = 0; i < w->leg_count; i++) {
        if (w->legs[i].row == row)
            return (uint16_t)i;
    }
    if (w->leg_count == PL_WHAT_IF_GROUPS_MAX)
        return UINT16_MAX;
    w->legs[w->leg_count] = (struct pl_what_if_leg){ .row = row, .requirement = requirement };
    insert(w, (uint16_t)(LEG + w->leg_count));
    return (uint16_t)w->leg_count++;
}

/* Of a step: an option's coins, or what an inverse contract is at its mark. */
static bool quantity_of(const struct pl_stage *s, const struct pl_stage_instrument *i,
                        pl_i128 *quantity)
{
    *quantity = i->lot.mantissa;
    if (i->kind == PL_KIND_OPTION)
        return scale_ten(quantity, i->lot.exponent + 18);
    struct pl_decimal mark = s->last_prices[i->node];
    if (mark.mantissa <= 0 || !scale_ten(quantity, 18))
        return false;
    pl_i128 divisor = mark.mantissa;
    int exponent = i->lot.exponent - mark.exponent;
    bool good = exponent >= 0 ? scale_ten(quantity, exponent) : scale_ten(&divisor, -exponent);
    *quantity /= good ? divisor : 1;
    return good;
}

static int take_position(struct pl_what_if *w, uint32_t row, int64_t steps)
{
    const struct pl_stage *s = w->stage;
    const struct pl_row *r = &w->tables->rows[row];
    if (w->position_count == PL_WHAT_IF_POSITIONS_MAX)
        return -E2BIG;
    uint32_t index = w->position_count++;
    struct pl_what_if_position *p = &w->positions[index];
    uint32_t underlying = s->groups[s->rows[row].group].underlying;
    if (underlying != w->last_underlying && ++w->underlying_count > PL_WHAT_IF_GROUPS_MAX)
        return -E2BIG;
    w->last_underlying = underlying;
    const struct pl_stage_instrument *i = &s->instruments[s->rows[row].instrument];
    uint32_t ignored = 0;
    pl_i128 size = steps < 0 ? -(pl_i128)steps : steps;
    *p = (struct pl_what_if_position){ .instrument = s->rows[row].instrument,
                                       .row = row,
                                       .steps = steps,
                                       .closable = (r->flags & ~PL_FLAG_GREEKS) == 0,
                                       .group = UINT16_MAX,
                                       .key = index };
    int64_t each = r->notional != 0 ? r->notional : r->gross != 0 ? r->gross : r->base;
    p->notional_e8 =
        pl_money_limit(pl_shift_up(size * (each < 0 ? -each : each), r->row_shift), &ignored);
    insert(w, (uint16_t)index);
    bool option = i->kind == PL_KIND_OPTION;
    bool inverse = i->coin_settled && (i->kind == PL_KIND_FUTURE || i->kind == PL_KIND_PERPETUAL);
    if (!option && !inverse)
        return 0;
    p->closable &= quantity_of(s, i, &p->quantity);
    const struct pl_stage_underlying *u = &s->underlyings[i->underlying];
    uint32_t first = option ? u->naked_row : u->coin_row;
    if (first == PL_NO_INDEX || (option && w->mode != PL_MODE_PORTFOLIO))
        return 0;
    p->group = leg_at(w, first, option);
    for (uint32_t k = 0; k < index && option; k++) {
        if (w->positions[k].group == p->group &&
            s->instruments[w->positions[k].instrument].naked_key == i->naked_key) {
            p->key = w->positions[k].key;
            break;
        }
    }
    return p->group == UINT16_MAX ? -E2BIG : 0;
}

/* A row of a leg: naked shorts are counted anew, coins are kept. */
static int take_leg(struct pl_what_if *w, uint32_t row, int64_t lots)
{
    const struct pl_stage_row *r = &w->stage->rows[row];
    bool requirement = r->kind == PL_ROW_KIND_REQUIREMENT;
    const struct pl_stage_underlying *u =
        &w->stage->underlyings[w->stage->groups[r->group].underlying];
    uint16_t leg = leg_at(w, requirement ? u->naked_row : u->coin_row, requirement);
    if (leg == UINT16_MAX)
        return -E2BIG;
    pl_i128 unit = r->leg_exponent > 0 ? (pl_i128)E9 * E9 : r->leg_exponent == 0 ? (pl_i128)E9 : 1;
    w->legs[leg].amount_e9 += requirement ? 0 : lots * unit;
    return 0;
}

static int take_slots(struct pl_what_if *w, const uint64_t *slots, int64_t count)
{
    pl_i128 cash = 0;
    for (int64_t i = 1; i < count; i++) {
        uint8_t tag = pl_slot_tag(slots[i]);
        int error = 0;
        if (tag == PL_TAG_CASH) {
            cash += pl_slot_cash_amount(slots[i]);
        } else if (tag == PL_TAG_CASH_HIGH) {
            cash += (pl_i128)pl_slot_cash_amount(slots[i]) * (INT64_C(1) << 32);
        } else if (tag != PL_TAG_ORDERS) {
            uint32_t row = (uint32_t)pl_slot_position_instrument(slots[i]);
            int64_t lots = pl_slot_position_lots(slots[i]);
            if (w->stage->rows[row].instrument == PL_NO_INDEX)
                error = take_leg(w, row, lots);
            else if (lots != 0)
                error = take_position(w, row, lots);
        }
        if (error != 0)
            return error;
    }
    w->cash_e8 = (int64_t)cash;
    return 0;
}

int pl_what_if_open(struct pl_what_if *w, const struct pl_stage *stage,
                    const struct pl_tables *tables, const struct pl_account *account, char *message)
{
    uint64_t slots[3 + (2 + PL_LEG_ROWS) * PL_WHAT_IF_POSITIONS_MAX];
    int error = -E2BIG;
    w->position_count = w->leg_count = w->order_count = w->underlying_count = 0;
    w->last_underlying = PL_NO_INDEX;
    if (account->holding_count <= PL_WHAT_IF_POSITIONS_MAX) {
        int64_t count = pl_stage_account_slots(stage, account, slots, message);
        if (count < 0)
            return (int)count;
        w->stage = stage;
        w->tables = tables;
        w->header = slots[0];
        w->mode = account->mode;
        w->multiplier_q40 = stage->multipliers_q40[account->multiplier];
        error = take_slots(w, slots, count);
    }
    if (error == -E2BIG)
        snprintf(message, PL_MESSAGE_BYTES,
                 "account %u: more than %d positions or %d groups: it is auctioned as a whole",
                 account->account, PL_WHAT_IF_POSITIONS_MAX, PL_WHAT_IF_GROUPS_MAX);
    return error;
}

static int64_t left_of(const struct pl_what_if_position *p, int64_t closed)
{
    return p->steps < 0 ? p->steps + closed : p->steps - closed;
}

static void put_cash(struct pl_what_if *w, int64_t cash)
{
    const int64_t limit = INT64_C(1) << 55;
    int64_t high = cash >> 32;
    if (cash < -limit || cash >= limit) {
        w->slots[w->slot_count++] = pl_slot_cash(PL_TAG_CASH_HIGH, high);
        cash -= high * (INT64_C(1) << 32);
    }
    w->slots[w->slot_count++] = pl_slot_cash(PL_TAG_CASH, cash);
}

static void put_row(struct pl_what_if *w, uint8_t tag, uint32_t row, int64_t lots)
{
    if (lots != 0)
        w->slots[w->slot_count++] = pl_slot_position(tag, lots, row);
}

static bool put_leg(struct pl_what_if *w, const struct pl_what_if_leg *leg, pl_i128 amount_e9)
{
    pl_i128 unit = (pl_i128)E9 * E9;
    for (uint32_t i = 0; i < PL_LEG_ROWS; i++, unit /= E9) {
        pl_i128 lots = amount_e9 / unit;
        if (lots > INT32_MAX || lots < -INT32_MAX)
            return false;
        put_row(w, leg->requirement ? PL_TAG_REQUIREMENT : PL_TAG_POSITION, leg->row + i,
                (int64_t)lots);
        amount_e9 -= lots * unit;
    }
    return true;
}

/* Cash after the closes, and the legs' amounts: coins in 1e-9, naked shorts in 1e-18. */
static bool close_positions(struct pl_what_if *w, const int64_t *closed, int64_t *cash,
                            pl_i128 amounts[PL_WHAT_IF_GROUPS_MAX])
{
    uint32_t flags = 0;
    for (uint32_t i = 0; i < w->leg_count; i++)
        amounts[i] = w->legs[i].amount_e9;
    for (uint32_t i = 0; i < w->position_count; i++)
        w->net[i] = 0;
    for (uint32_t i = 0; i < w->position_count; i++) {
        const struct pl_what_if_position *p = &w->positions[i];
        const struct pl_row *row = &w->tables->rows[p->row];
        int64_t signed_close = p->steps < 0 ? -closed[i] : closed[i];
        bool coins = p->group != UINT16_MAX && !w->legs[p->group].requirement;
        if (coins)
            amounts[p->group] -= -floor_divide(-(signed_close * p->quantity), E9);
        else if (closed[i] != 0)
            *cash = pl_money_add(
                *cash,
                pl_money_limit(pl_shift_down((pl_i128)signed_close * row->base, row->row_shift),
                               &flags),
                &flags);
        if (p->group != UINT16_MAX && !coins)
            w->net[p->key] += left_of(p, closed[i]) * p->quantity;
    }
    for (uint32_t i = 0; i < w->position_count; i++) {
        const struct pl_what_if_position *p = &w->positions[i];
        if (p->key == i && w->net[i] < 0 && p->group != UINT16_MAX)
            amounts[p->group] -= w->net[i];
    }
    return flags == 0;
}

static void note_underlying(void *context, int view, const struct pl_underlying_result *r)
{
    struct pl_what_if *w = context;
    uint32_t i = 0;
    (void)view; /* the last view is the verdict's */
    while (i < w->active_count && w->active[i].underlying != r->underlying)
        i++;
    w->active[i] = (struct pl_what_if_active){ r->underlying, r->worst_scenario, r->mm_loss_factor,
                                               r->im_loss_factor };
    w->active_count += i == w->active_count;
}

static void note_offset(void *context, int view, const struct pl_offset_sums *o, int64_t loss)
{
    struct pl_what_if *w = context;
    uint32_t i = 0;
    uint8_t worst = PL_WORST_NONE;
    int64_t least = 0;
    (void)view, (void)loss;
    for (uint8_t s = 0; s < o->scenario_count; s++) {
        if (o->pnl[s] < least)
            least = o->pnl[s], worst = s;
    }
    if (o->basis < least)
        worst = PL_WORST_BASIS;
    while (i < w->joint_count && w->joint[i].group != o->group)
        i++;
    w->joint[i] =
        (struct pl_what_if_joint){ o->group, worst, o->mm_loss_factor, o->im_loss_factor };
    w->joint_count += i == w->joint_count;
}

static void ignore_expiry(void *context, uint16_t expiry, const struct pl_sums *sums,
                          bool unpriced_asset)
{
    (void)context, (void)expiry, (void)sums, (void)unpriced_asset;
}

bool pl_what_if_judge(struct pl_what_if *w, const int64_t *closed, int64_t cost_e8,
                      struct pl_what_if_result *out)
{
    const struct pl_trace trace = { w, ignore_expiry, note_underlying, note_offset };
    pl_i128 amounts[PL_WHAT_IF_GROUPS_MAX];
    uint32_t flags = 0;
    int64_t cash = pl_money_sub(w->cash_e8, cost_e8, &flags);
    if (!close_positions(w, closed, &cash, amounts) || flags != 0)
        return false;
    w->slot_count = 0;
    w->slots[w->slot_count++] = w->header;
    put_cash(w, cash);
    for (uint32_t i = 0; i < w->order_count; i++) {
        uint16_t entry = w->order[i];
        if (entry < LEG) {
            put_row(w, PL_TAG_POSITION, w->positions[entry].row,
                    left_of(&w->positions[entry], closed[entry]));
            continue;
        }
        const struct pl_what_if_leg *leg = &w->legs[entry - LEG];
        pl_i128 amount = amounts[entry - LEG];
        if (!put_leg(w, leg, leg->requirement ? -floor_divide(-amount, E9) : amount))
            return false;
    }
    w->slots[w->slot_count++] = (uint64_t)PL_TAG_END << 56;
    w->active_count = w->joint_count = 0;
    struct pl_sweep sweep;
    pl_sweep_start(&sweep, w->tables, w->slots, w->slot_count, PL_STATE_HEALTHY);
    sweep.trace = &trace;
    if (pl_sweep_next(&sweep, &out->verdict) != 1)
        return false;
    out->maintenance_e8 =
        pl_money_sub(out->verdict.equity, out->verdict.maintenance_excess, &flags);
    out->initial_e8 = pl_money_sub(out->verdict.equity, out->verdict.initial_excess, &flags);
    return flags == 0;
}

static struct pl_partial_judgement judge_partial(void *context, const int64_t *closed,
                                                 int64_t cost_e8, int64_t *relief_e8)
{
    struct pl_what_if *w = context;
    struct pl_what_if_result result;
    if (!pl_what_if_judge(w, closed, cost_e8, &result) ||
        result.verdict.state == PL_STATE_INDETERMINATE)
        return (struct pl_partial_judgement){ .known = false };
    if (relief_e8 != NULL)
        pl_what_if_relief(w, w->initial, relief_e8);
    return (struct pl_partial_judgement){ true, result.verdict.equity, result.maintenance_e8,
                                          result.initial_e8 };
}

struct pl_partial_judge pl_what_if_judge_partial(struct pl_what_if *w,
                                                 const struct pl_partial_rules *rules,
                                                 struct pl_partial_position *positions)
{
    w->initial = rules->initial;
    for (uint32_t i = 0; i < w->position_count; i++) {
        const struct pl_what_if_position *p = &w->positions[i];
        int64_t steps = p->steps < 0 ? -p->steps : p->steps;
        positions[i] = (struct pl_partial_position){ .steps = steps,
                                                     .limit = p->closable ? steps : 0,
                                                     .notional_e8 = p->notional_e8 };
    }
    return (struct pl_partial_judge){ w, judge_partial };
}
