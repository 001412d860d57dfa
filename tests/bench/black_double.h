/* What the pricing bench compares with: the same formulas in floating point. */
#ifndef PL_BENCH_BLACK_DOUBLE_H
#define PL_BENCH_BLACK_DOUBLE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct double_option {
    const double *forward, *strike, *vol;
    const double *call;           /* 1 or -1 */
    double years, discount, rate; /* of all */
    double *value, *delta, *gamma, *vega, *theta;
};

/* Black-76 by the textbook, vectors of the compiler, functions of libmvec. */
void double_black(const struct double_option *o, size_t count);

/* The same by SLEEF's vectors; count: a multiple of 8. */
void sleef_black(const struct double_option *o, size_t count);

/* QuantLib's AnalyticEuropeanEngine, an instrument and its process per option. */
void quantlib_black(const struct double_option *o, size_t count);

#ifdef __cplusplus
}
#endif
#endif
