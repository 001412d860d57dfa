/* The rules of a simulation: those of the book, what options say instead, what the policy asks
 * for. */
#include <errno.h>

#include "decide/rule.h"
#include "simulate.h"

static void take_options(struct pl_simulate_market *market, const struct pl_simulate_market *given)
{
    int64_t *const into[] = { &market->spread_q40, &market->impact_q40, &market->volume_q40,
                              &market->fund_q40 };
    const int64_t from[] = { given->spread_q40, given->impact_q40, given->volume_q40,
                             given->fund_q40 };
    for (size_t i = 0; i < sizeof from / sizeof from[0]; i++)
        *into[i] = from[i] >= 0 ? from[i] : *into[i];
}

static void switch_breakers_off(struct pl_venue_rules *r)
{
    for (int t = 0; t < PL_BREAKER_TRIGGERS; t++)
        r->breaker.cautious.at[t] = r->breaker.halted.at[t] = r->venue_breaker.cautious.at[t] =
            r->venue_breaker.halted.at[t] = 0;
    for (int q = PL_QUALITY_POOR; q < PL_QUALITIES; q++)
        r->permission.line[q].divergence_q40 = r->permission.line[PL_QUALITY_POOR].divergence_q40;
}

/* (a) and (b) of docs/decide/simulate.md, whatever a file says of liquidations. */
static void set_plain_policy(struct pl_venue_rules *r)
{
    struct pl_liquidation_rules *l = &r->liquidation;
    r->calls = r->auctions = false;
    l->cooldown_us = 0;
    l->partials_max = 100;
    l->partials_us = PL_MINUTE_US;
    l->escalate_q40 = PL_COEFFICIENT_ONE;
    l->account_e8 = l->instrument_e8 = l->venue_e8 = INT64_MAX / 4;
}

int pl_simulation_set_rules(struct pl_simulation *s)
{
    const struct pl_simulate_options *o = &s->options->simulate;
    const struct pl_book *book = s->session->book;
    char message[PL_VENUE_MESSAGE_BYTES];
    s->market = s->session->rules.market;
    s->rules = s->session->rules.venue;
    s->follow = s->session->rules.follow;
    take_options(&s->market, &o->market);
    s->cascade_window_us = pl_max64(s->rules.breaker.liquidation_window_us, pl_book_gap_us(book));
    if (o->no_breakers)
        switch_breakers_off(&s->rules);
    if (s->policy != PL_SIMULATED_MINIMAL)
        set_plain_policy(&s->rules);
    if (pl_venue_check(&s->rules, &s->setup, message) == 0)
        return 0;
    pl_complain("%s: %s", book->path, message);
    return -EINVAL;
}
