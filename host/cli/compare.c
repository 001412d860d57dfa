/* plimsoll compare: two models, one book, one tick. */
#include <errno.h>
#include <stdlib.h>

#include "commands.h"
#include "states.h"

#define COUNT_OF(columns) (sizeof columns / sizeof columns[0])

struct side {
    char name[PL_MODEL_NAME_MAX];
    const char *path;
    uint64_t states[PL_STATES];
    struct pl_verdict *verdicts;
    pl_i128 maintenance, initial; /* of the accounts that both models judge */
};

struct comparison {
    struct side sides[2];
    uint32_t account_count;
    uint32_t judged, changed;
    pl_i128 *changes; /* scratch: one requirement's change per judged account */
};

static bool is_judged(const struct comparison *c, uint32_t account)
{
    return c->sides[0].verdicts[account].state != PL_STATE_INDETERMINATE &&
           c->sides[1].verdicts[account].state != PL_STATE_INDETERMINATE;
}

static int evaluate_side(struct pl_session *session, const struct pl_options *options,
                         struct side *side)
{
    int error = pl_session_seek(session, options->tick);
    if (error == 0)
        error = pl_session_evaluate(session, session->accounts, session->book->account_count,
                                    side->verdicts, side->states);
    for (size_t i = 0; i < sizeof side->name; i++)
        side->name[i] = session->model->name[i];
    return error;
}

static void add_up(struct comparison *c)
{
    for (uint32_t i = 0; i < c->account_count; i++) {
        c->changed += c->sides[0].verdicts[i].state != c->sides[1].verdicts[i].state ? 1 : 0;
        if (!is_judged(c, i))
            continue;
        c->judged++;
        for (int s = 0; s < 2; s++) {
            c->sides[s].maintenance += pl_maintenance_requirement(&c->sides[s].verdicts[i]);
            c->sides[s].initial += pl_initial_requirement(&c->sides[s].verdicts[i]);
        }
    }
}

static void list_models(const struct comparison *c, struct pl_output *output)
{
    static const struct pl_column columns[] = {
        { "model", "model", PL_COLUMN_TEXT },
        { "path", "path", PL_COLUMN_TEXT },
        { "maintenance", "maintenance total", PL_COLUMN_MONEY },
        { "initial", "initial total", PL_COLUMN_MONEY },
        { "healthy", "healthy", PL_COLUMN_COUNT },
        { "margin_call", "margin call", PL_COLUMN_COUNT },
        { "indeterminate", "indeterm.", PL_COLUMN_COUNT },
        { "liquidate", "liquidate", PL_COLUMN_COUNT },
        { "bankrupt", "bankrupt", PL_COLUMN_COUNT },
    };
    struct pl_listing listing;
    pl_listing_start(&listing, output, columns, COUNT_OF(columns));
    for (int s = 0; s < 2; s++) {
        pl_listing_text(&listing, c->sides[s].name);
        pl_listing_text(&listing, c->sides[s].path);
        pl_listing_money(&listing, c->sides[s].maintenance);
        pl_listing_money(&listing, c->sides[s].initial);
        for (int state = 0; state < PL_STATES; state++)
            pl_listing_count(&listing, c->sides[s].states[state]);
    }
    pl_output_listing(output, "models", NULL, &listing, false);
}

static int compare_changes(const void *left, const void *right)
{
    pl_i128 a = *(const pl_i128 *)left, b = *(const pl_i128 *)right;
    return a > b ? 1 : a < b ? -1 : 0;
}

/* The value at a share of the sorted changes, by the nearest rank. */
static pl_i128 quantile(const struct comparison *c, unsigned percent)
{
    uint64_t rank = ((uint64_t)percent * c->judged + 99) / 100;
    return c->judged == 0 ? 0 : c->changes[rank == 0 ? 0 : rank - 1];
}

static void list_change(struct comparison *c, struct pl_listing *listing, bool initial)
{
    static const unsigned percents[] = { 0, 5, 25, 50, 75, 95, 100 };
    uint64_t lower = 0, equal = 0, count = 0;
    for (uint32_t i = 0; i < c->account_count; i++) {
        const struct pl_verdict *a = &c->sides[0].verdicts[i], *b = &c->sides[1].verdicts[i];
        if (!is_judged(c, i))
            continue;
        pl_i128 change = initial ? pl_initial_requirement(b) - pl_initial_requirement(a)
                                 : pl_maintenance_requirement(b) - pl_maintenance_requirement(a);
        lower += change < 0 ? 1 : 0;
        equal += change == 0 ? 1 : 0;
        c->changes[count++] = change;
    }
    qsort(c->changes, count, sizeof *c->changes, compare_changes);
    pl_listing_text(listing, initial ? "initial" : "maintenance");
    pl_listing_count(listing, lower);
    pl_listing_count(listing, equal);
    pl_listing_count(listing, count - lower - equal);
    for (size_t i = 0; i < COUNT_OF(percents); i++)
        pl_listing_money(listing, quantile(c, percents[i]));
}

