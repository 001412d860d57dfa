/* The venue: prices, accounts and money joined in one state machine.
 *
 *   (state, input with its time, verdicts) -> (state, actions)
 *
 * Inputs come one after the other; each is a fixed record (struct pl_venue_input), and so is each
 * action. The machine evaluates nothing: verdicts are brought along, from any device, and so are
 * the plans of partial liquidations (decide/partial.h on decide/what_if.h), as they need the model.
 * One tick looks like this:
 *
 *   REPORT of every source -> TICK -> MARK of every instrument -> VERDICT of every account
 *     action PLAN: the caller plans -> CLOSE for each position -> PLANNED -> FILL or CANCELLED
 *     action AUCTION: whoever wants brings BID, a VERDICT between two of them
 *
 * It owns the ledger: whatever is accepted keeps its conservation, and whatever is refused changes
 * nothing but the time, and what is due by it. docs/decide/venue.md has the order of things. Pure,
 * without allocation, in one piece of memory without pointers, that memcpy copies. Money is of one
 * currency (the venue's settlement currency), 1e-8; prices of the ledger are those of its
 * contracts. */
#ifndef PL_DECIDE_VENUE_H
#define PL_DECIDE_VENUE_H

#include "accrual.h"
#include "deleverage.h"
#include "funding.h"
#include "fusion.h"
#include "liquidation.h"
#include "parameters.h"
#include "pegged.h"
#include "permission.h"
#include "settlement.h"
#include "socialised.h"
#include "volatility.h"
#include "waterfall.h"
#include "withdrawal.h"

#define PL_VENUE_MESSAGE_BYTES 256
#define PL_VENUE_ASSETS_MAX 256
#define PL_VENUE_CLOSES_MAX 1048576
#define PL_VENUE_EXPIRIES_MAX 65536
#define PL_VENUE_NONE UINT32_MAX

struct pl_venue_rules {
    struct pl_permission_rules permission;
    struct pl_breaker_rules breaker, venue_breaker;
    struct pl_liquidation_rules liquidation;
    struct pl_auction_rules auction;
    struct pl_waterfall_rules waterfall;
    struct pl_withdrawal_rules withdrawal;
    struct pl_pegged_rules pegged;
    struct pl_volatility_rules volatility;
    struct pl_parameter_rules width, haircut; /* of every asset */
    struct pl_addon_rules addon;              /* of every position; default: none */
    int64_t grain_q40; /* of what is told of a width or haircut: a model is loaded for each; 0.01 %
                          .. 5 %; default 0.5 % */
    struct pl_settlement_rules settlement;
    struct pl_funding_rules funding;
    struct pl_accrual_rules accrual;
    struct pl_socialised_rules socialised; /* with a ledger that keeps flows: they say who gained */
    bool calls;                            /* margin calls, whose deadline liquidates */
    bool auctions; /* false: what would be auctioned is planned like a part, to be closed at market
                    */
    uint8_t reserved[6];
};
/* The defaults of every part. */
void pl_venue_defaults(struct pl_venue_rules *rules);

struct pl_venue_instrument {
    uint32_t asset; /* whose price it rests on */
    uint32_t coin;  /* a coin-settled contract is traded against steps of this instrument, of the
                       same pool; PL_VENUE_NONE: against cash */
};

/* What the venue itself does for an instrument. */
enum pl_venue_terms_kind {
    PL_VENUE_MARKED,     /* nothing: MARK says what a step is worth */
    PL_VENUE_COLLATERAL, /* a coin: each TICK marks it at its asset's price; of a pegged asset, at
                            what it counts as collateral (decide/pegged.h) */
    PL_VENUE_OWED,       /* the same of coins that are owed: at what they count as a debt */
    PL_VENUE_EXPIRY, /* MARK says what a step is worth; the first TICK at its expiry settles it at
                        the average of its asset's price before that */
    PL_VENUE_PERPETUAL, /* MARK says what a step is worth; funding accrues at the rate that RATE
                           says and is paid when it is due; who trades takes over what accrued */
    PL_VENUE_TERMS
};

