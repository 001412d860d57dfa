/* Plans under add-ons: judged with what the venue asks beyond the model's requirement. */
#define _POSIX_C_SOURCE 200809L
#include "../support/random.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "decide/rule.h"
#include "dev/software.h"
#include "simulate.h"
#include "stage/pl.h"

#define BOOK "tests/data/books/tiny"
#define MODEL "tests/data/models/portfolio.json"
#define RULES                                                                                      \
    "{\"addon\": {\"position_free\": 1000, \"position_unit\": 20000, \"position_slope\": 0.01, "   \
    "\"position_max\": 0.3, \"interest_low\": 0, \"interest_high\": 1000000, "                     \
    "\"interest_max\": 0.05}}"

static char folder[] = "/tmp/plimsoll-addons-XXXXXX";
static const char *const files[] = { "instruments.csv", "accounts.csv", "positions.csv",
                                     "orders.csv",      "ticks.csv",    "settlements.csv" };
static struct pl_simulation played;
static struct pl_options options;
static struct pl_what_if what_if;
static struct pl_partial_position positions[PL_WHAT_IF_POSITIONS_MAX];
static int64_t closed[PL_WHAT_IF_POSITIONS_MAX], reliefs[PL_WHAT_IF_POSITIONS_MAX];

static const char *in_folder(const char *name)
{
    static char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

/* An account of the last tick, taken apart; false: it holds nothing that can be closed. */
static bool open_account(struct pl_addon_judge *added, uint32_t account, bool initial)
{
    const struct pl_partial_rules rules = { .buffer_q40 = PL_COEFFICIENT_ONE / 10,
                                            .initial = initial };
    char message[PL_MESSAGE_BYTES];
    const struct pl *device = played.planner->device;
    assert_int_equal(pl_what_if_open(&what_if, &device->stage, &device->dev->tables,
                                     &played.session->accounts[account], message),
                     0);
    *added = (struct pl_addon_judge){ &played, account, initial, &what_if,
                                      pl_what_if_judge_partial(&what_if, &rules, positions) };
    return what_if.position_count > 0;
}

static struct pl_partial_judgement judged(struct pl_addon_judge *added, int64_t *relief)
{
    const struct pl_partial_judge judge = pl_simulation_add_on(added);
    const struct pl_partial_judgement j = judge.judge(judge.context, closed, 0, relief);
    assert_true(j.known);
    return j;
}

static int64_t requirement(const struct pl_addon_judge *added, struct pl_partial_judgement j)
{
    return added->initial ? j.initial_e8 : j.maintenance_e8;
}

/* Add-ons of an account as the venue takes them, its positions as `closed` leaves them. */
static struct pl_venue_addons by_definition(uint32_t account)
{
    uint32_t flags = 0, count;
    struct pl_venue_addons sum = { 0, 0 };
    const struct pl_ledger *l = pl_venue_ledger(played.venue);
    const struct pl_ledger_entry *p = pl_ledger_positions(l, account, &count);
    for (uint32_t e = 0; e < count; e++) {
        const uint32_t instrument = pl_ledger_instrument(l, &p[e]);
        int64_t left = p[e].amount;
        for (uint32_t k = 0; k < what_if.position_count; k++)
            if (what_if.positions[k].instrument == instrument)
                left -= (left < 0 ? -closed[k] : closed[k]) * played.coin_scale[instrument];
        const struct pl_venue_addons one = pl_venue_addon(played.venue, instrument, left, &flags);
        sum.maintenance_e8 += one.maintenance_e8;
        sum.initial_e8 += one.initial_e8;
    }
    assert_int_equal(flags, 0);
    return sum;
}

static void what_is_left_asks_for_its_add_ons(void **state)
{
    (void)state;
    uint64_t random = random_seed(1);
    unsigned asked = 0;
    for (int round = 0; round < 300; round++) {
        struct pl_addon_judge added;
        const uint32_t account =
            (uint32_t)random_below(&random, played.session->book->account_count);
        if (!open_account(&added, account, false))
            continue;
        for (uint32_t k = 0; k < what_if.position_count; k++)
            closed[k] = round % 4 == 0 ? 0 : random_within(&random, 0, positions[k].steps);
        const struct pl_venue_addons wanted = by_definition(account);
        const struct pl_partial_judgement model =
            added.model.judge(added.model.context, closed, 0, NULL);
        const struct pl_partial_judgement all = judged(&added, NULL);
        assert_int_equal(all.equity_e8, model.equity_e8);
        assert_int_equal(all.maintenance_e8, model.maintenance_e8 + wanted.maintenance_e8);
        assert_int_equal(all.initial_e8, model.initial_e8 + wanted.initial_e8);
        asked += wanted.maintenance_e8 > 0 && wanted.initial_e8 > wanted.maintenance_e8;
    }
    assert_true(asked > 20);
}

/* Of the add-on alone, below its cap: nothing closed further relieves more than in proportion. */
static void reliefs_are_slopes_of_a_convex_requirement(void **state)
{
    (void)state;
    uint64_t random = random_seed(2);
    static int64_t of_model[PL_WHAT_IF_POSITIONS_MAX];
    unsigned seen = 0;
    for (int round = 0; round < 300; round++) {
        struct pl_addon_judge added;
        const uint32_t account =
            (uint32_t)random_below(&random, played.session->book->account_count);
        if (!open_account(&added, account, round % 2 == 0))
            continue;
        memset(closed, 0, sizeof closed);
        const uint32_t k = (uint32_t)random_below(&random, what_if.position_count);
        closed[k] = random_within(&random, 0, positions[k].steps);
        const int64_t before = requirement(&added, judged(&added, reliefs));
        (void)added.model.judge(added.model.context, closed, 0, of_model);
        const int64_t model_before =
            requirement(&added, added.model.judge(added.model.context, closed, 0, NULL));
        const int64_t further = random_within(&random, 0, positions[k].steps - closed[k]);
        closed[k] += further;
        const int64_t after = requirement(&added, judged(&added, NULL)),
                      model_after = requirement(
                          &added, added.model.judge(added.model.context, closed, 0, NULL));
        const int64_t fall = (before - model_before) - (after - model_after);
        const double most =
            (double)(reliefs[k] - of_model[k]) * (double)further / (double)positions[k].steps;
        assert_true(fall >= 0);
        if ((double)fall > most * 1.02 + 1000)
            fail_msg("account %u, position %u: fell by %" PRId64 ", not %.0f", account, k, fall,
                     most);
        seen += fall > 0;
    }
    assert_true(seen > 20);
}

/* The requirement that a plan restores, with a tenth beyond it. */
static bool holds(const struct pl_addon_judge *added, struct pl_partial_judgement j)
{
    return j.equity_e8 >= requirement(added, j) + requirement(added, j) / 10;
}

/* By the model alone nobody needs a plan who holds a tenth beyond his requirement. */
static void a_plan_restores_what_add_ons_ask(void **state)
{
    (void)state;
    static struct pl_partial plan;
    unsigned planned = 0;
    for (uint32_t account = 0; account < played.session->book->account_count; account++)
        for (int initial = 0; initial < 2; initial++) {
            struct pl_addon_judge added;
            const struct pl_partial_rules rules = { PL_COEFFICIENT_ONE / 10, initial != 0 };
            if (!open_account(&added, account, initial != 0))
                continue;
            memset(closed, 0, sizeof closed);
            const bool fine =
                holds(&added, added.model.judge(added.model.context, closed, 0, NULL));
            const struct pl_partial_judge judge = pl_simulation_add_on(&added);
            const enum pl_partial_reason reason =
                pl_partial_plan(&plan, &rules, positions, what_if.position_count, &judge);
            assert_int_equal(plan.before.maintenance_e8 > 0 && holds(&added, plan.before),
                             reason == PL_PARTIAL_NOT_NEEDED);
            if (reason != PL_PARTIAL_PLANNED)
                continue;
            assert_true(holds(&added, plan.after));
            planned += fine;
        }
    print_message("%u plans by add-ons alone\n", planned);
    assert_true(planned >= 1);
}

static void link_file(const char *here, const char *name)
{
    char target[512];
    snprintf(target, sizeof target, "%s/" BOOK "/%s", here, name);
    assert_int_equal(symlink(target, in_folder(name)), 0);
}

static int set_up(void **state)
{
    (void)state;
    char *here = getcwd(NULL, 0);
    assert_non_null(here);
    assert_non_null(mkdtemp(folder));
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        link_file(here, files[i]);
    FILE *book = fopen(in_folder("book.json"), "w"), *rules = fopen(in_folder("venue.json"), "w");
    assert_true(book != NULL && rules != NULL);
    fprintf(book,
            "{\"format\": 1, \"name\": \"addons\", \"settlement_currency\": \"USDC\", \"model\": "
            "\"%s/" MODEL "\"}\n",
            here);
    fputs(RULES, rules);
    fclose(book);
    fclose(rules);
    free(here);
    options = (struct pl_options){ .command_line = (char *)(uintptr_t) "plimsoll simulate",
                                   .book = folder,
                                   .device = "model:",
                                   .simulate = { .compare = PL_NOT_GIVEN,
                                                 .market = { -1, -1, -1, -1 } } };
    assert_int_equal(pl_simulation_open(&played, &options, PL_SIMULATED_MINIMAL), PL_EXIT_OK);
    assert_int_equal(pl_simulation_run(&played), 0);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    pl_simulation_close(&played);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        unlink(in_folder(files[i]));
    unlink(in_folder("book.json"));
    unlink(in_folder("venue.json"));
    rmdir(folder);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_left_asks_for_its_add_ons),
        cmocka_unit_test(reliefs_are_slopes_of_a_convex_requirement),
        cmocka_unit_test(a_plan_restores_what_add_ons_ask),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
