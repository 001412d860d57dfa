#include "decimal.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

__extension__ typedef unsigned __int128 u128; /* the one scalar C11 lacks */

#define EXPONENT_TEXT_MAX 1000000 /* saturates while reading; far outside every valid range */
#define POWERS 39                 /* 10^38 is the largest that fits 128 bits */
#define LIMBS 24                  /* 768 bits: 60 of a mantissa, 266 of 10^80, 64 of a shift */

_Static_assert(PL_DECIMAL_DIGITS_MAX == 18, "a mantissa of 18 digits fits 60 bits");

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Digits seen so far; zeros at either end do not count as significant. */
struct digits {
    uint64_t mantissa;
    int64_t exponent; /* of the last significant digit */
    int64_t zeros;    /* read, not yet known to be significant */
    int significant;
    bool any, overlong;
};

static void take_digit(struct digits *digits, char c, bool fraction)
{
    digits->any = true;
    digits->exponent -= fraction ? 1 : 0;
    if (c == '0') {
        digits->zeros += digits->mantissa != 0 ? 1 : 0;
        return;
    }
    int64_t more = digits->mantissa != 0 ? digits->zeros + 1 : 1;
    digits->zeros = 0;
    if (digits->overlong || digits->significant + more > PL_DECIMAL_DIGITS_MAX) {
        digits->overlong = true;
        return;
    }
    digits->significant += (int)more;
    for (; more > 0; more--)
        digits->mantissa *= 10;
    digits->mantissa += (uint64_t)(c - '0');
}

/* Reads [e[+-]digits] and returns where it ends, or -1. */
static int64_t take_exponent(const char *text, size_t length, size_t at, int64_t *exponent)
{
    if (at == length || (text[at] != 'e' && text[at] != 'E'))
        return (int64_t)at;
    at++;
    bool negative = at < length && text[at] == '-';
    if (at < length && (text[at] == '-' || text[at] == '+'))
        at++;
    if (at == length || !is_digit(text[at]))
        return -1;
    int64_t value = 0;
    for (; at < length && is_digit(text[at]); at++)
        if (value < EXPONENT_TEXT_MAX)
            value = value * 10 + (text[at] - '0');
    *exponent += negative ? -value : value;
    return (int64_t)at;
}

int pl_decimal_parse(const char *text, size_t length, struct pl_decimal *out)
{
    struct digits digits = { 0 };
    size_t at = 0;
    bool negative = length > 0 && text[0] == '-';
    if (length > 0 && (text[0] == '-' || text[0] == '+'))
        at++;
    for (; at < length && is_digit(text[at]); at++)
        take_digit(&digits, text[at], false);
    if (!digits.any)
        return -EINVAL;
    if (at < length && text[at] == '.') {
        size_t point = at++;
        for (; at < length && is_digit(text[at]); at++)
            take_digit(&digits, text[at], true);
        if (at == point + 1)
            return -EINVAL;
    }
    int64_t end = take_exponent(text, length, at, &digits.exponent);
    if (end < 0 || (size_t)end != length)
        return -EINVAL;
    *out = (struct pl_decimal){ 0, 0 };
    if (digits.mantissa == 0)
        return 0;
    digits.exponent += digits.zeros;
    if (digits.overlong || digits.exponent > PL_DECIMAL_EXPONENT_MAX ||
        digits.exponent < -PL_DECIMAL_EXPONENT_MAX)
        return -ERANGE;
    out->mantissa = negative ? -(int64_t)digits.mantissa : (int64_t)digits.mantissa;
    out->exponent = (int32_t)digits.exponent;
    return 0;
}

