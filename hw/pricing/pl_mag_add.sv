// The sum of two mags; the smaller is truncated to the grid of the larger.
//
// Latency: pl_pricing_pkg::ADD = 3 cycles. Throughput 1 per cycle. Stall: en_i = 0 holds
// everything. No reset: data only. Errors: none.
// Reference: pl_mag_add() in host/model/arith.h.
`default_nettype none

module pl_mag_add #(
    parameter int W = 51,
    parameter int E_W = pl_pricing_pkg::E_W
) (
    input  wire              clk_i,
    input  wire              en_i,
    input  wire  [E_W+W-1:0] x_i,
    input  wire  [E_W+W-1:0] y_i,
    output logic [E_W+W-1:0] sum_o
);
  wire [E_W+W-1:0] big;
  wire [W-1:0] down;
  // verilator lint_off UNUSEDSIGNAL
  wire swap;  // a sum has no sign
  // verilator lint_on UNUSEDSIGNAL
  pl_mag_align #(.W(W)) u_align (
      .clk_i, .en_i, .x_i, .y_i, .big_o(big), .down_o(down), .swap_o(swap)
  );

  wire [W:0] sum = {1'b0, big[W-1:0]} + {1'b0, down};
  always_ff @(posedge clk_i) begin
    if (en_i) begin
      sum_o[W-1:0] <= sum[W] ? sum[W:1] : sum[W-1:0];
      sum_o[W+:E_W] <= big[W+:E_W] + E_W'(sum[W]);
    end
  end

  if (pl_pricing_pkg::ADD != 3) $error("pl_mag_add: latency");
endmodule

`default_nettype wire
