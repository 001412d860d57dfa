/* The head of the page: what was replayed, and the numbers to know first. */
#include "report_page.h"
#include "report_style.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

uint64_t pl_report_to_liquidate(const struct pl_report_tick *tick)
{
    uint64_t liquidate = tick->accounts[PL_STATE_LIQUIDATE],
             bankrupt = tick->accounts[PL_STATE_BANKRUPT];
    return liquidate > UINT64_MAX - bankrupt ? UINT64_MAX : liquidate + bankrupt;
}

const char *pl_report_state_class(unsigned state)
{
    static const char *const classes[PL_REPORT_STATES] = { "healthy", "call", "unknown",
                                                           "liquidate", "bankrupt" };
    return state < PL_REPORT_STATES ? classes[state] : "unknown";
}

void pl_report_add_state(struct pl_buffer *out, unsigned state)
{
    pl_buffer_add(out, "<span class=\"state %s\">%s</span>", pl_report_state_class(state),
                  pl_state_name((uint8_t)state));
}

void pl_report_open_section(struct pl_buffer *out, const char *id, const char *title,
                            const char *note)
{
    pl_buffer_add(out, "<section id=\"%s\">\n<h2>%s</h2>\n<p class=\"note\">%s</p>\n", id, title,
                  note);
}

static void add_count(struct pl_buffer *out, uint64_t count)
{
    char text[PL_REPORT_NUMBER_BYTES];
    pl_report_count_text(text, count);
    pl_buffer_add_bytes(out, text, strlen(text));
}

/* ----- Facts ----- */

static void open_fact(struct pl_buffer *out, const char *title)
{
    pl_buffer_add(out, "<div><dt>%s</dt><dd>", title);
}

static void close_fact(struct pl_buffer *out)
{
    pl_buffer_add(out, "</dd></div>\n");
}

void pl_report_add_fact(struct pl_buffer *out, const char *title, const char *text)
{
    if (text == NULL || text[0] == '\0')
        return;
    open_fact(out, title);
    pl_report_add_text(out, text);
    close_fact(out);
}

void pl_report_add_period(const struct pl_report_page *page)
{
    const struct pl_report *report = page->report;
    open_fact(page->out, "Period (UTC)");
    if (report->tick_count > 0) {
        pl_report_add_time(page->out, report->ticks[0].time_us);
        pl_buffer_add(page->out, " to ");
        pl_report_add_time(page->out, report->ticks[report->tick_count - 1].time_us);
    } else {
        pl_buffer_add(page->out, "no ticks");
    }
    close_fact(page->out);
}

static void add_counts(const struct pl_report_page *page)
{
    const struct pl_report *report = page->report;
    const struct {
        const char *title;
        uint64_t count;
    } counts[] = { { "Ticks", report->tick_count },
                   { "Accounts", report->account_count },
                   { "Positions", report->position_count },
                   { "Instruments", report->instrument_count } };
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        open_fact(page->out, counts[i].title);
        add_count(page->out, counts[i].count);
        close_fact(page->out);
    }
}

void pl_report_add_command(struct pl_buffer *out, const char *command)
{
    if (command == NULL || command[0] == '\0')
        return;
    pl_buffer_add(
        out, "<p class=\"repeat\">Made by, and repeated with</p>\n<pre class=\"command\"><code>");
    pl_report_add_text(out, command);
    pl_buffer_add(out, "</code></pre>\n");
}

static void add_facts(const struct pl_report_page *page)
{
    const struct pl_report *report = page->report;
    struct pl_buffer *out = page->out;
    pl_buffer_add(out, "<dl class=\"facts\">\n");
    pl_report_add_period(page);
    pl_report_add_fact(out, "Source", report->source);
    open_fact(out, "Model");
    pl_report_add_text(out, report->model_name);
    pl_buffer_add(out,
                  " <span class=\"muted\">version %" PRIu32 ", instrument table %" PRIu32 "</span>",
                  report->model_version, report->table_version);
    close_fact(out);
    pl_report_add_fact(out, "Device", report->device);
    add_counts(page);
    pl_report_add_fact(out, "Settlement currency", report->settlement_currency);
    open_fact(out, "Verdict hash");
    pl_buffer_add(
        out,
        "<code title=\"FNV-1a over all verdicts' bytes in order; every device returns the same\">"
        "%016" PRIx64 "</code>",
        report->verdicts_hash);
    close_fact(out);
    pl_buffer_add(out, "</dl>\n");
    pl_report_add_command(out, report->command);
}