static u128 power_of_ten(int exponent)
{
    assert(exponent >= 0 && exponent < POWERS);
    static const uint64_t powers[20] = { 1u,
                                         10u,
                                         100u,
                                         1000u,
                                         10000u,
                                         100000u,
                                         1000000u,
                                         10000000u,
                                         100000000u,
                                         1000000000u,
                                         10000000000u,
                                         100000000000u,
                                         1000000000000u,
                                         10000000000000u,
                                         100000000000000u,
                                         1000000000000000u,
                                         10000000000000000u,
                                         100000000000000000u,
                                         1000000000000000000u,
                                         10000000000000000000u };
    return exponent < 20 ? powers[exponent] : (u128)powers[19] * powers[exponent - 19];
}

static uint64_t magnitude_of(int64_t value)
{
    return value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
}

/* Rounds quotient + remainder/divisor (a magnitude) half-up by its sign and bounds it. */
static int finish(uint64_t quotient, int half, bool negative, int64_t *out)
{
    /* half: -1 remainder below half of the divisor, 0 equal, 1 above */
    bool up = half > 0 || (half == 0 && !negative);
    uint64_t limit = negative ? (uint64_t)INT64_MAX + 1 : (uint64_t)INT64_MAX;
    if (quotient > limit || (up && quotient == limit))
        return -ERANGE;
    quotient += up ? 1 : 0;
    *out = negative ? (int64_t)(0 - quotient) : (int64_t)quotient;
    return 0;
}

/* Mostly both fit 64 bits, where a division takes a fifth of the time. */
static void divide(u128 a, u128 b, u128 *quotient, u128 *remainder)
{
    bool small = a >> 64 == 0 && b >> 64 == 0;
    *quotient = small ? (uint64_t)a / (uint64_t)b : a / b;
    *remainder = a - *quotient * b;
}

/* The common case: both sides of the fraction fit 127 bits. Returns 1 when they do not. */
static int scale_short(uint64_t magnitude, int ten, int two, bool negative, int64_t *out)
{
    if (ten < -37 || ten > 18 || two < 0)
        return 1;
    u128 numerator = magnitude;
    u128 divisor = power_of_ten(ten < 0 ? -ten : 0);
    numerator *= power_of_ten(ten > 0 ? ten : 0);
    if (two > 126 || numerator >> (127 - two) != 0)
        return 1;
    numerator <<= two;
    u128 quotient = numerator, remainder = 0;
    if (ten < 0)
        divide(numerator, divisor, &quotient, &remainder);
    if (quotient > (u128)1 << 63)
        return -ERANGE;
    u128 twice = remainder * 2;
    return finish((uint64_t)quotient,
                  twice > divisor    ? 1
                  : twice == divisor ? 0
                                     : -1,
                  negative, out);
}

struct wide {
    uint32_t limb[LIMBS]; /* little end first */
};

static void wide_multiply(struct wide *value, uint32_t factor)
{
    uint64_t carry = 0;
    for (int i = 0; i < LIMBS; i++) {
        carry += (uint64_t)value->limb[i] * factor;
        value->limb[i] = (uint32_t)carry;
        carry >>= 32;
    }
    assert(carry == 0);
}

static int wide_compare(const struct wide *a, const struct wide *b)
{
    for (int i = LIMBS - 1; i >= 0; i--)
        if (a->limb[i] != b->limb[i])
            return a->limb[i] > b->limb[i] ? 1 : -1;
    return 0;
}

static void wide_subtract(struct wide *a, const struct wide *b)
{
    uint64_t borrow = 0;
    for (int i = 0; i < LIMBS; i++) {
        uint64_t difference = (uint64_t)a->limb[i] - b->limb[i] - borrow;
        a->limb[i] = (uint32_t)difference;
        borrow = difference >> 63;
    }
    assert(borrow == 0);
}

