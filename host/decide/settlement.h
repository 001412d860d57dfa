/* Settlement of an expiry: the average of the index over the last 30 minutes, by time and exact,
 * then positions become cash. Average over a window before expiry and half an hour as its length:
 * published by Deribit, whose rule is an average of samples of equal distance;
 * here each index price counts for as long as it stood, at most `stale_us`.
 *
 *   average = sum of price * time / covered time
 *
 * Who receives is rounded down, who pays up. */
#ifndef PL_DECIDE_SETTLEMENT_H
#define PL_DECIDE_SETTLEMENT_H

#include "ledger.h"
#include "rule.h"

struct pl_settlement_rules {
    int64_t window_us;   /* 1 minute .. 1 day; default 30 minutes */
    int64_t stale_us;    /* 1 s .. the window; default 1 minute: longer a price does not count */
    int64_t covered_q40; /* 0.01 .. 1: so much of the window must be covered; default 0.9 */
};
extern const struct pl_settlement_rules pl_settlement_defaults;
/* 0, or -EINVAL and the field with its limits in `message`. */
int pl_settlement_check(const struct pl_settlement_rules *rules,
                        char message[PL_RULE_MESSAGE_BYTES]);

enum pl_settlement_reason {
    PL_SETTLEMENT_OK,
    PL_SETTLEMENT_TIME_BACK, /* the time is before the last one */
    PL_SETTLEMENT_PRICE,     /* 0 or less, or of more than PL_PRICE_BITS_FULL bits */
    PL_SETTLEMENT_EARLY,     /* before expiry */
    PL_SETTLEMENT_UNCOVERED, /* too little of the window has an index: somebody must decide */
    PL_SETTLEMENT_OVERFLOW,
    PL_SETTLEMENT_LEDGER, /* the ledger refused: *why */
};
const char *pl_settlement_reason(enum pl_settlement_reason reason);

/* Of one expiry of one underlying. */
struct pl_settlement {
    pl_i128 sum; /* price * microseconds */
    int64_t expiry_us, time_us, covered_us;
    int64_t price; /* the last one; 0: none yet */
};

void pl_settlement_start(struct pl_settlement *settlement, int64_t expiry_us);

/* The index from `time_us` on. Those before the window matter only if they still stand in it. */
enum pl_settlement_reason pl_settlement_observe(struct pl_settlement *settlement,
                                                const struct pl_settlement_rules *rules,
                                                int64_t price, int64_t time_us);

/* The average once expiry is reached; `covered_us` says how much of the window it rests on. */
enum pl_settlement_reason pl_settlement_average(struct pl_settlement *settlement,
                                                const struct pl_settlement_rules *rules,
                                                int64_t time_us, struct pl_ratio *average);

/* What a step becomes. */
struct pl_payoff {
    uint8_t kind; /* enum pl_kind: PL_KIND_FUTURE or PL_KIND_OPTION */
    bool is_put;  /* options: */
    uint8_t reserved[6];
    int64_t strike;     /* in the unit of the index */
    int64_t coin_scale; /* options paid in coin: price units of one coin, as 10^4; else 0 */
};

/* Settles every position of the instrument at the average. A future's contract is worth the
 * average; an option's max(0, +-(average - strike)), over the average where it is paid in coin.
 * The instrument's price unit is the index's, but for options paid in coin. */
enum pl_settlement_reason pl_settlement_settle(struct pl_settlement *settlement,
                                               const struct pl_settlement_rules *rules,
                                               struct pl_ledger *ledger, uint32_t instrument,
                                               const struct pl_payoff *payoff, int64_t time_us,
                                               enum pl_ledger_reason *why);

#endif
