/* Exact decimals as they stand in a file: mantissa * 10^exponent, at most 18 significant digits. */
#ifndef PL_FEED_DECIMAL_H
#define PL_FEED_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plimsoll.h" /* struct pl_decimal */

#define PL_DECIMAL_DIGITS_MAX 18
#define PL_DECIMAL_EXPONENT_MAX 40 /* |exponent| after trailing zeros are moved into it */

/* Parses `text[0..length)` as [+-]digits[.digits][e[+-]digits]. Returns 0, -EINVAL (not a number,
 * or a non-finite one) or -ERANGE (more than 18 significant digits, or an exponent out of range).
 */
int pl_decimal_parse(const char *text, size_t length, struct pl_decimal *out);

/* value * 10^decimals * 2^binary_shift as an integer, rounded half-up (towards +infinity on a tie).
 * Returns 0 or -ERANGE when it does not fit a signed 64-bit word. Exact for every input in range.
 */
int pl_decimal_scale(struct pl_decimal value, int decimals, int binary_shift, int64_t *out);

/* True when value is a whole multiple of step (step > 0); *multiple receives the quotient.
 * Returns false also when the quotient does not fit. */
bool pl_decimal_multiple(struct pl_decimal value, struct pl_decimal step, int64_t *multiple);

/* -1, 0 or 1 as a is below, equal to or above b. Exact. */
int pl_decimal_compare(struct pl_decimal a, struct pl_decimal b);

#endif
