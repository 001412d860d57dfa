// The tables room: takes LOAD and TICK records, produces the table bus, commits ticks (docs/card.md "Table bus", "Commit").
//
// record_start_i (LOAD, or TICK with record_tick_i) -> record_count_i records by valid/ready, every second cycle at most, all of
// them taken -> record_done_o with status and detail. A record is on the table bus 5 cycles after it was taken. The clear walk
// follows MODEL's record: 0 .. the largest table's entries - 1, whichever memory has them (scenarios and brackets count 64 and 16
// per table). record_abort_i forgets the operation. Details of both: record_taker, record_check, table_finish, commit.
// One operation at a time: no record_start_i or commit_start_i before the last one's done or abort, and only with ring_request_i
// and ring_grant_o, from before the start to after its end. window_*: checked records of a complete tick, then its commit; turns of
// window, ring and sweeps: table_turns, commit_flip. From a window's record to the job of its only instrument: 4 cycles (3 from its
// commit); window_refused_o: a pulse. tick_o, committed_o and bank_o are about the frozen tick, live_tick_o about the live one.
// watched_hold_o: the watched set must not change. model_o, instruments_o, multipliers_o and the versions are those of the last
// accepted MODEL, load_started_o a pulse when it comes. commit_time_i is kept by the host alone: nothing on the card reads it.
// frozen_* come 1 cycle after their freeze. Mirrors host/model/tables.c, tables_check.c and model_load() of host/dev/model.c.
`default_nettype none
module tables #(
    parameter  int unsigned PROFILE        = 32'(pl_abi_pkg::PL_PROFILE_FULL),
    parameter  int unsigned SCENARIOS      = 40,
    parameter  int unsigned INSTRUMENTS    = 4096,
    parameter  int unsigned EXPIRIES       = 512,
    parameter  int unsigned UNDERLYINGS    = 128,
    parameter  int unsigned CLASSES        = 256,
    parameter  int unsigned BRACKET_TABLES = 64,
    localparam int unsigned INDEX_W = pl_card_pkg::INSTRUMENT_W,
    localparam int unsigned EXPIRY_W = pl_card_pkg::EXPIRY_W
) (
    input  wire                             clk_i,
    input  wire                             rst_ni,
    input  wire                             record_start_i,
    input  wire                             record_tick_i,
    input  wire  [                    31:0] record_count_i,
    input  wire                             record_valid_i,
    output logic                            record_ready_o,
    input  wire  [                   511:0] record_i,
    input  wire                             record_abort_i,
    output logic                            record_done_o,
    output logic [                     7:0] record_status_o,
    output logic [                    63:0] record_detail_o,
    input  wire                             ring_request_i,
    output logic                            ring_grant_o,
    input  wire                             window_valid_i,
    input  wire                             window_waiting_i,
    output logic                            window_ready_o,
    input  wire  [                   511:0] window_record_i,
    input  wire                             window_commit_i,
    input  wire  [                    63:0] window_tick_i,
    output logic                            window_refused_o,
    output logic [                     7:0] window_refused_status_o,
    input  wire                             commit_start_i,
    input  wire  [                    63:0] commit_tick_i,
    // verilator lint_off UNUSEDSIGNAL
    input  wire  [                    63:0] commit_time_i,
    // verilator lint_on UNUSEDSIGNAL
    output logic                            commit_done_o,
    output logic [                     7:0] commit_status_o,
    output logic                            load_started_o,
    output logic                            loaded_o,
    output pl_abi_pkg::pl_model_t           model_o,
    output logic                            committed_o,
    output logic [                    63:0] tick_o,
    output logic [                    31:0] model_version_o,
    output logic [                    31:0] table_version_o,
    output logic [               INDEX_W:0] instruments_o,
    output logic [                     8:0] multipliers_o,
    output logic                            table_valid_o,
    output logic [                   511:0] table_record_o,
    output logic                            clear_valid_o,
    output logic [             INDEX_W-1:0] clear_index_o,
    output logic                            job_valid_o,
    input  wire                             job_ready_i,
    output logic [             INDEX_W-1:0] job_instrument_o,
    input  wire                             engine_idle_i,
    input  wire                             sweep_request_i,
    output logic                            sweep_grant_o,
    input  wire                             watching_i,
    output logic                            watched_lookup_valid_o,
    output logic [             INDEX_W-1:0] watched_lookup_o,
    input  wire                             watched_i,
    output logic                            watched_hold_o,
    input  wire                             watch_busy_i,
    output logic                            live_ready_o,
    output logic [                    63:0] live_tick_o,
    output logic                            bank_o,
    output logic                            freeze_expiry_valid_o,
    output logic [            EXPIRY_W-1:0] freeze_expiry_index_o,
    output logic                            freeze_vol_valid_o,
    output logic [             INDEX_W-1:0] freeze_vol_index_o,
    output logic                            frozen_expiry_valid_o,
    output pl_card_pkg::frozen_expiry_t     frozen_expiry_o,
    output logic                            frozen_underlying_valid_o,
    output pl_card_pkg::frozen_underlying_t frozen_underlying_o,
    output logic                            copy_valid_o,
    output logic [             INDEX_W-1:0] copy_instrument_o
);
  localparam bit SMALL = PROFILE == 32'(pl_abi_pkg::PL_PROFILE_SMALL);
  localparam int unsigned INSTRUMENTS_MAX = 32'(SMALL ? pl_abi_pkg::PL_INSTRUMENTS_MAX_SMALL : pl_abi_pkg::PL_INSTRUMENTS_MAX);
  localparam int unsigned SCENARIOS_MAX = 32'(SMALL ? pl_abi_pkg::PL_SCENARIOS_MAX_SMALL : pl_abi_pkg::PL_SCENARIOS_MAX);
  localparam int unsigned IW = $clog2(INSTRUMENTS);
  localparam int unsigned EW = $clog2(EXPIRIES);
  localparam int unsigned UW = $clog2(UNDERLYINGS);
  // Entries of the largest memory that the clear walk empties.
  localparam int unsigned BRACKETS = BRACKET_TABLES * 32'(pl_abi_pkg::PL_BRACKETS_MAX);
  localparam int unsigned SCENARIO_WORDS = 32'(pl_abi_pkg::PL_SCENARIO_TABLES_MAX) * 64;
  localparam int unsigned A = INSTRUMENTS > EXPIRIES ? INSTRUMENTS : EXPIRIES;
  localparam int unsigned B = UNDERLYINGS > CLASSES ? UNDERLYINGS : CLASSES;
  localparam int unsigned C = BRACKETS > SCENARIO_WORDS ? BRACKETS : SCENARIO_WORDS;
  localparam int unsigned A_B = A > B ? A : B;
  localparam int unsigned CLEAR_LENGTH = A_B > C ? A_B : C;

  if (PROFILE != 32'(pl_abi_pkg::PL_PROFILE_FULL) && !SMALL) begin : g_profile $error("tables: PROFILE"); end
  if (SCENARIOS < 1 || SCENARIOS > SCENARIOS_MAX) begin : g_scenarios
    $error("tables: SCENARIOS must lie in the profile's limits");
  end
  if (INSTRUMENTS < 2 || INSTRUMENTS > INSTRUMENTS_MAX || INSTRUMENTS != 2 ** IW) begin : g_instruments
    $error("tables: INSTRUMENTS must be a power of two in the profile's limits");
  end
  if (EXPIRIES < 2 || EXPIRIES > 32'(pl_abi_pkg::PL_EXPIRIES_MAX) || EXPIRIES != 2 ** EW) begin : g_expiries
    $error("tables: EXPIRIES must be a power of two in the contract's limits");
  end
  if (UNDERLYINGS < 2 || UNDERLYINGS > 32'(pl_abi_pkg::PL_UNDERLYINGS_MAX) || UNDERLYINGS != 2 ** UW) begin : g_underlyings
    $error("tables: UNDERLYINGS must be a power of two in the contract's limits");
  end
  if (CLASSES < 2 || CLASSES > 32'(pl_abi_pkg::PL_CLASSES_MAX) || CLASSES != 2 ** $clog2(CLASSES)) begin : g_classes
    $error("tables: CLASSES must be a power of two in the contract's limits");
  end
  if (BRACKET_TABLES < 2 || BRACKET_TABLES > 32'(pl_abi_pkg::PL_BRACKET_TABLES_MAX) ||
      BRACKET_TABLES != 2 ** $clog2(BRACKET_TABLES)) begin : g_bracket_tables
    $error("tables: BRACKET_TABLES must be a power of two in the contract's limits");
  end

  logic finish_start, finish_done, window_record;
  logic [7:0] finish_status;
  logic [63:0] finish_detail;
  assign model_version_o = model_o.model_version;
  assign table_version_o = model_o.table_version;
  assign instruments_o = model_o.instruments[INDEX_W:0];
  assign multipliers_o = model_o.multipliers[8:0];

  record_taker #(
      .PROFILE(PROFILE),
      .SCENARIOS(SCENARIOS),
      .INSTRUMENTS(INSTRUMENTS),
      .EXPIRIES(EXPIRIES),
      .UNDERLYINGS(UNDERLYINGS),
      .CLASSES(CLASSES),
      .BRACKET_TABLES(BRACKET_TABLES),
      .CLEAR_LENGTH(CLEAR_LENGTH)
  ) u_taker (
      .clk_i(clk_i),
      .rst_ni(rst_ni),
      .record_start_i(record_start_i),
      .record_tick_i(record_tick_i),
      .record_count_i(record_count_i),
      .record_valid_i(record_valid_i),
      .record_ready_o(record_ready_o),
      .record_i(record_i),
      .record_abort_i(record_abort_i),
      .window_valid_i(window_record),
      .window_record_i(window_record_i),
      .record_done_o(record_done_o),
      .record_status_o(record_status_o),
      .record_detail_o(record_detail_o),
      .finish_start_o(finish_start),
      .finish_done_i(finish_done),
      .finish_status_i(finish_status),
      .finish_detail_i(finish_detail),
      .model_o(model_o),
      .load_started_o(load_started_o),
      .loaded_o(loaded_o),
      .table_valid_o(table_valid_o),
      .table_record_o(table_record_o),
      .clear_valid_o(clear_valid_o),
      .clear_index_o(clear_index_o)
  );

  logic lookup_valid, range_valid, range_any;
  logic [INDEX_W-1:0] lookup, range_first, range_last;
  logic [EXPIRY_W-1:0] lookup_expiry;
  logic [EW-1:0] range_expiry;
  table_finish #(
      .INSTRUMENTS(INSTRUMENTS),
      .EXPIRIES(EXPIRIES),
      .UNDERLYINGS(UNDERLYINGS),
      .CLASSES(CLASSES),
      .BRACKET_TABLES(BRACKET_TABLES)
  ) u_finish (
      .clk_i(clk_i),
      .rst_ni(rst_ni),
      .table_valid_i(table_valid_o),
      .table_record_i(table_record_o),
      .clear_valid_i(clear_valid_o),
      .clear_index_i(clear_index_o),
      .model_i(model_o),
      .abort_i(record_abort_i),
      .start_i(finish_start),
      .done_o(finish_done),
      .status_o(finish_status),
      .detail_o(finish_detail),
      .lookup_valid_i(lookup_valid),
      .lookup_i(lookup),
      .lookup_expiry_o(lookup_expiry),
      .range_valid_i(range_valid),
      .range_expiry_i(EXPIRY_W'(range_expiry)),
      .range_any_o(range_any),
      .range_first_o(range_first),
      .range_last_o(range_last)
  );

  commit_steps #(
      .INSTRUMENTS(INSTRUMENTS),
      .EXPIRIES(EXPIRIES),
      .UNDERLYINGS(UNDERLYINGS)
  ) u_commit (
      .clk_i(clk_i),
      .rst_ni(rst_ni),
      .window_valid_i(window_valid_i),
      .window_waiting_i(window_waiting_i),
      .window_ready_o(window_ready_o),
      .window_commit_i(window_commit_i),
      .window_tick_i(window_tick_i),
      .window_record_o(window_record),
      .window_refused_o(window_refused_o),
      .window_refused_status_o(window_refused_status_o),
      .ring_request_i(ring_request_i),
      .ring_grant_o(ring_grant_o),
      .record_start_i(record_start_i),
      .record_some_i(record_tick_i && record_count_i != '0),
      .record_abort_i(record_abort_i),
      .record_done_i(record_done_o),
      .record_status_i(record_status_o),
      .commit_start_i(commit_start_i),
      .commit_tick_i(commit_tick_i),
      .commit_done_o(commit_done_o),
      .commit_status_o(commit_status_o),
      .load_started_i(load_started_o),
      .loaded_i(loaded_o),
      .model_i(model_o),
      .table_valid_i(table_valid_o),
      .table_record_i(table_record_o),
      .clear_valid_i(clear_valid_o),
      .clear_index_i(clear_index_o),
      .committed_o(committed_o),
      .tick_o(tick_o),
      .bank_o(bank_o),
      .lookup_valid_o(lookup_valid),
      .lookup_o(lookup),
      .lookup_expiry_i(lookup_expiry),
      .range_valid_o(range_valid),
      .range_expiry_o(range_expiry),
      .range_any_i(range_any),
      .range_first_i(range_first),
      .range_last_i(range_last),
      .job_valid_o(job_valid_o),
      .job_ready_i(job_ready_i),
      .job_instrument_o(job_instrument_o),
      .engine_idle_i(engine_idle_i),
      .sweep_request_i(sweep_request_i),
      .sweep_grant_o(sweep_grant_o),
      .watching_i(watching_i),
      .watched_lookup_valid_o(watched_lookup_valid_o),
      .watched_lookup_o(watched_lookup_o),
      .watched_i(watched_i),
      .watched_hold_o(watched_hold_o),
      .watch_busy_i(watch_busy_i),
      .live_ready_o(live_ready_o),
      .live_tick_o(live_tick_o),
      .freeze_expiry_valid_o(freeze_expiry_valid_o),
      .freeze_expiry_index_o(freeze_expiry_index_o),
      .freeze_vol_valid_o(freeze_vol_valid_o),
      .freeze_vol_index_o(freeze_vol_index_o),
      .frozen_expiry_valid_o(frozen_expiry_valid_o),
      .frozen_expiry_o(frozen_expiry_o),
      .frozen_underlying_valid_o(frozen_underlying_valid_o),
      .frozen_underlying_o(frozen_underlying_o),
      .copy_valid_o(copy_valid_o),
      .copy_instrument_o(copy_instrument_o)
  );

  always_ff @(posedge clk_i) begin
    if (rst_ni && $past(rst_ni)) begin
      a_committed_is_loaded: assert (!committed_o || loaded_o || load_started_o);
    end
  end
endmodule
`default_nettype wire
