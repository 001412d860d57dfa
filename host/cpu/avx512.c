/* The kernels for AVX-512 with IFMA (52-bit multiplies). */
#include "black_avx512.h"
#include "isa.h"
#include "sweep_avx512.h"

static bool here(void)
{
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512ifma");
}

static void price(const struct pl_arith *arith, const struct pl_expiry_math *expiry,
                  const struct pl_black_in *options, uint32_t count, int64_t *values,
                  uint32_t *flags)
{
    (void)arith;
    pl_cpu_price_blocks(pl_cpu_values_avx512, expiry, options, count, values, flags);
}

const struct pl_cpu_isa pl_cpu_avx512 = {
    .name = "avx512",
    .here = here,
    .take = pl_cpu_take_avx512,
    .price = price,
    .values = pl_cpu_values_avx512,
    .greeks = pl_cpu_greeks_avx512,
};
