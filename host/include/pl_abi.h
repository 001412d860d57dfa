/* Generated from hw/abi/contract.toml by hw/abi/gen.py; do not edit. */
#ifndef PL_ABI_H
#define PL_ABI_H

#include <stddef.h>
#include <stdint.h>

#define PL_CONTRACT_VERSION 1
#define PL_CONTRACT_HASH UINT64_C(0xB1AAB43825B3612D) /* layout and arithmetic */

#define PL_LINE_BYTES 64 /* Unit of every transfer by the card. */
#define PL_SLOT_BYTES 8 /* Unit of the account stream. */
#define PL_MAGIC 1296649296 /* First register: the letters PLIM in little-endian order. */
#define PL_COEFFICIENT_BITS 40 /* Fractional bits of a q40 coefficient. */
#define PL_COEFFICIENT_MAX 64 /* A q40 coefficient lies in [-64, 64]. */
#define PL_VOL_MULTIPLIER_MAX 4095 /* A vol multiplier lies in [0, 4095]. */
#define PL_VOL_BITS 45 /* Fractional bits of an instrument's volatility word (Q3.45). */
#define PL_VOL_MAX 8 /* A volatility is below this (800 %). */
#define PL_RATE_BITS 48 /* Fractional bits of a rate, per year, continuously compounded. */
#define PL_MONEY_DECIMALS 8 /* Money is a signed 64-bit count of 10^-8 of the settlement currency. */
#define PL_GAMMA_SHIFT 10 /* The row's gamma column is in units of 2^10 row units. */
#define PL_ROW_SHIFT_MAX 40 /* Row entries are money per lot in units of 10^-8 * 2^-row_shift; the shift belongs to the expiry and lies in [-ROW_SHIFT_MAX, ROW_SHIFT_MAX]. */
#define PL_YEAR_US UINT32_C(0x1CAE8C13E000) /* The model's year, 365 days, in microseconds. */
#define PL_SCENARIOS_MAX 40 /* Scenarios of one table, profile full. */
#define PL_SCENARIOS_MAX_SMALL 16 /* Scenarios of one table, profile small. */
#define PL_SCENARIO_TABLES_MAX 16 /* Scenario tables of one model. */
#define PL_UNDERLYINGS_MAX 1024 /* Underlyings of one model. */
#define PL_EXPIRIES_MAX 16384 /* Expiries (price groups) of one instrument table. */
#define PL_INSTRUMENTS_MAX 16777216 /* Instruments a software engine takes: the range of a slot's index. */
#define PL_INSTRUMENTS_MAX_SMALL 512 /* Instruments, profile small. */
#define PL_CLASSES_MAX 4096 /* Margin classes of one model. */
#define PL_BRACKET_TABLES_MAX 1024 /* Bracket tables of one model; 0 means no requirement, so the tables are numbered from 1. */
#define PL_BRACKETS_MAX 16 /* Brackets of one table. */
#define PL_OFFSET_GROUPS_MAX 16 /* Offset groups of one model; 0 means none, so the groups are numbered from 1. */
#define PL_MULTIPLIERS_MAX 256 /* Entries of the table of account multipliers; entry 0 is 1. */
#define PL_ACCOUNTS_MAX UINT32_C(0xFFFFFFFF) /* Account numbers lie below this. */
#define PL_ACCOUNT_SLOTS_MAX 16384 /* Slots of one account, header included. */
#define PL_ORDER_LOTS_MAX 268435455 /* Resting lots on one side of one instrument (28 bits). */
#define PL_PRICE_BITS_FULL 51 /* Forward, strike and reference price lie below 2^this, profile full. */
#define PL_PRICE_BITS_SMALL 34 /* The same, profile small. */
#define PL_ROW_BITS_FULL 51 /* Magnitude bits of a row entry, profile full. */
#define PL_ROW_BITS_SMALL 35 /* Magnitude bits of a row entry, profile small. */
#define PL_WATCH_ACCOUNTS_MAX 1024 /* Accounts of the watched set. */
#define PL_WATCH_SLOTS_MAX 16384 /* Slots of the watched set; a card may take fewer (CAP_WATCH_SLOTS). */
#define PL_WINDOW_BYTES 4096 /* The window for ticks: a line written anywhere in it is taken as the next one. */
#define PL_WINDOW_LINES 64 /* Lines that wait behind the window; also the most of one tick. */
#define PL_RING_ENTRIES_MAX 4096 /* Entries of a submission or completion ring (a power of two). */
#define PL_SCATTER_ENTRIES_MAX 65536 /* Entries of a sweep's scatter list. */

/* Arithmetic profile: word widths and polynomials. */
enum pl_profile {
    PL_PROFILE_FULL = 1, /* value within 1e-12 of max(F, K) */
    PL_PROFILE_SMALL = 2, /* for parts with 18x18 multipliers: value within 1e-7 */
};

/* Instrument kinds of a book. */
enum pl_kind {
    PL_KIND_SPOT = 1, /* coin held as collateral or owed */
    PL_KIND_PERPETUAL = 2, /* perpetual future */
    PL_KIND_FUTURE = 3, /* dated future */
    PL_KIND_OPTION = 4, /* European option on a forward */
};

/* How an instrument record's risk row is filled. */
enum pl_row_kind {
    PL_ROW_KIND_OPTION = 1, /* value by Black-76 on the shocked forward */
    PL_ROW_KIND_LINEAR = 2, /* value is the shocked forward */
    PL_ROW_KIND_INVERSE = 3, /* settlement-currency leg of an inverse contract: value is minus the forward (index / mark), never shocked */
    PL_ROW_KIND_REQUIREMENT = 4, /* value 0: carries requirement columns only */
};

/* Margin mode of an account. */
enum pl_mode {
    PL_MODE_PORTFOLIO = 1, /* scenario loss plus portfolio columns */
    PL_MODE_CROSS = 2, /* brackets, summed over positions */
    PL_MODE_ISOLATED = 3, /* as cross, for one sub-account */
};

/* Verdict, from best to worst; excess = equity - requirement. */
enum pl_state {
    PL_STATE_HEALTHY = 0, /* initial excess >= 0 */
    PL_STATE_MARGIN_CALL = 1, /* initial excess < 0 */
    PL_STATE_INDETERMINATE = 2, /* cannot be judged: the flags say why */
    PL_STATE_LIQUIDATE = 3, /* maintenance excess < 0 */
    PL_STATE_BANKRUPT = 4, /* equity without haircuts < 0 */
};

/* How a scenario moves volatility. */
enum pl_vol_rule {
    PL_VOL_RULE_NONE = 0, /* sigma */
    PL_VOL_RULE_UP = 1, /* max(floor, sigma * up) */
    PL_VOL_RULE_DOWN = 2, /* sigma * down */
    PL_VOL_RULE_LINEAR = 3, /* skew by ln(K/F); the P&L counts as minus its absolute value */
    PL_VOL_RULE_ABS = 4, /* skew by |ln(K/F)|; the P&L counts as minus its absolute value */
};

/* Bits of a verdict's flags and of a row's flags (FLAG_X = 1 << value). */
enum pl_flag {
    PL_FLAG_UNPRICED = 1 << 0, /* a price is missing, or zero where it cannot be */
    PL_FLAG_STALE = 1 << 1, /* a price is older than the model allows */
    PL_FLAG_DOMAIN = 1 << 2, /* an input is outside its domain */
    PL_FLAG_SATURATED = 1 << 3, /* a row entry did not fit */
    PL_FLAG_OVERFLOW = 1 << 4, /* a sum did not fit 64-bit money */
    PL_FLAG_GREEKS = 1 << 5, /* a Greek did not fit; the state is not affected */
    PL_FLAG_IGNORED_ASSET = 1 << 6, /* an unpriced asset is held; the state is the same at value 0 and at its last price */
};

