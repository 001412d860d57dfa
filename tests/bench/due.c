/* The shipped crashes, tick by tick with all the prices of a tick: judging by cpu: whoever is due
 * by risk budget or was at or above a margin call, beside judging everybody. Each takes blocks of
 * ticks in turn. At every tick the states of all accounts are compared, and the verdicts at or
 * above a margin call byte for byte. Prints processor times, on average and in the median, and
 * their ratios.
 *
 *   due BOOK... */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "cli/session.h"

#define BLOCK 64
#define FILTER PL_STATE_MARGIN_CALL

struct judged {
    uint32_t number; /* of the account */
    struct pl_verdict verdict;
};

struct times {
    double *all, commit, judge, budget; /* all: by tick; the others: sums */
};

struct crash {
    struct pl_session *sparing, *sweeping; /* who is due; everybody */
    size_t count;                          /* accounts */
    uint64_t position_version;
    struct pl_account *accounts; /* the due ones */
    uint32_t *numbers;
    struct pl_verdict *verdicts; /* of a tick */
    struct judged *log;          /* of a block, tick by tick */
    size_t logged[BLOCK + 1];    /* up to each tick */
    struct pl_verdict *kept;     /* of everybody, as judged last */
    struct times spared, swept, submitted;
    double *due;
    size_t tick;
};

static void must(bool good, const char *what, struct pl_session *s)
{
    if (good)
        return;
    fprintf(stderr, "due: %s: %s\n", what, s != NULL ? pl_message(s->device) : "");
    exit(1);
}

static size_t take(struct pl_session *s, struct pl_verdict *verdicts, size_t most)
{
    size_t n = 0;
    int got;
    while ((got = pl_poll(s->device, verdicts + n, most + 1 - n, NULL)) > 0)
        n += (size_t)got;
    must(got == 0, "poll", s);
    return n;
}

static void submit(struct pl_session *s, const struct pl_account *accounts, size_t count,
                   uint8_t filter)
{
    const struct pl_batch batch = { .accounts = accounts,
                                    .count = count,
                                    .position_version = s->position_version,
                                    .filter = filter };
    must(pl_submit(s->device, &batch) == 0, "submit", s);
}

/* A settlement may have changed any account. */
static void forget(struct crash *c)
{
    struct pl_session *s = c->sparing;
    for (uint32_t i = 0; i < c->count && c->position_version != s->position_version; i++)
        must(pl_budget_forget(s->device, i) == 0, "forget", s);
    c->position_version = s->position_version;
}

static size_t collect(struct crash *c)
{
    struct pl_session *s = c->sparing;
    const uint32_t *list;
    int64_t due = pl_budget_due(s->device, &list);
    must(due >= 0, "due", s);
    for (int64_t i = 0; i < due; i++) {
        c->numbers[i] = list[i];
        c->accounts[i] = s->accounts[list[i]];
    }
    return (size_t)due;
}

static void spare(struct crash *c, size_t n)
{
    struct pl_session *s = c->sparing;
    double start = clock_seconds();
    must(pl_session_advance(s) == 0, "tick", NULL);
    double committed = clock_seconds();
    forget(c);
    size_t due = collect(c);
    submit(s, c->accounts, due, PL_STATE_HEALTHY);
    must(take(s, c->verdicts, due) == due, "verdicts", s);
    double judged = clock_seconds();
    for (size_t i = 0; i < due; i++)
        must(pl_budget_judged(s->device, c->numbers[i], &c->accounts[i], &c->verdicts[i]) == 0,
             "budget", s);
    double done = clock_seconds();
    struct times *t = &c->spared;
    t->all[c->tick + n] = done - start;
    t->commit += committed - start, t->judge += judged - committed, t->budget += done - judged;
    c->due[c->tick + n] = (double)due;
    c->logged[n + 1] = c->logged[n] + due;
    for (size_t i = 0; i < due; i++)
        c->log[c->logged[n] + i] = (struct judged){ c->numbers[i], c->verdicts[i] };
}

/* Returns how many are at or above the filter. */
static size_t sweep(struct crash *c, size_t n)
{
    struct pl_session *s = c->sweeping;
    double start = clock_seconds();
    must(pl_session_advance(s) == 0, "tick", NULL);
    double committed = clock_seconds();
    submit(s, s->accounts, c->count, FILTER);
    double submitted = clock_seconds();
    size_t listed = take(s, c->verdicts, c->count);
    double done = clock_seconds();
    c->swept.all[c->tick + n] = done - submitted + committed - start;
    c->submitted.all[c->tick + n] = done - start;
    return listed;
}

