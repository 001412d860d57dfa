// Sums (SUBTRACT 1: differences) of COUNT pairs of money words side by side, each limited to signed
// 64 bits: pl_money_add and pl_money_sub of host/model/money.h.
//
// Latency 1 enabled cycle, throughput 1 per cycle. en_i low holds sum_o and overflow_o. overflow_o:
// the exact sum did not fit, sum_o is the limit on its side. No reset: data only.
`default_nettype none
module money_add #(
    parameter int unsigned SUBTRACT = 0,
    parameter int unsigned COUNT    = 1
) (
    input  wire                 clk_i,
    input  wire                 en_i,
    input  wire  [COUNT*64-1:0] a_i,
    input  wire  [COUNT*64-1:0] b_i,
    output logic [COUNT*64-1:0] sum_o,
    output logic [   COUNT-1:0] overflow_o
);
  if (SUBTRACT > 1) begin : g_range $error("money_add: SUBTRACT"); end
  if (COUNT < 1) begin : g_count $error("money_add: COUNT"); end

  // A sum that does not fit lies beyond the limit on a's side.
  always_ff @(posedge clk_i) begin : add
    logic [63:0] a, b, sum;
    logic beyond;
    if (en_i) begin
      for (int unsigned i = 0; i < COUNT; i++) begin
        a = a_i[i*64+:64];
        b = b_i[i*64+:64];
        sum = SUBTRACT != 0 ? a - b : a + b;
        beyond = (a[63] == b[63]) == (SUBTRACT == 0) && sum[63] != a[63];
        sum_o[i*64+:64] <= beyond ? {a[63], {63{!a[63]}}} : sum;
        overflow_o[i] <= beyond;
      end
    end
  end
endmodule
`default_nettype wire
