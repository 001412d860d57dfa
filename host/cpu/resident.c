#include "resident.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define BATCH_SLOTS 16384
#define BATCH_ACCOUNTS 1024

struct pl_cpu_batch {
    size_t used, count; /* slots and accounts */
    uint64_t slots[BATCH_SLOTS + PL_ACCOUNT_SLOTS_MAX + 1];
    uint32_t accounts[BATCH_ACCOUNTS];
    struct pl_verdict verdicts[BATCH_ACCOUNTS];
};

static bool is_position(uint64_t slot)
{
    return pl_slot_tag(slot) == PL_TAG_POSITION || pl_slot_tag(slot) == PL_TAG_REQUIREMENT;
}

/* Slots up to END, that included; 0: there is none. */
static size_t length_of(const uint64_t *slots, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (pl_slot_tag(slots[i]) == PL_TAG_END)
            return i + 1;
    }
    return 0;
}

static void *take_memory(struct pl_cpu_resident *r, size_t count, size_t size)
{
    void *memory = calloc(count, size);
    r->bytes += memory == NULL ? 0 : count * size;
    return memory;
}

/* Copies the slots without padding, and counts accounts, and positions per instrument into
 * firsts[instrument + 1]. */
static bool copy_slots(struct pl_cpu_resident *r, const uint64_t *slots, size_t length)
{
    size_t start = 0;
    for (size_t i = 0; i < length; i++) {
        uint8_t tag = pl_slot_tag(slots[i]);
        if (tag == PL_TAG_PAD)
            continue;
        if (tag == PL_TAG_HEADER) {
            start = r->count;
            r->accounts++;
        }
        if ((r->accounts == 0 && tag != PL_TAG_END) || r->count - start > PL_ACCOUNT_SLOTS_MAX)
            return false;
        r->slots[r->count++] = slots[i];
        if (!is_position(slots[i]))
            continue;
        uint64_t instrument = pl_slot_position_instrument(slots[i]);
        if (instrument >= r->tables->model.instruments)
            return false;
        r->firsts[instrument + 1]++;
    }
    for (uint32_t i = 0; i < r->tables->model.instruments; i++)
        r->firsts[i + 1] += r->firsts[i];
    return true;
}

/* Fills `starts` and `holders`; firsts[i] ends as the end of i, which is the start of i + 1. */
static void list_holders(struct pl_cpu_resident *r)
{
    uint32_t account = 0;
    for (size_t i = 0; i < r->count; i++) {
        if (pl_slot_tag(r->slots[i]) == PL_TAG_HEADER)
            r->starts[account++] = (uint32_t)i;
        else if (is_position(r->slots[i]))
            r->holders[r->firsts[pl_slot_position_instrument(r->slots[i])]++] = account - 1;
    }
    r->starts[account] = (uint32_t)r->count - 1;
    memmove(r->firsts + 1, r->firsts, r->tables->model.instruments * sizeof *r->firsts);
    r->firsts[0] = 0;
}

static int copy_stream(struct pl_cpu_resident *r, const uint64_t *slots)
{
    const struct pl_model *m = &r->tables->model;
    r->slots = take_memory(r, r->slots_read, sizeof *r->slots);
    r->firsts = take_memory(r, (size_t)m->instruments + 1, sizeof *r->firsts);
    r->im_factors = take_memory(r, m->underlyings, sizeof *r->im_factors);
    if (r->slots == NULL || r->firsts == NULL || r->im_factors == NULL)
        return -ENOMEM;
    memcpy(r->im_factors, r->tables->frozen_im_factor, m->underlyings * sizeof *r->im_factors);
    return copy_slots(r, slots, r->slots_read) ? 0 : -PL_STATUS_MALFORMED_SLOT;
}

static int make_index(struct pl_cpu_resident *r)
{
    const size_t words = (size_t)r->accounts / 64 + 1;
    r->starts = take_memory(r, (size_t)r->accounts + 1, sizeof *r->starts);
    r->verdicts = take_memory(r, (size_t)r->accounts + 1, sizeof *r->verdicts);
    r->holders =
        take_memory(r, (size_t)r->firsts[r->tables->model.instruments] + 1, sizeof *r->holders);
    r->dirty = take_memory(r, words, sizeof *r->dirty);
    r->listed = take_memory(r, words, sizeof *r->listed);
    r->batch = take_memory(r, 1, sizeof *r->batch);
    if (r->starts == NULL || r->verdicts == NULL || r->holders == NULL || r->dirty == NULL ||
        r->listed == NULL || r->batch == NULL)
        return -ENOMEM;
    list_holders(r);
    for (uint32_t a = 0; a < r->accounts; a++)
        r->dirty[a / 64] |= UINT64_C(1) << a % 64;
    r->by_state[0] = r->accounts; /* as the empty verdicts say */
    return 0;
}

int pl_cpu_resident_make(struct pl_cpu_resident *r, const struct pl_tables *t,
                         const uint64_t *slots, size_t count, uint8_t filter)
{
    pl_cpu_resident_free(r);
    r->slots_read = length_of(slots, count);
    if (r->slots_read == 0 || r->slots_read > UINT32_MAX) {
        r->slots_read = 0;
        return -PL_STATUS_MALFORMED_SLOT;
    }
    r->tables = t;
    r->filter = filter;
    int error = copy_stream(r, slots);
    error = error != 0 ? error : make_index(r);
    if (error != 0)
        pl_cpu_resident_free(r);
    return error;
}

