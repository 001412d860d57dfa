/* A book as its files state it (docs/book-format.md): symbols resolved, numbers exact, nothing
 * derived yet. */
#ifndef PL_FEED_BOOK_H
#define PL_FEED_BOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "decimal.h"
#include "pl_abi.h"

struct pl_text_error;

#define PL_BOOK_STEPS_MAX INT64_C(1000000000000000000) /* of a position or a sum of orders */
#define PL_BOOK_ROWS_MAX UINT32_C(0xFFFFFFFE)          /* of one file */
#define PL_BOOK_SOURCES_MAX 16                         /* of one underlying */
#define PL_BOOK_VENUES_MAX 16
#define PL_BOOK_QUOTE_SETTLEMENT (-1) /* the settlement currency */

/* A symbol that ticks can price. An instrument, an underlying and a forward of one name share a
 * node. */
struct pl_book_node {
    const char *symbol;
};

struct pl_book_instrument {
    const char *symbol;
    uint8_t kind; /* PL_KIND_SPOT, _PERPETUAL, _FUTURE, _OPTION */
    bool is_call;
    bool coin_settled;
    uint32_t underlying; /* index into underlyings */
    uint32_t node;       /* its own price (option: published mark and vol) */
    uint32_t forward;    /* option: node of its forward; else its own node */
    int64_t expiry_us;   /* 0: none */
    struct pl_decimal strike, contract_size, quantity_step;
    uint32_t line;    /* in instruments.csv, for later messages */
    int64_t rated_us; /* of its last rate of funding; 0: none */
};

struct pl_book_underlying {
    const char *name;
    uint32_t node; /* index price */
};

enum pl_book_tick_field {
    PL_TICK_FIELD_PRICE,           /* price (and rate, confidence) of a node; option: vol */
    PL_TICK_FIELD_VOL_CONFIDENCE,  /* confidence of the vols of a forward node: symbol "vol:FORWARD"
                                    */
    PL_TICK_FIELD_RATE_CONFIDENCE, /* "rate:FORWARD" */
};

struct pl_book_tick_row {
    uint32_t node;
    uint8_t field;  /* enum pl_book_tick_field */
    bool has_price; /* false: cell empty */
    bool has_vol;
    struct pl_decimal price, vol, rate;
    int64_t confidence_q40; /* 0..1 */
    int64_t price_time_us;  /* the tick's time when the cell is empty; never later than the tick */
};

struct pl_book_tick {
    int64_t time_us;
    uint32_t first_row, row_count;
};

struct pl_book_account {
    const char *name;
    uint8_t mode;   /* PL_MODE_PORTFOLIO, _CROSS, _ISOLATED */
    int32_t parent; /* index of the parent account, or -1 */
    int64_t cash_e8;
    int64_t multiplier_q40;
    uint32_t first_position, position_count; /* rows of positions, in file order */
    uint32_t first_order, order_count;
};

struct pl_book_position {
    uint32_t instrument;
    uint32_t line;                 /* in positions.csv, for later messages */
    int64_t steps;                 /* quantity / quantity_step, signed, not 0 */
    struct pl_decimal entry_price; /* mantissa 0: none */
};

struct pl_book_order {
    uint32_t instrument;
    uint32_t line; /* in orders.csv */
    int64_t steps; /* > 0 */
    bool is_buy;
};

struct pl_book_settlement {
    uint32_t underlying;
    int64_t expiry_us;
    struct pl_decimal price; /* > 0 */
};

/* Who reports prices of an underlying. */
struct pl_book_source {
    const char *name;
    uint32_t underlying, number; /* number: among the sources of its underlying, in file order */
    uint32_t venue;
    int32_t quote;     /* PL_BOOK_QUOTE_SETTLEMENT, or an underlying of a lower index */
    bool is_cross;     /* its price is that of `of` over that of `over`; it has no reports */
    uint32_t of, over; /* sources */
    int64_t last_us;   /* of its last report; 0: none */
};

struct pl_book_report {
    int64_t time_us, source_us; /* of arrival, never decreasing; of the source's clock */
    uint32_t source;
    struct pl_decimal price, confidence; /* in its quote currency */
};

/* Of a perpetual's funding, from its time on. */
struct pl_book_rate {
    int64_t time_us; /* never decreasing; of one instrument always later */
    uint32_t instrument;
    int64_t rate_q40; /* per interval; above 0: longs pay shorts */
};

struct pl_book {
    char *path, *name, *description, *settlement_currency, *source,
        *model_path; /* model_path is usable as it is */
    uint32_t node_count, underlying_count, instrument_count, tick_count, tick_row_count;
    uint32_t account_count, settlement_count;
    uint32_t source_count, report_count; /* 0: prices are those of the ticks */
    uint32_t rate_count;
    uint64_t position_count, order_count;
    uint32_t settlement_currency_node; /* node of "settlement:CUR" */
    struct pl_book_node *nodes;
    struct pl_book_underlying *underlyings;
    struct pl_book_instrument *instruments; /* in file order */
    struct pl_book_tick *ticks;
    struct pl_book_tick_row *tick_rows;
    struct pl_book_account *accounts;
    struct pl_book_position *positions;
    struct pl_book_order *orders;
    struct pl_book_settlement *settlements;
    struct pl_book_source *sources;
    struct pl_book_report *reports; /* in order of arrival */
    struct pl_book_rate *rates;
    struct pl_book_names *names; /* the indices by name; owns the strings */
};

/* Loads and validates a book (not its model). Returns 0 or a negative errno with *error filled:
 * every problem found (up to a named limit, then a count), each naming file, line, column and rule.
 */
int pl_book_load(const char *folder, struct pl_book **out, struct pl_text_error *error);
void pl_book_free(struct pl_book *book);

/* Indices by name, -1 if unknown. */
int64_t pl_book_find_account(const struct pl_book *book, const char *name);
int64_t pl_book_find_instrument(const struct pl_book *book, const char *symbol);
const char *pl_book_venue_name(const struct pl_book *book, uint32_t venue);

#endif
