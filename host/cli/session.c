#include "session.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "feed/byte_source.h"
#include "feed/json_text.h"
#include "feed/memory.h"
#include "feed/text_error.h"
#include "holdings.h"
#include "exact.h"
#include "settle.h"
#include "sources.h"

#define Q40_ONE (INT64_C(1) << PL_COEFFICIENT_BITS)

static int refuse_memory(const struct pl_session *session)
{
    pl_complain("%s: out of memory", session->book != NULL ? session->book->path : "book");
    return -ENOMEM;
}

static void complain_list(const struct pl_text_error *error)
{
    pl_complain("%" PRIu64 " problem%s", error->count, error->count == 1 ? "" : "s");
    fputs(error->text, stderr);
    if (error->count > PL_TEXT_ERROR_LINES_MAX)
        fprintf(stderr, "... %" PRIu64 " more\n", error->count - PL_TEXT_ERROR_LINES_MAX);
}

static int load_book(struct pl_session *session, const char *folder)
{
    struct pl_text_error *error = calloc(1, sizeof *error);
    if (error == NULL) {
        pl_complain("%s: out of memory", folder);
        return -ENOMEM;
    }
    int result = pl_book_load(folder, &session->book, error);
    const int refused = pl_book_rules_load(&session->rules, folder, session->book, error);
    result = result != 0 ? result : refused;
    if (result != 0)
        complain_list(error);
    free(error);
    return result != 0 ? result : pl_book_fuse(session->book, session->rules.fusion);
}

static int load_model(struct pl_session *session, const char *path)
{
    struct pl_text_error *error = calloc(1, sizeof *error);
    if (error == NULL)
        return refuse_memory(session);
    const char *reason;
    size_t length;
    pl_model_spec_free(session->model);
    pl_memory_free(session->model_text);
    session->model = NULL;
    /* where it cannot be read, or is no text, reading it again says why */
    if (pl_byte_source_slurp(path, PL_JSON_BYTES_MAX, &session->model_text, &length, &reason) ==
            0 &&
        strlen(session->model_text) != length) {
        pl_memory_free(session->model_text);
        session->model_text = NULL;
    }
    int result = pl_model_spec_parse(path, session->model_text, &session->model, error);
    if (result != 0)
        complain_list(error);
    free(error);
    return result;
}

static int fill_instruments(struct pl_session *session)
{
    const struct pl_book *book = session->book;
    session->instruments = calloc((size_t)book->instrument_count + 1, sizeof *session->instruments);
    session->spot_of = calloc((size_t)book->underlying_count + 1, sizeof *session->spot_of);
    if (session->instruments == NULL || session->spot_of == NULL)
        return refuse_memory(session);
    for (uint32_t u = 0; u < book->underlying_count; u++)
        session->spot_of[u] = PL_NO_SPOT;
    for (uint32_t i = 0; i < book->instrument_count; i++) {
        const struct pl_book_instrument *from = &book->instruments[i];
        const char *underlying = book->underlyings[from->underlying].name;
        session->instruments[i] = (struct pl_instrument_def){
            .symbol = from->symbol,
            .underlying = underlying,
            .forward = from->kind == PL_KIND_OPTION ? book->nodes[from->forward].symbol : NULL,
            .kind = from->kind,
            .is_call = from->is_call,
            .coin_settled = from->coin_settled,
            .expiry_us = from->expiry_us,
            .strike = from->strike,
            .contract_size = from->contract_size,
            .quantity_step = from->quantity_step,
        };
        /* the coin of the underlying's own name, else the first one */
        uint32_t *spot = &session->spot_of[from->underlying];
        if (from->kind == PL_KIND_SPOT &&
            (*spot == PL_NO_SPOT || strcmp(from->symbol, underlying) == 0))
            *spot = i;
    }
    return 0;
}

static int open_prices(struct pl_session *session)
{
    size_t nodes = (size_t)session->book->node_count + 1;
    session->price_ids = calloc(nodes, sizeof *session->price_ids);
    session->prices = calloc(nodes, sizeof *session->prices);
    session->touched = calloc(nodes, sizeof *session->touched);
    session->touched_at = calloc(nodes, sizeof *session->touched_at);
    if (session->price_ids == NULL || session->prices == NULL || session->touched == NULL ||
        session->touched_at == NULL)
        return refuse_memory(session);
    return 0;
}

