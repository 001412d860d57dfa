/* The sums that flow from sweep to verdict: positions -> expiry -> underlying -> account. */
#ifndef PL_MODEL_SUMS_H
#define PL_MODEL_SUMS_H

#include <stdbool.h>
#include <stdint.h>

#include "money.h"
#include "pl_abi.h"

enum pl_greek {
    PL_GREEK_DELTA,
    PL_GREEK_GAMMA,
    PL_GREEK_VEGA,
    PL_GREEK_THETA,
    PL_GREEK_RHO,
    PL_GREEKS
};

/* One expiry of one account while its positions stream by: lots * row entries, in row units.
 * A product has 84 bits, an account at most 2^14 slots: 98 of 128 bits are used. */
struct pl_expiry_sums {
    uint16_t expiry;
    bool held;           /* some lots are not 0, or orders rest */
    bool unpriced_asset; /* the expiry is a coin without a price, not owed */
    uint32_t flags;
    uint32_t order_flags; /* of rows that orders rest on: they touch the initial requirement only */
    pl_i128 value, basis_up, basis_down;
    pl_i128 greeks[PL_GREEKS];
    pl_i128 mm, im, fee, gross, order_loss, order_im;
    int64_t bracket_mm, bracket_im; /* money: brackets are evaluated position by position */
    pl_i128 scenario[PL_SCENARIOS_MAX];
};

/* Money sums of an expiry after its close, and of an underlying: requirements up, values and P&L
 * down. */
struct pl_sums {
    bool perpetual; /* a perpetual is held, or orders rest on one */
    uint32_t flags, order_flags;
    int64_t value;
    int64_t greeks[PL_GREEKS];
    int64_t mm, im;           /* portfolio columns and brackets */
    int64_t fee;              /* in both requirements */
    int64_t oracle;           /* oracle term while no perpetual is held */
    int64_t oracle_perpetual; /* and when one is */
    int64_t order_loss;       /* resting orders at their worst scenario, before the loss factor */
    int64_t order_im;         /* resting orders' columns, fees and naked shorts */
    int64_t basis;            /* basis contingency, <= 0 */
    int64_t pnl[PL_SCENARIOS_MAX];
};

/* An underlying after its close. */
struct pl_underlying_result {
    uint16_t underlying;
    uint8_t worst_scenario; /* index; 254 basis; 255 none */
    int64_t worst_loss;     /* <= 0 */
    int64_t mm_loss_factor, im_loss_factor;
    int64_t mm_other, im_other; /* requirements besides the loss */
    uint32_t flags, order_flags;
    const struct pl_sums *sums;
};

#define PL_WORST_BASIS 254
#define PL_WORST_NONE 255

/* The underlyings of one offset group, while they stream by. */
struct pl_offset_sums {
    uint8_t group; /* 0: none open */
    uint8_t scenario_count;
    int64_t separate_loss; /* >= 0: sum of the underlyings' own */
    int64_t mm_loss_factor, im_loss_factor;
    int64_t basis;
    int64_t pnl[PL_SCENARIOS_MAX];
};

/* One account. */
struct pl_account_sums {
    uint32_t flags, order_flags;
    int64_t equity, mm, im; /* requirements before the multiplier */
    int64_t greeks[PL_GREEKS];
    uint16_t worst_underlying; /* 65535: none */
    uint8_t worst_scenario;
    int64_t worst_loss;
    struct pl_offset_sums offset;
};

/* Called, when given, as each level closes: what `plimsoll explain` prints. Sums are of the view in
 * which an unpriced asset counts at its last price (view 0) or at 0 (view 1). */
struct pl_trace {
    void *context;
    void (*expiry)(void *context, uint16_t expiry, const struct pl_sums *sums, bool unpriced_asset);
    void (*underlying)(void *context, int view, const struct pl_underlying_result *result);
    void (*offset)(void *context, int view, const struct pl_offset_sums *offset, int64_t loss);
};

#endif
