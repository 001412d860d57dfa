/* Positions and orders: rows of an account become neighbours, in the order of the file. */
#include "book_loader.h"
#include "memory.h"
#include "text_error.h"

#include <errno.h>
#include <string.h>

enum { ACCOUNT, SYMBOL, QUANTITY, ENTRY_PRICE, POSITION_COLUMN_COUNT };

static const struct pl_csv_column position_columns[POSITION_COLUMN_COUNT] = {
    [ACCOUNT] = { "account", true },
    [SYMBOL] = { "symbol", true },
    [QUANTITY] = { "quantity", true },
    [ENTRY_PRICE] = { "entry_price", false },
};

enum { SIDE = ENTRY_PRICE, ORDER_COLUMN_COUNT };

static const struct pl_csv_column order_columns[ORDER_COLUMN_COUNT] = {
    [ACCOUNT] = { "account", true },
    [SYMBOL] = { "symbol", true },
    [QUANTITY] = { "quantity", true },
    [SIDE] = { "side", true },
};

static bool add_owner(uint32_t **owners, uint64_t *capacity, uint64_t count, uint32_t account)
{
    uint32_t *list = pl_memory_grow(*owners, capacity, count + 1, sizeof *list);
    if (list == NULL)
        return false;
    list[count] = account;
    *owners = list;
    return true;
}

static void read_entry_price(const struct pl_book_row *row, struct pl_book_position *position)
{
    uint8_t kind = row->loader->book->instruments[position->instrument].kind;
    if (kind == PL_KIND_PERPETUAL || kind == PL_KIND_FUTURE)
        (void)pl_row_positive(row, ENTRY_PRICE, &position->entry_price);
    else
        (void)pl_row_must_be_empty(row, ENTRY_PRICE,
                                   "what spot and options cost is in the account's cash");
}

/* A position of 0 is allowed in the file, and is no position. */
static int take_position(const struct pl_book_row *row)
{
    struct pl_book_loader *loader = row->loader;
    struct pl_book *book = loader->book;
    struct pl_book_position position = { .line = (uint32_t)pl_csv_line(row->csv) };
    uint32_t account = 0;
    bool owned = pl_row_account(row, ACCOUNT, &account);
    if (!pl_row_instrument(row, SYMBOL, &position.instrument) || !owned ||
        !pl_row_quantity(row, QUANTITY, position.instrument, &position.steps) ||
        position.steps == 0)
        return 0;
    read_entry_price(row, &position);
    struct pl_book_position *list = pl_memory_grow(book->positions, &loader->positions_capacity,
                                                   book->position_count + 1, sizeof *list);
    if (list == NULL)
        return -ENOMEM;
    book->positions = list;
    if (!add_owner(&loader->position_owners, &loader->position_owners_capacity,
                   book->position_count, account))
        return -ENOMEM;
    list[book->position_count++] = position;
    book->accounts[account].position_count++;
    return 0;
}

static int take_order(const struct pl_book_row *row)
{
    static const char *const sides[] = { "sell", "buy" };
    struct pl_book_loader *loader = row->loader;
    struct pl_book *book = loader->book;
    struct pl_book_order order = { .line = (uint32_t)pl_csv_line(row->csv) };
    uint32_t account = 0;
    bool owned = pl_row_account(row, ACCOUNT, &account);
    int side = pl_row_choice(row, SIDE, sides, 2);
    if (!pl_row_instrument(row, SYMBOL, &order.instrument) || !owned || side < 0 ||
        !pl_row_quantity(row, QUANTITY, order.instrument, &order.steps))
        return 0;
    if (order.steps <= 0) {
        pl_row_error(row, QUANTITY, "must be above 0: the side says buy or sell");
        return 0;
    }
    order.is_buy = side == 1;
    struct pl_book_order *list =
        pl_memory_grow(book->orders, &loader->orders_capacity, book->order_count + 1, sizeof *list);
    if (list == NULL)
        return -ENOMEM;
    book->orders = list;
    if (!add_owner(&loader->order_owners, &loader->order_owners_capacity, book->order_count,
                   account))
        return -ENOMEM;
    list[book->order_count++] = order;
    book->accounts[account].order_count++;
    return 0;
}

/* Moves items so that those of an account are neighbours. first[] holds where each account's begin
 * and is moved to where they end. Returns the items, or NULL without memory. */
static void *group(void *items, const uint32_t *owners, uint64_t count, size_t item_bytes,
                   uint32_t *first)
{
    bool grouped = true;
    for (uint64_t i = 1; i < count && grouped; i++)
        grouped = owners[i] >= owners[i - 1];
    if (grouped)
        return pl_memory_trim(items, count, item_bytes);
    char *moved = pl_memory_alloc((size_t)count * item_bytes);
    if (moved == NULL)
        return NULL;
    for (uint64_t i = 0; i < count; i++)
        memcpy(moved + (size_t)first[owners[i]]++ * item_bytes,
               (const char *)items + (size_t)i * item_bytes, item_bytes);
    pl_memory_free(items);
    return moved;
}

/* Adds up what one account has in one instrument: rows come in any order and may repeat. */
struct sums {
    int64_t *steps; /* by instrument; 0 between accounts */
    uint8_t *seen;  /* by instrument, likewise */
    uint32_t slots; /* of the account's stream */
    struct pl_book_loader *loader;
    const char *path;
};

