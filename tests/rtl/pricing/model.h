/* The C model of the pricing in a C++ bench, and the profile that make chose (PROFILE: 1 full, 2
 * small). */
#ifndef PL_BENCH_PRICING_MODEL_H
#define PL_BENCH_PRICING_MODEL_H

#define _Static_assert static_assert
extern "C" {
#include "model/arith.h"
#include "model/pricing.h"
#include "model/roms.h"
}

static const struct pl_arith *const arith = PROFILE == 1 ? &pl_arith_full : &pl_arith_small;
static const unsigned word = PROFILE == 1 ? 51 : 34;

#endif
