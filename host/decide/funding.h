/* Funding of a perpetual: while the rate is above zero longs pay shorts.
 *
 *   a step owes   rate * its notional * (time / interval)
 *
 * linear contracts: notional at the mark of each moment, added up exactly; inverse ones: at the
 * mark of the payment, as a mark in the divisor does not add up. Nothing is rounded before somebody
 * pays: payers up, receivers down, the residue gets the rest.
 *
 * Payments are due at multiples of the interval since 1970 (00:00, 08:00, 16:00 for 8 h) and
 * concern who holds then. A trade in between carries what accrued since the last payment with the
 * steps, as a bond's accrued interest does (pl_funding_carry), so that everybody pays exactly for
 * the time that he held. Interval and limit of the rate: 8 h, as most venues have it, and 4 %,
 * which Hyperliquid has per hour (docs/decide/ledger.md). */
#ifndef PL_DECIDE_FUNDING_H
#define PL_DECIDE_FUNDING_H

#include "ledger.h"
#include "rule.h"

struct pl_funding_rules {
    int64_t interval_us;  /* 1 minute .. 1 day; default 8 h */
    int64_t rate_max_q40; /* per interval; 0 .. 1/16; default 4 % */
};
extern const struct pl_funding_rules pl_funding_defaults;
/* 0, or -EINVAL and the field with its limits in `message`. */
int pl_funding_check(const struct pl_funding_rules *rules, char message[PL_RULE_MESSAGE_BYTES]);

enum pl_funding_reason {
    PL_FUNDING_OK,
    PL_FUNDING_LIMITED,   /* done, with the largest rate that is allowed */
    PL_FUNDING_TIME_BACK, /* the time is before the last one */
    PL_FUNDING_PRICE,     /* a mark of 0 or less, or of more than PL_PRICE_BITS_FULL bits */
    PL_FUNDING_OVERFLOW,  /* more accrued than can be kept: pay first */
    PL_FUNDING_LEDGER,    /* the ledger refused: *why */
};
const char *pl_funding_reason(enum pl_funding_reason reason);

/* Of one instrument. */
struct pl_funding {
    pl_i128 accrued; /* sum of rate_q40 * mark * microseconds since the payment; inverse: no mark */
    int64_t rate_q40, mark;
    int64_t time_us, paid_us;
    uint32_t instrument;
    bool inverse;
    uint8_t reserved[11];
};

void pl_funding_start(struct pl_funding *funding, const struct pl_ledger *ledger,
                      uint32_t instrument, int64_t time_us);

/* From `time_us` on, rate (per interval) and mark; until then, those before. */
enum pl_funding_reason pl_funding_set(struct pl_funding *funding,
                                      const struct pl_funding_rules *rules, int64_t rate_q40,
                                      int64_t mark, int64_t time_us);

/* Accrues up to `time_us`, and pays once if a payment was due since the last one: what accrued up
 * to the last due time. To be called before anything else happens at `time_us`. */
enum pl_funding_reason pl_funding_advance(struct pl_funding *funding,
                                          const struct pl_funding_rules *rules,
                                          struct pl_ledger *ledger, int64_t time_us, bool *paid,
                                          enum pl_ledger_reason *why);

/* The same for many perpetuals at once, whose payments go together (pl_ledger_distribute_all):
 * *next is the state afterwards, and *worth what each step gets for the payment; 0/1: none is due.
 */
enum pl_funding_reason pl_funding_due(const struct pl_funding *funding,
                                      const struct pl_funding_rules *rules,
                                      const struct pl_ledger *ledger, int64_t time_us,
                                      struct pl_funding *next, struct pl_ratio *worth, bool *due);

/* Accrues up to `time_us` and pays all of it then: where an instrument ends between payments. */
enum pl_funding_reason pl_funding_pay(struct pl_funding *funding,
                                      const struct pl_funding_rules *rules,
                                      struct pl_ledger *ledger, int64_t time_us,
                                      enum pl_ledger_reason *why);

/* What a payment's `worth` of a step comes to in steps of a coin at its mark, exactly. */
enum pl_funding_reason pl_funding_in_coin(struct pl_ratio worth, const struct pl_contract *coin,
                                          int64_t mark, struct pl_ratio *coins);

/* What `steps` (signed) owe since the last payment, rounded up: below zero they will receive. */
int64_t pl_funding_owed(const struct pl_funding *funding, const struct pl_funding_rules *rules,
                        const struct pl_ledger *ledger, int64_t steps, uint32_t *flags);

/* The payment that goes with `steps` > 0 sold by seller to buyer, for pl_ledger_move_all(): the
 * buyer takes over what they owe, so the seller pays him for it. */
enum pl_funding_reason pl_funding_carry(const struct pl_funding *funding,
                                        const struct pl_funding_rules *rules,
                                        const struct pl_ledger *ledger, uint32_t buyer,
                                        uint32_t seller, int64_t steps,
                                        struct pl_movement *movement);

#endif
