// Clock enable of a pipeline that sleeps while nothing is in it.
//
// awake_o is a register: high from the cycle after wake_i until CYCLES cycles after the last wake_i.
// Errors: none. Reference: none.
`default_nettype none
module lane_awake #(
    parameter int unsigned CYCLES = 16
) (
    input  wire  clk_i,
    input  wire  rst_ni,
    input  wire  wake_i,
    output logic awake_o
);
  localparam int unsigned W = $clog2(CYCLES + 1);

  if (CYCLES < 2) begin : g_cycles $error("lane_awake: CYCLES must be at least 2"); end

  logic [W-1:0] left_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      left_q <= '0;
      awake_o <= 1'b0;
    end else begin
      awake_o <= wake_i || left_q > W'(1);
      if (wake_i) left_q <= W'(CYCLES);
      else if (left_q != '0) left_q <= left_q - 1'b1;
    end
  end
endmodule
`default_nettype wire
