#include "exact.h"

#include <assert.h>
#include <errno.h>
#include <stddef.h>

__extension__ typedef unsigned __int128 u128;

#define DECIMALS_MAX 40 /* |exponent| of a decimal */

static void wide_set(struct pl_wide *a, uint64_t value)
{
    *a = (struct pl_wide){ .used = value != 0 };
    a->limb[0] = value;
}

static void wide_times(struct pl_wide *a, uint64_t factor)
{
    uint64_t carry = 0;
    for (uint32_t i = 0; i < a->used; i++) {
        u128 product = (u128)a->limb[i] * factor + carry;
        a->limb[i] = (uint64_t)product;
        carry = (uint64_t)(product >> 64);
    }
    if (carry != 0) {
        assert(a->used < PL_WIDE_LIMBS);
        a->limb[a->used++] = carry;
    }
    while (a->used > 0 && a->limb[a->used - 1] == 0)
        a->used--;
}

static void wide_times_ten(struct pl_wide *a, int exponent)
{
    assert(exponent >= 0);
    for (; exponent >= 19; exponent -= 19)
        wide_times(a, UINT64_C(10000000000000000000));
    for (; exponent > 0; exponent--)
        wide_times(a, 10);
}

static void wide_product(struct pl_wide *out, const struct pl_wide *a, const struct pl_wide *b)
{
    assert(a->used + b->used <= PL_WIDE_LIMBS);
    *out = (struct pl_wide){ .used = a->used + b->used };
    for (uint32_t i = 0; i < a->used; i++) {
        uint64_t carry = 0;
        for (uint32_t k = 0; k < b->used; k++) {
            u128 sum = (u128)a->limb[i] * b->limb[k] + out->limb[i + k] + carry;
            out->limb[i + k] = (uint64_t)sum;
            carry = (uint64_t)(sum >> 64);
        }
        out->limb[i + b->used] = carry;
    }
    while (out->used > 0 && out->limb[out->used - 1] == 0)
        out->used--;
}

static int wide_compare(const struct pl_wide *a, const struct pl_wide *b)
{
    if (a->used != b->used)
        return a->used > b->used ? 1 : -1;
    for (uint32_t i = a->used; i-- > 0;)
        if (a->limb[i] != b->limb[i])
            return a->limb[i] > b->limb[i] ? 1 : -1;
    return 0;
}

static void wide_add(struct pl_wide *a, const struct pl_wide *b)
{
    uint32_t used = a->used > b->used ? a->used : b->used;
    uint64_t carry = 0;
    for (uint32_t i = 0; i < used; i++) {
        u128 sum = (u128)a->limb[i] + b->limb[i] + carry;
        a->limb[i] = (uint64_t)sum;
        carry = (uint64_t)(sum >> 64);
    }
    a->used = used;
    if (carry != 0) {
        assert(used < PL_WIDE_LIMBS);
        a->limb[a->used++] = carry;
    }
}

/* a - b, a >= b */
static void wide_subtract(struct pl_wide *a, const struct pl_wide *b)
{
    uint64_t borrow = 0;
    for (uint32_t i = 0; i < a->used; i++) {
        u128 difference = (u128)a->limb[i] - b->limb[i] - borrow;
        a->limb[i] = (uint64_t)difference;
        borrow = (uint64_t)(difference >> 64) & 1;
    }
    assert(borrow == 0);
    while (a->used > 0 && a->limb[a->used - 1] == 0)
        a->used--;
}

static void wide_halve(struct pl_wide *a)
{
    for (uint32_t i = 0; i < a->used; i++) {
        uint64_t above = i + 1 < a->used ? a->limb[i + 1] : 0;
        a->limb[i] = a->limb[i] >> 1 | above << 63;
    }
    if (a->used > 0 && a->limb[a->used - 1] == 0)
        a->used--;
}

static uint64_t magnitude(int64_t value)
{
    return value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
}

