/* The rules of a simulation: those of a venue as the book's prices allow them, what BOOK/venue.json
 * states, what the policy asks for. */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "decide/rule.h"
#include "feed/model_fields.h"
#include "feed/text_error.h"
#include "simulate.h"

#define RULES_FILE "venue.json"
#define SECOND INT64_C(1000000)

/* What a word holds; what a rule may be is the venue's to say (pl_venue_check). */
#define RATIO(path, member) FIELD(path, PL_FIELD_Q40, member, "-1000000", "1000000")
#define MONEY(path, member) FIELD(path, PL_FIELD_MONEY, member, "0", "20000000000")
#define TIME(path, member) FIELD(path, PL_FIELD_MICROSECONDS, member, "0", "1000000000000")
#define COUNT(path, member) FIELD(path, PL_FIELD_COUNT, member, "0", "4294967295")
#define FLAG(path, member) FIELD(path, PL_FIELD_FLAG, member, NULL, NULL)
#define FIELD(path, type, member, min, max)                                                        \
    {                                                                                              \
        path, type, offsetof(struct pl_simulation, member), min, max, "0", 0                       \
    }
#define LEVELS(path, member)                                                                       \
    RATIO(path ".move", member.at[PL_BREAKER_MOVE]),                                               \
        RATIO(path ".divergence", member.at[PL_BREAKER_SPREAD]),                                   \
        MONEY(path ".liquidated", member.at[PL_BREAKER_LIQUIDATED])
#define BREAKER(path, member)                                                                      \
    LEVELS(path ".cautious", member.cautious), LEVELS(path ".halted", member.halted),              \
        RATIO(path ".release", member.release_q40),                                                \
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

static const struct pl_model_field fields[] = {
    FIELD("market.spread", PL_FIELD_Q40, market.spread_q40, "0", "0.1"),
    FIELD("market.impact", PL_FIELD_Q40, market.impact_q40, "0", "1"),
    FIELD("market.volume", PL_FIELD_Q40, market.volume_q40, "0.01", "100"),
    FIELD("market.fund", PL_FIELD_Q40, market.fund_q40, "0", "1"),
    FLAG("margin_calls", rules.calls),
    FLAG("auctions", rules.auctions),
    TIME("liquidation.call_s", rules.liquidation.call_us),
    RATIO("liquidation.clear", rules.liquidation.clear_q40),
    TIME("liquidation.rearm_s", rules.liquidation.rearm_us),
    TIME("liquidation.cooldown_s", rules.liquidation.cooldown_us),
    TIME("liquidation.fill_s", rules.liquidation.fill_us),
    COUNT("liquidation.partials_max", rules.liquidation.partials_max),
    TIME("liquidation.partials_s", rules.liquidation.partials_us),
    RATIO("liquidation.escalate", rules.liquidation.escalate_q40),
    RATIO("liquidation.penalty", rules.liquidation.penalty_q40),
    RATIO("liquidation.liquidator", rules.liquidation.liquidator_q40),
    MONEY("liquidation.account", rules.liquidation.account_e8),
    MONEY("liquidation.instrument", rules.liquidation.instrument_e8),
    MONEY("liquidation.venue", rules.liquidation.venue_e8),
    TIME("liquidation.window_s", rules.liquidation.window_us),
    RATIO("auction.start", rules.auction.start_q40),
    RATIO("auction.turn", rules.auction.turn_q40),
    TIME("auction.fast_s", rules.auction.fast_us),
    TIME("auction.slow_s", rules.auction.slow_us),
    TIME("auction.insolvent_s", rules.auction.insolvent_us),
    RATIO("auction.buffer", rules.auction.buffer_q40),
    MONEY("auction.bid_min", rules.auction.bid_min),
    RATIO("auction.rise", rules.auction.rise_q40),
    TIME("auction.pause_s", rules.auction.pause_us),
    COUNT("auction.resets_max", rules.auction.resets_max),
    TIME("auction.offload_s", rules.auction.offload_us),
    RATIO("waterfall.fund_share", rules.waterfall.fund_share_q40),
    TIME("waterfall.fund_window_s", rules.waterfall.fund_window_us),
    TIME("settlement.window_s", rules.settlement.window_us),
    TIME("settlement.stale_s", rules.settlement.stale_us),
    RATIO("settlement.covered", rules.settlement.covered_q40),
    TIME("funding.interval_s", rules.funding.interval_us),
    RATIO("funding.rate_max", rules.funding.rate_max_q40),
    FLAG("volatility.follow", follow),
    TIME("volatility.bar_s", rules.volatility.bar_us),
    TIME("volatility.half_life_s", rules.volatility.half_life_us),
    RATIO("volatility.grain", rules.grain_q40),
    PARAMETER("volatility.width", rules.width),
    PARAMETER("volatility.haircut", rules.haircut),
    FIELD("waterfall.policy", PL_FIELD_ELSEWHERE, rules.waterfall.policy, NULL, NULL),
    BREAKER("breaker", rules.breaker),
    BREAKER("venue_breaker", rules.venue_breaker),
};

static void read_policy(const struct pl_json *json, const struct pl_json_value *waterfall,
                        uint32_t *policy)
{
    const struct pl_json_value *value = waterfall != NULL && waterfall->type == PL_JSON_OBJECT
                                            ? pl_json_member(json, waterfall, "policy")
                                            : NULL;
    if (value == NULL)
        return;
    for (uint32_t p = 0; p < PL_POLICIES; p++) {
        if (value->type == PL_JSON_STRING &&
            strcmp(value->string, pl_policy_name((enum pl_policy)p)) == 0) {
            *policy = p;
            return;
        }
    }
    pl_json_error(json, value, "must be \"%s\", \"%s\" or \"%s\"", pl_policy_name(0),
                  pl_policy_name(1), pl_policy_name(2));
}

