/* How the balances of a holder grow, shrink and change. */
#include <assert.h>
#include <string.h>

#include "ledger_state.h"

static uint32_t room(const struct pl_ledger_holder *h)
{
    return h->block == PL_BLOCK_NONE ? 0 : (uint32_t)PL_BLOCK_ENTRIES << h->class;
}

static bool grow(struct pl_ledger *l, struct pl_ledger_holder *h)
{
    const struct pl_blocks blocks = pl_ledger_blocks(l);
    const uint32_t class = h->block == PL_BLOCK_NONE ? 0 : h->class + 1;
    const uint32_t block = pl_blocks_take(blocks, class);
    if (block == PL_BLOCK_NONE)
        return false;
    if (h->block != PL_BLOCK_NONE) {
        memcpy(&blocks.entries[(uint64_t)block * PL_BLOCK_ENTRIES], pl_ledger_entries(l, h),
               h->count * sizeof *blocks.entries);
        pl_blocks_give(blocks, h->block, h->class);
    }
    h->block = block;
    h->class = class;
    return true;
}

/* A block less than a quarter full gives its upper half back. */
void pl_ledger_trim(struct pl_ledger *l, uint32_t holder)
{
    const struct pl_blocks blocks = pl_ledger_blocks(l);
    struct pl_ledger_holder *h = pl_ledger_holder(l, holder);
    while (h->class > 0 && h->count < room(h) / 4) {
        h->class --;
        pl_blocks_give(blocks, h->block + (1u << h->class), h->class);
    }
    if (h->count == 0 && h->block != PL_BLOCK_NONE) {
        pl_blocks_give(blocks, h->block, h->class);
        h->block = PL_BLOCK_NONE;
    }
}

bool pl_ledger_reserve(struct pl_ledger *l, uint32_t holder, uint32_t more)
{
    struct pl_ledger_holder *h = pl_ledger_holder(l, holder);
    while (room(h) - h->count < more)
        if (!grow(l, h))
            return false;
    return true;
}

static void keep_totals(struct pl_ledger *l, uint32_t holder, uint32_t key, int64_t old,
                        int64_t amount)
{
    if (pl_ledger_is_flow(l, key))
        return;
    struct pl_ledger_total *total = pl_ledger_total(l, key);
    if (holder >= l->size.accounts) {
        total->rest += (pl_i128)amount - old;
        return;
    }
    total->accounts += (pl_i128)amount - old;
    if (key >= l->size.currencies)
        total->longs += (pl_i128)pl_max64(amount, 0) - pl_max64(old, 0);
}

void pl_ledger_set(struct pl_ledger *l, uint32_t holder, uint32_t key, int64_t amount,
                   int64_t cost_e8)
{
    struct pl_ledger_holder *h = pl_ledger_holder(l, holder);
    const uint32_t at = pl_ledger_find(l, holder, key);
    struct pl_ledger_entry *entries = pl_ledger_entries(l, h);
    const bool there = at < h->count && entries[at].key == key;
    keep_totals(l, holder, key, there ? entries[at].amount : 0, amount);
    if (amount != 0) {
        if (!there) {
            assert(h->count < room(h));
            memmove(&entries[at + 1], &entries[at], (h->count - at) * sizeof *entries);
            h->count++;
        }
        entries[at] = (struct pl_ledger_entry){ .key = key, .amount = amount, .cost_e8 = cost_e8 };
    } else if (there) {
        h->count--;
        memmove(&entries[at], &entries[at + 1], (h->count - at) * sizeof *entries);
    }
}
