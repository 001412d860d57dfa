/* Pricing into a risk row: what one lot of an instrument is worth now and under every scenario.
 *
 * The row depends on the instrument and the frozen tick only, never on who holds it. Values are
 * rounded half-up once, in row units; requirement columns are rounded up. What does not fit sets a
 * flag. */
#ifndef PL_MODEL_ROW_H
#define PL_MODEL_ROW_H

#include <stdint.h>

#include "pl_abi.h"

struct pl_arith;
struct pl_black_in;
struct pl_expiry_math;
struct pl_tables;

/* 1/100 and 1/365 as struct pl_real, rounded half-up to 52 bits. */
#define PL_ROW_HUNDREDTH_M INT64_C(2882303761517117)
#define PL_ROW_HUNDREDTH_E (-6)
#define PL_ROW_DAY_M INT64_C(3158689053717389)
#define PL_ROW_DAY_E (-8)

/* Values of `count` options of one expiry, as pl_black_value() gives them; *flags gets those of any
 * of them. */
typedef void pl_row_price(const struct pl_arith *arith, const struct pl_expiry_math *expiry,
                          const struct pl_black_in *options, uint32_t count, int64_t *values,
                          uint32_t *flags);

/* Fills the row of `instrument` from the frozen tick; `quote`, when not NULL, gets value and Greeks
 * at full relative precision. */
void pl_row_fill(const struct pl_tables *tables, uint32_t instrument, struct pl_row *row,
                 struct pl_quote *quote);

/* Bits of a price word, and of the magnitude of a row entry, in a profile. */
static inline unsigned pl_price_bits(uint8_t profile)
{
    return profile == PL_PROFILE_SMALL ? PL_PRICE_BITS_SMALL : PL_PRICE_BITS_FULL;
}

static inline unsigned pl_row_bits(uint8_t profile)
{
    return profile == PL_PROFILE_SMALL ? PL_ROW_BITS_SMALL : PL_ROW_BITS_FULL;
}

/* The forward under a shock: F * (1 + moving * (shock - 1)), each product rounded half-up.
 * Before the settlement window moving is 1; inside it only the rest of the average moves. */
uint64_t pl_row_shocked_forward(uint64_t forward, int64_t moving_q40, int64_t shock_q40);

/* The multiplier that a vol rule puts on sigma; log_moneyness_q48 is ln(K/F), read by the skew
 * rules: 1 + y, at least 0, y = k * slope limited to cap (k >= 0) or to -cap (k < 0). */
int64_t pl_row_vol_multiplier(const struct pl_tick_shift *shift, uint8_t vol_rule,
                              int64_t log_moneyness_q48);

#endif
