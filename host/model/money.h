/* Money in signed 64-bit words and Q.40 coefficients: every rounding of the close is one of these.
 */
#ifndef PL_MODEL_MONEY_H
#define PL_MODEL_MONEY_H

#include <stdbool.h>
#include <stdint.h>

#include "fixed.h"
#include "pl_abi.h"

/* Wide sums as the sweep keeps them; the flag is set, and the result limited, when it does not fit
 * 64 bits. */
static inline int64_t pl_money_limit(pl_i128 value, uint32_t *flags)
{
    if (value != (int64_t)value) {
        *flags |= PL_FLAG_OVERFLOW;
        return value < 0 ? INT64_MIN : INT64_MAX;
    }
    return (int64_t)value;
}

static inline int64_t pl_money_add(int64_t a, int64_t b, uint32_t *flags)
{
    int64_t sum;
    if (!__builtin_add_overflow(a, b, &sum))
        return sum;
    *flags |= PL_FLAG_OVERFLOW;
    return a < 0 ? INT64_MIN : INT64_MAX;
}

static inline int64_t pl_money_sub(int64_t a, int64_t b, uint32_t *flags)
{
    int64_t difference;
    if (!__builtin_sub_overflow(a, b, &difference))
        return difference;
    *flags |= PL_FLAG_OVERFLOW;
    return a < 0 ? INT64_MIN : INT64_MAX;
}

/* value / 2^shift, rounded towards minus infinity (values, P&L) or plus infinity (requirements); a
 * negative shift multiplies. Sums have at most 98 bits, so a shift by -PL_ROW_SHIFT_MAX may leave
 * 128: it is limited first, which pl_money_limit then flags. */
static inline pl_i128 pl_shift_down(pl_i128 value, int shift)
{
    const pl_i128 limit = (pl_i128)1 << 80;
    if (shift >= 0)
        return value >> shift;
    return (value > limit ? limit : value < -limit ? -limit : value) * ((pl_i128)1 << -shift);
}

static inline pl_i128 pl_shift_up(pl_i128 value, int shift)
{
    return -pl_shift_down(-value, shift);
}

/* money * coefficient, rounded down (P&L) or up (requirements). */
static inline int64_t pl_money_scale_down(int64_t money, int64_t coefficient, uint32_t *flags)
{
    return pl_money_limit(pl_shift_down((pl_i128)money * coefficient, PL_COEFFICIENT_BITS), flags);
}

static inline int64_t pl_money_scale_up(int64_t money, int64_t coefficient, uint32_t *flags)
{
    return pl_money_limit(pl_shift_up((pl_i128)money * coefficient, PL_COEFFICIENT_BITS), flags);
}

static inline int64_t pl_min64(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static inline int64_t pl_max64(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

#define PL_COEFFICIENT_ONE (INT64_C(1) << PL_COEFFICIENT_BITS)

#endif
