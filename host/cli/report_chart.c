/* Drawing of the report's charts. */
#include "report_chart.h"
#include "report_text.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define GAP_TICKS_MAX 120 /* up to so many, bars stand apart */
#define LABEL_HEIGHT 150  /* of a name beside a plot, tenths */
#define TIME_LABELS_MAX 9
#define DATES_CLOSE 3 /* days */
#define US_PER_S INT64_C(1000000)
#define US_PER_DAY (86400 * US_PER_S)
#define BASE_LINE_PX 4 /* from the middle of a text down to its base line */

/* ----- Value axis ----- */

/* A value of the axis with as many digits as the steps need. */
static void axis_text(const struct pl_chart_axis *axis, pl_i128 value,
                      char out[PL_REPORT_NUMBER_BYTES])
{
    static const char *const units[] = { "", " k", " M", " bn", " tn", " qn" };
    enum { UNITS = sizeof units / sizeof units[0] };
    pl_i128 size = -axis->low > axis->high ? -axis->low : axis->high, scale = 1;
    int unit = 0, digits = 0;
    for (; axis->unit == PL_CHART_MONEY && unit + 1 < UNITS && size / scale / PL_CHART_E8 >= 1000;
         unit++)
        scale *= 1000;
    for (pl_i128 one = scale * PL_CHART_E8; digits < PL_MONEY_DIGITS_EXACT && axis->step % one != 0;
         digits++)
        one /= 10;
    char number[PL_REPORT_NUMBER_BYTES];
    pl_report_money_text(number, value / scale, digits > 0 ? digits : 1);
    if (digits == 0 || value == 0)
        *strchr(number, '.') = '\0';
    snprintf(out, PL_REPORT_NUMBER_BYTES, "%.60s%s", number, value == 0 ? "" : units[unit]);
}

void pl_chart_open(const struct pl_chart *chart, const char *label, const char *class)
{
    const struct pl_chart_axis *axis = &chart->axis;
    struct pl_buffer *out = chart->out;
    pl_buffer_add(out,
                  "<div class=\"chart %s\">\n<svg class=\"y\" height=\"%d\" aria-hidden=\"true\">",
                  class, axis->height);
    for (pl_i128 value = axis->low; value <= axis->high; value += axis->step) {
        char text[PL_REPORT_NUMBER_BYTES];
        axis_text(axis, value, text);
        pl_buffer_add(out, "<text x=\"100%%\" y=\"%d\">%s</text>",
                      pl_chart_y(axis, value) / 10 + BASE_LINE_PX, text);
    }
    pl_buffer_add(
        out,
        "</svg>\n<svg class=\"plot\" height=\"%d\" viewBox=\"0 0 %d %d\" preserveAspectRatio=\"none\" role=\"img\" "
        "aria-label=\"",
        axis->height, PL_CHART_WIDTH / 10, axis->height);
    pl_report_add_text(out, label);
    pl_buffer_add(out, "\">\n");
    for (pl_i128 value = axis->low; value <= axis->high; value += axis->step) {
        int y = pl_chart_y(axis, value);
        pl_buffer_add(out, "<path class=\"%s\" d=\"M0 %d.%dH%d\"/>", value == 0 ? "zero" : "grid",
                      y / 10, y % 10, PL_CHART_WIDTH / 10);
    }
    pl_buffer_add(out, "\n");
}

/* ----- Lines ----- */

/* The ticks that a line keeps of one pixel column. */
struct column_points {
    size_t count, first, lowest, highest, last;
    pl_i128 low, high;
};

/* Draws the kept points; the pen is up where a value is missing. */
static void add_points(const struct pl_chart *chart, const struct pl_chart_series *series,
                       const struct column_points *points, bool *pen_down)
{
    if (points->count == 0) {
        *pen_down = false;
        return;
    }
    bool falls = points->highest < points->lowest;
    size_t ticks[] = { points->first, falls ? points->highest : points->lowest,
                       falls ? points->lowest : points->highest, points->last };
    for (size_t i = 0; i < sizeof ticks / sizeof ticks[0]; i++) {
        if (i > 0 && ticks[i] == ticks[i - 1])
            continue;
        pl_i128 value = 0;
        bool has_value = series->value(series->context, ticks[i], &value);
        assert(has_value);
        int x = pl_chart_x(chart->time, ticks[i]), y = pl_chart_y(&chart->axis, value);
        pl_buffer_add(chart->out, "%c%d.%d %d.%d%s", *pen_down ? 'L' : 'M', x / 10, x % 10, y / 10,
                      y % 10, *pen_down ? "" : "h0"); /* a dot, should nothing follow */
        *pen_down = true;
    }
}

