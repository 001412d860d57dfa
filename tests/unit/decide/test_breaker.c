/* Circuit breakers: triggers, hysteresis, reopening as stated, windows in bounded memory. */
#include "../support/random.h"

#include <errno.h>

#include "decide/breaker.h"
#include "decide/rule.h"

#define T0 (INT64_C(1678406400) * PL_SECOND_US)
#define SHARE(millionths) PL_Q40_MILLIONTHS(millionths)

static struct pl_breaker_rules rules; /* cautious 5 %, halted 10 %, calm 2 min, hold 5 and 2 min */
static struct pl_breaker breaker;
static struct pl_breaker_event event;

static int start(void **state)
{
    (void)state;
    pl_breaker_defaults(&rules);
    rules.cautious.at[PL_BREAKER_LIQUIDATED] = 1000;
    rules.halted.at[PL_BREAKER_LIQUIDATED] = 3000;
    pl_breaker_start(&breaker, &rules, T0);
    return 0;
}

static enum pl_breaker_state step(struct pl_breaker_input input, int64_t us)
{
    assert_int_equal(pl_breaker_step(&breaker, &rules, &input, us, &event), 0);
    return (enum pl_breaker_state)breaker.state;
}

static enum pl_breaker_state price(int64_t value, int64_t us)
{
    return step((struct pl_breaker_input){ .price = value }, us);
}

static void a_move_trips_and_calm_reopens_step_by_step(void **state)
{
    (void)state;
    assert_int_equal(price(1000000, T0), PL_BREAKER_NORMAL);
    assert_int_equal(price(950001, T0 + PL_MINUTE_US), PL_BREAKER_NORMAL);
    assert_int_equal(price(950000, T0 + 2 * PL_MINUTE_US), PL_BREAKER_CAUTIOUS);
    assert_true(event.from == PL_BREAKER_NORMAL && event.reason == PL_BREAKER_MOVE &&
                event.measure == SHARE(50000) && event.time_us == T0 + 2 * PL_MINUTE_US);
    assert_int_equal(price(900000, T0 + 3 * PL_MINUTE_US), PL_BREAKER_HALTED);
    const int64_t halted = T0 + 3 * PL_MINUTE_US;
    assert_int_equal(breaker.reopen_us, halted + 2 * PL_MINUTE_US);
    assert_int_equal(price(860000, halted + PL_MINUTE_US), PL_BREAKER_HALTED); /* 4.4 %: calm */
    assert_int_equal(price(850000, halted + 90 * PL_SECOND_US), PL_BREAKER_HALTED); /* 5.5 % */
    assert_int_equal(breaker.reopen_us, halted + 210 * PL_SECOND_US);
    assert_int_equal(price(850000, breaker.reopen_us - 1), PL_BREAKER_HALTED);
    assert_int_equal(price(850000, breaker.reopen_us), PL_BREAKER_CAUTIOUS);
    assert_int_equal(event.reason, PL_BREAKER_REOPENED);
    const int64_t cautious = halted + 210 * PL_SECOND_US;
    assert_int_equal(breaker.reopen_us, cautious + 5 * PL_MINUTE_US);
    for (int i = 1; i <= 5; i++)
        assert_int_equal(price(850000, cautious + i * PL_MINUTE_US - 1), PL_BREAKER_CAUTIOUS);
    assert_int_equal(price(850000, cautious + 5 * PL_MINUTE_US), PL_BREAKER_NORMAL);
    /* the window started anew: it is the next move that counts */
    assert_int_equal(price(810000, cautious + 6 * PL_MINUTE_US), PL_BREAKER_NORMAL);
    assert_int_equal(price(807500, cautious + 7 * PL_MINUTE_US), PL_BREAKER_CAUTIOUS);
}

