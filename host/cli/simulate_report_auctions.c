/* What bidders paid against the marks, and what margin calls saved. */
#include <inttypes.h>
#include <stdio.h>

#include "decide/liquidation.h"
#include "simulate_report.h"

#define PLOT_HEIGHT 160
#define TITLE_BYTES 512

/* Bids of one run. A book that is worth something is paid for; who takes one that is not is paid.
 */
struct bids {
    uint64_t solvent, insolvent;
    pl_i128 worth_e8, paid_e8, received_e8;
    int64_t lowest_e8; /* price in per cent of the worth, the lowest; 1e-8 */
};

/* Price in per cent of what it was worth at the marks, 1e-8, down. */
static int64_t percent_e8(const struct pl_venue_action *a)
{
    return (int64_t)((pl_i128)a->price * 100 * PL_CHART_E8 / a->value_e8);
}

static bool is_solvent(const struct pl_venue_action *a)
{
    return a->value_e8 > 0 && a->price > 0;
}

static struct bids add_up(const struct pl_simulation_log *log)
{
    struct bids b = { .lowest_e8 = INT64_MAX };
    for (size_t i = 0; i < log->count; i++) {
        const struct pl_venue_action *a = &log->actions[i];
        if (a->kind != PL_VENUE_BOUGHT)
            continue;
        if (is_solvent(a)) {
            b.solvent++;
            b.worth_e8 += a->value_e8;
            b.paid_e8 += a->price;
            b.lowest_e8 = pl_min64(b.lowest_e8, percent_e8(a));
        } else {
            b.insolvent++;
            b.received_e8 -= a->price;
        }
    }
    return b;
}

static void add_dots(const struct pl_simulate_page *page, const struct pl_chart *chart, int run)
{
    const struct pl_simulation *s = page->runs[run];
    for (size_t i = 0; i < s->log.count; i++) {
        const struct pl_venue_action *a = &s->log.actions[i];
        char text[TITLE_BYTES], at[PL_TIME_TEXT_BYTES], price[PL_REPORT_NUMBER_BYTES],
            worth[PL_REPORT_NUMBER_BYTES], percent[PL_REPORT_NUMBER_BYTES];
        if (a->kind != PL_VENUE_BOUGHT || !is_solvent(a))
            continue;
        pl_time_text(at, a->time_us);
        pl_report_money_text(price, a->price, PL_MONEY_DIGITS_SHOWN);
        pl_report_money_text(worth, a->value_e8, PL_MONEY_DIGITS_SHOWN);
        pl_report_money_text(percent, percent_e8(a), 1);
        snprintf(text, sizeof text, "%s\n%s: %s for %s at the marks, %s %%", at,
                 s->session->book->accounts[a->account].name, price, worth, percent);
        pl_chart_dot(chart, page->classes[run], a->time_us, percent_e8(a), text);
    }
}

static void add_plot(const struct pl_simulate_page *page, const struct bids *bids)
{
    struct pl_chart chart = { .out = page->report.out, .time = &page->report.time };
    struct pl_chart_label labels[PL_SIMULATE_RUNS_MAX];
    size_t count = 0;
    chart.axis = pl_chart_axis_fit(PL_CHART_INDEX, PLOT_HEIGHT, 4, 0, 100 * PL_CHART_E8);
    pl_chart_open(&chart, "Prices of auctions in per cent of the marks", "");
    for (int r = 0; r < page->count; r++) {
        if (bids[r].solvent == 0)
            continue;
        add_dots(page, &chart, r);
        struct pl_chart_label *label = &labels[count++];
        *label = (struct pl_chart_label){ .name = page->names[r], .class = page->classes[r] };
        label->value_e8 = bids[r].paid_e8 * 100 * PL_CHART_E8 / bids[r].worth_e8;
        pl_report_money_text(label->value, label->value_e8, 1);
    }
    pl_chart_close(&chart, labels, count);
    pl_simulate_add_time_axis(page);
}

static void add_percent_cell(struct pl_buffer *out, pl_i128 percent, bool any)
{
    char text[PL_REPORT_NUMBER_BYTES];
    pl_report_money_text(text, percent, 2);
    pl_buffer_add(out, "<td class=\"number\">%s%s</td>", any ? text : "-", any ? " %" : "");
}

static void add_count_cell(struct pl_buffer *out, uint64_t count)
{
    char text[PL_REPORT_NUMBER_BYTES];
    pl_report_count_text(text, count);
    pl_buffer_add(out, "<td class=\"number%s\">%s</td>", count == 0 ? " none" : "", text);
}

