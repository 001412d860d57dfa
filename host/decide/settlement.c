#include "settlement.h"

const struct pl_settlement_rules pl_settlement_defaults = {
    .window_us = 30 * PL_MINUTE_US,
    .stale_us = PL_MINUTE_US,
    .covered_q40 = PL_COEFFICIENT_ONE / 10 * 9,
};

int pl_settlement_check(const struct pl_settlement_rules *rules,
                        char message[PL_RULE_MESSAGE_BYTES])
{
    int error =
        pl_rule_within("settlement.window_us", rules->window_us, PL_MINUTE_US, PL_DAY_US, message);
    if (error == 0)
        error = pl_rule_within("settlement.stale_us", rules->stale_us, PL_SECOND_US,
                               rules->window_us, message);
    if (error == 0)
        error = pl_rule_within("settlement.covered_q40", rules->covered_q40,
                               PL_COEFFICIENT_ONE / 100, PL_COEFFICIENT_ONE, message);
    return error;
}

const char *pl_settlement_reason(enum pl_settlement_reason reason)
{
    static const char *const texts[] = {
        [PL_SETTLEMENT_OK] = "done",
        [PL_SETTLEMENT_TIME_BACK] = "the time is before the last one",
        [PL_SETTLEMENT_PRICE] = "the index is not a price",
        [PL_SETTLEMENT_EARLY] = "the expiry is not reached",
        [PL_SETTLEMENT_UNCOVERED] = "the index was missing for too much of the settlement window",
        [PL_SETTLEMENT_OVERFLOW] = "the payoff does not fit",
        [PL_SETTLEMENT_LEDGER] = "the ledger refused the settlement",
    };
    return (uint32_t)reason < sizeof texts / sizeof *texts ? texts[reason] : "unknown reason";
}

void pl_settlement_start(struct pl_settlement *s, int64_t expiry_us)
{
    *s = (struct pl_settlement){ .expiry_us = expiry_us, .time_us = INT64_MIN };
}

/* The last price counts from when it came, inside the window, until now, expiry or staleness. */
static void count(struct pl_settlement *s, const struct pl_settlement_rules *rules, int64_t time_us)
{
    if (s->price == 0)
        return;
    const int64_t stale_us =
        s->time_us > INT64_MAX - rules->stale_us ? INT64_MAX : s->time_us + rules->stale_us;
    const int64_t from = pl_max64(s->time_us, s->expiry_us - rules->window_us);
    const int64_t until = pl_min64(pl_min64(time_us, s->expiry_us), stale_us);
    if (until > from) {
        s->sum += (pl_i128)s->price * (until - from);
        s->covered_us += until - from;
    }
}

enum pl_settlement_reason pl_settlement_observe(struct pl_settlement *s,
                                                const struct pl_settlement_rules *rules,
                                                int64_t price, int64_t time_us)
{
    if (time_us < s->time_us)
        return PL_SETTLEMENT_TIME_BACK;
    if (price <= 0 || price >> PL_PRICE_BITS_FULL != 0)
        return PL_SETTLEMENT_PRICE;
    count(s, rules, time_us);
    s->price = price;
    s->time_us = time_us;
    return PL_SETTLEMENT_OK;
}

enum pl_settlement_reason pl_settlement_average(struct pl_settlement *s,
                                                const struct pl_settlement_rules *rules,
                                                int64_t time_us, struct pl_ratio *average)
{
    if (time_us < s->expiry_us)
        return PL_SETTLEMENT_EARLY;
    if (time_us < s->time_us)
        return PL_SETTLEMENT_TIME_BACK;
    struct pl_settlement whole = *s;
    count(&whole, rules, time_us);
    if ((pl_i128)whole.covered_us << PL_COEFFICIENT_BITS <
        (pl_i128)rules->window_us * rules->covered_q40)
        return PL_SETTLEMENT_UNCOVERED;
    *average = (struct pl_ratio){ whole.sum, (pl_u128)whole.covered_us };
    return PL_SETTLEMENT_OK;
}

/* The instrument's price at settlement, as n/d. */
static bool price_at(const struct pl_payoff *payoff, struct pl_ratio average,
                     struct pl_ratio *price)
{
    pl_i128 inner;
    *price = average;
    if (payoff->kind != PL_KIND_OPTION)
        return true;
    if (__builtin_mul_overflow((pl_i128)payoff->strike, (pl_i128)average.d, &inner))
        return false;
    inner = payoff->is_put ? inner - average.n : average.n - inner;
    price->n = inner < 0 ? 0 : inner;
    if (payoff->coin_scale == 0)
        return true;
    price->d = (pl_u128)average.n;
    return !__builtin_mul_overflow(price->n, (pl_i128)payoff->coin_scale, &price->n);
}

enum pl_settlement_reason pl_settlement_settle(struct pl_settlement *s,
                                               const struct pl_settlement_rules *rules,
                                               struct pl_ledger *ledger, uint32_t instrument,
                                               const struct pl_payoff *payoff, int64_t time_us,
                                               enum pl_ledger_reason *why)
{
    struct pl_ratio average, price, worth;
    const enum pl_settlement_reason reason = pl_settlement_average(s, rules, time_us, &average);
    *why = PL_LEDGER_OK;
    if (reason != PL_SETTLEMENT_OK)
        return reason;
    if (!price_at(payoff, average, &price) ||
        !pl_contract_step(pl_ledger_contract(ledger, instrument), price.n, price.d, &worth))
        return PL_SETTLEMENT_OVERFLOW;
    *why = pl_ledger_distribute(ledger, PL_CAUSE_SETTLEMENT, instrument, worth, true);
    return *why == PL_LEDGER_OK ? PL_SETTLEMENT_OK : PL_SETTLEMENT_LEDGER;
}
