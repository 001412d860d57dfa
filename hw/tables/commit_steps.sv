// The parts of a commit, wired: the control (commit), what changed (tick_lists), the walks over it, and live_words.
//
// Latencies and order of the steps: commit. lookup_* and range_* are reads of table_finish, 1 cycle each.
// Mirrors pl_tables_commit and the marking in tick_*() of tables.c.
`default_nettype none
module commit_steps #(
    parameter  int unsigned INSTRUMENTS = 4096,
    parameter  int unsigned EXPIRIES    = 512,
    parameter  int unsigned UNDERLYINGS = 128,
    localparam int unsigned INDEX_W = pl_card_pkg::INSTRUMENT_W,
    localparam int unsigned EXPIRY_W = pl_card_pkg::EXPIRY_W,
    localparam int unsigned UNDERLYING_W = pl_card_pkg::UNDERLYING_W,
    localparam int unsigned EW = $clog2(EXPIRIES)
) (
    input  wire                             clk_i,
    input  wire                             rst_ni,
    input  wire                             commit_start_i,
    input  wire  [                    63:0] commit_tick_i,
    output logic                            commit_done_o,
    output logic [                     7:0] commit_status_o,
    input  wire                             load_started_i,
    input  wire                             loaded_i,
    // verilator lint_off UNUSEDSIGNAL
    input  wire  pl_abi_pkg::pl_model_t     model_i,
    // verilator lint_on UNUSEDSIGNAL
    input  wire                             table_valid_i,
    input  wire  [                   511:0] table_record_i,
    input  wire                             clear_valid_i,
    input  wire  [             INDEX_W-1:0] clear_index_i,
    output logic                            committed_o,
    output logic [                    63:0] tick_o,
    output logic                            bank_o,
    output logic                            lookup_valid_o,
    output logic [             INDEX_W-1:0] lookup_o,
    input  wire  [            EXPIRY_W-1:0] lookup_expiry_i,
    output logic                            range_valid_o,
    output logic [                  EW-1:0] range_expiry_o,
    input  wire                             range_any_i,
    input  wire  [             INDEX_W-1:0] range_first_i,
    input  wire  [             INDEX_W-1:0] range_last_i,
    output logic                            job_valid_o,
    input  wire                             job_ready_i,
    output logic [             INDEX_W-1:0] job_instrument_o,
    input  wire                             engine_idle_i,
    input  wire                             sweep_busy_i,
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
  localparam int unsigned IW = $clog2(INSTRUMENTS);
  localparam int unsigned UW = $clog2(UNDERLYINGS);

  logic all, walk_start, walk_busy, walk_valid, pricing, copying, freeze_start, clean_start, cleaning, restart;
  logic expiries_busy, vols_busy, underlyings_busy;
  commit u_control (
      .clk_i(clk_i),
      .rst_ni(rst_ni),
      .commit_start_i(commit_start_i),
      .commit_tick_i(commit_tick_i),
      .commit_done_o(commit_done_o),
      .commit_status_o(commit_status_o),
      .load_started_i(load_started_i),
      .loaded_i(loaded_i),
      .committed_o(committed_o),
      .tick_o(tick_o),
      .bank_o(bank_o),
      .engine_idle_i(engine_idle_i),
      .sweep_busy_i(sweep_busy_i),
      .all_o(all),
      .walk_start_o(walk_start),
      .walk_busy_i(walk_busy),
      .pricing_o(pricing),
      .copying_o(copying),
      .freeze_start_o(freeze_start),
      .freeze_busy_i(expiries_busy || vols_busy || underlyings_busy),
      .clean_start_o(clean_start),
      .cleaning_o(cleaning),
      .clean_busy_i(expiries_busy),
      .restart_o(restart)
  );

  // Lists: the walks take turns at them.
  logic [EW:0] expiry_length;
  logic [IW:0] vol_length;
  logic [UW:0] underlying_length;
  logic walk_expiry_read, list_expiry_read, walk_vol_read, list_vol_read, list_underlying_read, dirty_valid, dirty;
  logic [EW-1:0] walk_expiry_position, list_expiry_position, list_expiry, named_expiry, dirty_expiry;
  logic [IW-1:0] walk_vol_position, list_vol_position, list_vol, named_vol;
  logic [UW-1:0] list_underlying_position, list_underlying, named_underlying;
  logic expiry_named, vol_named, underlying_named;
  tick_lists #(
      .INSTRUMENTS(INSTRUMENTS),
      .EXPIRIES(EXPIRIES),
      .UNDERLYINGS(UNDERLYINGS)
  ) u_lists (
      .clk_i(clk_i),
      .rst_ni(rst_ni),
      .restart_i(restart || load_started_i),
      .table_valid_i(table_valid_i),
      .table_record_i(table_record_i),
      .clear_valid_i(clear_valid_i),
      .clear_index_i(clear_index_i),
      .expiry_read_valid_i(walk_expiry_read || list_expiry_read),
      .expiry_position_i(walk_expiry_read ? walk_expiry_position : list_expiry_position),
      .expiry_index_o(list_expiry),
      .expiry_length_o(expiry_length),
      .expiry_dirty_valid_i(dirty_valid),
      .expiry_dirty_index_i(dirty_expiry),
      .expiry_dirty_o(dirty),
      .expiry_clean_valid_i(expiry_named && cleaning),
      .expiry_clean_index_i(named_expiry),
      .vol_read_valid_i(walk_vol_read || list_vol_read),
      .vol_position_i(walk_vol_read ? walk_vol_position : list_vol_position),
      .vol_index_o(list_vol),
      .vol_length_o(vol_length),
      .vol_clean_valid_i(vol_named),
      .vol_clean_index_i(named_vol),
      .underlying_read_valid_i(list_underlying_read),
      .underlying_position_i(list_underlying_position),
      .underlying_index_o(list_underlying),
      .underlying_length_o(underlying_length),
      .underlying_clean_valid_i(underlying_named),
      .underlying_clean_index_i(named_underlying)
  );

  instrument_walk #(
      .INSTRUMENTS(INSTRUMENTS),
      .EXPIRIES(EXPIRIES)
  ) u_walk (
      .clk_i(clk_i),
      .rst_ni(rst_ni),
      .start_i(walk_start),
      .all_i(all),
      .instruments_i(model_i.instruments[IW:0]),
      .expiry_length_i(expiry_length),
      .vol_length_i(vol_length),
      .expiry_read_valid_o(walk_expiry_read),
      .expiry_position_o(walk_expiry_position),
      .expiry_index_i(list_expiry),
      .range_valid_o(range_valid_o),
      .range_expiry_o(range_expiry_o),
      .range_any_i(range_any_i),
      .range_first_i(range_first_i),
      .range_last_i(range_last_i),
      .vol_read_valid_o(walk_vol_read),
      .vol_position_o(walk_vol_position),
      .vol_index_i(list_vol),
      .lookup_valid_o(lookup_valid_o),
      .lookup_o(lookup_o),
      .lookup_expiry_i(lookup_expiry_i),
      .dirty_valid_o(dirty_valid),
      .dirty_expiry_o(dirty_expiry),
      .dirty_i(dirty),
      .valid_o(walk_valid),
      .ready_i(copying || (pricing && job_ready_i)),
      .instrument_o(job_instrument_o),
      .busy_o(walk_busy)
  );
  assign job_valid_o = walk_valid && pricing;
  assign copy_valid_o = walk_valid && copying;
  assign copy_instrument_o = job_instrument_o;

  index_walk #(
      .WIDTH(EW)
  ) u_expiries (
      .clk_i(clk_i),
      .rst_ni(rst_ni),
      .start_i(freeze_start || clean_start),
      .all_i(all),
      .count_i(all ? model_i.expiries[EW:0] : expiry_length),
      .list_valid_o(list_expiry_read),
      .list_position_o(list_expiry_position),
      .list_index_i(list_expiry),
      .valid_o(expiry_named),
      .index_o(named_expiry),
      .busy_o(expiries_busy)
  );
  index_walk #(
      .WIDTH(IW)
  ) u_vols (
      .clk_i(clk_i),
      .rst_ni(rst_ni),
      .start_i(freeze_start),
      .all_i(all),
      .count_i(all ? model_i.instruments[IW:0] : vol_length),
      .list_valid_o(list_vol_read),
      .list_position_o(list_vol_position),
      .list_index_i(list_vol),
      .valid_o(vol_named),
      .index_o(named_vol),
      .busy_o(vols_busy)
  );
  index_walk #(
      .WIDTH(UW)
  ) u_underlyings (
      .clk_i(clk_i),
      .rst_ni(rst_ni),
      .start_i(freeze_start),
      .all_i(all),
      .count_i(all ? model_i.underlyings[UW:0] : underlying_length),
      .list_valid_o(list_underlying_read),
      .list_position_o(list_underlying_position),
      .list_index_i(list_underlying),
      .valid_o(underlying_named),
      .index_o(named_underlying),
      .busy_o(underlyings_busy)
  );
  assign freeze_expiry_valid_o = expiry_named && !cleaning;
  assign freeze_expiry_index_o = EXPIRY_W'(named_expiry);
  assign freeze_vol_valid_o = vol_named;
  assign freeze_vol_index_o = INDEX_W'(named_vol);

  live_words #(
      .EXPIRIES(EXPIRIES),
      .UNDERLYINGS(UNDERLYINGS)
  ) u_live (
      .clk_i(clk_i),
      .rst_ni(rst_ni),
      .table_valid_i(table_valid_i),
      .table_record_i(table_record_i),
      .clear_valid_i(clear_valid_i),
      .clear_index_i(clear_index_i),
      .freeze_expiry_valid_i(freeze_expiry_valid_o),
      .freeze_expiry_index_i(freeze_expiry_index_o),
      .freeze_underlying_valid_i(underlying_named),
      .freeze_underlying_index_i(UNDERLYING_W'(named_underlying)),
      .frozen_expiry_valid_o(frozen_expiry_valid_o),
      .frozen_expiry_o(frozen_expiry_o),
      .frozen_underlying_valid_o(frozen_underlying_valid_o),
      .frozen_underlying_o(frozen_underlying_o)
  );
endmodule
`default_nettype wire
