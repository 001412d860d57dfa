// Interrupt levels of the card -> requests for MSI or MSI-X messages, which know no levels.
//
// A line that rises is asked for once. A line that is still high RESEND cycles after its acknowledgement is asked for again: a
// bit of IRQ_PENDING that is set in the cycle in which the host clears it leaves the level high, and its message would be lost.
// HOLD = 0: req_o is high for one cycle. HOLD = 1: req_o stays high until it is acknowledged and the line is low, and falls for
// one cycle before it is asked for again. Tie ack_i high where the receiver has none.
// Latency 2 cycles. Without an acknowledgement a line asks no more before a reset.
`default_nettype none
module irq_message #(
    parameter int unsigned LINES  = 3,
    parameter int unsigned RESEND = 262144,
    parameter bit          HOLD   = 1'b0
) (
    input  wire              clk_i,
    input  wire              rst_ni,
    input  wire  [LINES-1:0] irq_i,
    output logic [LINES-1:0] req_o,
    input  wire  [LINES-1:0] ack_i
);
  localparam int unsigned TIMER_W = $clog2(RESEND + 1);
  localparam logic [1:0] IDLE = 2'd0, ASK = 2'd1, WAIT = 2'd2, TOLD = 2'd3;

  if (LINES < 1) begin : g_lines $error("irq_message: LINES"); end
  if (RESEND < 1) begin : g_resend $error("irq_message: RESEND"); end

  for (genvar l = 0; l < LINES; l++) begin : g_line
    logic [1:0] state_q;
    logic [TIMER_W-1:0] timer_q;
    logic req_q;
    always_ff @(posedge clk_i) begin
      case (state_q)
        IDLE: if (irq_i[l]) state_q <= ASK;
        ASK, WAIT: begin
          timer_q <= TIMER_W'(RESEND);
          state_q <= ack_i[l] ? TOLD : WAIT;
        end
        default: begin
          timer_q <= timer_q - 1'b1;
          if (!irq_i[l] || timer_q == '0) state_q <= IDLE;
        end
      endcase
      req_q <= HOLD ? state_q != IDLE : state_q == ASK;
      if (!rst_ni) begin
        state_q <= IDLE;
        req_q <= 1'b0;
      end
    end
    assign req_o[l] = req_q;
  end
endmodule
`default_nettype wire
