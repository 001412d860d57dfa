/* Eight accounts judged at once: what their sums leave undone, and their states, a lane each.
 *
 * An account whose numbers are all below 2^55 (360 million), its cash below 2^61, has states
 * without overflow: a loss times at most 4 is below 2^57, requirements below 2^58 as v_scale()
 * wants, their multiple below 2^60, equity below 2^62 + 2^61. Others are judged one by one.
 *
 * Included once per instruction set, behind its vectors. */
#ifndef PL_CPU_JUDGE_KERNEL_H
#define PL_CPU_JUDGE_KERNEL_H

#include <stddef.h>
#include <stdint.h>

#include "packed.h"

#define JUDGED_BITS 55
#define CASH_BITS 61

struct group {
    unsigned count;
    size_t first[PL_CPU_LANES], behind[PL_CPU_LANES]; /* slots of each account */
    _Alignas(64) int64_t main[PL_CPU_LANES][PL_CPU_LANES];
    _Alignas(64) int64_t least[PL_CPU_LANES][PL_CPU_LANES];   /* P&L of the underlying left */
    int64_t mm_factor[PL_CPU_LANES], im_factor[PL_CPU_LANES]; /* of it */
    int64_t mm[PL_CPU_LANES], im[PL_CPU_LANES];               /* besides it and the columns */
    int64_t cash[PL_CPU_LANES], multiplier[PL_CPU_LANES];
};

/* Lanes of each state, and those that are to be judged one by one. */
struct states {
    uint8_t healthy, margin_call, liquidate, bankrupt, unknown;
};

/* Not 0 where a word is not in [-2^bits, 2^bits). */
INLINE vec outside(vec x, int bits)
{
    return v_and(v_add(x, v_all(UINT64_C(1) << bits)), v_all(-(UINT64_C(2) << bits)));
}

/* Requirements stand with a minus. */
static struct states judge_group(const struct group *g)
{
    static const int columns[4] = { PL_CPU_VALUE, PL_CPU_FEE, PL_CPU_IM, PL_CPU_MM };
    vec main[4], rest;
    v_columns(g->main, columns, main);
    const vec least = v_least_of(g->least), cash = v_loadu(g->cash);
    const vec other_mm = v_loadu(g->mm), other_im = v_loadu(g->im);
    const vec factors = v_or(v_or(v_loadu(g->mm_factor), v_loadu(g->im_factor)),
                             v_loadu(g->multiplier)); /* none is negative */
    rest = v_or(outside(main[1], JUDGED_BITS), outside(main[2], JUDGED_BITS));
    rest = v_or(rest, v_or(outside(main[3], JUDGED_BITS), outside(least, JUDGED_BITS)));
    rest = v_or(rest, v_or(outside(other_mm, JUDGED_BITS), outside(other_im, JUDGED_BITS)));
    rest = v_or(rest, v_or(outside(cash, CASH_BITS), v_shr(factors, PL_COEFFICIENT_BITS + 2)));
    vec mm = v_add(v_sub(v_add(main[1], main[3]), other_mm), v_scale(least, v_loadu(g->mm_factor)));
    vec im = v_add(v_sub(v_add(main[1], main[2]), other_im), v_scale(least, v_loadu(g->im_factor)));
    const vec equity = v_add(main[0], cash), multiplier = v_loadu(g->multiplier);
    mm = v_add(equity, v_scale(mm, multiplier));
    im = v_add(equity, v_scale(im, multiplier));
    const unsigned unknown = m_bits(m_nonzero(rest));
    const unsigned known = ~unknown & ((1U << g->count) - 1);
    const unsigned bankrupt = m_bits(m_negative(equity)) & known;
    const unsigned liquidate = m_bits(m_negative(mm)) & known & ~bankrupt;
    const unsigned call = m_bits(m_negative(im)) & known & ~bankrupt & ~liquidate;
    return (struct states){ .healthy = (uint8_t)(known & ~bankrupt & ~liquidate & ~call),
                            .margin_call = (uint8_t)call,
                            .liquidate = (uint8_t)liquidate,
                            .bankrupt = (uint8_t)bankrupt,
                            .unknown = (uint8_t)(unknown & ((1U << g->count) - 1)) };
}

#endif
