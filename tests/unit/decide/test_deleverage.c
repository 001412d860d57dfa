#include "ledger_fixture.h"

#include "decide/deleverage.h"
#include "decide/wide.h"

#define MOST 64

static struct pl_share shares[MOST];
static uint32_t order[MOST];

static void shares_by_hand(void **state)
{
    (void)state;
    struct pl_share s[] = { { 50, 1000, 0 }, { 30, 1000, 0 }, { 20, 1000, 0 } };
    assert_int_equal(pl_apportion(s, 3, 10, order), 10);
    assert_int_equal(s[0].given, 5);
    assert_int_equal(s[1].given, 3);
    assert_int_equal(s[2].given, 2);
    /* The eleventh goes to the first (6/50), the twelfth to the second (4/30 is below 7/50). */
    assert_int_equal(pl_apportion(s, 3, 12, order), 12);
    assert_int_equal(s[0].given, 6);
    assert_int_equal(s[1].given, 4);
    /* A limit leaves the rest to the others. */
    s[0].limit = 2;
    assert_int_equal(pl_apportion(s, 3, 12, order), 12);
    assert_int_equal(s[0].given, 2);
    assert_int_equal(s[1].given, 6);
    assert_int_equal(s[2].given, 4);
    /* More than there is; nothing; nobody. */
    s[1].limit = s[2].limit = 1;
    assert_int_equal(pl_apportion(s, 3, INT64_MAX, order), 4);
    assert_int_equal(pl_apportion(s, 3, 0, order), 0);
    assert_int_equal(s[0].given, 0);
    assert_int_equal(pl_apportion(s, 0, 5, order), 0);
    struct pl_share none[] = { { 0, 5, 0 }, { -1, 5, 0 }, { 5, 0, 0 } };
    assert_int_equal(pl_apportion(none, 3, 5, order), 0);
    struct pl_share huge[] = { { INT64_MAX, INT64_MAX, 0 }, { INT64_MAX, INT64_MAX, 0 } };
    assert_int_equal(pl_apportion(huge, 2, INT64_MAX, order), INT64_MAX);
    assert_int_equal(huge[0].given, INT64_MAX / 2 + 1);
}

/* One unit after the other to whoever has the least ratio with it: slow and obvious. */
static int64_t one_by_one(struct pl_share *s, uint32_t count, int64_t amount)
{
    int64_t left = amount;
    for (uint32_t i = 0; i < count; i++)
        s[i].given = 0;
    for (; left > 0; left--) {
        uint32_t best = count;
        for (uint32_t i = 0; i < count; i++) {
            if (s[i].weight <= 0 || s[i].given >= s[i].limit)
                continue;
            if (best == count || (pl_i128)(s[i].given + 1) * s[best].weight <
                                     (pl_i128)(s[best].given + 1) * s[i].weight)
                best = i;
        }
        if (best == count)
            break;
        s[best].given++;
    }
    return amount - left;
}

static void shares_are_those_of_one_unit_after_the_other(void **state)
{
    (void)state;
    uint64_t seed = random_seed(8);
    for (uint64_t round = random_rounds(3000); round > 0; round--) {
        struct pl_share a[12], b[12];
        const uint32_t count = (uint32_t)random_below(&seed, 13);
        const unsigned bits = (unsigned)random_within(&seed, 2, 62);
        for (uint32_t i = 0; i < count; i++) {
            a[i].weight = random_once_in(&seed, 8) ? -random_word(&seed, 3)
                                                   : (int64_t)pl_abs_u64(random_word(&seed, bits));
            a[i].limit = random_once_in(&seed, 3) ? (int64_t)random_below(&seed, 40) : INT64_MAX;
            b[i] = a[i];
        }
        const int64_t amount = (int64_t)random_below(&seed, 300);
        assert_int_equal(pl_apportion(a, count, amount, order), one_by_one(b, count, amount));
        for (uint32_t i = 0; i < count; i++)
            assert_int_equal(a[i].given, b[i].given);
    }
}

