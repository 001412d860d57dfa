#include "ledger.h"

#include <assert.h>
#include <string.h>

#include "ledger_state.h"

const char *pl_cause_name(enum pl_cause cause)
{
    static const char *const names[PL_CAUSES] = {
        [PL_CAUSE_EXTERNAL] = "external",     [PL_CAUSE_TRANSFER] = "transfer",
        [PL_CAUSE_TRADE] = "trade",           [PL_CAUSE_FEE] = "fee",
        [PL_CAUSE_PENALTY] = "penalty",       [PL_CAUSE_FUNDING] = "funding",
        [PL_CAUSE_SETTLEMENT] = "settlement", [PL_CAUSE_COVER] = "cover",
        [PL_CAUSE_DELEVERAGE] = "deleverage", [PL_CAUSE_BAD_DEBT] = "bad debt",
        [PL_CAUSE_SOCIALISED] = "socialised", [PL_CAUSE_WITHDRAWAL] = "withdrawal",
    };
    return (uint32_t)cause < PL_CAUSES ? names[cause] : "unknown cause";
}

const char *pl_ledger_reason(enum pl_ledger_reason reason)
{
    static const char *const texts[] = {
        [PL_LEDGER_OK] = "done",
        [PL_LEDGER_OVERFLOW] = "a balance would not fit 64 bits",
        [PL_LEDGER_NEGATIVE] = "a venue's own balance would fall below zero",
        [PL_LEDGER_FULL] = "no room for another balance: the ledger was made with too few entries",
        [PL_LEDGER_HOLDER] = "no such holder, the same one twice, or one that holds no positions",
        [PL_LEDGER_ASSET] = "no such currency or instrument, or not the instrument's currency",
        [PL_LEDGER_AMOUNT] =
            "an amount below zero, more received than paid, or an impossible price",
        [PL_LEDGER_POOLS] = "between isolated pools",
        [PL_LEDGER_OUTSIDE] = "positions may not come from outside here",
    };
    return (uint32_t)reason < sizeof texts / sizeof *texts ? texts[reason] : "unknown reason";
}

static int check_contract(const struct pl_ledger_size *size, const struct pl_contract *c,
                          char *message)
{
    int error = pl_rule_within("ledger: a contract's currency", c->currency, 0,
                               (int64_t)size->currencies - 1, message);
    if (error == 0)
        error = pl_rule_within("ledger: a contract's pool", c->pool, 0, (int64_t)size->pools - 1,
                               message);
    if (error == 0)
        error = pl_rule_within("ledger: a contract's numerator", c->numerator, 1,
                               PL_CONTRACT_NUMERATOR_MAX, message);
    if (error == 0)
        error = pl_rule_within("ledger: a contract's denominator", c->denominator, 1,
                               c->inverse ? 1 : PL_CONTRACT_DENOMINATOR_MAX, message);
    return error;
}

int pl_ledger_check_size(const struct pl_ledger_size *size, const struct pl_contract *contracts,
                         const uint32_t *account_pools, char message[PL_LEDGER_MESSAGE_BYTES])
{
    const struct {
        const char *field;
        uint32_t value, low, high;
    } limits[] = {
        { "ledger: accounts", size->accounts, 1, PL_LEDGER_ACCOUNTS_MAX },
        { "ledger: currencies", size->currencies, 1, PL_LEDGER_CURRENCIES_MAX },
        { "ledger: instruments", size->instruments, 0, PL_INSTRUMENTS_MAX },
        { "ledger: pools", size->pools, 1, PL_LEDGER_POOLS_MAX },
        { "ledger: entries", size->entries, PL_BLOCK_ENTRIES, PL_LEDGER_ENTRIES_MAX },
    };
    int error = 0;
    for (size_t i = 0; i < sizeof limits / sizeof *limits && error == 0; i++)
        error = pl_rule_within(limits[i].field, limits[i].value, limits[i].low, limits[i].high,
                               message);
    for (uint32_t i = 0; i < size->instruments && error == 0; i++)
        error = check_contract(size, &contracts[i], message);
    for (uint32_t i = 0; account_pools != NULL && i < size->accounts && error == 0; i++)
        error = pl_rule_within("ledger: an account's pool", account_pools[i], 0,
                               (int64_t)size->pools - 1, message);
    return error;
}

