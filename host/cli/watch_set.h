/* The watched accounts of `plimsoll watch`: which they are, where each stands, and how far from its
 * line. */
#ifndef PL_CLI_WATCH_SET_H
#define PL_CLI_WATCH_SET_H

#include "session.h"

struct pl_watch_row {
    struct pl_verdict now; /* first: rows are sorted by it */
    struct pl_verdict before;
    bool known; /* `before` is filled: it was watched at the tick before */
};

struct pl_watch_set {
    struct pl_session *session;
    struct pl_watch_row *rows, *spare; /* PL_WATCH_ACCOUNTS_MAX each */
    size_t count;
    struct pl_account *accounts; /* as they are sent: in one piece */
    struct pl_verdict *all;      /* of a sweep over the book; NULL: accounts are given by name */
    int64_t *rooms;              /* by account, Q.40: pl_budget_room(); NULL: distance orders */
    size_t left_out;             /* chosen, but beyond what a device watches */
    uint64_t position_version;   /* as sent last */
};

/* Maintenance excess in per cent of the maintenance requirement, 1e-8, rounded towards minus
 * infinity. False where there is no such distance: the account cannot be judged, or nothing is
 * required of it. */
bool pl_watch_distance(const struct pl_verdict *verdict, pl_i128 *percent_e8);

/* `chooses`: the set comes from sweeps over the book; `by_room`: ordered and chosen by room. 0, or
 * -ENOMEM after saying so. */
int pl_watch_set_open(struct pl_watch_set *set, struct pl_session *session, bool chooses,
                      bool by_room);
void pl_watch_set_close(struct pl_watch_set *set);

/* Adds an account. Returns 0 or a negative errno after saying what is wrong. */
int pl_watch_set_add(struct pl_watch_set *set, const char *name);

/* Judges every account of the book on the committed tick and takes the `wanted` most endangered
 * ones: by distance or room, then those that cannot be judged. */
int pl_watch_set_choose(struct pl_watch_set *set, size_t wanted);

/* Hands the set to the device; of a chosen one, as much as the device watches. */
int pl_watch_set_send(struct pl_watch_set *set);

/* A new tick begins: what is becomes what was. */
void pl_watch_set_age(struct pl_watch_set *set);
/* The verdicts of an evaluation, one per account, in any order; sorts the rows, nearest to the line
 * first. -EPROTO after saying so when they are not those of the set. */
int pl_watch_set_take(struct pl_watch_set *set, const struct pl_verdict *verdicts, size_t count);

#endif
