// Soft reset as the bus sees it: waits until nothing is outstanding, at most TIMEOUT cycles, and says how it ended.
//
// soft_reset_i is a level until the cycle after reset_done_o. It lasts at least SETTLE cycles: the card's rooms reset.
// clean_o: every read and write was answered; needs_flr_o: not within TIMEOUT. Both hold until the next soft reset begins.
`default_nettype none
module bus_drain #(
    parameter int unsigned TIMEOUT = 65536,
    parameter int unsigned SETTLE  = 64
) (
    input  wire  clk_i,
    input  wire  rst_ni,
    input  wire  soft_reset_i,
    input  wire  quiet_i,
    output logic reset_done_o,
    output logic clean_o,
    output logic needs_flr_o
);
  localparam int unsigned TIMER_W = $clog2(TIMEOUT + 1);
  if (SETTLE < 2 || TIMEOUT < SETTLE) begin : g_timeout $error("bus_drain: TIMEOUT must be at least SETTLE"); end

  logic active_q, finished_q;
  logic [TIMER_W-1:0] timer_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      active_q <= 1'b0;
      finished_q <= 1'b0;
      reset_done_o <= 1'b0;
      clean_o <= 1'b0;
      needs_flr_o <= 1'b0;
    end else begin
      reset_done_o <= 1'b0;
      active_q <= soft_reset_i;
      if (!active_q) begin
        finished_q <= 1'b0;
        timer_q <= '0;
        if (soft_reset_i) begin
          clean_o <= 1'b0;
          needs_flr_o <= 1'b0;
        end
      end else if (!finished_q) begin
        timer_q <= timer_q + 1'b1;
        if ((timer_q >= TIMER_W'(SETTLE - 1) && quiet_i) || timer_q == TIMER_W'(TIMEOUT - 1)) begin
          finished_q <= 1'b1;
          reset_done_o <= 1'b1;
          clean_o <= quiet_i;
          needs_flr_o <= !quiet_i;
        end
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni) a_one_answer: assert (!(clean_o && needs_flr_o));
  end
endmodule
`default_nettype wire
