/* Inside the venue: its state, and what its files share.
 *
 * venue_setup.c     rules, memory        venue.c          inputs, what is known
 * venue_prices.c    reports, ticks       venue_accounts.c verdicts, plans
 * venue_closes.c    closes, fills        venue_expiries.c settlement at the average
 * venue_funding.c   funding of perpetuals venue_sessions.c bad debt: repaid, socialised
 * venue_auction.c   auctions, bids       venue_losses.c   waterfall
 * venue_money.c     deposits, what is paid at a price from outside
 * venue_withdrawals.c                    venue_yield.c    indices of coins that bear yield
 * venue_coins.c     marks of coins       venue_parameters.c volatility, widths, add-ons */
#ifndef PL_DECIDE_VENUE_STATE_H
#define PL_DECIDE_VENUE_STATE_H

#include "attribution.h"
#include "venue.h"

/* A parameter, and what was told of it. */
struct pl_venue_parameter {
    struct pl_parameter moving;
    int64_t in_force_q40;
};

struct pl_venue_asset {
    struct pl_fusion_rules rules;
    struct pl_fusion fusion;
    struct pl_breaker breaker;
    struct pl_fused fused;
    uint32_t quality, allowed;
    struct pl_pegged_rate rate;
    struct pl_pegged_mark coin; /* what its coins count; not pegged: the market */
    uint32_t coin_quality, coin_allowed;
    int64_t coin_source_us;
    struct pl_volatility volatility;
    struct pl_venue_parameter width, haircut;
    bool pegged;
    uint8_t reserved[7];
};

struct pl_venue_ending {
    struct pl_settlement settlement;
    uint32_t asset;
    bool over;    /* its time has come */
    bool decides; /* somebody must say what it is worth */
    uint8_t reserved[10];
};

struct pl_venue_pool {
    int64_t ended_us; /* its last session */
    bool waits;       /* for prices; it is told */
    uint8_t reserved[7];
};

struct pl_venue_contract {
    struct pl_venue_instrument about;
    struct pl_venue_terms terms;
    struct pl_accrual accrual;
    struct pl_throttle closed;
};

/* Out: sent, not yet filled or cancelled. */
struct pl_venue_out {
    uint32_t next, instrument; /* next of the account, or of the free ones */
    int64_t steps, limit;
    bool buys;
    uint8_t reserved[7];
};

struct pl_venue_account {
    struct pl_liquidation liquidation;
    struct pl_auction auction;
    struct pl_auction_book book; /* by the last verdict */
    int64_t equity_e8, notional_e8;
    int64_t initial_excess_e8; /* by the last verdict, less add-ons */
    int64_t judged_us;
    uint64_t changed_version; /* of the last change of its positions or cash */
    uint32_t first_out;
    uint8_t verdict, held; /* enum pl_liquidation_reason told last */
    bool planning, priced; /* a verdict of what it holds now is known */
    bool verdict_known;
    bool raised;     /* add-ons make it worse than the model's */
    bool unmeasured; /* what came in had no mark: nobody knows what it gained in this session */
    uint8_t reserved[5];
};

struct pl_venue {
    struct pl_venue_rules rules;
    uint32_t assets, instruments, accounts, closes, withdrawals_room, endings;
    uint32_t free_out;
    size_t assets_at, contracts_at, marks_at, known_at, accounts_at, outs_at, waterfall_at,
        withdrawals_at, endings_at, fundings_at, pools_at, sessions_at, ledger_at, state_bytes;
    size_t gains_at, equities_at, slices_at, healthy_at, candidates_at, shares_at, order_at,
        outcomes_at;
    uint64_t version;
    int64_t time_us;
    int64_t liquidated_e8;  /* since the last tick */
    int64_t funding_due_us; /* the next payment; INT64_MAX: there are no perpetuals */
    int64_t ticked_us;
    struct pl_throttle closed;
    struct pl_breaker breaker;
};

static inline void *pl_venue_at(const struct pl_venue *v, size_t offset)
{
    return (unsigned char *)(uintptr_t)v + offset;
}
#define PL_VENUE_PART(type, name, offset)                                                          \
    static inline type *name(const struct pl_venue *v)                                             \
    {                                                                                              \
        return (type *)pl_venue_at(v, v->offset);                                                  \
    }
PL_VENUE_PART(struct pl_venue_asset, pl_venue_assets, assets_at)
PL_VENUE_PART(struct pl_venue_contract, pl_venue_contracts, contracts_at)
PL_VENUE_PART(int64_t, pl_venue_marks, marks_at)
PL_VENUE_PART(uint8_t, pl_venue_known, known_at)
PL_VENUE_PART(struct pl_venue_account, pl_venue_accounts, accounts_at)
PL_VENUE_PART(struct pl_venue_out, pl_venue_outs, outs_at)
PL_VENUE_PART(struct pl_waterfall, pl_venue_waterfall, waterfall_at)
PL_VENUE_PART(struct pl_withdrawals, pl_venue_withdrawals, withdrawals_at)
PL_VENUE_PART(struct pl_venue_ending, pl_venue_endings, endings_at)
PL_VENUE_PART(struct pl_funding, pl_venue_fundings, fundings_at)
PL_VENUE_PART(struct pl_venue_pool, pl_venue_pools, pools_at)
PL_VENUE_PART(struct pl_attribution, pl_venue_sessions, sessions_at)
PL_VENUE_PART(struct pl_ledger, pl_venue_book, ledger_at)
#undef PL_VENUE_PART

