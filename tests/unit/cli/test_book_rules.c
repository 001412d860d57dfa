/* What venue.json may state, where it goes, and how it is refused. */
#define _POSIX_C_SOURCE 200809L
#include "../support/random.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "book_rules_fields.h"
#include "decide/rule.h"

#define MINUTE PL_MINUTE_US

static char folder[] = "/tmp/plimsoll-rules-XXXXXX";
static char path[64];
static struct pl_text_error error;
static struct pl_book_rules rules;

/* Two venues price BTC; USDC is known by a cross only. */
static struct pl_book_underlying underlyings[] = { { "USDC", 0 }, { "BTC", 1 } };
static struct pl_book_source sources[] = {
    { .underlying = 1, .number = 0, .venue = 0, .quote = PL_BOOK_QUOTE_SETTLEMENT },
    { .underlying = 1, .number = 1, .venue = 1, .quote = 0 },
    { .underlying = 0,
      .number = 0,
      .venue = 0,
      .quote = PL_BOOK_QUOTE_SETTLEMENT,
      .is_cross = true },
};
static struct pl_book_tick ticks[] = { { .time_us = 60 * MINUTE }, { .time_us = 62 * MINUTE } };
static struct pl_book_report reports[] = { { .time_us = 61 * MINUTE }, { .time_us = 66 * MINUTE } };
static struct pl_book fused = { .underlyings = underlyings,
                                .underlying_count = 2,
                                .sources = sources,
                                .source_count = 3,
                                .ticks = ticks,
                                .tick_count = 2,
                                .reports = reports,
                                .report_count = 2 };
static struct pl_book plain = {
    .underlyings = underlyings, .underlying_count = 2, .ticks = ticks, .tick_count = 2
};

static int load(const struct pl_book *book, const char *text)
{
    pl_book_rules_free(&rules);
    pl_text_error_clear(&error);
    unlink(path);
    if (text != NULL) {
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        fputs(text, file);
        fclose(file);
    }
    return pl_book_rules_load(&rules, folder, book, &error);
}

static void take(const struct pl_book *book, const char *text)
{
    if (load(book, text) != 0)
        fail_msg("%s: %s", text, error.text);
    assert_int_equal(error.count, 0);
    assert_true(rules.stated == (text != NULL));
}

/* `lines`: what follows the file's path, line by line. */
static void refuse(const struct pl_book *book, const char *text, const char *lines)
{
    char wanted[2048] = "", one[1024];
    assert_int_equal(load(book, text), -EINVAL);
    for (const char *at = lines; *at != '\0';) {
        const int length = (int)strcspn(at, "\n");
        snprintf(one, sizeof one, "%s:%.*s\n", path, length, at);
        assert_true(strlen(wanted) + strlen(one) < sizeof wanted);
        strcat(wanted, one);
        at += length + (at[length] == '\n');
    }
    assert_string_equal(error.text, wanted);
}

static void without_a_file_the_defaults_are_as_the_book_allows(void **state)
{
    (void)state;
    struct pl_permission_rules defaults;
    pl_permission_defaults(&defaults);
    take(&plain, NULL);
    assert_int_equal(rules.venue.permission.line[PL_QUALITY_THIN].sources, 1);
    assert_int_equal(rules.venue.permission.line[PL_QUALITY_THIN].venues, 1);
    assert_int_equal(rules.venue.permission.line[PL_QUALITY_THIN].age_us, 4 * MINUTE);
    assert_int_equal(rules.fusion[1].sources_min, 1);
    assert_int_equal(rules.fusion[1].age_max_us, 3 * MINUTE);
    take(&fused, NULL); /* the longest gap is that between the last tick and the last report */
    assert_int_equal(rules.venue.permission.line[PL_QUALITY_THIN].sources, 2);
    assert_int_equal(rules.venue.permission.line[PL_QUALITY_THIN].venues, 2);
    assert_int_equal(rules.venue.permission.line[PL_QUALITY_THIN].age_us, 10 * MINUTE);
    assert_int_equal(rules.fusion[1].sources_min, 2);
    assert_int_equal(rules.fusion[1].age_max_us, 9 * MINUTE);
    assert_int_equal(rules.fusion[0].sources_min, 1);
    assert_int_equal(rules.fusion[0].implied, 1);
    const struct pl_book_rules before = rules;
    struct pl_fusion_rules fusion[2];
    memcpy(fusion, rules.fusion, sizeof fusion);
    take(&fused, "{}");
    assert_memory_equal(&rules.venue, &before.venue, sizeof rules.venue);
    assert_memory_equal(&rules.market, &before.market, sizeof rules.market);
    assert_memory_equal(fusion, rules.fusion, sizeof fusion);
    take(&fused, "{\"fusion\": {}, \"fusion_of\": {\"BTC\": {}}, \"permission\": {\"thin\": {}}}");
    assert_memory_equal(&rules.venue, &before.venue, sizeof rules.venue);
    assert_memory_equal(fusion, rules.fusion, sizeof fusion);
}

