/* Texts of the report: escaped words, exact and short money, counts, quantities. Only quantities
 * are made from doubles; everything else is integer arithmetic, so that the same report gives the
 * same bytes everywhere. */
#ifndef PL_CLI_REPORT_TEXT_H
#define PL_CLI_REPORT_TEXT_H

#include "buffer.h"

#define PL_REPORT_NUMBER_BYTES 80 /* the longest number with its separators, and a unit */

/* `text` for element content and quoted attributes: & < > " ' escaped, what is not UTF-8 and
 * control characters replaced by U+FFFD; tabs and line feeds stay. NULL adds nothing. */
void pl_report_add_text(struct pl_buffer *out, const char *text);

/* 1,234,567 */
void pl_report_count_text(char out[PL_REPORT_NUMBER_BYTES], pl_i128 count);
/* 12,345.67, rounded as pl_money_text() does; exact with PL_MONEY_DIGITS_EXACT digits. */
void pl_report_money_text(char out[PL_REPORT_NUMBER_BYTES], pl_i128 value_e8, int digits);
/* Three digits and a unit of thousands where space is tight: 12.3 k, 4.56 M, 7.89 bn; rounded to
 * nearest. Below 0.01 all of its digits. */
void pl_report_short_text(char out[PL_REPORT_NUMBER_BYTES], pl_i128 value_e8);
/* Contracts: at most 8 digits after the point, none that are zero. For display only. */
void pl_report_quantity_text(char out[PL_REPORT_NUMBER_BYTES], double quantity);
/* `part` of `whole` in per cent with 2 digits, rounded to nearest but neither up to 100 nor down to
 * 0 unless it is; "0 %" if whole is 0. */
void pl_report_percent_text(char out[PL_REPORT_NUMBER_BYTES], uint64_t part, uint64_t whole);

/* <span title="exact">short unit</span> */
void pl_report_add_short(struct pl_buffer *out, pl_i128 value_e8, const char *currency);
/* <td class="number" title="exact unit">12,345.67</td> */
void pl_report_add_money_cell(struct pl_buffer *out, pl_i128 value_e8, const char *currency);
/* <time>2026-02-04T04:24:03Z</time> */
void pl_report_add_time(struct pl_buffer *out, int64_t time_us);
/* The same on two lines: the time of the day, and below it the date. */
void pl_report_add_clock(struct pl_buffer *out, int64_t time_us);

#endif
