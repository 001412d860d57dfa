#include "ledger_fixture.h"

#include "decide/socialised.h"
#include "decide/waterfall.h"

#define HOUR INT64_C(3600000000)
#define ACCOUNTS 70

static const struct pl_waterfall_rules *const rules = &pl_waterfall_defaults;
static struct pl_candidate candidates[ACCOUNTS];
static struct pl_share shares[ACCOUNTS];
static uint32_t order[ACCOUNTS];
static const struct pl_waterfall_room room = { candidates, shares, order, ACCOUNTS };
static int64_t marks[CONTRACTS];

struct venue {
    struct pl_ledger *l;
    struct pl_waterfall *w;
};

static struct venue venue_open(void)
{
    const struct pl_ledger_size size = {
        .accounts = ACCOUNTS,
        .currencies = 2,
        .instruments = CONTRACTS,
        .pools = 2,
        .entries = 6000,
        .flows = true,
    };
    uint32_t pools[ACCOUNTS];
    for (uint32_t i = 0; i < ACCOUNTS; i++)
        pools[i] = i % 10 == 9;
    struct venue v = { .l = ledger_open(&size, pools) };
    void *memory = calloc(1, pl_waterfall_bytes(2, 2));
    v.w = pl_waterfall_create(memory, 2, 2, 0);
    for (uint32_t i = 0; i < CONTRACTS; i++)
        marks[i] = 5000000;
    return v;
}

static void venue_close(struct venue v)
{
    free(v.l);
    free(v.w);
}

static enum pl_waterfall_reason run(struct venue v, uint32_t account, int64_t time_us,
                                    struct pl_waterfall_record *record)
{
    const struct pl_waterfall_input input = { .time_us = time_us,
                                              .marks = marks,
                                              .may_deleverage = true };
    const enum pl_waterfall_reason reason =
        pl_waterfall_run(v.w, rules, v.l, account, USD, &input, &room, record);
    ledger_holds(v.l);
    return reason;
}

/* 0 is long 1 BTC from 50,000 with 1,000 of cash; 1 and 2 are short half of it each. */
static void bankrupt_at(struct venue v, int64_t mark, int64_t fund_e8)
{
    ledger_deposit(v.l, 0, USD, 1000 * E8);
    ledger_deposit(v.l, 1, USD, 3000 * E8);
    ledger_deposit(v.l, 2, USD, 12000 * E8);
    if (fund_e8 > 0)
        ledger_deposit(v.l, pl_ledger_fund(v.l, 0), USD, fund_e8);
    assert_int_equal(pl_ledger_trade(v.l, 0, 1, PERP, 500, 5000000), PL_LEDGER_OK);
    assert_int_equal(pl_ledger_trade(v.l, 0, 2, PERP, 500, 5000000), PL_LEDGER_OK);
    marks[PERP] = mark;
}

static void the_account_pays_first_then_its_fund(void **state)
{
    (void)state;
    struct venue v = venue_open();
    struct pl_waterfall_record record;
    bankrupt_at(v, 4900000, 10000 * E8);
    assert_int_equal(run(v, 0, HOUR, &record), PL_WATERFALL_SOLVENT); /* worth exactly nothing */
    marks[PERP] = 4890000;
    assert_int_equal(run(v, 0, HOUR, &record), PL_WATERFALL_OK); /* 100 short */
    assert_int_equal(record.fund_e8, 100 * E8);
    assert_int_equal(record.closes, 0);
    assert_int_equal(pl_ledger_cash(v.l, pl_ledger_fund(v.l, 0), USD), 9900 * E8);
    assert_int_equal(pl_ledger_steps(v.l, 0, PERP), 1000);
    assert_int_equal(pl_ledger_flow(v.l, 0, USD, PL_CAUSE_COVER), 100 * E8);
    venue_close(v);
}

