// The memory of one column of the row store: DEPTH code words, port 0 for a read or a write, port 1 for reads. With one lane
// port 0 is for writes alone, and read_0_i is low.
//
// A read's word is in code_o 2 cycles later: the memory's output register, then the one behind it (both the memory block's own,
// if it has them); it stays there until the port's next read. No stall.
// A write, of code_a_i (write_a_i) or code_b_i (write_b_i) with its address, waits here until write_i puts it into the memory, in the
// cycle of the next one at the latest; with one lane it goes there in its own cycle, and write_i means nothing. copy_i writes to base_address_i the code word in port 1's half of code_o, errors and all.
// port_0_i: any of write_i (with one lane: write_a_i, write_b_i), copy_i, read_0_i, which come one at a time, in any column: all of
// this is idle without it.
// Errors: none are looked for here. Contents survive reset.
`default_nettype none
module row_column #(
    parameter  int unsigned WIDTH         = 59,
    parameter  int unsigned DEPTH         = 8192,
    parameter  int unsigned LANES         = 2,
    localparam int unsigned ADDRESS_WIDTH = $clog2(DEPTH)
) (
    input  wire                      clk_i,
    input  wire                      write_a_i,
    input  wire                      write_b_i,
    input  wire  [ADDRESS_WIDTH-1:0] address_a_i,
    input  wire  [ADDRESS_WIDTH-1:0] address_b_i,
    input  wire  [        WIDTH-1:0] code_a_i,
    input  wire  [        WIDTH-1:0] code_b_i,
    input  wire                      port_0_i,
    input  wire                      copy_i,
    // verilator lint_off UNUSEDSIGNAL
    input  wire                      write_i,
    input  wire                      read_0_i,
    // verilator lint_on UNUSEDSIGNAL
    input  wire  [ADDRESS_WIDTH-1:0] base_address_i,  // of copies and of port 0's reads
    input  wire                      port_1_i,        // port 1 is read
    input  wire  [ADDRESS_WIDTH-1:0] address_1_i,
    input  wire  [        LANES-1:0] late_i,          // for lane l: its port was used in the cycle before
    output logic [  LANES*WIDTH-1:0] code_o           // for lane l at [l*WIDTH +: WIDTH], the last one's by port 1
);
  if (WIDTH < 2) begin : g_width $error("row_column: WIDTH must be at least 2"); end
  if (DEPTH < 2 || (DEPTH & (DEPTH - 1)) != 0) begin : g_depth
    $error("row_column: DEPTH must be a power of two, at least 2");
  end
  if (LANES < 1 || LANES > 2) begin : g_lanes $error("row_column: LANES must be 1 or 2"); end

  wire [ADDRESS_WIDTH-1:0] write_address = write_b_i ? address_b_i : address_a_i;
  wire [WIDTH-1:0] write_word = write_b_i ? code_b_i : code_a_i;

  (* ram_style = "ultra", no_rw_check *) logic [WIDTH-1:0] memory[DEPTH];
  logic [WIDTH-1:0] read_1_q, code_1_q;
  always_ff @(posedge clk_i) if (port_1_i) read_1_q <= memory[address_1_i];
  always_ff @(posedge clk_i) if (late_i[LANES-1]) code_1_q <= read_1_q;
  assign code_o[(LANES-1)*WIDTH+:WIDTH] = code_1_q;

  logic [ADDRESS_WIDTH-1:0] address;
  logic [WIDTH-1:0] written;
  if (LANES == 2) begin : g_port_0
    logic [ADDRESS_WIDTH-1:0] address_q;
    logic [WIDTH-1:0] word_q, read_0_q, code_0_q;
    always_ff @(posedge clk_i) begin
      if (write_a_i || write_b_i) begin
        address_q <= write_address;
        word_q <= write_word;
      end
    end
    // verilator lint_off BLKSEQ
    always_ff @(posedge clk_i) begin
      if (port_0_i) begin
        address = copy_i || read_0_i ? base_address_i : address_q;
        written = copy_i ? code_1_q : word_q;
        if (copy_i || write_i) memory[address] <= written;
        else if (read_0_i) read_0_q <= memory[address];
      end
    end
    // verilator lint_on BLKSEQ
    always_ff @(posedge clk_i) if (late_i[0]) code_0_q <= read_0_q;
    assign code_o[WIDTH-1:0] = code_0_q;
  end else begin : g_write
    assign address = copy_i ? base_address_i : write_address;
    assign written = copy_i ? code_1_q : write_word;
    always_ff @(posedge clk_i) if (port_0_i && (copy_i || write_a_i || write_b_i)) memory[address] <= written;
  end
endmodule
`default_nettype wire
