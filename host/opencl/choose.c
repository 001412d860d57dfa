#include "choose.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PLATFORMS_MAX 16
#define DEVICES_MAX 64 /* of one platform */
#define TEXT 256

/* A text of a device, "" where it has none. */
static void device_text(const struct pl_ocl_calls *calls, cl_device_id id, cl_device_info what,
                        char out[TEXT])
{
    out[0] = '\0';
    if (calls->GetDeviceInfo(id, what, TEXT - 1, out, NULL) != CL_SUCCESS)
        out[0] = '\0';
    out[TEXT - 1] = '\0';
}

static cl_uint device_number(const struct pl_ocl_calls *calls, cl_device_id id, cl_device_info what)
{
    cl_uint number = 0;
    return calls->GetDeviceInfo(id, what, sizeof number, &number, NULL) == CL_SUCCESS ? number : 0;
}

/* Extensions may be longer than any other text. */
static bool has_extension(const struct pl_ocl_calls *calls, cl_device_id id, const char *name)
{
    char text[8192] = "";
    bool found =
        calls->GetDeviceInfo(id, CL_DEVICE_EXTENSIONS, sizeof text - 1, text, NULL) == CL_SUCCESS &&
        strstr(text, name) != NULL;
    return found;
}

/* Why it cannot run the kernels; NULL: it can. */
static const char *unfit(const struct pl_ocl_calls *calls, cl_device_id id)
{
    char text[TEXT];
    int major = 0, minor = 0;
    if (!device_number(calls, id, CL_DEVICE_AVAILABLE))
        return "is not available";
    device_text(calls, id, CL_DEVICE_VERSION, text);
    if (sscanf(text, "OpenCL %d.%d", &major, &minor) != 2 || major * 10 + minor < 12)
        return "is not of OpenCL 1.2 or later";
    device_text(calls, id, CL_DEVICE_PROFILE, text);
    if (strcmp(text, "FULL_PROFILE") != 0 && !has_extension(calls, id, "cles_khr_int64"))
        return "has no 64-bit integers";
    if (!device_number(calls, id, CL_DEVICE_ENDIAN_LITTLE))
        return "stores the high byte of a number first";
    return NULL;
}

/* `wanted` is "", the number, or part of the name in any case. */
static bool fits(const char *wanted, cl_uint number, const char *name)
{
    char *end;
    unsigned long n = strtoul(wanted, &end, 10);
    return wanted[0] == '\0' ||
           (isdigit((unsigned char)wanted[0]) && *end == '\0' && n == number) ||
           strcasestr(name, wanted) != NULL;
}

/* The best so far; a higher rank is better. */
struct choice {
    cl_device_id id;
    int rank;
    char platform[TEXT], name[TEXT];
    char refused[TEXT * 2]; /* the last that fits, and why it cannot */
};

static int rank_of(const struct pl_ocl_calls *calls, cl_device_id id)
{
    cl_device_type type = 0;
    if (calls->GetDeviceInfo(id, CL_DEVICE_TYPE, sizeof type, &type, NULL) != CL_SUCCESS)
        return 1;
    return (type & CL_DEVICE_TYPE_GPU) != 0 ? 3 : (type & CL_DEVICE_TYPE_ACCELERATOR) != 0 ? 2 : 1;
}

static void look_at(const struct pl_ocl_calls *calls, cl_device_id id, const char *platform,
                    struct choice *best)
{
    char name[TEXT];
    device_text(calls, id, CL_DEVICE_NAME, name);
    const char *why = unfit(calls, id);
    int rank = rank_of(calls, id);
    if (why != NULL) {
        snprintf(best->refused, sizeof best->refused, "%s %s", name, why);
    } else if (rank > best->rank) {
        best->id = id;
        best->rank = rank;
        memcpy(best->name, name, sizeof name);
        snprintf(best->platform, sizeof best->platform, "%s", platform);
    }
}

/* Looks at a platform's devices. One without any is passed over. */
static int look_through(struct pl_ocl_device *d, cl_platform_id platform, const char *name,
                        const char *wanted, struct choice *best)
{
    cl_device_id ids[DEVICES_MAX];
    cl_uint count = 0;
    cl_int code = d->calls->GetDeviceIDs(platform, CL_DEVICE_TYPE_ALL, DEVICES_MAX, ids, &count);
    if (code == CL_DEVICE_NOT_FOUND)
        return 0;
    if (code != CL_SUCCESS)
        return pl_ocl_fail(d, "clGetDeviceIDs", code);
    for (cl_uint i = 0; i < count && i < DEVICES_MAX; i++) {
        char device[TEXT];
        device_text(d->calls, ids[i], CL_DEVICE_NAME, device);
        if (fits(wanted, i, device))
            look_at(d->calls, ids[i], name, best);
    }
    return 0;
}

static int none(struct pl_ocl_device *d, const struct pl_ocl_settings *s, const struct choice *best)
{
    if (best->refused[0] != '\0') {
        snprintf(d->message, sizeof d->message, "device opencl: %s; choose another one",
                 best->refused);
        return -ENOTSUP;
    }
    snprintf(d->message, sizeof d->message,
             "device opencl: no device \"%s\" of a platform \"%s\"; `clinfo -l` lists what there "
             "is, by number and name",
             s->device, s->platform);
    return -ENODEV;
}

int pl_ocl_choose(struct pl_ocl_device *d, const struct pl_ocl_settings *s, char identity[512])
{
    cl_platform_id platforms[PLATFORMS_MAX];
    cl_uint count = 0;
    struct choice best = { .rank = 0 };
    char driver[TEXT], version[TEXT];
    cl_int code = d->calls->GetPlatformIDs(PLATFORMS_MAX, platforms, &count);
    if (code != CL_SUCCESS || count == 0) {
        snprintf(d->message, sizeof d->message,
                 "device opencl: no platform (%s); install one (Debian: pocl-opencl-icd runs on "
                 "any processor) or your card's driver",
                 pl_ocl_code_name(code));
        return -ENODEV;
    }
    for (cl_uint i = 0; i < count && i < PLATFORMS_MAX; i++) {
        char name[TEXT] = "";
        code = d->calls->GetPlatformInfo(platforms[i], CL_PLATFORM_NAME, TEXT - 1, name, NULL);
        if (code != CL_SUCCESS)
            return pl_ocl_fail(d, "clGetPlatformInfo", code);
        int error =
            fits(s->platform, i, name) ? look_through(d, platforms[i], name, s->device, &best) : 0;
        if (error != 0)
            return error;
    }
    if (best.rank == 0)
        return none(d, s, &best);
    d->id = best.id;
    device_text(d->calls, d->id, CL_DRIVER_VERSION, driver);
    device_text(d->calls, d->id, CL_DEVICE_VERSION, version);
    snprintf(d->name, sizeof d->name, "%.60s, %.60s", best.name, best.platform);
    snprintf(identity, 512, "%.120s|%.120s|%.120s|%.120s", best.platform, best.name, driver,
             version);
    cl_uint preferred = device_number(d->calls, d->id, CL_DEVICE_PREFERRED_VECTOR_WIDTH_LONG);
    d->lanes = s->lanes != 0 ? s->lanes : preferred >= 8 ? 8 : preferred >= 4 ? 4 : 1;
    return 0;
}