/* A coin that bears yield is held in shares, worth its asset's price times an index. */
enum pl_venue_yield {
    PL_VENUE_NO_YIELD,
    PL_VENUE_BY_RATE,  /* yield_q40, from TICK to TICK */
    PL_VENUE_BY_INDEX, /* as its issuer reports: INDEX */
    PL_VENUE_YIELDS
};

struct pl_venue_terms {
    uint32_t kind;
    uint32_t yield;    /* COLLATERAL, OWED */
    int64_t yield_q40; /* per year; BY_RATE: 0 .. the rules' growth_max_q40 */
    uint32_t expiry;   /* EXPIRY: of the set-up's expiries */
    uint32_t reserved;
    struct pl_payoff payoff; /* EXPIRY: of a price of its asset */
};

struct pl_venue_expiry {
    uint32_t asset, reserved;
    int64_t time_us;
};

struct pl_venue_setup {
    struct pl_ledger_size size; /* one currency, open */
    const struct pl_contract *contracts;
    const uint32_t *account_pools; /* NULL: all in pool 0 */
    const struct pl_venue_instrument *instruments;
    const struct pl_venue_terms *terms;   /* per instrument; NULL: all are marked from outside */
    uint32_t assets;                      /* quote assets first */
    const struct pl_fusion_rules *fusion; /* per asset */
    const bool *pegged;                   /* per asset: it can be redeemed; NULL: none */
    const struct pl_venue_expiry *expiries;
    uint32_t expiry_count; /* up to 65,536 */
    uint32_t closes;       /* that may be out at once */
    uint32_t withdrawals;  /* that may wait at once */
    int64_t start_us;
};

/* Of grain_q40 alone: 0, or -EINVAL and the field with its limits in `message`. */
int pl_venue_grain_check(const struct pl_venue_rules *rules, char *message);
/* 0, or -EINVAL and what is outside its limits in `message`. */
int pl_venue_check(const struct pl_venue_rules *rules, const struct pl_venue_setup *setup,
                   char message[PL_VENUE_MESSAGE_BYTES]);

struct pl_venue;
size_t pl_venue_bytes(const struct pl_venue_setup *setup);
/* In memory of that size, aligned to 16; what `setup` points to is copied. Both were checked. */
struct pl_venue *pl_venue_create(void *memory, const struct pl_venue_rules *rules,
                                 const struct pl_venue_setup *setup);
/* The state that the next input meets: the first bytes of the memory; behind is room to work. */
size_t pl_venue_state_bytes(const struct pl_venue *venue);

enum pl_venue_kind {
    PL_VENUE_REPORT,  /* of a source */
    PL_VENUE_TICK,    /* fuses every price, steps every breaker */
    PL_VENUE_MARK,    /* of an instrument, in its ledger's unit */
    PL_VENUE_VERDICT, /* of an account */
    PL_VENUE_CLOSE,   /* of a plan */
    PL_VENUE_PLANNED, /* the plan has no more closes; none at all: there is no plan */
    PL_VENUE_FILL,
    PL_VENUE_CANCELLED, /* what is out of an account's closes */
    PL_VENUE_BID,
    PL_VENUE_DEPOSIT,  /* to an account or a fund, from outside */
    PL_VENUE_OPEN,     /* a position comes from outside, its cost is in the cash */
    PL_VENUE_WITHDRAW, /* request */
    PL_VENUE_RELEASE,  /* of withdrawals that are due */
    PL_VENUE_FUND,     /* funding: each step held pays what a price is worth; not of a PERPETUAL */
    PL_VENUE_SETTLE,   /* each step is worth a price, and gone; of an EXPIRY: only where the venue
                          could not */
    PL_VENUE_REDEMPTION, /* what redeeming an asset pays */
    PL_VENUE_IMPLIED,    /* volatility of an asset, per year, by its options */
    PL_VENUE_RATE,       /* of funding, per interval, from now on */
    PL_VENUE_TAKE_BACK,  /* a withdrawal that waits, by its account */
    PL_VENUE_INDEX,      /* of a coin that bears yield, by its issuer */
    PL_VENUE_WRITE_DOWN, /* the same, lower, by decision: its issuer lost something */
    PL_VENUE_KINDS
};

