#include "commands.h"
#include "states.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "stage/explain.h"

#define COUNT(array) (sizeof array / sizeof array[0])

/* Here people see all digits too: the point is that the numbers add up. */
static void exact(struct pl_listing *listing, pl_i128 value_e8)
{
    char text[PL_MONEY_TEXT_BYTES];
    pl_money_text(text, value_e8, PL_MONEY_DIGITS_EXACT);
    pl_listing_text(listing, text);
}

static void exact_fact(struct pl_output *output, const char *key, const char *title,
                       int64_t value_e8)
{
    char text[PL_MONEY_TEXT_BYTES];
    pl_money_text(text, value_e8, PL_MONEY_DIGITS_EXACT);
    pl_output_text(output, key, title, text);
}

static void put_verdict(struct pl_session *session, const struct pl_explanation *x,
                        const char *account, struct pl_output *out)
{
    const struct pl_verdict *v = &x->verdict;
    char flags[PL_FLAGS_TEXT_BYTES], worst[PL_SCENARIO_TEXT_BYTES];
    pl_flags_text(v->flags, flags);
    pl_session_scenario(session, v, worst);
    pl_output_text(out, "account", "account", account);
    pl_output_text(out, "mode", "mode", pl_mode_name(v->mode));
    pl_output_count(out, "tick", "tick", session->tick);
    pl_output_time(out, "time", "time", session->time_us);
    pl_output_state(out, v->state);
    pl_output_text(out, "flags", "flags", flags[0] == '\0' ? "none" : flags);
    exact_fact(out, "cash", "cash", x->cash);
    exact_fact(out, "entry_costs", "paid at entry (futures, perpetuals)", x->entry_costs);
    exact_fact(out, "equity", "equity = cash + paid at entry + values", v->equity);
    char factor[32];
    snprintf(factor, sizeof factor, "%.10g",
             (double)x->multiplier_q40 / (double)(INT64_C(1) << PL_COEFFICIENT_BITS));
    pl_output_text(out, "multiplier", "multiplier on the requirements", factor);
    exact_fact(out, "maintenance_requirement", "maintenance requirement", x->maintenance);
    exact_fact(out, "initial_requirement", "initial requirement", x->initial);
    exact_fact(out, "maintenance_excess", "maintenance excess = equity - requirement",
               v->maintenance_excess);
    exact_fact(out, "initial_excess", "initial excess", v->initial_excess);
    pl_output_text(out, "worst_scenario", "worst scenario", worst);
    exact_fact(out, "worst_loss", "its P&L", v->worst_loss);
    exact_fact(out, "delta", "net cash delta", v->delta);
    exact_fact(out, "gamma", "net cash gamma, per 1 %", v->gamma);
    exact_fact(out, "vega", "net vega, per vol point", v->vega);
    exact_fact(out, "theta", "net theta, per day", v->theta);
    exact_fact(out, "rho", "net rho, per 1 %", v->rho);
    if (x->view_count > 1)
        pl_output_note(out, "An unpriced coin is held: the figures count it at 0.");
}

static const struct pl_explained_underlying *underlying_of(const struct pl_explanation *x,
                                                           uint16_t underlying)
{
    for (size_t i = 0; i < x->underlying_count; i++) {
        if (x->underlyings[i].underlying == underlying)
            return &x->underlyings[i];
    }
    return NULL;
}

static const struct pl_explained_expiry *expiry_of(const struct pl_explanation *x, size_t position)
{
    for (size_t i = 0; i < x->expiry_count; i++) {
        if (x->expiries[i].index == x->positions[position].expiry)
            return &x->expiries[i];
    }
    return NULL;
}

