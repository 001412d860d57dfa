/* How the card shows itself on PCIe: as the U55C's design does (constraints/u55c). */
#ifndef PL_QEMU_CARD_PCI_H
#define PL_QEMU_CARD_PCI_H

#include "pl_abi.h"

#define CARD_PCI_VENDOR PL_BOARD_U55C_VENDOR
#define CARD_PCI_DEVICE PL_BOARD_U55C_DEVICE
#define CARD_PCI_CLASS PL_BOARD_U55C_CLASS

#define CARD_PCI_BAR_REGISTERS PL_BOARD_U55C_REGISTER_BAR /* 64 bits wide, not prefetchable */
#define CARD_PCI_REGISTERS_BAR_BYTES 0x10000
#define CARD_PCI_REGISTERS_BYTES PL_REGISTER_BYTES /* from the BAR's start */
#define CARD_PCI_MSIX_TABLE 0x8000                 /* in the same BAR */
#define CARD_PCI_MSIX_PBA 0x9000
#define CARD_PCI_BAR_WINDOW                                                                        \
    PL_BOARD_U55C_WINDOW_BAR /* 64 bits wide, prefetchable; PL_WINDOW_BYTES */

#define CARD_PCI_VECTORS 3 /* bits of IRQ_PENDING */

#endif
