/* What BOOK/venue.json may state. */
#include <assert.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "book_rules.h"
#include "feed/model_fields.h"

#define FIELDS(table) table, sizeof table / sizeof *table

/* Limits are the venue's to say (book_rules_check.c), but those of the market and of money. */
#define RATIO(path, member) FIELD(path, PL_FIELD_Q40, member, NULL, NULL)
#define MONEY(path, member) FIELD(path, PL_FIELD_MONEY, member, "0", "20000000000")
#define TIME(path, member) FIELD(path, PL_FIELD_MICROSECONDS, member, NULL, NULL)
#define COUNT(path, member) FIELD(path, PL_FIELD_COUNT, member, "0", "4294967295")
#define WHOLE(path, member) FIELD(path, PL_FIELD_WHOLE, member, "0", "4294967295")
#define FLAG(path, member) FIELD(path, PL_FIELD_FLAG, member, NULL, NULL)
#define FIELD(path, type, member, min, max)                                                        \
    {                                                                                              \
        path, type, offsetof(struct pl_book_rules, member), min, max, "0", 0                       \
    }
#define LEVELS(path, member)                                                                       \
    RATIO(path ".move", member.at[PL_BREAKER_MOVE]),                                               \
        RATIO(path ".divergence", member.at[PL_BREAKER_SPREAD]),                                   \
        MONEY(path ".liquidated", member.at[PL_BREAKER_LIQUIDATED])
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

static const struct pl_model_field fields[] = {
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
    MONEY("liquidation.account", venue.liquidation.account_e8),
    MONEY("liquidation.instrument", venue.liquidation.instrument_e8),
    MONEY("liquidation.venue", venue.liquidation.venue_e8),
    TIME("liquidation.window_s", venue.liquidation.window_us),
    RATIO("auction.start", venue.auction.start_q40),
    RATIO("auction.turn", venue.auction.turn_q40),
    TIME("auction.fast_s", venue.auction.fast_us),
    TIME("auction.slow_s", venue.auction.slow_us),
    TIME("auction.insolvent_s", venue.auction.insolvent_us),
    RATIO("auction.buffer", venue.auction.buffer_q40),
    MONEY("auction.bid_min", venue.auction.bid_min),
    RATIO("auction.rise", venue.auction.rise_q40),
    TIME("auction.pause_s", venue.auction.pause_us),
    COUNT("auction.resets_max", venue.auction.resets_max),
    TIME("auction.offload_s", venue.auction.offload_us),
    RATIO("waterfall.fund_share", venue.waterfall.fund_share_q40),
    TIME("waterfall.fund_window_s", venue.waterfall.fund_window_us),
    ELSEWHERE("waterfall.policy"),
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
    MONEY("addon.position_free", venue.addon.position_free_e8),
    MONEY("addon.position_unit", venue.addon.position_unit_e8),
    RATIO("addon.position_slope", venue.addon.position_slope_q40),
    RATIO("addon.position_max", venue.addon.position_max_q40),
    MONEY("addon.interest_low", venue.addon.interest_low_e8),
    MONEY("addon.interest_high", venue.addon.interest_high_e8),
    RATIO("addon.interest_max", venue.addon.interest_max_q40),
    ELSEWHERE("fusion"),
    ELSEWHERE("fusion_of"),
};

static const char *policy(uint32_t number)
{
    return number < PL_POLICIES ? pl_policy_name((enum pl_policy)number) : NULL;
}

static const char *action(uint32_t number)
{
    return number < PL_ACTION_KINDS ? pl_action_name((enum pl_action)(1u << number)) : NULL;
}

/* The number of a word; false after saying which there are. */
static bool read_word(const struct pl_json *json, const struct pl_json_value *value,
                      const char *(*word)(uint32_t number), uint32_t *number)
{
    char list[256];
    size_t used = 0;
    for (uint32_t i = 0; word(i) != NULL; i++) {
        if (value->type == PL_JSON_STRING && strcmp(value->string, word(i)) == 0) {
            *number = i;
            return true;
        }
        const char *between = i == 0 ? "" : word(i + 1) != NULL ? ", " : " or ";
        used += (size_t)snprintf(list + used, sizeof list - used, "%s\"%s\"", between, word(i));
        assert(used < sizeof list);
    }
    pl_json_error(json, value, "must be %s", list);
    return false;
}

static void read_policy(struct pl_model_reader *reader, uint32_t *out)
{
    const struct pl_json *json = reader->json;
    const struct pl_json_value *section = pl_json_member(json, &json->values[0], "waterfall"),
                               *value =
                                   section != NULL ? pl_json_member(json, section, "policy") : NULL;
    if (value != NULL)
        (void)read_word(json, value, policy, out);
}

