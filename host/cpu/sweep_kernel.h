/* A quick account is without resting orders, flags or offset groups, and no sum
 * of one of its expiries reaches 2^55 of money. Everything else, and every error, is left to
 * pl_sweep_next(), whose bytes the quick way returns.
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
#ifndef PL_CPU_SWEEP_KERNEL_H
#define PL_CPU_SWEEP_KERNEL_H

#include <string.h>

#include "model/brackets.h"
#include "model/money.h"
#include "model/sums.h"
#include "model/sweep.h"
#include "packed.h"

#define UNLIKELY(x) __builtin_expect(x, 0) /* a branch, not a longer way for all */
#define SUM_BITS 55
#define POSITIONS_MAX 1023
#define EXPIRIES_MAX 31 /* of one underlying */
#define ACCOUNT_EXPIRIES_MAX 127
#define AHEAD 16     /* slots whose rows are fetched into the first cache */
#define FAR_AHEAD 48 /* into the second, if it does not hold all rows */

/* What an account comes to while its positions stream by. */
struct account {
    const struct pl_cpu_packed *packed;
    const uint64_t *last_slot; /* of the stream */
    int64_t last_instrument;
    uint32_t bad; /* not 0: not quick */
    uint32_t expiries;
    vec main, greeks; /* sums of the expiries */
    int64_t mm, im;   /* losses and oracle terms */
    int64_t worst_loss;
    uint32_t worst_underlying, worst_scenario;
    int64_t cash;
};

