/* Recomputes a journal: gives its inputs to the library again, on any device, and to the venue, and
 * compares every verdict and every action with the one that was journaled, byte for byte. Entries
 * are handed in one after the other, from the first one on. */
#ifndef PL_JOURNAL_REPLAY_H
#define PL_JOURNAL_REPLAY_H

#include "journal.h"
#include "plimsoll.h"

struct pl_replay;

struct pl_replay_counts {
    uint64_t entries, loads, ticks, submissions, accounts, verdicts, actions;
    uint64_t acknowledged;
    uint64_t not_recomputed; /* actions without a venue */
};

/* `message`: PL_MESSAGE_BYTES. */
int pl_replay_open(const char *device_uri, struct pl_replay **out, char *message);
void pl_replay_close(struct pl_replay *replay);

/* 0: as journaled. 1: it differs; pl_replay_message() names the entry and what differs. Negative:
 * it cannot be recomputed: -EBADMSG: not a record of its kind; -EPROTONOSUPPORT: made by another
 * contract; -EINVAL: on another profile than the device's; what the device or memory refused. */
int pl_replay_entry(struct pl_replay *replay, const struct pl_journal_entry *entry);
/* After the last entry: were all verdicts and actions there that were recomputed? As
 * pl_replay_entry(). */
int pl_replay_end(struct pl_replay *replay);

const struct pl_replay_counts *pl_replay_counts(const struct pl_replay *replay);
const char *pl_replay_message(const struct pl_replay *replay);

#endif
