// The card's side of host memory: submissions, records and the account stream in; lines of results and completions out.
//
// Parts: submission_ring and completion_ring, sequencer (one operation at a time), scatter (a sweep's list and stream),
// read_engine, write_engine, bus_drain (soft reset). Their headers have what each does with stalls and errors; what an
// operation's completion says is in operation_check and sequencer.
// Throughput: one line per cycle each way. Beats and records come through one register more than the read engine's.
// Lines to write are taken whenever no completion is being written; a unit's done means that all its lines were taken.
// Soft reset (soft_reset_i until the cycle after reset_done_o): nothing new begins on the bus, what is begun is finished;
// everything but what is outstanding on the bus starts anew. TIMEOUT cycles without quiet: needs_flr_o; ids still out stay in
// quarantine, and a write still unanswered then ends the next operation in an error.
`default_nettype none
module dma #(
    parameter  int unsigned READS             = 32,
    parameter  int unsigned BURST_LINES       = 32,
    parameter  int unsigned WRITES            = 256,
    parameter  int unsigned TIMEOUT           = 65536,
    parameter  int unsigned OPERATION_TIMEOUT = 1 << 26,
    parameter  int unsigned WATCH_SLOTS       = 32'(pl_abi_pkg::PL_WATCH_SLOTS_MAX),
    localparam int unsigned ID_W              = $clog2(READS),
    localparam int unsigned ENTRIES_W         = $clog2(32'(pl_abi_pkg::PL_RING_ENTRIES_MAX) + 1)
) (
    input  wire                  clk_i,
    input  wire                  rst_ni,
    // registers
    input  wire                  enable_i,
    input  wire                  soft_reset_i,
    output logic                 reset_done_o,
    output logic                 clean_o,
    output logic                 needs_flr_o,
    input  wire  [         63:0] submit_base_i,
    input  wire  [ENTRIES_W-1:0] submit_entries_i,
    input  wire                  submit_valid_i,
    input  wire  [         31:0] submit_total_i,
    input  wire  [         63:0] complete_base_i,
    input  wire  [ENTRIES_W-1:0] complete_entries_i,
    input  wire                  consumed_valid_i,
    input  wire  [         31:0] consumed_total_i,
    output logic                 completion_o,    // pulse: a completion was answered
    output logic                 error_valid_o,   // pulse
    output logic [          7:0] error_status_o,
    // host memory
    output logic [     ID_W-1:0] m_axi_arid,
    output logic [         63:0] m_axi_araddr,
    output logic [          7:0] m_axi_arlen,
    output logic [          2:0] m_axi_arsize,
    output logic [          1:0] m_axi_arburst,
    output logic                 m_axi_arvalid,
    input  wire                  m_axi_arready,
    input  wire  [     ID_W-1:0] m_axi_rid,
    input  wire  [        511:0] m_axi_rdata,
    input  wire  [          1:0] m_axi_rresp,
    input  wire                  m_axi_rlast,
    input  wire                  m_axi_rvalid,
    output logic                 m_axi_rready,
    output logic [          0:0] m_axi_awid,
    output logic [         63:0] m_axi_awaddr,
    output logic [          7:0] m_axi_awlen,
    output logic [          2:0] m_axi_awsize,
    output logic [          1:0] m_axi_awburst,
    output logic                 m_axi_awvalid,
    input  wire                  m_axi_awready,
    output logic [        511:0] m_axi_wdata,
    output logic [         63:0] m_axi_wstrb,
    output logic                 m_axi_wlast,
    output logic                 m_axi_wvalid,
    input  wire                  m_axi_wready,
    input  wire  [          0:0] m_axi_bid,
    input  wire  [          1:0] m_axi_bresp,
    input  wire                  m_axi_bvalid,
    output logic                 m_axi_bready,
    // tables
    input  wire                  loaded_i,
    input  wire                  committed_i,
    input  wire  [         24:0] instruments_i,
    output logic                 record_start_o,  // pulse
    output logic                 record_tick_o,   // 0: LOAD, 1: TICK
    output logic [         31:0] record_count_o,
    output logic                 record_valid_o,
    input  wire                  record_ready_i,
    output logic [        511:0] record_o,
    output logic                 record_abort_o,  // pulse: the operation is forgotten, without record_done_i
    input  wire                  record_done_i,   // pulse
    input  wire  [          7:0] record_status_i,
    input  wire  [         63:0] record_detail_i,
    output logic                 commit_start_o,  // pulse
    output logic [         63:0] commit_tick_o,
    output logic [         63:0] commit_time_o,
    input  wire                  commit_done_i,   // pulse
    input  wire  [          7:0] commit_status_i,
    // sweep
    output logic                 sweep_start_o,   // pulse
    output logic [          7:0] sweep_filter_o,
    output logic                 sweep_per_underlying_o,
    output logic [         63:0] sweep_version_o,
    output logic [         63:0] sweep_address_o,
    output logic [         63:0] sweep_lines_o,   // room
    output logic                 beat_valid_o,
    input  wire                  beat_ready_i,
    output logic [        511:0] beat_o,
    output logic                 beat_last_o,
    output logic [          7:0] beat_status_o,
    input  wire                  sweep_done_i,    // pulse
    input  wire  [          7:0] sweep_status_i,
    input  wire  [         63:0] sweep_detail_i,
    input  wire  [         63:0] sweep_lines_i,   // written
    output logic                 sweep_clear_o,   // level: reset of the sweep's rooms
    output logic                 sweep_busy_o,    // from its start to its completion
    input  wire                  stall_input_i,
    input  wire                  stall_output_i,
    // what the tables share with ticks of the window
    output logic                 ring_request_o,  // levels
    input  wire                  ring_grant_i,
    output logic                 sweep_request_o,
    input  wire                  sweep_grant_i,
    // watched set: lines come as records; version and filter are those of a sweep
    output logic                 watch_start_o,   // pulse
    output logic [         63:0] watch_slots_o,
    input  wire                  watch_done_i,    // pulse
    input  wire  [          7:0] watch_status_i,
    input  wire  [         63:0] watch_detail_i,
    // rows
    output logic                 rows_start_o,    // pulse
    output logic [         23:0] rows_first_o,
    output logic [         23:0] rows_count_o,
    output logic [         63:0] rows_address_o,
    input  wire                  rows_done_i,     // pulse
    // lines to write
    input  wire                  line_valid_i,
    output logic                 line_ready_o,
    // verilator lint_off UNUSEDSIGNAL
    input  wire  [         63:0] line_address_i,  // aligned
    // verilator lint_on UNUSEDSIGNAL
    input  wire  [        511:0] line_data_i,
    // lines of the watched set: these go first
    input  wire                  watch_line_valid_i,
    output logic                 watch_line_ready_o,
    // verilator lint_off UNUSEDSIGNAL
    input  wire  [         63:0] watch_line_address_i,
    // verilator lint_on UNUSEDSIGNAL
    input  wire  [        511:0] watch_line_data_i,
    input  wire                  watch_mark_i,    // pulse: are those accepted before answered?
    output logic                 watch_reached_o,
    output logic                 read_line_o,     // pulses for counters
    output logic                 write_line_o
);
  localparam logic [1:0] SUBMISSION = 0, RECORD = 1, LIST = 2, STREAM = 3;  // clients of the read engine

  logic rst_n, cancel, cancel_reads, quiet, write_idle;
  assign rst_n = rst_ni && !soft_reset_i;
  assign cancel_reads = cancel || soft_reset_i;
  bus_drain #(
      .TIMEOUT(TIMEOUT)
  ) u_drain (
      .clk_i, .rst_ni, .soft_reset_i, .quiet_i(quiet && write_idle), .reset_done_o, .clean_o, .needs_flr_o
  );

  // Reads
  logic command_ready, command_room, ring_command, record_command, scatter_command;
  logic [57:0] ring_line, record_line, scatter_line, command_line;
  logic [28:0] record_lines, scatter_lines, command_lines;
  logic [3:0] ring_lines;
  logic [1:0] scatter_client, command_client;
  logic line_valid, line_ready, line_last, line_ok;
  logic [511:0] line;
  logic [1:0] line_client;
  logic [7:0] line_status;
  always_comb begin
    command_line = scatter_line;
    command_lines = scatter_lines;
    command_client = scatter_client;
    if (ring_command) begin
      command_line = ring_line;
      command_lines = 29'(ring_lines);
      command_client = SUBMISSION;
    end else if (record_command) begin
      command_line = record_line;
      command_lines = record_lines;
      command_client = RECORD;
    end
  end
  read_engine #(
      .READS(READS), .BURST_LINES(BURST_LINES), .TIMEOUT(TIMEOUT)
  ) u_read (
      .clk_i, .rst_ni, .cancel_i(cancel_reads), .quiet_o(quiet),
      .command_valid_i(ring_command || record_command || scatter_command), .command_ready_o(command_ready),
      .command_room_o(command_room),
      .command_line_i(command_line), .command_lines_i(command_lines), .command_client_i(command_client),
      .line_valid_o(line_valid), .line_ready_i(line_ready), .line_o(line), .line_client_o(line_client), .line_last_o(line_last),
      .line_ok_o(line_ok), .line_status_o(line_status), .read_line_o,
      .m_axi_arid, .m_axi_araddr, .m_axi_arlen, .m_axi_arsize, .m_axi_arburst, .m_axi_arvalid, .m_axi_arready,
      .m_axi_rid, .m_axi_rdata, .m_axi_rresp, .m_axi_rlast, .m_axi_rvalid, .m_axi_rready
  );

  logic record_ready, scatter_ready, scatter_line_valid;
  always_comb begin
    case (line_client)
      SUBMISSION: line_ready = 1'b1;
      RECORD: line_ready = record_ready && line_ok;  // a bad one stays: the fault
      default: line_ready = scatter_ready;
    endcase
  end

  // Records
  logic record_take, record_fault;
  logic [24:0] record_index_q;
  assign record_take = line_valid && line_client == RECORD && line_ok;
  assign record_fault = line_valid && line_client == RECORD && !line_ok && !record_valid_o;
  skid #(
      .WIDTH(512)
  ) u_record (
      .clk_i, .rst_ni(rst_n && !cancel),
      .valid_i(record_take), .ready_o(record_ready), .data_i(line),
      .valid_o(record_valid_o), .ready_i(record_ready_i), .data_o(record_o)
  );
  always_ff @(posedge clk_i) begin
    if (record_start_o || watch_start_o) record_index_q <= '0;
    else record_index_q <= record_index_q + 25'(record_take && record_ready);
  end

  // Scatter list and stream, fetched before the sweep may begin
  logic scatter_done, scatter_failed, scatter_entry;
  logic [16:0] scatter_index;
  logic [28:0] list_entries;
  logic one_piece, stream_start, beat_valid;
  logic begun_q;  // the sweep of the stream that was fetched last
  logic [57:0] list_line;
  always_ff @(posedge clk_i) begin
    if (!rst_n) begun_q <= 1'b0;
    else begun_q <= sweep_start_o || (begun_q && !stream_start);
  end
  assign beat_valid_o = beat_valid && begun_q;
  assign scatter_line_valid = line_valid && (line_client == LIST || line_client == STREAM);
  scatter #(
      .LIST(LIST), .STREAM(STREAM)
  ) u_scatter (
      .clk_i, .rst_ni(rst_n), .cancel_i(cancel), .start_i(stream_start), .one_piece_i(one_piece), .list_line_i(list_line),
      .entries_i(list_entries),
      .done_o(scatter_done), .failed_o(scatter_failed), .failed_entry_o(scatter_entry), .failed_index_o(scatter_index),
      .command_valid_o(scatter_command), .command_ready_i(command_room), .command_line_o(scatter_line),
      .command_lines_o(scatter_lines), .command_client_o(scatter_client),
      .line_valid_i(scatter_line_valid), .line_ready_o(scatter_ready), .line_i(line), .line_client_i(line_client),
      .line_last_i(line_last), .line_ok_i(line_ok), .line_status_i(line_status),
      .beat_valid_o(beat_valid), .beat_ready_i(beat_ready_i && begun_q), .beat_o, .beat_last_o, .beat_status_o
  );

  // Writes: a completion goes before lines of units, which have none left by then, and before those of the watched set.
  logic write_clear, write_timed_out, write_ready, complete_valid, write_mark, write_reached;
  logic [7:0] write_status;
  logic [57:0] complete_line;
  logic [511:0] complete_data;
  write_engine #(
      .WRITES(WRITES), .TIMEOUT(TIMEOUT)
  ) u_write (
      .clk_i, .rst_ni, .stop_i(soft_reset_i), .clear_i(write_clear || soft_reset_i), .idle_o(write_idle), .status_o(write_status),
      .timed_out_o(write_timed_out), .mark_i({watch_mark_i, write_mark}), .reached_o({watch_reached_o, write_reached}),
      .line_valid_i(complete_valid || watch_line_valid_i || line_valid_i), .line_ready_o(write_ready),
      .line_line_i(complete_valid ? complete_line : watch_line_valid_i ? watch_line_address_i[63:6] : line_address_i[63:6]),
      .line_data_i(complete_valid ? complete_data : watch_line_valid_i ? watch_line_data_i : line_data_i),
      .write_line_o,
      .m_axi_awid, .m_axi_awaddr, .m_axi_awlen, .m_axi_awsize, .m_axi_awburst, .m_axi_awvalid, .m_axi_awready,
      .m_axi_wdata, .m_axi_wstrb, .m_axi_wlast, .m_axi_wvalid, .m_axi_wready,
      .m_axi_bid, .m_axi_bresp, .m_axi_bvalid, .m_axi_bready
  );
  assign watch_line_ready_o = write_ready && !complete_valid;
  assign line_ready_o = write_ready && !complete_valid && !watch_line_valid_i;

  // Rings and operations
  logic fetch, fetching, entry_valid, entry_take, entry_phase, ring_error, full, complete_phase, push;
  logic [7:0] ring_status;
  logic [511:0] entry;
  submission_ring u_submissions (
      .clk_i, .rst_ni(rst_n), .enable_i(enable_i && complete_entries_i != '0),
      .base_i(submit_base_i), .entries_i(submit_entries_i),
      .doorbell_valid_i(submit_valid_i), .doorbell_total_i(submit_total_i), .fetch_i(fetch), .fetching_o(fetching),
      .command_valid_o(ring_command), .command_ready_i(command_ready), .command_line_o(ring_line), .command_lines_o(ring_lines),
      .line_valid_i(line_valid && line_client == SUBMISSION), .line_i(line), .line_status_i(line_status),
      .entry_valid_o(entry_valid), .entry_take_i(entry_take), .entry_o(entry), .entry_phase_o(entry_phase),
      .error_o(ring_error), .error_status_o(ring_status)
  );
  completion_ring u_completions (
      .clk_i, .rst_ni(rst_n), .base_i(complete_base_i), .entries_i(complete_entries_i), .consumed_valid_i, .consumed_total_i,
      .push_i(push), .full_o(full), .line_o(complete_line), .phase_o(complete_phase)
  );
  sequencer #(
      .TIMEOUT(TIMEOUT), .OPERATION_TIMEOUT(OPERATION_TIMEOUT), .WATCH_SLOTS(WATCH_SLOTS)
  ) u_sequencer (
      .clk_i, .rst_ni(rst_n), .completion_o, .error_valid_o, .error_status_o,
      .fetch_o(fetch), .fetching_i(fetching), .entry_valid_i(entry_valid), .entry_take_o(entry_take), .entry_i(entry),
      .entry_phase_i(entry_phase), .ring_error_i(ring_error), .ring_status_i(ring_status),
      .full_i(full), .complete_phase_i(complete_phase), .push_o(push),
      .cancel_o(cancel), .quiet_i(quiet), .line_read_i(line_valid && line_ready && line_ok && line_client != SUBMISSION),
      .command_valid_o(record_command), .command_ready_i(command_ready), .command_line_o(record_line),
      .command_lines_o(record_lines),
      .record_fault_i(record_fault), .record_fault_status_i(line_status), .record_fault_index_i(record_index_q),
      .write_mark_o(write_mark), .write_reached_i(write_reached), .write_status_i(write_status),
      .write_timed_out_i(write_timed_out),
      .line_written_i(line_valid_i && line_ready_o),
      .write_clear_o(write_clear), .line_valid_o(complete_valid), .line_ready_i(write_ready), .line_o(complete_data),
      .ring_request_o, .ring_grant_i, .sweep_request_o, .sweep_grant_i,
      .loaded_i, .committed_i, .instruments_i, .record_start_o, .record_tick_o, .record_count_o, .record_abort_o, .record_done_i,
      .record_status_i, .record_detail_i, .commit_start_o, .commit_tick_o, .commit_time_o, .commit_done_i, .commit_status_i,
      .sweep_start_o, .sweep_filter_o, .sweep_per_underlying_o, .sweep_version_o, .sweep_address_o, .sweep_lines_o, .sweep_done_i,
      .sweep_status_i, .sweep_detail_i, .sweep_lines_i, .sweep_clear_o, .sweep_busy_o, .stall_input_i, .stall_output_i,
      .stream_start_o(stream_start), .one_piece_o(one_piece), .list_line_o(list_line), .list_entries_o(list_entries), .scatter_done_i(scatter_done), .scatter_failed_i(scatter_failed),
      .scatter_entry_i(scatter_entry), .scatter_index_i(scatter_index),
      .watch_start_o, .watch_slots_o, .watch_done_i, .watch_status_i, .watch_detail_i,
      .rows_start_o, .rows_first_o, .rows_count_o, .rows_address_o, .rows_done_i
  );
endmodule
`default_nettype wire
