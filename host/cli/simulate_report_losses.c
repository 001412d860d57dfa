/* Who was deleveraged, and by how much more than needed under each policy. */
#include <math.h>
#include <stdio.h>

#include "simulate_report.h"

#define ROWS_OPEN 12
#define PLOT_HEIGHT 120
#define TITLE_BYTES 256

static const char *const policy_classes[PL_POLICIES] = { "s1", "s2", "s3" };

/* One close by deleveraging: the action, and behind it what each policy would have imposed. */
static bool is_whole(const struct pl_simulation_log *log, size_t at)
{
    if (log->actions[at].kind != PL_VENUE_DELEVERAGED || at + PL_POLICIES >= log->count)
        return false;
    for (size_t p = 1; p <= PL_POLICIES; p++)
        if (log->actions[at + p].kind != PL_VENUE_IMPOSED)
            return false;
    return true;
}

/* In per cent, 1e-8. */
static int64_t percent_e8(int64_t value_q40)
{
    return (int64_t)((pl_i128)value_q40 * 100 * PL_CHART_E8 >> PL_COEFFICIENT_BITS);
}

static void add_dots(const struct pl_chart *chart, const struct pl_simulation *s, size_t at)
{
    const struct pl_venue_action *a = &s->log.actions[at];
    for (size_t p = 1; p <= PL_POLICIES; p++) {
        const struct pl_venue_action *imposed = &s->log.actions[at + p];
        char text[TITLE_BYTES], time[PL_TIME_TEXT_BYTES], percent[PL_REPORT_NUMBER_BYTES];
        pl_time_text(time, a->time_us);
        pl_report_money_text(percent, percent_e8(imposed->other), 2);
        snprintf(text, sizeof text, "%s\n%s: %s, regret %s %%", time,
                 s->session->book->instruments[a->instrument].symbol,
                 pl_venue_action_reason(imposed), percent);
        pl_chart_dot(chart, policy_classes[imposed->reason], a->time_us, percent_e8(imposed->other),
                     text);
    }
}

/* What each policy would have taken from somebody beyond the least possible, close by close. */
static void add_plot(const struct pl_simulate_page *page, int run)
{
    const struct pl_simulation *s = page->runs[run];
    struct pl_chart chart = { .out = page->report.out, .time = &page->report.time };
    struct pl_chart_label labels[PL_POLICIES];
    int64_t highest = 0;
    for (int p = 0; p < PL_POLICIES; p++) {
        const int64_t largest = percent_e8(s->so_far.regret_q40[p]);
        highest = pl_max64(highest, largest);
        labels[p] = (struct pl_chart_label){ .name = pl_policy_name((enum pl_policy)p),
                                             .class = policy_classes[p],
                                             .value_e8 = largest };
    }
    chart.axis = pl_chart_axis_fit(PL_CHART_INDEX, PLOT_HEIGHT, 4, 0, highest);
    pl_simulate_add_run_name(page, run);
    pl_chart_open(&chart, "Regret of each policy in per cent of equity, close by close", "");
    for (size_t i = 0; i < s->log.count; i++)
        if (is_whole(&s->log, i))
            add_dots(&chart, s, i);
    pl_chart_close(&chart, labels, PL_POLICIES);
}

static void add_plots(const struct pl_simulate_page *page)
{
    for (int r = 0; r < page->count; r++)
        if (page->runs[r]->so_far.deleveraged_e8 > 0)
            add_plot(page, r);
    pl_simulate_add_time_axis(page);
}

static void add_share_cell(struct pl_buffer *out, int64_t value_q40, bool chosen)
{
    pl_buffer_add(out,
                  chosen ? "<td class=\"number\"><strong>%.2f %%</strong></td>"
                         : "<td class=\"number\">%.2f %%</td>",
                  ldexp((double)value_q40, -PL_COEFFICIENT_BITS) * 100);
}

static void add_row(const struct pl_simulate_page *page, int run, size_t at)
{
    const struct pl_simulation *s = page->runs[run];
    const struct pl_venue_action *a = &s->log.actions[at];
    struct pl_buffer *out = page->report.out;
    char text[PL_REPORT_NUMBER_BYTES];
    pl_buffer_add(out, "<tr>");
    if (page->count > 1)
        pl_buffer_add(out, "<th scope=\"row\">%s</th>", page->names[run]);
    pl_buffer_add(out, "<td>");
    pl_report_add_time(out, a->time_us);
    pl_buffer_add(out, "</td><td>");
    pl_report_add_text(out, s->session->book->accounts[a->account].name);
    pl_buffer_add(out, "</td><td>");
    pl_report_add_text(out, s->session->book->instruments[a->instrument].symbol);
    pl_buffer_add(out, "</td>");
    pl_report_add_money_cell(out, a->value_e8, page->report.currency);
    pl_report_count_text(text, a->other);
    pl_buffer_add(out, "<td class=\"number\">%s</td>", text);
    for (size_t p = 1; p <= PL_POLICIES; p++)
        add_share_cell(out, s->log.actions[at + p].other,
                       s->log.actions[at + p].reason == s->rules.waterfall.policy);
    pl_buffer_add(out, "</tr>\n");
}

