/* How the card shows itself on PCIe: as the U55C's design does (constraints/u55c). */
#ifndef PL_QEMU_CARD_PCI_H
#define PL_QEMU_CARD_PCI_H

#define CARD_PCI_VENDOR 0x10EE
#define CARD_PCI_DEVICE 0x504C
#define CARD_PCI_CLASS 0x120000 /* processing accelerator */

#define CARD_PCI_BAR_REGISTERS 0 /* 64 bits wide, not prefetchable */
#define CARD_PCI_REGISTERS_BAR_BYTES 0x10000
#define CARD_PCI_REGISTERS_BYTES 0x1000 /* registers, from the BAR's start */
#define CARD_PCI_MSIX_TABLE 0x8000      /* in the same BAR */
#define CARD_PCI_MSIX_PBA 0x9000
#define CARD_PCI_BAR_WINDOW 2 /* 64 bits wide, prefetchable; PL_WINDOW_BYTES */

#define CARD_PCI_VECTORS 3 /* bits of IRQ_PENDING */

#endif
