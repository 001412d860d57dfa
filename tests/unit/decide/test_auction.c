/* The auction of a whole book. Its published cases are in tests/oracle/auction. */
#include "../support/random.h"

#include "decide/auction.h"

#define ONE PL_COEFFICIENT_ONE
#define E8 INT64_C(100000000)
#define SECOND INT64_C(1000000)

static const struct pl_auction_book poor = { .mtm = 119 * E8,
                                             .buffer_excess = -147 * E8,
                                             .lower_bound = -300 * E8 };

static struct pl_auction started(const struct pl_auction_book *book)
{
    struct pl_auction a;
    assert_int_equal(pl_auction_start(&a, book, 5 * SECOND), PL_AUCTION_OK);
    return a;
}

static struct pl_auction_rules rules_of_tests(void)
{
    struct pl_auction_rules r = pl_auction_defaults;
    char message[PL_RULE_MESSAGE_BYTES];
    r.bid_min = E8;
    assert_int_equal(pl_auction_check(&r, message), 0);
    return r;
}

static void rules_outside_their_limits_are_named(void **state)
{
    (void)state;
    char message[PL_RULE_MESSAGE_BYTES];
    struct pl_auction_rules r = pl_auction_defaults;
    assert_int_equal(pl_auction_check(&r, message), 0);
    r.fast_us = 0;
    assert_int_equal(pl_auction_check(&r, message), -22);
    assert_non_null(strstr(message, "fast_us"));
    r = pl_auction_defaults, r.turn_q40 = r.start_q40;
    assert_int_equal(pl_auction_check(&r, message), -22);
    assert_non_null(strstr(message, "start_q40"));
}

static void the_discount_falls_fast_then_slowly_to_nothing(void **state)
{
    (void)state;
    const struct pl_auction_rules r = rules_of_tests();
    struct pl_auction a = started(&poor);
    const struct {
        int64_t second;
        double rate;
    } points[] = { { 0, 0.98 },   { 50, 0.89 }, { 100, 0.8 },
                   { 7300, 0.4 }, { 14500, 0 }, { 90000, 0 } };
    for (size_t i = 0; i < sizeof points / sizeof points[0]; i++) {
        int64_t rate = pl_auction_rate_q40(&a, &r, (5 + points[i].second) * SECOND);
        assert_true(fabs((double)rate / (double)ONE - points[i].rate) < 1e-11);
    }
}

static void refusals_have_reasons_and_change_nothing(void **state)
{
    (void)state;
    const struct pl_auction_rules r = rules_of_tests();
    struct pl_auction_book well = poor;
    struct pl_auction a, before;
    struct pl_auction_quote q;
    enum pl_auction_event event;
    well.buffer_excess = 0;
    assert_int_equal(pl_auction_start(&a, &well, 0), PL_AUCTION_HEALTHY);
    a = before = started(&poor);
    int64_t t = 6 * SECOND;
    assert_int_equal(pl_auction_bid(&a, &r, &poor, 0, INT64_MAX, t, &q), PL_AUCTION_EMPTY_BID);
    assert_int_equal(pl_auction_bid(&a, &r, &poor, ONE / 1000, INT64_MAX, t, &q),
                     PL_AUCTION_TOO_SMALL);
    assert_int_equal(pl_auction_bid(&a, &r, &poor, ONE, E8, t, &q), PL_AUCTION_PRICE);
    assert_int_equal(pl_auction_bid(&a, &r, &poor, ONE, INT64_MAX, 0, &q), PL_AUCTION_TIME_BACK);
    assert_int_equal(pl_auction_bid(&a, &r, &well, ONE, INT64_MAX, t, &q), PL_AUCTION_HEALTHY);
    assert_int_equal(pl_auction_bid(&a, &r, &poor, ONE, INT64_MAX, t, &q), PL_AUCTION_OK);
    assert_int_equal(pl_auction_fill(&a, &poor, &q, true, -1, t), PL_AUCTION_BIDDER_MARGIN);
    assert_int_equal(pl_auction_fill(&a, &poor, &q, false, 0, t), PL_AUCTION_FORBIDDEN);
    assert_int_equal(pl_auction_fill(&a, &poor, &q, true, 0, t + 1), PL_AUCTION_CHANGED);
    assert_int_equal(pl_auction_fill(&a, &well, &q, true, 0, t), PL_AUCTION_CHANGED);
    assert_memory_equal(&a, &before, sizeof a);
    assert_int_equal(pl_auction_step(&a, &r, &poor, true, 0, &event), PL_AUCTION_TIME_BACK);
    assert_int_equal(pl_auction_fill(&a, &poor, &q, true, 0, t), PL_AUCTION_OK);
    assert_int_equal(pl_auction_fill(&a, &poor, &q, true, 0, t), PL_AUCTION_CHANGED);
    for (int i = 0; i <= PL_AUCTION_OVERFLOW; i++)
        assert_true(strlen(pl_auction_reason((enum pl_auction_reason)i)) > 3);
}

