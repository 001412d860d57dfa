/* OpenCL's functions as a table: found in the ICD loader (libOpenCL.so.1) when a device is opened,
 * so that the library needs none otherwise; tests fill it with their own. */
#ifndef PL_OPENCL_CALLS_H
#define PL_OPENCL_CALLS_H

#define CL_TARGET_OPENCL_VERSION 120
#include <CL/cl.h>

#define PL_OCL_CALLS(X)                                                                            \
    X(GetPlatformIDs)                                                                              \
    X(GetPlatformInfo)                                                                             \
    X(GetDeviceIDs)                                                                                \
    X(GetDeviceInfo)                                                                               \
    X(CreateContext)                                                                               \
    X(ReleaseContext)                                                                              \
    X(CreateCommandQueue)                                                                          \
    X(ReleaseCommandQueue)                                                                         \
    X(CreateBuffer)                                                                                \
    X(ReleaseMemObject)                                                                            \
    X(CreateProgramWithSource)                                                                     \
    X(CreateProgramWithBinary)                                                                     \
    X(BuildProgram)                                                                                \
    X(GetProgramBuildInfo)                                                                         \
    X(GetProgramInfo)                                                                              \
    X(ReleaseProgram)                                                                              \
    X(CreateKernel)                                                                                \
    X(SetKernelArg)                                                                                \
    X(GetKernelWorkGroupInfo)                                                                      \
    X(ReleaseKernel)                                                                               \
    X(EnqueueNDRangeKernel)                                                                        \
    X(EnqueueWriteBuffer)                                                                          \
    X(EnqueueReadBuffer)                                                                           \
    X(EnqueueFillBuffer)                                                                           \
    X(EnqueueMarkerWithWaitList)                                                                   \
    X(Flush)                                                                                       \
    X(GetEventInfo)                                                                                \
    X(ReleaseEvent)

struct pl_ocl_calls {
    void *library; /* NULL: the functions are somebody else's */
#define X(name) __typeof__(cl##name) *name;
    PL_OCL_CALLS(X)
#undef X
};

/* 0, or -ENODEV with what to do in `message` (PL_MESSAGE_BYTES). */
int pl_ocl_calls_find(struct pl_ocl_calls *calls, char *message);
void pl_ocl_calls_drop(struct pl_ocl_calls *calls);

/* "CL_OUT_OF_RESOURCES" and so on; "an unknown code". */
const char *pl_ocl_code_name(cl_int code);

#endif
