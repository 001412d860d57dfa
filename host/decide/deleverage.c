#include "deleverage.h"

#include "exact.h"
#include "order.h"

const char *pl_policy_name(enum pl_policy policy)
{
    static const char *const names[PL_POLICIES] = {
        [PL_POLICY_RANKED] = "ranked",
        [PL_POLICY_PRO_RATA] = "pro rata",
        [PL_POLICY_LEAST_REGRET] = "least regret",
    };
    return (uint32_t)policy < PL_POLICIES ? names[policy] : "unknown policy";
}

#define ROUNDINGS_E8 2 /* of a trade at the mark: the cash, and the value of what is left */

/* The most that his equity can bear: loss * c / steps <= equity. */
static int64_t limit_of(const struct pl_deleverage *need, const struct pl_candidate *c)
{
    uint32_t flags = 0;
    if (c->equity_e8 <= ROUNDINGS_E8 || c->steps <= 0)
        return 0;
    if (need->loss_e8 == 0)
        return c->steps;
    return pl_min64(
        c->steps, pl_mul_div_down(c->equity_e8 - ROUNDINGS_E8, need->steps, need->loss_e8, &flags));
}

/* Profit percentage * leverage of a is profit * steps / (cost * equity) but for what all have in
 * common; of a loss it is divided by the leverage. */
static bool ranks_first(uint32_t a, uint32_t b, const void *context)
{
    const struct pl_candidate *candidates = context, *x = &candidates[a], *y = &candidates[b];
    const bool gains = x->profit_e8 > 0, y_gains = y->profit_e8 > 0;
    if (gains != y_gains)
        return gains;
    const pl_u128 x_profit = pl_abs_u64(x->profit_e8), y_profit = pl_abs_u64(y->profit_e8);
    const pl_u128 x_cost = (pl_u128)pl_max64(x->cost_e8, 1);
    const pl_u128 y_cost = (pl_u128)pl_max64(y->cost_e8, 1);
    const pl_u128 x_steps = (pl_u128)x->steps, y_steps = (pl_u128)y->steps;
    const pl_u128 x_equity = (pl_u128)x->equity_e8, y_equity = (pl_u128)y->equity_e8;
    const int order = gains ? pl_wide_compare(x_profit * x_steps, y_cost * y_equity,
                                              y_profit * y_steps, x_cost * x_equity)
                            : pl_wide_compare(y_profit * y_equity, x_cost * x_steps,
                                              x_profit * x_equity, y_cost * y_steps);
    return order != 0 ? order > 0 : a < b;
}

static void plan_ranked(const struct pl_deleverage *need, struct pl_candidate *candidates,
                        uint32_t count, uint32_t *order)
{
    uint32_t eligible = 0;
    int64_t left = need->steps;
    for (uint32_t i = 0; i < count; i++) {
        candidates[i].closes[PL_POLICY_RANKED] = 0;
        if (candidates[i].limit > 0)
            order[eligible++] = i;
    }
    pl_order_sort(order, eligible, ranks_first, candidates);
    for (uint32_t i = 0; i < eligible; i++) {
        struct pl_candidate *c = &candidates[order[i]];
        c->closes[PL_POLICY_RANKED] = pl_min64(left, c->limit);
        left -= c->closes[PL_POLICY_RANKED];
    }
}

static void plan_by_weight(const struct pl_deleverage *need, struct pl_candidate *candidates,
                           uint32_t count, struct pl_share *shares, uint32_t *order,
                           enum pl_policy policy)
{
    for (uint32_t i = 0; i < count; i++) {
        const struct pl_candidate *c = &candidates[i];
        shares[i].weight = policy == PL_POLICY_PRO_RATA ? c->steps : c->equity_e8;
        shares[i].limit = c->limit;
    }
    pl_apportion(shares, count, need->steps, order);
    for (uint32_t i = 0; i < count; i++)
        candidates[i].closes[policy] = shares[i].given;
}

static struct pl_imposed measure(const struct pl_deleverage *need,
                                 const struct pl_candidate *candidates, uint32_t count,
                                 enum pl_policy policy)
{
    struct pl_imposed imposed = { .worst_account = UINT32_MAX };
    pl_u128 worst_closes = 0, worst_equity = 1; /* the ratio is loss / steps times this */
    uint32_t flags = 0;
    for (uint32_t i = 0; i < count; i++) {
        const struct pl_candidate *c = &candidates[i];
        const pl_u128 closes = (pl_u128)c->closes[policy], equity = (pl_u128)c->equity_e8;
        if (closes == 0)
            continue;
        imposed.touched++;
        imposed.closed += c->closes[policy];
        const struct pl_ratio relative = {
            (pl_i128)closes << PL_COEFFICIENT_BITS,
            (pl_u128)need->steps * equity,
        };
        imposed.sum_q40 =
            pl_money_add(imposed.sum_q40, pl_ratio_up(need->loss_e8, relative, &flags), &flags);
        if (imposed.worst_account != UINT32_MAX && closes * worst_equity <= worst_closes * equity)
            continue;
        worst_closes = closes;
        worst_equity = equity;
        imposed.worst_account = c->account;
        imposed.worst_q40 = pl_ratio_up(need->loss_e8, relative, &flags);
    }
    return imposed;
}