static void then_the_other_side_takes_over_what_the_window_leaves(void **state)
{
    (void)state;
    struct venue v = venue_open();
    struct pl_waterfall_record record;
    /* Equity -1,000; the fund may give 30 % of 1,000; winners have 3,500 and 12,500 with 1,000 each
     * of profit, and take over 700. */
    bankrupt_at(v, 4800000, 1000 * E8);
    assert_int_equal(run(v, 0, HOUR, &record), PL_WATERFALL_OK);
    assert_int_equal(record.missing_e8, 1000 * E8);
    assert_in_range(record.fund_e8, 300 * E8 - 1, 300 * E8);
    assert_in_range(record.deleverage_e8, 700 * E8, 700 * E8 + 1);
    assert_int_equal(record.debt_e8, 0);
    assert_int_equal(record.closes, 1);
    assert_int_equal(record.closed[0].steps, 1000);
    assert_int_equal(pl_ledger_steps(v.l, 0, PERP), 0);
    assert_int_equal(pl_ledger_cash(v.l, 0, USD), 0);
    /* Their positions end the closing: both are closed in full whatever the policy. */
    assert_int_equal(record.closed[0].imposed[PL_POLICY_RANKED].closed, 1000);
    assert_int_equal(pl_ledger_flow(v.l, 1, USD, PL_CAUSE_DELEVERAGE),
                     -(record.deleverage_e8 + 1) / 2);
    /* In the same window the fund gives nothing more; in the next it does. */
    assert_int_equal(pl_waterfall_drawable(v.w, rules, v.l, 0, USD, 2 * HOUR), 0);
    assert_in_range(pl_waterfall_drawable(v.w, rules, v.l, 0, USD, 8 * HOUR), 210 * E8 - 1,
                    210 * E8);
    venue_close(v);
}

static void what_nobody_can_take_over_becomes_bad_debt_of_its_pool(void **state)
{
    (void)state;
    struct venue v = venue_open();
    struct pl_waterfall_record record;
    bankrupt_at(v, 4800000, 0);
    ledger_deposit(v.l, pl_ledger_fund(v.l, 1), USD, 1000000 * E8); /* another pool's: no help */
    const struct pl_waterfall_input forbidden = { .time_us = HOUR, .marks = marks };
    assert_int_equal(pl_waterfall_run(v.w, rules, v.l, 0, USD, &forbidden, &room, &record),
                     PL_WATERFALL_OPEN);
    assert_int_equal(record.left_e8, 1000 * E8);
    assert_false(pl_ledger_owes(v.l, 0));
    /* It closes at the mark with a third account, then owes 1,000. */
    assert_int_equal(pl_ledger_trade(v.l, 3, 0, PERP, 1000, 4800000), PL_LEDGER_OK);
    assert_int_equal(run(v, 0, HOUR, &record), PL_WATERFALL_BOOKED);
    assert_int_equal(record.debt_e8, 1000 * E8);
    assert_int_equal(pl_ledger_owed(v.l, 0, USD), 1000 * E8);
    assert_int_equal(pl_ledger_cash(v.l, 0, USD), 0);
    assert_true(pl_ledger_owes(v.l, 0));
    assert_false(pl_ledger_owes(v.l, 1));
    assert_int_equal(run(v, 0, HOUR, &record), PL_WATERFALL_SOLVENT);
    assert_int_equal(run(v, 0, HOUR - 1, &record), PL_WATERFALL_TIME_BACK);
    /* The fund gets money and pays a part; gains bear the rest in equal parts. */
    ledger_deposit(v.l, pl_ledger_fund(v.l, 0), USD, 100 * E8);
    assert_int_equal(pl_socialised_repay(v.l, 0, USD), 100 * E8);
    ledger_holds(v.l);
    int64_t gains[ACCOUNTS] = { 0 }, equities[ACCOUNTS] = { 0 };
    gains[1] = 1000 * E8, equities[1] = 4000 * E8;
    gains[2] = 2000 * E8, equities[2] = 13000 * E8;
    gains[9] = 90000 * E8, equities[9] = 90000 * E8; /* of the other pool */
    gains[4] = -5, equities[4] = 100 * E8;
    struct pl_socialised s = pl_socialised_spread(v.l, 0, USD, gains, equities, shares, order);
    assert_int_equal(s.why, PL_LEDGER_OK);
    assert_int_equal(s.spread_e8, 900 * E8);
    assert_int_equal(s.bearers, 2);
    assert_int_equal(pl_ledger_flow(v.l, 1, USD, PL_CAUSE_SOCIALISED), -300 * E8);
    assert_int_equal(pl_ledger_flow(v.l, 2, USD, PL_CAUSE_SOCIALISED), -600 * E8);
    assert_int_equal(pl_ledger_flow(v.l, 9, USD, PL_CAUSE_SOCIALISED), 0);
    assert_in_range(s.part_q40, PL_COEFFICIENT_ONE / 10 * 3, PL_COEFFICIENT_ONE / 10 * 3 + 10);
    assert_false(pl_ledger_owes(v.l, 0));
    ledger_holds(v.l);
    venue_close(v);
}

