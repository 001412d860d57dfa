/* The book's accounts in the venue's ledger, and back: what the device judges is what the ledger
 * holds. Linear contracts stand without entry price, their cost is in the cash. An inverse contract
 * is two things in the ledger: what it owes, and the coins it was entered for; an account gets it
 * back entered at the present mark, with whole steps of the coins that are left; the rest of less
 * than a step counts as cash at its mark. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "dev/software.h"
#include "exact.h"
#include "simulate.h"
#include "stage/pl.h"

static bool is_inverse(const struct pl_book_instrument *i)
{
    return i->coin_settled && (i->kind == PL_KIND_PERPETUAL || i->kind == PL_KIND_FUTURE);
}

static bool is_linear(const struct pl_book_instrument *i)
{
    return !i->coin_settled && (i->kind == PL_KIND_PERPETUAL || i->kind == PL_KIND_FUTURE);
}

int64_t pl_simulation_coins(const struct pl_simulation *s, uint32_t instrument, int64_t steps,
                            struct pl_decimal price)
{
    const struct pl_book *book = s->session->book;
    const struct pl_book_instrument *i = &book->instruments[instrument];
    const uint32_t coin = s->setup.instruments[instrument].coin;
    const struct pl_book_instrument *c = &book->instruments[coin];
    struct pl_fraction coins, step, out;
    int64_t whole = 0;
    if (price.mantissa <= 0)
        return 0;
    pl_fraction_set(&coins, steps);
    pl_fraction_multiply(&coins, i->quantity_step);
    pl_fraction_multiply(&coins, i->contract_size);
    pl_fraction_divide(&coins, price);
    pl_fraction_multiply_int(&coins, s->coin_scale[coin]);
    pl_fraction_set(&step, 1);
    pl_fraction_multiply(&step, c->quantity_step);
    pl_fraction_multiply(&step, c->contract_size);
    pl_fraction_quotient(&out, &coins, &step);
    return pl_fraction_floor(&out, 0, &whole) == 0 ? whole : 0;
}

void pl_simulation_open_steps(struct pl_simulation *s, uint32_t account, uint32_t instrument,
                              int64_t steps, int64_t cash_e8)
{
    struct pl_venue_input in = { .kind = PL_VENUE_OPEN, .account = account };
    in.as.close.instrument = instrument;
    in.as.close.steps = steps;
    in.as.close.price = cash_e8;
    if (steps != 0 || cash_e8 != 0)
        pl_simulation_apply(s, &in);
}

static int open_position(struct pl_simulation *s, uint32_t account,
                         const struct pl_book_position *p)
{
    const struct pl_book_instrument *i = &s->session->book->instruments[p->instrument];
    const uint32_t coin = s->setup.instruments[p->instrument].coin;
    int64_t cash_e8 = 0;
    int error = 0;
    if (is_inverse(i)) {
        pl_simulation_open_steps(s, account, p->instrument, p->steps, 0);
        pl_simulation_open_steps(
            s, account, coin, pl_simulation_coins(s, p->instrument, p->steps, p->entry_price), 0);
        return 0;
    }
    if (is_linear(i) && p->entry_price.mantissa != 0) {
        struct pl_fraction cost;
        pl_fraction_set(&cost, -p->steps);
        pl_fraction_multiply(&cost, i->quantity_step);
        pl_fraction_multiply(&cost, i->contract_size);
        pl_fraction_multiply(&cost, p->entry_price);
        error = pl_fraction_floor(&cost, PL_MONEY_DECIMALS, &cash_e8);
    }
    pl_simulation_open_steps(s, account, p->instrument, p->steps * s->coin_scale[p->instrument],
                             cash_e8);
    return error;
}

int pl_simulation_fill_ledger(struct pl_simulation *s)
{
    const struct pl_book *book = s->session->book;
    for (uint32_t a = 0; a < book->account_count; a++) {
        const struct pl_book_account *account = &book->accounts[a];
        pl_simulation_open_steps(s, a, 0, 0, account->cash_e8);
        for (uint32_t p = 0; p < account->position_count; p++) {
            int error = open_position(s, a, &book->positions[account->first_position + p]);
            if (error != 0) {
                pl_complain("%s: account %s: its positions are too large for a simulation",
                            book->path, account->name);
                return error;
            }
        }
    }
    return 0;
}

/* What a row says that a step is worth, as a price of the ledger, down. */
static int64_t ledger_price(const struct pl_simulation *s, uint32_t instrument,
                            const struct pl_row *row, uint32_t *flags)
{
    const struct pl_contract *c = &s->setup.contracts[instrument];
    const int up = row->row_shift < 0 ? -row->row_shift : 0, down = row->row_shift + up;
    const pl_i128 value = (pl_i128)row->base * c->denominator * ((pl_i128)1 << up);
    const pl_i128 unit = ((pl_i128)c->numerator << down) * s->coin_scale[instrument];
    return pl_money_limit(value / unit - (value % unit < 0), flags);
}

