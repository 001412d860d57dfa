/* The card as a PCI device: configuration space and BARs on one side, the simulated core on the
 * other, and the passing of its time. */
#ifndef PL_QEMU_DEVICE_H
#define PL_QEMU_DEVICE_H

#include "../sim.h"
#include "config.h"
#include "dma.h"
#include "msix.h"

/* Simulated time passes in slices, between the guest's accesses, as fast as the simulation can; the
 * guest's own time runs meanwhile. After so many cycles without an access, a transfer or an
 * interrupt that is up, the card has nothing to do and its time stands still until the next access.
 * It is longer than any work that the simulated cores do without a transfer (a commit that prices
 * everything: 43 cycles an instrument). */
#define DEVICE_SLICE_CYCLES 256
#define DEVICE_QUIET_CYCLES (UINT64_C(1) << 18)

/* A line of the window that came in part goes to the card as it is after so many cycles. */
#define DEVICE_COMBINE_CYCLES 32768

/* Messages that QEMU has not taken yet, at most; the rest of its queue is for questions. */
#define DEVICE_MESSAGES (QTEST_QUEUE / 2)

struct device_options {
    unsigned generation, width, mps; /* of the link */
    uint32_t clock_mhz;
    uint64_t lose_interrupt; /* the number of a message that is not sent, from 1; 0: none */
    uint64_t remove_after;   /* accesses of BARs, after which the card is gone; 0: never */
    bool faults;             /* the guest may ask for some: faults.h */
};

struct device {
    const struct pl_sim_api *api;
    struct pl_sim *sim;
    struct device_options options;
    struct config config;
    struct msix msix;
    struct dma dma;
    struct qtest *qtest;
    bool removed;
    uint64_t edges[CARD_PCI_VECTORS]; /* of interrupts, as far as messages were asked for */
    uint64_t asked_at[CARD_PCI_VECTORS];
    uint64_t active_at, active_lines; /* the last cycle in which something happened */
    struct {
        uint64_t strobe, since; /* strobe 0: no bytes */
        uint32_t offset;
        uint8_t bytes[64];
    } line; /* of the window, collected */
    uint64_t accesses, messages, lost_messages, wrong_accesses, resets;
};

/* The card must have been opened; it stays the caller's, as does `qtest`. */
void device_init(struct device *device, const struct pl_sim_api *api, struct pl_sim *sim,
                 const struct device_options *options, struct qtest *qtest);

/* Accesses of the guest. Those outside of any BAR, or while the card does not answer, read as ones.
 * device_config_write: 0 or a negative code of qtest. */
uint32_t device_config_read(struct device *device, uint32_t address, unsigned bytes);
int device_config_write(struct device *device, uint32_t address, uint32_t value, unsigned bytes);
uint64_t device_bar_read(struct device *device, uint64_t address, unsigned bytes);
void device_bar_write(struct device *device, uint64_t address, uint64_t value, unsigned bytes);

/* Reset of the machine, or of the function. 0 or a negative code of qtest. */
int device_reset(struct device *device);

/* Lets a slice of time pass and sends the messages that are due. 0 or a negative code of qtest. */
int device_run(struct device *device);
/* Whether time has to pass. */
bool device_is_busy(const struct device *device);

/* Everything that QEMU answered. 0 or a negative code of qtest. */
int device_answers(struct device *device);

#endif
