/* The public functions: each stages its input and hands records or slots to the device. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "feed/decimal.h"
#include "feed/text_time.h"
#include "pl.h"

int pl_fail(struct pl *pl, int code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(pl->message, sizeof pl->message, format, arguments);
    va_end(arguments);
    return code;
}

static int fail_memory(struct pl *pl)
{
    return pl_fail(pl, -ENOMEM, "out of memory");
}

static const char *device_message(const struct pl *pl)
{
    const char *more = pl->ops->message != NULL ? pl->ops->message(pl->dev) : NULL;
    return more != NULL ? more : "";
}

int pl_told(struct pl *pl, int code, const char *doing)
{
    if (code >= 0 || pl->message[0] != '\0')
        return code;
    const char *more = device_message(pl);
    return pl_fail(pl, code, "%s: %s%s%.*s", doing, pl_error_name(code),
                   more[0] != '\0' ? ": " : "", PL_MESSAGE_BYTES / 2, more);
}

int pl_open(const char *uri, struct pl **out, char *message)
{
    char unused[PL_MESSAGE_BYTES];
    const char *options;
    message = message != NULL ? message : unused;
    message[0] = '\0';
    *out = NULL;
    const struct pl_dev_ops *ops = pl_dev_find(uri, &options);
    if (ops == NULL) {
        snprintf(message, PL_MESSAGE_BYTES,
                 "no device \"%s\"; `plimsoll devices` lists what can be opened, cpu: always "
                 "works",
                 uri);
        return -ENODEV;
    }
    struct pl *pl = calloc(1, sizeof *pl);
    int error = pl == NULL ? -ENOMEM : ops->open(options, &pl->dev, message);
    if (error != 0) {
        if (message[0] == '\0')
            snprintf(message, PL_MESSAGE_BYTES, "device \"%s\": %s", uri, pl_error_name(error));
        free(pl);
        return error;
    }
    pl->ops = ops;
    ops->capabilities(pl->dev, &pl->stage.capabilities);
    *out = pl;
    return 0;
}

void pl_close(struct pl *pl)
{
    if (pl == NULL)
        return;
    pl->ops->close(pl->dev);
    pl_budget_end(pl);
    pl_stage_free(&pl->stage);
    free(pl->slots);
    free(pl);
}

const char *pl_message(const struct pl *pl)
{
    return pl->message;
}

void pl_capabilities(const struct pl *pl, struct pl_capabilities *out)
{
    *out = pl->stage.capabilities;
}

static int load_spec(struct pl *pl, const struct pl_setup *setup)
{
    struct pl_text_error *errors = calloc(1, sizeof *errors);
    if (errors == NULL)
        return fail_memory(pl);
    int error = pl_model_spec_parse(setup->model_path, setup->model_text, &pl->stage.spec, errors);
    if (error != 0)
        pl_fail(pl, error, "%.*s", PL_MESSAGE_BYTES - 1, errors->text);
    free(errors);
    return error;
}

char *pl_device_report(struct pl *pl, char out[PL_MESSAGE_BYTES])
{
    out[0] = '\0';
    if (pl->ops->report != NULL)
        pl->ops->report(pl->dev, out);
    return out;
}

int pl_load(struct pl *pl, const struct pl_setup *setup)
{
    pl->message[0] = '\0';
    pl_budget_end(pl);
    pl_stage_free(&pl->stage);
    int error = load_spec(pl, setup);
    error = error != 0 ? error : pl_stage_layout(&pl->stage, setup, pl->message);
    if (error != 0)
        pl_stage_free(&pl->stage);
    return pl_told(pl, error, "load");
}

int64_t pl_price_id(const struct pl *pl, const char *symbol)
{
    static const char settlement[] = "settlement:";
    if (strncmp(symbol, settlement, sizeof settlement - 1) == 0)
        symbol = settlement;
    int64_t node = pl_symbols_find(&pl->stage.nodes, symbol, strlen(symbol));
    return node < 0 ? -ENOENT : node;
}

static bool time_fits(int64_t time_us)
{
    return time_us >= 0 && time_us <= PL_TEXT_TIME_MAX_US;
}

static bool fraction(int64_t value_q40)
{
    return value_q40 >= 0 && value_q40 <= INT64_C(1) << PL_COEFFICIENT_BITS;
}

/* |rate| <= 64 per year and 0 <= vol < 8, as the contract's words. */
static const char *check_price(const struct pl_price *p)
{
    int64_t word;
    if (p->has_price && p->price.mantissa < 0)
        return "a price must not be negative";
    if (p->has_vol &&
        (p->vol.mantissa < 0 || pl_decimal_scale(p->vol, 0, PL_VOL_BITS, &word) != 0 || word < 0 ||
         word >> PL_VOL_BITS >= PL_VOL_MAX))
        return "a volatility must lie in [0, 8)";
    const int64_t limit = (int64_t)PL_COEFFICIENT_MAX << PL_RATE_BITS;
    if (pl_decimal_scale(p->rate, 0, PL_RATE_BITS, &word) != 0 || word > limit || word < -limit)
        return "a rate must lie within -64 and 64";
    if (!fraction(p->confidence_q40) || !fraction(p->vol_confidence_q40) ||
        !fraction(p->rate_confidence_q40))
        return "a confidence must lie in [0, 1]";
    if (!time_fits(p->time_us))
        return "a time must lie in the years 1970 to 9999";
    return NULL;
}

