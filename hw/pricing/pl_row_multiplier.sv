// One 54 x 54 bit multiplier that the per-row steps share: the Greeks, the vol skews, the discount in row units.
//
// A request is taken in the cycle in which *_valid_i and *_ready_o are high; the Greeks always are, the skew comes before the
// front. Its product comes pl_pricing_pkg::ROW_MUL enabled cycles later, with *_valid_o. Throughput 1 per cycle.
// Stall: en_i = 0 holds everything; requests are then not taken. Errors: none.
// Reference: the products of pl_real_mul() in host/model/fixed.h and of skew_multiplier() in host/model/row.c.
`default_nettype none

module pl_row_multiplier #(
    parameter int PROFILE = pl_pricing_pkg::FULL
) (
    input  wire          clk_i,
    input  wire          rst_ni,
    input  wire          en_i,
    input  wire          greeks_valid_i,
    input  wire  [ 51:0] greeks_x_i,
    input  wire  [ 51:0] greeks_y_i,
    input  wire          skew_valid_i,
    output logic         skew_ready_o,
    input  wire  [ 53:0] skew_x_i,
    input  wire  [ 53:0] skew_y_i,
    input  wire          front_valid_i,
    output logic         front_ready_o,
    input  wire  [ 51:0] front_x_i,
    input  wire  [ 51:0] front_y_i,
    output logic [107:0] product_o,
    output logic         greeks_valid_o,
    output logic         skew_valid_o,
    output logic         front_valid_o
);
  localparam int WIDE = pl_pricing_pkg::tile_wide(PROFILE);
  localparam int NARROW = pl_pricing_pkg::TILE_NARROW;
  localparam int LATENCY = pl_pricing_pkg::ROW_MUL;

  assign skew_ready_o = !greeks_valid_i;
  assign front_ready_o = !greeks_valid_i && !skew_valid_i;

  logic [53:0] x_q, y_q;
  logic [3*LATENCY-1:0] valid_q;
  always_ff @(posedge clk_i) begin
    if (en_i) begin
      x_q <= greeks_valid_i ? 54'(greeks_x_i) : skew_valid_i ? skew_x_i : 54'(front_x_i);
      y_q <= greeks_valid_i ? 54'(greeks_y_i) : skew_valid_i ? skew_y_i : 54'(front_y_i);
    end
  end
  always_ff @(posedge clk_i) begin
    if (!rst_ni) valid_q <= '0;
    else if (en_i)
      valid_q <= {
        valid_q[3*LATENCY-4:0], greeks_valid_i, skew_valid_i && skew_ready_o, front_valid_i && front_ready_o
      };
  end
  assign {greeks_valid_o, skew_valid_o, front_valid_o} = valid_q[3*LATENCY-1-:3];
  mul_tiled #(.X_W(54), .Y_W(54), .SHIFT(0), .WIDE(WIDE), .NARROW(NARROW), .SHARE(pl_pricing_pkg::TILE_SHARE)) u_product (
      .clk_i, .en_i, .x_i(x_q), .y_i(y_q), .p_o(product_o)
  );

  if (PROFILE != pl_pricing_pkg::FULL && PROFILE != pl_pricing_pkg::SMALL) $error("pl_row_multiplier: PROFILE");
  if (1 + mul_tiled_pkg::latency(54, 54, WIDE, NARROW) != LATENCY) $error("pl_row_multiplier: latency");
endmodule
`default_nettype wire
