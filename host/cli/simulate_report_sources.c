/* Where the prices come from: what became of each source, tick by tick. */
#include "simulate_report.h"

static void add_share(struct pl_buffer *out, uint64_t part, uint64_t whole)
{
    char text[PL_REPORT_NUMBER_BYTES];
    pl_report_percent_text(text, part, whole);
    pl_buffer_add(out, "<td class=\"number%s\">%s</td>", part == 0 ? " none" : "", text);
}

static void add_row(const struct pl_simulate_page *page, uint32_t number)
{
    const struct pl_simulation *s = page->runs[0];
    const struct pl_book *book = s->session->book;
    const struct pl_book_source *source = &book->sources[number];
    const uint64_t *seen = s->seen[number];
    struct pl_buffer *out = page->report.out;
    uint64_t others = s->tick_count;
    static const enum pl_fusion_reason shown[] = { PL_FUSION_KEPT, PL_FUSION_OUTLYING,
                                                   PL_FUSION_STALE, PL_FUSION_CONFIDENCE,
                                                   PL_FUSION_UNCONVERTED };
    pl_buffer_add(out, "<tr><th scope=\"row\">");
    pl_report_add_text(out, book->underlyings[source->underlying].name);
    pl_buffer_add(out, " in ");
    pl_report_add_text(out, source->quote == PL_BOOK_QUOTE_SETTLEMENT
                                ? book->settlement_currency
                                : book->underlyings[source->quote].name);
    pl_buffer_add(out, "<br><span class=\"when\">");
    pl_report_add_text(out, pl_book_venue_name(book, source->venue));
    pl_buffer_add(out, "</span></th>");
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
        add_share(out, seen[shown[i]], s->tick_count);
        others -= seen[shown[i]];
    }
    add_share(out, others, s->tick_count);
    pl_buffer_add(out, "<td>");
    pl_report_add_text(out, source->name);
    if (source->is_cross) {
        pl_buffer_add(out, "<br><span class=\"when\">");
        pl_report_add_text(out, book->sources[source->of].name);
        pl_buffer_add(out, " over ");
        pl_report_add_text(out, book->sources[source->over].name);
        pl_buffer_add(out, "</span>");
    }
    pl_buffer_add(out, "</td></tr>\n");
}

void pl_simulate_add_sources(const struct pl_simulate_page *page)
{
    const struct pl_book *book = page->runs[0]->session->book;
    struct pl_buffer *out = page->report.out;
    if (book->source_count == 0)
        return;
    pl_report_open_section(out, "sources", "Sources of the prices",
                           "Every source is converted to the settlement currency before it is "
                           "compared with others; a quote currency has a fused price of its own. "
                           "The part of all ticks in which a source counted, or why it did not.");
    pl_buffer_add(out,
                  "<div class=\"scroll\"><table><thead><tr><th scope=\"col\">Price</th><th "
                  "scope=\"col\" class=\"number\">Kept</th><th scope=\"col\" "
                  "class=\"number\">Outlying</th><th scope=\"col\" class=\"number\">Stale</th><th "
                  "scope=\"col\" class=\"number\">Too unsure</th><th scope=\"col\" "
                  "class=\"number\">Not converted</th><th scope=\"col\" class=\"number\">Other"
                  "</th><th scope=\"col\">Source</th></tr></thead><tbody>\n");
    for (uint32_t i = 0; i < book->source_count; i++)
        add_row(page, i);
    pl_buffer_add(out, "</tbody></table></div>\n</section>\n");
}