static void the_rest_of_a_fund_comes_before_bad_debt(void **state)
{
    (void)state;
    struct venue v = venue_open();
    struct pl_waterfall_record record;
    ledger_deposit(v.l, pl_ledger_fund(v.l, 0), USD, 1000);
    ledger_deposit(v.l, pl_ledger_residue(v.l), USD, 50); /* for roundings, not for losses */
    assert_int_equal(pl_ledger_pay(v.l, PL_CAUSE_TRANSFER, 0, 1, USD, 500), PL_LEDGER_OK);
    assert_int_equal(run(v, 0, HOUR, &record), PL_WATERFALL_OK);
    assert_int_equal(record.fund_e8, 500); /* 30 % of it, then the rest as a last resort */
    assert_int_equal(record.debt_e8, 0);
    assert_int_equal(record.residue_e8, 0);
    assert_int_equal(pl_ledger_pay(v.l, PL_CAUSE_TRANSFER, 2, 1, USD, 700), PL_LEDGER_OK);
    assert_int_equal(run(v, 2, HOUR, &record), PL_WATERFALL_BOOKED);
    assert_int_equal(record.fund_e8, 500);
    assert_int_equal(record.debt_e8, 200);
    venue_close(v);
}

static void what_cannot_be_valued_or_booked_is_said(void **state)
{
    (void)state;
    struct venue v = venue_open();
    struct pl_waterfall_record record;
    assert_int_equal(pl_ledger_trade(v.l, 0, 1, CHEAP, INT64_MAX / 4, 100), PL_LEDGER_OK);
    marks[CHEAP] = 1000;
    assert_int_equal(run(v, 1, HOUR, &record), PL_WATERFALL_VALUE);
    /* A bankrupt short; the only long cannot take the cash of its sale. */
    assert_int_equal(pl_ledger_trade(v.l, 3, 2, PERP, 10, 100), PL_LEDGER_OK);
    ledger_deposit(v.l, 3, USD, INT64_MAX); /* of which the trade took 1,000,000 */
    ledger_deposit(v.l, 3, USD, 500000);
    marks[PERP] = 5000;
    const int64_t equities[ACCOUNTS] = { [3] = INT64_MAX };
    const struct pl_waterfall_input input = {
        .time_us = HOUR, .marks = marks, .equities_e8 = equities, .may_deleverage = true
    };
    assert_int_equal(pl_waterfall_run(v.w, rules, v.l, 2, USD, &input, &room, &record),
                     PL_WATERFALL_LEDGER);
    assert_int_equal(record.why, PL_LEDGER_OVERFLOW);
    assert_int_equal(pl_ledger_steps(v.l, 2, PERP), -10);
    ledger_holds(v.l);
    venue_close(v);
}

