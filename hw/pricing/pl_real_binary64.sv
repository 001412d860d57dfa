// A real as the bit pattern of an IEEE 754 binary64: below its normal range a zero of the real's sign, above it the largest
// finite number.
//
// Combinational. x_i is 0 or normalised. Reference: pl_real_to_binary64_bits() in host/model/fixed.h.
`default_nettype none

module pl_real_binary64 (
    input  wire  [64:0] x_i,  // pl_pricing_pkg::pl_sreal_t
    output logic [63:0] bits_o
);
  wire sign = x_i[64];
  wire [11:0] e = x_i[63:52];
  wire low = !x_i[51] || $signed(e) < -12'sd1021;
  wire high = $signed(e) > 12'sd1024;
  wire [10:0] biased = 11'(e + 12'd1022);
  assign bits_o = low  ? {sign, 63'd0} :
                  high ? {sign, 63'h7FEF_FFFF_FFFF_FFFF} : {sign, biased, x_i[50:0], 1'b0};
endmodule
`default_nettype wire