static void compare(struct crash *c, size_t n, size_t listed)
{
    const struct pl_verdict *swept = c->verdicts;
    for (size_t i = c->logged[n]; i < c->logged[n + 1]; i++)
        c->kept[c->log[i].number] = c->log[i].verdict;
    for (uint32_t i = 0; i < c->count; i++) {
        struct pl_verdict a = c->kept[i];
        bool is_listed = listed > 0 && swept->account == a.account;
        must(is_listed == (a.state >= FILTER), "a change of state was missed", NULL);
        if (!is_listed)
            continue;
        a.tick = swept->tick;     /* figures that did not move are not judged again */
        a.serial = swept->serial; /* places in the submissions */
        a.serial_again = swept->serial_again;
        must(memcmp(&a, swept, sizeof a) == 0, "verdicts differ", NULL);
        swept++;
        listed--;
    }
    must(listed == 0, "a change of state was missed", NULL);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* Of all ticks but the first, where everybody is due. */
static double median(double *list, size_t ticks)
{
    qsort(list + 1, ticks - 1, sizeof *list, by_value);
    return list[ticks / 2];
}

static double mean(const double *list, size_t ticks)
{
    double sum = 0;
    for (size_t i = 1; i < ticks; i++)
        sum += list[i];
    return sum / (double)(ticks - 1);
}

static void print(struct crash *c)
{
    size_t n = c->tick;
    double per_tick = 1e6 / (double)n;
    double spared = mean(c->spared.all, n), swept = mean(c->swept.all, n);
    double submitted = mean(c->submitted.all, n);
    printf("%s: %zu accounts, %zu ticks, %.0f accounts due in the median, %.1f on average\n",
           c->sparing->book->path, c->count, n, median(c->due, n), mean(c->due, n));
    printf("  with risk budgets       %9.1f us on average: %.1f to commit, %.1f to judge, %.1f for "
           "new budgets\n",
           spared * 1e6, c->spared.commit * per_tick, c->spared.judge * per_tick,
           c->spared.budget * per_tick);
    printf("  all judged again        %9.1f us (x %.1f), with their submission %.1f us (x %.1f)\n",
           swept * 1e6, swept / spared, submitted * 1e6, submitted / spared);
    spared = median(c->spared.all, n);
    swept = median(c->swept.all, n);
    submitted = median(c->submitted.all, n);
    printf("  in the median           %9.1f us\n", spared * 1e6);
    printf("  all judged again        %9.1f us (x %.1f), with their submission %.1f us (x %.1f)\n",
           swept * 1e6, swept / spared, submitted * 1e6, submitted / spared);
}

static void *memory(size_t count, size_t size)
{
    void *p = calloc(count, size);
    must(p != NULL, "out of memory", NULL);
    return p;
}

static void run(const char *book)
{
    const struct pl_options options = { .book = book, .device = "cpu:" };
    struct crash c = { 0 };
    must(pl_session_open(&options, &c.sparing) == 0 && pl_session_open(&options, &c.sweeping) == 0,
         book, NULL);
    const size_t ticks = c.sparing->book->tick_count;
    c.count = c.sparing->book->account_count;
    c.accounts = memory(c.count, sizeof *c.accounts);
    c.numbers = memory(c.count, sizeof *c.numbers);
    c.verdicts = memory(c.count + 1, sizeof *c.verdicts);
    c.log = memory(c.count * BLOCK, sizeof *c.log);
    c.kept = memory(c.count, sizeof *c.kept);
    c.due = memory(ticks, sizeof *c.due);
    double **const times[] = { &c.spared.all, &c.swept.all, &c.submitted.all };
    for (int i = 0; i < 3; i++)
        *times[i] = memory(ticks, sizeof **times[i]);
    must(pl_budget_start(c.sparing->device, (uint32_t)c.count, FILTER) == 0, "start", c.sparing);
    while (c.tick < ticks) {
        size_t block = ticks - c.tick < BLOCK ? ticks - c.tick : BLOCK;
        for (size_t n = 0; n < block; n++)
            spare(&c, n);
        for (size_t n = 0; n < block; n++)
            compare(&c, n, sweep(&c, n));
        c.tick += block;
    }
    print(&c);
    for (int i = 0; i < 3; i++)
        free(*times[i]);
    free(c.due);
    free(c.kept);
    free(c.log);
    free(c.verdicts);
    free(c.numbers);
    free(c.accounts);
    pl_session_close(c.sparing);
    pl_session_close(c.sweeping);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        run(argv[i]);
    return argc < 2;
}
