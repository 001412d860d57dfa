/* The state machine of an account below its line: its course, and what it never does. */
#include "../support/random.h"

#include "decide/liquidation.h"

#define E8 INT64_C(100000000)
#define SECOND INT64_C(1000000)
#define START INT64_C(1770000000000000)

static const struct pl_liquidation_rules *const rules = &pl_liquidation_defaults;

/* An account with a maintenance requirement of 1,000 and an initial one of 1,500. */
static struct pl_liquidation_input with_equity(int64_t equity, int64_t time_us)
{
    return (struct pl_liquidation_input){
        .time_us = time_us,
        .verdict = equity < 0      ? PL_STATE_BANKRUPT
                   : equity < 1000 ? PL_STATE_LIQUIDATE
                   : equity < 1500 ? PL_STATE_MARGIN_CALL
                                   : PL_STATE_HEALTHY,
        .equity_e8 = equity * E8,
        .maintenance_excess_e8 = (equity - 1000) * E8,
        .initial_excess_e8 = (equity - 1500) * E8,
        .may_call = true,
        .may_liquidate = true,
        .may_auction = true,
        .venue_room_e8 = INT64_MAX,
    };
}

static void must(struct pl_liquidation *a, const struct pl_liquidation_input *in,
                 enum pl_liquidation_action action, enum pl_liquidation_reason reason,
                 enum pl_liquidation_state after)
{
    struct pl_liquidation_decision d = pl_liquidation_step(a, rules, in);
    if (d.action != action || d.reason != reason || a->state != after)
        fail_msg("action %d, \"%s\", state %s", d.action, pl_liquidation_reason(d.reason),
                 pl_liquidation_state_name((enum pl_liquidation_state)a->state));
}

static void at(struct pl_liquidation *a, int64_t equity, int64_t second,
               enum pl_liquidation_action action, enum pl_liquidation_reason reason,
               enum pl_liquidation_state after)
{
    struct pl_liquidation_input in = with_equity(equity, START + second * SECOND);
    in.position_version = a->position_version;
    must(a, &in, action, reason, after);
}

static void rules_outside_their_limits_are_named(void **state)
{
    (void)state;
    char message[PL_RULE_MESSAGE_BYTES];
    struct pl_liquidation_rules r = *rules;
    assert_int_equal(pl_liquidation_check(&r, message), 0);
    r.penalty_q40 = PL_COEFFICIENT_ONE / 10;
    assert_int_equal(pl_liquidation_check(&r, message), -22);
    assert_non_null(strstr(message, "liquidation.penalty_q40 is 0.1: must be from 0 to 0.05"));
    for (int i = 0; i < PL_LIQUIDATION_REASONS; i++)
        assert_true(strlen(pl_liquidation_reason((enum pl_liquidation_reason)i)) > 3);
    for (int i = 0; i < PL_LIQUIDATION_STATES; i++)
        assert_true(strlen(pl_liquidation_state_name((enum pl_liquidation_state)i)) > 3);
}

static void a_margin_call_that_is_met_ends_and_does_not_flap(void **state)
{
    (void)state;
    struct pl_liquidation a = { 0 };
    at(&a, 1600, 0, PL_LIQUIDATION_NOTHING, PL_LIQUIDATION_FINE, PL_LIQUIDATION_HEALTHY);
    at(&a, 1400, 1, PL_LIQUIDATION_CALL, PL_LIQUIDATION_VERDICT, PL_LIQUIDATION_CALLED);
    int64_t deadline = a.deadline_us;
    assert_int_equal(deadline, START + SECOND + rules->call_us);
    at(&a, 1300, 2, PL_LIQUIDATION_NOTHING, PL_LIQUIDATION_FINE, PL_LIQUIDATION_CALLED);
    at(&a, 1510, 3, PL_LIQUIDATION_NOTHING, PL_LIQUIDATION_FINE, PL_LIQUIDATION_CALLED);
    at(&a, 1531, 4, PL_LIQUIDATION_CLEAR, PL_LIQUIDATION_VERDICT, PL_LIQUIDATION_HEALTHY);
    /* the same call soon after keeps its deadline, a later one gets its own */
    at(&a, 1400, 5, PL_LIQUIDATION_CALL, PL_LIQUIDATION_VERDICT, PL_LIQUIDATION_CALLED);
    assert_int_equal(a.deadline_us, deadline);
    at(&a, 1600, 6, PL_LIQUIDATION_CLEAR, PL_LIQUIDATION_VERDICT, PL_LIQUIDATION_HEALTHY);
    at(&a, 1400, 700, PL_LIQUIDATION_CALL, PL_LIQUIDATION_VERDICT, PL_LIQUIDATION_CALLED);
    assert_true(a.deadline_us > deadline);
}