/* ----- Headline numbers ----- */

/* Index of the first tick with an account to liquidate; tick_count: there is none. */
static size_t first_crossing(const struct pl_report *report)
{
    size_t i = 0;
    while (i < report->tick_count && pl_report_to_liquidate(&report->ticks[i]) == 0)
        i++;
    return i;
}

static void add_lede(const struct pl_report_page *page)
{
    const struct pl_report *report = page->report;
    struct pl_buffer *out = page->out;
    size_t crossing = first_crossing(report);
    pl_buffer_add(out, "<p class=\"lede\">");
    if (report->tick_count == 0) {
        pl_buffer_add(out, "The replay has no ticks: nothing was judged.</p>\n");
        return;
    }
    const struct pl_report_tick *worst = &report->ticks[report->worst_tick];
    if (crossing == report->tick_count) {
        pl_buffer_add(out, "No account had to be liquidated at any tick.</p>\n");
        return;
    }
    pl_buffer_add(out, "<strong>");
    add_count(out, pl_report_to_liquidate(worst));
    pl_buffer_add(out, " of ");
    add_count(out, report->account_count);
    pl_buffer_add(out, " accounts</strong> had to be liquidated at the worst tick, ");
    pl_report_add_time(out, worst->time_us);
    pl_buffer_add(out, "; <strong>");
    add_count(out, worst->accounts[PL_STATE_BANKRUPT]);
    pl_buffer_add(out,
                  "</strong> of them had lost more than they own. The first crossed the line at ");
    pl_report_add_time(out, report->ticks[crossing].time_us);
    pl_buffer_add(out, ".</p>\n");
}

static void add_state_head(struct pl_buffer *out, const char *title, int64_t time_us)
{
    pl_buffer_add(out, "<th scope=\"col\" class=\"number\">%s<br><span class=\"when\">", title);
    pl_report_add_clock(out, time_us);
    pl_buffer_add(out, "</span></th>");
}

static void add_state_table(const struct pl_report_page *page)
{
    const struct pl_report *report = page->report;
    struct pl_buffer *out = page->out;
    const struct pl_report_tick *columns[] = { &report->ticks[0],
                                               &report->ticks[report->worst_tick],
                                               &report->ticks[report->tick_count - 1] };
    pl_buffer_add(
        out,
        "<div class=\"scroll\"><table class=\"states\"><thead><tr><th scope=\"col\">Accounts by state</th>");
    add_state_head(out, "Start", columns[0]->time_us);
    add_state_head(out, "Worst tick", columns[1]->time_us);
    add_state_head(out, "End", columns[2]->time_us);
    pl_buffer_add(out, "</tr></thead><tbody>\n");
    for (unsigned state = PL_REPORT_STATES; state-- > 0;) {
        pl_buffer_add(out, "<tr><th scope=\"row\">");
        pl_report_add_state(out, state);
        pl_buffer_add(out, "</th>");
        for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
            pl_buffer_add(out, "<td class=\"number%s\">",
                          columns[i]->accounts[state] == 0 ? " none" : "");
            add_count(out, columns[i]->accounts[state]);
            pl_buffer_add(out, "</td>");
        }
        pl_buffer_add(out, "</tr>\n");
    }
    pl_buffer_add(out, "</tbody></table></div>\n");
}

static void open_card(struct pl_buffer *out, const char *title)
{
    pl_buffer_add(out, "<div class=\"card\"><h3>%s</h3><p class=\"big\">", title);
}

static void add_crossing_card(const struct pl_report_page *page)
{
    const struct pl_report *report = page->report;
    size_t crossing = first_crossing(report);
    open_card(page->out, "First below the line");
    if (crossing == report->tick_count) {
        pl_buffer_add(page->out, "none</p><p>no account at any tick</p></div>\n");
        return;
    }
    pl_report_add_clock(page->out, report->ticks[crossing].time_us);
    pl_buffer_add(page->out, "</p><p>tick ");
    add_count(page->out, crossing + 1);
    pl_buffer_add(page->out, " of ");
    add_count(page->out, report->tick_count);
    pl_buffer_add(page->out, "</p></div>\n");
}

