/* The fund, and who is still below zero. */
#include "simulate_report.h"

#define PLOT_HEIGHT 120

static int64_t fund(const struct pl_simulated *n)
{
    return n->fund_e8;
}

static int64_t missing(const struct pl_simulated *n)
{
    return n->missing_e8;
}

static int64_t debt(const struct pl_simulated *n)
{
    return n->debt_e8;
}

static int64_t shortfall(const struct pl_simulated *n)
{
    uint32_t flags = 0;
    return pl_money_limit(pl_simulated_shortfall(n), &flags);
}

static int64_t shortfall_paid(const struct pl_simulated *n)
{
    return shortfall(n) - n->missing_e8;
}

static void add_plot(const struct pl_simulate_page *page, const char *label,
                     pl_simulated_value value)
{
    struct pl_simulate_line lines[PL_SIMULATE_RUNS_MAX];
    for (int r = 0; r < page->count; r++)
        lines[r] = (struct pl_simulate_line){ page->count > 1 ? page->names[r] : "at the end",
                                              page->classes[r], page->runs[r], value };
    pl_simulate_add_lines(page, label, PL_CHART_MONEY, PLOT_HEIGHT, lines, (size_t)page->count);
}

void pl_simulate_add_fund(const struct pl_simulate_page *page)
{
    struct pl_buffer *out = page->report.out;
    pl_report_open_section(out, "fund", "Who paid what accounts owed beyond their assets",
                           "The fund first, then the other side by deleveraging; what is left is "
                           "booked as bad debt, which the fund pays off as it fills and those who "
                           "gained bear at the end of a session.");
    pl_buffer_add(out, "<h3>Owed beyond accounts' assets, and paid by somebody else so far</h3>\n");
    add_plot(page, "Owed beyond accounts' assets over time", shortfall_paid);
    pl_buffer_add(out, "<h3>Insurance fund</h3>\n<p class=\"note\">Its part of penalties comes in, "
                       "losses go out.</p>\n");
    if (pl_simulate_largest(page, fund) > 0)
        add_plot(page, "Insurance fund over time", fund);
    else
        pl_buffer_add(out, "<p class=\"empty\">It never held anything at the end of a tick.</p>\n");
    pl_buffer_add(out, "<h3>Accounts below zero</h3>\n<p class=\"note\">What open accounts owe "
                       "beyond what they have, at the marks of each tick: not yet anybody's loss, "
                       "and gone where the market comes back.</p>\n");
    add_plot(page, "What accounts are below zero over time", missing);
    if (pl_simulate_largest(page, debt) > 0) {
        pl_buffer_add(out, "<h3>Bad debt booked so far</h3>\n");
        add_plot(page, "Bad debt booked over time", debt);
        pl_simulate_add_time_axis(page);
    } else {
        pl_simulate_add_time_axis(page);
        pl_buffer_add(out, "<p class=\"empty\">No bad debt was booked.</p>\n");
    }
    pl_buffer_add(out, "</section>\n");
}
