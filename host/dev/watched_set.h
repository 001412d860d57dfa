/* The watched set of a device in software. Its slots, and the verdicts of evaluations that nobody
 * has taken yet: as many lines as the watch ring of a card holds, and one evaluation of any size.
 */
#ifndef PL_DEV_WATCHED_SET_H
#define PL_DEV_WATCHED_SET_H

#include "model/sweep.h"

struct pl_engine;

struct pl_watched_set {
    uint64_t *slots; /* NULL: the engine keeps them, or there is no set */
    size_t count;    /* 0: no set */
    size_t accounts;
    uint8_t filter;
    struct pl_watched_run *first, *last; /* evaluations, oldest first */
    size_t lines;                        /* of all of them, in a card's ring */
    uint64_t dropped;                    /* evaluations for which there was no room */
};

/* The largest set: what its index counts in. */
#define PL_WATCHED_SLOTS_MAX UINT32_MAX

/* What a card checks when it takes a set, but for its size. 0 with the number of accounts,
 * -PL_STATUS_LIMIT or -PL_STATUS_MALFORMED_SLOT. */
int pl_watched_set_check(const struct pl_tables *tables, const uint64_t *slots, size_t count,
                         size_t *accounts);

/* Takes a set that passed; `kept`: its slots are the engine's. 0 or -ENOMEM: there is no set. */
int pl_watched_set_replace(struct pl_watched_set *w, const uint64_t *slots, size_t count,
                           size_t accounts, uint8_t filter, bool kept);

/* Judges the set on the committed tick by the engine. 0 or -ENOMEM. */
int pl_watched_set_run(struct pl_watched_set *w, const struct pl_tables *tables,
                       const struct pl_engine *engine, void *context);

/* As watched() of struct pl_dev_ops. */
int pl_watched_set_take(struct pl_watched_set *w, struct pl_verdict *verdicts, size_t max,
                        struct pl_tick_summary *summary, bool *ended);

/* Forgets set and verdicts. */
void pl_watched_set_clear(struct pl_watched_set *w);

#endif
