#include "evidence.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "feed/decimal.h"

/* One account and underlying: Greeks add up over underlyings, so an account that holds just one of
 * them has that underlying's. */
struct part {
    size_t first_holding, holding_count;
    uint32_t account, underlying;
};

struct pl_evidence_parts {
    struct part *items;
    struct pl_account *accounts;
    struct pl_verdict *verdicts;
    struct pl_holding *holdings;
    size_t count, capacity, holding_count, holding_capacity;
    uint64_t *seen; /* by underlying: the account that it was taken for last */
    uint64_t stamp;
    pl_i128 (*sums)[4]; /* by underlying: delta, gamma, vega, theta */
};

static int64_t clamp(pl_i128 value)
{
    return value > INT64_MAX ? INT64_MAX : value < INT64_MIN ? INT64_MIN : (int64_t)value;
}

static bool is_below(const struct pl_verdict *verdict)
{
    return verdict->state == PL_STATE_LIQUIDATE || verdict->state == PL_STATE_BANKRUPT;
}

int pl_evidence_open(struct pl_evidence *evidence, const struct pl_session *session,
                     size_t ticks_max)
{
    size_t underlyings = (size_t)session->book->underlying_count + 1;
    *evidence = (struct pl_evidence){ .ticks_max = ticks_max };
    evidence->ticks = calloc(ticks_max, sizeof *evidence->ticks);
    evidence->exposures = calloc(ticks_max * underlyings, sizeof *evidence->exposures);
    evidence->below_at_worst =
        calloc((size_t)session->book->account_count + 1, sizeof *evidence->below_at_worst);
    evidence->parts = calloc(1, sizeof *evidence->parts);
    struct pl_evidence_parts *parts = evidence->parts;
    if (parts != NULL) {
        parts->seen = calloc(underlyings, sizeof *parts->seen);
        parts->sums = calloc(underlyings, sizeof *parts->sums);
    }
    if (evidence->ticks != NULL && evidence->exposures != NULL &&
        evidence->below_at_worst != NULL && parts != NULL && parts->seen != NULL &&
        parts->sums != NULL)
        return 0;
    pl_complain("%s: out of memory for the report of %zu ticks", session->book->path, ticks_max);
    pl_evidence_close(evidence);
    return -ENOMEM;
}

void pl_evidence_close(struct pl_evidence *evidence)
{
    struct pl_evidence_parts *parts = evidence->parts;
    if (parts != NULL) {
        free(parts->items);
        free(parts->accounts);
        free(parts->verdicts);
        free(parts->holdings);
        free(parts->seen);
        free(parts->sums);
        free(parts);
    }
    free(evidence->ticks);
    free(evidence->exposures);
    free(evidence->below_at_worst);
    *evidence = (struct pl_evidence){ 0 };
}

static int grow_parts(struct pl_evidence_parts *p)
{
    if (p->count < p->capacity)
        return 0;
    size_t capacity = p->capacity == 0 ? 256 : 2 * p->capacity;
    struct part *items = realloc(p->items, capacity * sizeof *items);
    p->items = items != NULL ? items : p->items;
    struct pl_account *accounts = realloc(p->accounts, capacity * sizeof *accounts);
    p->accounts = accounts != NULL ? accounts : p->accounts;
    struct pl_verdict *verdicts = realloc(p->verdicts, capacity * sizeof *verdicts);
    p->verdicts = verdicts != NULL ? verdicts : p->verdicts;
    if (items == NULL || accounts == NULL || verdicts == NULL)
        return -ENOMEM;
    p->capacity = capacity;
    return 0;
}

static int grow_holdings(struct pl_evidence_parts *p, size_t more)
{
    if (p->holding_count + more <= p->holding_capacity)
        return 0;
    size_t capacity = 2 * p->holding_capacity + more;
    struct pl_holding *holdings = realloc(p->holdings, capacity * sizeof *holdings);
    if (holdings == NULL)
        return -ENOMEM;
    p->holdings = holdings;
    p->holding_capacity = capacity;
    return 0;
}

/* Copies an account's holdings, underlying by underlying. */
static int split_account(struct pl_evidence_parts *p, const struct pl_session *session,
                         uint32_t account)
{
    const struct pl_session_holdings *list = &session->holdings[account];
    const struct pl_book_instrument *instruments = session->book->instruments;
    int error = grow_holdings(p, list->count);
    p->stamp++;
    for (uint32_t i = 0; i < list->count && error == 0; i++) {
        uint32_t underlying = instruments[list->items[i].instrument].underlying;
        if (p->seen[underlying] == p->stamp)
            continue;
        p->seen[underlying] = p->stamp;
        error = grow_parts(p);
        if (error != 0)
            break;
        struct part *part = &p->items[p->count++];
        *part = (struct part){ .first_holding = p->holding_count,
                               .account = account,
                               .underlying = underlying };
        for (uint32_t k = i; k < list->count; k++)
            if (instruments[list->items[k].instrument].underlying == underlying)
                p->holdings[p->holding_count++] = list->items[k];
        part->holding_count = p->holding_count - part->first_holding;
    }
    return error;
}

