// The product of two mags, truncated; y may have Y_W = R bits instead of W.
//
// Latency: pl_pricing_pkg::MAG_MUL = 6 cycles. Throughput 1 per cycle. Stall: en_i = 0 holds
// everything. No reset: data only. Errors: none; an operand whose m is 0 gives 0.
// Reference: pl_mag_mul(), pl_mag_mul_right() and pl_mag_mul_real() in host/model/arith.h.
`default_nettype none

module pl_mag_mul #(
    parameter int PROFILE = pl_pricing_pkg::FULL,
    parameter int W = PROFILE == pl_pricing_pkg::FULL ? pl_tables_pkg::FULL_W
                                                      : pl_tables_pkg::SMALL_W,
    parameter int Y_W = W,
    parameter int E_W = pl_pricing_pkg::E_W
) (
    input  wire                clk_i,
    input  wire                en_i,
    input  wire  [  E_W+W-1:0] x_i,
    input  wire  [E_W+Y_W-1:0] y_i,
    output logic [  E_W+W-1:0] product_o
);
  localparam int WIDE = pl_pricing_pkg::tile_wide(PROFILE);
  localparam int NARROW = pl_pricing_pkg::TILE_NARROW;
  localparam int MUL = pl_pricing_pkg::MUL;

  if (mul_tiled_pkg::latency(W, Y_W, WIDE, NARROW) != MUL) $error("pl_mag_mul: latency");
  if (pl_pricing_pkg::MAG_MUL != MUL + 1) $error("pl_mag_mul: latency");

  wire [W:0] p;  // 0 or in [2^(W-1), 2^(W+1))
  mul_tiled #(
      .X_W(W),
      .Y_W(Y_W),
      .SHIFT(Y_W - 1),
      .WIDE(WIDE),
      .NARROW(NARROW),
      .SHARE(pl_pricing_pkg::TILE_SHARE)
  ) u_mul (
      .clk_i,
      .en_i,
      .x_i(x_i[W-1:0]),
      .y_i(y_i[Y_W-1:0]),
      .p_o(p)
  );

  wire [E_W-1:0] e;  // without the carry, plus 1 by it
  wire [E_W-1:0] e_sum = x_i[W+:E_W] + y_i[Y_W+:E_W];
  delay #(.WIDTH(E_W), .DEPTH(MUL)) u_e (.clk_i, .en_i, .data_i(e_sum), .data_o(e));

  always_ff @(posedge clk_i) begin
    if (en_i) begin
      product_o[W-1:0] <= p[W] ? p[W:1] : p[W-1:0];
      product_o[W+:E_W] <= p[W] ? e : p[W-1] ? e - E_W'(1) : '0;
    end
  end
endmodule

`default_nettype wire
