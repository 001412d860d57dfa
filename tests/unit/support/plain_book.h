/* A small book with neutral coefficients, which a test then changes: one underlying BTC with a
 * coin, perpetuals, a future, inverse contracts and options on the future, calls and puts at each
 * strike. */
#ifndef PL_TEST_PLAIN_BOOK_H
#define PL_TEST_PLAIN_BOOK_H

#include "random_book.h"

enum {
    PLAIN_COIN,
    PLAIN_PERPETUAL,
    PLAIN_FUTURE,
    PLAIN_INVERSE,
    PLAIN_CALLS, /* five calls, then five puts, at 0.8 .. 1.2 of the spot price */
    PLAIN_PUTS = PLAIN_CALLS + 5,
    PLAIN_OTHER_COIN = PLAIN_PUTS + 5, /* ALT, an underlying of its own */
    PLAIN_OTHER_PERPETUAL,
};

static UNUSED void plain_underlying(struct book *b, uint32_t index, const char *name)
{
    struct book_underlying *u = &b->underlyings[index];
    *u = (struct book_underlying){ .table = 0,
                                   .group = -1,
                                   .mm_factor = 1,
                                   .im_factor = 1,
                                   .dte_floor = 1,
                                   .min_k_star = 0.01,
                                   .min_width = 4,
                                   .vol_static = 0.6,
                                   .vol_scale = -0.1,
                                   .long_base = 1,
                                   .short_base = 1,
                                   .basis_up = 1,
                                   .basis_down = 1 };
    snprintf(u->name, sizeof u->name, "%s", name);
}

static UNUSED struct book_instrument *plain_add(struct book *b, uint8_t kind, bool coin, uint32_t u,
                                                const char *symbol, double price)
{
    struct book_instrument *i = book_add_instrument(b, kind, coin, u, symbol);
    i->size = coin ? 10 : 1;
    i->step = 0.001;
    i->node = book_add_node(b, symbol, price, 8);
    return i;
}

static UNUSED void plain_options(struct book *b, double spot, uint32_t forward)
{
    char symbol[PL_SYMBOL_BYTES];
    for (int put = 0; put < 2; put++) {
        for (int k = 0; k < 5; k++) {
            snprintf(symbol, sizeof symbol, "%c%d", put ? 'P' : 'C', k);
            struct book_instrument *i = plain_add(b, PL_KIND_OPTION, false, 0, symbol, 0);
            book_decimal(spot * (0.8 + 0.1 * k), 3, &i->strike);
            i->is_call = !put;
            i->expiry_us = b->now_us + INT64_C(30) * 86400 * 1000000;
            i->forward_node = forward;
            snprintf(i->forward, sizeof i->forward, "FUT");
            book_set_vol(b, i->node, 0.6);
        }
    }
}

static UNUSED void plain_book(struct book *b, uint64_t seed)
{
    static const struct book_scenario scenarios[] = {
        { 1.15, 1, PL_VOL_RULE_NONE }, { 0.85, 1, PL_VOL_RULE_NONE }, { 1.15, 1, PL_VOL_RULE_UP },
        { 0.85, 1, PL_VOL_RULE_UP },   { 1, 1, PL_VOL_RULE_UP },      { 1, 1, PL_VOL_RULE_DOWN },
    };
    memset(b, 0, sizeof *b);
    b->random = seed;
    b->now_us = BOOK_NOW_US;
    b->underlying_count = 2;
    book_add_node(b, "settlement:USD", 1, 6);
    for (int t = 0; t < BOOK_TABLES; t++) {
        b->scenario_count[t] = 6;
        memcpy(b->scenarios[t], scenarios, sizeof scenarios);
    }
    plain_underlying(b, 0, "BTC");
    plain_underlying(b, 1, "ALT");
    b->underlyings[0].vol_up = 0.5, b->underlyings[0].vol_down = 0.3;
    b->bracket_count = 3;
    b->brackets[0] = (struct book_bracket){ 0, 0.01, 0, 0.02, 0 };
    b->brackets[1] = (struct book_bracket){ 10000, 0.03, 200, 0.05, 300 };
    b->brackets[2] = (struct book_bracket){ 250000, 0.1, 17700, 0.25, 50300 };
    for (uint8_t kind = PL_KIND_SPOT; kind <= PL_KIND_OPTION; kind++)
        b->classes[kind] = (struct book_class){ .brackets = kind == PL_KIND_PERPETUAL };
    const double spot = 50000;
    plain_add(b, PL_KIND_SPOT, false, 0, "BTC", spot);
    plain_add(b, PL_KIND_PERPETUAL, false, 0, "PERP", spot * 1.001);
    plain_add(b, PL_KIND_FUTURE, false, 0, "FUT", spot * 1.01)->expiry_us =
        b->now_us + INT64_C(30) * 86400 * 1000000;
    plain_add(b, PL_KIND_PERPETUAL, true, 0, "INV", spot * 0.999);
    plain_options(b, spot, b->instruments[PLAIN_FUTURE].node);
    plain_add(b, PL_KIND_SPOT, false, 1, "ALT", 2.5);
    plain_add(b, PL_KIND_PERPETUAL, false, 1, "ALTPERP", 2.51);
    b->underlyings[0].node = b->instruments[PLAIN_COIN].node;
    b->underlyings[1].node = b->instruments[PLAIN_OTHER_COIN].node;
    const int64_t multipliers[] = { Q40, Q40 / 2, 3 * Q40, Q40 + Q40 / 7 };
    memcpy(b->multipliers_q40, multipliers, sizeof multipliers);
}

static UNUSED void plain_account(struct book_account *a, uint8_t mode, double cash)
{
    *a = (struct book_account){ .account = {
                                    .account = 1, .mode = mode, .cash_e8 = llround(cash * 1e8) } };
    a->account.holdings = a->holdings;
}

/* Adds a holding; entry 0: without (not for inverse contracts). */
static UNUSED struct pl_holding *plain_hold(struct book_account *a, uint32_t instrument,
                                            int64_t steps, double entry)
{
    size_t n = a->account.holding_count++;
    assert_true(n < BOOK_HOLDINGS);
    a->holdings[n] = (struct pl_holding){ .instrument = instrument, .steps = steps };
    a->holdings[n].entry_price = book_decimal(entry, 6, &a->entries[n]);
    return &a->holdings[n];
}

/* Sets a node's price in the book and on the device. */
static UNUSED void plain_price(struct book *b, struct pl *pl, uint32_t instrument, double price)
{
    book_move(b, b->instruments[instrument].node, price, 8);
    b->nodes[b->instruments[instrument].node].words.time_us = b->now_us;
    book_set_node(b, pl, b->instruments[instrument].node);
}

/* A verdict without what may differ between two runs that must agree: serials, tick and table
 * version. */
static UNUSED struct pl_verdict plain_bare(struct pl_verdict v)
{
    v.serial = v.serial_again = 0;
    v.tick = 0;
    v.table_version = 0;
    v.position_version = 0;
    return v;
}

#define VERDICTS_EQUAL(x, y)                                                                       \
    do {                                                                                           \
        struct pl_verdict x_ = plain_bare(x), y_ = plain_bare(y);                                  \
        assert_memory_equal(&x_, &y_, sizeof x_);                                                  \
    } while (0)

#endif