/* Net Greeks per underlying of all accounts below the line. */
static int sum_greeks(struct pl_evidence *evidence, struct pl_session *session,
                      const struct pl_verdict *verdicts)
{
    struct pl_evidence_parts *p = evidence->parts;
    p->count = p->holding_count = 0;
    memset(p->sums, 0, session->book->underlying_count * sizeof *p->sums);
    int error = 0;
    for (uint32_t i = 0; i < session->book->account_count && error == 0; i++)
        if (is_below(&verdicts[i]))
            error = split_account(p, session, i);
    if (error != 0) {
        pl_complain("out of memory for the report; run without --report");
        return error;
    }
    for (size_t i = 0; i < p->count; i++) {
        p->accounts[i] = session->accounts[p->items[i].account];
        p->accounts[i].account = (uint32_t)i;
        p->accounts[i].cash_e8 = 0;
        p->accounts[i].holdings = p->holdings + p->items[i].first_holding;
        p->accounts[i].holding_count = p->items[i].holding_count;
    }
    error = pl_session_evaluate(session, p->accounts, p->count, p->verdicts, NULL);
    for (size_t i = 0; i < p->count && error == 0; i++) {
        pl_i128 *sums = p->sums[p->items[i].underlying];
        sums[0] += p->verdicts[i].delta;
        sums[1] += p->verdicts[i].gamma;
        sums[2] += p->verdicts[i].vega;
        sums[3] += p->verdicts[i].theta;
    }
    return error;
}

static void add_exposures(struct pl_evidence *evidence, const struct pl_session *session)
{
    for (uint32_t u = 0; u < session->book->underlying_count; u++) {
        const struct pl_price *price = &session->prices[session->book->underlyings[u].node];
        pl_i128 *sums = evidence->parts->sums[u];
        struct pl_report_exposure *e =
            &evidence->exposures[u * evidence->ticks_max + evidence->tick_count];
        if (!price->has_price ||
            pl_decimal_scale(price->price, PL_MONEY_DECIMALS, 0, &e->price_e8) != 0)
            e->price_e8 = 0;
        e->delta = clamp(sums[0]);
        e->gamma = clamp(sums[1]);
        e->vega = clamp(sums[2]);
        e->theta = clamp(sums[3]);
    }
}

/* Sums over the accounts that can be judged. */
static void add_totals(struct pl_report_tick *tick, const struct pl_session *session,
                       const struct pl_verdict *verdicts)
{
    pl_i128 equity = 0, maintenance = 0, initial = 0, shortfall = 0, negative_equity = 0;
    for (uint32_t i = 0; i < session->book->account_count; i++) {
        if (verdicts[i].state == PL_STATE_INDETERMINATE)
            continue;
        equity += verdicts[i].equity;
        maintenance += pl_maintenance_requirement(&verdicts[i]);
        initial += pl_initial_requirement(&verdicts[i]);
        shortfall -= verdicts[i].state >= PL_STATE_LIQUIDATE ? verdicts[i].maintenance_excess : 0;
        negative_equity -= verdicts[i].equity < 0 ? verdicts[i].equity : 0;
    }
    tick->equity = clamp(equity);
    tick->maintenance = clamp(maintenance);
    tick->initial = clamp(initial);
    tick->shortfall = clamp(shortfall);
    tick->negative_equity = clamp(negative_equity);
}

int pl_evidence_add(struct pl_evidence *evidence, struct pl_session *session,
                    const struct pl_verdict *verdicts, const uint64_t states[PL_STATES])
{
    struct pl_report_tick *tick = &evidence->ticks[evidence->tick_count];
    uint64_t below = states[PL_STATE_LIQUIDATE] + states[PL_STATE_BANKRUPT];
    if (evidence->tick_count == 0)
        evidence->first_tick = session->tick;
    *tick = (struct pl_report_tick){ .tick = session->tick, .time_us = session->time_us };
    memcpy(tick->accounts, states, sizeof tick->accounts);
    add_totals(tick, session, verdicts);
    int error = sum_greeks(evidence, session, verdicts);
    if (error != 0)
        return error;
    add_exposures(evidence, session);
    if (evidence->tick_count == 0 || below > evidence->worst_count) {
        evidence->worst_tick = evidence->tick_count;
        evidence->worst_count = below;
        for (uint32_t i = 0; i < session->book->account_count; i++)
            evidence->below_at_worst[i] = is_below(&verdicts[i]);
    }
    if (session->book->account_count > 0) {
        evidence->model_version = verdicts[0].model_version;
        evidence->table_version = verdicts[0].table_version;
    }
    evidence->tick_count++;
    return 0;
}
