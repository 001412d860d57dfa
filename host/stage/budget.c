/* Risk budgets, of plimsoll.h: the guard hears what the device hears. */
#include <errno.h>
#include <stdlib.h>

#include "guard/guard.h"
#include "pl.h"

int pl_budget_load(struct pl *pl, const struct pl_line *records, size_t count)
{
    if (pl->guard == NULL)
        return 0;
    int error = pl_guard_load(pl->guard, records, count, pl->stage.capabilities.profile);
    return error == 0 ? 0 : pl_fail(pl, error, "budgets: %s", pl_error_name(error));
}

int pl_budget_tick(struct pl *pl, const struct pl_line *records, size_t count)
{
    if (pl->guard == NULL)
        return 0;
    int error = pl_guard_tick(pl->guard, records, count);
    return error == 0 ? 0 : pl_fail(pl, error, "budgets: %s", pl_error_name(error));
}

void pl_budget_end(struct pl *pl)
{
    pl_guard_close(pl->guard);
    free(pl->guard_slots);
    pl->guard = NULL;
    pl->guard_slots = NULL;
    pl->guarded = 0;
    pl->guard_slot_capacity = 0;
}

/* A guard that starts between ticks hears the load, and the whole of the tick that is committed. */
static int catch_up(struct pl *pl)
{
    struct pl_line *records;
    size_t count;
    int error = pl_stage_load_records(&pl->stage, &records, &count);
    if (error != 0)
        return error;
    error = pl_budget_load(pl, records, count);
    free(records);
    if (error != 0 || !pl->stage.committed)
        return error;
    error = pl_stage_committed_records(&pl->stage, &records, &count);
    if (error != 0)
        return error;
    error = pl_budget_tick(pl, records, count);
    free(records);
    return error;
}

int pl_budget_start(struct pl *pl, uint32_t accounts, uint8_t filter)
{
    pl->message[0] = '\0';
    pl_budget_end(pl);
    if (accounts == 0)
        return 0;
    pl->guard = pl_guard_open(accounts, filter);
    if (pl->guard == NULL)
        return pl_fail(pl, -ENOMEM, "out of memory for the budgets of %u accounts", accounts);
    pl->guarded = accounts;
    int error = pl->stage.loaded ? catch_up(pl) : 0;
    if (error != 0)
        pl_budget_end(pl);
    return pl_told(pl, error, "budgets");
}

static int check_number(struct pl *pl, uint32_t number)
{
    if (pl->guard == NULL)
        return pl_fail(pl, -ENOENT, "no budgets are kept: call pl_budget_start first");
    if (number >= pl->guarded)
        return pl_fail(pl, -EINVAL, "account %u: budgets are kept of %u accounts", number,
                       pl->guarded);
    return 0;
}

int64_t pl_budget_due(struct pl *pl, const uint32_t **accounts)
{
    pl->message[0] = '\0';
    *accounts = NULL;
    int error = check_number(pl, 0);
    return error != 0 ? error : (int64_t)pl_guard_due(pl->guard, accounts);
}

int pl_budget_judged(struct pl *pl, uint32_t number, const struct pl_account *account,
                     const struct pl_verdict *verdict)
{
    pl->message[0] = '\0';
    int error = check_number(pl, number);
    if (error != 0)
        return error;
    if (!pl->stage.committed || verdict->tick != pl->stage.tick)
        return pl_fail(pl, -EINVAL, "account %u: the verdict is not of the tick committed last",
                       number);
    if (!pl_guard_wants_slots(pl->guard, number, verdict)) {
        pl_guard_judged(pl->guard, number, NULL, 0, verdict);
        return 0;
    }
    size_t most = pl_stage_slots_max(account);
    if (most > pl->guard_slot_capacity) {
        uint64_t *grown = realloc(pl->guard_slots, most * sizeof *grown);
        if (grown == NULL)
            return pl_fail(pl, -ENOMEM, "out of memory for the budget of account %u", number);
        pl->guard_slots = grown;
        pl->guard_slot_capacity = most;
    }
    int64_t slots = pl_stage_account_slots(&pl->stage, account, pl->guard_slots, pl->message);
    if (slots < 0)
        return pl_told(pl, (int)slots, "budgets");
    pl_guard_judged(pl->guard, number, pl->guard_slots, (size_t)slots, verdict);
    return 0;
}

int pl_budget_forget(struct pl *pl, uint32_t number)
{
    pl->message[0] = '\0';
    int error = check_number(pl, number);
    if (error == 0)
        pl_guard_forget(pl->guard, number);
    return error;
}

int64_t pl_budget_room(const struct pl *pl, uint32_t number)
{
    if (pl->guard == NULL)
        return -ENOENT;
    return number < pl->guarded ? pl_guard_room(pl->guard, number) : -EINVAL;
}
