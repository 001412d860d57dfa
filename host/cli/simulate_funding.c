/* Funding of the perpetuals that the book states rates for: rates go to the venue, which pays what
 * is due; what that comes to is counted. */
#include "simulate.h"

/* The last rate up to now, once there is a mark that it can be of. */
void pl_simulation_send_rates(struct pl_simulation *s)
{
    const struct pl_book *book = s->session->book;
    for (; s->next_rate < book->rate_count && book->rates[s->next_rate].time_us <= s->now_us;
         s->next_rate++)
        s->rates[book->rates[s->next_rate].instrument] = s->next_rate + 1;
    for (uint32_t i = 0; i < book->instrument_count && book->rate_count > 0; i++) {
        struct pl_venue_input in = { .kind = PL_VENUE_RATE };
        bool known;
        if (s->rates[i] == 0 || pl_venue_mark(s->venue, i, &known) == 0)
            continue;
        in.as.number.instrument = i;
        in.as.number.value_q40 = book->rates[s->rates[i] - 1].rate_q40;
        pl_simulation_apply(s, &in);
        s->rates[i] = 0;
    }
}

/* What an account has to pay with: cash, and at their marks the coins of inverse contracts. */
static int64_t purse(const struct pl_simulation *s, uint32_t account)
{
    const struct pl_ledger *l = pl_venue_ledger(s->venue);
    int64_t sum_e8 = pl_ledger_cash(l, account, 0);
    uint32_t flags = 0;
    for (uint32_t u = 0; u < s->session->book->underlying_count; u++) {
        const uint32_t coin = s->session->spot_of[u];
        bool known;
        if (coin == PL_NO_SPOT || s->coin_scale[coin] == 1)
            continue;
        const int64_t mark = pl_venue_mark(s->venue, coin, &known);
        sum_e8 = pl_money_add(
            sum_e8, pl_ledger_value(l, coin, pl_ledger_steps(l, account, coin), mark, &flags),
            &flags);
    }
    return sum_e8;
}

void pl_simulation_fund(struct pl_simulation *s)
{
    const uint32_t accounts = s->session->book->account_count;
    const int64_t due_us = s->now_us - s->now_us % s->rules.funding.interval_us;
    struct pl_venue_input in = { .kind = PL_VENUE_RELEASE }; /* nobody waits: only time passes */
    uint32_t flags = 0;
    if (s->session->book->rate_count == 0 || due_us <= s->funded_us)
        return;
    s->funded_us = due_us;
    for (uint32_t a = 0; a < accounts; a++)
        s->purse_e8[a] = purse(s, a);
    pl_simulation_apply(s, &in);
    for (uint32_t a = 0; a < accounts; a++) {
        const int64_t paid_e8 = s->purse_e8[a] - purse(s, a);
        s->so_far.funding_e8 = pl_money_add(s->so_far.funding_e8, pl_max64(paid_e8, 0), &flags);
    }
    s->all_dirty = true;
}
