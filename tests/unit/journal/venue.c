#include "venue.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "journal/handle.h"
#include "journal/words.h"

static uint64_t draw(struct venue *v, uint64_t limit)
{
    uint64_t z = v->random += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return (z ^ z >> 31) % limit;
}

__attribute__((format(printf, 2, 3))) static void problem(struct venue *v, const char *format, ...)
{
    va_list arguments;
    if (v->problem[0] != '\0')
        return;
    va_start(arguments, format);
    vsnprintf(v->problem, sizeof v->problem, format, arguments);
    va_end(arguments);
}

/* What was sent is in the journal, and what a commit promised. */
static void check(struct venue *v, struct pl_journal *journal)
{
    struct pl_journal_entry entry;
    uint64_t seen = 0;
    if (pl_journal_verify(journal, NULL) != 0)
        problem(v, "not intact: %.200s", pl_journal_message(journal));
    if (pl_journal_end(journal)->sequence < v->durable)
        problem(v, "entry %" PRIu64 " was committed, and the end is %" PRIu64, v->durable,
                pl_journal_end(journal)->sequence);
    pl_journal_list(journal, &pl_journal_all);
    while (pl_journal_next(journal, &entry) == 1) {
        const struct venue_action *a = &v->actions[entry.sequence];
        if (a->content != 0 &&
            (!pl_entry_is_action(entry.kind) || pl_word_get(entry.payload, 8) != a->content))
            problem(v, "action %" PRIu64 " was sent, and is another now", entry.sequence);
        seen = entry.sequence;
    }
    for (uint64_t i = seen + 1; i < VENUE_ENTRIES; i++)
        if (v->actions[i].content != 0)
            problem(v, "action %" PRIu64 " was sent, and is lost", i);
}

static int send_all(struct venue *v, struct pl_journal *journal, uint64_t most)
{
    struct pl_journal_entry action;
    bool possibly_sent;
    int got = 1;
    while (most-- > 0 && (got = pl_journal_next_action(journal, &action, &possibly_sent)) == 1) {
        struct venue_action *a = &v->actions[action.sequence];
        if (action.sequence > v->durable)
            problem(v, "action %" PRIu64 " is handed out before its commit", action.sequence);
        if (a->acknowledged)
            problem(v, "action %" PRIu64 " was acknowledged, and comes again", action.sequence);
        if (!possibly_sent && (a->content != 0 || ++a->times_new > 1))
            problem(v, "action %" PRIu64 " was sent, and comes unmarked", action.sequence);
        v->repeated += possibly_sent;
        a->content = pl_word_get(action.payload, 8);
    }
    return got < 0 ? got : 0;
}

static int append_some(struct venue *v, struct pl_journal *journal)
{
    uint8_t payload[600] = { 0 };
    int error = 0;
    for (uint64_t n = draw(v, 6); n > 0 && error == 0; n--) {
        uint32_t kind = draw(v, 2) == 0   ? PL_ENTRY_ACTION + (uint32_t)draw(v, 3)
                        : draw(v, 2) == 0 ? PL_ENTRY_VERDICT
                                          : PL_ENTRY_COMMIT;
        size_t bytes = 8 + (size_t)draw(v, draw(v, 8) == 0 ? 592 : 40);
        pl_word_put(payload, 8, draw(v, UINT64_MAX) | 1);
        error = pl_journal_append(journal, kind, (uint32_t)draw(v, 9), payload, bytes, NULL);
    }
    return error;
}

static int acknowledge_some(struct venue *v, struct pl_journal *journal, bool all)
{
    int error = 0;
    for (uint64_t i = 1; i <= pl_journal_end(journal)->sequence && error == 0; i++) {
        struct venue_action *a = &v->actions[i];
        if (a->content == 0 || a->acknowledged || (!all && draw(v, 3) == 0))
            continue;
        error = pl_journal_acknowledge(journal, i);
        a->acknowledging = true;
        if (error == -ENOENT) { /* the batch in doubt that acknowledged it before was found */
            a->acknowledged = true;
            error = 0;
        }
    }
    return error;
}

