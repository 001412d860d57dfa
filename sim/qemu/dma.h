/* The card's accesses to guest memory: allowed by the bus-master bit, translated by the guest's
 * IOMMU, counted.
 *
 * As on a real bus, a read that is refused ends in an error response, while a refused write was
 * posted: it is lost, and only the IOMMU (here: the count and a line on standard error) tells. Both
 * end in an error while the card may not be bus master, since that stops them within the card. */
#ifndef PL_QEMU_DMA_H
#define PL_QEMU_DMA_H

#include "../sim.h"
#include "faults.h"
#include "guest_memory.h"
#include "qtest.h"
#include "vtd.h"

enum dma_iommu { DMA_IOMMU_UNKNOWN, DMA_IOMMU_OFF, DMA_IOMMU_ON };

struct dma {
    struct guest_memory memory;
    struct faults faults;
    bool bus_master;
    enum dma_iommu iommu;
    uint64_t root;       /* of the IOMMU's tables */
    unsigned questions;  /* to QEMU about the IOMMU, not answered yet */
    uint32_t generation; /* of these questions: answers to older ones do not count */
    uint64_t read_lines, written_lines;
    uint64_t refused_by_iommu, refused_not_master, refused_no_memory;
};

/* The functions that the simulation calls; `dma` stays in place as long as they are in use. */
struct pl_sim_host dma_host(struct dma *dma);

/* Follows the bus-master bit. When it rises QEMU is asked for the state of the IOMMU; until the
 * answers have come, dma_is_known() is false and the card has to be held. 0, or a negative code of
 * qtest. */
int dma_set_bus_master(struct dma *dma, bool bus_master, struct qtest *qtest);
bool dma_is_known(const struct dma *dma);

/* An answer of qtest to one of these questions, which it is when DMA_TAG is set in its tag. */
#define DMA_TAG (UINT64_C(1) << 63)
void dma_answer(struct dma *dma, const struct qtest_answer *answer);

#endif
