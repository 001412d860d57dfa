/* plimsoll simulate: a book's crash with liquidations, by one policy or two side by side. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "commands.h"
#include "simulate.h"
#include "simulate_report.h"
#include "states.h"

#define COUNT_OF(columns) (sizeof columns / sizeof columns[0])
#define PERCENT_TEXT 32

static void percent(char out[PERCENT_TEXT], int64_t value_q40)
{
    snprintf(out, PERCENT_TEXT, "%.4f", ldexp((double)value_q40, -PL_COEFFICIENT_BITS) * 100);
}

/* One row per policy: for programs. */
static void put_policies(struct pl_output *out, struct pl_simulation *const *runs, int count)
{
    struct pl_column columns[PL_SIMULATED_FIGURES + 1 + PL_POLICIES] = { { "policy", "policy",
                                                                           PL_COLUMN_TEXT } };
    static const char *const regrets[] = { "regret_ranked_percent", "regret_pro_rata_percent",
                                           "regret_least_percent" };
    struct pl_listing list;
    for (size_t i = 0; i < PL_SIMULATED_FIGURES; i++)
        columns[1 + i] =
            (struct pl_column){ pl_simulated_figures[i].key, pl_simulated_figures[i].title,
                                pl_simulated_figures[i].money ? PL_COLUMN_MONEY : PL_COLUMN_COUNT };
    for (size_t p = 0; p < PL_POLICIES; p++)
        columns[1 + PL_SIMULATED_FIGURES + p] =
            (struct pl_column){ regrets[p], regrets[p], PL_COLUMN_TEXT };
    pl_listing_start(&list, out, columns, COUNT_OF(columns));
    for (int r = 0; r < count; r++) {
        pl_i128 values[PL_SIMULATED_FIGURES];
        char text[PERCENT_TEXT];
        pl_simulation_figures(runs[r], values);
        pl_listing_text(&list, pl_simulated_names[runs[r]->policy]);
        for (size_t i = 0; i < PL_SIMULATED_FIGURES; i++)
            if (pl_simulated_figures[i].money)
                pl_listing_money(&list, values[i]);
            else
                pl_listing_count(&list, (uint64_t)values[i]);
        for (int p = 0; p < PL_POLICIES; p++) {
            percent(text, runs[r]->so_far.regret_q40[p]);
            pl_listing_text(&list, text);
        }
    }
    pl_output_listing(out, "policies", NULL, &list, true);
}

/* One row per figure: for people. */
static void put_figures(struct pl_output *out, struct pl_simulation *const *runs, int count)
{
    struct pl_column columns[3] = { { "figure", "", PL_COLUMN_TEXT } };
    struct pl_listing list;
    for (int kind = 0; kind < 2; kind++) { /* money, then counts */
        for (int r = 0; r < count; r++)
            columns[1 + r] = (struct pl_column){ pl_simulated_names[runs[r]->policy],
                                                 pl_simulated_names[runs[r]->policy],
                                                 kind == 0 ? PL_COLUMN_MONEY : PL_COLUMN_COUNT };
        pl_listing_start(&list, out, columns, (size_t)count + 1);
        for (size_t i = 0; i < PL_SIMULATED_FIGURES; i++) {
            if (pl_simulated_figures[i].money != (kind == 0))
                continue;
            pl_listing_text(&list, pl_simulated_figures[i].title);
            for (int r = 0; r < count; r++) {
                pl_i128 values[PL_SIMULATED_FIGURES];
                pl_simulation_figures(runs[r], values);
                if (kind == 0)
                    pl_listing_money(&list, values[i]);
                else
                    pl_listing_count(&list, (uint64_t)values[i]);
            }
        }
        pl_output_listing(out, "figures", NULL, &list, false);
    }
}

