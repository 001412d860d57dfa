// |x - y| of two mags and whether x < y; the smaller is truncated to the grid of the larger.
//
// Latency: pl_pricing_pkg::SUB = 5 cycles. Throughput 1 per cycle. Stall: en_i = 0 holds
// everything. No reset: data only. Errors: none.
// Reference: pl_mag_sub() in host/model/arith.h.
`default_nettype none

module pl_mag_sub #(
    parameter int W = 51,
    parameter int E_W = pl_pricing_pkg::E_W
) (
    input  wire              clk_i,
    input  wire              en_i,
    input  wire  [E_W+W-1:0] x_i,
    input  wire  [E_W+W-1:0] y_i,
    output logic [E_W+W-1:0] difference_o,
    output logic             negative_o
);
  wire [E_W+W-1:0] big;
  wire [W-1:0] down;
  wire swap;
  pl_mag_align #(.W(W)) u_align (
      .clk_i, .en_i, .x_i, .y_i, .big_o(big), .down_o(down), .swap_o(swap)
  );

  wire [W:0] over = {1'b0, big[W-1:0]} - {1'b0, down};
  wire [W-1:0] under = down - big[W-1:0];
  logic [W-1:0] v_q;
  logic [E_W-1:0] point_q;
  logic negative_q;
  always_ff @(posedge clk_i) begin
    if (en_i) begin
      v_q <= over[W] ? under : over[W-1:0];
      point_q <= E_W'(W) - big[W+:E_W];
      negative_q <= swap != over[W] && big[W-1:0] != down;
    end
  end

  pl_mag_normalise #(.IN_W(W), .W(W)) u_normalise (
      .clk_i, .en_i, .v_i(v_q), .point_i(point_q), .mag_o(difference_o)
  );
  delay #(.WIDTH(1), .DEPTH(pl_pricing_pkg::NORM)) u_negative (
      .clk_i, .en_i, .data_i(negative_q), .data_o(negative_o)
  );

  if (pl_pricing_pkg::SUB != 3 + pl_pricing_pkg::NORM) $error("pl_mag_sub: latency");
endmodule

`default_nettype wire