static void a_margin_call_that_is_not_met_is_liquidated_to_the_initial_requirement(void **state)
{
    (void)state;
    struct pl_liquidation a = { 0 };
    at(&a, 1400, 0, PL_LIQUIDATION_CALL, PL_LIQUIDATION_VERDICT, PL_LIQUIDATION_CALLED);
    at(&a, 1400, 3599, PL_LIQUIDATION_NOTHING, PL_LIQUIDATION_FINE, PL_LIQUIDATION_CALLED);
    at(&a, 1400, 3600, PL_LIQUIDATION_PLAN_INITIAL, PL_LIQUIDATION_DEADLINE,
       PL_LIQUIDATION_PARTIAL);
    pl_liquidation_no_plan(&a);
    at(&a, 1400, 3601, PL_LIQUIDATION_NOTHING, PL_LIQUIDATION_NO_PLAN, PL_LIQUIDATION_CALLED);
    at(&a, 900, 3602, PL_LIQUIDATION_SELL, PL_LIQUIDATION_NO_PLAN, PL_LIQUIDATION_AUCTION);
}

static void one_move_liquidates_once(void **state)
{
    (void)state;
    struct pl_liquidation a = { .position_version = 7 };
    at(&a, 900, 0, PL_LIQUIDATION_PLAN, PL_LIQUIDATION_VERDICT, PL_LIQUIDATION_PARTIAL);
    pl_liquidation_sent(&a, rules, 5000 * E8, START);
    at(&a, 900, 1, PL_LIQUIDATION_NOTHING, PL_LIQUIDATION_PENDING, PL_LIQUIDATION_PARTIAL);
    at(&a, 900, 10, PL_LIQUIDATION_CANCEL, PL_LIQUIDATION_PENDING, PL_LIQUIDATION_PARTIAL);
    pl_liquidation_filled(&a, 8, START + 11 * SECOND);
    /* a verdict on the positions before the fills is not one on what is left */
    struct pl_liquidation_input old = with_equity(900, START + 30 * SECOND);
    old.position_version = 7;
    must(&a, &old, PL_LIQUIDATION_NOTHING, PL_LIQUIDATION_OLD_VERDICT, PL_LIQUIDATION_WATCHED);
    struct pl_liquidation b = a;
    at(&b, 1600, 31, PL_LIQUIDATION_NOTHING, PL_LIQUIDATION_FINE, PL_LIQUIDATION_HEALTHY);
    /* a new breach soon after the fills waits, unless it is too deep */
    b = a;
    b.time_us = START + 11 * SECOND;
    at(&b, 900, 12, PL_LIQUIDATION_NOTHING, PL_LIQUIDATION_COOLING, PL_LIQUIDATION_WATCHED);
    at(&b, 900, 21, PL_LIQUIDATION_PLAN, PL_LIQUIDATION_VERDICT, PL_LIQUIDATION_PARTIAL);
    b = a;
    at(&b, 400, 31, PL_LIQUIDATION_SELL, PL_LIQUIDATION_TOO_DEEP, PL_LIQUIDATION_AUCTION);
}

