// Judges the watched set once for each commit: starts it, gives it room in the watch ring, ends it when a sweep's failure
// clears the lanes.
//
// live_ready_i (pulse, with live_tick_i; only while busy_o is low) asks for an evaluation. Without a set it is forgotten.
// Otherwise busy_o is high from the next cycle until the evaluation's words were all read; live_ready_i to start_o is 2
// cycles, a few more after the ring's registers or the set changed, and as long as clear_i is high. An evaluation needs 2 *
// accounts_i + 1 lines of the ring: without them, or without a ring, dropped_o is a pulse, and nothing is started.
// start_o: the set's lines (read_start), the distributor and the collector begin; ring_first_o .. lines_o, with the set's
// version and filter, are the collector's operands in that cycle. The end is done_i, with lines_i and status_i, and then
// read_busy_i low: what the distributor discards after a broken slot is taken by then. The collector must have taken
// everything by done_i (its DRAIN).
// clear_i (level, 8 cycles at least: distributor, lanes and closes are reset) during an evaluation: read_abort_o, and
// collector_end_o until done_i: the collector finishes the record that it writes and ends with a summary of status RESET. When
// clear_i is low, collector_clear_o (pulse) empties its orders, and an evaluation with status RESET is tried again, as if it
// had just been asked for.
// After each done_i: ran_o (pulse), the ring's head moves, write_mark_o (pulse), and when write_reached_i is high (looked at
// from the next cycle on: what was accepted before the mark is answered) written_o (pulse). Evaluations that end before that
// share the next.
// ring_error_o (pulse): a total of consumed lines that cannot be (watch_ring).
`default_nettype none
module watch_run #(
    localparam int unsigned ENTRIES_W = $clog2(32'(pl_abi_pkg::PL_RING_ENTRIES_MAX) + 1),
    localparam int unsigned ACCOUNTS_W = $clog2(32'(pl_abi_pkg::PL_WATCH_ACCOUNTS_MAX) + 1)
) (
    input  wire                   clk_i,
    input  wire                   rst_ni,
    // the commit
    input  wire                   live_ready_i,
    input  wire  [          63:0] live_tick_i,
    output logic                  busy_o,
    input  wire                   clear_i,
    // the watched set
    input  wire                   watching_i,
    input  wire  [ACCOUNTS_W-1:0] accounts_i,
    input  wire                   read_busy_i,
    output logic                  read_abort_o,
    // the ring
    input  wire  [          63:0] ring_base_i,            // aligned to a line
    input  wire  [ ENTRIES_W-1:0] ring_entries_i,         // a power of two, or 0: none
    input  wire                   ring_restart_i,
    input  wire                   consumed_valid_i,
    input  wire  [          31:0] consumed_total_i,
    output logic                  ring_error_o,
    // distributor, collector and the set's lines
    output logic                  start_o,                // pulse
    output logic [          63:0] tick_o,
    output logic [          63:0] address_o,
    output logic [          63:0] lines_o,
    output logic [          63:0] ring_first_o,
    output logic [          63:0] ring_last_o,
    output logic                  collector_end_o,        // level
    output logic                  collector_clear_o,      // pulse
    input  wire                   done_i,
    input  wire  [           7:0] status_i,
    // verilator lint_off UNUSEDSIGNAL
    input  wire  [          63:0] lines_i,                // written so far
    // verilator lint_on UNUSEDSIGNAL
    output logic                  write_mark_o,
    input  wire                   write_reached_i,
    output logic                  ran_o,
    output logic                  dropped_o,
    output logic                  written_o
);
  localparam int unsigned LINES_W = ACCOUNTS_W + 1;
  localparam logic [2:0] IDLE = 3'd0;
  localparam logic [2:0] WAIT = 3'd1;
  localparam logic [2:0] RUN = 3'd2;
  localparam logic [2:0] READ = 3'd3;   // judged; lines behind the end are still being read
  localparam logic [2:0] STOP = 3'd4;   // the collector writes its last lines
  localparam logic [2:0] CLEAR = 3'd5;  // until clear_i is low

  logic [2:0] state_q;
  logic again_q, settled, room, go, finished;
  logic [LINES_W-1:0] need;
  assign need = {accounts_i, 1'b1};
  assign go = state_q == WAIT && watching_i && !clear_i && settled;
  assign finished = done_i && (state_q == RUN || state_q == STOP);

  watch_ring u_ring (
      .clk_i,
      .rst_ni,
      .base_i(ring_base_i),
      .entries_i(ring_entries_i),
      .restart_i(ring_restart_i),
      .consumed_valid_i,
      .consumed_total_i,
      .error_o(ring_error_o),
      .need_i(need),
      .start_i(start_o),
      .done_i(finished),
      .lines_i(lines_i[LINES_W-1:0]),
      .settled_o(settled),
      .room_o(room),
      .address_o,
      .first_o(ring_first_o),
      .last_o(ring_last_o)
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q <= IDLE;
      start_o <= 1'b0;
      dropped_o <= 1'b0;
      read_abort_o <= 1'b0;
      collector_clear_o <= 1'b0;
      ran_o <= 1'b0;
    end else begin
      start_o <= go && room;
      dropped_o <= go && !room;
      read_abort_o <= clear_i && ((state_q == RUN && !done_i) || state_q == READ);
      collector_clear_o <= state_q == CLEAR && !clear_i;
      ran_o <= finished;
      case (state_q)
        IDLE: if (live_ready_i && watching_i) state_q <= WAIT;
        WAIT: begin
          if (!watching_i) state_q <= IDLE;
          else if (go) state_q <= room ? RUN : IDLE;
        end
        RUN: begin
          if (done_i) state_q <= READ;
          else if (clear_i) state_q <= STOP;
        end
        READ: if (!read_busy_i) state_q <= IDLE;
        STOP: if (done_i) state_q <= CLEAR;
        CLEAR: if (!clear_i) state_q <= again_q ? WAIT : IDLE;
        default: state_q <= IDLE;
      endcase
    end
    if (state_q == IDLE) tick_o <= live_tick_i;
    again_q <= state_q == CLEAR ? again_q : status_i == pl_abi_pkg::PL_STATUS_RESET;
  end
  assign busy_o = state_q != IDLE;
  assign lines_o = 64'(need);
  assign collector_end_o = state_q == STOP;

  // One mark at a time.
  logic due_q, marked_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      due_q <= 1'b0;
      marked_q <= 1'b0;
      written_o <= 1'b0;
    end else begin
      due_q <= finished || (due_q && !write_mark_o);
      marked_q <= write_mark_o || (marked_q && !write_reached_i);
      written_o <= marked_q && write_reached_i;
    end
  end
  assign write_mark_o = due_q && !marked_q;

  always_ff @(posedge clk_i) begin
    if (rst_ni && $past(rst_ni)) begin
      a_one_at_a_time: assert (!live_ready_i || !busy_o);
      a_done_when_running: assert (!done_i || state_q == RUN || state_q == STOP);
      a_set_stays: assert (state_q != RUN || accounts_i == $past(accounts_i) || !$past(busy_o));
      a_not_beyond: assert (!done_i || lines_i <= lines_o);
    end
  end
endmodule
`default_nettype wire
