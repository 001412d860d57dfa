/* A small venue for directed tests: two assets (a stable one, and one quoted in cents), three
 * sources each, and six instruments, whose steps are a thousandth of a coin. */
#ifndef PL_TEST_VENUE_FIXTURE_H
#define PL_TEST_VENUE_FIXTURE_H

#include "../support/random.h"

#include "decide/rule.h"
#include "decide/venue.h"
#include "pl_abi.h"

#define E8 INT64_C(100000000)
#define START_US (INT64_C(1700006400) * PL_SECOND_US) /* a midnight */

enum { STABLE, BITCOIN, FIXTURE_ASSETS };
enum { USDX, USDX_OWED, BTC, PERP, CALL, FUTURE, FIXTURE_INSTRUMENTS };
#define FIXTURE_ACCOUNTS 6

struct fixture {
    struct pl_venue_rules rules;
    struct pl_fusion_rules fusion[FIXTURE_ASSETS];
    struct pl_contract contracts[FIXTURE_INSTRUMENTS];
    struct pl_venue_instrument abouts[FIXTURE_INSTRUMENTS];
    struct pl_venue_terms terms[FIXTURE_INSTRUMENTS];
    bool pegged[FIXTURE_ASSETS];
    struct pl_venue_setup setup;
    struct pl_venue *venue;
    int64_t now_us;
    struct pl_venue_action actions[8192];
    uint32_t count;
};

/* Everything at its default; breakers off. Change what the test is about, then fixture_open(). */
static UNUSED struct fixture *fixture_new(void)
{
    struct fixture *f = calloc(1, sizeof *f);
    assert_non_null(f);
    pl_venue_defaults(&f->rules);
    for (int t = 0; t < PL_BREAKER_TRIGGERS; t++)
        f->rules.breaker.cautious.at[t] = f->rules.breaker.halted.at[t] = 0;
    f->rules.venue_breaker = f->rules.breaker;
    for (uint32_t a = 0; a < FIXTURE_ASSETS; a++) {
        pl_fusion_defaults(&f->fusion[a]);
        f->fusion[a].decimals = a == STABLE ? 6 : 2;
        f->fusion[a].source_count = 3;
        for (int s = 0; s < 3; s++)
            f->fusion[a].source[s].venue = s;
    }
    for (uint32_t i = 0; i < FIXTURE_INSTRUMENTS; i++) {
        const bool stable = i <= USDX_OWED;
        f->contracts[i] =
            (struct pl_contract){ .numerator = stable ? 1 : 1000, .denominator = stable ? 10 : 1 };
        f->abouts[i] = (struct pl_venue_instrument){ stable ? STABLE : BITCOIN, PL_VENUE_NONE };
    }
    f->terms[USDX].kind = PL_VENUE_COLLATERAL;
    f->terms[USDX_OWED].kind = PL_VENUE_OWED;
    f->terms[BTC].kind = PL_VENUE_COLLATERAL;
    f->pegged[STABLE] = true;
    f->setup = (struct pl_venue_setup){
        .size = { .accounts = FIXTURE_ACCOUNTS,
                  .currencies = 1,
                  .instruments = FIXTURE_INSTRUMENTS,
                  .pools = 1,
                  .entries = 1000,
                  .flows = true,
                  .open = true },
        .contracts = f->contracts,
        .instruments = f->abouts,
        .terms = f->terms,
        .assets = FIXTURE_ASSETS,
        .fusion = f->fusion,
        .pegged = f->pegged,
        .closes = 16,
        .withdrawals = 8,
        .start_us = START_US,
    };
    f->now_us = START_US;
    return f;
}

static UNUSED void fixture_open(struct fixture *f)
{
    char message[PL_VENUE_MESSAGE_BYTES] = "";
    if (pl_venue_check(&f->rules, &f->setup, message) != 0)
        fail_msg("%s", message);
    void *memory = aligned_alloc(16, (pl_venue_bytes(&f->setup) + 15) / 16 * 16);
    assert_non_null(memory);
    f->venue = pl_venue_create(memory, &f->rules, &f->setup);
    assert_true(pl_venue_actions_max(f->venue) <= sizeof f->actions / sizeof *f->actions);
}

static UNUSED void fixture_close(struct fixture *f)
{
    free(f->venue);
    free(f);
}

