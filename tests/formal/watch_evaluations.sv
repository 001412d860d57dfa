// commit, watch_run and watch_ring: each commit with a watched set asks for one evaluation, and each that is asked for is started or
// counted as dropped, soon, unless lanes are being cleared. It is dropped just when the watch ring has no room for all of its lines,
// what the host gave back counted; so no line that the host has not given back is written over, and nothing is lost without being
// told. The n-th line since the ring was set up goes to place n mod entries; what the host says it has read is refused when it cannot
// be. A clear ends an evaluation; with status RESET it is asked for again. The set is the same from a commit's first look at it to
// the end of the evaluation: it may change only while neither the commit nor the evaluation holds it. Each end is told once what was
// written before is answered; several may share one.
//
// Rings of 0..16 lines, set up anew at any time, sets of 0..3 accounts (1..7 lines), totals of the host that go back, or on by up to
// 15 or by 2^31. Of the collector: it writes lines up to the most, one per cycle, then ends. Of a load: not during a commit. Of the
// host: one report every third cycle at most.
//! read watch/watch_run watch/watch_ring tables/commit
//! prove bounded 20
//! also smt 6
//! cover 30
//! mutants 26
`default_nettype none
module watch_evaluations (
    input wire       clk_i,
    input wire       rst_ni,
    input wire       commit_i,
    input wire [1:0] tick_i,
    input wire       walk_end_i,
    input wire       engine_idle_i,
    input wire       cleaned_i,
    input wire       flipped_i,
    input wire       clear_i,
    input wire       change_i,         // the set
    input wire       load_i,
    input wire       watching_i,
    input wire [1:0] accounts_i,
    input wire       reading_i,        // lines of the set
    input wire       restart_i,        // the ring
    input wire [2:0] size_i,
    input wire       consumed_i,
    input wire       back_i,           // a total that goes back
    input wire       far_i,
    input wire [3:0] advance_i,
    input wire       write_i,
    input wire       done_i,
    input wire       status_i,
    input wire       answered_i
);
  logic idle, live_ready, hold, walk_start, clean_start, busy, read_abort, ring_error, start, collector_end, collector_clear, mark;
  logic ran, dropped, written;
  logic [63:0] live_tick, tick, address, most, first, last;
  logic begun_q = 1'b0;
  logic walking_q, cleaning_q, watching_q, running_q, counting_q, asked_q, again_q, due_q, marked_q, stop_q;
  logic [1:0] accounts_q, set_q, held_set_q;  // set: number of the set in force; at the commit's first look
  logic idle_q;
  logic [2:0] size_q;
  logic [3:0] lines_q;
  logic [3:0] waited_q;
  logic [31:0] done_q, consumed_q, total, total_q, written_now, written_1_q, written_2_q, written_3_q;
  logic [1:0] report_q;
  logic [12:0] entries, entries_now;  // a restart brings new ones with it
  logic [7:0] status;
  assign entries = size_q == 3'd7 ? '0 : 13'd1 << size_q;
  assign entries_now = !restart_i ? entries : size_i == 3'd7 ? '0 : 13'd1 << size_i;
  assign status = status_i ? pl_abi_pkg::PL_STATUS_RESET : pl_abi_pkg::PL_STATUS_OK;
  assign total = consumed_q + (back_i ? 32'd0 - 32'(advance_i) : {far_i, 27'b0, advance_i});
  assign written_now = done_q + (counting_q ? 32'(lines_q) : '0);
  commit u_commit (
      .clk_i, .rst_ni, .commit_start_i(commit_i), .commit_tick_i({62'b0, tick_i}), .commit_done_o(), .commit_status_o(),
      .window_start_i(1'b0), .window_tick_i('0), .window_done_o(), .refused_o(), .refused_status_o(), .load_started_i(load_i),
      .loaded_i(1'b1), .accepted_o(), .idle_o(idle), .ended_o(), .live_tick_o(live_tick), .live_ready_o(live_ready),
      .watching_i(watching_q), .watched_hold_o(hold), .watch_busy_i(busy), .engine_idle_i, .all_o(), .filter_o(), .wanted_o(),
      .walk_start_o(walk_start), .walk_first_o(), .walk_busy_i(walking_q), .pricing_o(), .clean_start_o(clean_start),
      .clean_busy_i(cleaning_q), .restart_o(), .flip_add_o(), .flip_waiting_i(!flipped_i), .flip_busy_i(1'b0), .sweep_running_i(1'b0)
  );
  watch_run u_run (
      .clk_i, .rst_ni, .live_ready_i(live_ready), .live_tick_i(live_tick), .busy_o(busy), .clear_i, .watching_i(watching_q),
      .accounts_i(11'(accounts_q)), .read_busy_i(reading_i), .read_abort_o(read_abort), .ring_base_i(64'h140), .ring_entries_i(entries_now),
      .ring_restart_i(restart_i), .consumed_valid_i(consumed_i), .consumed_total_i(total), .ring_error_o(ring_error), .start_o(start),
      .tick_o(tick), .address_o(address), .lines_o(most), .ring_first_o(first), .ring_last_o(last), .collector_end_o(collector_end),
      .collector_clear_o(collector_clear), .done_i, .status_i(status), .lines_i(64'(lines_q)), .write_mark_o(mark),
      .write_reached_i(answered_i), .ran_o(ran), .dropped_o(dropped), .written_o(written)
  );

  always_comb begin
    assume (begun_q || !rst_ni);
    assume (size_i <= 3'd4 || size_i == 3'd7);
    if (begun_q && rst_ni) begin
      if (commit_i) assume (idle && !busy);
      if (load_i) assume (idle && !commit_i);
      if (change_i) assume (!hold && !busy);
      if (done_i) assume (running_q);
      if (write_i) assume (running_q && !done_i && 64'(lines_q) < 64'({accounts_q, 1'b1}));
      if (consumed_i) assume (report_q == '0);
    end
  end
  always_ff @(posedge clk_i) begin
    begun_q <= 1'b1;
    idle_q <= idle;
    if (hold && idle_q) held_set_q <= set_q;
    if (restart_i || !rst_ni) size_q <= size_i;
    {written_3_q, written_2_q, written_1_q} <= {written_2_q, written_1_q, written_now};
    total_q <= consumed_i ? total : total_q;
    if (!rst_ni) begin
      walking_q <= 1'b0;
      cleaning_q <= 1'b0;
      watching_q <= 1'b0;
      running_q <= 1'b0;
      asked_q <= 1'b0;
      again_q <= 1'b0;
      stop_q <= 1'b0;
      due_q <= 1'b0;
      marked_q <= 1'b0;
      set_q <= '0;
      waited_q <= '0;
      lines_q <= '0;
    end else begin
      walking_q <= walk_start || (walking_q && !walk_end_i);
      cleaning_q <= clean_start || (cleaning_q && !cleaned_i);
      watching_q <= change_i ? watching_i && !load_i : watching_q && !load_i;
      if (change_i) accounts_q <= accounts_i;
      if (change_i) set_q <= set_q + 1'b1;
      running_q <= start || (running_q && !done_i);
      stop_q <= (running_q || start) && !done_i && (stop_q || clear_i);
      if (start) lines_q <= '0;
      else if (write_i) lines_q <= lines_q + 1'b1;
      asked_q <= watching_q && ((live_ready && !busy) || (collector_clear && again_q) || (asked_q && !start && !dropped));
      if (done_i) again_q <= collector_end && status_i;
      waited_q <= asked_q && !clear_i && !restart_i && !consumed_i && report_q == '0 && !start && !dropped ? waited_q + 1'b1 : '0;
      due_q <= done_i || (due_q && !mark);
      marked_q <= mark || (marked_q && !answered_i);
    end
    if (!rst_ni || restart_i) begin
      counting_q <= 1'b0;
      done_q <= '0;
      consumed_q <= '0;
      report_q <= '0;
      {written_3_q, written_2_q, written_1_q} <= '0;
    end else begin
      counting_q <= start || (counting_q && !done_i);
      if (counting_q && done_i) done_q <= written_now;
      report_q <= {report_q[0], consumed_i};
      if (report_q[1] && !ring_error) consumed_q <= total_q;
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni && begun_q && $past(rst_ni)) begin
      // asked for
      if (live_ready && watching_q) a_not_forgotten: assert (!busy);
      a_outcome_asked: assert (!(start || dropped) || (asked_q && !(start && dropped)));
      if (start || dropped) a_not_while_clearing: assert ($past(!clear_i));
      a_busy: assert (busy || dropped || !(asked_q || running_q));
      a_soon: assert (waited_q <= 4'd8);
      if (start) a_tick: assert (tick == live_tick);
      // room
      if (start) a_room: assert (32'(most) <= 32'(entries) - (written_now - consumed_q));
      if (dropped) a_dropped_for_room: assert (32'({accounts_q, 1'b1}) > 32'(entries) - (written_now - consumed_q));
      a_never_over: assert (written_now - consumed_q <= 32'(entries));
      if (start) a_place: assert (address[63:6] == 58'd5 + 58'(done_q[3:0] & 4'(entries - 1'b1)));
      if (start) a_ends: assert (first[63:6] == 58'd5 && last[63:6] == 58'd4 + 58'(entries));
      // what the host says
      if (report_q[1] && !ring_error) a_not_ahead: assert (total_q - consumed_q <= $past(written_now));
      if (ring_error) a_error_right: assert (report_q[1] && total_q - consumed_q > written_3_q - consumed_q);
      // the set
      if (live_ready) a_held_until_asked: assert (hold);
      if (start) a_same_set: assert (set_q == held_set_q && most == 64'({accounts_q, 1'b1}));
      // clear and end
      if ($past((running_q || start) && clear_i && !done_i)) a_stops: assert (collector_end);
      if (collector_end) a_stop_only: assert (stop_q);
      a_ran: assert (ran == $past(done_i));
      if (due_q && !marked_q) a_marked: assert (mark);
      if (mark) a_mark_due: assert (due_q && !marked_q);
      a_told: assert (written == $past(marked_q && answered_i));
      c_wrapped: cover (start && done_q == 32'd1 && entries == 13'd1 && address[63:6] == 58'd5);
      c_dropped: cover (dropped && entries == 13'd4 && done_q == 32'd3 && consumed_q == 32'd1);
      c_none: cover (dropped && entries == '0);
      c_again: cover (start && again_q && done_q == 32'd1 && $past(collector_clear, 3));
      c_refused: cover (ring_error && done_q == 32'd1 && !back_i);
      c_shared: cover (written && ran && due_q && !$past(due_q));
    end
  end
endmodule
`default_nettype wire
