#include "holdings.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define Q40_ONE (INT64_C(1) << PL_COEFFICIENT_BITS)

static bool same_decimal(struct pl_decimal a, struct pl_decimal b)
{
    return a.mantissa == b.mantissa &&
           a.exponent == b.exponent; /* the loader strips trailing zeros */
}

static void publish(struct pl_session *session, uint32_t account)
{
    session->accounts[account].holdings = session->holdings[account].items;
    session->accounts[account].holding_count = session->holdings[account].count;
}

/* The holding of an instrument (any entry price where `entry_price` is NULL), or NULL. */
static struct pl_holding *find(const struct pl_session_holdings *list, uint32_t instrument,
                               const struct pl_decimal *entry_price)
{
    for (uint32_t i = 0; i < list->count; i++) {
        struct pl_holding *h = &list->items[i];
        if (h->instrument == instrument &&
            (entry_price == NULL || same_decimal(h->entry_price, *entry_price)))
            return h;
    }
    return NULL;
}

/* There is room for all rows of the account: it was counted. */
static struct pl_holding *append(struct pl_session_holdings *list, uint32_t instrument)
{
    assert(list->count < list->capacity);
    struct pl_holding *h = &list->items[list->count++];
    *h = (struct pl_holding){ .instrument = instrument };
    return h;
}

static void take_position(struct pl_session_holdings *list, const struct pl_book_position *position)
{
    struct pl_holding *h = find(list, position->instrument, &position->entry_price);
    int64_t sum;
    if (h == NULL || __builtin_add_overflow(h->steps, position->steps, &sum)) {
        h = append(list, position->instrument); /* the library adds up, or refuses */
        h->entry_price = position->entry_price;
        sum = position->steps;
    }
    h->steps = sum;
}

static void take_order(struct pl_session_holdings *list, const struct pl_book_order *order)
{
    struct pl_holding *h = find(list, order->instrument, NULL);
    if (h == NULL)
        h = append(list, order->instrument);
    int64_t *side = order->is_buy ? &h->buy_steps : &h->sell_steps, sum;
    if (__builtin_add_overflow(*side, order->steps, &sum)) {
        h = append(list, order->instrument);
        side = order->is_buy ? &h->buy_steps : &h->sell_steps;
        sum = order->steps;
    }
    *side = sum;
}

void pl_holdings_reset(struct pl_session *session)
{
    const struct pl_book *book = session->book;
    struct pl_holding *next = session->block;
    for (uint32_t i = 0; i < book->account_count; i++) {
        const struct pl_book_account *from = &book->accounts[i];
        struct pl_session_holdings *list = &session->holdings[i];
        if (list->own)
            free(list->items);
        uint32_t rows = from->position_count + from->order_count;
        *list = (struct pl_session_holdings){ .items = next, .capacity = rows };
        next += rows;
        for (uint32_t p = 0; p < from->position_count; p++)
            take_position(list, &book->positions[from->first_position + p]);
        for (uint32_t o = 0; o < from->order_count; o++)
            take_order(list, &book->orders[from->first_order + o]);
        session->accounts[i].cash_e8 = from->cash_e8;
        publish(session, i);
    }
    memset(session->settled, 0, book->settlement_count * sizeof *session->settled);
    session->position_version = 1;
}

/* The index of a multiplier in the table, added where it is new; -1: no room. */
static int multiplier_index(struct pl_session *session, int64_t multiplier_q40)
{
    for (size_t i = 0; i < session->multiplier_count; i++)
        if (session->multipliers_q40[i] == multiplier_q40)
            return (int)i;
    if (session->multiplier_count == PL_MULTIPLIERS_MAX)
        return -1;
    session->multipliers_q40[session->multiplier_count] = multiplier_q40;
    return (int)session->multiplier_count++;
}

