/* Price fusion: every reason to drop, quotes converted first, and what no input can break. */
#include "../support/random.h"

#include <errno.h>

#include "decide/fusion.h"
#include "decide/rule.h"

#define T0 (INT64_C(1678406400) * PL_SECOND_US)

static struct pl_fusion_rules rules;
static struct pl_fusion fusion;
static struct pl_fused fused;

static int start(void **state)
{
    (void)state;
    pl_fusion_defaults(&rules);
    rules.decimals = 2;
    rules.source[1].venue = 1;
    rules.source[2].venue = 2;
    pl_fusion_start(&fusion);
    return 0;
}

static enum pl_fusion_reason take(int source, struct pl_fusion_report report)
{
    enum pl_fusion_reason reason;
    assert_int_equal(pl_fusion_take(&fusion, &rules, source, &report, &reason), 0);
    return reason;
}

static enum pl_fusion_reason price_at(int source, int64_t price, int64_t confidence, int64_t us)
{
    return take(source,
                (struct pl_fusion_report){
                    .price = price, .confidence = confidence, .source_us = us, .arrival_us = us });
}

static void step(const struct pl_rate *rates, int64_t us)
{
    assert_int_equal(pl_fusion_step(&fusion, &rules, rates, us, &fused), 0);
}

static void three_good_prices(int64_t us)
{
    price_at(0, 2000000, 1000, us);
    price_at(1, 2001000, 1000, us);
    price_at(2, 2000000, 1000, us);
}

static void the_published_prices_are_fused(void **state)
{
    (void)state;
    rules.confidence_min_q40 = 0;
    price_at(0, 10000000, 5000, T0);
    price_at(1, 10010000, 5000, T0);
    price_at(2, 10000000, 1000, T0);
    step(NULL, T0);
    assert_int_equal(fused.now.price, 10001000);
    assert_int_equal(fused.now.confidence, 4000);
    assert_true(fused.fresh && fused.sources == 3 && fused.venues == 3 && !fused.disputed);
    assert_int_equal(fused.average_price, 10001000);
    assert_int_equal(fused.divergence_q40, 0);
    assert_in_range(fused.spread_q40, 1, PL_Q40_MILLIONTHS(401)); /* 4000 of them */
    assert_int_equal(fused.source_us, T0);
}

static void wrong_content_withdraws_a_source_until_its_next_good_report(void **state)
{
    (void)state;
    const struct pl_fusion_report bad[] = {
        { .price = 0, .confidence = 1 },
        { .price = -5, .confidence = 1 },
        { .price = 100, .confidence = 1, .bid = -1, .ask = 2 },
        { .price = 100, .confidence = 1, .bid = 99, .ask = 0 },
        { .price = PL_PRICE_MAX + 1, .confidence = 1 },
        { .price = 100, .confidence = 1, .bid = 1, .ask = INT64_MAX },
        { .price = 100, .confidence = 1, .bid = 101, .ask = 100 },
        { .price = 100, .confidence = -1 },
        { .price = 100, .confidence = 6 },
        { .price = 100, .confidence = INT64_MAX },
    };
    const enum pl_fusion_reason why[] = {
        PL_FUSION_NEGATIVE,     PL_FUSION_NEGATIVE,     PL_FUSION_NEGATIVE, PL_FUSION_NEGATIVE,
        PL_FUSION_OUT_OF_RANGE, PL_FUSION_OUT_OF_RANGE, PL_FUSION_CROSSED,  PL_FUSION_CONFIDENCE,
        PL_FUSION_CONFIDENCE,   PL_FUSION_CONFIDENCE,
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const int64_t us = T0 + (int64_t)i * 10;
        three_good_prices(us);
        struct pl_fusion_report r = bad[i];
        r.source_us = r.arrival_us = us + 1;
        assert_int_equal(take(1, r), why[i]);
        step(NULL, us + 2);
        assert_int_equal(fused.reason[1], why[i]);
        assert_true(fused.sources == 2 && !fused.fresh);
        assert_int_equal(price_at(1, 2000000, 1000, us + 3), PL_FUSION_KEPT);
        step(NULL, us + 3);
        assert_true(fused.sources == 3 && fused.fresh);
    }
    const struct pl_fusion_report quoted = { .price = 100,
                                             .confidence = 5,
                                             .bid = 100,
                                             .ask = 100,
                                             .source_us = T0 + PL_SECOND_US,
                                             .arrival_us = T0 + PL_SECOND_US };
    assert_int_equal(take(1, quoted), PL_FUSION_KEPT); /* 5 % and bid = ask are just right */
}

