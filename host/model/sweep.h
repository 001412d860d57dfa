/* The sweep: an account stream in, verdicts out, in stream order. */
#ifndef PL_MODEL_SWEEP_H
#define PL_MODEL_SWEEP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pl_abi.h"
#include "sums.h"
#include "tables.h"

/* Where a sweep stands. The slots belong to the caller and must stay as they are until the end. */
struct pl_sweep {
    const struct pl_tables *tables;
    const uint64_t *slots;
    size_t count, next;           /* next: the slot to read */
    size_t stop;                  /* no account from here on is taken: count, or a later piece's */
    const struct pl_trace *trace; /* or NULL */
    enum pl_status status;
    struct pl_tick_summary summary;
    uint8_t filter;  /* flagged: state >= filter */
    uint32_t serial; /* verdicts taken so far */
    bool ended;      /* at END, or by a failure */
};

/* Starts on the frozen tick. */
void pl_sweep_start(struct pl_sweep *sweep, const struct pl_tables *tables, const uint64_t *slots,
                    size_t count, uint8_t filter);

/* Evaluates the next account. Returns 1 with its verdict (whatever its state; serial and
 * position_version are the caller's), 0 at the end of the stream, or a negative PL_STATUS:
 * NOT_LOADED, or MALFORMED_SLOT, with sweep->next at the offending slot. Verdicts already returned
 * stay valid. */
int pl_sweep_next(struct pl_sweep *sweep, struct pl_verdict *verdict);

/* Evaluates accounts until `max` verdicts at or above the filter are taken, or the sweep ended (see
 * its status) or is at its stop. Returns the number of verdicts, with their serials. */
size_t pl_sweep_take(struct pl_sweep *sweep, struct pl_verdict *verdicts, size_t max);

/* The same for one account: 1, or 0 when it is filtered out or the sweep ended. */
size_t pl_sweep_take_one(struct pl_sweep *sweep, struct pl_verdict *verdict);

/* Whether there is something to take. Without END a sweep goes on at its count, to fail there. */
static inline bool pl_sweep_goes_on(const struct pl_sweep *s)
{
    return !s->ended && (s->next < s->stop || s->stop == s->count);
}

#endif
