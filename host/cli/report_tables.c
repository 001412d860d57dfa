/* The page's tables: what would be liquidated, the worst accounts and their explanations. */
#include "report_page.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS_OPEN 15 /* of liquidations; the others are folded */
#define SHARES_MAX 8 /* underlyings with a bar of their own; the others share one */
#define SPARK_WIDTH 130
#define SPARK_HEIGHT 30
#define SPARK_COLUMNS 100
#define BAR_TENTHS 1000

/* ----- Liquidations ----- */

struct share {
    const char *underlying; /* NULL: all others */
    pl_i128 notional;
};

static pl_i128 size_of(pl_i128 value)
{
    return value < 0 ? -value : value;
}

static void add_bar_cell(struct pl_buffer *out, pl_i128 part, pl_i128 whole)
{
    int tenths = whole <= 0 ? 0 : (int)(size_of(part) * BAR_TENTHS / whole);
    pl_buffer_add(
        out,
        "<td class=\"bar\"><svg height=\"12\" aria-hidden=\"true\"><rect y=\"1\" height=\"10\" "
        "width=\"%d.%d%%\"/></svg></td>",
        tenths / 10, tenths % 10);
}

static const char *text_or_dash(const char *text)
{
    return text != NULL && text[0] != '\0' ? text : "-";
}

static int compare_shares(const void *left, const void *right)
{
    const struct share *a = left, *b = right;
    if (a->notional != b->notional)
        return a->notional < b->notional ? 1 : -1;
    return strcmp(a->underlying, b->underlying);
}

/* Notional by underlying, the largest first, as far as `shares` has room for one each. Returns
 * their number; 0 and out->failed without memory. */
static size_t add_up_shares(const struct pl_report_page *page, struct share shares[SHARES_MAX + 1])
{
    const struct pl_report *report = page->report;
    struct share *all = calloc(report->liquidation_count, sizeof *all);
    size_t count = 0;
    if (all == NULL) {
        page->out->failed = true;
        return 0;
    }
    for (size_t i = 0; i < report->liquidation_count; i++) {
        const char *underlying = text_or_dash(report->liquidations[i].underlying);
        size_t at = 0;
        while (at < count && strcmp(all[at].underlying, underlying) != 0)
            at++;
        if (at == count)
            all[count++].underlying = underlying;
        all[at].notional += size_of(report->liquidations[i].notional);
    }
    qsort(all, count, sizeof *all, compare_shares);
    struct share others = { NULL, 0 };
    for (size_t i = 0; i < count; i++) {
        if (i < SHARES_MAX)
            shares[i] = all[i];
        else
            others.notional += all[i].notional;
    }
    if (count > SHARES_MAX) {
        shares[SHARES_MAX] = others;
        count = SHARES_MAX + 1;
    }
    free(all);
    return count;
}

static void add_shares(const struct pl_report_page *page)
{
    struct share shares[SHARES_MAX + 1];
    size_t count = add_up_shares(page, shares);
    struct pl_buffer *out = page->out;
    pl_i128 total = 0, largest = 0;
    for (size_t i = 0; i < count; i++) {
        total += shares[i].notional;
        largest = shares[i].notional > largest ? shares[i].notional : largest;
    }
    pl_buffer_add(out,
                  "<p class=\"total\">Notional to liquidate, long and short together: <strong>");
    pl_report_add_short(out, total, page->currency);
    pl_buffer_add(
        out,
        "</strong></p>\n<div class=\"scroll\"><table class=\"bars\"><thead><tr><th scope=\"col\">By "
        "underlying</th><th scope=\"col\" class=\"number\">Notional, ");
    pl_report_add_text(out, page->currency);
    pl_buffer_add(out, "</th><th></th></tr></thead><tbody>\n");
    for (size_t i = 0; i < count; i++) {
        pl_buffer_add(out, "<tr><th scope=\"row\">");
        pl_report_add_text(out, shares[i].underlying != NULL ? shares[i].underlying : "all others");
        pl_buffer_add(out, "</th>");
        pl_report_add_money_cell(out, shares[i].notional, page->currency);
        add_bar_cell(out, shares[i].notional, largest);
        pl_buffer_add(out, "</tr>\n");
    }
    pl_buffer_add(out, "</tbody></table></div>\n");
}

static void add_quantity_cell(struct pl_buffer *out, double quantity)
{
    char text[PL_REPORT_NUMBER_BYTES];
    pl_report_quantity_text(text, quantity);
    pl_buffer_add(out, "<td class=\"number%s\">%s</td>", quantity == 0 ? " none" : "", text);
}