static void reports_out_of_order_repeated_or_from_the_future_are_ignored(void **state)
{
    (void)state;
    three_good_prices(T0);
    struct pl_fusion_report r = { .price = 1, .confidence = 0, .arrival_us = T0 + 5 };
    r.source_us = T0 + 5 + rules.future_max_us + 1;
    assert_int_equal(take(0, r), PL_FUSION_FUTURE);
    r.source_us = INT64_MAX;
    assert_int_equal(take(0, r), PL_FUSION_FUTURE);
    r.source_us = T0;
    assert_int_equal(take(0, r), PL_FUSION_DUPLICATED);
    r.source_us = T0 - 1;
    assert_int_equal(take(0, r), PL_FUSION_OUT_OF_ORDER);
    r.source_us = INT64_MIN;
    assert_int_equal(take(0, r), PL_FUSION_OUT_OF_ORDER);
    step(NULL, T0 + 5);
    assert_true(fused.sources == 3 && fused.now.price == 2000000);
    r.source_us = T0 + 5 + rules.future_max_us; /* a clock ahead by no more than is forgiven */
    r.price = 2000000;
    assert_int_equal(take(0, r), PL_FUSION_KEPT);
}

static void stale_sources_are_left_out_and_the_last_price_is_held(void **state)
{
    (void)state;
    three_good_prices(T0);
    step(NULL, T0 + rules.age_max_us);
    assert_true(fused.fresh && fused.sources == 3);
    step(NULL, T0 + rules.age_max_us + 1);
    assert_true(!fused.fresh && fused.sources == 0 && fused.venues == 0);
    assert_int_equal(fused.reason[2], PL_FUSION_STALE);
    assert_int_equal(fused.now.price, 2000000);
    assert_int_equal(fused.source_us, T0);
    assert_false(pl_fusion_rate(&rules, &fused).known);
}

static void too_few_sources_give_no_new_price(void **state)
{
    (void)state;
    step(NULL, T0);
    assert_true(fused.now.price == 0 && !fused.fresh && fused.sources == 0);
    assert_int_equal(fused.reason[0], PL_FUSION_ABSENT);
    price_at(0, 2000000, 1000, T0);
    price_at(1, 2000000, 1000, T0);
    step(NULL, T0);
    assert_true(fused.now.price == 0 && !fused.fresh && fused.sources == 2);
}

static void an_outlier_is_dropped_and_named(void **state)
{
    (void)state;
    three_good_prices(T0);
    price_at(2, 2100000, 1000, T0 + 1);
    rules.sources_min = 2;
    step(NULL, T0 + 1);
    assert_int_equal(fused.reason[2], PL_FUSION_OUTLYING);
    assert_true(fused.sources == 2 && fused.fresh && !fused.disputed && fused.venues == 2);
    assert_in_range(fused.now.price, 1999000, 2002000);
    price_at(2, 2100000, 90000, T0 + 2); /* unsure, so no contradiction; but no support either */
    step(NULL, T0 + 2);
    assert_int_equal(fused.reason[2], PL_FUSION_KEPT);
    assert_true(fused.sources == 3 && fused.venues == 2);
    assert_in_range(fused.now.price, 1999000, 2002000);
}

static void without_a_majority_nobody_is_named_and_the_price_is_disputed(void **state)
{
    (void)state;
    rules.sources_min = 2;
    price_at(0, 2000000, 1000, T0);
    price_at(1, 2200000, 1000, T0);
    step(NULL, T0);
    assert_true(fused.disputed && fused.sources == 2 && fused.fresh && fused.venues == 0);
    assert_int_equal(fused.now.price, 2100000);
    assert_int_equal(fused.now.confidence, 100000);
    /* 2199000 less 2001000: what their confidences leave of the contradiction */
    assert_in_range(fused.spread_q40, PL_Q40_MILLIONTHS(94285), PL_Q40_MILLIONTHS(94286));
}

static void no_source_is_surer_than_the_rules_allow(void **state)
{
    (void)state;
    rules.confidence_min_q40 = PL_Q40_MILLIONTHS(1000);
    for (int i = 0; i < 3; i++)
        price_at(i, 1000000, 0, T0);
    step(NULL, T0);
    assert_in_range(fused.now.confidence, 1000, 1001);
}

