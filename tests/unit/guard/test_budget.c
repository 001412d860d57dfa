/* Budgets through the public functions: who is due when, and calls out of turn. */
#include "../support/plain_book.h"

#include <errno.h>

enum { OPTIONS, OTHER, CASH, ACCOUNTS };

static struct book book;
static struct book_account accounts[ACCOUNTS];
static struct pl *pl;

static int open_book(void **state)
{
    (void)state;
    plain_book(&book, 3);
    book.max_age_s = 300;
    for (int u = 0; u < 2; u++) {
        book.underlyings[u].threshold = 0.5, book.underlyings[u].margin = 0.5;
        book.underlyings[u].peg_threshold = 0.98, book.underlyings[u].peg_factor = 2;
    }
    pl = book_open(&book, "model:");
    for (int i = 0; i < ACCOUNTS; i++)
        plain_account(&accounts[i], PL_MODE_PORTFOLIO, 100000);
    plain_hold(&accounts[OPTIONS], PLAIN_PERPETUAL, 1000, 50000);
    plain_hold(&accounts[OPTIONS], PLAIN_CALLS + 2, -500, 0);
    plain_hold(&accounts[OTHER], PLAIN_OTHER_PERPETUAL, 100000, 2.5);
    return 0;
}

static int close_book(void **state)
{
    (void)state;
    pl_close(pl);
    book_close(&book);
    return 0;
}

/* The accounts that are due, as bits; they are judged. */
static unsigned judge_due(void)
{
    const uint32_t *list;
    uint32_t numbers[ACCOUNTS];
    unsigned bits = 0;
    int64_t count = pl_budget_due(pl, &list);
    assert_in_range(count, 0, ACCOUNTS);
    memcpy(numbers, list, (size_t)count * sizeof *numbers);
    for (int64_t i = 0; i < count; i++) {
        struct pl_account *account = &accounts[numbers[i]].account;
        struct pl_verdict v = book_judge(pl, account);
        assert_int_equal(pl_budget_judged(pl, numbers[i], account, &v), 0);
        bits |= 1u << numbers[i];
    }
    return bits;
}

/* Sends every price as of now, and commits. */
static unsigned tick(void)
{
    for (uint32_t n = 0; n < book.node_count; n++)
        book_set_node(&book, pl, n);
    book_commit(&book, pl);
    return judge_due();
}

static unsigned calm_tick(int64_t seconds)
{
    book.now_us += seconds * 1000000;
    for (uint32_t n = 0; n < book.node_count; n++)
        book.nodes[n].words.time_us = book.now_us;
    return tick();
}

static void start(void)
{
    assert_int_equal(pl_budget_start(pl, ACCOUNTS, PL_STATE_BANKRUPT + 1), 0);
    assert_int_equal(judge_due(), 7);
    assert_int_equal(calm_tick(1), 0);
}

static void calm_ticks_make_nobody_due(void **state)
{
    (void)state;
    start();
    uint64_t random = random_seed(5);
    double price = book.nodes[book.instruments[PLAIN_PERPETUAL].node].price;
    for (int n = 0; n < 100; n++) {
        for (uint32_t i = 0; i < book.instrument_count; i++)
            if (book.nodes[book.instruments[i].node].price > 100)
                book_move(&book, book.instruments[i].node,
                          price * (1 + random_real(&random, -1e-5, 1e-5)), 8);
        unsigned due = calm_tick(1);
        assert_true(n == 0 || due == 0); /* the first one moves every price to the perpetual's */
    }
}

static void what_no_gauge_measures_makes_holders_due(void **state)
{
    (void)state;
    start();
    struct pl_price *perpetual = &book.nodes[book.instruments[PLAIN_PERPETUAL].node].words;
    struct pl_price *call = &book.nodes[book.instruments[PLAIN_CALLS + 2].node].words;
    struct pl_price *unheld = &book.nodes[book.instruments[PLAIN_OTHER_COIN].node].words;

    call->has_vol = false;
    assert_int_equal(calm_tick(1), 1 << OPTIONS);
    assert_int_equal(calm_tick(1), 1 << OPTIONS); /* indeterminate: due until it can be judged */
    call->has_vol = true;
    assert_int_equal(calm_tick(1), 1 << OPTIONS);
    assert_int_equal(calm_tick(1), 0);

    perpetual->has_price = false;
    assert_int_equal(calm_tick(1), 1 << OPTIONS);
    perpetual->has_price = true;
    assert_int_equal(calm_tick(1), 1 << OPTIONS);
    assert_int_equal(calm_tick(1), 0);

    perpetual->confidence_q40 = Q40 / 4; /* an oracle penalty */
    assert_int_equal(calm_tick(1), 1 << OPTIONS);
    assert_int_equal(calm_tick(1), 0);
    unheld->confidence_q40 = Q40 / 4; /* the index of the other one */
    assert_int_equal(calm_tick(1), 1 << OTHER);

    book_move(&book, 0, 0.97, 6); /* the peg */
    assert_int_equal(calm_tick(1), 1 << OPTIONS | 1 << OTHER);
    assert_int_equal(calm_tick(1), 0);

    book.now_us += 400 * 1000000; /* all prices are stale */
    assert_int_equal(tick(), 1 << OPTIONS | 1 << OTHER);
    assert_int_equal(calm_tick(1), 1 << OPTIONS | 1 << OTHER);
    assert_int_equal(calm_tick(1), 0);

    book.now_us += INT64_C(31) * 86400 * 1000000; /* past the expiry of the options */
    assert_int_equal(calm_tick(1) & 1 << OPTIONS, 1 << OPTIONS);
}

