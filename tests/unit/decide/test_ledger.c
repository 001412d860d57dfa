#include "ledger_fixture.h"

#include "decide/exact.h"
#include "decide/ledger_state.h"

static const struct pl_ledger_size small = {
    .accounts = 4,
    .currencies = 2,
    .instruments = CONTRACTS,
    .pools = 2,
    .entries = 400,
    .flows = true,
};
static const uint32_t small_pools[4] = { 0, 0, 0, 1 };

static void products_of_256_bits_are_exact(void **state)
{
    (void)state;
    uint64_t seed = random_seed(1);
    for (uint64_t round = random_rounds(20000); round > 0; round--) {
        /* A ratio whose quotient and remainder are known: n * a = q * d + r. */
        const uint64_t q = (uint64_t)random_word(&seed, 63) & INT64_MAX;
        const pl_u128 d =
            (pl_u128)pl_abs_u64(random_word(&seed, 63)) << random_below(&seed, 60) | 1;
        const pl_u128 a = (pl_u128)pl_abs_u64(random_word(&seed, 60)) + 1;
        uint32_t flags = 0;
        assert_int_equal(pl_ratio_down((pl_i128)q, (struct pl_ratio){ (pl_i128)d, d }, &flags), q);
        assert_int_equal(pl_ratio_up((pl_i128)q, (struct pl_ratio){ (pl_i128)d, d }, &flags), q);
        assert_int_equal(flags, 0);
        /* -1 where something is left over, and the mirror. */
        const int64_t down = pl_ratio_down((pl_i128)a, (struct pl_ratio){ 1, a + 1 }, &flags);
        assert_int_equal(down, 0);
        assert_int_equal(pl_ratio_up((pl_i128)a, (struct pl_ratio){ 1, a + 1 }, &flags), 1);
        assert_int_equal(pl_ratio_down((pl_i128)a, (struct pl_ratio){ -1, a + 1 }, &flags), -1);
        const int64_t x = random_word(&seed, 63), y = random_word(&seed, 63);
        const int64_t c = (int64_t)pl_abs_u64(random_word(&seed, 62)) + 1;
        uint32_t narrow_flags = 0, wide_flags = 0;
        const int64_t narrow = pl_mul_div_down(x, y, c, &narrow_flags);
        const int64_t wide = pl_ratio_down(x, (struct pl_ratio){ y, (pl_u128)c }, &wide_flags);
        if (narrow != INT64_MIN)
            assert_int_equal(narrow_flags, wide_flags);
        if (narrow_flags == 0 && narrow != INT64_MIN)
            assert_int_equal(narrow, wide);
    }
    assert_int_equal(pl_wide_compare(UINT64_MAX, UINT64_MAX, (pl_u128)UINT64_MAX << 64, 1), -1);
    assert_int_equal(pl_wide_compare((pl_u128)1 << 127, 4, (pl_u128)1 << 126, 8), 0);
    uint32_t flags = 0;
    const pl_i128 huge = (pl_i128)(((pl_u128)1 << 127) - 1);
    assert_int_equal(pl_ratio_down(huge, (struct pl_ratio){ huge, 1 }, &flags), INT64_MAX);
    assert_int_equal(flags, PL_FLAG_OVERFLOW);
    flags = 0;
    assert_int_equal(pl_ratio_down(-INT64_MAX, (struct pl_ratio){ 2, 1 }, &flags), -INT64_MAX);
    assert_int_equal(flags, PL_FLAG_OVERFLOW);
}

