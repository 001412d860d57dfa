#include "book_loader.h"
#include "memory.h"
#include "text_error.h"

#include <errno.h>
#include <string.h>

enum {
    SYMBOL,
    KIND,
    UNDERLYING,
    EXPIRY,
    STRIKE,
    OPTION_TYPE,
    FORWARD,
    SETTLEMENT,
    CONTRACT_SIZE,
    QUANTITY_STEP,
    COLUMN_COUNT
};

static const struct pl_csv_column columns[COLUMN_COUNT] = {
    [SYMBOL] = { "symbol", true },
    [KIND] = { "kind", true },
    [UNDERLYING] = { "underlying", true },
    [EXPIRY] = { "expiry", false },
    [STRIKE] = { "strike", false },
    [OPTION_TYPE] = { "option_type", false },
    [FORWARD] = { "forward", false },
    [SETTLEMENT] = { "settlement", false },
    [CONTRACT_SIZE] = { "contract_size", false },
    [QUANTITY_STEP] = { "quantity_step", false },
};

static const char *const kind_words[] = { "spot", "perpetual", "future", "option" };
_Static_assert(PL_KIND_SPOT == 1 && PL_KIND_PERPETUAL == 2 && PL_KIND_FUTURE == 3 &&
                   PL_KIND_OPTION == 4,
               "the words are in the order of the kinds");

/* A name that ticks.csv could not tell from its own prefixes. */
static bool is_reserved(const struct pl_csv_cell *cell)
{
    static const char *const prefixes[] = { "vol:", "rate:", "settlement:" };
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
        size_t length = strlen(prefixes[i]);
        if (cell->length >= length && memcmp(cell->text, prefixes[i], length) == 0)
            return true;
    }
    return false;
}

static bool good_name(const struct pl_book_row *row, size_t column)
{
    if (!pl_row_name(row, column))
        return false;
    if (!is_reserved(&row->cells[column]))
        return true;
    pl_row_error(row, column,
                 "the prefixes vol:, rate: and settlement: belong to rows of ticks.csv");
    return false;
}

static int add_node(struct pl_book_loader *loader, const struct pl_csv_cell *cell, unsigned role,
                    uint32_t *node)
{
    bool is_new;
    int result =
        pl_symbols_add(&loader->book->names->nodes, cell->text, cell->length, node, &is_new);
    if (result != 0)
        return result;
    struct pl_node_state *states = pl_memory_grow(
        loader->node_states, &loader->node_states_capacity, (uint64_t)*node + 1, sizeof *states);
    if (states == NULL)
        return -ENOMEM;
    loader->node_states = states;
    if (is_new)
        states[*node] = (struct pl_node_state){ .expiry = UINT32_MAX };
    states[*node].roles |= (uint8_t)role;
    return 0;
}

static int add_underlying(const struct pl_book_row *row, uint32_t *underlying)
{
    struct pl_book_loader *loader = row->loader;
    struct pl_book *book = loader->book;
    const struct pl_csv_cell *cell = &row->cells[UNDERLYING];
    bool is_new;
    int result =
        pl_symbols_add(&book->names->underlyings, cell->text, cell->length, underlying, &is_new);
    if (result != 0 || !is_new)
        return result;
    if (book->underlying_count == PL_UNDERLYINGS_MAX)
        pl_row_error(row, UNDERLYING, "more than %d underlyings", PL_UNDERLYINGS_MAX);
    struct pl_book_underlying *list =
        pl_memory_grow(book->underlyings, &loader->underlyings_capacity,
                       book->underlying_count + 1u, sizeof *list);
    if (list == NULL)
        return -ENOMEM;
    book->underlyings = list;
    struct pl_book_underlying *added = &list[book->underlying_count++];
    added->name = book->names->underlyings.names[*underlying];
    return add_node(loader, cell, PL_NODE_UNDERLYING, &added->node);
}

/* The cells that only some kinds have. */
static void read_terms(const struct pl_book_row *row, struct pl_book_instrument *instrument)
{
    static const char *const types[] = { "put", "call" };
    bool option = instrument->kind == PL_KIND_OPTION;
    if (option || instrument->kind == PL_KIND_FUTURE) {
        if (pl_row_time(row, EXPIRY, &instrument->expiry_us) && instrument->expiry_us == 0)
            pl_row_error(row, EXPIRY, "must be after 1970-01-01T00:00:00Z");
    } else {
        (void)pl_row_must_be_empty(row, EXPIRY, "only futures and options expire");
    }
    if (option) {
        (void)pl_row_positive(row, STRIKE, &instrument->strike);
        instrument->is_call = pl_row_choice(row, OPTION_TYPE, types, 2) == 1;
    } else {
        (void)pl_row_must_be_empty(row, STRIKE, "only options have a strike");
        (void)pl_row_must_be_empty(row, OPTION_TYPE, "only options are call or put");
        (void)pl_row_must_be_empty(row, FORWARD, "only options name a forward");
    }
}