/* Where anybody was deleveraged: what each of the policies would have imposed beyond the least. */
static void put_regrets(struct pl_output *out, struct pl_simulation *const *runs, int count)
{
    struct pl_column columns[3] = { { "figure", "largest regret of deleveraging, %",
                                      PL_COLUMN_TEXT } };
    struct pl_listing list;
    uint64_t any = 0;
    for (int r = 0; r < count; r++) {
        any += runs[r]->so_far.deleveraged_accounts;
        columns[1 + r] = (struct pl_column){ pl_simulated_names[runs[r]->policy],
                                             pl_simulated_names[runs[r]->policy], PL_COLUMN_TEXT };
    }
    if (any == 0)
        return;
    pl_listing_start(&list, out, columns, (size_t)count + 1);
    for (int p = 0; p < PL_POLICIES; p++) {
        pl_listing_text(&list, pl_policy_name((enum pl_policy)p));
        for (int r = 0; r < count; r++) {
            char text[PERCENT_TEXT];
            percent(text, runs[r]->so_far.regret_q40[p]);
            pl_listing_text(&list, text);
        }
    }
    pl_output_listing(out, "regrets", NULL, &list, false);
}

/* What every expiry was settled at: the same under all policies. */
static void put_expiries(struct pl_output *out, const struct pl_simulation *s)
{
    static const struct pl_column columns[] = {
        { "underlying", "expiries", PL_COLUMN_TEXT },
        { "expiry", "", PL_COLUMN_TIME },
        { "price", "price", PL_COLUMN_TEXT },
        { "settled", "", PL_COLUMN_TEXT },
    };
    struct pl_listing list;
    bool any = false;
    pl_listing_start(&list, out, columns, COUNT_OF(columns));
    for (uint32_t e = 0; e < s->setup.expiry_count; e++) {
        const struct pl_venue_expiry *expiry = &s->setup.expiries[e];
        const bool stands = s->expiries[e].settling == PL_SIMULATED_STANDS;
        char price[PL_MONEY_TEXT_BYTES];
        int64_t price_e8;
        if (!pl_simulation_has_expired(s, e, &price_e8))
            continue;
        any = true;
        pl_money_text(price, price_e8,
                      out->format == PL_FORMAT_TABLE ? PL_MONEY_DIGITS_SHOWN
                                                     : PL_MONEY_DIGITS_EXACT);
        pl_listing_text(&list, s->session->book->underlyings[expiry->asset].name);
        pl_listing_time(&list, expiry->time_us);
        pl_listing_text(&list, stands ? NULL : price);
        pl_listing_text(&list, pl_simulated_settlings[s->expiries[e].settling]);
    }
    if (any || out->format != PL_FORMAT_TABLE)
        pl_output_listing(out, "expiries", NULL, &list, false);
    else
        pl_listing_free(&list);
}

static void put_ticks(struct pl_output *out, struct pl_simulation *const *runs, int count)
{
    static const struct pl_column columns[] = {
        { "policy", "policy", PL_COLUMN_TEXT },
        { "tick", "tick", PL_COLUMN_COUNT },
        { "time", "time", PL_COLUMN_TIME },
        { "closed", "closed so far", PL_COLUMN_MONEY },
        { "auctioned", "auctioned so far", PL_COLUMN_MONEY },
        { "fund", "fund", PL_COLUMN_MONEY },
        { "bad_debt", "bad debt so far", PL_COLUMN_MONEY },
        { "missing", "below zero", PL_COLUMN_MONEY },
        { "liquidated_accounts", "accounts liquidated", PL_COLUMN_COUNT },
        { "calls", "calls", PL_COLUMN_COUNT },
        { "breakers", "changes of breakers", PL_COLUMN_COUNT },
    };
    struct pl_listing list;
    pl_listing_start(&list, out, columns, COUNT_OF(columns));
    for (int r = 0; r < count; r++)
        for (size_t t = 0; t < runs[r]->tick_count; t++) {
            const struct pl_simulated_tick *k = &runs[r]->ticks[t];
            if (!k->eventful)
                continue;
            pl_listing_text(&list, pl_simulated_names[runs[r]->policy]);
            pl_listing_count(&list, k->tick);
            pl_listing_time(&list, k->time_us);
            pl_listing_money(&list, k->so_far.closed_e8);
            pl_listing_money(&list, k->so_far.auctioned_e8);
            pl_listing_money(&list, k->so_far.fund_e8);
            pl_listing_money(&list, k->so_far.debt_e8);
            pl_listing_money(&list, k->so_far.missing_e8);
            pl_listing_count(&list, k->so_far.liquidated_accounts);
            pl_listing_count(&list, k->so_far.calls);
            pl_listing_count(&list, k->so_far.breakers);
        }
    pl_output_listing(out, "ticks", NULL, &list, false);
}

