/* Times as they stand in a file (docs/book-format.md): UTC, microseconds since 1970. */
#ifndef PL_FEED_TEXT_TIME_H
#define PL_FEED_TEXT_TIME_H

#include <stddef.h>
#include <stdint.h>

#define PL_TEXT_TIME_MAX_US                                                                        \
    INT64_C(253402300799999999) /* the last microsecond of the year 9999                           \
                                 */

/* Parses YYYY-MM-DDTHH:MM:SS[.digits]Z (proleptic Gregorian, no leap seconds) or a whole number of
 * microseconds. Returns 0; -EINVAL: neither; -ERANGE: outside 1970..9999, or finer than 1 us. */
int pl_text_time_parse(const char *text, size_t length, int64_t *time_us);

#endif
