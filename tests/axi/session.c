/* A random book as the host stages it, and what model: says of it, for a test that has no host:
 * writes FILE, in order, as chunks of a name (8 bytes), a length (u64) and so many bytes:
 * LOAD, TICK, COMMIT           the records of one call (COMMIT: one pl_tick_commit)
 * STREAM                       slots of a sweep, END included
 * VERDICTS, RECORDS, SUMMARY   the answer to it: every account, records per underlying, summary
 * ROWS                         pl_row and pl_quote of every instrument
 * With `watched`, a session of the window and the watched set, which has no ROWS, but
 * WATCH                        slots of the set, END included
 * POST                         a tick of the window: a line with its number (u64), then its records
 * JUDGED                       nothing: VERDICTS and SUMMARY of the watched set follow
 * Usage: session SEED FILE [watched]. Profile small. */
#include "../unit/support/plain_book.h"

#include "stage/pl.h"

#define TICKS 2
#define ACCOUNTS 24
/* Evaluations of a watched session; from POSTS / 2 on only ticks of the window. */
#define POSTS 36
#define SWEEP_EVERY 9

static struct book book;
static struct book_account accounts[ACCOUNTS];
static FILE *file;

static void chunk(const char *name, const void *data, size_t bytes)
{
    char tag[8] = { 0 };
    uint64_t length = bytes;
    memcpy(tag, name, strlen(name));
    assert_int_equal(fwrite(tag, sizeof tag, 1, file), 1);
    assert_int_equal(fwrite(&length, sizeof length, 1, file), 1);
    assert_int_equal(fwrite(data, 1, bytes, file), bytes);
}

/* model:, with what passes through it written down. */
static int record_load(struct pl_dev *dev, const struct pl_line *records, size_t count,
                       uint64_t *detail)
{
    chunk("LOAD", records, count * sizeof *records);
    return pl_dev_model_ops.load(dev, records, count, detail);
}

static int record_tick(struct pl_dev *dev, const struct pl_line *records, size_t count)
{
    for (size_t done = 0; done < count;) {
        size_t n = 0;
        while (done + n < count && records[done + n].bytes[0] != PL_RECORD_TICK_COMMIT)
            n++;
        if (n > 0)
            chunk("TICK", records + done, n * sizeof *records);
        done += n;
        if (done < count)
            chunk("COMMIT", records + done++, sizeof *records);
    }
    return pl_dev_model_ops.tick(dev, records, count);
}

static int record_sweep(struct pl_dev *dev, const uint64_t *slots, size_t count, uint8_t filter,
                        bool per_underlying)
{
    chunk("STREAM", slots, count * sizeof *slots);
    return pl_dev_model_ops.sweep(dev, slots, count, filter, per_underlying);
}

static int record_watch(struct pl_dev *dev, const uint64_t *slots, size_t count, uint8_t filter)
{
    chunk("WATCH", slots, count * sizeof *slots);
    return pl_dev_model_ops.watch(dev, slots, count, filter);
}

static int record_post(struct pl_dev *dev, const struct pl_line *records, size_t count,
                       uint64_t tick)
{
    struct pl_line post[PL_WINDOW_LINES + 1] = { 0 };
    assert_in_range(count, 1, PL_WINDOW_LINES);
    memcpy(post[0].bytes, &tick, sizeof tick);
    memcpy(post + 1, records, count * sizeof *records);
    chunk("POST", post, (count + 1) * sizeof *post);
    return pl_dev_model_ops.post(dev, records, count, tick);
}

static void sweep(struct pl *pl)
{
    struct pl_account list[ACCOUNTS];
    struct pl_verdict verdicts[ACCOUNTS];
    struct pl_tick_summary summary;
    const struct pl_underlying_verdict *records;
    for (int i = 0; i < ACCOUNTS; i++) {
        book_account(&book, &accounts[i], (uint8_t)random_within(&book.random, 1, 3), true);
        list[i] = accounts[i].account;
    }
    struct pl_batch batch = { .accounts = list,
                              .count = random_below(&book.random, ACCOUNTS) + 1,
                              .position_version = random_u64(&book.random),
                              .filter = PL_STATE_HEALTHY,
                              .per_underlying = true };
    if (pl_submit(pl, &batch) != 0)
        fail_msg("submit: %s", pl_message(pl));
    int count = pl_poll(pl, verdicts, ACCOUNTS, &summary);
    assert_int_equal(count, batch.count);
    chunk("VERDICTS", verdicts, (size_t)count * sizeof *verdicts);
    int64_t n = pl_poll_underlyings(pl, &records);
    chunk("RECORDS", records, (size_t)n * sizeof *records);
    assert_int_equal(pl_poll(pl, verdicts, 1, &summary), 0);
    chunk("SUMMARY", &summary, sizeof summary);
}

