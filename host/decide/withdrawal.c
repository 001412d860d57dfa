#include "withdrawal.h"

#include <assert.h>
#include <string.h>

#include "window.h"

const struct pl_withdrawal_rules pl_withdrawal_defaults = {
    .lock_us = 5 * PL_MINUTE_US,
    .window_us = 60 * PL_MINUTE_US,
    .window_share_q40 = PL_COEFFICIENT_ONE / 10,
    .window_floor_e8 = INT64_C(100000000000000),
    .least_e8 = 1,
};

int pl_withdrawal_check(const struct pl_withdrawal_rules *rules,
                        char message[PL_RULE_MESSAGE_BYTES])
{
    int error = pl_rule_within("withdrawal.lock_us", rules->lock_us, 0, 7 * PL_DAY_US, message);
    if (error == 0)
        error = pl_rule_within("withdrawal.window_us", rules->window_us, 15 * PL_MINUTE_US,
                               7 * PL_DAY_US, message);
    if (error == 0)
        error = pl_rule_within("withdrawal.window_share_q40", rules->window_share_q40,
                               PL_COEFFICIENT_ONE / 1000, PL_COEFFICIENT_ONE / 4, message);
    if (error == 0)
        error = pl_rule_within("withdrawal.window_floor_e8", rules->window_floor_e8, 0, INT64_MAX,
                               message);
    if (error == 0)
        error = pl_rule_within("withdrawal.least_e8", rules->least_e8, 1, INT64_MAX, message);
    return error;
}

const char *pl_withdrawal_reason(enum pl_withdrawal_reason reason)
{
    static const char *const texts[] = {
        [PL_WITHDRAWAL_OK] = "done",
        [PL_WITHDRAWAL_TIME_BACK] = "the time is before the last one",
        [PL_WITHDRAWAL_ACCOUNT] = "no such account or currency",
        [PL_WITHDRAWAL_AMOUNT] = "less than the smallest withdrawal",
        [PL_WITHDRAWAL_NOT_FREE] = "more than the account has free",
        [PL_WITHDRAWAL_PRICES] = "prices are too poor to let money out",
        [PL_WITHDRAWAL_BAD_DEBT] = "bad debt of the account's pool stands",
        [PL_WITHDRAWAL_UNHEALTHY] = "the account is not healthy",
        [PL_WITHDRAWAL_WINDOW] = "the currency's limit for this window is used up",
        [PL_WITHDRAWAL_LOCKED] = "the time lock still runs",
        [PL_WITHDRAWAL_FULL] = "as many withdrawals wait as there is room for",
        [PL_WITHDRAWAL_UNKNOWN] = "no such withdrawal waits",
        [PL_WITHDRAWAL_LEDGER] = "the ledger refused",
    };
    return (uint32_t)reason < sizeof texts / sizeof *texts ? texts[reason] : "unknown reason";
}

/* What was released of each currency within the window. */
static struct pl_window_sum *windows(const struct pl_withdrawals *w)
{
    return (struct pl_window_sum *)((uintptr_t)w + sizeof *w);
}

static struct pl_withdrawal *waiting(const struct pl_withdrawals *w)
{
    return (struct pl_withdrawal *)(windows(w) + w->currencies);
}

size_t pl_withdrawals_bytes(uint32_t currencies, uint32_t room)
{
    return sizeof(struct pl_withdrawals) + sizeof(struct pl_window_sum) * (size_t)currencies +
           sizeof(struct pl_withdrawal) * (size_t)room;
}

struct pl_withdrawals *pl_withdrawals_create(void *memory, uint32_t currencies, uint32_t room,
                                             int64_t time_us)
{
    struct pl_withdrawals *w = memory;
    assert(currencies <= PL_LEDGER_CURRENCIES_MAX && room > 0 && room <= PL_WITHDRAWALS_MAX);
    memset(memory, 0, pl_withdrawals_bytes(currencies, room));
    *w = (struct pl_withdrawals){
        .currencies = currencies,
        .room = room,
        .time_us = time_us < 0 ? 0 : time_us, /* buckets of windows are numbered from 1970 */
    };
    return w;
}

