#include "device.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "choose.h"
#include "program.h"

#define GROUP_MAX 64   /* work items of a group: a multiple of what cards run at once */
#define GROUP_LANES 16 /* where one item fills the processor's vectors */
#define PAUSE_NS_MAX 200000

int pl_ocl_fail(struct pl_ocl_device *d, const char *call, cl_int code)
{
    snprintf(d->message, sizeof d->message, "device opencl: %s: %s (%d), on %s", call,
             pl_ocl_code_name(code), code, d->name[0] != '\0' ? d->name : "no device yet");
    switch (code) {
    case CL_OUT_OF_HOST_MEMORY:
    case CL_OUT_OF_RESOURCES:
    case CL_MEM_OBJECT_ALLOCATION_FAILURE:
    case CL_INVALID_BUFFER_SIZE: return -ENOMEM;
    default: return -EIO;
    }
}

static int check(struct pl_ocl_device *d, const char *call, cl_int code)
{
    return code == CL_SUCCESS ? 0 : pl_ocl_fail(d, call, code);
}

static int open_queue(struct pl_ocl_device *d)
{
    cl_int code;
    d->context = d->calls->CreateContext(NULL, 1, &d->id, NULL, NULL, &code);
    if (code != CL_SUCCESS) {
        d->context = NULL;
        return pl_ocl_fail(d, "clCreateContext", code);
    }
    d->queue = d->calls->CreateCommandQueue(d->context, d->id, 0, &code);
    if (code != CL_SUCCESS) {
        d->queue = NULL;
        return pl_ocl_fail(d, "clCreateCommandQueue", code);
    }
    return 0;
}

int pl_ocl_device_open(struct pl_ocl_device *d, const struct pl_ocl_calls *calls,
                       const struct pl_ocl_settings *settings)
{
    char identity[512];
    *d = (struct pl_ocl_device){ .calls = calls, .wait_s = settings->wait_s };
    int error = pl_ocl_choose(d, settings, identity);
    error = error != 0 ? error : open_queue(d);
    error = error != 0 ? error : pl_ocl_program_make(d, settings, identity);
    if (error != 0)
        pl_ocl_device_close(d);
    return error;
}

void pl_ocl_device_close(struct pl_ocl_device *d)
{
    if (d->lost) /* releasing may wait for it, too */
        return;
    if (d->program != NULL)
        d->calls->ReleaseProgram(d->program);
    if (d->queue != NULL)
        d->calls->ReleaseCommandQueue(d->queue);
    if (d->context != NULL)
        d->calls->ReleaseContext(d->context);
    d->program = NULL;
    d->queue = NULL;
    d->context = NULL;
}

int pl_ocl_reserve(struct pl_ocl_device *d, struct pl_ocl_buffer *b, size_t bytes)
{
    cl_int code;
    if (b->mem != NULL && b->bytes >= bytes)
        return 0;
    pl_ocl_release(d, b);
    bytes = bytes == 0 ? 1 : bytes;
    b->mem = d->calls->CreateBuffer(d->context, CL_MEM_READ_WRITE, bytes, NULL, &code);
    if (code != CL_SUCCESS) {
        b->mem = NULL;
        int error = pl_ocl_fail(d, "clCreateBuffer", code);
        size_t used = strlen(d->message);
        snprintf(d->message + used, sizeof d->message - used, ": %zu bytes", bytes);
        return error;
    }
    b->bytes = bytes;
    return 0;
}

void pl_ocl_release(struct pl_ocl_device *d, struct pl_ocl_buffer *b)
{
    if (b->mem != NULL && !d->lost)
        d->calls->ReleaseMemObject(b->mem);
    b->mem = NULL;
    b->bytes = 0;
}

int pl_ocl_write_at(struct pl_ocl_device *d, struct pl_ocl_buffer *b, size_t offset,
                    const void *from, size_t bytes)
{
    if (bytes == 0)
        return 0;
    return check(d, "clEnqueueWriteBuffer",
                 d->calls->EnqueueWriteBuffer(d->queue, b->mem, CL_FALSE, offset, bytes, from, 0,
                                              NULL, NULL));
}

int pl_ocl_write(struct pl_ocl_device *d, struct pl_ocl_buffer *b, const void *from, size_t bytes)
{
    int error = pl_ocl_reserve(d, b, bytes);
    return error != 0 ? error : pl_ocl_write_at(d, b, 0, from, bytes);
}

int pl_ocl_read(struct pl_ocl_device *d, const struct pl_ocl_buffer *b, void *to, size_t bytes)
{
    if (bytes == 0)
        return 0;
    return check(
        d, "clEnqueueReadBuffer",
        d->calls->EnqueueReadBuffer(d->queue, b->mem, CL_FALSE, 0, bytes, to, 0, NULL, NULL));
}

