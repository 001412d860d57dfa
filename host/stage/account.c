/* From an account's holdings to its slots: everything that does not depend on prices is decided
 * here. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "feed/decimal.h"
#include "model/money.h"
#include "stage.h"

#define CASH_DECIMALS 18
#define CASH_UNIT INT64_C(10000000000) /* of 1e-18 in one of 1e-8 */
#define COIN_DECIMALS 18               /* coins are summed in 1e-18 and rounded once */
#define LOCAL_HOLDINGS 64              /* accounts up to this size need no allocation */

/* One row of the account, before rows of one instrument are merged. The legs of several contracts
 * are counted in 1e-18 at their first row, and split when they are merged. */
struct item {
    uint32_t row;
    pl_i128 lots;
    int64_t buy, sell;
};

struct naked {
    uint32_t key, underlying;
    pl_i128 quantity; /* 1e-18 */
};

struct work {
    const struct pl_stage *stage;
    const struct pl_account *account;
    char *message;
    struct item *items;
    struct naked *nakeds;
    size_t item_count, naked_count;
    pl_i128 cash; /* 1e-18: sums of costs are exact, and rounded once */
};

static int refuse(const struct work *w, const struct pl_holding *h, const char *what)
{
    const char *symbol = h != NULL ? w->stage->instruments[h->instrument].symbol : "cash";
    snprintf(w->message, PL_MESSAGE_BYTES, "account %u, %s: %s", w->account->account, symbol, what);
    return -ERANGE;
}

static void add_item(struct work *w, uint32_t row, pl_i128 lots, int64_t buy, int64_t sell)
{
    w->items[w->item_count++] = (struct item){ row, lots, buy, sell };
}

/* What one holding may add: sums of any number of them stay far inside 128 bits, and nothing near
 * this limit fits a slot in the end. */
static bool addable(pl_i128 value)
{
    const pl_i128 limit = (pl_i128)1 << 104;
    return value < limit && value > -limit;
}

static bool times_ten(pl_i128 *value, int exponent)
{
    for (; exponent > 0; exponent--) {
        if (__builtin_mul_overflow(*value, (pl_i128)10, value))
            return false;
    }
    return true;
}

/* value / divisor, towards minus infinity. */
static pl_i128 floor_divide(pl_i128 value, pl_i128 divisor)
{
    pl_i128 quotient = value / divisor;
    return value % divisor < 0 ? quotient - 1 : quotient;
}

/* a * b * 10^exponent as an integer, towards minus infinity. */
static bool scaled_product(pl_i128 a, pl_i128 b, int exponent, pl_i128 *out)
{
    if (__builtin_mul_overflow(a, b, out))
        return false;
    if (exponent >= 0)
        return times_ten(out, exponent);
    for (; exponent < 0; exponent++) /* floor(floor(x / 10) / 10) = floor(x / 100) */
        *out = floor_divide(*out, 10);
    return true;
}

/* A linear contract: worth quantity * mark, paid with quantity * entry out of cash. */
static int take_linear(struct work *w, const struct pl_holding *h,
                       const struct pl_stage_instrument *i)
{
    pl_i128 size, cost;
    if (h->entry_price.mantissa == 0)
        return 0;
    if (__builtin_mul_overflow((pl_i128)h->steps, (pl_i128)i->lot.mantissa, &size) ||
        !scaled_product(-size, h->entry_price.mantissa,
                        i->lot.exponent + h->entry_price.exponent + CASH_DECIMALS, &cost) ||
        !addable(cost))
        return refuse(w, h, "quantity * entry_price is out of range");
    w->cash += cost;
    return 0;
}

/* An inverse contract of N: its coin leg is N / entry coins. */
static int take_inverse(struct work *w, const struct pl_holding *h,
                        const struct pl_stage_instrument *i)
{
    uint32_t row = w->stage->underlyings[i->underlying].coin_row;
    int exponent = i->lot.exponent - h->entry_price.exponent + COIN_DECIMALS;
    pl_i128 coins, divisor = h->entry_price.mantissa;
    if (h->steps == 0)
        return 0;
    if (h->entry_price.mantissa <= 0)
        return refuse(w, h, "an inverse position needs its entry_price");
    if (__builtin_mul_overflow((pl_i128)h->steps, (pl_i128)i->lot.mantissa, &coins) ||
        !times_ten(&coins, exponent) || !times_ten(&divisor, -exponent) ||
        !addable(coins = floor_divide(coins, divisor)))
        return refuse(w, h, "quantity / entry_price is out of range");
    add_item(w, row, coins, 0, 0);
    return 0;
}