static void policies_by_hand(void **state)
{
    (void)state;
    /* 100 steps with a loss of 1,000. Steps, equity, profit, cost. */
    struct pl_candidate c[] = {
        { .account = 1, .steps = 100, .equity_e8 = 2000, .profit_e8 = 500, .cost_e8 = 1000 },
        { .account = 2, .steps = 100, .equity_e8 = 10000, .profit_e8 = 500, .cost_e8 = 1000 },
        { .account = 3, .steps = 200, .equity_e8 = 8000, .profit_e8 = -100, .cost_e8 = 2000 },
        { .account = 4, .steps = 500, .equity_e8 = 0, .profit_e8 = 900, .cost_e8 = 1000 },
    };
    const struct pl_deleverage need = { .steps = 100, .loss_e8 = 1000 };
    struct pl_imposed imposed[PL_POLICIES];
    pl_deleverage_plan(&need, c, 4, shares, order, imposed);
    /* Equal profit, five times the leverage: the first is closed in full, for half his equity. */
    assert_int_equal(c[0].closes[PL_POLICY_RANKED], 100);
    assert_int_equal(imposed[PL_POLICY_RANKED].worst_q40, PL_COEFFICIENT_ONE / 2);
    assert_int_equal(imposed[PL_POLICY_RANKED].worst_account, 1);
    assert_int_equal(imposed[PL_POLICY_RANKED].touched, 1);
    assert_int_equal(c[0].closes[PL_POLICY_PRO_RATA], 25);
    assert_int_equal(c[1].closes[PL_POLICY_PRO_RATA], 25);
    assert_int_equal(c[2].closes[PL_POLICY_PRO_RATA], 50);
    /* By equity: a twentieth of it each. */
    assert_int_equal(c[0].closes[PL_POLICY_LEAST_REGRET], 10);
    assert_int_equal(c[1].closes[PL_POLICY_LEAST_REGRET], 50);
    assert_int_equal(c[2].closes[PL_POLICY_LEAST_REGRET], 40);
    assert_int_equal(c[3].closes[PL_POLICY_LEAST_REGRET], 0); /* no equity: no part */
    assert_int_equal(imposed[PL_POLICY_LEAST_REGRET].regret_q40, 0);
    assert_in_range(imposed[PL_POLICY_LEAST_REGRET].worst_q40, PL_COEFFICIENT_ONE / 20,
                    PL_COEFFICIENT_ONE / 20 + 1);
    assert_in_range(imposed[PL_POLICY_RANKED].regret_q40, PL_COEFFICIENT_ONE / 20 * 9 - 1,
                    PL_COEFFICIENT_ONE / 20 * 9 + 10);
    /* A loss ranks behind every profit. */
    const struct pl_deleverage more = { .steps = 250, .loss_e8 = 0 };
    pl_deleverage_plan(&more, c, 4, shares, order, imposed);
    assert_int_equal(c[0].closes[PL_POLICY_RANKED], 100);
    assert_int_equal(c[1].closes[PL_POLICY_RANKED], 100);
    assert_int_equal(c[2].closes[PL_POLICY_RANKED], 50);
    assert_int_equal(imposed[PL_POLICY_RANKED].worst_q40, 0);
    /* Nobody; more than there is. */
    pl_deleverage_plan(&need, c, 0, shares, order, imposed);
    assert_int_equal(imposed[PL_POLICY_RANKED].worst_account, UINT32_MAX);
    assert_int_equal(imposed[PL_POLICY_LEAST_REGRET].closed, 0);
    const struct pl_deleverage all = { .steps = INT64_MAX, .loss_e8 = 0 };
    pl_deleverage_plan(&all, c, 4, shares, order, imposed);
    for (uint32_t p = 0; p < PL_POLICIES; p++)
        assert_int_equal(imposed[p].closed, 400);
}

