/* The guest's memory as QEMU shares it, by guest physical address. */
#ifndef PL_QEMU_GUEST_MEMORY_H
#define PL_QEMU_GUEST_MEMORY_H

#include "wire.h"

struct guest_region {
    uint64_t gpa, bytes;
    uint8_t *memory; /* of the guest's byte at gpa */
};

struct guest_memory {
    struct guest_region regions[WIRE_REGIONS];
    unsigned count;
};

/* Replaces the whole map by that of a SYNC_SYSMEM; its descriptors stay the caller's. 0, or -EPROTO
 * or -errno with `text` (WIRE_TEXT_BYTES) and an empty map. */
int guest_memory_set(struct guest_memory *memory, const struct wire_message *message, char *text);
void guest_memory_clear(struct guest_memory *memory);

/* NULL: not all of these bytes are memory of one region. */
void *guest_memory_at(const struct guest_memory *memory, uint64_t gpa, uint64_t bytes);

#endif
