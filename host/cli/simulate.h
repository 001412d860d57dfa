/* Simulation of a book's crash: the venue of decide/venue.h, fed with the book's ticks and the
 * device's verdicts; what it orders is filled by a market-impact model, and the accounts that come
 * out of it meet the next tick.
 *
 * - simulate_market.c: impact; simulate_accounts.c: book -> ledger -> accounts
 * - simulate_orders.c: plans, fills, bids; simulate_addons.c: plans under add-ons
 * - simulate_terms.c: what the venue does for an instrument; simulate_expiries.c: settlement;
 *   simulate_funding.c: funding; simulate_parameters.c: widths and haircuts
 * - simulate_open.c: set-up; simulate_rules.c: rules (book_rules.h, options, policy);
 *   simulate_run.c: the loop
 * - simulate_apply.c: the venue's inputs, journal; simulate_log.c: what is kept of it
 * - simulate_figures.c: what it comes to; simulate.c: what it says; simulate_report*.c: its page
 */
#ifndef PL_CLI_SIMULATE_H
#define PL_CLI_SIMULATE_H

#include "acting.h"
#include "decide/venue.h"
#include "decide/what_if.h"
#include "session.h"
#include "sources.h"

enum pl_simulated_policy {
    PL_SIMULATED_MINIMAL, /* the defaults: calls, minimal parts, auctions */
    PL_SIMULATED_MARKET,  /* everything at market, as soon as an account is below its line */
    PL_SIMULATED_HALF,    /* half of everything at market, again and again */
};
#define PL_SIMULATED_POLICIES 3
extern const char *const pl_simulated_names[PL_SIMULATED_POLICIES];

/* The market absorbs its daily volume evenly. Closing q, while x is not absorbed yet, costs
 *
 *   q (spread / 2 + impact sqrt((x + q) / volume)), at most half of q
 *
 * per underlying, of the notional at mark. */
struct pl_market {
    int64_t half_spread_q40, impact_q40;
    int64_t volume_e8;
    struct pl_throttle closed;
};
/* What closing `notional_e8` at `time_us` costs, rounded up. */
int64_t pl_market_cost(const struct pl_market *market, int64_t notional_e8, int64_t time_us);
void pl_market_close(struct pl_market *market, int64_t notional_e8, int64_t time_us);

/* What happened, by the end of a tick or of all. */
struct pl_simulated {
    uint64_t calls, cleared, liquidated_accounts, saved, closes, auctions, bought, offloads, held,
        breakers, deleveraged_accounts, models_loaded;
    int64_t closed_e8;    /* notional closed at market */
    int64_t auctioned_e8; /* notional that bidders took */
    int64_t cost_e8;      /* spread and impact */
    int64_t penalty_e8;
    int64_t funding_e8;              /* paid by those who owed some */
    int64_t discount_e8;             /* what auctions were below the marks */
    int64_t fund_paid_e8;            /* to accounts and bidders */
    int64_t deleveraged_e8;          /* loss taken over */
    int64_t debt_e8;                 /* booked */
    int64_t repaid_e8;               /* of it, later by the fund */
    int64_t socialised_e8;           /* of it, borne by those who gained */
    int64_t missing_e8;              /* below zero and still open */
    int64_t fund_e8;                 /* what it holds */
    int64_t regret_q40[PL_POLICIES]; /* the largest of each deleveraging policy */
};

struct pl_simulated_tick {
    uint64_t tick;
    int64_t time_us;
    bool eventful;              /* something was liquidated, called, paid, or tripped in it */
    struct pl_simulated so_far; /* since the start */
};

/* Liquidations of which none comes more than a window after the one before. */
struct pl_cascade {
    int64_t first_us, last_us; /* of the ticks */
    uint64_t ticks;            /* with liquidations in it */
    uint64_t liquidations;     /* closes and bids */
    int64_t notional_e8;
};

