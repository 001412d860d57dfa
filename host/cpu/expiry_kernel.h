/* The positions of one expiry and its close.
 *
 * Sums: a word w = entry + 2^51 times the size |lots| is added as two halves of h = HALF_BITS bits.
 * Over an expiry the true sum is 2^h high + low - 2^51 size, and shifted down by row_shift s <= 40
 *
 *     floor = floor((2^h high + low) / 2^s) - (size << (51 - s))
 *
 * in arithmetic modulo 2^64, exact because it lies within 64 bits: always when size < 2^(12 + s),
 * otherwise checked from the high half. Sizes add up to less than 2^SIZE_BITS, so that neither half
 * wraps for up to 1,023 positions.
 *
 * Bounds: |value| < 2^55; discounted by at most 2, less another value: below 2^57; dampening is at
 * most 1; basis losses and gross are below 2^56, and times at most 4 below 2^58; 31 expiries of an
 * underlying stay below 2^63, and so do 127 values of an account.
 *
 * Included once per instruction set, behind its vectors. */
#ifndef PL_CPU_EXPIRY_KERNEL_H
#define PL_CPU_EXPIRY_KERNEL_H

#include <string.h>

#include "model/brackets.h"
#include "model/money.h"
#include "judge_kernel.h"
#include "packed.h"

#define UNLIKELY(x) __builtin_expect(x, 0) /* a branch, not a longer way for all */
#define SUM_BITS 55
#define POSITIONS_MAX 1023
#define AHEAD 16     /* slots whose rows are fetched into the first cache */
#define FAR_AHEAD 48 /* into the second, if it does not hold all rows */

/* What an account comes to while its positions stream by. */
struct account {
    const struct pl_cpu_packed *packed;
    /* From these slots on no row is asked for: what is so far ahead is behind the stream. */
    const uint64_t *fetch_end, *far_end;
    const uint64_t *fetched; /* up to here they were asked for */
    int64_t last_instrument;
    uint32_t bad; /* not 0: not quick */
    uint32_t expiries;
    vec main, greeks; /* sums of the expiries */
    int64_t mm, im;   /* losses and oracle terms */
    /* While many are judged together, of the last underlying: the least P&L, at most 0, each lane
     * of other scenarios. */
    vec least;
    uint16_t underlying;
    int64_t worst_loss;
    uint32_t worst_underlying, worst_scenario;
    int64_t cash;
};

/* What is to be done, known when compiled. */
struct way {
    bool returned;  /* everything that a verdict has; or what its state depends on, for many */
    bool bracketed; /* cross and isolated margin */
};

/* Vectors of an underlying, in registers. */
struct vectors {
    vec pnl[PL_CPU_VECTORS_MAX + 1];
    vec terms; /* columns times pl_cpu_terms.coefficients */
    vec main, greeks;
};

/* Money, where the specification would limit and flag. */
INLINE int64_t plus(int64_t x, int64_t y, uint32_t *bad)
{
    int64_t sum;
    if (UNLIKELY(__builtin_add_overflow(x, y, &sum)))
        *bad = 1;
    return sum;
}

/* Sums that are too large wrap; the end of their account finds that they were. */
INLINE int64_t negated(int64_t x)
{
    return (int64_t)(0 - (uint64_t)x);
}

/* -value * coefficient / 2^40, rounded up. */
INLINE int64_t scale_up_minus(int64_t value, int64_t coefficient, uint32_t *bad)
{
    const pl_i128 product = (pl_i128)value * coefficient;
    const uint64_t high = (uint64_t)(product >> 64);
    if (UNLIKELY((high + (UINT64_C(1) << 38)) >> 39 != 0))
        *bad = 1;
    return negated((int64_t)(product >> PL_COEFFICIENT_BITS));
}

/* One expiry's sums. */
struct sums {
    vec low[PL_CPU_VECTORS_MAX + 2], high[PL_CPU_VECTORS_MAX + 2];
    uint64_t size;
};

INLINE void add_product(struct sums *s, int i, vec words, vec size)
{
    v_add_product(&s->low[i], &s->high[i], words, size);
}

/* Not 0 where the true sum / 2^shift is beyond 2^SUM_BITS, or 2^HALF_BITS if that is more: its high
 * half is not in [-window, window), a power of 2. */
INLINE vec beyond(const struct sums *s, int i, int shift)
{
    const int bits = SUM_BITS - HALF_BITS + shift;
    const uint64_t window = UINT64_C(1) << (bits < 0 ? 0 : bits > 62 ? 62 : bits);
    const uint64_t bias =
        HALF_BITS > 51 ? s->size >> (HALF_BITS - 51) : s->size << (51 - HALF_BITS);
    vec high = v_add(s->high[i], v_shr(s->low[i], HALF_BITS));
    return v_and(v_add(high, v_all(window - bias)), v_all(~(2 * window - 1)));
}

