/* The card's PCI configuration space, 256 bytes: header, BARs, power management, MSI-X, PCI
 * Express with function-level reset. */
#ifndef PL_QEMU_CONFIG_H
#define PL_QEMU_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#define CONFIG_BYTES 256

struct config {
    uint8_t bytes[CONFIG_BYTES];
    uint8_t writable[CONFIG_BYTES]; /* bits that software may change */
};

/* As after a reset. `generation` 1..5 and `width` are the link's, `mps` bytes the largest payload
 * that the card can take. */
void config_reset(struct config *config, unsigned generation, unsigned width, unsigned mps);

/* Bytes beyond the space read as ones; writes there have no effect. */
uint32_t config_read(const struct config *config, uint32_t address, unsigned bytes);
/* Whether it asks for a function-level reset, which is the caller's to do. */
bool config_write(struct config *config, uint32_t address, uint32_t value, unsigned bytes);

bool config_memory_enabled(const struct config *config); /* never in D3hot, likewise: */
bool config_bus_master(const struct config *config);
bool config_msix_enabled(const struct config *config);
bool config_msix_masked(const struct config *config); /* the whole function */

/* The address of a 64-bit BAR, 0 or 2. */
uint64_t config_bar(const struct config *config, unsigned bar);

#endif