static UNUSED uint32_t apply(struct fixture *f, struct pl_venue_input in)
{
    char message[PL_LEDGER_MESSAGE_BYTES] = "";
    in.time_us = f->now_us;
    f->count = pl_venue_apply(f->venue, &in, f->actions);
    if (pl_ledger_check(pl_venue_ledger(f->venue), message) != 0)
        fail_msg("input of kind %u: %s", in.kind, message);
    return f->count;
}

/* The first action of that kind that the last input caused; NULL: none. */
static UNUSED const struct pl_venue_action *told(const struct fixture *f,
                                                 enum pl_venue_action_kind kind)
{
    for (uint32_t i = 0; i < f->count; i++)
        if (f->actions[i].kind == kind)
            return &f->actions[i];
    return NULL;
}

static UNUSED void assert_refused(const struct fixture *f, enum pl_venue_reason reason)
{
    const struct pl_venue_action *a = told(f, PL_VENUE_REFUSED);
    assert_non_null(a);
    assert_int_equal(a->reason, reason);
}

static UNUSED void report(struct fixture *f, uint32_t asset, uint32_t source, int64_t price)
{
    struct pl_venue_input in = { .kind = PL_VENUE_REPORT, .account = asset };
    in.as.report.source = source;
    in.as.report.report = (struct pl_fusion_report){ .price = price,
                                                     .confidence = price / 10000,
                                                     .source_us = f->now_us };
    apply(f, in);
    assert_null(told(f, PL_VENUE_REFUSED));
}

/* Every source shows the price. */
static UNUSED void report_all(struct fixture *f, uint32_t asset, int64_t price)
{
    for (uint32_t s = 0; s < 3; s++)
        report(f, asset, s, price);
}

static UNUSED uint32_t tick(struct fixture *f)
{
    return apply(f, (struct pl_venue_input){ .kind = PL_VENUE_TICK });
}

static UNUSED uint32_t mark(struct fixture *f, uint32_t instrument, int64_t price)
{
    struct pl_venue_input in = { .kind = PL_VENUE_MARK };
    in.as.mark.instrument = instrument;
    in.as.mark.known = price != 0;
    in.as.mark.price = price;
    return apply(f, in);
}

static UNUSED void deposit(struct fixture *f, uint32_t holder, int64_t amount_e8)
{
    struct pl_venue_input in = { .kind = PL_VENUE_DEPOSIT, .account = holder };
    in.as.money.amount_e8 = amount_e8;
    assert_int_equal(apply(f, in), 0);
}

/* Steps from outside, with cash. */
static UNUSED void hold(struct fixture *f, uint32_t account, uint32_t instrument, int64_t steps,
                        int64_t cash_e8)
{
    struct pl_venue_input in = { .kind = PL_VENUE_OPEN, .account = account };
    in.as.close.instrument = instrument;
    in.as.close.steps = steps;
    in.as.close.price = cash_e8;
    assert_int_equal(apply(f, in), 0);
}

/* A verdict of the excesses given, at the marks that the venue knows. */
static UNUSED uint32_t verdict(struct fixture *f, uint32_t account, int64_t maintenance_excess_e8,
                               int64_t initial_excess_e8)
{
    struct pl_venue_input in = { .kind = PL_VENUE_VERDICT, .account = account };
    const struct pl_ledger *l = pl_venue_ledger(f->venue);
    int64_t marks[FIXTURE_INSTRUMENTS];
    uint32_t flags = 0;
    bool known;
    for (uint32_t i = 0; i < FIXTURE_INSTRUMENTS; i++)
        marks[i] = pl_venue_mark(f->venue, i, &known);
    const int64_t equity = pl_ledger_equity(l, account, 0, marks, &flags);
    assert_int_equal(flags, 0);
    in.as.verdict.position_version = pl_venue_version(f->venue);
    in.as.verdict.equity_e8 = equity;
    in.as.verdict.maintenance_excess_e8 = maintenance_excess_e8;
    in.as.verdict.initial_excess_e8 = initial_excess_e8;
    in.as.verdict.state = equity < 0                  ? PL_STATE_BANKRUPT
                          : maintenance_excess_e8 < 0 ? PL_STATE_LIQUIDATE
                          : initial_excess_e8 < 0     ? PL_STATE_MARGIN_CALL
                                                      : PL_STATE_HEALTHY;
    return apply(f, in);
}

static UNUSED int64_t cash_of(const struct fixture *f, uint32_t holder)
{
    return pl_ledger_cash(pl_venue_ledger(f->venue), holder, 0);
}

static UNUSED int64_t mark_of(const struct fixture *f, uint32_t instrument)
{
    bool known;
    return pl_venue_mark(f->venue, instrument, &known);
}

#endif