static void keep_point(struct column_points *points, size_t tick, pl_i128 value)
{
    if (points->count == 0) {
        points->first = points->lowest = points->highest = tick;
        points->low = points->high = value;
    }
    if (value < points->low) {
        points->low = value;
        points->lowest = tick;
    }
    if (value > points->high) {
        points->high = value;
        points->highest = tick;
    }
    points->last = tick;
    points->count++;
}

void pl_chart_line(const struct pl_chart *chart, const struct pl_chart_series *series)
{
    size_t columns = (size_t)chart->line_columns, at_last = 0;
    bool thinned = chart->time->count > 2 * columns, pen_down = false;
    struct column_points points = { 0 };
    pl_buffer_add(chart->out, "<path class=\"line %s\" d=\"", series->class);
    for (size_t i = 0; i < chart->time->count; i++) {
        size_t at =
            thinned ? (size_t)pl_chart_x(chart->time, i) * columns / (PL_CHART_WIDTH + 1) : i;
        if (i > 0 && at != at_last) {
            add_points(chart, series, &points, &pen_down);
            points.count = 0;
        }
        at_last = at;
        pl_i128 value;
        if (series->value(series->context, i, &value))
            keep_point(&points, i, value);
    }
    add_points(chart, series, &points, &pen_down);
    if (chart->time->count == 1 && pen_down) /* all there is: across the plot */
        pl_buffer_add(chart->out, "M0 %d.%dH%d", pl_chart_y(&chart->axis, points.low) / 10,
                      pl_chart_y(&chart->axis, points.low) % 10, PL_CHART_WIDTH / 10);
    pl_buffer_add(chart->out, "\"/>\n");
}

void pl_chart_spark(const struct pl_chart *chart, const struct pl_chart_series *series, int width,
                    size_t mark)
{
    int height = chart->axis.height, zero = pl_chart_y(&chart->axis, 0),
        x = pl_chart_x(chart->time, mark);
    pl_buffer_add(
        chart->out,
        "<svg class=\"spark\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" preserveAspectRatio=\"none\" "
        "role=\"img\">",
        width, height, PL_CHART_WIDTH / 10, height);
    if (zero < height * 10)
        pl_buffer_add(chart->out, "<path class=\"under\" d=\"M0 %d.%dH%dV%dH0z\"/>", zero / 10,
                      zero % 10, PL_CHART_WIDTH / 10, height);
    pl_buffer_add(
        chart->out,
        "<path class=\"mark\" d=\"M%d.%d 0V%d\"/><path class=\"zero\" d=\"M0 %d.%dH%d\"/>", x / 10,
        x % 10, height, zero / 10, zero % 10, PL_CHART_WIDTH / 10);
    pl_chart_line(chart, series);
    pl_buffer_add(chart->out, "</svg>");
}

/* ----- Stacks, marks, titles ----- */

/* The stretch of series `index` in the stack at a tick, tenths from the top. */
static void stack_at(const struct pl_chart *chart, const struct pl_chart_series *series,
                     size_t index, size_t tick, int *top, int *bottom)
{
    pl_i128 sum = 0, value;
    *bottom = *top = pl_chart_y(&chart->axis, 0);
    for (size_t i = 0; i <= index; i++) {
        *bottom = *top;
        if (!series[i].value(series[i].context, tick, &value) || value <= 0)
            continue;
        sum += value;
        int y = pl_chart_y(&chart->axis, sum);
        *top = y < *bottom - 10 ? y : *bottom - 10;
    }
}

void pl_chart_stack(const struct pl_chart *chart, const struct pl_chart_series *series,
                    size_t series_count, const struct pl_chart_column *columns, size_t column_count)
{
    for (size_t i = 0; i < series_count; i++) {
        pl_buffer_add(chart->out, "<path class=\"area %s\" d=\"", series[i].class);
        for (size_t k = 0; k < column_count; k++) {
            int top, bottom, left = columns[k].left, right = columns[k].right;
            stack_at(chart, series, i, columns[k].tick, &top, &bottom);
            if (column_count <= GAP_TICKS_MAX) {
                int gap = column_count == 1 ? (right - left) * 2 / 5 : (right - left) / 12;
                left += gap;
                right -= gap;
            }
            if (top < bottom)
                pl_buffer_add(chart->out, "M%d.%d %d.%dV%d.%dH%d.%dV%d.%dz", left / 10, left % 10,
                              bottom / 10, bottom % 10, top / 10, top % 10, right / 10, right % 10,
                              bottom / 10, bottom % 10);
        }
        pl_buffer_add(chart->out, "\"/>\n");
    }
}

