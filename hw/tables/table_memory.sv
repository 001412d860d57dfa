// One memory of the tables: DEPTH words, one write and one read per cycle, emptied by the clear walk.
//
// Read latency 1 cycle (the memory's output register, held while read_valid_i is low). A read of the address that is written in
// the same cycle yields either word: nobody does that. clear_index_i beyond DEPTH is ignored; a walk and a write never meet.
// Contents survive reset. Errors: none. Reference: the memset of pl_tables_place and the arrays of struct pl_tables.
`default_nettype none
module table_memory #(
    parameter  int unsigned WIDTH = 1,
    parameter  int unsigned DEPTH = 16,
    localparam int unsigned ADDRESS_WIDTH = DEPTH > 1 ? $clog2(DEPTH) : 1
) (
    input  wire                                     clk_i,
    input  wire                                     clear_valid_i,
    input  wire  [pl_card_pkg::INSTRUMENT_W-1:0]    clear_index_i,
    input  wire                                     write_valid_i,
    input  wire  [               ADDRESS_WIDTH-1:0] write_address_i,
    input  wire  [                       WIDTH-1:0] write_data_i,
    input  wire                                     read_valid_i,
    input  wire  [               ADDRESS_WIDTH-1:0] read_address_i,
    output logic [                       WIDTH-1:0] read_data_o
);
  if (WIDTH < 1) begin : g_width $error("table_memory: WIDTH must be at least 1"); end
  if (DEPTH < 2 || DEPTH > 2 ** pl_card_pkg::INSTRUMENT_W) begin : g_depth
    $error("table_memory: DEPTH must lie in 2..2^24");
  end

  (* no_rw_check *) logic [WIDTH-1:0] memory[DEPTH];
  logic clear, write;
  logic [ADDRESS_WIDTH-1:0] address;
  logic [WIDTH-1:0] data;

  assign clear = clear_valid_i && 32'(clear_index_i) < DEPTH;
  assign write = clear || write_valid_i;
  assign address = clear ? clear_index_i[ADDRESS_WIDTH-1:0] : write_address_i;
  assign data = clear ? '0 : write_data_i;

  always_ff @(posedge clk_i) begin
    if (write) memory[address] <= data;
    if (read_valid_i) read_data_o <= memory[read_address_i];
  end

  always_ff @(posedge clk_i) begin
    a_write_in_range: assert (!write_valid_i || 32'(write_address_i) < DEPTH);
    a_read_in_range: assert (!read_valid_i || 32'(read_address_i) < DEPTH);
  end
endmodule
`default_nettype wire
