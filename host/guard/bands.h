/* Gauges and bands: what moves, and within which limits each account does not care.
 *
 * A gauge is a number that moves from tick to tick. A band is one account's interest in one gauge:
 * what a move from its origin costs, and the two edges up to which that cost stays within what the
 * account allows this gauge. A gauge keeps its bands in two heaps, by their lower and upper edge,
 * so that the value is compared with the two nearest edges, however many bands there are. */
#ifndef PL_GUARD_BANDS_H
#define PL_GUARD_BANDS_H

#include <stdbool.h>
#include <stdint.h>

#include "model/fixed.h"

#define PL_MOVE_BITS 40   /* moves are Q.40, relative where the gauge is */
#define PL_BUDGET_BITS 32 /* budgets are Q.32; an account's whole budget is 1 */
#define PL_MOVE_ONE (INT64_C(1) << PL_MOVE_BITS)
#define PL_BUDGET_ONE (UINT64_C(1) << PL_BUDGET_BITS)

enum pl_side { PL_SIDE_DOWN, PL_SIDE_UP, PL_SIDES };

struct pl_band {
    uint32_t account, gauge;
    uint32_t at[PL_SIDES];   /* places in the gauge's heaps */
    int64_t origin;          /* value of the gauge from which costs count */
    int64_t unit;            /* of the gauge, a move of 1 */
    uint64_t cost[PL_SIDES]; /* budget, Q.32, of a move of 1, rounded up */
    int64_t edge[PL_SIDES];  /* no more than the allowance is spent from one to the other */
};

/* In a heap: the edge is compared without a look at the band. */
struct pl_edge {
    int64_t value;
    struct pl_band *band;
};

struct pl_gauge {
    int64_t value;
    int64_t reach;   /* the largest move for which costs hold */
    uint32_t weight; /* how far it moves beside the others, about: what remains is shared so */
    bool relative;   /* moves count in units of the origin, else of 2^40 */
    bool tripped;    /* this tick moved it beyond what costs say */
    uint32_t count, capacity;
    struct pl_edge *heaps[PL_SIDES];
};

/* Room for one more band; false when memory ran out. */
bool pl_gauge_reserve(struct pl_gauge *gauge);
void pl_gauge_free(struct pl_gauge *gauge);

/* Needs pl_gauge_reserve(). The band's edges are set, and it stays where it is in memory. */
void pl_gauge_add(struct pl_gauge *gauge, struct pl_band *band);
void pl_gauge_remove(struct pl_gauge *gauge, struct pl_band *band);

/* Sets the edges of a band, in the heaps or not, to the largest moves that `allowance` (Q.32)
 * covers. */
void pl_gauge_allow(struct pl_gauge *gauge, struct pl_band *band, uint64_t allowance);

/* A band that the value has left, or NULL. */
struct pl_band *pl_gauge_left(const struct pl_gauge *gauge);

/* What the gauge has cost the band since its origin, rounded up; UINT64_MAX beyond its reach. */
uint64_t pl_band_spent(const struct pl_gauge *gauge, const struct pl_band *band);

#endif