/* The true sum / 2^shift, floored. */
INLINE vec narrow(const struct sums *s, int i, int shift)
{
    return v_sub(v_join(s->high[i], s->low[i], shift), v_all(s->size << (51 - shift)));
}

/* Gamma is in units of 2^PL_GAMMA_SHIFT. */
INLINE vec narrow_greeks(const struct sums *s, int i, int shift, uint32_t *bad)
{
    const mask gamma = m_from_bits(1 << PL_GREEK_GAMMA);
    const int less = shift - PL_GAMMA_SHIFT;
    *bad |= v_any(v_pick(gamma, beyond(s, i, less), beyond(s, i, shift)), UINT64_MAX);
    vec value = v_pick(gamma, narrow(s, i, less), narrow(s, i, shift));
    *bad |= v_any(outside(value, SUM_BITS), UINT64_MAX);
    return value;
}

/* P&L of eight scenarios: see close_expiry.c. */
INLINE vec close_vector(const struct pl_cpu_terms *t, const struct pl_cpu_shocks *shocks, int i,
                        vec value, vec base)
{
    vec discount = v_pick(m_negative(value), v_all((uint64_t)t->short_discount),
                          v_all((uint64_t)t->long_discount));
    vec pnl = v_sub(v_scale(value, discount), base);
    if (shocks->skew[i] != 0)
        pnl = v_pick(m_from_bits(shocks->skew[i]), v_min(pnl, v_sub(v_zero(), pnl)), pnl);
    return shocks->damped[i] ? v_scale(pnl, v_loadu(shocks->dampening[i])) : pnl;
}

INLINE void close_scenarios(struct vectors *v, const struct pl_cpu_terms *t,
                            const struct pl_cpu_shocks *shocks, const struct sums *s, int shift,
                            const int vectors, vec main)
{
    const vec base = v_first(main);
    if (!t->scenario)
        return;
    for (int i = 0; i < vectors; i++) {
        vec value = narrow(s, i, shift);
        v->pnl[i] = v_add(v->pnl[i], close_vector(t, shocks, i, value, base));
    }
    if (shocks->tail)
        v->pnl[vectors] = v_add(v->pnl[vectors], close_vector(t, shocks, vectors, main, base));
}

/* Basis contingency and oracle penalties: the lower of the basis columns less the value, if that is
 * a loss, and gross twice, times their coefficients. */
INLINE vec close_main(const struct pl_cpu_terms *t, vec main)
{
    vec basis = v_sub(main, v_first(main));
    basis = v_min(v_min(basis, v_swap_pairs(basis)), v_zero());
    vec x = v_pick(m_from_bits(1 << PL_CPU_GROSS_AGAIN), v_swap_pairs(main), main);
    x = v_pick(m_from_bits(1 << PL_CPU_BASIS_UP), basis, x);
    return v_scale(x, v_loadu(t->coefficients));
}

/* The upper half of a slot: a position's tag and instrument. */
INLINE uint32_t upper_half(const uint64_t *slot)
{
    uint32_t half;
    memcpy(&half, (const char *)slot + 4, sizeof half);
    return half;
}

/* The row of a slot, if it is a position; *main: of its LONG or SHORT. */
INLINE const char *row_of(const struct pl_cpu_packed *p, const uint64_t *slot, const char **main)
{
    const uint64_t instrument = upper_half(slot) & 0xffffff;
    const char *row = (const char *)((uintptr_t)p->rows + instrument * (p->stride * 8));
    *main = row + (*slot >> 25 & PL_CPU_SHORT * 64);
    return row + (size_t)PL_CPU_SCENARIOS * 64;
}

/* The first cache waits for few lines at once, and what asks for one more waits with all that is
 * behind it; the second for more. So rows that it does not hold are asked for there first. */
INLINE void fetch_ahead(const struct account *a, const uint64_t *slot, int vectors)
{
    const char *main, *row;
    if (slot < a->fetch_end) {
        row = row_of(a->packed, slot + AHEAD, &main);
        _mm_prefetch(main, _MM_HINT_T0);
        for (int i = 0; i < vectors; i++)
            _mm_prefetch(row + i * 64, _MM_HINT_T0);
    }
    if (slot < a->far_end) {
        row = row_of(a->packed, slot + FAR_AHEAD, &main);
        _mm_prefetch(main, _MM_HINT_T1);
        for (int i = 0; i < vectors; i++)
            _mm_prefetch(row + i * 64, _MM_HINT_T1);
    }
}

/* The Greeks of an account's positions, which no sweep reads before it is known to be returned. */
INLINE void fetch_greeks(const struct pl_cpu_packed *p, const uint64_t *slot, const uint64_t *end)
{
    for (; slot < end; slot++)
        _mm_prefetch((const char *)((uintptr_t)p->rows + (*slot >> 32 & 0xffffff) * p->stride * 8) +
                         PL_CPU_GREEKS * 64,
                     _MM_HINT_T0);
}

