// Executes submissions one after the other, in order, and writes a completion for each.
//
// Check (operation_check) -> wait for the tables' grant (not NOP, FENCE; a sweep's stream is fetched meanwhile) -> start a unit and wait for it -> after a failed read:
// cancel -> wait until every line written before was answered -> wait for room in the completion ring -> write the completion -> wait for its answer -> completion_o -> next.
// cycles of a completion: from the fetch, or, for an entry fetched together with an earlier one, from the end of that one.
// bytes_read: lines of records, scatter list and stream that came without error; bytes_written: without the completion itself.
// A failed read ends LOAD, TICK and WATCH with record_abort_o (the unit forgets the operation and does not answer), its status and
// the record's index. After that, and after a failed sweep, cancel_o holds until no read is out and for at least SETTLE cycles, and
// with it sweep_clear_o if it was a sweep; TIMEOUT cycles without quiet make the status TIMEOUT, and an error.
// Lines of the watched set are written meanwhile: one that failed ends the operation of that time with its status; while there is
// none, error_valid_o tells it once, and so does the next completion.
// Errors without a completion (error_valid_o; the card stops until reset): no unit answers within OPERATION_TIMEOUT cycles, or
// there is no grant as long (TIMEOUT); a write is not answered, twice TIMEOUT (TIMEOUT: the host may not reuse its buffers); no room in the completion ring
// for TIMEOUT cycles (RING_FULL); the completion itself could not be written (its status); the submission ring's errors.
`default_nettype none
module sequencer #(
    parameter int unsigned TIMEOUT           = 65536,
    parameter int unsigned OPERATION_TIMEOUT = 1 << 26,
    parameter int unsigned SETTLE            = 64,
    parameter int unsigned WATCH_SLOTS       = 32'(pl_abi_pkg::PL_WATCH_SLOTS_MAX)
) (
    input  wire          clk_i,
    input  wire          rst_ni,
    output logic         completion_o,
    output logic         error_valid_o,
    output logic [  7:0] error_status_o,
    // submission ring
    output logic         fetch_o,
    input  wire          fetching_i,
    input  wire          entry_valid_i,
    output logic         entry_take_o,
    input  wire  [511:0] entry_i,           // stable while valid
    input  wire          entry_phase_i,
    input  wire          ring_error_i,
    input  wire  [  7:0] ring_status_i,
    // completion ring
    input  wire          full_i,
    input  wire          complete_phase_i,
    output logic         push_o,
    // read engine: cancel, records
    output logic         cancel_o,
    input  wire          quiet_i,
    input  wire          line_read_i,       // pulse: a line came without error
    output logic         command_valid_o,
    input  wire          command_ready_i,
    output logic [ 57:0] command_line_o,
    output logic [ 28:0] command_lines_o,
    input  wire          record_fault_i,    // level, until cancel_o: a record could not be read, those before it were handed on
    input  wire  [  7:0] record_fault_status_i,
    input  wire  [ 24:0] record_fault_index_i,
    // write engine
    output logic         write_mark_o,      // write_reached_i: what was accepted before it is answered
    input  wire          write_reached_i,
    input  wire  [  7:0] write_status_i,
    input  wire          write_timed_out_i,
    input  wire          line_written_i,
    output logic         write_clear_o,
    output logic         line_valid_o,      // the completion
    input  wire          line_ready_i,
    output logic [511:0] line_o,
    // tables
    output logic         ring_request_o,    // level: an operation that tables and ticks of the window must not share
    input  wire          ring_grant_i,
    output logic         sweep_request_o,   // level: from before a sweep's start to its completion
    input  wire          sweep_grant_i,
    input  wire          loaded_i,
    input  wire          committed_i,
    input  wire  [ 24:0] instruments_i,
    output logic         record_start_o,
    output logic         record_tick_o,
    output logic [ 31:0] record_count_o,
    output logic         record_abort_o,
    input  wire          record_done_i,
    input  wire  [  7:0] record_status_i,
    input  wire  [ 63:0] record_detail_i,
    output logic         commit_start_o,
    output logic [ 63:0] commit_tick_o,
    output logic [ 63:0] commit_time_o,
    input  wire          commit_done_i,
    input  wire  [  7:0] commit_status_i,
    // sweep
    output logic         sweep_start_o,
    output logic [  7:0] sweep_filter_o,
    output logic         sweep_per_underlying_o,
    output logic [ 63:0] sweep_version_o,
    output logic [ 63:0] sweep_address_o,
    output logic [ 63:0] sweep_lines_o,
    input  wire          sweep_done_i,
    input  wire  [  7:0] sweep_status_i,
    input  wire  [ 63:0] sweep_detail_i,
    input  wire  [ 63:0] sweep_lines_i,
    output logic         sweep_clear_o,
    output logic         sweep_busy_o,
    input  wire          stall_input_i,
    input  wire          stall_output_i,
    output logic         stream_start_o,    // pulse: fetch the stream, which begins with the sweep
    output logic         one_piece_o,
    output logic [ 57:0] list_line_o,
    output logic [ 28:0] list_entries_o,    // or the lines of the piece
    input  wire          scatter_done_i,
    input  wire          scatter_failed_i,
    input  wire          scatter_entry_i,   // the failure is about entry scatter_index_i
    input  wire  [ 16:0] scatter_index_i,
    // watched set
    output logic         watch_start_o,
    output logic [ 63:0] watch_slots_o,
    input  wire          watch_done_i,
    input  wire  [  7:0] watch_status_i,
    input  wire  [ 63:0] watch_detail_i,
    // rows
    output logic         rows_start_o,
    output logic [ 23:0] rows_first_o,
    output logic [ 23:0] rows_count_o,
    output logic [ 63:0] rows_address_o,
    input  wire          rows_done_i
);
  localparam int unsigned TIMER_W = $clog2(TIMEOUT + 1);
  localparam logic [3:0] IDLE = 0, CHECK = 1, START = 2, RUN = 3, CANCEL = 4, WRITES = 5, ROOM = 6, COMPLETE = 7, ANSWER = 8,
      STOPPED = 9;
  localparam logic [7:0] OK = pl_abi_pkg::PL_STATUS_OK;

  if (SETTLE < 8 || TIMEOUT < SETTLE) begin : g_timeout $error("sequencer: TIMEOUT must be at least SETTLE, and that 8"); end
  if (OPERATION_TIMEOUT < 8) begin : g_operation $error("sequencer: OPERATION_TIMEOUT must be at least 8"); end

  // verilator lint_off UNUSEDSIGNAL
  pl_abi_pkg::pl_submission_t entry;  // operation_check reads the other fields
  // verilator lint_on UNUSEDSIGNAL
  pl_abi_pkg::pl_completion_t completion;
  assign entry = entry_i;

  logic run;
  logic [7:0] check_status;
  logic [27:0] row_lines;
  operation_check #(
      .WATCH_SLOTS(WATCH_SLOTS)
  ) u_check (
      .clk_i, .entry_i, .phase_i(entry_phase_i), .loaded_i, .committed_i, .instruments_i,
      .run_o(run), .status_o(check_status), .row_lines_o(row_lines)
  );

  logic [3:0] state_q;
  logic check_q, cancel_q, complete_q;  // state_q is CHECK, CANCEL, COMPLETE: what many registers wait for
  logic [TIMER_W-1:0] timer_q;  // cycles in this state, not beyond TIMEOUT
  logic [31:0] running_q, cycles_q, stall_input_q, stall_output_q, lines_read_q, lines_written_q;
  logic [7:0] status_q, sweep_status_q;
  logic [63:0] detail_q, verdict_lines_q, sweep_detail_q, sweep_lines_q;
  // timer_q is TIMEOUT; is at least 1, 3, SETTLE - 1; running_q is OPERATION_TIMEOUT
  logic timed_out_q, one_q, three_q, settled_q, expired_q;
  logic answered_q;  // the completion was
  logic swept_q, granted, told_q, write_failed;
  logic record_q, tick_q, commit_q, watch_q, sweep_q, rows_q;  // the entry's operation, from the second cycle of CHECK on
  always_ff @(posedge clk_i) begin
    record_q <= entry.op == pl_abi_pkg::PL_OP_LOAD || entry.op == pl_abi_pkg::PL_OP_TICK;
    tick_q <= entry.op == pl_abi_pkg::PL_OP_TICK;
    commit_q <= entry.op == pl_abi_pkg::PL_OP_COMMIT;
    watch_q <= entry.op == pl_abi_pkg::PL_OP_WATCH;
    sweep_q <= entry.op == pl_abi_pkg::PL_OP_SWEEP;
    rows_q <= entry.op == pl_abi_pkg::PL_OP_READ_ROWS;
  end

  logic [3:0] next;
  logic stop;  // into STOPPED, with this status
  logic [7:0] stop_status;
  always_comb begin
    next = state_q;
    stop = 1'b0;
    stop_status = pl_abi_pkg::PL_STATUS_TIMEOUT;
    case (state_q)
      IDLE: begin
        if (ring_error_i) begin
          stop = 1'b1;
          stop_status = ring_status_i;
        end else if (entry_valid_i) next = CHECK;
      end
      CHECK: if (timer_q[2:0] == 3'd3) next = run ? START : WRITES;
      START: begin
        if (granted) next = RUN;
        else stop = expired_q;
      end
      RUN: begin
        if ((record_q || watch_q) && record_fault_i) next = CANCEL;
        else if (record_q ? record_done_i : watch_q ? watch_done_i : sweep_q ? 1'b0 : commit_done_i || rows_done_i) next = WRITES;
        else if (sweep_q && swept_q && (sweep_status_q != OK || (scatter_done_i && scatter_failed_i))) next = CANCEL;
        else if (sweep_q && swept_q && scatter_done_i) next = WRITES;
        else stop = expired_q;
      end
      CANCEL: if ((quiet_i && settled_q) || timed_out_q) next = WRITES;
      WRITES: begin
        if (write_reached_i && one_q) next = ROOM;
        else stop = write_timed_out_i && timed_out_q;
      end
      ROOM: begin
        if (!full_i && three_q) next = COMPLETE;
        else stop = timed_out_q;
        stop_status = pl_abi_pkg::PL_STATUS_RING_FULL;
      end
      COMPLETE: if (line_ready_i) next = ANSWER;
      ANSWER: begin
        if (answered_q) next = IDLE;
        else stop = write_status_i != OK;
        stop_status = write_status_i;
      end
      default: ;  // STOPPED
    endcase
    if (stop) next = STOPPED;
  end

  assign granted = sweep_q ? sweep_grant_i : ring_grant_i;
  assign write_failed = state_q == IDLE && write_status_i != OK;

  logic not_quiet;
  assign not_quiet = cancel_q && timed_out_q && !quiet_i;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q <= IDLE;
      check_q <= 1'b0;
      cancel_q <= 1'b0;
      complete_q <= 1'b0;
      timer_q <= '0;
      timed_out_q <= 1'b0;
      one_q <= 1'b0;
      three_q <= 1'b0;
      settled_q <= 1'b0;
      answered_q <= 1'b0;
      error_valid_o <= 1'b0;
      completion_o <= 1'b0;
      sweep_busy_o <= 1'b0;
      told_q <= 1'b0;
      swept_q <= 1'b0;
      command_valid_o <= 1'b0;
    end else begin
      state_q <= next;
      check_q <= next == CHECK;
      cancel_q <= next == CANCEL;
      complete_q <= next == COMPLETE;
      // Waiting for late answers begins when the write engine has given up.
      if (next != state_q || (state_q == WRITES && !write_timed_out_i && one_q)) begin
        timer_q <= TIMER_W'(next == state_q);
        timed_out_q <= 1'b0;
        one_q <= next == state_q;
        three_q <= 1'b0;
        settled_q <= 1'b0;
      end else if (!timed_out_q) begin
        timer_q <= timer_q + 1'b1;
        timed_out_q <= timer_q == TIMER_W'(TIMEOUT - 1);
        one_q <= 1'b1;
        three_q <= three_q || timer_q == TIMER_W'(2);
        settled_q <= settled_q || timer_q == TIMER_W'(SETTLE - 2);
      end
      error_valid_o <= stop || not_quiet || (write_failed && !told_q);
      told_q <= write_failed;
      answered_q <= state_q == ANSWER && !answered_q && one_q && write_reached_i && write_status_i == OK;
      completion_o <= answered_q;
      if (sweep_start_o) sweep_busy_o <= 1'b1;
      else if (next == IDLE || next == STOPPED) sweep_busy_o <= 1'b0;
      swept_q <= state_q == RUN && (swept_q || sweep_done_i);
      if (record_start_o || (watch_start_o && entry.count != '0)) command_valid_o <= 1'b1;
      else if (command_ready_i || state_q != RUN) command_valid_o <= 1'b0;
    end
    error_status_o <= stop ? stop_status : not_quiet ? pl_abi_pkg::PL_STATUS_TIMEOUT : write_status_i;
  end

  // What the completion says
  always_ff @(posedge clk_i) begin
    if (sweep_done_i) begin
      sweep_status_q <= sweep_status_i;
      sweep_detail_q <= sweep_detail_i;
      sweep_lines_q <= sweep_lines_i;
    end
    if (check_q) begin
      status_q <= check_status;
      detail_q <= '0;
      verdict_lines_q <= '0;
    end
    case (state_q)
      RUN: begin
        if (record_q) begin
          status_q <= record_fault_i ? record_fault_status_i : record_status_i;
          detail_q <= record_fault_i ? 64'(record_fault_index_i) : record_detail_i;
        end else if (watch_q) begin
          status_q <= record_fault_i ? record_fault_status_i : watch_status_i;
          detail_q <= record_fault_i ? 64'(record_fault_index_i) : watch_detail_i;
        end else if (sweep_q) begin
          status_q <= sweep_status_q;
          detail_q <= scatter_failed_i && scatter_entry_i && sweep_status_q != OK ? 64'(scatter_index_i) : sweep_detail_q;
          verdict_lines_q <= sweep_lines_q;
        end else if (commit_q) begin
          status_q <= commit_status_i;
        end else begin
          status_q <= OK;
          verdict_lines_q <= 64'(row_lines);
        end
      end
      CANCEL: if (not_quiet) status_q <= pl_abi_pkg::PL_STATUS_TIMEOUT;
      WRITES: if (next == ROOM && status_q == OK) status_q <= write_status_i;
      default: ;
    endcase
  end
  always_ff @(posedge clk_i) begin
    running_q <= (state_q == RUN || state_q == START) && next == state_q ? running_q + 32'(!expired_q) : '0;
    expired_q <= (state_q == RUN || state_q == START) && next == state_q && (expired_q || running_q == OPERATION_TIMEOUT - 1);
    cycles_q <= fetching_i || completion_o ? '0 : cycles_q + 1'b1;
    if (check_q) begin
      stall_input_q <= '0;
      stall_output_q <= '0;
      lines_read_q <= '0;
      lines_written_q <= '0;
    end else begin
      stall_input_q <= stall_input_q + 32'(stall_input_i);
      stall_output_q <= stall_output_q + 32'(stall_output_i);
      lines_read_q <= lines_read_q + 32'(line_read_i);
      lines_written_q <= lines_written_q + 32'(line_written_i);
    end
  end
  always_ff @(posedge clk_i) begin
    if (!complete_q) begin
      completion.serial <= {complete_phase_i, entry.serial[30:0]};
      completion.status <= 32'(status_q);
      completion.detail <= detail_q;
      completion.verdict_lines <= verdict_lines_q;
      completion.cycles <= 64'(cycles_q);
      completion.stall_input <= 64'(stall_input_q);
      completion.stall_output <= 64'(stall_output_q);
      completion.bytes_read <= 64'({lines_read_q, 6'b0});
      completion.bytes_written <= 64'({lines_written_q, 6'b0});
    end
  end

  // Pulses and levels of the states; operands stay with the entry.
  assign fetch_o = state_q == IDLE;
  assign entry_take_o = answered_q;
  assign push_o = entry_take_o;
  assign cancel_o = cancel_q;
  assign sweep_clear_o = cancel_q && sweep_q;
  assign command_line_o = entry.address[63:6];
  assign command_lines_o = watch_q ? 29'(entry.count[14:3]) + 29'(|entry.count[2:0]) : 29'(entry.count[24:0]);
  assign write_mark_o = (state_q == WRITES || state_q == ANSWER) && !one_q;
  assign ring_request_o = (state_q == START || state_q == RUN || state_q == CANCEL) && !sweep_q;
  assign sweep_request_o = (state_q == START && sweep_q) || sweep_busy_o;
  assign write_clear_o = state_q == ROOM;
  assign line_valid_o = complete_q;
  assign line_o = completion;
  assign record_start_o = state_q == START && granted && record_q;
  assign record_tick_o = tick_q;
  assign record_count_o = entry.count[31:0];
  assign record_abort_o = state_q == RUN && next == CANCEL && !sweep_q;
  assign watch_start_o = state_q == START && granted && watch_q;
  assign watch_slots_o = entry.count;
  assign commit_start_o = state_q == START && granted && commit_q;
  assign commit_tick_o = entry.tick;
  assign commit_time_o = entry.time_us;
  assign sweep_start_o = state_q == START && granted && sweep_q;
  assign sweep_filter_o = entry.filter;
  assign sweep_per_underlying_o = entry.per_underlying[0];
  assign sweep_version_o = entry.position_version;
  assign sweep_address_o = entry.verdict_address;
  assign sweep_lines_o = entry.verdict_lines;
  assign list_line_o = entry.address[63:6];
  assign stream_start_o = state_q == START && sweep_q && !one_q;
  assign one_piece_o = entry.one_piece[0];
  assign list_entries_o = entry.one_piece[0] ? entry.count[31:3] : entry.count[28:0];
  assign rows_start_o = state_q == START && granted && rows_q;
  assign rows_first_o = entry.address[23:0];
  assign rows_count_o = entry.count[23:0];
  assign rows_address_o = entry.verdict_address;

  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      a_entry_held: assert (state_q == IDLE || state_q == STOPPED || entry_valid_i);
      a_error_is_one: assert (!error_valid_o || error_status_o != OK);
    end
  end
endmodule
`default_nettype wire
