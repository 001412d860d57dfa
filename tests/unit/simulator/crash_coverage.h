/* Which operations on the disk were some life's last: each kind that there is must have been. */
#ifndef PL_TEST_CRASH_COVERAGE_H
#define PL_TEST_CRASH_COVERAGE_H

#include "../journal/disk.h"
#include "../support/random.h"
#include "process.h"

enum disk_part { PART_FILE, PART_LOG, PART_ROLLBACK, DISK_PARTS };
enum { WHOLE, LOG_HEADER, FRAME_HEADER, PAGE, PIECES }; /* of a write */

static uint64_t operations_made[PROCESS_PHASES][DISK_PARTS][DISK_DOINGS][PIECES];
static uint64_t operations_broken[PROCESS_PHASES][DISK_PARTS][DISK_DOINGS][PIECES];

static enum disk_part part_of(const char *name)
{
    const char *dash = strrchr(name, '-');
    return dash == NULL ? PART_FILE : strcmp(dash, "-wal") == 0 ? PART_LOG : PART_ROLLBACK;
}

static int piece_of(const struct disk_operation *o)
{
    if (o->doing != DISK_WRITE || part_of(o->name) != PART_LOG)
        return WHOLE;
    return o->at == 0 ? LOG_HEADER : o->size < 512 ? FRAME_HEADER : PAGE;
}

static void note_operation(const struct disk_operation *o)
{
    const int phase = process_phase(), part = part_of(o->name), piece = piece_of(o);
    operations_made[phase][part][o->doing][piece]++;
    operations_broken[phase][part][o->doing][piece] += o->breaks;
}

typedef void crash_visitor(const char *text, uint64_t made, uint64_t broken);

static void each_operation(crash_visitor *visit)
{
    static const char *const phases[] = { "opens", "writes", "closes" };
    static const char *const parts[] = { "the file", "its log", "its rollback journal" };
    static const char *const doings[] = { "create", "write", "truncate", "sync", "delete" };
    static const char *const pieces[] = { "", ", header", ", header of a page", ", page" };
    for (int f = 0; f < PROCESS_PHASES; f++)
        for (int p = 0; p < DISK_PARTS; p++)
            for (int d = 0; d < DISK_DOINGS; d++)
                for (int i = 0; i < PIECES; i++) {
                    char text[96];
                    snprintf(text, sizeof text, "while it %s: %s %s%s", phases[f], doings[d],
                             parts[p], pieces[i]);
                    if (operations_made[f][p][d][i] > 0)
                        visit(text, operations_made[f][p][d][i], operations_broken[f][p][d][i]);
                }
}

static void print_operation(const char *text, uint64_t made, uint64_t broken)
{
    print_message("%9" PRIu64 " of %9" PRIu64 " broken %s\n", broken, made, text);
}

static void check_operation(const char *text, uint64_t made, uint64_t broken)
{
    if (broken == 0)
        fail_msg("done %" PRIu64 " times, never broken %s", made, text);
}

static void print_crash_coverage(void)
{
    each_operation(print_operation);
}

/* And what a transaction needs was there to be broken. */
static void check_crash_coverage(void)
{
    each_operation(check_operation);
    for (int piece = LOG_HEADER; piece < PIECES; piece++)
        assert_true(operations_broken[PROCESS_WRITES][PART_LOG][DISK_WRITE][piece] > 0);
    assert_true(operations_broken[PROCESS_WRITES][PART_LOG][DISK_SYNC][WHOLE] > 0);
}

#endif
