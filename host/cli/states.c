#include "states.h"

#include <stdlib.h>
#include <string.h>

void pl_output_session(struct pl_output *output, const struct pl_session *session, bool with_tick)
{
    pl_output_text(output, "book", "book", session->book->name);
    pl_output_text(output, "model", "model", session->model->name);
    pl_output_text(output, "device", "device", session->device_uri);
    pl_output_text(output, "settlement_currency", "settlement currency",
                   session->book->settlement_currency);
    if (!with_tick)
        return;
    pl_output_count(output, "tick", "tick", session->tick);
    pl_output_time(output, "time", "time", session->time_us);
}

void pl_output_device(struct pl_output *output, const struct pl_session *session)
{
    char report[PL_MESSAGE_BYTES];
    char *rest = NULL, *line = strtok_r(pl_device_report(session->device, report), "\n", &rest);
    if (line == NULL)
        return;
    pl_output_note(output, "%s", "");
    pl_output_note(output, "the device: %s", line);
    while ((line = strtok_r(NULL, "\n", &rest)) != NULL)
        pl_output_note(output, "  %s", line);
}

static const char *state_word(uint8_t state)
{
    return state == PL_STATE_MARGIN_CALL ? "margin_call" : pl_state_name(state);
}

void pl_listing_state(struct pl_listing *listing, uint8_t state)
{
    pl_listing_text(listing,
                    listing->format == PL_FORMAT_TABLE ? pl_state_name(state) : state_word(state));
}

void pl_output_state(struct pl_output *output, uint8_t state)
{
    pl_output_text(output, "state", "state",
                   output->format == PL_FORMAT_TABLE ? pl_state_name(state) : state_word(state));
}

void pl_output_states(struct pl_output *output, const uint64_t states[PL_STATES],
                      const uint64_t *after)
{
    static const struct pl_column one[] = {
        { "state", "state", PL_COLUMN_TEXT },
        { "accounts", "accounts", PL_COLUMN_COUNT },
    };
    static const struct pl_column two[] = {
        { "state", "state", PL_COLUMN_TEXT },
        { "before", "before", PL_COLUMN_COUNT },
        { "after", "after", PL_COLUMN_COUNT },
    };
    struct pl_listing listing;
    pl_listing_start(&listing, output, after == NULL ? one : two, after == NULL ? 2 : 3);
    for (uint8_t state = 0; state < PL_STATES; state++) {
        pl_listing_state(&listing, state);
        pl_listing_count(&listing, states[state]);
        if (after != NULL)
            pl_listing_count(&listing, after[state]);
    }
    pl_output_listing(output, "states", NULL, &listing, false);
}

enum pl_exit pl_exit_of(const uint64_t states[PL_STATES])
{
    if (states[PL_STATE_LIQUIDATE] + states[PL_STATE_BANKRUPT] > 0)
        return PL_EXIT_LIQUIDATE;
    return states[PL_STATE_INDETERMINATE] > 0 ? PL_EXIT_INDETERMINATE : PL_EXIT_OK;
}

pl_i128 pl_maintenance_requirement(const struct pl_verdict *verdict)
{
    return (pl_i128)verdict->equity - verdict->maintenance_excess;
}

pl_i128 pl_initial_requirement(const struct pl_verdict *verdict)
{
    return (pl_i128)verdict->equity - verdict->initial_excess;
}

uint64_t pl_fnv1a(uint64_t hash, const void *bytes, size_t count)
{
    const unsigned char *at = bytes;
    for (size_t i = 0; i < count; i++)
        hash = (hash ^ at[i]) * UINT64_C(0x100000001b3);
    return hash;
}

struct pl_verdict *pl_verdicts_alloc(const struct pl_session *session)
{
    struct pl_verdict *verdicts =
        calloc((size_t)session->book->account_count + 1, sizeof *verdicts);
    if (verdicts == NULL)
        pl_complain("%s: out of memory for the verdicts of %u accounts", session->book->path,
                    session->book->account_count);
    return verdicts;
}