static void a_section_goes_where_it_belongs(void **state)
{
    (void)state;
    take(&fused,
         "{\"permission\": {\"thin\": {\"sources\": 1, \"venues\": 1, \"confidence\": 0.03, "
         "\"age_s\": 90.5, \"divergence\": 0.4, \"allows\": [\"mark\", \"margin call\", "
         "\"liquidation\", \"auction\"]}, \"fair\": {\"age_s\": 60}, \"full\": {\"age_s\": 60}, "
         "\"halted\": {\"allows\": [\"mark\"]}},"
         "\"addon\": {\"position_free\": 1e6, \"position_unit\": 100000, "
         "\"position_slope\": 0.005, \"position_max\": 0.2, \"interest_low\": 1e7, "
         "\"interest_high\": 5e7, \"interest_max\": 0.1},"
         "\"venue_breaker\": {\"halted\": {\"underlyings\": 2}}}");
    const struct pl_permission_rules *p = &rules.venue.permission;
    const struct pl_quality_line *thin = &p->line[PL_QUALITY_THIN];
    assert_int_equal(thin->sources, 1);
    assert_int_equal(thin->venues, 1);
    assert_int_equal(thin->confidence_q40, PL_Q40_MILLIONTHS(30000));
    assert_int_equal(thin->age_us, 90500000);
    assert_int_equal(thin->divergence_q40, PL_Q40_MILLIONTHS(400000));
    assert_int_equal(p->allowed[PL_QUALITY_THIN], PL_ACTION_MARK | PL_ACTION_MARGIN_CALL |
                                                      PL_ACTION_LIQUIDATION | PL_ACTION_AUCTION);
    assert_int_equal(p->allowed_in[PL_BREAKER_HALTED], PL_ACTION_MARK);
    const struct pl_addon_rules *a = &rules.venue.addon;
    assert_int_equal(a->position_free_e8, INT64_C(100000000000000));
    assert_int_equal(a->position_unit_e8, INT64_C(10000000000000));
    assert_int_equal(a->position_slope_q40, PL_Q40_MILLIONTHS(5000));
    assert_int_equal(a->position_max_q40, PL_Q40_MILLIONTHS(200000));
    assert_int_equal(a->interest_low_e8, INT64_C(1000000000000000));
    assert_int_equal(a->interest_high_e8, INT64_C(5000000000000000));
    assert_int_equal(a->interest_max_q40, PL_Q40_MILLIONTHS(100000));
    assert_int_equal(rules.venue.venue_breaker.halted.at[PL_BREAKER_UNDERLYINGS], 2);
}

