// Leading zeros of a 64-bit word, in three levels of four.
//
// Combinational; count_o is undefined (48 and more) where zero_o is set.
// Reference: pl_bit_length() in host/model/fixed.h: 64 - count_o.
`default_nettype none

module pl_lzc (
    input  wire  [63:0] v_i,
    output logic [ 5:0] count_o,
    output logic        zero_o
);
  // Leading zeros of a nibble that is not 0.
  function automatic logic [1:0] nibble(input logic [3:1] v);
    nibble = {~v[3] & ~v[2], ~v[3] & (v[2] | ~v[1])};
  endfunction

  logic [15:0] any4;
  logic [31:0] count4;
  logic [3:0] any16;
  logic [15:0] count16;
  for (genvar g = 0; g < 16; g++) begin : g_nibble
    assign any4[g] = |v_i[4*g+:4];
    assign count4[2*g+:2] = nibble(v_i[4*g+1+:3]);
  end
  for (genvar h = 0; h < 4; h++) begin : g_quarter
    wire [1:0] place = nibble(any4[4*h+1+:3]);
    assign any16[h] = |any4[4*h+:4];
    assign count16[4*h+3-:2] = place;
    assign count16[4*h+1-:2] = place == 2'd0 ? count4[8*h+7-:2] :
                               place == 2'd1 ? count4[8*h+5-:2] :
                               place == 2'd2 ? count4[8*h+3-:2] : count4[8*h+1-:2];
  end
  wire [1:0] quarter = nibble(any16[3:1]);
  assign zero_o = ~|any16;
  assign count_o[5:4] = quarter;
  assign count_o[3:0] = quarter == 2'd0 ? count16[15:12] : quarter == 2'd1 ? count16[11:8] :
                        quarter == 2'd2 ? count16[7:4] : count16[3:0];
endmodule

`default_nettype wire
