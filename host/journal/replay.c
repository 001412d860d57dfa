#include "replay.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "account_map.h"
#include "records.h"
#include "replay_venue.h"

/* An account as it was given last. */
struct known {
    struct pl_account account; /* its holdings are below */
    struct pl_holding *holdings;
    size_t capacity;
};

struct pl_replay {
    struct pl *device;
    struct pl_capabilities capabilities;
    struct pl_replay_counts counts;
    uint64_t entry; /* in hand */
    struct pl_account_map map;
    struct known *known; /* by place of the map */
    size_t known_capacity;
    struct pl_account *accounts; /* of a submission; holdings as offsets until it is complete */
    struct pl_holding *holdings;
    size_t account_capacity, holding_count, holding_capacity;
    struct pl_verdict *verdicts; /* that the journal must hold next */
    size_t verdict_count, verdict_capacity, verdicts_met;
    struct pl_replay_venue venue;
    char venue_message[PL_MESSAGE_BYTES];
    char message[PL_MESSAGE_BYTES];
};

__attribute__((format(printf, 3, 4))) static int tell(struct pl_replay *r, int code,
                                                      const char *format, ...)
{
    va_list arguments;
    int used = snprintf(r->message, sizeof r->message, "entry %" PRIu64 ": ", r->entry);
    va_start(arguments, format);
    vsnprintf(r->message + used, sizeof r->message - (size_t)used, format, arguments);
    va_end(arguments);
    return code;
}

static int tell_memory(struct pl_replay *r)
{
    return tell(r, -ENOMEM, "out of memory");
}

static int tell_malformed(struct pl_replay *r, const char *kind)
{
    return tell(r, -EBADMSG, "not a record of a %s", kind);
}

int pl_replay_open(const char *device_uri, struct pl_replay **out, char *message)
{
    struct pl_replay *r = calloc(1, sizeof *r);
    int error = r == NULL ? -ENOMEM : pl_open(device_uri, &r->device, message);
    *out = NULL;
    if (error != 0) {
        if (r == NULL)
            snprintf(message, PL_MESSAGE_BYTES, "out of memory");
        free(r);
        return error;
    }
    pl_capabilities(r->device, &r->capabilities);
    r->venue.message = r->venue_message;
    *out = r;
    return 0;
}

static void forget_accounts(struct pl_replay *r)
{
    for (uint32_t i = 0; i < r->map.count && i < r->known_capacity; i++)
        free(r->known[i].holdings);
    free(r->known);
    r->known = NULL;
    r->known_capacity = 0;
    pl_account_map_free(&r->map);
}

void pl_replay_close(struct pl_replay *r)
{
    if (r == NULL)
        return;
    forget_accounts(r);
    pl_replay_venue_forget(&r->venue);
    pl_close(r->device);
    free(r->accounts);
    free(r->holdings);
    free(r->verdicts);
    free(r);
}

/* An array with room for `needed` items, or NULL; doubled as it grows. */
static void *grow(void *array, size_t *capacity, size_t needed, size_t item_bytes)
{
    if (needed <= *capacity && array != NULL)
        return array;
    size_t wanted = 2 * *capacity + needed + 16;
    void *moved = realloc(array, wanted * item_bytes);
    *capacity = moved != NULL ? wanted : *capacity;
    return moved;
}

static int replay_load(struct pl_replay *r, const struct pl_journal_entry *e)
{
    struct pl_load_record load;
    int error = pl_read_load(e->payload, e->payload_bytes, &load);
    if (error != 0)
        return error == -ENOMEM ? tell_memory(r) : tell_malformed(r, "load");
    if (load.contract_hash != PL_CONTRACT_HASH)
        error = tell(r, -EPROTONOSUPPORT,
                     "made under contract %016" PRIX64 ", this program has %016" PRIX64
                     ": replay it with a program of that contract",
                     load.contract_hash, (uint64_t)PL_CONTRACT_HASH);
    else if (load.profile != r->capabilities.profile)
        error = tell(r, -EINVAL, "recorded on a device of profile %s: choose one of that profile",
                     load.profile == PL_PROFILE_SMALL ? "small" : "full");
    else if (pl_load(r->device, &load.setup) != 0)
        error = tell(r, 1, "the load was accepted, and is now refused: %.*s", PL_MESSAGE_BYTES / 2,
                     pl_message(r->device));
    forget_accounts(r);
    pl_load_record_free(&load);
    r->counts.loads++;
    return error;
}

