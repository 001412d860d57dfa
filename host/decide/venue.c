/* Who takes which input, and what the machine knows. */
#include "venue.h"

#include <assert.h>

#include "rule.h"
#include "venue_state.h"

_Static_assert(sizeof(struct pl_venue_action) == 64, "a fixed record");

size_t pl_venue_state_bytes(const struct pl_venue *venue)
{
    return venue->state_bytes;
}

uint32_t pl_venue_actions_max(const struct pl_venue *v)
{
    const uint32_t losses = (1 + PL_POLICIES) * PL_WATERFALL_POSITIONS_MAX + 16;
    const struct pl_ledger_size *size = pl_ledger_size(pl_venue_book(v));
    const uint32_t tick = 4 * v->assets + 2 + v->endings + 2 * v->instruments + 2 * size->pools +
                          (size->flows ? v->accounts : 0);
    const uint32_t most = losses > tick ? losses : tick;
    const uint32_t waiting = v->withdrawals_room + 2;
    return v->instruments + (most > waiting ? most : waiting); /* funding comes before anything */
}

bool pl_venue_empty(const struct pl_venue *v, uint32_t account)
{
    uint32_t count;
    pl_ledger_positions(pl_venue_book(v), account, &count);
    return count == 0;
}

bool pl_venue_expired(const struct pl_venue *v, uint32_t instrument)
{
    const struct pl_venue_terms *t = &pl_venue_contracts(v)[instrument].terms;
    return t->kind == PL_VENUE_EXPIRY &&
           v->time_us >= pl_venue_endings(v)[t->expiry].settlement.expiry_us;
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
        const struct pl_venue_contract *c = &pl_venue_contracts(v)[instrument];
        const struct pl_venue_asset *a = &pl_venue_assets(v)[c->about.asset];
        const bool coin = pl_venue_is_coin(c);
        const uint32_t graded = coin ? a->coin_quality : a->quality;
        const int64_t source_us = coin ? a->coin_source_us : a->fused.source_us;
        mask &= coin ? a->coin_allowed : a->allowed;
        if (graded < *quality)
            *quality = (uint8_t)graded;
        if ((coin ? a->coin.asset_price : a->fused.now.price) != 0 &&
            v->time_us - source_us > *age_us)
            *age_us = v->time_us - source_us;
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
    const bool of_asset = kind == PL_VENUE_BREAKER || kind == PL_VENUE_PEGGED ||
                          kind == PL_VENUE_WIDTH || kind == PL_VENUE_HAIRCUT;
    if (account < w->v->accounts && !of_asset && kind != PL_VENUE_REFUSED) {
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
    if (pl_venue_is_coin(&pl_venue_contracts(w->v)[i])) {
        pl_venue_refuse(w, PL_VENUE_OWN, 0);
        return;
    }
    if (w->in->as.mark.known && !pl_venue_fund_at(w, i, w->in->as.mark.price)) {
        pl_venue_refuse(w, PL_VENUE_AMOUNT, w->in->as.mark.price);
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
        [PL_VENUE_WITHDRAW] = pl_venue_take_withdrawal,
        [PL_VENUE_RELEASE] = pl_venue_take_withdrawal,
        [PL_VENUE_FUND] = pl_venue_take_money,
        [PL_VENUE_SETTLE] = pl_venue_take_money,
        [PL_VENUE_REDEMPTION] = pl_venue_take_redemption,
        [PL_VENUE_IMPLIED] = pl_venue_take_implied,
        [PL_VENUE_RATE] = pl_venue_take_rate,
        [PL_VENUE_TAKE_BACK] = pl_venue_take_withdrawal,
        [PL_VENUE_INDEX] = pl_venue_take_index,
        [PL_VENUE_WRITE_DOWN] = pl_venue_take_index,
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
    if (v->time_us >= v->funding_due_us)
        pl_venue_fund(&w);
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

uint32_t pl_venue_instrument_allowed(const struct pl_venue *v, uint32_t instrument)
{
    const struct pl_venue_contract *c = &pl_venue_contracts(v)[instrument];
    const struct pl_venue_asset *a = &pl_venue_assets(v)[c->about.asset];
    return (pl_venue_is_coin(c) ? a->coin_allowed : a->allowed) &
           v->rules.permission.allowed_in[v->breaker.state];
}

const struct pl_pegged_mark *pl_venue_pegged(const struct pl_venue *v, uint32_t asset)
{
    return &pl_venue_assets(v)[asset].coin;
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