static int take_naked(struct work *w, const struct pl_holding *h,
                      const struct pl_stage_instrument *i)
{
    pl_i128 quantity;
    if (w->account->mode != PL_MODE_PORTFOLIO ||
        w->stage->underlyings[i->underlying].naked_row == PL_NO_INDEX)
        return 0;
    if (!scaled_product(h->steps, i->lot.mantissa, i->lot.exponent + COIN_DECIMALS, &quantity) ||
        !addable(quantity))
        return refuse(w, h, "quantity is out of range");
    w->nakeds[w->naked_count++] = (struct naked){ i->naked_key, i->underlying, quantity };
    return 0;
}

static int take_holding(struct work *w, const struct pl_holding *h)
{
    if (h->instrument >= w->stage->instrument_count) {
        snprintf(w->message, PL_MESSAGE_BYTES, "account %u: no instrument %u is loaded",
                 w->account->account, h->instrument);
        return -ERANGE;
    }
    const struct pl_stage_instrument *i = &w->stage->instruments[h->instrument];
    if (h->buy_steps < 0 || h->sell_steps < 0)
        return refuse(w, h, "resting orders must not be negative");
    if (h->entry_price.exponent > PL_DECIMAL_EXPONENT_MAX ||
        h->entry_price.exponent < -PL_DECIMAL_EXPONENT_MAX)
        return refuse(w, h, "its entry_price is too large or too small");
    add_item(w, i->row, h->steps, h->buy_steps, h->sell_steps);
    switch (i->kind) {
    case PL_KIND_OPTION: return take_naked(w, h, i);
    case PL_KIND_SPOT: return 0;
    default: return i->coin_settled ? take_inverse(w, h, i) : take_linear(w, h, i);
    }
}

static int compare_nakeds(const void *a, const void *b)
{
    const struct naked *x = a, *y = b;
    return x->key < y->key ? -1 : x->key > y->key;
}

static void sort_nakeds(struct work *w)
{
    for (size_t i = 1; i < w->naked_count; i++) {
        if (w->nakeds[i - 1].key > w->nakeds[i].key) {
            qsort(w->nakeds, w->naked_count, sizeof *w->nakeds, compare_nakeds);
            return;
        }
    }
}

/* Per expiry and strike, calls and puts together: max(0, short - long), summed per underlying. */
static void add_naked_items(struct work *w)
{
    sort_nakeds(w);
    pl_i128 shorts = 0;
    for (size_t i = 0; i < w->naked_count;) {
        const struct naked *first = &w->nakeds[i];
        pl_i128 net = 0;
        for (; i < w->naked_count && w->nakeds[i].key == first->key; i++)
            net += w->nakeds[i].quantity;
        shorts += net < 0 ? -net : 0;
        bool last = i == w->naked_count || w->nakeds[i].underlying != first->underlying;
        if (last && shorts != 0)
            add_item(w, w->stage->underlyings[first->underlying].naked_row, shorts, 0, 0);
        shorts = last ? 0 : shorts;
    }
}

static int compare_items(const void *a, const void *b)
{
    const struct item *x = a, *y = b;
    return x->row < y->row ? -1 : x->row > y->row;
}

/* By rows. Holdings mostly come in that order, legs behind them: few are moved far. */
static void sort_items(struct work *w)
{
    if (w->item_count > 2 * LOCAL_HOLDINGS) {
        qsort(w->items, w->item_count, sizeof *w->items, compare_items);
        return;
    }
    for (size_t i = 1; i < w->item_count; i++) {
        const struct item item = w->items[i];
        size_t at = i;
        for (; at > 0 && w->items[at - 1].row > item.row; at--)
            w->items[at] = w->items[at - 1];
        w->items[at] = item;
    }
}

static int put_item(const struct work *w, const struct item *item, uint64_t **next)
{
    const struct pl_stage_row *row = &w->stage->rows[item->row];
    const char *symbol = row->instrument == PL_NO_INDEX
                             ? "coin legs or naked shorts together"
                             : w->stage->instruments[row->instrument].symbol;
    if (item->lots > INT32_MAX || item->lots < -INT32_MAX || item->buy > PL_ORDER_LOTS_MAX ||
        item->sell > PL_ORDER_LOTS_MAX) {
        snprintf(w->message, PL_MESSAGE_BYTES,
                 "account %u, %s: more quantity steps than a slot holds (%d, orders %d); "
                 "make quantity_step larger",
                 w->account->account, symbol, INT32_MAX, PL_ORDER_LOTS_MAX);
        return -ERANGE;
    }
    bool orders = item->buy != 0 || item->sell != 0;
    if (item->lots == 0 && !orders)
        return 0;
    uint8_t tag = row->kind == PL_ROW_KIND_REQUIREMENT ? PL_TAG_REQUIREMENT : PL_TAG_POSITION;
    *(*next)++ = pl_slot_position(tag, (int64_t)item->lots, item->row);
    if (orders)
        *(*next)++ = pl_slot_orders(PL_TAG_ORDERS, (uint64_t)item->buy, (uint64_t)item->sell);
    return 0;
}

