#include "decide/permission.h"

#include "decide/exact.h"
#include "decide/rule.h"

const char *pl_quality_name(enum pl_quality quality)
{
    static const char *const text[PL_QUALITIES] = { "none", "poor", "thin", "fair", "full" };
    return quality < PL_QUALITIES ? text[quality] : "unknown";
}

const char *pl_action_name(enum pl_action action)
{
    static const char *const text[PL_ACTION_KINDS] = { "mark",    "margin call", "liquidation",
                                                       "auction", "new risk",    "withdrawal" };
    for (unsigned i = 0; i < PL_ACTION_KINDS; i++)
        if ((unsigned)action == 1u << i)
            return text[i];
    return "unknown";
}

const char *pl_permission_reason(enum pl_permission_reason reason)
{
    static const char *const text[] = {
        [PL_PERMISSION_GRANTED] = "granted",
        [PL_PERMISSION_NO_PRICE] = "no price",
        [PL_PERMISSION_HELD] = "too few sources, last price held",
        [PL_PERMISSION_DISPUTED] = "sources disagree",
        [PL_PERMISSION_SOURCES] = "too few sources",
        [PL_PERMISSION_VENUES] = "shown by too few venues",
        [PL_PERMISSION_CONFIDENCE] = "too uncertain",
        [PL_PERMISSION_AGE] = "too old",
        [PL_PERMISSION_DIVERGENCE] = "too far from its average",
        [PL_PERMISSION_BREAKER] = "breaker of the underlying",
        [PL_PERMISSION_VENUE_BREAKER] = "breaker of the venue",
    };
    return reason <= PL_PERMISSION_VENUE_BREAKER ? text[reason] : "unknown";
}

void pl_permission_defaults(struct pl_permission_rules *rules)
{
    const uint32_t poor = PL_ACTION_MARK | PL_ACTION_MARGIN_CALL,
                   thin = poor | PL_ACTION_LIQUIDATION, cautious = thin | PL_ACTION_AUCTION,
                   fair = cautious | PL_ACTION_NEW_RISK;
    *rules = (struct pl_permission_rules){
        .line = { [PL_QUALITY_FULL] = { 3, 2, PL_Q40_MILLIONTHS(5000), 10 * PL_SECOND_US,
                                        PL_Q40_MILLIONTHS(50000) },
                  [PL_QUALITY_FAIR] = { 3, 2, PL_Q40_MILLIONTHS(10000), 30 * PL_SECOND_US,
                                        PL_Q40_MILLIONTHS(100000) },
                  [PL_QUALITY_THIN] = { 3, 2, PL_Q40_MILLIONTHS(20000), 2 * PL_MINUTE_US,
                                        PL_Q40_MILLIONTHS(300000) },
                  [PL_QUALITY_POOR] = { 0, 0, PL_Q40_MILLIONTHS(100000), 10 * PL_MINUTE_US,
                                        PL_Q40_MILLIONTHS(100000000) } },
        .allowed = { 0, poor, thin, fair, PL_ACTIONS_ALL },
        .allowed_in = { PL_ACTIONS_ALL, cautious, poor },
    };
}

/* Each line asks for no less than the one before. */
static int check_lines(const struct pl_permission_rules *r, char *message)
{
    struct pl_quality_line worse = { 0, 0, PL_Q40_MILLIONTHS(500000), PL_DAY_US,
                                     PL_Q40_MILLIONTHS(100000000) };
    for (int q = PL_QUALITY_POOR; q < PL_QUALITIES; q++) {
        const struct pl_quality_line *line = &r->line[q];
        const struct {
            const char *field;
            int64_t value, low, high;
        } limits[] = {
            { "sources", line->sources, worse.sources, PL_FUSION_SOURCES_MAX },
            { "venues", line->venues, worse.venues, PL_FUSION_VENUES_MAX },
            { "confidence_q40", line->confidence_q40, 1, worse.confidence_q40 },
            { "age_us", line->age_us, 1, worse.age_us },
            { "divergence_q40", line->divergence_q40, 1, worse.divergence_q40 },
        };
        for (unsigned i = 0; i < sizeof limits / sizeof *limits; i++) {
            char name[64];
            snprintf(name, sizeof name, "permission.%s.%s", pl_quality_name((enum pl_quality)q),
                     limits[i].field);
            if (pl_rule_within(name, limits[i].value, limits[i].low, limits[i].high, message) != 0)
                return -EINVAL;
        }
        worse = *line;
    }
    return 0;
}

/* The worst quality that allows an action; PL_QUALITIES: none does. */
static int least(const struct pl_permission_rules *r, enum pl_action action)
{
    int q = 0;
    while (q < PL_QUALITIES && (r->allowed[q] & action) == 0)
        q++;
    return q;
}

/* What is worse allows nothing that is missing in what is better. */
static int check_order(const char *worse, uint32_t worse_allows, const char *better,
                       uint32_t better_allows, char *message)
{
    char name[64];
    const uint32_t lacking = worse_allows & ~better_allows;
    snprintf(name, sizeof name, "permission.%s.allows", better);
    if (pl_rule_within(name, better_allows, 0, PL_ACTIONS_ALL, message) != 0)
        return -EINVAL;
    if (lacking == 0)
        return 0;
    snprintf(message, PL_RULE_MESSAGE_BYTES, "%s lacks \"%s\", which %s allows", name,
             pl_action_name((enum pl_action)(lacking & -lacking)), worse);
    return -EINVAL;
}

