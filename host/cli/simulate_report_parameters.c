/* Widths and haircuts that follow volatility: the same under all policies. */
#include <math.h>

#include "simulate_report.h"

#define ROWS_OPEN 12

static bool is_change(const struct pl_venue_action *a)
{
    return a->kind == PL_VENUE_WIDTH || a->kind == PL_VENUE_HAIRCUT;
}

static void add_percent_cell(struct pl_buffer *out, int64_t value_q40)
{
    pl_buffer_add(out, "<td class=\"number\">%.2f %%</td>",
                  ldexp((double)value_q40, -PL_COEFFICIENT_BITS) * 100);
}

static void add_row(struct pl_buffer *out, const struct pl_simulation *s,
                    const struct pl_venue_action *a)
{
    pl_buffer_add(out, "<tr><td>");
    pl_report_add_time(out, a->time_us);
    pl_buffer_add(out, "</td><td>");
    pl_report_add_text(out, s->session->book->underlyings[a->account].name);
    pl_buffer_add(out, "</td><td>%s</td>", a->kind == PL_VENUE_WIDTH ? "width" : "haircut");
    add_percent_cell(out, a->steps);
    add_percent_cell(out, a->price);
    add_percent_cell(out, a->value_e8);
    pl_buffer_add(out, "<td>%s</td>", pl_venue_action_reason(a));
    add_percent_cell(out, a->other);
    pl_buffer_add(out, "</tr>\n");
}

/* At first, the highest, at the end; nothing where it stood still. */
static void add_course(struct pl_buffer *out, const struct pl_simulation *s, uint32_t underlying,
                       enum pl_venue_action_kind kind)
{
    const struct pl_venue_action *first = NULL, *last = NULL;
    int64_t highest = 0;
    for (size_t i = 0; i < s->log.count; i++) {
        const struct pl_venue_action *a = &s->log.actions[i];
        if (a->kind != kind || a->account != underlying)
            continue;
        first = first != NULL ? first : a;
        last = a;
        highest = pl_max64(highest, pl_max64(a->steps, a->price));
    }
    if (first == NULL)
        return;
    pl_buffer_add(out, "<tr><th scope=\"row\">");
    pl_report_add_text(out, s->session->book->underlyings[underlying].name);
    pl_buffer_add(out, "</th><td>%s</td>", kind == PL_VENUE_WIDTH ? "width" : "haircut");
    add_percent_cell(out, first->steps);
    add_percent_cell(out, highest);
    add_percent_cell(out, last->price);
    pl_buffer_add(out, "</tr>\n");
}

static void add_courses(struct pl_buffer *out, const struct pl_simulation *s)
{
    pl_buffer_add(
        out, "<div class=\"scroll\"><table><thead><tr><th scope=\"col\">Underlying</th><th "
             "scope=\"col\">Parameter</th><th scope=\"col\" class=\"number\">At first</th><th "
             "scope=\"col\" class=\"number\">Highest</th><th scope=\"col\" class=\"number\">At "
             "the end</th></tr></thead><tbody>\n");
    for (uint32_t u = 0; u < s->session->book->underlying_count; u++) {
        add_course(out, s, u, PL_VENUE_WIDTH);
        add_course(out, s, u, PL_VENUE_HAIRCUT);
    }
    pl_buffer_add(out, "</tbody></table></div>\n");
}

void pl_simulate_add_parameters(const struct pl_simulate_page *page)
{
    const struct pl_simulation *s = page->runs[0];
    struct pl_buffer *out = page->report.out;
    size_t count = 0;
    if (!s->follow)
        return;
    for (size_t i = 0; i < s->log.count; i++)
        count += is_change(&s->log.actions[i]);
    pl_report_open_section(out, "parameters", "Widths and haircuts",
                           "Scenario widths and haircuts that follow volatility: raised and "
                           "lowered at a limited speed, and never below what the model asks.");
    if (count == 0) {
        pl_buffer_add(out, "<p class=\"empty\">Nothing changed.</p>\n</section>\n");
        return;
    }
    add_courses(out, s);
    pl_buffer_add(out, "<details%s><summary>%zu changes, one by one</summary>\n",
                  count <= ROWS_OPEN ? " open=\"open\"" : "", count);
    pl_buffer_add(
        out, "<div class=\"scroll\"><table><thead><tr><th scope=\"col\">Time</th><th "
             "scope=\"col\">Underlying</th><th scope=\"col\">Parameter</th><th scope=\"col\" "
             "class=\"number\">From</th><th scope=\"col\" class=\"number\">To</th><th "
             "scope=\"col\" class=\"number\">On its way to</th><th scope=\"col\">Follows</th><th "
             "scope=\"col\" class=\"number\">Volatility a year</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < s->log.count; i++)
        if (is_change(&s->log.actions[i]))
            add_row(out, s, &s->log.actions[i]);
    pl_buffer_add(out, "</tbody></table></div>\n</details>\n</section>\n");
}
