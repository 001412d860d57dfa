/* What each quality of a price allows: monotone in everything that makes a price worse. */
#include "../support/random.h"

#include <errno.h>

#include "decide/pegged.h"
#include "decide/permission.h"
#include "decide/rule.h"

#define T0 (INT64_C(1678406400) * PL_SECOND_US)
#define SHARE(millionths) PL_Q40_MILLIONTHS(millionths)

static struct pl_permission_rules rules;
static enum pl_permission_reason reason;

static int start(void **state)
{
    (void)state;
    pl_permission_defaults(&rules);
    return 0;
}

static struct pl_fused good(void)
{
    return (struct pl_fused){ .now = { 1000000, 1000 },
                              .average_price = 1000000,
                              .source_us = T0,
                              .sources = 3,
                              .venues = 2,
                              .fresh = 1 };
}

static void must_be(struct pl_fused f, int64_t age_us, enum pl_quality quality,
                    enum pl_permission_reason why)
{
    const enum pl_quality got = pl_permission_quality(&rules, &f, T0 + age_us, &reason);
    if (got != quality || reason != why)
        fail_msg("%s (%s), not %s (%s)", pl_quality_name(got), pl_permission_reason(reason),
                 pl_quality_name(quality), pl_permission_reason(why));
}

static void every_criterion_lowers_the_quality_and_is_named(void **state)
{
    (void)state;
    struct pl_fused f = good();
    must_be(f, 0, PL_QUALITY_FULL, PL_PERMISSION_GRANTED);
    f.now.confidence = 5000;
    must_be(f, 10 * PL_SECOND_US, PL_QUALITY_FULL, PL_PERMISSION_GRANTED);
    must_be(f, 10 * PL_SECOND_US + 1, PL_QUALITY_FAIR, PL_PERMISSION_AGE);
    must_be(f, 30 * PL_SECOND_US + 1, PL_QUALITY_THIN, PL_PERMISSION_AGE);
    must_be(f, 2 * PL_MINUTE_US + 1, PL_QUALITY_POOR, PL_PERMISSION_AGE);
    must_be(f, 10 * PL_MINUTE_US + 1, PL_QUALITY_NONE, PL_PERMISSION_AGE);
    f.now.confidence = 5001;
    must_be(f, 0, PL_QUALITY_FAIR, PL_PERMISSION_CONFIDENCE);
    f.now.confidence = 10001;
    must_be(f, 0, PL_QUALITY_THIN, PL_PERMISSION_CONFIDENCE);
    f.now.confidence = 20001;
    must_be(f, 0, PL_QUALITY_POOR, PL_PERMISSION_CONFIDENCE);
    f.now.confidence = 100001;
    must_be(f, 0, PL_QUALITY_NONE, PL_PERMISSION_CONFIDENCE);
    f = good(), f.venues = 1;
    must_be(f, 0, PL_QUALITY_POOR, PL_PERMISSION_VENUES);
    f = good(), f.sources = 2;
    must_be(f, 0, PL_QUALITY_POOR, PL_PERMISSION_SOURCES);
    f = good(), f.divergence_q40 = SHARE(50000) + 1;
    must_be(f, 0, PL_QUALITY_FAIR, PL_PERMISSION_DIVERGENCE);
    f.divergence_q40 = SHARE(300000) + 1;
    must_be(f, 0, PL_QUALITY_POOR, PL_PERMISSION_DIVERGENCE);
    f = good(), f.fresh = 0;
    must_be(f, 0, PL_QUALITY_POOR, PL_PERMISSION_HELD);
    f = good(), f.disputed = 1;
    must_be(f, 0, PL_QUALITY_POOR, PL_PERMISSION_DISPUTED);
    must_be((struct pl_fused){ 0 }, 0, PL_QUALITY_NONE, PL_PERMISSION_NO_PRICE);
}

/* Makes one thing worse. */
static void worsen(uint64_t *random, struct pl_fused *f, int64_t *now)
{
    switch (random_below(random, 7)) {
    case 0: f->sources -= f->sources > 0; break;
    case 1: f->venues -= f->venues > 0; break;
    case 2: f->now.confidence += random_within(random, 0, 20000); break;
    case 3: *now += random_within(random, 0, PL_MINUTE_US); break;
    case 4: f->divergence_q40 += random_within(random, 0, SHARE(50000)); break;
    case 5: f->fresh = 0; break;
    default: f->disputed = 1; break;
    }
}

