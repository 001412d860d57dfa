/* The device opencl: with any table of OpenCL functions, for tests that have their own. */
#ifndef PL_OPENCL_ENGINE_H
#define PL_OPENCL_ENGINE_H

#include "calls.h"

struct pl_dev;

/* As open() of struct pl_dev_ops. The device takes `calls` over, also on failure. */
int pl_ocl_open(const struct pl_ocl_calls *calls, const char *options, struct pl_dev **out,
                char *message);

#endif
