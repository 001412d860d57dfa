/* The MSI-X table, its pending bits, and which message may be sent. */
#ifndef PL_QEMU_MSIX_H
#define PL_QEMU_MSIX_H

#include <stdbool.h>
#include <stdint.h>

#include "card_pci.h"

struct msix {
    uint32_t table[CARD_PCI_VECTORS][4]; /* address, upper address, data, mask */
    uint32_t pending;                    /* a bit per vector */
};

void msix_reset(struct msix *msix);

/* Accesses of 4 or 8 aligned bytes at an offset of the BAR; others, and those of neither table nor
 * pending bits, have no effect and read as ones. */
uint64_t msix_read(const struct msix *msix, uint32_t offset, unsigned bytes);
void msix_write(struct msix *msix, uint32_t offset, uint64_t value, unsigned bytes);

/* Takes a pending vector that is not masked: its number, or -1. */
int msix_take(struct msix *msix, uint64_t *address, uint32_t *data);

#endif
