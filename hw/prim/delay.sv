// data_i, DEPTH enabled cycles later: a shift register, which fits LUT shift registers.
//
// Latency: DEPTH cycles (0: a wire). Throughput 1 per cycle. Stall: en_i = 0 holds everything.
// No reset: data only. Errors: none. Reference: none; it aligns the paths of a pipeline.
`default_nettype none

module delay #(
    parameter int WIDTH = 1,
    parameter int DEPTH = 1
) (
    // verilator lint_off UNUSEDSIGNAL
    input  wire              clk_i,  // unused at depth 0
    input  wire              en_i,
    // verilator lint_on UNUSEDSIGNAL
    input  wire  [WIDTH-1:0] data_i,
    output logic [WIDTH-1:0] data_o
);
  if (WIDTH < 1 || DEPTH < 0) $error("delay: sizes");

  if (DEPTH == 0) begin : g_wire
    assign data_o = data_i;
  end else if (DEPTH == 1) begin : g_one
    always_ff @(posedge clk_i) begin
      if (en_i) data_o <= data_i;
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
