/* What the venue asks for: plans of partial liquidations, fills of their closes, bids. */
#include <string.h>

#include "decide/what_if.h"
#include "dev/software.h"
#include "simulate.h"
#include "stage/pl.h"

#define SMALL_E8 (INT64_C(1000) * 100000000)        /* below it half of a book is all of it */
#define BIDDER_PROFIT_Q40 (PL_COEFFICIENT_ONE / 10) /* of what unwinding costs him */

struct planned {
    uint32_t instrument;
    int64_t steps, notional_e8; /* of the ledger */
};

static struct pl_what_if what_if;
static struct pl_partial partial;
static struct pl_partial_position positions[PL_WHAT_IF_POSITIONS_MAX];
static struct planned planned[PL_WHAT_IF_POSITIONS_MAX];
static uint32_t planned_count;

static int64_t magnitude(int64_t x)
{
    return x < 0 ? -x : x;
}

static struct pl_market *market_of(const struct pl_simulation *s, uint32_t instrument)
{
    return &s->markets[s->session->book->instruments[instrument].underlying];
}

static bool open_what_if(const struct pl_simulation *s, uint32_t account)
{
    char message[PL_MESSAGE_BYTES];
    return pl_what_if_open(&what_if, &s->planner->device->stage, &s->planner->device->dev->tables,
                           &s->session->accounts[account], message) == 0;
}

/* A third of the position each: what it costs by the impact model, and the penalty. */
static void set_levels(const struct pl_simulation *s, struct pl_partial_position *p,
                       uint32_t instrument)
{
    const struct pl_market *m = market_of(s, instrument);
    int64_t before = 0, sum = 0, least = 0;
    uint32_t flags = 0;
    for (int level = 0; level < PL_PARTIAL_LEVELS; level++) {
        const int64_t third = p->steps / PL_PARTIAL_LEVELS + 1;
        const int64_t part = pl_min64(
            pl_mul_div_up(p->notional_e8, level + 1, PL_PARTIAL_LEVELS, &flags), p->notional_e8);
        const int64_t cost = pl_market_cost(m, part, s->now_us);
        int64_t rate = 0;
        if (part > sum)
            rate = pl_mul_div_up(cost - before, PL_COEFFICIENT_ONE, part - sum, &flags);
        least = pl_max64(least, pl_min64(rate, PL_COEFFICIENT_ONE));
        p->levels[level] =
            (struct pl_partial_level){ third, least + s->rules.liquidation.penalty_q40 };
        before = cost;
        sum = part;
    }
}

static void plan_part(struct pl_simulation *s, const int64_t *closed)
{
    for (uint32_t k = 0; k < what_if.position_count; k++) {
        const struct pl_what_if_position *p = &what_if.positions[k];
        uint32_t flags = 0;
        if (closed[k] == 0)
            continue;
        planned[planned_count++] = (struct planned){
            .instrument = p->instrument,
            .steps = closed[k] * s->coin_scale[p->instrument],
            .notional_e8 = pl_mul_div_up(p->notional_e8, closed[k], magnitude(p->steps), &flags),
        };
    }
}

/* The least that restores the target. */
static void plan_minimal(struct pl_simulation *s, uint32_t account, bool initial)
{
    const struct pl_partial_rules rules = { .buffer_q40 = PL_COEFFICIENT_ONE / 10,
                                            .initial = initial };
    if (!open_what_if(s, account))
        return;
    struct pl_addon_judge added = { s, account, initial, &what_if,
                                    pl_what_if_judge_partial(&what_if, &rules, positions) };
    const struct pl_addon_rules *addon = &s->rules.addon;
    const bool adds = addon->position_slope_q40 > 0 || addon->interest_max_q40 > 0;
    const struct pl_partial_judge judge = adds ? pl_simulation_add_on(&added) : added.model;
    for (uint32_t k = 0; k < what_if.position_count; k++) {
        struct pl_partial_position *p = &positions[k];
        const uint32_t i = what_if.positions[k].instrument;
        p->limit = pl_min64(p->limit, pl_throttle_steps(pl_venue_room(s->venue, i, s->now_us),
                                                        p->steps, p->notional_e8));
        set_levels(s, p, i);
    }
    const enum pl_partial_reason reason =
        pl_partial_plan(&partial, &rules, positions, what_if.position_count, &judge);
    if (reason == PL_PARTIAL_PLANNED || reason == PL_PARTIAL_LIMITED)
        plan_part(s, partial.closed);
}