static void put_positions(const struct pl_explanation *x, struct pl_output *out)
{
    static const struct pl_column columns[] = {
        { "position", "position", PL_COLUMN_TEXT },
        { "quantity", "quantity", PL_COLUMN_MONEY },
        { "orders", "orders", PL_COLUMN_TEXT },
        { "value", "value", PL_COLUMN_MONEY },
        { "worst_pnl", "P&L, worst scenario", PL_COLUMN_MONEY },
        { "delta", "delta", PL_COLUMN_MONEY },
        { "gamma", "gamma", PL_COLUMN_MONEY },
        { "vega", "vega", PL_COLUMN_MONEY },
        { "theta", "theta", PL_COLUMN_MONEY },
        { "flags", "flags", PL_COLUMN_WORDS },
    };
    struct pl_listing list;
    pl_listing_start(&list, out, columns, COUNT(columns));
    for (size_t i = 0; i < x->position_count; i++) {
        const struct pl_explained_position *p = &x->positions[i];
        const struct pl_explained_expiry *e = expiry_of(x, i);
        const struct pl_explained_underlying *u =
            e == NULL ? NULL : underlying_of(x, e->underlying);
        char orders[64] = "", flags[PL_FLAGS_TEXT_BYTES];
        if (p->buy_lots != 0 || p->sell_lots != 0)
            snprintf(orders, sizeof orders, "+%" PRId64 "/-%" PRId64 " steps", p->buy_lots,
                     p->sell_lots);
        pl_flags_text(p->flags, flags);
        pl_listing_text(&list, p->label);
        pl_listing_text(&list, p->quantity);
        pl_listing_text(&list, orders[0] == '\0' ? NULL : orders);
        exact(&list, p->value);
        bool scenario = u != NULL && u->result.worst_scenario < u->scenario_count;
        exact(&list, scenario ? p->pnl[u->result.worst_scenario] : 0);
        for (int g = PL_GREEK_DELTA; g <= PL_GREEK_THETA; g++)
            exact(&list, p->greeks[g]);
        pl_listing_text(&list, flags);
    }
    pl_output_listing(out, "positions", "Positions", &list, true);
}

static void put_expiries(const struct pl_explanation *x, struct pl_output *out)
{
    static const struct pl_column columns[] = {
        { "underlying", "underlying", PL_COLUMN_TEXT },
        { "expiry", "price group", PL_COLUMN_TEXT },
        { "value", "value", PL_COLUMN_MONEY },
        { "rounding", "of it rounding", PL_COLUMN_MONEY },
        { "worst_pnl", "P&L, worst scenario", PL_COLUMN_MONEY },
        { "basis", "basis contingency", PL_COLUMN_MONEY },
        { "counted", "counted", PL_COLUMN_TEXT },
    };
    struct pl_listing list;
    pl_listing_start(&list, out, columns, COUNT(columns));
    for (size_t i = 0; i < x->expiry_count; i++) {
        const struct pl_explained_expiry *e = &x->expiries[i];
        const struct pl_explained_underlying *u = underlying_of(x, e->underlying);
        bool scenario = u != NULL && u->result.worst_scenario < u->scenario_count;
        pl_listing_text(&list, u == NULL ? "?" : u->name);
        pl_listing_text(&list, e->label);
        exact(&list, e->sums.value);
        exact(&list, e->rounding);
        exact(&list, scenario ? e->sums.pnl[u->result.worst_scenario] : 0);
        exact(&list, e->sums.basis);
        pl_listing_text(&list, e->ignored ? "no: unpriced" : "yes");
    }
    pl_output_listing(out, "expiries", "Price groups: discounted and dampened P&L", &list, false);
}

static void put_scenarios(struct pl_session *session, const struct pl_explanation *x,
                          struct pl_output *out)
{
    static const struct pl_column columns[] = {
        { "underlying", "underlying", PL_COLUMN_TEXT }, { "index", "index", PL_COLUMN_COUNT },
        { "scenario", "scenario", PL_COLUMN_TEXT },     { "pnl", "P&L", PL_COLUMN_MONEY },
        { "worst", "worst", PL_COLUMN_TEXT },
    };
    struct pl_listing list;
    pl_listing_start(&list, out, columns, COUNT(columns));
    bool portfolio = x->verdict.mode == PL_MODE_PORTFOLIO; /* other modes have no scenarios */
    for (size_t i = 0; i < x->underlying_count && portfolio; i++) {
        const struct pl_explained_underlying *u = &x->underlyings[i];
        for (unsigned s = 0; s <= u->scenario_count && u->scenario_count > 0; s++) {
            char name[PL_SYMBOL_BYTES];
            uint8_t index = s == u->scenario_count ? PL_WORST_BASIS : (uint8_t)s;
            pl_scenario_name(session->device, u->underlying, index, name);
            pl_listing_text(&list, u->name);
            pl_listing_count(&list, index);
            pl_listing_text(&list, name);
            exact(&list, index == PL_WORST_BASIS ? u->sums.basis : u->sums.pnl[s]);
            pl_listing_text(&list, u->result.worst_scenario == index ? "worst" : NULL);
        }
    }
    pl_output_listing(out, "scenarios", "Scenarios", &list, false);
}

