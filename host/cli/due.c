#include "due.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "states.h"

static int refuse(const struct pl_due *due, int64_t error)
{
    pl_complain("tick %" PRIu64 ": %s", due->session->tick, pl_message(due->session->device));
    return (int)error;
}

int pl_due_open(struct pl_due *due, struct pl_session *session)
{
    size_t accounts = session->book->account_count;
    *due = (struct pl_due){ .session = session, .position_version = session->position_version };
    due->accounts = calloc(accounts + 1, sizeof *due->accounts);
    due->numbers = calloc(accounts + 1, sizeof *due->numbers);
    due->counts = calloc((size_t)session->book->tick_count + 1, sizeof *due->counts);
    due->judged = pl_verdicts_alloc(session);
    if (due->accounts == NULL || due->numbers == NULL || due->counts == NULL) {
        pl_complain("%s: out of memory for the budgets of %zu accounts", session->book->path,
                    accounts);
        return -ENOMEM;
    }
    if (due->judged == NULL)
        return -ENOMEM; /* said already */
    int error = pl_budget_start(session->device, (uint32_t)accounts, PL_STATE_BANKRUPT + 1);
    return error != 0 ? refuse(due, error) : 0;
}

void pl_due_close(struct pl_due *due)
{
    free(due->accounts);
    free(due->judged);
    free(due->numbers);
    free(due->counts);
}

static int compare_numbers(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

/* The accounts that are due, in the book's order. A settlement may have changed any of them. */
static int64_t collect(struct pl_due *due)
{
    struct pl_session *session = due->session;
    uint32_t accounts = session->book->account_count;
    const uint32_t *list;
    for (uint32_t i = 0; i < accounts && due->position_version != session->position_version; i++) {
        int error = pl_budget_forget(session->device, i);
        if (error != 0)
            return refuse(due, error);
    }
    due->position_version = session->position_version;
    int64_t count = accounts == 0 ? 0 : pl_budget_due(session->device, &list);
    if (count < 0)
        return refuse(due, count);
    if (count > 0)
        memcpy(due->numbers, list, (size_t)count * sizeof *list);
    qsort(due->numbers, (size_t)count, sizeof *due->numbers, compare_numbers);
    for (int64_t i = 0; i < count; i++)
        due->accounts[i] = session->accounts[due->numbers[i]];
    return count;
}

int pl_due_judge(struct pl_due *due, struct pl_verdict *verdicts,
                 uint64_t states[PL_STATE_BANKRUPT + 1])
{
    struct pl_session *session = due->session;
    int64_t count = collect(due);
    if (count < 0)
        return (int)count;
    int error = pl_session_evaluate(session, due->accounts, (size_t)count, due->judged, NULL);
    for (int64_t i = 0; i < count && error == 0; i++) {
        uint32_t number = due->numbers[i];
        verdicts[number] = due->judged[i];
        error =
            pl_budget_judged(session->device, number, &session->accounts[number], &due->judged[i]);
        if (error != 0)
            refuse(due, error);
    }
    memset(states, 0, (PL_STATE_BANKRUPT + 1) * sizeof *states);
    for (uint32_t i = 0; i < session->book->account_count && error == 0; i++)
        states[verdicts[i].state]++;
    due->counts[due->ticks++] = (uint64_t)count;
    due->total += (uint64_t)count;
    return error;
}

static int compare_counts(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

void pl_due_spread(struct pl_due *due, uint64_t *median, uint64_t *most)
{
    *median = *most = 0;
    if (due->ticks < 2)
        return;
    qsort(due->counts + 1, due->ticks - 1, sizeof *due->counts, compare_counts);
    *median = due->counts[due->ticks / 2];
    *most = due->counts[due->ticks - 1];
}
