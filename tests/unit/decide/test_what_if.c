/* The exact judge of an account with positions closed, and the reliefs that guide a plan. */
#include "closing.h"

static struct book book;
static struct book_account account;
static struct pl_holding holdings[2 * BOOK_HOLDINGS];
static int64_t nothing[PL_WHAT_IF_POSITIONS_MAX];

static void random_closes(uint64_t *r, int64_t *closed)
{
    for (uint32_t i = 0; i < what_if.position_count; i++) {
        int64_t size = llabs(what_if.positions[i].steps);
        closed[i] = random_once_in(r, 3)   ? 0
                    : random_once_in(r, 4) ? size
                                           : (int64_t)random_below(r, (uint64_t)size + 1);
    }
}

/* What one rounding of every part may come to: 1e-9 of a coin, a unit per position and scenario. */
static int64_t tolerance_of(const struct pl_verdict *v)
{
    return 200000 + llabs(v->equity) / 1000000000 +
           llabs(v->equity - v->maintenance_excess) / 1000000000;
}

static void nothing_closed_is_the_accounts_own_verdict(void **state)
{
    (void)state;
    uint64_t seed = random_seed(81);
    for (uint64_t round = 0, rounds = random_rounds(40); round < rounds; round++) {
        book_make(&book, seed + round, 40);
        struct pl *pl = book_open(&book, "model:");
        for (int i = 0; i < 20; i++) {
            struct pl_account bare;
            struct pl_what_if_result result;
            book_account(&book, &account, (uint8_t)random_within(&book.random, 1, 3), true);
            closing_open(pl, &account.account);
            closing_trades(pl, &account, NULL, 0, holdings, &bare);
            struct pl_verdict v = book_judge(pl, &bare);
            assert_true(pl_what_if_judge(&what_if, nothing, 0, &result));
            VERDICTS_EQUAL(v, result.verdict);
        }
        pl_close(pl);
        book_close(&book);
    }
}

static void what_is_closed_is_judged_as_a_trade_at_mark(void **state)
{
    (void)state;
    uint64_t seed = random_seed(82), compared = 0;
    for (uint64_t round = 0, rounds = random_rounds(60); round < rounds; round++) {
        book_make(&book, seed + round, 40);
        struct pl *pl = book_open(&book, "model:");
        for (int i = 0; i < 20; i++) {
            struct pl_account real;
            struct pl_what_if_result result;
            static int64_t closed[PL_WHAT_IF_POSITIONS_MAX];
            book_account(&book, &account, (uint8_t)random_within(&book.random, 1, 3), false);
            closing_open(pl, &account.account);
            random_closes(&book.random, closed);
            for (uint32_t k = 0; k < what_if.position_count; k++)
                closed[k] = what_if.positions[k].closable ? closed[k] : 0;
            closing_trades(pl, &account, closed, 12345, holdings, &real);
            struct pl_verdict v = book_judge(pl, &real);
            if (!pl_what_if_judge(&what_if, closed, 12345, &result))
                continue;
            const struct pl_verdict *w = &result.verdict;
            int64_t tolerance = tolerance_of(&v);
            assert_int_equal(v.flags & ~PL_FLAG_GREEKS, w->flags & ~PL_FLAG_GREEKS);
            if (llabs(v.equity - w->equity) > tolerance ||
                llabs(v.maintenance_excess - w->maintenance_excess) > tolerance ||
                llabs(v.initial_excess - w->initial_excess) > tolerance)
                fail_msg("book %" PRIu64 ": equity %" PRId64 " %" PRId64 ", maintenance %" PRId64
                         " %" PRId64 ", initial %" PRId64 " %" PRId64,
                         seed + round, v.equity, w->equity, v.maintenance_excess,
                         w->maintenance_excess, v.initial_excess, w->initial_excess);
            compared++;
        }
        pl_close(pl);
        book_close(&book);
    }
    assert_true(compared > 0);
}

/* No requirement falls faster than the reliefs say, wherever one goes from there. */
static void reliefs_are_supporting_planes(void **state)
{
    (void)state;
    uint64_t seed = random_seed(83), compared = 0;
    static int64_t here[PL_WHAT_IF_POSITIONS_MAX], there[PL_WHAT_IF_POSITIONS_MAX];
    static int64_t relief[PL_WHAT_IF_POSITIONS_MAX];
    for (uint64_t round = 0, rounds = random_rounds(100); round < rounds; round++) {
        book_make(&book, seed + round, 40);
        struct pl *pl = book_open(&book, "model:");
        for (int i = 0; i < 20; i++) {
            struct pl_what_if_result at_here, at_there;
            book_account(&book, &account, (uint8_t)random_within(&book.random, 1, 3), false);
            closing_open(pl, &account.account);
            random_closes(&book.random, here);
            random_closes(&book.random, there);
            if (!pl_what_if_judge(&what_if, here, 0, &at_here) ||
                at_here.verdict.state == PL_STATE_INDETERMINATE)
                continue;
            pl_what_if_relief(&what_if, false, relief);
            if (!pl_what_if_judge(&what_if, there, 0, &at_there) ||
                at_there.verdict.state == PL_STATE_INDETERMINATE)
                continue;
            double plane = (double)at_here.maintenance_e8, gross = 0;
            for (uint32_t k = 0; k < what_if.position_count; k++) {
                double size = (double)llabs(what_if.positions[k].steps);
                plane -= (double)relief[k] * (double)(there[k] - here[k]) / size;
                gross += fabs((double)relief[k]);
            }
            if ((double)at_there.maintenance_e8 < plane - 1e-9 * gross - 200000)
                fail_msg("book %" PRIu64 " account %d mode %u: requirement %" PRId64
                         ", plane %.0f from %" PRId64,
                         seed + round, i, account.account.mode, at_there.maintenance_e8, plane,
                         at_here.maintenance_e8);
            compared++;
        }
        pl_close(pl);
        book_close(&book);
    }
    assert_true(compared > 0);
}

static void an_account_too_large_is_named(void **state)
{
    (void)state;
    static struct pl_holding many[PL_WHAT_IF_POSITIONS_MAX + 1];
    char message[PL_MESSAGE_BYTES] = "";
    plain_book(&book, 1);
    struct pl *pl = book_open(&book, "model:");
    struct pl_account large = { .account = 7,
                                .mode = PL_MODE_CROSS,
                                .holdings = many,
                                .holding_count = PL_WHAT_IF_POSITIONS_MAX + 1 };
    assert_int_equal(pl_what_if_open(&what_if, &pl->stage, &pl->dev->tables, &large, message), -7);
    assert_non_null(strstr(message, "account 7"));
    pl_close(pl);
    book_close(&book);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_closed_is_the_accounts_own_verdict),
        cmocka_unit_test(what_is_closed_is_judged_as_a_trade_at_mark),
        cmocka_unit_test(reliefs_are_supporting_planes),
        cmocka_unit_test(an_account_too_large_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
