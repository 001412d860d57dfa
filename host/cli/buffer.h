/* Text that grows in memory, and the exact texts of money and times. Commands build all of their
 * output here and write it once it is complete, so that a failure leaves nothing partial behind. */
#ifndef PL_CLI_BUFFER_H
#define PL_CLI_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

__extension__ typedef __int128
    pl_i128; /* sums of money do not fit 64 bits; the one scalar C11 lacks */

#define PL_MONEY_TEXT_BYTES 48
#define PL_TIME_TEXT_BYTES 32
#define PL_MONEY_DIGITS_EXACT 8
#define PL_MONEY_DIGITS_SHOWN 2

struct pl_buffer {
    char *data; /* terminated when not NULL */
    size_t used, capacity;
    bool failed; /* no memory: nothing is added any more */
};

__attribute__((format(printf, 2, 3))) void pl_buffer_add(struct pl_buffer *buffer,
                                                         const char *format, ...);
void pl_buffer_add_bytes(struct pl_buffer *buffer, const char *bytes, size_t count);
void pl_buffer_fill(struct pl_buffer *buffer, char byte, size_t count);
void pl_buffer_free(struct pl_buffer *buffer);

/* Bytes of the well-formed UTF-8 character at text (RFC 3629), 1 for a zero, or 0. */
size_t pl_utf8_length(const unsigned char *text);

/* "text" as a JSON string; what is not UTF-8 becomes U+FFFD. */
void pl_buffer_add_json(struct pl_buffer *buffer, const char *text);
/* Quoted where CSV needs it. */
void pl_buffer_add_csv(struct pl_buffer *buffer, const char *text);
/* Control characters, which could drive a terminal, become '?'. */
void pl_buffer_add_plain(struct pl_buffer *buffer, const char *text);

/* 1e-8 units as a decimal: exact with 8 digits; with fewer rounded towards minus infinity, so that
 * what is below zero never reads as zero. */
void pl_money_text(char out[PL_MONEY_TEXT_BYTES], pl_i128 value_e8, int digits);
/* UTC, as 2026-02-04T04:24:03.263Z, with no more digits of the second than it has. */
void pl_time_text(char out[PL_TIME_TEXT_BYTES], int64_t time_us);

/* An error for the user, on stderr: what, where, what to do. */
__attribute__((format(printf, 1, 2))) void pl_complain(const char *format, ...);
/* The same for a text of one or more lines. */
void pl_complain_lines(const char *text);

/* Writes all of it to stdout. Returns 0, or a negative errno after saying why. */
int pl_stdout_write(const struct pl_buffer *buffer);

#endif