void pl_chart_mark(const struct pl_chart *chart, size_t tick)
{
    int x = pl_chart_x(chart->time, tick);
    pl_buffer_add(chart->out, "<path class=\"mark\" d=\"M%d.%d 0V%d\"/>\n", x / 10, x % 10,
                  chart->axis.height);
}

void pl_chart_hover(const struct pl_chart *chart, const struct pl_chart_column *columns,
                    size_t column_count,
                    void (*title)(struct pl_buffer *out, const void *context, size_t tick),
                    const void *context)
{
    for (size_t i = 0; i < column_count; i++) {
        int left = columns[i].left, width = columns[i].right - left;
        if (width <= 0)
            continue;
        pl_buffer_add(
            chart->out,
            "<rect class=\"hover\" x=\"%d.%d\" y=\"0\" width=\"%d.%d\" height=\"%d\"><title>",
            left / 10, left % 10, width / 10, width % 10, chart->axis.height);
        title(chart->out, context, columns[i].tick);
        pl_buffer_add(chart->out, "</title></rect>\n");
    }
}

/* ----- Names beside the plot ----- */

/* Moves labels apart; `order` sorts them by where their lines end. */
static void place_labels(const struct pl_chart *chart, const struct pl_chart_label *labels,
                         size_t count, size_t *order, int *y)
{
    for (size_t i = 0; i < count; i++) {
        size_t at = i;
        for (; at > 0 && labels[order[at - 1]].value_e8 < labels[i].value_e8; at--)
            order[at] = order[at - 1];
        order[at] = i;
    }
    for (size_t i = 0; i < count; i++) {
        y[i] = pl_chart_y(&chart->axis, labels[order[i]].value_e8);
        if (i > 0 && y[i] < y[i - 1] + LABEL_HEIGHT)
            y[i] = y[i - 1] + LABEL_HEIGHT;
    }
    int limit = chart->axis.height * 10 - LABEL_HEIGHT / 2;
    for (size_t i = count; i-- > 0; limit = y[i] - LABEL_HEIGHT)
        if (y[i] > limit)
            y[i] = limit;
}

void pl_chart_close(const struct pl_chart *chart, const struct pl_chart_label *labels,
                    size_t label_count)
{
    assert(label_count <= PL_CHART_LABELS_MAX);
    size_t order[PL_CHART_LABELS_MAX];
    int y[PL_CHART_LABELS_MAX];
    pl_buffer_add(chart->out, "</svg>\n");
    place_labels(chart, labels, label_count, order, y);
    if (label_count > 0)
        pl_buffer_add(chart->out, "<svg class=\"names\" height=\"%d\">", chart->axis.height);
    for (size_t i = 0; i < label_count; i++) {
        const struct pl_chart_label *label = &labels[order[i]];
        pl_buffer_add(
            chart->out,
            "<rect class=\"swatch %s\" x=\"8\" y=\"%d\" width=\"9\" height=\"9\"/><text x=\"22\" y=\"%d\">",
            label->class, y[i] / 10 - 5, y[i] / 10 + BASE_LINE_PX);
        pl_report_add_text(chart->out, label->name);
        pl_buffer_add(chart->out, "<tspan> %s</tspan><title>", label->value);
        pl_report_add_text(chart->out, label->name);
        pl_buffer_add(chart->out, "</title></text>");
    }
    pl_buffer_add(chart->out, "%s</div>\n", label_count > 0 ? "</svg>\n" : "");
}

/* ----- Time axis ----- */

/* The smallest step that divides the axis into at most TIME_LABELS_MAX. */
static int64_t time_step(pl_i128 range_us)
{
    static const int seconds[] = { 1,     2,     5,      10,     15,      30,     60,    120,
                                   300,   600,   900,    1800,   3600,    7200,   10800, 21600,
                                   43200, 86400, 172800, 604800, 1209600, 2592000 };
    pl_i128 least = range_us / TIME_LABELS_MAX + 1, step = 1;
    if (least <= US_PER_S / 2) {
        while (step < least)
            step *= least <= 2 * step ? 2 : least <= 5 * step ? 5 : 10;
        return (int64_t)step;
    }
    for (size_t i = 0; i < sizeof seconds / sizeof seconds[0]; i++)
        if (seconds[i] * US_PER_S >= least)
            return seconds[i] * US_PER_S;
    return (int64_t)((least + US_PER_DAY - 1) / US_PER_DAY * US_PER_DAY);
}

