/* Inside the library: from instruments, model and prices to the records of a device, and from
 * accounts to slots.
 *
 * layout.c    groups instruments into expiries and rows, in the order of the contract
 * scale.c     chooses each expiry's price unit and row unit from its prices
 * load.c      load records        tick.c  tick records       account.c  slots
 * api.c       the public functions */
#ifndef PL_STAGE_STAGE_H
#define PL_STAGE_STAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dev/dev.h"
#include "feed/model_spec.h"
#include "feed/symbols.h"
#include "feed/text_error.h"
#include "model/fixed.h"
#include "plimsoll.h"

#define PL_NO_INDEX UINT32_MAX
#define PL_STAGE_MOVED_MAX 64

/* What an expiry record of the device stands for. */
enum pl_group_kind {
    PL_GROUP_SPOT,     /* one coin */
    PL_GROUP_LINEAR,   /* one cash-settled future or perpetual */
    PL_GROUP_COIN_LEG, /* the coin legs of all inverse contracts of an underlying, one group per
                          unit */
    PL_GROUP_INVERSE,  /* the settlement-currency leg of one inverse contract */
    PL_GROUP_OPTIONS,  /* the options of one expiry and settlement */
    PL_GROUP_NAKED,    /* naked short options of an underlying, one group per unit */
};

/* Legs of several contracts are counted in 1e-9 units, and held as rows of 1e9, 1 and 1e-9 units.
 */
#define PL_LEG_ROWS 3
#define PL_LEG_DECIMALS 9
#define PL_LEG_STEP INT64_C(1000000000) /* between two rows */

struct pl_group {
    enum pl_group_kind kind;
    uint32_t underlying;
    uint32_t instrument; /* spot, linear, inverse: which; else the first */
    uint32_t price_node; /* forward or mark */
    int64_t expiry_us;   /* 0: none */
    bool coin_settled, perpetual, scenario;
    uint32_t first_row, row_count;
    int price_decimals; /* price word = price * 10^price_decimals */
    int row_shift;
    int largest_unit;     /* exponent of its rows' units, without the shift */
    uint64_t strike_most; /* its largest strike word, at least 1 */
    bool finer_strikes;   /* with one more decimal its strikes would fit, too */
    bool sent;            /* the words below were sent in an earlier tick */
    struct pl_tick_price price;
    struct pl_tick_time time;
    struct pl_tick_shift shift;
};

struct pl_stage_row {
    uint32_t group;
    uint32_t instrument; /* PL_NO_INDEX: a leg of several */
    uint8_t kind;        /* PL_ROW_KIND_* */
    uint16_t margin_class;
    int leg_exponent; /* a leg of several: counts units of 10^this, one of 9, 0, -9 */
    struct pl_real unit;
    uint64_t strike;
    struct pl_tick_vol vol; /* as sent last; kind 0: never */
};

struct pl_stage_underlying {
    char name[PL_SYMBOL_BYTES];
    const struct pl_underlying_spec *spec;
    uint32_t node;
    uint32_t coin_row,
        naked_row; /* first row of the coin leg and of the naked shorts; PL_NO_INDEX: none */
    uint64_t largest_shock;       /* of a scenario on a price, rounded up */
    int64_t perpetual_confidence; /* lowest among its perpetuals, Q.40; of the tick in hand */
    int64_t im_loss_factor;
    bool sent;
};

struct pl_stage_instrument {
    char symbol[PL_SYMBOL_BYTES];
    uint8_t kind;
    bool is_call, coin_settled;
    int64_t expiry_us;
    uint32_t underlying, node, forward_node;
    struct pl_decimal strike, step, lot; /* lot: quantity_step * contract_size */
    uint32_t row;
    uint32_t
        naked_key; /* option: the same for calls and puts of one underlying, expiry and strike */
    uint16_t margin_class;
};

struct pl_stage {
    struct pl_model_spec *spec;
    struct pl_capabilities capabilities;
    struct pl_symbols nodes; /* everything that has a price */
    struct pl_price *prices; /* by node: as set */
    struct pl_decimal
        *last_prices;   /* by node: the last usable price, at or before the committed tick */
    uint32_t *vol_rows; /* by node: the row whose vol is all that it gives; PL_NO_INDEX: there is
                           more, or nothing */
    uint32_t moved[PL_STAGE_MOVED_MAX]; /* rows of vols that were set since the last tick */
    uint32_t moved_count;
    bool whole; /* the next tick looks at everything that is priced, not at `moved` alone */
    uint32_t stable_node;
    uint32_t underlying_count, instrument_count, group_count, row_count, multiplier_count;
    struct pl_stage_underlying *underlyings;
    struct pl_stage_instrument *instruments;
    struct pl_group *groups;
    struct pl_stage_row *rows;
    int64_t *multipliers_q40;
    bool loaded, committed; /* the device holds this layout, and a tick */
    uint64_t tick;
    int64_t time_us;
};

/* Each returns 0 or a negative errno with the message filled. */
int pl_stage_layout(struct pl_stage *stage, const struct pl_setup *setup, char *message);
void pl_stage_free(struct pl_stage *stage);

/* At load: do strikes and quantity steps fit at all? 0, or -ERANGE with the message filled. */
int pl_stage_check_units(struct pl_stage *stage, char *message);

/* Chooses price and row units for the last usable prices; true when any differs from before, or
 * nothing is loaded yet. The choice depends on instruments, model and prices only, not on what was
 * chosen before. */
bool pl_stage_scale(struct pl_stage *stage);

/* Margin classes of a load. */
uint32_t pl_stage_class_count(const struct pl_stage *stage);

/* The price of a node was set. */
void pl_stage_note(struct pl_stage *stage, uint32_t node);

/* The next tick's records are all of them, not only what changed. */
void pl_stage_resend(struct pl_stage *s);

/* The records of a load, or of a tick at stage->time_us with its COMMIT; *records is freed by the
 * caller. A tick holds only what changed since the last one. */
int pl_stage_load_records(const struct pl_stage *stage, struct pl_line **records, size_t *count);
int pl_stage_tick_records(struct pl_stage *stage, struct pl_line **records, size_t *count);

/* The whole committed tick again, every record as it was sent last, with its COMMIT: what a device
 * that has just been loaded needs. */
int pl_stage_committed_records(const struct pl_stage *stage, struct pl_line **records,
                               size_t *count);

/* A price that can be used: there is one, above 0 and below 9e18. */
bool pl_stage_is_priced(const struct pl_stage *stage, uint32_t node);

/* The last usable price of a node as an unsigned word of `decimals`; false when there never was
 * one, it does not fit the profile's words, or the word would be more than 1e-6 (full: 2e-9) off.
 */
bool pl_stage_price_word(const struct pl_stage *stage, uint32_t node, int decimals, uint64_t *word);
unsigned pl_stage_price_bits(const struct pl_stage *stage);

/* Appends the slots of one account (no END) to `slots`, which has room for
 * pl_stage_slots_max(account). Returns their number, or a negative errno with the message filled.
 */
size_t pl_stage_slots_max(const struct pl_account *account);
int64_t pl_stage_account_slots(const struct pl_stage *stage, const struct pl_account *account,
                               uint64_t *slots, char *message);

#endif
