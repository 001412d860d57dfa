#include "fake.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define LOG "kernel.cl:7: error: no such thing"
#define BINARY "a binary"

struct fake fake;

void fake_reset(void)
{
    fake = (struct fake){ .fail_at = -1,
                          .code = CL_OUT_OF_RESOURCES,
                          .platforms = 1,
                          .devices = 1,
                          .no_platform = -1001,
                          .profile = "FULL_PROFILE",
                          .extensions = "",
                          .version = "OpenCL 1.2 fake",
                          .driver = "1",
                          .compiler = true,
                          .builds = true,
                          .takes_binaries = true,
                          .answers = true,
                          .little = true,
                          .memory = SIZE_MAX };
}

static bool fails(void)
{
    return fake.calls++ == fake.fail_at;
}

/* An object of any kind; only its count matters. */
static void *make(cl_int *code)
{
    static char object;
    bool bad = fails();
    *code = bad ? fake.code : CL_SUCCESS;
    fake.alive += !bad;
    return bad ? NULL : &object;
}

static cl_int drop(void)
{
    fake.alive--;
    return CL_SUCCESS;
}

static cl_int answer(const void *from, size_t bytes, size_t room, void *to, size_t *size)
{
    if (fails())
        return fake.code;
    if (to != NULL && room < bytes)
        return CL_INVALID_VALUE;
    if (to != NULL)
        memcpy(to, from, bytes);
    if (size != NULL)
        *size = bytes;
    return CL_SUCCESS;
}

static cl_int text(const char *from, size_t room, void *to, size_t *size)
{
    return answer(from, strlen(from) + 1, room, to, size);
}

static cl_int platform_ids(cl_uint room, cl_platform_id *ids, cl_uint *count)
{
    if (fails())
        return fake.code;
    *count = fake.platforms;
    for (cl_uint i = 0; i < fake.platforms && i < room; i++)
        ids[i] = (cl_platform_id)(uintptr_t)(i + 1);
    return fake.platforms == 0 ? fake.no_platform : CL_SUCCESS;
}

static cl_int platform_info(cl_platform_id id, cl_platform_info what, size_t room, void *to,
                            size_t *size)
{
    (void)id, (void)what;
    return text("Fake", room, to, size);
}

static cl_int device_ids(cl_platform_id id, cl_device_type type, cl_uint room, cl_device_id *ids,
                         cl_uint *count)
{
    (void)id, (void)type;
    if (fails())
        return fake.code;
    *count = fake.devices;
    for (cl_uint i = 0; i < fake.devices && i < room; i++)
        ids[i] = (cl_device_id)(uintptr_t)(i + 1);
    return fake.devices == 0 ? CL_DEVICE_NOT_FOUND : CL_SUCCESS;
}

static cl_int device_info(cl_device_id id, cl_device_info what, size_t room, void *to, size_t *size)
{
    const cl_device_type type =
        id == (cl_device_id)(uintptr_t)2 ? CL_DEVICE_TYPE_GPU : CL_DEVICE_TYPE_CPU;
    const cl_uint yes = CL_TRUE, lanes = 1, compiler = fake.compiler, little = fake.little;
    char name[32];
    snprintf(name, sizeof name, "Device %d", (int)(uintptr_t)id - 1);
    switch (what) {
    case CL_DEVICE_NAME: return text(name, room, to, size);
    case CL_DEVICE_VERSION: return text(fake.version, room, to, size);
    case CL_DRIVER_VERSION: return text(fake.driver, room, to, size);
    case CL_DEVICE_PROFILE: return text(fake.profile, room, to, size);
    case CL_DEVICE_EXTENSIONS: return text(fake.extensions, room, to, size);
    case CL_DEVICE_TYPE: return answer(&type, sizeof type, room, to, size);
    case CL_DEVICE_AVAILABLE: return answer(&yes, sizeof yes, room, to, size);
    case CL_DEVICE_ENDIAN_LITTLE: return answer(&little, sizeof little, room, to, size);
    case CL_DEVICE_COMPILER_AVAILABLE: return answer(&compiler, sizeof compiler, room, to, size);
    case CL_DEVICE_PREFERRED_VECTOR_WIDTH_LONG: return answer(&lanes, sizeof lanes, room, to, size);
    default: return CL_INVALID_VALUE;
    }
}

