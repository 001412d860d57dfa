/* Products and quotients of money, exact in 128 bits and rounded once: what somebody pays up, what
 * somebody receives down. */
#ifndef PL_DECIDE_EXACT_H
#define PL_DECIDE_EXACT_H

#include "model/money.h"

/* product / c, c > 0; 64 bits where they do, at a tenth of the time. */
static inline pl_i128 pl_exact_divide(pl_i128 product, int64_t c, int64_t *rest)
{
    if (product == (int64_t)product) {
        *rest = (int64_t)product % c;
        return (int64_t)product / c;
    }
    *rest = (int64_t)(product % c);
    return product / c;
}

/* a * b / c towards minus infinity, c > 0; limited to 64 bits with PL_FLAG_OVERFLOW in *flags. */
static inline int64_t pl_mul_div_down(int64_t a, int64_t b, int64_t c, uint32_t *flags)
{
    int64_t rest;
    pl_i128 quotient = pl_exact_divide((pl_i128)a * b, c, &rest);
    return pl_money_limit(quotient - (rest < 0 ? 1 : 0), flags);
}

/* The same towards plus infinity. */
static inline int64_t pl_mul_div_up(int64_t a, int64_t b, int64_t c, uint32_t *flags)
{
    int64_t rest;
    pl_i128 quotient = pl_exact_divide((pl_i128)a * b, c, &rest);
    return pl_money_limit(quotient + (rest > 0 ? 1 : 0), flags);
}

#endif