/* First byte of a 64-byte load or tick record. */
enum pl_record {
    PL_RECORD_MODEL = 1, /* pl_model */
    PL_RECORD_SCENARIO = 2, /* pl_scenario */
    PL_RECORD_UNDERLYING = 3, /* pl_underlying */
    PL_RECORD_EXPIRY = 4, /* pl_expiry */
    PL_RECORD_INSTRUMENT = 5, /* pl_instrument */
    PL_RECORD_CLASS = 6, /* pl_class */
    PL_RECORD_BRACKET = 7, /* pl_bracket */
    PL_RECORD_MULTIPLIER = 8, /* pl_multiplier */
    PL_RECORD_OFFSET_GROUP = 9, /* pl_offset_group */
    PL_RECORD_TICK_PRICE = 16, /* pl_tick_price */
    PL_RECORD_TICK_TIME = 17, /* pl_tick_time */
    PL_RECORD_TICK_SHIFT = 18, /* pl_tick_shift */
    PL_RECORD_TICK_VOL = 19, /* pl_tick_vol */
    PL_RECORD_TICK_UNDERLYING = 20, /* pl_tick_underlying */
    PL_RECORD_TICK_COMMIT = 21, /* pl_tick_commit */
};

/* Top byte of an 8-byte slot of the account stream. */
enum pl_tag {
    PL_TAG_PAD = 0, /* ignored */
    PL_TAG_HEADER = 1, /* starts an account */
    PL_TAG_CASH = 2, /* signed 56-bit money; all cash slots of an account add up */
    PL_TAG_CASH_HIGH = 3, /* signed 56-bit count of 2^32 money units */
    PL_TAG_POSITION = 4, /* instrument and signed lots; instruments strictly increase */
    PL_TAG_ORDERS = 5, /* resting lots of the position slot right before it */
    PL_TAG_REQUIREMENT = 6, /* as POSITION, of a requirement row, lots >= 0 */
    PL_TAG_END = 7, /* ends the stream */
};

/* Bits 31:29 of the serial of a record that a card writes; bits 28:0 number the records since reset, those of the watched set apart. */
enum pl_result {
    PL_RESULT_VERDICT = 4, /* a verdict, on both of its lines */
    PL_RESULT_UNDERLYING = 6, /* a record per underlying */
    PL_RESULT_SUMMARY = 7, /* the end of a sweep or an evaluation */
};

/* Operation of a submission. */
enum pl_op {
    PL_OP_NOP = 0, /* completes */
    PL_OP_LOAD = 1, /* load records; the tables of a MODEL record's version replace all others */
    PL_OP_TICK = 2, /* tick records into the live bank */
    PL_OP_COMMIT = 3, /* the live bank becomes the frozen one */
    PL_OP_SWEEP = 4, /* evaluate an account stream, of a scatter list or in one piece, on the frozen bank */
    PL_OP_WATCH = 5, /* replace the watched set */
    PL_OP_FENCE = 6, /* completes after everything before it */
    PL_OP_READ_ROWS = 7, /* risk rows and quotes of the frozen tick, computed again, to the host */
    PL_OP_SELF_TEST = 8, /* known-answer test */
};

/* Status of a completion; the library returns its negative value. */
enum pl_status {
    PL_STATUS_OK = 0, /* done */
    PL_STATUS_BUS_ERROR = 201, /* the bus answered with an error */
    PL_STATUS_TIMEOUT = 202, /* the bus or the card did not answer in time */
    PL_STATUS_MALFORMED_SLOT = 203, /* a slot breaks the contract; the completion names it */
    PL_STATUS_MALFORMED_RECORD = 204, /* a record breaks the contract; the completion names it */
    PL_STATUS_UNCORRECTABLE = 205, /* an uncorrectable memory error */
    PL_STATUS_RING_FULL = 206, /* no room for verdicts */
    PL_STATUS_NOT_LOADED = 207, /* no model and instruments, or no committed tick */
    PL_STATUS_BAD_OPERATION = 208, /* unknown operation or length */
    PL_STATUS_BAD_ADDRESS = 209, /* misaligned or foreign address */
    PL_STATUS_LIMIT = 210, /* a limit of this device is exceeded */
    PL_STATUS_LINK_DOWN = 211, /* the card does not answer */
    PL_STATUS_CONTRACT = 212, /* host and device disagree on the contract */
    PL_STATUS_RESET = 213, /* the card was reset; load again */
};

/* Bits of register CONTROL. */
enum pl_control {
    PL_CONTROL_ENABLE = 1 << 0, /* the card fetches submissions */
    PL_CONTROL_SOFT_RESET = 1 << 1, /* write 1 to reset; reads 1 until the reset has ended */
    PL_CONTROL_WINDOW_CLEAR = 1 << 2, /* write 1: the window forgets what waits, its status is OK and its next line number 1; reads as 0 */
};

/* Bits of register STATUS. */
enum pl_card {
    PL_CARD_LOADED = 1 << 0, /* model and instruments are complete */
    PL_CARD_COMMITTED = 1 << 1, /* a tick is frozen */
    PL_CARD_CLEAN = 1 << 2, /* the last soft reset found the bus quiet: the host may free its buffers */
    PL_CARD_NEEDS_FLR = 1 << 3, /* a transfer never ended: free buffers only after a function-level reset */
    PL_CARD_WATCHING = 1 << 4, /* a watched set is held */
};

/* Bits of registers IRQ_ENABLE and IRQ_PENDING, and interrupt lines. */
enum pl_irq {
    PL_IRQ_COMPLETION = 1 << 0, /* a completion was written */
    PL_IRQ_WATCHED = 1 << 1, /* a watched verdict was written */
    PL_IRQ_ERROR = 1 << 2, /* register ERROR was set */
};

/* Performance counters, 64 bits each, since reset. */
enum pl_counter {
    PL_COUNTER_CYCLES = 0, /* clock cycles */
    PL_COUNTER_SWEEP_CYCLES = 1, /* from the start of a sweep to the response to its completion */
    PL_COUNTER_SWEEP_SLOTS = 2, /* slots read by sweeps, padding included */
    PL_COUNTER_ACCOUNTS = 3, /* accounts judged */
    PL_COUNTER_STALL_INPUT = 4, /* cycles in which a sweep waited for a line of its stream */
    PL_COUNTER_STALL_LANES = 5, /* cycles in which a line of the stream waited for lanes */
    PL_COUNTER_STALL_OUTPUT = 6, /* cycles in which a verdict waited for the bus */
    PL_COUNTER_READ_LINES = 7, /* lines read from host memory */
    PL_COUNTER_WRITE_LINES = 8, /* lines written to host memory */
    PL_COUNTER_EVALUATIONS = 9, /* prices computed, one per instrument and scenario */
    PL_COUNTER_PRICE_CYCLES = 10, /* cycles in which the pricing engine was busy */
    PL_COUNTER_COMMITS = 11, /* ticks frozen */
    PL_COUNTER_CORRECTED = 12, /* memory words corrected by ECC */
    PL_COUNTER_WINDOW_LINES = 13, /* lines taken from the window */
    PL_COUNTER_WINDOW_REFUSED = 14, /* lines and ticks of the window that were refused */
    PL_COUNTER_CONFLATED = 15, /* lines of the window that replaced one of the same instrument or expiry before it was used */
    PL_COUNTER_TICKS_MERGED = 16, /* ticks of the window that were never committed alone: a later one took them in */
    PL_COUNTER_WATCH_RUNS = 17, /* evaluations of the watched set */
    PL_COUNTER_WATCH_DROPPED = 18, /* evaluations that were left out because the watch ring had no room for them */
};

/* Starts a load: the version and the number of entries of each table that follows. */
struct pl_model {
    uint8_t kind; /* RECORD_MODEL */
    uint8_t reserved0[3]; /* 0 */
    uint32_t model_version; /* of the margin model */
    uint32_t table_version; /* of the instrument table */
    uint32_t instruments; /* 1..INSTRUMENTS_MAX */
    uint32_t expiries; /* 1..EXPIRIES_MAX */
    uint32_t underlyings; /* 1..UNDERLYINGS_MAX */
    uint32_t classes; /* 1..CLASSES_MAX */
    uint32_t scenario_tables; /* 0..SCENARIO_TABLES_MAX */
    uint32_t bracket_tables; /* 0..BRACKET_TABLES_MAX-1 */
    uint32_t offset_groups; /* 0..OFFSET_GROUPS_MAX-1 */
    uint32_t multipliers; /* 1..MULTIPLIERS_MAX */
    uint32_t reserved1[5]; /* 0 */
};
_Static_assert(sizeof(struct pl_model) == 64, "size of pl_model");
_Static_assert(offsetof(struct pl_model, kind) == 0, "model.kind");
_Static_assert(offsetof(struct pl_model, reserved0) == 1, "model.reserved0");
_Static_assert(offsetof(struct pl_model, model_version) == 4, "model.model_version");
_Static_assert(offsetof(struct pl_model, table_version) == 8, "model.table_version");
_Static_assert(offsetof(struct pl_model, instruments) == 12, "model.instruments");
_Static_assert(offsetof(struct pl_model, expiries) == 16, "model.expiries");
_Static_assert(offsetof(struct pl_model, underlyings) == 20, "model.underlyings");
_Static_assert(offsetof(struct pl_model, classes) == 24, "model.classes");
_Static_assert(offsetof(struct pl_model, scenario_tables) == 28, "model.scenario_tables");
_Static_assert(offsetof(struct pl_model, bracket_tables) == 32, "model.bracket_tables");
_Static_assert(offsetof(struct pl_model, offset_groups) == 36, "model.offset_groups");
_Static_assert(offsetof(struct pl_model, multipliers) == 40, "model.multipliers");
_Static_assert(offsetof(struct pl_model, reserved1) == 44, "model.reserved1");

