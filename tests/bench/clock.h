/* Seconds of this thread on a processor: what others take of the machine does not count. */
#ifndef PL_BENCH_CLOCK_H
#define PL_BENCH_CLOCK_H

#include <time.h>

static inline double clock_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

#endif
