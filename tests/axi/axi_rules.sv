// One channel of AXI as its source must drive it: valid low in reset, and once high, high with the same payload until ready.
// NAME is in the message.
`default_nettype none
module axi_rules #(
    parameter int unsigned WIDTH = 1,
    parameter     NAME  = "channel"
) (
    input wire             clk_i,
    input wire             rst_ni,
    input wire             valid_i,
    input wire             ready_i,
    input wire [WIDTH-1:0] payload_i
);
  logic waiting_q, reset_q;
  logic [WIDTH-1:0] payload_q;
  always_ff @(posedge clk_i) begin
    reset_q <= !rst_ni;
    waiting_q <= rst_ni && valid_i && !ready_i;
    payload_q <= payload_i;
    if (!rst_ni && reset_q) a_reset: assert (!valid_i) else $error("%s: valid in reset", NAME);
    if (rst_ni && waiting_q) begin
      a_valid: assert (valid_i) else $error("%s: valid fell before ready", NAME);
      a_payload: assert (payload_i == payload_q) else $error("%s: payload changed before ready", NAME);
    end
  end
endmodule
`default_nettype wire
