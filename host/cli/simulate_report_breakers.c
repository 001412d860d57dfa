/* The timeline of the circuit breakers: which state, when, and why. */
#include <math.h>
#include <stdio.h>

#include "simulate_report.h"

#define ROWS_OPEN 24
#define TITLE_BYTES 320

/* What a trigger saw, in its own unit. */
static void measure_text(char out[PL_REPORT_NUMBER_BYTES], const struct pl_venue_action *a)
{
    switch (a->reason) {
    case PL_BREAKER_MOVE:
    case PL_BREAKER_SPREAD:
        snprintf(out, PL_REPORT_NUMBER_BYTES, "%.2f %%",
                 ldexp((double)a->value_e8, -PL_COEFFICIENT_BITS) * 100);
        return;
    case PL_BREAKER_LIQUIDATED: pl_report_short_text(out, a->value_e8); return;
    case PL_BREAKER_UNDERLYINGS: pl_report_count_text(out, a->value_e8); return;
    default: snprintf(out, PL_REPORT_NUMBER_BYTES, "-"); return;
    }
}

static const char *name_of(const struct pl_simulation *s, uint32_t asset)
{
    return asset == PL_VENUE_NONE ? "venue" : s->session->book->underlyings[asset].name;
}

static int64_t end_of(const struct pl_simulation *s)
{
    return s->tick_count > 0 ? s->ticks[s->tick_count - 1].time_us : 0;
}

/* The next change of the same breaker; NULL: there is none. */
static const struct pl_venue_action *next_of(const struct pl_simulation_log *log, size_t at)
{
    for (size_t i = at + 1; i < log->count; i++)
        if (log->actions[i].kind == PL_VENUE_BREAKER &&
            log->actions[i].account == log->actions[at].account)
            return &log->actions[i];
    return NULL;
}

static void add_band(const struct pl_simulation *s, const struct pl_chart *chart, size_t at,
                     int64_t until_us)
{
    const struct pl_venue_action *a = &s->log.actions[at];
    char text[TITLE_BYTES], from[PL_TIME_TEXT_BYTES], to[PL_TIME_TEXT_BYTES],
        seen[PL_REPORT_NUMBER_BYTES];
    const char *state = pl_breaker_state((enum pl_breaker_state)a->price);
    pl_time_text(from, a->time_us);
    pl_time_text(to, until_us);
    measure_text(seen, a);
    snprintf(text, sizeof text, "%s: %s\n%s to %s\n%s: %s", name_of(s, a->account), state, from, to,
             pl_venue_action_reason(a), seen);
    pl_chart_band(chart, state, a->time_us, until_us, text);
}

/* Hours and minutes that it was in a state. */
static void add_label(struct pl_chart_label *labels, size_t *count, enum pl_breaker_state state,
                      int64_t us)
{
    const long long minutes = (us + 30000000) / 60000000;
    if (us == 0)
        return;
    struct pl_chart_label *label = &labels[(*count)++];
    *label = (struct pl_chart_label){ .name = pl_breaker_state(state),
                                      .class = pl_breaker_state(state) };
    snprintf(label->value, sizeof label->value, "%lld:%02lld h", minutes / 60, minutes % 60);
}

/* One breaker; nothing when it never left normal. */
static bool add_strip(const struct pl_simulate_page *page, const struct pl_simulation *s,
                      uint32_t asset)
{
    const struct pl_chart chart = { .out = page->report.out, .time = &page->report.time };
    struct pl_chart_label labels[PL_BREAKER_STATES];
    size_t label_count = 0;
    int64_t spent_us[PL_BREAKER_STATES] = { 0 };
    bool any = false;
    for (size_t i = 0; i < s->log.count; i++) {
        const struct pl_venue_action *a = &s->log.actions[i];
        if (a->kind != PL_VENUE_BREAKER || a->account != asset)
            continue;
        if (!any)
            pl_chart_strip_open(&chart, name_of(s, asset));
        any = true;
        const struct pl_venue_action *next = next_of(&s->log, i);
        const int64_t until = next != NULL ? next->time_us : end_of(s);
        spent_us[a->price] += until - a->time_us;
        if (a->price != PL_BREAKER_NORMAL)
            add_band(s, &chart, i, until);
    }
    if (!any)
        return false;
    add_label(labels, &label_count, PL_BREAKER_CAUTIOUS, spent_us[PL_BREAKER_CAUTIOUS]);
    add_label(labels, &label_count, PL_BREAKER_HALTED, spent_us[PL_BREAKER_HALTED]);
    pl_chart_strip_close(&chart, labels, label_count);
    return true;
}

static size_t count_changes(const struct pl_simulation *s)
{
    size_t count = 0;
    for (size_t i = 0; i < s->log.count; i++)
        count += s->log.actions[i].kind == PL_VENUE_BREAKER;
    return count;
}

static void add_strips(const struct pl_simulate_page *page, const struct pl_simulation *s)
{
    uint32_t quiet = 0;
    for (uint32_t u = 0; u < s->session->book->underlying_count; u++)
        quiet += !add_strip(page, s, u);
    const bool venue = add_strip(page, s, PL_VENUE_NONE);
    pl_simulate_add_time_axis(page);
    if (quiet > 0 || !venue)
        pl_buffer_add(page->report.out, "<p class=\"note\">Normal throughout:");
    for (uint32_t u = 0, told = 0; u < s->session->book->underlying_count && quiet > 0; u++) {
        bool tripped = false;
        for (size_t i = 0; i < s->log.count && !tripped; i++)
            tripped = s->log.actions[i].kind == PL_VENUE_BREAKER && s->log.actions[i].account == u;
        if (tripped)
            continue;
        pl_buffer_add(page->report.out, "%s", told++ > 0 ? ", " : " ");
        pl_report_add_text(page->report.out, s->session->book->underlyings[u].name);
    }
    if (quiet > 0 || !venue)
        pl_buffer_add(page->report.out, "%s%s.</p>\n",
                      venue       ? ""
                      : quiet > 0 ? ", "
                                  : " ",
                      venue ? "" : "the venue");
}