static void add_liquidation_rows(const struct pl_report_page *page, size_t from, size_t to)
{
    const struct pl_report *report = page->report;
    struct pl_buffer *out = page->out;
    pl_i128 largest = 0;
    for (size_t i = 0; i < report->liquidation_count; i++)
        largest = size_of(report->liquidations[i].notional) > largest
                      ? size_of(report->liquidations[i].notional)
                      : largest;
    pl_buffer_add(
        out,
        "<div class=\"scroll\"><table class=\"bars\"><thead><tr><th scope=\"col\">By instrument</th><th "
        "scope=\"col\">Kind</th><th scope=\"col\" class=\"number\">Long</th><th scope=\"col\" "
        "class=\"number\">Short</th><th scope=\"col\" class=\"number\">Notional, ");
    pl_report_add_text(out, page->currency);
    pl_buffer_add(out, "</th><th></th></tr></thead><tbody>\n");
    for (size_t i = from; i < to; i++) {
        const struct pl_report_liquidation *row = &report->liquidations[i];
        pl_buffer_add(out, "<tr><th scope=\"row\">");
        pl_report_add_text(out, text_or_dash(row->symbol));
        pl_buffer_add(out, "</th><td>");
        pl_report_add_text(out, text_or_dash(row->kind));
        pl_buffer_add(out, "</td>");
        add_quantity_cell(out, row->long_quantity);
        add_quantity_cell(out, row->short_quantity);
        pl_report_add_money_cell(out, row->notional, page->currency);
        add_bar_cell(out, row->notional, largest);
        pl_buffer_add(out, "</tr>\n");
    }
    pl_buffer_add(out, "</tbody></table></div>\n");
}

void pl_report_add_liquidations(const struct pl_report_page *page)
{
    size_t count = page->report->liquidation_count;
    pl_report_open_section(
        page->out, "liquidations", "What would be liquidated at the worst tick",
        "Positions of all accounts to be liquidated, bankrupt ones included. Long and short are "
        "contracts; notional is their value at the tick's prices.");
    if (count == 0) {
        pl_buffer_add(page->out, "<p class=\"empty\">Nothing.</p>\n</section>\n");
        return;
    }
    add_shares(page);
    add_liquidation_rows(page, 0, count < ROWS_OPEN ? count : ROWS_OPEN);
    if (count > ROWS_OPEN) {
        pl_buffer_add(page->out, "<details><summary>%zu more instruments</summary>\n",
                      count - ROWS_OPEN);
        add_liquidation_rows(page, ROWS_OPEN, count);
        pl_buffer_add(page->out, "</details>\n");
    }
    pl_buffer_add(page->out, "</section>\n");
}

/* ----- Accounts ----- */

static bool excess_value(const void *context, size_t tick, pl_i128 *value_e8)
{
    const struct pl_report_account *account = context;
    if (account->maintenance_excess == NULL)
        return false;
    *value_e8 = account->maintenance_excess[tick];
    return true;
}

static void add_spark(const struct pl_report_page *page, const struct pl_report_account *account)
{
    struct pl_chart_series series = { "maintenance excess", "s0", excess_value, account };
    struct pl_chart chart = { .out = page->out,
                              .time = &page->time,
                              .line_columns = SPARK_COLUMNS };
    pl_i128 low = 0, high = 0;
    pl_buffer_add(page->out, "<td class=\"spark\">");
    if (account->maintenance_excess != NULL && page->report->tick_count > 0) {
        pl_chart_range(&page->time, &series, &low, &high);
        if (low == high)
            high++;
        chart.axis = (struct pl_chart_axis){ PL_CHART_MONEY, low, high, high - low, SPARK_HEIGHT };
        pl_chart_spark(&chart, &series, SPARK_WIDTH, page->report->worst_tick);
    }
    pl_buffer_add(page->out, "</td>");
}

static void add_account_row(const struct pl_report_page *page, size_t index)
{
    const struct pl_report_account *account = &page->report->accounts[index];
    struct pl_buffer *out = page->out;
    pl_buffer_add(out, "<tr><th scope=\"row\"><a href=\"#account-%zu\">", index + 1);
    pl_report_add_text(out, text_or_dash(account->name));
    pl_buffer_add(out, "</a><br><span class=\"muted\">%s</span></th><td>",
                  pl_mode_name(account->worst.mode));
    pl_report_add_state(out, account->worst.state);
    pl_buffer_add(out, "</td>");
    pl_report_add_money_cell(out, account->worst.equity, page->currency);
    pl_report_add_money_cell(out, account->worst.maintenance_excess, page->currency);
    pl_buffer_add(out, "<td>");
    if (account->first_below_us == 0)
        pl_buffer_add(out, "never");
    else
        pl_report_add_clock(out, account->first_below_us);
    pl_buffer_add(out, "</td><td class=\"scenario\">");
    pl_report_add_text(out, text_or_dash(account->worst_scenario));
    pl_buffer_add(out, "</td>");
    add_spark(page, account);
    pl_buffer_add(out, "</tr>\n");
}

