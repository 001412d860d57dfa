#include "progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#define BAR_WIDTH 40

void pl_progress_start(struct pl_progress *progress, const char *what, uint64_t total)
{
    *progress = (struct pl_progress){
        .what = what, .total = total, .shown = -1, .on = isatty(STDERR_FILENO) == 1
    };
}

void pl_progress_step(struct pl_progress *progress, uint64_t done)
{
    int percent = progress->total == 0 ? 100 : (int)(done * 100 / progress->total);
    if (!progress->on || percent == progress->shown)
        return;
    progress->shown = percent;
    char bar[BAR_WIDTH + 1];
    for (int i = 0; i < BAR_WIDTH; i++)
        bar[i] = i * 100 < percent * BAR_WIDTH ? '#' : '.';
    bar[BAR_WIDTH] = '\0';
    fprintf(stderr, "\r%s [%s] %3d %% %" PRIu64 "/%" PRIu64, progress->what, bar, percent, done,
            progress->total);
    fflush(stderr);
}

void pl_progress_end(struct pl_progress *progress)
{
    if (progress->on)
        fputs("\r\033[K", stderr);
    progress->on = false;
}
