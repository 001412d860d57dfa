#include "waiting.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "model/row.h"
#include "model/tables.h"

int pl_cpu_waiting_make(struct pl_cpu_waiting *w, const struct pl_tables *t)
{
    pl_cpu_waiting_free(w);
    w->waits = calloc(t->model.instruments, sizeof *w->waits);
    w->filled = calloc(t->model.instruments, sizeof *w->filled);
    return w->waits == NULL || w->filled == NULL ? -ENOMEM : 0;
}

void pl_cpu_waiting_free(struct pl_cpu_waiting *w)
{
    free(w->waits);
    free(w->filled);
    *w = (struct pl_cpu_waiting){ 0 };
}

void pl_cpu_waiting_note(struct pl_cpu_waiting *w, const struct pl_tables *t)
{
    for (uint32_t n = 0; n < t->repriced_count; n++) {
        uint8_t *waits = &w->waits[t->repriced[n]];
        w->count += *waits == 0;
        *waits = 1;
    }
}

static void fill(struct pl_cpu_waiting *w, const struct pl_tables *t, uint32_t instrument,
                 uint32_t *filled)
{
    pl_row_fill(t, instrument, &t->rows[instrument], NULL);
    w->waits[instrument] = 0;
    w->count--;
    w->filled[(*filled)++] = instrument;
}

static uint32_t fill_all(struct pl_cpu_waiting *w, const struct pl_tables *t)
{
    const uint8_t *next = w->waits, *end = next + t->model.instruments;
    uint32_t filled = 0;
    for (; (next = memchr(next, 1, (size_t)(end - next))) != NULL; next++)
        fill(w, t, (uint32_t)(next - w->waits), &filled);
    return filled;
}

uint32_t pl_cpu_waiting_fill(struct pl_cpu_waiting *w, const struct pl_tables *t,
                             const uint64_t *slots, size_t count)
{
    uint32_t filled = 0;
    if (count >= w->count)
        return w->count == 0 ? 0 : fill_all(w, t);
    for (size_t n = 0; n < count; n++) {
        uint8_t tag = pl_slot_tag(slots[n]);
        uint64_t instrument = pl_slot_position_instrument(slots[n]);
        bool position = tag == PL_TAG_POSITION || tag == PL_TAG_REQUIREMENT;
        if (position && instrument < t->model.instruments && w->waits[instrument])
            fill(w, t, (uint32_t)instrument, &filled);
    }
    return filled;
}
