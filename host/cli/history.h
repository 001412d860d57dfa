/* What a replay remembers of each account: when it crossed the line, and where it stood worst. */
#ifndef PL_CLI_HISTORY_H
#define PL_CLI_HISTORY_H

#include "states.h"

#define PL_NO_ACCOUNT UINT32_MAX

struct pl_history_account {
    bool crossed; /* was liquidate or bankrupt at some tick */
    bool judged;  /* was determinate at some tick: `worst` is filled */
    int64_t first_us, worst_us;
    struct pl_verdict first; /* at the first tick where it was */
    struct pl_verdict worst; /* at its lowest maintenance excess, the first if there are several */
    uint64_t ticks_below;    /* ticks in which it was */
};

/* The tick added last. */
struct pl_history_tick {
    uint64_t crossed;   /* accounts that crossed the line for the first time */
    uint32_t first_new; /* the first of them, or PL_NO_ACCOUNT */
    uint32_t worst;     /* lowest maintenance excess, or PL_NO_ACCOUNT */
};

struct pl_history {
    uint32_t account_count;
    struct pl_history_account *accounts;
    uint64_t hash;            /* FNV-1a over all verdicts' bytes in order */
    uint64_t seen[PL_STATES]; /* verdicts in each state, all ticks */
    uint64_t crossed;         /* accounts */
    struct pl_history_tick last;
};

/* Returns 0, or -ENOMEM after saying so. */
int pl_history_open(struct pl_history *history, const struct pl_session *session);
void pl_history_close(struct pl_history *history);

/* Adds the committed tick: one verdict per account. */
void pl_history_add(struct pl_history *history, const struct pl_session *session,
                    const struct pl_verdict *verdicts, const uint64_t states[PL_STATES]);

/* The accounts with the lowest maintenance excess, worst first: up to `max` indices. Returns their
 * number. */
size_t pl_history_worst(const struct pl_history *history, uint32_t *out, size_t max);

#endif