/* What is to be done, known when compiled. */
struct way {
    bool greeks, bracketed; /* bracketed: cross and isolated margin */
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
    const vec half = v_all(UINT64_C(1) << SUM_BITS);
    *bad |= v_any(v_pick(gamma, beyond(s, i, less), beyond(s, i, shift)), UINT64_MAX);
    vec value = v_pick(gamma, narrow(s, i, less), narrow(s, i, shift));
    *bad |= v_any(v_add(value, half), -(UINT64_C(2) << SUM_BITS));
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
                            const struct pl_cpu_shocks *shocks, const struct sums *s,
                            const int vectors, vec main)
{
    const vec base = v_first(main);
    if (!t->scenario)
        return;
    for (int i = 0; i < vectors; i++) {
        vec value = narrow(s, i, t->row_shift);
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

/* The row of a slot further on, if it is a position; *main: of its LONG or SHORT. */
INLINE const char *row_ahead(const struct account *a, const uint64_t *slot, const char **main)
{
    const struct pl_cpu_packed *p = a->packed;
    const uint64_t ahead = *(slot < a->last_slot ? slot : a->last_slot);
    const char *row = (const char *)((uintptr_t)p->rows + (ahead >> 32 & 0xffffff) * p->stride * 8);
    *main = row + ((ahead & 0x80000000) != 0 ? PL_CPU_SHORT * 64 : 0);
    return row + (size_t)PL_CPU_SCENARIOS * 64;
}

/* The first cache waits for few lines at once, and what asks for one more waits with all that is
 * behind it; the second for more. So rows that it does not hold are asked for there first. */
INLINE void fetch_ahead(const struct account *a, const uint64_t *slot, int vectors)
{
    const char *main, *row = row_ahead(a, slot + AHEAD, &main);
    _mm_prefetch(main, _MM_HINT_T0);
    for (int i = 0; i < vectors; i++)
        _mm_prefetch(row + i * 64, _MM_HINT_T0);
    if (!a->packed->far)
        return;
    row = row_ahead(a, slot + FAR_AHEAD, &main);
    _mm_prefetch(main, _MM_HINT_T1);
    for (int i = 0; i < vectors; i++)
        _mm_prefetch(row + i * 64, _MM_HINT_T1);
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

/* Sums the positions of one expiry. Returns the slot after them. */
INLINE const uint64_t *add_positions(struct account *a, const struct pl_cpu_terms *t,
                                     const uint64_t *slot, struct sums *s, int vectors,
                                     const struct way way)
{
    const struct pl_cpu_packed *p = a->packed;
    int64_t last = a->last_instrument;
    uint32_t bad = 0;
    for (;; slot++) {
        const uint32_t upper = (uint32_t)(*slot >> 32), instrument = upper & 0xffffff;
        const uint8_t tag = (uint8_t)(upper >> 24);
        if (instrument - t->first >= t->count || tag != p->tags[instrument])
            break;
        fetch_ahead(a, slot, vectors);
        /* No branch may depend on the side, which nothing predicts. */
        const int32_t lots = (int32_t)*slot, side = lots >> 31;
        const uint32_t size = (uint32_t)(lots ^ side) - (uint32_t)side;
        if (UNLIKELY(instrument <= last))
            bad = 1;
        if (UNLIKELY(tag == PL_TAG_REQUIREMENT))
            bad |= (uint32_t)side;
        last = instrument;
        s->size += size;
        const uint64_t *row = p->rows + instrument * p->stride;
        const uint64_t *main = row + ((uint32_t)side & (PL_CPU_SHORT * PL_CPU_LANES));
        const vec factor = v_all(size);
        add_product(s, vectors, v_load(main), factor);
        for (int i = 0; i < vectors; i++)
            add_product(s, i, v_words(v_load(row + (PL_CPU_SCENARIOS + i) * PL_CPU_LANES), side),
                        factor);
        if (way.bracketed)
            add_brackets(a, instrument, lots);
        if (way.greeks)
            add_product(s, vectors + 1, v_words(v_load(row + PL_CPU_GREEKS * PL_CPU_LANES), side),
                        factor);
    }
    a->last_instrument = last;
    a->bad |= bad;
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
    for (int i = 0; i < vectors + 1 + way.greeks; i++)
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
        close_scenarios(v, t, shocks, &s, vectors, main);
    }
    if (way.greeks)
        v->greeks = v_add(v->greeks, narrow_greeks(&s, vectors + 1, shift, &a->bad));
    *perpetual |= t->perpetual && s.size != 0;
    return slot;
}

/* The lowest index of the worst. Nothing here branches on the account: an outcome that comes late
 * and is not foreseen would keep the next accounts waiting. */
INLINE void worst_scenario(const struct vectors *v, const struct pl_cpu_shocks *s, int64_t basis,
                           const int vectors, int64_t *worst, uint32_t *scenario)
{
    vec least = v_zero();
    uint64_t at = UINT64_C(1) << 63;
    for (int i = 0; i < vectors; i++)
        least = v_min(least, v->pnl[i]);
    if (s->tail)
        least = v_min(least, v->pnl[vectors]);
    const int64_t found = v_least(least);
    least = v_all((uint64_t)found);
    for (int i = 0; i < vectors; i++)
        at |= (uint64_t)m_bits(m_equal(v->pnl[i], least)) << i * PL_CPU_LANES;
    if (s->tail)
        at |= (uint64_t)(m_bits(m_equal(v->pnl[vectors], least)) >> PL_CPU_TAIL)
              << vectors * PL_CPU_LANES;
    const uint32_t index = found < 0 ? (uint32_t)__builtin_ctzll(at) : PL_WORST_NONE;
    *scenario = basis < found ? PL_WORST_BASIS : index;
    *worst = pl_min64(basis, found);
}

INLINE void close_underlying(struct account *a, const struct vectors *v, uint16_t index,
                             bool perpetual, const int vectors)
{
    const struct pl_tables *t = a->packed->tables;
    int64_t terms[PL_CPU_LANES], worst;
    uint32_t scenario;
    v_storeu(terms, v->terms);
    worst_scenario(v, &a->packed->shocks[index], terms[PL_CPU_BASIS_UP], vectors, &worst,
                   &scenario);
    a->mm =
        plus(a->mm, scale_up_minus(worst, t->underlyings[index].mm_loss_factor, &a->bad), &a->bad);
    a->im = plus(a->im, scale_up_minus(worst, t->frozen_im_factor[index], &a->bad), &a->bad);
    a->im = plus(a->im, negated(terms[perpetual ? PL_CPU_GROSS_AGAIN : PL_CPU_GROSS]), &a->bad);
    const bool worse = worst < a->worst_loss;
    a->worst_loss = worse ? worst : a->worst_loss;
    a->worst_underlying = worse ? index : a->worst_underlying;
    a->worst_scenario = worse ? scenario : a->worst_scenario;
}

/* The terms of a slot's expiry; NULL: it is no position that the quick way takes. */
INLINE const struct pl_cpu_terms *terms_of(const struct pl_cpu_packed *p, uint64_t slot)
{
    uint32_t instrument = (uint32_t)pl_slot_position_instrument(slot);
    uint8_t tag = pl_slot_tag(slot);
    if ((tag != PL_TAG_POSITION && tag != PL_TAG_REQUIREMENT) ||
        instrument >= p->tables->model.instruments)
        return NULL;
    const struct pl_cpu_terms *t = &p->terms[p->expiries[instrument]];
    return t->quick ? t : NULL;
}

/* The next underlying of the account: its expiries and its close. Returns the slot after it. */
INLINE const uint64_t *take_underlying(struct account *a, const struct pl_cpu_terms *t,
                                       const uint64_t *slot, const int vectors,
                                       const struct way way)
{
    struct vectors v = { .main = a->main, .greeks = a->greeks };
    const uint16_t index = t->underlying;
    const struct pl_cpu_shocks *shocks = &a->packed->shocks[index];
    bool perpetual = false;
    uint32_t expiries = 0;
    for (int i = 0; i <= vectors; i++)
        v.pnl[i] = v_zero();
    v.terms = v_zero();
    for (; t != NULL && t->underlying == index; t = terms_of(a->packed, *slot)) {
        const uint64_t *behind = take_expiry(a, &v, t, shocks, slot, vectors, way, &perpetual);
        if (behind == slot) /* its row has flags */
            break;
        slot = behind;
        expiries++;
    }
    a->bad |= expiries > EXPIRIES_MAX;
    a->expiries += expiries;
    a->main = v.main;
    a->greeks = v.greeks;
    close_underlying(a, &v, index, perpetual, vectors);
    return slot;
}

INLINE const uint64_t *take_next(struct account *a, const struct pl_cpu_terms *t,
                                 const uint64_t *slot, const struct way way)
{
    _Static_assert(PL_CPU_VECTORS_MAX == 5, "a case each");
    if (way.bracketed)
        return take_underlying(a, t, slot, 0, way);
    switch (a->packed->shocks[t->underlying].vectors) {
    case 0: return take_underlying(a, t, slot, 0, way);
    case 1: return take_underlying(a, t, slot, 1, way);
    case 2: return take_underlying(a, t, slot, 2, way);
    case 3: return take_underlying(a, t, slot, 3, way);
    case 4: return take_underlying(a, t, slot, 4, way);
    default: return take_underlying(a, t, slot, 5, way);
    }
}

/* Adds up the cash slots at the start of an account. */
INLINE const uint64_t *take_cash(struct account *a, const uint64_t *slot)
{
    a->cash = 0;
    fetch_ahead(a, slot - 1, a->packed->vectors); /* of the header */
    for (; pl_slot_tag(*slot) == PL_TAG_CASH; slot++) {
        fetch_ahead(a, slot, a->packed->vectors);
        a->cash = plus(a->cash, pl_slot_cash_amount(*slot), &a->bad);
    }
    return slot;
}

/* Sums the account whose slots start behind its header. Returns the slot after it; NULL: not quick.
 */
INLINE const uint64_t *take_account(struct account *a, const uint64_t *slot, const struct way way)
{
    const uint64_t *first = slot;
    a->last_instrument = -1;
    a->bad = a->expiries = 0;
    a->main = a->greeks = v_zero();
    a->mm = a->im = a->worst_loss = 0;
    a->worst_underlying = UINT16_MAX;
    a->worst_scenario = PL_WORST_NONE;
    slot = take_cash(a, slot);
    while (pl_slot_tag(*slot) != PL_TAG_HEADER && pl_slot_tag(*slot) != PL_TAG_END) {
        const struct pl_cpu_terms *t = terms_of(a->packed, *slot);
        const uint64_t *before = slot;
        if (t == NULL)
            return NULL;
        slot = take_next(a, t, slot, way);
        if (slot == before)
            return NULL;
    }
    bool quick =
        a->bad == 0 && a->expiries <= ACCOUNT_EXPIRIES_MAX && slot - first < PL_ACCOUNT_SLOTS_MAX;
    return quick ? slot : NULL;
}

/* Equity, excesses and state as verdict.c judges them; false: not quick. */
INLINE bool judge(const struct account *a, uint64_t header, struct pl_verdict *v)
{
    const struct pl_tables *t = a->packed->tables;
    const int64_t multiplier = t->multipliers[pl_slot_header_multiplier(header)].value;
    int64_t main[PL_CPU_LANES];
    v_storeu(main, a->main);
    int64_t fee = -main[PL_CPU_FEE];
    uint32_t bad = 0;
    int64_t mm = plus(a->mm, fee - main[PL_CPU_MM], &bad);
    int64_t im = plus(a->im, fee - main[PL_CPU_IM], &bad);
    v->equity = plus(main[PL_CPU_VALUE], a->cash, &bad);
    v->maintenance_excess =
        plus(v->equity, negated(scale_up_minus(negated(mm), multiplier, &bad)), &bad);
    v->initial_excess =
        plus(v->equity, negated(scale_up_minus(negated(im), multiplier, &bad)), &bad);
    v->state = v->equity < 0               ? PL_STATE_BANKRUPT
               : v->maintenance_excess < 0 ? PL_STATE_LIQUIDATE
               : v->initial_excess < 0     ? PL_STATE_MARGIN_CALL
                                           : PL_STATE_HEALTHY;
    return bad == 0;
}

/* The other fields of a verdict that is returned. */
INLINE void fill(const struct account *a, uint64_t header, struct pl_verdict *v)
{
    const struct pl_tables *t = a->packed->tables;
    int64_t greeks[PL_CPU_LANES];
    v_storeu(greeks, a->greeks);
    v->account = (uint32_t)pl_slot_header_account(header);
    v->mode = (uint8_t)pl_slot_header_mode(header);
    v->flags = 0;
    v->worst_underlying = (uint16_t)a->worst_underlying;
    v->worst_scenario = (uint8_t)a->worst_scenario;
    v->worst_loss = a->worst_loss;
    v->delta = greeks[PL_GREEK_DELTA];
    v->gamma = greeks[PL_GREEK_GAMMA];
    v->vega = greeks[PL_GREEK_VEGA];
    v->theta = greeks[PL_GREEK_THETA];
    v->rho = greeks[PL_GREEK_RHO];
    v->profile = t->profile;
    v->tick = t->tick;
    v->model_version = t->model.model_version;
    v->table_version = t->model.table_version;
    v->position_version = 0;
    v->reserved0 = 0;
    v->reserved1 = 0;
}

static const uint64_t *take_portfolio(struct account *a, const uint64_t *slot)
{
    return take_account(a, slot, (struct way){ false, false });
}

static const uint64_t *take_portfolio_greeks(struct account *a, const uint64_t *slot)
{
    return take_account(a, slot, (struct way){ true, false });
}

static const uint64_t *take_bracketed(struct account *a, const uint64_t *slot, bool greeks)
{
    return greeks ? take_account(a, slot, (struct way){ true, true })
                  : take_account(a, slot, (struct way){ false, true });
}

static const uint64_t *take_by_mode(struct account *a, uint64_t header, const uint64_t *slot,
                                    bool greeks)
{
    if (pl_slot_header_mode(header) != PL_MODE_PORTFOLIO)
        return take_bracketed(a, slot, greeks);
    return greeks ? take_portfolio_greeks(a, slot) : take_portfolio(a, slot);
}

/* The next account, if it is quick: *taken verdicts of it. */
static bool take_quick(struct account *a, struct pl_sweep *s, struct pl_verdict *v, size_t *taken)
{
    const uint64_t header = s->slots[s->next], *behind = &s->slots[s->next + 1], *end;
    if (pl_slot_tag(header) != PL_TAG_HEADER || pl_slot_header_mode(header) < PL_MODE_PORTFOLIO ||
        pl_slot_header_mode(header) > PL_MODE_ISOLATED ||
        pl_slot_header_multiplier(header) >= s->tables->model.multipliers)
        return false;
    const bool all = s->filter == PL_STATE_HEALTHY;
    end = take_by_mode(a, header, behind, all);
    if (end == NULL || !judge(a, header, v))
        return false;
    *taken = v->state >= s->filter;
    if (*taken != 0) {
        if (!all) { /* only a few come so far */
            fetch_greeks(a->packed, behind, end);
            if (take_by_mode(a, header, behind, true) == NULL)
                return false;
        }
        fill(a, header, v);
        v->serial = v->serial_again = s->serial++;
    }
    s->next = (size_t)(end - s->slots);
    s->summary.accounts++;
    s->summary.by_state[v->state]++;
    s->summary.flagged += *taken;
    s->summary.last_account = (uint32_t)pl_slot_header_account(header);
    return true;
}

/* As pl_sweep_take(), byte for byte. */
static size_t kernel_take(const struct pl_cpu_packed *packed, struct pl_sweep *s,
                          struct pl_verdict *verdicts, size_t max)
{
    struct account a = { .packed = packed };
    size_t taken = 0;
    if (s->count == 0 || pl_slot_tag(s->slots[s->count - 1]) != PL_TAG_END)
        return pl_sweep_take(s, verdicts, max); /* to the error at its end */
    a.last_slot = &s->slots[s->count - 1];
    while (taken < max && pl_sweep_goes_on(s)) {
        size_t got;
        if (!take_quick(&a, s, &verdicts[taken], &got))
            got = pl_sweep_take_one(s, &verdicts[taken]);
        taken += got;
    }
    return taken;
}

#endif
