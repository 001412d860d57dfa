/* The shipped crashes, symbol by symbol: what a tick of one new price or vol costs
 *   - when only who is due by risk budget is judged, or was at or above a margin call,
 *   - when all accounts stay in cpu: and the holders of what moved are judged,
 *   - when all accounts are judged again, without and with their submission.
 * The first takes a book's tick of symbols in a row, then the others do. After every symbol every
 * verdict at or above a margin call is compared byte for byte, and the states of all accounts.
 * Prints medians and means of processor time, and the ratios. At most SYMBOLS symbols of a book's
 * tick, evenly chosen, and TICKS ticks of a book; --each: all of both.
 *
 *   crash [--rows] [--each] BOOK... */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "cli/session.h"
#include "rows.h"

#define SYMBOLS 20
#define TICKS 60
#define FILTER PL_STATE_MARGIN_CALL

enum way { SPARING, STAYING, SWEEPING, SUBMITTING, WAYS };

struct judged {
    uint32_t number; /* of the account */
    struct pl_verdict verdict;
};

struct log {
    struct judged *items;
    size_t count, capacity;
};

struct samples {
    double *of[WAYS], *due;
    size_t count, capacity;
};

/* The book moves on in `driver`; its prices go to three devices. */
struct crash {
    struct pl_session *driver, *sparing, *staying, *sweeping;
    size_t count; /* accounts */
    uint64_t forgotten_version, watched_version;
    struct pl_price *before; /* by node */
    uint32_t *moved;         /* nodes of the tick in hand */
    struct pl_account *due;
    uint32_t *numbers;
    struct pl_verdict *verdicts[2];
    struct pl_verdict *kept; /* by account: as judged last where it was due */
    struct pl_tick_summary summaries[2];
    struct log log; /* of the symbols in hand, one after the other */
    struct samples samples;
};

static void must(bool good, const char *what, const struct pl *pl)
{
    if (good)
        return;
    fprintf(stderr, "crash: %s: %s\n", what, pl != NULL ? pl_message(pl) : "");
    exit(1);
}

static void *memory(size_t count, size_t size)
{
    void *p = calloc(count, size);
    must(p != NULL, "out of memory", NULL);
    return p;
}

/* Room for one item more. */
static void *grown(void *items, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return items;
    *capacity = 2 * *capacity + 1024;
    items = realloc(items, *capacity * size);
    must(items != NULL, "out of memory", NULL);
    return items;
}

static struct pl_batch batch_of(const struct crash *c)
{
    return (struct pl_batch){ .accounts = c->driver->accounts,
                              .count = c->count,
                              .position_version = c->driver->position_version,
                              .filter = FILTER };
}

static size_t take_watched(struct crash *c)
{
    struct pl *pl = c->staying->device;
    size_t n = 0;
    for (bool ended = false; !ended;) {
        int got = pl_watched(pl, c->verdicts[0] + n, c->count + 1 - n, &c->summaries[0], &ended);
        must(got >= 0 && (got > 0 || ended), "watched", pl);
        n += (size_t)got;
    }
    return n;
}

static size_t take(struct crash *c, const struct pl_session *s, int to)
{
    size_t n = 0;
    int got;
    while ((got = pl_poll(s->device, c->verdicts[to] + n, c->count + 1 - n, &c->summaries[to])) > 0)
        n += (size_t)got;
    must(got == 0, "poll", s->device);
    return n;
}

static void tick_on(struct pl_session *s, uint32_t node, const struct pl_price *price)
{
    must(pl_set_price(s->device, s->price_ids[node], price) == 0, "price", s->device);
    must(pl_tick(s->device) == 0, "tick", s->device);
}

/* Judges who is due and gives budgets; notes the verdicts. */
static size_t judge_due(struct crash *c)
{
    struct pl_session *s = c->sparing;
    const uint32_t *list;
    int64_t due = pl_budget_due(s->device, &list);
    must(due >= 0, "due", s->device);
    for (int64_t i = 0; i < due; i++) {
        c->numbers[i] = list[i];
        c->due[i] = c->driver->accounts[list[i]];
    }
    struct pl_batch batch = batch_of(c);
    batch.accounts = c->due;
    batch.count = (size_t)due;
    batch.filter = PL_STATE_HEALTHY;
    must(pl_submit(s->device, &batch) == 0, "submit", s->device);
    must(take(c, s, 0) == (size_t)due, "verdicts", s->device);
    for (int64_t i = 0; i < due; i++)
        must(pl_budget_judged(s->device, c->numbers[i], &c->due[i], &c->verdicts[0][i]) == 0,
             "budget", s->device);
    return (size_t)due;
}