/* 11 March 2023, 09:00: BTC/USD 20,175, BTC/USDC 21,910 on one venue and 21,891 on another. */
static void a_price_in_a_fallen_quote_currency_is_no_outlier(void **state)
{
    (void)state;
    const struct pl_rate usdc = {
        .worth = { 92120000, 150000 }, .source_us = T0 - 7, .decimals = 8, .known = 1
    };
    rules.source[1].quote = rules.source[2].quote = 0;
    price_at(0, 2017511, 500, T0);
    price_at(1, 2191000, 500, T0);
    price_at(2, 2189100, 500, T0);
    step(&usdc, T0);
    for (int i = 0; i < 3; i++)
        assert_int_equal(fused.reason[i], PL_FUSION_KEPT);
    assert_true(fused.sources == 3 && fused.venues == 3 && !fused.disputed);
    assert_in_range(fused.now.price, 2014000, 2021000);
    assert_int_equal(fused.source_us, T0 - 7); /* as old as the price that converted it */
    const struct pl_rate none = { .known = 0 };
    step(&none, T0);
    assert_int_equal(fused.reason[1], PL_FUSION_UNCONVERTED);
    assert_true(!fused.fresh && fused.sources == 1);
}

static void an_implied_rate_is_the_average_with_the_price_in_its_confidence(void **state)
{
    (void)state;
    struct pl_fused f = { .now = { 90000000, 1000 }, .average_price = 95000000, .fresh = 1 };
    struct pl_rate rate = pl_fusion_rate(&rules, &f);
    assert_true(rate.known && rate.worth.price == 90000000 && rate.worth.confidence == 1000);
    rules.implied = 1;
    rate = pl_fusion_rate(&rules, &f);
    assert_true(rate.known && rate.worth.price == 95000000 && rate.worth.confidence == 5001000);
    f.now.confidence = 95000000;
    assert_false(pl_fusion_rate(&rules, &f).known); /* that unsure it converts nothing */
}

static void the_average_follows_slowly(void **state)
{
    (void)state;
    three_good_prices(T0);
    step(NULL, T0);
    const int64_t later = T0 + rules.average_half_life_us;
    step(NULL, later);
    for (int i = 0; i < 3; i++)
        price_at(i, 3000000, 1000, later + i);
    step(NULL, later + 2);
    assert_int_equal(fused.now.price, 3000000);
    assert_int_equal(fused.average_price, 2000000);
    assert_int_equal(fused.divergence_q40, PL_Q40_MILLIONTHS(500000));
    step(NULL, later + 2 + rules.average_half_life_us);
    assert_int_equal(fused.average_price, 2500000);
    assert_false(fused.fresh);
}

static void time_does_not_go_back(void **state)
{
    (void)state;
    three_good_prices(T0 + 4);
    assert_int_equal(pl_fusion_step(&fusion, &rules, NULL, T0 + 3, &fused), -EINVAL);
    step(NULL, T0 + 5);
    const struct pl_fusion before = fusion;
    enum pl_fusion_reason reason;
    const struct pl_fusion_report r = { .price = 1, .source_us = T0 + 4, .arrival_us = T0 + 4 };
    assert_int_equal(pl_fusion_take(&fusion, &rules, 0, &r, &reason), -EINVAL);
    assert_int_equal(pl_fusion_step(&fusion, &rules, NULL, T0 + 4, &fused), -EINVAL);
    assert_int_equal(pl_fusion_take(&fusion, &rules, 3, &r, &reason), -EINVAL);
    assert_int_equal(pl_fusion_take(&fusion, &rules, -1, &r, &reason), -EINVAL);
    assert_memory_equal(&fusion, &before, sizeof fusion);
    pl_fusion_start(&fusion);
    const struct pl_fusion_report negative = { .price = 1, .arrival_us = -1 };
    assert_int_equal(pl_fusion_take(&fusion, &rules, 0, &negative, &reason), -EINVAL);
}

