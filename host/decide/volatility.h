/* Volatility of an underlying: realised from its ticks, in two ways, and implied from its options.
 *
 * Ticks are gathered into bars of equal length. A bar's open is the close of the one before, so
 * that no move between bars is lost. Per bar: return:  r = ln(close / open), variance r^2
 * (RiskMetrics, 1996: mean zero, weights that decay); range:   ln(high / low)^2 / (4 ln 2)
 * (Parkinson, 1980), several times as efficient in a quiet market, blind to what happens between
 * ticks. Both variances decay by their half-life in time of bars that had ticks: an outage of the
 * feed never lowers a volatility, and the whole move over it counts in the bar after it. The
 * realised volatility is the larger of the two, times sqrt(year / bar), a year of 365 days.
 *
 * Integers only; logarithms from model/fixmath.h. Until the weight of a bar is that of the
 * half-life the variances are plain means, so that the first bar does not linger. Pure and bounded;
 * the state is copied by memcpy. Times never decrease.
 */
#ifndef PL_DECIDE_VOLATILITY_H
#define PL_DECIDE_VOLATILITY_H

#include <stdint.h>

#include "decide/decay.h"

struct pl_volatility_rules {
    int64_t bar_us;             /* 1 s .. 1 day */
    int64_t half_life_us;       /* one bar .. 1 year */
    int64_t implied_age_max_us; /* 1 min .. 7 days */
    int64_t implied_min_q40;    /* an implied volatility outside is refused; 0.1 % .. */
    int64_t implied_max_q40;    /* .. 1000 % */
    int64_t bars_min;           /* fewer closed bars give no realised volatility; 1 .. 10000 */
};

/* docs/decide/volatility.md says where the defaults come from. */
void pl_volatility_defaults(struct pl_volatility_rules *rules);
/* 0, or -EINVAL and the field with its limits in `message`, of PL_RULE_MESSAGE_BYTES. */
int pl_volatility_check(const struct pl_volatility_rules *rules, char *message);

struct pl_volatility {
    int64_t open, high, low, close; /* of the bar under way; open 0: no tick yet */
    int64_t bar;                    /* its number: time / bar_us */
    int64_t bars;                   /* closed ones */
    struct pl_decayed return_variance_q62, range_variance_q62; /* per bar, at most 1 */
    int64_t implied_q40, implied_us;                           /* 0: none yet */
    int64_t time_us;
};

void pl_volatility_start(struct pl_volatility *v);

/* A price, 1 .. PL_PRICE_MAX in any unit. Returns 0, -EINVAL when now_us is before an earlier input
 * or negative, or -ERANGE for a price outside: nothing then changes. */
int pl_volatility_tick(struct pl_volatility *v, const struct pl_volatility_rules *rules,
                       int64_t price, int64_t now_us);

/* An implied volatility per year. Returns 0, -EINVAL for the time, or -ERANGE outside the governed
 * limits: nothing then changes. */
int pl_volatility_imply(struct pl_volatility *v, const struct pl_volatility_rules *rules,
                        int64_t implied_q40, int64_t now_us);

/* Per year, Q.40, within 2^-38 of itself and sqrt(year / bar) * 2^-48: logarithms have 48 bits,
 * squares
 * 62. 0: not known. */
struct pl_volatility_estimate {
    int64_t return_q40, range_q40, implied_q40;
    int64_t used_q40; /* the largest */
};
struct pl_volatility_estimate pl_volatility_now(const struct pl_volatility *v,
                                                const struct pl_volatility_rules *rules,
                                                int64_t now_us);

#endif
