#include "journal_actions.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "buffer.h"
#include "plimsoll.h"

void pl_journal_terms_take(struct pl_journal_terms *t, const struct pl_journal_entry *e)
{
    if (e->kind == PL_ENTRY_LOAD) {
        pl_load_record_free(&t->load);
        t->has_load = pl_read_load(e->payload, e->payload_bytes, &t->load) == 0;
    } else if (e->kind == PL_ENTRY_VENUE) {
        pl_venue_record_free(&t->venue);
        t->has_venue = pl_read_venue(e->payload, e->payload_bytes, &t->venue) == 0;
    }
}

void pl_journal_terms_free(struct pl_journal_terms *t)
{
    pl_load_record_free(&t->load);
    pl_venue_record_free(&t->venue);
    t->has_load = t->has_venue = false;
}

bool pl_tell_venue(const struct pl_journal_entry *e, char out[PL_TOLD_BYTES])
{
    struct pl_venue_record record;
    if (pl_read_venue(e->payload, e->payload_bytes, &record) != 0)
        return false;
    snprintf(out, PL_TOLD_BYTES, "%s; %" PRIu32 " accounts, %" PRIu32 " instruments", record.run,
             record.setup.size.accounts, record.setup.size.instruments);
    pl_venue_record_free(&record);
    return true;
}

bool pl_tell_given(const struct pl_journal_entry *e, char out[PL_TOLD_BYTES])
{
    static const char *const names[PL_VENUE_KINDS] = {
        [PL_VENUE_REPORT] = "report",
        [PL_VENUE_TICK] = "tick",
        [PL_VENUE_MARK] = "mark",
        [PL_VENUE_VERDICT] = "verdict",
        [PL_VENUE_CLOSE] = "close",
        [PL_VENUE_PLANNED] = "planned",
        [PL_VENUE_FILL] = "fill",
        [PL_VENUE_CANCELLED] = "cancelled",
        [PL_VENUE_BID] = "bid",
        [PL_VENUE_DEPOSIT] = "deposit",
        [PL_VENUE_OPEN] = "opening",
        [PL_VENUE_WITHDRAW] = "withdrawal",
        [PL_VENUE_RELEASE] = "release",
        [PL_VENUE_FUND] = "funding",
        [PL_VENUE_SETTLE] = "settlement",
        [PL_VENUE_REDEMPTION] = "redemption",
        [PL_VENUE_IMPLIED] = "implied volatility",
        [PL_VENUE_RATE] = "funding rate",
        [PL_VENUE_TAKE_BACK] = "withdrawal taken back",
        [PL_VENUE_INDEX] = "index",
        [PL_VENUE_WRITE_DOWN] = "write-down",
    };
    struct pl_reading r = { .at = e->payload, .left = e->payload_bytes };
    uint64_t counts[PL_VENUE_KINDS] = { 0 };
    struct pl_venue_input in;
    int used = 0;
    while (r.left > 0 && !r.failed) {
        if (pl_read_word(&r, 1) == PL_GIVEN_VERDICTS) {
            pl_read_bytes(&r, PL_GIVEN_VERDICTS_BYTES - 1 - 4);
            counts[PL_VENUE_VERDICT] += pl_read_word(&r, 4);
        } else {
            pl_read_input(&r, &in);
            counts[r.failed ? 0 : in.kind]++;
        }
    }
    out[0] = '\0';
    for (int k = 0; k < PL_VENUE_KINDS && used < PL_TOLD_BYTES; k++)
        if (counts[k] > 0)
            used += snprintf(out + used, PL_TOLD_BYTES - (size_t)used, "%s%s%s: %" PRIu64,
                             used > 0 ? ", " : "", names[k], counts[k] > 1 ? "s" : "", counts[k]);
    return !r.failed;
}

/* A line that grows. */
struct line {
    const struct pl_journal_terms *terms;
    const struct pl_venue_action *a;
    char *out;
    size_t used;
};

