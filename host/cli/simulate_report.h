/* The page of a simulation, or of two side by side: the charts of report_chart.h over what
 * simulate_log.c kept.
 *
 * simulate_report.c  head, figures    simulate_report_lines.c  lines over time, several runs in one
 * simulate_report_liquidations.c  liquidations, cascades    simulate_report_money.c  fund, losses
 * simulate_report_auctions.c  auctions, margin calls    simulate_report_losses.c  deleveraging
 * simulate_report_breakers.c  the timeline    simulate_report_sources.c  where prices come from
 * simulate_report_expiries.c  settlement    simulate_report_parameters.c  widths, haircuts */
#ifndef PL_CLI_SIMULATE_REPORT_H
#define PL_CLI_SIMULATE_REPORT_H

#include "report_page.h"
#include "simulate.h"

#define PL_SIMULATE_RUNS_MAX 2

struct pl_simulate_page {
    struct pl_report_page report; /* of it: out, ticks, underlyings, time, currency, mark */
    struct pl_simulation *const *runs;
    int count;
    const char *names[PL_SIMULATE_RUNS_MAX];   /* of the policies */
    const char *classes[PL_SIMULATE_RUNS_MAX]; /* of their lines */
};

/* Writes DIR/index.html, or says why not: 0 or a negative errno. */
int pl_simulation_report(struct pl_simulation *const *runs, int count,
                         const struct pl_options *options);

/* One value of what happened so far. */
typedef int64_t (*pl_simulated_value)(const struct pl_simulated *so_far);

struct pl_simulate_line {
    const char *name, *class;
    const struct pl_simulation *run;
    pl_simulated_value value;
};
#define PL_SIMULATE_LINES_MAX 6

/* A plot with its hover titles and names; `scale` is that of one: 1 for money, PL_CHART_E8 for
 * counts. A time axis goes below the last of several plots. */
void pl_simulate_add_lines(const struct pl_simulate_page *page, const char *label,
                           enum pl_chart_unit unit, int height,
                           const struct pl_simulate_line *lines, size_t count);
/* The largest value at any tick of any run. */
int64_t pl_simulate_largest(const struct pl_simulate_page *page, pl_simulated_value value);
/* A value at a tick, as a series of a chart; the context is a struct pl_simulate_line. */
bool pl_simulate_line_value(const void *context, size_t tick, pl_i128 *value_e8);
void pl_simulate_add_time_axis(const struct pl_simulate_page *page);
/* <h3> with the policy's name, where there are several. */
void pl_simulate_add_run_name(const struct pl_simulate_page *page, int run);

/* Only where the book has sources. */
void pl_simulate_add_sources(const struct pl_simulate_page *page);
/* Only where something expired. */
void pl_simulate_add_expiries(const struct pl_simulate_page *page);
/* Only where they follow volatility. */
void pl_simulate_add_parameters(const struct pl_simulate_page *page);
void pl_simulate_add_liquidations(const struct pl_simulate_page *page);
void pl_simulate_add_cascades(const struct pl_simulate_page *page);
void pl_simulate_add_fund(const struct pl_simulate_page *page);
void pl_simulate_add_losses(const struct pl_simulate_page *page);
void pl_simulate_add_auctions(const struct pl_simulate_page *page);
void pl_simulate_add_calls(const struct pl_simulate_page *page);
void pl_simulate_add_breakers(const struct pl_simulate_page *page);

#endif
