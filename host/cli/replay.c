/* plimsoll replay: every tick, in order. */
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "due.h"
#include "evidence.h"
#include "progress.h"

#define COUNT_OF(columns) (sizeof columns / sizeof columns[0])

static const struct pl_column tick_columns[] = {
    { "tick", "tick", PL_COLUMN_COUNT },
    { "time", "time", PL_COLUMN_TIME },
    { "healthy", "healthy", PL_COLUMN_COUNT },
    { "margin_call", "margin call", PL_COLUMN_COUNT },
    { "indeterminate", "indeterm.", PL_COLUMN_COUNT },
    { "liquidate", "liquidate", PL_COLUMN_COUNT },
    { "bankrupt", "bankrupt", PL_COLUMN_COUNT },
    { "new", "new", PL_COLUMN_COUNT },
    { "first", "first", PL_COLUMN_TEXT },
    { "worst", "worst", PL_COLUMN_TEXT },
    { "worst_maintenance_excess", "maintenance excess", PL_COLUMN_MONEY },
};

/* With --budget: figures of whoever was not judged are older than the tick. */
static const struct pl_column budget_columns[] = {
    { "tick", "tick", PL_COLUMN_COUNT },
    { "time", "time", PL_COLUMN_TIME },
    { "healthy", "healthy", PL_COLUMN_COUNT },
    { "margin_call", "margin call", PL_COLUMN_COUNT },
    { "indeterminate", "indeterm.", PL_COLUMN_COUNT },
    { "liquidate", "liquidate", PL_COLUMN_COUNT },
    { "bankrupt", "bankrupt", PL_COLUMN_COUNT },
    { "new", "new", PL_COLUMN_COUNT },
    { "first", "first", PL_COLUMN_TEXT },
    { "judged", "judged", PL_COLUMN_COUNT },
};

struct replay {
    struct pl_session *session;
    const struct pl_options *options;
    struct pl_verdict *verdicts;
    struct pl_history history;
    struct pl_evidence evidence; /* with --report */
    struct pl_due due;           /* with --budget */
    struct pl_listing ticks;
};

static const char *name_of(const struct replay *r, uint32_t account)
{
    return account == PL_NO_ACCOUNT ? NULL : r->session->book->accounts[account].name;
}

static void list_tick(struct replay *r, const uint64_t states[PL_STATES])
{
    const struct pl_history_tick *last = &r->history.last;
    pl_listing_count(&r->ticks, r->session->tick);
    pl_listing_time(&r->ticks, r->session->time_us);
    for (int state = 0; state < PL_STATES; state++)
        pl_listing_count(&r->ticks, states[state]);
    pl_listing_count(&r->ticks, last->crossed);
    pl_listing_text(&r->ticks, name_of(r, last->first_new));
    if (r->options->budget) {
        pl_listing_count(&r->ticks, r->due.counts[r->due.ticks - 1]);
        return;
    }
    pl_listing_text(&r->ticks, name_of(r, last->worst));
    if (last->worst == PL_NO_ACCOUNT)
        pl_listing_text(&r->ticks, NULL);
    else
        pl_listing_money(&r->ticks, r->verdicts[last->worst].maintenance_excess);
}

static int run_ticks(struct replay *r)
{
    struct pl_session *session = r->session;
    struct pl_progress progress;
    uint64_t states[PL_STATES];
    int error = 0;
    pl_progress_start(&progress, "replay", session->book->tick_count);
    while (session->tick < session->book->tick_count && error == 0) {
        error = pl_session_advance(session);
        if (error == 0 && r->options->budget)
            error = pl_due_judge(&r->due, r->verdicts, states);
        else if (error == 0)
            error = pl_session_evaluate(session, session->accounts, session->book->account_count,
                                        r->verdicts, states);
        if (error != 0)
            break;
        pl_recording_end_batch(&session->recording);
        pl_history_add(&r->history, session, r->verdicts, states);
        list_tick(r, states);
        if (r->options->report != NULL)
            error = pl_evidence_add(&r->evidence, session, r->verdicts, states);
        pl_progress_step(&progress, session->tick);
    }
    pl_progress_end(&progress);
    return error;
}