static void a_trade_moves_steps_one_way_and_cash_the_other(void **state)
{
    (void)state;
    struct pl_ledger *l = ledger_open(&small, small_pools);
    ledger_deposit(l, 0, USD, 1000 * E8);
    ledger_deposit(l, 1, USD, 1000 * E8);
    /* 0.1 BTC at 50,000.00: 5,000 USD */
    assert_int_equal(pl_ledger_trade(l, 0, 1, PERP, 100, 5000000), PL_LEDGER_OK);
    assert_int_equal(pl_ledger_cash(l, 0, USD), -4000 * E8);
    assert_int_equal(pl_ledger_cash(l, 1, USD), 6000 * E8);
    assert_int_equal(pl_ledger_steps(l, 0, PERP), 100);
    assert_int_equal(pl_ledger_steps(l, 1, PERP), -100);
    assert_int_equal(pl_ledger_position(l, 0, PERP)->cost_e8, 5000 * E8);
    assert_int_equal(pl_ledger_position(l, 1, PERP)->cost_e8, -5000 * E8);
    assert_true(pl_ledger_open_interest(l, PERP) == 100);
    int64_t marks[CONTRACTS] = { 5100000, 5100000, 100, 100 };
    uint32_t flags = 0;
    assert_int_equal(pl_ledger_equity(l, 0, USD, marks, &flags), 1100 * E8);
    assert_int_equal(pl_ledger_equity(l, 1, USD, marks, &flags), 900 * E8);
    /* A quarter closed takes a quarter of the cost along; turning leaves what the rest cost. */
    assert_int_equal(pl_ledger_trade(l, 1, 0, PERP, 25, 5100000), PL_LEDGER_OK);
    assert_int_equal(pl_ledger_position(l, 0, PERP)->cost_e8, 3750 * E8);
    assert_int_equal(pl_ledger_trade(l, 1, 0, PERP, 100, 5200000), PL_LEDGER_OK);
    assert_int_equal(pl_ledger_steps(l, 0, PERP), -25);
    assert_int_equal(pl_ledger_position(l, 0, PERP)->cost_e8, -1300 * E8);
    ledger_holds(l);
    free(l);
}

static void payers_round_up_receivers_down_and_the_residue_has_the_rest(void **state)
{
    (void)state;
    struct pl_ledger *l = ledger_open(&small, small_pools);
    /* 7 steps at 1.15 of 1e-8/100 each: 8.05 */
    assert_int_equal(pl_ledger_trade(l, 0, 1, CHEAP, 7, 115), PL_LEDGER_OK);
    assert_int_equal(pl_ledger_cash(l, 0, USD), -9);
    assert_int_equal(pl_ledger_cash(l, 1, USD), 8);
    assert_int_equal(pl_ledger_cash(l, pl_ledger_residue(l), USD), 1);
    /* At a price below zero the buyer is the one who is paid. */
    assert_int_equal(pl_ledger_trade(l, 0, 1, CHEAP, 7, -115), PL_LEDGER_OK);
    assert_int_equal(pl_ledger_cash(l, 0, USD), -1);
    assert_int_equal(pl_ledger_cash(l, 1, USD), -1);
    assert_int_equal(pl_ledger_cash(l, pl_ledger_residue(l), USD), 2);
    ledger_holds(l);
    free(l);
}

static void an_inverse_contract_is_worth_minus_its_size_over_the_price(void **state)
{
    (void)state;
    struct pl_ledger *l = ledger_open(&small, small_pools);
    /* 1,000 contracts of 10 USD at 50,000.00: the buyer takes 0.2 coins for what he will owe. */
    assert_int_equal(pl_ledger_trade(l, 0, 1, INVERSE, 1000, 5000000), PL_LEDGER_OK);
    assert_int_equal(pl_ledger_cash(l, 0, BTC), E8 / 5);
    assert_int_equal(pl_ledger_cash(l, 1, BTC), -E8 / 5);
    int64_t marks[CONTRACTS] = { 0, 6250000, 0, 0 };
    uint32_t flags = 0;
    /* N (1/entry - 1/mark) = 10,000 (1/50,000 - 1/62,500) = 0.04 */
    assert_int_equal(pl_ledger_equity(l, 0, BTC, marks, &flags), E8 / 25);
    assert_int_equal(pl_ledger_equity(l, 1, BTC, marks, &flags), -E8 / 25);
    assert_int_equal(flags, 0);
    marks[INVERSE] = 0;
    pl_ledger_equity(l, 0, BTC, marks, &flags);
    assert_int_equal(flags, PL_FLAG_OVERFLOW);
    assert_int_equal(pl_ledger_trade(l, 0, 1, INVERSE, 1, 0), PL_LEDGER_AMOUNT);
    ledger_holds(l);
    free(l);
}

static void refused(struct pl_ledger *l, struct pl_movement m, enum pl_ledger_reason reason)
{
    struct pl_ledger *before = ledger_copy(l);
    assert_int_equal(pl_ledger_move(l, &m), reason);
    assert_true(ledger_same(l, before));
    assert_string_not_equal(pl_ledger_reason(reason), "unknown reason");
    free(before);
}

