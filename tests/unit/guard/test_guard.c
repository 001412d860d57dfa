/* Risk budgets in random books: after every tick every account is judged, and one that was not due
 * must have kept its state. */
#include "../support/plain_book.h"

#include "guard/guard.h"
#include "stage/pl.h"

#define ACCOUNTS 48
#define TICKS 24

static struct book book;
static struct book_account accounts[ACCOUNTS];

struct tally {
    uint64_t judged, due, changes, unbounded;
};

/* How the prices of a run move: far more often a little than much. */
struct weather {
    double price, own, vol; /* largest relative moves; own: of one forward or mark alone */
    int64_t time_us;
    bool doubts; /* prices go missing, confidences and the currency's peg move */
};

static struct weather draw_weather(uint64_t *random)
{
    struct weather w = { .price = random_log(random, 1e-6, 0.1),
                         .own = random_log(random, 1e-7, 0.01),
                         .vol = random_log(random, 1e-6, 0.1),
                         .time_us = (int64_t)random_log(random, 1e3, 1e10),
                         .doubts = random_once_in(random, 4) };
    return w;
}

/* The size of an expected move times one that is sometimes large. */
static double draw_move(uint64_t *random, double size)
{
    double most = random_once_in(random, 10) ? 4 * size : size;
    return random_real(random, -most, most);
}

static void move_node(struct book *b, uint32_t n, const struct weather *w, double common)
{
    uint64_t *r = &b->random;
    struct book_node *node = &b->nodes[n];
    if (node->price > 0)
        book_move(b, n, node->price * (1 + common) * (1 + draw_move(r, w->own)), 8);
    if (node->words.has_vol && random_once_in(r, 2))
        book_set_vol(b, n, fmin(7, fmax(0.001, node->vol * (1 + draw_move(r, w->vol)))));
    if (w->doubts && random_once_in(r, 60))
        node->words.has_price = !node->words.has_price;
    if (w->doubts && random_once_in(r, 60))
        node->words.confidence_q40 = (int64_t)random_below(r, Q40);
    node->words.time_us = b->now_us;
}

static void move_prices(struct book *b, struct pl *pl, const struct weather *w)
{
    uint64_t *r = &b->random;
    double common[BOOK_UNDERLYINGS];
    for (uint32_t u = 0; u < b->underlying_count; u++)
        common[u] = random_once_in(r, 4) ? 0 : draw_move(r, w->price);
    b->now_us += (int64_t)random_below(r, (uint64_t)w->time_us + 1);
    if (w->doubts && random_once_in(r, 4))
        book_move(b, 0, random_real(r, 0.95, 1), 6);
    for (uint32_t n = 1; n < b->node_count; n++) {
        uint32_t u = 0; /* nodes of one underlying lie together, its own first */
        while (u + 1 < b->underlying_count && n >= b->underlyings[u + 1].node)
            u++;
        if (random_once_in(r, 8))
            continue;
        move_node(b, n, w, common[u]);
    }
    for (uint32_t n = 0; n < b->node_count; n++)
        book_set_node(b, pl, n);
    book_commit(b, pl);
}

/* A model whose skews have no jump, as real ones do not, in two of three books. */
static void settle_model(struct book *b)
{
    for (uint32_t u = 0; u < b->underlying_count && !random_once_in(&b->random, 3); u++) {
        struct book_underlying *x = &b->underlyings[u];
        x->linear_cap = fabs(x->linear_cap), x->linear_cbase = fabs(x->linear_cbase);
        x->abs_cap = fabs(x->abs_cap), x->abs_cbase = fabs(x->abs_cbase);
    }
}

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

static void check(struct pl *pl, struct book *b, uint8_t *states, uint64_t seed, int tick,
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
    (void)b;
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
        book_account(&book, &accounts[i], (uint8_t)random_within(&book.random, 1, 3),
                     random_once_in(&book.random, 2));
        near_a_line(&book, pl, &accounts[i].account);
    }
    struct weather weather = draw_weather(&book.random);
    assert_int_equal(pl_budget_start(pl, ACCOUNTS), 0);
    for (int tick = 0; tick < TICKS; tick++) {
        check(pl, &book, states, seed, tick, tally);
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
