/* Batches: one transaction each. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "chain.h"
#include "handle.h"
#include "words.h"

/* What cannot be written stops everything that acts. */
static int stop(struct pl_journal *journal, int error)
{
    journal->failed = error;
    if (journal->in_batch) {
        sqlite3_exec(journal->db, "ROLLBACK", NULL, NULL, NULL);
        journal->in_batch = false;
        journal->losses++;
    }
    return error;
}

static int check_usable(struct pl_journal *journal)
{
    if (!journal->writes)
        return pl_journal_refuse(journal, -EROFS, "it is open for reading only");
    return journal->failed; /* the message is still that of the failure */
}

static int check_batch(struct pl_journal *journal)
{
    int error = check_usable(journal);
    if (error == 0 && !journal->in_batch)
        return pl_journal_refuse(journal, -EINVAL, "no batch is open: begin one");
    return error;
}

static int begin(struct pl_journal *journal)
{
    int error = pl_journal_check_seen(journal);
    if (error != 0)
        return error;
    /* a reading that goes on keeps SQLite from emptying its log */
    sqlite3_reset(journal->statements[PL_SQL_NEXT_ACTION]);
    sqlite3_stmt *s = pl_journal_statement(journal, PL_SQL_BEGIN);
    return s != NULL ? pl_journal_run(journal, s, "begin a batch") : journal->prepare_error;
}

int pl_journal_begin(struct pl_journal *journal, int64_t time_us)
{
    int error = check_usable(journal);
    if (error != 0)
        return error;
    if (journal->in_batch)
        return pl_journal_refuse(journal, -EINVAL, "a batch is open already");
    const struct pl_journal_entry *before = journal->following ? &journal->followed : &journal->end;
    if (time_us < before->time_us)
        return pl_journal_refuse(journal, -EINVAL,
                                 "time goes back: %" PRId64 " us after %" PRId64 " us", time_us,
                                 before->time_us);
    error = journal->following ? pl_journal_follow_begin(journal) : begin(journal);
    if (error != 0)
        return stop(journal, error);
    journal->in_batch = true;
    journal->last = *before;
    journal->last.batch = before->batch + 1;
    journal->last.time_us = time_us;
    return 0;
}

bool pl_journal_is_open(const struct pl_journal *journal)
{
    return journal->in_batch;
}

static int insert(struct pl_journal *journal, const struct pl_journal_entry *e)
{
    sqlite3_stmt *s = pl_journal_statement(journal, PL_SQL_INSERT);
    if (s == NULL)
        return journal->prepare_error;
    int code = sqlite3_bind_int64(s, 1, (sqlite3_int64)e->sequence);
    code = code != 0 ? code : sqlite3_bind_int64(s, 2, (sqlite3_int64)e->batch);
    code = code != 0 ? code : sqlite3_bind_int64(s, 3, e->time_us);
    code = code != 0 ? code : sqlite3_bind_int64(s, 4, e->kind);
    code = code != 0 ? code : sqlite3_bind_int64(s, 5, e->account);
    code = code != 0 ? code
                     : sqlite3_bind_blob64(s, 6, e->payload_bytes > 0 ? e->payload : e->hash,
                                           e->payload_bytes, SQLITE_STATIC);
    code = code != 0 ? code : sqlite3_bind_blob(s, 7, e->hash, sizeof e->hash, SQLITE_STATIC);
    return code == 0 ? pl_journal_run(journal, s, "append")
                     : pl_journal_refuse_sql(journal, code, "append");
}

/* An action joins those that wait, or leaves them. */
static int change_waiting(struct pl_journal *journal, enum pl_statement how, uint64_t sequence)
{
    sqlite3_stmt *s = pl_journal_statement(journal, how);
    if (s == NULL)
        return journal->prepare_error;
    int code = sqlite3_bind_int64(s, 1, (sqlite3_int64)sequence);
    return code == SQLITE_OK ? pl_journal_run(journal, s, "append")
                             : pl_journal_refuse_sql(journal, code, "append");
}

