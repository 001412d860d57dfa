#include "calls.h"

#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

static int call_open(const char *path, int flags)
{
    return open(path, flags);
}

static int call_ioctl(int file, unsigned long request, void *argument)
{
    return ioctl(file, request, argument);
}

static int call_memlock_limit(struct rlimit *out)
{
    return getrlimit(RLIMIT_MEMLOCK, out);
}

const struct pl_calls pl_calls_system = {
    .open = call_open,
    .close = close,
    .ioctl = call_ioctl,
    .mmap = mmap,
    .munmap = munmap,
    .pread = pread,
    .pwrite = pwrite,
    .read = read,
    .poll = poll,
    .eventfd = eventfd,
    .memlock_limit = call_memlock_limit,
};
