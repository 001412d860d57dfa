#include "msix.h"

#include <linux/pci_regs.h>
#include <string.h>

#define TABLE_BYTES sizeof((struct msix *)0)->table

void msix_reset(struct msix *msix)
{
    memset(msix, 0, sizeof *msix);
    for (unsigned n = 0; n < CARD_PCI_VECTORS; n++)
        msix->table[n][3] = PCI_MSIX_ENTRY_CTRL_MASKBIT;
}

static uint32_t read_word(const struct msix *msix, uint32_t offset)
{
    if (offset >= CARD_PCI_MSIX_TABLE && offset < CARD_PCI_MSIX_TABLE + TABLE_BYTES)
        return msix->table[(offset - CARD_PCI_MSIX_TABLE) / 16][offset / 4 % 4];
    if (offset == CARD_PCI_MSIX_PBA)
        return msix->pending;
    return offset == CARD_PCI_MSIX_PBA + 4 ? 0 : UINT32_MAX;
}

uint64_t msix_read(const struct msix *msix, uint32_t offset, unsigned bytes)
{
    if (bytes < 4 || offset % bytes != 0)
        return UINT64_MAX;
    uint64_t high = bytes == 8 ? read_word(msix, offset + 4) : 0;
    return read_word(msix, offset) | high << 32;
}

static void write_word(struct msix *msix, uint32_t offset, uint32_t value)
{
    if (offset < CARD_PCI_MSIX_TABLE || offset >= CARD_PCI_MSIX_TABLE + TABLE_BYTES)
        return;
    unsigned word = offset / 4 % 4;
    uint32_t writable = word == 0 ? ~UINT32_C(3) : word == 3 ? 1 : UINT32_MAX;
    msix->table[(offset - CARD_PCI_MSIX_TABLE) / 16][word] = value & writable;
}

void msix_write(struct msix *msix, uint32_t offset, uint64_t value, unsigned bytes)
{
    if (bytes < 4 || offset % bytes != 0)
        return;
    write_word(msix, offset, (uint32_t)value);
    if (bytes == 8)
        write_word(msix, offset + 4, (uint32_t)(value >> 32));
}

int msix_take(struct msix *msix, uint64_t *address, uint32_t *data)
{
    for (unsigned n = 0; n < CARD_PCI_VECTORS; n++) {
        const uint32_t *entry = msix->table[n];
        if ((msix->pending >> n & 1) == 0 || (entry[3] & PCI_MSIX_ENTRY_CTRL_MASKBIT) != 0)
            continue;
        *address = entry[0] | (uint64_t)entry[1] << 32;
        *data = entry[2];
        msix->pending &= ~(UINT32_C(1) << n);
        return (int)n;
    }
    return -1;
}
