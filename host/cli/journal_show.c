/* plimsoll journal show */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "journal/account_map.h"
#include "journal/journal.h"
#include "journal/records.h"
#include "journal_actions.h"

#define WHAT_BYTES PL_TOLD_BYTES
#define ACTION_BYTES_SHOWN 32

/* What numbers stand for, as the journal says. */
struct names {
    struct pl_account_map map;
    char **names; /* by place of the map */
    size_t capacity;
    struct pl_journal_terms terms;
};

static void free_names(struct names *names)
{
    for (uint32_t i = 0; i < names->map.count && i < names->capacity; i++)
        free(names->names[i]);
    free(names->names);
    pl_account_map_free(&names->map);
    pl_journal_terms_free(&names->terms);
}

static int set_name(struct names *names, uint32_t account, const uint8_t *text, size_t length)
{
    uint32_t known = names->map.count;
    int64_t place = pl_account_map_place(&names->map, account);
    if (place >= 0 && (size_t)place >= names->capacity) {
        size_t capacity = 2 * names->capacity + 64;
        char **grown = realloc(names->names, capacity * sizeof *grown);
        if (grown == NULL)
            return -ENOMEM;
        names->names = grown;
        names->capacity = capacity;
    }
    char *name = place >= 0 ? strndup((const char *)text, length) : NULL;
    if (place < 0)
        return -ENOMEM;
    if ((uint32_t)place < known)
        free(names->names[place]);
    names->names[place] = name;
    return name != NULL ? 0 : -ENOMEM;
}

static int read_names(struct names *names, const struct pl_journal_entry *entry)
{
    struct pl_reading r = { .at = entry->payload, .left = entry->payload_bytes };
    int error = 0;
    while (r.left > 0 && !r.failed && error == 0) {
        uint32_t account = (uint32_t)pl_read_word(&r, 4);
        size_t length = (size_t)pl_read_word(&r, 2);
        const uint8_t *text = pl_read_bytes(&r, length);
        if (text != NULL)
            error = set_name(names, account, text, length);
    }
    if (error != 0)
        pl_complain("out of memory for the names of accounts");
    else if (r.failed)
        pl_complain("entry %" PRIu64 ": not a record of names", entry->sequence);
    return r.failed ? -EBADMSG : error;
}

static int collect_names(struct names *names, struct pl_journal *journal)
{
    struct pl_journal_filter filter = pl_journal_all;
    struct pl_journal_entry entry;
    int got = 0;
    for (uint32_t kind = PL_ENTRY_LOAD; kind <= PL_ENTRY_VENUE && got == 0; kind++) {
        if (kind == PL_ENTRY_COMMIT || kind == PL_ENTRY_SUBMIT)
            continue;
        filter.kind_low = filter.kind_high = kind;
        got = pl_journal_list(journal, &filter);
        while (got == 0 && (got = pl_journal_next(journal, &entry)) == 1) {
            pl_journal_terms_take(&names->terms, &entry);
            got = kind == PL_ENTRY_NAMES ? read_names(names, &entry) : 0;
        }
    }
    if (got < 0 && got != -ENOMEM && pl_journal_message(journal)[0] != '\0')
        pl_complain("%s", pl_journal_message(journal));
    return got;
}

/* An account's number by its name, else by its number. */
static int find_account(const struct names *names, const char *text, uint32_t *out)
{
    for (uint32_t i = 0; i < names->map.capacity; i++) {
        const struct pl_account_place *place = &names->map.table[i];
        if (place->place != 0 && strcmp(names->names[place->place - 1], text) == 0) {
            *out = place->account;
            return 0;
        }
    }
    char *end = NULL;
    unsigned long long number =
        isdigit((unsigned char)text[0]) ? strtoull(text, &end, 10) : UINT64_MAX;
    if (end != NULL && *end == '\0' && number < PL_JOURNAL_NO_ACCOUNT) {
        *out = (uint32_t)number;
        return 0;
    }
    pl_complain("--account %s: the journal has no account of that name", text);
    return -ENOENT;
}

static void tell_load(const struct pl_journal_entry *e, char out[WHAT_BYTES])
{
    struct pl_load_record load;
    if (pl_read_load(e->payload, e->payload_bytes, &load) != 0)
        return;
    snprintf(out, WHAT_BYTES, "model of %zu bytes, %zu instruments, profile %s",
             strlen(load.setup.model_text), load.setup.instrument_count,
             load.profile == PL_PROFILE_SMALL ? "small" : "full");
    pl_load_record_free(&load);
}

static void tell_verdict(const struct pl_journal_entry *e, char out[WHAT_BYTES])
{
    struct pl_verdict v;
    char equity[PL_MONEY_TEXT_BYTES], maintenance[PL_MONEY_TEXT_BYTES],
        initial[PL_MONEY_TEXT_BYTES];
    if (e->payload_bytes != sizeof v)
        return;
    memcpy(&v, e->payload, sizeof v);
    pl_money_text(equity, v.equity, PL_MONEY_DIGITS_EXACT);
    pl_money_text(maintenance, v.maintenance_excess, PL_MONEY_DIGITS_EXACT);
    pl_money_text(initial, v.initial_excess, PL_MONEY_DIGITS_EXACT);
    snprintf(out, WHAT_BYTES,
             "%s at tick %" PRIu64 ": equity %s, maintenance excess %s, initial excess %s",
             pl_state_name(v.state), v.tick, equity, maintenance, initial);
}

