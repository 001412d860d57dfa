/* Faults that the guest asks for, where --faults allows it: two words of the card's configuration
 * space, for tests that run within the guest.
 *
 * FAULTS_ARM: written, the fault in its upper 8 bits strikes once, at the line of DMA that the
 * lower 24 count from then, from 1; read, the fault that has still to strike, or 0. FAULTS_LINES:
 * the lines of DMA so far. */
#ifndef PL_QEMU_FAULTS_H
#define PL_QEMU_FAULTS_H

#include <stdbool.h>
#include <stdint.h>

#define FAULTS_ARM 0xF0
#define FAULTS_LINES 0xF4
#define FAULTS_ARM_SHIFT 24

enum fault {
    FAULT_NONE,
    FAULT_ERROR,     /* this line is answered by an error */
    FAULT_ADDRESS,   /* the card gets its address wrong: no IOMMU has it */
    FAULT_LINK,      /* the link is down, until the bus resets the card */
    FAULT_STUCK,     /* nothing moves any more, until a reset */
    FAULT_INTERRUPT, /* the next message is lost */
    FAULT_COUNT
};

struct faults {
    bool allowed;
    enum fault armed;
    uint64_t lines, at_line, struck;
    bool link_down, stuck, lose_message;
};

/* Whether a word of the configuration space is one of these two. */
bool faults_has(const struct faults *faults, uint32_t address);
uint32_t faults_read(const struct faults *faults, uint32_t address);
void faults_write(struct faults *faults, uint32_t address, uint32_t value);

/* A line of DMA: what happens to it. */
enum fault faults_line(struct faults *faults);

/* A reset of the card, by whatever. */
void faults_reset(struct faults *faults);

#endif
