/* How far the market may move before an account breaches its maintenance line, and how probable
 * that is.
 *
 * The exact distance asks a judge of moved markets: the move of one underlying, others following by
 * a beta, as the caller prices them. The probability is that of touching the line within a horizon,
 * from the account's own Greeks and a realised volatility: along a relative move r
 *
 *   excess(r) = excess + theta h + (delta - requirement) r + 50 gamma r^2
 *
 * (the requirement goes with the price; gamma is per 1 %, as in the verdict). Its first zeros on
 * both sides are barriers K = F (1 + r) of a price without drift, touched with probability
 * N(-d2) + (F/K) N(-d1) below and N(d2) + (F/K) N(d1) above (reflection principle; d1, d2 as in
 * Black-76 with vol sqrt(h)), which the pricing engine's Greeks give. */
#ifndef PL_DECIDE_DISTANCE_H
#define PL_DECIDE_DISTANCE_H

#include "model/money.h"

#define PL_DISTANCE_DOWN_MAX_Q40 (PL_COEFFICIENT_ONE / 100 * 95) /* the furthest fall looked at */
#define PL_DISTANCE_UP_MAX_Q40 (4 * PL_COEFFICIENT_ONE)
#define PL_DISTANCE_FIRST_Q40 (PL_COEFFICIENT_ONE / 400) /* the first of the moves tried */
#define PL_DISTANCE_BISECTIONS 16

/* Judges the account with the underlying moved by move_q40 (-0.95 .. 4). False: it cannot be judged
 * there. */
struct pl_distance_judge {
    void *context;
    bool (*judge)(void *context, int64_t move_q40, int64_t *maintenance_excess_e8);
};

struct pl_distance {
    bool found;        /* a breach within the range */
    bool unknown;      /* the search ended where the account could not be judged */
    int64_t move_q40;  /* the least move of the search at which it breaches; 0: it does now */
    int64_t excess_e8; /* there */
    uint32_t judgements;
};

/* Tries moves of growing size (from 0.25 %, each 5/4 of the last) on one side, then halves the gap
 * between the last good and the first bad one 16 times: to 4e-6 of the move. What breaches and
 * recovers between two moves tried is not seen. Rounded towards the account: at move_q40 it does
 * breach. */
struct pl_distance pl_distance_find(const struct pl_distance_judge *judge, bool down);

struct pl_breach_input {
    int64_t excess_e8, requirement_e8;    /* maintenance */
    int64_t delta_e8, gamma_e8, theta_e8; /* cash delta, per 1 %, per day: as in the verdict; of
                                             several underlyings: of their common move */
    int64_t vol_q40;                      /* per year, of the underlying or the common move */
    int64_t horizon_us;
};

struct pl_breach {
    bool falls, rises;          /* a fall, a rise ends in a breach */
    int64_t fall_q40, rise_q40; /* by so much, > 0, in steps of 2^-20 */
    int64_t probability_q40;    /* of touching either within the horizon, at most 1 */
};

struct pl_breach pl_breach_of(const struct pl_breach_input *input);

/* The same probability of given barriers: a fall and a rise by so much, > 0, or 0: none; the vol is
 * per year. The vol that will be is uncertain: 0.6, 1 and 2.2 times the given one, weighted 60, 30
 * and 10 %, have its variance and a kurtosis of about 8, as returns of coins over hours. */
int64_t pl_breach_within_q40(int64_t fall_q40, int64_t rise_q40, int64_t vol_q40,
                             int64_t horizon_us);

/* Probability that a price without drift touches (1 + move) times itself; vol_q40 over the whole
 * horizon. Within 1e-9. */
int64_t pl_breach_touch_q40(int64_t move_q40, int64_t vol_q40);

#endif
