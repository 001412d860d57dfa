/* Risk budgets in random books: after every tick every account is judged, and one that was not due
 * must have kept its state. */
#include "market_moves.h"

#include "guard/guard.h"
#include "stage/pl.h"

#define ACCOUNTS 48
#define TICKS 24

static struct book book;
static struct book_account accounts[ACCOUNTS];

struct tally {
    uint64_t judged, due, changes, unbounded;
};

/* Cash that puts the account near one of its lines: there a missed crossing shows. */
static void near_a_line(struct book *b, struct pl *pl, struct pl_account *account)
{
    struct pl_verdict v = book_judge(pl, account);
    const int64_t lines[] = { v.equity, v.maintenance_excess, v.initial_excess };
    int64_t to = lines[random_below(&b->random, 3)];
    double gross = fabs((double)v.delta) + fabs((double)v.equity - (double)v.initial_excess);
    double room = (gross + 1e8) * random_log(&b->random, 1e-8, 0.3);
    if (!(fabs((double)to) < 1e17) || !(room < 1e17) || random_once_in(&b->random, 10))
        return;
    account->cash_e8 -= to;
    account->cash_e8 += (int64_t)(random_once_in(&b->random, 3) ? -room : room);
}

static void check(struct pl *pl, uint8_t *states, uint64_t seed, int tick, struct tally *tally)
{
    const uint32_t *list;
    bool is_due[ACCOUNTS] = { false };
    int64_t due = pl_budget_due(pl, &list);
    for (int64_t i = 0; i < due; i++)
        is_due[list[i]] = true;
    for (uint32_t i = 0; i < ACCOUNTS; i++) {
        struct pl_verdict v = book_judge(pl, &accounts[i].account);
        tally->judged++;
        if (!is_due[i]) {
            if (v.state != states[i])
                fail_msg("seed %" PRIu64 ", tick %d, account %u, mode %u: %s became %s unseen",
                         seed, tick, i, v.mode, pl_state_name(states[i]), pl_state_name(v.state));
            continue;
        }
        tally->due++;
        tally->changes += tick > 0 && v.state != states[i];
        states[i] = v.state;
        assert_int_equal(pl_budget_judged(pl, i, &accounts[i].account, &v), 0);
        tally->unbounded += pl_budget_room(pl, i) == 0;
    }
}

static void run(uint64_t seed, const char *uri, struct tally *tally)
{
    uint8_t states[ACCOUNTS] = { 0 };
    struct pl *pl;
    bool small = strstr(uri, "small") != NULL;
    book_make(&book, seed, small ? PL_SCENARIOS_MAX_SMALL : PL_SCENARIOS_MAX);
    settle_model(&book);
    book.max_age_s = random_once_in(&book.random, 3) ? 600 : 0;
    pl = book_open(&book, uri);
    for (int i = 0; i < ACCOUNTS; i++) {
        draw_account(&book, &accounts[i]);
        near_a_line(&book, pl, &accounts[i].account);
    }
    struct weather weather = draw_weather(&book.random);
    assert_int_equal(pl_budget_start(pl, ACCOUNTS, PL_STATE_BANKRUPT + 1), 0);
    for (int tick = 0; tick < TICKS; tick++) {
        check(pl, states, seed, tick, tally);
        move_prices(&book, pl, &weather);
    }
    pl_close(pl);
    book_close(&book);
}

static void run_books(const char *uri, uint64_t rounds)
{
    struct tally tally = { 0 };
    uint64_t seed = random_seed(20261122);
    for (uint64_t n = random_rounds(rounds); n > 0; n--, seed++)
        run(seed, uri, &tally);
    print_message("%s: %" PRIu64 " verdicts, %.1f %% due, %.1f %% unbounded, %" PRIu64
                  " changes of state\n",
                  uri, tally.judged, 100.0 * (double)tally.due / (double)tally.judged,
                  100.0 * (double)tally.unbounded / (double)tally.judged, tally.changes);
    assert_true(tally.due < tally.judged && tally.changes > 0);
}

static void no_change_of_state_is_missed_in_random_books(void **state)
{
    (void)state;
    run_books("model:", 120);
}

static void no_change_of_state_is_missed_in_small_words(void **state)
{
    (void)state;
    run_books("model:profile=small", 40);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_change_of_state_is_missed_in_random_books),
        cmocka_unit_test(no_change_of_state_is_missed_in_small_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
