/* How fast cpu: prices: value, delta, gamma, vega, theta (and rho) of 4,096 options of one expiry,
 * beside the specification, floating point with libmvec, and SLEEF and QuantLib where they are
 * installed. Every result of the vectors is compared with the specification's bits, of floating
 * point with its numbers. Prints millions of options per second of processor time, the median of
 * short rounds in turn.
 *
 *   black [--rows] */
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
#include "rows.h"

#define OPTIONS 4096
#define BLOCKS (OPTIONS / PL_CPU_OPTIONS)
#define SPOT 7000000
#define TURNS 10
#define ROUNDS 500 /* of each, in turns */

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

#ifdef PL_SLEEF
static void by_sleef(void)
{
    sleef_black(&doubles, OPTIONS);
}
#else
#define by_sleef NULL
#endif

#ifdef PL_QUANTLIB
static void by_quantlib(void)
{
    quantlib_black(&doubles, OPTIONS);
}
#else
#define by_quantlib NULL
#endif

static bool differs(const struct pl_cpu_reals *got, int lane, struct pl_real expected)
{
    return got->m[lane] != expected.m || got->e[lane] != expected.e;
}

/* Every result of an instruction set with the specification's bits. */
static void compare(const char *name)
{
    by_vectors();
    for (int i = 0; i < OPTIONS; i++) {
        const struct pl_cpu_greeks *g = &greeks[i / PL_CPU_OPTIONS];
        int lane = i % PL_CPU_OPTIONS;
        if (values[i / PL_CPU_OPTIONS].value[lane] != out[i].value ||
            differs(&g->delta, lane, out[i].delta) || differs(&g->gamma, lane, out[i].gamma) ||
            differs(&g->vega, lane, out[i].vega) || differs(&g->theta, lane, out[i].theta) ||
            differs(&g->rho, lane, out[i].rho)) {
            fprintf(stderr, "black: %s, option %d differs from the specification\n", name, i);
            exit(1);
        }
    }
}

static bool far(double got, double expected, double scale)
{
    return !(fabs(got - expected) <= 1e-9 * scale);
}

static double real(struct pl_real r)
{
    return ldexp((double)r.m, r.e - PL_REAL_BITS);
}

/* Floating point prices the same options: within 1e-9 of a forward, and half a unit's rounding. */
static void compare_doubles(const char *name)
{
    for (int i = 0; i < OPTIONS; i++) {
        const double f = (double)in[i].forward;
        const struct pl_black_out *o = &out[i];
        if (far(columns[4][i], (double)o->value, f + 0.5e9) ||
            far(columns[5][i], real(o->delta), 1) || far(columns[6][i], real(o->gamma), 10 / f) ||
            far(columns[7][i], real(o->vega), f) || far(columns[8][i], real(o->theta), f)) {
            fprintf(stderr, "black: %s, option %d is far from the specification\n", name, i);
            exit(1);
        }
    }
}

/* What prices, in turns. */
static struct way {
    const char *name;
    void (*price)(void); /* NULL: why says why not */
    const char *isa, *why;
    int rounds;
    double seconds[ROUNDS];
} ways[] = {
    { .name = "cpu: avx512", .price = by_vectors, .isa = "avx512", .rounds = ROUNDS },
    { .name = "cpu: avx2", .price = by_vectors, .isa = "avx2", .rounds = ROUNDS },
    { .name = "cpu: avx512, value only",
      .price = by_vectors_values,
      .isa = "avx512",
      .rounds = ROUNDS },
    { .name = "cpu: avx2, value only",
      .price = by_vectors_values,
      .isa = "avx2",
      .rounds = ROUNDS },
    { .name = "specification (model:)", .price = by_model, .rounds = ROUNDS / 10 },
    { .name = "libmvec, double", .price = by_doubles, .rounds = ROUNDS },
    { .name = "SLEEF, double",
      .price = by_sleef,
      .why = "libsleef-dev is not installed",
      .rounds = ROUNDS },
    { .name = "QuantLib, AnalyticEuropeanEngine",
      .price = by_quantlib,
      .why = "libquantlib0-dev is not installed",
      .rounds = ROUNDS / 50 },
};
#define WAYS (sizeof ways / sizeof ways[0])

/* False: it is not here. */
static bool choose(struct way *w)
{
    if (w->isa == NULL)
        return w->price != NULL;
    isa = pl_cpu_isa_find(w->isa);
    bool here = isa != NULL && isa->greeks != NULL && pl_cpu_isa_here(isa);
    if (!here)
        w->why = "not on this processor";
    return here;
}

static void check(struct way *w)
{
    if (w->isa != NULL) {
        compare(w->name);
    } else {
        w->price();
        if (w->price != by_model)
            compare_doubles(w->name);
    }
}

static void measure(struct way *w, int first, int count)
{
    for (int i = first; i < first + count; i++) {
        double start = clock_seconds();
        w->price();
        w->seconds[i] = clock_seconds() - start;
    }
}

int main(int argc, char **argv)
{
    rows_start(&argc, argv);
    make_options();
    by_model();
    for (int turn = -1; turn < TURNS; turn++) {
        for (size_t i = 0; i < WAYS; i++) {
            int count = ways[i].rounds / TURNS;
            if (!choose(&ways[i]))
                continue;
            if (turn < 0)
                check(&ways[i]);
            else
                measure(&ways[i], turn * count, count);
        }
    }
    printf("M options/s of one thread: value, delta, gamma, vega, theta\n");
    for (size_t i = 0; i < WAYS; i++) {
        struct way *w = &ways[i];
        if (!choose(w)) {
            printf("  %-40s %s\n", w->name, w->why);
            rows_missing("pricing", w->name, w->why);
            continue;
        }
        double rate = OPTIONS / rows_median(w->seconds, (size_t)w->rounds) / 1e6;
        printf("  %-40s %8.2f\n", w->name, rate);
        rows_add("pricing", w->name, "M options/s", rate);
    }
    return 0;
}
