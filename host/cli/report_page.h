/* The page behind report.h: its sections, in the order in which they stand. */
#ifndef PL_CLI_REPORT_PAGE_H
#define PL_CLI_REPORT_PAGE_H

#include "report_chart.h"
#include "report_text.h"

struct pl_report_page {
    struct pl_buffer *out;
    const struct pl_report *report;
    struct pl_chart_time time;
    const char *currency; /* never NULL */
    const char *mark;     /* what the marked tick is: "worst tick" */
};

/* Appends the whole page. The report has been checked; lack of memory shows in out->failed. */
void pl_report_add_page(struct pl_buffer *out, const struct pl_report *report);

/* Everything up to <body>, and what ends the page; "NAME - Plimsoll KIND" is its title. */
void pl_report_open_page(struct pl_buffer *out, const char *name, const char *kind);
void pl_report_close_page(struct pl_buffer *out);
/* Up to the facts: kind, name, and what the book says of itself. */
void pl_report_open_header(struct pl_buffer *out, const char *name, const char *kind,
                           const char *description);
/* <div><dt>title</dt><dd>text</dd></div>, unless there is no text. */
void pl_report_add_fact(struct pl_buffer *out, const char *title, const char *text);
void pl_report_add_period(const struct pl_report_page *page);
void pl_report_add_command(struct pl_buffer *out, const char *command);

/* Sections; none of them is called for a report without ticks, but for accounts and liquidations.
 */
void pl_report_add_states(const struct pl_report_page *page);
void pl_report_add_prices(const struct pl_report_page *page);
void pl_report_add_requirements(const struct pl_report_page *page);
void pl_report_add_greeks(const struct pl_report_page *page);
void pl_report_add_liquidations(const struct pl_report_page *page);
void pl_report_add_accounts(const struct pl_report_page *page);
void pl_report_add_explanations(const struct pl_report_page *page);

/* The underlyings with the largest exposure first; at most `max` indices into report->underlyings.
 */
size_t pl_report_rank_underlyings(const struct pl_report *report, size_t max, size_t *ranked);
/* Accounts at a tick that are to be liquidated, bankrupt ones included. */
uint64_t pl_report_to_liquidate(const struct pl_report_tick *tick);
/* Class of a state's colour. */
const char *pl_report_state_class(unsigned state);
/* <span class="state">name</span> with the state's swatch. */
void pl_report_add_state(struct pl_buffer *out, unsigned state);
/* <section id><h2>title</h2><p>note</p>; texts that the report's own code wrote, not escaped. */
void pl_report_open_section(struct pl_buffer *out, const char *id, const char *title,
                            const char *note);

#endif
