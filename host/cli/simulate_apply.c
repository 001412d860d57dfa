/* What the venue is given: applied, journaled, counted. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "simulate.h"

static void liquidated(struct pl_simulation *s, uint32_t account)
{
    s->so_far.liquidated_accounts += !s->liquidated[account];
    s->liquidated[account] = true;
}

static void count_action(struct pl_simulation *s, const struct pl_venue_action *a)
{
    struct pl_simulated *n = &s->so_far;
    switch (a->kind) {
    case PL_VENUE_BREAKER: n->breakers++; return;
    case PL_VENUE_CALL:
        n->calls++;
        s->called[a->account] = true;
        return;
    case PL_VENUE_CLEAR:
        n->cleared++;
        s->cleared[a->account] = true;
        return;
    case PL_VENUE_HELD: n->held++; return;
    case PL_VENUE_CANCEL_ORDERS: s->dirty[a->account] = s->orders_gone[a->account] = true; return;
    case PL_VENUE_FILLED:
        n->closes++;
        n->closed_e8 += a->value_e8;
        s->dirty[a->account] = true;
        liquidated(s, a->account);
        return;
    case PL_VENUE_PENALTY: n->penalty_e8 += a->value_e8; return;
    case PL_VENUE_AUCTION: n->auctions++; return;
    case PL_VENUE_BOUGHT:
        n->bought++;
        n->discount_e8 += a->value_e8 - a->price;
        n->fund_paid_e8 += a->other;
        s->dirty[a->account] = true;
        liquidated(s, a->account);
        return;
    case PL_VENUE_OFFLOAD: n->offloads++; return;
    case PL_VENUE_COVERED:
        n->fund_paid_e8 += a->value_e8;
        s->dirty[a->account] = true;
        return;
    case PL_VENUE_DELEVERAGED:
        n->deleveraged_e8 += a->value_e8;
        s->all_dirty = true;
        liquidated(s, a->account);
        return;
    case PL_VENUE_IMPOSED:
        n->regret_q40[a->reason] = pl_max64(n->regret_q40[a->reason], a->other);
        if (a->reason == s->rules.waterfall.policy)
            n->deleveraged_accounts += (uint64_t)a->steps;
        return;
    case PL_VENUE_DEBT:
        n->debt_e8 += a->value_e8;
        s->dirty[a->account] = true;
        return;
    case PL_VENUE_REPAID: n->repaid_e8 += a->value_e8; return;
    case PL_VENUE_SOCIALISED:
        n->socialised_e8 += a->reason == PL_VENUE_UNPRICED ? 0 : a->value_e8;
        return;
    case PL_VENUE_BORNE: s->dirty[a->account] = true; return;
    default: return;
    }
}

/* Verdicts of a tick meet the venue as it was before them. */
static uint32_t withhold(struct pl_simulation *s, const struct pl_venue_input *in)
{
    struct pl_venue *venue = s->venue;
    uint32_t count = 0;
    if (in->kind == PL_VENUE_VERDICT) {
        if (s->unheard_tick != s->session->tick)
            memcpy(s->unheard, s->venue, pl_venue_state_bytes(s->venue));
        s->unheard_tick = s->session->tick;
        venue = s->unheard;
    }
    const uint32_t all = pl_venue_apply(venue, in, s->actions);
    for (uint32_t i = 0; i < all; i++)
        count += s->actions[i].kind != PL_VENUE_REFUSED;
    return count;
}

void pl_simulation_apply(struct pl_simulation *s, struct pl_venue_input *in)
{
    in->time_us = s->now_us;
    if (!pl_acting_may(&s->acting)) {
        s->action_count = 0;
        pl_acting_decided(&s->acting, in, s->actions, withhold(s, in));
        return;
    }
    s->action_count = pl_venue_apply(s->venue, in, s->actions);
    pl_acting_decided(&s->acting, in, s->actions, s->action_count);
    for (uint32_t i = 0; i < s->action_count; i++) {
        count_action(s, &s->actions[i]);
        pl_simulation_keep(&s->log, &s->actions[i]);
    }
}

static double percent(int64_t value_q40)
{
    return ldexp((double)value_q40, -PL_COEFFICIENT_BITS) * 100;
}

void pl_simulation_journal(struct pl_simulation *s)
{
    const struct pl_simulate_options *o = &s->options->simulate;
    char run[192];
    snprintf(run, sizeof run,
             "simulate --policy %s --spread %.8g --impact %.8g --volume %.8g --fund %.8g%s",
             pl_simulated_names[s->policy], percent(s->market.spread_q40),
             percent(s->market.impact_q40), percent(s->market.volume_q40),
             percent(s->market.fund_q40), o->no_breakers ? " --no-breakers" : "");
    pl_acting_open(&s->acting, &s->session->recording, s->options->journal != NULL);
    pl_recording_venue(&s->session->recording, run, &s->rules, &s->setup);
}
