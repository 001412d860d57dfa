/* Inputs for the pricing benches: markets, thresholds, any bits, broken words; and the fields of
 * wide ports. */
#ifndef PL_BENCH_PRICING_CASES_H
#define PL_BENCH_PRICING_CASES_H

#include <cmath>
#include <utility>

#include "pricing/model.h"
#include "support/bench.h"

struct Case {
    struct pl_black_in in;
    struct pl_expiry_math x;
};

/* Bits position .. position + width - 1 of a wide port; width at most 64. */
template <class Port> uint64_t field(const Port &port, unsigned position, unsigned width)
{
    uint64_t value = 0;
    for (unsigned done = 0; done < width;) {
        const unsigned bit = position + done;
        value |= (uint64_t)(port[bit / 32] >> (bit % 32)) << done;
        done += 32 - bit % 32;
    }
    return width == 64 ? value : value & ((UINT64_C(1) << width) - 1);
}

template <class Port> void set_field(Port &port, unsigned position, unsigned width, uint64_t value)
{
    for (unsigned i = 0; i < width; i++) {
        const unsigned bit = position + i;
        port[bit / 32] = (port[bit / 32] & ~(1u << (bit % 32))) | (uint32_t)(value >> i & 1u)
                                                                      << (bit % 32);
    }
}

/* pl_price_in_t; a real is {e in 13 bits, m in 52}. */
template <class Port> void drive(Port &port, const Case &c)
{
    const struct pl_real reals[4] = { c.x.sqrt_t, c.x.half_inv_sqrt_t, c.x.discount, c.x.years };
    set_field(port, 0, 64, c.in.forward);
    set_field(port, 64, 64, c.in.strike);
    set_field(port, 128, 64, c.in.vol_q45);
    set_field(port, 192, 1, c.in.is_call);
    for (unsigned i = 0; i < 4; i++) {
        set_field(port, 193 + 65 * i, 52, (uint64_t)reals[i].m);
        set_field(port, 245 + 65 * i, 13, (uint64_t)(int64_t)reals[i].e);
    }
    set_field(port, 453, 64, (uint64_t)c.x.rate_q48);
}

static inline double unit(bench::Random &random)
{
    return (double)(random.bits() >> 11) * 0x1p-53;
}

/* Every length up to `bits` as likely; often a power of two or one less. */
static inline uint64_t sized(bench::Random &random, unsigned bits)
{
    const unsigned length = (unsigned)random.below(bits + 1);
    const uint64_t all = length == 0 ? 0 : ~UINT64_C(0) >> (64 - length);
    const uint64_t top = all ^ (all >> 1);
    return random.percent(12) ? top : random.percent(12) ? all : top | (random.bits() & all);
}

static inline int32_t between(bench::Random &random, int32_t low, int32_t high)
{
    return low + (int32_t)random.below((uint64_t)(high - low + 1));
}

static inline struct pl_real real_of(double v)
{
    struct pl_real x = { 0, 0 };
    if (v > 0) {
        int e;
        x.m = (int64_t)std::ldexp(std::frexp(v, &e), PL_REAL_BITS);
        x.e = e;
    }
    return x;
}

static inline struct pl_real any_real(bench::Random &random, int32_t e_max)
{
    const int64_t top = INT64_C(1) << (PL_REAL_BITS - 1);
    const struct pl_real one = { top, 1 };
    const int64_t m = random.percent(10)   ? top
                      : random.percent(10) ? 2 * top - 1
                                           : top + (int64_t)random.below((uint64_t)top);
    const int32_t e = random.percent(5)   ? e_max
                      : random.percent(5) ? -e_max
                                          : between(random, -e_max, e_max);
    return random.percent(5) ? one : pl_real{ m, e };
}

static inline uint64_t price_of(double v)
{
    const uint64_t limit = (UINT64_C(1) << word) - 1;
    return v < 1 ? 1 : v >= (double)limit ? limit : (uint64_t)v;
}

/* Prices, vol and time as markets have them: vol 1 %..500 %, a minute..10 years. */
static inline void market_case(bench::Random &random, Case &c)
{
    const double f = std::exp2(unit(random) * word);
    const double k = f * std::exp((unit(random) - 0.5) * (random.percent(50) ? 14 : 1));
    const double years = 1.9e-6 * std::exp(unit(random) * std::log(5.3e6));
    const double rate = (unit(random) - 0.3) * 1.5;
    c.in.forward = price_of(f);
    c.in.strike = price_of(k);
    c.in.vol_q45 = (uint64_t)(0.01 * std::exp(unit(random) * std::log(500.0)) * 0x1p45);
    c.x.sqrt_t = real_of(std::sqrt(years));
    c.x.half_inv_sqrt_t = real_of(0.5 / std::sqrt(years));
    c.x.years = real_of(years);
    c.x.discount = random.percent(20) ? real_of(1.0) : real_of(std::exp(-rate * years));
    c.x.rate_q48 = (int64_t)(rate * 0x1p48);
}

