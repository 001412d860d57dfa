/* Inside the recorder: recorder.c what the library is given, recorder_venue.c what the venue is. */
#ifndef PL_JOURNAL_RECORDER_STATE_H
#define PL_JOURNAL_RECORDER_STATE_H

#include "account_map.h"
#include "recorder.h"
#include "venue_records.h"

/* An account as it was submitted last, and what the venue is told of its last verdict (kind
 * PL_VENUE_VERDICT; before that, another). */
struct pl_recorded_account {
    uint8_t *bytes;
    size_t used, capacity;
    struct pl_venue_input verdict;
};

struct pl_recorder {
    struct pl_journal *journal;
    bool whole;                            /* all since the load was recorded */
    uint64_t losses;                       /* of the journal, at the load */
    uint64_t ticks;                        /* since the load */
    int64_t time_us;                       /* of the last one, or of what came after it */
    struct pl_payload load, names, prices; /* wait for the next commit; load, names: NULL: none */
    uint32_t name_count, price_count;
    struct pl_account_map map;
    struct pl_recorded_account *given; /* by place of the map */
    size_t given_capacity;
    struct pl_payload submission, account;

    struct pl_payload inputs; /* of the venue, to be appended before anything else */
    int64_t run_us;           /* a run of verdicts that goes on behind them */
    uint32_t run_first, run_count;
};

int pl_recorder_lose(struct pl_recorder *recorder);
/* Begins a batch where none is open. */
int pl_recorder_begin(struct pl_recorder *recorder);
int pl_recorder_append(struct pl_recorder *recorder, uint32_t kind, struct pl_payload *payload);
/* Load and names, where they wait. */
int pl_recorder_append_waiting(struct pl_recorder *recorder);

#endif
