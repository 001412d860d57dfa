#include "replay_venue.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "venue_records.h"

__attribute__((format(printf, 3, 4))) static int tell(struct pl_replay_venue *v, int code,
                                                      const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(v->message, PL_MESSAGE_BYTES, format, arguments);
    va_end(arguments);
    return code;
}

void pl_replay_venue_forget(struct pl_replay_venue *v)
{
    char *message = v->message;
    free(v->venue);
    free(v->latest);
    free(v->room);
    free(v->actions);
    *v = (struct pl_replay_venue){ .message = message };
}

static int create(struct pl_replay_venue *v, const struct pl_venue_record *record)
{
    char why[PL_VENUE_MESSAGE_BYTES];
    if (pl_venue_check(&record->rules, &record->setup, why) != 0)
        return tell(v, -EBADMSG, "the venue's set-up is not within its limits: %s", why);
    const size_t bytes = (pl_venue_bytes(&record->setup) + 15) / 16 * 16;
    if (bytes > PL_REPLAY_VENUE_BYTES_MAX)
        return tell(v, -EFBIG, "a venue of %zu bytes: more than this program recomputes", bytes);
    v->accounts = record->setup.size.accounts;
    v->latest = calloc(v->accounts, sizeof *v->latest);
    void *memory = aligned_alloc(16, bytes);
    if (memory == NULL || v->latest == NULL) {
        free(memory);
        return tell(v, -ENOMEM, "out of memory");
    }
    v->venue = pl_venue_create(memory, &record->rules, &record->setup);
    v->room = calloc(pl_venue_actions_max(v->venue), sizeof *v->room);
    return v->room != NULL ? 0 : tell(v, -ENOMEM, "out of memory");
}

int pl_replay_venue_set_up(struct pl_replay_venue *v, const struct pl_journal_entry *e)
{
    struct pl_venue_record record;
    pl_replay_venue_forget(v);
    int error = pl_read_venue(e->payload, e->payload_bytes, &record);
    if (error == -EPROTONOSUPPORT)
        return tell(v, error,
                    "decided by another version of the venue: replay it with the program that "
                    "wrote it");
    if (error != 0)
        return error == -ENOMEM ? tell(v, error, "out of memory")
                                : tell(v, error, "not a record of a venue");
    error = create(v, &record);
    pl_venue_record_free(&record);
    return error;
}

void pl_replay_venue_judged(struct pl_replay_venue *v, const struct pl_verdict *verdict)
{
    if (v->venue != NULL && verdict->account < v->accounts)
        v->latest[verdict->account] = *verdict;
}

static int apply(struct pl_replay_venue *v, const struct pl_venue_input *in)
{
    const uint32_t count = pl_venue_apply(v->venue, in, v->room);
    if (count > v->capacity - v->count) {
        const size_t capacity = 2 * v->capacity + count;
        struct pl_venue_action *actions = realloc(v->actions, capacity * sizeof *actions);
        if (actions == NULL)
            return tell(v, -ENOMEM, "out of memory");
        v->actions = actions;
        v->capacity = capacity;
    }
    if (count > 0)
        memcpy(v->actions + v->count, v->room, count * sizeof *v->room);
    v->count += count;
    return 0;
}

static int apply_verdicts(struct pl_replay_venue *v, struct pl_reading *r)
{
    const int64_t time_us = (int64_t)pl_read_word(r, 8);
    const uint32_t first = (uint32_t)pl_read_word(r, 4), count = (uint32_t)pl_read_word(r, 4);
    r->failed = r->failed || count > v->accounts || first > v->accounts - count;
    int error = 0;
    for (uint32_t i = 0; i < count && !r->failed && error == 0; i++) {
        struct pl_venue_input in;
        pl_venue_input_of(&in, time_us, first + i, &v->latest[first + i]);
        error = apply(v, &in);
    }
    return error;
}

int pl_replay_venue_given(struct pl_replay_venue *v, const struct pl_journal_entry *e)
{
    struct pl_reading r = { .at = e->payload, .left = e->payload_bytes };
    int error = 0;
    if (v->venue == NULL)
        return tell(v, -EBADMSG, "given to a venue that was never set up");
    v->count = v->met = 0;
    while (r.left > 0 && !r.failed && error == 0) {
        const uint8_t tag = (uint8_t)pl_read_word(&r, 1);
        struct pl_venue_input in;
        if (tag == PL_GIVEN_VERDICTS) {
            error = apply_verdicts(v, &r);
            continue;
        }
        pl_read_input(&r, &in);
        r.failed = r.failed || tag != PL_GIVEN_INPUT;
        if (!r.failed)
            error = apply(v, &in);
    }
    return error != 0 ? error : r.failed ? tell(v, -EBADMSG, "not a record of inputs") : 0;
}

#define FIELD(name)                                                                                \
    {                                                                                              \
#name, offsetof(struct pl_venue_action, name),                                             \
            sizeof(((struct pl_venue_action *)NULL)->name)                                         \
    }
static const struct {
    const char *name;
    size_t at, bytes;
} fields[] = {
    FIELD(kind),     FIELD(account), FIELD(time_us), FIELD(instrument), FIELD(reason),
    FIELD(quality),  FIELD(state),   FIELD(verdict), FIELD(steps),      FIELD(price),
    FIELD(value_e8), FIELD(other),   FIELD(age_us),
};

static int64_t value_of(const void *action, size_t field)
{
    int64_t value = 0;
    memcpy(&value, (const char *)action + fields[field].at, fields[field].bytes);
    return value;
}

/* "close" of account 17 */
#define WHO_BYTES 96
static const char *who(const struct pl_venue_action *a, char out[WHO_BYTES])
{
    const uint32_t account = pl_action_account(a);
    const char *name = pl_venue_action_name((enum pl_venue_action_kind)a->kind);
    if (account == PL_JOURNAL_NO_ACCOUNT)
        snprintf(out, WHO_BYTES, "\"%s\"", name);
    else
        snprintf(out, WHO_BYTES, "\"%s\" of account %" PRIu32, name, account);
    return out;
}

int pl_replay_venue_action(struct pl_replay_venue *v, const struct pl_journal_entry *e)
{
    char text[WHO_BYTES];
    struct pl_venue_action was;
    if (e->payload_bytes != sizeof was)
        return tell(v, -EBADMSG, "not a record of an action");
    memcpy(&was, e->payload, sizeof was);
    if (v->met == v->count)
        return tell(v, 1, "the action %s is journaled, but not taken again", who(&was, text));
    const struct pl_venue_action *is = &v->actions[v->met++];
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        const int64_t before = value_of(&was, i), now = value_of(is, i);
        if (before != now)
            return tell(
                v, 1, "the action %s: %s is %" PRId64 " in the journal and %" PRId64 " recomputed",
                who(is, text), fields[i].name, before, now);
    }
    if (e->kind != PL_ENTRY_ACTION + (uint32_t)is->kind || e->account != pl_action_account(is))
        return tell(v, 1, "the action %s stands as another kind, or with another account",
                    who(is, text));
    return 0;
}

int pl_replay_venue_complete(struct pl_replay_venue *v)
{
    char text[WHO_BYTES];
    if (v->met == v->count)
        return 0;
    return tell(v, 1, "before it, the action %s is missing in the journal",
                who(&v->actions[v->met], text));
}
