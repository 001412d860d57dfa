/* What happened at a moment or for a while, in a chart: dots, bars, and strips of bands. */
#include "report_chart.h"
#include "report_text.h"

#define BAND_WIDTH_MIN 20 /* tenths: nothing is too short to be seen */
#define BAR_WIDTH_MIN 40
#define BAR_HEIGHT_MIN 10
#define STRIP_HEIGHT 20
#define BAND_INSET 3
#define STRIP_BASE_LINE 14
#define STRIP_LABEL_WIDTH 72

void pl_chart_dot(const struct pl_chart *chart, const char *class, int64_t time_us,
                  pl_i128 value_e8, const char *title)
{
    const int x = pl_chart_x_at(chart->time, time_us), y = pl_chart_y(&chart->axis, value_e8);
    pl_buffer_add(chart->out, "<path class=\"dot %s\" d=\"M%d.%d %d.%dh0\"><title>", class, x / 10,
                  x % 10, y / 10, y % 10);
    pl_report_add_text(chart->out, title);
    pl_buffer_add(chart->out, "</title></path>\n");
}

void pl_chart_bar(const struct pl_chart *chart, const char *class, int64_t from_us, int64_t to_us,
                  pl_i128 value_e8, const char *title)
{
    const int left = pl_chart_x_at(chart->time, from_us), base = pl_chart_y(&chart->axis, 0);
    int width = pl_chart_x_at(chart->time, to_us) - left, top = pl_chart_y(&chart->axis, value_e8);
    width = width < BAR_WIDTH_MIN ? BAR_WIDTH_MIN : width;
    top = top > base - BAR_HEIGHT_MIN ? base - BAR_HEIGHT_MIN : top;
    pl_buffer_add(chart->out,
                  "<rect class=\"band %s\" x=\"%d.%d\" y=\"%d.%d\" width=\"%d.%d\" "
                  "height=\"%d.%d\"><title>",
                  class, left / 10, left % 10, top / 10, top % 10, width / 10, width % 10,
                  (base - top) / 10, (base - top) % 10);
    pl_report_add_text(chart->out, title);
    pl_buffer_add(chart->out, "</title></rect>\n");
}

void pl_chart_strip_open(const struct pl_chart *chart, const char *name)
{
    pl_buffer_add(chart->out,
                  "<div class=\"chart strip\"><svg class=\"y\" height=\"%d\"><text x=\"100%%\" "
                  "y=\"%d\">",
                  STRIP_HEIGHT, STRIP_BASE_LINE);
    pl_report_add_text(chart->out, name);
    pl_buffer_add(chart->out,
                  "</text></svg>\n<svg class=\"plot\" height=\"%d\" viewBox=\"0 0 %d %d\" "
                  "preserveAspectRatio=\"none\" role=\"img\" aria-label=\"",
                  STRIP_HEIGHT, PL_CHART_WIDTH / 10, STRIP_HEIGHT);
    pl_report_add_text(chart->out, name);
    pl_buffer_add(chart->out, "\"><path class=\"grid\" d=\"M0 %dH%d\"/>\n", STRIP_HEIGHT / 2,
                  PL_CHART_WIDTH / 10);
}

void pl_chart_band(const struct pl_chart *chart, const char *class, int64_t from_us, int64_t to_us,
                   const char *title)
{
    const int left = pl_chart_x_at(chart->time, from_us);
    int width = pl_chart_x_at(chart->time, to_us) - left;
    width = width < BAND_WIDTH_MIN ? BAND_WIDTH_MIN : width;
    pl_buffer_add(chart->out,
                  "<rect class=\"band %s\" x=\"%d.%d\" y=\"%d\" width=\"%d.%d\" "
                  "height=\"%d\"><title>",
                  class, left / 10, left % 10, BAND_INSET, width / 10, width % 10,
                  STRIP_HEIGHT - 2 * BAND_INSET);
    pl_report_add_text(chart->out, title);
    pl_buffer_add(chart->out, "</title></rect>\n");
}

void pl_chart_strip_close(const struct pl_chart *chart, const struct pl_chart_label *labels,
                          size_t label_count)
{
    pl_buffer_add(chart->out, "</svg>\n<svg class=\"names\" height=\"%d\">", STRIP_HEIGHT);
    for (size_t i = 0; i < label_count; i++) {
        const int x = 8 + (int)i * STRIP_LABEL_WIDTH;
        pl_buffer_add(chart->out,
                      "<rect class=\"swatch %s\" x=\"%d\" y=\"%d\" width=\"9\" height=\"9\"/>"
                      "<text x=\"%d\" y=\"%d\">%s<title>",
                      labels[i].class, x, STRIP_BASE_LINE - 9, x + 14, STRIP_BASE_LINE,
                      labels[i].value);
        pl_report_add_text(chart->out, labels[i].name);
        pl_buffer_add(chart->out, "</title></text>");
    }
    pl_buffer_add(chart->out, "</svg></div>\n");
}
