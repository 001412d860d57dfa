/* The sweep in 512-bit vectors: eight columns or scenarios at a time. */
#ifndef PL_CPU_SWEEP_AVX512_H
#define PL_CPU_SWEEP_AVX512_H

#include "model/sweep.h"
#include "packed.h"

/* As pl_sweep_take(), byte for byte. */
size_t pl_cpu_take_avx512(const struct pl_cpu_packed *packed, struct pl_sweep *sweep,
                          struct pl_verdict *verdicts, size_t max);

#endif
