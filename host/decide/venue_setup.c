/* The venue's rules and set-up, checked, and its memory. */
#include "venue.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "pl_abi.h"
#include "rule.h"
#include "venue_state.h"

_Static_assert(PL_RULE_MESSAGE_BYTES <= PL_VENUE_MESSAGE_BYTES &&
                   PL_LEDGER_MESSAGE_BYTES <= PL_VENUE_MESSAGE_BYTES,
               "every part's message fits");

void pl_venue_defaults(struct pl_venue_rules *r)
{
    memset(r, 0, sizeof *r);
    pl_permission_defaults(&r->permission);
    pl_breaker_defaults(&r->breaker);
    pl_breaker_venue_defaults(&r->venue_breaker);
    r->liquidation = pl_liquidation_defaults;
    r->auction = pl_auction_defaults;
    r->waterfall = pl_waterfall_defaults;
    r->withdrawal = pl_withdrawal_defaults;
    pl_pegged_defaults(&r->pegged);
    pl_volatility_defaults(&r->volatility);
    pl_parameter_width_defaults(&r->width);
    pl_parameter_haircut_defaults(&r->haircut);
    r->addon.position_unit_e8 = r->addon.interest_high_e8 = INT64_C(100000000);
    r->grain_q40 = PL_Q40_MILLIONTHS(5000);
    r->settlement = pl_settlement_defaults;
    r->funding = pl_funding_defaults;
    r->socialised = pl_socialised_defaults;
    r->accrual = pl_accrual_defaults;
    r->calls = r->auctions = true;
}

int pl_venue_grain_check(const struct pl_venue_rules *r, char *message)
{
    return pl_rule_within("venue.grain_q40", r->grain_q40, PL_Q40_MILLIONTHS(100),
                          PL_Q40_MILLIONTHS(50000), message);
}

static int check_rules(const struct pl_venue_rules *r, char *message)
{
    int error = pl_permission_check(&r->permission, message);
    error = error != 0 ? error : pl_breaker_check(&r->breaker, message);
    error = error != 0 ? error : pl_breaker_check(&r->venue_breaker, message);
    error = error != 0 ? error : pl_liquidation_check(&r->liquidation, message);
    error = error != 0 ? error : pl_auction_check(&r->auction, message);
    error = error != 0 ? error : pl_waterfall_check(&r->waterfall, message);
    error = error != 0 ? error : pl_withdrawal_check(&r->withdrawal, message);
    error = error != 0 ? error : pl_pegged_check(&r->pegged, message);
    error = error != 0 ? error : pl_volatility_check(&r->volatility, message);
    error = error != 0 ? error : pl_parameter_check(&r->width, message);
    error = error != 0 ? error : pl_parameter_check(&r->haircut, message);
    error = error != 0 ? error : pl_addon_check(&r->addon, message);
    error = error != 0 ? error : pl_settlement_check(&r->settlement, message);
    error = error != 0 ? error : pl_funding_check(&r->funding, message);
    error = error != 0 ? error : pl_socialised_check(&r->socialised, message);
    error = error != 0 ? error : pl_accrual_check(&r->accrual, message);
    return error != 0 ? error : pl_venue_grain_check(r, message);
}

static int refuse(char *message, const char *what)
{
    snprintf(message, PL_VENUE_MESSAGE_BYTES, "venue: %s", what);
    return -EINVAL;
}

static int check_yield(const struct pl_venue_rules *r, const struct pl_venue_terms *t,
                       char *message)
{
    const bool coin = t->kind == PL_VENUE_COLLATERAL || t->kind == PL_VENUE_OWED;
    if (t->yield >= PL_VENUE_YIELDS || (t->yield != PL_VENUE_NO_YIELD && !coin))
        return refuse(message, "an instrument's yield: of a coin, by rate or by index");
    return t->yield == PL_VENUE_BY_RATE
               ? pl_rule_within("venue: an instrument's yield_q40", t->yield_q40, 0,
                                r->accrual.growth_max_q40, message)
               : 0;
}

static int check_terms(const struct pl_venue_setup *s, uint32_t i, char *message)
{
    const struct pl_venue_terms *t = &s->terms[i];
    if (t->kind >= PL_VENUE_TERMS)
        return refuse(message, "an instrument's terms: no such kind");
    const bool by_coin = s->instruments[i].coin != PL_VENUE_NONE;
    if (t->kind != PL_VENUE_MARKED &&
        ((by_coin && t->kind != PL_VENUE_PERPETUAL) || s->contracts[i].inverse))
        return refuse(message, "an instrument's terms: of a linear contract traded against cash");
    if (t->kind == PL_VENUE_PERPETUAL && by_coin && !s->size.open)
        return refuse(message, "an instrument's terms: funding in coin needs an open ledger");
    if (t->kind != PL_VENUE_EXPIRY)
        return 0;
    if (t->expiry >= s->expiry_count || s->expiries[t->expiry].asset != s->instruments[i].asset)
        return refuse(message, "an instrument's expiry: one of its asset's");
    const struct pl_payoff *p = &t->payoff;
    const bool option = p->kind == PL_KIND_OPTION;
    if ((!option && p->kind != PL_KIND_FUTURE) || (option && p->strike <= 0) ||
        p->strike > PL_PRICE_MAX || p->coin_scale < 0)
        return refuse(message,
                      "an instrument's payoff: of a future, or of an option with a strike");
    return 0;
}

