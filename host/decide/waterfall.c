#include "waterfall.h"

#include <assert.h>
#include <string.h>

#include "exact.h"

const struct pl_waterfall_rules pl_waterfall_defaults = {
    .fund_share_q40 = PL_Q40_MILLIONTHS(300000),
    .fund_window_us = 8 * PL_HOUR_US,
    .policy = PL_POLICY_LEAST_REGRET,
};

int pl_waterfall_check(const struct pl_waterfall_rules *rules, char message[PL_RULE_MESSAGE_BYTES])
{
    int error = pl_rule_within("waterfall.fund_share_q40", rules->fund_share_q40,
                               PL_Q40_MILLIONTHS(10000), PL_COEFFICIENT_ONE, message);
    if (error == 0)
        error = pl_rule_within("waterfall.fund_window_us", rules->fund_window_us, PL_HOUR_US,
                               7 * PL_DAY_US, message);
    if (error == 0)
        error = pl_rule_within("waterfall.policy", rules->policy, 0, PL_POLICIES - 1, message);
    return error;
}

const char *pl_waterfall_reason(enum pl_waterfall_reason reason)
{
    static const char *const texts[] = {
        [PL_WATERFALL_OK] = "everything that was missing is paid",
        [PL_WATERFALL_SOLVENT] = "nothing is missing",
        [PL_WATERFALL_OPEN] = "something is missing, and nobody could be closed against",
        [PL_WATERFALL_BOOKED] = "what was missing in the end is booked as bad debt",
        [PL_WATERFALL_TIME_BACK] = "the time is before the last one",
        [PL_WATERFALL_VALUE] = "the account cannot be valued",
        [PL_WATERFALL_LEDGER] = "the ledger refused",
    };
    return (uint32_t)reason < sizeof texts / sizeof *texts ? texts[reason] : "unknown reason";
}

struct window {
    int64_t number;  /* time / length */
    int64_t base_e8; /* the fund when it began */
    int64_t drawn_e8;
};

static struct window *windows(const struct pl_waterfall *w)
{
    return (struct window *)((uintptr_t)w + sizeof *w);
}

size_t pl_waterfall_bytes(uint32_t pools, uint32_t currencies)
{
    return sizeof(struct pl_waterfall) + sizeof(struct window) * (size_t)pools * currencies;
}

struct pl_waterfall *pl_waterfall_create(void *memory, uint32_t pools, uint32_t currencies,
                                         int64_t time_us)
{
    struct pl_waterfall *w = memory;
    memset(memory, 0, pl_waterfall_bytes(pools, currencies));
    *w = (struct pl_waterfall){ pools, currencies, time_us };
    for (size_t i = 0; i < (size_t)pools * currencies; i++)
        windows(w)[i].number = INT64_MIN;
    return w;
}

/* The window of a fund as it is at a time. */
static struct window window_at(const struct pl_waterfall *w, const struct pl_waterfall_rules *rules,
                               const struct pl_ledger *ledger, uint32_t pool, uint32_t currency,
                               int64_t time_us)
{
    struct window window = windows(w)[(size_t)pool * w->currencies + currency];
    const int64_t number = time_us / rules->fund_window_us;
    if (window.number != number)
        window = (struct window){ .number = number,
                                  .base_e8 = pl_ledger_cash(ledger, pl_ledger_fund(ledger, pool),
                                                            currency) };
    return window;
}

int64_t pl_waterfall_drawable(const struct pl_waterfall *w, const struct pl_waterfall_rules *rules,
                              const struct pl_ledger *ledger, uint32_t pool, uint32_t currency,
                              int64_t time_us)
{
    const struct window window = window_at(w, rules, ledger, pool, currency, time_us);
    uint32_t flags = 0;
    const int64_t most = pl_money_scale_down(window.base_e8, rules->fund_share_q40, &flags);
    return pl_min64(pl_max64(most - window.drawn_e8, 0),
                    pl_ledger_cash(ledger, pl_ledger_fund(ledger, pool), currency));
}

struct run {
    struct pl_waterfall *waterfall;
    const struct pl_waterfall_rules *rules;
    struct pl_ledger *ledger;
    const struct pl_waterfall_input *input;
    const struct pl_waterfall_room *room;
    struct pl_waterfall_record *record;
};

