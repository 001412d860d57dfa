/* What the journal costs: actions appended, committed (durable) and handed out, in batches of
 * several sizes, and as many acknowledgements in the batch after; then the check of the whole chain
 * and its opening. By the wall clock, because it waits for the disk.
 *
 *   journal [FOLDER [ACTIONS]]    on the disk of FOLDER (default: .); ACTIONS a size: 100,000, or
 *                                 200 batches where they are small */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "journal/journal.h"

#define ACTION_BYTES 96 /* about what a liquidation order takes */
#define NOW_US INT64_C(1770000000000000)
#define SYNCS 200

static struct pl_journal *journal;
static char path[4096];

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void check(int code)
{
    if (code >= 0)
        return;
    fprintf(stderr, "%s\n", journal != NULL ? pl_journal_message(journal) : path);
    exit(1);
}

/* The disk alone: one page written and synced, again and again. */
static void measure_disk(void)
{
    char page[4096] = { 1 };
    int file = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
    double start = seconds();
    for (int i = 0; i < SYNCS; i++)
        if (file < 0 || pwrite(file, page, sizeof page, i * (off_t)sizeof page) < 0 ||
            fdatasync(file) != 0)
            check(-errno);
    printf("the disk: %.0f us to append 4 KiB and sync them\n", (seconds() - start) / SYNCS * 1e6);
    close(file);
    unlink(path);
}

static void append_batch(uint64_t batch, uint64_t size, uint64_t first_waiting)
{
    uint8_t payload[ACTION_BYTES] = { 0 };
    check(pl_journal_begin(journal, NOW_US + (int64_t)batch));
    for (uint64_t i = 0; i < size; i++) {
        memcpy(payload, &i, sizeof i);
        check(pl_journal_append(journal, PL_ENTRY_ACTION, (uint32_t)i, payload, sizeof payload,
                                NULL));
    }
    for (uint64_t i = 0; i < size && first_waiting > 0; i++)
        check(pl_journal_acknowledge(journal, first_waiting + i));
    check(pl_journal_commit(journal));
}

static void measure(uint64_t size, uint64_t actions)
{
    struct pl_journal_entry action;
    struct stat info;
    bool possibly_sent;
    uint64_t first = 0, sent = 0;
    check(pl_journal_open(path, PL_JOURNAL_CREATE, &journal, NULL));
    double start = seconds();
    for (uint64_t batch = 0; batch * size < actions; batch++) {
        append_batch(batch, size, first);
        first = 0;
        while (pl_journal_next_action(journal, &action, &possibly_sent) == 1) {
            first = first == 0 ? action.sequence : first;
            sent++;
        }
    }
    double written = seconds() - start;
    start = seconds();
    check(pl_journal_verify(journal, NULL));
    double verified = seconds() - start;
    uint64_t entries = pl_journal_end(journal)->sequence;
    pl_journal_close(journal);
    journal = NULL;
    check(stat(path, &info));
    printf("batches of %6" PRIu64 ": %9.0f actions/s durable, sent and acknowledged (%" PRIu64
           " in %.2f s); %.0f bytes an entry; checked at %.0f entries/s\n",
           size, (double)sent / written, sent, written, (double)info.st_size / (double)entries,
           (double)entries / verified);
    fflush(stdout);
    unlink(path);
}

int main(int argc, char **argv)
{
    static const uint64_t sizes[] = { 1, 10, 100, 1000, 10000 };
    uint64_t most = argc > 2 ? strtoull(argv[2], NULL, 10) : 100000;
    snprintf(path, sizeof path, "%s/bench.journal", argc > 1 ? argv[1] : ".");
    unlink(path);
    measure_disk();
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        measure(sizes[i], 200 * sizes[i] < most ? 200 * sizes[i] : most);
    return 0;
}
