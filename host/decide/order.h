/* Sorting of indices and a queue by priority, in place and without allocation (qsort may allocate).
 * `before` must be a strict total order: then the result is the same everywhere. */
#ifndef PL_DECIDE_ORDER_H
#define PL_DECIDE_ORDER_H

#include <stdbool.h>
#include <stdint.h>

/* Whether item a comes before item b. */
typedef bool (*pl_order_before)(uint32_t a, uint32_t b, const void *context);

static inline void pl_order_swap(uint32_t *items, uint32_t a, uint32_t b)
{
    const uint32_t item = items[a];
    items[a] = items[b];
    items[b] = item;
}

/* Restores the heap (first item at the root) below `at`. */
static inline void pl_order_sift(uint32_t *items, uint32_t count, uint32_t at,
                                 pl_order_before before, const void *context)
{
    for (uint32_t child = 2 * at + 1; child < count; child = 2 * at + 1) {
        if (child + 1 < count && before(items[child + 1], items[child], context))
            child++;
        if (!before(items[child], items[at], context))
            return;
        pl_order_swap(items, at, child);
        at = child;
    }
}

static inline void pl_order_heap(uint32_t *items, uint32_t count, pl_order_before before,
                                 const void *context)
{
    for (uint32_t at = count / 2; at > 0; at--)
        pl_order_sift(items, count, at - 1, before, context);
}

static inline void pl_order_sort(uint32_t *items, uint32_t count, pl_order_before before,
                                 const void *context)
{
    pl_order_heap(items, count, before, context);
    for (uint32_t left = count; left > 1; left--) { /* the heap gives the last places first */
        pl_order_swap(items, 0, left - 1);
        pl_order_sift(items, left - 1, 0, before, context);
    }
    for (uint32_t i = 0; i < count / 2; i++)
        pl_order_swap(items, i, count - 1 - i);
}

#endif