static int check_withdrawals(const struct pl_permission_rules *r, char *message)
{
    const int withdrawal = least(r, PL_ACTION_WITHDRAWAL),
              liquidation = least(r, PL_ACTION_LIQUIDATION);
    for (int s = 0; s < PL_BREAKER_STATES; s++) {
        if ((r->allowed_in[s] & (PL_ACTION_WITHDRAWAL | PL_ACTION_LIQUIDATION)) !=
            PL_ACTION_WITHDRAWAL)
            continue;
        snprintf(message, PL_RULE_MESSAGE_BYTES,
                 "permission.%s.allows holds \"withdrawal\" without \"liquidation\"",
                 pl_breaker_state((enum pl_breaker_state)s));
        return -EINVAL;
    }
    if (withdrawal > liquidation)
        return 0;
    if (withdrawal == PL_QUALITIES)
        snprintf(message, PL_RULE_MESSAGE_BYTES,
                 "permission.full.allows lacks \"liquidation\": no price would ever allow one");
    else
        snprintf(
            message, PL_RULE_MESSAGE_BYTES,
            "permission.%s.allows holds \"withdrawal\": withdrawals need a better quality than "
            "liquidations",
            pl_quality_name((enum pl_quality)withdrawal));
    return -EINVAL;
}

int pl_permission_check(const struct pl_permission_rules *r, char *message)
{
    int error = check_lines(r, message);
    if (error == 0)
        error =
            pl_rule_within("permission.none.allows", r->allowed[PL_QUALITY_NONE], 0, 0, message);
    for (int q = 1; q < PL_QUALITIES && error == 0; q++)
        error = check_order(pl_quality_name((enum pl_quality)(q - 1)), r->allowed[q - 1],
                            pl_quality_name((enum pl_quality)q), r->allowed[q], message);
    for (int s = 1; s < PL_BREAKER_STATES && error == 0; s++)
        error = check_order(pl_breaker_state((enum pl_breaker_state)s), r->allowed_in[s],
                            pl_breaker_state((enum pl_breaker_state)(s - 1)), r->allowed_in[s - 1],
                            message);
    return error != 0 ? error : check_withdrawals(r, message);
}

/* The first thing that a price lacks for a line. */
static enum pl_permission_reason lacks(const struct pl_quality_line *line, const struct pl_fused *f,
                                       int64_t age_us)
{
    if (f->sources < line->sources)
        return PL_PERMISSION_SOURCES;
    if (f->venues < line->venues)
        return PL_PERMISSION_VENUES;
    if ((pl_i128)f->now.confidence * PL_COEFFICIENT_ONE >
        (pl_i128)line->confidence_q40 * f->now.price)
        return PL_PERMISSION_CONFIDENCE;
    if (age_us > line->age_us)
        return PL_PERMISSION_AGE;
    if (f->divergence_q40 > line->divergence_q40)
        return PL_PERMISSION_DIVERGENCE;
    return PL_PERMISSION_GRANTED;
}

enum pl_quality pl_permission_quality(const struct pl_permission_rules *rules,
                                      const struct pl_fused *f, int64_t now_us,
                                      enum pl_permission_reason *reason)
{
    const int64_t age_us = now_us - f->source_us;
    int quality = PL_QUALITY_FULL;
    *reason = PL_PERMISSION_GRANTED;
    if (f->now.price <= 0) {
        *reason = PL_PERMISSION_NO_PRICE;
        return PL_QUALITY_NONE;
    }
    if (!f->fresh || f->disputed) {
        quality = PL_QUALITY_POOR;
        *reason = f->fresh ? PL_PERMISSION_DISPUTED : PL_PERMISSION_HELD;
    }
    for (; quality > PL_QUALITY_NONE; quality--) {
        const enum pl_permission_reason lack = lacks(&rules->line[quality], f, age_us);
        if (lack == PL_PERMISSION_GRANTED)
            break;
        *reason = lack;
    }
    return (enum pl_quality)quality;
}

uint32_t pl_permission_allowed(const struct pl_permission_rules *rules, enum pl_quality quality,
                               enum pl_breaker_state underlying, enum pl_breaker_state venue)
{
    return rules->allowed[quality] & rules->allowed_in[underlying] & rules->allowed_in[venue];
}

enum pl_permission_reason pl_permission_why(const struct pl_permission_rules *rules,
                                            enum pl_action action, enum pl_quality quality,
                                            enum pl_permission_reason quality_reason,
                                            enum pl_breaker_state underlying,
                                            enum pl_breaker_state venue)
{
    if ((rules->allowed[quality] & action) == 0)
        return quality_reason;
    if ((rules->allowed_in[underlying] & action) == 0)
        return PL_PERMISSION_BREAKER;
    if ((rules->allowed_in[venue] & action) == 0)
        return PL_PERMISSION_VENUE_BREAKER;
    return PL_PERMISSION_GRANTED;
}
