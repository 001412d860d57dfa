#include "socialised.h"

#include "exact.h"

const struct pl_socialised_rules pl_socialised_defaults = { .session_us = 24 * PL_HOUR_US,
                                                            .offset_us = 8 * PL_HOUR_US };

int pl_socialised_check(const struct pl_socialised_rules *rules,
                        char message[PL_RULE_MESSAGE_BYTES])
{
    int error = pl_rule_within("socialised.session_us", rules->session_us, PL_HOUR_US,
                               7 * PL_DAY_US, message);
    if (error == 0)
        error = pl_rule_within("socialised.offset_us", rules->offset_us, 0, rules->session_us - 1,
                               message);
    return error;
}

/* Sessions that ended up to a time. */
static int64_t sessions(const struct pl_socialised_rules *rules, int64_t time_us)
{
    return time_us < rules->offset_us ? -1 : (time_us - rules->offset_us) / rules->session_us;
}

bool pl_socialised_due(const struct pl_socialised_rules *rules, int64_t last_us, int64_t time_us)
{
    return sessions(rules, time_us) > sessions(rules, last_us);
}

int64_t pl_socialised_repay(struct pl_ledger *ledger, uint32_t pool, uint32_t currency)
{
    const uint32_t fund = pl_ledger_fund(ledger, pool);
    const int64_t amount =
        pl_min64(pl_ledger_owed(ledger, pool, currency), pl_ledger_cash(ledger, fund, currency));
    const enum pl_ledger_reason reason = pl_ledger_pay(
        ledger, PL_CAUSE_BAD_DEBT, fund, pl_ledger_debt(ledger, pool), currency, amount);
    return reason == PL_LEDGER_OK ? amount : 0;
}

/* The highest part of a gain that anyone bears who is not at his limit; 0 where everybody is. */
static struct pl_share level(const struct pl_share *shares, uint32_t count)
{
    struct pl_share highest = { .weight = 1, .given = 0 };
    for (uint32_t i = 0; i < count; i++) {
        const struct pl_share *s = &shares[i];
        if (s->weight <= 0 || s->limit <= 0 || s->given >= s->limit)
            continue;
        if ((pl_i128)s->given * highest.weight > (pl_i128)highest.given * s->weight)
            highest = *s;
    }
    return highest;
}

/* What a share becomes when everybody bears the same part, rounded up. */
static int64_t borne(const struct pl_share *s, const struct pl_share *highest)
{
    uint32_t flags = 0;
    if (s->weight <= 0 || s->limit <= 0)
        return 0;
    if (s->given >= s->limit)
        return s->given;
    return pl_min64(s->limit, pl_mul_div_up(s->weight, highest->given, highest->weight, &flags));
}

struct pl_socialised pl_socialised_spread(struct pl_ledger *ledger, uint32_t pool,
                                          uint32_t currency, const int64_t *gains_e8,
                                          const int64_t *equities_e8, struct pl_share *shares,
                                          uint32_t *order)
{
    const uint32_t accounts = pl_ledger_size(ledger)->accounts;
    struct pl_socialised result = { .owed_e8 = pl_ledger_owed(ledger, pool, currency) };
    for (uint32_t i = 0; i < accounts; i++) {
        const bool bears = pl_ledger_pool_of(ledger, i) == pool && gains_e8[i] > 0;
        shares[i] = (struct pl_share){ .weight = bears ? gains_e8[i] : 0,
                                       .limit = pl_min64(gains_e8[i], equities_e8[i]) };
    }
    pl_apportion(shares, accounts, result.owed_e8, order);
    const struct pl_share highest = level(shares, accounts);
    for (uint32_t i = 0; i < accounts; i++) {
        uint32_t flags = 0;
        const struct pl_movement m = {
            .cause = PL_CAUSE_SOCIALISED,
            .from = i,
            .to = pl_ledger_debt(ledger, pool),
            .currency = currency,
            .pays_e8 = borne(&shares[i], &highest),
            .receives_e8 = shares[i].given,
        };
        if (result.why == PL_LEDGER_OK && m.pays_e8 > 0)
            result.why = pl_ledger_move(ledger, &m);
        shares[i].given = result.why == PL_LEDGER_OK ? m.pays_e8 : 0;
        if (shares[i].given == 0)
            continue;
        result.spread_e8 += m.receives_e8;
        result.paid_e8 += m.pays_e8;
        result.bearers++;
        result.part_q40 =
            pl_max64(result.part_q40,
                     pl_mul_div_up(shares[i].given, PL_COEFFICIENT_ONE, shares[i].weight, &flags));
    }
    return result;
}
