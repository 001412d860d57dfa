/* Every system call of the user-space drivers, in one table: tests put their own in its place. Each
 * returns what the call of that name does, -1 with errno on failure. */
#ifndef PL_USER_CALLS_H
#define PL_USER_CALLS_H

#include <poll.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>

struct pl_calls {
    int (*open)(const char *path, int flags);
    int (*close)(int file);
    int (*ioctl)(int file, unsigned long request, void *argument);
    void *(*mmap)(void *at, size_t bytes, int protection, int flags, int file, off_t offset);
    int (*munmap)(void *memory, size_t bytes);
    ssize_t (*pread)(int file, void *to, size_t bytes, off_t offset);
    ssize_t (*pwrite)(int file, const void *from, size_t bytes, off_t offset);
    ssize_t (*read)(int file, void *to, size_t bytes);
    int (*poll)(struct pollfd *files, nfds_t count, int timeout_ms);
    int (*eventfd)(unsigned initial, int flags);
    int (*memlock_limit)(struct rlimit *out); /* getrlimit(RLIMIT_MEMLOCK) */
};

extern const struct pl_calls pl_calls_system;

#endif
