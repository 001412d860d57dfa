// Simple dual-port memory of DEPTH words with ECC (ecc_pkg): one write and one read per cycle.
//
// Read latency 2 cycles: the memory's output register, then the corrected word's. There is no
// stall: a consumer that can stall keeps a credit or a FIFO behind it. Writes are encoded,
// registered, and seen by reads from 2 cycles later on; a read of the same address in the write's
// cycle or the next yields the old or the new word, never a mix. Contents survive reset.
// corrected_o and uncorrectable_o come with the word they are about; the memory itself is not
// repaired.
// inject_i flips bits 0 and 1 of the word being written, after encoding: for self-test.
`default_nettype none
module ram_ecc #(
    parameter  int unsigned WIDTH         = 64,
    parameter  int unsigned DEPTH         = 512,
    // verilator lint_off UNUSEDPARAM
    parameter  bit          ULTRA         = 1'b0,  // ask for UltraRAM: read by synthesis only
    // verilator lint_on UNUSEDPARAM
    localparam int unsigned ADDRESS_WIDTH = DEPTH > 1 ? $clog2(DEPTH) : 1
) (
    input  wire                      clk_i,
    input  wire                      rst_ni,
    input  wire                      write_valid_i,
    input  wire  [ADDRESS_WIDTH-1:0] write_address_i,
    input  wire  [        WIDTH-1:0] write_data_i,
    input  wire  [              1:0] inject_i,
    input  wire                      read_valid_i,
    input  wire  [ADDRESS_WIDTH-1:0] read_address_i,
    output logic                     valid_o,
    output logic [        WIDTH-1:0] data_o,
    output logic                     corrected_o,
    output logic                     uncorrectable_o
);
  localparam int unsigned CHECK_WIDTH = ecc_pkg::check_width(WIDTH);
  localparam int unsigned CODE_WIDTH = WIDTH + CHECK_WIDTH;

  if (WIDTH < 2 || WIDTH > ecc_pkg::DATA_WIDTH_MAX) begin : g_width
    $error("ram_ecc: WIDTH must lie in 2..128");
  end
  if (DEPTH < 2) begin : g_depth $error("ram_ecc: DEPTH must be at least 2"); end

  (* ram_style = ULTRA ? "ultra" : "auto" *) logic [CODE_WIDTH-1:0] memory[DEPTH];
  logic [CODE_WIDTH-1:0] write_q, read_q;
  logic [ADDRESS_WIDTH-1:0] write_address_q;
  logic [CHECK_WIDTH-1:0] check;
  logic [WIDTH-1:0] data;
  logic write_valid_q, read_valid_q, corrected, uncorrectable;

  ecc_encode #(
      .DATA_WIDTH(WIDTH)
  ) u_encode (
      .data_i (write_data_i),
      .check_o(check)
  );
  ecc_decode #(
      .DATA_WIDTH(WIDTH)
  ) u_decode (
      .data_i(read_q[WIDTH-1:0]),
      .check_i(read_q[CODE_WIDTH-1:WIDTH]),
      .data_o(data),
      .corrected_o(corrected),
      .uncorrectable_o(uncorrectable)
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      write_valid_q <= 1'b0;
      read_valid_q <= 1'b0;
      valid_o <= 1'b0;
      corrected_o <= 1'b0;
      uncorrectable_o <= 1'b0;
    end else begin
      write_valid_q <= write_valid_i;
      read_valid_q <= read_valid_i;
      valid_o <= read_valid_q;
      corrected_o <= read_valid_q && corrected;
      uncorrectable_o <= read_valid_q && uncorrectable;
    end
  end

  always_ff @(posedge clk_i) begin
    write_q <= {check, write_data_i} ^ CODE_WIDTH'(inject_i);
    write_address_q <= write_address_i;
    if (write_valid_q) memory[write_address_q] <= write_q;
    if (read_valid_i) read_q <= memory[read_address_i];
    data_o <= data;
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni && $past(rst_ni)) begin
      a_write_in_range: assert (!write_valid_i || 32'(write_address_i) < DEPTH);
      a_read_in_range: assert (!read_valid_i || 32'(read_address_i) < DEPTH);
      a_flags_with_word: assert (valid_o || !(corrected_o || uncorrectable_o));
      a_one_flag: assert (!(corrected_o && uncorrectable_o));
    end
  end
endmodule
`default_nettype wire
