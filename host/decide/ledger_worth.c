/* What steps are worth, and payments to everybody who holds some. */
#include <assert.h>

#include "ledger_state.h"

bool pl_contract_step(const struct pl_contract *contract, pl_i128 p, pl_u128 q,
                      struct pl_ratio *worth)
{
    pl_i128 n;
    pl_u128 d;
    if (q == 0 || (contract->inverse && p <= 0) || q >> 127 != 0)
        return false;
    if (contract->inverse ? __builtin_mul_overflow((pl_i128)q, contract->numerator, &n)
                          : __builtin_mul_overflow(p, contract->numerator, &n))
        return false;
    if (__builtin_mul_overflow(contract->inverse ? (pl_u128)p : q, (pl_u128)contract->denominator,
                               &d))
        return false;
    *worth = (struct pl_ratio){ contract->inverse ? -n : n, d };
    return true;
}

int64_t pl_ledger_value(const struct pl_ledger *l, uint32_t instrument, int64_t steps,
                        int64_t price, uint32_t *flags)
{
    struct pl_ratio worth;
    if (steps == 0)
        return 0;
    if (!pl_contract_step(pl_ledger_contract(l, instrument), price, 1, &worth)) {
        *flags |= PL_FLAG_OVERFLOW;
        return 0;
    }
    return pl_ratio_down(steps, worth, flags);
}

int64_t pl_ledger_equity(const struct pl_ledger *l, uint32_t account, uint32_t currency,
                         const int64_t *marks, uint32_t *flags)
{
    pl_i128 equity = pl_ledger_cash(l, account, currency);
    uint32_t count;
    const struct pl_ledger_entry *p = pl_ledger_positions(l, account, &count);
    for (const struct pl_ledger_entry *end = p + count; p < end; p++) {
        const uint32_t instrument = pl_ledger_instrument(l, p);
        if (pl_ledger_contract(l, instrument)->currency == currency)
            equity += pl_ledger_value(l, instrument, p->amount, marks[instrument], flags);
    }
    return pl_money_limit(equity, flags);
}

struct distribution {
    enum pl_cause cause;
    uint32_t currency, key; /* the key is that of the instrument's steps */
    struct pl_ratio worth;
    bool close;
};

static bool fits(pl_i128 amount)
{
    return amount <= INT64_MAX && amount >= -INT64_MAX;
}

/* What the account gets; whether it may. */
static enum pl_ledger_reason judge(struct pl_ledger *l, const struct distribution *d,
                                   uint32_t account, int64_t *amount)
{
    uint32_t flags = 0;
    const int64_t steps = pl_ledger_amount(l, account, d->key);
    *amount = steps == 0 ? 0 : pl_ratio_down(steps, d->worth, &flags);
    if (*amount == 0 || flags != 0)
        return flags == 0 ? PL_LEDGER_OK : PL_LEDGER_OVERFLOW;
    if (!fits((pl_i128)pl_ledger_cash(l, account, d->currency) + *amount))
        return PL_LEDGER_OVERFLOW;
    const uint32_t more = (pl_ledger_cash(l, account, d->currency) == 0) +
                          (l->size.flows && pl_ledger_flow(l, account, d->currency, d->cause) == 0);
    return pl_ledger_reserve(l, account, more) ? PL_LEDGER_OK : PL_LEDGER_FULL;
}

static void give(struct pl_ledger *l, const struct distribution *d, uint32_t account)
{
    uint32_t flags = 0;
    const int64_t steps = pl_ledger_amount(l, account, d->key);
    if (steps == 0)
        return;
    const int64_t amount = pl_ratio_down(steps, d->worth, &flags);
    if (amount != 0) {
        const int64_t cash = pl_ledger_cash(l, account, d->currency) + amount;
        const int64_t flow =
            pl_ledger_wrap((pl_i128)pl_ledger_flow(l, account, d->currency, d->cause) + amount);
        pl_ledger_set(l, account, d->currency, cash, 0);
        if (l->size.flows)
            pl_ledger_set(l, account, pl_ledger_flow_key(l, d->currency, d->cause), flow, 0);
    }
    if (d->close)
        pl_ledger_set(l, account, d->key, 0, 0);
    pl_ledger_trim(l, account);
}

