/* What leaves a loop that acts. With a journal an action leaves only after the batch that holds it
 * is durable, and is acknowledged in the batch after; once the journal cannot be written, nothing
 * leaves any more. Without one everything leaves at once.
 *
 * A journal that is there is gone on with: the loop computes everything again, which must be what
 * the journal holds (pl_journal_follow()), and acts from its end on. */
#ifndef PL_CLI_ACTING_H
#define PL_CLI_ACTING_H

#include "decide/venue.h"
#include "recording.h"

/* Entries of actions, one after the other. */
struct pl_action_run {
    uint64_t first;
    uint32_t count;
};

struct pl_acting {
    struct pl_recording *recording;
    bool journaled;                       /* asked for; whether it still is: pl_acting_may() */
    struct pl_action_run *batch, *before; /* of the open batch; of the one before, all handed out */
    size_t batch_count, before_count, batch_capacity, before_capacity;
    /* Where actions go; NULL: to those who go on after pl_acting_let_out(). */
    void (*receive)(void *receiver, const struct pl_journal_entry *action, bool possibly_sent);
    void *receiver;
    uint64_t sent;     /* handed out */
    uint64_t repeated; /* of them marked as possibly sent by an earlier process */
    uint64_t withheld; /* found right, but not let out */
};

void pl_acting_open(struct pl_acting *acting, struct pl_recording *recording, bool journaled);
void pl_acting_close(struct pl_acting *acting);

/* False: nothing leaves any more. */
bool pl_acting_may(const struct pl_acting *acting);
/* An input of the venue, and its actions: they wait. */
void pl_acting_decided(struct pl_acting *acting, const struct pl_venue_input *input,
                       const struct pl_venue_action *actions, uint32_t count);
/* Ends the batch and lets its actions out; false: they stay. */
bool pl_acting_let_out(struct pl_acting *acting);
/* The same, and a last batch of acknowledgements at that time; the journal must end here. */
void pl_acting_finish(struct pl_acting *acting, int64_t time_us);

#endif
