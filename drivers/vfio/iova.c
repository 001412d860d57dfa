#include "iova.h"

/* The lowest place at or above `from` within a range, before `end`; 0: none. */
static uint64_t place(const struct pl_iova_space *space, uint64_t from, uint64_t end,
                      uint64_t bytes, uint64_t alignment)
{
    for (size_t i = 0; i < space->range_count; i++) {
        uint64_t first = space->ranges[i].first > from ? space->ranges[i].first : from;
        uint64_t last = space->ranges[i].last < end - 1 ? space->ranges[i].last : end - 1;
        uint64_t aligned = (first + alignment - 1) & ~(alignment - 1);
        if (aligned >= first && aligned != 0 && aligned <= last && last - aligned >= bytes - 1)
            return aligned;
    }
    return 0;
}

bool pl_iova_take(struct pl_iova_space *space, struct pl_iova_block *block, uint64_t alignment)
{
    struct pl_iova_block **at = &space->blocks;
    uint64_t from = 0;
    for (;; at = &(*at)->next) {
        uint64_t end = *at != NULL ? (*at)->address : UINT64_MAX;
        uint64_t taken = block->bytes + PL_IOVA_GAP;
        uint64_t address = end > from ? place(space, from, end, taken, alignment) : 0;
        if (address != 0) {
            block->address = address;
            block->next = *at;
            *at = block;
            return true;
        }
        if (*at == NULL)
            return false;
        from = (*at)->address + (*at)->bytes + PL_IOVA_GAP;
    }
}

void pl_iova_give_back(struct pl_iova_space *space, const struct pl_iova_block *block)
{
    for (struct pl_iova_block **at = &space->blocks; *at != NULL; at = &(*at)->next) {
        if (*at == block) {
            *at = block->next;
            return;
        }
    }
}
