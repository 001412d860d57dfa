/* Withdrawals: requested, waiting in escrow for the time lock, then released to the outside.
 *
 *              request                release
 *   account ----------> escrow ----------------> outside
 *              ^           |  recalled: the account is short, or its owner changed his mind
 *              +-----------+
 *
 * Checked at request and again at release: prices must allow it, no bad debt may stand in the
 * account's pool, and what is withdrawn must be free (request), the account healthy without it
 * (release). What waits is in no account's equity, so that nobody trades on money that leaves; it
 * is its account's first line when the account falls short (pl_withdrawal_recall).
 *
 * Released per currency, in any period as long as the window: at most a part of what customers
 * hold, or the floor where that is more. One tenth an hour with a floor is the rule that
 * Perpl publishes (range 0.1 % to 25 %); the window slides in 15 parts, so that the bound holds for
 * every period, not only for aligned ones. Requests are released in their order; one that waits for
 * its own reason does not hold up others, one that waits for the window holds up its currency,
 * unless the limit fell below it since: then it waits alone. */
#ifndef PL_DECIDE_WITHDRAWAL_H
#define PL_DECIDE_WITHDRAWAL_H

#include <stddef.h>

#include "ledger.h"
#include "rule.h"

#define PL_WITHDRAWALS_MAX 1048576

/* Of one currency; functions take an array by currency. */
struct pl_withdrawal_rules {
    int64_t lock_us;          /* 0 .. 7 days; default 5 minutes */
    int64_t window_us;        /* 15 minutes .. 7 days; default 1 h */
    int64_t window_share_q40; /* 0.001 .. 0.25 of what accounts hold; default 0.1 */
    int64_t window_floor_e8;  /* 0 .. ; default 1,000,000, for a dollar */
    int64_t least_e8;         /* 1 .. ; smallest request; default 1e-8 */
};
extern const struct pl_withdrawal_rules pl_withdrawal_defaults;
/* 0, or -EINVAL and the field with its limits in `message`. */
int pl_withdrawal_check(const struct pl_withdrawal_rules *rules,
                        char message[PL_RULE_MESSAGE_BYTES]);

enum pl_withdrawal_reason {
    PL_WITHDRAWAL_OK,
    PL_WITHDRAWAL_TIME_BACK, /* the time is before the last one */
    PL_WITHDRAWAL_ACCOUNT,   /* no such account or currency */
    PL_WITHDRAWAL_AMOUNT,    /* less than the smallest */
    PL_WITHDRAWAL_NOT_FREE,  /* more than the account has free, or holds */
    PL_WITHDRAWAL_PRICES,    /* prices do not allow it */
    PL_WITHDRAWAL_BAD_DEBT,  /* bad debt stands in the account's pool */
    PL_WITHDRAWAL_UNHEALTHY, /* the account is not healthy */
    PL_WITHDRAWAL_WINDOW,    /* the window of its currency is used up, or too small for it */
    PL_WITHDRAWAL_LOCKED,    /* the time lock still runs */
    PL_WITHDRAWAL_FULL,      /* as many wait as there is room for */
    PL_WITHDRAWAL_UNKNOWN,   /* no such request waits */
    PL_WITHDRAWAL_LEDGER,    /* the ledger refused: *why */
};
const char *pl_withdrawal_reason(enum pl_withdrawal_reason reason);

struct pl_withdrawal {
    uint64_t id; /* from 1, rising */
    uint32_t account, currency;
    int64_t amount_e8;
    int64_t due_us;
};

/* Those that wait, by id, and the windows. One piece of memory. */
struct pl_withdrawals {
    uint32_t currencies, room, count;
    uint32_t reserved;
    uint64_t last_id;
    int64_t time_us;
};
size_t pl_withdrawals_bytes(uint32_t currencies, uint32_t room);
/* In memory of that size, aligned to 8; the ledger's currencies, `room` of 1 .. PL_WITHDRAWALS_MAX
 * requests. */
struct pl_withdrawals *pl_withdrawals_create(void *memory, uint32_t currencies, uint32_t room,
                                             int64_t time_us);
const struct pl_withdrawal *pl_withdrawals_waiting(const struct pl_withdrawals *withdrawals);

/* Escrows the amount. `free_e8`: what the account may take out of this currency, by its initial
 * excess and cash; `may`: prices allow it. The request's id in *id. */
enum pl_withdrawal_reason pl_withdrawal_request(struct pl_withdrawals *withdrawals,
                                                const struct pl_withdrawal_rules *rules,
                                                struct pl_ledger *ledger, uint32_t account,
                                                uint32_t currency, int64_t amount_e8,
                                                int64_t free_e8, bool may, int64_t time_us,
                                                uint64_t *id, enum pl_ledger_reason *why);

struct pl_withdrawal_outcome {
    struct pl_withdrawal withdrawal;
    enum pl_withdrawal_reason reason; /* PL_WITHDRAWAL_OK: released; else why it waits */
};

/* Releases those that are due and may go, in their order. `healthy` per account, by its last
 * verdict. Outcomes of all that are due, as many as there is room for; how many in *outcome_count.
 */
enum pl_withdrawal_reason pl_withdrawals_release(struct pl_withdrawals *withdrawals,
                                                 const struct pl_withdrawal_rules *rules,
                                                 struct pl_ledger *ledger, const bool *healthy,
                                                 bool may, int64_t time_us,
                                                 struct pl_withdrawal_outcome *outcomes,
                                                 uint32_t outcomes_max, uint32_t *outcome_count);

/* Gives one back to its account. */
enum pl_withdrawal_reason pl_withdrawal_cancel(struct pl_withdrawals *withdrawals,
                                               struct pl_ledger *ledger, uint64_t id,
                                               enum pl_ledger_reason *why);

/* Gives all that wait back to the account: before it is liquidated. What came back per currency is
 * in the ledger; returns how many did. One that the ledger refuses (overflow) stays. */
uint32_t pl_withdrawal_recall(struct pl_withdrawals *withdrawals, struct pl_ledger *ledger,
                              uint32_t account);

/* What may still be released of a currency now. */
int64_t pl_withdrawal_window_left(const struct pl_withdrawals *withdrawals,
                                  const struct pl_withdrawal_rules *rules,
                                  const struct pl_ledger *ledger, uint32_t currency,
                                  int64_t time_us);

#endif
