#include "calls.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "plimsoll.h"

#define LOADER "libOpenCL.so.1"

int pl_ocl_calls_find(struct pl_ocl_calls *calls, char *message)
{
    *calls = (struct pl_ocl_calls){ .library = dlopen(LOADER, RTLD_NOW | RTLD_LOCAL) };
    if (calls->library == NULL) {
        const char *why = dlerror();
        snprintf(message, PL_MESSAGE_BYTES,
                 "device opencl: cannot load %s (%.512s); install an ICD loader (Debian: "
                 "ocl-icd-libopencl1) and a platform (pocl-opencl-icd runs on any processor)",
                 LOADER, why != NULL ? why : "not found");
        return -ENODEV;
    }
#define X(name)                                                                                    \
    if ((calls->name = (__typeof__(cl##name) *)(intptr_t)dlsym(calls->library, "cl" #name)) ==     \
        NULL) {                                                                                    \
        snprintf(message, PL_MESSAGE_BYTES,                                                        \
                 "device opencl: %s has no function cl%s; it must be of OpenCL 1.2 or later",      \
                 LOADER, #name);                                                                   \
        pl_ocl_calls_drop(calls);                                                                  \
        return -ENODEV;                                                                            \
    }
    PL_OCL_CALLS(X)
#undef X
    return 0;
}

void pl_ocl_calls_drop(struct pl_ocl_calls *calls)
{
    if (calls->library != NULL)
        dlclose(calls->library);
    calls->library = NULL;
}

const char *pl_ocl_code_name(cl_int code)
{
    switch (code) {
#define NAME(code)                                                                                 \
    case code: return #code;
        NAME(CL_SUCCESS)
        NAME(CL_DEVICE_NOT_FOUND)
        NAME(CL_DEVICE_NOT_AVAILABLE)
        NAME(CL_COMPILER_NOT_AVAILABLE)
        NAME(CL_MEM_OBJECT_ALLOCATION_FAILURE)
        NAME(CL_OUT_OF_RESOURCES)
        NAME(CL_OUT_OF_HOST_MEMORY)
        NAME(CL_PROFILING_INFO_NOT_AVAILABLE)
        NAME(CL_MEM_COPY_OVERLAP)
        NAME(CL_IMAGE_FORMAT_MISMATCH)
        NAME(CL_IMAGE_FORMAT_NOT_SUPPORTED)
        NAME(CL_BUILD_PROGRAM_FAILURE)
        NAME(CL_MAP_FAILURE)
        NAME(CL_MISALIGNED_SUB_BUFFER_OFFSET)
        NAME(CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST)
        NAME(CL_COMPILE_PROGRAM_FAILURE)
        NAME(CL_LINKER_NOT_AVAILABLE)
        NAME(CL_LINK_PROGRAM_FAILURE)
        NAME(CL_DEVICE_PARTITION_FAILED)
        NAME(CL_KERNEL_ARG_INFO_NOT_AVAILABLE)
        NAME(CL_INVALID_VALUE)
        NAME(CL_INVALID_DEVICE_TYPE)
        NAME(CL_INVALID_PLATFORM)
        NAME(CL_INVALID_DEVICE)
        NAME(CL_INVALID_CONTEXT)
        NAME(CL_INVALID_QUEUE_PROPERTIES)
        NAME(CL_INVALID_COMMAND_QUEUE)
        NAME(CL_INVALID_HOST_PTR)
        NAME(CL_INVALID_MEM_OBJECT)
        NAME(CL_INVALID_BINARY)
        NAME(CL_INVALID_BUILD_OPTIONS)
        NAME(CL_INVALID_PROGRAM)
        NAME(CL_INVALID_PROGRAM_EXECUTABLE)
        NAME(CL_INVALID_KERNEL_NAME)
        NAME(CL_INVALID_KERNEL_DEFINITION)
        NAME(CL_INVALID_KERNEL)
        NAME(CL_INVALID_ARG_INDEX)
        NAME(CL_INVALID_ARG_VALUE)
        NAME(CL_INVALID_ARG_SIZE)
        NAME(CL_INVALID_KERNEL_ARGS)
        NAME(CL_INVALID_WORK_DIMENSION)
        NAME(CL_INVALID_WORK_GROUP_SIZE)
        NAME(CL_INVALID_WORK_ITEM_SIZE)
        NAME(CL_INVALID_GLOBAL_OFFSET)
        NAME(CL_INVALID_EVENT_WAIT_LIST)
        NAME(CL_INVALID_EVENT)
        NAME(CL_INVALID_OPERATION)
        NAME(CL_INVALID_BUFFER_SIZE)
        NAME(CL_INVALID_GLOBAL_WORK_SIZE)
        NAME(CL_INVALID_PROPERTY)
        NAME(CL_INVALID_COMPILER_OPTIONS)
        NAME(CL_INVALID_LINKER_OPTIONS)
#undef NAME
    case -1001: return "CL_PLATFORM_NOT_FOUND_KHR"; /* of the ICD extension */
    default: return "an unknown code";
    }
}
