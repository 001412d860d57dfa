/* Auctions of whole books: start, time, bids. */
#include "venue_state.h"

static struct pl_venue_account *account_of(const struct pl_venue_work *w)
{
    return &pl_venue_accounts(w->v)[w->in->account];
}

void pl_venue_sell(struct pl_venue_work *w, enum pl_liquidation_reason reason)
{
    struct pl_venue_account *a = account_of(w);
    pl_venue_act(w, PL_VENUE_CANCEL_ORDERS, w->in->account, reason);
    pl_venue_act(w, PL_VENUE_AUCTION, w->in->account, reason)->value_e8 = a->equity_e8;
    a->auction = (struct pl_auction){ 0 };
    a->book.lower_bound = pl_min64(a->book.buffer_excess, -1);
    /* refused only where the account holds its buffer, and it is below its line */
    if (pl_auction_start(&a->auction, &a->book, w->v->time_us) != PL_AUCTION_OK)
        pl_liquidation_auctioned(&a->liquidation, PL_AUCTION_ENDED, PL_AUCTION_NONE, false,
                                 w->v->version, w->v->time_us);
}

static bool may_bid(const struct pl_venue_work *w)
{
    return pl_venue_marked(w->v, w->in->account) &&
           (pl_venue_account_allowed(w->v, w->in->account) & PL_ACTION_LIQUIDATION) != 0;
}

static void tell_event(struct pl_venue_work *w, enum pl_auction_event event)
{
    struct pl_venue_account *a = account_of(w);
    const bool empty = pl_venue_empty(w->v, w->in->account);
    if (event == PL_AUCTION_RUNS)
        return;
    const int64_t proceeds = a->auction.proceeds;
    pl_liquidation_auctioned(&a->liquidation, event, (enum pl_auction_leg)a->auction.leg,
                             empty && event == PL_AUCTION_ENDED, w->v->version, w->v->time_us);
    struct pl_venue_action *told = pl_venue_act(w, PL_VENUE_AUCTION_EVENT, w->in->account, event);
    told->steps = a->auction.leg;
    told->value_e8 = proceeds;
    if (event == PL_AUCTION_OFFLOADED) {
        pl_venue_act(w, PL_VENUE_OFFLOAD, w->in->account, 0);
        pl_venue_lose(w, w->in->account, true);
    } else if (event == PL_AUCTION_ENDED) {
        pl_venue_lose(w, w->in->account, false);
    }
}

void pl_venue_auction_step(struct pl_venue_work *w)
{
    struct pl_venue_account *a = account_of(w);
    enum pl_auction_event event;
    const bool may = a->verdict_known && may_bid(w);
    if (pl_auction_step(&a->auction, &w->v->rules.auction, &a->book, may, w->v->time_us, &event) ==
        PL_AUCTION_OK)
        tell_event(w, event);
}

static struct pl_movement cash(uint32_t from, uint32_t to, enum pl_cause cause, int64_t amount_e8)
{
    const bool back = amount_e8 < 0;
    const int64_t amount = back ? -amount_e8 : amount_e8;
    return (struct pl_movement){ .cause = cause,
                                 .from = back ? to : from,
                                 .to = back ? from : to,
                                 .pays_e8 = amount,
                                 .receives_e8 = amount };
}

static bool move_slice(struct pl_ledger *l, uint32_t from, uint32_t to, uint32_t instrument,
                       int64_t steps)
{
    const struct pl_movement m = {
        .cause = PL_CAUSE_TRADE, .from = to, .to = from, .instrument = instrument, .steps = steps
    };
    return steps == 0 || pl_ledger_move(l, &m) == PL_LEDGER_OK;
}

/* The bidder's fraction of every position, and what they owe of funding: he takes it over, so the
 * account pays him for it. */
static int64_t slice(struct pl_venue_work *w, int64_t fraction_q40, uint32_t *flags)
{
    const struct pl_ledger *l = pl_venue_book(w->v);
    int64_t *slices = pl_venue_at(w->v, w->v->slices_at), owed = 0;
    pl_venue_accrue_held(w, w->in->account);
    for (uint32_t i = 0; i < w->v->instruments; i++) {
        slices[i] = pl_auction_slice(pl_ledger_steps(l, w->in->account, i), fraction_q40);
        owed = pl_money_add(owed, pl_venue_owed(w->v, i, slices[i], flags), flags);
    }
    return owed;
}

/* What was moved goes back when one is refused. */
static bool move_slices(struct pl_venue_work *w)
{
    struct pl_ledger *l = pl_venue_book(w->v);
    const uint32_t account = w->in->account, bidder = w->in->as.bid.bidder;
    const int64_t *slices = pl_venue_at(w->v, w->v->slices_at);
    uint32_t i, count = w->v->instruments;
    for (i = 0; i < count && move_slice(l, account, bidder, i, slices[i]); i++)
        ;
    if (i == count)
        return true;
    while (i-- > 0)
        move_slice(l, bidder, account, i, slices[i]);
    return false;
}

