/* The loop: tick by tick, and between two ticks the auctions. */
#include <errno.h>
#include <string.h>

#include "dev/software.h"
#include "progress.h"
#include "simulate.h"
#include "stage/pl.h"
#include "states.h"

#define BID_US INT64_C(10000000) /* between two looks at an auction */
#define BIDS_MAX 2000            /* looks between two ticks */

static void send_reports(struct pl_simulation *s)
{
    struct pl_sourced next;
    while (pl_sources_next(&s->sources, s->now_us, &next)) {
        struct pl_venue_input in = { .kind = PL_VENUE_REPORT, .account = next.underlying };
        in.as.report.source = next.number;
        in.as.report.report = next.report;
        pl_simulation_apply(s, &in);
    }
}

/* What became of each source in the tick. */
static void count_sources(struct pl_simulation *s)
{
    const struct pl_book *book = s->session->book;
    for (uint32_t i = 0; i < book->source_count; i++) {
        const struct pl_book_source *source = &book->sources[i];
        s->seen[i][pl_venue_fused(s->venue, source->underlying)->reason[source->number]]++;
    }
}

static int send_prices(struct pl_simulation *s)
{
    const struct pl_book *book = s->session->book;
    pl_simulation_fund(s);
    send_reports(s);
    for (uint32_t u = 0; u < book->underlying_count && book->source_count == 0; u++) {
        const struct pl_price *p = &s->session->prices[book->underlyings[u].node];
        struct pl_venue_input in = { .kind = PL_VENUE_REPORT, .account = u };
        in.as.report.report.source_us = p->time_us;
        if (p->has_price &&
            pl_decimal_scale(p->price, PL_SOURCES_DECIMALS, 0, &in.as.report.report.price) == 0)
            pl_simulation_apply(s, &in);
    }
    pl_simulation_imply(s);
    struct pl_venue_input tick = { .kind = PL_VENUE_TICK };
    pl_simulation_apply(s, &tick);
    count_sources(s);
    int error = pl_simulation_settle(s);
    error = error != 0 ? error : pl_simulation_follow(s);
    pl_simulation_send_marks(s);
    pl_simulation_send_rates(s);
    return error;
}

static void give_verdict(struct pl_simulation *s, uint32_t account, const struct pl_verdict *v)
{
    struct pl_venue_input in = { .kind = PL_VENUE_VERDICT, .account = account };
    in.as.verdict.state = v->state;
    in.as.verdict.position_version = v->position_version;
    in.as.verdict.equity_e8 = v->equity;
    in.as.verdict.maintenance_excess_e8 = v->maintenance_excess;
    in.as.verdict.initial_excess_e8 = v->initial_excess;
    pl_simulation_apply(s, &in);
}

static int judge_again(struct pl_simulation *s, uint32_t account, struct pl_verdict *v)
{
    int error = s->dirty[account] || s->all_dirty ? pl_simulation_mirror(s, account) : 0;
    s->session->position_version = pl_venue_version(s->venue);
    return error != 0 ? error
                      : pl_session_evaluate(s->session, &s->session->accounts[account], 1, v, NULL);
}

/* The action of a kind among those of the last input; NULL: none. */
static const struct pl_venue_action *find(const struct pl_simulation *s,
                                          enum pl_venue_action_kind kind)
{
    for (uint32_t i = 0; i < s->action_count; i++)
        if (s->actions[i].kind == kind)
            return &s->actions[i];
    return NULL;
}

/* Closes that the venue could not book at their price. */
static void cancel(struct pl_simulation *s, uint32_t account)
{
    struct pl_venue_input in = { .kind = PL_VENUE_CANCELLED, .account = account };
    pl_simulation_apply(s, &in);
}

static bool too_old(const struct pl_simulation *s)
{
    return s->action_count > 0 && s->actions[0].kind == PL_VENUE_REFUSED &&
           s->actions[0].reason == PL_VENUE_OLD;
}