static void add_changes(const struct pl_simulate_page *page, const struct pl_simulation *s)
{
    struct pl_buffer *out = page->report.out;
    const size_t count = count_changes(s);
    pl_buffer_add(out, "<details%s><summary>%zu changes, one by one</summary>\n",
                  count <= ROWS_OPEN ? " open=\"open\"" : "", count);
    pl_buffer_add(
        out, "<div class=\"scroll\"><table><thead><tr><th scope=\"col\">Time</th><th "
             "scope=\"col\">Breaker of</th><th scope=\"col\">From</th><th scope=\"col\">To</th>"
             "<th scope=\"col\">Why</th><th scope=\"col\" class=\"number\">Seen</th></tr>"
             "</thead><tbody>\n");
    for (size_t i = 0; i < s->log.count; i++) {
        const struct pl_venue_action *a = &s->log.actions[i];
        char seen[PL_REPORT_NUMBER_BYTES];
        if (a->kind != PL_VENUE_BREAKER)
            continue;
        measure_text(seen, a);
        const char *to = pl_breaker_state((enum pl_breaker_state)a->price);
        pl_buffer_add(out, "<tr><td>");
        pl_report_add_time(out, a->time_us);
        pl_buffer_add(out, "</td><td>");
        pl_report_add_text(out, name_of(s, a->account));
        pl_buffer_add(out,
                      "</td><td>%s</td><td><span class=\"state %s\">%s</span></td><td>%s</td><td "
                      "class=\"number\">%s</td></tr>\n",
                      pl_breaker_state((enum pl_breaker_state)a->steps),
                      a->price == PL_BREAKER_NORMAL ? "healthy" : to, to, pl_venue_action_reason(a),
                      seen);
    }
    pl_buffer_add(out, "</tbody></table></div>\n</details>\n");
}

/* Prices decide most of it, so two policies mostly meet the same breakers. */
static bool is_same(const struct pl_simulation *a, const struct pl_simulation *b)
{
    size_t j = 0;
    if (count_changes(a) != count_changes(b))
        return false;
    for (size_t i = 0; i < a->log.count; i++) {
        if (a->log.actions[i].kind != PL_VENUE_BREAKER)
            continue;
        while (b->log.actions[j].kind != PL_VENUE_BREAKER)
            j++;
        const struct pl_venue_action *x = &a->log.actions[i], *y = &b->log.actions[j++];
        if (x->time_us != y->time_us || x->account != y->account || x->price != y->price ||
            x->reason != y->reason)
            return false;
    }
    return true;
}

/* What a state leaves to be done, by the rules of the run. */
static void add_allowed(struct pl_buffer *out, const struct pl_permission_rules *rules,
                        enum pl_breaker_state state)
{
    const uint32_t allowed = rules->allowed_in[state];
    pl_buffer_add(out, " %c%s allows", state == PL_BREAKER_CAUTIOUS ? 'C' : 'H',
                  pl_breaker_state(state) + 1);
    for (uint32_t a = 1, any = 0; a <= PL_ACTIONS_ALL; a *= 2) {
        if ((allowed & a) == 0)
            continue;
        pl_buffer_add(out, "%s %s", any != 0 ? "," : "", pl_action_name((enum pl_action)a));
        any = 1;
    }
    pl_buffer_add(out, "%s.", allowed == 0 ? " nothing" : "");
}

void pl_simulate_add_breakers(const struct pl_simulate_page *page)
{
    struct pl_buffer *out = page->report.out;
    const bool same = page->count == 1 || is_same(page->runs[0], page->runs[1]);
    const struct pl_permission_rules *rules = &page->runs[0]->rules.permission;
    pl_report_open_section(out, "breakers", "Circuit breakers",
                           "One breaker per underlying and one for the venue; beside each the "
                           "hours and minutes that it spent there.");
    pl_buffer_add(out, "<p class=\"note\">");
    add_allowed(out, rules, PL_BREAKER_CAUTIOUS);
    add_allowed(out, rules, PL_BREAKER_HALTED);
    pl_buffer_add(out, "</p>\n");
    if (page->runs[0]->options->simulate.no_breakers) {
        pl_buffer_add(out, "<p class=\"empty\">They were switched off.</p>\n</section>\n");
        return;
    }
    pl_buffer_add(
        out,
        "<p class=\"keys\"><span class=\"state cautious\">cautious</span><span "
        "class=\"state halted\">halted</span>%s</p>\n",
        same && page->count > 1 ? "<span class=\"muted\">the same under both policies</span>" : "");
    for (int r = 0; r < (same ? 1 : page->count); r++) {
        if (!same)
            pl_simulate_add_run_name(page, r);
        if (count_changes(page->runs[r]) == 0) {
            pl_buffer_add(out, "<p class=\"empty\">All stayed normal.</p>\n");
            continue;
        }
        add_strips(page, page->runs[r]);
        add_changes(page, page->runs[r]);
    }
    pl_buffer_add(out, "</section>\n");
}
