/* The world that is played: a random book, its venue, and what this side knows of both. */
#ifndef PL_TEST_VENUE_WORLD_H
#define PL_TEST_VENUE_WORLD_H

#include "../support/random.h"

#include "process.h"

#include "decide/rule.h"
#include "decide/venue.h"
#include "pl_abi.h"

#define E8 INT64_C(100000000)
#define SECOND INT64_C(1000000)
#define ASSETS_MAX 3
#define PER_ASSET 5 /* coin, linear perpetual, inverse perpetual, future, put */
#define ACCOUNTS_MAX 12
#define POOLS_MAX 2
#define INPUTS_MAX RECORD_INPUTS_MAX
#define START_US INT64_C(1700000000000000)
#define REASONS_MAX 24
#define LIAR 0 /* the source that may say anything where the others are honest */

enum { COIN, LINEAR, INVERSE, FUTURE, PUT };

/* When the disk is to break. */
struct break_plan {
    uint64_t random;
    uint64_t batch; /* from this one on .. */
    uint64_t after; /* .. that many operations are still done */
    bool armed, must_break;
    int checkpoint; /* see process_start() */
};

struct world {
    uint64_t seed;
    int ticks;
    uint32_t assets, accounts, instruments, pools;
    uint32_t account_pools[ACCOUNTS_MAX];
    struct pl_venue_rules rules;
    struct pl_fusion_rules fusion[ASSETS_MAX];
    struct pl_contract contracts[ASSETS_MAX * PER_ASSET];
    struct pl_venue_instrument abouts[ASSETS_MAX * PER_ASSET];
    struct pl_venue_terms terms[ASSETS_MAX * PER_ASSET];
    struct pl_venue_expiry expiries[ASSETS_MAX];
    bool pegged[ASSETS_MAX];
    int64_t redeemed_us[ASSETS_MAX]; /* of the rate that stands */
    struct pl_venue_setup setup;
    int64_t true_price[ASSETS_MAX];
    int64_t spoke_us[ASSETS_MAX][PL_FUSION_SOURCES_MAX];
    struct pl_estimate said[ASSETS_MAX][PL_FUSION_SOURCES_MAX];
    bool dead[ASSETS_MAX][PL_FUSION_SOURCES_MAX];
    bool honest;                         /* all sources but one of each asset */
    struct pl_estimate hull[ASSETS_MAX]; /* lowest and highest of honest sources at the last tick */
    pl_i128 cash;                        /* of all holders, and steps of all accounts */
    pl_i128 steps[ASSETS_MAX * PER_ASSET];
    int64_t fund[POOLS_MAX], owed[POOLS_MAX];
    struct process process;
    struct pl_venue *venue; /* the process's */
    struct pl_venue_input *inputs;
    uint32_t input_count;
    uint32_t durable;       /* inputs in batches that have ended */
    uint64_t batch;         /* in hand, from 1 */
    uint64_t acted;         /* actions */
    struct break_plan plan; /* of the disk */
    uint64_t crashes;
    uint64_t hash;
    int64_t now_us;
    uint64_t because[PL_VENUE_ACTIONS][REASONS_MAX];
    uint8_t judged[ACCOUNTS_MAX];
    int64_t judged_excess[ACCOUNTS_MAX];
    uint8_t verdicts[ACCOUNTS_MAX];       /* of the last one sent, with add-ons */
    int64_t initial_excess[ACCOUNTS_MAX]; /* the same, without */
    bool planning[ACCOUNTS_MAX];
    int64_t plan_target[ACCOUNTS_MAX];
};

static struct pl_venue_action actions[8192];
static struct pl_venue_input inputs[INPUTS_MAX];
static uint64_t batches[INPUTS_MAX]; /* that they stand in */
static uint64_t hashes[INPUTS_MAX];  /* of all actions up to there */

