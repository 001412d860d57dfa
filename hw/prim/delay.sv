// data_i, DEPTH enabled cycles later: a shift register, which fits LUT shift registers.
//
// RING other than 0, for parts that have none (macro PL_DELAY_RING sets it everywhere): from depth RING on, and 4 bits, a ring of words
// in a memory, distributed up to depth 17, then block memory and a register behind it. A word is never read in the cycle that writes it.
// Latency: DEPTH cycles (0: a wire). Throughput 1 per cycle. Stall: en_i = 0 holds everything.
// No reset: data only; a ring's addresses start with the part. Errors: none. Reference: none; it aligns the paths of a pipeline.
`ifndef PL_DELAY_RING
`define PL_DELAY_RING 0
`endif
`default_nettype none

module delay #(
    parameter int WIDTH = 1,
    parameter int DEPTH = 1,
    parameter int RING  = `PL_DELAY_RING
) (
    // verilator lint_off UNUSEDSIGNAL
    input  wire              clk_i,  // unused at depth 0
    input  wire              en_i,
    // verilator lint_on UNUSEDSIGNAL
    input  wire  [WIDTH-1:0] data_i,
    output logic [WIDTH-1:0] data_o
);
  if (WIDTH < 1 || DEPTH < 0) $error("delay: sizes");
  if (RING != 0 && RING < 3) begin : g_ring_depth $error("delay: RING must be 0 or at least 3"); end

  if (DEPTH == 0) begin : g_wire
    assign data_o = data_i;
  end else if (DEPTH == 1) begin : g_one
    always_ff @(posedge clk_i) begin
      if (en_i) data_o <= data_i;
    end
  end else if (RING != 0 && DEPTH >= RING && WIDTH >= 4) begin : g_ring
    localparam bit BLOCK = DEPTH > 17;
    localparam int WORDS = BLOCK ? DEPTH - 1 : DEPTH;
    localparam int ADDRESS_W = $clog2(WORDS);
    (* ram_style = DEPTH > 17 ? "block" : "distributed" *) logic [WIDTH-1:0] memory[WORDS];
    logic [ADDRESS_W-1:0] read_q = '0, write_q = ADDRESS_W'(WORDS - 1);  // written one cycle after it was read
    logic [WIDTH-1:0] word_q;
    always_ff @(posedge clk_i) begin
      if (en_i) begin
        read_q <= read_q == ADDRESS_W'(WORDS - 1) ? '0 : read_q + 1'b1;
        write_q <= read_q;
      end
    end
    always_ff @(posedge clk_i) if (en_i) memory[write_q] <= data_i;
    always_ff @(posedge clk_i) if (en_i) word_q <= memory[read_q];
    if (BLOCK) begin : g_block
      always_ff @(posedge clk_i) if (en_i) data_o <= word_q;
    end else begin : g_distributed
      assign data_o = word_q;
    end
  end else if (WIDTH * DEPTH <= 64) begin : g_narrow
    logic [DEPTH*WIDTH-1:0] pipe_q;
    always_ff @(posedge clk_i) begin
      if (en_i) pipe_q <= {pipe_q[(DEPTH-1)*WIDTH-1:0], data_i};
    end
    assign data_o = pipe_q[(DEPTH-1)*WIDTH+:WIDTH];
  end else begin : g_wide
    (* mem2reg *) logic [WIDTH-1:0] pipe_q[DEPTH-1];
    // Last stage first: what a stage reads has not been written yet.
    // verilator lint_off BLKSEQ
    always_ff @(posedge clk_i) begin
      if (en_i) begin
        data_o <= pipe_q[DEPTH-2];
        for (int d = DEPTH - 2; d > 0; d--) pipe_q[d] = pipe_q[d-1];
        pipe_q[0] = data_i;
      end
    end
    // verilator lint_on BLKSEQ
  end
endmodule

`default_nettype wire