static void read_sizes(const struct pl_book_row *row, struct pl_book_instrument *instrument)
{
    static const char *const settlements[] = { "cash", "coin" };
    const struct pl_decimal one = { 1, 0 };
    if (!pl_row_is_empty(row, SETTLEMENT))
        instrument->coin_settled = pl_row_choice(row, SETTLEMENT, settlements, 2) == 1;
    if (instrument->coin_settled && instrument->kind == PL_KIND_SPOT)
        pl_row_error(row, SETTLEMENT, "must be empty or cash for spot");
    instrument->contract_size = one;
    if (!pl_row_is_empty(row, CONTRACT_SIZE))
        (void)pl_row_positive(row, CONTRACT_SIZE, &instrument->contract_size);
    if (instrument->kind == PL_KIND_SPOT && pl_decimal_compare(instrument->contract_size, one) != 0)
        pl_row_error(row, CONTRACT_SIZE, "must be empty or 1 for spot: its quantity is in coins");
    instrument->quantity_step = one;
    if (!pl_row_is_empty(row, QUANTITY_STEP))
        (void)pl_row_positive(row, QUANTITY_STEP, &instrument->quantity_step);
}

/* One forward per (underlying, expiry) and one (underlying, expiry) per forward: its rate and its
 * confidences are those of the expiry. */
static int read_forward(const struct pl_book_row *row, struct pl_book_instrument *instrument,
                        uint32_t index)
{
    struct pl_book_loader *loader = row->loader;
    uint32_t node;
    if (!good_name(row, FORWARD))
        return 0;
    int result = add_node(loader, &row->cells[FORWARD], PL_NODE_FORWARD, &node);
    if (result != 0)
        return result;
    instrument->forward = node;
    int64_t number = instrument->expiry_us > 0 ? pl_book_expiry(loader, instrument->underlying,
                                                                instrument->expiry_us, true)
                                               : -1;
    if (number < 0)
        return number == -ENOMEM ? -ENOMEM : 0;
    struct pl_book_expiry *expiry = &loader->expiries[number];
    struct pl_node_state *state = &loader->node_states[node];
    if (expiry->forward == PL_NODE_NONE) {
        expiry->forward = node;
        expiry->forward_line = (uint32_t)pl_csv_line(row->csv);
    } else if (expiry->forward != node) {
        pl_row_error(row, FORWARD, "line %u names %s for the same underlying and expiry",
                     expiry->forward_line, loader->book->names->nodes.names[expiry->forward]);
        return 0;
    }
    if (state->expiry == UINT32_MAX) {
        state->expiry = (uint32_t)number;
        state->forward_row = index;
    } else if (state->expiry != (uint32_t)number) {
        pl_row_error(row, FORWARD, "line %u names it for another underlying or expiry",
                     loader->expiries[state->expiry].forward_line);
    }
    return 0;
}

static unsigned role_of(const struct pl_book_instrument *instrument)
{
    if (instrument->kind == PL_KIND_OPTION)
        return PL_NODE_OPTION;
    return instrument->kind == PL_KIND_SPOT ? PL_NODE_SPOT : PL_NODE_LINEAR;
}

static int add_instrument(const struct pl_book_row *row, struct pl_book_instrument instrument)
{
    struct pl_book_loader *loader = row->loader;
    struct pl_book *book = loader->book;
    const struct pl_csv_cell *cell = &row->cells[SYMBOL];
    uint32_t index;
    bool is_new;
    int result =
        pl_symbols_add(&book->names->instruments, cell->text, cell->length, &index, &is_new);
    if (result != 0)
        return result;
    if (!is_new) {
        pl_row_error(row, SYMBOL, "stands in line %u already", book->instruments[index].line);
        return 0;
    }
    struct pl_book_instrument *list = pl_memory_grow(
        book->instruments, &loader->instruments_capacity, (uint64_t)index + 1, sizeof *list);
    if (list == NULL)
        return -ENOMEM;
    book->instruments = list;
    instrument.symbol = book->names->instruments.names[index];
    result = add_node(loader, cell, role_of(&instrument), &instrument.node);
    instrument.forward = instrument.node;
    if (result == 0 && instrument.kind == PL_KIND_OPTION)
        result = read_forward(row, &instrument, index);
    else if (result == 0 && instrument.expiry_us > 0 &&
             pl_book_expiry(loader, instrument.underlying, instrument.expiry_us, true) < 0)
        result = -ENOMEM;
    if (loader->expiry_count > PL_EXPIRIES_MAX)
        pl_row_error(row, EXPIRY, "more than %d expiries", PL_EXPIRIES_MAX);
    list[index] = instrument;
    book->instrument_count = index + 1;
    return result;
}

