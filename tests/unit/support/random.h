/* Seeds and random numbers of the tests: PL_SEED reruns a failure, PL_ROUNDS scales the work. */
#ifndef PL_TEST_RANDOM_H
#define PL_TEST_RANDOM_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define UNUSED __attribute__((unused))

/* splitmix64 (Vigna, public domain) */
static UNUSED uint64_t random_u64(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static UNUSED uint64_t random_below(uint64_t *state, uint64_t limit)
{
    return random_u64(state) % limit;
}

static UNUSED int64_t random_within(uint64_t *state, int64_t low, int64_t high)
{
    return low + (int64_t)random_below(state, (uint64_t)(high - low) + 1);
}

/* True once in n times. */
static UNUSED bool random_once_in(uint64_t *state, uint64_t n)
{
    return random_below(state, n) == 0;
}

/* A word whose bit length is uniform in 0..bits, with random sign: small and huge values alike. */
static UNUSED int64_t random_word(uint64_t *state, unsigned bits)
{
    unsigned length = (unsigned)random_below(state, bits + 1);
    uint64_t value = length == 0 ? 0 : random_u64(state) >> (64 - length);
    return random_u64(state) & 1 ? -(int64_t)value : (int64_t)value;
}

static UNUSED double random_real(uint64_t *state, double low, double high)
{
    return low + (high - low) * (double)(random_u64(state) >> 11) * 0x1p-53;
}

static UNUSED double random_log(uint64_t *state, double low, double high)
{
    return exp(random_real(state, log(low), log(high)));
}

/* The seed of a test: PL_SEED, or `initial`; printed. */
static UNUSED uint64_t random_seed(uint64_t initial)
{
    const char *text = getenv("PL_SEED");
    uint64_t seed = text != NULL ? strtoull(text, NULL, 0) : initial;
    print_message("seed %" PRIu64 " (PL_SEED reruns it)\n", seed);
    return seed;
}

/* `initial` rounds, times PL_ROUNDS (a factor, default 1). */
static UNUSED uint64_t random_rounds(uint64_t initial)
{
    const char *text = getenv("PL_ROUNDS");
    double factor = text != NULL ? strtod(text, NULL) : 1;
    double rounds = (double)initial * factor;
    return rounds < 1 ? 1 : (uint64_t)rounds;
}

#endif
