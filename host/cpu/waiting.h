/* Rows that ticks have changed and nobody has read since: they are priced when a sweep needs them,
 * so that a tick costs the rows of the accounts that are judged on it. */
#ifndef PL_CPU_WAITING_H
#define PL_CPU_WAITING_H

#include <stddef.h>
#include <stdint.h>

struct pl_tables;

struct pl_cpu_waiting {
    uint8_t *waits;   /* by instrument */
    uint32_t count;   /* how many do */
    uint32_t *filled; /* by the last pl_cpu_waiting_fill() */
};

/* Takes memory for loaded tables, whose rows all wait for a commit. 0 or -ENOMEM. */
int pl_cpu_waiting_make(struct pl_cpu_waiting *waiting, const struct pl_tables *tables);
void pl_cpu_waiting_free(struct pl_cpu_waiting *waiting);

/* Notes what the last commit changed: call it after each. */
void pl_cpu_waiting_note(struct pl_cpu_waiting *waiting, const struct pl_tables *tables);

/* Fills the rows that wait among those of the slots' positions, or all where that is as short.
 * Returns how many: waiting->filled. */
uint32_t pl_cpu_waiting_fill(struct pl_cpu_waiting *waiting, const struct pl_tables *tables,
                             const uint64_t *slots, size_t count);

#endif
