/* The ledger: who holds what, by double entry.
 *
 * Holders are the accounts, and per pool an insurance fund and its booked bad debt, the fees, the
 * escrow (withdrawals that wait), the rounding residue; clearing, which is empty between events;
 * and the outside. Each holds cash per currency (1e-8) and steps per instrument. Every change is a
 * movement: cash from one holder to another, and steps the other way. What the payer pays is
 * rounded up, what the receiver gets down, and the residue holds the difference. So, always,
 *
 *   per currency    accounts + funds + fees + escrow + residue - bad debt = what came from outside
 *   per instrument  all steps sum to zero
 *   per account     equity = cash + sum of steps * mark
 *
 * Pools are isolated: a fund pays only accounts of its pool, a pool's bad debt is borne only in it,
 * and an instrument is traded only between accounts of its pool. Funds, fees, escrow, residue are
 * never below zero, bad debt never above.
 *
 * A refused movement changes nothing that can be asked for (memory may have been set aside for it).
 * Numbers of holders, currencies and instruments that are only read must exist (asserted); those of
 * a movement are checked. All functions are pure, without allocation; the state is one piece of
 * memory without pointers, that memcpy copies. One ledger is used by one thread at a time. */
#ifndef PL_DECIDE_LEDGER_H
#define PL_DECIDE_LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "blocks.h"
#include "rule.h"
#include "wide.h"

#define PL_LEDGER_MESSAGE_BYTES PL_RULE_MESSAGE_BYTES
#define PL_LEDGER_ACCOUNTS_MAX 16777216
#define PL_LEDGER_CURRENCIES_MAX 1024
#define PL_LEDGER_POOLS_MAX 1024
#define PL_LEDGER_ENTRIES_MAX 1073741824
#define PL_CONTRACT_NUMERATOR_MAX INT64_C(1000000000000000000)
#define PL_CONTRACT_DENOMINATOR_MAX 1000000

/* Why something moved; also what `flows` adds an account's cash up by. */
enum pl_cause {
    PL_CAUSE_EXTERNAL,   /* from or to the outside */
    PL_CAUSE_TRANSFER,   /* between accounts */
    PL_CAUSE_TRADE,      /* cash of a trade, auction or deleveraging */
    PL_CAUSE_FEE,        /* to or from the fees */
    PL_CAUSE_PENALTY,    /* of a liquidation: to its fund or liquidator */
    PL_CAUSE_FUNDING,    /* of perpetuals */
    PL_CAUSE_SETTLEMENT, /* of expiries */
    PL_CAUSE_COVER,      /* a fund pays for an account below zero */
    PL_CAUSE_DELEVERAGE, /* the loss taken over by who is deleveraged */
    PL_CAUSE_BAD_DEBT,   /* booked, or paid off by its fund */
    PL_CAUSE_SOCIALISED, /* bad debt spread over its pool */
    PL_CAUSE_WITHDRAWAL, /* to and from escrow */
    PL_CAUSES
};
const char *pl_cause_name(enum pl_cause cause);

enum pl_ledger_reason {
    PL_LEDGER_OK,
    PL_LEDGER_OVERFLOW, /* a balance would leave +-INT64_MAX */
    PL_LEDGER_NEGATIVE, /* a holder that may not would fall below zero (bad debt: rise above) */
    PL_LEDGER_FULL,     /* no room for another balance */
    PL_LEDGER_HOLDER,   /* no such holder, or the same one twice, or one that holds no steps */
    PL_LEDGER_ASSET,   /* no such currency or instrument, or another currency than the contract's */
    PL_LEDGER_AMOUNT,  /* below zero, more received than paid, a trade of no steps, no such price */
    PL_LEDGER_POOLS,   /* between isolated pools */
    PL_LEDGER_OUTSIDE, /* steps from outside, where the ledger's size does not allow it */
};
const char *pl_ledger_reason(enum pl_ledger_reason reason);

/* What a step of an instrument is worth: linear, price * numerator / denominator; inverse,
 * -numerator / (price * denominator); in 1e-8 of `currency`, the price in its own integer unit. */
struct pl_contract {
    uint32_t currency;
    uint32_t pool;
    bool inverse;
    uint8_t reserved[7];
    int64_t numerator;   /* 1 .. PL_CONTRACT_NUMERATOR_MAX */
    int64_t denominator; /* 1 .. PL_CONTRACT_DENOMINATOR_MAX; inverse: 1 */
};

