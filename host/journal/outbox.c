/* Actions that are durable and wait to be sent or acknowledged. */
#include <errno.h>
#include <inttypes.h>

#include "handle.h"

static int check_usable(struct pl_journal *journal)
{
    if (!journal->writes)
        return pl_journal_refuse(journal, -EROFS, "it is open for reading only: nothing is sent");
    return journal->failed;
}

int pl_journal_next_action(struct pl_journal *journal, struct pl_journal_entry *action,
                           bool *possibly_sent)
{
    int error = check_usable(journal);
    if (error == 0 && journal->following)
        return 0;
    sqlite3_stmt *s = error == 0 ? pl_journal_statement(journal, PL_SQL_NEXT_ACTION) : NULL;
    if (s == NULL)
        return error != 0 ? error : journal->prepare_error;
    sqlite3_bind_int64(s, 1, (sqlite3_int64)journal->handed_out);
    sqlite3_bind_int64(s, 2, (sqlite3_int64)journal->end.sequence);
    int code = sqlite3_step(s);
    if (code == SQLITE_DONE)
        return 0;
    if (code != SQLITE_ROW)
        return pl_journal_refuse_sql(journal, code, "read an action");
    if (!pl_journal_row(s, action) || !pl_entry_is_action(action->kind)) {
        journal->failed = pl_journal_refuse(
            journal, -EBADMSG, "what waits to be sent is no action; `plimsoll journal verify`");
        return journal->failed;
    }
    journal->handed_out = action->sequence;
    *possibly_sent = action->sequence <= journal->opened_at;
    return 1;
}

int64_t pl_journal_waiting(struct pl_journal *journal)
{
    sqlite3_stmt *s = pl_journal_statement(journal, PL_SQL_COUNT_WAITING);
    if (s == NULL)
        return journal->prepare_error;
    sqlite3_bind_int64(s, 1, (sqlite3_int64)journal->end.sequence);
    int code = sqlite3_step(s);
    int64_t count = code == SQLITE_ROW ? sqlite3_column_int64(s, 0)
                                       : pl_journal_refuse_sql(journal, code, "count actions");
    sqlite3_reset(s);
    return count;
}
