// The Greeks, from what pl_price_core leaves: weights, then three groups side by side.
//
// All inputs at t = t_bracket(PROFILE), as pl_price_core gives them, but otm_i and parity_i at t_otm().
// Outputs: magnitudes and signs, all at t_greeks(PROFILE) + GREEKS (pl_pricing_pkg).
// Throughput 1 per cycle. Stall: en_i = 0 holds everything. No reset: data only. Errors: none.
// Reference: black() in host/model/pricing.c.
`default_nettype none

module pl_greeks #(
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
    input  wire  [ MAG_W-1:0] low_discounted_i,
    input  wire  [ MAG_W-1:0] density_i,
    input  wire  [ MAG_W-1:0] recip_forward_i,
    input  wire  [ MAG_W-1:0] recip_vol_i,
    input  wire  [ MAG_W-1:0] vol_i,
    input  wire               vol_saturated_i,
    input  wire  [     W-1:0] a_abs_i,
    input  wire  [       W:0] b_i,
    input  wire               a_negative_i,
    input  wire  [     R-1:0] mills_a_i,
    input  wire  [     R-1:0] mills_b_i,
    input  wire  [ MAG_W-1:0] strike_i,
    input  wire               forward_high_i,
    input  wire               is_call_i,
    input  wire  [REAL_W-1:0] sqrt_t_i,
    input  wire  [REAL_W-1:0] half_inv_sqrt_t_i,
    input  wire  [REAL_W-1:0] discount_i,
    input  wire  [REAL_W-1:0] years_i,
    input  wire  [      63:0] rate_q48_i,
    input  wire  [ MAG_W-1:0] otm_i,
    input  wire  [ MAG_W-1:0] parity_i,
    output logic [ MAG_W-1:0] delta_o,
    output logic [ MAG_W-1:0] rho_o,
    output logic [ MAG_W-1:0] theta_o,
    output logic [ MAG_W-1:0] theta_decay_o,
    output logic [ MAG_W-1:0] gamma_o,
    output logic [ MAG_W-1:0] vega_o,
    output logic [ MAG_W-1:0] vanna_o,
    output logic [ MAG_W-1:0] volga_o,
    output logic              side_negative_o,    // of delta and rho
    output logic              theta_negative_o,
    output logic              vanna_negative_o,
    output logic              volga_negative_o
);
  localparam int MAG_MUL = pl_pricing_pkg::MAG_MUL;
  localparam int CURVATURE = pl_pricing_pkg::CURVATURE;
  localparam int GREEKS = pl_pricing_pkg::GREEKS;
  logic [MAG_W-1:0] gamma, vega, vanna, volga;
  localparam int DELTA_RHO = pl_pricing_pkg::DELTA_RHO;

  // One product later, beside w.
  wire [MAG_W-1:0] recip_forward, recip_vol, vol, strike;
  wire [W-1:0] a_abs;
  wire [W:0] b;
  wire [R-1:0] mills_a, mills_b;
  wire [REAL_W-1:0] sqrt_t, half_inv_sqrt_t, discount, years;
  wire [63:0] rate_q48;
  wire saturated, a_negative, high, is_call;
  delay #(.WIDTH(4 * MAG_W), .DEPTH(MAG_MUL)) u_prices_delay (
      .clk_i, .en_i,
      .data_i({recip_forward_i, recip_vol_i, vol_i, strike_i}),
      .data_o({recip_forward, recip_vol, vol, strike})
  );
  delay #(.WIDTH(2 * W + 1 + 2 * R), .DEPTH(MAG_MUL)) u_distances_delay (
      .clk_i, .en_i,
      .data_i({a_abs_i, b_i, mills_a_i, mills_b_i}),
      .data_o({a_abs, b, mills_a, mills_b})
  );
  delay #(.WIDTH(4 * REAL_W + 64), .DEPTH(MAG_MUL)) u_expiry_delay (
      .clk_i, .en_i,
      .data_i({sqrt_t_i, half_inv_sqrt_t_i, discount_i, years_i, rate_q48_i}),
      .data_o({sqrt_t, half_inv_sqrt_t, discount, years, rate_q48})
  );
  delay #(.WIDTH(4), .DEPTH(MAG_MUL)) u_signs_delay (
      .clk_i, .en_i,
      .data_i({vol_saturated_i, a_negative_i, forward_high_i, is_call_i}),
      .data_o({saturated, a_negative, high, is_call})
  );

  wire [MAG_W-1:0] w, w_per_forward, w_sensitive, w_sensitive_per_forward;
  pl_weights #(.PROFILE(PROFILE)) u_weights (
      .clk_i, .en_i, .low_discounted_i, .density_i, .recip_forward_i(recip_forward),
      .vol_saturated_i(saturated), .w_o(w), .w_per_forward_o(w_per_forward),
      .w_sensitive_o(w_sensitive), .w_sensitive_per_forward_o(w_sensitive_per_forward)
  );

  wire [MAG_W-1:0] delta, rho;
  pl_step_delta_rho #(.PROFILE(PROFILE)) u_delta_rho (
      .clk_i, .en_i, .w_i(w), .w_per_forward_i(w_per_forward), .mills_a_i(mills_a),
      .mills_b_i(mills_b), .strike_i(strike), .discount_i(discount), .years_i(years),
      .forward_high_i(high), .a_negative_i(a_negative), .is_call_i(is_call), .delta_o(delta),
      .rho_o(rho)
  );
  delay #(.WIDTH(2 * MAG_W), .DEPTH(GREEKS - DELTA_RHO)) u_delta_rho_delay (
      .clk_i, .en_i, .data_i({delta, rho}), .data_o({delta_o, rho_o})
  );

  pl_step_theta #(.PROFILE(PROFILE)) u_theta (
      .clk_i, .en_i, .w_i(w_sensitive), .vol_i(vol), .half_inv_sqrt_t_i(half_inv_sqrt_t),
      .rate_q48_i(rate_q48), .otm_i, .parity_i, .theta_o, .theta_negative_o, .theta_decay_o
  );

  pl_step_curvature #(.PROFILE(PROFILE)) u_curvature (
      .clk_i, .en_i, .w_i(w_sensitive), .w_per_forward_i(w_sensitive_per_forward),
      .recip_forward_i(recip_forward), .recip_vol_i(recip_vol), .sqrt_t_i(sqrt_t),
      .a_abs_i(a_abs), .b_i(b), .forward_high_i(high), .gamma_o(gamma), .vega_o(vega), .vanna_o(vanna), .volga_o(volga)
  );
  delay #(.WIDTH(4 * MAG_W), .DEPTH(GREEKS - CURVATURE)) u_curvature_delay (
      .clk_i, .en_i, .data_i({gamma, vega, vanna, volga}), .data_o({gamma_o, vega_o, vanna_o, volga_o})
  );
  delay #(.WIDTH(3), .DEPTH(GREEKS)) u_sign_out_delay (
      .clk_i, .en_i,
      .data_i({!is_call, high && !a_negative, a_negative}),
      .data_o({side_negative_o, vanna_negative_o, volga_negative_o})
  );

  if (GREEKS <= CURVATURE || GREEKS <= DELTA_RHO)
    $error("pl_greeks: latency");

  if (PROFILE != pl_pricing_pkg::FULL && PROFILE != pl_pricing_pkg::SMALL)
    $error("pl_greeks: profile");
endmodule

`default_nettype wire
