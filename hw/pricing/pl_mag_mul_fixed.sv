// A mag times a fixed-point y in Q2.(R-2), normalised.
//
// Latency: MUL + NORM = 7 cycles of pl_pricing_pkg. Throughput 1 per cycle. Stall: en_i = 0 holds
// everything. No reset: data only. Errors: none.
// Reference: pl_mag_mul_fixed() in host/model/arith.h.
`default_nettype none

module pl_mag_mul_fixed #(
    parameter int PROFILE = pl_pricing_pkg::FULL,
    parameter int W = PROFILE == pl_pricing_pkg::FULL ? pl_tables_pkg::FULL_W
                                                      : pl_tables_pkg::SMALL_W,
    parameter int R = PROFILE == pl_pricing_pkg::FULL ? pl_tables_pkg::FULL_R
                                                      : pl_tables_pkg::SMALL_R,
    parameter int E_W = pl_pricing_pkg::E_W
) (
    input  wire              clk_i,
    input  wire              en_i,
    input  wire  [E_W+W-1:0] x_i,
    input  wire  [    R-1:0] y_i,
    output logic [E_W+W-1:0] product_o
);
  localparam int WIDE = pl_pricing_pkg::tile_wide(PROFILE);
  localparam int NARROW = pl_pricing_pkg::TILE_NARROW;
  localparam int MUL = pl_pricing_pkg::MUL;

  if (mul_tiled_pkg::latency(W, R, WIDE, NARROW) != MUL) $error("pl_mag_mul_fixed: latency");

  wire [W:0] p;
  mul_tiled #(
      .X_W(W),
      .Y_W(R),
      .SHIFT(R - 1),
      .WIDE(WIDE),
      .NARROW(NARROW),
      .SHARE(pl_pricing_pkg::TILE_SHARE)
  ) u_mul (
      .clk_i,
      .en_i,
      .x_i(x_i[W-1:0]),
      .y_i,
      .p_o(p)
  );

  wire [E_W-1:0] e;
  delay #(.WIDTH(E_W), .DEPTH(MUL)) u_e (.clk_i, .en_i, .data_i(x_i[W+:E_W]), .data_o(e));

  pl_mag_normalise #(
      .IN_W(W + 1),
      .W(W)
  ) u_normalise (
      .clk_i,
      .en_i,
      .v_i(p),
      .point_i(E_W'(W - 1) - e),
      .mag_o(product_o)
  );
endmodule

`default_nettype wire
