// When a pipeline steps whose multipliers are shared by SHARE tiles (mul_tiled): every SHARE-th cycle.
//
// steps_o[n] is high n cycles after each step, so that stages n cycles apart have a step each; with SHARE 1 always.
// A reset makes the next cycle a step. Latency, stall, errors: none. Reference: none.
`default_nettype none

module pace #(
    parameter int SHARE = 4
) (
    // verilator lint_off UNUSEDSIGNAL
    input  wire        clk_i,
    input  wire        rst_ni,
    // verilator lint_on UNUSEDSIGNAL
    output logic [3:0] steps_o
);
  if (SHARE != 1 && SHARE != 4) begin : g_share $error("pace: SHARE must be 1 or 4"); end

  if (SHARE == 4) begin : g_paced
    always_ff @(posedge clk_i) begin
      if (!rst_ni) steps_o <= 4'b0001;
      else steps_o <= {steps_o[2:0], steps_o[3]};
    end
  end else begin : g_every
    assign steps_o = '1;
  end
endmodule

`default_nettype wire