const struct pl_withdrawal *pl_withdrawals_waiting(const struct pl_withdrawals *w)
{
    return waiting(w);
}

/* Of a whole window. */
static int64_t limit_of(const struct pl_withdrawal_rules *rules, const struct pl_ledger *ledger,
                        uint32_t currency)
{
    uint32_t flags = 0;
    const pl_i128 held = pl_ledger_accounts_cash(ledger, currency);
    const struct pl_ratio share = { rules[currency].window_share_q40, PL_COEFFICIENT_ONE };
    return pl_max64(pl_ratio_down(held < 0 ? 0 : held, share, &flags),
                    rules[currency].window_floor_e8);
}

int64_t pl_withdrawal_window_left(const struct pl_withdrawals *w,
                                  const struct pl_withdrawal_rules *rules,
                                  const struct pl_ledger *ledger, uint32_t currency,
                                  int64_t time_us)
{
    struct pl_window_sum window = windows(w)[currency];
    const int64_t released =
        pl_window_sum_add(&window, rules[currency].window_us, pl_max64(time_us, w->time_us), 0);
    return pl_max64(limit_of(rules, ledger, currency) - released, 0);
}

/* What forbids it whatever the account is. */
static enum pl_withdrawal_reason gate(const struct pl_ledger *ledger, uint32_t account, bool may)
{
    if (!may)
        return PL_WITHDRAWAL_PRICES;
    return pl_ledger_owes(ledger, pl_ledger_pool_of(ledger, account)) ? PL_WITHDRAWAL_BAD_DEBT
                                                                      : PL_WITHDRAWAL_OK;
}

enum pl_withdrawal_reason pl_withdrawal_request(struct pl_withdrawals *w,
                                                const struct pl_withdrawal_rules *rules,
                                                struct pl_ledger *ledger, uint32_t account,
                                                uint32_t currency, int64_t amount_e8,
                                                int64_t free_e8, bool may, int64_t time_us,
                                                uint64_t *id, enum pl_ledger_reason *why)
{
    *id = 0;
    *why = PL_LEDGER_OK;
    if (time_us < w->time_us)
        return PL_WITHDRAWAL_TIME_BACK;
    w->time_us = time_us;
    if (account >= pl_ledger_size(ledger)->accounts || currency >= w->currencies)
        return PL_WITHDRAWAL_ACCOUNT;
    if (amount_e8 < rules[currency].least_e8)
        return PL_WITHDRAWAL_AMOUNT;
    if (amount_e8 > free_e8 || amount_e8 > pl_ledger_cash(ledger, account, currency))
        return PL_WITHDRAWAL_NOT_FREE;
    const enum pl_withdrawal_reason reason = gate(ledger, account, may);
    if (reason != PL_WITHDRAWAL_OK)
        return reason;
    if (amount_e8 > limit_of(rules, ledger, currency))
        return PL_WITHDRAWAL_WINDOW;
    if (w->count == w->room)
        return PL_WITHDRAWAL_FULL;
    *why = pl_ledger_pay(ledger, PL_CAUSE_WITHDRAWAL, account, pl_ledger_escrow(ledger), currency,
                         amount_e8);
    if (*why != PL_LEDGER_OK)
        return PL_WITHDRAWAL_LEDGER;
    const int64_t lock_us = rules[currency].lock_us;
    *id = ++w->last_id;
    waiting(w)[w->count++] = (struct pl_withdrawal){
        .id = *id,
        .account = account,
        .currency = currency,
        .amount_e8 = amount_e8,
        .due_us = time_us > INT64_MAX - lock_us ? INT64_MAX : time_us + lock_us,
    };
    return PL_WITHDRAWAL_OK;
}

