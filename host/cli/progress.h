/* A progress bar on stderr, where that is a terminal; nothing elsewhere. */
#ifndef PL_CLI_PROGRESS_H
#define PL_CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct pl_progress {
    const char *what;
    uint64_t total;
    int shown; /* percent */
    bool on;
};

void pl_progress_start(struct pl_progress *progress, const char *what, uint64_t total);
void pl_progress_step(struct pl_progress *progress, uint64_t done);
void pl_progress_end(struct pl_progress *progress); /* leaves an empty line */

#endif
