#include "auction.h"

#include "exact.h"
#include "rule.h"

#define ONE PL_COEFFICIENT_ONE
#define SECOND PL_SECOND_US
#define DAY PL_DAY_US
#define LEG_Q40 (PL_Q40_MILLIONTHS(1) - 1) /* the fast leg falls at least so far; -1: roundings */

const struct pl_auction_rules pl_auction_defaults = {
    .start_q40 = PL_Q40_MILLIONTHS(980000),
    .turn_q40 = PL_Q40_MILLIONTHS(800000),
    .fast_us = 100 * SECOND,
    .slow_us = 14400 * SECOND,
    .insolvent_us = 100 * SECOND,
    .buffer_q40 = PL_Q40_MILLIONTHS(200000),
    .bid_min = 100 * INT64_C(100000000),
    .rise_q40 = PL_Q40_MILLIONTHS(100000),
    .pause_us = 60 * SECOND,
    .resets_max = 1,
    .offload_us = 300 * SECOND,
};

int pl_auction_check(const struct pl_auction_rules *r, char message[PL_RULE_MESSAGE_BYTES])
{
    const struct {
        const char *field;
        int64_t value, low, high;
    } limits[] = {
        { "auction.turn_q40", r->turn_q40, 1, ONE - LEG_Q40 },
        { "auction.start_q40", r->start_q40, pl_min64(r->turn_q40, ONE) + LEG_Q40, ONE },
        { "auction.fast_us", r->fast_us, SECOND, DAY },
        { "auction.slow_us", r->slow_us, SECOND, DAY },
        { "auction.insolvent_us", r->insolvent_us, SECOND, DAY },
        { "auction.buffer_q40", r->buffer_q40, 0, ONE },
        { "auction.bid_min_e8", r->bid_min, 0, INT64_MAX },
        { "auction.rise_q40", r->rise_q40, PL_Q40_MILLIONTHS(10000), ONE },
        { "auction.pause_us", r->pause_us, SECOND, DAY },
        { "auction.resets_max", r->resets_max, 0, 100 },
        { "auction.offload_us", r->offload_us, SECOND, DAY },
    };
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
        if (pl_rule_within(limits[i].field, limits[i].value, limits[i].low, limits[i].high,
                           message) != 0)
            return -EINVAL;
    return 0;
}

const char *pl_auction_reason(enum pl_auction_reason reason)
{
    static const char *const texts[] = {
        [PL_AUCTION_OK] = "done",
        [PL_AUCTION_TIME_BACK] = "the time is before that of the last step",
        [PL_AUCTION_NOT_RUNNING] = "no auction runs",
        [PL_AUCTION_FORBIDDEN] = "the prices do not allow it",
        [PL_AUCTION_HEALTHY] = "the account holds its buffer",
        [PL_AUCTION_EMPTY_BID] = "the bid is for nothing",
        [PL_AUCTION_TOO_SMALL] = "the bid is below the minimum",
        [PL_AUCTION_BIDDER_MARGIN] = "the bidder's margin does not carry the fill",
        [PL_AUCTION_PRICE] = "the price is beyond the bidder's limit",
        [PL_AUCTION_CHANGED] = "the auction has changed since the quote",
        [PL_AUCTION_OVERFLOW] = "an amount does not fit 64 bits",
    };
    return (size_t)reason < sizeof texts / sizeof texts[0] ? texts[reason] : "?";
}

static pl_i128 shift_up(pl_i128 value, int bits)
{
    return -(-value >> bits);
}

/* Of the leg's time, from 0 to `whole`. */
static int64_t elapsed(const struct pl_auction *a, int64_t time_us, int64_t whole)
{
    int64_t t = (a->paused ? a->paused_us : time_us) - a->start_us;
    return t > whole ? whole : t;
}

static void begin(struct pl_auction *a, uint8_t leg, const struct pl_auction_book *book,
                  int64_t time_us)
{
    a->leg = leg;
    a->start_us = time_us;
    a->reference = book->mtm - a->proceeds;
    a->reference_q40 = a->left_q40;
    if (leg != PL_AUCTION_INSOLVENT)
        return;
    uint32_t flags = 0; /* LB is of the original book: what is left, scaled up */
    a->lower_bound = pl_mul_div_down(book->lower_bound, ONE, a->left_q40, &flags);
}

enum pl_auction_reason pl_auction_start(struct pl_auction *a, const struct pl_auction_book *book,
                                        int64_t time_us)
{
    if (book->buffer_excess >= 0)
        return PL_AUCTION_HEALTHY;
    *a = (struct pl_auction){ .last_us = time_us, .left_q40 = ONE };
    begin(a, book->mtm > 0 ? PL_AUCTION_SOLVENT : PL_AUCTION_INSOLVENT, book, time_us);
    return PL_AUCTION_OK;
}

