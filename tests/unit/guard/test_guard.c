/* Risk budgets in random books: after every tick every account is judged, and one that was not due
 * must have kept its state, or at or above the filter its figures. */
#include "market_moves.h"

#include "guard/guard.h"
#include "stage/pl.h"

#define ACCOUNTS 48
#define TICKS 24
#define VOL_TICKS 3    /* of a few vols each, between two ticks of everything */
#define ALONE_TICKS 60 /* of a few vols each, and of nothing else */

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

static bool same_figures(struct pl_verdict a, struct pl_verdict b)
{
    a.tick = b.tick;
    return memcmp(&a, &b, sizeof a) == 0;
}

static void check(struct pl *pl, uint8_t filter, struct pl_verdict *last, uint64_t seed, int tick,
                  struct tally *tally)
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
            if (v.state != last[i].state)
                fail_msg("seed %" PRIu64 ", tick %d, account %u, mode %u: %s became %s unseen",
                         seed, tick, i, v.mode, pl_state_name(last[i].state),
                         pl_state_name(v.state));
            if (v.state >= filter && !same_figures(v, last[i]))
                fail_msg("seed %" PRIu64 ", tick %d, account %u, mode %u: %s moved unseen", seed,
                         tick, i, v.mode, pl_state_name(v.state));
            continue;
        }
        tally->due++;
        tally->changes += tick > 0 && v.state != last[i].state;
        last[i] = v;
        assert_int_equal(pl_budget_judged(pl, i, &accounts[i].account, &v), 0);
        tally->unbounded += pl_budget_room(pl, i) == 0;
    }
}

static void run(uint64_t seed, const char *uri, bool vols_alone, struct tally *tally)
{
    static struct pl_verdict last[ACCOUNTS];
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
    struct vol_course vols = draw_vol_course(&book);
    uint8_t filter = seed % 3 == 0 ? PL_STATE_MARGIN_CALL : PL_STATE_BANKRUPT + 1;
    assert_int_equal(pl_budget_start(pl, ACCOUNTS, filter), 0);
    for (int tick = 0; tick < ALONE_TICKS && vols_alone; tick++) {
        check(pl, filter, last, seed, tick, tally);
        move_vols(&book, pl, &vols);
    }
    for (int tick = 0; tick < TICKS && !vols_alone; tick++) {
        check(pl, filter, last, seed, tick, tally);
        move_prices(&book, pl, &weather);
        for (int n = 0; n < VOL_TICKS; n++) {
            check(pl, filter, last, seed, tick, tally);
            move_vols(&book, pl, &vols);
        }
    }
    pl_close(pl);
    book_close(&book);
}

static void run_books(const char *uri, uint64_t rounds, bool vols_alone)
{
    struct tally tally = { 0 };
    uint64_t seed = random_seed(20261122);
    for (uint64_t n = random_rounds(rounds); n > 0; n--, seed++)
        run(seed, uri, vols_alone, &tally);
    print_message("%s: %" PRIu64 " verdicts, %.1f %% due, %.1f %% unbounded, %" PRIu64
                  " changes of state\n",
                  uri, tally.judged, 100.0 * (double)tally.due / (double)tally.judged,
                  100.0 * (double)tally.unbounded / (double)tally.judged, tally.changes);
    assert_true(tally.due < tally.judged && tally.changes > 0);
}

static void no_change_of_state_is_missed_in_random_books(void **state)
{
    (void)state;
    run_books("model:", 120, false);
}

static void no_change_of_state_is_missed_in_small_words(void **state)
{
    (void)state;
    run_books("model:profile=small", 40, false);
}

static void no_change_of_state_is_missed_when_vols_move_alone(void **state)
{
    (void)state;
    run_books("model:", 120, true);
    run_books("model:profile=small", 20, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_change_of_state_is_missed_in_random_books),
        cmocka_unit_test(no_change_of_state_is_missed_in_small_words),
        cmocka_unit_test(no_change_of_state_is_missed_when_vols_move_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
