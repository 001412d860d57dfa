#include "stakes.h"

#include <stdlib.h>

#define ROOM_MIN 4

bool pl_stakes_open(struct pl_stakes *s, uint32_t accounts)
{
    *s = (struct pl_stakes){ .account_count = accounts };
    s->accounts = calloc((size_t)accounts + 1, sizeof *s->accounts);
    return s->accounts != NULL;
}

static void free_lists(struct pl_stakes *s)
{
    for (uint32_t i = 0; i < s->instruments; i++)
        free(s->lists[i].items);
    free(s->lists);
    s->lists = NULL;
    s->instruments = 0;
}

void pl_stakes_free(struct pl_stakes *s)
{
    for (uint32_t a = 0; a < s->account_count && s->accounts != NULL; a++)
        free(s->accounts[a].items);
    free(s->accounts);
    free_lists(s);
    *s = (struct pl_stakes){ 0 };
}

bool pl_stakes_start(struct pl_stakes *s, uint32_t instruments)
{
    free_lists(s);
    for (uint32_t a = 0; a < s->account_count; a++)
        s->accounts[a].count = 0;
    s->lists = calloc((size_t)instruments + 1, sizeof *s->lists);
    s->instruments = s->lists == NULL ? 0 : instruments;
    return s->lists != NULL;
}

static bool same(const struct pl_account_stakes *a, const uint32_t *options, uint32_t count)
{
    bool equal = a->count == count;
    for (uint32_t i = 0; i < count && equal; i++)
        equal = a->items[i].instrument == options[i];
    return equal;
}

/* The last of the list takes the place that becomes free. */
static void unlist(struct pl_stakes *s, const struct pl_stake *stake)
{
    struct pl_holder_list *list = &s->lists[stake->instrument];
    struct pl_holder last = list->items[--list->count];
    list->items[stake->place] = last;
    s->accounts[last.account].items[last.stake].place = stake->place;
}

static bool list(struct pl_stakes *s, uint32_t account, uint32_t stake)
{
    struct pl_stake *x = &s->accounts[account].items[stake];
    struct pl_holder_list *l = &s->lists[x->instrument];
    if (l->count == l->capacity) {
        uint32_t capacity = l->capacity == 0 ? ROOM_MIN : 2 * l->capacity;
        struct pl_holder *grown = realloc(l->items, capacity * sizeof *grown);
        if (grown == NULL)
            return false;
        l->items = grown;
        l->capacity = capacity;
    }
    x->place = l->count;
    l->items[l->count++] = (struct pl_holder){ account, stake };
    return true;
}

bool pl_stakes_set(struct pl_stakes *s, uint32_t account, const uint32_t *options, uint32_t count)
{
    struct pl_account_stakes *a = &s->accounts[account];
    if (same(a, options, count))
        return true;
    for (; a->count > 0; a->count--)
        unlist(s, &a->items[a->count - 1]);
    if (count > a->capacity) {
        struct pl_stake *grown = realloc(a->items, count * sizeof *grown);
        if (grown == NULL)
            return false;
        a->items = grown;
        a->capacity = count;
    }
    for (uint32_t i = 0; i < count; i++) {
        a->items[i] = (struct pl_stake){ .instrument = options[i] };
        if (!list(s, account, i))
            return false;
        a->count++;
    }
    return true;
}
