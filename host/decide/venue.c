/* The venue's memory, and who takes which input. */
#include "venue.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "rule.h"
#include "venue_state.h"

_Static_assert(sizeof(struct pl_venue_action) == 64, "a fixed record");
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
    r->calls = r->auctions = true;
}

static int check_rules(const struct pl_venue_rules *r, char *message)
{
    int error = pl_permission_check(&r->permission, message);
    error = error != 0 ? error : pl_breaker_check(&r->breaker, message);
    error = error != 0 ? error : pl_breaker_check(&r->venue_breaker, message);
    error = error != 0 ? error : pl_liquidation_check(&r->liquidation, message);
    error = error != 0 ? error : pl_auction_check(&r->auction, message);
    error = error != 0 ? error : pl_waterfall_check(&r->waterfall, message);
    return error != 0 ? error : pl_withdrawal_check(&r->withdrawal, message);
}

static int refuse(char *message, const char *what)
{
    snprintf(message, PL_VENUE_MESSAGE_BYTES, "venue: %s", what);
    return -EINVAL;
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
    v->ledger_at = take(&used, pl_ledger_bytes(&s->size));
    v->state_bytes = used;
    const size_t room =
        v->accounts > PL_WATERFALL_POSITIONS_MAX ? v->accounts : PL_WATERFALL_POSITIONS_MAX;
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
        pl_fusion_start(&asset->fusion);
        pl_breaker_start(&asset->breaker, &rules->breaker, s->start_us);
    }
    for (uint32_t i = 0; i < v->instruments; i++)
        pl_venue_contracts(v)[i] =
            (struct pl_venue_contract){ .about = s->instruments[i],
                                        .closed = { .time_us = s->start_us } };
    for (uint32_t a = 0; a < v->accounts; a++) {
        pl_venue_accounts(v)[a].first_out = PL_VENUE_NONE;
        pl_venue_accounts(v)[a].liquidation.closed.time_us = s->start_us;
    }
    for (uint32_t i = 0; i < v->closes; i++)
        pl_venue_outs(v)[i].next = i + 1 < v->closes ? i + 1 : PL_VENUE_NONE;
    pl_waterfall_create(pl_venue_waterfall(v), s->size.pools, 1, s->start_us);
    pl_withdrawals_create(pl_venue_withdrawals(v), 1, s->withdrawals, s->start_us);
    pl_ledger_create(pl_venue_book(v), &s->size, s->contracts, s->account_pools);
    return v;
}

size_t pl_venue_state_bytes(const struct pl_venue *venue)
{
    return venue->state_bytes;
}

uint32_t pl_venue_actions_max(const struct pl_venue *v)
{
    const uint32_t losses = (1 + PL_POLICIES) * PL_WATERFALL_POSITIONS_MAX + 16;
    uint32_t most = losses > v->assets + 2 ? losses : v->assets + 2;
    return most > v->withdrawals_room + 2 ? most : v->withdrawals_room + 2;
}

bool pl_venue_empty(const struct pl_venue *v, uint32_t account)
{
    uint32_t count;
    pl_ledger_positions(pl_venue_book(v), account, &count);
    return count == 0;
}

bool pl_venue_marked(const struct pl_venue *v, uint32_t account)
{
    const struct pl_ledger *l = pl_venue_book(v);
    uint32_t count;
    const struct pl_ledger_entry *p = pl_ledger_positions(l, account, &count);
    for (uint32_t i = 0; i < count; i++)
        if (!pl_venue_known(v)[pl_ledger_instrument(l, &p[i])])
            return false;
    return true;
}

void pl_venue_changed(struct pl_venue *v, uint32_t account)
{
    v->version++;
    if (account >= v->accounts)
        return;
    pl_venue_accounts(v)[account].changed_version = v->version;
    pl_venue_accounts(v)[account].verdict_known = false;
}

void pl_venue_all_changed(struct pl_venue *v)
{
    v->version++;
    for (uint32_t i = 0; i < v->accounts; i++) {
        pl_venue_accounts(v)[i].changed_version = v->version;
        pl_venue_accounts(v)[i].verdict_known = false;
    }
}

/* What the prices of an account's assets allow together, their least quality and greatest age. */
static uint32_t allowed(const struct pl_venue *v, uint32_t account, uint8_t *quality,
                        int64_t *age_us)
{
    const struct pl_ledger *l = pl_venue_book(v);
    uint32_t count, mask = PL_ACTIONS_ALL;
    const struct pl_ledger_entry *p = pl_ledger_positions(l, account, &count);
    *quality = PL_QUALITY_FULL;
    *age_us = -1;
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t instrument = pl_ledger_instrument(l, &p[i]);
        const struct pl_venue_asset *a =
            &pl_venue_assets(v)[pl_venue_contracts(v)[instrument].about.asset];
        mask &= a->allowed;
        if (a->quality < *quality)
            *quality = (uint8_t)a->quality;
        if (a->fused.now.price != 0 && v->time_us - a->fused.source_us > *age_us)
            *age_us = v->time_us - a->fused.source_us;
    }
    return mask & v->rules.permission.allowed_in[v->breaker.state];
}

