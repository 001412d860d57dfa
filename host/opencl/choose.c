#include "choose.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PLATFORMS_MAX 16

/* A text of a device, "" where it has none. */
static void device_text(const struct pl_ocl_calls *calls, cl_device_id id, cl_device_info what,
                        char out[PL_OCL_NAME_BYTES])
{
    out[0] = '\0';
    if (calls->GetDeviceInfo(id, what, PL_OCL_NAME_BYTES - 1, out, NULL) != CL_SUCCESS)
        out[0] = '\0';
    out[PL_OCL_NAME_BYTES - 1] = '\0';
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
    char text[PL_OCL_NAME_BYTES];
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

/* `wanted` is "", a number, or part of the name in any case. */
static bool fits(const char *wanted, cl_uint number, const char *name)
{
    if (wanted[0] != '\0' && wanted[strspn(wanted, "0123456789")] == '\0')
        return strtoul(wanted, NULL, 10) == number;
    return strcasestr(name, wanted) != NULL;
}

static int rank_of(const struct pl_ocl_calls *calls, cl_device_id id)
{
    cl_device_type type = 0;
    if (calls->GetDeviceInfo(id, CL_DEVICE_TYPE, sizeof type, &type, NULL) != CL_SUCCESS)
        return 1;
    return (type & CL_DEVICE_TYPE_GPU) != 0 ? 3 : (type & CL_DEVICE_TYPE_ACCELERATOR) != 0 ? 2 : 1;
}

static struct pl_ocl_found look_at(const struct pl_ocl_calls *calls, cl_device_id id)
{
    struct pl_ocl_found found = { .id = id };
    device_text(calls, id, CL_DEVICE_NAME, found.name);
    found.unfit = unfit(calls, id);
    found.rank = rank_of(calls, id);
    return found;
}

/* The platforms; their number, or an error. */
static int find_platforms(struct pl_ocl_device *d, cl_platform_id platforms[PLATFORMS_MAX])
{
    cl_uint count = 0;
    cl_int code = d->calls->GetPlatformIDs(PLATFORMS_MAX, platforms, &count);
    if (code == CL_SUCCESS && count > 0)
        return (int)(count < PLATFORMS_MAX ? count : PLATFORMS_MAX);
    snprintf(d->message, sizeof d->message,
             "device opencl: no platform (%s); install one (Debian: pocl-opencl-icd runs on "
             "any processor) or your card's driver",
             pl_ocl_code_name(code));
    return -ENODEV;
}

static int platform_name(struct pl_ocl_device *d, cl_platform_id platform,
                         char name[PL_OCL_NAME_BYTES])
{
    memset(name, 0, PL_OCL_NAME_BYTES);
    cl_int code =
        d->calls->GetPlatformInfo(platform, CL_PLATFORM_NAME, PL_OCL_NAME_BYTES - 1, name, NULL);
    return code == CL_SUCCESS ? 0 : pl_ocl_fail(d, "clGetPlatformInfo", code);
}

/* Appends a platform's devices that fit. One without any is passed over. */
static int find_devices(struct pl_ocl_device *d, cl_platform_id platform, const char *wanted,
                        struct pl_ocl_found *out, size_t max)
{
    cl_device_id ids[PL_OCL_DEVICES_MAX];
    cl_uint count = 0;
    size_t n = 0;
    cl_int code =
        d->calls->GetDeviceIDs(platform, CL_DEVICE_TYPE_ALL, PL_OCL_DEVICES_MAX, ids, &count);
    if (code == CL_DEVICE_NOT_FOUND)
        return 0;
    if (code != CL_SUCCESS)
        return pl_ocl_fail(d, "clGetDeviceIDs", code);
    for (cl_uint i = 0; i < count && i < PL_OCL_DEVICES_MAX && n < max; i++) {
        char name[PL_OCL_NAME_BYTES];
        device_text(d->calls, ids[i], CL_DEVICE_NAME, name);
        if (!fits(wanted, i, name))
            continue;
        out[n] = look_at(d->calls, ids[i]);
        out[n++].device = i;
    }
    return (int)n;
}

/* What fits: their number, or an error. */
static int find(struct pl_ocl_device *d, const char *platform, const char *device,
                struct pl_ocl_found *out, size_t max)
{
    cl_platform_id platforms[PLATFORMS_MAX];
    int count = find_platforms(d, platforms), n = 0;
    for (int i = 0; i < count; i++) {
        char name[PL_OCL_NAME_BYTES];
        int got = platform_name(d, platforms[i], name);
        if (got == 0 && fits(platform, (cl_uint)i, name))
            got = find_devices(d, platforms[i], device, out + n, max - (size_t)n);
        if (got < 0)
            return got;
        for (int end = n + got; n < end; n++) {
            out[n].platform = (unsigned)i;
            memcpy(out[n].platform_name, name, sizeof name);
        }
    }
    return count < 0 ? count : n;
}

/* Nothing fits: which of both does not, and what there is. */
static int say_none(struct pl_ocl_device *d, const struct pl_ocl_settings *s)
{
    cl_platform_id platforms[PLATFORMS_MAX];
    char names[PLATFORMS_MAX * (PL_OCL_NAME_BYTES + 16)] = "", name[PL_OCL_NAME_BYTES];
    bool any = false;
    int count = find_platforms(d, platforms);
    if (count < 0)
        return count;
    for (int i = 0; i < count; i++) {
        size_t end = strlen(names);
        int error = platform_name(d, platforms[i], name);
        if (error != 0)
            return error;
        any |= fits(s->platform, (cl_uint)i, name);
        snprintf(names + end, sizeof names - end, "%s %d (%s)", i == 0 ? "" : ",", i, name);
    }
    snprintf(
        d->message, sizeof d->message,
        "device opencl: there is no %s%s%s%s%s; the platform%s%.2000s; choose by number or part "
        "of a name, platform=P,device=D: `plimsoll devices` lists them",
        any ? "device" : "platform", any && s->device[0] == '\0' ? "" : " \"",
        any ? s->device : s->platform, any && s->device[0] == '\0' ? "" : "\"",
        any && s->platform[0] != '\0' ? " of that platform" : "", count == 1 ? " is" : "s are",
        names);
    return -ENODEV;
}

int pl_ocl_list(const struct pl_ocl_calls *calls, struct pl_ocl_found *out, size_t max,
                char *message)
{
    struct pl_ocl_device d = { .calls = calls };
    int n = find(&d, "", "", out, max);
    if (n < 0)
        memcpy(message, d.message, sizeof d.message);
    return n;
}

int pl_ocl_choose(struct pl_ocl_device *d, const struct pl_ocl_settings *s, char identity[512])
{
    struct pl_ocl_found list[PL_OCL_DEVICES_MAX];
    const struct pl_ocl_found *best = NULL, *refused = NULL;
    char driver[PL_OCL_NAME_BYTES], version[PL_OCL_NAME_BYTES];
    int count = find(d, s->platform, s->device, list, PL_OCL_DEVICES_MAX);
    for (int i = 0; i < count; i++) {
        if (list[i].unfit != NULL)
            refused = &list[i];
        else if (best == NULL || list[i].rank > best->rank)
            best = &list[i];
    }
    if (count < 0)
        return count;
    if (best == NULL && refused == NULL)
        return say_none(d, s);
    if (best == NULL) {
        snprintf(d->message, sizeof d->message, "device opencl: %s %s; choose another one",
                 refused->name, refused->unfit);
        return -ENOTSUP;
    }
    d->id = best->id;
    device_text(d->calls, d->id, CL_DRIVER_VERSION, driver);
    device_text(d->calls, d->id, CL_DEVICE_VERSION, version);
    snprintf(d->name, sizeof d->name, "%.60s, %.60s", best->name, best->platform_name);
    snprintf(identity, 512, "%.120s|%.120s|%.120s|%.120s", best->platform_name, best->name, driver,
             version);
    cl_uint preferred = device_number(d->calls, d->id, CL_DEVICE_PREFERRED_VECTOR_WIDTH_LONG);
    d->lanes = s->lanes != 0 ? s->lanes : preferred >= 8 ? 8 : preferred >= 4 ? 4 : 1;
    return 0;
}