static void put_journal(struct pl_output *out, const struct pl_simulation *s, const char *path)
{
    const struct pl_acting *a = &s->acting;
    pl_output_text(out, "journal", "journal", path);
    pl_output_count(out, "actions_sent", "actions that left", a->sent);
    pl_output_count(out, "actions_repeated", "of them possibly before", a->repeated);
    pl_output_count(out, "actions_withheld", "actions withheld", a->withheld);
}

static int say(struct pl_simulation *const *runs, int count, const struct pl_options *options)
{
    struct pl_output out;
    char text[PERCENT_TEXT];
    const struct pl_simulate_options *o = &options->simulate;
    pl_output_start(&out, options->format);
    pl_output_session(&out, runs[0]->session, false);
    pl_output_text(&out, "rules", "rules", pl_book_rules_source(&runs[0]->session->rules));
    percent(text, runs[0]->market.spread_q40);
    pl_output_text(&out, "spread_percent", "spread, %", text);
    percent(text, runs[0]->market.impact_q40);
    pl_output_text(&out, "impact_percent", "impact of a daily volume, %", text);
    percent(text, runs[0]->market.volume_q40);
    pl_output_text(&out, "volume_percent", "daily volume, % of open interest", text);
    percent(text, runs[0]->market.fund_q40);
    pl_output_text(&out, "fund_percent", "fund, % of open interest", text);
    pl_output_text(&out, "breakers", "breakers", o->no_breakers ? "off" : "on");
    pl_output_text(&out, "prices", "prices",
                   runs[0]->session->book->source_count > 0
                       ? "fused from the book's sources, each in USD"
                       : "one source and one venue are enough: the book has no more");
    if (options->journal != NULL)
        put_journal(&out, runs[0], options->journal);
    if (options->format == PL_FORMAT_TABLE) {
        put_figures(&out, runs, count);
        put_regrets(&out, runs, count);
        put_expiries(&out, runs[0]);
    } else {
        put_policies(&out, runs, count);
        put_expiries(&out, runs[0]);
        put_ticks(&out, runs, count);
    }
    return pl_output_finish(&out);
}

int pl_cli_simulate(const struct pl_options *options)
{
    static struct pl_simulation first, second;
    struct pl_simulation *const runs[] = { &first, &second };
    const int count = options->simulate.compare == PL_NOT_GIVEN ? 1 : 2;
    const uint64_t policies[] = { options->simulate.policy, options->simulate.compare };
    enum pl_exit status = PL_EXIT_OK;
    for (int r = 0; r < count && status == PL_EXIT_OK; r++) {
        status = pl_simulation_open(runs[r], options, (enum pl_simulated_policy)policies[r]);
        if (status == PL_EXIT_OK && pl_simulation_run(runs[r]) != 0)
            status = PL_EXIT_ERROR;
    }
    if (status == PL_EXIT_OK && options->report != NULL &&
        pl_simulation_report(runs, count, options) != 0)
        status = PL_EXIT_ERROR;
    if (status == PL_EXIT_OK && say(runs, count, options) != 0)
        status = PL_EXIT_ERROR;
    const bool withheld = status == PL_EXIT_OK && !pl_acting_may(&first.acting);
    if (withheld)
        pl_complain("%s: %" PRIu64 " actions were withheld", options->journal,
                    first.acting.withheld);
    for (int r = 0; r < count; r++)
        pl_simulation_close(runs[r]);
    if (status != PL_EXIT_OK)
        return status;
    if (withheld)
        return PL_EXIT_WITHHELD;
    return first.so_far.liquidated_accounts > 0 ? PL_EXIT_LIQUIDATE : PL_EXIT_OK;
}
