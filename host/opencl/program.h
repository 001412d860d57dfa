/* The program of a chosen device: from the cache, or built from source and put there. */
#ifndef PL_OPENCL_PROGRAM_H
#define PL_OPENCL_PROGRAM_H

#include "device.h"

/* 0, -ENOMEM, or -EIO with the build log in the message. A binary that cannot be used is passed
 * over, and d->note says why; where there is no compiler, it is the message. */
int pl_ocl_program_make(struct pl_ocl_device *d, const struct pl_ocl_settings *settings,
                        const char *identity);

#endif
