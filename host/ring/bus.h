/* How a card is reached: its registers, and memory that both sides use. One table per kind of bus;
 * ring.c is its only caller. */
#ifndef PL_RING_BUS_H
#define PL_RING_BUS_H

#include <stddef.h>
#include <stdint.h>

enum pl_bus_access { PL_BUS_READ = 1, PL_BUS_WRITE = 2 }; /* by the card */

struct pl_bus_link {
    double read_limit,
        write_limit;    /* payload to the card and single lines from it, bytes a cycle */
    uint32_t clock_mhz; /* of those cycles */
    uint64_t cycles;    /* so far */
    uint64_t
        last_line; /* the one in which the host could see the last line written; 0: not known */
};

struct pl_bus {
    void *context;
    uint64_t wait_ns; /* the least time that a card is given to answer */

    /* Registers, by the contract's offsets. A dead link reads as all ones. A read returns after
     * every write before it has arrived. */
    uint32_t (*read32)(void *context, uint32_t offset);
    void (*write32)(void *context, uint32_t offset, uint32_t value);

    /* A line into the window for ticks, posted whole and in the order of the calls; after the last
     * one comes `flush`. NULL: this bus has no window. */
    void (*write_line)(void *context, uint32_t offset, const void *line);
    void (*flush)(void *context); /* NULL: not needed */

    /* Zeroed memory, contiguous at *address for the card, aligned to 4 KiB, to be accessed by the
     * card as `access` says until it is released; NULL: there is none. */
    void *(*allocate)(void *context, size_t bytes, uint32_t access, uint64_t *address);
    void (*release)(void *context, void *memory);
    /* Why the last one was NULL, in words with what to do, and as code: -EDQUOT: a limit of this
     * process or of the driver; else -ENOMEM or another. NULL instead of a function: -ENOMEM. */
    const char *(*refusal)(void *context, int *code);

    /* Called in every wait loop: a pause, or time for a simulated card. */
    void (*relax)(void *context);
    uint64_t (*now_ns)(void *context); /* monotonic */

    /* What the bus itself found wrong since it was opened, or NULL. */
    const char *(*trouble)(void *context);

    /* What the link carries; NULL: not known. */
    void (*link)(void *context, struct pl_bus_link *out);

    /* Cuts the card off (function-level reset, where there is one), and only then frees what is
     * still allocated. */
    void (*close)(void *context);
};

#endif
