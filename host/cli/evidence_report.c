/* The second run: the worst accounts by tick, what would be liquidated at the worst tick, and the
 * page. */
#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "evidence.h"
#include "exact.h"
#include "progress.h"

struct writer {
    const struct pl_evidence *evidence;
    const struct pl_history *history;
    struct pl_session *session;
    const struct pl_options *options;
    size_t count; /* of accounts */
    uint32_t indices[PL_EVIDENCE_ACCOUNTS];
    struct pl_report_account accounts[PL_EVIDENCE_ACCOUNTS];
    char scenarios[PL_EVIDENCE_ACCOUNTS][PL_SCENARIO_TEXT_BYTES];
    struct pl_buffer commands[PL_EVIDENCE_ACCOUNTS];
    char *explanations[PL_EVIDENCE_ACCOUNTS];
    int64_t *excess, *equity; /* account by account, tick_count each */
    struct pl_report_liquidation *liquidations;
    size_t liquidation_count;
    struct pl_report_underlying *underlyings;
};

static int refuse_memory(void)
{
    pl_complain("out of memory for the report; run without --report");
    return -ENOMEM;
}

static void add_quoted(struct pl_buffer *text, const char *word)
{
    pl_buffer_add(text, " '");
    for (; *word != '\0'; word++) {
        if (*word == '\'')
            pl_buffer_add(text, "'\\''");
        else
            pl_buffer_add_bytes(text, word, 1);
    }
    pl_buffer_add(text, "'");
}

/* Options that decide verdicts are the same as those of this command. */
static void set_command(struct writer *w, size_t index, const char *name, uint64_t tick)
{
    struct pl_buffer *text = &w->commands[index];
    pl_buffer_add(text, "plimsoll explain");
    add_quoted(text, w->options->book);
    pl_buffer_add(text, " --account");
    add_quoted(text, name);
    pl_buffer_add(text, " --tick %" PRIu64, tick);
    if (w->options->model_count > 0) {
        pl_buffer_add(text, " --model");
        add_quoted(text, w->options->models[0]);
    }
    if (strcmp(w->options->device, PL_OPTIONS_DEVICE_DEFAULT) != 0) {
        pl_buffer_add(text, " --device");
        add_quoted(text, w->options->device);
    }
}

static int set_accounts(struct writer *w)
{
    size_t ticks = w->evidence->tick_count;
    w->count = pl_history_worst(w->history, w->indices, PL_EVIDENCE_ACCOUNTS);
    w->excess = calloc(PL_EVIDENCE_ACCOUNTS * ticks, sizeof *w->excess);
    w->equity = calloc(PL_EVIDENCE_ACCOUNTS * ticks, sizeof *w->equity);
    w->liquidations =
        calloc((size_t)w->session->book->instrument_count + 1, sizeof *w->liquidations);
    w->underlyings = calloc((size_t)w->session->book->underlying_count + 1, sizeof *w->underlyings);
    if (w->excess == NULL || w->equity == NULL || w->liquidations == NULL || w->underlyings == NULL)
        return refuse_memory();
    for (size_t i = 0; i < w->count; i++) {
        const struct pl_history_account *from = &w->history->accounts[w->indices[i]];
        const char *name = w->session->book->accounts[w->indices[i]].name;
        pl_session_scenario(w->session, &from->worst, w->scenarios[i]);
        set_command(w, i, name, from->worst.tick);
        if (w->commands[i].failed)
            return refuse_memory();
        w->accounts[i] = (struct pl_report_account){
            .name = name,
            .worst = from->worst,
            .first_below_us = from->crossed ? from->first_us : 0,
            .maintenance_excess = w->excess + i * ticks,
            .equity = w->equity + i * ticks,
            .worst_scenario = w->scenarios[i],
            .explain_command = w->commands[i].data,
        };
    }
    for (uint32_t u = 0; u < w->session->book->underlying_count; u++)
        w->underlyings[u] = (struct pl_report_underlying){
            .name = w->session->book->underlyings[u].name,
            .by_tick = w->evidence->exposures + u * w->evidence->ticks_max,
        };
    return 0;
}

/* |steps| of an instrument at its price (option: the index price), rounded down; 0 where it has
 * none. */
static int64_t notional_of(const struct pl_session *session, uint32_t instrument, pl_i128 steps)
{
    const struct pl_book_instrument *i = &session->book->instruments[instrument];
    bool inverse = i->coin_settled && i->kind != PL_KIND_OPTION;
    uint32_t node =
        i->kind == PL_KIND_OPTION ? session->book->underlyings[i->underlying].node : i->node;
    const struct pl_price *price = &session->prices[node];
    struct pl_fraction value;
    int64_t notional;
    pl_fraction_set(&value, steps > INT64_MAX ? INT64_MAX : (int64_t)steps);
    pl_fraction_multiply(&value, i->quantity_step);
    pl_fraction_multiply(&value, i->contract_size);
    if (!inverse && !price->has_price)
        return 0;
    if (!inverse)
        pl_fraction_multiply(&value, price->price);
    return pl_fraction_floor(&value, PL_MONEY_DECIMALS, &notional) == 0 ? notional : INT64_MAX;
}

static double contracts_of(const struct pl_book_instrument *instrument, pl_i128 steps)
{
    double quantity = (double)steps * (double)instrument->quantity_step.mantissa;
    for (int e = instrument->quantity_step.exponent; e > 0; e--)
        quantity *= 10;
    for (int e = instrument->quantity_step.exponent; e < 0; e++)
        quantity /= 10;
    return quantity;
}

