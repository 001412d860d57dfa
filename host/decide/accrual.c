#include "accrual.h"

#include "exact.h"

#define INDEX_MAX_Q40 (PL_COEFFICIENT_MAX * PL_COEFFICIENT_ONE)

const struct pl_accrual_rules pl_accrual_defaults = { .growth_max_q40 = PL_COEFFICIENT_ONE / 10,
                                                      .saved_max_us = 7 * PL_DAY_US };

int pl_accrual_check(const struct pl_accrual_rules *rules, char message[PL_RULE_MESSAGE_BYTES])
{
    int error = pl_rule_within("accrual.growth_max_q40", rules->growth_max_q40, 0,
                               PL_COEFFICIENT_ONE, message);
    if (error == 0)
        error = pl_rule_within("accrual.saved_max_us", rules->saved_max_us, PL_HOUR_US,
                               14 * PL_DAY_US, message);
    return error;
}

const char *pl_accrual_reason(enum pl_accrual_reason reason)
{
    static const char *const texts[] = {
        [PL_ACCRUAL_OK] = "done",
        [PL_ACCRUAL_LIMITED] = "the growth was limited to what is allowed",
        [PL_ACCRUAL_TIME_BACK] = "the time is before the last one",
        [PL_ACCRUAL_LOWER] = "an index does not fall by itself; write the loss down by decision",
        [PL_ACCRUAL_OVERFLOW] = "the index would leave its range",
    };
    return (uint32_t)reason < sizeof texts / sizeof *texts ? texts[reason] : "unknown reason";
}

void pl_accrual_start(struct pl_accrual *a, int64_t time_us)
{
    *a = (struct pl_accrual){ .index_q40 = PL_COEFFICIENT_ONE, .time_us = time_us };
}

/* The state after growing at a rate until a time. */
static enum pl_accrual_reason grown(struct pl_accrual *a, int64_t rate_q40, int64_t time_us)
{
    const pl_i128 unit = (pl_i128)PL_YEAR_US << PL_COEFFICIENT_BITS;
    pl_i128 growth;
    if (time_us < a->time_us)
        return PL_ACCRUAL_TIME_BACK;
    if (__builtin_mul_overflow((pl_i128)a->index_q40 * rate_q40, (pl_i128)time_us - a->time_us,
                               &growth) ||
        __builtin_add_overflow(growth, a->rest, &growth) ||
        growth / unit > INDEX_MAX_Q40 - a->index_q40)
        return PL_ACCRUAL_OVERFLOW;
    a->index_q40 += (int64_t)(growth / unit);
    a->rest = growth % unit;
    a->time_us = time_us;
    return PL_ACCRUAL_OK;
}

enum pl_accrual_reason pl_accrual_advance(struct pl_accrual *a,
                                          const struct pl_accrual_rules *rules, int64_t rate_q40,
                                          int64_t time_us)
{
    if (rate_q40 < 0)
        return PL_ACCRUAL_LOWER;
    const bool limited = rate_q40 > rules->growth_max_q40;
    const enum pl_accrual_reason reason =
        grown(a, limited ? rules->growth_max_q40 : rate_q40, time_us);
    return reason == PL_ACCRUAL_OK && limited ? PL_ACCRUAL_LIMITED : reason;
}

enum pl_accrual_reason pl_accrual_report(struct pl_accrual *a, const struct pl_accrual_rules *rules,
                                         int64_t index_q40, int64_t time_us)
{
    if (time_us < a->time_us)
        return PL_ACCRUAL_TIME_BACK;
    if (index_q40 < a->index_q40)
        return PL_ACCRUAL_LOWER;
    if (index_q40 > INDEX_MAX_Q40)
        return PL_ACCRUAL_OVERFLOW;
    /* In time: what there is, and what this growth takes, rounded up. */
    const pl_i128 there = (pl_i128)time_us - a->time_us + a->saved_us;
    const pl_i128 per_us = (pl_i128)a->index_q40 * rules->growth_max_q40;
    const pl_i128 unit = (pl_i128)PL_YEAR_US << PL_COEFFICIENT_BITS;
    const pl_i128 allowed = there < rules->saved_max_us ? there : rules->saved_max_us;
    const pl_i128 growth = (pl_i128)index_q40 - a->index_q40;
    const bool limited = growth > per_us * allowed / unit;
    const pl_i128 used = growth == 0 || limited ? 0 : (growth * unit + per_us - 1) / per_us;
    *a = (struct pl_accrual){
        .index_q40 = limited ? a->index_q40 + (int64_t)(per_us * allowed / unit) : index_q40,
        .time_us = time_us,
        .saved_us = limited ? 0 : (int64_t)(allowed - used),
    };
    return limited ? PL_ACCRUAL_LIMITED : PL_ACCRUAL_OK;
}

enum pl_accrual_reason pl_accrual_write_down(struct pl_accrual *a, int64_t index_q40,
                                             int64_t time_us)
{
    if (time_us < a->time_us)
        return PL_ACCRUAL_TIME_BACK;
    if (index_q40 <= 0 || index_q40 > a->index_q40)
        return PL_ACCRUAL_OVERFLOW;
    *a = (struct pl_accrual){ .index_q40 = index_q40, .time_us = time_us };
    return PL_ACCRUAL_OK;
}

int64_t pl_accrual_shares_for_deposit(const struct pl_accrual *a, int64_t amount_e8,
                                      uint32_t *flags)
{
    return pl_mul_div_down(amount_e8, PL_COEFFICIENT_ONE, a->index_q40, flags);
}

int64_t pl_accrual_shares_for_withdrawal(const struct pl_accrual *a, int64_t amount_e8,
                                         uint32_t *flags)
{
    return pl_mul_div_up(amount_e8, PL_COEFFICIENT_ONE, a->index_q40, flags);
}

int64_t pl_accrual_collateral(const struct pl_accrual *a, int64_t shares_e8, uint32_t *flags)
{
    return pl_mul_div_down(shares_e8, a->index_q40, PL_COEFFICIENT_ONE, flags);
}

int64_t pl_accrual_debt(const struct pl_accrual *a, int64_t shares_e8, uint32_t *flags)
{
    return pl_mul_div_up(shares_e8, a->index_q40, PL_COEFFICIENT_ONE, flags);
}
