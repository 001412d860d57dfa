// value * 2^SHIFT rounded half-up to an integer of BITS bits and a sign; what does not fit is limited.
//
// Half-up is towards plus infinity for both signs. Latency 4 enabled cycles, throughput 1 per cycle; en_i = 0 holds
// everything. limited_o: it did not fit. m_i is 0 or in [2^51, 2^52). No negative zero.
// Reference: pl_real_to_int() in host/model/fixed.h, and entry() in host/model/row.c.
`default_nettype none

module pl_real_to_entry #(
    parameter int unsigned BITS = 51
) (
    input  wire             clk_i,
    input  wire             en_i,
    input  wire             negative_i,
    input  wire  [    51:0] m_i,
    input  wire  [    12:0] e_i,        // two's complement, the shift added
    output logic            negative_o,
    output logic [BITS-1:0] magnitude_o,
    output logic            limited_o
);
  if (BITS < 2 || BITS > 51) begin : g_bits $error("pl_real_to_entry: BITS"); end

  // m / 2^n, n = 52 - e: at least 1, or far too large; beyond 53, nothing is left. One bit below the point is kept.
  wire [12:0] right = 13'd51 - e_i;
  logic [51:0] m_q, m_qq, kept_q;
  logic [5:0] right_q;
  logic [3:0] negative_q;
  logic [2:0] large_q;
  logic rest_q, rest_qq;
  logic [52:0] rounded_q;
  wire [51:0] coarse = m_q >> {right_q[5:3], 3'b000};
  wire [51:0] lost_coarse = m_q & ~({52{1'b1}} << {right_q[5:3], 3'b000});
  wire [51:0] lost_fine = m_qq & ~({52{1'b1}} << fine_q);
  logic [2:0] fine_q;
  // Of a negative number, a half rounds towards zero.
  wire up = kept_q[0] && (!negative_q[2] || rest_qq);
  always_ff @(posedge clk_i) begin
    if (en_i) begin
      m_q <= m_i;
      right_q <= right[12] ? 6'd0 : right > 13'd52 ? 6'd56 : right[5:0];
      large_q <= {large_q[1:0], right[12] && m_i[51]};
      negative_q <= {negative_q[2:0], negative_i};
      m_qq <= coarse;
      rest_q <= lost_coarse != '0;
      fine_q <= right_q[2:0];
      kept_q <= m_qq >> fine_q;
      rest_qq <= rest_q || lost_fine != '0;
      rounded_q <= 53'(kept_q[51:1]) + 53'(up);
      large_qqqq <= large_q[2];
    end
  end
  logic large_qqqq;
  wire limited = large_qqqq || rounded_q[52:BITS] != '0;
  assign limited_o = limited;
  assign magnitude_o = limited ? {BITS{1'b1}} : rounded_q[BITS-1:0];
  assign negative_o = negative_q[3] && magnitude_o != '0;
endmodule
`default_nettype wire
