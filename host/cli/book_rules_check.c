/* Rules outside their governed limits: the checks of decide/ name a field and its limits, and here
 * its place in the file is found. Where the file does not state it, another rule that it states
 * has moved its limits. */
#include <stdio.h>
#include <string.h>

#include "book_rules.h"
#include "decide/rule.h"

#define KEY_BYTES 64
#define TEXT_BYTES (2 * PL_RULE_MESSAGE_BYTES)

#define CHECK(part)                                                                                \
    static int check_##part(const struct pl_venue_rules *r, char *message)                         \
    {                                                                                              \
        return pl_##part##_check(&r->part, message);                                               \
    }
CHECK(permission)
CHECK(breaker)
CHECK(liquidation)
CHECK(auction)
CHECK(waterfall)
CHECK(addon)
CHECK(settlement)
CHECK(funding)
CHECK(volatility)
static int check_venue_breaker(const struct pl_venue_rules *r, char *message)
{
    return pl_breaker_check(&r->venue_breaker, message);
}

static int check_width(const struct pl_venue_rules *r, char *message)
{
    return pl_parameter_check(&r->width, message);
}
static int check_haircut(const struct pl_venue_rules *r, char *message)
{
    return pl_parameter_check(&r->haircut, message);
}

static const struct {
    const char *section;
    int (*check)(const struct pl_venue_rules *r, char *message);
} sections[] = {
    { "permission", check_permission },
    { "breaker", check_breaker },
    { "venue_breaker", check_venue_breaker },
    { "liquidation", check_liquidation },
    { "auction", check_auction },
    { "waterfall", check_waterfall },
    { "addon", check_addon },
    { "settlement", check_settlement },
    { "funding", check_funding },
    { "volatility", check_volatility },
    { "volatility", pl_venue_grain_check },
    { "volatility.width", check_width },
    { "volatility.haircut", check_haircut },
};

/* What the file calls the field of a message, without its part: "liquidation.call_us is ..." is of
 * "call_s". */
static void key_of(const char *message, char key[KEY_BYTES])
{
    static const char *const units[][2] = {
        { "_us", "_s" }, { "_q40_per_hour", "" }, { "_q40", "" }, { "_e8", "" }
    };
    const char *field = message + strcspn(message, ".") + 1;
    const int length = (int)strcspn(field, " ");
    snprintf(key, KEY_BYTES, "%.*s", length, field);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        const size_t end = strlen(units[i][0]), all = strlen(key);
        if (all > end && strcmp(key + all - end, units[i][0]) == 0) {
            memcpy(key + all - end, units[i][1], strlen(units[i][1]) + 1);
            return;
        }
    }
}

/* The value of a key ("thin.age_s") in an object (NULL: there is none). */
static const struct pl_json_value *find(const struct pl_json *json,
                                        const struct pl_json_value *object, const char *key)
{
    char word[KEY_BYTES];
    while (object != NULL && *key != '\0') {
        const size_t length = strcspn(key, ".");
        snprintf(word, sizeof word, "%.*s", (int)length, key);
        object = pl_json_member(json, object, word);
        key += length + (key[length] == '.');
    }
    return object;
}

/* The rule that a message states: what stands behind "FIELD is VALUE: ", or behind "FIELD ". */
static const char *rule_of(const char *message)
{
    const char *rule = strchr(message, ' ') + 1, *limits = strstr(rule, ": ");
    return strncmp(rule, "is ", 3) == 0 && limits != NULL ? limits + 2 : rule;
}

static void refuse(const struct pl_json *json, const char *section,
                   const struct pl_json_value *object, const char *message, const char *whose)
{
    char key[KEY_BYTES];
    key_of(message, key);
    const struct pl_json_value *value = find(json, object, key);
    if (value != NULL)
        pl_json_error(json, value, "%s%s", rule_of(message), whose);
    else
        pl_text_error_add(json->error, json->path, 0, 0,
                          "%s.%s%s%s (a default whose limits other keys moved: state it as well)",
                          section, key, strchr(message, ' '), whose);
}

static const struct pl_json_value *section_of(const struct pl_json *json, const char *name)
{
    return find(json, &json->values[0], name);
}

/* The first underlying whose fusion is refused: the others have the same rules, as a rule. */
static void check_fusion(const struct pl_book_rules *r, const struct pl_book *book,
                         const struct pl_json *json)
{
    char message[PL_RULE_MESSAGE_BYTES], key[KEY_BYTES], section[KEY_BYTES + PL_SYMBOL_BYTES],
        whose[TEXT_BYTES];
    uint32_t u = 0;
    while (u < book->underlying_count && pl_fusion_check(&r->fusion[u], (int)u, message) == 0)
        u++;
    if (u == book->underlying_count)
        return;
    const char *name = book->underlyings[u].name;
    const struct pl_json_value *all = section_of(json, "fusion_of"),
                               *own = all != NULL ? pl_json_member(json, all, name) : NULL;
    key_of(message, key);
    snprintf(section, sizeof section, "fusion_of.%s", name);
    if (find(json, own, key) != NULL) {
        refuse(json, section, own, message, "");
        return;
    }
    snprintf(whose, sizeof whose, " for %s (%s may state another)", name, section);
    refuse(json, "fusion", section_of(json, "fusion"), message, whose);
}

/* Of the sources of an underlying. */
static int32_t venues_of(const struct pl_fusion_rules *r)
{
    uint32_t venues = 0;
    for (int32_t i = 0; i < r->source_count; i++)
        venues |= UINT32_C(1) << r->source[i].venue;
    return __builtin_popcount(venues);
}

/* The first quality that asks for more than `most` of what `what` names. */
static bool check_most(const struct pl_book_rules *r, const struct pl_json *json, const char *what,
                       int32_t most)
{
    char message[PL_RULE_MESSAGE_BYTES];
    const bool sources = strcmp(what, "sources") == 0;
    for (int q = PL_QUALITY_POOR; q < PL_QUALITIES; q++) {
        const struct pl_quality_line *line = &r->venue.permission.line[q];
        const int64_t asked = sources ? line->sources : line->venues;
        if (asked <= most)
            continue;
        snprintf(message, sizeof message,
                 "permission.%s.%s is %" PRId64 ": must be at most %" PRId32
                 ", as no underlying has %s %s",
                 pl_quality_name((enum pl_quality)q), what, asked, most,
                 sources ? "more" : "sources of more", what);
        refuse(json, "permission", section_of(json, "permission"), message, "");
        return false;
    }
    return true;
}

/* A quality that no underlying has the sources or venues for would forbid what it allows for good.
 */
static bool check_prices(const struct pl_book_rules *r, const struct pl_book *book,
                         const struct pl_json *json)
{
    int32_t sources = 0, venues = 0;
    for (uint32_t u = 0; u < book->underlying_count; u++) {
        const struct pl_fusion_rules *f = &r->fusion[u];
        const int32_t shown = venues_of(f);
        sources = f->source_count > sources ? f->source_count : sources;
        venues = shown > venues ? shown : venues;
    }
    return check_most(r, json, "sources", sources) && check_most(r, json, "venues", venues);
}

void pl_book_rules_check(const struct pl_book_rules *rules, const struct pl_book *book,
                         const struct pl_json *json)
{
    char message[PL_VENUE_MESSAGE_BYTES];
    const size_t first = check_prices(rules, book, json) ? 0 : 1; /* permission: told already */
    for (size_t i = first; i < sizeof sections / sizeof *sections; i++)
        if (sections[i].check(&rules->venue, message) != 0)
            refuse(json, sections[i].section, section_of(json, sections[i].section), message, "");
    check_fusion(rules, book, json);
}
