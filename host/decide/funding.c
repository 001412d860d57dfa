#include "funding.h"

#define RATE_LIMIT_Q40 (PL_COEFFICIENT_ONE / 16)

const struct pl_funding_rules pl_funding_defaults = { .interval_us = 480 * PL_MINUTE_US,
                                                      .rate_max_q40 = PL_COEFFICIENT_ONE / 25 };

int pl_funding_check(const struct pl_funding_rules *rules, char message[PL_RULE_MESSAGE_BYTES])
{
    int error =
        pl_rule_within("funding.interval_us", rules->interval_us, PL_MINUTE_US, PL_DAY_US, message);
    if (error == 0)
        error =
            pl_rule_within("funding.rate_max_q40", rules->rate_max_q40, 0, RATE_LIMIT_Q40, message);
    return error;
}

const char *pl_funding_reason(enum pl_funding_reason reason)
{
    static const char *const texts[] = {
        [PL_FUNDING_OK] = "done",
        [PL_FUNDING_LIMITED] = "the rate was limited to what is allowed",
        [PL_FUNDING_TIME_BACK] = "the time is before the last one",
        [PL_FUNDING_PRICE] = "the mark is not a price",
        [PL_FUNDING_OVERFLOW] = "more funding accrued than can be kept; it must be paid first",
        [PL_FUNDING_LEDGER] = "the ledger refused the payment",
    };
    return (uint32_t)reason < sizeof texts / sizeof *texts ? texts[reason] : "unknown reason";
}

void pl_funding_start(struct pl_funding *f, const struct pl_ledger *ledger, uint32_t instrument,
                      int64_t time_us)
{
    *f = (struct pl_funding){ .time_us = time_us,
                              .paid_us = time_us,
                              .instrument = instrument,
                              .inverse = pl_ledger_contract(ledger, instrument)->inverse };
}

static enum pl_funding_reason accrue(struct pl_funding *f, int64_t time_us)
{
    const pl_i128 per_us = (pl_i128)f->rate_q40 * (f->inverse ? 1 : f->mark);
    pl_i128 more, sum;
    if (time_us < f->time_us)
        return PL_FUNDING_TIME_BACK;
    if (__builtin_mul_overflow(per_us, (pl_i128)time_us - f->time_us, &more) ||
        __builtin_add_overflow(f->accrued, more, &sum))
        return PL_FUNDING_OVERFLOW;
    f->accrued = sum;
    f->time_us = time_us;
    return PL_FUNDING_OK;
}

enum pl_funding_reason pl_funding_set(struct pl_funding *f, const struct pl_funding_rules *rules,
                                      int64_t rate_q40, int64_t mark, int64_t time_us)
{
    if (mark <= 0 || mark >> PL_PRICE_BITS_FULL != 0)
        return PL_FUNDING_PRICE;
    const enum pl_funding_reason reason = accrue(f, time_us);
    if (reason != PL_FUNDING_OK)
        return reason;
    f->mark = mark;
    f->rate_q40 = pl_max64(pl_min64(rate_q40, rules->rate_max_q40), -rules->rate_max_q40);
    return f->rate_q40 == rate_q40 ? PL_FUNDING_OK : PL_FUNDING_LIMITED;
}

/* What one step of a long owes. */
static bool owed_by_step(const struct pl_funding *f, const struct pl_funding_rules *rules,
                         const struct pl_ledger *ledger, struct pl_ratio *owed)
{
    const struct pl_contract *c = pl_ledger_contract(ledger, f->instrument);
    const pl_u128 whole = (pl_u128)rules->interval_us << PL_COEFFICIENT_BITS;
    if (f->accrued == 0) {
        *owed = (struct pl_ratio){ 0, 1 };
        return true;
    }
    owed->d = whole * (pl_u128)(f->inverse ? f->mark : c->denominator);
    return !__builtin_mul_overflow(f->accrued, c->numerator, &owed->n);
}

enum pl_funding_reason pl_funding_due(const struct pl_funding *f,
                                      const struct pl_funding_rules *rules,
                                      const struct pl_ledger *ledger, int64_t time_us,
                                      struct pl_funding *next, struct pl_ratio *worth, bool *due)
{
    const int64_t due_us = time_us - time_us % rules->interval_us;
    *next = *f;
    *worth = (struct pl_ratio){ 0, 1 };
    *due = time_us >= f->time_us && due_us > f->paid_us;
    if (!*due)
        return accrue(next, time_us);
    const enum pl_funding_reason reason = accrue(next, pl_max64(due_us, f->time_us));
    if (reason != PL_FUNDING_OK || !owed_by_step(next, rules, ledger, worth))
        return reason != PL_FUNDING_OK ? reason : PL_FUNDING_OVERFLOW;
    worth->n = -worth->n;
    next->accrued = 0;
    next->paid_us = due_us;
    return accrue(next, time_us);
}

