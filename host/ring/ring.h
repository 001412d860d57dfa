/* Submission and completion rings of a card, its watch ring and its window: the only place with
 * barriers, phases and doorbells.
 *
 * The n-th completion answers the n-th submission. Every wait is bounded by the bus's time. After a
 * failure that leaves the card in doubt the caller resets it: what the card may still touch is
 * freed after a clean reset only, else it is kept until the bus is closed. */
#ifndef PL_RING_RING_H
#define PL_RING_RING_H

#include <stdbool.h>

#include "bus.h"
#include "pl_abi.h"
#include "plimsoll.h"

/* Memory shared with the card. */
struct pl_dma {
    void *memory; /* NULL: none */
    uint64_t address;
    size_t bytes;
};

/* What the registers say about the card. */
struct pl_card_registers {
    uint32_t build, profile, lanes;
    uint32_t scenarios, instruments, expiries, underlyings, classes, bracket_tables, watch_slots;
};

enum pl_ring_state {
    PL_RING_READY,
    PL_RING_RESET, /* clean and stopped: pl_ring_start() makes it ready */
    PL_RING_LOST,  /* only closing the bus helps */
};

struct pl_ring {
    struct pl_bus bus;
    struct pl_card_registers registers;
    enum pl_ring_state state;
    uint32_t entries; /* of each ring */
    struct pl_dma submissions, completions;
    struct pl_dma watched;         /* RING_ENTRIES_MAX lines */
    uint32_t submitted, completed; /* totals, modulo 2^32 */
    uint32_t watched_taken;        /* lines, likewise */
    uint32_t window_line;          /* number of the last line written to the window */
    bool error_known;              /* register ERROR may be set by a failure that was told */
    size_t quarantined;            /* bytes that may not be freed before the bus is closed */
    char message[PL_MESSAGE_BYTES];
};

/* A bounded wait: look, then call pl_ring_wait(), in turns. */
struct pl_ring_wait {
    uint64_t deadline_ns;
    uint32_t rounds;
    uint32_t error; /* of the register, once it was seen there */
    bool last;      /* the time is over: one more look */
};

/* Takes the bus over, resets the card and starts rings of `entries` (a power of two). On failure
 * `message` (PL_MESSAGE_BYTES) says why and the bus is closed: -PL_STATUS_LINK_DOWN, -ENXIO: this
 * is no card; -PL_STATUS_CONTRACT, -PL_STATUS_TIMEOUT, and those of pl_ring_allocate(). */
int pl_ring_open(struct pl_ring *ring, const struct pl_bus *bus, uint32_t entries, char *message);
void pl_ring_close(struct pl_ring *ring);

/* Hands over a submission; its serial is filled in. -EAGAIN: the ring is full; -PL_STATUS_RESET or
 * -PL_STATUS_LINK_DOWN: not ready. */
int pl_ring_submit(struct pl_ring *ring, const struct pl_submission *submission);

/* Takes the next completion: 1, 0 when there is none yet, or a negative code: -EPROTO when its
 * serial is not the next one, -PL_STATUS_BUS_ERROR when the bus is in trouble. */
int pl_ring_poll(struct pl_ring *ring, struct pl_completion *completion);

/* The line of the watch ring that is `ahead` lines after those taken; taking gives lines back to
 * the card. */
const void *pl_ring_watched(const struct pl_ring *ring, uint32_t ahead);
void pl_ring_watched_take(struct pl_ring *ring, uint32_t lines);

/* Writes a tick of the window: TICK_PRICE and TICK_VOL records, at least one and at most
 * WINDOW_LINES; the last one commits it as `tick`. Does not wait. -PL_STATUS_LIMIT, -ENOTSUP: the
 * bus has no window, -PL_STATUS_RESET or -PL_STATUS_LINK_DOWN. */
int pl_ring_window(struct pl_ring *ring, const struct pl_line *records, size_t count,
                   uint64_t tick);
/* Whether the window refuses ticks: 0, or the negative status of its first refusal. Clearing makes
 * it take ticks again. */
int pl_ring_window_status(struct pl_ring *ring);
void pl_ring_window_clear(struct pl_ring *ring);

/* `limit_ns` on top of the bus's own. */
void pl_ring_wait_start(struct pl_ring *ring, struct pl_ring_wait *wait, uint64_t limit_ns);

/* Relaxes and looks after the card: 0 while waiting makes sense, else -PL_STATUS_LINK_DOWN,
 * -PL_STATUS_RESET (by somebody else), the status in register ERROR, or -PL_STATUS_TIMEOUT, with
 * ring->message. */
int pl_ring_wait(struct pl_ring *ring, struct pl_ring_wait *wait);

/* A pause of a caller that polls. */
void pl_ring_relax(struct pl_ring *ring);

/* Stops and resets the card. 0: it is clean, every submission is forgotten, buffers may be freed or
 * used again. Otherwise the ring is lost and its buffers stay: -PL_STATUS_LINK_DOWN or
 * -PL_STATUS_TIMEOUT, with ring->message. */
int pl_ring_reset(struct pl_ring *ring);

/* Programs and enables the rings after a reset. */
int pl_ring_start(struct pl_ring *ring);

/* 0, or -ENOMEM or another code of the bus, with ring->message. Releasing while the ring is lost
 * keeps the memory. */
int pl_ring_allocate(struct pl_ring *ring, size_t bytes, uint32_t access, struct pl_dma *out);
void pl_ring_release(struct pl_ring *ring, struct pl_dma *dma);

/* The first word of a line that the card writes; what was read of the line after it is as new. */
static inline uint32_t pl_ring_serial(const void *line)
{
    return __atomic_load_n((const uint32_t *)line, __ATOMIC_ACQUIRE);
}

#endif
