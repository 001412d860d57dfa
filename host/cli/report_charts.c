/* The page's charts over time: states, prices, requirements, Greeks. */
#include "report_page.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define CHARTED_MAX PL_CHART_LABELS_MAX /* underlyings */
#define WIDE_COLUMNS 400                /* pixel columns of a line across the page */
#define NARROW_COLUMNS 110              /* of a small one */
#define HOVER_COLUMNS 180
#define PRICE_DIGITS_MIN 2

_Static_assert(HOVER_COLUMNS <= PL_CHART_COLUMNS_MAX, "hover columns fit");

static const char *const line_classes[CHARTED_MAX] = { "s0", "s1", "s2", "s3",
                                                       "s4", "s5", "s6", "s7" };

static void add_moment(struct pl_buffer *out, const struct pl_report_tick *tick)
{
    char text[PL_TIME_TEXT_BYTES];
    pl_time_text(text, tick->time_us);
    pl_buffer_add(out, "%s", text);
}

static void mark_worst(const struct pl_chart *chart, const struct pl_report_page *page)
{
    pl_chart_mark_name(chart, page->report->worst_tick, page->mark);
}

/* ----- States ----- */

struct state_source {
    const struct pl_report_tick *ticks;
    unsigned state;
};

static bool state_value(const void *context, size_t tick, pl_i128 *value_e8)
{
    const struct state_source *source = context;
    *value_e8 = (pl_i128)source->ticks[tick].accounts[source->state] * PL_CHART_E8;
    return true;
}

static void state_title(struct pl_buffer *out, const void *context, size_t tick)
{
    const struct pl_report_tick *ticks = context;
    add_moment(out, &ticks[tick]);
    for (unsigned state = PL_REPORT_STATES; state-- > 0;) {
        char count[PL_REPORT_NUMBER_BYTES];
        pl_report_count_text(count, ticks[tick].accounts[state]);
        pl_buffer_add(out, "\n%s: %s", pl_state_name((uint8_t)state), count);
    }
}

/* One plot with two states on top of each other: a few accounts below the line stay visible beside
 * many calls. */
static void add_state_plot(const struct pl_report_page *page, unsigned lower, unsigned upper,
                           int height, const char *label)
{
    struct state_source sources[] = { { page->report->ticks, lower },
                                      { page->report->ticks, upper } };
    struct pl_chart_series series[2];
    struct pl_chart_label labels[2];
    struct pl_chart_column columns[PL_CHART_COLUMNS_MAX];
    const struct pl_report_tick *worst = &page->report->ticks[page->report->worst_tick];
    pl_i128 highest = 0;
    for (size_t i = 0; i < page->report->tick_count; i++) {
        pl_i128 sum =
            (pl_i128)sources[0].ticks[i].accounts[lower] + sources[0].ticks[i].accounts[upper];
        highest = sum > highest ? sum : highest;
    }
    struct pl_chart chart = { .out = page->out, .time = &page->time };
    chart.axis = pl_chart_axis_fit(PL_CHART_COUNT, height, 4, 0, highest * PL_CHART_E8);
    for (unsigned i = 0; i < 2; i++) {
        const char *class = pl_report_state_class(sources[i].state);
        series[i] = (struct pl_chart_series){ pl_state_name((uint8_t)sources[i].state), class,
                                              state_value, &sources[i] };
        labels[i] = (struct pl_chart_label){ .name = series[i].name, .class = class };
        labels[i].value_e8 = chart.axis.high * (1 + 2 * i) / 4;
        pl_report_count_text(labels[i].value, worst->accounts[sources[i].state]);
    }
    pl_chart_open(&chart, label, "");
    size_t count = pl_chart_columns(&page->time, series, 2, PL_CHART_COLUMNS_MAX, columns);
    pl_chart_stack(&chart, series, 2, columns, count);
    pl_chart_mark(&chart, page->report->worst_tick);
    count = pl_chart_columns(&page->time, series, 2, HOVER_COLUMNS, columns);
    pl_chart_hover(&chart, columns, count, state_title, page->report->ticks);
    pl_chart_close(&chart, labels, 2);
}

