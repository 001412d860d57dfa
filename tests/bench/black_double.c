/* Compiled with -Ofast for this processor: see the Makefile. */
#include "black_double.h"

#include <math.h>

void double_black(const struct double_option *o, size_t count)
{
    const double *forward = o->forward, *strike = o->strike;
    const double *vol = o->vol, *call = o->call;
    double *value = o->value, *delta = o->delta, *gamma = o->gamma;
    double *vega = o->vega, *theta = o->theta;
    const double years = o->years, root = sqrt(years), discount = o->discount, rate = o->rate;
#pragma GCC ivdep
    for (size_t i = 0; i < count; i++) {
        const double f = forward[i], k = strike[i], w = call[i];
        const double s = vol[i] * root, d1 = log(f / k) / s + s / 2, d2 = d1 - s;
        const double n1 = erfc(-w * d1 * M_SQRT1_2) / 2, n2 = erfc(-w * d2 * M_SQRT1_2) / 2;
        const double density = exp(-d1 * d1 / 2) * (M_2_SQRTPI * M_SQRT1_2 / 2);
        const double v = discount * w * (f * n1 - k * n2);
        const double per_vol = discount * f * density * root;
        value[i] = v;
        delta[i] = discount * w * n1;
        gamma[i] = discount * density / (f * s);
        vega[i] = per_vol;
        theta[i] = rate * v - per_vol * vol[i] / (2 * years);
    }
}