static void gains_that_do_not_cover_the_debt_leave_it_standing(void **state)
{
    (void)state;
    struct venue v = venue_open();
    struct pl_waterfall_record record;
    assert_int_equal(pl_ledger_pay(v.l, PL_CAUSE_TRANSFER, 0, 1, USD, 500), PL_LEDGER_OK);
    assert_int_equal(run(v, 0, HOUR, &record), PL_WATERFALL_BOOKED);
    int64_t gains[ACCOUNTS] = { [1] = 500, [2] = 100 };
    int64_t equities[ACCOUNTS] = { [1] = 500, [2] = 40 };
    gains[1] = 300; /* never more than the gain, nor than there is */
    struct pl_socialised s = pl_socialised_spread(v.l, 0, USD, gains, equities, shares, order);
    assert_int_equal(s.spread_e8, 340);
    assert_int_equal(pl_ledger_owed(v.l, 0, USD), 160);
    assert_true(pl_ledger_owes(v.l, 0));
    ledger_holds(v.l);
    venue_close(v);
}

/* A loss of 100 over gains of 60, 70, 70 and 1: parts that do not come out even. */
static void bearers_of_a_loss_round_up_and_the_residue_has_the_rest(void **state)
{
    (void)state;
    struct venue v = venue_open();
    struct pl_waterfall_record record;
    assert_int_equal(pl_ledger_pay(v.l, PL_CAUSE_TRANSFER, 0, 5, USD, 100), PL_LEDGER_OK);
    assert_int_equal(run(v, 0, HOUR, &record), PL_WATERFALL_BOOKED);
    const int64_t gains[ACCOUNTS] = { [1] = 60, [2] = 70, [3] = 70, [4] = 1 };
    int64_t equities[ACCOUNTS] = { [1] = 60, [2] = 70, [3] = 70, [4] = 1 };
    for (uint32_t i = 1; i <= 4; i++)
        ledger_deposit(v.l, i, USD, 100);
    struct pl_socialised s = pl_socialised_spread(v.l, 0, USD, gains, equities, shares, order);
    assert_int_equal(s.spread_e8, 100);
    assert_false(pl_ledger_owes(v.l, 0));
    /* Just below a half each: 29.85, 34.83, 34.83, 0.50. */
    assert_int_equal(pl_ledger_cash(v.l, 1, USD), 70);
    assert_int_equal(pl_ledger_cash(v.l, 2, USD), 65);
    assert_int_equal(pl_ledger_cash(v.l, 3, USD), 65);
    assert_int_equal(pl_ledger_cash(v.l, 4, USD), 99);
    assert_int_equal(s.paid_e8, 101);
    assert_int_equal(shares[4].given, 1);
    assert_int_equal(pl_ledger_cash(v.l, pl_ledger_residue(v.l), USD), 1);
    assert_int_equal(s.bearers, 4);
    ledger_holds(v.l);
    venue_close(v);
}

/* At random: the same part of every gain, up, but for those at their limit; the debt gets all. */
static void losses_are_borne_in_equal_parts(void **state)
{
    (void)state;
    uint64_t seed = random_seed(15);
    for (uint64_t round = random_rounds(200); round > 0; round--) {
        struct venue v = venue_open();
        struct pl_waterfall_record record;
        int64_t gains[ACCOUNTS], equities[ACCOUNTS];
        const int64_t owed = random_within(&seed, 1, 1000000);
        assert_int_equal(pl_ledger_pay(v.l, PL_CAUSE_TRANSFER, 0, 1, USD, owed), PL_LEDGER_OK);
        assert_int_equal(run(v, 0, HOUR, &record), PL_WATERFALL_BOOKED);
        for (uint32_t i = 0; i < ACCOUNTS; i++) {
            gains[i] = i == 0 ? 0 : random_within(&seed, -1000, 60000);
            equities[i] = random_within(&seed, 0, 90000);
        }
        const struct pl_socialised s =
            pl_socialised_spread(v.l, 0, USD, gains, equities, shares, order);
        assert_int_equal(s.why, PL_LEDGER_OK);
        assert_int_equal(pl_ledger_owed(v.l, 0, USD), owed - s.spread_e8);
        assert_int_equal(pl_ledger_cash(v.l, pl_ledger_residue(v.l), USD), s.paid_e8 - s.spread_e8);
        assert_true(s.paid_e8 - s.spread_e8 < s.bearers + (s.bearers == 0));
        bool all_at_limit = true;
        for (uint32_t i = 0; i < ACCOUNTS; i++) {
            const int64_t limit = i % 10 == 9 ? 0 : pl_max64(0, pl_min64(gains[i], equities[i]));
            assert_true(shares[i].given >= 0 && shares[i].given <= limit);
            all_at_limit &= shares[i].given == limit;
            for (uint32_t j = 0; j < ACCOUNTS && shares[i].given < limit; j++)
                if (gains[j] > 0) /* nobody bears a part larger by more than a rounding */
                    assert_true((shares[j].given - 1) * gains[i] <= shares[i].given * gains[j]);
        }
        assert_true(all_at_limit || s.spread_e8 == owed);
        ledger_holds(v.l);
        venue_close(v);
    }
}