static void a_refused_movement_changes_nothing(void **state)
{
    (void)state;
    struct pl_ledger *l = ledger_open(&small, small_pools);
    const uint32_t out = pl_ledger_outside(l), fund = pl_ledger_fund(l, 0);
    const uint32_t other = pl_ledger_fund(l, 1), debt = pl_ledger_debt(l, 0);
    const uint32_t fees = pl_ledger_fees(l);
    ledger_deposit(l, 0, USD, INT64_MAX);
    ledger_deposit(l, 1, USD, 5);
    ledger_deposit(l, fund, USD, 10);
    ledger_deposit(l, other, USD, 10);
    const struct pl_movement pay = { .from = 1, .to = 0, .pays_e8 = 1, .receives_e8 = 1 };
    struct pl_movement m = pay;
    refused(l, m, PL_LEDGER_OVERFLOW);
    m = (struct pl_movement){ .from = 0, .to = fund, .pays_e8 = -1, .receives_e8 = -1 };
    refused(l, m, PL_LEDGER_AMOUNT);
    m = (struct pl_movement){ .from = 0, .to = 1, .pays_e8 = 1, .receives_e8 = 2 };
    refused(l, m, PL_LEDGER_AMOUNT);
    m = (struct pl_movement){ .from = 0, .to = 0, .pays_e8 = 1 };
    refused(l, m, PL_LEDGER_HOLDER);
    m = (struct pl_movement){ .from = 0, .to = out + 1 };
    refused(l, m, PL_LEDGER_HOLDER);
    m = (struct pl_movement){ .from = 0, .to = 1, .currency = 2 };
    refused(l, m, PL_LEDGER_ASSET);
    m = (struct pl_movement){ .from = 0, .to = 1, .instrument = CONTRACTS, .steps = 1 };
    refused(l, m, PL_LEDGER_ASSET);
    m = (struct pl_movement){ .from = 0, .to = 1, .instrument = INVERSE, .steps = 1 };
    refused(l, m, PL_LEDGER_ASSET);
    m = (struct pl_movement){ .from = 0, .to = fees, .instrument = PERP, .steps = 1 };
    refused(l, m, PL_LEDGER_HOLDER);
    m = (struct pl_movement){ .from = 0, .to = out, .instrument = PERP, .steps = 1 };
    refused(l, m, PL_LEDGER_OUTSIDE);
    m = (struct pl_movement){ .from = 0, .to = 1, .instrument = PERP, .steps = INT64_MIN };
    refused(l, m, PL_LEDGER_AMOUNT);
    /* Isolation: funds, debts and instruments stay in their pool; accounts may pay each other. */
    m = (struct pl_movement){ .from = other, .to = 1, .pays_e8 = 1, .receives_e8 = 1 };
    refused(l, m, PL_LEDGER_POOLS);
    m = (struct pl_movement){ .from = other, .to = fund, .pays_e8 = 1, .receives_e8 = 1 };
    refused(l, m, PL_LEDGER_POOLS);
    m = (struct pl_movement){ .from = other, .to = debt, .pays_e8 = 1, .receives_e8 = 1 };
    refused(l, m, PL_LEDGER_POOLS);
    m = (struct pl_movement){ .from = 3, .to = 1, .instrument = PERP, .steps = 1 };
    refused(l, m, PL_LEDGER_POOLS);
    m = (struct pl_movement){ .from = 0, .to = 1, .instrument = ISOLATED, .steps = 1 };
    refused(l, m, PL_LEDGER_POOLS);
    m = (struct pl_movement){ .from = 1, .to = 3, .pays_e8 = 1, .receives_e8 = 1 };
    assert_int_equal(pl_ledger_move(l, &m), PL_LEDGER_OK);
    /* Signs of the venue's own balances. */
    m = (struct pl_movement){ .from = fund, .to = 1, .pays_e8 = 11, .receives_e8 = 11 };
    refused(l, m, PL_LEDGER_NEGATIVE);
    m = (struct pl_movement){ .from = fees, .to = 1, .pays_e8 = 1, .receives_e8 = 1 };
    refused(l, m, PL_LEDGER_NEGATIVE);
    m = (struct pl_movement){ .from = 1, .to = debt, .pays_e8 = 1, .receives_e8 = 1 };
    refused(l, m, PL_LEDGER_NEGATIVE);
    /* The sum fits, the residue does not. */
    ledger_deposit(l, pl_ledger_residue(l), USD, INT64_MAX);
    m = (struct pl_movement){ .from = 1, .to = fund, .pays_e8 = 2, .receives_e8 = 1 };
    refused(l, m, PL_LEDGER_OVERFLOW);
    assert_int_equal(pl_ledger_trade(l, 0, 1, PERP, INT64_MAX, INT64_MAX), PL_LEDGER_OVERFLOW);
    assert_int_equal(pl_ledger_trade(l, 0, 1, PERP, 0, 1), PL_LEDGER_AMOUNT);
    assert_int_equal(pl_ledger_trade(l, 0, 1, CONTRACTS, 1, 1), PL_LEDGER_ASSET);
    ledger_holds(l);
    free(l);
}

