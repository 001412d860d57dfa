/* What a run of many seeds must have seen: every action, for every reason that there is. */
#ifndef PL_TEST_VENUE_COVERAGE_H
#define PL_TEST_VENUE_COVERAGE_H

#include "venue_world.h"

struct coverage {
    uint64_t seen[PL_VENUE_ACTIONS][REASONS_MAX];
};

#define BIT(reason) (UINT32_C(1) << (reason))
#define UP_TO(reason) (BIT(reason) - 1) /* all before it */

/* Actions without reasons of their own have the one, 0. */
static uint32_t reasons_of(enum pl_venue_action_kind kind)
{
    switch (kind) {
    case PL_VENUE_BREAKER: return UP_TO(PL_BREAKER_REOPENED + 1);
    case PL_VENUE_CALL: return BIT(PL_LIQUIDATION_VERDICT);
    case PL_VENUE_HELD:
        return BIT(PL_LIQUIDATION_FORBIDDEN) | BIT(PL_LIQUIDATION_COOLING) |
               BIT(PL_LIQUIDATION_THROTTLED) | BIT(PL_LIQUIDATION_PENDING);
    case PL_VENUE_CANCEL_ORDERS:
    case PL_VENUE_PLAN: return UP_TO(PL_LIQUIDATION_NO_PLAN + 1);
    case PL_VENUE_CANCEL_CLOSES: return BIT(PL_LIQUIDATION_PENDING);
    case PL_VENUE_AUCTION:
        return BIT(PL_LIQUIDATION_TOO_DEEP) | BIT(PL_LIQUIDATION_TOO_OFTEN) |
               BIT(PL_LIQUIDATION_NO_PLAN);
    case PL_VENUE_AUCTION_EVENT: return UP_TO(PL_AUCTION_OFFLOADED + 1) & ~BIT(PL_AUCTION_RUNS);
    case PL_VENUE_BID_REFUSED:
        return BIT(PL_AUCTION_FORBIDDEN) | BIT(PL_AUCTION_TOO_SMALL) |
               BIT(PL_AUCTION_BIDDER_MARGIN) | BIT(PL_AUCTION_PRICE);
    case PL_VENUE_COVERED:
        return BIT(PL_WATERFALL_OK) | BIT(PL_WATERFALL_OPEN) | BIT(PL_WATERFALL_BOOKED);
    case PL_VENUE_DELEVERAGED: return BIT(PL_WATERFALL_OK) | BIT(PL_WATERFALL_OPEN);
    case PL_VENUE_IMPOSED: return UP_TO(PL_POLICIES);
    case PL_VENUE_DEBT: return BIT(PL_WATERFALL_BOOKED);
    case PL_VENUE_OPEN_LOSS: return BIT(PL_WATERFALL_OPEN);
    case PL_VENUE_WAITS:
        return BIT(PL_WITHDRAWAL_PRICES) | BIT(PL_WITHDRAWAL_BAD_DEBT) |
               BIT(PL_WITHDRAWAL_UNHEALTHY) | BIT(PL_WITHDRAWAL_WINDOW);
    case PL_VENUE_SETTLED: return UP_TO(PL_VENUE_PRICES);
    case PL_VENUE_REFUSED: return UP_TO(PL_VENUE_REASONS) & ~BIT(PL_VENUE_OK);
    case PL_VENUE_PEGGED: return UP_TO(PL_PEGGED_NO_PRICE + 1);
    case PL_VENUE_WIDTH:
    case PL_VENUE_HAIRCUT: return UP_TO(PL_VENUE_ESTIMATORS) & ~BIT(PL_VENUE_NO_VOLATILITY);
    case PL_VENUE_UNSETTLED: return BIT(PL_SETTLEMENT_UNCOVERED);
    case PL_VENUE_RATED: return BIT(PL_FUNDING_OK) | BIT(PL_FUNDING_LIMITED);
    case PL_VENUE_SOCIALISED: return UP_TO(PL_VENUE_SESSIONS);
    case PL_VENUE_INDEXED:
        return BIT(PL_ACCRUAL_OK) | BIT(PL_ACCRUAL_LIMITED) | BIT(PL_ACCRUAL_LOWER);
    default: return BIT(0);
    }
}

static void print_coverage(const struct coverage *c)
{
    for (uint16_t kind = 0; kind < PL_VENUE_ACTIONS; kind++)
        for (uint16_t reason = 0; reason < REASONS_MAX; reason++) {
            const struct pl_venue_action a = { .kind = kind, .reason = reason };
            const char *text = c->seen[kind][reason] == 0 ? "" : pl_venue_action_reason(&a);
            if (c->seen[kind][reason] > 0)
                print_message("%9" PRIu64 " %s%s%s\n", c->seen[kind][reason],
                              pl_venue_action_name((enum pl_venue_action_kind)kind),
                              text[0] == '\0' ? "" : ": ", text);
        }
}

static void check_coverage(const struct coverage *c)
{
    for (uint16_t kind = 0; kind < PL_VENUE_ACTIONS; kind++)
        for (uint16_t reason = 0; reason < REASONS_MAX; reason++) {
            const struct pl_venue_action a = { .kind = kind, .reason = reason };
            const uint32_t wanted = reasons_of((enum pl_venue_action_kind)kind);
            if ((wanted >> reason & 1) != 0 && c->seen[kind][reason] == 0)
                fail_msg("never seen: %s, %s",
                         pl_venue_action_name((enum pl_venue_action_kind)kind),
                         pl_venue_action_reason(&a));
        }
}

#endif
