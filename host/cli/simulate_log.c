/* What a simulation keeps for its report: actions one by one, cascades. */
#include <stdlib.h>

#include "simulate.h"

#define FIRST_CAPACITY 256

/* Room for one more; false and log->failed without memory. */
static bool grow(struct pl_simulation_log *log, void **items, size_t *capacity, size_t count,
                 size_t each)
{
    if (count < *capacity)
        return true;
    const size_t wanted = *capacity == 0 ? FIRST_CAPACITY : *capacity * 2;
    void *more = log->failed ? NULL : realloc(*items, wanted * each);
    log->failed = more == NULL;
    if (more == NULL)
        return false;
    *items = more;
    *capacity = wanted;
    return true;
}

void pl_simulation_keep(struct pl_simulation_log *log, const struct pl_venue_action *action)
{
    void *items = log->actions;
    switch (action->kind) {
    case PL_VENUE_BREAKER:
    case PL_VENUE_WIDTH:
    case PL_VENUE_HAIRCUT:
    case PL_VENUE_FILLED:
    case PL_VENUE_AUCTION:
    case PL_VENUE_BOUGHT:
    case PL_VENUE_OFFLOAD:
    case PL_VENUE_DELEVERAGED:
    case PL_VENUE_IMPOSED:
    case PL_VENUE_DEBT: break;
    default: return;
    }
    if (!grow(log, &items, &log->capacity, log->count, sizeof *log->actions))
        return;
    log->actions = items;
    log->actions[log->count++] = *action;
}

void pl_simulation_cascade(struct pl_simulation_log *log, int64_t window_us, int64_t tick_us,
                           const struct pl_simulated *before, const struct pl_simulated *now)
{
    const int64_t notional =
        now->closed_e8 + now->auctioned_e8 - before->closed_e8 - before->auctioned_e8;
    void *items = log->cascades;
    if (notional <= 0)
        return;
    if (log->cascade_count == 0 ||
        tick_us - log->cascades[log->cascade_count - 1].last_us > window_us) {
        if (!grow(log, &items, &log->cascade_capacity, log->cascade_count, sizeof *log->cascades))
            return;
        log->cascades = items;
        log->cascades[log->cascade_count++] = (struct pl_cascade){ .first_us = tick_us };
    }
    struct pl_cascade *c = &log->cascades[log->cascade_count - 1];
    c->last_us = tick_us;
    c->ticks++;
    c->liquidations += now->closes + now->bought - before->closes - before->bought;
    c->notional_e8 += notional;
}

const struct pl_cascade *pl_simulation_largest_cascade(const struct pl_simulation_log *log)
{
    const struct pl_cascade *largest = NULL;
    for (size_t i = 0; i < log->cascade_count; i++)
        if (largest == NULL || log->cascades[i].notional_e8 > largest->notional_e8)
            largest = &log->cascades[i];
    return largest;
}

uint64_t pl_simulation_longest_cascade(const struct pl_simulation_log *log)
{
    uint64_t ticks = 0;
    for (size_t i = 0; i < log->cascade_count; i++)
        ticks = log->cascades[i].ticks > ticks ? log->cascades[i].ticks : ticks;
    return ticks;
}
