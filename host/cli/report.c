/* Puts the report's page into its directory: all of it or nothing. */
#include "report.h"
#include "report_page.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PAGE_NAME "index.html"
#define TEMPORARY_BYTES 64
#define TEMPORARY_TRIES 100 /* left over by killed processes of our number */

static const char *advice(int error)
{
    switch (error) {
    case ENOENT: return "create the directory above it, or name another one";
    case ENOTDIR: return "it, or a part of its path, is a file; name a directory";
    case EISDIR: return "a directory has that name; remove it, or name another directory";
    case EACCES:
    case EPERM: return "make it writable for this user, or name another directory";
    case EROFS: return "name a directory that can be written";
    case ENOSPC:
    case EDQUOT: return "free some space there, or name another directory";
    case EFBIG: return "raise the limit on the size of files (ulimit -f)";
    case ENAMETOOLONG: return "name a shorter one";
    case ENOMEM: return "free some memory, or replay fewer ticks";
    case EEXIST: return "remove the temporary files that earlier runs left there";
    default: return "check the disk, or name another directory";
    }
}

static int refuse(char *message, const char *directory, const char *name, int error)
{
    size_t length = strlen(directory);
    const char *slash = name[0] == '\0' || (length > 0 && directory[length - 1] == '/') ? "" : "/";
    snprintf(message, PL_MESSAGE_BYTES, "%.3000s%s%s: %s; no report was written: %s", directory,
             slash, name, strerror(error), advice(error));
    return -error;
}

/* Opens the directory, and creates it if needed. Returns a descriptor or a negative errno. */
static int open_directory(const char *directory, bool *created)
{
    *created = mkdir(directory, 0777) == 0;
    if (!*created && errno != EEXIST)
        return -errno;
    int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int error = errno;
    if (fd < 0 && *created)
        rmdir(directory);
    return fd < 0 ? -error : fd;
}

static int open_temporary(int directory_fd, char name[TEMPORARY_BYTES])
{
    for (unsigned i = 0; i < TEMPORARY_TRIES; i++) {
        snprintf(name, TEMPORARY_BYTES, "." PAGE_NAME ".%ld.%u", (long)getpid(), i);
        int fd =
            openat(directory_fd, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
        if (fd >= 0)
            return fd;
        if (errno != EEXIST)
            return -errno;
    }
    return -EEXIST;
}

static int write_all(int fd, const struct pl_buffer *page)
{
    for (size_t done = 0; done < page->used;) {
        ssize_t written = write(fd, page->data + done, page->used - done);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return written < 0 ? -errno : -EIO;
        done += (size_t)written;
    }
    return fsync(fd) == 0 ? 0 : -errno;
}

/* Makes the rename last. Some file systems cannot do that for a directory: then there is nothing to
 * be done. */
static int sync_directory(int directory_fd, const char *directory, char *message)
{
    if (fsync(directory_fd) == 0 || errno == EINVAL || errno == ENOTSUP)
        return 0;
    int error = errno;
    snprintf(message, PL_MESSAGE_BYTES,
             "%.3000s: %s; the report is there, but may be gone after a crash: %s", directory,
             strerror(error), advice(error));
    return -error;
}

/* Through a temporary file, which is gone afterwards. */
static int write_page(int directory_fd, const struct pl_buffer *page)
{
    char temporary[TEMPORARY_BYTES];
    int fd = open_temporary(directory_fd, temporary);
    if (fd < 0)
        return fd;
    int result = write_all(fd, page);
    if (close(fd) != 0 && result == 0)
        result = -errno;
    if (result == 0 && renameat(directory_fd, temporary, directory_fd, PAGE_NAME) != 0)
        result = -errno;
    if (result != 0)
        unlinkat(directory_fd, temporary, 0);
    return result;
}

int pl_report_write(const struct pl_report *report, const char *directory, char *message)
{
    assert(report->tick_count == 0 || report->worst_tick < report->tick_count);
    struct pl_buffer page = { 0 };
    pl_report_add_page(&page, report);
    int result = pl_report_put(&page, directory, message);
    pl_buffer_free(&page);
    return result;
}

int pl_report_put(const struct pl_buffer *page, const char *directory, char *message)
{
    message[0] = '\0';
    if (page->failed)
        return refuse(message, directory, PAGE_NAME, ENOMEM);
    bool created = false;
    int fd = open_directory(directory, &created);
    int result = fd < 0 ? fd : write_page(fd, page);
    if (fd >= 0 && result == 0)
        result = sync_directory(fd, directory, message);
    else
        refuse(message, directory, fd < 0 ? "" : PAGE_NAME, -result);
    if (fd >= 0)
        close(fd);
    if (result < 0 && created)
        rmdir(directory); /* only if it is empty */
    return result;
}
