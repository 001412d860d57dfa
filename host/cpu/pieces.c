#include "pieces.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "packed.h"

#define PIECE_SLOTS_MIN 4096 /* less is not worth waking a thread */
#define PIECE_SLOTS_MAX 131072

struct pl_cpu_piece {
    struct pl_sweep sweep;
    struct pl_verdict *verdicts; /* [capacity]; pages that no verdict reaches cost nothing */
    size_t capacity, count, taken;
};

int pl_cpu_pieces_open(struct pl_cpu_pieces *p, unsigned threads, int pin)
{
    p->threads = threads;
    p->list = calloc(threads, sizeof *p->list);
    return p->list == NULL ? -ENOMEM : pl_cpu_pool_open(&p->pool, threads, pin);
}

void pl_cpu_pieces_close(struct pl_cpu_pieces *p)
{
    pl_cpu_pool_close(p->pool);
    for (unsigned i = 0; p->list != NULL && i < p->threads; i++)
        free(p->list[i].verdicts);
    free(p->list);
}

static void take_piece(void *context, unsigned index)
{
    const struct pl_cpu_pieces *p = context;
    struct pl_cpu_piece *piece = &p->list[index];
    piece->count = p->isa->take == NULL
                       ? pl_sweep_take(&piece->sweep, piece->verdicts, piece->capacity)
                       : p->isa->take(p->packed, &piece->sweep, piece->verdicts, piece->capacity);
}

/* The first header from `slot` on, or the count. */
static size_t next_header(const struct pl_sweep *s, size_t slot)
{
    while (slot < s->count && pl_slot_tag(s->slots[slot]) != PL_TAG_HEADER)
        slot++;
    return slot;
}

/* Without the padding before `slot`: a sweep that is in it goes on to the next account. */
static size_t behind_last(const struct pl_sweep *s, size_t slot)
{
    while (slot > s->next && slot < s->count && pl_slot_tag(s->slots[slot - 1]) == PL_TAG_PAD)
        slot--;
    return slot;
}

/* Every account has a slot, and an END may follow the last. */
static bool has_room(struct pl_cpu_piece *piece, size_t slots)
{
    if (piece->capacity < slots + 1) {
        free(piece->verdicts);
        piece->verdicts = malloc((slots + 1) * sizeof *piece->verdicts);
        piece->capacity = piece->verdicts == NULL ? 0 : slots + 1;
    }
    return piece->capacity != 0;
}

/* Cuts the next pieces off the stream. False: too little is left, or no memory. */
static bool cut(struct pl_cpu_pieces *p, const struct pl_sweep *s)
{
    size_t left = s->count - s->next, size = left / p->threads + 1, start = s->next;
    size = size < PIECE_SLOTS_MIN   ? PIECE_SLOTS_MIN
           : size > PIECE_SLOTS_MAX ? PIECE_SLOTS_MAX
                                    : size;
    p->count = p->first = 0;
    if (left < 2 * PIECE_SLOTS_MIN)
        return false;
    while (p->count < p->threads && start < s->count) {
        struct pl_cpu_piece *piece = &p->list[p->count];
        size_t end = start + size < s->count ? next_header(s, start + size) : s->count;
        if (!has_room(piece, end - start))
            return p->count > 0;
        pl_sweep_start(&piece->sweep, s->tables, s->slots, s->count, s->filter);
        piece->sweep.next = start;
        piece->sweep.stop = behind_last(s, end);
        piece->taken = 0;
        p->count++;
        start = end;
    }
    return true;
}

/* What a piece did, into the sweep. */
static void add_summary(struct pl_sweep *s, const struct pl_sweep *piece)
{
    struct pl_tick_summary *into = &s->summary;
    const struct pl_tick_summary *from = &piece->summary;
    into->accounts += from->accounts;
    into->flagged += from->flagged;
    for (size_t i = 0; i < sizeof into->by_state / sizeof into->by_state[0]; i++)
        into->by_state[i] += from->by_state[i];
    if (from->accounts > 0)
        into->last_account = from->last_account;
    into->slots = from->slots;
    into->status = from->status;
    s->status = piece->status;
    s->ended = piece->ended;
    s->next = piece->next;
}

/* Takes from the pieces that are done. */
static size_t take_done(struct pl_cpu_pieces *p, struct pl_sweep *s, struct pl_verdict *verdicts,
                        size_t max)
{
    struct pl_cpu_piece *piece = &p->list[p->first];
    size_t left = piece->count - piece->taken, n = left < max ? left : max;
    for (size_t i = 0; i < n; i++) {
        verdicts[i] = piece->verdicts[piece->taken + i];
        verdicts[i].serial = verdicts[i].serial_again = s->serial++;
    }
    piece->taken += n;
    if (piece->taken == piece->count) {
        add_summary(s, &piece->sweep);
        p->first++; /* behind an END nobody asks for the others */
    }
    return n;
}

size_t pl_cpu_pieces_take(struct pl_cpu_pieces *p, struct pl_sweep *s, struct pl_verdict *verdicts,
                          size_t max)
{
    size_t taken = 0;
    if (s->next == 0 && s->serial == 0) /* a new sweep: nothing of an earlier one counts */
        p->count = p->first = 0;
    while (taken < max && !s->ended) {
        if (p->first < p->count) {
            taken += take_done(p, s, verdicts + taken, max - taken);
        } else if (cut(p, s)) {
            pl_cpu_pool_run(p->pool, p->count, take_piece, p);
        } else {
            taken += p->isa->take == NULL
                         ? pl_sweep_take(s, verdicts + taken, max - taken)
                         : p->isa->take(p->packed, s, verdicts + taken, max - taken);
        }
    }
    return taken;
}
