#include "config.h"

#include <linux/pci_regs.h>
#include <string.h>

#include "card_pci.h"
#include "pl_abi.h"

#define POWER 0x40
#define MSIX 0x50
#define EXPRESS 0x60

static uint32_t get(const uint8_t *at, unsigned bytes)
{
    uint32_t value = 0;
    for (unsigned n = 0; n < bytes; n++)
        value |= (uint32_t)at[n] << 8 * n;
    return value;
}

static void put(uint8_t *at, uint32_t value, unsigned bytes)
{
    for (unsigned n = 0; n < bytes; n++)
        at[n] = (uint8_t)(value >> 8 * n);
}

static void bar64(struct config *c, unsigned bar, uint32_t bytes, uint32_t flags)
{
    unsigned at = PCI_BASE_ADDRESS_0 + 4 * bar;
    put(c->bytes + at, PCI_BASE_ADDRESS_MEM_TYPE_64 | flags, 4);
    put(c->writable + at, ~(bytes - 1), 4);
    put(c->writable + at + 4, UINT32_MAX, 4);
}

/* The code of a payload of 128 << code bytes. */
static uint32_t payload_code(unsigned mps)
{
    uint32_t code = 0;
    while (code < 5 && 128u << code < mps)
        code++;
    return code;
}

static void express(struct config *c, unsigned generation, unsigned width, unsigned mps)
{
    uint8_t *at = c->bytes + EXPRESS, *writable = c->writable + EXPRESS;
    uint32_t speeds = ((1u << generation) - 1) << 1;
    at[0] = PCI_CAP_ID_EXP;
    put(at + PCI_EXP_FLAGS, 2 | PCI_EXP_TYPE_ENDPOINT << 4, 2);
    put(at + PCI_EXP_DEVCAP, payload_code(mps) | PCI_EXP_DEVCAP_RBER | PCI_EXP_DEVCAP_FLR, 4);
    put(at + PCI_EXP_DEVCTL, 2u << 12, 2); /* read requests of up to 512 bytes */
    put(writable + PCI_EXP_DEVCTL, UINT16_MAX & ~(uint32_t)PCI_EXP_DEVCTL_AUX_PME, 2);
    put(at + PCI_EXP_LNKCAP, generation | width << 4, 4);
    put(writable + PCI_EXP_LNKCTL, PCI_EXP_LNKCTL_RCB | PCI_EXP_LNKCTL_CCC, 2);
    put(at + PCI_EXP_LNKSTA, generation | width << 4, 2);
    put(at + PCI_EXP_LNKCAP2, speeds, 4);
    put(at + PCI_EXP_LNKCTL2, generation, 2);
    put(writable + PCI_EXP_LNKCTL2, PCI_EXP_LNKCTL2_TLS, 2);
}

