#include "program.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cache.h"
#include "pl_abi.h"
#include "source.h"

#define OPTIONS "-cl-std=CL1.2"
#define PATH 1024
#define LOG_SHOWN 1200 /* bytes of a build log */

/* Puts the end of what the compiler said, where its errors are, behind the message. */
static void add_log(struct pl_ocl_device *d)
{
    size_t bytes = 0, used = strlen(d->message);
    if (d->calls->GetProgramBuildInfo(d->program, d->id, CL_PROGRAM_BUILD_LOG, 0, NULL, &bytes) !=
            CL_SUCCESS ||
        bytes < 2 || bytes > 1 << 24)
        return;
    char *log = calloc(1, bytes + 1);
    if (log != NULL && d->calls->GetProgramBuildInfo(d->program, d->id, CL_PROGRAM_BUILD_LOG, bytes,
                                                     log, NULL) == CL_SUCCESS) {
        const char *first = strstr(log, "error");
        const char *from = first != NULL ? first : log;
        snprintf(d->message + used, sizeof d->message - used, "; the build log says: %.*s",
                 LOG_SHOWN, from);
    }
    free(log);
}

static int build(struct pl_ocl_device *d)
{
    cl_int code = d->calls->BuildProgram(d->program, 1, &d->id, OPTIONS, NULL, NULL);
    if (code == CL_SUCCESS)
        return 0;
    int error = pl_ocl_fail(d, "clBuildProgram", code);
    add_log(d);
    return error;
}

static void drop(struct pl_ocl_device *d)
{
    if (d->program != NULL)
        d->calls->ReleaseProgram(d->program);
    d->program = NULL;
}

/* True: the program is loaded. Otherwise d->note says why not. */
static bool load(struct pl_ocl_device *d, const char *path, const struct pl_ocl_key *key)
{
    char why[128];
    size_t bytes;
    cl_int code, status;
    unsigned char *binary = pl_ocl_cache_read(path, key, &bytes, why);
    if (binary == NULL) {
        snprintf(d->note, sizeof d->note, "%s: %s", path, why);
        return false;
    }
    const unsigned char *list = binary;
    d->program =
        d->calls->CreateProgramWithBinary(d->context, 1, &d->id, &bytes, &list, &status, &code);
    free(binary);
    if (code == CL_SUCCESS && build(d) == 0) {
        d->from_cache = true;
        return true;
    }
    snprintf(d->note, sizeof d->note, "%.900s: the device does not take it (%.2000s)", path,
             code != CL_SUCCESS ? pl_ocl_code_name(code) : d->message);
    drop(d);
    return false;
}

static void store(struct pl_ocl_device *d, const char *folder, const char *path,
                  const struct pl_ocl_key *key)
{
    size_t bytes = 0;
    if (d->calls->GetProgramInfo(d->program, CL_PROGRAM_BINARY_SIZES, sizeof bytes, &bytes, NULL) !=
            CL_SUCCESS ||
        bytes == 0)
        return;
    unsigned char *binary = malloc(bytes);
    if (binary != NULL && d->calls->GetProgramInfo(d->program, CL_PROGRAM_BINARIES, sizeof binary,
                                                   &binary, NULL) == CL_SUCCESS) {
        int error = pl_ocl_cache_write(folder, path, key, binary, bytes);
        if (error != 0)
            snprintf(d->note, sizeof d->note, "%s: cannot be written (%s)", path, strerror(-error));
    }
    free(binary);
}

static int build_source(struct pl_ocl_device *d, const char *source)
{
    cl_int code;
    cl_bool compiler = CL_FALSE;
    size_t bytes = strlen(source);
    d->calls->GetDeviceInfo(d->id, CL_DEVICE_COMPILER_AVAILABLE, sizeof compiler, &compiler, NULL);
    if (!compiler) {
        snprintf(
            d->message, sizeof d->message,
            "device opencl: %s has no compiler, and there is no binary for it (%.*s); make one "
            "where it has, with cache=DIR, and name the folder here",
            d->name, PL_MESSAGE_BYTES / 2, d->note[0] != '\0' ? d->note : "no cache=DIR");
        return -ENOTSUP;
    }
    d->program = d->calls->CreateProgramWithSource(d->context, 1, &source, &bytes, &code);
    if (code != CL_SUCCESS) {
        d->program = NULL;
        return pl_ocl_fail(d, "clCreateProgramWithSource", code);
    }
    return build(d);
}

int pl_ocl_program_make(struct pl_ocl_device *d, const struct pl_ocl_settings *settings,
                        const char *identity)
{
    char path[PATH];
    char *source = pl_ocl_source(settings->profile, d->lanes);
    if (source == NULL)
        return -ENOMEM;
    const struct pl_ocl_key key = { PL_CONTRACT_HASH, pl_ocl_hash(source, strlen(source)),
                                    pl_ocl_hash(identity, strlen(identity)) };
    bool cached = settings->cache[0] != '\0' &&
                  pl_ocl_cache_path(settings->cache, &key, path, sizeof path) == 0;
    int error = 0;
    if (!cached || !load(d, path, &key)) {
        d->message[0] = '\0';
        error = build_source(d, source);
        if (error == 0 && cached)
            store(d, settings->cache, path, &key);
    }
    free(source);
    return error;
}
