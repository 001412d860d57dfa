/* The parts together: accounts in a falling market, from margin call to auction, each close by the
 * real model. */
#include "closing.h"

#include "decide/liquidation.h"

#define SECOND INT64_C(1000000)

static struct book book;
static struct book_account account;
static struct pl_holding holdings[2 * BOOK_HOLDINGS];
static struct pl_partial partial;
static struct pl_partial_position positions[PL_WHAT_IF_POSITIONS_MAX];

static void move_market(struct pl *pl, double factor)
{
    static const uint32_t moved[] = { PLAIN_COIN, PLAIN_PERPETUAL, PLAIN_FUTURE, PLAIN_INVERSE };
    for (size_t i = 0; i < sizeof moved / sizeof moved[0]; i++)
        plain_price(&book, pl, moved[i],
                    book.nodes[book.instruments[moved[i]].node].price * factor);
    book.now_us += 60 * SECOND;
    book_commit(&book, pl);
}

static int64_t requirement_of(const struct pl_verdict *v)
{
    return v->equity - v->maintenance_excess;
}

/* Plans, closes for real, and checks what is left. False: there is no plan. */
static bool close_part(struct pl *pl, struct pl_liquidation *a, uint64_t *version, bool initial)
{
    struct pl_account after;
    struct pl_partial_rules rules = pl_partial_defaults;
    const struct pl_liquidation_rules *r = &pl_liquidation_defaults;
    rules.initial = initial;
    closing_open(pl, &account.account);
    struct pl_partial_judge judge = pl_what_if_judge_partial(&what_if, &rules, positions);
    for (uint32_t i = 0; i < what_if.position_count; i++)
        for (int level = 0; level < PL_PARTIAL_LEVELS; level++)
            positions[i].levels[level] = (struct pl_partial_level){
                positions[i].steps / 3 + 1, r->penalty_q40 + (level + 1) * PL_COEFFICIENT_ONE / 2000
            };
    struct pl_verdict before = book_judge(pl, &account.account);
    if (pl_partial_plan(&partial, &rules, positions, what_if.position_count, &judge) !=
        PL_PARTIAL_PLANNED) {
        pl_liquidation_no_plan(a);
        return false;
    }
    closing_trades(pl, &account, partial.closed, partial.cost_e8, holdings, &after);
    if (after.holding_count > BOOK_HOLDINGS)
        return false;
    memcpy(account.holdings, holdings, after.holding_count * sizeof *holdings);
    account.account = after;
    account.account.holdings = account.holdings;
    struct pl_verdict v = book_judge(pl, &account.account);
    int64_t excess = initial ? v.initial_excess : v.maintenance_excess;
    assert_true(excess >= (v.equity - excess) / 10 - 200000);
    assert_true(requirement_of(&v) <= requirement_of(&before) + 200000);
    pl_liquidation_sent(a, r, partial.notional_e8, book.now_us);
    pl_liquidation_filled(a, ++*version, book.now_us);
    return true;
}

static void make_account(uint64_t *r)
{
    int64_t coins = random_within(r, 200, 3000);
    plain_account(&account, random_once_in(r, 2) ? PL_MODE_CROSS : PL_MODE_PORTFOLIO, 0);
    plain_hold(&account, PLAIN_PERPETUAL, coins, 50050);
    if (random_once_in(r, 2))
        plain_hold(&account, PLAIN_INVERSE, random_within(r, 1, 30000), 50000);
    if (random_once_in(r, 2))
        plain_hold(&account, PLAIN_PUTS + 1, -random_within(r, 1, 500), 0);
    if (random_once_in(r, 2))
        plain_hold(&account, PLAIN_FUTURE, -random_within(r, 1, coins), 50500);
}

static void a_falling_market_liquidates_step_by_step(void **state)
{
    (void)state;
    uint64_t seed = random_seed(31), plans = 0, sold = 0, met = 0, again = 0;
    for (uint64_t round = 0, rounds = random_rounds(60); round < rounds; round++) {
        uint64_t r = seed + round, version = 0;
        struct pl_liquidation a = { 0 };
        int64_t closed_at = 0;
        plain_book(&book, r);
        struct pl *pl = book_open(&book, "model:");
        make_account(&r);
        struct pl_verdict v = book_judge(pl, &account.account);
        account.account.cash_e8 =
            (int64_t)((double)(v.equity - v.initial_excess) * random_real(&r, 1, 1.6)) - v.equity;
        for (int tick = 0; tick < 80; tick++) {
            move_market(pl, 1 - random_real(&r, -0.006, 0.02));
            v = book_judge(pl, &account.account);
            struct pl_liquidation_input in = {
                .time_us = book.now_us,
                .verdict = v.state,
                .position_version = version,
                .equity_e8 = v.equity,
                .maintenance_excess_e8 = v.maintenance_excess,
                .initial_excess_e8 = v.initial_excess,
                .may_call = true,
                .may_liquidate = true,
                .may_auction = true,
                .venue_room_e8 = INT64_MAX,
            };
            struct pl_liquidation_decision d =
                pl_liquidation_step(&a, &pl_liquidation_defaults, &in);
            if (d.action == PL_LIQUIDATION_SELL) {
                sold++;
                break;
            }
            if (d.action == PL_LIQUIDATION_PLAN_INITIAL)
                assert_true(v.state == PL_STATE_MARGIN_CALL);
            if (d.action == PL_LIQUIDATION_PLAN || d.action == PL_LIQUIDATION_PLAN_INITIAL) {
                assert_true(v.state != PL_STATE_HEALTHY);
                again += closed_at != 0 && tick - closed_at == 1;
                if (close_part(pl, &a, &version, d.action == PL_LIQUIDATION_PLAN_INITIAL)) {
                    plans++;
                    closed_at = tick;
                } else if (a.no_plan == false) {
                    break; /* the test's account has no room for more trades */
                }
            }
            met += d.action == PL_LIQUIDATION_CLEAR;
        }
        pl_close(pl);
        book_close(&book);
    }
    print_message("%" PRIu64 " plans, %" PRIu64 " auctions, %" PRIu64 " calls met, %" PRIu64
                  " accounts closed in part at two ticks in a row\n",
                  plans, sold, met, again);
    assert_true(plans > 0 && sold > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_falling_market_liquidates_step_by_step),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
