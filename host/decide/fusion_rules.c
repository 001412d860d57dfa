#include "decide/fusion.h"

#include "decide/rule.h"

const char *pl_fusion_reason(enum pl_fusion_reason reason)
{
    static const char *const text[PL_FUSION_REASONS] = {
        [PL_FUSION_KEPT] = "kept",
        [PL_FUSION_ABSENT] = "has not reported",
        [PL_FUSION_NEGATIVE] = "price not positive",
        [PL_FUSION_OUT_OF_RANGE] = "price out of range",
        [PL_FUSION_CONFIDENCE] = "absurd confidence",
        [PL_FUSION_CROSSED] = "bid above ask",
        [PL_FUSION_FUTURE] = "from the future",
        [PL_FUSION_OUT_OF_ORDER] = "out of order",
        [PL_FUSION_DUPLICATED] = "duplicated",
        [PL_FUSION_STALE] = "stale",
        [PL_FUSION_UNCONVERTED] = "quote currency has no price",
        [PL_FUSION_OUTLYING] = "outlying",
    };
    return reason < PL_FUSION_REASONS ? text[reason] : "unknown";
}

void pl_fusion_defaults(struct pl_fusion_rules *rules)
{
    *rules = (struct pl_fusion_rules){
        .decimals = 8,
        .source_count = 3,
        .sources_min = 3,
        .age_max_us = PL_MINUTE_US,
        .future_max_us = PL_SECOND_US,
        .confidence_min_q40 = PL_Q40_MILLIONTHS(10),
        .confidence_max_q40 = PL_Q40_MILLIONTHS(50000),
        .outlier_q40 = PL_Q40_MILLIONTHS(20000),
        .support_q40 = PL_Q40_MILLIONTHS(20000),
        .average_half_life_us = PL_HOUR_US,
    };
    for (int i = 0; i < PL_FUSION_SOURCES_MAX; i++)
        rules->source[i].quote = PL_FUSION_USD;
}

int pl_fusion_check(const struct pl_fusion_rules *r, int rate_count, char *message)
{
    const struct {
        const char *field;
        int64_t value, low, high;
    } limits[] = {
        { "decimals", r->decimals, 0, PL_DECIMALS_MAX },
        { "source_count", r->source_count, 1, PL_FUSION_SOURCES_MAX },
        { "sources_min", r->sources_min, 1, r->source_count },
        { "implied", r->implied, 0, 1 },
        { "age_max_us", r->age_max_us, 1000, PL_DAY_US },
        { "future_max_us", r->future_max_us, 0, PL_MINUTE_US },
        { "confidence_min_q40", r->confidence_min_q40, 0, PL_Q40_MILLIONTHS(10000) },
        { "confidence_max_q40", r->confidence_max_q40, PL_Q40_MILLIONTHS(100),
          PL_Q40_MILLIONTHS(500000) },
        { "outlier_q40", r->outlier_q40, PL_Q40_MILLIONTHS(1000), PL_Q40_MILLIONTHS(500000) },
        { "support_q40", r->support_q40, PL_Q40_MILLIONTHS(500), PL_Q40_MILLIONTHS(100000) },
        { "average_half_life_us", r->average_half_life_us, PL_SECOND_US, 30 * PL_DAY_US },
    };
    char name[64];
    for (unsigned i = 0; i < sizeof limits / sizeof *limits; i++) {
        snprintf(name, sizeof name, "fusion.%s", limits[i].field);
        if (pl_rule_within(name, limits[i].value, limits[i].low, limits[i].high, message) != 0)
            return -EINVAL;
    }
    for (int i = 0; i < r->source_count; i++) {
        snprintf(name, sizeof name, "fusion.source[%d].venue", i);
        if (pl_rule_within(name, r->source[i].venue, 0, PL_FUSION_VENUES_MAX - 1, message) != 0)
            return -EINVAL;
        snprintf(name, sizeof name, "fusion.source[%d].quote", i);
        if (pl_rule_within(name, r->source[i].quote, PL_FUSION_USD, rate_count - 1, message) != 0)
            return -EINVAL;
    }
    return 0;
}