/* numerator/divisor = magnitude * 10^ten * 2^two, by long division, one bit at a time. */
static int scale_long(uint64_t magnitude, int ten, int two, bool negative, int64_t *out)
{
    struct wide numerator = { { (uint32_t)magnitude, (uint32_t)(magnitude >> 32) } };
    struct wide divisor = { { 1 } };
    for (int i = 0; i < (ten < 0 ? -ten : ten); i++)
        wide_multiply(ten < 0 ? &divisor : &numerator, 10);
    for (int i = 0; i < (two < 0 ? -two : two); i++)
        wide_multiply(two < 0 ? &divisor : &numerator, 2);
    uint64_t quotient = 0;
    struct wide steps[65];
    steps[0] = divisor;
    for (int i = 1; i < 65; i++) {
        steps[i] = steps[i - 1];
        wide_multiply(&steps[i], 2);
    }
    if (wide_compare(&numerator, &steps[64]) >= 0)
        return -ERANGE;
    for (int i = 63; i >= 0; i--) {
        if (wide_compare(&numerator, &steps[i]) < 0)
            continue;
        wide_subtract(&numerator, &steps[i]);
        quotient |= (uint64_t)1 << i;
    }
    wide_multiply(&numerator, 2);
    return finish(quotient, wide_compare(&numerator, &divisor), negative, out);
}

int pl_decimal_scale(struct pl_decimal value, int decimals, int binary_shift, int64_t *out)
{
    if (decimals < -PL_DECIMAL_EXPONENT_MAX || decimals > PL_DECIMAL_EXPONENT_MAX ||
        binary_shift < -64 || binary_shift > 64 || value.exponent < -PL_DECIMAL_EXPONENT_MAX ||
        value.exponent > PL_DECIMAL_EXPONENT_MAX)
        return -ERANGE;
    *out = 0;
    if (value.mantissa == 0)
        return 0;
    uint64_t magnitude = magnitude_of(value.mantissa);
    bool negative = value.mantissa < 0;
    int ten = value.exponent + decimals;
    int result = scale_short(magnitude, ten, binary_shift, negative, out);
    if (result == 1)
        result = scale_long(magnitude, ten, binary_shift, negative, out);
    return result;
}

bool pl_decimal_multiple(struct pl_decimal value, struct pl_decimal step, int64_t *multiple)
{
    assert(step.mantissa > 0);
    *multiple = 0;
    if (value.mantissa == 0)
        return true;
    uint64_t numerator = magnitude_of(value.mantissa), divisor = (uint64_t)step.mantissa;
    int ten = value.exponent - step.exponent;
    u128 top = numerator, bottom = divisor;
    if (ten > 38 || ten < -18)
        return false; /* a quotient beyond 64 bits, or a fraction: no mantissa ends in a zero */
    if (ten >= 0) {
        u128 limit = ((u128)1 << 63) * divisor;
        if (numerator > limit / power_of_ten(ten))
            return false;
        top *= power_of_ten(ten);
    } else {
        bottom *= power_of_ten(-ten);
    }
    if (top % bottom != 0)
        return false;
    u128 quotient = top / bottom;
    if (quotient > (u128)INT64_MAX)
        return false; /* -2^63 is refused as well: every quantity has a negative */
    *multiple = value.mantissa < 0 ? -(int64_t)quotient : (int64_t)quotient;
    return true;
}

/* Of two magnitudes that are not zero. */
static int compare_magnitudes(struct pl_decimal a, struct pl_decimal b)
{
    u128 left = magnitude_of(a.mantissa), right = magnitude_of(b.mantissa);
    int apart = a.exponent - b.exponent;
    if (apart > POWERS / 2)
        return 1; /* a mantissa has at most 19 digits */
    if (apart < -POWERS / 2)
        return -1;
    left *= power_of_ten(apart > 0 ? apart : 0);
    right *= power_of_ten(apart < 0 ? -apart : 0);
    return left > right ? 1 : left < right ? -1 : 0;
}

int pl_decimal_compare(struct pl_decimal a, struct pl_decimal b)
{
    int left = (a.mantissa > 0) - (a.mantissa < 0), right = (b.mantissa > 0) - (b.mantissa < 0);
    if (left != right)
        return left > right ? 1 : -1;
    if (left == 0)
        return 0;
    return left > 0 ? compare_magnitudes(a, b) : compare_magnitudes(b, a);
}
