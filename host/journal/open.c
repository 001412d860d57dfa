/* Opening, creating and closing.
 *
 * A journal at rest is one file in SQLite's rollback mode, so that it can be read from read-only
 * places. While it is open for writing it is in WAL mode with synchronous = EXTRA (a commit returns
 * after its fsync), under an exclusive lock. Every opening for writing checks the whole chain, then
 * moves what the WAL holds into the file and syncs it before anything is handed out: then what an
 * earlier process left is durable, even if the sync of its last commit failed. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>

#include "handle.h"

static const char *const tables[] = {
    /* in the order of their names */
    "CREATE TABLE entry(sequence INTEGER PRIMARY KEY, batch INTEGER NOT NULL, time_us INTEGER NOT NULL, "
    "kind INTEGER NOT NULL, account INTEGER NOT NULL, payload BLOB NOT NULL, hash BLOB NOT NULL) STRICT",
    "CREATE TABLE journal(only INTEGER PRIMARY KEY CHECK(only = 1), start BLOB NOT NULL, "
    "sequence INTEGER NOT NULL, hash BLOB NOT NULL) STRICT",
    "CREATE TABLE waiting(sequence INTEGER PRIMARY KEY) STRICT",
};
#define TABLES (sizeof tables / sizeof tables[0])

/* Runs SQL that returns at most one row; its first column as a text of at most `size` bytes. */
static int ask(struct pl_journal *journal, const char *text, char *out, size_t size)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(journal->db, text, -1, &statement, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_step(statement);
    if (out != NULL && code == SQLITE_ROW) {
        const unsigned char *value = sqlite3_column_text(statement, 0);
        snprintf(out, size, "%s", value != NULL ? (const char *)value : "");
    }
    int error = code == SQLITE_ROW || code == SQLITE_DONE || code == SQLITE_OK
                    ? 0
                    : pl_journal_refuse_sql(journal, code, text);
    sqlite3_finalize(statement);
    return error;
}

/* Sets a pragma and checks that SQLite took it. */
static int set(struct pl_journal *journal, const char *text, const char *wanted)
{
    char got[32] = "";
    int error = ask(journal, text, got, sizeof got);
    if (error == 0 && strcmp(got, wanted) != 0)
        return pl_journal_refuse(journal, -EIO,
                                 "%s: SQLite answers \"%s\"; is it on a network "
                                 "disk, or open elsewhere?",
                                 text, got);
    return error;
}

static int number(struct pl_journal *journal, const char *text, int64_t *out)
{
    char got[32] = "";
    int error = ask(journal, text, got, sizeof got);
    *out = strtoll(got, NULL, 10);
    return error;
}

/* *empty: a database without anything in it, like one whose creation was interrupted. */
static int identify(struct pl_journal *journal, bool *empty)
{
    int64_t application, format, objects;
    int error = number(journal, "PRAGMA application_id", &application);
    error = error != 0 ? error : number(journal, "PRAGMA user_version", &format);
    error = error != 0 ? error : number(journal, "SELECT count(*) FROM sqlite_schema", &objects);
    if (error != 0)
        return error;
    *empty = application == 0 && format == 0 && objects == 0;
    if (*empty)
        return 0;
    if (application != PL_JOURNAL_APPLICATION)
        return pl_journal_refuse(journal, -EBADMSG,
                                 "an SQLite file, but not a journal: its application_id is "
                                 "%" PRId64 ", not %d",
                                 application, PL_JOURNAL_APPLICATION);
    if (format > PL_JOURNAL_FORMAT)
        return pl_journal_refuse(journal, -EPROTONOSUPPORT,
                                 "a journal of format %" PRId64 "; this program knows format %d: "
                                 "use a newer one",
                                 format, PL_JOURNAL_FORMAT);
    if (format != PL_JOURNAL_FORMAT)
        return pl_journal_refuse(journal, -EBADMSG, "there is no journal of format %" PRId64,
                                 format);
    return 0;
}

static int check_tables(struct pl_journal *journal)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(journal->db, "SELECT sql FROM sqlite_schema ORDER BY name", -1,
                                  &statement, NULL);
    bool same = true;
    size_t count = 0;
    while (code == SQLITE_OK && (code = sqlite3_step(statement)) == SQLITE_ROW) {
        const char *text = (const char *)sqlite3_column_text(statement, 0);
        same = same && count < TABLES && text != NULL && strcmp(text, tables[count]) == 0;
        count++;
        code = SQLITE_OK;
    }
    int error = code == SQLITE_DONE ? 0 : pl_journal_refuse_sql(journal, code, "read its tables");
    sqlite3_finalize(statement);
    if (error == 0 && (!same || count != TABLES))
        return pl_journal_refuse(journal, -EBADMSG,
                                 "its tables are not those of a journal of format %d",
                                 PL_JOURNAL_FORMAT);
    return error;
}

