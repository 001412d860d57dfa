#include "black.h"

#include <string.h>

void pl_cpu_price_blocks(pl_cpu_price *price, const struct pl_expiry_math *expiry,
                         const struct pl_black_in *options, uint32_t count, int64_t *values,
                         uint32_t *flags)
{
    *flags = 0;
    for (uint32_t first = 0; first < count; first += PL_CPU_OPTIONS) {
        uint32_t n = count - first < PL_CPU_OPTIONS ? count - first : PL_CPU_OPTIONS;
        struct pl_cpu_options block = { .calls = 0 };
        struct pl_cpu_values out;
        for (uint32_t i = 0; i < PL_CPU_OPTIONS; i++) { /* what is left over repeats the last one */
            const struct pl_black_in *o = &options[first + (i < n ? i : n - 1)];
            block.forward[i] = o->forward;
            block.strike[i] = o->strike;
            block.vol_q45[i] = o->vol_q45;
            block.calls |= (uint8_t)(o->is_call << i);
        }
        price(expiry, &block, &out);
        memcpy(&values[first], out.value, n * sizeof values[0]);
        *flags |= (out.domain != 0 ? PL_PRICE_DOMAIN : 0u) |
                  (out.saturated != 0 ? PL_PRICE_SATURATED : 0u);
    }
}
