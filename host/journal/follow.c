/* What is appended again is compared with what is there. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "handle.h"

int pl_journal_follow(struct pl_journal *journal)
{
    if (!journal->writes || journal->in_batch)
        return pl_journal_refuse(journal, -EINVAL,
                                 "only a journal that is open for writing, between two batches, is "
                                 "followed");
    journal->following = journal->end.sequence > 0;
    journal->followed = (struct pl_journal_entry){ .time_us = INT64_MIN };
    return 0;
}

int pl_journal_follow_end(struct pl_journal *journal)
{
    if (!journal->following)
        return 0;
    return pl_journal_refuse(journal, -EILSEQ,
                             "it goes on after entry %" PRIu64 ", where this run ends: it is of "
                             "another book, model or run; name a new file",
                             journal->followed.sequence);
}

int pl_journal_follow_begin(struct pl_journal *journal)
{
    sqlite3_stmt *s = pl_journal_statement(journal, PL_SQL_FOLLOW);
    if (s == NULL)
        return journal->prepare_error;
    sqlite3_bind_int64(s, 1, (sqlite3_int64)journal->followed.sequence);
    sqlite3_bind_int64(s, 2, (sqlite3_int64)journal->end.sequence);
    return 0;
}

static int differs(struct pl_journal *journal, const struct pl_journal_entry *was,
                   const struct pl_journal_entry *is, const char *what)
{
    return pl_journal_refuse(journal, -EILSEQ,
                             "entry %" PRIu64 " (%s) is not what this run gives (%s), its %s "
                             "differs: the journal is of another book, model or run; name a new "
                             "file",
                             is->sequence, pl_entry_kind_name(was->kind),
                             pl_entry_kind_name(is->kind), what);
}

int pl_journal_follow_entry(struct pl_journal *journal, const struct pl_journal_entry *is)
{
    struct pl_journal_entry was;
    sqlite3_stmt *s = journal->statements[PL_SQL_FOLLOW];
    int code = sqlite3_step(s);
    if (code == SQLITE_DONE)
        return pl_journal_refuse(journal, -EILSEQ,
                                 "it ends with entry %" PRIu64
                                 " in the middle of a batch that this "
                                 "run gives: it is of another book, model or run; name a new file",
                                 journal->end.sequence);
    if (code != SQLITE_ROW)
        return pl_journal_refuse_sql(journal, code, "read an entry");
    if (!pl_journal_row(s, &was))
        return pl_journal_refuse(journal, -EBADMSG,
                                 "entry %" PRIu64 " is not readable; `plimsoll journal verify`",
                                 is->sequence);
    if (was.kind != is->kind)
        return differs(journal, &was, is, "kind");
    if (was.batch != is->batch || was.time_us != is->time_us)
        return differs(journal, &was, is, was.batch != is->batch ? "batch" : "time");
    if (was.account != is->account)
        return differs(journal, &was, is, "account");
    if (was.payload_bytes != is->payload_bytes ||
        (was.payload_bytes > 0 && memcmp(was.payload, is->payload, was.payload_bytes) != 0))
        return differs(journal, &was, is, "payload");
    return 0;
}

void pl_journal_follow_commit(struct pl_journal *journal)
{
    sqlite3_reset(journal->statements[PL_SQL_FOLLOW]);
    journal->followed = journal->last;
    journal->following = journal->followed.sequence < journal->end.sequence;
}
