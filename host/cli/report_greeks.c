/* Net Greeks of the accounts to be liquidated, by underlying: what the venue takes over. */
#include "report_page.h"

#include <stdio.h>

#define CHARTED_MAX 8 /* underlyings */
#define LINE_COLUMNS 110
#define HEIGHT 74

enum { DELTA, GAMMA, VEGA, THETA, GREEKS };

static const struct {
    const char *name, *title, *class;
} greeks[GREEKS] = { { "cash delta", "Cash delta", "s0" },
                     { "cash gamma per 1 %", "Cash gamma per 1 %", "s1" },
                     { "vega per vol point", "Vega per vol point", "s2" },
                     { "theta per day", "Theta per day", "s3" } };

struct greek_source {
    const struct pl_report_exposure *by_tick;
    int which;
};

static bool greek_value(const void *context, size_t tick, pl_i128 *value_e8)
{
    const struct greek_source *source = context;
    if (source->by_tick == NULL)
        return false;
    const struct pl_report_exposure *at = &source->by_tick[tick];
    const int64_t values[GREEKS] = { at->delta, at->gamma, at->vega, at->theta };
    *value_e8 = values[source->which];
    return true;
}

static pl_i128 size_of(pl_i128 value)
{
    return value < 0 ? -value : value;
}

/* Largest |delta| + |vega| of any tick, which ranks underlyings; -1 if all four Greeks are zero
 * throughout. */
static pl_i128 exposure_size(const struct pl_report *report, size_t underlying)
{
    const struct pl_report_exposure *by_tick = report->underlyings[underlying].by_tick;
    pl_i128 largest = -1;
    for (size_t i = 0; by_tick != NULL && i < report->tick_count; i++) {
        pl_i128 size = size_of(by_tick[i].delta) + size_of(by_tick[i].vega);
        if ((size > 0 || by_tick[i].gamma != 0 || by_tick[i].theta != 0) && size > largest)
            largest = size;
    }
    return largest;
}

size_t pl_report_rank_underlyings(const struct pl_report *report, size_t max, size_t *ranked)
{
    pl_i128 sizes[CHARTED_MAX];
    size_t count = 0;
    max = max < CHARTED_MAX ? max : CHARTED_MAX;
    for (size_t i = 0; i < report->underlying_count; i++) {
        pl_i128 size = exposure_size(report, i);
        size_t at = count < max ? count++ : max;
        for (; at > 0 && sizes[at - 1] < size; at--) {
            if (at < max) {
                sizes[at] = sizes[at - 1];
                ranked[at] = ranked[at - 1];
            }
        }
        if (at < max) {
            sizes[at] = size;
            ranked[at] = i;
        }
    }
    return count;
}

/* Whether a Greek is anything but 0 somewhere: books without options have delta alone. */
static bool is_shown(const struct pl_report *report, int which)
{
    for (size_t i = 0; i < report->underlying_count; i++) {
        struct greek_source source = { report->underlyings[i].by_tick, which };
        for (size_t tick = 0; tick < report->tick_count && source.by_tick != NULL; tick++) {
            pl_i128 value = 0;
            greek_value(&source, tick, &value);
            if (value != 0)
                return true;
        }
    }
    return which == 0;
}

static void add_multiple(const struct pl_report_page *page, size_t underlying, int which,
                         bool named)
{
    const struct pl_report_underlying *of = &page->report->underlyings[underlying];
    struct greek_source source = { of->by_tick, which };
    struct pl_chart_series series = { greeks[which].name, greeks[which].class, greek_value,
                                      &source };
    struct pl_chart chart = { .out = page->out, .time = &page->time, .line_columns = LINE_COLUMNS };
    pl_i128 low = 0, high = 0, worst = 0;
    pl_chart_range(&page->time, &series, &low, &high);
    greek_value(&source, page->report->worst_tick, &worst);
    chart.axis = pl_chart_axis_fit(PL_CHART_MONEY, HEIGHT, 3, low, high);
    pl_buffer_add(page->out, "<figure><figcaption>");
    if (named) {
        pl_report_add_text(page->out, of->name);
        pl_buffer_add(page->out, " ");
    }
    pl_buffer_add(page->out, "%s <b>", greeks[which].name);
    pl_report_add_short(page->out, worst, page->currency);
    pl_buffer_add(page->out, "</b></figcaption>\n");
    pl_chart_open(&chart, greeks[which].title, "small");
    pl_chart_mark(&chart, page->report->worst_tick);
    pl_chart_line(&chart, &series);
    pl_chart_close(&chart, NULL, 0);
    pl_buffer_add(page->out, "</figure>\n");
}

