#include "recorder.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "handle.h"
#include "recorder_state.h"

int pl_recorder_open(struct pl_journal *journal, struct pl_recorder **out)
{
    *out = calloc(1, sizeof **out);
    if (*out == NULL)
        return pl_journal_refuse(journal, -ENOMEM, "out of memory");
    (*out)->journal = journal;
    return 0;
}

static void forget_accounts(struct pl_recorder *r)
{
    for (uint32_t i = 0; i < r->map.count && i < r->given_capacity; i++)
        free(r->given[i].bytes);
    free(r->given);
    r->given = NULL;
    r->given_capacity = 0;
    pl_account_map_free(&r->map);
}

void pl_recorder_close(struct pl_recorder *r)
{
    if (r == NULL)
        return;
    forget_accounts(r);
    pl_payload_free(&r->load);
    pl_payload_free(&r->names);
    pl_payload_free(&r->prices);
    pl_payload_free(&r->submission);
    pl_payload_free(&r->account);
    pl_payload_free(&r->inputs);
    free(r);
}

int pl_recorder_lose(struct pl_recorder *r)
{
    r->whole = false;
    return pl_journal_refuse(r->journal, -ENOMEM, "out of memory for what is recorded");
}

static int check_whole(struct pl_recorder *r)
{
    if (r->whole && r->losses == pl_journal_losses(r->journal))
        return 0;
    r->whole = false;
    return pl_journal_refuse(r->journal, -ESTALE,
                             "what was recorded since the load is not complete: load again");
}

int pl_recorder_loaded(struct pl_recorder *r, const struct pl_setup *setup, uint8_t profile)
{
    if (setup->model_text == NULL)
        return pl_journal_refuse(r->journal, -EINVAL,
                                 "a load without model_text: give the library the model's text");
    const bool goes_on = r->whole && r->losses == pl_journal_losses(r->journal);
    const int error = goes_on ? pl_recorder_complete(r) : 0; /* by the accounts known so far */
    if (error != 0)
        return error;
    forget_accounts(r);
    r->load.used = r->names.used = r->prices.used = 0;
    r->load.failed = r->names.failed = r->prices.failed = false;
    r->name_count = r->price_count = r->run_count = 0;
    r->inputs.used = 0;
    r->inputs.failed = false;
    r->ticks = 0;
    r->losses = pl_journal_losses(r->journal);
    r->whole = true;
    pl_payload_load(&r->load, setup, profile);
    return r->load.failed ? pl_recorder_lose(r) : 0;
}

int pl_recorder_named(struct pl_recorder *r, uint32_t account, const char *name)
{
    int error = check_whole(r);
    if (error != 0)
        return error;
    pl_payload_word(&r->names, 4, account);
    pl_payload_text(&r->names, name);
    r->name_count++;
    return r->names.failed ? pl_recorder_lose(r) : 0;
}

int pl_recorder_priced(struct pl_recorder *r, const char *symbol, const struct pl_price *price)
{
    int error = check_whole(r);
    if (error != 0)
        return error;
    pl_payload_price(&r->prices, symbol, price);
    r->price_count++;
    return r->prices.failed ? pl_recorder_lose(r) : 0;
}

int pl_recorder_append(struct pl_recorder *r, uint32_t kind, struct pl_payload *payload)
{
    if (payload->failed)
        return pl_recorder_lose(r);
    return pl_journal_append(r->journal, kind, PL_JOURNAL_NO_ACCOUNT, payload->bytes, payload->used,
                             NULL);
}

/* What waited for a tick goes before it. */
int pl_recorder_append_waiting(struct pl_recorder *r)
{
    int error = r->load.used > 0 ? pl_recorder_append(r, PL_ENTRY_LOAD, &r->load) : 0;
    if (error == 0 && r->name_count > 0)
        error = pl_recorder_append(r, PL_ENTRY_NAMES, &r->names);
    if (error == 0)
        pl_payload_free(&r->load); /* comes once, and is large */
    r->names.used = r->name_count = 0;
    return error;
}

int pl_recorder_begin(struct pl_recorder *r)
{
    int error = check_whole(r);
    if (error != 0 || pl_journal_is_open(r->journal))
        return error;
    return pl_journal_begin(r->journal, r->time_us);
}

int pl_recorder_committed(struct pl_recorder *r, int64_t time_us)
{
    struct pl_payload *payload = &r->submission;
    r->time_us = time_us;
    int error = pl_recorder_begin(r);
    error = error != 0 ? error : pl_recorder_append_waiting(r);
    error = error != 0 ? error : pl_recorder_complete(r);
    payload->used = 0;
    payload->failed = false;
    pl_payload_word(payload, 8, (uint64_t)time_us);
    pl_payload_word(payload, 4, r->price_count);
    pl_payload_bytes(payload, r->prices.bytes, r->prices.used);
    error = error != 0 ? error : pl_recorder_append(r, PL_ENTRY_COMMIT, payload);
    if (error != 0) {
        r->whole = false;
        return error;
    }
    r->prices.used = r->price_count = 0;
    r->ticks++;
    return 0;
}

