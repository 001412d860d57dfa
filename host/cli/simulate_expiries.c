/* Expiries: settled by the venue at the average of the index before them; where that rests on too
 * little, at the book's price. Inverse contracts are settled at the same price, in coins. */
#include <errno.h>

#include "exact.h"
#include "settle.h"
#include "simulate.h"

const char *const pl_simulated_settlings[PL_SIMULATED_SETTLINGS] = {
    [PL_SIMULATED_AHEAD] = "not reached",
    [PL_SIMULATED_AT_AVERAGE] = "at the average before expiry",
    [PL_SIMULATED_AT_PRICE] = "at the book's price: the average rests on too little",
    [PL_SIMULATED_STANDS] =
        "not settled: the average rests on too little, and the book has no price",
};

/* Coins that an inverse contract was entered for leave with it, at the settlement price. */
static void pay_out_coins(struct pl_simulation *s, uint32_t instrument, struct pl_decimal price,
                          int64_t owed)
{
    struct pl_ledger *l = pl_venue_ledger(s->venue);
    const uint32_t coin = s->setup.instruments[instrument].coin;
    for (uint32_t a = 0; a < s->session->book->account_count; a++) {
        const int64_t steps = pl_ledger_steps(l, a, instrument);
        uint32_t flags = 0;
        if (steps != 0)
            pl_simulation_open_steps(s, a, coin, -pl_simulation_coins(s, instrument, steps, price),
                                     -pl_ledger_value(l, instrument, steps, owed, &flags));
    }
}

/* At a price of the index. */
static int settle_instrument(struct pl_simulation *s, uint32_t instrument, struct pl_decimal price)
{
    const struct pl_book_instrument *i = &s->session->book->instruments[instrument];
    const struct pl_contract *contract = &s->setup.contracts[instrument];
    const bool inverse = s->setup.instruments[instrument].coin != PL_VENUE_NONE;
    struct pl_venue_input in = { .kind = PL_VENUE_SETTLE };
    struct pl_fraction value;
    if (inverse) {
        pl_fraction_set(&value, -1);
        pl_fraction_multiply(&value, i->quantity_step);
        pl_fraction_multiply(&value, i->contract_size);
    } else {
        pl_settlement_value(i, 1, (struct pl_decimal){ 0, 0 }, price, &value);
    }
    pl_fraction_multiply_int(&value, contract->denominator);
    pl_fraction_divide(&value, (struct pl_decimal){ contract->numerator, 0 });
    in.as.mark.instrument = instrument;
    int error = pl_fraction_floor(&value, PL_MONEY_DECIMALS, &in.as.mark.price);
    if (error != 0) {
        pl_complain("%s: the settlement of %s is too large", s->session->book->path, i->symbol);
        return error;
    }
    if (inverse)
        pay_out_coins(s, instrument, price, in.as.mark.price);
    pl_simulation_apply(s, &in);
    return 0;
}

/* The book's price of an expiry; false: it has none. */
static bool stated(const struct pl_book *book, const struct pl_venue_expiry *expiry,
                   struct pl_decimal *price)
{
    for (uint32_t k = 0; k < book->settlement_count; k++) {
        const struct pl_book_settlement *row = &book->settlements[k];
        if (row->underlying == expiry->asset && row->expiry_us == expiry->time_us) {
            *price = row->price;
            return true;
        }
    }
    return false;
}

static int settle_expiry(struct pl_simulation *s, uint32_t expiry)
{
    struct pl_simulated_expiry *e = &s->expiries[expiry];
    const struct pl_book *book = s->session->book;
    int64_t average;
    int error = 0;
    e->settling = PL_SIMULATED_STANDS;
    if (pl_venue_average(s->venue, expiry, &average)) {
        e->settling = PL_SIMULATED_AT_AVERAGE;
        e->price = (struct pl_decimal){ average, -PL_SOURCES_DECIMALS };
    } else if (stated(book, &s->setup.expiries[expiry], &e->price)) {
        e->settling = PL_SIMULATED_AT_PRICE;
    }
    if (e->settling == PL_SIMULATED_STANDS)
        return 0;
    s->all_dirty = true;
    for (uint32_t i = 0; i < book->instrument_count && error == 0; i++)
        if (s->expiry_of[i] == expiry &&
            (s->setup.terms[i].kind != PL_VENUE_EXPIRY || e->settling == PL_SIMULATED_AT_PRICE))
            error = settle_instrument(s, i, e->price);
    return error;
}

int pl_simulation_settle(struct pl_simulation *s)
{
    int error = 0;
    for (uint32_t e = 0; e < s->setup.expiry_count && error == 0; e++)
        if (s->expiries[e].settling == PL_SIMULATED_AHEAD &&
            s->setup.expiries[e].time_us <= s->now_us)
            error = settle_expiry(s, e);
    return error;
}

bool pl_simulation_has_expired(const struct pl_simulation *s, uint32_t expiry, int64_t *price_e8)
{
    const struct pl_simulated_expiry *e = &s->expiries[expiry];
    *price_e8 = 0;
    return e->settling != PL_SIMULATED_AHEAD &&
           pl_decimal_scale(e->price, PL_MONEY_DECIMALS, 0, price_e8) == 0;
}

bool pl_simulation_is_settled(const struct pl_simulation *s, uint32_t instrument)
{
    const uint32_t e = s->expiry_of[instrument];
    return e != PL_VENUE_NONE && (s->expiries[e].settling == PL_SIMULATED_AT_AVERAGE ||
                                  s->expiries[e].settling == PL_SIMULATED_AT_PRICE);
}