static void fusion_is_stated_for_all_with_prices_of_their_own_and_for_one(void **state)
{
    (void)state;
    take(&fused, NULL);
    const struct pl_fusion_rules cross = rules.fusion[0];
    take(&fused, "{\"fusion\": {\"sources_min\": 1, \"age_max_s\": 30, \"future_max_s\": 0.5, "
                 "\"confidence_min\": 0.001, \"confidence_max\": 0.1, \"outlier\": 0.03, "
                 "\"support\": 0.01, \"average_half_life_s\": 1800}}");
    const struct pl_fusion_rules *f = &rules.fusion[1];
    assert_int_equal(f->sources_min, 1);
    assert_int_equal(f->age_max_us, 30 * PL_SECOND_US);
    assert_int_equal(f->future_max_us, PL_SECOND_US / 2);
    assert_int_equal(f->confidence_min_q40, PL_Q40_MILLIONTHS(1000));
    assert_int_equal(f->confidence_max_q40, PL_Q40_MILLIONTHS(100000));
    assert_int_equal(f->outlier_q40, PL_Q40_MILLIONTHS(30000));
    assert_int_equal(f->support_q40, PL_Q40_MILLIONTHS(10000));
    assert_int_equal(f->average_half_life_us, 30 * MINUTE);
    assert_memory_equal(&cross, &rules.fusion[0], sizeof cross);
    take(&fused, "{\"fusion_of\": {\"USDC\": {\"outlier\": 0.03}, \"BTC\": {\"outlier\": 0.04}},"
                 "\"fusion\": {\"outlier\": 0.05, \"support\": 0.01}}"); /* one's own come first */
    assert_int_equal(rules.fusion[0].outlier_q40, PL_Q40_MILLIONTHS(30000));
    assert_int_equal(rules.fusion[0].support_q40, cross.support_q40);
    assert_int_equal(rules.fusion[1].outlier_q40, PL_Q40_MILLIONTHS(40000));
    assert_int_equal(rules.fusion[1].support_q40, PL_Q40_MILLIONTHS(10000));
}

static void what_is_outside_governed_limits_is_told_at_its_place(void **state)
{
    (void)state;
    refuse(&plain, "{\"liquidation\": {\"penalty\": 0.2}}",
           "1:29: liquidation.penalty: must be from 0 to 0.05");
    refuse(&plain, "{\"breaker\":\n {\"calm_s\": 1e30}}",
           "2:13: breaker.calm_s: must be from 1 s to 86400 s");
    refuse(&plain, "{\"venue_breaker\": {\"calm_s\": -1}}",
           "1:30: venue_breaker.calm_s: must be from 1 s to 86400 s");
    refuse(&plain, "{\"auction\": {\"turn\": 0.5, \"start\": 0.5}}",
           "1:36: auction.start: must be from 0.500001 to 1");
    refuse(&plain, "{\"addon\": {\"position_slope\": 2}}",
           "1:30: addon.position_slope: must be from 0 to 1");
    refuse(&plain, "{\"addon\": {\"interest_low\": 100, \"interest_high\": 100}}",
           "1:50: addon.interest_high: must be at least 101");
    refuse(&fused, "{\"permission\": {\"full\": {\"sources\": 3}}}",
           "1:37: permission.full.sources: must be at most 2, as no underlying has more sources");
    refuse(&plain, "{\"permission\": {\"fair\": {\"venues\": 2}}}",
           "1:36: permission.fair.venues: must be at most 1, as no underlying has sources of more "
           "venues");
    refuse(&plain, "{\"volatility\": {\"bars_min\": 10001}}",
           "1:29: volatility.bars_min: must be from 1 to 10000");
    refuse(&plain, "{\"waterfall\": {\"fund_share\": 0}}",
           "1:30: waterfall.fund_share: must be from 0.01 to 1");
    /* one of each section at once */
    refuse(&plain,
           "{\"liquidation\": {\"fill_s\": 0, \"penalty\": 1},\n\"fusion\": {\"support\": 1}}",
           "1:28: liquidation.fill_s: must be from 1 s to 3600 s\n"
           "2:23: fusion.support: must be from 0.0005 to 0.1 for USDC (fusion_of.USDC may state "
           "another)");
}

static void what_others_move_out_of_limits_is_told_by_its_key(void **state)
{
    (void)state;
    refuse(&plain, "{\"permission\": {\"poor\": {\"age_s\": 60}}}",
           " permission.thin.age_s is 240 s: must be above 0, at most 60 s (a default whose "
           "limits other keys moved: state it as well)");
    refuse(&plain, "{\"auction\": {\"turn\": 0.99}}",
           " auction.start is 0.98: must be from 0.990001 to 1 (a default whose limits "
           "other keys moved: state it as well)");
    refuse(
        &fused, "{\"fusion\": {\"sources_min\": 3}}",
        "1:28: fusion.sources_min: must be from 1 to 2 for BTC (fusion_of.BTC may state another)");
    refuse(&fused, "{\"fusion_of\": {\"BTC\": {\"sources_min\": 3}}}",
           "1:39: fusion_of.BTC.sources_min: must be from 1 to 2");
}