/* One scenario of a table. The order is the tie order: the lowest index wins. */
struct pl_scenario {
    uint8_t kind; /* RECORD_SCENARIO */
    uint8_t vol_rule; /* VOL_RULE */
    uint8_t reserved0[2]; /* 0 */
    uint16_t scenario_table; /* its table */
    uint8_t index; /* 0..count-1 */
    uint8_t count; /* scenarios of the table, 1..SCENARIOS_MAX; the same in each record */
    int64_t shock; /* factor on the price, > 0 */
    int64_t dampening; /* factor on the P&L, >= 0 */
    uint64_t reserved1[5]; /* 0 */
};
_Static_assert(sizeof(struct pl_scenario) == 64, "size of pl_scenario");
_Static_assert(offsetof(struct pl_scenario, kind) == 0, "scenario.kind");
_Static_assert(offsetof(struct pl_scenario, vol_rule) == 1, "scenario.vol_rule");
_Static_assert(offsetof(struct pl_scenario, reserved0) == 2, "scenario.reserved0");
_Static_assert(offsetof(struct pl_scenario, scenario_table) == 4, "scenario.scenario_table");
_Static_assert(offsetof(struct pl_scenario, index) == 6, "scenario.index");
_Static_assert(offsetof(struct pl_scenario, count) == 7, "scenario.count");
_Static_assert(offsetof(struct pl_scenario, shock) == 8, "scenario.shock");
_Static_assert(offsetof(struct pl_scenario, dampening) == 16, "scenario.dampening");
_Static_assert(offsetof(struct pl_scenario, reserved1) == 24, "scenario.reserved1");

/* What the close needs of an underlying. Underlyings of one offset group have adjacent indices, as many scenarios and equal factors. */
struct pl_underlying {
    uint8_t kind; /* RECORD_UNDERLYING */
    uint8_t offset_group; /* 0: none */
    uint8_t scenario_count; /* of its table; 0: no scenario loss */
    uint8_t reserved0; /* 0 */
    uint16_t index; /* underlying */
    uint16_t scenario_table; /* its table */
    int64_t mm_loss_factor; /* on the worst loss */
    int64_t im_loss_factor; /* on the worst loss, until a TICK_UNDERLYING replaces it */
    int64_t basis_up; /* factor on the price of the basis contingency */
    int64_t basis_down; /* likewise */
    uint64_t vol_floor; /* Q.45, of VOL_RULE_UP; below VOL_MULTIPLIER_MAX */
    int64_t naked_im; /* of reference price, per naked short contract: counts in the order columns of options */
    uint64_t reserved1; /* 0 */
};
_Static_assert(sizeof(struct pl_underlying) == 64, "size of pl_underlying");
_Static_assert(offsetof(struct pl_underlying, kind) == 0, "underlying.kind");
_Static_assert(offsetof(struct pl_underlying, offset_group) == 1, "underlying.offset_group");
_Static_assert(offsetof(struct pl_underlying, scenario_count) == 2, "underlying.scenario_count");
_Static_assert(offsetof(struct pl_underlying, reserved0) == 3, "underlying.reserved0");
_Static_assert(offsetof(struct pl_underlying, index) == 4, "underlying.index");
_Static_assert(offsetof(struct pl_underlying, scenario_table) == 6, "underlying.scenario_table");
_Static_assert(offsetof(struct pl_underlying, mm_loss_factor) == 8, "underlying.mm_loss_factor");
_Static_assert(offsetof(struct pl_underlying, im_loss_factor) == 16, "underlying.im_loss_factor");
_Static_assert(offsetof(struct pl_underlying, basis_up) == 24, "underlying.basis_up");
_Static_assert(offsetof(struct pl_underlying, basis_down) == 32, "underlying.basis_down");
_Static_assert(offsetof(struct pl_underlying, vol_floor) == 40, "underlying.vol_floor");
_Static_assert(offsetof(struct pl_underlying, naked_im) == 48, "underlying.naked_im");
_Static_assert(offsetof(struct pl_underlying, reserved1) == 56, "underlying.reserved1");

/* A group of instruments with one price: the options of one expiry, a future, a perpetual, a coin. Indices increase with the underlying's. */
struct pl_expiry {
    uint8_t kind; /* RECORD_EXPIRY */
    int8_t row_shift; /* binary fraction digits of the row unit, -ROW_SHIFT_MAX..ROW_SHIFT_MAX */
    uint8_t reserved0[2]; /* 0 */
    uint16_t index; /* expiry */
    uint16_t underlying; /* its underlying */
    uint8_t perpetual; /* 1: holding it makes the perpetual's confidence count for options */
    uint8_t scenario; /* 1: takes part in the scenarios and the basis contingency */
    uint8_t reserved1[6]; /* 0 */
    uint64_t reserved2[6]; /* 0 */
};
_Static_assert(sizeof(struct pl_expiry) == 64, "size of pl_expiry");
_Static_assert(offsetof(struct pl_expiry, kind) == 0, "expiry.kind");
_Static_assert(offsetof(struct pl_expiry, row_shift) == 1, "expiry.row_shift");
_Static_assert(offsetof(struct pl_expiry, reserved0) == 2, "expiry.reserved0");
_Static_assert(offsetof(struct pl_expiry, index) == 4, "expiry.index");
_Static_assert(offsetof(struct pl_expiry, underlying) == 6, "expiry.underlying");
_Static_assert(offsetof(struct pl_expiry, perpetual) == 8, "expiry.perpetual");
_Static_assert(offsetof(struct pl_expiry, scenario) == 9, "expiry.scenario");
_Static_assert(offsetof(struct pl_expiry, reserved1) == 10, "expiry.reserved1");
_Static_assert(offsetof(struct pl_expiry, reserved2) == 16, "expiry.reserved2");

/* One risk row. Indices increase with the expiry's. */
struct pl_instrument {
    uint8_t kind; /* RECORD_INSTRUMENT */
    uint8_t row; /* ROW_KIND */
    uint8_t is_call; /* option: 1 call, 0 put */
    uint8_t is_asset; /* 1: a coin; unpriced and not owed it may be judged at 0 and at its last price */
    uint32_t index; /* instrument */
    uint16_t expiry; /* its expiry */
    uint16_t margin_class; /* its class */
    uint32_t reserved0; /* 0 */
    uint64_t strike; /* option: in the expiry's price unit */
    uint64_t unit; /* row units per price unit and lot */
    uint64_t reserved1[4]; /* 0 */
};
_Static_assert(sizeof(struct pl_instrument) == 64, "size of pl_instrument");
_Static_assert(offsetof(struct pl_instrument, kind) == 0, "instrument.kind");
_Static_assert(offsetof(struct pl_instrument, row) == 1, "instrument.row");
_Static_assert(offsetof(struct pl_instrument, is_call) == 2, "instrument.is_call");
_Static_assert(offsetof(struct pl_instrument, is_asset) == 3, "instrument.is_asset");
_Static_assert(offsetof(struct pl_instrument, index) == 4, "instrument.index");
_Static_assert(offsetof(struct pl_instrument, expiry) == 8, "instrument.expiry");
_Static_assert(offsetof(struct pl_instrument, margin_class) == 10, "instrument.margin_class");
_Static_assert(offsetof(struct pl_instrument, reserved0) == 12, "instrument.reserved0");
_Static_assert(offsetof(struct pl_instrument, strike) == 16, "instrument.strike");
_Static_assert(offsetof(struct pl_instrument, unit) == 24, "instrument.unit");
_Static_assert(offsetof(struct pl_instrument, reserved1) == 32, "instrument.reserved1");

