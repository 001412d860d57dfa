/* Accounts that are closed in part: opened for a plan, and closed for real, by trades through the
 * public API. */
#ifndef PL_TEST_CLOSING_H
#define PL_TEST_CLOSING_H

#include "../support/plain_book.h"

#include "decide/what_if.h"
#include "dev/software.h"
#include "stage/pl.h"

static struct pl_what_if what_if;

static UNUSED void closing_open(struct pl *pl, const struct pl_account *account)
{
    char message[PL_MESSAGE_BYTES];
    int error = pl_what_if_open(&what_if, &pl->stage, &pl->dev->tables, account, message);
    if (error != 0)
        fail_msg("what if: %s", message);
}

/* The account without orders and without what was closed, at mark; trades are holdings of their
 * own. */
static UNUSED void closing_trades(struct pl *pl, const struct book_account *from,
                                  const int64_t *closed, int64_t cost_e8,
                                  struct pl_holding *holdings, struct pl_account *out)
{
    const struct pl_tables *t = &pl->dev->tables;
    *out = from->account;
    memcpy(holdings, from->holdings, from->account.holding_count * sizeof *holdings);
    for (size_t i = 0; i < out->holding_count; i++)
        holdings[i].buy_steps = holdings[i].sell_steps = 0;
    for (uint32_t i = 0; i < what_if.position_count && closed != NULL; i++) {
        const struct pl_what_if_position *p = &what_if.positions[i];
        const struct pl_stage_instrument *x = &pl->stage.instruments[p->instrument];
        const struct pl_row *row = &t->rows[p->row];
        int64_t signed_close = p->steps < 0 ? -closed[i] : closed[i];
        if (closed[i] == 0)
            continue;
        struct pl_holding *h = &holdings[out->holding_count++];
        *h = (struct pl_holding){ .instrument = p->instrument, .steps = -signed_close };
        if (x->kind == PL_KIND_FUTURE || x->kind == PL_KIND_PERPETUAL)
            h->entry_price = pl->stage.last_prices[x->node];
        else
            out->cash_e8 +=
                (int64_t)pl_shift_down((pl_i128)signed_close * row->base, row->row_shift);
    }
    out->cash_e8 -= cost_e8;
    out->holdings = holdings;
}

#endif