static struct pl_venue_input input(enum pl_venue_kind kind, uint32_t account)
{
    struct pl_venue_input in;
    memset(&in, 0, sizeof in);
    in.kind = kind;
    in.account = account;
    return in;
}

/* Fresh sources of an asset that may be counted, by what this test sent. */
static int speaking_since(const struct world *w, uint32_t asset, int64_t time_us)
{
    int count = 0;
    for (int s = 0; s < w->fusion[asset].source_count; s++)
        count += w->spoke_us[asset][s] != 0 && w->spoke_us[asset][s] >= time_us;
    return count;
}

static int speaking(const struct world *w, uint32_t asset)
{
    return speaking_since(w, asset, w->now_us - w->fusion[asset].age_max_us);
}

static bool bounded(const struct world *w, uint32_t instrument)
{
    const uint32_t asset = w->abouts[instrument].asset;
    const int64_t why = pl_venue_pegged(w->venue, asset)->reason;
    return instrument % PER_ASSET == COIN && w->pegged[asset] &&
           (why == PL_PEGGED_BOUNDED || why == PL_PEGGED_REDEMPTION);
}

static void make_rules(struct world *w, uint64_t *r)
{
    char message[PL_VENUE_MESSAGE_BYTES];
    pl_venue_defaults(&w->rules);
    w->rules.calls = !random_once_in(r, 4);
    w->rules.auctions = !random_once_in(r, 4);
    w->rules.auction.bid_min = 1;
    w->rules.liquidation.call_us = 5 * 60 * SECOND;
    w->rules.withdrawal.lock_us = random_within(r, 0, 120) * SECOND;
    w->rules.waterfall.policy = (uint32_t)random_below(r, PL_POLICIES);
    w->rules.breaker.calm_us = 120 * SECOND;
    w->rules.volatility.bar_us = 10 * SECOND;
    w->rules.volatility.bars_min = 1;
    w->rules.settlement.window_us = random_within(r, 1, 10) * 60 * SECOND;
    w->rules.settlement.covered_q40 = random_within(r, 1, 50) * (PL_COEFFICIENT_ONE / 100);
    w->rules.socialised.session_us = 3600 * SECOND;
    w->rules.socialised.offset_us = random_within(r, 0, 3599) * SECOND;
    w->rules.funding.interval_us = random_within(r, 1, 10) * 60 * SECOND;
    w->rules.grain_q40 = PL_Q40_MILLIONTHS(random_within(r, 100, 20000));
    w->rules.width.rise_q40_per_hour = w->rules.haircut.rise_q40_per_hour =
        PL_Q40_MILLIONTHS(200000);
    if (random_once_in(r, 2)) {
        w->rules.addon.position_unit_e8 = random_within(r, 1, 100000) * E8;
        w->rules.addon.position_slope_q40 = PL_Q40_MILLIONTHS(random_within(r, 0, 20000));
        w->rules.addon.position_max_q40 = PL_Q40_MILLIONTHS(50000);
        w->rules.addon.interest_high_e8 = random_within(r, 1000, 1000000) * E8;
        w->rules.addon.interest_max_q40 = PL_Q40_MILLIONTHS(random_within(r, 0, 50000));
    }
    if (random_once_in(r, 2)) { /* mostly quiet breakers, so that more is done */
        for (int t = 0; t < PL_BREAKER_TRIGGERS; t++)
            w->rules.breaker.cautious.at[t] = w->rules.breaker.halted.at[t] = 0;
        w->rules.venue_breaker = w->rules.breaker;
    }
    if (random_once_in(r, 4)) { /* limits that are reached */
        w->rules.liquidation.venue_e8 = random_within(r, 1000, 100000) * E8;
        w->rules.liquidation.account_e8 = random_within(r, 100, 10000) * E8;
        w->rules.venue_breaker.cautious.at[PL_BREAKER_LIQUIDATED] = 1000 * E8;
        w->rules.venue_breaker.halted.at[PL_BREAKER_LIQUIDATED] = 100000 * E8;
        w->rules.withdrawal.window_floor_e8 = random_within(r, 1, 1000) * E8;
    }
    for (uint32_t a = 0; a < w->assets; a++) {
        struct pl_fusion_rules *f = &w->fusion[a];
        pl_fusion_defaults(f);
        f->decimals = 2;
        f->source_count = (int32_t)random_within(r, 3, 6);
        for (int s = 0; s < f->source_count; s++)
            f->source[s].venue = s % 3;
    }
    w->setup = (struct pl_venue_setup){
        .size = { .accounts = w->accounts,
                  .currencies = 1,
                  .instruments = w->instruments,
                  .pools = w->pools,
                  .entries = 60 * w->accounts + 400,
                  .flows = !random_once_in(r, 4),
                  .open = true },
        .contracts = w->contracts,
        .account_pools = w->account_pools,
        .instruments = w->abouts,
        .terms = random_once_in(r, 8) ? NULL : w->terms,
        .pegged = w->pegged,
        .expiries = w->expiries,
        .expiry_count = w->assets,
        .assets = w->assets,
        .fusion = w->fusion,
        .closes = random_once_in(r, 5) ? 2 : 64,
        .withdrawals = 4,
        .start_us = START_US,
    };
    if (pl_venue_check(&w->rules, &w->setup, message) != 0)
        fail_msg("%s", message);
}

