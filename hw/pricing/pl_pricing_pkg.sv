// Ports and latencies of the pricing pipeline. Contract: types and constant functions only.
//
// Inside the pipeline a "mag" (struct pl_mag) is the vector {e, m}: e of E_W bits in two's
// complement, m of W bits, most significant bit 1 or all 0. PROFILE is PL_PROFILE_FULL or
// PL_PROFILE_SMALL of pl_abi_pkg. Latencies are in enabled cycles. Reference: host/model/arith.h.
//
// Macro PL_MUL_SHARE, 4 instead of 1: pricing steps every fourth cycle, its en_i is never high more often, and its multiplier tiles
// share multipliers (mul_tiled).
`ifndef PL_MUL_SHARE
`define PL_MUL_SHARE 1
`endif
`default_nettype none

// verilator lint_off UNUSEDPARAM
package pl_pricing_pkg;
  localparam int FULL = 1;  // PL_PROFILE_FULL
  localparam int SMALL = 2;  // PL_PROFILE_SMALL
  // Exponents stay within -1700..1200: |e| <= 256 of five reals, n(a) above 2^-742, prices and 1/s.
  localparam int E_W = 12;
  localparam int FRACTION_BITS = 12;  // PL_FRACTION_BITS
  localparam int Z_INTEGER_BITS = 5;  // PL_Z_INTEGER_BITS
  localparam int VOL_TOTAL_E_MAX = 5;  // PL_VOL_TOTAL_E_MAX
  localparam int EXPIRY_E_MAX = 256;  // PL_EXPIRY_E_MAX
  localparam int VOL_FRACTION_BITS = 45;  // PL_VOL_FRACTION_BITS
  localparam int RATE_FRACTION_BITS = 48;  // PL_RATE_FRACTION_BITS
  localparam int NEAR_LOG2_RANGE = 4;  // PL_NEAR_LOG2_RANGE

  // A non-negative struct pl_real; e in two's complement, wide enough for D times a row unit.
  typedef struct packed {
    logic [12:0] e;
    logic [51:0] m;
  } pl_ureal_t;

  // struct pl_real with its sign apart; e in two's complement. Zero is all 0.
  typedef struct packed {
    logic        negative;
    logic [11:0] e;
    logic [51:0] m;
  } pl_sreal_t;

  // struct pl_black_in and struct pl_expiry_math.
  typedef struct packed {
    logic [63:0] rate_q48;  // two's complement
    pl_ureal_t   years;
    pl_ureal_t   discount;
    pl_ureal_t   half_inv_sqrt_t;
    pl_ureal_t   sqrt_t;
    logic        is_call;
    logic [63:0] vol_q45;
    logic [63:0] strike;
    logic [63:0] forward;
  } pl_price_in_t;

  // struct pl_black_out; flags as PL_PRICE_*: bit 0 DOMAIN, bit 1 SATURATED.
  typedef struct packed {
    logic [1:0]  flags;
    pl_sreal_t   volga;
    pl_sreal_t   vanna;
    pl_sreal_t   rho;
    pl_sreal_t   theta_decay;
    pl_sreal_t   theta;
    pl_sreal_t   vega;
    pl_sreal_t   gamma;
    pl_sreal_t   delta;
    logic [63:0] value;
  } pl_price_out_t;

  // Multiplier tiles: DSP48E2 for full, 18 x 18 multipliers for small.
  function automatic int tile_wide(input int profile);
    tile_wide = profile == FULL ? 26 : 17;
  endfunction
  localparam int TILE_NARROW = 17;
  localparam int TILE_SHARE = `PL_MUL_SHARE;

  // W x W or W x R multiply, both profiles; pl_mag_mul; pl_mag_normalise; pl_mag_add; pl_mag_sub.
  localparam int MUL = 4;
  localparam int MAG_MUL = MUL + 1;
  localparam int NORM = 2;
  localparam int ADD = 3;
  localparam int SUB = 3 + NORM;

  // One ROM evaluation: the read, then one multiply and one add per degree.
  function automatic int rom(input int profile);
    rom = profile == FULL ? 18 : 9;
  endfunction
  function automatic int rom_mills(input int profile);
    rom_mills = 2 + (profile == FULL ? 19 : 9);
  endfunction

  // The steps, in the order of core_run() and black() in host/model/pricing.c.
  localparam int NORMALISE = 1 + NORM;
  function automatic int log_moneyness(input int profile);
    log_moneyness = 2 * rom(profile) + MAG_MUL + 3 + MUL + 1 + NORM;
  endfunction
  function automatic int total_vol(input int profile);
    total_vol = NORM + MAG_MUL + 1 + rom(profile);
  endfunction
  localparam int DISTANCE = MAG_MUL + 3;
  function automatic int mills(input int profile);
    mills = rom_mills(profile);
  endfunction
  function automatic int density(input int profile);
    density = NORM + 2 * MUL + 2 + rom(profile);
  endfunction
  localparam int BRACKET = MUL + 2 + NORM;
  localparam int VALUE = 5;
  localparam int DELTA_RHO = MAG_MUL + MUL + NORM + SUB + 1;
  localparam int THETA_AFTER_OTM = ADD + MAG_MUL + SUB + 1;
  localparam int CURVATURE = 4 * MAG_MUL;
  localparam int GREEKS = BRACKET + THETA_AFTER_OTM;  // theta is the last of them

  // Start of a step, counted from the input of the pipeline.
  localparam int T_LOG = NORMALISE;
  function automatic int t_distance(input int profile);
    t_distance = T_LOG + log_moneyness(profile);
  endfunction
  function automatic int t_density(input int profile);
    t_density = t_distance(profile) + DISTANCE;
  endfunction
  function automatic int t_bracket(input int profile);
    t_bracket = t_density(profile) + density(profile);
  endfunction
  function automatic int t_otm(input int profile);  // otm and parity are there
    t_otm = t_bracket(profile) + BRACKET + MAG_MUL;
  endfunction
  function automatic int t_greeks(input int profile);  // w is there
    t_greeks = t_bracket(profile) + MAG_MUL;
  endfunction
  // theta is the last of all; one more register applies the domain flag.
  function automatic int depth(input int profile);
    depth = t_otm(profile) + THETA_AFTER_OTM + 1;
  endfunction

  // Upstream of the pipeline: host/model/row.c.
  function automatic int shocked_forward(input int profile);
    shocked_forward = profile == FULL ? 12 : 13;
  endfunction
  function automatic int shocked_vol(input int profile);
    shocked_vol = profile == FULL ? 6 : 7;
  endfunction

  // The row engine: what pl_row_tables keeps of the records of one instrument, at the widths the contract's ranges leave.
  localparam int SLOTS = 16;  // rows under way
  localparam int SLOT_W = 4;
  localparam int Z_W = 6;  // a value's place in a row, Z_*
  localparam int Z_BASE = 0;
  localparam int Z_BASIS_UP = 1;
  localparam int Z_BASIS_DOWN = 2;
  localparam int Z_SCENARIO = 3;

  typedef struct packed {
    logic [63:0] unit;
    logic [50:0] strike;
    logic [11:0] margin_class;
    logic [13:0] expiry;
    logic        is_asset;
    logic        is_call;
    logic [2:0]  kind;  // PL_ROW_KIND_*
  } pl_row_instrument_t;

  typedef struct packed {
    logic [63:0] rate;
    logic [63:0] discount;
    logic [50:0] index_price;
    logic [50:0] forward;
    logic [1:0]  flags;  // UNPRICED, STALE
  } pl_row_price_t;

  typedef struct packed {
    logic [46:0] short_discount;
    logic [46:0] long_discount;
    logic [46:0] basis_weight;
    logic [40:0] moving;
    logic [63:0] years;
    logic [63:0] half_inv_sqrt_t;
    logic [63:0] sqrt_t;
    logic        present;
  } pl_row_time_t;

  typedef struct packed {  // slopes and caps in two's complement
    logic [53:0] abs_slope;
    logic [47:0] abs_cap;
    logic [53:0] linear_slope;
    logic [47:0] linear_cap;
    logic [40:0] vol_down;
    logic [51:0] vol_up;
    logic        present;
  } pl_row_shift_t;

  typedef struct packed {
    logic [47:0] vol;
    logic [1:0]  flags;  // UNPRICED, STALE
    logic        present;
  } pl_row_vol_t;

  typedef struct packed {
    logic [7:0] row_shift;
    logic       scenario;
    logic [9:0] underlying;
  } pl_row_expiry_t;

  typedef struct packed {
    logic [46:0] naked_im;
    logic [56:0] vol_floor;
    logic [46:0] basis_down;
    logic [46:0] basis_up;
    logic [3:0]  scenario_table;
    logic [5:0]  scenario_count;
  } pl_row_underlying_t;

  typedef struct packed {
    logic [46:0] fee;
    logic [46:0] im_short;
    logic [46:0] im_long;
    logic [46:0] mm_short;
    logic [46:0] mm_long;
  } pl_row_class_t;

  typedef struct packed {
    logic [46:0] dampening;
    logic [46:0] shock;
    logic [2:0]  vol_rule;  // PL_VOL_RULE_*
  } pl_row_scenario_t;

  // What a row is, when its inputs have been read.
  typedef struct packed {
    logic [23:0] instrument;
    logic [6:0]  flags;     // known so far
    logic        priced;    // it gets values: every input came, and the reals are good
    logic        scenario;  // and those of scenarios
    logic [5:0]  count;
    logic [3:0]  scenario_table;
    logic        linear;
    logic        inverse;
    logic        option;
  } pl_row_head_t;

  // One evaluation: a value (base, basis or scenario), or price times unit of the reference price, or both.
  typedef struct packed {
    logic       gross;
    logic       value;
    logic [3:0] scenario_table;
    logic [5:0] z;
    logic [3:0] slot;
  } pl_row_op_t;

  localparam int ROW_INSTRUMENT_BITS = 146;
  localparam int ROW_PRICE_BITS = 232;
  localparam int ROW_TIME_BITS = 375;
  localparam int ROW_SHIFT_BITS = 298;
  localparam int ROW_VOL_BITS = 51;
  localparam int ROW_EXPIRY_BITS = 19;
  localparam int ROW_UNDERLYING_BITS = 208;
  localparam int ROW_CLASS_BITS = 235;
  localparam int ROW_SCENARIO_BITS = 97;
  localparam int ROW_OP_BITS = 16;

  localparam int ROW_MUL = 6;  // pl_row_multiplier
  localparam int ROW_PRICE_END = 4;  // pl_row_price after its product
  function automatic int row_bits(input int profile);  // PL_ROW_BITS_*
    row_bits = profile == FULL ? 51 : 35;
  endfunction
  localparam int ROW_PRICE = 5 + ROW_PRICE_END;  // 57 x 52 bits in full, 40 x 52 in small
endpackage
// verilator lint_on UNUSEDPARAM

`default_nettype wire