static uint32_t random_candidates(uint64_t *seed, struct pl_candidate *c, unsigned bits)
{
    const uint32_t count = (uint32_t)random_below(seed, MOST);
    for (uint32_t i = 0; i < count; i++)
        c[i] = (struct pl_candidate){
            .account = 2 * i,
            .steps = (int64_t)pl_abs_u64(random_word(seed, bits)) + 1,
            .equity_e8 = random_once_in(seed, 6) ? random_word(seed, bits)
                                                 : (int64_t)pl_abs_u64(random_word(seed, bits)),
            .profit_e8 = random_word(seed, bits),
            .cost_e8 = (int64_t)pl_abs_u64(random_word(seed, bits)),
        };
    return count;
}

static void policies_close_what_is_needed_and_nobody_beyond_his_means(void **state)
{
    (void)state;
    uint64_t seed = random_seed(9);
    for (uint64_t round = random_rounds(3000); round > 0; round--) {
        struct pl_candidate c[MOST];
        struct pl_imposed imposed[PL_POLICIES];
        const unsigned bits = (unsigned)random_within(&seed, 4, 62);
        const uint32_t count = random_candidates(&seed, c, bits);
        const struct pl_deleverage need = {
            .steps = (int64_t)pl_abs_u64(random_word(&seed, bits)) + 1,
            .loss_e8 = random_once_in(&seed, 4) ? 0 : (int64_t)pl_abs_u64(random_word(&seed, bits)),
        };
        pl_deleverage_plan(&need, c, count, shares, order, imposed);
        pl_i128 limits = 0;
        for (uint32_t i = 0; i < count; i++)
            limits += c[i].limit;
        const int64_t closed = limits < need.steps ? (int64_t)limits : need.steps;
        for (uint32_t p = 0; p < PL_POLICIES; p++) {
            pl_i128 sum = 0;
            for (uint32_t i = 0; i < count; i++) {
                const int64_t closes = c[i].closes[p];
                assert_true(closes >= 0 && closes <= c[i].steps);
                assert_true(closes == 0 ||
                            (pl_i128)closes * need.loss_e8 <= (pl_i128)c[i].equity_e8 * need.steps);
                sum += closes;
            }
            assert_true(sum == closed);
            assert_int_equal(imposed[p].closed, closed);
            assert_true(imposed[p].worst_q40 <= PL_COEFFICIENT_ONE);
            assert_true(imposed[p].regret_q40 >= 0);
        }
        assert_int_equal(imposed[PL_POLICY_LEAST_REGRET].regret_q40, 0);
        /* Nobody could have been spared: raising anyone else by one step would be at least as bad
         * for him as it is for the one who has it worst. */
        pl_u128 worst_closes = 0, worst_equity = 1;
        for (uint32_t i = 0; i < count; i++) {
            const pl_u128 closes = (pl_u128)c[i].closes[PL_POLICY_LEAST_REGRET];
            if (closes * worst_equity > worst_closes * (pl_u128)pl_max64(c[i].equity_e8, 1)) {
                worst_closes = closes;
                worst_equity = (pl_u128)c[i].equity_e8;
            }
        }
        for (uint32_t i = 0; i < count; i++)
            if (c[i].closes[PL_POLICY_LEAST_REGRET] < c[i].limit)
                assert_true(((pl_u128)c[i].closes[PL_POLICY_LEAST_REGRET] + 1) * worst_equity >=
                            worst_closes * (pl_u128)c[i].equity_e8);
        /* The queue is a queue: all in front of one who is closed are closed to their limits. */
        uint32_t partial = 0;
        for (uint32_t i = 0; i < count; i++)
            partial +=
                c[i].closes[PL_POLICY_RANKED] > 0 && c[i].closes[PL_POLICY_RANKED] < c[i].limit;
        assert_true(partial <= 1);
    }
}

