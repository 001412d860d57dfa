/* plimsoll backtest: did the requirement cover the loss to the next tick, as often as the model
 * states? */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "progress.h"
#include "states.h"

#define COUNT_OF(columns) (sizeof columns / sizeof columns[0])
#define WORST_BREACHES 10 /* listed for each model */
#define Q40_ONE (INT64_C(1) << PL_COEFFICIENT_BITS)
#define SHARE_TEXT_BYTES 32

struct breach {
    uint32_t account;
    uint64_t tick; /* the first of the two */
    int64_t time_us;
    pl_i128 loss, requirement;
};

struct result {
    char name[PL_MODEL_NAME_MAX];
    int64_t coverage_q40;
    uint64_t observations, skipped, breaches;
    size_t worst_count;
    struct breach worst[WORST_BREACHES]; /* largest shortfall first */
};

struct backtest {
    struct pl_session *session;
    const struct pl_options *options;
    struct pl_verdict *before, *after;
    bool *holds; /* by account, at the first of the two ticks */
    struct result results[PL_OPTIONS_MODELS_MAX];
    size_t result_count;
};

static void keep_worst(struct result *r, const struct breach *breach)
{
    pl_i128 shortfall = breach->loss - breach->requirement;
    size_t at = r->worst_count;
    while (at > 0 && shortfall > r->worst[at - 1].loss - r->worst[at - 1].requirement)
        at--;
    if (at == WORST_BREACHES)
        return;
    r->worst_count += r->worst_count < WORST_BREACHES ? 1 : 0;
    memmove(&r->worst[at + 1], &r->worst[at], (r->worst_count - at - 1) * sizeof *r->worst);
    r->worst[at] = *breach;
}

static void observe(struct backtest *b, struct result *r, uint64_t tick, int64_t time_us)
{
    for (uint32_t i = 0; i < b->session->book->account_count; i++) {
        const struct pl_verdict *now = &b->before[i], *next = &b->after[i];
        if (!b->holds[i])
            continue;
        if (now->state == PL_STATE_INDETERMINATE || next->state == PL_STATE_INDETERMINATE) {
            r->skipped++;
            continue;
        }
        struct breach breach = { i, tick, time_us, (pl_i128)now->equity - next->equity,
                                 pl_maintenance_requirement(now) };
        r->observations++;
        if (breach.loss <= breach.requirement)
            continue;
        r->breaches++;
        keep_worst(r, &breach);
    }
}

static void note_holders(struct backtest *b)
{
    for (uint32_t i = 0; i < b->session->book->account_count; i++) {
        const struct pl_session_holdings *list = &b->session->holdings[i];
        b->holds[i] = false;
        for (uint32_t h = 0; h < list->count; h++)
            b->holds[i] = b->holds[i] || list->items[h].steps != 0;
    }
}

static int run_model(struct backtest *b, struct result *r)
{
    struct pl_session *session = b->session;
    struct pl_progress progress;
    uint64_t tick = 0;
    int64_t time_us = 0;
    int error = 0;
    memcpy(r->name, session->model->name, sizeof r->name);
    r->coverage_q40 = session->model->coverage_q40;
    pl_progress_start(&progress, r->name, session->book->tick_count);
    while (session->tick < session->book->tick_count && error == 0) {
        note_holders(b);
        error = pl_session_advance(session);
        if (error == 0)
            error = pl_session_evaluate(session, session->accounts, session->book->account_count,
                                        b->after, NULL);
        if (error == 0 && tick > 0)
            observe(b, r, tick, time_us);
        struct pl_verdict *swap = b->before;
        b->before = b->after;
        b->after = swap;
        tick = session->tick;
        time_us = session->time_us;
        pl_progress_step(&progress, session->tick);
    }
    pl_progress_end(&progress);
    return error;
}

/* numerator / denominator with `digits` digits after the point, rounded half up. */
static void share_text(char out[SHARE_TEXT_BYTES], pl_i128 numerator, pl_i128 denominator,
                       int digits)
{
    uint64_t one = 1;
    for (int i = 0; i < digits; i++)
        one *= 10;
    uint64_t scaled =
        denominator == 0 ? 0 : (uint64_t)((numerator * one * 2 + denominator) / (2 * denominator));
    snprintf(out, SHARE_TEXT_BYTES, "%" PRIu64 ".%0*" PRIu64, scaled / one, digits, scaled % one);
}