static void add_cards(const struct pl_report_page *page)
{
    const struct pl_report *report = page->report;
    struct pl_buffer *out = page->out;
    const struct pl_report_tick *tick = &report->ticks[report->worst_tick];
    char text[PL_REPORT_NUMBER_BYTES];
    uint64_t worst = pl_report_to_liquidate(&report->ticks[report->worst_tick]);
    pl_buffer_add(out, "<div class=\"cards\">\n");
    open_card(out, "To liquidate, worst tick");
    add_count(out, worst);
    pl_report_percent_text(text, worst, report->account_count);
    pl_buffer_add(out, "</p><p>%s of ", text);
    add_count(out, report->account_count);
    pl_buffer_add(out, " accounts</p></div>\n");
    add_crossing_card(page);
    open_card(out, "Shortfall, worst tick");
    pl_report_add_short(out, tick->shortfall, page->currency);
    pl_buffer_add(out, "</p><p>what all accounts below their line miss in maintenance</p></div>\n");
    open_card(out, "Negative equity, worst tick");
    pl_report_add_short(out, tick->negative_equity, page->currency);
    pl_buffer_add(out, "</p><p>what the bankrupt owe beyond what they have</p></div>\n</div>\n");
}

/* ----- The page ----- */

void pl_report_open_page(struct pl_buffer *out, const char *name, const char *kind)
{
    pl_buffer_add(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                       "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                       "<meta name=\"color-scheme\" content=\"light dark\">\n"
                       "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                       "style-src 'unsafe-inline'\">\n<title>");
    pl_report_add_text(out, name);
    pl_buffer_add(out, " - Plimsoll %s</title>\n<style>\n%s</style>\n</head>\n<body>\n", kind,
                  pl_report_style);
}

void pl_report_close_page(struct pl_buffer *out)
{
    pl_buffer_add(out, "</main>\n</body>\n</html>\n");
}

void pl_report_open_header(struct pl_buffer *out, const char *name, const char *kind,
                           const char *description)
{
    pl_buffer_add(out, "<header>\n<p class=\"brand\">Plimsoll %s report</p>\n<h1>", kind);
    pl_report_add_text(out, name != NULL ? name : "unnamed book");
    pl_buffer_add(out, "</h1>\n");
    if (description != NULL && description[0] != '\0') {
        pl_buffer_add(out, "<p class=\"description\">");
        pl_report_add_text(out, description);
        pl_buffer_add(out, "</p>\n");
    }
}

static void add_header(const struct pl_report_page *page)
{
    const struct pl_report *report = page->report;
    pl_report_open_header(page->out, report->book_name, "replay", report->description);
    add_facts(page);
    pl_buffer_add(page->out, "</header>\n<main>\n<section id=\"headline\">\n<h2>In short</h2>\n");
    add_lede(page);
    if (report->tick_count > 0) {
        pl_buffer_add(page->out, "<div class=\"summary\">\n");
        add_state_table(page);
        add_cards(page);
        pl_buffer_add(page->out, "</div>\n");
    }
    pl_buffer_add(page->out, "</section>\n");
}

void pl_report_add_page(struct pl_buffer *out, const struct pl_report *report)
{
    struct pl_report_page page = { .out = out, .report = report, .mark = "worst tick" };
    page.currency = report->settlement_currency != NULL ? report->settlement_currency : "";
    pl_chart_time_fit(&page.time, report->ticks, report->tick_count);
    pl_report_open_page(out, report->book_name, "replay");
    add_header(&page);
    if (report->tick_count > 0) {
        pl_report_add_states(&page);
        pl_report_add_prices(&page);
        pl_report_add_requirements(&page);
        pl_report_add_greeks(&page);
    }
    pl_report_add_liquidations(&page);
    pl_report_add_accounts(&page);
    pl_report_add_explanations(&page);
    pl_report_close_page(out);
}