static int take_row(const struct pl_book_row *row)
{
    struct pl_book_instrument instrument = { .line = (uint32_t)pl_csv_line(row->csv) };
    bool named = good_name(row, SYMBOL);
    int kind = pl_row_choice(row, KIND, kind_words, 4);
    if (!good_name(row, UNDERLYING) || kind < 0 || !named)
        return 0;
    if (row->loader->book->instrument_count >= PL_INSTRUMENTS_MAX) {
        pl_row_error(row, SYMBOL, "more than %d instruments", PL_INSTRUMENTS_MAX);
        return 0;
    }
    instrument.kind = (uint8_t)(kind + 1);
    int result = add_underlying(row, &instrument.underlying);
    if (result != 0)
        return result;
    read_terms(row, &instrument);
    read_sizes(row, &instrument);
    return add_instrument(row, instrument);
}

/* A node with two meanings must have one price. */
static void check_node(struct pl_book_loader *loader, const char *path,
                       const struct pl_book_instrument *instrument)
{
    const struct pl_book *book = loader->book;
    const struct pl_node_state *state = &loader->node_states[instrument->node];
    if ((state->roles & PL_NODE_UNDERLYING) != 0 && instrument->kind != PL_KIND_SPOT)
        pl_text_error_add(loader->error, path, instrument->line, 0,
                          "symbol \"%s\" is also an underlying: only a spot coin may share its "
                          "price (rename the instrument)",
                          instrument->symbol);
    if ((state->roles & PL_NODE_FORWARD) == 0 || state->expiry == UINT32_MAX)
        return;
    const struct pl_book_expiry *expiry = &loader->expiries[state->expiry];
    if (instrument->kind != PL_KIND_FUTURE || instrument->underlying != expiry->underlying ||
        instrument->expiry_us != expiry->time_us)
        pl_text_error_add(loader->error, path, book->instruments[state->forward_row].line, 0,
                          "forward \"%s\" is the instrument of line %u, which is not a future of "
                          "the same underlying and expiry",
                          instrument->symbol, instrument->line);
}

static int finish(struct pl_book_loader *loader, const char *path)
{
    struct pl_book *book = loader->book;
    const struct pl_symbols *names = &book->names->nodes;
    for (uint32_t i = 0; i < book->instrument_count; i++)
        check_node(loader, path, &book->instruments[i]);
    for (uint32_t i = 0; i < names->count; i++) {
        const struct pl_node_state *state = &loader->node_states[i];
        if ((state->roles & PL_NODE_FORWARD) != 0 && (state->roles & PL_NODE_UNDERLYING) != 0 &&
            state->expiry != UINT32_MAX)
            pl_text_error_add(loader->error, path, book->instruments[state->forward_row].line, 0,
                              "forward \"%s\" is an underlying: an expiry needs a price of its own",
                              names->names[i]);
    }
    char settlement[PL_SYMBOL_LENGTH_MAX + 16] = "settlement:";
    size_t prefix = strlen(settlement), length = strlen(book->settlement_currency);
    memcpy(settlement + prefix, book->settlement_currency, length);
    const struct pl_csv_cell cell = { settlement, (uint32_t)(prefix + length), 0 };
    int result = add_node(loader, &cell, 0, &book->settlement_currency_node);
    if (result != 0)
        return result;
    book->node_count = names->count;
    book->nodes = pl_memory_alloc((size_t)names->count * sizeof *book->nodes);
    if (book->nodes == NULL)
        return -ENOMEM;
    for (uint32_t i = 0; i < names->count; i++)
        book->nodes[i].symbol = names->names[i];
    return 0;
}

const struct pl_book_file pl_book_instruments_file = {
    .name = "instruments.csv",
    .required = true,
    .must_have_rows = true,
    .columns = columns,
    .column_count = COLUMN_COUNT,
    .take_row = take_row,
    .finish = finish,
};
