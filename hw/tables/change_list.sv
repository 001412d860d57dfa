// Which entries of a table changed since the list was last emptied: a list without duplicates, and a bit per entry (dirty).
//
// mark_valid_i adds mark_index_i unless it is in the list: seen by reads and length_o 2 cycles later; at most every second cycle.
// read_*: entry read_position_i of the list, 1 cycle later. dirty_*: whether dirty_index_i is marked, 1 cycle later.
// clean_* takes an entry's mark away, restart_i empties the list; a load does both (clear walk). Marks never meet cleaning, the
// walk or dirty reads. No stall. Mirrors expiry_changed[] and instrument_changed[] of struct pl_tables.
`default_nettype none
module change_list #(
    parameter  int unsigned DEPTH = 512,
    localparam int unsigned AW = $clog2(DEPTH)
) (
    input  wire                                  clk_i,
    input  wire                                  rst_ni,
    input  wire                                  restart_i,
    input  wire                                  clear_valid_i,
    input  wire  [pl_card_pkg::INSTRUMENT_W-1:0] clear_index_i,
    input  wire                                  mark_valid_i,
    input  wire  [                       AW-1:0] mark_index_i,
    input  wire                                  read_valid_i,
    input  wire  [                       AW-1:0] read_position_i,
    output logic [                       AW-1:0] read_index_o,
    input  wire                                  dirty_valid_i,
    input  wire  [                       AW-1:0] dirty_index_i,
    output logic                                 dirty_o,
    input  wire                                  clean_valid_i,
    input  wire  [                       AW-1:0] clean_index_i,
    output logic [                         AW:0] length_o
);
  logic mark_q, add;
  logic [AW-1:0] index_q;

  table_memory #(
      .WIDTH(1),
      .DEPTH(DEPTH)
  ) u_dirty (
      .clk_i(clk_i),
      .clear_valid_i(clear_valid_i),
      .clear_index_i(clear_index_i),
      .write_valid_i(add || clean_valid_i),
      .write_address_i(clean_valid_i ? clean_index_i : index_q),
      .write_data_i(!clean_valid_i),
      .read_valid_i(mark_valid_i || dirty_valid_i),
      .read_address_i(mark_valid_i ? mark_index_i : dirty_index_i),
      .read_data_o(dirty_o)
  );
  table_memory #(
      .WIDTH(AW),
      .DEPTH(DEPTH)
  ) u_list (
      .clk_i(clk_i),
      .clear_valid_i(1'b0),
      .clear_index_i('0),
      .write_valid_i(add),
      .write_address_i(length_o[AW-1:0]),
      .write_data_i(index_q),
      .read_valid_i(read_valid_i),
      .read_address_i(read_position_i),
      .read_data_o(read_index_o)
  );

  assign add = mark_q && !dirty_o;
  always_ff @(posedge clk_i) index_q <= mark_index_i;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      mark_q <= 1'b0;
      length_o <= '0;
    end else begin
      mark_q <= mark_valid_i;
      if (restart_i) length_o <= '0;
      else if (add) length_o <= length_o + 1'b1;
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni && $past(rst_ni)) begin
      a_marks_apart: assert (!(mark_q && mark_valid_i));
      a_no_overflow: assert (!add || 32'(length_o) < DEPTH);
      a_one_writer: assert (!(add && (clean_valid_i || clear_valid_i)));
      a_one_reader: assert (!(mark_valid_i && dirty_valid_i));
    end
  end
endmodule
`default_nettype wire
