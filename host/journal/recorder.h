/* Records what the library is given and what it finds: stands beside the calls of plimsoll.h and is
 * told of each one after it succeeded. One tick looks like this:
 *
 *   pl_set_price() = 0  -> pl_recorder_priced()
 *   pl_commit() = 0     -> pl_recorder_committed(), which begins a batch where none is open
 *   pl_submit() = 0     -> pl_recorder_submitted()
 *   pl_poll() > 0       -> pl_recorder_judged()
 *   pl_venue_apply()    -> pl_recorder_decided(), for each input, with the actions
 *   pl_recorder_complete(), pl_journal_commit()
 *
 * A venue (decide/venue.h) is told once, by pl_recorder_venue(), after the load and before its
 * first input. The verdicts that it is given stand as the number of their account wherever they are
 * the latest ones: recomputing takes them from the recomputed verdicts.
 *
 * Of accounts only what changed since they were last submitted is written; of verdicts only those
 * at or above margin call. The library starts anew with pl_load(), and so does what is recorded,
 * but for the venue: pl_recorder_loaded() comes first, and again after a batch that was given up or
 * failed, and after a commit that the device failed (-ESTALE, -EPROTO).
 *
 * Functions return 0 or a negative errno; pl_journal_message() says why. */
#ifndef PL_JOURNAL_RECORDER_H
#define PL_JOURNAL_RECORDER_H

#include "decide/venue.h"
#include "journal.h"
#include "plimsoll.h"

struct pl_recorder;

/* -ENOMEM. The journal stays open while there is a recorder. */
int pl_recorder_open(struct pl_journal *journal, struct pl_recorder **out);
void pl_recorder_close(struct pl_recorder *recorder);

/* setup->model_text must be given (-EINVAL): it is the model, whatever happens to a file. */
int pl_recorder_loaded(struct pl_recorder *recorder, const struct pl_setup *setup, uint8_t profile);
/* For readers: what an account's number stands for. */
int pl_recorder_named(struct pl_recorder *recorder, uint32_t account, const char *name);
int pl_recorder_priced(struct pl_recorder *recorder, const char *symbol,
                       const struct pl_price *price);
int pl_recorder_committed(struct pl_recorder *recorder, int64_t time_us);
int pl_recorder_submitted(struct pl_recorder *recorder, const struct pl_batch *batch);
/* Verdicts as they were polled, in order. */
int pl_recorder_judged(struct pl_recorder *recorder, const struct pl_verdict *verdicts,
                       size_t count);

/* `run` tells people by what parameters the inputs come about; less than 192 bytes. */
int pl_recorder_venue(struct pl_recorder *recorder, const char *run,
                      const struct pl_venue_rules *rules, const struct pl_venue_setup *setup);
/* The time has gone on without a tick. */
void pl_recorder_at(struct pl_recorder *recorder, int64_t time_us);
/* An input that was applied, and its actions; *first: the entry of the first of them. */
int pl_recorder_decided(struct pl_recorder *recorder, const struct pl_venue_input *input,
                        const struct pl_venue_action *actions, uint32_t count, uint64_t *first);
/* Appends inputs of the venue that wait: before a batch is committed. */
int pl_recorder_complete(struct pl_recorder *recorder);

#endif
