// The card: AXI4-Lite registers, an AXI4 slave window for ticks, an AXI4 master to host memory, interrupts; one clock.
//
// docs/card.md has the rooms and what passes between them; docs/contract.md the registers, records and codes.
// LANES sweep lanes (1..8), the arithmetic PROFILE, and the capacities of the tables and of the watched set (WATCH_SLOTS); WAYS
// scenarios that a close takes a cycle, QUEUE fragments that wait in a lane, GROUPS entries in it; READS outstanding reads, one id each, of at
// most BURST_LINES lines; TIMEOUT cycles without an answer end a transfer. Parameters are checked at elaboration.
// Bus errors, time-outs and everything that a host can get wrong end in a STATUS: of a completion, or of register ERROR when no
// completion can be written. inject_i flips bits of row words as they are written (2'b11: uncorrectable), for self-test.
// Reset: rst_ni resets all at once; a soft reset (register CONTROL) drains the bus first. Both lose the tables.
`default_nettype none
module pl_core #(
    parameter int unsigned LANES          = 8,
    parameter int unsigned PROFILE        = 1,  // PL_PROFILE_*
    parameter int unsigned SCENARIOS      = PROFILE == 1 ? 40 : 16,
    parameter int unsigned INSTRUMENTS    = PROFILE == 1 ? 4096 : 512,
    parameter int unsigned EXPIRIES       = 512,
    parameter int unsigned UNDERLYINGS    = 128,
    parameter int unsigned CLASSES        = 256,
    parameter int unsigned BRACKET_TABLES = 64,
    parameter int unsigned WATCH_SLOTS    = 32'(pl_abi_pkg::PL_WATCH_SLOTS_MAX),
    parameter int unsigned WAYS           = (SCENARIOS + 2) / 3,
    parameter int unsigned QUEUE          = 1024,
    parameter int unsigned GROUPS         = 32,
    parameter int unsigned READS          = 32,
    parameter int unsigned BURST_LINES    = 32,
    parameter int unsigned TIMEOUT        = 65536,
    parameter int unsigned BUILD          = 1,
    parameter int unsigned WINDOW_ID_W    = 4,
    localparam int unsigned ID_W          = $clog2(READS)
) (
    input  wire         clk_i,
    input  wire         rst_ni,
    input  wire  [ 1:0] inject_i,
    // registers
    input  wire  [11:0] s_axi_awaddr,
    input  wire         s_axi_awvalid,
    output logic        s_axi_awready,
    input  wire  [31:0] s_axi_wdata,
    input  wire  [ 3:0] s_axi_wstrb,
    input  wire         s_axi_wvalid,
    output logic        s_axi_wready,
    output logic [ 1:0] s_axi_bresp,
    output logic        s_axi_bvalid,
    input  wire         s_axi_bready,
    input  wire  [11:0] s_axi_araddr,
    input  wire         s_axi_arvalid,
    output logic        s_axi_arready,
    output logic [31:0] s_axi_rdata,
    output logic [ 1:0] s_axi_rresp,
    output logic        s_axi_rvalid,
    input  wire         s_axi_rready,
    // window for ticks
    input  wire  [WINDOW_ID_W-1:0] w_axi_awid,
    input  wire  [           11:0] w_axi_awaddr,
    input  wire  [            7:0] w_axi_awlen,
    input  wire  [            2:0] w_axi_awsize,
    input  wire  [            1:0] w_axi_awburst,
    input  wire                    w_axi_awvalid,
    output logic                   w_axi_awready,
    input  wire  [          511:0] w_axi_wdata,
    input  wire  [           63:0] w_axi_wstrb,
    input  wire                    w_axi_wlast,
    input  wire                    w_axi_wvalid,
    output logic                   w_axi_wready,
    output logic [WINDOW_ID_W-1:0] w_axi_bid,
    output logic [            1:0] w_axi_bresp,
    output logic                   w_axi_bvalid,
    input  wire                    w_axi_bready,
    input  wire  [WINDOW_ID_W-1:0] w_axi_arid,
    input  wire  [           11:0] w_axi_araddr,
    input  wire  [            7:0] w_axi_arlen,
    input  wire  [            2:0] w_axi_arsize,
    input  wire  [            1:0] w_axi_arburst,
    input  wire                    w_axi_arvalid,
    output logic                   w_axi_arready,
    output logic [WINDOW_ID_W-1:0] w_axi_rid,
    output logic [          511:0] w_axi_rdata,
    output logic [            1:0] w_axi_rresp,
    output logic                   w_axi_rlast,
    output logic                   w_axi_rvalid,
    input  wire                    w_axi_rready,
    // host memory
    output logic [ID_W-1:0] m_axi_arid,
    output logic [    63:0] m_axi_araddr,
    output logic [     7:0] m_axi_arlen,
    output logic [     2:0] m_axi_arsize,
    output logic [     1:0] m_axi_arburst,
    output logic            m_axi_arvalid,
    input  wire             m_axi_arready,
    input  wire  [ID_W-1:0] m_axi_rid,
    input  wire  [   511:0] m_axi_rdata,
    input  wire  [     1:0] m_axi_rresp,
    input  wire             m_axi_rlast,
    input  wire             m_axi_rvalid,
    output logic            m_axi_rready,
    output logic [     0:0] m_axi_awid,
    output logic [    63:0] m_axi_awaddr,
    output logic [     7:0] m_axi_awlen,
    output logic [     2:0] m_axi_awsize,
    output logic [     1:0] m_axi_awburst,
    output logic            m_axi_awvalid,
    input  wire             m_axi_awready,
    output logic [   511:0] m_axi_wdata,
    output logic [    63:0] m_axi_wstrb,
    output logic            m_axi_wlast,
    output logic            m_axi_wvalid,
    input  wire             m_axi_wready,
    input  wire  [     0:0] m_axi_bid,
    input  wire  [     1:0] m_axi_bresp,
    input  wire             m_axi_bvalid,
    output logic            m_axi_bready,

    output logic [2:0] irq_o  // PL_IRQ_*
);
  localparam bit FULL = PROFILE == 32'(pl_abi_pkg::PL_PROFILE_FULL);
  localparam int unsigned ROW_W =
      32'(FULL ? pl_abi_pkg::PL_ROW_BITS_FULL : pl_abi_pkg::PL_ROW_BITS_SMALL) + 1;
  localparam int unsigned COUNTERS = 32'(pl_abi_pkg::PL_COUNTER_WATCH_DROPPED) + 1;
  localparam int unsigned ENTRIES = 32'(pl_abi_pkg::PL_ROW_WORD_ORDER_NAKED) + SCENARIOS;
  localparam int unsigned SUMS = pl_card_pkg::SUM_SCENARIO + SCENARIOS;
  localparam int unsigned PAIRS = (LANES + 1) / 2;  // of lanes that share a row store
  localparam int unsigned IW = pl_card_pkg::INSTRUMENT_W;
  localparam int unsigned LIVE_ACCOUNTS = 64;  // of the watched set, in a lane and its close
  localparam int unsigned SLOTS = pl_card_pkg::LINE_W / pl_card_pkg::SLOT_W;  // of a line

  if (ROW_W < 2 || LANES < 1 || LANES > 8) begin : g_lanes $error("pl_core: LANES"); end
  if (!FULL && PROFILE != 32'(pl_abi_pkg::PL_PROFILE_SMALL)) begin : g_profile $error("pl_core: PROFILE"); end
  if (SCENARIOS < 1 ||
      SCENARIOS > 32'(FULL ? pl_abi_pkg::PL_SCENARIOS_MAX : pl_abi_pkg::PL_SCENARIOS_MAX_SMALL)) begin : g_scenarios
    $error("pl_core: SCENARIOS");
  end
  if (INSTRUMENTS < 2 || (INSTRUMENTS & (INSTRUMENTS - 1)) != 0 || INSTRUMENTS > 65536) begin : g_instruments
    $error("pl_core: INSTRUMENTS");
  end
  if (EXPIRIES < 2 || (EXPIRIES & (EXPIRIES - 1)) != 0) begin : g_expiries $error("pl_core: EXPIRIES"); end
  if (UNDERLYINGS > 256) begin : g_underlyings  // an account's records wait in its lane until its end
    $error("pl_core: UNDERLYINGS");
  end
`ifndef YOSYS  // which has no $bits of a type
  if ($bits(pl_card_pkg::group_t) != pl_card_pkg::GROUP_W || $bits(pl_card_pkg::judged_t) != pl_card_pkg::JUDGED_W ||
      $bits(pl_card_pkg::verdict_t) != pl_card_pkg::VERDICT_W || $bits(pl_card_pkg::row_meta_t) != pl_card_pkg::ROW_META_W ||
      $bits(pl_card_pkg::underlying_t) != pl_card_pkg::UNDERLYING_RECORD_W ||
      $bits(pl_card_pkg::order_t) != pl_card_pkg::ORDER_W || $bits(pl_card_pkg::fragment_t) != pl_card_pkg::FRAGMENT_W ||
      pl_card_pkg::LINE_W != 8 * 32'(pl_abi_pkg::PL_LINE_BYTES) ||
      pl_card_pkg::COEFFICIENT_W != 32'(pl_abi_pkg::PL_COEFFICIENT_BITS) + $clog2(32'(pl_abi_pkg::PL_COEFFICIENT_MAX)) + 2 ||
      32'(pl_abi_pkg::PL_INSTRUMENTS_MAX) != 1 << IW) begin : g_package
    $error("pl_core: pl_card_pkg");
  end