/* "allows": an array of actions. */
static void read_actions(struct pl_model_reader *reader, const struct pl_json_value *section,
                         const char *name, uint32_t *out)
{
    const struct pl_json *json = reader->json;
    const struct pl_json_value *line = pl_json_member(json, section, name),
                               *value = line != NULL ? pl_json_member(json, line, "allows") : NULL;
    uint32_t number, actions = 0;
    if (value == NULL || !pl_model_expect(reader, value, PL_JSON_ARRAY))
        return;
    const struct pl_json_value *item = pl_json_first(json, value);
    for (; item != NULL; item = pl_json_next(json, item)) {
        if (!read_word(json, item, action, &number))
            continue;
        if ((actions >> number & 1) != 0)
            pl_json_error(json, item, "stands here twice");
        actions |= UINT32_C(1) << number;
    }
    *out = actions;
}

static void read_permissions(struct pl_model_reader *reader, struct pl_permission_rules *r)
{
    const struct pl_json_value *section =
        pl_json_member(reader->json, &reader->json->values[0], "permission");
    if (section == NULL)
        return;
    for (int q = PL_QUALITY_POOR; q < PL_QUALITIES; q++)
        read_actions(reader, section, pl_quality_name((enum pl_quality)q), &r->allowed[q]);
    for (int s = 0; s < PL_BREAKER_STATES; s++)
        read_actions(reader, section, pl_breaker_state((enum pl_breaker_state)s),
                     &r->allowed_in[s]);
}

/* Of one underlying. */
#define FUSION(path, type, member)                                                                 \
    {                                                                                              \
        path, type, offsetof(struct pl_fusion_rules, member), NULL, NULL, "0", 0                   \
    }
static const struct pl_model_field fusion_fields[] = {
    { "sources_min", PL_FIELD_COUNT, offsetof(struct pl_fusion_rules, sources_min), "0",
      "2147483647", "0", 0 },
    FUSION("age_max_s", PL_FIELD_MICROSECONDS, age_max_us),
    FUSION("future_max_s", PL_FIELD_MICROSECONDS, future_max_us),
    FUSION("confidence_min", PL_FIELD_Q40, confidence_min_q40),
    FUSION("confidence_max", PL_FIELD_Q40, confidence_max_q40),
    FUSION("outlier", PL_FIELD_Q40, outlier_q40),
    FUSION("support", PL_FIELD_Q40, support_q40),
    FUSION("average_half_life_s", PL_FIELD_MICROSECONDS, average_half_life_us),
};

/* "fusion": of every underlying with prices of its own; what is known by crosses only has other
 * rules, and is stated by its name. */
static int read_fusion(struct pl_book_rules *r, const struct pl_book *book,
                       struct pl_model_reader *reader, const struct pl_json_value *section)
{
    struct pl_fusion_rules tried;
    const uint64_t problems = reader->error->count;
    pl_fusion_defaults(&tried);
    int result = pl_model_read_fields(reader, section, FIELDS(fusion_fields), &tried);
    if (reader->error->count > problems || book == NULL)
        return result;
    for (uint32_t u = 0; u < book->underlying_count && result == 0; u++)
        if (!r->fusion[u].implied)
            result = pl_model_read_fields(reader, section, FIELDS(fusion_fields), &r->fusion[u]);
    return result;
}

static uint32_t find_underlying(const struct pl_book *book, const char *name)
{
    uint32_t u = 0;
    while (u < book->underlying_count && strcmp(book->underlyings[u].name, name) != 0)
        u++;
    return u;
}

/* "fusion_of": an object for each underlying that has rules of its own. */
static int read_fusion_of(struct pl_book_rules *r, const struct pl_book *book,
                          struct pl_model_reader *reader, const struct pl_json_value *section)
{
    int result = 0;
    if (!pl_model_expect(reader, section, PL_JSON_OBJECT))
        return 0;
    const struct pl_json_value *member = pl_json_first(reader->json, section);
    for (; member != NULL && result == 0; member = pl_json_next(reader->json, member)) {
        struct pl_fusion_rules tried;
        const uint32_t u = book != NULL ? find_underlying(book, member->key) : 0;
        if (book != NULL && u == book->underlying_count)
            pl_json_error(reader->json, member, "no such underlying in instruments.csv");
        else
            result = pl_model_read_fields(reader, member, FIELDS(fusion_fields),
                                          book != NULL ? &r->fusion[u] : &tried);
    }
    return result;
}

int pl_book_rules_read(struct pl_book_rules *r, const struct pl_book *book,
                       const struct pl_json *json)
{
    struct pl_model_reader reader = { .json = json, .error = json->error };
    const struct pl_json_value *root = &json->values[0],
                               *fusion = pl_json_member(json, root, "fusion"),
                               *fusion_of = pl_json_member(json, root, "fusion_of");
    int result = pl_model_read_fields(&reader, root, FIELDS(fields), r);
    read_policy(&reader, &r->venue.waterfall.policy);
    read_permissions(&reader, &r->venue.permission);
    if (result == 0 && fusion != NULL)
        result = read_fusion(r, book, &reader, fusion);
    if (result == 0 && fusion_of != NULL)
        result = read_fusion_of(r, book, &reader, fusion_of);
    return result;
}
