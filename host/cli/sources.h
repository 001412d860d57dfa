/* A book's sources: the rules that its prices are fused by, its reports in order, and the fused
 * prices as rows of its ticks, so that every command sees one price per underlying. */
#ifndef PL_CLI_SOURCES_H
#define PL_CLI_SOURCES_H

#include "decide/fusion.h"
#include "feed/book.h"

#define PL_SOURCES_DECIMALS 8 /* of reported and fused prices */

/* When the next of the ticks or reports from `tick` and `report` on is; there is one. */
int64_t pl_book_next_us(const struct pl_book *book, uint32_t tick, uint32_t report);
/* The longest time between two times of ticks or reports, at least a second. */
int64_t pl_book_gap_us(const struct pl_book *book);

/* How an underlying is fused unless the book states it: the defaults, with ages as long as ticks
 * are apart; three sources, or all it has. Of a quote currency that is known by crosses only, one
 * source is enough for a price: what may be done on it is for the permissions to say. So is it of
 * the one price that a book without sources has. */
void pl_sources_rules(const struct pl_book *book, uint32_t underlying, int64_t gap_us,
                      struct pl_fusion_rules *rules);

/* A report as the fusion of its underlying takes it. */
struct pl_sourced {
    uint32_t source; /* of the book */
    uint32_t underlying, number;
    struct pl_fusion_report report;
};

/* Reads the reports in order; behind each stand the crosses that it makes. */
struct pl_sources {
    const struct pl_book *book;
    struct pl_estimate *last; /* by source; price 0: it has not reported */
    uint32_t next;            /* report */
    uint32_t reported, cross; /* the source read last, and the next that may be a cross of it */
};
/* 0 or -ENOMEM. */
int pl_sources_open(struct pl_sources *s, const struct pl_book *book);
void pl_sources_close(struct pl_sources *s);
/* The next one that arrived at or before a time; false: there is none (yet). A price that does not
 * fit PL_SOURCES_DECIMALS is passed on as 0, which a fusion refuses by name. */
bool pl_sources_next(struct pl_sources *s, int64_t time_us, struct pl_sourced *out);

/* Fuses all underlyings of a book, time by time. */
struct pl_fusing {
    struct pl_sources sources;
    const struct pl_fusion_rules *rules; /* by underlying */
    struct pl_fusion *fusions;
    struct pl_fused *fused; /* after the last step */
    struct pl_rate *rates;
};
/* `rules` were checked, and stay. 0 or a negative errno, after saying why. */
int pl_fusing_open(struct pl_fusing *f, const struct pl_book *book,
                   const struct pl_fusion_rules *rules);
void pl_fusing_close(struct pl_fusing *f);
int pl_fusing_step(struct pl_fusing *f, int64_t time_us);

/* Puts the fused prices into the book's ticks; every time of a report is a tick. Nothing where the
 * book has no sources. 0 or a negative errno, after saying why. */
int pl_book_fuse(struct pl_book *book, const struct pl_fusion_rules *rules);

#endif