static void sessions_end_at_eight(void **state)
{
    (void)state;
    const struct pl_socialised_rules *r = &pl_socialised_defaults;
    assert_false(pl_socialised_due(r, 0, 8 * HOUR - 1));
    assert_true(pl_socialised_due(r, 0, 8 * HOUR));
    assert_false(pl_socialised_due(r, 8 * HOUR, 32 * HOUR - 1));
    assert_true(pl_socialised_due(r, 8 * HOUR, 32 * HOUR));
    char message[PL_RULE_MESSAGE_BYTES];
    struct pl_socialised_rules wrong = *r;
    assert_int_equal(pl_socialised_check(&wrong, message), 0);
    wrong.offset_us = wrong.session_us;
    assert_int_not_equal(pl_socialised_check(&wrong, message), 0);
    assert_non_null(strstr(message, "offset_us"));
    struct pl_waterfall_rules bad = *rules;
    assert_int_equal(pl_waterfall_check(&bad, message), 0);
    bad.policy = PL_POLICIES;
    assert_int_not_equal(pl_waterfall_check(&bad, message), 0);
    assert_non_null(strstr(message, "policy is 3:"));
    bad = *rules;
    bad.fund_share_q40 = 0;
    assert_int_not_equal(pl_waterfall_check(&bad, message), 0);
    assert_non_null(strstr(message, "fund_share_q40"));
}

/* Books at random, a crash, the waterfall over everybody: nobody else is made bankrupt, no pool
 * pays for another, and what is missing is accounted for to the last unit. */