static void a_full_ledger_refuses_and_recovers(void **state)
{
    (void)state;
    const struct pl_ledger_size tiny = {
        .accounts = 3, .currencies = 2, .instruments = CONTRACTS, .pools = 2, .entries = 8
    };
    struct pl_ledger *l = ledger_open(&tiny, NULL);
    ledger_deposit(l, 0, USD, 10);
    ledger_deposit(l, 1, USD, 10);
    const struct pl_movement third = { .from = 0, .to = 2, .pays_e8 = 1, .receives_e8 = 1 };
    refused(l, third, PL_LEDGER_FULL);
    assert_int_equal(pl_ledger_pay(l, PL_CAUSE_TRANSFER, 0, 1, USD, 10), PL_LEDGER_OK);
    assert_int_equal(pl_ledger_pay(l, PL_CAUSE_TRANSFER, 1, 2, USD, 1), PL_LEDGER_OK);
    ledger_holds(l);
    free(l);
}

static void the_outside_holds_steps_only_where_it_may(void **state)
{
    (void)state;
    struct pl_ledger_size open = small;
    open.open = true;
    struct pl_ledger *l = ledger_open(&open, small_pools);
    assert_int_equal(pl_ledger_trade(l, 0, pl_ledger_outside(l), PERP, 3, 100), PL_LEDGER_OK);
    assert_int_equal(pl_ledger_trade(l, 1, 0, PERP, 1, 101), PL_LEDGER_OK);
    ledger_holds(l);
    uint32_t flags = 0;
    struct pl_ratio worth;
    assert_true(pl_contract_step(&ledger_contracts[PERP], 99, 7, &worth));
    assert_int_equal(pl_ledger_distribute(l, PL_CAUSE_SETTLEMENT, CONTRACTS, worth, true),
                     PL_LEDGER_ASSET);
    const struct pl_ratio huge = { INT64_MAX, 1 };
    assert_int_equal(pl_ledger_distribute(l, PL_CAUSE_SETTLEMENT, PERP, huge, true),
                     PL_LEDGER_OVERFLOW);
    assert_int_equal(pl_ledger_distribute(l, PL_CAUSE_SETTLEMENT, PERP, worth, true), PL_LEDGER_OK);
    assert_true(pl_ledger_open_interest(l, PERP) == 0);
    assert_int_equal(pl_ledger_flow(l, 1, USD, PL_CAUSE_SETTLEMENT),
                     pl_ratio_down(1, worth, &flags));
    ledger_holds(l);
    free(l);
}