/* Requirement rates of a class of instruments. Portfolio rates are of the reference price, fee and brackets of the notional. */
struct pl_class {
    uint8_t kind; /* RECORD_CLASS */
    uint8_t reserved0; /* 0 */
    uint16_t index; /* class */
    uint16_t long_brackets; /* bracket table of long positions in cross and isolated mode; 0: none */
    uint16_t short_brackets; /* likewise of short ones */
    int64_t mm_long; /* portfolio mode, maintenance */
    int64_t mm_short;
    int64_t im_long; /* portfolio mode, initial; includes maintenance */
    int64_t im_short;
    int64_t fee; /* to close; in both requirements and every mode */
    uint64_t reserved1[2]; /* 0 */
};
_Static_assert(sizeof(struct pl_class) == 64, "size of pl_class");
_Static_assert(offsetof(struct pl_class, kind) == 0, "class.kind");
_Static_assert(offsetof(struct pl_class, reserved0) == 1, "class.reserved0");
_Static_assert(offsetof(struct pl_class, index) == 2, "class.index");
_Static_assert(offsetof(struct pl_class, long_brackets) == 4, "class.long_brackets");
_Static_assert(offsetof(struct pl_class, short_brackets) == 6, "class.short_brackets");
_Static_assert(offsetof(struct pl_class, mm_long) == 8, "class.mm_long");
_Static_assert(offsetof(struct pl_class, mm_short) == 16, "class.mm_short");
_Static_assert(offsetof(struct pl_class, im_long) == 24, "class.im_long");
_Static_assert(offsetof(struct pl_class, im_short) == 32, "class.im_short");
_Static_assert(offsetof(struct pl_class, fee) == 40, "class.fee");
_Static_assert(offsetof(struct pl_class, reserved1) == 48, "class.reserved1");

/* One bracket. The requirement is the maximum over a table's brackets of notional * rate - cum, at least 0. */
struct pl_bracket {
    uint8_t kind; /* RECORD_BRACKET */
    uint8_t index; /* 0..count-1 */
    uint8_t count; /* brackets of the table, 1..BRACKETS_MAX; the same in each record */
    uint8_t reserved0; /* 0 */
    uint16_t bracket_table; /* from 1 */
    uint16_t reserved1; /* 0 */
    int64_t mm_rate; /* maintenance */
    int64_t mm_cum;
    int64_t im_rate; /* initial */
    int64_t im_cum;
    uint64_t reserved2[3]; /* 0 */
};
_Static_assert(sizeof(struct pl_bracket) == 64, "size of pl_bracket");
_Static_assert(offsetof(struct pl_bracket, kind) == 0, "bracket.kind");
_Static_assert(offsetof(struct pl_bracket, index) == 1, "bracket.index");
_Static_assert(offsetof(struct pl_bracket, count) == 2, "bracket.count");
_Static_assert(offsetof(struct pl_bracket, reserved0) == 3, "bracket.reserved0");
_Static_assert(offsetof(struct pl_bracket, bracket_table) == 4, "bracket.bracket_table");
_Static_assert(offsetof(struct pl_bracket, reserved1) == 6, "bracket.reserved1");
_Static_assert(offsetof(struct pl_bracket, mm_rate) == 8, "bracket.mm_rate");
_Static_assert(offsetof(struct pl_bracket, mm_cum) == 16, "bracket.mm_cum");
_Static_assert(offsetof(struct pl_bracket, im_rate) == 24, "bracket.im_rate");
_Static_assert(offsetof(struct pl_bracket, im_cum) == 32, "bracket.im_cum");
_Static_assert(offsetof(struct pl_bracket, reserved2) == 40, "bracket.reserved2");

/* One entry of the table of account multipliers. */
struct pl_multiplier {
    uint8_t kind; /* RECORD_MULTIPLIER */
    uint8_t reserved0; /* 0 */
    uint16_t index; /* entry; entry 0 is 1 */
    uint32_t reserved1; /* 0 */
    int64_t value; /* on both requirements, > 0 */
    uint64_t reserved2[6]; /* 0 */
};
_Static_assert(sizeof(struct pl_multiplier) == 64, "size of pl_multiplier");
_Static_assert(offsetof(struct pl_multiplier, kind) == 0, "multiplier.kind");
_Static_assert(offsetof(struct pl_multiplier, reserved0) == 1, "multiplier.reserved0");
_Static_assert(offsetof(struct pl_multiplier, index) == 2, "multiplier.index");
_Static_assert(offsetof(struct pl_multiplier, reserved1) == 4, "multiplier.reserved1");
_Static_assert(offsetof(struct pl_multiplier, value) == 8, "multiplier.value");
_Static_assert(offsetof(struct pl_multiplier, reserved2) == 16, "multiplier.reserved2");

/* Underlyings whose losses may offset: loss = separate - credit * (separate - joint). */
struct pl_offset_group {
    uint8_t kind; /* RECORD_OFFSET_GROUP */
    uint8_t index; /* from 1 */
    uint16_t reserved0; /* 0 */
    uint32_t reserved1; /* 0 */
    int64_t credit; /* 0..1 */
    uint64_t reserved2[6]; /* 0 */
};
_Static_assert(sizeof(struct pl_offset_group) == 64, "size of pl_offset_group");
_Static_assert(offsetof(struct pl_offset_group, kind) == 0, "offset_group.kind");
_Static_assert(offsetof(struct pl_offset_group, index) == 1, "offset_group.index");
_Static_assert(offsetof(struct pl_offset_group, reserved0) == 2, "offset_group.reserved0");
_Static_assert(offsetof(struct pl_offset_group, reserved1) == 4, "offset_group.reserved1");
_Static_assert(offsetof(struct pl_offset_group, credit) == 8, "offset_group.credit");
_Static_assert(offsetof(struct pl_offset_group, reserved2) == 16, "offset_group.reserved2");

/* Prices of an expiry: reprices its instruments. */
struct pl_tick_price {
    uint8_t kind; /* RECORD_TICK_PRICE */
    uint8_t flags; /* FLAG_UNPRICED, FLAG_STALE: the words below are the last good ones, or 0 */
    uint16_t index; /* expiry */
    uint32_t line; /* in the window: number of the line, from 1; else 0 */
    uint64_t forward; /* forward or mark, in the expiry's price unit */
    uint64_t index_price; /* index price (coin: its own price), in the same unit */
    uint64_t discount; /* D; coin-settled: index / forward */
    int64_t rate; /* Q.48 per year, for theta */
    int64_t penalty; /* oracle term per unit of gross reference value, 0 where confidence is high */
    int64_t penalty_perpetual; /* the same for an account that holds the underlying's perpetual */
    uint64_t tick; /* in the window: the tick that this line ends and commits; else 0 */
};
_Static_assert(sizeof(struct pl_tick_price) == 64, "size of pl_tick_price");
_Static_assert(offsetof(struct pl_tick_price, kind) == 0, "tick_price.kind");
_Static_assert(offsetof(struct pl_tick_price, flags) == 1, "tick_price.flags");
_Static_assert(offsetof(struct pl_tick_price, index) == 2, "tick_price.index");
_Static_assert(offsetof(struct pl_tick_price, line) == 4, "tick_price.line");
_Static_assert(offsetof(struct pl_tick_price, forward) == 8, "tick_price.forward");
_Static_assert(offsetof(struct pl_tick_price, index_price) == 16, "tick_price.index_price");
_Static_assert(offsetof(struct pl_tick_price, discount) == 24, "tick_price.discount");
_Static_assert(offsetof(struct pl_tick_price, rate) == 32, "tick_price.rate");
_Static_assert(offsetof(struct pl_tick_price, penalty) == 40, "tick_price.penalty");
_Static_assert(offsetof(struct pl_tick_price, penalty_perpetual) == 48, "tick_price.penalty_perpetual");
_Static_assert(offsetof(struct pl_tick_price, tick) == 56, "tick_price.tick");

