/* plimsoll eval: one tick, as it is or with proposed trades. */
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "evidence.h"
#include "trades.h"

#define COUNT_OF(columns) (sizeof columns / sizeof columns[0])

static void list_verdicts(struct pl_output *output, const struct pl_session *session,
                          const struct pl_verdict *verdicts)
{
    static const struct pl_column columns[] = {
        { "account", "account", PL_COLUMN_TEXT },
        { "mode", "mode", PL_COLUMN_TEXT },
        { "state", "state", PL_COLUMN_TEXT },
        { "equity", "equity", PL_COLUMN_MONEY },
        { "maintenance_excess", "maintenance excess", PL_COLUMN_MONEY },
        { "initial_excess", "initial excess", PL_COLUMN_MONEY },
        { "worst_loss", "worst loss", PL_COLUMN_MONEY },
        { "delta", "cash delta", PL_COLUMN_MONEY },
        { "gamma", "gamma 1 %", PL_COLUMN_MONEY },
        { "vega", "vega", PL_COLUMN_MONEY },
        { "theta", "theta/day", PL_COLUMN_MONEY },
        { "rho", "rho 1 %", PL_COLUMN_MONEY },
        { "worst_scenario", "worst scenario", PL_COLUMN_TEXT },
        { "flags", "flags", PL_COLUMN_WORDS },
    };
    struct pl_listing listing;
    char scenario[PL_SCENARIO_TEXT_BYTES], flags[PL_FLAGS_TEXT_BYTES];
    pl_listing_start(&listing, output, columns, COUNT_OF(columns));
    for (uint32_t i = 0; i < session->book->account_count; i++) {
        const struct pl_verdict *v = &verdicts[i];
        pl_listing_text(&listing, session->book->accounts[i].name);
        pl_listing_text(&listing, pl_mode_name(v->mode));
        pl_listing_state(&listing, v->state);
        pl_listing_money(&listing, v->equity);
        pl_listing_money(&listing, v->maintenance_excess);
        pl_listing_money(&listing, v->initial_excess);
        pl_listing_money(&listing, v->worst_loss);
        pl_listing_money(&listing, v->delta);
        pl_listing_money(&listing, v->gamma);
        pl_listing_money(&listing, v->vega);
        pl_listing_money(&listing, v->theta);
        pl_listing_money(&listing, v->rho);
        pl_session_scenario(session, v, scenario);
        pl_listing_text(&listing, strcmp(scenario, "-") == 0 ? NULL : scenario);
        pl_flags_text(v->flags, flags);
        pl_listing_text(&listing, flags);
    }
    pl_output_listing(output, "accounts", NULL, &listing, true);
}

static bool differs(const struct pl_verdict *a, const struct pl_verdict *b)
{
    return a->state != b->state || a->equity != b->equity ||
           a->maintenance_excess != b->maintenance_excess ||
           a->initial_excess != b->initial_excess || a->flags != b->flags;
}

static void list_changes(struct pl_output *output, const struct pl_session *session,
                         const struct pl_verdict *before, const struct pl_verdict *after)
{
    static const struct pl_column columns[] = {
        { "account", "account", PL_COLUMN_TEXT },
        { "state_before", "state before", PL_COLUMN_TEXT },
        { "state_after", "state after", PL_COLUMN_TEXT },
        { "equity_before", "equity before", PL_COLUMN_MONEY },
        { "equity_after", "equity after", PL_COLUMN_MONEY },
        { "maintenance_excess_before", "maint. excess before", PL_COLUMN_MONEY },
        { "maintenance_excess_after", "maint. excess after", PL_COLUMN_MONEY },
        { "initial_excess_before", "initial excess before", PL_COLUMN_MONEY },
        { "initial_excess_after", "initial excess after", PL_COLUMN_MONEY },
        { "worst_scenario_after", "worst scenario after", PL_COLUMN_TEXT },
        { "flags_after", "flags after", PL_COLUMN_WORDS },
    };
    struct pl_listing listing;
    char scenario[PL_SCENARIO_TEXT_BYTES], flags[PL_FLAGS_TEXT_BYTES];
    pl_listing_start(&listing, output, columns, COUNT_OF(columns));
    for (uint32_t i = 0; i < session->book->account_count; i++) {
        const struct pl_verdict *a = &before[i], *b = &after[i];
        if (!differs(a, b))
            continue;
        pl_listing_text(&listing, session->book->accounts[i].name);
        pl_listing_state(&listing, a->state);
        pl_listing_state(&listing, b->state);
        pl_listing_money(&listing, a->equity);
        pl_listing_money(&listing, b->equity);
        pl_listing_money(&listing, a->maintenance_excess);
        pl_listing_money(&listing, b->maintenance_excess);
        pl_listing_money(&listing, a->initial_excess);
        pl_listing_money(&listing, b->initial_excess);
        pl_session_scenario(session, b, scenario);
        pl_listing_text(&listing, strcmp(scenario, "-") == 0 ? NULL : scenario);
        pl_flags_text(b->flags, flags);
        pl_listing_text(&listing, flags);
    }
    pl_output_listing(output, "changes", "accounts whose state or excess changes:", &listing, true);
}