static void a_matrix_that_is_not_monotone_is_told_at_its_place(void **state)
{
    (void)state;
    refuse(&plain, "{\"permission\": {\"fair\": {\"allows\": [\"mark\"]}}}",
           "1:36: permission.fair.allows: lacks \"margin call\", which thin allows");
    refuse(&plain, "{\"permission\": {\"poor\": {\"allows\": [\"withdrawal\"]}}}",
           " permission.thin.allows lacks \"withdrawal\", which poor allows (a default whose "
           "limits other keys moved: state it as well)");
    refuse(&plain,
           "{\"permission\": {\"cautious\": {\"allows\": [\"mark\", \"margin call\", "
           "\"withdrawal\"]}}}",
           "1:40: permission.cautious.allows: holds \"withdrawal\" without \"liquidation\"");
    refuse(
        &plain,
        "{\"permission\": {\"fair\": {\"allows\": [\"mark\", \"margin call\", "
        "\"liquidation\", \"withdrawal\"]}, \"thin\": {\"allows\": [\"mark\", \"margin call\"]}}}",
        "1:36: permission.fair.allows: holds \"withdrawal\": withdrawals need a better quality "
        "than liquidations");
}

static void what_is_no_rule_is_told_at_its_place(void **state)
{
    (void)state;
    refuse(
        &plain, "{\"fusoin\": {}, \"permission\": {\"none\": {}}}",
        "1:12: fusoin: unknown key (known here: market margin_calls auctions liquidation auction "
        "waterfall settlement funding volatility breaker venue_breaker permission addon fusion fusion_of)\n"
        "1:39: permission.none: unknown key (known here: poor thin fair full normal cautious "
        "halted)");
    refuse(&plain, "{\"fusion\": {\"decimals\": 8}}",
           "1:25: fusion.decimals: unknown key (known here: sources_min age_max_s future_max_s "
           "confidence_min confidence_max outlier support average_half_life_s)");
    refuse(&plain, "{\"fusion\": [], \"fusion_of\": 1, \"permission\": {\"thin\": 3}}",
           "1:55: permission.thin: must be an object, not a number\n"
           "1:12: fusion: must be an object, not an array\n"
           "1:29: fusion_of: must be an object, not a number");
    refuse(&plain, "{\"fusion_of\": {\"ETH\": {}, \"BTC\": {\"age_max_s\": true}}}",
           "1:23: fusion_of.ETH: no such underlying in instruments.csv\n"
           "1:48: fusion_of.BTC.age_max_s: must be a number, not a boolean");
    refuse(&plain,
           "{\"permission\": {\"poor\": {\"allows\": \"mark\"}, \"fair\": {\"allows\": "
           "[\"mark\", 2, \"mark\"]}}}",
           "1:36: permission.poor.allows: must be an array, not a string\n"
           "1:73: permission.fair.allows[1]: must be \"mark\", \"margin call\", \"liquidation\", "
           "\"auction\", \"new risk\" or \"withdrawal\"\n"
           "1:76: permission.fair.allows[2]: stands here twice");
    refuse(&plain, "{\"fusion\": {\"outlier\": 0.1, \"outlier\": 0.1}}",
           "1:37: duplicate object key near '\"outlier\"'");
    refuse(&plain, "{\"permission\": {\"thin\": {\"sources\": 1.5, \"age_s\": \"2\"}}}",
           "1:37: permission.thin.sources: must be a whole number\n"
           "1:51: permission.thin.age_s: must be a number, not a string");
}

static void a_link_to_nothing_is_no_missing_file(void **state)
{
    (void)state;
    take(&plain, NULL);
    assert_int_equal(symlink("nowhere", path), 0);
    pl_book_rules_free(&rules);
    assert_int_equal(pl_book_rules_load(&rules, folder, NULL, &error), -ENOENT);
    assert_non_null(strstr(error.text, "venue.json: No such file"));
}