/* A share of every position. The contracts of an inverse go first, then the coins that they
 * leave. */
static void plan_share(struct pl_simulation *s, uint32_t account, bool half)
{
    const struct pl_ledger *l = pl_venue_ledger(s->venue);
    int64_t notional = 0, all[PL_WHAT_IF_POSITIONS_MAX];
    bool inverse = false;
    uint32_t flags = 0;
    if (!open_what_if(s, account))
        return;
    for (uint32_t k = 0; k < what_if.position_count; k++) {
        notional = pl_money_add(notional, what_if.positions[k].notional_e8, &flags);
        inverse |= s->setup.instruments[what_if.positions[k].instrument].coin != PL_VENUE_NONE;
    }
    for (uint32_t k = 0; k < what_if.position_count; k++) {
        const struct pl_what_if_position *p = &what_if.positions[k];
        const bool later = inverse && s->coin_scale[p->instrument] > 1;
        all[k] = later || !p->closable         ? 0
                 : half && notional > SMALL_E8 ? (magnitude(p->steps) + 1) / 2
                                               : magnitude(p->steps);
    }
    plan_part(s, all);
    for (uint32_t k = 0; k < planned_count; k++) /* what is less than a step of the book */
        if (!half || notional <= SMALL_E8)
            planned[k].steps = magnitude(pl_ledger_steps(l, account, planned[k].instrument));
    if (what_if.position_count > 0 || inverse)
        return;
    uint32_t count; /* nothing but such rests */
    const struct pl_ledger_entry *p = pl_ledger_positions(l, account, &count);
    for (uint32_t k = 0; k < count && k < PL_WHAT_IF_POSITIONS_MAX; k++)
        planned[planned_count++] = (struct planned){ .instrument = pl_ledger_instrument(l, &p[k]),
                                                     .steps = magnitude(p[k].amount) };
}

/* The price of a close, impact included; of an inverse contract the coins for all its steps. */
static int64_t fill_price(const struct pl_simulation *s, const struct planned *x, bool buys,
                          int64_t cost_e8)
{
    bool known;
    uint32_t flags = 0;
    const int64_t mark = pl_venue_mark(s->venue, x->instrument, &known);
    if (s->setup.instruments[x->instrument].coin != PL_VENUE_NONE) {
        const struct pl_book_instrument *i = &s->session->book->instruments[x->instrument];
        const int64_t coins =
            pl_simulation_coins(s, x->instrument, x->steps, s->session->prices[i->node].price);
        const int64_t more = pl_mul_div_up(coins, cost_e8, pl_max64(x->notional_e8, 1), &flags);
        return buys ? pl_max64(coins - more, 0) : coins + more + 1;
    }
    const struct pl_contract *c = &s->setup.contracts[x->instrument];
    const pl_i128 unit = (pl_i128)x->steps * c->numerator;
    const int64_t worse =
        pl_money_limit(((pl_i128)cost_e8 * c->denominator + unit - 1) / unit, &flags);
    return buys ? mark + worse : pl_max64(mark - worse, 0);
}

static void fill(struct pl_simulation *s, uint32_t account, const struct planned *x)
{
    const int64_t held = pl_ledger_steps(pl_venue_ledger(s->venue), account, x->instrument);
    struct pl_market *m = market_of(s, x->instrument);
    const int64_t cost = pl_market_cost(m, x->notional_e8, s->now_us);
    struct pl_venue_input in = { .kind = PL_VENUE_FILL, .account = account };
    if (pl_venue_out(s->venue, account, x->instrument) == 0)
        return;
    in.as.close.instrument = x->instrument;
    in.as.close.steps = x->steps;
    in.as.close.value_e8 = x->notional_e8;
    in.as.close.price = fill_price(s, x, held < 0, cost);
    pl_market_close(m, x->notional_e8, s->now_us);
    s->so_far.cost_e8 += cost;
    pl_simulation_apply(s, &in);
}