__attribute__((format(printf, 2, 3))) static void add(struct line *l, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int got = vsnprintf(l->out + l->used, PL_TOLD_BYTES - l->used, format, arguments);
    va_end(arguments);
    l->used += got < 0 ? 0 : (size_t)got;
    l->used = l->used < PL_TOLD_BYTES ? l->used : PL_TOLD_BYTES - 1;
}

static void add_money(struct line *l, const char *before, int64_t value_e8)
{
    char text[PL_MONEY_TEXT_BYTES];
    pl_money_text(text, value_e8, PL_MONEY_DIGITS_EXACT);
    add(l, "%s%s", before, text);
}

static void add_instrument(struct line *l, uint32_t instrument)
{
    const struct pl_journal_terms *t = l->terms;
    if (t->has_load && instrument < t->load.setup.instrument_count)
        add(l, "%s", t->load.setup.instruments[instrument].symbol);
    else
        add(l, "instrument %" PRIu32, instrument);
}

/* An asset is what its instruments rest on. */
static void add_asset(struct line *l, uint32_t asset)
{
    const struct pl_journal_terms *t = l->terms;
    for (uint32_t i = 0; t->has_load && t->has_venue && i < t->venue.setup.size.instruments &&
                         i < t->load.setup.instrument_count;
         i++) {
        if (t->venue.setup.instruments[i].asset == asset) {
            add(l, "%s", t->load.setup.instruments[i].underlying);
            return;
        }
    }
    if (asset == PL_VENUE_NONE)
        add(l, "the venue");
    else
        add(l, "asset %" PRIu32, asset);
}

/* Against coins: their number for all steps. */
static bool is_coin_settled(const struct line *l)
{
    const struct pl_venue_setup *s = &l->terms->venue.setup;
    return l->terms->has_venue && l->a->instrument < s->size.instruments &&
           s->instruments[l->a->instrument].coin != PL_VENUE_NONE;
}

/* In money a step, where the contract is known. */
static void add_price(struct line *l, const char *before, int64_t price)
{
    const struct pl_venue_setup *s = &l->terms->venue.setup;
    if (!l->terms->has_venue || l->a->instrument >= s->size.instruments) {
        add(l, "%s%" PRId64 " a step", before, price);
        return;
    }
    const struct pl_contract *c = &s->contracts[l->a->instrument];
    char text[PL_MONEY_TEXT_BYTES];
    const pl_i128 product = (pl_i128)price * c->numerator;
    const pl_i128 down = product % c->denominator < 0;
    pl_money_text(text, product / c->denominator - down, PL_MONEY_DIGITS_EXACT);
    add(l, "%s%s a step", before, text);
}

/* A price of the asset that the instrument rests on. */
static void add_index(struct line *l, const char *before, int64_t price)
{
    const struct pl_venue_setup *s = &l->terms->venue.setup;
    pl_i128 value = price;
    if (!l->terms->has_venue || l->a->instrument >= s->size.instruments ||
        s->instruments[l->a->instrument].asset >= s->assets)
        return;
    int decimals = (int)s->fusion[s->instruments[l->a->instrument].asset].decimals;
    for (; decimals < PL_MONEY_DECIMALS && decimals >= 0; decimals++)
        value *= 10;
    for (; decimals > PL_MONEY_DECIMALS && value != 0; decimals--)
        value /= 10;
    char text[PL_MONEY_TEXT_BYTES];
    pl_money_text(text, value, PL_MONEY_DIGITS_EXACT);
    add(l, "%s%s", before, text);
}

static void add_trade(struct line *l, const char *sells, const char *buys)
{
    const struct pl_venue_action *a = l->a;
    const uint64_t steps = a->steps < 0 ? 0 - (uint64_t)a->steps : (uint64_t)a->steps;
    add(l, " %s %" PRIu64 " steps of ", a->steps < 0 ? sells : buys, steps);
    add_instrument(l, a->instrument);
}

