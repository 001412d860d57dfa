/* Exact fractions, for settlements and trades: whole numbers of up to 2048 bits above and below the
 * line. Every product of four decimals of the feed's range fits, with room; more is a programming
 * error (assert). */
#ifndef PL_CLI_EXACT_H
#define PL_CLI_EXACT_H

#include <stdbool.h>
#include <stdint.h>

#include "plimsoll.h"

#define PL_WIDE_LIMBS 32

struct pl_wide {
    uint32_t used; /* limbs up to the highest that is not 0 */
    uint64_t limb[PL_WIDE_LIMBS];
};

struct pl_fraction {
    bool negative;
    struct pl_wide top, bottom; /* bottom > 0 */
};

void pl_fraction_set(struct pl_fraction *f, int64_t value);
void pl_fraction_multiply(struct pl_fraction *f, struct pl_decimal factor);
void pl_fraction_multiply_int(struct pl_fraction *f, int64_t factor);
void pl_fraction_divide(struct pl_fraction *f, struct pl_decimal divisor); /* divisor > 0 */
/* a - b */
void pl_fraction_difference(struct pl_fraction *f, struct pl_decimal a, struct pl_decimal b);
/* f / g, g > 0 */
void pl_fraction_quotient(struct pl_fraction *out, const struct pl_fraction *f,
                          const struct pl_fraction *g);
/* f - count * g */
void pl_fraction_subtract(struct pl_fraction *out, const struct pl_fraction *f, int64_t count,
                          const struct pl_fraction *g);
/* The largest whole number that is not above f * 10^decimals. -ERANGE when it does not fit. */
int pl_fraction_floor(const struct pl_fraction *f, int decimals, int64_t *out);

#endif