static void add_healthy(const struct pl_report_page *page)
{
    const struct pl_report *report = page->report;
    uint64_t least = report->ticks[0].accounts[PL_STATE_HEALTHY];
    size_t at = 0;
    for (size_t i = 1; i < report->tick_count; i++)
        if (report->ticks[i].accounts[PL_STATE_HEALTHY] < least)
            least = report->ticks[at = i].accounts[PL_STATE_HEALTHY];
    char count[PL_REPORT_NUMBER_BYTES];
    pl_report_count_text(count, report->ticks[0].accounts[PL_STATE_HEALTHY]);
    pl_buffer_add(
        page->out,
        "<p class=\"healthy-line\"><span class=\"state healthy\">healthy</span> not drawn: "
        "<strong>%s</strong> at the start, ",
        count);
    pl_report_count_text(count, least);
    pl_buffer_add(page->out, "<strong>%s</strong> at the lowest (", count);
    pl_report_add_time(page->out, report->ticks[at].time_us);
    pl_report_count_text(count, report->ticks[report->tick_count - 1].accounts[PL_STATE_HEALTHY]);
    pl_buffer_add(page->out, "), <strong>%s</strong> at the end.</p>\n", count);
}

void pl_report_add_states(const struct pl_report_page *page)
{
    struct pl_chart chart = { .out = page->out, .time = &page->time };
    pl_report_open_section(
        page->out, "states", "Accounts by state",
        "Number of accounts that are not healthy, at each tick. The two plots have scales of their "
        "own; the numbers beside them are those of the worst tick.");
    add_healthy(page);
    mark_worst(&chart, page);
    add_state_plot(page, PL_STATE_BANKRUPT, PL_STATE_LIQUIDATE, 130,
                   "Accounts to liquidate and bankrupt over time");
    pl_buffer_add(page->out, "<div class=\"between\"></div>\n");
    add_state_plot(page, PL_STATE_MARGIN_CALL, PL_STATE_INDETERMINATE, 100,
                   "Accounts in margin call and indeterminate over time");
    pl_chart_time_axis(&chart);
    pl_buffer_add(page->out, "</section>\n");
}

/* ----- Prices ----- */

struct price_source {
    const struct pl_report_underlying *underlying;
    int64_t base_e8; /* the first price; 0: there is none */
};

static int64_t price_at(const struct pl_report_underlying *underlying, size_t tick)
{
    int64_t price = underlying->by_tick == NULL ? 0 : underlying->by_tick[tick].price_e8;
    return price > 0 ? price : 0;
}

static struct price_source price_source(const struct pl_report *report, size_t underlying)
{
    struct price_source source = { &report->underlyings[underlying], 0 };
    for (size_t i = 0; i < report->tick_count && source.base_e8 == 0; i++)
        source.base_e8 = price_at(source.underlying, i);
    return source;
}

static bool index_value(const void *context, size_t tick, pl_i128 *value_e8)
{
    const struct price_source *source = context;
    int64_t price = price_at(source->underlying, tick);
    if (price == 0)
        return false;
    *value_e8 = (pl_i128)price * 100 * PL_CHART_E8 / source->base_e8;
    return true;
}

/* At least 2 digits after the point, and no zeros after them. */
static void price_text(char out[PL_REPORT_NUMBER_BYTES], int64_t price_e8)
{
    pl_report_money_text(out, price_e8, PL_MONEY_DIGITS_EXACT);
    size_t least = (size_t)(strchr(out, '.') - out) + 1 + PRICE_DIGITS_MIN, length = strlen(out);
    while (length > least && out[length - 1] == '0')
        length--;
    out[length] = '\0';
}

