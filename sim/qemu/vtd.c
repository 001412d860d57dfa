#include "vtd.h"

#include <stddef.h>

#define PAGE UINT64_C(4096)
#define ENTRY_ADDRESS UINT64_C(0x000ffffffffff000)
#define PRESENT UINT64_C(1)
#define ROOT_MODE (UINT64_C(3) << 10) /* 0: legacy */
#define CONTEXT_TYPE(low) ((low) >> 2 & 3)
#define CONTEXT_TRANSLATES 0
#define CONTEXT_PASSES 2
#define CONTEXT_WIDTH(high) ((high)&7) /* 1: 39 bits, 3 levels, and so on */
#define LARGE_PAGE (UINT64_C(1) << 7)
#define LEVEL_BITS 9
#define PAGE_BITS 12
#define LEVELS_LARGE 3 /* the highest level of a large page: 1 GiB */

/* Two words, of an entry of the root or a context table. */
struct pair {
    uint64_t low, high;
};

static uint64_t load(const uint64_t *word)
{
    return __atomic_load_n(word, __ATOMIC_ACQUIRE);
}

static enum vtd_fault walk(const struct guest_memory *memory, uint64_t table, unsigned levels,
                           uint64_t address, enum vtd_access access, uint64_t *gpa)
{
    for (unsigned level = levels; level > 0; level--) {
        unsigned shift = PAGE_BITS + LEVEL_BITS * (level - 1);
        uint64_t index = address >> shift & ((1u << LEVEL_BITS) - 1);
        const uint64_t *entry = guest_memory_at(memory, table + 8 * index, 8);
        if (entry == NULL)
            return VTD_NEXT_TABLE;
        uint64_t word = load(entry);
        if ((word & access) == 0)
            return access == VTD_WRITE ? VTD_NOT_WRITABLE : VTD_NOT_READABLE;
        table = word & ENTRY_ADDRESS;
        if (level == 1 || ((word & LARGE_PAGE) != 0 && level <= LEVELS_LARGE)) {
            uint64_t inside = (UINT64_C(1) << shift) - 1;
            *gpa = (table & ~inside) | (address & inside);
            return VTD_OK;
        }
    }
    return VTD_CONTEXT_INVALID;
}

enum vtd_fault vtd_translate(const struct guest_memory *memory, uint64_t root, uint16_t requester,
                             uint64_t address, enum vtd_access access, uint64_t *gpa)
{
    uint64_t table = root & ENTRY_ADDRESS;
    const struct pair *entry =
        guest_memory_at(memory, table + sizeof *entry * (requester >> 8), sizeof *entry);
    if ((root & ROOT_MODE) != 0 || entry == NULL)
        return VTD_ROOT_TABLE_AT;
    uint64_t low = load(&entry->low);
    if ((low & PRESENT) == 0)
        return VTD_ROOT_NOT_PRESENT;
    entry = guest_memory_at(memory, (low & ENTRY_ADDRESS) + sizeof *entry * (requester & 0xff),
                            sizeof *entry);
    if (entry == NULL)
        return VTD_CONTEXT_TABLE;
    low = load(&entry->low);
    unsigned levels = (unsigned)CONTEXT_WIDTH(load(&entry->high)) + 2;
    if ((low & PRESENT) == 0)
        return VTD_CONTEXT_NOT_PRESENT;
    if (CONTEXT_TYPE(low) == CONTEXT_PASSES) {
        *gpa = address;
        return VTD_OK;
    }
    if (CONTEXT_TYPE(low) != CONTEXT_TRANSLATES || levels < 3 || levels > 5)
        return VTD_CONTEXT_INVALID;
    if (address >> (PAGE_BITS + LEVEL_BITS * levels) != 0)
        return VTD_ADDRESS_TOO_WIDE;
    return walk(memory, low & ENTRY_ADDRESS, levels, address, access, gpa);
}

const char *vtd_fault_text(enum vtd_fault fault)
{
    switch (fault) {
    case VTD_OK: return "no fault";
    case VTD_ROOT_NOT_PRESENT: return "no root entry of its bus";
    case VTD_CONTEXT_NOT_PRESENT: return "no context entry of the device";
    case VTD_CONTEXT_INVALID: return "an invalid context entry";
    case VTD_ADDRESS_TOO_WIDE: return "an address beyond the domain's width";
    case VTD_NOT_WRITABLE: return "no page that may be written";
    case VTD_NOT_READABLE: return "no page that may be read";
    case VTD_NEXT_TABLE: return "a page table outside of memory";
    case VTD_ROOT_TABLE_AT: return "a root table outside of memory, or not in legacy mode";
    case VTD_CONTEXT_TABLE: return "a context table outside of memory";
    }
    return "unknown";
}
