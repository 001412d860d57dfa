// queue_ticks once more where the queue is full and ticks go through the store: a line is accepted in every cycle that has room; the
// tables take nothing for 25 cycles, while the store takes ticks, then everything. No clear, no load, no refusal.
//
// The first 7 lines are ticks of one or two records, any of which may be marked; the lines that fill the queue behind them are ticks of
// one record, not marked. Records that are not picked have one place, so that three are left to those that are: with marks on all
// places there would be no line that queue_ticks allows.
//! read queue_ticks watch/tick_queue watch/tick_store tables/change_list tables/table_memory prim/fifo
//! prove bounded 50
//! elsewhere fifo_stream a_output_held
//! cover 54
//! mutants 50
`default_nettype none
module queue_store (
    input wire       clk_i,
    input wire       rst_ni,
    input wire       kind_i,   // price, vol
    input wire       index_i,
    input wire       end_i,
    input wire [2:0] pick_i
);
  logic begun_q = 1'b0;
  logic open_q, chosen, ends;
  logic [2:0] pick;
  logic [5:0] cycle_q;
  assign pick = cycle_q < 6'd11 ? pick_i : '0;  // lines come from cycle 4 on
  assign chosen = pick != '0;
  assign ends = end_i || open_q || cycle_q >= 6'd11;
  queue_ticks #(
      .STORE(1'b1)
  ) u_ticks (
      .clk_i, .rst_ni, .clear_i(1'b0), .forget_i(1'b0), .walk_i(cycle_q < 6'd2), .walk_index_i(cycle_q[0]), .line_i(1'b1), .good_i(1'b1),
      .kind_i({1'b0, kind_i && chosen}), .index_i(index_i && chosen), .end_i(ends), .pick_i(pick), .tick_refused_i(1'b0),
      .ready_i(cycle_q >= 6'd25)
  );
  always_comb begin
    assume (begun_q || !rst_ni);
    if (begun_q) assume (rst_ni);
  end
  always_ff @(posedge clk_i) begin
    begun_q <= 1'b1;
    open_q <= rst_ni && !ends;
    cycle_q <= !rst_ni ? '0 : cycle_q + 6'(cycle_q != '1);
  end
endmodule
`default_nettype wire