/* What time alone moves in an expiry: reprices its instruments. */
struct pl_tick_time {
    uint8_t kind; /* RECORD_TICK_TIME */
    uint8_t reserved0; /* 0 */
    uint16_t index; /* expiry */
    uint32_t reserved1; /* 0 */
    uint64_t sqrt_t; /* square root of the years to expiry; 0: expired, or no expiry */
    uint64_t half_inv_sqrt_t; /* 1 / (2 sqrt T) */
    uint64_t years; /* T */
    int64_t moving; /* share of the settlement price that still moves, 0..1 */
    int64_t basis_weight; /* on the basis contingency */
    int64_t long_discount; /* static discount of a value >= 0 */
    int64_t short_discount; /* static discount of a value < 0 */
};
_Static_assert(sizeof(struct pl_tick_time) == 64, "size of pl_tick_time");
_Static_assert(offsetof(struct pl_tick_time, kind) == 0, "tick_time.kind");
_Static_assert(offsetof(struct pl_tick_time, reserved0) == 1, "tick_time.reserved0");
_Static_assert(offsetof(struct pl_tick_time, index) == 2, "tick_time.index");
_Static_assert(offsetof(struct pl_tick_time, reserved1) == 4, "tick_time.reserved1");
_Static_assert(offsetof(struct pl_tick_time, sqrt_t) == 8, "tick_time.sqrt_t");
_Static_assert(offsetof(struct pl_tick_time, half_inv_sqrt_t) == 16, "tick_time.half_inv_sqrt_t");
_Static_assert(offsetof(struct pl_tick_time, years) == 24, "tick_time.years");
_Static_assert(offsetof(struct pl_tick_time, moving) == 32, "tick_time.moving");
_Static_assert(offsetof(struct pl_tick_time, basis_weight) == 40, "tick_time.basis_weight");
_Static_assert(offsetof(struct pl_tick_time, long_discount) == 48, "tick_time.long_discount");
_Static_assert(offsetof(struct pl_tick_time, short_discount) == 56, "tick_time.short_discount");

/* Vol rules of an expiry, which follow its time. */
struct pl_tick_shift {
    uint8_t kind; /* RECORD_TICK_SHIFT */
    uint8_t reserved0; /* 0 */
    uint16_t index; /* expiry */
    uint32_t reserved1; /* 0 */
    int64_t vol_up; /* multiplier of VOL_RULE_UP, 0..VOL_MULTIPLIER_MAX */
    int64_t vol_down; /* multiplier of VOL_RULE_DOWN, 0..1 */
    int64_t linear_cap; /* limit of the linear skew */
    int64_t linear_slope; /* cap / k*, within +-VOL_MULTIPLIER_MAX */
    int64_t abs_cap; /* likewise for the absolute skew */
    int64_t abs_slope;
    uint64_t reserved2; /* 0 */
};
_Static_assert(sizeof(struct pl_tick_shift) == 64, "size of pl_tick_shift");
_Static_assert(offsetof(struct pl_tick_shift, kind) == 0, "tick_shift.kind");
_Static_assert(offsetof(struct pl_tick_shift, reserved0) == 1, "tick_shift.reserved0");
_Static_assert(offsetof(struct pl_tick_shift, index) == 2, "tick_shift.index");
_Static_assert(offsetof(struct pl_tick_shift, reserved1) == 4, "tick_shift.reserved1");
_Static_assert(offsetof(struct pl_tick_shift, vol_up) == 8, "tick_shift.vol_up");
_Static_assert(offsetof(struct pl_tick_shift, vol_down) == 16, "tick_shift.vol_down");
_Static_assert(offsetof(struct pl_tick_shift, linear_cap) == 24, "tick_shift.linear_cap");
_Static_assert(offsetof(struct pl_tick_shift, linear_slope) == 32, "tick_shift.linear_slope");
_Static_assert(offsetof(struct pl_tick_shift, abs_cap) == 40, "tick_shift.abs_cap");
_Static_assert(offsetof(struct pl_tick_shift, abs_slope) == 48, "tick_shift.abs_slope");
_Static_assert(offsetof(struct pl_tick_shift, reserved2) == 56, "tick_shift.reserved2");

/* Volatility of an option: reprices it. */
struct pl_tick_vol {
    uint8_t kind; /* RECORD_TICK_VOL */
    uint8_t flags; /* FLAG_UNPRICED, FLAG_STALE */
    uint16_t reserved0; /* 0 */
    uint32_t line; /* as in pl_tick_price */
    uint32_t index; /* instrument */
    uint32_t reserved1; /* 0 */
    uint64_t vol; /* Q3.45 per square root of a year */
    uint64_t reserved2[4]; /* 0 */
    uint64_t tick; /* as in pl_tick_price */
};
_Static_assert(sizeof(struct pl_tick_vol) == 64, "size of pl_tick_vol");
_Static_assert(offsetof(struct pl_tick_vol, kind) == 0, "tick_vol.kind");
_Static_assert(offsetof(struct pl_tick_vol, flags) == 1, "tick_vol.flags");
_Static_assert(offsetof(struct pl_tick_vol, reserved0) == 2, "tick_vol.reserved0");
_Static_assert(offsetof(struct pl_tick_vol, line) == 4, "tick_vol.line");
_Static_assert(offsetof(struct pl_tick_vol, index) == 8, "tick_vol.index");
_Static_assert(offsetof(struct pl_tick_vol, reserved1) == 12, "tick_vol.reserved1");
_Static_assert(offsetof(struct pl_tick_vol, vol) == 16, "tick_vol.vol");
_Static_assert(offsetof(struct pl_tick_vol, reserved2) == 24, "tick_vol.reserved2");
_Static_assert(offsetof(struct pl_tick_vol, tick) == 56, "tick_vol.tick");

/* What a tick moves in an underlying. */
struct pl_tick_underlying {
    uint8_t kind; /* RECORD_TICK_UNDERLYING */
    uint8_t reserved0; /* 0 */
    uint16_t index; /* underlying */
    uint32_t reserved1; /* 0 */
    int64_t im_loss_factor; /* with the peg term */
    uint64_t reserved2[6]; /* 0 */
};
_Static_assert(sizeof(struct pl_tick_underlying) == 64, "size of pl_tick_underlying");
_Static_assert(offsetof(struct pl_tick_underlying, kind) == 0, "tick_underlying.kind");
_Static_assert(offsetof(struct pl_tick_underlying, reserved0) == 1, "tick_underlying.reserved0");
_Static_assert(offsetof(struct pl_tick_underlying, index) == 2, "tick_underlying.index");
_Static_assert(offsetof(struct pl_tick_underlying, reserved1) == 4, "tick_underlying.reserved1");
_Static_assert(offsetof(struct pl_tick_underlying, im_loss_factor) == 8, "tick_underlying.im_loss_factor");
_Static_assert(offsetof(struct pl_tick_underlying, reserved2) == 16, "tick_underlying.reserved2");

/* Ends a tick: sweeps from here on see everything before it. */
struct pl_tick_commit {
    uint8_t kind; /* RECORD_TICK_COMMIT */
    uint8_t reserved0[3]; /* 0 */
    uint32_t line; /* as in pl_tick_price */
    int64_t time_us; /* time of the tick, microseconds since 1970 */
    uint64_t reserved1[5]; /* 0 */
    uint64_t tick; /* number of the tick, increasing */
};
_Static_assert(sizeof(struct pl_tick_commit) == 64, "size of pl_tick_commit");
_Static_assert(offsetof(struct pl_tick_commit, kind) == 0, "tick_commit.kind");
_Static_assert(offsetof(struct pl_tick_commit, reserved0) == 1, "tick_commit.reserved0");
_Static_assert(offsetof(struct pl_tick_commit, line) == 4, "tick_commit.line");
_Static_assert(offsetof(struct pl_tick_commit, time_us) == 8, "tick_commit.time_us");
_Static_assert(offsetof(struct pl_tick_commit, reserved1) == 16, "tick_commit.reserved1");
_Static_assert(offsetof(struct pl_tick_commit, tick) == 56, "tick_commit.tick");