/* Rounds a leg down to 1e-9 units and splits it over its rows, all of one sign. A naked short is a
 * requirement: it is rounded up. */
static int put_leg(const struct work *w, const struct item *leg, uint64_t **next)
{
    bool requirement = w->stage->rows[leg->row].kind == PL_ROW_KIND_REQUIREMENT;
    pl_i128 rest =
        requirement ? -floor_divide(-leg->lots, PL_LEG_STEP) : floor_divide(leg->lots, PL_LEG_STEP);
    pl_i128 unit = (pl_i128)PL_LEG_STEP * PL_LEG_STEP;
    for (uint32_t row = 0; row < PL_LEG_ROWS; row++, unit /= PL_LEG_STEP) {
        struct item part = { leg->row + row, rest / unit, 0, 0 };
        int error = put_item(w, &part, next);
        if (error != 0)
            return error;
        rest -= part.lots * unit;
    }
    return 0;
}

static int put_items(const struct work *w, uint64_t **next)
{
    for (size_t i = 0; i < w->item_count;) {
        struct item sum = w->items[i++];
        for (; i < w->item_count && w->items[i].row == sum.row; i++) {
            sum.lots += w->items[i].lots;
            if (__builtin_add_overflow(sum.buy, w->items[i].buy, &sum.buy) ||
                __builtin_add_overflow(sum.sell, w->items[i].sell, &sum.sell))
                sum.buy = INT64_MAX;
        }
        bool leg = w->stage->rows[sum.row].instrument == PL_NO_INDEX;
        int error = leg ? put_leg(w, &sum, next) : put_item(w, &sum, next);
        if (error != 0)
            return error;
    }
    return 0;
}

static int put_header(const struct work *w, uint64_t **next)
{
    const struct pl_account *a = w->account;
    if (a->mode < PL_MODE_PORTFOLIO || a->mode > PL_MODE_ISOLATED)
        return refuse(w, NULL, "unknown margin mode");
    if (a->multiplier >= w->stage->multiplier_count)
        return refuse(w, NULL, "its multiplier is not in the loaded table");
    pl_i128 total = floor_divide(w->cash, CASH_UNIT);
    if (total > INT64_MAX || total < INT64_MIN)
        return refuse(w, NULL, "cash and costs together are out of range");
    *(*next)++ = pl_slot_header(PL_TAG_HEADER, a->account, a->mode, a->multiplier);
    int64_t cash = (int64_t)total, high = cash >> 32;
    const int64_t limit = INT64_C(1) << 55;
    if (cash >= -limit && cash < limit) {
        *(*next)++ = pl_slot_cash(PL_TAG_CASH, cash);
    } else {
        *(*next)++ = pl_slot_cash(PL_TAG_CASH_HIGH, high);
        *(*next)++ = pl_slot_cash(PL_TAG_CASH, cash - high * (INT64_C(1) << 32));
    }
    return 0;
}

/* Header, two cash slots; a holding makes its own slot, its orders' and those of a leg. */
size_t pl_stage_slots_max(const struct pl_account *account)
{
    return 3 + (2 + PL_LEG_ROWS) * account->holding_count;
}

int64_t pl_stage_account_slots(const struct pl_stage *s, const struct pl_account *account,
                               uint64_t *slots, char *message)
{
    struct item local_items[2 * LOCAL_HOLDINGS];
    struct naked local_nakeds[LOCAL_HOLDINGS];
    size_t holdings = account->holding_count;
    bool local = holdings <= LOCAL_HOLDINGS;
    struct work w = { .stage = s, .account = account, .message = message };
    w.cash = (pl_i128)account->cash_e8 * CASH_UNIT;
    w.items = local ? local_items : malloc(2 * holdings * sizeof *w.items);
    w.nakeds = local ? local_nakeds : malloc(holdings * sizeof *w.nakeds);
    uint64_t *next = slots;
    int error = w.items == NULL || w.nakeds == NULL ? -ENOMEM : 0;
    for (size_t i = 0; i < holdings && error == 0; i++)
        error = take_holding(&w, &account->holdings[i]);
    if (error == 0) {
        add_naked_items(&w);
        sort_items(&w);
        error = put_header(&w, &next);
    }
    error = error != 0 ? error : put_items(&w, &next);
    if (!local) {
        free(w.items);
        free(w.nakeds);
    }
    if (error == 0 && next - slots > PL_ACCOUNT_SLOTS_MAX)
        error = refuse(&w, NULL, "more slots than an account may have");
    return error != 0 ? error : next - slots;
}