/* What the report tells one by one: changes of breakers, liquidations, auctions, who paid. */
struct pl_simulation_log {
    struct pl_venue_action *actions; /* in their order */
    size_t count, capacity;
    struct pl_cascade *cascades;
    size_t cascade_count, cascade_capacity;
    bool failed; /* no memory: incomplete */
};

/* What became of an expiry. */
enum pl_simulated_settling {
    PL_SIMULATED_AHEAD,      /* not reached */
    PL_SIMULATED_AT_AVERAGE, /* by the venue */
    PL_SIMULATED_AT_PRICE,   /* at the book's: the average rests on too little */
    PL_SIMULATED_STANDS,     /* held on, without a price: the book has none either */
    PL_SIMULATED_SETTLINGS
};
extern const char *const pl_simulated_settlings[PL_SIMULATED_SETTLINGS];
struct pl_simulated_expiry {
    enum pl_simulated_settling settling;
    struct pl_decimal price;
};

/* What the model of an underlying is raised to. */
struct pl_simulated_raise {
    int64_t width_q40, haircut_q40;
};

struct pl_simulation {
    const struct pl_options *options;
    enum pl_simulated_policy policy;
    struct pl_session *session; /* on the device */
    struct pl_session *planner; /* on model: where plans are judged */
    struct pl_venue_setup setup;
    struct pl_venue_rules rules;
    struct pl_simulate_market market;
    bool follow;                       /* widths and haircuts follow volatility */
    struct pl_simulated_raise *raised; /* by underlying: as loaded; 0: not yet */
    struct pl_venue *venue;
    struct pl_acting acting;
    struct pl_venue *unheard; /* once nothing leaves: a copy that is given a tick's verdicts */
    uint64_t unheard_tick;
    struct pl_venue_action *actions;
    uint32_t action_count;
    uint32_t *expiry_of; /* by instrument: of the set-up's expiries, or PL_VENUE_NONE */
    struct pl_simulated_expiry *expiries;
    uint32_t *rates; /* by instrument: the book's rate that waits for a mark, from 1; 0: none */
    uint32_t next_rate;
    int64_t funded_us;         /* of the last payments of funding */
    int64_t *purse_e8;         /* by account: before such payments */
    int64_t *coin_scale;       /* by instrument: steps of the ledger in one of the book's */
    struct pl_market *markets; /* by underlying */
    struct pl_verdict *verdicts;
    bool *dirty, *called, *cleared, *liquidated, *orders_gone;
    bool all_dirty;
    int64_t now_us;
    struct pl_simulated so_far;
    struct pl_simulated_tick *ticks;
    size_t tick_count;
    struct pl_simulation_log log;
    struct pl_sources sources;           /* of a book that has some */
    uint64_t (*seen)[PL_FUSION_REASONS]; /* by source: ticks in which it counted, or why not */
    int64_t cascade_window_us;
    int64_t fund_least_e8, fund_start_e8;
};

/* PL_EXIT_OK, or another status after saying what is wrong. */
enum pl_exit pl_simulation_open(struct pl_simulation *s, const struct pl_options *options,
                                enum pl_simulated_policy policy);
int pl_simulation_run(struct pl_simulation *s);
/* Rules and market for the set-up, which stands but for its memory. 0, or -EINVAL after saying what
 * is wrong. */
int pl_simulation_set_rules(struct pl_simulation *s);
/* What the venue does by itself, for instruments that are set up. 0 or -ENOMEM. */
int pl_simulation_set_terms(struct pl_simulation *s);
void pl_simulation_close(struct pl_simulation *s);

/* Gives the venue an input at now_us and keeps count of what it answers; the actions stay in
 * s->actions. Once nothing leaves any more, there are none: prices and settlements still reach the
 * venue, verdicts only a copy of it, to count what is withheld. */
void pl_simulation_apply(struct pl_simulation *s, struct pl_venue_input *in);
/* The venue into the journal, if any. */
void pl_simulation_journal(struct pl_simulation *s);

