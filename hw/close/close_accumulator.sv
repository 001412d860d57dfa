// Running sums of money, one per beat, limited at every step: pl_money_add of host/model/money.h.
//
// At valid_i sum beat_i becomes value_i (first_i) or the limited sum of both. sum_o and overflow_o
// follow 2 cycles later. The same beat must not come again within 3 cycles; others may come in
// every cycle. Never stalls. No reset: first_i starts a sum.
`default_nettype none
module close_accumulator #(
    parameter  int unsigned BEATS  = 4,
    localparam int unsigned BEAT_W = $clog2(BEATS)
) (
    input  wire                clk_i,
    input  wire                valid_i,
    input  wire  [BEAT_W-1:0]  beat_i,
    input  wire                first_i,
    input  wire  signed [63:0] value_i,
    output logic signed [63:0] sum_o,
    output logic               overflow_o
);
  logic [63:0] memory[1<<BEAT_W];
  logic [63:0] held_q, value_q;
  logic [BEAT_W-1:0] beat_1_q, beat_2_q;
  logic valid_1_q, valid_2_q;

  always_ff @(posedge clk_i) begin
    held_q <= first_i ? '0 : memory[beat_i];
    value_q <= value_i;
    {valid_1_q, valid_2_q} <= {valid_i, valid_1_q};
    {beat_1_q, beat_2_q} <= {beat_i, beat_1_q};
    if (valid_2_q) memory[beat_2_q] <= sum_o;
  end
  money_add u_add (
      .clk_i,
      .en_i(1'b1),
      .a_i(held_q),
      .b_i(value_q),
      .sum_o,
      .overflow_o
  );
endmodule
`default_nettype wire
