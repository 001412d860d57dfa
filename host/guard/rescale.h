/* A load that changes nothing but units: prices have crossed a power of two, and words have another
 * unit; money has not. */
#ifndef PL_GUARD_RESCALE_H
#define PL_GUARD_RESCALE_H

#include "model/tables.h"

#define PL_RESCALE_BITS 4 /* units may become so many binary digits coarser than they once were */

/* Money per price unit and lot of an instrument, the unit of its expiry's row counted in. */
struct pl_real pl_rescale_unit(const struct pl_tables *tables, uint32_t instrument);

/* Whether `now` holds the same model and instruments as `old`, worth the same but for rounding. */
bool pl_rescale_same(const struct pl_tables *old, const struct pl_tables *now);

/* Gives `now` the tick that `old` has: what is not of units. Prices must come again. */
void pl_rescale_copy(const struct pl_tables *old, struct pl_tables *now);

#endif