static void add_table(const struct pl_simulate_page *page, const struct bids *bids)
{
    struct pl_buffer *out = page->report.out;
    pl_buffer_add(out,
                  "<div class=\"scroll\"><table><thead><tr><th scope=\"col\">Policy</th><th "
                  "scope=\"col\" class=\"number\">Bids filled</th><th scope=\"col\" "
                  "class=\"number\">Worth at the marks</th><th scope=\"col\" class=\"number\">Paid"
                  "</th><th scope=\"col\" class=\"number\">Of the marks</th><th scope=\"col\" "
                  "class=\"number\">Lowest</th><th scope=\"col\" class=\"number\">Worthless books"
                  "</th><th scope=\"col\" class=\"number\">Paid to their bidders</th></tr></thead>"
                  "<tbody>\n");
    for (int r = 0; r < page->count; r++) {
        const struct bids *b = &bids[r];
        const bool any = b->solvent > 0;
        pl_buffer_add(out, "<tr><th scope=\"row\">%s</th>", page->names[r]);
        add_count_cell(out, b->solvent);
        pl_report_add_money_cell(out, b->worth_e8, page->report.currency);
        pl_report_add_money_cell(out, b->paid_e8, page->report.currency);
        add_percent_cell(out, any ? b->paid_e8 * 100 * PL_CHART_E8 / b->worth_e8 : 0, any);
        add_percent_cell(out, any ? b->lowest_e8 : 0, any);
        add_count_cell(out, b->insolvent);
        pl_report_add_money_cell(out, b->received_e8, page->report.currency);
        pl_buffer_add(out, "</tr>\n");
    }
    pl_buffer_add(out, "</tbody></table></div>\n");
}

void pl_simulate_add_auctions(const struct pl_simulate_page *page)
{
    struct bids bids[PL_SIMULATE_RUNS_MAX];
    uint64_t solvent = 0, all = 0;
    pl_report_open_section(page->report.out, "auctions", "Auctions: prices against marks",
                           "Each dot is a bid that was filled: what was paid in per cent of what "
                           "that part of the book was worth at the marks, net of what it owed.");
    for (int r = 0; r < page->count; r++) {
        bids[r] = add_up(&page->runs[r]->log);
        solvent += bids[r].solvent;
        all += bids[r].solvent + bids[r].insolvent;
    }
    if (solvent > 0)
        add_plot(page, bids);
    if (all > 0)
        add_table(page, bids);
    else
        pl_buffer_add(page->report.out, "<p class=\"empty\">Nothing was auctioned.</p>\n");
    pl_buffer_add(page->report.out, "</section>\n");
}

/* ----- Margin calls ----- */

static int64_t calls(const struct pl_simulated *n)
{
    return (int64_t)n->calls;
}

static int64_t cleared(const struct pl_simulated *n)
{
    return (int64_t)n->cleared;
}

static int64_t accounts(const struct pl_simulated *n)
{
    return (int64_t)n->liquidated_accounts;
}

/* What became of the accounts that were called. */
static void add_called(const struct pl_simulate_page *page, int run)
{
    const struct pl_simulation *s = page->runs[run];
    uint64_t called = 0, lost = 0, open = 0;
    for (uint32_t a = 0; a < s->session->book->account_count; a++) {
        if (!s->called[a])
            continue;
        called++;
        lost += s->liquidated[a];
        open += !s->liquidated[a] && !s->cleared[a];
    }
    pl_buffer_add(page->report.out,
                  "<p class=\"total\">%s%sOf %" PRIu64
                  " accounts that were called, <strong>%" PRIu64
                  "</strong> were saved: they met the call and were never liquidated. %" PRIu64
                  " were liquidated all the same, %" PRIu64 " are still called at the end.</p>\n",
                  page->count > 1 ? page->names[run] : "", page->count > 1 ? ": " : "", called,
                  called - lost - open, lost, open);
}

void pl_simulate_add_calls(const struct pl_simulate_page *page)
{
    struct pl_buffer *out = page->report.out;
    struct pl_simulate_line lines[3 * PL_SIMULATE_RUNS_MAX];
    bool any = false;
    pl_report_open_section(out, "calls", "Margin calls",
                           "So far: calls, calls that were met in time, accounts liquidated.");
    for (int r = 0; r < page->count; r++) {
        const struct pl_simulation *s = page->runs[r];
        size_t count = 0;
        if (s->so_far.calls == 0)
            continue;
        any = true;
        pl_simulate_add_run_name(page, r);
        lines[count++] = (struct pl_simulate_line){ "calls", "call", s, calls };
        lines[count++] = (struct pl_simulate_line){ "met", "healthy", s, cleared };
        lines[count++] = (struct pl_simulate_line){ "liquidated", "liquidate", s, accounts };
        pl_simulate_add_lines(page, "Margin calls over time", PL_CHART_COUNT, PLOT_HEIGHT, lines,
                              count);
        pl_simulate_add_time_axis(page);
        add_called(page, r);
    }
    if (!any)
        pl_buffer_add(out, "<p class=\"empty\">Nobody was called.</p>\n");
    pl_buffer_add(out, "</section>\n");
}
