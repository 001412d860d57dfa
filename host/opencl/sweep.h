/* Sweeps by the device: a piece of the stream at a time, or accounts that stay there. What the
 * device does not judge, pl_sweep_next() does, in its place of the stream. */
#ifndef PL_OPENCL_SWEEP_H
#define PL_OPENCL_SWEEP_H

#include "model/sweep.h"
#include "rows.h"

struct pl_ocl_finding;

/* Accounts on the device, and what it said of them. */
struct pl_ocl_accounts {
    struct pl_ocl_buffer slots, starts, answers, findings;
    size_t base, length; /* their slots in the stream */
    uint32_t count, capacity;
    uint32_t next;  /* the first whose verdict is not taken */
    uint32_t *from; /* [capacity + 1]: where each starts, and the end, from base */
    uint8_t *said;  /* [capacity] */
    struct pl_ocl_finding *findings_back; /* [capacity] */
    uint32_t *places;                     /* [capacity]: of its finding */
};

struct pl_ocl_sweep {
    struct pl_ocl_rows *rows;
    struct pl_ocl_kernel kernel;
    struct pl_ocl_buffer found;
    uint64_t found_back; /* findings of the last run */
    struct pl_ocl_accounts streamed, kept;
    uint64_t *kept_slots; /* a copy, for the accounts that the device does not judge */
    size_t kept_count;
    uint8_t kept_filter;
    int kept_error; /* of the last time they were judged */
};

int pl_ocl_sweep_open(struct pl_ocl_sweep *s, struct pl_ocl_rows *rows);
void pl_ocl_sweep_close(struct pl_ocl_sweep *s);

/* As pl_sweep_take(), for a sweep taken by this function from its start. When the device fails, the
 * sweep ends with PL_STATUS_BUS_ERROR or PL_STATUS_TIMEOUT. */
size_t pl_ocl_sweep_take(struct pl_ocl_sweep *s, struct pl_sweep *sweep,
                         struct pl_verdict *verdicts, size_t max);

/* Sends accounts that stay; count 0: none. False: there are none, and take() judges them. */
bool pl_ocl_sweep_keep(struct pl_ocl_sweep *s, const uint64_t *slots, size_t count, uint8_t filter);
/* Judges them on the committed tick; returns how many verdicts there may be. */
size_t pl_ocl_sweep_judge_kept(struct pl_ocl_sweep *s);
/* As take() from their start to their end; `max` is at least that number. */
size_t pl_ocl_sweep_list_kept(struct pl_ocl_sweep *s, struct pl_sweep *sweep,
                              struct pl_verdict *verdicts, size_t max);

#endif
