// Whose turn it is at the tables: an operation of the ring, or a tick of the window.
//
// The window's tick: window_valid_i with a record, or (window_commit_i) the tick's commit. An item is taken with window_ready_o, a
// record every second cycle at most, the commit in the cycle after a record. From the first item taken to window_done_i the tick
// is in progress: its commit must come. window_ready_o looks at window_commit_i, never at window_valid_i.
// The ring: ring_request_i -> ring_grant_o 1 cycle later, when no tick of the window is in progress, none is taken in that
// cycle, no flip is due, the watched set is not being judged. Both hold until the request goes, the grant 1 cycle longer.
// Ticks that have come by the window go before a request (window_waiting_i), so that what a host gave first is first; the host
// sees to it that they end. A COMMIT after the ring's TICK does not wait for them: they wait for it.
// No item is taken while granted, or from a TICK of the ring that ended with OK (of one record or more) to a COMMIT of the ring
// that ended with OK, an accepted LOAD or a TICK that failed or was aborted: its records wait for that COMMIT.
// allowed_o, stuck_o: commit_flip's. A refused tick leaves records that no commit took (changed_q): a flip would freeze them in
// part, so it waits for the next commit, and what would wait for the flip does not.
// Reference: the order of calls of pl_tables_tick and pl_tables_commit.
`default_nettype none
module table_turns (
    input  wire        clk_i,
    input  wire        rst_ni,
    input  wire        window_valid_i,
    input  wire        window_waiting_i,  // a complete tick has not wholly left the window
    output logic       window_ready_o,
    input  wire        window_commit_i,
    output logic       window_record_o,   // pulse: a record is taken
    output logic       window_start_o,    // pulse: a commit is taken
    input  wire        window_done_i,     // pulse: it has ended
    input  wire        ring_request_i,
    output logic       ring_grant_o,
    input  wire        record_start_i,
    input  wire        record_some_i,     // a TICK of one record or more
    input  wire        record_abort_i,
    input  wire        record_done_i,
    input  wire [ 7:0] record_status_i,
    input  wire        commit_done_i,
    input  wire [ 7:0] commit_status_i,
    input  wire        load_started_i,
    input  wire        table_valid_i,
    input  wire        commit_accepted_i,
    input  wire        commit_idle_i,
    input  wire        commit_ended_i,
    input  wire        flip_waiting_i,
    input  wire        flip_busy_i,
    input  wire        sweep_running_i,
    input  wire        watch_busy_i,
    output logic       allowed_o,
    output logic       stuck_o
);
  logic open_q;      // a tick of the window is in progress
  logic pause_q;     // a record was taken in the cycle before
  logic changed_q;   // records that no commit has taken
  logic tick_q;      // a TICK of the ring runs
  logic hold_q;      // its records wait for their COMMIT
  logic next_q;      // the ring is next
  logic at_rest, flip_due, take, first;

  assign first = hold_q || !window_waiting_i;  // no tick of the window goes before the ring

  assign at_rest = commit_idle_i && !flip_busy_i && !watch_busy_i;
  assign flip_due = flip_waiting_i && !changed_q;
  assign window_ready_o = (open_q ? commit_idle_i :
      at_rest && !ring_grant_o && !hold_q && !next_q && !(flip_due && !sweep_running_i)) && (window_commit_i || !pause_q);
  assign take = window_valid_i && window_ready_o;
  assign window_record_o = take && !window_commit_i;
  assign window_start_o = take && window_commit_i;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      open_q <= 1'b0;
      pause_q <= 1'b0;
      ring_grant_o <= 1'b0;
      next_q <= 1'b0;
    end else begin
      open_q <= (open_q || take) && !window_done_i;
      pause_q <= window_record_o;
      ring_grant_o <= ring_request_i && (ring_grant_o || (at_rest && first && !open_q && !take && !flip_due));
      next_q <= ring_request_i && !ring_grant_o && first && (next_q || window_done_i);
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      changed_q <= 1'b0;
      tick_q <= 1'b0;
      hold_q <= 1'b0;
    end else begin
      if (commit_accepted_i || load_started_i) changed_q <= 1'b0;
      else if (table_valid_i) changed_q <= 1'b1;
      if (record_abort_i || record_done_i) tick_q <= 1'b0;
      else if (record_start_i) tick_q <= record_some_i;
      if (load_started_i || (commit_done_i && commit_status_i == pl_abi_pkg::PL_STATUS_OK)) hold_q <= 1'b0;
      else if (tick_q && record_abort_i) hold_q <= 1'b0;
      else if (tick_q && record_done_i) hold_q <= record_status_i == pl_abi_pkg::PL_STATUS_OK;
    end
  end
  assign allowed_o = commit_ended_i || (commit_idle_i && !open_q && !changed_q);
  assign stuck_o = changed_q && !open_q;

  always_ff @(posedge clk_i) begin
    if (rst_ni && $past(rst_ni)) begin
      a_one_at_a_time: assert (!(open_q && ring_grant_o));
      a_record_granted: assert (!record_start_i || ring_grant_o);
      a_flip_due_first: assert (!(take && !open_q && flip_due && !sweep_running_i));
    end
  end
endmodule
`default_nettype wire