struct pl_venue_input {
    int64_t time_us; /* never decreases */
    uint32_t kind;
    uint32_t account; /* REPORT, REDEMPTION, IMPLIED: asset; DEPOSIT: holder */
    union {
        struct {
            uint32_t source, reserved;
            struct pl_fusion_report report; /* it arrives at time_us */
        } report;
        struct {
            uint32_t instrument, known;
            int64_t price;
        } mark; /* also of FUND and SETTLE */
        struct {
            uint32_t state, reserved;  /* PL_STATE_* */
            uint64_t position_version; /* pl_venue_version() when it was submitted */
            int64_t equity_e8, maintenance_excess_e8, initial_excess_e8;
        } verdict;
        struct {
            uint32_t instrument, reserved;
            int64_t steps;    /* CLOSE, FILL: without sign; OPEN: signed */
            int64_t price;    /* CLOSE: limit (coin-settled: none); FILL: price; a coin-settled
                                 contract: steps of coin for all `steps` */
            int64_t value_e8; /* notional at mark: throttles and penalty */
        } close;
        struct {
            uint32_t bidder, reserved; /* account of the pool, or the outside */
            int64_t want_q40, price_max_e8, bidder_excess_e8;
        } bid;
        struct {
            int64_t amount_e8;
            int64_t free_e8; /* WITHDRAW: initial excess and cash allow it */
        } money;
        struct pl_pegged_rate redemption;
        struct {
            uint32_t instrument, reserved; /* not of IMPLIED */
            int64_t value_q40;
        } number; /* IMPLIED, RATE, INDEX, WRITE_DOWN */
        struct {
            uint64_t id;
        } withdrawal; /* TAKE_BACK */
    } as;
};

enum pl_venue_action_kind {
    PL_VENUE_BREAKER,       /* `reason`; steps: state before, price: state now */
    PL_VENUE_CALL,          /* margin call; other: deadline, us */
    PL_VENUE_CLEAR,         /* of it */
    PL_VENUE_HELD,          /* below the line, but nothing is done; told when the reason changes */
    PL_VENUE_CANCEL_ORDERS, /* of the account, before everything below */
    PL_VENUE_PLAN,          /* plan; steps 1: to the initial requirement, 2: everything; value:
                               notional that the throttles leave, other: what add-ons ask beyond
                               the model's requirement of that target */
    PL_VENUE_SEND_CLOSE,    /* instrument, steps (signed as the order: below 0 sells), price: limit,
                               value: notional */
    PL_VENUE_CANCEL_CLOSES,
    PL_VENUE_FILLED,        /* instrument, steps (signed as the order), price, value: notional */
    PL_VENUE_PENALTY,       /* value: paid, other: of it to the fund; the rest to the fees */
    PL_VENUE_AUCTION,       /* starts; value: equity */
    PL_VENUE_AUCTION_EVENT, /* `reason`: enum pl_auction_event; steps: leg; value: proceeds */
    PL_VENUE_BOUGHT, /* instrument: the bidder; steps: fraction, Q.40; price: paid (below 0: got);
                        value: what it was worth at the marks; other: paid by the fund */
    PL_VENUE_BID_REFUSED,
    PL_VENUE_OFFLOAD,     /* nobody bid */
    PL_VENUE_COVERED,     /* value: the fund paid */
    PL_VENUE_DELEVERAGED, /* instrument, steps closed, value: loss taken over, other: candidates */
    PL_VENUE_IMPOSED,     /* by each policy (`reason`): steps: accounts; value: largest relative
                             loss, other: regret, both Q.40 */
    PL_VENUE_DEBT,        /* value: booked */
    PL_VENUE_OPEN_LOSS,   /* value: missing, with positions left */
    PL_VENUE_RECALLED, /* withdrawals given back to an account that falls short; steps: how many */
    PL_VENUE_QUEUED,   /* withdrawal; steps: its id, value */
    PL_VENUE_RELEASED,
    PL_VENUE_WAITS,   /* a withdrawal that is due; `reason` */
    PL_VENUE_SETTLED, /* FUND, SETTLE, or a TICK at an expiry: instrument, price; `reason`: which;
                         other, of an average: microseconds that it rests on */
    PL_VENUE_REFUSED, /* the input; `reason`: enum pl_venue_reason; steps: its kind */
    PL_VENUE_PEGGED,  /* what a pegged asset counts rests on something else now: `reason`; price: as
                         collateral, value: as a debt, other: gap of market and rate, Q.40 */
    PL_VENUE_WIDTH,   /* of an asset's scenarios, to be loaded: price, before it: steps, where it
                         goes: value; other: volatility; `reason`: the estimator that is followed */
    PL_VENUE_HAIRCUT, /* of an asset as collateral; the same */
    PL_VENUE_ADDED,   /* add-ons make the verdict worse: value: maintenance, other: initial ones;
                         price: PL_STATE_* of the model */
    PL_VENUE_UNSETTLED,  /* somebody must decide: `reason`; steps: expiry; instrument, or all of it;
                            other: microseconds that the average would rest on */
    PL_VENUE_VOIDED,     /* closes of an instrument that is settled; steps: how many */
    PL_VENUE_FUNDED,     /* a payment was due: instrument, price: mark; other: rate; `reason`: done,
                            or why not: then it is tried again when the next one is due */
    PL_VENUE_RATED,      /* rate of an instrument: other; `reason`: as told, or limited */
    PL_VENUE_REPAID,     /* bad debt by its fund; steps: pool, value */
    PL_VENUE_SOCIALISED, /* the session of a pool with bad debt ends: steps: pool, price: owed,
                            value: of it borne, other: part of the gains, Q.40; `reason`: what is
                            left */
    PL_VENUE_BORNE,      /* by an account: value; other: its gain */
    PL_VENUE_TAKEN_BACK, /* withdrawal; steps: its id */
    PL_VENUE_INDEXED,    /* instrument; price: index now, other: as reported, Q.40; `reason` */
    PL_VENUE_WRITTEN_DOWN, /* instrument; price: index now, other: before */
    PL_VENUE_ACTIONS
};
const char *pl_venue_action_name(enum pl_venue_action_kind kind);

