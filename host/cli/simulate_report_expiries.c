/* What expired, and at what price: the same under all policies. */
#include "simulate_report.h"

static void add_row(struct pl_buffer *out, const struct pl_simulation *s, uint32_t expiry,
                    int64_t price_e8)
{
    const struct pl_venue_expiry *e = &s->setup.expiries[expiry];
    const enum pl_simulated_settling settling = s->expiries[expiry].settling;
    pl_buffer_add(out, "<tr><th scope=\"row\">");
    pl_report_add_text(out, s->session->book->underlyings[e->asset].name);
    pl_buffer_add(out, "</th><td>");
    pl_report_add_time(out, e->time_us);
    pl_buffer_add(out, "</td>");
    if (settling == PL_SIMULATED_STANDS)
        pl_buffer_add(out, "<td class=\"number none\">-</td>");
    else
        pl_report_add_money_cell(out, price_e8, s->session->book->settlement_currency);
    pl_buffer_add(out, "<td>%s</td></tr>\n", pl_simulated_settlings[settling]);
}

void pl_simulate_add_expiries(const struct pl_simulate_page *page)
{
    const struct pl_simulation *s = page->runs[0];
    struct pl_buffer *out = page->report.out;
    int64_t price_e8;
    bool any = false;
    for (uint32_t e = 0; e < s->setup.expiry_count; e++)
        any |= pl_simulation_has_expired(s, e, &price_e8);
    if (!any)
        return;
    pl_report_open_section(out, "expiries", "Expiries",
                           "Settled at the average of the index over the window before expiry; "
                           "where the ticks cover too little of it, at the price in the book.");
    pl_buffer_add(out, "<div class=\"scroll\"><table><thead><tr><th scope=\"col\">Underlying</th>"
                       "<th scope=\"col\">Expiry</th><th scope=\"col\" class=\"number\">Price</th>"
                       "<th scope=\"col\">Settled</th></tr></thead><tbody>\n");
    for (uint32_t e = 0; e < s->setup.expiry_count; e++)
        if (pl_simulation_has_expired(s, e, &price_e8))
            add_row(out, s, e, price_e8);
    pl_buffer_add(out, "</tbody></table></div>\n</section>\n");
}
