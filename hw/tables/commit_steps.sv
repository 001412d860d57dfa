// The parts of a commit and its flip, wired: whose turn it is (table_turns), the controls (commit, commit_flip), what changed
// (tick_lists), the walks over it, and live_words.
//
// Latencies and order of the steps: commit, commit_flip; the window's and the ring's turns: table_turns. From a window's record to
// the job of its only instrument: 4 cycles, if its commit is offered right behind it. lookup_* and range_* are reads of
// table_finish, 1 cycle each; watched_lookup_* one of the watched set. The range of a tick's first expiry is read when its record
// comes. No errors but a commit's status. Mirrors pl_tables_commit and the marking in tick_*() of tables.c.
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
    input  wire                             window_valid_i,
    input  wire                             window_waiting_i,
    output logic                            window_ready_o,
    input  wire                             window_commit_i,
    input  wire  [                    63:0] window_tick_i,
    output logic                            window_record_o,  // pulse: a record is taken
    output logic                            window_refused_o,
    output logic [                     7:0] window_refused_status_o,
    input  wire                             ring_request_i,
    output logic                            ring_grant_o,
    input  wire                             record_start_i,
    input  wire                             record_some_i,
    input  wire                             record_abort_i,
    input  wire                             record_done_i,
    input  wire  [                     7:0] record_status_i,
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

  // Turns
  logic window_start, window_done, commit_accepted, commit_idle, commit_ended, flip_allowed, flip_stuck;
  logic flip_add, flip_waiting, flip_busy, sweep_running;
  table_turns u_turns (
      .clk_i(clk_i),
      .rst_ni(rst_ni),
      .window_valid_i(window_valid_i),
      .window_waiting_i(window_waiting_i),
      .window_ready_o(window_ready_o),
      .window_commit_i(window_commit_i),
      .window_record_o(window_record_o),
      .window_start_o(window_start),
      .window_done_i(window_done),
      .ring_request_i(ring_request_i),
      .ring_grant_o(ring_grant_o),
      .record_start_i(record_start_i),
      .record_some_i(record_some_i),
      .record_abort_i(record_abort_i),
      .record_done_i(record_done_i),
      .record_status_i(record_status_i),
      .commit_done_i(commit_done_o),
      .commit_status_i(commit_status_o),
      .load_started_i(load_started_i),
      .table_valid_i(table_valid_i),
      .commit_accepted_i(commit_accepted),
      .commit_idle_i(commit_idle),
      .commit_ended_i(commit_ended),
      .flip_waiting_i(flip_waiting),
      .flip_busy_i(flip_busy),
      .sweep_running_i(sweep_running),
      .watch_busy_i(watch_busy_i),
      .allowed_o(flip_allowed),
      .stuck_o(flip_stuck)
  );

  // Controls
  logic price_all, filter, wanted, price_walk_start, walk_first, pricing, commit_clean_start, commit_restart;
  logic flip_all, copy_walk_start, freeze_start, flip_clean_start, cleaning, flip_restart;
  logic walk_busy, walk_valid, expiries_busy, vols_busy, underlyings_busy;
  commit u_commit (
      .clk_i(clk_i),
      .rst_ni(rst_ni),
      .commit_start_i(commit_start_i),
      .commit_tick_i(commit_tick_i),
      .commit_done_o(commit_done_o),
      .commit_status_o(commit_status_o),
      .window_start_i(window_start),
      .window_tick_i(window_tick_i),
      .window_done_o(window_done),
      .refused_o(window_refused_o),
      .refused_status_o(window_refused_status_o),
      .load_started_i(load_started_i),
      .loaded_i(loaded_i),
      .accepted_o(commit_accepted),
      .idle_o(commit_idle),
      .ended_o(commit_ended),
      .live_tick_o(live_tick_o),
      .live_ready_o(live_ready_o),
      .watching_i(watching_i),
      .watched_hold_o(watched_hold_o),
      .watch_busy_i(watch_busy_i),
      .engine_idle_i(engine_idle_i),
      .all_o(price_all),
      .filter_o(filter),
      .wanted_o(wanted),
      .walk_start_o(price_walk_start),
      .walk_first_o(walk_first),
      .walk_busy_i(walk_busy),
      .pricing_o(pricing),
      .clean_start_o(commit_clean_start),
      .clean_busy_i(expiries_busy || vols_busy),
      .restart_o(commit_restart),
      .flip_add_o(flip_add),
      .flip_waiting_i(flip_waiting),
      .flip_busy_i(flip_busy),
      .sweep_running_i(sweep_running)
  );
  commit_flip u_flip (
      .clk_i(clk_i),
      .rst_ni(rst_ni),
      .add_i(flip_add),
      .allowed_i(flip_allowed),
      .stuck_i(flip_stuck),
      .live_tick_i(live_tick_o),
      .load_started_i(load_started_i),
      .watch_busy_i(watch_busy_i),
      .sweep_request_i(sweep_request_i),
      .commit_busy_i(!commit_idle),
      .sweep_grant_o(sweep_grant_o),
      .sweep_running_o(sweep_running),
      .waiting_o(flip_waiting),
      .busy_o(flip_busy),
      .committed_o(committed_o),
      .tick_o(tick_o),
      .bank_o(bank_o),
      .all_o(flip_all),
      .freeze_start_o(freeze_start),
      .walk_start_o(copy_walk_start),
      .clean_start_o(flip_clean_start),
      .cleaning_o(cleaning),
      .walk_busy_i(walk_busy),
      .index_busy_i(expiries_busy || vols_busy || underlyings_busy),
      .restart_o(flip_restart)
  );

  // Lists: the walks take turns at them.
  logic [EW:0] expiry_length;
  logic [IW:0] vol_length;
  logic [UW:0] underlying_length;
  logic walk_expiry_read, list_expiry_read, walk_vol_read, list_vol_read, list_underlying_read, dirty_valid, dirty;
  logic [EW-1:0] walk_expiry_position, list_expiry_position, list_expiry, named_expiry, dirty_expiry;
  logic [IW-1:0] walk_vol_position, list_vol_position, list_vol, named_vol;
  logic [UW-1:0] list_underlying_position, list_underlying, named_underlying;
  logic expiry_named, vol_named, underlying_named, first_expiry_valid, walk_range_valid, walk_watched_valid;
  logic [EW-1:0] first_expiry, walk_range;
  logic [IW-1:0] first_vol;
  tick_lists #(
      .INSTRUMENTS(INSTRUMENTS),
      .EXPIRIES(EXPIRIES),
      .UNDERLYINGS(UNDERLYINGS)
  ) u_lists (
      .clk_i(clk_i),
      .rst_ni(rst_ni),
      .flip_i(flip_busy),
      .restart_i(commit_restart || flip_restart),
      .restart_all_i(load_started_i),
      .table_valid_i(table_valid_i),
      .table_record_i(table_record_i),
      .clear_valid_i(clear_valid_i),
      .clear_index_i(clear_index_i),
      .first_expiry_valid_o(first_expiry_valid),
      .first_expiry_o(first_expiry),
      .first_vol_o(first_vol),
      .expiry_read_valid_i(walk_expiry_read || list_expiry_read),
      .expiry_position_i(walk_expiry_read ? walk_expiry_position : list_expiry_position),
      .expiry_index_o(list_expiry),
      .expiry_length_o(expiry_length),
      .expiry_dirty_valid_i(dirty_valid),
      .expiry_dirty_index_i(dirty_expiry),
      .expiry_dirty_o(dirty),
      .expiry_clean_valid_i(expiry_named && (cleaning || !flip_busy)),
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
      .start_i(price_walk_start || copy_walk_start),
      .all_i(flip_busy ? flip_all : price_all),
      .first_i(walk_first && !flip_busy),
      .filter_i(filter && !flip_busy),
      .wanted_i(wanted),
      .instruments_i(model_i.instruments[IW:0]),
      .expiry_length_i(expiry_length),
      .vol_length_i(vol_length),
      .first_vol_i(first_vol),
      .expiry_read_valid_o(walk_expiry_read),
      .expiry_position_o(walk_expiry_position),
      .expiry_index_i(list_expiry),
      .range_valid_o(walk_range_valid),
      .range_expiry_o(walk_range),
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
      .watched_valid_o(walk_watched_valid),
      .watched_o(watched_lookup_o),
      .watched_i(watched_i),
      .valid_o(walk_valid),
      .ready_i(flip_busy || job_ready_i),
      .instrument_o(job_instrument_o),
      .busy_o(walk_busy)
  );
  assign job_valid_o = walk_valid && pricing;
  assign copy_valid_o = walk_valid && flip_busy;
  assign copy_instrument_o = job_instrument_o;
  assign watched_lookup_valid_o = walk_watched_valid && filter && !flip_busy;
  assign range_valid_o = walk_range_valid || first_expiry_valid;
  assign range_expiry_o = first_expiry_valid ? first_expiry : walk_range;

  // A commit's walks take marks away; a flip's freeze, and those of vols and underlyings take marks away.
  logic all_named;
  assign all_named = flip_busy && flip_all;
  index_walk #(
      .WIDTH(EW)
  ) u_expiries (
      .clk_i(clk_i),
      .rst_ni(rst_ni),
      .start_i(freeze_start || flip_clean_start || commit_clean_start),
      .all_i(all_named),
      .count_i(all_named ? model_i.expiries[EW:0] : expiry_length),
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
      .start_i(freeze_start || commit_clean_start),
      .all_i(all_named),
      .count_i(all_named ? model_i.instruments[IW:0] : vol_length),
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
      .all_i(all_named),
      .count_i(all_named ? model_i.underlyings[UW:0] : underlying_length),
      .list_valid_o(list_underlying_read),
      .list_position_o(list_underlying_position),
      .list_index_i(list_underlying),
      .valid_o(underlying_named),
      .index_o(named_underlying),
      .busy_o(underlyings_busy)
  );
  assign freeze_expiry_valid_o = expiry_named && flip_busy && !cleaning;
  assign freeze_expiry_index_o = EXPIRY_W'(named_expiry);
  assign freeze_vol_valid_o = vol_named && flip_busy;
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
