// Sum (SUBTRACT 1: difference) of two money words, limited to signed 64 bits: pl_money_add and
// pl_money_sub of host/model/money.h.
//
// Latency 1 enabled cycle, throughput 1 per cycle. en_i low holds sum_o and overflow_o. overflow_o:
// the exact sum did not fit, sum_o is the limit on its side. No reset: data only.
`default_nettype none
module money_add #(
    parameter int unsigned SUBTRACT = 0
) (
    input  wire                clk_i,
    input  wire                en_i,
    input  wire  signed [63:0] a_i,
    input  wire  signed [63:0] b_i,
    output logic signed [63:0] sum_o,
    output logic               overflow_o
);
  logic [64:0] sum;
  logic overflow;

  if (SUBTRACT > 1) begin : g_range $error("money_add: SUBTRACT"); end
  if (SUBTRACT != 0) begin : g_subtract
    assign sum = {a_i[63], a_i} - {b_i[63], b_i};
  end else begin : g_add
    assign sum = {a_i[63], a_i} + {b_i[63], b_i};
  end
  assign overflow = sum[64] != sum[63];

  always_ff @(posedge clk_i) begin
    if (en_i) begin
      sum_o <= overflow ? {sum[64], {63{!sum[64]}}} : sum[63:0];
      overflow_o <= overflow;
    end
  end
endmodule
`default_nettype wire
