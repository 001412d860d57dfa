/* Cards on PCI, found by libpci; what the kernel says of each without touching it. */
#ifndef PL_DEV_PCI_SCAN_H
#define PL_DEV_PCI_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PL_PCI_ADDRESS_BYTES 16 /* 0000:3b:00.0 */
#define PL_PCI_DRIVER_BYTES 64
#define PL_PCI_CARDS_MAX 64

struct pl_board { /* of the contract */
    const char *name;
    uint16_t vendor, device;
    uint32_t register_bar, window_bar;
};

struct pl_pci_link {
    uint32_t generation, width; /* 0: not known */
};

struct pl_pci_card {
    char address[PL_PCI_ADDRESS_BYTES];
    uint16_t vendor, device;
    const struct pl_board *board;     /* NULL: no card of this contract */
    char driver[PL_PCI_DRIVER_BYTES]; /* "": none is bound */
    int numa_node, iommu_group;       /* -1: none */
    struct pl_pci_link now, most;     /* of the card */
    struct pl_pci_link slot;          /* the most of what it is plugged into */
    bool has_temperature;
    int64_t temperature_mc; /* thousandths of a degree */
};

/* The folder of the kernel's files: /sys/bus/pci, or PLIMSOLL_SYSFS_PCI, for tests. */
const char *pl_pci_root(void);

/* The cards of this contract, ascending: their number, at most `max`, or a negative code with
 * `message` (PL_MESSAGE_BYTES). A machine without PCI has none. */
int pl_pci_scan(struct pl_pci_card *cards, size_t max, char *message);

/* One device, a card or not: 0, -ENODEV, -EINVAL for what is no address, or another code. */
int pl_pci_look(const char *address, struct pl_pci_card *out, char *message);

/* One file of a device's folder, without the newline at its end; false: it is not there. */
bool pl_pci_attribute(const char *address, const char *name, char *out, size_t bytes);

#endif