static void without_a_book_the_file_is_still_read(void **state)
{
    (void)state;
    assert_int_equal(load(NULL, "{\"fusion_of\": {\"ETH\": {\"outlier\": 0.1}}}"), 0);
    refuse(
        NULL, "{\"fusion_of\": {\"ETH\": {\"outlir\": 0.1}}}",
        "1:34: fusion_of.ETH.outlir: unknown key (known here: sources_min age_max_s future_max_s "
        "confidence_min confidence_max outlier support average_half_life_s)");
}

static void must_be_as(const void *got, const void *wanted, const struct pl_model_field *fields,
                       size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct pl_model_field *f = &fields[i];
        int64_t a = 0, b = 0;
        const size_t bytes = f->type == PL_FIELD_ELSEWHERE ? 0
                             : f->type == PL_FIELD_FLAG    ? 1
                             : f->type == PL_FIELD_COUNT   ? 4
                                                           : 8;
        memcpy(&a, (const char *)got + f->offset, bytes);
        memcpy(&b, (const char *)wanted + f->offset, bytes);
        if (a != b)
            fail_msg("%s is %" PRId64 ", not %" PRId64, f->path, a, b);
    }
}

static void round_trip(const struct pl_book *book, const char *text)
{
    struct pl_buffer first = { 0 }, second = { 0 };
    struct pl_fusion_rules fusion[2];
    take(book, text);
    const struct pl_book_rules before = rules;
    memcpy(fusion, rules.fusion, sizeof fusion);
    pl_book_rules_text(&rules, book, &first);
    take(book, first.data);
    must_be_as(&rules, &before, pl_book_rule_fields, pl_book_rule_field_count);
    for (int u = 0; u < 2; u++)
        must_be_as(&rules.fusion[u], &fusion[u], pl_book_fusion_fields, PL_BOOK_FUSION_FIELDS);
    assert_memory_equal(&rules.venue.permission.allowed, &before.venue.permission.allowed,
                        sizeof before.venue.permission.allowed);
    assert_memory_equal(&rules.venue.permission.allowed_in, &before.venue.permission.allowed_in,
                        sizeof before.venue.permission.allowed_in);
    assert_int_equal(rules.venue.waterfall.policy, before.venue.waterfall.policy);
    pl_book_rules_text(&rules, book, &second);
    assert_string_equal(first.data, second.data);
    pl_buffer_free(&first);
    pl_buffer_free(&second);
}

static void rules_that_are_written_are_read_again(void **state)
{
    (void)state;
    round_trip(&plain, NULL);
    round_trip(&fused, NULL);
    round_trip(&fused,
               "{\"market\": {\"spread\": 0.00123456789012, \"volume\": 99.9}, \"margin_calls\": "
               "false, \"liquidation\": {\"account\": 123456789.12345678, \"fill_s\": 1.000001}, "
               "\"waterfall\": {\"policy\": \"ranked\"}, \"permission\": {\"halted\": "
               "{\"allows\": []}, \"full\": {\"age_s\": 0.000001}}, \"fusion\": "
               "{\"outlier\": 0.1234567890123}}");
}

/* A file that states one key. */
static int state_one(const char *path_of_key, const char *value)
{
    char text[512] = "", tail[8] = "";
    for (const char *at = path_of_key; *at != '\0';) {
        const int length = (int)strcspn(at, ".");
        const size_t used = strlen(text);
        snprintf(text + used, sizeof text - used, "{\"%.*s\": ", length, at);
        strcat(tail, "}");
        at += length + (at[length] == '.');
    }
    strcat(strcat(text, value), tail);
    return load(&plain, text);
}

/* Whether the last error is of this key, at its place. */
static const char *refusal(const char *path_of_key)
{
    char place[128];
    snprintf(place, sizeof place, ": %s: must be ", path_of_key);
    const char *at = strstr(error.text, place);
    return at == NULL ? NULL : at + strlen(place);
}

