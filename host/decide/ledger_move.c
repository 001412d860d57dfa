/* Movements: what changes is worked out and checked first, then all of it is done. */
#include <assert.h>

#include "exact.h"
#include "ledger_state.h"

/* Cash, flow and steps of both sides, and the residue. */
#define CHANGES_MAX (7 * PL_LEDGER_TOGETHER_MAX)

struct change {
    uint32_t holder, key;
    pl_i128 delta;
    pl_i128 paid_e8; /* for steps: by their holder; below 0: received */
    int64_t amount, cost_e8;
};

struct plan {
    struct change changes[CHANGES_MAX];
    uint32_t count;
};

static void add(struct plan *plan, uint32_t holder, uint32_t key, pl_i128 delta, pl_i128 paid_e8)
{
    for (uint32_t i = 0; i < plan->count; i++) {
        if (plan->changes[i].holder == holder && plan->changes[i].key == key) {
            plan->changes[i].delta += delta;
            plan->changes[i].paid_e8 += paid_e8;
            return;
        }
    }
    assert(plan->count < CHANGES_MAX);
    plan->changes[plan->count++] =
        (struct change){ .holder = holder, .key = key, .delta = delta, .paid_e8 = paid_e8 };
}

static bool holds_steps(const struct pl_ledger *l, uint32_t holder)
{
    return holder < l->size.accounts || holder >= pl_ledger_clearing(l);
}

static enum pl_ledger_reason check_pools(const struct pl_ledger *l, const struct pl_movement *m)
{
    const uint32_t from = pl_ledger_pool_of(l, m->from), to = pl_ledger_pool_of(l, m->to);
    const bool accounts = m->from < l->size.accounts && m->to < l->size.accounts;
    if (m->steps != 0) {
        const uint32_t pool = pl_ledger_contract(l, m->instrument)->pool;
        if ((from != PL_LEDGER_NO_POOL && from != pool) || (to != PL_LEDGER_NO_POOL && to != pool))
            return PL_LEDGER_POOLS;
    }
    return from != PL_LEDGER_NO_POOL && to != PL_LEDGER_NO_POOL && from != to && !accounts
               ? PL_LEDGER_POOLS
               : PL_LEDGER_OK;
}

static enum pl_ledger_reason check(const struct pl_ledger *l, const struct pl_movement *m)
{
    if (m->from > pl_ledger_outside(l) || m->to > pl_ledger_outside(l) || m->from == m->to)
        return PL_LEDGER_HOLDER;
    if (m->currency >= l->size.currencies)
        return PL_LEDGER_ASSET;
    if (m->cause >= PL_CAUSES || m->receives_e8 < 0 || m->pays_e8 < m->receives_e8 ||
        m->steps == INT64_MIN)
        return PL_LEDGER_AMOUNT;
    if (m->steps != 0) {
        if (m->instrument >= l->size.instruments ||
            pl_ledger_contract(l, m->instrument)->currency != m->currency)
            return PL_LEDGER_ASSET;
        if (!holds_steps(l, m->from) || !holds_steps(l, m->to))
            return PL_LEDGER_HOLDER;
        if (!l->size.open && (m->from == pl_ledger_outside(l) || m->to == pl_ledger_outside(l)))
            return PL_LEDGER_OUTSIDE;
    }
    return check_pools(l, m);
}

/* Positive: below zero is forbidden; negative: above. */
static int sign_of(const struct pl_ledger *l, uint32_t holder)
{
    if (holder < l->size.accounts)
        return 0;
    return holder >= pl_ledger_debt(l, 0) && holder < pl_ledger_fees(l) ? -1 : 1;
}