struct pl_venue_action *pl_venue_act(struct pl_venue_work *w, enum pl_venue_action_kind kind,
                                     uint32_t account, uint32_t reason)
{
    assert(w->count < pl_venue_actions_max(w->v));
    struct pl_venue_action *a = &w->actions[w->count++];
    *a = (struct pl_venue_action){ .time_us = w->v->time_us,
                                   .account = account,
                                   .instrument = PL_VENUE_NONE,
                                   .kind = (uint16_t)kind,
                                   .reason = (uint16_t)reason,
                                   .age_us = -1 };
    if (account < w->v->accounts && kind != PL_VENUE_BREAKER && kind != PL_VENUE_REFUSED) {
        allowed(w->v, account, &a->quality, &a->age_us);
        a->state = pl_venue_accounts(w->v)[account].liquidation.state;
        a->verdict = pl_venue_accounts(w->v)[account].verdict;
    }
    return a;
}

void pl_venue_refuse(struct pl_venue_work *w, enum pl_venue_reason reason, int64_t value)
{
    struct pl_venue_action *a = pl_venue_act(w, PL_VENUE_REFUSED, w->in->account, reason);
    a->steps = w->in->kind;
    a->value_e8 = value;
}

static void take_mark(struct pl_venue_work *w)
{
    const uint32_t i = w->in->as.mark.instrument;
    if (i >= w->v->instruments) {
        pl_venue_refuse(w, PL_VENUE_UNKNOWN, 0);
        return;
    }
    if (w->in->as.mark.known) /* else the last one stands: nothing is decided on it, see there */
        pl_venue_marks(w->v)[i] = w->in->as.mark.price;
    pl_venue_known(w->v)[i] = w->in->as.mark.known != 0;
}

uint32_t pl_venue_apply(struct pl_venue *v, const struct pl_venue_input *in,
                        struct pl_venue_action *actions)
{
    static void (*const takers[PL_VENUE_KINDS])(struct pl_venue_work *) = {
        [PL_VENUE_REPORT] = pl_venue_take_report,
        [PL_VENUE_TICK] = pl_venue_take_tick,
        [PL_VENUE_MARK] = take_mark,
        [PL_VENUE_VERDICT] = pl_venue_take_verdict,
        [PL_VENUE_CLOSE] = pl_venue_take_close,
        [PL_VENUE_PLANNED] = pl_venue_take_planned,
        [PL_VENUE_FILL] = pl_venue_take_fill,
        [PL_VENUE_CANCELLED] = pl_venue_take_cancelled,
        [PL_VENUE_BID] = pl_venue_take_bid,
        [PL_VENUE_DEPOSIT] = pl_venue_take_money,
        [PL_VENUE_OPEN] = pl_venue_take_money,
        [PL_VENUE_WITHDRAW] = pl_venue_take_money,
        [PL_VENUE_RELEASE] = pl_venue_take_money,
        [PL_VENUE_FUND] = pl_venue_take_money,
        [PL_VENUE_SETTLE] = pl_venue_take_money,
    };
    struct pl_venue_work w = { .v = v, .in = in, .actions = actions };
    const bool of_account = in->kind >= PL_VENUE_VERDICT && in->kind <= PL_VENUE_BID;
    if (in->kind >= PL_VENUE_KINDS || (of_account && in->account >= v->accounts)) {
        pl_venue_refuse(&w, PL_VENUE_UNKNOWN, 0);
        return w.count;
    }
    if (in->time_us < v->time_us || in->time_us > PL_TIME_MAX_US) {
        pl_venue_refuse(&w, PL_VENUE_TIME_BACK, 0);
        return w.count;
    }
    v->time_us = in->time_us;
    takers[in->kind](&w);
    return w.count;
}

struct pl_ledger *pl_venue_ledger(struct pl_venue *v)
{
    return pl_venue_book(v);
}

uint64_t pl_venue_version(const struct pl_venue *v)
{
    return v->version;
}

const struct pl_liquidation *pl_venue_account(const struct pl_venue *v, uint32_t account)
{
    return &pl_venue_accounts(v)[account].liquidation;
}

const struct pl_auction *pl_venue_auction(const struct pl_venue *v, uint32_t account)
{
    return &pl_venue_accounts(v)[account].auction;
}

int64_t pl_venue_mark(const struct pl_venue *v, uint32_t instrument, bool *known)
{
    *known = pl_venue_known(v)[instrument];
    return pl_venue_marks(v)[instrument];
}

const struct pl_fused *pl_venue_fused(const struct pl_venue *v, uint32_t asset)
{
    return &pl_venue_assets(v)[asset].fused;
}

uint32_t pl_venue_allowed(const struct pl_venue *v, uint32_t asset)
{
    return pl_venue_assets(v)[asset].allowed & v->rules.permission.allowed_in[v->breaker.state];
}

uint32_t pl_venue_account_allowed(const struct pl_venue *v, uint32_t account)
{
    uint8_t quality;
    int64_t age_us;
    return allowed(v, account, &quality, &age_us);
}

int64_t pl_venue_room(const struct pl_venue *v, uint32_t instrument, int64_t time_us)
{
    const struct pl_liquidation_rules *r = &v->rules.liquidation;
    return pl_throttle_room(&pl_venue_contracts(v)[instrument].closed, r->instrument_e8,
                            r->window_us, time_us);
}

int64_t pl_venue_out(const struct pl_venue *v, uint32_t account, uint32_t instrument)
{
    const struct pl_venue_out *outs = pl_venue_outs(v);
    int64_t steps = 0;
    for (uint32_t o = pl_venue_accounts(v)[account].first_out; o != PL_VENUE_NONE; o = outs[o].next)
        if (outs[o].instrument == instrument)
            steps += outs[o].steps;
    return steps;
}