/* Risk row: money per lot, in units of 10^-8 * 2^-row_shift. Rounding: values half-up, requirement columns up. */
struct pl_row {
    uint8_t flags; /* FLAG_UNPRICED .. FLAG_GREEKS */
    uint8_t row; /* ROW_KIND */
    int8_t row_shift; /* of its expiry */
    uint8_t is_asset;
    uint16_t expiry;
    uint16_t margin_class;
    int64_t base; /* value */
    int64_t basis_up; /* value at the upper basis price */
    int64_t basis_down; /* value at the lower basis price */
    int64_t delta; /* cash delta: dV/dF * F */
    int64_t gamma; /* cash gamma per 1 % move: d2V/dF2 * F^2 / 100, in units of 2^GAMMA_SHIFT */
    int64_t vega; /* per vol point (0.01) */
    int64_t theta; /* per day */
    int64_t rho; /* per 1 % of rate */
    int64_t mm_long; /* portfolio requirement of a long lot */
    int64_t mm_short;
    int64_t im_long;
    int64_t im_short;
    int64_t fee; /* closing fee of a lot */
    int64_t notional; /* what brackets apply to */
    int64_t gross; /* reference value, for the oracle term */
    int64_t order_long; /* worst scenario loss of a lot bought alone */
    int64_t order_short; /* worst scenario loss of a lot sold alone */
    int64_t order_naked; /* naked-short requirement of a lot sold */
    uint64_t reserved0[5]; /* 0 */
    int64_t scenario[40]; /* value under each scenario */
};
_Static_assert(sizeof(struct pl_row) == 512, "size of pl_row");
_Static_assert(offsetof(struct pl_row, flags) == 0, "row.flags");
_Static_assert(offsetof(struct pl_row, row) == 1, "row.row");
_Static_assert(offsetof(struct pl_row, row_shift) == 2, "row.row_shift");
_Static_assert(offsetof(struct pl_row, is_asset) == 3, "row.is_asset");
_Static_assert(offsetof(struct pl_row, expiry) == 4, "row.expiry");
_Static_assert(offsetof(struct pl_row, margin_class) == 6, "row.margin_class");
_Static_assert(offsetof(struct pl_row, base) == 8, "row.base");
_Static_assert(offsetof(struct pl_row, basis_up) == 16, "row.basis_up");
_Static_assert(offsetof(struct pl_row, basis_down) == 24, "row.basis_down");
_Static_assert(offsetof(struct pl_row, delta) == 32, "row.delta");
_Static_assert(offsetof(struct pl_row, gamma) == 40, "row.gamma");
_Static_assert(offsetof(struct pl_row, vega) == 48, "row.vega");
_Static_assert(offsetof(struct pl_row, theta) == 56, "row.theta");
_Static_assert(offsetof(struct pl_row, rho) == 64, "row.rho");
_Static_assert(offsetof(struct pl_row, mm_long) == 72, "row.mm_long");
_Static_assert(offsetof(struct pl_row, mm_short) == 80, "row.mm_short");
_Static_assert(offsetof(struct pl_row, im_long) == 88, "row.im_long");
_Static_assert(offsetof(struct pl_row, im_short) == 96, "row.im_short");
_Static_assert(offsetof(struct pl_row, fee) == 104, "row.fee");
_Static_assert(offsetof(struct pl_row, notional) == 112, "row.notional");
_Static_assert(offsetof(struct pl_row, gross) == 120, "row.gross");
_Static_assert(offsetof(struct pl_row, order_long) == 128, "row.order_long");
_Static_assert(offsetof(struct pl_row, order_short) == 136, "row.order_short");
_Static_assert(offsetof(struct pl_row, order_naked) == 144, "row.order_naked");
_Static_assert(offsetof(struct pl_row, reserved0) == 152, "row.reserved0");
_Static_assert(offsetof(struct pl_row, scenario) == 192, "row.scenario");

/* Price and Greeks of a row at full relative precision: IEEE 754 binary64 bit patterns, in row units per price unit. Informative: verdicts never read it. */
struct pl_quote {
    uint32_t instrument;
    uint32_t flags; /* as the row's */
    int64_t value; /* the row's base, in row units */
    uint64_t delta; /* dV/dF */
    uint64_t gamma; /* d2V/dF2 */
    uint64_t vega; /* dV/dsigma, per 1.00 */
    uint64_t theta; /* dV/dt, per year */
    uint64_t theta_decay; /* theta without the carry r V */
    uint64_t rho; /* +-K T D N(+-d2), per 1.00 */
};
_Static_assert(sizeof(struct pl_quote) == 64, "size of pl_quote");
_Static_assert(offsetof(struct pl_quote, instrument) == 0, "quote.instrument");
_Static_assert(offsetof(struct pl_quote, flags) == 4, "quote.flags");
_Static_assert(offsetof(struct pl_quote, value) == 8, "quote.value");
_Static_assert(offsetof(struct pl_quote, delta) == 16, "quote.delta");
_Static_assert(offsetof(struct pl_quote, gamma) == 24, "quote.gamma");
_Static_assert(offsetof(struct pl_quote, vega) == 32, "quote.vega");
_Static_assert(offsetof(struct pl_quote, theta) == 40, "quote.theta");
_Static_assert(offsetof(struct pl_quote, theta_decay) == 48, "quote.theta_decay");
_Static_assert(offsetof(struct pl_quote, rho) == 56, "quote.rho");

/* One account's verdict: two lines, each with the ring's phase and serial. */
struct pl_verdict {
    uint32_t serial; /* from a card: RESULT; from the library: verdicts of a sweep from 0 */
    uint32_t account; /* account number */
    uint8_t state; /* STATE */
    uint8_t mode; /* MODE */
    uint16_t flags; /* FLAG bits */
    uint16_t worst_underlying; /* the one with the largest scenario loss; 65535: none */
    uint8_t worst_scenario; /* its scenario; 254: the basis contingency; 255: none */
    uint8_t profile; /* PROFILE */
    uint64_t tick; /* the committed tick */
    int64_t equity; /* value of everything held, plus cash; no haircut */
    int64_t maintenance_excess; /* equity - maintenance requirement */
    int64_t initial_excess; /* equity - initial requirement */
    int64_t worst_loss; /* P&L of that scenario, <= 0 */
    uint64_t position_version; /* of the account stream, as submitted */
    uint32_t serial_again; /* as in the first line */
    uint32_t model_version;
    uint32_t table_version;
    uint32_t reserved0; /* 0 */
    int64_t delta; /* net cash delta */
    int64_t gamma; /* net cash gamma per 1 % */
    int64_t vega; /* per vol point */
    int64_t theta; /* per day */
    int64_t rho; /* per 1 % of rate */
    uint64_t reserved1; /* 0 */
};
_Static_assert(sizeof(struct pl_verdict) == 128, "size of pl_verdict");
_Static_assert(offsetof(struct pl_verdict, serial) == 0, "verdict.serial");
_Static_assert(offsetof(struct pl_verdict, account) == 4, "verdict.account");
_Static_assert(offsetof(struct pl_verdict, state) == 8, "verdict.state");
_Static_assert(offsetof(struct pl_verdict, mode) == 9, "verdict.mode");
_Static_assert(offsetof(struct pl_verdict, flags) == 10, "verdict.flags");
_Static_assert(offsetof(struct pl_verdict, worst_underlying) == 12, "verdict.worst_underlying");
_Static_assert(offsetof(struct pl_verdict, worst_scenario) == 14, "verdict.worst_scenario");
_Static_assert(offsetof(struct pl_verdict, profile) == 15, "verdict.profile");
_Static_assert(offsetof(struct pl_verdict, tick) == 16, "verdict.tick");
_Static_assert(offsetof(struct pl_verdict, equity) == 24, "verdict.equity");
_Static_assert(offsetof(struct pl_verdict, maintenance_excess) == 32, "verdict.maintenance_excess");
_Static_assert(offsetof(struct pl_verdict, initial_excess) == 40, "verdict.initial_excess");
_Static_assert(offsetof(struct pl_verdict, worst_loss) == 48, "verdict.worst_loss");
_Static_assert(offsetof(struct pl_verdict, position_version) == 56, "verdict.position_version");
_Static_assert(offsetof(struct pl_verdict, serial_again) == 64, "verdict.serial_again");
_Static_assert(offsetof(struct pl_verdict, model_version) == 68, "verdict.model_version");
_Static_assert(offsetof(struct pl_verdict, table_version) == 72, "verdict.table_version");
_Static_assert(offsetof(struct pl_verdict, reserved0) == 76, "verdict.reserved0");
_Static_assert(offsetof(struct pl_verdict, delta) == 80, "verdict.delta");
_Static_assert(offsetof(struct pl_verdict, gamma) == 88, "verdict.gamma");
_Static_assert(offsetof(struct pl_verdict, vega) == 96, "verdict.vega");
_Static_assert(offsetof(struct pl_verdict, theta) == 104, "verdict.theta");
_Static_assert(offsetof(struct pl_verdict, rho) == 112, "verdict.rho");
_Static_assert(offsetof(struct pl_verdict, reserved1) == 120, "verdict.reserved1");