/* Fills in units and offsets; the bytes of it all. */
static uint64_t lay_out(struct pl_ledger *l, const struct pl_ledger_size *size)
{
    l->size = *size;
    l->units = (size->entries + PL_BLOCK_ENTRIES - 1) / PL_BLOCK_ENTRIES;
    uint64_t at = (sizeof *l + 15) & ~UINT64_C(15);
    l->totals_at = at;
    at += sizeof(struct pl_ledger_total) * ((uint64_t)size->currencies + size->instruments);
    l->contracts_at = at;
    at += sizeof(struct pl_contract) * size->instruments;
    l->entries_at = at;
    at += sizeof(struct pl_ledger_entry) * PL_BLOCK_ENTRIES * (uint64_t)l->units;
    l->holders_at = at;
    at += sizeof(struct pl_ledger_holder) * pl_ledger_holder_count(l);
    l->tags_at = at;
    return (at + l->units + 15) & ~UINT64_C(15);
}

size_t pl_ledger_bytes(const struct pl_ledger_size *size)
{
    struct pl_ledger l;
    return (size_t)lay_out(&l, size);
}

struct pl_ledger *pl_ledger_create(void *memory, const struct pl_ledger_size *size,
                                   const struct pl_contract *contracts,
                                   const uint32_t *account_pools)
{
    assert((uintptr_t)memory % 16 == 0);
    struct pl_ledger *l = memory;
    memset(memory, 0, pl_ledger_bytes(size));
    lay_out(l, size);
    if (size->instruments > 0)
        memcpy((uint8_t *)memory + l->contracts_at, contracts,
               sizeof *contracts * size->instruments);
    for (uint32_t i = 0; i < pl_ledger_holder_count(l); i++) {
        const uint32_t venue = i < size->accounts ? 0 : i - size->accounts;
        uint32_t pool = venue < 2 * size->pools ? venue % size->pools : PL_LEDGER_NO_POOL;
        if (i < size->accounts)
            pool = account_pools == NULL ? 0 : account_pools[i];
        *pl_ledger_holder(l, i) = (struct pl_ledger_holder){ .block = PL_BLOCK_NONE, .pool = pool };
    }
    pl_blocks_clear(pl_ledger_blocks(l));
    return l;
}

const struct pl_ledger_size *pl_ledger_size(const struct pl_ledger *l)
{
    return &l->size;
}

const struct pl_contract *pl_ledger_contract(const struct pl_ledger *l, uint32_t instrument)
{
    assert(instrument < l->size.instruments);
    return (const struct pl_contract *)((uintptr_t)l + l->contracts_at) + instrument;
}

uint32_t pl_ledger_fund(const struct pl_ledger *l, uint32_t pool)
{
    return l->size.accounts + pool;
}

uint32_t pl_ledger_debt(const struct pl_ledger *l, uint32_t pool)
{
    return l->size.accounts + l->size.pools + pool;
}

uint32_t pl_ledger_fees(const struct pl_ledger *l)
{
    return l->size.accounts + 2 * l->size.pools;
}

uint32_t pl_ledger_escrow(const struct pl_ledger *l)
{
    return pl_ledger_fees(l) + 1;
}

uint32_t pl_ledger_residue(const struct pl_ledger *l)
{
    return pl_ledger_fees(l) + 2;
}

uint32_t pl_ledger_clearing(const struct pl_ledger *l)
{
    return pl_ledger_fees(l) + 3;
}

uint32_t pl_ledger_outside(const struct pl_ledger *l)
{
    return pl_ledger_fees(l) + 4;
}

