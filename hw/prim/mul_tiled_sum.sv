// The sum of TERMS unsigned words modulo 2^WIDTH, by a binary tree of registered adders.
//
// Latency: $clog2(TERMS) cycles (none for one term). Throughput 1 per cycle.
// Stall: en_i = 0 holds everything. No reset: data only. Errors: none.
// Reference: part of pl_mul() in host/model/arith.h.
`default_nettype none

module mul_tiled_sum #(
    parameter int TERMS = 4,
    parameter int WIDTH = 103
) (
    // verilator lint_off UNUSEDSIGNAL
    input  wire                    clk_i,  // unused by a single term
    input  wire                    en_i,
    // verilator lint_on UNUSEDSIGNAL
    input  wire  [TERMS*WIDTH-1:0] terms_i,
    output logic [      WIDTH-1:0] sum_o
);
  localparam int LEVELS = $clog2(TERMS);

  if (TERMS < 1 || WIDTH < 1) $error("mul_tiled_sum: sizes");

  // Words on a level of the tree, level 0 being the terms, and the place of its first one.
  function automatic int count(input int level);
    count = (TERMS + (1 << level) - 1) >> level;
  endfunction
  function automatic int first(input int level);
    first = 0;
    for (int i = 0; i < level; i++) first = first + count(i);
  endfunction

  wire [(first(LEVELS)+1)*WIDTH-1:0] node;
  assign node[TERMS*WIDTH-1:0] = terms_i;
  for (genvar l = 1; l <= LEVELS; l++) begin : g_level
    for (genvar i = 0; i < count(l); i++) begin : g_node
      localparam int LEFT = first(l - 1) + 2 * i;
      logic [WIDTH-1:0] sum_q;
      if (2 * i + 1 < count(l - 1)) begin : g_add
        always_ff @(posedge clk_i) begin
          if (en_i) sum_q <= node[LEFT*WIDTH+:WIDTH] + node[(LEFT+1)*WIDTH+:WIDTH];
        end
      end else begin : g_pass
        always_ff @(posedge clk_i) begin
          if (en_i) sum_q <= node[LEFT*WIDTH+:WIDTH];
        end
      end
      assign node[(first(l)+i)*WIDTH+:WIDTH] = sum_q;
    end
  end
  assign sum_o = node[first(LEVELS)*WIDTH+:WIDTH];
endmodule

`default_nettype wire
