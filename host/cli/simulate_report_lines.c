/* Lines over time, those of several runs in one plot. */
#include <assert.h>

#include "simulate_report.h"

#define LINE_COLUMNS 400 /* pixel columns of a line */
#define HOVER_COLUMNS 180
#define AXIS_STEPS 4

struct titles {
    const struct pl_simulate_page *page;
    enum pl_chart_unit unit;
    const struct pl_simulate_line *lines;
    size_t count;
};

bool pl_simulate_line_value(const void *context, size_t tick, pl_i128 *value_e8)
{
    const struct pl_simulate_line *line = context;
    if (tick >= line->run->tick_count)
        return false;
    *value_e8 = line->value(&line->run->ticks[tick].so_far);
    return true;
}

static bool count_value(const void *context, size_t tick, pl_i128 *value_e8)
{
    const bool any = pl_simulate_line_value(context, tick, value_e8);
    *value_e8 = any ? *value_e8 * PL_CHART_E8 : 0;
    return any;
}

static void title(struct pl_buffer *out, const void *context, size_t tick)
{
    const struct titles *t = context;
    pl_report_add_time(out, t->page->report.report->ticks[tick].time_us);
    for (size_t i = 0; i < t->count; i++) {
        char text[PL_REPORT_NUMBER_BYTES];
        pl_i128 value = 0;
        pl_simulate_line_value(&t->lines[i], tick, &value);
        if (t->unit == PL_CHART_COUNT)
            pl_report_count_text(text, value);
        else
            pl_report_money_text(text, value, PL_MONEY_DIGITS_SHOWN);
        pl_buffer_add(out, "\n%s: %s", t->lines[i].name, text);
    }
}

void pl_simulate_add_lines(const struct pl_simulate_page *page, const char *label,
                           enum pl_chart_unit unit, int height,
                           const struct pl_simulate_line *lines, size_t count)
{
    struct pl_chart chart = { .out = page->report.out,
                              .time = &page->report.time,
                              .line_columns = LINE_COLUMNS };
    struct pl_chart_series series[PL_SIMULATE_LINES_MAX];
    struct pl_chart_label labels[PL_SIMULATE_LINES_MAX];
    struct pl_chart_column columns[PL_CHART_COLUMNS_MAX];
    struct titles titles = { page, unit, lines, count };
    pl_i128 low = 0, high = 0;
    assert(count <= PL_SIMULATE_LINES_MAX);
    for (size_t i = 0; i < count; i++) {
        series[i] =
            (struct pl_chart_series){ lines[i].name, lines[i].class,
                                      unit == PL_CHART_COUNT ? count_value : pl_simulate_line_value,
                                      &lines[i] };
        pl_chart_range(&page->report.time, &series[i], &low, &high);
        labels[i] = (struct pl_chart_label){ .name = lines[i].name, .class = lines[i].class };
        if (lines[i].run->tick_count > 0)
            series[i].value(&lines[i], lines[i].run->tick_count - 1, &labels[i].value_e8);
        if (unit == PL_CHART_COUNT)
            pl_report_count_text(labels[i].value, labels[i].value_e8 / PL_CHART_E8);
        else
            pl_report_short_text(labels[i].value, labels[i].value_e8);
    }
    chart.axis = pl_chart_axis_fit(unit, height, AXIS_STEPS, low, high);
    pl_chart_open(&chart, label, "");
    for (size_t i = count; i-- > 0;)
        pl_chart_line(&chart, &series[i]);
    size_t column_count = pl_chart_columns(&page->report.time, NULL, 0, HOVER_COLUMNS, columns);
    pl_chart_hover(&chart, columns, column_count, title, &titles);
    pl_chart_close(&chart, labels, count);
}

int64_t pl_simulate_largest(const struct pl_simulate_page *page, pl_simulated_value value)
{
    int64_t largest = 0;
    for (int r = 0; r < page->count; r++)
        for (size_t t = 0; t < page->runs[r]->tick_count; t++)
            largest = pl_max64(largest, value(&page->runs[r]->ticks[t].so_far));
    return largest;
}

void pl_simulate_add_time_axis(const struct pl_simulate_page *page)
{
    const struct pl_chart chart = { .out = page->report.out, .time = &page->report.time };
    pl_chart_time_axis(&chart);
}

void pl_simulate_add_run_name(const struct pl_simulate_page *page, int run)
{
    if (page->count > 1)
        pl_buffer_add(page->report.out, "<h3>%s</h3>\n", page->names[run]);
}
