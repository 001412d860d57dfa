/* A venue that journals, acts and crashes: appends batches by chance, sends what the journal hands
 * out, acknowledges it later, and remembers what must hold, outside of what a crash destroys (it
 * has no pointers, so it may lie in memory shared with a process that is killed).
 *
 * What must hold, at every opening: the chain is intact; every batch whose commit succeeded is
 * there; every action that was sent is there with the same bytes; nothing acknowledged is handed
 * out again; what comes unmarked comes for the first time. */
#ifndef PL_TEST_VENUE_H
#define PL_TEST_VENUE_H

#include <stdbool.h>
#include <stdint.h>

#define VENUE_ENTRIES 4096

struct venue {
    uint64_t random;
    uint64_t durable;                  /* the last entry whose commit succeeded */
    uint64_t lives, crashes, repeated; /* openings; those that ended early; marked actions */
    uint64_t batches_in_doubt, found;  /* commits that failed; those that were there after all */
    struct venue_action {
        uint64_t content; /* of an action that was sent; 0: none was */
        uint8_t times_new;
        bool acknowledged, acknowledging;
    } actions[VENUE_ENTRIES];
    char problem[256]; /* what did not hold; "" */
};

/* One life: opens the journal at `path`, checks, works through about `batches` batches, closes.
 * Returns 0, or the negative code of the journal that ended it early. */
int venue_live(struct venue *venue, const char *path, int batches);

/* A last life: everything that waits is sent and acknowledged, then nothing may wait. */
void venue_settle(struct venue *venue, const char *path);

#endif
