/* Addresses that a card gets for host memory: the lowest free place within what the IOMMU takes,
 * with a gap behind each block that the card must not touch. */
#ifndef PL_VFIO_IOVA_H
#define PL_VFIO_IOVA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PL_IOVA_RANGES_MAX 32
#define PL_IOVA_GAP 4096

struct pl_iova_block {
    uint64_t address, bytes;
    struct pl_iova_block *next; /* at a higher address */
};

struct pl_iova_space {
    struct {
        uint64_t first, last;
    } ranges[PL_IOVA_RANGES_MAX]; /* ascending */
    size_t range_count;
    struct pl_iova_block *blocks;
};

/* Gives `block` (its bytes are filled in) an address that is a multiple of `alignment`, a power of
 * two. False: there is no room. */
bool pl_iova_take(struct pl_iova_space *space, struct pl_iova_block *block, uint64_t alignment);
void pl_iova_give_back(struct pl_iova_space *space, const struct pl_iova_block *block);

#endif
