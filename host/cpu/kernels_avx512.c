/* The kernels in AVX-512 with IFMA (52-bit multiplies). */
#include "vec_avx512.h"

#include "black_kernel.h"
#include "isa.h"
#include "sweep_kernel.h"

const struct pl_cpu_isa pl_cpu_avx512 = {
    .name = "avx512",
    .take = kernel_take,
    .price = kernel_price,
    .values = kernel_values,
    .greeks = kernel_greeks,
};