`endif

  // Resets: of everything but the bus, and of what a sweep passes through.
  logic soft_reset, sweep_clear, core_rst_nq, sweep_rst_nq;
  always_ff @(posedge clk_i) begin
    core_rst_nq <= rst_ni && !soft_reset;
    sweep_rst_nq <= rst_ni && !soft_reset && !sweep_clear;
  end

  // Registers
  logic enable, reset_done, clean, needs_flr, loaded, committed, submit_valid, consumed_valid;
  logic completion, error_valid;
  logic [7:0] error_status;
  logic [63:0] submit_base, complete_base, watch_base;
  logic [$clog2(32'(pl_abi_pkg::PL_RING_ENTRIES_MAX) + 1)-1:0] watch_entries;
  logic watch_restart, watch_consumed, watching, watch_written, window_clear, dma_error;
  logic [7:0] window_status, dma_error_status;
  logic [$clog2(32'(pl_abi_pkg::PL_RING_ENTRIES_MAX) + 1)-1:0] submit_entries, complete_entries;
  logic [31:0] submit_total, consumed_total;
  logic [COUNTERS*64-1:0] counters;
  csr #(
      .LANES(LANES), .SCENARIOS(SCENARIOS), .INSTRUMENTS(INSTRUMENTS), .EXPIRIES(EXPIRIES), .UNDERLYINGS(UNDERLYINGS),
      .CLASSES(CLASSES), .BRACKET_TABLES(BRACKET_TABLES), .WATCH_SLOTS(WATCH_SLOTS), .PROFILE(PROFILE), .BUILD(BUILD),
      .COUNTERS(COUNTERS)
  ) u_csr (
      .clk_i, .rst_ni,
      .s_axi_awaddr, .s_axi_awvalid, .s_axi_awready, .s_axi_wdata, .s_axi_wstrb, .s_axi_wvalid, .s_axi_wready,
      .s_axi_bresp, .s_axi_bvalid, .s_axi_bready, .s_axi_araddr, .s_axi_arvalid, .s_axi_arready,
      .s_axi_rdata, .s_axi_rresp, .s_axi_rvalid, .s_axi_rready,
      .enable_o(enable), .soft_reset_o(soft_reset), .reset_done_i(reset_done),
      .loaded_i(loaded), .committed_i(committed), .clean_i(clean), .needs_flr_i(needs_flr), .watching_i(watching),
      .submit_base_o(submit_base), .submit_entries_o(submit_entries), .submit_valid_o(submit_valid),
      .submit_total_o(submit_total), .complete_base_o(complete_base), .complete_entries_o(complete_entries),
      .consumed_valid_o(consumed_valid), .consumed_total_o(consumed_total),
      .watch_base_o(watch_base), .watch_entries_o(watch_entries), .watch_restart_o(watch_restart),
      .watch_consumed_valid_o(watch_consumed), .window_clear_o(window_clear), .window_status_i(window_status),
      .completion_i(completion), .watched_i(watch_written), .error_valid_i(error_valid), .error_status_i(error_status),
      .irq_o, .counters_i(counters)
  );

  // Bus and operations
  logic record_start, record_tick, record_valid, record_ready, record_abort, record_done;
  logic [31:0] record_count;
  logic [511:0] record;
  logic [7:0] record_status, commit_status, sweep_status, sweep_filter, beat_status;
  logic [63:0] record_detail, commit_tick, commit_time, sweep_version, sweep_address, sweep_lines, sweep_detail, lines_written;
  logic commit_start, commit_done, sweep_start, sweep_per_underlying, sweep_done, sweep_busy;
  logic beat_valid, beat_ready, beat_last, stall_input, stall_lanes, stall_output;
  logic [511:0] beat;
  logic rows_start, rows_done, rows_busy;
  logic [IW-1:0] rows_first, rows_count;
  logic [63:0] rows_address;
  logic line_valid, line_ready, read_line, write_line;
  logic [63:0] line_address, verdict_line_address, row_line_address;
  logic [511:0] line_data, verdict_line_data, row_line_data;
  logic verdict_line_valid, row_line_valid;
  logic [IW:0] instruments;
  logic ring_request, ring_grant, sweep_request, sweep_grant;
  logic watch_start, watch_done, watch_line_valid, watch_line_ready, watch_mark, watch_reached;
  logic [7:0] watch_status;
  logic [63:0] watch_slots, watch_detail, watch_line_address;
  logic [511:0] watch_line_data;
  logic table_record_ready, set_record_ready, set_loading_q;
  assign error_valid = dma_error || watch_ring_error;
  assign error_status = dma_error ? dma_error_status : pl_abi_pkg::PL_STATUS_BAD_OPERATION;
  // The records that dma reads are the tables' or, during a WATCH, the watched set's.
  always_ff @(posedge clk_i) begin
    if (watch_start) set_loading_q <= 1'b1;
    else if (record_start) set_loading_q <= 1'b0;
  end
  assign record_ready = set_loading_q ? set_record_ready : table_record_ready;
  dma #(
      .READS(READS), .BURST_LINES(BURST_LINES), .TIMEOUT(TIMEOUT), .WATCH_SLOTS(WATCH_SLOTS)
  ) u_dma (
      .clk_i, .rst_ni,
      .enable_i(enable), .soft_reset_i(soft_reset), .reset_done_o(reset_done), .clean_o(clean), .needs_flr_o(needs_flr),
      .submit_base_i(submit_base), .submit_entries_i(submit_entries), .submit_valid_i(submit_valid),
      .submit_total_i(submit_total), .complete_base_i(complete_base), .complete_entries_i(complete_entries),
      .consumed_valid_i(consumed_valid), .consumed_total_i(consumed_total),
      .completion_o(completion), .error_valid_o(dma_error), .error_status_o(dma_error_status),
      .m_axi_arid, .m_axi_araddr, .m_axi_arlen, .m_axi_arsize, .m_axi_arburst, .m_axi_arvalid, .m_axi_arready,
      .m_axi_rid, .m_axi_rdata, .m_axi_rresp, .m_axi_rlast, .m_axi_rvalid, .m_axi_rready,
      .m_axi_awid, .m_axi_awaddr, .m_axi_awlen, .m_axi_awsize, .m_axi_awburst, .m_axi_awvalid, .m_axi_awready,
      .m_axi_wdata, .m_axi_wstrb, .m_axi_wlast, .m_axi_wvalid, .m_axi_wready,
      .m_axi_bid, .m_axi_bresp, .m_axi_bvalid, .m_axi_bready,
      .loaded_i(loaded), .committed_i(committed), .instruments_i(instruments),
      .record_start_o(record_start), .record_tick_o(record_tick), .record_count_o(record_count),
      .record_valid_o(record_valid), .record_ready_i(record_ready), .record_o(record), .record_abort_o(record_abort),
      .record_done_i(record_done), .record_status_i(record_status), .record_detail_i(record_detail),
      .commit_start_o(commit_start), .commit_tick_o(commit_tick), .commit_time_o(commit_time),
      .commit_done_i(commit_done), .commit_status_i(commit_status),
      .ring_request_o(ring_request), .ring_grant_i(ring_grant), .sweep_request_o(sweep_request), .sweep_grant_i(sweep_grant),
      .watch_start_o(watch_start), .watch_slots_o(watch_slots), .watch_done_i(watch_done), .watch_status_i(watch_status),
      .watch_detail_i(watch_detail),
      .sweep_start_o(sweep_start), .sweep_filter_o(sweep_filter), .sweep_per_underlying_o(sweep_per_underlying),
      .sweep_version_o(sweep_version), .sweep_address_o(sweep_address), .sweep_lines_o(sweep_lines),
      .beat_valid_o(beat_valid), .beat_ready_i(beat_ready), .beat_o(beat), .beat_last_o(beat_last), .beat_status_o(beat_status),
      .sweep_done_i(sweep_done), .sweep_status_i(sweep_status), .sweep_detail_i(sweep_detail), .sweep_lines_i(lines_written),
      .sweep_clear_o(sweep_clear), .sweep_busy_o(sweep_busy), .stall_input_i(stall_input), .stall_output_i(stall_output),
      .rows_start_o(rows_start), .rows_first_o(rows_first), .rows_count_o(rows_count), .rows_address_o(rows_address),
      .rows_done_i(rows_done),
      .line_valid_i(line_valid), .line_ready_o(line_ready), .line_address_i(line_address), .line_data_i(line_data),
      .watch_line_valid_i(watch_line_valid), .watch_line_ready_o(watch_line_ready), .watch_line_address_i(watch_line_address),
      .watch_line_data_i(watch_line_data), .watch_mark_i(watch_mark), .watch_reached_o(watch_reached),
      .read_line_o(read_line), .write_line_o(write_line)
  );
  assign line_valid = rows_busy ? row_line_valid : verdict_line_valid;
  assign line_address = rows_busy ? row_line_address : verdict_line_address;
  assign line_data = rows_busy ? row_line_data : verdict_line_data;

  // Window and watched set
  pl_abi_pkg::pl_model_t model;
  logic window_valid, window_waiting, window_ready, window_commit, window_refused, load_started;
  logic window_line, window_line_refused, conflated, merged;
  logic [511:0] window_record, watch_beat;
  logic [63:0] window_tick, live_tick;
  logic [7:0] window_refused_status, watch_filter, watch_collected_status;
  logic watched_lookup_valid, watched, watched_hold, watch_busy, live_ready;
  logic [IW-1:0] watched_lookup;
  logic [$clog2(32'(pl_abi_pkg::PL_WATCH_ACCOUNTS_MAX)+1)-1:0] watch_accounts;
  logic [63:0] watch_version, watch_tick, watch_address, watch_lines, watch_first, watch_last, watch_lines_written;
  logic watch_run_start, watch_read_abort, watch_read_busy, watch_beat_valid, watch_beat_ready, watch_beat_last;
  logic watch_end, watch_clear, watch_collected, watch_ran, watch_dropped, watch_ring_error;

  // Tables and commit
  logic table_valid, clear_valid, bank, freeze_expiry_valid, freeze_vol_valid, copy_valid;
  logic frozen_expiry_valid, frozen_underlying_valid, engine_idle;
  logic [PAIRS-1:0] row_waits;  // words on their way into the row stores
  logic rows_idle;
  assign rows_idle = engine_idle && row_waits == '0;
  logic [511:0] table_record;
  logic [IW-1:0] clear_index, freeze_vol_index, copy_instrument, commit_job, rows_job, job_instrument;
  logic [pl_card_pkg::EXPIRY_W-1:0] freeze_expiry_index;
  logic commit_job_valid, rows_job_valid, job_valid, job_ready;
  logic [63:0] tick;
  logic [31:0] model_version, table_version;
  logic [8:0] multipliers;
  pl_card_pkg::frozen_expiry_t frozen_expiry;
  pl_card_pkg::frozen_underlying_t frozen_underlying;
  tables #(
      .PROFILE(PROFILE), .SCENARIOS(SCENARIOS), .INSTRUMENTS(INSTRUMENTS), .EXPIRIES(EXPIRIES), .UNDERLYINGS(UNDERLYINGS),
      .CLASSES(CLASSES), .BRACKET_TABLES(BRACKET_TABLES)
  ) u_tables (
      .clk_i, .rst_ni(core_rst_nq),
      .record_start_i(record_start), .record_tick_i(record_tick), .record_count_i(record_count),
      .record_valid_i(record_valid && !set_loading_q), .record_ready_o(table_record_ready), .record_i(record),
      .record_abort_i(record_abort),
      .record_done_o(record_done), .record_status_o(record_status), .record_detail_o(record_detail),
      .commit_start_i(commit_start), .commit_tick_i(commit_tick), .commit_time_i(commit_time),
      .commit_done_o(commit_done), .commit_status_o(commit_status),
      .ring_request_i(ring_request), .ring_grant_o(ring_grant), .sweep_request_i(sweep_request), .sweep_grant_o(sweep_grant),
      .window_valid_i(window_valid), .window_waiting_i(window_waiting), .window_ready_o(window_ready), .window_record_i(window_record),
      .window_commit_i(window_commit), .window_tick_i(window_tick), .window_refused_o(window_refused),
      .window_refused_status_o(window_refused_status), .load_started_o(load_started), .model_o(model),
      .watching_i(watching), .watched_lookup_valid_o(watched_lookup_valid), .watched_lookup_o(watched_lookup),
      .watched_i(watched), .watched_hold_o(watched_hold), .watch_busy_i(watch_busy), .live_ready_o(live_ready),
      .live_tick_o(live_tick),
      .loaded_o(loaded), .committed_o(committed), .tick_o(tick), .model_version_o(model_version),
      .table_version_o(table_version), .instruments_o(instruments), .multipliers_o(multipliers),
      .table_valid_o(table_valid), .table_record_o(table_record), .clear_valid_o(clear_valid), .clear_index_o(clear_index),
      .job_valid_o(commit_job_valid), .job_ready_i(job_ready && !rows_busy), .job_instrument_o(commit_job),
      .engine_idle_i(rows_idle), .bank_o(bank),
      .freeze_expiry_valid_o(freeze_expiry_valid), .freeze_expiry_index_o(freeze_expiry_index),
      .freeze_vol_valid_o(freeze_vol_valid), .freeze_vol_index_o(freeze_vol_index),
      .frozen_expiry_valid_o(frozen_expiry_valid), .frozen_expiry_o(frozen_expiry),
      .frozen_underlying_valid_o(frozen_underlying_valid), .frozen_underlying_o(frozen_underlying),
      .copy_valid_o(copy_valid), .copy_instrument_o(copy_instrument)
  );

  // Ticks from the window
  window #(
      .PROFILE(PROFILE), .SCENARIOS(SCENARIOS), .INSTRUMENTS(INSTRUMENTS), .EXPIRIES(EXPIRIES), .UNDERLYINGS(UNDERLYINGS),
      .CLASSES(CLASSES), .BRACKET_TABLES(BRACKET_TABLES), .ID_W(WINDOW_ID_W)
  ) u_window (
      .clk_i, .rst_ni(core_rst_nq), .bus_rst_ni(rst_ni),
      .w_axi_awid, .w_axi_awaddr, .w_axi_awlen, .w_axi_awsize, .w_axi_awburst, .w_axi_awvalid, .w_axi_awready,
      .w_axi_wdata, .w_axi_wstrb, .w_axi_wlast, .w_axi_wvalid, .w_axi_wready,
      .w_axi_bid, .w_axi_bresp, .w_axi_bvalid, .w_axi_bready,
      .w_axi_arid, .w_axi_araddr, .w_axi_arlen, .w_axi_arsize, .w_axi_arburst, .w_axi_arvalid, .w_axi_arready,
      .w_axi_rid, .w_axi_rdata, .w_axi_rresp, .w_axi_rlast, .w_axi_rvalid, .w_axi_rready,
      .clear_i(window_clear), .status_o(window_status),
      .line_o(window_line), .refused_o(window_line_refused), .conflated_o(conflated), .merged_o(merged),
      .model_i(model), .loaded_i(loaded), .load_started_i(load_started),
      .table_valid_i(table_valid), .table_record_i(table_record), .clear_valid_i(clear_valid), .clear_index_i(clear_index),
      .window_valid_o(window_valid), .window_ready_i(window_ready), .window_record_o(window_record),
      .window_commit_o(window_commit), .window_tick_o(window_tick),
      .waiting_o(window_waiting),
      // verilator lint_off PINCONNECTEMPTY
      .error_valid_o(),  // WINDOW_STATUS tells
      // verilator lint_on PINCONNECTEMPTY
      .window_refused_i(window_refused), .window_refused_status_i(window_refused_status)
  );

  // The watched set: a sweep of its own, in front of the same lanes.
  watch_set #(
      .INSTRUMENTS(INSTRUMENTS), .LINES(WATCH_SLOTS / SLOTS)
  ) u_watch_set (
      .clk_i, .rst_ni(core_rst_nq),
      .start_i(watch_start), .slots_i(watch_slots), .version_i(sweep_version), .filter_i(sweep_filter), .instruments_i(instruments),
      .record_valid_i(record_valid && set_loading_q), .record_ready_o(set_record_ready), .record_i(record),
      .record_abort_i(record_abort), .done_o(watch_done), .status_o(watch_status), .detail_o(watch_detail),
      .run_busy_i(watched_hold || watch_busy), .load_started_i(load_started),
      .watching_o(watching), .accounts_o(watch_accounts), .version_o(watch_version), .filter_o(watch_filter),
      .lookup_valid_i(watched_lookup_valid), .lookup_i(watched_lookup), .watched_o(watched),
      .read_start_i(watch_run_start), .read_abort_i(watch_read_abort), .read_busy_o(watch_read_busy),
      .beat_valid_o(watch_beat_valid), .beat_ready_i(watch_beat_ready), .beat_o(watch_beat), .beat_last_o(watch_beat_last)
  );
  watch_run u_watch_run (
      .clk_i, .rst_ni(core_rst_nq),
      .live_ready_i(live_ready), .live_tick_i(live_tick), .busy_o(watch_busy), .clear_i(sweep_clear),
      .watching_i(watching), .accounts_i(watch_accounts), .read_busy_i(watch_read_busy), .read_abort_o(watch_read_abort),
      .ring_base_i(watch_base), .ring_entries_i(watch_entries), .ring_restart_i(watch_restart),
      .consumed_valid_i(watch_consumed), .consumed_total_i(consumed_total), .ring_error_o(watch_ring_error),
      .start_o(watch_run_start), .tick_o(watch_tick), .address_o(watch_address), .lines_o(watch_lines),
      .ring_first_o(watch_first), .ring_last_o(watch_last), .collector_end_o(watch_end), .collector_clear_o(watch_clear),
      .done_i(watch_collected), .status_i(watch_collected_status), .lines_i(watch_lines_written),
      .write_mark_o(watch_mark), .write_reached_i(watch_reached), .ran_o(watch_ran), .dropped_o(watch_dropped),
      .written_o(watch_written)
  );

  // Pricing
  logic write_a_valid, write_b_valid, quote_valid, evaluation;
  logic [IW-1:0] write_a_instrument, write_b_instrument;
  logic [pl_card_pkg::COLUMN_W-1:0] write_a_column, write_b_column;
  logic [63:0] write_a_value, write_b_value;
  logic [511:0] quote;
  assign job_valid = rows_busy ? rows_job_valid : commit_job_valid;
  assign job_instrument = rows_busy ? rows_job : commit_job;
  pl_row_engine #(
      .PROFILE(PROFILE), .SCENARIOS(SCENARIOS), .INSTRUMENTS(INSTRUMENTS), .EXPIRIES(EXPIRIES), .UNDERLYINGS(UNDERLYINGS),
      .CLASSES(CLASSES)
  ) u_row_engine (
      .clk_i, .rst_ni(core_rst_nq),
      .table_valid_i(table_valid), .table_record_i(table_record), .clear_valid_i(clear_valid), .clear_index_i(clear_index),
      .freeze_expiry_valid_i(freeze_expiry_valid), .freeze_expiry_index_i(freeze_expiry_index),
      .freeze_vol_valid_i(freeze_vol_valid), .freeze_vol_index_i(freeze_vol_index),
      .job_valid_i(job_valid), .job_ready_o(job_ready), .job_instrument_i(job_instrument), .job_frozen_i(rows_busy),
      .write_a_valid_o(write_a_valid), .write_a_instrument_o(write_a_instrument), .write_a_column_o(write_a_column),
      .write_a_value_o(write_a_value),
      .write_b_valid_o(write_b_valid), .write_b_instrument_o(write_b_instrument), .write_b_column_o(write_b_column),
      .write_b_value_o(write_b_value),
      .quote_valid_o(quote_valid), .quote_o(quote), .idle_o(engine_idle), .evaluation_o(evaluation)
  );
  pl_row_reader u_row_reader (
      .clk_i, .rst_ni(core_rst_nq), .start_i(rows_start), .first_i(rows_first), .count_i(rows_count), .address_i(rows_address),
      .job_valid_o(rows_job_valid), .job_ready_i(job_ready && rows_busy), .job_instrument_o(rows_job),
      .write_a_valid_i(write_a_valid), .write_a_instrument_i(write_a_instrument), .write_a_column_i(write_a_column),
      .write_a_value_i(write_a_value),
      .write_b_valid_i(write_b_valid), .write_b_instrument_i(write_b_instrument), .write_b_column_i(write_b_column),
      .write_b_value_i(write_b_value),
      .quote_valid_i(quote_valid), .quote_i(quote),
      .line_valid_o(row_line_valid), .line_ready_i(line_ready && rows_busy), .line_address_o(row_line_address),
      .line_data_o(row_line_data), .busy_o(rows_busy), .done_o(rows_done)
  );

  // Sweep: the distributor deals accounts to the lanes; two lanes share a row store.
  logic [LANES-1:0] fragment_valid, fragment_ready, light, judged_valid, judged_ready;
  logic [LANES-1:0] live_fragment_valid, live_fragment_ready, live_light, live_judged_valid, live_judged_ready;
  logic [LANES*pl_card_pkg::FRAGMENT_W-1:0] fragment, live_fragment;
  logic [LANES*pl_card_pkg::JUDGED_W-1:0] judged, live_judged;
  logic watch_order_valid, watch_order_ready;
  pl_card_pkg::order_t watch_order;
  logic order_valid, order_ready, stream_line;
  pl_card_pkg::order_t order;
  distributor #(
      .LANES(LANES)
  ) u_distributor (
      .clk_i, .rst_ni(sweep_rst_nq), .live_i(1'b0), .start_i(sweep_start), .multipliers_i(multipliers),
      .beat_valid_i(beat_valid), .beat_ready_o(beat_ready), .beat_i(beat), .beat_last_i(beat_last), .beat_status_i(beat_status),
      .fragment_valid_o(fragment_valid), .fragment_ready_i(fragment_ready), .fragment_o(fragment), .light_i(light),
      .order_valid_o(order_valid), .order_ready_i(order_ready), .order_o(order),
      .stall_lanes_o(stall_lanes), .stall_input_o(stall_input), .line_o(stream_line)
  );

  distributor #(
      .LANES(LANES)
  ) u_watch_distributor (
      .clk_i, .rst_ni(sweep_rst_nq), .live_i(1'b1), .start_i(watch_run_start), .multipliers_i(multipliers),
      .beat_valid_i(watch_beat_valid), .beat_ready_o(watch_beat_ready), .beat_i(watch_beat), .beat_last_i(watch_beat_last),
      .beat_status_i(pl_abi_pkg::PL_STATUS_OK),
      .fragment_valid_o(live_fragment_valid), .fragment_ready_i(live_fragment_ready), .fragment_o(live_fragment),
      .light_i(live_light),
      .order_valid_o(watch_order_valid), .order_ready_i(watch_order_ready), .order_o(watch_order),
      // verilator lint_off PINCONNECTEMPTY
      .stall_lanes_o(), .stall_input_o(), .line_o()
      // verilator lint_on PINCONNECTEMPTY
  );

  logic [LANES-1:0] row_live;
  logic [LANES-1:0] row_request, row_accept, row_valid, row_corrected, row_uncorrectable;
  logic [LANES*IW-1:0] row_instrument;
  logic [LANES*pl_card_pkg::ROW_META_W-1:0] row_meta;
  logic [LANES*ENTRIES*ROW_W-1:0] row;
  for (genvar p = 0; p < PAIRS; p++) begin : g_store
    localparam int unsigned READERS = LANES - 2 * p < 2 ? 1 : 2;
    row_store #(
        .PROFILE(PROFILE), .SCENARIOS(SCENARIOS), .INSTRUMENTS(INSTRUMENTS), .LANES(READERS)
    ) u_row_store (
        .clk_i, .rst_ni(core_rst_nq), .bank_i(bank),
        .write_a_valid_i(write_a_valid && !rows_busy), .write_a_instrument_i(write_a_instrument),
        .write_a_column_i(write_a_column), .write_a_value_i(write_a_value),
        .write_b_valid_i(write_b_valid && !rows_busy), .write_b_instrument_i(write_b_instrument),
        .write_b_column_i(write_b_column), .write_b_value_i(write_b_value),
        .copy_valid_i(copy_valid), .copy_instrument_i(copy_instrument), .inject_i(inject_i),
        .read_valid_i(row_request[2*p+:READERS]), .read_live_i(row_live[2*p+:READERS]), .read_ready_o(row_accept[2*p+:READERS]),
        .read_instrument_i(row_instrument[2*p*IW+:READERS*IW]),
        .valid_o(row_valid[2*p+:READERS]), .meta_o(row_meta[2*p*pl_card_pkg::ROW_META_W+:READERS*pl_card_pkg::ROW_META_W]),
        .row_o(row[2*p*ENTRIES*ROW_W+:READERS*ENTRIES*ROW_W]), .corrected_o(row_corrected[2*p+:READERS]),
        .uncorrectable_o(row_uncorrectable[2*p+:READERS]), .busy_o(row_waits[p])
    );
  end

  for (genvar l = 0; l < LANES; l++) begin : g_lane
    logic group_valid, group_ready, close_room;
    pl_card_pkg::group_t group;
    pl_card_pkg::judged_t judged_one, live_judged_one;
    logic [SUMS*pl_card_pkg::SUM_W-1:0] sums;
    lane #(
        .PROFILE(PROFILE), .SCENARIOS(SCENARIOS), .EXPIRIES(EXPIRIES), .CLASSES(CLASSES), .BRACKET_TABLES(BRACKET_TABLES),
        .QUEUE(QUEUE), .GROUPS(GROUPS), .LIVE_ACCOUNTS(LIVE_ACCOUNTS)
    ) u_lane (
        .clk_i, .rst_ni(sweep_rst_nq), .table_valid_i(table_valid), .table_record_i(table_record), .instruments_i(instruments),
        .fragment_valid_i(fragment_valid[l]), .fragment_ready_o(fragment_ready[l]),
        .fragment_i(fragment[l*pl_card_pkg::FRAGMENT_W+:pl_card_pkg::FRAGMENT_W]), .light_o(light[l]),
        .live_fragment_valid_i(live_fragment_valid[l]), .live_fragment_ready_o(live_fragment_ready[l]),
        .live_fragment_i(live_fragment[l*pl_card_pkg::FRAGMENT_W+:pl_card_pkg::FRAGMENT_W]), .live_light_o(live_light[l]),
        .live_given_i(live_judged_valid[l] && live_judged_ready[l]), .close_room_i(close_room), .row_live_o(row_live[l]),
        .row_valid_o(row_request[l]), .row_ready_i(row_accept[l]), .row_instrument_o(row_instrument[l*IW+:IW]),
        .row_valid_i(row_valid[l]), .row_meta_i(row_meta[l*pl_card_pkg::ROW_META_W+:pl_card_pkg::ROW_META_W]),
        .row_i(row[l*ENTRIES*ROW_W+:ENTRIES*ROW_W]), .row_corrected_i(row_corrected[l]),
        .row_uncorrectable_i(row_uncorrectable[l]),
        .group_valid_o(group_valid), .group_ready_i(group_ready), .group_o(group), .sums_o(sums)
    );
    close #(
        .SCENARIOS(SCENARIOS), .EXPIRIES(EXPIRIES), .UNDERLYINGS(UNDERLYINGS), .WAYS(WAYS), .LIVE_DEPTH(2 * LIVE_ACCOUNTS)
    ) u_close (
        .clk_i, .rst_ni(sweep_rst_nq), .table_valid_i(table_valid), .table_record_i(table_record),
        .clear_valid_i(clear_valid), .clear_index_i(clear_index),
        .frozen_expiry_valid_i(frozen_expiry_valid), .frozen_expiry_i(frozen_expiry),
        .frozen_underlying_valid_i(frozen_underlying_valid), .frozen_underlying_i(frozen_underlying),
        .per_underlying_i(sweep_per_underlying),
        .group_valid_i(group_valid), .group_ready_o(group_ready), .group_i(group), .sums_i(sums),
        .room_o(close_room), .judged_valid_o(judged_valid[l]), .judged_ready_i(judged_ready[l]), .judged_o(judged_one),
        .live_judged_valid_o(live_judged_valid[l]), .live_judged_ready_i(live_judged_ready[l]), .live_judged_o(live_judged_one)
    );
    assign live_judged[l*pl_card_pkg::JUDGED_W+:pl_card_pkg::JUDGED_W] = live_judged_one;
    assign judged[l*pl_card_pkg::JUDGED_W+:pl_card_pkg::JUDGED_W] = judged_one;
  end

  // Verdicts
  logic account;
  collector #(
      .LANES(LANES), .PROFILE(PROFILE)
  ) u_collector (
      .clk_i, .rst_ni(core_rst_nq), .clear_i(sweep_clear), .start_i(sweep_start), .end_i(1'b0), .filter_i(sweep_filter), .tick_i(tick),
      .model_version_i(model_version), .table_version_i(table_version), .position_version_i(sweep_version),
      .address_i(sweep_address), .lines_i(sweep_lines), .ring_first_i(64'd0), .ring_last_i({64{1'b1}}),
      .order_valid_i(order_valid), .order_ready_o(order_ready), .order_i(order),
      .judged_valid_i(judged_valid), .judged_ready_o(judged_ready), .judged_i(judged),
      .line_valid_o(verdict_line_valid), .line_ready_i(line_ready && !rows_busy), .line_address_o(verdict_line_address),
      .line_data_o(verdict_line_data),
      .done_o(sweep_done), .status_o(sweep_status), .detail_o(sweep_detail), .lines_o(lines_written),
      .account_o(account), .stall_output_o(stall_output)
  );

  collector #(
      .LANES(LANES), .PROFILE(PROFILE), .ORDERS(32'(pl_abi_pkg::PL_WATCH_ACCOUNTS_MAX) + 1), .DRAIN(1)
  ) u_watch_collector (
      .clk_i, .rst_ni(core_rst_nq), .clear_i(watch_clear), .start_i(watch_run_start), .end_i(watch_end),
      .filter_i(watch_filter), .tick_i(watch_tick),
      .model_version_i(model_version), .table_version_i(table_version), .position_version_i(watch_version),
      .address_i(watch_address), .lines_i(watch_lines), .ring_first_i(watch_first), .ring_last_i(watch_last),
      .order_valid_i(watch_order_valid), .order_ready_o(watch_order_ready), .order_i(watch_order),
      .judged_valid_i(live_judged_valid), .judged_ready_o(live_judged_ready), .judged_i(live_judged),
      .line_valid_o(watch_line_valid), .line_ready_i(watch_line_ready), .line_address_o(watch_line_address),
      .line_data_o(watch_line_data),
      // verilator lint_off PINCONNECTEMPTY
      .done_o(watch_collected), .status_o(watch_collected_status), .detail_o(), .lines_o(watch_lines_written),
      .account_o(), .stall_output_o()
      // verilator lint_on PINCONNECTEMPTY
  );

  // Performance counters
  logic [COUNTERS-1:0] event_q;
  logic bank_q;
  logic [$clog2(LANES+1)-1:0] corrected, corrected_q;
  always_comb begin
    corrected = '0;
    for (int p = 0; p < LANES; p++) corrected = corrected + ($clog2(LANES + 1))'(row_valid[p] && row_corrected[p]);
  end
  always_ff @(posedge clk_i) begin
    event_q <= '0;
    event_q[32'(pl_abi_pkg::PL_COUNTER_CYCLES)] <= 1'b1;
    event_q[32'(pl_abi_pkg::PL_COUNTER_SWEEP_CYCLES)] <= sweep_busy;
    event_q[32'(pl_abi_pkg::PL_COUNTER_SWEEP_SLOTS)] <= stream_line;
    event_q[32'(pl_abi_pkg::PL_COUNTER_ACCOUNTS)] <= account;
    event_q[32'(pl_abi_pkg::PL_COUNTER_STALL_INPUT)] <= stall_input;
    event_q[32'(pl_abi_pkg::PL_COUNTER_STALL_LANES)] <= stall_lanes;
    event_q[32'(pl_abi_pkg::PL_COUNTER_STALL_OUTPUT)] <= stall_output;
    event_q[32'(pl_abi_pkg::PL_COUNTER_READ_LINES)] <= read_line;
    event_q[32'(pl_abi_pkg::PL_COUNTER_WRITE_LINES)] <= write_line;
    event_q[32'(pl_abi_pkg::PL_COUNTER_EVALUATIONS)] <= evaluation;
    event_q[32'(pl_abi_pkg::PL_COUNTER_PRICE_CYCLES)] <= !engine_idle;
    event_q[32'(pl_abi_pkg::PL_COUNTER_COMMITS)] <= bank != bank_q;
    bank_q <= bank;
    event_q[32'(pl_abi_pkg::PL_COUNTER_CORRECTED)] <= corrected != '0;
    event_q[32'(pl_abi_pkg::PL_COUNTER_WINDOW_LINES)] <= window_line;
    event_q[32'(pl_abi_pkg::PL_COUNTER_WINDOW_REFUSED)] <= window_line_refused;
    event_q[32'(pl_abi_pkg::PL_COUNTER_CONFLATED)] <= conflated;
    event_q[32'(pl_abi_pkg::PL_COUNTER_TICKS_MERGED)] <= merged;
    event_q[32'(pl_abi_pkg::PL_COUNTER_WATCH_RUNS)] <= watch_ran;
    event_q[32'(pl_abi_pkg::PL_COUNTER_WATCH_DROPPED)] <= watch_dropped;
    corrected_q <= corrected;
  end
  for (genvar c = 0; c < COUNTERS; c++) begin : g_counter
    logic [63:0] count_q, step;
    if (c == 32'(pl_abi_pkg::PL_COUNTER_SWEEP_SLOTS)) begin : g_slots
      assign step = 64'(SLOTS);
    end else if (c == 32'(pl_abi_pkg::PL_COUNTER_CORRECTED)) begin : g_words
      assign step = 64'(corrected_q);
    end else begin : g_one
      assign step = 64'd1;
    end
    always_ff @(posedge clk_i) begin
      if (!core_rst_nq) count_q <= '0;
      else if (event_q[c]) count_q <= count_q + step;
    end
    assign counters[64*c+:64] = count_q;
  end
endmodule
`default_nettype wire