/* *a + *b with signs, into *a. */
static void add_signed(struct pl_wide *a, bool *negative, const struct pl_wide *b, bool b_negative)
{
    if (*negative == b_negative) {
        wide_add(a, b);
    } else if (wide_compare(a, b) >= 0) {
        wide_subtract(a, b);
    } else {
        struct pl_wide larger = *b;
        wide_subtract(&larger, a);
        *a = larger;
        *negative = b_negative;
    }
}

void pl_fraction_set(struct pl_fraction *f, int64_t value)
{
    f->negative = value < 0;
    wide_set(&f->top, magnitude(value));
    wide_set(&f->bottom, 1);
}

void pl_fraction_multiply_int(struct pl_fraction *f, int64_t factor)
{
    f->negative = f->negative != (factor < 0);
    wide_times(&f->top, magnitude(factor));
}

void pl_fraction_multiply(struct pl_fraction *f, struct pl_decimal factor)
{
    pl_fraction_multiply_int(f, factor.mantissa);
    wide_times_ten(factor.exponent < 0 ? &f->bottom : &f->top,
                   factor.exponent < 0 ? -factor.exponent : factor.exponent);
}

void pl_fraction_divide(struct pl_fraction *f, struct pl_decimal divisor)
{
    assert(divisor.mantissa > 0);
    wide_times(&f->bottom, (uint64_t)divisor.mantissa);
    wide_times_ten(divisor.exponent < 0 ? &f->top : &f->bottom,
                   divisor.exponent < 0 ? -divisor.exponent : divisor.exponent);
}

void pl_fraction_difference(struct pl_fraction *f, struct pl_decimal a, struct pl_decimal b)
{
    int least = a.exponent < b.exponent ? a.exponent : b.exponent;
    assert(least >= -DECIMALS_MAX && a.exponent <= DECIMALS_MAX && b.exponent <= DECIMALS_MAX);
    struct pl_wide other;
    wide_set(&other, magnitude(b.mantissa));
    wide_times_ten(&other, b.exponent - least);
    pl_fraction_set(f, a.mantissa);
    wide_times_ten(&f->top, a.exponent - least);
    add_signed(&f->top, &f->negative, &other, b.mantissa >= 0);
    wide_times_ten(least < 0 ? &f->bottom : &f->top, least < 0 ? -least : least);
}

void pl_fraction_quotient(struct pl_fraction *out, const struct pl_fraction *f,
                          const struct pl_fraction *g)
{
    assert(!g->negative && g->top.used > 0);
    out->negative = f->negative;
    wide_product(&out->top, &f->top, &g->bottom);
    wide_product(&out->bottom, &f->bottom, &g->top);
}

void pl_fraction_subtract(struct pl_fraction *out, const struct pl_fraction *f, int64_t count,
                          const struct pl_fraction *g)
{
    struct pl_wide other;
    out->negative = f->negative;
    wide_product(&out->top, &f->top, &g->bottom);
    wide_product(&other, &g->top, &f->bottom);
    wide_times(&other, magnitude(count));
    add_signed(&out->top, &out->negative, &other, (count < 0) == g->negative);
    wide_product(&out->bottom, &f->bottom, &g->bottom);
}

int pl_fraction_floor(const struct pl_fraction *f, int decimals, int64_t *out)
{
    struct pl_wide rest = f->top, divisor = f->bottom;
    wide_times_ten(&rest, decimals);
    wide_times(&divisor, UINT64_C(1) << 63);
    if (wide_compare(&rest, &divisor) >= 0)
        return -ERANGE;
    uint64_t quotient = 0;
    for (int i = 62; i >= 0; i--) {
        wide_halve(&divisor);
        if (wide_compare(&rest, &divisor) < 0)
            continue;
        wide_subtract(&rest, &divisor);
        quotient |= UINT64_C(1) << i;
    }
    if (f->negative && rest.used > 0 && quotient == INT64_MAX)
        return -ERANGE; /* -2^63: no number of the feed is that low */
    int64_t value = (int64_t)quotient;
    *out = f->negative ? -value - (rest.used > 0 ? 1 : 0) : value;
    return 0;
}
