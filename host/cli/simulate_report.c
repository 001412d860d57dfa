/* The page of a simulation: its head, the figures, and the sections in their order. */
#include "simulate_report.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "report.h"

/* What the charts stand on: the times of the ticks, and prices by underlying. */
struct ground {
    struct pl_report report;
    struct pl_report_tick *ticks;
    struct pl_report_underlying *underlyings;
    struct pl_report_exposure *exposures;
};

static void free_ground(struct ground *g)
{
    free(g->ticks);
    free(g->underlyings);
    free(g->exposures);
}

/* Index prices of all ticks, out of the book. */
static void fill_prices(const struct pl_book *book, uint32_t underlying,
                        struct pl_report_exposure *by_tick)
{
    const uint32_t node = book->underlyings[underlying].node;
    int64_t price_e8 = 0;
    for (uint32_t t = 0; t < book->tick_count; t++) {
        const struct pl_book_tick *tick = &book->ticks[t];
        for (uint32_t i = 0; i < tick->row_count; i++) {
            const struct pl_book_tick_row *row = &book->tick_rows[tick->first_row + i];
            if (row->node == node && row->field == PL_TICK_FIELD_PRICE &&
                (!row->has_price || pl_decimal_scale(row->price, 8, 0, &price_e8) != 0))
                price_e8 = 0;
        }
        by_tick[t].price_e8 = price_e8;
    }
}

/* The underlyings of which most was closed come first, so they count as exposed. */
static void rank(const struct pl_simulation *s, struct ground *g)
{
    const struct pl_book *book = s->session->book;
    for (size_t i = 0; i < s->log.count; i++) {
        const struct pl_venue_action *a = &s->log.actions[i];
        if (a->kind == PL_VENUE_FILLED)
            g->exposures[(size_t)book->instruments[a->instrument].underlying * book->tick_count]
                .delta += a->value_e8;
    }
}

/* The tick in which the first policy liquidated most. */
static size_t worst_tick(const struct pl_simulation *s)
{
    int64_t most = 0, before = 0;
    size_t worst = 0;
    for (size_t t = 0; t < s->tick_count; t++) {
        const int64_t sum = s->ticks[t].so_far.closed_e8 + s->ticks[t].so_far.auctioned_e8;
        if (sum - before > most) {
            most = sum - before;
            worst = t;
        }
        before = sum;
    }
    return worst;
}

static int set_ground(struct ground *g, const struct pl_simulation *s)
{
    const struct pl_book *book = s->session->book;
    g->ticks = calloc(book->tick_count, sizeof *g->ticks);
    g->underlyings = calloc((size_t)book->underlying_count + 1, sizeof *g->underlyings);
    g->exposures =
        calloc((size_t)book->underlying_count * book->tick_count + 1, sizeof *g->exposures);
    if (g->ticks == NULL || g->underlyings == NULL || g->exposures == NULL) {
        pl_complain("out of memory");
        return -ENOMEM;
    }
    for (uint32_t t = 0; t < book->tick_count; t++) {
        g->ticks[t].tick = t + UINT64_C(1);
        g->ticks[t].time_us = book->ticks[t].time_us;
    }
    for (uint32_t u = 0; u < book->underlying_count; u++) {
        struct pl_report_exposure *by_tick = &g->exposures[(size_t)u * book->tick_count];
        fill_prices(book, u, by_tick);
        g->underlyings[u] = (struct pl_report_underlying){ book->underlyings[u].name, by_tick };
    }
    rank(s, g);
    g->report = (struct pl_report){
        .settlement_currency = book->settlement_currency,
        .tick_count = book->tick_count,
        .ticks = g->ticks,
        .underlying_count = book->underlying_count,
        .underlyings = g->underlyings,
        .worst_tick = worst_tick(s),
    };
    return 0;
}

/* ----- Head ----- */

static void add_count_fact(struct pl_buffer *out, const char *title, uint64_t count)
{
    char text[PL_REPORT_NUMBER_BYTES];
    pl_report_count_text(text, count);
    pl_report_add_fact(out, title, text);
}