enum pl_funding_reason pl_funding_advance(struct pl_funding *f,
                                          const struct pl_funding_rules *rules,
                                          struct pl_ledger *ledger, int64_t time_us, bool *paid,
                                          enum pl_ledger_reason *why)
{
    struct pl_funding next;
    struct pl_ratio worth;
    enum pl_funding_reason reason = pl_funding_due(f, rules, ledger, time_us, &next, &worth, paid);
    *why = PL_LEDGER_OK;
    if (*paid && reason == PL_FUNDING_OK) {
        *why = pl_ledger_distribute(ledger, PL_CAUSE_FUNDING, f->instrument, worth, false);
        reason = *why == PL_LEDGER_OK ? PL_FUNDING_OK : PL_FUNDING_LEDGER;
    }
    *paid = *paid && reason == PL_FUNDING_OK;
    if (reason == PL_FUNDING_OK)
        *f = next;
    return reason;
}

enum pl_funding_reason pl_funding_pay(struct pl_funding *f, const struct pl_funding_rules *rules,
                                      struct pl_ledger *ledger, int64_t time_us,
                                      enum pl_ledger_reason *why)
{
    struct pl_funding next = *f;
    struct pl_ratio owed;
    *why = PL_LEDGER_OK;
    const enum pl_funding_reason reason = accrue(&next, time_us);
    if (reason != PL_FUNDING_OK || !owed_by_step(&next, rules, ledger, &owed))
        return reason != PL_FUNDING_OK ? reason : PL_FUNDING_OVERFLOW;
    owed.n = -owed.n;
    *why = pl_ledger_distribute(ledger, PL_CAUSE_FUNDING, f->instrument, owed, false);
    if (*why != PL_LEDGER_OK)
        return PL_FUNDING_LEDGER;
    next.accrued = 0;
    *f = next;
    return PL_FUNDING_OK;
}

static pl_u128 common_factor(pl_u128 a, pl_u128 b)
{
    while (b != 0) {
        const pl_u128 rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

enum pl_funding_reason pl_funding_in_coin(struct pl_ratio worth, const struct pl_contract *coin,
                                          int64_t mark, struct pl_ratio *coins)
{
    struct pl_ratio each;
    if (mark <= 0 || !pl_contract_step(coin, mark, 1, &each) || each.n <= 0)
        return PL_FUNDING_PRICE;
    const pl_u128 factor = common_factor(pl_abs_u128(worth.n), worth.d);
    worth.n /= (pl_i128)factor;
    worth.d /= factor;
    if (__builtin_mul_overflow(worth.n, (pl_i128)each.d, &coins->n) ||
        __builtin_mul_overflow(worth.d, (pl_u128)each.n, &coins->d))
        return PL_FUNDING_OVERFLOW;
    return PL_FUNDING_OK;
}

int64_t pl_funding_owed(const struct pl_funding *f, const struct pl_funding_rules *rules,
                        const struct pl_ledger *ledger, int64_t steps, uint32_t *flags)
{
    struct pl_ratio owed;
    if (!owed_by_step(f, rules, ledger, &owed)) {
        *flags |= PL_FLAG_OVERFLOW;
        return INT64_MAX;
    }
    return pl_ratio_up(steps, owed, flags);
}

enum pl_funding_reason pl_funding_carry(const struct pl_funding *f,
                                        const struct pl_funding_rules *rules,
                                        const struct pl_ledger *ledger, uint32_t buyer,
                                        uint32_t seller, int64_t steps,
                                        struct pl_movement *movement)
{
    struct pl_ratio owed;
    *movement = (struct pl_movement){
        .cause = PL_CAUSE_FUNDING,
        .currency = pl_ledger_contract(ledger, f->instrument)->currency,
    };
    if (!owed_by_step(f, rules, ledger, &owed) ||
        pl_ledger_payment(owed, steps, seller, buyer, movement) != PL_LEDGER_OK)
        return PL_FUNDING_OVERFLOW;
    return PL_FUNDING_OK;
}
