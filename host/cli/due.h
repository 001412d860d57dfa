/* Judging by risk budget: at each tick only the accounts that may have changed their state. */
#ifndef PL_CLI_DUE_H
#define PL_CLI_DUE_H

#include "session.h"

struct pl_due {
    struct pl_session *session;
    struct pl_account *accounts; /* those of a tick, together */
    struct pl_verdict *judged;   /* theirs */
    uint32_t *numbers;           /* and where they belong */
    uint64_t position_version;   /* of the budgets */
    uint64_t *counts;            /* by tick: how many were judged */
    uint64_t ticks, total;
};

/* Budgets for every account of the book. 0, or a negative errno after saying what is wrong. */
int pl_due_open(struct pl_due *due, struct pl_session *session);
void pl_due_close(struct pl_due *due);

/* Judges on the committed tick whoever is due: `verdicts`, of all accounts, keeps the others as
 * they were judged last. `states` counts all of them. */
int pl_due_judge(struct pl_due *due, struct pl_verdict *verdicts,
                 uint64_t states[PL_STATE_BANKRUPT + 1]);

/* Accounts judged at the median tick, and at the tick with the most, the first tick left out: there
 * every account is judged. */
void pl_due_spread(struct pl_due *due, uint64_t *median, uint64_t *most);

#endif