static int decide(struct pl_simulation *s, uint32_t account, struct pl_verdict *v)
{
    int error = 0;
    give_verdict(s, account, v);
    if (too_old(s)) { /* others were liquidated at this one's cost */
        error = judge_again(s, account, v);
        if (error == 0)
            give_verdict(s, account, v);
    }
    const struct pl_venue_action *plan = find(s, PL_VENUE_PLAN);
    if (error == 0 && find(s, PL_VENUE_CANCEL_CLOSES) != NULL) {
        if (pl_acting_let_out(&s->acting))
            cancel(s, account);
    } else if (error == 0 && plan != NULL) {
        const int64_t target = plan->steps;
        if (s->dirty[account])
            error = pl_simulation_mirror(s, account); /* without its orders */
        if (error == 0)
            pl_simulation_plan(s, account, target);
    }
    return error;
}

static int run_auction(struct pl_simulation *s, uint32_t account)
{
    struct pl_verdict v;
    int error = judge_again(s, account, &v);
    if (error != 0)
        return error;
    give_verdict(s, account, &v);
    if (pl_venue_auction(s->venue, account)->leg != PL_AUCTION_NONE)
        pl_simulation_bid(s, account, &v);
    return 0;
}

/* Auctions go on between two ticks, at the marks of the first. */
static int run_auctions(struct pl_simulation *s, int64_t until_us)
{
    const uint32_t accounts = s->session->book->account_count;
    int error = 0;
    for (int look = 0; look < BIDS_MAX && s->now_us < until_us && error == 0; look++) {
        bool any = false;
        pl_recording_at(&s->session->recording, s->now_us);
        pl_simulation_fund(s);
        for (uint32_t a = 0; a < accounts && error == 0 && pl_acting_may(&s->acting); a++) {
            if (pl_venue_auction(s->venue, a)->leg == PL_AUCTION_NONE)
                continue;
            any = true;
            error = run_auction(s, a);
        }
        if (!any)
            break;
        if (s->acting.batch_count > 0)
            pl_acting_let_out(&s->acting);
        s->now_us = pl_min64(s->now_us + BID_US, until_us);
    }
    return error;
}

/* Open interest of the first tick, per underlying: the daily volume is a multiple of it. */
static void set_markets(struct pl_simulation *s)
{
    const struct pl_book *book = s->session->book;
    const struct pl_tables *tables = &s->planner->device->dev->tables;
    for (uint32_t i = 0; i < book->instrument_count; i++) {
        const struct pl_row *r = &tables->rows[s->planner->device->stage.instruments[i].row];
        const int64_t each = r->notional != 0 ? r->notional : r->gross != 0 ? r->gross : r->base;
        pl_i128 longs = 0, shorts = 0;
        for (uint64_t p = 0; p < book->position_count; p++) {
            if (book->positions[p].instrument != i)
                continue;
            if (book->positions[p].steps > 0)
                longs += book->positions[p].steps;
            else
                shorts -= book->positions[p].steps;
        }
        uint32_t flags = 0;
        const int64_t open = pl_money_limit(
            pl_shift_down((longs > shorts ? longs : shorts) * (each < 0 ? -each : each),
                          r->row_shift),
            &flags);
        struct pl_market *m = &s->markets[book->instruments[i].underlying];
        m->volume_e8 = pl_money_add(m->volume_e8, open, &flags);
    }
    for (uint32_t u = 0; u < book->underlying_count; u++) {
        uint32_t flags = 0;
        struct pl_market *m = &s->markets[u];
        const int64_t interest = m->volume_e8;
        *m = (struct pl_market){ .half_spread_q40 = s->market.spread_q40 / 2,
                                 .impact_q40 = s->market.impact_q40,
                                 .closed.time_us = s->now_us };
        m->volume_e8 = pl_max64(1, pl_money_scale_down(interest, s->market.volume_q40, &flags));
        s->fund_start_e8 = pl_money_add(
            s->fund_start_e8, pl_money_scale_down(interest, s->market.fund_q40, &flags), &flags);
    }
    struct pl_venue_input in = { .kind = PL_VENUE_DEPOSIT,
                                 .account = pl_ledger_fund(pl_venue_ledger(s->venue), 0) };
    in.as.money.amount_e8 = s->fund_start_e8;
    if (s->fund_start_e8 > 0)
        pl_simulation_apply(s, &in);
    s->fund_least_e8 = s->fund_start_e8;
}