static cl_context create_context(const cl_context_properties *p, cl_uint n, const cl_device_id *ids,
                                 void (*notify)(const char *, const void *, size_t, void *),
                                 void *data, cl_int *code)
{
    (void)p, (void)n, (void)ids, (void)notify, (void)data;
    return make(code);
}

static cl_int release_context(cl_context c)
{
    (void)c;
    return drop();
}

static cl_command_queue create_queue(cl_context c, cl_device_id id, cl_command_queue_properties p,
                                     cl_int *code)
{
    (void)c, (void)id, (void)p;
    return make(code);
}

static cl_int release_queue(cl_command_queue q)
{
    (void)q;
    return drop();
}

static cl_mem create_buffer(cl_context c, cl_mem_flags flags, size_t bytes, void *host,
                            cl_int *code)
{
    (void)c, (void)flags, (void)host;
    if (bytes > fake.memory) {
        *code = CL_MEM_OBJECT_ALLOCATION_FAILURE;
        return NULL;
    }
    return make(code);
}

static cl_int release_mem(cl_mem m)
{
    (void)m;
    return drop();
}

static cl_program create_from_source(cl_context c, cl_uint n, const char **source,
                                     const size_t *bytes, cl_int *code)
{
    (void)c, (void)n, (void)source, (void)bytes;
    fake.built++;
    return make(code);
}

static cl_program create_from_binary(cl_context c, cl_uint n, const cl_device_id *ids,
                                     const size_t *bytes, const unsigned char **binaries,
                                     cl_int *states, cl_int *code)
{
    (void)c, (void)n, (void)ids, (void)states;
    if (!fake.takes_binaries || *bytes != sizeof BINARY ||
        memcmp(*binaries, BINARY, sizeof BINARY) != 0) {
        *code = CL_INVALID_BINARY;
        return NULL;
    }
    return make(code);
}

static cl_int build(cl_program p, cl_uint n, const cl_device_id *ids, const char *options,
                    void (*notify)(cl_program, void *), void *data)
{
    (void)p, (void)n, (void)ids, (void)options, (void)notify, (void)data;
    return fails() ? fake.code : fake.builds ? CL_SUCCESS : CL_BUILD_PROGRAM_FAILURE;
}

static cl_int build_info(cl_program p, cl_device_id id, cl_program_build_info what, size_t room,
                         void *to, size_t *size)
{
    (void)p, (void)id, (void)what;
    return text(LOG, room, to, size);
}

static cl_int program_info(cl_program p, cl_program_info what, size_t room, void *to, size_t *size)
{
    const size_t bytes = sizeof BINARY;
    (void)p;
    if (what == CL_PROGRAM_BINARY_SIZES)
        return answer(&bytes, sizeof bytes, room, to, size);
    if (fails())
        return fake.code;
    memcpy(*(unsigned char **)to, BINARY, sizeof BINARY);
    return CL_SUCCESS;
}

static cl_int release_program(cl_program p)
{
    (void)p;
    return drop();
}

static cl_kernel create_kernel(cl_program p, const char *name, cl_int *code)
{
    (void)p, (void)name;
    return make(code);
}

static cl_int set_argument(cl_kernel k, cl_uint i, size_t bytes, const void *value)
{
    (void)k, (void)i, (void)bytes, (void)value;
    return fails() ? fake.code : CL_SUCCESS;
}

static cl_int group_info(cl_kernel k, cl_device_id id, cl_kernel_work_group_info what, size_t room,
                         void *to, size_t *size)
{
    const size_t most = 7;
    (void)k, (void)id, (void)what;
    return answer(&most, sizeof most, room, to, size);
}