static void who_is_at_or_above_the_filter_is_due_at_every_tick(void **state)
{
    (void)state;
    struct pl_account *other = &accounts[OTHER].account;
    struct pl_verdict v = book_judge(pl, other);
    const int64_t cash = other->cash_e8;
    other->cash_e8 -= v.initial_excess + 1; /* a hair below the first line */
    assert_int_equal(pl_budget_start(pl, ACCOUNTS, PL_STATE_MARGIN_CALL), 0);
    assert_int_equal(judge_due(), 7);
    for (int n = 0; n < 5; n++) {
        assert_int_equal(calm_tick(1), 1 << OTHER);
        assert_int_equal(pl_budget_room(pl, OTHER), 0);
    }
    other->cash_e8 = cash;
    assert_int_equal(pl_budget_forget(pl, OTHER), 0);
    assert_int_equal(judge_due(), 1 << OTHER);
    assert_int_equal(calm_tick(1), 0);
    assert_in_range(pl_budget_room(pl, OTHER), 1, INT64_MAX - 1);
}

static void new_units_make_nobody_due(void **state)
{
    (void)state;
    accounts[OPTIONS].account.cash_e8 = INT64_C(1) << 58; /* so that only units could matter */
    start();
    uint32_t index = book.instruments[PLAIN_COIN].node;
    uint32_t version = book_judge(pl, &accounts[CASH].account).table_version;
    const double first = book.nodes[index].price;
    int changes = 0;
    for (int n = 1; n < 900; n++) {
        double factor = pow(1.001, n);
        for (uint32_t i = 0; i < PLAIN_CALLS; i++)
            book_move(&book, book.instruments[i].node, first * factor, 9);
        unsigned due = calm_tick(1);
        struct pl_verdict v = book_judge(pl, &accounts[CASH].account);
        changes += v.table_version != version;
        assert_true(v.table_version == version || due == 0);
        version = v.table_version;
    }
    assert_true(changes > 0);
}

static void room_shrinks_as_moves_take_it(void **state)
{
    (void)state;
    start();
    assert_int_equal(pl_budget_room(pl, CASH), INT64_MAX);
    int64_t room = pl_budget_room(pl, OTHER);
    assert_in_range(room, 1, INT64_MAX - 1);
    book_move(&book, book.instruments[PLAIN_OTHER_COIN].node, 2.5 * 0.99, 8);
    book_move(&book, book.instruments[PLAIN_OTHER_PERPETUAL].node, 2.51 * 0.99, 8);
    assert_int_equal(calm_tick(1), 0);
    assert_in_range(pl_budget_room(pl, OTHER), 1, room - 1);
    assert_int_equal(pl_budget_forget(pl, OTHER), 0);
    assert_int_equal(pl_budget_room(pl, OTHER), 0);
    assert_int_equal(judge_due(), 1 << OTHER);
    accounts[OTHER].account.cash_e8 /= 4; /* nearer to its line */
    struct pl_verdict v = book_judge(pl, &accounts[OTHER].account);
    int64_t before = pl_budget_room(pl, OTHER);
    assert_int_equal(pl_budget_judged(pl, OTHER, &accounts[OTHER].account, &v), 0);
    assert_in_range(pl_budget_room(pl, OTHER), 0, before - 1);
}

#define MANY 64

/* Judges who is due of MANY accounts like the first one; returns how many were, and how many of all
 * have a budget then. */
static unsigned judge_many(unsigned *with_budget)
{
    const uint32_t *list;
    uint32_t numbers[MANY];
    int64_t count = pl_budget_due(pl, &list);
    assert_in_range(count, 0, MANY);
    memcpy(numbers, list, (size_t)count * sizeof *numbers);
    struct pl_account *account = &accounts[OPTIONS].account;
    struct pl_verdict v = book_judge(pl, account);
    for (int64_t i = 0; i < count; i++)
        assert_int_equal(pl_budget_judged(pl, numbers[i], account, &v), 0);
    *with_budget = 0;
    for (uint32_t i = 0; i < MANY; i++)
        *with_budget += pl_budget_room(pl, i) > 0;
    return (unsigned)count;
}

static unsigned tick_many(double factor, unsigned *with_budget)
{
    for (uint32_t i = 0; i < book.instrument_count; i++) {
        struct book_node *node = &book.nodes[book.instruments[i].node];
        if (node->price > 100)
            book_move(&book, book.instruments[i].node, node->price * factor, 8);
    }
    book.now_us += 1000000;
    for (uint32_t n = 0; n < book.node_count; n++) {
        book.nodes[n].words.time_us = book.now_us;
        book_set_node(&book, pl, n);
    }
    book_commit(&book, pl);
    return judge_many(with_budget);
}

