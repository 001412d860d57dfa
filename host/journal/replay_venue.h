/* Decides again: the pure venue on what it was given, and the journaled actions beside its own.
 * Functions return 0, 1 when something differs, or a negative errno; `message` (PL_MESSAGE_BYTES)
 * says what. */
#ifndef PL_JOURNAL_REPLAY_VENUE_H
#define PL_JOURNAL_REPLAY_VENUE_H

#include "decide/venue.h"
#include "journal.h"
#include "plimsoll.h"

/* A venue of a journal may take as much memory. */
#define PL_REPLAY_VENUE_BYTES_MAX (UINT64_C(4) << 30)

struct pl_replay_venue {
    struct pl_venue *venue; /* NULL: none was set up since the load */
    uint32_t accounts;
    struct pl_verdict *latest;              /* by account; those without have serial 0 and tick 0 */
    struct pl_venue_action *room, *actions; /* of one input; of the record, to be found next */
    size_t count, met, capacity;
    char *message;
};

void pl_replay_venue_forget(struct pl_replay_venue *v);
int pl_replay_venue_set_up(struct pl_replay_venue *v, const struct pl_journal_entry *entry);
/* Any verdict that was recomputed. */
void pl_replay_venue_judged(struct pl_replay_venue *v, const struct pl_verdict *verdict);
int pl_replay_venue_given(struct pl_replay_venue *v, const struct pl_journal_entry *entry);
int pl_replay_venue_action(struct pl_replay_venue *v, const struct pl_journal_entry *entry);
/* Before an entry of another kind: all actions were there. */
int pl_replay_venue_complete(struct pl_replay_venue *v);

#endif