static bool pay(const struct run *r, enum pl_cause cause, uint32_t from, int64_t amount_e8)
{
    if (amount_e8 > 0)
        r->record->why = pl_ledger_pay(r->ledger, cause, from, r->record->account,
                                       r->record->currency, amount_e8);
    return r->record->why == PL_LEDGER_OK;
}

/* Up to `missing_e8` from the fund; limited by the window unless it is the last resort. */
static bool draw(const struct run *r, int64_t missing_e8, bool last, int64_t *drawn_e8)
{
    const uint32_t pool = r->record->pool, currency = r->record->currency;
    const uint32_t fund = pl_ledger_fund(r->ledger, pool);
    struct window window =
        window_at(r->waterfall, r->rules, r->ledger, pool, currency, r->input->time_us);
    const int64_t there = last ? pl_ledger_cash(r->ledger, fund, currency)
                               : pl_waterfall_drawable(r->waterfall, r->rules, r->ledger, pool,
                                                       currency, r->input->time_us);
    *drawn_e8 = pl_min64(missing_e8, there);
    if (!pay(r, PL_CAUSE_COVER, fund, *drawn_e8))
        return false;
    uint32_t flags = 0;
    window.drawn_e8 = pl_money_add(window.drawn_e8, *drawn_e8, &flags);
    windows(r->waterfall)[(size_t)pool * r->waterfall->currencies + currency] = window;
    r->record->fund_e8 += *drawn_e8;
    return true;
}

/* The account's positions in the currency, the loss shared among them by their values. */
static uint32_t share_loss(const struct run *r, int64_t loss_e8)
{
    struct pl_waterfall_record *record = r->record;
    struct pl_share *shares = r->room->shares;
    uint32_t count, kept = 0, flags = 0;
    const struct pl_ledger_entry *p = pl_ledger_positions(r->ledger, record->account, &count);
    for (uint32_t i = 0; i < count && kept < PL_WATERFALL_POSITIONS_MAX; i++) {
        const uint32_t instrument = pl_ledger_instrument(r->ledger, &p[i]);
        if (pl_ledger_contract(r->ledger, instrument)->currency != record->currency)
            continue;
        const int64_t value = pl_ledger_value(r->ledger, instrument, p[i].amount,
                                              r->input->marks[instrument], &flags);
        shares[kept] = (struct pl_share){ .weight = value < 0 ? -value : pl_max64(value, 1),
                                          .limit = INT64_MAX };
        record->closed[kept++] = (struct pl_waterfall_close){
            .instrument = instrument,
            .need = { .steps = p[i].amount < 0 ? -p[i].amount : p[i].amount },
        };
    }
    pl_apportion(shares, kept, loss_e8, r->room->order);
    for (uint32_t i = 0; i < kept; i++)
        record->closed[i].need.loss_e8 = shares[i].given;
    return kept;
}

static bool deleverage(const struct run *r, int64_t loss_e8, int64_t *roundings_e8)
{
    struct pl_waterfall_record *record = r->record;
    record->closes = share_loss(r, loss_e8);
    for (uint32_t i = 0; i < record->closes && record->why == PL_LEDGER_OK; i++) {
        struct pl_waterfall_close *close = &record->closed[i];
        const uint32_t instrument = close->instrument;
        const enum pl_policy policy = (enum pl_policy)r->rules->policy;
        struct pl_candidate *candidates = r->room->candidates;
        close->candidates =
            pl_deleverage_candidates(r->ledger, record->account, instrument, r->input->marks,
                                     r->input->equities_e8, candidates, r->room->count);
        pl_deleverage_plan(&close->need, candidates, close->candidates, r->room->shares,
                           r->room->order, close->imposed);
        const struct pl_deleveraged done = pl_deleverage_carry_out(
            r->ledger, record->account, instrument, r->input->marks[instrument], &close->need,
            candidates, close->candidates, policy,
            r->input->funding == NULL ? NULL : &r->input->funding[instrument],
            r->input->funding_rules);
        close->steps = done.steps;
        close->loss_e8 = done.loss_e8;
        record->deleverage_e8 += done.loss_e8;
        record->why = done.why;
        *roundings_e8 += 3 * (int64_t)close->imposed[policy].touched;
    }
    return record->why == PL_LEDGER_OK;
}