uint32_t pl_ledger_pool_of(const struct pl_ledger *l, uint32_t holder)
{
    return holder < pl_ledger_holder_count(l) ? pl_ledger_holder(l, holder)->pool
                                              : PL_LEDGER_NO_POOL;
}

uint32_t pl_ledger_flow_key(const struct pl_ledger *l, uint32_t currency, uint32_t cause)
{
    return l->size.currencies + l->size.instruments + currency * PL_CAUSES + cause;
}

uint32_t pl_ledger_find(const struct pl_ledger *l, uint32_t holder, uint32_t key)
{
    assert(holder < pl_ledger_holder_count(l));
    const struct pl_ledger_holder *h = pl_ledger_holder(l, holder);
    const struct pl_ledger_entry *entries = pl_ledger_entries(l, h);
    uint32_t low = 0, high = h->count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (entries[middle].key < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static const struct pl_ledger_entry *entry_of(const struct pl_ledger *l, uint32_t holder,
                                              uint32_t key)
{
    const struct pl_ledger_holder *h = pl_ledger_holder(l, holder);
    const uint32_t at = pl_ledger_find(l, holder, key);
    const struct pl_ledger_entry *entry = pl_ledger_entries(l, h) + at;
    return at < h->count && entry->key == key ? entry : NULL;
}

int64_t pl_ledger_amount(const struct pl_ledger *l, uint32_t holder, uint32_t key)
{
    const struct pl_ledger_entry *entry = entry_of(l, holder, key);
    return entry == NULL ? 0 : entry->amount;
}

int64_t pl_ledger_cash(const struct pl_ledger *l, uint32_t holder, uint32_t currency)
{
    return pl_ledger_amount(l, holder, currency);
}

int64_t pl_ledger_steps(const struct pl_ledger *l, uint32_t holder, uint32_t instrument)
{
    return pl_ledger_amount(l, holder, l->size.currencies + instrument);
}

int64_t pl_ledger_owed(const struct pl_ledger *l, uint32_t pool, uint32_t currency)
{
    return -pl_ledger_cash(l, pl_ledger_debt(l, pool), currency);
}

bool pl_ledger_owes(const struct pl_ledger *l, uint32_t pool)
{
    return pl_ledger_holder(l, pl_ledger_debt(l, pool))->count > 0;
}

int64_t pl_ledger_flow(const struct pl_ledger *l, uint32_t account, uint32_t currency,
                       enum pl_cause cause)
{
    return pl_ledger_amount(l, account, pl_ledger_flow_key(l, currency, cause));
}

static const struct pl_ledger_entry *between(const struct pl_ledger *l, uint32_t holder,
                                             uint32_t first, uint32_t end, uint32_t *count)
{
    const uint32_t from = pl_ledger_find(l, holder, first);
    *count = pl_ledger_find(l, holder, end) - from;
    return pl_ledger_entries(l, pl_ledger_holder(l, holder)) + from;
}

const struct pl_ledger_entry *pl_ledger_cashes(const struct pl_ledger *l, uint32_t holder,
                                               uint32_t *count)
{
    return between(l, holder, 0, l->size.currencies, count);
}

const struct pl_ledger_entry *pl_ledger_positions(const struct pl_ledger *l, uint32_t holder,
                                                  uint32_t *count)
{
    return between(l, holder, l->size.currencies, l->size.currencies + l->size.instruments, count);
}

uint32_t pl_ledger_instrument(const struct pl_ledger *l, const struct pl_ledger_entry *entry)
{
    return entry->key - l->size.currencies;
}

const struct pl_ledger_entry *pl_ledger_position(const struct pl_ledger *l, uint32_t holder,
                                                 uint32_t instrument)
{
    return entry_of(l, holder, l->size.currencies + instrument);
}

pl_i128 pl_ledger_accounts_cash(const struct pl_ledger *l, uint32_t currency)
{
    return pl_ledger_total(l, currency)->accounts;
}

pl_i128 pl_ledger_open_interest(const struct pl_ledger *l, uint32_t instrument)
{
    return pl_ledger_total(l, l->size.currencies + instrument)->longs;
}
