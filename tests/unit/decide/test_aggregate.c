/* Pyth's rule and the conversion of quote currencies. */
#include "../support/random.h"

#include "decide/aggregate.h"
#include "decide/convert.h"
#include "model/fixed.h"

static void must_be(struct pl_estimate got, int64_t price, int64_t confidence)
{
    if (got.price != price || got.confidence != confidence)
        fail_msg("%" PRId64 " +- %" PRId64 ", not %" PRId64 " +- %" PRId64, got.price,
                 got.confidence, price, confidence);
}

#define AGGREGATE(...)                                                                             \
    pl_aggregate((const struct pl_estimate[]){ __VA_ARGS__ },                                      \
                 sizeof((const struct pl_estimate[]){ __VA_ARGS__ }) / sizeof(struct pl_estimate))

/* program/rust/test_data/aggregation of pyth-network/pyth-client; the number is that of the case.
 */
static void published_aggregates_hold(void **state)
{
    (void)state;
    must_be(AGGREGATE({ 10000000, 5000 }, { 10010000, 5000 }, { 10000000, 1000 }), 10001000, 4000);
    must_be(AGGREGATE({ 10000, 1000 }, { 10000, 1000 }, { 10000, 1000 }), 10000, 1000); /* 1 */
    must_be(AGGREGATE({ 10000, 10 }, { 10020, 10 }, { 11000, 10 }), 10020, 970);        /* 8 */
    must_be(AGGREGATE({ 10010000, 10 }, { 10010020, 10 }, { 10011000, 10 }, { 10011020, 10 }),
            10010510, 500); /* 12 */
    must_be(AGGREGATE({ 10000, 1000 }, { 11000, 1000 }, { 12000, 1000 }, { 13000, 1000 },
                      { 14000, 1000 }, { 15000, 1000 }, { 16000, 1000 }),
            13000, 2000); /* 15 */
    must_be(AGGREGATE({ 4329605500000, 1486500000 }, { 4325720000000, 1290000000 }, { 43254, 1 },
                      { 4329150000000, 1500000000 }, { 4329999999999, 3999999999 },
                      { 4331609000000, 2422000000 }, { 4329198852938, 3044669090 },
                      { 0, 200000000 }, { 4327900000000, 2000000000 }, { 4332090000000, 1000000 }),
            4328634500000, 2914500000); /* 31 */
    must_be(AGGREGATE({ 4329605500000, 1486500000 }, { 4325720000000, 1290000000 },
                      { 4329150000000, 1500000000 }, { 4329999999999, 3999999999 },
                      { 4331609000000, 2422000000 }, { 4329198852938, 3044669090 },
                      { 0, 200000000 }, { 4327900000000, 2000000000 }, { 4332090000000, 1000000 }),
            4329187000000, 3187000000); /* 32 */
    must_be(AGGREGATE({ 4000000000000, 1000000000 }, { 4000100000000, 1000000000 },
                      { 4000200000000, 1000000000 }, { 4000300000000, 1000000000 },
                      { 4000400000000, 1000000000 }, { 40000000000, 10000000 },
                      { 40000000000, 10000000 }),
            3999400000000, 3959390000000); /* 35 */
}

static void one_source_is_its_own_aggregate(void **state)
{
    (void)state;
    must_be(AGGREGATE({ 777, 7 }), 777, 7);
    must_be(AGGREGATE({ PL_PRICE_MAX, PL_PRICE_MAX }), PL_PRICE_MAX, PL_PRICE_MAX);
    must_be(AGGREGATE({ 10, 1 }, { 21, 1 }), 15, 6); /* 9 10 | 11 20 | 21 22: 15.5 rounds down */
}

