#include "symbols.h"

#include "memory.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#define CHUNK_BYTES 65536
#define FIRST_SLOTS 256

struct pl_symbols_slot {
    uint32_t hash;
    uint32_t number_plus_one; /* 0: empty */
};

struct pl_symbols_chunk {
    struct pl_symbols_chunk *next;
    size_t used, size;
    char text[];
};

/* FNV-1a over words of eight bytes, finished by the 64-bit mix of MurmurHash3 (both public domain).
 */
static uint32_t hash_of(const char *text, size_t length)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325) ^ length;
    while (length > 0) {
        uint64_t word = 0;
        size_t part = length < sizeof word ? length : sizeof word;
        memcpy(&word, text, part);
        hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
        hash ^= hash >> 29;
        text += part;
        length -= part;
    }
    hash ^= hash >> 33;
    hash *= UINT64_C(0xff51afd7ed558ccd);
    hash ^= hash >> 33;
    return (uint32_t)hash;
}

static bool names_equal(const char *name, const char *text, size_t length)
{
    return strncmp(name, text, length) == 0 && name[length] == '\0';
}

/* The slot that holds the name, or the empty one where it belongs. */
static struct pl_symbols_slot *find_slot(const struct pl_symbols *symbols, uint32_t hash,
                                         const char *text, size_t length)
{
    uint32_t mask = symbols->slot_count - 1;
    for (uint32_t at = hash & mask;; at = (at + 1) & mask) {
        struct pl_symbols_slot *slot = &symbols->slots[at];
        if (slot->number_plus_one == 0)
            return slot;
        if (slot->hash == hash &&
            names_equal(symbols->names[slot->number_plus_one - 1], text, length))
            return slot;
    }
}

static int grow_slots(struct pl_symbols *symbols)
{
    uint32_t wanted = symbols->slot_count == 0 ? FIRST_SLOTS : symbols->slot_count * 2;
    struct pl_symbols_slot *slots = pl_memory_alloc((size_t)wanted * sizeof *slots);
    if (slots == NULL)
        return -ENOMEM;
    for (uint32_t i = 0; i < symbols->slot_count; i++) {
        struct pl_symbols_slot slot = symbols->slots[i];
        if (slot.number_plus_one == 0)
            continue;
        uint32_t at = slot.hash & (wanted - 1);
        while (slots[at].number_plus_one != 0)
            at = (at + 1) & (wanted - 1);
        slots[at] = slot;
    }
    pl_memory_free(symbols->slots);
    symbols->slots = slots;
    symbols->slot_count = wanted;
    return 0;
}

static const char *keep_text(struct pl_symbols *symbols, const char *text, size_t length)
{
    struct pl_symbols_chunk *chunk = symbols->chunks;
    if (chunk == NULL || chunk->size - chunk->used < length + 1) {
        size_t size = length + 1 > CHUNK_BYTES ? length + 1 : CHUNK_BYTES;
        chunk = pl_memory_alloc(sizeof *chunk + size);
        if (chunk == NULL)
            return NULL;
        chunk->size = size;
        chunk->next = symbols->chunks;
        symbols->chunks = chunk;
    }
    char *kept = chunk->text + chunk->used;
    memcpy(kept, text, length);
    kept[length] = '\0';
    chunk->used += length + 1;
    return kept;
}

int pl_symbols_add(struct pl_symbols *symbols, const char *text, size_t length, uint32_t *number,
                   bool *is_new)
{
    if (symbols->count >= symbols->slot_count / 2 &&
        (symbols->count >= PL_SYMBOLS_MAX || grow_slots(symbols) != 0))
        return -ENOMEM;
    uint32_t hash = hash_of(text, length);
    struct pl_symbols_slot *slot = find_slot(symbols, hash, text, length);
    if (is_new != NULL)
        *is_new = slot->number_plus_one == 0;
    if (slot->number_plus_one == 0) {
        const char **names = pl_memory_grow(symbols->names, &symbols->names_capacity,
                                            (uint64_t)symbols->count + 1, sizeof *names);
        if (names == NULL)
            return -ENOMEM;
        symbols->names = names;
        const char *kept = keep_text(symbols, text, length);
        if (kept == NULL)
            return -ENOMEM;
        names[symbols->count] = kept;
        symbols->count++;
        *slot = (struct pl_symbols_slot){ hash, symbols->count };
    }
    *number = slot->number_plus_one - 1;
    return 0;
}

int64_t pl_symbols_find(const struct pl_symbols *symbols, const char *text, size_t length)
{
    if (symbols->slot_count == 0)
        return -1;
    const struct pl_symbols_slot *slot = find_slot(symbols, hash_of(text, length), text, length);
    return (int64_t)slot->number_plus_one - 1;
}

void pl_symbols_free(struct pl_symbols *symbols)
{
    while (symbols->chunks != NULL) {
        struct pl_symbols_chunk *next = symbols->chunks->next;
        pl_memory_free(symbols->chunks);
        symbols->chunks = next;
    }
    pl_memory_free(symbols->names);
    pl_memory_free(symbols->slots);
    *symbols = (struct pl_symbols){ 0 };
}
