// The risk rows that one or two lanes read: one memory per column (row_column), two banks of INSTRUMENTS rows, each word with its ECC
// (ecc_pkg). Nothing is encoded but for a write, nothing decoded but for an answer.
//
// Reads see the frozen bank, bank_i, those with read_live_i the other one, to which writes and copies go: bank_i counts in the
// cycle of each. A live read never meets a write or a copy of its row: it is accepted before that comes, or once it is there.
// Port 0 serves writes, or the write phase of a copy, or the reads of the first of two lanes; port 1 the reads of the last lane, or
// the read phase of a copy. With one lane nothing is both read and written by one port, which suits memories that have no such port,
// and no written word waits.
// Copies win: read_ready_o of the port is low in that cycle. Written words wait in their columns for a cycle in which port 0 does
// nothing else, which then takes those of all columns; read_ready_o is low for a cycle after WAIT - 1, and when a word comes for a
// column whose last one waits. It is a function of registers alone.
// A read accepted in cycle t is answered in t + 3, one per cycle and port; nothing stalls an answer. meta_o, row_o and the flags of
// each column are registers; corrected_o and uncorrectable_o are their OR over the columns, to be registered by the reader; they
// are low without valid_o.
// Writes a and b: one each per cycle, to different columns. busy_o: some word is not yet there, from the cycle after it came;
// reads accepted after see it.
// A word lies there as sign and magnitude, cut to ROW_W bits. Columns that this card does not have are ignored.
// Copies: one row per cycle from the frozen bank to the other, code words as they are: an error stays detectable. The row is
// there for reads accepted from 4 cycles later on. No copy may come with a write or while busy_o, and no write in the two
// cycles after it.
// inject_i flips bits 0 and 1 of the words being written (as ram_ecc). Contents survive reset, words that wait do not.
`default_nettype none
module row_store #(
    parameter  int unsigned PROFILE     = 1,
    parameter  int unsigned SCENARIOS   = 40,
    parameter  int unsigned INSTRUMENTS = 4096,
    parameter  int unsigned LANES       = 2,
    localparam int unsigned ROW_W = 1 + (PROFILE == 32'(pl_abi_pkg::PL_PROFILE_FULL) ? 32'(pl_abi_pkg::PL_ROW_BITS_FULL) :
                                         32'(pl_abi_pkg::PL_ROW_BITS_SMALL)),
    localparam int unsigned ENTRIES = pl_abi_pkg::PL_ROW_WORD_ORDER_NAKED + SCENARIOS,
    localparam int unsigned META_W = pl_card_pkg::ROW_META_W
) (
    input  wire                        clk_i,
    input  wire                        rst_ni,
    input  wire                        bank_i,                // the frozen bank
    input  wire                        write_a_valid_i,
    input  wire  [               23:0] write_a_instrument_i,
    input  wire  [                5:0] write_a_column_i,
    input  wire  [               63:0] write_a_value_i,
    input  wire                        write_b_valid_i,
    input  wire  [               23:0] write_b_instrument_i,
    input  wire  [                5:0] write_b_column_i,
    input  wire  [               63:0] write_b_value_i,
    input  wire                        copy_valid_i,
    input  wire  [               23:0] copy_instrument_i,
    input  wire  [                1:0] inject_i,
    input  wire  [          LANES-1:0] read_valid_i,          // lane l at [l]
    output logic [          LANES-1:0] read_ready_o,
    input  wire  [       LANES*24-1:0] read_instrument_i,
    input  wire  [          LANES-1:0] read_live_i,           // the bank that is not frozen
    output logic [          LANES-1:0] valid_o,
    output logic [   LANES*META_W-1:0] meta_o,                // row_meta_t
    output logic [LANES*ENTRIES*ROW_W-1:0] row_o,             // entry e of lane l at [(l*ENTRIES + e)*ROW_W +: ROW_W]
    output logic [          LANES-1:0] corrected_o,
    output logic [          LANES-1:0] uncorrectable_o,
    output logic                       busy_o
);
  localparam int unsigned INDEX_W = $clog2(INSTRUMENTS);
  localparam int unsigned ADDRESS_W = INDEX_W + 1;
  localparam int unsigned COLUMNS = 1 + ENTRIES;  // META first
  localparam int unsigned WAIT = 8;  // of a written word for the port, at most, but for copies
  localparam int unsigned LAST = LANES - 1;  // the lane of port 1

  if (PROFILE != 32'(pl_abi_pkg::PL_PROFILE_FULL) && PROFILE != 32'(pl_abi_pkg::PL_PROFILE_SMALL)) begin : g_profile
    $error("row_store: PROFILE must be 1 or 2");
  end
  if (SCENARIOS < 1 || SCENARIOS > 32'(pl_abi_pkg::PL_SCENARIOS_MAX)) begin : g_scenarios
    $error("row_store: SCENARIOS must lie in 1..40");
  end
  if (INSTRUMENTS < 2 || INSTRUMENTS > 32'(pl_abi_pkg::PL_INSTRUMENTS_MAX) || (INSTRUMENTS & (INSTRUMENTS - 1)) != 0)
  begin : g_instruments
    $error("row_store: INSTRUMENTS must be a power of two, 2..2^24");
  end
  if (LANES < 1 || LANES > 2) begin : g_lanes $error("row_store: LANES must be 1 or 2"); end

  // Words of all columns are handled in one width: those of a narrower column have zeros above, and the same check bits.
  localparam int unsigned WORD_W = META_W > ROW_W ? META_W : ROW_W;
  localparam int unsigned CHECK_W = ecc_pkg::check_width(WORD_W);
  localparam int unsigned CODE_W = WORD_W + CHECK_W;
  if (ecc_pkg::check_width(META_W) != CHECK_W || ecc_pkg::check_width(ROW_W) != CHECK_W) begin : g_check
    $error("row_store: META and the entries must have as many check bits");
  end

  // The word of pl_row_t that lies in a column.
  function automatic int unsigned word_of(input int unsigned c);
    word_of = c <= pl_abi_pkg::PL_ROW_WORD_ORDER_NAKED ? c :
        pl_abi_pkg::PL_ROW_WORD_SCENARIO + c - pl_abi_pkg::PL_ROW_WORD_ORDER_NAKED - 1;
  endfunction

  logic write_q;  // a write is at the columns
  logic waits_q, forced_q;  // some column's word waits; port 0 reads nothing until it is there
  logic write, clash;       // clash: a word comes for a column whose last one may wait then
  logic [COLUMNS-1:0] waiting_q;
  logic [$clog2(WAIT)-1:0] waited_q;
  logic copy_q, copy_read_q, copy_code_q;  // a copy is read, stands in the memories' registers, is written
  logic [ADDRESS_W-1:0] copy_from_q, copy_to_q, copy_read_to_q, copy_code_to_q;
  logic [ADDRESS_W-1:0] address_a, address_b, address_0, address_1;
  logic [ADDRESS_W-1:0] address_a_q, address_b_q, base_address_0;
  logic read_0;  // by port 0
  logic [LANES-1:0] accepted, reading_q, decoding_q, late;
  logic [COLUMNS-1:0] write_a_q, write_b_q;  // at column c
  logic [CODE_W-1:0] code_a_q, code_b_q;

  always_comb begin
    read_ready_o[0] = !(forced_q || copy_code_q);
    read_ready_o[LAST] = !copy_q;
    late = reading_q;
    late[LAST] = reading_q[LAST] || copy_read_q;
  end
  assign read_0 = LANES == 2 && accepted[0];
  assign write = waits_q && !read_0 && !copy_code_q;
  assign busy_o = write_q || waits_q;
  assign accepted = read_valid_i & read_ready_o;
  assign address_a = {!bank_i, write_a_instrument_i[INDEX_W-1:0]};
  assign address_b = {!bank_i, write_b_instrument_i[INDEX_W-1:0]};
  assign address_0 = {bank_i ^ read_live_i[0], read_instrument_i[INDEX_W-1:0]};
  assign address_1 = copy_q ? copy_from_q : {bank_i ^ read_live_i[LAST], read_instrument_i[LAST*24+:INDEX_W]};

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      write_q <= 1'b0;
      waits_q <= 1'b0;
      forced_q <= 1'b0;
      waiting_q <= '0;
      waited_q <= '0;
      copy_q <= 1'b0;
      copy_read_q <= 1'b0;
      copy_code_q <= 1'b0;
      reading_q <= '0;
      decoding_q <= '0;
      valid_o <= '0;
    end else begin
      write_q <= write_a_valid_i || write_b_valid_i;
      waits_q <= LANES == 2 && (write_q || (waits_q && !write));
      waiting_q <= LANES == 2 ? write_a_q | write_b_q | (write ? '0 : waiting_q) : '0;
      waited_q <= waits_q && !write ? waited_q + 1'b1 : '0;
      forced_q <= clash || (waits_q && !write && 32'(waited_q) >= WAIT - 2);
      copy_q <= copy_valid_i;
      copy_read_q <= copy_q;
      copy_code_q <= copy_read_q;
      reading_q <= accepted;
      decoding_q <= reading_q;
      valid_o <= decoding_q;
    end
  end
  always_ff @(posedge clk_i) begin
    copy_from_q <= {bank_i, copy_instrument_i[INDEX_W-1:0]};
    copy_to_q <= {!bank_i, copy_instrument_i[INDEX_W-1:0]};
    copy_read_to_q <= copy_to_q;
    copy_code_to_q <= copy_read_to_q;
  end

  (* mem2reg *) logic [WORD_W-1:0] mask[CHECK_W];
  for (genvar j = 0; j < CHECK_W; j++) begin : g_mask
    localparam logic [127:0] MASK = ecc_pkg::mask(j, CHECK_W);
    assign mask[j] = MASK[WORD_W-1:0];
  end

  // Writes: encoded, then at the columns. Blocking assignments are to variables of one cycle.
  logic [COLUMNS-1:0] hit_a, hit_b;
  always_comb begin
    hit_a = '0;
    hit_b = '0;
    if (write_a_valid_i || write_b_valid_i) begin
      for (int unsigned c = 0; c < COLUMNS; c++) begin
        hit_a[c] = write_a_valid_i && 32'(write_a_column_i) == word_of(c);
        hit_b[c] = write_b_valid_i && 32'(write_b_column_i) == word_of(c);
      end
    end
  end
  assign clash = ((hit_a | hit_b) & (write_a_q | write_b_q | waiting_q)) != '0;
  // verilator lint_off BLKSEQ
  logic [WORD_W-1:0] value_a, value_b;
  logic [CHECK_W-1:0] check_a, check_b;
  always_ff @(posedge clk_i) begin
    if (write_a_valid_i || write_b_valid_i) begin
      value_a = write_a_column_i == 6'(pl_card_pkg::COLUMN_META) ? WORD_W'(write_a_value_i[META_W-1:0])
          : WORD_W'({write_a_value_i[63], write_a_value_i[ROW_W-2:0]});
      value_b = write_b_column_i == 6'(pl_card_pkg::COLUMN_META) ? WORD_W'(write_b_value_i[META_W-1:0])
          : WORD_W'({write_b_value_i[63], write_b_value_i[ROW_W-2:0]});
      for (int unsigned j = 0; j < CHECK_W; j++) begin
        check_a[j] = ^(value_a & mask[j]);
        check_b[j] = ^(value_b & mask[j]);
      end
      code_a_q <= {check_a, value_a} ^ CODE_W'(inject_i);
      code_b_q <= {check_b, value_b} ^ CODE_W'(inject_i);
      address_a_q <= address_a;
      address_b_q <= address_b;
    end
    write_a_q <= rst_ni ? hit_a : '0;
    write_b_q <= rst_ni ? hit_b : '0;
  end
  // verilator lint_on BLKSEQ

  assign base_address_0 = copy_code_q || LANES == 1 ? copy_code_to_q : address_0;
  (* mem2reg *) logic [CODE_W-1:0] code[LANES*COLUMNS];  // for lane l, of column c, at [l*COLUMNS + c]
  for (genvar c = 0; c < COLUMNS; c++) begin : g_column
    localparam int unsigned WIDTH = c == pl_card_pkg::COLUMN_META ? META_W : ROW_W;
    localparam int unsigned STORED_W = CHECK_W + WIDTH;
    logic [LANES*STORED_W-1:0] stored;

    row_column #(
        .WIDTH(STORED_W),
        .DEPTH(2 * INSTRUMENTS),
        .LANES(LANES)
    ) u_column (
        .clk_i,
        .write_a_i(write_a_q[c]),
        .write_b_i(write_b_q[c]),
        .address_a_i(address_a_q),
        .address_b_i(address_b_q),
        .code_a_i({code_a_q[WORD_W+:CHECK_W], code_a_q[WIDTH-1:0]}),
        .code_b_i({code_b_q[WORD_W+:CHECK_W], code_b_q[WIDTH-1:0]}),
        .port_0_i(write || (LANES == 1 && write_q) || copy_code_q || read_0),
        .write_i(write && waiting_q[c]),
        .copy_i(copy_code_q),
        .read_0_i(read_0),
        .base_address_i(base_address_0),
        .port_1_i(accepted[LAST] || copy_q),
        .address_1_i(address_1),
        .late_i(late),
        .code_o(stored)
    );
    for (genvar l = 0; l < LANES; l++) begin : g_code
      assign code[l*COLUMNS+c] = {stored[l*STORED_W+WIDTH+:CHECK_W], WORD_W'(stored[l*STORED_W+:WIDTH])};
    end
  end

  // Answers: corrected where a syndrome is not 0. The wrong bit is the one whose column of the matrix is the syndrome, which is
  // decoded in two halves for all bits. An odd syndrome that is no bit's column comes of three errors or more.
  localparam int unsigned HIGH_W = CHECK_W - 3;
  localparam int unsigned CODABLE = (1 << (CHECK_W - 1)) - CHECK_W;  // words that these check bits could serve
  function automatic logic [CODABLE*CHECK_W-1:0] columns_of_matrix();
    logic [127:0] m;
    for (int unsigned j = 0; j < CHECK_W; j++) begin
      m = ecc_pkg::mask(j, CHECK_W);
      for (int unsigned i = 0; i < CODABLE; i++) columns_of_matrix[i*CHECK_W+j] = m[i];
    end
  endfunction
  localparam logic [CODABLE*CHECK_W-1:0] MATRIX = columns_of_matrix();
  for (genvar l = 0; l < LANES; l++) begin : g_lane
    logic [COLUMNS-1:0] some, some_q, one, one_q;  // the column's syndrome is not 0; one bit was wrong
    logic [WORD_W-1:0] word;
    logic [CHECK_W-1:0] syndrome;
    logic [7:0] low;
    logic [(1<<HIGH_W)-1:0] high;
    logic [CODABLE-1:0] wrong;
    // verilator lint_off BLKSEQ
    always_ff @(posedge clk_i) begin
      some = '0;
      one = '0;
      if (decoding_q[l]) begin
        for (int unsigned c = 0; c < COLUMNS; c++) begin
          word = code[l*COLUMNS+c][WORD_W-1:0];
          syndrome = code[l*COLUMNS+c][CODE_W-1:WORD_W];
          for (int unsigned j = 0; j < CHECK_W; j++) syndrome[j] = syndrome[j] ^ (^(word & mask[j]));
          if (syndrome != '0) begin
            for (int unsigned i = 0; i < 8; i++) low[i] = 32'(syndrome[2:0]) == i;
            for (int unsigned i = 0; i < (1 << HIGH_W); i++) high[i] = 32'(syndrome[CHECK_W-1:3]) == i;
            for (int unsigned i = 0; i < CODABLE; i++) begin
              wrong[i] = low[MATRIX[i*CHECK_W+:3]] && high[MATRIX[i*CHECK_W+3+:HIGH_W]];
            end
            word = word ^ wrong[WORD_W-1:0];
            some[c] = 1'b1;
            one[c] = (^syndrome) && (wrong >> (c == pl_card_pkg::COLUMN_META ? META_W : ROW_W)) == '0;
          end
          if (c == pl_card_pkg::COLUMN_META) meta_o[l*META_W+:META_W] <= word[META_W-1:0];
          else row_o[(l*ENTRIES+c-1)*ROW_W+:ROW_W] <= word[ROW_W-1:0];
        end
      end
      some_q <= rst_ni ? some : '0;
      one_q <= rst_ni ? one : '0;
    end
    // verilator lint_on BLKSEQ
    assign corrected_o[l] = |one_q;
    assign uncorrectable_o[l] = |(some_q & ~one_q);
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni && $past(rst_ni)) begin
      a_write_a_in_range: assert (!write_a_valid_i || 32'(write_a_instrument_i) < INSTRUMENTS);
      a_write_b_in_range: assert (!write_b_valid_i || 32'(write_b_instrument_i) < INSTRUMENTS);
      a_copy_in_range: assert (!copy_valid_i || 32'(copy_instrument_i) < INSTRUMENTS);
      a_read_0_in_range: assert (!read_valid_i[0] || 32'(read_instrument_i[23:0]) < INSTRUMENTS);
      a_read_1_in_range: assert (!read_valid_i[LAST] || 32'(read_instrument_i[LAST*24+:24]) < INSTRUMENTS);
      a_columns_differ: assert (!(write_a_valid_i && write_b_valid_i) || write_a_column_i != write_b_column_i);
      if (write_a_valid_i && write_a_column_i != 6'(pl_card_pkg::COLUMN_META)) begin
        a_value_a_fits: assert (write_a_value_i[62:ROW_W-1] == '0);
      end
      if (write_b_valid_i && write_b_column_i != 6'(pl_card_pkg::COLUMN_META)) begin
        a_value_b_fits: assert (write_b_value_i[62:ROW_W-1] == '0);
      end
      a_port_0_once: assert (32'(write) + 32'(LANES == 1 && write_q) + 32'(copy_code_q) + 32'(read_0) <= 1);
      a_copy_alone: assert (!copy_valid_i || !(write_a_valid_i || write_b_valid_i || busy_o));
      a_write_after_copy: assert (!(write_a_valid_i || write_b_valid_i) || !(copy_q || copy_read_q));
      a_word_there: assert (((write_a_q | write_b_q) & waiting_q) == '0 || write);
      a_port_1_once: assert (!(accepted[LAST] && copy_q));
    end
  end
endmodule
`default_nettype wire