static cl_int release_kernel(cl_kernel k)
{
    (void)k;
    return drop();
}

static cl_int run(cl_command_queue q, cl_kernel k, cl_uint n, const size_t *offset,
                  const size_t *global, const size_t *local, cl_uint waits, const cl_event *list,
                  cl_event *event)
{
    (void)q, (void)k, (void)n, (void)offset, (void)waits, (void)list, (void)event;
    if (*global == 0 || *global % *local != 0)
        return CL_INVALID_WORK_GROUP_SIZE;
    return fails() ? fake.code : CL_SUCCESS;
}

static cl_int write_buffer(cl_command_queue q, cl_mem m, cl_bool blocking, size_t offset,
                           size_t bytes, const void *from, cl_uint waits, const cl_event *list,
                           cl_event *event)
{
    (void)q, (void)m, (void)blocking, (void)offset, (void)bytes, (void)from, (void)waits;
    (void)list, (void)event;
    return fails() ? fake.code : CL_SUCCESS;
}

static cl_int read_buffer(cl_command_queue q, cl_mem m, cl_bool blocking, size_t offset,
                          size_t bytes, void *to, cl_uint waits, const cl_event *list,
                          cl_event *event)
{
    (void)q, (void)m, (void)blocking, (void)offset, (void)waits, (void)list, (void)event;
    if (fails())
        return fake.code;
    memset(to, 0, bytes);
    return CL_SUCCESS;
}

static cl_int fill_buffer(cl_command_queue q, cl_mem m, const void *pattern, size_t pattern_bytes,
                          size_t offset, size_t bytes, cl_uint waits, const cl_event *list,
                          cl_event *event)
{
    (void)q, (void)m, (void)pattern, (void)offset, (void)waits, (void)list, (void)event;
    if (bytes % pattern_bytes != 0)
        return CL_INVALID_VALUE;
    return fails() ? fake.code : CL_SUCCESS;
}

static cl_int marker(cl_command_queue q, cl_uint waits, const cl_event *list, cl_event *event)
{
    cl_int code;
    (void)q, (void)waits, (void)list;
    *event = make(&code);
    return code;
}

static cl_int flush(cl_command_queue q)
{
    (void)q;
    return fails() ? fake.code : CL_SUCCESS;
}

static cl_int event_info(cl_event e, cl_event_info what, size_t room, void *to, size_t *size)
{
    const cl_int state = fake.answers ? CL_COMPLETE : CL_RUNNING;
    (void)e, (void)what;
    return answer(&state, sizeof state, room, to, size);
}

static cl_int release_event(cl_event e)
{
    (void)e;
    return drop();
}

const struct pl_ocl_calls fake_calls = {
    .GetPlatformIDs = platform_ids,
    .GetPlatformInfo = platform_info,
    .GetDeviceIDs = device_ids,
    .GetDeviceInfo = device_info,
    .CreateContext = create_context,
    .ReleaseContext = release_context,
    .CreateCommandQueue = create_queue,
    .ReleaseCommandQueue = release_queue,
    .CreateBuffer = create_buffer,
    .ReleaseMemObject = release_mem,
    .CreateProgramWithSource = create_from_source,
    .CreateProgramWithBinary = create_from_binary,
    .BuildProgram = build,
    .GetProgramBuildInfo = build_info,
    .GetProgramInfo = program_info,
    .ReleaseProgram = release_program,
    .CreateKernel = create_kernel,
    .SetKernelArg = set_argument,
    .GetKernelWorkGroupInfo = group_info,
    .ReleaseKernel = release_kernel,
    .EnqueueNDRangeKernel = run,
    .EnqueueWriteBuffer = write_buffer,
    .EnqueueReadBuffer = read_buffer,
    .EnqueueFillBuffer = fill_buffer,
    .EnqueueMarkerWithWaitList = marker,
    .Flush = flush,
    .GetEventInfo = event_info,
    .ReleaseEvent = release_event,
};
