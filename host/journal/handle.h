/* Inside the journal: the open handle, its statements and its errors.
 *
 * open.c    schema, checks, durability       write.c  batches
 * outbox.c  actions that wait                list.c   reading      verify.c  the whole chain
 * follow.c  what is appended again           sight.c  who else writes the file */
#ifndef PL_JOURNAL_HANDLE_H
#define PL_JOURNAL_HANDLE_H

#include <sqlite3.h>

#include "journal.h"

enum pl_statement {
    PL_SQL_BEGIN,
    PL_SQL_COMMIT,
    PL_SQL_ROLLBACK,
    PL_SQL_INSERT,
    PL_SQL_SET_END,
    PL_SQL_WAIT,    /* an action joins those that wait */
    PL_SQL_ARRIVED, /* and leaves them */
    PL_SQL_NEXT_ACTION,
    PL_SQL_COUNT_WAITING,
    PL_SQL_LIST_WAITING,
    PL_SQL_LIST,
    PL_SQL_LIST_ALL,
    PL_SQL_LAST,
    PL_SQL_END,
    PL_SQL_FOLLOW,
    PL_STATEMENTS
};

/* A file as it was after our last write; zeros: there was none. */
struct pl_journal_sight {
    uint64_t device, inode;
    int64_t size, seconds, nanoseconds;
};

struct pl_journal {
    char *path;
    sqlite3 *db;
    sqlite3_stmt *statements[PL_STATEMENTS];
    bool writes;
    int failed; /* of the first write that failed, or 0 */
    uint8_t start[PL_JOURNAL_HASH_BYTES];
    struct pl_journal_entry end;  /* durable */
    struct pl_journal_entry last; /* of the open batch */
    bool in_batch;
    bool following;                   /* see pl_journal_follow() */
    struct pl_journal_entry followed; /* the last entry of the last batch that was the same */
    struct pl_journal_sight seen[2];  /* the file, its log */
    uint64_t losses;
    int prepare_error;  /* of the last statement that could not be prepared */
    uint64_t opened_at; /* sequence of the end at the opening */
    uint64_t handed_out;
    char message[PL_JOURNAL_MESSAGE_BYTES];
};

/* Keeps the message, after the journal's path, and returns the code. */
__attribute__((format(printf, 3, 4))) int pl_journal_refuse(struct pl_journal *journal, int code,
                                                            const char *format, ...);
/* The same for what SQLite just returned. */
int pl_journal_refuse_sql(struct pl_journal *journal, int sql_code, const char *doing);

/* A statement, prepared at its first use and reset. NULL: journal->prepare_error,
 * with a message. */
sqlite3_stmt *pl_journal_statement(struct pl_journal *journal, enum pl_statement which);
/* Steps a statement that returns nothing, and resets it: 0 or a negative errno with a message. */
int pl_journal_run(struct pl_journal *journal, sqlite3_stmt *statement, const char *doing);

/* The row of PL_SQL_LIST and its like as an entry; false where a column is not of its type. */
bool pl_journal_row(sqlite3_stmt *statement, struct pl_journal_entry *out);

/* Of a batch that is compared, not written; the message names what differs. */
int pl_journal_follow_begin(struct pl_journal *journal);
int pl_journal_follow_entry(struct pl_journal *journal, const struct pl_journal_entry *entry);
void pl_journal_follow_commit(struct pl_journal *journal);

/* After our own write; before the next one: -ESTALE when somebody else wrote. */
void pl_journal_remember(struct pl_journal *journal);
int pl_journal_check_seen(struct pl_journal *journal);

#endif
