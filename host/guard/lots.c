#include "lots.h"

#include "factors.h"
#include "model/money.h"

#define LOT_BITS 24       /* fraction bits of one lot's money, where it leaves room for them */
#define WORTH_BITS_MAX 76 /* of one lot with them */
#define WORD_BITS 62      /* of what is kept */
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
    int up = unit.e - PL_REAL_BITS - shift + LOT_BITS;
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
    int room = (int)pl_row_bits(t->profile);
    if (factor > ENTRY_FACTOR_MAX)
        return false;
    int bits = (int)pl_bit_length(price) + unit.e + (int)pl_bit_length((uint64_t)factor) -
               PL_COEFFICIENT_BITS;
    if (bits + 2 <= room) /* by its bits alone: 2 * most + 4 is below 2^(bits + 2) */
        return true;
    if (!worth_of(price, unit, 0, &entry))
        return false;
    pl_i128 most = (entry * factor) >> (LOT_BITS + PL_COEFFICIENT_BITS);
    return (2 * most + 4) >> room == 0;
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

/* A requirement of `rate`, rounded up. */
static pl_i128 rated(pl_i128 worth, int64_t rate)
{
    return rate == 0 ? 0 : ((worth * rate) >> PL_COEFFICIENT_BITS) + 1;
}

/* One lot, Q.LOT_BITS. */
struct wide_lot {
    pl_i128 delta, size, roundings, forward, index, fee, penalty_gap, maintenance[2], initial[2];
};

static void take_columns(const struct pl_tables *t, const struct pl_instrument *i,
                         struct wide_lot *lot)
{
    const struct pl_class *c = &t->classes[i->margin_class];
    const struct pl_tick_price *p = &t->frozen[i->expiry].price;
    pl_i128 low = rated(lot->index, pl_min64(p->penalty, p->penalty_perpetual));
    pl_i128 high = rated(lot->index, pl_max64(p->penalty, p->penalty_perpetual));
    lot->fee = rated(i->row == PL_ROW_KIND_LINEAR ? lot->forward : lot->index, c->fee);
    lot->penalty_gap = high - low;
    lot->maintenance[0] = lot->fee + rated(lot->index, c->mm_long);
    lot->maintenance[1] = lot->fee + rated(lot->index, c->mm_short);
    lot->initial[0] = lot->fee + rated(lot->index, c->im_long) + high;
    lot->initial[1] = lot->fee + rated(lot->index, c->im_short) + high;
}

/* Of row entries: half a unit each, and what rates make of it. */
static pl_i128 roundings_of(const struct pl_tables *t, const struct pl_instrument *i)
{
    const struct pl_class *c = &t->classes[i->margin_class];
    int shift = t->expiries[i->expiry].row_shift;
    pl_i128 unit = shift >= LOT_BITS ? 1 : (pl_i128)1 << (LOT_BITS - shift);
    pl_i128 rates = ((pl_i128)c->mm_long + c->mm_short + c->im_long + c->im_short + 3 * c->fee +
                     t->underlyings[t->expiries[i->expiry].underlying].naked_im) >>
                    PL_COEFFICIENT_BITS;
    return unit * (8 + rates);
}

static bool take(struct pl_gauges *g, const struct pl_instrument *i, struct wide_lot *lot)
{
    const struct pl_tables *t = &g->tables;
    const struct pl_tick_price *p = &t->frozen[i->expiry].price;
    int shift = t->expiries[i->expiry].row_shift;
    struct pl_real unit, discounted;
    *lot = (struct wide_lot){ 0 };
    if (!unpack(t, i, &unit, &discounted) ||
        !fits_words(t, pl_gauges_bounds(g, i->expiry), i, unit, discounted) ||
        !worth_of(p->forward, unit, shift, &lot->forward) ||
        !worth_of(p->index_price, unit, shift, &lot->index))
        return false;
    lot->roundings = roundings_of(t, i);
    take_columns(t, i, lot);
    if (i->row != PL_ROW_KIND_OPTION)
        return true;
    if (!worth_of(p->forward, discounted, shift, &lot->delta) ||
        !worth_of(p->forward + i->strike, discounted, shift, &lot->size))
        return false;
    lot->delta += (lot->delta >> 48) + 1; /* the product was truncated */
    lot->size += (lot->size >> 48) + 1;
    return true;
}

static int64_t narrow(pl_i128 wide, int drop)
{
    return wide == 0 ? 0 : (int64_t)(wide >> drop) + (drop > 0);
}

/* As fine as its largest value allows; bits 0 where that is too large. */
static void keep(const struct wide_lot *w, uint64_t stamp, struct pl_lot *lot)
{
    pl_i128 all = w->delta | w->size | w->roundings | w->forward | w->index | w->fee |
                  w->penalty_gap | w->maintenance[0] | w->maintenance[1] | w->initial[0] |
                  w->initial[1];
    int drop = (int)pl_bit_length_u128((pl_u128)all) - WORD_BITS;
    drop = drop < 0 ? 0 : drop;
    *lot = (struct pl_lot){ .stamp = stamp };
    if (drop >= LOT_BITS)
        return;
    *lot = (struct pl_lot){
        .stamp = stamp,
        .bits = (uint64_t)(LOT_BITS - drop),
        .delta = narrow(w->delta, drop),
        .size = narrow(w->size, drop),
        .roundings = narrow(w->roundings, drop),
        .forward = narrow(w->forward, drop),
        .index = narrow(w->index, drop),
        .fee = narrow(w->fee, drop),
        .penalty_gap = narrow(w->penalty_gap, drop),
    };
    for (int side = 0; side < 2; side++)
        lot->columns[side] = (struct pl_lot_columns){ narrow(w->maintenance[side], drop),
                                                      narrow(w->initial[side], drop) };
}

const struct pl_lot *pl_lot_of(struct pl_gauges *g, const struct pl_instrument *i)
{
    struct pl_lot *lot = &g->lots[i->index];
    uint64_t stamp = g->expiries[i->expiry].stamp;
    if (lot->stamp != stamp) {
        struct wide_lot wide;
        if (take(g, i, &wide))
            keep(&wide, stamp, lot);
        else
            *lot = (struct pl_lot){ .stamp = stamp };
    }
    return lot->bits == 0 ? NULL : lot;
}

bool pl_lots_fit(struct pl_gauges *g, uint16_t expiry)
{
    const struct pl_expiry_gauges *e = &g->expiries[expiry];
    for (uint32_t n = e->first; n < e->first + e->count; n++) {
        if (pl_lot_of(g, &g->tables.instruments[n]) == NULL)
            return false;
    }
    return true;
}
