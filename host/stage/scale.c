/* Chooses units: a price unit 10^-price_decimals per expiry, a row unit 1e-8 * 2^-row_shift per
 * expiry.
 *
 * Both are as fine as the profile's words allow, with room for every scenario and PRICE_GROWTH on
 * top. They are a function of instruments, model and prices: the same tick has the same units
 * whatever came before it, so a verdict does too. A price that crosses a power of two changes them;
 * the device is then loaded again. */
#include <errno.h>
#include <limits.h>
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

/* What a price word may grow by: every scenario and PRICE_GROWTH. */
static uint64_t room_of(const struct pl_stage *s, const struct pl_group *g)
{
    return PRICE_GROWTH * s->underlyings[g->underlying].largest_shock;
}

static bool fits(struct pl_decimal value, int decimals, uint64_t limit, uint64_t *most)
{
    int64_t word;
    if (pl_decimal_scale(value, decimals, 0, &word) != 0 || word < 0 || (uint64_t)word >= limit)
        return false;
    *most = (uint64_t)word > *most ? (uint64_t)word : *most;
    return true;
}

/* Whether the prices of the group fit with `decimals`, `room` times over; *most is the largest. */
static bool prices_fit(const struct pl_stage *s, const struct pl_group *g, int decimals,
                       uint64_t room, uint64_t *most)
{
    uint64_t limit = (UINT64_C(1) << (pl_stage_price_bits(s) - 1)) / room;
    const struct pl_decimal one = { 1, 0 };
    *most = 0;
    if (g->kind == PL_GROUP_INVERSE)
        return fits(one, decimals, limit, most);
    return fits(s->last_prices[g->price_node], decimals, limit, most) &&
           (g->kind == PL_GROUP_SPOT ||
            fits(s->last_prices[s->underlyings[g->underlying].node], decimals, limit, most));
}

