/* Escaping and number formats of the report. */
#include "report_text.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define E8 INT64_C(100000000)
#define REPLACEMENT "\xEF\xBF\xBD" /* U+FFFD */
#define QUANTITY_FIXED_MAX 1e15    /* above it a double has no digits after the point to show */

/* What stands for the character at `text`; NULL: it stands for itself. */
static const char *substitute(const unsigned char *text, size_t length)
{
    switch (text[0]) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    case '\n':
    case '\t': return NULL;
    default: break;
    }
    bool control =
        text[0] < 0x20 || text[0] == 0x7F || (text[0] == 0xC2 && length == 2 && text[1] < 0xA0);
    return length == 0 || control ? REPLACEMENT : NULL;
}

void pl_report_add_text(struct pl_buffer *out, const char *text)
{
    const unsigned char *at = (const unsigned char *)text;
    while (at != NULL && *at != '\0') {
        size_t length = pl_utf8_length(at);
        const char *instead = substitute(at, length);
        if (instead != NULL)
            pl_buffer_add_bytes(out, instead, strlen(instead));
        else
            pl_buffer_add_bytes(out, (const char *)at, length);
        at += length == 0 ? 1 : length;
    }
}

/* Commas into the digits before the point; `digits` may start with a minus. */
static void group_thousands(char out[PL_REPORT_NUMBER_BYTES], const char *digits)
{
    size_t used = 0;
    if (*digits == '-')
        out[used++] = *digits++;
    size_t whole = strspn(digits, "0123456789");
    for (size_t i = 0; i < whole; i++) {
        if (i > 0 && (whole - i) % 3 == 0)
            out[used++] = ',';
        out[used++] = digits[i];
        assert(used + 2 < PL_REPORT_NUMBER_BYTES);
    }
    snprintf(out + used, PL_REPORT_NUMBER_BYTES - used, "%s", digits + whole);
}

void pl_report_money_text(char out[PL_REPORT_NUMBER_BYTES], pl_i128 value_e8, int digits)
{
    char plain[PL_MONEY_TEXT_BYTES];
    pl_money_text(plain, value_e8, digits);
    group_thousands(out, plain);
}

void pl_report_count_text(char out[PL_REPORT_NUMBER_BYTES], pl_i128 count)
{
    pl_report_money_text(out, count * E8, 1);
    *strchr(out, '.') = '\0';
}

void pl_report_short_text(char out[PL_REPORT_NUMBER_BYTES], pl_i128 value_e8)
{
    static const char *const units[] = { "", " k", " M", " bn", " tn", " qn" };
    enum { UNITS = sizeof units / sizeof units[0] };
    static const int powers[] = { 1, 10, 100 };
    pl_i128 size = value_e8 < 0 ? -value_e8 : value_e8, scale = E8;
    if (size > 0 && size < E8 / 100) {
        pl_report_money_text(out, value_e8, PL_MONEY_DIGITS_EXACT);
        return;
    }
    int unit = 0;
    for (; unit + 1 < UNITS && size / scale >= 1000; unit++)
        scale *= 1000;
    int digits = unit == 0 || size / scale < 10 ? 2 : size / scale < 100 ? 1 : 0;
    pl_i128 rounded = (size * powers[digits] + scale / 2) / scale;
    if (unit > 0 && digits > 0 && rounded >= 1000) { /* 9.996 M */
        digits--;
        rounded /= 10;
    }
    if (rounded >= 1000 * powers[digits] && unit + 1 < UNITS) { /* 999.9 k */
        unit++;
        digits = 2;
        rounded = 100;
    }
    char number[PL_REPORT_NUMBER_BYTES];
    pl_report_money_text(number, rounded * (E8 / powers[digits]), digits > 0 ? digits : 1);
    if (digits == 0)
        *strchr(number, '.') = '\0';
    int length = snprintf(out, PL_REPORT_NUMBER_BYTES, "%s%.60s%s", value_e8 < 0 ? "-" : "", number,
                          units[unit]);
    assert(length < PL_REPORT_NUMBER_BYTES);
}

void pl_report_quantity_text(char out[PL_REPORT_NUMBER_BYTES], double quantity)
{
    char plain[PL_REPORT_NUMBER_BYTES];
    if (!isfinite(quantity) || fabs(quantity) >= QUANTITY_FIXED_MAX) {
        snprintf(out, PL_REPORT_NUMBER_BYTES, "%.6g", quantity);
        return;
    }
    snprintf(plain, sizeof plain, "%.8f", quantity);
    size_t length = strlen(plain);
    while (plain[length - 1] == '0')
        length--;
    plain[plain[length - 1] == '.' ? length - 1 : length] = '\0';
    group_thousands(out, strcmp(plain, "-0") == 0 ? "0" : plain);
}

void pl_report_percent_text(char out[PL_REPORT_NUMBER_BYTES], uint64_t part, uint64_t whole)
{
    if (part == 0 || whole == 0) {
        snprintf(out, PL_REPORT_NUMBER_BYTES, "0 %%");
        return;
    }
    pl_i128 hundredths = ((pl_i128)part * 10000 + whole / 2) / whole;
    if (hundredths == 0)
        hundredths = 1;
    if (hundredths >= 10000 && part < whole)
        hundredths = 9999;
    char number[PL_REPORT_NUMBER_BYTES];
    pl_report_money_text(number, hundredths * (E8 / 100), 2);
    snprintf(out, PL_REPORT_NUMBER_BYTES, "%.60s %%", number);
}

void pl_report_add_short(struct pl_buffer *out, pl_i128 value_e8, const char *currency)
{
    char number[PL_REPORT_NUMBER_BYTES];
    pl_report_money_text(number, value_e8, PL_MONEY_DIGITS_EXACT);
    pl_buffer_add(out, "<span title=\"%s ", number);
    pl_report_add_text(out, currency);
    pl_report_short_text(number, value_e8);
    pl_buffer_add(out, "\">%s ", number);
    pl_report_add_text(out, currency);
    pl_buffer_add(out, "</span>");
}

void pl_report_add_money_cell(struct pl_buffer *out, pl_i128 value_e8, const char *currency)
{
    char number[PL_REPORT_NUMBER_BYTES];
    pl_report_money_text(number, value_e8, PL_MONEY_DIGITS_EXACT);
    pl_buffer_add(out, "<td class=\"number%s\" title=\"%s ", value_e8 < 0 ? " negative" : "",
                  number);
    pl_report_add_text(out, currency);
    pl_report_money_text(number, value_e8, PL_MONEY_DIGITS_SHOWN);
    pl_buffer_add(out, "\">%s</td>", number);
}

void pl_report_add_time(struct pl_buffer *out, int64_t time_us)
{
    char text[PL_TIME_TEXT_BYTES];
    pl_time_text(text, time_us);
    pl_buffer_add(out, "<time>%s</time>", text);
}

void pl_report_add_clock(struct pl_buffer *out, int64_t time_us)
{
    char text[PL_TIME_TEXT_BYTES];
    pl_time_text(text, time_us);
    const char *clock = strchr(text, 'T');
    if (clock == NULL)
        pl_buffer_add(out, "%s", text);
    else
        pl_buffer_add(out, "<time datetime=\"%s\">%s<span class=\"date\">%.*s</span></time>", text,
                      clock + 1, (int)(clock - text), text);
}
