// One column of the row store: DEPTH words with ECC (ecc_pkg), port 0 for a read or a write, port 1 for reads.
//
// Read latency 3 cycles: the memory's output register, the register behind it (both the memory block's own, if it has them),
// the corrected word's. No stall. The flags belong to the read_valid_i of 3 cycles before and are 0 without it.
// A write is encoded, registered and in the memory 2 cycles after write_valid_i; its address comes with it. The owner keeps
// port 0 free of reads in the cycle after write_valid_i, and in that of raw_write_i.
// raw_write_i writes to raw_address_i the code word that port 1 read 2 cycles ago, errors and all, in its own cycle.
// inject_i flips bits 0 and 1 of the word being written, after encoding: for self-test. Contents survive reset.
`default_nettype none
module row_column #(
    parameter  int unsigned WIDTH         = 52,
    parameter  int unsigned DEPTH         = 8192,
    localparam int unsigned ADDRESS_WIDTH = $clog2(DEPTH)
) (
    input  wire                      clk_i,
    input  wire                      rst_ni,
    input  wire                      write_valid_i,
    input  wire  [ADDRESS_WIDTH-1:0] write_address_i,
    input  wire  [        WIDTH-1:0] write_data_i,
    input  wire  [              1:0] inject_i,
    input  wire                      raw_write_i,
    input  wire  [ADDRESS_WIDTH-1:0] raw_address_i,
    input  wire  [              1:0] read_valid_i,    // reads whose result is wanted
    input  wire                      copy_read_i,     // port 1 is read for a copy
    input  wire  [ADDRESS_WIDTH-1:0] address_0_i,     // of reads
    input  wire  [ADDRESS_WIDTH-1:0] address_1_i,
    output logic [      2*WIDTH-1:0] data_o,          // port p at [p*WIDTH +: WIDTH]
    output logic [              1:0] corrected_o,
    output logic [              1:0] uncorrectable_o
);
  localparam int unsigned CHECK_WIDTH = ecc_pkg::check_width(WIDTH);
  localparam int unsigned CODE_WIDTH = WIDTH + CHECK_WIDTH;

  if (WIDTH < 2 || WIDTH > ecc_pkg::DATA_WIDTH_MAX) begin : g_width
    $error("row_column: WIDTH must lie in 2..128");
  end
  if (DEPTH < 2 || (DEPTH & (DEPTH - 1)) != 0) begin : g_depth
    $error("row_column: DEPTH must be a power of two, at least 2");
  end

  (* ram_style = "ultra" *) logic [CODE_WIDTH-1:0] memory[DEPTH];
  logic [CODE_WIDTH-1:0] write_q, written;
  logic [ADDRESS_WIDTH-1:0] write_address_q, address_0;
  logic [CHECK_WIDTH-1:0] check;
  logic [CODE_WIDTH-1:0] read_0_q, read_1_q;
  logic [2*CODE_WIDTH-1:0] code_q;
  logic write_valid_q, writes;
  logic [1:0] read_valid_q, code_valid_q;

  ecc_encode #(
      .DATA_WIDTH(WIDTH)
  ) u_encode (
      .data_i (write_data_i),
      .check_o(check)
  );

  assign writes = write_valid_q || raw_write_i;
  assign written = raw_write_i ? code_q[CODE_WIDTH+:CODE_WIDTH] : write_q;
  assign address_0 = raw_write_i ? raw_address_i : write_valid_q ? write_address_q : address_0_i;

  always_ff @(posedge clk_i) begin
    write_q <= {check, write_data_i} ^ CODE_WIDTH'(inject_i);
    write_address_q <= write_address_i;
  end
  always_ff @(posedge clk_i) begin
    if (writes) memory[address_0] <= written;
    else if (read_valid_i[0]) read_0_q <= memory[address_0];
  end
  always_ff @(posedge clk_i) begin
    if (read_valid_i[1] || copy_read_i) read_1_q <= memory[address_1_i];
  end
  always_ff @(posedge clk_i) code_q <= {read_1_q, read_0_q};

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      write_valid_q <= 1'b0;
      read_valid_q <= '0;
      code_valid_q <= '0;
    end else begin
      write_valid_q <= write_valid_i;
      read_valid_q <= read_valid_i;
      code_valid_q <= read_valid_q;
    end
  end

  for (genvar p = 0; p < 2; p++) begin : g_port
    logic [WIDTH-1:0] data;
    logic corrected, uncorrectable;
    ecc_decode #(
        .DATA_WIDTH(WIDTH)
    ) u_decode (
        .data_i(code_q[p*CODE_WIDTH+:WIDTH]),
        .check_i(code_q[p*CODE_WIDTH+WIDTH+:CHECK_WIDTH]),
        .data_o(data),
        .corrected_o(corrected),
        .uncorrectable_o(uncorrectable)
    );
    always_ff @(posedge clk_i) data_o[p*WIDTH+:WIDTH] <= data;
    always_ff @(posedge clk_i) begin
      corrected_o[p] <= rst_ni && code_valid_q[p] && corrected;
      uncorrectable_o[p] <= rst_ni && code_valid_q[p] && uncorrectable;
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni && $past(rst_ni)) begin
      a_port_0_once: assert (32'(write_valid_q) + 32'(raw_write_i) + 32'(read_valid_i[0]) <= 1);
      a_port_1_once: assert (!(read_valid_i[1] && copy_read_i));
    end
  end
endmodule
`default_nettype wire
