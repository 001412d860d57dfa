/* The option-pricing engine: discounted Black-76 and its Greeks in integers.
 *
 * Pure functions: no floating point, no allocation, no global state, every input bit pattern
 * allowed. The C code here is the definition; RTL, SIMD and OpenCL mirror it bit for bit, step by
 * step.
 *
 * Accuracy over K/F 1e-3..1e3, vol 1 %..500 %, T 1 minute..10 years, r -50 %..100 %, held by
 * tests/oracle/black against 50-digit references; the largest seen in 300,000 points is below half
 * of it:
 *
 *   full   small
 *   1e-13  3e-8  value, per unit of max(F, K) max(D, 1), besides the half unit of its rounding
 *   1e-12  1e-7  delta, per unit of max(D, 1); rho, per unit of max(F, K) T D
 *   2e-11  5e-6  gamma, vega and theta_decay, relative where n(d1) >= 1e-6; theta, per unit of
 *                |theta_decay| + |r V|, besides |r| times the value's limit
 */
#ifndef PL_PRICING_H
#define PL_PRICING_H

#include <stdbool.h>
#include <stdint.h>

#include "fixed.h"

struct pl_arith; /* arith.h */
extern const struct pl_arith pl_arith_full;
extern const struct pl_arith pl_arith_small;

/* Flags. DOMAIN: forward or strike is 0 or too wide, or an expiry's real is not as stated below;
 * all other outputs are 0. SATURATED: D * Black is above 2^51 - 1 (full) or 2^35 - 1 (small); the
 * value is that limit, and the Greeks hold. */
#define PL_PRICE_DOMAIN 1u
#define PL_PRICE_SATURATED 2u

/* Per expiry, from pl_fix_expiry(). Each real is 0 or normalised, not negative, |e| <= 256; D is
 * not 0. (So D outside about e^-177..e^177 is out of domain.) */
struct pl_expiry_math {
    struct pl_real sqrt_t;          /* sqrt(T), T in years of 365 days; 0 when expired */
    struct pl_real half_inv_sqrt_t; /* 1 / (2 sqrt(T)); 0 when expired */
    struct pl_real discount;        /* D > 0; above 1 for negative rates, S/F for coin-settled */
    struct pl_real years;           /* T; 0 when expired */
    int64_t rate_q48;               /* r per year, signed Q.48; enters theta's carry only */
};

struct pl_black_in {
    uint64_t forward, strike; /* price units, 1 .. 2^51 - 1 (full) or 2^34 - 1 (small) */
    uint64_t vol_q45;         /* sigma, Q.45, any word; sigma sqrt(T) saturates at 16 */
    bool is_call;
};

/* Prices in price units. With T = 0 or sigma = 0 the value is the discounted intrinsic one, delta
 * is D or -D in the money and 0 out of it, and gamma, vega, theta_decay, vanna and volga are 0.
 * There F = K counts as in the money for the call and out of it for the put, so that delta(call) -
 * delta(put) = D always. Where sigma sqrt(T) saturates, the value no longer moves with sigma:
 * gamma, vega, theta_decay, vanna and volga are 0. Where |ln(F/K)| >= 32 sigma sqrt(T), N and n are
 * at their limits. Negative results round like positive ones of the same magnitude (truncation),
 * value excepted. */
struct pl_black_out {
    int64_t value; /* D * Black-76, rounded half-up once; call - put = F - K exactly at D = 1 */
    struct pl_real delta;       /* dV/dF: D N(d1) or -D N(-d1) */
    struct pl_real gamma;       /* d2V/dF2: per price unit */
    struct pl_real vega;        /* dV/dsigma per 1.00 */
    struct pl_real theta;       /* dV/dt per year of calendar time: theta_decay + r V */
    struct pl_real theta_decay; /* -D F n(d1) sigma / (2 sqrt(T)) */
    struct pl_real rho;         /* per 1.00, the spot model's: T K D N(d2) or -T K D N(-d2) */
    struct pl_real vanna;       /* d2V/(dF dsigma) = -D n(d1) d2 / sigma */
    struct pl_real volga;       /* d2V/dsigma2 = vega d1 d2 / sigma */
    uint32_t flags;             /* PL_PRICE_* */
};

/* a is one of the two profiles above. */
void pl_black(const struct pl_arith *a, const struct pl_expiry_math *x,
              const struct pl_black_in *in, struct pl_black_out *out);

/* The same value and flags without the Greeks: what a scenario needs. */
int64_t pl_black_value(const struct pl_arith *a, const struct pl_expiry_math *x,
                       const struct pl_black_in *in, uint32_t *flags);

/* ln(strike / forward), signed Q.48, the magnitude rounded half-up: the same ln as in the pricing,
 * within 3e-14 (full) or 1.5e-8 (small) times 1 + |ln|. 0 where strike or forward is out of
 * pl_black's domain. */
int64_t pl_log_moneyness_q48(const struct pl_arith *a, uint64_t strike, uint64_t forward);

#endif
