/* Pricing in 512-bit vectors, profile full: pl_black_value() and pl_black() bit for bit. */
#ifndef PL_CPU_BLACK_AVX512_H
#define PL_CPU_BLACK_AVX512_H

#include "black.h"

void pl_cpu_values_avx512(const struct pl_expiry_math *expiry, const struct pl_cpu_options *options,
                          struct pl_cpu_values *out);
void pl_cpu_greeks_avx512(const struct pl_expiry_math *expiry, const struct pl_cpu_options *options,
                          struct pl_cpu_values *out, struct pl_cpu_greeks *greeks);

#endif
