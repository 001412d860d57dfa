/* Products and quotients of money, exact in 128 bits and rounded once: what somebody pays up, what
 * somebody receives down. */
#ifndef PL_DECIDE_EXACT_H
#define PL_DECIDE_EXACT_H

#include "model/money.h"

/* a * b / c towards minus infinity, c > 0; limited to 64 bits with PL_FLAG_OVERFLOW in *flags. */
static inline int64_t pl_mul_div_down(int64_t a, int64_t b, int64_t c, uint32_t *flags)
{
    pl_i128 product = (pl_i128)a * b, quotient = product / c;
    return pl_money_limit(quotient - (product % c < 0 ? 1 : 0), flags);
}

/* The same towards plus infinity. */
static inline int64_t pl_mul_div_up(int64_t a, int64_t b, int64_t c, uint32_t *flags)
{
    pl_i128 product = (pl_i128)a * b, quotient = product / c;
    return pl_money_limit(quotient + (product % c > 0 ? 1 : 0), flags);
}

#endif