static void add_price_cell(struct pl_buffer *out, int64_t price_e8)
{
    char text[PL_REPORT_NUMBER_BYTES];
    price_text(text, price_e8);
    pl_buffer_add(out, "<td class=\"number\">%s</td>", price_e8 > 0 ? text : "-");
}

static void add_change_cell(struct pl_buffer *out, int64_t from_e8, int64_t to_e8)
{
    char text[PL_REPORT_NUMBER_BYTES] = "-";
    if (from_e8 > 0 && to_e8 > 0)
        pl_report_money_text(text, ((pl_i128)to_e8 - from_e8) * 100 * PL_CHART_E8 / from_e8, 2);
    pl_buffer_add(out, "<td class=\"number%s\">%s%s</td>",
                  to_e8 > 0 && to_e8 < from_e8 ? " negative" : "", text,
                  text[1] == '\0' ? "" : " %");
}

static void add_price_row(const struct pl_report_page *page, size_t underlying)
{
    const struct pl_report *report = page->report;
    struct price_source source = price_source(report, underlying);
    int64_t lowest = source.base_e8, highest = source.base_e8;
    for (size_t i = 0; i < report->tick_count; i++) {
        int64_t price = price_at(source.underlying, i);
        lowest = price > 0 && price < lowest ? price : lowest;
        highest = price > highest ? price : highest;
    }
    int64_t worst = price_at(source.underlying, report->worst_tick);
    pl_buffer_add(page->out, "<tr><th scope=\"row\">");
    pl_report_add_text(page->out, source.underlying->name);
    pl_buffer_add(page->out, "</th>");
    add_price_cell(page->out, source.base_e8);
    add_price_cell(page->out, worst);
    add_change_cell(page->out, source.base_e8, worst);
    add_price_cell(page->out, lowest);
    add_price_cell(page->out, highest);
    add_price_cell(page->out, price_at(source.underlying, report->tick_count - 1));
    pl_buffer_add(page->out, "</tr>\n");
}

static void add_price_table(const struct pl_report_page *page)
{
    const struct pl_report *report = page->report;
    bool folded = report->underlying_count > CHARTED_MAX;
    if (folded)
        pl_buffer_add(page->out, "<details><summary>Prices of all %zu underlyings</summary>\n",
                      report->underlying_count);
    pl_buffer_add(
        page->out,
        "<div class=\"scroll\"><table><thead><tr><th scope=\"col\">Index price</th>"
        "<th scope=\"col\" class=\"number\">First</th><th scope=\"col\" class=\"number mark\">%s</th>"
        "<th scope=\"col\" class=\"number\">Change</th><th scope=\"col\" class=\"number\">Lowest</th>"
        "<th scope=\"col\" class=\"number\">Highest</th><th scope=\"col\" class=\"number\">End</th></tr></thead>"
        "<tbody>\n",
        page->mark);
    for (size_t i = 0; i < report->underlying_count; i++)
        add_price_row(page, i);
    pl_buffer_add(page->out, "</tbody></table></div>\n%s", folded ? "</details>\n" : "");
}

struct price_titles {
    const struct pl_report_tick *ticks;
    const struct price_source *sources;
    size_t count;
};

static void price_title(struct pl_buffer *out, const void *context, size_t tick)
{
    const struct price_titles *titles = context;
    add_moment(out, &titles->ticks[tick]);
    for (size_t i = 0; i < titles->count; i++) {
        char text[PL_REPORT_NUMBER_BYTES];
        int64_t price = price_at(titles->sources[i].underlying, tick);
        price_text(text, price);
        pl_buffer_add(out, "\n");
        pl_report_add_text(out, titles->sources[i].underlying->name);
        pl_buffer_add(out, ": %s", price > 0 ? text : "no price");
    }
}

