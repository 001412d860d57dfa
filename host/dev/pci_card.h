/* Cards on PCI as devices. */
#ifndef PL_DEV_PCI_CARD_H
#define PL_DEV_PCI_CARD_H

#include "dev.h"
#include "pci_scan.h"
#include "ring/bus.h"
#include "user/calls.h"

extern const struct pl_dev_ops pl_dev_pci_ops;

struct pl_pci_options {
    char address[64];
    uint64_t interrupts, wait_us, verdict_lines;
};

/* Reaches the card by the driver that is bound to it. 0, or a negative code with `message`:
 * -ENXIO: no card; -EUNATCH: no driver that this program knows; and those of the drivers. */
int pl_pci_open_bus(const struct pl_pci_card *card, const struct pl_pci_options *options,
                    const struct pl_calls *calls, struct pl_bus *out, char *message);

/* What a card says of itself. */
struct pl_pci_identity {
    uint64_t contract_hash;
    uint32_t revision;
};

/* Without disturbing a card that is in use. The codes of pl_pci_open_bus(), -PL_STATUS_LINK_DOWN.
 */
int pl_pci_identify(const struct pl_pci_card *card, const struct pl_calls *calls,
                    struct pl_pci_identity *out, char *message);

#endif
