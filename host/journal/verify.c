/* The whole chain, entry by entry. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "chain.h"
#include "handle.h"
#include "words.h"

/* Actions that no acknowledgement was read of yet: numbers in order, 0 where one was. */
struct open_actions {
    uint64_t *items;
    size_t count, capacity, acknowledged;
};

struct verification {
    struct pl_journal *journal;
    uint64_t expected;
    uint8_t hash[PL_JOURNAL_HASH_BYTES]; /* of the entry before */
    const uint8_t *head;
    bool head_met;
    struct open_actions actions;
};

static void drop_acknowledged(struct open_actions *actions)
{
    size_t kept = 0;
    for (size_t i = 0; i < actions->count; i++)
        if (actions->items[i] % 2 == 0)
            actions->items[kept++] = actions->items[i];
    actions->count = kept;
    actions->acknowledged = 0;
}

/* Kept as 2 * sequence, odd once acknowledged: stays in order. */
static int add_action(struct verification *v, uint64_t sequence)
{
    struct open_actions *actions = &v->actions;
    if (actions->count == actions->capacity) {
        size_t capacity = actions->capacity == 0 ? 1024 : 2 * actions->capacity;
        uint64_t *items = realloc(actions->items, capacity * sizeof *items);
        if (items == NULL)
            return pl_journal_refuse(v->journal, -ENOMEM, "out of memory");
        actions->items = items;
        actions->capacity = capacity;
    }
    actions->items[actions->count++] = 2 * sequence;
    return 0;
}

static bool acknowledge(struct open_actions *actions, uint64_t sequence)
{
    size_t low = 0, high = actions->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (actions->items[middle] / 2 < sequence)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == actions->count || actions->items[low] != 2 * sequence)
        return false;
    actions->items[low]++;
    if (++actions->acknowledged > 1024 && actions->acknowledged > actions->count / 2)
        drop_acknowledged(actions);
    return true;
}

static int check_entry(struct verification *v, const struct pl_journal_entry *e)
{
    uint8_t hash[PL_JOURNAL_HASH_BYTES];
    if (e->sequence != v->expected)
        return pl_journal_refuse(v->journal, -EBADMSG,
                                 "entry %" PRIu64 " is missing or was altered; the next one says "
                                 "it is %" PRIu64,
                                 v->expected, e->sequence);
    pl_chain_hash(v->hash, e, hash);
    if (memcmp(hash, e->hash, sizeof hash) != 0)
        return pl_journal_refuse(
            v->journal, -EBADMSG, "entry %" PRIu64 " was altered: it does not match its hash%s",
            e->sequence, e->sequence == 1 ? ", or the journal's start value was" : "");
    memcpy(v->hash, hash, sizeof hash);
    v->head_met = v->head_met || (v->head != NULL && memcmp(hash, v->head, sizeof hash) == 0);
    v->expected++;
    if (pl_entry_is_action(e->kind))
        return add_action(v, e->sequence);
    if (e->kind == PL_ENTRY_ACKNOWLEDGED &&
        (e->payload_bytes != 8 || !acknowledge(&v->actions, pl_word_get(e->payload, 8))))
        return pl_journal_refuse(v->journal, -EBADMSG,
                                 "entry %" PRIu64 " acknowledges what is no open action",
                                 e->sequence);
    return 0;
}

static int check_entries(struct verification *v)
{
    struct pl_journal_entry entry;
    sqlite3_stmt *s = pl_journal_statement(v->journal, PL_SQL_LIST_ALL);
    int error = s != NULL ? 0 : v->journal->prepare_error, code = SQLITE_DONE;
    while (error == 0 && (code = sqlite3_step(s)) == SQLITE_ROW) {
        if (pl_journal_row(s, &entry))
            error = check_entry(v, &entry);
        else
            error = pl_journal_refuse(v->journal, -EBADMSG,
                                      "entry %" PRIu64 " was altered: a "
                                      "column is not of its type",
                                      v->expected);
    }
    if (error == 0 && code != SQLITE_DONE) {
        char text[64];
        sqlite3_snprintf(sizeof text, text, "read entry %llu", (unsigned long long)v->expected);
        error = pl_journal_refuse_sql(v->journal, code, text);
    }
    sqlite3_reset(s);
    return error;
}

static int check_end(struct verification *v)
{
    const struct pl_journal_entry *end = &v->journal->end;
    if (end->sequence >= v->expected)
        return pl_journal_refuse(v->journal, -EBADMSG,
                                 "entry %" PRIu64 " is missing: the journal should end with entry "
                                 "%" PRIu64,
                                 v->expected, end->sequence);
    if (end->sequence + 1 != v->expected || memcmp(end->hash, v->hash, sizeof v->hash) != 0)
        return pl_journal_refuse(
            v->journal, -EBADMSG,
            "the end was altered: it should be entry %" PRIu64 " with its hash", v->expected - 1);
    return 0;
}

static int check_waiting(struct verification *v)
{
    sqlite3_stmt *s = pl_journal_statement(v->journal, PL_SQL_LIST_WAITING);
    size_t at = 0;
    int error = s != NULL ? 0 : v->journal->prepare_error, code = SQLITE_DONE;
    drop_acknowledged(&v->actions);
    while (error == 0 && (code = sqlite3_step(s)) == SQLITE_ROW) {
        uint64_t sequence = (uint64_t)sqlite3_column_int64(s, 0);
        if (at == v->actions.count || v->actions.items[at++] != 2 * sequence)
            error =
                pl_journal_refuse(v->journal, -EBADMSG,
                                  "the list of waiting actions was altered at %" PRIu64, sequence);
    }
    if (error == 0 && code != SQLITE_DONE)
        error = pl_journal_refuse_sql(v->journal, code, "read waiting actions");
    if (error == 0 && at < v->actions.count)
        error = pl_journal_refuse(v->journal, -EBADMSG,
                                  "the list of waiting actions was altered: %" PRIu64 " is missing",
                                  v->actions.items[at] / 2);
    sqlite3_reset(s);
    return error;
}

/* What SQLite keeps beside the entries: pages, trees, free lists. */
static int check_file(struct pl_journal *journal)
{
    sqlite3_stmt *s = NULL;
    int code = sqlite3_prepare_v2(journal->db, "PRAGMA integrity_check(1)", -1, &s, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_step(s);
    const char *text = code == SQLITE_ROW ? (const char *)sqlite3_column_text(s, 0) : NULL;
    int error = 0;
    if (text == NULL)
        error = pl_journal_refuse_sql(journal, code, "check the file");
    else if (strcmp(text, "ok") != 0)
        error = pl_journal_refuse(journal, -EBADMSG,
                                  "every entry is intact, but the file is damaged: %s", text);
    sqlite3_finalize(s);
    return error;
}

int pl_journal_verify(struct pl_journal *journal, const uint8_t *head)
{
    struct verification v = { .journal = journal, .expected = 1, .head = head };
    if (journal->in_batch)
        return pl_journal_refuse(journal, -EINVAL, "a batch is open: commit it first");
    memcpy(v.hash, journal->start, sizeof v.hash);
    v.head_met = head == NULL || memcmp(head, journal->start, sizeof v.hash) == 0;
    int error = check_entries(&v);
    error = error != 0 ? error : check_end(&v);
    error = error != 0 ? error : check_waiting(&v);
    error = error != 0 ? error : check_file(journal);
    free(v.actions.items);
    if (error == 0 && !v.head_met)
        return pl_journal_refuse(journal, -EBADMSG,
                                 "no entry has the given hash: this is not the journal that it "
                                 "was taken from, or what it stood for was altered");
    return error;
}
