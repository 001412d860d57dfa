/* A book while it is loaded: one file of code per CSV, each a table of columns and a function that
 * takes one row. Private to host/feed. */
#ifndef PL_FEED_BOOK_LOADER_H
#define PL_FEED_BOOK_LOADER_H

#include "book.h"
#include "csv.h"
#include "symbols.h"

#define PL_BOOK_PATH_MAX 4096
#define PL_NODE_NONE UINT32_MAX

/* Numbers in these are indices into the arrays of the book. */
struct pl_book_names {
    struct pl_symbols nodes, underlyings, instruments, accounts, sources, venues;
};

enum pl_node_role { /* bits: what a tick symbol is */
                    PL_NODE_UNDERLYING = 1 << 0,
                    PL_NODE_SPOT = 1 << 1,
                    PL_NODE_LINEAR = 1 << 2, /* perpetual or future */
                    PL_NODE_OPTION = 1 << 3,
                    PL_NODE_FORWARD = 1 << 4, /* of options */
};

/* All that expires together. */
struct pl_book_expiry {
    uint32_t underlying;
    uint32_t forward; /* node of its options' forward, or PL_NODE_NONE */
    int64_t time_us;
    uint32_t forward_line; /* in instruments.csv */
    bool settled;          /* has a row in settlements.csv */
};

struct pl_node_state {
    uint8_t roles;         /* enum pl_node_role */
    uint32_t expiry;       /* of a forward: the index of the expiry whose options name it */
    uint32_t forward_row;  /* the instrument that named it as forward first */
    uint32_t ticked_at[3]; /* by enum pl_book_tick_field: the tick that last had a row, from 1 */
};

/* parent of an account, kept until all accounts are known */
struct pl_parent_reference {
    uint32_t account, name; /* name: number in parent_names */
    uint32_t line, column;
};

struct pl_book_loader {
    struct pl_book *book;
    struct pl_text_error *error;
    const char *folder;
    struct pl_node_state *node_states;
    struct pl_book_expiry *expiries; /* numbered by expiry_names */
    struct pl_symbols expiry_names;  /* keys: the bytes of (underlying, time) as text */
    struct pl_symbols parent_names;
    struct pl_parent_reference *parents;
    uint32_t *position_owners, *order_owners; /* account of each row, until they are grouped */
    uint32_t last_account; /* of the row before: rows of one account are neighbours */
    int64_t multipliers[PL_MULTIPLIERS_MAX]; /* different ones */
    uint32_t multiplier_count, parent_count, expiry_count;
    uint64_t node_states_capacity, underlyings_capacity, instruments_capacity, expiries_capacity,
        ticks_capacity, tick_rows_capacity, accounts_capacity, parents_capacity, positions_capacity,
        position_owners_capacity, orders_capacity, order_owners_capacity, settlements_capacity,
        sources_capacity, reports_capacity, rates_capacity;
};

/* One row of a CSV file, with what its cells need to be judged. */
struct pl_book_row {
    struct pl_book_loader *loader;
    const struct pl_csv *csv;
    const struct pl_csv_column *columns;
    const struct pl_csv_cell *cells;
};

struct pl_book_file {
    const char *name; /* "ticks.csv"; "ticks.csv.gz" and "ticks.csv.zst" are looked for as well */
    bool required;
    bool must_have_rows;
    const struct pl_csv_column *columns;
    size_t column_count;
    int (*take_row)(const struct pl_book_row *row); /* 0 or -ENOMEM; problems go to the error */
    /* after the last row, may be NULL; likewise */
    int (*finish)(struct pl_book_loader *loader, const char *path);
};

extern const struct pl_book_file pl_book_instruments_file, pl_book_ticks_file,
    pl_book_accounts_file, pl_book_positions_file, pl_book_orders_file, pl_book_settlements_file,
    pl_book_sources_file, pl_book_reports_file, pl_book_funding_file;

/* Reads a file, or with `header_only` just its first line. Returns 0 when it could be read to its
 * end (its rows may have problems), or a negative errno with the problem added to the error. */
int pl_book_read_file(struct pl_book_loader *loader, const struct pl_book_file *file,
                      bool header_only);

/* Cells. Each returns true when the cell is good, else adds the problem and returns false. */
struct pl_book_range {
    const char *min, *max;
};
bool pl_row_is_empty(const struct pl_book_row *row, size_t column);
__attribute__((format(printf, 3, 4))) void pl_row_error(const struct pl_book_row *row,
                                                        size_t column, const char *format, ...);
bool pl_row_must_be_empty(const struct pl_book_row *row, size_t column, const char *why);
bool pl_row_name(const struct pl_book_row *row, size_t column);
bool pl_row_decimal(const struct pl_book_row *row, size_t column, struct pl_decimal *out);
bool pl_row_positive(const struct pl_book_row *row, size_t column, struct pl_decimal *out);
/* Both ends included; an empty cell keeps *out. */
bool pl_row_in_range(const struct pl_book_row *row, size_t column, struct pl_book_range range,
                     struct pl_decimal *out);
bool pl_row_time(const struct pl_book_row *row, size_t column, int64_t *time_us);
/* The cell's place in `words`, or -1 (reported). */
int pl_row_choice(const struct pl_book_row *row, size_t column, const char *const *words,
                  int count);
/* Known names; a name that is not known is reported. */
bool pl_row_instrument(const struct pl_book_row *row, size_t column, uint32_t *instrument);
bool pl_row_account(const struct pl_book_row *row, size_t column, uint32_t *account);
/* A quantity in steps of the instrument. */
bool pl_row_quantity(const struct pl_book_row *row, size_t column, uint32_t instrument,
                     int64_t *steps);

/* The number of the expiry; added when `add`, else -1. Returns -ENOMEM without memory. */
int64_t pl_book_expiry(struct pl_book_loader *loader, uint32_t underlying, int64_t time_us,
                       bool add);
int pl_book_out_of_memory(struct pl_book_loader *loader, const char *path);

#endif