/* What was paid for the steps that are held after a change: a part closed takes its share along. */
static int64_t cost_after(const struct pl_ledger_entry *held, const struct change *c,
                          uint32_t *flags)
{
    const int64_t old = held == NULL ? 0 : held->amount, cost = held == NULL ? 0 : held->cost_e8;
    const int64_t delta = pl_money_limit(c->delta, flags);
    const int64_t paid_e8 = pl_money_limit(c->paid_e8, flags);
    const bool closes = old != 0 && (old < 0) != (delta < 0);
    if (*flags != 0 || delta == INT64_MIN)
        return INT64_MIN;
    const int64_t moved = delta < 0 ? -delta : delta, had = old < 0 ? -old : old;
    if (!closes)
        return pl_money_add(cost, paid_e8, flags);
    if (moved <= had)
        return cost - pl_mul_div_down(cost, moved, had, flags);
    return pl_mul_div_down(paid_e8, moved - had, moved, flags);
}

static enum pl_ledger_reason work_out(struct pl_ledger *l, struct plan *plan)
{
    for (uint32_t i = 0; i < plan->count; i++) {
        struct change *c = &plan->changes[i];
        if (c->holder >= pl_ledger_holder_count(l))
            continue;
        const bool steps =
            c->key >= l->size.currencies && c->key < l->size.currencies + l->size.instruments;
        if (pl_ledger_is_flow(l, c->key)) {
            c->amount = pl_ledger_wrap(pl_ledger_amount(l, c->holder, c->key) + c->delta);
            continue;
        }
        const pl_i128 amount = pl_ledger_amount(l, c->holder, c->key) + c->delta;
        uint32_t flags = 0;
        if (amount > INT64_MAX || amount < -INT64_MAX)
            return PL_LEDGER_OVERFLOW;
        if (amount * sign_of(l, c->holder) < 0)
            return PL_LEDGER_NEGATIVE;
        c->amount = (int64_t)amount;
        if (steps)
            c->cost_e8 = cost_after(pl_ledger_position(l, c->holder, c->key - l->size.currencies),
                                    c, &flags);
        if (flags != 0 || c->cost_e8 == INT64_MIN)
            return PL_LEDGER_OVERFLOW;
    }
    for (uint32_t i = 0; i < plan->count; i++) {
        uint32_t more = 0;
        for (uint32_t j = 0; j < plan->count; j++)
            more += plan->changes[j].holder == plan->changes[i].holder;
        if (plan->changes[i].holder < pl_ledger_holder_count(l) &&
            !pl_ledger_reserve(l, plan->changes[i].holder, more))
            return PL_LEDGER_FULL;
    }
    return PL_LEDGER_OK;
}

static void carry_out(struct pl_ledger *l, const struct plan *plan)
{
    for (uint32_t i = 0; i < plan->count; i++) {
        const struct change *c = &plan->changes[i];
        if (c->holder == pl_ledger_clearing(l))
            pl_ledger_total(l, c->key)->clearing += c->delta;
        else if (c->holder == pl_ledger_outside(l))
            pl_ledger_total(l, c->key)->outside += c->delta;
        else
            pl_ledger_set(l, c->holder, c->key, c->amount, c->cost_e8);
    }
}

static void plan_movement(const struct pl_ledger *l, struct plan *plan, const struct pl_movement *m)
{
    const int64_t rest_e8 = m->pays_e8 - m->receives_e8;
    if (m->pays_e8 != 0)
        add(plan, m->from, m->currency, -(pl_i128)m->pays_e8, 0);
    if (m->receives_e8 != 0)
        add(plan, m->to, m->currency, m->receives_e8, 0);
    if (rest_e8 != 0)
        add(plan, pl_ledger_residue(l), m->currency, rest_e8, 0);
    if (l->size.flows) {
        const uint32_t key = pl_ledger_flow_key(l, m->currency, m->cause);
        if (m->from < l->size.accounts && m->pays_e8 != 0)
            add(plan, m->from, key, -(pl_i128)m->pays_e8, 0);
        if (m->to < l->size.accounts && m->receives_e8 != 0)
            add(plan, m->to, key, m->receives_e8, 0);
    }
    if (m->steps != 0) {
        const uint32_t key = l->size.currencies + m->instrument;
        add(plan, m->from, key, m->steps, m->pays_e8);
        add(plan, m->to, key, -(pl_i128)m->steps, -(pl_i128)m->receives_e8);
    }
}

