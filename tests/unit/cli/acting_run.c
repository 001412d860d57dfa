#include "acting_run.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "journal/journal.h"

struct receiver {
    struct mailbox *mailbox;
    acting_hook *hook;
    const char *journal;
};

static void receive(void *to, const struct pl_journal_entry *action, bool possibly_sent)
{
    struct receiver *r = to;
    struct mailbox *m = r->mailbox;
    struct letter *l = &m->letters[action->sequence % MAILBOX_ENTRIES];
    const bool known = l->unmarked > 0 || l->marked > 0;
    if (r->hook != NULL)
        r->hook(m->arrived, r->journal);
    if (action->payload_bytes != sizeof l->payload ||
        (known &&
         (l->kind != action->kind || memcmp(l->payload, action->payload, sizeof l->payload) != 0)))
        snprintf(m->problem, sizeof m->problem, "action %" PRIu64 " arrived, and is another now",
                 action->sequence);
    if (known && !possibly_sent)
        snprintf(m->problem, sizeof m->problem, "action %" PRIu64 " comes again, unmarked",
                 action->sequence);
    l->kind = action->kind;
    memcpy(l->payload, action->payload, sizeof l->payload);
    l->unmarked = (uint8_t)(l->unmarked + !possibly_sent);
    l->marked = (uint8_t)(l->marked + possibly_sent);
    m->arrived++;
}

static int silence(FILE *into)
{
    fflush(stderr);
    int before = dup(STDERR_FILENO);
    dup2(fileno(into), STDERR_FILENO);
    return before;
}

static void speak(int before, FILE *into, char *said, size_t size)
{
    fflush(stderr);
    dup2(before, STDERR_FILENO);
    close(before);
    rewind(into);
    said[fread(said, 1, size - 1, into)] = '\0';
    fclose(into);
}

void acting_run(const char *book, enum pl_simulated_policy policy, const char *journal,
                struct mailbox *mailbox, acting_hook *hook, struct acting_outcome *out)
{
    static struct pl_simulation s;
    struct receiver receiver = { mailbox, hook, journal };
    const struct pl_options options = {
        .book = book,
        .device = "cpu:",
        .journal = journal,
        .resume = true,
        .simulate = { .compare = PL_NOT_GIVEN, .market = { -1, -1, -1, -1 } },
    };
    FILE *into = tmpfile();
    if (into == NULL)
        abort();
    int before = silence(into);
    *out = (struct acting_outcome){ 0 };
    out->opened = pl_simulation_open(&s, &options, policy) == PL_EXIT_OK;
    s.acting.receive = receive;
    s.acting.receiver = &receiver;
    if (out->opened)
        out->completed =
            pl_simulation_run(&s) == 0 && s.session->tick == s.session->book->tick_count;
    out->withheld = out->opened && !pl_acting_may(&s.acting);
    out->sent = s.acting.sent;
    out->repeated = s.acting.repeated;
    out->actions_withheld = s.acting.withheld;
    pl_simulation_close(&s);
    speak(before, into, out->said, sizeof out->said);
}

void acting_read(const char *path, struct acting_journal *out)
{
    struct pl_journal *journal;
    struct pl_journal_entry entry;
    int got = 0;
    *out = (struct acting_journal){ 0 };
    if (pl_journal_open(path, PL_JOURNAL_READ, &journal, out->problem) != 0)
        return;
    const size_t most = pl_journal_end(journal)->sequence;
    out->entries = calloc(most + 1, sizeof *out->entries);
    out->waiting = pl_journal_waiting(journal);
    if (out->entries == NULL)
        abort();
    if (pl_journal_verify(journal, NULL) != 0 || pl_journal_list(journal, &pl_journal_all) != 0)
        snprintf(out->problem, sizeof out->problem, "%s", pl_journal_message(journal));
    while (out->problem[0] == '\0' && out->count < most &&
           (got = pl_journal_next(journal, &entry)) == 1) {
        struct acting_entry *e = &out->entries[out->count++];
        e->entry = entry;
        e->payload = malloc(entry.payload_bytes + 1);
        if (e->payload == NULL)
            abort();
        if (entry.payload_bytes > 0)
            memcpy(e->payload, entry.payload, entry.payload_bytes);
    }
    pl_journal_close(journal);
}

void acting_forget(struct acting_journal *journal)
{
    for (size_t i = 0; i < journal->count; i++)
        free(journal->entries[i].payload);
    free(journal->entries);
    *journal = (struct acting_journal){ 0 };
}

static bool same_entry(const struct acting_entry *a, const struct acting_entry *b)
{
    return a->entry.sequence == b->entry.sequence && a->entry.batch == b->entry.batch &&
           a->entry.time_us == b->entry.time_us && a->entry.kind == b->entry.kind &&
           a->entry.account == b->entry.account &&
           a->entry.payload_bytes == b->entry.payload_bytes &&
           memcmp(a->payload, b->payload, a->entry.payload_bytes) == 0;
}

bool acting_same(const struct acting_journal *wanted, const struct acting_journal *got,
                 const struct mailbox *mailbox, char problem[256])
{
    snprintf(problem, 256, "%.250s", got->problem[0] != '\0' ? got->problem : mailbox->problem);
    if (problem[0] != '\0')
        return false;
    for (size_t i = 0; i < got->count && i < wanted->count; i++) {
        const struct acting_entry *e = &got->entries[i];
        const struct letter *l = &mailbox->letters[e->entry.sequence % MAILBOX_ENTRIES];
        if (!same_entry(e, &wanted->entries[i])) {
            snprintf(problem, 256, "entry %zu is not that of an undisturbed run", i + 1);
            return false;
        }
        if (!pl_entry_is_action(e->entry.kind))
            continue;
        if (l->unmarked + l->marked == 0 || l->unmarked > 1 || l->kind != e->entry.kind ||
            memcmp(l->payload, e->payload, sizeof l->payload) != 0) {
            snprintf(problem, 256, "action %zu arrived %d times unmarked and %d times marked",
                     i + 1, l->unmarked, l->marked);
            return false;
        }
    }
    if (got->count != wanted->count || got->waiting != 0) {
        snprintf(problem, 256, "%zu entries, not %zu; %" PRId64 " actions wait", got->count,
                 wanted->count, got->waiting);
        return false;
    }
    return true;
}