static int insert_start(struct pl_journal *journal)
{
    sqlite3_stmt *statement = NULL;
    if (getrandom(journal->start, sizeof journal->start, 0) != sizeof journal->start)
        return pl_journal_refuse(journal, -EIO, "no random numbers");
    int code = sqlite3_prepare_v2(journal->db, "INSERT INTO journal VALUES(1, ?1, 0, ?1)", -1,
                                  &statement, NULL);
    if (code == SQLITE_OK)
        code =
            sqlite3_bind_blob(statement, 1, journal->start, sizeof journal->start, SQLITE_STATIC);
    int error = code == SQLITE_OK ? pl_journal_run(journal, statement, "create")
                                  : pl_journal_refuse_sql(journal, code, "create");
    sqlite3_finalize(statement);
    return error;
}

/* One transaction: after a crash there is an empty file or a journal. */
static int create(struct pl_journal *journal)
{
    char text[64];
    int error = ask(journal, "BEGIN IMMEDIATE", NULL, 0);
    for (size_t i = 0; i < TABLES && error == 0; i++)
        error = ask(journal, tables[i], NULL, 0);
    snprintf(text, sizeof text, "PRAGMA application_id = %d", PL_JOURNAL_APPLICATION);
    error = error != 0 ? error : ask(journal, text, NULL, 0);
    snprintf(text, sizeof text, "PRAGMA user_version = %d", PL_JOURNAL_FORMAT);
    error = error != 0 ? error : ask(journal, text, NULL, 0);
    error = error != 0 ? error : insert_start(journal);
    return error != 0 ? error : ask(journal, "COMMIT", NULL, 0);
}

static int read_end(struct pl_journal *journal)
{
    sqlite3_stmt *s = pl_journal_statement(journal, PL_SQL_END);
    int code = s != NULL ? sqlite3_step(s) : SQLITE_ERROR;
    if (s == NULL)
        return journal->prepare_error;
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        return pl_journal_refuse_sql(journal, code, "read its end");
    if (code == SQLITE_DONE || sqlite3_column_bytes(s, 0) != PL_JOURNAL_HASH_BYTES ||
        sqlite3_column_bytes(s, 2) != PL_JOURNAL_HASH_BYTES)
        return pl_journal_refuse(journal, -EBADMSG, "its start and its end are not readable");
    memcpy(journal->start, sqlite3_column_blob(s, 0), PL_JOURNAL_HASH_BYTES);
    journal->end = (struct pl_journal_entry){ .sequence = (uint64_t)sqlite3_column_int64(s, 1),
                                              .time_us = INT64_MIN,
                                              .account = PL_JOURNAL_NO_ACCOUNT };
    memcpy(journal->end.hash, sqlite3_column_blob(s, 2), PL_JOURNAL_HASH_BYTES);
    sqlite3_reset(s);
    return 0;
}

/* Batch and time of the last entry; that it is the one at the end is for verify.c to say. */
static int read_last(struct pl_journal *journal)
{
    struct pl_journal_entry last;
    sqlite3_stmt *s = pl_journal_statement(journal, PL_SQL_LAST);
    if (s == NULL)
        return journal->prepare_error;
    int code = sqlite3_step(s);
    if (code == SQLITE_ROW && pl_journal_row(s, &last) && last.sequence == journal->end.sequence) {
        journal->end.batch = last.batch;
        journal->end.time_us = last.time_us;
        journal->end.kind = last.kind;
        journal->end.account = last.account;
    }
    sqlite3_reset(s);
    return 0;
}