/* What the file states replaces what stands; without a file nothing changes. */
static int read_rules(struct pl_simulation *s, const char *path)
{
    struct pl_text_error *error = calloc(1, sizeof *error);
    struct pl_json *json = NULL;
    if (error == NULL)
        return -ENOMEM;
    int result = pl_json_load(path, error, &json);
    if (result == 0) {
        struct pl_model_reader reader = { .json = json, .error = error };
        result = pl_model_read_fields(&reader, &json->values[0], fields,
                                      sizeof fields / sizeof fields[0], s);
        read_policy(json, pl_json_member(json, &json->values[0], "waterfall"),
                    &s->rules.waterfall.policy);
        result = result == 0 && error->count > 0 ? -EINVAL : result;
    }
    if (error->count > 0)
        fputs(error->text, stderr);
    pl_json_free(json);
    free(error);
    return result;
}

static void take_options(struct pl_simulate_market *market, const struct pl_simulate_market *given)
{
    int64_t *const into[] = { &market->spread_q40, &market->impact_q40, &market->volume_q40,
                              &market->fund_q40 };
    const int64_t from[] = { given->spread_q40, given->impact_q40, given->volume_q40,
                             given->fund_q40 };
    for (size_t i = 0; i < sizeof from / sizeof from[0]; i++)
        *into[i] = from[i] >= 0 ? from[i] : *into[i];
}

static void switch_breakers_off(struct pl_venue_rules *r)
{
    for (int t = 0; t < PL_BREAKER_TRIGGERS; t++)
        r->breaker.cautious.at[t] = r->breaker.halted.at[t] = r->venue_breaker.cautious.at[t] =
            r->venue_breaker.halted.at[t] = 0;
    for (int q = PL_QUALITY_POOR; q < PL_QUALITIES; q++)
        r->permission.line[q].divergence_q40 = r->permission.line[PL_QUALITY_POOR].divergence_q40;
}

/* Without sources a book has one price of one venue: what asks for more is told so. With sources,
 * two venues are asked for as ever, and as many sources as each underlying has that two venues
 * show. Times are as long as the ticks are apart. */
static void set_lines(struct pl_simulation *s, int64_t gap)
{
    const struct pl_book *book = s->session->book;
    const bool sourced = book->source_count > 0;
    struct pl_quality_line *lines = s->rules.permission.line;
    int64_t most = sourced ? PL_BOOK_SOURCES_MAX : 1;
    for (uint32_t u = 0; u < book->underlying_count && sourced; u++) {
        const struct pl_fusion_rules *f = &s->setup.fusion[u];
        bool several = false;
        for (int32_t i = 1; i < f->source_count; i++)
            several |= f->source[i].venue != f->source[0].venue;
        most = several ? pl_min64(most, f->source_count) : most;
    }
    for (int q = PL_QUALITY_POOR; q < PL_QUALITIES; q++) {
        lines[q].sources = pl_min64(lines[q].sources, most);
        lines[q].venues = pl_min64(lines[q].venues, sourced ? lines[q].venues : 1);
        lines[q].age_us = pl_min64(lines[q].age_us + (sourced ? 2 : 1) * gap, PL_DAY_US);
    }
}

/* (a) and (b) of docs/decide/simulate.md, whatever a file says of liquidations. */
static void set_plain_policy(struct pl_venue_rules *r)
{
    struct pl_liquidation_rules *l = &r->liquidation;
    r->calls = r->auctions = false;
    l->cooldown_us = 0;
    l->partials_max = 100;
    l->partials_us = 60 * SECOND;
    l->escalate_q40 = PL_COEFFICIENT_ONE;
    l->account_e8 = l->instrument_e8 = l->venue_e8 = INT64_MAX / 4;
}

int pl_simulation_set_rules(struct pl_simulation *s)
{
    const struct pl_simulate_options *o = &s->options->simulate;
    const struct pl_book *book = s->session->book;
    const int64_t gap = pl_book_gap_us(book);
    struct pl_venue_rules *r = &s->rules;
    char path[4096], message[PL_VENUE_MESSAGE_BYTES];
    int error = 0;
    s->market = (struct pl_simulate_market){ .spread_q40 = PL_Q40_MILLIONTHS(1000),
                                             .impact_q40 = PL_Q40_MILLIONTHS(100000),
                                             .volume_q40 = PL_COEFFICIENT_ONE,
                                             .fund_q40 = PL_Q40_MILLIONTHS(1000) };
    pl_venue_defaults(r);
    set_lines(s, gap);
    r->breaker.calm_us = pl_min64(pl_max64(r->breaker.calm_us, 2 * gap), PL_DAY_US);
    r->breaker.move_window_us = pl_min64(pl_max64(r->breaker.move_window_us, 3 * gap), PL_DAY_US);
    r->venue_breaker.calm_us = r->breaker.calm_us;
    r->volatility.bar_us = pl_min64(pl_max64(r->volatility.bar_us, gap), PL_DAY_US);
    const int length = snprintf(path, sizeof path, "%s/" RULES_FILE, book->path);
    const bool stated = length > 0 && (size_t)length < sizeof path && access(path, F_OK) == 0;
    if (stated)
        error = read_rules(s, path);
    take_options(&s->market, &o->market);
    s->cascade_window_us = pl_max64(r->breaker.liquidation_window_us, gap);
    if (o->no_breakers)
        switch_breakers_off(r);
    if (s->policy != PL_SIMULATED_MINIMAL)
        set_plain_policy(r);
    if (error == 0 && pl_venue_check(r, &s->setup, message) != 0) {
        pl_complain("%s: %s", stated ? path : book->path, message);
        error = -EINVAL;
    }
    return error;
}