/* Prices in cents. Steps: 0.001 coin; linear 0.001; inverse: 10 USD, against steps of the coin. */
static void make_contracts(struct world *w, uint64_t *r)
{
    for (uint32_t a = 0; a < w->assets; a++) {
        w->pegged[a] = random_once_in(r, 2);
        w->expiries[a] =
            (struct pl_venue_expiry){ .asset = a,
                                      .time_us = START_US + random_within(r, 0, 1000) * SECOND };
        for (uint32_t k = 0; k < PER_ASSET; k++) {
            const uint32_t i = a * PER_ASSET + k;
            w->contracts[i] =
                (struct pl_contract){ .pool = a % w->pools, .numerator = 1000, .denominator = 1 };
            w->abouts[i] = (struct pl_venue_instrument){ .asset = a,
                                                         .coin = k == INVERSE ? a * PER_ASSET
                                                                              : PL_VENUE_NONE };
            if (k == COIN) {
                w->terms[i].kind = random_once_in(r, 3) ? PL_VENUE_OWED : PL_VENUE_COLLATERAL;
                w->terms[i].yield = (uint32_t)random_below(r, PL_VENUE_YIELDS);
                w->terms[i].yield_q40 = random_within(r, 0, pl_accrual_defaults.growth_max_q40);
            }
            if (k == LINEAR || k == INVERSE)
                w->terms[i].kind = PL_VENUE_PERPETUAL;
            if (k == FUTURE || k == PUT)
                w->terms[i] = (struct pl_venue_terms){
                    .kind = PL_VENUE_EXPIRY,
                    .expiry = a,
                    .payoff = { .kind = k == PUT ? PL_KIND_OPTION : PL_KIND_FUTURE,
                                .is_put = true,
                                .strike = random_within(r, 200000, 6000000) },
                };
        }
    }
}

/* Marks: the venue's own; else the fused price; of the inverse one what ten dollars of coin are
 * worth, owed. */
static int64_t mark_of(const struct world *w, uint32_t i)
{
    bool known;
    if (w->setup.terms != NULL && i % PER_ASSET == COIN)
        return pl_venue_mark(w->venue, i, &known);
    const int64_t price = pl_venue_fused(w->venue, w->abouts[i].asset)->now.price;
    if (i % PER_ASSET == PUT)
        return pl_max64(w->terms[i].payoff.strike - price, 0);
    return i % PER_ASSET == INVERSE ? -1000000 : price;
}

