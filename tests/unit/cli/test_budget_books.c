/* The shipped crashes under risk budgets: at every tick every account is judged, and one that was
 * not due must have kept its state. Prints the share of accounts that were due. */
#include "../support/random.h"

#include "feed/book.h"
#include "options.h"
#include "session.h"
#include "states.h"

#define TICKS_MAX 4096
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SLOW 1
#endif
#endif
#ifdef SLOW
#define TICKS 250 /* sanitized: a part of the book */
#else
#define TICKS TICKS_MAX
#endif

static int order64(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

struct run {
    struct pl_session *session;
    struct pl_verdict *now, *last; /* of every account; last: when it was due */
    uint64_t due[TICKS_MAX];
    size_t ticks;
    uint64_t changes, missed;
};

static void judge_due(struct run *r)
{
    struct pl *pl = r->session->device;
    const uint32_t *list;
    uint32_t accounts = r->session->book->account_count;
    int64_t due = pl_budget_due(pl, &list);
    assert_true(due >= 0);
    bool *is_due = calloc(accounts, sizeof *is_due);
    assert_non_null(is_due);
    for (int64_t i = 0; i < due; i++)
        is_due[list[i]] = true;
    for (uint32_t i = 0; i < accounts; i++) {
        if (!is_due[i]) {
            r->missed += r->now[i].state != r->last[i].state;
            continue;
        }
        r->changes += r->ticks > 0 && r->now[i].state != r->last[i].state;
        r->last[i] = r->now[i];
        assert_int_equal(pl_budget_judged(pl, i, &r->session->accounts[i], &r->now[i]), 0);
    }
    free(is_due);
    r->due[r->ticks++] = (uint64_t)due;
}

static void replay(const char *book)
{
    struct pl_options options = { .book = book, .device = "model:" };
    static struct run r;
    r = (struct run){ 0 };
    assert_int_equal(pl_session_open(&options, &r.session), 0);
    const struct pl_book *b = r.session->book;
    r.now = pl_verdicts_alloc(r.session);
    r.last = pl_verdicts_alloc(r.session);
    assert_true(r.now != NULL && r.last != NULL && b->tick_count <= TICKS_MAX);
    assert_int_equal(pl_budget_start(r.session->device, b->account_count, PL_STATE_BANKRUPT + 1),
                     0);
    uint64_t version = r.session->position_version;
    while (r.session->tick < b->tick_count && r.ticks < TICKS) {
        assert_int_equal(pl_session_advance(r.session), 0);
        for (uint32_t i = 0; i < b->account_count && version != r.session->position_version; i++)
            assert_int_equal(pl_budget_forget(r.session->device, i), 0);
        version = r.session->position_version;
        assert_int_equal(
            pl_session_evaluate(r.session, r.session->accounts, b->account_count, r.now, NULL), 0);
        judge_due(&r);
    }
    qsort(r.due + 1, r.ticks - 1, sizeof r.due[0], order64); /* all are due at the first tick */
    uint64_t sum = 0;
    for (size_t i = 1; i < r.ticks; i++)
        sum += r.due[i];
    double percent = 100.0 / b->account_count;
    print_message("%s: %zu ticks, %u accounts, %" PRIu64 " changes of state; due: median %.2f %%, "
                  "mean %.2f %%, 90 %% of ticks below %.2f %%, most %.2f %%\n",
                  b->name, r.ticks, b->account_count, r.changes,
                  (double)r.due[r.ticks / 2] * percent,
                  (double)sum / (double)(r.ticks - 1) * percent,
                  (double)r.due[r.ticks * 9 / 10] * percent, (double)r.due[r.ticks - 1] * percent);
    assert_int_equal(r.missed, 0);
    assert_true(r.changes > 0);
    free(r.now);
    free(r.last);
    pl_session_close(r.session);
}

static void no_change_of_state_is_missed_in_february_2026(void **state)
{
    (void)state;
    replay("tests/data/books/feb2026");
}

static void no_change_of_state_is_missed_in_may_2021(void **state)
{
    (void)state;
    replay("tests/data/books/may2021");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_change_of_state_is_missed_in_february_2026),
        cmocka_unit_test(no_change_of_state_is_missed_in_may_2021),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
