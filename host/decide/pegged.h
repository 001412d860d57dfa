/* The mark of pegged or redeemable collateral: a redemption rate beside the market price.
 *
 * While redemption is open, what one book shows outside the band that redemption leaves is that
 * book's thinness, and the band bounds the mark; what several venues show is believed, for the
 * rate is then only a promise. Collateral never counts above the band, a debt never below it.
 * Conversion of quote currencies always uses the market price, never this mark.
 */
#ifndef PL_DECIDE_PEGGED_H
#define PL_DECIDE_PEGGED_H

#include <stdint.h>

#include "decide/permission.h"

struct pl_pegged_rules {
    int64_t discount_q40; /* cost and time of redeeming; 0 .. 10 % */
    int64_t premium_q40;  /* of minting; 0 .. 10 % */
    int64_t venues_min;   /* venues that make a market price believed outside the band; 2 .. 16 */
    int64_t age_max_us;   /* of the rate; 1 min .. 7 days */
};
void pl_pegged_defaults(struct pl_pegged_rules *rules);
/* 0, or -EINVAL and the field with its limits in `message`, of PL_RULE_MESSAGE_BYTES. */
int pl_pegged_check(const struct pl_pegged_rules *rules, char *message);

struct pl_pegged_rate {
    int64_t price; /* what redemption pays, 10^-decimals USD as the market's; 0: not known */
    int64_t source_us;
    int64_t open; /* 0: redemption is suspended */
};

enum pl_pegged_reason {
    PL_PEGGED_MARKET,     /* the market is within the band */
    PL_PEGGED_BOUNDED,    /* too few venues show it outside: the band's end counts */
    PL_PEGGED_DEPEGGED,   /* enough venues show it outside: the market counts */
    PL_PEGGED_NO_RATE,    /* the rate is unknown, suspended or old: the market counts */
    PL_PEGGED_REDEMPTION, /* the market is held or has no price: the band counts */
    PL_PEGGED_NO_PRICE,   /* neither */
};
const char *pl_pegged_reason(enum pl_pegged_reason reason);

struct pl_pegged_mark {
    int64_t asset_price; /* of collateral, at most the band's upper end; 0 when there is no price */
    int64_t debt_price;  /* of a debt, at least the band's lower end */
    int64_t gap_q40;     /* |market - rate| / rate, up; 0 when one is missing */
    int64_t reason;      /* enum pl_pegged_reason */
};

/* now_us not before the step of `market`. */
struct pl_pegged_mark pl_pegged_mark(const struct pl_pegged_rules *rules,
                                     const struct pl_fused *market,
                                     const struct pl_pegged_rate *rate, int64_t now_us);

/* The quality of the mark, from that of the market price: what redemption bounds can be liquidated
 * on, and is no worse for a thin market. */
enum pl_quality pl_pegged_quality(enum pl_pegged_reason reason, enum pl_quality market);

#endif
