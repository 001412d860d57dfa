/* A sweep in pieces, one per thread at a time, whose verdicts leave in the order of the stream. */
#ifndef PL_CPU_PIECES_H
#define PL_CPU_PIECES_H

#include "isa.h"
#include "pool.h"

struct pl_cpu_piece;

struct pl_cpu_pieces {
    struct pl_cpu_pool *pool;
    unsigned threads;
    struct pl_cpu_piece *list; /* [threads] */
    unsigned count, first;     /* pieces done; the first whose verdicts are not all taken */
    const struct pl_cpu_isa *isa;
    const struct pl_cpu_packed *packed;
};

/* Starts the threads; see pl_cpu_pool_open(). */
int pl_cpu_pieces_open(struct pl_cpu_pieces *pieces, unsigned threads, int pin);
/* As pl_sweep_take(), for a sweep taken by this function from its start. A piece without
 * memory is taken by the caller's thread. */
size_t pl_cpu_pieces_take(struct pl_cpu_pieces *pieces, struct pl_sweep *sweep,
                          struct pl_verdict *verdicts, size_t max);
void pl_cpu_pieces_close(struct pl_cpu_pieces *pieces);

#endif