static void add_table(const struct pl_report_page *page)
{
    const struct pl_report *report = page->report;
    struct pl_buffer *out = page->out;
    pl_buffer_add(
        out,
        "<details><summary>Exact values at the worst tick</summary>\n<div class=\"scroll\"><table><thead>"
        "<tr><th scope=\"col\">");
    pl_report_add_text(out, page->currency);
    pl_buffer_add(out, "</th>");
    for (int which = 0; which < GREEKS; which++)
        pl_buffer_add(out, "<th scope=\"col\" class=\"number\">%s</th>", greeks[which].title);
    pl_buffer_add(out, "</tr></thead><tbody>\n");
    for (size_t i = 0; i < report->underlying_count; i++) {
        if (exposure_size(report, i) < 0)
            continue;
        pl_buffer_add(out, "<tr><th scope=\"row\">");
        pl_report_add_text(out, report->underlyings[i].name);
        pl_buffer_add(out, "</th>");
        for (int which = 0; which < GREEKS; which++) {
            pl_i128 value = 0;
            greek_value(&(struct greek_source){ report->underlyings[i].by_tick, which },
                        report->worst_tick, &value);
            pl_report_add_money_cell(out, value, page->currency);
        }
        pl_buffer_add(out, "</tr>\n");
    }
    pl_buffer_add(out, "</tbody></table></div></details>\n");
}

/* One row of plots per underlying; or, where delta is all there is, one grid with a plot each. */
static void add_multiples(const struct pl_report_page *page, const size_t *underlyings,
                          size_t count)
{
    bool shown[GREEKS];
    int kinds = 0;
    for (int which = 0; which < GREEKS; which++)
        kinds += shown[which] = is_shown(page->report, which);
    for (size_t i = 0; i < count; i++) {
        if (kinds > 1) {
            pl_buffer_add(page->out, "<h3>");
            pl_report_add_text(page->out, page->report->underlyings[underlyings[i]].name);
            pl_buffer_add(page->out, "</h3>\n");
        }
        if (kinds > 1 || i == 0)
            pl_buffer_add(page->out, "<div class=\"multiples\">\n");
        for (int which = 0; which < GREEKS; which++) {
            if (shown[which])
                add_multiple(page, underlyings[i], which, kinds == 1);
        }
        if (kinds > 1 || i + 1 == count)
            pl_buffer_add(page->out, "</div>\n");
    }
}

void pl_report_add_greeks(const struct pl_report_page *page)
{
    const struct pl_report *report = page->report;
    size_t ranked[CHARTED_MAX], drawn = 0, exposed = 0;
    size_t count = pl_report_rank_underlyings(report, CHARTED_MAX, ranked);
    for (size_t i = 0; i < report->underlying_count; i++)
        exposed += exposure_size(report, i) >= 0;
    pl_report_open_section(
        page->out, "greeks", "Net Greeks of the accounts to be liquidated",
        "What the venue would take over, over the period above. Each plot has a scale of its own; "
        "the number beside its name is that of the worst tick, which the vertical line marks.");
    for (size_t i = 0; i < count; i++) {
        if (exposure_size(report, ranked[i]) >= 0)
            ranked[drawn++] = ranked[i];
    }
    add_multiples(page, ranked, drawn);
    if (drawn == 0)
        pl_buffer_add(page->out,
                      "<p class=\"empty\">No account to be liquidated had any exposure.</p>\n");
    if (drawn < exposed)
        pl_buffer_add(page->out,
                      "<p class=\"note\">Drawn: the %zu with the largest exposure of %zu.</p>\n",
                      drawn, exposed);
    if (drawn > 0)
        add_table(page);
    pl_buffer_add(page->out, "</section>\n");
}