/* What an error names as a limit may be stated. */
static void limits_that_are_told_are_allowed(void **state)
{
    (void)state;
    unsigned told = 0;
    for (size_t i = 0; i < pl_book_rule_field_count; i++) {
        const char *key = pl_book_rule_fields[i].path;
        static const char *const beyond[] = { "1e17", "-1e17" };
        if (pl_book_rule_fields[i].type == PL_FIELD_ELSEWHERE ||
            pl_book_rule_fields[i].type == PL_FIELD_FLAG || strstr(key, ".sources") != NULL)
            continue; /* no number; limited by what the book has */
        for (int high = 0; high < 2; high++) {
            char limits[2][32], one[80];
            assert_int_equal(state_one(key, beyond[high]), -EINVAL);
            const char *rule = refusal(key);
            if (rule == NULL && strstr(error.text, "needs a level of cautious") != NULL)
                continue;
            if (rule == NULL)
                fail_msg("%s = %s: %s", key, beyond[high], error.text);
            if (sscanf(rule, "from %31s%*[ s]to %31s", limits[0], limits[1]) != 2)
                continue;
            for (int l = 0; l < 2; l++) {
                (void)state_one(key, limits[l]);
                snprintf(one, sizeof one, "%s = %s", key, limits[l]);
                if (refusal(key) != NULL)
                    fail_msg("%s: %s", one, error.text);
                told++;
            }
        }
    }
    assert_true(told > 150);
}

static void damaged_files_are_refused_or_hold_their_limits(void **state)
{
    (void)state;
    static const char odd[] = "{}[]\",:.-+eE0123456789 tfn\\\n";
    uint64_t random = random_seed(74);
    struct pl_buffer whole = { 0 };
    char message[PL_RULE_MESSAGE_BYTES];
    unsigned taken = 0;
    take(&fused, NULL);
    pl_book_rules_text(&rules, &fused, &whole);
    for (int round = 0; round < 1500; round++) {
        char *text = strdup(whole.data);
        assert_non_null(text);
        const bool gently = random_once_in(&random, 2); /* a digit by another */
        for (int64_t n = random_within(&random, 1, 3); n > 0; n--) {
            char *at = &text[random_below(&random, whole.used)];
            if (!gently)
                *at = odd[random_below(&random, sizeof odd - 1)];
            else if (*at >= '0' && *at <= '9')
                *at = (char)('0' + random_below(&random, 10));
        }
        if (!gently && random_once_in(&random, 8))
            text[random_below(&random, whole.used)] = '\0';
        const int result = load(&fused, text);
        assert_int_equal(result, error.count == 0 ? 0 : -EINVAL);
        if (result == 0) {
            taken++;
            assert_int_equal(pl_permission_check(&rules.venue.permission, message), 0);
            assert_int_equal(pl_liquidation_check(&rules.venue.liquidation, message), 0);
            assert_int_equal(pl_fusion_check(&rules.fusion[1], 1, message), 0);
        }
        free(text);
    }
    pl_buffer_free(&whole);
    print_message("%u of 1500 damaged files state rules within their limits\n", taken);
    assert_in_range(taken, 50, 1400);
}

static int set_up(void **state)
{
    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/venue.json", folder);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    pl_book_rules_free(&rules);
    unlink(path);
    rmdir(folder);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_file_the_defaults_are_as_the_book_allows),
        cmocka_unit_test(a_section_goes_where_it_belongs),
        cmocka_unit_test(fusion_is_stated_for_all_with_prices_of_their_own_and_for_one),
        cmocka_unit_test(what_is_outside_governed_limits_is_told_at_its_place),
        cmocka_unit_test(what_others_move_out_of_limits_is_told_by_its_key),
        cmocka_unit_test(a_matrix_that_is_not_monotone_is_told_at_its_place),
        cmocka_unit_test(what_is_no_rule_is_told_at_its_place),
        cmocka_unit_test(a_link_to_nothing_is_no_missing_file),
        cmocka_unit_test(without_a_book_the_file_is_still_read),
        cmocka_unit_test(rules_that_are_written_are_read_again),
        cmocka_unit_test(limits_that_are_told_are_allowed),
        cmocka_unit_test(damaged_files_are_refused_or_hold_their_limits),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
