/* A quick account is without resting orders, flags or offset groups, and no sum
 * of one of its expiries reaches 2^55 of money. Everything else, and every error, is left to
 * pl_sweep_next(), whose bytes the quick way returns.
 *
 * States come first, of eight accounts at a time; an account that is returned is summed again, with
 * everything that a verdict has.
 *
 * Included once per instruction set, behind its vectors. */
#ifndef PL_CPU_SWEEP_KERNEL_H
#define PL_CPU_SWEEP_KERNEL_H

#include "model/money.h"
#include "model/sums.h"
#include "model/sweep.h"
#include "expiry_kernel.h"
#include "judge_kernel.h"
#include "packed.h"

#define EXPIRIES_MAX 31 /* of one underlying */
#define ACCOUNT_EXPIRIES_MAX 127

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

/* The requirements for an underlying's worst loss. */
INLINE void add_loss(struct account *a, int64_t worst, uint32_t index)
{
    const struct pl_tables *t = a->packed->tables;
    a->mm =
        plus(a->mm, scale_up_minus(worst, t->underlyings[index].mm_loss_factor, &a->bad), &a->bad);
    a->im = plus(a->im, scale_up_minus(worst, t->frozen_im_factor[index], &a->bad), &a->bad);
}

INLINE void close_underlying(struct account *a, const struct vectors *v, uint16_t index,
                             bool perpetual, const int vectors)
{
    int64_t terms[PL_CPU_LANES], worst;
    uint32_t scenario;
    v_storeu(terms, v->terms);
    worst_scenario(v, &a->packed->shocks[index], terms[PL_CPU_BASIS_UP], vectors, &worst,
                   &scenario);
    add_loss(a, worst, index);
    a->im = plus(a->im, negated(terms[perpetual ? PL_CPU_GROSS_AGAIN : PL_CPU_GROSS]), &a->bad);
    const bool worse = worst < a->worst_loss;
    a->worst_loss = worse ? worst : a->worst_loss;
    a->worst_underlying = worse ? index : a->worst_underlying;
    a->worst_scenario = worse ? scenario : a->worst_scenario;
}

/* The same for the state alone: the penalty into the sums, the loss left for later. */
INLINE void leave_underlying(struct account *a, const struct vectors *v, uint16_t index,
                             bool perpetual, const int vectors)
{
    vec least = v_min(v_keep(m_from_bits(1 << PL_CPU_BASIS_UP), v->terms), v_zero());
    for (int i = 0; i < vectors; i++)
        least = v_min(least, v->pnl[i]);
    if (a->packed->shocks[index].tail)
        least = v_min(least, v->pnl[vectors]);
    const mask again = m_from_bits((uint8_t)(perpetual << PL_CPU_GROSS_AGAIN));
    vec penalty = v_pick(again, v->terms, v_swap_pairs(v->terms));
    penalty = v_keep(m_from_bits(1 << PL_CPU_GROSS_AGAIN), penalty);
    a->bad |= v_any(outside(penalty, SUM_BITS), UINT64_MAX);
    a->main = v_add(a->main, penalty);
    a->least = least;
    a->underlying = index;
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
    for (const uint64_t *s = a->fetched; s < slot; s++) /* of header and cash */
        fetch_ahead(a, s, vectors);
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
    if (way.returned)
        close_underlying(a, &v, index, perpetual, vectors);
    else
        leave_underlying(a, &v, index, perpetual, vectors);
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
    for (; pl_slot_tag(*slot) == PL_TAG_CASH; slot++)
        a->cash = plus(a->cash, pl_slot_cash_amount(*slot), &a->bad);
    return slot;
}

/* Sums the account whose slots start behind its header. Returns the slot after it; NULL: not quick.
 */
