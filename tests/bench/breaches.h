/* 1,000 accounts that breach in one tick, judged, in a venue that may act on all of them: two
 * coins, 200 options and 6 linear contracts. */
#ifndef PL_BENCH_BREACHES_H
#define PL_BENCH_BREACHES_H

#include "decide/venue.h"
#include "plimsoll.h"

#define BREACHES 1000
#define BREACHES_POSITIONS_MAX 40
#define BREACHES_NOW_US INT64_C(1770000000000000)

struct breaches {
    uint8_t mode;
    uint32_t count; /* positions of each */
    struct pl_account accounts[BREACHES];
    struct pl_holding holdings[BREACHES][BREACHES_POSITIONS_MAX];
    struct pl_verdict verdicts[BREACHES];
    struct pl_venue *venue;
    void *before; /* its state */
    struct pl_venue_action *actions;
};

/* The market on model:, a tick committed. */
struct pl *breaches_open(void);
void breaches_make(struct breaches *breaches, struct pl *pl, uint8_t mode, uint32_t positions);
/* The venue as it was before the first verdict. */
void breaches_again(struct breaches *breaches);

#endif
