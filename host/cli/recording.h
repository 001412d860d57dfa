/* The journal that a session writes, if any. What cannot be journaled is complained of once; then
 * nothing more is journaled, and evaluation goes on. */
#ifndef PL_CLI_RECORDING_H
#define PL_CLI_RECORDING_H

#include "feed/book.h"
#include "journal/journal.h"
#include "journal/recorder.h"

struct pl_recording {
    struct pl_journal *journal; /* NULL: none is written */
    struct pl_recorder *recorder;
    bool failed;
    bool acts; /* actions wait for it: see acting.h */
};

/* Creates the journal at `path`. 0 or a negative errno after saying why. */
int pl_recording_open(struct pl_recording *recording, const char *path);
/* The same for a loop that acts: goes on with the journal that is there. One that is locked,
 * damaged or on a full disk is complained of, and `failed` is set: evaluation goes on. */
int pl_recording_open_acting(struct pl_recording *recording, const char *path);
void pl_recording_close(struct pl_recording *recording);

/* As in recorder.h; `book` has the accounts' names. */
void pl_recording_loaded(struct pl_recording *recording, const struct pl_setup *setup,
                         uint8_t profile, const struct pl_book *book);
void pl_recording_priced(struct pl_recording *recording, const char *symbol,
                         const struct pl_price *price);
void pl_recording_committed(struct pl_recording *recording, int64_t time_us);
void pl_recording_submitted(struct pl_recording *recording, const struct pl_batch *batch);
void pl_recording_judged(struct pl_recording *recording, const struct pl_verdict *verdicts,
                         size_t count);
/* The venue that decides; the time has gone on without a tick. */
void pl_recording_venue(struct pl_recording *recording, const char *run,
                        const struct pl_venue_rules *rules, const struct pl_venue_setup *setup);
void pl_recording_at(struct pl_recording *recording, int64_t time_us);
/* Says that nothing is journaled any more, and closes the journal; after saying why where `error`
 * is not 0. */
void pl_recording_stop(struct pl_recording *recording);
void pl_recording_check(struct pl_recording *recording, int error);

/* All of the tick is durable, or complained of. */
void pl_recording_end_batch(struct pl_recording *recording);

#endif