static int replay_commit(struct pl_replay *r, const struct pl_journal_entry *e)
{
    struct pl_reading in = { .at = e->payload, .left = e->payload_bytes };
    char symbol[PL_SYMBOL_BYTES];
    struct pl_price price;
    int64_t time_us = (int64_t)pl_read_word(&in, 8);
    uint32_t count = (uint32_t)pl_read_word(&in, 4);
    for (uint32_t i = 0; i < count && !in.failed; i++) {
        pl_read_price(&in, symbol, &price);
        int64_t id = in.failed ? 0 : pl_price_id(r->device, symbol);
        if (id < 0)
            return tell(r, 1, "a price of %s was accepted; now nothing uses it", symbol);
        if (!in.failed && pl_set_price(r->device, id, &price) != 0)
            return tell(r, 1, "a price was accepted, and is now refused: %.*s",
                        PL_MESSAGE_BYTES / 2, pl_message(r->device));
    }
    if (in.failed || in.left > 0)
        return tell_malformed(r, "commit");
    r->counts.ticks++;
    int error = pl_commit(r->device, time_us);
    return error == 0 ? 0
                      : tell(r, error, "commit: %.*s", PL_MESSAGE_BYTES / 2, pl_message(r->device));
}

/* Reads an account that is given in full. */
static int know_account(struct pl_replay *r, struct pl_reading *in, uint32_t *number)
{
    struct pl_account account;
    pl_read_account(in, &account);
    if (in->failed)
        return tell_malformed(r, "submission");
    uint32_t count = r->map.count;
    int64_t place = pl_account_map_place(&r->map, account.account);
    struct known *known =
        place < 0 ? NULL : grow(r->known, &r->known_capacity, (size_t)place + 1, sizeof *known);
    if (known == NULL)
        return tell_memory(r);
    r->known = known;
    known += place;
    if (place == count)
        *known = (struct known){ 0 };
    struct pl_holding *holdings =
        grow(known->holdings, &known->capacity, account.holding_count, sizeof *holdings);
    if (holdings == NULL)
        return tell_memory(r);
    known->holdings = holdings;
    known->account = account;
    for (size_t i = 0; i < account.holding_count; i++)
        pl_read_holding(in, &holdings[i]);
    *number = account.account;
    return 0;
}

/* Copies an account to the submission: the same number may come again, given anew. */
static int add_account(struct pl_replay *r, uint32_t number, size_t at)
{
    int64_t place = pl_account_map_find(&r->map, number);
    if (place < 0)
        return tell(r, -EBADMSG, "account %" PRIu32 " is submitted, but was never given", number);
    const struct known *known = &r->known[place];
    size_t count = known->account.holding_count;
    struct pl_account *accounts = grow(r->accounts, &r->account_capacity, at + 1, sizeof *accounts);
    r->accounts = accounts != NULL ? accounts : r->accounts;
    struct pl_holding *holdings =
        grow(r->holdings, &r->holding_capacity, r->holding_count + count, sizeof *holdings);
    r->holdings = holdings != NULL ? holdings : r->holdings;
    if (accounts == NULL || holdings == NULL)
        return tell_memory(r);
    memcpy(holdings + r->holding_count, known->holdings, count * sizeof *holdings);
    r->holding_count += count;
    r->accounts[at] = known->account;
    return 0;
}

