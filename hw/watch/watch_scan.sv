// Looks at the slots of a watched set that is being loaded, one per cycle: names its instruments, counts its accounts, finds END.
//
// clear_i (pulse): a set of slots_i slots begins; slots_i and instruments_i stay until it is over. Lines as a stream: one per 8
// cycles at most. Each instrument named before END appears at mark_valid_o, 3 cycles after its slot was looked at. over_o rises
// when all of the set was seen and stays until clear_i; status_o, detail_o, accounts_o and end_line_o are then valid:
//   LIMIT           a HEADER beyond WATCH_ACCOUNTS_MAX; its slot
//   MALFORMED_SLOT  a POSITION or REQUIREMENT of no loaded instrument; its slot
//   MALFORMED_SLOT  no END in slots_i slots; slots_i
// The first in the order of slots counts. What follows END, or the first error, or slots_i slots, is not looked at.
// All else is checked when the set is judged. end_line_o: the line of END. Mirrors nothing: only a card limits a watched set so.
`default_nettype none
module watch_scan #(
    parameter  int unsigned LINES = 2048,
    localparam int unsigned LINE_W = pl_card_pkg::LINE_W,
    localparam int unsigned SLOT_W = pl_card_pkg::SLOT_W,
    localparam int unsigned COUNT_W = $clog2(8 * LINES) + 1,
    localparam int unsigned ADDRESS_WIDTH = $clog2(LINES),
    localparam int unsigned INSTRUMENT_W = pl_card_pkg::INSTRUMENT_W,
    localparam int unsigned ACCOUNTS_W = $clog2(32'(pl_abi_pkg::PL_WATCH_ACCOUNTS_MAX) + 1)
) (
    input  wire                      clk_i,
    input  wire                      rst_ni,
    input  wire                      clear_i,
    input  wire  [      COUNT_W-1:0] slots_i,
    input  wire  [             24:0] instruments_i,
    input  wire                      line_valid_i,
    output logic                     line_ready_o,
    // verilator lint_off UNUSEDSIGNAL
    input  wire  [       LINE_W-1:0] line_i,        // the upper half of each slot is looked at
    // verilator lint_on UNUSEDSIGNAL
    output logic                     mark_valid_o,
    output logic [ INSTRUMENT_W-1:0] mark_instrument_o,
    output logic                     over_o,
    output logic [              7:0] status_o,
    output logic [      COUNT_W-1:0] detail_o,
    output logic [   ACCOUNTS_W-1:0] accounts_o,
    output logic [ADDRESS_WIDTH-1:0] end_line_o
);
  localparam int unsigned HALF_W = SLOT_W / 2;
  localparam int unsigned LSB = pl_abi_pkg::PL_SLOT_POSITION_INSTRUMENT_LSB - HALF_W;

  if (LINES < 2 || (LINES & (LINES - 1)) != 0) begin : g_lines
    $error("watch_scan: LINES must be a power of two, at least 2");
  end

  logic [8*HALF_W-1:0] upper, line_q;  // upper halves; the next slot's in the low bits
  logic [3:0] left_q;  // slots left in it
  logic [COUNT_W-1:0] index_q;  // of the next slot
  logic take;
  assign line_ready_o = left_q <= 4'd1;
  assign take = line_valid_i && line_ready_o;

  // 1: what the slot is; 2: whether its instrument is loaded
  logic [7:0] tag;
  logic valid_1_q, header_1_q, end_1_q, names_1_q, valid_2_q, header_2_q, end_2_q, names_2_q, outside_2_q;
  logic [INSTRUMENT_W-1:0] instrument_1_q, instrument_2_q;
  logic [COUNT_W-1:0] index_1_q, index_2_q;
  assign tag = line_q[HALF_W-1-:8];
  for (genvar k = 0; k < 8; k++) begin : g_slot
    assign upper[k*HALF_W+:HALF_W] = line_i[k*SLOT_W+HALF_W+:HALF_W];
  end

  always_ff @(posedge clk_i) begin
    if (take) line_q <= upper;
    else line_q <= {HALF_W'(0), line_q[8*HALF_W-1:HALF_W]};
    header_1_q <= tag == pl_abi_pkg::PL_TAG_HEADER;
    end_1_q <= tag == pl_abi_pkg::PL_TAG_END;
    names_1_q <= tag == pl_abi_pkg::PL_TAG_POSITION || tag == pl_abi_pkg::PL_TAG_REQUIREMENT;
    instrument_1_q <= line_q[LSB+:INSTRUMENT_W];
    index_1_q <= index_q;
    header_2_q <= header_1_q;
    end_2_q <= end_1_q;
    names_2_q <= names_1_q;
    outside_2_q <= 25'(instrument_1_q) >= instruments_i;
    instrument_2_q <= instrument_1_q;
    index_2_q <= index_1_q;
  end

  // 3: what it means
  logic ended_q, failed_q, looks, many, header, bad;
  assign looks = valid_2_q && !ended_q && !failed_q;
  assign many = accounts_o == ACCOUNTS_W'(pl_abi_pkg::PL_WATCH_ACCOUNTS_MAX);
  assign header = looks && header_2_q;
  assign bad = looks && names_2_q && outside_2_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni || clear_i) begin
      left_q <= '0;
      index_q <= '0;
      valid_1_q <= 1'b0;
      valid_2_q <= 1'b0;
      ended_q <= 1'b0;
      failed_q <= 1'b0;
      mark_valid_o <= 1'b0;
      over_o <= 1'b0;
      accounts_o <= '0;
      status_o <= pl_abi_pkg::PL_STATUS_MALFORMED_SLOT;  // until END
      detail_o <= slots_i;
    end else begin
      if (take) left_q <= 4'd8;
      else if (left_q != '0) left_q <= left_q - 1'b1;
      if (left_q != '0) index_q <= index_q + 1'b1;
      valid_1_q <= left_q != '0 && index_q < slots_i;
      valid_2_q <= valid_1_q;
      over_o <= left_q == '0 && index_q >= slots_i && !valid_1_q && !valid_2_q;
      mark_valid_o <= looks && names_2_q && !outside_2_q;
      if (header && !many) accounts_o <= accounts_o + 1'b1;
      if (looks && end_2_q) begin
        ended_q <= 1'b1;
        status_o <= pl_abi_pkg::PL_STATUS_OK;
        detail_o <= '0;
      end else if ((header && many) || bad) begin
        failed_q <= 1'b1;
        status_o <= header ? pl_abi_pkg::PL_STATUS_LIMIT : pl_abi_pkg::PL_STATUS_MALFORMED_SLOT;
        detail_o <= index_2_q;
      end
    end
    mark_instrument_o <= instrument_2_q;
    if (looks) end_line_o <= index_2_q[COUNT_W-2:3];
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni && $past(rst_ni) && !clear_i) begin
      a_not_beyond: assert (!take || (!over_o && index_q <= slots_i));
    end
  end
endmodule
`default_nettype wire
