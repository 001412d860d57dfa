/* The prices at which one position is closed, or would have to be: liquidation, bankruptcy and
 * fillable price. Of linear contracts (futures, perpetuals, coins), whose value and requirement go
 * with their mark; everything else of the account stands still.
 *
 * TNC is the account's equity, TMMR its maintenance requirement, NV the position's value at mark
 * (below 0: short), MMR its own requirement. Fillable price and bankruptcy value are those of a
 * published perpetual venue (dYdX v4): BTC at 50,000 dollars, MMR 10 %, a long of 0.1 with cash
 * -4,501 has bankruptcy value 4,501 and fillable price 49,999; a short with cash 5,499: -5,499 and
 * 50,001.
 *
 * Every rounding is against the liquidated account: it counts as liquidated and bankrupt early, and
 * sells low or buys high. */
#ifndef PL_DECIDE_CLOSING_PRICE_H
#define PL_DECIDE_CLOSING_PRICE_H

#include "model/money.h"
#include "plimsoll.h"

#define PL_CLOSING_SPREAD_Q40 (PL_COEFFICIENT_ONE / 10) /* of MMR, at no equity: published */
#define PL_CLOSING_MONEY_MAX (INT64_C(1) << 61)         /* 23 billion: magnitude of any input */

struct pl_closing {
    int64_t equity_e8, maintenance_e8; /* TNC; TMMR > 0 */
    int64_t value_e8, requirement_e8;  /* NV; 0 <= MMR <= TMMR */
    int64_t steps;                     /* signed as NV, not 0 */
    struct pl_decimal lot;             /* coins in a step, > 0 */
    int decimals;                      /* of the prices: units of 10^-decimals, 0 .. 18 */
};

/* NV - TNC MMR / TMMR, rounded up: what the account gets for it (below 0: pays) where closing every
 * position at its own leaves exactly nothing: each takes the share of the equity that its
 * requirement has of the whole. */
int64_t pl_closing_bankruptcy_e8(const struct pl_closing *closing, uint32_t *flags);

/* Each returns true and the price, or false: there is none (the account's other equity covers any
 * price, or the requirement eats the whole value), or an input is out of its range. */
/* Bankruptcy value by size: a long rounded up, a short down. */
bool pl_closing_bankruptcy_price(const struct pl_closing *closing, int64_t *price);
/* (NV - (1 - TNC/TMMR) spread MMR) / size, 1 - TNC/TMMR within 0 .. 1: what a liquidator is
 * offered; a long down, a short up. spread_q40: PL_CLOSING_SPREAD_Q40 as published, 0 .. 1. */
bool pl_closing_fillable_price(const struct pl_closing *closing, int64_t spread_q40,
                               int64_t *price);
/* Mark at which TNC = TMMR if only it moves: NV (NV - MMR - E) / (NV - MMR) / size of a long,
 * E = TNC - TMMR; a long rounded up, a short down. */
bool pl_closing_liquidation_price(const struct pl_closing *closing, int64_t *price);

#endif
