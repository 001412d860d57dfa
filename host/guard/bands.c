#include "bands.h"

#include <assert.h>
#include <stdlib.h>

#define NOWHERE UINT32_MAX
#define ROOM_MIN 16

bool pl_gauge_reserve(struct pl_gauge *g)
{
    if (g->count < g->capacity)
        return true;
    uint32_t capacity = g->capacity == 0 ? ROOM_MIN : 2 * g->capacity;
    for (int side = 0; side < PL_SIDES; side++) {
        struct pl_edge *grown = realloc(g->heaps[side], capacity * sizeof *grown);
        if (grown == NULL)
            return false;
        g->heaps[side] = grown;
    }
    g->capacity = capacity;
    return true;
}

void pl_gauge_free(struct pl_gauge *g)
{
    for (int side = 0; side < PL_SIDES; side++)
        free(g->heaps[side]);
}

/* The nearest edge lies on top: the highest lower one, the lowest upper one. */
static bool nearer(int64_t a, int64_t b, int side)
{
    return side == PL_SIDE_DOWN ? a > b : a < b;
}

static void put(struct pl_gauge *g, int side, uint32_t place, struct pl_edge edge)
{
    g->heaps[side][place] = edge;
    edge.band->at[side] = place;
}

/* Puts a band, whose place is free, where its edge belongs. */
static void settle(struct pl_gauge *g, int side, uint32_t place, struct pl_band *band)
{
    struct pl_edge *heap = g->heaps[side];
    const struct pl_edge edge = { band->edge[side], band };
    for (; place > 0 && nearer(edge.value, heap[(place - 1) / 2].value, side);
         place = (place - 1) / 2)
        put(g, side, place, heap[(place - 1) / 2]);
    for (;;) {
        uint32_t child = 2 * place + 1;
        if (child + 1 < g->count && nearer(heap[child + 1].value, heap[child].value, side))
            child++;
        if (child >= g->count || !nearer(heap[child].value, edge.value, side))
            break;
        put(g, side, place, heap[child]);
        place = child;
    }
    put(g, side, place, edge);
}

void pl_gauge_add(struct pl_gauge *g, struct pl_band *band)
{
    assert(g->count < g->capacity);
    uint32_t place = g->count++;
    for (int side = 0; side < PL_SIDES; side++)
        settle(g, side, place, band);
}

void pl_gauge_remove(struct pl_gauge *g, struct pl_band *band)
{
    uint32_t last = --g->count;
    for (int side = 0; side < PL_SIDES; side++) {
        uint32_t place = band->at[side];
        assert(g->heaps[side][place].band == band);
        band->at[side] = NOWHERE;
        if (place != last)
            settle(g, side, place, g->heaps[side][last].band);
    }
}

/* The largest move whose cost, rounded up, is within the allowance. */
static int64_t move_for(const struct pl_gauge *g, uint64_t cost, uint64_t allowance)
{
    if (cost == 0)
        return g->reach;
    pl_u128 move = ((pl_u128)allowance << PL_MOVE_BITS) / cost;
    return move < (pl_u128)g->reach ? (int64_t)move : g->reach;
}

void pl_gauge_allow(struct pl_gauge *g, struct pl_band *band, uint64_t allowance)
{
    for (int side = 0; side < PL_SIDES; side++) {
        int64_t move = move_for(g, band->cost[side], allowance);
        int64_t distance = (int64_t)(((pl_i128)band->unit * move) >> PL_MOVE_BITS);
        band->edge[side] = side == PL_SIDE_DOWN ? band->origin - distance : band->origin + distance;
        if (band->at[side] < g->count && g->heaps[side][band->at[side]].band == band)
            settle(g, side, band->at[side], band);
    }
}

struct pl_band *pl_gauge_left(const struct pl_gauge *g)
{
    if (g->count == 0)
        return NULL;
    const struct pl_edge *low = g->heaps[PL_SIDE_DOWN], *high = g->heaps[PL_SIDE_UP];
    if (g->tripped || g->value < low->value)
        return low->band;
    return g->value > high->value ? high->band : NULL;
}

uint64_t pl_band_spent(const struct pl_gauge *g, const struct pl_band *band)
{
    int side = g->value < band->origin ? PL_SIDE_DOWN : PL_SIDE_UP;
    pl_i128 distance = (pl_i128)g->value - band->origin;
    if (distance == 0 && !g->tripped)
        return 0;
    pl_u128 away = (pl_u128)(distance < 0 ? -distance : distance) << PL_MOVE_BITS;
    pl_u128 move = (away + (pl_u128)band->unit - 1) / (pl_u128)band->unit;
    if (g->tripped || move > (pl_u128)g->reach)
        return UINT64_MAX;
    pl_u128 spent = move * band->cost[side] + (pl_u128)PL_MOVE_ONE - 1;
    return spent >> PL_MOVE_BITS > UINT64_MAX ? UINT64_MAX : (uint64_t)(spent >> PL_MOVE_BITS);
}