/* What cross and isolated margin ask for one position. */
static void add_brackets(struct account *a, uint32_t instrument, int32_t lots)
{
    const struct pl_tables *t = a->packed->tables;
    const struct pl_bracket_requirement r =
        pl_brackets_evaluate(t, &t->rows[instrument], lots, &a->bad);
    a->mm = plus(a->mm, r.mm, &a->bad);
    a->im = plus(a->im, r.im, &a->bad);
}

/* Whether one of these positions has a tag that its row does not take. */
INLINE bool unfit(const struct account *a, const uint64_t *slot, const uint64_t *end)
{
    bool found = false;
    for (; slot < end; slot++) {
        const uint8_t tag = pl_slot_tag(*slot);
        found |= tag != a->packed->tags[pl_slot_position_instrument(*slot)];
        found |= tag == PL_TAG_REQUIREMENT && pl_slot_position_lots(*slot) < 0;
    }
    return found;
}

/* Sums the positions of one expiry, up to one out of order. Returns the slot after them. */
INLINE const uint64_t *add_positions(struct account *a, const struct pl_cpu_terms *t,
                                     const uint64_t *slot, struct sums *s, int vectors,
                                     const struct way way)
{
    const struct pl_cpu_packed *p = a->packed;
    /* Most expiries have one tag, which is compared together with the instrument. */
    enum { EITHER = PL_TAG_POSITION ^ PL_TAG_REQUIREMENT };
    _Static_assert((EITHER & (EITHER - 1)) == 0, "one bit tells them apart");
    const uint32_t bits = t->odd == 0 ? UINT32_MAX : ~((uint32_t)EITHER << 24);
    const uint32_t from = ((uint32_t)PL_TAG_POSITION << 24 | t->first) & bits, count = t->count;
    const uint64_t *rows = p->rows + t->first * p->stride, *const first = slot;
    int64_t last = a->last_instrument - t->first;
    for (;; slot++) {
        const uint32_t number = (upper_half(slot) & bits) - from;
        if (number >= count || number <= last)
            break;
        last = number;
        fetch_ahead(a, slot, vectors);
        /* No branch may depend on the side, which nothing predicts. */
        const int32_t lots = (int32_t)*slot, side = lots >> 31;
        const uint32_t size = (uint32_t)(lots ^ side) - (uint32_t)side;
        s->size += size;
        const uint64_t *row = rows + number * p->stride;
        const uint64_t *main = row + ((uint32_t)side & (PL_CPU_SHORT * PL_CPU_LANES));
        const vec factor = v_all(size);
        add_product(s, vectors, v_load(main), factor);
        for (int i = 0; i < vectors; i++)
            add_product(s, i, v_words(v_load(row + (PL_CPU_SCENARIOS + i) * PL_CPU_LANES), side),
                        factor);
        if (way.bracketed)
            add_brackets(a, t->first + number, lots);
        if (way.returned)
            add_product(s, vectors + 1, v_words(v_load(row + PL_CPU_GREEKS * PL_CPU_LANES), side),
                        factor);
    }
    a->last_instrument = last + t->first;
    a->fetched = slot;
    if (UNLIKELY(t->odd != 0))
        a->bad |= unfit(a, first, slot);
    return slot;
}

/* The next expiry of the account: sums and close. Returns the slot after it; that of its first
 * position: not quick. */
INLINE const uint64_t *take_expiry(struct account *a, struct vectors *v,
                                   const struct pl_cpu_terms *t, const struct pl_cpu_shocks *shocks,
                                   const uint64_t *slot, const int vectors, const struct way way,
                                   bool *perpetual)
{
    struct sums s;
    const uint64_t *first = slot;
    const int shift = t->row_shift;
    for (int i = 0; i < vectors + 1 + way.returned; i++)
        s.low[i] = s.high[i] = v_zero();
    s.size = 0;
    slot = add_positions(a, t, slot, &s, vectors, way);
    a->bad |= slot - first > POSITIONS_MAX || s.size >> SIZE_BITS != 0;
    if (s.size >> (SUM_BITS - 51 + shift) != 0) { /* else no sum of such words is too large */
        for (int i = 0; i < vectors + 1; i++)
            a->bad |= v_any(beyond(&s, i, shift), UINT64_MAX);
    }
    const vec main = narrow(&s, vectors, shift);
    if (way.bracketed) { /* nothing but the value and the fee */
        const mask both = m_from_bits(1 << PL_CPU_VALUE | 1 << PL_CPU_FEE);
        v->main = v_add(v->main, v_keep(both, main));
    } else {
        v->main = v_add(v->main, main);
        v->terms = v_add(v->terms, close_main(t, main));
        close_scenarios(v, t, shocks, &s, shift, vectors, main);
    }
    if (way.returned)
        v->greeks = v_add(v->greeks, narrow_greeks(&s, vectors + 1, shift, &a->bad));
    *perpetual |= t->perpetual && s.size != 0;
    return slot;
}

#endif