static void add_price_plot(const struct pl_report_page *page, const struct price_source *sources,
                           size_t count)
{
    struct pl_chart chart = { .out = page->out, .time = &page->time, .line_columns = WIDE_COLUMNS };
    struct pl_chart_series series[CHARTED_MAX];
    struct pl_chart_label labels[CHARTED_MAX];
    struct pl_chart_column columns[PL_CHART_COLUMNS_MAX];
    struct price_titles titles = { page->report->ticks, sources, count };
    pl_i128 low = 99 * PL_CHART_E8, high = 101 * PL_CHART_E8;
    for (size_t i = 0; i < count; i++) {
        series[i] = (struct pl_chart_series){ sources[i].underlying->name, line_classes[i],
                                              index_value, &sources[i] };
        pl_chart_range(&page->time, &series[i], &low, &high);
        pl_i128 last = 0;
        for (size_t tick = page->report->tick_count;
             tick-- > 0 && !index_value(&sources[i], tick, &last);)
            continue;
        labels[i] = (struct pl_chart_label){ .name = series[i].name,
                                             .class = line_classes[i],
                                             .value_e8 = last };
        pl_report_money_text(labels[i].value, last, 1);
    }
    chart.axis = pl_chart_axis_fit(PL_CHART_INDEX, 200, 5, low, high);
    mark_worst(&chart, page);
    pl_chart_open(&chart, "Index prices over time, 100 at the start", "");
    pl_chart_mark(&chart, page->report->worst_tick);
    for (size_t i = count; i-- > 0;)
        pl_chart_line(&chart, &series[i]);
    size_t column_count = pl_chart_columns(&page->time, NULL, 0, HOVER_COLUMNS, columns);
    pl_chart_hover(&chart, columns, column_count, price_title, &titles);
    pl_chart_close(&chart, labels, count);
    pl_chart_time_axis(&chart);
}

void pl_report_add_prices(const struct pl_report_page *page)
{
    const struct pl_report *report = page->report;
    size_t ranked[CHARTED_MAX], count = 0,
                                found = pl_report_rank_underlyings(report, CHARTED_MAX, ranked);
    struct price_source sources[CHARTED_MAX];
    for (size_t i = 0; i < found; i++) {
        sources[count] = price_source(report, ranked[i]);
        count += sources[count].base_e8 > 0;
    }
    pl_report_open_section(page->out, "prices", "Underlying prices",
                           "Index price of each underlying, 100 at its first price.");
    if (found < report->underlying_count)
        pl_buffer_add(page->out,
                      "<p class=\"note\">Drawn: the %zu with the largest exposure of %zu.</p>\n",
                      found, report->underlying_count);
    if (count > 0)
        add_price_plot(page, sources, count);
    else
        pl_buffer_add(page->out, "<p class=\"empty\">No underlying has a price.</p>\n");
    if (report->underlying_count > 0)
        add_price_table(page);
    pl_buffer_add(page->out, "</section>\n");
}

/* ----- Equity and requirements ----- */

enum { EQUITY, MAINTENANCE, INITIAL, MONEYS };

static const struct {
    const char *name, *title, *class;
} moneys[MONEYS] = { { "equity", "Equity", "s0" },
                     { "maintenance", "Maintenance requirement", "s1" },
                     { "initial", "Initial requirement", "s2" } };

struct money_source {
    const struct pl_report_tick *ticks;
    int which;
};

static bool money_value(const void *context, size_t tick, pl_i128 *value_e8)
{
    const struct money_source *source = context;
    const struct pl_report_tick *at = &source->ticks[tick];
    *value_e8 = source->which == EQUITY        ? at->equity
                : source->which == MAINTENANCE ? at->maintenance
                                               : at->initial;
    return true;
}

static void money_title(struct pl_buffer *out, const void *context, size_t tick)
{
    const struct pl_report_page *page = context;
    add_moment(out, &page->report->ticks[tick]);
    for (int i = 0; i < MONEYS; i++) {
        struct money_source source = { page->report->ticks, i };
        char text[PL_REPORT_NUMBER_BYTES];
        pl_i128 value;
        money_value(&source, tick, &value);
        pl_report_money_text(text, value, PL_MONEY_DIGITS_SHOWN);
        pl_buffer_add(out, "\n%s: %s ", moneys[i].name, text);
        pl_report_add_text(out, page->currency);
    }
}

