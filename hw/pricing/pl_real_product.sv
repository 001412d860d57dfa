// The product of two 52-bit mantissas as a real: truncated to 52 bits; all 0 if it is 0.
//
// Combinational: product_i is that of two mantissas, each 0 or in [2^51, 2^52), e_i the sum of their exponents.
// Reference: pl_real_mul() in host/model/fixed.h.
`default_nettype none

module pl_real_product (
    // verilator lint_off UNUSEDSIGNAL
    input  wire  [103:0] product_i,
    // verilator lint_on UNUSEDSIGNAL
    input  wire  [ 12:0] e_i,
    output logic [ 51:0] m_o,
    output logic [ 12:0] e_o
);
  wire high = product_i[103];
  wire zero = product_i[103:102] == 2'b00;
  assign m_o = high ? product_i[103:52] : product_i[102:51];
  assign e_o = zero ? '0 : e_i - 13'(!high);
endmodule
`default_nettype wire
