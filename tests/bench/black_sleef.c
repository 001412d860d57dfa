/* Compiled for this processor: see the Makefile. The fastest variant that SLEEF has of each
 * function: log within 3.5 ulp, exp within 1, erfc within 1.5. */
#include "black_double.h"

#include <immintrin.h>
#include <math.h>
#include <sleef.h>
#include <string.h>

#if defined __AVX512F__
typedef __m512d vec;
#define LOG Sleef_logd8_u35avx512f
#define EXP Sleef_expd8_u10avx512f
#define ERFC Sleef_erfcd8_u15avx512f
#elif defined __AVX2__
typedef __m256d vec;
#define LOG Sleef_logd4_u35avx2
#define EXP Sleef_expd4_u10avx2
#define ERFC Sleef_erfcd4_u15avx2
#else
typedef __m128d vec;
#define LOG Sleef_logd2_u35
#define EXP Sleef_expd2_u10
#define ERFC Sleef_erfcd2_u15
#endif

static inline vec load(const double *from)
{
    vec v;
    memcpy(&v, from, sizeof v);
    return v;
}

static inline void store(double *to, vec v)
{
    memcpy(to, &v, sizeof v);
}

void sleef_black(const struct double_option *o, size_t count)
{
    const double years = o->years, root = sqrt(years), discount = o->discount, rate = o->rate;
    for (size_t i = 0; i < count; i += sizeof(vec) / sizeof(double)) {
        const vec f = load(o->forward + i), k = load(o->strike + i), w = load(o->call + i);
        const vec vol = load(o->vol + i), s = vol * root;
        const vec d1 = LOG(f / k) / s + s * 0.5, d2 = d1 - s;
        const vec n1 = ERFC(-w * d1 * M_SQRT1_2) * 0.5, n2 = ERFC(-w * d2 * M_SQRT1_2) * 0.5;
        const vec density = EXP(-d1 * d1 * 0.5) * (M_2_SQRTPI * M_SQRT1_2 / 2);
        const vec v = discount * w * (f * n1 - k * n2), per_vol = discount * f * density * root;
        store(o->value + i, v);
        store(o->delta + i, discount * w * n1);
        store(o->gamma + i, discount * density / (f * s));
        store(o->vega + i, per_vol);
        store(o->theta + i, rate * v - per_vol * vol * (0.5 / years));
    }
}
