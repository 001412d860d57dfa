/* Everything that moves money or positions, in random order. After every event conservation holds,
 * and every account's change of equity is what the event may do to it and nothing else. */
#include "ledger_fixture.h"

#include "decide/attribution.h"
#include "decide/settlement.h"
#include "decide/socialised.h"
#include "decide/waterfall.h"
#include "decide/withdrawal.h"

#define ACCOUNTS 72
#define ROOM 40
#define MINUTE INT64_C(60000000)
#define BIT(cause) (1u << (cause))
#define PRICES 0u

struct venue {
    struct pl_ledger *l;
    struct pl_waterfall *waterfall;
    struct pl_withdrawals *withdrawals;
    struct pl_funding funding[CONTRACTS];
    struct pl_settlement settlement;
    int64_t marks[CONTRACTS];
    int64_t session[ACCOUNTS]; /* equity in USD less what came from outside when it began */
    int64_t now_us, session_us;
    struct pl_attribution last[ACCOUNTS][2];
    int64_t value[ACCOUNTS][2]; /* of positions, and their steps, at the last event */
    int64_t steps[ACCOUNTS][CONTRACTS];
    uint64_t done[12]; /* events that did something */
};

/* Prices are rare here. */
static const struct pl_settlement_rules settles = { .window_us = 120 * MINUTE,
                                                    .stale_us = 120 * MINUTE,
                                                    .covered_q40 = PL_COEFFICIENT_ONE / 100 };

static struct pl_candidate candidates[ACCOUNTS];
static struct pl_share shares[ACCOUNTS];
static uint32_t order[ACCOUNTS];
static const struct pl_waterfall_room room = { candidates, shares, order, ACCOUNTS };

static struct venue *venue_open(const uint32_t *pools)
{
    const struct pl_ledger_size size = {
        .accounts = ACCOUNTS,
        .currencies = 2,
        .instruments = CONTRACTS,
        .pools = 2,
        .entries = 8000,
        .flows = true,
    };
    struct venue *v = calloc(1, sizeof *v);
    assert_non_null(v);
    v->l = ledger_open(&size, pools);
    v->waterfall = pl_waterfall_create(calloc(1, pl_waterfall_bytes(2, 2)), 2, 2, 0);
    v->withdrawals = pl_withdrawals_create(calloc(1, pl_withdrawals_bytes(2, ROOM)), 2, ROOM, 0);
    for (uint32_t i = 0; i < CONTRACTS; i++) {
        v->marks[i] = 5000000;
        pl_funding_start(&v->funding[i], v->l, i, 0);
    }
    pl_settlement_start(&v->settlement, 240 * MINUTE);
    return v;
}

static void venue_close(struct venue *v)
{
    free(v->l);
    free(v->waterfall);
    free(v->withdrawals);
    free(v);
}

/* Against the last event: only flows of `causes` changed, positions only where they may, and
 * equity by exactly flows, steps and marks. */
static void attribute(struct venue *v, uint32_t causes, bool may_move_steps)
{
    pl_i128 values[2] = { 0, 0 };
    for (uint32_t i = 0; i < ACCOUNTS; i++) {
        bool moved = false;
        for (uint32_t k = 0; k < CONTRACTS; k++) {
            moved |= v->steps[i][k] != pl_ledger_steps(v->l, i, k);
            v->steps[i][k] = pl_ledger_steps(v->l, i, k);
        }
        assert_true(!moved || may_move_steps);
        for (uint32_t c = 0; c < 2; c++) {
            struct pl_attribution now;
            int64_t price, flows = 0;
            uint32_t flags = 0;
            pl_attribution_take(&now, v->l, i, c, v->marks, &flags);
            const int64_t value = now.equity_e8 - pl_ledger_cash(v->l, i, c);
            const struct pl_attribution change =
                pl_attribution_between(&v->last[i][c], &now, &price, &flags);
            for (uint32_t cause = 0; cause < PL_CAUSES; cause++) {
                if (now.flows_e8[cause] != v->last[i][c].flows_e8[cause])
                    assert_true(causes & BIT(cause));
                flows += change.flows_e8[cause];
            }
            const int64_t traded =
                now.flows_e8[PL_CAUSE_TRADE] - v->last[i][c].flows_e8[PL_CAUSE_TRADE] +
                now.flows_e8[PL_CAUSE_SETTLEMENT] - v->last[i][c].flows_e8[PL_CAUSE_SETTLEMENT];
            assert_int_equal(flags, 0);
            assert_int_equal(change.equity_e8, flows + price);
            assert_int_equal(price, value - v->value[i][c] + traded);
            if (causes != PRICES && !moved)
                assert_int_equal(price, 0);
            values[c] += value;
            v->last[i][c] = now;
            v->value[i][c] = value;
        }
    }
    /* Price moves of all accounts sum to zero, but for what valuing rounds down. */
    for (uint32_t c = 0; c < 2; c++)
        assert_true(values[c] <= 0 && values[c] >= -(pl_i128)ACCOUNTS * CONTRACTS);
}