void pl_simulation_plan(struct pl_simulation *s, uint32_t account, int64_t target)
{
    struct pl_venue_input in = { .kind = PL_VENUE_CLOSE, .account = account };
    const bool everything = target == 2; /* there are no auctions */
    planned_count = 0;
    if (s->policy == PL_SIMULATED_MINIMAL && !everything)
        plan_minimal(s, account, target == 1);
    else
        plan_share(s, account, s->policy == PL_SIMULATED_HALF && !everything);
    for (uint32_t k = 0; k < planned_count; k++) {
        const int64_t held =
            pl_ledger_steps(pl_venue_ledger(s->venue), account, planned[k].instrument);
        in.as.close.instrument = planned[k].instrument;
        in.as.close.steps = planned[k].steps;
        in.as.close.value_e8 = planned[k].notional_e8;
        in.as.close.price = held < 0 ? INT64_MAX : 0; /* at market: the model has a price for all */
        pl_simulation_apply(s, &in);
    }
    in.kind = PL_VENUE_PLANNED;
    pl_simulation_apply(s, &in);
    if (planned_count == 0 || !pl_acting_let_out(&s->acting))
        return;
    for (uint32_t k = 0; k < planned_count; k++)
        fill(s, account, &planned[k]);
}

/* Whoever bids pays what the book is worth at its marks, less what it would cost him to close it by
 * the same impact model and his profit on that. */
void pl_simulation_bid(struct pl_simulation *s, uint32_t account, const struct pl_verdict *v)
{
    const struct pl_auction *a = pl_venue_auction(s->venue, account);
    uint32_t flags = 0;
    const int64_t excess = pl_money_sub(
        v->maintenance_excess, pl_venue_addons(s->venue, account, &flags).maintenance_e8, &flags);
    const struct pl_auction_book book = {
        .mtm = v->equity,
        .buffer_excess =
            pl_auction_buffer_excess(v->equity, excess, s->rules.auction.buffer_q40, &flags),
    };
    const int64_t most = pl_auction_most_q40(a, &s->rules.auction, &book, s->now_us);
    int64_t cost = 0, notional = 0;
    if (most == 0 || !open_what_if(s, account))
        return;
    for (uint32_t k = 0; k < what_if.position_count; k++) {
        const int64_t part = pl_money_scale_up(what_if.positions[k].notional_e8, most, &flags);
        const struct pl_market *m = market_of(s, what_if.positions[k].instrument);
        cost = pl_money_add(cost, pl_market_cost(m, part, s->now_us), &flags);
        notional = pl_money_add(notional, part, &flags);
    }
    cost = pl_money_scale_up(cost, PL_COEFFICIENT_ONE + BIDDER_PROFIT_Q40, &flags);
    const int64_t worth = pl_money_scale_down(v->equity - a->proceeds, most, &flags);
    struct pl_venue_input in = { .kind = PL_VENUE_BID, .account = account };
    in.as.bid.bidder = pl_ledger_outside(pl_venue_ledger(s->venue));
    in.as.bid.want_q40 = PL_COEFFICIENT_ONE;
    in.as.bid.price_max_e8 = worth - cost;
    pl_simulation_apply(s, &in);
    for (uint32_t k = 0; k < s->action_count; k++) {
        if (s->actions[k].kind != PL_VENUE_BOUGHT)
            continue;
        s->so_far.auctioned_e8 += notional;
        for (uint32_t p = 0; p < what_if.position_count; p++) /* he unwinds in the same market */
            pl_market_close(market_of(s, what_if.positions[p].instrument),
                            pl_money_scale_up(what_if.positions[p].notional_e8, most, &flags),
                            s->now_us);
    }
}
