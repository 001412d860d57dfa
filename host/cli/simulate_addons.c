/* Plans under add-ons: what the venue asks beyond the model's requirement falls with what is
 * closed. */
#include "decide/exact.h"
#include "simulate.h"

#define SLOPE_PARTS 64 /* of a position, by which the slope of its add-on is measured */

static int64_t magnitude(int64_t x)
{
    return x < 0 ? -x : x;
}

/* What all of a position would relieve if its next part's relief held for the rest: concentration
 * is convex, so no part relieves more. */
static int64_t relief_of(const struct pl_simulation *s, uint32_t instrument, int64_t held,
                         int64_t left, bool initial, uint32_t *flags)
{
    const int64_t part = magnitude(left) / SLOPE_PARTS + 1;
    if (left == 0)
        return 0;
    const int64_t less = magnitude(left) > part ? magnitude(left) - part : 0;
    const struct pl_venue_addons now = pl_venue_addon(s->venue, instrument, left, flags),
                                 then = pl_venue_addon(s->venue, instrument, less, flags);
    const int64_t fall =
        initial ? now.initial_e8 - then.initial_e8 : now.maintenance_e8 - then.maintenance_e8;
    return pl_mul_div_down(fall, magnitude(held), magnitude(left) - less, flags);
}

static struct pl_partial_judgement judge(void *context, const int64_t *closed, int64_t cost_e8,
                                         int64_t *relief_e8)
{
    const struct pl_addon_judge *a = context;
    const struct pl_simulation *s = a->simulation;
    const struct pl_ledger *l = pl_venue_ledger(s->venue);
    uint32_t flags = 0;
    struct pl_partial_judgement j = a->model.judge(a->model.context, closed, cost_e8, relief_e8);
    struct pl_venue_addons sum = pl_venue_addons(s->venue, a->account, &flags);
    for (uint32_t k = 0; k < a->what_if->position_count && j.known; k++) {
        const uint32_t i = a->what_if->positions[k].instrument;
        const int64_t held = pl_ledger_steps(l, a->account, i), gone = closed[k] * s->coin_scale[i],
                      left = held < 0 ? pl_min64(held + gone, 0) : pl_max64(held - gone, 0);
        const struct pl_venue_addons before = pl_venue_addon(s->venue, i, held, &flags),
                                     after = pl_venue_addon(s->venue, i, left, &flags);
        sum.maintenance_e8 += after.maintenance_e8 - before.maintenance_e8;
        sum.initial_e8 += after.initial_e8 - before.initial_e8;
        if (relief_e8 != NULL)
            relief_e8[k] =
                pl_money_add(relief_e8[k], relief_of(s, i, held, left, a->initial, &flags), &flags);
    }
    j.maintenance_e8 = pl_money_add(j.maintenance_e8, sum.maintenance_e8, &flags);
    j.initial_e8 = pl_money_add(j.initial_e8, sum.initial_e8, &flags);
    j.known &= flags == 0;
    return j;
}

struct pl_partial_judge pl_simulation_add_on(struct pl_addon_judge *a)
{
    return (struct pl_partial_judge){ a, judge };
}