static uint32_t any_account(uint64_t *seed)
{
    return (uint32_t)random_below(seed, ACCOUNTS);
}

static void prices(struct venue *v, uint64_t *seed)
{
    const int64_t width = random_once_in(seed, 10) ? 30 : 2; /* a gap now and then */
    for (uint32_t i = 0; i < CONTRACTS; i++) {
        v->marks[i] += v->marks[i] / 100 * random_within(seed, -width, width);
        v->marks[i] = pl_max64(1000000, pl_min64(v->marks[i], 20000000));
        pl_funding_set(&v->funding[i], &pl_funding_defaults, random_word(seed, 32), v->marks[i],
                       v->now_us);
    }
    pl_settlement_observe(&v->settlement, &settles, v->marks[CHEAP], v->now_us);
    v->done[0]++;
    attribute(v, PRICES, false);
}

/* A perpetual's funding up to now; CHEAP is a future and has none. */
static void time_passes(struct venue *v, uint64_t *seed)
{
    v->now_us += random_within(seed, 0, 3) * random_within(seed, 0, 20 * MINUTE);
    for (uint32_t i = 0; i < CHEAP; i++) {
        bool paid;
        enum pl_ledger_reason why;
        const enum pl_funding_reason reason =
            pl_funding_advance(&v->funding[i], &pl_funding_defaults, v->l, v->now_us, &paid, &why);
        assert_true(reason == PL_FUNDING_OK);
        v->done[1] += paid;
    }
    attribute(v, BIT(PL_CAUSE_FUNDING), false);
    if (v->now_us < v->settlement.expiry_us)
        return;
    enum pl_ledger_reason why;
    const struct pl_payoff payoff = { .kind = PL_KIND_FUTURE };
    const enum pl_settlement_reason reason =
        pl_settlement_settle(&v->settlement, &settles, v->l, CHEAP, &payoff, v->now_us, &why);
    assert_true(reason == PL_SETTLEMENT_OK || reason == PL_SETTLEMENT_UNCOVERED);
    assert_true(reason != PL_SETTLEMENT_OK || pl_ledger_open_interest(v->l, CHEAP) == 0);
    pl_settlement_start(&v->settlement, v->now_us + 240 * MINUTE);
    v->done[2] += reason == PL_SETTLEMENT_OK;
    attribute(v, BIT(PL_CAUSE_SETTLEMENT), true);
}

static void trades(struct venue *v, uint64_t *seed)
{
    const uint32_t buyer = any_account(seed), seller = any_account(seed);
    const uint32_t instrument = (uint32_t)random_below(seed, CONTRACTS);
    const int64_t steps = random_within(seed, 1, instrument == CHEAP ? 4000000 : 400);
    const int64_t price = v->marks[instrument] / 100 * random_within(seed, 97, 103);
    struct pl_movement m[4];
    uint32_t count = 1;
    assert_int_equal(pl_ledger_bargain(v->l, buyer, seller, instrument, steps, price, &m[0]),
                     PL_LEDGER_OK);
    if (instrument != CHEAP)
        assert_int_equal(pl_funding_carry(&v->funding[instrument], &pl_funding_defaults, v->l,
                                          buyer, seller, steps, &m[count++]),
                         PL_FUNDING_OK);
    const int64_t fee = random_within(seed, 0, 1000);
    m[count++] = (struct pl_movement){ .cause = PL_CAUSE_FEE,
                                       .from = buyer,
                                       .to = pl_ledger_fees(v->l),
                                       .currency = m[0].currency,
                                       .pays_e8 = fee,
                                       .receives_e8 = fee };
    m[count++] = (struct pl_movement){ .cause = PL_CAUSE_PENALTY,
                                       .from = seller,
                                       .to = pl_ledger_fund(v->l, pl_ledger_pool_of(v->l, seller)),
                                       .currency = m[0].currency,
                                       .pays_e8 = fee,
                                       .receives_e8 = fee };
    const enum pl_ledger_reason reason = pl_ledger_move_all(v->l, m, count);
    const bool same =
        pl_ledger_pool_of(v->l, buyer) == pl_ledger_contract(v->l, instrument)->pool &&
        pl_ledger_pool_of(v->l, seller) == pl_ledger_contract(v->l, instrument)->pool;
    assert_int_equal(reason, buyer == seller ? PL_LEDGER_HOLDER
                             : same          ? PL_LEDGER_OK
                                             : PL_LEDGER_POOLS);
    v->done[3] += reason == PL_LEDGER_OK;
    attribute(
        v, BIT(PL_CAUSE_TRADE) | BIT(PL_CAUSE_FUNDING) | BIT(PL_CAUSE_FEE) | BIT(PL_CAUSE_PENALTY),
        true);
}