static void list_distribution(struct comparison *c, struct pl_output *output)
{
    static const struct pl_column columns[] = {
        { "requirement", "requirement", PL_COLUMN_TEXT },
        { "lower", "lower", PL_COLUMN_COUNT },
        { "equal", "equal", PL_COLUMN_COUNT },
        { "higher", "higher", PL_COLUMN_COUNT },
        { "least", "least", PL_COLUMN_MONEY },
        { "p05", "5 %", PL_COLUMN_MONEY },
        { "p25", "25 %", PL_COLUMN_MONEY },
        { "median", "median", PL_COLUMN_MONEY },
        { "p75", "75 %", PL_COLUMN_MONEY },
        { "p95", "95 %", PL_COLUMN_MONEY },
        { "most", "most", PL_COLUMN_MONEY },
    };
    struct pl_listing listing;
    pl_listing_start(&listing, output, columns, COUNT_OF(columns));
    list_change(c, &listing, false);
    list_change(c, &listing, true);
    pl_output_listing(output, "change", "change of the requirement per account, B - A:", &listing,
                      false);
}

static void list_accounts(const struct comparison *c, const struct pl_session *session,
                          struct pl_output *output)
{
    static const struct pl_column columns[] = {
        { "account", "account", PL_COLUMN_TEXT },
        { "mode", "mode", PL_COLUMN_TEXT },
        { "state_a", "state A", PL_COLUMN_TEXT },
        { "state_b", "state B", PL_COLUMN_TEXT },
        { "equity_b", "equity", PL_COLUMN_MONEY },
        { "maintenance_a", "maintenance A", PL_COLUMN_MONEY },
        { "maintenance_b", "maintenance B", PL_COLUMN_MONEY },
        { "initial_a", "initial A", PL_COLUMN_MONEY },
        { "initial_b", "initial B", PL_COLUMN_MONEY },
    };
    struct pl_listing listing;
    pl_listing_start(&listing, output, columns, COUNT_OF(columns));
    for (uint32_t i = 0; i < c->account_count; i++) {
        const struct pl_verdict *a = &c->sides[0].verdicts[i], *b = &c->sides[1].verdicts[i];
        if (a->state == b->state)
            continue;
        pl_listing_text(&listing, session->book->accounts[i].name);
        pl_listing_text(&listing, pl_mode_name(a->mode));
        pl_listing_state(&listing, a->state);
        pl_listing_state(&listing, b->state);
        pl_listing_money(&listing, b->equity);
        pl_listing_money(&listing, pl_maintenance_requirement(a));
        pl_listing_money(&listing, pl_maintenance_requirement(b));
        pl_listing_money(&listing, pl_initial_requirement(a));
        pl_listing_money(&listing, pl_initial_requirement(b));
    }
    pl_output_listing(output, "accounts", "accounts whose state changes:", &listing, true);
}

static int say(struct comparison *c, const struct pl_session *session, enum pl_format format)
{
    struct pl_output output;
    pl_output_start(&output, format);
    pl_output_text(&output, "book", "book", session->book->name);
    pl_output_text(&output, "device", "device", session->device_uri);
    pl_output_text(&output, "settlement_currency", "settlement currency",
                   session->book->settlement_currency);
    pl_output_count(&output, "tick", "tick", session->tick);
    pl_output_time(&output, "time", "time", session->time_us);
    pl_output_text(&output, "model_a", "model A", c->sides[0].name);
    pl_output_text(&output, "model_b", "model B", c->sides[1].name);
    pl_output_count(&output, "compared", "accounts compared", c->judged);
    pl_output_count(&output, "not_compared", "indeterminate", c->account_count - c->judged);
    pl_output_count(&output, "changed", "change state", c->changed);
    list_models(c, &output);
    list_distribution(c, &output);
    list_accounts(c, session, &output);
    return pl_output_finish(&output);
}

static int compare(struct comparison *c, struct pl_session *session,
                   const struct pl_options *options)
{
    c->account_count = session->book->account_count;
    c->sides[0].path = options->model_a;
    c->sides[1].path = options->model_b;
    c->sides[0].verdicts = pl_verdicts_alloc(session);
    c->sides[1].verdicts = pl_verdicts_alloc(session);
    c->changes = calloc((size_t)c->account_count + 1, sizeof *c->changes);
    if (c->sides[0].verdicts == NULL || c->sides[1].verdicts == NULL || c->changes == NULL) {
        pl_complain("%s: out of memory", session->book->path);
        return -ENOMEM;
    }
    int error = evaluate_side(session, options, &c->sides[0]);
    error = error != 0 ? error : pl_session_load(session, options->model_b);
    error = error != 0 ? error : evaluate_side(session, options, &c->sides[1]);
    if (error != 0)
        return error;
    add_up(c);
    return say(c, session, options->format);
}

int pl_cli_compare(const struct pl_options *options)
{
    struct comparison c = { 0 };
    struct pl_session *session;
    enum pl_exit opened = pl_session_open(options, &session);
    if (opened != PL_EXIT_OK)
        return opened;
    int error = compare(&c, session, options);
    free(c.changes);
    free(c.sides[0].verdicts);
    free(c.sides[1].verdicts);
    pl_session_close(session);
    return error == 0 ? PL_EXIT_OK : PL_EXIT_ERROR;
}
