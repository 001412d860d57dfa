/* Per-expiry mathematics on the host: integer only, deterministic, the same on every machine.
 *
 * Every struct pl_real returned is the exact value rounded half-up to 52 bits, within 0.502 units
 * of the last place: the value before the rounding is good to 2^-60 relative (pl_fix_quotient and
 * pl_fix_ratio: exact, so correctly rounded). tests/unit/model/test_fixmath.c holds them to this
 * against 60-digit references. Loops are bounded by 128 steps.
 */
#ifndef PL_FIXMATH_H
#define PL_FIXMATH_H

#include <stdint.h>

#include "fixed.h"
#include "pricing.h"

#define PL_FIX_YEAR_US UINT64_C(31536000000000) /* the engine's year: 365 days exactly */

/* num / den; 0 if den is 0. */
struct pl_real pl_fix_ratio(uint64_t num, uint64_t den);

/* a / b; 0 if b is 0. Signs follow the usual rule. */
struct pl_real pl_fix_quotient(struct pl_real a, struct pl_real b);

/* sqrt(num / den); 0 if den is 0. */
struct pl_real pl_fix_sqrt_ratio(uint64_t num, uint64_t den);

/* exp(x) and exp(-x), x in signed Q16.48: any word. */
struct pl_real pl_fix_exp_q48(int64_t x_q48);
struct pl_real pl_fix_exp_neg_q48(int64_t x_q48);

/* (num / den)^p, p in signed Q6.40 (any word is taken). num or den 0 yields 0.
 * Where |p ln(num/den)| reaches 32768 the result is exp(+-32768). */
struct pl_real pl_fix_pow_ratio(uint64_t num, uint64_t den, int64_t p_q40);

/* ln(num / den) in signed Q.48, rounded half-up in magnitude; num or den 0 yields 0. */
int64_t pl_fix_ln_ratio_q48(uint64_t num, uint64_t den);

/* All fields of an expiry: T = ttl_us / PL_FIX_YEAR_US, D = exp(-r T) with r T rounded half-up to
 * Q.48 (so D is within 2^-49 relative). ttl_us = 0 is the expired state: T and both roots 0, D = 1.
 */
void pl_fix_expiry(struct pl_expiry_math *x, uint64_t ttl_us, int64_t rate_q48);

#endif
