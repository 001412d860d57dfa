/* What a simulation comes to, in figures: the same for the output and the report. */
#include "simulate.h"

const struct pl_simulated_figure pl_simulated_figures[PL_SIMULATED_FIGURES] = {
    { "closed", "closed at market", true },
    { "auctioned", "auctioned", true },
    { "liquidated", "liquidated, both", true },
    { "cost", "spread and impact", true },
    { "penalty", "penalties", true },
    { "funding", "funding paid", true },
    { "discount", "auctions below the marks by", true },
    { "fund_start", "fund at the start", true },
    { "fund_least", "fund, least", true },
    { "fund_end", "fund at the end", true },
    { "shortfall", "owed beyond accounts' assets", true },
    { "fund_paid", "of it, paid by the fund", true },
    { "deleveraged", "of it, taken over by deleveraging", true },
    { "bad_debt", "of it, booked as bad debt", true },
    { "missing", "of it, below zero at the end", true },
    { "repaid", "bad debt paid off by the fund", true },
    { "socialised", "bad debt borne by gains", true },
    { "debt_left", "bad debt at the end", true },
    { "largest_cascade", "largest cascade", true },
    { "liquidated_accounts", "accounts liquidated", false },
    { "calls", "margin calls", false },
    { "calls_cleared", "margin calls met", false },
    { "saved", "accounts saved by a margin call", false },
    { "closes", "closes", false },
    { "auctions", "auctions", false },
    { "bought", "bids filled", false },
    { "offloads", "auctions without a bid", false },
    { "deleveraged_accounts", "closes by deleveraging", false },
    { "held", "held back", false },
    { "breakers", "changes of breakers", false },
    { "models_loaded", "models loaded for volatility", false },
    { "cascades", "cascades", false },
    { "cascade_ticks", "longest cascade, ticks", false },
};

pl_i128 pl_simulated_shortfall(const struct pl_simulated *n)
{
    return (pl_i128)n->fund_paid_e8 + n->deleveraged_e8 + n->debt_e8 + n->missing_e8;
}

void pl_simulation_figures(const struct pl_simulation *s, pl_i128 values[PL_SIMULATED_FIGURES])
{
    const struct pl_simulated *n = &s->so_far;
    const struct pl_cascade *largest = pl_simulation_largest_cascade(&s->log);
    const pl_i128 all[] = {
        n->closed_e8,
        n->auctioned_e8,
        (pl_i128)n->closed_e8 + n->auctioned_e8,
        n->cost_e8,
        n->penalty_e8,
        n->funding_e8,
        n->discount_e8,
        s->fund_start_e8,
        s->fund_least_e8,
        n->fund_e8,
        pl_simulated_shortfall(n),
        n->fund_paid_e8,
        n->deleveraged_e8,
        n->debt_e8,
        n->missing_e8,
        n->repaid_e8,
        n->socialised_e8,
        (pl_i128)n->debt_e8 - n->repaid_e8 - n->socialised_e8,
        largest != NULL ? largest->notional_e8 : 0,
        n->liquidated_accounts,
        n->calls,
        n->cleared,
        n->saved,
        n->closes,
        n->auctions,
        n->bought,
        n->offloads,
        n->deleveraged_accounts,
        n->held,
        n->breakers,
        n->models_loaded,
        s->log.cascade_count,
        pl_simulation_longest_cascade(&s->log),
    };
    _Static_assert(sizeof all / sizeof all[0] == PL_SIMULATED_FIGURES, "a value for each figure");
    for (size_t i = 0; i < PL_SIMULATED_FIGURES; i++)
        values[i] = all[i];
}