/* At the money with s near the last bit of a: 1 - n(a) (M(|a|) + M(b)) is 0 give or take a bit. */
static inline void tiny_vol_case(bench::Random &random, Case &c)
{
    c.in.strike = c.in.forward;
    c.in.vol_q45 = UINT64_C(1) << 45;
    c.x.sqrt_t =
        real_of(std::exp2(-(double)between(random, 20, (int32_t)word)) * (1 + unit(random)));
}

/* a and b on both sides of an edge between two segments of M, a few bits apart: M may step up
 * there. */
static inline void mills_edge_case(bench::Random &random, Case &c)
{
    const double gap = (double)(1 + random.below(word * 8)),
                 f = std::exp2(word - 1 - 6 * unit(random));
    const double u = std::exp2(between(random, 1, 5)) * (1 + (double)random.below(128) / 128) - 1;
    c.in.forward = price_of(f);
    c.in.strike = c.in.forward + (uint64_t)gap;
    const double s = std::log1p(gap / (double)c.in.forward) / u;
    c.in.vol_q45 = UINT64_C(1) << 45;
    c.x.sqrt_t = real_of(s * (1 + (unit(random) - 0.5) * std::exp2(8.0 - word)));
    if (random.percent(50))
        std::swap(c.in.forward, c.in.strike);
}

/* Around the thresholds: adjacent prices, |K/F - 1| = 2^-4, s = 16, u = 32, a = 0, the value's
 * limit, expiry. */
static inline void edge_case(bench::Random &random, Case &c)
{
    market_case(random, c);
    const uint64_t f = c.in.forward, limit = (UINT64_C(1) << word) - 1;
    const double root = std::ldexp((double)c.x.sqrt_t.m, c.x.sqrt_t.e - PL_REAL_BITS);
    const double near_one = 1 + (unit(random) - 0.5) * std::exp2(-(double)random.below(52));
    const double ln = std::fabs(std::log((double)c.in.strike / (double)f));
    double vol = -1;
    switch (random.below(11)) {
    case 0: c.in.strike = f + random.below(3) - 1; break;
    case 1: c.in.strike = price_of((double)f * (1 + 0.0625 * near_one)); break;
    case 2: c.in.strike = price_of((double)f * (1 - 0.0625 * near_one)); break;
    case 3: vol = 16 / root * near_one; break;
    case 4: vol = ln / (32 * root) * near_one; break;
    case 5: vol = std::sqrt(2 * ln) / root * near_one; break;
    case 6:
        c.x.discount = real_of(std::exp2(PROFILE == 1 ? 51 : 35) / (double)f * near_one *
                               (double)(1 + random.below(4)));
        break;
    case 7: c.x.sqrt_t = c.x.half_inv_sqrt_t = c.x.years = real_of(0); break;
    case 8: tiny_vol_case(random, c); break;
    case 9: mills_edge_case(random, c); break;
    default:
        c.in.strike = random.percent(50) ? f + sized(random, word) : f - sized(random, word);
        break;
    }
    if (vol >= 0)
        c.in.vol_q45 = vol >= 0x1p18 ? UINT64_MAX : (uint64_t)(vol * 0x1p45);
    if (random.percent(5))
        c.in.vol_q45 = random.below(2);
    if (random.percent(10))
        c.x.rate_q48 = random.percent(30) ? 0 : random.percent(50) ? INT64_MIN : INT64_MAX;
    if (c.in.strike == 0 || c.in.strike > limit)
        c.in.strike = f;
}

/* Any bits that are in domain. */
static inline void wild_case(bench::Random &random, Case &c)
{
    const int32_t e_max = random.percent(30) ? PL_EXPIRY_E_MAX : 40;
    c.in.forward = sized(random, word);
    c.in.strike = sized(random, word);
    c.in.forward += c.in.forward == 0;
    c.in.strike += c.in.strike == 0;
    c.in.vol_q45 = sized(random, 64);
    c.x.sqrt_t = any_real(random, e_max);
    c.x.half_inv_sqrt_t = any_real(random, e_max);
    c.x.discount = any_real(random, e_max);
    c.x.years = any_real(random, e_max);
    c.x.rate_q48 = (int64_t)(random.percent(50) ? sized(random, 64) : 0 - sized(random, 64));
}

/* One word broken; some of the results are in domain all the same. */
static inline void broken_case(bench::Random &random, Case &c)
{
    wild_case(random, c);
    struct pl_real *const reals[4] = { &c.x.sqrt_t, &c.x.half_inv_sqrt_t, &c.x.discount,
                                       &c.x.years };
    struct pl_real *const x = reals[random.below(4)];
    uint64_t *const price = random.percent(50) ? &c.in.forward : &c.in.strike;
    switch (random.below(8)) {
    case 0: *price = 0; break;
    case 1: *price = random.bits() | UINT64_C(1) << (word + random.below(64 - word)); break;
    case 2: *price = UINT64_C(1) << word; break;
    case 3: x->e = between(random, -4096, 4095); break;
    case 4: x->e = random.percent(50) ? PL_EXPIRY_E_MAX + 1 : -PL_EXPIRY_E_MAX - 1; break;
    case 5: x->m = (int64_t)sized(random, PL_REAL_BITS); break;
    case 6: x->m = 0; break;
    default: *x = pl_real{ 0, 0 }; break;
    }
}

#endif