static void parts_that_do_not_help_end_in_an_auction(void **state)
{
    (void)state;
    struct pl_liquidation a = { 0 };
    for (uint32_t i = 0; i < rules->partials_max; i++) {
        int64_t second = 20 * (int64_t)i;
        at(&a, 900, second, PL_LIQUIDATION_PLAN, PL_LIQUIDATION_VERDICT, PL_LIQUIDATION_PARTIAL);
        pl_liquidation_sent(&a, rules, 1000 * E8, START + second * SECOND);
        pl_liquidation_filled(&a, i + 1, START + second * SECOND);
    }
    at(&a, 900, 150, PL_LIQUIDATION_SELL, PL_LIQUIDATION_TOO_OFTEN, PL_LIQUIDATION_AUCTION);
    int64_t t = START + 200 * SECOND;
    pl_liquidation_auctioned(&a, PL_AUCTION_TURNED, PL_AUCTION_INSOLVENT, false, 9, t);
    assert_int_equal(a.state, PL_LIQUIDATION_INSOLVENT);
    at(&a, -5, 201, PL_LIQUIDATION_NOTHING, PL_LIQUIDATION_PENDING, PL_LIQUIDATION_INSOLVENT);
    struct pl_liquidation b = a;
    pl_liquidation_auctioned(&b, PL_AUCTION_ENDED, PL_AUCTION_NONE, false, 10, t);
    at(&b, 1600, 202, PL_LIQUIDATION_NOTHING, PL_LIQUIDATION_FINE, PL_LIQUIDATION_HEALTHY);
    pl_liquidation_auctioned(&a, PL_AUCTION_OFFLOADED, PL_AUCTION_NONE, false, 10, t);
    assert_int_equal(a.state, PL_LIQUIDATION_OFFLOAD);
    pl_liquidation_auctioned(&a, PL_AUCTION_ENDED, PL_AUCTION_NONE, true, 11, t);
    assert_int_equal(a.state, PL_LIQUIDATION_CLOSED);
}

static void the_penalty_is_split_without_a_rest(void **state)
{
    (void)state;
    uint64_t r = random_seed(61);
    for (uint64_t i = 0, rounds = random_rounds(2000); i < rounds; i++) {
        int64_t notional = (int64_t)random_below(&r, UINT64_C(1) << 55);
        int64_t equity = random_word(&r, 55);
        struct pl_liquidation_rules some = *rules;
        some.liquidator_q40 = (int64_t)random_below(&r, (uint64_t)PL_COEFFICIENT_ONE + 1);
        struct pl_penalty p = pl_liquidation_penalty(&some, notional, equity);
        assert_int_equal(p.account_e8, p.liquidator_e8 + p.fund_e8);
        assert_true(p.liquidator_e8 >= 0 && p.fund_e8 >= 0 && p.account_e8 <= pl_max64(0, equity));
        if (p.account_e8 < equity)
            assert_true((double)p.account_e8 >= 0.015 * (double)notional * 0.999999 - 1);
    }
}

static void a_throttle_lets_at_most_twice_its_limit_through_a_window(void **state)
{
    (void)state;
    uint64_t r = random_seed(62);
    const int64_t limit = 1000 * E8, window = 60 * SECOND;
    for (uint64_t i = 0, rounds = random_rounds(50); i < rounds; i++) {
        struct pl_throttle t = { .time_us = START };
        int64_t times[300], amounts[300], now = START;
        for (int n = 0; n < 300; n++) {
            now += (int64_t)random_below(&r, 3 * SECOND);
            int64_t room = pl_throttle_room(&t, limit, window, now);
            int64_t steps = pl_throttle_steps(room, 1000, 2 * limit);
            assert_true(room >= 0 && room <= limit && steps >= 0 && steps <= 500);
            amounts[n] = (int64_t)random_below(&r, (uint64_t)room + 1);
            times[n] = now;
            pl_throttle_take(&t, limit, window, now, amounts[n]);
        }
        for (int from = 0; from < 300; from++) {
            int64_t sum = 0;
            for (int n = from; n < 300 && times[n] - times[from] < window; n++)
                sum += amounts[n];
            assert_true(sum <= 2 * limit);
        }
    }
}