enum pl_exit pl_exit_of_opening(int error)
{
    static const struct {
        int error;
        enum pl_exit status;
    } refusals[] = {
        { -ENODEV, PL_EXIT_NO_CARD },
        { -ENXIO, PL_EXIT_FOREIGN },
        { -EUNATCH, PL_EXIT_NO_DRIVER },
        { -ENOPKG, PL_EXIT_NO_DRIVER },
        { -EACCES, PL_EXIT_NO_PERMISSION },
        { -EBUSY, PL_EXIT_IN_USE },
        { -EOPNOTSUPP, PL_EXIT_NO_IOMMU },
        { -ERANGE, PL_EXIT_SMALL_BAR },
        { -EPROTO, PL_EXIT_CONTRACT },
        { -PL_STATUS_CONTRACT, PL_EXIT_CONTRACT },
        { -PL_STATUS_LINK_DOWN, PL_EXIT_LINK_DOWN },
        { -EDQUOT, PL_EXIT_MEMORY_LIMIT },
    };
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        if (refusals[i].error == error)
            return refusals[i].status;
    }
    return PL_EXIT_ERROR;
}

static enum pl_exit open_device(struct pl_session *session)
{
    char message[PL_MESSAGE_BYTES];
    int error = pl_open(session->device_uri, &session->device, message);
    if (error != 0) {
        pl_complain_lines(message);
        return pl_exit_of_opening(error);
    }
    pl_capabilities(session->device, &session->capabilities);
    return PL_EXIT_OK;
}

enum pl_exit pl_session_open(const struct pl_options *options, struct pl_session **out)
{
    struct pl_session *session = calloc(1, sizeof *session);
    *out = NULL;
    if (session == NULL) {
        pl_complain("%s: out of memory", options->book);
        return PL_EXIT_ERROR;
    }
    session->device_uri = options->device;
    int error = load_book(session, options->book);
    error = error != 0 ? error : fill_instruments(session);
    error = error != 0 ? error : open_prices(session);
    error = error != 0 ? error : pl_holdings_open(session);
    enum pl_exit status = error != 0 ? PL_EXIT_ERROR : open_device(session);
    if (status == PL_EXIT_OK && options->journal != NULL)
        error = options->resume ? pl_recording_open_acting(&session->recording, options->journal)
                                : pl_recording_open(&session->recording, options->journal);
    status = status == PL_EXIT_OK && error != 0 ? PL_EXIT_ERROR : status;
    const char *model = options->model_count > 0 ? options->models[0] : options->model_a;
    if (status == PL_EXIT_OK &&
        pl_session_load(session, model != NULL ? model : session->book->model_path) != 0)
        status = PL_EXIT_ERROR;
    if (status != PL_EXIT_OK)
        pl_session_close(session);
    else
        *out = session;
    return status;
}

void pl_session_close(struct pl_session *session)
{
    if (session == NULL)
        return;
    pl_recording_close(&session->recording);
    pl_close(session->device);
    if (session->book != NULL)
        pl_holdings_close(session);
    free(session->touched_at);
    free(session->touched);
    free(session->prices);
    free(session->price_ids);
    free(session->spot_of);
    free(session->instruments);
    pl_model_spec_free(session->model);
    pl_memory_free(session->model_text);
    pl_book_rules_free(&session->rules);
    pl_book_free(session->book);
    free(session);
}

int pl_session_load(struct pl_session *session, const char *path)
{
    int error = load_model(session, path);
    if (error != 0)
        return error;
    session->model_path = path;
    return pl_session_rewind(session);
}

/* The device starts anew. */
static int load_device(struct pl_session *session, const char *text)
{
    const struct pl_book *book = session->book;
    struct pl_setup setup = {
        .model_path = session->model_path,
        .model_text = text,
        .instruments = session->instruments,
        .instrument_count = book->instrument_count,
        .multipliers_q40 = session->multipliers_q40,
        .multiplier_count = session->multiplier_count,
    };
    int error = pl_load(session->device, &setup);
    if (error != 0) {
        pl_complain_lines(pl_message(session->device));
        return error;
    }
    pl_recording_loaded(&session->recording, &setup, session->capabilities.profile, book);
    for (uint32_t node = 0; node < book->node_count; node++)
        session->price_ids[node] = pl_price_id(session->device, book->nodes[node].symbol);
    return 0;
}