int pl_set_price(struct pl *pl, int64_t price_id, const struct pl_price *price)
{
    pl->message[0] = '\0';
    if (price_id < 0 || price_id >= pl->stage.nodes.count)
        return pl_fail(pl, -ENOENT, "no price has the number %lld", (long long)price_id);
    const char *wrong = check_price(price);
    if (wrong != NULL)
        return pl_fail(pl, -EINVAL, "%s: %s", pl->stage.nodes.names[price_id], wrong);
    pl->stage.prices[price_id] = *price;
    pl_stage_note(&pl->stage, (uint32_t)price_id);
    return 0;
}

int pl_load_device(struct pl *pl)
{
    struct pl_stage *s = &pl->stage;
    struct pl_line *records;
    size_t count;
    uint64_t detail = 0;
    s->loaded = s->committed = pl->watching = false;
    int error = pl_stage_load_records(s, &records, &count);
    if (error != 0)
        return error;
    error = pl->ops->load(pl->dev, records, count, &detail);
    int budget = error == 0 ? pl_budget_load(pl, records, count) : 0;
    free(records);
    if (budget != 0)
        return budget;
    if (error != 0) {
        const char *more = device_message(pl);
        return pl_fail(pl, error, "the device refused the load at %llx: %s%s%.*s",
                       (unsigned long long)detail, pl_error_name(error),
                       more[0] != '\0' ? "; " : "", PL_MESSAGE_BYTES / 2, more);
    }
    for (uint32_t g = 0; g < s->group_count; g++)
        s->groups[g].price.kind = 0; /* words of old units */
    pl_stage_resend(s);
    s->loaded = true;
    return 0;
}

int pl_commit(struct pl *pl, int64_t time_us)
{
    struct pl_stage *s = &pl->stage;
    struct pl_line *records;
    size_t count;
    pl->message[0] = '\0';
    if (s->group_count == 0)
        return pl_fail(pl, -PL_STATUS_NOT_LOADED, "commit before a load: call pl_load first");
    if (!time_fits(time_us))
        return pl_fail(pl, -EINVAL, "the time of a tick must lie in the years 1970 to 9999");
    if (s->tick > 0 && time_us < s->time_us)
        return pl_fail(pl, -EINVAL, "a tick must not lie before the one before it");
    s->time_us = time_us;
    s->whole = true;
    int error = pl_stage_scale(s) ? pl_load_device(pl) : 0;
    if (error != 0)
        return pl_told(pl, error, "commit");
    s->tick++;
    s->committed = false;
    error = pl_stage_tick_records(s, &records, &count);
    if (error != 0)
        return fail_memory(pl);
    error = pl->ops->tick(pl->dev, records, count);
    error = error == 0 ? pl_budget_tick(pl, records, count) : error;
    free(records);
    s->committed = error == 0;
    if (error != 0)
        pl_stage_resend(s); /* what the device has of it is not known */
    return pl_told(pl, error, "commit");
}

static int grow_slots(struct pl *pl, size_t slots)
{
    if (slots <= pl->slot_capacity)
        return 0;
    uint64_t *grown = realloc(pl->slots, slots * sizeof *grown);
    if (grown == NULL)
        return fail_memory(pl);
    pl->slots = grown;
    pl->slot_capacity = slots;
    return 0;
}

int pl_stage_batch(struct pl *pl, const struct pl_batch *batch, size_t *used)
{
    size_t most = 1;
    for (size_t i = 0; i < batch->count; i++)
        most += pl_stage_slots_max(&batch->accounts[i]);
    int error = grow_slots(pl, most);
    *used = 0;
    for (size_t i = 0; i < batch->count && error == 0; i++) {
        int64_t slots =
            pl_stage_account_slots(&pl->stage, &batch->accounts[i], pl->slots + *used, pl->message);
        error = slots < 0 ? (int)slots : 0;
        *used += slots < 0 ? 0 : (size_t)slots;
    }
    if (error == 0)
        pl->slots[(*used)++] = (uint64_t)PL_TAG_END << 56;
    return error;
}

int pl_submit(struct pl *pl, const struct pl_batch *batch)
{
    size_t used;
    pl->message[0] = '\0';
    if (!pl->stage.committed)
        return pl_fail(pl, -PL_STATUS_NOT_LOADED, "submit before a tick: call pl_commit first");
    int error = pl_stage_batch(pl, batch, &used);
    if (error != 0) { /* the slots of a sweep under way are gone: it ends here, without a verdict */
        static const uint64_t nothing = (uint64_t)PL_TAG_END << 56;
        pl->ops->sweep(pl->dev, &nothing, 1, batch->filter, false);
        return pl_told(pl, error, "submit");
    }
    pl->position_version = batch->position_version;
    error = pl->ops->sweep(pl->dev, pl->slots, used, batch->filter, batch->per_underlying);
    if (error != 0)
        pl_stage_resend(&pl->stage); /* also told here: a tick of the window that was refused */
    return pl_told(pl, error, "submit");
}

int pl_poll(struct pl *pl, struct pl_verdict *verdicts, size_t max, struct pl_tick_summary *summary)
{
    pl->message[0] = '\0';
    int got = pl->ops->poll(pl->dev, verdicts, max, summary);
    for (int i = 0; i < got; i++)
        verdicts[i].position_version = pl->position_version;
    return pl_told(pl, got, "poll");
}

int64_t pl_poll_underlyings(struct pl *pl, const struct pl_underlying_verdict **records)
{
    return pl->ops->underlyings(pl->dev, records);
}
