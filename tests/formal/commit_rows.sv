// commit, commit_flip and row_store together: a word of a row, as sweeps read it, changes by a flip only and then to what was
// written for it since the last flip; a flip before which nothing was written for it leaves it as it was, though it changes the
// bank. It never changes while a sweep runs, so a sweep sees all of a tick or nothing.
//
// Any one instrument and one column are watched. Commits come from the ring and from the window, with several before a flip.
// Assumed of the card (docs/card.md): rows are written only while the row engine is not idle, which begins at most 2 cycles after a
// job; the copying names each row that was written; commits come as table_turns lets them; reads come only within sweeps, and are
// answered before their sweep's end. 2 instruments, 1 scenario, small profile, a value of 1 bit; ECC is in between. Both ports read.
// No watched set: no reads of the live bank, one pass of pricing.
//! read tables/commit tables/commit_flip sweep/row_store sweep/row_column
//! prove pdr
//! bounded 50 a_word_0 a_word_1
//! cover 60
//! mutants 50
`default_nettype none
module commit_rows (
    input wire       clk_i,
    input wire       rst_ni,
    input wire       commit_start_i,
    input wire       window_i,          // by the window
    input wire       loaded_i,
    input wire [1:0] tick_i,
    input wire       walk_i,            // the walk names an instrument
    input wire       instrument_i,
    input wire       walk_end_i,
    input wire       freeze_end_i,
    input wire       engine_busy_i,
    input wire       write_i,
    input wire       value_i,
    input wire       sweep_i,
    input wire [1:0] read_valid_i,
    input wire [1:0] read_instrument_i
);
  logic commit_done, committed, bank, price_start, pricing, copy_start, freeze_start, commit_clean, flip_clean, idle, ended;
  logic window_done, accepted_tick, live_ready, hold, all, filter, wanted, walk_first, restart, refused;
  logic flip_add, flip_waiting, flip_busy, flip_all, cleaning, flip_restart, sweep_grant, sweep_running;
  logic [7:0] commit_status, refused_status;
  logic [63:0] tick, live_tick;
  logic walking_q, copying_q, indexing_q;
  commit u_commit (
      .clk_i, .rst_ni, .commit_start_i(commit_start_i && !window_i), .commit_tick_i({62'b0, tick_i}), .commit_done_o(commit_done),
      .commit_status_o(commit_status), .window_start_i(commit_start_i && window_i), .window_tick_i({62'b0, tick_i}),
      .window_done_o(window_done), .refused_o(refused), .refused_status_o(refused_status), .load_started_i(1'b0), .loaded_i,
      .accepted_o(accepted_tick), .idle_o(idle), .ended_o(ended), .live_tick_o(live_tick), .live_ready_o(live_ready),
      .watching_i(1'b0), .watched_hold_o(hold), .watch_busy_i(1'b0), .engine_idle_i(!engine_busy_i && !row_waits), .all_o(all),
      .filter_o(filter), .wanted_o(wanted), .walk_start_o(price_start), .walk_first_o(walk_first), .walk_busy_i(walking_q),
      .pricing_o(pricing), .clean_start_o(commit_clean), .clean_busy_i(indexing_q), .restart_o(restart), .flip_add_o(flip_add),
      .flip_waiting_i(flip_waiting), .flip_busy_i(flip_busy), .sweep_running_i(sweep_running)
  );
  commit_flip u_flip (
      .clk_i, .rst_ni, .add_i(flip_add), .allowed_i(ended || idle), .stuck_i(1'b0), .live_tick_i(live_tick), .load_started_i(1'b0),
      .watch_busy_i(1'b0), .sweep_request_i(sweep_i), .commit_busy_i(!idle), .sweep_grant_o(sweep_grant),
      .sweep_running_o(sweep_running), .waiting_o(flip_waiting), .busy_o(flip_busy), .committed_o(committed), .tick_o(tick),
      .bank_o(bank), .all_o(flip_all), .freeze_start_o(freeze_start), .walk_start_o(copy_start), .clean_start_o(flip_clean),
      .cleaning_o(cleaning), .walk_busy_i(walking_q), .index_busy_i(indexing_q), .restart_o(flip_restart)
  );

  localparam int unsigned COLUMN = 32'(pl_abi_pkg::PL_ROW_WORD_ORDER_NAKED);
  localparam int unsigned ROW_W = 1 + 32'(pl_abi_pkg::PL_ROW_BITS_SMALL);
  localparam int unsigned PORT_W = (COLUMN + 1) * ROW_W;
  logic [1:0] read_ready, valid, corrected, uncorrectable, answer;
  logic [2*pl_card_pkg::ROW_META_W-1:0] meta;
  logic [2*PORT_W-1:0] row;
  logic write, copy, row_waits;
  row_store #(
      .PROFILE(2), .SCENARIOS(1), .INSTRUMENTS(2)
  ) u_store (
      .clk_i, .rst_ni, .bank_i(bank), .write_a_valid_i(write), .write_a_instrument_i({23'b0, instrument_i}),
      .write_a_column_i(6'(COLUMN)), .write_a_value_i({63'b0, value_i}), .write_b_valid_i(1'b0), .write_b_instrument_i('0),
      .write_b_column_i('0), .write_b_value_i('0), .copy_valid_i(copy), .copy_instrument_i({23'b0, instrument_i}), .inject_i(2'b0),
      .read_valid_i, .read_live_i(2'b0), .read_ready_o(read_ready), .read_instrument_i({23'b0, read_instrument_i[1], 23'b0, read_instrument_i[0]}),
      .valid_o(valid), .meta_o(meta), .row_o(row), .corrected_o(corrected), .uncorrectable_o(uncorrectable),
      .busy_o(row_waits)
  );
  assign answer = {row[PORT_W+(COLUMN-1)*ROW_W], row[(COLUMN-1)*ROW_W]};

  (* anyconst *) logic watched;  // instrument
  logic begun_q = 1'b0;
  logic running_q, busy_q, bank_q, written_q, copied_q, known_q, word_q, new_q, known, word;
  logic [1:0] job_q;  // in the last cycles
  logic [1:0] accepted, reads_1_q, reads_2_q, reads_3_q;  // of the watched row, by port
  logic [1:0] any_1_q, any_2_q, any_3_q;
  assign write = write_i && engine_busy_i;
  assign copy = copying_q && walk_i;
  // The flip makes what was written the row's word.
  assign known = known_q || (bank != bank_q && written_q);
  assign word = bank != bank_q && written_q ? new_q : word_q;
  assign accepted = read_valid_i & read_ready & {read_instrument_i[1] == watched, read_instrument_i[0] == watched};

  always_comb begin
    assume (begun_q || !rst_ni);
    if (begun_q && rst_ni) begin
      assume (!commit_start_i || (idle && !flip_busy && (!flip_waiting || sweep_running)));
      assume (!engine_busy_i || busy_q || job_q != '0);
      assume (!(copying_q && walk_end_i) || copied_q == written_q);
      assume (!(copy && instrument_i == watched) || (written_q && !copied_q));
      assume (read_valid_i == '0 || sweep_running);
      assume (sweep_i || !running_q || (read_valid_i & read_ready | any_1_q | any_2_q | any_3_q) == '0);
    end
  end
  always_ff @(posedge clk_i) begin
    begun_q <= 1'b1;
    bank_q <= bank;
    known_q <= rst_ni && known;
    word_q <= word;
    if (!rst_ni) begin
      running_q <= 1'b0;
      walking_q <= 1'b0;
      copying_q <= 1'b0;
      indexing_q <= 1'b0;
      busy_q <= 1'b0;
      job_q <= '0;
      written_q <= 1'b0;
      copied_q <= 1'b0;
      reads_1_q <= '0;
      reads_2_q <= '0;
      reads_3_q <= '0;
      any_1_q <= '0;
      any_2_q <= '0;
      any_3_q <= '0;
      bank_q <= 1'b0;
    end else begin
      running_q <= sweep_running;
      walking_q <= price_start || copy_start || (walking_q && !walk_end_i);
      copying_q <= copy_start || (copying_q && !walk_end_i);
      indexing_q <= freeze_start || commit_clean || flip_clean || (indexing_q && !freeze_end_i);
      busy_q <= engine_busy_i;
      job_q <= {job_q[0], pricing && walking_q && walk_i};
      if (write && instrument_i == watched) begin
        written_q <= 1'b1;
        new_q <= value_i;
      end
      if (copy && instrument_i == watched) copied_q <= 1'b1;
      if (flip_restart) begin
        written_q <= 1'b0;
        copied_q <= 1'b0;
      end
      {reads_3_q, reads_2_q, reads_1_q} <= {reads_2_q, reads_1_q, accepted};
      {any_3_q, any_2_q, any_1_q} <= {any_2_q, any_1_q, read_valid_i & read_ready};
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni && begun_q && $past(rst_ni)) begin
      a_answered: assert (valid == any_3_q);
      if (known_q && reads_3_q[0]) a_word_0: assert (answer[0] == $past(word, 3));
      if (known_q && reads_3_q[1]) a_word_1: assert (answer[1] == $past(word, 3));
      a_flip_between_sweeps: assert (bank == bank_q || (any_1_q | any_2_q | any_3_q) == '0);
      a_engine_done: assert (bank == bank_q || !busy_q);
      c_second: cover (reads_3_q == 2'b10 && known_q && word_q && tick[1:0] == 2'd2 && committed);
      c_kept: cover (reads_3_q == 2'b01 && known_q && word_q && !new_q && tick[1:0] == 2'd1 && written_q);
      c_swept: cover (sweep_running && written_q && accepted[0] && known_q && tick[1:0] == 2'd1 && flip_waiting && pricing);
    end
  end
endmodule
`default_nettype wire