static int fill_accounts(struct pl_session *session)
{
    session->multipliers_q40[0] = Q40_ONE;
    session->multiplier_count = 1;
    for (uint32_t i = 0; i < session->book->account_count; i++) {
        const struct pl_book_account *from = &session->book->accounts[i];
        int multiplier = multiplier_index(session, from->multiplier_q40);
        if (multiplier < 0) {
            pl_complain("%s: account %s: more than %d different multipliers; round some of them",
                        session->book->path, from->name, PL_MULTIPLIERS_MAX);
            return -EINVAL;
        }
        session->accounts[i] = (struct pl_account){ .account = i,
                                                    .mode = from->mode,
                                                    .multiplier = (uint16_t)multiplier };
    }
    return 0;
}

int pl_holdings_open(struct pl_session *session)
{
    const struct pl_book *book = session->book;
    size_t accounts = book->account_count, rows = book->position_count + book->order_count;
    session->accounts = calloc(accounts + 1, sizeof *session->accounts);
    session->holdings = calloc(accounts + 1, sizeof *session->holdings);
    session->block = calloc(rows + 1, sizeof *session->block);
    session->settled = calloc((size_t)book->settlement_count + 1, sizeof *session->settled);
    session->multipliers_q40 = calloc(PL_MULTIPLIERS_MAX, sizeof *session->multipliers_q40);
    if (session->accounts == NULL || session->holdings == NULL || session->block == NULL ||
        session->settled == NULL || session->multipliers_q40 == NULL) {
        pl_complain("%s: out of memory for %zu accounts and %zu positions and orders", book->path,
                    accounts, rows);
        return -ENOMEM;
    }
    return fill_accounts(session);
}

void pl_holdings_close(struct pl_session *session)
{
    for (uint32_t i = 0; session->holdings != NULL && i < session->book->account_count; i++)
        if (session->holdings[i].own)
            free(session->holdings[i].items);
    free(session->accounts);
    free(session->holdings);
    free(session->block);
    free(session->settled);
    free(session->multipliers_q40);
}

static int grow(struct pl_session_holdings *list)
{
    if (list->count < list->capacity)
        return 0;
    uint32_t capacity = 2 * list->capacity + 4;
    struct pl_holding *items = malloc(capacity * sizeof *items);
    if (items == NULL)
        return -ENOMEM;
    if (list->count > 0)
        memcpy(items, list->items, list->count * sizeof *items);
    if (list->own)
        free(list->items);
    *list = (struct pl_session_holdings){
        .items = items, .count = list->count, .capacity = capacity, .own = true
    };
    return 0;
}

int pl_holdings_add(struct pl_session *session, uint32_t account, uint32_t instrument,
                    int64_t steps, struct pl_decimal entry_price)
{
    struct pl_session_holdings *list = &session->holdings[account];
    struct pl_holding *h = find(list, instrument, &entry_price);
    if (h == NULL) {
        int error = grow(list);
        if (error != 0)
            return error;
        h = append(list, instrument);
        h->entry_price = entry_price;
    }
    publish(session, account);
    int64_t sum;
    if (__builtin_add_overflow(h->steps, steps, &sum))
        return -ERANGE;
    h->steps = sum;
    if (sum == 0 && h->buy_steps == 0 && h->sell_steps == 0)
        pl_holdings_remove(session, account, (uint32_t)(h - list->items));
    return 0;
}

void pl_holdings_remove(struct pl_session *session, uint32_t account, uint32_t index)
{
    struct pl_session_holdings *list = &session->holdings[account];
    assert(index < list->count);
    list->count--;
    memmove(&list->items[index], &list->items[index + 1],
            (list->count - index) * sizeof *list->items);
    publish(session, account);
}

int pl_holdings_add_cash(struct pl_session *session, uint32_t account, int64_t cash_e8)
{
    int64_t *cash = &session->accounts[account].cash_e8, sum;
    if (__builtin_add_overflow(*cash, cash_e8, &sum))
        return -ERANGE;
    *cash = sum;
    return 0;
}