static void while_nobody_may_bid_the_discount_stands(void **state)
{
    (void)state;
    const struct pl_auction_rules r = rules_of_tests();
    struct pl_auction a = started(&poor);
    struct pl_auction_quote q;
    enum pl_auction_event event;
    int64_t at = 25 * SECOND, rate = pl_auction_rate_q40(&a, &r, at);
    assert_int_equal(pl_auction_step(&a, &r, &poor, false, at, &event), PL_AUCTION_OK);
    assert_int_equal(pl_auction_bid(&a, &r, &poor, ONE, INT64_MAX, at, &q), PL_AUCTION_FORBIDDEN);
    assert_int_equal(pl_auction_rate_q40(&a, &r, at + 30 * SECOND), rate);
    assert_int_equal(pl_auction_step(&a, &r, &poor, true, at + 30 * SECOND, &event), PL_AUCTION_OK);
    assert_int_equal(event, PL_AUCTION_RUNS);
    assert_int_equal(pl_auction_rate_q40(&a, &r, at + 30 * SECOND), rate);
    /* a long pause starts again */
    at += 40 * SECOND;
    assert_int_equal(pl_auction_step(&a, &r, &poor, false, at, &event), PL_AUCTION_OK);
    assert_int_equal(pl_auction_step(&a, &r, &poor, true, at + r.pause_us, &event), PL_AUCTION_OK);
    assert_int_equal(event, PL_AUCTION_RESET);
    assert_int_equal(pl_auction_rate_q40(&a, &r, at + r.pause_us), r.start_q40);
}

static void without_bids_it_resets_turns_insolvent_and_is_offloaded(void **state)
{
    (void)state;
    const struct pl_auction_rules r = rules_of_tests();
    struct pl_auction a = started(&poor);
    enum pl_auction_event event = PL_AUCTION_RUNS;
    int64_t t = 5 * SECOND, leg = r.fast_us + r.slow_us;
    const struct {
        int64_t after;
        enum pl_auction_event event;
    } course[] = { { leg - 1, PL_AUCTION_RUNS },
                   { 1, PL_AUCTION_RESET },
                   { leg, PL_AUCTION_TURNED },
                   { r.insolvent_us, PL_AUCTION_RUNS },
                   { r.offload_us, PL_AUCTION_OFFLOADED } };
    for (size_t i = 0; i < sizeof course / sizeof course[0]; i++) {
        t += course[i].after;
        assert_int_equal(pl_auction_step(&a, &r, &poor, true, t, &event), PL_AUCTION_OK);
        assert_int_equal(event, course[i].event);
    }
    assert_int_equal(a.leg, PL_AUCTION_NONE);
    assert_int_equal(pl_auction_step(&a, &r, &poor, true, t, &event), PL_AUCTION_NOT_RUNNING);
}

static void a_book_that_gains_value_is_not_sold_at_the_old_discount(void **state)
{
    (void)state;
    const struct pl_auction_rules r = rules_of_tests();
    struct pl_auction a = started(&poor);
    struct pl_auction_book book = poor;
    enum pl_auction_event event;
    book.mtm += poor.mtm / 11;
    assert_int_equal(pl_auction_step(&a, &r, &book, true, 90 * SECOND, &event), PL_AUCTION_OK);
    assert_int_equal(event, PL_AUCTION_RUNS);
    book.mtm += poor.mtm / 11;
    assert_int_equal(pl_auction_step(&a, &r, &book, true, 95 * SECOND, &event), PL_AUCTION_OK);
    assert_int_equal(event, PL_AUCTION_RESET);
    assert_int_equal(pl_auction_rate_q40(&a, &r, 95 * SECOND), r.start_q40);
}

