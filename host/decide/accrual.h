/* Collateral that bears yield is held in shares; its index says what a share is worth in the
 * underlying asset, and only rises. Two ways: by a rate, or as its issuer reports it, then limited
 * in growth, so that a report cannot raise collateral at once. The limit, its 7 to 10 % a year for
 * staked ETH and the 7 days are those of Aave's oracle for correlated assets (CAPO).
 * A loss of the issuer is written down by decision only.
 *
 * Rounding is for the venue, as in ERC-4626: shares given for an amount down, shares taken for an
 * amount up, worth of collateral down, worth of a debt up. */
#ifndef PL_DECIDE_ACCRUAL_H
#define PL_DECIDE_ACCRUAL_H

#include <stdint.h>

#include "model/money.h"

#include "rule.h"

struct pl_accrual_rules {
    int64_t growth_max_q40; /* per year (PL_YEAR_US); 0 .. 1; default 10 % */
    int64_t saved_max_us; /* 1 h .. 14 days: growth not used adds up for so long; default 7 days */
};
extern const struct pl_accrual_rules pl_accrual_defaults;
/* 0, or -EINVAL and the field with its limits in `message`. */
int pl_accrual_check(const struct pl_accrual_rules *rules, char message[PL_RULE_MESSAGE_BYTES]);

enum pl_accrual_reason {
    PL_ACCRUAL_OK,
    PL_ACCRUAL_LIMITED,   /* done, with the largest growth that is allowed */
    PL_ACCRUAL_TIME_BACK, /* the time is before the last one */
    PL_ACCRUAL_LOWER,     /* the report or rate would lower the index: it stays as it is */
    PL_ACCRUAL_OVERFLOW,  /* the index would pass PL_COEFFICIENT_MAX, or so long a time */
};
const char *pl_accrual_reason(enum pl_accrual_reason reason);

struct pl_accrual {
    pl_i128 rest; /* of the last growth: below one unit of the index, times year and 2^40 */
    int64_t index_q40, time_us;
    int64_t saved_us; /* of growth that reports did not use */
    int64_t reserved;
};

/* At an index of 1. */
void pl_accrual_start(struct pl_accrual *accrual, int64_t time_us);

/* index += index * rate * time / year, rounded down, the rest kept for the next time: many small
 * steps at one index add up to exactly one. `rate_q40` is per year and 0 or more. */
enum pl_accrual_reason pl_accrual_advance(struct pl_accrual *accrual,
                                          const struct pl_accrual_rules *rules, int64_t rate_q40,
                                          int64_t time_us);

/* The index as its issuer reports it, which may be in jumps: at most what growth_max_q40 allows in
 * the time since the last report and the time saved before. */
enum pl_accrual_reason pl_accrual_report(struct pl_accrual *accrual,
                                         const struct pl_accrual_rules *rules, int64_t index_q40,
                                         int64_t time_us);

/* Sets a lower index, by decision: an issuer's loss. */
enum pl_accrual_reason pl_accrual_write_down(struct pl_accrual *accrual, int64_t index_q40,
                                             int64_t time_us);

/* Amounts of the underlying asset and shares, 1e-8; *flags as pl_money_limit(). */
int64_t pl_accrual_shares_for_deposit(const struct pl_accrual *accrual, int64_t amount_e8,
                                      uint32_t *flags);
int64_t pl_accrual_shares_for_withdrawal(const struct pl_accrual *accrual, int64_t amount_e8,
                                         uint32_t *flags);
int64_t pl_accrual_collateral(const struct pl_accrual *accrual, int64_t shares_e8, uint32_t *flags);
int64_t pl_accrual_debt(const struct pl_accrual *accrual, int64_t shares_e8, uint32_t *flags);

#endif