static void put_terms(const struct pl_explanation *x, struct pl_output *out)
{
    static const struct pl_column columns[] = {
        { "underlying", "of", PL_COLUMN_TEXT },
        { "term", "term", PL_COLUMN_TEXT },
        { "maintenance", "maintenance", PL_COLUMN_MONEY },
        { "initial", "initial", PL_COLUMN_MONEY },
    };
    struct pl_listing list;
    pl_i128 maintenance = 0, initial = 0;
    pl_listing_start(&list, out, columns, COUNT(columns));
    for (size_t i = 0; i < x->term_count; i++) {
        pl_listing_text(&list, x->terms[i].underlying);
        pl_listing_text(&list, x->terms[i].term);
        exact(&list, x->terms[i].maintenance);
        exact(&list, x->terms[i].initial);
        maintenance += x->terms[i].maintenance;
        initial += x->terms[i].initial;
    }
    pl_listing_text(&list, "account");
    pl_listing_text(&list, "the multiplier's part");
    exact(&list, x->maintenance - maintenance);
    exact(&list, x->initial - initial);
    pl_listing_text(&list, "account");
    pl_listing_text(&list, "requirement");
    exact(&list, x->maintenance);
    exact(&list, x->initial);
    pl_output_listing(out, "requirement", "Requirement, term by term", &list, false);
}

static int render(struct pl_session *session, uint32_t account, struct pl_output *out,
                  struct pl_verdict *verdict)
{
    struct pl_explanation *x;
    int error = pl_explain(session->device, &session->accounts[account], &x);
    if (error != 0) {
        pl_complain("%s", pl_message(session->device));
        return error;
    }
    put_verdict(session, x, session->book->accounts[account].name, out);
    put_positions(x, out);
    put_expiries(x, out);
    put_scenarios(session, x, out);
    put_terms(x, out);
    *verdict = x->verdict;
    pl_explanation_free(x);
    return 0;
}

char *pl_explain_text(struct pl_session *session, uint32_t account)
{
    struct pl_output out;
    struct pl_verdict verdict;
    char *text = NULL;
    pl_output_start(&out, PL_FORMAT_TABLE);
    if (render(session, account, &out, &verdict) == 0 && !out.text.failed && out.text.data != NULL)
        text = strdup(out.text.data);
    pl_output_free(&out);
    return text;
}

static int explain(const struct pl_options *options, struct pl_session *device, uint8_t *state)
{
    struct pl_verdict verdict;
    struct pl_output out;
    int64_t account = pl_book_find_account(device->book, options->account);
    if (account < 0) {
        pl_complain("%s: no account \"%s\"; accounts.csv lists them", device->book->path,
                    options->account);
        return -ENOENT;
    }
    int error = pl_session_seek(device, options->tick);
    pl_output_start(&out, options->format);
    error = error != 0 ? error : render(device, (uint32_t)account, &out, &verdict);
    if (error != 0) {
        pl_output_free(&out);
        return error;
    }
    *state = verdict.state;
    return pl_output_finish(&out);
}

int pl_cli_explain(const struct pl_options *options)
{
    struct pl_session *session;
    uint8_t state = PL_STATE_HEALTHY;
    enum pl_exit opened = pl_session_open(options, &session);
    if (opened != PL_EXIT_OK)
        return opened;
    int error = explain(options, session, &state);
    pl_session_close(session);
    if (error != 0)
        return PL_EXIT_ERROR;
    if (state >= PL_STATE_LIQUIDATE)
        return PL_EXIT_LIQUIDATE;
    return state == PL_STATE_INDETERMINATE ? PL_EXIT_INDETERMINATE : PL_EXIT_OK;
}
