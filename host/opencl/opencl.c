/* opencl: the model's bytes by any OpenCL device; settings.h has its options. */
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dev/software.h"
#include "device.h"
#include "engine.h"
#include "rows.h"
#include "sweep.h"

struct opencl {
    struct pl_ocl_calls calls;
    struct pl_ocl_device device;
    struct pl_ocl_rows rows;
    struct pl_ocl_sweep sweep;
    char description[256];
    struct opencl *lost_before;
};

/* Devices that did not answer: they may still write to what they were lent, which stays. */
static _Atomic(struct opencl *) lost;

static int opencl_loaded(void *context, struct pl_tables *tables)
{
    struct opencl *o = context;
    tables->fills_rows = true;
    pl_ocl_sweep_keep(&o->sweep, NULL, 0, 0); /* none */
    return pl_ocl_rows_load(&o->rows, tables);
}

static int opencl_committed(void *context, struct pl_tables *tables)
{
    struct opencl *o = context;
    (void)tables;
    return pl_ocl_rows_commit(&o->rows);
}

static size_t opencl_take(void *context, struct pl_sweep *sweep, struct pl_verdict *verdicts,
                          size_t max)
{
    struct opencl *o = context;
    return pl_ocl_sweep_take(&o->sweep, sweep, verdicts, max);
}

static bool opencl_keep(void *context, const struct pl_tables *tables, const uint64_t *slots,
                        size_t count, uint8_t filter)
{
    struct opencl *o = context;
    (void)tables;
    return pl_ocl_sweep_keep(&o->sweep, slots, count, filter);
}

static size_t opencl_judge_kept(void *context)
{
    struct opencl *o = context;
    return pl_ocl_sweep_judge_kept(&o->sweep);
}

static size_t opencl_list_kept(void *context, struct pl_sweep *sweep, struct pl_verdict *verdicts,
                               size_t max)
{
    struct opencl *o = context;
    return pl_ocl_sweep_list_kept(&o->sweep, sweep, verdicts, max);
}

static void opencl_close(void *context)
{
    struct opencl *o = context;
    pl_ocl_sweep_close(&o->sweep);
    pl_ocl_rows_close(&o->rows);
    if (o->device.lost) {
        o->lost_before = atomic_exchange(&lost, o);
        return;
    }
    pl_ocl_device_close(&o->device);
    pl_ocl_calls_drop(&o->calls);
    free(o);
}

static const struct pl_engine engine = { .loaded = opencl_loaded,
                                         .committed = opencl_committed,
                                         .take = opencl_take,
                                         .keep = opencl_keep,
                                         .judge_kept = opencl_judge_kept,
                                         .list_kept = opencl_list_kept,
                                         .close = opencl_close };

static int start(struct opencl *o, const struct pl_ocl_settings *s, char *message)
{
    int error = pl_ocl_device_open(&o->device, &o->calls, s);
    error = error != 0 ? error : pl_ocl_rows_open(&o->rows, &o->device, s->profile);
    error = error != 0 ? error : pl_ocl_sweep_open(&o->sweep, &o->rows);
    if (error != 0)
        snprintf(message, PL_MESSAGE_BYTES, "%s", o->device.message);
    snprintf(o->description, sizeof o->description, "%s, %u lane%s, profile %s, program %s",
             o->device.name, o->device.lanes, o->device.lanes == 1 ? "" : "s",
             s->profile == PL_PROFILE_SMALL ? "small" : "full",
             o->device.from_cache ? "from the cache" : "built");
    return error;
}

int pl_ocl_open(const struct pl_ocl_calls *calls, const char *options, struct pl_dev **out,
                char *message)
{
    struct pl_ocl_settings s;
    struct opencl *o = calloc(1, sizeof *o);
    if (o == NULL) {
        struct pl_ocl_calls unused = *calls;
        pl_ocl_calls_drop(&unused);
        return -ENOMEM;
    }
    o->calls = *calls;
    int error = pl_ocl_settings_take(&s, options, message);
    error = error != 0 ? error : start(o, &s, message);
    if (error != 0) {
        opencl_close(o);
        return error;
    }
    return pl_software_open(out, s.profile, o->description, &engine, o);
}

static int opencl_open(const char *options, struct pl_dev **out, char *message)
{
    struct pl_ocl_calls calls;
    int error = pl_ocl_calls_find(&calls, message);
    return error != 0 ? error : pl_ocl_open(&calls, options, out, message);
}

static const char *opencl_message(const struct pl_dev *dev)
{
    const struct opencl *o = dev->context;
    return o->device.message;
}

const struct pl_dev_ops pl_dev_opencl_ops = {
    .scheme = "opencl", .open = opencl_open, .message = opencl_message, PL_SOFTWARE_OPS
};
