// sigma times the multiplier of a vol rule, rounded half-up; at least floor_i where floored_i is
// set.
//
// vol_i Q.45 below 8; multiplier_i Q.40 below 4096; floor_i Q.45. The result is Q.45.
// Latency: pl_pricing_pkg::shocked_vol(PROFILE) = 7 (full) or 8 (small) cycles. Throughput 1 per
// cycle. Stall: en_i = 0 holds everything. No reset: data only. Errors: none; the product fits.
// Reference: shocked_vol() in host/model/row.c, after pl_row_vol_multiplier().
`default_nettype none

module pl_row_shocked_vol #(
    parameter int PROFILE = pl_pricing_pkg::FULL
) (
    input  wire         clk_i,
    input  wire         en_i,
    input  wire  [47:0] vol_i,
    input  wire  [51:0] multiplier_i,
    input  wire  [63:0] floor_i,
    input  wire         floored_i,     // PL_VOL_RULE_UP
    output logic [63:0] vol_o
);
  localparam int Q = 40;
  localparam int WIDE = pl_pricing_pkg::tile_wide(PROFILE);
  localparam int NARROW = pl_pricing_pkg::TILE_NARROW;
  localparam int MUL = mul_tiled_pkg::latency(48, 52, WIDE, NARROW);

  wire [99:0] product;
  wire [63:0] least;
  mul_tiled #(.X_W(48), .Y_W(52), .SHIFT(0), .WIDE(WIDE), .NARROW(NARROW), .SHARE(pl_pricing_pkg::TILE_SHARE)) u_product (
      .clk_i, .en_i, .x_i(vol_i), .y_i(multiplier_i), .p_o(product)
  );
  delay #(.WIDTH(64), .DEPTH(MUL + 1)) u_floor (
      .clk_i, .en_i, .data_i(floored_i ? floor_i : 64'd0), .data_o(least)
  );

  wire [100:0] rounded = {1'b0, product} + (101'd1 << (Q - 1));
  logic [63:0] rounded_q;
  always_ff @(posedge clk_i) begin
    if (en_i) begin
      rounded_q <= 64'(rounded[100:Q]);
      vol_o <= rounded_q < least ? least : rounded_q;
    end
  end

  // verilator lint_off UNUSEDSIGNAL
  wire unused = &rounded[Q-1:0];
  // verilator lint_on UNUSEDSIGNAL
  if (PROFILE != pl_pricing_pkg::FULL && PROFILE != pl_pricing_pkg::SMALL)
    $error("pl_row_shocked_vol: profile");
  if (pl_pricing_pkg::shocked_vol(PROFILE) != MUL + 2) $error("pl_row_shocked_vol: latency");
endmodule

`default_nettype wire
