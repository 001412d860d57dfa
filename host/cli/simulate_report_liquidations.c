/* What was liquidated, and in which cascades. */
#include <stdio.h>
#include <stdlib.h>

#include "simulate_report.h"

#define PLOT_HEIGHT 130
#define HOVER_COLUMNS 180
#define ROWS 5 /* of cascades, the largest */
#define TITLE_BYTES 256

static int64_t closed(const struct pl_simulated *n)
{
    return n->closed_e8;
}

static int64_t auctioned(const struct pl_simulated *n)
{
    return n->auctioned_e8;
}

static int64_t liquidated(const struct pl_simulated *n)
{
    return n->closed_e8 + n->auctioned_e8;
}

static void title(struct pl_buffer *out, const void *context, size_t tick)
{
    const struct pl_simulation *run = context;
    char text[PL_REPORT_NUMBER_BYTES];
    if (tick >= run->tick_count)
        return;
    const struct pl_simulated *n = &run->ticks[tick].so_far;
    pl_report_add_time(out, run->ticks[tick].time_us);
    pl_report_money_text(text, n->closed_e8, PL_MONEY_DIGITS_SHOWN);
    pl_buffer_add(out, "\nclosed at market so far: %s", text);
    pl_report_money_text(text, n->auctioned_e8, PL_MONEY_DIGITS_SHOWN);
    pl_buffer_add(out, "\nauctioned so far: %s", text);
    pl_buffer_add(out, "\naccounts: %llu", (unsigned long long)n->liquidated_accounts);
}

/* Closed and auctioned on top of each other. */
static void add_liquidated(const struct pl_simulate_page *page, int run, int64_t highest)
{
    const struct pl_simulation *s = page->runs[run];
    const struct pl_simulate_line lines[] = { { "closed", "closed", s, closed },
                                              { "auctioned", "auctioned", s, auctioned } };
    struct pl_chart_series series[2];
    struct pl_chart_label labels[2];
    struct pl_chart_column columns[PL_CHART_COLUMNS_MAX];
    struct pl_chart chart = { .out = page->report.out, .time = &page->report.time };
    chart.axis = pl_chart_axis_fit(PL_CHART_MONEY, PLOT_HEIGHT, 4, 0, highest);
    for (int i = 0; i < 2; i++) {
        series[i] = (struct pl_chart_series){ lines[i].name, lines[i].class, pl_simulate_line_value,
                                              &lines[i] };
        labels[i] = (struct pl_chart_label){ .name = lines[i].name, .class = lines[i].class };
        labels[i].value_e8 = chart.axis.high * (1 + 2 * i) / 4;
        pl_report_short_text(labels[i].value, lines[i].value(&s->so_far));
    }
    pl_chart_open(&chart, "Liquidated so far over time", "");
    size_t count = pl_chart_columns(chart.time, series, 2, PL_CHART_COLUMNS_MAX, columns);
    pl_chart_stack(&chart, series, 2, columns, count);
    count = pl_chart_columns(chart.time, series, 2, HOVER_COLUMNS, columns);
    pl_chart_hover(&chart, columns, count, title, s);
    pl_chart_close(&chart, labels, 2);
}

void pl_simulate_add_liquidations(const struct pl_simulate_page *page)
{
    const int64_t highest = pl_simulate_largest(page, liquidated);
    pl_report_open_section(page->report.out, "liquidated", "Liquidated notional",
                           "All that was liquidated so far, at the marks: closed at market, and "
                           "taken by bidders. Steep is fast.");
    for (int r = 0; r < page->count; r++) {
        pl_simulate_add_run_name(page, r);
        add_liquidated(page, r, highest);
    }
    pl_simulate_add_time_axis(page);
    pl_buffer_add(page->report.out, "</section>\n");
}

/* ----- Cascades ----- */

static int compare_cascades(const void *left, const void *right)
{
    const struct pl_cascade *a = *(const struct pl_cascade *const *)left,
                            *b = *(const struct pl_cascade *const *)right;
    if (a->notional_e8 != b->notional_e8)
        return a->notional_e8 < b->notional_e8 ? 1 : -1;
    return a->first_us < b->first_us ? -1 : a->first_us > b->first_us;
}

static void add_cascade_plot(const struct pl_simulate_page *page, int run, int64_t highest)
{
    const struct pl_simulation_log *log = &page->runs[run]->log;
    struct pl_chart chart = { .out = page->report.out, .time = &page->report.time };
    chart.axis = pl_chart_axis_fit(PL_CHART_MONEY, PLOT_HEIGHT, 4, 0, highest);
    pl_chart_open(&chart, "Cascades over time", "");
    for (size_t i = 0; i < log->cascade_count; i++) {
        const struct pl_cascade *c = &log->cascades[i];
        char text[TITLE_BYTES], from[PL_TIME_TEXT_BYTES], money[PL_REPORT_NUMBER_BYTES];
        pl_time_text(from, c->first_us);
        pl_report_money_text(money, c->notional_e8, PL_MONEY_DIGITS_SHOWN);
        snprintf(text, sizeof text, "from %s, %llu liquidations in %llu ticks\n%s", from,
                 (unsigned long long)c->liquidations, (unsigned long long)c->ticks, money);
        pl_chart_bar(&chart, page->classes[run], c->first_us, c->last_us, c->notional_e8, text);
    }
    pl_chart_close(&chart, NULL, 0);
}