/* At random, together and one by one: the same balances, in each currency; or nobody is paid. */
static void payments_together_are_those_one_by_one(void **state)
{
    (void)state;
    uint64_t seed = random_seed(16);
    for (uint64_t round = random_rounds(200); round > 0; round--) {
        struct pl_ledger_size size = small;
        size.open = random_once_in(&seed, 2);
        size.flows = random_once_in(&seed, 2);
        struct pl_ledger *one = ledger_open(&size, small_pools);
        for (int i = 0; i < 30; i++) {
            const uint32_t buyer = (uint32_t)random_below(&seed, size.accounts);
            const uint32_t seller = random_once_in(&seed, 4)
                                        ? pl_ledger_outside(one)
                                        : (uint32_t)random_below(&seed, size.accounts);
            pl_ledger_trade(one, buyer, seller, (uint32_t)random_below(&seed, CONTRACTS),
                            random_within(&seed, 1, 1000), random_within(&seed, 1, 100000));
        }
        struct pl_ledger *all = ledger_copy(one);
        struct pl_ratio worths[CONTRACTS];
        bool fits = true;
        for (uint32_t i = 0; i < CONTRACTS; i++)
            worths[i] = (struct pl_ratio){ random_once_in(&seed, 3) ? 0 : random_word(&seed, 50),
                                           (pl_u128)random_within(&seed, 1, 1000) };
        if (random_once_in(&seed, 8))
            worths[random_below(&seed, CONTRACTS)].n = INT64_MAX;
        for (uint32_t c = 0; c < 2; c++) {
            struct pl_ledger *before = ledger_copy(all);
            const enum pl_ledger_reason reason =
                pl_ledger_distribute_all(all, PL_CAUSE_FUNDING, c, worths);
            ledger_holds(all);
            assert_true(reason == PL_LEDGER_OK || ledger_agrees(all, before));
            fits &= reason == PL_LEDGER_OK;
            free(before);
        }
        for (uint32_t i = 0; i < CONTRACTS && fits; i++)
            assert_int_equal(pl_ledger_distribute(one, PL_CAUSE_FUNDING, i, worths[i], false),
                             PL_LEDGER_OK);
        assert_true(!fits || ledger_agrees(one, all));
        free(one);
        free(all);
    }
    struct pl_ledger *l = ledger_open(&small, small_pools);
    assert_int_equal(pl_ledger_distribute_all(l, PL_CAUSE_FUNDING, 2, NULL), PL_LEDGER_ASSET);
    free(l);
}

static void alter(uint8_t *copy, const struct pl_ledger *l, const void *number, int64_t delta)
{
    uint8_t *place = copy + ((const uint8_t *)number - (const uint8_t *)l);
    int64_t value;
    memcpy(&value, place, sizeof value);
    value += delta;
    memcpy(place, &value, sizeof value);
}

/* What the recount says of a copy of which one or two numbers were changed. */
static const char *verdict_on(const struct pl_ledger *l, const void *number, int64_t delta,
                              const void *other, int64_t other_delta)
{
    static char message[PL_LEDGER_MESSAGE_BYTES];
    uint8_t *copy = ledger_copy(l);
    alter(copy, l, number, delta);
    if (other != NULL)
        alter(copy, l, other, other_delta);
    message[0] = 0;
    const int error = pl_ledger_recount((struct pl_ledger *)(void *)copy, message);
    assert_int_equal(error != 0, message[0] != 0);
    free(copy);
    return message;
}

static void a_price_without_a_worth_is_refused(void **state)
{
    (void)state;
    struct pl_ratio worth;
    const pl_i128 most = (pl_i128)(((pl_u128)1 << 127) - 1);
    assert_false(pl_contract_step(&ledger_contracts[PERP], 1, 0, &worth));
    assert_false(pl_contract_step(&ledger_contracts[PERP], most, 1, &worth));
    assert_false(pl_contract_step(&ledger_contracts[INVERSE], 0, 1, &worth));
    assert_false(pl_contract_step(&ledger_contracts[INVERSE], -1, 1, &worth));
    assert_false(pl_contract_step(&ledger_contracts[INVERSE], 1, (pl_u128)most, &worth));
    assert_false(pl_contract_step(&ledger_contracts[PERP], 1, (pl_u128)1 << 127, &worth));
    assert_true(pl_contract_step(&ledger_contracts[PERP], 0, 1, &worth));
    /* Money of INT64_MAX can be held, traded and counted; one more is refused. */
    struct pl_ledger *l = ledger_open(&small, small_pools);
    ledger_deposit(l, 0, USD, INT64_MAX);
    assert_int_equal(pl_ledger_trade(l, 0, 1, CHEAP, INT64_MAX, 100), PL_LEDGER_OK);
    assert_int_equal(pl_ledger_cash(l, 0, USD), 0);
    assert_int_equal(pl_ledger_cash(l, 1, USD), INT64_MAX);
    assert_int_equal(pl_ledger_steps(l, 1, CHEAP), -INT64_MAX);
    ledger_holds(l);
    assert_int_equal(pl_ledger_trade(l, 2, 1, CHEAP, 1, 100), PL_LEDGER_OVERFLOW);
    assert_int_equal(pl_ledger_trade(l, 1, 0, CHEAP, INT64_MAX, 100), PL_LEDGER_OK);
    assert_int_equal(pl_ledger_cash(l, 0, USD), INT64_MAX);
    assert_true(pl_ledger_open_interest(l, CHEAP) == 0);
    ledger_holds(l);
    free(l);
}