enum pl_ledger_reason pl_ledger_distribute(struct pl_ledger *l, enum pl_cause cause,
                                           uint32_t instrument, struct pl_ratio worth, bool close)
{
    if (instrument >= l->size.instruments)
        return PL_LEDGER_ASSET;
    const struct distribution d = { cause, pl_ledger_contract(l, instrument)->currency,
                                    l->size.currencies + instrument, worth, close };
    struct pl_ledger_total *steps = pl_ledger_total(l, d.key);
    struct pl_ledger_total *cash = pl_ledger_total(l, d.currency);
    enum pl_ledger_reason reason = PL_LEDGER_OK;
    uint32_t flags = 0;
    int64_t amount;
    if (!fits(steps->outside))
        return PL_LEDGER_OVERFLOW;
    const int64_t outside = pl_ratio_down(steps->outside, worth, &flags);
    pl_i128 given = outside;
    for (uint32_t i = 0; i < l->size.accounts && reason == PL_LEDGER_OK; i++) {
        reason = judge(l, &d, i, &amount);
        given += amount;
    }
    const uint32_t residue = pl_ledger_residue(l);
    const pl_i128 rest = pl_ledger_cash(l, residue, d.currency) - given;
    if (reason == PL_LEDGER_OK && (flags != 0 || !fits(rest)))
        reason = PL_LEDGER_OVERFLOW;
    if (reason == PL_LEDGER_OK && !pl_ledger_reserve(l, residue, 1))
        reason = PL_LEDGER_FULL;
    if (reason != PL_LEDGER_OK)
        return reason;
    assert(given <= 0); /* steps sum to zero, and everybody's share is rounded down */
    for (uint32_t i = 0; i < l->size.accounts; i++)
        give(l, &d, i);
    pl_ledger_set(l, residue, d.currency, (int64_t)rest, 0);
    pl_ledger_trim(l, residue);
    cash->outside += outside;
    if (close)
        steps->outside = 0;
    return PL_LEDGER_OK;
}

/* What the account gets of the coin; whether it may. */
static enum pl_ledger_reason judge_coins(struct pl_ledger *l, uint32_t account, uint32_t instrument,
                                         uint32_t coin, struct pl_ratio worth, int64_t *amount)
{
    uint32_t flags = 0;
    const int64_t steps = pl_ledger_steps(l, account, instrument);
    *amount = steps == 0 ? 0 : pl_ratio_down(steps, worth, &flags);
    if (flags != 0 || !fits((pl_i128)pl_ledger_steps(l, account, coin) + *amount))
        return PL_LEDGER_OVERFLOW;
    return *amount == 0 || pl_ledger_reserve(l, account, 1) ? PL_LEDGER_OK : PL_LEDGER_FULL;
}

enum pl_ledger_reason pl_ledger_distribute_coins(struct pl_ledger *l, uint32_t instrument,
                                                 uint32_t coin, struct pl_ratio worth)
{
    enum pl_ledger_reason reason = PL_LEDGER_OK;
    pl_i128 given = 0;
    int64_t amount;
    if (instrument >= l->size.instruments || coin >= l->size.instruments || coin == instrument)
        return PL_LEDGER_ASSET;
    if (!l->size.open)
        return PL_LEDGER_OUTSIDE;
    for (uint32_t i = 0; i < l->size.accounts && reason == PL_LEDGER_OK; i++) {
        reason = judge_coins(l, i, instrument, coin, worth, &amount);
        given += amount;
    }
    if (reason != PL_LEDGER_OK)
        return reason;
    const uint32_t key = l->size.currencies + coin;
    for (uint32_t i = 0; i < l->size.accounts; i++) {
        judge_coins(l, i, instrument, coin, worth, &amount); /* there is room by now */
        const struct pl_ledger_entry *held = pl_ledger_position(l, i, coin);
        const int64_t cost_e8 = held == NULL ? 0 : held->cost_e8;
        if (amount != 0)
            pl_ledger_set(l, i, key, pl_ledger_steps(l, i, coin) + amount, cost_e8);
        pl_ledger_trim(l, i);
    }
    pl_ledger_total(l, key)->outside -= given;
    return PL_LEDGER_OK;
}

/* A payment on many instruments at once. */
struct round {
    enum pl_cause cause;
    uint32_t currency;
    const struct pl_ratio *worths;
};

