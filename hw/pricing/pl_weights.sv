// w = low D n(a) = D F n(d1) = D K n(d2) and w/F, from which every Greek is made; and both once
// more, 0 where s is saturated and the value no longer moves with sigma.
//
// low_discounted_i and density_i at t; recip_forward_i and vol_saturated_i, w_o and w_sensitive_o
// at t + MAG_MUL; w_per_forward_o and w_sensitive_per_forward_o at t + 2 MAG_MUL.
// Throughput 1 per cycle. Stall: en_i = 0 holds everything. No reset: data only. Errors: none.
// Reference: black() in host/model/pricing.c.
`default_nettype none

module pl_weights #(
    parameter int PROFILE = pl_pricing_pkg::FULL,
    parameter int W = PROFILE == pl_pricing_pkg::FULL ? pl_tables_pkg::FULL_W
                                                      : pl_tables_pkg::SMALL_W,
    parameter int E_W = pl_pricing_pkg::E_W,
    parameter int MAG_W = E_W + W
) (
    input  wire              clk_i,
    input  wire              en_i,
    input  wire  [MAG_W-1:0] low_discounted_i,
    input  wire  [MAG_W-1:0] density_i,
    input  wire  [MAG_W-1:0] recip_forward_i,
    input  wire              vol_saturated_i,
    output logic [MAG_W-1:0] w_o,
    output logic [MAG_W-1:0] w_per_forward_o,
    output logic [MAG_W-1:0] w_sensitive_o,
    output logic [MAG_W-1:0] w_sensitive_per_forward_o
);
  wire saturated;
  pl_mag_mul #(.PROFILE(PROFILE)) u_w (
      .clk_i, .en_i, .x_i(low_discounted_i), .y_i(density_i), .product_o(w_o)
  );
  pl_mag_mul #(.PROFILE(PROFILE)) u_w_per_forward (
      .clk_i, .en_i, .x_i(w_o), .y_i(recip_forward_i), .product_o(w_per_forward_o)
  );
  delay #(.WIDTH(1), .DEPTH(pl_pricing_pkg::MAG_MUL)) u_saturated_delay (
      .clk_i, .en_i, .data_i(vol_saturated_i), .data_o(saturated)
  );
  assign w_sensitive_o = vol_saturated_i ? '0 : w_o;
  assign w_sensitive_per_forward_o = saturated ? '0 : w_per_forward_o;

  if (PROFILE != pl_pricing_pkg::FULL && PROFILE != pl_pricing_pkg::SMALL)
    $error("pl_weights: profile");
endmodule

`default_nettype wire
