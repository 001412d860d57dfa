/* The kernels' text and their polynomials, both from the generated sources that the specification
 * is made of. */
#ifndef PL_OPENCL_SOURCE_H
#define PL_OPENCL_SOURCE_H

#include <stddef.h>
#include <stdint.h>

/* The contract's header, layout.h and the .cl files, one after the other: made by the Makefile. */
extern const char pl_ocl_kernels[];

/* Constants of the profile and number of lanes (1, 2, 4 or 8), then the kernels; free() it. NULL:
 * no memory. */
char *pl_ocl_source(uint8_t profile, unsigned lanes);

/* The tables as the kernels read them; free() it. NULL: no memory. */
uint64_t *pl_ocl_rom(uint8_t profile, size_t *words);

#endif