static void random_crashes_are_paid_in_order(void **state)
{
    (void)state;
    uint64_t seed = random_seed(12);
    for (uint64_t round = random_rounds(120); round > 0; round--) {
        struct venue v = venue_open();
        struct pl_waterfall_rules r = *rules;
        r.policy = (uint32_t)random_below(&seed, PL_POLICIES);
        for (uint32_t i = 0; i < ACCOUNTS; i++)
            ledger_deposit(v.l, i, USD, random_within(&seed, 1, 8000 * E8));
        for (uint32_t p = 0; p < 2; p++)
            if (random_once_in(&seed, 2))
                ledger_deposit(v.l, pl_ledger_fund(v.l, p), USD,
                               random_within(&seed, 1, 20000 * E8));
        for (uint32_t i = 0; i < 150; i++) {
            const uint32_t buyer = (uint32_t)random_below(&seed, ACCOUNTS);
            const uint32_t seller = (uint32_t)random_below(&seed, ACCOUNTS);
            const uint32_t pool = pl_ledger_pool_of(v.l, buyer);
            const uint32_t instrument = pool == 1                  ? ISOLATED
                                        : random_once_in(&seed, 3) ? CHEAP
                                                                   : PERP;
            const int64_t price = random_within(&seed, 4900000, 5100000);
            const enum pl_ledger_reason reason =
                buyer == seller ? PL_LEDGER_HOLDER
                                : pl_ledger_trade(v.l, buyer, seller, instrument,
                                                  random_within(&seed, 1, 800), price);
            assert_true(reason == PL_LEDGER_OK || buyer == seller ||
                        pl_ledger_pool_of(v.l, seller) != pool);
        }
        for (uint32_t i = 0; i < CONTRACTS; i++)
            marks[i] = random_within(&seed, 3500000, 6500000);
        const struct pl_waterfall_input input = { .time_us = 100 * HOUR,
                                                  .marks = marks,
                                                  .may_deleverage = !random_once_in(&seed, 8) };
        for (uint32_t i = 0; i < ACCOUNTS; i++) {
            struct pl_waterfall_record record;
            int64_t before[ACCOUNTS], fund[2];
            uint32_t flags = 0;
            for (uint32_t j = 0; j < ACCOUNTS; j++)
                before[j] = pl_ledger_equity(v.l, j, USD, marks, &flags);
            for (uint32_t p = 0; p < 2; p++)
                fund[p] = pl_ledger_cash(v.l, pl_ledger_fund(v.l, p), USD);
            const enum pl_waterfall_reason reason =
                pl_waterfall_run(v.w, &r, v.l, i, USD, &input, &room, &record);
            ledger_holds(v.l);
            assert_int_equal(record.why, PL_LEDGER_OK);
            const uint32_t pool = pl_ledger_pool_of(v.l, i), other = 1 - pool;
            assert_int_equal(pl_ledger_cash(v.l, pl_ledger_fund(v.l, other), USD), fund[other]);
            assert_int_equal(fund[pool] - pl_ledger_cash(v.l, pl_ledger_fund(v.l, pool), USD),
                             record.fund_e8);
            if (before[i] >= 0) {
                assert_int_equal(reason, PL_WATERFALL_SOLVENT);
                continue;
            }
            const int64_t after = pl_ledger_equity(v.l, i, USD, marks, &flags);
            assert_int_equal(reason == PL_WATERFALL_OPEN, record.left_e8 > 0);
            assert_int_equal(reason == PL_WATERFALL_BOOKED, record.debt_e8 > 0);
            if (reason != PL_WATERFALL_OPEN)
                assert_true(after >= 0);
            uint32_t positions;
            pl_ledger_positions(v.l, i, &positions);
            if (positions == 0 && record.residue_e8 + record.debt_e8 > 0)
                assert_int_equal(after, 0);
            assert_true(record.debt_e8 >= 0 && record.residue_e8 >= 0 && record.left_e8 >= 0);
            /* To the roundings, and those are 3 for each who was closed. */
            int64_t touched = 0;
            for (uint32_t k = 0; k < record.closes; k++)
                touched += record.closed[k].imposed[r.policy].touched;
            const int64_t paid =
                record.fund_e8 + record.deleverage_e8 + record.residue_e8 + record.debt_e8;
            assert_true(llabs(after - before[i] - paid) <= 3 * touched);
            for (uint32_t j = 0; j < ACCOUNTS; j++) {
                const int64_t now = pl_ledger_equity(v.l, j, USD, marks, &flags);
                if (j != i && before[j] >= 0)
                    assert_true(now >= 0);
                if (j != i && pl_ledger_pool_of(v.l, j) != pool)
                    assert_int_equal(now, before[j]);
            }
        }
        venue_close(v);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_account_pays_first_then_its_fund),
        cmocka_unit_test(then_the_other_side_takes_over_what_the_window_leaves),
        cmocka_unit_test(what_nobody_can_take_over_becomes_bad_debt_of_its_pool),
        cmocka_unit_test(the_rest_of_a_fund_comes_before_bad_debt),
        cmocka_unit_test(what_cannot_be_valued_or_booked_is_said),
        cmocka_unit_test(gains_that_do_not_cover_the_debt_leave_it_standing),
        cmocka_unit_test(bearers_of_a_loss_round_up_and_the_residue_has_the_rest),
        cmocka_unit_test(losses_are_borne_in_equal_parts),
        cmocka_unit_test(sessions_end_at_eight),
        cmocka_unit_test(random_crashes_are_paid_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
