/* Has somebody else written the file since we did? The lock keeps other journals away, not other
 * programs. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "handle.h"

static void look(const char *path, struct pl_journal_sight *out)
{
    struct stat info;
    memset(out, 0, sizeof *out);
    if (stat(path, &info) != 0)
        return;
    *out = (struct pl_journal_sight){ .device = info.st_dev,
                                      .inode = info.st_ino,
                                      .size = info.st_size,
                                      .seconds = info.st_mtim.tv_sec,
                                      .nanoseconds = info.st_mtim.tv_nsec };
}

static void look_at_both(const struct pl_journal *journal, struct pl_journal_sight out[2])
{
    char log[4096];
    look(journal->path, &out[0]);
    snprintf(log, sizeof log, "%s-wal", journal->path);
    look(log, &out[1]);
}

void pl_journal_remember(struct pl_journal *journal)
{
    look_at_both(journal, journal->seen);
}

int pl_journal_check_seen(struct pl_journal *journal)
{
    struct pl_journal_sight now[2];
    look_at_both(journal, now);
    for (int i = 0; i < 2; i++) {
        const struct pl_journal_sight *was = &journal->seen[i], *is = &now[i];
        const char *what = was->device != is->device || was->inode != is->inode
                               ? "replaced or removed"
                           : is->size < was->size ? "truncated"
                                                  : "altered";
        if (was->device != is->device || was->inode != is->inode || was->size != is->size ||
            was->seconds != is->seconds || was->nanoseconds != is->nanoseconds)
            return pl_journal_refuse(journal, -ESTALE,
                                     "it%s was %s by another program while it is written: keep a "
                                     "copy, then see what `plimsoll journal verify` says of it",
                                     i == 0 ? "" : "s log (-wal)", what);
    }
    return 0;
}