void pl_cpu_resident_free(struct pl_cpu_resident *r)
{
    free(r->slots);
    free(r->starts);
    free(r->verdicts);
    free(r->holders);
    free(r->firsts);
    free(r->dirty);
    free(r->listed);
    free(r->im_factors);
    free(r->batch);
    *r = (struct pl_cpu_resident){ 0 };
}

static void mark_holders(struct pl_cpu_resident *r, uint32_t instrument)
{
    for (uint32_t h = r->firsts[instrument]; h < r->firsts[instrument + 1]; h++)
        r->dirty[r->holders[h] / 64] |= UINT64_C(1) << r->holders[h] % 64;
}

static void mark_underlying(struct pl_cpu_resident *r, uint32_t underlying)
{
    const struct pl_tables *t = r->tables;
    for (uint32_t i = 0; i < t->model.instruments; i++) {
        if (t->expiries[t->instruments[i].expiry].underlying == underlying)
            mark_holders(r, i);
    }
}

void pl_cpu_resident_note(struct pl_cpu_resident *r)
{
    const struct pl_tables *t = r->tables;
    if (r->count == 0)
        return;
    for (uint32_t i = 0; i < t->repriced_count; i++)
        mark_holders(r, t->repriced[i]);
    for (uint32_t u = 0; u < t->model.underlyings; u++) {
        if (r->im_factors[u] != t->frozen_im_factor[u])
            mark_underlying(r, u);
        r->im_factors[u] = t->frozen_im_factor[u];
    }
}

/* The verdict of an account, into its place. */
static void put_verdict(struct pl_cpu_resident *r, uint32_t account, const struct pl_verdict *new)
{
    struct pl_verdict *v = &r->verdicts[account];
    const uint64_t bit = UINT64_C(1) << account % 64;
    r->by_state[v->state]--;
    r->by_state[new->state]++;
    *v = *new;
    if (v->state >= r->filter)
        r->listed[account / 64] |= bit;
    else
        r->listed[account / 64] &= ~bit;
}

/* Judges what is in the batch, as a stream of its own, and empties it. */
static bool judge_batch(struct pl_cpu_resident *r, pl_cpu_take *take, void *context)
{
    struct pl_cpu_batch *b = r->batch;
    struct pl_sweep s;
    b->slots[b->used] = (uint64_t)PL_TAG_END << 56;
    pl_sweep_start(&s, r->tables, b->slots, b->used + 1, PL_STATE_HEALTHY);
    size_t taken = take(context, &s, b->verdicts, b->count);
    for (size_t i = 0; i < taken; i++)
        put_verdict(r, b->accounts[i], &b->verdicts[i]);
    bool good = taken == b->count;
    b->used = b->count = 0;
    return good;
}

static void add_to_batch(struct pl_cpu_resident *r, uint32_t account)
{
    struct pl_cpu_batch *b = r->batch;
    const size_t slots = r->starts[account + 1] - r->starts[account];
    memcpy(b->slots + b->used, r->slots + r->starts[account], slots * sizeof *b->slots);
    b->used += slots;
    b->accounts[b->count++] = account;
}

int64_t pl_cpu_resident_judge(struct pl_cpu_resident *r, pl_cpu_take *take, void *context)
{
    struct pl_cpu_batch *b = r->batch;
    int64_t judged = 0;
    for (uint32_t first = 0; first < r->accounts; first += 64) {
        uint64_t dirty = r->dirty[first / 64];
        r->dirty[first / 64] = 0;
        for (; dirty != 0; dirty &= dirty - 1, judged++) {
            add_to_batch(r, first + (uint32_t)__builtin_ctzll(dirty));
            if ((b->used > BATCH_SLOTS || b->count == BATCH_ACCOUNTS) &&
                !judge_batch(r, take, context))
                return -PL_STATUS_MALFORMED_SLOT;
        }
    }
    return b == NULL || b->count == 0 || judge_batch(r, take, context) ? judged
                                                                       : -PL_STATUS_MALFORMED_SLOT;
}

size_t pl_cpu_resident_flagged(const struct pl_cpu_resident *r)
{
    size_t n = 0;
    for (int state = r->filter; state <= PL_STATE_BANKRUPT; state++)
        n += r->by_state[state];
    return n;
}

size_t pl_cpu_resident_list(const struct pl_cpu_resident *r, struct pl_sweep *s,
                            struct pl_verdict *verdicts, size_t max)
{
    size_t n = 0;
    assert(max >= pl_cpu_resident_flagged(r) && s->filter == r->filter);
    for (uint32_t first = 0; first < r->accounts; first += 64) {
        for (uint64_t bits = r->listed[first / 64]; bits != 0; bits &= bits - 1) {
            verdicts[n] = r->verdicts[first + (uint32_t)__builtin_ctzll(bits)];
            verdicts[n].tick = r->tables->tick; /* an unchanged verdict holds for this tick, too */
            verdicts[n].serial = verdicts[n].serial_again = s->serial++;
            n++;
        }
    }
    s->next = r->slots_read - 1;
    s->ended = true;
    s->summary.accounts = r->accounts;
    s->summary.flagged = n;
    s->summary.slots = r->slots_read;
    memcpy(s->summary.by_state, r->by_state, sizeof r->by_state);
    if (r->accounts > 0)
        s->summary.last_account = r->verdicts[r->accounts - 1].account;
    return n;
}
