/* In the guest: the card by either driver's user-space side, as the host library opens it. */
#ifndef PL_TESTS_QEMU_GUEST_OPEN_H
#define PL_TESTS_QEMU_GUEST_OPEN_H

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "guest.h"
#include "linux/user/node.h"
#include "ring/ring.h"
#include "user/calls.h"
#include "vfio/vfio.h"

#define GUEST_WAIT_NS UINT64_C(20000000000) /* the card is simulated, the guest's clock is not */
#define GUEST_RING_ENTRIES 8

/* DRIVER: plimsoll or vfio-pci. 0, or a negative code with `message` (PL_MESSAGE_BYTES). */
static inline int guest_open_bus(const char *driver, bool interrupts, uint64_t wait_ns,
                                 struct pl_bus *bus, char *message)
{
    if (strcmp(driver, "plimsoll") == 0) {
        const struct pl_node_options options = { .address = CARD,
                                                 .interrupts = interrupts,
                                                 .wait_ns = wait_ns };
        return pl_node_open(&options, &pl_calls_system, bus, message);
    }
    char link[256];
    ssize_t length = readlink(CARD_PATH "/iommu_group", link, sizeof link - 1);
    link[length > 0 ? length : 0] = '\0';
    const char *number = strrchr(link, '/');
    const struct pl_vfio_options options = { .address = CARD,
                                             .group = number != NULL ? atoi(number + 1) : -1,
                                             .register_bar = PL_BOARD_U55C_REGISTER_BAR,
                                             .window_bar = PL_BOARD_U55C_WINDOW_BAR,
                                             .interrupts = interrupts,
                                             .wait_ns = wait_ns };
    return pl_vfio_open(&options, &pl_calls_system, bus, message);
}

static inline int guest_open(const char *driver, bool interrupts, struct pl_ring *ring,
                             char *message)
{
    struct pl_bus bus;
    int error = guest_open_bus(driver, interrupts, GUEST_WAIT_NS, &bus, message);
    return error != 0 ? error : pl_ring_open(ring, &bus, GUEST_RING_ENTRIES, message);
}

/* The completion's status, negative, or the code of the wait; *detail: the completion's. */
static inline int guest_run(struct pl_ring *ring, const struct pl_submission *submission,
                            uint64_t *detail)
{
    struct pl_completion completion = { 0 };
    struct pl_ring_wait wait;
    int result = pl_ring_submit(ring, submission), got = 0;
    pl_ring_wait_start(ring, &wait, 0);
    while (result == 0 && (got = pl_ring_poll(ring, &completion)) == 0)
        result = pl_ring_wait(ring, &wait);
    if (detail != NULL)
        *detail = completion.detail;
    return got < 0 ? got : result != 0 ? result : -(int)completion.status;
}

static inline int guest_nop(struct pl_ring *ring)
{
    const struct pl_submission submission = { .op = PL_OP_NOP };
    return guest_run(ring, &submission, NULL);
}

#endif
