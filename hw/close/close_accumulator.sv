// Running sums of money, COUNT words per beat side by side, each limited at every step: pl_money_add of
// host/model/money.h.
//
// At valid_i the sums of beat_i become value_i (first_i) or the limited sums of both. sum_o and
// overflow_o follow 2 cycles later, until the next. The same beat must not come again within 3 cycles;
// others may come in every cycle. Never stalls; without valid_i nothing moves. first_i starts sums.
// last_price_i: the sums are those of the account's view at last prices (close_feeder); fork_i: they
// start from those of the other view, which stay as they are.
`default_nettype none
module close_accumulator #(
    parameter  int unsigned BEATS  = 4,
    parameter  int unsigned COUNT  = 1,
    localparam int unsigned BEAT_W = $clog2(BEATS)
) (
    input  wire                 clk_i,
    input  wire                 rst_ni,
    input  wire                 valid_i,
    input  wire  [  BEAT_W-1:0] beat_i,
    input  wire                 first_i,
    input  wire                 last_price_i,
    input  wire                 fork_i,
    input  wire  [COUNT*64-1:0] value_i,
    output logic [COUNT*64-1:0] sum_o,
    output logic [   COUNT-1:0] overflow_o
);
  logic [COUNT*64-1:0] memory[2<<BEAT_W];
  logic [COUNT*64-1:0] held_q, value_q;
  logic [BEAT_W:0] at_1_q, at_2_q;
  logic valid_1_q, valid_2_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) {valid_1_q, valid_2_q} <= '0;
    else {valid_1_q, valid_2_q} <= {valid_i, valid_1_q};
  end
  always_ff @(posedge clk_i) begin
    if (valid_i) begin
      held_q <= first_i ? '0 : memory[{last_price_i && !fork_i, beat_i}];
      value_q <= value_i;
      at_1_q <= {last_price_i, beat_i};
    end
    if (valid_1_q) at_2_q <= at_1_q;
    if (valid_2_q) memory[at_2_q] <= sum_o;
  end
  money_add #(
      .COUNT(COUNT)
  ) u_add (
      .clk_i,
      .en_i(valid_1_q),
      .a_i(held_q),
      .b_i(value_q),
      .sum_o,
      .overflow_o
  );
endmodule
`default_nettype wire
