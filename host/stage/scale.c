/* Chooses units: a price unit 10^-price_decimals per expiry, a row unit 1e-8 * 2^-row_shift per expiry.
 *
 * Both are as fine as the profile's words allow, with room for a price to grow PRICE_GROWTH times before they
 * must be chosen again, and for every scenario on top. Finer units are never needed: a row entry has some 45
 * significant bits in profile full. */
#include <errno.h>
#include <stdio.h>

#include "feed/decimal.h"
#include "model/fixmath.h"
#include "model/money.h"
#include "model/row.h"
#include "stage.h"

#define PRICE_GROWTH 4
#define DECIMALS_MAX 18
#define DECIMALS_MIN (-18)

unsigned pl_stage_price_bits(const struct pl_stage *s)
{
    return pl_price_bits(s->capabilities.profile);
}

/* The largest factor that a scenario puts on a price, rounded up to a whole number. */
static uint64_t largest_shock(const struct pl_underlying_spec *u, const struct pl_model_spec *spec)
{
    int64_t largest = pl_max64(PL_COEFFICIENT_ONE, pl_max64(u->basis_up, u->basis_down));
    if (u->scenario_table >= 0) {
        const struct pl_scenario_table_spec *t = &spec->scenario_tables[u->scenario_table];
        for (uint32_t i = 0; i < t->count; i++)
            largest = pl_max64(largest, t->scenarios[i].shock_q40);
    }
    return ((uint64_t)largest + PL_COEFFICIENT_ONE - 1) >> PL_COEFFICIENT_BITS;
}

static bool fits(struct pl_decimal value, int decimals, uint64_t limit, uint64_t *most)
{
    int64_t word;
    if (pl_decimal_scale(value, decimals, 0, &word) != 0 || word < 0 || (uint64_t)word >= limit)
        return false;
    if ((uint64_t)word > *most)
        *most = (uint64_t)word;
    return true;
}

/* Whether every price of the group fits with `decimals`; *most is the largest word a value may reach. Without
 * room (0) only strikes count. */
static bool group_fits(const struct pl_stage *s, const struct pl_group *g, int decimals, uint64_t room, uint64_t *most)
{
    const struct pl_stage_underlying *u = &s->underlyings[g->underlying];
    uint64_t limit = UINT64_C(1) << (pl_stage_price_bits(s) - 1), moving = 0, fixed = 0;
    const struct pl_decimal one = { 1, 0 };
    bool good = true;
    if (room > 0 && g->kind == PL_GROUP_INVERSE) {
        good = fits(one, decimals, limit / room, &moving);
    } else if (room > 0) {
        good = fits(s->last_prices[g->price_node], decimals, limit / room, &moving) &&
               (g->kind == PL_GROUP_SPOT || fits(s->last_prices[u->node], decimals, limit / room, &moving));
    }
    for (uint32_t r = g->first_row; good && g->kind == PL_GROUP_OPTIONS && r < g->first_row + g->row_count; r++) {
        struct pl_decimal strike = s->instruments[s->rows[r].instrument].strike;
        good = strike.exponent + decimals >= 0 && fits(strike, decimals, limit, &fixed); /* a strike is exact */
    }
    *most = moving * room > fixed ? moving * room : fixed;
    return good;
}

static struct pl_real power_of_ten(int exponent)
{
    int64_t value = 1;
    for (int i = 0; i < (exponent < 0 ? -exponent : exponent); i++)
        value *= 10; /* at most 10^18 */
    struct pl_real power = pl_real_from_int(value), one = pl_real_from_int(1);
    return exponent < 0 ? pl_fix_quotient(one, power) : power;
}

/* 10^(8 - decimals) * lot: row units per price unit and lot, before the shift; correctly rounded where the
 * power of ten is at least 10^-18, which keeps whole row units exact (row.c). */
static struct pl_real plain_unit(struct pl_decimal lot, int decimals)
{
    int exponent = PL_MONEY_DECIMALS - decimals + lot.exponent;
    struct pl_real mantissa = pl_real_from_int(lot.mantissa);
    if (exponent >= 0)
        return pl_real_mul(mantissa, power_of_ten(exponent > 18 ? 18 : exponent));
    if (exponent >= -18)
        return pl_fix_quotient(mantissa, power_of_ten(-exponent));
    return pl_fix_quotient(pl_fix_quotient(mantissa, power_of_ten(18)), power_of_ten(-exponent - 18));
}

