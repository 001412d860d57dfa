/* An account with some of its positions closed at their marks: the exact verdict of the committed
 * tick, by the specification on the frozen rows, and what each position's close relieves.
 *
 * Closed is what a trade at the model's own value would do (`plimsoll eval --with`): options, coins
 * and linear contracts turn into cash, rounded down; of inverse contracts the coin leg shrinks by
 * their size over the mark, against the account to 1e-9 of a coin. Resting orders are taken as
 * cancelled: that is the first thing a liquidation does. Pure: it reads the stage and the tables,
 * which must stay as they are while it is used, and writes its own memory only. */
#ifndef PL_DECIDE_WHAT_IF_H
#define PL_DECIDE_WHAT_IF_H

#include "model/sweep.h"
#include "partial.h"
#include "stage/stage.h"

#define PL_WHAT_IF_POSITIONS_MAX 512
#define PL_WHAT_IF_GROUPS_MAX 128 /* underlyings of the account, and legs */
#define PL_WHAT_IF_SLOTS_MAX (PL_WHAT_IF_POSITIONS_MAX + 3 * PL_WHAT_IF_GROUPS_MAX + 4)

/* A position that can be closed; `steps` of the instrument, all holdings together. */
struct pl_what_if_position {
    uint32_t instrument, row;
    int64_t steps;
    int64_t notional_e8; /* |steps| at the index or mark: what rates and brackets apply to */
    bool closable;       /* its price may be used */
    uint16_t group;      /* of its coin leg or naked shorts; UINT16_MAX: none */
    uint32_t key;        /* option: first position of the same strike */
    pl_i128 quantity;    /* of a step: coins of an option in 1e-18; of an inverse contract at the
                            mark in 1e-18 */
};

/* Legs of an underlying, in three rows of 1e9, 1 and 1e-9 units. */
struct pl_what_if_leg {
    uint32_t row;      /* the first */
    bool requirement;  /* naked shorts; else coins */
    pl_i128 amount_e9; /* coins as the account has them */
};

struct pl_what_if {
    const struct pl_stage *stage;
    const struct pl_tables *tables;
    uint64_t header;
    bool initial; /* reliefs of a plan are of the initial requirement */
    int64_t cash_e8;
    uint8_t mode;
    int64_t multiplier_q40;
    uint32_t position_count, leg_count, order_count, underlying_count, last_underlying;
    struct pl_what_if_position positions[PL_WHAT_IF_POSITIONS_MAX];
    struct pl_what_if_leg legs[PL_WHAT_IF_GROUPS_MAX];
    uint16_t order[PL_WHAT_IF_POSITIONS_MAX + PL_WHAT_IF_GROUPS_MAX]; /* by row: position, or leg
                                                                         + POSITIONS_MAX */
    /* of the last judgement */
    pl_i128 net[PL_WHAT_IF_POSITIONS_MAX]; /* by key: long less short options, 1e-18 */
    uint64_t slots[PL_WHAT_IF_SLOTS_MAX];
    uint32_t slot_count;
    uint32_t active_count;
    struct pl_what_if_active { /* what decided an underlying's loss */
        uint16_t underlying;
        uint8_t scenario;
        int64_t mm_factor, im_factor;
    } active[PL_WHAT_IF_GROUPS_MAX];
    uint32_t joint_count;
    struct pl_what_if_joint { /* and an offset group's */
        uint8_t group, scenario;
        int64_t mm_factor, im_factor; /* instead of its underlyings' own */
    } joint[PL_OFFSET_GROUPS_MAX];
};

struct pl_what_if_result {
    struct pl_verdict verdict;
    int64_t maintenance_e8, initial_e8; /* requirements */
};

/* Takes an account apart. 0; -E2BIG: more positions or groups than this can take; -ERANGE as
 * pl_stage_account_slots(), with `message` (PL_MESSAGE_BYTES) filled. */
int pl_what_if_open(struct pl_what_if *what_if, const struct pl_stage *stage,
                    const struct pl_tables *tables, const struct pl_account *account,
                    char *message);

/* Judges the account with closed[i] steps (0 .. |steps|) of position i closed at mark and `cost_e8`
 * paid. False: the tables refuse it, or a quantity leaves its range. */
bool pl_what_if_judge(struct pl_what_if *what_if, const int64_t *closed, int64_t cost_e8,
                      struct pl_what_if_result *out);

/* After a judgement: by how much the maintenance (or initial) requirement falls, per position, if
 * the whole of it were closed and nothing else decided the requirement then. A requirement is
 * convex in what is held, so nothing closed further relieves more than in proportion: the linear
 * estimate of `partial`. Oracle terms do not count. */
void pl_what_if_relief(const struct pl_what_if *what_if, bool initial, int64_t *relief_e8);

/* This account as a judge for pl_partial_plan(), with the positions it can close (limit 0: not
 * closable; levels are the caller's to fill). `positions` has room for PL_WHAT_IF_POSITIONS_MAX;
 * their number is what_if->position_count. */
struct pl_partial_judge pl_what_if_judge_partial(struct pl_what_if *what_if,
                                                 const struct pl_partial_rules *rules,
                                                 struct pl_partial_position *positions);

#endif