static void money_comes(struct venue *v, uint64_t *seed)
{
    const uint32_t currency = (uint32_t)random_below(seed, 2), to = any_account(seed);
    const int64_t most = currency == USD ? 3000 * E8 : E8 / 20;
    const uint32_t from = random_once_in(seed, 3) ? any_account(seed) : pl_ledger_outside(v->l);
    const bool outside = from == pl_ledger_outside(v->l);
    pl_ledger_pay(v->l, outside ? PL_CAUSE_EXTERNAL : PL_CAUSE_TRANSFER, from, to, currency,
                  random_within(seed, 0, outside ? most : most / 10));
    if (random_once_in(seed, 4))
        ledger_deposit(v->l, pl_ledger_fund(v->l, (uint32_t)random_below(seed, 2)), currency,
                       random_within(seed, 0, most / 4));
    v->done[4]++;
    attribute(v, BIT(PL_CAUSE_EXTERNAL) | BIT(PL_CAUSE_TRANSFER), false);
}

static void money_leaves(struct venue *v, uint64_t *seed)
{
    const uint32_t account = any_account(seed), currency = (uint32_t)random_below(seed, 2);
    struct pl_withdrawal_outcome outcomes[ROOM];
    struct pl_withdrawal_rules rules[2] = { pl_withdrawal_defaults, pl_withdrawal_defaults };
    bool healthy[ACCOUNTS];
    uint32_t count;
    uint64_t id;
    enum pl_ledger_reason why;
    rules[USD].window_floor_e8 = rules[BTC].window_floor_e8 = 0;
    const int64_t free_e8 = pl_max64(
        pl_min64(v->last[account][currency].equity_e8, pl_ledger_cash(v->l, account, currency)), 0);
    if (random_once_in(seed, 3) && v->withdrawals->count > 0)
        v->done[5] += pl_withdrawal_recall(v->withdrawals, v->l,
                                           pl_withdrawals_waiting(v->withdrawals)->account);
    if (pl_withdrawal_request(v->withdrawals, rules, v->l, account, currency,
                              random_within(seed, 0, free_e8), free_e8, !random_once_in(seed, 5),
                              v->now_us, &id, &why) == PL_WITHDRAWAL_OK)
        v->done[6]++;
    for (uint32_t i = 0; i < ACCOUNTS; i++)
        healthy[i] = v->last[i][USD].equity_e8 >= 0 && v->last[i][BTC].equity_e8 >= 0;
    assert_int_equal(pl_withdrawals_release(v->withdrawals, rules, v->l, healthy, true, v->now_us,
                                            outcomes, ROOM, &count),
                     PL_WITHDRAWAL_OK);
    for (uint32_t i = 0; i < count; i++) {
        v->done[7] += outcomes[i].reason == PL_WITHDRAWAL_OK;
        assert_true(outcomes[i].reason != PL_WITHDRAWAL_OK ||
                    !pl_ledger_owes(v->l, pl_ledger_pool_of(v->l, outcomes[i].withdrawal.account)));
    }
    attribute(v, BIT(PL_CAUSE_WITHDRAWAL), false);
}