static int64_t magnitude(int64_t x)
{
    return x < 0 ? -x : x;
}

/* A part of a position's notional, up. */
static int64_t part(int64_t notional_e8, long double part)
{
    return (int64_t)ceill((long double)notional_e8 * part) + 1;
}

/* What add-ons ask, as far as their roundings; the venue's own count stays below it. */
static int64_t added(const struct world *w, uint32_t instrument, int64_t notional_e8, bool initial)
{
    const struct pl_addon_rules *r = &w->rules.addon;
    const struct pl_ledger *l = pl_venue_ledger(w->venue);
    const long double one = PL_COEFFICIENT_ONE;
    uint32_t flags = 0;
    long double share = (long double)notional_e8 / (long double)r->position_unit_e8 *
                        (long double)r->position_slope_q40 / one;
    share = fminl(share, (long double)r->position_max_q40 / one);
    const int64_t open =
        magnitude(pl_ledger_value(l, instrument, (int64_t)pl_ledger_open_interest(l, instrument),
                                  mark_of(w, instrument), &flags));
    if (initial && (w->setup.terms == NULL || instrument % PER_ASSET != COIN))
        share += (long double)r->interest_max_q40 / one *
                 fminl(1, (long double)open / (long double)r->interest_high_e8);
    return part(notional_e8, share + 0x1p-38L);
}

/* Maintenance 5 %, initial 8 % of the notional. */
static void judge(struct world *w, uint32_t account, struct pl_venue_input *in)
{
    const struct pl_ledger *l = pl_venue_ledger(w->venue);
    uint32_t count, flags = 0, limited = 0;
    const struct pl_ledger_entry *p = pl_ledger_positions(l, account, &count);
    int64_t notional = 0, equity = pl_ledger_cash(l, account, 0), maintenance = 0, initial = 0;
    for (uint32_t k = 0; k < count; k++) {
        const uint32_t i = pl_ledger_instrument(l, &p[k]);
        const int64_t value = pl_ledger_value(l, i, p[k].amount, mark_of(w, i), &flags);
        equity = pl_money_add(equity, value, &flags);
        notional = pl_money_add(notional, magnitude(value), &flags);
        maintenance = pl_money_add(maintenance, added(w, i, magnitude(value), false), &flags);
        initial = pl_money_add(initial, added(w, i, magnitude(value), true), &flags);
    }
    if (flags != 0)
        equity = notional = 0;
    *in = input(PL_VENUE_VERDICT, account);
    in->as.verdict.equity_e8 = equity;
    in->as.verdict.maintenance_excess_e8 = pl_money_add(equity, -(notional / 20), &limited);
    in->as.verdict.initial_excess_e8 =
        pl_money_add(equity, -(int64_t)((pl_i128)notional * 2 / 25), &limited);
    in->as.verdict.position_version = pl_venue_version(w->venue);
    in->as.verdict.state = flags != 0                                 ? PL_STATE_INDETERMINATE
                           : equity < 0                               ? PL_STATE_BANKRUPT
                           : in->as.verdict.maintenance_excess_e8 < 0 ? PL_STATE_LIQUIDATE
                           : in->as.verdict.initial_excess_e8 < 0     ? PL_STATE_MARGIN_CALL
                                                                      : PL_STATE_HEALTHY;
    w->judged[account] = (uint8_t)in->as.verdict.state;
    w->judged_excess[account] = in->as.verdict.initial_excess_e8;
    if (flags == 0 && in->as.verdict.state == PL_STATE_HEALTHY &&
        in->as.verdict.initial_excess_e8 < initial)
        w->judged[account] = PL_STATE_MARGIN_CALL; /* or may be */
    if (flags == 0 && in->as.verdict.state <= PL_STATE_MARGIN_CALL &&
        in->as.verdict.maintenance_excess_e8 < maintenance)
        w->judged[account] = PL_STATE_LIQUIDATE;
}

#endif