static bool holds_any(const struct run *r)
{
    uint32_t count;
    const struct pl_ledger_entry *p = pl_ledger_positions(r->ledger, r->record->account, &count);
    for (uint32_t i = 0; i < count; i++)
        if (pl_ledger_contract(r->ledger, pl_ledger_instrument(r->ledger, &p[i]))->currency ==
            r->record->currency)
            return true;
    return false;
}

/* What a closed account owes: roundings are given back, the fund pays, the rest is bad debt. */
static enum pl_waterfall_reason close_account(const struct run *r, int64_t roundings_e8)
{
    struct pl_waterfall_record *record = r->record;
    struct pl_ledger *l = r->ledger;
    int64_t drawn_e8;
    int64_t owes = -pl_ledger_cash(l, record->account, record->currency);
    if (owes <= 0)
        return PL_WATERFALL_OK;
    const uint32_t residue = pl_ledger_residue(l);
    const int64_t back =
        pl_min64(pl_min64(owes, roundings_e8), pl_ledger_cash(l, residue, record->currency));
    if (!pay(r, PL_CAUSE_COVER, residue, back))
        return PL_WATERFALL_LEDGER;
    record->residue_e8 = back;
    owes -= back;
    if (owes > 0 && !draw(r, owes, true, &drawn_e8))
        return PL_WATERFALL_LEDGER;
    owes = -pl_ledger_cash(l, record->account, record->currency);
    if (!pay(r, PL_CAUSE_BAD_DEBT, pl_ledger_debt(l, record->pool), owes))
        return PL_WATERFALL_LEDGER;
    record->debt_e8 = owes;
    return owes > 0 ? PL_WATERFALL_BOOKED : PL_WATERFALL_OK;
}

static enum pl_waterfall_reason run(const struct run *r)
{
    struct pl_waterfall_record *record = r->record;
    uint32_t flags = 0;
    int64_t drawn_e8 = 0, roundings_e8 = 0;
    const int64_t equity =
        pl_ledger_equity(r->ledger, record->account, record->currency, r->input->marks, &flags);
    if (flags != 0)
        return PL_WATERFALL_VALUE;
    if (equity >= 0)
        return PL_WATERFALL_SOLVENT;
    record->missing_e8 = -equity;
    if (!draw(r, record->missing_e8, false, &drawn_e8))
        return PL_WATERFALL_LEDGER;
    const int64_t loss = record->missing_e8 - drawn_e8;
    if (loss > 0 && r->input->may_deleverage && !deleverage(r, loss, &roundings_e8))
        return PL_WATERFALL_LEDGER;
    if (!holds_any(r))
        return close_account(r, roundings_e8);
    const int64_t left =
        pl_ledger_equity(r->ledger, record->account, record->currency, r->input->marks, &flags);
    record->left_e8 = pl_max64(-left, 0);
    return record->left_e8 > 0 ? PL_WATERFALL_OPEN : PL_WATERFALL_OK;
}

enum pl_waterfall_reason pl_waterfall_run(struct pl_waterfall *waterfall,
                                          const struct pl_waterfall_rules *rules,
                                          struct pl_ledger *ledger, uint32_t account,
                                          uint32_t currency, const struct pl_waterfall_input *input,
                                          const struct pl_waterfall_room *room,
                                          struct pl_waterfall_record *record)
{
    const struct run r = { waterfall, rules, ledger, input, room, record };
    assert(room->count >= PL_WATERFALL_POSITIONS_MAX &&
           room->count >= pl_ledger_size(ledger)->accounts);
    *record = (struct pl_waterfall_record){ .account = account,
                                            .pool = pl_ledger_pool_of(ledger, account),
                                            .currency = currency };
    if (input->time_us < waterfall->time_us)
        return PL_WATERFALL_TIME_BACK;
    waterfall->time_us = input->time_us;
    return run(&r);
}