static int append(struct pl_journal *journal, uint32_t kind, uint32_t account, const void *payload,
                  size_t bytes)
{
    struct pl_journal_entry entry = { .sequence = journal->last.sequence + 1,
                                      .batch = journal->last.batch,
                                      .time_us = journal->last.time_us,
                                      .kind = kind,
                                      .account = account,
                                      .payload = payload,
                                      .payload_bytes = bytes };
    int error;
    if (journal->following) {
        error = pl_journal_follow_entry(journal, &entry);
    } else {
        pl_chain_hash(journal->last.hash, &entry, entry.hash);
        error = insert(journal, &entry);
        if (error == 0 && pl_entry_is_action(kind))
            error = change_waiting(journal, PL_SQL_WAIT, entry.sequence);
    }
    if (error != 0)
        return stop(journal, error);
    entry.payload = NULL;
    entry.payload_bytes = 0;
    journal->last = entry;
    return 0;
}

int pl_journal_append(struct pl_journal *journal, uint32_t kind, uint32_t account,
                      const void *payload, size_t bytes, uint64_t *sequence)
{
    bool action = pl_entry_is_action(kind);
    size_t most = action ? PL_JOURNAL_ACTION_BYTES_MAX : PL_JOURNAL_PAYLOAD_BYTES_MAX;
    int error = check_batch(journal);
    if (error != 0)
        return error;
    if (!action && kind != PL_ENTRY_VERDICT && (kind < PL_ENTRY_LOAD || kind > PL_ENTRY_INPUT_LAST))
        return pl_journal_refuse(journal, -EINVAL, "no entry of kind %" PRIu32 " is appended",
                                 kind);
    if (bytes > most)
        return pl_journal_refuse(journal, -EFBIG,
                                 "an entry \"%s\" of %zu bytes, at most %zu: make the batch of "
                                 "accounts smaller",
                                 pl_entry_kind_name(kind), bytes, most);
    error = append(journal, kind, account, payload, bytes);
    if (error == 0 && sequence != NULL)
        *sequence = journal->last.sequence;
    return error;
}

int pl_journal_acknowledge(struct pl_journal *journal, uint64_t sequence)
{
    uint8_t payload[8];
    int error = check_batch(journal);
    if (error != 0)
        return error;
    if (sequence > journal->end.sequence)
        return pl_journal_refuse(journal, -ENOENT, "entry %" PRIu64 " is not durable yet",
                                 sequence);
    if (!journal->following) {
        error = change_waiting(journal, PL_SQL_ARRIVED, sequence);
        if (error != 0)
            return stop(journal, error);
        if (sqlite3_changes(journal->db) == 0)
            return pl_journal_refuse(journal, -ENOENT, "entry %" PRIu64 " is no action that waits",
                                     sequence);
    }
    pl_word_put(payload, sizeof payload, sequence);
    return append(journal, PL_ENTRY_ACKNOWLEDGED, PL_JOURNAL_NO_ACCOUNT, payload, sizeof payload);
}

int pl_journal_give_up(struct pl_journal *journal)
{
    int error = check_batch(journal);
    if (error != 0)
        return error;
    if (!journal->following) {
        sqlite3_stmt *s = pl_journal_statement(journal, PL_SQL_ROLLBACK);
        error = s != NULL ? pl_journal_run(journal, s, "give a batch up") : journal->prepare_error;
    }
    if (error != 0)
        return stop(journal, error);
    journal->in_batch = false;
    journal->losses++;
    return 0;
}

int pl_journal_commit(struct pl_journal *journal)
{
    int error = check_batch(journal);
    if (error != 0)
        return error;
    if (journal->following) {
        pl_journal_follow_commit(journal);
        journal->in_batch = false;
        return 0;
    }
    sqlite3_stmt *s = pl_journal_statement(journal, PL_SQL_SET_END);
    int code = s != NULL ? sqlite3_bind_int64(s, 1, (sqlite3_int64)journal->last.sequence) : 0;
    if (s != NULL && code == SQLITE_OK)
        code =
            sqlite3_bind_blob(s, 2, journal->last.hash, sizeof journal->last.hash, SQLITE_STATIC);
    if (s == NULL || code != SQLITE_OK)
        return stop(journal, s == NULL ? journal->prepare_error
                                       : pl_journal_refuse_sql(journal, code, "commit"));
    bool anything = journal->last.sequence > journal->end.sequence;
    error = anything ? pl_journal_run(journal, s, "commit") : 0;
    s = error == 0 ? pl_journal_statement(journal, anything ? PL_SQL_COMMIT : PL_SQL_ROLLBACK)
                   : NULL;
    if (error == 0)
        error = s != NULL ? pl_journal_run(journal, s, "commit") : journal->prepare_error;
    if (error != 0)
        return stop(journal, error);
    journal->in_batch = false;
    if (anything)
        journal->end = journal->last;
    pl_journal_remember(journal);
    return 0;
}