/* What a commit made of acknowledgements. */
static void settle_acknowledgements(struct venue *v, bool durable)
{
    for (uint64_t i = 0; i < VENUE_ENTRIES; i++) {
        v->actions[i].acknowledged |= v->actions[i].acknowledging && durable;
        v->actions[i].acknowledging = false;
    }
}

static int work(struct venue *v, struct pl_journal *journal)
{
    const struct pl_journal_entry *end = pl_journal_end(journal);
    int error = pl_journal_begin(journal, end->sequence == 0 ? 1 : end->time_us + (int)draw(v, 2));
    error = error != 0 ? error : append_some(v, journal);
    error = error != 0 ? error : acknowledge_some(v, journal, false);
    if (error == 0 && draw(v, 10) == 0) {
        settle_acknowledgements(v, false);
        return pl_journal_give_up(journal);
    }
    bool reached = error == 0;
    error = error != 0 ? error : pl_journal_commit(journal);
    settle_acknowledgements(v, error == 0);
    v->batches_in_doubt += reached && error != 0;
    if (error == 0)
        v->durable = end->sequence;
    return error != 0 ? error : send_all(v, journal, draw(v, 8));
}

static void must_refuse_now(struct venue *v, struct pl_journal *journal, int error)
{
    struct pl_journal_entry action;
    bool possibly_sent;
    if (pl_journal_begin(journal, INT64_MAX) != error ||
        pl_journal_next_action(journal, &action, &possibly_sent) != error ||
        pl_journal_message(journal)[0] == '\0')
        problem(v, "after an error (%d) the journal goes on", error);
}

int venue_live(struct venue *v, const char *path, int batches)
{
    struct pl_journal *journal;
    char message[PL_JOURNAL_MESSAGE_BYTES];
    int error = pl_journal_open(path, PL_JOURNAL_WRITE, &journal, message);
    v->lives++;
    settle_acknowledgements(v, false); /* of a life that was killed */
    if (error != 0) {
        v->crashes++;
        if (error == -EBADMSG)
            problem(v, "does not open: %.200s", message);
        return error;
    }
    if (draw(v, 2) == 0) /* also in the middle of the work */
        sqlite3_wal_autocheckpoint(journal->db, 1 + (int)draw(v, 20));
    check(v, journal);
    if (pl_journal_end(journal)->sequence > v->durable)
        v->found++;
    v->durable = pl_journal_end(journal)->sequence;
    for (int i = 0; i < batches && error == 0 && v->durable + 32 < VENUE_ENTRIES; i++)
        error = work(v, journal);
    if (error != 0) {
        v->crashes++;
        must_refuse_now(v, journal, error);
    }
    pl_journal_close(journal);
    return error;
}

void venue_settle(struct venue *v, const char *path)
{
    struct pl_journal *journal;
    char message[PL_JOURNAL_MESSAGE_BYTES];
    if (pl_journal_open(path, PL_JOURNAL_WRITE, &journal, message) != 0) {
        problem(v, "does not open: %.200s", message);
        return;
    }
    check(v, journal);
    v->durable = pl_journal_end(journal)->sequence;
    int64_t waiting = pl_journal_waiting(journal);
    if (send_all(v, journal, UINT64_MAX) != 0 || pl_journal_begin(journal, INT64_MAX) != 0 ||
        acknowledge_some(v, journal, true) != 0 || pl_journal_commit(journal) != 0)
        problem(v, "does not settle: %.200s", pl_journal_message(journal));
    settle_acknowledgements(v, true);
    if (pl_journal_waiting(journal) != 0)
        problem(v, "actions still wait after %" PRId64 " were sent", waiting);
    pl_journal_close(journal);
}
