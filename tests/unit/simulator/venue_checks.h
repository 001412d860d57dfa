/* What must hold after every input, whatever comes. */
#ifndef PL_TEST_VENUE_CHECKS_H
#define PL_TEST_VENUE_CHECKS_H

#include "venue_world.h"

static uint32_t held_by(const struct world *w, uint32_t account)
{
    const struct pl_ledger *l = pl_venue_ledger(w->venue);
    uint32_t count, mask = 0;
    const struct pl_ledger_entry *p = pl_ledger_positions(l, account, &count);
    for (uint32_t i = 0; i < count; i++)
        mask |= 1u << pl_ledger_instrument(l, &p[i]);
    return mask;
}

/* Of honest sources the one liar carries no price away. */
static void check_price(const struct world *w, uint32_t asset)
{
    const int64_t price = pl_venue_fused(w->venue, asset)->now.price;
    assert_true(speaking(w, asset) >= w->fusion[asset].sources_min);
    if (w->honest)
        assert_true(price >= w->hull[asset].price && price <= w->hull[asset].confidence);
}

static void check_allowed(const struct world *w, uint32_t instruments, enum pl_action action)
{
    for (uint32_t i = 0; i < w->instruments; i++) {
        const uint32_t asset = w->abouts[i].asset;
        if ((instruments >> i & 1) == 0)
            continue;
        assert_true(pl_venue_instrument_allowed(w->venue, i) & action);
        if (bounded(w, i))
            assert_true(w->now_us - w->redeemed_us[asset] <= w->rules.pegged.age_max_us);
        else
            check_price(w, asset);
    }
}

/* Money leaves only on the best prices, of what is free, from a pool that owes nothing. */
static void check_leaving(const struct world *w, const struct pl_venue_action *a)
{
    const struct pl_ledger *l = pl_venue_ledger(w->venue);
    const uint32_t held = held_by(w, a->account);
    check_allowed(w, held, PL_ACTION_WITHDRAWAL);
    for (uint32_t i = 0; i < w->instruments; i++)
        if ((held >> i & 1) != 0)
            assert_true(speaking_since(w, w->abouts[i].asset, w->now_us - 10 * SECOND) > 0);
    assert_false(pl_ledger_owes(l, pl_ledger_pool_of(l, a->account)));
    assert_int_equal(w->verdicts[a->account], PL_STATE_HEALTHY);
    if (a->kind == PL_VENUE_QUEUED)
        assert_true(a->value_e8 > 0 && a->value_e8 <= w->initial_excess[a->account]);
}

/* Who gained is known by prices that were good at the tick before. */
static void check_session(const struct world *w, const struct pl_venue_action *a)
{
    const struct pl_ledger *l = pl_venue_ledger(w->venue);
    const int64_t age_us = w->rules.permission.line[PL_QUALITY_THIN].age_us;
    assert_true(a->value_e8 >= 0 && a->value_e8 <= a->price);
    for (uint32_t i = 0; i < w->instruments && a->reason != PL_VENUE_UNPRICED; i++)
        if (pl_ledger_contract(l, i)->pool == a->steps && pl_ledger_open_interest(l, i) > 0 &&
            i % PER_ASSET != COIN)
            assert_true(speaking_since(w, w->abouts[i].asset,
                                       w->now_us - age_us - w->fusion[0].age_max_us) >=
                        w->fusion[w->abouts[i].asset].sources_min);
}

/* Towards nothing, and with all that is out not beyond it. */
static void check_close(const struct world *w, const struct pl_venue_action *a)
{
    const int64_t held = pl_ledger_steps(pl_venue_ledger(w->venue), a->account, a->instrument);
    const int64_t out = pl_venue_out(w->venue, a->account, a->instrument);
    assert_true(held != 0 && (held < 0) == (a->steps > 0));
    assert_true(out > 0 && out <= (held < 0 ? -held : held));
}

