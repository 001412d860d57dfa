/* What moves in a book, as gauges: per underlying its price; per expiry the ratio of its forward to
 * that price, and the drift: how far vols, time and discounts have taken its values besides.
 *
 * Everything that a verdict reads of a tick is either measured by a gauge or trips one: then every
 * account that holds the expiry, or the underlying, is to be judged. */
#ifndef PL_GUARD_GAUGES_H
#define PL_GUARD_GAUGES_H

#include <stddef.h>

#include "bands.h"
#include "factors.h"
#include "model/tables.h"

enum pl_expiry_kind {
    PL_EXPIRY_EMPTY,
    PL_EXPIRY_ASSET,       /* linear, its index price is its own price */
    PL_EXPIRY_LINEAR,      /* linear, its index price is the underlying's */
    PL_EXPIRY_INVERSE,     /* its prices do not follow the underlying's */
    PL_EXPIRY_OPTIONS,     /* the only ones that drift */
    PL_EXPIRY_REQUIREMENT, /* no value, requirements alone */
    PL_EXPIRY_MIXED,       /* not guarded */
};

struct pl_expiry_gauges {
    uint8_t kind;               /* enum pl_expiry_kind */
    bool coin;                  /* the discount is index / forward */
    bool measured;              /* worth_bits is chosen */
    int worth_bits;             /* money of its first instrument's lot counts in 2^-worth_bits */
    int ratio_bits, index_bits; /* of the ratio to the underlying's price, and of the one below */
    uint64_t index_ratio;       /* index price / leader's, as it was at first */
    struct pl_real finest_unit; /* since the gauges started: what origins may be exact to */
    int finest_shift;
    uint32_t first, count;       /* its instruments */
    uint64_t vol_max;            /* Q.45 */
    int64_t drift_base, drifted; /* drift = base + distance from the anchor, both Q.40 */
    struct pl_expiry_tick anchor;
    uint64_t stamp; /* of the tick's words; another one whenever they change */
    bool bounded;   /* `bounds` is that of the tick */
    struct pl_factor_bounds bounds;
};

struct pl_lot;

#define PL_GAUGE_LOSSES 2
#define PL_VOL_MOVES_MAX 8 /* of a tick; more are a move of the whole expiry */

/* A vol that moved alone: its anchor goes with it, so that its expiry's drift stays. */
struct pl_vol_move {
    uint32_t instrument;
    int64_t drift; /* of this option, Q.40; PL_DRIFT_MAX and more: nothing bounds it */
};

struct pl_gauges {
    struct pl_tables tables; /* live: as records come; frozen: of the tick in hand; no rows */
    void *memory;
    struct pl_gauge *items; /* underlyings, then ratio and drift of each expiry */
    size_t count;
    struct pl_expiry_gauges *expiries;
    struct pl_factor_list *decisive; /* by underlying */
    uint32_t *leaders;               /* by underlying: the expiry whose index word is the price */
    uint64_t *anchor_vols;           /* by instrument, Q.45 */
    struct pl_factor_row *factors;   /* PL_GAUGE_LOSSES by expiry */
    struct pl_lot *lots;             /* by instrument: see lots.h */
    uint64_t stamps;                 /* given so far */
    bool settled;                    /* a tick has been taken: there is something to compare with */
    bool rescaled;                   /* no tick has come since units changed */
    bool few_vols;                   /* of the last tick: nothing but `moves` has moved */
    uint32_t move_count;
    struct pl_vol_move moves[PL_VOL_MOVES_MAX];
};

static inline uint32_t pl_gauge_price(uint16_t underlying)
{
    return underlying;
}

static inline uint32_t pl_gauge_ratio(const struct pl_gauges *g, uint16_t expiry)
{
    return g->tables.model.underlyings + 2 * (uint32_t)expiry;
}

static inline uint32_t pl_gauge_drift(const struct pl_gauges *g, uint16_t expiry)
{
    return pl_gauge_ratio(g, expiry) + 1;
}

/* What a band's origin is, should the account be judged now: a drift is known to within twice its
 * distance from the anchor. */
int64_t pl_gauges_origin(const struct pl_gauges *gauges, uint32_t gauge);

/* Of the tick in hand, and kept while it stays so. */
const struct pl_factor_bounds *pl_gauges_bounds(struct pl_gauges *gauges, uint16_t expiry);

/* Its factors of the tick for `loss` (see pl_factor_of()); kept as `which`, below PL_GAUGE_LOSSES.
 */
const struct pl_factor_row *pl_gauges_factors(struct pl_gauges *gauges, uint16_t expiry,
                                              uint32_t which, int64_t loss);

/* How far an index word may be from the underlying's price by its rounding, Q.40. */
int64_t pl_gauges_index_slack(const struct pl_gauges *gauges, uint16_t expiry);

/* Takes the records of a load; no band may be left. 0, -ENOMEM, or -EINVAL for records that no
 * device would take. */
int pl_gauges_load(struct pl_gauges *gauges, const struct pl_line *records, size_t count,
                   uint8_t profile);

/* The same where only units are new: gauges and bands go on. False: they do not, nothing is done.
 */
bool pl_gauges_rescale(struct pl_gauges *gauges, const struct pl_line *records, size_t count,
                       uint8_t profile);
void pl_gauges_free(struct pl_gauges *gauges);

/* Takes the records of a tick, its COMMIT included, and moves the gauges. -EINVAL as above. */
int pl_gauges_tick(struct pl_gauges *gauges, const struct pl_line *records, size_t count);

#endif
