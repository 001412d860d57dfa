/* plimsoll check: everything that can go wrong with a book goes wrong here. */
#include <inttypes.h>
#include <stdlib.h>

#include "commands.h"
#include "progress.h"
#include "states.h"

static int run_ticks(struct pl_session *session)
{
    struct pl_verdict *verdicts = pl_verdicts_alloc(session);
    struct pl_progress progress;
    int error = verdicts == NULL ? -1 : 0;
    pl_progress_start(&progress, "check", session->book->tick_count);
    while (error == 0 && session->tick < session->book->tick_count) {
        error = pl_session_advance(session);
        if (error == 0 && session->tick == 1) /* refuses what no tick can change */
            error = pl_session_evaluate(session, session->accounts, session->book->account_count,
                                        verdicts, NULL);
        pl_progress_step(&progress, session->tick);
    }
    pl_progress_end(&progress);
    free(verdicts);
    return error;
}

static void say(struct pl_output *output, const struct pl_session *session)
{
    static const struct pl_column columns[] = {
        { "book", "book", PL_COLUMN_TEXT },
        { "model", "model", PL_COLUMN_TEXT },
        { "instruments", "instruments", PL_COLUMN_COUNT },
        { "underlyings", "underlyings", PL_COLUMN_COUNT },
        { "ticks", "ticks", PL_COLUMN_COUNT },
        { "tick_rows", "tick rows", PL_COLUMN_COUNT },
        { "accounts", "accounts", PL_COLUMN_COUNT },
        { "positions", "positions", PL_COLUMN_COUNT },
        { "orders", "orders", PL_COLUMN_COUNT },
        { "settlements", "settlements", PL_COLUMN_COUNT },
        { "sources", "sources", PL_COLUMN_COUNT },
        { "reports", "reports", PL_COLUMN_COUNT },
        { "rules", "rules of the venue", PL_COLUMN_TEXT },
    };
    const struct pl_book *book = session->book;
    const uint64_t counts[] = { book->instrument_count, book->underlying_count,
                                book->tick_count,       book->tick_row_count,
                                book->account_count,    book->position_count,
                                book->order_count,      book->settlement_count,
                                book->source_count,     book->report_count };
    if (output->format == PL_FORMAT_TABLE) {
        pl_buffer_add(&output->text, "valid: book %s, model %s:", book->name, session->model->name);
        for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
            pl_buffer_add(&output->text, "%s %" PRIu64 " %s", i == 0 ? "" : ",", counts[i],
                          columns[i + 2].title);
        pl_buffer_add(&output->text, "; rules of the venue: %s\n",
                      pl_book_rules_source(&session->rules));
        return;
    }
    struct pl_listing listing;
    pl_listing_start(&listing, output, columns, sizeof columns / sizeof columns[0]);
    pl_listing_text(&listing, book->name);
    pl_listing_text(&listing, session->model->name);
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
        pl_listing_count(&listing, counts[i]);
    pl_listing_text(&listing, pl_book_rules_source(&session->rules));
    pl_output_listing(output, "valid", NULL, &listing, true);
}

int pl_cli_check(const struct pl_options *options)
{
    struct pl_session *session;
    struct pl_output output;
    enum pl_exit opened = pl_session_open(options, &session);
    if (opened != PL_EXIT_OK)
        return opened;
    int error = run_ticks(session);
    if (error == 0) {
        pl_output_start(&output, options->format);
        if (options->rules)
            pl_book_rules_text(&session->rules, session->book, &output.text);
        else
            say(&output, session);
        error = pl_output_finish(&output);
    }
    pl_session_close(session);
    return error == 0 ? PL_EXIT_OK : PL_EXIT_ERROR;
}
