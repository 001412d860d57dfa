/* Charts of the report over the ticks of a replay, as SVG that stretches with the page while its
 * texts and strokes do not: the plot has a view box of 1000 units across and one unit per pixel
 * down, labels stand in SVGs beside it.
 *
 * All coordinates are integers, tenths of a unit, and all values are integers in 1e-8 (counts and
 * indices too), so that a chart is the same bytes on every machine and no value is too large to
 * draw. Many ticks are thinned out when drawn: every pixel column keeps its first, lowest, highest
 * and last value, so no peak is lost. */
#ifndef PL_CLI_REPORT_CHART_H
#define PL_CLI_REPORT_CHART_H

#include "buffer.h"
#include "report.h"

#define PL_CHART_E8 INT64_C(100000000)
#define PL_CHART_WIDTH 10000 /* tenths */
#define PL_CHART_COLUMNS_MAX 480
#define PL_CHART_LABELS_MAX 8
#define PL_CHART_VALUE_BYTES 80

/* Where the ticks stand: at their times, or side by side if the times do not rise. */
struct pl_chart_time {
    const struct pl_report_tick *ticks;
    size_t count;
    bool by_time;
    pl_i128 low2, high2; /* ends of the axis, in half microseconds (or half ticks) */
};

enum pl_chart_unit { PL_CHART_COUNT, PL_CHART_INDEX, PL_CHART_MONEY };

/* Values from `low` at the bottom to `high` at the top, both multiples of `step`. */
struct pl_chart_axis {
    enum pl_chart_unit unit;
    pl_i128 low, high, step;
    int height; /* pixels */
};

/* One value by tick. */
struct pl_chart_series {
    const char *name, *class; /* class: of the style sheet */
    bool (*value)(const void *context, size_t tick, pl_i128 *value_e8); /* false: there is none */
    const void *context;
};

/* A stretch of the time axis and the tick that stands for it. */
struct pl_chart_column {
    int left, right;
    size_t tick;
};

struct pl_chart {
    struct pl_buffer *out;
    const struct pl_chart_time *time;
    struct pl_chart_axis axis;
    int line_columns; /* pixel columns a line is thinned out to */
};

/* A name at the right of a plot, with a swatch of its colour. */
struct pl_chart_label {
    const char *name, *class;
    pl_i128 value_e8;                 /* where the line ends: its height, if there is room */
    char value[PL_CHART_VALUE_BYTES]; /* behind the name */
};

void pl_chart_time_fit(struct pl_chart_time *time, const struct pl_report_tick *ticks,
                       size_t count);
/* Tenths from the left, 0..PL_CHART_WIDTH. */
int pl_chart_x(const struct pl_chart_time *time, size_t tick);

/* The same for a moment; the times of the ticks rise. Moments beyond the axis stand at its ends. */
int pl_chart_x_at(const struct pl_chart_time *time, int64_t time_us);

/* An axis that holds low..high, with some `steps` round steps. */
struct pl_chart_axis pl_chart_axis_fit(enum pl_chart_unit unit, int height, int steps, pl_i128 low,
                                       pl_i128 high);
/* Tenths from the top; values beyond the axis stand at its ends. */
int pl_chart_y(const struct pl_chart_axis *axis, pl_i128 value_e8);
/* Widens *low..*high by the values of the series. Returns whether there is any. */
bool pl_chart_range(const struct pl_chart_time *time, const struct pl_chart_series *series,
                    pl_i128 *low, pl_i128 *high);

/* Divides the axis among the ticks, or into `max` columns if there are more: a column's tick is the
 * first with the column's highest sum of the series. Returns the number of columns. */
size_t pl_chart_columns(const struct pl_chart_time *time, const struct pl_chart_series *series,
                        size_t series_count, size_t max,
                        struct pl_chart_column columns[PL_CHART_COLUMNS_MAX]);

/* Labels of the value axis, the plot's start and grid; pl_chart_close() ends it. `label` is for
 * screen readers. */
void pl_chart_open(const struct pl_chart *chart, const char *label, const char *class);
void pl_chart_line(const struct pl_chart *chart, const struct pl_chart_series *series);
/* Values on top of each other, the first at the bottom; what is not zero is at least a pixel high.
 */
void pl_chart_stack(const struct pl_chart *chart, const struct pl_chart_series *series,
                    size_t series_count, const struct pl_chart_column *columns,
                    size_t column_count);
/* A vertical line at the tick. */
void pl_chart_mark(const struct pl_chart *chart, size_t tick);
/* Shows the text of `title` over each column. */
void pl_chart_hover(const struct pl_chart *chart, const struct pl_chart_column *columns,
                    size_t column_count,
                    void (*title)(struct pl_buffer *out, const void *context, size_t tick),
                    const void *context);
/* Ends the plot, with names at its right; at most PL_CHART_LABELS_MAX labels. */
void pl_chart_close(const struct pl_chart *chart, const struct pl_chart_label *labels,
                    size_t label_count);
/* Times below one or more plots; and, above them, the name of the marked tick. */
void pl_chart_time_axis(const struct pl_chart *chart);
void pl_chart_mark_name(const struct pl_chart *chart, size_t tick, const char *name);

/* A dot in an open chart; `title` is shown over it. */
void pl_chart_dot(const struct pl_chart *chart, const char *class, int64_t time_us,
                  pl_i128 value_e8, const char *title);
/* From zero up to a value, as wide as it took. */
void pl_chart_bar(const struct pl_chart *chart, const char *class, int64_t from_us, int64_t to_us,
                  pl_i128 value_e8, const char *title);
/* A strip of its own, low and without a value axis: `name` at its left, bands over it, the values
 * of two labels at its right. Of the chart only `out` and `time` are read. */
void pl_chart_strip_open(const struct pl_chart *chart, const char *name);
void pl_chart_band(const struct pl_chart *chart, const char *class, int64_t from_us, int64_t to_us,
                   const char *title);
void pl_chart_strip_close(const struct pl_chart *chart, const struct pl_chart_label *labels,
                          size_t label_count);

/* A line without axes, in a box of `width` pixels. */
void pl_chart_spark(const struct pl_chart *chart, const struct pl_chart_series *series, int width,
                    size_t mark);

#endif
