/* Options of one expiry, eight at a time: what the pricing kernels take and give. */
#ifndef PL_CPU_BLACK_H
#define PL_CPU_BLACK_H

#include <stdint.h>

#include "model/pricing.h"

#define PL_CPU_OPTIONS 8

/* struct pl_black_in of eight options. */
struct pl_cpu_options {
    uint64_t forward[PL_CPU_OPTIONS], strike[PL_CPU_OPTIONS], vol_q45[PL_CPU_OPTIONS];
    uint8_t calls; /* a bit each */
};

/* Value, and a bit per option where pl_black_value() sets PL_PRICE_DOMAIN or _SATURATED. */
struct pl_cpu_values {
    int64_t value[PL_CPU_OPTIONS];
    uint8_t domain, saturated;
};

/* struct pl_real of eight options. */
struct pl_cpu_reals {
    int64_t m[PL_CPU_OPTIONS], e[PL_CPU_OPTIONS];
};

struct pl_cpu_greeks {
    struct pl_cpu_reals delta, gamma, vega, theta, theta_decay, rho;
};

typedef void pl_cpu_price(const struct pl_expiry_math *expiry, const struct pl_cpu_options *options,
                          struct pl_cpu_values *out);

/* A list of options in blocks of eight; *flags gets those of any of them. */
void pl_cpu_price_blocks(pl_cpu_price *price, const struct pl_expiry_math *expiry,
                         const struct pl_black_in *options, uint32_t count, int64_t *values,
                         uint32_t *flags);

#endif