static void the_queue_is_ordered_by_profit_times_leverage(void **state)
{
    (void)state;
    uint64_t seed = random_seed(10);
    for (uint64_t round = random_rounds(300); round > 0; round--) {
        struct pl_candidate c[MOST];
        struct pl_imposed imposed[PL_POLICIES];
        const uint32_t count = random_candidates(&seed, c, 30);
        const struct pl_deleverage need = { .steps = random_within(&seed, 1, 1 << 30) };
        pl_deleverage_plan(&need, c, count, shares, order, imposed);
        for (uint32_t i = 0; i < count; i++) {
            for (uint32_t j = 0; j < count; j++) {
                if (c[i].closes[PL_POLICY_RANKED] == 0 ||
                    c[j].closes[PL_POLICY_RANKED] == c[j].limit)
                    continue;
                /* i was taken although j had something left: i ranks at least as high, in doubles
                 */
                double score[2];
                const struct pl_candidate *pair[2] = { &c[i], &c[j] };
                for (int k = 0; k < 2; k++) {
                    const double profit =
                        (double)pair[k]->profit_e8 / (double)pl_max64(pair[k]->cost_e8, 1);
                    const double leverage = (double)pair[k]->steps / (double)pair[k]->equity_e8;
                    score[k] = profit > 0 ? profit * leverage : profit / leverage;
                }
                assert_true(score[0] >= score[1] - 1e-9 * fabs(score[1]));
            }
        }
    }
}

/* Equities of a few units, losses that take all of them, prices that leave fractions. */
static void nobody_is_left_below_zero_by_a_rounding(void **state)
{
    (void)state;
    uint64_t seed = random_seed(15);
    const struct pl_ledger_size size = {
        .accounts = 12, .currencies = 2, .instruments = CONTRACTS, .pools = 2, .entries = 600
    };
    for (uint64_t round = random_rounds(2000); round > 0; round--) {
        struct pl_ledger *l = ledger_open(&size, NULL);
        struct pl_candidate c[MOST];
        struct pl_imposed imposed[PL_POLICIES];
        int64_t marks[CONTRACTS] = { [CHEAP] = random_within(&seed, 1, 300) }, before[12];
        uint32_t flags = 0;
        for (uint32_t i = 1; i < 12; i++) {
            ledger_deposit(l, i, USD, random_within(&seed, 1, 30));
            pl_ledger_trade(l, 0, i, CHEAP, random_within(&seed, 1, 50), marks[CHEAP]);
        }
        for (uint32_t i = 0; i < 12; i++)
            before[i] = pl_ledger_equity(l, i, USD, marks, &flags);
        const struct pl_deleverage need = { .steps = pl_ledger_steps(l, 0, CHEAP),
                                            .loss_e8 = random_within(&seed, 1, 400) };
        const uint32_t count = pl_deleverage_candidates(l, 0, CHEAP, marks, NULL, c, MOST);
        pl_deleverage_plan(&need, c, count, shares, order, imposed);
        const enum pl_policy policy = (enum pl_policy)random_below(&seed, PL_POLICIES);
        pl_deleverage_carry_out(l, 0, CHEAP, marks[CHEAP], &need, c, count, policy, NULL, NULL);
        ledger_holds(l);
        for (uint32_t i = 1; i < 12; i++)
            assert_true(before[i] < 0 || pl_ledger_equity(l, i, USD, marks, &flags) >= 0);
        free(l);
    }
}