static void a_worse_price_or_state_never_allows_more(void **state)
{
    (void)state;
    uint64_t random = random_seed(1);
    for (uint64_t round = random_rounds(5000); round > 0; round--) {
        struct pl_fused f = good();
        int64_t now = T0;
        unsigned underlying = 0, venue = 0;
        f.sources = (int32_t)random_within(&random, 1, 16);
        f.venues = (int32_t)random_within(&random, 1, f.sources);
        uint32_t before = PL_ACTIONS_ALL;
        for (int i = 0; i < 30; i++) {
            const enum pl_quality q = pl_permission_quality(&rules, &f, now, &reason);
            const uint32_t allowed = pl_permission_allowed(
                &rules, q, (enum pl_breaker_state)underlying, (enum pl_breaker_state)venue);
            assert_int_equal(allowed & ~before, 0);
            assert_false((allowed & PL_ACTION_WITHDRAWAL) && !(allowed & PL_ACTION_LIQUIDATION));
            for (uint32_t a = 1; a <= PL_ACTION_WITHDRAWAL; a *= 2) {
                const enum pl_permission_reason why = pl_permission_why(
                    &rules, (enum pl_action)a, q, reason, (enum pl_breaker_state)underlying,
                    (enum pl_breaker_state)venue);
                assert_int_equal((allowed & a) != 0, why == PL_PERMISSION_GRANTED);
            }
            before = allowed;
            worsen(&random, &f, &now);
            underlying += underlying < 2 && random_once_in(&random, 30);
            venue += venue < 2 && random_once_in(&random, 30);
        }
    }
}

static void withdrawals_stop_long_before_liquidations(void **state)
{
    (void)state;
    const enum pl_breaker_state normal = PL_BREAKER_NORMAL;
    for (int q = 0; q < PL_QUALITIES; q++) {
        const uint32_t allowed = pl_permission_allowed(&rules, (enum pl_quality)q, normal, normal);
        assert_int_equal((allowed & PL_ACTION_MARK) != 0, q >= PL_QUALITY_POOR);
        assert_int_equal((allowed & PL_ACTION_MARGIN_CALL) != 0, q >= PL_QUALITY_POOR);
        assert_int_equal((allowed & PL_ACTION_LIQUIDATION) != 0, q >= PL_QUALITY_THIN);
        assert_int_equal((allowed & PL_ACTION_AUCTION) != 0, q >= PL_QUALITY_FAIR);
        assert_int_equal((allowed & PL_ACTION_NEW_RISK) != 0, q >= PL_QUALITY_FAIR);
        assert_int_equal((allowed & PL_ACTION_WITHDRAWAL) != 0, q >= PL_QUALITY_FULL);
    }
    const uint32_t cautious =
        pl_permission_allowed(&rules, PL_QUALITY_FULL, PL_BREAKER_CAUTIOUS, normal);
    assert_int_equal(cautious, PL_ACTION_MARK | PL_ACTION_MARGIN_CALL | PL_ACTION_LIQUIDATION |
                                   PL_ACTION_AUCTION);
    const uint32_t halted =
        pl_permission_allowed(&rules, PL_QUALITY_FULL, normal, PL_BREAKER_HALTED);
    assert_int_equal(halted, PL_ACTION_MARK | PL_ACTION_MARGIN_CALL);
}

static void rules_that_are_not_monotone_are_refused(void **state)
{
    (void)state;
    char message[PL_RULE_MESSAGE_BYTES];
    assert_int_equal(pl_permission_check(&rules, message), 0);
#define REFUSED(change, text)                                                                      \
    do {                                                                                           \
        pl_permission_defaults(&rules);                                                            \
        change;                                                                                    \
        assert_int_equal(pl_permission_check(&rules, message), -EINVAL);                           \
        assert_non_null(strstr(message, text));                                                    \
    } while (0)
    REFUSED(rules.line[PL_QUALITY_FULL].sources = 2, "permission.full.sources is 2");
    REFUSED(rules.line[PL_QUALITY_FAIR].venues = 1, "permission.fair.venues is 1");
    REFUSED(rules.line[PL_QUALITY_THIN].confidence_q40 = SHARE(200000), "thin.confidence_q40");
    REFUSED(rules.line[PL_QUALITY_POOR].age_us = 2 * PL_DAY_US, "permission.poor.age_us");
    REFUSED(rules.line[PL_QUALITY_FULL].divergence_q40 = 0, "permission.full.divergence_q40");
    REFUSED(rules.allowed[PL_QUALITY_POOR] |= PL_ACTION_WITHDRAWAL,
            "permission.thin.allows lacks \"withdrawal\", which poor allows");
    REFUSED(rules.allowed[PL_QUALITY_FULL] = 1024 | PL_ACTIONS_ALL,
            "permission.full.allows is 1087");
    REFUSED(rules.allowed_in[PL_BREAKER_HALTED] |= PL_ACTION_NEW_RISK,
            "permission.cautious.allows lacks \"new risk\", which halted allows");
    REFUSED(rules.allowed[PL_QUALITY_FAIR] &= ~(uint32_t)PL_ACTION_LIQUIDATION,
            "permission.fair.allows lacks \"liquidation\", which thin allows");
    REFUSED(rules.allowed[PL_QUALITY_THIN] = rules.allowed[PL_QUALITY_FAIR] = PL_ACTIONS_ALL,
            "permission.thin.allows holds \"withdrawal\": withdrawals need a better");
    REFUSED(for (int s = 1; s < PL_BREAKER_STATES; s++) rules.allowed_in[s] = PL_ACTION_WITHDRAWAL,
            "permission.cautious.allows holds \"withdrawal\" without \"liquidation\"");
    REFUSED(rules.allowed[PL_QUALITY_NONE] = PL_ACTION_MARK,
            "permission.none.allows is 1: must be 0");
    REFUSED(for (int q = 0; q < PL_QUALITIES; q++) rules.allowed[q] = 0,
            "permission.full.allows lacks \"liquidation\"");
#undef REFUSED
}

