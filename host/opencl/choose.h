/* Which of the platforms' devices. */
#ifndef PL_OPENCL_CHOOSE_H
#define PL_OPENCL_CHOOSE_H

#include "device.h"

#define PL_OCL_DEVICES_MAX 64
#define PL_OCL_NAME_BYTES 256

/* A device: opencl:platform=<platform>,device=<device> opens it. */
struct pl_ocl_found {
    cl_device_id id;
    unsigned platform, device; /* their numbers */
    int rank;                  /* graphics processors 3, other accelerators 2, processors 1 */
    const char *unfit;         /* why it cannot run the kernels; NULL: it can */
    char platform_name[PL_OCL_NAME_BYTES], name[PL_OCL_NAME_BYTES];
};

/* All there are, platform by platform: their number, at most `max`; -ENODEV: there is no platform.
 * `message` (PL_MESSAGE_BYTES) says why on failure. */
int pl_ocl_list(const struct pl_ocl_calls *calls, struct pl_ocl_found *out, size_t max,
                char *message);

/* The first that fits the settings and can run the kernels, graphics processors before others; its
 * names go to d->name, `identity` tells it and its driver from others. -ENODEV: there is none,
 * -ENOTSUP: what fits cannot. */
int pl_ocl_choose(struct pl_ocl_device *d, const struct pl_ocl_settings *settings,
                  char identity[512]);

#endif
