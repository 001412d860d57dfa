#include "history.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int pl_history_open(struct pl_history *history, const struct pl_session *session)
{
    *history = (struct pl_history){ .account_count = session->book->account_count,
                                    .hash = PL_FNV1A_START };
    history->accounts = calloc((size_t)history->account_count + 1, sizeof *history->accounts);
    if (history->accounts != NULL)
        return 0;
    pl_complain("%s: out of memory for the history of %u accounts", session->book->path,
                history->account_count);
    return -ENOMEM;
}

void pl_history_close(struct pl_history *history)
{
    free(history->accounts);
    history->accounts = NULL;
}

static void add_verdict(struct pl_history *history, const struct pl_verdict *v, uint32_t account,
                        int64_t time_us)
{
    struct pl_history_account *a = &history->accounts[account];
    bool below = v->state == PL_STATE_LIQUIDATE || v->state == PL_STATE_BANKRUPT;
    if (v->state != PL_STATE_INDETERMINATE &&
        (!a->judged || v->maintenance_excess < a->worst.maintenance_excess)) {
        a->worst = *v;
        a->worst_us = time_us;
        a->judged = true;
    }
    a->ticks_below += below ? 1 : 0;
    if (!below || a->crossed)
        return;
    a->crossed = true;
    a->first = *v;
    a->first_us = time_us;
    history->crossed++;
    history->last.crossed++;
    if (history->last.first_new == PL_NO_ACCOUNT)
        history->last.first_new = account;
}

void pl_history_add(struct pl_history *history, const struct pl_session *session,
                    const struct pl_verdict *verdicts, const uint64_t states[PL_STATES])
{
    history->last = (struct pl_history_tick){ .first_new = PL_NO_ACCOUNT, .worst = PL_NO_ACCOUNT };
    history->hash = pl_fnv1a(history->hash, verdicts, history->account_count * sizeof *verdicts);
    for (int state = 0; state < PL_STATES; state++)
        history->seen[state] += states[state];
    for (uint32_t i = 0; i < history->account_count; i++) {
        const struct pl_verdict *v = &verdicts[i];
        uint32_t worst = history->last.worst;
        add_verdict(history, v, i, session->time_us);
        if (v->state != PL_STATE_INDETERMINATE &&
            (worst == PL_NO_ACCOUNT || v->maintenance_excess < verdicts[worst].maintenance_excess))
            history->last.worst = i;
    }
}

size_t pl_history_worst(const struct pl_history *history, uint32_t *out, size_t max)
{
    size_t count = 0;
    for (uint32_t i = 0; i < history->account_count; i++) {
        if (!history->accounts[i].judged)
            continue;
        int64_t excess = history->accounts[i].worst.maintenance_excess;
        size_t at = count;
        while (at > 0 && excess < history->accounts[out[at - 1]].worst.maintenance_excess)
            at--;
        if (at == max)
            continue;
        count += count < max ? 1 : 0;
        memmove(&out[at + 1], &out[at], (count - at - 1) * sizeof *out);
        out[at] = i;
    }
    return count;
}
