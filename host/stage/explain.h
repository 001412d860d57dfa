/* Why a verdict is what it is: every position, expiry, underlying and term of the requirement,
 * adding up exactly to the verdict. Made by the specification (model:) with its trace. */
#ifndef PL_STAGE_EXPLAIN_H
#define PL_STAGE_EXPLAIN_H

#include "model/sums.h"
#include "plimsoll.h"

#define PL_QUANTITY_BYTES 64

/* One slot of the account. Money is rounded down per position; an expiry's own sums are rounded
 * once, so pl_explained_expiry.rounding is what the positions' values miss. */
struct pl_explained_position {
    char label[2 * PL_SYMBOL_BYTES];
    uint16_t expiry;
    uint32_t flags;
    char quantity[PL_QUANTITY_BYTES]; /* exact: contracts or coins; legs: coins or contracts */
    int64_t lots;                     /* the same in quantity steps; legs: whole or 1e-9 units */
    int64_t buy_lots, sell_lots;
    int64_t value;
    int64_t greeks[PL_GREEKS];
    int64_t pnl[PL_SCENARIOS_MAX]; /* its value under the scenario minus its value, before discount
                                      and dampening */
};

struct pl_explained_expiry {
    char label[2 * PL_SYMBOL_BYTES];
    uint16_t index, underlying;
    bool ignored; /* an unpriced asset: counts in the view at its last price only */
    int64_t rounding;
    struct pl_sums sums;
};

struct pl_explained_underlying {
    const char *name;
    uint16_t underlying;
    uint8_t scenario_count, offset_group;
    struct pl_underlying_result result; /* result.sums is NULL: see sums */
    struct pl_sums sums;
};

/* One line of the requirement; the lines' sums are the account's requirements before the
 * multiplier. */
struct pl_explained_term {
    char underlying[PL_SYMBOL_BYTES]; /* or the offset group's name */
    char term[3 * PL_SYMBOL_BYTES];
    int64_t maintenance, initial;
};

struct pl_explanation {
    struct pl_verdict verdict;
    int64_t cash, entry_costs; /* entry costs: paid for futures and perpetuals, part of equity
                                  beside their value */
    int64_t multiplier_q40;
    int64_t maintenance, initial; /* requirements after the multiplier */
    int view_count;
    size_t position_count, expiry_count, underlying_count, term_count;
    struct pl_explained_position *positions;
    struct pl_explained_expiry *expiries;
    struct pl_explained_underlying *underlyings;
    struct pl_explained_term *terms;
};

/* Explains one account on the committed tick. The derivation is the specification's; on another
 * device its own verdict is asked for as well, which ends a sweep under way. Returns 0 or a
 * negative code with pl_message(). The explanation checks itself: -EPROTO if its terms do not add
 * up to the verdict, or the device's verdict differs from it in any byte. */
int pl_explain(struct pl *pl, const struct pl_account *account, struct pl_explanation **out);
void pl_explanation_free(struct pl_explanation *explanation);

#endif
