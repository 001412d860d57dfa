#include "text_time.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#define DAY_S 86400
#define SECOND_US 1000000

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool take_number(const char *text, size_t digits, int *out)
{
    *out = 0;
    for (size_t i = 0; i < digits; i++) {
        if (!is_digit(text[i]))
            return false;
        *out = *out * 10 + (text[i] - '0');
    }
    return true;
}

static bool is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int days_in(int year, int month)
{
    static const int days[12] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    return days[month - 1] + (month == 2 && is_leap(year) ? 1 : 0);
}

/* Days from 1970-01-01; year at least 1970. */
static int64_t days_to(int year, int month, int day)
{
    int64_t before = year - 1;
    int64_t days = 365 * before + before / 4 - before / 100 + before / 400 - 719162;
    for (int m = 1; m < month; m++)
        days += days_in(year, m);
    return days + day - 1;
}

static int take_whole(const char *text, size_t length, int64_t *time_us)
{
    int64_t value = 0;
    for (size_t i = 0; i < length; i++) {
        if (!is_digit(text[i]))
            return -EINVAL;
        if (value <= PL_TEXT_TIME_MAX_US)
            value = value * 10 + (text[i] - '0');
    }
    if (value > PL_TEXT_TIME_MAX_US)
        return -ERANGE;
    *time_us = value;
    return 0;
}

/* [.digits]Z */
static int take_fraction(const char *text, size_t length, int64_t *us)
{
    *us = 0;
    if (length == 1 && text[0] == 'Z')
        return 0;
    if (length < 3 || text[0] != '.' || text[length - 1] != 'Z')
        return -EINVAL;
    int64_t unit = SECOND_US / 10;
    bool finer = false;
    for (size_t i = 1; i + 1 < length; i++) {
        if (!is_digit(text[i]))
            return -EINVAL;
        *us += unit * (text[i] - '0');
        finer = finer || (unit == 0 && text[i] != '0');
        unit /= 10;
    }
    return finer ? -ERANGE : 0;
}

int pl_text_time_parse(const char *text, size_t length, int64_t *time_us)
{
    enum { SECONDS_END = sizeof "1970-01-01T00:00:00" - 1 };
    int year, month, day, hour, minute, second;
    if (length == 0)
        return -EINVAL;
    if (length <= SECONDS_END || text[4] != '-')
        return take_whole(text, length, time_us);
    if (!take_number(text, 4, &year) || !take_number(text + 5, 2, &month) || text[7] != '-' ||
        !take_number(text + 8, 2, &day) || text[10] != 'T' || !take_number(text + 11, 2, &hour) ||
        text[13] != ':' || !take_number(text + 14, 2, &minute) || text[16] != ':' ||
        !take_number(text + 17, 2, &second))
        return -EINVAL;
    int64_t fraction_us;
    int result = take_fraction(text + SECONDS_END, length - SECONDS_END, &fraction_us);
    if (result != 0)
        return result;
    if (month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 59)
        return -EINVAL;
    if (day > days_in(year, month))
        return -EINVAL;
    if (year < 1970)
        return -ERANGE;
    int64_t seconds = days_to(year, month, day) * DAY_S + hour * 3600 + minute * 60 + second;
    *time_us = seconds * SECOND_US + fraction_us;
    return 0;
}
