// Generated from hw/abi/contract.toml by hw/abi/gen.py; do not edit.
`default_nettype none
package pl_abi_pkg;
  localparam int unsigned PL_CONTRACT_VERSION = 1;
  localparam logic [63:0] PL_CONTRACT_HASH = 64'hB1AAB43825B3612D;
  localparam longint unsigned PL_LINE_BYTES = 64'd64;  // Unit of every transfer by the card.
  localparam longint unsigned PL_SLOT_BYTES = 64'd8;  // Unit of the account stream.
  localparam longint unsigned PL_MAGIC = 64'd1296649296;  // First register: the letters PLIM in little-endian order.
  localparam longint unsigned PL_COEFFICIENT_BITS = 64'd40;  // Fractional bits of a q40 coefficient.
  localparam longint unsigned PL_COEFFICIENT_MAX = 64'd64;  // A q40 coefficient lies in [-64, 64].
  localparam longint unsigned PL_VOL_MULTIPLIER_MAX = 64'd4095;  // A vol multiplier lies in [0, 4095].
  localparam longint unsigned PL_VOL_BITS = 64'd45;  // Fractional bits of an instrument's volatility word (Q3.45).
  localparam longint unsigned PL_VOL_MAX = 64'd8;  // A volatility is below this (800 %).
  localparam longint unsigned PL_RATE_BITS = 64'd48;  // Fractional bits of a rate, per year, continuously compounded.
  localparam longint unsigned PL_MONEY_DECIMALS = 64'd8;  // Money is a signed 64-bit count of 10^-8 of the settlement currency.
  localparam longint unsigned PL_GAMMA_SHIFT = 64'd10;  // The row's gamma column is in units of 2^10 row units.
  localparam longint unsigned PL_ROW_SHIFT_MAX = 64'd40;  // Row entries are money per lot in units of 10^-8 * 2^-row_shift; the shift belongs to the expiry and lies in [-ROW_SHIFT_MAX, ROW_SHIFT_MAX].
  localparam longint unsigned PL_YEAR_US = 64'd31536000000000;  // The model's year, 365 days, in microseconds.
  localparam longint unsigned PL_SCENARIOS_MAX = 64'd40;  // Scenarios of one table, profile full.
  localparam longint unsigned PL_SCENARIOS_MAX_SMALL = 64'd16;  // Scenarios of one table, profile small.
  localparam longint unsigned PL_SCENARIO_TABLES_MAX = 64'd16;  // Scenario tables of one model.
  localparam longint unsigned PL_UNDERLYINGS_MAX = 64'd1024;  // Underlyings of one model.
  localparam longint unsigned PL_EXPIRIES_MAX = 64'd16384;  // Expiries (price groups) of one instrument table.
  localparam longint unsigned PL_INSTRUMENTS_MAX = 64'd16777216;  // Instruments a software engine takes: the range of a slot's index.
  localparam longint unsigned PL_INSTRUMENTS_MAX_SMALL = 64'd512;  // Instruments, profile small.
  localparam longint unsigned PL_CLASSES_MAX = 64'd4096;  // Margin classes of one model.
  localparam longint unsigned PL_BRACKET_TABLES_MAX = 64'd1024;  // Bracket tables of one model; 0 means no requirement, so the tables are numbered from 1.
  localparam longint unsigned PL_BRACKETS_MAX = 64'd16;  // Brackets of one table.
  localparam longint unsigned PL_OFFSET_GROUPS_MAX = 64'd16;  // Offset groups of one model; 0 means none, so the groups are numbered from 1.
  localparam longint unsigned PL_MULTIPLIERS_MAX = 64'd256;  // Entries of the table of account multipliers; entry 0 is 1.
  localparam longint unsigned PL_ACCOUNTS_MAX = 64'd4294967295;  // Account numbers lie below this.
  localparam longint unsigned PL_ACCOUNT_SLOTS_MAX = 64'd16384;  // Slots of one account, header included.
  localparam longint unsigned PL_ORDER_LOTS_MAX = 64'd268435455;  // Resting lots on one side of one instrument (28 bits).
  localparam longint unsigned PL_PRICE_BITS_FULL = 64'd51;  // Forward, strike and reference price lie below 2^this, profile full.
  localparam longint unsigned PL_PRICE_BITS_SMALL = 64'd34;  // The same, profile small.
  localparam longint unsigned PL_ROW_BITS_FULL = 64'd51;  // Magnitude bits of a row entry, profile full.
  localparam longint unsigned PL_ROW_BITS_SMALL = 64'd35;  // Magnitude bits of a row entry, profile small.
  localparam longint unsigned PL_WATCH_ACCOUNTS_MAX = 64'd1024;  // Accounts of the watched set.
  localparam longint unsigned PL_WATCH_SLOTS_MAX = 64'd16384;  // Slots of the watched set; a card may take fewer (CAP_WATCH_SLOTS).
  localparam longint unsigned PL_WINDOW_BYTES = 64'd4096;  // The window for ticks: a line written anywhere in it is taken as the next one.
  localparam longint unsigned PL_WINDOW_LINES = 64'd64;  // Lines that wait behind the window; also the most of one tick.
  localparam longint unsigned PL_RING_ENTRIES_MAX = 64'd4096;  // Entries of a submission or completion ring (a power of two).
  localparam longint unsigned PL_SCATTER_ENTRIES_MAX = 64'd65536;  // Entries of a sweep's scatter list.

  // Arithmetic profile: word widths and polynomials.
  localparam logic [7:0] PL_PROFILE_FULL = 1;  // value within 1e-12 of max(F, K)
  localparam logic [7:0] PL_PROFILE_SMALL = 2;  // for parts with 18x18 multipliers: value within 1e-7

  // Instrument kinds of a book.
  localparam logic [7:0] PL_KIND_SPOT = 1;  // coin held as collateral or owed
  localparam logic [7:0] PL_KIND_PERPETUAL = 2;  // perpetual future
  localparam logic [7:0] PL_KIND_FUTURE = 3;  // dated future
  localparam logic [7:0] PL_KIND_OPTION = 4;  // European option on a forward

  // How an instrument record's risk row is filled.
  localparam logic [7:0] PL_ROW_KIND_OPTION = 1;  // value by Black-76 on the shocked forward
  localparam logic [7:0] PL_ROW_KIND_LINEAR = 2;  // value is the shocked forward
  localparam logic [7:0] PL_ROW_KIND_INVERSE = 3;  // settlement-currency leg of an inverse contract: value is minus the forward (index / mark), never shocked
  localparam logic [7:0] PL_ROW_KIND_REQUIREMENT = 4;  // value 0: carries requirement columns only

  // Margin mode of an account.
  localparam logic [7:0] PL_MODE_PORTFOLIO = 1;  // scenario loss plus portfolio columns
  localparam logic [7:0] PL_MODE_CROSS = 2;  // brackets, summed over positions
  localparam logic [7:0] PL_MODE_ISOLATED = 3;  // as cross, for one sub-account

  // Verdict, from best to worst; excess = equity - requirement.
  localparam logic [7:0] PL_STATE_HEALTHY = 0;  // initial excess >= 0
  localparam logic [7:0] PL_STATE_MARGIN_CALL = 1;  // initial excess < 0
  localparam logic [7:0] PL_STATE_INDETERMINATE = 2;  // cannot be judged: the flags say why
  localparam logic [7:0] PL_STATE_LIQUIDATE = 3;  // maintenance excess < 0
  localparam logic [7:0] PL_STATE_BANKRUPT = 4;  // equity without haircuts < 0

  // How a scenario moves volatility.
  localparam logic [7:0] PL_VOL_RULE_NONE = 0;  // sigma
  localparam logic [7:0] PL_VOL_RULE_UP = 1;  // max(floor, sigma * up)
  localparam logic [7:0] PL_VOL_RULE_DOWN = 2;  // sigma * down
  localparam logic [7:0] PL_VOL_RULE_LINEAR = 3;  // skew by ln(K/F); the P&L counts as minus its absolute value
  localparam logic [7:0] PL_VOL_RULE_ABS = 4;  // skew by |ln(K/F)|; the P&L counts as minus its absolute value

  // Bits of a verdict's flags and of a row's flags (FLAG_X = 1 << value).
  localparam logic [7:0] PL_FLAG_UNPRICED_BIT = 0;  // a price is missing, or zero where it cannot be
  localparam logic [7:0] PL_FLAG_STALE_BIT = 1;  // a price is older than the model allows
  localparam logic [7:0] PL_FLAG_DOMAIN_BIT = 2;  // an input is outside its domain
  localparam logic [7:0] PL_FLAG_SATURATED_BIT = 3;  // a row entry did not fit
  localparam logic [7:0] PL_FLAG_OVERFLOW_BIT = 4;  // a sum did not fit 64-bit money
  localparam logic [7:0] PL_FLAG_GREEKS_BIT = 5;  // a Greek did not fit; the state is not affected
  localparam logic [7:0] PL_FLAG_IGNORED_ASSET_BIT = 6;  // an unpriced asset is held; the state is the same at value 0 and at its last price

  // First byte of a 64-byte load or tick record.
  localparam logic [7:0] PL_RECORD_MODEL = 1;  // pl_model
  localparam logic [7:0] PL_RECORD_SCENARIO = 2;  // pl_scenario
  localparam logic [7:0] PL_RECORD_UNDERLYING = 3;  // pl_underlying
  localparam logic [7:0] PL_RECORD_EXPIRY = 4;  // pl_expiry
  localparam logic [7:0] PL_RECORD_INSTRUMENT = 5;  // pl_instrument
  localparam logic [7:0] PL_RECORD_CLASS = 6;  // pl_class
  localparam logic [7:0] PL_RECORD_BRACKET = 7;  // pl_bracket
  localparam logic [7:0] PL_RECORD_MULTIPLIER = 8;  // pl_multiplier
  localparam logic [7:0] PL_RECORD_OFFSET_GROUP = 9;  // pl_offset_group
  localparam logic [7:0] PL_RECORD_TICK_PRICE = 16;  // pl_tick_price
  localparam logic [7:0] PL_RECORD_TICK_TIME = 17;  // pl_tick_time
  localparam logic [7:0] PL_RECORD_TICK_SHIFT = 18;  // pl_tick_shift
  localparam logic [7:0] PL_RECORD_TICK_VOL = 19;  // pl_tick_vol
  localparam logic [7:0] PL_RECORD_TICK_UNDERLYING = 20;  // pl_tick_underlying
  localparam logic [7:0] PL_RECORD_TICK_COMMIT = 21;  // pl_tick_commit

  // Top byte of an 8-byte slot of the account stream.
  localparam logic [7:0] PL_TAG_PAD = 0;  // ignored
  localparam logic [7:0] PL_TAG_HEADER = 1;  // starts an account
  localparam logic [7:0] PL_TAG_CASH = 2;  // signed 56-bit money; all cash slots of an account add up
  localparam logic [7:0] PL_TAG_CASH_HIGH = 3;  // signed 56-bit count of 2^32 money units
  localparam logic [7:0] PL_TAG_POSITION = 4;  // instrument and signed lots; instruments strictly increase
  localparam logic [7:0] PL_TAG_ORDERS = 5;  // resting lots of the position slot right before it
  localparam logic [7:0] PL_TAG_REQUIREMENT = 6;  // as POSITION, of a requirement row, lots >= 0
  localparam logic [7:0] PL_TAG_END = 7;  // ends the stream

  // Bits 31:29 of the serial of a record that a card writes; bits 28:0 number the records since reset, those of the watched set apart.
  localparam logic [7:0] PL_RESULT_VERDICT = 4;  // a verdict, on both of its lines
  localparam logic [7:0] PL_RESULT_UNDERLYING = 6;  // a record per underlying
  localparam logic [7:0] PL_RESULT_SUMMARY = 7;  // the end of a sweep or an evaluation

  // Operation of a submission.
  localparam logic [7:0] PL_OP_NOP = 0;  // completes
  localparam logic [7:0] PL_OP_LOAD = 1;  // load records; the tables of a MODEL record's version replace all others
  localparam logic [7:0] PL_OP_TICK = 2;  // tick records into the live bank
  localparam logic [7:0] PL_OP_COMMIT = 3;  // the live bank becomes the frozen one
  localparam logic [7:0] PL_OP_SWEEP = 4;  // evaluate an account stream, of a scatter list or in one piece, on the frozen bank
  localparam logic [7:0] PL_OP_WATCH = 5;  // replace the watched set
  localparam logic [7:0] PL_OP_FENCE = 6;  // completes after everything before it
  localparam logic [7:0] PL_OP_READ_ROWS = 7;  // risk rows and quotes of the frozen tick, computed again, to the host
  localparam logic [7:0] PL_OP_SELF_TEST = 8;  // known-answer test

  // Status of a completion; the library returns its negative value.
  localparam logic [7:0] PL_STATUS_OK = 0;  // done
  localparam logic [7:0] PL_STATUS_BUS_ERROR = 201;  // the bus answered with an error
  localparam logic [7:0] PL_STATUS_TIMEOUT = 202;  // the bus or the card did not answer in time
  localparam logic [7:0] PL_STATUS_MALFORMED_SLOT = 203;  // a slot breaks the contract; the completion names it
  localparam logic [7:0] PL_STATUS_MALFORMED_RECORD = 204;  // a record breaks the contract; the completion names it
  localparam logic [7:0] PL_STATUS_UNCORRECTABLE = 205;  // an uncorrectable memory error
  localparam logic [7:0] PL_STATUS_RING_FULL = 206;  // no room for verdicts
  localparam logic [7:0] PL_STATUS_NOT_LOADED = 207;  // no model and instruments, or no committed tick
  localparam logic [7:0] PL_STATUS_BAD_OPERATION = 208;  // unknown operation or length
  localparam logic [7:0] PL_STATUS_BAD_ADDRESS = 209;  // misaligned or foreign address
  localparam logic [7:0] PL_STATUS_LIMIT = 210;  // a limit of this device is exceeded
  localparam logic [7:0] PL_STATUS_LINK_DOWN = 211;  // the card does not answer
  localparam logic [7:0] PL_STATUS_CONTRACT = 212;  // host and device disagree on the contract
  localparam logic [7:0] PL_STATUS_RESET = 213;  // the card was reset; load again

  // Bits of register CONTROL.
  localparam logic [7:0] PL_CONTROL_ENABLE_BIT = 0;  // the card fetches submissions
  localparam logic [7:0] PL_CONTROL_SOFT_RESET_BIT = 1;  // write 1 to reset; reads 1 until the reset has ended
  localparam logic [7:0] PL_CONTROL_WINDOW_CLEAR_BIT = 2;  // write 1: the window forgets what waits, its status is OK and its next line number 1; reads as 0

  // Bits of register STATUS.
  localparam logic [7:0] PL_CARD_LOADED_BIT = 0;  // model and instruments are complete
  localparam logic [7:0] PL_CARD_COMMITTED_BIT = 1;  // a tick is frozen
  localparam logic [7:0] PL_CARD_CLEAN_BIT = 2;  // the last soft reset found the bus quiet: the host may free its buffers
  localparam logic [7:0] PL_CARD_NEEDS_FLR_BIT = 3;  // a transfer never ended: free buffers only after a function-level reset
  localparam logic [7:0] PL_CARD_WATCHING_BIT = 4;  // a watched set is held

  // Bits of registers IRQ_ENABLE and IRQ_PENDING, and interrupt lines.
  localparam logic [7:0] PL_IRQ_COMPLETION_BIT = 0;  // a completion was written
  localparam logic [7:0] PL_IRQ_WATCHED_BIT = 1;  // a watched verdict was written
  localparam logic [7:0] PL_IRQ_ERROR_BIT = 2;  // register ERROR was set

  // Performance counters, 64 bits each, since reset.
  localparam logic [7:0] PL_COUNTER_CYCLES = 0;  // clock cycles
  localparam logic [7:0] PL_COUNTER_SWEEP_CYCLES = 1;  // from the start of a sweep to the response to its completion
  localparam logic [7:0] PL_COUNTER_SWEEP_SLOTS = 2;  // slots read by sweeps, padding included
  localparam logic [7:0] PL_COUNTER_ACCOUNTS = 3;  // accounts judged
  localparam logic [7:0] PL_COUNTER_STALL_INPUT = 4;  // cycles in which a sweep waited for a line of its stream
  localparam logic [7:0] PL_COUNTER_STALL_LANES = 5;  // cycles in which a line of the stream waited for lanes
  localparam logic [7:0] PL_COUNTER_STALL_OUTPUT = 6;  // cycles in which a verdict waited for the bus
  localparam logic [7:0] PL_COUNTER_READ_LINES = 7;  // lines read from host memory
  localparam logic [7:0] PL_COUNTER_WRITE_LINES = 8;  // lines written to host memory
  localparam logic [7:0] PL_COUNTER_EVALUATIONS = 9;  // prices computed, one per instrument and scenario
  localparam logic [7:0] PL_COUNTER_PRICE_CYCLES = 10;  // cycles in which the pricing engine was busy
  localparam logic [7:0] PL_COUNTER_COMMITS = 11;  // ticks frozen
  localparam logic [7:0] PL_COUNTER_CORRECTED = 12;  // memory words corrected by ECC
  localparam logic [7:0] PL_COUNTER_WINDOW_LINES = 13;  // lines taken from the window
  localparam logic [7:0] PL_COUNTER_WINDOW_REFUSED = 14;  // lines and ticks of the window that were refused
  localparam logic [7:0] PL_COUNTER_CONFLATED = 15;  // lines of the window that replaced one of the same instrument or expiry before it was used
  localparam logic [7:0] PL_COUNTER_TICKS_MERGED = 16;  // ticks of the window that were never committed alone: a later one took them in
  localparam logic [7:0] PL_COUNTER_WATCH_RUNS = 17;  // evaluations of the watched set
  localparam logic [7:0] PL_COUNTER_WATCH_DROPPED = 18;  // evaluations that were left out because the watch ring had no room for them

  // Starts a load: the version and the number of entries of each table that follows.
  typedef struct packed {
    logic [159:0] reserved1;
    logic [31:0] multipliers;
    logic [31:0] offset_groups;
    logic [31:0] bracket_tables;
    logic [31:0] scenario_tables;
    logic [31:0] classes;
    logic [31:0] underlyings;
    logic [31:0] expiries;
    logic [31:0] instruments;
    logic [31:0] table_version;
    logic [31:0] model_version;
    logic [23:0] reserved0;
    logic [7:0] kind;
  } pl_model_t;
  localparam int unsigned PL_MODEL_BITS = 512;

  // One scenario of a table. The order is the tie order: the lowest index wins.
  typedef struct packed {
    logic [319:0] reserved1;
    logic signed [63:0] dampening;
    logic signed [63:0] shock;
    logic [7:0] count;
    logic [7:0] index;
    logic [15:0] scenario_table;
    logic [15:0] reserved0;
    logic [7:0] vol_rule;
    logic [7:0] kind;
  } pl_scenario_t;
  localparam int unsigned PL_SCENARIO_BITS = 512;

  // What the close needs of an underlying. Underlyings of one offset group have adjacent indices, as many scenarios and equal factors.
  typedef struct packed {
    logic [63:0] reserved1;
    logic signed [63:0] naked_im;
    logic [63:0] vol_floor;
    logic signed [63:0] basis_down;
    logic signed [63:0] basis_up;
    logic signed [63:0] im_loss_factor;
    logic signed [63:0] mm_loss_factor;
    logic [15:0] scenario_table;
    logic [15:0] index;
    logic [7:0] reserved0;
    logic [7:0] scenario_count;
    logic [7:0] offset_group;
    logic [7:0] kind;
  } pl_underlying_t;
  localparam int unsigned PL_UNDERLYING_BITS = 512;

  // A group of instruments with one price: the options of one expiry, a future, a perpetual, a coin. Indices increase with the underlying's.
  typedef struct packed {
    logic [383:0] reserved2;
    logic [47:0] reserved1;
    logic [7:0] scenario;
    logic [7:0] perpetual;
    logic [15:0] underlying;
    logic [15:0] index;
    logic [15:0] reserved0;
    logic signed [7:0] row_shift;
    logic [7:0] kind;
  } pl_expiry_t;
  localparam int unsigned PL_EXPIRY_BITS = 512;

  // One risk row. Indices increase with the expiry's.
  typedef struct packed {
    logic [255:0] reserved1;
    logic [63:0] unit;
    logic [63:0] strike;
    logic [31:0] reserved0;
    logic [15:0] margin_class;
    logic [15:0] expiry;
    logic [31:0] index;
    logic [7:0] is_asset;
    logic [7:0] is_call;
    logic [7:0] row;
    logic [7:0] kind;
  } pl_instrument_t;
  localparam int unsigned PL_INSTRUMENT_BITS = 512;

  // Requirement rates of a class of instruments. Portfolio rates are of the reference price, fee and brackets of the notional.
  typedef struct packed {
    logic [127:0] reserved1;
    logic signed [63:0] fee;
    logic signed [63:0] im_short;
    logic signed [63:0] im_long;
    logic signed [63:0] mm_short;
    logic signed [63:0] mm_long;
    logic [15:0] short_brackets;
    logic [15:0] long_brackets;
    logic [15:0] index;
    logic [7:0] reserved0;
    logic [7:0] kind;
  } pl_class_t;
  localparam int unsigned PL_CLASS_BITS = 512;

  // One bracket. The requirement is the maximum over a table's brackets of notional * rate - cum, at least 0.
  typedef struct packed {
    logic [191:0] reserved2;
    logic signed [63:0] im_cum;
    logic signed [63:0] im_rate;
    logic signed [63:0] mm_cum;
    logic signed [63:0] mm_rate;
    logic [15:0] reserved1;
    logic [15:0] bracket_table;
    logic [7:0] reserved0;
    logic [7:0] count;
    logic [7:0] index;
    logic [7:0] kind;
  } pl_bracket_t;
  localparam int unsigned PL_BRACKET_BITS = 512;

  // One entry of the table of account multipliers.
  typedef struct packed {
    logic [383:0] reserved2;
    logic signed [63:0] value;
    logic [31:0] reserved1;
    logic [15:0] index;
    logic [7:0] reserved0;
    logic [7:0] kind;
  } pl_multiplier_t;
  localparam int unsigned PL_MULTIPLIER_BITS = 512;

  // Underlyings whose losses may offset: loss = separate - credit * (separate - joint).
  typedef struct packed {
    logic [383:0] reserved2;
    logic signed [63:0] credit;
    logic [31:0] reserved1;
    logic [15:0] reserved0;
    logic [7:0] index;
    logic [7:0] kind;
  } pl_offset_group_t;
  localparam int unsigned PL_OFFSET_GROUP_BITS = 512;

  // Prices of an expiry: reprices its instruments.
  typedef struct packed {
    logic [63:0] tick;
    logic signed [63:0] penalty_perpetual;
    logic signed [63:0] penalty;
    logic signed [63:0] rate;
    logic [63:0] discount;
    logic [63:0] index_price;
    logic [63:0] forward;
    logic [31:0] line;
    logic [15:0] index;
    logic [7:0] flags;
    logic [7:0] kind;
  } pl_tick_price_t;
  localparam int unsigned PL_TICK_PRICE_BITS = 512;

  // What time alone moves in an expiry: reprices its instruments.
  typedef struct packed {
    logic signed [63:0] short_discount;
    logic signed [63:0] long_discount;
    logic signed [63:0] basis_weight;
    logic signed [63:0] moving;
    logic [63:0] years;
    logic [63:0] half_inv_sqrt_t;
    logic [63:0] sqrt_t;
    logic [31:0] reserved1;
    logic [15:0] index;
    logic [7:0] reserved0;
    logic [7:0] kind;
  } pl_tick_time_t;
  localparam int unsigned PL_TICK_TIME_BITS = 512;

  // Vol rules of an expiry, which follow its time.
  typedef struct packed {
    logic [63:0] reserved2;
    logic signed [63:0] abs_slope;
    logic signed [63:0] abs_cap;
    logic signed [63:0] linear_slope;
    logic signed [63:0] linear_cap;
    logic signed [63:0] vol_down;
    logic signed [63:0] vol_up;
    logic [31:0] reserved1;
    logic [15:0] index;
    logic [7:0] reserved0;
    logic [7:0] kind;
  } pl_tick_shift_t;
  localparam int unsigned PL_TICK_SHIFT_BITS = 512;

  // Volatility of an option: reprices it.
  typedef struct packed {
    logic [63:0] tick;
    logic [255:0] reserved2;
    logic [63:0] vol;
    logic [31:0] reserved1;
    logic [31:0] index;
    logic [31:0] line;
    logic [15:0] reserved0;
    logic [7:0] flags;
    logic [7:0] kind;
  } pl_tick_vol_t;
  localparam int unsigned PL_TICK_VOL_BITS = 512;

  // What a tick moves in an underlying.
  typedef struct packed {
    logic [383:0] reserved2;
    logic signed [63:0] im_loss_factor;
    logic [31:0] reserved1;
    logic [15:0] index;
    logic [7:0] reserved0;
    logic [7:0] kind;
  } pl_tick_underlying_t;
  localparam int unsigned PL_TICK_UNDERLYING_BITS = 512;

  // Ends a tick: sweeps from here on see everything before it.
  typedef struct packed {
    logic [63:0] tick;
    logic [319:0] reserved1;
    logic signed [63:0] time_us;
    logic [31:0] line;
    logic [23:0] reserved0;
    logic [7:0] kind;
  } pl_tick_commit_t;
  localparam int unsigned PL_TICK_COMMIT_BITS = 512;

  // Risk row: money per lot, in units of 10^-8 * 2^-row_shift. Rounding: values half-up, requirement columns up.
  typedef struct packed {
    logic [2559:0] scenario;
    logic [319:0] reserved0;
    logic signed [63:0] order_naked;
    logic signed [63:0] order_short;
    logic signed [63:0] order_long;
    logic signed [63:0] gross;
    logic signed [63:0] notional;
    logic signed [63:0] fee;
    logic signed [63:0] im_short;
    logic signed [63:0] im_long;
    logic signed [63:0] mm_short;
    logic signed [63:0] mm_long;
    logic signed [63:0] rho;
    logic signed [63:0] theta;
    logic signed [63:0] vega;
    logic signed [63:0] gamma;
    logic signed [63:0] delta;
    logic signed [63:0] basis_down;
    logic signed [63:0] basis_up;
    logic signed [63:0] base;
    logic [15:0] margin_class;
    logic [15:0] expiry;
    logic [7:0] is_asset;
    logic signed [7:0] row_shift;
    logic [7:0] row;
    logic [7:0] flags;
  } pl_row_t;
  localparam int unsigned PL_ROW_BITS = 4096;
  localparam int unsigned PL_ROW_WORD_BASE = 1;
  localparam int unsigned PL_ROW_WORD_BASIS_UP = 2;
  localparam int unsigned PL_ROW_WORD_BASIS_DOWN = 3;
  localparam int unsigned PL_ROW_WORD_DELTA = 4;
  localparam int unsigned PL_ROW_WORD_GAMMA = 5;
  localparam int unsigned PL_ROW_WORD_VEGA = 6;
  localparam int unsigned PL_ROW_WORD_THETA = 7;
  localparam int unsigned PL_ROW_WORD_RHO = 8;
  localparam int unsigned PL_ROW_WORD_MM_LONG = 9;
  localparam int unsigned PL_ROW_WORD_MM_SHORT = 10;
  localparam int unsigned PL_ROW_WORD_IM_LONG = 11;
  localparam int unsigned PL_ROW_WORD_IM_SHORT = 12;
  localparam int unsigned PL_ROW_WORD_FEE = 13;
  localparam int unsigned PL_ROW_WORD_NOTIONAL = 14;
  localparam int unsigned PL_ROW_WORD_GROSS = 15;
  localparam int unsigned PL_ROW_WORD_ORDER_LONG = 16;
  localparam int unsigned PL_ROW_WORD_ORDER_SHORT = 17;
  localparam int unsigned PL_ROW_WORD_ORDER_NAKED = 18;
  localparam int unsigned PL_ROW_WORD_RESERVED0 = 19;
  localparam int unsigned PL_ROW_WORD_SCENARIO = 24;

  // Price and Greeks of a row at full relative precision: IEEE 754 binary64 bit patterns, in row units per price unit. Informative: verdicts never read it.
  typedef struct packed {
    logic [63:0] rho;
    logic [63:0] theta_decay;
    logic [63:0] theta;
    logic [63:0] vega;
    logic [63:0] gamma;
    logic [63:0] delta;
    logic signed [63:0] value;
    logic [31:0] flags;
    logic [31:0] instrument;
  } pl_quote_t;
  localparam int unsigned PL_QUOTE_BITS = 512;

  // One account's verdict: two lines, each with the ring's phase and serial.
  typedef struct packed {
    logic [63:0] reserved1;
    logic signed [63:0] rho;
    logic signed [63:0] theta;
    logic signed [63:0] vega;
    logic signed [63:0] gamma;
    logic signed [63:0] delta;
    logic [31:0] reserved0;
    logic [31:0] table_version;
    logic [31:0] model_version;
    logic [31:0] serial_again;
    logic [63:0] position_version;
    logic signed [63:0] worst_loss;
    logic signed [63:0] initial_excess;
    logic signed [63:0] maintenance_excess;
    logic signed [63:0] equity;
    logic [63:0] tick;
    logic [7:0] profile;
    logic [7:0] worst_scenario;
    logic [15:0] worst_underlying;
    logic [15:0] flags;
    logic [7:0] mode;
    logic [7:0] state;
    logic [31:0] account;
    logic [31:0] serial;
  } pl_verdict_t;
  localparam int unsigned PL_VERDICT_BITS = 1024;

  // On request: one line per (account, underlying), before the account's verdict. A card writes those of accounts that the filter drops as well.
  typedef struct packed {
    logic signed [63:0] vega;
    logic signed [63:0] delta;
    logic signed [63:0] initial_requirement;
    logic signed [63:0] maintenance_requirement;
    logic signed [63:0] worst_loss;
    logic signed [63:0] value;
    logic [15:0] reserved1;
    logic [15:0] flags;
    logic [7:0] reserved0;
    logic [7:0] worst_scenario;
    logic [15:0] underlying;
    logic [31:0] account;
    logic [31:0] serial;
  } pl_underlying_verdict_t;
  localparam int unsigned PL_UNDERLYING_VERDICT_BITS = 512;

  // Ends every sweep, so that silence is never mistaken for health. A card writes it as the last line, also of a sweep that failed.
  typedef struct packed {
    logic [31:0] last_account;
    logic [159:0] by_state;
    logic [63:0] slots;
    logic [63:0] flagged;
    logic [63:0] accounts;
    logic [63:0] tick;
    logic [31:0] status;
    logic [31:0] serial;
  } pl_tick_summary_t;
  localparam int unsigned PL_TICK_SUMMARY_BITS = 512;

  // Entry of the submission ring. READ_ROWS writes pl_row and then pl_quote per instrument: 9 lines each.
  typedef struct packed {
    logic signed [63:0] time_us;
    logic [63:0] position_version;
    logic [63:0] tick;
    logic [63:0] verdict_lines;
    logic [63:0] verdict_address;
    logic [63:0] count;
    logic [63:0] address;
    logic [31:0] serial;
    logic [7:0] one_piece;
    logic [7:0] per_underlying;
    logic [7:0] filter;
    logic [7:0] op;
  } pl_submission_t;
  localparam int unsigned PL_SUBMISSION_BITS = 512;

  // Entry of a scatter list: a piece of the account stream, owned by the card until the completion.
  typedef struct packed {
    logic [31:0] reserved0;
    logic [31:0] slots;
    logic [63:0] address;
  } pl_scatter_t;
  localparam int unsigned PL_SCATTER_BITS = 128;

  // Entry of the completion ring; written after all data of its submission.
  typedef struct packed {
    logic [63:0] bytes_written;
    logic [63:0] bytes_read;
    logic [63:0] stall_output;
    logic [63:0] stall_input;
    logic [63:0] cycles;
    logic [63:0] verdict_lines;
    logic [63:0] detail;
    logic [31:0] status;
    logic [31:0] serial;
  } pl_completion_t;
  localparam int unsigned PL_COMPLETION_BITS = 512;

  // Slot header: TAG_HEADER
  localparam int unsigned PL_SLOT_HEADER_ACCOUNT_MSB = 31;
  localparam int unsigned PL_SLOT_HEADER_ACCOUNT_LSB = 0;
  localparam int unsigned PL_SLOT_HEADER_MODE_MSB = 39;
  localparam int unsigned PL_SLOT_HEADER_MODE_LSB = 32;
  localparam int unsigned PL_SLOT_HEADER_MULTIPLIER_MSB = 55;
  localparam int unsigned PL_SLOT_HEADER_MULTIPLIER_LSB = 40;

  // Slot cash: TAG_CASH, TAG_CASH_HIGH
  localparam int unsigned PL_SLOT_CASH_AMOUNT_MSB = 55;
  localparam int unsigned PL_SLOT_CASH_AMOUNT_LSB = 0;

  // Slot position: TAG_POSITION, TAG_REQUIREMENT
  localparam int unsigned PL_SLOT_POSITION_LOTS_MSB = 31;
  localparam int unsigned PL_SLOT_POSITION_LOTS_LSB = 0;
  localparam int unsigned PL_SLOT_POSITION_INSTRUMENT_MSB = 55;
  localparam int unsigned PL_SLOT_POSITION_INSTRUMENT_LSB = 32;

  // Slot orders: TAG_ORDERS
  localparam int unsigned PL_SLOT_ORDERS_BUY_MSB = 27;
  localparam int unsigned PL_SLOT_ORDERS_BUY_LSB = 0;
  localparam int unsigned PL_SLOT_ORDERS_SELL_MSB = 55;
  localparam int unsigned PL_SLOT_ORDERS_SELL_LSB = 28;

  // Registers
  localparam logic [11:0] PL_REG_MAGIC = 12'h000;  // r: MAGIC; all ones means that the link is down
  localparam logic [11:0] PL_REG_CONTRACT_VERSION = 12'h004;  // r: contract version
  localparam logic [11:0] PL_REG_CONTRACT_HASH_LOW = 12'h008;  // r: hash of layout and arithmetic, bits 31:0
  localparam logic [11:0] PL_REG_CONTRACT_HASH_HIGH = 12'h00C;  // r: bits 63:32
  localparam logic [11:0] PL_REG_BUILD = 12'h010;  // r: build revision
  localparam logic [11:0] PL_REG_PROFILE = 12'h014;  // r: PROFILE
  localparam logic [11:0] PL_REG_LANES = 12'h018;  // r: sweep lanes
  localparam logic [11:0] PL_REG_CAP_SCENARIOS = 12'h01C;  // r: scenarios this card takes
  localparam logic [11:0] PL_REG_CAP_INSTRUMENTS = 12'h020;  // r: instruments this card takes
  localparam logic [11:0] PL_REG_CAP_EXPIRIES = 12'h024;  // r: expiries this card takes
  localparam logic [11:0] PL_REG_CONTROL = 12'h028;  // rw: bits of CONTROL
  localparam logic [11:0] PL_REG_STATUS = 12'h02C;  // r: bits of CARD
  localparam logic [11:0] PL_REG_SUBMIT_BASE_LOW = 12'h030;  // rw: submission ring, 64-byte aligned
  localparam logic [11:0] PL_REG_SUBMIT_BASE_HIGH = 12'h034;  // rw: 
  localparam logic [11:0] PL_REG_SUBMIT_ENTRIES = 12'h038;  // rw: power of two, at most RING_ENTRIES_MAX
  localparam logic [11:0] PL_REG_SUBMIT_DOORBELL = 12'h03C;  // w: entries submitted so far, modulo 2^32
  localparam logic [11:0] PL_REG_COMPLETE_BASE_LOW = 12'h040;  // rw: completion ring, 64-byte aligned
  localparam logic [11:0] PL_REG_COMPLETE_BASE_HIGH = 12'h044;  // rw: 
  localparam logic [11:0] PL_REG_COMPLETE_ENTRIES = 12'h048;  // rw: power of two, at most RING_ENTRIES_MAX
  localparam logic [11:0] PL_REG_COMPLETE_CONSUMED = 12'h04C;  // w: entries the host has read so far, modulo 2^32
  localparam logic [11:0] PL_REG_IRQ_ENABLE = 12'h050;  // rw: bits of IRQ
  localparam logic [11:0] PL_REG_IRQ_PENDING = 12'h054;  // rw1c: bits of IRQ; write 1 to clear
  localparam logic [11:0] PL_REG_ERROR = 12'h058;  // r: STATUS of the first error since reset that no completion could tell
  localparam logic [11:0] PL_REG_COUNTER_SELECT = 12'h060;  // rw: COUNTER to read
  localparam logic [11:0] PL_REG_COUNTER_LOW = 12'h064;  // r: its value, latched by reading this half
  localparam logic [11:0] PL_REG_COUNTER_HIGH = 12'h068;  // r: the latched upper half
  localparam logic [11:0] PL_REG_CAP_UNDERLYINGS = 12'h06C;  // r: underlyings this card takes
  localparam logic [11:0] PL_REG_CAP_CLASSES = 12'h070;  // r: margin classes this card takes
  localparam logic [11:0] PL_REG_CAP_BRACKET_TABLES = 12'h074;  // r: bracket tables this card takes
  localparam logic [11:0] PL_REG_WINDOW_STATUS = 12'h078;  // r: STATUS of the first line or tick that the window refused since its last clear: it takes no more ticks until then
  localparam logic [11:0] PL_REG_CAP_WATCH_SLOTS = 12'h07C;  // r: slots of a watched set that this card takes, at most WATCH_SLOTS_MAX
  localparam logic [11:0] PL_REG_WATCH_BASE_LOW = 12'h080;  // rw: watch ring: lines of verdicts, 64-byte aligned
  localparam logic [11:0] PL_REG_WATCH_BASE_HIGH = 12'h084;  // rw: 
  localparam logic [11:0] PL_REG_WATCH_ENTRIES = 12'h088;  // rw: its lines: power of two, at most RING_ENTRIES_MAX; writing it starts the ring anew
  localparam logic [11:0] PL_REG_WATCH_CONSUMED = 12'h08C;  // w: lines of it the host has read since then, modulo 2^32
endpackage
`default_nettype wire
