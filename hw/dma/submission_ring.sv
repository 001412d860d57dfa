// Card's side of the submission ring: fetches entries that the doorbell has announced, up to 8 by one command and never across
// the ring's end, and hands them out one by one.
//
// A fetch begins only while fetch_i is high and no entry is left. entry_valid_o rises 2 cycles after all entries of the fetch came,
// or after the entry before was taken; entry_o, a register, is then stable until entry_take_i. entry_phase_o: what bit 31 of the entry's serial must be: 1 in the first round, then
// alternating.
// Latency: 4 cycles from a doorbell to the command. A ring of 0 entries, here or for completions, is none: nothing happens.
// Errors (error_o with error_status_o, levels until reset; nothing more is fetched): the doorbell is ahead of the entries fetched
// by more than the ring has (BAD_OPERATION); an entry could not be read (the read's status; no entry of that fetch is handed
// out).
`default_nettype none
module submission_ring #(
    localparam int unsigned ENTRIES_W = $clog2(32'(pl_abi_pkg::PL_RING_ENTRIES_MAX) + 1)
) (
    input  wire                  clk_i,
    input  wire                  rst_ni,
    input  wire                  enable_i,
    // verilator lint_off UNUSEDSIGNAL
    input  wire  [         63:0] base_i,            // aligned to a line
    // verilator lint_on UNUSEDSIGNAL
    input  wire  [ENTRIES_W-1:0] entries_i,         // a power of two, or 0
    input  wire                  doorbell_valid_i,
    input  wire  [         31:0] doorbell_total_i,
    input  wire                  fetch_i,
    output logic                 fetching_o,        // pulse: a command was accepted
    output logic                 command_valid_o,
    input  wire                  command_ready_i,
    output logic [         57:0] command_line_o,
    output logic [          3:0] command_lines_o,
    input  wire                  line_valid_i,      // always taken
    input  wire  [        511:0] line_i,
    input  wire  [          7:0] line_status_i,
    output logic                 entry_valid_o,
    input  wire                  entry_take_i,
    output logic [        511:0] entry_o,
    output logic                 entry_phase_o,
    output logic                 error_o,
    output logic [          7:0] error_status_o
);
  localparam int unsigned FETCH = 8;

  logic [31:0] total_q, fetched_q, ahead_q;
  logic [ENTRIES_W-1:0] index_q, to_end_q;
  logic [3:0] size_q, missing_q, stored_q;
  logic [2:0] state_q;
  logic phase_q;
  localparam logic [2:0] IDLE = 0, AHEAD = 1, CHECK = 2, COMMAND = 3, LINES = 4, HAND_OUT = 5, FAILED = 6;

  logic [511:0] first;
  // verilator lint_off PINCONNECTEMPTY
  // verilator lint_off PINMISSING
  fifo #(
      .WIDTH(512), .DEPTH(FETCH), .READ_STAGES(0)
  ) u_entries (
      .clk_i, .rst_ni, .valid_i(line_valid_i && state_q == LINES), .data_i(line_i),
      .ready_i(entry_take_i), .data_o(first), .level_o(), .almost_full_o(), .ready_o(), .valid_o()
  );
  // verilator lint_on PINMISSING
  // verilator lint_on PINCONNECTEMPTY

  always_ff @(posedge clk_i) begin
    entry_o <= first;
    entry_valid_o <= rst_ni && state_q == HAND_OUT && !entry_take_i;
  end

  always_ff @(posedge clk_i) begin
    ahead_q <= total_q - fetched_q;
    to_end_q <= entries_i - index_q;
    if (!rst_ni) begin
      state_q <= IDLE;
      total_q <= '0;
      fetched_q <= '0;
      index_q <= '0;
      phase_q <= 1'b1;
      error_status_o <= pl_abi_pkg::PL_STATUS_OK;
    end else begin
      if (doorbell_valid_i) total_q <= doorbell_total_i;
      if (entry_take_i) begin
        index_q <= index_q + 1'b1 == entries_i ? '0 : index_q + 1'b1;
        phase_q <= index_q + 1'b1 == entries_i ? !phase_q : phase_q;
      end
      case (state_q)
        IDLE: if (enable_i && fetch_i && entries_i != '0 && total_q != fetched_q) state_q <= AHEAD;
        AHEAD: state_q <= CHECK;
        CHECK: begin
          size_q <= ahead_q < 32'(FETCH) && ahead_q < 32'(to_end_q) ? ahead_q[3:0] :
              to_end_q < ENTRIES_W'(FETCH) ? to_end_q[3:0] : 4'(FETCH);
          state_q <= ahead_q == '0 ? IDLE : COMMAND;  // a doorbell that was taken back
          if (ahead_q > 32'(entries_i)) begin
            state_q <= FAILED;
            error_status_o <= pl_abi_pkg::PL_STATUS_BAD_OPERATION;
          end
        end
        COMMAND: begin
          missing_q <= size_q;
          stored_q <= size_q;
          if (command_ready_i) begin
            state_q <= LINES;
            fetched_q <= fetched_q + 32'(size_q);
          end
        end
        LINES:
        if (line_valid_i) begin
          missing_q <= missing_q - 1'b1;
          if (line_status_i != pl_abi_pkg::PL_STATUS_OK) begin
            state_q <= FAILED;
            error_status_o <= line_status_i;
          end else if (missing_q == 4'd1) begin
            state_q <= HAND_OUT;
          end
        end
        HAND_OUT:
        if (entry_take_i) begin
          stored_q <= stored_q - 1'b1;
          if (stored_q == 4'd1) state_q <= IDLE;
        end
        default: ;  // FAILED
      endcase
    end
  end

  assign command_valid_o = state_q == COMMAND;
  assign command_line_o = base_i[63:6] + 58'(index_q);
  assign command_lines_o = size_q;
  assign fetching_o = command_valid_o && command_ready_i;
  assign entry_phase_o = phase_q;
  assign error_o = state_q == FAILED;

  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      a_take_valid: assert (!entry_take_i || entry_valid_o);
      a_line_asked: assert (!line_valid_i || state_q == LINES || state_q == FAILED);
      a_in_ring: assert (state_q != COMMAND || ENTRIES_W'(size_q) + index_q <= entries_i);
    end
  end
endmodule
`default_nettype wire
