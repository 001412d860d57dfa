#include "account_map.h"

#include <errno.h>
#include <stdlib.h>

static uint32_t hash(uint32_t account)
{
    return (uint32_t)((account * UINT64_C(0x9e3779b97f4a7c15)) >> 32);
}

/* Where the account stands, or would. */
static struct pl_account_place *look(const struct pl_account_map *map, uint32_t account)
{
    uint32_t at = hash(account);
    for (;; at++) {
        struct pl_account_place *place = &map->table[at & (map->capacity - 1)];
        if (place->place == 0 || place->account == account)
            return place;
    }
}

static int grow(struct pl_account_map *map)
{
    struct pl_account_map larger = { .capacity = map->capacity == 0 ? 64 : 2 * map->capacity,
                                     .count = map->count };
    larger.table = calloc(larger.capacity, sizeof *larger.table);
    if (larger.table == NULL)
        return -ENOMEM;
    for (uint32_t i = 0; i < map->capacity; i++)
        if (map->table[i].place != 0)
            *look(&larger, map->table[i].account) = map->table[i];
    free(map->table);
    *map = larger;
    return 0;
}

int64_t pl_account_map_find(const struct pl_account_map *map, uint32_t account)
{
    const struct pl_account_place *place = map->capacity > 0 ? look(map, account) : NULL;
    return place != NULL && place->place != 0 ? (int64_t)place->place - 1 : -ENOENT;
}

int64_t pl_account_map_place(struct pl_account_map *map, uint32_t account)
{
    if (map->count >= map->capacity / 2 && (map->count >= UINT32_MAX / 4 || grow(map) != 0))
        return -ENOMEM;
    struct pl_account_place *place = look(map, account);
    if (place->place == 0)
        *place = (struct pl_account_place){ .account = account, .place = ++map->count };
    return (int64_t)place->place - 1;
}

void pl_account_map_free(struct pl_account_map *map)
{
    free(map->table);
    *map = (struct pl_account_map){ 0 };
}
