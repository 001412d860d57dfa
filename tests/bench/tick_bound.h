/* How late the last line of a watched tick can come, from what the card's modules are built of:
 * every number is a latency of a module's header, or follows from the run. docs/performance.md has
 * the sum. */
#ifndef PL_BENCH_TICK_BOUND_H
#define PL_BENCH_TICK_BOUND_H

#include <stdbool.h>
#include <stdint.h>

/* Portfolio accounts of priced assets, all of one size; nothing on the ring takes the tables. */
struct tick_shape {
    uint32_t lanes, scenarios;  /* none with a skew */
    uint32_t round_trip;        /* cycles */
    uint32_t accounts;          /* watched, as many in each lane */
    uint32_t slots, groups;     /* of each: header and cash too; expiries */
    uint32_t swept;             /* slots of an account of the sweep that may run; 0: none */
    uint32_t swept_rows;        /* expiries of it */
    uint32_t ticking, expiries; /* instruments and expiries that tick at all */
    uint32_t seen;              /* cycles from a line in host memory to when it is looked at */
};

/* Zeroed before the first tick. */
struct tick_bound {
    struct tick_shape shape;
    uint64_t committed; /* at the latest: the commit before has ended */
    uint64_t others;    /* from its live_ready_o to its last row, at the latest */
    uint32_t changed;   /* at most: entries of tables and rows that wait for the next flip */
};

/* A tick of one record: what it reprices. */
struct tick_rows {
    uint32_t held, others; /* instruments that a watched account holds, and those that none does */
};

/* The cycle by which the last line of the verdicts of a tick stored at `start` is in host
 * memory. */
uint64_t tick_bound(struct tick_bound *bound, uint64_t start, struct tick_rows rows);

/* It came in cycle `last`: what is left of that tick, which the next one waits for. */
void tick_seen(struct tick_bound *bound, uint64_t last);

#endif
