/* Every allocation of this room goes through here, so that a test can make the n-th one fail.
 * Nothing here is called after start on the data path: books and models are loaded before it. */
#ifndef PL_FEED_MEMORY_H
#define PL_FEED_MEMORY_H

#include <stddef.h>
#include <stdint.h>

void *pl_memory_alloc(size_t bytes); /* zeroed; NULL when there is none */
void *pl_memory_resize(void *memory, size_t bytes);
void pl_memory_free(void *memory);

/* An array with room for `needed` items: `array` itself, or a moved and doubled one with *capacity
 * updated. NULL when there is none left; `array` is then still valid. */
void *pl_memory_grow(void *array, uint64_t *capacity, uint64_t needed, size_t item_bytes);

/* An array cut to `count` items; never fails. */
void *pl_memory_trim(void *array, uint64_t count, size_t item_bytes);

/* For tests, per thread: the allocation after `successes` more ones fails, and every later one;
 * a negative number switches this off. */
void pl_memory_fail_after(int64_t successes);

#endif
