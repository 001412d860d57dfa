#include "killer.h"

#include <assert.h>
#include <signal.h>
#include <sqlite3.h>
#include <unistd.h>

struct handle {
    sqlite3_file base;
    sqlite3_file *usual; /* behind this struct */
};

static sqlite3_vfs vfs, *usual;
static uint64_t operations, last;

static sqlite3_file *behind(sqlite3_file *base)
{
    return ((struct handle *)base)->usual;
}

#define PASS(method, ...) behind(base)->pMethods->method(behind(base), ##__VA_ARGS__)

static int file_close(sqlite3_file *base)
{
    return PASS(xClose);
}

static int file_read(sqlite3_file *base, void *out, int count, sqlite3_int64 at)
{
    return PASS(xRead, out, count, at);
}

static int file_write(sqlite3_file *base, const void *bytes, int count, sqlite3_int64 at)
{
    if (operations++ == last) {
        PASS(xWrite, bytes, (int)(at * 2654435761u % (unsigned)count), at);
        raise(SIGKILL);
    }
    return PASS(xWrite, bytes, count, at);
}

static int file_truncate(sqlite3_file *base, sqlite3_int64 size)
{
    if (operations++ == last)
        raise(SIGKILL);
    return PASS(xTruncate, size);
}

static int file_sync(sqlite3_file *base, int flags)
{
    if (operations++ == last)
        raise(SIGKILL);
    return PASS(xSync, flags);
}

static int file_size(sqlite3_file *base, sqlite3_int64 *out)
{
    return PASS(xFileSize, out);
}

static int file_lock(sqlite3_file *base, int level)
{
    return PASS(xLock, level);
}

static int file_unlock(sqlite3_file *base, int level)
{
    return PASS(xUnlock, level);
}

static int file_reserved(sqlite3_file *base, int *out)
{
    return PASS(xCheckReservedLock, out);
}

static int file_control(sqlite3_file *base, int what, void *argument)
{
    return PASS(xFileControl, what, argument);
}

static int file_sector(sqlite3_file *base)
{
    return PASS(xSectorSize);
}

static int file_traits(sqlite3_file *base)
{
    return PASS(xDeviceCharacteristics);
}

static const sqlite3_io_methods methods = {
    .iVersion = 1,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_reserved,
    .xFileControl = file_control,
    .xSectorSize = file_sector,
    .xDeviceCharacteristics = file_traits,
};

static int open_file(sqlite3_vfs *self, const char *name, sqlite3_file *base, int flags,
                     int *flags_out)
{
    (void)self;
    struct handle *h = (struct handle *)base;
    h->usual = (sqlite3_file *)(h + 1);
    int code = usual->xOpen(usual, name, h->usual, flags, flags_out);
    h->base.pMethods = h->usual->pMethods != NULL ? &methods : NULL;
    return code;
}

static int delete_file(sqlite3_vfs *self, const char *name, int sync)
{
    (void)self;
    if (operations++ == last)
        raise(SIGKILL);
    return usual->xDelete(usual, name, sync);
}

void killer_open(uint64_t at)
{
    usual = sqlite3_vfs_find(NULL);
    assert(usual != NULL && usual != &vfs);
    vfs = *usual; /* what is not replaced does not look at the vfs that it is called with */
    vfs.iVersion = 1;
    vfs.pNext = NULL;
    vfs.zName = "killer";
    vfs.szOsFile = (int)sizeof(struct handle) + usual->szOsFile;
    vfs.xOpen = open_file;
    vfs.xDelete = delete_file;
    operations = 0;
    last = at;
    int error = sqlite3_vfs_register(&vfs, 1);
    assert(error == SQLITE_OK);
}
