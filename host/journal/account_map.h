/* From account numbers to places in an array: 0, 1, 2, ... in the order of their first use. */
#ifndef PL_JOURNAL_ACCOUNT_MAP_H
#define PL_JOURNAL_ACCOUNT_MAP_H

#include <stdbool.h>
#include <stdint.h>

struct pl_account_map {
    struct pl_account_place {
        uint32_t account, place; /* place 0: free; else the place + 1 */
    } * table;
    uint32_t capacity, count; /* capacity: a power of two, or 0 */
};

/* The place of an account, or -ENOENT. */
int64_t pl_account_map_find(const struct pl_account_map *map, uint32_t account);
/* The same, with a place for a new one; -ENOMEM. */
int64_t pl_account_map_place(struct pl_account_map *map, uint32_t account);
void pl_account_map_free(struct pl_account_map *map);

#endif