/* The worth of one step at the price p/q. False when it has none (inverse and p <= 0) or does not
 * fit. */
bool pl_contract_step(const struct pl_contract *contract, pl_i128 p, pl_u128 q,
                      struct pl_ratio *worth);

struct pl_ledger_size {
    uint32_t accounts, currencies, instruments, pools;
    uint32_t entries; /* balances of all holders; 16 per account is plenty; rounded up to blocks */
    bool flows;       /* keep every account's cash by cause as well: more entries */
    bool open;        /* the outside may hold steps: a market that is no account */
    uint8_t reserved[2];
};

/* 0, or -EINVAL and the field with its limits in `message`. */
int pl_ledger_check_size(const struct pl_ledger_size *size, const struct pl_contract *contracts,
                         const uint32_t *account_pools, char message[PL_LEDGER_MESSAGE_BYTES]);

/* Bytes of memory, which must be aligned to 16. */
size_t pl_ledger_bytes(const struct pl_ledger_size *size);

struct pl_ledger;

/* An empty ledger in `memory`. Sizes must have passed pl_ledger_check_size(). `contracts` per
 * instrument and `account_pools` per account are copied; NULL: all accounts in pool 0. */
struct pl_ledger *pl_ledger_create(void *memory, const struct pl_ledger_size *size,
                                   const struct pl_contract *contracts,
                                   const uint32_t *account_pools);

const struct pl_ledger_size *pl_ledger_size(const struct pl_ledger *ledger);
const struct pl_contract *pl_ledger_contract(const struct pl_ledger *ledger, uint32_t instrument);

/* Holders are numbers: accounts from 0, then these. */
uint32_t pl_ledger_fund(const struct pl_ledger *ledger, uint32_t pool);
uint32_t pl_ledger_debt(const struct pl_ledger *ledger, uint32_t pool);
uint32_t pl_ledger_fees(const struct pl_ledger *ledger);
uint32_t pl_ledger_escrow(const struct pl_ledger *ledger);
uint32_t pl_ledger_residue(const struct pl_ledger *ledger);
uint32_t pl_ledger_clearing(const struct pl_ledger *ledger);
uint32_t pl_ledger_outside(const struct pl_ledger *ledger);
#define PL_LEDGER_NO_POOL UINT32_MAX
uint32_t pl_ledger_pool_of(const struct pl_ledger *ledger, uint32_t holder);

/* Balances of holders other than clearing and the outside. Booked bad debt is a positive number
 * from pl_ledger_owed(). */
int64_t pl_ledger_cash(const struct pl_ledger *ledger, uint32_t holder, uint32_t currency);
int64_t pl_ledger_steps(const struct pl_ledger *ledger, uint32_t holder, uint32_t instrument);
int64_t pl_ledger_owed(const struct pl_ledger *ledger, uint32_t pool, uint32_t currency);
/* Whether any bad debt of the pool stands, in any currency. */
bool pl_ledger_owes(const struct pl_ledger *ledger, uint32_t pool);
/* Cash of one cause since creation, modulo 2^64, so that turnover never ends: the difference of two
 * moments is exact while it fits. 0 without `flows`. */
int64_t pl_ledger_flow(const struct pl_ledger *ledger, uint32_t account, uint32_t currency,
                       enum pl_cause cause);

/* Cash entries, then positions, each by rising number; valid until the next change. A position's
 * instrument is pl_ledger_instrument(). */
const struct pl_ledger_entry *pl_ledger_cashes(const struct pl_ledger *ledger, uint32_t holder,
                                               uint32_t *count);
const struct pl_ledger_entry *pl_ledger_positions(const struct pl_ledger *ledger, uint32_t holder,
                                                  uint32_t *count);
uint32_t pl_ledger_instrument(const struct pl_ledger *ledger, const struct pl_ledger_entry *entry);
/* NULL: none. */
const struct pl_ledger_entry *pl_ledger_position(const struct pl_ledger *ledger, uint32_t holder,
                                                 uint32_t instrument);

/* Sums over accounts that are kept. */
pl_i128 pl_ledger_accounts_cash(const struct pl_ledger *ledger, uint32_t currency);
pl_i128 pl_ledger_open_interest(const struct pl_ledger *ledger, uint32_t instrument); /* longs */

