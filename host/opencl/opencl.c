/* opencl: the model's bytes by any OpenCL device. Options, with commas between them: platform=P and
 * device=D (a number, or part of the name), profile=full or small, cache=DIR (of program binaries;
 * cache= alone: none), lanes=1, 2, 4 or 8 (numbers at a time; default: as the device prefers),
 * wait=SECONDS (the longest wait for the device, default 60). */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dev/software.h"
#include "device.h"
#include "engine.h"
#include "rows.h"
#include "sweep.h"

#define WAIT_S 60
#define WAIT_S_MAX 86400

struct opencl {
    struct pl_ocl_calls calls;
    struct pl_ocl_device device;
    struct pl_ocl_rows rows;
    struct pl_ocl_sweep sweep;
    bool keeps; /* a set that stays is on the device */
    char description[256];
};

static int opencl_loaded(void *context, struct pl_tables *tables)
{
    struct opencl *o = context;
    tables->fills_rows = true;
    o->keeps = false;
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

static void opencl_keep(void *context, const struct pl_tables *tables, const uint64_t *slots,
                        size_t count)
{
    struct opencl *o = context;
    (void)tables;
    o->keeps = pl_ocl_sweep_keep(&o->sweep, slots, count);
}

static size_t opencl_take_kept(void *context, struct pl_sweep *sweep, struct pl_verdict *verdicts,
                               size_t max)
{
    struct opencl *o = context;
    return o->keeps ? pl_ocl_sweep_take_kept(&o->sweep, sweep, verdicts, max)
                    : pl_ocl_sweep_take(&o->sweep, sweep, verdicts, max);
}

static void opencl_close(void *context)
{
    struct opencl *o = context;
    pl_ocl_sweep_close(&o->sweep);
    pl_ocl_rows_close(&o->rows);
    if (o->device.lost) /* what it may still write to stays, and so does its library */
        return;
    pl_ocl_device_close(&o->device);
    pl_ocl_calls_drop(&o->calls);
    free(o);
}

static const struct pl_engine engine = { .loaded = opencl_loaded,
                                         .committed = opencl_committed,
                                         .take = opencl_take,
                                         .keep = opencl_keep,
                                         .take_kept = opencl_take_kept,
                                         .close = opencl_close };

static int refuse(char *message, const char *option, const char *why)
{
    snprintf(message, PL_MESSAGE_BYTES,
             "device opencl: option \"%.200s\": %s; use opencl: alone, or with platform=P, "
             "device=D, profile=full|small, cache=DIR, lanes=1|2|4|8, wait=SECONDS",
             option, why);
    return -EINVAL;
}

static int take_text(char *out, size_t bytes, const char *option, const char *value, char *message)
{
    int n = snprintf(out, bytes, "%s", value);
    return n >= 0 && (size_t)n < bytes ? 0 : refuse(message, option, "too long");
}

/* A number in 1..max. */
static bool take_number(const char *value, unsigned long max, unsigned *out)
{
    char *end;
    errno = 0;
    unsigned long n = strtoul(value, &end, 10);
    *out = (unsigned)n;
    return *value >= '0' && *value <= '9' && *end == '\0' && errno == 0 && n >= 1 && n <= max;
}

static int take_profile(struct pl_ocl_settings *s, const char *option, const char *value,
                        char *message)
{
    bool small = strcmp(value, "small") == 0;
    s->profile = small ? PL_PROFILE_SMALL : PL_PROFILE_FULL;
    return small || strcmp(value, "full") == 0
               ? 0
               : refuse(message, option, "there is no such profile");
}

static bool is_named(const char *option, const char *name)
{
    size_t length = strlen(name);
    return strncmp(option, name, length) == 0 && option[length] == '=';
}

static int take_option(struct pl_ocl_settings *s, const char *option, char *message)
{
    const char *equals = strchr(option, '=');
    const char *value = equals == NULL ? "" : equals + 1;
    if (is_named(option, "platform"))
        return take_text(s->platform, sizeof s->platform, option, value, message);
    if (is_named(option, "device"))
        return take_text(s->device, sizeof s->device, option, value, message);
    if (is_named(option, "cache"))
        return take_text(s->cache, sizeof s->cache, option, value, message);
    if (is_named(option, "profile"))
        return take_profile(s, option, value, message);
    if (is_named(option, "lanes")) {
        bool good = take_number(value, 8, &s->lanes) && (s->lanes & (s->lanes - 1)) == 0;
        return good ? 0 : refuse(message, option, "lanes are 1, 2, 4 or 8");
    }
    if (is_named(option, "wait"))
        return take_number(value, WAIT_S_MAX, &s->wait_s)
                   ? 0
                   : refuse(message, option, "not a number of seconds from 1 to a day");
    return refuse(message, option, "there is no such option");
}

/* Where binaries lie unless told otherwise: none where there is no home either. */
static void default_cache(struct pl_ocl_settings *s)
{
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    int n = 0;
    if (cache != NULL && cache[0] == '/')
        n = snprintf(s->cache, sizeof s->cache, "%s/plimsoll", cache);
    else if (home != NULL && home[0] == '/')
        n = snprintf(s->cache, sizeof s->cache, "%s/.cache/plimsoll", home);
    if (n < 0 || (size_t)n >= sizeof s->cache)
        s->cache[0] = '\0';
}

/* `text` is cut at its commas. */
static int take_options(struct pl_ocl_settings *s, char *text, char *message)
{
    char *rest = text, *option;
    int error = 0;
    default_cache(s);
    while (error == 0 && *text != '\0' && (option = strsep(&rest, ",")) != NULL)
        error = take_option(s, option, message);
    return error;
}

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
    struct pl_ocl_settings s = { .profile = PL_PROFILE_FULL, .wait_s = WAIT_S };
    struct opencl *o = calloc(1, sizeof *o);
    char *text = strdup(options);
    int error = -ENOMEM;
    if (o == NULL) {
        struct pl_ocl_calls unused = *calls;
        pl_ocl_calls_drop(&unused);
        free(text);
        return error;
    }
    o->calls = *calls;
    if (text != NULL)
        error = take_options(&s, text, message);
    error = error != 0 ? error : start(o, &s, message);
    free(text);
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
