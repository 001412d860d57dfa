/* A bench's results as rows for tests/bench/table: `section<TAB>what<TAB>unit<TAB>value` on the
 * standard output instead of the text for people, when the first argument is --rows. */
#ifndef PL_BENCH_ROWS_H
#define PL_BENCH_ROWS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static FILE *rows_out; /* NULL: rows are not wanted */

/* Before anything is printed; removes --rows from the arguments. */
static inline void rows_start(int *argc, char **argv)
{
    if (*argc < 2 || strcmp(argv[1], "--rows") != 0)
        return;
    rows_out = fdopen(dup(STDOUT_FILENO), "w");
    if (rows_out == NULL || freopen("/dev/null", "w", stdout) == NULL) {
        perror("--rows");
        exit(1);
    }
    memmove(argv + 1, argv + 2, (size_t)(*argc - 1) * sizeof *argv);
    --*argc;
}

static inline void rows_add(const char *section, const char *what, const char *unit, double value)
{
    if (rows_out == NULL)
        return;
    fprintf(rows_out, "%s\t%s\t%s\t%.9g\n", section, what, unit, value);
    fflush(rows_out);
}

/* What cannot be measured here, and why. */
static inline void rows_missing(const char *section, const char *what, const char *why)
{
    if (rows_out == NULL)
        return;
    fprintf(rows_out, "%s\t%s\tmissing\t%s\n", section, what, why);
    fflush(rows_out);
}

static inline int rows_compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* Sorts the list. */
static inline double rows_median(double *list, size_t count)
{
    qsort(list, count, sizeof *list, rows_compare);
    return count == 0 ? 0 : list[count / 2];
}

#endif