static void add_cascade_rows(const struct pl_simulate_page *page, int run,
                             const struct pl_cascade **sorted)
{
    const struct pl_simulation_log *log = &page->runs[run]->log;
    struct pl_buffer *out = page->report.out;
    for (size_t i = 0; i < log->cascade_count; i++)
        sorted[i] = &log->cascades[i];
    qsort(sorted, log->cascade_count, sizeof *sorted, compare_cascades);
    for (size_t i = 0; i < log->cascade_count && i < ROWS; i++) {
        char text[PL_REPORT_NUMBER_BYTES];
        pl_buffer_add(out, "<tr>");
        if (page->count > 1)
            pl_buffer_add(out, "<th scope=\"row\">%s</th>", page->names[run]);
        pl_report_add_money_cell(out, sorted[i]->notional_e8, page->report.currency);
        pl_buffer_add(out, "<td>");
        pl_report_add_time(out, sorted[i]->first_us);
        pl_buffer_add(out, "</td><td>");
        pl_report_add_time(out, sorted[i]->last_us);
        pl_report_count_text(text, sorted[i]->ticks);
        pl_buffer_add(out, "</td><td class=\"number\">%s</td>", text);
        pl_report_count_text(text, sorted[i]->liquidations);
        pl_buffer_add(out, "<td class=\"number\">%s</td>", text);
        pl_buffer_add(out, "</tr>\n");
    }
}

static void add_cascade_table(const struct pl_simulate_page *page)
{
    struct pl_buffer *out = page->report.out;
    size_t most = 1;
    for (int r = 0; r < page->count; r++)
        most = page->runs[r]->log.cascade_count > most ? page->runs[r]->log.cascade_count : most;
    const struct pl_cascade **sorted = calloc(most, sizeof *sorted);
    if (sorted == NULL) {
        out->failed = true;
        return;
    }
    pl_buffer_add(
        out,
        "<div class=\"scroll\"><table><thead><tr>%s<th scope=\"col\" class=\"number\">The "
        "largest, ",
        page->count > 1 ? "<th scope=\"col\">Policy</th>" : "");
    pl_report_add_text(out, page->report.currency);
    pl_buffer_add(out, "</th><th scope=\"col\">From</th><th scope=\"col\">To</th><th scope=\"col\" "
                       "class=\"number\">Ticks with liquidations</th><th scope=\"col\" "
                       "class=\"number\">Closes and bids</th></tr></thead><tbody>\n");
    for (int r = 0; r < page->count; r++)
        add_cascade_rows(page, r, sorted);
    pl_buffer_add(out, "</tbody></table></div>\n");
    free(sorted);
}

/* Hours and minutes, up. */
static void add_window(struct pl_buffer *out, int64_t us)
{
    const long long minutes = (us + PL_MINUTE_US - 1) / PL_MINUTE_US;
    if (minutes < 60)
        pl_buffer_add(out, "<p class=\"note\">Window: %lld min.</p>\n", minutes);
    else
        pl_buffer_add(out, "<p class=\"note\">Window: %lld:%02lld h.</p>\n", minutes / 60,
                      minutes % 60);
}

void pl_simulate_add_cascades(const struct pl_simulate_page *page)
{
    struct pl_buffer *out = page->report.out;
    int64_t highest = 0;
    pl_report_open_section(out, "cascades", "Cascades",
                           "Liquidations that follow one another: none comes later than the window "
                           "after the one before. A bar is as wide as the cascade was long.");
    for (int r = 0; r < page->count; r++) {
        const struct pl_cascade *c = pl_simulation_largest_cascade(&page->runs[r]->log);
        highest = c != NULL ? pl_max64(highest, c->notional_e8) : highest;
    }
    if (highest == 0) {
        pl_buffer_add(out, "<p class=\"empty\">Nothing was liquidated.</p>\n</section>\n");
        return;
    }
    add_window(out, page->runs[0]->cascade_window_us);
    for (int r = 0; r < page->count; r++) {
        pl_simulate_add_run_name(page, r);
        add_cascade_plot(page, r, highest);
    }
    pl_simulate_add_time_axis(page);
    add_cascade_table(page);
    pl_buffer_add(out, "</section>\n");
}
