// delta and rho: the tail D N(-|d|), or D less it, by the sign of d; then the side's sign. Tails
// are w/F M(|d1|) and w M(|d2|). d1 is +-b or +-a as F is the higher or lower; d2 is the other.
//
// All inputs at t, but w_per_forward_i at t + MAG_MUL. Results are mags; the sign is !is_call.
// Latency: pl_pricing_pkg::DELTA_RHO = 19 cycles.
// Throughput 1 per cycle. Stall: en_i = 0 holds everything. No reset: data only. Errors: none.
// Reference: step_delta_rho() in host/model/pricing.c.
`default_nettype none

module pl_step_delta_rho #(
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
    input  wire  [     R-1:0] mills_a_i,
    input  wire  [     R-1:0] mills_b_i,
    input  wire  [ MAG_W-1:0] strike_i,
    input  wire  [REAL_W-1:0] discount_i,
    input  wire  [REAL_W-1:0] years_i,
    input  wire               forward_high_i,
    input  wire               a_negative_i,
    input  wire               is_call_i,
    output logic [ MAG_W-1:0] delta_o,
    output logic [ MAG_W-1:0] rho_o
);
  localparam int MAG_MUL = pl_pricing_pkg::MAG_MUL;
  localparam int SUB = pl_pricing_pkg::SUB;
  localparam int FIXED = pl_pricing_pkg::MUL + pl_pricing_pkg::NORM;

  // delta: 6 cycles later than rho, whose last product takes them.
  wire [R-1:0] mills1;
  wire [MAG_W-1:0] discount, tail1, tail1_late, rest1;
  wire whole1;  // the result is D less the tail
  delay #(.WIDTH(R), .DEPTH(MAG_MUL)) u_mills1_delay (
      .clk_i, .en_i, .data_i(forward_high_i ? mills_b_i : mills_a_i), .data_o(mills1)
  );
  pl_mag_mul_fixed #(.PROFILE(PROFILE)) u_tail1 (
      .clk_i, .en_i, .x_i(w_per_forward_i), .y_i(mills1), .product_o(tail1)
  );
  delay #(.WIDTH(MAG_W), .DEPTH(MAG_MUL + FIXED)) u_discount_delay (
      .clk_i, .en_i, .data_i(discount_i[REAL_W-1-:MAG_W]), .data_o(discount)
  );
  // verilator lint_off PINCONNECTEMPTY
  pl_mag_sub #(.W(W)) u_rest1 (
      .clk_i, .en_i, .x_i(discount), .y_i(tail1), .difference_o(rest1), .negative_o()
  );
  // verilator lint_on PINCONNECTEMPTY
  delay #(.WIDTH(MAG_W), .DEPTH(SUB)) u_tail1_delay (
      .clk_i, .en_i, .data_i(tail1), .data_o(tail1_late)
  );
  delay #(.WIDTH(1), .DEPTH(MAG_MUL + FIXED + SUB)) u_whole1_delay (
      .clk_i, .en_i, .data_i((forward_high_i || a_negative_i) == is_call_i), .data_o(whole1)
  );

  wire [MAG_W-1:0] strike_discounted, strike_late, tail2, tail2_late, rest2;
  wire [REAL_W-1:0] years;
  wire whole2;
  pl_mag_mul_fixed #(.PROFILE(PROFILE)) u_tail2 (
      .clk_i, .en_i, .x_i(w_i), .y_i(forward_high_i ? mills_a_i : mills_b_i), .product_o(tail2)
  );
  pl_mag_mul #(.PROFILE(PROFILE), .Y_W(R)) u_strike (
      .clk_i, .en_i, .x_i(strike_i), .y_i(discount_i), .product_o(strike_discounted)
  );
  delay #(.WIDTH(MAG_W), .DEPTH(FIXED - MAG_MUL)) u_strike_delay (
      .clk_i, .en_i, .data_i(strike_discounted), .data_o(strike_late)
  );
  // verilator lint_off PINCONNECTEMPTY
  pl_mag_sub #(.W(W)) u_rest2 (
      .clk_i, .en_i, .x_i(strike_late), .y_i(tail2), .difference_o(rest2), .negative_o()
  );
  // verilator lint_on PINCONNECTEMPTY
  delay #(.WIDTH(MAG_W), .DEPTH(SUB)) u_tail2_delay (
      .clk_i, .en_i, .data_i(tail2), .data_o(tail2_late)
  );
  delay #(.WIDTH(1), .DEPTH(FIXED + SUB)) u_whole2_delay (
      .clk_i, .en_i, .data_i((forward_high_i && !a_negative_i) == is_call_i), .data_o(whole2)
  );
  delay #(.WIDTH(REAL_W), .DEPTH(FIXED + SUB + 1)) u_years_delay (
      .clk_i, .en_i, .data_i(years_i), .data_o(years)
  );

  logic [MAG_W-1:0] rho_q;
  always_ff @(posedge clk_i) begin
    if (en_i) begin
      delta_o <= whole1 ? rest1 : tail1_late;
      rho_q   <= whole2 ? rest2 : tail2_late;
    end
  end
  pl_mag_mul #(.PROFILE(PROFILE), .Y_W(R)) u_rho (
      .clk_i, .en_i, .x_i(rho_q), .y_i(years), .product_o(rho_o)
  );

  if (pl_pricing_pkg::DELTA_RHO != FIXED + SUB + 1 + MAG_MUL) $error("pl_step_delta_rho: latency");

  if (PROFILE != pl_pricing_pkg::FULL && PROFILE != pl_pricing_pkg::SMALL)
    $error("pl_step_delta_rho: profile");
endmodule

`default_nettype wire