/* Why an input was refused. */
enum pl_venue_reason {
    PL_VENUE_OK,
    PL_VENUE_TIME_BACK,
    PL_VENUE_UNKNOWN,    /* no such kind, account, asset, instrument, source or holder */
    PL_VENUE_AMOUNT,     /* an amount, price or number of steps that cannot be */
    PL_VENUE_NOT_ASKED,  /* no plan was asked for, no such close is out, no auction runs */
    PL_VENUE_BEYOND,     /* more than is held, than is out, or than the limit allows */
    PL_VENUE_THROTTLED,  /* the instrument's window is full */
    PL_VENUE_NO_ROOM,    /* too many closes are out */
    PL_VENUE_NOT_PRICED, /* a mark that is needed is not known */
    PL_VENUE_FORBIDDEN,  /* the prices do not permit it now */
    PL_VENUE_OLD,        /* a verdict of positions that have changed */
    PL_VENUE_LEDGER,     /* the ledger cannot hold it */
    PL_VENUE_FUND_SHORT, /* the fund may not pay as much */
    PL_VENUE_IGNORED,    /* the report: `value` of the action holds enum pl_fusion_reason */
    PL_VENUE_DENIED,     /* the withdrawal: `value` of the action holds enum pl_withdrawal_reason */
    PL_VENUE_OWN,        /* the venue does that itself for this instrument */
    PL_VENUE_EXPIRED,    /* the instrument's expiry is reached */
    PL_VENUE_HEALTHY,    /* the account is healthy again */
    PL_VENUE_REASONS
};
const char *pl_venue_reason(enum pl_venue_reason reason);

/* At which price an instrument was paid. */
enum pl_venue_price { PL_VENUE_GIVEN, PL_VENUE_AVERAGE, PL_VENUE_PRICES };
const char *pl_venue_price(enum pl_venue_price price);

/* What becomes of a bad debt at a session's end. */
enum pl_venue_session {
    PL_VENUE_ALL_BORNE,
    PL_VENUE_STANDS,   /* the gains do not cover it */
    PL_VENUE_UNPRICED, /* it waits: a price of what the pool holds does not permit it */
    PL_VENUE_SESSIONS
};
const char *pl_venue_session(enum pl_venue_session session);