/* Before and after. `states` receives those after. */
static int eval_trades(struct pl_session *session, const struct pl_options *options,
                       const struct pl_verdict *before, uint64_t states[PL_STATES],
                       struct pl_output *output)
{
    struct pl_trade *trades;
    size_t count;
    uint64_t states_before[PL_STATES];
    memcpy(states_before, states, sizeof states_before);
    int error = pl_trades_load(session, options->with, &trades, &count);
    if (error != 0)
        return error;
    struct pl_verdict *after = pl_verdicts_alloc(session);
    error = after == NULL ? -1 : pl_trades_apply(session, options->with, trades, count);
    if (error == 0)
        error = pl_session_evaluate(session, session->accounts, session->book->account_count, after,
                                    states);
    if (error == 0) {
        pl_output_session(output, session, true);
        pl_output_text(output, "with", "with", options->with);
        pl_output_count(output, "trades", "trades", count);
        pl_output_states(output, states_before, states);
        list_changes(output, session, before, after);
    }
    free(after);
    free(trades);
    return error;
}

static int write_report(struct pl_session *session, const struct pl_options *options,
                        const struct pl_verdict *verdicts, const uint64_t states[PL_STATES])
{
    struct pl_history history;
    struct pl_evidence evidence;
    int error = pl_history_open(&history, session);
    if (error != 0)
        return error;
    error = pl_evidence_open(&evidence, session, 1);
    if (error == 0) {
        pl_history_add(&history, session, verdicts, states);
        error = pl_evidence_add(&evidence, session, verdicts, states);
        error = error != 0 ? error : pl_evidence_report(&evidence, &history, session, options);
        pl_evidence_close(&evidence);
    }
    pl_history_close(&history);
    return error;
}

static int eval_tick(struct pl_session *session, const struct pl_options *options,
                     struct pl_verdict *verdicts, struct pl_output *output, enum pl_exit *status)
{
    uint32_t accounts = session->book->account_count;
    uint64_t states[PL_STATES];
    int error = pl_session_seek(session, options->tick);
    error = error != 0
                ? error
                : pl_session_evaluate(session, session->accounts, accounts, verdicts, states);
    if (error == 0 && options->with != NULL) {
        error = eval_trades(session, options, verdicts, states, output);
    } else if (error == 0) {
        pl_output_session(output, session, true);
        pl_output_hash(output, "hash", "hash of verdicts",
                       pl_fnv1a(PL_FNV1A_START, verdicts, accounts * sizeof *verdicts));
        pl_output_states(output, states, NULL);
        list_verdicts(output, session, verdicts);
        pl_output_device(output, session);
        if (options->report != NULL)
            error = write_report(session, options, verdicts, states);
    }
    if (error == 0)
        *status = pl_exit_of(states);
    return error;
}

int pl_cli_eval(const struct pl_options *options)
{
    struct pl_session *session;
    struct pl_output output;
    enum pl_exit status = PL_EXIT_ERROR;
    enum pl_exit opened = pl_session_open(options, &session);
    if (opened != PL_EXIT_OK)
        return opened;
    struct pl_verdict *verdicts = pl_verdicts_alloc(session);
    pl_output_start(&output, options->format);
    if (verdicts == NULL || eval_tick(session, options, verdicts, &output, &status) != 0)
        pl_output_free(&output);
    else if (pl_output_finish(&output) != 0)
        status = PL_EXIT_ERROR;
    free(verdicts);
    pl_session_close(session);
    return status;
}