static void where_most_lose_their_budgets_few_are_given_one(void **state)
{
    (void)state;
    unsigned with_budget;
    assert_int_equal(pl_budget_start(pl, MANY, PL_STATE_BANKRUPT + 1), 0);
    assert_int_equal(judge_many(&with_budget), MANY);
    assert_int_equal(with_budget, MANY);
    assert_int_equal(tick_many(1.3, &with_budget), MANY);
    assert_int_equal(with_budget, MANY); /* once is no habit */
    assert_int_equal(tick_many(1.3, &with_budget), MANY);
    assert_in_range(with_budget, 1, MANY / 8);
    assert_int_equal(tick_many(1.3, &with_budget), MANY);
    assert_in_range(with_budget, 1, MANY / 8);
    unsigned few = with_budget;
    assert_int_equal(tick_many(1, &with_budget), MANY - few);
    assert_int_equal(with_budget, MANY);
    assert_int_equal(tick_many(1, &with_budget), 0);
}

/* Vols alone: whoever holds the option pays, nobody else, until his budget is spent. */
static void a_vol_alone_concerns_its_holders(void **state)
{
    (void)state;
    start();
    uint32_t held = book.instruments[PLAIN_CALLS + 2].node;
    uint32_t unheld = book.instruments[PLAIN_CALLS + 1].node;
    const int64_t room = pl_budget_room(pl, OPTIONS), other = pl_budget_room(pl, OTHER);
    book_set_vol(&book, unheld, 4);
    book_set_node(&book, pl, unheld);
    assert_int_equal(pl_tick(pl), 0);
    assert_int_equal(judge_due(), 0);
    assert_int_equal(pl_budget_room(pl, OPTIONS), room);
    double vol = book.nodes[held].vol;
    int ticks = 0;
    for (unsigned due = 0; due == 0; ticks++) {
        book_set_vol(&book, held, vol *= 1.001);
        book_set_node(&book, pl, held);
        assert_int_equal(pl_tick(pl), 0);
        assert_true(ticks > 0 || pl_budget_room(pl, OPTIONS) < room);
        due = judge_due();
        assert_true((due == 0 || due == 1 << OPTIONS) && ticks < 2000);
    }
    assert_true(ticks > 1);
    assert_int_equal(pl_budget_room(pl, OTHER), other);
}

static void calls_out_of_turn_are_refused(void **state)
{
    (void)state;
    const uint32_t *list;
    struct pl_verdict v = book_judge(pl, &accounts[OTHER].account);
    assert_int_equal(pl_budget_due(pl, &list), -ENOENT);
    assert_int_equal(pl_budget_forget(pl, 0), -ENOENT);
    assert_int_equal(pl_budget_room(pl, 0), -ENOENT);
    assert_int_equal(pl_budget_judged(pl, 0, &accounts[0].account, &v), -ENOENT);
    assert_true(pl_message(pl)[0] != '\0');
    start();
    assert_int_equal(pl_budget_forget(pl, ACCOUNTS), -EINVAL);
    assert_int_equal(pl_budget_room(pl, ACCOUNTS), -EINVAL);
    assert_int_equal(pl_budget_judged(pl, OTHER, &accounts[OTHER].account, &v), -EINVAL);
    assert_non_null(strstr(pl_message(pl), "not of the tick"));
    accounts[OTHER].holdings[0].steps = INT64_MAX;
    v = book_judge(pl, &accounts[CASH].account);
    assert_int_equal(pl_budget_judged(pl, OTHER, &accounts[OTHER].account, &v), -ERANGE);
    assert_int_equal(pl_budget_start(pl, 0, PL_STATE_BANKRUPT + 1), 0);
    assert_int_equal(pl_budget_due(pl, &list), -ENOENT);
    assert_int_equal(pl_budget_start(pl, ACCOUNTS, PL_STATE_BANKRUPT + 1), 0);
    book_load(&book, pl); /* a load ends budgets */
    assert_int_equal(pl_budget_due(pl, &list), -ENOENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(calm_ticks_make_nobody_due, open_book, close_book),
        cmocka_unit_test_setup_teardown(what_no_gauge_measures_makes_holders_due, open_book,
                                        close_book),
        cmocka_unit_test_setup_teardown(who_is_at_or_above_the_filter_is_due_at_every_tick,
                                        open_book, close_book),
        cmocka_unit_test_setup_teardown(new_units_make_nobody_due, open_book, close_book),
        cmocka_unit_test_setup_teardown(room_shrinks_as_moves_take_it, open_book, close_book),
        cmocka_unit_test_setup_teardown(where_most_lose_their_budgets_few_are_given_one, open_book,
                                        close_book),
        cmocka_unit_test_setup_teardown(a_vol_alone_concerns_its_holders, open_book, close_book),
        cmocka_unit_test_setup_teardown(calls_out_of_turn_are_refused, open_book, close_book),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
