/* How the underlyings of a book have moved, tick by tick: realised variances and covariances, and
 * what they make of one account's Greeks. */
#ifndef PL_CLI_MOVES_H
#define PL_CLI_MOVES_H

#include "decide/distance.h"
#include "session.h"

#define PL_MOVES_HALF_LIFE_US (INT64_C(12) * 3600 * 1000000)

struct pl_moves {
    uint32_t count;  /* underlyings, in the device's order */
    uint32_t *nodes; /* index prices */
    double *last;    /* 0: none yet */
    double *returns; /* of the tick in hand */
    double *sums;    /* [count * count]: products of log returns, decaying by the half-life */
    double years;    /* of them, decayed alike */
    int64_t time_us;
};

/* -ENOMEM after saying so. */
int pl_moves_open(struct pl_moves *moves, const struct pl_session *session);
void pl_moves_close(struct pl_moves *moves);

/* After each pl_session_advance(). */
void pl_moves_take(struct pl_moves *moves, const struct pl_session *session);

/* Per year, as a fraction; 0: not known yet. */
double pl_moves_vol(const struct pl_moves *moves, uint32_t underlying);

/* One account as pl_breach_of() takes it, and its verdict: all its underlyings as one, the one
 * whose moves cost it most (*leader), with a delta that makes up the whole variance of its equity.
 * Returns 0 or a negative errno after saying why. */
int pl_moves_account(const struct pl_moves *moves, struct pl_session *session, uint32_t account,
                     int64_t horizon_us, struct pl_verdict *verdict, struct pl_breach_input *out,
                     uint32_t *leader);

#endif