/* Marks: what the rows of the committed tick say a step is worth. */
void pl_simulation_send_marks(struct pl_simulation *s)
{
    const struct pl_tables *tables = &s->planner->device->dev->tables;
    const struct pl_stage *stage = &s->planner->device->stage;
    for (uint32_t i = 0; i < s->session->book->instrument_count; i++) {
        struct pl_venue_input in = { .kind = PL_VENUE_MARK };
        const struct pl_row *row = &tables->rows[stage->instruments[i].row];
        uint32_t flags = 0;
        bool known, now = (row->flags & ~PL_FLAG_GREEKS) == 0;
        in.as.mark.instrument = i;
        in.as.mark.price = ledger_price(s, i, row, &flags);
        in.as.mark.known = now && flags == 0;
        const int64_t before = pl_venue_mark(s->venue, i, &known);
        if (known != (in.as.mark.known != 0) || before != in.as.mark.price)
            pl_simulation_apply(s, &in);
    }
}

struct list {
    struct pl_holding *items;
    uint32_t count;
};

static void add(struct list *list, struct pl_holding holding)
{
    list->items[list->count++] = holding;
}

/* Coins in whole steps of the book; the cash of the rest. */
static int64_t add_coins(const struct pl_simulation *s, struct list *list, uint32_t coin,
                         int64_t steps)
{
    const int64_t scale = s->coin_scale[coin];
    const int64_t whole = steps / scale, rest = steps % scale;
    uint32_t flags = 0;
    bool known;
    if (whole != 0)
        add(list, (struct pl_holding){ .instrument = coin, .steps = whole });
    return pl_ledger_value(pl_venue_ledger(s->venue), coin, rest,
                           pl_venue_mark(s->venue, coin, &known), &flags);
}

/* Positions of the ledger; the coins of inverse contracts are what their entry at the present mark
 * leaves. */
static int64_t add_positions(struct pl_simulation *s, uint32_t account, struct list *list)
{
    const struct pl_book *book = s->session->book;
    const struct pl_ledger *l = pl_venue_ledger(s->venue);
    uint32_t count;
    const struct pl_ledger_entry *p = pl_ledger_positions(l, account, &count);
    int64_t cash_e8 = 0, *coins = calloc((size_t)book->underlying_count + 1, sizeof *coins);
    if (coins == NULL)
        return INT64_MIN;
    for (uint32_t k = 0; k < count; k++) {
        const uint32_t i = pl_ledger_instrument(l, &p[k]);
        const struct pl_book_instrument *x = &book->instruments[i];
        if (x->kind == PL_KIND_SPOT && s->coin_scale[i] > 1) {
            coins[x->underlying] += p[k].amount;
            continue;
        }
        struct pl_holding h = { .instrument = i, .steps = p[k].amount };
        if (is_inverse(x)) {
            h.entry_price = s->session->prices[x->node].price;
            if (h.entry_price.mantissa <= 0)
                h.entry_price = (struct pl_decimal){ 1, 0 };
            coins[x->underlying] -= pl_simulation_coins(s, i, p[k].amount, h.entry_price);
        }
        add(list, h);
    }
    for (uint32_t u = 0; u < book->underlying_count; u++)
        if (coins[u] != 0)
            cash_e8 += add_coins(s, list, s->session->spot_of[u], coins[u]);
    free(coins);
    return cash_e8;
}

int pl_simulation_mirror(struct pl_simulation *s, uint32_t account)
{
    struct pl_session *session = s->session;
    struct pl_session_holdings *old = &session->holdings[account];
    uint32_t count, capacity = old->count + session->book->underlying_count;
    pl_ledger_positions(pl_venue_ledger(s->venue), account, &count);
    capacity += count + 1;
    struct list list = { .items = calloc(capacity, sizeof *list.items) };
    const int64_t cash_e8 = list.items == NULL ? INT64_MIN : add_positions(s, account, &list);
    if (cash_e8 == INT64_MIN) {
        pl_complain("out of memory");
        free(list.items);
        return -ENOMEM;
    }
    for (uint32_t i = 0; i < old->count && !s->orders_gone[account]; i++)
        if ((old->items[i].buy_steps != 0 || old->items[i].sell_steps != 0) &&
            !pl_simulation_is_settled(s, old->items[i].instrument))
            add(&list, (struct pl_holding){ .instrument = old->items[i].instrument,
                                            .entry_price = old->items[i].entry_price,
                                            .buy_steps = old->items[i].buy_steps,
                                            .sell_steps = old->items[i].sell_steps });
    if (old->own)
        free(old->items);
    *old = (struct pl_session_holdings){
        .items = list.items, .count = list.count, .capacity = capacity, .own = true
    };
    session->accounts[account].holdings = list.items;
    session->accounts[account].holding_count = list.count;
    session->accounts[account].cash_e8 =
        pl_ledger_cash(pl_venue_ledger(s->venue), account, 0) + cash_e8;
    s->dirty[account] = false;
    return 0;
}

int pl_simulation_mirror_all(struct pl_simulation *s)
{
    int error = 0;
    for (uint32_t a = 0; a < s->session->book->account_count && error == 0; a++)
        if (s->dirty[a] || s->all_dirty)
            error = pl_simulation_mirror(s, a);
    s->all_dirty = false;
    return error;
}
