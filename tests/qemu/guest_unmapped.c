/* In the guest, with the IOMMU on: what was lent to the card and taken back is out of its reach.
 *
 *     guest_unmapped DRIVER   plimsoll or vfio-pci, bound to the card */
#include <errno.h>

#include "guest_open.h"

#define BYTES 8192
#define WAIT_NS UINT64_C(3000000000) /* where the card cannot answer */

static struct pl_ring ring;

static bool restart(void)
{
    return equal((uint64_t)-pl_ring_reset(&ring), 0, "a soft reset") &&
           equal((uint64_t)-pl_ring_start(&ring), 0, "rings again") &&
           equal((uint64_t)-guest_nop(&ring), 0, "and the card works");
}

/* A read that is refused ends in an error response: the completion says so, and where. */
static void reads_are_refused_and_reported(void)
{
    struct pl_dma lent;
    uint64_t detail;
    if (!check(pl_ring_allocate(&ring, BYTES, PL_BUS_READ, &lent) == 0, "memory", 0))
        return;
    const struct pl_submission load = { .op = PL_OP_LOAD, .address = lent.address, .count = 1 };
    equal((uint64_t)-guest_run(&ring, &load, &detail), PL_STATUS_MALFORMED_RECORD,
          "memory that is lent is read: its zeros are no record");
    if (!restart())
        return;
    pl_ring_release(&ring, &lent);
    equal((uint64_t)-guest_run(&ring, &load, &detail), PL_STATUS_BUS_ERROR,
          "memory that was taken back is not");
    restart();
}

/* A write that is refused is lost, as posted writes are: nothing comes, and the wait ends. */
static void writes_are_refused(void)
{
    static _Alignas(PL_LINE_BYTES) uint8_t empty[BYTES];
    struct pl_dma lent, before = ring.completions;
    if (!check(pl_ring_allocate(&ring, BYTES, PL_BUS_WRITE, &lent) == 0, "memory", 0))
        return;
    equal((uint64_t)-pl_ring_reset(&ring), 0, "a soft reset");
    ring.completions = lent;
    equal((uint64_t)-pl_ring_start(&ring), 0, "completions go to it");
    equal((uint64_t)-guest_nop(&ring), 0, "and arrive");
    pl_ring_release(&ring, &lent);
    ring.completions.memory = empty;
    uint64_t wait_ns = ring.bus.wait_ns;
    ring.bus.wait_ns = WAIT_NS;
    equal((uint64_t)-guest_nop(&ring), PL_STATUS_TIMEOUT, "none after it was taken back");
    ring.bus.wait_ns = wait_ns;
    ring.completions = before;
    restart();
}

int main(int argc, char **argv)
{
    char message[PL_MESSAGE_BYTES];
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (argc != 2)
        return 2;
    int error = guest_open(argv[1], false, &ring, message);
    if (!check(error == 0, error != 0 ? message : "the card opens", (uint64_t)-error))
        return done();
    reads_are_refused_and_reported();
    writes_are_refused();
    pl_ring_close(&ring);
    return done();
}