static void list_models(const struct backtest *b, struct pl_output *output)
{
    static const struct pl_column columns[] = {
        { "model", "model", PL_COLUMN_TEXT },
        { "coverage_stated", "stated", PL_COLUMN_TEXT },
        { "coverage_observed", "observed", PL_COLUMN_TEXT },
        { "observations", "observations", PL_COLUMN_COUNT },
        { "skipped", "indeterminate", PL_COLUMN_COUNT },
        { "breaches_expected", "breaches expected", PL_COLUMN_TEXT },
        { "breaches", "breaches", PL_COLUMN_COUNT },
        { "holds", "coverage holds", PL_COLUMN_TEXT },
    };
    struct pl_listing listing;
    pl_listing_start(&listing, output, columns, COUNT_OF(columns));
    for (size_t i = 0; i < b->result_count; i++) {
        const struct result *r = &b->results[i];
        char text[SHARE_TEXT_BYTES];
        pl_i128 allowed_q40 = (pl_i128)r->observations * (Q40_ONE - r->coverage_q40);
        pl_listing_text(&listing, r->name);
        share_text(text, r->coverage_q40, Q40_ONE, 6);
        pl_listing_text(&listing, text);
        share_text(text, r->observations - r->breaches, r->observations, 6);
        pl_listing_text(&listing, r->observations == 0 ? NULL : text);
        pl_listing_count(&listing, r->observations);
        pl_listing_count(&listing, r->skipped);
        share_text(text, allowed_q40, Q40_ONE, 2);
        pl_listing_text(&listing, text);
        pl_listing_count(&listing, r->breaches);
        pl_listing_text(&listing, r->observations == 0                            ? NULL
                                  : (pl_i128)r->breaches * Q40_ONE <= allowed_q40 ? "yes"
                                                                                  : "no");
    }
    pl_output_listing(output, "models", NULL, &listing, true);
}

static void list_breaches(const struct backtest *b, struct pl_output *output)
{
    static const struct pl_column columns[] = {
        { "model", "model", PL_COLUMN_TEXT },
        { "account", "account", PL_COLUMN_TEXT },
        { "tick", "tick", PL_COLUMN_COUNT },
        { "time", "time", PL_COLUMN_TIME },
        { "loss", "loss to the next tick", PL_COLUMN_MONEY },
        { "requirement", "maintenance", PL_COLUMN_MONEY },
        { "shortfall", "shortfall", PL_COLUMN_MONEY },
    };
    struct pl_listing listing;
    pl_listing_start(&listing, output, columns, COUNT_OF(columns));
    for (size_t i = 0; i < b->result_count; i++) {
        for (size_t k = 0; k < b->results[i].worst_count; k++) {
            const struct breach *breach = &b->results[i].worst[k];
            pl_listing_text(&listing, b->results[i].name);
            pl_listing_text(&listing, b->session->book->accounts[breach->account].name);
            pl_listing_count(&listing, breach->tick);
            pl_listing_time(&listing, breach->time_us);
            pl_listing_money(&listing, breach->loss);
            pl_listing_money(&listing, breach->requirement);
            pl_listing_money(&listing, breach->loss - breach->requirement);
        }
    }
    pl_output_listing(output, "worst_breaches", "worst breaches:", &listing, false);
}

static int say(const struct backtest *b)
{
    struct pl_output output;
    pl_output_start(&output, b->options->format);
    pl_output_text(&output, "book", "book", b->session->book->name);
    pl_output_text(&output, "device", "device", b->session->device_uri);
    pl_output_text(&output, "settlement_currency", "settlement currency",
                   b->session->book->settlement_currency);
    pl_output_count(&output, "tick_count", "ticks", b->session->book->tick_count);
    list_models(b, &output);
    list_breaches(b, &output);
    return pl_output_finish(&output);
}

static int run_models(struct backtest *b)
{
    b->before = pl_verdicts_alloc(b->session);
    b->after = pl_verdicts_alloc(b->session);
    b->holds = calloc((size_t)b->session->book->account_count + 1, sizeof *b->holds);
    if (b->before == NULL || b->after == NULL || b->holds == NULL) {
        pl_complain("%s: out of memory", b->session->book->path);
        return -ENOMEM;
    }
    b->result_count = b->options->model_count == 0 ? 1 : b->options->model_count;
    int error = 0;
    for (size_t i = 0; i < b->result_count && error == 0; i++) {
        if (i > 0) /* the first one is loaded */
            error = pl_session_load(b->session, b->options->models[i]);
        error = error != 0 ? error : run_model(b, &b->results[i]);
    }
    return error != 0 ? error : say(b);
}

int pl_cli_backtest(const struct pl_options *options)
{
    struct backtest b = { .options = options };
    enum pl_exit opened = pl_session_open(options, &b.session);
    if (opened != PL_EXIT_OK)
        return opened;
    int error = run_models(&b);
    free(b.before);
    free(b.after);
    free(b.holds);
    pl_session_close(b.session);
    return error == 0 ? PL_EXIT_OK : PL_EXIT_ERROR;
}
