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
  if (TERMS < 1 || WIDTH < 1) $error("mul_tiled_sum: sizes");

  if (TERMS == 1) begin : g_one
    assign sum_o = terms_i;
  end else begin : g_tree
    localparam int HALF = (TERMS + 1) / 2;
    logic [HALF*WIDTH-1:0] half_q;
    for (genvar i = 0; i < HALF; i++) begin : g_pair
      if (2 * i + 1 < TERMS) begin : g_add
        always_ff @(posedge clk_i) begin
          if (en_i)
            half_q[i*WIDTH+:WIDTH] <= terms_i[2*i*WIDTH+:WIDTH] + terms_i[(2*i+1)*WIDTH+:WIDTH];
        end
      end else begin : g_pass
        always_ff @(posedge clk_i) begin
          if (en_i) half_q[i*WIDTH+:WIDTH] <= terms_i[2*i*WIDTH+:WIDTH];
        end
      end
    end
    mul_tiled_sum #(
        .TERMS(HALF),
        .WIDTH(WIDTH)
    ) u_rest (
        .clk_i,
        .en_i,
        .terms_i(half_q),
        .sum_o
    );
  end
endmodule

`default_nettype wire