enum pl_ledger_reason pl_ledger_move_all(struct pl_ledger *l, const struct pl_movement *movements,
                                         uint32_t count)
{
    struct plan plan = { .count = 0 };
    assert(count <= PL_LEDGER_TOGETHER_MAX);
    for (uint32_t i = 0; i < count; i++) {
        const enum pl_ledger_reason reason = check(l, &movements[i]);
        if (reason != PL_LEDGER_OK)
            return reason;
        plan_movement(l, &plan, &movements[i]);
    }
    const enum pl_ledger_reason reason = work_out(l, &plan);
    if (reason == PL_LEDGER_OK)
        carry_out(l, &plan);
    for (uint32_t i = 0; i < plan.count; i++)
        if (plan.changes[i].holder < pl_ledger_holder_count(l))
            pl_ledger_trim(l, plan.changes[i].holder);
    return reason;
}

enum pl_ledger_reason pl_ledger_move(struct pl_ledger *l, const struct pl_movement *movement)
{
    return pl_ledger_move_all(l, movement, 1);
}

enum pl_ledger_reason pl_ledger_pay(struct pl_ledger *l, enum pl_cause cause, uint32_t from,
                                    uint32_t to, uint32_t currency, int64_t amount_e8)
{
    const struct pl_movement movement = { .cause = cause,
                                          .from = from,
                                          .to = to,
                                          .currency = currency,
                                          .pays_e8 = amount_e8,
                                          .receives_e8 = amount_e8 };
    return pl_ledger_move(l, &movement);
}

enum pl_ledger_reason pl_ledger_payment(struct pl_ratio worth, int64_t steps, uint32_t payer,
                                        uint32_t receiver, struct pl_movement *movement)
{
    uint32_t flags = 0;
    const int64_t up = pl_ratio_up(steps, worth, &flags);
    const int64_t down = pl_ratio_down(steps, worth, &flags);
    const bool paid = up > 0; /* else it goes the other way */
    movement->from = paid ? payer : receiver;
    movement->to = paid ? receiver : payer;
    movement->pays_e8 = paid ? up : -down;
    movement->receives_e8 = paid ? down : -up;
    return flags == 0 ? PL_LEDGER_OK : PL_LEDGER_OVERFLOW;
}

enum pl_ledger_reason pl_ledger_bargain(const struct pl_ledger *l, uint32_t buyer, uint32_t seller,
                                        uint32_t instrument, int64_t steps, int64_t price,
                                        struct pl_movement *movement)
{
    struct pl_ratio worth;
    if (instrument >= l->size.instruments)
        return PL_LEDGER_ASSET;
    const struct pl_contract *contract = pl_ledger_contract(l, instrument);
    if (steps <= 0 || !pl_contract_step(contract, price, 1, &worth))
        return PL_LEDGER_AMOUNT;
    *movement = (struct pl_movement){ .cause = PL_CAUSE_TRADE,
                                      .currency = contract->currency,
                                      .instrument = instrument };
    const enum pl_ledger_reason reason = pl_ledger_payment(worth, steps, buyer, seller, movement);
    movement->steps = movement->from == buyer ? steps : -steps;
    return reason;
}

enum pl_ledger_reason pl_ledger_trade(struct pl_ledger *l, uint32_t buyer, uint32_t seller,
                                      uint32_t instrument, int64_t steps, int64_t price)
{
    struct pl_movement movement;
    const enum pl_ledger_reason reason =
        pl_ledger_bargain(l, buyer, seller, instrument, steps, price, &movement);
    return reason == PL_LEDGER_OK ? pl_ledger_move(l, &movement) : reason;
}
