/* model: the specification in C as a device. Options: profile=full (default) or profile=small. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "software.h"

static int model_loaded(void *context, struct pl_tables *tables)
{
    (void)context, (void)tables;
    return 0;
}

static int model_committed(void *context, struct pl_tables *tables)
{
    (void)context, (void)tables;
    return 0;
}

static size_t model_take(void *context, struct pl_sweep *sweep, struct pl_verdict *verdicts,
                         size_t max)
{
    (void)context;
    return pl_sweep_take(sweep, verdicts, max);
}

static void model_close(void *context)
{
    (void)context;
}

static const struct pl_engine engine = {
    .loaded = model_loaded, .committed = model_committed, .take = model_take, .close = model_close
};

static int model_open(const char *options, struct pl_dev **out, char *message)
{
    bool small = strcmp(options, "profile=small") == 0;
    if (!small && strcmp(options, "") != 0 && strcmp(options, "profile=full") != 0) {
        snprintf(message, PL_MESSAGE_BYTES,
                 "device model: has no option \"%s\"; use model:, model:profile=full or "
                 "model:profile=small",
                 options);
        return -EINVAL;
    }
    return pl_software_open(out, small ? PL_PROFILE_SMALL : PL_PROFILE_FULL,
                            small ? "the specification in C, profile small"
                                  : "the specification in C, profile full",
                            &engine, NULL);
}

int pl_dev_model_trace(struct pl_dev *dev, const uint64_t *slots, size_t count,
                       const struct pl_trace *trace, struct pl_verdict *verdict)
{
    struct pl_sweep sweep;
    pl_sweep_start(&sweep, &dev->tables, slots, count, PL_STATE_HEALTHY);
    sweep.trace = trace;
    int got = pl_sweep_next(&sweep, verdict);
    return got < 0 ? got : got == 0 ? -ENOENT : 0;
}

const struct pl_tables *pl_dev_model_tables(const struct pl_dev *dev)
{
    return &dev->tables;
}

const struct pl_dev_ops pl_dev_model_ops = { .scheme = "model",
                                             .open = model_open,
                                             PL_SOFTWARE_OPS };