static void add_up(struct sums *sums, uint32_t instrument, int64_t steps, uint32_t line)
{
    sums->slots += sums->seen[instrument] == 0 ? 1 : 0;
    sums->seen[instrument] = 1;
    int64_t *sum = &sums->steps[instrument];
    *sum += steps; /* both at most 1e18 */
    if (*sum <= PL_BOOK_STEPS_MAX && *sum >= -PL_BOOK_STEPS_MAX)
        return;
    *sum = 0;
    pl_text_error_add(sums->loader->error, sums->path, line, 0,
                      "the rows of this account and symbol add up to more than 1e18 steps");
}

/* A header, a cash slot and one slot per instrument held must fit the contract's account. */
static void check_slots(const struct sums *sums, const struct pl_book_account *account,
                        uint32_t line)
{
    if (sums->slots + 2 > PL_ACCOUNT_SLOTS_MAX)
        pl_text_error_add(sums->loader->error, sums->path, line, 0,
                          "account \"%s\" has more than %d positions (split it)", account->name,
                          PL_ACCOUNT_SLOTS_MAX - 2);
}

static void sum_positions(struct sums *sums)
{
    const struct pl_book *book = sums->loader->book;
    for (uint32_t a = 0; a < book->account_count; a++) {
        const struct pl_book_account *account = &book->accounts[a];
        const struct pl_book_position *rows = book->positions + account->first_position;
        if (account->position_count == 0)
            continue;
        sums->slots = 0;
        for (uint32_t i = 0; i < account->position_count; i++)
            add_up(sums, rows[i].instrument, rows[i].steps, rows[i].line);
        for (uint32_t i = 0; i < account->position_count; i++) {
            sums->steps[rows[i].instrument] = 0;
            sums->seen[rows[i].instrument] = 0;
        }
        check_slots(sums, account, rows[0].line);
    }
}

static void sum_orders(struct sums *sums, bool buys)
{
    const struct pl_book *book = sums->loader->book;
    for (uint32_t a = 0; a < book->account_count; a++) {
        const struct pl_book_account *account = &book->accounts[a];
        const struct pl_book_order *rows = book->orders + account->first_order;
        if (account->order_count == 0)
            continue;
        for (uint32_t i = 0; i < account->order_count; i++)
            if (rows[i].is_buy == buys)
                add_up(sums, rows[i].instrument, rows[i].steps, rows[i].line);
        for (uint32_t i = 0; i < account->order_count; i++) {
            sums->steps[rows[i].instrument] = 0;
            sums->seen[rows[i].instrument] = 0;
        }
    }
}

static int check_sums(struct pl_book_loader *loader, const char *path, bool positions)
{
    size_t count = loader->book->instrument_count;
    struct sums sums = { .loader = loader, .path = path };
    sums.steps = pl_memory_alloc(count * sizeof *sums.steps);
    sums.seen = pl_memory_alloc(count * sizeof *sums.seen);
    int result = sums.steps == NULL || sums.seen == NULL ? -ENOMEM : 0;
    if (result == 0 && positions) {
        sum_positions(&sums);
    } else if (result == 0) {
        sum_orders(&sums, true);
        sum_orders(&sums, false);
    }
    pl_memory_free(sums.seen);
    pl_memory_free(sums.steps);
    return result;
}

static int finish_positions(struct pl_book_loader *loader, const char *path)
{
    struct pl_book *book = loader->book;
    uint32_t *first = pl_memory_alloc((size_t)book->account_count * sizeof *first);
    if (first == NULL)
        return -ENOMEM;
    uint32_t next = 0;
    for (uint32_t i = 0; i < book->account_count; i++) {
        book->accounts[i].first_position = first[i] = next;
        next += book->accounts[i].position_count;
    }
    struct pl_book_position *grouped = group(book->positions, loader->position_owners,
                                             book->position_count, sizeof *grouped, first);
    pl_memory_free(first);
    pl_memory_free(loader->position_owners);
    loader->position_owners = NULL;
    if (grouped == NULL)
        return -ENOMEM;
    book->positions = grouped;
    return check_sums(loader, path, true);
}

static int finish_orders(struct pl_book_loader *loader, const char *path)
{
    struct pl_book *book = loader->book;
    uint32_t *first = pl_memory_alloc((size_t)book->account_count * sizeof *first);
    if (first == NULL)
        return -ENOMEM;
    uint32_t next = 0;
    for (uint32_t i = 0; i < book->account_count; i++) {
        book->accounts[i].first_order = first[i] = next;
        next += book->accounts[i].order_count;
    }
    struct pl_book_order *grouped =
        group(book->orders, loader->order_owners, book->order_count, sizeof *grouped, first);
    pl_memory_free(first);
    pl_memory_free(loader->order_owners);
    loader->order_owners = NULL;
    if (grouped == NULL)
        return -ENOMEM;
    book->orders = grouped;
    return check_sums(loader, path, false);
}

const struct pl_book_file pl_book_positions_file = {
    .name = "positions.csv",
    .required = true,
    .columns = position_columns,
    .column_count = POSITION_COLUMN_COUNT,
    .take_row = take_position,
    .finish = finish_positions,
};

const struct pl_book_file pl_book_orders_file = {
    .name = "orders.csv",
    .columns = order_columns,
    .column_count = ORDER_COLUMN_COUNT,
    .take_row = take_order,
    .finish = finish_orders,
};
