/* The kernels of an instruction set, and which of them this processor has. */
#ifndef PL_CPU_ISA_H
#define PL_CPU_ISA_H

#include <stdbool.h>
#include <stddef.h>

#include "black.h"
#include "model/row.h"
#include "model/sweep.h"

struct pl_cpu_packed;

struct pl_cpu_isa {
    const char *name;
    /* As pl_sweep_take(), byte for byte. NULL: pl_sweep_take() itself. */
    size_t (*take)(const struct pl_cpu_packed *packed, struct pl_sweep *sweep,
                   struct pl_verdict *verdicts, size_t max);
    /* Profile full: the values of a row's scenarios. NULL: there is nothing faster. */
    pl_row_price *price;
    /* Profile full: eight options as pl_black_value() and pl_black(), bit for bit. NULL: there is
     * nothing faster. */
    void (*values)(const struct pl_expiry_math *expiry, const struct pl_cpu_options *options,
                   struct pl_cpu_values *out);
    void (*greeks)(const struct pl_expiry_math *expiry, const struct pl_cpu_options *options,
                   struct pl_cpu_values *out, struct pl_cpu_greeks *greeks);
};

extern const struct pl_cpu_isa pl_cpu_avx512, pl_cpu_avx2;

/* Whether this processor and its system have it. */
bool pl_cpu_isa_here(const struct pl_cpu_isa *isa);

/* By name; NULL: there is none. */
const struct pl_cpu_isa *pl_cpu_isa_find(const char *name);
/* The fastest that is here. */
const struct pl_cpu_isa *pl_cpu_isa_best(void);

#endif