static void every_trigger_acts_at_once(void **state)
{
    (void)state;
    price(1000000, T0);
    assert_int_equal(price(1100000, T0 + 1), PL_BREAKER_HALTED);
    assert_int_equal(event.reason, PL_BREAKER_MOVE);
    start(NULL);
    assert_int_equal(step((struct pl_breaker_input){ 1000, SHARE(20000), 0, 0 }, T0),
                     PL_BREAKER_CAUTIOUS);
    assert_int_equal(event.reason, PL_BREAKER_SPREAD);
    start(NULL);
    assert_int_equal(step((struct pl_breaker_input){ 1000, 0, 999, 0 }, T0), PL_BREAKER_NORMAL);
    assert_int_equal(step((struct pl_breaker_input){ 1000, 0, 1, 0 }, T0), PL_BREAKER_CAUTIOUS);
    assert_int_equal(event.reason, PL_BREAKER_LIQUIDATED);
    assert_int_equal(event.measure, 1000);
    assert_int_equal(step((struct pl_breaker_input){ 1000, 0, INT64_MAX, 0 }, T0 + 1),
                     PL_BREAKER_HALTED);
    pl_breaker_venue_defaults(&rules);
    pl_breaker_start(&breaker, &rules, T0);
    assert_int_equal(step((struct pl_breaker_input){ 0, 0, 0, 1 }, T0), PL_BREAKER_CAUTIOUS);
    assert_int_equal(step((struct pl_breaker_input){ 0, 0, 0, 3 }, T0), PL_BREAKER_HALTED);
    assert_int_equal(event.reason, PL_BREAKER_UNDERLYINGS);
}

static void silence_is_not_calm(void **state)
{
    (void)state;
    price(1000000, T0);
    price(900000, T0 + 1);
    assert_int_equal(price(900000, T0 + PL_HOUR_US), PL_BREAKER_HALTED); /* nobody looked */
    assert_int_equal(breaker.reopen_us, T0 + PL_HOUR_US + 2 * PL_MINUTE_US);
    assert_int_equal(price(0, T0 + PL_HOUR_US + PL_MINUTE_US), PL_BREAKER_HALTED);
    assert_int_equal(price(900000, T0 + PL_HOUR_US + 2 * PL_MINUTE_US), PL_BREAKER_HALTED);
    assert_int_equal(price(900000, T0 + PL_HOUR_US + 3 * PL_MINUTE_US), PL_BREAKER_CAUTIOUS);
}

static void bad_input_changes_nothing(void **state)
{
    (void)state;
    price(1000000, T0 + 5);
    const struct pl_breaker before = breaker;
    const struct pl_breaker_input bad[] = {
        { 1, 0, 0, 0 }, { -1, 0, 0, 0 }, { 1, -1, 0, 0 }, { 1, 0, -1, 0 }, { 1, 0, 0, -1 }
    };
    for (int i = 0; i < 5; i++)
        assert_int_equal(
            pl_breaker_step(&breaker, &rules, &bad[i], i == 0 ? T0 + 4 : T0 + 6, &event), -EINVAL);
    assert_int_equal(pl_breaker_step(&breaker, &rules, &bad[0], INT64_MAX, &event), -EINVAL);
    assert_memory_equal(&breaker, &before, sizeof breaker);
}

