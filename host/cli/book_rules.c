#define _POSIX_C_SOURCE 200809L
#include "book_rules.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "decide/rule.h"
#include "sources.h"

/* Without sources a book has one price of one venue: what asks for more is told so. With sources,
 * two venues are asked for as ever, and as many sources as each underlying has that two venues
 * show. Times are as long as the ticks are apart. */
static void set_lines(struct pl_book_rules *r, const struct pl_book *book, int64_t gap)
{
    const bool sourced = book->source_count > 0;
    struct pl_quality_line *lines = r->venue.permission.line;
    int64_t most = sourced ? PL_BOOK_SOURCES_MAX : 1;
    for (uint32_t u = 0; u < book->underlying_count && sourced; u++) {
        const struct pl_fusion_rules *f = &r->fusion[u];
        bool several = false;
        for (int32_t i = 1; i < f->source_count; i++)
            several |= f->source[i].venue != f->source[0].venue;
        most = several ? pl_min64(most, f->source_count) : most;
    }
    for (int q = PL_QUALITY_POOR; q < PL_QUALITIES; q++) {
        lines[q].sources = pl_min64(lines[q].sources, most);
        lines[q].venues = pl_min64(lines[q].venues, sourced ? lines[q].venues : 1);
        lines[q].age_us = pl_min64(lines[q].age_us + (sourced ? 2 : 1) * gap, PL_DAY_US);
    }
}

static void set_windows(struct pl_venue_rules *r, int64_t gap)
{
    r->breaker.calm_us = pl_min64(pl_max64(r->breaker.calm_us, 2 * gap), PL_DAY_US);
    r->breaker.move_window_us = pl_min64(pl_max64(r->breaker.move_window_us, 3 * gap), PL_DAY_US);
    r->venue_breaker.calm_us = r->breaker.calm_us;
    r->volatility.bar_us = pl_min64(pl_max64(r->volatility.bar_us, gap), PL_DAY_US);
}

static int set_defaults(struct pl_book_rules *r, const struct pl_book *book)
{
    r->market = (struct pl_simulate_market){ .spread_q40 = PL_Q40_MILLIONTHS(1000),
                                             .impact_q40 = PL_Q40_MILLIONTHS(100000),
                                             .volume_q40 = PL_COEFFICIENT_ONE,
                                             .fund_q40 = PL_Q40_MILLIONTHS(1000) };
    pl_venue_defaults(&r->venue);
    if (book == NULL)
        return 0;
    r->fusion = calloc((size_t)book->underlying_count + 1, sizeof *r->fusion);
    if (r->fusion == NULL)
        return -ENOMEM;
    const int64_t gap = pl_book_gap_us(book);
    for (uint32_t u = 0; u < book->underlying_count; u++)
        pl_sources_rules(book, u, gap, &r->fusion[u]);
    set_lines(r, book, gap);
    set_windows(&r->venue, gap);
    return 0;
}

static int read_file(struct pl_book_rules *r, const char *path, const struct pl_book *book,
                     struct pl_text_error *error)
{
    struct pl_json *json;
    const uint64_t problems = error->count;
    int result = pl_json_load(path, error, &json);
    if (result != 0)
        return result;
    result = pl_book_rules_read(r, book, json);
    if (result == 0 && book != NULL && error->count == problems)
        pl_book_rules_check(r, book, json);
    pl_json_free(json);
    return result == 0 && error->count > problems ? -EINVAL : result;
}

int pl_book_rules_load(struct pl_book_rules *r, const char *folder, const struct pl_book *book,
                       struct pl_text_error *error)
{
    char path[4096];
    *r = (struct pl_book_rules){ 0 };
    int result = set_defaults(r, book);
    if (result != 0) {
        pl_text_error_add(error, folder, 0, 0, "%s", strerror(-result));
        return result;
    }
    struct stat info;
    const int length = snprintf(path, sizeof path, "%s/" PL_BOOK_RULES_FILE, folder);
    r->stated = length > 0 && (size_t)length < sizeof path && lstat(path, &info) == 0;
    return r->stated ? read_file(r, path, book, error) : 0;
}

void pl_book_rules_free(struct pl_book_rules *r)
{
    free(r->fusion);
    r->fusion = NULL;
}

const char *pl_book_rules_source(const struct pl_book_rules *r)
{
    return r->stated ? PL_BOOK_RULES_FILE : "defaults";
}