static void read_rows(struct pl *pl)
{
    static struct {
        struct pl_row row;
        struct pl_quote quote;
    } rows[BOOK_INSTRUMENTS * 4];
    size_t count = pl->stage.row_count;
    assert_true(count <= sizeof rows / sizeof rows[0]);
    memset(rows, 0, sizeof rows);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(pl->ops->read_row(pl->dev, (uint32_t)i, &rows[i].row, &rows[i].quote), 0);
    chunk("ROWS", rows, count * sizeof rows[0]);
}

static void whole_session(struct pl *pl)
{
    for (int tick = 0; tick < TICKS; tick++) {
        book_commit(&book, pl);
        sweep(pl);
        read_rows(pl);
        for (uint32_t n = 1; n < book.node_count; n++) {
            if (random_once_in(&book.random, 3))
                continue;
            book_move(&book, n, book.nodes[n].price * random_real(&book.random, 0.9, 1.1), 6);
            book_set_node(&book, pl, n);
        }
        book.now_us += random_within(&book.random, 0, 3600000000);
    }
}

static void watch(struct pl *pl)
{
    struct pl_account list[ACCOUNTS];
    struct pl_batch batch = { .accounts = list,
                              .count = random_below(&book.random, ACCOUNTS) + 1,
                              .filter = PL_STATE_HEALTHY };
    for (size_t i = 0; i < batch.count; i++) {
        book_account(&book, &accounts[i], (uint8_t)random_within(&book.random, 1, 3), true);
        list[i] = accounts[i].account;
    }
    if (pl_watch(pl, &batch) != 0)
        fail_msg("watch: %s", pl_message(pl));
}

/* Small moves: the units of prices stay, and with them the tables. */
static void move(struct pl *pl, bool many)
{
    uint64_t share = many ? 4 : random_once_in(&book.random, 4) ? 2 : 20;
    bool moved = false;
    for (uint32_t n = 1; n < book.node_count; n++) {
        struct pl_price *p = &book.nodes[n].words;
        if (!random_once_in(&book.random, share) && (moved || n + 1 < book.node_count))
            continue;
        if (p->has_price && p->price.mantissa > 1000)
            p->price.mantissa += (int64_t)random_within(&book.random, 1, 100);
        if (p->has_vol)
            p->vol.mantissa += (int64_t)random_within(&book.random, 1, 100);
        book_set_node(&book, pl, n);
        moved = true;
    }
}

static void judged(struct pl *pl)
{
    struct pl_verdict verdicts[ACCOUNTS];
    struct pl_tick_summary summary;
    bool ended = false;
    int count = pl_watched(pl, verdicts, ACCOUNTS, &summary, &ended);
    assert_true(count > 0 && ended);
    chunk("JUDGED", "", 0);
    chunk("VERDICTS", verdicts, (size_t)count * sizeof *verdicts);
    chunk("SUMMARY", &summary, sizeof summary);
}

static void watched_session(struct pl *pl)
{
    book_commit(&book, pl);
    watch(pl);
    for (int post = 0; post < POSTS; post++) {
        bool many = post >= POSTS / 2, commits = !many && random_once_in(&book.random, 6);
        move(pl, many);
        book.now_us += commits ? 1000000 : 0;
        int error = commits ? pl_commit(pl, book.now_us) : pl_tick(pl);
        if (error != 0)
            fail_msg("tick: %s", pl_message(pl));
        judged(pl);
        if (post % SWEEP_EVERY == SWEEP_EVERY - 1)
            sweep(pl);
    }
}

int main(int argc, char **argv)
{
    struct pl *pl;
    bool watched = argc == 4 && strcmp(argv[3], "watched") == 0;
    if (argc != 3 && !watched) {
        fprintf(stderr, "usage: session SEED FILE [watched]\n");
        return 2;
    }
    file = fopen(argv[2], "wb");
    assert_non_null(file);
    assert_int_equal(pl_open("model:profile=small", &pl, NULL), 0);
    struct pl_dev_ops recorder = pl_dev_model_ops;
    recorder.load = record_load;
    recorder.tick = record_tick;
    recorder.sweep = record_sweep;
    recorder.watch = record_watch;
    recorder.post = record_post;
    pl->ops = &recorder;
    book_make(&book, strtoull(argv[1], NULL, 0), PL_SCENARIOS_MAX_SMALL);
    book_load(&book, pl);
    for (uint32_t n = 0; n < book.node_count; n++)
        book_set_node(&book, pl, n);
    if (watched)
        watched_session(pl);
    else
        whole_session(pl);
    pl_close(pl);
    book_close(&book);
    return fclose(file);
}
