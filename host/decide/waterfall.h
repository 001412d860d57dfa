/* Who pays when an account is worth less than nothing, in this order:
 *
 *   1. the account itself: everything it has in the currency (what it has elsewhere has been sold,
 *      and its waiting withdrawals recalled, before)
 *   2. the insurance fund of its pool, as far as it may be drawn in this window
 *   3. deleveraging: the other side closes its positions and takes over the loss that is left
 *   4. once it holds no position any more: the rest of the fund, then booked bad debt, which
 *      host/decide/socialised.h spreads; while some stands, the pool's withdrawals wait
 *
 * An account that nobody can be closed against keeps its position and stays below zero: it may
 * recover, and debt is booked only when it is certain. No pool pays for another (the ledger refuses
 * it). The limit of a window keeps one crash from emptying the fund: Bybit deleverages once a
 * fund lost 30 % within 8 h. */
#ifndef PL_DECIDE_WATERFALL_H
#define PL_DECIDE_WATERFALL_H

#include <stddef.h>

#include "deleverage.h"
#include "rule.h"

#define PL_WATERFALL_POSITIONS_MAX 64 /* of one account closed in one call; others next time */

struct pl_waterfall_rules {
    int64_t fund_share_q40; /* of the fund may be drawn in a window; 0.01 .. 1; default 0.3 */
    int64_t fund_window_us; /* 1 h .. 7 days; default 8 h */
    uint32_t policy;        /* enum pl_policy; default least regret */
    uint32_t reserved;
};
extern const struct pl_waterfall_rules pl_waterfall_defaults;
/* 0, or -EINVAL and the field with its limits in `message`. */
int pl_waterfall_check(const struct pl_waterfall_rules *rules, char message[PL_RULE_MESSAGE_BYTES]);

/* How much of a fund is gone in the window that runs, per pool and currency. */
struct pl_waterfall {
    uint32_t pools, currencies;
    int64_t time_us;
};
size_t pl_waterfall_bytes(uint32_t pools, uint32_t currencies);
/* In memory of that size, aligned to 8; pools and currencies are the ledger's. */
struct pl_waterfall *pl_waterfall_create(void *memory, uint32_t pools, uint32_t currencies,
                                         int64_t time_us);

enum pl_waterfall_reason {
    PL_WATERFALL_OK,        /* nothing is missing any more */
    PL_WATERFALL_SOLVENT,   /* nothing was missing */
    PL_WATERFALL_OPEN,      /* something is missing still: positions are left, see the record */
    PL_WATERFALL_BOOKED,    /* the rest became bad debt */
    PL_WATERFALL_TIME_BACK, /* the time is before the last one: nothing is done */
    PL_WATERFALL_VALUE,     /* the account cannot be valued: nothing is done */
    PL_WATERFALL_LEDGER,    /* the ledger refused: record.why; what was done before stands */
};
const char *pl_waterfall_reason(enum pl_waterfall_reason reason);

struct pl_waterfall_close {
    uint32_t instrument;
    uint32_t candidates;
    struct pl_deleverage need;
    int64_t steps;   /* closed */
    int64_t loss_e8; /* of need.loss_e8, taken over with them */
    struct pl_imposed imposed[PL_POLICIES];
};

struct pl_waterfall_record {
    uint32_t account, pool, currency;
    uint32_t closes;       /* of `closed` */
    int64_t missing_e8;    /* after everything the account itself had */
    int64_t fund_e8;       /* from the fund, first and last draw together */
    int64_t deleverage_e8; /* taken over by those who were closed */
    int64_t residue_e8;    /* roundings given back */
    int64_t debt_e8;       /* booked */
    int64_t left_e8;       /* still missing, with positions left */
    enum pl_ledger_reason why;
    struct pl_waterfall_close closed[PL_WATERFALL_POSITIONS_MAX];
};

/* What is brought along. */
struct pl_waterfall_input {
    int64_t time_us;
    const int64_t *marks;       /* per instrument */
    const int64_t *equities_e8; /* per account, of candidates; NULL: in the currency, by marks */
    bool may_deleverage;        /* prices and breakers allow it */
    struct pl_funding *funding; /* per instrument, brought up to time_us; NULL: none */
    const struct pl_funding_rules *funding_rules;
};

/* Room for everybody who may be a candidate: `count` of each, at least as many as there are
 * accounts, and PL_WATERFALL_POSITIONS_MAX. */
struct pl_waterfall_room {
    struct pl_candidate *candidates;
    struct pl_share *shares;
    uint32_t *order;
    uint32_t count;
};

/* What the fund of the pool may still pay in this window. */
int64_t pl_waterfall_drawable(const struct pl_waterfall *waterfall,
                              const struct pl_waterfall_rules *rules,
                              const struct pl_ledger *ledger, uint32_t pool, uint32_t currency,
                              int64_t time_us);

enum pl_waterfall_reason pl_waterfall_run(struct pl_waterfall *waterfall,
                                          const struct pl_waterfall_rules *rules,
                                          struct pl_ledger *ledger, uint32_t account,
                                          uint32_t currency, const struct pl_waterfall_input *input,
                                          const struct pl_waterfall_room *room,
                                          struct pl_waterfall_record *record);

#endif