/* One part: an account given, or a run of known ones; *at counts accounts. */
static int read_part(struct pl_replay *r, struct pl_reading *in, size_t count, size_t *at)
{
    uint32_t first = 0, run = 1;
    uint8_t tag = (uint8_t)pl_read_word(in, 1);
    if (tag == PL_ACCOUNT_GIVEN) {
        int error = know_account(r, in, &first);
        if (error != 0)
            return error;
    } else {
        first = (uint32_t)pl_read_word(in, 4);
        run = (uint32_t)pl_read_word(in, 4);
    }
    if (in->failed || (tag != PL_ACCOUNT_GIVEN && tag != PL_ACCOUNT_RUN) || run > count - *at)
        return tell_malformed(r, "submission");
    for (uint32_t i = 0; i < run; i++) {
        int error = add_account(r, first + i, (*at)++);
        if (error != 0)
            return error;
    }
    return 0;
}

/* All verdicts of the submission that the journal must hold. */
static int collect_verdicts(struct pl_replay *r)
{
    r->verdict_count = r->verdicts_met = 0;
    for (;;) {
        struct pl_verdict *verdicts =
            grow(r->verdicts, &r->verdict_capacity, r->verdict_count + 1024, sizeof *verdicts);
        if (verdicts == NULL)
            return tell_memory(r);
        r->verdicts = verdicts;
        int got = pl_poll(r->device, verdicts + r->verdict_count, 1024, NULL);
        if (got < 0)
            return tell(r, got, "poll: %.*s", PL_MESSAGE_BYTES / 2, pl_message(r->device));
        if (got == 0)
            return 0;
        size_t end = r->verdict_count + (size_t)got;
        for (size_t i = r->verdict_count; i < end; i++)
            pl_replay_venue_judged(&r->venue, &verdicts[i]);
        for (size_t i = r->verdict_count; i < end; i++)
            if (verdicts[i].state >= PL_STATE_MARGIN_CALL)
                verdicts[r->verdict_count++] = verdicts[i];
    }
}

static int replay_submit(struct pl_replay *r, const struct pl_journal_entry *e)
{
    struct pl_reading in = { .at = e->payload, .left = e->payload_bytes };
    struct pl_batch batch = { .position_version = pl_read_word(&in, 8) };
    batch.filter = (uint8_t)pl_read_word(&in, 1);
    batch.per_underlying = pl_read_word(&in, 1) != 0;
    pl_read_word(&in, 2);
    batch.count = (size_t)pl_read_word(&in, 4);
    uint32_t parts = (uint32_t)pl_read_word(&in, 4);
    r->holding_count = 0;
    size_t at = 0, holding = 0;
    for (uint32_t i = 0; i < parts; i++) {
        int error = read_part(r, &in, batch.count, &at);
        if (error != 0)
            return error;
    }
    if (in.failed || in.left > 0 || at != batch.count)
        return tell_malformed(r, "submission");
    for (size_t i = 0; i < batch.count; i++) {
        r->accounts[i].holdings = r->holdings + holding;
        holding += r->accounts[i].holding_count;
    }
    batch.accounts = r->accounts;
    r->counts.submissions++;
    r->counts.accounts += batch.count;
    if (pl_submit(r->device, &batch) != 0)
        return tell(r, 1, "the submission was accepted, and is now refused: %.*s",
                    PL_MESSAGE_BYTES / 2, pl_message(r->device));
    return collect_verdicts(r);
}

#define FIELD(name)                                                                                \
    {                                                                                              \
#name, offsetof(struct pl_verdict, name), sizeof(((struct pl_verdict *)NULL)->name)        \
    }
static const struct field {
    const char *name;
    size_t at, bytes;
} fields[] = {
    FIELD(serial),
    FIELD(account),
    FIELD(state),
    FIELD(mode),
    FIELD(flags),
    FIELD(worst_underlying),
    FIELD(worst_scenario),
    FIELD(profile),
    FIELD(tick),
    FIELD(equity),
    FIELD(maintenance_excess),
    FIELD(initial_excess),
    FIELD(worst_loss),
    FIELD(position_version),
    FIELD(serial_again),
    FIELD(model_version),
    FIELD(table_version),
    FIELD(reserved0),
    FIELD(delta),
    FIELD(gamma),
    FIELD(vega),
    FIELD(theta),
    FIELD(rho),
    FIELD(reserved1),
};