INLINE const uint64_t *take_account(struct account *a, const uint64_t *slot, const struct way way)
{
    const uint64_t *first = slot;
    a->fetched = slot - 1;
    a->last_instrument = -1;
    a->bad = a->expiries = 0;
    a->main = a->greeks = v_zero();
    a->least = v_zero();
    a->underlying = 0;
    a->mm = a->im = a->worst_loss = 0;
    a->worst_underlying = UINT16_MAX;
    a->worst_scenario = PL_WORST_NONE;
    slot = take_cash(a, slot);
    while (pl_slot_tag(*slot) != PL_TAG_HEADER && pl_slot_tag(*slot) != PL_TAG_END) {
        const struct pl_cpu_terms *t = terms_of(a->packed, *slot);
        const uint64_t *before = slot;
        if (t == NULL)
            return NULL;
        if (!way.returned && a->expiries > 0) /* one is left for later, not two */
            add_loss(a, v_least(a->least), a->underlying);
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

static const uint64_t *take_portfolio_returned(struct account *a, const uint64_t *slot)
{
    return take_account(a, slot, (struct way){ true, false });
}

static const uint64_t *take_bracketed(struct account *a, const uint64_t *slot, bool returned)
{
    return returned ? take_account(a, slot, (struct way){ true, true })
                    : take_account(a, slot, (struct way){ false, true });
}

/* The account of the header at slots[first]; NULL: not quick. */
static const uint64_t *take_any(struct account *a, const struct pl_sweep *s, size_t first,
                                bool returned)
{
    const uint64_t header = s->slots[first], *slot = &s->slots[first + 1];
    if (pl_slot_tag(header) != PL_TAG_HEADER || pl_slot_header_mode(header) < PL_MODE_PORTFOLIO ||
        pl_slot_header_mode(header) > PL_MODE_ISOLATED ||
        pl_slot_header_multiplier(header) >= s->tables->model.multipliers)
        return NULL;
    if (pl_slot_header_mode(header) != PL_MODE_PORTFOLIO)
        return take_bracketed(a, slot, returned);
    return returned ? take_portfolio_returned(a, slot) : take_portfolio(a, slot);
}

/* The next account by itself: verdicts of it. */
static size_t take_one(struct account *a, struct pl_sweep *s, struct pl_verdict *v)
{
    const uint64_t header = s->slots[s->next], *end = take_any(a, s, s->next, true);
    if (end == NULL || !judge(a, header, v))
        return pl_sweep_take_one(s, v);
    const size_t taken = v->state >= s->filter;
    if (taken != 0) {
        fill(a, header, v);
        v->serial = v->serial_again = s->serial++;
    }
    s->next = (size_t)(end - s->slots);
    s->summary.accounts++;
    s->summary.by_state[v->state]++;
    s->summary.flagged += (uint32_t)taken;
    s->summary.last_account = (uint32_t)pl_slot_header_account(header);
    return taken;
}

/* Sums the next accounts, at most this many, as long as they are quick. */
static void take_group(struct account *a, const struct pl_sweep *s, size_t most, struct group *g)
{
    const struct pl_tables *t = a->packed->tables;
    size_t next = s->next;
    unsigned n;
    for (n = 0; n < PL_CPU_LANES && n < most && next < s->stop; n++) {
        const uint64_t *end = take_any(a, s, next, false);
        if (end == NULL)
            break;
        g->first[n] = next;
        g->behind[n] = next = (size_t)(end - s->slots);
        v_storeu(g->main[n], a->main);
        v_storeu(g->least[n], a->least);
        g->mm_factor[n] = t->underlyings[a->underlying].mm_loss_factor;
        g->im_factor[n] = t->frozen_im_factor[a->underlying];
        g->mm[n] = a->mm;
        g->im[n] = a->im;
        g->cash[n] = a->cash;
        g->multiplier[n] = t->multipliers[pl_slot_header_multiplier(s->slots[g->first[n]])].value;
    }
    g->count = n;
}

/* Accounts that are not returned, up to the last of these lanes. */
static void count_lanes(struct pl_sweep *s, const struct group *g, const struct states *states,
                        unsigned lanes)
{
    const int last = 31 - __builtin_clz(lanes);
    uint32_t *by_state = s->summary.by_state;
    s->summary.accounts += (uint32_t)__builtin_popcount(lanes);
    by_state[PL_STATE_HEALTHY] += (uint32_t)__builtin_popcount(states->healthy & lanes);
    by_state[PL_STATE_MARGIN_CALL] += (uint32_t)__builtin_popcount(states->margin_call & lanes);
    by_state[PL_STATE_LIQUIDATE] += (uint32_t)__builtin_popcount(states->liquidate & lanes);
    by_state[PL_STATE_BANKRUPT] += (uint32_t)__builtin_popcount(states->bankrupt & lanes);
    s->summary.last_account = (uint32_t)pl_slot_header_account(s->slots[g->first[last]]);
    s->next = g->behind[last];
}

/* Judges a group: verdicts at or above the filter, at most `max`. */
static size_t settle_group(struct account *a, struct pl_sweep *s, const struct group *g,
                           struct pl_verdict *verdicts, size_t max)
{
    const struct states states = judge_group(g);
    unsigned below = states.healthy;
    size_t taken = 0;
    below |= s->filter > PL_STATE_MARGIN_CALL ? states.margin_call : 0;
    below |= s->filter > PL_STATE_LIQUIDATE ? states.liquidate : 0;
    below |= s->filter > PL_STATE_BANKRUPT ? states.bankrupt : 0;
    if (below == (1U << g->count) - 1) {
        count_lanes(s, g, &states, below);
        return 0;
    }
    for (unsigned i = 0; i < g->count; i++) {
        if ((below >> i & 1) == 0)
            fetch_greeks(a->packed, &s->slots[g->first[i]], &s->slots[g->behind[i]]);
    }
    for (unsigned i = 0; i < g->count && taken < max; i++) {
        if ((below >> i & 1) != 0)
            count_lanes(s, g, &states, 1U << i);
        else
            taken += take_one(a, s, &verdicts[taken]);
    }
    return taken;
}

/* As pl_sweep_take(), byte for byte. */
static size_t kernel_take(const struct pl_cpu_packed *packed, struct pl_sweep *s,
                          struct pl_verdict *verdicts, size_t max)
{
    struct account a = { .packed = packed };
    struct group g = { 0 };
    size_t taken = 0;
    if (s->count == 0 || pl_slot_tag(s->slots[s->count - 1]) != PL_TAG_END)
        return pl_sweep_take(s, verdicts, max); /* to the error at its end */
    a.fetch_end = s->slots + (s->count > AHEAD ? s->count - AHEAD : 0);
    a.far_end = s->slots + (packed->far && s->count > FAR_AHEAD ? s->count - FAR_AHEAD : 0);
    while (taken < max && pl_sweep_goes_on(s)) {
        if (s->filter == PL_STATE_HEALTHY) {
            taken += take_one(&a, s, &verdicts[taken]);
            continue;
        }
        take_group(&a, s, max - taken, &g);
        if (g.count == 0)
            taken += pl_sweep_take_one(s, &verdicts[taken]);
        else
            taken += settle_group(&a, s, &g, &verdicts[taken], max - taken);
    }
    return taken;
}

#endif