static void a_redeemable_coin_is_marked_within_its_band_unless_venues_say_otherwise(void **state)
{
    (void)state;
    struct pl_pegged_rules peg;
    char message[PL_RULE_MESSAGE_BYTES];
    pl_pegged_defaults(&peg); /* 0.5 % either way */
    assert_int_equal(pl_pegged_check(&peg, message), 0);
    struct pl_pegged_rate rate = { .price = 100000000, .source_us = T0, .open = 1 };
    struct pl_fused f = { .now = { 65000000, 100 }, .venues = 1, .fresh = 1, .source_us = T0 };
    /* 10 October 2025: one thin book shows 0.65 */
    struct pl_pegged_mark m = pl_pegged_mark(&peg, &f, &rate, T0);
    assert_int_equal(m.reason, PL_PEGGED_BOUNDED);
    assert_true(m.asset_price == m.debt_price && m.asset_price >= 99499999 &&
                m.asset_price <= 99500000);
    assert_in_range(m.gap_q40, SHARE(350000), SHARE(350000) + 1);
    assert_int_equal(pl_pegged_quality(PL_PEGGED_BOUNDED, PL_QUALITY_POOR), PL_QUALITY_THIN);
    /* 11 March 2023: several venues show 0.90 */
    f.now.price = 90000000, f.venues = 2;
    m = pl_pegged_mark(&peg, &f, &rate, T0);
    assert_int_equal(m.reason, PL_PEGGED_DEPEGGED);
    assert_true(m.asset_price == 90000000 && m.debt_price >= 99499999);
    assert_int_equal(pl_pegged_quality(PL_PEGGED_DEPEGGED, PL_QUALITY_POOR), PL_QUALITY_POOR);
    /* redemption closed for the weekend: the market alone */
    rate.open = 0;
    m = pl_pegged_mark(&peg, &f, &rate, T0);
    assert_true(m.reason == PL_PEGGED_NO_RATE && m.asset_price == 90000000 &&
                m.debt_price == 90000000);
    rate.open = 1;
    assert_int_equal(pl_pegged_mark(&peg, &f, &rate, T0 + PL_DAY_US + 1).reason, PL_PEGGED_NO_RATE);
    f.now.price = 100400000;
    m = pl_pegged_mark(&peg, &f, &rate, T0);
    assert_true(m.reason == PL_PEGGED_MARKET && m.asset_price == 100400000);
    f.now.price = 103000000; /* a premium is no collateral, but a debt */
    m = pl_pegged_mark(&peg, &f, &rate, T0);
    assert_true(m.asset_price <= 100500001 && m.debt_price == 103000000);
    f.fresh = 0;
    m = pl_pegged_mark(&peg, &f, &rate, T0);
    assert_true(m.reason == PL_PEGGED_REDEMPTION && m.asset_price <= 99500000 &&
                m.debt_price >= 100500000);
    rate.source_us = INT64_MIN;
    assert_int_equal(pl_pegged_mark(&peg, &f, &rate, T0).reason, PL_PEGGED_NO_RATE);
    rate.source_us = T0, rate.price = -1;
    assert_int_equal(pl_pegged_mark(&peg, &f, &rate, T0).reason, PL_PEGGED_NO_RATE);
    f.now.price = 0;
    assert_int_equal(pl_pegged_mark(&peg, &f, &rate, T0).reason, PL_PEGGED_NO_PRICE);
    peg.venues_min = 1;
    assert_int_equal(pl_pegged_check(&peg, message), -EINVAL);
    assert_non_null(strstr(message, "pegged.venues_min is 1"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(every_criterion_lowers_the_quality_and_is_named, start),
        cmocka_unit_test_setup(a_worse_price_or_state_never_allows_more, start),
        cmocka_unit_test_setup(withdrawals_stop_long_before_liquidations, start),
        cmocka_unit_test_setup(rules_that_are_not_monotone_are_refused, start),
        cmocka_unit_test(a_redeemable_coin_is_marked_within_its_band_unless_venues_say_otherwise),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