static void add_close(struct line *l)
{
    const struct pl_venue_action *a = l->a;
    add_trade(l, "sell", "buy");
    if (is_coin_settled(l) || a->price == 0 || a->price == INT64_MAX)
        add(l, " at market");
    else
        add_price(l, a->steps < 0 ? " not below " : " not above ", a->price);
    add_money(l, ", notional ", a->value_e8);
}

static void add_fill(struct line *l)
{
    const struct pl_venue_action *a = l->a;
    add_trade(l, "sold", "bought");
    if (is_coin_settled(l))
        add(l, " against %" PRId64 " steps of coin", a->price);
    else
        add_price(l, " at ", a->price);
    add_money(l, ", notional ", a->value_e8);
}

static double percent(int64_t q40)
{
    return ldexp((double)q40, -PL_COEFFICIENT_BITS) * 100;
}

static void add_plan(struct line *l)
{
    static const char *const targets[] = { "to the maintenance requirement",
                                           "to the initial requirement", "everything" };
    if (l->a->steps >= 0 && l->a->steps <= 2)
        add(l, " %s", targets[l->a->steps]);
    add_money(l, ", notional of at most ", l->a->value_e8);
}

static void add_bought(struct line *l)
{
    const struct pl_venue_action *a = l->a;
    add(l, " %.4f %% of the book", percent(a->steps));
    add_money(l, " for ", a->price);
    add_money(l, ", worth ", a->value_e8);
    if (a->other != 0)
        add_money(l, ", the fund pays ", a->other);
}

static void add_deleveraged(struct line *l)
{
    add(l, ": closes %" PRId64 " steps of ", l->a->steps);
    add_instrument(l, l->a->instrument);
    add_money(l, ", takes over ", l->a->value_e8);
}

static void add_expiry(struct line *l)
{
    const struct pl_venue_setup *s = &l->terms->venue.setup;
    char time[PL_TIME_TEXT_BYTES];
    if (l->a->steps < 0 || l->a->steps >= s->expiry_count)
        return;
    pl_time_text(time, s->expiries[l->a->steps].time_us);
    add(l, " ");
    add_asset(l, s->expiries[l->a->steps].asset);
    add(l, " of %s", time);
}

static void add_instrument_after(struct line *l, const char *before)
{
    add(l, "%s", before);
    add_instrument(l, l->a->instrument);
}

