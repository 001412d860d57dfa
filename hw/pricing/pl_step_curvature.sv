// gamma = w / (F^2 s), vega = w sqrt(T), vanna = -(w/F) d2 / sigma, volga = vega d1 d2 / sigma,
// with 1/sigma = sqrt(T)/s. Magnitudes only: vanna is negative where d2 > 0, volga where a < 0.
//
// All inputs at t, but w_per_forward_i at t + MAG_MUL; both w are 0 where s is saturated.
// Latency: pl_pricing_pkg::CURVATURE cycles.
// Throughput 1 per cycle. Stall: en_i = 0 holds everything. No reset: data only. Errors: none.
// Reference: step_curvature() in host/model/pricing.c.
`default_nettype none

module pl_step_curvature #(
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
    input  wire  [ MAG_W-1:0] w_i,
    input  wire  [ MAG_W-1:0] w_per_forward_i,
    input  wire  [ MAG_W-1:0] recip_forward_i,
    input  wire  [ MAG_W-1:0] recip_vol_i,
    input  wire  [REAL_W-1:0] sqrt_t_i,
    input  wire  [     W-1:0] a_abs_i,          // Q5.XB
    input  wire  [       W:0] b_i,              // Q6.XB
    input  wire               forward_high_i,
    output logic [ MAG_W-1:0] gamma_o,
    output logic [ MAG_W-1:0] vega_o,
    output logic [ MAG_W-1:0] vanna_o,
    output logic [ MAG_W-1:0] volga_o
);
  localparam int MAG_MUL = pl_pricing_pkg::MAG_MUL;
  localparam int NORM = pl_pricing_pkg::NORM;
  localparam logic [E_W-1:0] XB = E_W'(W - pl_pricing_pkg::Z_INTEGER_BITS);

  // From t: vega and 1/sigma; |a| and b.
  wire [MAG_W-1:0] vega, per_vol, a_early, b_early, a, b, b_late, d2;
  wire high;
  pl_mag_mul #(.PROFILE(PROFILE), .Y_W(R)) u_vega (
      .clk_i, .en_i, .x_i(w_i), .y_i(sqrt_t_i), .product_o(vega)
  );
  pl_mag_mul #(.PROFILE(PROFILE), .Y_W(R)) u_per_vol (
      .clk_i, .en_i, .x_i(recip_vol_i), .y_i(sqrt_t_i), .product_o(per_vol)
  );
  pl_mag_normalise #(.IN_W(W), .W(W)) u_a (
      .clk_i, .en_i, .v_i(a_abs_i), .point_i(XB), .mag_o(a_early)
  );
  pl_mag_normalise #(.IN_W(W + 1), .W(W)) u_b (
      .clk_i, .en_i, .v_i(b_i), .point_i(XB), .mag_o(b_early)
  );
  delay #(.WIDTH(MAG_W), .DEPTH(2 * MAG_MUL - NORM)) u_a_delay (
      .clk_i, .en_i, .data_i(a_early), .data_o(a)
  );
  delay #(.WIDTH(MAG_W), .DEPTH(2 * MAG_MUL - NORM)) u_b_delay (
      .clk_i, .en_i, .data_i(b_early), .data_o(b)
  );
  delay #(.WIDTH(MAG_W), .DEPTH(MAG_MUL)) u_b_late_delay (
      .clk_i, .en_i, .data_i(b), .data_o(b_late)
  );
  delay #(.WIDTH(1), .DEPTH(2 * MAG_MUL)) u_high_delay (
      .clk_i, .en_i, .data_i(forward_high_i), .data_o(high)
  );
  assign d2 = high ? a : b;

  // From t + MAG_MUL: per price unit and per sigma.
  wire [MAG_W-1:0] recip_forward, recip_vol, per_price, forward_vol, vega_vol, gamma, vanna, vega_a;
  delay #(.WIDTH(MAG_W), .DEPTH(MAG_MUL)) u_recip_forward_delay (
      .clk_i, .en_i, .data_i(recip_forward_i), .data_o(recip_forward)
  );
  pl_mag_mul #(.PROFILE(PROFILE)) u_per_price (
      .clk_i, .en_i, .x_i(w_per_forward_i), .y_i(recip_forward), .product_o(per_price)
  );
  pl_mag_mul #(.PROFILE(PROFILE)) u_forward_vol (
      .clk_i, .en_i, .x_i(w_per_forward_i), .y_i(per_vol), .product_o(forward_vol)
  );
  pl_mag_mul #(.PROFILE(PROFILE)) u_vega_vol (
      .clk_i, .en_i, .x_i(vega), .y_i(per_vol), .product_o(vega_vol)
  );

  // From t + 2 MAG_MUL, volga's last product one later.
  delay #(.WIDTH(MAG_W), .DEPTH(2 * MAG_MUL)) u_recip_vol_delay (
      .clk_i, .en_i, .data_i(recip_vol_i), .data_o(recip_vol)
  );
  pl_mag_mul #(.PROFILE(PROFILE)) u_gamma (
      .clk_i, .en_i, .x_i(per_price), .y_i(recip_vol), .product_o(gamma)
  );
  pl_mag_mul #(.PROFILE(PROFILE)) u_vanna (
      .clk_i, .en_i, .x_i(forward_vol), .y_i(d2), .product_o(vanna)
  );
  pl_mag_mul #(.PROFILE(PROFILE)) u_vega_a (
      .clk_i, .en_i, .x_i(vega_vol), .y_i(a), .product_o(vega_a)
  );
  pl_mag_mul #(.PROFILE(PROFILE)) u_volga (
      .clk_i, .en_i, .x_i(vega_a), .y_i(b_late), .product_o(volga_o)
  );

  delay #(.WIDTH(MAG_W), .DEPTH(MAG_MUL)) u_gamma_delay (
      .clk_i, .en_i, .data_i(gamma), .data_o(gamma_o)
  );
  delay #(.WIDTH(MAG_W), .DEPTH(MAG_MUL)) u_vanna_delay (
      .clk_i, .en_i, .data_i(vanna), .data_o(vanna_o)
  );
  delay #(.WIDTH(MAG_W), .DEPTH(3 * MAG_MUL)) u_vega_delay (
      .clk_i, .en_i, .data_i(vega), .data_o(vega_o)
  );

  if (pl_pricing_pkg::CURVATURE != 4 * MAG_MUL) $error("pl_step_curvature: latency");

  if (PROFILE != pl_pricing_pkg::FULL && PROFILE != pl_pricing_pkg::SMALL)
    $error("pl_step_curvature: profile");
endmodule

`default_nettype wire
