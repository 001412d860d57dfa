/* The journal: an append-only record of what was given, what was found and what was ordered, in one
 * SQLite file, chained by hash (docs/journal.md has the format).
 *
 * Two-step rule: an action is appended in a batch, the batch is committed, and only then does
 * pl_journal_next_action() hand the action out. What was handed out is acknowledged once it has
 * arrived. An action that is durable but not acknowledged when the journal is opened again is
 * handed out again, marked as possibly sent: who receives it knows it by the journal's start value
 * and its sequence number, which never change.
 *
 * Functions return 0 (or a count) on success and a negative errno on failure; then
 * pl_journal_message() says what is wrong, where, and what to do. After a write that failed the
 * journal takes and hands out nothing more: every call that writes or acts returns that first
 * error, until the journal is closed and opened again, which shows whether the last batch is in it.
 * Reading goes on. A handle belongs to one thread at a time. One process at a time has a journal
 * open for writing; nobody reads it meanwhile (-EBUSY). Waits are bounded by PL_JOURNAL_WAIT_MS. */
#ifndef PL_JOURNAL_H
#define PL_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kinds.h"

#define PL_JOURNAL_FORMAT 1
#define PL_JOURNAL_APPLICATION 0x506C6A72 /* of the file's header: "Pljr" */
#define PL_JOURNAL_HASH_BYTES 32
#define PL_JOURNAL_MESSAGE_BYTES 1024
#define PL_JOURNAL_PAYLOAD_BYTES_MAX (256u << 20)
#define PL_JOURNAL_ACTION_BYTES_MAX 4096u
#define PL_JOURNAL_NO_ACCOUNT UINT32_MAX
#define PL_JOURNAL_WAIT_MS 200

struct pl_journal;

enum pl_journal_mode {
    PL_JOURNAL_READ,   /* an existing journal; nothing is changed */
    PL_JOURNAL_WRITE,  /* created where there is none */
    PL_JOURNAL_CREATE, /* -EEXIST where there is one */
};

struct pl_journal_entry {
    uint64_t sequence; /* 1, 2, 3, ... */
    uint64_t batch;    /* 1, 2, 3, ...: the transaction */
    int64_t time_us;   /* of the batch, as the input states it; 1e-6 s since 1970 */
    uint32_t kind;     /* enum pl_entry_kind */
    uint32_t account;  /* PL_JOURNAL_NO_ACCOUNT: none */
    const uint8_t *payload;
    size_t payload_bytes;
    uint8_t hash[PL_JOURNAL_HASH_BYTES];
};

/* `message` (PL_JOURNAL_MESSAGE_BYTES, or NULL) says why on failure: -ENOENT, -EEXIST; -EBUSY:
 * another process has it; -EBADMSG: not a journal, or damaged; -EPROTONOSUPPORT: of a newer
 * format; -EROFS, -EACCES, -ENOSPC, -EIO. An opening for writing first checks everything, as
 * pl_journal_verify() does, and makes durable what an earlier process left behind: some seconds for
 * a million entries. */
int pl_journal_open(const char *path, enum pl_journal_mode mode, struct pl_journal **out,
                    char *message);
/* An open batch is given up. */
void pl_journal_close(struct pl_journal *journal);

const char *pl_journal_message(const struct pl_journal *journal); /* of the last failed call */

/* Where the journal ends: the last entry that is durable, its batch, time and hash (no payload).
 * Of an empty one sequence and batch are 0, the time is INT64_MIN and the hash is the start value.
 */
const struct pl_journal_entry *pl_journal_end(const struct pl_journal *journal);
/* What tells this journal from all others, from its creation on. */
const uint8_t *pl_journal_start(const struct pl_journal *journal);

/* How many batches were given up or failed since the opening: who keeps a state of what was
 * appended, like recorder.h, begins anew when it rises. */
uint64_t pl_journal_losses(const struct pl_journal *journal);

/* One batch at a time. Its time does not lie before that of the last one (-EINVAL). */
int pl_journal_begin(struct pl_journal *journal, int64_t time_us);
bool pl_journal_is_open(const struct pl_journal *journal); /* between begin and commit */
/* Inputs, verdicts and actions; *sequence (may be NULL) is the entry's number once it is committed.
 */
int pl_journal_append(struct pl_journal *journal, uint32_t kind, uint32_t account,
                      const void *payload, size_t bytes, uint64_t *sequence);
/* Appends that an action has arrived. -ENOENT: it is not waiting (acknowledged already, or no
 * durable action). */
int pl_journal_acknowledge(struct pl_journal *journal, uint64_t sequence);
/* On 0 all of the batch is durable. An empty batch leaves nothing. */
int pl_journal_commit(struct pl_journal *journal);
int pl_journal_give_up(struct pl_journal *journal);

/* From here on what is appended must be what the journal holds, from its first entry on, byte for
 * byte: who computes a run again stands at its end where the writer before stood. Meanwhile nothing
 * is written or handed out; what differs ends it (-EILSEQ), naming the entry. The commit of the
 * last batch that is there ends it, too: then writing goes on, and actions that wait are handed
 * out. */
int pl_journal_follow(struct pl_journal *journal);
/* The run is over: -EILSEQ where the journal goes on. */
int pl_journal_follow_end(struct pl_journal *journal);

/* The next durable action that is not acknowledged, in the order of their numbers, each once per
 * opening. 1: *action is filled in, its payload valid until the next call on the handle; 0: none
 * now. *possibly_sent: it was durable before this opening, so an earlier process may have sent it.
 */
int pl_journal_next_action(struct pl_journal *journal, struct pl_journal_entry *action,
                           bool *possibly_sent);
/* Durable actions that are not acknowledged, handed out or not. */
int64_t pl_journal_waiting(struct pl_journal *journal);

/* Reads entries in order, those that are durable. One listing at a time; who writes as well brings
 * it to its end, because until then SQLite's log only grows. */
struct pl_journal_filter {
    uint32_t kind_low, kind_high;
    uint32_t account; /* PL_JOURNAL_NO_ACCOUNT: any */
    int64_t since_us, until_us;
};
extern const struct pl_journal_filter pl_journal_all;
int pl_journal_list(struct pl_journal *journal, const struct pl_journal_filter *filter);
/* 1: *entry is filled in, its payload valid until the next call; 0: the end; negative. */
int pl_journal_next(struct pl_journal *journal, struct pl_journal_entry *entry);

/* Checks every entry against the chain, the end and the waiting actions. 0: intact. -EBADMSG: the
 * message names the first entry that was altered, is missing or cannot be read. `head` (may be
 * NULL): a hash kept from an earlier end of this journal, which must be the hash of an entry (or
 * the start value): without it, who can write the file can also make a new chain. */
int pl_journal_verify(struct pl_journal *journal, const uint8_t *head);

#endif
