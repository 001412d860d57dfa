// theta = -w sigma / (2 sqrt(T)) + r V, with V before its rounding to price units.
//
// All inputs at t, but otm_i and parity_i at t + BRACKET. theta_decay_o is the magnitude of a
// negative number.
// Latency: BRACKET + THETA_AFTER_OTM = 24 cycles of pl_pricing_pkg.
// Throughput 1 per cycle. Stall: en_i = 0 holds everything. No reset: data only. Errors: none.
// Reference: step_theta() in host/model/pricing.c.
`default_nettype none

module pl_step_theta #(
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
    input  wire  [ MAG_W-1:0] w_i,                // 0 where s is saturated
    input  wire  [ MAG_W-1:0] vol_i,
    input  wire  [REAL_W-1:0] half_inv_sqrt_t_i,
    input  wire  [      63:0] rate_q48_i,         // two's complement
    input  wire  [ MAG_W-1:0] otm_i,
    input  wire  [ MAG_W-1:0] parity_i,           // 0 out of the money
    output logic [ MAG_W-1:0] theta_o,
    output logic              theta_negative_o,
    output logic [ MAG_W-1:0] theta_decay_o
);
  localparam int MAG_MUL = pl_pricing_pkg::MAG_MUL;
  localparam int NORM = pl_pricing_pkg::NORM;
  localparam int ADD = pl_pricing_pkg::ADD;
  localparam int SUB = pl_pricing_pkg::SUB;
  localparam int T_VALUE = pl_pricing_pkg::BRACKET + ADD;
  localparam int T_CARRY = T_VALUE + MAG_MUL;
  localparam int LATENCY = T_CARRY + SUB + 1;

  wire [MAG_W-1:0] vol_product, decay, decay_late;
  wire [REAL_W-1:0] half_inv;
  pl_mag_mul #(.PROFILE(PROFILE)) u_vol (
      .clk_i, .en_i, .x_i(w_i), .y_i(vol_i), .product_o(vol_product)
  );
  delay #(.WIDTH(REAL_W), .DEPTH(MAG_MUL)) u_half_inv_delay (
      .clk_i, .en_i, .data_i(half_inv_sqrt_t_i), .data_o(half_inv)
  );
  pl_mag_mul #(.PROFILE(PROFILE), .Y_W(R)) u_decay (
      .clk_i, .en_i, .x_i(vol_product), .y_i(half_inv), .product_o(decay)
  );
  delay #(.WIDTH(MAG_W), .DEPTH(T_CARRY - 2 * MAG_MUL)) u_decay_delay (
      .clk_i, .en_i, .data_i(decay), .data_o(decay_late)
  );

  // carry = |r| V
  logic [63:0] rate_q;
  always_ff @(posedge clk_i) begin
    if (en_i) rate_q <= rate_q48_i[63] ? ~rate_q48_i + 64'd1 : rate_q48_i;
  end
  wire [MAG_W-1:0] rate, rate_late, value, carry;
  wire rate_negative;
  pl_mag_normalise #(.IN_W(64), .W(W)) u_rate (
      .clk_i, .en_i, .v_i(rate_q), .point_i(E_W'(pl_pricing_pkg::RATE_FRACTION_BITS)), .mag_o(rate)
  );
  delay #(.WIDTH(MAG_W), .DEPTH(T_VALUE - 1 - NORM)) u_rate_delay (
      .clk_i, .en_i, .data_i(rate), .data_o(rate_late)
  );
  delay #(.WIDTH(1), .DEPTH(LATENCY - 1)) u_rate_negative_delay (
      .clk_i, .en_i, .data_i(rate_q48_i[63]), .data_o(rate_negative)
  );
  pl_mag_add #(.W(W)) u_value (.clk_i, .en_i, .x_i(otm_i), .y_i(parity_i), .sum_o(value));
  pl_mag_mul #(.PROFILE(PROFILE)) u_carry (
      .clk_i, .en_i, .x_i(value), .y_i(rate_late), .product_o(carry)
  );

  wire [MAG_W-1:0] difference, sum, sum_late;
  wire under;
  pl_mag_sub #(.W(W)) u_difference (
      .clk_i, .en_i, .x_i(carry), .y_i(decay_late), .difference_o(difference), .negative_o(under)
  );
  pl_mag_add #(.W(W)) u_sum (.clk_i, .en_i, .x_i(carry), .y_i(decay_late), .sum_o(sum));
  delay #(.WIDTH(MAG_W), .DEPTH(SUB - ADD)) u_sum_delay (
      .clk_i, .en_i, .data_i(sum), .data_o(sum_late)
  );
  always_ff @(posedge clk_i) begin
    if (en_i) begin
      theta_o <= rate_negative ? sum_late : difference;
      theta_negative_o <= rate_negative || under;
    end
  end
  delay #(.WIDTH(MAG_W), .DEPTH(SUB + 1)) u_theta_decay_delay (
      .clk_i, .en_i, .data_i(decay_late), .data_o(theta_decay_o)
  );

  if (T_CARRY < 2 * MAG_MUL || T_VALUE < 1 + NORM) $error("pl_step_theta: order");
  if (LATENCY != pl_pricing_pkg::BRACKET + pl_pricing_pkg::THETA_AFTER_OTM)
    $error("pl_step_theta: latency");

  if (PROFILE != pl_pricing_pkg::FULL && PROFILE != pl_pricing_pkg::SMALL)
    $error("pl_step_theta: profile");
endmodule

`default_nettype wire