static int check_expiries(const struct pl_venue_setup *s, char *message)
{
    if (s->expiry_count > PL_VENUE_EXPIRIES_MAX)
        return refuse(message, "expiries: up to 65536");
    for (uint32_t e = 0; e < s->expiry_count; e++)
        if (s->expiries[e].asset >= s->assets || s->expiries[e].time_us < 0 ||
            s->expiries[e].time_us > PL_TIME_MAX_US)
            return refuse(message, "an expiry: of an asset, at a time since 1970");
    return 0;
}

int pl_venue_check(const struct pl_venue_rules *rules, const struct pl_venue_setup *s,
                   char message[PL_VENUE_MESSAGE_BYTES])
{
    int error = check_rules(rules, message);
    if (error == 0)
        error = pl_ledger_check_size(&s->size, s->contracts, s->account_pools, message);
    if (error != 0)
        return error;
    if (s->size.currencies != 1 || !s->size.open)
        return refuse(message, "size: one currency, open to the outside");
    if (s->assets < 1 || s->assets > PL_VENUE_ASSETS_MAX)
        return refuse(message, "assets: 1 .. 256");
    if (s->closes < 1 || s->closes > PL_VENUE_CLOSES_MAX)
        return refuse(message, "closes: 1 .. 1048576");
    if (s->withdrawals < 1 || s->withdrawals > PL_WITHDRAWALS_MAX)
        return refuse(message, "withdrawals: 1 .. 1048576");
    if (s->start_us < 0)
        return refuse(message, "start_us: not below 0");
    error = check_expiries(s, message);
    if (error != 0)
        return error;
    for (uint32_t a = 0; a < s->assets; a++) {
        error = pl_fusion_check(&s->fusion[a], (int)a, message);
        if (error != 0)
            return error;
    }
    for (uint32_t i = 0; i < s->size.instruments; i++) {
        const struct pl_venue_instrument *x = &s->instruments[i];
        if (x->asset >= s->assets)
            return refuse(message, "an instrument's asset: below the number of assets");
        if (x->coin != PL_VENUE_NONE &&
            (x->coin >= s->size.instruments || s->instruments[x->coin].coin != PL_VENUE_NONE ||
             s->contracts[x->coin].pool != s->contracts[i].pool))
            return refuse(message,
                          "an instrument's coin: one that is traded against cash, in its pool");
        error = s->terms == NULL ? 0 : check_terms(s, i, message);
        if (error == 0 && s->terms != NULL)
            error = check_yield(rules, &s->terms[i], message);
        if (error != 0)
            return error;
    }
    return 0;
}

static size_t take(size_t *used, size_t bytes)
{
    const size_t at = (*used + 15) / 16 * 16;
    *used = at + bytes;
    return at;
}

static size_t lay_out(struct pl_venue *v, const struct pl_venue_setup *s)
{
    size_t used = sizeof *v;
    v->assets = s->assets;
    v->instruments = s->size.instruments;
    v->accounts = s->size.accounts;
    v->closes = s->closes;
    v->withdrawals_room = s->withdrawals;
    v->assets_at = take(&used, s->assets * sizeof(struct pl_venue_asset));
    v->contracts_at = take(&used, v->instruments * sizeof(struct pl_venue_contract));
    v->marks_at = take(&used, v->instruments * sizeof(int64_t));
    v->known_at = take(&used, v->instruments);
    v->accounts_at = take(&used, v->accounts * sizeof(struct pl_venue_account));
    v->outs_at = take(&used, s->closes * sizeof(struct pl_venue_out));
    v->waterfall_at = take(&used, pl_waterfall_bytes(s->size.pools, 1));
    v->withdrawals_at = take(&used, pl_withdrawals_bytes(1, s->withdrawals));
    v->endings = s->expiry_count;
    v->endings_at = take(&used, s->expiry_count * sizeof(struct pl_venue_ending));
    v->fundings_at = take(&used, v->instruments * sizeof(struct pl_funding));
    v->pools_at = take(&used, s->size.pools * sizeof(struct pl_venue_pool));
    v->sessions_at = take(&used, s->size.flows ? v->accounts * sizeof(struct pl_attribution) : 0);
    v->ledger_at = take(&used, pl_ledger_bytes(&s->size));
    v->state_bytes = used;
    const size_t room =
        v->accounts > PL_WATERFALL_POSITIONS_MAX ? v->accounts : PL_WATERFALL_POSITIONS_MAX;
    v->gains_at = take(&used, v->accounts * sizeof(int64_t));
    v->equities_at = take(&used, v->accounts * sizeof(int64_t));
    v->worths_at = take(&used, v->instruments * sizeof(struct pl_ratio));
    v->nexts_at = take(&used, v->instruments * sizeof(struct pl_funding));
    v->slices_at = take(&used, v->instruments * sizeof(int64_t));
    v->healthy_at = take(&used, v->accounts);
    v->candidates_at = take(&used, room * sizeof(struct pl_candidate));
    v->shares_at = take(&used, room * sizeof(struct pl_share));
    v->order_at = take(&used, room * sizeof(uint32_t));
    v->outcomes_at = take(&used, s->withdrawals * sizeof(struct pl_withdrawal_outcome));
    return used;
}