/* An input being applied. */
struct pl_venue_work {
    struct pl_venue *v;
    const struct pl_venue_input *in;
    struct pl_venue_action *actions;
    uint32_t count;
    uint32_t state; /* of a verdict, with add-ons */
    int64_t maintenance_excess_e8, initial_excess_e8;
    struct pl_venue_addons addons;
};

/* Adds an action of the input's account (PL_VENUE_NONE: none), to be filled in further. */
struct pl_venue_action *pl_venue_act(struct pl_venue_work *w, enum pl_venue_action_kind kind,
                                     uint32_t account, uint32_t reason);
void pl_venue_refuse(struct pl_venue_work *w, enum pl_venue_reason reason, int64_t value);

bool pl_venue_empty(const struct pl_venue *v, uint32_t account);
/* Every mark of what the account holds is known. */
bool pl_venue_marked(const struct pl_venue *v, uint32_t account);
/* The instrument's expiry is reached. */
bool pl_venue_expired(const struct pl_venue *v, uint32_t instrument);
/* Positions or cash of an account have changed. */
void pl_venue_changed(struct pl_venue *v, uint32_t account);
/* Those of any account may have. */
void pl_venue_all_changed(struct pl_venue *v);

void pl_venue_take_report(struct pl_venue_work *w);
void pl_venue_take_tick(struct pl_venue_work *w);
void pl_venue_take_verdict(struct pl_venue_work *w);
void pl_venue_take_close(struct pl_venue_work *w);
void pl_venue_take_planned(struct pl_venue_work *w);
void pl_venue_take_fill(struct pl_venue_work *w);
void pl_venue_take_cancelled(struct pl_venue_work *w);
void pl_venue_take_bid(struct pl_venue_work *w);
void pl_venue_take_money(struct pl_venue_work *w);
void pl_venue_take_redemption(struct pl_venue_work *w);
void pl_venue_take_implied(struct pl_venue_work *w);
void pl_venue_take_rate(struct pl_venue_work *w);
void pl_venue_take_index(struct pl_venue_work *w);
void pl_venue_take_withdrawal(struct pl_venue_work *w);

static inline bool pl_venue_is_coin(const struct pl_venue_contract *c)
{
    return c->terms.kind == PL_VENUE_COLLATERAL || c->terms.kind == PL_VENUE_OWED;
}

/* The volatility of a fresh price, and the parameters that follow it. */
void pl_venue_move_parameters(struct pl_venue_work *w, uint32_t asset);
/* The input's verdict with add-ons, into the work. */
void pl_venue_add_on(struct pl_venue_work *w);

/* What an asset's coins count, after its market was graded; marks of all coins, or of one. */
void pl_venue_weigh_coin(struct pl_venue_work *w, uint32_t asset);
void pl_venue_mark_coins(struct pl_venue_work *w);
void pl_venue_mark_coin(struct pl_venue *v, uint32_t instrument);
/* Steps came from outside: what they are worth is no gain. */
void pl_venue_came_in(struct pl_venue *v, uint32_t account, uint32_t instrument, int64_t steps);
/* Bad debts: paid by their funds, spread at the end of a session; by the marks before this tick. */
void pl_venue_end_sessions(struct pl_venue_work *w);
/* A verdict of what the account holds now, at the prices of the last tick, that is healthy. */
bool pl_venue_healthy(const struct pl_venue *v, uint32_t account);

/* Pays what is due by now, before anything else happens. */
void pl_venue_fund(struct pl_venue_work *w);
/* Brings the funding of an instrument up to now: before it is traded, marked or ended. */
void pl_venue_accrue(struct pl_venue_work *w, uint32_t instrument);
/* Of everything that an account holds. */
void pl_venue_accrue_held(struct pl_venue_work *w, uint32_t account);
/* A mark that funding goes on with; false: it cannot. */
bool pl_venue_fund_at(struct pl_venue_work *w, uint32_t instrument, int64_t mark);
/* Pays what accrued of an instrument that ends now; false: the ledger refuses it. */
bool pl_venue_end_funding(struct pl_venue_work *w, uint32_t instrument);
/* What goes with `steps` > 0 from seller to buyer; false: it does not fit. */
bool pl_venue_carry(struct pl_venue_work *w, uint32_t buyer, uint32_t seller, uint32_t instrument,
                    int64_t steps, struct pl_movement *movement);
/* What `steps` (signed) owe since the last payment; below 0: they will get. Away from zero. */
int64_t pl_venue_owed(const struct pl_venue *v, uint32_t instrument, int64_t steps,
                      uint32_t *flags);

/* What a share of a coin is worth at a price of its asset: held down, owed up. */
int64_t pl_venue_share(const struct pl_venue_contract *coin, int64_t price, uint32_t *flags);
/* Yield by rate, up to now. */
void pl_venue_grow(struct pl_venue *v, uint32_t instrument);

/* Prices of this tick into the averages, and the settlement of what expires. */
void pl_venue_expire(struct pl_venue_work *w);
/* What is out of an instrument is out no more. */
void pl_venue_void_closes(struct pl_venue_work *w, uint32_t instrument);

/* Starts the auction of the input's account; moves it on. */
void pl_venue_sell(struct pl_venue_work *w, enum pl_liquidation_reason reason);
void pl_venue_auction_step(struct pl_venue_work *w);
/* Who pays for an account below zero; nothing while it holds positions, unless they are
 * offloaded. */
void pl_venue_lose(struct pl_venue_work *w, uint32_t account, bool offload);

#endif