static void rules_outside_their_limits_are_named(void **state)
{
    (void)state;
    char message[PL_RULE_MESSAGE_BYTES];
    struct pl_fusion_rules r = rules;
    assert_int_equal(pl_fusion_check(&r, 2, message), 0);
#define REFUSED(field, value)                                                                      \
    do {                                                                                           \
        r = rules;                                                                                 \
        r.field = value;                                                                           \
        assert_int_equal(pl_fusion_check(&r, 2, message), -EINVAL);                                \
        assert_non_null(strstr(message, "fusion." #field " is "));                                 \
    } while (0)
    REFUSED(decimals, 16);
    REFUSED(source_count, 0);
    REFUSED(source_count, 17);
    REFUSED(sources_min, 4);
    REFUSED(sources_min, 0);
    REFUSED(implied, 2);
    REFUSED(age_max_us, 999);
    REFUSED(future_max_us, -1);
    REFUSED(confidence_min_q40, -1);
    REFUSED(confidence_max_q40, INT64_MAX);
    REFUSED(outlier_q40, 0);
    REFUSED(support_q40, 0);
    REFUSED(average_half_life_us, 0);
    REFUSED(source[2].venue, 16);
    REFUSED(source[0].quote, -2);
    REFUSED(source[1].quote, 2);
#undef REFUSED
    for (int i = 0; i < PL_FUSION_REASONS; i++)
        assert_non_null(pl_fusion_reason((enum pl_fusion_reason)i));
}

/* Random sources, a third of them in two other quote currencies; some lie in every way. */
static struct pl_fusion_report random_report(uint64_t *random, int64_t now)
{
    const int64_t price = random_within(random, 1900000, 2100000);
    struct pl_fusion_report r = { .price = price,
                                  .confidence = random_within(random, 0, price / 50),
                                  .source_us = now - random_within(random, 0, PL_MINUTE_US),
                                  .arrival_us = now };
    if (random_once_in(random, 5)) {
        int64_t *const word[] = { &r.price, &r.confidence, &r.bid, &r.ask, &r.source_us };
        *word[random_below(random, 5)] = random_word(random, 63);
    }
    return r;
}

static void random_rules(uint64_t *random)
{
    pl_fusion_defaults(&rules);
    rules.source_count = (int32_t)random_within(random, 1, 16);
    rules.sources_min = (int32_t)random_within(random, 1, rules.source_count);
    rules.outlier_q40 = PL_Q40_MILLIONTHS(random_within(random, 1000, 100000));
    for (int i = 0; i < rules.source_count; i++) {
        rules.source[i].venue = (int32_t)random_below(random, 4);
        rules.source[i].quote = random_once_in(random, 3) ? (int32_t)random_below(random, 2) : -1;
    }
}

static struct pl_rate random_rate(uint64_t *random)
{
    const int64_t worth = random_within(random, 90000000, 101000000);
    return (struct pl_rate){ .worth = { worth, random_within(random, 0, worth / 50) },
                             .source_us = T0,
                             .decimals = 8,
                             .known = !random_once_in(random, 10) };
}

/* Sources as they count at `now`: {price - confidence, price + confidence} of those with `reason`.
 */
static void hull_of(const struct pl_rate *rates, bool outlying_too, int but, int64_t *low,
                    int64_t *high)
{
    *low = INT64_MAX, *high = INT64_MIN;
    for (int i = 0; i < rules.source_count; i++) {
        struct pl_estimate e = fusion.source[i].estimate;
        const bool in = fused.reason[i] == PL_FUSION_KEPT ||
                        (outlying_too && fused.reason[i] == PL_FUSION_OUTLYING);
        if (!in || i == but)
            continue;
        if (rules.source[i].quote >= 0)
            assert_true(pl_convert(&e, &rates[rules.source[i].quote]));
        *low = e.price - e.confidence < *low ? e.price - e.confidence : *low;
        *high = e.price + e.confidence > *high ? e.price + e.confidence : *high;
    }
}

static void a_fused_price_lies_among_the_kept_sources_and_no_one_source_carries_it(void **state)
{
    (void)state;
    uint64_t random = random_seed(1);
    unsigned fresh = 0;
    for (uint64_t round = random_rounds(5000); round > 0; round--) {
        random_rules(&random);
        pl_fusion_start(&fusion);
        const struct pl_rate rates[2] = { random_rate(&random), random_rate(&random) };
        for (int i = 0; i < rules.source_count; i++)
            take(i, random_report(&random, T0));
        step(rates, T0);
        int64_t low, high;
        hull_of(rates, false, -1, &low, &high);
        if (!fused.fresh) {
            assert_int_equal(fused.now.price, 0);
            continue;
        }
        fresh++;
        assert_in_range(fused.now.price, low, high);
        assert_true(fused.now.confidence >= 0 && fused.now.confidence <= high - low);
        int counted = 0;
        for (int i = 0; i < rules.source_count; i++)
            counted += fused.reason[i] == PL_FUSION_KEPT || fused.reason[i] == PL_FUSION_OUTLYING;
        for (int liar = 0; liar < rules.source_count && counted >= 3; liar++) {
            hull_of(rates, true, liar, &low, &high);
            assert_in_range(fused.now.price, low, high);
        }
    }
    assert_true(fresh > 0);
}

static void the_order_of_sources_does_not_matter(void **state)
{
    (void)state;
    uint64_t random = random_seed(2);
    for (uint64_t round = random_rounds(5000); round > 0; round--) {
        random_rules(&random);
        const struct pl_rate rates[2] = { random_rate(&random), random_rate(&random) };
        struct pl_fusion_report report[PL_FUSION_SOURCES_MAX];
        int place[PL_FUSION_SOURCES_MAX];
        pl_fusion_start(&fusion);
        for (int i = 0; i < rules.source_count; i++) {
            place[i] = i;
            take(i, report[i] = random_report(&random, T0));
        }
        step(rates, T0);
        const struct pl_fused first = fused;
        for (int i = rules.source_count; i > 1; i--) {
            const int j = (int)random_below(&random, (uint64_t)i), swap = place[j];
            place[j] = place[i - 1], place[i - 1] = swap;
        }
        const struct pl_fusion_rules ordered = rules;
        pl_fusion_start(&fusion);
        for (int i = 0; i < rules.source_count; i++)
            rules.source[place[i]] = ordered.source[i];
        for (int i = rules.source_count - 1; i >= 0; i--)
            take(place[i], report[i]);
        step(rates, T0);
        for (int i = 0; i < rules.source_count; i++)
            assert_int_equal(first.reason[i], fused.reason[place[i]]);
        memcpy(fused.reason, first.reason, sizeof fused.reason);
        assert_memory_equal(&first, &fused, sizeof fused);
    }
}

static void a_copied_state_replays_to_the_same_bytes(void **state)
{
    (void)state;
    uint64_t random = random_seed(3);
    random_rules(&random);
    pl_fusion_start(&fusion);
    struct pl_fusion copy;
    memcpy(&copy, &fusion, sizeof copy);
    int64_t now = T0;
    for (uint64_t round = random_rounds(20000); round > 0; round--) {
        const struct pl_rate rates[2] = { random_rate(&random), random_rate(&random) };
        const int source = (int)random_below(&random, (uint64_t)rules.source_count);
        const struct pl_fusion_report r = random_report(&random, now);
        enum pl_fusion_reason reason;
        struct pl_fused again;
        take(source, r);
        assert_int_equal(pl_fusion_take(&copy, &rules, source, &r, &reason), 0);
        if (random_once_in(&random, 3)) {
            step(rates, now);
            assert_int_equal(pl_fusion_step(&copy, &rules, rates, now, &again), 0);
            assert_memory_equal(&fused, &again, sizeof fused);
        }
        assert_memory_equal(&fusion, &copy, sizeof fusion);
        if (random_once_in(&random, 10)) { /* go on from the copy of a copy */
            struct pl_fusion elsewhere;
            memcpy(&elsewhere, &fusion, sizeof elsewhere);
            memcpy(&copy, &elsewhere, sizeof copy);
        }
        now += random_within(&random, 0, PL_SECOND_US);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_published_prices_are_fused, start),
        cmocka_unit_test_setup(wrong_content_withdraws_a_source_until_its_next_good_report, start),
        cmocka_unit_test_setup(reports_out_of_order_repeated_or_from_the_future_are_ignored, start),
        cmocka_unit_test_setup(stale_sources_are_left_out_and_the_last_price_is_held, start),
        cmocka_unit_test_setup(too_few_sources_give_no_new_price, start),
        cmocka_unit_test_setup(an_outlier_is_dropped_and_named, start),
        cmocka_unit_test_setup(without_a_majority_nobody_is_named_and_the_price_is_disputed, start),
        cmocka_unit_test_setup(no_source_is_surer_than_the_rules_allow, start),
        cmocka_unit_test_setup(a_price_in_a_fallen_quote_currency_is_no_outlier, start),
        cmocka_unit_test_setup(an_implied_rate_is_the_average_with_the_price_in_its_confidence,
                               start),
        cmocka_unit_test_setup(the_average_follows_slowly, start),
        cmocka_unit_test_setup(time_does_not_go_back, start),
        cmocka_unit_test_setup(rules_outside_their_limits_are_named, start),
        cmocka_unit_test(a_fused_price_lies_among_the_kept_sources_and_no_one_source_carries_it),
        cmocka_unit_test(the_order_of_sources_does_not_matter),
        cmocka_unit_test(a_copied_state_replays_to_the_same_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
