/* Accounts that stay: their slots, their last verdicts, and who holds what. A commit judges again
 * only the accounts that hold an instrument whose row changed, or an underlying whose loss factor
 * did. 12 bytes a position and 148 an account with one cash slot. */
#ifndef PL_CPU_RESIDENT_H
#define PL_CPU_RESIDENT_H

#include "isa.h"

struct pl_cpu_resident {
    const struct pl_tables *tables;
    uint64_t *slots; /* a copy, END included */
    size_t count;
    uint32_t accounts;
    uint32_t *starts;            /* [accounts + 1]: of their slots */
    struct pl_verdict *verdicts; /* [accounts] */
    uint32_t *holders;           /* accounts by instrument: from firsts[i] to firsts[i + 1] */
    uint32_t *firsts;            /* [instruments + 1] */
    uint64_t *dirty;             /* a bit per account: its verdict is of an earlier tick's rows */
    int64_t *im_factors;         /* [underlyings], of the last commit */
    uint32_t by_state[PL_STATE_BANKRUPT + 1];
};

/* Takes a stream that sweeps of `tables` take without a failure. 0, -PL_STATUS_MALFORMED_SLOT where
 * it cannot be indexed, or -ENOMEM; then *resident is empty. */
int pl_cpu_resident_make(struct pl_cpu_resident *resident, const struct pl_tables *tables,
                         const uint64_t *slots, size_t count);
/* Notes what the last commit changed: call it after each. */
void pl_cpu_resident_note(struct pl_cpu_resident *resident);
/* Judges the dirty accounts. Returns their number, or -PL_STATUS_MALFORMED_SLOT: a slot breaks the
 * contract, and the set is of no use. */
int64_t pl_cpu_resident_judge(struct pl_cpu_resident *resident, const struct pl_cpu_isa *isa,
                              const struct pl_cpu_packed *packed);
/* The verdicts at or above the sweep's filter, as pl_sweep_take() returns them from the start of
 * the stream to its end, with the summary. `max` must be at least the number of accounts. */
size_t pl_cpu_resident_list(const struct pl_cpu_resident *resident, struct pl_sweep *sweep,
                            struct pl_verdict *verdicts, size_t max);
void pl_cpu_resident_free(struct pl_cpu_resident *resident);

#endif
