// What passes between the rooms of the card: types and sizes that more than one room needs.
//
// A table's capacity is a parameter of pl_core; indices travel at the contract's width. Money is signed 64-bit, coefficients are
// Q.40 in COEFFICIENT_W bits: the contract's +-64, both ends included. pl_core checks these sizes against pl_abi_pkg.
`default_nettype none

// verilator lint_off UNUSEDPARAM
package pl_card_pkg;
  localparam int unsigned LINE_W = 512;
  localparam int unsigned SLOT_W = 64;
  localparam int unsigned COEFFICIENT_W = 48;
  localparam int unsigned INSTRUMENT_W = 24;
  localparam int unsigned EXPIRY_W = 14;
  localparam int unsigned UNDERLYING_W = 10;
  localparam int unsigned FLAGS_W = 7;  // PL_FLAG_*

  // A row's columns are named by the 64-bit word of pl_row_t that they lie in: PL_ROW_WORD_*; word 0 is row_meta_t.
  localparam int unsigned COLUMN_W = 6;
  localparam int unsigned COLUMN_META = 0;
  localparam int unsigned COLUMNS = 64;

  // Word 0 of a row as the card keeps it.
  typedef struct packed {
    logic [7:0]  row_shift;  // two's complement
    logic [11:0] margin_class;
    logic [13:0] expiry;
    logic        is_asset;
    logic [2:0]  kind;  // PL_ROW_KIND_*
    logic [6:0]  flags;
  } row_meta_t;
  localparam int unsigned ROW_META_W = 45;

  // What the close reads of an expiry's frozen tick.
  typedef struct packed {
    logic [13:0] expiry;
    logic [47:0] penalty;
    logic [47:0] penalty_perpetual;
    logic [47:0] basis_weight;
    logic [47:0] long_discount;
    logic [47:0] short_discount;
  } frozen_expiry_t;
  localparam int unsigned FROZEN_EXPIRY_W = 254;

  typedef struct packed {
    logic [9:0]  underlying;
    logic [47:0] im_loss_factor;
  } frozen_underlying_t;
  localparam int unsigned FROZEN_UNDERLYING_W = 58;

  // The wide sums of one expiry of one account (struct pl_expiry_sums), SUM_W bits each, sum s at [s*SUM_W +: SUM_W].
  localparam int unsigned SUM_W = 128;
  localparam int unsigned SUM_VALUE = 0;
  localparam int unsigned SUM_DELTA = 1;
  localparam int unsigned SUM_GAMMA = 2;  // in units of 2^PL_GAMMA_SHIFT row units
  localparam int unsigned SUM_VEGA = 3;
  localparam int unsigned SUM_THETA = 4;
  localparam int unsigned SUM_RHO = 5;
  localparam int unsigned SUM_FEE = 6;
  localparam int unsigned SUM_MM = 7;
  localparam int unsigned SUM_IM = 8;
  localparam int unsigned SUM_GROSS = 9;  // with what resting orders add to it
  localparam int unsigned SUM_BASIS_UP = 10;
  localparam int unsigned SUM_BASIS_DOWN = 11;
  localparam int unsigned SUM_ORDER_IM = 12;
  localparam int unsigned SUM_ORDER_LOSS = 13;
  localparam int unsigned SUM_SCENARIO = 14;  // and on: one per scenario

  // One entry from the sweep to the close: an expiry of an account, or (group = 0) only an account's end.
  typedef struct packed {
    logic        group;            // the sums and the fields down to bracket_im are valid
    logic        underlying_last;  // last expiry of its underlying in this account
    logic        account_last;     // ends the account: the fields from multiplier on are valid
    logic [1:0]  mode;             // PL_MODE_*, valid in every entry
    logic        live;             // of the watched set: judged on the live tick; valid in every entry
    logic        held;
    logic        unpriced_asset;
    logic [6:0]  flags;
    logic [6:0]  order_flags;
    logic [13:0] expiry;
    logic [9:0]  underlying;
    logic [7:0]  row_shift;        // two's complement
    logic [63:0] bracket_mm;
    logic [63:0] bracket_im;
    logic [31:0] account;          // valid in every entry, as mode
    logic [15:0] multiplier;
    logic [63:0] cash;             // limited to money
    logic        cash_overflow;
    logic [7:0]  status;           // PL_STATUS_OK, or why the account cannot be judged: the sweep ends here
    logic [31:0] slot;             // index in the stream of the slot that status is about
  } group_t;
  localparam int unsigned GROUP_W = 335;

  // From the close to the verdict room: a record per underlying (on request), then the account's verdict.
  typedef struct packed {
    logic        live;            // as group_t
    logic        per_underlying;  // the fields are those of underlying_t
    logic [7:0]  status;          // as group_t
    logic [31:0] slot;
    logic [663:0] body;           // verdict_t, or underlying_t in its low bits
  } judged_t;
  localparam int unsigned JUDGED_W = 706;

  typedef struct packed {
    logic [31:0] account;
    logic [7:0]  state;
    logic [7:0]  mode;
    logic [15:0] flags;
    logic [15:0] worst_underlying;
    logic [7:0]  worst_scenario;
    logic [63:0] equity;
    logic [63:0] maintenance_excess;
    logic [63:0] initial_excess;
    logic [63:0] worst_loss;
    logic [63:0] delta;
    logic [63:0] gamma;
    logic [63:0] vega;
    logic [63:0] theta;
    logic [63:0] rho;
  } verdict_t;
  localparam int unsigned VERDICT_W = 664;

  typedef struct packed {
    logic [31:0] account;
    logic [15:0] underlying;
    logic [7:0]  worst_scenario;
    logic [15:0] flags;
    logic [63:0] value;
    logic [63:0] worst_loss;
    logic [63:0] maintenance_requirement;
    logic [63:0] initial_requirement;
    logic [63:0] delta;
    logic [63:0] vega;
  } underlying_t;
  localparam int unsigned UNDERLYING_RECORD_W = 456;

  // From the distributor to the verdict room, in stream order: which lane judges the next account, or how the stream ends.
  typedef struct packed {
    logic        ends;    // no account: END was met (status OK), or the stream is broken here
    logic [7:0]  status;
    logic [2:0]  lane;
    logic [31:0] slot;    // ends: index of the slot that ends it
  } order_t;
  localparam int unsigned ORDER_W = 44;

  // From the distributor to a lane: part of a line, slots first .. first + count - 1, all of one account.
  typedef struct packed {
    logic         live;   // as group_t
    logic         last;   // the account's last
    logic [3:0]   count;  // 1..8
    logic [2:0]   first;
    logic [31:0]  line;   // index of the line in the stream
    logic [511:0] slots;
  } fragment_t;
  localparam int unsigned FRAGMENT_W = 553;
endpackage
// verilator lint_on UNUSEDPARAM
`default_nettype wire
