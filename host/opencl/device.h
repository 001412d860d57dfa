/* An OpenCL device that is open: chosen, with a context, a queue in order, and the program. Every
 * function returns 0 or a negative errno, -ENOMEM also when the device has no memory left, and says
 * why in `message`: the call, and the name of its code. */
#ifndef PL_OPENCL_DEVICE_H
#define PL_OPENCL_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "calls.h"
#include "plimsoll.h"
#include "settings.h"

struct pl_ocl_device {
    const struct pl_ocl_calls *calls;
    cl_device_id id;
    cl_context context;
    cl_command_queue queue;
    cl_program program;
    unsigned lanes;
    unsigned wait_s;
    bool lost; /* a wait ended in vain: it may still write to what it was lent */
    bool from_cache;
    char name[128];              /* of the device and its platform */
    char note[PL_MESSAGE_BYTES]; /* why a binary was not taken; "" */
    char message[PL_MESSAGE_BYTES];
};

/* Memory of the device that grows as needed. */
struct pl_ocl_buffer {
    cl_mem mem;
    size_t bytes;
};

/* Chooses and opens; the program is built or loaded. On failure everything is released. */
int pl_ocl_device_open(struct pl_ocl_device *d, const struct pl_ocl_calls *calls,
                       const struct pl_ocl_settings *settings);
void pl_ocl_device_close(struct pl_ocl_device *d);

/* -EIO, -ENOMEM or -ETIMEDOUT, with the message "clX: CL_Y". */
int pl_ocl_fail(struct pl_ocl_device *d, const char *call, cl_int code);

/* At least `bytes`; what was in it is lost when it grows. */
int pl_ocl_reserve(struct pl_ocl_device *d, struct pl_ocl_buffer *b, size_t bytes);
void pl_ocl_release(struct pl_ocl_device *d, struct pl_ocl_buffer *b);

/* Both are queued: the memory of the host must stay until the next pl_ocl_wait(). */
int pl_ocl_write(struct pl_ocl_device *d, struct pl_ocl_buffer *b, const void *from, size_t bytes);
int pl_ocl_write_at(struct pl_ocl_device *d, struct pl_ocl_buffer *b, size_t offset,
                    const void *from, size_t bytes);
int pl_ocl_read(struct pl_ocl_device *d, const struct pl_ocl_buffer *b, void *to, size_t bytes);
int pl_ocl_zero(struct pl_ocl_device *d, struct pl_ocl_buffer *b, size_t bytes);

/* Waits until the queue is empty, at most wait_s; then the device is lost. */
int pl_ocl_wait(struct pl_ocl_device *d);
/* After a failure: waits for what was queued before it, and returns `error` with its message. */
int pl_ocl_settle(struct pl_ocl_device *d, int error);

/* A kernel with its arguments. */
struct pl_ocl_kernel {
    cl_kernel kernel;
    size_t group; /* work items of a group */
    const char *name;
};

int pl_ocl_kernel_make(struct pl_ocl_device *d, struct pl_ocl_kernel *k, const char *name);
void pl_ocl_kernel_drop(struct pl_ocl_device *d, struct pl_ocl_kernel *k);

struct pl_ocl_argument {
    const struct pl_ocl_buffer *buffer; /* NULL: the number */
    cl_uint number;
};

/* Queues at least `items` work items, in whole groups. */
int pl_ocl_run(struct pl_ocl_device *d, const struct pl_ocl_kernel *k,
               const struct pl_ocl_argument *arguments, cl_uint count, size_t items);

#endif
