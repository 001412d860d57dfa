#include "breaches.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decide/what_if.h"
#include "dev/software.h"
#include "market.h"
#include "stage/pl.h"

#define NOW_US BREACHES_NOW_US
#define DAY_US (INT64_C(86400) * 1000000)
#define STRIKES 25
#define EXPIRIES 2
#define LEAST_E8 (INT64_C(100) * 100000000)

static struct pl_instrument_def instruments[256];
static char symbols[256][16];
static uint32_t instrument_count;
static struct pl_what_if what_if;

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

struct pl *breaches_open(void)
{
    make_market();
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

static void draw_holdings(struct breaches *b, uint32_t a)
{
    for (uint32_t k = 0; k < b->count; k++) {
        uint32_t room = instrument_count / b->count;
        uint32_t i = k * room + (uint32_t)market_draw(room);
        struct pl_holding *h = &b->holdings[a][k];
        *h = (struct pl_holding){ .instrument = i, .steps = (int64_t)market_draw(4001) - 2000 };
        h->steps += h->steps == 0;
        if (instruments[i].kind != PL_KIND_OPTION)
            h->entry_price =
                (struct pl_decimal){ strcmp(instruments[i].underlying, "BTC") == 0 ? 61000 : 2050,
                                     0 };
    }
}

/* With as much equity as half to all of its maintenance requirement. */
static void make_account(struct pl *pl, struct breaches *b, uint32_t a)
{
    static const int64_t none[PL_WHAT_IF_POSITIONS_MAX];
    char message[PL_MESSAGE_BYTES];
    struct pl_account *account = &b->accounts[a];
    struct pl_what_if_result r;
    *account = (struct pl_account){
        .account = a, .mode = b->mode, .holdings = b->holdings[a], .holding_count = b->count
    };
    do {
        draw_holdings(b, a);
        market_must(pl_what_if_open(&what_if, &pl->stage, &pl->dev->tables, account, message),
                    message, "account");
        if (!pl_what_if_judge(&what_if, none, 0, &r))
            exit(1);
    } while (r.maintenance_e8 < LEAST_E8); /* what is only bought asks for nothing */
    account->cash_e8 = r.maintenance_e8 / 100 * (50 + (int64_t)market_draw(50)) - r.verdict.equity;
}

/* One source a coin, throttles that let a thousand accounts through. */
static void set_rules(struct pl_venue_rules *r, struct pl_fusion_rules fusion[2])
{
    pl_venue_defaults(r);
    for (int q = PL_QUALITY_POOR; q < PL_QUALITIES; q++) {
        r->permission.line[q].sources = pl_min64(r->permission.line[q].sources, 1);
        r->permission.line[q].venues = pl_min64(r->permission.line[q].venues, 1);
    }
    r->liquidation.account_e8 = r->liquidation.instrument_e8 = r->liquidation.venue_e8 =
        INT64_MAX / 4;
    r->liquidation.escalate_q40 = PL_COEFFICIENT_ONE;
    for (int c = 0; c < 2; c++) {
        pl_fusion_defaults(&fusion[c]);
        fusion[c].decimals = 8;
        fusion[c].source_count = fusion[c].sources_min = 1;
    }
}

static void apply(struct breaches *b, struct pl_venue_input in)
{
    in.time_us = NOW_US;
    uint32_t count = pl_venue_apply(b->venue, &in, b->actions);
    for (uint32_t i = 0; i < count; i++) {
        if (b->actions[i].kind == PL_VENUE_REFUSED) {
            fprintf(stderr, "refused: %s\n",
                    pl_venue_reason((enum pl_venue_reason)b->actions[i].reason));
            exit(1);
        }
    }
}

static void make_venue(struct breaches *b)
{
    static struct pl_contract contracts[256];
    static struct pl_venue_instrument abouts[256];
    char message[PL_VENUE_MESSAGE_BYTES];
    struct pl_fusion_rules fusion[2];
    struct pl_venue_rules rules;
    set_rules(&rules, fusion);
    for (uint32_t i = 0; i < instrument_count; i++) {
        contracts[i] = (struct pl_contract){ .numerator = 1, .denominator = 1 << 16 };
        abouts[i] = (struct pl_venue_instrument){ strcmp(instruments[i].underlying, "BTC") != 0,
                                                  PL_VENUE_NONE };
    }
    const struct pl_venue_setup setup = {
        .size = { .accounts = BREACHES,
                  .currencies = 1,
                  .instruments = instrument_count,
                  .pools = 1,
                  .entries = BREACHES * 2 * (BREACHES_POSITIONS_MAX + 8),
                  .open = true },
        .contracts = contracts,
        .instruments = abouts,
        .assets = 2,
        .fusion = fusion,
        .closes = BREACHES * BREACHES_POSITIONS_MAX,
        .withdrawals = 1,
        .start_us = NOW_US,
    };
    market_must(pl_venue_check(&rules, &setup, message), message, "venue");
    void *memory = aligned_alloc(16, (pl_venue_bytes(&setup) + 15) / 16 * 16);
    if (memory == NULL)
        exit(1);
    b->venue = pl_venue_create(memory, &rules, &setup);
    b->actions = calloc(pl_venue_actions_max(b->venue), sizeof *b->actions);
    b->before = malloc(pl_venue_state_bytes(b->venue));
}

static void fill_venue(struct breaches *b)
{
    for (uint32_t a = 0; a < BREACHES; a++) {
        for (uint32_t k = 0; k < b->count; k++) {
            struct pl_venue_input in = { .kind = PL_VENUE_OPEN, .account = a };
            in.as.close.instrument = b->holdings[a][k].instrument;
            in.as.close.steps = b->holdings[a][k].steps;
            in.as.close.price = k == 0 ? b->accounts[a].cash_e8 : 0;
            apply(b, in);
        }
    }
    for (uint32_t c = 0; c < 2; c++) {
        struct pl_venue_input in = { .kind = PL_VENUE_REPORT, .account = c };
        in.as.report.report.price = (c == 0 ? 60000 : 2000) * INT64_C(100000000);
        in.as.report.report.source_us = NOW_US;
        apply(b, in);
    }
    apply(b, (struct pl_venue_input){ .kind = PL_VENUE_TICK });
    for (uint32_t i = 0; i < instrument_count; i++) {
        struct pl_venue_input in = { .kind = PL_VENUE_MARK };
        in.as.mark.instrument = i;
        in.as.mark.known = true;
        in.as.mark.price = 1 << 16;
        apply(b, in);
    }
}

void breaches_make(struct breaches *b, struct pl *pl, uint8_t mode, uint32_t positions)
{
    b->mode = mode;
    b->count = positions;
    for (uint32_t a = 0; a < BREACHES; a++)
        make_account(pl, b, a);
    make_venue(b);
    fill_venue(b);
    const struct pl_batch batch = { .accounts = b->accounts,
                                    .count = BREACHES,
                                    .position_version = pl_venue_version(b->venue),
                                    .filter = PL_STATE_HEALTHY };
    size_t taken = 0;
    int got;
    market_must(pl_submit(pl, &batch), pl_message(pl), "submit");
    while ((got = pl_poll(pl, b->verdicts + taken, BREACHES - taken, NULL)) > 0)
        taken += (size_t)got;
    market_must(taken == BREACHES ? 0 : -1, "too few verdicts", "poll");
    memcpy(b->before, b->venue, pl_venue_state_bytes(b->venue));
}

void breaches_again(struct breaches *b)
{
    memcpy(b->venue, b->before, pl_venue_state_bytes(b->venue));
}