void pl_report_add_accounts(const struct pl_report_page *page)
{
    const struct pl_report *report = page->report;
    struct pl_buffer *out = page->out;
    pl_report_open_section(
        out, "accounts", "The worst accounts",
        "Each at its own lowest maintenance excess, which is equity less maintenance requirement. The "
        "line shows the excess over the whole period; below zero, shaded, the account is to be "
        "liquidated. An account's name leads to its explanation.");
    if (report->account_list_count == 0) {
        pl_buffer_add(out, "<p class=\"empty\">No account is listed.</p>\n</section>\n");
        return;
    }
    pl_buffer_add(
        out,
        "<div class=\"scroll\"><table class=\"accounts\"><thead><tr><th scope=\"col\">Account</th><th "
        "scope=\"col\">State</th><th scope=\"col\" class=\"number\">Equity,<br>");
    pl_report_add_text(out, page->currency);
    pl_buffer_add(out, "</th><th scope=\"col\" class=\"number\">Maintenance<br>excess, ");
    pl_report_add_text(out, page->currency);
    pl_buffer_add(
        out,
        "</th><th scope=\"col\">First below<br>the line, UTC</th><th scope=\"col\">Worst scenario</th><th "
        "scope=\"col\">Excess over<br>the period</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < report->account_list_count; i++)
        add_account_row(page, i);
    pl_buffer_add(out, "</tbody></table></div>\n</section>\n");
}

/* ----- Explanations ----- */

static void add_verdict_fact(const struct pl_report_page *page, const char *title, int64_t value)
{
    char text[PL_REPORT_NUMBER_BYTES];
    pl_report_money_text(text, value, PL_MONEY_DIGITS_EXACT);
    pl_buffer_add(page->out, "<div><dt>%s</dt><dd>%s ", title, text);
    pl_report_add_text(page->out, page->currency);
    pl_buffer_add(page->out, "</dd></div>\n");
}

static void add_flags(struct pl_buffer *out, unsigned flags)
{
    if (flags == 0)
        return;
    pl_buffer_add(out, "<div><dt>Flags</dt><dd>");
    for (unsigned bit = 0; bit < 16; bit++)
        if ((flags >> bit & 1) != 0)
            pl_buffer_add(out, "%s ", pl_flag_name(bit));
    pl_buffer_add(out, "</dd></div>\n");
}

static void add_verdict(const struct pl_report_page *page, const struct pl_verdict *verdict)
{
    const struct pl_report *report = page->report;
    pl_buffer_add(page->out, "<dl class=\"facts verdict\">\n<div><dt>Tick</dt><dd>%" PRIu64,
                  verdict->tick);
    for (size_t i = 0; i < report->tick_count; i++) {
        if (report->ticks[i].tick != verdict->tick)
            continue;
        pl_buffer_add(page->out, ", ");
        pl_report_add_time(page->out, report->ticks[i].time_us);
        break;
    }
    pl_buffer_add(page->out, "</dd></div>\n");
    add_verdict_fact(page, "Equity", verdict->equity);
    add_verdict_fact(page, "Maintenance excess", verdict->maintenance_excess);
    add_verdict_fact(page, "Initial excess", verdict->initial_excess);
    add_verdict_fact(page, "Loss of the worst scenario", verdict->worst_loss);
    add_verdict_fact(page, "Net cash delta", verdict->delta);
    add_verdict_fact(page, "Net cash gamma per 1 %", verdict->gamma);
    add_verdict_fact(page, "Net vega per vol point", verdict->vega);
    add_verdict_fact(page, "Net theta per day", verdict->theta);
    add_flags(page->out, verdict->flags);
    pl_buffer_add(page->out, "</dl>\n");
}

/* The anchor stands inside the folded part: a browser that goes there opens it. */
static void add_explanation(const struct pl_report_page *page, size_t index)
{
    const struct pl_report_account *account = &page->report->accounts[index];
    struct pl_buffer *out = page->out;
    pl_buffer_add(out, "<details><summary>");
    pl_report_add_text(out, text_or_dash(account->name));
    pl_buffer_add(out, " ");
    pl_report_add_state(out, account->worst.state);
    pl_buffer_add(out, "</summary>\n<div class=\"explanation\" id=\"account-%zu\">\n", index + 1);
    add_verdict(page, &account->worst);
    if (account->explain_command != NULL && account->explain_command[0] != '\0') {
        pl_buffer_add(out, "<p class=\"repeat\">Explained by</p>\n<pre class=\"command\"><code>");
        pl_report_add_text(out, account->explain_command);
        pl_buffer_add(out, "</code></pre>\n");
    }
    if (account->explain_text != NULL && account->explain_text[0] != '\0') {
        pl_buffer_add(out, "<pre class=\"output\">");
        pl_report_add_text(out, account->explain_text);
        pl_buffer_add(out, "</pre>\n");
    }
    pl_buffer_add(out, "</div>\n</details>\n");
}

void pl_report_add_explanations(const struct pl_report_page *page)
{
    if (page->report->account_list_count == 0)
        return;
    pl_report_open_section(
        page->out, "explanations", "Why, account by account",
        "The verdict at the account's lowest maintenance excess, digit for digit, and how it was "
        "reached.");
    for (size_t i = 0; i < page->report->account_list_count; i++)
        add_explanation(page, i);
    pl_buffer_add(page->out, "</section>\n");
}