void pl_deleverage_plan(const struct pl_deleverage *need, struct pl_candidate *candidates,
                        uint32_t count, struct pl_share *shares, uint32_t *order,
                        struct pl_imposed imposed[PL_POLICIES])
{
    for (uint32_t i = 0; i < count; i++)
        candidates[i].limit = limit_of(need, &candidates[i]);
    plan_ranked(need, candidates, count, order);
    plan_by_weight(need, candidates, count, shares, order, PL_POLICY_PRO_RATA);
    plan_by_weight(need, candidates, count, shares, order, PL_POLICY_LEAST_REGRET);
    for (uint32_t p = 0; p < PL_POLICIES; p++)
        imposed[p] = measure(need, candidates, count, (enum pl_policy)p);
    for (uint32_t p = 0; p < PL_POLICIES; p++)
        imposed[p].regret_q40 = imposed[p].worst_q40 - imposed[PL_POLICY_LEAST_REGRET].worst_q40;
}

uint32_t pl_deleverage_candidates(const struct pl_ledger *ledger, uint32_t account,
                                  uint32_t instrument, const int64_t *marks,
                                  const int64_t *equities_e8, struct pl_candidate *candidates,
                                  uint32_t candidates_max)
{
    const int64_t position = pl_ledger_steps(ledger, account, instrument);
    const struct pl_contract *contract = pl_ledger_contract(ledger, instrument);
    uint32_t count = 0;
    for (uint32_t i = 0; i < pl_ledger_size(ledger)->accounts && count < candidates_max; i++) {
        const struct pl_ledger_entry *p = pl_ledger_position(ledger, i, instrument);
        uint32_t flags = 0;
        if (p == NULL || i == account || (p->amount < 0) == (position < 0))
            continue;
        const int64_t value =
            pl_ledger_value(ledger, instrument, p->amount, marks[instrument], &flags);
        const int64_t equity = equities_e8 != NULL
                                   ? equities_e8[i]
                                   : pl_ledger_equity(ledger, i, contract->currency, marks, &flags);
        if (flags != 0)
            continue; /* who cannot be valued is left alone */
        candidates[count++] = (struct pl_candidate){
            .account = i,
            .steps = p->amount < 0 ? -p->amount : p->amount,
            .equity_e8 = equity,
            .profit_e8 = pl_money_sub(value, p->cost_e8, &flags),
            .cost_e8 = p->cost_e8 < 0 ? -p->cost_e8 : p->cost_e8,
        };
    }
    return count;
}

struct pl_deleveraged pl_deleverage_carry_out(struct pl_ledger *ledger, uint32_t account,
                                              uint32_t instrument, int64_t mark,
                                              const struct pl_deleverage *need,
                                              const struct pl_candidate *candidates, uint32_t count,
                                              enum pl_policy policy,
                                              const struct pl_funding *funding,
                                              const struct pl_funding_rules *funding_rules)
{
    struct pl_deleveraged done = { .why = PL_LEDGER_OK };
    const bool sells = pl_ledger_steps(ledger, account, instrument) > 0;
    for (uint32_t i = 0; i < count; i++) {
        const int64_t closes = candidates[i].closes[policy];
        const uint32_t other = candidates[i].account;
        const uint32_t buyer = sells ? other : account, seller = sells ? account : other;
        struct pl_movement m[3];
        uint32_t flags = 0, movements = 2;
        if (closes == 0)
            continue;
        /* Who pays, up; the account gets its parts of the sum, which add up to it. */
        const int64_t taken =
            pl_mul_div_down(need->loss_e8, done.steps + closes, need->steps, &flags);
        done.why = pl_ledger_bargain(ledger, buyer, seller, instrument, closes, mark, &m[0]);
        if (done.why != PL_LEDGER_OK)
            return done;
        m[1] = (struct pl_movement){
            .cause = PL_CAUSE_DELEVERAGE,
            .from = other,
            .to = account,
            .currency = m[0].currency,
            .pays_e8 = pl_mul_div_up(need->loss_e8, closes, need->steps, &flags),
            .receives_e8 = taken - done.loss_e8,
        };
        if (funding != NULL) {
            if (pl_funding_carry(funding, funding_rules, ledger, buyer, seller, closes, &m[2]) !=
                PL_FUNDING_OK)
                done.why = PL_LEDGER_OVERFLOW;
            movements = 3;
        }
        if (done.why == PL_LEDGER_OK)
            done.why = pl_ledger_move_all(ledger, m, movements);
        if (done.why != PL_LEDGER_OK)
            return done;
        done.steps += closes;
        done.loss_e8 = taken;
    }
    return done;
}