/* A bankrupt account's position is closed against the others in a ledger. */
static void deleveraging_conserves_and_turns_no_position(void **state)
{
    (void)state;
    uint64_t seed = random_seed(11);
    const struct pl_ledger_size size = {
        .accounts = 30,
        .currencies = 2,
        .instruments = CONTRACTS,
        .pools = 2,
        .entries = 3000,
        .flows = true,
    };
    for (uint64_t round = random_rounds(150); round > 0; round--) {
        struct pl_ledger *l = ledger_open(&size, NULL);
        struct pl_candidate c[MOST];
        struct pl_imposed imposed[PL_POLICIES];
        int64_t marks[CONTRACTS] = { 0 }, before[30], held[30];
        const uint32_t instrument = random_once_in(&seed, 2) ? PERP : INVERSE;
        const uint32_t currency = ledger_contracts[instrument].currency;
        const int64_t deposit = currency == BTC ? E8 / 10 : 5000 * E8;
        for (uint32_t i = 0; i < 30; i++)
            ledger_deposit(l, i, currency, random_within(&seed, deposit / 100, deposit));
        for (uint32_t i = 0; i < 60; i++) {
            const uint32_t buyer = (uint32_t)random_below(&seed, 30);
            const uint32_t seller = (uint32_t)random_below(&seed, 30);
            if (buyer != seller)
                assert_int_equal(pl_ledger_trade(l, buyer, seller, instrument,
                                                 random_within(&seed, 1, 1000),
                                                 random_within(&seed, 4000000, 6000000)),
                                 PL_LEDGER_OK);
        }
        marks[instrument] = random_within(&seed, 4000000, 6000000);
        uint32_t flags = 0, bankrupt = 0;
        for (uint32_t i = 0; i < 30; i++) {
            before[i] = pl_ledger_equity(l, i, currency, marks, &flags);
            held[i] = pl_ledger_steps(l, i, instrument);
            if (held[i] != 0 && (held[bankrupt] == 0 || before[i] < before[bankrupt]))
                bankrupt = i;
        }
        const struct pl_deleverage need = {
            .steps = (int64_t)pl_abs_u64(held[bankrupt]),
            .loss_e8 = pl_max64(-before[bankrupt], 0),
        };
        if (need.steps == 0) {
            free(l);
            continue;
        }
        const uint32_t count =
            pl_deleverage_candidates(l, bankrupt, instrument, marks, NULL, c, MOST);
        pl_deleverage_plan(&need, c, count, shares, order, imposed);
        const enum pl_policy policy = (enum pl_policy)random_below(&seed, PL_POLICIES);
        const struct pl_deleveraged done = pl_deleverage_carry_out(
            l, bankrupt, instrument, marks[instrument], &need, c, count, policy, NULL, NULL);
        assert_int_equal(done.why, PL_LEDGER_OK);
        assert_int_equal(done.steps, imposed[policy].closed);
        ledger_holds(l);
        for (uint32_t i = 0; i < 30; i++) {
            const int64_t now = pl_ledger_steps(l, i, instrument);
            assert_true(pl_abs_u64(now) <= pl_abs_u64(held[i]));
            assert_true(now == 0 || (now < 0) == (held[i] < 0));
            if (i != bankrupt && before[i] >= 0)
                assert_true(pl_ledger_equity(l, i, currency, marks, &flags) >= 0);
        }
        if (done.steps == need.steps) {
            assert_int_equal(done.loss_e8, need.loss_e8);
            assert_int_equal(pl_ledger_flow(l, bankrupt, currency, PL_CAUSE_DELEVERAGE),
                             need.loss_e8);
            const int64_t left = pl_ledger_cash(l, bankrupt, currency);
            assert_true(before[bankrupt] < 0 ? left <= 0 && left >= -2 * (int64_t)count : true);
        }
        free(l);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_by_hand),
        cmocka_unit_test(shares_are_those_of_one_unit_after_the_other),
        cmocka_unit_test(policies_by_hand),
        cmocka_unit_test(policies_close_what_is_needed_and_nobody_beyond_his_means),
        cmocka_unit_test(the_queue_is_ordered_by_profit_times_leverage),
        cmocka_unit_test(nobody_is_left_below_zero_by_a_rounding),
        cmocka_unit_test(deleveraging_conserves_and_turns_no_position),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
