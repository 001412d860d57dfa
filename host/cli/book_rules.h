/* The rules of a book's venue: the defaults, as far as the book's prices allow them, and what
 * BOOK/venue.json states instead.
 *
 * - book_rules.c: the defaults; book_rules_fields.c: the file's keys; book_rules_file.c: reads it
 * - book_rules_text.c: writes rules as such a file
 * - book_rules_check.c: governed limits; what is outside is told at its place in the file
 */
#ifndef PL_CLI_BOOK_RULES_H
#define PL_CLI_BOOK_RULES_H

#include "buffer.h"
#include "decide/venue.h"
#include "feed/book.h"
#include "feed/json_text.h"
#include "feed/text_error.h"
#include "options.h"

#define PL_BOOK_RULES_FILE "venue.json"

struct pl_book_rules {
    bool stated; /* there is such a file */
    struct pl_simulate_market market;
    struct pl_venue_rules venue;
    struct pl_fusion_rules *fusion; /* by underlying */
    bool follow;                    /* widths and haircuts follow volatility */
};

/* `book` NULL: it could not be loaded; then the file is only read. What is wrong is added to
 * *error. 0 or a negative errno. */
int pl_book_rules_load(struct pl_book_rules *rules, const char *folder, const struct pl_book *book,
                       struct pl_text_error *error);
void pl_book_rules_free(struct pl_book_rules *rules);
/* Where they are from, for people. */
const char *pl_book_rules_source(const struct pl_book_rules *rules);

/* What the file states replaces what stands; problems go to its error. 0 or -ENOMEM. */
int pl_book_rules_read(struct pl_book_rules *rules, const struct pl_book *book,
                       const struct pl_json *json);
/* Adds what holds as the text of a file that states all of it. */
void pl_book_rules_text(const struct pl_book_rules *rules, const struct pl_book *book,
                        struct pl_buffer *out);
/* Refuses rules outside their governed limits. */
void pl_book_rules_check(const struct pl_book_rules *rules, const struct pl_book *book,
                         const struct pl_json *json);

#endif
