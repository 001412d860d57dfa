// For the bench: the watched set, what starts its evaluations, and their collector. The bench is the distributor, lanes and
// closes in between, the commit, the bus and the host.
`default_nettype none
module watch_evaluation #(
    parameter  int unsigned LANES = 2,
    parameter  int unsigned LINES = 16,
    localparam int unsigned JUDGED_W = pl_card_pkg::JUDGED_W
) (
    input  wire                       clk_i,
    input  wire                       rst_ni,
    // WATCH
    input  wire                       set_start_i,
    input  wire  [              63:0] set_slots_i,
    input  wire  [              63:0] set_version_i,
    input  wire  [               7:0] set_filter_i,
    input  wire                       record_valid_i,
    output logic                      record_ready_o,
    input  wire  [             511:0] record_i,
    output logic                      set_done_o,
    output logic [               7:0] set_status_o,
    input  wire                       load_started_i,
    output logic                      watching_o,
    // commit
    input  wire                       commit_busy_i,
    input  wire                       live_ready_i,
    input  wire  [              63:0] live_tick_i,
    output logic                      busy_o,
    input  wire                       clear_i,
    // ring
    input  wire  [              63:0] ring_base_i,
    input  wire  [              12:0] ring_entries_i,
    input  wire                       ring_restart_i,
    input  wire                       consumed_valid_i,
    input  wire  [              31:0] consumed_total_i,
    output logic                      ring_error_o,
    // lanes
    output logic                      start_o,
    output logic                      beat_valid_o,
    input  wire                       beat_ready_i,
    output logic [             511:0] beat_o,
    output logic                      beat_last_o,
    input  wire                       order_valid_i,
    output logic                      order_ready_o,
    input  wire  [              43:0] order_i,
    input  wire  [         LANES-1:0] judged_valid_i,
    output logic [         LANES-1:0] judged_ready_o,
    input  wire  [      LANES*32-1:0] account_i,
    input  wire  [       LANES*8-1:0] state_i,
    input  wire  [       LANES*8-1:0] status_i,
    input  wire  [      LANES*32-1:0] slot_i,
    // bus
    output logic                      line_valid_o,
    input  wire                       line_ready_i,
    output logic [              63:0] line_address_o,
    output logic [             511:0] line_data_o,
    output logic                      write_mark_o,
    input  wire                       write_reached_i,
    output logic                      ran_o,
    output logic                      dropped_o,
    output logic                      written_o
);
  logic [10:0] accounts;
  logic [63:0] version, tick, address, lines, ring_first, ring_last, written_lines;
  logic [7:0] filter, collector_status;
  logic read_busy, read_abort, collector_end, collector_clear, collector_done;
  logic [LANES*JUDGED_W-1:0] judged;

  // verilator lint_off PINCONNECTEMPTY
  watch_set #(
      .INSTRUMENTS(64),
      .LINES(LINES)
  ) u_set (
      .clk_i,
      .rst_ni,
      .start_i(set_start_i),
      .slots_i(set_slots_i),
      .version_i(set_version_i),
      .filter_i(set_filter_i),
      .instruments_i(25'd64),
      .record_valid_i,
      .record_ready_o,
      .record_i,
      .record_abort_i(1'b0),
      .done_o(set_done_o),
      .status_o(set_status_o),
      .detail_o(),
      .run_busy_i(commit_busy_i || busy_o),
      .load_started_i,
      .watching_o,
      .accounts_o(accounts),
      .version_o(version),
      .filter_o(filter),
      .lookup_valid_i(1'b0),
      .lookup_i('0),
      .watched_o(),
      .read_start_i(start_o),
      .read_abort_i(read_abort),
      .read_busy_o(read_busy),
      .beat_valid_o,
      .beat_ready_i,
      .beat_o,
      .beat_last_o
  );
  watch_run u_run (
      .clk_i,
      .rst_ni,
      .live_ready_i,
      .live_tick_i,
      .busy_o,
      .clear_i,
      .watching_i(watching_o),
      .accounts_i(accounts),
      .read_busy_i(read_busy),
      .read_abort_o(read_abort),
      .ring_base_i,
      .ring_entries_i,
      .ring_restart_i,
      .consumed_valid_i,
      .consumed_total_i,
      .ring_error_o,
      .start_o,
      .tick_o(tick),
      .address_o(address),
      .lines_o(lines),
      .ring_first_o(ring_first),
      .ring_last_o(ring_last),
      .collector_end_o(collector_end),
      .collector_clear_o(collector_clear),
      .done_i(collector_done),
      .status_i(collector_status),
      .lines_i(written_lines),
      .write_mark_o,
      .write_reached_i,
      .ran_o,
      .dropped_o,
      .written_o
  );
  for (genvar l = 0; l < LANES; l++) begin : g_lane
    pl_card_pkg::judged_t one;
    pl_card_pkg::verdict_t verdict;
    always_comb begin
      verdict = '0;
      verdict.account = account_i[32*l+:32];
      verdict.state = state_i[8*l+:8];
      one = '0;
      one.live = 1'b1;
      one.status = status_i[8*l+:8];
      one.slot = slot_i[32*l+:32];
      one.body = verdict;
    end
    assign judged[l*JUDGED_W+:JUDGED_W] = one;
  end
  collector #(
      .LANES(LANES),
      .ORDERS(16),
      .DRAIN(1)
  ) u_collector (
      .clk_i,
      .rst_ni,
      .clear_i(collector_clear),
      .start_i(start_o),
      .end_i(collector_end),
      .filter_i(filter),
      .tick_i(tick),
      .model_version_i('0),
      .table_version_i('0),
      .position_version_i(version),
      .address_i(address),
      .lines_i(lines),
      .ring_first_i(ring_first),
      .ring_last_i(ring_last),
      .order_valid_i,
      .order_ready_o,
      .order_i,
      .judged_valid_i,
      .judged_ready_o,
      .judged_i(judged),
      .line_valid_o,
      .line_ready_i,
      .line_address_o,
      .line_data_o,
      .done_o(collector_done),
      .status_o(collector_status),
      .detail_o(),
      .lines_o(written_lines),
      .account_o(),
      .stall_output_o()
  );
  // verilator lint_on PINCONNECTEMPTY
endmodule
`default_nettype wire