static void rules_outside_their_limits_are_named(void **state)
{
    (void)state;
    char message[PL_RULE_MESSAGE_BYTES];
    struct pl_breaker_rules r;
    pl_breaker_venue_defaults(&r);
    assert_int_equal(pl_breaker_check(&r, message), 0);
#define REFUSED(field, value, text)                                                                \
    do {                                                                                           \
        pl_breaker_defaults(&r);                                                                   \
        assert_int_equal(pl_breaker_check(&r, message), 0);                                        \
        r.field = value;                                                                           \
        assert_int_equal(pl_breaker_check(&r, message), -EINVAL);                                  \
        assert_non_null(strstr(message, text));                                                    \
    } while (0)
    REFUSED(cautious.at[0], SHARE(600000),
            "breaker.cautious.move_q40 is 0.6: must be from 0 to 0.5");
    REFUSED(halted.at[1], SHARE(10000),
            "breaker.halted.divergence_q40 is 0.01: must be from 0.02 to 0.5");
    REFUSED(halted.at[2], 1, "breaker.halted.liquidated_e8 needs a level of cautious");
    REFUSED(halted.at[3], 2, "breaker.halted.underlyings needs a level of cautious");
    REFUSED(release_q40, SHARE(950000), "breaker.release_q40 is");
    REFUSED(move_window_us, 0, "breaker.move_window_us is 0");
    REFUSED(liquidation_window_us, 2 * PL_DAY_US, "breaker.liquidation_window_us is");
    REFUSED(calm_us, 0, "breaker.calm_us is 0 s: must be from 1 s to 86400 s");
    REFUSED(cautious_hold_us, -1, "breaker.cautious_hold_us is -0.000001 s");
    REFUSED(halted_hold_us, 2 * PL_DAY_US, "breaker.halted_hold_us is");
#undef REFUSED
}

/* Between release and level nothing ever changes, whichever state it is. */
static void nothing_flaps_within_the_hysteresis(void **state)
{
    (void)state;
    uint64_t random = random_seed(1);
    for (int tripped = 0; tripped < 2; tripped++) {
        int64_t now = T0;
        start(NULL);
        price(1000000, now);
        if (tripped)
            step((struct pl_breaker_input){ 1000000, SHARE(20000), 0, 0 }, now);
        for (uint64_t round = random_rounds(5000); round > 0; round--) {
            now += random_within(&random, 1, PL_MINUTE_US);
            const struct pl_breaker_input in = {
                random_within(&random, 980000, 1000000),
                random_within(&random, SHARE(10000), SHARE(20000) - 1), 0, 0
            };
            step(in, now);
            assert_int_equal(breaker.state, tripped ? PL_BREAKER_CAUTIOUS : PL_BREAKER_NORMAL);
        }
    }
}

static struct pl_breaker_input random_input(uint64_t *random, int64_t *value)
{
    *value +=
        *value * random_within(random, -100, 100) / (random_once_in(random, 20) ? 800 : 10000);
    *value = *value < 1000 ? 1000 : *value > 100000000 ? 100000000 : *value;
    struct pl_breaker_input in = { random_once_in(random, 50) ? 0 : *value,
                                   random_within(random, 0, SHARE(12000)), 0, 0 };
    if (random_once_in(random, 50))
        in.spread_q40 = random_within(random, 0, SHARE(150000));
    if (random_once_in(random, 10))
        in.liquidated_e8 = random_within(random, 0, 500);
    return in;
}

/* A state lasts its hold and calm, ends when it was stated, and a rise has a trigger that reached
 * its level. */
static void states_last_and_reopen_as_stated(void **state)
{
    (void)state;
    uint64_t random = random_seed(2);
    int64_t now = T0, value = 1000000, since = T0, stated = T0;
    unsigned changes[PL_BREAKER_STATES] = { 0 };
    for (uint64_t round = random_rounds(100000); round > 0; round--) {
        now += random_within(&random, 0, 20 * PL_SECOND_US);
        const struct pl_breaker_input in = random_input(&random, &value);
        const int64_t from = breaker.state;
        step(in, now);
        assert_true(event.from == from && event.to == breaker.state);
        if (breaker.state > from) {
            const struct pl_breaker_levels *levels =
                breaker.state == PL_BREAKER_HALTED ? &rules.halted : &rules.cautious;
            assert_true(event.measure >= levels->at[event.reason]);
        } else if (breaker.state < from) {
            assert_int_equal(breaker.state, from - 1);
            const int64_t hold =
                from == PL_BREAKER_HALTED ? rules.halted_hold_us : rules.cautious_hold_us;
            assert_true(now - since >= hold && now - since >= rules.calm_us && now >= stated);
        } else if (from != PL_BREAKER_NORMAL) {
            assert_true(breaker.reopen_us > now || breaker.hot_us == now);
        }
        if (breaker.state != from) {
            since = now;
            changes[breaker.state]++;
        }
        stated = breaker.reopen_us;
    }
    print_message("changes to normal %u, cautious %u, halted %u\n", changes[0], changes[1],
                  changes[2]);
    assert_true(changes[0] > 10 && changes[1] > 10 && changes[2] > 10);
}