int pl_session_rewind(struct pl_session *session)
{
    int error = load_device(session, session->model_text);
    if (error != 0)
        return error;
    for (uint32_t node = 0; node < session->book->node_count; node++) {
        session->prices[node] = (struct pl_price){ .vol_confidence_q40 = Q40_ONE,
                                                   .rate_confidence_q40 = Q40_ONE,
                                                   .confidence_q40 = Q40_ONE };
        session->touched_at[node] = 0;
    }
    pl_holdings_reset(session);
    session->tick = 0;
    session->time_us = 0;
    return 0;
}

static int set_price(struct pl_session *session, uint64_t tick, uint32_t node)
{
    int error = pl_set_price(session->device, session->price_ids[node], &session->prices[node]);
    if (error != 0) {
        pl_complain("tick %" PRIu64 ": %s: %s", tick, session->book->nodes[node].symbol,
                    pl_message(session->device));
        return error;
    }
    pl_recording_priced(&session->recording, session->book->nodes[node].symbol,
                        &session->prices[node]);
    return 0;
}

static int commit(struct pl_session *session, uint64_t tick, int64_t time_us)
{
    int error = pl_commit(session->device, time_us);
    if (error != 0) {
        pl_complain("tick %" PRIu64 ": %s", tick, pl_message(session->device));
        return error;
    }
    pl_recording_committed(&session->recording, time_us);
    return 0;
}

int pl_session_change_model(struct pl_session *session, const char *text)
{
    int error = load_device(session, text);
    for (uint32_t node = 0; node < session->book->node_count && error == 0; node++)
        if (session->touched_at[node] != 0 && session->price_ids[node] >= 0)
            error = set_price(session, session->tick, node);
    return error != 0 || session->tick == 0 ? error
                                            : commit(session, session->tick, session->time_us);
}

static void apply_row(struct pl_price *price, const struct pl_book_tick_row *row)
{
    if (row->field == PL_TICK_FIELD_VOL_CONFIDENCE) {
        price->vol_confidence_q40 = row->confidence_q40;
    } else if (row->field == PL_TICK_FIELD_RATE_CONFIDENCE) {
        price->rate_confidence_q40 = row->confidence_q40;
    } else {
        price->has_price = row->has_price;
        price->has_vol = row->has_vol;
        price->price = row->price;
        price->vol = row->vol;
        price->rate = row->rate;
        price->confidence_q40 = row->confidence_q40;
        price->time_us = row->price_time_us;
    }
}

static int set_prices(struct pl_session *session, const struct pl_book_tick *tick)
{
    uint32_t touched = 0;
    for (uint32_t i = 0; i < tick->row_count; i++) {
        const struct pl_book_tick_row *row = &session->book->tick_rows[tick->first_row + i];
        if (session->price_ids[row->node] < 0)
            continue; /* nothing that is loaded uses it */
        apply_row(&session->prices[row->node], row);
        if (session->touched_at[row->node] != session->tick + 1)
            session->touched[touched++] = row->node;
        session->touched_at[row->node] = session->tick + 1;
    }
    int error = 0;
    for (uint32_t i = 0; i < touched && error == 0; i++)
        error = set_price(session, session->tick + 1, session->touched[i]);
    return error;
}

int pl_session_advance(struct pl_session *session)
{
    assert(session->tick < session->book->tick_count);
    const struct pl_book_tick *tick = &session->book->ticks[session->tick];
    int error = pl_settle(session, tick->time_us);
    error = error != 0 ? error : set_prices(session, tick);
    error = error != 0 ? error : commit(session, session->tick + 1, tick->time_us);
    if (error != 0)
        return error;
    session->tick++;
    session->time_us = tick->time_us;
    return 0;
}

int pl_session_seek(struct pl_session *session, uint64_t tick)
{
    uint64_t last = session->book->tick_count;
    tick = tick == PL_TICK_LAST ? last : tick;
    if (tick > last) {
        pl_complain("--tick %" PRIu64 ": %s has ticks 1 to %" PRIu64, tick, session->book->path,
                    last);
        return -ERANGE;
    }
    assert(tick >= session->tick);
    int error = 0;
    while (session->tick < tick && error == 0)
        error = pl_session_advance(session);
    return error;
}