/* The accounts, and all prices up to the driver's tick, on all devices. */
static void catch_up(struct crash *c)
{
    const struct pl_batch batch = batch_of(c);
    struct pl_session *const all[] = { c->sparing, c->staying, c->sweeping };
    for (int d = 0; d < 3; d++) {
        for (uint32_t n = 0; n < c->driver->book->node_count; n++) {
            if (all[d]->price_ids[n] >= 0)
                must(pl_set_price(all[d]->device, all[d]->price_ids[n], &c->driver->prices[n]) == 0,
                     "price", all[d]->device);
        }
        must(pl_commit(all[d]->device, c->driver->time_us) == 0, "commit", all[d]->device);
    }
    memcpy(c->before, c->driver->prices, c->driver->book->node_count * sizeof *c->before);
    must(pl_watch(c->staying->device, &batch) == 0, "watch", c->staying->device);
    for (int d = 0; d < 3; d++)
        must(pl_tick(all[d]->device) == 0, "tick", all[d]->device);
    take_watched(c);
    c->watched_version = batch.position_version;
    for (uint32_t i = 0; i < c->count && c->forgotten_version != batch.position_version; i++)
        must(pl_budget_forget(c->sparing->device, i) == 0, "forget", c->sparing->device);
    c->forgotten_version = batch.position_version;
    size_t due = judge_due(c);
    for (size_t i = 0; i < due; i++)
        c->kept[c->numbers[i]] = c->verdicts[0][i];
}

static void spare(struct crash *c, uint32_t node)
{
    struct samples *s = &c->samples;
    struct log *log = &c->log;
    double start = clock_seconds();
    tick_on(c->sparing, node, &c->driver->prices[node]);
    size_t due = judge_due(c);
    double end = clock_seconds();
    if (s->count == s->capacity) {
        size_t capacity;
        for (int way = 0; way < WAYS; way++) {
            capacity = s->capacity;
            s->of[way] = grown(s->of[way], s->count, &capacity, sizeof **s->of);
        }
        s->due = grown(s->due, s->count, &s->capacity, sizeof *s->due);
    }
    s->of[SPARING][s->count] = end - start;
    s->due[s->count++] = (double)due;
    for (size_t i = 0; i < due; i++) {
        log->items = grown(log->items, log->count, &log->capacity, sizeof *log->items);
        log->items[log->count++] = (struct judged){ c->numbers[i], c->verdicts[0][i] };
    }
}

/* The holders of what moved; where units are new, the set is gone: everybody. */
static size_t stay(struct crash *c, uint32_t node)
{
    const struct pl_batch batch = batch_of(c);
    struct pl_verdict none;
    bool ended;
    tick_on(c->staying, node, &c->driver->prices[node]);
    if (pl_watched(c->staying->device, &none, 0, NULL, &ended) != -ENOENT)
        return take_watched(c);
    must(pl_submit(c->staying->device, &batch) == 0, "submit", c->staying->device);
    size_t n = take(c, c->staying, 0);
    must(pl_watch(c->staying->device, &batch) == 0, "watch", c->staying->device);
    return n;
}

static void compare(struct crash *c, size_t watched, size_t swept)
{
    must(watched == swept &&
             memcmp(c->verdicts[0], c->verdicts[1], swept * sizeof *c->verdicts[0]) == 0 &&
             memcmp(&c->summaries[0], &c->summaries[1], sizeof c->summaries[0]) == 0,
         "verdicts differ", NULL);
}

/* What was judged by budgets, and before, beside what was swept. */
static void compare_spared(struct crash *c, size_t from, size_t to, size_t swept_count)
{
    const struct pl_verdict *swept = c->verdicts[1], *end = swept + swept_count;
    for (size_t i = from; i < to; i++)
        c->kept[c->log.items[i].number] = c->log.items[i].verdict;
    for (uint32_t i = 0; i < c->count; i++) {
        struct pl_verdict a = c->kept[i];
        bool listed = swept < end && swept->account == a.account;
        must(listed == (a.state >= FILTER), "a change of state was missed", NULL);
        if (!listed)
            continue;
        a.tick = swept->tick;     /* figures that did not move were not judged again */
        a.serial = swept->serial; /* places in the submissions */
        a.serial_again = swept->serial_again;
        must(memcmp(&a, swept++, sizeof a) == 0, "verdicts by budgets differ", NULL);
    }
    must(swept == end, "a change of state was missed", NULL);
}

/* The other ways' turn at a symbol; `sample`: of the first one. */
static void judge_again(struct crash *c, uint32_t node, size_t sample, size_t log_from,
                        size_t log_to)
{
    const struct pl_batch batch = batch_of(c);
    struct samples *s = &c->samples;
    double start = clock_seconds();
    size_t watched = stay(c, node);
    double stayed = clock_seconds();
    tick_on(c->sweeping, node, &c->driver->prices[node]);
    double ticked = clock_seconds();
    must(pl_submit(c->sweeping->device, &batch) == 0, "submit", c->sweeping->device);
    double submitted = clock_seconds();
    size_t swept = take(c, c->sweeping, 1);
    double done = clock_seconds();
    compare(c, watched, swept);
    compare_spared(c, log_from, log_to, swept);
    s->of[STAYING][sample] = stayed - start;
    s->of[SWEEPING][sample] = done - submitted + ticked - stayed;
    s->of[SUBMITTING][sample] = done - stayed;
}

