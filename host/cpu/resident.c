#include "resident.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

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

/* Counts accounts, and positions per instrument into firsts[instrument + 1]. */
static bool count_holders(struct pl_cpu_resident *r)
{
    for (size_t i = 0; i < r->count; i++) {
        uint8_t tag = pl_slot_tag(r->slots[i]);
        r->accounts += tag == PL_TAG_HEADER;
        if (r->accounts == 0 && tag != PL_TAG_PAD && tag != PL_TAG_END)
            return false;
        if (!is_position(r->slots[i]))
            continue;
        uint64_t instrument = pl_slot_position_instrument(r->slots[i]);
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

int pl_cpu_resident_make(struct pl_cpu_resident *r, const struct pl_tables *t,
                         const uint64_t *slots, size_t count)
{
    pl_cpu_resident_free(r);
    size_t length = length_of(slots, count);
    if (length == 0 || length > UINT32_MAX)
        return -PL_STATUS_MALFORMED_SLOT;
    r->tables = t;
    r->count = length;
    r->slots = malloc(length * sizeof *slots);
    r->firsts = calloc((size_t)t->model.instruments + 1, sizeof *r->firsts);
    r->im_factors = malloc(t->model.underlyings * sizeof *r->im_factors);
    if (r->slots == NULL || r->firsts == NULL || r->im_factors == NULL) {
        pl_cpu_resident_free(r);
        return -ENOMEM;
    }
    memcpy(r->slots, slots, length * sizeof *slots);
    memcpy(r->im_factors, t->frozen_im_factor, t->model.underlyings * sizeof *r->im_factors);
    if (!count_holders(r)) {
        pl_cpu_resident_free(r);
        return -PL_STATUS_MALFORMED_SLOT;
    }
    size_t words = ((size_t)r->accounts + 63) / 64;
    r->starts = malloc(((size_t)r->accounts + 1) * sizeof *r->starts);
    r->verdicts = calloc((size_t)r->accounts + 1, sizeof *r->verdicts);
    r->holders = malloc(((size_t)r->firsts[t->model.instruments] + 1) * sizeof *r->holders);
    r->dirty = calloc(words + 1, sizeof *r->dirty);
    if (r->starts == NULL || r->verdicts == NULL || r->holders == NULL || r->dirty == NULL) {
        pl_cpu_resident_free(r);
        return -ENOMEM;
    }
    list_holders(r);
    for (uint32_t a = 0; a < r->accounts; a++)
        r->dirty[a / 64] |= UINT64_C(1) << a % 64;
    r->by_state[0] = r->accounts; /* as the empty verdicts say */
    return 0;
}

void pl_cpu_resident_free(struct pl_cpu_resident *r)
{
    free(r->slots);
    free(r->starts);
    free(r->verdicts);
    free(r->holders);
    free(r->firsts);
    free(r->dirty);
    free(r->im_factors);
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

/* One account by the kernels: false when a slot breaks the contract. */
static bool judge_account(struct pl_cpu_resident *r, const struct pl_cpu_isa *isa,
                          const struct pl_cpu_packed *packed, struct pl_sweep *s, uint32_t account)
{
    struct pl_verdict *v = &r->verdicts[account];
    r->by_state[v->state]--;
    s->next = r->starts[account];
    s->stop = s->next + 1;
    size_t got = isa->take == NULL ? pl_sweep_take(s, v, 1) : isa->take(packed, s, v, 1);
    r->by_state[v->state]++;
    return got == 1;
}

int64_t pl_cpu_resident_judge(struct pl_cpu_resident *r, const struct pl_cpu_isa *isa,
                              const struct pl_cpu_packed *packed)
{
    struct pl_sweep s;
    int64_t judged = 0;
    pl_sweep_start(&s, r->tables, r->slots, r->count, PL_STATE_HEALTHY);
    for (uint32_t first = 0; first < r->accounts; first += 64) {
        uint64_t dirty = r->dirty[first / 64];
        r->dirty[first / 64] = 0;
        for (; dirty != 0; dirty &= dirty - 1, judged++) {
            if (!judge_account(r, isa, packed, &s, first + (uint32_t)__builtin_ctzll(dirty)))
                return -PL_STATUS_MALFORMED_SLOT;
        }
    }
    return judged;
}

size_t pl_cpu_resident_list(const struct pl_cpu_resident *r, struct pl_sweep *s,
                            struct pl_verdict *verdicts, size_t max)
{
    size_t n = 0;
    assert(max >= r->accounts);
    for (uint32_t a = 0; a < r->accounts; a++) {
        if (r->verdicts[a].state < s->filter)
            continue;
        verdicts[n] = r->verdicts[a];
        verdicts[n].tick = r->tables->tick; /* an unchanged verdict holds for this tick, too */
        verdicts[n].serial = verdicts[n].serial_again = s->serial++;
        n++;
    }
    s->next = r->count - 1;
    s->ended = true;
    s->summary.accounts = r->accounts;
    s->summary.flagged = n;
    s->summary.slots = r->count;
    memcpy(s->summary.by_state, r->by_state, sizeof r->by_state);
    if (r->accounts > 0)
        s->summary.last_account = r->verdicts[r->accounts - 1].account;
    return n;
}