static void a_copied_state_replays_to_the_same_bytes(void **state)
{
    (void)state;
    uint64_t random = random_seed(3);
    int64_t now = T0, value = 1000000;
    struct pl_breaker copy;
    memcpy(&copy, &breaker, sizeof copy);
    for (uint64_t round = random_rounds(10000); round > 0; round--) {
        struct pl_breaker_event again;
        now += random_within(&random, 0, 20 * PL_SECOND_US);
        const struct pl_breaker_input in = random_input(&random, &value);
        step(in, now);
        assert_int_equal(pl_breaker_step(&copy, &rules, &in, now, &again), 0);
        assert_memory_equal(&event, &again, sizeof event);
        assert_memory_equal(&breaker, &copy, sizeof breaker);
    }
}

#define HISTORY 400

/* Against the whole history: at least the window, at most a fifteenth (and one microsecond) more.
 */
static void windows_cover_their_length_and_little_more(void **state)
{
    (void)state;
    uint64_t random = random_seed(4);
    for (uint64_t round = random_rounds(200); round > 0; round--) {
        const int64_t window = random_within(&random, 1000, PL_HOUR_US);
        const int64_t wide = (window + 14) / 15 * 16;
        int64_t at[HISTORY], seen[HISTORY], now = random_within(&random, 0, T0);
        struct pl_window_range range;
        struct pl_window_sum sum;
        pl_window_sum_start(&sum, window, now);
        for (int n = 0; n < HISTORY; n++) {
            int64_t low, high, least = INT64_MAX, most = 0, least_wide = INT64_MAX, most_wide = 0;
            int64_t total = 0, total_wide = 0;
            at[n] = now;
            seen[n] = random_within(&random, 1, 1000000);
            if (n == 0)
                pl_window_range_start(&range, window, now, seen[n]);
            else
                pl_window_range_add(&range, window, now, seen[n]);
            const int64_t got = pl_window_sum_add(&sum, window, now, seen[n]);
            for (int i = 0; i <= n; i++) {
                const int64_t until = i == n ? now : at[i + 1]; /* a value holds until the next */
                if (until >= now - window)
                    least = seen[i] < least ? seen[i] : least,
                    most = seen[i] > most ? seen[i] : most;
                if (until >= now - wide)
                    least_wide = seen[i] < least_wide ? seen[i] : least_wide,
                    most_wide = seen[i] > most_wide ? seen[i] : most_wide;
                total += at[i] >= now - window ? seen[i] : 0;
                total_wide += at[i] >= now - wide ? seen[i] : 0;
            }
            pl_window_range_of(&range, &low, &high);
            assert_in_range(low, least_wide, least);
            assert_in_range(high, most, most_wide);
            assert_in_range(got, total, total_wide);
            now +=
                random_within(&random, 0, random_once_in(&random, 50) ? 3 * window : window / 20);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_move_trips_and_calm_reopens_step_by_step, start),
        cmocka_unit_test_setup(every_trigger_acts_at_once, start),
        cmocka_unit_test_setup(silence_is_not_calm, start),
        cmocka_unit_test_setup(bad_input_changes_nothing, start),
        cmocka_unit_test(rules_outside_their_limits_are_named),
        cmocka_unit_test(nothing_flaps_within_the_hysteresis),
        cmocka_unit_test_setup(states_last_and_reopen_as_stated, start),
        cmocka_unit_test_setup(a_copied_state_replays_to_the_same_bytes, start),
        cmocka_unit_test(windows_cover_their_length_and_little_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
