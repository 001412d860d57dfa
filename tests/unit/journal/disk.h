/* A disk in memory, as SQLite's default file system: what was written but not synced may be lost
 * when the power fails, whole or in part. Writes, syncs, truncations, creations and deletions are
 * counted, and the n-th can fail, or end the power. */
#ifndef PL_TEST_DISK_H
#define PL_TEST_DISK_H

#include <stdbool.h>
#include <stdint.h>

enum disk_fault {
    DISK_FINE,
    DISK_POWER, /* this operation and all later ones fail, and leave what was not synced in doubt */
    DISK_FULL,  /* writes fail, from here on */
    DISK_ERROR, /* this operation fails, once */
};

/* What changes the disk. */
enum disk_doing { DISK_CREATE, DISK_WRITE, DISK_TRUNCATE, DISK_SYNC, DISK_DELETE, DISK_DOINGS };
struct disk_operation {
    enum disk_doing doing;
    const char *name;  /* of the file */
    uint64_t at, size; /* of what is written; truncated to `at` */
    bool breaks;       /* the planned fault happens here */
};
typedef void disk_observer(const struct disk_operation *operation);

/* Installs the disk, empty. */
void disk_open(void);
void disk_close(void);

/* The fault of operation `at`, counted from 0 at this call; `seed` chooses what survives. */
void disk_plan(enum disk_fault fault, uint64_t at, uint64_t seed);
uint64_t disk_operations(void); /* since disk_plan() */
bool disk_failed(void);         /* the planned fault has happened */

/* Told of every operation before it is done, until disk_open(); NULL: nobody. */
void disk_observe(disk_observer *observer);

/* After the power failed (or as if it did now): files hold what was synced, and of everything else
 * what chance left. No handle may be open. */
void disk_restart(void);

/* After a process was killed: everything written stands, and what was under way is not done. */
void disk_keep(void);

/* Direct access to a file's bytes; NULL: there is none. */
uint8_t *disk_bytes(const char *name, uint64_t *size);
void disk_set(const char *name, const uint8_t *bytes, uint64_t size);
void disk_remove(const char *name);

#endif