int64_t pl_auction_rate_q40(const struct pl_auction *a, const struct pl_auction_rules *r,
                            int64_t time_us)
{
    uint32_t flags = 0;
    if (a->leg == PL_AUCTION_INSOLVENT)
        return pl_mul_div_down(ONE, elapsed(a, time_us, r->insolvent_us), r->insolvent_us, &flags);
    int64_t t = elapsed(a, time_us, r->fast_us + r->slow_us);
    if (t <= r->fast_us)
        return r->start_q40 - pl_mul_div_down(r->start_q40 - r->turn_q40, t, r->fast_us, &flags);
    return r->turn_q40 - pl_mul_div_down(r->turn_q40, t - r->fast_us, r->slow_us, &flags);
}

/* In 2^-20 of the money's unit. */
static pl_i128 worth_q20(const struct pl_auction *a, const struct pl_auction_rules *r,
                         const struct pl_auction_book *book, int64_t time_us)
{
    return ((pl_i128)book->mtm - a->proceeds) * pl_auction_rate_q40(a, r, time_us) >> 20;
}

/* Up to whole steps of the smallest position. */
static int64_t whole_steps(int64_t fraction_q40, int64_t least_steps)
{
    if (least_steps <= 0)
        return fraction_q40;
    pl_i128 steps = shift_up((pl_i128)fraction_q40 * least_steps, PL_COEFFICIENT_BITS);
    pl_i128 fraction = (steps * ONE + least_steps - 1) / least_steps;
    return fraction > ONE ? ONE : (int64_t)fraction;
}

int64_t pl_auction_most_q40(const struct pl_auction *a, const struct pl_auction_rules *r,
                            const struct pl_auction_book *book, int64_t time_us)
{
    if (book->buffer_excess >= 0 || a->leg == PL_AUCTION_NONE)
        return 0;
    pl_i128 raised = worth_q20(a, r, book, time_us) + ((pl_i128)a->proceeds * (1 << 20));
    if (a->leg == PL_AUCTION_INSOLVENT || raised <= 0)
        return ONE;
    pl_i128 lacking = -(pl_i128)book->buffer_excess * (1 << 20);
    pl_i128 sum = lacking + raised; /* up to 2^84 */
    pl_i128 most = (lacking * ONE + sum - 1) / sum;
    return whole_steps((int64_t)most, book->least_steps);
}

static void resume(struct pl_auction *a, const struct pl_auction_rules *r,
                   const struct pl_auction_book *book, int64_t time_us)
{
    int64_t pause = time_us - a->paused_us;
    a->paused = false;
    if (pause >= r->pause_us)
        begin(a, a->leg, book, time_us);
    else
        a->start_us += pause;
}

static bool rose(const struct pl_auction *a, const struct pl_auction_rules *r,
                 const struct pl_auction_book *book)
{
    uint32_t flags = 0;
    int64_t before = pl_mul_div_up(a->reference, a->left_q40, a->reference_q40, &flags);
    return before > 0 &&
           ((pl_i128)book->mtm - a->proceeds - before) * ONE > (pl_i128)before * r->rise_q40;
}

/* What the running leg becomes. */
static enum pl_auction_event next(struct pl_auction *a, const struct pl_auction_rules *r,
                                  const struct pl_auction_book *book, int64_t time_us)
{
    int64_t left = book->mtm - a->proceeds, t = time_us - a->start_us;
    if (a->leg == PL_AUCTION_INSOLVENT) {
        if (left > 0 && a->reference <= 0) {
            begin(a, PL_AUCTION_SOLVENT, book, time_us);
            return PL_AUCTION_TURNED;
        }
        if (t < r->insolvent_us + r->offload_us)
            return PL_AUCTION_RUNS;
        a->leg = PL_AUCTION_NONE;
        return PL_AUCTION_OFFLOADED;
    }
    bool over = t >= r->fast_us + r->slow_us;
    if (left > 0 && a->resets < r->resets_max && (over || (t > 0 && rose(a, r, book)))) {
        a->resets++;
        begin(a, PL_AUCTION_SOLVENT, book, time_us);
        return PL_AUCTION_RESET;
    }
    if (left > 0 && !over)
        return PL_AUCTION_RUNS;
    begin(a, PL_AUCTION_INSOLVENT, book, time_us);
    return PL_AUCTION_TURNED;
}

enum pl_auction_reason pl_auction_step(struct pl_auction *a, const struct pl_auction_rules *r,
                                       const struct pl_auction_book *book, bool may_bid,
                                       int64_t time_us, enum pl_auction_event *event)
{
    *event = PL_AUCTION_RUNS;
    if (a->leg == PL_AUCTION_NONE)
        return PL_AUCTION_NOT_RUNNING;
    if (time_us < a->last_us)
        return PL_AUCTION_TIME_BACK;
    a->last_us = time_us;
    if (a->left_q40 == 0 || (may_bid && book->buffer_excess >= 0)) {
        a->leg = PL_AUCTION_NONE;
        *event = PL_AUCTION_ENDED;
        return PL_AUCTION_OK;
    }
    if (!may_bid) {
        if (!a->paused)
            a->paused_us = time_us;
        a->paused = true;
        return PL_AUCTION_OK;
    }
    int64_t start_us = a->start_us;
    if (a->paused)
        resume(a, r, book, time_us);
    bool again = a->start_us == time_us && start_us != time_us;
    *event = next(a, r, book, time_us);
    if (again && *event == PL_AUCTION_RUNS)
        *event = PL_AUCTION_RESET;
    return PL_AUCTION_OK;
}