static unsigned random_sources(uint64_t *random, struct pl_estimate *sources, unsigned least)
{
    const unsigned count = (unsigned)random_within(random, least, PL_AGGREGATE_SOURCES_MAX);
    const int64_t centre = random_within(random, 1, INT64_C(1) << random_within(random, 4, 50));
    for (unsigned i = 0; i < count; i++) {
        const int64_t price = centre + random_within(random, 0, centre / 10);
        sources[i] = (struct pl_estimate){ price, random_within(random, 0, price / 10) };
    }
    return count;
}

static void a_source_that_lies(uint64_t *random, struct pl_estimate *source)
{
    source->price = random_within(random, 1, PL_PRICE_MAX);
    source->confidence = random_within(random, 0, source->price / 2);
}

static void the_aggregate_lies_among_the_votes_in_any_order(void **state)
{
    (void)state;
    uint64_t random = random_seed(1);
    for (uint64_t round = random_rounds(20000); round > 0; round--) {
        struct pl_estimate s[PL_AGGREGATE_SOURCES_MAX];
        const unsigned count = random_sources(&random, s, 1);
        const struct pl_estimate first = pl_aggregate(s, count);
        int64_t low = INT64_MAX, high = 0;
        for (unsigned i = 0; i < count; i++) {
            low = s[i].price - s[i].confidence < low ? s[i].price - s[i].confidence : low;
            high = s[i].price + s[i].confidence > high ? s[i].price + s[i].confidence : high;
        }
        assert_in_range(first.price, low, high);
        assert_true(first.confidence >= 0 && first.price > 0);
        for (unsigned i = count; i > 1; i--) {
            const unsigned j = (unsigned)random_below(&random, i);
            const struct pl_estimate swap = s[j];
            s[j] = s[i - 1], s[i - 1] = swap;
        }
        const struct pl_estimate again = pl_aggregate(s, count);
        assert_memory_equal(&first, &again, sizeof first);
    }
}

/* Whatever majority is kept, and whatever the liar says. */
static void one_liar_of_three_or_more_moves_the_price_no_further_than_the_others(void **state)
{
    (void)state;
    uint64_t random = random_seed(2);
    for (uint64_t round = random_rounds(20000); round > 0; round--) {
        struct pl_estimate all[PL_AGGREGATE_SOURCES_MAX], kept[PL_AGGREGATE_SOURCES_MAX];
        const unsigned count = random_sources(&random, all, 3);
        const unsigned liar = (unsigned)random_below(&random, count);
        a_source_that_lies(&random, &all[liar]);
        unsigned kept_count = 0, skip = (unsigned)random_below(&random, (count + 1) / 2);
        const unsigned from = (unsigned)random_below(&random, count);
        for (unsigned i = 0; i < count; i++)
            if ((i + from) % count >= skip)
                kept[kept_count++] = all[i];
        const struct pl_estimate e = pl_aggregate_held(kept, kept_count, all, count);
        int64_t low = INT64_MAX, high = 0, kept_low = INT64_MAX, kept_high = 0;
        for (unsigned i = 0; i < count; i++) {
            const int64_t l = all[i].price - all[i].confidence;
            const int64_t h = all[i].price + all[i].confidence;
            if (i != liar)
                low = l < low ? l : low, high = h > high ? h : high;
            if ((i + from) % count >= skip)
                kept_low = l < kept_low ? l : kept_low, kept_high = h > kept_high ? h : kept_high;
        }
        if (e.price < low || e.price > high || e.price < kept_low || e.price > kept_high)
            fail_msg("price %" PRId64 " outside %" PRId64 " .. %" PRId64, e.price, low, high);
        assert_true(e.confidence >= 0);
    }
}

