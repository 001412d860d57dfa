#include "rule.h"

#include <stdbool.h>
#include <string.h>

#include "exact.h"

#define NUMBER_BYTES 48
#define Q40_DECIMALS INT64_C(10000000000) /* less than that is rounding */

/* A unit that the end of a field's name stands for. */
struct unit {
    const char *end, *text;
    int64_t decimals, one; /* value * decimals / one, to the nearest, are decimals */
};
static const struct unit units[] = {
    { "_us", " s", PL_SECOND_US, PL_SECOND_US },
    { "_q40", "", Q40_DECIMALS, PL_COEFFICIENT_ONE },
    { "_q40_per_hour", "", Q40_DECIMALS, PL_COEFFICIENT_ONE },
    { "_e8", "", 100000000, 100000000 },
};

static const struct unit *unit_of(const char *field)
{
    const size_t length = strlen(field);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        const size_t end = strlen(units[i].end);
        if (length > end && strcmp(field + length - end, units[i].end) == 0)
            return &units[i];
    }
    return NULL;
}

static const char *say(char out[NUMBER_BYTES], const struct unit *unit, int64_t value)
{
    if (unit == NULL) {
        snprintf(out, NUMBER_BYTES, "%" PRId64, value);
        return out;
    }
    const bool negative = value < 0;
    const pl_i128 magnitude = negative ? -(pl_i128)value : value;
    const pl_i128 all = (magnitude * unit->decimals + unit->one / 2) / unit->one;
    int64_t rest = (int64_t)(all % unit->decimals);
    size_t used = (size_t)snprintf(out, NUMBER_BYTES, "%s%" PRId64 "%s", negative ? "-" : "",
                                   (int64_t)(all / unit->decimals), rest > 0 ? "." : "");
    for (int64_t place = unit->decimals / 10; rest > 0; place /= 10) {
        out[used++] = (char)('0' + rest / place);
        rest %= place;
    }
    snprintf(out + used, NUMBER_BYTES - used, "%s", unit->text);
    return out;
}

int pl_rule_within(const char *field, int64_t value, int64_t low, int64_t high, char *message)
{
    const struct unit *unit = unit_of(field);
    char is[NUMBER_BYTES], least[NUMBER_BYTES], most[NUMBER_BYTES];
    const bool positive = unit != NULL && low == 1;
    if (value >= low && value <= high)
        return 0;
    say(is, unit, value);
    say(least, unit, low);
    say(most, unit, high);
    if (low > high)
        snprintf(message, PL_RULE_MESSAGE_BYTES, "%s is %s: must be at most %s", field, is, most);
    else if (low == high)
        snprintf(message, PL_RULE_MESSAGE_BYTES, "%s is %s: must be %s", field, is, least);
    else if (high == INT64_MAX)
        snprintf(message, PL_RULE_MESSAGE_BYTES, "%s is %s: must be %s%s", field, is,
                 positive ? "above 0" : "at least ", positive ? "" : least);
    else if (positive)
        snprintf(message, PL_RULE_MESSAGE_BYTES, "%s is %s: must be above 0, at most %s", field, is,
                 most);
    else
        snprintf(message, PL_RULE_MESSAGE_BYTES, "%s is %s: must be from %s to %s", field, is,
                 least, most);
    return -EINVAL;
}
