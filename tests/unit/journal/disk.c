#include "disk.h"

#include <assert.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILES 4
#define SECTOR 512

struct content {
    uint8_t *bytes;
    uint64_t size, capacity;
};

/* A change since the last sync: bytes written, or (no bytes) a new size. */
struct change {
    struct change *next;
    uint8_t *bytes;
    uint64_t at, size;
    bool under_way; /* when the power failed */
};

struct file {
    char name[64];
    bool exists, durable_exists; /* now; and in the synced folder */
    struct content now, durable;
    uint64_t changed_from, changed_to; /* where they differ, if anywhere */
    struct change *changes, **tail;
};

struct handle {
    sqlite3_file base;
    struct file *file;
    bool delete_on_close;
    bool sync_folder; /* with the file's next sync, as SQLite's unix files do */
};

static struct file files[FILES];
static enum disk_fault planned;
static uint64_t operations, planned_at, chance;
static bool happened;
static disk_observer *observer;
static sqlite3_vfs vfs, *usual;

static uint64_t draw(void)
{
    uint64_t z = chance += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static void resize(struct content *c, uint64_t size)
{
    if (size + 1 > c->capacity) {
        c->capacity = 2 * size + 1;
        c->bytes = realloc(c->bytes, c->capacity);
        assert(c->bytes != NULL);
    }
    if (size > c->size)
        memset(c->bytes + c->size, 0, size - c->size);
    c->size = size;
}

static void store(struct content *c, const uint8_t *bytes, uint64_t at, uint64_t count)
{
    if (at + count > c->size)
        resize(c, at + count);
    memcpy(c->bytes + at, bytes, count);
}

static void mark_changed(struct file *f, uint64_t from, uint64_t to)
{
    f->changed_from = from < f->changed_from ? from : f->changed_from;
    f->changed_to = to > f->changed_to ? to : f->changed_to;
}

static void forget_changes(struct file *f)
{
    f->changed_from = UINT64_MAX;
    f->changed_to = 0;
    while (f->changes != NULL) {
        struct change *c = f->changes;
        f->changes = c->next;
        free(c->bytes);
        free(c);
    }
    f->tail = &f->changes;
}

static struct change *note_change(struct file *f, const void *bytes, uint64_t at, uint64_t size)
{
    struct change *c = calloc(1, sizeof *c);
    assert(c != NULL);
    c->at = at;
    c->size = size;
    if (bytes != NULL) {
        c->bytes = malloc(size);
        assert(c->bytes != NULL);
        memcpy(c->bytes, bytes, size);
    }
    *f->tail = c;
    f->tail = &c->next;
    return c;
}

static void set_content(struct content *to, const struct content *from)
{
    resize(to, from->size);
    if (from->size > 0)
        memcpy(to->bytes, from->bytes, from->size);
}

static void make_durable(struct file *f)
{
    const uint64_t to = f->changed_to < f->now.size ? f->changed_to : f->now.size;
    resize(&f->durable, f->now.size);
    if (f->changed_from < to)
        memcpy(f->durable.bytes + f->changed_from, f->now.bytes + f->changed_from,
               to - f->changed_from);
    forget_changes(f);
}

static bool off(void)
{
    return happened && planned == DISK_POWER;
}

/* Counts an operation that changes the disk: SQLITE_OK, or what it fails with. */
static int operate(struct disk_operation o, int error)
{
    const bool writes = o.doing == DISK_WRITE || o.doing == DISK_CREATE;
    bool now = planned != DISK_FINE && operations++ == planned_at;
    if (observer != NULL && !off()) {
        o.breaks = now;
        observer(&o);
    }
    happened = happened || now;
    if (off())
        return error;
    if (planned == DISK_FULL && happened && writes)
        return SQLITE_FULL;
    return planned == DISK_ERROR && now ? error : SQLITE_OK;
}

static struct file *find(const char *name, bool make)
{
    const char *slash = strrchr(name, '/');
    name = slash != NULL ? slash + 1 : name;
    for (int i = 0; i < FILES; i++)
        if (strcmp(files[i].name, name) == 0)
            return &files[i];
    for (int i = 0; i < FILES && make; i++) {
        if (files[i].name[0] == '\0') {
            snprintf(files[i].name, sizeof files[i].name, "%s", name);
            files[i].tail = &files[i].changes;
            return &files[i];
        }
    }
    assert(!make);
    return NULL;
}

static int file_close(sqlite3_file *base)
{
    struct handle *h = (struct handle *)base;
    if (h->delete_on_close)
        h->file->exists = false;
    return SQLITE_OK;
}

static int file_read(sqlite3_file *base, void *out, int count, sqlite3_int64 at)
{
    const struct content *c = &((struct handle *)base)->file->now;
    uint64_t there = (uint64_t)at < c->size ? c->size - (uint64_t)at : 0;
    uint64_t taken = there < (uint64_t)count ? there : (uint64_t)count;
    memset(out, 0, (size_t)count);
    if (taken > 0)
        memcpy(out, c->bytes + at, taken);
    return taken == (uint64_t)count ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

static int file_write(sqlite3_file *base, const void *bytes, int count, sqlite3_int64 at)
{
    struct file *f = ((struct handle *)base)->file;
    bool was_off = off();
    const struct disk_operation o = { DISK_WRITE, f->name, (uint64_t)at, (uint64_t)count, false };
    int error = operate(o, SQLITE_IOERR_WRITE);
    if (error == SQLITE_OK) {
        mark_changed(f, (uint64_t)at, (uint64_t)at + (uint64_t)count);
        store(&f->now, bytes, (uint64_t)at, (uint64_t)count);
    }
    if (error == SQLITE_OK || (off() && !was_off)) /* the last write may also be there */
        note_change(f, bytes, (uint64_t)at, (uint64_t)count)->under_way = error != SQLITE_OK;
    return error;
}

static int file_truncate(sqlite3_file *base, sqlite3_int64 size)
{
    struct file *f = ((struct handle *)base)->file;
    const struct disk_operation o = { DISK_TRUNCATE, f->name, (uint64_t)size, 0, false };
    int error = operate(o, SQLITE_IOERR_TRUNCATE);
    if (error != SQLITE_OK)
        return error;
    mark_changed(f, (uint64_t)size < f->now.size ? (uint64_t)size : f->now.size, UINT64_MAX);
    resize(&f->now, (uint64_t)size);
    note_change(f, NULL, 0, (uint64_t)size);
    return SQLITE_OK;
}

/* All entries of the folder, as fsync() of a folder has it. */
static void sync_folder(void)
{
    for (int i = 0; i < FILES; i++)
        files[i].durable_exists = files[i].exists;
}

static int file_sync(sqlite3_file *base, int flags)
{
    struct handle *h = (struct handle *)base;
    struct file *f = h->file;
    (void)flags;
    int error =
        operate((struct disk_operation){ DISK_SYNC, f->name, 0, 0, false }, SQLITE_IOERR_FSYNC);
    if (error != SQLITE_OK)
        return error;
    make_durable(f);
    if (h->sync_folder)
        sync_folder();
    h->sync_folder = false;
    return SQLITE_OK;
}

static int file_size(sqlite3_file *base, sqlite3_int64 *out)
{
    *out = (sqlite3_int64)((struct handle *)base)->file->now.size;
    return SQLITE_OK;
}

static int file_lock(sqlite3_file *base, int level)
{
    (void)base;
    (void)level;
    return SQLITE_OK;
}

static int file_reserved(sqlite3_file *base, int *out)
{
    (void)base;
    *out = 0;
    return SQLITE_OK;
}

static int file_control(sqlite3_file *base, int what, void *argument)
{
    (void)base;
    (void)what;
    (void)argument;
    return SQLITE_NOTFOUND;
}

static int file_sector(sqlite3_file *base)
{
    (void)base;
    return SECTOR;
}

static int file_traits(sqlite3_file *base)
{
    (void)base;
    return 0;
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
    .xUnlock = file_lock,
    .xCheckReservedLock = file_reserved,
    .xFileControl = file_control,
    .xSectorSize = file_sector,
    .xDeviceCharacteristics = file_traits,
};

static int disk_open_file(sqlite3_vfs *self, const char *name, sqlite3_file *base, int flags,
                          int *flags_out)
{
    (void)self;
    assert(name != NULL); /* temporary tables stay in memory */
    struct handle *h = (struct handle *)base;
    struct file *f = find(name, true);
    h->base.pMethods = NULL;
    if (!f->exists) {
        const struct disk_operation o = { DISK_CREATE, f->name, 0, 0, false };
        if ((flags & SQLITE_OPEN_CREATE) == 0 || operate(o, SQLITE_CANTOPEN) != SQLITE_OK)
            return SQLITE_CANTOPEN;
        f->exists = true;
        resize(&f->now, 0);
        resize(&f->durable, 0);
        forget_changes(f);
    }
    h->file = f;
    h->delete_on_close = (flags & SQLITE_OPEN_DELETEONCLOSE) != 0;
    h->sync_folder = (flags & SQLITE_OPEN_CREATE) != 0 &&
                     (flags & (SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL)) != 0;
    h->base.pMethods = &methods;
    if (flags_out != NULL)
        *flags_out = flags;
    return SQLITE_OK;
}

static int disk_delete(sqlite3_vfs *self, const char *name, int sync)
{
    (void)self;
    struct file *f = find(name, false);
    if (f == NULL || !f->exists)
        return SQLITE_IOERR_DELETE_NOENT;
    int error =
        operate((struct disk_operation){ DISK_DELETE, f->name, 0, 0, false }, SQLITE_IOERR_DELETE);
    if (error != SQLITE_OK)
        return error;
    f->exists = false;
    if (sync)
        sync_folder();
    return SQLITE_OK;
}

static int disk_access(sqlite3_vfs *self, const char *name, int flags, int *out)
{
    (void)self;
    const struct file *f = find(name, false);
    *out = f != NULL && f->exists && (flags != SQLITE_ACCESS_EXISTS || f->now.size > 0);
    return SQLITE_OK;
}

static int disk_path(sqlite3_vfs *self, const char *name, int size, char *out)
{
    (void)self;
    sqlite3_snprintf(size, out, "%s", name);
    return SQLITE_OK;
}

static int disk_random(sqlite3_vfs *self, int count, char *out)
{
    return usual->xRandomness(self, count, out);
}

static int disk_sleep(sqlite3_vfs *self, int us)
{
    (void)self;
    return us;
}

static int disk_time(sqlite3_vfs *self, double *out)
{
    (void)self;
    *out = 2461000.5;
    return SQLITE_OK;
}

static int disk_last_error(sqlite3_vfs *self, int count, char *out)
{
    (void)self;
    (void)count;
    (void)out;
    return 0;
}

void disk_open(void)
{
    usual = sqlite3_vfs_find(NULL);
    assert(usual != NULL && usual != &vfs);
    vfs = (sqlite3_vfs){ .iVersion = 1,
                         .szOsFile = sizeof(struct handle),
                         .mxPathname = 256,
                         .zName = "disk",
                         .xOpen = disk_open_file,
                         .xDelete = disk_delete,
                         .xAccess = disk_access,
                         .xFullPathname = disk_path,
                         .xRandomness = disk_random,
                         .xSleep = disk_sleep,
                         .xCurrentTime = disk_time,
                         .xGetLastError = disk_last_error };
    disk_plan(DISK_FINE, 0, 0);
    observer = NULL;
    int error = sqlite3_vfs_register(&vfs, 1);
    assert(error == SQLITE_OK);
}

static void erase(struct file *f)
{
    forget_changes(f);
    free(f->now.bytes);
    free(f->durable.bytes);
    *f = (struct file){ 0 };
}

void disk_close(void)
{
    for (int i = 0; i < FILES; i++)
        erase(&files[i]);
    sqlite3_vfs_unregister(&vfs);
    sqlite3_vfs_register(usual, 1);
}

void disk_plan(enum disk_fault fault, uint64_t at, uint64_t seed)
{
    planned = fault;
    planned_at = at;
    chance = seed;
    operations = 0;
    happened = false;
}

uint64_t disk_operations(void)
{
    return operations;
}

bool disk_failed(void)
{
    return happened;
}

void disk_observe(disk_observer *who)
{
    observer = who;
}

/* A write that was not synced: none of it, all, or some of its sectors. */
static void survive(struct file *f, const struct change *c)
{
    uint64_t fate = draw() % 3;
    if (fate == 0)
        return;
    if (c->bytes == NULL) {
        resize(&f->durable, c->size);
        return;
    }
    for (uint64_t done = 0; done < c->size;) {
        uint64_t part = SECTOR - (c->at + done) % SECTOR;
        part = part < c->size - done ? part : c->size - done;
        if (fate == 1 || draw() % 2 == 0)
            store(&f->durable, c->bytes + done, c->at + done, part);
        done += part;
    }
}

void disk_restart(void)
{
    for (int i = 0; i < FILES; i++) {
        struct file *f = &files[i];
        bool in_doubt = f->exists != f->durable_exists;
        f->exists = in_doubt ? draw() % 2 == 0 : f->exists;
        f->durable_exists = f->exists;
        for (const struct change *c = f->changes; c != NULL; c = c->next)
            survive(f, c);
        forget_changes(f);
        set_content(&f->now, &f->durable);
    }
    planned = DISK_FINE;
    happened = false;
}

void disk_keep(void)
{
    for (int i = 0; i < FILES; i++) {
        struct change **c = &files[i].changes;
        while (*c != NULL && !(*c)->under_way)
            c = &(*c)->next;
        if (*c == NULL)
            continue;
        free((*c)->bytes); /* the last one of its file */
        free(*c);
        *c = NULL;
        files[i].tail = c;
    }
    planned = DISK_FINE;
    happened = false;
}

uint8_t *disk_bytes(const char *name, uint64_t *size)
{
    struct file *f = find(name, false);
    if (f == NULL || !f->exists)
        return NULL;
    *size = f->now.size;
    return f->now.bytes;
}

void disk_set(const char *name, const uint8_t *bytes, uint64_t size)
{
    struct file *f = find(name, true);
    f->exists = f->durable_exists = true;
    resize(&f->now, 0);
    store(&f->now, bytes, 0, size);
    set_content(&f->durable, &f->now);
    forget_changes(f);
}

void disk_remove(const char *name)
{
    struct file *f = find(name, false);
    if (f != NULL)
        erase(f);
}
