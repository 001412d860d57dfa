/* OpenCL's functions with nothing behind them: they count what is alive, and one call of all may
 * fail. What is read back is 0. */
#ifndef PL_TEST_FAKE_OPENCL_H
#define PL_TEST_FAKE_OPENCL_H

#include "opencl/calls.h"

#include <stdbool.h>

struct fake {
    long calls, fail_at; /* the call that fails; -1: none */
    cl_int code;         /* what it says */
    long alive;          /* objects */
    cl_uint platforms, devices;
    cl_int no_platform; /* what clGetPlatformIDs says when there is none */
    const char *profile, *extensions, *version, *driver;
    bool compiler, builds, takes_binaries, answers, little;
    size_t memory; /* the largest buffer */
    long built;    /* programs from source */
};

extern struct fake fake;

/* Everything works. */
void fake_reset(void);
extern const struct pl_ocl_calls fake_calls;

#endif
