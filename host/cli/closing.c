/* Prices at which an account's positions are, or would have to be, closed. */
#include "closing.h"

#include "decide/closing_price.h"

#define DECIMALS 8 /* of the prices told: the venue's */

/* The position alone, its cost in nobody's cash: worth and requirement. */
static int judge_alone(struct pl_session *s, uint32_t account, const struct pl_holding *h,
                       struct pl_verdict *v)
{
    const struct pl_holding held = { .instrument = h->instrument, .steps = h->steps };
    struct pl_account alone = s->accounts[account];
    alone.cash_e8 = 0;
    alone.holdings = &held;
    alone.holding_count = 1;
    return pl_session_evaluate(s, &alone, 1, v, NULL);
}

static bool is_linear(const struct pl_book_instrument *i)
{
    return i->kind == PL_KIND_SPOT || (i->kind != PL_KIND_OPTION && !i->coin_settled);
}

/* Coins in a step; false: its size has more digits than fit. */
static bool lot_of(const struct pl_book_instrument *i, struct pl_decimal *lot)
{
    lot->exponent = i->quantity_step.exponent + i->contract_size.exponent;
    return !__builtin_mul_overflow(i->quantity_step.mantissa, i->contract_size.mantissa,
                                   &lot->mantissa);
}

static void put_price(struct pl_listing *list, bool known, int64_t price)
{
    char text[PL_MONEY_TEXT_BYTES];
    pl_money_text(text, price, PL_MONEY_DIGITS_EXACT);
    pl_listing_text(list, known ? text : "none");
}

static void put_position(struct pl_session *s, const struct pl_holding *h,
                         const struct pl_closing *c, bool fits, struct pl_listing *list)
{
    const struct pl_book_instrument *i = &s->book->instruments[h->instrument];
    const struct pl_price *p = &s->prices[i->node];
    int64_t price = 0;
    pl_listing_text(list, i->symbol);
    pl_listing_text(list, h->steps < 0 ? "short" : "long");
    const bool marked = p->has_price && pl_decimal_scale(p->price, DECIMALS, 0, &price) == 0;
    put_price(list, marked, price);
    bool known = fits && pl_closing_liquidation_price(c, &price);
    put_price(list, known, price);
    known = fits && pl_closing_bankruptcy_price(c, &price);
    put_price(list, known, price);
    known = fits && pl_closing_fillable_price(c, PL_CLOSING_SPREAD_Q40, &price);
    put_price(list, known, price);
}

int pl_put_closing_prices(struct pl_session *s, uint32_t account, const struct pl_verdict *whole,
                          struct pl_output *out)
{
    static const struct pl_column columns[] = {
        { "symbol", "position", PL_COLUMN_TEXT },
        { "side", "", PL_COLUMN_TEXT },
        { "mark", "mark", PL_COLUMN_TEXT },
        { "liquidation_price", "liquidation price", PL_COLUMN_TEXT },
        { "bankruptcy_price", "bankruptcy price", PL_COLUMN_TEXT },
        { "fillable_price", "fillable price", PL_COLUMN_TEXT },
    };
    const struct pl_account *a = &s->accounts[account];
    struct pl_listing list;
    int error = 0;
    pl_listing_start(&list, out, columns, sizeof columns / sizeof columns[0]);
    for (size_t k = 0; k < a->holding_count && error == 0; k++) {
        const struct pl_holding *h = &a->holdings[k];
        const struct pl_book_instrument *i = &s->book->instruments[h->instrument];
        struct pl_verdict v;
        if (h->steps == 0 || !is_linear(i))
            continue;
        error = judge_alone(s, account, h, &v);
        uint32_t flags = 0;
        const int64_t all = pl_money_sub(whole->equity, whole->maintenance_excess, &flags);
        struct pl_closing c = {
            .equity_e8 = whole->equity,
            .maintenance_e8 = all,
            .value_e8 = v.equity,
            .requirement_e8 = pl_min64(pl_money_sub(v.equity, v.maintenance_excess, &flags), all),
            .steps = h->steps,
            .decimals = DECIMALS,
        };
        const bool fits = error == 0 && flags == 0 && lot_of(i, &c.lot) &&
                          whole->state != PL_STATE_INDETERMINATE &&
                          v.state != PL_STATE_INDETERMINATE;
        put_position(s, h, &c, fits, &list);
    }
    pl_output_listing(out, "positions", "futures, perpetuals and coins, if one mark alone moves",
                      &list, false);
    return error;
}
