// Out-of-the-money value and the parity term D |F - K|, 0 out of the money. D = 1 multiplies
// exactly.
//
// low_i, gap_i, discount_i, is_call_i and forward_high_i at t; low_discounted_o at t + MAG_MUL;
// bracket_i at t + MAG_MUL + BRACKET; otm_o and parity_o MAG_MUL after that.
// Throughput 1 per cycle. Stall: en_i = 0 holds everything. No reset: data only. Errors: none.
// Reference: step_terms() in host/model/pricing.c.
`default_nettype none

module pl_step_terms #(
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
    input  wire  [ MAG_W-1:0] low_i,
    input  wire  [ MAG_W-1:0] gap_i,
    input  wire  [REAL_W-1:0] discount_i,
    input  wire               is_call_i,
    input  wire               forward_high_i,
    input  wire  [ MAG_W-1:0] bracket_i,
    output logic [ MAG_W-1:0] low_discounted_o,
    output logic [ MAG_W-1:0] otm_o,
    output logic [ MAG_W-1:0] parity_o
);
  localparam int MAG_MUL = pl_pricing_pkg::MAG_MUL;
  localparam int WAIT = pl_pricing_pkg::BRACKET + MAG_MUL;

  wire [MAG_W-1:0] low_discounted, parity, parity_late;
  wire in_the_money;
  pl_mag_mul #(.PROFILE(PROFILE), .Y_W(R)) u_low (
      .clk_i, .en_i, .x_i(low_i), .y_i(discount_i), .product_o(low_discounted_o)
  );
  delay #(.WIDTH(MAG_W), .DEPTH(pl_pricing_pkg::BRACKET)) u_low_delay (
      .clk_i, .en_i, .data_i(low_discounted_o), .data_o(low_discounted)
  );
  pl_mag_mul #(.PROFILE(PROFILE)) u_otm (
      .clk_i, .en_i, .x_i(low_discounted), .y_i(bracket_i), .product_o(otm_o)
  );

  pl_mag_mul #(.PROFILE(PROFILE), .Y_W(R)) u_parity (
      .clk_i, .en_i, .x_i(gap_i), .y_i(discount_i), .product_o(parity)
  );
  delay #(.WIDTH(MAG_W), .DEPTH(WAIT)) u_parity_delay (
      .clk_i, .en_i, .data_i(parity), .data_o(parity_late)
  );
  delay #(.WIDTH(1), .DEPTH(WAIT + MAG_MUL)) u_side_delay (
      .clk_i, .en_i, .data_i(is_call_i == forward_high_i), .data_o(in_the_money)
  );
  assign parity_o = in_the_money ? parity_late : '0;

  if (PROFILE != pl_pricing_pkg::FULL && PROFILE != pl_pricing_pkg::SMALL)
    $error("pl_step_terms: profile");
endmodule

`default_nettype wire
