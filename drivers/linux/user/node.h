/* A card by the driver plimsoll: its file /dev/plimsoll-ADDRESS (uapi/plimsoll.h). */
#ifndef PL_LINUX_USER_NODE_H
#define PL_LINUX_USER_NODE_H

#include <stdbool.h>

#include "ring/bus.h"
#include "user/calls.h"

struct pl_node_options {
    const char *address; /* on PCI: 0000:3b:00.0 */
    bool interrupts;     /* wait by MSI-X instead of looking */
    uint64_t wait_ns;
};

/* 0, or a negative errno with `message` (PL_MESSAGE_BYTES): -ENOENT: no such file; -EACCES:
 * permission; -EBUSY: in use; -ENODEV: removed; -EPROTO: program and driver are of different
 * builds; -ENOSYS: no interrupts; -PL_STATUS_LINK_DOWN: registers read as all ones. */
int pl_node_open(const struct pl_node_options *options, const struct pl_calls *calls,
                 struct pl_bus *out, char *message);

#endif
