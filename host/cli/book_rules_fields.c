/* What BOOK/venue.json may state. */
#include "book_rules_fields.h"

#include <stddef.h>

const char *pl_book_rule_policy(uint32_t number)
{
    return number < PL_POLICIES ? pl_policy_name((enum pl_policy)number) : NULL;
}

const char *pl_book_rule_action(uint32_t number)
{
    return number < PL_ACTION_KINDS ? pl_action_name((enum pl_action)(1u << number)) : NULL;
}

/* Limits are the venue's to say (book_rules_check.c), but those of the market and of money. */
#define RATIO(path, member) FIELD(path, PL_FIELD_Q40, member, NULL, NULL)
#define MONEY(path, member, least) FIELD(path, PL_FIELD_MONEY, member, least, "20000000000")
#define TIME(path, member) FIELD(path, PL_FIELD_MICROSECONDS, member, NULL, NULL)
#define COUNT(path, member) FIELD(path, PL_FIELD_COUNT, member, NULL, NULL)
#define WHOLE(path, member) FIELD(path, PL_FIELD_WHOLE, member, NULL, NULL)
#define FLAG(path, member) FIELD(path, PL_FIELD_FLAG, member, NULL, NULL)
#define FIELD(path, type, member, min, max)                                                        \
    {                                                                                              \
        path, type, offsetof(struct pl_book_rules, member), min, max, "0", 0                       \
    }
#define LEVELS(path, member)                                                                       \
    RATIO(path ".move", member.at[PL_BREAKER_MOVE]),                                               \
        RATIO(path ".divergence", member.at[PL_BREAKER_SPREAD]),                                   \
        MONEY(path ".liquidated", member.at[PL_BREAKER_LIQUIDATED], "0")
#define ELSEWHERE(path)                                                                            \
    {                                                                                              \
        path, PL_FIELD_ELSEWHERE, 0, NULL, NULL, "0", 0                                            \
    }
#define QUALITY(path, quality)                                                                     \
    WHOLE(path ".sources", venue.permission.line[quality].sources),                                \
        WHOLE(path ".venues", venue.permission.line[quality].venues),                              \
        RATIO(path ".confidence", venue.permission.line[quality].confidence_q40),                  \
        TIME(path ".age_s", venue.permission.line[quality].age_us),                                \
        RATIO(path ".divergence", venue.permission.line[quality].divergence_q40),                  \
        ELSEWHERE(path ".allows")
#define PACE(path, member)                                                                         \
    RATIO(path ".release", member.release_q40),                                                    \
        TIME(path ".move_window_s", member.move_window_us),                                        \
        TIME(path ".liquidation_window_s", member.liquidation_window_us),                          \
        TIME(path ".calm_s", member.calm_us),                                                      \
        TIME(path ".cautious_hold_s", member.cautious_hold_us),                                    \
        TIME(path ".halted_hold_s", member.halted_hold_us)

#define PARAMETER(path, member)                                                                    \
    RATIO(path ".floor", member.floor_q40), RATIO(path ".ceiling", member.ceiling_q40),            \
        RATIO(path ".multiple", member.multiple_q40), TIME(path ".horizon_s", member.horizon_us),  \
        RATIO(path ".rise", member.rise_q40_per_hour),                                             \
        RATIO(path ".fall", member.fall_q40_per_hour)

