// Reset into a clock: falls at once with rst_ni, rises three edges after it.
//
// Give the paths to the clear pins of these registers a false path; the ASYNC_REG attribute keeps them together.
`default_nettype none
module reset_sync (
    input  wire  clk_i,
    input  wire  rst_ni,
    output logic rst_no
);
  (* ASYNC_REG = "TRUE" *) logic [2:0] stages_q;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) stages_q <= 3'b000;
    else stages_q <= {stages_q[1:0], 1'b1};
  end
  assign rst_no = stages_q[2];
endmodule
`default_nettype wire
