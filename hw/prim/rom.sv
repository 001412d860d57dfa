// A read-only memory with a registered output: block RAM or LUTs, as its size suggests.
//
// CONTENTS: 2^ADDR_W words, word 0 in the lowest bits.
// Latency: 1 cycle. Throughput 1 per cycle. Stall: en_i = 0 holds the output. No reset: data only.
// Reference: the tables of host/model/pl_tables.h.
`default_nettype none

module rom #(
    parameter int ADDR_W = 5,
    parameter int WORD_W = 8,
    parameter logic [(1<<ADDR_W)*WORD_W-1:0] CONTENTS = '0
) (
    input  wire               clk_i,
    input  wire               en_i,
    input  wire  [ADDR_W-1:0] addr_i,
    output logic [WORD_W-1:0] data_o
);
  if (ADDR_W < 1 || WORD_W < 1) $error("rom: sizes");

  logic [WORD_W-1:0] mem[0:(1<<ADDR_W)-1];
  initial begin
    for (int i = 0; i < (1 << ADDR_W); i++) mem[i] = CONTENTS[i*WORD_W+:WORD_W];
  end

  always_ff @(posedge clk_i) begin
    if (en_i) data_o <= mem[addr_i];
  end
endmodule

`default_nettype wire
