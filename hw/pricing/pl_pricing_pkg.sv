// Ports and latencies of the pricing pipeline. Contract: types and constant functions only.
//
// Inside the pipeline a "mag" (struct pl_mag) is the vector {e, m}: e of E_W bits in two's
// complement, m of W bits, most significant bit 1 or all 0. PROFILE is PL_PROFILE_FULL or
// PL_PROFILE_SMALL of pl_abi_pkg. Latencies are in enabled cycles. Reference: host/model/arith.h.
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

  // W x W or W x R multiply, both profiles; pl_mag_mul; pl_mag_normalise; pl_mag_add; pl_mag_sub.
  localparam int MUL = 5;
  localparam int MAG_MUL = MUL + 1;
  localparam int NORM = 2;
  localparam int ADD = 3;
  localparam int SUB = 3 + NORM;

  // One ROM evaluation: the read, then one multiply and one add per degree.
  function automatic int rom(input int profile);
    rom = profile == FULL ? 22 : 11;
  endfunction
  function automatic int rom_mills(input int profile);
    rom_mills = 2 + (profile == FULL ? 23 : 11);
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
    shocked_forward = profile == FULL ? 14 : 15;
  endfunction
  function automatic int shocked_vol(input int profile);
    shocked_vol = profile == FULL ? 7 : 8;
  endfunction
endpackage
// verilator lint_on UNUSEDPARAM

`default_nettype wire
