/* The watched set of model:. Its slots, and the verdicts of evaluations that nobody has taken yet:
 * as many lines as the watch ring of a card holds. */
#ifndef PL_DEV_MODEL_WATCH_H
#define PL_DEV_MODEL_WATCH_H

#include "model/sweep.h"

struct model_watch {
    uint64_t *slots;
    size_t count; /* 0: no set */
    uint8_t filter;
    struct model_run *first, *last; /* evaluations, oldest first */
    size_t lines;                   /* of all of them, in a card's ring */
    uint64_t dropped;               /* evaluations for which there was no room */
};

/* 0, -PL_STATUS_LIMIT, -PL_STATUS_MALFORMED_SLOT, -ENOMEM: the old set stays. Checks what a card
 * checks when it takes a set. */
int model_watch_set(struct model_watch *w, const struct pl_tables *tables, const uint64_t *slots,
                    size_t count, uint8_t filter);

/* Judges the set on the committed tick. 0 or -ENOMEM. */
int model_watch_run(struct model_watch *w, const struct pl_tables *tables);

/* As watched() of struct pl_dev_ops. */
int model_watch_take(struct model_watch *w, struct pl_verdict *verdicts, size_t max,
                     struct pl_tick_summary *summary, bool *ended);

/* Forgets set and verdicts. */
void model_watch_clear(struct model_watch *w);

#endif
