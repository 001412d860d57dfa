// All that the value needs, and what the Greeks start from.
//
// Inputs at t = 0, in domain; t_bracket() and so on are those of pl_pricing_pkg. Outputs at
// t_bracket(), but log_moneyness_o and log_high_o at t_distance(), otm_o and parity_o at t_otm(), value_o and saturated_o VALUE cycles after that.
// Throughput 1 per cycle. Stall: en_i = 0 holds everything. No reset: data only. Errors: none.
// Reference: core_run() in host/model/pricing.c.
`default_nettype none

module pl_price_core #(
    parameter int PROFILE = pl_pricing_pkg::FULL,
    parameter int W = PROFILE == pl_pricing_pkg::FULL ? pl_tables_pkg::FULL_W
                                                      : pl_tables_pkg::SMALL_W,
    parameter int R = PROFILE == pl_pricing_pkg::FULL ? pl_tables_pkg::FULL_R
                                                      : pl_tables_pkg::SMALL_R,
    parameter int E_W = pl_pricing_pkg::E_W,
    parameter int MAG_W = E_W + W,
    parameter int REAL_W = E_W + R
) (
    input  wire               clk_i,
    input  wire               en_i,
    input  wire  [     W-1:0] forward_i,         // price units
    input  wire  [     W-1:0] strike_i,
    input  wire  [      63:0] vol_q45_i,
    input  wire               is_call_i,
    input  wire  [REAL_W-1:0] sqrt_t_i,
    input  wire  [REAL_W-1:0] discount_i,
    output logic [ MAG_W-1:0] log_moneyness_o,   // |ln(K/F)|, at t_distance()
    output logic              log_high_o,        // F >= K, with it
    output logic [ MAG_W-1:0] strike_o,
    output logic              forward_high_o,
    output logic [ MAG_W-1:0] recip_forward_o,
    output logic [ MAG_W-1:0] vol_o,
    output logic [ MAG_W-1:0] recip_vol_o,
    output logic              vol_saturated_o,
    output logic [     W-1:0] a_abs_o,
    output logic [       W:0] b_o,
    output logic              a_negative_o,
    output logic [     R-1:0] mills_a_o,
    output logic [     R-1:0] mills_b_o,
    output logic [ MAG_W-1:0] density_o,
    output logic [ MAG_W-1:0] low_discounted_o,
    output logic [ MAG_W-1:0] otm_o,
    output logic [ MAG_W-1:0] parity_o,
    output logic [      63:0] value_o,
    output logic              saturated_o
);
  localparam int T_LOG = pl_pricing_pkg::T_LOG;
  localparam int T_DISTANCE = pl_pricing_pkg::t_distance(PROFILE);
  localparam int T_VOL = T_DISTANCE - pl_pricing_pkg::total_vol(PROFILE);
  localparam int T_DENSITY = pl_pricing_pkg::t_density(PROFILE);
  localparam int T_MILLS_END = T_DENSITY + pl_pricing_pkg::mills(PROFILE);
  localparam int T_BRACKET = pl_pricing_pkg::t_bracket(PROFILE);
  localparam int T_TERMS = T_BRACKET - pl_pricing_pkg::MAG_MUL;

  if (T_VOL < 0 || T_TERMS < T_LOG || T_MILLS_END >= T_BRACKET) $error("pl_price_core: order");

  // 0: prices
  wire [MAG_W-1:0] forward, strike, low, gap;
  wire forward_high;
  pl_step_normalise #(.PROFILE(PROFILE)) u_normalise (
      .clk_i, .en_i, .forward_i, .strike_i,
      .forward_o(forward), .strike_o(strike), .low_o(low), .gap_o(gap),
      .forward_high_o(forward_high)
  );

  // T_LOG: ln(K/F); T_VOL: s. Both end at T_DISTANCE.
  wire [MAG_W-1:0] recip_forward, log_moneyness, vol, total_vol, recip_vol;
  wire [63:0] vol_q45;
  wire [REAL_W-1:0] sqrt_t;
  wire vol_saturated;
  pl_step_log_moneyness #(.PROFILE(PROFILE)) u_log_moneyness (
      .clk_i, .en_i, .forward_i(forward), .strike_i(strike), .gap_i(gap),
      .forward_high_i(forward_high), .recip_forward_o(recip_forward),
      .log_moneyness_o(log_moneyness)
  );
  assign log_moneyness_o = log_moneyness;
  delay #(.WIDTH(1), .DEPTH(T_DISTANCE - T_LOG)) u_log_high_delay (
      .clk_i, .en_i, .data_i(forward_high), .data_o(log_high_o)
  );
  delay #(.WIDTH(64), .DEPTH(T_VOL)) u_vol_q45_delay (
      .clk_i, .en_i, .data_i(vol_q45_i), .data_o(vol_q45)
  );
  delay #(.WIDTH(REAL_W), .DEPTH(T_VOL)) u_sqrt_t_delay (
      .clk_i, .en_i, .data_i(sqrt_t_i), .data_o(sqrt_t)
  );
  pl_step_total_vol #(.PROFILE(PROFILE)) u_total_vol (
      .clk_i, .en_i, .vol_q45_i(vol_q45), .sqrt_t_i(sqrt_t), .vol_o(vol), .total_vol_o(total_vol),
      .recip_vol_o(recip_vol), .vol_saturated_o(vol_saturated)
  );

  // T_DISTANCE: a, b
  wire [W-1:0] a_abs;
  wire [W:0] b;
  wire a_negative, settled;
  pl_step_distance #(.PROFILE(PROFILE)) u_distance (
      .clk_i, .en_i, .log_moneyness_i(log_moneyness), .total_vol_i(total_vol),
      .recip_vol_i(recip_vol), .a_abs_o(a_abs), .b_o(b), .a_negative_o(a_negative),
      .settled_o(settled)
  );

  // T_DENSITY: M(|a|), M(b), n(a)
  wire [R-1:0] mills_a, mills_b, mills_a_late, mills_b_late;
  wire a_negative_late;
  pl_step_mills #(.PROFILE(PROFILE)) u_mills (
      .clk_i, .en_i, .a_abs_i(a_abs), .b_i(b), .mills_a_o(mills_a), .mills_b_o(mills_b)
  );
  pl_step_density #(.PROFILE(PROFILE)) u_density (
      .clk_i, .en_i, .a_abs_i(a_abs), .settled_i(settled), .density_o
  );
  delay #(.WIDTH(2 * R), .DEPTH(T_BRACKET - 1 - T_MILLS_END)) u_mills_late_delay (
      .clk_i, .en_i, .data_i({mills_a, mills_b}), .data_o({mills_a_late, mills_b_late})
  );
  delay #(.WIDTH(1), .DEPTH(T_BRACKET - 1 - T_DENSITY)) u_a_negative_delay (
      .clk_i, .en_i, .data_i(a_negative), .data_o(a_negative_late)
  );

  // T_BRACKET: the value per unit, then in price units
  wire [MAG_W-1:0] bracket, low_late, gap_late;
  wire [REAL_W-1:0] discount;
  wire call_late, high_late;
  pl_step_bracket #(.PROFILE(PROFILE)) u_bracket (
      .clk_i, .en_i, .mills_a_i(mills_a_late), .mills_b_i(mills_b_late),
      .a_negative_i(a_negative_late), .density_i(density_o), .bracket_o(bracket)
  );
  delay #(.WIDTH(2 * MAG_W + 1), .DEPTH(T_TERMS - T_LOG)) u_prices_delay (
      .clk_i, .en_i, .data_i({low, gap, forward_high}), .data_o({low_late, gap_late, high_late})
  );
  delay #(.WIDTH(REAL_W + 1), .DEPTH(T_TERMS)) u_discount_delay (
      .clk_i, .en_i, .data_i({discount_i, is_call_i}), .data_o({discount, call_late})
  );
  pl_step_terms #(.PROFILE(PROFILE)) u_terms (
      .clk_i, .en_i, .low_i(low_late), .gap_i(gap_late), .discount_i(discount),
      .is_call_i(call_late), .forward_high_i(high_late), .bracket_i(bracket),
      .low_discounted_o, .otm_o, .parity_o
  );
  pl_step_value #(.PROFILE(PROFILE)) u_value (
      .clk_i, .en_i, .otm_i(otm_o), .parity_i(parity_o), .value_o, .saturated_o
  );

  // For the Greeks, at T_BRACKET
  delay #(.WIDTH(MAG_W), .DEPTH(T_BRACKET - T_LOG)) u_strike_delay (
      .clk_i, .en_i, .data_i(strike), .data_o(strike_o)
  );
  delay #(.WIDTH(1), .DEPTH(T_BRACKET - T_TERMS)) u_forward_high_delay (
      .clk_i, .en_i, .data_i(high_late), .data_o(forward_high_o)
  );
  delay #(.WIDTH(3 * MAG_W + 1), .DEPTH(T_BRACKET - T_DISTANCE)) u_vols_delay (
      .clk_i, .en_i,
      .data_i({recip_forward, vol, recip_vol, vol_saturated}),
      .data_o({recip_forward_o, vol_o, recip_vol_o, vol_saturated_o})
  );
  delay #(.WIDTH(W), .DEPTH(T_BRACKET - T_DENSITY)) u_a_delay (
      .clk_i, .en_i, .data_i(a_abs), .data_o(a_abs_o)
  );
  delay #(.WIDTH(W + 1), .DEPTH(T_BRACKET - T_DENSITY)) u_b_delay (
      .clk_i, .en_i, .data_i(b), .data_o(b_o)
  );
  delay #(.WIDTH(2 * R + 1), .DEPTH(1)) u_last_delay (
      .clk_i, .en_i,
      .data_i({mills_a_late, mills_b_late, a_negative_late}),
      .data_o({mills_a_o, mills_b_o, a_negative_o})
  );

  if (PROFILE != pl_pricing_pkg::FULL && PROFILE != pl_pricing_pkg::SMALL)
    $error("pl_price_core: profile");
endmodule

`default_nettype wire