static void payments_come_from_proceeds_before_the_fund(void **state)
{
    (void)state;
    const struct pl_auction_rules r = rules_of_tests();
    struct pl_auction a = started(&poor);
    struct pl_auction_quote q;
    enum pl_auction_event event;
    int64_t t = 10 * SECOND;
    assert_int_equal(pl_auction_bid(&a, &r, &poor, ONE / 4, INT64_MAX, t, &q), PL_AUCTION_OK);
    assert_int_equal(pl_auction_fill(&a, &poor, &q, true, 0, t), PL_AUCTION_OK);
    int64_t proceeds = a.proceeds;
    assert_true(proceeds == q.price && proceeds > 0);
    struct pl_auction_book sunk = { .mtm = -50 * E8,
                                    .buffer_excess = -400 * E8,
                                    .lower_bound = -300 * E8 };
    assert_int_equal(pl_auction_step(&a, &r, &sunk, true, t, &event), PL_AUCTION_OK);
    assert_int_equal(event, PL_AUCTION_TURNED);
    t += r.insolvent_us;
    assert_int_equal(pl_auction_step(&a, &r, &sunk, true, t, &event), PL_AUCTION_OK);
    assert_int_equal(pl_auction_bid(&a, &r, &sunk, ONE, INT64_MAX, t, &q), PL_AUCTION_OK);
    assert_int_equal(q.fraction_q40, ONE);
    assert_true(llabs(q.price + 300 * E8) <= 1); /* LB is of what is left */
    assert_int_equal(q.from_proceeds, proceeds);
    assert_int_equal(pl_auction_fill(&a, &sunk, &q, true, 0, t), PL_AUCTION_OK);
    assert_true(a.proceeds == 0 && a.left_q40 == 0 && a.paid_out == -q.price);
    assert_int_equal(pl_auction_step(&a, &r, &sunk, true, t, &event), PL_AUCTION_OK);
    assert_int_equal(event, PL_AUCTION_ENDED);
}

/* Bids at random moments: nothing is lost, the last one restores the buffer, no slice is of part of
 * a step. The book's value and buffer go with the fraction that is left. */
static void bids_add_up_and_restore_the_buffer(void **state)
{
    (void)state;
    uint64_t r = random_seed(73);
    const struct pl_auction_rules rules = rules_of_tests();
    for (uint64_t i = 0, rounds = random_rounds(2000); i < rounds; i++) {
        int64_t value = random_within(&r, 10, 100000) * E8, steps = random_within(&r, 1, 5000);
        int64_t lacking = random_within(&r, 1, 200000) * E8, paid = 0, left = steps, t = 5 * SECOND;
        struct pl_auction_book book = { .mtm = value,
                                        .buffer_excess = -lacking,
                                        .least_steps = random_once_in(&r, 3) ? 0 : steps };
        struct pl_auction a = started(&book);
        enum pl_auction_event event = PL_AUCTION_RUNS;
        for (int n = 0; n < 200 && a.leg == PL_AUCTION_SOLVENT; n++) {
            struct pl_auction_quote q;
            t += random_within(&r, 0, 60) * SECOND;
            assert_int_equal(pl_auction_step(&a, &rules, &book, true, t, &event), PL_AUCTION_OK);
            if (event == PL_AUCTION_ENDED)
                break;
            int64_t want = (int64_t)(random_real(&r, 0.1, 1) * (double)ONE);
            if (pl_auction_bid(&a, &rules, &book, want, INT64_MAX, t, &q) != PL_AUCTION_OK)
                continue;
            assert_true(q.price >= 0 && q.fraction_q40 > 0 && q.fraction_q40 <= ONE);
            assert_int_equal(pl_auction_fill(&a, &book, &q, true, 0, t), PL_AUCTION_OK);
            int64_t before = paid, rest = ONE - q.fraction_q40;
            if (book.least_steps > 0) {
                int64_t slice = pl_auction_slice(-left, q.fraction_q40);
                assert_true(slice < 0 && slice >= -left);
                left += slice;
                book.least_steps = left;
            }
            paid += q.price;
            assert_int_equal(a.proceeds, paid);
            book.mtm = (int64_t)((pl_i128)(book.mtm - before) * rest / ONE) + paid;
            book.buffer_excess =
                (int64_t)((pl_i128)(book.buffer_excess - before) * rest / ONE) + paid;
        }
        assert_int_equal(event, PL_AUCTION_ENDED);
        assert_true(a.left_q40 == 0 || book.buffer_excess >= 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_outside_their_limits_are_named),
        cmocka_unit_test(the_discount_falls_fast_then_slowly_to_nothing),
        cmocka_unit_test(refusals_have_reasons_and_change_nothing),
        cmocka_unit_test(while_nobody_may_bid_the_discount_stands),
        cmocka_unit_test(without_bids_it_resets_turns_insolvent_and_is_offloaded),
        cmocka_unit_test(a_book_that_gains_value_is_not_sold_at_the_old_discount),
        cmocka_unit_test(payments_come_from_proceeds_before_the_fund),
        cmocka_unit_test(bids_add_up_and_restore_the_buffer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