static void tell_bytes(const struct pl_journal_entry *e, char out[WHAT_BYTES])
{
    int used = snprintf(out, WHAT_BYTES, "kind %" PRIu32 ", %zu bytes: ", e->kind - PL_ENTRY_ACTION,
                        e->payload_bytes);
    for (size_t i = 0; i < e->payload_bytes && i < ACTION_BYTES_SHOWN; i++)
        used += snprintf(out + used, WHAT_BYTES - (size_t)used, "%02x", e->payload[i]);
    if (e->payload_bytes > ACTION_BYTES_SHOWN)
        snprintf(out + used, WHAT_BYTES - (size_t)used, "...");
}

/* One line for people. */
static void tell(const struct names *names, const struct pl_journal_entry *e, char out[WHAT_BYTES])
{
    struct pl_reading r = { .at = e->payload, .left = e->payload_bytes };
    snprintf(out, WHAT_BYTES, "not readable");
    switch (e->kind) {
    case PL_ENTRY_LOAD: tell_load(e, out); return;
    case PL_ENTRY_VERDICT: tell_verdict(e, out); return;
    case PL_ENTRY_NAMES: snprintf(out, WHAT_BYTES, "names of accounts"); return;
    case PL_ENTRY_VENUE: pl_tell_venue(e, out); return;
    case PL_ENTRY_GIVEN:
        if (!pl_tell_given(e, out))
            snprintf(out, WHAT_BYTES, "not readable");
        return;
    case PL_ENTRY_COMMIT:
        pl_read_word(&r, 8);
        snprintf(out, WHAT_BYTES, "prices changed: %" PRIu64, pl_read_word(&r, 4));
        return;
    case PL_ENTRY_SUBMIT:
        pl_read_bytes(&r, 12);
        snprintf(out, WHAT_BYTES, "accounts: %" PRIu64 ", %zu bytes for what changed",
                 pl_read_word(&r, 4), e->payload_bytes);
        return;
    case PL_ENTRY_ACKNOWLEDGED:
        snprintf(out, WHAT_BYTES, "the action of entry %" PRIu64, pl_read_word(&r, 8));
        return;
    default:
        if (pl_entry_is_action(e->kind) && !pl_tell_action(&names->terms, e, out))
            tell_bytes(e, out);
    }
}

static void list_entry(struct pl_listing *listing, const struct names *names,
                       const struct pl_journal_entry *e)
{
    char number[16], what[WHAT_BYTES];
    int64_t place = pl_account_map_find(&names->map, e->account);
    snprintf(number, sizeof number, "%" PRIu32, e->account);
    tell(names, e, what);
    pl_listing_count(listing, e->sequence);
    pl_listing_count(listing, e->batch);
    pl_listing_time(listing, e->time_us);
    pl_listing_text(listing, pl_entry_kind_name(e->kind));
    pl_listing_text(listing, e->account == PL_JOURNAL_NO_ACCOUNT ? NULL
                             : place >= 0                        ? names->names[place]
                                                                 : number);
    pl_listing_text(listing, what);
}

static int show(struct pl_journal *journal, const struct names *names,
                const struct pl_journal_filter *filter, enum pl_format format)
{
    static const struct pl_column columns[] = {
        { "entry", "entry", PL_COLUMN_COUNT },    { "batch", "batch", PL_COLUMN_COUNT },
        { "time", "time", PL_COLUMN_TIME },       { "kind", "kind", PL_COLUMN_TEXT },
        { "account", "account", PL_COLUMN_TEXT }, { "what", "what", PL_COLUMN_TEXT },
    };
    struct pl_output output;
    struct pl_listing listing;
    struct pl_journal_entry entry;
    pl_output_start(&output, format);
    pl_listing_start(&listing, &output, columns, sizeof columns / sizeof columns[0]);
    int got = pl_journal_list(journal, filter);
    while (got >= 0 && (got = pl_journal_next(journal, &entry)) == 1)
        list_entry(&listing, names, &entry);
    if (got == 0) {
        pl_output_listing(&output, "entries", NULL, &listing, true);
        return pl_output_finish(&output);
    }
    pl_complain("%s", pl_journal_message(journal));
    pl_listing_free(&listing);
    pl_output_free(&output);
    return got;
}

int pl_cli_journal_show(const struct pl_options *options)
{
    char message[PL_JOURNAL_MESSAGE_BYTES];
    struct pl_journal_filter filter = pl_journal_all;
    struct names names = { 0 };
    struct pl_journal *journal;
    if (options->kind != NULL &&
        !pl_entry_kind_find(options->kind, &filter.kind_low, &filter.kind_high)) {
        pl_complain("--kind %s: must be load, commit, submit, names, venue, given, input, verdict, "
                    "action or acknowledged",
                    options->kind);
        return PL_EXIT_USAGE;
    }
    filter.since_us = options->since_us;
    filter.until_us = options->until_us;
    int error = pl_journal_open(options->book, PL_JOURNAL_READ, &journal, message);
    if (error != 0) {
        pl_complain("%s", message);
        return PL_EXIT_ERROR;
    }
    error = collect_names(&names, journal);
    if (error == 0 && options->account != NULL)
        error = find_account(&names, options->account, &filter.account);
    if (error == 0)
        error = show(journal, &names, &filter, options->format);
    free_names(&names);
    pl_journal_close(journal);
    return error == 0 ? PL_EXIT_OK : PL_EXIT_ERROR;
}
