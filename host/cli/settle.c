#include "settle.h"

#include <assert.h>
#include <errno.h>

#include "holdings.h"

void pl_settlement_value(const struct pl_book_instrument *instrument, int64_t steps,
                         struct pl_decimal entry_price, struct pl_decimal price,
                         struct pl_fraction *out)
{
    bool option = instrument->kind == PL_KIND_OPTION;
    bool put = option && !instrument->is_call;
    struct pl_decimal paid = option ? instrument->strike : entry_price;
    pl_fraction_difference(out, put ? paid : price, put ? price : paid);
    if (option && out->negative)
        pl_fraction_set(out, 0);
    if (!option && instrument->coin_settled)
        pl_fraction_divide(out, entry_price);
    pl_fraction_multiply_int(out, steps);
    pl_fraction_multiply(out, instrument->quantity_step);
    pl_fraction_multiply(out, instrument->contract_size);
}

int pl_settlement_split(const struct pl_fraction *value, const struct pl_book_instrument *coin,
                        struct pl_decimal price, int64_t *coin_steps, int64_t *cash_e8)
{
    struct pl_fraction step_value, steps, rest;
    pl_fraction_set(&step_value, 1);
    pl_fraction_multiply(&step_value, price);
    pl_fraction_multiply(&step_value, coin->quantity_step);
    pl_fraction_multiply(&step_value, coin->contract_size);
    pl_fraction_quotient(&steps, value, &step_value);
    int error = pl_fraction_floor(&steps, 0, coin_steps);
    if (error != 0)
        return error;
    pl_fraction_subtract(&rest, value, *coin_steps, &step_value);
    return pl_fraction_floor(&rest, PL_MONEY_DECIMALS, cash_e8);
}

/* One holding, which is already taken out of the account. */
static int settle_holding(struct pl_session *session, uint32_t account,
                          const struct pl_holding *holding, struct pl_decimal price)
{
    const struct pl_book_instrument *instrument = &session->book->instruments[holding->instrument];
    const struct pl_decimal none = { 0, 0 };
    struct pl_fraction value;
    int64_t steps = 0, cash_e8 = 0;
    int error;
    pl_settlement_value(instrument, holding->steps, holding->entry_price, price, &value);
    uint32_t coin =
        instrument->coin_settled ? session->spot_of[instrument->underlying] : PL_NO_SPOT;
    if (coin == PL_NO_SPOT)
        error = pl_fraction_floor(&value, PL_MONEY_DECIMALS, &cash_e8);
    else
        error =
            pl_settlement_split(&value, &session->book->instruments[coin], price, &steps, &cash_e8);
    if (error == 0 && steps != 0)
        error = pl_holdings_add(session, account, coin, steps, none);
    if (error == 0)
        error = pl_holdings_add_cash(session, account, cash_e8);
    if (error != 0)
        pl_complain("%s: account %s: the settlement of %s %s", session->book->path,
                    session->book->accounts[account].name, instrument->symbol,
                    error == -ENOMEM
                        ? "needs more memory than there is"
                        : "does not fit the account's cash or coins; check its quantity");
    return error;
}

static int settle_account(struct pl_session *session, uint32_t account,
                          const struct pl_book_settlement *row)
{
    struct pl_session_holdings *list = &session->holdings[account];
    int error = 0;
    for (uint32_t i = 0; i < list->count && error == 0;) {
        struct pl_holding holding = list->items[i];
        const struct pl_book_instrument *instrument =
            &session->book->instruments[holding.instrument];
        if (instrument->expiry_us != row->expiry_us || instrument->underlying != row->underlying) {
            i++;
            continue;
        }
        pl_holdings_remove(session, account, i);
        if (holding.steps != 0) /* 0: only orders */
            error = settle_holding(session, account, &holding, row->price);
    }
    return error;
}

int pl_settle(struct pl_session *session, int64_t time_us)
{
    const struct pl_book *book = session->book;
    bool any = false;
    int error = 0;
    for (uint32_t i = 0; i < book->settlement_count && error == 0; i++) {
        if (session->settled[i] || book->settlements[i].expiry_us > time_us)
            continue;
        session->settled[i] = any = true;
        for (uint32_t account = 0; account < book->account_count && error == 0; account++)
            error = settle_account(session, account, &book->settlements[i]);
    }
    session->position_version += any ? 1 : 0;
    return error;
}
