/* A card whose registers are mapped into this process: what all ways to map one have in common.
 * The context of their struct pl_bus begins with a struct pl_mapped. */
#ifndef PL_USER_MAPPED_H
#define PL_USER_MAPPED_H

#include "calls.h"
#include "line_store.h"
#include "ring/bus.h"

#define PL_EVENTS_MAX 3 /* one per bit of IRQ */
#define PL_WANTED_BACK "the kernel wants the card back: it is removed, or unbound from its driver"

struct pl_mapped {
    const struct pl_calls *calls;
    volatile uint32_t *registers; /* PL_REGISTER_BYTES */
    uint8_t *window;              /* PL_WINDOW_BYTES, or NULL */
    pl_line_store *store_line;    /* with a window */
    int events[PL_EVENTS_MAX];    /* readable (8 bytes) after an interrupt of the card */
    int event_count;              /* 0: wait by looking */
    int request;                  /* readable when the kernel wants the card back, or -1 */
    uint32_t looks;               /* for it: a look in REQUEST_EVERY asks the kernel */
};

/* The members of a bus that need nothing but the mappings: registers, window, waiting, time. */
void pl_mapped_bus(struct pl_mapped *mapped, struct pl_bus *bus);

/* Says what is wrong, in PL_MESSAGE_BYTES, and returns `code`. */
__attribute__((format(printf, 3, 4))) int pl_driver_fail(char *message, int code,
                                                         const char *format, ...);

#endif
