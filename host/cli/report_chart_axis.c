/* Where things stand in a chart: positions of ticks and values, round steps, columns. */
#include "report_chart.h"

#include <assert.h>

static pl_i128 position(const struct pl_chart_time *time, size_t tick)
{
    return time->by_time ? (pl_i128)time->ticks[tick].time_us : (pl_i128)tick;
}

static pl_i128 least(pl_i128 a, pl_i128 b)
{
    return a < b ? a : b;
}

void pl_chart_time_fit(struct pl_chart_time *time, const struct pl_report_tick *ticks, size_t count)
{
    *time = (struct pl_chart_time){ .ticks = ticks, .count = count, .high2 = 2 };
    if (count == 0)
        return;
    time->by_time = count == 1 || ticks[count - 1].time_us > ticks[0].time_us;
    for (size_t i = 1; i < count; i++)
        if (ticks[i].time_us < ticks[i - 1].time_us)
            time->by_time = false;
    pl_i128 first = position(time, 0), last = position(time, count - 1);
    pl_i128 left = 1, right = 1; /* half of the gap to a neighbour, in half units: room for the
                                    outer ticks' bars */
    if (count > 1) {
        pl_i128 even = (last - first) / (pl_i128)count;
        left = least(position(time, 1) - first, even);
        right = least(last - position(time, count - 2), even);
    }
    time->low2 = 2 * first - left;
    time->high2 = 2 * last + right;
    assert(time->high2 > time->low2);
}

static int x_of(const struct pl_chart_time *time, pl_i128 twice)
{
    return (int)((twice - time->low2) * PL_CHART_WIDTH / (time->high2 - time->low2));
}

int pl_chart_x(const struct pl_chart_time *time, size_t tick)
{
    return x_of(time, 2 * position(time, tick));
}

int pl_chart_x_at(const struct pl_chart_time *time, int64_t time_us)
{
    assert(time->by_time);
    pl_i128 twice = 2 * (pl_i128)time_us;
    twice = twice < time->low2 ? time->low2 : twice > time->high2 ? time->high2 : twice;
    return x_of(time, twice);
}

static pl_i128 round_step(pl_i128 least_step)
{
    pl_i128 step = 1;
    while (step * 10 <= least_step)
        step *= 10;
    return step >= least_step       ? step
           : 2 * step >= least_step ? 2 * step
           : 5 * step >= least_step ? 5 * step
                                    : 10 * step;
}

static pl_i128 floor_to(pl_i128 value, pl_i128 step)
{
    pl_i128 rest = value % step;
    return value - (rest < 0 ? rest + step : rest);
}

struct pl_chart_axis pl_chart_axis_fit(enum pl_chart_unit unit, int height, int steps, pl_i128 low,
                                       pl_i128 high)
{
    assert(low <= high && steps > 0);
    if (low == high && low == 0)
        high = PL_CHART_E8;
    else if (low == high)
        high = low + PL_CHART_E8;
    pl_i128 step = round_step((high - low + steps - 1) / steps);
    if (unit == PL_CHART_COUNT && step < PL_CHART_E8)
        step = PL_CHART_E8;
    pl_i128 bottom = floor_to(low, step), top = floor_to(high, step);
    return (struct pl_chart_axis){ .unit = unit,
                                   .low = bottom,
                                   .high = top < high ? top + step : top,
                                   .step = step,
                                   .height = height };
}

int pl_chart_y(const struct pl_chart_axis *axis, pl_i128 value_e8)
{
    int height = axis->height * 10;
    if (value_e8 <= axis->low)
        return height;
    if (value_e8 >= axis->high)
        return 0;
    return height - (int)((value_e8 - axis->low) * height / (axis->high - axis->low));
}

bool pl_chart_range(const struct pl_chart_time *time, const struct pl_chart_series *series,
                    pl_i128 *low, pl_i128 *high)
{
    bool any = false;
    for (size_t i = 0; i < time->count; i++) {
        pl_i128 value;
        if (!series->value(series->context, i, &value))
            continue;
        any = true;
        if (value < *low)
            *low = value;
        if (value > *high)
            *high = value;
    }
    return any;
}

static pl_i128 sum_at(const struct pl_chart_series *series, size_t series_count, size_t tick)
{
    pl_i128 sum = 0, value;
    for (size_t i = 0; i < series_count; i++)
        if (series[i].value(series[i].context, tick, &value))
            sum += value;
    return sum;
}

/* One column for each tick, half-way to its neighbours. */
static size_t column_by_tick(const struct pl_chart_time *time, struct pl_chart_column *columns)
{
    for (size_t i = 0; i < time->count; i++) {
        int left = i == 0 ? 0 : columns[i - 1].right, right = PL_CHART_WIDTH;
        if (i + 1 < time->count)
            right = x_of(time, position(time, i) + position(time, i + 1));
        columns[i] = (struct pl_chart_column){ .left = left, .right = right, .tick = i };
    }
    return time->count;
}

size_t pl_chart_columns(const struct pl_chart_time *time, const struct pl_chart_series *series,
                        size_t series_count, size_t max,
                        struct pl_chart_column columns[PL_CHART_COLUMNS_MAX])
{
    assert(max > 0 && max <= PL_CHART_COLUMNS_MAX);
    if (time->count <= max)
        return column_by_tick(time, columns);
    size_t count = 0, last = SIZE_MAX;
    pl_i128 highest = 0;
    for (size_t i = 0; i < time->count; i++) {
        size_t at = (size_t)pl_chart_x(time, i) * max / (PL_CHART_WIDTH + 1);
        pl_i128 sum = sum_at(series, series_count, i);
        if (at != last) { /* columns without a tick go to the one before them: a state lasts until
                             the next tick */
            int left = count == 0 ? 0 : (int)((at * PL_CHART_WIDTH) / max);
            if (count > 0)
                columns[count - 1].right = left;
            columns[count++] =
                (struct pl_chart_column){ .left = left, .right = PL_CHART_WIDTH, .tick = i };
            highest = sum;
            last = at;
        } else if (sum > highest) {
            columns[count - 1].tick = i;
            highest = sum;
        }
    }
    return count;
}