/* Keeps r->account as what the account is now; *changed: it was not that before. */
static int keep_account(struct pl_recorder *r, uint32_t account, bool *changed)
{
    uint32_t known = r->map.count;
    int64_t place = pl_account_map_place(&r->map, account);
    if (place < 0)
        return -ENOMEM;
    if ((size_t)place >= r->given_capacity) {
        size_t capacity = r->given_capacity == 0 ? 64 : 2 * r->given_capacity;
        struct pl_recorded_account *given = realloc(r->given, capacity * sizeof *given);
        if (given == NULL)
            return -ENOMEM;
        r->given = given;
        r->given_capacity = capacity;
    }
    struct pl_recorded_account *g = &r->given[place];
    if (place == known)
        *g = (struct pl_recorded_account){ 0 };
    *changed = g->used != r->account.used || memcmp(g->bytes, r->account.bytes, g->used) != 0;
    if (*changed && g->capacity < r->account.used) {
        uint8_t *bytes = realloc(g->bytes, r->account.used);
        if (bytes == NULL)
            return -ENOMEM;
        g->bytes = bytes;
        g->capacity = r->account.used;
    }
    if (*changed)
        memcpy(g->bytes, r->account.bytes, r->account.used);
    g->used = r->account.used;
    return 0;
}

struct run {
    uint32_t first, count;
};

static void put_run(struct pl_payload *payload, struct run *run, uint32_t *parts)
{
    if (run->count == 0)
        return;
    pl_payload_word(payload, 1, PL_ACCOUNT_RUN);
    pl_payload_word(payload, 4, run->first);
    pl_payload_word(payload, 4, run->count);
    run->count = 0;
    ++*parts;
}

static int put_accounts(struct pl_recorder *r, const struct pl_batch *batch, uint32_t *parts)
{
    struct run run = { 0 };
    for (size_t i = 0; i < batch->count; i++) {
        uint32_t account = batch->accounts[i].account;
        bool changed = false;
        r->account.used = 0;
        pl_payload_account(&r->account, &batch->accounts[i]);
        if (r->account.failed || keep_account(r, account, &changed) != 0)
            return pl_recorder_lose(r);
        if (changed || run.count == 0 || account != run.first + run.count)
            put_run(&r->submission, &run, parts);
        if (changed) {
            pl_payload_word(&r->submission, 1, PL_ACCOUNT_GIVEN);
            pl_payload_bytes(&r->submission, r->account.bytes, r->account.used);
            ++*parts;
        } else {
            run.first = run.count == 0 ? account : run.first;
            run.count++;
        }
    }
    put_run(&r->submission, &run, parts);
    return 0;
}

int pl_recorder_submitted(struct pl_recorder *r, const struct pl_batch *batch)
{
    struct pl_payload *payload = &r->submission;
    uint32_t parts = 0;
    int error = pl_recorder_begin(r);
    error = error != 0 ? error : pl_recorder_complete(r);
    if (error != 0)
        return error;
    payload->used = 0;
    payload->failed = false;
    pl_payload_word(payload, 8, batch->position_version);
    pl_payload_word(payload, 1, batch->filter);
    pl_payload_word(payload, 1, batch->per_underlying);
    pl_payload_word(payload, 2, 0);
    pl_payload_word(payload, 4, batch->count);
    pl_payload_word(payload, 4, 0); /* parts, known below */
    error = put_accounts(r, batch, &parts);
    if (error == 0 && !payload->failed)
        pl_payload_word_at(payload, 16, 4, parts);
    error = error != 0 ? error : pl_recorder_append(r, PL_ENTRY_SUBMIT, payload);
    r->whole = r->whole && error == 0;
    return error;
}

int pl_recorder_judged(struct pl_recorder *r, const struct pl_verdict *verdicts, size_t count)
{
    int error = pl_recorder_begin(r);
    for (size_t i = 0; i < count && error == 0; i++) {
        if (verdicts[i].tick != r->ticks) {
            r->whole = false;
            return pl_journal_refuse(r->journal, -EPROTO,
                                     "a verdict of tick %" PRIu64 ", but %" PRIu64
                                     " ticks were recorded: load again",
                                     verdicts[i].tick, r->ticks);
        }
        const int64_t place = pl_account_map_find(&r->map, verdicts[i].account);
        if (place >= 0)
            pl_venue_input_of(&r->given[place].verdict, 0, verdicts[i].account, &verdicts[i]);
        if (verdicts[i].state >= PL_STATE_MARGIN_CALL)
            error = pl_journal_append(r->journal, PL_ENTRY_VERDICT, verdicts[i].account,
                                      &verdicts[i], sizeof verdicts[i], NULL);
    }
    r->whole = r->whole && error == 0;
    return error;
}