static void add_percent_fact(struct pl_buffer *out, const char *title, int64_t value_q40)
{
    char text[PL_REPORT_NUMBER_BYTES];
    snprintf(text, sizeof text, "%g %%",
             round(ldexp((double)value_q40, -PL_COEFFICIENT_BITS) * 1e8) / 1e6);
    pl_report_add_fact(out, title, text);
}

/* What the policy and options left of the book's rules, as a venue.json. */
static void add_rules(const struct pl_simulate_page *page, int run)
{
    const struct pl_simulation *s = page->runs[run];
    struct pl_buffer *out = page->report.out, text = { 0 };
    const struct pl_book_rules rules = { .market = s->market,
                                         .venue = s->rules,
                                         .fusion = s->session->rules.fusion,
                                         .follow = s->follow };
    pl_book_rules_text(&rules, s->session->book, &text);
    pl_buffer_add(out, "<details><summary>Rules that held%s%s</summary>\n<pre class=\"output\">",
                  page->count > 1 ? ": " : "", page->count > 1 ? page->names[run] : "");
    pl_report_add_text(out, text.data);
    pl_buffer_add(out, "</pre>\n</details>\n");
    out->failed |= text.failed;
    pl_buffer_free(&text);
}

static void add_facts(const struct pl_simulate_page *page, const struct pl_options *options)
{
    const struct pl_session *session = page->runs[0]->session;
    const struct pl_simulate_options *o = &options->simulate;
    struct pl_buffer *out = page->report.out;
    pl_buffer_add(out, "<dl class=\"facts\">\n");
    pl_report_add_period(&page->report);
    pl_report_add_fact(out, "Source", session->book->source);
    pl_report_add_fact(out, "Model", session->model->name);
    pl_report_add_fact(out, "Device", session->device_uri);
    add_count_fact(out, "Ticks", session->book->tick_count);
    add_count_fact(out, "Accounts", session->book->account_count);
    pl_report_add_fact(out, "Settlement currency", session->book->settlement_currency);
    pl_report_add_fact(out, "Breakers", o->no_breakers ? "off" : "on");
    pl_report_add_fact(out, "Rules", pl_book_rules_source(&session->rules));
    add_percent_fact(out, "Market: spread", page->runs[0]->market.spread_q40);
    add_percent_fact(out, "Impact of a daily volume", page->runs[0]->market.impact_q40);
    add_percent_fact(out, "Daily volume, of open interest", page->runs[0]->market.volume_q40);
    add_percent_fact(out, "Fund, of open interest", page->runs[0]->market.fund_q40);
    pl_buffer_add(out, "</dl>\n");
    pl_report_add_command(out, options->command_line);
    for (int r = 0; r < page->count; r++)
        add_rules(page, r);
}

/* ----- In short ----- */

static void add_lede(const struct pl_simulate_page *page, int run)
{
    const struct pl_simulated *n = &page->runs[run]->so_far;
    struct pl_buffer *out = page->report.out;
    if (page->count > 1)
        pl_buffer_add(out, "<strong>%s</strong>: ", page->names[run]);
    if (n->liquidated_accounts == 0) {
        pl_buffer_add(out, "nobody was liquidated.");
    } else {
        pl_report_add_short(out, (pl_i128)n->closed_e8 + n->auctioned_e8, page->report.currency);
        pl_buffer_add(out, " liquidated in %" PRIu64 " accounts, ", n->liquidated_accounts);
        pl_report_add_short(out, pl_simulated_shortfall(n), page->report.currency);
        pl_buffer_add(out, " owed beyond their assets.");
    }
    if (n->calls > 0)
        pl_buffer_add(out, " Margin calls saved %" PRIu64 " accounts.", n->saved);
}

