/* The five functions the pipeline looks up: a ROM row per segment, then Horner steps.
 * Coefficients, segments and measured errors: pl_tables.h, from hw/pricing/gen_tables.py.
 * In all of them the segment index is the argument's leading bits and t its inverted low bits: the
 * distance from the segment's right edge, Q0.R. Results have FB fraction bits and at most W bits.
 */
#ifndef PL_ROMS_H
#define PL_ROMS_H

#include "arith.h"
#include "pl_tables.h"

/* One Horner evaluation; degree multiplies, each floored. */
PL_STEP uint64_t pl_rom_horner(const struct pl_arith *a, const uint64_t *rom, uint64_t row,
                               uint64_t t)
{
    const uint64_t *c = rom + row * (a->degree + 1);
    uint64_t acc = c[a->degree];
    if (a->degree > 3) {
        acc = c[3] + pl_mul(a, acc, t & a->t_mask[3], a->r);
    }
    if (a->degree > 2) {
        acc = c[2] + pl_mul(a, acc, t & a->t_mask[2], a->r);
    }
    acc = c[1] + pl_mul(a, acc, t & a->t_mask[1], a->r);
    return c[0] + pl_mul(a, acc, t & a->t_mask[0], a->r);
}

/* x has bits bits; the top index_bits of them choose the row, the others are t. */
PL_STEP uint64_t pl_rom_lookup(const struct pl_arith *a, const uint64_t *rom, uint64_t x,
                               uint32_t bits, uint32_t index_bits)
{
    const uint32_t low_bits = bits - index_bits;
    const uint64_t low_mask = (UINT64_C(1) << low_bits) - 1;
    const uint64_t row = (x >> low_bits) & ((UINT64_C(1) << index_bits) - 1);
    return pl_rom_horner(a, rom, row, (~x & low_mask) << (a->r - low_bits));
}

/* 1/x for x != 0. The ROM gives 1/m in (1, 2) for m in [1/2, 1): a mantissa as it is. */
PL_STEP struct pl_mag pl_rom_recip(const struct pl_arith *a, struct pl_mag x)
{
    const uint64_t q = pl_rom_lookup(a, a->recip, x.m, a->w - 1, PL_RECIP_INDEX_BITS);
    const struct pl_mag r = { q << (a->w - 1 - a->fb), 1 - x.e };
    return r;
}

/* -ln(m * 2^-W) for m in [2^(W-1), 2^W): Q0.FB. */
PL_STEP uint64_t pl_rom_neg_ln(const struct pl_arith *a, uint64_t m)
{
    return pl_rom_lookup(a, a->ln, m, a->w - 1, PL_LN_INDEX_BITS);
}

/* ln(1+z)/z for |z| < 2^-4, x = 1/2 + 8 z in Q0.W: Q1.FB. */
PL_STEP uint64_t pl_rom_log_ratio(const struct pl_arith *a, uint64_t x)
{
    return pl_rom_lookup(a, a->near, x, a->w, PL_NEAR_INDEX_BITS);
}

/* 2^-y for y in Q10.W: the ROM gives 2^(1-f) in (1, 2) for the fraction f, a mantissa as it is. */
PL_STEP struct pl_mag pl_rom_exp2_neg(const struct pl_arith *a, uint64_t y)
{
    const uint64_t q = pl_rom_lookup(a, a->exp2, y, a->w, PL_EXP2_INDEX_BITS);
    const struct pl_mag r = { q << (a->w - 1 - a->fb), -(int32_t)(y >> a->w) };
    return r;
}

/* Mills' ratio N(-z)/n(z), z in Q6.XB below 63; row by octave of z + 1. Q1.FB, at most 1.2534. */
PL_STEP uint64_t pl_rom_mills(const struct pl_arith *a, uint64_t z)
{
    _Static_assert(PL_MILLS_OCTAVES == PL_Z_INTEGER_BITS + 1, "z + 1 has octaves for u, s/2 <= 32");
    static const uint8_t index_bits[8] = PL_MILLS_INDEX_BITS;
    static const uint16_t first_row[8] = PL_MILLS_FIRST_ROW;
    const uint32_t xb = a->w - PL_Z_INTEGER_BITS;
    const uint64_t z1 = z + (UINT64_C(1) << xb);
    const uint32_t octave = (pl_bit_length(z1) - 1 - xb) & 7u;
    const uint32_t low_bits = xb + octave - index_bits[octave];
    const uint64_t row = (z1 >> low_bits) & ((UINT64_C(1) << index_bits[octave]) - 1);
    const uint64_t low_mask = (UINT64_C(1) << low_bits) - 1;
    return pl_rom_horner(a, a->mills, first_row[octave] + row,
                         (~z1 & low_mask) << (a->r - low_bits));
}

#endif