/* `held`: what the input's account held before it. */
static void check_action(struct world *w, const struct pl_venue_input *in, uint32_t held,
                         const struct pl_venue_action *a)
{
    const uint8_t verdict = a->account < w->accounts ? w->verdicts[a->account] : 0;
    assert_true(a->kind < PL_VENUE_ACTIONS && a->reason < REASONS_MAX);
    w->because[a->kind][a->reason]++;
    assert_string_not_equal(pl_venue_action_reason(a), "?");
    assert_int_equal(a->time_us, w->now_us);
    switch (a->kind) {
    case PL_VENUE_CALL:
        assert_true(verdict == PL_STATE_MARGIN_CALL);
        assert_true(pl_venue_account_allowed(w->venue, a->account) & PL_ACTION_MARGIN_CALL);
        break;
    case PL_VENUE_PLAN:
        w->planning[a->account] = true;
        w->plan_target[a->account] = a->steps;
        assert_true(verdict >= PL_STATE_LIQUIDATE ||
                    (verdict == PL_STATE_MARGIN_CALL && a->steps == 1));
        check_allowed(w, held, PL_ACTION_LIQUIDATION);
        break;
    case PL_VENUE_AUCTION:
        assert_true(verdict >= PL_STATE_LIQUIDATE);
        check_allowed(w, held, PL_ACTION_AUCTION);
        break;
    case PL_VENUE_SEND_CLOSE:
        assert_true(verdict >= PL_STATE_MARGIN_CALL);
        check_close(w, a);
        check_allowed(w, held, PL_ACTION_LIQUIDATION);
        break;
    case PL_VENUE_BOUGHT:
    case PL_VENUE_DELEVERAGED: check_allowed(w, held, PL_ACTION_LIQUIDATION); break;
    case PL_VENUE_COVERED:
        assert_true(a->value_e8 > 0);
        if (in->kind == PL_VENUE_VERDICT || in->kind == PL_VENUE_BID)
            check_allowed(w, held, PL_ACTION_LIQUIDATION);
        break;
    case PL_VENUE_DEBT: assert_int_equal(held_by(w, a->account), 0); break;
    case PL_VENUE_QUEUED:
    case PL_VENUE_RELEASED: check_leaving(w, a); break;
    case PL_VENUE_SOCIALISED: check_session(w, a); break;
    case PL_VENUE_BORNE: assert_true(a->value_e8 > 0 && a->value_e8 <= a->other); break;
    default: break;
    }
}

static bool refused(uint32_t count)
{
    return count > 0 && actions[count - 1].kind == PL_VENUE_REFUSED;
}

/* What all holders have together, and the steps of all accounts. */
static void count_all(struct world *w)
{
    const struct pl_ledger *l = pl_venue_ledger(w->venue);
    memset(&w->cash, 0, sizeof w->cash);
    memset(w->steps, 0, sizeof w->steps);
    for (uint32_t h = 0; h < pl_ledger_clearing(l); h++) {
        uint32_t count = 0;
        w->cash += pl_ledger_cash(l, h, 0);
        const struct pl_ledger_entry *p =
            h < w->accounts ? pl_ledger_positions(l, h, &count) : NULL;
        for (uint32_t i = 0; i < count; i++)
            w->steps[pl_ledger_instrument(l, &p[i])] += p[i].amount;
    }
}

/* An input's account gets from, and owes to, nobody but its own pool. */
static void check_pools(const struct world *before, const struct world *w,
                        const struct pl_venue_input *in)
{
    const struct pl_ledger *l = pl_venue_ledger(w->venue);
    for (uint32_t pool = 0; pool < w->pools; pool++) {
        const bool own = in->kind < PL_VENUE_VERDICT || in->kind > PL_VENUE_BID ||
                         in->account >= w->accounts || pl_ledger_pool_of(l, in->account) == pool;
        assert_true(w->fund[pool] >= 0 && w->owed[pool] >= 0);
        assert_true(own ||
                    (w->fund[pool] == before->fund[pool] && w->owed[pool] == before->owed[pool]));
    }
    for (uint32_t h = pl_ledger_fees(l); h < pl_ledger_clearing(l); h++)
        assert_true(pl_ledger_cash(l, h, 0) >= 0);
}

static void count_pools(struct world *w)
{
    const struct pl_ledger *l = pl_venue_ledger(w->venue);
    for (uint32_t pool = 0; pool < w->pools; pool++) {
        w->fund[pool] = pl_ledger_cash(l, pl_ledger_fund(l, pool), 0);
        w->owed[pool] = pl_ledger_owed(l, pool, 0);
    }
}

/* Money and steps change by what comes from outside alone. Where the outside itself trades, what it
 * paid is the ledger's word (pl_ledger_check); everything else is counted here. */
