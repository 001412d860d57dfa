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

int pl_watched_set_check(const struct pl_tables *tables, const uint64_t *slots, size_t count,
                         size_t *accounts)
{
    *accounts = 0;
    if (count > PL_WATCHED_SLOTS_MAX)
        return -PL_STATUS_LIMIT;
    for (size_t i = 0; i < count; i++) {
        switch (pl_slot_tag(slots[i])) {
        case PL_TAG_END: return 0;
        case PL_TAG_HEADER: ++*accounts; break;
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
                           size_t accounts, uint8_t filter, bool kept)
{
    free(w->slots);
    w->slots = NULL;
    w->count = 0;
    if (!kept && count > 0) {
        w->slots = malloc(count * sizeof *w->slots);
        if (w->slots == NULL)
            return -ENOMEM;
        memcpy(w->slots, slots, count * sizeof *slots);
    }
    w->count = count;
    w->accounts = accounts;
    w->filter = filter;
    return 0;
}

static size_t lines_of(size_t verdicts)
{
    return verdicts * VERDICT_LINES + 1;
}

static struct pl_watched_run *new_run(size_t room)
{
    return calloc(1, sizeof(struct pl_watched_run) + room * sizeof(struct pl_verdict));
}

/* What it gave, without the room that was left. */
static void append(struct pl_watched_set *w, struct pl_watched_run *run, const struct pl_sweep *s)
{
    struct pl_watched_run *less = realloc(run, sizeof *run + run->count * sizeof run->verdicts[0]);
    run = less == NULL ? run : less;
    run->summary = s->summary;
    w->lines += lines_of(run->count);
    if (w->first == NULL)
        w->first = run;
    else
        w->last->next = run;
    w->last = run;
}

int pl_watched_set_run(struct pl_watched_set *w, const struct pl_tables *tables,
                       const struct pl_engine *engine, void *context)
{
    struct pl_sweep sweep;
    if (w->count == 0)
        return 0;
    if (w->first != NULL && w->lines + lines_of(w->accounts) > PL_RING_ENTRIES_MAX) {
        w->dropped++;
        return 0;
    }
    const bool kept = w->slots == NULL;
    size_t room = kept ? engine->judge_kept(context) : w->accounts + 1; /* so that END is met */
    struct pl_watched_run *run = new_run(room);
    if (run == NULL)
        return -ENOMEM;
    pl_sweep_start(&sweep, tables, w->slots, w->count, w->filter);
    if (!kept && engine->prepare != NULL)
        engine->prepare(context, tables, w->slots, w->count);
    run->count = kept ? engine->list_kept(context, &sweep, run->verdicts, room)
                      : engine->take(context, &sweep, run->verdicts, room);
    append(w, run, &sweep);
    return 0;
}

static void drop_first(struct pl_watched_set *w)
{
    struct pl_watched_run *run = w->first;
    w->lines -= lines_of(run->count);
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
