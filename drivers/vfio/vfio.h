/* A card by vfio-pci: this process maps its BARs and lends it memory through the IOMMU, so that the
 * card reaches what was lent to it and nothing else.
 *
 * The card may write (bus mastering) from the first memory that is lent on; at closing that is
 * taken back first, then the card is reset, then the memory goes. vfio.c: container, group, device;
 * vfio_memory.c: memory; vfio_device.c: BARs, configuration space, interrupts. */
#ifndef PL_VFIO_VFIO_H
#define PL_VFIO_VFIO_H

#include <stdbool.h>

#include "ring/bus.h"
#include "user/calls.h"

struct pl_vfio_options {
    const char *address; /* on PCI: 0000:3b:00.0 */
    int group;           /* of the IOMMU */
    uint32_t register_bar, window_bar;
    bool interrupts; /* wait by MSI-X instead of looking */
    uint64_t wait_ns;
};

/* 0, or a negative errno with `message` (PL_MESSAGE_BYTES): -ENOPKG: VFIO is not loaded; -EACCES:
 * permission; -EBUSY: in use, or its group is; -EOPNOTSUPP: the IOMMU; -ERANGE: a BAR is too small;
 * -ENOSYS: VFIO of another version, BARs that cannot be mapped, too few interrupts. */
int pl_vfio_open(const struct pl_vfio_options *options, const struct pl_calls *calls,
                 struct pl_bus *out, char *message);

#endif
