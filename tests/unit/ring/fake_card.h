/* A card in C behind a bus: reads submissions and streams from shared memory as a card does, judges
 * with the model: device, and writes its lines a few per relax(), out of order. It can fail in
 * every way that a host must survive. */
#ifndef PL_TEST_FAKE_CARD_H
#define PL_TEST_FAKE_CARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pl_abi.h"
#include "ring/bus.h"

#define FAKE_BLOCKS 1024
#define FAKE_WAIT_NS UINT64_C(5000000)

enum fake_failure {
    FAKE_NONE,
    FAKE_HANG,    /* the submission never completes */
    FAKE_ERROR,   /* nor does this one, and register ERROR says fake->status */
    FAKE_OTHERS,  /* somebody else resets the card */
    FAKE_DOWN,    /* everything reads as all ones */
    FAKE_STATUS,  /* it completes with fake->status; a sweep after fake->accounts accounts */
    FAKE_SERIAL,  /* its completion has a wrong serial */
    FAKE_TROUBLE, /* the bus complains */
    FAKE_NUMBER,  /* a verdict line has a wrong number */
};

enum fake_reset { FAKE_RESET_CLEAN, FAKE_RESET_NEEDS_FLR, FAKE_RESET_HANGS };

struct fake_line {
    uint64_t address;
    uint8_t bytes[PL_LINE_BYTES];
};

struct fake_block {
    uint8_t *memory;
    uint64_t address;
    size_t bytes;
    uint32_t access;
};

struct fake_card {
    uint32_t magic, version, profile, capacity; /* capacity: of instruments and expiries */
    uint32_t watch_slots;
    uint64_t hash;
    enum fake_failure failure;
    uint64_t failing; /* number of the submission since the start that fails, once */
    uint32_t status;
    uint64_t accounts;
    enum fake_reset reset;

    uint64_t random, time_ns, taken; /* taken: submissions since the start */
    struct pl_dev *model;
    struct fake_block blocks[FAKE_BLOCKS];
    size_t block_count;
    uint64_t next_address;
    bool down, hanging, enabled, closed;
    const char *trouble;
    uint32_t control, card, error;
    uint64_t base[3]; /* submissions, completions, watch ring */
    uint32_t entries[3], doorbell, consumed, fetched, completed;
    bool busy;
    uint32_t number;
    struct fake_line *lines; /* of the operation under way, to be written */
    size_t line_count, line_capacity;
    struct pl_completion completion;
    uint32_t watch_number, watch_written, watch_consumed;
    struct pl_line window[PL_WINDOW_LINES]; /* of the open tick */
    size_t window_count;
    uint32_t window_line, window_status;
    uint64_t sweeps, ticks, pieces_max_slots; /* what tests ask about */
};

void fake_start(struct fake_card *fake, uint8_t profile, uint64_t seed);
void fake_end(struct fake_card *fake);
struct pl_bus fake_bus(struct fake_card *fake);
size_t fake_allocated(const struct fake_card *fake);

#endif
