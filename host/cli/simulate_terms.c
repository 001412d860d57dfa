/* What the venue does by itself for the book's instruments: it settles expiries at the average of
 * their index, and funding accrues on perpetuals that the book states rates for. The ledger's
 * price of those is that of one unit of the underlying, like the index; of all else it is that of
 * 2^16 steps. An inverse contract owes coins, which the simulation pays out. */
#include <errno.h>
#include <stdlib.h>

#include "simulate.h"

_Static_assert(PL_SOURCES_DECIMALS == PL_MONEY_DECIMALS, "a ledger's price is like the index");

/* A step by the price of a unit; false: its size has more decimals than the ledger takes. */
static bool price_by_unit(struct pl_contract *contract, const struct pl_book_instrument *i)
{
    int64_t numerator, denominator = 1;
    int exponent = i->quantity_step.exponent + i->contract_size.exponent;
    if (__builtin_mul_overflow(i->quantity_step.mantissa, i->contract_size.mantissa, &numerator))
        return false;
    for (; exponent < 0 && numerator % 10 == 0; exponent++)
        numerator /= 10;
    for (; exponent > 0 && numerator <= PL_CONTRACT_NUMERATOR_MAX / 10; exponent--)
        numerator *= 10;
    for (; exponent < 0 && denominator < PL_CONTRACT_DENOMINATOR_MAX; exponent++)
        denominator *= 10;
    if (exponent != 0 || numerator > PL_CONTRACT_NUMERATOR_MAX)
        return false;
    contract->numerator = numerator;
    contract->denominator = denominator;
    return true;
}

/* What it pays of the average; false: the strike is no price of the index. */
static bool set_payoff(struct pl_payoff *payoff, const struct pl_book_instrument *i)
{
    *payoff = (struct pl_payoff){ .kind = i->kind };
    if (i->kind != PL_KIND_OPTION)
        return true;
    payoff->is_put = !i->is_call;
    return pl_decimal_scale(i->strike, PL_SOURCES_DECIMALS, 0, &payoff->strike) == 0 &&
           payoff->strike <= PL_PRICE_MAX &&
           pl_decimal_compare(i->strike,
                              (struct pl_decimal){ payoff->strike, -PL_SOURCES_DECIMALS }) == 0;
}

static int order_expiries(const void *a, const void *b)
{
    const struct pl_venue_expiry *x = a, *y = b;
    if (x->time_us != y->time_us)
        return x->time_us < y->time_us ? -1 : 1;
    return (x->asset > y->asset) - (x->asset < y->asset);
}

/* All that the book's instruments have, each once, in order of time. */
static uint32_t list_expiries(const struct pl_book *book, struct pl_venue_expiry *expiries)
{
    uint32_t count = 0, kept = 0;
    for (uint32_t i = 0; i < book->instrument_count; i++)
        if (book->instruments[i].expiry_us != 0)
            expiries[count++] =
                (struct pl_venue_expiry){ .asset = book->instruments[i].underlying,
                                          .time_us = book->instruments[i].expiry_us };
    qsort(expiries, count, sizeof *expiries, order_expiries);
    for (uint32_t e = 0; e < count; e++)
        if (e == 0 || order_expiries(&expiries[e], &expiries[kept - 1]) != 0)
            expiries[kept++] = expiries[e];
    return kept;
}

static uint32_t find_expiry(const struct pl_venue_setup *setup, const struct pl_book_instrument *i)
{
    const struct pl_venue_expiry wanted = { .asset = i->underlying, .time_us = i->expiry_us };
    const struct pl_venue_expiry *found = bsearch(&wanted, setup->expiries, setup->expiry_count,
                                                  sizeof *setup->expiries, order_expiries);
    return (uint32_t)(found - setup->expiries);
}

int pl_simulation_set_terms(struct pl_simulation *s)
{
    const struct pl_book *book = s->session->book;
    const size_t n = (size_t)book->instrument_count + 1;
    struct pl_contract *contracts = (struct pl_contract *)(uintptr_t)s->setup.contracts;
    struct pl_venue_terms *terms = calloc(n, sizeof *terms);
    struct pl_venue_expiry *expiries = calloc(n, sizeof *expiries);
    s->setup.terms = terms;
    s->setup.expiries = expiries;
    s->expiry_of = calloc(n, sizeof *s->expiry_of);
    s->expiries = calloc(n, sizeof *s->expiries);
    s->rates = calloc(n, sizeof *s->rates);
    s->purse_e8 = calloc((size_t)book->account_count + 1, sizeof *s->purse_e8);
    if (terms == NULL || expiries == NULL || s->expiry_of == NULL || s->expiries == NULL ||
        s->rates == NULL || s->purse_e8 == NULL)
        return -ENOMEM;
    s->setup.expiry_count = list_expiries(book, expiries);
    for (uint32_t i = 0; i < book->instrument_count; i++) {
        const struct pl_book_instrument *x = &book->instruments[i];
        struct pl_venue_terms t = { .kind = PL_VENUE_EXPIRY };
        s->expiry_of[i] = PL_VENUE_NONE;
        if (x->rated_us != 0) {
            terms[i].kind = PL_VENUE_PERPETUAL;
            price_by_unit(&contracts[i], x); /* else by 2^16 steps: they are worth little */
        }
        if (x->expiry_us == 0)
            continue;
        t.expiry = s->expiry_of[i] = find_expiry(&s->setup, x);
        const bool inverse = s->setup.instruments[i].coin != PL_VENUE_NONE;
        const bool over = x->expiry_us <= book->ticks[0].time_us; /* nobody can enter it any more */
        if (!inverse && !over && set_payoff(&t.payoff, x) && price_by_unit(&contracts[i], x))
            terms[i] = t;
    }
    return 0;
}
