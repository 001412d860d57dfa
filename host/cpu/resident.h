/* Accounts that stay: their slots, their last verdicts, and who holds what. A commit judges again
 * only the accounts that hold an instrument whose row changed, or an underlying whose loss factor
 * did. 12 bytes a position and 148 an account with one cash slot, besides 4 bytes an instrument and
 * what one batch of accounts needs. */
#ifndef PL_CPU_RESIDENT_H
#define PL_CPU_RESIDENT_H

#include "model/sweep.h"

/* As pl_sweep_take(), with its context. */
typedef size_t pl_cpu_take(void *context, struct pl_sweep *sweep, struct pl_verdict *verdicts,
                           size_t max);

struct pl_cpu_batch;

struct pl_cpu_resident {
    const struct pl_tables *tables;
    uint64_t *slots;   /* without padding, END included */
    size_t count;      /* of them */
    size_t slots_read; /* in the stream that was given */
    uint8_t filter;
    uint32_t accounts;
    uint32_t *starts;            /* [accounts + 1]: of their slots */
    struct pl_verdict *verdicts; /* [accounts] */
    uint32_t *holders;           /* accounts by instrument: from firsts[i] to firsts[i + 1] */
    uint32_t *firsts;            /* [instruments + 1] */
    uint64_t *dirty;             /* a bit per account: its verdict is of an earlier tick's rows */
    uint64_t *listed;            /* a bit per account: at or above the filter */
    int64_t *im_factors;         /* [underlyings], of the last commit */
    uint32_t by_state[PL_STATE_BANKRUPT + 1];
    struct pl_cpu_batch *batch; /* accounts on their way through the kernels */
    size_t bytes;               /* of all of it */
};

/* Takes a stream that sweeps of `tables` take without a failure; later sweeps have `filter`. 0,
 * -PL_STATUS_MALFORMED_SLOT where it cannot be indexed, or -ENOMEM; then *resident is empty. */
int pl_cpu_resident_make(struct pl_cpu_resident *resident, const struct pl_tables *tables,
                         const uint64_t *slots, size_t count, uint8_t filter);
/* Notes what the last commit changed: call it after each. */
void pl_cpu_resident_note(struct pl_cpu_resident *resident);
/* Judges the dirty accounts. Returns their number, or -PL_STATUS_MALFORMED_SLOT: a slot breaks the
 * contract, and the set is of no use. */
int64_t pl_cpu_resident_judge(struct pl_cpu_resident *resident, pl_cpu_take *take, void *context);
/* Accounts at or above the filter. */
size_t pl_cpu_resident_flagged(const struct pl_cpu_resident *resident);
/* Their verdicts, as pl_sweep_take() returns them from the start of the stream to its end, with the
 * summary. `max` must be at least their number. */
size_t pl_cpu_resident_list(const struct pl_cpu_resident *resident, struct pl_sweep *sweep,
                            struct pl_verdict *verdicts, size_t max);
void pl_cpu_resident_free(struct pl_cpu_resident *resident);

#endif
