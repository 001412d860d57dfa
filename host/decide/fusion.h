/* Price fusion: the price of an asset in USD out of up to 16 sources.
 *
 * A report that is out of order, repeated or from the future is ignored; one whose content is
 * wrong (negative, crossed, absurd) withdraws its source until the next good one. At every step
 * stale sources are left out, each other quote currency is converted with a fused price of its own,
 * outliers are dropped, and what is left is aggregated (decide/aggregate.h).
 *
 * Pure and bounded; the state is copied by memcpy. Times are microseconds since 1970, come with the
 * input and never decrease. Prices are 10^-decimals USD, or of the source's quote currency.
 */
#ifndef PL_DECIDE_FUSION_H
#define PL_DECIDE_FUSION_H

#include <stdbool.h>
#include <stdint.h>

#include "decide/aggregate.h"
#include "decide/convert.h"
#include "decide/decay.h"

#define PL_FUSION_SOURCES_MAX PL_AGGREGATE_SOURCES_MAX
#define PL_FUSION_VENUES_MAX 16
#define PL_FUSION_USD (-1) /* as a source's quote */

/* Why a source does not count, or a report was not taken. */
enum pl_fusion_reason {
    PL_FUSION_KEPT,
    PL_FUSION_ABSENT,       /* has not reported yet */
    PL_FUSION_NEGATIVE,     /* a price or quote of 0 or less */
    PL_FUSION_OUT_OF_RANGE, /* beyond PL_PRICE_MAX, or 0 once converted */
    PL_FUSION_CONFIDENCE,   /* negative, or more of the price than the rules allow */
    PL_FUSION_CROSSED,      /* bid above ask */
    PL_FUSION_FUTURE,       /* source time after arrival; the report before it stands */
    PL_FUSION_OUT_OF_ORDER, /* older than its report before, which stands */
    PL_FUSION_DUPLICATED,   /* as old as its report before, which stands */
    PL_FUSION_STALE,        /* too old now */
    PL_FUSION_UNCONVERTED,  /* its quote currency has no usable price */
    PL_FUSION_OUTLYING,     /* too far from the middle of all */
    PL_FUSION_REASONS,
};
const char *pl_fusion_reason(enum pl_fusion_reason reason);

struct pl_fusion_source_rules {
    int32_t venue; /* 0 .. PL_FUSION_VENUES_MAX - 1 */
    int32_t quote; /* PL_FUSION_USD, or an index into the rates of a step */
};

struct pl_fusion_rules {
    int32_t decimals;
    int32_t source_count; /* 1 .. 16 */
    int32_t sources_min;  /* fewer give no new price; 1 .. 16 */
    /* Its sources are crosses of prices that are converted with it (USDC/USD out of BTC/USD and
     * BTC/USDC): conversions then use its slow average, so that a price does not confirm itself. */
    int32_t implied;
    struct pl_fusion_source_rules source[PL_FUSION_SOURCES_MAX];
    int64_t age_max_us;           /* 1 ms .. 1 day, from source time */
    int64_t future_max_us;        /* 0 .. 1 min: how far a source's clock may be ahead of ours */
    int64_t confidence_min_q40;   /* of the price: nobody is surer than this; 0 .. 1 % */
    int64_t confidence_max_q40;   /* of the price: a source less sure is dropped; 0.01 % .. 50 % */
    int64_t outlier_q40;          /* of the middle price; 0.1 % .. 50 % */
    int64_t support_q40;          /* of the price: how near a venue must show it; 0.05 % .. 10 % */
    int64_t average_half_life_us; /* 1 s .. 30 days */
};

/* The defaults for one major asset: three sources at least, all in USD, of venue 0; set the
 * sources, venues and quotes. docs/decide/fusion.md says where the numbers come from. */
void pl_fusion_defaults(struct pl_fusion_rules *rules);

/* 0, or -EINVAL and the field with its limits in `message`, of PL_RULE_MESSAGE_BYTES. Quotes must
 * be below rate_count: where rates are indexed as assets are, an asset's own index, so that each is
 * quoted in those before it. */
int pl_fusion_check(const struct pl_fusion_rules *rules, int rate_count, char *message);

struct pl_fusion_report {
    int64_t price;
    int64_t confidence; /* the price is within price +- confidence */
    int64_t bid, ask;   /* both 0: the source gives no quote */
    int64_t source_us, arrival_us;
};

struct pl_fusion_source {
    struct pl_estimate estimate; /* in its quote currency */
    int64_t source_us;           /* of the report taken last, good or not */
    int64_t reason;              /* PL_FUSION_KEPT, or why it is withdrawn */
};

/* The price of an asset, and how far it can be trusted. */
struct pl_fused {
    struct pl_estimate now; /* price 0: there has never been one */
    int64_t average_price;  /* slow moving average */
    int64_t divergence_q40; /* |price - average| / average, up */
    int64_t spread_q40; /* (highest p - c less lowest p + c of the kept) / price, up; 0: all meet */
    int64_t source_us;  /* when sources_min sources had spoken */
    int32_t sources;    /* kept ones */
    int32_t venues;     /* venues of which a kept source shows the price within support_q40 */
    int32_t fresh;      /* 0: too few sources now, the last price is held */
    int32_t disputed;   /* no majority agrees: nobody was dropped as outlying */
    uint8_t reason[PL_FUSION_SOURCES_MAX]; /* enum pl_fusion_reason of each source, at this step */
};

struct pl_fusion {
    struct pl_fusion_source source[PL_FUSION_SOURCES_MAX];
    struct pl_fused last;
    struct pl_average average;
    int64_t time_us; /* of the last input */
};

/* All sources absent. */
void pl_fusion_start(struct pl_fusion *f);

/* A report of one source. Returns 0 with *reason, PL_FUSION_KEPT when it was taken, or -EINVAL when
 * the rules have no such source or its arrival is negative or before an earlier input: nothing then
 * changes. */
int pl_fusion_take(struct pl_fusion *f, const struct pl_fusion_rules *rules, int source,
                   const struct pl_fusion_report *report, enum pl_fusion_reason *reason);

/* The price at now_us. `rates`: what each quote currency named by the rules is worth. Returns 0 or
 * -EINVAL when now_us is before an earlier input: nothing then changes. */
int pl_fusion_step(struct pl_fusion *f, const struct pl_fusion_rules *rules,
                   const struct pl_rate *rates, int64_t now_us, struct pl_fused *fused);

/* What this asset is worth as a quote currency: the price, or of an implied one its slow average
 * with a confidence that reaches over the price. Not known while the price is held. */
struct pl_rate pl_fusion_rate(const struct pl_fusion_rules *rules, const struct pl_fused *fused);

/* What positions are marked with, and graded by: `fused`, of an implied asset with the price and
 * the confidence of its rate, for all of its crosses may share a leg: a wick of that one book is
 * then seen "by two venues", but is too uncertain to act on. */
struct pl_fused pl_fusion_marked(const struct pl_fusion_rules *rules, const struct pl_fused *fused);

#endif