static void open_table(const struct pl_simulate_page *page)
{
    struct pl_buffer *out = page->report.out;
    pl_buffer_add(out,
                  "<div class=\"scroll\"><table><thead><tr>%s<th scope=\"col\">Time</th><th "
                  "scope=\"col\">Account below zero</th><th scope=\"col\">Instrument</th><th "
                  "scope=\"col\" class=\"number\">Loss taken over, ",
                  page->count > 1 ? "<th scope=\"col\">Policy</th>" : "");
    pl_report_add_text(out, page->report.currency);
    pl_buffer_add(out, "</th><th scope=\"col\" class=\"number\">Candidates</th>");
    for (int p = 0; p < PL_POLICIES; p++)
        pl_buffer_add(out, "<th scope=\"col\" class=\"number\">Regret,<br>%s</th>",
                      pl_policy_name((enum pl_policy)p));
    pl_buffer_add(out, "</tr></thead><tbody>\n");
}

static void close_table(struct pl_buffer *out)
{
    pl_buffer_add(out, "</tbody></table></div>\n");
}

/* Largest regret of each policy over all of it. */
static void add_worst(const struct pl_simulate_page *page)
{
    for (int r = 0; r < page->count; r++) {
        const struct pl_simulation *s = page->runs[r];
        char text[PL_REPORT_NUMBER_BYTES];
        if (s->so_far.deleveraged_e8 == 0)
            continue;
        pl_report_short_text(text, s->so_far.deleveraged_e8);
        pl_buffer_add(page->report.out,
                      "<p class=\"total\">%s%s<strong>%s</strong> were taken over by the other "
                      "side. Largest regret:",
                      page->count > 1 ? page->names[r] : "", page->count > 1 ? ": " : "", text);
        for (int p = 0; p < PL_POLICIES; p++)
            pl_buffer_add(page->report.out, "%s %s %.2f %%", p > 0 ? "," : "",
                          pl_policy_name((enum pl_policy)p),
                          ldexp((double)s->so_far.regret_q40[p], -PL_COEFFICIENT_BITS) * 100);
        pl_buffer_add(page->report.out, ".</p>\n");
    }
}

/* Rows `from` up to `to` of all runs together. */
static void add_rows(const struct pl_simulate_page *page, size_t from, size_t to)
{
    size_t row = 0;
    open_table(page);
    for (int r = 0; r < page->count; r++)
        for (size_t i = 0; i < page->runs[r]->log.count; i++)
            if (is_whole(&page->runs[r]->log, i)) {
                if (row >= from && row < to)
                    add_row(page, r, i);
                row++;
            }
    close_table(page->report.out);
}

void pl_simulate_add_losses(const struct pl_simulate_page *page)
{
    struct pl_buffer *out = page->report.out;
    size_t rows = 0;
    for (int r = 0; r < page->count; r++)
        for (size_t i = 0; i < page->runs[r]->log.count; i++)
            rows += is_whole(&page->runs[r]->log, i);
    pl_report_open_section(out, "deleveraging", "Deleveraging and its regret",
                           "Where the fund did not reach, the other side's positions were closed "
                           "and took over the loss. Regret: the largest part of anybody's equity "
                           "that a policy takes, less the least that was possible; a dot is one "
                           "close, in per cent. In the table the policy in force is bold, the "
                           "others are what they would have imposed.");
    if (rows == 0) {
        pl_buffer_add(out, "<p class=\"empty\">Nobody was deleveraged.</p>\n</section>\n");
        return;
    }
    add_worst(page);
    add_plots(page);
    add_rows(page, 0, ROWS_OPEN);
    if (rows > ROWS_OPEN) {
        pl_buffer_add(out, "<details><summary>%zu more closes</summary>\n", rows - ROWS_OPEN);
        add_rows(page, ROWS_OPEN, rows);
        pl_buffer_add(out, "</details>\n");
    }
    pl_buffer_add(out, "</section>\n");
}