/* Random verdicts, permissions, fills and auctions. */
static void whatever_comes_nothing_forbidden_is_done(void **state)
{
    (void)state;
    uint64_t r = random_seed(63), actions[PL_LIQUIDATION_TAKE + 1] = { 0 };
    for (uint64_t i = 0, rounds = random_rounds(400); i < rounds; i++) {
        struct pl_liquidation a = { 0 };
        int64_t equity = 1600, time_us = START, last_plan = 0, last_fill = -1;
        uint64_t version = 0;
        for (int n = 0; n < 300; n++) {
            time_us +=
                random_once_in(&r, 30) ? 1800 * SECOND : (int64_t)random_below(&r, 20 * SECOND);
            equity = random_once_in(&r, 6) ? random_within(&r, -300, 2200)
                                           : equity + random_within(&r, -120, 120);
            struct pl_liquidation_input in = with_equity(equity, time_us);
            in.position_version = version - (version > 0 && random_once_in(&r, 8));
            in.may_call = !random_once_in(&r, 6);
            in.may_liquidate = !random_once_in(&r, 5);
            in.may_auction = !random_once_in(&r, 4);
            in.venue_room_e8 = random_once_in(&r, 6) ? 0 : INT64_MAX;
            if (random_once_in(&r, 10))
                in.verdict = PL_STATE_INDETERMINATE;
            struct pl_liquidation before = a;
            struct pl_liquidation_decision d = pl_liquidation_step(&a, rules, &in);
            bool plan = d.action == PL_LIQUIDATION_PLAN || d.action == PL_LIQUIDATION_PLAN_INITIAL;
            actions[d.action]++;
            if (plan || d.action == PL_LIQUIDATION_SELL) {
                assert_true(in.verdict != PL_STATE_HEALTHY && in.verdict != PL_STATE_INDETERMINATE);
                assert_true(in.position_version >= before.position_version);
                if (in.verdict == PL_STATE_MARGIN_CALL)
                    assert_true(plan && before.state == PL_LIQUIDATION_CALLED &&
                                time_us >= before.deadline_us);
            }
            if (plan) {
                assert_true(in.may_liquidate && in.venue_room_e8 > 0);
                assert_true(last_fill < 0 || time_us - last_fill >= rules->cooldown_us);
                last_plan = time_us;
            }
            assert_true(d.action != PL_LIQUIDATION_SELL || in.may_auction);
            assert_true((d.action != PL_LIQUIDATION_CALL && d.action != PL_LIQUIDATION_CLEAR) ||
                        in.may_call);
            if (plan && random_once_in(&r, 6)) {
                pl_liquidation_no_plan(&a);
            } else if (plan) {
                pl_liquidation_sent(&a, rules, 100 * E8, last_plan);
            } else if (a.state == PL_LIQUIDATION_PARTIAL && random_once_in(&r, 2)) {
                pl_liquidation_filled(&a, ++version, time_us);
                last_fill = time_us;
            } else if (a.state == PL_LIQUIDATION_AUCTION || a.state == PL_LIQUIDATION_INSOLVENT) {
                if (random_once_in(&r, 3))
                    pl_liquidation_auctioned(&a, PL_AUCTION_ENDED, PL_AUCTION_NONE, false,
                                             ++version, time_us);
            }
            struct pl_liquidation_input late = in;
            late.time_us--;
            before = a;
            d = pl_liquidation_step(&a, rules, &late);
            assert_int_equal(d.reason, PL_LIQUIDATION_TIME_BACK);
            assert_memory_equal(&a, &before, sizeof a);
        }
    }
    for (int k = PL_LIQUIDATION_CALL; k <= PL_LIQUIDATION_SELL; k++)
        assert_true(actions[k] > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_outside_their_limits_are_named),
        cmocka_unit_test(a_margin_call_that_is_met_ends_and_does_not_flap),
        cmocka_unit_test(a_margin_call_that_is_not_met_is_liquidated_to_the_initial_requirement),
        cmocka_unit_test(one_move_liquidates_once),
        cmocka_unit_test(parts_that_do_not_help_end_in_an_auction),
        cmocka_unit_test(the_penalty_is_split_without_a_rest),
        cmocka_unit_test(a_throttle_lets_at_most_twice_its_limit_through_a_window),
        cmocka_unit_test(whatever_comes_nothing_forbidden_is_done),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
