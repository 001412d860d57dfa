// Ticks of the window put into one: a place per instrument (TICK_VOL) and one per expiry (TICK_PRICE), and lists of what is
// there.
//
// move_*: a line of a complete tick, at most every second cycle and never while busy_o or together with clear_i; checked
// records only.
// A record replaces the one that has its place (conflated_o, 2 cycles later). The line with move_end_i ends a tick: from the
// next cycle on any_o; merged_o if there was one before (1 cycle later).
// hand_i (any_o, not busy_o, no line moved in this cycle or the last): everything leaves as one tick by line_valid_o: prices,
// then vols, each list in the order of first arrival, then a line that is only a commit, with the number of the last tick. One
// per cycle, while room_i is high (up to 3 lines come after it fell). busy_o from the next cycle on, until the last line has
// left. In what leaves line, reserved fields and a record's tick are 0.
// clear_i drops what is there, unless it is being handed out: any_o falls, busy_o while the marks are taken away: as many
// cycles as there are entries and about 5. forget_i: empty at once; the clear walk of the load that started takes the marks
// away.
`default_nettype none
module tick_store #(
    parameter int unsigned INSTRUMENTS = 4096,
    parameter int unsigned EXPIRIES    = 512
) (
    input  wire                                  clk_i,
    input  wire                                  rst_ni,
    input  wire                                  clear_i,
    input  wire                                  forget_i,
    input  wire                                  clear_valid_i,
    input  wire  [pl_card_pkg::INSTRUMENT_W-1:0] clear_index_i,
    input  wire                                  move_valid_i,
    input  wire                                  move_end_i,
    // verilator lint_off UNUSEDSIGNAL
    input  wire  [                        511:0] move_line_i,
    // verilator lint_on UNUSEDSIGNAL
    input  wire                                  hand_i,
    output logic                                 any_o,
    output logic                                 busy_o,
    output logic                                 line_valid_o,
    output logic                                 line_record_o,
    output logic                                 line_end_o,
    output logic [                        511:0] line_o,
    input  wire                                  room_i,
    output logic                                 conflated_o,
    output logic                                 merged_o
);
  localparam int unsigned IW = $clog2(INSTRUMENTS);
  localparam int unsigned EW = $clog2(EXPIRIES);
  localparam int unsigned PW = IW > EW ? IW : EW;
  localparam int unsigned FLAGS_W = 2;  // PL_FLAG_UNPRICED_BIT, PL_FLAG_STALE_BIT: no other is accepted
  localparam int unsigned VOL_W = 32'(pl_abi_pkg::PL_VOL_BITS) + $clog2(64'(pl_abi_pkg::PL_VOL_MAX));
  localparam int unsigned PRICE_WORDS_W = 6 * 64;
  localparam logic [1:0] REST = 2'd0;
  localparam logic [1:0] PRICES = 2'd1;
  localparam logic [1:0] VOLS = 2'd2;
  localparam logic [1:0] LAST = 2'd3;

  if (INSTRUMENTS < 2 || INSTRUMENTS != 2 ** IW) begin : g_instruments
    $error("tick_store: INSTRUMENTS must be a power of two");
  end
  if (EXPIRIES < 2 || EXPIRIES > 32'(pl_abi_pkg::PL_EXPIRIES_MAX) || EXPIRIES != 2 ** EW) begin : g_expiries
    $error("tick_store: EXPIRIES must be a power of two in the contract's limits");
  end

  logic [1:0] state_q;
  logic discard_q, any_q, moved_price_q, moved_vol_q, move_price, move_vol, price_dirty, vol_dirty;
  logic [63:0] tick_q;
  logic [PW:0] position_q;
  logic [IW:0] vol_length;
  logic [EW:0] price_length;
  logic go, read_price, read_vol, finish;
  // Lines on their way out: index from the list, words from the memory.
  logic price_1_q, vol_1_q, price_2_q, vol_2_q;
  logic [EW-1:0] price_index_1, price_index_2_q;
  logic [IW-1:0] vol_index_1, vol_index_2_q;
  logic [FLAGS_W-1:0] price_flags, vol_flags;
  logic [PRICE_WORDS_W-1:0] price_words;
  logic [VOL_W-1:0] vol;

  // verilator lint_off UNUSEDSIGNAL
  pl_abi_pkg::pl_tick_price_t move_price_line, price_line;
  pl_abi_pkg::pl_tick_vol_t move_vol_line, vol_line;
  pl_abi_pkg::pl_tick_commit_t commit_line;
  // verilator lint_on UNUSEDSIGNAL
  assign move_price_line = move_line_i;
  assign move_vol_line = move_line_i;
  assign move_price = move_valid_i && move_price_line.kind == pl_abi_pkg::PL_RECORD_TICK_PRICE;
  assign move_vol = move_valid_i && move_price_line.kind == pl_abi_pkg::PL_RECORD_TICK_VOL;

  change_list #(
      .DEPTH(EXPIRIES)
  ) u_prices (
      .clk_i(clk_i),
      .rst_ni(rst_ni),
      .restart_i(forget_i || finish),
      .clear_valid_i(clear_valid_i),
      .clear_index_i(clear_index_i),
      .mark_valid_i(move_price && !forget_i),
      .mark_index_i(move_price_line.index[EW-1:0]),
      .read_valid_i(read_price),
      .read_position_i(position_q[EW-1:0]),
      .read_index_o(price_index_1),
      .dirty_valid_i(1'b0),
      .dirty_index_i('0),
      .dirty_o(price_dirty),
      .clean_valid_i(price_1_q),
      .clean_index_i(price_index_1),
      .length_o(price_length)
  );
  change_list #(
      .DEPTH(INSTRUMENTS)
  ) u_vols (
      .clk_i(clk_i),
      .rst_ni(rst_ni),
      .restart_i(forget_i || finish),
      .clear_valid_i(clear_valid_i),
      .clear_index_i(clear_index_i),
      .mark_valid_i(move_vol && !forget_i),
      .mark_index_i(move_vol_line.index[IW-1:0]),
      .read_valid_i(read_vol),
      .read_position_i(position_q[IW-1:0]),
      .read_index_o(vol_index_1),
      .dirty_valid_i(1'b0),
      .dirty_index_i('0),
      .dirty_o(vol_dirty),
      .clean_valid_i(vol_1_q),
      .clean_index_i(vol_index_1),
      .length_o(vol_length)
  );
  table_memory #(
      .WIDTH(FLAGS_W + PRICE_WORDS_W),
      .DEPTH(EXPIRIES)
  ) u_price_words (
      .clk_i(clk_i),
      .clear_valid_i(1'b0),
      .clear_index_i('0),
      .write_valid_i(move_price),
      .write_address_i(move_price_line.index[EW-1:0]),
      .write_data_i({
        move_price_line.flags[FLAGS_W-1:0],
        move_price_line.penalty_perpetual,
        move_price_line.penalty,
        move_price_line.rate,
        move_price_line.discount,
        move_price_line.index_price,
        move_price_line.forward
      }),
      .read_valid_i(price_1_q),
      .read_address_i(price_index_1),
      .read_data_o({price_flags, price_words})
  );
  table_memory #(
      .WIDTH(FLAGS_W + VOL_W),
      .DEPTH(INSTRUMENTS)
  ) u_vol_words (
      .clk_i(clk_i),
      .clear_valid_i(1'b0),
      .clear_index_i('0),
      .write_valid_i(move_vol),
      .write_address_i(move_vol_line.index[IW-1:0]),
      .write_data_i({move_vol_line.flags[FLAGS_W-1:0], move_vol_line.vol[VOL_W-1:0]}),
      .read_valid_i(vol_1_q),
      .read_address_i(vol_index_1),
      .read_data_o({vol_flags, vol})
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni || forget_i) begin
      any_q <= 1'b0;
      conflated_o <= 1'b0;
      merged_o <= 1'b0;
      moved_price_q <= 1'b0;
      moved_vol_q <= 1'b0;
    end else begin
      moved_price_q <= move_price;
      moved_vol_q <= move_vol;
      conflated_o <= (moved_price_q && price_dirty) || (moved_vol_q && vol_dirty);
      merged_o <= move_valid_i && move_end_i && any_q;
      if (finish || (clear_i && state_q == REST)) any_q <= 1'b0;
      else if (move_valid_i && move_end_i) any_q <= 1'b1;
    end
  end
  always_ff @(posedge clk_i) if (move_valid_i && move_end_i) tick_q <= move_price_line.tick;

  assign go = room_i || discard_q;
  assign read_price = state_q == PRICES && go && position_q != (PW + 1)'(price_length);
  assign read_vol = state_q == VOLS && go && position_q != (PW + 1)'(vol_length);
  assign finish = state_q == LAST && go && !price_1_q && !vol_1_q && !price_2_q && !vol_2_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni || forget_i) begin
      state_q <= REST;
      price_1_q <= 1'b0;
      vol_1_q <= 1'b0;
      price_2_q <= 1'b0;
      vol_2_q <= 1'b0;
    end else begin
      price_1_q <= read_price;
      vol_1_q <= read_vol;
      price_2_q <= price_1_q;
      vol_2_q <= vol_1_q;
      case (state_q)
        REST: if (hand_i || clear_i) state_q <= PRICES;
        PRICES: if (position_q == (PW + 1)'(price_length)) state_q <= VOLS;
        VOLS: if (position_q == (PW + 1)'(vol_length)) state_q <= LAST;
        default: if (finish) state_q <= REST;
      endcase
    end
  end
  always_ff @(posedge clk_i) begin
    if (state_q == REST) discard_q <= clear_i;
    if (read_price || read_vol) position_q <= position_q + 1'b1;
    else if (state_q == REST || (state_q == PRICES && position_q == (PW + 1)'(price_length))) position_q <= '0;
    price_index_2_q <= price_index_1;
    vol_index_2_q <= vol_index_1;
  end

  assign price_line = {
    64'd0, price_words, 32'd0, 16'(price_index_2_q), 8'(price_flags), pl_abi_pkg::PL_RECORD_TICK_PRICE
  };
  assign vol_line = {
    320'd0, 64'(vol), 32'd0, 32'(vol_index_2_q), 32'd0, 16'd0, 8'(vol_flags), pl_abi_pkg::PL_RECORD_TICK_VOL
  };
  assign commit_line = {tick_q, 440'd0, pl_abi_pkg::PL_RECORD_TICK_COMMIT};
  always_ff @(posedge clk_i) begin
    if (!rst_ni || forget_i) line_valid_o <= 1'b0;
    else line_valid_o <= !discard_q && (price_2_q || vol_2_q || finish);
  end
  always_ff @(posedge clk_i) begin
    line_record_o <= price_2_q || vol_2_q;
    line_end_o <= !(price_2_q || vol_2_q);
    line_o <= price_2_q ? price_line : vol_2_q ? vol_line : commit_line;
  end
  assign any_o = any_q;
  assign busy_o = state_q != REST || line_valid_o;

  always_ff @(posedge clk_i) begin
    if (rst_ni && $past(rst_ni)) begin
      a_moved_at_rest: assert (!move_valid_i || (!busy_o && !clear_i));
      a_handed_at_rest: assert (!hand_i || (any_q && !busy_o && !clear_i && !move_valid_i && !moved_price_q && !moved_vol_q));
    end
  end
endmodule
`default_nettype wire