static int open_file(struct pl_journal *journal, enum pl_journal_mode mode)
{
    struct stat info;
    int flags =
        mode == PL_JOURNAL_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    if (stat(journal->path, &info) == 0 && !S_ISREG(info.st_mode))
        return pl_journal_refuse(journal, -EINVAL, "not a regular file");
    int code = sqlite3_open_v2(journal->path, &journal->db,
                               flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
    if (code != SQLITE_OK) {
        int system = journal->db != NULL ? sqlite3_system_errno(journal->db) : 0;
        if (code == SQLITE_CANTOPEN && system != 0)
            return pl_journal_refuse(journal, -system, "%s", strerror(system));
        return pl_journal_refuse_sql(journal, code, "open");
    }
    if (mode != PL_JOURNAL_READ && sqlite3_db_readonly(journal->db, "main") == 1)
        return pl_journal_refuse(journal, -EACCES, "it cannot be written: permission");
    sqlite3_busy_timeout(journal->db, PL_JOURNAL_WAIT_MS);
    sqlite3_db_config(journal->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(journal->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(journal->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    sqlite3_db_config(journal->db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
    /* a journal that is refused stays as it is */
    sqlite3_db_config(journal->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    return set(journal, "PRAGMA cell_size_check = ON", "");
}

static int open_to_read(struct pl_journal *journal)
{
    bool empty = false;
    int error = ask(journal, "BEGIN", NULL, 0); /* all of it as it is now */
    error = error != 0 ? error : identify(journal, &empty);
    if (error == 0 && empty)
        return pl_journal_refuse(journal, -EBADMSG, "an empty file, not a journal");
    error = error != 0 ? error : check_tables(journal);
    error = error != 0 ? error : read_end(journal);
    return error != 0 ? error : read_last(journal);
}

static int open_to_write(struct pl_journal *journal, enum pl_journal_mode mode)
{
    bool empty = false;
    int error = set(journal, "PRAGMA locking_mode = EXCLUSIVE", "exclusive");
    error = error != 0 ? error : identify(journal, &empty);
    if (error == 0 && mode == PL_JOURNAL_CREATE && !empty)
        return pl_journal_refuse(journal, -EEXIST, "it exists: name a new file");
    error = error != 0 ? error : set(journal, "PRAGMA synchronous = EXTRA", "");
    error = error != 0 ? error : set(journal, "PRAGMA synchronous", "3");
    if (error == 0 && empty)
        error = create(journal);
    error = error != 0 ? error : check_tables(journal);
    error = error != 0 ? error : read_end(journal);
    error = error != 0 ? error : read_last(journal);
    error = error != 0 ? error : pl_journal_verify(journal, NULL);
    if (error == 0)
        sqlite3_db_config(journal->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
    error = error != 0 ? error : set(journal, "PRAGMA journal_mode = WAL", "wal");
    /* the mode is entered by the next transaction, which a checkpoint is not */
    error = error != 0 ? error : ask(journal, "SELECT count(*) FROM journal", NULL, 0);
    error = error != 0 ? error : set(journal, "PRAGMA wal_autocheckpoint = 4096", "4096");
    error = error != 0 ? error : set(journal, "PRAGMA wal_checkpoint(TRUNCATE)", "0");
    pl_journal_remember(journal);
    return error;
}

int pl_journal_open(const char *path, enum pl_journal_mode mode, struct pl_journal **out,
                    char *message)
{
    struct pl_journal *journal = calloc(1, sizeof *journal);
    *out = NULL;
    if (journal != NULL)
        journal->path = strdup(path);
    if (journal == NULL || journal->path == NULL) {
        if (message != NULL)
            snprintf(message, PL_JOURNAL_MESSAGE_BYTES, "out of memory");
        free(journal);
        return -ENOMEM;
    }
    int error = open_file(journal, mode);
    if (error == 0)
        error = mode == PL_JOURNAL_READ ? open_to_read(journal) : open_to_write(journal, mode);
    journal->writes = mode != PL_JOURNAL_READ;
    journal->opened_at = journal->end.sequence;
    if (error != 0) {
        if (message != NULL)
            memcpy(message, journal->message, PL_JOURNAL_MESSAGE_BYTES);
        journal->failed = error;
        pl_journal_close(journal);
        return error;
    }
    *out = journal;
    return 0;
}

void pl_journal_close(struct pl_journal *journal)
{
    if (journal == NULL)
        return;
    for (int i = 0; i < PL_STATEMENTS; i++)
        sqlite3_finalize(journal->statements[i]);
    if (journal->in_batch)
        sqlite3_exec(journal->db, "ROLLBACK", NULL, NULL, NULL);
    /* One file again; where that fails, the next opening does it. */
    if (journal->writes && journal->failed == 0)
        sqlite3_exec(journal->db, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL);
    sqlite3_close(journal->db);
    free(journal->path);
    free(journal);
}

const char *pl_journal_message(const struct pl_journal *journal)
{
    return journal->message;
}

const struct pl_journal_entry *pl_journal_end(const struct pl_journal *journal)
{
    return &journal->end;
}

const uint8_t *pl_journal_start(const struct pl_journal *journal)
{
    return journal->start;
}

uint64_t pl_journal_losses(const struct pl_journal *journal)
{
    return journal->losses;
}
