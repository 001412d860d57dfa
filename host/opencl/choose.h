/* Which of the platforms' devices. */
#ifndef PL_OPENCL_CHOOSE_H
#define PL_OPENCL_CHOOSE_H

#include "device.h"

/* The first that fits the settings and can run the kernels, graphics processors before others; its
 * names go to d->name, `identity` tells it and its driver from others. -ENODEV: there is none,
 * -ENOTSUP: what fits cannot. */
int pl_ocl_choose(struct pl_ocl_device *d, const struct pl_ocl_settings *settings,
                  char identity[512]);

#endif