/* The price and its parts; fraction_q40 and original_q40 are set. */
static enum pl_auction_reason price(const struct pl_auction *a, const struct pl_auction_rules *r,
                                    const struct pl_auction_book *book, int64_t time_us,
                                    struct pl_auction_quote *q)
{
    uint32_t flags = 0;
    if (a->leg == PL_AUCTION_SOLVENT) {
        q->price =
            pl_money_limit(shift_up(worth_q20(a, r, book, time_us) * q->fraction_q40, 60), &flags);
    } else {
        pl_i128 owed = -(pl_i128)a->lower_bound * pl_auction_rate_q40(a, r, time_us) >> 20;
        q->price = -pl_money_limit((owed > 0 ? owed : 0) * q->original_q40 >> 60, &flags);
        q->from_proceeds = pl_min64(a->proceeds, -q->price);
    }
    return flags == 0 ? PL_AUCTION_OK : PL_AUCTION_OVERFLOW;
}

enum pl_auction_reason pl_auction_bid(const struct pl_auction *a, const struct pl_auction_rules *r,
                                      const struct pl_auction_book *book, int64_t want_q40,
                                      int64_t price_max, int64_t time_us,
                                      struct pl_auction_quote *q)
{
    uint32_t flags = 0;
    if (a->leg == PL_AUCTION_NONE)
        return PL_AUCTION_NOT_RUNNING;
    if (a->paused)
        return PL_AUCTION_FORBIDDEN;
    if (time_us < a->last_us)
        return PL_AUCTION_TIME_BACK;
    if (book->buffer_excess >= 0)
        return PL_AUCTION_HEALTHY;
    if (want_q40 <= 0)
        return PL_AUCTION_EMPTY_BID;
    *q = (struct pl_auction_quote){
        .time_us = time_us, .bids = a->bids, .mtm = book->mtm, .buffer_excess = book->buffer_excess
    };
    int64_t most = pl_auction_most_q40(a, r, book, time_us);
    if (a->leg == PL_AUCTION_INSOLVENT) /* wanted of the original book */
        want_q40 = pl_mul_div_up(pl_min64(want_q40, a->left_q40), ONE, a->left_q40, &flags);
    q->fraction_q40 = pl_min64(whole_steps(pl_min64(want_q40, ONE), book->least_steps), most);
    q->original_q40 = pl_mul_div_up(q->fraction_q40, a->left_q40, ONE, &flags);
    enum pl_auction_reason reason = price(a, r, book, time_us, q);
    if (reason != PL_AUCTION_OK)
        return reason;
    if (q->fraction_q40 < most &&
        (a->leg == PL_AUCTION_SOLVENT ? q->price : -(pl_i128)q->price) < r->bid_min)
        return PL_AUCTION_TOO_SMALL;
    return q->price > price_max ? PL_AUCTION_PRICE : PL_AUCTION_OK;
}

enum pl_auction_reason pl_auction_fill(struct pl_auction *a, const struct pl_auction_book *book,
                                       const struct pl_auction_quote *q, bool may_bid,
                                       int64_t bidder_excess, int64_t time_us)
{
    uint32_t flags = 0;
    if (a->leg == PL_AUCTION_NONE)
        return PL_AUCTION_NOT_RUNNING;
    if (!may_bid || a->paused)
        return PL_AUCTION_FORBIDDEN;
    if (q->bids != a->bids || q->time_us != time_us || time_us < a->last_us ||
        q->mtm != book->mtm || q->buffer_excess != book->buffer_excess)
        return PL_AUCTION_CHANGED;
    if (bidder_excess < 0)
        return PL_AUCTION_BIDDER_MARGIN;
    bool insolvent = a->leg == PL_AUCTION_INSOLVENT;
    int64_t proceeds = pl_money_add(a->proceeds, insolvent ? -q->from_proceeds : q->price, &flags);
    int64_t paid_out = pl_money_add(a->paid_out, insolvent ? -q->price : 0, &flags);
    if (flags != 0)
        return PL_AUCTION_OVERFLOW;
    a->proceeds = proceeds;
    a->paid_out = paid_out;
    a->left_q40 = q->fraction_q40 == ONE ? 0 : a->left_q40 - q->original_q40;
    a->bids++;
    a->last_us = time_us;
    return PL_AUCTION_OK;
}

int64_t pl_auction_slice(int64_t amount, int64_t fraction_q40)
{
    pl_i128 slice =
        ((pl_i128)(amount < 0 ? -(pl_i128)amount : amount) * fraction_q40) >> PL_COEFFICIENT_BITS;
    return (int64_t)(amount < 0 ? -slice : slice);
}

int64_t pl_auction_buffer_excess(int64_t equity, int64_t maintenance_excess, int64_t buffer_q40,
                                 uint32_t *flags)
{
    int64_t requirement = pl_money_sub(equity, maintenance_excess, flags);
    int64_t raised = pl_money_scale_up(requirement, ONE + buffer_q40, flags);
    return pl_money_sub(equity, raised, flags);
}