static void add_details(struct line *l)
{
    const struct pl_venue_action *a = l->a;
    char time[PL_TIME_TEXT_BYTES];
    switch ((enum pl_venue_action_kind)a->kind) {
    case PL_VENUE_BREAKER:
        add(l, " of ");
        add_asset(l, a->account);
        add(l, " from %s to %s", pl_breaker_state((enum pl_breaker_state)a->steps),
            pl_breaker_state((enum pl_breaker_state)a->price));
        return;
    case PL_VENUE_CALL:
        pl_time_text(time, a->other);
        add(l, " until %s", time);
        return;
    case PL_VENUE_PLAN: add_plan(l); return;
    case PL_VENUE_SEND_CLOSE: add_close(l); return;
    case PL_VENUE_FILLED: add_fill(l); return;
    case PL_VENUE_PENALTY:
        add_money(l, " of ", a->value_e8);
        add_money(l, ", to the fund ", a->other);
        return;
    case PL_VENUE_AUCTION: add_money(l, " of a book with equity ", a->value_e8); return;
    case PL_VENUE_AUCTION_EVENT: add_money(l, ", proceeds ", a->value_e8); return;
    case PL_VENUE_BOUGHT: add_bought(l); return;
    case PL_VENUE_COVERED:
    case PL_VENUE_DEBT:
    case PL_VENUE_OPEN_LOSS: add_money(l, " ", a->value_e8); return;
    case PL_VENUE_DELEVERAGED: add_deleveraged(l); return;
    case PL_VENUE_IMPOSED:
        add(l, " on %" PRId64 " accounts, regret %.4f %%", a->steps, percent(a->other));
        return;
    case PL_VENUE_RECALLED: add(l, ": %" PRId64, a->steps); return;
    case PL_VENUE_QUEUED:
    case PL_VENUE_RELEASED:
    case PL_VENUE_WAITS:
        add(l, " %" PRId64, a->steps);
        add_money(l, ", ", a->value_e8);
        return;
    case PL_VENUE_SETTLED:
        add_instrument_after(l, " ");
        if (a->reason == PL_VENUE_AVERAGE)
            add_index(l, " at an index of ", a->price);
        else
            add_price(l, " at ", a->price);
        return;
    case PL_VENUE_PEGGED:
        add(l, " ");
        add_asset(l, a->account);
        add(l, ": gap to its rate %.4f %%", percent(a->other));
        return;
    case PL_VENUE_WIDTH:
    case PL_VENUE_HAIRCUT:
        add(l, " of ");
        add_asset(l, a->account);
        add(l, " from %.4f %% to %.4f %%", percent(a->steps), percent(a->price));
        return;
    case PL_VENUE_ADDED:
        add_money(l, " to maintenance ", a->value_e8);
        add_money(l, ", to initial ", a->other);
        return;
    case PL_VENUE_UNSETTLED:
        if (a->instrument == PL_VENUE_NONE)
            add_expiry(l);
        else
            add_instrument_after(l, " ");
        return;
    case PL_VENUE_VOIDED:
        add(l, " %" PRId64 " of ", a->steps);
        add_instrument(l, a->instrument);
        return;
    case PL_VENUE_FUNDED:
    case PL_VENUE_RATED:
        add_instrument_after(l, " ");
        add(l, " at %.6f %%", percent(a->other));
        return;
    case PL_VENUE_REPAID:
        add(l, " of pool %" PRId64, a->steps);
        add_money(l, " ", a->value_e8);
        return;
    case PL_VENUE_SOCIALISED:
        add(l, " in pool %" PRId64, a->steps);
        add_money(l, ": ", a->value_e8);
        add_money(l, " of ", a->price);
        add(l, ", %.4f %% of the gains", percent(a->other));
        return;
    case PL_VENUE_BORNE: add_money(l, " ", a->value_e8); return;
    case PL_VENUE_TAKEN_BACK: add(l, " %" PRId64, a->steps); return;
    case PL_VENUE_INDEXED:
    case PL_VENUE_WRITTEN_DOWN:
        add_instrument_after(l, " ");
        add(l, " to %.8f", percent(a->price) / 100);
        return;
    default: return;
    }
}

bool pl_tell_action(const struct pl_journal_terms *terms, const struct pl_journal_entry *e,
                    char out[PL_TOLD_BYTES])
{
    struct pl_venue_action a;
    struct line l = { .terms = terms, .a = &a, .out = out };
    if (!terms->has_venue || e->payload_bytes != sizeof a)
        return false;
    memcpy(&a, e->payload, sizeof a);
    add(&l, "%s", pl_venue_action_name((enum pl_venue_action_kind)a.kind));
    add_details(&l);
    const char *reason = pl_venue_action_reason(&a);
    const char *verdict = a.verdict <= PL_STATE_BANKRUPT ? pl_state_name((uint8_t)a.verdict) : "?";
    if (a.kind == PL_VENUE_HELD) /* the reason says that it is */
        l.used = 0;
    if (reason[0] != '\0')
        add(&l, "%s%s", l.used > 0 ? ": " : "", reason);
    if (e->account != PL_JOURNAL_NO_ACCOUNT && a.kind != PL_VENUE_REFUSED)
        add(&l, " (%s, now %s, prices %s)", verdict,
            pl_liquidation_state_name((enum pl_liquidation_state)a.state),
            pl_quality_name((enum pl_quality)a.quality));
    return true;
}
