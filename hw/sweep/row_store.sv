// The risk rows that two lanes read: one memory per column (row_column), two banks of INSTRUMENTS rows, each word with its ECC.
//
// Reads see the frozen bank, bank_i; writes and copies go to the other one: bank_i counts in the cycle of each. Port 0 serves
// lane 0's reads, or a write, or the write phase of a copy; port 1 lane 1's reads, or the read phase of a copy. Writes and
// copies win: read_ready_o of the port is low in that cycle, a function of registers alone. A read accepted in cycle t is
// answered in t + 3, one per cycle and port; nothing stalls an answer. meta_o, row_o and the flags of each column are registers;
// corrected_o and uncorrectable_o are their OR over the columns, to be registered by the reader; they are low without valid_o.
// Writes a and b: one each per cycle, to different columns; seen by reads accepted from 2 cycles later on. A word lies there as
// sign and magnitude, cut to ROW_W bits. Columns that this card does not have are ignored.
// Copies: one row per cycle from the frozen bank to the other, code words as they are: an error stays detectable. The row is
// there for reads accepted from 4 cycles later on. No write may come in the second cycle after a copy, as both would use port 0,
// and none to the copied row in the copy's cycle or the one after it: it would be lost.
// inject_i flips bits 0 and 1 of the words being written (as ram_ecc). Contents survive reset.
`default_nettype none
module row_store #(
    parameter  int unsigned PROFILE     = 1,
    parameter  int unsigned SCENARIOS   = 40,
    parameter  int unsigned INSTRUMENTS = 4096,
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
    input  wire  [                1:0] read_valid_i,          // lane l of two at [l]
    output logic [                1:0] read_ready_o,
    input  wire  [               47:0] read_instrument_i,
    output logic [                1:0] valid_o,
    output logic [       2*META_W-1:0] meta_o,                // row_meta_t
    output logic [2*ENTRIES*ROW_W-1:0] row_o,                 // entry e of lane l at [(l*ENTRIES + e)*ROW_W +: ROW_W]
    output logic [                1:0] corrected_o,
    output logic [                1:0] uncorrectable_o
);
  localparam int unsigned INDEX_W = $clog2(INSTRUMENTS);
  localparam int unsigned ADDRESS_W = INDEX_W + 1;
  localparam int unsigned COLUMNS = 1 + ENTRIES;  // META first

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

  logic write_q;  // a write is at the memories
  logic copy_q, copy_read_q, copy_code_q;  // a copy is read, stands in the memories' registers, is written
  logic [ADDRESS_W-1:0] copy_from_q, copy_to_q, copy_read_to_q, copy_code_to_q;
  logic [ADDRESS_W-1:0] address_a, address_b, address_0, address_1;
  logic [1:0] accepted, reading_q, decoding_q;
  logic [2*COLUMNS-1:0] corrected, uncorrectable;  // port p of column c at [p*COLUMNS + c]

  assign read_ready_o = {!copy_q, !(write_q || copy_code_q)};
  assign accepted = read_valid_i & read_ready_o;
  assign address_a = {!bank_i, write_a_instrument_i[INDEX_W-1:0]};
  assign address_b = {!bank_i, write_b_instrument_i[INDEX_W-1:0]};
  assign address_0 = {bank_i, read_instrument_i[INDEX_W-1:0]};
  assign address_1 = copy_q ? copy_from_q : {bank_i, read_instrument_i[24+:INDEX_W]};

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      write_q <= 1'b0;
      copy_q <= 1'b0;
      copy_read_q <= 1'b0;
      copy_code_q <= 1'b0;
      reading_q <= '0;
      decoding_q <= '0;
      valid_o <= '0;
    end else begin
      write_q <= write_a_valid_i || write_b_valid_i;
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

  for (genvar c = 0; c < COLUMNS; c++) begin : g_column
    // The word of pl_row_t that lies here.
    localparam int unsigned WORD = c <= pl_abi_pkg::PL_ROW_WORD_ORDER_NAKED ? c :
        pl_abi_pkg::PL_ROW_WORD_SCENARIO + c - pl_abi_pkg::PL_ROW_WORD_ORDER_NAKED - 1;
    localparam int unsigned WIDTH = c == pl_card_pkg::COLUMN_META ? META_W : ROW_W;
    logic from_a, from_b;
    logic [WIDTH-1:0] value;
    logic [2*WIDTH-1:0] data;

    assign from_a = write_a_valid_i && write_a_column_i == pl_card_pkg::COLUMN_W'(WORD);
    assign from_b = write_b_valid_i && write_b_column_i == pl_card_pkg::COLUMN_W'(WORD);
    if (c == pl_card_pkg::COLUMN_META) begin : g_meta
      assign value = from_b ? write_b_value_i[META_W-1:0] : write_a_value_i[META_W-1:0];
      assign meta_o = data;
    end else begin : g_entry
      assign value = from_b ? {write_b_value_i[63], write_b_value_i[ROW_W-2:0]} :
          {write_a_value_i[63], write_a_value_i[ROW_W-2:0]};
      assign row_o[(c-1)*ROW_W+:ROW_W] = data[0+:ROW_W];
      assign row_o[(ENTRIES+c-1)*ROW_W+:ROW_W] = data[ROW_W+:ROW_W];
    end

    row_column #(
        .WIDTH(WIDTH),
        .DEPTH(2 * INSTRUMENTS)
    ) u_column (
        .clk_i,
        .rst_ni,
        .write_valid_i(from_a || from_b),
        .write_address_i(from_b ? address_b : address_a),
        .write_data_i(value),
        .inject_i,
        .raw_write_i(copy_code_q),
        .raw_address_i(copy_code_to_q),
        .read_valid_i(accepted),
        .copy_read_i(copy_q),
        .address_0_i(address_0),
        .address_1_i(address_1),
        .data_o(data),
        .corrected_o({corrected[COLUMNS+c], corrected[c]}),
        .uncorrectable_o({uncorrectable[COLUMNS+c], uncorrectable[c]})
    );
  end

  assign corrected_o = {|corrected[2*COLUMNS-1:COLUMNS], |corrected[COLUMNS-1:0]};
  assign uncorrectable_o = {|uncorrectable[2*COLUMNS-1:COLUMNS], |uncorrectable[COLUMNS-1:0]};

  always_ff @(posedge clk_i) begin
    if (rst_ni && $past(rst_ni)) begin
      a_write_a_in_range: assert (!write_a_valid_i || 32'(write_a_instrument_i) < INSTRUMENTS);
      a_write_b_in_range: assert (!write_b_valid_i || 32'(write_b_instrument_i) < INSTRUMENTS);
      a_copy_in_range: assert (!copy_valid_i || 32'(copy_instrument_i) < INSTRUMENTS);
      a_read_0_in_range: assert (!read_valid_i[0] || 32'(read_instrument_i[23:0]) < INSTRUMENTS);
      a_read_1_in_range: assert (!read_valid_i[1] || 32'(read_instrument_i[47:24]) < INSTRUMENTS);
      a_columns_differ: assert (!(write_a_valid_i && write_b_valid_i) || write_a_column_i != write_b_column_i);
      if (write_a_valid_i && write_a_column_i != 6'(pl_card_pkg::COLUMN_META)) begin
        a_value_a_fits: assert (write_a_value_i[62:ROW_W-1] == '0);
      end
      if (write_b_valid_i && write_b_column_i != 6'(pl_card_pkg::COLUMN_META)) begin
        a_value_b_fits: assert (write_b_value_i[62:ROW_W-1] == '0);
      end
      a_no_write_over_copy: assert (!(write_q && copy_code_q));
    end
  end
endmodule
`default_nettype wire