/* Polls until the batch is complete, and counts states. */
static int poll_all(struct pl_session *session, size_t count, struct pl_verdict *verdicts,
                    uint64_t *states)
{
    size_t taken = 0;
    for (;;) {
        size_t room = count - taken;
        /* one more poll than verdicts: it says that all were taken */
        struct pl_verdict unused;
        int got = pl_poll(session->device, room > 0 ? verdicts + taken : &unused,
                          room > PL_SESSION_POLL_VERDICTS ? PL_SESSION_POLL_VERDICTS
                          : room > 0                      ? room
                                                          : 1,
                          NULL);
        if (got < 0 || (size_t)got > room) {
            pl_complain("tick %" PRIu64 ": %s", session->tick,
                        got < 0 ? pl_message(session->device)
                                : "the device returned more verdicts than accounts");
            return got < 0 ? got : -EPROTO;
        }
        if (got == 0)
            break;
        pl_recording_judged(&session->recording, verdicts + taken, (size_t)got);
        for (size_t i = taken; i < taken + (size_t)got && states != NULL; i++)
            if (verdicts[i].state <= PL_STATE_BANKRUPT)
                states[verdicts[i].state]++;
        taken += (size_t)got;
    }
    if (taken == count)
        return 0;
    pl_complain("tick %" PRIu64 ": the device returned %zu of %zu verdicts", session->tick, taken,
                count);
    return -EPROTO;
}

int pl_session_evaluate(struct pl_session *session, const struct pl_account *accounts, size_t count,
                        struct pl_verdict *verdicts, uint64_t states[PL_STATE_BANKRUPT + 1])
{
    if (states != NULL)
        memset(states, 0, (PL_STATE_BANKRUPT + 1) * sizeof *states);
    for (size_t done = 0; done < count;) {
        size_t part =
            count - done < PL_SESSION_BATCH_ACCOUNTS ? count - done : PL_SESSION_BATCH_ACCOUNTS;
        struct pl_batch batch = {
            .accounts = accounts + done,
            .count = part,
            .position_version = session->position_version,
            .filter = PL_STATE_HEALTHY,
        };
        int error = pl_submit(session->device, &batch);
        if (error != 0) {
            pl_complain("tick %" PRIu64 ": %s", session->tick, pl_message(session->device));
            return error;
        }
        pl_recording_submitted(&session->recording, &batch);
        error = poll_all(session, part, verdicts + done, states);
        if (error != 0)
            return error;
        done += part;
    }
    return 0;
}

int pl_session_trade(struct pl_session *session, uint32_t account, uint32_t instrument,
                     int64_t steps, struct pl_decimal price)
{
    const struct pl_book_instrument *i = &session->book->instruments[instrument];
    const struct pl_decimal none = { 0, 0 };
    bool enters = i->kind == PL_KIND_PERPETUAL || i->kind == PL_KIND_FUTURE;
    struct pl_fraction cost;
    int64_t cash_e8 = 0;
    int error = 0;
    if (!enters) {
        pl_fraction_set(&cost, -steps);
        pl_fraction_multiply(&cost, i->quantity_step);
        pl_fraction_multiply(&cost, i->contract_size);
        pl_fraction_multiply(&cost, price);
        error = pl_fraction_floor(&cost, PL_MONEY_DECIMALS, &cash_e8);
    }
    error = error != 0
                ? error
                : pl_holdings_add(session, account, instrument, steps, enters ? price : none);
    return error != 0 ? error : pl_holdings_add_cash(session, account, cash_e8);
}

void pl_session_scenario(const struct pl_session *session, const struct pl_verdict *verdict,
                         char out[PL_SCENARIO_TEXT_BYTES])
{
    char scenario[PL_SYMBOL_BYTES];
    const char *underlying = pl_underlying_name(session->device, verdict->worst_underlying);
    if (underlying == NULL || verdict->worst_scenario == UINT8_MAX ||
        pl_scenario_name(session->device, verdict->worst_underlying, verdict->worst_scenario,
                         scenario) != 0)
        snprintf(out, PL_SCENARIO_TEXT_BYTES, "-");
    else
        snprintf(out, PL_SCENARIO_TEXT_BYTES, "%s: %s", underlying, scenario);
}

void pl_flags_text(unsigned flags, char out[PL_FLAGS_TEXT_BYTES])
{
    size_t used = 0;
    out[0] = '\0';
    for (unsigned bit = 0; bit < 16; bit++) {
        if ((flags >> bit & 1) == 0)
            continue;
        int written = snprintf(out + used, PL_FLAGS_TEXT_BYTES - used, "%s%s", used > 0 ? " " : "",
                               pl_flag_name(bit));
        used += (size_t)written < PL_FLAGS_TEXT_BYTES - used ? (size_t)written
                                                             : PL_FLAGS_TEXT_BYTES - used - 1;
    }
}