/* Which volatility a width or haircut follows: the largest. */
enum pl_venue_estimator {
    PL_VENUE_NO_VOLATILITY,
    PL_VENUE_RETURNS,
    PL_VENUE_RANGES,
    PL_VENUE_OPTIONS,
    PL_VENUE_ESTIMATORS
};
const char *pl_venue_estimator(enum pl_venue_estimator estimator);

/* A record of 64 bytes, little-endian as it lies in memory on the machines that this runs on. */
struct pl_venue_action {
    int64_t time_us;
    uint32_t account;    /* BREAKER, PEGGED, WIDTH, HAIRCUT: asset; PL_VENUE_NONE: the venue's */
    uint32_t instrument; /* or PL_VENUE_NONE */
    uint16_t kind;
    uint16_t reason;  /* of the kind: pl_venue_action_reason() */
    uint8_t quality;  /* enum pl_quality, the least of the prices that the account rests on */
    uint8_t state;    /* enum pl_liquidation_state after it */
    uint16_t verdict; /* PL_STATE_* that it rests on */
    int64_t steps, price, value_e8, other;
    int64_t age_us; /* of the oldest of those prices; -1: there is none */
};
/* What `reason` says in an action of that kind. */
const char *pl_venue_action_reason(const struct pl_venue_action *action);

/* The most actions that one input causes. */
uint32_t pl_venue_actions_max(const struct pl_venue *venue);

/* Applies one input; `actions` has room for pl_venue_actions_max(). Returns how many. */
uint32_t pl_venue_apply(struct pl_venue *venue, const struct pl_venue_input *input,
                        struct pl_venue_action *actions);

/* What the machine knows. */
struct pl_ledger *pl_venue_ledger(struct pl_venue *venue);
uint64_t pl_venue_version(const struct pl_venue *venue); /* rises with every change of positions */
const struct pl_liquidation *pl_venue_account(const struct pl_venue *venue, uint32_t account);
const struct pl_auction *pl_venue_auction(const struct pl_venue *venue, uint32_t account);
int64_t pl_venue_mark(const struct pl_venue *venue, uint32_t instrument, bool *known);
const struct pl_fused *pl_venue_fused(const struct pl_venue *venue, uint32_t asset);
/* enum pl_action, or'ed: what the prices and breakers allow for an asset by its market, for an
 * instrument (redemption may bound what a coin is worth), or for an account: all that it holds. */
uint32_t pl_venue_allowed(const struct pl_venue *venue, uint32_t asset);
uint32_t pl_venue_instrument_allowed(const struct pl_venue *venue, uint32_t instrument);
/* What a pegged asset counts by its last TICK. */
const struct pl_pegged_mark *pl_venue_pegged(const struct pl_venue *venue, uint32_t asset);
uint32_t pl_venue_account_allowed(const struct pl_venue *venue, uint32_t account);
/* What an asset's scenario width and haircut are by the last TICK: what was told last. */
int64_t pl_venue_width(const struct pl_venue *venue, uint32_t asset);
int64_t pl_venue_haircut(const struct pl_venue *venue, uint32_t asset);
/* What concentration asks of an account beyond the model's maintenance requirement; with open
 * interest, beyond its initial one. Limited, with PL_FLAG_OVERFLOW in *flags. */
struct pl_venue_addons {
    int64_t maintenance_e8, initial_e8;
};
struct pl_venue_addons pl_venue_addons(const struct pl_venue *venue, uint32_t account,
                                       uint32_t *flags);
/* The same of one position of so many steps. */
struct pl_venue_addons pl_venue_addon(const struct pl_venue *venue, uint32_t instrument,
                                      int64_t steps, uint32_t *flags);
/* The average that settles an expiry, rounded down, of a price of its asset. False: no TICK has
 * reached it yet, or it rests on too little. */
bool pl_venue_average(const struct pl_venue *venue, uint32_t expiry, int64_t *price);
/* What a share of a coin is worth in its asset, Q.40. */
int64_t pl_venue_index(const struct pl_venue *venue, uint32_t instrument);
/* Notional of an instrument that its window still lets pass. */
int64_t pl_venue_room(const struct pl_venue *venue, uint32_t instrument, int64_t time_us);
/* Steps of an account's closes that are out for an instrument. */
int64_t pl_venue_out(const struct pl_venue *venue, uint32_t account, uint32_t instrument);

#endif
