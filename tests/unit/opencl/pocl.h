/* The device that the tests run the kernels on: any processor's, by PoCL, whose own cache lies in
 * the build folder like that of the programs. */
#ifndef PL_TEST_POCL_H
#define PL_TEST_POCL_H

#include "../support/random.h"

#include "opencl/device.h"

#define POCL_CACHE "build/opencl"

/* PoCL keeps what its compiler took until the process ends: leaks are looked for where the
 * functions are fake. */
int __lsan_is_turned_off(void);
int __lsan_is_turned_off(void)
{
    return 1;
}

struct pocl {
    struct pl_ocl_calls calls;
    struct pl_ocl_device device;
};

static UNUSED void pocl_environment(void)
{
    setenv("POCL_CACHE_DIR", "build/pocl", 0);
}

static UNUSED struct pl_ocl_settings pocl_settings(uint8_t profile, unsigned lanes)
{
    return (struct pl_ocl_settings){ .platform = "Portable",
                                     .cache = POCL_CACHE,
                                     .profile = profile,
                                     .lanes = lanes,
                                     .wait_s = 120 };
}

static UNUSED void pocl_open(struct pocl *p, uint8_t profile, unsigned lanes)
{
    char message[PL_MESSAGE_BYTES] = "";
    const struct pl_ocl_settings settings = pocl_settings(profile, lanes);
    pocl_environment();
    if (pl_ocl_calls_find(&p->calls, message) != 0)
        fail_msg("%s", message);
    if (pl_ocl_device_open(&p->device, &p->calls, &settings) != 0)
        fail_msg("%s", p->device.message);
}

static UNUSED void pocl_close(struct pocl *p)
{
    pl_ocl_device_close(&p->device);
    pl_ocl_calls_drop(&p->calls);
}

#endif
