/* Entries in order. */
#include <errno.h>
#include <inttypes.h>

#include "handle.h"

const struct pl_journal_filter pl_journal_all = { .kind_high = UINT32_MAX,
                                                  .account = PL_JOURNAL_NO_ACCOUNT,
                                                  .since_us = INT64_MIN,
                                                  .until_us = INT64_MAX };

int pl_journal_list(struct pl_journal *journal, const struct pl_journal_filter *filter)
{
    sqlite3_stmt *s = pl_journal_statement(journal, PL_SQL_LIST);
    if (s == NULL)
        return journal->prepare_error;
    sqlite3_bind_int64(s, 1, (sqlite3_int64)journal->end.sequence);
    sqlite3_bind_int64(s, 2, filter->kind_low);
    sqlite3_bind_int64(s, 3, filter->kind_high);
    sqlite3_bind_int64(s, 4, filter->since_us);
    sqlite3_bind_int64(s, 5, filter->until_us);
    sqlite3_bind_int64(s, 6, filter->account);
    return 0;
}

int pl_journal_next(struct pl_journal *journal, struct pl_journal_entry *entry)
{
    sqlite3_stmt *s = journal->statements[PL_SQL_LIST];
    if (s == NULL)
        return pl_journal_refuse(journal, -EINVAL, "nothing is listed: call pl_journal_list first");
    int code = sqlite3_step(s);
    if (code == SQLITE_ROW && pl_journal_row(s, entry))
        return 1;
    int error = code == SQLITE_ROW    ? pl_journal_refuse(journal, -EBADMSG,
                                                          "an entry is not readable; `plimsoll "
                                                             "journal verify` names it")
                : code == SQLITE_DONE ? 0
                                      : pl_journal_refuse_sql(journal, code, "read an entry");
    sqlite3_reset(s);
    return error;
}