/* The symbols whose prices the driver's tick changed, `most` of them one after the other. */
static void book_tick(struct crash *c, uint32_t most)
{
    uint32_t moved = 0, used = 0;
    for (uint32_t n = 0; n < c->driver->book->node_count; n++) {
        if (c->staying->price_ids[n] >= 0 &&
            memcmp(&c->before[n], &c->driver->prices[n], sizeof c->before[n]) != 0)
            c->moved[moved++] = n;
    }
    for (uint32_t seen = 0; seen < moved && used < most; seen++) {
        if ((uint64_t)seen * most >= (uint64_t)used * moved)
            c->moved[used++] = c->moved[seen];
    }
    size_t *ends = memory(used + 1, sizeof *ends), first = c->samples.count;
    c->log.count = 0;
    for (uint32_t i = 0; i < used; i++) {
        spare(c, c->moved[i]);
        ends[i + 1] = c->log.count;
    }
    for (uint32_t i = 0; i < used; i++)
        judge_again(c, c->moved[i], first + i, ends[i], ends[i + 1]);
    free(ends);
}

static double mean(const double *list, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += list[i];
    return count == 0 ? 0 : sum / (double)count;
}

static void print(struct crash *c)
{
    static const char *const names[WAYS] = { "who is due by budget", "holders of what moved",
                                             "all judged again", "all submitted again" };
    static const char *const rows[WAYS] = { "risk budgets", "holders", "all again",
                                            "all submitted again" };
    const char *path = c->driver->book->path, *slash = strrchr(path, '/');
    struct samples *s = &c->samples;
    double means[WAYS], medians[WAYS], due = mean(s->due, s->count);
    for (int way = 0; way < WAYS; way++) {
        char row[128];
        means[way] = mean(s->of[way], s->count);
        medians[way] = rows_median(s->of[way], s->count);
        snprintf(row, sizeof row, "crash of %s | %s", slash == NULL ? path : slash + 1, rows[way]);
        rows_add("tick", row, "us", medians[way] * 1e6);
    }
    printf("%s: %zu accounts, %zu ticks of one symbol, %.0f accounts due in the median, %.1f on "
           "average\n",
           path, c->count, s->count, rows_median(s->due, s->count), due);
    for (int way = 0; way < WAYS; way++)
        printf("  %-22s %8.1f us in the median (x %.1f), %8.1f on average (x %.1f)\n", names[way],
               medians[way] * 1e6, medians[SWEEPING] / medians[way], means[way] * 1e6,
               means[SWEEPING] / means[way]);
}

static void open_book(struct crash *c, const char *book)
{
    const struct pl_options options = { .book = book, .device = "cpu:" };
    struct pl_session **const all[] = { &c->driver, &c->sparing, &c->staying, &c->sweeping };
    for (int i = 0; i < 4; i++)
        must(pl_session_open(&options, all[i]) == 0, book, NULL);
    c->count = c->driver->book->account_count;
    c->before = memory(c->driver->book->node_count, sizeof *c->before);
    c->moved = memory(c->driver->book->node_count, sizeof *c->moved);
    c->due = memory(c->count, sizeof *c->due);
    c->numbers = memory(c->count, sizeof *c->numbers);
    c->kept = memory(c->count, sizeof *c->kept);
    for (int i = 0; i < 2; i++)
        c->verdicts[i] = memory(c->count + 1, sizeof *c->verdicts[i]);
    must(pl_budget_start(c->sparing->device, (uint32_t)c->count, FILTER) == 0, "start",
         c->sparing->device);
}

static void close_book(struct crash *c)
{
    struct pl_session *const all[] = { c->driver, c->sparing, c->staying, c->sweeping };
    void *const parts[] = { c->before,    c->moved,       c->due,         c->numbers,    c->kept,
                            c->log.items, c->verdicts[0], c->verdicts[1], c->samples.due };
    for (int i = 0; i < 4; i++)
        pl_session_close(all[i]);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        free(parts[i]);
    for (int way = 0; way < WAYS; way++)
        free(c->samples.of[way]);
}

static void run(const char *book, bool each)
{
    struct crash c = { 0 };
    open_book(&c, book);
    const uint64_t ticks = c.driver->book->tick_count;
    const uint64_t step = each ? 1 : 1 + (ticks - 1) / TICKS;
    for (uint64_t tick = 1; tick + 1 <= ticks; tick += step) {
        if (c.driver->tick < tick)
            must(pl_session_seek(c.driver, tick) == 0, "tick", NULL);
        catch_up(&c);
        must(pl_session_seek(c.driver, tick + 1) == 0, "tick", NULL);
        if (c.driver->position_version == c.watched_version) /* nothing was settled */
            book_tick(&c, each ? UINT32_MAX : SYMBOLS);
    }
    print(&c);
    close_book(&c);
}

int main(int argc, char **argv)
{
    rows_start(&argc, argv);
    bool each = argc > 1 && strcmp(argv[1], "--each") == 0;
    for (int i = each ? 2 : 1; i < argc; i++)
        run(argv[i], each);
    return argc < (each ? 3 : 2);
}