static void flows_go_on_when_turnover_passes_64_bits(void **state)
{
    (void)state;
    struct pl_ledger *l = ledger_open(&small, small_pools);
    uint64_t flow = 0;
    for (uint32_t i = 0; i < 9; i++) {
        ledger_deposit(l, 0, USD, INT64_MAX);
        assert_int_equal(pl_ledger_pay(l, PL_CAUSE_TRANSFER, 0, 1 + i % 2, USD, INT64_MAX),
                         PL_LEDGER_OK);
        assert_int_equal(
            pl_ledger_pay(l, PL_CAUSE_EXTERNAL, 1 + i % 2, pl_ledger_outside(l), USD, INT64_MAX),
            PL_LEDGER_OK);
        flow += INT64_MAX;
        assert_true((uint64_t)pl_ledger_flow(l, 0, USD, PL_CAUSE_EXTERNAL) == flow);
        ledger_holds(l);
    }
    free(l);
}

static void every_way_of_being_wrong_is_noticed(void **state)
{
    (void)state;
    struct pl_ledger *l = ledger_open(&small, small_pools);
    ledger_deposit(l, 0, USD, 1000);
    assert_int_equal(pl_ledger_trade(l, 0, 1, PERP, 2, 5), PL_LEDGER_OK);
    ledger_holds(l);
    /* Any balance of anybody, flows included. */
    uint32_t altered = 0;
    for (uint32_t holder = 0; holder < pl_ledger_clearing(l); holder++) {
        const struct pl_ledger_holder *h = pl_ledger_holder(l, holder);
        for (uint32_t i = 0; i < h->count; i++, altered++)
            assert_string_not_equal(verdict_on(l, &pl_ledger_entries(l, h)[i].amount, 1, NULL, 0),
                                    "");
    }
    assert_int_equal(altered, 7);
    const struct pl_ledger_entry *flow =
        pl_ledger_entries(l, pl_ledger_holder(l, 0)) + pl_ledger_holder(l, 0)->count - 1;
    assert_int_equal(flow->key, pl_ledger_flow_key(l, USD, PL_CAUSE_TRADE));
    assert_non_null(strstr(verdict_on(l, &flow->amount, 1, NULL, 0), "flows"));
    /* Kept totals that are wrong together, so that only a recount can tell. */
    const struct pl_ledger_total *total = pl_ledger_total(l, USD);
    assert_non_null(strstr(verdict_on(l, &total->accounts, 1, &total->outside, -1), "not the sum"));
    assert_non_null(strstr(verdict_on(l, &total->outside, -1, NULL, 0), "add up"));
    total = pl_ledger_total(l, small.currencies + PERP);
    assert_non_null(strstr(verdict_on(l, &total->longs, 1, NULL, 0), "open interest"));
    assert_non_null(strstr(verdict_on(l, &pl_ledger_holder(l, 0)->block, 1, NULL, 0), "holder"));
    /* A free block that is in no list. */
    const struct pl_blocks blocks = pl_ledger_blocks(l);
    uint32_t unit = 0;
    while (blocks.tags[unit] == 0)
        unit++;
    assert_non_null(strstr(verdict_on(l, &blocks.tags[unit], 1, NULL, 0), "blocks"));
    /* Something left in clearing. */
    char message[PL_LEDGER_MESSAGE_BYTES];
    assert_int_equal(pl_ledger_pay(l, PL_CAUSE_FUNDING, 0, pl_ledger_clearing(l), USD, 1),
                     PL_LEDGER_OK);
    assert_int_not_equal(pl_ledger_check(l, message), 0);
    assert_non_null(strstr(message, "clearing: of currency 0"));
    free(l);
}

