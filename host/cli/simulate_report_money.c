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
    pl_report_open_section(out, "fund", "Insurance fund and bad debt",
                           "What the fund holds: its part of penalties comes in, losses go out.");
    add_plot(page, "Insurance fund over time", fund);
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
