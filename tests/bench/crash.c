/* The shipped crashes, price by price: what a tick of one symbol costs when all accounts stay in
 * cpu: and the holders of what moved are judged, beside the same tick with every account submitted
 * and judged again. Every verdict of both is compared. Prints medians of processor time, the least,
 * and the ratio of the medians. At most SYMBOLS symbols of a book's tick, evenly chosen.
 *
 *   crash [--rows] BOOK... */
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
#define SAMPLES (SYMBOLS * TICKS)

/* The book moves on in `driver`; its prices go to two devices. */
struct crash {
    struct pl_session *driver, *staying, *sweeping;
    size_t count; /* accounts */
    uint64_t watched_version;
    struct pl_price *before; /* by node */
    struct pl_verdict *verdicts[2];
    struct pl_tick_summary summaries[2];
    double stays[SAMPLES], judges[SAMPLES], submits[SAMPLES];
    size_t samples;
};

static void must(bool good, const char *what, const struct pl *pl)
{
    if (good)
        return;
    fprintf(stderr, "crash: %s: %s\n", what, pl != NULL ? pl_message(pl) : "");
    exit(1);
}

static struct pl_batch batch_of(const struct crash *c)
{
    return (struct pl_batch){ .accounts = c->driver->accounts,
                              .count = c->count,
                              .position_version = c->driver->position_version,
                              .filter = PL_STATE_MARGIN_CALL };
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

static size_t take_swept(struct crash *c)
{
    struct pl *pl = c->sweeping->device;
    size_t n = 0;
    int got;
    while ((got = pl_poll(pl, c->verdicts[1] + n, c->count + 1 - n, &c->summaries[1])) > 0)
        n += (size_t)got;
    must(got == 0, "poll", pl);
    return n;
}

static void compare(struct crash *c, size_t watched, size_t swept)
{
    must(watched == swept &&
             memcmp(c->verdicts[0], c->verdicts[1], swept * sizeof *c->verdicts[0]) == 0 &&
             memcmp(&c->summaries[0], &c->summaries[1], sizeof c->summaries[0]) == 0,
         "verdicts differ", NULL);
}

/* Evaluations of earlier ticks. */
static void drop_watched(struct crash *c)
{
    bool ended = true;
    int got = 1;
    while (got > 0 || (got == 0 && ended))
        got = pl_watched(c->staying->device, c->verdicts[0], c->count + 1, NULL, &ended);
}

/* The accounts, and all prices up to the driver's tick, on both devices. */
static void catch_up(struct crash *c)
{
    const struct pl_batch batch = batch_of(c);
    struct pl_session *const both[] = { c->staying, c->sweeping };
    for (int d = 0; d < 2; d++) {
        for (uint32_t n = 0; n < c->driver->book->node_count; n++) {
            if (both[d]->price_ids[n] >= 0)
                must(pl_set_price(both[d]->device, both[d]->price_ids[n], &c->driver->prices[n]) ==
                         0,
                     "price", both[d]->device);
        }
        must(pl_commit(both[d]->device, c->driver->time_us) == 0, "commit", both[d]->device);
    }
    drop_watched(c);
    memcpy(c->before, c->driver->prices, c->driver->book->node_count * sizeof *c->before);
    must(pl_watch(c->staying->device, &batch) == 0, "watch", c->staying->device);
    c->watched_version = batch.position_version;
}

static void tick_on(struct pl_session *s, uint32_t node, const struct pl_price *price)
{
    must(pl_set_price(s->device, s->price_ids[node], price) == 0, "price", s->device);
    must(pl_tick(s->device) == 0, "tick", s->device);
}

/* False: the units changed, and with them the set is gone. */
static bool symbol_tick(struct crash *c, uint32_t node)
{
    const struct pl_batch batch = batch_of(c);
    const struct pl_price *price = &c->driver->prices[node];
    struct pl_verdict none;
    bool ended;
    double start = clock_seconds();
    tick_on(c->staying, node, price);
    bool stays = pl_watched(c->staying->device, &none, 0, NULL, &ended) != -ENOENT;
    size_t watched = stays ? take_watched(c) : 0;
    double stayed = clock_seconds();
    tick_on(c->sweeping, node, price);
    double ticked = clock_seconds();
    must(pl_submit(c->sweeping->device, &batch) == 0, "submit", c->sweeping->device);
    double submitted = clock_seconds();
    size_t swept = take_swept(c);
    double done = clock_seconds();
    if (!stays)
        return false;
    compare(c, watched, swept);
    c->stays[c->samples] = stayed - start;
    c->judges[c->samples] = done - submitted + ticked - stayed;
    c->submits[c->samples++] = done - stayed;
    c->before[node] = *price;
    return true;
}

/* The symbols whose prices the driver's tick changed, a few of them one after the other. */
static void book_tick(struct crash *c)
{
    const uint32_t nodes = c->driver->book->node_count;
    uint32_t moved = 0, seen = 0, done = 0;
    for (uint32_t n = 0; n < nodes; n++)
        moved += c->staying->price_ids[n] >= 0 &&
                 memcmp(&c->before[n], &c->driver->prices[n], sizeof c->before[n]) != 0;
    for (uint32_t n = 0; n < nodes && done < SYMBOLS && c->samples < SAMPLES; n++) {
        if (c->staying->price_ids[n] < 0 ||
            memcmp(&c->before[n], &c->driver->prices[n], sizeof c->before[n]) == 0)
            continue;
        if ((uint64_t)seen++ * SYMBOLS < (uint64_t)done * moved)
            continue;
        done++;
        if (!symbol_tick(c, n))
            return;
    }
}

static void add_row(const char *book, const char *what, double seconds)
{
    const char *name = strrchr(book, '/');
    char row[128];
    snprintf(row, sizeof row, "crash of %s | %s", name == NULL ? book : name + 1, what);
    rows_add("tick", row, "us", seconds * 1e6);
}

static void run(const char *book)
{
    static struct crash c;
    const struct pl_options options = { .book = book, .device = "cpu:" };
    memset(&c, 0, sizeof c);
    must(pl_session_open(&options, &c.driver) == 0 && pl_session_open(&options, &c.staying) == 0 &&
             pl_session_open(&options, &c.sweeping) == 0,
         book, NULL);
    c.count = c.driver->book->account_count;
    c.before = calloc(c.driver->book->node_count, sizeof *c.before);
    for (int i = 0; i < 2; i++)
        c.verdicts[i] = calloc(c.count + 1, sizeof *c.verdicts[i]);
    must(c.before != NULL && c.verdicts[0] != NULL && c.verdicts[1] != NULL, "memory", NULL);
    const uint64_t ticks = c.driver->book->tick_count, step = 1 + (ticks - 1) / TICKS;
    for (uint64_t tick = 1; tick + 1 <= ticks; tick += step) {
        must(pl_session_seek(c.driver, tick) == 0, "tick", NULL);
        catch_up(&c);
        if (tick + step <= ticks) {
            must(pl_session_seek(c.driver, tick + 1) == 0, "tick", NULL);
            if (c.driver->position_version == c.watched_version) /* nothing was settled */
                book_tick(&c);
        }
    }
    double stays = rows_median(c.stays, c.samples), judges = rows_median(c.judges, c.samples);
    double submits = rows_median(c.submits, c.samples);
    printf("%s: %zu accounts, %zu ticks of one symbol\n", book, c.count, c.samples);
    printf("  holders of what moved   %9.1f us in the median, %.1f the least\n", stays * 1e6,
           c.stays[0] * 1e6);
    printf("  all judged again        %9.1f us (x %.1f), with their submission %.1f us (x %.1f)\n",
           judges * 1e6, judges / stays, submits * 1e6, submits / stays);
    add_row(book, "holders", stays);
    add_row(book, "all again", judges);
    add_row(book, "all submitted again", submits);
    free(c.before);
    for (int i = 0; i < 2; i++)
        free(c.verdicts[i]);
    pl_session_close(c.driver);
    pl_session_close(c.staying);
    pl_session_close(c.sweeping);
}

int main(int argc, char **argv)
{
    rows_start(&argc, argv);
    for (int i = 1; i < argc; i++)
        run(argv[i]);
    return argc < 2;
}
