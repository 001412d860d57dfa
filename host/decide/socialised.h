/* Bad debt that stands in a pool, and how it goes: the pool's fund pays what it has, and at the end
 * of a session what is left is spread over those of the pool who gained in it,
 *
 *   each the same part of his gain, rounded up, none more than his gain or what he is worth
 *
 * as the socialised loss (clawback) of the futures venues was: of profits only, in equal
 * percentage. The debt gets exactly what is owed, the residue what the roundings are more. What the
 * gains do not cover stands on. While any debt of a pool stands, its
 * withdrawals wait (host/decide/withdrawal.h). */
#ifndef PL_DECIDE_SOCIALISED_H
#define PL_DECIDE_SOCIALISED_H

#include "apportion.h"
#include "ledger.h"
#include "rule.h"

struct pl_socialised_rules {
    int64_t session_us; /* 1 h .. 7 days; default 1 day */
    int64_t offset_us;  /* 0 .. session_us - 1: sessions end so long after multiples of it since
                           1970; default 8 h: 08:00, as Deribit settles */
};
extern const struct pl_socialised_rules pl_socialised_defaults;
/* 0, or -EINVAL and the field with its limits in `message`. */
int pl_socialised_check(const struct pl_socialised_rules *rules,
                        char message[PL_RULE_MESSAGE_BYTES]);

/* Whether a session ended after `last_us` and not after `time_us`. */
bool pl_socialised_due(const struct pl_socialised_rules *rules, int64_t last_us, int64_t time_us);

/* The fund of the pool pays off what it can of its bad debt; what it paid. */
int64_t pl_socialised_repay(struct pl_ledger *ledger, uint32_t pool, uint32_t currency);

struct pl_socialised {
    int64_t owed_e8;   /* before */
    int64_t spread_e8; /* by which it is less now */
    int64_t paid_e8;   /* by accounts: as much, and the roundings */
    int64_t part_q40;  /* of the gains, rounded up: the largest that anyone bears */
    uint32_t bearers;
    enum pl_ledger_reason why; /* of a refusal, which ends it: what was borne before stands */
};

/* Spreads what is booked. Per account: its gain in the session (price, funding and
 * deleveraging of pl_attribution_between()), and what it is worth, in this currency. `shares` and
 * `order` are room for as many as there are accounts; shares[].given is then what each has paid. */
struct pl_socialised pl_socialised_spread(struct pl_ledger *ledger, uint32_t pool,
                                          uint32_t currency, const int64_t *gains_e8,
                                          const int64_t *equities_e8, struct pl_share *shares,
                                          uint32_t *order);

#endif