static struct pl_decimal row_lot(const struct pl_stage *s, const struct pl_stage_row *row)
{
    const struct pl_decimal whole = { 1, 0 }, fine = { 1, -PL_FINE_DECIMALS };
    if (row->instrument == PL_NO_INDEX)
        return row->fine ? fine : whole;
    return s->instruments[row->instrument].lot;
}

/* Chooses the row unit of the group; false when one lot is worth too much money for any. */
static bool scale_rows(struct pl_stage *s, struct pl_group *g, uint64_t most)
{
    int bits = (int)pl_row_bits(s->capabilities.profile) - 1, shift = PL_ROW_SHIFT_MAX;
    for (uint32_t r = g->first_row; r < g->first_row + g->row_count; r++) {
        struct pl_stage_row *row = &s->rows[r];
        row->unit = plain_unit(row_lot(s, row), g->price_decimals);
        int room = bits - (int)pl_bit_length(most) - row->unit.e;
        shift = room < shift ? room : shift;
    }
    if (shift < -PL_ROW_SHIFT_MAX)
        return false;
    g->row_shift = shift;
    for (uint32_t r = g->first_row; r < g->first_row + g->row_count; r++)
        s->rows[r].unit.e += shift;
    return true;
}

static void scale_strikes(struct pl_stage *s, const struct pl_group *g)
{
    for (uint32_t r = g->first_row; g->kind == PL_GROUP_OPTIONS && r < g->first_row + g->row_count; r++) {
        int64_t word = 0;
        pl_decimal_scale(s->instruments[s->rows[r].instrument].strike, g->price_decimals, 0, &word);
        s->rows[r].strike = (uint64_t)word;
    }
}

static uint64_t price_room(const struct pl_stage *s, const struct pl_group *g)
{
    return PRICE_GROWTH * largest_shock(s->underlyings[g->underlying].spec, s->spec);
}

/* The finest decimals that fit; false when none does. */
static bool finest(const struct pl_stage *s, const struct pl_group *g, uint64_t room, int *decimals, uint64_t *most)
{
    for (*decimals = DECIMALS_MAX; *decimals >= DECIMALS_MIN; --*decimals) {
        if (group_fits(s, g, *decimals, room, most))
            return true;
    }
    return false;
}

/* Chooses units with this room; room 0 leaves prices out. */
static bool choose_units(struct pl_stage *s, struct pl_group *g, uint64_t room)
{
    uint64_t most = 0;
    if (!finest(s, g, room, &g->price_decimals, &most) || !scale_rows(s, g, most == 0 ? 1 : most))
        return false;
    scale_strikes(s, g);
    g->price_left_out = room == 0;
    return true;
}

int pl_stage_check_units(struct pl_stage *s, char *message)
{
    for (uint32_t g = 0; g < s->group_count; g++) {
        if (choose_units(s, &s->groups[g], 0))
            continue;
        snprintf(message, PL_MESSAGE_BYTES, "instrument %s: the strikes of its expiry need more digits than fit, or one "
                 "quantity step is worth too much money", s->instruments[s->groups[g].instrument].symbol);
        return -ERANGE;
    }
    return 0;
}

/* A price may move within its words; only one that no longer fits, or one so small that two more decimals
 * would fit, calls for new units. Units chosen without a price stay until a price fits some. */
static bool still_good(const struct pl_stage *s, const struct pl_group *g)
{
    uint64_t room = price_room(s, g), most = 0;
    int decimals;
    if (g->price_left_out)
        return !finest(s, g, room, &decimals, &most);
    if (!group_fits(s, g, g->price_decimals, room / PRICE_GROWTH, &most))
        return !finest(s, g, room, &decimals, &most); /* a price beyond all units: its word will not fit */
    return g->price_decimals >= DECIMALS_MAX - 1 || !group_fits(s, g, g->price_decimals + 2, room, &most);
}

/* A price beyond every unit must not stop the others: units are then chosen without it, its word does not fit,
 * and what depends on it is unpriced (tick.c). */
bool pl_stage_scale(struct pl_stage *s)
{
    for (uint32_t n = 0; n < s->nodes.count; n++) {
        if (pl_stage_is_priced(s, n))
            s->last_prices[n] = s->prices[n].price;
    }
    bool changed = !s->loaded;
    for (uint32_t g = 0; g < s->group_count && !changed; g++)
        changed = !still_good(s, &s->groups[g]);
    for (uint32_t g = 0; g < s->group_count && changed; g++) {
        if (!choose_units(s, &s->groups[g], price_room(s, &s->groups[g])))
            choose_units(s, &s->groups[g], 0); /* fits: checked at load */
    }
    return changed;
}
