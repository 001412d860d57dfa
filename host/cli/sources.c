/* Reports of a book's sources, and the rules to fuse them by. */
#include "sources.h"

#include <errno.h>
#include <stdlib.h>

#include "decide/rule.h"
#include "model/money.h"

_Static_assert(PL_BOOK_SOURCES_MAX <= PL_FUSION_SOURCES_MAX, "sources of an underlying");
_Static_assert(PL_BOOK_VENUES_MAX <= PL_FUSION_VENUES_MAX, "venues");
_Static_assert(PL_BOOK_QUOTE_SETTLEMENT == PL_FUSION_USD, "the currency of fused prices");

/* Of crosses, docs/decide/fusion.md: as wide as two books together, followed within half an hour.
 */
#define CROSS_CONFIDENCE_Q40 PL_Q40_MILLIONTHS(100000)
#define CROSS_HALF_LIFE_US (10 * PL_MINUTE_US)

int64_t pl_book_next_us(const struct pl_book *book, uint32_t tick, uint32_t report)
{
    if (tick == book->tick_count)
        return book->reports[report].time_us;
    if (report == book->report_count)
        return book->ticks[tick].time_us;
    return pl_min64(book->reports[report].time_us, book->ticks[tick].time_us);
}

int64_t pl_book_gap_us(const struct pl_book *book)
{
    int64_t gap = PL_SECOND_US, last_us = INT64_MAX;
    uint32_t tick = 0, report = 0;
    while (tick < book->tick_count || report < book->report_count) {
        const int64_t time_us = pl_book_next_us(book, tick, report);
        if (last_us < time_us)
            gap = pl_max64(gap, time_us - last_us);
        last_us = time_us;
        tick += tick < book->tick_count && book->ticks[tick].time_us == time_us;
        report += report < book->report_count && book->reports[report].time_us == time_us;
    }
    return gap;
}

void pl_sources_rules(const struct pl_book *book, uint32_t underlying, int64_t gap_us,
                      struct pl_fusion_rules *rules)
{
    pl_fusion_defaults(rules);
    rules->decimals = PL_SOURCES_DECIMALS;
    if (book->source_count == 0) {
        rules->source_count = rules->sources_min = 1;
        rules->age_max_us = pl_min64(rules->age_max_us + gap_us, PL_DAY_US);
        return;
    }
    rules->source_count = 0;
    for (uint32_t s = 0; s < book->source_count; s++) {
        const struct pl_book_source *source = &book->sources[s];
        if (source->underlying != underlying)
            continue;
        rules->source[source->number] =
            (struct pl_fusion_source_rules){ (int32_t)source->venue, source->quote };
        rules->source_count++;
        rules->implied |= source->is_cross;
    }
    rules->sources_min =
        rules->implied ? 1 : (int32_t)pl_min64(rules->sources_min, rules->source_count);
    rules->age_max_us = pl_min64(rules->age_max_us + 2 * gap_us, PL_DAY_US);
    if (!rules->implied)
        return;
    rules->confidence_max_q40 = CROSS_CONFIDENCE_Q40;
    rules->average_half_life_us = CROSS_HALF_LIFE_US;
}

int pl_sources_open(struct pl_sources *s, const struct pl_book *book)
{
    *s = (struct pl_sources){ .book = book, .reported = UINT32_MAX };
    s->last = calloc((size_t)book->source_count + 1, sizeof *s->last);
    return s->last == NULL ? -ENOMEM : 0;
}

void pl_sources_close(struct pl_sources *s)
{
    free(s->last);
}

static void pass_on(const struct pl_sources *s, uint32_t source, struct pl_estimate estimate,
                    struct pl_sourced *out)
{
    const struct pl_book_report *r = &s->book->reports[s->next - 1];
    *out = (struct pl_sourced){
        .source = source,
        .underlying = s->book->sources[source].underlying,
        .number = s->book->sources[source].number,
        .report = { .price = estimate.price,
                    .confidence = estimate.confidence,
                    .source_us = r->source_us,
                    .arrival_us = r->time_us },
    };
}

/* The next cross over the source that reported last. */
static bool next_cross(struct pl_sources *s, struct pl_sourced *out)
{
    while (s->reported != UINT32_MAX && s->cross < s->book->source_count) {
        const uint32_t number = s->cross++;
        const struct pl_book_source *cross = &s->book->sources[number];
        struct pl_estimate worth;
        if (!cross->is_cross || cross->over != s->reported || s->last[cross->of].price <= 0 ||
            s->last[cross->over].price <= 0 ||
            !pl_convert_cross(s->last[cross->of], s->last[cross->over], PL_SOURCES_DECIMALS,
                              &worth))
            continue;
        pass_on(s, number, worth, out);
        return true;
    }
    return false;
}

bool pl_sources_next(struct pl_sources *s, int64_t time_us, struct pl_sourced *out)
{
    if (next_cross(s, out))
        return true;
    if (s->next >= s->book->report_count || s->book->reports[s->next].time_us > time_us)
        return false;
    const struct pl_book_report *r = &s->book->reports[s->next++];
    struct pl_estimate estimate = { 0 };
    if (pl_decimal_scale(r->price, PL_SOURCES_DECIMALS, 0, &estimate.price) != 0 ||
        pl_decimal_scale(r->confidence, PL_SOURCES_DECIMALS, 0, &estimate.confidence) != 0 ||
        estimate.price > PL_PRICE_MAX)
        estimate = (struct pl_estimate){ 0 };
    s->last[r->source] = estimate;
    s->reported = r->source;
    s->cross = 0;
    pass_on(s, r->source, estimate, out);
    return true;
}