/* On request: one line per (account, underlying), before the account's verdict. A card writes those of accounts that the filter drops as well. */
struct pl_underlying_verdict {
    uint32_t serial; /* as a verdict's */
    uint32_t account;
    uint16_t underlying;
    uint8_t worst_scenario;
    uint8_t reserved0; /* 0 */
    uint16_t flags; /* FLAG bits met in this underlying */
    uint16_t reserved1; /* 0 */
    int64_t value;
    int64_t worst_loss; /* <= 0 */
    int64_t maintenance_requirement; /* requirement, before offset credit and multiplier */
    int64_t initial_requirement; /* likewise */
    int64_t delta;
    int64_t vega;
};
_Static_assert(sizeof(struct pl_underlying_verdict) == 64, "size of pl_underlying_verdict");
_Static_assert(offsetof(struct pl_underlying_verdict, serial) == 0, "underlying_verdict.serial");
_Static_assert(offsetof(struct pl_underlying_verdict, account) == 4, "underlying_verdict.account");
_Static_assert(offsetof(struct pl_underlying_verdict, underlying) == 8, "underlying_verdict.underlying");
_Static_assert(offsetof(struct pl_underlying_verdict, worst_scenario) == 10, "underlying_verdict.worst_scenario");
_Static_assert(offsetof(struct pl_underlying_verdict, reserved0) == 11, "underlying_verdict.reserved0");
_Static_assert(offsetof(struct pl_underlying_verdict, flags) == 12, "underlying_verdict.flags");
_Static_assert(offsetof(struct pl_underlying_verdict, reserved1) == 14, "underlying_verdict.reserved1");
_Static_assert(offsetof(struct pl_underlying_verdict, value) == 16, "underlying_verdict.value");
_Static_assert(offsetof(struct pl_underlying_verdict, worst_loss) == 24, "underlying_verdict.worst_loss");
_Static_assert(offsetof(struct pl_underlying_verdict, maintenance_requirement) == 32, "underlying_verdict.maintenance_requirement");
_Static_assert(offsetof(struct pl_underlying_verdict, initial_requirement) == 40, "underlying_verdict.initial_requirement");
_Static_assert(offsetof(struct pl_underlying_verdict, delta) == 48, "underlying_verdict.delta");
_Static_assert(offsetof(struct pl_underlying_verdict, vega) == 56, "underlying_verdict.vega");

/* Ends every sweep, so that silence is never mistaken for health. A card writes it as the last line, also of a sweep that failed. */
struct pl_tick_summary {
    uint32_t serial; /* from a card: RESULT; from the library: 0 */
    uint32_t status; /* STATUS */
    uint64_t tick;
    uint64_t accounts; /* evaluated */
    uint64_t flagged; /* at or above the submission's filter */
    uint64_t slots; /* read */
    uint32_t by_state[5]; /* accounts in each STATE */
    uint32_t last_account; /* last complete one; all ones: none */
};
_Static_assert(sizeof(struct pl_tick_summary) == 64, "size of pl_tick_summary");
_Static_assert(offsetof(struct pl_tick_summary, serial) == 0, "tick_summary.serial");
_Static_assert(offsetof(struct pl_tick_summary, status) == 4, "tick_summary.status");
_Static_assert(offsetof(struct pl_tick_summary, tick) == 8, "tick_summary.tick");
_Static_assert(offsetof(struct pl_tick_summary, accounts) == 16, "tick_summary.accounts");
_Static_assert(offsetof(struct pl_tick_summary, flagged) == 24, "tick_summary.flagged");
_Static_assert(offsetof(struct pl_tick_summary, slots) == 32, "tick_summary.slots");
_Static_assert(offsetof(struct pl_tick_summary, by_state) == 40, "tick_summary.by_state");
_Static_assert(offsetof(struct pl_tick_summary, last_account) == 60, "tick_summary.last_account");

/* Entry of the submission ring. READ_ROWS writes pl_row and then pl_quote per instrument: 9 lines each. */
struct pl_submission {
    uint8_t op; /* OP */
    uint8_t filter; /* SWEEP: verdicts at or above this STATE are returned */
    uint8_t per_underlying; /* SWEEP: 1 asks for the records per underlying as well */
    uint8_t one_piece; /* SWEEP: 1: the stream lies in one piece at address; else 0 */
    uint32_t serial; /* bits 30:0 are returned in the completion; bit 31 is the phase: 1 in the first round of the ring, then alternating */
    uint64_t address; /* LOAD, TICK, WATCH: data; SWEEP: scatter list, or the stream (one_piece); 64-byte aligned. READ_ROWS: the first instrument */
    uint64_t count; /* LOAD, TICK: lines; WATCH: slots; SWEEP: scatter entries, or slots of the one piece, a multiple of 8 below 2^32; READ_ROWS: instruments */
    uint64_t verdict_address; /* SWEEP, READ_ROWS: where results go; 64-byte aligned */
    uint64_t verdict_lines; /* room there, in lines */
    uint64_t tick; /* COMMIT: its number */
    uint64_t position_version; /* SWEEP, WATCH */
    int64_t time_us; /* COMMIT: its time */
};
_Static_assert(sizeof(struct pl_submission) == 64, "size of pl_submission");
_Static_assert(offsetof(struct pl_submission, op) == 0, "submission.op");
_Static_assert(offsetof(struct pl_submission, filter) == 1, "submission.filter");
_Static_assert(offsetof(struct pl_submission, per_underlying) == 2, "submission.per_underlying");
_Static_assert(offsetof(struct pl_submission, one_piece) == 3, "submission.one_piece");
_Static_assert(offsetof(struct pl_submission, serial) == 4, "submission.serial");
_Static_assert(offsetof(struct pl_submission, address) == 8, "submission.address");
_Static_assert(offsetof(struct pl_submission, count) == 16, "submission.count");
_Static_assert(offsetof(struct pl_submission, verdict_address) == 24, "submission.verdict_address");
_Static_assert(offsetof(struct pl_submission, verdict_lines) == 32, "submission.verdict_lines");
_Static_assert(offsetof(struct pl_submission, tick) == 40, "submission.tick");
_Static_assert(offsetof(struct pl_submission, position_version) == 48, "submission.position_version");
_Static_assert(offsetof(struct pl_submission, time_us) == 56, "submission.time_us");

/* Entry of a scatter list: a piece of the account stream, owned by the card until the completion. */
struct pl_scatter {
    uint64_t address; /* 64-byte aligned */
    uint32_t slots; /* multiple of 8 */
    uint32_t reserved0; /* 0 */
};
_Static_assert(sizeof(struct pl_scatter) == 16, "size of pl_scatter");
_Static_assert(offsetof(struct pl_scatter, address) == 0, "scatter.address");
_Static_assert(offsetof(struct pl_scatter, slots) == 8, "scatter.slots");
_Static_assert(offsetof(struct pl_scatter, reserved0) == 12, "scatter.reserved0");

/* Entry of the completion ring; written after all data of its submission. */
struct pl_completion {
    uint32_t serial; /* of the submission; bit 31 is the phase of the completion ring: 1 in the first round, then alternating */
    uint32_t status; /* STATUS */
    uint64_t detail; /* index of the offending slot (SWEEP: MALFORMED_SLOT, UNCORRECTABLE, a stream line that failed), scatter entry (SWEEP: other statuses) or record; LOAD: record kind (bits 63:32) and index when tables do not fit together */
    uint64_t verdict_lines; /* written */
    uint64_t cycles; /* from fetch, or the end of the operation before, to completion */
    uint64_t stall_input; /* cycles without a slot to work on */
    uint64_t stall_output; /* cycles blocked by the verdict stream */
    uint64_t bytes_read;
    uint64_t bytes_written;
};
_Static_assert(sizeof(struct pl_completion) == 64, "size of pl_completion");
_Static_assert(offsetof(struct pl_completion, serial) == 0, "completion.serial");
_Static_assert(offsetof(struct pl_completion, status) == 4, "completion.status");
_Static_assert(offsetof(struct pl_completion, detail) == 8, "completion.detail");
_Static_assert(offsetof(struct pl_completion, verdict_lines) == 16, "completion.verdict_lines");
_Static_assert(offsetof(struct pl_completion, cycles) == 24, "completion.cycles");
_Static_assert(offsetof(struct pl_completion, stall_input) == 32, "completion.stall_input");
_Static_assert(offsetof(struct pl_completion, stall_output) == 40, "completion.stall_output");
_Static_assert(offsetof(struct pl_completion, bytes_read) == 48, "completion.bytes_read");
_Static_assert(offsetof(struct pl_completion, bytes_written) == 56, "completion.bytes_written");