/* Upper line: the time of the day, cut to what the step shows; lower line, where the day changes:
 * the date. */
static void time_label(const struct pl_chart *chart, int64_t time_us, int64_t step_us, bool odd,
                       int64_t *day)
{
    char text[PL_TIME_TEXT_BYTES];
    pl_time_text(text, time_us);
    char *clock = strchr(text, 'T');
    if (clock == NULL)
        return;
    *clock++ = '\0';
    const struct pl_chart_time *time = chart->time;
    int x =
        (int)((2 * (pl_i128)time_us - time->low2) * PL_CHART_WIDTH / (time->high2 - time->low2));
    clock[strcspn(clock, "Z")] = '\0';
    if (step_us % (60 * US_PER_S) == 0)
        clock[strlen("HH:MM")] = '\0';
    bool whole_days = step_us % US_PER_DAY == 0, new_day = time_us / US_PER_DAY != *day;
    bool crowded = *day == INT64_MIN && step_us <= INT64_MAX - time_us &&
                   (time_us + step_us) / US_PER_DAY != time_us / US_PER_DAY;
    /* of many days every other one is left out where it is narrow */
    crowded |=
        time->high2 - time->low2 > 2 * DATES_CLOSE * US_PER_DAY && time_us / US_PER_DAY % 2 != 0;
    *day = time_us / US_PER_DAY;
    pl_buffer_add(chart->out, "<line x1=\"%d.%02d%%\" x2=\"%d.%02d%%\" y2=\"5\"/>", x / 100,
                  x % 100, x / 100, x % 100);
    pl_buffer_add(chart->out, "<text%s x=\"%d.%02d%%\" y=\"18\">%s</text>",
                  odd ? " class=\"odd\"" : "", x / 100, x % 100, whole_days ? text : clock);
    if (new_day && !whole_days)
        pl_buffer_add(chart->out, "<text%s x=\"%d.%02d%%\" y=\"32\">%s</text>",
                      crowded ? " class=\"odd\"" : "", x / 100, x % 100, text);
}

static void times(const struct pl_chart *chart)
{
    const struct pl_chart_time *time = chart->time;
    if (time->count == 1) {
        int64_t day = INT64_MIN;
        time_label(chart, time->ticks[0].time_us, 1, false, &day);
        return;
    }
    int64_t step = time_step((time->high2 - time->low2) / 2), day = INT64_MIN;
    pl_i128 low = time->low2 / 2, at = low / step * step;
    for (unsigned i = 0; at <= time->high2 / 2 && at <= INT64_MAX; at += step)
        if (at >= low && at >= 0)
            time_label(chart, (int64_t)at, step, i++ % 2 != 0, &day);
}

void pl_chart_time_axis(const struct pl_chart *chart)
{
    const struct pl_chart_time *time = chart->time;
    pl_buffer_add(
        chart->out,
        "<div class=\"chart times\"><svg class=\"x\" height=\"36\" aria-hidden=\"true\">");
    if (time->by_time)
        times(chart);
    for (size_t i = 0, step = time->count / TIME_LABELS_MAX + 1; !time->by_time && i < time->count;
         i += step) {
        int x = pl_chart_x(time, i);
        pl_buffer_add(chart->out, "<text x=\"%d.%02d%%\" y=\"18\">tick %" PRIu64 "</text>", x / 100,
                      x % 100, time->ticks[i].tick);
    }
    pl_buffer_add(chart->out, "</svg></div>\n");
}

void pl_chart_mark_name(const struct pl_chart *chart, size_t tick, const char *name)
{
    int x = pl_chart_x(chart->time, tick);
    const char *anchor = x < PL_CHART_WIDTH / 8       ? "start"
                         : x > PL_CHART_WIDTH * 7 / 8 ? "end"
                                                      : "middle";
    pl_buffer_add(
        chart->out,
        "<div class=\"chart times\"><svg class=\"x\" height=\"18\"><text class=\"%s\" x=\"%d.%02d%%\" y=\"12\">",
        anchor, x / 100, x % 100);
    pl_report_add_text(chart->out, name);
    pl_buffer_add(chart->out, "</text></svg></div>\n");
}
