/* The tables of a load on the device, and its rows, which a commit prices there. */
#ifndef PL_OPENCL_ROWS_H
#define PL_OPENCL_ROWS_H

#include "device.h"
#include "pl_abi.h"

struct pl_tables;
struct pl_ocl_change;
struct pl_ocl_underlying;

struct pl_ocl_rows {
    struct pl_ocl_device *device;
    const struct pl_tables *tables;
    uint32_t columns; /* evaluations of an option: scenarios, and two basis prices */
    uint32_t batch;   /* rows of a round */
    struct pl_ocl_kernel price_values, price_greeks, finish_rows;
    struct pl_ocl_buffer rom, instruments, expiries, underlyings, classes, scenarios, multipliers;
    struct pl_ocl_buffer ticks, more; /* of the frozen tick: expiries and underlyings */
    struct pl_ocl_buffer changes, greeks, fresh, rows;
    uint64_t *rom_words;
    struct pl_ocl_change *list; /* [batch] */
    struct pl_row *back;        /* [batch] */
    struct pl_ocl_underlying *of_underlyings;
};

/* The kernels, and the polynomials of the profile. 0 or a negative errno; then free it all the
 * same.
 */
int pl_ocl_rows_open(struct pl_ocl_rows *r, struct pl_ocl_device *device, uint8_t profile);
/* Takes loaded tables, which stay where they are. */
int pl_ocl_rows_load(struct pl_ocl_rows *r, const struct pl_tables *tables);
/* Sends the frozen tick, prices the rows that tables->repriced lists on the device, and copies them
 * to the tables' own. */
int pl_ocl_rows_commit(struct pl_ocl_rows *r);
void pl_ocl_rows_close(struct pl_ocl_rows *r);

#endif
