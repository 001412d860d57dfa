// v * 2^-point as a mag: m the leading W bits of v, e = bit length - point; all 0 for v = 0.
//
// Latency: pl_pricing_pkg::NORM = 2 cycles: leading zeros, shift. Throughput 1 per cycle.
// Stall: en_i = 0 holds everything. No reset: data only. Errors: none.
// Reference: pl_mag_normalise() in host/model/arith.h.
`default_nettype none

module pl_mag_normalise #(
    parameter int IN_W = 51,
    parameter int W = 51,
    parameter int E_W = pl_pricing_pkg::E_W
) (
    input  wire               clk_i,
    input  wire               en_i,
    input  wire  [  IN_W-1:0] v_i,
    input  wire  [   E_W-1:0] point_i,  // two's complement
    output logic [ E_W+W-1:0] mag_o
);
  if (IN_W < 2 || IN_W > 64 || W > 64) $error("pl_mag_normalise: widths");

  logic [5:0] zeros, zeros_q;
  logic zero, zero_q;
  logic [IN_W-1:0] v_q;
  logic [E_W-1:0] top_q;  // the exponent if no zero leads
  pl_lzc u_lzc (.v_i(64'(v_i) << (64 - IN_W)), .count_o(zeros), .zero_o(zero));

  // verilator lint_off UNUSEDSIGNAL
  wire [IN_W+W-1:0] shifted = {v_q, W'(0)} << zeros_q;  // the bits below m are cut off
  // verilator lint_on UNUSEDSIGNAL
  always_ff @(posedge clk_i) begin
    if (en_i) begin
      v_q <= v_i;
      zeros_q <= zeros;
      zero_q <= zero;
      top_q <= E_W'(IN_W) - point_i;
      mag_o[W-1:0] <= shifted[IN_W+W-1-:W];
      mag_o[W+:E_W] <= zero_q ? '0 : top_q - E_W'(zeros_q);
    end
  end
endmodule

`default_nettype wire
