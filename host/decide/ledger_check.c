/* Conservation, proved from the totals that are kept and from every balance. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "ledger_state.h"

static int complain(char *message, const char *what, const char *of, uint32_t number)
{
    snprintf(message, PL_LEDGER_MESSAGE_BYTES, "ledger: %s %s %" PRIu32, what, of, number);
    return -EINVAL;
}

static uint32_t key_count(const struct pl_ledger *l)
{
    return l->size.currencies + l->size.instruments;
}

static const char *asset(const struct pl_ledger *l, uint32_t *key)
{
    const bool cash = *key < l->size.currencies;
    *key -= cash ? 0 : l->size.currencies;
    return cash ? "of currency" : "of instrument";
}

int pl_ledger_check(const struct pl_ledger *l, char message[PL_LEDGER_MESSAGE_BYTES])
{
    for (uint32_t key = 0; key < key_count(l); key++) {
        const struct pl_ledger_total *t = pl_ledger_total(l, key);
        uint32_t number = key;
        const char *of = asset(l, &number);
        if (t->accounts + t->rest + t->clearing + t->outside != 0)
            return complain(message, "the balances do not add up to what came from outside:", of,
                            number);
        if (t->clearing != 0)
            return complain(message, "something stayed in clearing:", of, number);
        if (key >= l->size.currencies && (t->rest != 0 || (t->outside != 0 && !l->size.open)))
            return complain(message, "steps are held by no account:", of, number);
    }
    return 0;
}

/* Cash of one currency is the sum of its flows. */
static bool flows_agree(const struct pl_ledger *l, uint32_t account, uint32_t currency)
{
    pl_i128 sum = 0;
    for (uint32_t cause = 0; cause < PL_CAUSES; cause++)
        sum += pl_ledger_flow(l, account, currency, (enum pl_cause)cause);
    return pl_ledger_wrap(sum) == pl_ledger_cash(l, account, currency);
}

static int count_holder(struct pl_ledger *l, uint32_t holder, uint32_t *units, char *message)
{
    const struct pl_ledger_holder *h = pl_ledger_holder(l, holder);
    const struct pl_ledger_entry *entries = pl_ledger_entries(l, h);
    const bool account = holder < l->size.accounts;
    const bool debt = holder >= pl_ledger_debt(l, 0) && holder < pl_ledger_fees(l);
    if (h->block != PL_BLOCK_NONE)
        *units += 1u << h->class;
    if (h->count > 0 &&
        (h->block == PL_BLOCK_NONE || h->count > (uint32_t)PL_BLOCK_ENTRIES << h->class))
        return complain(message, "more balances than room:", "holder", holder);
    for (uint32_t i = 0; i < h->count; i++) {
        const struct pl_ledger_entry *e = &entries[i];
        const bool flow = pl_ledger_is_flow(l, e->key);
        if (e->amount == 0 || (e->amount == INT64_MIN && !flow) ||
            (i > 0 && entries[i - 1].key >= e->key))
            return complain(message, "balances of zero or out of order:", "holder", holder);
        if (flow ? !account || !l->size.flows : !account && (e->amount < 0) != debt)
            return complain(message, "a balance that may not be:", "holder", holder);
        const uint32_t currency = flow ? (e->key - key_count(l)) / PL_CAUSES : e->key;
        if (l->size.flows && account && (flow || e->key < l->size.currencies) &&
            !flows_agree(l, holder, currency))
            return complain(message, "flows do not add up to the cash:", "holder", holder);
        if (flow)
            continue;
        pl_ledger_total(l, e->key)->counted += e->amount;
        if (account && e->key >= l->size.currencies && e->amount > 0)
            pl_ledger_total(l, e->key)->counted_longs += e->amount;
    }
    return 0;
}

static int compare(struct pl_ledger *l, uint32_t key, char *message)
{
    const struct pl_ledger_total *t = pl_ledger_total(l, key);
    uint32_t number = key;
    const char *of = asset(l, &number);
    if (t->counted != t->accounts + t->rest)
        return complain(message, "the kept total is not the sum of the balances:", of, number);
    if (t->counted_longs != t->longs)
        return complain(message, "the kept open interest is not that of the balances:", of, number);
    return t->counted + t->clearing + t->outside != 0
               ? complain(message, "the balances do not add up:", of, number)
               : 0;
}

int pl_ledger_recount(struct pl_ledger *l, char message[PL_LEDGER_MESSAGE_BYTES])
{
    int error = 0;
    uint32_t units = 0;
    for (uint32_t i = 0; i < pl_ledger_holder_count(l) && error == 0; i++)
        error = count_holder(l, i, &units, message);
    for (uint32_t key = 0; key < key_count(l); key++) {
        if (error == 0)
            error = compare(l, key, message);
        pl_ledger_total(l, key)->counted = 0;
        pl_ledger_total(l, key)->counted_longs = 0;
    }
    if (error == 0 && pl_blocks_free(pl_ledger_blocks(l)) != l->units - units)
        error = complain(message, "blocks are lost, of all", "units:", l->units);
    return error == 0 ? pl_ledger_check(l, message) : error;
}