static void list_crossings(const struct replay *r, struct pl_output *output)
{
    static const struct pl_column columns[] = {
        { "account", "account", PL_COLUMN_TEXT },
        { "mode", "mode", PL_COLUMN_TEXT },
        { "tick", "tick", PL_COLUMN_COUNT },
        { "time", "time", PL_COLUMN_TIME },
        { "state", "state", PL_COLUMN_TEXT },
        { "maintenance_excess", "maintenance excess", PL_COLUMN_MONEY },
        { "scenario", "scenario", PL_COLUMN_TEXT },
        { "ticks_below", "ticks below", PL_COLUMN_COUNT },
        { "worst_tick", "worst tick", PL_COLUMN_COUNT },
        { "worst_time", "worst time", PL_COLUMN_TIME },
        { "worst_state", "worst state", PL_COLUMN_TEXT },
        { "worst_maintenance_excess", "lowest excess", PL_COLUMN_MONEY },
        { "worst_equity", "equity there", PL_COLUMN_MONEY },
        { "worst_scenario", "worst scenario", PL_COLUMN_TEXT },
    };
    const size_t without_worst = 8; /* those above `worst tick` */
    struct pl_listing listing;
    char scenario[PL_SCENARIO_TEXT_BYTES];
    pl_listing_start(&listing, output, columns,
                     r->options->budget ? without_worst : COUNT_OF(columns));
    for (uint32_t i = 0; i < r->history.account_count; i++) {
        const struct pl_history_account *a = &r->history.accounts[i];
        if (!a->crossed)
            continue;
        pl_listing_text(&listing, name_of(r, i));
        pl_listing_text(&listing, pl_mode_name(a->first.mode));
        pl_listing_count(&listing, a->first.tick);
        pl_listing_time(&listing, a->first_us);
        pl_listing_state(&listing, a->first.state);
        pl_listing_money(&listing, a->first.maintenance_excess);
        pl_session_scenario(r->session, &a->first, scenario);
        pl_listing_text(&listing, strcmp(scenario, "-") == 0 ? NULL : scenario);
        pl_listing_count(&listing, a->ticks_below);
        if (r->options->budget)
            continue;
        pl_listing_count(&listing, a->worst.tick);
        pl_listing_time(&listing, a->worst_us);
        pl_listing_state(&listing, a->worst.state);
        pl_listing_money(&listing, a->worst.maintenance_excess);
        pl_listing_money(&listing, a->worst.equity);
        pl_session_scenario(r->session, &a->worst, scenario);
        pl_listing_text(&listing, strcmp(scenario, "-") == 0 ? NULL : scenario);
    }
    pl_output_listing(output, "crossings", "who crossed the line:", &listing,
                      r->options->crossings);
}

static void say_budget(struct replay *r, struct pl_output *output)
{
    uint64_t median, most;
    pl_due_spread(&r->due, &median, &most);
    pl_output_count(output, "judged", "judged", r->due.total);
    pl_output_count(output, "verdicts", "of verdicts",
                    r->due.ticks * r->session->book->account_count);
    pl_output_count(output, "judged_median", "judged, median tick", median);
    pl_output_count(output, "judged_most", "judged, most", most);
}

static int say(struct replay *r, struct pl_output *output)
{
    pl_output_session(output, r->session, false);
    if (r->options->crossings && output->format == PL_FORMAT_TABLE)
        pl_listing_free(&r->ticks);
    else
        pl_output_listing(output, "ticks", NULL, &r->ticks, !r->options->crossings);
    list_crossings(r, output);
    pl_output_note(output, "%s", "");
    pl_output_count(output, "tick_count", "ticks", r->session->book->tick_count);
    pl_output_count(output, "account_count", "accounts", r->history.account_count);
    pl_output_count(output, "crossed", "crossed the line", r->history.crossed);
    pl_output_count(output, "indeterminate_verdicts", "indeterminate verdicts",
                    r->history.seen[PL_STATE_INDETERMINATE]);
    if (r->options->budget)
        say_budget(r, output);
    else
        pl_output_hash(output, "hash", "hash of verdicts", r->history.hash);
    pl_output_device(output, r->session);
    return pl_output_finish(output);
}

static int replay(struct replay *r)
{
    struct pl_output output;
    int error = 0;
    pl_output_start(&output, r->options->format);
    if (r->options->budget) {
        pl_listing_start(&r->ticks, &output, budget_columns, COUNT_OF(budget_columns));
        error = pl_due_open(&r->due, r->session);
    } else {
        pl_listing_start(&r->ticks, &output, tick_columns, COUNT_OF(tick_columns));
    }
    if (r->options->report != NULL)
        error = pl_evidence_open(&r->evidence, r->session, r->session->book->tick_count);
    error = error != 0 ? error : run_ticks(r);
    if (error == 0 && r->options->report != NULL)
        error = pl_evidence_report(&r->evidence, &r->history, r->session, r->options);
    if (error == 0) {
        error = say(r, &output);
    } else {
        pl_listing_free(&r->ticks);
        pl_output_free(&output);
    }
    if (r->options->report != NULL)
        pl_evidence_close(&r->evidence);
    if (r->options->budget)
        pl_due_close(&r->due);
    return error;
}

int pl_cli_replay(const struct pl_options *options)
{
    struct replay r = { .options = options };
    enum pl_exit status = PL_EXIT_ERROR;
    enum pl_exit opened = pl_session_open(options, &r.session);
    if (opened != PL_EXIT_OK)
        return opened;
    r.verdicts = pl_verdicts_alloc(r.session);
    if (r.verdicts != NULL && pl_history_open(&r.history, r.session) == 0) {
        if (replay(&r) == 0 && !r.session->recording.failed)
            status = pl_exit_of(r.history.seen);
        pl_history_close(&r.history);
    }
    free(r.verdicts);
    pl_session_close(r.session);
    return status;
}
