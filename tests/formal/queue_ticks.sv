// tick_queue with tick_store: a tick leaves whole or not at all, and only when it is complete: any two of its records come before the
// same commit, whether it leaves alone or merged with others by the store. Nothing leaves twice, or after the drop, clear or load
// that took it away, but for a tick that is being handed out when a clear comes, which is finished; without these nothing is lost.
// Ticks leave in order, and a commit's number is that of the last tick that it ends. An offered item stays but for a load. Neither
// the queue nor the second queue is written when full (a_held_bounded, a_place_reserved, a_out_has_room), and the store gets what
// store_latest assumes (a_moved_at_rest, a_handed_at_rest).
//
// Marked are: any record (first), any other of its tick (mate), any record of a later tick (later); ticks have their marks as their
// numbers. What comes later has other places than these, so that it replaces none: that is store_latest's part. LINES 16, the least
// there is; 2 instruments, 2 expiries. Assumed of window_check, as proved by window_verdicts: a line is taken with room, or refused;
// its verdict comes 4 cycles later unless a clear comes; nothing is accepted after a refusal until a clear. Of a load: it comes
// between ticks that the tables take, and its clear walk ends before the next line is accepted.
//! read watch/tick_queue watch/tick_store tables/change_list tables/table_memory prim/fifo
//! prove bounded 14
//! elsewhere fifo_stream a_output_held
//! cover 30
//! mutants 20
`default_nettype none
module queue_ticks #(
    parameter bit STORE = 1'b0  // queue_store's covers instead
) (
    input wire       clk_i,
    input wire       rst_ni,
    input wire       clear_i,
    input wire       forget_i,
    input wire       walk_i,
    input wire       walk_index_i,
    input wire       line_i,
    input wire       good_i,
    input wire [1:0] kind_i,           // price, vol, commit
    input wire       index_i,
    input wire       end_i,
    input wire [2:0] pick_i,           // first, mate, later
    input wire       tick_refused_i,
    input wire       ready_i
);
  logic room, open_full, valid, commit, waiting, holding, conflated, merged, put, accept, drop, taken, flush, record;
  logic [511:0] line, item;
  logic [63:0] number;
  logic [3:0] tick;
  logic [2:0] mark;
  logic begun_q = 1'b0;
  logic stopped_q;
  logic [3:0] came_q;
  assign flush = clear_i || forget_i;
  assign taken = line_i && (room || open_full || stopped_q) && !flush;
  assign put = came_q[3];
  assign accept = put && !stopped_q && !flush && !tick_refused_i && good_i && !open_full;
  assign drop = tick_refused_i || (put && !flush && !accept && !stopped_q);
  assign record = kind_i != 2'd2;
  always_comb begin
    line = '0;
    line[511:448] = 64'(tick);
    line[9:8] = mark[1:0];
    case (kind_i)
      2'd0: begin
        line[7:0] = pl_abi_pkg::PL_RECORD_TICK_PRICE;
        line[31:16] = 16'(index_i);
        line[64] = mark[2];
      end
      2'd1: begin
        line[7:0] = pl_abi_pkg::PL_RECORD_TICK_VOL;
        line[95:64] = 32'(index_i);
        line[128] = mark[2];
      end
      default: line[7:0] = pl_abi_pkg::PL_RECORD_TICK_COMMIT;
    endcase
  end
  tick_queue #(
      .INSTRUMENTS(2), .EXPIRIES(2), .LINES(16)
  ) u_queue (
      .clk_i, .rst_ni, .clear_i, .forget_i, .clear_valid_i(walk_i), .clear_index_i(pl_card_pkg::INSTRUMENT_W'(walk_index_i)),
      .room_o(room), .open_full_o(open_full), .taken_i(taken), .put_valid_i(put), .put_accept_i(accept), .put_record_i(record),
      .put_end_i(end_i), .put_line_i(line), .drop_i(drop), .window_valid_o(valid), .window_ready_i(ready_i),
      .window_record_o(item), .window_commit_o(commit), .window_tick_o(number), .waiting_o(waiting), .holding_o(holding),
      .conflated_o(conflated), .merged_o(merged)
  );

  // What came: 0 first, 1 mate, 2 later.
  logic [2:0] marked_q, complete_q, gone_q, left_q, now_q, offered, seen;  // gone: taken away; now: left since the last commit
  logic [1:0] place, place_0_q, place_1_q, place_2_q, walked_q;
  logic first_open_q, later_open_q;  // the open tick is theirs
  logic completes, leaves, ended, between_q;
  logic merged_q;
  logic cleared_q;  // since the first one's tick was complete
  assign place = {kind_i[0], index_i};
  // A pick counts on a record: the first one at any time, its mate in its tick, the later one after it.
  assign mark[0] = accept && record && pick_i == 3'd1 && !marked_q[0];
  assign mark[1] = accept && record && pick_i == 3'd2 && first_open_q && !marked_q[1];
  assign mark[2] = accept && record && pick_i == 3'd4 && complete_q[0] && !marked_q[2];
  assign completes = accept && end_i;
  // 0: the first one's tick, 1: the later one's; 2, 3: after the first, the later one's
  assign tick = end_i ? {complete_q[2], complete_q[0], mark[2] || later_open_q, mark[0] || first_open_q} : '0;
  assign leaves = valid && ready_i;
  assign offered = valid && !commit ? {item[7:0] == pl_abi_pkg::PL_RECORD_TICK_VOL ? item[128] : item[64], item[9:8]} : '0;
  assign seen = now_q | offered;
  assign ended = leaves && commit;
  always_comb begin
    assume (begun_q || !rst_ni);
    assume (kind_i != 2'd3 && !(kind_i == 2'd2 && !end_i));
    if (rst_ni && begun_q) begin
      if (accept) assume (walked_q == '1);
      if (accept && record) begin
        assume (!(marked_q[0] && place == place_0_q) && !(marked_q[1] && place == place_1_q));
        assume (!(marked_q[2] && place == place_2_q));
      end
      if (walk_i) assume (walked_q != '1 && !forget_i);
      if (forget_i) assume (between_q);
    end
  end
  always_ff @(posedge clk_i) begin
    begun_q <= 1'b1;
    if (mark[0]) place_0_q <= place;
    if (mark[1]) place_1_q <= place;
    if (mark[2]) place_2_q <= place;
    if (!rst_ni) begin
      came_q <= '0;
      stopped_q <= 1'b0;
      walked_q <= '0;
      marked_q <= '0;
      complete_q <= '0;
      gone_q <= '0;
      left_q <= '0;
      now_q <= '0;
      first_open_q <= 1'b0;
      later_open_q <= 1'b0;
      between_q <= 1'b1;
      cleared_q <= 1'b0;
      merged_q <= 1'b0;
    end else begin
      came_q <= flush ? '0 : {came_q[2:0], taken};
      stopped_q <= drop || (flush ? forget_i && holding : stopped_q);
      walked_q <= forget_i ? '0 : walked_q | {walk_i && walk_index_i, walk_i && !walk_index_i};
      marked_q <= marked_q | mark;
      first_open_q <= (first_open_q || mark[0]) && !completes && !drop && !flush;
      later_open_q <= (later_open_q || mark[2]) && !completes && !drop && !flush;
      if (completes) complete_q <= complete_q | ((marked_q | mark) & ~gone_q);
      if (forget_i) gone_q <= marked_q | gone_q;
      else if (drop || clear_i) gone_q <= gone_q | (marked_q & ~complete_q);
      if (leaves && !commit) left_q <= left_q | offered;
      now_q <= ended ? '0 : leaves ? seen : now_q;
      merged_q <= merged_q || merged;
      cleared_q <= cleared_q || (clear_i && complete_q[0]);
      between_q <= !valid || !ready_i ? between_q : commit;
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni && begun_q && $past(rst_ni)) begin
      a_once: assert ((offered & (left_q | gone_q)) == '0);
      a_complete: assert ((offered & ~complete_q) == '0);
      if (ended && marked_q[1]) a_whole: assert (now_q[0] == now_q[1]);
      if (ended && now_q[2] && !gone_q[0] && !cleared_q) a_in_order: assert (left_q[0]);
      if (ended && now_q[0]) a_number_first: assert (number[0] || number[2]);
      if (ended && !left_q[0] && !gone_q[0] && !cleared_q) a_number_before: assert (!number[0] && !number[2]);
      if (ended && now_q[2]) a_number_later: assert (number[1] || number[3]);
      if (ended && number[0]) a_number_own: assert (now_q[0] && !now_q[2]);
      if (!waiting && complete_q[0] && !gone_q[0] && !cleared_q) a_nothing_lost: assert (left_q[0]);
      if ($past(valid && !ready_i && !forget_i) && !forget_i) begin
        a_offer_held: assert (valid && $stable({item[128], item[64], item[9:0], commit, number[3:0]}));
      end
    end
  end

  if (STORE) begin : g_store
    logic stored_q;  // the first one left by the store: under a later tick's number
    always_ff @(posedge clk_i) stored_q <= rst_ni && (stored_q || (ended && now_q[0] && number[2]));
    always_ff @(posedge clk_i) begin
      if (rst_ni && begun_q && $past(rst_ni)) begin
        c_merged: cover (ended && now_q == 3'b111 && number[1] && merged_q);
        c_kept: cover (ended && now_q == 3'b011 && number[2] && !number[0] && merged_q);
        c_behind: cover (ended && now_q == 3'b100 && left_q == 3'b111 && stored_q);
      end
    end
  end else begin : g_queue
    always_ff @(posedge clk_i) begin
      if (rst_ni && begun_q && $past(rst_ni)) begin
        c_alone: cover (ended && now_q == 3'b011 && number[0]);
        c_finished: cover (ended && now_q == 3'b011 && cleared_q);
        c_open_full: cover (drop && open_full && !tick_refused_i);
        c_later: cover (ended && now_q == 3'b100 && left_q == 3'b111);
      end
    end
  end
endmodule
`default_nettype wire
