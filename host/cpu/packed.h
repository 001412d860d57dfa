/* What sweeps read instead of the tables: rows as vectors of unsigned 52-bit words, and the terms
 * of a close beside each other. Made from the tables at a load, renewed when
 * rows are filled. Read-only for
 * sweeps: any number of threads.
 *
 * A word is entry + 2^51, which is never 0 nor above 52 bits. A row is LONG, SHORT, GREEKS and the
 * scenario vectors. LONG and SHORT hold the same columns, for a position's size |lots|: SHORT has
 * negative values and the requirements of a short. Requirements stand with a minus: they round up
 * where values round down. */
#ifndef PL_CPU_PACKED_H
#define PL_CPU_PACKED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pl_abi.h"

struct pl_tables;

#define PL_CPU_LANES 8
#define PL_CPU_BIAS (UINT64_C(1) << 51)
#define PL_CPU_VECTORS_MAX (PL_SCENARIOS_MAX / PL_CPU_LANES)

enum pl_cpu_vector { PL_CPU_LONG, PL_CPU_SHORT, PL_CPU_GREEKS, PL_CPU_SCENARIOS };

/* Lanes of LONG and SHORT. Where the scenarios are one more than fill whole vectors, the last one
 * is the tail. */
enum pl_cpu_column {
    PL_CPU_VALUE,
    PL_CPU_FEE,
    PL_CPU_BASIS_UP,
    PL_CPU_BASIS_DOWN,
    PL_CPU_GROSS,
    PL_CPU_IM,
    PL_CPU_MM,
    PL_CPU_TAIL,
    /* In the close, the neighbour in a pair of lanes. */
    PL_CPU_GROSS_AGAIN = PL_CPU_IM
};

/* An expiry's part in the close. */
struct pl_cpu_terms {
    uint32_t first, count; /* its instruments */
    uint32_t odd;          /* of them: those whose tag is not PL_TAG_POSITION */
    uint16_t underlying;
    uint8_t row_shift;
    bool scenario, perpetual;
    bool quick; /* its coefficients are within what the quick close takes */
    int64_t long_discount, short_discount;
    /* Of BASIS_UP: the basis weight, of GROSS: the oracle penalty, of GROSS_AGAIN: the penalty when
     * a perpetual is held; of the others 0. */
    int64_t coefficients[PL_CPU_LANES];
};

/* An underlying's scenarios, in the lanes of the vectors; the tail's are in lane PL_CPU_TAIL of the
 * vector after the last. */
struct pl_cpu_shocks {
    uint8_t count, vectors;
    bool tail;
    bool quick;
    uint8_t skew[PL_CPU_VECTORS_MAX + 1]; /* lanes that count minus their absolute value */
    bool damped[PL_CPU_VECTORS_MAX + 1];  /* a lane's dampening is not 1 */
    int64_t dampening[PL_CPU_VECTORS_MAX + 1][PL_CPU_LANES];
};

struct pl_cpu_packed {
    const struct pl_tables *tables;
    size_t stride;      /* words of a row */
    uint8_t vectors;    /* of scenarios, in a row */
    bool far;           /* the rows are more than a processor's second cache holds */
    uint64_t *rows;     /* 64-byte aligned */
    uint8_t *tags;      /* PL_TAG_* of an instrument's slots; 0: its row has flags */
    uint16_t *expiries; /* of an instrument */
    struct pl_cpu_terms *terms;
    struct pl_cpu_shocks *shocks;
};

/* Memory for rows, freed by free(): from this size on whole huge pages, if the system has them:
 * rows are read at random, and the processor remembers the addresses of few pages. A multiple of
 * 64 bytes. NULL: no memory. */
#define PL_CPU_HUGE_PAGE_BYTES (UINT64_C(1) << 21)
uint64_t *pl_cpu_rows_take(size_t bytes);

/* Takes memory for loaded tables. 0 or -ENOMEM. */
int pl_cpu_packed_make(struct pl_cpu_packed *packed, const struct pl_tables *tables);
/* Renews the rows of these instruments, and the terms of their expiries. */
void pl_cpu_packed_renew(struct pl_cpu_packed *packed, const uint32_t *instruments, uint32_t count);
void pl_cpu_packed_free(struct pl_cpu_packed *packed);

#endif