/* Whether its strikes do, exactly; *most is the largest, at least 1. */
static bool strikes_fit(const struct pl_stage *s, const struct pl_group *g, int decimals,
                        uint64_t *most)
{
    uint64_t limit = UINT64_C(1) << (pl_stage_price_bits(s) - 1);
    bool good = true;
    *most = 1;
    for (uint32_t r = g->first_row;
         good && g->kind == PL_GROUP_OPTIONS && r < g->first_row + g->row_count; r++) {
        struct pl_decimal strike = s->instruments[s->rows[r].instrument].strike;
        good = strike.exponent + decimals >= 0 && fits(strike, decimals, limit, most);
    }
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

/* 10^(8 - decimals) * lot: row units per price unit and lot, before the shift; correctly rounded
 * where the power of ten is at least 10^-18, which keeps whole row units exact (row.c). */
static struct pl_real plain_unit(struct pl_decimal lot, int decimals)
{
    int exponent = PL_MONEY_DECIMALS - decimals + lot.exponent;
    struct pl_real mantissa = pl_real_from_int(lot.mantissa);
    if (exponent >= 0)
        return pl_real_mul(mantissa, power_of_ten(exponent > 18 ? 18 : exponent));
    if (exponent >= -18)
        return pl_fix_quotient(mantissa, power_of_ten(-exponent));
    return pl_fix_quotient(pl_fix_quotient(mantissa, power_of_ten(18)),
                           power_of_ten(-exponent - 18));
}

static struct pl_decimal row_lot(const struct pl_stage *s, const struct pl_stage_row *row)
{
    const struct pl_decimal leg = { 1, row->leg_exponent };
    return row->instrument == PL_NO_INDEX ? leg : s->instruments[row->instrument].lot;
}

/* The largest exponent among the group's plain units. */
static int largest_unit(const struct pl_stage *s, const struct pl_group *g, int decimals)
{
    int largest = INT_MIN / 2;
    for (uint32_t r = g->first_row; r < g->first_row + g->row_count; r++) {
        int e = plain_unit(row_lot(s, &s->rows[r]), decimals).e;
        largest = e > largest ? e : largest;
    }
    return largest;
}

/* The finest row shift that holds the largest value, a word up to `most` in such units; below
 * -PL_ROW_SHIFT_MAX there is none: one lot is worth too much money. */
static int shift_for(const struct pl_stage *s, uint64_t most, int largest_unit)
{
    int shift =
        (int)pl_row_bits(s->capabilities.profile) - 1 - (int)pl_bit_length(most) - largest_unit;
    return shift < PL_ROW_SHIFT_MAX ? shift : PL_ROW_SHIFT_MAX;
}

static void scale_strikes(struct pl_stage *s, const struct pl_group *g)
{
    for (uint32_t r = g->first_row; g->kind == PL_GROUP_OPTIONS && r < g->first_row + g->row_count;
         r++) {
        int64_t word = 0;
        pl_decimal_scale(s->instruments[s->rows[r].instrument].strike, g->price_decimals, 0, &word);
        s->rows[r].strike = (uint64_t)word;
    }
}

/* The finest units that fit with this room; room 0 leaves prices out. False when none fits. */
static bool finest_units(const struct pl_stage *s, const struct pl_group *g, uint64_t room,
                         int *decimals, int *shift)
{
    for (*decimals = DECIMALS_MAX; *decimals >= DECIMALS_MIN; --*decimals) {
        uint64_t price = 0, strike;
        if ((room > 0 && !prices_fit(s, g, *decimals, room, &price)) ||
            !strikes_fit(s, g, *decimals, &strike))
            continue;
        uint64_t most = price * room > strike ? price * room : strike;
        *shift = shift_for(s, most, largest_unit(s, g, *decimals));
        return *shift >= -PL_ROW_SHIFT_MAX;
    }
    return false;
}

/* Whether finest_units() would choose the units there are, without a look at the rows: what fits
 * with one more decimal fits with one less, too. */
static bool units_stay(const struct pl_stage *s, const struct pl_group *g)
{
    uint64_t room = room_of(s, g), price, finer;
    if (!s->loaded || !prices_fit(s, g, g->price_decimals, room, &price) ||
        (g->finer_strikes && prices_fit(s, g, g->price_decimals + 1, room, &finer)))
        return false;
    uint64_t most = price * room > g->strike_most ? price * room : g->strike_most;
    return shift_for(s, most, g->largest_unit) == g->row_shift;
}

/* Units for the last usable prices. A price beyond every unit must not stop the others: units are
 * then chosen without it, its word does not fit, and what depends on it is unpriced (tick.c). */
static bool choose_units(const struct pl_stage *s, const struct pl_group *g, int *decimals,
                         int *shift)
{
    return finest_units(s, g, room_of(s, g), decimals, shift) ||
           finest_units(s, g, 0, decimals, shift);
}

int pl_stage_check_units(struct pl_stage *s, char *message)
{
    int decimals, shift;
    for (uint32_t u = 0; u < s->underlying_count; u++)
        s->underlyings[u].largest_shock = largest_shock(s->underlyings[u].spec, s->spec);
    for (uint32_t g = 0; g < s->group_count; g++) {
        if (finest_units(s, &s->groups[g], 0, &decimals, &shift))
            continue;
        snprintf(message, PL_MESSAGE_BYTES,
                 "instrument %s: the strikes of its expiry need more digits than fit, or one "
                 "quantity step is worth too much money",
                 s->instruments[s->groups[g].instrument].symbol);
        return -ERANGE;
    }
    return 0;
}

static void set_units(struct pl_stage *s, struct pl_group *g, int decimals, int shift)
{
    uint64_t finer;
    g->price_decimals = decimals;
    g->row_shift = shift;
    g->largest_unit = largest_unit(s, g, decimals);
    g->finer_strikes = decimals < DECIMALS_MAX && strikes_fit(s, g, decimals + 1, &finer);
    strikes_fit(s, g, decimals, &g->strike_most);
    for (uint32_t r = g->first_row; r < g->first_row + g->row_count; r++) {
        s->rows[r].unit = plain_unit(row_lot(s, &s->rows[r]), decimals);
        s->rows[r].unit.e += shift;
    }
    scale_strikes(s, g);
}

static void note_price(struct pl_stage *s, uint32_t node)
{
    if (pl_stage_is_priced(s, node))
        s->last_prices[node] = s->prices[node].price;
}

bool pl_stage_scale(struct pl_stage *s)
{
    bool changed = !s->loaded;
    if (s->loaded && !s->whole) { /* vols have no unit */
        for (uint32_t i = 0; i < s->moved_count; i++)
            note_price(s, s->instruments[s->rows[s->moved[i]].instrument].node);
        return false;
    }
    for (uint32_t n = 0; n < s->nodes.count; n++)
        note_price(s, n);
    for (uint32_t i = 0; i < s->group_count; i++) {
        struct pl_group *g = &s->groups[i];
        int decimals, shift;
        if (units_stay(s, g) ||
            !choose_units(s, g, &decimals, &shift) || /* checked at load: some fit */
            (s->loaded && decimals == g->price_decimals && shift == g->row_shift))
            continue;
        set_units(s, g, decimals, shift);
        changed = true;
    }
    return changed;
}
