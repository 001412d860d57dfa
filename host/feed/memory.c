#include "memory.h"

#include <stdbool.h>
#include <stdlib.h>

#define FIRST_CAPACITY 64

static _Thread_local int64_t successes_left = -1;

void pl_memory_fail_after(int64_t successes)
{
    successes_left = successes;
}

static bool must_fail(void)
{
    if (successes_left < 0)
        return false;
    if (successes_left == 0)
        return true;
    successes_left--;
    return false;
}

void *pl_memory_alloc(size_t bytes)
{
    return must_fail() ? NULL : calloc(1, bytes == 0 ? 1 : bytes);
}

void *pl_memory_resize(void *memory, size_t bytes)
{
    return must_fail() ? NULL : realloc(memory, bytes == 0 ? 1 : bytes);
}

void pl_memory_free(void *memory)
{
    free(memory);
}

void *pl_memory_grow(void *array, uint64_t *capacity, uint64_t needed, size_t item_bytes)
{
    if (array != NULL && needed <= *capacity)
        return array;
    uint64_t wanted = *capacity < FIRST_CAPACITY ? FIRST_CAPACITY : *capacity;
    while (wanted < needed) {
        if (wanted > UINT64_MAX / 2)
            return NULL;
        wanted *= 2;
    }
    if (wanted > SIZE_MAX / item_bytes)
        return NULL;
    void *moved = pl_memory_resize(array, (size_t)wanted * item_bytes);
    if (moved != NULL)
        *capacity = wanted;
    return moved;
}

void *pl_memory_trim(void *array, uint64_t count, size_t item_bytes)
{
    void *moved = pl_memory_resize(array, (size_t)count * item_bytes);
    return moved != NULL ? moved : array;
}
