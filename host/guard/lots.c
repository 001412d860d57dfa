#include "lots.h"

#include "factors.h"
#include "model/money.h"

#define WORTH_BITS_MAX 76 /* of one lot, Q.24 */
#define ENTRY_FACTOR_MAX ((pl_i128)1 << 50)
#define DISCOUNT_E_MIN (-4) /* below 2^-5 pricing errors are no longer in proportion */

static pl_i128 max128(pl_i128 a, pl_i128 b)
{
    return a > b ? a : b;
}

/* price * unit / 2^shift, Q.24, rounded up; false where it is too large. */
static bool worth_of(uint64_t price, struct pl_real unit, int shift, pl_i128 *out)
{
    pl_u128 product = (pl_u128)price * (uint64_t)unit.m;
    int up = unit.e - PL_REAL_BITS - shift + PL_LOT_BITS;
    if (product != 0 && (int)pl_bit_length_u128(product) + up > WORTH_BITS_MAX)
        return false;
    *out = product == 0 ? 0
           : up >= 0    ? (pl_i128)(product << up)
           : up < -126  ? 1
                        : (pl_i128)(product >> -up) + 1;
    return true;
}

/* Whether price * unit * factor, a row entry, stays in its word while prices double. */
static bool fits_entry(const struct pl_tables *t, uint64_t price, struct pl_real unit,
                       pl_i128 factor)
{
    pl_i128 entry;
    if (factor > ENTRY_FACTOR_MAX || !worth_of(price, unit, 0, &entry))
        return false;
    pl_i128 most = (entry * factor) >> (PL_LOT_BITS + PL_COEFFICIENT_BITS);
    return (2 * most + 4) >> pl_row_bits(t->profile) == 0;
}

/* Whether no entry of the row, and no shocked price, can leave its word within reach. */
static bool fits_words(const struct pl_tables *t, const struct pl_factor_bounds *bounds,
                       const struct pl_instrument *i, struct pl_real unit,
                       struct pl_real discounted)
{
    const struct pl_tick_price *p = &t->frozen[i->expiry].price;
    const struct pl_class *c = &t->classes[i->margin_class];
    const struct pl_underlying *u = &t->underlyings[t->expiries[i->expiry].underlying];
    pl_i128 rate = max128(max128(c->mm_long, c->mm_short), max128(c->im_long, c->im_short));
    rate = max128(max128(rate, PL_COEFFICIENT_ONE), max128(c->fee, u->naked_im));
    if (!fits_entry(t, p->index_price, unit, rate))
        return false;
    if (i->row != PL_ROW_KIND_OPTION)
        return fits_entry(t, p->forward, unit, max128(bounds->entry, rate));
    pl_i128 highest = ((pl_i128)p->forward * bounds->shock) >> (PL_COEFFICIENT_BITS - 1);
    pl_i128 lowest = ((pl_i128)p->forward * bounds->shock_min) >> (PL_COEFFICIENT_BITS + 2);
    return fits_entry(t, p->forward, discounted, bounds->entry) &&
           fits_entry(t, i->strike, discounted, bounds->entry_strike) &&
           highest >> pl_price_bits(t->profile) == 0 && lowest > 0;
}

static bool unpack(const struct pl_tables *t, const struct pl_instrument *i, struct pl_real *unit,
                   struct pl_real *discounted)
{
    struct pl_real discount;
    if (!pl_real_unpack(i->unit, unit) ||
        !pl_real_unpack(t->frozen[i->expiry].price.discount, &discount))
        return false;
    *discounted = pl_real_mul(*unit, discount);
    return i->row != PL_ROW_KIND_OPTION || discount.e >= DISCOUNT_E_MIN;
}

bool pl_lots_fit(struct pl_gauges *g, uint16_t expiry)
{
    const struct pl_expiry_gauges *e = &g->expiries[expiry];
    for (uint32_t n = e->first; n < e->first + e->count; n++) {
        const struct pl_instrument *i = &g->tables.instruments[n];
        struct pl_real unit, discounted;
        if (!unpack(&g->tables, i, &unit, &discounted) ||
            !fits_words(&g->tables, pl_gauges_bounds(g, expiry), i, unit, discounted))
            return false;
    }
    return true;
}

bool pl_lot_take(struct pl_gauges *g, const struct pl_instrument *i, struct pl_lot *lot)
{
    const struct pl_tables *t = &g->tables;
    const struct pl_tick_price *p = &t->frozen[i->expiry].price;
    int shift = t->expiries[i->expiry].row_shift;
    struct pl_real unit, discounted;
    *lot = (struct pl_lot){ 0 };
    if (!unpack(t, i, &unit, &discounted) ||
        !fits_words(t, pl_gauges_bounds(g, i->expiry), i, unit, discounted) ||
        !worth_of(p->forward, unit, shift, &lot->forward) ||
        !worth_of(p->index_price, unit, shift, &lot->index))
        return false;
    if (i->row != PL_ROW_KIND_OPTION)
        return true;
    if (!worth_of(p->forward, discounted, shift, &lot->delta) ||
        !worth_of(p->forward + i->strike, discounted, shift, &lot->size))
        return false;
    lot->delta += (lot->delta >> 48) + 1; /* the product was truncated */
    lot->size += (lot->size >> 48) + 1;
    return true;
}