static void check_totals(const struct world *before, const struct world *w,
                         const struct pl_venue_input *in, uint32_t count)
{
    pl_i128 external = in->kind == PL_VENUE_DEPOSIT && !refused(count) ? in->as.money.amount_e8 : 0;
    bool trades = in->kind == PL_VENUE_OPEN || in->kind == PL_VENUE_FILL;
    pl_i128 steps[ASSETS_MAX * PER_ASSET];
    uint32_t unknown = 0, rounded = 0;
    memcpy(steps, before->steps, sizeof steps);
    if (in->kind == PL_VENUE_OPEN && !refused(count) && in->as.close.steps != 0)
        steps[in->as.close.instrument] += in->as.close.steps;
    for (uint32_t i = 0; i < count; i++) {
        const struct pl_venue_action *a = &actions[i];
        const bool pays = a->kind == PL_VENUE_FUNDED || a->kind == PL_VENUE_SETTLED;
        external -= a->kind == PL_VENUE_RELEASED ? a->value_e8 : 0;
        trades |= pays && before->steps[a->instrument] != 0;
        if (a->kind == PL_VENUE_FUNDED && a->instrument % PER_ASSET == INVERSE) {
            const uint32_t coin = 1u << (a->instrument - INVERSE);
            rounded |= coin; /* up by those who pay, down by those who receive: the outside's */
            unknown |= before->steps[a->instrument] != 0 ? coin : 0;
        }
        if (a->kind == PL_VENUE_FILLED) {
            steps[a->instrument] += a->steps;
            unknown |= a->instrument % PER_ASSET == INVERSE ? 1u << (a->instrument - INVERSE) : 0;
        }
        if (a->kind == PL_VENUE_SETTLED && in->kind != PL_VENUE_FUND)
            steps[a->instrument] = 0;
        if (a->kind == PL_VENUE_BOUGHT && a->instrument >= w->accounts) {
            trades = true;
            unknown = UINT32_MAX;
        }
    }
    assert_true(trades || w->cash == before->cash + external);
    for (uint32_t i = 0; i < w->instruments; i++)
        assert_true((unknown >> i & 1) != 0 || w->steps[i] == steps[i] ||
                    ((rounded >> i & 1) != 0 && w->steps[i] < steps[i] &&
                     w->steps[i] > steps[i] - w->accounts));
}

static void note_hull(struct world *w)
{
    for (uint32_t a = 0; a < w->assets; a++) {
        struct pl_estimate *hull = &w->hull[a];
        *hull = (struct pl_estimate){ INT64_MAX, 0 };
        for (int s = LIAR + 1; s < w->fusion[a].source_count; s++) {
            const struct pl_estimate *e = &w->said[a][s];
            if (w->spoke_us[a][s] == 0 || w->now_us - w->spoke_us[a][s] > w->fusion[a].age_max_us)
                continue;
            hull->price = pl_min64(hull->price, e->price - e->confidence);
            hull->confidence = pl_max64(hull->confidence, e->price + e->confidence);
        }
    }
}

static uint32_t apply(struct world *w, struct pl_venue_input in)
{
    static struct world before;
    char message[PL_LEDGER_MESSAGE_BYTES] = "";
    const uint32_t held = in.account < w->accounts ? held_by(w, in.account) : 0;
    assert_true(w->input_count < INPUTS_MAX);
    in.time_us = in.time_us == 0 ? w->now_us : in.time_us;
    w->inputs[w->input_count] = in;
    batches[w->input_count++] = w->batch;
    memcpy(before.steps, w->steps, sizeof before.steps);
    memcpy(before.fund, w->fund, sizeof before.fund);
    memcpy(before.owed, w->owed, sizeof before.owed);
    before.cash = w->cash;
    if (in.kind == PL_VENUE_TICK)
        note_hull(w);
    if (in.kind == PL_VENUE_VERDICT && in.as.verdict.position_version != 0) { /* else it is old */
        w->verdicts[in.account] = w->judged[in.account];
        w->initial_excess[in.account] = w->judged_excess[in.account];
    }
    const uint32_t count = process_apply(&w->process, &in, actions);
    assert_true(count <= pl_venue_actions_max(w->venue));
    w->hash = hash_bytes(w->hash, actions, count * sizeof actions[0]);
    hashes[w->input_count - 1] = w->hash;
    w->acted += count;
    if (pl_ledger_check(pl_venue_ledger(w->venue), message) != 0)
        fail_msg("input %u of kind %u: %s", w->input_count, in.kind, message);
    count_all(w);
    count_pools(w);
    check_totals(&before, w, &in, count);
    check_pools(&before, w, &in);
    for (uint32_t i = 0; i < count; i++)
        check_action(w, &in, held, &actions[i]);
    return count;
}

#endif
