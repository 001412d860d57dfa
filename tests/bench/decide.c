/* From verdict to action: 1,000 accounts that breach in one tick, each planned with the exact judge
 * on the frozen rows. Two coins, 200 options and 6 linear contracts; accounts of 3, 12 and 40
 * positions, in portfolio and cross mode. Prints median and 99th percentile of one decision, in
 * microseconds of processor time. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "decide/what_if.h"
#include "dev/software.h"
#include "market.h"
#include "stage/pl.h"

#define BREACHES 1000
#define POSITIONS_MAX 40
#define NOW_US INT64_C(1770000000000000)
#define DAY_US (INT64_C(86400) * 1000000)
#define STRIKES 25
#define EXPIRIES 2

static struct pl_instrument_def instruments[256];
static char symbols[256][16];
static uint32_t instrument_count;
static struct pl_what_if what_if;
static struct pl_partial partial;
static struct pl_partial_position positions[PL_WHAT_IF_POSITIONS_MAX];
static struct pl_holding holdings[BREACHES][POSITIONS_MAX];
static struct pl_account accounts[BREACHES];

static void add(uint8_t kind, const char *name, const char *underlying, const char *forward,
                int64_t expiry_us, bool is_call, int64_t strike, bool coin)
{
    struct pl_instrument_def *i = &instruments[instrument_count];
    snprintf(symbols[instrument_count], sizeof symbols[0], "%s", name);
    *i = (struct pl_instrument_def){ .symbol = symbols[instrument_count++],
                                     .underlying = underlying,
                                     .forward = forward,
                                     .kind = kind,
                                     .is_call = is_call,
                                     .coin_settled = coin,
                                     .expiry_us = expiry_us,
                                     .strike = { strike, 0 },
                                     .contract_size = { 1, 0 },
                                     .quantity_step = { 1, coin ? 1 : -2 } };
}

static void make_market(void)
{
    static const char *const coins[] = { "BTC", "ETH" };
    static char forwards[2][EXPIRIES][16];
    char name[32];
    for (int c = 0; c < 2; c++) {
        int64_t spot = c == 0 ? 60000 : 2000;
        for (int e = 0; e < EXPIRIES; e++) {
            int64_t expiry_us = NOW_US + (7 + 28 * e) * DAY_US;
            snprintf(forwards[c][e], sizeof forwards[c][e], "%s-F%d", coins[c], e);
            add(PL_KIND_FUTURE, forwards[c][e], coins[c], NULL, expiry_us, false, 0, false);
            for (int k = 0; k < 2 * STRIKES; k++) {
                snprintf(name, sizeof name, "%c%d-%d-%d", k < STRIKES ? 'C' : 'P', c, e,
                         k % STRIKES);
                add(PL_KIND_OPTION, name, coins[c], forwards[c][e], expiry_us, k < STRIKES,
                    spot * (76 + 2 * (k % STRIKES)) / 100, false);
            }
        }
        snprintf(name, sizeof name, "%s-PERP", coins[c]);
        add(PL_KIND_PERPETUAL, name, coins[c], NULL, 0, false, 0, false);
    }
}

static void set_price(struct pl *pl, const char *symbol, int64_t price, bool vol)
{
    struct pl_price p = { .has_price = price != 0,
                          .has_vol = vol,
                          .price = { price, 0 },
                          .vol = { 60 + (int64_t)market_draw(40), -2 },
                          .confidence_q40 = PL_COEFFICIENT_ONE,
                          .vol_confidence_q40 = PL_COEFFICIENT_ONE,
                          .rate_confidence_q40 = PL_COEFFICIENT_ONE,
                          .time_us = NOW_US };
    int64_t id = pl_price_id(pl, symbol);
    if (id >= 0)
        market_must(pl_set_price(pl, id, &p), pl_message(pl), symbol);
}

static struct pl *open_market(void)
{
    struct pl *pl;
    char message[PL_MESSAGE_BYTES];
    struct pl_setup setup = { .model_path = "tests/data/models/portfolio.json",
                              .instruments = instruments,
                              .instrument_count = instrument_count };
    market_must(pl_open("model:", &pl, message), message, "model:");
    market_must(pl_load(pl, &setup), pl_message(pl), "load");
    set_price(pl, "settlement:USD", 1, false);
    set_price(pl, "BTC", 60000, false);
    set_price(pl, "ETH", 2000, false);
    for (uint32_t i = 0; i < instrument_count; i++) {
        bool option = instruments[i].kind == PL_KIND_OPTION;
        set_price(pl, instruments[i].symbol,
                  option                                          ? 0
                  : strcmp(instruments[i].underlying, "BTC") == 0 ? 60100
                                                                  : 2004,
                  option);
    }
    market_must(pl_commit(pl, NOW_US), pl_message(pl), "commit");
    return pl;
}

/* Accounts with as much equity as half to all of their maintenance requirement. */
static void make_breaches(struct pl *pl, uint8_t mode, uint32_t count)
{
    static const int64_t none[PL_WHAT_IF_POSITIONS_MAX];
    char message[PL_MESSAGE_BYTES];
    for (uint32_t a = 0; a < BREACHES; a++) {
        accounts[a] = (struct pl_account){
            .account = a, .mode = mode, .holdings = holdings[a], .holding_count = count
        };
        for (uint32_t k = 0; k < count; k++) {
            uint32_t room = instrument_count / count;
            uint32_t i = k * room + (uint32_t)market_draw(room);
            bool linear = instruments[i].kind != PL_KIND_OPTION;
            holdings[a][k] =
                (struct pl_holding){ .instrument = i, .steps = (int64_t)market_draw(4001) - 2000 };
            holdings[a][k].steps += holdings[a][k].steps == 0;
            if (linear)
                holdings[a][k].entry_price = (struct pl_decimal){
                    strcmp(instruments[i].underlying, "BTC") == 0 ? 61000 : 2050, 0
                };
        }
        struct pl_what_if_result r;
        market_must(pl_what_if_open(&what_if, &pl->stage, &pl->dev->tables, &accounts[a], message),
                    message, "account");
        if (!pl_what_if_judge(&what_if, none, 0, &r))
            exit(1);
        accounts[a].cash_e8 =
            r.maintenance_e8 / 100 * (50 + (int64_t)market_draw(50)) - r.verdict.equity;
    }
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static void decide_all(struct pl *pl, uint8_t mode, uint32_t count)
{
    static double took[BREACHES];
    const struct pl_partial_rules *rules = &pl_partial_defaults;
    char message[PL_MESSAGE_BYTES];
    uint32_t planned = 0, exact = 0, judgements = 0, closes = 0;
    make_breaches(pl, mode, count);
    for (uint32_t a = 0; a < BREACHES; a++) {
        double start = clock_seconds();
        market_must(pl_what_if_open(&what_if, &pl->stage, &pl->dev->tables, &accounts[a], message),
                    message, "account");
        struct pl_partial_judge judge = pl_what_if_judge_partial(&what_if, rules, positions);
        for (uint32_t i = 0; i < what_if.position_count; i++) {
            struct pl_partial_position *p = &positions[i];
            p->levels[0] = (struct pl_partial_level){ p->steps / 3 + 1, PL_COEFFICIENT_ONE / 2000 };
            p->levels[1] = (struct pl_partial_level){ p->steps / 3 + 1, PL_COEFFICIENT_ONE / 1000 };
            p->levels[2] = (struct pl_partial_level){ p->steps, PL_COEFFICIENT_ONE / 400 };
        }
        enum pl_partial_reason reason =
            pl_partial_plan(&partial, rules, positions, what_if.position_count, &judge);
        took[a] = clock_seconds() - start;
        planned += reason == PL_PARTIAL_PLANNED;
        exact += partial.exact;
        judgements += partial.judgements;
        for (uint32_t i = 0; i < what_if.position_count; i++)
            closes += partial.closed[i] != 0;
    }
    qsort(took, BREACHES, sizeof took[0], compare_doubles);
    printf("  %-9s %2u positions: median %6.1f us, 99th %6.1f; %4u planned, %4u within the bound, "
           "%.1f judgements, %.1f positions closed\n",
           pl_mode_name(mode), count, took[BREACHES / 2] * 1e6, took[BREACHES * 99 / 100] * 1e6,
           planned, exact, (double)judgements / BREACHES, (double)closes / BREACHES);
}

int main(void)
{
    static const uint32_t counts[] = { 3, 12, 40 };
    make_market();
    struct pl *pl = open_market();
    printf("%d breaches in a tick, from verdict to plan:\n", BREACHES);
    for (int i = 0; i < 3; i++)
        decide_all(pl, PL_MODE_PORTFOLIO, counts[i]);
    for (int i = 0; i < 3; i++)
        decide_all(pl, PL_MODE_CROSS, counts[i]);
    pl_close(pl);
    return 0;
}
