/* A ledger for tests: two currencies, two pools, linear and inverse contracts; conservation is
 * checked from the kept totals and by a recount wherever ledger_holds() is called. */
#ifndef PL_TEST_LEDGER_FIXTURE_H
#define PL_TEST_LEDGER_FIXTURE_H

#include "../support/random.h"

#include "decide/ledger.h"

#define USD 0
#define BTC 1
#define E8 INT64_C(100000000)

/* Prices have two decimals. A step of the perpetuals is 0.001 coin, of the inverse one 10 USD, of
 * the cheap one 1 coin at prices of 1e-10. */
enum { PERP, INVERSE, ISOLATED, CHEAP, CONTRACTS };

static const struct pl_contract ledger_contracts[CONTRACTS] = {
    [PERP] = { .currency = USD, .numerator = 1000, .denominator = 1 },
    [INVERSE] = { .currency = BTC, .inverse = true, .numerator = 10 * E8 * 100, .denominator = 1 },
    [ISOLATED] = { .currency = USD, .pool = 1, .numerator = 1000, .denominator = 1 },
    [CHEAP] = { .currency = USD, .numerator = 1, .denominator = 100 },
};

static UNUSED struct pl_ledger *ledger_open(const struct pl_ledger_size *size,
                                            const uint32_t *pools)
{
    char message[PL_LEDGER_MESSAGE_BYTES] = "";
    if (pl_ledger_check_size(size, ledger_contracts, pools, message) != 0)
        fail_msg("%s", message);
    void *memory = aligned_alloc(16, pl_ledger_bytes(size));
    assert_non_null(memory);
    return pl_ledger_create(memory, size, ledger_contracts, pools);
}

static UNUSED void ledger_holds(struct pl_ledger *l)
{
    char message[PL_LEDGER_MESSAGE_BYTES] = "";
    if (pl_ledger_check(l, message) != 0)
        fail_msg("kept totals: %s", message);
    if (pl_ledger_recount(l, message) != 0)
        fail_msg("recount: %s", message);
}

static UNUSED void ledger_deposit(struct pl_ledger *l, uint32_t holder, uint32_t currency,
                                  int64_t amount_e8)
{
    assert_int_equal(
        pl_ledger_pay(l, PL_CAUSE_EXTERNAL, pl_ledger_outside(l), holder, currency, amount_e8),
        PL_LEDGER_OK);
}

static UNUSED void *ledger_copy(const struct pl_ledger *l)
{
    const size_t bytes = pl_ledger_bytes(pl_ledger_size(l));
    void *copy = aligned_alloc(16, bytes);
    assert_non_null(copy);
    return memcpy(copy, l, bytes);
}

static UNUSED bool ledger_same(const struct pl_ledger *a, const struct pl_ledger *b)
{
    return memcmp(a, b, pl_ledger_bytes(pl_ledger_size(a))) == 0;
}

/* The same balances; memory set aside may differ. */
static UNUSED bool ledger_agrees(const struct pl_ledger *a, const struct pl_ledger *b)
{
    const struct pl_ledger_size *size = pl_ledger_size(a);
    for (uint32_t h = 0; h < pl_ledger_clearing(a); h++) {
        for (uint32_t c = 0; c < size->currencies; c++) {
            bool same = pl_ledger_cash(a, h, c) == pl_ledger_cash(b, h, c);
            for (uint32_t cause = 0; cause < PL_CAUSES && h < size->accounts; cause++)
                same &= pl_ledger_flow(a, h, c, cause) == pl_ledger_flow(b, h, c, cause);
            if (!same)
                return false;
        }
        for (uint32_t i = 0; i < size->instruments; i++)
            if (pl_ledger_steps(a, h, i) != pl_ledger_steps(b, h, i))
                return false;
    }
    return true;
}

#endif