static void add_money_row(const struct pl_report_page *page, int which, int less, const char *title)
{
    const struct pl_report *report = page->report;
    size_t ticks[] = { 0, report->worst_tick, report->tick_count - 1 };
    pl_buffer_add(page->out, "<tr><th scope=\"row\">%s</th>", title);
    for (size_t i = 0; i < sizeof ticks / sizeof ticks[0]; i++) {
        pl_i128 value, minus = 0;
        money_value(&(struct money_source){ report->ticks, which }, ticks[i], &value);
        if (less < MONEYS)
            money_value(&(struct money_source){ report->ticks, less }, ticks[i], &minus);
        pl_report_add_money_cell(page->out, value - minus, page->currency);
    }
    pl_buffer_add(page->out, "</tr>\n");
}

static void add_money_table(const struct pl_report_page *page)
{
    pl_buffer_add(page->out,
                  "<div class=\"scroll\"><table><thead><tr><th scope=\"col\">All accounts, ");
    pl_report_add_text(page->out, page->currency);
    pl_buffer_add(
        page->out,
        "</th><th scope=\"col\" class=\"number\">Start</th><th scope=\"col\" class=\"number\">Worst "
        "tick</th><th scope=\"col\" class=\"number\">End</th></tr></thead><tbody>\n");
    for (int i = 0; i < MONEYS; i++)
        add_money_row(page, i, MONEYS, moneys[i].title);
    add_money_row(page, EQUITY, MAINTENANCE, "Equity over maintenance");
    pl_buffer_add(page->out, "</tbody></table></div>\n");
}

void pl_report_add_requirements(const struct pl_report_page *page)
{
    const struct pl_report *report = page->report;
    struct pl_chart chart = { .out = page->out, .time = &page->time, .line_columns = WIDE_COLUMNS };
    struct money_source sources[MONEYS];
    struct pl_chart_series series[MONEYS];
    struct pl_chart_label labels[MONEYS];
    struct pl_chart_column columns[PL_CHART_COLUMNS_MAX];
    pl_i128 low = 0, high = 0;
    for (int i = 0; i < MONEYS; i++) {
        sources[i] = (struct money_source){ report->ticks, i };
        series[i] =
            (struct pl_chart_series){ moneys[i].name, moneys[i].class, money_value, &sources[i] };
        pl_chart_range(&page->time, &series[i], &low, &high);
        labels[i] = (struct pl_chart_label){ .name = moneys[i].name, .class = moneys[i].class };
        money_value(&sources[i], report->tick_count - 1, &labels[i].value_e8);
        pl_report_short_text(labels[i].value, labels[i].value_e8);
    }
    chart.axis = pl_chart_axis_fit(PL_CHART_MONEY, 200, 5, low, high);
    pl_report_open_section(
        page->out, "requirements", "Equity and requirements",
        "Sums over all accounts. The surplus of one account does not cover another: accounts are "
        "below the line long before the sums cross.");
    mark_worst(&chart, page);
    pl_chart_open(&chart, "Equity, maintenance and initial requirement over time", "");
    pl_chart_mark(&chart, report->worst_tick);
    for (int i = MONEYS; i-- > 0;)
        pl_chart_line(&chart, &series[i]);
    size_t column_count = pl_chart_columns(&page->time, NULL, 0, HOVER_COLUMNS, columns);
    pl_chart_hover(&chart, columns, column_count, money_title, page);
    pl_chart_close(&chart, labels, MONEYS);
    pl_chart_time_axis(&chart);
    add_money_table(page);
    pl_buffer_add(page->out, "</section>\n");
}