static void a_size_out_of_its_limits_is_named(void **state)
{
    (void)state;
    char message[PL_LEDGER_MESSAGE_BYTES];
    struct pl_ledger_size size = small;
    size.accounts = 0;
    assert_int_not_equal(pl_ledger_check_size(&size, ledger_contracts, NULL, message), 0);
    assert_non_null(strstr(message, "accounts is 0"));
    size = small;
    size.pools = 1;
    assert_int_not_equal(pl_ledger_check_size(&size, ledger_contracts, NULL, message), 0);
    assert_non_null(strstr(message, "contract's pool"));
    size = small;
    const uint32_t wrong[4] = { 0, 0, 0, 2 };
    assert_int_not_equal(pl_ledger_check_size(&size, ledger_contracts, wrong, message), 0);
    assert_non_null(strstr(message, "account's pool"));
    struct pl_contract bad[CONTRACTS];
    memcpy(bad, ledger_contracts, sizeof bad);
    bad[INVERSE].denominator = 2;
    assert_int_not_equal(pl_ledger_check_size(&size, bad, NULL, message), 0);
    assert_non_null(strstr(message, "denominator is 2"));
    bad[INVERSE] = ledger_contracts[INVERSE];
    bad[PERP].numerator = 0;
    assert_int_not_equal(pl_ledger_check_size(&size, bad, NULL, message), 0);
    assert_non_null(strstr(message, "numerator"));
}

#define ACCOUNTS 40
#define HOLDERS (ACCOUNTS + 7)

/* Movements of every kind against plain arrays, and the same again from the same seed. */
static void play(uint64_t seed, struct pl_ledger *l, const uint32_t *pools)
{
    static pl_i128 cash[HOLDERS][2], steps[HOLDERS][CONTRACTS];
    memset(cash, 0, sizeof cash);
    memset(steps, 0, sizeof steps);
    const uint32_t residue = pl_ledger_residue(l);
    for (uint32_t event = 0; event < 400; event++) {
        struct pl_movement m = {
            .cause = (uint32_t)random_below(&seed, PL_CAUSES),
            .from = (uint32_t)random_below(&seed, HOLDERS + 2),
            .to = (uint32_t)random_below(&seed, random_once_in(&seed, 3) ? HOLDERS + 2 : ACCOUNTS),
            .currency = (uint32_t)random_below(&seed, 2),
        };
        m.pays_e8 = (int64_t)pl_abs_u64(random_word(&seed, random_once_in(&seed, 9) ? 63 : 40));
        m.receives_e8 = m.pays_e8 - (int64_t)random_below(&seed, 2);
        if (random_once_in(&seed, 2)) {
            m.instrument = (uint32_t)random_below(&seed, CONTRACTS);
            m.steps = random_word(&seed, random_once_in(&seed, 9) ? 63 : 20);
            if (m.steps != 0)
                m.currency = ledger_contracts[m.instrument].currency;
        }
        const enum pl_ledger_reason reason = pl_ledger_move(l, &m);
        if (reason == PL_LEDGER_OK) {
            if (m.from < HOLDERS)
                cash[m.from][m.currency] -= m.pays_e8;
            if (m.to < HOLDERS)
                cash[m.to][m.currency] += m.receives_e8;
            cash[residue][m.currency] += m.pays_e8 - m.receives_e8;
            if (m.from < HOLDERS)
                steps[m.from][m.instrument] += m.steps;
            if (m.to < HOLDERS)
                steps[m.to][m.instrument] -= m.steps;
            if (m.steps != 0 && m.from < ACCOUNTS && m.to < ACCOUNTS)
                assert_int_equal(pools[m.from], pools[m.to]);
        }
        for (uint32_t h = 0; h < HOLDERS; h++) {
            for (uint32_t c = 0; c < 2; c++)
                assert_true(pl_ledger_cash(l, h, c) == cash[h][c]);
            for (uint32_t i = 0; i < CONTRACTS; i++)
                assert_true(pl_ledger_steps(l, h, i) == steps[h][i]);
        }
        const uint32_t clearing = pl_ledger_clearing(l);
        if (m.from != clearing && m.to != clearing)
            continue;
        if (reason == PL_LEDGER_OK) { /* back, as nothing may stay there */
            const struct pl_movement back = { .cause = m.cause,
                                              .from = m.to,
                                              .to = m.from,
                                              .currency = m.currency,
                                              .pays_e8 = m.receives_e8,
                                              .receives_e8 = m.receives_e8,
                                              .instrument = m.instrument,
                                              .steps = m.steps };
            const enum pl_ledger_reason undone = pl_ledger_move(l, &back);
            if (undone == PL_LEDGER_FULL) { /* what clearing holds must be noticed */
                char message[PL_LEDGER_MESSAGE_BYTES];
                assert_int_not_equal(pl_ledger_check(l, message), 0);
                return;
            }
            assert_int_equal(undone, PL_LEDGER_OK);
            if (m.to < HOLDERS)
                cash[m.to][m.currency] -= m.receives_e8, steps[m.to][m.instrument] += m.steps;
            if (m.from < HOLDERS)
                cash[m.from][m.currency] += m.receives_e8, steps[m.from][m.instrument] -= m.steps;
            if (m.from == clearing && m.pays_e8 > m.receives_e8)
                return; /* the residue keeps what clearing paid: the check must say so */
        }
        ledger_holds(l);
    }
    ledger_holds(l);
}