void config_reset(struct config *c, unsigned generation, unsigned width, unsigned mps)
{
    memset(c, 0, sizeof *c);
    put(c->bytes + PCI_VENDOR_ID, CARD_PCI_VENDOR, 2);
    put(c->bytes + PCI_DEVICE_ID, CARD_PCI_DEVICE, 2);
    put(c->bytes + PCI_SUBSYSTEM_VENDOR_ID, CARD_PCI_VENDOR, 2);
    put(c->bytes + PCI_SUBSYSTEM_ID, CARD_PCI_DEVICE, 2);
    put(c->bytes + PCI_CLASS_REVISION, (uint32_t)CARD_PCI_CLASS << 8, 4);
    put(c->bytes + PCI_STATUS, PCI_STATUS_CAP_LIST, 2);
    put(c->writable + PCI_COMMAND,
        PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER | PCI_COMMAND_PARITY | PCI_COMMAND_SERR |
            PCI_COMMAND_INTX_DISABLE,
        2);
    c->writable[PCI_CACHE_LINE_SIZE] = c->writable[PCI_INTERRUPT_LINE] = 0xff;
    bar64(c, CARD_PCI_BAR_REGISTERS, CARD_PCI_REGISTERS_BAR_BYTES, 0);
    bar64(c, CARD_PCI_BAR_WINDOW, PL_WINDOW_BYTES, PCI_BASE_ADDRESS_MEM_PREFETCH);

    c->bytes[PCI_CAPABILITY_LIST] = POWER;
    c->bytes[POWER] = PCI_CAP_ID_PM;
    c->bytes[POWER + PCI_CAP_LIST_NEXT] = MSIX;
    put(c->bytes + POWER + PCI_PM_PMC, 3, 2); /* version of the capability */
    put(c->bytes + POWER + PCI_PM_CTRL, PCI_PM_CTRL_NO_SOFT_RESET, 2);
    put(c->writable + POWER + PCI_PM_CTRL, PCI_PM_CTRL_STATE_MASK, 2);

    c->bytes[MSIX] = PCI_CAP_ID_MSIX;
    c->bytes[MSIX + PCI_CAP_LIST_NEXT] = EXPRESS;
    put(c->bytes + MSIX + PCI_MSIX_FLAGS, CARD_PCI_VECTORS - 1, 2);
    put(c->writable + MSIX + PCI_MSIX_FLAGS, PCI_MSIX_FLAGS_ENABLE | PCI_MSIX_FLAGS_MASKALL, 2);
    put(c->bytes + MSIX + PCI_MSIX_TABLE, CARD_PCI_MSIX_TABLE | CARD_PCI_BAR_REGISTERS, 4);
    put(c->bytes + MSIX + PCI_MSIX_PBA, CARD_PCI_MSIX_PBA | CARD_PCI_BAR_REGISTERS, 4);
    express(c, generation, width, mps);
}

uint32_t config_read(const struct config *c, uint32_t address, unsigned bytes)
{
    if (address > CONFIG_BYTES - bytes)
        return UINT32_MAX >> (32 - 8 * bytes);
    return get(c->bytes + address, bytes);
}

bool config_write(struct config *c, uint32_t address, uint32_t value, unsigned bytes)
{
    if (address > CONFIG_BYTES - bytes)
        return false;
    uint8_t power = c->bytes[POWER + PCI_PM_CTRL];
    for (unsigned n = 0; n < bytes; n++) {
        uint8_t mask = c->writable[address + n], *at = &c->bytes[address + n];
        *at = (uint8_t)((*at & ~mask) | (value >> 8 * n & mask));
    }
    uint8_t state = c->bytes[POWER + PCI_PM_CTRL] & PCI_PM_CTRL_STATE_MASK;
    if (state != 0 && state != PCI_PM_CTRL_STATE_MASK) /* D1 and D2 are not there */
        c->bytes[POWER + PCI_PM_CTRL] = power;
    uint8_t *reset = &c->bytes[EXPRESS + PCI_EXP_DEVCTL + 1];
    bool asked = (*reset & PCI_EXP_DEVCTL_BCR_FLR >> 8) != 0;
    *reset &= (uint8_t) ~(PCI_EXP_DEVCTL_BCR_FLR >> 8);
    return asked;
}

static bool asleep(const struct config *c)
{
    return (c->bytes[POWER + PCI_PM_CTRL] & PCI_PM_CTRL_STATE_MASK) != 0;
}

bool config_memory_enabled(const struct config *c)
{
    return (c->bytes[PCI_COMMAND] & PCI_COMMAND_MEMORY) != 0 && !asleep(c);
}

bool config_bus_master(const struct config *c)
{
    return (c->bytes[PCI_COMMAND] & PCI_COMMAND_MASTER) != 0 && !asleep(c);
}

bool config_msix_enabled(const struct config *c)
{
    return (get(c->bytes + MSIX + PCI_MSIX_FLAGS, 2) & PCI_MSIX_FLAGS_ENABLE) != 0;
}

bool config_msix_masked(const struct config *c)
{
    return (get(c->bytes + MSIX + PCI_MSIX_FLAGS, 2) & PCI_MSIX_FLAGS_MASKALL) != 0;
}

uint64_t config_bar(const struct config *c, unsigned bar)
{
    const uint8_t *at = c->bytes + PCI_BASE_ADDRESS_0 + 4 * bar;
    return (get(at, 4) & (uint32_t)PCI_BASE_ADDRESS_MEM_MASK) | (uint64_t)get(at + 4, 4) << 32;
}
