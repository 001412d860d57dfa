/* What the margin model derives from time, rates and prices, once per expiry: integers in, contract
 * words out. This is part of the specification: every host derives the same words. Formulas: the
 * portfolio model of docs/margin-model.md, by its step numbers. No floating point; rounding half-up
 * unless said. */
#ifndef PL_STAGE_DERIVE_H
#define PL_STAGE_DERIVE_H

#include <stdint.h>

#include "feed/model_spec.h"
#include "model/fixed.h"
#include "pl_abi.h"

/* Step 1 to 4 and 6: everything of an option expiry that time and rate move. `ttl_us` is the time
 * to expiry,
 * >= 0; `rate_q48` is already raised to the model's floor. */
void pl_derive_time(const struct pl_underlying_spec *spec, uint64_t ttl_us, int64_t rate_q48,
                    struct pl_tick_time *out);

/* Step 3: vol rules of an expiry. Multipliers saturate at PL_VOL_MULTIPLIER_MAX, caps at
 * PL_COEFFICIENT_MAX. */
void pl_derive_shift(const struct pl_underlying_spec *spec, uint64_t ttl_us,
                     struct pl_tick_shift *out);

/* D = exp(-r T). */
struct pl_real pl_derive_discount(uint64_t ttl_us, int64_t rate_q48);

/* Step 8: the oracle term per unit of notional: (1 - c) * margin where c < threshold, else 0;
 * rounded up. */
int64_t pl_derive_penalty(const struct pl_underlying_spec *spec, int64_t confidence_q40);

/* Step 9: the initial loss factor with the peg term. `stable_q40` is the settlement currency's
 * price. */
int64_t pl_derive_im_loss_factor(const struct pl_underlying_spec *spec, int64_t stable_q40);

#endif