/* One that is due; released: its window is charged. */
static enum pl_withdrawal_reason release(struct pl_withdrawals *w,
                                         const struct pl_withdrawal_rules *rules,
                                         struct pl_ledger *ledger, const struct pl_withdrawal *x,
                                         const bool *healthy, bool may, bool *held_up)
{
    const enum pl_withdrawal_reason reason = gate(ledger, x->account, may);
    if (reason != PL_WITHDRAWAL_OK)
        return reason;
    if (!healthy[x->account])
        return PL_WITHDRAWAL_UNHEALTHY;
    if (*held_up ||
        x->amount_e8 > pl_withdrawal_window_left(w, rules, ledger, x->currency, w->time_us)) {
        *held_up |= x->amount_e8 <= limit_of(rules, ledger, x->currency);
        return PL_WITHDRAWAL_WINDOW;
    }
    if (pl_ledger_pay(ledger, PL_CAUSE_EXTERNAL, pl_ledger_escrow(ledger),
                      pl_ledger_outside(ledger), x->currency, x->amount_e8) != PL_LEDGER_OK)
        return PL_WITHDRAWAL_LEDGER;
    pl_window_sum_add(&windows(w)[x->currency], rules[x->currency].window_us, w->time_us,
                      x->amount_e8);
    return PL_WITHDRAWAL_OK;
}

enum pl_withdrawal_reason pl_withdrawals_release(struct pl_withdrawals *w,
                                                 const struct pl_withdrawal_rules *rules,
                                                 struct pl_ledger *ledger, const bool *healthy,
                                                 bool may, int64_t time_us,
                                                 struct pl_withdrawal_outcome *outcomes,
                                                 uint32_t outcomes_max, uint32_t *outcome_count)
{
    struct pl_withdrawal *list = waiting(w);
    bool held_up[PL_LEDGER_CURRENCIES_MAX] = { false };
    uint32_t kept = 0;
    *outcome_count = 0;
    if (time_us < w->time_us)
        return PL_WITHDRAWAL_TIME_BACK;
    w->time_us = time_us;
    for (uint32_t i = 0; i < w->count; i++) {
        const struct pl_withdrawal x = list[i];
        enum pl_withdrawal_reason reason = PL_WITHDRAWAL_LOCKED;
        if (x.due_us <= time_us && *outcome_count < outcomes_max) {
            reason = release(w, rules, ledger, &x, healthy, may, &held_up[x.currency]);
            outcomes[(*outcome_count)++] = (struct pl_withdrawal_outcome){ x, reason };
        }
        if (reason != PL_WITHDRAWAL_OK)
            list[kept++] = x;
    }
    memset(&list[kept], 0, (w->count - kept) * sizeof *list);
    w->count = kept;
    return PL_WITHDRAWAL_OK;
}

static enum pl_ledger_reason give_back(struct pl_ledger *ledger, const struct pl_withdrawal *x)
{
    return pl_ledger_pay(ledger, PL_CAUSE_WITHDRAWAL, pl_ledger_escrow(ledger), x->account,
                         x->currency, x->amount_e8);
}

enum pl_withdrawal_reason pl_withdrawal_cancel(struct pl_withdrawals *w, struct pl_ledger *ledger,
                                               uint64_t id, enum pl_ledger_reason *why)
{
    struct pl_withdrawal *list = waiting(w);
    *why = PL_LEDGER_OK;
    for (uint32_t i = 0; i < w->count; i++) {
        if (list[i].id != id)
            continue;
        *why = give_back(ledger, &list[i]);
        if (*why != PL_LEDGER_OK)
            return PL_WITHDRAWAL_LEDGER;
        w->count--;
        memmove(&list[i], &list[i + 1], (w->count - i) * sizeof *list);
        memset(&list[w->count], 0, sizeof *list);
        return PL_WITHDRAWAL_OK;
    }
    return PL_WITHDRAWAL_UNKNOWN;
}

uint32_t pl_withdrawal_recall(struct pl_withdrawals *w, struct pl_ledger *ledger, uint32_t account)
{
    struct pl_withdrawal *list = waiting(w);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < w->count; i++) {
        const struct pl_withdrawal x = list[i];
        if (x.account != account || give_back(ledger, &x) != PL_LEDGER_OK)
            list[kept++] = x;
    }
    const uint32_t recalled = w->count - kept;
    memset(&list[kept], 0, recalled * sizeof *list);
    w->count = kept;
    return recalled;
}
