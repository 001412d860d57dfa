#include "apportion.h"

#include <assert.h>

#include "order.h"
#include "wide.h"

/* Who reaches his limit at the lower level. */
static bool fills_first(uint32_t a, uint32_t b, const void *context)
{
    const struct pl_share *shares = context, *x = &shares[a], *y = &shares[b];
    const pl_u128 p = (pl_u128)x->limit * (pl_u128)y->weight;
    const pl_u128 q = (pl_u128)y->limit * (pl_u128)x->weight;
    return p != q ? p < q : a < b;
}

/* Whose ratio would be lower with one unit more. */
static bool takes_first(uint32_t a, uint32_t b, const void *context)
{
    const struct pl_share *shares = context, *x = &shares[a], *y = &shares[b];
    const pl_u128 p = ((pl_u128)x->given + 1) * (pl_u128)y->weight;
    const pl_u128 q = ((pl_u128)y->given + 1) * (pl_u128)x->weight;
    return p != q ? p < q : a < b;
}

/* One unit each to those next in line, until `left` is gone. */
static void hand_out(struct pl_share *shares, uint32_t *queue, uint32_t count, int64_t left)
{
    pl_order_heap(queue, count, takes_first, shares);
    while (left > 0) {
        struct pl_share *next = &shares[queue[0]];
        assert(count > 0 && next->given < next->limit);
        next->given++;
        left--;
        if (next->given == next->limit)
            queue[0] = queue[--count];
        pl_order_sift(queue, count, 0, takes_first, shares);
    }
}

int64_t pl_apportion(struct pl_share *shares, uint32_t count, int64_t amount, uint32_t *order)
{
    pl_i128 weights = 0;
    uint32_t eligible = 0, filled = 0;
    int64_t left = amount;
    for (uint32_t i = 0; i < count; i++) {
        shares[i].given = 0;
        if (shares[i].weight > 0 && shares[i].limit > 0) {
            weights += shares[i].weight;
            order[eligible++] = i;
        }
    }
    pl_order_sort(order, eligible, fills_first, shares);
    for (; filled < eligible && left > 0; filled++) {
        struct pl_share *s = &shares[order[filled]];
        if (pl_wide_compare((pl_u128)s->limit, (pl_u128)weights, (pl_u128)left,
                            (pl_u128)s->weight) > 0)
            break;
        s->given = s->limit;
        left -= s->limit;
        weights -= s->weight;
    }
    if (filled == eligible || left == 0)
        return amount - left;
    const struct pl_ratio level = { left, (pl_u128)weights };
    for (uint32_t i = filled; i < eligible; i++) {
        struct pl_share *s = &shares[order[i]];
        uint32_t flags = 0;
        s->given = pl_ratio_down(s->weight, level, &flags);
        left -= s->given;
    }
    hand_out(shares, order + filled, eligible - filled, left);
    return amount;
}