static void crashes(struct venue *v, uint64_t *seed)
{
    struct pl_waterfall_rules rules = pl_waterfall_defaults;
    rules.policy = (uint32_t)random_below(seed, PL_POLICIES);
    const struct pl_waterfall_input input = { .time_us = v->now_us,
                                              .marks = v->marks,
                                              .may_deleverage = !random_once_in(seed, 6),
                                              .funding = v->funding,
                                              .funding_rules = &pl_funding_defaults };
    for (uint32_t i = 0; i < ACCOUNTS; i++) {
        for (uint32_t c = 0; c < 2; c++) {
            struct pl_waterfall_record record;
            if (v->last[i][c].equity_e8 >= 0)
                continue;
            const uint32_t other = pl_ledger_fund(v->l, 1 - pl_ledger_pool_of(v->l, i));
            const int64_t before = pl_ledger_cash(v->l, other, c);
            const enum pl_waterfall_reason reason =
                pl_waterfall_run(v->waterfall, &rules, v->l, i, c, &input, &room, &record);
            assert_true(reason <= PL_WATERFALL_BOOKED);
            assert_int_equal(pl_ledger_cash(v->l, other, c), before);
            v->done[8] += record.deleverage_e8 > 0;
            v->done[9] += reason == PL_WATERFALL_BOOKED;
            ledger_holds(v->l);
            attribute(v,
                      BIT(PL_CAUSE_COVER) | BIT(PL_CAUSE_TRADE) | BIT(PL_CAUSE_DELEVERAGE) |
                          BIT(PL_CAUSE_FUNDING) | BIT(PL_CAUSE_BAD_DEBT),
                      true);
        }
    }
}

static void sessions(struct venue *v, uint64_t *seed)
{
    const uint32_t pool = (uint32_t)random_below(seed, 2);
    int64_t gains[ACCOUNTS], equities[ACCOUNTS];
    for (uint32_t c = 0; c < 2; c++)
        v->done[10] += pl_socialised_repay(v->l, pool, c) > 0;
    attribute(v, BIT(PL_CAUSE_BAD_DEBT), false);
    for (uint32_t i = 0; i < ACCOUNTS; i++) {
        equities[i] = v->last[i][USD].equity_e8;
        const int64_t own = equities[i] - pl_ledger_flow(v->l, i, USD, PL_CAUSE_EXTERNAL);
        gains[i] = own - v->session[i];
        v->session[i] = own;
    }
    const struct pl_socialised s =
        pl_socialised_spread(v->l, pool, USD, gains, equities, shares, order);
    assert_int_equal(s.why, PL_LEDGER_OK);
    v->done[11] += s.spread_e8 > 0;
    attribute(v, BIT(PL_CAUSE_SOCIALISED), false);
    for (uint32_t i = 0; i < ACCOUNTS; i++)
        assert_true(equities[i] < 0 || v->last[i][USD].equity_e8 >= 0);
}

static void play(struct venue *v, uint64_t seed, uint32_t events)
{
    static void (*const kinds[])(struct venue *, uint64_t *) = {
        prices, prices, time_passes, trades,  trades,       trades,
        trades, trades, money_comes, crashes, money_leaves, sessions,
    };
    for (uint32_t i = 0; i < 60; i++)
        money_comes(v, &seed);
    for (uint32_t i = 0; i < events; i++) {
        kinds[random_below(&seed, sizeof kinds / sizeof *kinds)](v, &seed);
        ledger_holds(v->l);
    }
}

static void random_events_conserve_and_every_change_has_its_cause(void **state)
{
    (void)state;
    uint64_t seed = random_seed(14);
    uint64_t done[12] = { 0 };
    for (uint64_t round = random_rounds(12); round > 0; round--) {
        uint32_t pools[ACCOUNTS];
        for (uint32_t i = 0; i < ACCOUNTS; i++)
            pools[i] = random_once_in(&seed, 4);
        struct venue *a = venue_open(pools), *b = venue_open(pools);
        play(a, seed, 400);
        play(b, seed, 400);
        assert_true(ledger_same(a->l, b->l));
        assert_memory_equal(a->waterfall, b->waterfall, pl_waterfall_bytes(2, 2));
        assert_memory_equal(a->withdrawals, b->withdrawals, pl_withdrawals_bytes(2, ROOM));
        for (uint32_t i = 0; i < 12; i++)
            done[i] += a->done[i];
        random_u64(&seed);
        venue_close(a);
        venue_close(b);
    }
    static const char *const names[12] = {
        "price moves", "funding payments",     "settlements",     "trades",
        "deposits",    "withdrawals recalled", "requested",       "released",
        "deleveraged", "debts booked",         "repaid by funds", "socialised",
    };
    for (uint32_t i = 0; i < 12; i++) {
        print_message("%s: %" PRIu64 "\n", names[i], done[i]);
        assert_true(done[i] > 0 || getenv("PL_ROUNDS") != NULL || getenv("PL_SEED") != NULL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_events_conserve_and_every_change_has_its_cause),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
