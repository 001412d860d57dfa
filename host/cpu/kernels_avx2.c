/* The kernels in AVX2, with 32-bit multiplies in sweeps and doubles in prices. */
#include "vec_avx2.h"

#include "black_kernel.h"
#include "isa.h"
#include "sweep_kernel.h"

const struct pl_cpu_isa pl_cpu_avx2 = {
    .name = "avx2",
    .take = kernel_take,
    .price = kernel_price,
    .values = kernel_values,
    .greeks = kernel_greeks,
};
