/* Names to small integers: numbered from 0 in the order in which they were added. Load time only.
 */
#ifndef PL_FEED_SYMBOLS_H
#define PL_FEED_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PL_SYMBOL_LENGTH_MAX 63
#define PL_SYMBOLS_MAX (UINT32_C(1) << 30)

struct pl_symbols_slot;
struct pl_symbols_chunk;

struct pl_symbols {
    struct pl_symbols_slot *slots; /* open addressing, linear probing, at most half full */
    uint32_t slot_count;           /* a power of two, or 0 */
    uint32_t count;
    const char **names; /* by number */
    uint64_t names_capacity;
    struct pl_symbols_chunk *chunks; /* own the text; names stay where they are until free */
};

/* Finds or adds text[0..length). Returns 0 or -ENOMEM; *is_new (may be NULL) tells which. */
int pl_symbols_add(struct pl_symbols *symbols, const char *text, size_t length, uint32_t *number,
                   bool *is_new);
/* The number, or -1. */
int64_t pl_symbols_find(const struct pl_symbols *symbols, const char *text, size_t length);
void pl_symbols_free(struct pl_symbols *symbols);

#endif
