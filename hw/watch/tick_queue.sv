// Queue of ticks: LINES lines that wait, the tick that is being handed out, and a store that takes the oldest ones when it is
// full.
//
// taken_i reserves a place for a line (room_o said there is one), put_valid_i gives it back or, with put_accept_i, fills it. A
// line with put_end_i completes its tick. drop_i: the open tick's lines are forgotten. open_full_o: the open tick has LINES
// lines.
// A complete tick goes as a whole into a second queue of LINES lines once the tick before it has left that, and from there
// out, by valid/ready: its records in their order, then its commit (window_commit_o, the record then means nothing) with its
// number. Latency 4 cycles from put_valid_i to window_valid_o if nothing waits; then one item per cycle.
// If there is no room for a line and the tick before has not left, the oldest complete tick moves into the store, a line every
// second cycle after one more, unless the store is being handed out or emptied. The store leaves before the ticks in the
// queue, as one (tick_store).
// So room_o stays low while the tables take nothing only if the store waits to go on with what it hands out.
// clear_i: open and complete ticks are forgotten, but not the one that is being handed out; no room_o for up to LINES + 1
// cycles then.
// forget_i: that as well, and valid falls: the tables must not be taking its items. No item comes twice, no tick in part.
// waiting_o: a complete tick has not wholly left. holding_o: any line is here or reserved.
`default_nettype none
module tick_queue #(
    parameter int unsigned INSTRUMENTS = 4096,
    parameter int unsigned EXPIRIES    = 512,
    parameter int unsigned LINES       = 32'(pl_abi_pkg::PL_WINDOW_LINES)
) (
    input  wire                                  clk_i,
    input  wire                                  rst_ni,
    input  wire                                  clear_i,
    input  wire                                  forget_i,
    input  wire                                  clear_valid_i,
    input  wire  [pl_card_pkg::INSTRUMENT_W-1:0] clear_index_i,
    output logic                                 room_o,
    output logic                                 open_full_o,
    input  wire                                  taken_i,
    input  wire                                  put_valid_i,
    input  wire                                  put_accept_i,
    input  wire                                  put_record_i,
    input  wire                                  put_end_i,
    input  wire  [                        511:0] put_line_i,
    input  wire                                  drop_i,
    output logic                                 window_valid_o,
    input  wire                                  window_ready_i,
    output logic [                        511:0] window_record_o,
    output logic                                 window_commit_o,
    output logic [                         63:0] window_tick_o,
    output logic                                 waiting_o,
    output logic                                 holding_o,
    output logic                                 conflated_o,
    output logic                                 merged_o
);
  localparam int unsigned AW = $clog2(LINES);
  localparam int unsigned LINE_W = 514;  // a record, ends its tick, the line
  localparam logic [1:0] IDLE = 2'd0;
  localparam logic [1:0] COPY = 2'd1;    // a tick goes into the second queue
  localparam logic [1:0] MOVE = 2'd2;    // a tick goes into the store
  localparam logic [1:0] SETTLE = 2'd3;  // the store takes a line every second cycle

  if (LINES < 16 || LINES != 2 ** AW) begin : g_lines $error("tick_queue: LINES must be a power of two from 16"); end

  logic [511:0] memory[LINES];
  (* ram_style = "distributed" *) logic [1:0] marks[LINES];  // of the lines; apart, as a block memory's output comes late
  logic [AW:0] write_q, start_q, read_q;  // start: of the open tick
  logic [AW:0] complete_q, open_q, held, used;  // open_q: lines of the tick that is not yet complete
  logic [2:0] reserved_q;  // at most 5: window_check's latency
  logic [1:0] state_q;
  logic clearing_q, moved_end_q, clear, flush, full, full_q, room_q;  // room_q: counts what is taken now, not what leaves; low while clearing_q
  logic [511:0] line, moved_q;
  logic line_record, line_end, start_copy, start_move, copy, move, hand_next, hand, leaves;
  logic move_q, stored_q;  // moved_q goes into the store; did so in the last cycle
  logic store_any, store_busy, store_valid, store_record, store_end;
  logic [511:0] store_line;

  assign clear = clear_i || clearing_q;
  assign flush = forget_i || (clear && state_q != COPY);
  assign held = write_q - read_q;
  assign used = held + (AW + 1)'(reserved_q);
  assign full = used[AW];
  assign room_o = room_q;
  assign open_full_o = open_q[AW];
  assign line = memory[read_q[AW-1:0]];
  assign {line_record, line_end} = marks[read_q[AW-1:0]];

  always_ff @(posedge clk_i) begin
    if (put_valid_i && !held[AW]) begin
      memory[write_q[AW-1:0]] <= put_line_i;
      marks[write_q[AW-1:0]] <= {put_record_i, put_end_i};
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni || flush) begin
      write_q <= '0;
      start_q <= '0;
      read_q <= '0;
      complete_q <= '0;
      open_q <= '0;
    end else begin
      if (drop_i || clear_i || (put_accept_i && put_end_i)) open_q <= '0;
      else if (put_accept_i) open_q <= open_q + 1'b1;
      if (drop_i) write_q <= start_q;
      else if (put_accept_i) write_q <= write_q + 1'b1;
      if (put_accept_i && put_end_i) start_q <= write_q + 1'b1;
      if (leaves) read_q <= read_q + 1'b1;
      if (put_accept_i && put_end_i && !(leaves && line_end)) complete_q <= complete_q + 1'b1;
      else if (leaves && line_end && !(put_accept_i && put_end_i)) complete_q <= complete_q - 1'b1;
    end
  end
  always_ff @(posedge clk_i) begin
    if (!rst_ni || forget_i || clear_i) reserved_q <= '0;
    else if (taken_i && !put_valid_i) reserved_q <= reserved_q + 1'b1;
    else if (put_valid_i && !taken_i) reserved_q <= reserved_q - 1'b1;
  end

  // Which way the oldest tick goes. out_level counts the second queue's lines.
  localparam int unsigned LEVEL_W = $clog2(LINES + 1);
  logic [LEVEL_W-1:0] out_level;
  logic out_free, out_near_full, out_record, out_end, recorded_q, out_take, item_taken, out_valid;
  // verilator lint_off UNUSEDSIGNAL
  logic out_ready;
  // verilator lint_on UNUSEDSIGNAL
  assign out_free = out_level == '0 && !store_valid;
  assign start_copy = state_q == IDLE && out_free && !store_any && complete_q != '0 && !clear;
  assign copy = start_copy || state_q == COPY;
  assign hand_next = state_q == IDLE && out_free && store_any && !store_busy && !clear;
  assign hand = hand_next && !stored_q;
  assign start_move = state_q == IDLE && !start_copy && !hand_next && full_q && complete_q != '0 && !store_busy && !clear;
  assign move = state_q == MOVE && !clear_i;
  assign leaves = copy || move;

  always_ff @(posedge clk_i) begin
    if (!rst_ni || forget_i) begin
      state_q <= IDLE;
      clearing_q <= 1'b0;
      move_q <= 1'b0;
      stored_q <= 1'b0;
    end else begin
      case (state_q)
        SETTLE: state_q <= moved_end_q || clear_i ? IDLE : MOVE;
        default: begin
          if (copy) state_q <= line_end ? IDLE : COPY;
          else if (move) state_q <= SETTLE;
          else state_q <= start_move ? MOVE : IDLE;
        end
      endcase
      clearing_q <= clear && !flush;
      move_q <= move;
      stored_q <= move_q;
    end
  end
  always_ff @(posedge clk_i) begin
    moved_end_q <= line_end;
    moved_q <= line;
    full_q <= full && !leaves;
    room_q <= !(full || (taken_i && used[AW-1:0] == '1) || (clear && !flush));
  end

  tick_store #(
      .INSTRUMENTS(INSTRUMENTS),
      .EXPIRIES(EXPIRIES)
  ) u_store (
      .clk_i(clk_i),
      .rst_ni(rst_ni),
      .clear_i(clear_i),
      .forget_i(forget_i),
      .clear_valid_i(clear_valid_i),
      .clear_index_i(clear_index_i),
      .move_valid_i(move_q && !clear_i && !forget_i),
      .move_end_i(moved_end_q),
      .move_line_i(moved_q),
      .hand_i(hand),
      .any_o(store_any),
      .busy_o(store_busy),
      .line_valid_o(store_valid),
      .line_record_o(store_record),
      .line_end_o(store_end),
      .line_o(store_line),
      .room_i(!out_near_full),
      .conflated_o(conflated_o),
      .merged_o(merged_o)
  );

  // The tick that is being handed out.
  fifo #(
      .WIDTH(LINE_W),
      .DEPTH(LINES),
      .READ_STAGES(2),
      .ALMOST_FULL(LINES - 8)
  ) u_out (
      .clk_i(clk_i),
      .rst_ni(rst_ni && !forget_i),
      .valid_i(copy || store_valid),
      .ready_o(out_ready),
      .data_i(store_valid ? {store_record, store_end, store_line} : {line_record, line_end, line}),
      .valid_o(out_valid),
      .ready_i(out_take),
      .data_o({out_record, out_end, window_record_o}),
      .level_o(out_level),
      .almost_full_o(out_near_full)
  );

  // A line that is a record and ends its tick is two items.
  assign window_valid_o = out_valid && !forget_i;
  assign window_commit_o = !out_record || recorded_q;
  assign window_tick_o = window_record_o[511:448];
  assign item_taken = window_valid_o && window_ready_i;
  assign out_take = item_taken && (window_commit_o || !out_end);
  always_ff @(posedge clk_i) begin
    if (!rst_ni || forget_i) recorded_q <= 1'b0;
    else if (item_taken) recorded_q <= !window_commit_o && out_end;
  end

  assign waiting_o = complete_q != '0 || move_q || store_any || store_valid || out_level != '0;
  assign holding_o = waiting_o || write_q != start_q || reserved_q != '0;

  always_ff @(posedge clk_i) begin
    if (rst_ni && $past(rst_ni)) begin
      a_held_bounded: assert (32'(held) <= LINES);
      a_place_reserved: assert (!put_accept_i || (!held[AW] && reserved_q != '0));
      a_one_way: assert (!(copy && (store_valid || move)));
      a_out_has_room: assert (!(copy || store_valid) || out_ready);
      a_copy_is_complete: assert (!leaves || (complete_q != '0 && !clear_i) || state_q == COPY);
    end
  end
endmodule
`default_nettype wire
