#include "handle.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define ENTRY "sequence, batch, time_us, kind, account, payload, hash"

static const char *const sql[PL_STATEMENTS] = {
    [PL_SQL_BEGIN] = "BEGIN IMMEDIATE",
    [PL_SQL_COMMIT] = "COMMIT",
    [PL_SQL_ROLLBACK] = "ROLLBACK",
    [PL_SQL_INSERT] = "INSERT INTO entry(" ENTRY ") VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    [PL_SQL_SET_END] = "UPDATE journal SET sequence = ?1, hash = ?2 WHERE only = 1",
    [PL_SQL_WAIT] = "INSERT INTO waiting(sequence) VALUES(?1)",
    [PL_SQL_ARRIVED] = "DELETE FROM waiting WHERE sequence = ?1",
    [PL_SQL_NEXT_ACTION] = "SELECT " ENTRY " FROM waiting JOIN entry USING(sequence) "
                           "WHERE sequence > ?1 AND sequence <= ?2 ORDER BY sequence LIMIT 1",
    [PL_SQL_COUNT_WAITING] = "SELECT count(*) FROM waiting WHERE sequence <= ?1",
    [PL_SQL_LIST_WAITING] = "SELECT sequence FROM waiting ORDER BY sequence",
    [PL_SQL_LIST] = "SELECT " ENTRY " FROM entry WHERE sequence <= ?1 AND kind BETWEEN ?2 AND ?3 "
                    "AND time_us BETWEEN ?4 AND ?5 AND (?6 = 4294967295 OR account = ?6) "
                    "ORDER BY sequence",
    [PL_SQL_LIST_ALL] = "SELECT " ENTRY " FROM entry ORDER BY sequence",
    [PL_SQL_LAST] = "SELECT " ENTRY " FROM entry ORDER BY sequence DESC LIMIT 1",
    [PL_SQL_END] = "SELECT start, sequence, hash FROM journal",
    [PL_SQL_FOLLOW] =
        "SELECT " ENTRY " FROM entry WHERE sequence > ?1 AND sequence <= ?2 ORDER BY sequence",
};

int pl_journal_refuse(struct pl_journal *journal, int code, const char *format, ...)
{
    va_list arguments;
    int used = snprintf(journal->message, sizeof journal->message,
                        "%.*s: ", (int)sizeof journal->message / 2, journal->path);
    va_start(arguments, format);
    vsnprintf(journal->message + used, sizeof journal->message - (size_t)used, format, arguments);
    va_end(arguments);
    return code;
}

/* What SQLite found, as errno and as advice. */
static int code_of(int sql_code, const char **advice)
{
    switch (sql_code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        *advice = "another process has it open: one writes a journal at a time, and nobody reads "
                  "it meanwhile";
        return -EBUSY;
    case SQLITE_FULL: *advice = "free space on its disk, then open it again"; return -ENOSPC;
    case SQLITE_READONLY: *advice = "it or its folder cannot be written"; return -EROFS;
    case SQLITE_PERM:
    case SQLITE_AUTH: *advice = "ask for permission"; return -EACCES;
    case SQLITE_CANTOPEN:
        *advice = "it or its folder cannot be opened; one that was not closed is read where "
                  "-wal and -shm files may be written beside it";
        return -EACCES;
    case SQLITE_NOTADB: *advice = "it is not a journal"; return -EBADMSG;
    case SQLITE_CORRUPT: *advice = "the file is damaged: restore a copy"; return -EBADMSG;
    case SQLITE_NOMEM: *advice = "not enough memory"; return -ENOMEM;
    case SQLITE_TOOBIG: *advice = "it is too large"; return -EFBIG;
    default: *advice = "look at its disk, then open it again"; return -EIO;
    }
}

int pl_journal_refuse_sql(struct pl_journal *journal, int sql_code, const char *doing)
{
    const char *advice;
    int code = code_of(sql_code, &advice);
    const char *text = journal->db != NULL ? sqlite3_errmsg(journal->db) : sqlite3_errstr(sql_code);
    int system = journal->db != NULL ? sqlite3_system_errno(journal->db) : 0;
    bool tells = system != 0 && (code == -EIO || code == -ENOSPC || code == -EACCES);
    return pl_journal_refuse(journal, code, "%s: %s%s%s; %s", doing, text, tells ? ": " : "",
                             tells ? strerror(system) : "", advice);
}

sqlite3_stmt *pl_journal_statement(struct pl_journal *journal, enum pl_statement which)
{
    sqlite3_stmt **statement = &journal->statements[which];
    if (*statement == NULL) {
        int code = sqlite3_prepare_v3(journal->db, sql[which], -1, SQLITE_PREPARE_PERSISTENT,
                                      statement, NULL);
        if (code != SQLITE_OK) {
            journal->prepare_error = pl_journal_refuse_sql(journal, code, "prepare");
            return NULL;
        }
    }
    sqlite3_reset(*statement);
    return *statement;
}

int pl_journal_run(struct pl_journal *journal, sqlite3_stmt *statement, const char *doing)
{
    int code = sqlite3_step(statement);
    int error = code == SQLITE_DONE ? 0 : pl_journal_refuse_sql(journal, code, doing);
    sqlite3_reset(statement);
    return error;
}

bool pl_journal_row(sqlite3_stmt *s, struct pl_journal_entry *out)
{
    for (int column = 0; column < 7; column++)
        if (sqlite3_column_type(s, column) != (column < 5 ? SQLITE_INTEGER : SQLITE_BLOB))
            return false;
    int64_t kind = sqlite3_column_int64(s, 3), account = sqlite3_column_int64(s, 4);
    if (kind < 0 || kind > UINT32_MAX || account < 0 || account > UINT32_MAX ||
        sqlite3_column_bytes(s, 6) != PL_JOURNAL_HASH_BYTES)
        return false;
    *out = (struct pl_journal_entry){
        .sequence = (uint64_t)sqlite3_column_int64(s, 0),
        .batch = (uint64_t)sqlite3_column_int64(s, 1),
        .time_us = sqlite3_column_int64(s, 2),
        .kind = (uint32_t)kind,
        .account = (uint32_t)account,
        .payload = sqlite3_column_blob(s, 5),
        .payload_bytes = (size_t)sqlite3_column_bytes(s, 5),
    };
    const void *hash = sqlite3_column_blob(s, 6);
    if (hash == NULL || (out->payload == NULL && out->payload_bytes > 0))
        return false; /* no memory */
    memcpy(out->hash, hash, PL_JOURNAL_HASH_BYTES);
    return true;
}