static void random_movements_agree_with_plain_arrays_and_replay_to_the_same_bytes(void **state)
{
    (void)state;
    uint64_t seed = random_seed(2);
    const struct pl_ledger_size size = {
        .accounts = ACCOUNTS,
        .currencies = 2,
        .instruments = CONTRACTS,
        .pools = 2,
        .entries = 440,
        .flows = true,
        .open = true,
    };
    for (uint64_t round = random_rounds(30); round > 0; round--) {
        uint32_t pools[ACCOUNTS];
        for (uint32_t i = 0; i < ACCOUNTS; i++)
            pools[i] = (uint32_t)random_below(&seed, 2);
        struct pl_ledger *a = ledger_open(&size, pools), *b = ledger_open(&size, pools);
        play(seed, a, pools);
        play(seed, b, pools);
        assert_true(ledger_same(a, b));
        random_u64(&seed);
        free(a);
        free(b);
    }
}

static void blocks_are_never_lost(void **state)
{
    (void)state;
    uint64_t seed = random_seed(3);
    enum { UNITS = 300 };
    uint32_t heads[PL_BLOCK_CLASSES];
    uint8_t tags[UNITS], owner[UNITS] = { 0 };
    static struct pl_ledger_entry entries[UNITS * PL_BLOCK_ENTRIES];
    const struct pl_blocks blocks = { heads, tags, entries, UNITS };
    uint32_t unit[40], class[40], units = 0;
    bool taken[40] = { false };
    pl_blocks_clear(blocks);
    for (uint64_t round = random_rounds(5000); round > 0; round--) {
        const uint32_t i = (uint32_t)random_below(&seed, 40);
        if (taken[i]) {
            for (uint32_t u = unit[i]; u < unit[i] + (1u << class[i]); u++)
                owner[u] = 0;
            pl_blocks_give(blocks, unit[i], class[i]);
            units -= 1u << class[i];
        } else {
            class[i] = (uint32_t)random_below(&seed, 6);
            unit[i] = pl_blocks_take(blocks, class[i]);
        }
        if (!taken[i] && unit[i] == PL_BLOCK_NONE)
            continue;
        taken[i] = !taken[i];
        if (taken[i]) {
            units += 1u << class[i];
            for (uint32_t u = unit[i]; u < unit[i] + (1u << class[i]); u++) {
                assert_int_equal(owner[u], 0);
                owner[u] = 1;
                memset(&entries[u * PL_BLOCK_ENTRIES], 0xa5, sizeof *entries * PL_BLOCK_ENTRIES);
            }
        }
        assert_int_equal(pl_blocks_free(blocks), UNITS - units);
    }
    for (uint32_t i = 0; i < 40; i++)
        if (taken[i])
            pl_blocks_give(blocks, unit[i], class[i]);
    assert_int_not_equal(pl_blocks_take(blocks, 8), PL_BLOCK_NONE); /* all of it together again */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(products_of_256_bits_are_exact),
        cmocka_unit_test(a_trade_moves_steps_one_way_and_cash_the_other),
        cmocka_unit_test(payers_round_up_receivers_down_and_the_residue_has_the_rest),
        cmocka_unit_test(an_inverse_contract_is_worth_minus_its_size_over_the_price),
        cmocka_unit_test(a_refused_movement_changes_nothing),
        cmocka_unit_test(a_full_ledger_refuses_and_recovers),
        cmocka_unit_test(the_outside_holds_steps_only_where_it_may),
        cmocka_unit_test(payments_together_are_those_one_by_one),
        cmocka_unit_test(a_price_without_a_worth_is_refused),
        cmocka_unit_test(flows_go_on_when_turnover_passes_64_bits),
        cmocka_unit_test(every_way_of_being_wrong_is_noticed),
        cmocka_unit_test(a_size_out_of_its_limits_is_named),
        cmocka_unit_test(random_movements_agree_with_plain_arrays_and_replay_to_the_same_bytes),
        cmocka_unit_test(blocks_are_never_lost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