/* Any load or tick record, as it travels. */
struct pl_line {
    _Alignas(64) uint8_t bytes[PL_LINE_BYTES];
};

/* Slots of the account stream: 64-bit words, tag in bits 63:56. */
static inline uint8_t pl_slot_tag(uint64_t slot)
{
    return (uint8_t)(slot >> 56);
}

/* TAG_HEADER */
static inline uint64_t pl_slot_header(uint8_t tag, uint64_t account, uint64_t mode, uint64_t multiplier)
{
    return (uint64_t)tag << 56 |
           ((uint64_t)account & UINT64_C(0xFFFFFFFF)) << 0 |
           ((uint64_t)mode & UINT64_C(0xFF)) << 32 |
           ((uint64_t)multiplier & UINT64_C(0xFFFF)) << 40;
}
static inline uint64_t pl_slot_header_account(uint64_t slot)
{
    return (slot << 32) >> 32;
}
static inline uint64_t pl_slot_header_mode(uint64_t slot)
{
    return (slot << 24) >> 56;
}
static inline uint64_t pl_slot_header_multiplier(uint64_t slot)
{
    return (slot << 8) >> 48;
}

/* TAG_CASH, TAG_CASH_HIGH */
static inline uint64_t pl_slot_cash(uint8_t tag, int64_t amount)
{
    return (uint64_t)tag << 56 |
           ((uint64_t)amount & UINT64_C(0xFFFFFFFFFFFFFF)) << 0;
}
static inline int64_t pl_slot_cash_amount(uint64_t slot)
{
    return (int64_t)(slot << 8) >> 8;
}

/* TAG_POSITION, TAG_REQUIREMENT */
static inline uint64_t pl_slot_position(uint8_t tag, int64_t lots, uint64_t instrument)
{
    return (uint64_t)tag << 56 |
           ((uint64_t)lots & UINT64_C(0xFFFFFFFF)) << 0 |
           ((uint64_t)instrument & UINT64_C(0xFFFFFF)) << 32;
}
static inline int64_t pl_slot_position_lots(uint64_t slot)
{
    return (int64_t)(slot << 32) >> 32;
}
static inline uint64_t pl_slot_position_instrument(uint64_t slot)
{
    return (slot << 8) >> 40;
}

/* TAG_ORDERS */
static inline uint64_t pl_slot_orders(uint8_t tag, uint64_t buy, uint64_t sell)
{
    return (uint64_t)tag << 56 |
           ((uint64_t)buy & UINT64_C(0xFFFFFFF)) << 0 |
           ((uint64_t)sell & UINT64_C(0xFFFFFFF)) << 28;
}
static inline uint64_t pl_slot_orders_buy(uint64_t slot)
{
    return (slot << 36) >> 36;
}
static inline uint64_t pl_slot_orders_sell(uint64_t slot)
{
    return (slot << 8) >> 36;
}

/* Registers: byte offsets in the AXI4-Lite window, 32 bits each. */
#define PL_REG_MAGIC 0x000 /* r: MAGIC; all ones means that the link is down */
#define PL_REG_CONTRACT_VERSION 0x004 /* r: contract version */
#define PL_REG_CONTRACT_HASH_LOW 0x008 /* r: hash of layout and arithmetic, bits 31:0 */
#define PL_REG_CONTRACT_HASH_HIGH 0x00C /* r: bits 63:32 */
#define PL_REG_BUILD 0x010 /* r: build revision */
#define PL_REG_PROFILE 0x014 /* r: PROFILE */
#define PL_REG_LANES 0x018 /* r: sweep lanes */
#define PL_REG_CAP_SCENARIOS 0x01C /* r: scenarios this card takes */
#define PL_REG_CAP_INSTRUMENTS 0x020 /* r: instruments this card takes */
#define PL_REG_CAP_EXPIRIES 0x024 /* r: expiries this card takes */
#define PL_REG_CONTROL 0x028 /* rw: bits of CONTROL */
#define PL_REG_STATUS 0x02C /* r: bits of CARD */
#define PL_REG_SUBMIT_BASE_LOW 0x030 /* rw: submission ring, 64-byte aligned */
#define PL_REG_SUBMIT_BASE_HIGH 0x034 /* rw:  */
#define PL_REG_SUBMIT_ENTRIES 0x038 /* rw: power of two, at most RING_ENTRIES_MAX */
#define PL_REG_SUBMIT_DOORBELL 0x03C /* w: entries submitted so far, modulo 2^32 */
#define PL_REG_COMPLETE_BASE_LOW 0x040 /* rw: completion ring, 64-byte aligned */
#define PL_REG_COMPLETE_BASE_HIGH 0x044 /* rw:  */
#define PL_REG_COMPLETE_ENTRIES 0x048 /* rw: power of two, at most RING_ENTRIES_MAX */
#define PL_REG_COMPLETE_CONSUMED 0x04C /* w: entries the host has read so far, modulo 2^32 */
#define PL_REG_IRQ_ENABLE 0x050 /* rw: bits of IRQ */
#define PL_REG_IRQ_PENDING 0x054 /* rw1c: bits of IRQ; write 1 to clear */
#define PL_REG_ERROR 0x058 /* r: STATUS of the first error since reset that no completion could tell */
#define PL_REG_COUNTER_SELECT 0x060 /* rw: COUNTER to read */
#define PL_REG_COUNTER_LOW 0x064 /* r: its value, latched by reading this half */
#define PL_REG_COUNTER_HIGH 0x068 /* r: the latched upper half */
#define PL_REG_CAP_UNDERLYINGS 0x06C /* r: underlyings this card takes */
#define PL_REG_CAP_CLASSES 0x070 /* r: margin classes this card takes */
#define PL_REG_CAP_BRACKET_TABLES 0x074 /* r: bracket tables this card takes */
#define PL_REG_WINDOW_STATUS 0x078 /* r: STATUS of the first line or tick that the window refused since its last clear: it takes no more ticks until then */
#define PL_REG_CAP_WATCH_SLOTS 0x07C /* r: slots of a watched set that this card takes, at most WATCH_SLOTS_MAX */
#define PL_REG_WATCH_BASE_LOW 0x080 /* rw: watch ring: lines of verdicts, 64-byte aligned */
#define PL_REG_WATCH_BASE_HIGH 0x084 /* rw:  */
#define PL_REG_WATCH_ENTRIES 0x088 /* rw: its lines: power of two, at most RING_ENTRIES_MAX; writing it starts the ring anew */
#define PL_REG_WATCH_CONSUMED 0x08C /* w: lines of it the host has read since then, modulo 2^32 */

#define PL_REGISTER_BYTES 4096 /* The registers are the first of their BAR. */
/* AMD Alveo U55C, constraints/u55c */
#define PL_BOARD_U55C_VENDOR 0x10EE
#define PL_BOARD_U55C_DEVICE 0x504C
#define PL_BOARD_U55C_REGISTER_BAR 0
#define PL_BOARD_U55C_WINDOW_BAR 2
#define PL_BOARD_U55C_CLASS 0x120000
/* AWS F2, constraints/f2; the identity is AWS's for custom logic, so that MAGIC alone tells */
#define PL_BOARD_F2_VENDOR 0x1D0F
#define PL_BOARD_F2_DEVICE 0xF010
#define PL_BOARD_F2_REGISTER_BAR 0
#define PL_BOARD_F2_WINDOW_BAR 4

/* PL_BOARDS(X): X(name, vendor, device, register_bar, window_bar) for every board. */
#define PL_BOARDS(X) \
    X("u55c", PL_BOARD_U55C_VENDOR, PL_BOARD_U55C_DEVICE, PL_BOARD_U55C_REGISTER_BAR, PL_BOARD_U55C_WINDOW_BAR) \
    X("f2", PL_BOARD_F2_VENDOR, PL_BOARD_F2_DEVICE, PL_BOARD_F2_REGISTER_BAR, PL_BOARD_F2_WINDOW_BAR)

#endif
