// queue_ticks once more where the queue is full and ticks go through the store: a line is accepted in every cycle that has room, and
// the tables take nothing until the store has taken ticks, then everything. No clear, no load, no refusal; all lines are vols.
//! read queue_ticks watch/tick_queue watch/tick_store tables/change_list tables/table_memory prim/fifo
//! prove bounded 28
//! elsewhere fifo_stream a_output_held
//! bounded 42 a_whole a_in_order a_once
//! cover 50
//! mutants 46
`default_nettype none
module queue_store (
    input wire       clk_i,
    input wire       rst_ni,
    input wire       index_i,
    input wire       end_i,
    input wire [2:0] pick_i
);
  logic begun_q = 1'b0;
  logic [5:0] cycle_q;
  queue_ticks #(
      .STORE(1'b1)
  ) u_ticks (
      .clk_i, .rst_ni, .clear_i(1'b0), .forget_i(1'b0), .walk_i(cycle_q < 6'd2), .walk_index_i(cycle_q[0]), .line_i(1'b1), .good_i(1'b1),
      .kind_i(2'd1), .index_i, .end_i, .pick_i, .tick_refused_i(1'b0), .ready_i(cycle_q >= 6'd27)
  );
  always_comb begin
    assume (begun_q || !rst_ni);
    if (begun_q) assume (rst_ni);
  end
  always_ff @(posedge clk_i) begin
    begun_q <= 1'b1;
    cycle_q <= !rst_ni ? '0 : cycle_q + 6'(cycle_q != '1);
  end
endmodule
`default_nettype wire
