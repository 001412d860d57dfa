// Counts the accounts of a sweep and packs its last line.
//
// clear_i: a sweep begins. count_i: an account was judged, with its state. line_o is combinational: the counts up to the
// cycle before, the other fields of the summary from the inputs. Latency 1; one account per cycle; no stall.
// Mirrors the summary of pl_sweep_next in host/model/sweep.c; a stream has fewer than 2^32 slots, so 32 bits count everything.
`default_nettype none
module verdict_counts (
    input  wire          clk_i,
    input  wire          clear_i,
    input  wire          count_i,
    input  wire          flagged_i,
    input  wire  [  2:0] state_i,
    input  wire  [ 31:0] account_i,
    input  wire  [ 28:0] number_i,  // of the summary as a record
    input  wire  [  7:0] status_i,
    input  wire  [ 63:0] tick_i,
    input  wire  [ 63:0] slots_i,
    output logic [511:0] line_o
);
  localparam int unsigned STATES = 32'(pl_abi_pkg::PL_STATE_BANKRUPT) + 1;

  logic [31:0] accounts_q, flagged_q, last_account_q;
  logic [STATES*32-1:0] by_state_q;
  pl_abi_pkg::pl_tick_summary_t summary;

  always_ff @(posedge clk_i) begin
    if (clear_i) begin
      accounts_q <= '0;
      flagged_q <= '0;
      last_account_q <= '1;
      by_state_q <= '0;
    end else if (count_i) begin
      accounts_q <= accounts_q + 32'd1;
      if (flagged_i) flagged_q <= flagged_q + 32'd1;
      last_account_q <= account_i;
      for (int unsigned s = 0; s < STATES; s++) begin
        if (state_i == 3'(s)) by_state_q[s*32+:32] <= by_state_q[s*32+:32] + 32'd1;
      end
    end
  end

  always_comb begin
    summary.serial = {pl_abi_pkg::PL_RESULT_SUMMARY[2:0], number_i};
    summary.status = 32'(status_i);
    summary.tick = tick_i;
    summary.accounts = 64'(accounts_q);
    summary.flagged = 64'(flagged_q);
    summary.slots = slots_i;
    summary.by_state = by_state_q;
    summary.last_account = last_account_q;
  end
  assign line_o = summary;
endmodule
`default_nettype wire
