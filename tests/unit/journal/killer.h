/* The usual file system, with a process that dies in the middle: the n-th write, truncation, sync
 * or deletion is the last thing that this process does; a write is done in part before. */
#ifndef PL_TEST_KILLER_H
#define PL_TEST_KILLER_H

#include <stdint.h>

#define KILLER_NEVER UINT64_MAX

/* Installs it as SQLite's default; `at` counts from 0. */
void killer_open(uint64_t at);

#endif