/* What the account gets for everything that it holds. */
static pl_i128 sum_of(const struct pl_ledger *l, const struct round *r, uint32_t account,
                      uint32_t *flags)
{
    uint32_t count;
    const struct pl_ledger_entry *p = pl_ledger_positions(l, account, &count);
    pl_i128 sum = 0;
    for (const struct pl_ledger_entry *end = p + count; p < end; p++) {
        const uint32_t instrument = pl_ledger_instrument(l, p);
        if (r->worths[instrument].n != 0 &&
            pl_ledger_contract(l, instrument)->currency == r->currency)
            sum += pl_ratio_down(p->amount, r->worths[instrument], flags);
    }
    return sum;
}

static enum pl_ledger_reason judge_sum(struct pl_ledger *l, const struct round *r, uint32_t account,
                                       pl_i128 *amount)
{
    uint32_t flags = 0;
    *amount = sum_of(l, r, account, &flags);
    const int64_t cash = *amount == 0 ? 0 : pl_ledger_cash(l, account, r->currency);
    if (flags != 0 || !fits(cash + *amount))
        return PL_LEDGER_OVERFLOW;
    const uint32_t more =
        *amount == 0 ? 0
                     : (cash == 0) + (l->size.flows &&
                                      pl_ledger_flow(l, account, r->currency, r->cause) == 0);
    return more == 0 || pl_ledger_reserve(l, account, more) ? PL_LEDGER_OK : PL_LEDGER_FULL;
}

static void give_sum(struct pl_ledger *l, const struct round *r, uint32_t account)
{
    uint32_t flags = 0;
    const pl_i128 amount = sum_of(l, r, account, &flags);
    if (amount == 0)
        return;
    const int64_t cash = (int64_t)(pl_ledger_cash(l, account, r->currency) + amount);
    const int64_t flow =
        pl_ledger_wrap((pl_i128)pl_ledger_flow(l, account, r->currency, r->cause) + amount);
    pl_ledger_set(l, account, r->currency, cash, 0);
    if (l->size.flows)
        pl_ledger_set(l, account, pl_ledger_flow_key(l, r->currency, r->cause), flow, 0);
    pl_ledger_trim(l, account);
}

/* What the outside gets; whether it fits. */
static enum pl_ledger_reason judge_outside(const struct pl_ledger *l, const struct round *r,
                                           pl_i128 *amount)
{
    uint32_t flags = 0;
    *amount = 0;
    for (uint32_t i = 0; i < l->size.instruments; i++) {
        const struct pl_ledger_total *steps = pl_ledger_total(l, l->size.currencies + i);
        if (r->worths[i].n == 0 || pl_ledger_contract(l, i)->currency != r->currency)
            continue;
        if (!fits(steps->outside))
            return PL_LEDGER_OVERFLOW;
        *amount += pl_ratio_down(steps->outside, r->worths[i], &flags);
    }
    return flags == 0 ? PL_LEDGER_OK : PL_LEDGER_OVERFLOW;
}

enum pl_ledger_reason pl_ledger_distribute_all(struct pl_ledger *l, enum pl_cause cause,
                                               uint32_t currency, const struct pl_ratio *worths)
{
    const struct round r = { cause, currency, worths };
    const uint32_t residue = pl_ledger_residue(l);
    pl_i128 outside, amount;
    if (currency >= l->size.currencies)
        return PL_LEDGER_ASSET;
    enum pl_ledger_reason reason = judge_outside(l, &r, &outside);
    pl_i128 given = outside;
    for (uint32_t i = 0; i < l->size.accounts && reason == PL_LEDGER_OK; i++) {
        reason = judge_sum(l, &r, i, &amount);
        given += amount;
    }
    const pl_i128 rest = pl_ledger_cash(l, residue, currency) - given;
    if (reason == PL_LEDGER_OK && !fits(rest))
        reason = PL_LEDGER_OVERFLOW;
    if (reason == PL_LEDGER_OK && !pl_ledger_reserve(l, residue, 1))
        reason = PL_LEDGER_FULL;
    if (reason != PL_LEDGER_OK)
        return reason;
    assert(given <= 0); /* as above, instrument by instrument */
    for (uint32_t i = 0; i < l->size.accounts; i++)
        give_sum(l, &r, i);
    pl_ledger_set(l, residue, currency, (int64_t)rest, 0);
    pl_ledger_trim(l, residue);
    pl_ledger_total(l, currency)->outside += outside;
    return PL_LEDGER_OK;
}
