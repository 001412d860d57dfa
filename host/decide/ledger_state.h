/* The ledger's memory, for its own files: this header, then contracts, holders, totals, tags and
 * entries, each at its offset. */
#ifndef PL_DECIDE_LEDGER_STATE_H
#define PL_DECIDE_LEDGER_STATE_H

#include "ledger.h"

/* A balance's key: currencies, then instruments, then currency * PL_CAUSES + cause. */
struct pl_ledger {
    struct pl_ledger_size size;
    uint32_t units;
    uint64_t contracts_at, holders_at, totals_at, tags_at, entries_at;
    uint32_t heads[PL_BLOCK_CLASSES];
    uint32_t reserved;
};

struct pl_ledger_holder {
    uint32_t block; /* first unit, or PL_BLOCK_NONE */
    uint32_t class;
    uint32_t count; /* entries, by rising key, none of zero */
    uint32_t pool;  /* PL_LEDGER_NO_POOL: of none */
};

/* Of a currency or instrument. */
struct pl_ledger_total {
    pl_i128 accounts, rest; /* the latter: funds, debts, fees, escrow, residue */
    pl_i128 clearing, outside;
    pl_i128 longs;                  /* steps above zero of accounts */
    pl_i128 counted, counted_longs; /* zero but inside a recount */
};

static inline uint32_t pl_ledger_holder_count(const struct pl_ledger *l)
{
    return l->size.accounts + 2 * l->size.pools + 3; /* those that have entries */
}

static inline struct pl_ledger_holder *pl_ledger_holder(const struct pl_ledger *l, uint32_t holder)
{
    return (struct pl_ledger_holder *)((uintptr_t)l + l->holders_at) + holder;
}

static inline struct pl_ledger_total *pl_ledger_total(const struct pl_ledger *l, uint32_t key)
{
    return (struct pl_ledger_total *)((uintptr_t)l + l->totals_at) + key;
}

static inline struct pl_blocks pl_ledger_blocks(const struct pl_ledger *l)
{
    return (struct pl_blocks){
        .heads = (uint32_t *)((uintptr_t)l + offsetof(struct pl_ledger, heads)),
        .tags = (uint8_t *)((uintptr_t)l + l->tags_at),
        .entries = (struct pl_ledger_entry *)((uintptr_t)l + l->entries_at),
        .units = l->units,
    };
}

static inline struct pl_ledger_entry *pl_ledger_entries(const struct pl_ledger *l,
                                                        const struct pl_ledger_holder *h)
{
    return h->block == PL_BLOCK_NONE
               ? pl_ledger_blocks(l).entries
               : pl_ledger_blocks(l).entries + (uint64_t)h->block * PL_BLOCK_ENTRIES;
}

static inline bool pl_ledger_is_flow(const struct pl_ledger *l, uint32_t key)
{
    return key >= l->size.currencies + l->size.instruments;
}

/* Flows count modulo 2^64. */
static inline int64_t pl_ledger_wrap(pl_i128 amount)
{
    return (int64_t)(uint64_t)amount;
}

/* Where the key stands among the holder's entries, or would. */
uint32_t pl_ledger_find(const struct pl_ledger *l, uint32_t holder, uint32_t key);
int64_t pl_ledger_amount(const struct pl_ledger *l, uint32_t holder, uint32_t key);
uint32_t pl_ledger_flow_key(const struct pl_ledger *l, uint32_t currency, uint32_t cause);

/* Room for `more` entries of the holder; false: there is none. */
bool pl_ledger_reserve(struct pl_ledger *l, uint32_t holder, uint32_t more);
/* Sets a balance for which there is room, and keeps the totals. */
void pl_ledger_set(struct pl_ledger *l, uint32_t holder, uint32_t key, int64_t amount,
                   int64_t cost_e8);
/* Gives back room that is not needed: once no more balances of the holder are to be set. */
void pl_ledger_trim(struct pl_ledger *l, uint32_t holder);

#endif