static void add_figures(const struct pl_simulate_page *page, bool money)
{
    struct pl_buffer *out = page->report.out;
    pl_i128 values[PL_SIMULATE_RUNS_MAX][PL_SIMULATED_FIGURES];
    pl_buffer_add(out, "<div class=\"scroll\"><table><thead><tr><th scope=\"col\">");
    pl_report_add_text(out, money ? page->report.currency : "Number of");
    pl_buffer_add(out, "</th>");
    for (int r = 0; r < page->count; r++) {
        pl_simulation_figures(page->runs[r], values[r]);
        pl_buffer_add(out, "<th scope=\"col\" class=\"number\">%s</th>", page->names[r]);
    }
    pl_buffer_add(out, "</tr></thead><tbody>\n");
    for (size_t i = 0; i < PL_SIMULATED_FIGURES; i++) {
        if (pl_simulated_figures[i].money != money)
            continue;
        pl_buffer_add(out, "<tr><th scope=\"row\" class=\"mark\">%s</th>",
                      pl_simulated_figures[i].title);
        for (int r = 0; r < page->count; r++) {
            char text[PL_REPORT_NUMBER_BYTES];
            pl_report_count_text(text, values[r][i]);
            if (money)
                pl_report_add_money_cell(out, values[r][i], page->report.currency);
            else
                pl_buffer_add(out, "<td class=\"number%s\">%s</td>",
                              values[r][i] == 0 ? " none" : "", text);
        }
        pl_buffer_add(out, "</tr>\n");
    }
    pl_buffer_add(out, "</tbody></table></div>\n");
}

static void add_headline(const struct pl_simulate_page *page)
{
    struct pl_buffer *out = page->report.out;
    pl_buffer_add(out, "<section id=\"headline\">\n<h2>In short</h2>\n");
    for (int r = 0; r < page->count; r++) {
        pl_buffer_add(out, "<p class=\"lede\">");
        add_lede(page, r);
        pl_buffer_add(out, "</p>\n");
    }
    pl_buffer_add(out, "<div class=\"summary figures\">\n");
    add_figures(page, true);
    add_figures(page, false);
    pl_buffer_add(out, "</div>\n</section>\n");
}

/* ----- The page ----- */

static void add_page(const struct pl_simulate_page *page, const struct pl_options *options)
{
    const struct pl_book *book = page->runs[0]->session->book;
    struct pl_buffer *out = page->report.out;
    pl_report_open_page(out, book->name, "simulation");
    pl_report_open_header(out, book->name, "simulation", book->description);
    add_facts(page, options);
    pl_buffer_add(out, "</header>\n<main>\n");
    add_headline(page);
    pl_report_add_prices(&page->report);
    pl_simulate_add_sources(page);
    pl_simulate_add_breakers(page);
    pl_simulate_add_parameters(page);
    pl_simulate_add_liquidations(page);
    pl_simulate_add_cascades(page);
    pl_simulate_add_fund(page);
    pl_simulate_add_losses(page);
    pl_simulate_add_auctions(page);
    pl_simulate_add_calls(page);
    pl_simulate_add_expiries(page);
    pl_report_close_page(out);
}

int pl_simulation_report(struct pl_simulation *const *runs, int count,
                         const struct pl_options *options)
{
    static const char *const classes[PL_SIMULATE_RUNS_MAX] = { "s0", "s1" };
    struct ground ground = { 0 };
    struct pl_buffer out = { 0 };
    char message[PL_MESSAGE_BYTES] = "";
    struct pl_simulate_page page = {
        .report = { .out = &out, .report = &ground.report, .mark = "most liquidated" },
        .runs = runs,
        .count = count,
    };
    int error = set_ground(&ground, runs[0]);
    if (error == 0) {
        page.report.currency = runs[0]->session->book->settlement_currency;
        pl_chart_time_fit(&page.report.time, ground.ticks, ground.report.tick_count);
        for (int r = 0; r < count; r++) {
            page.names[r] = pl_simulated_names[runs[r]->policy];
            page.classes[r] = classes[r];
        }
        add_page(&page, options);
        error = pl_report_put(&out, options->report, message);
        if (error != 0)
            pl_complain_lines(message);
    }
    pl_buffer_free(&out);
    free_ground(&ground);
    return error;
}
