/* Auto-deleveraging: who on the other side of a bankrupt account's position closes how much of it,
 * and takes over its loss. Three policies are always worked out side by side; the venue's rules say
 * which one is carried out, and the record keeps what each would have imposed.
 *
 * The bankrupt account's `steps` are closed at the mark, and whoever closes c of them takes over
 * loss * c / steps: the same as closing at the bankruptcy price, exact in money. What that does to
 * him is measured by the part of his equity that he loses,
 *
 *   relative loss = loss * c / (steps * equity)      equity: his at the mark, what he would have
 * had regret of a policy = its largest relative loss less the least possible one
 *
 *   ranked        by profit * leverage, the largest first, each closed in full: the queue of the
 *                 large venues (BitMEX, Binance: profit percentage * effective leverage if above
 *                 zero, / leverage if below; effective leverage = notional / equity)
 *   pro rata      everybody the same part of his position
 *   least regret  everybody the same part of his equity, as far as his position goes: the largest
 *                 relative loss is the least possible, then the next, and so on
 *
 * The sum of losses is the same for every policy, so that only its spread can be better or worse.
 * That the queue imposes far more than needed on few, and the idea of its regret: Chitra,
 * Autodeleveraging: Impossibilities and Optimization (arXiv 2512.01112); Chitra and others,
 * Autodeleveraging as Online Learning (arXiv 2602.15182); that the best policies fill up to one
 * level: Campbell, Hey, Moallemi, Nutz, Risk-Based Auto-Deleveraging (arXiv 2603.15963).
 *
 * Every policy closes exactly what is needed, or everything that there is; nobody is closed beyond
 * his position, nor loses more than his equity, which would only make the next bankruptcy. Ties go
 * to the lower account number. O(n log n). */
#ifndef PL_DECIDE_DELEVERAGE_H
#define PL_DECIDE_DELEVERAGE_H

#include "apportion.h"
#include "funding.h"
#include "ledger.h"

enum pl_policy { PL_POLICY_RANKED, PL_POLICY_PRO_RATA, PL_POLICY_LEAST_REGRET, PL_POLICIES };
const char *pl_policy_name(enum pl_policy policy);

/* Somebody on the other side. */
struct pl_candidate {
    uint32_t account;
    uint32_t reserved;
    int64_t steps;               /* of his position, without sign, > 0 */
    int64_t equity_e8;           /* at the mark; 0 or less: he takes no part */
    int64_t profit_e8;           /* of the position at the mark */
    int64_t cost_e8;             /* what it cost, without sign */
    int64_t limit;               /* set: the most of his steps that may be closed */
    int64_t closes[PL_POLICIES]; /* set */
};

struct pl_deleverage {
    int64_t steps;   /* to be closed, > 0 */
    int64_t loss_e8; /* taken over with all of them, >= 0 */
};

/* What a policy would impose. */
struct pl_imposed {
    int64_t closed;    /* steps: the same for every policy */
    int64_t worst_q40; /* largest relative loss, rounded up */
    int64_t regret_q40;
    int64_t sum_q40;        /* of relative losses, limited to 64 bits */
    uint32_t worst_account; /* the lowest of the largest; UINT32_MAX: nobody */
    uint32_t touched;       /* how many are closed */
};

/* Fills in limit and closes of the candidates, which come by rising account number, and what each
 * policy imposes. `shares` and `order` are room for `count`. */
void pl_deleverage_plan(const struct pl_deleverage *need, struct pl_candidate *candidates,
                        uint32_t count, struct pl_share *shares, uint32_t *order,
                        struct pl_imposed imposed[PL_POLICIES]);

/* Everybody of the account's pool on the other side of its position, by rising account number;
 * equities at `marks` in the instrument's currency, or as given per account. Returns how many. */
uint32_t pl_deleverage_candidates(const struct pl_ledger *ledger, uint32_t account,
                                  uint32_t instrument, const int64_t *marks,
                                  const int64_t *equities_e8, struct pl_candidate *candidates,
                                  uint32_t candidates_max);

struct pl_deleveraged {
    int64_t steps;             /* closed */
    int64_t loss_e8;           /* received by the account from those who took it over */
    enum pl_ledger_reason why; /* of the refusal that ended it early, else PL_LEDGER_OK */
};

/* Closes: trades at the mark and losses, one account after another. `funding`, of a perpetual, goes
 * with the steps; else NULL. */
struct pl_deleveraged pl_deleverage_carry_out(struct pl_ledger *ledger, uint32_t account,
                                              uint32_t instrument, int64_t mark,
                                              const struct pl_deleverage *need,
                                              const struct pl_candidate *candidates, uint32_t count,
                                              enum pl_policy policy,
                                              const struct pl_funding *funding,
                                              const struct pl_funding_rules *funding_rules);

#endif
