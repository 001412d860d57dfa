/* How fast cpu: prices: value, delta, gamma, vega, theta (and rho) of 4,096 options of one expiry,
 * beside the specification, floating point with libmvec, and QuantLib where it is installed
 * (libquantlib0-dev). Every result of the vectors is compared with the specification's bits. Prints
 * millions of options per second of processor time, the best of many short rounds. */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "black_double.h"
#include "clock.h"
#include "cpu/isa.h"
#include "market.h"
#include "model/fixmath.h"

#define OPTIONS 4096
#define BLOCKS (OPTIONS / PL_CPU_OPTIONS)
#define SPOT 7000000

static struct pl_black_in in[OPTIONS];
static struct pl_black_out out[OPTIONS];
static struct pl_cpu_options blocks[BLOCKS];
static struct pl_cpu_values values[BLOCKS];
static struct pl_cpu_greeks greeks[BLOCKS];
static struct pl_expiry_math expiry;
static double columns[9][OPTIONS];
static struct double_option doubles = { .forward = columns[0],
                                        .strike = columns[1],
                                        .vol = columns[2],
                                        .call = columns[3],
                                        .value = columns[4],
                                        .delta = columns[5],
                                        .gamma = columns[6],
                                        .vega = columns[7],
                                        .theta = columns[8] };
static const struct pl_cpu_isa *isa;

static void make_options(void)
{
    const uint64_t days = 30;
    const double rate = 0.03;
    pl_fix_expiry(&expiry, days * 86400 * 1000000, (int64_t)ldexp(rate, PL_RATE_BITS));
    doubles.years = (double)days / 365;
    doubles.rate = rate;
    doubles.discount = exp(-rate * doubles.years);
    for (int i = 0; i < OPTIONS; i++) {
        in[i] = (struct pl_black_in){ SPOT + market_draw(2000) - 1000, SPOT / 2 + market_draw(SPOT),
                                      (UINT64_C(1) << PL_VOL_BITS) / 100 * (30 + market_draw(90)),
                                      market_draw(2) };
        struct pl_cpu_options *b = &blocks[i / PL_CPU_OPTIONS];
        int lane = i % PL_CPU_OPTIONS;
        b->forward[lane] = in[i].forward;
        b->strike[lane] = in[i].strike;
        b->vol_q45[lane] = in[i].vol_q45;
        b->calls |= (uint8_t)(in[i].is_call << lane);
        columns[0][i] = (double)in[i].forward;
        columns[1][i] = (double)in[i].strike;
        columns[2][i] = ldexp((double)in[i].vol_q45, -PL_VOL_BITS);
        columns[3][i] = in[i].is_call ? 1 : -1;
    }
}

static void by_model(void)
{
    for (int i = 0; i < OPTIONS; i++)
        pl_black(&pl_arith_full, &expiry, &in[i], &out[i]);
}

static void by_vectors(void)
{
    for (int i = 0; i < BLOCKS; i++)
        isa->greeks(&expiry, &blocks[i], &values[i], &greeks[i]);
}

static void by_vectors_values(void)
{
    for (int i = 0; i < BLOCKS; i++)
        isa->values(&expiry, &blocks[i], &values[i]);
}

static void by_doubles(void)
{
    double_black(&doubles, OPTIONS);
}

#ifdef PL_QUANTLIB
static void by_quantlib(void)
{
    quantlib_black(&doubles, OPTIONS);
}
#endif

static bool differs(const struct pl_cpu_reals *got, int lane, struct pl_real expected)
{
    return got->m[lane] != expected.m || got->e[lane] != expected.e;
}

static void compare(void)
{
    by_model();
    by_vectors();
    for (int i = 0; i < OPTIONS; i++) {
        const struct pl_cpu_greeks *g = &greeks[i / PL_CPU_OPTIONS];
        int lane = i % PL_CPU_OPTIONS;
        if (values[i / PL_CPU_OPTIONS].value[lane] != out[i].value ||
            differs(&g->delta, lane, out[i].delta) || differs(&g->gamma, lane, out[i].gamma) ||
            differs(&g->vega, lane, out[i].vega) || differs(&g->theta, lane, out[i].theta) ||
            differs(&g->rho, lane, out[i].rho)) {
            fprintf(stderr, "black: option %d differs from the specification\n", i);
            exit(1);
        }
    }
}

static double rate(void (*price)(void), int rounds)
{
    double least = 1e9;
    for (int i = 0; i < rounds; i++) {
        double start = clock_seconds();
        price();
        double s = clock_seconds() - start;
        least = s < least ? s : least;
    }
    return OPTIONS / least / 1e6;
}

/* Prints an instruction set's line. */
static void show(const char *name, double model, double floating)
{
    isa = pl_cpu_isa_find(name);
    if (isa == NULL || !pl_cpu_isa_here(isa)) {
        printf("  %-40s not on this processor\n", name);
        return;
    }
    compare();
    double fast = rate(by_vectors, 2000), values_only = rate(by_vectors_values, 2000);
    printf("  %-40s %8.2f (value only: %.2f; x %.2f of the specification, x %.2f of libmvec)\n",
           name, fast, values_only, fast / model, fast / floating);
}

int main(void)
{
    make_options();
    printf("M options/s of one thread: value, delta, gamma, vega, theta\n");
    double model = rate(by_model, 200), floating = rate(by_doubles, 2000);
    show("avx512", model, floating);
    show("avx2", model, floating);
    printf("  %-40s %8.2f\n", "specification", model);
    printf("  %-40s %8.2f\n", "double, libmvec", floating);
#ifdef PL_QUANTLIB
    printf("  %-40s %8.2f\n", "QuantLib, AnalyticEuropeanEngine", rate(by_quantlib, 10));
#endif
    return 0;
}