static int compare_liquidations(const void *left, const void *right)
{
    const struct pl_report_liquidation *a = left, *b = right;
    if (a->notional != b->notional)
        return a->notional > b->notional ? -1 : 1;
    return strcmp(a->symbol, b->symbol); /* symbols are unique */
}

static int set_liquidations(struct writer *w)
{
    const struct pl_book *book = w->session->book;
    pl_i128(*steps)[2] = calloc((size_t)book->instrument_count + 1, sizeof *steps);
    if (steps == NULL)
        return refuse_memory();
    for (uint32_t account = 0; account < book->account_count; account++) {
        const struct pl_session_holdings *list = &w->session->holdings[account];
        for (uint32_t h = 0; h < list->count && w->evidence->below_at_worst[account]; h++) {
            int64_t held = list->items[h].steps;
            steps[list->items[h].instrument][held < 0] += held < 0 ? -(pl_i128)held : held;
        }
    }
    for (uint32_t i = 0; i < book->instrument_count; i++) {
        const struct pl_book_instrument *from = &book->instruments[i];
        if (steps[i][0] + steps[i][1] == 0)
            continue;
        w->liquidations[w->liquidation_count++] = (struct pl_report_liquidation){
            .symbol = from->symbol,
            .kind = pl_kind_name(from->kind),
            .underlying = book->underlyings[from->underlying].name,
            .long_quantity = contracts_of(from, steps[i][0]),
            .short_quantity = contracts_of(from, steps[i][1]),
            .notional = notional_of(w->session, i, steps[i][0] + steps[i][1]),
        };
    }
    free(steps);
    qsort(w->liquidations, w->liquidation_count, sizeof *w->liquidations, compare_liquidations);
    return 0;
}

static int add_tick(struct writer *w, size_t index)
{
    struct pl_account accounts[PL_EVIDENCE_ACCOUNTS];
    struct pl_verdict verdicts[PL_EVIDENCE_ACCOUNTS];
    for (size_t i = 0; i < w->count; i++)
        accounts[i] = w->session->accounts[w->indices[i]];
    int error = pl_session_evaluate(w->session, accounts, w->count, verdicts, NULL);
    for (size_t i = 0; i < w->count && error == 0; i++) {
        w->excess[i * w->evidence->tick_count + index] = verdicts[i].maintenance_excess;
        w->equity[i * w->evidence->tick_count + index] = verdicts[i].equity;
        if (w->accounts[i].worst.tick != w->session->tick)
            continue;
        w->explanations[i] = pl_explain_text(w->session, w->indices[i]);
        w->accounts[i].explain_text = w->explanations[i];
        error = w->explanations[i] == NULL ? -EIO : 0;
    }
    if (error == 0 && index == w->evidence->worst_tick)
        error = set_liquidations(w);
    return error;
}

static int run_again(struct writer *w)
{
    const struct pl_evidence *e = w->evidence;
    struct pl_progress progress;
    /* a single tick: the session stands there already */
    int error = w->session->tick == e->first_tick ? 0 : pl_session_rewind(w->session);
    pl_progress_start(&progress, "report", e->tick_count);
    for (size_t index = 0; index < e->tick_count && error == 0; index++) {
        error = pl_session_seek(w->session, e->first_tick + index);
        error = error != 0 ? error : add_tick(w, index);
        pl_progress_step(&progress, index + 1);
    }
    pl_progress_end(&progress);
    return error;
}

static int write_page(const struct writer *w)
{
    const struct pl_evidence *e = w->evidence;
    const struct pl_book *book = w->session->book;
    char message[PL_MESSAGE_BYTES] = "";
    struct pl_report report = {
        .book_name = book->name,
        .description = book->description,
        .source = book->source,
        .settlement_currency = book->settlement_currency,
        .model_name = w->session->model->name,
        .device = w->session->device_uri,
        .command = w->options->command_line,
        .account_count = book->account_count,
        .position_count = book->position_count,
        .instrument_count = book->instrument_count,
        .model_version = e->model_version,
        .table_version = e->table_version,
        .verdicts_hash = w->history->hash,
        .tick_count = e->tick_count,
        .underlying_count = book->underlying_count,
        .liquidation_count = w->liquidation_count,
        .account_list_count = w->count,
        .ticks = e->ticks,
        .underlyings = w->underlyings,
        .worst_tick = e->worst_tick,
        .liquidations = w->liquidations,
        .accounts = w->accounts,
    };
    int error = pl_report_write(&report, w->options->report, message);
    if (error != 0)
        pl_complain_lines(message);
    return error;
}

int pl_evidence_report(const struct pl_evidence *evidence, const struct pl_history *history,
                       struct pl_session *session, const struct pl_options *options)
{
    struct writer *w = calloc(1, sizeof *w);
    if (w == NULL)
        return refuse_memory();
    w->evidence = evidence;
    w->history = history;
    w->session = session;
    w->options = options;
    assert(evidence->tick_count > 0);
    int error = set_accounts(w);
    error = error != 0 ? error : run_again(w);
    error = error != 0 ? error : write_page(w);
    for (size_t i = 0; i < PL_EVIDENCE_ACCOUNTS; i++) {
        pl_buffer_free(&w->commands[i]);
        free(w->explanations[i]);
    }
    free(w->excess);
    free(w->equity);
    free(w->liquidations);
    free(w->underlyings);
    free(w);
    return error;
}
