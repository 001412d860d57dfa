/* Blocks of ledger entries in one piece of memory: a buddy allocator, so that the entries of one
 * holder lie side by side, grow and shrink, and leave no gap that cannot be used again.
 *
 * A unit is PL_BLOCK_ENTRIES entries; a block of class c is 2^c units at a multiple of 2^c. Takes
 * and gives cost O(classes). The state has no pointers: `struct pl_blocks` is made anew around it
 * for each call. */
#ifndef PL_DECIDE_BLOCKS_H
#define PL_DECIDE_BLOCKS_H

#include <stdint.h>

#define PL_BLOCK_ENTRIES 4
#define PL_BLOCK_CLASSES 15 /* the largest block: 65,536 entries */
#define PL_BLOCK_NONE UINT32_MAX

/* One balance of a holder. `cost_e8` belongs to positions: the cash that was paid for the steps
 * still held (received: below 0). */
struct pl_ledger_entry {
    uint32_t key;
    uint32_t reserved;
    int64_t amount;
    int64_t cost_e8;
};

struct pl_blocks {
    uint32_t *heads; /* PL_BLOCK_CLASSES, of the lists of free blocks */
    uint8_t *tags;   /* per unit: class + 1 where a free block begins, else 0 */
    struct pl_ledger_entry *entries;
    uint32_t units;
};

/* Every unit free. */
void pl_blocks_clear(struct pl_blocks blocks);

/* First unit of a block, or PL_BLOCK_NONE when none of the class can be made. */
uint32_t pl_blocks_take(struct pl_blocks blocks, uint32_t class);
void pl_blocks_give(struct pl_blocks blocks, uint32_t unit, uint32_t class);

/* Units that are free, and the lists are consistent: walks everything. PL_BLOCK_NONE: they are not.
 */
uint32_t pl_blocks_free(struct pl_blocks blocks);

#endif
