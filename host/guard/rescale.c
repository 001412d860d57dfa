#include "rescale.h"

#include <string.h>

#include "model/fixed.h"

struct pl_real pl_rescale_unit(const struct pl_tables *t, uint32_t instrument)
{
    const struct pl_instrument *i = &t->instruments[instrument];
    struct pl_real unit;
    pl_real_unpack(i->unit, &unit);
    unit.e -= unit.m == 0 ? 0 : t->expiries[i->expiry].row_shift;
    return unit;
}

/* Equal but for some roundings to 52 bits. */
static bool close(struct pl_real a, struct pl_real b)
{
    if (a.e == b.e + 1)
        a.m *= 2;
    else if (b.e == a.e + 1)
        b.m *= 2;
    else if (a.e != b.e)
        return false;
    int64_t off = a.m > b.m ? a.m - b.m : b.m - a.m;
    return off <= 64;
}

/* a / b = c / d, nearly. */
static bool proportional(struct pl_real a, struct pl_real b, struct pl_real c, struct pl_real d)
{
    return close(pl_real_mul(a, d), pl_real_mul(b, c));
}

static bool same_instrument(const struct pl_tables *old, const struct pl_tables *now,
                            uint32_t index, uint32_t first)
{
    const struct pl_instrument *a = &old->instruments[index], *b = &now->instruments[index];
    struct pl_real unit_a = pl_rescale_unit(old, index), unit_b = pl_rescale_unit(now, index);
    if (a->row != b->row || a->is_call != b->is_call || a->is_asset != b->is_asset ||
        a->expiry != b->expiry || a->margin_class != b->margin_class ||
        !proportional(unit_a, unit_b, pl_rescale_unit(old, first), pl_rescale_unit(now, first)))
        return false;
    return a->strike == 0 || close(pl_real_mul(unit_a, pl_real_from_int((int64_t)a->strike)),
                                   pl_real_mul(unit_b, pl_real_from_int((int64_t)b->strike)));
}

static bool same_expiry(const struct pl_expiry *a, const struct pl_expiry *b)
{
    return a->underlying == b->underlying && a->perpetual == b->perpetual &&
           a->scenario == b->scenario;
}

static bool equal(const void *a, const void *b, size_t count, size_t size)
{
    return memcmp(a, b, count * size) == 0;
}

bool pl_rescale_same(const struct pl_tables *old, const struct pl_tables *now)
{
    const struct pl_model *m = &now->model, *before = &old->model;
    struct pl_model counts = *before;
    counts.table_version = m->table_version;
    if (memcmp(&counts, m, sizeof counts) != 0 || old->profile != now->profile)
        return false;
#define SAME(table, count) equal(old->table, now->table, (count), sizeof *now->table)
    if (!SAME(scenarios, (size_t)m->scenario_tables * PL_SCENARIOS_MAX) ||
        !SAME(underlyings, m->underlyings) || !SAME(classes, m->classes) ||
        !SAME(brackets, (size_t)m->bracket_tables * PL_BRACKETS_MAX) ||
        !SAME(multipliers, m->multipliers) || !SAME(offset_groups, m->offset_groups))
        return false;
#undef SAME
    for (uint32_t e = 0; e < m->expiries; e++) {
        if (!same_expiry(&old->expiries[e], &now->expiries[e]))
            return false;
    }
    for (uint32_t i = 0, first = 0; i < m->instruments; i++) {
        first = now->instruments[i].expiry == now->instruments[first].expiry ? first : i;
        if (!same_instrument(old, now, i, first))
            return false;
    }
    return true;
}

void pl_rescale_copy(const struct pl_tables *old, struct pl_tables *now)
{
    const struct pl_model *m = &now->model;
    memcpy(now->frozen, old->frozen, m->expiries * sizeof *now->frozen);
    memcpy(now->live, old->frozen, m->expiries * sizeof *now->live);
    memcpy(now->frozen_vols, old->frozen_vols, m->instruments * sizeof *now->frozen_vols);
    memcpy(now->live_vols, old->frozen_vols, m->instruments * sizeof *now->live_vols);
    memcpy(now->frozen_im_factor, old->frozen_im_factor,
           m->underlyings * sizeof *now->frozen_im_factor);
    memcpy(now->live_im_factor, old->frozen_im_factor,
           m->underlyings * sizeof *now->live_im_factor);
    for (uint32_t e = 0; e < m->expiries; e++)
        now->live[e].price.forward = now->live[e].price.index_price = 0;
    memset(now->expiry_changed, 1, m->expiries);
}