/* The venue's ledger with the book's accounts; afterwards an account of the session as the ledger
 * has it. */
int pl_simulation_fill_ledger(struct pl_simulation *s);
int pl_simulation_mirror(struct pl_simulation *s, uint32_t account);
int pl_simulation_mirror_all(struct pl_simulation *s); /* those that are dirty */
void pl_simulation_open_steps(struct pl_simulation *s, uint32_t account, uint32_t instrument,
                              int64_t steps, int64_t cash_e8);
/* Room for parameters that follow volatility, and whether the model takes them. 0, -ENOMEM, or
 * another error after saying what is wrong. */
int pl_simulation_open_parameters(struct pl_simulation *s);
/* Before a TICK, where parameters follow: the volatility that the options of each underlying show,
 * next to the money in the first expiry at least a day ahead. */
void pl_simulation_imply(struct pl_simulation *s);
/* After a TICK: the model with its widths and haircuts into both devices, where they have moved. */
int pl_simulation_follow(struct pl_simulation *s);

/* After a TICK: what it has settled, and what is settled at the book's prices. 0, or -ERANGE after
 * saying what is too large. */
int pl_simulation_settle(struct pl_simulation *s);
/* After marks: rates of funding that have come. */
void pl_simulation_send_rates(struct pl_simulation *s);
/* Before anything else at now_us: payments of funding that are due. */
void pl_simulation_fund(struct pl_simulation *s);
/* Whether the expiry was reached, and the price that settled it (0: none). */
bool pl_simulation_has_expired(const struct pl_simulation *s, uint32_t expiry, int64_t *price_e8);
/* The instrument is no more. */
bool pl_simulation_is_settled(const struct pl_simulation *s, uint32_t instrument);
void pl_simulation_send_marks(struct pl_simulation *s);
/* Steps of coin, of the ledger, in `steps` of an inverse contract at a price. */
int64_t pl_simulation_coins(const struct pl_simulation *s, uint32_t instrument, int64_t steps,
                            struct pl_decimal price);

/* Keeps an action for the report, if it tells it. */
void pl_simulation_keep(struct pl_simulation_log *log, const struct pl_venue_action *action);
/* After a tick in which `now` less `before` was liquidated: the cascade goes on, or a new one
 * starts. */
void pl_simulation_cascade(struct pl_simulation_log *log, int64_t window_us, int64_t tick_us,
                           const struct pl_simulated *before, const struct pl_simulated *now);
/* The one with the largest notional; NULL: there was none. */
const struct pl_cascade *pl_simulation_largest_cascade(const struct pl_simulation_log *log);
/* The most ticks with liquidations in one. */
uint64_t pl_simulation_longest_cascade(const struct pl_simulation_log *log);

/* What it comes to, by name. */
struct pl_simulated_figure {
    const char *key, *title;
    bool money; /* else a count */
};
#define PL_SIMULATED_FIGURES 33
extern const struct pl_simulated_figure pl_simulated_figures[PL_SIMULATED_FIGURES];
/* What accounts owed beyond their assets, whoever paid it in the end; what is below zero still
 * counts. */
pl_i128 pl_simulated_shortfall(const struct pl_simulated *n);
void pl_simulation_figures(const struct pl_simulation *s, pl_i128 values[PL_SIMULATED_FIGURES]);

/* A judge of plans that adds to `model` what the venue asks beyond it of what is left. */
struct pl_addon_judge {
    const struct pl_simulation *simulation;
    uint32_t account;
    bool initial; /* reliefs are of the initial requirement */
    const struct pl_what_if *what_if;
    struct pl_partial_judge model;
};
struct pl_partial_judge pl_simulation_add_on(struct pl_addon_judge *judge);

/* After a verdict: what the account was asked for. */
void pl_simulation_plan(struct pl_simulation *s, uint32_t account, int64_t target);
void pl_simulation_bid(struct pl_simulation *s, uint32_t account, const struct pl_verdict *verdict);

#endif
