// price * unit rounded half-up, one rounding, limited to a row entry.
//
// unit_i is a real, its mantissa not 0, |exponent| <= 256. Latency pl_pricing_pkg::ROW_PRICE enabled cycles, throughput 1 per
// cycle. Stall: en_i = 0 holds everything. No reset: data only. saturated_o: the entry is the limit.
// Reference: price_entry() in host/model/row.c.
`default_nettype none

module pl_row_price #(
    parameter  int PROFILE = pl_pricing_pkg::FULL,
    localparam int W = PROFILE == pl_pricing_pkg::FULL ? pl_tables_pkg::FULL_W : pl_tables_pkg::SMALL_W,
    localparam int X_W = W + 6,  // a forward under the largest shock
    localparam int BITS = pl_pricing_pkg::row_bits(PROFILE)
) (
    input  wire             clk_i,
    input  wire             en_i,
    input  wire  [ X_W-1:0] price_i,
    input  wire  [    51:0] unit_m_i,
    input  wire  [    12:0] unit_e_i,
    output logic [BITS-1:0] magnitude_o,
    output logic            saturated_o
);
  localparam int P_W = X_W + 52;
  localparam int WIDE = pl_pricing_pkg::tile_wide(PROFILE);
  localparam int NARROW = pl_pricing_pkg::TILE_NARROW;
  localparam int MUL = mul_tiled_pkg::latency(X_W, 52, WIDE, NARROW);

  wire [P_W-1:0] product;
  wire [12:0] e;
  mul_tiled #(.X_W(X_W), .Y_W(52), .SHIFT(0), .WIDE(WIDE), .NARROW(NARROW), .SHARE(pl_pricing_pkg::TILE_SHARE)) u_product (
      .clk_i, .en_i, .x_i(price_i), .y_i(unit_m_i), .p_o(product)
  );
  delay #(.WIDTH(13), .DEPTH(MUL)) u_e (.clk_i, .en_i, .data_i(unit_e_i), .data_o(e));

  // product / 2^(52 - e), one bit below the point kept
  wire [12:0] right = 13'd51 - e;
  logic [P_W-1:0] coarse_q, fine_q;
  logic [3:0] low_q;
  logic large_q, large_qq, large_qqq, over_q;
  logic [BITS+1:0] rounded_q;
  wire limited = large_qqq || over_q || rounded_q[BITS+1:BITS] != '0;
  always_ff @(posedge clk_i) begin
    if (en_i) begin
      coarse_q <= right[12] || right > 13'd127 ? '0 : product >> {right[6:4], 4'd0};
      low_q <= right[3:0];
      large_q <= right[12] && product != '0;
      fine_q <= coarse_q >> low_q;
      large_qq <= large_q;
      rounded_q <= {1'b0, fine_q[BITS+1:1]} + (BITS + 2)'(fine_q[0]);
      over_q <= fine_q[P_W-1:BITS+2] != '0;
      large_qqq <= large_qq;
      magnitude_o <= limited ? {BITS{1'b1}} : rounded_q[BITS-1:0];
      saturated_o <= limited;
    end
  end

  if (PROFILE != pl_pricing_pkg::FULL && PROFILE != pl_pricing_pkg::SMALL) $error("pl_row_price: PROFILE");
  if (MUL + pl_pricing_pkg::ROW_PRICE_END != pl_pricing_pkg::ROW_PRICE) $error("pl_row_price: latency");
endmodule
`default_nettype wire
