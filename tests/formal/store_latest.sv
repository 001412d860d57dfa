// tick_store: of each instrument and each expiry that was moved in, the record moved last leaves, once, with the number of the last
// tick, prices before vols, and nothing else; every record that replaces one and every tick that joins another is counted, in its
// cycle. A clear or a load leaves nothing, but a tick that is being handed out is finished by a clear. A handing ends, and waits for
// room with at most 3 lines to come.
//
// 2 instruments, 2 expiries, records with 1 bit of their first word and a flag; any one place is watched for its record, all for who
// is there. Assumed of tick_queue (proved or asserted there): moves at most every second cycle, not while busy, nor with a clear; a
// handing between ticks only. Of a load: the clear walk takes all marks away before the next move, as before the first.
//! read watch/tick_store tables/change_list tables/table_memory
//! prove pdr
//! also smt 8
//! cover 24
`default_nettype none
module store_latest (
    input wire       clk_i,
    input wire       rst_ni,
    input wire       clear_i,
    input wire       forget_i,
    input wire       walk_i,
    input wire       walk_index_i,
    input wire       move_i,
    input wire       end_i,
    input wire [1:0] kind_i,   // price, vol, commit
    input wire       index_i,
    input wire [1:0] word_i,   // a flag and a bit
    input wire [1:0] tick_i,
    input wire       hand_i,
    input wire       room_i
);
  logic any, busy, valid, record, ends, conflated, merged;
  logic [511:0] line, moved;
  always_comb begin
    moved = '0;
    moved[511:448] = 64'(tick_i);
    moved[15:8] = 8'(word_i[1]);
    case (kind_i)
      2'd0: begin
        moved[7:0] = pl_abi_pkg::PL_RECORD_TICK_PRICE;
        moved[31:16] = 16'(index_i);
        moved[64] = word_i[0];
      end
      2'd1: begin
        moved[7:0] = pl_abi_pkg::PL_RECORD_TICK_VOL;
        moved[95:64] = 32'(index_i);
        moved[128] = word_i[0];
      end
      default: moved[7:0] = pl_abi_pkg::PL_RECORD_TICK_COMMIT;
    endcase
  end
  tick_store #(
      .INSTRUMENTS(2), .EXPIRIES(2)
  ) u_store (
      .clk_i, .rst_ni, .clear_i, .forget_i, .clear_valid_i(walk_i), .clear_index_i(pl_card_pkg::INSTRUMENT_W'(walk_index_i)),
      .move_valid_i(move_i), .move_end_i(end_i), .move_line_i(moved), .hand_i, .any_o(any), .busy_o(busy), .line_valid_o(valid),
      .line_record_o(record), .line_end_o(ends), .line_o(line), .room_i, .conflated_o(conflated), .merged_o(merged)
  );

  (* anyconst *) logic [1:0] watched;  // place: kind and index
  logic begun_q = 1'b0;
  logic [3:0] there_q, left_q;  // places that hold a record; that have left in this handing
  logic [1:0] walked_q, word_q, tick_q, place, out;
  logic any_q, open_q, moved_q, handing_q, replaced_1_q, replaced_2_q, joined_q, move_record, is_vol;
  logic [1:0] late_q;  // lines since room fell
  logic [3:0] waited_q;  // cycles of busy with room
  assign place = {kind_i[0], index_i};
  assign move_record = move_i && kind_i != 2'd2;
  assign is_vol = line[7:0] == pl_abi_pkg::PL_RECORD_TICK_VOL;
  assign out = {is_vol, is_vol ? line[64] : line[16]};
  always_comb begin
    assume (begun_q || !rst_ni);
    assume (kind_i != 2'd3 && !(move_i && kind_i == 2'd2 && !end_i));
    if (rst_ni && begun_q) begin
      if (move_i) assume (!moved_q && !busy && !clear_i && walked_q == '1);
      if (hand_i) assume (any && !busy && !clear_i && !move_i && !moved_q && !open_q);
      if (walk_i) assume (walked_q != '1 && !forget_i);
    end
  end
  always_ff @(posedge clk_i) begin
    begun_q <= 1'b1;
    if (move_record && place == watched) word_q <= word_i;
    if (move_i && end_i) tick_q <= tick_i;
    late_q <= !rst_ni || room_i ? '0 : late_q + 2'(valid && late_q != '1);
    waited_q <= !rst_ni || !busy || !room_i ? '0 : waited_q + 1'b1;
    if (!rst_ni || forget_i) begin
      there_q <= '0;
      left_q <= '0;
      walked_q <= '0;
      any_q <= 1'b0;
      open_q <= 1'b0;
      moved_q <= 1'b0;
      handing_q <= 1'b0;
      replaced_1_q <= 1'b0;
      replaced_2_q <= 1'b0;
      joined_q <= 1'b0;
    end else begin
      if (walk_i) walked_q[walk_index_i] <= 1'b1;
      if (move_record) there_q[place] <= 1'b1;
      if (move_i) open_q <= !end_i;
      if (move_i && end_i) any_q <= 1'b1;
      if (valid && record) left_q[out] <= 1'b1;
      if (valid && ends) handing_q <= 1'b0;
      if (hand_i) handing_q <= 1'b1;
      if ((valid && ends) || (clear_i && !handing_q)) begin
        there_q <= '0;
        left_q <= '0;
        any_q <= 1'b0;
        open_q <= 1'b0;
      end
      moved_q <= move_i;
      replaced_1_q <= move_record && there_q[place];
      replaced_2_q <= replaced_1_q;
      joined_q <= move_i && end_i && any_q;
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni && begun_q && $past(rst_ni)) begin
      if (!handing_q) a_any: assert (any == any_q);
      if (valid) a_only_handing: assert (handing_q && ends == !record);
      if (valid && record) a_there: assert (there_q[out] && !left_q[out]);
      if (valid && record && out == watched) a_latest: assert ({line[8], is_vol ? line[128] : line[64]} == word_q);
      if (valid && record && !out[1]) a_prices_first: assert (left_q[3:2] == '0);
      if (valid && ends) a_all_left: assert (left_q == there_q && line[449:448] == tick_q);
      a_conflated: assert (conflated == replaced_2_q);
      a_merged: assert (merged == joined_q);
      if (!room_i && valid) a_late: assert (late_q != '1);
      a_ends: assert (waited_q <= 4'd12);
      c_latest: cover (valid && ends && there_q == 4'b1011 && watched == 2'd3 && word_q == 2'b01 && tick_q == 2'd2);
      c_conflated: cover (conflated && any_q && open_q && there_q == 4'b1100);
      c_cleared: cover (any && there_q == 4'b0010 && $past(busy && !handing_q, 4));
      c_kept: cover (valid && ends && $past(clear_i, 2) && there_q == 4'b0110);
      c_late: cover (valid && late_q == 2'd1);
    end
  end
endmodule
`default_nettype wire
