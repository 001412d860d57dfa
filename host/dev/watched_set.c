#include "watched_set.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "software.h"

#define VERDICT_LINES (sizeof(struct pl_verdict) / PL_LINE_BYTES)

struct pl_watched_run {
    struct pl_watched_run *next;
    struct pl_tick_summary summary;
    size_t count, taken;
    struct pl_verdict verdicts[];
};

int pl_watched_set_check(const struct pl_tables *tables, const uint64_t *slots, size_t count)
{
    size_t accounts = 0;
    if (count > PL_WATCH_SLOTS_MAX)
        return -PL_STATUS_LIMIT;
    for (size_t i = 0; i < count; i++) {
        switch (pl_slot_tag(slots[i])) {
        case PL_TAG_END: return 0;
        case PL_TAG_HEADER:
            if (++accounts > PL_WATCH_ACCOUNTS_MAX)
                return -PL_STATUS_LIMIT;
            break;
        case PL_TAG_POSITION:
        case PL_TAG_REQUIREMENT:
            if (pl_slot_position_instrument(slots[i]) >= tables->model.instruments)
                return -PL_STATUS_MALFORMED_SLOT;
            break;
        default: break;
        }
    }
    return count == 0 ? 0 : -PL_STATUS_MALFORMED_SLOT;
}

int pl_watched_set_replace(struct pl_watched_set *w, const uint64_t *slots, size_t count,
                           uint8_t filter)
{
    uint64_t *copy = malloc(count * sizeof *copy + 1);
    if (copy == NULL)
        return -ENOMEM;
    if (count > 0)
        memcpy(copy, slots, count * sizeof *copy);
    free(w->slots);
    w->slots = copy;
    w->count = count;
    w->filter = filter;
    return 0;
}

static size_t accounts_of(const struct pl_watched_set *w)
{
    size_t n = 0;
    for (size_t i = 0; i < w->count && pl_slot_tag(w->slots[i]) != PL_TAG_END; i++)
        n += pl_slot_tag(w->slots[i]) == PL_TAG_HEADER;
    return n;
}

int pl_watched_set_run(struct pl_watched_set *w, const struct pl_tables *tables,
                       const struct pl_engine *engine, void *context)
{
    struct pl_sweep sweep;
    size_t accounts = accounts_of(w), room = accounts + 1; /* so that END is met, too */
    if (w->count == 0)
        return 0;
    if (w->lines + accounts * VERDICT_LINES + 1 > PL_RING_ENTRIES_MAX) {
        w->dropped++;
        return 0;
    }
    struct pl_watched_run *run = calloc(1, sizeof *run + room * sizeof run->verdicts[0]);
    if (run == NULL)
        return -ENOMEM;
    pl_sweep_start(&sweep, tables, w->slots, w->count, w->filter);
    run->count = engine->take_kept != NULL ? engine->take_kept(context, &sweep, run->verdicts, room)
                                           : engine->take(context, &sweep, run->verdicts, room);
    run->summary = sweep.summary;
    w->lines += run->count * VERDICT_LINES + 1;
    if (w->first == NULL)
        w->first = run;
    else
        w->last->next = run;
    w->last = run;
    return 0;
}

static void drop_first(struct pl_watched_set *w)
{
    struct pl_watched_run *run = w->first;
    w->lines -= run->count * VERDICT_LINES + 1;
    w->first = run->next;
    free(run);
}

int pl_watched_set_take(struct pl_watched_set *w, struct pl_verdict *verdicts, size_t max,
                        struct pl_tick_summary *summary, bool *ended)
{
    struct pl_watched_run *run = w->first;
    *ended = false;
    if (run == NULL)
        return 0;
    size_t left = run->count - run->taken, n = left < max ? left : max;
    memcpy(verdicts, run->verdicts + run->taken, n * sizeof *verdicts);
    run->taken += n;
    *ended = run->taken == run->count;
    if (*ended) {
        *summary = run->summary;
        drop_first(w);
    }
    return (int)n;
}

void pl_watched_set_clear(struct pl_watched_set *w)
{
    while (w->first != NULL)
        drop_first(w);
    free(w->slots);
    *w = (struct pl_watched_set){ 0 };
}