const struct pl_model_field pl_book_rule_fields[] = {
    FIELD("market.spread", PL_FIELD_Q40, market.spread_q40, "0", "0.1"),
    FIELD("market.impact", PL_FIELD_Q40, market.impact_q40, "0", "1"),
    FIELD("market.volume", PL_FIELD_Q40, market.volume_q40, "0.01", "100"),
    FIELD("market.fund", PL_FIELD_Q40, market.fund_q40, "0", "1"),
    FLAG("margin_calls", venue.calls),
    FLAG("auctions", venue.auctions),
    TIME("liquidation.call_s", venue.liquidation.call_us),
    RATIO("liquidation.clear", venue.liquidation.clear_q40),
    TIME("liquidation.rearm_s", venue.liquidation.rearm_us),
    TIME("liquidation.cooldown_s", venue.liquidation.cooldown_us),
    TIME("liquidation.fill_s", venue.liquidation.fill_us),
    COUNT("liquidation.partials_max", venue.liquidation.partials_max),
    TIME("liquidation.partials_s", venue.liquidation.partials_us),
    RATIO("liquidation.escalate", venue.liquidation.escalate_q40),
    RATIO("liquidation.penalty", venue.liquidation.penalty_q40),
    RATIO("liquidation.liquidator", venue.liquidation.liquidator_q40),
    MONEY("liquidation.account", venue.liquidation.account_e8, "0.00000001"),
    MONEY("liquidation.instrument", venue.liquidation.instrument_e8, "0.00000001"),
    MONEY("liquidation.venue", venue.liquidation.venue_e8, "0.00000001"),
    TIME("liquidation.window_s", venue.liquidation.window_us),
    RATIO("auction.start", venue.auction.start_q40),
    RATIO("auction.turn", venue.auction.turn_q40),
    TIME("auction.fast_s", venue.auction.fast_us),
    TIME("auction.slow_s", venue.auction.slow_us),
    TIME("auction.insolvent_s", venue.auction.insolvent_us),
    RATIO("auction.buffer", venue.auction.buffer_q40),
    MONEY("auction.bid_min", venue.auction.bid_min, "0"),
    RATIO("auction.rise", venue.auction.rise_q40),
    TIME("auction.pause_s", venue.auction.pause_us),
    COUNT("auction.resets_max", venue.auction.resets_max),
    TIME("auction.offload_s", venue.auction.offload_us),
    RATIO("waterfall.fund_share", venue.waterfall.fund_share_q40),
    TIME("waterfall.fund_window_s", venue.waterfall.fund_window_us),
    ELSEWHERE("waterfall.policy"),
    TIME("settlement.window_s", venue.settlement.window_us),
    TIME("settlement.stale_s", venue.settlement.stale_us),
    RATIO("settlement.covered", venue.settlement.covered_q40),
    TIME("funding.interval_s", venue.funding.interval_us),
    RATIO("funding.rate_max", venue.funding.rate_max_q40),
    FLAG("volatility.follow", follow),
    TIME("volatility.bar_s", venue.volatility.bar_us),
    TIME("volatility.half_life_s", venue.volatility.half_life_us),
    WHOLE("volatility.bars_min", venue.volatility.bars_min),
    RATIO("volatility.grain", venue.grain_q40),
    PARAMETER("volatility.width", venue.width),
    PARAMETER("volatility.haircut", venue.haircut),
    LEVELS("breaker.cautious", venue.breaker.cautious),
    LEVELS("breaker.halted", venue.breaker.halted),
    PACE("breaker", venue.breaker),
    LEVELS("venue_breaker.cautious", venue.venue_breaker.cautious),
    WHOLE("venue_breaker.cautious.underlyings",
          venue.venue_breaker.cautious.at[PL_BREAKER_UNDERLYINGS]),
    LEVELS("venue_breaker.halted", venue.venue_breaker.halted),
    WHOLE("venue_breaker.halted.underlyings",
          venue.venue_breaker.halted.at[PL_BREAKER_UNDERLYINGS]),
    PACE("venue_breaker", venue.venue_breaker),
    QUALITY("permission.poor", PL_QUALITY_POOR),
    QUALITY("permission.thin", PL_QUALITY_THIN),
    QUALITY("permission.fair", PL_QUALITY_FAIR),
    QUALITY("permission.full", PL_QUALITY_FULL),
    ELSEWHERE("permission.normal.allows"),
    ELSEWHERE("permission.cautious.allows"),
    ELSEWHERE("permission.halted.allows"),
    MONEY("addon.position_free", venue.addon.position_free_e8, "0"),
    MONEY("addon.position_unit", venue.addon.position_unit_e8, "1"),
    RATIO("addon.position_slope", venue.addon.position_slope_q40),
    RATIO("addon.position_max", venue.addon.position_max_q40),
    MONEY("addon.interest_low", venue.addon.interest_low_e8, "0"),
    MONEY("addon.interest_high", venue.addon.interest_high_e8, "1"),
    RATIO("addon.interest_max", venue.addon.interest_max_q40),
    ELSEWHERE("fusion"),
    ELSEWHERE("fusion_of"),
};
const size_t pl_book_rule_field_count = sizeof pl_book_rule_fields / sizeof *pl_book_rule_fields;

/* Of one underlying. */
#define FUSION(path, type, member)                                                                 \
    {                                                                                              \
        path, type, offsetof(struct pl_fusion_rules, member), NULL, NULL, "0", 0                   \
    }
const struct pl_model_field pl_book_fusion_fields[PL_BOOK_FUSION_FIELDS] = {
    FUSION("sources_min", PL_FIELD_COUNT, sources_min),
    FUSION("age_max_s", PL_FIELD_MICROSECONDS, age_max_us),
    FUSION("future_max_s", PL_FIELD_MICROSECONDS, future_max_us),
    FUSION("confidence_min", PL_FIELD_Q40, confidence_min_q40),
    FUSION("confidence_max", PL_FIELD_Q40, confidence_max_q40),
    FUSION("outlier", PL_FIELD_Q40, outlier_q40),
    FUSION("support", PL_FIELD_Q40, support_q40),
    FUSION("average_half_life_s", PL_FIELD_MICROSECONDS, average_half_life_us),
};
