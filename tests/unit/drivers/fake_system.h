/* System calls of the user-space drivers against a kernel made of a few lists: vfio-pci with a card
 * in IOMMU group 17, and the driver plimsoll. Counts what is held, checks the order in which it is
 * given back, and can let any one call fail. */
#ifndef PL_TEST_FAKE_SYSTEM_H
#define PL_TEST_FAKE_SYSTEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pl_abi.h"
#include "user/calls.h"

#define FAKE_ADDRESS "0000:3b:00.0"
#define FAKE_GROUP 17
#define FAKE_HELD_MAX 128

/* What a driver can hold, in the order in which it takes it. */
enum fake_kind {
    FAKE_CONTAINER,
    FAKE_GROUP_FILE,
    FAKE_ATTACHED,
    FAKE_DEVICE,
    FAKE_REGISTERS,
    FAKE_WINDOW,
    FAKE_EVENT,
    FAKE_VECTORS,
    FAKE_REQUEST_EVENT,
    FAKE_REQUEST,
    FAKE_MEMORY,  /* vfio: pages; plimsoll: a buffer */
    FAKE_MAPPING, /* vfio: in the IOMMU; plimsoll: of a buffer */
};

struct fake_held {
    enum fake_kind kind;
    uint64_t key, bytes; /* key: file, address of memory, IOVA, offset */
};

struct fake_system {
    uint64_t calls, failing; /* the number of the call that fails, from 1; 0: none */
    int error;               /* its errno */
    bool failed;             /* it was reached */
    const char *failed_call;

    /* What the kernel has. */
    uint64_t bar_bytes;
    uint32_t vectors, interface, version, group_flags, bar_flags;
    bool has_type1, no_ranges, has_huge_pages, has_reset, readable;
    uint64_t memlock; /* bytes; RLIM_INFINITY */
    int open_error;   /* of the last file on the way, with `error_path` in its name */
    const char *error_path;
    int request_file; /* the event by which the kernel asks */
    bool wants_back;  /* the kernel: the card */
    int set_iommu_error, map_error;

    uint32_t registers[PL_REGISTER_BYTES / 4];
    _Alignas(PL_LINE_BYTES) uint8_t window[PL_WINDOW_BYTES];
    uint8_t config[64];
    struct fake_held held[FAKE_HELD_MAX];
    size_t held_count;
    int next_file;
    uint64_t next_offset, resets, huge_mappings, wrong; /* wrong: things given back out of order */
    bool is_node;                                       /* the file is the driver plimsoll's */
    bool closing; /* from now on memory may go only after bus mastering is off and a reset */
};

extern struct fake_system fake;
extern const struct pl_calls fake_calls;

void fake_system_start(void);
bool fake_is_master(void);

#endif