int pl_ocl_zero(struct pl_ocl_device *d, struct pl_ocl_buffer *b, size_t bytes)
{
    const cl_ulong zero = 0;
    int error = pl_ocl_reserve(d, b, bytes);
    return error != 0 ? error
                      : check(d, "clEnqueueFillBuffer",
                              d->calls->EnqueueFillBuffer(d->queue, b->mem, &zero, sizeof zero, 0,
                                                          bytes, 0, NULL, NULL));
}

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* OpenCL's own waits have no limit. */
static int wait_for(struct pl_ocl_device *d, cl_event event)
{
    const double end = seconds() + d->wait_s;
    long pause_ns = 1000;
    for (;;) {
        cl_int state = CL_QUEUED;
        int error = check(d, "clGetEventInfo",
                          d->calls->GetEventInfo(event, CL_EVENT_COMMAND_EXECUTION_STATUS,
                                                 sizeof state, &state, NULL));
        if (error != 0 || state == CL_COMPLETE)
            return error;
        if (state < 0)
            return pl_ocl_fail(d, "a command of the queue", state);
        if (seconds() > end) {
            d->lost = true;
            snprintf(
                d->message, sizeof d->message,
                "device opencl: %s does not answer for %u s; what it was lent is lost, open it "
                "again (wait=SECONDS allows more)",
                d->name, d->wait_s);
            return -ETIMEDOUT;
        }
        nanosleep(&(struct timespec){ .tv_nsec = pause_ns }, NULL);
        pause_ns = 2 * pause_ns < PAUSE_NS_MAX ? 2 * pause_ns : PAUSE_NS_MAX;
    }
}

int pl_ocl_wait(struct pl_ocl_device *d)
{
    cl_event event;
    int error = check(d, "clEnqueueMarkerWithWaitList",
                      d->calls->EnqueueMarkerWithWaitList(d->queue, 0, NULL, &event));
    if (error != 0)
        return error;
    error = check(d, "clFlush", d->calls->Flush(d->queue));
    error = error != 0 ? error : wait_for(d, event);
    if (!d->lost)
        d->calls->ReleaseEvent(event);
    return error;
}

int pl_ocl_settle(struct pl_ocl_device *d, int error)
{
    char message[PL_MESSAGE_BYTES];
    if (error == 0 || d->lost || d->queue == NULL)
        return error;
    memcpy(message, d->message, sizeof message);
    pl_ocl_wait(d);
    memcpy(d->message, message, sizeof message);
    return error;
}

int pl_ocl_kernel_make(struct pl_ocl_device *d, struct pl_ocl_kernel *k, const char *name)
{
    cl_int code;
    size_t most = 0;
    *k = (struct pl_ocl_kernel){ .name = name };
    k->kernel = d->calls->CreateKernel(d->program, name, &code);
    if (code != CL_SUCCESS) {
        k->kernel = NULL;
        return pl_ocl_fail(d, "clCreateKernel", code);
    }
    k->group = d->lanes > 1 ? GROUP_LANES : GROUP_MAX;
    code = d->calls->GetKernelWorkGroupInfo(k->kernel, d->id, CL_KERNEL_WORK_GROUP_SIZE,
                                            sizeof most, &most, NULL);
    if (code != CL_SUCCESS)
        return pl_ocl_fail(d, "clGetKernelWorkGroupInfo", code);
    while (k->group > most && k->group > 1)
        k->group /= 2;
    return 0;
}

void pl_ocl_kernel_drop(struct pl_ocl_device *d, struct pl_ocl_kernel *k)
{
    if (k->kernel != NULL && !d->lost)
        d->calls->ReleaseKernel(k->kernel);
    k->kernel = NULL;
}

int pl_ocl_run(struct pl_ocl_device *d, const struct pl_ocl_kernel *k,
               const struct pl_ocl_argument *arguments, cl_uint count, size_t items)
{
    const size_t global = (items + k->group - 1) / k->group * k->group;
    int error = 0;
    for (cl_uint i = 0; i < count && error == 0; i++) {
        const struct pl_ocl_argument *a = &arguments[i];
        error =
            check(d, "clSetKernelArg",
                  a->buffer != NULL
                      ? d->calls->SetKernelArg(k->kernel, i, sizeof a->buffer->mem, &a->buffer->mem)
                      : d->calls->SetKernelArg(k->kernel, i, sizeof a->number, &a->number));
    }
    if (error != 0 || items == 0)
        return error;
    return check(d, "clEnqueueNDRangeKernel",
                 d->calls->EnqueueNDRangeKernel(d->queue, k->kernel, 1, NULL, &global, &k->group, 0,
                                                NULL, NULL));
}