/* What accounts are below zero by, at the marks. */
static int64_t missing(const struct pl_simulation *s)
{
    const struct pl_ledger *l = pl_venue_ledger(s->venue);
    uint32_t flags = 0;
    int64_t sum = 0;
    for (uint32_t a = 0; a < s->session->book->account_count; a++) {
        uint32_t count;
        const struct pl_ledger_entry *p = pl_ledger_positions(l, a, &count);
        int64_t equity = pl_ledger_cash(l, a, 0);
        for (uint32_t k = 0; k < count; k++) {
            bool known;
            const uint32_t i = pl_ledger_instrument(l, &p[k]);
            const int64_t mark = pl_venue_mark(s->venue, i, &known);
            equity = pl_money_add(equity, pl_ledger_value(l, i, p[k].amount, mark, &flags), &flags);
        }
        sum = pl_money_sub(sum, pl_min64(equity, 0), &flags);
    }
    return sum;
}

static void keep_tick(struct pl_simulation *s, const struct pl_simulated *before)
{
    struct pl_simulated *n = &s->so_far;
    const struct pl_ledger *l = pl_venue_ledger(s->venue);
    n->fund_e8 = pl_ledger_cash(l, pl_ledger_fund(l, 0), 0);
    s->fund_least_e8 = pl_min64(s->fund_least_e8, n->fund_e8);
    n->missing_e8 = missing(s);
    pl_simulation_cascade(&s->log, s->cascade_window_us, s->session->time_us, before, n);
    s->ticks[s->tick_count++] = (struct pl_simulated_tick){
        .tick = s->session->tick,
        .time_us = s->session->time_us,
        .eventful = n->closed_e8 != before->closed_e8 || n->auctioned_e8 != before->auctioned_e8 ||
                    n->calls != before->calls || n->breakers != before->breakers ||
                    n->fund_paid_e8 != before->fund_paid_e8 || n->debt_e8 != before->debt_e8,
        .so_far = *n,
    };
}

static int run_tick(struct pl_simulation *s)
{
    const struct pl_book *book = s->session->book;
    const bool first = s->session->tick == 0;
    s->now_us = book->ticks[s->session->tick].time_us;
    int error = pl_session_advance(s->session);
    error = error != 0 ? error : pl_session_advance(s->planner);
    if (error != 0)
        return error;
    if (first)
        set_markets(s);
    error = send_prices(s);
    error = error != 0 || first ? error : pl_simulation_mirror_all(s);
    if (first)
        memset(s->dirty, 0, book->account_count);
    s->session->position_version = pl_venue_version(s->venue);
    error = error != 0 ? error
                       : pl_session_evaluate(s->session, s->session->accounts, book->account_count,
                                             s->verdicts, NULL);
    for (uint32_t a = 0; a < book->account_count && error == 0; a++)
        error = decide(s, a, &s->verdicts[a]);
    const int64_t until =
        s->session->tick < book->tick_count ? book->ticks[s->session->tick].time_us : s->now_us;
    pl_acting_let_out(&s->acting);
    error = error != 0 ? error : run_auctions(s, until);
    pl_acting_let_out(&s->acting);
    return error;
}

int pl_simulation_run(struct pl_simulation *s)
{
    struct pl_progress progress;
    char message[PL_LEDGER_MESSAGE_BYTES];
    int error = 0;
    pl_progress_start(&progress, pl_simulated_names[s->policy], s->session->book->tick_count);
    while (s->session->tick < s->session->book->tick_count && error == 0) {
        const struct pl_simulated before = s->so_far;
        error = run_tick(s);
        if (error == 0 && pl_ledger_check(pl_venue_ledger(s->venue), message) != 0) {
            pl_complain("tick %llu: the ledger does not add up: %s",
                        (unsigned long long)s->session->tick, message);
            error = -EPROTO;
        }
        keep_tick(s, &before);
        pl_progress_step(&progress, s->session->tick);
    }
    pl_acting_finish(&s->acting, s->now_us);
    pl_progress_end(&progress);
    if (error == 0 && s->log.failed) {
        pl_complain("out of memory");
        error = -ENOMEM;
    }
    for (uint32_t a = 0; a < s->session->book->account_count; a++)
        s->so_far.saved += s->called[a] && s->cleared[a] && !s->liquidated[a];
    return error;
}
