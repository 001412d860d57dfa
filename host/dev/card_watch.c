/* The watched set of a card: the set goes to it, ticks go through its window, and the verdicts that
 * follow each tick are read from the watch ring, by their numbers. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "card_state.h"

#define VERDICT_LINES (sizeof(struct pl_verdict) / PL_LINE_BYTES)
#define LOOK_EVERY 256 /* polls without a line between looks at the window's status */

int pl_card_watch(struct pl_dev *dev, const uint64_t *slots, size_t count, uint8_t filter)
{
    uint64_t detail;
    pl_card_end_sweep(dev);
    int error = pl_card_ready(dev);
    if (error != 0)
        return error;
    if (!dev->loaded)
        return -PL_STATUS_NOT_LOADED;
    if (count > dev->ring.registers.watch_slots)
        return -PL_STATUS_LIMIT;
    error = pl_card_stage(dev, slots, count * sizeof *slots);
    if (error != 0)
        return error;
    const struct pl_submission submission = {
        .op = PL_OP_WATCH, .filter = filter, .address = dev->records.address, .count = count
    };
    return pl_card_run(dev, &submission, &detail);
}

int pl_card_post(struct pl_dev *dev, const struct pl_line *records, size_t count, uint64_t tick)
{
    if (!dev->loaded || !dev->committed)
        return -PL_STATUS_NOT_LOADED;
    dev->message[0] = '\0';
    dev->posted = true;
    return pl_ring_window(&dev->ring, records, count, tick);
}

/* The window tells of a refusal in a register only, which costs a round trip. */
int pl_card_look_at_window(struct pl_dev *dev)
{
    if (!dev->posted)
        return 0;
    int status = pl_ring_window_status(&dev->ring);
    if (status != 0)
        snprintf(dev->message, sizeof dev->message,
                 "the window refused a tick: %s; commit again (pl_commit), which sends everything",
                 pl_error_name(status));
    if (status != 0 && dev->ring.state == PL_RING_READY)
        pl_ring_window_clear(&dev->ring);
    dev->posted = false;
    return status;
}

/* What stands `ahead` lines after those taken: lines of it, 0 if it has not come. */
static uint32_t whole_record(const struct pl_dev *dev, uint32_t ahead, bool *summary)
{
    uint32_t number = dev->watch_number & PL_CARD_NUMBER_MASK;
    uint32_t serial = pl_ring_serial(pl_ring_watched(&dev->ring, ahead));
    *summary = serial == (PL_CARD_SUMMARY | number);
    if (*summary)
        return 1;
    bool both = serial == (PL_CARD_VERDICT | number) &&
                pl_ring_serial(pl_ring_watched(&dev->ring, ahead + 1)) == serial;
    return both ? VERDICT_LINES : 0;
}

static void take_verdict(struct pl_dev *dev, uint32_t ahead, struct pl_verdict *verdict)
{
    for (uint32_t i = 0; i < VERDICT_LINES; i++)
        memcpy((uint8_t *)verdict + i * PL_LINE_BYTES, pl_ring_watched(&dev->ring, ahead + i),
               PL_LINE_BYTES);
    verdict->serial = verdict->serial_again = dev->watch_taken++;
}

int pl_card_watched(struct pl_dev *dev, struct pl_verdict *verdicts, size_t max,
                    struct pl_tick_summary *summary, bool *ended)
{
    uint32_t ahead = 0, lines;
    size_t taken = 0;
    int error = pl_card_ready(dev);
    *ended = false;
    if (error != 0)
        return error;
    while (!*ended && (lines = whole_record(dev, ahead, ended)) != 0) {
        if (*ended) {
            memcpy(summary, pl_ring_watched(&dev->ring, ahead), sizeof *summary);
            summary->serial = 0;
            dev->watch_taken = 0;
        } else if (taken == max) {
            break;
        } else {
            take_verdict(dev, ahead, &verdicts[taken++]);
        }
        ahead += lines;
        dev->watch_number++;
    }
    if (ahead > 0) {
        pl_ring_watched_take(&dev->ring, ahead);
        dev->watch_idle = 0;
        return (int)taken;
    }
    pl_ring_relax(&dev->ring);
    return ++dev->watch_idle % LOOK_EVERY == 0 ? pl_card_look_at_window(dev) : 0;
}
