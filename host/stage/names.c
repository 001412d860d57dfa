/* Names of codes, as they stand in reports and messages. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "pl.h"

static const char *pick(const char *const *names, size_t count, size_t index)
{
    return index < count && names[index] != NULL ? names[index] : "?";
}

#define PICK(names, index) pick(names, sizeof names / sizeof names[0], index)

const char *pl_state_name(uint8_t state)
{
    static const char *const names[] = { "healthy", "margin call", "indeterminate", "liquidate",
                                         "bankrupt" };
    return PICK(names, state);
}

const char *pl_mode_name(uint8_t mode)
{
    static const char *const names[] = { NULL, "portfolio", "cross", "isolated" };
    return PICK(names, mode);
}

const char *pl_kind_name(uint8_t kind)
{
    static const char *const names[] = { NULL, "spot", "perpetual", "future", "option" };
    return PICK(names, kind);
}

const char *pl_vol_rule_name(uint8_t vol_rule)
{
    static const char *const names[] = { "none", "up", "down", "linear", "abs" };
    return PICK(names, vol_rule);
}

const char *pl_flag_name(unsigned bit)
{
    static const char *const names[] = { "unpriced", "stale",  "domain",       "saturated",
                                         "overflow", "greeks", "ignored-asset" };
    return PICK(names, bit);
}

const char *pl_error_name(int code)
{
    static const char *const names[] = { "the bus answered with an error",
                                         "the device did not answer in time",
                                         "malformed slot",
                                         "malformed record",
                                         "uncorrectable memory error",
                                         "no room for verdicts",
                                         "nothing is loaded or committed",
                                         "unknown operation",
                                         "bad address",
                                         "a limit of the device is exceeded",
                                         "the link is down",
                                         "host and device disagree on the contract",
                                         "the device was reset" };
    if (-code >= PL_STATUS_BUS_ERROR && -code <= PL_STATUS_RESET)
        return PICK(names, (size_t)(-code - PL_STATUS_BUS_ERROR));
    return code < 0 ? strerror(-code) : "no error";
}

const char *pl_underlying_name(const struct pl *pl, uint16_t underlying)
{
    return underlying < pl->stage.underlying_count ? pl->stage.underlyings[underlying].name : NULL;
}

int pl_scenario_name(const struct pl *pl, uint16_t underlying, uint8_t scenario,
                     char out[PL_SYMBOL_BYTES])
{
    const struct pl_stage *s = &pl->stage;
    out[0] = '\0';
    if (scenario >= 254 || underlying >= s->underlying_count) {
        snprintf(out, PL_SYMBOL_BYTES, "%s", scenario == 254 ? "basis" : "none");
        return 0;
    }
    int32_t table = s->underlyings[underlying].spec->scenario_table;
    if (table < 0 || scenario >= s->spec->scenario_tables[table].count)
        return -ENOENT;
    const struct pl_scenario_spec *x = &s->spec->scenario_tables[table].scenarios[scenario];
    int64_t hundredths =
        (int64_t)(((__int128)x->shock_q40 * 10000 + (INT64_C(1) << 39)) >> PL_COEFFICIENT_BITS);
    snprintf(out, PL_SYMBOL_BYTES, "price x%lld.%04lld vol %s", (long long)(hundredths / 10000),
             (long long)(hundredths % 10000), pl_vol_rule_name(x->vol_rule));
    return 0;
}