/* A field's value; money and Greeks are the signed ones of 8 bytes. */
static int64_t value_of(const void *verdict, const struct field *field)
{
    int64_t value = 0; /* records of the contract are little-endian, like every host of it */
    memcpy(&value, (const char *)verdict + field->at, field->bytes);
    return value;
}

static int replay_verdict(struct pl_replay *r, const struct pl_journal_entry *e)
{
    if (e->payload_bytes != sizeof(struct pl_verdict))
        return tell_malformed(r, "verdict");
    r->counts.verdicts++;
    if (r->verdicts_met == r->verdict_count)
        return tell(r, 1, "the verdict of account %" PRIu32 " is journaled, but not found again",
                    e->account);
    const struct pl_verdict *computed = &r->verdicts[r->verdicts_met++];
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        int64_t was = value_of(e->payload, &fields[i]), is = value_of(computed, &fields[i]);
        if (was != is)
            return tell(r, 1,
                        "the verdict of account %" PRIu32 ": %s is %" PRId64
                        " in the journal and %" PRId64 " recomputed",
                        e->account, fields[i].name, was, is);
    }
    if (e->account != computed->account)
        return tell(r, 1, "the verdict of account %" PRIu32 " stands with account %" PRIu32,
                    computed->account, e->account);
    return 0;
}

/* What the venue's part says. */
static int of_venue(struct pl_replay *r, int code)
{
    return code == 0 ? 0 : tell(r, code, "%.*s", PL_MESSAGE_BYTES - 64, r->venue_message);
}

/* Verdicts come right after their submission. */
static int end_verdicts(struct pl_replay *r)
{
    if (r->verdicts_met == r->verdict_count) {
        r->verdict_count = r->verdicts_met = 0;
        return 0;
    }
    const struct pl_verdict *missing = &r->verdicts[r->verdicts_met];
    return tell(r, 1,
                "before it, the verdict of account %" PRIu32 " at tick %" PRIu64
                " (%s) is missing in the journal",
                missing->account, missing->tick, pl_state_name(missing->state));
}

int pl_replay_end(struct pl_replay *r)
{
    int differs = end_verdicts(r);
    return differs != 0 ? differs : of_venue(r, pl_replay_venue_complete(&r->venue));
}

static int replay_action(struct pl_replay *r, const struct pl_journal_entry *e)
{
    int differs = end_verdicts(r);
    if (differs != 0)
        return differs;
    if (r->venue.venue == NULL) {
        r->counts.not_recomputed++;
        return 0;
    }
    r->counts.actions++;
    return of_venue(r, pl_replay_venue_action(&r->venue, e));
}

int pl_replay_entry(struct pl_replay *r, const struct pl_journal_entry *e)
{
    r->entry = e->sequence;
    r->counts.entries++;
    if (e->kind == PL_ENTRY_VERDICT)
        return replay_verdict(r, e);
    if (pl_entry_is_action(e->kind)) /* right after what the venue was given */
        return replay_action(r, e);
    int differs = pl_replay_end(r);
    if (differs != 0)
        return differs;
    switch (e->kind) {
    case PL_ENTRY_LOAD: return replay_load(r, e);
    case PL_ENTRY_COMMIT: return replay_commit(r, e);
    case PL_ENTRY_SUBMIT: return replay_submit(r, e);
    case PL_ENTRY_VENUE: return of_venue(r, pl_replay_venue_set_up(&r->venue, e));
    case PL_ENTRY_GIVEN: return of_venue(r, pl_replay_venue_given(&r->venue, e));
    case PL_ENTRY_NAMES: return 0;
    case PL_ENTRY_ACKNOWLEDGED: r->counts.acknowledged++; return 0;
    default: r->counts.not_recomputed++; return 0;
    }
}

const struct pl_replay_counts *pl_replay_counts(const struct pl_replay *r)
{
    return &r->counts;
}

const char *pl_replay_message(const struct pl_replay *r)
{
    return r->message;
}
