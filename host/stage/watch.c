/* The watched set and its ticks, of plimsoll.h. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "pl.h"

static int watch_slots(struct pl *pl, const struct pl_batch *batch)
{
    const struct pl_capabilities *most = &pl->stage.capabilities;
    size_t used = 0;
    int error = batch->count > 0 ? pl_stage_batch(pl, batch, &used) : 0;
    if (error != 0)
        return pl_told(pl, error, "watch");
    if (used > most->watch_slots || batch->count > most->watch_accounts)
        return pl_fail(pl, -PL_STATUS_LIMIT,
                       "watch: %zu accounts of %zu slots; this device takes at most %" PRIu32
                       " accounts and %" PRIu32 " slots",
                       batch->count, used, most->watch_accounts, most->watch_slots);
    error = pl->ops->watch(pl->dev, pl->slots, used, batch->filter);
    pl->watch_version = batch->position_version;
    pl->watching = error == 0 && used > 0;
    return pl_told(pl, error, "watch");
}

int pl_watch(struct pl *pl, const struct pl_batch *batch)
{
    uint64_t *submitted = pl->slots; /* a sweep under way reads them */
    size_t capacity = pl->slot_capacity;
    pl->message[0] = '\0';
    if (pl->ops->watch == NULL)
        return pl_fail(pl, -ENOTSUP, "this device watches no accounts");
    if (!pl->stage.loaded)
        return pl_fail(pl, -PL_STATUS_NOT_LOADED, "watch before a tick: call pl_commit first");
    pl->slots = NULL;
    pl->slot_capacity = 0;
    int error = watch_slots(pl, batch);
    free(pl->slots); /* the device has a copy */
    pl->slots = submitted;
    pl->slot_capacity = capacity;
    return error;
}

/* Whether records, but for the COMMIT at their end, are a tick of the window. */
static bool fits_window(const struct pl_line *records, size_t count)
{
    for (size_t i = 0; i + 1 < count; i++) {
        uint8_t kind = records[i].bytes[0];
        if (kind != PL_RECORD_TICK_PRICE && kind != PL_RECORD_TICK_VOL)
            return false;
    }
    return count >= 2 && count - 1 <= PL_WINDOW_LINES;
}

int pl_tick(struct pl *pl)
{
    struct pl_stage *s = &pl->stage;
    struct pl_line *records;
    size_t count;
    pl->message[0] = '\0';
    if (!s->committed)
        return pl_fail(pl, -PL_STATUS_NOT_LOADED, "tick before a commit: call pl_commit first");
    int error = pl_stage_scale(s) ? pl_load_device(pl) : 0;
    if (error != 0)
        return pl_told(pl, error, "tick");
    s->tick++;
    error = pl_stage_tick_records(s, &records, &count);
    if (error != 0)
        return pl_fail(pl, error, "out of memory");
    error = pl->ops->post != NULL && fits_window(records, count)
                ? pl->ops->post(pl->dev, records, count - 1, s->tick)
                : -ENOTSUP;
    if (error == -ENOTSUP)
        error = pl->ops->tick(pl->dev, records, count);
    error = error == 0 ? pl_budget_tick(pl, records, count) : error;
    free(records);
    s->committed = error == 0;
    if (error != 0)
        pl_stage_resend(s);
    return pl_told(pl, error, "tick");
}

int pl_watched(struct pl *pl, struct pl_verdict *verdicts, size_t max,
               struct pl_tick_summary *summary, bool *ended)
{
    struct pl_tick_summary unused;
    pl->message[0] = '\0';
    *ended = false;
    if (!pl->watching)
        return pl_fail(pl, -ENOENT, "no accounts are watched: call pl_watch first");
    int got = pl->ops->watched(pl->dev, verdicts, max, summary != NULL ? summary : &unused, ended);
    for (int i = 0; i < got; i++)
        verdicts[i].position_version = pl->watch_version;
    if (got < 0)
        pl_stage_resend(&pl->stage); /* what the device has of the last ticks is not known */
    return pl_told(pl, got, "watched");
}