size_t pl_venue_bytes(const struct pl_venue_setup *setup)
{
    struct pl_venue v;
    return lay_out(&v, setup);
}

static void start_parameter(struct pl_venue_parameter *p, const struct pl_parameter_rules *rules,
                            int64_t time_us)
{
    pl_parameter_start(&p->moving, rules, rules->floor_q40, time_us);
    p->in_force_q40 = p->moving.value_q40;
}

static void start_funding(struct pl_venue *v, int64_t time_us)
{
    const int64_t interval_us = v->rules.funding.interval_us;
    v->funding_due_us = INT64_MAX;
    for (uint32_t i = 0; i < v->instruments; i++) {
        pl_funding_start(&pl_venue_fundings(v)[i], pl_venue_book(v), i, time_us);
        if (pl_venue_contracts(v)[i].terms.kind == PL_VENUE_PERPETUAL)
            v->funding_due_us = (time_us / interval_us + 1) * interval_us;
    }
}

struct pl_venue *pl_venue_create(void *memory, const struct pl_venue_rules *rules,
                                 const struct pl_venue_setup *s)
{
    struct pl_venue *v = memory;
    memset(memory, 0, pl_venue_bytes(s));
    lay_out(v, s);
    v->rules = *rules;
    v->version = 1;
    v->time_us = s->start_us;
    v->closed.time_us = s->start_us;
    pl_breaker_start(&v->breaker, &rules->venue_breaker, s->start_us);
    for (uint32_t a = 0; a < v->assets; a++) {
        struct pl_venue_asset *asset = &pl_venue_assets(v)[a];
        asset->rules = s->fusion[a];
        asset->pegged = s->pegged != NULL && s->pegged[a];
        asset->coin.reason = PL_PEGGED_NO_PRICE;
        pl_volatility_start(&asset->volatility);
        start_parameter(&asset->width, &rules->width, s->start_us);
        start_parameter(&asset->haircut, &rules->haircut, s->start_us);
        pl_fusion_start(&asset->fusion);
        pl_breaker_start(&asset->breaker, &rules->breaker, s->start_us);
    }
    for (uint32_t i = 0; i < v->instruments; i++) {
        struct pl_venue_contract *c = &pl_venue_contracts(v)[i];
        c->about = s->instruments[i];
        if (s->terms != NULL)
            c->terms = s->terms[i];
        c->closed.time_us = s->start_us;
        pl_accrual_start(&c->accrual, s->start_us);
    }
    for (uint32_t a = 0; a < v->accounts; a++) {
        pl_venue_accounts(v)[a].first_out = PL_VENUE_NONE;
        pl_venue_accounts(v)[a].liquidation.closed.time_us = s->start_us;
    }
    for (uint32_t e = 0; e < v->endings; e++) {
        pl_settlement_start(&pl_venue_endings(v)[e].settlement, s->expiries[e].time_us);
        pl_venue_endings(v)[e].asset = s->expiries[e].asset;
    }
    for (uint32_t p = 0; p < s->size.pools; p++)
        pl_venue_pools(v)[p].ended_us = s->start_us;
    for (uint32_t i = 0; i < v->closes; i++)
        pl_venue_outs(v)[i].next = i + 1 < v->closes ? i + 1 : PL_VENUE_NONE;
    pl_waterfall_create(pl_venue_waterfall(v), s->size.pools, 1, s->start_us);
    pl_withdrawals_create(pl_venue_withdrawals(v), 1, s->withdrawals, s->start_us);
    pl_ledger_create(pl_venue_book(v), &s->size, s->contracts, s->account_pools);
    start_funding(v, s->start_us);
    return v;
}