struct pl_movement {
    uint32_t cause; /* enum pl_cause */
    uint32_t from, to;
    uint32_t currency;
    int64_t pays_e8;     /* leaves `from`, >= 0 */
    int64_t receives_e8; /* reaches `to`, 0 .. pays_e8; the residue gets the difference */
    uint32_t instrument; /* read where steps != 0 */
    int64_t steps;       /* pass from `to` to `from`; below 0: the other way */
};

enum pl_ledger_reason pl_ledger_move(struct pl_ledger *ledger, const struct pl_movement *movement);

/* Several at once, at most PL_LEDGER_TOGETHER_MAX: all or none; only their sums are checked. */
#define PL_LEDGER_TOGETHER_MAX 6
enum pl_ledger_reason pl_ledger_move_all(struct pl_ledger *ledger,
                                         const struct pl_movement *movements, uint32_t count);

/* Cash alone, all of it received. */
enum pl_ledger_reason pl_ledger_pay(struct pl_ledger *ledger, enum pl_cause cause, uint32_t from,
                                    uint32_t to, uint32_t currency, int64_t amount_e8);

/* `buyer` gets `steps` > 0 of the seller's for what they are worth at `price`. Accounts may thereby
 * open, close or turn their positions. */
enum pl_ledger_reason pl_ledger_trade(struct pl_ledger *ledger, uint32_t buyer, uint32_t seller,
                                      uint32_t instrument, int64_t steps, int64_t price);

/* The movement that a trade is, for pl_ledger_move_all(). */
enum pl_ledger_reason pl_ledger_bargain(const struct pl_ledger *ledger, uint32_t buyer,
                                        uint32_t seller, uint32_t instrument, int64_t steps,
                                        int64_t price, struct pl_movement *movement);

/* Fills in who pays whom steps * worth, and how much; worth below 0: the receiver pays. */
enum pl_ledger_reason pl_ledger_payment(struct pl_ratio worth, int64_t steps, uint32_t payer,
                                        uint32_t receiver, struct pl_movement *movement);

/* Everybody who holds the instrument gets his steps times `worth`, rounded down (who pays: up);
 * with `close` the steps are gone afterwards. All or nobody. Costs one look at each account. */
enum pl_ledger_reason pl_ledger_distribute(struct pl_ledger *ledger, enum pl_cause cause,
                                           uint32_t instrument, struct pl_ratio worth, bool close);

/* The same of many instruments in one currency at once: `worths` per instrument, 0/d where nothing
 * is paid; each position is rounded by itself. All or nobody. One look at each account in all. */
enum pl_ledger_reason pl_ledger_distribute_all(struct pl_ledger *ledger, enum pl_cause cause,
                                               uint32_t currency, const struct pl_ratio *worths);

/* Everybody who holds the instrument gets his steps times `worth` in steps of `coin`, rounded down
 * (who pays: up), from the outside, which keeps the roundings: it may hold steps. All or nobody.
 * One look at each account. */
enum pl_ledger_reason pl_ledger_distribute_coins(struct pl_ledger *ledger, uint32_t instrument,
                                                 uint32_t coin, struct pl_ratio worth);

/* Value of steps at a price, towards minus infinity; *flags as pl_money_limit(). A price that the
 * contract has no worth at counts as overflow. */
int64_t pl_ledger_value(const struct pl_ledger *ledger, uint32_t instrument, int64_t steps,
                        int64_t price, uint32_t *flags);

/* cash + values of positions in that currency at `marks` (per instrument), each towards minus
 * infinity. */
int64_t pl_ledger_equity(const struct pl_ledger *ledger, uint32_t account, uint32_t currency,
                         const int64_t *marks, uint32_t *flags);

/* Conservation. From totals that are kept: 0, or -EINVAL and what does not add up in `message`. */
int pl_ledger_check(const struct pl_ledger *ledger, char message[PL_LEDGER_MESSAGE_BYTES]);
/* The same counted anew from every balance, and whether the kept totals, the order and signs of the
 * balances, `flows` and the blocks agree with it. Leaves the state as it was. */
int pl_ledger_recount(struct pl_ledger *ledger, char message[PL_LEDGER_MESSAGE_BYTES]);

#endif