static void conversion_reaches_over_every_product(void **state)
{
    (void)state;
    struct pl_rate rate = { .worth = { 90000000, 1000000 }, .decimals = 8, .known = 1 };
    struct pl_estimate e = { 2000000, 1000 };
    assert_true(pl_convert(&e, &rate)); /* 1999000 * 0.89 .. 2001000 * 0.91 */
    must_be(e, 1800000, 20910);
    e = (struct pl_estimate){ 3, 0 };
    rate.worth = (struct pl_estimate){ 33333333, 0 };
    assert_false(pl_convert(&e, &rate)); /* 0.99999999 is no price */
    must_be(e, 3, 0);
    e = (struct pl_estimate){ PL_PRICE_MAX, 0 };
    rate.worth = (struct pl_estimate){ 100000001, 0 };
    assert_false(pl_convert(&e, &rate));
    rate.decimals = 0; /* far beyond 64 bits */
    assert_false(pl_convert(&e, &rate));
    must_be(e, PL_PRICE_MAX, 0);
    const struct pl_estimate usd = { 100, 1 }, unsure = { 100, 100 };
    assert_false(pl_convert_cross(usd, unsure, 8, &e));
}

/* Exactly, in 128 bits, for conversion and cross. */
static void no_rounding_narrows_an_interval(void **state)
{
    (void)state;
    uint64_t random = random_seed(4);
    for (uint64_t round = random_rounds(20000); round > 0; round--) {
        const int decimals = (int)random_below(&random, 9);
        const pl_i128 one = pl_power_of_ten(decimals);
        struct pl_estimate a = {
            random_within(&random, 1, 1 + (INT64_C(1) << random_below(&random, 32))), 0
        };
        struct pl_estimate b = {
            random_within(&random, 2, 2 + (INT64_C(1) << random_below(&random, 32))), 0
        };
        a.confidence = random_within(&random, 0, a.price - 1);
        b.confidence = random_within(&random, 0, b.price - 1);
        const struct pl_rate rate = { .worth = b, .decimals = decimals, .known = 1 };
        struct pl_estimate e = a;
        if (pl_convert(&e, &rate)) {
            const pl_i128 low = (pl_i128)(a.price - a.confidence) * (b.price - b.confidence);
            const pl_i128 high = (pl_i128)(a.price + a.confidence) * (b.price + b.confidence);
            assert_true((e.price - e.confidence) * one <= low);
            assert_true((e.price + e.confidence) * one >= high);
        }
        if (pl_convert_cross(a, b, decimals, &e)) {
            const pl_i128 low = (pl_i128)(a.price - a.confidence) * one;
            const pl_i128 high = (pl_i128)(a.price + a.confidence) * one;
            assert_true((pl_i128)(e.price - e.confidence) * (b.price + b.confidence) <= low);
            assert_true((pl_i128)(e.price + e.confidence) * (b.price - b.confidence) >= high);
        }
    }
}

static void a_cross_and_its_conversion_give_the_price_back(void **state)
{
    (void)state;
    uint64_t random = random_seed(3);
    for (uint64_t round = random_rounds(20000); round > 0; round--) {
        const int64_t price = random_within(&random, 1000000, INT64_C(1) << 45);
        struct pl_estimate usd = { price, random_within(&random, 0, price / 20) };
        struct pl_estimate quoted = { price / 10 * random_within(&random, 5, 20),
                                      random_within(&random, 0, price / 40) };
        struct pl_rate rate = { .decimals = 8, .known = 1 };
        assert_true(pl_convert_cross(usd, quoted, 8, &rate.worth));
        if (!pl_convert(&quoted, &rate))
            continue;
        const int64_t off = quoted.price > price ? quoted.price - price : price - quoted.price;
        assert_true(off <= quoted.confidence);
        assert_true(off <= 1 + quoted.price / 10000000);
        assert_true(quoted.confidence >= usd.confidence);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_aggregates_hold),
        cmocka_unit_test(one_source_is_its_own_aggregate),
        cmocka_unit_test(the_aggregate_lies_among_the_votes_in_any_order),
        cmocka_unit_test(one_liar_of_three_or_more_moves_the_price_no_further_than_the_others),
        cmocka_unit_test(conversion_reaches_over_every_product),
        cmocka_unit_test(no_rounding_narrows_an_interval),
        cmocka_unit_test(a_cross_and_its_conversion_give_the_price_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