/* All or nothing. The cash goes first: it is what can be refused. */
static bool hand_over(struct pl_venue_work *w, const struct pl_auction_quote *q, int64_t from_fund)
{
    struct pl_ledger *l = pl_venue_book(w->v);
    const uint32_t account = w->in->account, bidder = w->in->as.bid.bidder;
    const uint32_t fund = pl_ledger_fund(l, pl_ledger_pool_of(l, account));
    uint32_t flags = 0;
    const int64_t owed = slice(w, q->fraction_q40, &flags);
    const int64_t own = pl_ledger_cash(l, account, 0) - account_of(w)->auction.proceeds;
    const int64_t part = pl_auction_slice(own, q->fraction_q40);
    const struct pl_movement there[] = { cash(account, bidder, PL_CAUSE_TRADE, part),
                                         cash(fund, account, PL_CAUSE_COVER, from_fund),
                                         cash(bidder, account, PL_CAUSE_TRADE, q->price),
                                         cash(account, bidder, PL_CAUSE_FUNDING, owed) };
    const struct pl_movement back[] = { cash(bidder, account, PL_CAUSE_TRADE, part),
                                        cash(account, fund, PL_CAUSE_COVER, from_fund),
                                        cash(account, bidder, PL_CAUSE_TRADE, q->price),
                                        cash(bidder, account, PL_CAUSE_FUNDING, owed) };
    if (flags != 0 || pl_ledger_move_all(l, there, 4) != PL_LEDGER_OK)
        return false;
    if (move_slices(w))
        return true;
    pl_ledger_move_all(l, back, 4);
    return false;
}

static enum pl_venue_reason check_bid(const struct pl_venue_work *w)
{
    const struct pl_ledger *l = pl_venue_book(w->v);
    const uint32_t bidder = w->in->as.bid.bidder;
    if (account_of(w)->auction.leg == PL_AUCTION_NONE)
        return PL_VENUE_NOT_ASKED;
    if (!account_of(w)->verdict_known)
        return PL_VENUE_OLD;
    if (bidder == pl_ledger_outside(l))
        return PL_VENUE_OK;
    return bidder >= w->v->accounts || bidder == w->in->account ||
                   pl_ledger_pool_of(l, bidder) != pl_ledger_pool_of(l, w->in->account)
               ? PL_VENUE_UNKNOWN
               : PL_VENUE_OK;
}

static void bought(struct pl_venue_work *w, const struct pl_auction_quote *q, int64_t from_fund,
                   int64_t worth_e8)
{
    struct pl_venue_account *a = account_of(w);
    pl_venue_changed(w->v, w->in->account);
    if (w->in->as.bid.bidder < w->v->accounts)
        pl_venue_changed(w->v, w->in->as.bid.bidder);
    struct pl_venue_action *told = pl_venue_act(w, PL_VENUE_BOUGHT, w->in->account, 0);
    told->instrument = w->in->as.bid.bidder;
    told->steps = q->fraction_q40;
    told->price = q->price;
    told->value_e8 = worth_e8;
    told->other = from_fund;
    if (a->auction.left_q40 != 0)
        return;
    enum pl_auction_event event; /* nothing is left: it has ended */
    if (pl_auction_step(&a->auction, &w->v->rules.auction, &a->book, true, w->v->time_us, &event) ==
        PL_AUCTION_OK)
        tell_event(w, event);
}

void pl_venue_take_bid(struct pl_venue_work *w)
{
    struct pl_venue *v = w->v;
    struct pl_venue_account *a = account_of(w);
    struct pl_ledger *l = pl_venue_book(v);
    struct pl_auction_quote q;
    enum pl_venue_reason no = check_bid(w);
    if (no != PL_VENUE_OK) {
        pl_venue_refuse(w, no, 0);
        return;
    }
    pl_venue_auction_step(w);
    if (a->auction.leg == PL_AUCTION_NONE)
        return;
    enum pl_auction_reason reason =
        pl_auction_bid(&a->auction, &v->rules.auction, &a->book, w->in->as.bid.want_q40,
                       w->in->as.bid.price_max_e8, v->time_us, &q);
    if (reason != PL_AUCTION_OK) {
        pl_venue_act(w, PL_VENUE_BID_REFUSED, w->in->account, reason);
        return;
    }
    const int64_t from_fund = q.price < 0 ? -q.price - q.from_proceeds : 0;
    const uint32_t pool = pl_ledger_pool_of(l, w->in->account);
    if (from_fund >
        pl_waterfall_drawable(pl_venue_waterfall(v), &v->rules.waterfall, l, pool, 0, v->time_us)) {
        pl_venue_refuse(w, PL_VENUE_FUND_SHORT, from_fund);
        return;
    }
    struct pl_auction after = a->auction;
    reason = pl_auction_fill(&after, &a->book, &q, may_bid(w), w->in->as.bid.bidder_excess_e8,
                             v->time_us);
    if (reason != PL_AUCTION_OK) {
        pl_venue_act(w, PL_VENUE_BID_REFUSED, w->in->account, reason);
        return;
    }
    uint32_t flags = 0;
    const int64_t worth = pl_mul_div_down(a->book.mtm - a->auction.proceeds, q.fraction_q40,
                                          PL_COEFFICIENT_ONE, &flags);
    if (!hand_over(w, &q, from_fund)) {
        pl_venue_refuse(w, PL_VENUE_LEDGER, 0);
        return;
    }
    a->auction = after;
    bought(w, &q, from_fund, worth);
}
